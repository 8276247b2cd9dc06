// Module _datetime: time, a time of day with or without a zone.
#include "modules/datetime.h"
#include "objects/bytes.h"

namespace ouro::datetime {

namespace {

constexpr std::size_t kStateBytes = 6;

Time* time_of(Obj self) { return as<Time>(self); }

// -- making
// ----------------------------------------------------------------------------------------

/// time(state[, zone]), as pickles call it. Null: these are other arguments. The microseconds of a
/// state are taken as they come.
Result<bool> make_unpickled(ThreadState& ts, Borrowed<Type> type, Args args, ObjRef& made) {
  if (args.count < 1 || args.count > 2 || args.keyword_count() != 0) return false;
  unsigned char state[kStateBytes];
  if (!OURO_TRY(pickled_state(ts, args[0], "time", sizeof state, state))) return false;
  Obj zone = args.count == 2 ? null_if_none(args[1]) : Obj();
  if (zone && !is_tzinfo(zone)) {
    (void)raise_type_error(ts, "bad tzinfo state arg");
    return Raised{};
  }
  const Clock clock{state[0] & 0x7f, state[1], state[2], 0, state[0] >> 7};
  Ref<Time> time = OURO_TRY(allocate_time(ts, type, clock, zone));
  time->microsecond = static_cast<std::uint32_t>(state[3] << 16 | state[4] << 8 | state[5]);
  made = std::move(time);
  return true;
}

ObjResult time_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  ObjRef unpickled;
  if (OURO_TRY(make_unpickled(ts, type, args, unpickled))) return unpickled;
  Obj given[6];
  OURO_TRY(parse_args(ts, args, nullptr,
                      {"hour", "minute", "second", "microsecond", "tzinfo", "*fold"}, 0, given));
  Clock clock;
  int* const parts[] = {&clock.hour, &clock.minute, &clock.second, &clock.microsecond};
  for (int i = 0; i < 4; ++i) OURO_TRY(optional_int(ts, given[i], *parts[i]));
  OURO_TRY(optional_int(ts, given[5], clock.fold));
  OURO_TRY(check_zone(ts, given[4]));
  return make_time(ts, type, clock, given[4]);
}

ObjResult time_fromisoformat(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "fromisoformat: argument must be str");
  const Ref<Str> text = Ref<Str>::share(as<Str>(args[0]));
  if (!text->is_ascii()) return raise_invalid_isoformat(ts, text);
  std::string_view view = text->ascii();
  if (!view.empty() && view[0] == 'T') view.remove_prefix(1);
  ParsedClock parsed;
  if (!parse_clock(view, parsed)) return raise_invalid_isoformat(ts, text);
  ObjRef holder;
  Obj zone = OURO_TRY(zone_from_parsed(ts, types_of_type(as<Type>(self)), parsed, holder));
  if (as<Type>(self) == types_of_type(as<Type>(self)).time) {
    return make_time(ts, as<Type>(self), parsed.clock, null_if_none(zone));
  }
  const Clock& clock = parsed.clock;
  ItemBuffer items(ts);
  for (const int part : {clock.hour, clock.minute, clock.second, clock.microsecond}) {
    Ref<Int> number = OURO_TRY(Int::from(ts, part));
    OURO_TRY(items.append(std::move(number)));
  }
  OURO_TRY(items.append(zone.new_ref()));
  return call(ts, self, Args{items.data(), 5, nullptr});
}

ObjResult time_replace(ThreadState& ts, Obj self, Args args) {
  Obj given[6];
  OURO_TRY(parse_args(ts, args, "replace",
                      {"hour", "minute", "second", "microsecond", "tzinfo", "*fold"}, 0, given));
  Clock clock = clock_of(time_of(self));
  int* const parts[] = {&clock.hour, &clock.minute, &clock.second, &clock.microsecond};
  for (int i = 0; i < 4; ++i) OURO_TRY(optional_int(ts, given[i], *parts[i]));
  OURO_TRY(optional_int(ts, given[5], clock.fold));
  Obj zone = given[4] ? given[4] : zone_of(time_of(self));
  OURO_TRY(check_zone(ts, zone));
  return make_time(ts, self->type(), clock, zone);
}

// -- the zone's answers
// ----------------------------------------------------------------------------

ObjResult offset_of(ThreadState& ts, Obj self) {
  return ask_zone(ts, zone_of(time_of(self)), "utcoffset", ts.core.none);
}
ObjResult time_utcoffset(ThreadState& ts, Obj self, Args) { return offset_of(ts, self); }
ObjResult time_dst(ThreadState& ts, Obj self, Args) {
  return ask_zone(ts, zone_of(time_of(self)), "dst", ts.core.none);
}
ObjResult time_tzname(ThreadState& ts, Obj self, Args) {
  return ask_zone_name(ts, zone_of(time_of(self)), ts.core.none);
}

// -- comparison and hash
// ---------------------------------------------------------------------------

std::int64_t micros_of(const Time* time) {
  return ((time->hour * 60 + time->minute) * 60 + time->second) * std::int64_t{kMicrosPerSecond} +
         time->microsecond;
}

int sign_of(Wide difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; }

ObjResult time_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_time(right)) return ts.core.not_implemented_ref();
  const ObjRef held_left = left.new_ref();
  const ObjRef held_right = right.new_ref();
  const std::int64_t difference = micros_of(time_of(left)) - micros_of(time_of(right));
  if (zone_of(time_of(left)) == zone_of(time_of(right))) {
    return compared(ts, sign_of(difference), op);
  }
  ObjRef left_offset = OURO_TRY(offset_of(ts, left));
  ObjRef right_offset = OURO_TRY(offset_of(ts, right));
  const Span* a = span_of(left_offset);
  const Span* b = span_of(right_offset);
  if (a == nullptr && b == nullptr) return compared(ts, sign_of(difference), op);
  if (a != nullptr && b != nullptr) {
    return compared(ts, sign_of(difference - microseconds_of(*a) + microseconds_of(*b)), op);
  }
  if (op == CompareOp::Equal || op == CompareOp::NotEqual) {
    return ts.core.bool_ref(op == CompareOp::NotEqual);
  }
  return raise_type_error(ts, "can't compare offset-naive and offset-aware times");
}

void write_state(const Time* time, bool with_fold, char* bytes) {
  bytes[0] = static_cast<char>(time->hour | (with_fold && (time->flags & kFold) != 0 ? 0x80 : 0));
  bytes[1] = static_cast<char>(time->minute);
  bytes[2] = static_cast<char>(time->second);
  bytes[3] = static_cast<char>(time->microsecond >> 16);
  bytes[4] = static_cast<char>(time->microsecond >> 8);
  bytes[5] = static_cast<char>(time->microsecond);
}

Result<std::int64_t> time_hash(ThreadState& ts, Obj self) {
  Time* time = time_of(self);
  if (time->hash != -1) return time->hash;
  // Times that differ by their fold only are equal: the offset is the one without fold.
  Clock clock = clock_of(time);
  ObjRef unfolded = self.new_ref();
  if (clock.fold != 0) {
    clock.fold = 0;
    unfolded = OURO_TRY(allocate_time(ts, types_of(self).time, clock, zone_of(time)));
  }
  ObjRef offset = OURO_TRY(offset_of(ts, unfolded));
  if (const Span* span = span_of(offset)) {
    const WideSpan utc =
        normalised(-span->days, -span->seconds, micros_of(time) - span->microseconds);
    Ref<Delta> moment = OURO_TRY(make_delta(ts, types_of(self).timedelta, utc.days,
                                            utc.rest.seconds, utc.rest.microseconds));
    time->hash = OURO_TRY(hash_of(ts, moment));
  } else {
    char state[kStateBytes];
    write_state(time, false, state);
    time->hash = hash_bytes(ts.core, state, sizeof state);
  }
  return time->hash;
}

// -- texts
// -----------------------------------------------------------------------------------------

ObjResult time_repr(ThreadState& ts, Obj self) {
  const Time* time = time_of(self);
  StrBuilder text(ts);
  const FormatArg start[] = {FormatArg(type_name(self)), FormatArg(int{time->hour}),
                             FormatArg(int{time->minute})};
  Ref<Str> part = OURO_TRY(format_message(ts, "{}({}, {}", start));
  OURO_TRY(text.append(part));
  OURO_TRY(add_repr_end(ts, text, time->second, static_cast<int>(time->microsecond), zone_of(time),
                        (time->flags & kFold) != 0, false));
  return text.finish();
}

ObjResult time_isoformat(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "isoformat", {"timespec"}, 0, given));
  const TimeSpec spec = OURO_TRY(parse_timespec(ts, given[0], 1));
  Text text;
  add_clock(text, clock_of(time_of(self)), spec);
  ObjRef offset = OURO_TRY(offset_of(ts, self));
  if (const Span* span = span_of(offset)) add_offset(text, *span, ":");
  return Str::from_latin1(ts, text.view());
}

ObjResult time_str(ThreadState& ts, Obj self) {
  return call_method(ts, self, OURO_TRY(intern(ts, "isoformat")));
}

ObjResult time_strftime(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "strftime", {"format"}, 1, given));
  OURO_TRY(check_str(ts, given[0], "strftime", 1));
  const Time* time = time_of(self);
  // The day that time.strftime is told; it counts the days of the week and year from 0 and 1.
  const int numbers[] = {1900, 1, 1, time->hour, time->minute, time->second, 0, 1, -1};
  ItemBuffer items(ts);
  for (const int number : numbers) {
    Ref<Int> item = OURO_TRY(Int::from(ts, number));
    OURO_TRY(items.append(std::move(item)));
  }
  Ref<Tuple> parts = OURO_TRY(Tuple::from(ts, items.data(), std::size(numbers)));
  return format_time(ts, self, zone_of(time), static_cast<int>(time->microsecond),
                     as<Str>(given[0]), parts, ts.core.none);
}

// -- pickling
// --------------------------------------------------------------------------------------

ObjResult reduced(ThreadState& ts, Obj self, bool with_fold) {
  char state[kStateBytes];
  write_state(time_of(self), with_fold, state);
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, {state, sizeof state}));
  Obj zone = zone_of(time_of(self));
  Ref<Tuple> arguments =
      zone ? OURO_TRY(Tuple::of(ts, bytes, zone)) : OURO_TRY(Tuple::of(ts, bytes));
  return Tuple::of(ts, Obj(self->type()), arguments);
}

ObjResult time_reduce_ex(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(exact_count(ts, args, "__reduce_ex__", 1));
  const int protocol = OURO_TRY(int_argument(ts, args[0]));
  return reduced(ts, self, protocol > 3);
}
ObjResult time_reduce(ThreadState& ts, Obj self, Args) { return reduced(ts, self, false); }

void time_dealloc(gc::Header* header) {
  auto* self = static_cast<Time*>(header);
  if ((self->flags & kAware) != 0) drop(self->zone);
  free_object(self);
}

template <auto member>
ObjResult part(ThreadState& ts, Obj self) {
  return Int::from(ts, time_of(self)->*member);
}
ObjResult get_fold(ThreadState& ts, Obj self) {
  return Int::from(ts, (time_of(self)->flags & kFold) != 0 ? 1 : 0);
}
ObjResult get_zone(ThreadState& ts, Obj self) {
  return or_none(ts, zone_of(time_of(self))).new_ref();
}

constexpr GetSetDef kGetSets[] = {
    {"hour", part<&Time::hour>, nullptr, nullptr},
    {"minute", part<&Time::minute>, nullptr, nullptr},
    {"second", part<&Time::second>, nullptr, nullptr},
    {"microsecond", part<&Time::microsecond>, nullptr, nullptr},
    {"tzinfo", get_zone, nullptr, nullptr},
    {"fold", get_fold, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"isoformat", time_isoformat, 0, -1, MethodDef::kKeywords,
     "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\nThe optional "
     "argument timespec specifies the number of additional terms\nof the time to include. Valid "
     "options are 'auto', 'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n"},
    {"strftime", time_strftime, 0, -1, MethodDef::kKeywords, "format -> strftime() style string."},
    {"__format__", format_method, 0, -1, MethodDef::kNone, "Formats self with strftime."},
    {"utcoffset", time_utcoffset, 0, 0, MethodDef::kNone, "Return self.tzinfo.utcoffset(self)."},
    {"tzname", time_tzname, 0, 0, MethodDef::kNone, "Return self.tzinfo.tzname(self)."},
    {"dst", time_dst, 0, 0, MethodDef::kNone, "Return self.tzinfo.dst(self)."},
    {"replace", time_replace, 0, -1, MethodDef::kKeywords,
     "Return time with new specified fields."},
    {"fromisoformat", time_fromisoformat, 1, 1, MethodDef::kClass,
     "string -> time from a string in ISO 8601 format"},
    {"__reduce_ex__", time_reduce_ex, 0, -1, MethodDef::kNone,
     "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__", time_reduce, 0, 0, MethodDef::kNone, "__reduce__() -> (cls, state)"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_time(Type& type) {
  type.info.dealloc = time_dealloc;
  type.make = time_make;
  type.get_attribute = generic_get_attribute;
  type.repr = time_repr;
  type.str = time_str;
  type.hash = time_hash;
  type.compare = time_compare;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

bool is_time(Obj object) { return derives_from(object, time_dealloc); }

Result<Ref<Time>> allocate_time(ThreadState& ts, Borrowed<Type> type, const Clock& clock,
                                Obj zone) {
  const ObjRef held = ObjRef::share(zone.get());
  const bool small = !zone && type.get() == types_of_type(type).time;
  ObjRef made =
      OURO_TRY(allocate_object(ts, type, small ? offsetof(Time, zone) : type->info.basic_bytes));
  auto* time = as<Time>(made);
  time->hash = -1;
  time->hour = static_cast<std::uint8_t>(clock.hour);
  time->minute = static_cast<std::uint8_t>(clock.minute);
  time->second = static_cast<std::uint8_t>(clock.second);
  time->microsecond = static_cast<std::uint32_t>(clock.microsecond);
  time->flags = clock.fold != 0 ? kFold : 0;
  if (zone) {
    time->flags |= kAware;
    time->zone = zone.new_ref().release();
  }
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return Ref<Time>::steal(static_cast<Time*>(made.release()));
}

Result<Ref<Time>> make_time(ThreadState& ts, Borrowed<Type> type, const Clock& clock, Obj zone) {
  OURO_TRY(check_clock(ts, clock));
  return allocate_time(ts, type, clock, zone);
}

Status add_repr_end(ThreadState& ts, StrBuilder& text, int second, int microsecond, Obj zone,
                    bool fold, bool fold_first) {
  if (second != 0 || microsecond != 0) {
    const FormatArg parts[] = {FormatArg(second), FormatArg(microsecond)};
    Ref<Str> shown = OURO_TRY(format_message(ts, microsecond != 0 ? ", {}, {}" : ", {}",
                                             {parts, microsecond != 0 ? 2u : 1u}));
    OURO_TRY(text.append(shown));
  }
  constexpr std::string_view kFoldText = ", fold=1";
  if (fold && fold_first) OURO_TRY(text.append(kFoldText));
  if (zone) {
    const ObjRef held = zone.new_ref();
    Ref<Str> shown = OURO_TRY(repr_of(ts, zone));
    OURO_TRY(text.append(std::string_view(", tzinfo=")));
    OURO_TRY(text.append(shown));
  }
  if (fold && !fold_first) OURO_TRY(text.append(kFoldText));
  return text.append(std::string_view(")"));
}

Result<Ref<Type>> make_time_type(ThreadState& ts) {
  return make_native_type(
      ts, {"time", "datetime", sizeof(Time), 0, kBaseType, fill_time,
           "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\nAll "
           "arguments are optional. tzinfo may be None, or an instance of\na tzinfo subclass. The "
           "remaining arguments may be ints.\n"});
}

}  // namespace ouro::datetime
