// Random operations against a naive model, with the verifier running all the while.

#include <cstring>
#include <map>
#include <random>
#include <vector>

#include "heap_test_access.h"

namespace ouro::heap {
namespace {

/// What the model knows of a block: its size, and the byte it is filled with.
struct Expected {
  std::size_t bytes;
  unsigned char fill;
  BlockKind kind;
};

class Model {
 public:
  Model(const HeapOptions& options, std::uint32_t seed) : heap_(options), random_(seed) {}

  void step() {
    switch (below(10)) {
      case 0:
      case 1:
      case 2:
      case 3:
        allocate();
        break;
      case 4:
      case 5:
      case 6:
        free_any();
        break;
      case 7:
      case 8:
        reallocate_any();
        break;
      default:
        change_mode();
    }
  }
  void free_any() {
    if (blocks_.empty()) return;
    const auto it = any();
    check(it->first, it->second, it->second.bytes);
    heap_.free(it->first);
    blocks_.erase(it);
  }
  void check_all() {
    EXPECT_SOUND(heap_);
    ASSERT_EQ(heap_.live_blocks(), blocks_.size());
    std::size_t seen = 0;
    heap_.for_each_live([&](void* block, std::size_t bytes, BlockKind kind) {
      const auto it = blocks_.find(static_cast<unsigned char*>(block));
      ASSERT_NE(it, blocks_.end());
      EXPECT_GE(bytes, it->second.bytes);
      EXPECT_EQ(kind, it->second.kind);
      ++seen;
    });
    EXPECT_EQ(seen, blocks_.size());
  }
  [[nodiscard]] bool is_empty() const { return blocks_.empty(); }
  Heap& heap() { return heap_; }

 private:
  using Blocks = std::map<unsigned char*, Expected>;

  std::size_t below(std::size_t n) { return random_() % n; }
  std::size_t any_size() {
    switch (below(20)) {
      case 0:
        return below(400000);
      case 1:
      case 2:
        return below(20000);
      case 3:
        return 0;
      default:
        return below(600);
    }
  }
  Blocks::iterator any() {
    auto it = blocks_.lower_bound(reinterpret_cast<unsigned char*>(
        reinterpret_cast<std::uintptr_t>(blocks_.begin()->first) +
        below(static_cast<std::size_t>(blocks_.rbegin()->first - blocks_.begin()->first) + 1)));
    return it == blocks_.end() ? blocks_.begin() : it;
  }
  static void check(const unsigned char* block, const Expected& expected, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) ASSERT_EQ(block[i], expected.fill);
  }
  void enter(void* block, std::size_t bytes, BlockKind kind) {
    const Expected expected{bytes, static_cast<unsigned char>(below(256)), kind};
    std::memset(block, expected.fill, bytes);
    ASSERT_TRUE(blocks_.emplace(static_cast<unsigned char*>(block), expected).second);
  }
  void allocate() {
    const std::size_t bytes = any_size();
    const BlockKind kind = below(2) == 0 ? BlockKind::Raw : BlockKind::Object;
    void* block = heap_.allocate(bytes, kind);
    if (block != nullptr) {
      enter(block, bytes, kind);
      return;
    }
    ASSERT_TRUE(heap_.limit_bytes() != 0 || heap_.has_failed_on_purpose());
    free_any();
  }
  void reallocate_any() {
    if (blocks_.empty()) return;
    const auto it = any();
    const Expected old = it->second;
    const std::size_t bytes = any_size();
    void* block = heap_.reallocate(it->first, bytes);
    if (block == nullptr) {
      ASSERT_GT(bytes, old.bytes);
      check(it->first, old, old.bytes);
      return;
    }
    blocks_.erase(it);
    check(static_cast<unsigned char*>(block), old, std::min(old.bytes, bytes));
    enter(block, bytes, old.kind);
  }
  void change_mode() {
    switch (below(40)) {
      case 0:
        heap_.set_fail_allocation_at(1 + below(5), below(2) == 0);
        break;
      case 1:
        heap_.set_fail_allocation_at(0, false);
        break;
      case 2:
        heap_.release_unused();
        break;
      case 3:
        heap_.set_observer({nullptr, nullptr, [](void*, void*) {}});
        break;
      case 4:
        heap_.set_observer({});
        break;
      default:
        heap_.set_fail_allocation_at(0, false);
    }
  }

  Heap heap_;
  std::mt19937 random_;
  Blocks blocks_;
};

HeapOptions tiny() { return plain_options(kFourBlocks); }
HeapOptions usual() { return plain_options(); }
HeapOptions wide() {
  return plain_options({.arena_bytes = std::size_t{1} << 20, .pool_bytes = 64 << 10});
}
HeapOptions limited() {
  HeapOptions options = plain_options();
  options.limit_bytes = std::size_t{4} << 20;
  return options;
}
HeapOptions debug() {
  HeapOptions options;
  options.debug = true;
  options.quarantine_bytes = std::size_t{1} << 20;
  return options;
}
HeapOptions keeps_nothing() {
  HeapOptions options = plain_options(kFourBlocks);
  options.keep_empty_arenas = 0;
  options.keep_mapped_bytes = 0;
  return options;
}

class HeapModel : public testing::TestWithParam<HeapOptions (*)()> {};

TEST_P(HeapModel, AgreesThroughRandomOperations) {
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Model model(GetParam()(), seed);
    for (int i = 0; i < 6000; ++i) {
      model.step();
      if (i % 200 == 0) model.check_all();
      ASSERT_FALSE(testing::Test::HasFailure()) << "step " << i;
    }
    while (!model.is_empty()) model.free_any();
    model.check_all();
    model.heap().release_unused();
    EXPECT_EQ(model.heap().os_bytes(), 0u);
    EXPECT_SOUND(model.heap());
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, HeapModel,
                         testing::Values(tiny, usual, wide, limited, debug, keeps_nothing));

}  // namespace
}  // namespace ouro::heap
