// Module math: functions on whole numbers. Products of many factors are made as balanced trees, so that most of the work
// is multiplication of large numbers of equal size.

#include <algorithm>
#include <bit>
#include <limits>

#include "modules/math_support.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"

namespace ouro {

namespace {

std::uint64_t word_gcd(std::uint64_t a, std::uint64_t b) {
  if (a == 0 || b == 0) return a | b;
  const int twos = std::countr_zero(a | b);
  a >>= std::countr_zero(a);
  while (b != 0) {
    b >>= std::countr_zero(b);
    if (a > b) std::swap(a, b);
    b -= a;
  }
  return a << twos;
}

ObjResult absolute_int(ThreadState& ts, Obj value) {
  return int_sign(value) < 0 ? int_negate(ts, value) : exact_int(ts, value);
}

/// Greatest common divisor of two ints, not negative.
ObjResult int_gcd(ThreadState& ts, Obj left, Obj right) {
  const Magnitude a(left);
  const Magnitude b(right);
  if (a.count() == 0) return absolute_int(ts, right);
  if (b.count() == 0) return absolute_int(ts, left);
  if (a.count() == 1 && b.count() == 1) return Int::from_unsigned(ts, word_gcd(a.limbs()[0], b.limbs()[0]));
  // mpn_gcd wants at least one odd operand: the common twos are taken out first and put back at the end.
  const auto twos = static_cast<std::int64_t>(std::min(mpn_scan1(a.limbs(), 0), mpn_scan1(b.limbs(), 0)));
  ObjRef x = OURO_TRY(absolute_int(ts, left));
  ObjRef y = OURO_TRY(absolute_int(ts, right));
  x = OURO_TRY(int_shift_right(ts, x, twos));
  y = OURO_TRY(int_shift_right(ts, y, twos));
  if (int_compare(x, y) < 0) std::swap(x, y);
  const Magnitude large(x);
  const Magnitude little(y);
  LimbBuffer large_copy, little_copy, result;
  OURO_TRY(large_copy.reserve(ts, large.count()));
  OURO_TRY(little_copy.reserve(ts, little.count()));
  OURO_TRY(result.reserve(ts, little.count()));
  mpn_copyi(large_copy.get(), large.limbs(), large.count());
  mpn_copyi(little_copy.get(), little.limbs(), little.count());
  const mp_size_t count = mpn_gcd(result.get(), large_copy.get(), large.count(), little_copy.get(), little.count());
  ObjRef odd = OURO_TRY(int_from_limbs(ts, result.get(), count, false));
  return int_shift_left(ts, odd, twos);
}

/// (n - first) * (n - first - 1) * … down to n - last + 1: the factors n - i for first <= i < last.
ObjResult falling_product(ThreadState& ts, Obj n, std::uint64_t first, std::uint64_t last) {
  constexpr std::uint64_t kRun = 64;  // shorter runs are multiplied one by one
  if (as<Int>(n)->is_small() && last - first <= kRun) {
    std::int64_t product = 1;
    const std::int64_t top = as<Int>(n)->small;
    std::uint64_t i = first;
    while (i < last && !__builtin_mul_overflow(product, top - static_cast<std::int64_t>(i), &product)) ++i;
    if (i == last) return Int::from(ts, product);
  }
  if (last - first == 1) {
    ObjRef offset = OURO_TRY(Int::from_unsigned(ts, first));
    return int_subtract(ts, n, offset);
  }
  const std::uint64_t middle = first + (last - first) / 2;
  ObjRef high = OURO_TRY(falling_product(ts, n, first, middle));
  ObjRef low = OURO_TRY(falling_product(ts, n, middle, last));
  return int_multiply(ts, high, low);
}

ObjResult factorial_of(ThreadState& ts, std::int64_t n) {
  if (n < 2) return Int::from(ts, 1);
  ObjRef top = OURO_TRY(Int::from(ts, n));
  return falling_product(ts, top, 0, static_cast<std::uint64_t>(n));
}

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

}  // namespace

ObjResult math_gcd(ThreadState& ts, Obj, Args args) {
  if (args.count == 0) return Int::from(ts, 0);
  ObjRef first = OURO_TRY(to_index(ts, args[0]));
  ObjRef result = OURO_TRY(absolute_int(ts, first));
  for (std::uint32_t i = 1; i < args.count; ++i) {
    ObjRef value = OURO_TRY(to_index(ts, args[i]));
    result = OURO_TRY(int_gcd(ts, result, value));
  }
  return result;
}

ObjResult math_lcm(ThreadState& ts, Obj, Args args) {
  if (args.count == 0) return Int::from(ts, 1);
  ObjRef first = OURO_TRY(to_index(ts, args[0]));
  ObjRef result = OURO_TRY(absolute_int(ts, first));
  for (std::uint32_t i = 1; i < args.count; ++i) {
    ObjRef value = OURO_TRY(to_index(ts, args[i]));
    if (int_sign(result) == 0) continue;  // the others are still checked
    if (int_sign(value) == 0) {
      result = OURO_TRY(Int::from(ts, 0));
      continue;
    }
    ObjRef divisor = OURO_TRY(int_gcd(ts, result, value));
    ObjRef quotient;
    OURO_TRY(int_floor_division(ts, result, divisor, &quotient, nullptr));
    ObjRef product = OURO_TRY(int_multiply(ts, quotient, value));
    result = OURO_TRY(absolute_int(ts, product));
  }
  return result;
}

ObjResult math_isqrt(ThreadState& ts, Obj, Args args) {
  ObjRef value = OURO_TRY(to_index(ts, args[0]));
  if (int_sign(value) < 0) return raise_value_error(ts, "isqrt() argument must be nonnegative");
  const Magnitude n(value);
  if (n.count() == 0) return Int::from(ts, 0);
  const mp_size_t count = (n.count() + 1) / 2;
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, count));
  LimbBuffer remainder;
  OURO_TRY(remainder.reserve(ts, n.count()));
  mpn_sqrtrem(made->limbs, remainder.get(), n.limbs(), n.count());
  return finish_int(ts, std::move(made), count, false);
}

ObjResult math_factorial(ThreadState& ts, Obj, Args args) {
  ObjRef value = OURO_TRY(to_index(ts, args[0]));
  if (int_sign(value) < 0) {
    return raise_value_error(ts, "factorial() not defined for negative values");
  }
  if (!as<Int>(value)->is_small()) {
    return raise(ts, ts.core.exceptions.OverflowError, "factorial() argument should not exceed {}", kMost);
  }
  return factorial_of(ts, as<Int>(value)->small);
}

ObjResult math_perm(ThreadState& ts, Obj self, Args args) {
  if (args.count == 1 || is_none(args[1])) return math_factorial(ts, self, Args{args.values, 1, nullptr});
  ObjRef n = OURO_TRY(to_index(ts, args[0]));
  ObjRef k = OURO_TRY(to_index(ts, args[1]));
  if (int_sign(n) < 0) return raise_value_error(ts, "n must be a non-negative integer");
  if (int_sign(k) < 0) return raise_value_error(ts, "k must be a non-negative integer");
  if (int_compare(n, k) < 0) return Int::from(ts, 0);
  if (!as<Int>(k)->is_small()) {
    return raise(ts, ts.core.exceptions.OverflowError, "k must not exceed {}", kMost);
  }
  if (as<Int>(k)->small == 0) return Int::from(ts, 1);
  return falling_product(ts, n, 0, static_cast<std::uint64_t>(as<Int>(k)->small));
}

ObjResult math_comb(ThreadState& ts, Obj, Args args) {
  ObjRef n = OURO_TRY(to_index(ts, args[0]));
  ObjRef k = OURO_TRY(to_index(ts, args[1]));
  if (int_sign(n) < 0) return raise_value_error(ts, "n must be a non-negative integer");
  if (int_sign(k) < 0) return raise_value_error(ts, "k must be a non-negative integer");
  ObjRef rest = OURO_TRY(int_subtract(ts, n, k));
  if (int_sign(rest) < 0) return Int::from(ts, 0);
  if (int_compare(rest, k) < 0) std::swap(rest, k);
  if (!as<Int>(k)->is_small()) {
    return raise(ts, ts.core.exceptions.OverflowError, "min(n - k, k) must not exceed {}", kMost);
  }
  const std::int64_t count = as<Int>(k)->small;
  if (count == 0) return Int::from(ts, 1);
  ObjRef product = OURO_TRY(falling_product(ts, n, 0, static_cast<std::uint64_t>(count)));
  ObjRef divisor = OURO_TRY(factorial_of(ts, count));
  ObjRef result;
  OURO_TRY(int_floor_division(ts, product, divisor, &result, nullptr));
  return result;
}

}  // namespace ouro
