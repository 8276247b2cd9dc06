// The end of an interpreter's modules, in CPython's order.
#pragma once

#include "objects/dict.h"

namespace ouro {

/// Waits for the threads that a program means to run to their end (threading._shutdown). Errors are
/// reported as unraisable.
void wait_for_threads(ThreadState& ts);
/// Calls what was registered with atexit. Errors are reported as unraisable.
void run_exit_functions(ThreadState& ts);
/// Takes all modules apart: sys.modules is emptied, cycles are collected, surviving modules' dicts are cleared (those
/// imported last first), then sys and builtins. What a program added to builtins goes early: `first_builtins` is a copy of
/// the dict as it was at the start (null: none was made). Runs finalizers.
void finish_modules(ThreadState& ts, Ref<Dict> first_builtins);

}  // namespace ouro
