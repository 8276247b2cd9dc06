// The frame stack: one reservation of address space per thread, in which frames lie one after
// another.
//
// The system gives memory page by page as the stack grows into it, so that a deep recursion limit
// costs nothing until it is used.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "objects/errors.h"
#include "vm/frame.h"
#include "vm/vm.h"

namespace ouro {

namespace {

constexpr std::size_t kReservedBytes = std::size_t{512} << 20;
constexpr std::size_t kThreadBytes = std::size_t{64} << 20;  // of threads that a program starts
constexpr std::size_t kThreadBytesLimited = std::size_t{8}
                                            << 20;  // the same under a limit on address space
constexpr std::size_t kSmallestBytes = std::size_t{4}
                                       << 20;  // under a tight limit on address space
constexpr int kErrorHeadroom = 50;
constexpr std::size_t kNativeReserveBytes = std::size_t{256}
                                            << 10;  // of the native stack, kept for leaf functions
constexpr std::size_t kLargestNativeBytes = std::size_t{64}
                                            << 20;  // where the system says "unlimited"

// Words left free at the start. The first frames and the headers of an arena's first pools are the
// busiest lines there are, both at the start of a mapping: at the same place of a page they evict
// each other from the first cache level whenever the mappings' addresses agree in the bits that its
// tags are made of. That was one run of two, and such runs took half as long again.
constexpr std::ptrdiff_t kColour = 2560 / sizeof(Object*);

// How much of a native stack may be used, less the reserve.
std::size_t usable_part(std::size_t bytes) {
  return bytes > 2 * kNativeReserveBytes ? bytes - kNativeReserveBytes : bytes / 2;
}

// The lowest address native code of this thread may reach: the stack's limit, less a reserve.
const char* find_stack_floor() {
  const char here = 0;
  rlimit limit{};
  std::size_t bytes = std::size_t{8} << 20;
  if (getrlimit(RLIMIT_STACK, &limit) == 0) {
    bytes = limit.rlim_cur == RLIM_INFINITY ? kLargestNativeBytes
                                            : static_cast<std::size_t>(limit.rlim_cur);
  }
  if (bytes > kLargestNativeBytes) bytes = kLargestNativeBytes;
  return reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(&here) -
                                       usable_part(bytes));
}

bool reserve_frames(ThreadState& ts, std::size_t most) {
  for (std::size_t bytes = most; bytes >= kSmallestBytes; bytes /= 2) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) continue;
    ts.frame_stack_base = ts.frame_stack_top = static_cast<Object**>(memory) + kColour;
    ts.frame_stack_limit = static_cast<Object**>(memory) + bytes / sizeof(Object*);
    return true;
  }
  return false;
}

}  // namespace

Status init_frame_stack(ThreadState& ts) {
  if (!reserve_frames(ts, kReservedBytes)) return raise_no_memory(ts);
  ts.stack_floor = find_stack_floor();
  return kDone;
}

bool reserve_thread_frames(ThreadState& ts) {
  rlimit limit{};
  const bool unlimited =
      getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
  return reserve_frames(ts, unlimited ? kThreadBytes : kThreadBytesLimited);
}

void set_thread_stack_floor(ThreadState& ts) {
  pthread_attr_t attributes;
  void* lowest = nullptr;
  std::size_t bytes = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
    ts.stack_floor = find_stack_floor();
    return;
  }
  pthread_attr_getstack(&attributes, &lowest, &bytes);
  pthread_attr_destroy(&attributes);
  ts.stack_floor = static_cast<const char*>(lowest) + (bytes - usable_part(bytes));
}

void free_frame_stack(ThreadState& ts) {
  if (ts.frame_stack_base == nullptr) return;
  Object** const memory = ts.frame_stack_base - kColour;
  munmap(memory, static_cast<std::size_t>(ts.frame_stack_limit - memory) * sizeof(Object*));
  ts.frame_stack_base = ts.frame_stack_top = ts.frame_stack_limit = nullptr;
}

Raised raise_recursion(ThreadState& ts) {
  ts.recursion_headroom += kErrorHeadroom;  // making the exception calls native code
  raise(ts, ts.core.exceptions.RecursionError, "maximum recursion depth exceeded");
  ts.recursion_headroom -= kErrorHeadroom;
  return Raised{};
}

}  // namespace ouro
