#include "heap/size_class.h"

#include <algorithm>

#include "support/check.h"

namespace ouro::heap {

SizeClasses::SizeClasses(const Geometry& geometry) : usable_bytes_(geometry.pool_bytes) {
  OURO_CHECK(geometry.is_valid(), "geometry: arenas of %zu bytes, pools of %zu bytes",
             geometry.arena_bytes, geometry.pool_bytes);
  add(8);
  for (std::size_t bytes = 8; bytes <= kSmallMaxBytes; bytes += 8) add(bytes);
  if (count_ < kSmallClasses) return;
  const std::size_t last_geometric = geometry.pool_bytes / 8;
  for (std::size_t base = kSmallMaxBytes; base < last_geometric; base *= 2) {
    for (std::size_t quarter = 1; quarter <= 4; ++quarter) add(base + base / 4 * quarter);
  }
  for (std::size_t blocks = 7; blocks >= 2; --blocks) {
    const std::size_t bytes = usable_bytes_ / blocks & ~std::size_t{15};
    if (bytes > max_bytes()) add(bytes);
  }
}

void SizeClasses::add(std::size_t bytes) {
  if (bytes > usable_bytes_ / 2) return;
  OURO_CHECK(count_ < kMaxClasses, "more than %zu size classes", kMaxClasses);
  block_bytes_[count_++] = static_cast<std::uint32_t>(bytes);
}

std::size_t SizeClasses::class_for(std::size_t bytes) const {
  if (bytes <= kSmallMaxBytes) return small_class(bytes);
  const std::uint32_t* end = block_bytes_ + count_;
  return static_cast<std::size_t>(std::lower_bound(block_bytes_ + kSmallClasses, end, bytes) -
                                  block_bytes_);
}

}  // namespace ouro::heap
