// enumerate and reversed.
#include "objects/container_support.h"
#include "objects/iterators.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

struct Enumerate : Object {
  std::int64_t count;  // INT64_MAX: look at `large`
  Object* large;       // ? owned int, the next number once 64 bits are too few
  Object* iterator;    // owned
  Tuple* result;       // owned: the pair given out last, used again when nobody kept it
  template <class V>
  void edges(V& v) const {
    v.edge(iterator, gc::slot_label("iterator"));
    v.edge(result, gc::slot_label("item"));
    v.edge(large, gc::slot_label("count"));
  }
};

ObjResult enumerate_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  if (args.count == 0 && args.keyword_count() == 0) {
    return raise_type_error(ts, "enumerate() missing required argument 'iterable'");
  }
  OURO_TRY(parse_args(ts, args, "enumerate", {"iterable", "start"}, 1, values));
  std::int64_t count = 0;
  ObjRef large;
  if (values[1]) {
    ObjRef start = OURO_TRY(to_index(ts, values[1]));
    if (!exact_small_int(start, count)) {
      count = INT64_MAX;
      large = std::move(start);
    }
  }
  ObjRef iterator = OURO_TRY(iterate(ts, values[0]));
  ObjRef none = ts.core.none_ref();
  Ref<Tuple> result = OURO_TRY(Tuple::of(ts, none, none));
  Ref<Enumerate> made = OURO_TRY(new_object<Enumerate>(ts, type, type->info.basic_bytes));
  made->count = count;
  made->large = large.release();
  made->iterator = iterator.release();
  made->result = result.release();
  OURO_TRY(track(ts, made));
  return made;
}

// The number for the next item, counting on.
ObjResult next_number(ThreadState& ts, Enumerate* self) {
  if (self->count != INT64_MAX) return int_result(ts, self->count++);
  ObjRef number =
      self->large == nullptr ? OURO_TRY(int_result(ts, INT64_MAX)) : ObjRef::share(self->large);
  ObjRef one = OURO_TRY(int_result(ts, 1));
  ObjRef after = OURO_TRY(int_add(ts, number, one));
  xdecref(std::exchange(self->large, after.release()));
  return number;
}

Next enumerate_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* enumerate = as<Enumerate>(self);
  ObjRef value;
  const Next next = next_item(ts, enumerate->iterator, value);
  if (next != Next::Item) return next;
  ObjResult counted = next_number(ts, enumerate);
  if (counted.raised()) return Next::Raised;
  ObjRef number = counted.take();
  if (enumerate->result->refcount == 1) {
    Ref<Tuple> again = Ref<Tuple>::share(enumerate->result);
    if (!again->is_tracked() && track(ts, again).raised()) return Next::Raised;
    Object** places = again->items;
    Object* old_number = std::exchange(places[0], number.release());
    Object* old_value = std::exchange(places[1], value.release());
    decref(old_number);
    decref(old_value);
    item = std::move(again);
    return Next::Item;
  }
  Result<Ref<Tuple>> pair = Tuple::of(ts, number, value);
  if (pair.raised()) return Next::Raised;
  item = pair.take();
  return Next::Item;
}

ObjResult enumerate_reduce(ThreadState& ts, Obj self, Args) {
  const auto* enumerate = as<Enumerate>(self);
  ObjRef count = enumerate->large != nullptr ? ObjRef::share(enumerate->large)
                                             : OURO_TRY(int_result(ts, enumerate->count));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, Obj(enumerate->iterator), count));
  return Tuple::of(ts, Obj(self->type()), arguments);
}

constexpr MethodDef kEnumerateMethods[] = {
    {"__reduce__", enumerate_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass,
     "enumerate[...] for annotations."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

// -- reversed: a SequenceIterator that walks down
// ----------------------------------------------------------------------

ObjResult reversed_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type.get() == ts.core.types.reversed) OURO_TRY(refuse_keywords(ts, args, "reversed"));
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, "reversed", 1, 1));
  Obj sequence = args[0];
  MaybeAttribute method = find_special(ts, sequence, ts.core.names.dunder_reversed);
  if (method.failed) return Raised{};
  if (method.value && !is_none(method.value)) return call(ts, method.value);
  if (method.value || is_dict(sequence) || sequence->type()->sequence.item == nullptr) {
    return raise_type_error(ts, "'{t}' object is not reversible", sequence);
  }
  const std::int64_t length = OURO_TRY(length_of(ts, sequence));
  Ref<SequenceIterator> made =
      OURO_TRY(new_object<SequenceIterator>(ts, type, type->info.basic_bytes));
  made->index = length - 1;
  made->sequence = sequence.new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

Next reversed_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return Next::Done;
  if (iterator->index >= 0) {
    ObjRef sequence = ObjRef::share(iterator->sequence);
    ObjResult found = sequence->type()->sequence.item(ts, sequence, iterator->index);
    if (found.ok()) {
      --iterator->index;
      item = found.take();
      return Next::Item;
    }
    if (!catch_pending(ts, ts.core.exceptions.IndexError) &&
        !catch_pending(ts, ts.core.exceptions.StopIteration)) {
      return Next::Raised;
    }
  }
  iterator->index = -1;
  drop(iterator->sequence);
  return Next::Done;
}

ObjResult reversed_length(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return int_result(ts, 0);
  ObjRef sequence = ObjRef::share(iterator->sequence);
  const std::int64_t length = OURO_TRY(length_of(ts, sequence));
  return int_result(ts, length < iterator->index + 1 ? 0 : iterator->index + 1);
}

ObjResult reversed_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) {
    Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, Obj(ts.core.empty_tuple)));
    return Tuple::of(ts, Obj(self->type()), arguments);
  }
  ObjRef index = OURO_TRY(int_result(ts, iterator->index));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, Obj(iterator->sequence)));
  return Tuple::of(ts, Obj(self->type()), arguments, index);
}

ObjResult reversed_setstate(ThreadState& ts, Obj self, Args args) {
  std::int64_t index = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return ts.core.none_ref();
  ObjRef sequence = ObjRef::share(iterator->sequence);
  const std::int64_t length = OURO_TRY(length_of(ts, sequence));
  if (index < -1) index = -1;
  iterator->index = index > length - 1 ? length - 1 : index;
  return ts.core.none_ref();
}

constexpr MethodDef kReversedMethods[] = {
    {"__length_hint__", reversed_length, 0, 0, MethodDef::kNone,
     "__length_hint__($self, /)\n--\n\nHow many items are left."},
    {"__reduce__", reversed_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {"__setstate__", reversed_setstate, 1, 1, MethodDef::kNone,
     "__setstate__($self, state, /)\n--\n\nSet the position."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace

void init_enumerate_type(ThreadState&, Type& type) {
  init_collected<Enumerate>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc =
      dealloc_members<Enumerate, &Enumerate::iterator, &Enumerate::result, &Enumerate::large>;
  type.make = enumerate_make;
  type.iter = iterator_self;
  type.next = enumerate_next;
  type.methods = kEnumerateMethods;
  type.doc =
      "enumerate(iterable, start=0)\n--\n\nThe items of iterable, each in a pair with its number: "
      "(0, first), (1, second), ….";
}

void init_reversed_type(ThreadState&, Type& type) {
  init_collected<SequenceIterator>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc = dealloc_members<SequenceIterator, &SequenceIterator::sequence>;
  type.make = reversed_make;
  type.iter = iterator_self;
  type.next = reversed_next;
  type.methods = kReversedMethods;
  type.doc = "reversed(sequence, /)\n--\n\nThe items of sequence from the end.";
}

}  // namespace ouro
