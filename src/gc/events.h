// EventSink: what a collection tells about itself, phase by phase. Nobody listening costs nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/header.h"
#include "gc/visitor.h"

namespace ouro::gc {

/// Receives the facts of a collection in the order they happen. Must not allocate from, or change,
/// the heap.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void collection_starts(int generation, std::size_t candidates) = 0;
  virtual void candidate(const Header* object, std::uint32_t gc_refs) = 0;
  virtual void subtracted(const Header* from, const Header* to, const EdgeLabel& label,
                          std::uint32_t gc_refs_left) = 0;
  enum class Verdict : std::uint8_t {
    ReferencedFromOutside,
    ReachedFromCandidate,
    Unreachable,
    Resurrected,
    Uncollectable
  };
  virtual void verdict(const Header* object, Verdict verdict, const Header* reached_from) = 0;
  virtual void finalizer_runs(const Header* object) = 0;
  virtual void weakref_cleared(const WeakReference* reference) = 0;
  virtual void collection_ends(int generation, std::size_t collected,
                               std::size_t uncollectable) = 0;
};

}  // namespace ouro::gc
