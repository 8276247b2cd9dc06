// Int as text: reading digits in any base, writing in base 2, 8, 10 and 16, the limit on decimal digits.
//
// Reading and writing decimal text costs more than linear time, so texts beyond CoreObjects::int_max_str_digits digits are
// refused (0: no limit). Bases that are powers of two are linear and have no limit.

#include <bit>
#include <charconv>

#include "objects/bytes.h"
#include "objects/float_internal.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

constexpr std::int64_t kLimitThreshold = 640;  // shorter texts are never refused

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

Raised raise_invalid_literal(ThreadState& ts, int base, Obj shown) {
  Result<Ref<Str>> text = short_repr(ts, shown);
  if (text.raised()) return Raised{};
  Ref<Str> repr = text.take();
  return raise_value_error(ts, "invalid literal for int() with base {}: {}", base, repr);
}

/// The base that a prefix like "0x" names, or 0.
int prefix_base(std::string_view digits) {
  if (digits.size() < 2 || digits[0] != '0') return 0;
  switch (digits[1]) {
    case 'x': case 'X': return 16;
    case 'o': case 'O': return 8;
    case 'b': case 'B': return 2;
    default: return 0;
  }
}

/// Raw memory for a text, given back at the end.
class ByteBuffer {
 public:
  explicit ByteBuffer(std::size_t bytes) : data_(static_cast<unsigned char*>(allocate_raw(bytes))) {}
  explicit ByteBuffer(unsigned char* block) : data_(block) {}  // takes over memory from allocate_raw
  ~ByteBuffer() { free_raw(data_); }
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;
  [[nodiscard]] unsigned char* get() const { return data_; }

 private:
  unsigned char* data_;
};

/// Digits checked before, `count` of them besides underscores.
ObjResult read_big(ThreadState& ts, std::string_view digits, std::size_t count, int base,
                   bool negative) {
  if (count / 8 > static_cast<std::size_t>(kMaxLimbs)) return raise_no_memory(ts);
  ByteBuffer values(count);
  if (values.get() == nullptr) return raise_no_memory(ts);
  std::size_t used = 0;
  for (char c : digits) {
    if (c != '_') values.get()[used++] = static_cast<unsigned char>(digit_value(c));
  }
  const auto bits_per_digit = static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(base - 1)));
  const auto room = static_cast<mp_size_t>(count * bits_per_digit / 64 + 2);
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, room));
  const mp_size_t limbs = mpn_set_str(made->limbs, values.get(), used, base);
  return finish_int(ts, std::move(made), limbs, negative);
}

Raised raise_too_long_to_show(ThreadState& ts) {
  return raise_value_error(ts,
                           "Exceeds the limit ({} digits) for integer string conversion; "
                           "use sys.set_int_max_str_digits() to increase the limit",
                           ts.core.int_max_str_digits);
}

}  // namespace

ObjResult Int::parse(ThreadState& ts, std::string_view digits, int base, Obj shown) {
  const int asked_base = base;
  bool negative = false;
  if (!digits.empty() && (digits[0] == '+' || digits[0] == '-')) {
    negative = digits[0] == '-';
    digits.remove_prefix(1);
  }
  const int prefixed = prefix_base(digits);
  bool only_zero = false;  // base 0: "0777" is no literal, "000" is
  if (prefixed != 0 && (base == 0 || base == prefixed)) {
    base = prefixed;
    digits.remove_prefix(2);
    if (!digits.empty() && digits[0] == '_') digits.remove_prefix(1);
  } else if (base == 0) {
    base = 10;
    only_zero = digits.size() > 1 && digits[0] == '0';
  }
  std::size_t count = 0;
  std::uint64_t word = 0;
  bool fits = true;
  char previous = '_';
  for (char c : digits) {
    if (c == '_') {
      if (previous == '_') return raise_invalid_literal(ts, asked_base, shown);
    } else {
      const int value = digit_value(c);
      if (value >= base) return raise_invalid_literal(ts, asked_base, shown);
      fits = fits && !__builtin_mul_overflow(word, static_cast<std::uint64_t>(base), &word) &&
             !__builtin_add_overflow(word, static_cast<std::uint64_t>(value), &word);
      if (only_zero && value != 0) return raise_invalid_literal(ts, asked_base, shown);
      ++count;
    }
    previous = c;
  }
  if (previous == '_') return raise_invalid_literal(ts, asked_base, shown);
  const std::int64_t limit = ts.core.int_max_str_digits;
  if (!std::has_single_bit(static_cast<unsigned>(base)) && limit > 0 &&
      static_cast<std::int64_t>(count) > limit &&
      static_cast<std::int64_t>(count) > kLimitThreshold) {
    return raise_value_error(ts,
                             "Exceeds the limit ({} digits) for integer string conversion: value has {} digits; "
                             "use sys.set_int_max_str_digits() to increase the limit",
                             ts.core.int_max_str_digits, count);
  }
  if (fits) {
    if (!negative) return from_unsigned(ts, word);
    return int_from_limbs(ts, &word, 1, true);
  }
  return read_big(ts, digits, count, base, negative);
}

ObjResult int_from_text(ThreadState& ts, std::string_view text, int base, Obj shown) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return Int::parse(ts, text, base, shown);
}

ObjResult int_from_text_object(ThreadState& ts, Obj text, int base) {
  if (!is_str(text)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, text));
    if (is_bytes(text)) return int_from_text(ts, view.view(), base, text);
    // What is shown of other bytes-like objects is their content.
    Ref<Bytes> shown = OURO_TRY(Bytes::from(ts, view.view()));
    return int_from_text(ts, shown->view(), base, shown);
  }
  const Str* str = as<Str>(text);
  if (str->is_ascii()) return int_from_text(ts, str->ascii(), base, text);
  // Decimal digits of any script count as their value; all else that is not ASCII spoils the literal.
  std::size_t length = 0;
  const ByteBuffer ascii(reinterpret_cast<unsigned char*>(ascii_number_text(str, &length)));
  if (ascii.get() == nullptr) return raise_no_memory(ts);
  const std::string_view digits(reinterpret_cast<const char*>(ascii.get()), length);
  return int_from_text(ts, digits, base, text);
}

Result<Ref<Str>> int_to_text(ThreadState& ts, Obj object, int base) {
  const Int* value = as<Int>(object);
  if (value->is_small()) {
    char text[72];
    const auto end = std::to_chars(text, text + sizeof text, value->small, base);
    return Str::from_latin1(ts, {text, static_cast<std::size_t>(end.ptr - text)});
  }
  const Magnitude magnitude(object);
  const std::int64_t bits = magnitude.bits();
  const bool decimal = base == 10;
  const std::int64_t limit = ts.core.int_max_str_digits;
  // log10(2) is between 0.30102 and 0.30103: a first test that needs no conversion, and an upper bound of the length.
  if (decimal && limit > 0 && limit * 100000 < (bits - 1) * 30102 && bits > 2 * kLimitThreshold) {
    return raise_too_long_to_show(ts);
  }
  const std::int64_t most = decimal ? bits * 30103 / 100000 + 2
                                    : bits / std::countr_zero(static_cast<unsigned>(base)) + 2;
  ByteBuffer digits(static_cast<std::size_t>(most));
  LimbBuffer limbs;
  OURO_TRY(limbs.reserve(ts, magnitude.count() + 1));
  if (digits.get() == nullptr) return raise_no_memory(ts);
  mpn_copyi(limbs.get(), magnitude.limbs(), magnitude.count());
  std::size_t count = mpn_get_str(digits.get(), base, limbs.get(), magnitude.count());
  const unsigned char* first = digits.get();
  while (count > 1 && *first == 0) {
    ++first;
    --count;
  }
  if (decimal && limit > 0 && static_cast<std::int64_t>(count) > limit &&
      static_cast<std::int64_t>(count) > kLimitThreshold) {
    return raise_too_long_to_show(ts);
  }
  const std::size_t sign = magnitude.negative() ? 1 : 0;
  Ref<Str> text = OURO_TRY(Str::make(ts, static_cast<std::int64_t>(count + sign), 127));
  auto* out = static_cast<char*>(text->data());
  if (sign != 0) *out++ = '-';
  for (std::size_t i = 0; i < count; ++i) out[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[first[i]];
  return text;
}

}  // namespace ouro
