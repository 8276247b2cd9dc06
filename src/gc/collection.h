// Collection: one collection in progress, phase by phase. The phases stand in this order in Collection::run:
//
//   merge                 younger generations join the one collected; together they are the candidates
//   copy_counts           each candidate's count is copied to its gc_refs
//   subtract_inner        each reference between candidates takes one off its target
//   find_reachable        what still has gc_refs is held from outside; what it reaches is alive; the rest is unreachable
//   promote               survivors move to the next generation
//   set_legacy_apart      cycles with a finalizer of the old kind cannot be taken apart
//   clear_weakrefs        weak references to the unreachable die; callbacks of living ones run
//   run_finalizers        each unreachable object's finalizer, once
//   keep_resurrected      what finalizers made reachable again goes back
//   break_cycles          references inside the rest are dropped; counts fall to zero and the objects die
//
// Source: the algorithm of CPython's gc module (N. Schemenauer 2000, PEP 442), its order of objects included.
#pragma once

#include "gc/collector.h"

namespace ouro::gc {

/// An array of objects in the heap, for the phases.
class ObjectArray {
 public:
  explicit ObjectArray(heap::Heap& heap) : heap_(heap) {}
  ~ObjectArray() { heap_.free(items_); }
  ObjectArray(const ObjectArray&) = delete;
  ObjectArray& operator=(const ObjectArray&) = delete;
  [[nodiscard]] bool reserve(std::size_t capacity);
  /// Appends, growing; false when out of memory.
  [[nodiscard]] bool append(Header* object) {
    if (size_ == capacity_ && !reserve(capacity_ == 0 ? 256 : capacity_ * 2)) return false;
    items_[size_++] = object;
    return true;
  }
  [[nodiscard]] Header*& operator[](std::size_t index) { return items_[index]; }
  [[nodiscard]] std::size_t size() const { return size_; }
  void resize_down(std::size_t size) { size_ = size; }
  void swap(ObjectArray& other);

 private:
  heap::Heap& heap_;
  Header** items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

class Collection {
 public:
  /// Whether survivors grow older. A stress collection must not show in the generations.
  enum class Ageing : std::uint8_t { Promote, Stay };
  Collection(Collector& collector, int generation, Ageing ageing);
  Collection(const Collection&) = delete;
  Collection& operator=(const Collection&) = delete;

  struct Outcome {
    std::size_t collected;
    std::size_t uncollectable;
  };
  /// Runs all phases. Runs Python code (weakref callbacks, finalizers, deallocation).
  Outcome run();
  /// An unreachable object goes away or leaves the collector's sight while the collection runs.
  void forget(Header* object);

 private:
  [[nodiscard]] bool merge();
  void copy_counts(ObjectArray& candidates);
  void subtract_inner(ObjectArray& candidates);
  /// Leaves the survivors in `candidates` (in order) and the rest in `unreachable`; false when out of memory.
  [[nodiscard]] bool find_reachable(ObjectArray& candidates, ObjectArray& unreachable);
  void reach_from(Header* object, ObjectArray& late);
  void promote(ObjectArray& survivors);
  void put_into_old(Header* object);
  void return_to_old(ObjectArray& objects);
  void put_into_old_with_room(Header* object);
  [[nodiscard]] bool set_legacy_apart();
  [[nodiscard]] bool clear_weakrefs(std::size_t& freed);
  void run_finalizers();
  void keep_resurrected();
  void break_cycles();
  void hand_over_legacy();
  void give_up(ObjectArray& candidates);
  void tell_about(const char* what, ObjectArray& objects, unsigned flag);
  void compact(ObjectArray& objects);
  void check_subtraction(ObjectArray& candidates) const;

  Collector& collector_;
  heap::Heap& heap_;
  const int generation_;
  const bool promotes_;
  GenerationLog& old_;       // where survivors go
  const GcState old_state_;
  ObjectArray candidates_;
  ObjectArray unreachable_;
  ObjectArray legacy_;
  bool any_finalizer_ran_ = false;
  bool overflow_ = false;    // some reached objects are marked only by kSpareBit
};

}  // namespace ouro::gc
