// The interpreter's lock, requests, and signals as the evaluator answers them.
#include "objects/threads.h"

#include <thread>

#include "objects/errors.h"
#include "vm_fixture.h"

namespace ouro {
namespace {

class ThreadsTest : public VmTest {
 protected:
  void SetUp() override {
    VmTest::SetUp();
    threads_ = new Threads(space_);
    threads_->add(ts_);
    threads_->set_main_thread(&ts_);
    threads_->take_lock(ts_);
  }
  void TearDown() override {
    ts_.threads = nullptr;
    threads_->remove(ts_);
    Threads::forget(threads_);
    VmTest::TearDown();
  }

  Threads* threads_ = nullptr;
};

TEST_F(ThreadsTest, ASignalIsAnsweredInALoop) {
  threads_->run_signal_handlers = [](ThreadState& ts) -> Status {
    return raise_with(ts, ts.core.exceptions.KeyboardInterrupt, nullptr);
  };
  threads_->note_signal(SIGINT);
  EXPECT_EQ(run("while True: pass\n"), "KeyboardInterrupt");
  EXPECT_EQ(ts_.requests.load(), 0u);
}

TEST_F(ThreadsTest, ASignalForTheMainThreadIsNoBusinessOfAnother) {
  threads_->run_signal_handlers = [](ThreadState& ts) -> Status {
    return raise_with(ts, ts.core.exceptions.KeyboardInterrupt, nullptr);
  };
  ThreadState other(core_, space_);
  threads_->add(other);
  threads_->note_signal(SIGINT);
  EXPECT_TRUE(check_signals(other).ok());
  EXPECT_TRUE(threads_->signals.any_signal.load());
  threads_->remove(other);
  Threads::forget(threads_);
}

TEST_F(ThreadsTest, AWaitingThreadGetsTheLockOfOneThatIsInALoop) {
  threads_->set_switch_interval_us(100);
  ThreadState other(core_, space_);
  threads_->add(other);
  bool had_lock = false;
  std::thread waiter([&] {
    threads_->take_lock(other);
    had_lock = threads_->is_holder(other);
    threads_->note_signal(SIGINT);
    threads_->give_lock(other);
  });
  threads_->run_signal_handlers = [](ThreadState& ts) -> Status {
    return raise_with(ts, ts.core.exceptions.KeyboardInterrupt, nullptr);
  };
  EXPECT_EQ(run("while True: pass\n"), "KeyboardInterrupt");
  waiter.join();
  EXPECT_TRUE(had_lock);
  EXPECT_TRUE(threads_->is_holder(ts_));
  threads_->remove(other);
  Threads::forget(threads_);
}

TEST_F(ThreadsTest, TheHeapBelongsToTheHolder) {
  ThreadState other(core_, space_);
  threads_->add(other);
  void* block = nullptr;
  {
    const Unlocked unlocked(ts_);
    std::thread([&] {
      threads_->take_lock(other);
      block = space_.heap.allocate(32);
      threads_->give_lock(other);
    }).join();
  }
  EXPECT_NE(block, nullptr);
  space_.heap.free(block);
  threads_->remove(other);
  Threads::forget(threads_);
}

TEST_F(ThreadsTest, GivingUpALockOfAnotherIsFound) {
  ThreadState other(core_, space_);
  threads_->add(other);
  EXPECT_DEATH(threads_->give_lock(other), "does not hold it");
  threads_->remove(other);
  Threads::forget(threads_);
}

}  // namespace
}  // namespace ouro
