// Memory from the operating system: aligned anonymous mappings, counted and limited.
#pragma once

#include <cstddef>

namespace ouro::heap {

[[nodiscard]] std::size_t page_bytes();
/// `bytes` rounded up to a multiple of `unit`, a power of two. The sum must not wrap round.
[[nodiscard]] constexpr std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) & ~(unit - 1);
}

/// Maps zeroed memory that no limit counts: the heap's own tables. Null when the OS refuses.
[[nodiscard]] void* map_table(std::size_t bytes);
void unmap_table(void* address, std::size_t bytes);

/// The account of one heap. Sizes are multiples of the page size.
class OsMemory {
 public:
  /// @param limit_bytes  what bytes() may not pass; 0 for no limit.
  explicit OsMemory(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}
  OsMemory(const OsMemory&) = delete;
  OsMemory& operator=(const OsMemory&) = delete;

  /// Zeroed memory aligned to `alignment`, a power of two. Null over the limit or when the OS
  /// refuses.
  [[nodiscard]] void* map(std::size_t bytes, std::size_t alignment);
  void unmap(void* address, std::size_t bytes);
  /// Makes a mapping longer or shorter, by moving its pages where it can't grow in place. Null,
  /// with the mapping as it was, over the limit or when the OS refuses.
  [[nodiscard]] void* resize(void* address, std::size_t old_bytes, std::size_t new_bytes,
                             std::size_t alignment);

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t peak_bytes() const { return peak_bytes_; }
  [[nodiscard]] std::size_t limit_bytes() const { return limit_bytes_; }
  /// A limit below bytes() is no error: it refuses everything until enough was given back.
  void set_limit(std::size_t limit_bytes) { limit_bytes_ = limit_bytes; }

 private:
  [[nodiscard]] bool allows(std::size_t more) const;
  void add(std::size_t bytes);

  std::size_t limit_bytes_;
  std::size_t bytes_ = 0;
  std::size_t peak_bytes_ = 0;
};

}  // namespace ouro::heap
