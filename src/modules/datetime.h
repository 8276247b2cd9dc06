// Module _datetime: the objects, plain values and helpers that its sources share.
//
// Terms: a Day is a date of the proleptic Gregorian calendar, years 1 to 9999; its ordinal counts
// from 1 for 0001-01-01. A Clock is a time of day; its fold tells apart the two passes through a
// repeated hour (PEP 495). A Span is a duration, normalised when 0 <= seconds < 86400 and
// 0 <= microseconds < 1000000; only days carries the sign. A zone is a tzinfo object; where a zone
// may be missing, null stands for None.
//
// The types are made once in an interpreter's life, as in CPython: their state hangs on
// CoreObjects::module_states, and importing the module again finds it.
#pragma once

#include <ctime>
#include <string_view>

#include "modules/module_support.h"
#include "objects/errors.h"
#include "objects/int_magnitude.h"

namespace ouro::datetime {

inline constexpr int kFirstYear = 1;
inline constexpr int kLastYear = 9999;
inline constexpr int kSecondsPerDay = 86400;
inline constexpr int kMicrosPerSecond = 1'000'000;
inline constexpr int kUnixOrdinal = 719163;  // of 1970-01-01
inline constexpr int kMaxDeltaDays = 999'999'999;

__extension__ using Wide = __int128;  // microseconds of any timedelta need 67 bits

struct Day {
  int year, month, day;
};
struct Clock {
  int hour = 0, minute = 0, second = 0, microsecond = 0, fold = 0;
};
struct Span {
  int days = 0, seconds = 0, microseconds = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// -- objects ------------------------------------------------------------------------------------

struct Delta : Object {
  std::int64_t hash;  // -1: not computed yet, as below
  Span span;
};
static_assert(sizeof(Delta) == 40);

struct Date : Object {
  std::int64_t hash;
  std::uint16_t year;
  std::uint8_t month, day;
};
static_assert(sizeof(Date) == 32);

/// What Time and DateTime keep beside the numbers.
enum ClockFlags : std::uint8_t { kFold = 1, kAware = 2 };

/// Objects of exactly this type without a zone are allocated without the place for it; so is
/// DateTime.
struct Time : Object {
  std::int64_t hash;
  std::uint32_t microsecond;
  std::uint8_t hour, minute, second, flags;
  Object* zone;  // owned; there only when kAware is set
};
static_assert(sizeof(Time) == 40);

struct DateTime : Date {
  std::uint8_t hour, minute, second, flags;
  std::uint32_t microsecond;
  Object* zone;
};
static_assert(sizeof(DateTime) == 48);

struct Timezone : Object {
  Delta* offset;  // owned
  Str* name;      // ? owned
};

/// The module's types and constants, all owned.
struct Types : Object {
  Type *date, *time, *datetime, *timedelta, *tzinfo, *timezone, *iso_date;
  Object* utc;
  Object* epoch;  // 1970-01-01 00:00 UTC
};

/// Of any of the types and of what derives from them.
inline const Types& types_of_type(Borrowed<Type> type) { return *as<Types>(Obj(companion(type))); }
inline const Types& types_of(Obj object) { return types_of_type(object->type()); }

/// One of the type's bases, or itself, is the native type with this deallocation.
inline bool derives_from(Obj object, void (*dealloc)(gc::Header*)) {
  for (const Type* type = object->type(); type != nullptr; type = type->base) {
    if (type->info.dealloc == dealloc) return true;
  }
  return false;
}
bool is_delta(Obj object);
bool is_date(Obj object);  // datetimes are dates
bool is_time(Obj object);
bool is_datetime(Obj object);
bool is_tzinfo(Obj object);

template <class T>
Obj zone_of(const T* self) {
  return (self->flags & kAware) != 0 ? Obj(self->zone) : Obj();
}
template <class T>
Clock clock_of(const T* self) {
  return {self->hour, self->minute, self->second, static_cast<int>(self->microsecond),
          (self->flags & kFold) != 0 ? 1 : 0};
}
inline Day day_of(const Date* self) { return {self->year, self->month, self->day}; }
/// A zone as Python code sees it.
inline Obj or_none(ThreadState& ts, Obj zone) { return zone ? zone : Obj(ts.core.none); }
inline Obj null_if_none(Obj object) { return object && !is_none(object) ? object : Obj(); }

// -- the calendar (datetime_calendar.cpp)
// ----------------------------------------------------------

bool is_leap(int year);
int days_in_month(int year, int month);
/// Days of the year that lie before the month.
int days_before_month(int year, int month);
int to_ordinal(Day day);
Day from_ordinal(int ordinal);
int weekday_of(Day day);  // Monday is 0
struct IsoDay {
  int year, week, weekday;  // Monday is 1
};
IsoDay to_iso(Day day);
enum class IsoError : std::uint8_t { None, Year, Week, Weekday };
/// The day that an ISO week and weekday name. May be one of year 10000.
IsoError from_iso(IsoDay iso, Day& day);
/// Seconds since 0001-01-01 00:00, plus a day: what CPython computes with.
std::int64_t to_seconds(Day day, const Clock& clock);
/// A duration of these parts, carried over; days may be outside of what timedelta takes.
struct WideSpan {
  std::int64_t days;
  Span rest;  // days is 0
};
WideSpan normalised(std::int64_t days, std::int64_t seconds, std::int64_t microseconds);
inline Wide microseconds_of(const Span& span) {
  return (Wide{span.days} * kSecondsPerDay + span.seconds) * kMicrosPerSecond + span.microseconds;
}

// -- texts (datetime_text.cpp)
// ---------------------------------------------------------------------

enum class TimeSpec : std::uint8_t { Auto, Hours, Minutes, Seconds, Milliseconds, Microseconds };
/// A short ASCII text in place.
struct Text {
  char bytes[64];
  int length = 0;
  [[nodiscard]] std::string_view view() const { return {bytes, static_cast<std::size_t>(length)}; }
  void add(char c) { bytes[length++] = c; }
  void add_number(int value, int digits);
};
void add_day(Text& text, Day day);
void add_clock(Text& text, const Clock& clock, TimeSpec spec);
/// "+01:00", with seconds and microseconds when there are any.
void add_offset(Text& text, Span offset, std::string_view separator);
/// The argument "timespec" of isoformat, null for the default.
Result<TimeSpec> parse_timespec(ThreadState& ts, Obj argument, int position);

/// What follows the minutes in the repr of a time or datetime: ", 1, 2, tzinfo=…, fold=1)".
Status add_repr_end(ThreadState& ts, StrBuilder& text, int second, int microsecond, Obj zone,
                    bool fold, bool fold_first);

/// Reads "YYYY-MM-DD", "YYYYMMDD" and the forms with weeks. False when it is none of them.
bool parse_day(std::string_view text, Day& day);
struct ParsedClock {
  Clock clock;
  bool aware = false;
  std::int64_t offset_seconds = 0;
  int offset_microseconds = 0;  // with the sign of the offset
};
bool parse_clock(std::string_view text, ParsedClock& parsed);
/// Where the date ends in a date and time of at least 7 characters.
std::int64_t date_end(std::string_view text);
Raised raise_invalid_isoformat(ThreadState& ts, Obj text);
/// timezone.utc, another timezone, or null when the text gave none.
Result<Borrowed<Object>> zone_from_parsed(ThreadState& ts, const Types& types,
                                          const ParsedClock& parsed, ObjRef& holder);
/// object's strftime: %z, %Z and %f are replaced, the rest is time.strftime's. `argument` is what
/// the zone's methods are asked about.
ObjResult format_time(ThreadState& ts, Obj object, Obj zone, int microsecond, Borrowed<Str> format,
                      Obj time_tuple, Obj argument);
/// time.struct_time of these parts.
/// "Mon Jan  1 00:00:00 2024".
ObjResult make_ctime(ThreadState& ts, Day day, const Clock& clock);
ObjResult make_struct_time(ThreadState& ts, Day day, const Clock& clock, int dst);
/// __format__: str(self) for an empty format, else self.strftime(format).
ObjResult format_method(ThreadState& ts, Obj self, Args args);

// -- arguments (datetime_module.cpp)
// ---------------------------------------------------------------

/// A C int, with the errors of CPython's argument parser.
Result<int> int_argument(ThreadState& ts, Obj object);
/// `value` stays as it is when the argument is absent.
Status optional_int(ThreadState& ts, Obj argument, int& value);
/// Year, month and day of a constructor; null for what was not given. They are read in order: a
/// wrong year is told before a missing month.
Result<Day> day_arguments(ThreadState& ts, std::span<const Obj> given);
/// What parse_args is to require before that: all three, when so many were given.
inline std::uint32_t required_parts(Args args) {
  return args.count + args.keyword_count() >= 3 ? 3 : 0;
}
/// "NAME() takes exactly 1 argument (0 given)"; keywords were refused already.
Status exact_count(ThreadState& ts, Args args, const char* name, std::uint32_t count);
/// None, or an instance of tzinfo; null for None or an absent argument.
Status check_zone(ThreadState& ts, Obj& zone);
/// A str that was given as argument `position` of `function`.
Status check_str(ThreadState& ts, Obj argument, const char* function, int position);
Status check_day(ThreadState& ts, Day day);
Status check_clock(ThreadState& ts, const Clock& clock);
/// The bytes of a pickled state: of length `size`, given as bytes or (by Python 2) as str. False
/// when the argument is none.
Result<bool> pickled_state(ThreadState& ts, Obj argument, const char* type, std::size_t size,
                           unsigned char* state);
/// Compares three-way results.
ObjResult compared(ThreadState& ts, int difference, CompareOp op);

// -- making objects
// --------------------------------------------------------------------------------

/// OverflowError when the days are too many.
Result<Ref<Delta>> make_delta(ThreadState& ts, Borrowed<Type> type, std::int64_t days,
                              std::int64_t seconds, std::int64_t microseconds);
/// Two timedeltas.
ObjResult delta_subtract(ThreadState& ts, Obj left, Obj right);
/// A float, rounded once.
ObjResult total_seconds_of(ThreadState& ts, const Span& span);
/// Checks the parts, as make_time and make_datetime do. The instance of a subclass is made without
/// a call of the subclass.
Result<Ref<Date>> make_date(ThreadState& ts, Borrowed<Type> type, Day day);
/// A subclass is called.
ObjResult make_date_by_call(ThreadState& ts, Borrowed<Type> type, Day day);
/// Without checks: what a pickle says is taken as it is.
Result<Ref<Date>> allocate_date(ThreadState& ts, Borrowed<Type> type, Day day);
Result<Ref<Time>> allocate_time(ThreadState& ts, Borrowed<Type> type, const Clock& clock, Obj zone);
Result<Ref<DateTime>> allocate_datetime(ThreadState& ts, Borrowed<Type> type, Day day,
                                        const Clock& clock, Obj zone);
Result<Ref<Time>> make_time(ThreadState& ts, Borrowed<Type> type, const Clock& clock, Obj zone);
Result<Ref<DateTime>> make_datetime(ThreadState& ts, Borrowed<Type> type, Day day,
                                    const Clock& clock, Obj zone);
/// As in CPython 3.11, a subclass is not told the fold.
ObjResult make_datetime_by_call(ThreadState& ts, Borrowed<Type> type, Day day, const Clock& clock,
                                Obj zone);
/// The utc object itself for no offset without a name.
ObjResult make_timezone(ThreadState& ts, const Types& types, Borrowed<Delta> offset,
                        Borrowed<Str> name);
ObjResult make_iso_date(ThreadState& ts, const Types& types, IsoDay iso);

// -- zones (datetime_zone.cpp)
// ---------------------------------------------------------------------

/// zone.utcoffset(argument) or zone.dst(argument): None or a timedelta of less than a day. Null
/// zone: None.
ObjResult ask_zone(ThreadState& ts, Obj zone, const char* method, Obj argument);
/// zone.tzname(argument): None or a str.
ObjResult ask_zone_name(ThreadState& ts, Obj zone, Obj argument);
/// The offset of a timedelta object, or nothing for None.
inline const Span* span_of(Obj offset) {
  return is_none(offset) ? nullptr : &as<Delta>(offset)->span;
}

// -- datetime (datetime_moments.cpp, datetime_local_time.cpp)
// --------------------------------------

ObjResult datetime_offset(ThreadState& ts, Obj self);
/// datetime + sign * span.
ObjResult add_span(ThreadState& ts, Obj self, const Span& span, int sign);
ObjResult datetime_minus_datetime(ThreadState& ts, Obj left, Obj right);
/// The class methods and conversions of datetime that ask for the machine's local time.
ObjResult datetime_now(ThreadState& ts, Obj self, Args args);
ObjResult datetime_utcnow(ThreadState& ts, Obj self, Args args);
ObjResult datetime_fromtimestamp(ThreadState& ts, Obj self, Args args);
ObjResult datetime_utcfromtimestamp(ThreadState& ts, Obj self, Args args);
ObjResult datetime_timestamp(ThreadState& ts, Obj self, Args args);
ObjResult datetime_astimezone(ThreadState& ts, Obj self, Args args);
/// Broken-down time; OverflowError or OSError as CPython.
Result<std::tm> broken_down(ThreadState& ts, std::time_t seconds, bool utc);

// -- the types
// ---------------------------------------------------------------------------------------

Result<Ref<Type>> make_timedelta_type(ThreadState& ts);
Result<Ref<Type>> make_date_type(ThreadState& ts);
Result<Ref<Type>> make_iso_date_type(ThreadState& ts);
Result<Ref<Type>> make_time_type(ThreadState& ts);
Result<Ref<Type>> make_datetime_type(ThreadState& ts, Borrowed<Type> date);
Result<Ref<Type>> make_tzinfo_type(ThreadState& ts);
Result<Ref<Type>> make_timezone_type(ThreadState& ts, Borrowed<Type> tzinfo);

}  // namespace ouro::datetime
