// Floats in base 16: float.hex() writes "-0x1.8p+3", float.fromhex() reads it, rounding halves to even.

#include <charconv>
#include <cmath>
#include <limits>

#include "objects/float_internal.h"
#include "objects/str.h"

namespace ouro {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Raised raise_invalid(ThreadState& ts) {
  return raise_value_error(ts, "invalid hexadecimal floating-point string");
}

Raised raise_too_large(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.OverflowError,
               "hexadecimal value too large to represent as a float");
}

/// mantissa * 2**exponent rounded to the nearest double; `sticky`: a bit below the mantissa was set.
double scale_rounded(std::uint64_t mantissa, bool sticky, std::int64_t exponent) {
  if (mantissa == 0) return 0.0;
  const int zeros = std::countl_zero(mantissa);
  // Bits that a double has room for at this size; fewer below the smallest normal value.
  const std::int64_t top = exponent + 64 - zeros;  // value < 2**top
  const std::int64_t lowest = std::max<std::int64_t>(top - 53, -1074);
  std::int64_t cut = lowest - exponent;
  if (cut > 64) return 0.0;
  if (cut > 0) {
    const std::uint64_t kept = cut == 64 ? 0 : mantissa >> cut;
    const std::uint64_t lost = cut == 64 ? mantissa : mantissa & ((std::uint64_t{1} << cut) - 1);
    const std::uint64_t half = std::uint64_t{1} << (cut - 1);
    const bool up = lost > half || (lost == half && (sticky || (kept & 1) != 0));
    mantissa = kept + (up ? 1 : 0);
    exponent += cut;
  }
  if (exponent > 2000) return std::numeric_limits<double>::infinity();
  return std::ldexp(static_cast<double>(mantissa), static_cast<int>(exponent));
}

}  // namespace

Result<Ref<Str>> double_to_hex(ThreadState& ts, double value) {
  if (!std::isfinite(value)) return float_to_text(ts, value);
  char text[40];
  char* out = text;
  const auto add = [&](std::string_view part) {
    for (char c : part) *out++ = c;
  };
  if (std::signbit(value)) add("-");
  add("0x");
  if (value == 0) {
    add("0.0p+0");
    return Str::from_latin1(ts, {text, static_cast<std::size_t>(out - text)});
  }
  int exponent = 0;
  double mantissa = std::frexp(std::fabs(value), &exponent);
  // One bit before the point, except below the smallest normal value, where the exponent stays at its least.
  const int shift = 1 - std::max(std::numeric_limits<double>::min_exponent - exponent, 0);
  mantissa = std::ldexp(mantissa, shift);
  exponent -= shift;
  *out++ = "01"[static_cast<int>(mantissa)];
  mantissa -= static_cast<int>(mantissa);
  add(".");
  for (int i = 0; i < 13; ++i) {
    mantissa *= 16;
    const int digit = static_cast<int>(mantissa);
    mantissa -= digit;
    *out++ = "0123456789abcdef"[digit];
  }
  add(exponent < 0 ? "p-" : "p+");
  out = std::to_chars(out, text + sizeof text, std::abs(exponent)).ptr;
  return Str::from_latin1(ts, {text, static_cast<std::size_t>(out - text)});
}

Result<double> double_from_hex(ThreadState& ts, std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
  if (at < text.size() && ((text[at] | 0x20) == 'i' || (text[at] | 0x20) == 'n')) {
    double value = 0;
    if (read_double(text, &value) != text.size()) return raise_invalid(ts);
    return value;
  }
  if (at + 1 < text.size() && text[at] == '0' && (text[at + 1] | 0x20) == 'x') at += 2;
  // The first 60 bits that count are kept; whether any later bit is set goes into `sticky`.
  std::uint64_t mantissa = 0;
  bool sticky = false;
  std::int64_t exponent = 0;
  bool after_point = false;
  std::size_t digits = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !after_point) {
      after_point = true;
      continue;
    }
    const int value = hex_value(text[at]);
    if (value < 0) break;
    ++digits;
    if (mantissa >> 56 == 0) {
      mantissa = mantissa << 4 | static_cast<std::uint64_t>(value);
      if (after_point) exponent -= 4;
    } else {
      sticky = sticky || value != 0;
      if (!after_point) exponent += 4;
    }
  }
  if (digits == 0) return raise_invalid(ts);
  if (at < text.size() && (text[at] | 0x20) == 'p') {
    ++at;
    bool negative_exponent = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative_exponent = text[at++] == '-';
    const std::size_t first = at;
    std::int64_t given = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (given < 1'000'000'000'000'000) given = given * 10 + (text[at] - '0');
    }
    if (at == first) return raise_invalid(ts);
    exponent += negative_exponent ? -given : given;
  }
  if (at != text.size()) return raise_invalid(ts);
  const double value = scale_rounded(mantissa, sticky, exponent);
  if (std::isinf(value)) return raise_too_large(ts);
  return negative ? -value : value;
}

}  // namespace ouro
