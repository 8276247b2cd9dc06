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
// kMarkBit says "known to live". Between collections the bit of every tracked object is equal to
// the collector's own (Collector::mark_), and that value means "not known". A full collection turns
// the meaning round instead of clearing bits.
//
// What is touched is far apart, so nothing waits for one object: objects are fetched a window
// ahead, the references of a window are gathered first and their targets fetched together, and only
// then is anything looked at. The order in which candidates are judged is the list's all the same.
//
// Source: the algorithm of CPython's gc module (N. Schemenauer, 2000), its order of objects
// included.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/events.h"
#include "gc/header.h"
#include "gc/object_array.h"
#include "gc/visitor.h"

namespace ouro::gc {

class RootProvider;

/// The objects under examination.
struct Candidates {
  Header** items;               ///< in list order; null where an object has left
  std::size_t count;            ///< of `positions` when there are any, else of `items`
  const std::uint32_t* chosen;  ///< positions in `items`, ascending; null: all of them
  GcState state;                ///< which all of them have, and nobody else
  std::uint32_t mark;           ///< the value of kMarkBit that means "not known to live"

  [[nodiscard]] std::size_t position(std::size_t index) const {
    return chosen == nullptr ? index : chosen[index];
  }
  [[nodiscard]] Header* at(std::size_t index) const { return items[position(index)]; }
};

/// Where survivors go. They get the state, the mark and their position as payload.
struct Destination {
  /// Whether survivors are asked if they need watching (TypeInfo::stays_tracked), and how.
  enum class Ask : std::uint8_t { Nobody, InYoung, InFull };
  Header** items;     ///< null: survivors keep their places, the dead leave holes
  std::size_t count;  ///< objects there already; grows
  GcState state;
  std::uint32_t mark;
  Ask ask = Ask::Nobody;
  /// Survivors that need watching only as long as others do must be asked after all the others.
  bool ask_again = false;
};

class TrialDeletion {
 public:
  /// `events` may be null. With one, payloads of candidates are plain gc_refs (the sink is told
  /// them) and each reference is followed with its label.
  TrialDeletion(heap::Heap& heap, const Candidates& candidates, EventSink* events)
      : heap_(heap), candidates_(candidates), events_(events) {}

  /// Adds each candidate's count to its payload and takes one off for each inner reference.
  void subtract_inner();
  /// Judges. Survivors go to `destination`; `unreachable` gets the rest in order, with state
  /// Unreachable and their index in it as payload. False when there was no memory to put objects
  /// aside: then all survive.
  [[nodiscard]] bool find_reachable(Destination& destination, ObjectArray& unreachable);
  /// The flags of all types among the unreachable, and whether one can be referred to weakly.
  [[nodiscard]] std::uint64_t unreachable_flags() const { return flags_; }
  [[nodiscard]] bool unreachable_referable() const { return referable_; }

  /// gc_refs of the candidate at `index`, between the two.
  [[nodiscard]] std::uint32_t gc_refs(std::size_t index) const;

 private:
  class Judge;
  void tell_candidates();

  heap::Heap& heap_;
  const Candidates candidates_;
  EventSink* const events_;
  std::uint64_t flags_ = 0;
  bool referable_ = false;
};

/// Marks all that is reached from known roots and is in `candidates.state`; counts the marked.
/// False when there was no memory for the marks' stack: marks are then incomplete.
[[nodiscard]] bool mark_from_roots(heap::Heap& heap, RootProvider& roots, GcState state,
                                   std::uint32_t mark, std::size_t& marked);

}  // namespace ouro::gc
