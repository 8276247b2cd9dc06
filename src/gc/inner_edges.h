// InnerEdges: the first walk of trial deletion over few candidates, and the references between
// them, which it keeps for the second.
//
// Most references of young objects lead out: to types, names, constants, and whatever is older. A
// small filter of the candidates' addresses tells nearly all of them without a look at their
// targets, which lie all over the heap. What is left is a fraction, and kept, so that the second
// walk neither asks the types again nor looks at anything but candidates.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/object_array.h"
#include "gc/visitor.h"

namespace ouro::gc {

/// Tells that an object is no candidate, or that it may be one.
///
/// A hash of the address picks one bit of at least 32 for each candidate: of the others, about one
/// in thirty passes for one.
class CandidateFilter {
 public:
  explicit CandidateFilter(heap::Heap& heap) : heap_(heap) {}
  ~CandidateFilter() { heap_.free(bits_); }
  CandidateFilter(const CandidateFilter&) = delete;
  CandidateFilter& operator=(const CandidateFilter&) = delete;

  /// Makes the filter of these (null where one has left); false when out of memory.
  [[nodiscard]] bool prepare(Header* const* candidates, std::size_t count);

  /// Copies those of `edges` to `out` that may lead to a candidate; returns their end. There must
  /// be room for all, and one more.
  Header** pass(Header* const* edges, Header* const* end, Header** out) const {
    const std::uint64_t* const bits = bits_;
    const unsigned shift = shift_;
    for (; edges < end; ++edges) {
      Header* const target = *edges;
      const std::size_t place = place_of(target, shift);
      *out = target;
      out += bits[place / 64] >> place % 64 & 1;
    }
    return out;
  }

 private:
  static std::size_t place_of(const Header* object, unsigned shift) {
    // Fibonacci hashing; blocks differ from bit 4 on.
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
    return (reinterpret_cast<std::uintptr_t>(object) >> 4) * kGolden >> shift;
  }

  heap::Heap& heap_;
  std::uint64_t* bits_ = nullptr;
  unsigned shift_ = 0;
};

class InnerEdges final : EdgeSink {
 public:
  /// More candidates are not worth it: what is kept would not stay in the caches.
  static constexpr std::size_t kMostCandidates = std::size_t{1} << 16;

  explicit InnerEdges(heap::Heap& heap);
  ~InnerEdges();
  InnerEdges(const InnerEdges&) = delete;
  InnerEdges& operator=(const InnerEdges&) = delete;

  /// To be called first, with the candidates in list order (null where one has left). False when
  /// out of memory, or when there are too many.
  [[nodiscard]] bool prepare(Header* const* candidates, std::size_t count, GcState state);
  /// The first walk: adds each candidate's count to its payload, and takes one off for each
  /// reference from another. Marks those whose count does not fit.
  void subtract();

  /// Whether the edges were kept; there may have been too many.
  [[nodiscard]] bool kept() const { return kept_; }
  /// The kept edges of a candidate: all that lead to candidates, and perhaps some that don't.
  [[nodiscard]] Header* const* begin_of(std::size_t index) const {
    return edges_.items() + ends_[index];
  }
  [[nodiscard]] Header* const* end_of(std::size_t index) const {
    return edges_.items() + ends_[index + 1];
  }

 private:
  static constexpr std::size_t kBatch = 32;
  static constexpr std::size_t kRaw = 512;
  static constexpr std::size_t kMostEdges = std::size_t{1} << 20;

  void traverse(std::size_t index);
  void end_batch();
  void take_off(std::size_t end);
  void make_room();

  heap::Heap& heap_;
  CandidateFilter filter_;
  Header* const* candidates_ = nullptr;
  std::size_t count_ = 0;
  GcState state_ = GcState::Untracked;
  ObjectArray edges_;
  std::uint32_t* ends_ = nullptr;  // of each candidate's edges, behind a first 0
  bool kept_ = false;

  // The walk. Edges come in raw, pass the filter a batch of candidates at a time, and are taken off
  // one batch later, when their targets have arrived.
  std::size_t ended_ = 0;      // candidates whose edges have passed the filter
  std::size_t traversed_ = 0;  // of those behind them, in raw_ends_
  std::size_t taken_off_ = 0;  // edges
  std::uint32_t raw_ends_[kBatch];
  Header* raw_[kRaw + kSlack];
};

}  // namespace ouro::gc
