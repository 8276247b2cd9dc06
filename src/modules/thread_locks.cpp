// _thread.lock and _thread.RLock: semaphores that are waited for without the interpreter's lock.
#include <cstdio>
#include <ctime>

#include "modules/module_support.h"
#include "modules/thread.h"
#include "modules/time_support.h"

namespace ouro {

namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::uint64_t this_thread() { return static_cast<std::uint64_t>(pthread_self()); }

timespec deadline_after(std::int64_t nanos) {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t sum = now.tv_nsec + nanos % kNanosPerSecond;
  return {now.tv_sec + nanos / kNanosPerSecond + sum / kNanosPerSecond, sum % kNanosPerSecond};
}

/// The address of an object, as reprs show it.
struct AddressText {
  explicit AddressText(Obj object) {
    std::snprintf(text, sizeof text, "%p", static_cast<void*>(object.get()));
  }
  char text[24];
};

// -- lock -----------------------------------------------------------------------------------------

void lock_dealloc(gc::Header* header) {
  auto* lock = static_cast<Lock*>(header);
  untrack(lock);
  if (lock->weaklist != nullptr) clear_weak_references(lock);
  sem_destroy(&lock->turn);
  free_object(lock);
}

ObjResult lock_acquire(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(wait_limit(ts, args));
  auto* lock = as<Lock>(self);
  if (!OURO_TRY(wait_for(ts, lock->turn, limit))) return ts.core.bool_ref(false);
  lock->held = true;
  return ts.core.bool_ref(true);
}

ObjResult lock_release(ThreadState& ts, Obj self, Args) {
  if (!as<Lock>(self)->held) {
    return raise(ts, ts.core.exceptions.RuntimeError, "release unlocked lock");
  }
  free_lock(*as<Lock>(self));
  return ts.core.none_ref();
}

ObjResult lock_enter(ThreadState& ts, Obj self, Args) { return lock_acquire(ts, self, Args{}); }
ObjResult lock_locked(ThreadState& ts, Obj self, Args) {
  return ts.core.bool_ref(as<Lock>(self)->held);
}

ObjResult lock_reinit(ThreadState& ts, Obj self, Args) {
  auto* lock = as<Lock>(self);
  sem_init(&lock->turn, 0, 1);
  lock->held = false;
  return ts.core.none_ref();
}

ObjResult lock_repr(ThreadState& ts, Obj self) {
  const AddressText address(self);
  const FormatArg args[] = {FormatArg(as<Lock>(self)->held ? "locked" : "unlocked"),
                            FormatArg(address.text)};
  return format_message(ts, "<{} _thread.lock object at {}>", args);
}

constexpr MethodDef kLockMethods[] = {
    {"acquire", lock_acquire, 0, -1, MethodDef::kKeywords,
     "acquire(blocking=True, timeout=-1) -> bool\n\nLock the lock; False when it is held and the "
     "wait is over."},
    {"acquire_lock", lock_acquire, 0, -1, MethodDef::kKeywords, "Same as acquire()."},
    {"release", lock_release, 0, 0, MethodDef::kNone,
     "release()\n\nRelease the lock, which must be in the locked state."},
    {"release_lock", lock_release, 0, 0, MethodDef::kNone, "Same as release()."},
    {"locked", lock_locked, 0, 0, MethodDef::kNone,
     "locked() -> bool\n\nReturn whether the lock is in the locked state."},
    {"locked_lock", lock_locked, 0, 0, MethodDef::kNone, "Same as locked()."},
    {"__enter__", lock_enter, 0, 0, MethodDef::kNone, "Lock the lock."},
    {"__exit__", lock_release, 0, -1, MethodDef::kNone, "Release the lock."},
    {"_at_fork_reinit", lock_reinit, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// -- RLock ----------------------------------------------------------------------------------------

struct RLock : Object {
  std::uint64_t owner;  // thread, while count > 0
  std::uint64_t count;
  sem_t turn;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V&) const {}
};

void rlock_dealloc(gc::Header* header) {
  auto* lock = static_cast<RLock*>(header);
  untrack(lock);
  if (lock->weaklist != nullptr) clear_weak_references(lock);
  sem_destroy(&lock->turn);
  free_object(lock);
}

ObjResult rlock_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<RLock> made = OURO_TRY(new_object<RLock>(ts, type, type->info.basic_bytes));
  sem_init(&made->turn, 0, 1);
  OURO_TRY(track(ts, made));
  return made;
}

bool is_owned(const RLock* lock) { return lock->count > 0 && lock->owner == this_thread(); }

ObjResult rlock_acquire(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(wait_limit(ts, args));
  auto* lock = as<RLock>(self);
  if (is_owned(lock)) {
    if (lock->count == UINT64_MAX) {
      return raise(ts, ts.core.exceptions.OverflowError, "Internal lock count overflowed");
    }
    ++lock->count;
    return ts.core.bool_ref(true);
  }
  if (!OURO_TRY(wait_for(ts, lock->turn, limit))) return ts.core.bool_ref(false);
  lock->owner = this_thread();
  lock->count = 1;
  return ts.core.bool_ref(true);
}

ObjResult rlock_enter(ThreadState& ts, Obj self, Args) { return rlock_acquire(ts, self, Args{}); }

ObjResult rlock_release(ThreadState& ts, Obj self, Args) {
  auto* lock = as<RLock>(self);
  if (!is_owned(lock)) {
    return raise(ts, ts.core.exceptions.RuntimeError, "cannot release un-acquired lock");
  }
  if (--lock->count == 0) {
    lock->owner = 0;
    sem_post(&lock->turn);
  }
  return ts.core.none_ref();
}

ObjResult rlock_is_owned(ThreadState& ts, Obj self, Args) {
  return ts.core.bool_ref(is_owned(as<RLock>(self)));
}

ObjResult rlock_release_save(ThreadState& ts, Obj self, Args) {
  auto* lock = as<RLock>(self);
  if (lock->count == 0) {
    return raise(ts, ts.core.exceptions.RuntimeError, "cannot release un-acquired lock");
  }
  Ref<Int> count = OURO_TRY(Int::from_unsigned(ts, lock->count));
  Ref<Int> owner = OURO_TRY(Int::from_unsigned(ts, lock->owner));
  ObjRef state = OURO_TRY(Tuple::of(ts, count, owner));
  lock->count = 0;
  lock->owner = 0;
  sem_post(&lock->turn);
  return state;
}

ObjResult rlock_acquire_restore(ThreadState& ts, Obj self, Args args) {
  if (!is_tuple(args[0]) || as<Tuple>(args[0])->size != 2) {
    return raise_type_error(ts, "argument 1 must be a tuple of two ints");
  }
  const std::int64_t count =
      OURO_TRY(index_as_int64(ts, as<Tuple>(args[0])->at(0), ts.core.exceptions.OverflowError));
  const std::int64_t owner =
      OURO_TRY(index_as_int64(ts, as<Tuple>(args[0])->at(1), ts.core.exceptions.OverflowError));
  auto* lock = as<RLock>(self);
  (void)OURO_TRY(wait_for(ts, lock->turn, -1, /*interruptible=*/false));
  lock->count = static_cast<std::uint64_t>(count);
  lock->owner = static_cast<std::uint64_t>(owner);
  return ts.core.none_ref();
}

ObjResult rlock_reinit(ThreadState& ts, Obj self, Args) {
  auto* lock = as<RLock>(self);
  sem_init(&lock->turn, 0, 1);
  lock->count = 0;
  lock->owner = 0;
  return ts.core.none_ref();
}

ObjResult rlock_repr(ThreadState& ts, Obj self) {
  const auto* lock = as<RLock>(self);
  const AddressText address(self);
  const FormatArg args[] = {FormatArg(lock->count > 0 ? "locked" : "unlocked"),
                            FormatArg(type_name(self)), FormatArg(lock->owner),
                            FormatArg(lock->count), FormatArg(address.text)};
  return format_message(ts, "<{} {} object owner={} count={} at {}>", args);
}

constexpr MethodDef kRLockMethods[] = {
    {"acquire", rlock_acquire, 0, -1, MethodDef::kKeywords,
     "acquire(blocking=True, timeout=-1) -> bool\n\nLock the lock, once more when this thread "
     "holds it already."},
    {"release", rlock_release, 0, 0, MethodDef::kNone,
     "release()\n\nRelease the lock, as often as it was acquired."},
    {"_is_owned", rlock_is_owned, 0, 0, MethodDef::kNone,
     "_is_owned() -> bool\n\nFor internal use by `threading.Condition`."},
    {"_acquire_restore", rlock_acquire_restore, 1, 1, MethodDef::kNone,
     "For internal use by `threading.Condition`."},
    {"_release_save", rlock_release_save, 0, 0, MethodDef::kNone,
     "For internal use by `threading.Condition`."},
    {"__enter__", rlock_enter, 0, 0, MethodDef::kNone, "Lock the lock."},
    {"__exit__", rlock_release, 0, -1, MethodDef::kNone, "Release the lock."},
    {"_at_fork_reinit", rlock_reinit, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

// -- waiting --------------------------------------------------------------------------------------

Result<std::int64_t> wait_limit(ThreadState& ts, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "acquire", {"blocking", "timeout"}, 0, values));
  bool blocking = true;
  if (values[0]) {
    blocking = OURO_TRY(index_as_int64(ts, values[0], ts.core.exceptions.OverflowError)) != 0;
  }
  constexpr std::int64_t kForEver = -kNanosPerSecond;
  const std::int64_t timeout = values[1] ? OURO_TRY(duration_argument(ts, values[1])) : kForEver;
  if (!blocking && timeout != kForEver) {
    return raise_value_error(ts, "can't specify a timeout for a non-blocking call");
  }
  if (timeout < 0 && timeout != kForEver) {
    return raise_value_error(ts, "timeout value must be positive");
  }
  if (!blocking) return std::int64_t{0};
  if (timeout == kForEver) return std::int64_t{-1};
  if (timeout / 1000 > static_cast<std::int64_t>(kTimeoutMax * 1e6)) {
    return raise(ts, ts.core.exceptions.OverflowError, "timeout value is too large");
  }
  return timeout;
}

Result<bool> wait_for(ThreadState& ts, sem_t& turn, std::int64_t limit, bool interruptible) {
  if (sem_trywait(&turn) == 0) return true;
  if (limit == 0) return false;
  const timespec deadline = deadline_after(limit);
  for (;;) {
    int outcome = 0;
    {
      Unlocked unlocked(ts);
      outcome = limit < 0 ? sem_wait(&turn) : sem_clockwait(&turn, CLOCK_MONOTONIC, &deadline);
    }
    if (outcome == 0) return true;
    if (errno == ETIMEDOUT) return false;
    if (errno != EINTR) return raise_os_error(ts, errno);
    if (interruptible) OURO_TRY(check_signals(ts));
  }
}

Status acquire_import_lock(ThreadState& ts) {
  ImportLock& lock = ts.threads->import_lock;
  if (lock.depth == 0 || lock.owner != &ts) {
    (void)OURO_TRY(wait_for(ts, lock.turn, -1));
    lock.owner = &ts;
  }
  ++lock.depth;
  return kDone;
}

void release_import_lock(ThreadState& ts) {
  ImportLock& lock = ts.threads->import_lock;
  if (--lock.depth > 0) return;
  lock.owner = nullptr;
  sem_post(&lock.turn);
}

// -- types ----------------------------------------------------------------------------------------

void fill_lock(Type& type) {
  init_collected<Lock>(type);
  type.info.dealloc = lock_dealloc;
  type.info.weaklist_offset = offsetof(Lock, weaklist);
  type.repr = lock_repr;
  type.methods = kLockMethods;
}

ObjResult make_lock(ThreadState& ts, Borrowed<Type> type) {
  Ref<Lock> made = OURO_TRY(new_object<Lock>(ts, type));
  sem_init(&made->turn, 0, 1);
  OURO_TRY(track(ts, made));
  return made;
}

void free_lock(Lock& lock) {
  if (!lock.held) return;
  lock.held = false;
  sem_post(&lock.turn);
}

Status add_rlock_type(ThreadState& ts, Borrowed<Module> module) {
  const auto fill = [](Type& type) {
    init_collected<RLock>(type);
    type.info.flags |= kBaseType;
    type.info.dealloc = rlock_dealloc;
    type.info.weaklist_offset = offsetof(RLock, weaklist);
    type.make = rlock_make;
    type.repr = rlock_repr;
    type.methods = kRLockMethods;
  };
  OURO_TRY(add_native_type(ts, module, {"RLock", "_thread", sizeof(RLock), 0, 0, fill, nullptr}));
  return kDone;
}

}  // namespace ouro
