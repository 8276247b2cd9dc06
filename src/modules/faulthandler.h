// Module faulthandler: what its files share.
//
// The text is written by signal handlers and by a thread without the interpreter's lock: nothing
// here allocates or locks, and what is read may be changing. It is a best effort at a bad moment.
#pragma once

#include <semaphore.h>

#include <csignal>

#include "objects/module.h"
#include "objects/threads.h"

namespace ouro {

/// Where a traceback goes, and of which threads.
struct FaultOutput {
  int descriptor;
  bool all_threads;
  Object* file;  // ? owned: keeps the descriptor open
};

/// What register() was told of one signal.
struct FaultSignal {
  bool enabled;
  bool chain;
  FaultOutput output;
  struct sigaction previous;
};

inline constexpr int kFatalSignals[] = {SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSEGV};

/// Everything the module remembers; Threads::fault_state leads to it.
struct FaultState {
  bool enabled;
  FaultOutput fatal;
  struct sigaction fatal_previous[std::size(kFatalSignals)];
  FaultSignal registered[NSIG];
  // dump_traceback_later
  bool watching;
  bool repeat, leave;
  std::int64_t timeout_us;
  FaultOutput later;
  ThreadState* asker;
  pthread_t watcher;
  sem_t cancelled;
};

inline FaultState* fault_state(ThreadState& ts) {
  return static_cast<FaultState*>(ts.threads->fault_state);
}

// -- writing (faulthandler_dump.cpp) --------------------------------------------------------------

void fault_write(int descriptor, const char* text);
void fault_write_number(int descriptor, std::uint64_t number, int digits = 1);
/// The frames of one thread, headed "Stack (most recent call first):".
void fault_write_stack(int descriptor, const ThreadState& thread);
/// The frames of all threads, newest thread first. `current` (may be null) is named so.
void fault_write_threads(int descriptor, const Threads& threads, const ThreadState* current);

// -- the rest -------------------------------------------------------------------------------------

/// Reads the arguments about the file: a number, an object with fileno(), or null and None for
/// sys.stderr. `output.file` is a new reference.
Status take_fault_output(ThreadState& ts, Obj file, bool all_threads, FaultOutput& output);
/// The module's state, made the first time.
Result<FaultState*> need_fault_state(ThreadState& ts);
void stop_watching(FaultState& state);
extern const MethodDef kFaultWatchMethods[];
extern const MethodDef kFaultTestMethods[];
/// Puts everything back as it was and drops what the module holds; at the interpreter's end.
void finish_faulthandler(ThreadState& ts);

}  // namespace ouro
