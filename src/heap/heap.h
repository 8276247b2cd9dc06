// The private heap: every block of the runtime, objects, buffers and text alike, comes from here.
//
// arena (from the OS) -> pool (one size class and kind) -> block. allocate() takes the current pool
// of the request's bin and pops a block; free() computes the block's pool from its address and
// pushes it. All else (an empty list, a pool that fills or empties, large blocks) is out of line.
//
// Slow modes (debug, a failure to come, an observer, exact peaks) cost release speed nothing: no
// bin then has a current pool, so the short way of allocate() finds nothing to pop, and pools carry
// an owner tag that sends free() the long way.
//
// Counts. Each bin counts its allocations and its frees, in lines the two paths touch anyway. Live
// blocks and live bytes are sums over the bins: exact at any moment, O(size classes), and one
// increment per operation. (One pair of counters for the whole heap would cost the same and lose
// the bytes; summing the pools' `used` would cost O(pools).)
//
// Threads: a heap belongs to one thread at a time. Checked builds abort on use by another;
// set_owner_thread() hands it over.
//
// Invariants (those of pools, arenas, large and debug blocks are in their headers):
//   H1  a bin's allocations - frees == the blocks used in its pools
//   H2  bytes from the OS == arenas + mapped large blocks + kept mappings
//   H3  a bin's current pool is in state Current and of that bin; no other pool is Current
//   H4  in a slow mode no bin has a current pool
//   H5  each bin counts its pools, and the arenas' taken pools are those of bins and large runs
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <type_traits>

#include "heap/arena.h"
#include "heap/debug_blocks.h"
#include "heap/fwd.h"
#include "heap/geometry.h"
#include "heap/large_allocator.h"
#include "heap/os_memory.h"
#include "heap/pool.h"
#include "heap/size_class.h"
#include "support/check.h"
#include "support/violation.h"

namespace ouro::heap {

struct HeapOptions {
  Geometry geometry = {};
  /// What the bytes taken from the OS for blocks may not pass; 0 for no limit.
  std::size_t limit_bytes = 0;
  /// Guards, fill patterns, quarantine (debug_blocks.h).
  bool debug = false;
  /// In ASan builds every heap uses debug blocks; false switches that off, for tests of layout.
  bool debug_under_asan = true;
  /// Freed memory that waits in the quarantine of debug blocks.
  std::size_t quarantine_bytes = std::size_t{8} << 20;
  /// The allocation that fails, counted from 1; 0 for none. See set_fail_allocation_at.
  std::uint64_t fail_allocation_at = 0;
  /// Whether only that allocation fails, or it and all later ones.
  bool fail_once = false;
  /// Makes peak_live_bytes exact instead of sampled, at the price of a slow mode.
  bool exact_peak = false;
  /// Empty arenas that are not given back to the OS: mapping and touching 64 MB again costs 25 ns a
  /// block of 64 bytes, seven times what allocation costs in memory that was kept.
  std::size_t keep_empty_arenas = 64;
  /// Freed mappings of large blocks that are not given back to the OS.
  std::size_t keep_mapped_bytes = std::size_t{16} << 20;
};

/// One live block, as the walks report it.
struct LiveBlock {
  void* block;
  std::size_t bytes;  ///< What it can hold; the bytes asked for when blocks are debug blocks.
  BlockKind kind;
};

/// Learns of each allocation and each free, for tracers. A resize in place is told as a free and an
/// allocation. The calls must not use the heap. Slow mode.
struct BlockObserver {
  void* context = nullptr;
  void (*allocated)(void* context, void* block, std::size_t bytes) = nullptr;
  void (*freed)(void* context, void* block) = nullptr;
};

class Heap {
 public:
  explicit Heap(const HeapOptions& options = {});
  /// Unmaps everything; live blocks are gone with it.
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  /// A block of at least `bytes`, uninitialised, aligned to 8, and to 16 when `bytes` is a multiple
  /// of 16 or above 512. Zero bytes get a block of their own like any other request. Null when the
  /// limit is reached, the OS has no more, or a failure was asked for; failing needs no memory.
  [[nodiscard]] void* allocate(std::size_t bytes, BlockKind kind = BlockKind::Raw);
  /// The same for a size known at compile time.
  template <std::size_t kBytes>
  [[nodiscard]] void* allocate(BlockKind kind = BlockKind::Raw) {
    if constexpr (kBytes <= kSmallMaxBytes) {
      return allocate_small(small_class(kBytes), kBytes, kind);
    } else {
      return allocate_slow(kBytes, kind);
    }
  }
  /// Takes a block back. Null is allowed. Aborts on what is no block of this heap where that shows.
  void free(void* block);
  /// As free, but a mapping goes back to the OS instead of being kept for the next block of its
  /// size.
  void free_for_good(void* block);
  /// Changes a block's size; the first min(old, new) bytes stay. Null, with the block as it was,
  /// when there is no memory. Shrinking never fails. A null block is allocated as Raw.
  [[nodiscard]] void* reallocate(void* block, std::size_t bytes);
  /// As reallocate, for the collector's lists: only with them can it give memory back. What the
  /// limit refuses becomes a mapping of its own that may pass it, so that freeing it leaves nothing
  /// behind.
  [[nodiscard]] void* reallocate_past_limit(void* block, std::size_t bytes);
  /// How many bytes of the block the caller may use; at least what was asked for.
  [[nodiscard]] std::size_t usable_bytes(const void* block) const;
  /// What usable_bytes is for a request of `bytes` when blocks are not debug blocks, so that
  /// reported sizes don't depend on the mode.
  [[nodiscard]] std::size_t block_bytes_for(std::size_t bytes) const;

  /// Whether the address lies in memory of this heap. Constant time for pools, linear in the number
  /// of mapped large blocks for others.
  [[nodiscard]] bool owns(const void* address) const;
  /// The block that the address lies in, as its caller knows it (without debug dress), live or not.
  /// Null when the address is in none. For checks and reports: O(pools of an arena + mapped large
  /// blocks).
  [[nodiscard]] const void* block_around(const void* address) const;
  /// With debug blocks: reports and aborts unless the block is live and its guards are intact.
  void check_live(const void* block) const;
  /// With debug blocks: the number of the block's allocation, counted from 1; else 0.
  [[nodiscard]] std::uint64_t allocation_serial(const void* block) const;

  /// With debug blocks: what the origin provider said of the block's allocation; else "".
  [[nodiscard]] const char* allocation_origin(const void* block) const;

  /// Calls `visit(void* block, std::size_t bytes, BlockKind kind)` for every live block. `visit`
  /// must not use the heap.
  template <typename Visit>
  void for_each_live(Visit&& visit) const {
    walk_live(
        [](void* context, const LiveBlock* blocks, std::size_t count) {
          auto& call = *static_cast<std::remove_reference_t<Visit>*>(context);
          for (std::size_t i = 0; i < count; ++i)
            call(blocks[i].block, blocks[i].bytes, blocks[i].kind);
        },
        const_cast<void*>(static_cast<const void*>(&visit)), std::nullopt);
  }
  /// The same for one kind; pools of the other are not looked at. `visit(void* block,
  /// std::size_t bytes)`.
  template <typename Visit>
  void for_each_live_of(BlockKind kind, Visit&& visit) const {
    walk_live(
        [](void* context, const LiveBlock* blocks, std::size_t count) {
          auto& call = *static_cast<std::remove_reference_t<Visit>*>(context);
          for (std::size_t i = 0; i < count; ++i) call(blocks[i].block, blocks[i].bytes);
        },
        const_cast<void*>(static_cast<const void*>(&visit)), kind);
  }
  using LiveBatch = void (*)(void* context, const LiveBlock* blocks, std::size_t count);
  /// The walk beneath: live blocks in batches, arenas from old to young, a pool's blocks in address
  /// order, then mapped large blocks.
  void walk_live(LiveBatch visit, void* context, std::optional<BlockKind> only) const;
  /// Calls `visit(const void* base, std::size_t bytes)` for every arena, old to young.
  template <typename Visit>
  void for_each_arena(Visit&& visit) const {
    for (const Arena* arena = arenas_.oldest(); arena != nullptr; arena = arena->next_by_age) {
      visit(static_cast<const void*>(arena->base), geometry_.arena_bytes);
    }
  }

  /// How many times an arena has come or gone: tables made of for_each_arena are good as long as it
  /// stays the same.
  [[nodiscard]] std::uint64_t arena_changes() const { return arenas_.changes(); }

  /// Allocations asked for since the heap was made, failed ones included. O(size classes).
  [[nodiscard]] std::uint64_t allocations() const;
  [[nodiscard]] std::size_t live_blocks() const;
  [[nodiscard]] std::size_t live_bytes() const;
  /// Bytes taken from the OS for blocks.
  [[nodiscard]] std::size_t os_bytes() const { return os_.bytes(); }
  [[nodiscard]] HeapStats stats() const;
  /// A table for people: totals, then a line per size class in use.
  void write_stats(std::FILE* out) const;

  [[nodiscard]] std::size_t limit_bytes() const { return os_.limit_bytes(); }
  void set_limit(std::size_t limit_bytes) { os_.set_limit(limit_bytes); }
  /// Makes the n-th allocation from now fail (1 is the next), and all later ones unless `once`;
  /// 0 disarms. A reallocate that grows a block counts as one allocation.
  void set_fail_allocation_at(std::uint64_t n, bool once);
  /// Whether the asked-for failure has happened.
  [[nodiscard]] bool has_failed_on_purpose() const { return failed_on_purpose_; }
  void set_observer(const BlockObserver& observer);
  void set_origin_provider(OriginProvider provider, void* context) {
    debug_.set_origin_provider(provider, context);
  }
  [[nodiscard]] bool has_debug_blocks() const { return has_debug_blocks_; }

  /// Gives back all that holds no live block: the quarantine, empty pools of bins, kept arenas and
  /// mappings. True when something was given back.
  bool release_unused();
  /// Hands the heap to the calling thread.
  void set_owner_thread() { owner_thread_ = pthread_self(); }

  /// The first broken invariant, or nothing. Cost: O(blocks).
  [[nodiscard]] std::optional<Violation> verify() const;

 private:
  friend struct HeapTestAccess;

  /// The pools of one size class and kind.
  struct alignas(64) Bin {
    Pool* current;
    std::uint64_t allocations;
    std::uint64_t frees;
    PoolQueue partial;
    std::size_t pools;
  };
  static constexpr std::size_t kBins = 2 * kMaxClasses;

  [[nodiscard]] static std::size_t bin_index(std::size_t size_class, BlockKind kind) {
    return static_cast<std::size_t>(kind) * kMaxClasses + size_class;
  }
  [[nodiscard]] Pool* pool_of(const void* block) const {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    return reinterpret_cast<Pool*>((address & arena_mask_) |
                                   ((address >> header_shift_) & header_mask_));
  }
  [[nodiscard]] std::uintptr_t fast_tag() const { return reinterpret_cast<std::uintptr_t>(this); }
  [[nodiscard]] std::uintptr_t slow_tag() const { return fast_tag() | 1; }
  [[nodiscard]] bool on_owner_thread() const {
    return pthread_equal(owner_thread_, pthread_self()) != 0;
  }

  void* allocate_small(std::size_t size_class, std::size_t bytes, BlockKind kind);
  void* allocate_slow(std::size_t bytes, BlockKind kind);
  void* allocate_watched(std::size_t bytes, BlockKind kind);
  void* allocate_dressed(std::size_t bytes, BlockKind kind);
  void* allocate_plain(std::size_t bytes, BlockKind kind);
  void* allocate_from_bin(std::size_t size_class, BlockKind kind);
  void* refill(Bin& bin, std::size_t size_class, BlockKind kind);
  void* take_without_current(Bin& bin, std::size_t size_class, BlockKind kind);
  Pool* open_pool(Bin& bin, std::size_t size_class, BlockKind kind);
  void close_pool(Bin& bin, Pool* pool);
  void detach_current(Bin& bin);
  static void* pop(Bin& bin, Pool* pool);
  void free_slow(void* block);
  void free_plain(void* block);
  void free_at_trigger(Pool* pool, void* block);
  void release_quarantine(bool all);
  void* reallocate_in_place(void* block, std::size_t bytes, std::size_t usable, bool* failed);
  [[nodiscard]] bool fails_on_purpose();
  void update_modes();
  void sample_peak();
  [[nodiscard]] bool has_current(const Bin& bin) const { return bin.current != &no_pool_; }
  [[nodiscard]] std::optional<Violation> verify_bins() const;
  [[nodiscard]] std::optional<Violation> verify_pools(std::size_t* run_blocks,
                                                      std::size_t* run_bytes) const;
  [[nodiscard]] std::optional<Violation> verify_header(const Arena* arena, const Pool* pool,
                                                       std::size_t index) const;

  // What the short ways touch comes first.
  std::uintptr_t arena_mask_;
  std::uintptr_t header_mask_;  ///< What pool_of keeps of an address shifted: the header's offset.
  unsigned header_shift_;
  pthread_t owner_thread_;
  Bin bins_[kBins];
  /// Stands in for a current pool where a bin has none: its list is always empty.
  Pool no_pool_;

  Geometry geometry_;
  SizeClasses classes_;
  OsMemory os_;
  ArenaSet arenas_;
  LargeAllocator large_;
  DebugBlocks debug_;
  BlockObserver observer_;
  bool has_debug_blocks_;
  bool exact_peak_;
  bool slow_allocate_ = false;
  bool slow_free_ = false;
  bool fail_once_ = false;
  bool failed_on_purpose_ = false;
  std::uint64_t fail_in_ = 0;  ///< Allocations until the one that fails; 0 when none will.
  std::uint64_t failures_ = 0;
  std::uint64_t resizes_ = 0;  ///< Growths in place, which count as allocations.
  std::uint64_t serial_ = 0;   ///< Allocations asked for in a slow mode.
  std::uint64_t debug_frees_ = 0;
  std::uint32_t reused_pools_ = 0;
  std::size_t peak_live_bytes_ = 0;
};

inline void* Heap::allocate_small(std::size_t size_class, std::size_t bytes, BlockKind kind) {
  OURO_DCHECK(on_owner_thread(), "heap used by a thread that doesn't own it");
  Bin& bin = bins_[bin_index(size_class, kind)];
  if (__builtin_expect(bin.current->free == nullptr, 0)) return allocate_slow(bytes, kind);
  return pop(bin, bin.current);
}

inline void* Heap::pop(Bin& bin, Pool* pool) {
  FreeBlock* block = pool->free;
  FreeBlock* next = block->next;
  // The next allocation reads this line; by then it is here.
  __builtin_prefetch(next, 1);
  pool->free = next;
  ++pool->used;
  ++bin.allocations;
  return block;
}

inline void* Heap::allocate(std::size_t bytes, BlockKind kind) {
  if (__builtin_expect(bytes > kSmallMaxBytes, 0)) return allocate_slow(bytes, kind);
  return allocate_small(small_class(bytes), bytes, kind);
}

inline void Heap::free(void* block) {
  if (block == nullptr) return;
  OURO_DCHECK(on_owner_thread(), "heap used by a thread that doesn't own it");
  Pool* pool = pool_of(block);
  if (__builtin_expect(pool->owner != fast_tag(), 0)) return free_slow(block);
  const std::uint32_t used = pool->used - 1;
  if (__builtin_expect(used == pool->trigger, 0)) return free_at_trigger(pool, block);
  auto* freed = static_cast<FreeBlock*>(block);
  freed->next = pool->free;
  pool->free = freed;
  pool->used = used;
  ++bins_[pool->bin].frees;
}

}  // namespace ouro::heap
