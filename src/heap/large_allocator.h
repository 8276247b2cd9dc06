// Large blocks: what no pool can serve.
//
// From a pool's worth up they are runs of adjacent pools of an arena, headed by the first one's
// header; from Geometry::mapping_bytes up each has a mapping of its own, which can grow without
// copying. Such a mapping is aligned like an arena and begins with a header, where an arena has
// that of its place 0, so free() finds the header of any block in one way. A few freed mappings are
// kept for the next block of about their size: a buffer made and dropped in a loop would else pay
// for its pages each time.
//
// Invariants:
//   L1  the mapped blocks are linked both ways, in state LargeMapped, and as many as counted
//   L2  blocks and bytes of mapped blocks and runs sum to the totals
//   L3  kept mappings sum to kept_bytes
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "heap/arena.h"
#include "heap/fwd.h"
#include "heap/geometry.h"
#include "heap/os_memory.h"
#include "heap/pool.h"

namespace ouro::heap {

class LargeAllocator {
 public:
  /// @param owner  goes into the headers' `owner`.
  LargeAllocator(const Geometry& geometry, OsMemory& os, ArenaSet& arenas, std::uintptr_t owner,
                 std::size_t keep_bytes);
  /// Unmaps every block.
  ~LargeAllocator();
  LargeAllocator(const LargeAllocator&) = delete;
  LargeAllocator& operator=(const LargeAllocator&) = delete;

  /// A block of at least `bytes`; null when the OS or the limit refuses.
  [[nodiscard]] void* allocate(std::size_t bytes, BlockKind kind);
  void free(Pool* header);
  /// Changes the block's size without copying. The block, perhaps moved with its pages; null, with
  /// the block as it was, when it takes a new block and a copy.
  [[nodiscard]] void* resize(Pool* header, std::size_t bytes);
  /// What a block for `bytes` can hold; at least that, for any `bytes`.
  [[nodiscard]] std::size_t block_bytes_for(std::size_t bytes) const;
  /// Gives the kept mappings back to the OS; whether there were any.
  bool release_kept();
  /// The same for the one that begins at `address`, if there is such a one.
  void release_kept_at(const void* address);

  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  /// What the blocks can hold, in bytes.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// What the blocks with a mapping of their own take from the OS, kept ones excluded.
  [[nodiscard]] std::size_t mapped_bytes() const { return mapped_bytes_; }
  [[nodiscard]] std::size_t kept_bytes() const { return kept_bytes_; }
  [[nodiscard]] std::uint64_t allocations() const { return allocations_; }
  [[nodiscard]] Pool* first_mapped() const { return first_mapped_; }

  /// @param run_blocks, run_bytes  what a walk of the arenas found.
  [[nodiscard]] std::optional<Violation> verify(std::size_t run_blocks,
                                                std::size_t run_bytes) const;

 private:
  friend struct HeapTestAccess;
  struct Kept {
    void* address;
    std::size_t bytes;
  };
  static constexpr std::size_t kKeptMappings = 8;

  [[nodiscard]] void* allocate_run(std::size_t pools, BlockKind kind);
  [[nodiscard]] void* allocate_mapped(std::size_t bytes, BlockKind kind);
  [[nodiscard]] void* take_kept(std::size_t* bytes);
  [[nodiscard]] bool keep(void* address, std::size_t bytes);
  Kept remove_kept(std::size_t index);
  void* enter(Pool* header, PoolState state, BlockKind kind, std::size_t bytes);
  void link(Pool* header);
  void unlink(Pool* header);
  /// What a block with a mapping of its own takes from the OS.
  [[nodiscard]] static std::size_t total_bytes_of(const Pool* header) {
    return header->large_bytes + kPoolHeaderBytes;
  }

  OsMemory& os_;
  ArenaSet& arenas_;
  const std::uintptr_t owner_;
  const std::size_t pool_bytes_;
  const std::size_t arena_bytes_;
  const std::size_t mapping_bytes_;
  const std::size_t keep_bytes_;

  Pool* first_mapped_ = nullptr;
  std::size_t blocks_ = 0;
  std::size_t bytes_ = 0;
  std::size_t mapped_bytes_ = 0;
  std::uint64_t allocations_ = 0;
  Kept kept_[kKeptMappings] = {};  ///< Oldest first.
  std::size_t kept_count_ = 0;
  std::size_t kept_bytes_ = 0;
};

}  // namespace ouro::heap
