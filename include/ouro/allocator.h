// Allocator<U>: a standard allocator over the current heap, so that an object's buffers are
// counted, limited and checked like the object itself.
//
// It has no state: a container's memory comes from the heap that is current when it grows, and must
// be given back while that heap is current, as objects are. Throws std::bad_alloc without memory.
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include "ouro/detail/state.h"

namespace ouro {
inline namespace v1 {

template <class U>
class Allocator {
 public:
  using value_type = U;

  constexpr Allocator() noexcept = default;
  template <class V>
  constexpr Allocator(const Allocator<V>&) noexcept {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] U* allocate(std::size_t count) {
    static_assert(alignof(U) <= 16, "blocks are aligned to 16 bytes at most");
    if (count > std::numeric_limits<std::size_t>::max() / 2 / sizeof(U)) throw std::bad_alloc();
    std::size_t bytes = count * sizeof(U);
    // Only blocks of a multiple of 16 bytes are aligned to 16.
    if constexpr (alignof(U) > 8) bytes = (bytes + 15) & ~std::size_t{15};
    void* block = detail::current_state().heap.allocate(bytes);
    if (block == nullptr) [[unlikely]]
      throw std::bad_alloc();
    return static_cast<U*>(block);
  }
  void deallocate(U* block, std::size_t) noexcept { detail::current_state().heap.free(block); }

  template <class V>
  friend constexpr bool operator==(const Allocator&, const Allocator<V>&) noexcept {
    return true;
  }
};

template <class U>
using vector = std::vector<U, Allocator<U>>;
using string = std::basic_string<char, std::char_traits<char>, Allocator<char>>;

}  // namespace v1
}  // namespace ouro
