// Interpreter: one heap, one collector, one set of core objects and modules, wired together. Several may live in one process,
// one per thread. Building it is `create`; a program is run by run_*; `finish` takes everything down in CPython's order,
// after which the heap holds no block.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "gc/collector.h"
#include "heap/heap.h"
#include "modules/sys_module.h"
#include "objects/core.h"
#include "objects/module.h"
#include "objects/threads.h"

namespace ouro {

/// How an interpreter is to be built. Strings are the embedder's; they are copied where they are kept.
struct InterpreterOptions {
  heap::HeapOptions heap;
  gc::VerifyMode gc_verify = gc::VerifyMode::Never;
  std::uint64_t gc_stress = 0;           // 0: off; n: a young collection at every n-th allocation
  std::uint64_t fail_allocation_at = 0;  // counted from the start of the program, not of the interpreter
  bool fail_once = false;
  int trace_frames = 0;                  // 0: off; n: trace memory from the start, with n lines a block
  SysOptions sys;
  std::string stdlib;                    // folder of the pure-Python standard library; empty: look for it
};

/// What is left when an interpreter has finished.
struct LeakReport {
  std::size_t live_blocks = 0;
  std::size_t live_bytes = 0;
};

struct Interpreter {
  explicit Interpreter(const InterpreterOptions& options);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// Builds core objects, the modules sys, builtins, gc, the standard streams and the importer. False when it cannot start
  /// (out of memory): `failure` says why in a sentence.
  [[nodiscard]] bool start();
  [[nodiscard]] const std::string& failure() const { return failure_; }

  /// Runs one compilation unit in __main__; the exit status of the process: 0, 1 after an uncaught exception (printed), or what
  /// SystemExit says.
  int run_source(std::string_view source, const char* filename, bool source_is_utf8);
  int run_file(const char* path);
  int run_container(const char* path);
  int run_command(std::string_view command);
  int run_module(const char* name);
  int run_stdin();
  /// The prompt: reads stdin until its end or SystemExit.
  int run_prompt();

  /// Ends the program: exit functions, streams, modules, cycles, core objects. Returns the status to exit with
  /// (120 when flushing stdout failed). Prints what is still alive when `leak_report` is given.
  int finish(int status, LeakReport* leak_report);

  /// The program ended by a KeyboardInterrupt that nobody caught: the process is to die of the signal, so that a shell sees it.
  [[nodiscard]] bool interrupted() const { return interrupted_; }
  /// Threads of the program still run, or sleep until the process ends: the heap must stay.
  [[nodiscard]] bool threads_remain() const { return threads_remain_; }
  [[nodiscard]] ThreadState& thread_state() { return *ts_; }
  [[nodiscard]] Borrowed<Module> main_module() const { return main_; }

 private:
  Status build();
  Status find_library();
  Status add_site_builtins();
  [[nodiscard]] bool wants_faulthandler() const;
  int report_uncaught();

  const InterpreterOptions options_;
  heap::Heap heap_;
  CoreObjects core_;
  std::optional<gc::Space> space_;
  std::optional<ThreadState> ts_;
  Threads* threads_ = nullptr;  // shared with the threads that a program started
  Module* main_ = nullptr;       // owned
  Dict* first_builtins_ = nullptr;  // owned: the dict of builtins before any program ran
  Module* gc_module_ = nullptr;  // owned: its state serves the collector to the end
  std::string failure_;
  bool finished_ = false;
  bool exit_requested_ = false;
  bool interrupted_ = false;
  bool threads_remain_ = false;
  friend struct Prompt;
};

/// Prints the pending exception as the interpreter does at top level (through sys.excepthook) and clears it. For SystemExit
/// nothing is printed but its message; the result is the exit status then, and -1 for other exceptions.
int print_pending_exception(ThreadState& ts);

}  // namespace ouro
