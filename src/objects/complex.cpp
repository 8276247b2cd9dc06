// Complex: arithmetic, comparison, hash, methods; the type. Reading and writing text: complex_text.cpp.

#include <cmath>

#include "objects/container_support.h"
#include "objects/float_internal.h"
#include "objects/format_spec.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

struct Value {
  double real, imaginary;
};

Value value_of(Obj object) { return {as<Complex>(object)->real, as<Complex>(object)->imaginary}; }
bool is_complex(Obj object) {
  return is_kind(object, TypeKind::Complex) ||
         is_instance_of(object, current_thread_state()->core.types.complex);
}

void complex_dealloc(gc::Header* self) { free_object(static_cast<Object*>(self)); }

ObjResult complex_of(ThreadState& ts, Value value) {
  return Complex::from(ts, value.real, value.imaginary);
}

struct Operands {
  Value left, right;
  bool fit, failed;
};
Operands operands_of(ThreadState& ts, Obj left, Obj right) {
  Operands result{{0, 0}, {0, 0}, true, false};
  const auto read = [&](Obj object, Value& value) {
    if (is_complex(object)) {
      value = value_of(object);
      return;
    }
    const MaybeDouble number = number_as_double(ts, object);
    value = {number.value, 0.0};
    result.fit = result.fit && number.is_number;
    result.failed = result.failed || number.failed;
  };
  read(left, result.left);
  if (result.fit && !result.failed) read(right, result.right);
  return result;
}

Raised raise_division(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.ZeroDivisionError, "complex division by zero");
}

Value product(Value a, Value b) {
  return {a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real};
}

/// a / b by scaling with the larger part of b, so that squares do not overflow (R. L. Smith, 1962). b is not zero.
Value quotient(Value a, Value b) {
  const double size_real = std::fabs(b.real);
  const double size_imaginary = std::fabs(b.imaginary);
  if (size_real >= size_imaginary) {
    const double ratio = b.imaginary / b.real;
    const double scale = b.real + b.imaginary * ratio;
    return {(a.real + a.imaginary * ratio) / scale, (a.imaginary - a.real * ratio) / scale};
  }
  if (size_imaginary >= size_real) {
    const double ratio = b.real / b.imaginary;
    const double scale = b.real * ratio + b.imaginary;
    return {(a.real * ratio + a.imaginary) / scale, (a.imaginary * ratio - a.real) / scale};
  }
  return {NAN, NAN};  // a part of b is NaN
}

/// What a slot does with its operands: NotImplemented and errors are taken care of.
template <class Compute>
ObjResult with_operands(ThreadState& ts, Obj left, Obj right, Compute compute) {
  const Operands both = operands_of(ts, left, right);
  if (both.failed) return Raised{};
  if (!both.fit) return ts.core.not_implemented_ref();
  return compute(both.left, both.right);
}

ObjResult add_slot(ThreadState& ts, Obj left, Obj right) {
  return with_operands(ts, left, right, [&](Value a, Value b) {
    return complex_of(ts, {a.real + b.real, a.imaginary + b.imaginary});
  });
}

ObjResult subtract_slot(ThreadState& ts, Obj left, Obj right) {
  return with_operands(ts, left, right, [&](Value a, Value b) {
    return complex_of(ts, {a.real - b.real, a.imaginary - b.imaginary});
  });
}

ObjResult multiply_slot(ThreadState& ts, Obj left, Obj right) {
  return with_operands(ts, left, right,
                       [&](Value a, Value b) { return complex_of(ts, product(a, b)); });
}

ObjResult true_divide_slot(ThreadState& ts, Obj left, Obj right) {
  return with_operands(ts, left, right, [&](Value a, Value b) -> ObjResult {
    if (b.real == 0 && b.imaginary == 0) return raise_division(ts);
    return complex_of(ts, quotient(a, b));
  });
}

ObjResult power_slot(ThreadState& ts, Obj left, Obj right, Obj modulus) {
  return with_operands(ts, left, right, [&](Value a, Value b) -> ObjResult {
    if (modulus && !is_none(modulus)) return raise_value_error(ts, "complex modulo");
    return complex_power(ts, a.real, a.imaginary, b.real, b.imaginary);
  });
}

ObjResult negative_slot(ThreadState& ts, Obj self) {
  const Value value = value_of(self);
  return complex_of(ts, {-value.real, -value.imaginary});
}

ObjResult positive_slot(ThreadState& ts, Obj self) {
  if (is_kind(self, TypeKind::Complex)) return self.new_ref();
  return complex_of(ts, value_of(self));
}

ObjResult absolute_slot(ThreadState& ts, Obj self) {
  const Value value = value_of(self);
  const double size = std::hypot(value.real, value.imaginary);
  if (std::isinf(size) && std::isfinite(value.real) && std::isfinite(value.imaginary)) {
    return raise(ts, ts.core.exceptions.OverflowError, "absolute value too large");
  }
  return Float::from(ts, size);
}

Result<bool> truth_slot(ThreadState&, Obj self) {
  const Value value = value_of(self);
  return value.real != 0 || value.imaginary != 0;
}

ObjResult compare_slot(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (op != CompareOp::Equal && op != CompareOp::NotEqual) return ts.core.not_implemented_ref();
  const Value a = value_of(left);
  bool equal = false;
  if (is_complex(right)) {
    const Value b = value_of(right);
    equal = a.real == b.real && a.imaginary == b.imaginary;
  } else if (is_float(right)) {
    equal = a.imaginary == 0 && a.real == as<Float>(right)->value;
  } else if (is_int(right)) {
    // Large ints may not be doubles: compared exactly, as floats are.
    if (a.imaginary == 0) {
      ObjRef real = OURO_TRY(Float::from(ts, a.real));
      equal = OURO_TRY(equals(ts, real, right));
    }
  } else {
    return ts.core.not_implemented_ref();
  }
  return ts.core.bool_ref(equal == (op == CompareOp::Equal));
}

Result<std::int64_t> hash_slot(ThreadState&, Obj self) {
  const auto part = [&](double value) {
    return static_cast<std::uint64_t>(std::isnan(value) ? hash_pointer(self.get()) : double_hash(value));
  };
  constexpr std::uint64_t kImaginary = 1000003;
  const Value value = value_of(self);
  const auto hash = static_cast<std::int64_t>(part(value.real) + kImaginary * part(value.imaginary));
  return hash == -1 ? -2 : hash;
}

ObjResult conjugate_method(ThreadState& ts, Obj self, Args) {
  const Value value = value_of(self);
  return complex_of(ts, {value.real, -value.imaginary});
}

ObjResult complex_method(ThreadState& ts, Obj self, Args) { return positive_slot(ts, self); }

ObjResult getnewargs_method(ThreadState& ts, Obj self, Args) {
  ObjRef real = OURO_TRY(Float::from(ts, value_of(self).real));
  ObjRef imaginary = OURO_TRY(Float::from(ts, value_of(self).imaginary));
  return Tuple::of(ts, real, imaginary);
}

ObjResult format_method(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "__format__() argument must be str, not {}", is_none(args[0]) ? "None" : type_name(args[0]));
  }
  return format_complex_with_spec(ts, self, as<Str>(args[0]));
}

ObjResult get_real(ThreadState& ts, Obj self) { return Float::from(ts, value_of(self).real); }
ObjResult get_imaginary(ThreadState& ts, Obj self) {
  return Float::from(ts, value_of(self).imaginary);
}

/// A part as repr shows it: without ".0".
Result<Ref<Str>> part_text(ThreadState& ts, double value) {
  return format_double(ts, value, 'r', -1, false, false);
}

ObjResult complex_repr(ThreadState& ts, Obj self) {
  const Value value = value_of(self);
  Ref<Str> imaginary = OURO_TRY(part_text(ts, value.imaginary));
  StrBuilder out(ts);
  if (value.real == 0 && !std::signbit(value.real)) {
    OURO_TRY(out.append(imaginary));
    OURO_TRY(out.append("j"));
    return out.finish();
  }
  Ref<Str> real = OURO_TRY(part_text(ts, value.real));
  OURO_TRY(out.append("("));
  OURO_TRY(out.append(real));
  if (imaginary->at(0) != '-') OURO_TRY(out.append("+"));
  OURO_TRY(out.append(imaginary));
  OURO_TRY(out.append("j)"));
  return out.finish();
}

constexpr GetSetDef kGetSets[] = {
    {"real", get_real, refuse_member_set, "the real part of a complex number", true},
    {"imag", get_imaginary, refuse_member_set, "the imaginary part of a complex number", true},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"__complex__", complex_method, 0, 0, MethodDef::kNone,
     "__complex__($self, /)\n--\n\nConvert this value to exact type complex."},
    {"conjugate", conjugate_method, 0, 0, MethodDef::kNone,
     "conjugate($self, /)\n--\n\nReturn the complex conjugate of its argument: (3-4j) for (3+4j)."},
    {"__getnewargs__", getnewargs_method, 0, 0, MethodDef::kNone, "__getnewargs__($self, /)\n--\n\n"},
    {"__format__", format_method, 1, 1, MethodDef::kNone,
     "__format__($self, format_spec, /)\n--\n\nConvert to a string according to format_spec."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

/// base ** n by squaring, n > 0.
Value power_by_squaring(Value base, std::int64_t n) {
  Value result{1, 0};
  for (;; base = product(base, base)) {
    if ((n & 1) != 0) result = product(result, base);
    n >>= 1;
    if (n == 0) return result;
  }
}

}  // namespace

Result<Ref<Complex>> Complex::from(ThreadState& ts, double real, double imaginary) {
  ObjRef made = OURO_TRY(allocate_object(ts, ts.core.types.complex, sizeof(Complex)));
  as<Complex>(made)->real = real;
  as<Complex>(made)->imaginary = imaginary;
  return Ref<Complex>::steal(as<Complex>(made.release()));
}

ObjResult complex_power(ThreadState& ts, double a_real, double a_imaginary, double b_real,
                        double b_imaginary) {
  const Value base{a_real, a_imaginary};
  Value result{1, 0};
  constexpr double kMostSquarings = 100;  // exponents up to here are raised to exactly
  if (b_imaginary == 0 && b_real == std::floor(b_real) && std::fabs(b_real) <= kMostSquarings) {
    const auto n = static_cast<std::int64_t>(b_real);
    if (n > 0) {
      result = power_by_squaring(base, n);
    } else if (n < 0) {
      if (a_real == 0 && a_imaginary == 0) {
        return raise(ts, ts.core.exceptions.ZeroDivisionError, "0.0 to a negative or complex power");
      }
      const Value denominator = power_by_squaring(base, -n);
      if (denominator.real == 0 && denominator.imaginary == 0) {
        return raise(ts, ts.core.exceptions.ZeroDivisionError, "0.0 to a negative or complex power");
      }
      result = quotient({1, 0}, denominator);
    }
  } else if (b_real == 0 && b_imaginary == 0) {
    result = {1, 0};
  } else if (a_real == 0 && a_imaginary == 0) {
    if (b_imaginary != 0 || b_real < 0) {
      return raise(ts, ts.core.exceptions.ZeroDivisionError, "0.0 to a negative or complex power");
    }
    result = {0, 0};
  } else {
    const double size = std::hypot(a_real, a_imaginary);
    double length = std::pow(size, b_real);
    const double angle = std::atan2(a_imaginary, a_real);
    double phase = angle * b_real;
    if (b_imaginary != 0) {
      length /= std::exp(angle * b_imaginary);
      phase += b_imaginary * std::log(size);
    }
    result = {length * std::cos(phase), length * std::sin(phase)};
  }
  if (std::isinf(result.real) || std::isinf(result.imaginary)) {
    return raise(ts, ts.core.exceptions.OverflowError, "complex exponentiation");
  }
  return complex_of(ts, result);
}

void init_complex_type(ThreadState&, Type& type) {
  type.info.basic_bytes = sizeof(Complex);
  type.info.flags |= kBaseType;
  type.info.dealloc = complex_dealloc;
  type.make = complex_make;
  type.repr = complex_repr;
  type.hash = hash_slot;
  type.compare = compare_slot;
  NumberSlots& number = type.number;
  number.add = add_slot;
  number.subtract = subtract_slot;
  number.multiply = multiply_slot;
  number.power = power_slot;
  number.negative = negative_slot;
  number.positive = positive_slot;
  number.absolute = absolute_slot;
  number.truth = truth_slot;
  number.true_divide = true_divide_slot;
  type.methods = kMethods;
  type.getsets = kGetSets;
  type.doc =
      "complex(real=0, imag=0)\n--\n\nCreate a complex number from a real part and an optional "
      "imaginary part.\n\nThis is equivalent to (real + imag*1j) where imag defaults to 0.";
}

}  // namespace ouro
