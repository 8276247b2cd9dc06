// faulthandler: tracebacks after a time (dump_traceback_later), from a thread that only waits.
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "modules/faulthandler.h"
#include "modules/module_support.h"
#include "modules/thread.h"
#include "modules/time_support.h"

namespace ouro {

namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

void write_heading(int descriptor, std::int64_t timeout_us) {
  const auto seconds = static_cast<std::uint64_t>(timeout_us / kMicrosPerSecond);
  fault_write(descriptor, "Timeout (");
  fault_write_number(descriptor, seconds / 3600);
  fault_write(descriptor, ":");
  fault_write_number(descriptor, seconds / 60 % 60, 2);
  fault_write(descriptor, ":");
  fault_write_number(descriptor, seconds % 60, 2);
  if (timeout_us % kMicrosPerSecond != 0) {
    fault_write(descriptor, ".");
    fault_write_number(descriptor, static_cast<std::uint64_t>(timeout_us % kMicrosPerSecond), 6);
  }
  fault_write(descriptor, ")!\n");
}

void* watch(void* argument) {
  auto& state = *static_cast<FaultState*>(argument);
  do {
    timespec deadline = {};
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    const std::int64_t nanos = deadline.tv_nsec + state.timeout_us % kMicrosPerSecond * 1000;
    deadline.tv_sec += state.timeout_us / kMicrosPerSecond + nanos / 1'000'000'000;
    deadline.tv_nsec = nanos % 1'000'000'000;
    int outcome = 0;
    do {
      outcome = sem_clockwait(&state.cancelled, CLOCK_MONOTONIC, &deadline);
    } while (outcome != 0 && errno == EINTR);
    if (outcome == 0) break;
    write_heading(state.later.descriptor, state.timeout_us);
    fault_write_threads(state.later.descriptor, *state.asker->threads, nullptr);
    if (state.leave) _exit(1);
  } while (state.repeat);
  return nullptr;
}

/// The thread takes no signals: they are for those that run Python code.
bool start_watcher(FaultState& state) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = pthread_create(&state.watcher, nullptr, watch, &state);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error == 0;
}

ObjResult dump_later(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "dump_traceback_later", {"timeout", "repeat", "file", "exit"}, 1,
                      values));
  const std::int64_t nanos = OURO_TRY(duration_argument(ts, values[0]));
  if (nanos <= 0) return raise_value_error(ts, "timeout must be greater than 0");
  if (nanos / 1000 > static_cast<std::int64_t>(kTimeoutMax * 1e6)) {
    return raise(ts, ts.core.exceptions.OverflowError, "timeout value is too large");
  }
  const bool repeat = values[1] && OURO_TRY(is_true(ts, values[1]));
  const bool leave = values[3] && OURO_TRY(is_true(ts, values[3]));
  FaultState* state = OURO_TRY(need_fault_state(ts));
  FaultOutput output = {};
  OURO_TRY(take_fault_output(ts, values[2], true, output));
  stop_watching(*state);
  state->repeat = repeat;
  state->leave = leave;
  state->timeout_us = (nanos + 999) / 1000;
  state->later = output;
  state->asker = ts.threads->main_thread();
  sem_init(&state->cancelled, 0, 0);
  state->watching = start_watcher(*state);
  if (state->watching) return ts.core.none_ref();
  xdecref(std::exchange(state->later.file, nullptr));
  return raise(ts, ts.core.exceptions.RuntimeError, "unable to start watchdog thread");
}

ObjResult cancel_dump(ThreadState& ts, Obj, Args) {
  if (FaultState* state = fault_state(ts); state != nullptr) stop_watching(*state);
  return ts.core.none_ref();
}

}  // namespace

void stop_watching(FaultState& state) {
  if (state.watching) {
    sem_post(&state.cancelled);
    pthread_join(state.watcher, nullptr);  // it needs no lock, so it ends at once
    state.watching = false;
  }
  xdecref(std::exchange(state.later.file, nullptr));
}

const MethodDef kFaultWatchMethods[] = {
    {"dump_traceback_later", dump_later, 0, -1, MethodDef::kKeywords,
     "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False):\ndump the "
     "traceback of all threads in timeout seconds,\nor each timeout seconds if repeat is True. If "
     "exit is True, call _exit(1) which is not safe."},
    {"cancel_dump_traceback_later", cancel_dump, 0, 0, MethodDef::kNone,
     "cancel_dump_traceback_later():\ncancel the previous call to dump_traceback_later()."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
