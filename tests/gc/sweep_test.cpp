// What happens to the unreachable: weak references, finalizers, resurrection, what cannot be
// collected, debug flags.
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

/// A ring of two nodes that nothing else holds.
std::pair<Node*, Node*> make_pair(World& world, NodeType& type) {
  Node* a = world.make(type);
  Node* b = world.make(type);
  World::link(a, b);
  World::link(b, a);
  World::drop(a);
  World::drop(b);
  return {a, b};
}

TEST(Sweep, RingsGoAndWhatHoldsThemStays) {
  World world;
  make_pair(world, world.plain);
  Node* kept = world.make();
  Node* inner = make_pair(world, world.plain).first;
  World::link(kept, inner);
  EXPECT_EQ(world.collect(), 2u);
  EXPECT_EQ(world.deaths, (std::vector<int>{1, 0}))
      << "clearing the first lets the second die first";
  EXPECT_EQ(world.alive.size(), 3u);
  World::drop(kept);
  EXPECT_EQ(world.collect(), 2u);
  EXPECT_WORLD_SOUND(world);
}

TEST(WeakReferences, DieWithTheirReferentNewestFirst) {
  World world;
  Node* node = world.make();
  Node* callback = world.make();
  WeakReference* first = world.make_weak(node, callback);
  WeakReference* second = world.make_weak(node, callback);
  WeakReference* silent = world.make_weak(node);
  EXPECT_EQ(*weaklist_of(node), silent) << "those without a callback come first";
  World::drop(node);
  EXPECT_EQ(world.called_back, (std::vector<WeakReference*>{second, first}));
  for (WeakReference* reference : {first, second, silent}) {
    EXPECT_EQ(reference->referent, nullptr);
    World::drop(reference);
  }
  World::drop(callback);
  EXPECT_TRUE(world.alive.empty());
}

TEST(WeakReferences, OneThatDiesFirstLeavesTheList) {
  World world;
  Node* node = world.make();
  Node* callback = world.make();
  WeakReference* first = world.make_weak(node, callback);
  WeakReference* second = world.make_weak(node, callback);
  WeakReference* third = world.make_weak(node, callback);
  World::drop(second);
  EXPECT_WORLD_SOUND(world);
  World::drop(third);
  World::drop(first);
  EXPECT_EQ(*weaklist_of(node), nullptr);
  World::drop(node);
  EXPECT_TRUE(world.called_back.empty());
  World::drop(callback);
}

TEST(WeakReferences, AreAllDeadBeforeAnyCallbackRuns) {
  World world;
  Node* callback = world.make();
  auto [a, b] = make_pair(world, world.plain);
  WeakReference* to_a = world.make_weak(a, callback);
  WeakReference* to_b = world.make_weak(b, callback);
  int seen = 0;
  world.on_callback = [&](WeakReference*) {
    EXPECT_EQ(to_a->referent, nullptr);
    EXPECT_EQ(to_b->referent, nullptr);
    EXPECT_EQ(world.deaths.size(), 0u);
    ++seen;
  };
  EXPECT_EQ(world.collect(), 2u);
  EXPECT_EQ(seen, 2);
  World::drop(to_a);
  World::drop(to_b);
  World::drop(callback);
}

TEST(WeakReferences, InsideTheGarbageNeverCallBack) {
  World world;
  Node* callback = world.make();
  auto [a, b] = make_pair(world, world.plain);
  a->extra = world.make_weak(b, callback);
  EXPECT_EQ(world.collect(), 3u);
  EXPECT_TRUE(world.called_back.empty());
  EXPECT_EQ(callback->refcount, 1u);
  World::drop(callback);
}

TEST(WeakReferences, OneThatItsCallbackLetsGoIsCounted) {
  World world;
  Node* callback = world.make();
  WeakReference* reference = world.make_weak(make_pair(world, world.plain).first, callback);
  world.on_callback = [&](WeakReference* called) { World::drop(called); };
  (void)reference;
  EXPECT_EQ(world.collect(), 3u) << "two nodes and the reference";
  World::drop(callback);
  EXPECT_WORLD_SOUND(world);
}

TEST(Finalizers, AllRunOnceBeforeAnythingIsCleared) {
  World world;
  world.on_finalize = [&](Node* node) {
    EXPECT_TRUE(world.deaths.empty());
    EXPECT_EQ(node->edge_count, 1u);
    EXPECT_TRUE(node->is_finalized());
  };
  world.make_ring(3, world.finalizing);
  EXPECT_EQ(world.collect(), 3u);
  EXPECT_EQ(world.finalized, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(world.deaths.size(), 3u);
}

TEST(Finalizers, ResurrectionBringsBackAllThatIsReached) {
  World world;
  Node* kept = nullptr;
  world.on_finalize = [&](Node* node) {
    if (node->id != 1) return;
    incref(node);
    kept = node;
  };
  world.make_ring(3, world.finalizing);
  world.make_ring(2, world.finalizing);
  EXPECT_EQ(world.collect(), 2u) << "what came back is not counted";
  EXPECT_EQ(world.alive.size(), 3u);
  EXPECT_EQ(world.finalized.size(), 5u);
  EXPECT_WORLD_SOUND(world);
  World::drop(kept);
  EXPECT_EQ(world.collect(), 3u);
  EXPECT_EQ(world.finalized.size(), 5u) << "once in a life";
  EXPECT_TRUE(world.alive.empty());
}

TEST(Finalizers, MayTakeTheCycleApartThemselves) {
  World world;
  world.on_finalize = [&](Node* node) { world.plain.clear(node); };
  world.make_ring(4, world.finalizing);
  world.collect();
  EXPECT_TRUE(world.alive.empty());
  EXPECT_EQ(world.finalized.size(), 4u);
  EXPECT_WORLD_SOUND(world);
}

TEST(Finalizers, MayMakeNewObjectsAndAskForACollection) {
  World world;
  std::vector<Node*> made;
  world.on_finalize = [&](Node*) {
    for (int i = 0; i < 1000; ++i) made.push_back(world.make());
    EXPECT_EQ(world.collect(), 0u) << "one at a time";
  };
  world.make_ring(2, world.finalizing);
  EXPECT_EQ(world.collect(), 2u);
  EXPECT_EQ(world.alive.size(), 2000u);
  EXPECT_WORLD_SOUND(world);
  for (Node* node : made) World::drop(node);
}

TEST(Legacy, CyclesWithAnOldFinalizerAndWhatTheyReachStay) {
  World world;
  auto [a, b] = make_pair(world, world.legacy);
  Node* reached = world.make();
  World::link(b, reached);
  World::drop(reached);
  make_pair(world, world.plain);
  EXPECT_EQ(world.collect(), 5u);
  EXPECT_EQ(world.phases.back(), "stop 2 2 3");
  EXPECT_EQ(world.garbage, (std::vector<Header*>{a, b})) << "only those that have the finalizer";
  EXPECT_EQ(world.alive.size(), 3u);
  EXPECT_TRUE(reached->is_tracked());
  EXPECT_WORLD_SOUND(world);
  world.plain.clear(a);
  EXPECT_EQ(world.collect(), 0u);
}

TEST(Debug, SaveAllKeepsEverything) {
  World world;
  world.collector().set_debug_flags(kDebugSaveAll);
  auto [a, b] = make_pair(world, world.plain);
  EXPECT_EQ(world.collect(), 2u);
  EXPECT_EQ(world.garbage, (std::vector<Header*>{a, b}));
  EXPECT_TRUE(world.deaths.empty());
  EXPECT_WORLD_SOUND(world);
  world.collector().set_debug_flags(0);
  EXPECT_EQ(world.collect(), 0u);
  for (Header* object : std::exchange(world.garbage, {})) decref(object);
  EXPECT_EQ(world.collect(), 2u);
}

TEST(Debug, TextNamesWhatIsFound) {
  World world;
  world.collector().set_debug_flags(kDebugStats | kDebugCollectable | kDebugUncollectable);
  auto [a, b] = make_pair(world, world.plain);
  char line[128];
  std::string expected =
      "gc: collecting generation 1...\n"
      "gc: objects in each generation: 2 0 0\n"
      "gc: objects in permanent generation: 0\n";
  for (const Node* node : {a, b}) {
    std::snprintf(line, sizeof line, "gc: collectable <plain %p>\n",
                  static_cast<const void*>(node));
    expected += line;
  }
  expected += "gc: done, 2 unreachable, 0 uncollectable, ";
  world.collect(1);
  EXPECT_EQ(world.text.substr(0, expected.size()), expected);
  world.text.clear();
  Node* old = make_pair(world, world.legacy).first;
  world.collect(0);
  std::snprintf(line, sizeof line, "gc: uncollectable <legacy %p>\n", static_cast<void*>(old));
  EXPECT_NE(world.text.find(line), std::string::npos) << world.text;
  EXPECT_NE(world.text.find("gc: done, 2 unreachable, 2 uncollectable, "), std::string::npos);
  world.collector().set_debug_flags(0);
  world.plain.clear(old);
}

TEST(Callbacks, MayNotStartAnotherCollection) {
  World world;
  Node* callback = world.make();
  WeakReference* reference = world.make_weak(make_pair(world, world.plain).first, callback);
  world.on_callback = [&](WeakReference*) { EXPECT_EQ(world.collect(), 0u); };
  EXPECT_EQ(world.collect(), 2u);
  EXPECT_EQ(world.phases.size(), 2u);
  World::drop(reference);
  World::drop(callback);
}

}  // namespace
}  // namespace ouro::gc
