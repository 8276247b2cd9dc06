// The sizes the heap is built from, as a value: a test's pool can have four blocks.
#pragma once

#include <cstddef>

namespace ouro::heap {

/// What the header of a pool takes in its arena's table, and that of a mapped block at its start.
inline constexpr std::size_t kPoolHeaderBytes = 64;
/// An arena's free pools are one 64-bit word.
inline constexpr std::size_t kMaxPoolsPerArena = 64;
/// Bounds the per-pool bitmaps that live on the stack, and lets block counts be 16 bits.
inline constexpr std::size_t kMaxPoolBytes = std::size_t{64} << 10;
/// Room for the headers of a mapped block and of a debug block: a block starts in its first pool.
inline constexpr std::size_t kMinPoolBytes = 256;

struct Geometry {
  /// One mapping from the OS, aligned to its size; 64 pools' worth, so one word of free bits.
  std::size_t arena_bytes = std::size_t{1} << 20;
  /// A power of two. 16 KiB against 64 KiB: the same speed within noise, but a quarter of the
  /// memory is held back by one lone block, and blocks of several pools waste less.
  std::size_t pool_bytes = std::size_t{16} << 10;
  /// Blocks from this size up get a mapping of their own, so that they can grow without copying.
  std::size_t mapping_bytes = std::size_t{256} << 10;

  /// Places for pools, the reserved ones included.
  [[nodiscard]] constexpr std::size_t pools_per_arena() const { return arena_bytes / pool_bytes; }
  /// The first places of an arena, which its table of pool headers takes.
  [[nodiscard]] constexpr std::size_t reserved_pools() const {
    return (pools_per_arena() * kPoolHeaderBytes + pool_bytes - 1) / pool_bytes;
  }
  [[nodiscard]] constexpr bool is_valid() const {
    const auto is_power = [](std::size_t n) { return n != 0 && (n & (n - 1)) == 0; };
    return is_power(arena_bytes) && is_power(pool_bytes) && pool_bytes >= kMinPoolBytes &&
           pool_bytes <= kMaxPoolBytes && arena_bytes >= 4096 && arena_bytes >= pool_bytes &&
           pools_per_arena() <= kMaxPoolsPerArena && reserved_pools() <= pools_per_arena() / 2;
  }
};
static_assert(Geometry{}.is_valid());

}  // namespace ouro::heap
