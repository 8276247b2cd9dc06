// Garbage that ends without counting: types that can `reclaim`, found by a bitmap.
#include <random>

#include "gc_test_node.h"

namespace ouro::gc {
namespace {

TEST(Reclaim, ARingEndsInOrderOfBirthAndWhatItHeldLosesAReference) {
  World world;
  world.collector().set_reached_by(ReachedBy::Bitmap);
  Node* outside = world.make();
  Node* a = world.make(world.reclaimed);
  Node* b = world.make(world.reclaimed);
  World::link(a, b);
  World::link(b, a);
  World::link(b, outside);
  World::drop(a);
  World::drop(b);
  EXPECT_EQ(outside->refcount, 2u);
  const int count = world.collector().count(0);
  EXPECT_EQ(world.collect(), 2u);
  EXPECT_EQ(world.deaths, (std::vector<int>{1, 2}));
  EXPECT_EQ(outside->refcount, 1u);
  EXPECT_LE(world.collector().count(0), count);
  EXPECT_WORLD_SOUND(world);
  World::drop(outside);
}

TEST(Reclaim, WhatOnlyGarbageHeldDiesWithIt) {
  World world;
  world.collector().set_reached_by(ReachedBy::Bitmap);
  Node* old = world.make();
  world.collect(1);  // out of the reach of a young collection
  Node* ring = world.make(world.reclaimed);
  World::link(ring, ring);
  World::link(ring, old);
  World::drop(ring);
  World::drop(old);
  EXPECT_EQ(world.collect(0), 1u);
  EXPECT_EQ(world.deaths, (std::vector<int>{1, 0}));
  EXPECT_WORLD_SOUND(world);
}

TEST(Reclaim, NotAmongOthersNorWithFinalizers) {
  for (const bool finalizer : {false, true}) {
    World world;
    world.collector().set_reached_by(ReachedBy::Bitmap);
    Node* a = world.make(world.reclaimed);
    Node* b = world.make(finalizer ? world.finalizing : world.plain);
    World::link(a, b);
    World::link(b, a);
    World::drop(a);
    World::drop(b);
    EXPECT_EQ(world.collect(), 2u);
    EXPECT_EQ(world.deaths, (std::vector<int>{1, 0})) << "by counts: the first is cleared first";
    EXPECT_WORLD_SOUND(world);
  }
}

TEST(Reclaim, WeakReferencesDieFirst) {
  World world;
  world.collector().set_reached_by(ReachedBy::Bitmap);
  Node* callback = world.make();
  Node* ring = world.make(world.reclaimed);
  World::link(ring, ring);
  WeakReference* reference = world.make_weak(ring, callback);
  World::drop(ring);
  EXPECT_EQ(world.collect(), 1u);
  EXPECT_EQ(reference->referent, nullptr);
  EXPECT_EQ(world.called_back.size(), 1u);
  EXPECT_WORLD_SOUND(world);
  World::drop(reference);
  World::drop(callback);
}

TEST(Reclaim, RandomGraphsInBothOrders) {
  for (unsigned seed = 0; seed < 1000 && !testing::Test::HasFailure(); ++seed) {
    std::mt19937 random(seed);
    World world;
    world.collector().set_enabled(false);
    world.collector().set_reached_by(ReachedBy::Bitmap);
    if (seed % 2 == 0) world.collector().set_survivor_order(SurvivorOrder::AsBorn);
    std::vector<Node*> held;
    for (int round = 0; round < 6; ++round) {
      std::vector<Node*> nodes(held);
      for (int i = 0; i < 30; ++i) nodes.push_back(world.make(world.reclaimed));
      for (int i = 0; i < 60; ++i) {
        Node* from = nodes[random() % nodes.size()];
        if (from->edge_count < Node::kEdges) World::link(from, nodes[random() % nodes.size()]);
      }
      std::vector<Node*> next;
      for (Node* node : nodes) {
        if (random() % 5 == 0) {
          next.push_back(node);
        } else {
          World::drop(node);
        }
      }
      held = next;
      world.collect(static_cast<int>(random() % 3));
      ASSERT_EQ(world.broken(), "") << "seed " << seed;
      ASSERT_FALSE(world.heap.verify().has_value()) << "seed " << seed;
    }
    for (Node* node : held) World::drop(node);
    world.collect();
    ASSERT_TRUE(world.alive.empty()) << "seed " << seed;
  }
}

TEST(SurvivorOrder, AsBornKeepsTheOrderWithoutKnownRoots) {
  for (const ReachedBy how : {ReachedBy::Marks, ReachedBy::Bitmap}) {
    World world;
    world.collector().set_reached_by(how);
    world.collector().set_survivor_order(SurvivorOrder::AsBorn);
    Node* elder = world.make();
    world.make_ring(2);
    Node* younger = world.make();
    World::link(younger, elder);
    World::drop(elder);
    EXPECT_EQ(world.collect(), 2u);
    EXPECT_EQ(world.ids(2), (std::vector<int>{0, 3}));
    EXPECT_WORLD_SOUND(world);
    World::drop(younger);
  }
}

}  // namespace
}  // namespace ouro::gc
