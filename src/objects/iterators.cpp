// Iterators over lists and tuples, over anything with __getitem__, and over the results of a
// callable.
#include "objects/iterators.h"

#include <algorithm>

#include "objects/container_support.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

ObjResult make_sequence_iterator(ThreadState& ts, Borrowed<Type> type, Obj sequence,
                                 std::int64_t index) {
  ObjRef held = sequence.new_ref();
  Ref<SequenceIterator> made = OURO_TRY(new_object<SequenceIterator>(ts, type));
  made->index = index;
  made->sequence = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

// __setstate__ of an iterator that stands before `index`.
Result<std::int64_t> state_index(ThreadState& ts, Obj state) {
  return index_as_int64(ts, state, ts.core.exceptions.OverflowError);
}

// iter(()) or iter([]), for exhausted iterators.
ObjResult reduce_empty(ThreadState& ts, bool as_list) {
  ObjRef empty;
  if (as_list) {
    empty = OURO_TRY(List::create(ts));
  } else {
    empty = Ref<Tuple>::share(ts.core.empty_tuple);
  }
  return reduce_iterator(ts, "iter", empty, -1);
}

// -- list
// ------------------------------------------------------------------------------------------------------------

Next list_iterator_next(ThreadState&, Obj self, ObjRef& item) {
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return Next::Done;
  List* list = as<List>(iterator->sequence);
  if (iterator->index < list->size) {
    item = list->at(iterator->index++).new_ref();
    return Next::Item;
  }
  drop(iterator->sequence);
  return Next::Done;
}

ObjResult list_iterator_length(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return int_result(ts, 0);
  return int_result(
      ts, std::max<std::int64_t>(as<List>(iterator->sequence)->size - iterator->index, 0));
}

ObjResult list_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return reduce_empty(ts, true);
  return reduce_iterator(ts, "iter", iterator->sequence, iterator->index);
}

ObjResult list_iterator_setstate(ThreadState& ts, Obj self, Args args) {
  const std::int64_t index = OURO_TRY(state_index(ts, args[0]));
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence != nullptr) {
    iterator->index = std::clamp<std::int64_t>(index, 0, as<List>(iterator->sequence)->size);
  }
  return ts.core.none_ref();
}

Next list_reverse_iterator_next(ThreadState&, Obj self, ObjRef& item) {
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return Next::Done;
  List* list = as<List>(iterator->sequence);
  if (iterator->index >= 0 && iterator->index < list->size) {
    item = list->at(iterator->index--).new_ref();
    return Next::Item;
  }
  iterator->index = -1;
  drop(iterator->sequence);
  return Next::Done;
}

ObjResult list_reverse_iterator_length(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  const std::int64_t left = iterator->index + 1;
  if (iterator->sequence == nullptr || as<List>(iterator->sequence)->size < left)
    return int_result(ts, 0);
  return int_result(ts, left);
}

ObjResult list_reverse_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return reduce_empty(ts, true);
  return reduce_iterator(ts, "reversed", iterator->sequence, iterator->index);
}

ObjResult list_reverse_iterator_setstate(ThreadState& ts, Obj self, Args args) {
  const std::int64_t index = OURO_TRY(state_index(ts, args[0]));
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence != nullptr) {
    iterator->index = std::clamp<std::int64_t>(index, -1, as<List>(iterator->sequence)->size - 1);
  }
  return ts.core.none_ref();
}

// -- tuple
// -----------------------------------------------------------------------------------------------------------

Next tuple_iterator_next(ThreadState&, Obj self, ObjRef& item) {
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return Next::Done;
  Tuple* tuple = as<Tuple>(iterator->sequence);
  if (iterator->index < tuple->size) {
    item = tuple->at(iterator->index++).new_ref();
    return Next::Item;
  }
  drop(iterator->sequence);
  return Next::Done;
}

ObjResult tuple_iterator_length(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return int_result(ts, 0);
  return int_result(ts, as<Tuple>(iterator->sequence)->size - iterator->index);
}

ObjResult tuple_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return reduce_empty(ts, false);
  return reduce_iterator(ts, "iter", iterator->sequence, iterator->index);
}

ObjResult tuple_iterator_setstate(ThreadState& ts, Obj self, Args args) {
  const std::int64_t index = OURO_TRY(state_index(ts, args[0]));
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence != nullptr) {
    iterator->index = std::clamp<std::int64_t>(index, 0, as<Tuple>(iterator->sequence)->size);
  }
  return ts.core.none_ref();
}

// -- anything with __getitem__
// ---------------------------------------------------------------------------------------

Next sequence_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return Next::Done;
  if (iterator->index == INT64_MAX) {
    raise(ts, ts.core.exceptions.OverflowError, "iter index too large");
    return Next::Raised;
  }
  ObjRef sequence = ObjRef::share(iterator->sequence);
  ObjResult found = Raised{};
  const ItemSlot by_index = sequence->type()->sequence.item;
  if (by_index != nullptr) {
    found = by_index(ts, sequence, iterator->index);
  } else {
    Result<Ref<Int>> index = Int::from(ts, iterator->index);
    if (index.raised()) return Next::Raised;
    Ref<Int> held = index.take();
    found = get_item(ts, sequence, held);
  }
  if (found.ok()) {
    item = found.take();
    ++iterator->index;
    return Next::Item;
  }
  if (!catch_pending(ts, ts.core.exceptions.IndexError) &&
      !catch_pending(ts, ts.core.exceptions.StopIteration)) {
    return Next::Raised;
  }
  drop(iterator->sequence);
  return Next::Done;
}

ObjResult sequence_iterator_length(ThreadState& ts, Obj self, Args) {
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return int_result(ts, 0);
  ObjRef sequence = ObjRef::share(iterator->sequence);
  const Type* type = sequence->type();
  if (type->sequence.length == nullptr && type->mapping.length == nullptr)
    return ts.core.not_implemented_ref();
  const std::int64_t length = OURO_TRY(length_of(ts, sequence));
  return int_result(ts, std::max<std::int64_t>(length - iterator->index, 0));
}

ObjResult sequence_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return reduce_empty(ts, false);
  return reduce_iterator(ts, "iter", iterator->sequence, iterator->index);
}

ObjResult sequence_iterator_setstate(ThreadState& ts, Obj self, Args args) {
  const std::int64_t index = OURO_TRY(state_index(ts, args[0]));
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence != nullptr) iterator->index = std::max<std::int64_t>(index, 0);
  return ts.core.none_ref();
}

// -- iter(callable, sentinel)
// ----------------------------------------------------------------------------------------

Next callable_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<CallableIterator>(self);
  if (iterator->callable == nullptr) return Next::Done;
  ObjRef callable = ObjRef::share(iterator->callable);
  const auto finish = [&] {
    drop(iterator->callable);
    drop(iterator->sentinel);
    return Next::Done;
  };
  ObjResult made = call(ts, callable);
  if (made.raised())
    return catch_pending(ts, ts.core.exceptions.StopIteration) ? finish() : Next::Raised;
  item = made.take();
  if (iterator->sentinel == nullptr) {  // exhausted by the call itself
    item.reset();
    return Next::Done;
  }
  ObjRef sentinel = ObjRef::share(iterator->sentinel);
  Result<bool> ends = equals(ts, sentinel, item);
  if (ends.raised()) return Next::Raised;
  if (!ends.take()) return Next::Item;
  item.reset();
  return finish();
}

ObjResult callable_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<CallableIterator>(self);
  if (iterator->callable == nullptr) return reduce_empty(ts, false);
  ObjRef callable = ObjRef::share(iterator->callable);
  ObjRef sentinel = ObjRef::share(iterator->sentinel);
  ObjRef function = OURO_TRY(builtin_function(ts, "iter"));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, callable, sentinel));
  return Tuple::of(ts, function, arguments);
}

constexpr const char kLengthDoc[] =
    "__length_hint__($self, /)\n--\n\nHow many items are left, at a guess.";
constexpr const char kReduceDoc[] = "__reduce__($self, /)\n--\n\nWhat pickle needs.";
constexpr const char kSetstateDoc[] = "__setstate__($self, state, /)\n--\n\nSet the position.";

constexpr MethodDef kListIteratorMethods[] = {
    {"__length_hint__", list_iterator_length, 0, 0, MethodDef::kNone, kLengthDoc},
    {"__reduce__", list_iterator_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {"__setstate__", list_iterator_setstate, 1, 1, MethodDef::kNone, kSetstateDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kListReverseIteratorMethods[] = {
    {"__length_hint__", list_reverse_iterator_length, 0, 0, MethodDef::kNone, kLengthDoc},
    {"__reduce__", list_reverse_iterator_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {"__setstate__", list_reverse_iterator_setstate, 1, 1, MethodDef::kNone, kSetstateDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kTupleIteratorMethods[] = {
    {"__length_hint__", tuple_iterator_length, 0, 0, MethodDef::kNone, kLengthDoc},
    {"__reduce__", tuple_iterator_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {"__setstate__", tuple_iterator_setstate, 1, 1, MethodDef::kNone, kSetstateDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kSequenceIteratorMethods[] = {
    {"__length_hint__", sequence_iterator_length, 0, 0, MethodDef::kNone, kLengthDoc},
    {"__reduce__", sequence_iterator_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {"__setstate__", sequence_iterator_setstate, 1, 1, MethodDef::kNone, kSetstateDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kCallableIteratorMethods[] = {
    {"__reduce__", callable_iterator_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

void init_sequence_kind(Type& type, NextSlot next, const MethodDef* methods) {
  init_collected<SequenceIterator>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = dealloc_members<SequenceIterator, &SequenceIterator::sequence>;
  type.iter = iterator_self;
  type.next = next;
  type.methods = methods;
}

}  // namespace

ObjResult list_iterator_create(ThreadState& ts, Obj list) {
  return make_sequence_iterator(ts, ts.core.types.list_iterator, list, 0);
}

ObjResult list_reverse_iterator_create(ThreadState& ts, Obj list) {
  return make_sequence_iterator(ts, ts.core.types.list_reverse_iterator, list,
                                as<List>(list)->size - 1);
}

ObjResult tuple_iterator_create(ThreadState& ts, Obj tuple) {
  return make_sequence_iterator(ts, ts.core.types.tuple_iterator, tuple, 0);
}

ObjResult sequence_iterator_create(ThreadState& ts, Obj sequence) {
  return make_sequence_iterator(ts, ts.core.types.sequence_iterator, sequence, 0);
}

ObjResult callable_iterator_create(ThreadState& ts, Obj callable, Obj sentinel) {
  Ref<CallableIterator> made =
      OURO_TRY(new_object<CallableIterator>(ts, ts.core.types.callable_iterator));
  made->callable = callable.new_ref().release();
  made->sentinel = sentinel.new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

void init_list_iterator_type(ThreadState&, Type& type) {
  init_sequence_kind(type, list_iterator_next, kListIteratorMethods);
}

void init_list_reverse_iterator_type(ThreadState&, Type& type) {
  init_sequence_kind(type, list_reverse_iterator_next, kListReverseIteratorMethods);
}

void init_tuple_iterator_type(ThreadState&, Type& type) {
  init_sequence_kind(type, tuple_iterator_next, kTupleIteratorMethods);
}

void init_sequence_iterator_type(ThreadState&, Type& type) {
  init_sequence_kind(type, sequence_iterator_next, kSequenceIteratorMethods);
}

void init_callable_iterator_type(ThreadState&, Type& type) {
  init_collected<CallableIterator>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc =
      dealloc_members<CallableIterator, &CallableIterator::callable, &CallableIterator::sentinel>;
  type.iter = iterator_self;
  type.next = callable_iterator_next;
  type.methods = kCallableIteratorMethods;
}

}  // namespace ouro
