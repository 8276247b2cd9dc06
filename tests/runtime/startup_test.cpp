// Starting and stopping an interpreter while allocations fail: each one in turn, alone or with all that follow it.
#include <gtest/gtest.h>

#include "runtime/interpreter.h"

namespace ouro {
namespace {

struct Attempt {
  bool started;
  std::string failure;
  LeakReport left;
};

// What comes of starting with allocation `n` failing; 0 for none.
Attempt start_and_stop(std::uint64_t n, bool once) {
  InterpreterOptions options;
  options.heap.fail_allocation_at = n;
  options.heap.fail_once = once;
  Interpreter interpreter(options);
  Attempt attempt = {interpreter.start(), interpreter.failure(), {}};
  (void)interpreter.finish(0, &attempt.left);
  return attempt;
}

std::uint64_t allocations_of_a_start() {
  InterpreterOptions options;
  Interpreter interpreter(options);
  if (!interpreter.start()) return 0;
  return interpreter.thread_state().space.heap.allocations();
}

// A prime step: over time all positions of the repeating patterns (a type, a method, a name) are met.
constexpr std::uint64_t kStep = 13;

TEST(Startup, FailsWithASentenceWhicheverAllocationFails) {
  const std::uint64_t total = allocations_of_a_start();
  ASSERT_GT(total, 1000u);
  for (std::uint64_t n = 1; n <= total; n += kStep) {
    const Attempt attempt = start_and_stop(n, /*once=*/false);
    EXPECT_FALSE(attempt.started) << "allocation " << n;
    EXPECT_NE(attempt.failure, "") << "allocation " << n;
    EXPECT_EQ(attempt.left.live_blocks, 0u) << "allocation " << n;
  }
}

TEST(Startup, LeavesNothingBehindWhenOneAllocationFails) {
  const std::uint64_t total = allocations_of_a_start();
  for (std::uint64_t n = 1; n <= total; n += kStep) {
    const Attempt attempt = start_and_stop(n, /*once=*/true);
    EXPECT_EQ(attempt.started, attempt.failure.empty()) << "allocation " << n;
    EXPECT_EQ(attempt.left.live_blocks, 0u) << "allocation " << n;
  }
}

}  // namespace
}  // namespace ouro
