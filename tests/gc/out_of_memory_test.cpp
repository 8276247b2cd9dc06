// Memory that ends in the middle: nothing is lost, everything stays watched, and the next
// collection finds it all.
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

struct Held {
  std::vector<Node*> nodes;
  std::vector<WeakReference*> references;
};

/// A bit of everything that a collection has a phase for. What the caller gets, it owns.
Held build(World& world) {
  Held held;
  world.collector().set_enabled(false);
  Node* callback = world.make();
  held.nodes.push_back(callback);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 20; ++i) {
      world.make_ring(1 + i % 5, i % 3 == 0 ? world.finalizing : world.plain);
      Node* kept = world.make(i % 2 == 0 ? world.plain : world.watched);
      Node* inner = world.make();
      World::link(inner, inner);
      World::link(kept, inner);
      held.references.push_back(world.make_weak(inner, callback));
      World::drop(inner);
      held.nodes.push_back(kept);
      Node* garbage = world.make();
      World::link(garbage, garbage);
      held.references.push_back(world.make_weak(garbage, callback));
      World::drop(garbage);
    }
    world.make_ring(2, world.legacy);
    if (round == 0) world.collect(0);
  }
  return held;
}

constexpr std::size_t kHeldNodes = 1 + 2 * 20 * 2;

void expect_all_there(World& world, const Held& held) {
  ASSERT_EQ(world.broken(), "");
  ASSERT_FALSE(world.heap.verify().has_value());
  for (Node* node : held.nodes) {
    ASSERT_TRUE(world.alive.contains(node));
    ASSERT_TRUE(node->is_tracked() || node->type_info == &world.watched);
  }
  for (const Node* node : world.alive) {
    ASSERT_TRUE(node->is_tracked() || node->type_info == &world.watched) << node->id;
    ASSERT_GT(node->refcount, 0u);
  }
}

/// Runs the collection with the n-th allocation failing, for every n; returns how many it made.
std::size_t sweep(int generation, bool once, bool with_finalizers_that_keep) {
  for (std::uint64_t n = 1;; ++n) {
    World world;
    Held held = build(world);
    world.deaths.clear();
    Node* kept = nullptr;
    if (with_finalizers_that_keep) {
      world.on_finalize = [&](Node* node) {
        if (kept == nullptr && node->id % 2 == 0) {
          incref(node);
          kept = node;
        }
      };
    }
    world.heap.set_fail_allocation_at(n, once);
    world.collect(generation);
    const bool failed = world.heap.has_failed_on_purpose();
    world.heap.set_fail_allocation_at(0, false);
    expect_all_there(world, held);
    if (testing::Test::HasFatalFailure()) {
      ADD_FAILURE() << "allocation " << n << " of a collection of generation " << generation;
      return n;
    }
    // With memory again everything goes that should.
    if (kept != nullptr) World::drop(kept);
    world.on_finalize = [](Node*) {};
    world.collect();
    for (Header* object : std::exchange(world.garbage, {})) {
      world.plain.clear(object);
      decref(object);
    }
    world.collect();
    EXPECT_EQ(world.alive.size(), kHeldNodes) << "allocation " << n;
    for (WeakReference* reference : held.references) World::drop(reference);
    for (Node* node : held.nodes) World::drop(node);
    world.collect();
    EXPECT_TRUE(world.alive.empty());
    EXPECT_WORLD_SOUND(world);
    if (!failed) return n - 1;
  }
}

TEST(OutOfMemory, AtEveryAllocationOfACollection) {
  std::size_t injections = 0;
  for (int generation = 0; generation < 3; ++generation) {
    for (const bool once : {true, false}) {
      for (const bool keep : {false, true}) injections += sweep(generation, once, keep);
    }
  }
  EXPECT_GT(injections, 20u);
}

TEST(OutOfMemory, WhileTracking) {
  World world;
  world.collector().set_enabled(false);
  GenerationLog& log = CollectorTestAccess::log(world.collector(), 0);
  std::size_t before = 0;
  for (Node* node = world.make(); node != nullptr;) {
    while (!log.full()) world.make();
    before = world.alive.size();
    world.heap.set_fail_allocation_at(
        2, false);  // the node's own block is the first; a log may grow in place
    node = world.make();
    world.heap.set_fail_allocation_at(0, false);
    ASSERT_LT(before, 100000u);
  }
  EXPECT_EQ(world.alive.size(), before);
  EXPECT_EQ(world.collector().count(0), static_cast<int>(before));
  EXPECT_NE(world.make(), nullptr);
  EXPECT_WORLD_SOUND(world);
}

TEST(OutOfMemory, WhileFreezing) {
  World world;
  world.collector().set_enabled(false);
  Node* young = world.make();
  world.heap.set_fail_allocation_at(1, false);
  world.collector().freeze();
  world.heap.set_fail_allocation_at(0, false);
  EXPECT_TRUE(young->is_tracked());
  EXPECT_WORLD_SOUND(world);
  world.collector().freeze();
  EXPECT_EQ(world.collector().frozen(), 1u);
  world.heap.set_fail_allocation_at(1, false);
  world.collector().unfreeze();
  world.heap.set_fail_allocation_at(0, false);
  EXPECT_WORLD_SOUND(world);
  world.collector().unfreeze();
  EXPECT_EQ(young->gc_state(), GcState::Gen2);
}

TEST(OutOfMemory, ANodeThatIsNotBornLeavesNothing) {
  World world;
  world.heap.set_fail_allocation_at(1, true);
  EXPECT_EQ(world.make(), nullptr);
  EXPECT_EQ(world.collector().count(0), 0);
  EXPECT_EQ(world.collector().live(0), 0u);
}

}  // namespace
}  // namespace ouro::gc
