// faulthandler: functions that make the process fail, to try the handlers out.
#include <cstdlib>

#include "modules/faulthandler.h"
#include "objects/core.h"
#include "objects/int.h"
#include "objects/operations.h"

namespace ouro {

namespace {

template <int kSignal>
ObjResult send_fatal(ThreadState& ts, Obj, Args) {
  std::raise(kSignal);
  return ts.core.none_ref();
}

ObjResult segmentation_fault(ThreadState& ts, Obj, Args args) {
  if (args.count > 0 && OURO_TRY(is_true(ts, args[0]))) {
    const Unlocked unlocked(ts);
    std::raise(SIGSEGV);
  } else {
    std::raise(SIGSEGV);
  }
  return ts.core.none_ref();
}

ObjResult read_null(ThreadState& ts, Obj, Args) {
  volatile const int* nowhere = nullptr;
  return Int::from(ts, *nowhere);
}

// Uses the stack up: each activation needs a page, and the limit is out of reach.
[[gnu::noinline]] std::uintptr_t use_up_stack(std::uintptr_t depth, std::uintptr_t limit) {
  volatile char room[4096];
  room[depth % sizeof room] = static_cast<char>(depth);
  if (depth == limit) return depth;
  return use_up_stack(depth + 1, limit) + static_cast<std::uintptr_t>(room[depth % sizeof room]);
}

ObjResult stack_overflow(ThreadState& ts, Obj, Args) {
  return Int::from_unsigned(ts, use_up_stack(0, UINTPTR_MAX));
}

}  // namespace

const MethodDef kFaultTestMethods[] = {
    {"_read_null", read_null, 0, 0, MethodDef::kNone, "_read_null(): read from NULL"},
    {"_sigsegv", segmentation_fault, 0, 1, MethodDef::kNone,
     "_sigsegv(release_gil=False): raise a SIGSEGV signal"},
    {"_sigabrt", send_fatal<SIGABRT>, 0, 0, MethodDef::kNone, "_sigabrt(): raise a SIGABRT signal"},
    {"_sigfpe", send_fatal<SIGFPE>, 0, 0, MethodDef::kNone, "_sigfpe(): raise a SIGFPE signal"},
    {"_stack_overflow", stack_overflow, 0, 0, MethodDef::kNone,
     "_stack_overflow(): recursive call to raise a stack overflow"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
