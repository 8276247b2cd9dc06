// Tuple: a fixed row of references.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct Tuple : Object {
  std::int64_t size;
  Object* items[1];  // owned; `size` of them

  static constexpr std::size_t bytes_for(std::int64_t size) {
    return sizeof(Object) + sizeof(std::int64_t) + static_cast<std::size_t>(size) * sizeof(Object*);
  }
  /// A tuple of nulls, untracked: fill every place, then `track`. Size 0 gives the one empty tuple.
  static Result<Ref<Tuple>> make(ThreadState& ts, std::int64_t size);
  /// A tracked tuple of new references to `items`.
  static Result<Ref<Tuple>> from(ThreadState& ts, Object* const* items, std::size_t count);
  /// Packs: Tuple::of(ts, a, b).
  template <class... T>
  static Result<Ref<Tuple>> of(ThreadState& ts, const T&... values) {
    Object* items[] = {Obj(values).get()...};
    return from(ts, items, sizeof...(values));
  }
  [[nodiscard]] Obj at(std::int64_t index) const { return items[index]; }
  template <class V>
  void edges(V& v) const {
    v.edge_range_backwards(items, static_cast<std::size_t>(size), [](std::size_t i) { return gc::index_label(i); });
  }
};

/// CPython hands a class, and a native function of its older calling convention, the arguments in a tuple. Here they stay
/// where they are; but a program sees that tuple in gc.get_count() and in the moment a collection starts. So it is counted
/// while this lives: taken from the free list or born (which may run a collection, so Python code), then back to the list.
class ArgumentTuple {
 public:
  ArgumentTuple(ThreadState& ts, std::uint32_t count) : core_(ts.core), count_(count) {
    if (count == 0) return;
    if (count < kRebornTuples && core_.free_tuples[count] > 0) {
      --core_.free_tuples[count];
    } else {
      ts.space.collector.count_allocation();
    }
  }
  ~ArgumentTuple() {
    if (count_ != 0) give_back();
  }
  ArgumentTuple(const ArgumentTuple&) = delete;
  ArgumentTuple& operator=(const ArgumentTuple&) = delete;

  static constexpr std::uint32_t kRebornTuples = 20;  // CPython makes tuples shorter than this from its free lists

 private:
  void give_back();
  CoreObjects& core_;
  const std::uint32_t count_;
};

inline std::uint32_t Args::keyword_count() const {
  return keywords == nullptr ? 0 : static_cast<std::uint32_t>(keywords->size);
}

/// tuple(iterable): a tuple that is exact is returned itself.
Result<Ref<Tuple>> tuple_from_iterable(ThreadState& ts, Obj iterable);

}  // namespace ouro
