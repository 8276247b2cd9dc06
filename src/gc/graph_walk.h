// GraphWalk: follows references from object to object, in no particular order, as fast as memory
// answers.
//
// Objects wait on a stack. They are taken from it in batches, each of which is fetched while the
// one before it is followed; references are gathered and looked up together.
#pragma once

#include <algorithm>
#include <cstddef>

#include "gc/object_array.h"
#include "gc/visitor.h"

namespace ouro::gc {

/// Derived has
///   std::size_t fresh(Header* const* targets, std::size_t count, Header** out, bool& ok)
///       moves those of `targets` that are met for the first time to `out` (room for count + 1),
///       returns how many; `ok` turns false when out of memory
///   bool arrive(Header* object)
///       the object's turn has come; whether its references are to be followed
template <class Derived>
class GraphWalk : public EdgeSink {
 public:
  /// Has the walk start at `object`, too. False when out of memory.
  [[nodiscard]] bool start(Header* object) {
    if (!stack_.make_room(1)) return false;
    stack_.append(object);
    return true;
  }
  /// How many objects wait to be followed.
  [[nodiscard]] std::size_t waiting() const { return stack_.size(); }
  /// Follows everything from the starts, and from the references given to this as a sink. False
  /// when out of memory: the walk is then incomplete.
  [[nodiscard]] bool run() {
    look_up();
    Header* batches[2][kBatch];
    std::size_t counts[2] = {0, 0};
    for (int now = 0; !failed_; now ^= 1) {
      const std::size_t count = std::min(stack_.size(), kBatch);
      stack_.resize(stack_.size() - count);
      for (std::size_t i = 0; i < count; ++i) {
        batches[now][i] = stack_[stack_.size() + i];
        __builtin_prefetch(batches[now][i]);
      }
      counts[now] = count;
      for (std::size_t i = 0; i < counts[now ^ 1]; ++i) {
        Header* object = batches[now ^ 1][i];
        if (derived().arrive(object)) object->type_info->traverse(object, *this);
      }
      counts[now ^ 1] = 0;
      look_up();
      if (count == 0 && stack_.size() == 0) break;
    }
    return !failed_;
  }

 protected:
  explicit GraphWalk(heap::Heap& heap)
      : EdgeSink(buffer_, buffer_ + kEdges,
                 [](EdgeSink& sink) { static_cast<GraphWalk&>(sink).look_up(); }),
        stack_(heap) {}

 private:
  static constexpr std::size_t kBatch = 16;
  static constexpr std::size_t kEdges = 512;

  Derived& derived() { return static_cast<Derived&>(*this); }
  void look_up() {
    bool ok = stack_.make_room(size() + 1);
    if (ok) {
      Header** const top = stack_.items() + stack_.size();
      stack_.resize(stack_.size() + derived().fresh(begin(), size(), top, ok));
    }
    failed_ |= !ok;
    reset();
  }

  ObjectArray stack_;
  bool failed_ = false;
  Header* buffer_[kEdges + kSlack];
};

}  // namespace ouro::gc
