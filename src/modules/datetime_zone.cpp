// Module _datetime: tzinfo, the base of all zones, and timezone, a fixed offset from UTC.
#include "modules/datetime.h"
#include "objects/dict.h"

namespace ouro::datetime {

namespace {

constexpr Wide kDayMicros = Wide{kSecondsPerDay} * kMicrosPerSecond;

/// Strictly between a day back and a day ahead.
bool is_offset(const Span& span) {
  const Wide micros = microseconds_of(span);
  return micros > -kDayMicros && micros < kDayMicros;
}

ObjResult call_zone(ThreadState& ts, Obj zone, const char* method, Obj argument) {
  Object* const arguments[] = {argument.get()};
  return call_method(ts, zone, OURO_TRY(intern(ts, method)), arguments);
}

}  // namespace

ObjResult ask_zone(ThreadState& ts, Obj zone, const char* method, Obj argument) {
  if (!zone) return ts.core.none_ref();
  const ObjRef held = zone.new_ref();
  ObjRef offset = OURO_TRY(call_zone(ts, zone, method, argument));
  if (is_none(offset)) return offset;
  if (!is_delta(offset)) {
    return raise_type_error(ts, "tzinfo.{}() must return None or a timedelta, not '{t}'", method,
                            offset);
  }
  if (!is_offset(as<Delta>(offset)->span)) {
    return raise_value_error(ts,
                             "offset must be a timedelta strictly between -timedelta(hours=24) "
                             "and timedelta(hours=24).");
  }
  return offset;
}

ObjResult ask_zone_name(ThreadState& ts, Obj zone, Obj argument) {
  if (!zone) return ts.core.none_ref();
  const ObjRef held = zone.new_ref();
  ObjRef name = OURO_TRY(call_zone(ts, zone, "tzname", argument));
  if (!is_none(name) && !is_str(name)) {
    return raise_type_error(ts, "tzinfo.tzname() must return None or a string, not '{t}'", name);
  }
  return name;
}

// -- tzinfo
// ----------------------------------------------------------------------------------------

namespace {

Raised raise_abstract(ThreadState& ts, const char* method) {
  return raise(ts, ts.core.exceptions.NotImplementedError, "a tzinfo subclass must implement {}()",
               method);
}
ObjResult tzinfo_utcoffset(ThreadState& ts, Obj, Args) { return raise_abstract(ts, "utcoffset"); }
ObjResult tzinfo_dst(ThreadState& ts, Obj, Args) { return raise_abstract(ts, "dst"); }
ObjResult tzinfo_tzname(ThreadState& ts, Obj, Args) { return raise_abstract(ts, "tzname"); }

/// The argument of fromutc: a datetime of this zone.
Status check_own_datetime(ThreadState& ts, Obj self, Obj moment) {
  if (!is_datetime(moment)) {
    return raise_type_error(ts, "fromutc: argument must be a datetime");
  }
  if (zone_of(as<DateTime>(moment)).get() != self.get()) {
    return raise_value_error(ts, "fromutc: dt.tzinfo is not self");
  }
  return kDone;
}

ObjResult tzinfo_fromutc(ThreadState& ts, Obj self, Args args) {
  Obj moment = args[0];
  OURO_TRY(check_own_datetime(ts, self, moment));
  ObjRef offset = OURO_TRY(datetime_offset(ts, moment));
  if (is_none(offset)) {
    return raise_value_error(ts, "fromutc: non-None utcoffset() result required");
  }
  ObjRef dst = OURO_TRY(ask_zone(ts, self, "dst", moment));
  if (is_none(dst)) return raise_value_error(ts, "fromutc: non-None dst() result required");
  ObjRef standard = OURO_TRY(delta_subtract(ts, offset, dst));
  ObjRef result = OURO_TRY(add_span(ts, moment, as<Delta>(standard)->span, 1));
  if (!is_datetime(result)) return result;
  dst = OURO_TRY(ask_zone(ts, zone_of(as<DateTime>(result)), "dst", result));
  if (is_none(dst)) {
    return raise_value_error(ts, "fromutc: tz.dst() gave inconsistent results; cannot convert");
  }
  if (as<Delta>(dst)->span == Span{}) return result;
  return add_span(ts, result, as<Delta>(dst)->span, 1);
}

ObjResult tzinfo_reduce(ThreadState& ts, Obj self, Args) {
  MaybeAttribute arguments = find_attribute(ts, self, OURO_TRY(intern(ts, "__getinitargs__")));
  if (arguments.failed) return Raised{};
  ObjRef values = Ref<Tuple>::share(ts.core.empty_tuple);
  if (arguments.value) values = OURO_TRY(call(ts, arguments.value));
  ObjRef state = OURO_TRY(call_method(ts, self, ts.core.names.dunder_getstate));
  return Tuple::of(ts, Obj(self->type()), values, state);
}

ObjResult tzinfo_make(ThreadState& ts, Borrowed<Type> type, Args) {
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

constexpr MethodDef kTzinfoMethods[] = {
    {"tzname", tzinfo_tzname, 1, 1, MethodDef::kNone, "datetime -> string name of time zone."},
    {"utcoffset", tzinfo_utcoffset, 1, 1, MethodDef::kNone,
     "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"},
    {"dst", tzinfo_dst, 1, 1, MethodDef::kNone,
     "datetime -> DST offset as timedelta positive east of UTC."},
    {"fromutc", tzinfo_fromutc, 1, 1, MethodDef::kNone,
     "datetime in UTC -> datetime in local time."},
    {"__reduce__", tzinfo_reduce, 0, 0, MethodDef::kNone, "-> (cls, state)"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void tzinfo_dealloc(gc::Header* header) { free_object(static_cast<Object*>(header)); }

void fill_tzinfo(Type& type) {
  type.info.dealloc = tzinfo_dealloc;
  type.make = tzinfo_make;
  type.get_attribute = generic_get_attribute;
  type.methods = kTzinfoMethods;
}

}  // namespace

bool is_tzinfo(Obj object) { return derives_from(object, tzinfo_dealloc); }

Result<Ref<Type>> make_tzinfo_type(ThreadState& ts) {
  return make_native_type(ts, {"tzinfo", "datetime", sizeof(Object), 0, kBaseType, fill_tzinfo,
                               "Abstract base class for time zone info objects."});
}

// -- timezone
// --------------------------------------------------------------------------------------

namespace {

Timezone* timezone_of(Obj self) { return as<Timezone>(self); }

ObjResult timezone_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "timezone", {"offset", "name"}, 1, given));
  const Types& types = types_of_type(type);
  if (!is_delta(given[0])) {
    return raise_type_error(ts, "timezone() argument 1 must be datetime.timedelta, not {t}",
                            given[0]);
  }
  if (given[1]) OURO_TRY(check_str(ts, given[1], "timezone", 2));
  return make_timezone(ts, types, as<Delta>(given[0]), given[1] ? as<Str>(given[1]) : nullptr);
}

void timezone_dealloc(gc::Header* header) {
  auto* self = static_cast<Timezone*>(header);
  drop(self->offset);
  drop(self->name);
  free_object(self);
}

Result<std::int64_t> timezone_hash(ThreadState& ts, Obj self) {
  return hash_of(ts, timezone_of(self)->offset);
}

ObjResult timezone_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if ((op != CompareOp::Equal && op != CompareOp::NotEqual) || right->type() != left->type()) {
    return ts.core.not_implemented_ref();
  }
  return compare(ts, timezone_of(left)->offset, timezone_of(right)->offset, op);
}

ObjResult timezone_repr(ThreadState& ts, Obj self) {
  const auto* zone = timezone_of(self);
  if (self.get() == types_of(self).utc) return Str::from_latin1(ts, "datetime.timezone.utc");
  const FormatArg parts[] = {FormatArg(type_name(self)), FormatArg(zone->offset),
                             FormatArg(zone->name != nullptr ? Obj(zone->name) : self)};
  if (zone->name == nullptr) return format_message(ts, "{}({r})", {parts, 2});
  return format_message(ts, "{}({r}, {r})", parts);
}

ObjResult timezone_str(ThreadState& ts, Obj self) {
  const auto* zone = timezone_of(self);
  if (zone->name != nullptr) return ObjRef::share(zone->name);
  Text text;
  for (const char c : {'U', 'T', 'C'}) text.add(c);
  if (!(zone->offset->span == Span{})) add_offset(text, zone->offset->span, ":");
  return Str::from_latin1(ts, text.view());
}

Status check_moment(ThreadState& ts, const char* method, Obj argument) {
  if (is_none(argument) || is_datetime(argument)) return kDone;
  return raise_type_error(ts, "{}(dt) argument must be a datetime instance or None, not {t}",
                          method, argument);
}

ObjResult timezone_tzname(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_moment(ts, "tzname", args[0]));
  return timezone_str(ts, self);
}
ObjResult timezone_utcoffset(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_moment(ts, "utcoffset", args[0]));
  return ObjRef::share(timezone_of(self)->offset);
}
ObjResult timezone_dst(ThreadState& ts, Obj, Args args) {
  OURO_TRY(check_moment(ts, "dst", args[0]));
  return ts.core.none_ref();
}
ObjResult timezone_fromutc(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_own_datetime(ts, self, args[0]));
  return add_span(ts, args[0], timezone_of(self)->offset->span, 1);
}

ObjResult timezone_getinitargs(ThreadState& ts, Obj self, Args) {
  const auto* zone = timezone_of(self);
  if (zone->name == nullptr) return Tuple::of(ts, Obj(zone->offset));
  return Tuple::of(ts, Obj(zone->offset), Obj(zone->name));
}

constexpr MethodDef kTimezoneMethods[] = {
    {"tzname", timezone_tzname, 1, 1, MethodDef::kNone,
     "If name is specified when timezone is created, returns the name.  Otherwise returns offset "
     "as 'UTC(+|-)HH:MM'."},
    {"utcoffset", timezone_utcoffset, 1, 1, MethodDef::kNone, "Return fixed offset."},
    {"dst", timezone_dst, 1, 1, MethodDef::kNone, "Return None."},
    {"fromutc", timezone_fromutc, 1, 1, MethodDef::kNone,
     "datetime in UTC -> datetime in local time."},
    {"__getinitargs__", timezone_getinitargs, 0, 0, MethodDef::kNone, "pickle support"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_timezone(Type& type) {
  type.info.dealloc = timezone_dealloc;
  type.make = timezone_make;
  type.hash = timezone_hash;
  type.compare = timezone_compare;
  type.repr = timezone_repr;
  type.str = timezone_str;
  type.methods = kTimezoneMethods;
}

}  // namespace

ObjResult make_timezone(ThreadState& ts, const Types& types, Borrowed<Delta> offset,
                        Borrowed<Str> name) {
  if (!name && offset->span == Span{} && types.utc != nullptr) return ObjRef::share(types.utc);
  if (!is_offset(offset->span)) {
    return raise_value_error(ts,
                             "offset must be a timedelta strictly between -timedelta(hours=24) "
                             "and timedelta(hours=24), not {r}.",
                             offset);
  }
  const Ref<Delta> held = offset.new_ref();
  const Ref<Str> held_name = Ref<Str>::share(name.get());
  Ref<Timezone> made = OURO_TRY(new_object<Timezone>(ts, types.timezone));
  made->offset = held.new_ref().release();
  made->name = Ref<Str>::share(name.get()).release();
  return made;
}

Result<Ref<Type>> make_timezone_type(ThreadState& ts, Borrowed<Type> tzinfo) {
  return make_native_type(ts,
                          {"timezone", "datetime", sizeof(Timezone), 0, 0, fill_timezone,
                           "Fixed offset from UTC implementation of tzinfo."},
                          tzinfo);
}

}  // namespace ouro::datetime
