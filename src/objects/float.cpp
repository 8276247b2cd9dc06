// Float: arithmetic, comparison with ints (exact), hash; the type.

#include "objects/float.h"

#include <cerrno>
#include <cmath>
#include <cstring>

#include "objects/float_internal.h"
#include "objects/int_magnitude.h"
#include "objects/number_memory.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

void float_dealloc(gc::Header* self) {
  if ((self->type_info->flags & kHeapType) == 0) {
    gc::current_space()->heap.free(self);
  } else {
    free_object(static_cast<Object*>(self));
  }
}

/// Takes both operands of a slot as doubles, or leaves the slot with NotImplemented or the error.
#define OURO_FLOAT_OPERANDS(x, y)                                      \
  const MaybeDouble x##_number = number_as_double(ts, left);           \
  if (x##_number.failed) return Raised{};                              \
  if (!x##_number.is_number) return ts.core.not_implemented_ref();     \
  const MaybeDouble y##_number = number_as_double(ts, right);          \
  if (y##_number.failed) return Raised{};                              \
  if (!y##_number.is_number) return ts.core.not_implemented_ref();     \
  const double x = x##_number.value;                                   \
  const double y = y##_number.value

ObjResult add_slot(ThreadState& ts, Obj left, Obj right) {
  OURO_FLOAT_OPERANDS(x, y);
  return Float::from(ts, x + y);
}

ObjResult subtract_slot(ThreadState& ts, Obj left, Obj right) {
  OURO_FLOAT_OPERANDS(x, y);
  return Float::from(ts, x - y);
}

ObjResult multiply_slot(ThreadState& ts, Obj left, Obj right) {
  OURO_FLOAT_OPERANDS(x, y);
  return Float::from(ts, x * y);
}

ObjResult true_divide_slot(ThreadState& ts, Obj left, Obj right) {
  OURO_FLOAT_OPERANDS(x, y);
  if (y == 0) return raise(ts, ts.core.exceptions.ZeroDivisionError, "float division by zero");
  return Float::from(ts, x / y);
}

ObjResult floor_divide_slot(ThreadState& ts, Obj left, Obj right) {
  OURO_FLOAT_OPERANDS(x, y);
  if (y == 0) {
    return raise(ts, ts.core.exceptions.ZeroDivisionError, "float floor division by zero");
  }
  double quotient = 0;
  double remainder = 0;
  double_divmod(x, y, &quotient, &remainder);
  return Float::from(ts, quotient);
}

ObjResult remainder_slot(ThreadState& ts, Obj left, Obj right) {
  OURO_FLOAT_OPERANDS(x, y);
  if (y == 0) return raise(ts, ts.core.exceptions.ZeroDivisionError, "float modulo");
  double remainder = std::fmod(x, y);
  if (remainder == 0) {
    remainder = std::copysign(0.0, y);
  } else if ((y < 0) != (remainder < 0)) {
    remainder += y;
  }
  return Float::from(ts, remainder);
}

ObjResult divmod_slot(ThreadState& ts, Obj left, Obj right) {
  OURO_FLOAT_OPERANDS(x, y);
  if (y == 0) return raise(ts, ts.core.exceptions.ZeroDivisionError, "float divmod()");
  double quotient = 0;
  double remainder = 0;
  double_divmod(x, y, &quotient, &remainder);
  ObjRef first = OURO_TRY(Float::from(ts, quotient));
  ObjRef second = OURO_TRY(Float::from(ts, remainder));
  return Tuple::of(ts, first, second);
}

ObjResult power_slot(ThreadState& ts, Obj left, Obj right, Obj modulus) {
  if (modulus && !is_none(modulus)) {
    return raise_type_error(ts,
                            "pow() 3rd argument not allowed unless all arguments are integers");
  }
  OURO_FLOAT_OPERANDS(x, y);
  return double_power(ts, x, y);
}

#undef OURO_FLOAT_OPERANDS

ObjResult negative_slot(ThreadState& ts, Obj self) {
  return Float::from(ts, -as<Float>(self)->value);
}

ObjResult absolute_slot(ThreadState& ts, Obj self) {
  return Float::from(ts, std::fabs(as<Float>(self)->value));
}

/// The exact float: self unless a subclass.
ObjResult exact_float(ThreadState& ts, Obj self) {
  if (is_exact_float(self)) return self.new_ref();
  return Float::from(ts, as<Float>(self)->value);
}

ObjResult to_int_slot(ThreadState& ts, Obj self) {
  return Int::from_double(ts, std::trunc(as<Float>(self)->value));
}

Result<bool> truth_slot(ThreadState&, Obj self) { return as<Float>(self)->value != 0; }

ObjResult float_repr(ThreadState& ts, Obj self) {
  return float_to_text(ts, as<Float>(self)->value);
}

Result<std::int64_t> float_hash(ThreadState&, Obj self) {
  const double value = as<Float>(self)->value;
  // Every NaN differs from every other: its hash is that of the object.
  if (std::isnan(value)) return hash_pointer(self.get());
  return double_hash(value);
}

/// Compares a double that is no NaN with an int, without rounding: <0, 0, >0.
int compare_double_with_int(double value, Obj number) {
  const Int* integer = as<Int>(number);
  if (value >= -0x1p63 && value < 0x1p63) {
    if (!integer->is_small()) return integer->is_negative() ? 1 : -1;
    const auto whole = static_cast<std::int64_t>(value);
    if (whole != integer->small) return whole < integer->small ? -1 : 1;
    const double rest = value - static_cast<double>(whole);
    return (rest > 0) - (rest < 0);
  }
  if (integer->is_small() || std::isinf(value)) return value < 0 ? -1 : 1;
  if ((value < 0) != integer->is_negative()) return value < 0 ? -1 : 1;
  // Both are whole numbers beyond 2**63 of the same sign.
  int exponent = 0;
  const auto bits =
      static_cast<mp_limb_t>(std::ldexp(std::frexp(std::fabs(value), &exponent), 53));
  const int shift = exponent - 53;
  mp_limb_t limbs[18] = {};
  const mp_size_t place = shift / 64;
  const auto part = static_cast<unsigned>(shift % 64);
  limbs[place] = bits << part;
  if (part != 0) limbs[place + 1] = bits >> (64 - part);
  const Magnitude other(number);
  const int order =
      compare_limbs(limbs, significant_limbs(limbs, 18), other.limbs(), other.count());
  return value < 0 ? -order : order;
}

ObjResult compare_slot(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  // The left side is a float: for `int < float` the operands come reflected.
  const double x = as<Float>(left)->value;
  double y = 0;
  double first = x;
  if (is_float(right)) {
    y = as<Float>(right)->value;
  } else if (is_int(right)) {
    if (!std::isnan(x)) first = compare_double_with_int(x, right);
  } else {
    return ts.core.not_implemented_ref();
  }
  bool result = false;
  switch (op) {
    case CompareOp::Less: result = first < y; break;
    case CompareOp::LessEqual: result = first <= y; break;
    case CompareOp::Equal: result = first == y; break;
    case CompareOp::NotEqual: result = first != y; break;
    case CompareOp::Greater: result = first > y; break;
    case CompareOp::GreaterEqual: result = first >= y; break;
  }
  return ts.core.bool_ref(result);
}

}  // namespace

Result<Ref<Float>> Float::from(ThreadState& ts, double value) {
  Object* made = allocate_number(ts, ts.core.types.float_);
  if (made == nullptr) [[unlikely]] return raise_no_memory(ts);
  as<Float>(made)->value = value;
  return Ref<Float>::steal(as<Float>(made));
}

Raised raise_out_of_range(ThreadState& ts) {
  Result<Ref<Int>> number = Int::from(ts, ERANGE);
  if (number.raised()) return Raised{};
  Result<Ref<Str>> text = Str::from_utf8(ts, std::strerror(ERANGE));
  if (text.raised()) return Raised{};
  Ref<Int> code = number.take();
  Ref<Str> message = text.take();
  ObjResult made = call(ts, ts.core.exceptions.OverflowError, Obj(code), Obj(message));
  if (made.raised()) return Raised{};
  return raise_object(ts, made.take());
}

MaybeDouble number_as_double(ThreadState& ts, Obj object) {
  if (is_float(object)) [[likely]] return {as<Float>(object)->value, true, false};
  if (!is_int(object)) return {0, false, false};
  Result<double> value = int_as_double(ts, object);
  if (value.raised()) return {0, true, true};
  return {value.take(), true, false};
}

Result<double> as_double(ThreadState& ts, Obj object) {
  if (is_float(object)) return as<Float>(object)->value;
  if (is_exact_int(object)) return int_as_double(ts, object);
  const NumberSlots& number = object->type()->number;
  if (number.to_float != nullptr) {
    ObjRef kept = object.new_ref();
    ObjRef value = OURO_TRY(number.to_float(ts, object));
    if (!is_float(value)) {
      return raise_type_error(ts, "{t}.__float__ returned non-float (type {t})", kept, value);
    }
    return as<Float>(value)->value;
  }
  if (number.index != nullptr) {
    ObjRef value = OURO_TRY(to_index(ts, object));
    return int_as_double(ts, value);
  }
  return raise_type_error(ts, "must be real number, not {t}", object);
}

void double_divmod(double left, double right, double* quotient, double* remainder) {
  double mod = std::fmod(left, right);
  // fmod is exact, so left - mod is close to a multiple of right.
  double div = (left - mod) / right;
  if (mod != 0) {
    if ((right < 0) != (mod < 0)) {
      mod += right;
      div -= 1.0;
    }
  } else {
    mod = std::copysign(0.0, right);
  }
  if (div != 0) {
    double floored = std::floor(div);
    if (div - floored > 0.5) floored += 1.0;
    *quotient = floored;
  } else {
    *quotient = std::copysign(0.0, left / right);
  }
  *remainder = mod;
}

ObjResult double_power(ThreadState& ts, double base, double exponent) {
  // The cases that C's pow is asked for are those without traps; the others are named one by one.
  if (exponent == 0) return Float::from(ts, 1.0);
  if (std::isnan(base)) return Float::from(ts, base);
  if (std::isnan(exponent)) return Float::from(ts, base == 1.0 ? 1.0 : exponent);
  const bool odd = std::fmod(std::fabs(exponent), 2.0) == 1.0;
  if (std::isinf(exponent)) {
    const double size = std::fabs(base);
    if (size == 1.0) return Float::from(ts, 1.0);
    if ((exponent > 0) == (size > 1.0)) return Float::from(ts, std::fabs(exponent));
    return Float::from(ts, 0.0);
  }
  if (std::isinf(base)) {
    if (exponent > 0) return Float::from(ts, odd ? base : std::fabs(base));
    return Float::from(ts, odd ? std::copysign(0.0, base) : 0.0);
  }
  if (base == 0) {
    if (exponent < 0) {
      return raise(ts, ts.core.exceptions.ZeroDivisionError,
                   "0.0 cannot be raised to a negative power");
    }
    return Float::from(ts, odd ? base : 0.0);
  }
  bool negate = false;
  if (base < 0) {
    if (exponent != std::floor(exponent)) return complex_power(ts, base, 0.0, exponent, 0.0);
    base = -base;
    negate = odd;
  }
  double result = base == 1.0 ? 1.0 : std::pow(base, exponent);
  if (negate) result = -result;
  if (std::isinf(result)) return raise_out_of_range(ts);
  return Float::from(ts, result);
}

std::int64_t double_hash(double value) {
  // value modulo the prime 2**61 - 1, as for ints, so that equal numbers hash alike.
  constexpr int kBits = 61;
  constexpr std::uint64_t kModulus = (std::uint64_t{1} << kBits) - 1;
  constexpr std::int64_t kInfinity = 314159;
  if (std::isinf(value)) return value > 0 ? kInfinity : -kInfinity;
  if (std::isnan(value)) return 0;
  int exponent = 0;
  double mantissa = std::frexp(value, &exponent);
  const bool negative = mantissa < 0;
  if (negative) mantissa = -mantissa;
  std::uint64_t hash = 0;
  while (mantissa != 0) {
    // 28 bits at a time, rotating within 61 bits.
    hash = ((hash << 28) & kModulus) | hash >> (kBits - 28);
    mantissa *= 268435456.0;
    exponent -= 28;
    const auto digit = static_cast<std::uint64_t>(mantissa);
    mantissa -= static_cast<double>(digit);
    hash += digit;
    if (hash >= kModulus) hash -= kModulus;
  }
  const int turn = exponent >= 0 ? exponent % kBits : kBits - 1 - ((-1 - exponent) % kBits);
  hash = ((hash << turn) & kModulus) | hash >> (kBits - turn);
  const auto result = static_cast<std::int64_t>(negative ? 0 - hash : hash);
  return result == -1 ? -2 : result;
}

void init_float_type(ThreadState&, Type& type) {
  type.info.basic_bytes = sizeof(Float);
  type.info.flags |= kBaseType | kFloatSubclass | kMatchSelf;
  type.info.dealloc = float_dealloc;
  type.make = float_make;
  type.repr = float_repr;
  type.hash = float_hash;
  type.compare = compare_slot;
  NumberSlots& number = type.number;
  number.add = add_slot;
  number.subtract = subtract_slot;
  number.multiply = multiply_slot;
  number.remainder = remainder_slot;
  number.divmod = divmod_slot;
  number.power = power_slot;
  number.negative = negative_slot;
  number.positive = exact_float;
  number.absolute = absolute_slot;
  number.truth = truth_slot;
  number.to_int = to_int_slot;
  number.to_float = exact_float;
  number.floor_divide = floor_divide_slot;
  number.true_divide = true_divide_slot;
  set_float_methods(type);
  type.doc = "float(x=0, /)\n--\n\nConvert a string or number to a floating point number, if possible.";
}

}  // namespace ouro
