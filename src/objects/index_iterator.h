// Iterators over texts and bytes by position: str_iterator, bytes_iterator, bytearray_iterator, and
// that of memoryview.
#pragma once

#include "objects/container_support.h"
#include "objects/range.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

/// Makes an iterator of the type that CoreTypes names so.
template <Type* CoreTypes::*kType>
ObjResult index_iterator_create(ThreadState& ts, Obj self) {
  ObjRef held = self.new_ref();
  Ref<SequenceIterator> made = OURO_TRY(new_object<SequenceIterator>(ts, ts.core.types.*kType));
  made->sequence = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

/// The slots and methods of an iterator over T (which has a `length`), whose item at a position
/// `kItem` makes.
template <class T, auto kItem>
struct IndexIterator {
  static Next next(ThreadState& ts, Obj self, ObjRef& item) {
    auto* iterator = as<SequenceIterator>(self);
    if (iterator->sequence == nullptr) return Next::Done;
    if (iterator->index >= as<T>(Obj(iterator->sequence))->length) {
      drop(iterator->sequence);
      return Next::Done;
    }
    ObjResult found = kItem(ts, iterator->sequence, iterator->index);
    if (found.raised()) return Next::Raised;
    ++iterator->index;
    item = found.take();
    return Next::Item;
  }
  static ObjResult length_hint(ThreadState& ts, Obj self, Args) {
    auto* iterator = as<SequenceIterator>(self);
    if (iterator->sequence == nullptr) return int_result(ts, 0);
    const std::int64_t left = as<T>(Obj(iterator->sequence))->length - iterator->index;
    return int_result(ts, left < 0 ? 0 : left);
  }
  static ObjResult reduce(ThreadState& ts, Obj self, Args) {
    auto* iterator = as<SequenceIterator>(self);
    if (iterator->sequence != nullptr)
      return reduce_iterator(ts, "iter", iterator->sequence, iterator->index);
    Obj nothing = std::is_same_v<T, Str> ? Obj(ts.core.empty_str) : Obj(ts.core.empty_tuple);
    return reduce_iterator(ts, "iter", nothing, -1);
  }
  static ObjResult set_state(ThreadState& ts, Obj self, Args args) {
    auto* iterator = as<SequenceIterator>(self);
    const std::int64_t index =
        OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
    if (iterator->sequence != nullptr) {
      const std::int64_t length = as<T>(Obj(iterator->sequence))->length;
      iterator->index = index < 0 ? 0 : index > length ? length : index;
    }
    return ts.core.none_ref();
  }
  static constexpr MethodDef kMethods[] = {
      {"__length_hint__", length_hint, 0, 0, 0,
       "Private method returning an estimate of len(list(it))."},
      {"__reduce__", reduce, 0, 0, 0, "Return state information for pickling."},
      {"__setstate__", set_state, 1, 1, 0, "Set state information for unpickling."},
      {nullptr, nullptr, 0, 0, 0, nullptr},
  };
};

template <class T, auto kItem>
void init_index_iterator(Type& type) {
  init_collected<SequenceIterator>(type);
  type.info.dealloc = dealloc_members<SequenceIterator, &SequenceIterator::sequence>;
  type.iter = iterator_self;
  type.next = IndexIterator<T, kItem>::next;
  type.methods = IndexIterator<T, kItem>::kMethods;
}

}  // namespace ouro
