// The oldest generation without its array: order, deaths, newcomers, and what happens when the
// array is wanted again.
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

using Access = CollectorTestAccess;

constexpr int kMany = 20'000;

// `kMany` nodes that the test holds, in the oldest generation, whose log is closed.
class ClosedLog : public ::testing::Test {
 protected:
  ClosedLog() {
    world.collector().set_enabled(false);
    for (int i = 0; i < kMany; ++i) nodes.push_back(world.make());
    EXPECT_EQ(world.collect(), 0u);
    EXPECT_TRUE(log().closed());
  }
  ~ClosedLog() override {
    for (Node* node : nodes) World::drop(node);
    EXPECT_EQ(log().live(), 0u);
  }
  GenerationLog& log() { return Access::log(world.collector(), 2); }
  /// Drops every `step`-th.
  void drop_some(std::size_t step) {
    std::vector<Node*> left;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (i % step == 0) {
        World::drop(nodes[i]);
      } else {
        left.push_back(nodes[i]);
      }
    }
    nodes = std::move(left);
  }
  [[nodiscard]] std::vector<int> expected() const {
    std::vector<int> ids;
    for (const Node* node : nodes) ids.push_back(node->id);
    return ids;
  }

  World world;
  std::vector<Node*> nodes;
};

TEST_F(ClosedLog, HoldsNoArray) { EXPECT_EQ(log().items(), nullptr); }

TEST_F(ClosedLog, OpensInOrder) {
  EXPECT_EQ(world.ids(2), expected());
  EXPECT_FALSE(log().closed());
  EXPECT_WORLD_SOUND(world);
}

TEST_F(ClosedLog, IsVerifiedAndStaysClosed) {
  EXPECT_WORLD_SOUND(world);
  EXPECT_TRUE(log().closed());
}

TEST_F(ClosedLog, TheDeadLeaveHolesInIt) {
  drop_some(3);
  EXPECT_TRUE(log().closed());
  EXPECT_EQ(log().live(), nodes.size());
  EXPECT_EQ(world.ids(2), expected());
}

TEST_F(ClosedLog, SurvivorsOfYoungerGenerationsJoinBehind) {
  for (int i = 0; i < 1000; ++i) nodes.push_back(world.make());
  world.collect(0);
  world.collect(1);
  EXPECT_TRUE(log().closed());
  EXPECT_EQ(log().live(), nodes.size());
  EXPECT_EQ(world.ids(2), expected());
}

TEST_F(ClosedLog, IsRenumberedWhenHolesOutnumberObjects) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 5000; ++i) nodes.push_back(world.make());
    world.collect(1);
    drop_some(2);
  }
  EXPECT_TRUE(log().closed());
  EXPECT_LT(log().size(), 4 * nodes.size());
  EXPECT_EQ(world.ids(2), expected());
}

TEST_F(ClosedLog, GarbageInItIsFound) {
  world.make_ring(1000);
  world.collect(0);
  world.collect(1);
  ASSERT_TRUE(log().closed());
  EXPECT_EQ(world.collect(), 0u) << "the ring went in the collection of generation 0";
  Node* held = world.make();
  for (int i = 0; i < 1000; ++i) {
    Node* next = world.make();
    World::link(next, held);
    World::drop(held);
    held = next;
  }
  World::link(held, held);
  world.collect(1);
  World::drop(held);
  EXPECT_EQ(world.collect(), 1001u);
  EXPECT_EQ(world.ids(2), expected());
}

TEST_F(ClosedLog, WantedAgainWithHardlyAChangeItStaysOpen) {
  world.collect();
  EXPECT_FALSE(log().closed());
  world.collect();
  EXPECT_FALSE(log().closed());
  for (int i = 0; i < kMany / 4; ++i) nodes.push_back(world.make());
  world.collect();
  EXPECT_TRUE(log().closed());
}

TEST_F(ClosedLog, IsNeverClosedAgainOnceAllAreToStayOpen) {
  EXPECT_TRUE(world.collector().keep_logs_open());
  EXPECT_FALSE(log().closed());
  for (int i = 0; i < kMany; ++i) nodes.push_back(world.make());
  world.collect();
  EXPECT_FALSE(log().closed());
}

TEST_F(ClosedLog, WithoutMemoryForTheArrayNothingIsCollectedAndNothingLost) {
  world.heap.set_fail_allocation_at(1, /*once=*/false);
  EXPECT_EQ(world.collect(), 0u);
  EXPECT_TRUE(world.collector().gave_up());
  EXPECT_FALSE(world.collector().for_each(2, [](Header*) {}));
  EXPECT_FALSE(world.collector().keep_logs_open());
  world.heap.set_fail_allocation_at(0, false);
  EXPECT_TRUE(log().closed());
  EXPECT_WORLD_SOUND(world);
  EXPECT_EQ(world.ids(2), expected());
}

TEST_F(ClosedLog, FreezingMovesThemAllAndBack) {
  world.collector().freeze();
  EXPECT_EQ(world.collector().frozen(), nodes.size());
  EXPECT_EQ(log().live(), 0u);
  world.collector().unfreeze();
  EXPECT_EQ(world.ids(2), expected());
}

TEST_F(ClosedLog, DeadObjectsThatWaitAreNotTakenForItsOwn) {
  // A chain longer than objects die inside each other: the rest waits while finalizers run.
  Node* chain = world.make(world.finalizing);
  for (int i = 0; i < 200; ++i) {
    Node* next = world.make(world.finalizing);
    World::link(next, chain);
    World::drop(chain);
    chain = next;
  }
  world.collect(1);
  ASSERT_TRUE(log().closed());
  world.on_finalize = [&](Node*) {
    EXPECT_TRUE(
        world.collector().for_each(2, [](Header* object) { EXPECT_GT(object->refcount, 0u); }));
    EXPECT_EQ(world.collect(), 0u);
  };
  World::drop(chain);
  EXPECT_EQ(world.finalized.size(), 201u);
  EXPECT_EQ(world.ids(2), expected());
}

TEST(GenerationLog, StaysOpenBesideManyMoreBlocksThatItsObjectsDoNotFill) {
  World world;
  world.collector().set_enabled(false);
  std::vector<Node*> nodes;
  for (int i = 0; i < kMany; ++i) nodes.push_back(world.make());
  std::vector<void*> others;
  for (int i = 0; i < 5 * kMany; ++i) others.push_back(world.heap.allocate(24));
  world.collect();
  EXPECT_FALSE(Access::log(world.collector(), 2).closed());
  for (void* block : others) world.heap.free(block);
  for (Node* node : nodes) World::drop(node);
}

}  // namespace
}  // namespace ouro::gc
