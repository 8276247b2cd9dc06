// The benchmarks, by who is measured. Names are ROW/PEER, where ROW is the same for all peers:
//   full/live/TOPOLOGY/N/…       full collection of N live objects, one reference from outside
//   full/garbage/TOPOLOGY/N/…    the last reference is gone: find and reclaim all N objects
//   young/…                      collection of 2000 young live objects beside old ones
//   alloc/…                      bare allocation;     make/…   tracked objects
//   build/list, tree, dom/…      linked structures, built and dropped
//   bytes/…                      memory per object
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graph.h"

namespace ouro::bench {

struct Sizes {
  std::vector<std::size_t> full;          ///< Objects in full collections.
  std::size_t live;                       ///< Objects where a row has one size only.
  std::vector<std::size_t> young_beside;  ///< Old objects beside a young collection.
  int tree_levels;
};

inline constexpr std::size_t kYoung = 2000;

void register_ouro_collections(const Sizes& sizes);
void register_limit(const Sizes& sizes);
void register_cpython_collections(const Sizes& sizes);
void register_boehm_collections(const Sizes& sizes);
void register_allocation(const Sizes& sizes);
void register_structures(const Sizes& sizes);
void register_footprint(const Sizes& sizes);

inline std::string full_row(const char* what, Topology topology, std::size_t n, const char* peer) {
  return std::string("full/") + what + "/" + name_of(topology) + "/" + std::to_string(n) + "/" +
         peer;
}

/// Fewer samples where one takes long.
inline int samples_for(std::size_t objects) { return objects >= 5'000'000 ? 3 : 7; }

}  // namespace ouro::bench
