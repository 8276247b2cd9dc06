// Graphs: how they are drawn.
#include "graph.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ouro::bench {

namespace {

constexpr std::size_t kReach = 64;

// The order in which the ring visits the objects. Local: in order of allocation, which is also what
// suits CPython's list best.
std::vector<std::uint32_t> ring_order(std::size_t n, Topology topology, std::mt19937& random) {
  if (topology == Topology::Random) return shuffled(n, random);
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  return order;
}

std::uint32_t draw_target(std::size_t from, std::size_t n, Topology topology,
                          std::mt19937& random) {
  if (topology == Topology::Random) return static_cast<std::uint32_t>(random() % n);
  const std::size_t low = from < kReach ? 0 : from - kReach;
  const std::size_t high = std::min(n - 1, from + kReach);
  return static_cast<std::uint32_t>(low + random() % (high - low + 1));
}

}  // namespace

std::vector<std::uint32_t> shuffled(std::size_t n, std::mt19937& random) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  std::shuffle(order.begin(), order.end(), random);
  return order;
}

Graph make_graph(std::size_t n, Topology topology, std::uint32_t seed) {
  std::mt19937 random(seed);
  Graph graph;
  graph.targets.assign(n * Graph::kSlots, Graph::kNone);
  const std::vector<std::uint32_t> order = ring_order(n, topology, random);
  for (std::size_t at = 0; at < n; ++at) {
    const std::size_t object = order[at];
    std::uint32_t* slots = &graph.targets[object * Graph::kSlots];
    const std::size_t edges = 2 + random() % 3;
    for (std::size_t i = 1; i < edges; ++i) slots[i] = draw_target(object, n, topology, random);
    slots[0] = order[at + 1 == n ? 0 : at + 1];
    std::swap(slots[0], slots[random() % edges]);
  }
  return graph;
}

}  // namespace ouro::bench
