// Int: creation, canonical form, conversion to and from machine numbers, comparison, hash; the type.
//
// Invariant I1 (int.h) is kept by one function, finish_int: everything that makes limbs goes through it.

#include "objects/int.h"

#include <cmath>
#include <limits>

#include "objects/float.h"
#include "objects/errors.h"
#include "objects/int_magnitude.h"
#include "objects/number_memory.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

constexpr std::uint32_t kIntBytes = Int::kSmallBytes;  // header and one word
constexpr mp_limb_t kHashModulus = (mp_limb_t{1} << 61) - 1;

void int_dealloc(gc::Header* self) {
  if ((self->type_info->flags & kHeapType) == 0) {
    gc::current_space()->heap.free(self);
  } else {
    free_object(static_cast<Object*>(self));
  }
}

ObjResult int_compare_slot(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_int(left) || !is_int(right)) return ts.core.not_implemented_ref();
  const int order = int_compare(left, right);
  switch (op) {
    case CompareOp::Less: return ts.core.bool_ref(order < 0);
    case CompareOp::LessEqual: return ts.core.bool_ref(order <= 0);
    case CompareOp::Equal: return ts.core.bool_ref(order == 0);
    case CompareOp::NotEqual: return ts.core.bool_ref(order != 0);
    case CompareOp::Greater: return ts.core.bool_ref(order > 0);
    case CompareOp::GreaterEqual: return ts.core.bool_ref(order >= 0);
  }
  return ts.core.not_implemented_ref();
}

Result<std::int64_t> int_hash_slot(ThreadState&, Obj self) { return int_hash(self); }

ObjResult int_repr(ThreadState& ts, Obj self) { return int_to_text(ts, self, 10); }

Result<Ref<Int>> new_small_word(ThreadState& ts, std::int64_t value) {
  Object* made = allocate_number(ts, ts.core.types.int_);
  if (made == nullptr) [[unlikely]] return raise_no_memory(ts);
  as<Int>(made)->small = value;
  return Ref<Int>::steal(as<Int>(made));
}

}  // namespace

Result<Ref<Int>> Int::from(ThreadState& ts, std::int64_t value) {
  if (value >= kSmallIntMin && value <= kSmallIntMax) {
    Int* shared = ts.core.small_ints[value - kSmallIntMin];
    if (shared != nullptr) return Ref<Int>::share(shared);
  }
  return new_small_word(ts, value);
}

Result<Ref<Int>> Int::from_unsigned(ThreadState& ts, std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return from(ts, static_cast<std::int64_t>(value));
  }
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, 1));
  made->limbs[0] = value;
  made->set_shape(1, false);
  return made;
}

ObjResult Int::from_double(ThreadState& ts, double value) {
  if (std::isinf(value)) {
    return raise(ts, ts.core.exceptions.OverflowError, "cannot convert float infinity to integer");
  }
  if (std::isnan(value)) return raise_value_error(ts, "cannot convert float NaN to integer");
  if (value >= -0x1p63 && value < 0x1p63) return from(ts, static_cast<std::int64_t>(value));
  // Beyond 2**63 a double is a whole number: 53 bits of mantissa, shifted.
  int exponent = 0;
  const double mantissa = std::frexp(std::fabs(value), &exponent);
  const auto bits = static_cast<mp_limb_t>(std::ldexp(mantissa, 53));
  const int shift = exponent - 53;
  const mp_size_t whole = shift / 64;
  const unsigned part = static_cast<unsigned>(shift % 64);
  mp_limb_t limbs[18] = {};
  limbs[whole] = bits << part;
  if (part != 0) limbs[whole + 1] = bits >> (64 - part);
  return int_from_limbs(ts, limbs, whole + 2, value < 0);
}

Result<Ref<Int>> allocate_limbs(ThreadState& ts, mp_size_t count) {
  if (count > kMaxLimbs) return raise_no_memory(ts);
  if (count < 1) count = 1;
  const std::size_t bytes = kIntBytes + static_cast<std::size_t>(count) * sizeof(mp_limb_t);
  ObjRef made = OURO_TRY(allocate_object(ts, ts.core.types.int_, bytes));
  return Ref<Int>::steal(as<Int>(made.release()));
}

ObjResult finish_int(ThreadState& ts, Ref<Int> made, mp_size_t count, bool negative) {
  count = significant_limbs(made->limbs, count);
  if (count <= 1) {
    constexpr mp_limb_t kTop = mp_limb_t{1} << 63;
    const mp_limb_t word = count == 0 ? 0 : made->limbs[0];
    if (word < kTop || (negative && word == kTop)) {
      const auto value = static_cast<std::int64_t>(negative ? 0 - word : word);
      if (value >= kSmallIntMin && value <= kSmallIntMax) return Int::from(ts, value);
      made->set_small(value);
      return made;
    }
  }
  made->set_shape(count, negative);
  return made;
}

ObjResult int_from_limbs(ThreadState& ts, const mp_limb_t* limbs, mp_size_t count, bool negative) {
  count = significant_limbs(limbs, count);
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, count));
  if (count > 0) mpn_copyi(made->limbs, limbs, count);
  return finish_int(ts, std::move(made), count, negative);
}

ObjResult exact_int(ThreadState& ts, Obj object) {
  if (is_exact_int(object)) return object.new_ref();
  if (as<Int>(object)->is_small()) return Int::from(ts, as<Int>(object)->small);
  const Magnitude value(object);
  return int_from_limbs(ts, value.limbs(), value.count(), value.negative());
}

ObjResult int_as_type(ThreadState& ts, Borrowed<Type> type, ObjRef value) {
  if (type.get() == ts.core.types.int_) return value;
  const Int* from = as<Int>(value);
  const std::size_t extra = from->is_small() ? 0 : from->limb_count() * sizeof(mp_limb_t);
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes + extra));
  Int* to = as<Int>(made);
  if (from->is_small()) {
    to->set_small(from->small);
  } else {
    to->set_shape(from->limb_count(), from->is_negative());
    mpn_copyi(to->limbs, from->limbs, static_cast<mp_size_t>(from->limb_count()));
  }
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

Result<std::int64_t> int_as_int64(ThreadState& ts, Obj object) {
  const Int* value = as<Int>(object);
  if (value->is_small()) return value->small;
  return raise(ts, ts.core.exceptions.OverflowError,
               "Python int too large to convert to C ssize_t");
}

std::int64_t int_clamped(Obj object) {
  const Int* value = as<Int>(object);
  if (value->is_small()) return value->small;
  return value->is_negative() ? std::numeric_limits<std::int64_t>::min()
                              : std::numeric_limits<std::int64_t>::max();
}

Result<double> int_as_double(ThreadState& ts, Obj object) {
  if (as<Int>(object)->is_small()) return static_cast<double>(as<Int>(object)->small);
  const Magnitude value(object);
  const std::int64_t bits = value.bits();
  double result = std::numeric_limits<double>::infinity();
  if (bits <= 1024) {
    // The top 64 bits, with the lowest saying whether any bit below is set: rounding to 53 bits is then that of the whole.
    const mp_limb_t* limbs = value.limbs();
    const mp_size_t count = value.count();
    const int zeros = std::countl_zero(limbs[count - 1]);
    mp_limb_t top = limbs[count - 1] << zeros;
    bool rest = false;
    if (count > 1) {
      if (zeros != 0) {
        top |= limbs[count - 2] >> (64 - zeros);
        rest = (limbs[count - 2] << zeros) != 0;
      } else {
        rest = limbs[count - 2] != 0;
      }
      rest = rest || significant_limbs(limbs, count - 2) != 0;
    }
    result = std::ldexp(static_cast<double>(top | static_cast<mp_limb_t>(rest)),
                        static_cast<int>(bits - 64));
  }
  if (std::isinf(result)) {
    return raise(ts, ts.core.exceptions.OverflowError, "int too large to convert to float");
  }
  return value.negative() ? -result : result;
}

int int_sign(Obj object) {
  const Int* value = as<Int>(object);
  if (value->is_small()) return (value->small > 0) - (value->small < 0);
  return value->is_negative() ? -1 : 1;
}

std::int64_t int_bit_length(Obj object) { return Magnitude(object).bits(); }

int int_compare(Obj left, Obj right) {
  const Int* a = as<Int>(left);
  const Int* b = as<Int>(right);
  if (a->is_small() && b->is_small()) return (a->small > b->small) - (a->small < b->small);
  const bool negative = a->is_negative();
  if (negative != b->is_negative()) return negative ? -1 : 1;
  const Magnitude x(left);
  const Magnitude y(right);
  const int order = compare_limbs(x.limbs(), x.count(), y.limbs(), y.count());
  return negative ? -order : order;
}

std::int64_t int_hash(Obj object) {
  const Int* value = as<Int>(object);
  std::int64_t hash = 0;
  if (value->is_small()) {
    hash = value->small % static_cast<std::int64_t>(kHashModulus);
  } else {
    hash = static_cast<std::int64_t>(
        mpn_mod_1(value->limbs, static_cast<mp_size_t>(value->limb_count()), kHashModulus));
    if (value->is_negative()) hash = -hash;
  }
  return hash == -1 ? -2 : hash;
}

ObjResult int_from_bytes(ThreadState& ts, std::span<const std::uint8_t> bytes, bool little,
                         bool is_signed) {
  const std::size_t size = bytes.size();
  const auto at = [&](std::size_t place) {  // place 0 is the least significant byte
    return little ? bytes[place] : bytes[size - 1 - place];
  };
  if (size == 0) return Int::from(ts, 0);
  const bool negative = is_signed && (at(size - 1) & 0x80) != 0;
  if (size / 8 >= static_cast<std::size_t>(kMaxLimbs)) return raise_no_memory(ts);
  const auto count = static_cast<mp_size_t>((size + 7) / 8);
  Ref<Int> made = OURO_TRY(allocate_limbs(ts, count));
  mp_limb_t* limbs = made->limbs;
  for (mp_size_t i = 0; i < count; ++i) {
    mp_limb_t limb = 0;
    for (std::size_t j = 0; j < 8; ++j) {
      const std::size_t place = static_cast<std::size_t>(i) * 8 + j;
      const mp_limb_t byte = place < size ? at(place) : (negative ? 0xff : 0);
      limb |= byte << (8 * j);
    }
    limbs[i] = limb;
  }
  if (negative) mpn_neg(limbs, limbs, count);
  return finish_int(ts, std::move(made), count, negative);
}

void init_int_type(ThreadState&, Type& type) {
  type.info.basic_bytes = kIntBytes;
  type.item_bytes = sizeof(mp_limb_t);
  type.info.flags |= kBaseType | kIntSubclass | kMatchSelf;
  type.info.dealloc = int_dealloc;
  type.make = int_make;
  type.repr = int_repr;
  type.hash = int_hash_slot;
  type.compare = int_compare_slot;
  set_int_arithmetic(type);
  set_int_methods(type);
  type.doc =
      "int([x]) -> integer\nint(x, base=10) -> integer\n\n"
      "Converts a number or text to an integer; without arguments the result is 0.\n"
      "Numbers are cut towards zero. With a base, x must be text in that base.\n"
      "Base 0 reads the base from the prefix, as in a literal.\n>>> int('0b100', base=0)\n4";
}

}  // namespace ouro
