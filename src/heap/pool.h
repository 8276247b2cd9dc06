// A pool: a run of equal blocks of one size class and one kind, cut from one arena.
//
// The headers of an arena's pools lie side by side in a table at the arena's start, and an arena is
// aligned to its size, so a block finds its pool's header by arithmetic on its address. (At the
// start of each pool, 16 KiB apart, they would all fall into the same few sets of the caches:
// freeing at random among 200 pools then missed the second level every time, and took twice as
// long.)
//
// Blocks are carved in address order, a batch at a time; freed ones go on the pool's own list, last
// in first out. A list per pool keeps neighbours in time neighbours in memory, and a pool that
// empties forgets its list and is carved in address order again: one list for all pools made
// allocation after random frees thirty times slower.
//
// Terms: `used` blocks are handed out, `free` ones are on the list, `uncarved` ones were never
// handed out since the pool was opened.
//
// Invariants (counts are in blocks):
//   P1  used + free + uncarved == capacity
//   P2  each free-list entry is a block boundary in the carved part, and appears once
//   P3  Full iff used == capacity, unless it is its bin's current pool; never used == 0 while
//       Partial
//   P4  the partial queue of a bin is linked both ways and holds exactly the bin's Partial pools
//   P5  the trigger fits the state: none (Current), 0 (Partial), capacity - 1 (Full)
//   P6  the header names its arena, its heap, and the block size of its bin
//
// A large block has the same header, in state LargeRun or LargeMapped (large_allocator.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "heap/fwd.h"
#include "heap/geometry.h"
#include "support/violation.h"

namespace ouro::heap {

struct Arena;

enum class PoolState : std::uint8_t {
  Free,         ///< Belongs to its arena.
  Current,      ///< The pool its bin allocates from.
  Partial,      ///< In its bin's queue: has room.
  Full,         ///< In no list: every block is handed out.
  LargeRun,     ///< Heads a large block made of whole pools of an arena.
  LargeMapped,  ///< Heads a large block with a mapping of its own.
};

// may_alias: the same bytes are a caller's object before and after, and the compiler sees both when free() and
// allocate() are inlined.
struct [[gnu::may_alias]] FreeBlock {
  FreeBlock* next;
};

/// One bit per block of a pool.
class BlockBits {
 public:
  [[nodiscard]] bool test(std::size_t index) const {
    return ((words_[index / 64] >> (index % 64)) & 1) != 0;
  }
  void set(std::size_t index) { words_[index / 64] |= std::uint64_t{1} << (index % 64); }

 private:
  std::uint64_t words_[kMaxPoolBytes / 8 / 64] = {};
};

/// The header. Its first 32 bytes are what allocation and free touch.
struct Pool {
  static constexpr std::uint32_t kNoTrigger = ~std::uint32_t{0};

  union {
    FreeBlock* free;          ///< The free list; null when empty.
    std::size_t large_bytes;  ///< Of a large block: the bytes it can hold.
  };
  /// The heap's address when free() may take the short way; with bit 0 set when it must take the
  /// long one (debug, observed, large); zero while the pool is Free.
  std::uintptr_t owner;
  std::uint32_t used;
  /// free() leaves the short way when `used` falls to this.
  std::uint32_t trigger;
  std::uint32_t block_bytes;
  std::uint16_t bin;
  PoolState state;
  BlockKind kind;

  Arena* arena;  ///< Null for LargeMapped.
  Pool* next;    ///< In the bin's partial queue, or the list of mapped blocks.
  Pool* previous;
  std::uint32_t first_offset;  ///< Bytes from the header to the first block.
  union {
    std::uint16_t capacity;
    std::uint16_t run_pools;  ///< Of a LargeRun: how many pools it takes.
  };
  std::uint16_t uncarved;

  [[nodiscard]] char* first_block() { return reinterpret_cast<char*>(this) + first_offset; }
  [[nodiscard]] const char* first_block() const {
    return reinterpret_cast<const char*>(this) + first_offset;
  }
  [[nodiscard]] void* block_at(std::size_t index) { return first_block() + index * block_bytes; }
  [[nodiscard]] std::size_t carved() const { return std::size_t{capacity} - uncarved; }
  [[nodiscard]] bool is_large() const {
    return state == PoolState::LargeRun || state == PoolState::LargeMapped;
  }
  /// Whether `block` is the start of a carved block of this pool.
  [[nodiscard]] bool is_boundary(const void* block) const;

  /// Makes the pool an empty one for blocks of `bytes`, nothing carved. State, trigger and place
  /// (first_offset, the arena's to know) are not touched.
  void open(Arena* home, std::uint16_t bin_index, BlockKind block_kind, std::size_t bytes,
            std::size_t blocks);
  /// Carves the next batch on the free list, which must be empty. False when nothing is left.
  bool carve();
  /// Sets the bit of every free-list entry. Stops at an entry that is no block of this pool.
  void mark_free(BlockBits* bits) const;
  void set_state(PoolState to);

  /// P1, P2, P3 and P5 of a pool of blocks.
  [[nodiscard]] std::optional<Violation> verify() const;
};
static_assert(sizeof(Pool) == kPoolHeaderBytes);

/// A bin's pools with room. First in, first out: a pool that waits collects more free blocks, or
/// empties and goes back to its arena.
struct PoolQueue {
  Pool* head = nullptr;
  Pool* tail = nullptr;

  void push(Pool* pool);
  void remove(Pool* pool);
};

}  // namespace ouro::heap
