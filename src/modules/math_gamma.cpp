// The gamma function by Lanczos' approximation (g = 6.0246…, 13 terms, coefficients for doubles as in Boost.Math), with the
// reflection formula for negative arguments.

#include <cmath>

#include "modules/math_support.h"
#include "objects/errors.h"
#include "objects/float.h"

namespace ouro {

namespace {

constexpr int kTerms = 13;
constexpr double kG = 6.024680040776729583740234375;
constexpr double kGMinusHalf = 5.524680040776729583740234375;
constexpr double kPi = 3.141592653589793238462643383279502884197;
constexpr double kLogPi = 1.144729885849400174143427351353058711647;
constexpr double kNumerator[kTerms] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
constexpr double kDenominator[kTerms] = {0.0,       39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
                                         2637558.0, 357423.0,   32670.0,     1925.0,      66.0,        1.0};
constexpr int kExactFactorials = 23;  // gamma(1 … 23) are exact doubles

/// The rational function of the approximation. Above 5 it is evaluated in 1/x, which cannot overflow.
double lanczos_sum(double x) {
  double numerator = 0;
  double denominator = 0;
  if (x < 5.0) {
    for (int i = kTerms; --i >= 0;) {
      numerator = numerator * x + kNumerator[i];
      denominator = denominator * x + kDenominator[i];
    }
  } else {
    for (int i = 0; i < kTerms; ++i) {
      numerator = numerator / x + kNumerator[i];
      denominator = denominator / x + kDenominator[i];
    }
  }
  return numerator / denominator;
}

/// sin(pi * x), exact at whole numbers and halves.
double sin_pi(double x) {
  const double y = std::fmod(std::fabs(x), 2.0);
  double result = 0;
  switch (static_cast<int>(std::round(2.0 * y))) {
    case 0: result = std::sin(kPi * y); break;
    case 1: result = std::cos(kPi * (y - 0.5)); break;
    // Written so that the sign of a zero result is right.
    case 2: result = std::sin(kPi * (1.0 - y)); break;
    case 3: result = -std::cos(kPi * (y - 1.5)); break;
    default: result = std::sin(kPi * (y - 2.0)); break;
  }
  return std::copysign(1.0, x) * result;
}

struct Outcome {
  double value;
  bool domain_error, range_error;
};
constexpr Outcome kDomainError{0, true, false};
constexpr Outcome kRangeError{0, false, true};
constexpr Outcome good(double value) { return {value, false, false}; }

Outcome gamma_of(double x) {
  if (!std::isfinite(x)) return std::isnan(x) || x > 0 ? good(x) : kDomainError;
  if (x == 0) return kDomainError;
  if (x == std::floor(x)) {
    if (x < 0) return kDomainError;
    if (x <= kExactFactorials) {
      double product = 1;
      for (int i = 2; i < static_cast<int>(x); ++i) product *= i;
      return good(product);
    }
  }
  const double size = std::fabs(x);
  if (size < 1e-20) {
    const double result = 1.0 / x;
    return std::isinf(result) ? kRangeError : good(result);
  }
  // Beyond 200 the result overflows, or underflows to a zero with the sign of sin(pi x).
  if (size > 200.0) return x < 0 ? good(0.0 / sin_pi(x)) : kRangeError;
  const double y = size + kGMinusHalf;
  // What rounding y lost is made up for: z is the relative error of the power below.
  double z = 0;
  if (size > kGMinusHalf) {
    const double q = y - size;
    z = q - kGMinusHalf;
  } else {
    const double q = y - kGMinusHalf;
    z = q - size;
  }
  z = z * kG / y;
  double result = 0;
  const bool split = size >= 140.0;  // the power alone would overflow
  const double power = split ? std::pow(y, size / 2.0 - 0.25) : std::pow(y, size - 0.5);
  if (x < 0) {
    result = -kPi / sin_pi(size) / size * std::exp(y) / lanczos_sum(size);
    result -= z * result;
    result /= power;
    if (split) result /= power;
  } else {
    result = lanczos_sum(size) / std::exp(y);
    result += z * result;
    result *= power;
    if (split) result *= power;
  }
  return std::isinf(result) ? kRangeError : good(result);
}

Outcome log_gamma_of(double x) {
  if (!std::isfinite(x)) return good(std::isnan(x) ? x : std::fabs(x));
  if (x == std::floor(x) && x <= 2.0) return x <= 0 ? kDomainError : good(0.0);
  const double size = std::fabs(x);
  if (size < 1e-20) return good(-std::log(size));
  double result = std::log(lanczos_sum(size)) - kG;
  result += (size - 0.5) * (std::log(size + kG - 0.5) - 1.0);
  if (x < 0) result = kLogPi - std::log(std::fabs(sin_pi(size))) - std::log(size) - result;
  return std::isinf(result) ? kRangeError : good(result);
}

ObjResult finish(ThreadState& ts, const Outcome& outcome) {
  if (outcome.domain_error) return raise_math_domain(ts);
  if (outcome.range_error) return raise_math_range(ts);
  return Float::from(ts, outcome.value);
}

}  // namespace

ObjResult math_gamma(ThreadState& ts, Obj, Args args) { return finish(ts, gamma_of(OURO_TRY(as_double(ts, args[0])))); }

ObjResult math_lgamma(ThreadState& ts, Obj, Args args) {
  return finish(ts, log_gamma_of(OURO_TRY(as_double(ts, args[0]))));
}

}  // namespace ouro
