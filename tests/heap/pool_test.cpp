// Pools as the heap uses them, with four blocks each.

#include "heap/pool.h"

#include <vector>

#include "heap_test_access.h"

namespace ouro::heap {
namespace {

class PoolOfFour : public testing::Test {
 protected:
  void* take() { return heap_.allocate(kBytesOfFour); }
  Pool* pool_of(void* block) { return HeapTestAccess::pool_of(heap_, block); }

  Heap heap_{plain_options(kFourBlocks)};
};

TEST_F(PoolOfFour, HandsOutBlocksInAddressOrder) {
  auto* first = static_cast<char*>(take());
  EXPECT_EQ(take(), first + kBytesOfFour);
  EXPECT_EQ(take(), first + 2 * kBytesOfFour);
}

TEST_F(PoolOfFour, HandsOutTheBlockFreedLast) {
  void* first = take();
  void* second = take();
  heap_.free(first);
  heap_.free(second);
  EXPECT_EQ(take(), second);
  EXPECT_EQ(take(), first);
}

TEST_F(PoolOfFour, TheFifthBlockComesFromAnotherPool) {
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(take());
  EXPECT_EQ(pool_of(blocks[0]), pool_of(blocks[3]));
  EXPECT_NE(pool_of(blocks[0]), pool_of(blocks[4]));
  EXPECT_EQ(pool_of(blocks[0])->state, PoolState::Full);
  EXPECT_SOUND(heap_);
}

TEST_F(PoolOfFour, AFullPoolGetsRoomWhenABlockIsFreed) {
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(take());
  heap_.free(blocks[1]);
  EXPECT_EQ(pool_of(blocks[0])->state, PoolState::Partial);
  EXPECT_SOUND(heap_);
  for (int i = 0; i < 3; ++i) (void)take();
  EXPECT_EQ(take(), blocks[1]);
}

TEST_F(PoolOfFour, AnEmptiedPoolGoesBackToItsArenaAndToAddressOrder) {
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(take());
  Pool* pool = pool_of(blocks[0]);
  for (int i : {2, 0, 3, 1}) heap_.free(blocks[static_cast<std::size_t>(i)]);
  EXPECT_EQ(pool->state, PoolState::Free);
  EXPECT_SOUND(heap_);
  for (int i = 0; i < 3; ++i) (void)take();
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(take(), blocks[i]);
}

TEST_F(PoolOfFour, KindsDontShareAPool) {
  void* raw = heap_.allocate(kBytesOfFour, BlockKind::Raw);
  void* object = heap_.allocate(kBytesOfFour, BlockKind::Object);
  EXPECT_NE(pool_of(raw), pool_of(object));
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenABlockGoesMissing) {
  void* block = take();
  ++pool_of(block)->used;
  EXPECT_EQ(broken_rule(heap_), "P1");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenTheFreeListLeavesThePool) {
  void* block = take();
  pool_of(block)->free->next = reinterpret_cast<FreeBlock*>(static_cast<char*>(block) + 8);
  EXPECT_EQ(broken_rule(heap_), "P2");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenTheFreeListIsARing) {
  void* block = take();
  FreeBlock* free = pool_of(block)->free;
  free->next = free;
  EXPECT_EQ(broken_rule(heap_), "P2");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenAFullPoolHasRoom) {
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(take());
  heap_.free(blocks[4]);
  Pool* pool = pool_of(blocks[0]);
  auto* block = static_cast<FreeBlock*>(blocks[0]);
  block->next = nullptr;
  pool->free = block;
  --pool->used;
  EXPECT_EQ(broken_rule(heap_), "P3");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenThePartialQueueIsCut) {
  std::vector<void*> blocks;
  for (int i = 0; i < 9; ++i) blocks.push_back(take());
  heap_.free(blocks[0]);
  heap_.free(blocks[4]);
  HeapTestAccess::bin_of(heap_, kBytesOfFour).partial.head->next->previous = nullptr;
  EXPECT_EQ(broken_rule(heap_), "P4");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenAPartialPoolIsInNoQueue) {
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(take());
  heap_.free(blocks[0]);
  HeapTestAccess::bin_of(heap_, kBytesOfFour).partial = {};
  EXPECT_EQ(broken_rule(heap_), "P4");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenTheTriggerIsWrong) {
  pool_of(take())->trigger = 2;
  EXPECT_EQ(broken_rule(heap_), "P5");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenTheHeaderIsNotItsBins) {
  pool_of(take())->block_bytes = 40;
  EXPECT_EQ(broken_rule(heap_), "P6");
}

TEST_F(PoolOfFour, VerifyNamesTheRuleWhenTheOwnerIsWrong) {
  pool_of(take())->owner = 0;
  EXPECT_EQ(broken_rule(heap_), "P6");
}

}  // namespace
}  // namespace ouro::heap
