// Module _thread: locks and thread-local data for the one thread there is.
//
// Without a second thread nobody could release a lock that is held: waiting for one without a limit
// raises RuntimeError instead of hanging. Waiting with a timeout waits and gives up, as it would
// among threads.
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/float.h"

namespace ouro {

namespace {

constexpr double kTimeoutMax = 9223372036.0;  // seconds: what fits 64 bits of nanoseconds
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::uint64_t this_thread() { return static_cast<std::uint64_t>(pthread_self()); }

// -- waiting --------------------------------------------------------------------------------------

/// How an acquire may wait, in ns: 0 not at all, -1 for ever.
Result<std::int64_t> wait_limit(ThreadState& ts, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "acquire", {"blocking", "timeout"}, 0, values));
  const bool blocking = !values[0] || OURO_TRY(is_true(ts, values[0]));
  double timeout = -1;
  if (values[1]) timeout = OURO_TRY(as_double(ts, values[1]));
  if (!blocking && timeout != -1)
    return raise_value_error(ts, "can't specify a timeout for a non-blocking call");
  if (timeout < 0 && timeout != -1) return raise_value_error(ts, "timeout value must be positive");
  if (!blocking) return std::int64_t{0};
  if (timeout == -1) return std::int64_t{-1};
  if (!(timeout <= kTimeoutMax))
    return raise(ts, ts.core.exceptions.OverflowError, "timeout value is too large");
  return static_cast<std::int64_t>(std::ceil(timeout * static_cast<double>(kNanosPerSecond)));
}

/// Waits for what cannot happen: until the limit, or not at all when there is none.
Status wait_in_vain(ThreadState& ts, std::int64_t limit) {
  if (limit < 0) {
    return raise(
        ts, ts.core.exceptions.RuntimeError,
        "acquiring a lock that is held would wait forever: this interpreter runs a single thread");
  }
  timespec left{limit / kNanosPerSecond, limit % kNanosPerSecond};
  while (limit > 0 && nanosleep(&left, &left) != 0) {
    if (errno != EINTR) return raise_os_error(ts, errno);
    if (ts.interrupt != 0) {
      ts.interrupt = 0;
      return raise_with(ts, ts.core.exceptions.KeyboardInterrupt, nullptr);
    }
  }
  return kDone;
}

// -- lock -----------------------------------------------------------------------------------------

struct Lock : Object {
  bool held;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V&) const {}
};

void lock_dealloc(gc::Header* header) {
  auto* lock = static_cast<Lock*>(header);
  untrack(lock);
  if (lock->weaklist != nullptr) clear_weak_references(lock);
  free_object(lock);
}

ObjResult lock_acquire(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(wait_limit(ts, args));
  auto* lock = as<Lock>(self);
  if (lock->held) {
    OURO_TRY(wait_in_vain(ts, limit));
    return ts.core.bool_ref(false);
  }
  lock->held = true;
  return ts.core.bool_ref(true);
}

ObjResult lock_release(ThreadState& ts, Obj self, Args) {
  if (!as<Lock>(self)->held)
    return raise(ts, ts.core.exceptions.RuntimeError, "release unlocked lock");
  as<Lock>(self)->held = false;
  return ts.core.none_ref();
}

ObjResult lock_enter(ThreadState& ts, Obj self, Args) { return lock_acquire(ts, self, Args{}); }
ObjResult lock_locked(ThreadState& ts, Obj self, Args) {
  return ts.core.bool_ref(as<Lock>(self)->held);
}

ObjResult lock_reinit(ThreadState& ts, Obj self, Args) {
  as<Lock>(self)->held = false;
  return ts.core.none_ref();
}

ObjResult lock_repr(ThreadState& ts, Obj self) {
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  const FormatArg args[] = {FormatArg(as<Lock>(self)->held ? "locked" : "unlocked"),
                            FormatArg(address)};
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

void fill_lock(Type& type) {
  init_collected<Lock>(type);
  type.info.dealloc = lock_dealloc;
  type.info.weaklist_offset = offsetof(Lock, weaklist);
  type.repr = lock_repr;
  type.methods = kLockMethods;
}

ObjResult make_lock(ThreadState& ts, Borrowed<Type> type) {
  Ref<Lock> made = OURO_TRY(new_object<Lock>(ts, type));
  OURO_TRY(track(ts, made));
  return made;
}

// -- RLock ----------------------------------------------------------------------------------------

struct RLock : Object {
  std::uint64_t owner;  // thread, while count > 0
  std::uint64_t count;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V&) const {}
};

void rlock_dealloc(gc::Header* header) {
  auto* lock = static_cast<RLock*>(header);
  untrack(lock);
  if (lock->weaklist != nullptr) clear_weak_references(lock);
  free_object(lock);
}

ObjResult rlock_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<RLock> made = OURO_TRY(new_object<RLock>(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, made));
  return made;
}

bool is_owned(const RLock* lock) { return lock->count > 0 && lock->owner == this_thread(); }

ObjResult rlock_acquire(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(wait_limit(ts, args));
  auto* lock = as<RLock>(self);
  if (lock->count > 0 && !is_owned(lock)) {  // by _acquire_restore with somebody else's state
    OURO_TRY(wait_in_vain(ts, limit));
    return ts.core.bool_ref(false);
  }
  if (lock->count == UINT64_MAX)
    return raise(ts, ts.core.exceptions.OverflowError, "Internal lock count overflowed");
  lock->owner = this_thread();
  ++lock->count;
  return ts.core.bool_ref(true);
}

ObjResult rlock_enter(ThreadState& ts, Obj self, Args) { return rlock_acquire(ts, self, Args{}); }

ObjResult rlock_release(ThreadState& ts, Obj self, Args) {
  auto* lock = as<RLock>(self);
  if (!is_owned(lock))
    return raise(ts, ts.core.exceptions.RuntimeError, "cannot release un-acquired lock");
  if (--lock->count == 0) lock->owner = 0;
  return ts.core.none_ref();
}

ObjResult rlock_is_owned(ThreadState& ts, Obj self, Args) {
  return ts.core.bool_ref(is_owned(as<RLock>(self)));
}

ObjResult rlock_release_save(ThreadState& ts, Obj self, Args) {
  auto* lock = as<RLock>(self);
  if (lock->count == 0)
    return raise(ts, ts.core.exceptions.RuntimeError, "cannot release un-acquired lock");
  Ref<Int> count = OURO_TRY(Int::from_unsigned(ts, lock->count));
  Ref<Int> owner = OURO_TRY(Int::from_unsigned(ts, lock->owner));
  ObjRef state = OURO_TRY(Tuple::of(ts, count, owner));
  lock->count = 0;
  lock->owner = 0;
  return state;
}

ObjResult rlock_acquire_restore(ThreadState& ts, Obj self, Args args) {
  if (!is_tuple(args[0]) || as<Tuple>(args[0])->size != 2)
    return raise_type_error(ts, "argument 1 must be a tuple of two ints");
  const std::int64_t count =
      OURO_TRY(index_as_int64(ts, as<Tuple>(args[0])->at(0), ts.core.exceptions.OverflowError));
  const std::int64_t owner =
      OURO_TRY(index_as_int64(ts, as<Tuple>(args[0])->at(1), ts.core.exceptions.OverflowError));
  auto* lock = as<RLock>(self);
  if (lock->count > 0) OURO_TRY(wait_in_vain(ts, -1));
  lock->count = static_cast<std::uint64_t>(count);
  lock->owner = static_cast<std::uint64_t>(owner);
  return ts.core.none_ref();
}

ObjResult rlock_reinit(ThreadState& ts, Obj self, Args) {
  as<RLock>(self)->count = 0;
  as<RLock>(self)->owner = 0;
  return ts.core.none_ref();
}

ObjResult rlock_repr(ThreadState& ts, Obj self) {
  const auto* lock = as<RLock>(self);
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  const FormatArg args[] = {FormatArg(lock->count > 0 ? "locked" : "unlocked"),
                            FormatArg(type_name(self)), FormatArg(lock->owner),
                            FormatArg(lock->count), FormatArg(address)};
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

void fill_rlock(Type& type) {
  init_collected<RLock>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc = rlock_dealloc;
  type.info.weaklist_offset = offsetof(RLock, weaklist);
  type.make = rlock_make;
  type.repr = rlock_repr;
  type.methods = kRLockMethods;
}

// -- _local ---------------------------------------------------------------------------------------

/// Attributes per thread: with one thread, attributes.
struct Local : Object {
  Dict* dict;  // ? owned
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    v.edge(dict, gc::slot_label("__dict__"));
  }
};

void local_dealloc(gc::Header* header) {
  auto* local = static_cast<Local*>(header);
  untrack(local);
  if (local->weaklist != nullptr) clear_weak_references(local);
  drop(local->dict);
  free_object(local);
}

ObjResult local_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type->init == ts.core.types.object->init && (args.count > 0 || args.keyword_count() > 0)) {
    return raise_type_error(ts, "Initialization arguments are not supported");
  }
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  Ref<Local> made = OURO_TRY(new_object<Local>(ts, type, type->info.basic_bytes));
  made->dict = dict.release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult local_get_dict(ThreadState& ts, Obj self) {
  if (as<Local>(self)->dict == nullptr)
    as<Local>(self)->dict = OURO_TRY(Dict::create(ts)).release();
  return ObjRef::share(as<Local>(self)->dict);
}

Status local_set_attribute(ThreadState& ts, Obj self, Borrowed<Str> name, Obj value) {
  if (str_equals_ascii(name, "__dict__")) {
    return raise(ts, ts.core.exceptions.AttributeError,
                 "'{t}' object attribute '__dict__' is read-only", self);
  }
  return generic_set_attribute(ts, self, name, value);
}

constexpr GetSetDef kLocalGetSets[] = {
    {"__dict__", local_get_dict, nullptr, "Local-data instance dictionary"},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_local(Type& type) {
  fill_holder<Local, &Local::dict>(type);
  type.info.flags |= kBaseType | kHasDict;
  type.info.dealloc = local_dealloc;
  type.info.weaklist_offset = offsetof(Local, weaklist);
  type.dict_offset = offsetof(Local, dict);
  type.make = local_make;
  type.set_attribute = local_set_attribute;
  type.getsets = kLocalGetSets;
}

// -- functions ------------------------------------------------------------------------------------

ObjResult allocate_lock(ThreadState& ts, Obj module, Args) {
  return make_lock(ts, static_cast<Type*>(as<Module>(module)->state));
}

ObjResult start_new_thread(ThreadState& ts, Obj, Args) {
  return raise(ts, ts.core.exceptions.NotImplementedError, "threads are not built yet");
}

ObjResult exit_thread(ThreadState& ts, Obj, Args) {
  ObjRef exception = OURO_TRY(call(ts, ts.core.exceptions.SystemExit));
  return raise_object(ts, std::move(exception));
}

ObjResult get_ident(ThreadState& ts, Obj, Args) { return Int::from_unsigned(ts, this_thread()); }
ObjResult get_native_id(ThreadState& ts, Obj, Args) { return Int::from(ts, syscall(SYS_gettid)); }
ObjResult thread_count(ThreadState& ts, Obj, Args) { return Int::from(ts, 0); }

ObjResult stack_size(ThreadState& ts, Obj, Args args) {
  std::int64_t size = 0;
  if (args.count > 0)
    size = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (size < 0) return raise_value_error(ts, "size must be 0 or a positive value");
  if (size > 0) {
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "setting the stack size of new threads: threads are not built yet");
  }
  return Int::from(ts, 0);
}

ObjResult interrupt_main(ThreadState& ts, Obj, Args args) {
  std::int64_t number = SIGINT;
  if (args.count > 0)
    number = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (number <= 0 || number >= NSIG) return raise_value_error(ts, "signal number out of range");
  struct sigaction present = {};
  if (sigaction(static_cast<int>(number), nullptr, &present) != 0) return raise_os_error(ts, errno);
  // Only a signal with a handler of Python's does anything.
  if (number == SIGINT && present.sa_handler != SIG_DFL && present.sa_handler != SIG_IGN)
    ts.interrupt = 1;
  return ts.core.none_ref();
}

constexpr MethodDef kFunctions[] = {
    {"allocate_lock", allocate_lock, 0, 0, MethodDef::kNone,
     "allocate_lock() -> lock object\n\nCreate a new lock object."},
    {"allocate", allocate_lock, 0, 0, MethodDef::kNone, "Same as allocate_lock()."},
    {"_set_sentinel", allocate_lock, 0, 0, MethodDef::kNone,
     "_set_sentinel() -> lock\n\nA lock that is released when the thread ends. This is a private "
     "API for the threading module."},
    {"start_new_thread", start_new_thread, 2, 3, MethodDef::kNone,
     "start_new_thread(function, args[, kwargs])\n\nNot built yet."},
    {"start_new", start_new_thread, 2, 3, MethodDef::kNone, "Same as start_new_thread()."},
    {"exit", exit_thread, 0, 0, MethodDef::kNone,
     "exit()\n\nThis is synonymous to ``raise SystemExit''."},
    {"exit_thread", exit_thread, 0, 0, MethodDef::kNone, "Same as exit()."},
    {"get_ident", get_ident, 0, 0, MethodDef::kNone,
     "get_ident() -> integer\n\nA number that tells this thread from others."},
    {"get_native_id", get_native_id, 0, 0, MethodDef::kNone,
     "get_native_id() -> integer\n\nThe thread's number as the system gives it."},
    {"interrupt_main", interrupt_main, 0, 1, MethodDef::kNone,
     "interrupt_main(signum=signal.SIGINT, /)\n\nSimulate the arrival of the given signal in the "
     "main thread."},
    {"stack_size", stack_size, 0, 1, MethodDef::kNone,
     "stack_size([size]) -> size\n\nThe stack size of new threads; 0 is the default."},
    {"_count", thread_count, 0, 0, MethodDef::kNone,
     "_count() -> integer\n\nHow many threads were started and still run."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void free_state(Module* module) {
  xdecref(static_cast<Type*>(std::exchange(module->state, nullptr)));
}

}  // namespace

Result<Ref<Module>> create_thread_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_thread"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> lock = OURO_TRY(
      make_native_type(ts, {"lock", "_thread", sizeof(Lock), 0, 0, fill_lock,
                            "What allocate_lock() gives: held by at most one at a time."}));
  OURO_TRY(dict_set(ts, module->dict, "LockType", Obj(lock)));
  module->state = lock.release();
  module->free_state = free_state;
  const Ref<Type> rlock = OURO_TRY(
      add_native_type(ts, module, {"RLock", "_thread", sizeof(RLock), 0, 0, fill_rlock, nullptr}));
  const Ref<Type> local = OURO_TRY(add_native_type(
      ts, module, {"_local", "_thread", sizeof(Local), 0, 0, fill_local, "Thread-local data"}));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(ts.core.exceptions.RuntimeError)));
  Ref<Float> limit = OURO_TRY(Float::from(ts, kTimeoutMax));
  OURO_TRY(dict_set(ts, module->dict, "TIMEOUT_MAX", Obj(limit)));
  return module;
}

}  // namespace ouro
