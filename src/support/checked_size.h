// Sizes in bytes, computed so that they can't wrap round.
#pragma once

#include <cstddef>
#include <optional>

namespace ouro {

/// Stores `count * item_bytes + extra_bytes` in `*total`; false, and `*total` as it was, when the
/// result doesn't fit a size_t.
[[nodiscard]] constexpr bool checked_size(std::size_t count, std::size_t item_bytes,
                                          std::size_t extra_bytes, std::size_t* total) {
  std::size_t product = 0;
  std::size_t sum = 0;
  if (__builtin_mul_overflow(count, item_bytes, &product)) return false;
  if (__builtin_add_overflow(product, extra_bytes, &sum)) return false;
  *total = sum;
  return true;
}

/// `count * item_bytes + extra_bytes`, or nothing when that doesn't fit a size_t.
[[nodiscard]] constexpr std::optional<std::size_t> checked_size(std::size_t count,
                                                                std::size_t item_bytes,
                                                                std::size_t extra_bytes = 0) {
  std::size_t total = 0;
  if (!checked_size(count, item_bytes, extra_bytes, &total)) return std::nullopt;
  return total;
}

}  // namespace ouro
