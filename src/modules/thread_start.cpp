// Starting threads, what happens at their end, and what is left of them after a fork.
#include <signal.h>

#include <climits>
#include <new>

#include "modules/module_support.h"
#include "modules/sys_module.h"
#include "modules/thread.h"
#include "objects/exception.h"
#include "vm/vm.h"
#include "vm/tracing.h"

namespace ouro {

namespace {

// Besides what a program asks for: what raising RecursionError needs at the end of the stack.
constexpr std::size_t kStackReserveBytes = std::size_t{512} << 10;

/// What a new thread is to do. Its references are dropped by that thread.
struct Start {
  ThreadState* ts;
  ObjRef function;
  Ref<Tuple> positional;
  Ref<Dict> keywords;
  sigset_t mask;  // signals blocked in the thread that started it
};

/// Signals are blocked while a thread is not ready for them: a handler looks for its thread state.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t before_;
};

void run(ThreadState& ts, Start& start) {
  ObjResult result = call_with(ts, start.function, start.positional, start.keywords);
  if (result.ok()) {
    result.take().reset();
  } else if (pending_matches(ts, ts.core.exceptions.SystemExit)) {
    clear_pending(ts);
  } else {
    report_unraisable(ts, start.function, "in thread started by");
  }
  start.keywords.reset();
  start.positional.reset();
  start.function.reset();
}

void* thread_main(void* argument) {
  auto* start = static_cast<Start*>(argument);
  ThreadState& ts = *start->ts;
  Threads* threads = ts.threads;
  gc::current_space() = &ts.space;
  current_thread_state() = &ts;
  set_thread_stack_floor(ts);
  pthread_sigmask(SIG_SETMASK, &start->mask, nullptr);
  threads->take_lock(ts);
  ++threads->started;
  run(ts, *start);
  delete start;
  --threads->started;
  release_thread(ts);
  threads->remove(ts);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  current_thread_state() = nullptr;
  gc::current_space() = nullptr;
  threads->give_lock(ts);
  // From here on the interpreter may be gone.
  free_frame_stack(ts);
  delete &ts;
  Threads::forget(threads);
  return nullptr;
}

bool launch(ThreadState& ts, Start* start, pthread_t& thread) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (ts.threads->stack_bytes != 0) {
    pthread_attr_setstacksize(&attributes, ts.threads->stack_bytes + kStackReserveBytes);
  }
  const BlockedSignals blocked;
  start->mask = blocked.before();
  const int error = pthread_create(&thread, &attributes, thread_main, start);
  pthread_attr_destroy(&attributes);
  return error == 0;
}

}  // namespace

ObjResult start_new_thread(ThreadState& ts, Obj, Args args) {
  if (!is_callable(args[0])) return raise_type_error(ts, "first arg must be callable");
  if (!is_tuple(args[1])) return raise_type_error(ts, "2nd arg must be a tuple");
  if (args.count > 2 && !is_dict(args[2])) {
    return raise_type_error(ts, "optional 3rd arg must be a dictionary");
  }
  Object* event[] = {args[0].get(), args[1].get(), args.count > 2 ? args[2].get() : ts.core.none};
  OURO_TRY(audit(ts, "_thread.start_new_thread", event));
  Ref<Dict> keywords;
  if (args.count > 2) keywords = OURO_TRY(dict_copy(ts, as<Dict>(args[2])));
  auto* thread_state = new (std::nothrow) ThreadState(ts.core, ts.space);
  auto* start = new (std::nothrow) Start{};
  const auto give_up = [&] {
    delete start;
    if (thread_state == nullptr) return;
    free_frame_stack(*thread_state);
    delete thread_state;
  };
  if (thread_state == nullptr || start == nullptr || !reserve_thread_frames(*thread_state)) {
    give_up();
    return raise_no_memory(ts);
  }
  thread_state->interpreter = ts.interpreter;
  thread_state->recursion_limit = ts.recursion_limit;
  start->ts = thread_state;
  start->function = args[0].new_ref();
  start->positional = Ref<Tuple>::share(as<Tuple>(args[1]));
  start->keywords = std::move(keywords);
  ts.threads->add(*thread_state);
  pthread_t thread = {};
  if (!launch(ts, start, thread)) {
    ts.threads->remove(*thread_state);
    Threads* threads = ts.threads;
    give_up();
    Threads::forget(threads);
    return raise(ts, ts.core.exceptions.RuntimeError, "can't start new thread");
  }
  // The new thread cannot look before this one gives the lock up.
  thread_state->identity = static_cast<std::uint64_t>(thread);
  return Int::from_unsigned(ts, thread_state->identity);
}

void release_thread(ThreadState& ts) {
  drop_thread_locals(ts);
  set_trace_function(ts, Obj());
  set_profile_function(ts, Obj());
  xdecref(std::exchange(ts.asyncgen_firstiter, nullptr));
  xdecref(std::exchange(ts.asyncgen_finalizer, nullptr));
  xdecref(std::exchange(ts.context, nullptr));
  xdecref(std::exchange(ts.base_handled.exception, nullptr));
  Object* end_lock = std::exchange(ts.end_lock, nullptr);
  if (end_lock == nullptr) return;
  if (auto* reference = reinterpret_cast<gc::WeakReference*>(end_lock);
      gc::refers_to_living(*reference)) {
    free_lock(*static_cast<Lock*>(static_cast<Object*>(reference->referent)));
  }
  decref(end_lock);
}

void become_only_thread(ThreadState& ts) {
  ts.threads->restart_after_fork(ts);
  for (ThreadState* other = ts.threads->first(); other != nullptr;) {
    ThreadState* next = other->next_thread;
    if (other != &ts) {
      // Its frames stay: nobody can say what they were about to do.
      ts.threads->remove(*other);
      release_thread(*other);
    }
    other = next;
  }
}

}  // namespace ouro
