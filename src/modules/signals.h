// Module _signal: what its files share, and what others ask of it.
#pragma once

#include <csignal>

#include "objects/module.h"
#include "objects/threads.h"

namespace ouro {

/// What the program wants to be done about each signal: a callable, the int of SIG_DFL or SIG_IGN,
/// or null when somebody else has set a handler. Lives from the first import of the module until
/// finish_signals().
struct SignalState {
  Object* handlers[NSIG];   // owned
  Object* default_handler;  // owned: SIG_DFL
  Object* ignore_handler;   // owned: SIG_IGN
};

/// The state; null before the module was imported and after the end of signals.
inline SignalState* signal_state(ThreadState& ts) {
  return static_cast<SignalState*>(ts.threads->signal_state);
}
/// Whether Python code is called for this signal.
bool has_python_handler(ThreadState& ts, int number);
/// The end of signal handling: those with handlers in Python do what the system wants again.
void finish_signals(ThreadState& ts);

/// A signal's number; ValueError "signal number out of range".
Result<int> signal_number(ThreadState& ts, Obj value);

/// The functions about masks, waiting and threads (signal_waiting.cpp) and timers
/// (signal_timers.cpp).
extern const MethodDef kSignalWaitingMethods[];
extern const MethodDef kSignalTimerMethods[];
Status add_signal_info_type(ThreadState& ts, Borrowed<Module> module);
Status add_timer_names(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
