// ObjectArray: a growing array of objects in the heap, for the phases of a collection.
#pragma once

#include <cstddef>
#include <utility>

#include "gc/header.h"
#include "heap/heap.h"

namespace ouro::gc {

class ObjectArray {
 public:
  explicit ObjectArray(heap::Heap& heap) : heap_(heap) {}
  ~ObjectArray() { heap_.free(items_); }
  ObjectArray(const ObjectArray&) = delete;
  ObjectArray& operator=(const ObjectArray&) = delete;

  /// Room for `capacity` objects in all; false when out of memory.
  [[nodiscard]] bool reserve(std::size_t capacity) {
    if (capacity <= capacity_) return true;
    void* grown = heap_.reallocate_past_limit(items_, capacity * sizeof(Header*));
    if (grown == nullptr) return false;
    items_ = static_cast<Header**>(grown);
    capacity_ = capacity;
    return true;
  }
  /// Room for `more` objects than there are, growing by doubling; false when out of memory.
  [[nodiscard]] bool make_room(std::size_t more) {
    if (size_ + more <= capacity_) return true;
    const std::size_t doubled = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
    return reserve(size_ + more > doubled ? size_ + more : doubled);
  }
  /// Needs room.
  void append(Header* object) { items_[size_++] = object; }
  [[nodiscard]] Header*& operator[](std::size_t index) { return items_[index]; }
  [[nodiscard]] Header** items() { return items_; }
  [[nodiscard]] Header* const* items() const { return items_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  void resize(std::size_t size) { size_ = size; }
  void swap(ObjectArray& other) {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  static constexpr std::size_t kFirstCapacity = 256;

  heap::Heap& heap_;
  Header** items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace ouro::gc
