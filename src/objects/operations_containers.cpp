// len, subscription, membership, iteration: what they mean for any object.
#include "objects/container_support.h"
#include "objects/generic_alias.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

bool has_sequence_slots(const Type* type) {
  const SequenceSlots& slots = type->sequence;
  return slots.item != nullptr || slots.length != nullptr || slots.contains != nullptr ||
         type->has(kHeapType);
}

// An index made positive by the length where there is one, for slots that take numbers.
Result<std::int64_t> slot_index(ThreadState& ts, Obj container, Obj key) {
  const std::int64_t index = OURO_TRY(index_as_int64(ts, key, ts.core.exceptions.IndexError));
  const LengthSlot length = container->type()->sequence.length;
  if (index >= 0 || length == nullptr) return index;
  return index + OURO_TRY(length(ts, container));
}

// Class[key].
ObjResult class_item(ThreadState& ts, Obj type, Obj key) {
  if (type.get() == ts.core.types.type) return generic_alias_create(ts, type, key);
  MaybeAttribute method = find_attribute(ts, type, ts.core.names.dunder_class_getitem);
  if (method.failed) return Raised{};
  if (method.value && !is_none(method.value)) return call(ts, method.value, key);
  return raise_type_error(ts, "type '{}' is not subscriptable", as<Type>(type)->name());
}

}  // namespace

Result<std::int64_t> length_of(ThreadState& ts, Obj object) {
  const Type* type = object->type();
  if (type->sequence.length != nullptr) return type->sequence.length(ts, object);
  if (type->mapping.length != nullptr) return type->mapping.length(ts, object);
  return raise_type_error(ts, "object of type '{t}' has no len()", object);
}

Result<std::int64_t> length_hint(ThreadState& ts, Obj object, std::int64_t fallback) {
  const Type* type = object->type();
  if (type->sequence.length != nullptr || type->mapping.length != nullptr) {
    Result<std::int64_t> length = length_of(ts, object);
    if (length.ok()) return length;
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
  }
  MaybeAttribute method = find_special(ts, object, ts.core.names.dunder_length_hint);
  if (method.failed) return Raised{};
  if (!method.value) return fallback;
  ObjResult told = call(ts, method.value);
  if (told.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return fallback;
  }
  ObjRef hint = told.take();
  if (hint.get() == ts.core.not_implemented) return fallback;
  if (!is_int(hint))
    return raise_type_error(ts, "__length_hint__ must be an integer, not {t}", hint);
  const std::int64_t value = OURO_TRY(int_as_int64(ts, hint));
  if (value < 0) return raise_value_error(ts, "__length_hint__() should return >= 0");
  return value;
}

ObjResult get_item(ThreadState& ts, Obj container, Obj key) {
  const Type* type = container->type();
  if (type->mapping.subscript != nullptr) return type->mapping.subscript(ts, container, key);
  if (type->sequence.item != nullptr) {
    if (!has_index(key))
      return raise_type_error(ts, "sequence index must be integer, not '{t}'", key);
    const std::int64_t index = OURO_TRY(slot_index(ts, container, key));
    return type->sequence.item(ts, container, index);
  }
  if (is_type(container)) return class_item(ts, container, key);
  return raise_type_error(ts, "'{t}' object is not subscriptable", container);
}

Status set_item(ThreadState& ts, Obj container, Obj key, Obj value) {
  const Type* type = container->type();
  if (type->mapping.set_subscript != nullptr)
    return type->mapping.set_subscript(ts, container, key, value);
  if (type->sequence.set_item != nullptr) {
    if (!has_index(key))
      return raise_type_error(ts, "sequence index must be integer, not '{t}'", key);
    const std::int64_t index = OURO_TRY(slot_index(ts, container, key));
    return type->sequence.set_item(ts, container, index, value);
  }
  if (value)
    return raise_type_error(ts, "'{t}' object does not support item assignment", container);
  if (has_sequence_slots(type) && has_index(key)) {
    return raise_type_error(ts, "'{t}' object doesn't support item deletion", container);
  }
  return raise_type_error(ts, "'{t}' object does not support item deletion", container);
}

Result<bool> contains(ThreadState& ts, Obj container, Obj item) {
  const Type* type = container->type();
  if (type->sequence.contains != nullptr) return type->sequence.contains(ts, container, item);
  ObjResult made = iterate(ts, container);
  if (made.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return raise_type_error(ts, "argument of type '{t}' is not iterable", container);
  }
  ObjRef iterator = made.take();
  for (;;) {
    ObjRef found;
    const Next next = next_item(ts, iterator, found);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) return false;
    if (OURO_TRY(equals(ts, found, item))) return true;
  }
}

ObjResult iterate(ThreadState& ts, Obj iterable) {
  const Type* type = iterable->type();
  if (type->iter == nullptr) {
    if (type->sequence.item != nullptr && !is_dict(iterable))
      return sequence_iterator_create(ts, iterable);
    return raise_type_error(ts, "'{t}' object is not iterable", iterable);
  }
  ObjRef iterator = OURO_TRY(type->iter(ts, iterable));
  if (iterator->type()->next == nullptr)
    return raise_type_error(ts, "iter() returned non-iterator of type '{t}'", iterator);
  return iterator;
}

Next next_item(ThreadState& ts, Obj iterator, ObjRef& item) {
  const NextSlot slot = iterator->type()->next;
  if (slot == nullptr) {
    raise_type_error(ts, "'{t}' object is not an iterator", iterator);
    return Next::Raised;
  }
  const Next next = slot(ts, iterator, item);
  if (next == Next::Raised && catch_pending(ts, ts.core.exceptions.StopIteration))
    return Next::Done;
  return next;
}

ObjResult sequence_repeat(ThreadState& ts, Obj sequence, std::int64_t count) {
  const ItemSlot slot = sequence->type()->sequence.repeat;
  if (slot != nullptr) return slot(ts, sequence, count);
  return raise_type_error(ts, "'{t}' object can't be repeated", sequence);
}

ObjResult sequence_concat(ThreadState& ts, Obj left, Obj right) {
  const BinarySlot slot = left->type()->sequence.concat;
  if (slot != nullptr) return slot(ts, left, right);
  return raise_type_error(ts, "'{t}' object can't be concatenated", left);
}

}  // namespace ouro
