// Number literals: where they end and what is wrong with them.
#include <cctype>

#include "syntax/lexer.h"

namespace ouro::syntax {
namespace {

bool is_digit(int c) { return c >= '0' && c <= '9'; }
bool is_radix_digit(int c, int base) {
  if (base == 16) return c >= 0 && std::isxdigit(c) != 0;
  return c >= '0' && c < '0' + base;
}
bool is_name_part(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c >= 128;
}

}  // namespace

/// After a digit: the rest of a run of decimal digits with single underscores; returns what
/// follows.
int Lexer::decimal_tail() {
  int c;
  for (;;) {
    do {
      c = next_char();
    } while (is_digit(c));
    if (c != '_') return c;
    c = next_char();
    if (!is_digit(c)) {
      back_up(c);
      raise_here("invalid decimal literal");
    }
  }
}

/// After 0x, 0o or 0b: the digits; returns what follows.
int Lexer::radix_digits(int base, const char* kind) {
  int c = next_char();
  do {
    if (c == '_') c = next_char();
    if (!is_radix_digit(c, base)) {
      if (is_digit(c))
        raise_here(format_text(*arena_, "invalid digit '%c' in %s literal", c, kind));
      back_up(c);
      raise_here(format_text(*arena_, "invalid %s literal", kind));
    }
    do {
      c = next_char();
    } while (is_radix_digit(c, base));
  } while (c == '_');
  if (is_digit(c)) raise_here(format_text(*arena_, "invalid digit '%c' in %s literal", c, kind));
  return c;
}

/// A number must not run into a name. `1if x` and the like are let through with a warning.
void Lexer::check_number_end(int c, const char* kind) {
  static constexpr std::string_view kKeywordTails[] = {"and", "else", "for", "if",
                                                       "in",  "is",   "or",  "not"};
  if (!is_name_part(c)) return;
  for (std::string_view keyword : kKeywordTails) {
    if (c != keyword[0]) continue;
    std::string_view rest(cur_, static_cast<std::size_t>(line_end_ - cur_));
    if (!rest.starts_with(keyword.substr(1))) continue;
    // The two-letter "i" words are taken on sight, the others must end there.
    if (c != 'i' && rest.size() >= keyword.size() &&
        is_name_part(static_cast<unsigned char>(rest[keyword.size() - 1]))) {
      continue;
    }
    warnings_.push_back({SyntaxWarningNote::Category::SyntaxWarning,
                         format_text(*arena_, "invalid %s literal", kind), line_});
    return;
  }
  back_up(c);
  raise_here(format_text(*arena_, "invalid %s literal", kind));
}

Token Lexer::read_number(int c) {
  const char* kind = "decimal";
  if (c == '0') {
    c = next_char();
    int base = c == 'x' || c == 'X' ? 16 : c == 'o' || c == 'O' ? 8 : c == 'b' || c == 'B' ? 2 : 0;
    if (base != 0) {
      kind = base == 16 ? "hexadecimal" : base == 8 ? "octal" : "binary";
      c = radix_digits(base, kind);
      check_number_end(c, kind);
      back_up(c);
      return make(TokenType::Number);
    }
    for (;;) {
      if (c == '_') {
        c = next_char();
        if (!is_digit(c)) {
          back_up(c);
          raise_here("invalid decimal literal");
        }
      }
      if (c != '0') break;
      c = next_char();
    }
    const char* zeros_end = cur_;
    bool nonzero = is_digit(c);
    if (nonzero) c = decimal_tail();
    if (nonzero && c != '.' && c != 'e' && c != 'E' && c != 'j' && c != 'J') {
      back_up(c);
      raise_range(
          "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
          "integers",
          static_cast<int>(start_ + 1 - line_start_), static_cast<int>(zeros_end - line_start_));
    }
    read_fraction_or_exponent(c);
    return make(TokenType::Number);
  }
  if (c != '.') c = decimal_tail();
  read_fraction_or_exponent(c);
  return make(TokenType::Number);
}

/// From the character after the integer digits (or the leading point) to the end of the number.
void Lexer::read_fraction_or_exponent(int c) {
  if (c == '.') {
    c = next_char();
    if (is_digit(c)) c = decimal_tail();
  }
  if (c == 'e' || c == 'E') {
    int letter = c;
    c = next_char();
    if (c == '+' || c == '-') {
      c = next_char();
      if (!is_digit(c)) {
        back_up(c);
        raise_here("invalid decimal literal");
      }
    } else if (!is_digit(c)) {
      // No exponent after all: the letter may begin a keyword (1else).
      back_up(c);
      check_number_end(letter, "decimal");
      back_up(letter);
      return;
    }
    c = decimal_tail();
  }
  const char* kind = "decimal";
  if (c == 'j' || c == 'J') {
    c = next_char();
    kind = "imaginary";
  }
  check_number_end(c, kind);
  back_up(c);
}

}  // namespace ouro::syntax
