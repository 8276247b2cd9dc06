// Module _datetime: timedelta.
//
// Sums and products of ordinary size are computed in Wide; ints of any size and floats take the way
// over Python ints, so that no digit is lost before the one rounding (half to even) at the end.
#include <cmath>

#include "modules/datetime.h"
#include "objects/float.h"

namespace ouro::datetime {

namespace {

const Span& span_in(Obj self) { return as<Delta>(self)->span; }

// -- microseconds as Python ints
// -------------------------------------------------------------------

ObjResult int_from_wide(ThreadState& ts, Wide value) {
  const bool negative = value < 0;
  const auto magnitude = negative ? -static_cast<WideWord>(value) : static_cast<WideWord>(value);
  const mp_limb_t limbs[] = {static_cast<mp_limb_t>(magnitude),
                             static_cast<mp_limb_t>(magnitude >> 64)};
  return int_from_limbs(ts, limbs, significant_limbs(limbs, 2), negative);
}

/// An int of less than 127 bits.
bool wide_from_int(Obj number, Wide& value) {
  const Magnitude magnitude(number);
  if (magnitude.bits() > 126) return false;
  WideWord word = 0;
  for (mp_size_t i = magnitude.count(); i-- > 0;) word = (word << 64) | magnitude.limbs()[i];
  value = magnitude.negative() ? -static_cast<Wide>(word) : static_cast<Wide>(word);
  return true;
}

Wide floor_divide(Wide value, Wide by) {
  const Wide quotient = value / by;
  return value % by != 0 && (value < 0) != (by < 0) ? quotient - 1 : quotient;
}

Result<Ref<Delta>> delta_from_wide(ThreadState& ts, Borrowed<Type> type, Wide micros) {
  constexpr Wide kDay = Wide{kSecondsPerDay} * kMicrosPerSecond;
  const Wide days = floor_divide(micros, kDay);
  if (days != static_cast<int>(days)) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return make_delta(ts, type, static_cast<std::int64_t>(days), 0,
                    static_cast<std::int64_t>(micros - days * kDay));
}

Result<Ref<Delta>> delta_from_int(ThreadState& ts, Borrowed<Type> type, Obj micros) {
  Wide value;
  if (!wide_from_int(micros, value)) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return delta_from_wide(ts, type, value);
}

ObjResult micros_of(ThreadState& ts, Obj delta) {
  return int_from_wide(ts, microseconds_of(span_in(delta)));
}

Raised raise_no_divisor(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.ZeroDivisionError, "integer division or modulo by zero");
}

/// left / right, half to even.
ObjResult nearest_quotient(ThreadState& ts, Obj left, Obj right) {
  if (int_sign(right) == 0) return raise_no_divisor(ts);
  ObjRef quotient;
  ObjRef rest;
  OURO_TRY(int_floor_division(ts, left, right, &quotient, &rest));
  // The rest has the divisor's sign: twice of it against the divisor tells the nearer side.
  ObjRef twice = OURO_TRY(int_add(ts, rest, rest));
  int side = int_compare(twice, right);
  if (int_sign(right) < 0) side = -side;
  if (side == 0) {
    const Magnitude magnitude(quotient);
    const bool odd = magnitude.count() > 0 && (magnitude.limbs()[0] & 1) != 0;
    side = odd ? 1 : -1;
  }
  if (side < 0) return quotient;
  Ref<Int> one = OURO_TRY(Int::from(ts, 1));
  return int_add(ts, quotient, one);
}

// -- making
// ----------------------------------------------------------------------------------------

/// The sum of a constructor's arguments: whole microseconds, and what is below one.
class Sum {
 public:
  explicit Sum(ThreadState& ts) : ts_(ts) {}

  Status add(Obj number, Wide factor, const char* tag) {
    if (is_int(number)) return add_int(number, factor);
    if (!is_float(number)) {
      return raise_type_error(ts_, "unsupported type for timedelta {} component: {t}", tag, number);
    }
    double whole;
    const double fraction = std::modf(as<Float>(number)->value, &whole);
    OURO_TRY(add_double(whole, factor));
    if (fraction == 0) return kDone;
    double whole_micros;
    fraction_ += std::modf(static_cast<double>(factor) * fraction, &whole_micros);
    return add_double(whole_micros, 1);
  }

  Result<Ref<Delta>> finish(Borrowed<Type> type) {
    if (fraction_ != 0) {
      double nearest = std::round(fraction_);
      if (std::fabs(nearest - fraction_) == 0.5) {
        // A tie: to the even number of the whole sum.
        const double odd = is_odd() ? 1 : 0;
        nearest = 2 * std::round((fraction_ + odd) * 0.5) - odd;
      }
      near_ += static_cast<Wide>(nearest);
    }
    if (!far_) return delta_from_wide(ts_, type, near_);
    ObjRef near = OURO_TRY(int_from_wide(ts_, near_));
    ObjRef sum = OURO_TRY(int_add(ts_, far_, near));
    return delta_from_int(ts_, type, sum);
  }

 private:
  Status add_int(Obj number, Wide factor) {
    const Int* value = as<Int>(number);
    if (value->is_small()) {
      near_ += Wide{value->small} * factor;  // seven of these at most: no overflow
      return kDone;
    }
    ObjRef by = OURO_TRY(int_from_wide(ts_, factor));
    ObjRef product = OURO_TRY(int_multiply(ts_, number, by));
    if (far_) product = OURO_TRY(int_add(ts_, far_, product));
    far_ = std::move(product);
    return kDone;
  }

  Status add_double(double whole, Wide factor) {
    ObjRef number = OURO_TRY(Int::from_double(ts_, whole));
    return add_int(number, factor);
  }

  [[nodiscard]] bool is_odd() const {
    bool odd = (near_ & 1) != 0;
    if (far_) {
      const Magnitude magnitude(far_);
      odd ^= (magnitude.limbs()[0] & 1) != 0;
    }
    return odd;
  }

  ThreadState& ts_;
  Wide near_ = 0;
  ObjRef far_;  // the sum of what does not fit
  double fraction_ = 0;
};

ObjResult delta_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[7];
  OURO_TRY(parse_args(
      ts, args, "__new__",
      {"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"}, 0, given));
  struct Unit {
    int argument;
    const char* name;
    std::int64_t micros;
  };
  constexpr std::int64_t kSecond = kMicrosPerSecond;
  constexpr Unit kUnits[] = {
      {2, "microseconds", 1},
      {3, "milliseconds", 1000},
      {1, "seconds", kSecond},
      {4, "minutes", 60 * kSecond},
      {5, "hours", 3600 * kSecond},
      {0, "days", 86400 * kSecond},
      {6, "weeks", 7 * 86400 * kSecond},
  };
  Sum sum(ts);
  for (const Unit& unit : kUnits) {
    if (given[unit.argument]) OURO_TRY(sum.add(given[unit.argument], unit.micros, unit.name));
  }
  return sum.finish(type);
}

}  // namespace

Result<Ref<Delta>> make_delta(ThreadState& ts, Borrowed<Type> type, std::int64_t days,
                              std::int64_t seconds, std::int64_t microseconds) {
  const WideSpan span = normalised(days, seconds, microseconds);
  if (span.days > kMaxDeltaDays || span.days < -kMaxDeltaDays) {
    return raise(ts, ts.core.exceptions.OverflowError, "days={}; must have magnitude <= {}",
                 span.days, kMaxDeltaDays);
  }
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  auto* delta = as<Delta>(made);
  delta->hash = -1;
  delta->span = span.rest;
  delta->span.days = static_cast<int>(span.days);
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return Ref<Delta>::steal(static_cast<Delta*>(made.release()));
}

// -- operators
// -------------------------------------------------------------------------------------

namespace {

/// The results of operators are timedeltas themselves, whatever the operands' classes.
ObjResult plain_delta(ThreadState& ts, Obj like, Wide micros) {
  return delta_from_wide(ts, types_of(like).timedelta, micros);
}
Wide wide_of(Obj delta) { return microseconds_of(span_in(delta)); }

/// Days, seconds and microseconds of left + sign * right.
ObjResult combined(ThreadState& ts, Obj left, Obj right, int sign) {
  const Span& a = span_in(left);
  const Span& b = span_in(right);
  return make_delta(ts, types_of(left).timedelta, std::int64_t{a.days} + sign * b.days,
                    a.seconds + sign * b.seconds, a.microseconds + sign * b.microseconds);
}

ObjResult delta_add(ThreadState& ts, Obj left, Obj right) {
  if (!is_delta(left) || !is_delta(right)) return ts.core.not_implemented_ref();
  return combined(ts, left, right, 1);
}
ObjResult delta_subtract_slot(ThreadState& ts, Obj left, Obj right) {
  if (!is_delta(left) || !is_delta(right)) return ts.core.not_implemented_ref();
  return combined(ts, left, right, -1);
}

ObjResult negated(ThreadState& ts, Obj self) {
  const Span& span = span_in(self);
  return make_delta(ts, types_of(self).timedelta, -std::int64_t{span.days}, -span.seconds,
                    -span.microseconds);
}
ObjResult plain_copy(ThreadState& ts, Obj self) {
  const Span& span = span_in(self);
  return make_delta(ts, types_of(self).timedelta, span.days, span.seconds, span.microseconds);
}
ObjResult delta_absolute(ThreadState& ts, Obj self) {
  return span_in(self).days < 0 ? negated(ts, self) : plain_copy(ts, self);
}

Result<bool> delta_truth(ThreadState&, Obj self) { return !(span_in(self) == Span{}); }

/// The float as numerator and denominator: ints without a common factor.
Result<Ref<Tuple>> ratio_of(ThreadState& ts, Obj number) {
  ObjRef pair = OURO_TRY(call_method(ts, number, OURO_TRY(intern(ts, "as_integer_ratio"))));
  if (!is_tuple(pair)) {
    return raise_type_error(ts,
                            "unexpected return type from as_integer_ratio(): expected tuple, got "
                            "'{t}'",
                            pair);
  }
  Ref<Tuple> ratio = Ref<Tuple>::share(as<Tuple>(pair));
  if (ratio->size != 2) {
    return raise_value_error(ts, "as_integer_ratio() must return a 2-tuple");
  }
  if (!is_int(ratio->at(0)) || !is_int(ratio->at(1))) {
    return raise_type_error(ts, "as_integer_ratio() must return a pair of ints");
  }
  return ratio;
}

/// delta * numerator / denominator, rounded once.
ObjResult scaled(ThreadState& ts, Obj delta, Obj numerator, Obj denominator) {
  ObjRef micros = OURO_TRY(micros_of(ts, delta));
  ObjRef product = OURO_TRY(int_multiply(ts, micros, numerator));
  ObjRef quotient = OURO_TRY(nearest_quotient(ts, product, denominator));
  return delta_from_int(ts, types_of(delta).timedelta, quotient);
}

ObjResult delta_multiply(ThreadState& ts, Obj left, Obj right) {
  Obj delta = is_delta(left) ? left : right;
  Obj factor = is_delta(left) ? right : left;
  if (is_int(factor)) {
    ObjRef micros = OURO_TRY(micros_of(ts, delta));
    ObjRef product = OURO_TRY(int_multiply(ts, micros, factor));
    return delta_from_int(ts, types_of(delta).timedelta, product);
  }
  if (is_float(factor)) {
    Ref<Tuple> ratio = OURO_TRY(ratio_of(ts, factor));
    return scaled(ts, delta, ratio->at(0), ratio->at(1));
  }
  return ts.core.not_implemented_ref();
}

ObjResult delta_floor_divide(ThreadState& ts, Obj left, Obj right) {
  if (!is_delta(left)) return ts.core.not_implemented_ref();
  if (is_delta(right)) {
    const Wide divisor = wide_of(right);
    if (divisor == 0) return raise_no_divisor(ts);
    return int_from_wide(ts, floor_divide(wide_of(left), divisor));
  }
  if (!is_int(right)) return ts.core.not_implemented_ref();
  if (int_sign(right) == 0) return raise_no_divisor(ts);
  ObjRef micros = OURO_TRY(micros_of(ts, left));
  ObjRef quotient;
  OURO_TRY(int_floor_division(ts, micros, right, &quotient, nullptr));
  return delta_from_int(ts, types_of(left).timedelta, quotient);
}

ObjResult delta_true_divide(ThreadState& ts, Obj left, Obj right) {
  if (!is_delta(left)) return ts.core.not_implemented_ref();
  if (is_delta(right)) {
    ObjRef a = OURO_TRY(micros_of(ts, left));
    ObjRef b = OURO_TRY(micros_of(ts, right));
    return int_true_divide(ts, a, b);
  }
  if (is_int(right)) {
    Ref<Int> one = OURO_TRY(Int::from(ts, 1));
    return scaled(ts, left, one, right);
  }
  if (is_float(right)) {
    Ref<Tuple> ratio = OURO_TRY(ratio_of(ts, right));
    return scaled(ts, left, ratio->at(1), ratio->at(0));
  }
  return ts.core.not_implemented_ref();
}

ObjResult delta_remainder(ThreadState& ts, Obj left, Obj right) {
  if (!is_delta(left) || !is_delta(right)) return ts.core.not_implemented_ref();
  const Wide divisor = wide_of(right);
  if (divisor == 0) {
    return raise(ts, ts.core.exceptions.ZeroDivisionError, "integer modulo by zero");
  }
  const Wide value = wide_of(left);
  return plain_delta(ts, left, value - floor_divide(value, divisor) * divisor);
}

ObjResult delta_divmod(ThreadState& ts, Obj left, Obj right) {
  if (!is_delta(left) || !is_delta(right)) return ts.core.not_implemented_ref();
  const Wide divisor = wide_of(right);
  if (divisor == 0) return raise_no_divisor(ts);
  const Wide value = wide_of(left);
  const Wide quotient = floor_divide(value, divisor);
  ObjRef first = OURO_TRY(int_from_wide(ts, quotient));
  ObjRef second = OURO_TRY(plain_delta(ts, left, value - quotient * divisor));
  return Tuple::of(ts, first, second);
}

ObjResult delta_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_delta(right)) return ts.core.not_implemented_ref();
  const Wide a = wide_of(left);
  const Wide b = wide_of(right);
  return compared(ts, a < b ? -1 : a > b ? 1 : 0, op);
}

Result<Ref<Tuple>> parts_of(ThreadState& ts, Obj self) {
  const Span& span = span_in(self);
  Ref<Int> days = OURO_TRY(Int::from(ts, span.days));
  Ref<Int> seconds = OURO_TRY(Int::from(ts, span.seconds));
  Ref<Int> micros = OURO_TRY(Int::from(ts, span.microseconds));
  return Tuple::of(ts, days, seconds, micros);
}

Result<std::int64_t> delta_hash(ThreadState& ts, Obj self) {
  auto* delta = as<Delta>(self);
  if (delta->hash == -1) {
    Ref<Tuple> parts = OURO_TRY(parts_of(ts, self));
    delta->hash = OURO_TRY(hash_of(ts, parts));
  }
  return delta->hash;
}

ObjResult delta_repr(ThreadState& ts, Obj self) {
  const Span& span = span_in(self);
  StrBuilder text(ts);
  OURO_TRY(text.append(std::string_view(type_name(self))));
  const char* separator = "(";
  const std::pair<const char*, int> parts[] = {
      {"days", span.days}, {"seconds", span.seconds}, {"microseconds", span.microseconds}};
  for (const auto& [name, value] : parts) {
    if (value == 0) continue;
    const FormatArg args[] = {FormatArg(separator), FormatArg(name), FormatArg(value)};
    Ref<Str> part = OURO_TRY(format_message(ts, "{}{}={}", args));
    OURO_TRY(text.append(part));
    separator = ", ";
  }
  OURO_TRY(text.append(std::string_view(span == Span{} ? "(0)" : ")")));
  return text.finish();
}

ObjResult delta_str(ThreadState& ts, Obj self) {
  const Span& span = span_in(self);
  Text clock;
  const int hour = span.seconds / 3600;
  clock.add_number(hour, hour < 10 ? 1 : 2);
  clock.add(':');
  clock.add_number(span.seconds / 60 % 60, 2);
  clock.add(':');
  clock.add_number(span.seconds % 60, 2);
  if (span.microseconds != 0) {
    clock.add('.');
    clock.add_number(span.microseconds, 6);
  }
  if (span.days == 0) return Str::from_latin1(ts, clock.view());
  const bool one = span.days == 1 || span.days == -1;
  const FormatArg args[] = {FormatArg(span.days), FormatArg(one ? "" : "s"),
                            FormatArg(clock.view())};
  return format_message(ts, "{} day{}, {}", args);
}

ObjResult delta_total_seconds(ThreadState& ts, Obj self, Args) {
  return total_seconds_of(ts, span_in(self));
}

ObjResult delta_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Tuple> parts = OURO_TRY(parts_of(ts, self));
  return Tuple::of(ts, Obj(self->type()), parts);
}

void delta_dealloc(gc::Header* header) { free_object(static_cast<Object*>(header)); }

constexpr GetSetDef kGetSets[] = {
    {"days",
     [](ThreadState& ts, Obj self) -> ObjResult { return Int::from(ts, span_in(self).days); },
     refuse_member_set, "Number of days."},
    {"seconds",
     [](ThreadState& ts, Obj self) -> ObjResult { return Int::from(ts, span_in(self).seconds); },
     refuse_member_set, "Number of seconds (>= 0 and less than 1 day)."},
    {"microseconds",
     [](ThreadState& ts, Obj self) -> ObjResult {
       return Int::from(ts, span_in(self).microseconds);
     },
     refuse_member_set, "Number of microseconds (>= 0 and less than 1 second)."},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"total_seconds", delta_total_seconds, 0, 0, MethodDef::kNone,
     "Total seconds in the duration."},
    {"__reduce__", delta_reduce, 0, 0, MethodDef::kNone, "__reduce__() -> (cls, state)"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_delta(Type& type) {
  type.info.dealloc = delta_dealloc;
  type.make = delta_make;
  type.get_attribute = generic_get_attribute;
  type.repr = delta_repr;
  type.str = delta_str;
  type.hash = delta_hash;
  type.compare = delta_compare;
  type.number.add = delta_add;
  type.number.subtract = delta_subtract_slot;
  type.number.multiply = delta_multiply;
  type.number.floor_divide = delta_floor_divide;
  type.number.true_divide = delta_true_divide;
  type.number.remainder = delta_remainder;
  type.number.divmod = delta_divmod;
  type.number.negative = negated;
  type.number.positive = plain_copy;
  type.number.absolute = delta_absolute;
  type.number.truth = delta_truth;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

bool is_delta(Obj object) { return derives_from(object, delta_dealloc); }

ObjResult delta_subtract(ThreadState& ts, Obj left, Obj right) {
  return combined(ts, left, right, -1);
}

ObjResult total_seconds_of(ThreadState& ts, const Span& span) {
  ObjRef micros = OURO_TRY(int_from_wide(ts, microseconds_of(span)));
  Ref<Int> second = OURO_TRY(Int::from(ts, kMicrosPerSecond));
  return int_true_divide(ts, micros, second);
}

Result<Ref<Type>> make_timedelta_type(ThreadState& ts) {
  return make_native_type(
      ts, {"timedelta", "datetime", sizeof(Delta), 0, kBaseType, fill_delta,
           "Difference between two datetime values.\n\ntimedelta(days=0, seconds=0, "
           "microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)\n\nAll arguments are "
           "optional and default to 0.\nArguments may be integers or floats, and may be positive "
           "or negative."});
}

}  // namespace ouro::datetime
