// Module _signal: alarms and interval timers.
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "modules/module_support.h"
#include "modules/signals.h"
#include "objects/exception.h"
#include "objects/float.h"

namespace ouro {

namespace {

constexpr const char* kErrorName = "ItimerError";

ObjResult alarm_function(ThreadState& ts, Obj, Args args) {
  const std::int64_t seconds =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  return int_result(ts, ::alarm(static_cast<unsigned>(seconds)));
}

Result<timeval> time_argument(ThreadState& ts, Obj value) {
  const double seconds = OURO_TRY(as_double(ts, value));
  if (!(seconds < 1e15) || !(seconds > -1e15)) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "timestamp out of range for platform time_t");
  }
  const double whole = std::floor(seconds);
  return timeval{static_cast<time_t>(whole),
                 static_cast<suseconds_t>(std::ceil((seconds - whole) * 1e6))};
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

ObjResult timer_tuple(ThreadState& ts, const itimerval& timer) {
  Ref<Float> value = OURO_TRY(Float::from(ts, seconds_of(timer.it_value)));
  Ref<Float> interval = OURO_TRY(Float::from(ts, seconds_of(timer.it_interval)));
  return Tuple::of(ts, value, interval);
}

/// ItimerError(number, text).
Raised raise_timer_error(ThreadState& ts, Obj module, int error) {
  ObjRef type = dict_get_str(as<Module>(module)->dict, OURO_TRY(intern(ts, kErrorName))).new_ref();
  if (!type) return raise_os_error(ts, error);
  Ref<Int> number = OURO_TRY(Int::from(ts, error));
  char buffer[128];
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, strerror_r(error, buffer, sizeof buffer)));
  return raise_object(ts, OURO_TRY(call(ts, type, number, text)));
}

Result<int> timer_argument(ThreadState& ts, Obj module, Obj value) {
  const std::int64_t which = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (which != ITIMER_REAL && which != ITIMER_VIRTUAL && which != ITIMER_PROF)
    return raise_timer_error(ts, module, EINVAL);
  return static_cast<int>(which);
}

ObjResult set_timer(ThreadState& ts, Obj module, Args args) {
  const int which = OURO_TRY(timer_argument(ts, module, args[0]));
  itimerval wanted = {};
  itimerval old = {};
  wanted.it_value = OURO_TRY(time_argument(ts, args[1]));
  if (args.count > 2) wanted.it_interval = OURO_TRY(time_argument(ts, args[2]));
  if (setitimer(static_cast<__itimer_which>(which), &wanted, &old) != 0)
    return raise_timer_error(ts, module, errno);
  return timer_tuple(ts, old);
}

ObjResult get_timer(ThreadState& ts, Obj module, Args args) {
  const int which = OURO_TRY(timer_argument(ts, module, args[0]));
  itimerval now = {};
  if (getitimer(static_cast<__itimer_which>(which), &now) != 0) {
    return raise_timer_error(ts, module, errno);
  }
  return timer_tuple(ts, now);
}

}  // namespace

const MethodDef kSignalTimerMethods[] = {
    {"alarm", alarm_function, 1, 1, MethodDef::kNone,
     "alarm($module, seconds, /)\n--\n\nArrange for SIGALRM to arrive after the given number of "
     "seconds."},
    {"setitimer", set_timer, 2, 3, MethodDef::kNone,
     "setitimer($module, which, seconds, interval=0.0, /)\n--\n\nSets given itimer (one of "
     "ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF)."},
    {"getitimer", get_timer, 1, 1, MethodDef::kNone,
     "getitimer($module, which, /)\n--\n\nReturns current value of given itimer."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Status add_timer_names(ThreadState& ts, Borrowed<Module> module) {
  OURO_TRY(add_constant(ts, module, "ITIMER_REAL", ITIMER_REAL));
  OURO_TRY(add_constant(ts, module, "ITIMER_VIRTUAL", ITIMER_VIRTUAL));
  OURO_TRY(add_constant(ts, module, "ITIMER_PROF", ITIMER_PROF));
  Ref<Type> error =
      OURO_TRY(make_error_class(ts, "signal", "itimer_error", ts.core.exceptions.OSError));
  return dict_set(ts, module->dict, kErrorName, Obj(error));
}

}  // namespace ouro
