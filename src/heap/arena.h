// Arenas: memory from the OS, aligned to its size, cut into pools.
//
// An arena knows which of its pools are free in one word of bits. Pools are taken from the arena
// with the fewest free ones that will do, so that the emptiest arenas get the chance to empty. An
// empty arena goes back to the OS, but for a few kept ones: mapping and touching them again costs
// more than everything else an allocation does.
//
// An arena begins with the table of its pools' headers (pool.h); the places it takes are never
// free. What describes an arena lives outside it, in tables mapped for the purpose: a stray write
// into a block can't reach them.
//
// Invariants:
//   A1  an arena's free bits agree with the state of its pools, free_pools with their number
//   A2  each arena is in the bucket of its number of free pools, and the buckets are linked both
//       ways
//   A3  each arena is found by the addresses of its pools, and nothing else is
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "heap/geometry.h"
#include "heap/os_memory.h"
#include "support/violation.h"

namespace ouro::heap {

struct Pool;

struct Arena {
  char* base;
  std::uint64_t free_bits;  ///< Bit i: pool i is free.
  std::uint32_t free_pools;
  Arena* next;  ///< In the bucket, or among the unused descriptions.
  Arena* previous;
  Arena* next_by_age;  ///< Older to younger, through all arenas.
  Arena* previous_by_age;
};

class ArenaSet {
 public:
  ArenaSet(const Geometry& geometry, OsMemory& os, std::size_t keep_empty);
  /// Gives every arena back, whatever is in it.
  ~ArenaSet();
  ArenaSet(const ArenaSet&) = delete;
  ArenaSet& operator=(const ArenaSet&) = delete;

  /// Takes `pools` adjacent pools, at least one and at most an arena's; their contents are
  /// undefined, and of the headers only the first one's first_offset is set. Returns that. Null
  /// when the OS has nothing more. `*arena` is where they lie.
  [[nodiscard]] Pool* take(std::size_t pools, Arena** arena);
  void give_back(Arena* arena, Pool* first, std::size_t pools);
  /// Adds the `more` pools after a run of `pools` to it, if they are free.
  [[nodiscard]] bool extend(Arena* arena, const Pool* first, std::size_t pools, std::size_t more);
  /// Gives the kept empty arenas back to the OS; whether there were any.
  bool release_empty();

  /// The arena that holds the address; null when none does.
  [[nodiscard]] Arena* find(const void* address) const;
  /// Whether the pool is handed out.
  [[nodiscard]] bool is_taken(const Arena* arena, const Pool* pool) const;

  [[nodiscard]] std::size_t count() const { return count_; }
  /// How many times an arena has come or gone.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  [[nodiscard]] std::size_t empty_count() const { return empty_count_; }
  [[nodiscard]] std::size_t free_pools() const { return free_pools_; }
  /// The indexes of an arena's pools are those from first_pool() up to pools_per_arena().
  [[nodiscard]] std::size_t first_pool() const { return reserved_pools_; }
  [[nodiscard]] std::size_t pools_per_arena() const { return pools_per_arena_; }
  [[nodiscard]] Arena* oldest() const { return oldest_; }
  [[nodiscard]] Pool* pool_at(const Arena* arena, std::size_t index) const {
    return reinterpret_cast<Pool*>(arena->base + index * kPoolHeaderBytes);
  }

  [[nodiscard]] std::optional<Violation> verify() const;

 private:
  friend struct HeapTestAccess;
  struct TableChunk;

  [[nodiscard]] static std::size_t index_in(const Arena* arena, const Pool* pool) {
    return static_cast<std::size_t>(reinterpret_cast<const char*>(pool) - arena->base) /
           kPoolHeaderBytes;
  }
  [[nodiscard]] char* memory_at(const Arena* arena, std::size_t index) const {
    return arena->base + index * pool_bytes_;
  }
  [[nodiscard]] std::size_t usable_pools() const { return pools_per_arena_ - reserved_pools_; }
  [[nodiscard]] std::uint64_t all_bits() const;
  Arena* find_with_run(std::size_t pools, std::size_t* index, std::size_t patience);
  Arena* add_arena();
  void drop_arena(Arena* arena);
  Arena* new_description();
  void enter_bucket(Arena* arena);
  void leave_bucket(Arena* arena);
  void change_free(Arena* arena, std::uint64_t bits);
  void register_arena(Arena* arena);
  void unregister_arena(const Arena* arena);
  bool grow_registry();
  [[nodiscard]] std::size_t slot_of(const void* base, std::size_t slots) const;

  OsMemory& os_;
  const std::size_t arena_bytes_;
  const std::size_t pool_bytes_;
  const std::size_t pools_per_arena_;
  const std::size_t reserved_pools_;
  const std::size_t keep_empty_;

  std::size_t count_ = 0;
  std::uint64_t changes_ = 0;
  std::size_t empty_count_ = 0;
  std::size_t free_pools_ = 0;
  Arena* oldest_ = nullptr;
  Arena* youngest_ = nullptr;
  Arena* buckets_[kMaxPoolsPerArena + 1] = {};
  std::uint64_t filled_buckets_ = 0;  ///< Bit i: bucket i + 1 has an arena.

  Arena* unused_descriptions_ = nullptr;
  TableChunk* chunks_ = nullptr;
  /// Open addressing by base address; at most half full.
  Arena** registry_ = nullptr;
  std::size_t registry_slots_ = 0;
};

}  // namespace ouro::heap
