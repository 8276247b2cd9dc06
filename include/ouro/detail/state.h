// State: all that one heap consists of. The current one of a thread is found in one step.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/collector.h"
#include "gc/visitor.h"
#include "heap/heap.h"
#include "ouro/detail/checks.h"

namespace ouro {
inline namespace v1 {

class Heap;

namespace detail {

class ReferenceRecord;

/// A link of the list of roots.
struct RootLink {
  RootLink* next;
  RootLink* previous;
  const gc::Header* target;
};

/// Where an object is made, for reports.
struct Place {
  const char* file = nullptr;
  int line = 0;
  /// As a default argument: the place of the call.
  static constexpr Place caller(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

struct State final : gc::Space, gc::RootProvider {
  explicit State(heap::Heap& the_heap, Heap& the_owner) : Space(the_heap), owner(the_owner) {}
  void roots(gc::EdgeSink& sink) override;

  Heap& owner;
  /// What was current on the thread when this became so.
  gc::Space* previous = nullptr;
  std::size_t raw_objects = 0;  ///< Objects in blocks of kind Raw (type.h).
  std::size_t big_leaves = 0;
  RootLink root_list{&root_list, &root_list, nullptr};
  /// All references there are (checked builds); null when they aren't recorded.
  ReferenceRecord* references = nullptr;
  Place place;
  const char* making = nullptr;  ///< The name of the type being made.
  char origin[56] = {};          ///< What the next block's origin is, as text.
};

[[noreturn]] void no_current_heap();

inline State& current_state() {
  gc::Space* space = gc::current_space();
  if (space == nullptr) [[unlikely]]
    no_current_heap();
  return static_cast<State&>(*space);
}

}  // namespace detail
}  // namespace v1
}  // namespace ouro
