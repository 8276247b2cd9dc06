// Iterators over sequences and callables: how they are made.
#pragma once

#include "objects/core.h"
#include "objects/range.h"

namespace ouro {

/// iter(callable, sentinel).
struct CallableIterator : Object {
  Object* callable;  // owned, null when exhausted
  Object* sentinel;  // owned, null when exhausted
  template <class V>
  void edges(V& v) const {
    v.edge(callable, gc::slot_label("callable"));
    v.edge(sentinel, gc::slot_label("sentinel"));
  }
};

ObjResult list_iterator_create(ThreadState& ts, Obj list);
ObjResult list_reverse_iterator_create(ThreadState& ts, Obj list);
ObjResult tuple_iterator_create(ThreadState& ts, Obj tuple);
/// An iterator that asks for items 0, 1, … until IndexError or StopIteration.
ObjResult sequence_iterator_create(ThreadState& ts, Obj sequence);
ObjResult callable_iterator_create(ThreadState& ts, Obj callable, Obj sentinel);
/// A range over 64-bit numbers counted `remaining` times.
ObjResult range_iterator_create(ThreadState& ts, std::int64_t start, std::int64_t step,
                                std::int64_t remaining);

}  // namespace ouro
