// Threads: what the threads of one interpreter share: its lock, the list of thread states, and the
// inbox of signals.
//
// Terms: the *holder* is the thread that has the lock; only it may touch objects, the heap and the
// collector. A *request* is a bit of ThreadState::requests, which the evaluator looks at on the way
// back in a loop and at the start of a function: somebody waits for the lock, or a signal came in.
// Invariants: T1 the holder's heap is owned by the holder's system thread; T2 the list of threads
// is changed by the holder only; T3 `arrived` is set before `any_signal`, and that before the
// request, so that whoever sees the request sees the signal.
#pragma once

#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "objects/thread_state.h"
#include "support/result.h"

namespace ouro {

/// Bits of ThreadState::requests.
enum Request : std::uint32_t {
  kWantsLock = 1,   // a waiting thread has lost its patience
  kWantsSignal = 2,  // for the main thread: a signal handler is due
  kWantsTracing = 4  // ThreadState::traces: the evaluator goes on in its other form
};

/// Signals as they came in. Written by signal handlers: lock-free words only.
struct SignalInbox {
  std::atomic<bool> any_signal{false};
  std::atomic<bool> arrived[NSIG] = {};
  std::atomic<int> wakeup_descriptor{-1};
  std::atomic<bool> warn_when_full{true};
  std::atomic<int> wakeup_error{0};  // of the last write to it; reported by the main thread
};

/// The import lock of module _imp, which forks take, too.
struct ImportLock {
  sem_t turn;
  const ThreadState* owner;  // while depth > 0
  std::int64_t depth;
};

class Threads {
 public:
  explicit Threads(gc::Space& space);
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  // -- the lock -----------------------------------------------------------------------------------
  /// Waits until `ts` is the holder. errno is kept. Does not return once the interpreter is being
  /// finished by another thread.
  void take_lock(ThreadState& ts);
  /// Gives the lock up. A thread that was asked for it waits until another one has had it.
  void give_lock(ThreadState& ts);
  [[nodiscard]] bool is_holder(const ThreadState& ts) const {
    return holder_.load(std::memory_order_relaxed) == &ts;
  }
  /// From now on no other thread gets the lock; those that ask for it sleep for ever.
  void begin_finishing(ThreadState& ts);
  /// In a new process, where only the calling thread lives on: the lock is its own, and so is the
  /// import lock if it held that.
  void restart_after_fork(ThreadState& ts);
  [[nodiscard]] std::int64_t switch_interval_us() const {
    return switch_interval_us_.load(std::memory_order_relaxed);
  }
  void set_switch_interval_us(std::int64_t interval) {
    switch_interval_us_.store(interval, std::memory_order_relaxed);
  }

  // -- the list of threads (the holder's)
  // -----------------------------------------------------------
  void add(ThreadState& ts);
  /// `ts` leaves the list. The object stays as long as the thread has not called forget().
  void remove(ThreadState& ts);
  [[nodiscard]] ThreadState* first() const { return first_; }
  [[nodiscard]] bool has_others(const ThreadState& ts) const {
    return first_ != &ts || ts.next_thread != nullptr;
  }
  [[nodiscard]] ThreadState* main_thread() const { return main_.load(std::memory_order_acquire); }
  void set_main_thread(ThreadState* ts) { main_.store(ts, std::memory_order_release); }
  /// The last a thread does with this object. Whoever is last frees it.
  static void forget(Threads* threads);

  std::int64_t started = 0;       // threads that run a function of _thread.start_new_thread
  std::size_t stack_bytes = 0;    // of the system's stack of new threads; 0: the system's choice
  std::uint64_t next_serial = 1;  // of the next thread added

  // -- imports ------------------------------------------------------------------------------------
  ImportLock import_lock;
  ImportTurn* imports = nullptr;  // those going on (runtime/import_turns)
  /// Without the lock, until some import has ended.
  void wait_for_import(ThreadState& ts);
  void import_ended();

  // -- signals ------------------------------------------------------------------------------------
  SignalInbox signals;
  /// Notes a signal for the main thread. Safe within a signal handler.
  void note_signal(int number);
  /// A hole for the module of signals: runs the handlers that are due. Called on the main thread.
  Status (*run_signal_handlers)(ThreadState& ts) = nullptr;
  void* signal_state = nullptr;  // the module's
  void* fault_state = nullptr;   // module faulthandler's

 private:
  ~Threads();
  void init_lock();
  void become_holder(ThreadState& ts);
  [[noreturn]] void sleep_for_ever();

  gc::Space& space_;
  pthread_mutex_t mutex_;
  pthread_cond_t released_;  // the lock is free
  pthread_cond_t switched_;  // it has a new holder
  std::atomic<ThreadState*> holder_{nullptr};
  ThreadState* last_holder_ = nullptr;
  std::uint64_t switches_ = 0;
  int waiting_ = 0;
  ThreadState* finisher_ = nullptr;  // the thread that finishes the interpreter
  std::atomic<std::int64_t> switch_interval_us_{5000};
  std::uint64_t imports_ended_ = 0;  // the holder writes it, with `mutex_`
  pthread_cond_t import_ended_;
  ThreadState* first_ = nullptr;
  std::atomic<ThreadState*> main_{nullptr};
  std::atomic<int> users_{0};  // thread states that may still touch this object
};

/// Without the interpreter's lock for its lifetime: for system calls that may block. Nothing of the
/// heap may be changed meanwhile, and what the call uses must be held or pinned. errno survives.
class [[nodiscard]] Unlocked {
 public:
  explicit Unlocked(ThreadState& ts) : ts_(ts) {
    if (ts.threads != nullptr) ts.threads->give_lock(ts);
  }
  ~Unlocked() {
    if (ts_.threads != nullptr) ts_.threads->take_lock(ts_);
  }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  ThreadState& ts_;
};

/// Does what ts.requests asks for: hands the lock over, runs signal handlers. Runs Python code.
Status answer_requests(ThreadState& ts);
/// On the main thread: runs the handlers of signals that came in. Runs Python code.
Status check_signals(ThreadState& ts);

/// A system call that may block, made without the lock and again when a signal interrupted it; in
/// between, and before, the handlers of signals run and may raise. The call's result, errno being
/// set when it is negative.
template <class Call>
Result<std::int64_t> blocking_call(ThreadState& ts, Call call) {
  if ((ts.requests.load(std::memory_order_relaxed) & kWantsSignal) != 0) [[unlikely]] {
    OURO_TRY(check_signals(ts));
  }
  for (;;) {
    std::int64_t result = 0;
    {
      Unlocked unlocked(ts);
      result = static_cast<std::int64_t>(call());
    }
    if (result >= 0 || errno != EINTR) return result;
    OURO_TRY(check_signals(ts));
  }
}

}  // namespace ouro
