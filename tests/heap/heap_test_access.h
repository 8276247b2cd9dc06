// What tests of the heap share: tiny geometries, and a way in to break invariants on purpose.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "heap/heap.h"
#include "heap/heap_stats.h"

namespace ouro::heap {

/// Pools of 256 bytes: four blocks of 64. An arena has room for 16, of which 4 hold the headers.
inline constexpr Geometry kFourBlocks{
    .arena_bytes = 4096, .pool_bytes = 256, .mapping_bytes = 2048};
inline constexpr std::size_t kBytesOfFour = 64;

/// Options without debug blocks in every build, for tests of layout.
inline HeapOptions plain_options(Geometry geometry = {}) {
  HeapOptions options;
  options.geometry = geometry;
  options.debug_under_asan = false;
  return options;
}

struct HeapTestAccess {
  static Pool* pool_of(Heap& heap, void* block) { return heap.pool_of(block); }
  static ArenaSet& arenas(Heap& heap) { return heap.arenas_; }
  static LargeAllocator& large(Heap& heap) { return heap.large_; }
  static DebugBlocks& debug(Heap& heap) { return heap.debug_; }
  static OsMemory& os(Heap& heap) { return heap.os_; }
  static auto& bin_of(Heap& heap, std::size_t bytes) {
    return heap.bins_[Heap::bin_index(heap.classes_.class_for(bytes), BlockKind::Raw)];
  }
  static bool& slow_allocate(Heap& heap) { return heap.slow_allocate_; }
  static Pool& no_pool(Heap& heap) { return heap.no_pool_; }

  static std::size_t& arena_count(ArenaSet& arenas) { return arenas.count_; }
  static Arena**& registry(ArenaSet& arenas) { return arenas.registry_; }
  static std::size_t registry_slots(const ArenaSet& arenas) { return arenas.registry_slots_; }
  static std::size_t& large_bytes(LargeAllocator& large) { return large.bytes_; }
  static std::size_t& kept_bytes(LargeAllocator& large) { return large.kept_bytes_; }
  static std::size_t& quarantined_bytes(DebugBlocks& debug) { return debug.quarantined_bytes_; }
};

/// The name of the first broken rule; empty when all hold.
inline std::string broken_rule(const Heap& heap) {
  const auto broken = heap.verify();
  return broken ? broken->rule : "";
}

#define EXPECT_SOUND(heap)                                                        \
  do {                                                                            \
    const auto broken_ = (heap).verify();                                         \
    EXPECT_FALSE(broken_.has_value()) << broken_->rule << ": " << broken_->found; \
  } while (false)

}  // namespace ouro::heap
