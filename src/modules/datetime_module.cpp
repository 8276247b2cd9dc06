// Module _datetime: dates, times and durations. Here: checks of arguments, and the module itself.
#include "modules/datetime.h"
#include "modules/native_modules.h"
#include "objects/bytes.h"

namespace ouro {

namespace datetime {

// -- arguments
// -------------------------------------------------------------------------------------

Result<int> int_argument(ThreadState& ts, Obj object) {
  std::int64_t value;
  if (!exact_small_int(object, value)) {
    ObjRef number = OURO_TRY(to_index(ts, object));
    if (!as<Int>(number)->is_small()) {
      return raise(ts, ts.core.exceptions.OverflowError,
                   "Python int too large to convert to C long");
    }
    value = as<Int>(number)->small;
  }
  if (value != static_cast<int>(value)) {
    return raise(ts, ts.core.exceptions.OverflowError, "signed integer is {}",
                 value < 0 ? "less than minimum" : "greater than maximum");
  }
  return static_cast<int>(value);
}

Status optional_int(ThreadState& ts, Obj argument, int& value) {
  if (argument) value = OURO_TRY(int_argument(ts, argument));
  return kDone;
}

Result<Day> day_arguments(ThreadState& ts, std::span<const Obj> given) {
  Day day{};
  const std::pair<const char*, int*> parts[] = {
      {"year", &day.year}, {"month", &day.month}, {"day", &day.day}};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    const auto& [name, value] = parts[i];
    if (!given[i]) {
      return raise_type_error(ts, "function missing required argument '{}' (pos {})", name, i + 1);
    }
    *value = OURO_TRY(int_argument(ts, given[i]));
  }
  return day;
}

Status exact_count(ThreadState& ts, Args args, const char* name, std::uint32_t count) {
  if (args.count == count) return kDone;
  return raise_type_error(ts, "{}() takes exactly {} argument{} ({} given)", name, count,
                          count == 1 ? "" : "s", args.count);
}

Status check_zone(ThreadState& ts, Obj& zone) {
  if (!zone || is_none(zone)) {
    zone = nullptr;
    return kDone;
  }
  if (is_tzinfo(zone)) return kDone;
  return raise_type_error(
      ts, "tzinfo argument must be None or of a tzinfo subclass, not type '{t}'", zone);
}

Status check_str(ThreadState& ts, Obj argument, const char* function, int position) {
  if (is_str(argument)) return kDone;
  return raise_type_error(ts, "{}() argument {} must be str, not {t}", function, position,
                          argument);
}

Status check_day(ThreadState& ts, Day day) {
  if (day.year < kFirstYear || day.year > kLastYear) {
    return raise_value_error(ts, "year {} is out of range", day.year);
  }
  if (day.month < 1 || day.month > 12) return raise_value_error(ts, "month must be in 1..12");
  if (day.day < 1 || day.day > days_in_month(day.year, day.month)) {
    return raise_value_error(ts, "day is out of range for month");
  }
  return kDone;
}

Status check_clock(ThreadState& ts, const Clock& clock) {
  const auto outside = [](int value, int limit) { return value < 0 || value >= limit; };
  if (outside(clock.hour, 24)) return raise_value_error(ts, "hour must be in 0..23");
  if (outside(clock.minute, 60)) return raise_value_error(ts, "minute must be in 0..59");
  if (outside(clock.second, 60)) return raise_value_error(ts, "second must be in 0..59");
  if (outside(clock.microsecond, kMicrosPerSecond)) {
    return raise_value_error(ts, "microsecond must be in 0..999999");
  }
  if (outside(clock.fold, 2)) return raise_value_error(ts, "fold must be either 0 or 1");
  return kDone;
}

Result<bool> pickled_state(ThreadState& ts, Obj argument, const char* type, std::size_t size,
                           unsigned char* state) {
  // The byte that tells a state from other arguments: the month of dates, the hour of times. The
  // highest bit is the fold.
  const bool is_time_state = size == 6;
  const auto plausible = [&](char32_t month, char32_t hour) {
    return is_time_state ? (hour & 0x7f) < 24 : month >= 1 && month <= 12;
  };
  const auto fold_free = [&](char32_t month) { return size == 4 ? month : month & 0x7f; };
  if (is_bytes(argument)) {
    const std::string_view view = as<Bytes>(argument)->view();
    if (view.size() != size) return false;
    for (std::size_t i = 0; i < size; ++i) state[i] = static_cast<unsigned char>(view[i]);
    return plausible(fold_free(state[2]), state[0]);
  }
  if (!is_str(argument)) return false;
  const auto* text = as<Str>(argument);
  if (text->length != static_cast<std::int64_t>(size)) return false;
  if (!plausible(fold_free(text->at(2)), text->at(0))) return false;
  for (std::size_t i = 0; i < size; ++i) {
    const char32_t c = text->at(static_cast<std::int64_t>(i));
    if (c > 0xff) {
      (void)raise_value_error(ts,
                              "Failed to encode latin1 string when unpickling a {} object. "
                              "pickle.load(data, encoding='latin1') is assumed.",
                              type);
      return Raised{};
    }
    state[i] = static_cast<unsigned char>(c);
  }
  return true;
}

ObjResult compared(ThreadState& ts, int difference, CompareOp op) {
  return compare_lengths(ts, difference, 0, op);
}

namespace {

// -- the types and their constants
// -----------------------------------------------------------------

constexpr const char* kModuleName = "_datetime";

void clear_types(gc::Header* header) {
  auto* types = static_cast<Types*>(header);
  drop(types->epoch);
  drop(types->utc);
  // What the types' dicts hold are mostly instances of themselves.
  for (Type** type : {&types->date, &types->time, &types->datetime, &types->timedelta,
                      &types->tzinfo, &types->timezone, &types->iso_date}) {
    if (*type == nullptr) continue;
    if ((*type)->dict != nullptr) dict_clear((*type)->dict);
    type_modified(*type);
    drop(*type);
  }
}

void types_dealloc(gc::Header* header) {
  clear_types(header);
  free_object(static_cast<Object*>(header));
}

void fill_types(Type& type) {
  type.info.dealloc = types_dealloc;
  type.info.clear = clear_types;
}

Status make_types(ThreadState& ts, Borrowed<Types> types) {
  types->timedelta = OURO_TRY(make_timedelta_type(ts)).release();
  types->date = OURO_TRY(make_date_type(ts)).release();
  types->iso_date = OURO_TRY(make_iso_date_type(ts)).release();
  types->time = OURO_TRY(make_time_type(ts)).release();
  types->datetime = OURO_TRY(make_datetime_type(ts, types->date)).release();
  types->tzinfo = OURO_TRY(make_tzinfo_type(ts)).release();
  types->timezone = OURO_TRY(make_timezone_type(ts, types->tzinfo)).release();
  for (Type* type : {types->timedelta, types->date, types->time, types->datetime, types->tzinfo,
                     types->timezone}) {
    OURO_TRY(set_companions(ts, type, {Obj(types)}));
  }
  return kDone;
}

Status set_limits(ThreadState& ts, Type* type, Obj least, Obj greatest, Obj resolution) {
  OURO_TRY(dict_set(ts, type->dict, "min", least));
  OURO_TRY(dict_set(ts, type->dict, "max", greatest));
  if (resolution) OURO_TRY(dict_set(ts, type->dict, "resolution", resolution));
  type_modified(type);
  return kDone;
}

Status make_constants(ThreadState& ts, Borrowed<Types> types) {
  const auto delta = [&](int days, std::int64_t seconds, int micros) {
    return make_delta(ts, types->timedelta, days, seconds, micros);
  };
  constexpr Day kFirst{kFirstYear, 1, 1};
  constexpr Day kLast{kLastYear, 12, 31};
  constexpr Clock kEnd{23, 59, 59, 999999, 0};
  Ref<Delta> microsecond = OURO_TRY(delta(0, 0, 1));
  {
    Ref<Delta> least = OURO_TRY(delta(-kMaxDeltaDays, 0, 0));
    Ref<Delta> greatest = OURO_TRY(delta(kMaxDeltaDays, kSecondsPerDay - 1, 999999));
    OURO_TRY(set_limits(ts, types->timedelta, least, greatest, microsecond));
  }
  {
    Ref<Date> least = OURO_TRY(make_date(ts, types->date, kFirst));
    Ref<Date> greatest = OURO_TRY(make_date(ts, types->date, kLast));
    Ref<Delta> day = OURO_TRY(delta(1, 0, 0));
    OURO_TRY(set_limits(ts, types->date, least, greatest, day));
  }
  {
    Ref<Time> least = OURO_TRY(make_time(ts, types->time, Clock{}, nullptr));
    Ref<Time> greatest = OURO_TRY(make_time(ts, types->time, kEnd, nullptr));
    OURO_TRY(set_limits(ts, types->time, least, greatest, microsecond));
  }
  {
    Ref<DateTime> least = OURO_TRY(make_datetime(ts, types->datetime, kFirst, Clock{}, nullptr));
    Ref<DateTime> greatest = OURO_TRY(make_datetime(ts, types->datetime, kLast, kEnd, nullptr));
    OURO_TRY(set_limits(ts, types->datetime, least, greatest, microsecond));
  }
  Ref<Delta> nothing = OURO_TRY(delta(0, 0, 0));
  types->utc = OURO_TRY(make_timezone(ts, *types, nothing, nullptr)).release();
  OURO_TRY(dict_set(ts, types->timezone->dict, "utc", Obj(types->utc)));
  // The limits that the documentation names, a minute short of what is accepted.
  constexpr int kFarthest = kSecondsPerDay - 60;
  Ref<Delta> back = OURO_TRY(delta(0, -kFarthest, 0));
  Ref<Delta> ahead = OURO_TRY(delta(0, kFarthest, 0));
  ObjRef west = OURO_TRY(make_timezone(ts, *types, back, nullptr));
  ObjRef east = OURO_TRY(make_timezone(ts, *types, ahead, nullptr));
  OURO_TRY(set_limits(ts, types->timezone, west, east, nullptr));
  types->epoch =
      OURO_TRY(make_datetime(ts, types->datetime, from_ordinal(kUnixOrdinal), Clock{}, types->utc))
          .release();
  return kDone;
}

/// The types of this interpreter, made at the first import.
Result<Ref<Types>> find_types(ThreadState& ts) {
  if (ts.core.module_states == nullptr) {
    ts.core.module_states = OURO_TRY(Dict::create(ts)).release();
  }
  Ref<Str> name = OURO_TRY(intern(ts, kModuleName));
  const Lookup known = dict_lookup(ts, ts.core.module_states, name);
  if (known.failed) return Raised{};
  if (known.value != nullptr) return Ref<Types>::share(as<Types>(Obj(known.value)));
  Ref<Type> own_type = OURO_TRY(make_native_type(
      ts, {"_types", kModuleName, sizeof(Types), 0, kDisallowInstantiation, fill_types, nullptr}));
  Ref<Types> types = OURO_TRY(new_object<Types>(ts, own_type));
  if (make_types(ts, types).raised() || make_constants(ts, types).raised() ||
      dict_set(ts, ts.core.module_states, Obj(name), Obj(types)).raised()) {
    clear_types(types.get());  // they hold each other
    return Raised{};
  }
  return types;
}

}  // namespace

}  // namespace datetime

Result<Ref<Module>> create_datetime_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, datetime::kModuleName));
  Ref<datetime::Types> types = OURO_TRY(datetime::find_types(ts));
  const std::pair<const char*, Object*> names[] = {
      {"timedelta", types->timedelta},
      {"date", types->date},
      {"datetime", types->datetime},
      {"time", types->time},
      {"tzinfo", types->tzinfo},
      {"timezone", types->timezone},
      {"UTC", types->utc},
  };
  for (const auto& [name, value] : names) {
    OURO_TRY(dict_set(ts, module->dict, name, Obj(value)));
  }
  OURO_TRY(add_constant(ts, module, "MINYEAR", datetime::kFirstYear));
  OURO_TRY(add_constant(ts, module, "MAXYEAR", datetime::kLastYear));
  return module;
}

}  // namespace ouro
