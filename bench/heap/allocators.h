// The allocators compared, each with allocate(bytes), allocate<bytes>() and free(block).
//
// jemalloc and mimalloc are opened at run time and called through pointers, the price of a call
// into any shared library: linked, both would take malloc over, and glibc's row would measure one
// of them.
#pragma once

#include <cstddef>
#include <cstdlib>

#include "heap/heap.h"

namespace ouro::bench {

/// Tells glibc not to give memory back to the OS, which the others do not do at once either: its
/// pages would be faulted in again in each round, and that only sometimes.
void keep_freed_memory();

class Glibc {
 public:
  Glibc() { keep_freed_memory(); }
  static constexpr const char* kName = "glibc";
  void* allocate(std::size_t bytes) { return std::malloc(bytes); }
  template <std::size_t kBytes>
  void* allocate() {
    return std::malloc(kBytes);
  }
  void free(void* block) { std::free(block); }
};

/// A pair of functions from a shared library.
class Library {
 public:
  /// Aborts with a message when the library or a name is missing.
  Library(const char* file, const char* allocate, const char* free);
  void* allocate(std::size_t bytes) const { return allocate_(bytes); }
  template <std::size_t kBytes>
  void* allocate() const {
    return allocate_(kBytes);
  }
  void free(void* block) const { free_(block); }

 private:
  void* (*allocate_)(std::size_t);
  void (*free_)(void*);
};

class Jemalloc : public Library {
 public:
  static constexpr const char* kName = "jemalloc";
  Jemalloc();
};

class Mimalloc : public Library {
 public:
  static constexpr const char* kName = "mimalloc";
  Mimalloc();
};

/// CPython's allocator of small objects.
class Pymalloc {
 public:
  static constexpr const char* kName = "pymalloc";
  Pymalloc();
  void* allocate(std::size_t bytes);
  template <std::size_t kBytes>
  void* allocate() {
    return allocate(kBytes);
  }
  void free(void* block);
};

class Ouro {
 public:
  static constexpr const char* kName = "ouro";
  void* allocate(std::size_t bytes) { return heap_.allocate(bytes); }
  template <std::size_t kBytes>
  void* allocate() {
    return heap_.allocate<kBytes>();
  }
  void free(void* block) { heap_.free(block); }

 private:
  heap::Heap heap_;
};

}  // namespace ouro::bench
