// Categories and sets of compiled patterns.
#include "modules/sre_characters.h"

namespace ouro::sre {

namespace {

bool is_ascii_space(char32_t c) { return c == ' ' || (c >= 9 && c <= 13); }

bool is_unicode_line_break(char32_t c) {
  return (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

constexpr bool has_bit(const std::uint32_t* words, char32_t bit) {
  return ((words[bit >> 5] >> (bit & 31)) & 1) != 0;
}

}  // namespace

bool in_category(std::uint32_t category, char32_t c) {
  switch (static_cast<Category>(category)) {
    case Category::Digit:
      return c >= '0' && c <= '9';
    case Category::NotDigit:
      return c < '0' || c > '9';
    case Category::Space:
      return is_ascii_space(c);
    case Category::NotSpace:
      return !is_ascii_space(c);
    case Category::Word:
    case Category::LocWord:
      return is_ascii_word(c);
    case Category::NotWord:
    case Category::LocNotWord:
      return !is_ascii_word(c);
    case Category::LineBreak:
      return c == '\n';
    case Category::NotLineBreak:
      return c != '\n';
    case Category::UniDigit:
      return unicode::is_decimal(c);
    case Category::UniNotDigit:
      return !unicode::is_decimal(c);
    case Category::UniSpace:
      return unicode::is_space(c);
    case Category::UniNotSpace:
      return !unicode::is_space(c);
    case Category::UniWord:
      return is_unicode_word(c);
    case Category::UniNotWord:
      return !is_unicode_word(c);
    case Category::UniLineBreak:
      return is_unicode_line_break(c);
    case Category::UniNotLineBreak:
      return !is_unicode_line_break(c);
  }
  return false;
}

bool in_set(const std::uint32_t* set, char32_t c) {
  bool found = true;  // what a member of the rest of the set means
  for (;;) {
    switch (static_cast<Op>(*set++)) {
      case Op::Negate:
        found = !found;
        break;
      case Op::Literal:
        if (c == *set) return found;
        set += 1;
        break;
      case Op::Range:
        if (set[0] <= c && c <= set[1]) return found;
        set += 2;
        break;
      case Op::RangeUniIgnore: {
        if (set[0] <= c && c <= set[1]) return found;
        const char32_t upper = upper_unicode(c);
        if (set[0] <= upper && upper <= set[1]) return found;
        set += 2;
        break;
      }
      case Op::Category:
        if (in_category(*set, c)) return found;
        set += 1;
        break;
      case Op::Charset:
        if (c < 256 && has_bit(set, c)) return found;
        set += 8;
        break;
      case Op::BigCharset: {
        const std::uint32_t blocks = *set++;
        if (c < 0x10000) {
          const std::uint32_t block = reinterpret_cast<const unsigned char*>(set)[c >> 8];
          if (has_bit(set + 64 + block * 8, c & 255)) return found;
        }
        set += 64 + blocks * 8;
        break;
      }
      default:
        return !found;  // Failure: the end
    }
  }
}

bool in_set_of(Op op, const std::uint32_t* set, char32_t c) {
  switch (op) {
    case Op::InIgnore:
      return in_set(set, lower_ascii(c));
    case Op::InUniIgnore:
      return in_set(set, lower_unicode(c));
    case Op::InLocIgnore:
      return in_set(set, lower_ascii(c)) || in_set(set, upper_ascii(c));
    default:
      return in_set(set, c);
  }
}

}  // namespace ouro::sre
