// Known roots: full collections that mark first find the same garbage, and survivors keep their
// places.
#include <algorithm>
#include <random>

#include "gc/address_set.h"
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

struct Roots final : RootProvider {
  std::vector<Node*> nodes;
  void roots(EdgeSink& sink) override {
    for (Node* node : nodes) sink.edge(node, slot_label("root"));
  }
};

TEST(KnownRoots, WhatTheyReachStaysInPlaceAndRingsGo) {
  World world;
  Roots roots;
  world.collector().set_root_provider(&roots);
  Node* elder = world.make();
  world.make_ring(3);
  Node* younger = world.make();
  World::link(younger, elder);
  World::drop(elder);
  roots.nodes = {younger};
  EXPECT_EQ(world.collect(), 3u);
  EXPECT_EQ(world.ids(2), (std::vector<int>{0, 4})) << "CPython would put 0 behind 4";
  EXPECT_EQ(world.collect(), 0u);
  EXPECT_WORLD_SOUND(world);
  World::drop(younger);
  roots.nodes.clear();
  EXPECT_TRUE(world.alive.empty());
}

TEST(KnownRoots, NeedNotBeAll) {
  World world;
  Roots roots;
  world.collector().set_root_provider(&roots);
  Node* known = world.make();
  Node* unknown = world.make();
  Node* inner = world.make();
  World::link(unknown, inner);
  World::link(inner, known);
  World::drop(inner);
  roots.nodes = {known};
  EXPECT_EQ(world.collect(), 0u);
  EXPECT_EQ(world.alive.size(), 3u);
  EXPECT_WORLD_SOUND(world);
  World::drop(unknown);
  World::drop(known);
  roots.nodes.clear();
}

TEST(KnownRoots, ADeadWeakReferenceAndFinalizersAsEver) {
  World world;
  Roots roots;
  world.collector().set_root_provider(&roots);
  Node* root = world.make();
  roots.nodes = {root};
  Node* ring = world.make(world.finalizing);
  World::link(ring, ring);
  WeakReference* reference = world.make_weak(ring);
  World::drop(ring);
  Node* kept = nullptr;
  world.on_finalize = [&](Node* node) {
    incref(node);
    kept = node;
  };
  EXPECT_EQ(world.collect(), 0u);
  EXPECT_EQ(reference->referent, nullptr);
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->gc_state(), GcState::Gen2);
  EXPECT_WORLD_SOUND(world);
  World::drop(kept);
  EXPECT_EQ(world.collect(), 1u);
  World::drop(reference);
  World::drop(root);
  roots.nodes.clear();
}

// A collection with known roots and one without find the same, whatever the graph and the roots.
TEST(KnownRoots, ThousandsOfRandomGraphs) {
  for (unsigned seed = 0; seed < 2000 && !testing::Test::HasFailure(); ++seed) {
    std::vector<int> left[2];
    for (const bool with_roots : {false, true}) {
      std::mt19937 random(seed);
      const auto below = [&](std::size_t bound) { return random() % bound; };
      World world;
      world.collector().set_enabled(false);
      world.collector().set_reached_by(seed % 3 == 0 ? ReachedBy::Bitmap : ReachedBy::Marks);
      Roots roots;
      std::vector<Node*> nodes;
      const std::size_t count = 1 + below(60);
      for (std::size_t i = 0; i < count; ++i) {
        nodes.push_back(world.make(below(8) == 0 ? world.finalizing : world.plain));
      }
      for (std::size_t i = 0; i < count * 2; ++i) {
        Node* from = nodes[below(count)];
        if (from->edge_count < Node::kEdges) World::link(from, nodes[below(count)]);
      }
      std::vector<Node*> held;
      for (Node* node : nodes) {
        switch (below(6)) {
          case 0:
            held.push_back(node);
            break;
          case 1:
            held.push_back(node);
            roots.nodes.push_back(node);
            break;
          default:
            World::drop(node);
        }
      }
      if (with_roots) world.collector().set_root_provider(&roots);
      if (below(2) == 0) world.collect(static_cast<int>(below(2)));
      world.collect();
      ASSERT_EQ(world.broken(), "") << "seed " << seed;
      for (const Node* node : world.alive) left[with_roots].push_back(node->id);
      std::sort(left[with_roots].begin(), left[with_roots].end());
      for (Node* node : held) World::drop(node);
      roots.nodes.clear();
      world.collect();
      ASSERT_TRUE(world.alive.empty()) << "seed " << seed;
    }
    ASSERT_EQ(left[0], left[1]) << "seed " << seed;
  }
}

TEST(KnownRoots, WithoutMemoryNothingIsCollectedAndNothingLost) {
  for (std::uint64_t n = 1;; ++n) {
    World world;
    world.collector().set_enabled(false);
    Roots roots;
    world.collector().set_root_provider(&roots);
    Node* root = world.make();
    roots.nodes = {root};
    for (int i = 0; i < 40; ++i) world.make_ring(1 + i % 5);
    world.heap.set_fail_allocation_at(n, true);
    const std::size_t found = world.collect();
    const bool failed = world.heap.has_failed_on_purpose();
    world.heap.set_fail_allocation_at(0, false);
    EXPECT_EQ(world.broken(), "");
    EXPECT_EQ(found, world.collector().gave_up() ? 0u : 120u) << n;
    world.collect();
    EXPECT_EQ(world.alive.size(), 1u) << n;
    World::drop(root);
    roots.nodes.clear();
    if (!failed) break;
  }
}

TEST(AddressSet, TakesAndGivesEachObjectOnce) {
  World world;
  world.collector().set_enabled(false);
  std::vector<Header*> nodes;
  for (int i = 0; i < 1000; ++i) nodes.push_back(world.make());
  AddressSet set(world.heap);
  ASSERT_TRUE(set.prepare());
  std::vector<Header*> twice(nodes);
  twice.insert(twice.end(), nodes.begin(), nodes.end());
  std::vector<Header*> fresh(twice.size() + 1);
  bool ok = true;
  EXPECT_EQ(set.insert_all(twice.data(), twice.size(), fresh.data(), ok), nodes.size());
  EXPECT_TRUE(ok);
  EXPECT_TRUE(std::equal(nodes.begin(), nodes.end(), fresh.begin()));
  for (Header* node : nodes) EXPECT_TRUE(set.contains(node));
  EXPECT_EQ(set.take_all(nodes.data(), 500, fresh.data()), 500u);
  EXPECT_EQ(set.take_all(twice.data(), twice.size(), fresh.data()), 500u);
  EXPECT_EQ(fresh[0], nodes[500]);
  for (Header* node : nodes) EXPECT_FALSE(set.contains(node));
  for (Header* node : nodes) World::drop(node);
}

TEST(AddressSet, HoldsBlocksThatAreMappingsOfTheirOwn) {
  World world;
  auto* mapped = static_cast<Header*>(world.heap.allocate(std::size_t{1} << 20));
  Node* node = world.make();
  AddressSet set(world.heap);
  ASSERT_TRUE(set.prepare());
  Header* both[] = {mapped, node, mapped};
  Header* fresh[4];
  bool ok = true;
  EXPECT_EQ(set.insert_all(both, 3, fresh, ok), 2u);
  EXPECT_TRUE(set.contains(mapped));
  EXPECT_EQ(set.take_all(both, 3, fresh), 2u);
  EXPECT_FALSE(set.contains(mapped));
  world.heap.free(mapped);
  World::drop(node);
}

}  // namespace
}  // namespace ouro::gc
