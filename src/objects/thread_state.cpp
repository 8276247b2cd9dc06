// The thread state of this thread, and the guard against native recursion.
#include "objects/thread_state.h"

#include "objects/errors.h"

namespace ouro {

namespace {

// Room for making and handling the RecursionError itself.
constexpr int kErrorHeadroom = 50;
constexpr std::size_t kErrorStackBytes = std::size_t{64} << 10;  // of the reserve below the stack's floor

}  // namespace

NativeDepth::NativeDepth(ThreadState& ts, const char* where) : ts_(ts), ok_(true) {
  ++ts.native_depth;
  const int limit = ts.recursion_limit + ts.recursion_headroom;
  const char* stack = static_cast<const char*>(__builtin_frame_address(0));
  if (ts.native_depth + ts.python_depth <= limit && stack >= ts.stack_floor) [[likely]] return;
  if (ts.recursion_headroom > 0 && ts.native_depth + ts.python_depth <= limit &&
      stack >= ts.stack_floor - kErrorStackBytes) {
    return;
  }
  ok_ = false;
  if (ts.recursion_headroom >= 2 * kErrorHeadroom) {
    // Raising ran into the limit itself: without words, but without going deeper.
    raise_no_memory(ts);
    return;
  }
  ts.recursion_headroom += kErrorHeadroom;
  raise(ts, ts.core.exceptions.RecursionError, "maximum recursion depth exceeded{}", where);
  ts.recursion_headroom -= kErrorHeadroom;
}

}  // namespace ouro
