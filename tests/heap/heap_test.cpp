#include "heap/heap.h"

#include <algorithm>
#include <cstring>
#include <memory_resource>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "heap/memory_resource.h"
#include "heap_test_access.h"

namespace ouro::heap {
namespace {

TEST(Heap, AFreshHeapTakesNothingFromTheSystem) {
  Heap heap;
  EXPECT_EQ(heap.os_bytes(), 0u);
  EXPECT_EQ(heap.live_blocks(), 0u);
  EXPECT_SOUND(heap);
}

TEST(Heap, BlocksHoldWhatWasAskedForAndAreAligned) {
  Heap heap;
  for (std::size_t bytes = 0; bytes < 20000; bytes += bytes < 600 ? 1 : 97) {
    void* block = heap.allocate(bytes);
    ASSERT_NE(block, nullptr);
    ASSERT_GE(heap.usable_bytes(block), bytes);
    const std::size_t alignment = bytes % 16 == 0 && bytes > 0 ? 16 : 8;
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignment, 0u) << bytes;
    std::memset(block, 0x5A, bytes);
  }
  EXPECT_SOUND(heap);
}

TEST(Heap, ZeroBytesGetABlockOfTheirOwn) {
  Heap heap;
  std::set<void*> blocks;
  for (int i = 0; i < 3000; ++i) blocks.insert(heap.allocate(0));
  EXPECT_EQ(blocks.size(), 3000u);
  EXPECT_EQ(heap.live_blocks(), 3000u);
  for (void* block : blocks) heap.free(block);
  EXPECT_EQ(heap.live_blocks(), 0u);
}

TEST(Heap, FreeingNullDoesNothing) {
  Heap heap;
  heap.free(nullptr);
  EXPECT_SOUND(heap);
}

TEST(Heap, TheSizeMayBeKnownAtCompileTime) {
  Heap heap;
  void* small = heap.allocate<24>(BlockKind::Object);
  void* big = heap.allocate<4000>();
  EXPECT_EQ(heap.live_blocks(), 2u);
  EXPECT_GE(heap.usable_bytes(small), 24u);
  EXPECT_GE(heap.usable_bytes(big), 4000u);
  heap.free(small);
  heap.free(big);
  EXPECT_EQ(heap.live_blocks(), 0u);
}

TEST(Heap, SizesThatWrapRoundAreRefused) {
  Heap heap;
  EXPECT_EQ(heap.allocate(~std::size_t{0}), nullptr);
  EXPECT_EQ(heap.allocate(~std::size_t{0} - 100), nullptr);
  EXPECT_EQ(heap.allocate(~std::size_t{0} / 2), nullptr);
  void* block = heap.allocate(100000);
  EXPECT_EQ(heap.reallocate(block, ~std::size_t{0} - 8), nullptr);
  heap.free(block);
  EXPECT_SOUND(heap);
}

TEST(Heap, ReportedBlockSizesDontDependOnTheMode) {
  Heap heap(plain_options());
  for (const std::size_t bytes : {0, 1, 8, 24, 513, 2000, 9000, 20000, 300000}) {
    void* block = heap.allocate(bytes);
    EXPECT_EQ(heap.block_bytes_for(bytes), heap.usable_bytes(block));
  }
}

TEST(Heap, CountsAreExactAtAnyMoment) {
  Heap heap(plain_options());
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < 1000; ++i) {
    blocks.push_back(heap.allocate(40));
    ASSERT_EQ(heap.live_blocks(), i + 1);
    ASSERT_EQ(heap.live_bytes(), (i + 1) * 40);
  }
  for (std::size_t i = 0; i < 1000; ++i) {
    heap.free(blocks[i]);
    ASSERT_EQ(heap.live_blocks(), 999 - i);
  }
  EXPECT_EQ(heap.allocations(), 1000u);
}

TEST(Heap, ReallocateKeepsTheBytes) {
  Heap heap;
  auto* text = static_cast<char*>(heap.reallocate(nullptr, 1));
  std::size_t size = 1;
  text[0] = 0;
  for (const std::size_t next :
       {10, 9, 600, 5000, 40, 20000, 70000, 9000, 400000, 3000000, 500000, 1, 0, 64}) {
    text = static_cast<char*>(heap.reallocate(text, next));
    ASSERT_NE(text, nullptr);
    ASSERT_GE(heap.usable_bytes(text), next);
    for (std::size_t i = 0; i < std::min(size, next); ++i) {
      ASSERT_EQ(text[i], static_cast<char>(i * 7)) << i << " of " << next;
    }
    for (std::size_t i = 0; i < next; ++i) text[i] = static_cast<char>(i * 7);
    size = next;
    EXPECT_SOUND(heap);
  }
  heap.free(text);
  EXPECT_EQ(heap.live_blocks(), 0u);
}

TEST(Heap, ReallocateKeepsTheKind) {
  Heap heap;
  void* block = heap.allocate(16, BlockKind::Object);
  block = heap.reallocate(block, 700);
  heap.for_each_live([&](void* live, std::size_t, BlockKind kind) {
    EXPECT_EQ(live, block);
    EXPECT_EQ(kind, BlockKind::Object);
  });
}

TEST(Heap, ReallocateStaysInPlaceForSmallChanges) {
  Heap heap(plain_options());
  void* block = heap.allocate(64);
  EXPECT_EQ(heap.reallocate(block, 57), block);
  EXPECT_EQ(heap.reallocate(block, 50), block);
  EXPECT_NE(heap.reallocate(block, 30), block);
}

TEST(Heap, EveryLiveBlockIsEnumeratedOnceAndNoOther) {
  for (const bool debug : {false, true}) {
    HeapOptions options;
    options.debug = debug;
    Heap heap(options);
    std::set<void*> live;
    std::vector<void*> all;
    for (std::size_t i = 0; i < 5000; ++i) {
      all.push_back(heap.allocate(i * 37 % 900, BlockKind::Object));
    }
    for (const std::size_t bytes : {10000, 50000, 300000, 2000000}) {
      all.push_back(heap.allocate(bytes, BlockKind::Object));
    }
    void* raw = heap.allocate(10);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % 3 == 0) {
        heap.free(all[i]);
      } else {
        live.insert(all[i]);
      }
    }
    std::set<void*> seen;
    heap.for_each_live_of(BlockKind::Object, [&](void* block, std::size_t bytes) {
      EXPECT_EQ(bytes, heap.usable_bytes(block));
      EXPECT_TRUE(seen.insert(block).second);
    });
    EXPECT_EQ(seen, live);
    live.insert(raw);
    seen.clear();
    heap.for_each_live([&](void* block, std::size_t, BlockKind) { seen.insert(block); });
    EXPECT_EQ(seen, live);
    EXPECT_EQ(heap.live_blocks(), live.size());
  }
}

TEST(Heap, KnowsItsAddresses) {
  Heap heap;
  int here = 0;
  EXPECT_FALSE(heap.owns(&here));
  EXPECT_TRUE(heap.owns(heap.allocate(10)));
  EXPECT_TRUE(heap.owns(heap.allocate(1000000)));
}

TEST(Heap, ReleaseUnusedGivesEverythingBackWhenNothingLives) {
  Heap heap;
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < 3000; ++i) blocks.push_back(heap.allocate(i));
  blocks.push_back(heap.allocate(5000000));
  for (void* block : blocks) heap.free(block);
  EXPECT_TRUE(heap.release_unused());
  EXPECT_EQ(heap.os_bytes(), 0u);
  EXPECT_FALSE(heap.release_unused());
  EXPECT_SOUND(heap);
}

TEST(HeapLimit, BytesFromTheSystemDontPassIt) {
  HeapOptions options = plain_options();
  options.limit_bytes = std::size_t{3} << 20;
  Heap heap(options);
  std::vector<void*> blocks;
  while (void* block = heap.allocate(1000)) blocks.push_back(block);
  EXPECT_LE(heap.os_bytes(), options.limit_bytes);
  EXPECT_GT(blocks.size(), 2500u);
  EXPECT_EQ(heap.allocate(std::size_t{4} << 20), nullptr);
  EXPECT_SOUND(heap);
  for (void* block : blocks) heap.free(block);
  EXPECT_NE(heap.allocate(std::size_t{2} << 20), nullptr) << "kept arenas make room";
  EXPECT_GE(heap.stats().failed_allocations, 2u);
}

TEST(HeapLimit, ShrinkingNeverFails) {
  HeapOptions options;
  options.limit_bytes = std::size_t{1} << 20;
  Heap heap(options);
  void* block = heap.allocate(60000);
  while (heap.allocate(1000) != nullptr) {
  }
  while (heap.allocate(8) != nullptr) {
  }
  EXPECT_NE(heap.reallocate(block, 8), nullptr);
  EXPECT_SOUND(heap);
}

TEST(HeapLimit, MayChangeAtRunTime) {
  Heap heap;
  heap.set_limit(std::size_t{1} << 20);
  EXPECT_EQ(heap.allocate(std::size_t{2} << 20), nullptr);
  heap.set_limit(0);
  EXPECT_NE(heap.allocate(std::size_t{2} << 20), nullptr);
}

TEST(HeapFailNth, TheNthAllocationFailsOnce) {
  Heap heap;
  (void)heap.allocate(24);
  heap.set_fail_allocation_at(3, true);
  EXPECT_NE(heap.allocate(24), nullptr);
  EXPECT_NE(heap.allocate(100000), nullptr);
  EXPECT_FALSE(heap.has_failed_on_purpose());
  EXPECT_EQ(heap.allocate(24), nullptr);
  EXPECT_TRUE(heap.has_failed_on_purpose());
  EXPECT_NE(heap.allocate(24), nullptr);
  EXPECT_EQ(heap.allocations(), 5u);
  EXPECT_SOUND(heap);
}

TEST(HeapFailNth, TheNthAndAllLaterAllocationsFail) {
  HeapOptions options;
  options.fail_allocation_at = 2;
  Heap heap(options);
  EXPECT_NE(heap.allocate(24), nullptr);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(heap.allocate(24), nullptr);
  heap.set_fail_allocation_at(0, false);
  EXPECT_NE(heap.allocate(24), nullptr);
}

TEST(HeapFailNth, AGrowingReallocateCountsOnceAndLeavesTheBlock) {
  for (const std::size_t bytes : {24, 20000, 500000}) {
    Heap heap;
    auto* block = static_cast<char*>(heap.allocate(bytes));
    block[0] = 'x';
    heap.set_fail_allocation_at(1, true);
    EXPECT_EQ(heap.reallocate(block, bytes * 4), nullptr);
    EXPECT_EQ(block[0], 'x');
    const std::uint64_t before = heap.allocations();
    EXPECT_NE(heap.reallocate(block, bytes * 4), nullptr);
    EXPECT_EQ(heap.allocations(), before + 1);
    EXPECT_SOUND(heap);
  }
}

TEST(HeapObserver, LearnsOfEachAllocationAndFree) {
  struct Log {
    std::set<void*> live;
    int calls = 0;
  } log;
  Heap heap;
  void* before = heap.allocate(10);
  heap.set_observer({&log,
                     [](void* context, void* block, std::size_t) {
                       auto* to = static_cast<Log*>(context);
                       EXPECT_TRUE(to->live.insert(block).second);
                       ++to->calls;
                     },
                     [](void* context, void* block) {
                       auto* to = static_cast<Log*>(context);
                       to->live.erase(block);
                       ++to->calls;
                     }});
  void* a = heap.allocate(10);
  void* b = heap.allocate(100000);
  b = heap.reallocate(b, 150000);
  EXPECT_EQ(log.live, (std::set<void*>{a, b}));
  heap.free(before);
  heap.free(a);
  EXPECT_EQ(log.live, (std::set<void*>{b}));
  EXPECT_SOUND(heap);
  const int calls = log.calls;
  heap.set_observer({});
  heap.free(b);
  EXPECT_EQ(log.calls, calls);
  EXPECT_SOUND(heap);
}

TEST(HeapStatistics, ExactPeakIsTheMostThatEverLived) {
  HeapOptions options = plain_options();
  options.exact_peak = true;
  Heap heap(options);
  std::vector<void*> blocks;
  for (int i = 0; i < 10; ++i) blocks.push_back(heap.allocate(64));
  for (void* block : blocks) heap.free(block);
  for (int i = 0; i < 5; ++i) (void)heap.allocate(64);
  EXPECT_EQ(heap.stats().peak_live_bytes, 640u);
}

TEST(HeapStatistics, SampledPeakIsShortByTheRoomOfOnePoolAtMost) {
  Heap heap(plain_options());
  std::vector<void*> blocks;
  for (int i = 0; i < 10000; ++i) blocks.push_back(heap.allocate(64));
  for (void* block : blocks) heap.free(block);
  EXPECT_GE(heap.stats().peak_live_bytes + Geometry{}.pool_bytes, 640000u);
  EXPECT_LE(heap.stats().peak_live_bytes, 640000u);
}

TEST(HeapStatistics, ClassesCountLiveAndFreeBlocks) {
  Heap heap(plain_options(kFourBlocks));
  for (int i = 0; i < 5; ++i) (void)heap.allocate(kBytesOfFour, BlockKind::Object);
  const HeapStats stats = heap.stats();
  const ClassStats& row = stats.object[small_class(kBytesOfFour)];
  EXPECT_EQ(row.block_bytes, kBytesOfFour);
  EXPECT_EQ(row.pools, 2u);
  EXPECT_EQ(row.live_blocks, 5u);
  EXPECT_EQ(row.free_blocks, 3u);
  EXPECT_EQ(stats.pools, 2u);
  EXPECT_EQ(stats.arenas, 1u);
}

TEST(HeapStatistics, AreWrittenAsATable) {
  Heap heap(plain_options(kFourBlocks));
  for (int i = 0; i < 5; ++i) (void)heap.allocate(kBytesOfFour, BlockKind::Object);
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&text, &size);
  heap.write_stats(out);
  std::fclose(out);
  const std::string table(text);
  std::free(text);
  EXPECT_NE(table.find("live             5 blocks, 320 bytes"), std::string::npos) << table;
  EXPECT_NE(table.find("object         64        2            5            3"), std::string::npos)
      << table;
}

TEST(HeapVerify, NamesTheRuleWhenCountersDisagree) {
  Heap heap(plain_options());
  (void)heap.allocate(64);
  ++HeapTestAccess::bin_of(heap, 64).frees;
  EXPECT_EQ(broken_rule(heap), "H1");
}

TEST(HeapVerify, NamesTheRuleWhenBytesFromTheSystemDisagree) {
  Heap heap(plain_options());
  (void)heap.allocate(64);
  OsMemory& os = HeapTestAccess::os(heap);
  void* stolen = os.map(4096, 4096);
  EXPECT_EQ(broken_rule(heap), "H2");
  os.unmap(stolen, 4096);
}

TEST(HeapVerify, NamesTheRuleWhenTheCurrentPoolIsAnothers) {
  Heap heap(plain_options());
  (void)heap.allocate(64);
  (void)heap.allocate(32);
  HeapTestAccess::bin_of(heap, 64).current = HeapTestAccess::bin_of(heap, 32).current;
  EXPECT_EQ(broken_rule(heap), "H3");
}

TEST(HeapVerify, NamesTheRuleWhenASlowModeHasACurrentPool) {
  Heap heap(plain_options());
  (void)heap.allocate(64);
  HeapTestAccess::slow_allocate(heap) = true;
  EXPECT_EQ(broken_rule(heap), "H4");
}

TEST(HeapVerify, NamesTheRuleWhenABinMiscountsItsPools) {
  Heap heap(plain_options());
  (void)heap.allocate(64);
  ++HeapTestAccess::bin_of(heap, 64).pools;
  EXPECT_EQ(broken_rule(heap), "H5");
}

TEST(HeapDeathTest, ASecondFreeIntoAPoolThatWentBackIsCaught) {
  Heap heap(plain_options(kFourBlocks));
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(heap.allocate(kBytesOfFour));
  for (std::size_t i = 0; i < 4; ++i) heap.free(blocks[i]);
  EXPECT_DEATH(heap.free(blocks[2]), "bad free");
}

TEST(HeapDeathTest, AnotherHeapsBlockIsRefused) {
  Heap one(plain_options());
  Heap other(plain_options());
  void* block = one.allocate(64);
  EXPECT_DEATH(other.free(block), "bad free");
  void* large = one.allocate(std::size_t{1} << 20);
  EXPECT_DEATH(other.free(large), "bad free");
}

#ifdef OURO_CHECKED
TEST(HeapDeathTest, AThreadThatDoesntOwnTheHeapIsRefused) {
  Heap heap;
  EXPECT_DEATH(std::thread([&] { (void)heap.allocate(8); }).join(), "doesn't own it");
}
#endif

TEST(Heap, MayBeHandedToAnotherThread) {
  Heap heap;
  void* block = nullptr;
  std::thread([&] {
    heap.set_owner_thread();
    block = heap.allocate(8);
  }).join();
  heap.set_owner_thread();
  heap.free(block);
  EXPECT_EQ(heap.live_blocks(), 0u);
}

TEST(HeapResource, ServesContainersAndThrowsWhenTheHeapIsEmpty) {
  HeapOptions options;
  options.limit_bytes = std::size_t{2} << 20;
  Heap heap(options);
  {
    HeapResource resource(heap);
    std::pmr::vector<std::pmr::string> words(&resource);
    for (int i = 0; i < 100; ++i) words.emplace_back("a word that does not fit inside its string");
    EXPECT_GE(heap.live_blocks(), 101u);
    EXPECT_THROW(words.reserve(1000000), std::bad_alloc);
    EXPECT_THROW((void)resource.allocate(64, 64), std::bad_alloc);
    void* aligned = resource.allocate(24, 16);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned) % 16, 0u);
    resource.deallocate(aligned, 24, 16);
  }
  EXPECT_EQ(heap.live_blocks(), 0u);
}

}  // namespace
}  // namespace ouro::heap
