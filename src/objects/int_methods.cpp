// Methods and constructor of int.

#include <bit>

#include "objects/bytes.h"
#include "objects/format_spec.h"
#include "objects/int_magnitude.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

ObjResult int_self(ThreadState& ts, Obj self, Args) { return exact_int(ts, self); }

ObjResult bit_length_method(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, int_bit_length(self));
}

ObjResult bit_count_method(ThreadState& ts, Obj self, Args) {
  const Magnitude value(self);
  std::int64_t count = 0;
  for (mp_size_t i = 0; i < value.count(); ++i) count += std::popcount(value.limbs()[i]);
  return Int::from(ts, count);
}

/// "little" or "big"; absent means big.
Result<bool> wants_little(ThreadState& ts, const char* function, Obj order) {
  if (!order) return false;
  if (!is_str(order)) {
    return raise_type_error(ts, "{}() argument 'byteorder' must be str, not {n}", function, order);
  }
  if (str_equals_ascii(as<Str>(order), "little")) return true;
  if (str_equals_ascii(as<Str>(order), "big")) return false;
  return raise_value_error(ts, "byteorder must be either 'little' or 'big'");
}

ObjResult to_bytes_method(ThreadState& ts, Obj self, Args args) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, "to_bytes", {"length", "byteorder", "*signed"}, 0, given));
  std::int64_t length = 1;
  if (given[0]) length = OURO_TRY(index_as_int64(ts, given[0], ts.core.exceptions.OverflowError));
  const bool little = OURO_TRY(wants_little(ts, "to_bytes", given[1]));
  const bool is_signed = given[2] && OURO_TRY(is_true(ts, given[2]));
  if (length < 0) return raise_value_error(ts, "length argument must be non-negative");
  const Magnitude value(self);
  Borrowed<Type> overflow = ts.core.exceptions.OverflowError;
  if (value.negative() && !is_signed) {
    return raise(ts, overflow, "can't convert negative int to unsigned");
  }
  // Bits needed: a signed value has one more for the sign, and -2**n needs no more than 2**n - 1.
  std::int64_t bits = value.bits();
  if (is_signed && value.count() > 0) {
    const bool power_of_two =
        std::has_single_bit(value.limbs()[value.count() - 1]) &&
        significant_limbs(value.limbs(), value.count() - 1) == 0;
    bits += value.negative() && power_of_two ? 0 : 1;
  }
  if ((bits + 7) / 8 > length) return raise(ts, overflow, "int too big to convert");
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, length));
  auto* out = reinterpret_cast<std::uint8_t*>(made->data());
  unsigned carry = 1;  // of the two's complement
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int64_t limb = i / 8;
    unsigned byte = limb < value.count() ? (value.limbs()[limb] >> (8 * (i % 8))) & 0xff : 0;
    if (value.negative()) {
      byte = (byte ^ 0xff) + carry;
      carry = byte >> 8;
    }
    out[little ? i : length - 1 - i] = static_cast<std::uint8_t>(byte);
  }
  return made;
}

ObjResult from_bytes_method(ThreadState& ts, Obj cls, Args args) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, "from_bytes", {"bytes", "byteorder", "*signed"}, 1, given));
  const bool little = OURO_TRY(wants_little(ts, "from_bytes", given[1]));
  const bool is_signed = given[2] && OURO_TRY(is_true(ts, given[2]));
  ObjRef source = given[0].new_ref();
  if (!BufferView::is_bytes_like(source)) {
    MaybeAttribute to_bytes = find_special(ts, source, ts.core.names.dunder_bytes);
    if (to_bytes.failed) return Raised{};
    if (to_bytes.value) {
      source = OURO_TRY(call(ts, to_bytes.value));
      if (!is_bytes(source)) {
        return raise_type_error(ts, "__bytes__ returned non-bytes (type {t})", source);
      }
    } else if (is_str(source) || (source->type()->iter == nullptr && source->type()->sequence.item == nullptr)) {
      return raise_type_error(ts, "cannot convert '{t}' object to bytes", source);
    } else {
      source = OURO_TRY(call(ts, ts.core.types.bytes, source));
    }
  }
  ObjRef value;
  {
    BufferView view;
    OURO_TRY(view.acquire(ts, source));
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(view.data());
    value = OURO_TRY(int_from_bytes(ts, {bytes, view.size()}, little, is_signed));
  }
  if (cls == Obj(ts.core.types.int_)) return value;
  return call(ts, cls, value);
}

ObjResult as_integer_ratio_method(ThreadState& ts, Obj self, Args) {
  ObjRef value = OURO_TRY(exact_int(ts, self));
  ObjRef one = OURO_TRY(Int::from(ts, 1));
  return Tuple::of(ts, value, one);
}

ObjResult round_method(ThreadState& ts, Obj self, Args args) {
  if (args.count == 0) return exact_int(ts, self);
  ObjRef ndigits = OURO_TRY(to_index(ts, args[0]));
  if (int_sign(ndigits) >= 0) return exact_int(ts, self);
  return int_round_to_tens(ts, self, ndigits);
}

ObjResult format_method(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "__format__() argument must be str, not {}", is_none(args[0]) ? "None" : type_name(args[0]));
  }
  return format_int_with_spec(ts, self, as<Str>(args[0]));
}

ObjResult getnewargs_method(ThreadState& ts, Obj self, Args) {
  ObjRef value = OURO_TRY(exact_int(ts, self));
  return Tuple::of(ts, value);
}

ObjResult sizeof_method(ThreadState& ts, Obj self, Args) {
  const Int* value = as<Int>(self);
  const std::int64_t more = value->is_small() ? 0 : static_cast<std::int64_t>(value->limb_count());
  return Int::from(ts, self->type()->info.basic_bytes + more * static_cast<std::int64_t>(sizeof(mp_limb_t)));
}

ObjResult get_self(ThreadState& ts, Obj self) { return exact_int(ts, self); }
ObjResult get_zero(ThreadState& ts, Obj) { return Int::from(ts, 0); }
ObjResult get_one(ThreadState& ts, Obj) { return Int::from(ts, 1); }

constexpr GetSetDef kGetSets[] = {
    {"real", get_self, nullptr, "the real part of a complex number"},
    {"imag", get_zero, nullptr, "the imaginary part of a complex number"},
    {"numerator", get_self, nullptr, "the numerator of a rational number in lowest terms"},
    {"denominator", get_one, nullptr, "the denominator of a rational number in lowest terms"},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"conjugate", int_self, 0, 0, MethodDef::kNone, "Returns self, the complex conjugate of any int."},
    {"bit_length", bit_length_method, 0, 0, MethodDef::kNone,
     "bit_length($self, /)\n--\n\nNumber of bits necessary to represent self in binary.\n\n>>> (1000).bit_length()\n10"},
    {"bit_count", bit_count_method, 0, 0, MethodDef::kNone,
     "bit_count($self, /)\n--\n\nNumber of ones in the binary representation of the absolute value of self.\n\n>>> (1000).bit_count()\n6"},
    {"to_bytes", to_bytes_method, 0, -1, MethodDef::kKeywords,
     "to_bytes($self, /, length=1, byteorder='big', *, signed=False)\n--\n\n"
     "Return the bytes of the integer; OverflowError when they do not fit length."},
    {"from_bytes", from_bytes_method, 0, -1, MethodDef::kKeywords | MethodDef::kClass,
     "from_bytes($type, /, bytes, byteorder='big', *, signed=False)\n--\n\n"
     "Return the integer that the given bytes represent."},
    {"as_integer_ratio", as_integer_ratio_method, 0, 0, MethodDef::kNone,
     "as_integer_ratio($self, /)\n--\n\nReturn the pair of self and 1.\n\n>>> (-12).as_integer_ratio()\n(-12, 1)"},
    {"__trunc__", int_self, 0, 0, MethodDef::kNone, "Truncating an Integral returns itself."},
    {"__floor__", int_self, 0, 0, MethodDef::kNone, "Flooring an Integral returns itself."},
    {"__ceil__", int_self, 0, 0, MethodDef::kNone, "Ceiling of an Integral returns itself."},
    {"__round__", round_method, 0, 1, MethodDef::kNone,
     "Rounding an Integral returns itself; with negative ndigits, a multiple of a power of ten."},
    {"__getnewargs__", getnewargs_method, 0, 0, MethodDef::kNone, "__getnewargs__($self, /)\n--\n\n"},
    {"__format__", format_method, 1, 1, MethodDef::kNone, "__format__($self, format_spec, /)\n--\n\n"},
    {"__sizeof__", sizeof_method, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nReturns size in memory, in bytes."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

ObjResult int_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "int", {"x", "/", "base"}, 0, given));
  ObjRef value;
  if (!given[0]) {
    if (given[1]) return raise_type_error(ts, "int() missing string argument");
    value = OURO_TRY(Int::from(ts, 0));
  } else if (!given[1]) {
    value = OURO_TRY(to_int(ts, given[0]));
  } else {
    ObjRef text = given[0].new_ref();
    const std::int64_t base = OURO_TRY(index_as_int64(ts, given[1], nullptr));
    if ((base != 0 && base < 2) || base > 36) {
      return raise_value_error(ts, "int() base must be >= 2 and <= 36, or 0");
    }
    if (!is_str(text) && !is_bytes(text) && !is_instance_of(text, ts.core.types.bytearray)) {
      return raise_type_error(ts, "int() can't convert non-string with explicit base");
    }
    value = OURO_TRY(int_from_text_object(ts, text, static_cast<int>(base)));
  }
  return int_as_type(ts, type, std::move(value));
}

void set_int_methods(Type& type) {
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace ouro
