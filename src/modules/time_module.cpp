// Module time: clocks, sleeping, broken-down times. Texts of times: time_format.cpp.

#include <cerrno>
#include <cmath>
#include <ctime>
#include <limits>

#include "modules/native_modules.h"
#include "modules/time_support.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/threads.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

Result<std::int64_t> read_clock(ThreadState& ts, clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) return raise_os_error(ts, errno);
  return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

template <clockid_t Clock>
ObjResult clock_seconds(ThreadState& ts, Obj, Args) {
  const std::int64_t nanos = OURO_TRY(read_clock(ts, Clock));
  return Float::from(ts, static_cast<double>(nanos) * 1e-9);
}

template <clockid_t Clock>
ObjResult clock_nanos(ThreadState& ts, Obj, Args) {
  return Int::from(ts, OURO_TRY(read_clock(ts, Clock)));
}

Result<clockid_t> clock_argument(ThreadState& ts, Obj value) {
  return static_cast<clockid_t>(OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError)));
}

ObjResult clock_gettime_function(ThreadState& ts, Obj, Args args) {
  const clockid_t clock = OURO_TRY(clock_argument(ts, args[0]));
  const std::int64_t nanos = OURO_TRY(read_clock(ts, clock));
  return Float::from(ts, static_cast<double>(nanos) * 1e-9);
}

ObjResult clock_gettime_ns_function(ThreadState& ts, Obj, Args args) {
  const clockid_t clock = OURO_TRY(clock_argument(ts, args[0]));
  return Int::from(ts, OURO_TRY(read_clock(ts, clock)));
}

ObjResult clock_getres_function(ThreadState& ts, Obj, Args args) {
  const clockid_t clock = OURO_TRY(clock_argument(ts, args[0]));
  timespec resolution{};
  if (clock_getres(clock, &resolution) != 0) return raise_os_error(ts, errno);
  return Float::from(ts, static_cast<double>(resolution.tv_sec) + 1e-9 * static_cast<double>(resolution.tv_nsec));
}

ObjResult sleep_function(ThreadState& ts, Obj, Args args) {
  const std::int64_t nanos = OURO_TRY(duration_argument(ts, args[0]));
  if (nanos < 0) return raise_value_error(ts, "sleep length must be non-negative");
  const std::int64_t start = OURO_TRY(read_clock(ts, CLOCK_MONOTONIC));
  std::int64_t until = 0;
  if (__builtin_add_overflow(start, nanos, &until)) until = std::numeric_limits<std::int64_t>::max();
  const timespec deadline{until / kNanosPerSecond, until % kNanosPerSecond};
  // A signal ends the wait early: unless its handler raises, go on to the same moment.
  const std::int64_t result = OURO_TRY(blocking_call(ts, [&] {
    errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
    return errno == 0 ? 0 : -1;
  }));
  if (result < 0) return raise_os_error(ts, errno);
  return ts.core.none_ref();
}

/// The moment an argument names, in whole seconds; None or nothing: now.
Result<time_t> moment_argument(ThreadState& ts, Args args) {
  if (args.count == 0 || is_none(args[0])) return std::time(nullptr);
  return seconds_argument(ts, args[0]);
}

ObjResult gmtime_function(ThreadState& ts, Obj self, Args args) {
  const time_t when = OURO_TRY(moment_argument(ts, args));
  std::tm parts{};
  if (gmtime_r(&when, &parts) == nullptr) return raise_os_error(ts, errno != 0 ? errno : EINVAL);
  return struct_time_from(ts, self, parts, "UTC", 0);
}

ObjResult localtime_function(ThreadState& ts, Obj self, Args args) {
  const time_t when = OURO_TRY(moment_argument(ts, args));
  std::tm parts{};
  if (localtime_r(&when, &parts) == nullptr) return raise_os_error(ts, errno != 0 ? errno : EINVAL);
  return struct_time_from(ts, self, parts, parts.tm_zone, parts.tm_gmtoff);
}

ObjResult mktime_function(ThreadState& ts, Obj self, Args args) {
  std::tm parts = OURO_TRY(time_parts(ts, self, args[0], "mktime"));
  parts.tm_wday = -1;  // stays so when mktime fails
  const time_t when = mktime(&parts);
  if (when == static_cast<time_t>(-1) && parts.tm_wday == -1) {
    return raise(ts, ts.core.exceptions.OverflowError, "mktime argument out of range");
  }
  return Float::from(ts, static_cast<double>(when));
}

Status set_zone(ThreadState& ts, Borrowed<Dict> dict) {
  tzset();
  // The offsets in January and July: the larger one is that of summer.
  const time_t now = std::time(nullptr);
  constexpr time_t kYear = (365 * 24 + 6) * 3600;
  const time_t january = now / kYear * kYear;
  std::tm first{};
  std::tm second{};
  const time_t july = january + kYear / 2;
  localtime_r(&january, &first);
  localtime_r(&july, &second);
  const bool july_is_winter = second.tm_gmtoff < first.tm_gmtoff;
  const std::tm& winter = july_is_winter ? second : first;
  const std::tm& summer = july_is_winter ? first : second;
  const auto set_number = [&](const char* name, long value) -> Status {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    return dict_set(ts, dict, name, Obj(number));
  };
  OURO_TRY(set_number("timezone", -winter.tm_gmtoff));
  OURO_TRY(set_number("altzone", -summer.tm_gmtoff));
  OURO_TRY(set_number("daylight", winter.tm_gmtoff != summer.tm_gmtoff));
  Ref<Str> winter_name = OURO_TRY(Str::from_utf8(ts, winter.tm_zone));
  Ref<Str> summer_name = OURO_TRY(Str::from_utf8(ts, summer.tm_zone));
  Ref<Tuple> names = OURO_TRY(Tuple::of(ts, winter_name, summer_name));
  return dict_set(ts, dict, "tzname", Obj(names));
}

ObjResult tzset_function(ThreadState& ts, Obj self, Args) {
  OURO_TRY(set_zone(ts, as<Module>(self)->dict));
  return ts.core.none_ref();
}

ObjResult get_clock_info_function(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "get_clock_info() argument 1 must be str, not {n}", args[0]);
  }
  constexpr struct {
    const char* name;
    clockid_t clock;
    const char* implementation;
    bool adjustable;
  } kClocks[] = {
      {"time", CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)", true},
      {"monotonic", CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", false},
      {"perf_counter", CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", false},
      {"process_time", CLOCK_PROCESS_CPUTIME_ID, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", false},
      {"thread_time", CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", false},
  };
  for (const auto& entry : kClocks) {
    if (!str_equals_ascii(as<Str>(args[0]), entry.name)) continue;
    timespec resolution{};
    if (clock_getres(entry.clock, &resolution) != 0) return raise_os_error(ts, errno);
    ObjRef info = OURO_TRY(call(ts, ts.core.types.simple_namespace));
    const auto set = [&](const char* name, Obj value) -> Status {
      Ref<Str> key = OURO_TRY(intern(ts, name));
      return set_attribute(ts, info, key, value);
    };
    Ref<Str> implementation = OURO_TRY(Str::from_latin1(ts, entry.implementation));
    Ref<Float> seconds = OURO_TRY(
        Float::from(ts, static_cast<double>(resolution.tv_sec) + 1e-9 * static_cast<double>(resolution.tv_nsec)));
    OURO_TRY(set("implementation", implementation));
    OURO_TRY(set("monotonic", ts.core.bool_ref(!entry.adjustable)));
    OURO_TRY(set("adjustable", ts.core.bool_ref(entry.adjustable)));
    OURO_TRY(set("resolution", seconds));
    return info;
  }
  return raise_value_error(ts, "unknown clock");
}

constexpr MethodDef kMethods[] = {
    {"time", clock_seconds<CLOCK_REALTIME>, 0, 0, MethodDef::kNone, "time() -> floating point number\n\nSeconds since the epoch."},
    {"time_ns", clock_nanos<CLOCK_REALTIME>, 0, 0, MethodDef::kNone, "time_ns() -> int\n\nNanoseconds since the epoch."},
    {"clock_gettime", clock_gettime_function, 1, 1, MethodDef::kNone, "clock_gettime(clk_id) -> float"},
    {"clock_gettime_ns", clock_gettime_ns_function, 1, 1, MethodDef::kNone, "clock_gettime_ns(clk_id) -> int"},
    {"clock_getres", clock_getres_function, 1, 1, MethodDef::kNone, "clock_getres(clk_id) -> floating point number"},
    {"perf_counter", clock_seconds<CLOCK_MONOTONIC>, 0, 0, MethodDef::kNone, "perf_counter() -> float\n\nPerformance counter for benchmarking."},
    {"perf_counter_ns", clock_nanos<CLOCK_MONOTONIC>, 0, 0, MethodDef::kNone, "perf_counter_ns() -> int"},
    {"monotonic", clock_seconds<CLOCK_MONOTONIC>, 0, 0, MethodDef::kNone, "monotonic() -> float\n\nA clock that cannot go backward."},
    {"monotonic_ns", clock_nanos<CLOCK_MONOTONIC>, 0, 0, MethodDef::kNone, "monotonic_ns() -> int"},
    {"process_time", clock_seconds<CLOCK_PROCESS_CPUTIME_ID>, 0, 0, MethodDef::kNone, "process_time() -> float\n\nCPU time of the process."},
    {"process_time_ns", clock_nanos<CLOCK_PROCESS_CPUTIME_ID>, 0, 0, MethodDef::kNone, "process_time_ns() -> int"},
    {"thread_time", clock_seconds<CLOCK_THREAD_CPUTIME_ID>, 0, 0, MethodDef::kNone, "thread_time() -> float\n\nCPU time of the thread."},
    {"thread_time_ns", clock_nanos<CLOCK_THREAD_CPUTIME_ID>, 0, 0, MethodDef::kNone, "thread_time_ns() -> int"},
    {"sleep", sleep_function, 1, 1, MethodDef::kNone, "sleep(seconds)\n\nDelay execution for a given number of seconds."},
    {"gmtime", gmtime_function, 0, 1, MethodDef::kNone, "gmtime([seconds]) -> struct_time in UTC"},
    {"localtime", localtime_function, 0, 1, MethodDef::kNone, "localtime([seconds]) -> struct_time in local time"},
    {"mktime", mktime_function, 1, 1, MethodDef::kNone, "mktime(tuple) -> seconds since the epoch"},
    {"asctime", asctime_function, 0, 1, MethodDef::kNone, "asctime([tuple]) -> string like 'Sat Jun 06 16:26:11 1998'"},
    {"ctime", ctime_function, 0, 1, MethodDef::kNone, "ctime(seconds) -> string, as asctime(localtime(seconds))"},
    {"strftime", strftime_function, 1, 2, MethodDef::kNone, "strftime(format[, tuple]) -> string"},
    {"strptime", strptime_function, 0, -1, MethodDef::kKeywords, "strptime(string, format) -> struct_time"},
    {"tzset", tzset_function, 0, 0, MethodDef::kNone, "tzset()\n\nRead the time zone again from the environment."},
    {"get_clock_info", get_clock_info_function, 1, 1, MethodDef::kNone, "get_clock_info(name: str) -> dict\n\nFacts about a clock."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void free_time_state(Module* module) { xdecref(static_cast<Type*>(std::exchange(module->state, nullptr))); }

}  // namespace

Result<Ref<Module>> create_time_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "time"));
  OURO_TRY(module->add_functions(ts, kMethods));
  OURO_TRY(set_zone(ts, module->dict));
  constexpr std::pair<const char*, int> kClockNames[] = {
      {"CLOCK_REALTIME", CLOCK_REALTIME},
      {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
      {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
      {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
      {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
      {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
      {"CLOCK_TAI", CLOCK_TAI},
      {"_STRUCT_TM_ITEMS", 11},
  };
  for (const auto& [name, value] : kClockNames) {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(number)));
  }
  Ref<Type> type = OURO_TRY(make_struct_time_type(ts));
  OURO_TRY(dict_set(ts, module->dict, "struct_time", Obj(type)));
  module->state = type.release();
  module->free_state = free_time_state;
  return module;
}

}  // namespace ouro
