// Module _signal: dispositions of signals.
//
// What a signal may do here is what needs no Python code at the moment it arrives: the default,
// nothing, or, with default_int_handler, raising KeyboardInterrupt at the evaluator's next look.
// Handlers in Python are not built.
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/float.h"
#include "objects/function.h"
#include "objects/set.h"

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

/// What a signal does. Objects are made of it when asked for: the module's state holds none, which
/// would keep the module alive.
enum class Disposition : std::uint8_t { Unknown, Default, Ignore, Interrupt };

struct SignalState {
  Disposition dispositions[NSIG];
};
SignalState& state_of(Obj module) { return *static_cast<SignalState*>(as<Module>(module)->state); }

void free_state(Module* module) {
  auto* state = static_cast<SignalState*>(std::exchange(module->state, nullptr));
  if (state == nullptr) return;
  if (state->dispositions[SIGINT] == Disposition::Interrupt) std::signal(SIGINT, SIG_DFL);
  free_raw(state);
}

// Runs in the middle of anything: it may only set the flag.
void ask_for_interrupt(int) {
  if (ThreadState* ts = current_thread_state()) ts->interrupt = 1;
}

Status install(ThreadState& ts, int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  if (sigaction(number, &action, nullptr) != 0) return raise_os_error(ts, errno);
  return kDone;
}

Result<int> signal_number(ThreadState& ts, Obj value) {
  const std::int64_t number = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (number < 1 || number >= NSIG) return raise_value_error(ts, "signal number out of range");
  return static_cast<int>(number);
}

/// An interrupt that is due is raised now, not later: the caller has waited for it.
ObjResult none_or_interrupt(ThreadState& ts) {
  if (ts.interrupt == 0) return ts.core.none_ref();
  ts.interrupt = 0;
  ObjRef exception = OURO_TRY(call(ts, ts.core.exceptions.KeyboardInterrupt));
  return raise_object(ts, std::move(exception));
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

bool is_interrupt_handler(Obj handler) {
  return is_kind(handler, TypeKind::BuiltinFunction) &&
         as<BuiltinFunction>(handler)->def == &kInterruptHandler;
}

/// The handler as Python code sees it: SIG_DFL, SIG_IGN, default_int_handler, or None when it is
/// somebody else's.
ObjResult handler_object(ThreadState& ts, Obj module, Disposition disposition) {
  switch (disposition) {
    case Disposition::Unknown:
      return ts.core.none_ref();
    case Disposition::Default:
      return Int::from(ts, 0);
    case Disposition::Ignore:
      return Int::from(ts, 1);
    case Disposition::Interrupt:
      break;
  }
  Borrowed<Dict> dict = as<Module>(module)->dict;
  Ref<Str> name = OURO_TRY(intern(ts, kInterruptHandler.name));
  Obj found = dict ? Obj(dict_get_str(dict, name)) : Obj();
  if (found && is_interrupt_handler(found)) return found.new_ref();
  Ref<Str> module_name = OURO_TRY(intern(ts, "_signal"));
  return BuiltinFunction::create(ts, kInterruptHandler, module, module_name);
}

const char* name_of(int number) {
  for (const SignalName& entry : kSignals) {
    if (entry.number == number) return entry.name;
  }
  return "this signal";
}

/// The disposition that a handler object asks for.
Result<Disposition> read_handler(ThreadState& ts, Obj handler, int number) {
  if (is_interrupt_handler(handler)) return Disposition::Interrupt;
  if (is_callable(handler)) {
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "signal handlers in Python (for {}) are not built yet", name_of(number));
  }
  for (const auto& [value, disposition] :
       {std::pair(0, Disposition::Default), std::pair(1, Disposition::Ignore)}) {
    Ref<Int> wanted = OURO_TRY(Int::from(ts, value));
    if (OURO_TRY(equals(ts, handler, wanted))) return disposition;
  }
  return raise_type_error(
      ts, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
}

ObjResult set_signal(ThreadState& ts, Obj module, Args args) {
  const int number = OURO_TRY(signal_number(ts, args[0]));
  const Disposition wanted = OURO_TRY(read_handler(ts, args[1], number));
  ObjRef old = OURO_TRY(handler_object(ts, module, state_of(module).dispositions[number]));
  OURO_TRY(install(ts, number,
                   wanted == Disposition::Default  ? SIG_DFL
                   : wanted == Disposition::Ignore ? SIG_IGN
                                                   : ask_for_interrupt));
  state_of(module).dispositions[number] = wanted;
  return old;
}

ObjResult get_signal(ThreadState& ts, Obj module, Args args) {
  const int number = OURO_TRY(signal_number(ts, args[0]));
  return handler_object(ts, module, state_of(module).dispositions[number]);
}

ObjResult raise_signal(ThreadState& ts, Obj, Args args) {
  const std::int64_t number =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (number < 0 || number >= NSIG || ::raise(static_cast<int>(number)) != 0)
    return raise_os_error(ts, EINVAL);
  return none_or_interrupt(ts);
}

ObjResult alarm_function(ThreadState& ts, Obj, Args args) {
  const std::int64_t seconds =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  return int_result(ts, ::alarm(static_cast<unsigned>(seconds)));
}

ObjResult pause_function(ThreadState& ts, Obj, Args) {
  ::pause();
  return none_or_interrupt(ts);
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

// -- interval timers ------------------------------------------------------------------------------

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

Result<int> timer_argument(ThreadState& ts, Obj value) {
  const std::int64_t which = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (which != ITIMER_REAL && which != ITIMER_VIRTUAL && which != ITIMER_PROF)
    return raise_os_error(ts, EINVAL);
  return static_cast<int>(which);
}

ObjResult set_timer(ThreadState& ts, Obj, Args args) {
  const int which = OURO_TRY(timer_argument(ts, args[0]));
  itimerval wanted = {};
  itimerval old = {};
  wanted.it_value = OURO_TRY(time_argument(ts, args[1]));
  if (args.count > 2) wanted.it_interval = OURO_TRY(time_argument(ts, args[2]));
  if (setitimer(static_cast<__itimer_which>(which), &wanted, &old) != 0)
    return raise_os_error(ts, errno);
  return timer_tuple(ts, old);
}

ObjResult get_timer(ThreadState& ts, Obj, Args args) {
  const int which = OURO_TRY(timer_argument(ts, args[0]));
  itimerval now = {};
  if (getitimer(static_cast<__itimer_which>(which), &now) != 0) return raise_os_error(ts, errno);
  return timer_tuple(ts, now);
}

constexpr MethodDef kFunctions[] = {
    {"signal", set_signal, 2, 2, MethodDef::kNone,
     "signal($module, signalnum, handler, /)\n--\n\nSet the action for the given signal; returns "
     "the previous one."},
    {"getsignal", get_signal, 1, 1, MethodDef::kNone,
     "getsignal($module, signalnum, /)\n--\n\nReturn the current action for the given signal."},
    {"raise_signal", raise_signal, 1, 1, MethodDef::kNone,
     "raise_signal($module, signalnum, /)\n--\n\nSend a signal to the executing process."},
    {"alarm", alarm_function, 1, 1, MethodDef::kNone,
     "alarm($module, seconds, /)\n--\n\nArrange for SIGALRM to arrive after the given number of "
     "seconds."},
    {"pause", pause_function, 0, 0, MethodDef::kNone,
     "pause($module, /)\n--\n\nWait until a signal arrives."},
    {"strsignal", describe_signal, 1, 1, MethodDef::kNone,
     "strsignal($module, signalnum, /)\n--\n\nReturn the system description of the given signal."},
    {"valid_signals", valid_signals, 0, 0, MethodDef::kNone,
     "valid_signals($module, /)\n--\n\nReturn a set of valid signal numbers on this platform."},
    {"siginterrupt", set_interrupting, 2, 2, MethodDef::kNone,
     "siginterrupt($module, signalnum, flag, /)\n--\n\nChange system call restart behaviour."},
    {"setitimer", set_timer, 2, 3, MethodDef::kNone,
     "setitimer($module, which, seconds, interval=0.0, /)\n--\n\nSets given itimer (one of "
     "ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF)."},
    {"getitimer", get_timer, 1, 1, MethodDef::kNone,
     "getitimer($module, which, /)\n--\n\nReturns current value of given itimer."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

/// Notes what each signal does now; Ctrl-C is to raise KeyboardInterrupt unless the process was
/// told to ignore it.
Status read_dispositions(ThreadState& ts, SignalState& state) {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction present = {};
    if (sigaction(number, nullptr, &present) != 0) continue;
    Disposition& disposition = state.dispositions[number];
    disposition = present.sa_handler == SIG_DFL   ? Disposition::Default
                  : present.sa_handler == SIG_IGN ? Disposition::Ignore
                                                  : Disposition::Unknown;
    if (number != SIGINT || disposition == Disposition::Ignore) continue;
    if (disposition == Disposition::Default) OURO_TRY(install(ts, SIGINT, ask_for_interrupt));
    disposition = Disposition::Interrupt;
  }
  return kDone;
}

}  // namespace

Result<Ref<Module>> create_signal_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_signal"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  for (const SignalName& entry : kSignals)
    OURO_TRY(add_constant(ts, module, entry.name, entry.number));
  const SignalName others[] = {{"SIGRTMIN", SIGRTMIN},
                               {"SIGRTMAX", SIGRTMAX},
                               {"NSIG", NSIG},
                               {"SIG_DFL", 0},
                               {"SIG_IGN", 1},
                               {"SIG_BLOCK", SIG_BLOCK},
                               {"SIG_UNBLOCK", SIG_UNBLOCK},
                               {"SIG_SETMASK", SIG_SETMASK},
                               {"ITIMER_REAL", ITIMER_REAL},
                               {"ITIMER_VIRTUAL", ITIMER_VIRTUAL},
                               {"ITIMER_PROF", ITIMER_PROF}};
  for (const SignalName& entry : others)
    OURO_TRY(add_constant(ts, module, entry.name, entry.number));
  OURO_TRY(dict_set(ts, module->dict, "ItimerError", Obj(ts.core.exceptions.OSError)));
  auto* state = static_cast<SignalState*>(allocate_raw(sizeof(SignalState)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {};
  module->state = state;
  module->free_state = free_state;
  Ref<Str> module_name = OURO_TRY(intern(ts, "_signal"));
  ObjRef handler = OURO_TRY(BuiltinFunction::create(ts, kInterruptHandler, module, module_name));
  OURO_TRY(dict_set(ts, module->dict, kInterruptHandler.name, Obj(handler)));
  OURO_TRY(read_dispositions(ts, *state));
  return module;
}

}  // namespace ouro
