// Trial deletion: which of a set of objects do only these objects themselves keep alive?
//
// Each candidate's count is copied (gc_refs), and each reference between candidates takes one off
// its target's copy. Who has something left is held from outside; it, and all that it reaches,
// lives.
//
// No pass is spent on copying. Between collections the payload of a gc_word is the object's
// position in its list; a count is added to it and inner references are subtracted from it, modulo
// 2^26, in one walk over the candidates. Whoever then comes to a candidate in list order knows its
// position, and the difference is gc_refs.
//
// Who has been reached is marked in the gc_word (kMarkBit, clear between collections) when
// candidates are few, and in a bitmap beside the heap when they are many: then a second reference
// to an object costs no look at it.
//
// What is touched is far apart, so nothing waits for one object: candidates are fetched ahead of
// their turn, and references queue until their targets have arrived.
//
// Source: the algorithm of CPython's gc module (N. Schemenauer, 2000), its order of objects
// included.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/address_set.h"
#include "gc/events.h"
#include "gc/header.h"
#include "gc/inner_edges.h"
#include "gc/object_array.h"
#include "gc/visitor.h"

namespace ouro::gc {

/// From this count on a payload cannot hold count and position: such an object is taken to live.
inline constexpr std::uint32_t kUncountable = kMaxIndex / 2;

/// The objects under examination.
struct Candidates {
  Header** items;               ///< in list order; null where an object has left
  std::size_t count;            ///< of `positions` when there are any, else of `items`
  const std::uint32_t* chosen;  ///< positions in `items`, ascending; null: all of them
  GcState state;                ///< which all of them have, and nobody else

  [[nodiscard]] std::size_t position(std::size_t index) const {
    return chosen == nullptr ? index : chosen[index];
  }
  [[nodiscard]] Header* at(std::size_t index) const { return items[position(index)]; }
};

/// Where survivors go. They get the state, the mark, and their position as payload.
struct Destination {
  /// Whether survivors are asked if they need watching (TypeInfo::stays_tracked), and how.
  enum class Ask : std::uint8_t { Nobody, InYoung, InFull };
  Header** items;     ///< null: only the places count
  bool keeps_places;  ///< survivors stay where they are among the candidates; the dead leave holes
  std::size_t count;  ///< objects there already; grows
  GcState state;
  std::uint32_t mark;  ///< kMarkBit where survivors cannot be told from candidates by their state
  Ask ask = Ask::Nobody;
  /// Survivors that need watching only as long as others do must be asked after all the others.
  bool ask_again = false;
  /// Survivors that need no watching and left a hole.
  std::size_t left = 0;
};

class TrialDeletion {
 public:
  /// @param unreached  the bitmap (empty, prepared), or null: then marks are used. In the end it
  ///                   holds the unreachable.
  /// @param events     may be null. With a sink, payloads of candidates are plain gc_refs (it is
  ///                   told them) and each reference is followed with its label.
  TrialDeletion(heap::Heap& heap, const Candidates& candidates, AddressSet* unreached,
                EventSink* events)
      : heap_(heap),
        candidates_(candidates),
        unreached_(unreached),
        events_(events),
        inner_(heap) {}

  /// Adds each candidate's count to its payload and takes one off for each inner reference.
  void subtract_inner();
  /// Judges. Survivors go to `destination`; `unreachable` gets the rest in order, with state
  /// Unreachable and as payload their index in it (where survivors keep their places: the place
  /// they had). False when there was no memory to put objects aside: then all survive.
  [[nodiscard]] bool find_reachable(Destination& destination, ObjectArray& unreachable);
  /// The flags of all types among the unreachable, and whether one can be referred to weakly. These
  /// may be too many: of objects, too, that were put aside and then reached.
  [[nodiscard]] std::uint64_t unreachable_flags() const { return flags_; }
  [[nodiscard]] bool unreachable_referable() const { return referable_; }
  /// Whether all their types have a `reclaim`.
  [[nodiscard]] bool unreachable_reclaimable() const { return reclaimable_; }

  /// gc_refs of the candidate at `index`, between the two.
  [[nodiscard]] std::uint32_t gc_refs(std::size_t index) const;
  /// Whether marks are used.
  [[nodiscard]] bool marks() const { return unreached_ == nullptr; }

 private:
  template <class Reached>
  class Judge;
  class SurvivorWalk;
  void tell_candidates();
  [[nodiscard]] bool find_reachable_in_place(const Destination& destination,
                                             ObjectArray& unreachable);

  heap::Heap& heap_;
  const Candidates candidates_;
  AddressSet* unreached_;  // the candidates not known to live
  EventSink* const events_;
  InnerEdges inner_;  // where marks are used
  std::uint64_t flags_ = 0;
  bool referable_ = false;
  bool reclaimable_ = true;
};

}  // namespace ouro::gc
