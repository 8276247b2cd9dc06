// The same collections by CPython 3.11 (cpython_world.h says how its object list was made).
#include <algorithm>
#include <random>

#include "cpython_world.h"
#include "measure.h"
#include "rows.h"

namespace ouro::bench {

namespace {

enum class List : std::uint8_t { Scrambled, Held };

void live(benchmark::State& state, std::size_t n, Topology topology, List list) {
  const CPythonWorld world;
  std::vector<PyNode*> nodes = world.make_nodes(make_graph(n, topology, 1));
  if (list == List::Scrambled) {
    for (std::size_t i = 1; i < n; ++i) Py_DECREF(nodes[i]);
  }
  world.collect(2);
  Samples samples(n);
  for (auto _ : state) {
    samples.time(state, [&] {
      if (world.collect(2) != 0) std::abort();
    });
  }
  samples.report(state);
  if (list == List::Scrambled) {
    for (std::size_t i = 1; i < n; ++i) Py_INCREF(nodes[i]);
  }
  drop_nodes(nodes);
}

enum class History : std::uint8_t { Collected, Fresh };

void garbage(benchmark::State& state, std::size_t n, Topology topology, History history) {
  const CPythonWorld world;
  const Graph graph = make_graph(n, topology, 1);
  Samples samples(n);
  for (auto _ : state) {
    PyNode* root = world.make_graph_with_one_root(graph);
    if (history == History::Collected) world.collect(2);
    Py_DECREF(root);
    samples.time(state, [&] {
      if (world.collect(2) != n) std::abort();
    });
  }
  samples.report(state);
}

enum class Place : std::uint8_t { FreshPools, Scattered };

// As YoungSet of ouro_collections.cpp.
std::vector<PyNode*> make_young(const CPythonWorld& world, const std::vector<PyNode*>& old,
                                std::mt19937& random) {
  std::vector<PyNode*> nodes(kYoung);
  for (PyNode*& node : nodes) node = world.make();
  for (std::size_t i = 0; i < kYoung; ++i) {
    PyObject** slots = nodes[i]->slots;
    slots[0] = Py_NewRef(&nodes[(i + 1) % kYoung]->ob_base);
    slots[1] = Py_NewRef(&nodes[random() % kYoung]->ob_base);
    for (std::size_t s = 2; s < 4; ++s) slots[s] = Py_NewRef(&old[random() % old.size()]->ob_base);
  }
  for (std::size_t i = 1; i < kYoung; ++i) Py_DECREF(nodes[i]);
  return nodes;
}

// Takes the references of `node` to any of `going` (sorted) away.
void unlink(PyNode* node, const std::vector<PyNode*>& going) {
  for (PyObject*& slot : node->slots) {
    if (std::binary_search(going.begin(), going.end(), reinterpret_cast<PyNode*>(slot))) {
      Py_CLEAR(slot);
    }
  }
}

void young(benchmark::State& state, std::size_t beside, Place place) {
  const CPythonWorld world;
  std::mt19937 random(2);
  std::vector<PyNode*> old = world.make_nodes(make_graph(beside, Topology::Random, 1));
  world.collect(2);
  if (place == Place::Scattered) {
    std::vector<PyNode*> left;
    std::vector<PyNode*> going;
    const std::size_t step = old.size() / kYoung;
    for (std::size_t i = 0; i < old.size(); ++i) {
      (i % step == 0 && going.size() < kYoung ? going : left).push_back(old[i]);
    }
    old = std::move(left);
    std::sort(going.begin(), going.end());
    for (PyNode* node : old) unlink(node, going);
    drop_nodes(going);
  }
  CacheEvictor cache;
  Samples samples(kYoung);
  for (auto _ : state) {
    const std::vector<PyNode*> nodes = make_young(world, old, random);
    cache.evict();
    samples.time(state, [&] {
      if (world.collect(0) != 0) std::abort();
    });
    for (std::size_t i = 1; i < kYoung; ++i) Py_INCREF(nodes[i]);
    drop_nodes(nodes);
  }
  samples.report(state);
  drop_nodes(old);
}

}  // namespace

void register_cpython_collections(const Sizes& sizes) {
  for (const std::size_t n : sizes.full) {
    for (const Topology topology : {Topology::Random, Topology::Local}) {
      // A collection takes more than a second from a million random objects on.
      const int samples = n < 1'000'000 ? 5 : n < 5'000'000 ? 3 : 1;
      add(full_row("live", topology, n, "cpython"), samples, live, n, topology, List::Scrambled);
      add(full_row("live", topology, n, "cpython_held"), samples, live, n, topology, List::Held);
      add(full_row("garbage", topology, n, "cpython"), samples, garbage, n, topology,
          History::Collected);
      add(full_row("garbage", topology, n, "cpython_fresh"), samples, garbage, n, topology,
          History::Fresh);
    }
  }
  const std::string beside = std::to_string(sizes.live);
  add("young/fresh_pools/" + beside + "/cpython", 101, young, sizes.live, Place::FreshPools);
  add("young/scattered/" + beside + "/cpython", 101, young, sizes.live, Place::Scattered);
}

}  // namespace ouro::bench
