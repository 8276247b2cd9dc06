// ThreadState: what one thread of execution has: the pending exception, the handled ones, depth, its frames.
#pragma once

#include <atomic>

#include "objects/object.h"

namespace ouro {

struct Interpreter;
class ImportTurn;
struct LocalEntry;
class Threads;

/// An exception being handled (`except` blocks nest; each generator has its own link).
struct HandledException {
  Object* exception = nullptr;  // owned; null or None when nothing is handled
  HandledException* previous = nullptr;
};

/// What a trace or profile function is told.
enum class TraceEvent : std::uint8_t { Call, Exception, Line, Return, CCall, CException, CReturn, Opcode };

struct ThreadState {
  CoreObjects& core;              // types, names, singletons of the interpreter
  gc::Space& space;
  Object* pending = nullptr;      // owned: the exception on its way up, or null
  HandledException base_handled;
  HandledException* handled = &base_handled;
  Frame* frame = nullptr;         // the running Python frame
  Interpreter* interpreter = nullptr;
  // Native recursion (repr, compare, hash, calls from native code …): bounded by count and by stack address.
  int native_depth = 0;
  int python_depth = 0;           // Python frames, against recursion_limit
  int recursion_limit = 1000;
  int recursion_headroom = 0;
  const char* stack_floor = nullptr;  // the lowest address native code may reach
  // The frame stack: one reservation of address space (vm/frame_stack).
  Object** frame_stack_base = nullptr;
  Object** frame_stack_top = nullptr;
  Object** frame_stack_limit = nullptr;
  // Objects whose repr is being made now (repr_enter); a heap block while there are any.
  Object** shown = nullptr;
  std::uint32_t shown_count = 0;
  std::uint32_t shown_capacity = 0;
  // Tracing (vm/tracing.h): the functions of sys.settrace and sys.setprofile, owned.
  Object* trace_function = nullptr;
  Object* profile_function = nullptr;
  Frame* moved_frame = nullptr;   // to be gone on with by the other form of the evaluator
  int tracing = 0;                // trace functions that are running now
  bool traces = false;            // there is a function, and it is not running
  TraceEvent traced_event{};      // what the running trace function was called for
  int origin_depth = 0;           // sys.set_coroutine_origin_tracking_depth
  Object* asyncgen_firstiter = nullptr;  // owned: sys.set_asyncgen_hooks
  Object* asyncgen_finalizer = nullptr;
  // What others ask of this thread (bits: Request in threads.h); the evaluator looks at it.
  std::atomic<std::uint32_t> requests{0};
  // The thread among the others (threads.h).
  Threads* threads = nullptr;
  ThreadState* next_thread = nullptr;
  ThreadState* previous_thread = nullptr;
  std::uint64_t serial = 0;           // no two threads of an interpreter have the same
  std::uint64_t identity = 0;         // the system's number of the thread: threading.get_ident()
  gc::Header* waiting_objects = nullptr;  // Space::waiting and dispose_depth while others hold the lock
  int dispose_depth = 0;
  Object* context = nullptr;          // owned: the current context of _contextvars, made when asked for
  Object* end_lock = nullptr;         // owned: weak reference to the lock to be released at the end
  bool is_gone = false;               // no longer on the list
  ImportTurn* awaited_import = nullptr;  // another thread's import that this one waits for
  LocalEntry* locals = nullptr;       // this thread's values of _thread._local objects

  ThreadState(CoreObjects& the_core, gc::Space& the_space) : core(the_core), space(the_space) {}
};

namespace detail {
inline constinit thread_local ThreadState* current_thread_state = nullptr;
}
/// The thread state of this thread, for the few places that get no parameter (deallocation, hooks).
inline ThreadState*& current_thread_state() { return detail::current_thread_state; }

/// Guards native recursion: `NativeDepth depth(ts, " in comparison"); if (!depth.ok()) return Raised{};`
class [[nodiscard]] NativeDepth {
 public:
  NativeDepth(ThreadState& ts, const char* where);  // raises RecursionError "maximum recursion depth exceeded<where>"
  ~NativeDepth() { --ts_.native_depth; }
  NativeDepth(const NativeDepth&) = delete;
  NativeDepth& operator=(const NativeDepth&) = delete;
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  ThreadState& ts_;
  bool ok_;
};

}  // namespace ouro
