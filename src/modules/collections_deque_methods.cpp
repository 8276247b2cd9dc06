// collections.deque: methods and sequence operations.
#include <algorithm>

#include "modules/collections.h"
#include "objects/list.h"

namespace ouro {

namespace {

Deque* deque_of(Obj self) { return as<Deque>(self); }

Raised raise_empty(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.IndexError, "pop from an empty deque");
}
Raised raise_mutated(ThreadState& ts, Borrowed<Type> exception) {
  return raise(ts, exception, "deque mutated during iteration");
}

ObjResult method_append(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(deque_append(ts, deque_of(self), args[0].new_ref()));
  return ts.core.none_ref();
}

ObjResult method_append_left(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(deque_append_left(ts, deque_of(self), args[0].new_ref()));
  return ts.core.none_ref();
}

ObjResult method_pop(ThreadState& ts, Obj self, Args) {
  if (deque_of(self)->size == 0) return raise_empty(ts);
  return deque_take_right(deque_of(self));
}

ObjResult method_pop_left(ThreadState& ts, Obj self, Args) {
  if (deque_of(self)->size == 0) return raise_empty(ts);
  return deque_take_left(deque_of(self));
}

ObjResult method_extend(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(deque_extend(ts, deque_of(self), args[0], false));
  return ts.core.none_ref();
}

ObjResult method_extend_left(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(deque_extend(ts, deque_of(self), args[0], true));
  return ts.core.none_ref();
}

ObjResult method_clear(ThreadState& ts, Obj self, Args) {
  deque_clear(deque_of(self));
  return ts.core.none_ref();
}

ObjResult method_copy(ThreadState& ts, Obj self, Args) { return deque_copy(ts, self); }

ObjResult method_rotate(ThreadState& ts, Obj self, Args args) {
  std::int64_t count = 1;
  if (args.count > 0)
    count = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  OURO_TRY(deque_rotate(ts, deque_of(self), count));
  return ts.core.none_ref();
}

ObjResult method_reverse(ThreadState& ts, Obj self, Args) {
  Deque* deque = deque_of(self);
  for (std::int64_t i = 0, j = deque->size - 1; i < j; ++i, --j)
    std::swap(*deque_place(deque, i), *deque_place(deque, j));
  return ts.core.none_ref();
}

/// Walks the items from `start` to `stop`, comparing each with `wanted`; visit(index, equal) says
/// whether to stop. `changed` is raised when a comparison changes the deque.
template <class Visit>
Status compare_each(ThreadState& ts, Deque* deque, Obj wanted, std::int64_t start,
                    std::int64_t stop, Borrowed<Type> changed, Visit visit) {
  const std::uint64_t state = deque->state;
  for (std::int64_t i = start; i < stop; ++i) {
    ObjRef item = ObjRef::share(*deque_place(deque, i));
    const bool equal = OURO_TRY(equals(ts, item, wanted));
    if (deque->state != state) return raise_mutated(ts, changed);
    if (visit(i, equal)) return kDone;
  }
  return kDone;
}

ObjResult method_count(ThreadState& ts, Obj self, Args args) {
  std::int64_t count = 0;
  OURO_TRY(compare_each(ts, deque_of(self), args[0], 0, deque_of(self)->size,
                        ts.core.exceptions.RuntimeError, [&](std::int64_t, bool equal) {
                          count += equal ? 1 : 0;
                          return false;
                        }));
  return int_result(ts, count);
}

ObjResult method_index(ThreadState& ts, Obj self, Args args) {
  std::int64_t start = 0;
  std::int64_t stop = INT64_MAX;
  if (args.count > 1) start = OURO_TRY(search_bound(ts, args[1]));
  if (args.count > 2) stop = OURO_TRY(search_bound(ts, args[2]));
  const std::int64_t size = deque_of(self)->size;
  if (start < 0) start = std::max<std::int64_t>(start + size, 0);
  if (stop < 0) stop = std::max<std::int64_t>(stop + size, 0);
  stop = std::min(stop, size);
  start = std::min(start, stop);
  std::int64_t found = -1;
  OURO_TRY(compare_each(ts, deque_of(self), args[0], start, stop, ts.core.exceptions.RuntimeError,
                        [&](std::int64_t i, bool equal) {
                          if (equal) found = i;
                          return equal;
                        }));
  if (found < 0) return raise_value_error(ts, "{r} is not in deque", args[0]);
  return int_result(ts, found);
}

/// Takes out item `index`, which must exist: the items before it are moved away and back.
Result<Ref<Object>> take_at(ThreadState& ts, Deque* deque, std::int64_t index) {
  OURO_TRY(deque_rotate(ts, deque, -index));
  ObjRef item = deque_take_left(deque);
  OURO_TRY(deque_rotate(ts, deque, index));
  return item;
}

ObjResult method_remove(ThreadState& ts, Obj self, Args args) {
  Deque* deque = deque_of(self);
  std::int64_t found = -1;
  OURO_TRY(compare_each(ts, deque, args[0], 0, deque->size, ts.core.exceptions.IndexError,
                        [&](std::int64_t i, bool equal) {
                          if (equal) found = i;
                          return equal;
                        }));
  if (found < 0) return raise_value_error(ts, "{r} is not in deque", args[0]);
  ObjRef removed = OURO_TRY(take_at(ts, deque, found));
  return ts.core.none_ref();
}

ObjResult method_insert(ThreadState& ts, Obj self, Args args) {
  Deque* deque = deque_of(self);
  const std::int64_t index =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  const std::int64_t size = deque->size;
  if (deque->maxlen >= 0 && size >= deque->maxlen) {
    return raise(ts, ts.core.exceptions.IndexError, "deque already at its maximum size");
  }
  if (index >= size) {
    OURO_TRY(deque_append(ts, deque, args[1].new_ref()));
  } else if (index <= -size || index == 0) {
    OURO_TRY(deque_append_left(ts, deque, args[1].new_ref()));
  } else {
    OURO_TRY(deque_rotate(ts, deque, -index));
    OURO_TRY(index < 0 ? deque_append(ts, deque, args[1].new_ref())
                       : deque_append_left(ts, deque, args[1].new_ref()));
    OURO_TRY(deque_rotate(ts, deque, index));
  }
  return ts.core.none_ref();
}

ObjResult method_reversed(ThreadState& ts, Obj self, Args) {
  return deque_iterator(ts, self, true);
}

ObjResult method_reduce(ThreadState& ts, Obj self, Args) {
  ObjRef state = OURO_TRY(call_method(ts, self, ts.core.names.dunder_getstate));
  ObjRef items = OURO_TRY(iterate(ts, self));
  const std::int64_t maxlen = deque_of(self)->maxlen;
  Ref<Tuple> make_args;
  if (maxlen < 0) {
    make_args = Ref<Tuple>::share(ts.core.empty_tuple);
  } else {
    Ref<Int> limit = OURO_TRY(Int::from(ts, maxlen));
    make_args = OURO_TRY(Tuple::of(ts, Obj(ts.core.empty_tuple), limit));
  }
  return Tuple::of(ts, Obj(self->type()), make_args, state, items);
}

ObjResult method_sizeof(ThreadState& ts, Obj self, Args) {
  const Deque* deque = deque_of(self);
  const std::int64_t blocks = (deque->left_index + deque->size + kDequeBlock - 1) / kDequeBlock;
  return int_result(
      ts, self->type()->info.basic_bytes +
              std::max<std::int64_t>(blocks, 1) * static_cast<std::int64_t>(sizeof(DequeBlock)));
}

ObjResult get_maxlen(ThreadState& ts, Obj self) {
  if (deque_of(self)->maxlen < 0) return ts.core.none_ref();
  return int_result(ts, deque_of(self)->maxlen);
}

}  // namespace

ObjResult deque_concat(ThreadState& ts, Obj left, Obj right) {
  if (!is_deque(right))
    return raise_type_error(ts, "can only concatenate deque (not \"{t}\") to deque", right);
  ObjRef made = OURO_TRY(deque_copy(ts, left));
  const ObjRef ignored = OURO_TRY(
      call_method(ts, made, ts.core.names.n_extend, std::initializer_list<Object*>{right.get()}));
  return made;
}

ObjResult deque_inplace_concat(ThreadState& ts, Obj self, Obj other) {
  OURO_TRY(deque_extend(ts, deque_of(self), other, false));
  return self.new_ref();
}

ObjResult deque_inplace_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  Deque* deque = deque_of(self);
  const std::int64_t size = deque->size;
  if (size == 0 || count == 1) return self.new_ref();
  if (count <= 0) {
    deque_clear(deque);
    return self.new_ref();
  }
  Ref<List> items = OURO_TRY(list_from_iterable(ts, self));
  if (deque->maxlen >= 0 && count > deque->maxlen / size + 2) count = deque->maxlen / size + 2;
  if (count > INT64_MAX / 16 / size) return raise_no_memory(ts);
  for (std::int64_t round = 1; round < count; ++round) {
    for (std::int64_t i = 0; i < items->size; ++i)
      OURO_TRY(deque_append(ts, deque, items->at(i).new_ref()));
  }
  return self.new_ref();
}

ObjResult deque_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  ObjRef made = OURO_TRY(deque_copy(ts, self));
  return deque_inplace_repeat(ts, made, count);
}

Result<bool> deque_contains(ThreadState& ts, Obj self, Obj item) {
  bool found = false;
  OURO_TRY(compare_each(ts, deque_of(self), item, 0, deque_of(self)->size,
                        ts.core.exceptions.RuntimeError, [&](std::int64_t, bool equal) {
                          found = equal;
                          return equal;
                        }));
  return found;
}

ObjResult deque_item(ThreadState& ts, Obj self, std::int64_t index) {
  Deque* deque = deque_of(self);
  if (index < 0 || index >= deque->size)
    return raise(ts, ts.core.exceptions.IndexError, "deque index out of range");
  return ObjRef::share(*deque_place(deque, index));
}

Status deque_set_item(ThreadState& ts, Obj self, std::int64_t index, Obj value) {
  Deque* deque = deque_of(self);
  if (index < 0 || index >= deque->size)
    return raise(ts, ts.core.exceptions.IndexError, "deque index out of range");
  if (!value) {
    ObjRef removed = OURO_TRY(take_at(ts, deque, index));
    return kDone;
  }
  const ObjRef old =
      ObjRef::steal(std::exchange(*deque_place(deque, index), value.new_ref().release()));
  return kDone;
}

const MethodDef kDequeMethods[] = {
    {"append", method_append, 1, 1, MethodDef::kNone,
     "Add an element to the right side of the deque."},
    {"appendleft", method_append_left, 1, 1, MethodDef::kNone,
     "Add an element to the left side of the deque."},
    {"clear", method_clear, 0, 0, MethodDef::kNone, "Remove all elements from the deque."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {"__copy__", method_copy, 0, 0, MethodDef::kNone, "Return a shallow copy of a deque."},
    {"copy", method_copy, 0, 0, MethodDef::kNone, "Return a shallow copy of a deque."},
    {"count", method_count, 1, 1, MethodDef::kNone,
     "D.count(value) -- return number of occurrences of value"},
    {"extend", method_extend, 1, 1, MethodDef::kNone,
     "Extend the right side of the deque with elements from the iterable"},
    {"extendleft", method_extend_left, 1, 1, MethodDef::kNone,
     "Extend the left side of the deque with elements from the iterable"},
    {"index", method_index, 1, 3, MethodDef::kNone,
     "D.index(value, [start, [stop]]) -- return first index of value."},
    {"insert", method_insert, 2, 2, MethodDef::kNone,
     "D.insert(index, object) -- insert object before index"},
    {"pop", method_pop, 0, 0, MethodDef::kNone, "Remove and return the rightmost element."},
    {"popleft", method_pop_left, 0, 0, MethodDef::kNone, "Remove and return the leftmost element."},
    {"__reduce__", method_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {"remove", method_remove, 1, 1, MethodDef::kNone,
     "D.remove(value) -- remove first occurrence of value."},
    {"__reversed__", method_reversed, 0, 0, MethodDef::kNone,
     "D.__reversed__() -- return a reverse iterator over the deque"},
    {"reverse", method_reverse, 0, 0, MethodDef::kNone, "D.reverse() -- reverse *IN PLACE*"},
    {"rotate", method_rotate, 0, 1, MethodDef::kNone,
     "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left."},
    {"__sizeof__", method_sizeof, 0, 0, MethodDef::kNone,
     "D.__sizeof__() -- size of D in memory, in bytes"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

const GetSetDef kDequeGetSets[] = {
    {"maxlen", get_maxlen, nullptr, "maximum size of a deque or None if unbounded"},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace ouro
