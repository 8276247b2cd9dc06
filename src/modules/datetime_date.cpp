// Module _datetime: date, and the named tuple that isocalendar gives.
#include "modules/datetime.h"
#include "modules/time_support.h"
#include "objects/bytes.h"

namespace ouro::datetime {

namespace {

Date* date_of(Obj self) { return as<Date>(self); }

// -- making
// ----------------------------------------------------------------------------------------

ObjResult date_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  unsigned char state[4];
  if (args.count == 1 && args.keyword_count() == 0 &&
      OURO_TRY(pickled_state(ts, args[0], "date", sizeof state, state))) {
    return allocate_date(ts, type, {state[0] * 256 + state[1], state[2], state[3]});
  }
  Obj given[3];
  OURO_TRY(parse_args(ts, args, nullptr, {"year", "month", "day"}, required_parts(args), given));
  const Day day = OURO_TRY(day_arguments(ts, given));
  return make_date(ts, type, day);
}

ObjResult date_today(ThreadState& ts, Obj self, Args) {
  ObjRef time = OURO_TRY(import_by_name(ts, "time"));
  ObjRef now = OURO_TRY(call_method(ts, time, OURO_TRY(intern(ts, "time"))));
  Object* const arguments[] = {now.get()};
  return call_method(ts, self, OURO_TRY(intern(ts, "fromtimestamp")), arguments);
}

ObjResult date_fromtimestamp(ThreadState& ts, Obj self, Args args) {
  const std::time_t seconds = OURO_TRY(seconds_argument(ts, args[0]));
  const std::tm parts = OURO_TRY(broken_down(ts, seconds, false));
  return make_date_by_call(ts, as<Type>(self),
                           {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday});
}

ObjResult date_fromordinal(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(exact_count(ts, args, "fromordinal", 1));
  const int ordinal = OURO_TRY(int_argument(ts, args[0]));
  if (ordinal < 1) return raise_value_error(ts, "ordinal must be >= 1");
  return make_date_by_call(ts, as<Type>(self), from_ordinal(ordinal));
}

ObjResult date_fromisoformat(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "fromisoformat: argument must be str");
  Day day{};
  const auto* text = as<Str>(args[0]);
  if (!text->is_ascii() || !parse_day(text->ascii(), day)) {
    return raise_invalid_isoformat(ts, args[0]);
  }
  return make_date_by_call(ts, as<Type>(self), day);
}

Result<IsoDay> iso_arguments(ThreadState& ts, std::span<const Obj> given) {
  IsoDay iso{};
  iso.year = OURO_TRY(int_argument(ts, given[0]));
  iso.week = OURO_TRY(int_argument(ts, given[1]));
  iso.weekday = OURO_TRY(int_argument(ts, given[2]));
  return iso;
}

ObjResult date_fromisocalendar(ThreadState& ts, Obj self, Args args) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, "fromisocalendar", {"year", "week", "day"}, 3, given));
  Result<IsoDay> read = iso_arguments(ts, given);
  if (read.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.OverflowError)) return Raised{};
    return raise_value_error(ts, "ISO calendar component out of range");
  }
  const IsoDay iso = read.take();
  Day day{};
  switch (from_iso(iso, day)) {
    case IsoError::Year:
      return raise_value_error(ts, "Year is out of range: {}", iso.year);
    case IsoError::Week:
      return raise_value_error(ts, "Invalid week: {}", iso.week);
    case IsoError::Weekday:
      return raise_value_error(ts, "Invalid day: {} (range is [1, 7])", iso.weekday);
    case IsoError::None:
      break;
  }
  return make_date_by_call(ts, as<Type>(self), day);
}

// -- arithmetic and comparison
// ---------------------------------------------------------------------

/// date + sign * delta, of which only the days count.
ObjResult plus_days(ThreadState& ts, Obj date, Obj delta, int sign) {
  // As in CPython, a negative timedelta is taken with its days as they are, not rounded anew.
  const std::int64_t ordinal =
      std::int64_t{to_ordinal(day_of(date_of(date)))} + sign * as<Delta>(delta)->span.days;
  if (ordinal < 1 || ordinal > to_ordinal({kLastYear, 12, 31})) {
    return raise(ts, ts.core.exceptions.OverflowError, "date value out of range");
  }
  return make_date_by_call(ts, date->type(), from_ordinal(static_cast<int>(ordinal)));
}

ObjResult date_add(ThreadState& ts, Obj left, Obj right) {
  if (is_datetime(left) || is_datetime(right)) return ts.core.not_implemented_ref();
  if (is_date(left)) {
    return is_delta(right) ? plus_days(ts, left, right, 1) : ts.core.not_implemented_ref();
  }
  return is_delta(left) ? plus_days(ts, right, left, 1) : ts.core.not_implemented_ref();
}

ObjResult date_subtract(ThreadState& ts, Obj left, Obj right) {
  if (is_datetime(left) || is_datetime(right)) return ts.core.not_implemented_ref();
  if (is_date(left)) {
    if (is_date(right)) {
      const int days = to_ordinal(day_of(date_of(left))) - to_ordinal(day_of(date_of(right)));
      return make_delta(ts, types_of(left).timedelta, days, 0, 0);
    }
    if (is_delta(right)) return plus_days(ts, left, right, -1);
  }
  return ts.core.not_implemented_ref();
}

int packed(const Date* date) { return (date->year * 16 + date->month) * 32 + date->day; }

ObjResult date_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_date(right)) return ts.core.not_implemented_ref();
  return compared(ts, packed(date_of(left)) - packed(date_of(right)), op);
}

/// The four bytes that pickles hold, and hashes are made of.
void write_state(const Date* date, char* bytes) {
  bytes[0] = static_cast<char>(date->year / 256);
  bytes[1] = static_cast<char>(date->year % 256);
  bytes[2] = static_cast<char>(date->month);
  bytes[3] = static_cast<char>(date->day);
}

Result<std::int64_t> date_hash(ThreadState& ts, Obj self) {
  Date* date = date_of(self);
  if (date->hash == -1) {
    char state[4];
    write_state(date, state);
    date->hash = hash_bytes(ts.core, state, sizeof state);
  }
  return date->hash;
}

// -- texts
// -----------------------------------------------------------------------------------------

ObjResult date_repr(ThreadState& ts, Obj self) {
  const Day day = day_of(date_of(self));
  const FormatArg args[] = {FormatArg(type_name(self)), FormatArg(day.year), FormatArg(day.month),
                            FormatArg(day.day)};
  return format_message(ts, "{}({}, {}, {})", args);
}

ObjResult date_isoformat(ThreadState& ts, Obj self, Args) {
  Text text;
  add_day(text, day_of(date_of(self)));
  return Str::from_latin1(ts, text.view());
}

ObjResult date_str(ThreadState& ts, Obj self) {
  return call_method(ts, self, OURO_TRY(intern(ts, "isoformat")));
}

ObjResult date_ctime(ThreadState& ts, Obj self, Args) {
  return make_ctime(ts, day_of(date_of(self)), Clock{});
}

ObjResult date_strftime(ThreadState& ts, Obj self, Args args) {
  // Inherited by datetime, whose zone and microseconds then count.
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "strftime", {"format"}, 1, given));
  OURO_TRY(check_str(ts, given[0], "strftime", 1));
  ObjRef parts = OURO_TRY(call_method(ts, self, OURO_TRY(intern(ts, "timetuple"))));
  const auto* moment = is_datetime(self) ? as<DateTime>(self) : nullptr;
  return format_time(ts, self, moment != nullptr ? zone_of(moment) : Obj(),
                     moment != nullptr ? static_cast<int>(moment->microsecond) : 0,
                     as<Str>(given[0]), parts, self);
}

// -- parts
// -----------------------------------------------------------------------------------------

ObjResult date_timetuple(ThreadState& ts, Obj self, Args) {
  return make_struct_time(ts, day_of(date_of(self)), Clock{}, -1);
}
ObjResult date_isocalendar(ThreadState& ts, Obj self, Args) {
  return make_iso_date(ts, types_of(self), to_iso(day_of(date_of(self))));
}
ObjResult date_toordinal(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, to_ordinal(day_of(date_of(self))));
}
ObjResult date_weekday(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, weekday_of(day_of(date_of(self))));
}
ObjResult date_isoweekday(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, weekday_of(day_of(date_of(self))) + 1);
}

ObjResult date_replace(ThreadState& ts, Obj self, Args args) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, "replace", {"year", "month", "day"}, 0, given));
  Day day = day_of(date_of(self));
  OURO_TRY(optional_int(ts, given[0], day.year));
  OURO_TRY(optional_int(ts, given[1], day.month));
  OURO_TRY(optional_int(ts, given[2], day.day));
  return make_date(ts, self->type(), day);
}

ObjResult date_reduce(ThreadState& ts, Obj self, Args) {
  char state[4];
  write_state(date_of(self), state);
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, {state, sizeof state}));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, bytes));
  return Tuple::of(ts, Obj(self->type()), arguments);
}

void date_dealloc(gc::Header* header) { free_object(static_cast<Object*>(header)); }

constexpr GetSetDef kGetSets[] = {
    {"year",
     [](ThreadState& ts, Obj self) -> ObjResult { return Int::from(ts, date_of(self)->year); },
     nullptr, nullptr},
    {"month",
     [](ThreadState& ts, Obj self) -> ObjResult { return Int::from(ts, date_of(self)->month); },
     nullptr, nullptr},
    {"day",
     [](ThreadState& ts, Obj self) -> ObjResult { return Int::from(ts, date_of(self)->day); },
     nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"fromtimestamp", date_fromtimestamp, 1, 1, MethodDef::kClass,
     "fromtimestamp($type, timestamp, /)\n--\n\nCreate a date from a POSIX timestamp.\n\nThe "
     "timestamp is a number, e.g. created via time.time(), that is interpreted\nas local time."},
    {"fromordinal", date_fromordinal, 0, -1, MethodDef::kClass,
     "int -> date corresponding to a proleptic Gregorian ordinal."},
    {"fromisoformat", date_fromisoformat, 1, 1, MethodDef::kClass,
     "str -> Construct a date from a string in ISO 8601 format."},
    {"fromisocalendar", date_fromisocalendar, 0, -1, MethodDef::kClass | MethodDef::kKeywords,
     "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\nThis is the "
     "inverse of the date.isocalendar() function"},
    {"today", date_today, 0, 0, MethodDef::kClass,
     "Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."},
    {"ctime", date_ctime, 0, 0, MethodDef::kNone, "Return ctime() style string."},
    {"strftime", date_strftime, 0, -1, MethodDef::kKeywords, "format -> strftime() style string."},
    {"__format__", format_method, 0, -1, MethodDef::kNone, "Formats self with strftime."},
    {"timetuple", date_timetuple, 0, 0, MethodDef::kNone,
     "Return time tuple, compatible with time.localtime()."},
    {"isocalendar", date_isocalendar, 0, 0, MethodDef::kNone,
     "Return a named tuple containing ISO year, week number, and weekday."},
    {"isoformat", date_isoformat, 0, 0, MethodDef::kNone,
     "Return string in ISO 8601 format, YYYY-MM-DD."},
    {"isoweekday", date_isoweekday, 0, 0, MethodDef::kNone,
     "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7"},
    {"toordinal", date_toordinal, 0, 0, MethodDef::kNone,
     "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."},
    {"weekday", date_weekday, 0, 0, MethodDef::kNone,
     "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6"},
    {"replace", date_replace, 0, -1, MethodDef::kKeywords,
     "Return date with new specified fields."},
    {"__reduce__", date_reduce, 0, 0, MethodDef::kNone, "__reduce__() -> (cls, state)"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_date(Type& type) {
  type.info.dealloc = date_dealloc;
  type.make = date_make;
  type.get_attribute = generic_get_attribute;
  type.repr = date_repr;
  type.str = date_str;
  type.hash = date_hash;
  type.compare = date_compare;
  type.number.add = date_add;
  type.number.subtract = date_subtract;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

bool is_date(Obj object) { return derives_from(object, date_dealloc) || is_datetime(object); }

Result<Ref<Date>> make_date(ThreadState& ts, Borrowed<Type> type, Day day) {
  OURO_TRY(check_day(ts, day));
  return allocate_date(ts, type, day);
}

Result<Ref<Date>> allocate_date(ThreadState& ts, Borrowed<Type> type, Day day) {
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  auto* date = as<Date>(made);
  date->hash = -1;
  date->year = static_cast<std::uint16_t>(day.year);
  date->month = static_cast<std::uint8_t>(day.month);
  date->day = static_cast<std::uint8_t>(day.day);
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return Ref<Date>::steal(static_cast<Date*>(made.release()));
}

ObjResult make_date_by_call(ThreadState& ts, Borrowed<Type> type, Day day) {
  if (type.get() == types_of_type(type).date) return make_date(ts, type, day);
  const Ref<Type> held = type.new_ref();
  Ref<Int> year = OURO_TRY(Int::from(ts, day.year));
  Ref<Int> month = OURO_TRY(Int::from(ts, day.month));
  Ref<Int> number = OURO_TRY(Int::from(ts, day.day));
  return call(ts, type, Obj(year), Obj(month), Obj(number));
}

Result<Ref<Type>> make_date_type(ThreadState& ts) {
  return make_native_type(ts, {"date", "datetime", sizeof(Date), 0, kBaseType, fill_date,
                               "date(year, month, day) --> date object"});
}

// -- IsoCalendarDate
// -------------------------------------------------------------------------------

namespace {

ObjResult iso_tuple(ThreadState& ts, Borrowed<Type> type, std::span<const Obj> items) {
  constexpr std::size_t kItems = 3;
  ObjRef made =
      OURO_TRY(allocate_object(ts, type, type->info.basic_bytes + kItems * type->item_bytes));
  auto* tuple = as<Tuple>(made);
  tuple->size = kItems;
  for (std::size_t i = 0; i < kItems; ++i) tuple->items[i] = items[i].new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult iso_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, "IsoCalendarDate", {"year", "week", "weekday"}, 3, given));
  const IsoDay iso = OURO_TRY(iso_arguments(ts, given));
  Ref<Int> year = OURO_TRY(Int::from(ts, iso.year));
  Ref<Int> week = OURO_TRY(Int::from(ts, iso.week));
  Ref<Int> weekday = OURO_TRY(Int::from(ts, iso.weekday));
  const Obj items[] = {year, week, weekday};
  return iso_tuple(ts, type, items);
}

ObjResult iso_repr(ThreadState& ts, Obj self) {
  auto* tuple = as<Tuple>(self);
  const FormatArg args[] = {FormatArg(type_name(self)), FormatArg(tuple->at(0)),
                            FormatArg(tuple->at(1)), FormatArg(tuple->at(2))};
  return format_message(ts, "{}(year={}, week={}, weekday={})", args);
}

ObjResult iso_reduce(ThreadState& ts, Obj self, Args) {
  auto* tuple = as<Tuple>(self);
  Ref<Tuple> plain = OURO_TRY(Tuple::from(ts, tuple->items, static_cast<std::size_t>(tuple->size)));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, plain));
  return Tuple::of(ts, Obj(ts.core.types.tuple), arguments);
}

template <int index>
ObjResult iso_part(ThreadState&, Obj self) {
  return as<Tuple>(self)->at(index).new_ref();
}

constexpr GetSetDef kIsoGetSets[] = {
    {"year", iso_part<0>, nullptr, nullptr},
    {"week", iso_part<1>, nullptr, nullptr},
    {"weekday", iso_part<2>, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};
constexpr MethodDef kIsoMethods[] = {
    {"__reduce__", iso_reduce, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

ObjResult make_iso_date(ThreadState& ts, const Types& types, IsoDay iso) {
  Ref<Int> year = OURO_TRY(Int::from(ts, iso.year));
  Ref<Int> week = OURO_TRY(Int::from(ts, iso.week));
  Ref<Int> weekday = OURO_TRY(Int::from(ts, iso.weekday));
  const Obj items[] = {year, week, weekday};
  return iso_tuple(ts, types.iso_date, items);
}

Result<Ref<Type>> make_iso_date_type(ThreadState& ts) {
  const auto fill = [](Type& type) {
    type.info.dealloc = type.base->info.dealloc;
    type.info.traverse = type.base->info.traverse;
    type.info.describe = type.base->info.describe;
    type.info.clear = type.base->info.clear;
    type.make = iso_make;
    type.repr = iso_repr;
    type.methods = kIsoMethods;
    type.getsets = kIsoGetSets;
  };
  const Type* tuple = ts.core.types.tuple;
  return make_native_type(
      ts,
      {"IsoCalendarDate", "datetime", tuple->info.basic_bytes, tuple->item_bytes,
       std::uint64_t{gc::kCollected} | kTupleSubclass, fill,
       "The result of date.isocalendar() or datetime.isocalendar()\n\nThis object may be accessed "
       "either as a tuple of\n  ((year, week, weekday)\nor via the object attributes as named in "
       "the above tuple."},
      ts.core.types.tuple);
}

}  // namespace ouro::datetime
