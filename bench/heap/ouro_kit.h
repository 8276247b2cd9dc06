// How ours owns, for structures.h: tracked objects, references that count, cycles left to the
// collector. A parent is an ordinary reference.
#pragma once

#include <cstdlib>
#include <new>
#include <vector>

#include "gc/collector.h"
#include "gc/ref.h"
#include "gc/visitor.h"
#include "heap/heap.h"

namespace ouro::bench {

enum class Automatic : std::uint8_t { Off, On };

/// An array's memory comes from the same heap.
template <class T>
struct OuroArrayAllocator {
  using value_type = T;
  OuroArrayAllocator() = default;
  template <class U>
  OuroArrayAllocator(const OuroArrayAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(std::size_t n) {
    void* block = gc::current_space()->heap.allocate(n * sizeof(T));
    if (block == nullptr) throw std::bad_alloc();
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t) { gc::current_space()->heap.free(block); }
  friend bool operator==(OuroArrayAllocator, OuroArrayAllocator) { return true; }
};

/// `kAutomatic`: whether collections start by themselves while a structure grows.
template <Automatic kAutomatic>
struct OuroKit {
  template <class T>
  struct Base : gc::Header {};
  template <class T>
  using Ptr = Ref<T>;
  template <class T>
  using Parent = Ref<T>;
  template <class T>
  using Children = std::vector<Ref<T>, OuroArrayAllocator<Ref<T>>>;
  static constexpr std::size_t kHeader = sizeof(gc::Header);
  static constexpr bool kDropsDeep = true;

  class Scope {
   public:
    Scope() : space_(heap_) {
      gc::current_space() = &space_;
      space_.collector.set_enabled(kAutomatic == Automatic::On);
    }
    ~Scope() { gc::current_space() = nullptr; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    void drop_cycles(std::size_t n) {
      if (space_.collector.collect({.generation = 2}) != n) std::abort();
    }

   private:
    heap::Heap heap_;
    gc::Space space_;
  };

  template <class T>
  static Ref<T> make() {
    gc::Collector& collector = gc::current_space()->collector;
    void* block = collector.allocate(sizeof(T));
    if (block == nullptr) std::abort();
    T* object = ::new (block) T;
    object->refcount = 1;
    object->gc_word = 0;
    object->type_info = &kType<T>;
    if (!collector.track(object)) std::abort();
    return Ref<T>::steal(object);
  }
  template <class T>
  static Ref<T> parent_of(const Ref<T>& parent) {
    return parent.new_ref();
  }
  template <class V, class T>
  static void edge(V& visitor, const Ref<T>& target, const char* name) {
    visitor.edge(target.get(), gc::slot_label(name));
  }

 private:
  template <class T>
  static void clear(gc::Header* self) {
    static_cast<T*>(self)->clear_edges();
  }
  template <class T>
  static void dealloc(gc::Header* self) {
    gc::Collector& collector = gc::current_space()->collector;
    collector.untrack(self);
    static_cast<T*>(self)->~T();
    collector.release(self);
  }
  template <class T>
  static constexpr gc::TypeInfo make_type() {
    gc::TypeInfo type = {};
    type.traverse = gc::EdgeFunctions<T>::traverse;
    type.describe = gc::EdgeFunctions<T>::describe;
    type.clear = clear<T>;
    type.dealloc = dealloc<T>;
    type.name = "node";
    type.flags = gc::kCollected;
    type.basic_bytes = sizeof(T);
    return type;
  }
  // The headers' pointer is not to const, though nothing writes.
  template <class T>
  static inline gc::TypeInfo kType = make_type<T>();
};

}  // namespace ouro::bench
