// Size classes: which block size serves a request.
//
// Small classes go in steps of 8 bytes up to 512, so that a 24-byte float or a 40-byte node wastes
// nothing. Class 0 serves requests for zero bytes with 8-byte blocks of its own, which saves the
// fast path a test. Above 512 there are four classes to a doubling up to an eighth of a pool, then
// one class for each number of blocks, from seven down to two, that fit a pool exactly. What is
// bigger still is large (large_allocator.h).
//
// Invariant: block sizes ascend, are multiples of 8 (of 16 above 512), and a pool holds at least
// two blocks of every class.
#pragma once

#include <cstddef>
#include <cstdint>

#include "heap/geometry.h"

namespace ouro::heap {

inline constexpr std::size_t kSmallMaxBytes = 512;
inline constexpr std::size_t kSmallClasses = kSmallMaxBytes / 8 + 1;
inline constexpr std::size_t kMaxClasses = 96;

/// The class of a request of at most kSmallMaxBytes.
constexpr std::size_t small_class(std::size_t bytes) { return (bytes + 7) >> 3; }

/// The classes of one geometry.
class SizeClasses {
 public:
  explicit SizeClasses(const Geometry& geometry);

  [[nodiscard]] std::size_t count() const { return count_; }
  /// The biggest request that a pool can serve, in bytes.
  [[nodiscard]] std::size_t max_bytes() const { return block_bytes_[count_ - 1]; }
  [[nodiscard]] std::size_t block_bytes(std::size_t size_class) const {
    return block_bytes_[size_class];
  }
  [[nodiscard]] std::size_t blocks_per_pool(std::size_t size_class) const {
    return usable_bytes_ / block_bytes_[size_class];
  }
  /// The smallest class that holds `bytes`, which must not exceed max_bytes().
  [[nodiscard]] std::size_t class_for(std::size_t bytes) const;

 private:
  void add(std::size_t bytes);

  std::size_t usable_bytes_;
  std::size_t count_ = 0;
  std::uint32_t block_bytes_[kMaxClasses] = {};
};

}  // namespace ouro::heap
