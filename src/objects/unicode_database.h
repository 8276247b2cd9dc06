// Names, numeric values, widths and decompositions of characters, as of Unicode 14: tables made at
// build time from the files of the Unicode Character Database.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace ouro::unicode {

inline constexpr std::size_t kMaxNameLength = 96;

/// Writes the character's name to `out` (room for kMaxNameLength) and returns its length; 0: none.
/// Aliases are not among them. Those of Hangul syllables and CJK ideographs are computed.
std::size_t character_name(char32_t character, char* out);
/// The character or the sequence of characters (at most 8) called `name`, in any case of letters (computed names: capitals);
/// returns their number, 0: unknown. Aliases count; named sequences only when `sequences`.
std::size_t find_named(std::string_view name, char32_t* out, bool sequences);
/// "<compat> 0020 0308" or ""; without that of Hangul syllables, which are composed by rule.
std::string_view decomposition(char32_t character);
/// False: not numeric.
bool numeric_value(char32_t character, double& value);
/// -1: no digit.
int digit_value(char32_t character);
/// "W", "F", "Na", "H", "A" or "N"; "F" for what is not assigned, as CPython has it.
const char* east_asian_width(char32_t character);

}  // namespace ouro::unicode
