// Collection: one collection in progress, phase by phase. The phases stand in this order in
// Collection::run:
//
//   merge                 younger generations join the one collected; together they are the
//                         candidates
//   examine_unknown       what known roots reach is alive and no candidate (full collections of
//                         programs that name roots)
//   subtract_inner        each candidate's count is copied, each reference between candidates takes
//                         one off
//   find_reachable        what still has gc_refs is held from outside; what it reaches is alive and
//                         moves to the next generation; the rest is unreachable
//   set_legacy_apart      cycles with a finalizer of the old kind cannot be taken apart
//   clear_weakrefs        weak references to the unreachable die; callbacks of living ones run
//   run_finalizers        each unreachable object's finalizer, once
//   keep_resurrected      what finalizers made reachable again goes back
//   break_cycles          references inside the rest are dropped; counts fall to zero and the
//                         objects die (or, where all their types can, reclaim: they end without
//                         counting)
//
// The first four are in collection.cpp and trial_deletion.cpp, the others in sweep.cpp.
// Source: the algorithm of CPython's gc module (N. Schemenauer 2000, PEP 442), its order of objects
// included.
#pragma once

#include "gc/collector.h"
#include "gc/object_array.h"
#include "gc/trial_deletion.h"

namespace ouro::gc {

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
  [[nodiscard]] bool find_unreachable();
  [[nodiscard]] bool examine_unknown(RootProvider& roots);
  [[nodiscard]] bool delete_on_trial(const Candidates& candidates);
  void close_oldest();
  void unmark();
  void check_subtraction(const TrialDeletion& trial, const Candidates& candidates) const;
  void untrack_dependents();
  void count_survivors(std::size_t before);
  void sweep(Outcome& outcome);

  void put_into_old(Header* object);
  void put_into_old_with_room(Header* object);
  void return_to_old(ObjectArray& objects);
  [[nodiscard]] bool set_legacy_apart();
  [[nodiscard]] bool clear_weakrefs(std::size_t& freed);
  void run_finalizers();
  void keep_resurrected();
  void break_cycles();
  void reclaim();
  void leave_bitmap();
  void number_unreachable();
  void hand_over_legacy();
  void tell_about(const char* what, ObjectArray& objects, unsigned flag);
  void compact(ObjectArray& objects);

  Collector& collector_;
  heap::Heap& heap_;
  const int generation_;
  const bool promotes_;
  GenerationLog& log_;  // of the generation collected; holds all candidates
  GenerationLog& old_;  // where survivors go; may be the same
  const GcState state_;
  const GcState old_state_;
  ObjectArray unreachable_;
  ObjectArray legacy_;
  std::uint64_t flags_ = 0;   // of all types among the unreachable
  bool reclaimable_ = false;  // all of these types have a `reclaim`
  bool by_place_ = false;     // the unreachable have their former places as payloads
  bool in_bitmap_ = false;    // the unreachable are in Collector::examined_
  bool referable_ = false;    // one of these types can be referred to weakly
  bool any_finalizer_ran_ = false;
};

}  // namespace ouro::gc
