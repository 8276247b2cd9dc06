// List: a growing row of references.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct SliceIndices;

struct List : Object {
  std::int64_t size;
  Object** items;         // owned references; null while capacity is 0
  std::int64_t capacity;

  /// An empty tracked list with room for `capacity` items.
  static Result<Ref<List>> create(ThreadState& ts, std::int64_t capacity = 0);
  /// A tracked list of new references.
  static Result<Ref<List>> from(ThreadState& ts, Object* const* items, std::size_t count);
  /// A tracked list that takes over the `count` references in `items` on success; on failure they stay the caller's.
  static Result<Ref<List>> adopt(ThreadState& ts, Object** items, std::size_t count);
  [[nodiscard]] Obj at(std::int64_t index) const { return items[index]; }
  Status append(ThreadState& ts, Obj item);           // new reference
  Status append(ThreadState& ts, ObjRef item);        // hands over
  template <class T>
  Status append(ThreadState& ts, const Ref<T>& item) { return append(ts, Obj(item)); }
  Status insert(ThreadState& ts, std::int64_t index, Obj item);
  Status extend(ThreadState& ts, Obj iterable);
  /// A new list of the items that an unclipped slice with any step names.
  Result<Ref<List>> slice(ThreadState& ts, const SliceIndices& raw);
  /// list[slice] = iterable; null deletes. Iterating may run Python code.
  Status assign(ThreadState& ts, const SliceIndices& raw, Obj iterable);
  /// Empties the list: detaches the storage first, then drops the items (last to first).
  void clear_items();
  Status sort(ThreadState& ts, Obj key, bool reverse);
  Status reverse();
  template <class V>
  void edges(V& v) const {
    v.edge_range_backwards(items, static_cast<std::size_t>(size), [](std::size_t i) { return gc::index_label(i); });
  }
};

Result<Ref<List>> list_from_iterable(ThreadState& ts, Obj iterable);
/// A tuple of the items as they are now.
Result<Ref<Tuple>> list_as_tuple(ThreadState& ts, Borrowed<List> list);

}  // namespace ouro
