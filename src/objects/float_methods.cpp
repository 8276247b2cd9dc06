// Methods and constructor of float.

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "objects/bytes.h"
#include "objects/float_internal.h"
#include "objects/format_spec.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

double value_of(Obj self) { return as<Float>(self)->value; }

ObjResult float_self(ThreadState& ts, Obj self, Args) {
  if (is_exact_float(self)) return self.new_ref();
  return Float::from(ts, value_of(self));
}

ObjResult is_integer_method(ThreadState& ts, Obj self, Args) {
  const double value = value_of(self);
  return ts.core.bool_ref(std::isfinite(value) && std::floor(value) == value);
}

ObjResult as_integer_ratio_method(ThreadState& ts, Obj self, Args) {
  const double value = value_of(self);
  if (std::isinf(value)) {
    return raise(ts, ts.core.exceptions.OverflowError, "cannot convert Infinity to integer ratio");
  }
  if (std::isnan(value)) return raise_value_error(ts, "cannot convert NaN to integer ratio");
  int exponent = 0;
  double mantissa = std::frexp(value, &exponent);
  while (mantissa != std::floor(mantissa)) {
    mantissa *= 2;
    --exponent;
  }
  ObjRef numerator = OURO_TRY(Int::from_double(ts, mantissa));
  ObjRef denominator = OURO_TRY(Int::from(ts, 1));
  if (exponent > 0) {
    numerator = OURO_TRY(int_shift_left(ts, numerator, exponent));
  } else {
    denominator = OURO_TRY(int_shift_left(ts, denominator, -exponent));
  }
  return Tuple::of(ts, numerator, denominator);
}

ObjResult trunc_method(ThreadState& ts, Obj self, Args) {
  return Int::from_double(ts, std::trunc(value_of(self)));
}
ObjResult floor_method(ThreadState& ts, Obj self, Args) {
  return Int::from_double(ts, std::floor(value_of(self)));
}
ObjResult ceil_method(ThreadState& ts, Obj self, Args) {
  return Int::from_double(ts, std::ceil(value_of(self)));
}

/// A finite value rounded at 10**-ndigits, by its exact decimal expansion; infinite when that is too large for a double.
double round_at(double value, int ndigits) {
  char text[1200];
  const double size = std::fabs(value);
  char* end = text;
  if (ndigits >= 0) {
    end = std::to_chars(text, text + sizeof text, size, std::chars_format::fixed, ndigits).ptr;
  } else {
    // 770 digits after the first hold any double exactly, so this exponent is true and not one of a rounded value.
    end = std::to_chars(text, text + sizeof text, size, std::chars_format::scientific, 770).ptr;
    const char* letter = static_cast<const char*>(std::memchr(text, 'e', static_cast<std::size_t>(end - text)));
    int exponent = 0;
    std::from_chars(letter[1] == '+' ? letter + 2 : letter + 1, end, exponent);
    const int digits = exponent + ndigits;  // kept after the first
    if (digits < -1) return std::copysign(0.0, value);
    if (digits == -1) {
      // Below one unit: more than half of it becomes the unit, half goes to zero, which is even.
      bool above_half = text[0] > '5';
      for (const char* c = text + 2; text[0] == '5' && c < letter; ++c) above_half = above_half || *c != '0';
      if (!above_half) return std::copysign(0.0, value);
      text[0] = '1';
      text[1] = 'e';
      end = std::to_chars(text + 2, text + sizeof text, exponent + 1).ptr;
    } else {
      end = std::to_chars(text, text + sizeof text, size, std::chars_format::scientific, digits).ptr;
    }
  }
  double rounded = 0;
  read_double({text, static_cast<std::size_t>(end - text)}, &rounded);
  return std::copysign(rounded, value);
}

ObjResult round_method(ThreadState& ts, Obj self, Args args) {
  const double value = value_of(self);
  if (args.count == 0 || is_none(args[0])) {
    double rounded = std::round(value);
    if (std::fabs(value - rounded) == 0.5) rounded = 2.0 * std::round(value / 2.0);
    return Int::from_double(ts, rounded);
  }
  const std::int64_t ndigits = OURO_TRY(index_as_int64(ts, args[0], nullptr));
  constexpr std::int64_t kMost = 323;    // beyond, every double is a multiple already
  constexpr std::int64_t kLeast = -308;  // below, every double rounds to zero
  if (!std::isfinite(value) || ndigits > kMost) return Float::from(ts, value);
  if (ndigits < kLeast) return Float::from(ts, 0.0 * value);
  const double rounded = round_at(value, static_cast<int>(ndigits));
  if (std::isinf(rounded)) {
    return raise(ts, ts.core.exceptions.OverflowError, "rounded value too large to represent");
  }
  return Float::from(ts, rounded);
}

ObjResult hex_method(ThreadState& ts, Obj self, Args) {
  return double_to_hex(ts, value_of(self));
}

ObjResult fromhex_method(ThreadState& ts, Obj cls, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "bad argument type for built-in operation");
  }
  double value = 0;
  {
    const Utf8 text(as<Str>(args[0]));
    if (!text.ok()) return raise_no_memory(ts);
    value = OURO_TRY(double_from_hex(ts, text.view()));
  }
  ObjRef made = OURO_TRY(Float::from(ts, value));
  if (cls == Obj(ts.core.types.float_)) return made;
  return call(ts, cls, made);
}

ObjResult getformat_method(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "__getformat__() argument must be str, not {n}", args[0]);
  }
  if (!str_equals_ascii(as<Str>(args[0]), "double") && !str_equals_ascii(as<Str>(args[0]), "float")) {
    return raise_value_error(ts, "__getformat__() argument 1 must be 'double' or 'float'");
  }
  return Str::from_latin1(ts, std::endian::native == std::endian::little ? "IEEE, little-endian" : "IEEE, big-endian");
}

ObjResult format_method(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "__format__() argument must be str, not {}", is_none(args[0]) ? "None" : type_name(args[0]));
  }
  return format_float_with_spec(ts, self, as<Str>(args[0]));
}

ObjResult getnewargs_method(ThreadState& ts, Obj self, Args) {
  ObjRef value = OURO_TRY(Float::from(ts, value_of(self)));
  return Tuple::of(ts, value);
}

ObjResult get_real(ThreadState& ts, Obj self) { return float_self(ts, self, Args{}); }
ObjResult get_imaginary(ThreadState& ts, Obj) { return Float::from(ts, 0.0); }

constexpr GetSetDef kGetSets[] = {
    {"real", get_real, nullptr, "the real part of a complex number"},
    {"imag", get_imaginary, nullptr, "the imaginary part of a complex number"},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"fromhex", fromhex_method, 1, 1, MethodDef::kClass,
     "fromhex($type, string, /)\n--\n\nCreate a floating-point number from a hexadecimal string.\n\n>>> float.fromhex('0x1.8p1')\n3.0"},
    {"conjugate", float_self, 0, 0, MethodDef::kNone, "conjugate($self, /)\n--\n\nReturn self, the complex conjugate of any float."},
    {"__trunc__", trunc_method, 0, 0, MethodDef::kNone, "__trunc__($self, /)\n--\n\nReturn the Integral closest to x between 0 and x."},
    {"__floor__", floor_method, 0, 0, MethodDef::kNone, "__floor__($self, /)\n--\n\nReturn the floor as an Integral."},
    {"__ceil__", ceil_method, 0, 0, MethodDef::kNone, "__ceil__($self, /)\n--\n\nReturn the ceiling as an Integral."},
    {"__round__", round_method, 0, 1, MethodDef::kNone,
     "__round__($self, ndigits=None, /)\n--\n\nReturn the Integral closest to x, rounding half toward even.\n\n"
     "When an argument is passed, work like built-in round(x, ndigits)."},
    {"as_integer_ratio", as_integer_ratio_method, 0, 0, MethodDef::kNone,
     "as_integer_ratio($self, /)\n--\n\nReturn a pair of ints whose ratio is exactly equal to the float.\n\n>>> (2.75).as_integer_ratio()\n(11, 4)"},
    {"hex", hex_method, 0, 0, MethodDef::kNone, "hex($self, /)\n--\n\nReturn a hexadecimal representation of a floating-point number.\n\n>>> (3.0).hex()\n'0x1.8000000000000p+1'"},
    {"is_integer", is_integer_method, 0, 0, MethodDef::kNone, "is_integer($self, /)\n--\n\nReturn True if the float is an integer."},
    {"__getnewargs__", getnewargs_method, 0, 0, MethodDef::kNone, "__getnewargs__($self, /)\n--\n\n"},
    {"__getformat__", getformat_method, 1, 1, MethodDef::kClass, "__getformat__($type, typestr, /)\n--\n\nSays how doubles or floats are laid out."},
    {"__format__", format_method, 1, 1, MethodDef::kNone, "__format__($self, format_spec, /)\n--\n\nFormats the float according to format_spec."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

ObjResult float_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type.get() == ts.core.types.float_ || type->init == ts.core.types.float_->init) {
    OURO_TRY(refuse_keywords(ts, args, "float"));
  }
  OURO_TRY(check_args(ts, Args{args.values, args.count, nullptr}, "float", 0, 1));
  ObjRef value;
  if (args.count == 0) {
    value = OURO_TRY(Float::from(ts, 0.0));
  } else {
    value = OURO_TRY(to_float(ts, args[0]));
  }
  if (type.get() == ts.core.types.float_) return value;
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  as<Float>(made)->value = value_of(value);
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

void set_float_methods(Type& type) {
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace ouro
