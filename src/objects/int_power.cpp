// int ** int, pow(int, int, int), int / int, rounding to powers of ten: what needs more than one pass over the limbs.

#include <cmath>
#include <limits>

#include "objects/float.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"

namespace ouro {

namespace {

/// Calls step(bit) for the bits of `exponent` below the highest, from high to low.
template <class Step>
void for_each_lower_bit(const Magnitude& exponent, Step step) {
  for (std::int64_t i = exponent.bits() - 2; i >= 0; --i) {
    step((exponent.limbs()[i / 64] >> (i % 64)) & 1);
  }
}

std::uint64_t multiply_modulo(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(static_cast<WideWord>(a) * b % modulus);
}

/// base ** exponent mod modulus for a one-limb modulus, base < modulus.
std::uint64_t power_modulo_word(std::uint64_t base, const Magnitude& exponent,
                                std::uint64_t modulus) {
  if (exponent.count() == 0) return 1 % modulus;
  std::uint64_t result = base;
  for_each_lower_bit(exponent, [&](mp_limb_t bit) {
    result = multiply_modulo(result, result, modulus);
    if (bit != 0) result = multiply_modulo(result, base, modulus);
  });
  return result;
}

/// base ** exponent mod modulus; base in [0, modulus), exponent > 0, modulus of several limbs.
ObjResult power_modulo_limbs(ThreadState& ts, const Magnitude& base, const Magnitude& exponent,
                             const Magnitude& modulus) {
  const mp_size_t count = modulus.count();
  LimbBuffer factor, result, product, quotient;
  OURO_TRY(factor.reserve(ts, count));
  OURO_TRY(result.reserve(ts, count));
  OURO_TRY(product.reserve(ts, 2 * count));
  OURO_TRY(quotient.reserve(ts, count + 1));
  mpn_zero(factor.get(), count);
  mpn_copyi(factor.get(), base.limbs(), base.count());
  mpn_copyi(result.get(), factor.get(), count);
  const auto reduce = [&] {
    mpn_tdiv_qr(quotient.get(), result.get(), 0, product.get(), 2 * count, modulus.limbs(), count);
  };
  for_each_lower_bit(exponent, [&](mp_limb_t bit) {
    mpn_sqr(product.get(), result.get(), count);
    reduce();
    if (bit != 0) {
      mpn_mul_n(product.get(), result.get(), factor.get(), count);
      reduce();
    }
  });
  return int_from_limbs(ts, result.get(), count, false);
}

/// The inverse of base (in [0, modulus)) modulo a positive modulus > 1. ValueError when there is none.
ObjResult inverse_modulo(ThreadState& ts, Obj base, Obj modulus) {
  const Magnitude m(modulus);
  ObjRef sum = OURO_TRY(int_add(ts, base, modulus));  // not smaller than the modulus, as gcdext wants
  const Magnitude u(sum);
  LimbBuffer u_copy, v_copy, gcd, cofactor;
  OURO_TRY(u_copy.reserve(ts, u.count() + 1));
  OURO_TRY(v_copy.reserve(ts, m.count() + 1));
  OURO_TRY(gcd.reserve(ts, m.count() + 1));
  OURO_TRY(cofactor.reserve(ts, m.count() + 1));
  mpn_copyi(u_copy.get(), u.limbs(), u.count());
  mpn_copyi(v_copy.get(), m.limbs(), m.count());
  mp_size_t cofactor_count = 0;
  const mp_size_t gcd_count = mpn_gcdext(gcd.get(), cofactor.get(), &cofactor_count, u_copy.get(),
                                         u.count(), v_copy.get(), m.count());
  if (gcd_count != 1 || gcd[0] != 1) {
    return raise_value_error(ts, "base is not invertible for the given modulus");
  }
  const bool negative = cofactor_count < 0;
  ObjRef inverse = OURO_TRY(int_from_limbs(ts, cofactor.get(),
                                           negative ? -cofactor_count : cofactor_count, negative));
  ObjRef reduced;
  OURO_TRY(int_floor_division(ts, inverse, modulus, nullptr, &reduced));
  return reduced;
}

ObjResult power_modulo(ThreadState& ts, Obj base, Obj exponent, Obj modulus) {
  const int modulus_sign = int_sign(modulus);
  if (modulus_sign == 0) return raise_value_error(ts, "pow() 3rd argument cannot be 0");
  ObjRef positive = modulus_sign < 0 ? OURO_TRY(int_negate(ts, modulus)) : modulus.new_ref();
  const Magnitude m(positive);
  if (m.count() == 1 && m.limbs()[0] == 1) return Int::from(ts, 0);
  ObjRef reduced;
  OURO_TRY(int_floor_division(ts, base, positive, nullptr, &reduced));
  if (int_sign(exponent) < 0) reduced = OURO_TRY(inverse_modulo(ts, reduced, positive));
  const Magnitude b(reduced);
  const Magnitude e(exponent);
  ObjRef result;
  if (m.count() == 1) {
    const mp_limb_t word = b.count() == 0 ? 0 : b.limbs()[0];
    result = OURO_TRY(Int::from_unsigned(ts, power_modulo_word(word, e, m.limbs()[0])));
  } else if (e.count() == 0) {
    result = OURO_TRY(Int::from(ts, 1));
  } else if (b.count() == 0) {
    result = OURO_TRY(Int::from(ts, 0));
  } else {
    result = OURO_TRY(power_modulo_limbs(ts, b, e, m));
  }
  if (modulus_sign < 0 && int_sign(result) != 0) return int_subtract(ts, result, positive);
  return result;
}

/// Squares and multiplies in two buffers that take turns; the magnitude of `base` has `count` limbs.
ObjResult raise_magnitude(ThreadState& ts, const Magnitude& base, std::uint64_t exponent) {
  const auto bits = static_cast<WideWord>(base.bits()) * exponent;
  if (bits / 64 + 2 > static_cast<WideWord>(kMaxLimbs)) return raise_no_memory(ts);
  const auto room = static_cast<mp_size_t>(bits / 64) + 2 + base.count();
  LimbBuffer first, second;
  OURO_TRY(first.reserve(ts, room));
  OURO_TRY(second.reserve(ts, room));
  mp_limb_t* current = first.get();
  mp_limb_t* spare = second.get();
  mp_size_t count = base.count();
  mpn_copyi(current, base.limbs(), count);
  for (int bit = 62 - std::countl_zero(exponent); bit >= 0; --bit) {
    mpn_sqr(spare, current, count);
    count = significant_limbs(spare, 2 * count);
    std::swap(current, spare);
    if (((exponent >> bit) & 1) != 0) {
      mpn_mul(spare, current, count, base.limbs(), base.count());
      count = significant_limbs(spare, count + base.count());
      std::swap(current, spare);
    }
  }
  return int_from_limbs(ts, current, count, base.negative() && (exponent & 1) != 0);
}

}  // namespace

ObjResult int_raise_to(ThreadState& ts, Obj base, std::int64_t exponent) {
  if (exponent == 0) return Int::from(ts, 1);
  const Int* value = as<Int>(base);
  if (value->is_small()) {
    std::int64_t result = 1;
    std::int64_t factor = value->small;
    bool fits = true;
    for (std::int64_t left = exponent;;) {
      if ((left & 1) != 0 && __builtin_mul_overflow(result, factor, &result)) fits = false;
      left >>= 1;
      if (left == 0) break;
      if (__builtin_mul_overflow(factor, factor, &factor)) fits = false;
      if (!fits) break;
    }
    if (fits) return Int::from(ts, result);
  }
  const Magnitude magnitude(base);
  const mp_size_t count = magnitude.count();
  const mp_limb_t top = magnitude.limbs()[count - 1];
  if (std::has_single_bit(top) && significant_limbs(magnitude.limbs(), count - 1) == 0) {
    // A power of two: a shift, in one step.
    std::int64_t shift = 0;
    if (__builtin_mul_overflow(magnitude.bits() - 1, exponent, &shift)) return raise_no_memory(ts);
    ObjRef one = OURO_TRY(Int::from(ts, magnitude.negative() && (exponent & 1) != 0 ? -1 : 1));
    return int_shift_left(ts, one, shift);
  }
  return raise_magnitude(ts, magnitude, static_cast<std::uint64_t>(exponent));
}

ObjResult int_power_slot(ThreadState& ts, Obj base, Obj exponent, Obj modulus) {
  if (!is_int(base) || !is_int(exponent)) return ts.core.not_implemented_ref();
  if (modulus && !is_none(modulus)) {
    if (!is_int(modulus)) return ts.core.not_implemented_ref();
    return power_modulo(ts, base, exponent, modulus);
  }
  if (as<Int>(exponent)->is_negative()) {
    ObjRef x = OURO_TRY(Float::from(ts, OURO_TRY(int_as_double(ts, base))));
    ObjRef y = OURO_TRY(Float::from(ts, OURO_TRY(int_as_double(ts, exponent))));
    return power(ts, x, y, ts.core.none);
  }
  if (as<Int>(exponent)->is_small()) return int_raise_to(ts, base, as<Int>(exponent)->small);
  // An exponent beyond 2**63: only 0, 1 and -1 have a power that fits anywhere.
  if (as<Int>(base)->is_small() && as<Int>(base)->small >= -1 && as<Int>(base)->small <= 1) {
    const bool odd = (as<Int>(exponent)->limbs[0] & 1) != 0;
    const std::int64_t value = as<Int>(base)->small;
    return Int::from(ts, odd ? value : value * value);
  }
  return raise_no_memory(ts);
}

ObjResult int_true_divide(ThreadState& ts, Obj left, Obj right) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;  // whole numbers up to here are doubles
  const Int* a = as<Int>(left);
  const Int* b = as<Int>(right);
  if (b->is_zero()) return raise(ts, ts.core.exceptions.ZeroDivisionError, "division by zero");
  if (a->is_small() && b->is_small() && a->small >= -kExact && a->small <= kExact &&
      b->small >= -kExact && b->small <= kExact) {
    return Float::from(ts, static_cast<double>(a->small) / static_cast<double>(b->small));
  }
  const bool negative = a->is_negative() != b->is_negative();
  if (a->is_zero()) return Float::from(ts, negative ? -0.0 : 0.0);
  constexpr int kMantissa = std::numeric_limits<double>::digits;
  constexpr std::int64_t kMinExponent = std::numeric_limits<double>::min_exponent;
  constexpr std::int64_t kMaxExponent = std::numeric_limits<double>::max_exponent;
  const std::int64_t difference = int_bit_length(left) - int_bit_length(right);
  if (difference > kMaxExponent) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "integer division result too large for a float");
  }
  if (difference < kMinExponent - kMantissa - 1) return Float::from(ts, negative ? -0.0 : 0.0);
  // |left| * 2**-shift // |right| has two or three bits more than a mantissa; what is cut off is noted in `inexact`.
  const std::int64_t shift = std::max(difference, kMinExponent) - kMantissa - 2;
  ObjRef numerator = a->is_negative() ? OURO_TRY(int_negate(ts, left)) : exact_int(ts, left).take();
  ObjRef denominator = b->is_negative() ? OURO_TRY(int_negate(ts, right)) : exact_int(ts, right).take();
  if (!numerator || !denominator) return Raised{};
  bool inexact = false;
  if (shift <= 0) {
    numerator = OURO_TRY(int_shift_left(ts, numerator, -shift));
  } else {
    const Magnitude whole(numerator);
    inexact = static_cast<std::int64_t>(mpn_scan1(whole.limbs(), 0)) < shift;
    numerator = OURO_TRY(int_shift_right(ts, numerator, shift));
  }
  ObjRef quotient;
  ObjRef remainder;
  OURO_TRY(int_floor_division(ts, numerator, denominator, &quotient, &remainder));
  inexact = inexact || int_sign(remainder) != 0;
  auto bits = static_cast<std::uint64_t>(as<Int>(quotient)->small);
  const std::int64_t bit_count = 64 - std::countl_zero(bits);
  const std::int64_t extra = std::max(bit_count, kMinExponent - shift) - kMantissa;
  const std::uint64_t half = std::uint64_t{1} << (extra - 1);
  const std::uint64_t low = bits | static_cast<std::uint64_t>(inexact);
  if ((low & half) != 0 && (low & (3 * half - 1)) != 0) bits = low + half;
  bits &= ~(2 * half - 1);
  const double result = std::ldexp(static_cast<double>(bits), static_cast<int>(shift));
  if (std::isinf(result)) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "integer division result too large for a float");
  }
  return Float::from(ts, negative ? -result : result);
}

ObjResult int_round_to_tens(ThreadState& ts, Obj value, Obj ndigits) {
  // A power of ten with more digits than the value has makes it zero; no need to build it.
  const std::int64_t digits = int_clamped(ndigits);
  if (digits < -(int_bit_length(value) + 1)) return Int::from(ts, 0);
  ObjRef ten = OURO_TRY(Int::from(ts, 10));
  ObjRef unit = OURO_TRY(int_raise_to(ts, ten, -digits));
  ObjRef quotient;
  ObjRef remainder;
  OURO_TRY(int_floor_division(ts, value, unit, &quotient, &remainder));
  ObjRef twice = OURO_TRY(int_add(ts, remainder, remainder));
  const int order = int_compare(twice, unit);
  const bool odd = (Magnitude(quotient).limbs()[0] & 1) != 0;
  if (order > 0 || (order == 0 && odd)) {
    ObjRef one = OURO_TRY(Int::from(ts, 1));
    quotient = OURO_TRY(int_add(ts, quotient, one));
  }
  return int_multiply(ts, quotient, unit);
}

}  // namespace ouro
