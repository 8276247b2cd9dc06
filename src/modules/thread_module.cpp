// Module _thread: its functions and types.
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/signals.h"
#include "modules/thread.h"
#include "objects/exception.h"
#include "objects/float.h"

namespace ouro {

namespace {

constexpr std::int64_t kSmallestStackBytes = 32 << 10;

Type* lock_type(Obj module) { return static_cast<Type*>(as<Module>(module)->state); }

ObjResult allocate_lock(ThreadState& ts, Obj module, Args) {
  return make_lock(ts, lock_type(module));
}

/// A lock that is released when this thread ends; the thread knows it by a weak reference.
ObjResult set_sentinel(ThreadState& ts, Obj module, Args) {
  ObjRef lock = OURO_TRY(make_lock(ts, lock_type(module)));
  ObjRef reference = OURO_TRY(call(ts, ts.core.types.weakref, lock));
  xdecref(std::exchange(ts.end_lock, reference.release()));
  return lock;
}

ObjResult exit_thread(ThreadState& ts, Obj, Args) {
  ObjRef exception = OURO_TRY(call(ts, ts.core.exceptions.SystemExit));
  return raise_object(ts, std::move(exception));
}

ObjResult get_ident(ThreadState& ts, Obj, Args) {
  return Int::from_unsigned(ts, static_cast<std::uint64_t>(pthread_self()));
}
ObjResult get_native_id(ThreadState& ts, Obj, Args) { return Int::from(ts, syscall(SYS_gettid)); }
ObjResult thread_count(ThreadState& ts, Obj, Args) { return Int::from(ts, ts.threads->started); }
ObjResult daemon_threads_allowed(ThreadState& ts, Obj, Args) { return ts.core.bool_ref(true); }

ObjResult stack_size(ThreadState& ts, Obj, Args args) {
  const std::size_t before = ts.threads->stack_bytes;
  if (args.count > 0) {
    const std::int64_t size =
        OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
    if (size < 0) return raise_value_error(ts, "size must be 0 or a positive value");
    if (size != 0 && (size < kSmallestStackBytes || size > INT64_MAX / 2)) {
      return raise_value_error(ts, "size not valid: {} bytes", size);
    }
    ts.threads->stack_bytes = static_cast<std::size_t>(size);
  }
  return Int::from(ts, static_cast<std::int64_t>(before));
}

ObjResult interrupt_main(ThreadState& ts, Obj, Args args) {
  std::int64_t number = SIGINT;
  if (args.count > 0)
    number = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (number <= 0 || number >= NSIG) return raise_value_error(ts, "signal number out of range");
  // Only a signal with a handler of Python's does anything.
  if (has_python_handler(ts, static_cast<int>(number))) {
    ts.threads->note_signal(static_cast<int>(number));
    OURO_TRY(check_signals(ts));  // at once where this is the main thread
  }
  return ts.core.none_ref();
}

constexpr MethodDef kFunctions[] = {
    {"allocate_lock", allocate_lock, 0, 0, MethodDef::kNone,
     "allocate_lock() -> lock object\n\nCreate a new lock object."},
    {"allocate", allocate_lock, 0, 0, MethodDef::kNone, "Same as allocate_lock()."},
    {"_set_sentinel", set_sentinel, 0, 0, MethodDef::kNone,
     "_set_sentinel() -> lock\n\nA lock that is released when the thread ends. This is a private "
     "API for the threading module."},
    {"start_new_thread", start_new_thread, 2, 3, MethodDef::kNone,
     "start_new_thread(function, args[, kwargs])\n\nStart a new thread, which calls the function "
     "and ends with it; return its identifier."},
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
    {"daemon_threads_allowed", daemon_threads_allowed, 0, 0, MethodDef::kNone,
     "daemon_threads_allowed()\n\nReturn True if daemon threads are allowed in the current "
     "interpreter, and False otherwise."},
    {"_excepthook", thread_excepthook, 1, 1, MethodDef::kNone,
     "excepthook(exc_type, exc_value, exc_traceback, thread)\n\nHandle uncaught Thread.run() "
     "exception."},
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
  OURO_TRY(add_rlock_type(ts, module));
  OURO_TRY(add_local_type(ts, module));
  OURO_TRY(add_excepthook_type(ts, module));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(ts.core.exceptions.RuntimeError)));
  Ref<Float> limit = OURO_TRY(Float::from(ts, kTimeoutMax));
  OURO_TRY(dict_set(ts, module->dict, "TIMEOUT_MAX", Obj(limit)));
  return module;
}

}  // namespace ouro
