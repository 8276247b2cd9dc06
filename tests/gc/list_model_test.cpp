// The collector against a naive model of CPython's linked-list algorithm: the same objects are
// found unreachable, and every generation has the same objects in the same order, step by step over
// thousands of random graphs.
#include <algorithm>
#include <list>
#include <map>
#include <random>

#include "gc_test_node.h"

namespace ouro::gc {
namespace {

/// Generations as linked lists of node ids, worked as CPython's gc module works them.
class ListModel {
 public:
  explicit ListModel(World& world) : world_(world) {}

  void born(Node* node) { generations_[0].push_back(node->id); }
  void forget_the_dead() {
    for (auto& generation : generations_) {
      generation.remove_if([this](int id) { return !nodes().contains(id); });
    }
  }

  /// The unreachable, in order; survivors move up.
  std::vector<int> collect(int generation) {
    std::list<int> young;
    young.splice(young.end(), generations_[generation]);
    for (int i = 0; i < generation; ++i) young.splice(young.end(), generations_[i]);
    const auto by_id = nodes();
    std::map<int, std::uint32_t> refs;
    for (int id : young) refs[id] = by_id.at(id)->refcount;
    for (int id : young) {
      for_edges(by_id.at(id), [&](int to) {
        if (refs.contains(to)) --refs[to];
      });
    }
    std::list<int> unreachable;
    enum class Place { ToScan, Reachable, Unreachable };
    std::map<int, Place> place;
    for (int id : young) place[id] = Place::ToScan;
    for (auto at = young.begin(); at != young.end();) {
      const int id = *at;
      if (refs[id] == 0) {
        place[id] = Place::Unreachable;
        const auto next = std::next(at);
        unreachable.splice(unreachable.end(), young, at);
        at = next;
        continue;
      }
      for_edges(by_id.at(id), [&](int to) {
        if (!place.contains(to)) return;
        if (place[to] == Place::Unreachable) {
          young.splice(young.end(), unreachable,
                       std::find(unreachable.begin(), unreachable.end(), to));
          place[to] = Place::ToScan;
          refs[to] = 1;
        } else if (place[to] == Place::ToScan && refs[to] == 0) {
          refs[to] = 1;
        }
      });
      place[id] = Place::Reachable;
      ++at;
    }
    generations_[generation < 2 ? generation + 1 : 2].splice(
        generations_[generation < 2 ? generation + 1 : 2].end(), young);
    return {unreachable.begin(), unreachable.end()};
  }

  [[nodiscard]] std::vector<int> ids(int generation) const {
    return {generations_[generation].begin(), generations_[generation].end()};
  }

 private:
  [[nodiscard]] std::map<int, Node*> nodes() const {
    std::map<int, Node*> result;
    for (Node* node : world_.alive) result[node->id] = node;
    return result;
  }
  template <class Visit>
  static void for_edges(const Node* node, Visit visit) {
    for (std::uint32_t i = 0; i < node->edge_count; ++i) visit(node->targets[i]->id);
  }

  World& world_;
  std::list<int> generations_[3];
};

/// Takes down in which order objects are found unreachable.
class Unreachable final : public EventSink {
 public:
  void collection_starts(int, std::size_t) override { ids.clear(); }
  void candidate(const Header*, std::uint32_t) override {}
  void subtracted(const Header*, const Header*, const EdgeLabel&, std::uint32_t) override {}
  void verdict(const Header* object, Verdict verdict, const Header*) override {
    if (verdict == Verdict::Unreachable) ids.push_back(static_cast<const Node*>(object)->id);
  }
  void finalizer_runs(const Header*) override {}
  void weakref_cleared(const WeakReference*) override {}
  void collection_ends(int, std::size_t, std::size_t) override {}
  std::vector<int> ids;
};

void run_one(unsigned seed, bool with_events, ReachedBy reached_by) {
  World world;
  world.collector().set_enabled(false);
  world.collector().set_reached_by(reached_by);
  Unreachable events;
  if (with_events) world.collector().set_event_sink(&events);
  ListModel model(world);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  std::vector<Node*> roots;
  const std::size_t steps = 20 + below(60);
  for (std::size_t step = 0; step < steps; ++step) {
    switch (roots.empty() ? 0 : below(10)) {
      case 0:
      case 1:
      case 2:
        roots.push_back(world.make());
        model.born(roots.back());
        break;
      case 3:
      case 4:
      case 5:
      case 6: {
        Node* from = roots[below(roots.size())];
        if (from->edge_count < Node::kEdges) World::link(from, roots[below(roots.size())]);
        break;
      }
      case 7:
      case 8: {
        const std::size_t which = below(roots.size());
        Node* node = roots[which];
        roots.erase(roots.begin() + static_cast<std::ptrdiff_t>(which));
        World::drop(node);
        model.forget_the_dead();
        break;
      }
      default: {
        const int generation = static_cast<int>(below(3));
        const std::vector<int> expected = model.collect(generation);
        world.deaths.clear();
        ASSERT_EQ(world.collect(generation), expected.size())
            << "seed " << seed << " step " << step;
        // Older objects that only these held die with them.
        for (int id : expected) {
          ASSERT_EQ(std::count(world.deaths.begin(), world.deaths.end(), id), 1)
              << "seed " << seed << " step " << step;
        }
        model.forget_the_dead();
        if (with_events) {
          ASSERT_EQ(events.ids, expected) << "seed " << seed << " step " << step;
        }
        break;
      }
    }
    for (int generation = 0; generation < 3; ++generation) {
      ASSERT_EQ(world.ids(generation), model.ids(generation))
          << "seed " << seed << " step " << step << " generation " << generation;
    }
    ASSERT_EQ(world.broken(), "") << "seed " << seed << " step " << step;
  }
  for (Node* node : roots) World::drop(node);
  world.collect();
  ASSERT_TRUE(world.alive.empty()) << "seed " << seed;
}

TEST(ListModel, ThousandsOfRandomGraphs) {
  for (unsigned seed = 0; seed < 3000 && !testing::Test::HasFatalFailure(); ++seed)
    run_one(seed, false, ReachedBy::Marks);
}

TEST(ListModel, TheSameWithABitmap) {
  for (unsigned seed = 0; seed < 2000 && !testing::Test::HasFatalFailure(); ++seed)
    run_one(seed, false, ReachedBy::Bitmap);
}

TEST(ListModel, TheSameWithSomebodyListening) {
  for (unsigned seed = 0; seed < 1000 && !testing::Test::HasFatalFailure(); ++seed)
    run_one(seed, true, seed % 2 == 0 ? ReachedBy::Marks : ReachedBy::Bitmap);
}

// Long lists pass the edge buffers of the fast traversal.
class Wide : public testing::TestWithParam<ReachedBy> {};
INSTANTIATE_TEST_SUITE_P(ListModel, Wide, testing::Values(ReachedBy::Marks, ReachedBy::Bitmap));

TEST_P(Wide, AndReversedGraphs) {
  World world;
  world.collector().set_enabled(false);
  world.collector().set_reached_by(GetParam());
  ListModel model(world);
  std::vector<Node*> nodes;
  for (int i = 0; i < 5000; ++i) {
    nodes.push_back(world.make());
    model.born(nodes.back());
  }
  // Each refers to its elder: all but the last are first put aside and then come back, one by one.
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    World::link(nodes[i], nodes[i - 1]);
    if (i > 3) World::link(nodes[i], nodes[i / 2]);
    World::drop(nodes[i - 1]);
  }
  EXPECT_EQ(model.collect(0).size(), world.collect(0));
  EXPECT_EQ(world.ids(1), model.ids(1));
  World::drop(nodes.back());
  EXPECT_TRUE(world.alive.empty());
}

}  // namespace
}  // namespace ouro::gc
