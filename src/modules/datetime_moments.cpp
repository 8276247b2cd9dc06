// Module _datetime: datetime, a day and a time of day with or without a zone.
#include "modules/datetime.h"
#include "objects/bytes.h"

namespace ouro::datetime {

namespace {

constexpr std::size_t kStateBytes = 10;

DateTime* moment_of(Obj self) { return as<DateTime>(self); }

// -- making
// ----------------------------------------------------------------------------------------

/// datetime(state[, zone]), as pickles call it. False: these are other arguments.
Result<bool> make_unpickled(ThreadState& ts, Borrowed<Type> type, Args args, ObjRef& made) {
  if (args.count < 1 || args.count > 2 || args.keyword_count() != 0) return false;
  unsigned char state[kStateBytes];
  if (!OURO_TRY(pickled_state(ts, args[0], "datetime", sizeof state, state))) return false;
  Obj zone = args.count == 2 ? null_if_none(args[1]) : Obj();
  if (zone && !is_tzinfo(zone)) {
    (void)raise_type_error(ts, "bad tzinfo state arg");
    return Raised{};
  }
  const Day day{state[0] * 256 + state[1], state[2] & 0x7f, state[3]};
  const Clock clock{state[4], state[5], state[6], state[7] << 16 | state[8] << 8 | state[9],
                    state[2] >> 7};
  made = OURO_TRY(allocate_datetime(ts, type, day, clock, zone));
  return true;
}

ObjResult datetime_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  ObjRef unpickled;
  if (OURO_TRY(make_unpickled(ts, type, args, unpickled))) return unpickled;
  Obj given[9];
  OURO_TRY(parse_args(
      ts, args, nullptr,
      {"year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "*fold"},
      required_parts(args), given));
  const Day day = OURO_TRY(day_arguments(ts, given));
  Clock clock;
  int* const parts[] = {&clock.hour, &clock.minute, &clock.second, &clock.microsecond};
  for (int i = 0; i < 4; ++i) OURO_TRY(optional_int(ts, given[3 + i], *parts[i]));
  OURO_TRY(optional_int(ts, given[8], clock.fold));
  OURO_TRY(check_zone(ts, given[7]));
  return make_datetime(ts, type, day, clock, given[7]);
}

ObjResult datetime_strptime(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(exact_count(ts, args, "strptime", 2));
  OURO_TRY(check_str(ts, args[0], "strptime", 1));
  OURO_TRY(check_str(ts, args[1], "strptime", 2));
  ObjRef module = OURO_TRY(import_by_name(ts, "_strptime"));
  ObjRef parse = OURO_TRY(get_attribute(ts, module, "_strptime_datetime"));
  return call(ts, parse, self, args[0], args[1]);
}

ObjResult datetime_combine(ThreadState& ts, Obj self, Args args) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, "combine", {"date", "time", "tzinfo"}, 2, given));
  if (!is_date(given[0])) {
    return raise_type_error(ts, "combine() argument 1 must be datetime.date, not {t}", given[0]);
  }
  if (!is_time(given[1])) {
    return raise_type_error(ts, "combine() argument 2 must be datetime.time, not {t}", given[1]);
  }
  const auto* time = as<Time>(given[1]);
  Obj zone = given[2] ? given[2] : zone_of(time);
  OURO_TRY(check_zone(ts, zone));
  return make_datetime_by_call(ts, as<Type>(self), day_of(as<Date>(given[0])), clock_of(time),
                               zone);
}

/// The text with an ASCII character for the separator, when only that is none.
Result<Ref<Str>> with_ascii_separator(ThreadState& ts, Borrowed<Str> text) {
  if (text->length <= 10) return text.new_ref();
  // The separator follows a date of 7, 8 or 10 characters.
  for (const std::int64_t place : {7, 8, 10}) {
    if (text->at(place) < 0x80) continue;
    StrBuilder built(ts);
    OURO_TRY(built.append(text, 0, place));
    OURO_TRY(built.append(U'T'));
    OURO_TRY(built.append(text, place + 1, text->length));
    return built.finish();
  }
  return text.new_ref();
}

ObjResult datetime_fromisoformat(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "fromisoformat: argument must be str");
  const Ref<Str> text = OURO_TRY(with_ascii_separator(ts, as<Str>(args[0])));
  if (!text->is_ascii() || text->length < 7) return raise_invalid_isoformat(ts, args[0]);
  const std::string_view view = text->ascii();
  const std::int64_t end = date_end(view);
  Day day{};
  ParsedClock parsed;
  if (end < 0 || !parse_day(view.substr(0, static_cast<std::size_t>(end)), day)) {
    return raise_invalid_isoformat(ts, args[0]);
  }
  const std::size_t clock_start = static_cast<std::size_t>(end) + 1;
  if (view.size() > static_cast<std::size_t>(end) &&
      (view.size() == clock_start || !parse_clock(view.substr(clock_start), parsed))) {
    return raise_invalid_isoformat(ts, args[0]);
  }
  ObjRef holder;
  Obj zone = OURO_TRY(zone_from_parsed(ts, types_of_type(as<Type>(self)), parsed, holder));
  return make_datetime_by_call(ts, as<Type>(self), day, parsed.clock, null_if_none(zone));
}

ObjResult datetime_replace(ThreadState& ts, Obj self, Args args) {
  Obj given[9];
  OURO_TRY(parse_args(
      ts, args, "replace",
      {"year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "*fold"}, 0,
      given));
  Day day = day_of(moment_of(self));
  Clock clock = clock_of(moment_of(self));
  int* const parts[] = {&day.year,     &day.month,    &day.day,          &clock.hour,
                        &clock.minute, &clock.second, &clock.microsecond};
  for (int i = 0; i < 7; ++i) OURO_TRY(optional_int(ts, given[i], *parts[i]));
  OURO_TRY(optional_int(ts, given[8], clock.fold));
  Obj zone = given[7] ? given[7] : zone_of(moment_of(self));
  OURO_TRY(check_zone(ts, zone));
  return make_datetime(ts, self->type(), day, clock, zone);
}

// -- the zone's answers
// ----------------------------------------------------------------------------

ObjResult datetime_utcoffset(ThreadState& ts, Obj self, Args) { return datetime_offset(ts, self); }
ObjResult datetime_dst(ThreadState& ts, Obj self, Args) {
  return ask_zone(ts, zone_of(moment_of(self)), "dst", self);
}
ObjResult datetime_tzname(ThreadState& ts, Obj self, Args) {
  return ask_zone_name(ts, zone_of(moment_of(self)), self);
}

// -- arithmetic
// ------------------------------------------------------------------------------------

ObjResult datetime_add(ThreadState& ts, Obj left, Obj right) {
  if (is_datetime(left)) {
    if (is_delta(right)) return add_span(ts, left, as<Delta>(right)->span, 1);
  } else if (is_delta(left)) {
    return add_span(ts, right, as<Delta>(left)->span, 1);
  }
  return ts.core.not_implemented_ref();
}

/// left - right of the wall clocks, in microseconds.
Wide wall_difference(const DateTime* left, const DateTime* right) {
  const Wide seconds =
      to_seconds(day_of(left), clock_of(left)) - to_seconds(day_of(right), clock_of(right));
  return seconds * kMicrosPerSecond + left->microsecond - right->microsecond;
}

ObjResult datetime_subtract(ThreadState& ts, Obj left, Obj right) {
  if (!is_datetime(left)) return ts.core.not_implemented_ref();
  if (is_datetime(right)) return datetime_minus_datetime(ts, left, right);
  if (is_delta(right)) return add_span(ts, left, as<Delta>(right)->span, -1);
  return ts.core.not_implemented_ref();
}

// -- comparison and hash
// ---------------------------------------------------------------------------

int sign_of(Wide difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; }

/// The same moment with the given fold, as a datetime itself.
Result<Ref<DateTime>> with_fold(ThreadState& ts, Obj self, int fold) {
  const DateTime* moment = moment_of(self);
  Clock clock = clock_of(moment);
  clock.fold = fold;
  return allocate_datetime(ts, types_of(self).datetime, day_of(moment), clock, zone_of(moment));
}

/// The offset depends on the fold: such a moment equals none of another zone (PEP 495).
Result<bool> is_problematic(ThreadState& ts, Obj self, Obj offset) {
  Ref<DateTime> flipped =
      OURO_TRY(with_fold(ts, self, (moment_of(self)->flags & kFold) != 0 ? 0 : 1));
  ObjRef other = OURO_TRY(datetime_offset(ts, flipped));
  const Span* a = span_of(offset);
  const Span* b = span_of(other);
  if (a == nullptr || b == nullptr) return a != b;
  return !(*a == *b);
}

ObjResult compare_across_zones(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  const bool for_equality = op == CompareOp::Equal || op == CompareOp::NotEqual;
  ObjRef left_offset = OURO_TRY(datetime_offset(ts, left));
  ObjRef right_offset = OURO_TRY(datetime_offset(ts, right));
  const Span* a = span_of(left_offset);
  const Span* b = span_of(right_offset);
  if ((a == nullptr) != (b == nullptr)) {
    if (for_equality) return ts.core.bool_ref(op == CompareOp::NotEqual);
    return raise_type_error(ts, "can't compare offset-naive and offset-aware datetimes");
  }
  Wide difference = wall_difference(moment_of(left), moment_of(right));
  if (a != nullptr) difference -= microseconds_of(*a) - microseconds_of(*b);
  int sign = sign_of(difference);
  if (for_equality && sign == 0) {
    if (OURO_TRY(is_problematic(ts, left, left_offset)) ||
        OURO_TRY(is_problematic(ts, right, right_offset))) {
      sign = 1;
    }
  }
  return compared(ts, sign, op);
}

ObjResult datetime_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_datetime(right)) {
    // Not left to date's comparison, for which a datetime is a date.
    if (!is_date(right)) return ts.core.not_implemented_ref();
    if (op == CompareOp::Equal) return ts.core.bool_ref(false);
    if (op == CompareOp::NotEqual) return ts.core.bool_ref(true);
    return raise_type_error(ts, "can't compare {t} to {t}", left, right);
  }
  if (zone_of(moment_of(left)) == zone_of(moment_of(right))) {
    return compared(ts, sign_of(wall_difference(moment_of(left), moment_of(right))), op);
  }
  const ObjRef held_left = left.new_ref();
  const ObjRef held_right = right.new_ref();
  return compare_across_zones(ts, left, right, op);
}

void write_state(const DateTime* moment, bool fold, char* bytes) {
  bytes[0] = static_cast<char>(moment->year >> 8);
  bytes[1] = static_cast<char>(moment->year);
  bytes[2] = static_cast<char>(moment->month | (fold ? 0x80 : 0));
  bytes[3] = static_cast<char>(moment->day);
  bytes[4] = static_cast<char>(moment->hour);
  bytes[5] = static_cast<char>(moment->minute);
  bytes[6] = static_cast<char>(moment->second);
  bytes[7] = static_cast<char>(moment->microsecond >> 16);
  bytes[8] = static_cast<char>(moment->microsecond >> 8);
  bytes[9] = static_cast<char>(moment->microsecond);
}

Result<std::int64_t> datetime_hash(ThreadState& ts, Obj self) {
  DateTime* moment = moment_of(self);
  if (moment->hash != -1) return moment->hash;
  // Moments that differ by their fold only are equal: the offset is the one without fold.
  ObjRef unfolded = self.new_ref();
  if ((moment->flags & kFold) != 0) unfolded = OURO_TRY(with_fold(ts, self, 0));
  ObjRef offset = OURO_TRY(datetime_offset(ts, unfolded));
  if (const Span* span = span_of(offset)) {
    const Clock clock = clock_of(moment);
    Ref<Delta> since_start = OURO_TRY(make_delta(
        ts, types_of(self).timedelta, std::int64_t{to_ordinal(day_of(moment))} - span->days,
        clock.hour * 3600 + clock.minute * 60 + clock.second - span->seconds,
        clock.microsecond - span->microseconds));
    moment->hash = OURO_TRY(hash_of(ts, since_start));
  } else {
    char state[kStateBytes];
    write_state(moment, false, state);
    moment->hash = hash_bytes(ts.core, state, sizeof state);
  }
  return moment->hash;
}

// -- texts
// -----------------------------------------------------------------------------------------

ObjResult datetime_repr(ThreadState& ts, Obj self) {
  const DateTime* moment = moment_of(self);
  const Day day = day_of(moment);
  StrBuilder text(ts);
  const FormatArg start[] = {FormatArg(type_name(self)),   FormatArg(day.year),
                             FormatArg(day.month),         FormatArg(day.day),
                             FormatArg(int{moment->hour}), FormatArg(int{moment->minute})};
  Ref<Str> part = OURO_TRY(format_message(ts, "{}({}, {}, {}, {}, {}", start));
  OURO_TRY(text.append(part));
  OURO_TRY(add_repr_end(ts, text, moment->second, static_cast<int>(moment->microsecond),
                        zone_of(moment), (moment->flags & kFold) != 0, true));
  return text.finish();
}

ObjResult datetime_isoformat(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "isoformat", {"sep", "timespec"}, 0, given));
  char32_t separator = U'T';
  if (given[0]) {
    if (!is_str(given[0]) || as<Str>(given[0])->length != 1) {
      return raise_type_error(ts, "isoformat() argument 1 must be a unicode character, not {t}",
                              given[0]);
    }
    separator = as<Str>(given[0])->at(0);
  }
  const TimeSpec spec = OURO_TRY(parse_timespec(ts, given[1], 2));
  Text day;
  add_day(day, day_of(moment_of(self)));
  Text clock;
  add_clock(clock, clock_of(moment_of(self)), spec);
  ObjRef offset = OURO_TRY(datetime_offset(ts, self));
  if (const Span* span = span_of(offset)) add_offset(clock, *span, ":");
  StrBuilder text(ts);
  OURO_TRY(text.append(day.view()));
  OURO_TRY(text.append(separator));
  OURO_TRY(text.append(clock.view()));
  return text.finish();
}

ObjResult datetime_str(ThreadState& ts, Obj self) {
  Ref<Str> space = OURO_TRY(Str::from_char(ts, U' '));
  Object* const arguments[] = {space.get()};
  return call_method(ts, self, OURO_TRY(intern(ts, "isoformat")), arguments);
}

ObjResult datetime_ctime(ThreadState& ts, Obj self, Args) {
  return make_ctime(ts, day_of(moment_of(self)), clock_of(moment_of(self)));
}

// -- parts
// -----------------------------------------------------------------------------------------

ObjResult datetime_timetuple(ThreadState& ts, Obj self, Args) {
  int flag = -1;
  ObjRef dst = OURO_TRY(ask_zone(ts, zone_of(moment_of(self)), "dst", self));
  if (const Span* span = span_of(dst)) flag = *span == Span{} ? 0 : 1;
  return make_struct_time(ts, day_of(moment_of(self)), clock_of(moment_of(self)), flag);
}

ObjResult datetime_utctimetuple(ThreadState& ts, Obj self, Args) {
  ObjRef offset = OURO_TRY(datetime_offset(ts, self));
  const Span* span = span_of(offset);
  if (span == nullptr) {
    return make_struct_time(ts, day_of(moment_of(self)), clock_of(moment_of(self)), 0);
  }
  Ref<DateTime> plain = OURO_TRY(with_fold(ts, self, 0));
  ObjRef utc = OURO_TRY(add_span(ts, plain, *span, -1));
  return make_struct_time(ts, day_of(moment_of(utc)), clock_of(moment_of(utc)), 0);
}

ObjResult datetime_date(ThreadState& ts, Obj self, Args) {
  return make_date(ts, types_of(self).date, day_of(moment_of(self)));
}
ObjResult datetime_time(ThreadState& ts, Obj self, Args) {
  return make_time(ts, types_of(self).time, clock_of(moment_of(self)), nullptr);
}
ObjResult datetime_timetz(ThreadState& ts, Obj self, Args) {
  return make_time(ts, types_of(self).time, clock_of(moment_of(self)), zone_of(moment_of(self)));
}

// -- pickling
// --------------------------------------------------------------------------------------

ObjResult reduced(ThreadState& ts, Obj self, bool with_the_fold) {
  char state[kStateBytes];
  write_state(moment_of(self), with_the_fold && (moment_of(self)->flags & kFold) != 0, state);
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, {state, sizeof state}));
  Obj zone = zone_of(moment_of(self));
  Ref<Tuple> arguments =
      zone ? OURO_TRY(Tuple::of(ts, bytes, zone)) : OURO_TRY(Tuple::of(ts, bytes));
  return Tuple::of(ts, Obj(self->type()), arguments);
}

ObjResult datetime_reduce_ex(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(exact_count(ts, args, "__reduce_ex__", 1));
  const int protocol = OURO_TRY(int_argument(ts, args[0]));
  return reduced(ts, self, protocol > 3);
}
ObjResult datetime_reduce(ThreadState& ts, Obj self, Args) { return reduced(ts, self, false); }

void datetime_dealloc(gc::Header* header) {
  auto* self = static_cast<DateTime*>(header);
  if ((self->flags & kAware) != 0) drop(self->zone);
  free_object(self);
}

template <auto member>
ObjResult part(ThreadState& ts, Obj self) {
  return Int::from(ts, moment_of(self)->*member);
}
ObjResult get_fold(ThreadState& ts, Obj self) {
  return Int::from(ts, (moment_of(self)->flags & kFold) != 0 ? 1 : 0);
}
ObjResult get_zone(ThreadState& ts, Obj self) {
  return or_none(ts, zone_of(moment_of(self))).new_ref();
}

constexpr GetSetDef kGetSets[] = {
    {"hour", part<&DateTime::hour>, nullptr, nullptr},
    {"minute", part<&DateTime::minute>, nullptr, nullptr},
    {"second", part<&DateTime::second>, nullptr, nullptr},
    {"microsecond", part<&DateTime::microsecond>, nullptr, nullptr},
    {"tzinfo", get_zone, nullptr, nullptr},
    {"fold", get_fold, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"now", datetime_now, 0, -1, MethodDef::kClass | MethodDef::kKeywords,
     "now($type, /, tz=None)\n--\n\nReturns new datetime object representing current time local to "
     "tz.\n\n  tz\n    Timezone object.\n\nIf no tz is specified, uses local timezone."},
    {"utcnow", datetime_utcnow, 0, 0, MethodDef::kClass,
     "Return a new datetime representing UTC day and time."},
    {"fromtimestamp", datetime_fromtimestamp, 0, -1, MethodDef::kClass | MethodDef::kKeywords,
     "timestamp[, tz] -> tz's local time from POSIX timestamp."},
    {"utcfromtimestamp", datetime_utcfromtimestamp, 0, -1, MethodDef::kClass,
     "Construct a naive UTC datetime from a POSIX timestamp."},
    {"strptime", datetime_strptime, 0, -1, MethodDef::kClass,
     "string, format -> new datetime parsed from a string (like time.strptime())."},
    {"combine", datetime_combine, 0, -1, MethodDef::kClass | MethodDef::kKeywords,
     "date, time -> datetime with same date and time fields"},
    {"fromisoformat", datetime_fromisoformat, 1, 1, MethodDef::kClass,
     "string -> datetime from a string in most ISO 8601 formats"},
    {"date", datetime_date, 0, 0, MethodDef::kNone,
     "Return date object with same year, month and day."},
    {"time", datetime_time, 0, 0, MethodDef::kNone,
     "Return time object with same time but with tzinfo=None."},
    {"timetz", datetime_timetz, 0, 0, MethodDef::kNone,
     "Return time object with same time and tzinfo."},
    {"ctime", datetime_ctime, 0, 0, MethodDef::kNone, "Return ctime() style string."},
    {"timetuple", datetime_timetuple, 0, 0, MethodDef::kNone,
     "Return time tuple, compatible with time.localtime()."},
    {"timestamp", datetime_timestamp, 0, 0, MethodDef::kNone, "Return POSIX timestamp as float."},
    {"utctimetuple", datetime_utctimetuple, 0, 0, MethodDef::kNone,
     "Return UTC time tuple, compatible with time.localtime()."},
    {"isoformat", datetime_isoformat, 0, -1, MethodDef::kKeywords,
     "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\nsep is "
     "used to separate the year from the time, and defaults to 'T'.\nThe optional argument "
     "timespec "
     "specifies the number of additional terms\nof the time to include. Valid options are 'auto', "
     "'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n"},
    {"utcoffset", datetime_utcoffset, 0, 0, MethodDef::kNone,
     "Return self.tzinfo.utcoffset(self)."},
    {"tzname", datetime_tzname, 0, 0, MethodDef::kNone, "Return self.tzinfo.tzname(self)."},
    {"dst", datetime_dst, 0, 0, MethodDef::kNone, "Return self.tzinfo.dst(self)."},
    {"replace", datetime_replace, 0, -1, MethodDef::kKeywords,
     "Return datetime with new specified fields."},
    {"astimezone", datetime_astimezone, 0, -1, MethodDef::kKeywords,
     "tz -> convert to local time in new timezone tz\n"},
    {"__reduce_ex__", datetime_reduce_ex, 0, -1, MethodDef::kNone,
     "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__", datetime_reduce, 0, 0, MethodDef::kNone, "__reduce__() -> (cls, state)"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_datetime(Type& type) {
  type.info.dealloc = datetime_dealloc;
  type.make = datetime_make;
  type.get_attribute = generic_get_attribute;
  type.repr = datetime_repr;
  type.str = datetime_str;
  type.hash = datetime_hash;
  type.compare = datetime_compare;
  type.number.add = datetime_add;
  type.number.subtract = datetime_subtract;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

bool is_datetime(Obj object) { return derives_from(object, datetime_dealloc); }

ObjResult datetime_offset(ThreadState& ts, Obj self) {
  return ask_zone(ts, zone_of(moment_of(self)), "utcoffset", self);
}

ObjResult datetime_minus_datetime(ThreadState& ts, Obj left, Obj right) {
  const ObjRef held_left = left.new_ref();
  const ObjRef held_right = right.new_ref();
  const DateTime* a = moment_of(left);
  const DateTime* b = moment_of(right);
  Span between_offsets;
  if (!(zone_of(a) == zone_of(b))) {
    ObjRef left_offset = OURO_TRY(datetime_offset(ts, left));
    ObjRef right_offset = OURO_TRY(datetime_offset(ts, right));
    if (is_none(left_offset) != is_none(right_offset)) {
      return raise_type_error(ts, "can't subtract offset-naive and offset-aware datetimes");
    }
    if (!is_none(left_offset)) {
      ObjRef difference = OURO_TRY(delta_subtract(ts, left_offset, right_offset));
      between_offsets = as<Delta>(difference)->span;
    }
  }
  const Clock x = clock_of(a);
  const Clock y = clock_of(b);
  return make_delta(
      ts, types_of(left).timedelta,
      std::int64_t{to_ordinal(day_of(a))} - to_ordinal(day_of(b)) - between_offsets.days,
      (x.hour - y.hour) * 3600 + (x.minute - y.minute) * 60 + x.second - y.second -
          between_offsets.seconds,
      x.microsecond - y.microsecond - between_offsets.microseconds);
}

ObjResult add_span(ThreadState& ts, Obj self, const Span& span, int sign) {
  const DateTime* moment = moment_of(self);
  Clock clock = clock_of(moment);
  const WideSpan sum =
      normalised(std::int64_t{to_ordinal(day_of(moment))} + sign * span.days,
                 clock.hour * 3600 + clock.minute * 60 + clock.second + sign * span.seconds,
                 clock.microsecond + sign * span.microseconds);
  if (sum.days < 1 || sum.days > to_ordinal({kLastYear, 12, 31})) {
    return raise(ts, ts.core.exceptions.OverflowError, "date value out of range");
  }
  clock = {sum.rest.seconds / 3600, sum.rest.seconds / 60 % 60, sum.rest.seconds % 60,
           sum.rest.microseconds, 0};
  return make_datetime_by_call(ts, self->type(), from_ordinal(static_cast<int>(sum.days)), clock,
                               zone_of(moment));
}

Result<Ref<DateTime>> allocate_datetime(ThreadState& ts, Borrowed<Type> type, Day day,
                                        const Clock& clock, Obj zone) {
  const ObjRef held = ObjRef::share(zone.get());
  const bool small = !zone && type.get() == types_of_type(type).datetime;
  ObjRef made = OURO_TRY(
      allocate_object(ts, type, small ? offsetof(DateTime, zone) : type->info.basic_bytes));
  auto* moment = as<DateTime>(made);
  moment->hash = -1;
  moment->year = static_cast<std::uint16_t>(day.year);
  moment->month = static_cast<std::uint8_t>(day.month);
  moment->day = static_cast<std::uint8_t>(day.day);
  moment->hour = static_cast<std::uint8_t>(clock.hour);
  moment->minute = static_cast<std::uint8_t>(clock.minute);
  moment->second = static_cast<std::uint8_t>(clock.second);
  moment->microsecond = static_cast<std::uint32_t>(clock.microsecond);
  moment->flags = clock.fold != 0 ? kFold : 0;
  if (zone) {
    moment->flags |= kAware;
    moment->zone = zone.new_ref().release();
  }
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return Ref<DateTime>::steal(static_cast<DateTime*>(made.release()));
}

Result<Ref<DateTime>> make_datetime(ThreadState& ts, Borrowed<Type> type, Day day,
                                    const Clock& clock, Obj zone) {
  OURO_TRY(check_day(ts, day));
  OURO_TRY(check_clock(ts, clock));
  return allocate_datetime(ts, type, day, clock, zone);
}

ObjResult make_datetime_by_call(ThreadState& ts, Borrowed<Type> type, Day day, const Clock& clock,
                                Obj zone) {
  if (type.get() == types_of_type(type).datetime) return make_datetime(ts, type, day, clock, zone);
  const Ref<Type> held = type.new_ref();
  ItemBuffer items(ts);
  for (const int part :
       {day.year, day.month, day.day, clock.hour, clock.minute, clock.second, clock.microsecond}) {
    Ref<Int> number = OURO_TRY(Int::from(ts, part));
    OURO_TRY(items.append(std::move(number)));
  }
  OURO_TRY(items.append(or_none(ts, zone).new_ref()));
  return call(ts, type, Args{items.data(), static_cast<std::uint32_t>(items.size()), nullptr});
}

Result<Ref<Type>> make_datetime_type(ThreadState& ts, Borrowed<Type> date) {
  return make_native_type(
      ts,
      {"datetime", "datetime", sizeof(DateTime), 0, kBaseType, fill_datetime,
       "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nThe "
       "year, month and day arguments are required. tzinfo may be None, or an\ninstance of a "
       "tzinfo subclass. The remaining arguments may be ints.\n"},
      date);
}

}  // namespace ouro::datetime
