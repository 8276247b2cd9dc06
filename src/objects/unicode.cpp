// Properties and case mappings of characters: utf8proc's categories, and tables for what they don't
// tell.
#include "objects/unicode.h"

#include <algorithm>
#include <iterator>

#include <utf8proc.h>

#include "objects/unicode_tables.h"

namespace ouro::unicode {

namespace {

template <std::size_t kCount>
bool in_ranges(const tables::Range (&ranges)[kCount], char32_t c) {
  const auto* at = std::lower_bound(
      std::begin(ranges), std::end(ranges), c,
      [](const tables::Range& range, char32_t value) { return range.last < value; });
  return at != std::end(ranges) && at->first <= c;
}

utf8proc_category_t category(char32_t c) {
  if (c > 0x10ffff || in_ranges(tables::kAssignedLater, c)) return UTF8PROC_CATEGORY_CN;
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool is_letter(utf8proc_category_t category) {
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

const tables::FullMapping* full_mapping(char32_t c) {
  const auto* at = std::lower_bound(
      std::begin(tables::kFullMappings), std::end(tables::kFullMappings), c,
      [](const tables::FullMapping& entry, char32_t value) { return entry.character < value; });
  return at != std::end(tables::kFullMappings) && at->character == c ? at : nullptr;
}

Mapping from_table(const char16_t (&characters)[3]) {
  Mapping mapping = {{characters[0], characters[1], characters[2]}, 1};
  while (mapping.count < 3 && mapping.characters[mapping.count] != 0) ++mapping.count;
  return mapping;
}

Mapping single(utf8proc_int32_t c) { return {{static_cast<char32_t>(c), 0, 0}, 1}; }

}  // namespace

bool is_known(char32_t c) { return !in_ranges(tables::kAssignedLater, c); }

bool is_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f);
  return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool is_alpha(char32_t c) {
  if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  return is_letter(category(c));
}

bool is_decimal(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return category(c) == UTF8PROC_CATEGORY_ND;
}

bool is_digit(char32_t c) { return is_decimal(c) || (c >= 0x80 && in_ranges(tables::kDigits, c)); }

bool is_numeric(char32_t c) {
  if (c < 0x80) return is_decimal(c);
  const utf8proc_category_t kind = category(c);
  return (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO) ||
         in_ranges(tables::kNumericLetters, c);
}

bool is_upper(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  return category(c) == UTF8PROC_CATEGORY_LU || in_ranges(tables::kOtherUppercase, c);
}

bool is_lower(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z';
  return category(c) == UTF8PROC_CATEGORY_LL || in_ranges(tables::kOtherLowercase, c);
}

bool is_title(char32_t c) { return c >= 0x80 && category(c) == UTF8PROC_CATEGORY_LT; }

bool is_printable(char32_t c) {
  if (c < 0x80) return c >= 0x20 && c != 0x7f;
  switch (category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

bool is_identifier_start(char32_t c) {
  if (c < 0x80) return is_alpha(c) || c == '_';
  const utf8proc_category_t kind = category(c);
  if (is_letter(kind) || kind == UTF8PROC_CATEGORY_NL)
    return !in_ranges(tables::kIdentifierStartNot, c);
  return c == 0x1885 || c == 0x1886 || c == 0x2118 || c == 0x212e;
}

bool is_identifier_part(char32_t c) {
  if (c < 0x80) return is_alpha(c) || is_decimal(c) || c == '_';
  const utf8proc_category_t kind = category(c);
  if (is_letter(kind) || kind == UTF8PROC_CATEGORY_NL || kind == UTF8PROC_CATEGORY_ND ||
      kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC ||
      kind == UTF8PROC_CATEGORY_PC) {
    return !in_ranges(tables::kIdentifierPartNot, c);
  }
  return in_ranges(tables::kIdentifierPartAlso, c);
}

int decimal_value(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  const auto* next =
      std::upper_bound(std::begin(tables::kDecimalZeros), std::end(tables::kDecimalZeros), c);
  const char32_t value = c - *(next - 1);
  return value < 10 ? static_cast<int>(value) : -1;
}

Mapping to_upper(char32_t c) {
  if (c >= 0x80) {
    if (const auto* entry = full_mapping(c)) return from_table(entry->upper);
  }
  return single(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

Mapping to_title(char32_t c) {
  if (c >= 0x80) {
    if (const auto* entry = full_mapping(c)) return from_table(entry->title);
  }
  return single(utf8proc_totitle(static_cast<utf8proc_int32_t>(c)));
}

Mapping to_lower(char32_t c) {
  constexpr char32_t kCapitalIWithDot = 0x130;
  if (c == kCapitalIWithDot) return {{'i', 0x307, 0}, 2};
  return single(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

Mapping fold(char32_t c) {
  utf8proc_int32_t folded[4];
  int boundary = 0;
  const utf8proc_ssize_t count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), folded,
                                                         4, UTF8PROC_CASEFOLD, &boundary);
  if (count < 1 || count > 3) return {{c, 0, 0}, 1};
  Mapping mapping = {{0, 0, 0}, static_cast<int>(count)};
  std::copy_n(folded, count, mapping.characters);
  return mapping;
}

bool is_cased(char32_t c) { return is_lower(c) || is_upper(c) || is_title(c); }

bool is_case_ignorable(char32_t c) {
  switch (c) {  // Word_Break: MidLetter, MidNumLet, Single_Quote
    case '\'':
    case '.':
    case ':':
    case 0xb7:
    case 0x387:
    case 0x55f:
    case 0x5f4:
    case 0x2018:
    case 0x2019:
    case 0x2024:
    case 0x2027:
    case 0xfe13:
    case 0xfe52:
    case 0xfe55:
    case 0xff07:
    case 0xff0e:
    case 0xff1a:
      return true;
    default:
      break;
  }
  switch (category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return false;
  }
}

}  // namespace ouro::unicode
