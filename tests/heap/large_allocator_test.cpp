#include "heap/large_allocator.h"

#include <cstring>

#include "heap_test_access.h"

namespace ouro::heap {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

class LargeBlocks : public testing::Test {
 protected:
  Heap heap_{plain_options()};
};

TEST_F(LargeBlocks, AreRunsOfPoolsBelowTheMappingSize) {
  void* block = heap_.allocate(40000);
  EXPECT_EQ(HeapTestAccess::pool_of(heap_, block)->state, PoolState::LargeRun);
  EXPECT_EQ(HeapTestAccess::pool_of(heap_, block)->run_pools, 3u);
  EXPECT_EQ(heap_.stats().large_blocks, 1u);
  EXPECT_EQ(heap_.os_bytes(), kMiB);
  EXPECT_SOUND(heap_);
  heap_.free(block);
  EXPECT_EQ(heap_.live_bytes(), 0u);
  EXPECT_SOUND(heap_);
}

TEST_F(LargeBlocks, HaveAMappingOfTheirOwnAboveIt) {
  void* block = heap_.allocate(kMiB);
  EXPECT_EQ(HeapTestAccess::pool_of(heap_, block)->state, PoolState::LargeMapped);
  EXPECT_LT(heap_.os_bytes(), kMiB + 8192);
  EXPECT_SOUND(heap_);
}

TEST_F(LargeBlocks, ARunGrowsInPlaceWhileItsNeighboursAreFree) {
  void* block = heap_.allocate(20000);
  EXPECT_EQ(heap_.reallocate(block, 100000), block);
  EXPECT_EQ(heap_.reallocate(block, 20000), block);
  EXPECT_EQ(HeapTestAccess::pool_of(heap_, block)->run_pools, 2u);
  (void)heap_.allocate(20000);
  EXPECT_NE(heap_.reallocate(block, 100000), block);
  EXPECT_SOUND(heap_);
}

TEST_F(LargeBlocks, AMappedBlockGrowsAndShrinksWithItsBytes) {
  auto* block = static_cast<char*>(heap_.allocate(kMiB));
  void* other = heap_.allocate(kMiB);
  block[0] = 'a';
  block[kMiB - 1] = 'b';
  for (std::size_t mib = 2; mib <= 64; mib *= 2) {
    block = static_cast<char*>(heap_.reallocate(block, mib * kMiB));
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(block[0], 'a');
    EXPECT_EQ(block[kMiB - 1], 'b');
    EXPECT_SOUND(heap_);
  }
  block = static_cast<char*>(heap_.reallocate(block, kMiB));
  EXPECT_LT(heap_.live_bytes(), 2 * kMiB + 16384);
  EXPECT_EQ(block[kMiB - 1], 'b');
  heap_.free(other);
  heap_.free(block);
  EXPECT_EQ(heap_.live_blocks(), 0u);
  EXPECT_SOUND(heap_);
}

TEST_F(LargeBlocks, AFreedMappingServesTheNextBlockOfItsSize) {
  void* block = heap_.allocate(kMiB);
  heap_.free(block);
  EXPECT_GT(heap_.stats().kept_mapped_bytes, 0u);
  EXPECT_EQ(heap_.allocate(kMiB - 5000), block);
  EXPECT_EQ(heap_.stats().kept_mapped_bytes, 0u);
  EXPECT_SOUND(heap_);
}

TEST_F(LargeBlocks, OldKeptMappingsGoWhenNewOnesCome) {
  for (std::size_t i = 1; i <= 40; ++i) {
    heap_.free(heap_.allocate(i * kMiB / 2));
    ASSERT_LE(heap_.stats().kept_mapped_bytes, HeapOptions{}.keep_mapped_bytes);
  }
  EXPECT_SOUND(heap_);
}

TEST_F(LargeBlocks, VerifyNamesTheRuleWhenTheListIsCut) {
  (void)heap_.allocate(kMiB);
  (void)heap_.allocate(kMiB);
  HeapTestAccess::large(heap_).first_mapped()->next->previous = nullptr;
  EXPECT_EQ(broken_rule(heap_), "L1");
}

TEST_F(LargeBlocks, VerifyNamesTheRuleWhenTotalsDisagree) {
  (void)heap_.allocate(kMiB);
  ++HeapTestAccess::large_bytes(HeapTestAccess::large(heap_));
  EXPECT_EQ(broken_rule(heap_), "L2");
}

TEST_F(LargeBlocks, VerifyNamesTheRuleWhenKeptBytesDisagree) {
  std::size_t& kept = HeapTestAccess::kept_bytes(HeapTestAccess::large(heap_));
  ++kept;
  EXPECT_EQ(broken_rule(heap_), "L3");
  --kept;
}

TEST_F(LargeBlocks, AFreeInsideOneIsCaught) {
  auto* block = static_cast<char*>(heap_.allocate(100000));
  EXPECT_DEATH(heap_.free(block + 8), "inside a large block");
}

}  // namespace
}  // namespace ouro::heap
