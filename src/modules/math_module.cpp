// Module math: functions of one or two doubles. Where C says NaN or infinity, Python raises: ValueError "math domain error"
// for arguments without a result, OverflowError "math range error" for results too large.

#include <cmath>
#include <limits>

#include "modules/math_support.h"
#include "modules/native_modules.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

Raised raise_math_domain(ThreadState& ts) { return raise_value_error(ts, "math domain error"); }
Raised raise_math_range(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.OverflowError, "math range error");
}

namespace {

constexpr double kPi = 3.141592653589793238462643383279502884197;
constexpr double kE = 2.718281828459045235360287471352662497757;

using UnaryDouble = double (*)(double);
using BinaryDouble = double (*)(double, double);

/// A function of one double; an infinite result of a finite argument is out of range, or out of the domain.
template <UnaryDouble Function, bool MayOverflow>
ObjResult unary_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  const double result = Function(x);
  if (std::isnan(result) && !std::isnan(x)) return raise_math_domain(ts);
  if (std::isinf(result) && std::isfinite(x)) {
    return MayOverflow ? raise_math_range(ts) : raise_math_domain(ts);
  }
  return Float::from(ts, result);
}

template <BinaryDouble Function>
ObjResult binary_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  const double y = OURO_TRY(as_double(ts, args[1]));
  const double result = Function(x, y);
  if (std::isnan(result) && !std::isnan(x) && !std::isnan(y)) return raise_math_domain(ts);
  if (std::isinf(result) && std::isfinite(x) && std::isfinite(y)) return raise_math_range(ts);
  return Float::from(ts, result);
}

double safe_fmod(double x, double y) {
  return std::isinf(y) && std::isfinite(x) ? x : std::fmod(x, y);
}
double safe_log1p(double x) { return x == 0 ? x : std::log1p(x); }  // keeps the sign of zero
double to_degrees(double x) { return x * (180.0 / kPi); }
double to_radians(double x) { return x * (kPi / 180.0); }

template <UnaryDouble Function>
ObjResult plain_function(ThreadState& ts, Obj, Args args) {
  return Float::from(ts, Function(OURO_TRY(as_double(ts, args[0]))));
}

template <bool (*Test)(double)>
ObjResult test_function(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref(Test(OURO_TRY(as_double(ts, args[0]))));
}
bool is_nan(double x) { return std::isnan(x); }
bool is_infinite(double x) { return std::isinf(x); }
bool is_finite(double x) { return std::isfinite(x); }

ObjResult pow_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  const double y = OURO_TRY(as_double(ts, args[1]));
  const double result = std::pow(x, y);
  if (std::isfinite(x) && std::isfinite(y) && !std::isfinite(result)) {
    if (std::isnan(result) || x == 0) return raise_math_domain(ts);
    return raise_math_range(ts);
  }
  return Float::from(ts, result);
}

ObjResult ldexp_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  if (!is_int(args[1])) return raise_type_error(ts, "Expected an int as second argument to ldexp.");
  const std::int64_t exponent = int_clamped(args[1]);
  if (x == 0 || !std::isfinite(x)) return Float::from(ts, x);
  constexpr std::int64_t kLimit = std::numeric_limits<int>::max();
  if (exponent > kLimit) return raise_math_range(ts);
  if (exponent < -kLimit) return Float::from(ts, std::copysign(0.0, x));
  const double result = std::ldexp(x, static_cast<int>(exponent));
  if (std::isinf(result)) return raise_math_range(ts);
  return Float::from(ts, result);
}

ObjResult pair(ThreadState& ts, ObjResult first, ObjResult second) {
  ObjRef a = OURO_TRY(std::move(first));
  ObjRef b = OURO_TRY(std::move(second));
  return Tuple::of(ts, a, b);
}

ObjResult frexp_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  int exponent = 0;
  const double mantissa = std::isfinite(x) ? std::frexp(x, &exponent) : x;
  return pair(ts, Float::from(ts, mantissa), Int::from(ts, exponent));
}

ObjResult modf_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  double whole = x;
  const double rest = std::modf(x, &whole);
  return pair(ts, Float::from(ts, rest), Float::from(ts, whole));
}

/// A logarithm: of floats by `function`, of ints of any size through their top bits.
Result<double> logarithm(ThreadState& ts, Obj value, UnaryDouble function) {
  if (is_int(value)) {
    if (int_sign(value) <= 0) return raise_math_domain(ts);
    const std::int64_t bits = int_bit_length(value);
    if (bits <= 1023) return function(OURO_TRY(int_as_double(ts, value)));
    // value == mantissa * 2**bits, with 64 bits of mantissa: more than the double keeps.
    ObjRef top = OURO_TRY(int_shift_right(ts, value, bits - 64));
    const double mantissa = std::ldexp(OURO_TRY(int_as_double(ts, top)), -64);
    return function(mantissa) + function(2.0) * static_cast<double>(bits);
  }
  const double x = OURO_TRY(as_double(ts, value));
  if (std::isnan(x)) return x;
  if (x <= 0) return raise_math_domain(ts);
  return function(x);
}

ObjResult log_function(ThreadState& ts, Obj, Args args) {
  if (args.count < 1 || args.count > 2) {
    return raise_type_error(ts, "math.log requires 1 to 2 arguments");
  }
  const double value = OURO_TRY(logarithm(ts, args[0], std::log));
  if (args.count == 1) return Float::from(ts, value);
  const double base = OURO_TRY(logarithm(ts, args[1], std::log));
  if (base == 0) {
    return raise(ts, ts.core.exceptions.ZeroDivisionError, "float division by zero");
  }
  return Float::from(ts, value / base);
}

template <UnaryDouble Function>
ObjResult log_base_function(ThreadState& ts, Obj, Args args) {
  return Float::from(ts, OURO_TRY(logarithm(ts, args[0], Function)));
}

/// floor and ceil: by the type's special method, else of the value as a double.
ObjResult whole_by_special(ThreadState& ts, Obj value, Borrowed<Str> name, UnaryDouble function) {
  if (!is_exact_float(value)) {
    MaybeAttribute method = find_special(ts, value, name);
    if (method.failed) return Raised{};
    if (method.value) return call(ts, method.value);
  }
  return Int::from_double(ts, function(OURO_TRY(as_double(ts, value))));
}

ObjResult floor_function(ThreadState& ts, Obj, Args args) {
  return whole_by_special(ts, args[0], ts.core.names.dunder_floor, std::floor);
}

ObjResult ceil_function(ThreadState& ts, Obj, Args args) {
  return whole_by_special(ts, args[0], ts.core.names.dunder_ceil, std::ceil);
}

ObjResult trunc_function(ThreadState& ts, Obj, Args args) {
  if (is_exact_float(args[0])) return Int::from_double(ts, std::trunc(as<Float>(args[0])->value));
  MaybeAttribute method = find_special(ts, args[0], ts.core.names.dunder_trunc);
  if (method.failed) return Raised{};
  if (!method.value) return raise_type_error(ts, "type {t} doesn't define __trunc__ method", args[0]);
  return call(ts, method.value);
}

ObjResult isclose_function(ThreadState& ts, Obj, Args args) {
  Obj given[4];
  OURO_TRY(parse_args(ts, args, "isclose", {"a", "b", "*rel_tol", "abs_tol"}, 2, given));
  const double a = OURO_TRY(as_double(ts, given[0]));
  const double b = OURO_TRY(as_double(ts, given[1]));
  const double relative = given[2] ? OURO_TRY(as_double(ts, given[2])) : 1e-9;
  const double absolute = given[3] ? OURO_TRY(as_double(ts, given[3])) : 0.0;
  if (relative < 0 || absolute < 0) return raise_value_error(ts, "tolerances must be non-negative");
  if (a == b) return ts.core.bool_ref(true);
  if (std::isinf(a) || std::isinf(b)) return ts.core.bool_ref(false);
  const double difference = std::fabs(b - a);
  return ts.core.bool_ref(difference <= std::fabs(relative * b) || difference <= std::fabs(relative * a) ||
                          difference <= absolute);
}

double ulp_of(double x) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (std::isnan(x)) return x;
  x = std::fabs(x);
  if (std::isinf(x)) return x;
  const double above = std::nextafter(x, kInfinity);
  return std::isinf(above) ? x - std::nextafter(x, -kInfinity) : above - x;
}

ObjResult nextafter_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  const double y = OURO_TRY(as_double(ts, args[1]));
  return Float::from(ts, std::nextafter(x, y));
}

ObjResult copysign_function(ThreadState& ts, Obj, Args args) {
  const double x = OURO_TRY(as_double(ts, args[0]));
  const double y = OURO_TRY(as_double(ts, args[1]));
  return Float::from(ts, std::copysign(x, y));
}

constexpr auto kNone = MethodDef::kNone;
constexpr MethodDef kMethods[] = {
    {"acos", unary_function<std::acos, false>, 1, 1, kNone, "acos($module, x, /)\n--\n\nReturn the arc cosine (measured in radians) of x."},
    {"acosh", unary_function<std::acosh, false>, 1, 1, kNone, "acosh($module, x, /)\n--\n\nReturn the inverse hyperbolic cosine of x."},
    {"asin", unary_function<std::asin, false>, 1, 1, kNone, "asin($module, x, /)\n--\n\nReturn the arc sine (measured in radians) of x."},
    {"asinh", unary_function<std::asinh, false>, 1, 1, kNone, "asinh($module, x, /)\n--\n\nReturn the inverse hyperbolic sine of x."},
    {"atan", unary_function<std::atan, false>, 1, 1, kNone, "atan($module, x, /)\n--\n\nReturn the arc tangent (measured in radians) of x."},
    {"atan2", binary_function<std::atan2>, 2, 2, kNone, "atan2($module, y, x, /)\n--\n\nReturn the arc tangent of y/x, with the signs of both considered."},
    {"atanh", unary_function<std::atanh, false>, 1, 1, kNone, "atanh($module, x, /)\n--\n\nReturn the inverse hyperbolic tangent of x."},
    {"cbrt", unary_function<std::cbrt, false>, 1, 1, kNone, "cbrt($module, x, /)\n--\n\nReturn the cube root of x."},
    {"ceil", ceil_function, 1, 1, kNone, "ceil($module, x, /)\n--\n\nReturn the smallest integer >= x."},
    {"comb", math_comb, 2, 2, kNone, "comb($module, n, k, /)\n--\n\nNumber of ways to choose k items from n items without repetition and without order."},
    {"copysign", copysign_function, 2, 2, kNone, "copysign($module, x, y, /)\n--\n\nReturn a float with the size of x and the sign of y."},
    {"cos", unary_function<std::cos, false>, 1, 1, kNone, "cos($module, x, /)\n--\n\nReturn the cosine of x (measured in radians)."},
    {"cosh", unary_function<std::cosh, true>, 1, 1, kNone, "cosh($module, x, /)\n--\n\nReturn the hyperbolic cosine of x."},
    {"degrees", plain_function<to_degrees>, 1, 1, kNone, "degrees($module, x, /)\n--\n\nConvert angle x from radians to degrees."},
    {"dist", math_dist, 2, 2, kNone, "dist($module, p, q, /)\n--\n\nReturn the distance between two points."},
    {"erf", unary_function<std::erf, true>, 1, 1, kNone, "erf($module, x, /)\n--\n\nError function at x."},
    {"erfc", unary_function<std::erfc, true>, 1, 1, kNone, "erfc($module, x, /)\n--\n\nComplementary error function at x."},
    {"exp", unary_function<std::exp, true>, 1, 1, kNone, "exp($module, x, /)\n--\n\nReturn e raised to the power of x."},
    {"exp2", unary_function<std::exp2, true>, 1, 1, kNone, "exp2($module, x, /)\n--\n\nReturn 2 raised to the power of x."},
    {"expm1", unary_function<std::expm1, true>, 1, 1, kNone, "expm1($module, x, /)\n--\n\nReturn exp(x)-1, without loss for small x."},
    {"fabs", unary_function<std::fabs, false>, 1, 1, kNone, "fabs($module, x, /)\n--\n\nReturn the absolute value of the float x."},
    {"factorial", math_factorial, 1, 1, kNone, "factorial($module, n, /)\n--\n\nFind n!.\n\nRaise a ValueError if x is negative or non-integral."},
    {"floor", floor_function, 1, 1, kNone, "floor($module, x, /)\n--\n\nReturn the largest integer <= x."},
    {"fmod", binary_function<safe_fmod>, 2, 2, kNone, "fmod($module, x, y, /)\n--\n\nReturn fmod(x, y), according to platform C."},
    {"frexp", frexp_function, 1, 1, kNone, "frexp($module, x, /)\n--\n\nReturn the pair (m, e) with x == m * 2.**e."},
    {"fsum", math_fsum, 1, 1, kNone, "fsum($module, seq, /)\n--\n\nReturn an accurate floating point sum of values in seq."},
    {"gamma", math_gamma, 1, 1, kNone, "gamma($module, x, /)\n--\n\nGamma function at x."},
    {"gcd", math_gcd, 0, -1, kNone, "gcd($module, *integers)\n--\n\nGreatest Common Divisor."},
    {"hypot", math_hypot, 0, -1, kNone, "hypot(*coordinates) -> value\n\nLength of a vector with the given coordinates."},
    {"isclose", isclose_function, 0, -1, MethodDef::kKeywords,
     "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)\n--\n\nDetermine whether two floating point numbers are close in value."},
    {"isfinite", test_function<is_finite>, 1, 1, kNone, "isfinite($module, x, /)\n--\n\nReturn True if x is neither an infinity nor a NaN."},
    {"isinf", test_function<is_infinite>, 1, 1, kNone, "isinf($module, x, /)\n--\n\nReturn True if x is an infinity."},
    {"isnan", test_function<is_nan>, 1, 1, kNone, "isnan($module, x, /)\n--\n\nReturn True if x is a NaN."},
    {"isqrt", math_isqrt, 1, 1, kNone, "isqrt($module, n, /)\n--\n\nReturn the integer part of the square root of the input."},
    {"lcm", math_lcm, 0, -1, kNone, "lcm($module, *integers)\n--\n\nLeast Common Multiple."},
    {"ldexp", ldexp_function, 2, 2, kNone, "ldexp($module, x, i, /)\n--\n\nReturn x * (2**i)."},
    {"lgamma", math_lgamma, 1, 1, kNone, "lgamma($module, x, /)\n--\n\nNatural logarithm of absolute value of Gamma function at x."},
    {"log", log_function, 0, -1, kNone, "log(x, [base=math.e])\n\nReturn the logarithm of x to the given base."},
    {"log10", log_base_function<std::log10>, 1, 1, kNone, "log10($module, x, /)\n--\n\nReturn the base 10 logarithm of x."},
    {"log1p", unary_function<safe_log1p, false>, 1, 1, kNone, "log1p($module, x, /)\n--\n\nReturn the natural logarithm of 1+x."},
    {"log2", log_base_function<std::log2>, 1, 1, kNone, "log2($module, x, /)\n--\n\nReturn the base 2 logarithm of x."},
    {"modf", modf_function, 1, 1, kNone, "modf($module, x, /)\n--\n\nReturn the fractional and integer parts of x."},
    {"nextafter", nextafter_function, 2, 2, kNone, "nextafter($module, x, y, /)\n--\n\nReturn the next floating-point value after x towards y."},
    {"perm", math_perm, 1, 2, kNone, "perm($module, n, k=None, /)\n--\n\nNumber of ways to choose k items from n items without repetition and with order."},
    {"pow", pow_function, 2, 2, kNone, "pow($module, x, y, /)\n--\n\nReturn x**y (x to the power of y)."},
    {"prod", math_prod, 0, -1, MethodDef::kKeywords, "prod($module, iterable, /, *, start=1)\n--\n\nCalculate the product of all the elements in the input iterable."},
    {"radians", plain_function<to_radians>, 1, 1, kNone, "radians($module, x, /)\n--\n\nConvert angle x from degrees to radians."},
    {"remainder", binary_function<std::remainder>, 2, 2, kNone, "remainder($module, x, y, /)\n--\n\nDifference between x and the closest integer multiple of y."},
    {"sin", unary_function<std::sin, false>, 1, 1, kNone, "sin($module, x, /)\n--\n\nReturn the sine of x (measured in radians)."},
    {"sinh", unary_function<std::sinh, true>, 1, 1, kNone, "sinh($module, x, /)\n--\n\nReturn the hyperbolic sine of x."},
    {"sqrt", unary_function<std::sqrt, false>, 1, 1, kNone, "sqrt($module, x, /)\n--\n\nReturn the square root of x."},
    {"tan", unary_function<std::tan, false>, 1, 1, kNone, "tan($module, x, /)\n--\n\nReturn the tangent of x (measured in radians)."},
    {"tanh", unary_function<std::tanh, false>, 1, 1, kNone, "tanh($module, x, /)\n--\n\nReturn the hyperbolic tangent of x."},
    {"trunc", trunc_function, 1, 1, kNone, "trunc($module, x, /)\n--\n\nTruncates the Real x to the nearest Integral toward 0."},
    {"ulp", plain_function<ulp_of>, 1, 1, kNone, "ulp($module, x, /)\n--\n\nReturn the value of the least significant bit of the float x."},
    {nullptr, nullptr, 0, 0, kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_math_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "math"));
  OURO_TRY(module->add_functions(ts, kMethods));
  const std::pair<const char*, double> constants[] = {
      {"pi", kPi},
      {"e", kE},
      {"tau", 2 * kPi},
      {"inf", std::numeric_limits<double>::infinity()},
      {"nan", std::numeric_limits<double>::quiet_NaN()},
  };
  for (const auto& [name, value] : constants) {
    Ref<Float> number = OURO_TRY(Float::from(ts, value));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(number)));
  }
  return module;
}

}  // namespace ouro
