// Floats as text: shortest repr, formatting with a precision, reading. All correctly rounded, whatever the locale:
// the digits come from std::to_chars and std::from_chars, the shape of the text is Python's.

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "objects/bytes.h"
#include "objects/float_internal.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

constexpr int kMaxIntegerDigits = 310;  // of a double written in full
constexpr std::int64_t kShownCharacters = 200;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A text under construction in one block whose size is known before.
class TextBuffer {
 public:
  explicit TextBuffer(std::size_t bytes) {
    if (bytes > sizeof inline_) data_ = static_cast<char*>(allocate_raw(bytes));
    capacity_ = bytes > sizeof inline_ ? bytes : sizeof inline_;
  }
  ~TextBuffer() {
    if (data_ != inline_) free_raw(data_);
  }
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;
  [[nodiscard]] bool ok() const { return data_ != nullptr; }
  [[nodiscard]] char* begin() { return data_; }
  [[nodiscard]] char* end() { return data_ + capacity_; }
  [[nodiscard]] char* free_place() { return data_ + used_; }
  void set_end(const char* end) { used_ = static_cast<std::size_t>(end - data_); }
  void add(char c) { data_[used_++] = c; }
  void add(std::string_view text) {
    std::memcpy(data_ + used_, text.data(), text.size());
    used_ += text.size();
  }
  void add_zeros(std::int64_t count) {
    for (; count > 0; --count) add('0');
  }
  [[nodiscard]] std::string_view view() const { return {data_, used_}; }

 private:
  char inline_[512];
  char* data_ = inline_;
  std::size_t used_ = 0;
  std::size_t capacity_;
};

void add_exponent(TextBuffer& out, int exponent, char letter) {
  out.add(letter);
  out.add(exponent < 0 ? '-' : '+');
  if (exponent < 0) exponent = -exponent;
  if (exponent < 10) out.add('0');
  char digits[8];
  const auto end = std::to_chars(digits, digits + sizeof digits, exponent);
  out.add({digits, static_cast<std::size_t>(end.ptr - digits)});
}

/// Digits d1d2… and exponent of a text "d1.d2…e±x" that to_chars wrote; the digits are moved together at its start.
struct Scientific {
  std::string_view digits;
  int exponent;
};
Scientific split_scientific(char* text, char* end) {
  char* letter = static_cast<char*>(std::memchr(text, 'e', static_cast<std::size_t>(end - text)));
  int exponent = 0;
  std::from_chars(letter[1] == '+' ? letter + 2 : letter + 1, end, exponent);
  std::size_t count = 1;
  if (letter - text > 1) {
    count = static_cast<std::size_t>(letter - text) - 1;
    std::memmove(text + 1, text + 2, count - 1);
  }
  return {{text, count}, exponent};
}

/// Digits placed around a decimal point: `point` digits stand before it.
void add_positional(TextBuffer& out, std::string_view digits, std::int64_t point) {
  const auto count = static_cast<std::int64_t>(digits.size());
  if (point <= 0) {
    out.add("0.");
    out.add_zeros(-point);
    out.add(digits);
  } else if (count <= point) {
    out.add(digits);
    out.add_zeros(point - count);
  } else {
    out.add(digits.substr(0, static_cast<std::size_t>(point)));
    out.add('.');
    out.add(digits.substr(static_cast<std::size_t>(point)));
  }
}

/// The text of significant digits in the shape of repr or %g; the value is digits[0].digits[1]… * 10**exponent.
void add_general(TextBuffer& out, Scientific number, bool use_exponent, char letter,
                 bool keep_point, bool add_dot_zero) {
  if (use_exponent) {
    out.add(number.digits[0]);
    if (number.digits.size() > 1 || keep_point) out.add('.');
    out.add(number.digits.substr(1));
    add_exponent(out, number.exponent, letter);
    return;
  }
  add_positional(out, number.digits, std::int64_t{number.exponent} + 1);
  const bool has_point = out.view().find('.') != std::string_view::npos;
  if (!has_point && add_dot_zero) {
    out.add(".0");
  } else if (!has_point && keep_point) {
    out.add('.');
  }
}

Result<Ref<Str>> format_finite(ThreadState& ts, double value, char code, int precision,
                               bool alternate, bool add_dot_zero) {
  const bool upper = code == 'E' || code == 'F' || code == 'G';
  const char lower_code = upper ? static_cast<char>(code - 'A' + 'a') : code;
  if (precision < 0) precision = lower_code == 'r' ? 17 : 6;
  TextBuffer out(static_cast<std::size_t>(precision) + kMaxIntegerDigits + 32);
  TextBuffer scratch(static_cast<std::size_t>(precision) + kMaxIntegerDigits + 32);
  if (!out.ok() || !scratch.ok()) return raise_no_memory(ts);
  if (std::signbit(value)) {
    out.add('-');
    value = -value;
  }
  const char letter = upper ? 'E' : 'e';
  switch (lower_code) {
    case 'r': {
      const auto end = std::to_chars(scratch.begin(), scratch.end(), value, std::chars_format::scientific);
      const Scientific number = split_scientific(scratch.begin(), end.ptr);
      add_general(out, number, number.exponent < -4 || number.exponent >= 16, letter, alternate, add_dot_zero);
      break;
    }
    case 'f':
    case '%': {
      const auto end = std::to_chars(out.free_place(), out.end(), value, std::chars_format::fixed, precision);
      out.set_end(end.ptr);
      if (precision == 0 && alternate) out.add('.');
      if (code == '%') out.add('%');
      break;
    }
    case 'e': {
      const auto end = std::to_chars(scratch.begin(), scratch.end(), value, std::chars_format::scientific, precision);
      add_general(out, split_scientific(scratch.begin(), end.ptr), true, letter, alternate, false);
      break;
    }
    default: {  // 'g', and 'n' before the locale's grouping
      if (precision == 0) precision = 1;
      const auto end = std::to_chars(scratch.begin(), scratch.end(), value, std::chars_format::scientific, precision - 1);
      Scientific number = split_scientific(scratch.begin(), end.ptr);
      const bool use_exponent = number.exponent < -4 || number.exponent >= precision - (add_dot_zero ? 1 : 0);
      if (!alternate) {
        while (number.digits.size() > 1 && number.digits.back() == '0') number.digits.remove_suffix(1);
      }
      add_general(out, number, use_exponent, letter, alternate, add_dot_zero);
      break;
    }
  }
  return Str::from_latin1(ts, out.view());
}

bool starts_with_word(std::string_view text, std::string_view lower_word) {
  if (text.size() < lower_word.size()) return false;
  for (std::size_t i = 0; i < lower_word.size(); ++i) {
    if ((text[i] | 0x20) != lower_word[i]) return false;
  }
  return true;
}

/// What a decimal number becomes that is too large or too small for a double.
double out_of_range_value(std::string_view number) {
  // Its first digit that is not zero stands at 10**place.
  std::int64_t place = 0;
  std::int64_t exponent = 0;
  bool before_point = true;
  bool found = false;
  std::size_t i = 0;
  for (; i < number.size() && (number[i] | 0x20) != 'e'; ++i) {
    if (number[i] == '.') {
      before_point = false;
    } else if (found) {
      place += before_point;
    } else {
      found = number[i] != '0';
      if (!before_point) --place;
    }
  }
  if (i < number.size()) {
    ++i;
    const bool negative = number[i] == '-';
    if (negative || number[i] == '+') ++i;
    for (; i < number.size() && exponent < 1'000'000'000'000; ++i) exponent = exponent * 10 + (number[i] - '0');
    if (negative) exponent = -exponent;
  }
  return place + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
}

}  // namespace

std::size_t read_double(std::string_view text, double* value) {
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
  const std::string_view rest = text.substr(at);
  if (starts_with_word(rest, "inf")) {
    *value = negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    return at + (starts_with_word(rest, "infinity") ? 8 : 3);
  }
  if (starts_with_word(rest, "nan")) {
    *value = std::copysign(std::numeric_limits<double>::quiet_NaN(), negative ? -1.0 : 1.0);
    return at + 3;
  }
  const std::size_t start = at;
  std::size_t digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) ++digits;
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]); ++at) ++digits;
  }
  if (digits == 0) return 0;
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    std::size_t after = at + 1;
    if (after < text.size() && (text[after] == '+' || text[after] == '-')) ++after;
    if (after < text.size() && is_digit(text[after])) {
      while (after < text.size() && is_digit(text[after])) ++after;
      at = after;
    }
  }
  const std::string_view number = text.substr(start, at - start);
  double result = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), result);
  if (read.ec == std::errc::result_out_of_range) result = out_of_range_value(number);
  *value = negative ? -result : result;
  return at;
}

bool strip_underscores(std::string_view text, char* out, std::size_t* length) {
  char previous = '\0';
  std::size_t used = 0;
  for (char c : text) {
    if (c == '_') {
      if (!is_digit(previous)) return false;
    } else {
      if (previous == '_' && !is_digit(c)) return false;
      out[used++] = c;
    }
    previous = c;
  }
  *length = used;
  return previous != '_';
}

char* ascii_number_text(const Str* text, std::size_t* length) {
  auto* out = static_cast<char*>(allocate_raw(static_cast<std::size_t>(text->length) + 1));
  if (out == nullptr) return nullptr;
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    out[i] = '?';
    if (c < 128) {
      out[i] = static_cast<char>(c);
    } else if (unicode::is_space(c)) {
      out[i] = ' ';
    } else if (const int value = unicode::decimal_value(c); value >= 0) {
      out[i] = static_cast<char>('0' + value);
    }
  }
  *length = static_cast<std::size_t>(text->length);
  return out;
}

Result<Ref<Str>> short_repr(ThreadState& ts, Obj object) {
  Ref<Str> repr = OURO_TRY(repr_of(ts, object));
  if (repr->length > kShownCharacters) return repr->slice(ts, 0, kShownCharacters);
  return repr;
}

ObjResult float_parse(ThreadState& ts, std::string_view text, Obj shown) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  double value = 0;
  bool good = false;
  if (text.find('_') == std::string_view::npos) {
    good = !text.empty() && read_double(text, &value) == text.size();
  } else {
    TextBuffer plain(text.size());
    if (!plain.ok()) return raise_no_memory(ts);
    std::size_t length = 0;
    good = strip_underscores(text, plain.begin(), &length) && length > 0 &&
           read_double({plain.begin(), length}, &value) == length;
  }
  if (good) return Float::from(ts, value);
  Ref<Str> repr = OURO_TRY(short_repr(ts, shown));
  return raise_value_error(ts, "could not convert string to float: {}", repr);
}

Result<Ref<Str>> float_to_text(ThreadState& ts, double value) {
  return format_double(ts, value, 'r', -1, false, true);
}

Result<Ref<Str>> format_double(ThreadState& ts, double value, char code, int precision, bool alternate, bool add_dot_zero) {
  // repr with a precision is %g with one.
  if (code == 'r' && precision >= 0) code = 'g';
  if (code == '%') value *= 100;
  if (std::isfinite(value)) return format_finite(ts, value, code, precision, alternate, add_dot_zero);
  const bool upper = code == 'E' || code == 'F' || code == 'G';
  char text[8];
  std::size_t length = 0;
  if (!std::isnan(value) && value < 0) text[length++] = '-';
  std::memcpy(text + length, std::isnan(value) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf"), 3);
  length += 3;
  if (code == '%') text[length++] = '%';
  return Str::from_latin1(ts, {text, length});
}

}  // namespace ouro
