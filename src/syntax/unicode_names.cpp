// Identifier properties derived from general categories: XID_Start and XID_Continue are the
// categories of UAX 31 plus a short list of stability exceptions, minus the characters whose NFKC
// form would not be an identifier.
#include "syntax/unicode_names.h"

#include <cstdlib>
#include <new>

#include <utf8proc.h>

#include "syntax/raise.h"

namespace ouro::syntax {
namespace {

utf8proc_category_t category_of(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool is_start_category(char32_t c) {
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return false;
  }
}

/// Letters that NFKC turns into something that is no identifier, or none at its beginning (UAX
/// 31, 5.1).
bool changes_under_nfkc(char32_t c, bool at_start) {
  if (c == 0x037A || (c >= 0xFC5E && c <= 0xFC63) || c == 0xFDFA || c == 0xFDFB || c == 0xFE70 ||
      c == 0xFE72 || c == 0xFE74 || c == 0xFE76 || c == 0xFE78 || c == 0xFE7A || c == 0xFE7C ||
      c == 0xFE7E) {
    return true;
  }
  return at_start && (c == 0x0E33 || c == 0x0EB3 || c == 0xFF9E || c == 0xFF9F);
}

}  // namespace

bool is_identifier_start(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  if (changes_under_nfkc(c, true)) return false;
  return is_start_category(c) || c == 0x1885 || c == 0x1886 || c == 0x2118 || c == 0x212E;
}

bool is_identifier_part(char32_t c) {
  if (c < 0x80) return is_identifier_start(c) || (c >= '0' && c <= '9');
  if (changes_under_nfkc(c, false)) return false;
  if (is_start_category(c)) return true;
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      break;
  }
  return c == 0x00B7 || c == 0x0387 || (c >= 0x1369 && c <= 0x1371) || c == 0x19DA || c == 0x2118 ||
         c == 0x212E;
}

bool is_printable(char32_t c) {
  if (c == ' ') return true;
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_ZS:
      return false;
    default:
      return true;
  }
}

std::string_view normalize_identifier(std::string_view text, std::pmr::memory_resource& arena) {
  bool ascii = true;
  for (char c : text) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  if (ascii) return text;
  utf8proc_uint8_t* normal = nullptr;
  utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &normal,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (size < 0) {
    if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
    return text;
  }
  std::string_view result;
  try {
    result = copy_text(arena, {reinterpret_cast<char*>(normal), static_cast<std::size_t>(size)});
  } catch (...) {
    std::free(normal);
    throw;
  }
  std::free(normal);
  return result;
}

}  // namespace ouro::syntax
