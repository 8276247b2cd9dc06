// The heap's numbers at one moment. Reading them costs O(size classes), not O(pools).
#pragma once

#include <cstddef>
#include <cstdint>

#include "heap/fwd.h"
#include "heap/size_class.h"

namespace ouro::heap {

/// One size class of one kind.
struct ClassStats {
  std::size_t block_bytes;
  std::size_t pools;
  std::size_t live_blocks;
  std::size_t free_blocks;  ///< In its pools, never carved ones included.
  std::uint64_t allocations;
};

struct HeapStats {
  std::uint64_t allocations;  ///< Asked for since the heap was made, failed ones included.
  std::uint64_t failed_allocations;
  std::size_t live_blocks;  ///< Pools and large; without quarantined ones.
  std::size_t live_bytes;   ///< What the live blocks take, in bytes of their blocks.
  /// The most live_bytes has been. Exact with HeapOptions::exact_peak; else the largest of samples
  /// taken whenever a pool is opened, a large block made, or the statistics read, so at most the
  /// free room of the open pools too low.
  std::size_t peak_live_bytes;

  std::size_t os_bytes;  ///< Taken from the OS for blocks.
  std::size_t peak_os_bytes;
  std::size_t limit_bytes;  ///< 0 for none.
  std::size_t arenas;
  std::size_t empty_arenas;  ///< Kept for the next need.
  std::size_t arena_bytes;   ///< Of each.
  std::size_t pools;         ///< Serving blocks.
  std::size_t free_pools;
  std::size_t pool_bytes;  ///< Of each.

  std::size_t large_blocks;
  std::size_t large_bytes;         ///< What the large blocks can hold.
  std::size_t mapped_bytes;        ///< Of those with a mapping of their own, with headers.
  std::size_t kept_mapped_bytes;   ///< Freed mappings kept for the next need.
  std::size_t quarantined_blocks;  ///< Freed debug blocks that wait.
  std::size_t quarantined_bytes;

  std::size_t classes;  ///< How many of each row below are filled.
  ClassStats raw[kMaxClasses];
  ClassStats object[kMaxClasses];

  /// The share of the bytes from the OS that no live block uses, from 0 to 1.
  [[nodiscard]] double fragmentation() const {
    if (os_bytes == 0) return 0.0;
    return 1.0 - static_cast<double>(live_bytes) / static_cast<double>(os_bytes);
  }
};

}  // namespace ouro::heap
