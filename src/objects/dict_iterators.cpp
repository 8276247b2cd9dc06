// Iterators over dicts, forwards and backwards.
//
// They notice a dict that grew or shrank ("changed size") and one whose entries were exchanged for
// as many others ("keys changed").
#include <algorithm>

#include "objects/dict_impl.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

Result<Ref<DictIterator>> make_iterator(ThreadState& ts, Borrowed<Type> type, Borrowed<Dict> dict,
                                        bool with_result) {
  Ref<Dict> held = dict.new_ref();
  Ref<Tuple> result;
  if (with_result) {
    ObjRef none = ts.core.none_ref();
    result = OURO_TRY(Tuple::of(ts, none, none));
  }
  Ref<DictIterator> made = OURO_TRY(new_object<DictIterator>(ts, type));
  made->used = dict->used;
  made->remaining = dict->used;
  made->dict = held.release();
  made->result = result.release();
  return made;
}

// Finds the next entry (borrowed), if the dict was not changed.
template <int kStep>
Next step(ThreadState& ts, DictIterator* iterator, DictEntry& entry) {
  Dict* dict = iterator->dict;
  if (dict == nullptr) return Next::Done;
  if (iterator->used != std::int64_t{dict->used}) {
    iterator->used = -1;  // stays so
    raise(ts, ts.core.exceptions.RuntimeError, "dictionary changed size during iteration");
    return Next::Raised;
  }
  const std::int64_t count = dict->entry_count();
  std::int64_t at = kStep < 0 ? std::min(iterator->position, count - 1) : iterator->position;
  while (at >= 0 && at < count && dict->key_at(static_cast<std::size_t>(at)) == nullptr)
    at += kStep;
  if (at < 0 || at >= count) {
    drop(iterator->dict);
    return Next::Done;
  }
  if (iterator->remaining == 0) {
    raise(ts, ts.core.exceptions.RuntimeError, "dictionary keys changed during iteration");
    drop(iterator->dict);
    return Next::Raised;
  }
  iterator->position = at + kStep;
  --iterator->remaining;
  const auto place = static_cast<std::size_t>(at);
  entry = {dict->key_at(place), dict->value_at(place)};
  return Next::Item;
}

template <int kStep>
Next key_next(ThreadState& ts, Obj self, ObjRef& item) {
  DictEntry entry = {};
  const Next next = step<kStep>(ts, as<DictIterator>(self), entry);
  if (next == Next::Item) item = ObjRef::share(entry.key);
  return next;
}

template <int kStep>
Next value_next(ThreadState& ts, Obj self, ObjRef& item) {
  DictEntry entry = {};
  const Next next = step<kStep>(ts, as<DictIterator>(self), entry);
  if (next == Next::Item) item = ObjRef::share(entry.value);
  return next;
}

template <int kStep>
Next item_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<DictIterator>(self);
  DictEntry entry = {};
  const Next next = step<kStep>(ts, iterator, entry);
  if (next != Next::Item) return next;
  ObjRef key = ObjRef::share(entry.key);
  ObjRef value = ObjRef::share(entry.value);
  Tuple* result = iterator->result;
  if (result != nullptr && result->refcount == 1) {
    // Nobody kept the last pair: fill it again. Held before the old members go, which may run
    // Python code.
    ObjRef again = ObjRef::share(result);
    if (!result->is_tracked() && track(ts, again).raised()) return Next::Raised;
    Object** places = result->items;
    Object* old_key = std::exchange(places[0], key.release());
    Object* old_value = std::exchange(places[1], value.release());
    decref(old_key);
    decref(old_value);
    item = std::move(again);
    return Next::Item;
  }
  Result<Ref<Tuple>> pair = Tuple::of(ts, key, value);
  if (pair.raised()) return Next::Raised;
  item = pair.take();
  return Next::Item;
}

ObjResult iterator_length(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<DictIterator>(self);
  const bool valid =
      iterator->dict != nullptr && iterator->used == std::int64_t{iterator->dict->used};
  return int_result(ts, valid ? iterator->remaining : 0);
}

// iter([what is left]); the iterator itself stays where it is.
ObjResult iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<DictIterator>(self);
  Ref<List> left;
  if (iterator->dict == nullptr) {
    left = OURO_TRY(List::create(ts));
  } else {
    Ref<DictIterator> copy =
        OURO_TRY(make_iterator(ts, self->type(), iterator->dict, iterator->result != nullptr));
    copy->used = iterator->used;
    copy->position = iterator->position;
    copy->remaining = iterator->remaining;
    OURO_TRY(track(ts, copy));
    left = OURO_TRY(list_from_iterable(ts, copy));
  }
  return reduce_iterator(ts, "iter", left, -1);
}

constexpr MethodDef kDictIteratorMethods[] = {
    {"__length_hint__", iterator_length, 0, 0, MethodDef::kNone,
     "__length_hint__($self, /)\n--\n\nHow many items are left, at a guess."},
    {"__reduce__", iterator_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

void init_dict_iterator(Type& type, NextSlot next) {
  init_collected<DictIterator>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = dealloc_members<DictIterator, &DictIterator::dict, &DictIterator::result>;
  type.iter = iterator_self;
  type.next = next;
  type.methods = kDictIteratorMethods;
}

}  // namespace

ObjResult dict_iterator_create(ThreadState& ts, Borrowed<Type> type, Borrowed<Dict> dict) {
  Ref<DictIterator> made =
      OURO_TRY(make_iterator(ts, type, dict, type.get() == ts.core.types.dict_item_iterator));
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult dict_reverse_iterator_create(ThreadState& ts, Borrowed<Type> type, Borrowed<Dict> dict) {
  Ref<DictIterator> made = OURO_TRY(
      make_iterator(ts, type, dict, type.get() == ts.core.types.dict_reverse_item_iterator));
  made->position = std::int64_t{made->dict->entry_count()} - 1;
  OURO_TRY(track(ts, made));
  return made;
}

void init_dict_key_iterator_type(ThreadState&, Type& type) {
  init_dict_iterator(type, key_next<1>);
}
void init_dict_value_iterator_type(ThreadState&, Type& type) {
  init_dict_iterator(type, value_next<1>);
}
void init_dict_item_iterator_type(ThreadState&, Type& type) {
  init_dict_iterator(type, item_next<1>);
}
void init_dict_reverse_key_iterator_type(ThreadState&, Type& type) {
  init_dict_iterator(type, key_next<-1>);
}
void init_dict_reverse_value_iterator_type(ThreadState&, Type& type) {
  init_dict_iterator(type, value_next<-1>);
}
void init_dict_reverse_item_iterator_type(ThreadState&, Type& type) {
  init_dict_iterator(type, item_next<-1>);
}

}  // namespace ouro
