// Arithmetic of int: + - * // % divmod, shifts, bit operations, signs.
//
// Values that fit a word take the first lines of each function; the rest works on magnitudes with GMP's mpn.

#include <algorithm>
#include <limits>

#include "objects/float.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

bool both_ints(Obj left, Obj right) { return is_int(left) && is_int(right); }
bool both_small(Obj left, Obj right) {
  return as<Int>(left)->is_small() && as<Int>(right)->is_small();
}
std::int64_t small_of(Obj object) { return as<Int>(object)->small; }

Raised raise_too_many_digits(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.OverflowError, "too many digits in integer");
}

/// left + right, or left - right when `subtract`.
ObjResult add_magnitudes(ThreadState& ts, Obj left, Obj right, bool subtract) {
  const Magnitude a(left);
  const Magnitude b(right);
  const bool b_negative = b.negative() != subtract;
  const bool a_larger = compare_limbs(a.limbs(), a.count(), b.limbs(), b.count()) >= 0;
  const Magnitude& large = a_larger ? a : b;
  const Magnitude& little = a_larger ? b : a;
  const bool negative = a_larger ? a.negative() : b_negative;
  const mp_size_t count = large.count();
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, count + 1));
  mp_limb_t* out = made->limbs;
  if (count == 0) return finish_int(ts, std::move(made), 0, false);
  if (a.negative() == b_negative) {
    out[count] = little.count() == 0
                     ? (mpn_copyi(out, large.limbs(), count), 0)
                     : mpn_add(out, large.limbs(), count, little.limbs(), little.count());
  } else {
    if (little.count() == 0) {
      mpn_copyi(out, large.limbs(), count);
    } else {
      mpn_sub(out, large.limbs(), count, little.limbs(), little.count());
    }
    out[count] = 0;
  }
  return finish_int(ts, std::move(made), count + 1, negative);
}

ObjResult multiply_magnitudes(ThreadState& ts, Obj left, Obj right) {
  const Magnitude a(left);
  const Magnitude b(right);
  if (a.count() == 0 || b.count() == 0) return Int::from(ts, 0);
  const Magnitude& large = a.count() >= b.count() ? a : b;
  const Magnitude& little = a.count() >= b.count() ? b : a;
  const mp_size_t count = large.count() + little.count();
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, count));
  if (left == right) {
    mpn_sqr(made->limbs, large.limbs(), large.count());
  } else {
    mpn_mul(made->limbs, large.limbs(), large.count(), little.limbs(), little.count());
  }
  return finish_int(ts, std::move(made), count, a.negative() != b.negative());
}

Status divide_magnitudes(ThreadState& ts, Obj left, Obj right, ObjRef* quotient,
                         ObjRef* remainder) {
  const Magnitude a(left);
  const Magnitude b(right);
  const bool signs_differ = a.negative() != b.negative();
  if (compare_limbs(a.limbs(), a.count(), b.limbs(), b.count()) < 0) {
    // |left| < |right|: nothing to divide, but rounding goes down.
    const bool adjust = signs_differ && a.count() != 0;
    if (quotient != nullptr) *quotient = OURO_TRY(Int::from(ts, adjust ? -1 : 0));
    if (remainder != nullptr) {
      *remainder = adjust ? OURO_TRY(int_add(ts, left, right)) : OURO_TRY(exact_int(ts, left));
    }
    return kDone;
  }
  const mp_size_t quotient_count = a.count() - b.count() + 1;
  Ref<Int> q = OURO_TRY(allocate_limbs(ts, quotient_count + 1));
  Ref<Int> r = OURO_TRY(allocate_limbs(ts, b.count()));
  mpn_tdiv_qr(q->limbs, r->limbs, 0, a.limbs(), a.count(), b.limbs(), b.count());
  q->limbs[quotient_count] = 0;
  if (signs_differ && significant_limbs(r->limbs, b.count()) != 0) {
    q->limbs[quotient_count] = mpn_add_1(q->limbs, q->limbs, quotient_count, 1);
    mpn_sub_n(r->limbs, b.limbs(), r->limbs, b.count());
  }
  if (quotient != nullptr) {
    *quotient = OURO_TRY(finish_int(ts, std::move(q), quotient_count + 1, signs_differ));
  }
  if (remainder != nullptr) {
    *remainder = OURO_TRY(finish_int(ts, std::move(r), b.count(), b.negative()));
  }
  return kDone;
}

enum class BitOperation : std::uint8_t { And, Or, Xor };

/// Writes the two's complement of a value in `count` limbs.
void to_twos_complement(mp_limb_t* out, mp_size_t count, const Magnitude& value) {
  mpn_copyi(out, value.limbs(), value.count());
  std::fill(out + value.count(), out + count, mp_limb_t{0});
  if (value.negative()) mpn_neg(out, out, count);
}

ObjResult combine_bits(ThreadState& ts, Obj left, Obj right, BitOperation operation) {
  const Magnitude a(left);
  const Magnitude b(right);
  const mp_size_t count = std::max(a.count(), b.count()) + 1;
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, count));
  LimbBuffer other;
  OURO_TRY(other.reserve(ts, count));
  mp_limb_t* out = made->limbs;
  to_twos_complement(out, count, a);
  to_twos_complement(other.get(), count, b);
  switch (operation) {
    case BitOperation::And: mpn_and_n(out, out, other.get(), count); break;
    case BitOperation::Or: mpn_ior_n(out, out, other.get(), count); break;
    case BitOperation::Xor: mpn_xor_n(out, out, other.get(), count); break;
  }
  const bool negative = (out[count - 1] >> 63) != 0;
  if (negative) mpn_neg(out, out, count);
  return finish_int(ts, std::move(made), count, negative);
}

// Slots: NotImplemented unless both sides are ints.

ObjResult add_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  return int_add(ts, left, right);
}

ObjResult subtract_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  return int_subtract(ts, left, right);
}

ObjResult multiply_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  return int_multiply(ts, left, right);
}

ObjResult true_divide_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  return int_true_divide(ts, left, right);
}

ObjResult floor_divide_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (as<Int>(right)->is_zero()) {
    return raise(ts, ts.core.exceptions.ZeroDivisionError,
                 "integer division or modulo by zero");
  }
  ObjRef quotient;
  OURO_TRY(int_floor_division(ts, left, right, &quotient, nullptr));
  return quotient;
}

ObjResult remainder_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (as<Int>(right)->is_zero()) {
    return raise(ts, ts.core.exceptions.ZeroDivisionError, "integer modulo by zero");
  }
  ObjRef remainder;
  OURO_TRY(int_floor_division(ts, left, right, nullptr, &remainder));
  return remainder;
}

ObjResult divmod_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (as<Int>(right)->is_zero()) {
    return raise(ts, ts.core.exceptions.ZeroDivisionError,
                 "integer division or modulo by zero");
  }
  ObjRef quotient;
  ObjRef remainder;
  OURO_TRY(int_floor_division(ts, left, right, &quotient, &remainder));
  return Tuple::of(ts, quotient, remainder);
}

ObjResult lshift_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (as<Int>(right)->is_negative()) return raise_value_error(ts, "negative shift count");
  if (as<Int>(left)->is_zero()) return Int::from(ts, 0);
  if (!as<Int>(right)->is_small()) return raise_too_many_digits(ts);
  return int_shift_left(ts, left, small_of(right));
}

ObjResult rshift_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (as<Int>(right)->is_negative()) return raise_value_error(ts, "negative shift count");
  return int_shift_right(ts, left, int_clamped(right));
}

ObjResult and_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (both_small(left, right)) return Int::from(ts, small_of(left) & small_of(right));
  return combine_bits(ts, left, right, BitOperation::And);
}

ObjResult or_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (both_small(left, right)) return Int::from(ts, small_of(left) | small_of(right));
  return combine_bits(ts, left, right, BitOperation::Or);
}

ObjResult xor_slot(ThreadState& ts, Obj left, Obj right) {
  if (!both_ints(left, right)) return ts.core.not_implemented_ref();
  if (both_small(left, right)) return Int::from(ts, small_of(left) ^ small_of(right));
  return combine_bits(ts, left, right, BitOperation::Xor);
}

ObjResult absolute_slot(ThreadState& ts, Obj self) {
  return as<Int>(self)->is_negative() ? int_negate(ts, self) : exact_int(ts, self);
}

ObjResult invert_slot(ThreadState& ts, Obj self) {
  if (as<Int>(self)->is_small()) return Int::from(ts, ~small_of(self));
  ObjRef one = OURO_TRY(Int::from(ts, 1));
  ObjRef sum = OURO_TRY(add_magnitudes(ts, self, one, false));
  return int_negate(ts, sum);
}

ObjResult to_float_slot(ThreadState& ts, Obj self) {
  return Float::from(ts, OURO_TRY(int_as_double(ts, self)));
}

Result<bool> truth_slot(ThreadState&, Obj self) { return !as<Int>(self)->is_zero(); }

}  // namespace

ObjResult int_add(ThreadState& ts, Obj left, Obj right) {
  if (both_small(left, right)) [[likely]] {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(small_of(left), small_of(right), &sum)) [[likely]] {
      return Int::from(ts, sum);
    }
  }
  return add_magnitudes(ts, left, right, false);
}

ObjResult int_subtract(ThreadState& ts, Obj left, Obj right) {
  if (both_small(left, right)) [[likely]] {
    std::int64_t difference = 0;
    if (!__builtin_sub_overflow(small_of(left), small_of(right), &difference)) [[likely]] {
      return Int::from(ts, difference);
    }
  }
  return add_magnitudes(ts, left, right, true);
}

ObjResult int_multiply(ThreadState& ts, Obj left, Obj right) {
  if (both_small(left, right)) [[likely]] {
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(small_of(left), small_of(right), &product)) [[likely]] {
      return Int::from(ts, product);
    }
  }
  return multiply_magnitudes(ts, left, right);
}

ObjResult int_negate(ThreadState& ts, Obj object) {
  const Int* value = as<Int>(object);
  if (value->is_small() && value->small != std::numeric_limits<std::int64_t>::min()) {
    return Int::from(ts, -value->small);
  }
  const Magnitude magnitude(object);
  return int_from_limbs(ts, magnitude.limbs(), magnitude.count(), !magnitude.negative());
}

Status int_floor_division(ThreadState& ts, Obj left, Obj right, ObjRef* quotient,
                          ObjRef* remainder) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  if (both_small(left, right) && !(small_of(left) == kMin && small_of(right) == -1)) [[likely]] {
    const std::int64_t a = small_of(left);
    const std::int64_t b = small_of(right);
    std::int64_t q = a / b;
    std::int64_t r = a % b;
    if (r != 0 && (r < 0) != (b < 0)) {
      --q;
      r += b;
    }
    if (quotient != nullptr) *quotient = OURO_TRY(Int::from(ts, q));
    if (remainder != nullptr) *remainder = OURO_TRY(Int::from(ts, r));
    return kDone;
  }
  return divide_magnitudes(ts, left, right, quotient, remainder);
}

ObjResult int_shift_left(ThreadState& ts, Obj left, std::int64_t count) {
  const Int* value = as<Int>(left);
  if (value->is_small() && count < 63) {
    const std::int64_t shifted = static_cast<std::int64_t>(static_cast<std::uint64_t>(value->small) << count);
    if (shifted >> count == value->small) return Int::from(ts, shifted);
  }
  const Magnitude a(left);
  if (a.count() == 0) return Int::from(ts, 0);
  const std::int64_t whole = count / 64;
  const auto part = static_cast<unsigned>(count % 64);
  if (whole > kMaxLimbs) return raise_no_memory(ts);
  const mp_size_t total = a.count() + whole + 1;
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, total));
  mp_limb_t* out = made->limbs;
  std::fill(out, out + whole, mp_limb_t{0});
  if (part == 0) {
    mpn_copyi(out + whole, a.limbs(), a.count());
    out[total - 1] = 0;
  } else {
    out[total - 1] = mpn_lshift(out + whole, a.limbs(), a.count(), part);
  }
  return finish_int(ts, std::move(made), total, a.negative());
}

ObjResult int_shift_right(ThreadState& ts, Obj left, std::int64_t count) {
  const Int* value = as<Int>(left);
  if (value->is_small()) return Int::from(ts, value->small >> std::min<std::int64_t>(count, 63));
  const Magnitude a(left);
  const std::int64_t whole = count / 64;
  const auto part = static_cast<unsigned>(count % 64);
  if (whole >= a.count()) return Int::from(ts, a.negative() ? -1 : 0);
  const mp_size_t kept = a.count() - whole;
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, kept + 1));
  mp_limb_t* out = made->limbs;
  bool lost = significant_limbs(a.limbs(), whole) != 0;
  if (part == 0) {
    mpn_copyi(out, a.limbs() + whole, kept);
  } else {
    lost = mpn_rshift(out, a.limbs() + whole, kept, part) != 0 || lost;
  }
  // Rounding is down: away from zero for negative values.
  out[kept] = a.negative() && lost ? mpn_add_1(out, out, kept, 1) : 0;
  return finish_int(ts, std::move(made), kept + 1, a.negative());
}

void set_int_arithmetic(Type& type) {
  NumberSlots& number = type.number;
  number.add = add_slot;
  number.subtract = subtract_slot;
  number.multiply = multiply_slot;
  number.remainder = remainder_slot;
  number.divmod = divmod_slot;
  number.lshift = lshift_slot;
  number.rshift = rshift_slot;
  number.bit_and = and_slot;
  number.bit_xor = xor_slot;
  number.bit_or = or_slot;
  number.floor_divide = floor_divide_slot;
  number.true_divide = true_divide_slot;
  number.power = int_power_slot;
  number.negative = int_negate;
  number.positive = exact_int;
  number.absolute = absolute_slot;
  number.invert = invert_slot;
  number.to_int = exact_int;
  number.to_float = to_float_slot;
  number.index = exact_int;
  number.truth = truth_slot;
}

}  // namespace ouro
