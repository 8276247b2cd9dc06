// What compiled patterns ask about single characters: categories, sets, cases.
#pragma once

#include "modules/sre_opcodes.h"
#include "objects/unicode.h"

namespace ouro::sre {

constexpr char32_t lower_ascii(char32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
constexpr char32_t upper_ascii(char32_t c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }
constexpr bool is_ascii_letter(char32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
constexpr bool is_ascii_word(char32_t c) {
  return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '_';
}
/// One character for one; where the full mapping is longer, its first.
inline char32_t lower_unicode(char32_t c) {
  return c < 128 ? lower_ascii(c) : unicode::to_lower(c).characters[0];
}
inline char32_t upper_unicode(char32_t c) {
  return c < 128 ? upper_ascii(c) : unicode::to_upper(c).characters[0];
}
inline bool is_unicode_word(char32_t c) {
  if (c < 128) return is_ascii_word(c);
  return unicode::is_alpha(c) || unicode::is_numeric(c) || unicode::is_digit(c);
}
/// Case rules of the locale: those of the C locale, where only ASCII letters have cases.
constexpr bool equals_in_locale(char32_t wanted, char32_t c) {
  return c == wanted || lower_ascii(c) == wanted || upper_ascii(c) == wanted;
}

bool in_category(std::uint32_t category, char32_t c);
/// `set` is valid and ends with Failure.
bool in_set(const std::uint32_t* set, char32_t c);
/// The same for the set of an In… op, with the op's rule for cases.
bool in_set_of(Op op, const std::uint32_t* set, char32_t c);

}  // namespace ouro::sre
