// Graphs: which object refers to which, made before any heap sees them, so that every peer gets the
// same one.
//
// Each object has 4 slots and 2 to 4 edges (3 on average). One edge closes a ring through all
// objects, so a graph is one strongly connected component: one reference from outside keeps all of
// it alive, and without that all of it is garbage. Random: targets are uniform. Local: targets lie
// within 64 places in order of allocation (but for the one edge that closes the ring).
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace ouro::bench {

enum class Topology : std::uint8_t { Random, Local };

inline const char* name_of(Topology topology) {
  return topology == Topology::Random ? "random" : "local";
}

struct Graph {
  static constexpr std::size_t kSlots = 4;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Slot s of object i is targets[i * kSlots + s].
  std::vector<std::uint32_t> targets;

  [[nodiscard]] std::size_t objects() const { return targets.size() / kSlots; }
  [[nodiscard]] std::uint32_t target(std::size_t object, std::size_t slot) const {
    return targets[object * kSlots + slot];
  }
};

Graph make_graph(std::size_t objects, Topology topology, std::uint32_t seed);

/// The numbers 0 to n-1 in random order.
std::vector<std::uint32_t> shuffled(std::size_t n, std::mt19937& random);

}  // namespace ouro::bench
