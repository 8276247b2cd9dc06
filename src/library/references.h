// The record of all references that checked builds keep: from it they tell which edges a class's
// traverse forgets and which it invents.
//
// Rules, reported like those of allocator and collector:
//   E1  a reference inside a tracked object (in itself, or in a buffer that it points to) is told
//   by
//       the object's traverse
//   E2  what a traverse tells is a reference that exists, lies in no other object, and is told once
#pragma once

#include <optional>
#include <unordered_map>

#include "gc/header.h"
#include "ouro/detail/state.h"
#include "support/violation.h"

namespace ouro {
inline namespace v1 {
namespace detail {

class ReferenceRecord {
 public:
  void note(const void* where, const gc::Header* target) noexcept;
  /// E1 and E2. Without memory for its own lists it finds nothing.
  [[nodiscard]] std::optional<Violation> verify(const State& state) const;

 private:
  /// Whether the bytes from `begin` to `end`, such as a vector's first two words say, are
  /// references without a gap.
  [[nodiscard]] bool is_filled(const void* begin, const void* end) const;

  // Where a reference lies, and what it refers to. Not of the heap, which is what is checked.
  std::unordered_map<const void*, const gc::Header*> targets_;
  bool incomplete_ = false;  ///< There was no memory to note one: nothing can be said any more.
};

/// "a Node made at dom.cpp:34 (allocation 7)", for reports; the text is cut off where it doesn't
/// fit.
struct Portrait {
  Portrait(const State& state, const gc::Header* object);
  char text[112];
};

}  // namespace detail
}  // namespace v1
}  // namespace ouro
