// What the container types share: slots every iterator has, conversions of index arguments,
// dropping of members.
#pragma once

#include "gc/visitor.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"

namespace ouro {

/// False only for objects that can never be part of a cycle as they are now (what decides whether a
/// dict is tracked).
inline bool may_form_cycles(Obj object) {
  if (!type_has(object, gc::kCollected)) return false;
  if (is_exact_tuple(object)) return object->is_tracked();
  return !type_has(object, kTypeSubclass) || as<Type>(object)->has(kHeapType);
}

/// The object has an __index__.
inline bool has_index(Obj object) { return object->type()->number.index != nullptr; }

/// The value of an exact int that fits 64 bits; false for anything else.
inline bool exact_small_int(Obj object, std::int64_t& value) {
  if (!is_exact_int(object) || !as<Int>(object)->is_small()) return false;
  value = as<Int>(object)->small;
  return true;
}

/// An index for subscription; IndexError "cannot fit 'int' into an index-sized integer". The object
/// has an __index__.
inline Result<std::int64_t> subscript_index(ThreadState& ts, Obj key) {
  std::int64_t value;
  if (exact_small_int(key, value)) return value;
  return index_as_int64(ts, key, ts.core.exceptions.IndexError);
}

/// The start or stop argument of `index`: clamped; TypeError "slice indices must be integers or
/// have an __index__ method".
Result<std::int64_t> search_bound(ThreadState& ts, Obj value);

/// `__iter__` of iterators.
ObjResult iterator_self(ThreadState& ts, Obj self);
/// The setter of what CPython keeps in a read-only member: AttributeError "readonly attribute".
Status refuse_member_set(ThreadState& ts, Obj self, Obj value);
/// `__class_getitem__` of generic containers: list[int].
ObjResult class_getitem_method(ThreadState& ts, Obj self, Args args);
/// A function of module builtins (for __reduce__ of iterators).
ObjResult builtin_function(ThreadState& ts, const char* name);
/// (builtin(name), (argument,)) or (builtin(name), (argument,), index) when index >= 0.
ObjResult reduce_iterator(ThreadState& ts, const char* name, Obj argument, std::int64_t index);
/// `object` itself when an exact list or tuple, else a new list of its items; TypeError `message`
/// when not iterable.
ObjResult sequence_fast(ThreadState& ts, Obj object, const char* message);
/// The items of an exact-or-derived list or tuple, as they are now.
std::span<Object* const> fast_items(Obj list_or_tuple);
ObjResult bool_result(ThreadState& ts, const Result<bool>& value);
ObjResult int_result(ThreadState& ts, std::int64_t value);
/// left `op` right for two lengths, as a bool object.
ObjResult compare_lengths(ThreadState& ts, std::int64_t left, std::int64_t right, CompareOp op);

/// Empties a member, then drops what it held.
template <class T>
void drop(T*& member) {
  T* old = std::exchange(member, nullptr);
  if (old != nullptr) decref(old);
}

/// A growing row of owned references outside any object: what is gathered before its container is
/// made.
class ItemBuffer {
 public:
  explicit ItemBuffer(ThreadState& ts) : ts_(ts) {}
  ~ItemBuffer();
  ItemBuffer(const ItemBuffer&) = delete;
  ItemBuffer& operator=(const ItemBuffer&) = delete;
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] Object** data() const { return items_; }
  Status append(ObjRef item);
  /// Appends all items of an iterable.
  Status collect(Obj iterable);
  /// Appends new references to `count` items.
  Status copy(Object* const* items, std::int64_t count);
  /// Moves all references into `places`, leaving this empty.
  void move_to(Object** places);

 private:
  Status reserve(std::int64_t count);
  ThreadState& ts_;
  Object** items_ = nullptr;
  std::int64_t size_ = 0;
  std::int64_t capacity_ = 0;
};

/// A new untracked T with zeroed fields.
template <class T>
Result<Ref<T>> new_object(ThreadState& ts, Borrowed<Type> type, std::size_t bytes = sizeof(T)) {
  ObjRef made = OURO_TRY(allocate_object(ts, type, bytes));
  return Ref<T>::steal(static_cast<T*>(made.release()));
}

/// The deallocation of a type that only holds references: untracks, drops Members in order, frees.
template <class T, auto... Members>
void dealloc_members(gc::Header* header) {
  T* self = static_cast<T*>(header);
  untrack(self);
  (drop(self->*Members), ...);
  free_object(self);
}

/// Sets up a type whose instances only hold references and are iterators.
template <class T>
void init_collected(Type& type) {
  type.info.basic_bytes = sizeof(T);
  type.info.flags |= gc::kCollected;
  gc::EdgeFunctions<T>::install(type.info);
}

/// Compares two rows (lists or tuples) item by item. Items are held, sizes asked for again: __eq__
/// may change the rows.
template <class Row>
ObjResult compare_rows(ThreadState& ts, Row* left, Row* right, CompareOp op) {
  if (left->size != right->size && (op == CompareOp::Equal || op == CompareOp::NotEqual) &&
      !std::is_same_v<Row, Tuple>) {
    return ts.core.bool_ref(op == CompareOp::NotEqual);
  }
  for (std::int64_t i = 0; i < left->size && i < right->size; ++i) {
    if (left->items[i] == right->items[i]) continue;
    ObjRef a = ObjRef::share(left->items[i]);
    ObjRef b = ObjRef::share(right->items[i]);
    if (OURO_TRY(equals(ts, a, b))) continue;
    if (i >= left->size || i >= right->size) break;  // the comparison has removed them
    if (op == CompareOp::Equal) return ts.core.bool_ref(false);
    if (op == CompareOp::NotEqual) return ts.core.bool_ref(true);
    return compare(ts, a, b, op);
  }
  return compare_lengths(ts, left->size, right->size, op);
}

}  // namespace ouro
