// Collections by ouro: full (roots known or not), all garbage, young, and of an aged heap.
#include <algorithm>
#include <random>

#include "measure.h"
#include "ouro_world.h"
#include "rows.h"

namespace ouro::bench {

namespace {

enum class Roots : std::uint8_t { Unknown, Known };

void live(benchmark::State& state, std::size_t n, Topology topology, Roots roots) {
  World world;
  world.set_automatic_collections(false);
  Node* root = world.make_graph_with_one_root(make_graph(n, topology, 1));
  if (roots == Roots::Known) world.set_known_root(root);
  // The first full collection also moves everybody into the oldest generation.
  world.collect(2);
  Samples samples(n);
  for (auto _ : state) {
    samples.time(state, [&] {
      if (world.collect(2) != 0) std::abort();
    });
  }
  samples.report(state);
}

enum class History : std::uint8_t { Collected, Fresh };

// Collected: the heap has seen a full collection while all was alive, as in a running program.
void garbage(benchmark::State& state, std::size_t n, Topology topology, History history) {
  const Graph graph = make_graph(n, topology, 1);
  Samples samples(n);
  for (auto _ : state) {
    World world;
    world.set_automatic_collections(false);
    Node* root = world.make_graph_with_one_root(graph);
    if (history == History::Collected) world.collect(2);
    release(root);
    samples.time(state, [&] {
      if (world.collect(2) != n) std::abort();
    });
  }
  samples.report(state);
}

// 2000 live young objects: a ring (held by one reference from outside), one more edge inside, and
// two to old objects.
class YoungSet {
 public:
  YoungSet(World& world, const std::vector<Node*>& old, std::mt19937& random) {
    nodes_.resize(kYoung);
    for (Node*& node : nodes_) node = world.make();
    for (std::size_t i = 0; i < kYoung; ++i) {
      point(i, 0, nodes_[(i + 1) % kYoung]);
      point(i, 1, nodes_[random() % kYoung]);
      for (std::size_t s = 2; s < 4; ++s) {
        if (!old.empty()) point(i, s, old[random() % old.size()]);
      }
    }
    for (std::size_t i = 1; i < kYoung; ++i) release(nodes_[i]);
  }
  ~YoungSet() {
    for (std::size_t i = 1; i < kYoung; ++i) retain(nodes_[i]);
    for (Node* node : nodes_) {
      for (auto& slot : node->slots) slot.reset();
    }
    for (Node* node : nodes_) release(node);
  }
  YoungSet(const YoungSet&) = delete;
  YoungSet& operator=(const YoungSet&) = delete;

 private:
  void point(std::size_t from, std::size_t slot, Node* to) {
    nodes_[from]->slots[slot] = ouro::Ref<Node>(to);
  }
  std::vector<Node*> nodes_;
};

// Every so many objects leave, and with them the edges to them: the young then take their places,
// all over the heap.
void punch_holes(std::vector<Node*>& old) {
  std::vector<Node*> left;
  std::vector<Node*> going;
  const std::size_t step = old.size() / kYoung;
  for (std::size_t i = 0; i < old.size(); ++i) {
    const bool goes = i % step == 0 && going.size() < kYoung;
    old[i]->payload[0] = goes ? 1 : 0;
    (goes ? going : left).push_back(old[i]);
  }
  for (Node* node : old) {
    for (auto& slot : node->slots) {
      if (slot && (node->payload[0] == 1 || slot->payload[0] == 1)) slot.reset();
    }
  }
  for (Node* node : going) release(node);
  old = std::move(left);
}

enum class Place : std::uint8_t { FreshPools, Scattered };

// `few_targets`: the edges to old objects all go to the same 2000, so that what lies beside them
// can show only in the collector's own work and not in the misses of the edges.
void young(benchmark::State& state, std::size_t beside, Place place, bool few_targets) {
  World world;
  world.set_automatic_collections(false);
  std::mt19937 random(2);
  const std::size_t old_count = std::max(beside, kYoung);
  std::vector<Node*> old = world.make_nodes(make_graph(old_count, Topology::Random, 1));
  world.collect(2);
  if (place == Place::Scattered) punch_holes(old);
  if (few_targets) old.resize(kYoung);
  CacheEvictor cache;
  Samples samples(kYoung);
  for (auto _ : state) {
    YoungSet set(world, old, random);
    cache.evict();
    samples.time(state, [&] {
      if (world.collect(0) != 0) std::abort();
    });
  }
  samples.report(state);
}

// The same random graph, fresh or after 100 full collections and a new draw of every reference.
void aged(benchmark::State& state, std::size_t n, bool after_ageing) {
  World world;
  world.set_automatic_collections(false);
  const std::vector<Node*> nodes = world.make_nodes(make_graph(n, Topology::Random, 1));
  world.collect(2);
  if (after_ageing) {
    for (int i = 0; i < 100; ++i) world.collect(2);
    const Graph redrawn = make_graph(n, Topology::Random, 7);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t s = 0; s < Graph::kSlots; ++s) {
        const std::uint32_t target = redrawn.target(i, s);
        nodes[i]->slots[s] = ouro::Ref<Node>(target == Graph::kNone ? nullptr : nodes[target]);
      }
    }
  }
  for (std::size_t i = 1; i < n; ++i) release(nodes[i]);
  world.collect(2);
  Samples samples(n);
  for (auto _ : state) {
    samples.time(state, [&] {
      if (world.collect(2) != 0) std::abort();
    });
  }
  samples.report(state);
}

}  // namespace

void register_ouro_collections(const Sizes& sizes) {
  for (const std::size_t n : sizes.full) {
    for (const Topology topology : {Topology::Random, Topology::Local}) {
      const int samples = samples_for(n);
      add(full_row("live", topology, n, "ouro"), samples, live, n, topology, Roots::Unknown);
      add(full_row("live", topology, n, "ouro_known_root"), samples, live, n, topology,
          Roots::Known);
      add(full_row("garbage", topology, n, "ouro"), samples, garbage, n, topology,
          History::Collected);
      add(full_row("garbage", topology, n, "ouro_fresh"), samples, garbage, n, topology,
          History::Fresh);
    }
  }
  const std::string beside = std::to_string(sizes.live);
  add("young/fresh_pools/" + beside + "/ouro", 101, young, sizes.live, Place::FreshPools, false);
  add("young/scattered/" + beside + "/ouro", 101, young, sizes.live, Place::Scattered, false);
  for (const std::size_t n : sizes.young_beside) {
    add("young/beside/" + std::to_string(n) + "/ouro", 101, young, n, Place::FreshPools, true);
  }
  add("ageing/" + beside + "/ouro_fresh", 7, aged, sizes.live, false);
  add("ageing/" + beside + "/ouro_aged", 7, aged, sizes.live, true);
}

}  // namespace ouro::bench
