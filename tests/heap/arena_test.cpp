#include "heap/arena.h"

#include <vector>

#include "heap_test_access.h"

namespace ouro::heap {
namespace {

class ArenasOfTwelvePools : public testing::Test {
 protected:
  Pool* take(std::size_t pools = 1) {
    Pool* pool = arenas_.take(pools, &arena_);
    // The set reads the state of a taken pool when it verifies.
    if (pool != nullptr) pool->state = PoolState::LargeRun;
    if (pool != nullptr) pool->run_pools = static_cast<std::uint16_t>(pools);
    return pool;
  }
  std::string broken_rule() const {
    const auto broken = arenas_.verify();
    return broken ? broken->rule : "";
  }

  OsMemory os_{0};
  ArenaSet arenas_{kFourBlocks, os_, 1};
  Arena* arena_ = nullptr;
};

TEST_F(ArenasOfTwelvePools, PoolsComeFromOneArenaUntilItIsFull) {
  take();
  Arena* first = arena_;
  for (int i = 1; i < 12; ++i) take();
  EXPECT_EQ(arena_, first);
  take();
  EXPECT_NE(arena_, first);
  EXPECT_EQ(broken_rule(), "");
}

TEST_F(ArenasOfTwelvePools, PoolsLieBehindTheTableOfTheirHeadersAndApart) {
  const Pool* previous = take();
  EXPECT_GE(previous->first_block(), arena_->base + 16 * kPoolHeaderBytes);
  for (int i = 1; i < 12; ++i) {
    const Pool* pool = take();
    EXPECT_EQ(pool, previous + 1);
    EXPECT_EQ(pool->first_block(), previous->first_block() + kFourBlocks.pool_bytes);
    previous = pool;
  }
  EXPECT_EQ(previous->first_block() + kFourBlocks.pool_bytes, arena_->base + 4096);
}

TEST_F(ArenasOfTwelvePools, TheFullestArenaServesFirst) {
  std::vector<Pool*> pools;
  for (int i = 0; i < 24; ++i) pools.push_back(take());
  Arena* second = arena_;
  Arena* first = arenas_.find(pools[0]);
  arenas_.give_back(first, pools[0], 1);
  arenas_.give_back(second, pools[12], 1);
  arenas_.give_back(second, pools[13], 1);
  take();
  EXPECT_EQ(arena_, first);
  take();
  EXPECT_EQ(arena_, second);
}

TEST_F(ArenasOfTwelvePools, EmptyArenasGoBackButForAKeptOne) {
  std::vector<Pool*> pools;
  for (int i = 0; i < 36; ++i) pools.push_back(take());
  EXPECT_EQ(os_.bytes(), 3u * 4096);
  for (Pool* pool : pools) arenas_.give_back(arenas_.find(pool), pool, 1);
  EXPECT_EQ(arenas_.count(), 1u);
  EXPECT_EQ(os_.bytes(), 4096u);
  EXPECT_EQ(broken_rule(), "");
  EXPECT_TRUE(arenas_.release_empty());
  EXPECT_EQ(os_.bytes(), 0u);
  EXPECT_FALSE(arenas_.release_empty());
}

TEST_F(ArenasOfTwelvePools, ARunNeedsAdjacentPools) {
  std::vector<Pool*> pools;
  for (int i = 0; i < 12; ++i) pools.push_back(take());
  Arena* first = arena_;
  for (std::size_t i = 0; i < 12; i += 2) arenas_.give_back(first, pools[i], 1);
  Pool* run = take(2);
  EXPECT_NE(arena_, first);
  arenas_.give_back(arena_, run, 2);
  arenas_.give_back(first, pools[5], 1);
  EXPECT_EQ(take(3), pools[4]);
  EXPECT_EQ(broken_rule(), "");
}

TEST_F(ArenasOfTwelvePools, ARunGrowsIntoFreeNeighboursOnly) {
  Pool* run = take(2);
  Arena* home = arena_;
  EXPECT_TRUE(arenas_.extend(home, run, 2, 3));
  run->run_pools = 5;
  Pool* next = take();
  EXPECT_EQ(next, arenas_.pool_at(home, arenas_.first_pool() + 5));
  EXPECT_FALSE(arenas_.extend(home, run, 5, 1));
  EXPECT_FALSE(arenas_.extend(home, next, 1, 7));
}

TEST_F(ArenasOfTwelvePools, AddressesAreFoundThroughGrowthAndRemoval) {
  std::vector<Pool*> pools;
  for (int i = 0; i < 12 * 700; ++i) pools.push_back(take());
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if ((i / 12) % 3 == 0) arenas_.give_back(arenas_.find(pools[i]), pools[i], 1);
  }
  EXPECT_EQ(broken_rule(), "");
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if ((i / 12) % 3 != 0) {
      ASSERT_NE(arenas_.find(pools[i]), nullptr);
    }
  }
  int here = 0;
  EXPECT_EQ(arenas_.find(&here), nullptr);
}

TEST_F(ArenasOfTwelvePools, VerifyNamesTheRuleWhenAFreeBitIsWrong) {
  take();
  arena_->free_bits ^= arena_->free_bits & (~arena_->free_bits + 1);
  EXPECT_EQ(broken_rule(), "A1");
}

TEST_F(ArenasOfTwelvePools, VerifyNamesTheRuleWhenATakenPoolSaysFree) {
  take()->state = PoolState::Free;
  EXPECT_EQ(broken_rule(), "A1");
}

TEST_F(ArenasOfTwelvePools, VerifyNamesTheRuleWhenAnArenaIsInTheWrongBucket) {
  take();
  arena_->free_bits &= arena_->free_bits - 1;
  --arena_->free_pools;
  Pool* unseen = arenas_.pool_at(arena_, arenas_.first_pool() + 1);
  unseen->state = PoolState::LargeRun;
  unseen->run_pools = 1;
  EXPECT_EQ(broken_rule(), "A2");
}

TEST_F(ArenasOfTwelvePools, VerifyNamesTheRuleWhenAnArenaIsNotRegistered) {
  take();
  Arena** registry = HeapTestAccess::registry(arenas_);
  for (std::size_t i = 0; i < HeapTestAccess::registry_slots(arenas_); ++i) registry[i] = nullptr;
  EXPECT_EQ(broken_rule(), "A3");
  // Lets the destructor and later searches find what they expect.
  registry[0] = arena_;
}

TEST_F(ArenasOfTwelvePools, GivingAPoolBackTwiceIsCaught) {
  Pool* pool = take();
  take();
  arenas_.give_back(arena_, pool, 1);
  EXPECT_DEATH(arenas_.give_back(arena_, pool, 1), "given back twice");
}

}  // namespace
}  // namespace ouro::heap
