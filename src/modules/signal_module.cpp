// Module _signal: handlers of signals.
//
// A signal is noted where it arrives (Threads::note_signal), which may be in the middle of
// anything; its handler in Python runs on the main thread when that looks at its requests the next
// time, or when the system call it waits in is interrupted.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/signals.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/set.h"
#include "vm/vm.h"

namespace ouro {

namespace {

struct SignalName {
  const char* name;
  int number;
};
constexpr SignalName kSignals[] = {
    {"SIGHUP", SIGHUP},   {"SIGINT", SIGINT},       {"SIGQUIT", SIGQUIT},   {"SIGILL", SIGILL},
    {"SIGTRAP", SIGTRAP}, {"SIGIOT", SIGIOT},       {"SIGABRT", SIGABRT},   {"SIGFPE", SIGFPE},
    {"SIGKILL", SIGKILL}, {"SIGBUS", SIGBUS},       {"SIGSEGV", SIGSEGV},   {"SIGSYS", SIGSYS},
    {"SIGPIPE", SIGPIPE}, {"SIGALRM", SIGALRM},     {"SIGTERM", SIGTERM},   {"SIGUSR1", SIGUSR1},
    {"SIGUSR2", SIGUSR2}, {"SIGCLD", SIGCHLD},      {"SIGCHLD", SIGCHLD},   {"SIGPWR", SIGPWR},
    {"SIGIO", SIGIO},     {"SIGURG", SIGURG},       {"SIGWINCH", SIGWINCH}, {"SIGPOLL", SIGPOLL},
    {"SIGSTOP", SIGSTOP}, {"SIGTSTP", SIGTSTP},     {"SIGCONT", SIGCONT},   {"SIGTTIN", SIGTTIN},
    {"SIGTTOU", SIGTTOU}, {"SIGVTALRM", SIGVTALRM}, {"SIGPROF", SIGPROF},   {"SIGXCPU", SIGXCPU},
    {"SIGXFSZ", SIGXFSZ}, {"SIGSTKFLT", SIGSTKFLT},
};

// Runs in the middle of anything.
void on_signal(int number) {
  const int error = errno;
  if (ThreadState* ts = current_thread_state(); ts != nullptr) ts->threads->note_signal(number);
  errno = error;
}

Status install(ThreadState& ts, int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  if (sigaction(number, &action, nullptr) != 0) return raise_os_error(ts, errno);
  return kDone;
}

ObjResult default_int_handler(ThreadState& ts, Obj, Args) {
  ObjRef exception = OURO_TRY(call(ts, ts.core.exceptions.KeyboardInterrupt));
  return raise_object(ts, std::move(exception));
}

constexpr MethodDef kInterruptHandler = {
    "default_int_handler",
    default_int_handler,
    2,
    2,
    MethodDef::kNone,
    "default_int_handler($module, signalnum, frame, /)\n--\n\nThe default handler for SIGINT "
    "installed by Python."};

bool is_main_thread(ThreadState& ts) { return ts.threads->main_thread() == &ts; }

// -- running handlers -----------------------------------------------------------------------------

/// The frame that a handler is told: the one that is running.
ObjRef running_frame(ThreadState& ts) {
  if (ts.frame == nullptr) return ts.core.none_ref();
  ObjResult frame = current_frame_object(ts, 0);
  if (frame.ok()) return frame.take();
  clear_pending(ts);
  return ts.core.none_ref();
}

void report_wakeup_error(ThreadState& ts, int error) {
  (void)raise_os_error(ts, error);
  report_unraisable(ts, nullptr, "when trying to write to the signal wakeup fd");
}

Status run_handler(ThreadState& ts, int number) {
  SignalState* state = signal_state(ts);
  ObjRef handler = state == nullptr ? ObjRef() : ObjRef::share(state->handlers[number]);
  if (!has_python_handler(ts, number)) {
    (void)raise(ts, ts.core.exceptions.OSError, "Signal {} ignored due to race condition", number);
    report_unraisable(ts, ts.core.none);
    return kDone;
  }
  ObjRef frame = running_frame(ts);
  Ref<Int> value = OURO_TRY(Int::from(ts, number));
  OURO_TRY(call(ts, handler, value, frame));
  return kDone;
}

Status run_handlers(ThreadState& ts) {
  SignalInbox& inbox = ts.threads->signals;
  if (!inbox.any_signal.exchange(false, std::memory_order_acq_rel)) return kDone;
  if (const int error = inbox.wakeup_error.exchange(0); error != 0) report_wakeup_error(ts, error);
  for (int number = 1; number < NSIG; ++number) {
    if (!inbox.arrived[number].exchange(false, std::memory_order_relaxed)) continue;
    if (run_handler(ts, number).raised()) {
      // The others have their turn at the next look.
      inbox.any_signal.store(true, std::memory_order_release);
      ts.requests.fetch_or(kWantsSignal, std::memory_order_release);
      return Raised{};
    }
  }
  return kDone;
}

// -- handlers -------------------------------------------------------------------------------------

ObjResult handler_object(ThreadState& ts, int number) {
  SignalState* state = signal_state(ts);
  if (state == nullptr || state->handlers[number] == nullptr) return ts.core.none_ref();
  return ObjRef::share(state->handlers[number]);
}

/// How the system is to treat a signal with this handler.
Result<void (*)(int)> system_handler(ThreadState& ts, SignalState& state, Obj handler) {
  if (is_callable(handler)) return on_signal;
  if (is_int(handler)) {
    if (OURO_TRY(equals(ts, handler, state.default_handler))) return SIG_DFL;
    if (OURO_TRY(equals(ts, handler, state.ignore_handler))) return SIG_IGN;
  }
  return raise_type_error(
      ts, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
}

Raised raise_not_main(ThreadState& ts, const char* function) {
  return raise_value_error(ts, "{} only works in main thread of the main interpreter", function);
}

ObjResult set_signal(ThreadState& ts, Obj, Args args) {
  SignalState* state = signal_state(ts);
  if (!is_main_thread(ts)) return raise_not_main(ts, "signal");
  const int number = OURO_TRY(signal_number(ts, args[0]));
  if (state == nullptr) return raise_value_error(ts, "signals are no longer handled");
  void (*wanted)(int) = OURO_TRY(system_handler(ts, *state, args[1]));
  OURO_TRY(check_signals(ts));
  OURO_TRY(install(ts, number, wanted));
  Object* kept = wanted == SIG_DFL   ? state->default_handler
                 : wanted == SIG_IGN ? state->ignore_handler
                                     : args[1].get();
  incref(kept);
  Object* old = std::exchange(state->handlers[number], kept);
  return old == nullptr ? ts.core.none_ref() : ObjRef::steal(old);
}

ObjResult get_signal(ThreadState& ts, Obj, Args args) {
  return handler_object(ts, OURO_TRY(signal_number(ts, args[0])));
}

ObjResult raise_signal(ThreadState& ts, Obj, Args args) {
  const std::int64_t number =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (number < 0 || number >= NSIG || ::raise(static_cast<int>(number)) != 0) {
    return raise_os_error(ts, EINVAL);
  }
  OURO_TRY(check_signals(ts));
  return ts.core.none_ref();
}

ObjResult set_wakeup_fd(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "set_wakeup_fd", {"", "*", "warn_on_full_buffer"}, 1, values));
  const std::int64_t descriptor =
      OURO_TRY(index_as_int64(ts, values[0], ts.core.exceptions.OverflowError));
  const bool warn = !values[1] || OURO_TRY(is_true(ts, values[1]));
  if (!is_main_thread(ts)) return raise_not_main(ts, "set_wakeup_fd");
  const auto fd = static_cast<int>(std::clamp<std::int64_t>(descriptor, -1, INT32_MAX));
  if (fd != -1) {
    struct stat facts = {};
    if (fstat(fd, &facts) != 0) return raise_os_error(ts, errno);
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return raise_os_error(ts, errno);
    if ((flags & O_NONBLOCK) == 0) {
      return raise_value_error(ts, "the fd {} must be in non-blocking mode", fd);
    }
  }
  SignalInbox& inbox = ts.threads->signals;
  inbox.warn_when_full.store(warn);
  return Int::from(ts, inbox.wakeup_descriptor.exchange(fd));
}

ObjResult describe_signal(ThreadState& ts, Obj, Args args) {
  const int number = OURO_TRY(signal_number(ts, args[0]));
  const char* text = strsignal(number);
  if (text == nullptr || std::strncmp(text, "Unknown signal", 14) == 0) return ts.core.none_ref();
  return Str::from_utf8(ts, text);
}

ObjResult valid_signals(ThreadState& ts, Obj, Args) {
  Ref<Set> result = OURO_TRY(Set::create(ts, ts.core.types.set));
  sigset_t all;
  sigfillset(&all);
  for (int number = 1; number < NSIG; ++number) {
    if (sigismember(&all, number) != 1) continue;
    Ref<Int> value = OURO_TRY(Int::from(ts, number));
    OURO_TRY(set_add(ts, result, value));
  }
  return result;
}

ObjResult set_interrupting(ThreadState& ts, Obj, Args args) {
  const int number = OURO_TRY(signal_number(ts, args[0]));
  const bool interrupts = OURO_TRY(is_true(ts, args[1]));
  struct sigaction action = {};
  if (sigaction(number, nullptr, &action) != 0) return raise_os_error(ts, errno);
  action.sa_flags = interrupts ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
  if (sigaction(number, &action, nullptr) != 0) return raise_os_error(ts, errno);
  return ts.core.none_ref();
}

constexpr MethodDef kFunctions[] = {
    {"signal", set_signal, 2, 2, MethodDef::kNone,
     "signal($module, signalnum, handler, /)\n--\n\nSet the action for the given signal; returns "
     "the previous one."},
    {"getsignal", get_signal, 1, 1, MethodDef::kNone,
     "getsignal($module, signalnum, /)\n--\n\nReturn the current action for the given signal."},
    {"raise_signal", raise_signal, 1, 1, MethodDef::kNone,
     "raise_signal($module, signalnum, /)\n--\n\nSend a signal to the executing process."},
    {"set_wakeup_fd", set_wakeup_fd, 0, -1, MethodDef::kKeywords,
     "set_wakeup_fd(fd, *, warn_on_full_buffer=True) -> fd\n\nSets the fd to be written to (with "
     "the signal number) when a signal comes in."},
    {"strsignal", describe_signal, 1, 1, MethodDef::kNone,
     "strsignal($module, signalnum, /)\n--\n\nReturn the system description of the given signal."},
    {"valid_signals", valid_signals, 0, 0, MethodDef::kNone,
     "valid_signals($module, /)\n--\n\nReturn a set of valid signal numbers on this platform."},
    {"siginterrupt", set_interrupting, 2, 2, MethodDef::kNone,
     "siginterrupt($module, signalnum, flag, /)\n--\n\nChange system call restart behaviour."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

/// Notes what each signal does now; Ctrl-C is to raise KeyboardInterrupt unless the process was
/// told to ignore it.
Status read_handlers(ThreadState& ts, SignalState& state, Obj interrupt_handler) {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction present = {};
    if (sigaction(number, nullptr, &present) != 0) continue;
    Object* handler = present.sa_handler == SIG_DFL   ? state.default_handler
                      : present.sa_handler == SIG_IGN ? state.ignore_handler
                                                      : nullptr;
    if (number == SIGINT && present.sa_handler == SIG_DFL) {
      OURO_TRY(install(ts, SIGINT, on_signal));
      handler = interrupt_handler.get();
    }
    if (handler != nullptr) incref(handler);
    state.handlers[number] = handler;
  }
  return kDone;
}

Status start_signals(ThreadState& ts, Obj interrupt_handler) {
  Ref<Int> default_handler = OURO_TRY(Int::from(ts, 0));
  Ref<Int> ignore_handler = OURO_TRY(Int::from(ts, 1));
  auto* state = static_cast<SignalState*>(allocate_raw(sizeof(SignalState)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {};
  state->default_handler = default_handler.release();
  state->ignore_handler = ignore_handler.release();
  ts.threads->signal_state = state;
  ts.threads->run_signal_handlers = run_handlers;
  return read_handlers(ts, *state, interrupt_handler);
}

}  // namespace

Result<int> signal_number(ThreadState& ts, Obj value) {
  const std::int64_t number = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (number < 1 || number >= NSIG) return raise_value_error(ts, "signal number out of range");
  return static_cast<int>(number);
}

bool has_python_handler(ThreadState& ts, int number) {
  const SignalState* state = signal_state(ts);
  if (state == nullptr) return false;
  Object* handler = state->handlers[number];
  return handler != nullptr && handler != state->default_handler &&
         handler != state->ignore_handler;
}

void finish_signals(ThreadState& ts) {
  SignalState* state = signal_state(ts);
  if (state == nullptr) return;
  ts.threads->signals.wakeup_descriptor.store(-1);
  for (int number = 1; number < NSIG; ++number) {
    if (has_python_handler(ts, number)) std::signal(number, SIG_DFL);
    xdecref(std::exchange(state->handlers[number], nullptr));
  }
  ts.threads->run_signal_handlers = nullptr;
  ts.threads->signal_state = nullptr;
  decref(state->default_handler);
  decref(state->ignore_handler);
  free_raw(state);
}

Result<Ref<Module>> create_signal_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_signal"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(module->add_functions(ts, kSignalWaitingMethods));
  OURO_TRY(module->add_functions(ts, kSignalTimerMethods));
  for (const SignalName& entry : kSignals) {
    OURO_TRY(add_constant(ts, module, entry.name, entry.number));
  }
  const SignalName others[] = {{"SIGRTMIN", SIGRTMIN},
                               {"SIGRTMAX", SIGRTMAX},
                               {"NSIG", NSIG},
                               {"SIG_DFL", 0},
                               {"SIG_IGN", 1},
                               {"SIG_BLOCK", SIG_BLOCK},
                               {"SIG_UNBLOCK", SIG_UNBLOCK},
                               {"SIG_SETMASK", SIG_SETMASK}};
  for (const SignalName& entry : others) {
    OURO_TRY(add_constant(ts, module, entry.name, entry.number));
  }
  OURO_TRY(add_timer_names(ts, module));
  OURO_TRY(add_signal_info_type(ts, module));
  Ref<Str> module_name = OURO_TRY(intern(ts, "_signal"));
  ObjRef handler = OURO_TRY(BuiltinFunction::create(ts, kInterruptHandler, module, module_name));
  OURO_TRY(dict_set(ts, module->dict, kInterruptHandler.name, Obj(handler)));
  if (signal_state(ts) == nullptr && !ts.core.finalizing) OURO_TRY(start_signals(ts, handler));
  return module;
}

}  // namespace ouro
