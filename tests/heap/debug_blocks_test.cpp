// Debug blocks: what misuse is seen, and what the reports say.

#include "heap/debug_blocks.h"

#include "heap_test_access.h"

// Misuse goes past ASan on purpose: the heap's own reports are the subject.
#if defined(__GNUC__)
#define OURO_UNCHECKED __attribute__((no_sanitize("address", "undefined")))
#endif

namespace ouro::heap {
namespace {

OURO_UNCHECKED void poke(void* block, std::ptrdiff_t offset, unsigned char value) {
  static_cast<volatile unsigned char*>(block)[offset] = value;
}
OURO_UNCHECKED unsigned char peek(void* block, std::ptrdiff_t offset) {
  return static_cast<volatile unsigned char*>(block)[offset];
}

class DebugHeap : public testing::Test {
 protected:
  static HeapOptions options() {
    HeapOptions options;
    options.debug = true;
    options.quarantine_bytes = 4096;
    return options;
  }
  DebugHeap() {
    heap_.set_origin_provider([](void*) { return std::string_view("main.py:3"); }, nullptr);
  }

  Heap heap_{options()};
};
using DebugHeapDeathTest = DebugHeap;

TEST_F(DebugHeap, FreshAndFreedBytesAreFilled) {
  void* block = heap_.allocate(24);
  EXPECT_EQ(peek(block, 0), 0xCD);
  EXPECT_EQ(peek(block, 23), 0xCD);
  heap_.free(block);
  EXPECT_EQ(peek(block, 0), 0xDD);
  EXPECT_EQ(peek(block, 23), 0xDD);
}

TEST_F(DebugHeap, AFreedBlockWaitsInTheQuarantine) {
  void* block = heap_.allocate(24);
  heap_.free(block);
  EXPECT_EQ(heap_.live_blocks(), 0u);
  EXPECT_EQ(heap_.live_bytes(), 0u);
  EXPECT_EQ(heap_.stats().quarantined_blocks, 1u);
  for (int i = 0; i < 10; ++i) EXPECT_NE(heap_.allocate(24), block);
  EXPECT_SOUND(heap_);
}

TEST_F(DebugHeap, TheQuarantineIsBounded) {
  for (int i = 0; i < 1000; ++i) heap_.free(heap_.allocate(24));
  EXPECT_LE(heap_.stats().quarantined_bytes, 4096u);
  heap_.free(heap_.allocate(1000000));
  EXPECT_EQ(heap_.stats().quarantined_bytes, 0u);
  EXPECT_SOUND(heap_);
}

TEST_F(DebugHeap, SerialsCountAllocations) {
  void* first = heap_.allocate(8);
  void* second = heap_.allocate(100000);
  EXPECT_EQ(heap_.allocation_serial(first), 1u);
  EXPECT_EQ(heap_.allocation_serial(second), 2u);
  EXPECT_EQ(heap_.allocations(), 2u);
}

TEST_F(DebugHeap, UsableBytesAreWhatWasAskedFor) {
  EXPECT_EQ(heap_.usable_bytes(heap_.allocate(13)), 13u);
}

TEST_F(DebugHeap, WorksWithTinyPools) {
  HeapOptions tiny = options();
  tiny.geometry = kFourBlocks;
  tiny.quarantine_bytes = 1000;
  Heap heap(tiny);
  for (std::size_t i = 0; i < 300; ++i) {
    void* block = heap.allocate(i * 13 % 3000);
    ASSERT_NE(block, nullptr);
    if (i % 2 == 0) heap.free(block);
  }
  EXPECT_SOUND(heap);
}

TEST_F(DebugHeap, AnAllocationUnderALimitEmptiesTheQuarantineFirst) {
  HeapOptions limited = options();
  limited.quarantine_bytes = std::size_t{64} << 20;
  limited.limit_bytes = std::size_t{2} << 20;
  Heap heap(limited);
  for (int i = 0; i < 10000; ++i) {
    void* block = heap.allocate(1000);
    ASSERT_NE(block, nullptr);
    heap.free(block);
  }
}

TEST_F(DebugHeap, VerifyNamesTheRuleWhenAGuardIsBroken) {
  void* block = heap_.allocate(24);
  poke(block, 24, 0);
  EXPECT_EQ(broken_rule(heap_), "D1");
  poke(block, 24, 0xFB);
  EXPECT_SOUND(heap_);
}

TEST_F(DebugHeap, VerifyNamesTheRuleWhenAFreedBlockIsWrittenTo) {
  void* block = heap_.allocate(24);
  heap_.free(block);
  poke(block, 10, 7);
  EXPECT_EQ(broken_rule(heap_), "D2");
  poke(block, 10, 0xDD);
}

TEST_F(DebugHeap, VerifyNamesTheRuleWhenTheQuarantineMiscounts) {
  std::size_t& bytes = HeapTestAccess::quarantined_bytes(HeapTestAccess::debug(heap_));
  ++bytes;
  EXPECT_EQ(broken_rule(heap_), "D3");
  --bytes;
}

TEST_F(DebugHeapDeathTest, ADoubleFreeIsReportedWithItsHistory) {
  void* block = heap_.allocate(24);
  heap_.free(block);
  EXPECT_DEATH(
      heap_.free(block),
      "double free of block 0x[0-9a-f]+ \\(24 bytes, allocation 1 at main.py:3, free 1\\)");
}

TEST_F(DebugHeapDeathTest, ADoubleFreeIsSeenAfterTheQuarantine) {
  void* block = heap_.allocate(24);
  (void)heap_.allocate(24);
  heap_.free(block);
  heap_.release_unused();
  EXPECT_DEATH(heap_.free(block), "double free of block");
}

TEST_F(DebugHeapDeathTest, AnUnderrunIsReportedAtTheFree) {
  void* block = heap_.allocate(24);
  poke(block, -1, 0);
  EXPECT_DEATH(heap_.free(block), "write outside block .* at offset -1");
}

TEST_F(DebugHeapDeathTest, AnOverrunIsReportedAtTheFree) {
  void* block = heap_.allocate(24);
  poke(block, 25, 0);
  EXPECT_DEATH(heap_.free(block), "write outside block .* at offset 25");
}

TEST_F(DebugHeapDeathTest, AWriteAfterFreeIsReportedWhenTheBlockLeavesTheQuarantine) {
  void* block = heap_.allocate(24);
  heap_.free(block);
  poke(block, 3, 1);
  EXPECT_DEATH(heap_.release_unused(), "write after free to block .* at offset 3");
}

TEST_F(DebugHeapDeathTest, AFreeInsideABlockIsReported) {
  auto* block = static_cast<char*>(heap_.allocate(64));
  EXPECT_DEATH(heap_.free(block + 8), "bad free of .*: inside a block");
}

TEST_F(DebugHeapDeathTest, AFreeOfForeignMemoryIsReported) {
  Heap other(plain_options());
  void* block = other.allocate(64);
  EXPECT_DEATH(heap_.free(block), "bad free");
}

TEST_F(DebugHeapDeathTest, CheckLiveReportsAUseAfterFree) {
  void* block = heap_.allocate(24);
  heap_.check_live(block);
  heap_.free(block);
  EXPECT_DEATH(heap_.check_live(block), "use after free of block .*allocation 1");
}

TEST_F(DebugHeapDeathTest, ReallocateOfAFreedBlockIsReported) {
  void* block = heap_.allocate(24);
  heap_.free(block);
  EXPECT_DEATH((void)heap_.reallocate(block, 48), "use after free of block");
}

#ifdef OURO_ASAN
TEST_F(DebugHeapDeathTest, AsanSeesTheStaleAccessItself) {
  auto* block = static_cast<volatile char*>(heap_.allocate(24));
  heap_.free(const_cast<char*>(block));
  EXPECT_DEATH(block[0] = 1, "use-after-poison");
}

TEST_F(DebugHeapDeathTest, AsanSeesTheOverrunItself) {
  auto* block = static_cast<volatile char*>(heap_.allocate(24));
  EXPECT_DEATH(block[24] = 1, "use-after-poison");
}
#endif

}  // namespace
}  // namespace ouro::heap
