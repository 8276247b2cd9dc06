// The first walk over few candidates: which references it keeps, and that it keeps counts right
// when there are too many to keep.
#include "gc/inner_edges.h"

#include "gc_test_node.h"

namespace ouro::gc {
namespace {

TEST(CandidateFilter, PassesEveryCandidateAndFewOthers) {
  World world;
  world.collector().set_enabled(false);
  std::vector<Header*> candidates;
  std::vector<Header*> others;
  for (int i = 0; i < 4000; ++i) (i % 2 == 0 ? candidates : others).push_back(world.make());
  CandidateFilter filter(world.heap);
  ASSERT_TRUE(filter.prepare(candidates.data(), candidates.size()));
  std::vector<Header*> passed(4001);
  const auto count = [&](const std::vector<Header*>& edges) {
    return filter.pass(edges.data(), edges.data() + edges.size(), passed.data()) - passed.data();
  };
  EXPECT_EQ(count(candidates), 2000);
  EXPECT_TRUE(std::equal(candidates.begin(), candidates.end(), passed.begin()));
  EXPECT_LT(count(others), 200);
  for (Header* node : candidates) World::drop(node);
  for (Header* node : others) World::drop(node);
}

// A type whose objects tell the reference targets[0] as often as their id says.
struct Wide {
  static void traverse(const Header* self, EdgeSink& sink) {
    const auto* node = static_cast<const Node*>(self);
    EdgeCursor cursor(sink);
    for (int i = 0; i < node->id; ++i) cursor.edge(node->targets[0], index_label(0));
  }
};

class ManyEdges : public ::testing::TestWithParam<int> {};

// A ring of one wide object and others: its references must be subtracted one by one.
TEST_P(ManyEdges, AreAllSubtracted) {
  const int edges = GetParam();
  World world;
  world.collector().set_enabled(false);
  NodeType wide_type = world.plain;
  wide_type.traverse = Wide::traverse;
  wide_type.clear = nullptr;
  std::vector<Node*> ring;
  for (int i = 0; i < 100; ++i) ring.push_back(world.make(i == 50 ? wide_type : world.plain));
  for (std::size_t i = 0; i < ring.size(); ++i) World::link(ring[i], ring[(i + 1) % ring.size()]);
  Node* const wide = ring[50];
  Node* const target = ring[51];
  wide->id = edges;
  target->refcount += static_cast<std::uint32_t>(edges) - 1;

  EXPECT_EQ(world.collect(0), 0u) << "all are held by the test";
  for (Node* node : ring) --node->refcount;
  ++target->refcount;
  EXPECT_EQ(world.collect(), 0u) << "one is held";
  --target->refcount;
  target->refcount -= static_cast<std::uint32_t>(edges) - 1;
  wide->id = 1;
  EXPECT_EQ(world.collect(), 100u);
}

INSTANTIATE_TEST_SUITE_P(UpToMoreThanAreKept, ManyEdges,
                         ::testing::Values(1, 7, 8, 9, 511, 512, 513, 5000, 1 << 20, 3 << 19));

}  // namespace
}  // namespace ouro::gc
