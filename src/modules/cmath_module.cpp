// Module cmath: functions of complex numbers. Where a value stands for an undefined or too large
// result, Python raises: ValueError "math domain error", OverflowError "math range error".
#include <cerrno>
#include <cfloat>
#include <cmath>
#include <complex>

#include "modules/math_support.h"
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/errors.h"
#include "objects/float.h"

namespace ouro {

namespace {

using Number = std::complex<double>;

Result<Number> complex_argument(ThreadState& ts, Obj object) {
  ObjRef value = object.new_ref();
  if (!is_instance_of(object, ts.core.types.complex)) {
    MaybeAttribute method = find_special(ts, object, ts.core.names.dunder_complex);
    if (method.failed) return Raised{};
    if (!method.value) return Number(OURO_TRY(as_double(ts, object)), 0.0);
    value = OURO_TRY(call(ts, method.value));
    if (!is_instance_of(value, ts.core.types.complex)) {
      return raise_type_error(ts, "__complex__ returned non-complex (type {t})", value);
    }
  }
  const auto* number = as<Complex>(value);
  return Number(number->real, number->imaginary);
}

ObjResult complex_result(ThreadState& ts, Number value) {
  return Complex::from(ts, value.real(), value.imag());
}

bool is_finite(Number z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }
bool is_nan(Number z) { return std::isnan(z.real()) || std::isnan(z.imag()); }
bool is_infinite(Number z) { return std::isinf(z.real()) || std::isinf(z.imag()); }

// -- the functions
// ---------------------------------------------------------------------------------
//
// Finite arguments: W. Kahan, "Branch cuts for complex elementary functions" (1987), so that signs
// of zero choose the side of a cut and nothing overflows on the way. Other arguments: the C
// library, but for the signs and parts that annex G leaves open.

constexpr double kLarge = DBL_MAX / 4;  // beyond it, sums of squares and such may overflow
constexpr double kSqrtLarge = 0x1.fffffffffffffp+510;
constexpr double kLogLarge = 708.3964185322641;
constexpr double kSqrtLeast = 0x1p-511;  // the square root of DBL_MIN

bool is_large(Number z) { return std::fabs(z.real()) > kLarge || std::fabs(z.imag()) > kLarge; }
/// ln |z| of a large z.
double log_of_large(Number z) { return std::log(std::hypot(z.real() / 2, z.imag() / 2)); }
/// i·z and -i·z, exactly.
Number turned(Number z) { return {-z.imag(), z.real()}; }
Number turned_back(Number z) { return {z.imag(), -z.real()}; }

Number sqrt_of(Number z) {
  if (!is_finite(z)) return std::sqrt(z);
  if (z.real() == 0 && z.imag() == 0) return {0, z.imag()};
  double x = std::fabs(z.real());
  const double y = std::fabs(z.imag());
  double half;  // the square root of (x + |z|) / 2
  if (x < DBL_MIN && y < DBL_MIN && (x > 0 || y > 0)) {
    constexpr int kUp = DBL_MANT_DIG / 2 * 2 + 1;
    x = std::ldexp(x, kUp);
    half = std::ldexp(std::sqrt(x + std::hypot(x, std::ldexp(y, kUp))), -(kUp + 1) / 2);
  } else {
    x /= 8;
    half = 2 * std::sqrt(x + std::hypot(x, y / 8));
  }
  const double other = y / (2 * half);
  if (z.real() >= 0) return {half, std::copysign(other, z.imag())};
  return {other, std::copysign(half, z.imag())};
}

Number acos_of(Number z) {
  if (!is_finite(z)) {
    const Number value = std::acos(z);
    if (std::isnan(z.imag()) && std::isinf(z.real())) return {NAN, INFINITY};
    return value;
  }
  if (is_large(z)) {
    const double size = log_of_large(z) + 2 * M_LN2;
    return {std::atan2(std::fabs(z.imag()), z.real()),
            z.real() < 0 ? -std::copysign(size, z.imag()) : std::copysign(size, -z.imag())};
  }
  const Number below = sqrt_of({1 - z.real(), -z.imag()});
  const Number above = sqrt_of({1 + z.real(), z.imag()});
  return {2 * std::atan2(below.real(), above.real()),
          std::asinh(above.real() * below.imag() - above.imag() * below.real())};
}

Number acosh_of(Number z) {
  if (!is_finite(z)) {
    if (z.real() == 0 && std::isnan(z.imag())) return {NAN, NAN};
    return std::acosh(z);
  }
  if (is_large(z)) return {log_of_large(z) + 2 * M_LN2, std::atan2(z.imag(), z.real())};
  const Number below = sqrt_of({z.real() - 1, z.imag()});
  const Number above = sqrt_of({z.real() + 1, z.imag()});
  return {std::asinh(below.real() * above.real() + below.imag() * above.imag()),
          2 * std::atan2(below.imag(), above.real())};
}

Number asinh_of(Number z) {
  if (!is_finite(z)) {
    if (std::isnan(z.real()) && std::isinf(z.imag())) return {INFINITY, NAN};
    return std::asinh(z);
  }
  if (is_large(z)) {
    const double size = log_of_large(z) + 2 * M_LN2;
    return {z.imag() >= 0 ? std::copysign(size, z.real()) : -std::copysign(size, -z.real()),
            std::atan2(z.imag(), std::fabs(z.real()))};
  }
  const Number above = sqrt_of({1 + z.imag(), -z.real()});
  const Number below = sqrt_of({1 - z.imag(), z.real()});
  return {std::asinh(above.real() * below.imag() - below.real() * above.imag()),
          std::atan2(z.imag(), above.real() * below.real() - above.imag() * below.imag())};
}

Number atanh_of(Number z) {
  if (!is_finite(z)) {
    if (std::isnan(z.real()) && std::isinf(z.imag())) return {0, std::copysign(M_PI_2, z.imag())};
    return std::atanh(z);
  }
  if (std::signbit(z.real())) return -atanh_of(-z);
  const double x = z.real();
  const double y = std::fabs(z.imag());
  if (x > kSqrtLarge || y > kSqrtLarge) {
    const double size = std::hypot(x / 2, z.imag() / 2);
    return {x / 4 / size / size, -std::copysign(M_PI_2, -z.imag())};
  }
  if (x == 1 && y < kSqrtLeast) {
    return {-std::log(std::sqrt(y) / std::sqrt(std::hypot(y, 2.0))),
            std::copysign(std::atan2(2.0, -y) / 2, z.imag())};
  }
  return {std::log1p(4 * x / ((1 - x) * (1 - x) + y * y)) / 4,
          -std::atan2(-2 * z.imag(), (1 - x) * (1 + x) - y * y) / 2};
}

Number cosh_of(Number z) {
  const double x = z.real();
  const double y = z.imag();
  if (!is_finite(z)) {
    if (std::isnan(x) && y == 0) return {NAN, 0};
    return std::cosh(z);
  }
  if (std::fabs(x) <= kLogLarge) return {std::cos(y) * std::cosh(x), std::sin(y) * std::sinh(x)};
  const double less = x - std::copysign(1.0, x);
  return {std::cos(y) * std::cosh(less) * M_E, std::sin(y) * std::sinh(less) * M_E};
}

Number sinh_of(Number z) {
  const double x = z.real();
  const double y = z.imag();
  if (!is_finite(z)) {
    if (std::isnan(y) && x == 0) return {0, NAN};
    if (std::isnan(y) && std::isinf(x)) return {INFINITY, NAN};
    return std::sinh(z);
  }
  if (std::fabs(x) <= kLogLarge) return {std::cos(y) * std::sinh(x), std::sin(y) * std::cosh(x)};
  const double less = x - std::copysign(1.0, x);
  return {std::cos(y) * std::sinh(less) * M_E, std::sin(y) * std::cosh(less) * M_E};
}

Number tanh_of(Number z) {
  const double x = z.real();
  const double y = z.imag();
  if (!is_finite(z)) {
    if (std::isnan(y) && x == 0) return {NAN, NAN};
    if (std::isinf(x) && std::isinf(y)) return {std::copysign(1.0, x), 0};
    return std::tanh(z);
  }
  if (std::fabs(x) > kLogLarge) {
    return {std::copysign(1.0, x), 4 * std::sin(y) * std::cos(y) * std::exp(-2 * std::fabs(x))};
  }
  const double tanh_x = std::tanh(x);
  const double tan_y = std::tan(y);
  const double sech_x = 1 / std::cosh(x);
  const double both = tanh_x * tan_y;
  const double denominator = 1 + both * both;
  return {tanh_x * (1 + tan_y * tan_y) / denominator, tan_y / denominator * sech_x * sech_x};
}

Number exp_of(Number z) {
  const double x = z.real();
  const double y = z.imag();
  if (!is_finite(z)) {
    if (std::isinf(x) && x < 0 && std::isinf(y)) return {0, 0};
    return std::exp(z);
  }
  if (x <= kLogLarge) return {std::exp(x) * std::cos(y), std::exp(x) * std::sin(y)};
  const double less = std::exp(x - 1);
  return {less * std::cos(y) * M_E, less * std::sin(y) * M_E};
}

double log_of_size(Number z) {
  const double x = std::fabs(z.real());
  const double y = std::fabs(z.imag());
  if (x > kLarge || y > kLarge) return log_of_large(z) + M_LN2;
  if (x < DBL_MIN && y < DBL_MIN) {
    if (x == 0 && y == 0) return -INFINITY;
    return std::log(std::hypot(std::ldexp(x, DBL_MANT_DIG), std::ldexp(y, DBL_MANT_DIG))) -
           DBL_MANT_DIG * M_LN2;
  }
  const double size = std::hypot(x, y);
  if (size < 0.71 || size > 1.73) return std::log(size);
  // Near the unit circle |z|² - 1 loses no digits.
  const double more = std::max(x, y);
  const double less = std::min(x, y);
  return std::log1p((more - 1) * (more + 1) + less * less) / 2;
}

Number log_of(Number z) {
  if (!is_finite(z)) return std::log(z);
  return {log_of_size(z), std::atan2(z.imag(), z.real())};
}
Number log10_of(Number z) {
  const Number value = log_of(z);
  return {value.real() / M_LN10, value.imag() / M_LN10};
}

Number asin_of(Number z) { return turned_back(asinh_of(turned(z))); }
Number atan_of(Number z) { return turned_back(atanh_of(turned(z))); }
Number cos_of(Number z) { return cosh_of(turned(z)); }
Number sin_of(Number z) { return turned_back(sinh_of(turned(z))); }
Number tan_of(Number z) { return turned_back(tanh_of(turned(z))); }

// -- where functions are not defined
// ---------------------------------------------------------------

bool never(Number) { return false; }
bool at_zero(Number z) { return z.real() == 0 && z.imag() == 0; }
bool at_one(Number z) { return z.imag() == 0 && std::fabs(z.real()) == 1; }
bool at_imaginary_one(Number z) { return z.real() == 0 && std::fabs(z.imag()) == 1; }
/// The direction of an infinite result would be that of an infinite angle.
bool at_infinite_imaginary(Number z) { return std::isinf(z.imag()) && !std::isnan(z.real()); }
bool at_infinite_real(Number z) { return std::isinf(z.real()) && !std::isnan(z.imag()); }
bool where_exp_turns(Number z) {
  return at_infinite_imaginary(z) && !(std::isinf(z.real()) && z.real() < 0);
}
bool where_tanh_turns(Number z) { return std::isinf(z.imag()) && std::isfinite(z.real()); }
bool where_tan_turns(Number z) { return std::isinf(z.real()) && std::isfinite(z.imag()); }

/// One argument, one result. `undefined` says where there is none; `may_overflow`: an infinite
/// result for a finite argument is too large.
template <Number (*function)(Number), bool (*undefined)(Number), bool may_overflow>
ObjResult apply(ThreadState& ts, Obj, Args args) {
  const Number z = OURO_TRY(complex_argument(ts, args[0]));
  if (undefined(z)) return raise_math_domain(ts);
  const Number value = function(z);
  if (may_overflow && is_finite(z) && !is_finite(value)) return raise_math_range(ts);
  return complex_result(ts, value);
}

// -- logarithms
// ------------------------------------------------------------------------------------

ObjResult log_function(ThreadState& ts, Obj, Args args) {
  const Number z = OURO_TRY(complex_argument(ts, args[0]));
  if (args.count == 1) {
    if (at_zero(z)) return raise_math_domain(ts);
    return complex_result(ts, log_of(z));
  }
  const Number base = OURO_TRY(complex_argument(ts, args[1]));
  const Number divisor = log_of(base);
  // The logarithm of zero is infinite here: as in CPython, only the base is looked at.
  if (at_zero(base) || at_zero(divisor)) return raise_math_domain(ts);
  ObjRef above = OURO_TRY(complex_result(ts, log_of(z)));
  ObjRef below = OURO_TRY(complex_result(ts, divisor));
  return binary_op(ts, BinaryOp::TrueDivide, above, below);
}

// -- polar coordinates
// -----------------------------------------------------------------------------

ObjResult phase_function(ThreadState& ts, Obj, Args args) {
  const Number z = OURO_TRY(complex_argument(ts, args[0]));
  errno = 0;
  const double angle = std::atan2(z.imag(), z.real());
  if (errno == ERANGE) return raise_math_range(ts);  // an angle too small for a double
  return Float::from(ts, angle);
}

ObjResult polar_function(ThreadState& ts, Obj, Args args) {
  const Number z = OURO_TRY(complex_argument(ts, args[0]));
  const double size = std::hypot(z.real(), z.imag());
  if (std::isinf(size) && is_finite(z)) return raise_math_range(ts);
  ObjRef r = OURO_TRY(Float::from(ts, size));
  ObjRef phi = OURO_TRY(Float::from(ts, std::atan2(z.imag(), z.real())));
  return Tuple::of(ts, r, phi);
}

Number from_polar(double r, double phi) {
  if (std::isinf(r) && std::isfinite(phi) && phi != 0) {
    // The signs of the parts count, not their sizes.
    return {std::copysign(r, r * std::cos(phi)), std::copysign(r, r * std::sin(phi))};
  }
  if (phi == 0) return {r, r * phi};  // keeps the sign of phi, also for an infinite r
  return {r * std::cos(phi), r * std::sin(phi)};
}

ObjResult rect_function(ThreadState& ts, Obj, Args args) {
  const double r = OURO_TRY(as_double(ts, args[0]));
  const double phi = OURO_TRY(as_double(ts, args[1]));
  if (std::isinf(phi) && r != 0 && !std::isnan(r)) return raise_math_domain(ts);
  if (std::isinf(r) && std::isnan(phi)) return complex_result(ts, {INFINITY, NAN});
  if (r == 0 && !std::isfinite(phi)) return complex_result(ts, {0, 0});
  if (!std::isfinite(r) && phi == 0) {
    if (std::isnan(r)) return complex_result(ts, {r, 0});
    // Infinity times zero is no number: the part keeps zero's sign.
    return complex_result(ts, {r, r < 0 ? -phi : phi});
  }
  return complex_result(ts, from_polar(r, phi));
}

// -- tests
// -----------------------------------------------------------------------------------------

template <bool (*test)(Number)>
ObjResult tested(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref(test(OURO_TRY(complex_argument(ts, args[0]))));
}

ObjResult isclose_function(ThreadState& ts, Obj, Args args) {
  Obj given[4];
  OURO_TRY(parse_args(ts, args, "isclose", {"a", "b", "*rel_tol", "*abs_tol"}, 2, given));
  const Number a = OURO_TRY(complex_argument(ts, given[0]));
  const Number b = OURO_TRY(complex_argument(ts, given[1]));
  const double relative = given[2] ? OURO_TRY(as_double(ts, given[2])) : 1e-9;
  const double absolute = given[3] ? OURO_TRY(as_double(ts, given[3])) : 0.0;
  if (relative < 0 || absolute < 0) {
    return raise_value_error(ts, "tolerances must be non-negative");
  }
  if (a == b) return ts.core.bool_ref(true);
  if (is_infinite(a) || is_infinite(b)) return ts.core.bool_ref(false);
  const double difference = std::abs(a - b);
  return ts.core.bool_ref(difference <= relative * std::abs(b) ||
                          difference <= relative * std::abs(a) || difference <= absolute);
}

// -- the module
// ------------------------------------------------------------------------------------

constexpr MethodDef kFunctions[] = {
    {"acos", apply<acos_of, never, false>, 1, 1, MethodDef::kNone,
     "acos($module, z, /)\n--\n\nReturn the arc cosine of z."},
    {"acosh", apply<acosh_of, never, false>, 1, 1, MethodDef::kNone,
     "acosh($module, z, /)\n--\n\nReturn the inverse hyperbolic cosine of z."},
    {"asin", apply<asin_of, never, false>, 1, 1, MethodDef::kNone,
     "asin($module, z, /)\n--\n\nReturn the arc sine of z."},
    {"asinh", apply<asinh_of, never, false>, 1, 1, MethodDef::kNone,
     "asinh($module, z, /)\n--\n\nReturn the inverse hyperbolic sine of z."},
    {"atan", apply<atan_of, at_imaginary_one, false>, 1, 1, MethodDef::kNone,
     "atan($module, z, /)\n--\n\nReturn the arc tangent of z."},
    {"atanh", apply<atanh_of, at_one, false>, 1, 1, MethodDef::kNone,
     "atanh($module, z, /)\n--\n\nReturn the inverse hyperbolic tangent of z."},
    {"cos", apply<cos_of, at_infinite_real, true>, 1, 1, MethodDef::kNone,
     "cos($module, z, /)\n--\n\nReturn the cosine of z."},
    {"cosh", apply<cosh_of, at_infinite_imaginary, true>, 1, 1, MethodDef::kNone,
     "cosh($module, z, /)\n--\n\nReturn the hyperbolic cosine of z."},
    {"exp", apply<exp_of, where_exp_turns, true>, 1, 1, MethodDef::kNone,
     "exp($module, z, /)\n--\n\nReturn the exponential value e**z."},
    {"sin", apply<sin_of, at_infinite_real, true>, 1, 1, MethodDef::kNone,
     "sin($module, z, /)\n--\n\nReturn the sine of z."},
    {"sinh", apply<sinh_of, at_infinite_imaginary, true>, 1, 1, MethodDef::kNone,
     "sinh($module, z, /)\n--\n\nReturn the hyperbolic sine of z."},
    {"sqrt", apply<sqrt_of, never, false>, 1, 1, MethodDef::kNone,
     "sqrt($module, z, /)\n--\n\nReturn the square root of z."},
    {"tan", apply<tan_of, where_tan_turns, false>, 1, 1, MethodDef::kNone,
     "tan($module, z, /)\n--\n\nReturn the tangent of z."},
    {"tanh", apply<tanh_of, where_tanh_turns, false>, 1, 1, MethodDef::kNone,
     "tanh($module, z, /)\n--\n\nReturn the hyperbolic tangent of z."},
    {"log10", apply<log10_of, at_zero, false>, 1, 1, MethodDef::kNone,
     "log10($module, z, /)\n--\n\nReturn the base-10 logarithm of z."},
    {"log", log_function, 1, 2, MethodDef::kNone,
     "log($module, z, base=<unrepresentable>, /)\n--\n\nlog(z[, base]) -> the logarithm of z to "
     "the given base.\n\nIf the base not specified, returns the natural logarithm (base e) of z."},
    {"phase", phase_function, 1, 1, MethodDef::kNone,
     "phase($module, z, /)\n--\n\nReturn argument, also known as the phase angle, of a complex."},
    {"polar", polar_function, 1, 1, MethodDef::kNone,
     "polar($module, z, /)\n--\n\nConvert a complex from rectangular coordinates to polar "
     "coordinates.\n\nr is the distance from 0 and phi the phase angle."},
    {"rect", rect_function, 2, 2, MethodDef::kNone,
     "rect($module, r, phi, /)\n--\n\nConvert from polar coordinates to rectangular coordinates."},
    {"isfinite", tested<is_finite>, 1, 1, MethodDef::kNone,
     "isfinite($module, z, /)\n--\n\nReturn True if both the real and imaginary parts of z are "
     "finite, else False."},
    {"isnan", tested<is_nan>, 1, 1, MethodDef::kNone,
     "isnan($module, z, /)\n--\n\nChecks if the real or imaginary part of z not a number (NaN)."},
    {"isinf", tested<is_infinite>, 1, 1, MethodDef::kNone,
     "isinf($module, z, /)\n--\n\nChecks if the real or imaginary part of z is infinite."},
    {"isclose", isclose_function, 0, -1, MethodDef::kKeywords,
     "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)\n--\n\nDetermine whether two "
     "complex numbers are close in value.\n\n  rel_tol\n    greatest difference relative to the "
     "larger of the two\n  abs_tol\n    greatest difference whatever their size\n\nNaN is close to "
     "nothing; an infinity is close to itself only."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_cmath_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "cmath"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  const std::pair<const char*, double> reals[] = {
      {"pi", M_PI}, {"e", M_E}, {"tau", 2 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
  for (const auto& [name, value] : reals) {
    Ref<Float> number = OURO_TRY(Float::from(ts, value));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(number)));
  }
  const std::pair<const char*, double> imaginaries[] = {{"infj", INFINITY}, {"nanj", NAN}};
  for (const auto& [name, value] : imaginaries) {
    Ref<Complex> number = OURO_TRY(Complex::from(ts, 0, value));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(number)));
  }
  return module;
}

}  // namespace ouro
