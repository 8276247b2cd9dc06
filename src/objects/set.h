// Set and FrozenSet: a hash table of references.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct SetEntry {
  Object* key;  // owned; null: never used, or removed (hash -1)
  std::int64_t hash;
};

struct Set : Object {  // both set and frozenset
  std::int64_t used;
  std::int64_t fill;      // used and removed places
  std::uint64_t mask;     // places - 1
  SetEntry* table;        // `small` or a heap block
  std::int64_t hash;      // frozenset: -1 until computed; set: the place where pop goes on
  std::uint64_t mutations;  // counts replaced tables (growth, clear), to notice them across Python code
  gc::WeakReference* weaklist;
  SetEntry small[8];

  static Result<Ref<Set>> create(ThreadState& ts, Borrowed<Type> type);  // exact set/frozenset or a subclass; empty, tracked
  template <class V>
  void edges(V& v) const {
    for (std::uint64_t i = 0; i <= mask; ++i) v.edge(table[i].key, gc::member_label(i));
  }
};

Status set_add(ThreadState& ts, Borrowed<Set> set, Obj item);
Result<bool> set_contains(ThreadState& ts, Borrowed<Set> set, Obj item);
Result<bool> set_discard(ThreadState& ts, Borrowed<Set> set, Obj item);
Status set_update(ThreadState& ts, Borrowed<Set> set, Obj iterable);
/// A new set / frozenset of the items.
Result<Ref<Set>> set_from_iterable(ThreadState& ts, Borrowed<Type> type, Obj iterable);
inline std::int64_t set_size(Borrowed<Set> set) { return set->used; }
/// Iterates over members; false at the end; borrowed.
bool set_next(Borrowed<Set> set, std::uint64_t& position, Obj& key);

}  // namespace ouro
