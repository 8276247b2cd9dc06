// Module _datetime: datetimes of the machine's clock and local time.
#include <cerrno>
#include <cmath>
#include <ctime>

#include "modules/datetime.h"
#include "modules/time_support.h"
#include "objects/float.h"

namespace ouro::datetime {

namespace {

constexpr std::int64_t kUnixSeconds = std::int64_t{kUnixOrdinal} * kSecondsPerDay;
constexpr std::int64_t kLongestFold = 24 * 3600;  // no zone turns its clock back by more

/// A moment of the Unix clock.
struct UnixTime {
  std::int64_t seconds;
  int microseconds;
};

/// What local clocks show at `seconds` UTC; both count from the year 1.
Result<std::int64_t> local_seconds(ThreadState& ts, std::int64_t seconds) {
  const std::tm parts = OURO_TRY(broken_down(ts, seconds - kUnixSeconds, false));
  const int year = parts.tm_year + 1900;
  if (year < kFirstYear || year > kLastYear) {
    return raise_value_error(ts, "year {} is out of range", year);
  }
  return to_seconds({year, parts.tm_mon + 1, parts.tm_mday},
                    {parts.tm_hour, parts.tm_min, parts.tm_sec, 0, 0});
}

/// The UTC seconds at which local clocks show `wall` (PEP 495: for the given fold; in a gap the
/// offset before it with fold 0, the one after with fold 1).
Result<std::int64_t> utc_seconds(ThreadState& ts, std::int64_t wall, bool fold) {
  const std::int64_t offset = OURO_TRY(local_seconds(ts, wall)) - wall;
  const std::int64_t guess = wall - offset;
  const std::int64_t shown = OURO_TRY(local_seconds(ts, guess));
  std::int64_t other_offset;
  if (shown == wall) {
    // One solution; the other pass through the same hour, if any, is less than a day away.
    const std::int64_t probe = fold ? guess + kLongestFold : guess - kLongestFold;
    other_offset = OURO_TRY(local_seconds(ts, probe)) - probe;
    if (other_offset == offset) return guess;
  } else {
    other_offset = shown - guess;
  }
  const std::int64_t other = wall - other_offset;
  if (OURO_TRY(local_seconds(ts, other)) == wall) return other;
  if (shown == wall) return guess;
  return fold ? std::min(guess, other) : std::max(guess, other);
}

ObjResult from_unix(ThreadState& ts, Borrowed<Type> type, UnixTime time, bool utc, Obj zone) {
  const std::tm parts = OURO_TRY(broken_down(ts, time.seconds, utc));
  const Day day{parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday};
  // A leap second is shown as the second before it.
  Clock clock{parts.tm_hour, parts.tm_min, std::min(parts.tm_sec, 59), time.microseconds, 0};
  if (!zone && !utc && day.year >= kFirstYear && day.year <= kLastYear) {
    const std::int64_t shown = to_seconds(day, clock);
    const std::int64_t now = kUnixSeconds + time.seconds;
    const std::int64_t before = OURO_TRY(local_seconds(ts, now - kLongestFold));
    const std::int64_t turned = shown - before - kLongestFold;
    // The clock was turned back within the last day: is this the second time it shows that?
    if (turned < 0 && OURO_TRY(local_seconds(ts, now + turned)) == shown) clock.fold = 1;
  }
  return make_datetime_by_call(ts, type, day, clock, zone);
}

UnixTime now() {
  std::timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return {time.tv_sec, static_cast<int>(time.tv_nsec / 1000)};
}

/// A number of seconds, to the nearest microsecond (half to even).
Result<UnixTime> timestamp_argument(ThreadState& ts, Obj value) {
  if (!is_float(value)) {
    const std::time_t seconds = OURO_TRY(seconds_argument(ts, value));
    return UnixTime{seconds, 0};
  }
  const double number = as<Float>(value)->value;
  if (std::isnan(number)) return raise_value_error(ts, "Invalid value NaN (not a number)");
  double seconds;
  double micros = std::nearbyint(std::modf(number, &seconds) * kMicrosPerSecond);
  if (micros >= kMicrosPerSecond) {
    micros -= kMicrosPerSecond;
    seconds += 1;
  } else if (micros < 0) {
    micros += kMicrosPerSecond;
    seconds -= 1;
  }
  if (!(seconds >= -0x1p63 && seconds < 0x1p63)) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "timestamp out of range for platform time_t");
  }
  return UnixTime{static_cast<std::int64_t>(seconds), static_cast<int>(micros)};
}

/// `moment`, in UTC but carrying `zone`, as that zone's local time.
ObjResult converted_from_utc(ThreadState& ts, Obj zone, Obj moment) {
  Object* const arguments[] = {moment.get()};
  return call_method(ts, zone, OURO_TRY(intern(ts, "fromutc")), arguments);
}

/// The time `time` in the zone, or local time for a null one.
ObjResult in_zone(ThreadState& ts, Borrowed<Type> type, UnixTime time, Obj zone) {
  ObjRef made = OURO_TRY(from_unix(ts, type, time, static_cast<bool>(zone), zone));
  return zone ? converted_from_utc(ts, zone, made) : ObjResult(std::move(made));
}

/// The machine's zone at this time, as a timezone object.
ObjResult local_zone(ThreadState& ts, const Types& types, std::int64_t seconds) {
  const std::tm parts = OURO_TRY(broken_down(ts, seconds, false));
  Ref<Delta> offset = OURO_TRY(make_delta(ts, types.timedelta, 0, parts.tm_gmtoff, 0));
  Ref<Str> name;
  if (parts.tm_zone != nullptr) name = OURO_TRY(Str::from_utf8(ts, parts.tm_zone));
  return make_timezone(ts, types, offset, name);
}

/// The machine's zone at a naive local time.
ObjResult local_zone_at(ThreadState& ts, Obj moment) {
  const auto* local = as<DateTime>(moment);
  const std::int64_t seconds = OURO_TRY(
      utc_seconds(ts, to_seconds(day_of(local), clock_of(local)), (local->flags & kFold) != 0));
  return local_zone(ts, types_of(moment), seconds - kUnixSeconds);
}

/// Seconds of the Unix clock at an aware moment.
Result<std::int64_t> unix_seconds_of(ThreadState& ts, Obj moment) {
  ObjRef since = OURO_TRY(datetime_minus_datetime(ts, moment, types_of(moment).epoch));
  const Span& span = as<Delta>(since)->span;
  return std::int64_t{span.days} * kSecondsPerDay + span.seconds;
}

}  // namespace

Result<std::tm> broken_down(ThreadState& ts, std::time_t seconds, bool utc) {
  std::tm parts{};
  errno = 0;
  const std::tm* done = utc ? gmtime_r(&seconds, &parts) : localtime_r(&seconds, &parts);
  if (done == nullptr) return raise_os_error(ts, errno != 0 ? errno : EINVAL);
  return parts;
}

ObjResult datetime_now(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "now", {"tz"}, 0, given));
  OURO_TRY(check_zone(ts, given[0]));
  return in_zone(ts, as<Type>(self), now(), given[0]);
}

ObjResult datetime_utcnow(ThreadState& ts, Obj self, Args) {
  return from_unix(ts, as<Type>(self), now(), true, nullptr);
}

ObjResult datetime_fromtimestamp(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "fromtimestamp", {"timestamp", "tz"}, 1, given));
  OURO_TRY(check_zone(ts, given[1]));
  const UnixTime time = OURO_TRY(timestamp_argument(ts, given[0]));
  return in_zone(ts, as<Type>(self), time, given[1]);
}

ObjResult datetime_utcfromtimestamp(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(exact_count(ts, args, "utcfromtimestamp", 1));
  const UnixTime time = OURO_TRY(timestamp_argument(ts, args[0]));
  return from_unix(ts, as<Type>(self), time, true, nullptr);
}

ObjResult datetime_timestamp(ThreadState& ts, Obj self, Args) {
  const auto* moment = as<DateTime>(self);
  if (zone_of(moment)) {
    ObjRef since = OURO_TRY(datetime_minus_datetime(ts, self, types_of(self).epoch));
    return total_seconds_of(ts, as<Delta>(since)->span);
  }
  const std::int64_t seconds = OURO_TRY(
      utc_seconds(ts, to_seconds(day_of(moment), clock_of(moment)), (moment->flags & kFold) != 0));
  return Float::from(ts, static_cast<double>(seconds - kUnixSeconds) + moment->microsecond / 1e6);
}

ObjResult datetime_astimezone(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "astimezone", {"tz"}, 0, given));
  OURO_TRY(check_zone(ts, given[0]));
  const Types& types = types_of(self);
  const auto* moment = as<DateTime>(self);
  ObjRef own_zone = ObjRef::share(zone_of(moment).get());
  if (!own_zone) own_zone = OURO_TRY(local_zone_at(ts, self));
  if (given[0] && own_zone.get() == given[0].get()) return self.new_ref();
  ObjRef offset = OURO_TRY(ask_zone(ts, own_zone, "utcoffset", self));
  if (is_none(offset)) {
    own_zone = OURO_TRY(local_zone_at(ts, self));
    offset = OURO_TRY(ask_zone(ts, own_zone, "utcoffset", self));
    if (is_none(offset)) return raise_system_error(ts, "the local time zone has no offset");
  }
  ObjRef utc = OURO_TRY(add_span(ts, self, as<Delta>(offset)->span, -1));
  if (!is_datetime(utc)) return utc;
  const auto with_zone = [&](Obj zone) {
    const auto* shown = as<DateTime>(utc);
    return make_datetime(ts, utc->type(), day_of(shown), clock_of(shown), zone);
  };
  utc = OURO_TRY(with_zone(types.utc));
  ObjRef zone = ObjRef::share(given[0].get());
  if (!zone) {
    const std::int64_t seconds = OURO_TRY(unix_seconds_of(ts, utc));
    zone = OURO_TRY(local_zone(ts, types, seconds));
  }
  utc = OURO_TRY(with_zone(zone));
  return converted_from_utc(ts, zone, utc);
}

}  // namespace ouro::datetime
