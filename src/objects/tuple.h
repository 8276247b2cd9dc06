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

inline std::uint32_t Args::keyword_count() const {
  return keywords == nullptr ? 0 : static_cast<std::uint32_t>(keywords->size);
}

/// tuple(iterable): a tuple that is exact is returned itself.
Result<Ref<Tuple>> tuple_from_iterable(ThreadState& ts, Obj iterable);

}  // namespace ouro
