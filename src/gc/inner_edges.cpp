// InnerEdges: the walk.
#include "gc/inner_edges.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "gc/trial_deletion.h"
#include "support/check.h"

namespace ouro::gc {

namespace {
constexpr std::size_t kFetchAhead = 32;
}

bool CandidateFilter::prepare(Header* const* candidates, std::size_t count) {
  constexpr std::size_t kBitsEach = 32;
  constexpr std::size_t kFewest = 64;
  const std::size_t bits = std::bit_ceil(std::max(count, kFewest) * kBitsEach);
  shift_ = static_cast<unsigned>(64 - std::countr_zero(bits));
  bits_ = static_cast<std::uint64_t*>(heap_.reallocate_past_limit(nullptr, bits / 8));
  if (bits_ == nullptr) return false;
  std::memset(bits_, 0, bits / 8);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = place_of(candidates[i], shift_);
    bits_[place / 64] |= std::uint64_t{1} << place % 64;
  }
  return true;
}

InnerEdges::InnerEdges(heap::Heap& heap)
    : EdgeSink(raw_, raw_ + kRaw,
               [](EdgeSink& sink) { static_cast<InnerEdges&>(sink).end_batch(); }),
      heap_(heap),
      filter_(heap),
      edges_(heap) {}

InnerEdges::~InnerEdges() { heap_.free(ends_); }

bool InnerEdges::prepare(Header* const* candidates, std::size_t count, GcState state) {
  candidates_ = candidates;
  count_ = count;
  state_ = state;
  if (count > kMostCandidates || !filter_.prepare(candidates, count)) return false;
  void* ends = heap_.reallocate_past_limit(nullptr, (count + 1) * sizeof *ends_);
  ends_ = static_cast<std::uint32_t*>(ends);
  if (ends_ == nullptr || !edges_.reserve(2 * count + 2 * kRaw)) return false;
  ends_[0] = 0;
  kept_ = true;
  return true;
}

void InnerEdges::subtract() {
  for (std::size_t i = 0; i < std::min(count_, kFetchAhead); ++i) {
    __builtin_prefetch(candidates_[i], 1);
  }
  for (std::size_t i = 0; i < count_; ++i) {
    traverse(i);
    raw_ends_[traversed_++] = static_cast<std::uint32_t>(size());
    if (traversed_ == kBatch) end_batch();
  }
  end_batch();
  take_off(edges_.size());
}

inline void InnerEdges::traverse(std::size_t index) {
  // First the object is fetched, and when that has arrived, what its type reads besides.
  if (index + kFetchAhead < count_) {
    __builtin_prefetch(candidates_[index + kFetchAhead], 1);
    const Header* soon = candidates_[index + kFetchAhead / 2];
    if (soon != nullptr && soon->type_info->buffer_offset != 0) {
      // As a number: the buffer of an empty container is null.
      const auto buffer = *reinterpret_cast<const std::uintptr_t*>(
          reinterpret_cast<const char*>(soon) + soon->type_info->buffer_offset);
      __builtin_prefetch(reinterpret_cast<const void*>(buffer));
      __builtin_prefetch(reinterpret_cast<const void*>(buffer + 64));
    }
  }
  Header* object = candidates_[index];
  if (object == nullptr) return;
  const std::uint32_t refs = object->refcount;
  OURO_CHECK(refs > 0, "G2: a dead %s is tracked", object->type_info->name);
  const std::uint32_t mark = refs >= kUncountable ? kMarkBit : 0;
  object->gc_word = (object->gc_word | mark) + (refs << kIndexShift);
  object->type_info->traverse(object, *this);
}

// Also when the raw edges of one candidate fill their buffer: it then goes on afterwards.
void InnerEdges::end_batch() {
  make_room();
  const std::size_t before = edges_.size();
  Header** const begin = edges_.items();
  Header** out = begin + before;
  Header* const* at = raw_;
  for (std::size_t i = 0; i < traversed_; ++i) {
    Header* const* const end = raw_ + raw_ends_[i];
    out = filter_.pass(at, end, out);
    at = end;
    ends_[ended_ + i + 1] = static_cast<std::uint32_t>(out - begin);
  }
  out = filter_.pass(at, raw_ + size(), out);
  edges_.resize(static_cast<std::size_t>(out - begin));
  for (Header* const* fresh = begin + before; fresh < out; ++fresh) __builtin_prefetch(*fresh, 1);
  take_off(before);
  ended_ += traversed_;
  traversed_ = 0;
  reset();
}

// Room for all raw edges. When it can't be had, or there are too many to be worth it, those kept so
// far are given up, and their room is used again and again.
void InnerEdges::make_room() {
  const std::size_t wanted = size() + 1;
  if (edges_.size() + wanted <= edges_.capacity()) return;
  if (kept_ && edges_.size() < kMostEdges && edges_.make_room(wanted)) return;
  kept_ = false;
  take_off(edges_.size());
  edges_.resize(0);
  taken_off_ = 0;
}

void InnerEdges::take_off(std::size_t end) {
  Header* const* const edges = edges_.items();
  const auto state = static_cast<std::uint32_t>(state_);
  for (; taken_off_ < end; ++taken_off_) {
    Header* target = edges[taken_off_];
    const std::uint32_t word = target->gc_word;
    if ((word & kStateMask) == state) target->gc_word = word - (1u << kIndexShift);
  }
}

}  // namespace ouro::gc
