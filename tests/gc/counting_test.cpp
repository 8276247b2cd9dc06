// Counting and disposal: what happens at count zero, and that nesting stays bounded.
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

TEST(Counting, TheLastReferenceTakesTheObjectDown) {
  World world;
  Node* node = world.make();
  incref(node);
  decref(node);
  EXPECT_TRUE(world.deaths.empty());
  decref(node);
  EXPECT_EQ(world.deaths, std::vector<int>{0});
  EXPECT_EQ(world.collector().live(0), 0u);
}

TEST(Counting, RefsGiveBackWhatTheyHold) {
  World world;
  {
    auto owner = Ref<Node>::steal(world.make());
    Ref<Node> second = owner.new_ref();
    EXPECT_EQ(owner->refcount, 2u);
    Borrowed<Node> look = second;
    owner.reset();
    EXPECT_EQ(look->refcount, 1u);
    second = Ref<Node>::steal(world.make());
    EXPECT_EQ(world.deaths, std::vector<int>{0});
  }
  EXPECT_EQ(world.deaths, (std::vector<int>{0, 1}));
}

TEST(Counting, AFirstCounterFollowsBirthsAndDeaths) {
  World world;
  Node* a = world.make();
  Node* b = world.make();
  EXPECT_EQ(world.collector().count(0), 2);
  World::drop(a);
  EXPECT_EQ(world.collector().count(0), 1);
  world.collector().count_allocation();
  EXPECT_EQ(world.collector().count(0), 2);
  world.collector().count_release();
  World::drop(b);
  EXPECT_EQ(world.collector().count(0), 0);
  world.collector().count_release();
  EXPECT_EQ(world.collector().count(0), 0) << "never below zero";
}

TEST(Counting, WhatAFreeListWouldHoldDoesNotCount) {
  World world;
  void* block = world.collector().allocate_uncounted(sizeof(Node));
  EXPECT_EQ(world.collector().count(0), 0);
  auto* node = static_cast<Node*>(block);
  *node = Node{};
  node->type_info = &world.plain;
  world.make();
  world.collector().release(node, /*counted=*/false);
  EXPECT_EQ(world.collector().count(0), 1);
}

/// A chain of `length` nodes, the first of which the caller owns.
Node* make_chain(World& world, int length) {
  Node* first = world.make();
  Node* last = first;
  for (int i = 1; i < length; ++i) {
    Node* next = world.make();
    World::link(last, next);
    World::drop(next);
    last = next;
  }
  return first;
}

TEST(Disposal, AChainDiesFromItsHead) {
  World world;
  world.collector().set_enabled(false);
  World::drop(make_chain(world, 200));
  ASSERT_EQ(world.deaths.size(), 200u);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(world.deaths[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(world.space.dispose_depth, 0);
  EXPECT_EQ(world.space.waiting, nullptr);
}

TEST(Disposal, AMillionDeepChainNeedsNoStack) {
  World world;
  world.collector().set_enabled(false);
  World::drop(make_chain(world, 1000000));
  EXPECT_EQ(world.deaths.size(), 1000000u);
  EXPECT_TRUE(world.alive.empty());
  EXPECT_EQ(world.space.dispose_depth, 0);
  EXPECT_WORLD_SOUND(world);
}

TEST(Disposal, WhatWaitsIsTakenLastFirst) {
  World world;
  Node* head = make_chain(world, 50);
  Node* tail = head;
  while (tail->edge_count > 0) tail = tail->targets[0];
  for (int i = 0; i < 3; ++i) {  // ids 50, 51, 52: one level too deep
    Node* leaf = world.make();
    World::link(tail, leaf);
    World::drop(leaf);
  }
  world.deaths.clear();
  World::drop(head);
  ASSERT_EQ(world.deaths.size(), 53u);
  EXPECT_EQ(std::vector<int>(world.deaths.end() - 3, world.deaths.end()),
            (std::vector<int>{52, 51, 50}));
}

TEST(Disposal, AWaitingObjectKeepsItsFinalizedBit) {
  World world;
  Node* head = make_chain(world, 50);
  Node* tail = head;
  while (tail->edge_count > 0) tail = tail->targets[0];
  Node* fresh = world.make(world.finalizing);
  Node* done = world.make(world.finalizing);
  done->gc_word |= kFinalizedBit;
  for (Node* leaf : {fresh, done}) {
    World::link(tail, leaf);
    World::drop(leaf);
  }
  World::drop(head);
  EXPECT_EQ(world.finalized, std::vector<int>{50});
  EXPECT_TRUE(world.alive.empty());
}

TEST(Disposal, AFinalizerMayReviveAtCountZero) {
  World world;
  Node* kept = nullptr;
  world.on_finalize = [&](Node* node) {
    incref(node);
    kept = node;
  };
  Node* node = world.make(world.finalizing);
  World::drop(node);
  ASSERT_EQ(kept, node);
  EXPECT_TRUE(world.deaths.empty());
  EXPECT_TRUE(node->is_tracked());
  World::drop(kept);
  EXPECT_EQ(world.finalized.size(), 1u);
  EXPECT_EQ(world.deaths, std::vector<int>{0});
}

}  // namespace
}  // namespace ouro::gc
