// A heap as a std::pmr::memory_resource, for scratch containers that may throw: they run inside a
// layer that catches std::bad_alloc at its border.
#pragma once

#include <memory_resource>
#include <new>

#include "heap/heap.h"

namespace ouro::heap {

/// Throws std::bad_alloc when the heap has no memory, and for alignments above 16. Must not outlive
/// the heap.
class HeapResource final : public std::pmr::memory_resource {
 public:
  explicit HeapResource(Heap& heap) : heap_(&heap) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (alignment > 16) throw std::bad_alloc();
    // Blocks of a multiple of 16 bytes are aligned to 16.
    if (alignment == 16 && bytes <= kSmallMaxBytes) bytes = round_up(bytes == 0 ? 1 : bytes, 16);
    void* block = heap_->allocate(bytes);
    if (block == nullptr) throw std::bad_alloc();
    return block;
  }
  void do_deallocate(void* block, std::size_t, std::size_t) override { heap_->free(block); }
  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  Heap* heap_;
};

}  // namespace ouro::heap
