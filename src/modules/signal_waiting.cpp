// Module _signal: masks of signals, waiting for signals, signals to threads.
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <ctime>

#include "modules/module_support.h"
#include "modules/signals.h"
#include "modules/struct_sequence.h"
#include "modules/warnings_module.h"
#include "objects/exception.h"
#include "objects/float.h"
#include "objects/set.h"

namespace ouro {

namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr const char* kInfoName = "struct_siginfo";
constexpr const char* kInfoFields[] = {"si_signo", "si_code",   "si_errno", "si_pid",
                                       "si_uid",   "si_status", "si_band"};

/// The signals that an iterable names.
Status take_mask(ThreadState& ts, Obj iterable, sigset_t& mask) {
  sigemptyset(&mask);
  return for_each_item(ts, iterable, [&](ObjRef item) -> Status {
    ObjRef value = OURO_TRY(to_index(ts, item));
    const std::int64_t number = as<Int>(value)->is_small() ? as<Int>(value)->small : -1;
    if (number <= 0 || number >= NSIG) {
      return raise_value_error(ts, "signal number {} out of range [1; {}]", number, NSIG - 1);
    }
    if (sigaddset(&mask, static_cast<int>(number)) == 0) return kDone;
    const FormatArg shown[] = {FormatArg(number)};
    Ref<Str> message =
        OURO_TRY(format_message(ts, "invalid signal number {}, please use valid_signals()", shown));
    Utf8 text{Borrowed<Str>(message)};
    if (!text.ok()) return raise_no_memory(ts);
    return warn(ts, ts.core.exceptions.RuntimeWarning, text.view());
  });
}

ObjResult mask_object(ThreadState& ts, const sigset_t& mask) {
  Ref<Set> result = OURO_TRY(Set::create(ts, ts.core.types.set));
  for (int number = 1; number < NSIG; ++number) {
    if (sigismember(&mask, number) != 1) continue;
    Ref<Int> value = OURO_TRY(Int::from(ts, number));
    OURO_TRY(set_add(ts, result, value));
  }
  return result;
}

ObjResult info_object(ThreadState& ts, Obj module, const siginfo_t& info) {
  ObjRef type = dict_get_str(as<Module>(module)->dict, OURO_TRY(intern(ts, kInfoName))).new_ref();
  if (!type || !is_type(type)) return raise_system_error(ts, "a type of module _signal is gone");
  ItemBuffer values(ts);
  for (const std::int64_t value :
       {std::int64_t{info.si_signo}, std::int64_t{info.si_code}, std::int64_t{info.si_errno},
        std::int64_t{info.si_pid}, static_cast<std::int64_t>(info.si_uid),
        std::int64_t{info.si_status}, static_cast<std::int64_t>(info.si_band)}) {
    OURO_TRY(values.append(OURO_TRY(Int::from(ts, value))));
  }
  return make_struct(ts, as<Type>(type), {values.data(), std::size(kInfoFields)});
}

ObjResult change_mask(ThreadState& ts, Obj, Args args) {
  const std::int64_t how = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  sigset_t mask;
  sigset_t before;
  OURO_TRY(take_mask(ts, args[1], mask));
  const int error = pthread_sigmask(how < INT32_MIN || how > INT32_MAX ? -1 : static_cast<int>(how),
                                    &mask, &before);
  if (error != 0) return raise_os_error(ts, error);
  OURO_TRY(check_signals(ts));  // what was blocked may have arrived now
  return mask_object(ts, before);
}

ObjResult pending_signals(ThreadState& ts, Obj, Args) {
  sigset_t mask;
  if (sigpending(&mask) != 0) return raise_os_error(ts, errno);
  return mask_object(ts, mask);
}

ObjResult wait_for_signal(ThreadState& ts, Obj, Args args) {
  sigset_t mask;
  OURO_TRY(take_mask(ts, args[0], mask));
  int number = 0;
  int error = 0;
  {
    Unlocked unlocked(ts);
    error = sigwait(&mask, &number);
  }
  if (error != 0) return raise_os_error(ts, error);
  return Int::from(ts, number);
}

ObjResult wait_for_info(ThreadState& ts, Obj module, Args args) {
  sigset_t mask;
  OURO_TRY(take_mask(ts, args[0], mask));
  siginfo_t info = {};
  const std::int64_t number =
      OURO_TRY(blocking_call(ts, [&] { return sigwaitinfo(&mask, &info); }));
  if (number < 0) return raise_os_error(ts, errno);
  return info_object(ts, module, info);
}

std::int64_t monotonic_nanos() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

ObjResult wait_for_some_time(ThreadState& ts, Obj module, Args args) {
  sigset_t mask;
  OURO_TRY(take_mask(ts, args[0], mask));
  const double seconds = OURO_TRY(as_double(ts, args[1]));
  if (std::isnan(seconds)) {
    return raise_value_error(ts, "Invalid value NaN (not a number)");
  }
  if (seconds < 0) return raise_value_error(ts, "timeout must be non-negative");
  if (seconds > 9e9) {
    return raise(ts, ts.core.exceptions.OverflowError,
                 "timestamp out of range for platform time_t");
  }
  const std::int64_t end = monotonic_nanos() + static_cast<std::int64_t>(std::ceil(seconds * 1e9));
  siginfo_t info = {};
  const std::int64_t number = OURO_TRY(blocking_call(ts, [&] {
    const std::int64_t left = std::max<std::int64_t>(end - monotonic_nanos(), 0);
    const timespec limit{left / kNanosPerSecond, left % kNanosPerSecond};
    return sigtimedwait(&mask, &info, &limit);
  }));
  if (number >= 0) return info_object(ts, module, info);
  if (errno == EAGAIN) return ts.core.none_ref();
  return raise_os_error(ts, errno);
}

ObjResult kill_thread(ThreadState& ts, Obj, Args args) {
  if (!is_int(args[0]))
    return raise_type_error(ts, "an integer is required (got type {t})", args[0]);
  const std::int64_t thread =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  const std::int64_t number =
      OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  const int error = pthread_kill(static_cast<pthread_t>(thread), static_cast<int>(number));
  if (error != 0) return raise_os_error(ts, error);
  OURO_TRY(check_signals(ts));
  return ts.core.none_ref();
}

ObjResult pause_function(ThreadState& ts, Obj, Args) {
  {
    Unlocked unlocked(ts);
    ::pause();
  }
  OURO_TRY(check_signals(ts));
  return ts.core.none_ref();
}

ObjResult send_to_process(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "pidfd_send_signal", {"", "", "siginfo", "flags"}, 2, values));
  std::int64_t numbers[3] = {};
  for (const std::size_t i : {0, 1, 3}) {
    if (!values[i]) continue;
    numbers[i < 3 ? i : 2] =
        OURO_TRY(index_as_int64(ts, values[i], ts.core.exceptions.OverflowError));
  }
  if (values[2] && !is_none(values[2])) return raise_type_error(ts, "siginfo must be None");
  if (syscall(SYS_pidfd_send_signal, numbers[0], numbers[1], nullptr, numbers[2]) < 0) {
    return raise_os_error(ts, errno);
  }
  OURO_TRY(check_signals(ts));
  return ts.core.none_ref();
}

}  // namespace

const MethodDef kSignalWaitingMethods[] = {
    {"pthread_sigmask", change_mask, 2, 2, MethodDef::kNone,
     "pthread_sigmask($module, how, mask, /)\n--\n\nFetch and/or change the signal mask of the "
     "calling thread."},
    {"pthread_kill", kill_thread, 2, 2, MethodDef::kNone,
     "pthread_kill($module, thread_id, signalnum, /)\n--\n\nSend a signal to a thread."},
    {"sigpending", pending_signals, 0, 0, MethodDef::kNone,
     "sigpending($module, /)\n--\n\nExamine pending signals."},
    {"sigwait", wait_for_signal, 1, 1, MethodDef::kNone,
     "sigwait($module, sigset, /)\n--\n\nWait for a signal."},
    {"sigwaitinfo", wait_for_info, 1, 1, MethodDef::kNone,
     "sigwaitinfo($module, sigset, /)\n--\n\nWait synchronously until one of the signals in "
     "*sigset* is delivered."},
    {"sigtimedwait", wait_for_some_time, 2, 2, MethodDef::kNone,
     "sigtimedwait($module, sigset, timeout, /)\n--\n\nLike sigwaitinfo(), but with a timeout."},
    {"pause", pause_function, 0, 0, MethodDef::kNone,
     "pause($module, /)\n--\n\nWait until a signal arrives."},
    {"pidfd_send_signal", send_to_process, 0, -1, MethodDef::kKeywords,
     "pidfd_send_signal($module, pidfd, signalnum, siginfo=None, flags=0, /)\n--\n\nSend a signal "
     "to a process referred to by a pid file descriptor."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Status add_signal_info_type(ThreadState& ts, Borrowed<Module> module) {
  Ref<Type> type = OURO_TRY(make_struct_sequence(
      ts, "signal", kInfoName, kInfoFields, std::size(kInfoFields),
      "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed "
      "either as a tuple of\n(si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\n"
      "or via the attributes si_signo, si_code, and so on."));
  return dict_set(ts, module->dict, kInfoName, Obj(type));
}

}  // namespace ouro
