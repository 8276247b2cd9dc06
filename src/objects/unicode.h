// Full case mappings and the properties they depend on. Other properties are declared in str.h.
#pragma once

#include "objects/str.h"

namespace ouro::unicode {

/// What a character becomes: one to three characters.
struct Mapping {
  char32_t characters[3];
  int count;
};
Mapping to_upper(char32_t c);
Mapping to_lower(char32_t c);  // without the rule for the final sigma
Mapping to_title(char32_t c);
Mapping fold(char32_t c);
/// False for characters that versions of Unicode later than 14 have assigned.
bool is_known(char32_t c);
/// Upper, lower or title case.
bool is_cased(char32_t c);
/// Passed over when looking for the neighbours of a sigma (apostrophes, accents, format
/// characters).
bool is_case_ignorable(char32_t c);

}  // namespace ouro::unicode
