// Module _thread: what its files share, and what other modules need of threads.
#pragma once

#include <semaphore.h>

#include "objects/module.h"
#include "objects/threads.h"

namespace ouro {

/// threading.Lock: a semaphore that counts to one, so that any thread may release it.
struct Lock : Object {
  bool held;
  sem_t turn;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V&) const {}
};

inline constexpr double kTimeoutMax = 9223372036.0;  // seconds: what fits 64 bits of nanoseconds

/// How long acquire(blocking=True, timeout=-1) may wait, in ns: 0 not at all, -1 for ever.
Result<std::int64_t> wait_limit(ThreadState& ts, Args args);
/// Takes the semaphore, waiting up to `limit` ns (-1: for ever) without the interpreter's lock.
/// False when the time is over. With `interruptible`, signal handlers run meanwhile.
Result<bool> wait_for(ThreadState& ts, sem_t& turn, std::int64_t limit, bool interruptible = true);

void fill_lock(Type& type);
Status add_rlock_type(ThreadState& ts, Borrowed<Module> module);
Status add_local_type(ThreadState& ts, Borrowed<Module> module);
ObjResult make_lock(ThreadState& ts, Borrowed<Type> type);
/// Lets go of a lock, if it is held.
void free_lock(Lock& lock);

ObjResult start_new_thread(ThreadState& ts, Obj module, Args args);
/// The values that _local objects have in this thread go.
void drop_thread_locals(ThreadState& ts);
/// Drops what belongs to a thread: local data, context, and last the lock that says it has ended.
/// `ts` need not be the calling thread's. Runs Python code.
void release_thread(ThreadState& ts);
/// The import lock; a thread may take it several times.
Status acquire_import_lock(ThreadState& ts);
void release_import_lock(ThreadState& ts);
/// In the child of a fork: the other threads do not exist there.
void become_only_thread(ThreadState& ts);

/// _thread._excepthook and its argument type.
ObjResult thread_excepthook(ThreadState& ts, Obj module, Args args);
Status add_excepthook_type(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
