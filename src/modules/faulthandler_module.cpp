// Module faulthandler: tracebacks at fatal signals, at signals of one's choice, and on demand.
#include <sys/mman.h>

#include <cerrno>

#include "modules/faulthandler.h"
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/signals.h"
#include "modules/sys_module.h"
#include "objects/exception.h"

namespace ouro {

namespace {

constexpr const char* kFatalNames[] = {"Bus error", "Illegal instruction",
                                       "Floating point exception", "Aborted", "Segmentation fault"};
constexpr std::size_t kAlternateStackBytes = 64 << 10;

bool is_fatal(int number) {
  for (int fatal : kFatalSignals) {
    if (fatal == number) return true;
  }
  return false;
}

// -- signal handlers ------------------------------------------------------------------------------

void write_output(const FaultOutput& output, const ThreadState& current) {
  if (output.all_threads) {
    fault_write_threads(output.descriptor, *current.threads, &current);
  } else {
    fault_write_stack(output.descriptor, current);
  }
}

void restore_fatal(FaultState& state, std::size_t index) {
  sigaction(kFatalSignals[index], &state.fatal_previous[index], nullptr);
}

void on_fatal_signal(int number) {
  const int error = errno;
  const ThreadState* ts = current_thread_state();
  auto* state = ts == nullptr ? nullptr : static_cast<FaultState*>(ts->threads->fault_state);
  if (state == nullptr || !state->enabled) {
    std::signal(number, SIG_DFL);
    std::raise(number);
    return;
  }
  std::size_t index = 0;
  while (kFatalSignals[index] != number) ++index;
  restore_fatal(*state, index);  // another one while this is written ends the process
  const int descriptor = state->fatal.descriptor;
  fault_write(descriptor, "Fatal Python error: ");
  fault_write(descriptor, kFatalNames[index]);
  fault_write(descriptor, "\n\n");
  write_output(state->fatal, *ts);
  errno = error;
  std::raise(number);  // the handler before this one, which for most is the end
}

void on_registered_signal(int number) {
  const int error = errno;
  ThreadState* ts = current_thread_state();
  auto* state = ts == nullptr ? nullptr : static_cast<FaultState*>(ts->threads->fault_state);
  if (state == nullptr || !state->registered[number].enabled) return;
  FaultSignal& registered = state->registered[number];
  write_output(registered.output, *ts);
  if (registered.chain) {
    struct sigaction own = {};
    sigaction(number, &registered.previous, &own);
    errno = error;
    std::raise(number);
    sigaction(number, &own, nullptr);
  }
  errno = error;
}

bool install(int number, void (*handler)(int), bool restart, struct sigaction* previous) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_ONSTACK | SA_NODEFER | (restart ? SA_RESTART : 0);
  return sigaction(number, &action, previous) == 0;
}

/// A stack for handlers of this thread, so that they also run when its own is used up.
void provide_alternate_stack() {
  stack_t present = {};
  if (sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  void* memory = mmap(nullptr, kAlternateStackBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  const stack_t stack = {memory, 0, kAlternateStackBytes};
  if (sigaltstack(&stack, nullptr) != 0) munmap(memory, kAlternateStackBytes);
}

// -- functions ------------------------------------------------------------------------------------

ObjResult enable(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "enable", {"file", "all_threads"}, 0, values));
  const bool all = !values[1] || OURO_TRY(is_true(ts, values[1]));
  FaultState* state = OURO_TRY(need_fault_state(ts));
  FaultOutput output = {};
  OURO_TRY(take_fault_output(ts, values[0], all, output));
  xdecref(std::exchange(state->fatal, output).file);
  if (state->enabled) return ts.core.none_ref();
  state->enabled = true;
  provide_alternate_stack();
  for (std::size_t i = 0; i < std::size(kFatalSignals); ++i) {
    if (!install(kFatalSignals[i], on_fatal_signal, false, &state->fatal_previous[i])) {
      return raise_os_error(ts, errno);
    }
  }
  return ts.core.none_ref();
}

bool switch_off(FaultState& state) {
  const bool was_enabled = std::exchange(state.enabled, false);
  if (was_enabled) {
    for (std::size_t i = 0; i < std::size(kFatalSignals); ++i) restore_fatal(state, i);
  }
  xdecref(std::exchange(state.fatal.file, nullptr));
  return was_enabled;
}

ObjResult disable(ThreadState& ts, Obj, Args) {
  FaultState* state = fault_state(ts);
  return ts.core.bool_ref(state != nullptr && switch_off(*state));
}

ObjResult is_enabled(ThreadState& ts, Obj, Args) {
  const FaultState* state = fault_state(ts);
  return ts.core.bool_ref(state != nullptr && state->enabled);
}

ObjResult dump_traceback(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "dump_traceback", {"file", "all_threads"}, 0, values));
  const bool all = !values[1] || OURO_TRY(is_true(ts, values[1]));
  FaultOutput output = {};
  OURO_TRY(take_fault_output(ts, values[0], all, output));
  const ObjRef file = ObjRef::steal(output.file);
  write_output(output, ts);
  OURO_TRY(check_signals(ts));
  return ts.core.none_ref();
}

Result<int> user_signal(ThreadState& ts, Obj value) {
  const int number = OURO_TRY(signal_number(ts, value));
  if (!is_fatal(number)) return number;
  return raise(ts, ts.core.exceptions.RuntimeError,
               "signal {} cannot be registered, use enable() instead", number);
}

ObjResult register_signal(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "register", {"signum", "file", "all_threads", "chain"}, 1, values));
  const int number = OURO_TRY(user_signal(ts, values[0]));
  const bool all = !values[2] || OURO_TRY(is_true(ts, values[2]));
  const bool chain = values[3] && OURO_TRY(is_true(ts, values[3]));
  FaultState* state = OURO_TRY(need_fault_state(ts));
  FaultOutput output = {};
  OURO_TRY(take_fault_output(ts, values[1], all, output));
  FaultSignal& registered = state->registered[number];
  ObjRef old_file = ObjRef::steal(std::exchange(registered.output, output).file);
  registered.chain = chain;
  if (!registered.enabled) {
    provide_alternate_stack();
    if (!install(number, on_registered_signal, !chain, &registered.previous)) {
      return raise_os_error(ts, errno);
    }
    registered.enabled = true;
  }
  return ts.core.none_ref();
}

bool forget_signal(FaultState& state, int number) {
  FaultSignal& registered = state.registered[number];
  if (!registered.enabled) return false;
  registered.enabled = false;
  sigaction(number, &registered.previous, nullptr);
  xdecref(std::exchange(registered.output.file, nullptr));
  return true;
}

ObjResult unregister_signal(ThreadState& ts, Obj, Args args) {
  const int number = OURO_TRY(user_signal(ts, args[0]));
  FaultState* state = fault_state(ts);
  return ts.core.bool_ref(state != nullptr && forget_signal(*state, number));
}

constexpr MethodDef kFunctions[] = {
    {"enable", enable, 0, -1, MethodDef::kKeywords,
     "enable(file=sys.stderr, all_threads=True): enable the fault handler"},
    {"disable", disable, 0, 0, MethodDef::kNone, "disable(): disable the fault handler"},
    {"is_enabled", is_enabled, 0, 0, MethodDef::kNone,
     "is_enabled()->bool: check if the handler is enabled"},
    {"dump_traceback", dump_traceback, 0, -1, MethodDef::kKeywords,
     "dump_traceback(file=sys.stderr, all_threads=True): dump the traceback of the current thread, "
     "or of all threads if all_threads is True, into file"},
    {"register", register_signal, 0, -1, MethodDef::kKeywords,
     "register(signum, file=sys.stderr, all_threads=True, chain=False): register a handler for the "
     "signal 'signum': dump the traceback of the current thread, or of all threads if all_threads "
     "is True, into file"},
    {"unregister", unregister_signal, 1, 1, MethodDef::kNone,
     "unregister(signum): unregister the handler of the signal 'signum' registered by register()"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Status take_fault_output(ThreadState& ts, Obj file, bool all_threads, FaultOutput& output) {
  ObjRef stream = file.new_ref();
  if (!stream || is_none(stream)) {
    stream = sys_get(ts, "stderr").new_ref();
    if (!stream) return raise(ts, ts.core.exceptions.RuntimeError, "unable to get sys.stderr");
    if (is_none(stream)) return raise(ts, ts.core.exceptions.RuntimeError, "sys.stderr is None");
  }
  output.all_threads = all_threads;
  output.file = nullptr;
  if (is_int(stream)) {
    const std::int64_t number =
        OURO_TRY(index_as_int64(ts, stream, ts.core.exceptions.OverflowError));
    if (number < 0 || number > INT32_MAX) {
      return raise_value_error(ts, "file is not a valid file descripter");
    }
    output.descriptor = static_cast<int>(number);
    return kDone;
  }
  ObjRef answer = OURO_TRY(call_method(ts, stream, OURO_TRY(intern(ts, "fileno"))));
  const std::int64_t number = is_int(answer) ? int_clamped(answer) : -1;
  if (number < 0 || number > INT32_MAX) {
    return raise(ts, ts.core.exceptions.RuntimeError,
                 "file.fileno() is not a valid file descriptor");
  }
  output.descriptor = static_cast<int>(number);
  if (call_method(ts, stream, ts.core.names.n_flush).raised()) clear_pending(ts);
  output.file = stream.release();
  return kDone;
}

Result<FaultState*> need_fault_state(ThreadState& ts) {
  if (ts.threads->fault_state == nullptr) {
    auto* state = static_cast<FaultState*>(allocate_raw(sizeof(FaultState)));
    if (state == nullptr) return raise_no_memory(ts);
    *state = {};
    ts.threads->fault_state = state;
  }
  return fault_state(ts);
}

void finish_faulthandler(ThreadState& ts) {
  FaultState* state = fault_state(ts);
  if (state == nullptr) return;
  stop_watching(*state);
  for (int number = 1; number < NSIG; ++number) forget_signal(*state, number);
  switch_off(*state);
  ts.threads->fault_state = nullptr;
  free_raw(state);
}

Result<Ref<Module>> create_faulthandler_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "faulthandler"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(module->add_functions(ts, kFaultWatchMethods));
  OURO_TRY(module->add_functions(ts, kFaultTestMethods));
  return module;
}

}  // namespace ouro
