// What the container types share.
#include "objects/container_support.h"

#include <algorithm>

#include "objects/dict.h"
#include "objects/generic_alias.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "support/checked_size.h"

namespace ouro {

Result<std::int64_t> search_bound(ThreadState& ts, Obj value) {
  std::int64_t small;
  if (exact_small_int(value, small)) return small;
  if (!has_index(value))
    return raise_type_error(ts, "slice indices must be integers or have an __index__ method");
  return index_as_int64(ts, value, nullptr);
}

ObjResult iterator_self(ThreadState&, Obj self) { return self.new_ref(); }

Status refuse_member_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

ObjResult class_getitem_method(ThreadState& ts, Obj self, Args args) {
  return generic_alias_create(ts, self, args[0]);
}

ObjResult builtin_function(ThreadState& ts, const char* name) {
  Ref<Str> key = OURO_TRY(intern(ts, name));
  Obj found = dict_get_str(ts.core.builtins, key);
  if (!found)
    return raise(ts, ts.core.exceptions.AttributeError, "module 'builtins' has no attribute '{}'",
                 name);
  return found.new_ref();
}

ObjResult reduce_iterator(ThreadState& ts, const char* name, Obj argument, std::int64_t index) {
  ObjRef held = argument.new_ref();
  ObjRef function = OURO_TRY(builtin_function(ts, name));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, held));
  if (index < 0) return Tuple::of(ts, function, arguments);
  Ref<Int> position = OURO_TRY(Int::from(ts, index));
  return Tuple::of(ts, function, arguments, position);
}

ObjResult sequence_fast(ThreadState& ts, Obj object, const char* message) {
  if (is_exact_list(object) || is_exact_tuple(object)) return object.new_ref();
  ObjResult iterator = iterate(ts, object);
  if (iterator.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return raise_type_error(ts, "{}", message);
  }
  ObjRef held = iterator.take();
  return list_from_iterable(ts, held);
}

std::span<Object* const> fast_items(Obj list_or_tuple) {
  if (is_list(list_or_tuple)) {
    List* list = as<List>(list_or_tuple);
    return {list->items, static_cast<std::size_t>(list->size)};
  }
  Tuple* tuple = as<Tuple>(list_or_tuple);
  return {tuple->items, static_cast<std::size_t>(tuple->size)};
}

ItemBuffer::~ItemBuffer() {
  while (size_ > 0) decref(items_[--size_]);
  free_raw(items_);
}

Status ItemBuffer::reserve(std::int64_t count) {
  if (count <= capacity_) return kDone;
  const std::int64_t wanted = std::max<std::int64_t>({count, capacity_ + capacity_ / 2, 8});
  std::size_t bytes = 0;
  if (!checked_size(static_cast<std::size_t>(wanted), sizeof(Object*), 0, &bytes))
    return raise_no_memory(ts_);
  void* grown = reallocate_raw(items_, bytes);
  if (grown == nullptr) return raise_no_memory(ts_);
  items_ = static_cast<Object**>(grown);
  capacity_ = wanted;
  return kDone;
}

Status ItemBuffer::append(ObjRef item) {
  if (size_ == capacity_) OURO_TRY(reserve(size_ + 1));
  items_[size_++] = item.release();
  return kDone;
}

Status ItemBuffer::collect(Obj iterable) {
  ObjRef iterator = OURO_TRY(iterate(ts_, iterable));
  const std::int64_t hint = OURO_TRY(length_hint(ts_, iterable, 8));
  OURO_TRY(reserve(size_ + std::min<std::int64_t>(hint, 1 << 16)));
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts_, iterator, item);
    if (next == Next::Done) return kDone;
    if (next == Next::Raised) return Raised{};
    OURO_TRY(append(std::move(item)));
  }
}

Status ItemBuffer::copy(Object* const* items, std::int64_t count) {
  OURO_TRY(reserve(size_ + count));
  for (std::int64_t i = 0; i < count; ++i) items_[size_++] = Obj(items[i]).new_ref().release();
  return kDone;
}

void ItemBuffer::move_to(Object** places) {
  std::copy_n(items_, size_, places);
  size_ = 0;
}

ObjResult bool_result(ThreadState& ts, const Result<bool>& value) {
  Result<bool> copy = value;
  if (copy.raised()) return Raised{};
  return ts.core.bool_ref(copy.take());
}

ObjResult int_result(ThreadState& ts, std::int64_t value) { return Int::from(ts, value); }

ObjResult compare_lengths(ThreadState& ts, std::int64_t left, std::int64_t right, CompareOp op) {
  switch (op) {
    case CompareOp::Less:
      return ts.core.bool_ref(left < right);
    case CompareOp::LessEqual:
      return ts.core.bool_ref(left <= right);
    case CompareOp::Equal:
      return ts.core.bool_ref(left == right);
    case CompareOp::NotEqual:
      return ts.core.bool_ref(left != right);
    case CompareOp::Greater:
      return ts.core.bool_ref(left > right);
    case CompareOp::GreaterEqual:
      return ts.core.bool_ref(left >= right);
  }
  return ts.core.not_implemented_ref();
}

}  // namespace ouro
