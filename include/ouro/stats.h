// The heap's numbers at one moment.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ouro {
inline namespace v1 {

struct Stats {
  std::size_t live_objects;     ///< Weak references count as objects.
  std::size_t tracked_objects;  ///< Of them: those the collector watches.
  std::size_t generation_objects[3];
  std::size_t live_blocks;  ///< Objects, buffers of ouro::Allocator, and the collector's own lists.
  std::size_t live_bytes;   ///< What the live blocks take.
  std::size_t peak_live_bytes;  ///< Sampled: up to the free room of open pools too low.
  std::size_t os_bytes;         ///< Taken from the operating system.
  std::size_t limit_bytes;      ///< 0: none.
  std::uint64_t allocations;    ///< Since the heap was made, failed ones included.
  std::uint64_t failed_allocations;

  /// Per generation: collections that began there, and what they found. Stress collections do not
  /// count.
  std::size_t collections[3];
  std::size_t collected[3];

  std::uint64_t pauses_ns;  ///< Time spent in collections, finalizers included.
  std::uint64_t longest_pause_ns;
  std::uint64_t last_pause_ns;
};

}  // namespace v1
}  // namespace ouro
