// How C++ programs own without us, for structures.h: std::shared_ptr, and a count inside the object
// with mimalloc beneath.
#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "allocators.h"

namespace ouro::bench {

enum class Counting : std::uint8_t { Plain, Atomic };

/// std::make_shared over glibc's malloc. libstdc++ counts without atomics until the process starts
/// its first thread, so the atomic variant starts one. Parents are weak pointers.
template <Counting kCounting>
struct SharedKit {
  template <class T>
  struct Base {};
  template <class T>
  using Ptr = std::shared_ptr<T>;
  template <class T>
  using Parent = std::weak_ptr<T>;
  template <class T>
  using Children = std::vector<std::shared_ptr<T>>;
  static constexpr std::size_t kHeader = 16;  // the control block
  static constexpr bool kDropsDeep = false;

  struct Scope {
    Scope() {
      keep_freed_memory();
      if constexpr (kCounting == Counting::Atomic) std::thread([] {}).join();
    }
    void drop_cycles(std::size_t) {}
  };

  template <class T>
  static std::shared_ptr<T> make() {
    return std::make_shared<T>();
  }
  template <class T>
  static std::weak_ptr<T> parent_of(const std::shared_ptr<T>& parent) {
    return parent;
  }
};

/// Set while an intrusive benchmark runs.
inline constinit const Mimalloc* intrusive_allocator = nullptr;

template <class T>
class IntrusivePtr {
 public:
  IntrusivePtr() = default;
  IntrusivePtr(std::nullptr_t) {}  // NOLINT(google-explicit-constructor)
  /// Takes over the reference an object is born with.
  explicit IntrusivePtr(T* object) : object_(object) {}
  IntrusivePtr(IntrusivePtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  IntrusivePtr& operator=(IntrusivePtr&& other) noexcept {
    IntrusivePtr old(std::exchange(object_, std::exchange(other.object_, nullptr)));
    return *this;
  }
  ~IntrusivePtr() {
    if (object_ == nullptr || --object_->count != 0) return;
    object_->~T();
    intrusive_allocator->free(object_);
  }
  void reset() { IntrusivePtr old(std::exchange(object_, nullptr)); }
  [[nodiscard]] T* get() const { return object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  T* object_ = nullptr;
};

template <class T>
struct MimallocArrayAllocator {
  using value_type = T;
  MimallocArrayAllocator() = default;
  template <class U>
  MimallocArrayAllocator(const MimallocArrayAllocator<U>&) {
  }  // NOLINT(google-explicit-constructor)
  T* allocate(std::size_t n) {
    return static_cast<T*>(intrusive_allocator->allocate(n * sizeof(T)));
  }
  void deallocate(T* block, std::size_t) { intrusive_allocator->free(block); }
  friend bool operator==(MimallocArrayAllocator, MimallocArrayAllocator) { return true; }
};

/// The parent is a plain pointer: an owning one would leak every document.
struct IntrusiveKit {
  template <class T>
  struct Base {
    std::uint64_t count = 1;
  };
  template <class T>
  using Ptr = IntrusivePtr<T>;
  template <class T>
  using Parent = T*;
  template <class T>
  using Children = std::vector<IntrusivePtr<T>, MimallocArrayAllocator<IntrusivePtr<T>>>;
  static constexpr std::size_t kHeader = 8;
  static constexpr bool kDropsDeep = false;

  struct Scope {
    Mimalloc library;
    Scope() { intrusive_allocator = &library; }
    ~Scope() { intrusive_allocator = nullptr; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    void drop_cycles(std::size_t) {}
  };

  template <class T>
  static IntrusivePtr<T> make() {
    return IntrusivePtr<T>(::new (intrusive_allocator->allocate(sizeof(T))) T);
  }
  template <class T>
  static T* parent_of(const IntrusivePtr<T>& parent) {
    return parent.get();
  }
};

}  // namespace ouro::bench
