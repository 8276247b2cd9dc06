// The interpreter's lock, the list of its threads, and the inbox of signals.
//
// A thread that waits for the lock asks its holder for it when a switch interval has passed without
// a change of hands. The holder sees the request at its next look, gives the lock up and waits
// until another thread has taken it: otherwise it would take the lock again before the other woke
// up.
#include "objects/threads.h"

#include <unistd.h>

#include <ctime>

#include "gc/collector.h"
#include "support/check.h"

namespace ouro {

namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

timespec moment_after(std::int64_t micros) {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t nanos = now.tv_nsec + (micros % kMicrosPerSecond) * 1000;
  now.tv_sec += micros / kMicrosPerSecond + nanos / 1'000'000'000;
  now.tv_nsec = nanos % 1'000'000'000;
  return now;
}

class MutexGuard {
 public:
  explicit MutexGuard(pthread_mutex_t& mutex) : mutex_(mutex) { pthread_mutex_lock(&mutex); }
  ~MutexGuard() { pthread_mutex_unlock(&mutex_); }
  MutexGuard(const MutexGuard&) = delete;
  MutexGuard& operator=(const MutexGuard&) = delete;

 private:
  pthread_mutex_t& mutex_;
};

}  // namespace

Threads::Threads(gc::Space& space) : space_(space) { init_lock(); }

Threads::~Threads() {
  pthread_cond_destroy(&import_ended_);
  pthread_cond_destroy(&switched_);
  pthread_cond_destroy(&released_);
  pthread_mutex_destroy(&mutex_);
}

void Threads::init_lock() {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(&mutex_, nullptr);
  pthread_cond_init(&released_, &attributes);
  pthread_cond_init(&switched_, nullptr);
  pthread_cond_init(&import_ended_, &attributes);
  pthread_condattr_destroy(&attributes);
  sem_init(&import_lock.turn, 0, 1);
  import_lock.owner = nullptr;
  import_lock.depth = 0;
}

// -- the lock -------------------------------------------------------------------------------------

void Threads::become_holder(ThreadState& ts) {
  holder_.store(&ts, std::memory_order_relaxed);
  if (last_holder_ != &ts) ++switches_;
  last_holder_ = &ts;
  ts.requests.fetch_and(~std::uint32_t{kWantsLock}, std::memory_order_relaxed);
}

void Threads::take_lock(ThreadState& ts) {
  const int error = errno;
  pthread_mutex_lock(&mutex_);
  ++waiting_;
  while (holder_.load(std::memory_order_relaxed) != nullptr && finisher_ == nullptr) {
    const std::uint64_t switches = switches_;
    const timespec patience = moment_after(switch_interval_us());
    const int outcome = pthread_cond_timedwait(&released_, &mutex_, &patience);
    ThreadState* holder = holder_.load(std::memory_order_relaxed);
    if (outcome == ETIMEDOUT && holder != nullptr && switches == switches_) {
      holder->requests.fetch_or(kWantsLock, std::memory_order_relaxed);
    }
  }
  --waiting_;
  if (finisher_ != nullptr && finisher_ != &ts) {
    pthread_cond_signal(&switched_);
    pthread_mutex_unlock(&mutex_);
    sleep_for_ever();
  }
  become_holder(ts);
  pthread_cond_signal(&switched_);
  pthread_mutex_unlock(&mutex_);
  space_.heap.set_owner_thread();
  space_.waiting = ts.waiting_objects;
  space_.dispose_depth = ts.dispose_depth;
  errno = error;
}

void Threads::give_lock(ThreadState& ts) {
  const int error = errno;
  // What is being taken apart is this thread's business: another one must neither go on with it nor
  // find its own nesting counted.
  ts.waiting_objects = std::exchange(space_.waiting, nullptr);
  ts.dispose_depth = std::exchange(space_.dispose_depth, 0);
  pthread_mutex_lock(&mutex_);
  OURO_CHECK(is_holder(ts), "the lock is given up by a thread that does not hold it");
  holder_.store(nullptr, std::memory_order_relaxed);
  pthread_cond_signal(&released_);
  if ((ts.requests.load(std::memory_order_relaxed) & kWantsLock) != 0) {
    ts.requests.fetch_and(~std::uint32_t{kWantsLock}, std::memory_order_relaxed);
    const std::uint64_t switches = switches_;
    while (switches == switches_ && waiting_ > 0) pthread_cond_wait(&switched_, &mutex_);
  }
  pthread_mutex_unlock(&mutex_);
  errno = error;
}

void Threads::begin_finishing(ThreadState& ts) {
  const MutexGuard guard(mutex_);
  finisher_ = &ts;
  pthread_cond_broadcast(&released_);
}

void Threads::sleep_for_ever() {
  // No handler may run on this thread any more: what it would look at goes away.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  for (;;) pause();
}

void Threads::restart_after_fork(ThreadState& ts) {
  const std::int64_t import_depth = import_lock.owner == &ts ? import_lock.depth : 0;
  init_lock();
  if (import_depth > 0) {
    sem_trywait(&import_lock.turn);
    import_lock.owner = &ts;
    import_lock.depth = import_depth;
  }
  holder_.store(&ts, std::memory_order_relaxed);
  last_holder_ = &ts;
  waiting_ = 0;
  users_.store(1, std::memory_order_relaxed);
  ts.requests.fetch_and(~std::uint32_t{kWantsLock}, std::memory_order_relaxed);
  set_main_thread(&ts);
  signals.any_signal.store(false, std::memory_order_relaxed);
  for (std::atomic<bool>& arrived : signals.arrived)
    arrived.store(false, std::memory_order_relaxed);
  space_.heap.set_owner_thread();
}

// -- imports --------------------------------------------------------------------------------------

void Threads::wait_for_import(ThreadState& ts) {
  constexpr std::int64_t kMicrosBetweenLooks = 50'000;  // for signals, on the main thread
  const std::uint64_t seen = imports_ended_;
  const Unlocked unlocked(ts);
  const MutexGuard guard(mutex_);
  const timespec patience = moment_after(kMicrosBetweenLooks);
  if (seen == imports_ended_) pthread_cond_timedwait(&import_ended_, &mutex_, &patience);
}

void Threads::import_ended() {
  const MutexGuard guard(mutex_);
  ++imports_ended_;
  pthread_cond_broadcast(&import_ended_);
}

// -- the list -------------------------------------------------------------------------------------

void Threads::add(ThreadState& ts) {
  users_.fetch_add(1, std::memory_order_relaxed);
  ts.threads = this;
  ts.serial = next_serial++;
  ts.previous_thread = nullptr;
  ts.next_thread = first_;
  if (first_ != nullptr) first_->previous_thread = &ts;
  first_ = &ts;
}

void Threads::remove(ThreadState& ts) {
  ts.is_gone = true;
  (ts.previous_thread != nullptr ? ts.previous_thread->next_thread : first_) = ts.next_thread;
  if (ts.next_thread != nullptr) ts.next_thread->previous_thread = ts.previous_thread;
  ts.next_thread = ts.previous_thread = nullptr;
}

void Threads::forget(Threads* threads) {
  if (threads->users_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete threads;
}

// -- requests -------------------------------------------------------------------------------------

void Threads::note_signal(int number) {
  signals.arrived[number].store(true, std::memory_order_relaxed);
  signals.any_signal.store(true, std::memory_order_release);
  if (const int wakeup = signals.wakeup_descriptor.load(); wakeup >= 0) {
    const auto byte = static_cast<unsigned char>(number);
    if (write(wakeup, &byte, 1) < 0 && (errno != EAGAIN || signals.warn_when_full.load())) {
      signals.wakeup_error.store(errno);
    }
  }
  if (ThreadState* main = main_thread(); main != nullptr) {
    main->requests.fetch_or(kWantsSignal, std::memory_order_release);
  }
}

Status check_signals(ThreadState& ts) {
  Threads* threads = ts.threads;
  if (threads == nullptr || threads->main_thread() != &ts) return kDone;
  ts.requests.fetch_and(~std::uint32_t{kWantsSignal}, std::memory_order_acquire);
  if (!threads->signals.any_signal.load(std::memory_order_acquire)) return kDone;
  if (threads->run_signal_handlers == nullptr) return kDone;
  return threads->run_signal_handlers(ts);
}

Status answer_requests(ThreadState& ts) {
  if ((ts.requests.load(std::memory_order_relaxed) & kWantsSignal) != 0) {
    OURO_TRY(check_signals(ts));
  }
  if ((ts.requests.load(std::memory_order_relaxed) & kWantsLock) != 0) {
    Unlocked for_others(ts);
  }
  return kDone;
}

}  // namespace ouro
