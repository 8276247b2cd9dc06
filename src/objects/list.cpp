// List: storage and slots. Methods are in list_methods.cpp, sorting in list_sort.cpp.
#include "objects/list.h"

#include <algorithm>
#include <cstring>

#include "objects/iterators.h"
#include "objects/list_impl.h"
#include "objects/range.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"
#include "support/checked_size.h"

namespace ouro {

namespace {

constexpr std::uint16_t kFreeListLimit = 80;  // how many dead lists CPython keeps

Result<Ref<List>> allocate_list(ThreadState& ts) {
  // What allocate_object does, for a type that is known.
  gc::Collector& collector = ts.space.collector;
  void* block = nullptr;
  if (ts.core.free_lists == 0) {
    block = collector.allocate(sizeof(List));
  } else {
    --ts.core.free_lists;
    block = collector.allocate_uncounted(sizeof(List));
  }
  if (block == nullptr) [[unlikely]] return raise_no_memory(ts);
  auto* made = static_cast<List*>(block);
  made->refcount = 1;
  made->gc_word = 0;
  made->type_info = &ts.core.types.list->info;
  made->items = nullptr;
  made->size = made->capacity = 0;
  return Ref<List>::steal(made);
}

// Room for exactly `count` items in a list without storage (an even number of places, as blocks are
// 16 bytes apart).
bool list_reserve_exact(List* list, std::int64_t count) {
  const std::size_t places = (static_cast<std::size_t>(count) + 1) & ~std::size_t{1};
  std::size_t bytes = 0;
  if (!checked_size(places, sizeof(Object*), 0, &bytes)) return false;
  void* block = allocate_raw(bytes);
  if (block == nullptr) return false;
  list->items = static_cast<Object**>(block);
  list->capacity = static_cast<std::int64_t>(places);
  return true;
}

void drop_items(Object** items, std::int64_t count) {
  while (count > 0) xdecref(items[--count]);
  free_raw(items);
}

void list_dealloc(gc::Header* header) {
  auto* self = static_cast<List*>(header);
  untrack(self);
  if (self->items != nullptr) {
    const std::int64_t count = std::exchange(self->size, 0);
    drop_items(std::exchange(self->items, nullptr), count);
  }
  if (!is_exact_list(self)) return free_object(self);
  ThreadState& ts = *current_thread_state();
  const bool counted = ts.core.free_lists >= kFreeListLimit;
  if (!counted) ++ts.core.free_lists;
  ts.space.collector.release(self, counted);
}

void list_clear(gc::Header* header) { static_cast<List*>(header)->clear_items(); }

ObjResult list_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<List> made = OURO_TRY(new_object<List>(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, made));
  return made;
}

Status list_init(ThreadState& ts, Obj self, Args args) {
  // A subclass whose own __new__ takes keywords may be made with some.
  const bool takes_keywords = self->type()->make != ts.core.types.list->make;
  OURO_TRY(check_args(ts, takes_keywords ? Args{args.values, args.count, nullptr} : args, "list", 0, 1));
  List* list = as<List>(self);
  list->clear_items();
  if (args.count == 0) return kDone;
  return list->extend(ts, args[0]);
}

ObjResult list_repr(ThreadState& ts, Obj self) {
  List* list = as<List>(self);
  if (list->size == 0) return Str::from_utf8(ts, "[]");
  if (!OURO_TRY(repr_enter(ts, self))) return Str::from_utf8(ts, "[...]");
  auto show = [&]() -> ObjResult {
    StrBuilder out(ts);
    OURO_TRY(out.append("["));
    for (std::int64_t i = 0; i < list->size; ++i) {
      if (i > 0) OURO_TRY(out.append(", "));
      ObjRef item = list->at(i).new_ref();
      Ref<Str> text = OURO_TRY(repr_of(ts, item));
      OURO_TRY(out.append(text));
    }
    OURO_TRY(out.append("]"));
    return out.finish();
  };
  ObjResult shown = show();
  repr_leave(ts, self);
  return shown;
}

ObjResult list_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_list(left) || !is_list(right)) return ts.core.not_implemented_ref();
  return compare_rows(ts, as<List>(left), as<List>(right), op);
}

Result<std::int64_t> list_length(ThreadState&, Obj self) { return as<List>(self)->size; }

ObjResult list_item(ThreadState& ts, Obj self, std::int64_t index) {
  List* list = as<List>(self);
  if (index < 0 || index >= list->size)
    return raise(ts, ts.core.exceptions.IndexError, "list index out of range");
  return list->at(index).new_ref();
}

Status list_set_item(ThreadState& ts, Obj self, std::int64_t index, Obj value) {
  List* list = as<List>(self);
  if (index < 0 || index >= list->size) {
    return raise(ts, ts.core.exceptions.IndexError, "list assignment index out of range");
  }
  if (!value) return list_assign_slice(ts, list, index, index + 1, nullptr);
  Object* old = std::exchange(list->items[index], value.new_ref().release());
  decref(old);
  return kDone;
}

ObjResult list_subscript(ThreadState& ts, Obj self, Obj key) {
  List* list = as<List>(self);
  if (has_index(key)) {
    std::int64_t index = OURO_TRY(subscript_index(ts, key));
    if (index < 0) index += list->size;
    return list_item(ts, self, index);
  }
  if (!is_kind(key, TypeKind::Slice))
    return raise_type_error(ts, "list indices must be integers or slices, not {t}", key);
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  return list->slice(ts, raw);
}

Status list_set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  List* list = as<List>(self);
  if (has_index(key)) {
    std::int64_t index = OURO_TRY(subscript_index(ts, key));
    if (index < 0) index += list->size;
    return list_set_item(ts, self, index, value);
  }
  if (!is_kind(key, TypeKind::Slice))
    return raise_type_error(ts, "list indices must be integers or slices, not {t}", key);
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  return list->assign(ts, raw, value);
}

Result<bool> list_contains(ThreadState& ts, Obj self, Obj item) {
  List* list = as<List>(self);
  for (std::int64_t i = 0; i < list->size; ++i) {
    if (list->at(i) == item) return true;
    ObjRef held = list->at(i).new_ref();
    if (OURO_TRY(equals(ts, held, item))) return true;
  }
  return false;
}

ObjResult list_concat(ThreadState& ts, Obj left, Obj right) {
  if (!is_list(right))
    return raise_type_error(ts, "can only concatenate list (not \"{t}\") to list", right);
  List* a = as<List>(left);
  List* b = as<List>(right);
  Ref<List> made = OURO_TRY(List::create(ts, a->size + b->size));
  if (!list_resize(made.get(), a->size + b->size)) return raise_no_memory(ts);
  for (std::int64_t i = 0; i < a->size; ++i) made->items[i] = a->at(i).new_ref().release();
  for (std::int64_t i = 0; i < b->size; ++i)
    made->items[a->size + i] = b->at(i).new_ref().release();
  return made;
}

ObjResult list_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  List* list = as<List>(self);
  if (count <= 0 || list->size == 0) return List::create(ts);
  std::int64_t size = 0;
  if (__builtin_mul_overflow(list->size, count, &size)) return raise_no_memory(ts);
  Ref<List> made = OURO_TRY(List::create(ts, size));
  // Making the list may have run Python code that changed this one.
  if (__builtin_mul_overflow(list->size, count, &size) || !list_resize(made.get(), size))
    return raise_no_memory(ts);
  const std::int64_t step = list->size;
  for (std::int64_t i = 0; i < size;) {
    for (std::int64_t j = 0; j < step; ++j) made->items[i++] = list->at(j).new_ref().release();
  }
  return made;
}

ObjResult list_inplace_concat(ThreadState& ts, Obj self, Obj other) {
  OURO_TRY(as<List>(self)->extend(ts, other));
  return self.new_ref();
}

ObjResult list_inplace_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  List* list = as<List>(self);
  if (list->size == 0 || count == 1) return self.new_ref();
  if (count < 1) {
    list->clear_items();
    return self.new_ref();
  }
  const std::int64_t step = list->size;
  std::int64_t size = 0;
  if (__builtin_mul_overflow(step, count, &size) || !list_resize(list, size))
    return raise_no_memory(ts);
  for (std::int64_t i = step; i < size; ++i)
    list->items[i] = list->at(i - step).new_ref().release();
  return self.new_ref();
}

// Appends the items of an exact list or tuple (maybe of `list` itself), all at once.
Status extend_from_row(ThreadState& ts, List* list, Obj row) {
  const auto count = static_cast<std::int64_t>(fast_items(row).size());
  if (count == 0) return kDone;
  const std::int64_t old_size = list->size;
  std::int64_t size = 0;
  if (__builtin_add_overflow(old_size, count, &size)) return raise_no_memory(ts);
  if (list->items == nullptr) {
    if (!list_reserve_exact(list, count)) return raise_no_memory(ts);
    list->size = size;
  } else if (!list_resize(list, size)) {
    return raise_no_memory(ts);
  }
  Object* const* from =
      is_list(row) ? as<List>(row)->items : as<Tuple>(row)->items;  // after the storage has moved
  for (std::int64_t i = 0; i < count; ++i)
    list->items[old_size + i] = Obj(from[i]).new_ref().release();
  return kDone;
}

}  // namespace

bool list_resize(List* list, std::int64_t size) {
  if (list->capacity >= size && size >= (list->capacity >> 1)) {
    list->size = size;
    return true;
  }
  const auto wanted = static_cast<std::size_t>(size);
  std::size_t places = (wanted + (wanted >> 3) + 6) & ~std::size_t{3};
  // A jump of more than the surplus is likely the last one: no surplus then.
  if (size - list->size > static_cast<std::int64_t>(places - wanted))
    places = (wanted + 3) & ~std::size_t{3};
  if (size == 0) {
    free_raw(std::exchange(list->items, nullptr));
    list->size = list->capacity = 0;
    return true;
  }
  std::size_t bytes = 0;
  if (!checked_size(places, sizeof(Object*), 0, &bytes)) return false;
  void* block = reallocate_raw(list->items, bytes);
  if (block == nullptr) return false;
  list->items = static_cast<Object**>(block);
  list->size = size;
  list->capacity = static_cast<std::int64_t>(places);
  return true;
}

Result<Ref<List>> list_slice(ThreadState& ts, List* list, std::int64_t start, std::int64_t stop) {
  start = std::clamp<std::int64_t>(start, 0, list->size);
  stop = std::clamp<std::int64_t>(stop, start, list->size);
  Ref<List> made = OURO_TRY(List::create(ts, stop - start));
  stop = std::min(stop, list->size);  // a collection may have run
  const std::int64_t count = std::max<std::int64_t>(stop - start, 0);
  Object** to = made->items;
  Object* const* from = list->items;
  for (std::int64_t i = 0; i < count; ++i) to[i] = Obj(from[start + i]).new_ref().release();
  made->size = count;
  return made;
}

Status list_assign_slice(ThreadState& ts, List* list, std::int64_t start, std::int64_t stop,
                         Obj iterable) {
  ObjRef held;
  if (iterable) {
    if (iterable.get() == list) {
      held = OURO_TRY(list_slice(ts, list, 0, list->size));
    } else {
      held = OURO_TRY(sequence_fast(ts, iterable, "can only assign an iterable"));
    }
  }
  const std::span<Object* const> added = held ? fast_items(held) : std::span<Object* const>{};
  start = std::clamp<std::int64_t>(start, 0, list->size);
  stop = std::clamp<std::int64_t>(stop, start, list->size);
  const std::int64_t old_size = list->size;
  const std::int64_t removed = stop - start;
  const std::int64_t growth = static_cast<std::int64_t>(added.size()) - removed;
  if (old_size + growth == 0) {
    list->clear_items();
    return kDone;
  }
  // What goes is dropped when the list is whole again.
  Object* few[8];
  Object** old_items = few;
  if (removed > std::ssize(few)) {
    old_items =
        static_cast<Object**>(allocate_raw(static_cast<std::size_t>(removed) * sizeof(Object*)));
    if (old_items == nullptr) return raise_no_memory(ts);
  }
  std::copy_n(list->items + start, removed, old_items);
  const auto move_tail = [&] {
    std::memmove(list->items + stop + growth, list->items + stop,
                 static_cast<std::size_t>(old_size - stop) * sizeof(Object*));
  };
  if (growth < 0) {
    move_tail();
    // Shrinking the storage can fail; the larger one serves as well.
    if (!list_resize(list, old_size + growth)) list->size = old_size + growth;
  } else if (growth > 0) {
    if (!list_resize(list, old_size + growth)) {
      if (old_items != few) free_raw(old_items);
      return raise_no_memory(ts);
    }
    move_tail();
  }
  for (std::size_t i = 0; i < added.size(); ++i) {
    list->items[start + static_cast<std::int64_t>(i)] = Obj(added[i]).new_ref().release();
  }
  for (std::int64_t i = removed; i-- > 0;) xdecref(old_items[i]);
  if (old_items != few) free_raw(old_items);
  return kDone;
}

Result<Ref<List>> List::slice(ThreadState& ts, const SliceIndices& raw) {
  SliceIndices range = slice_adjust(raw, size);
  if (range.step == 1) return list_slice(ts, this, range.start, range.start + range.count);
  Ref<List> made = OURO_TRY(create(ts, range.count));
  // Making the list may have run a collection and so Python code that changed this one.
  const std::int64_t room = range.count;
  range = slice_adjust(raw, size);
  const std::int64_t count = std::min(range.count, room);
  Object** to = made->items;
  for (std::int64_t i = 0, from = range.start; i < count; ++i, from += range.step)
    to[i] = at(from).new_ref().release();
  made->size = count;
  return made;
}

Status List::assign(ThreadState& ts, const SliceIndices& raw, Obj value) {
  List* list = this;
  SliceIndices range = slice_adjust(raw, list->size);
  if (range.step == 1)
    return list_assign_slice(ts, list, range.start, range.start + range.count, value);
  ObjRef held;
  if (value) {
    if (value.get() == list) {
      held = OURO_TRY(list_slice(ts, list, 0, list->size));
    } else {
      held = OURO_TRY(sequence_fast(ts, value, "must assign iterable to extended slice"));
    }
    range = slice_adjust(raw, list->size);  // iterating may have changed the list
    const std::size_t given = fast_items(held).size();
    if (given != static_cast<std::size_t>(range.count)) {
      return raise_value_error(ts,
                               "attempt to assign sequence of size {} to extended slice of size {}",
                               given, range.count);
    }
  }
  if (range.count == 0) return kDone;
  auto* old_items =
      static_cast<Object**>(allocate_raw(static_cast<std::size_t>(range.count) * sizeof(Object*)));
  if (old_items == nullptr) return raise_no_memory(ts);
  if (value) {
    const std::span<Object* const> added = fast_items(held);
    for (std::int64_t i = 0, at = range.start; i < range.count; ++i, at += range.step) {
      old_items[i] = std::exchange(list->items[at],
                                   Obj(added[static_cast<std::size_t>(i)]).new_ref().release());
    }
  } else {
    if (range.step < 0) {  // from the front: the same places
      range.start += range.step * (range.count - 1);
      range.step = -range.step;
    }
    std::int64_t kept = range.start;
    std::int64_t next = range.start;
    std::int64_t taken = 0;
    for (std::int64_t i = range.start; i < list->size; ++i) {
      if (taken < range.count && i == next) {
        old_items[taken++] = list->items[i];
        next += range.step;
      } else {
        list->items[kept++] = list->items[i];
      }
    }
    if (!list_resize(list, kept)) list->size = kept;
  }
  for (std::int64_t i = 0; i < range.count; ++i) decref(old_items[i]);
  free_raw(old_items);
  return kDone;
}

Result<Ref<List>> List::create(ThreadState& ts, std::int64_t capacity) {
  std::size_t bytes = 0;
  if (capacity < 0 || !checked_size(static_cast<std::size_t>(capacity), sizeof(Object*), 0, &bytes))
    return raise_no_memory(ts);
  Ref<List> made = OURO_TRY(allocate_list(ts));
  if (capacity > 0) {
    void* block = allocate_raw(bytes);
    if (block == nullptr) return raise_no_memory(ts);
    made->items = static_cast<Object**>(block);
    made->capacity = capacity;
  }
  OURO_TRY(track(ts, made));
  return made;
}

Result<Ref<List>> List::from(ThreadState& ts, Object* const* items, std::size_t count) {
  Ref<List> made = OURO_TRY(create(ts, static_cast<std::int64_t>(count)));
  for (std::size_t i = 0; i < count; ++i) made->items[i] = Obj(items[i]).new_ref().release();
  made->size = static_cast<std::int64_t>(count);
  return made;
}

Result<Ref<List>> List::adopt(ThreadState& ts, Object** items, std::size_t count) {
  Ref<List> made = OURO_TRY(create(ts, static_cast<std::int64_t>(count)));
  std::copy_n(items, count, made->items);
  made->size = static_cast<std::int64_t>(count);
  return made;
}

Status List::append(ThreadState& ts, Obj item) { return append(ts, item.new_ref()); }

Status List::append(ThreadState& ts, ObjRef item) {
  const std::int64_t at = size;
  if (at < capacity) [[likely]] {
    size = at + 1;
  } else if (!list_resize(this, at + 1)) {
    return raise_no_memory(ts);
  }
  items[at] = item.release();
  return kDone;
}

Status List::insert(ThreadState& ts, std::int64_t index, Obj item) {
  const std::int64_t old_size = size;
  if (!list_resize(this, old_size + 1)) return raise_no_memory(ts);
  if (index < 0) index = std::max<std::int64_t>(index + old_size, 0);
  index = std::min(index, old_size);
  std::memmove(items + index + 1, items + index,
               static_cast<std::size_t>(old_size - index) * sizeof(Object*));
  items[index] = item.new_ref().release();
  return kDone;
}

Status List::extend(ThreadState& ts, Obj iterable) {
  if (is_exact_list(iterable) || is_exact_tuple(iterable) || iterable.get() == this)
    return extend_from_row(ts, this, iterable);
  ObjRef iterator = OURO_TRY(iterate(ts, iterable));
  const std::int64_t hint = OURO_TRY(length_hint(ts, iterable, 8));
  if (items == nullptr) {
    if (hint > 0 && !list_reserve_exact(this, hint)) return raise_no_memory(ts);
  } else if (const std::int64_t old_size = size; hint <= INT64_MAX - old_size) {
    if (!list_resize(this, old_size + hint)) return raise_no_memory(ts);
    size = old_size;
  }
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) break;
    OURO_TRY(append(ts, std::move(item)));
  }
  if (size < capacity && !list_resize(this, size)) return raise_no_memory(ts);
  return kDone;
}

void List::clear_items() {
  if (items == nullptr) return;
  Object** old_items = std::exchange(items, nullptr);
  const std::int64_t count = std::exchange(size, 0);
  capacity = 0;
  drop_items(old_items, count);
}

Status List::reverse() {
  std::reverse(items, items + size);
  return kDone;
}

Result<Ref<List>> list_from_iterable(ThreadState& ts, Obj iterable) {
  Ref<List> made = OURO_TRY(List::create(ts));
  OURO_TRY(made->extend(ts, iterable));
  return made;
}

Result<Ref<Tuple>> list_as_tuple(ThreadState& ts, Borrowed<List> list) {
  const std::int64_t size = list->size;
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, size));
  if (size == 0) return made;
  if (list->size != size) {  // a collection ran while the tuple was made: gather safely
    ItemBuffer items(ts);
    OURO_TRY(items.copy(list->items, list->size));
    return Tuple::from(ts, items.data(), static_cast<std::size_t>(items.size()));
  }
  for (std::int64_t i = 0; i < size; ++i) made->items[i] = list->at(i).new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

void init_list_type(ThreadState&, Type& type) {
  init_collected<List>(type);
  type.info.buffer_offset = offsetof(List, items);
  type.info.flags |= kBaseType | kListSubclass | kSequencePattern | kMatchSelf;
  type.info.dealloc = list_dealloc;
  type.info.clear = list_clear;
  type.make = list_make;
  type.init = list_init;
  type.repr = list_repr;
  type.compare = list_compare;
  type.iter = list_iterator_create;
  type.sequence.length = list_length;
  type.sequence.concat = list_concat;
  type.sequence.repeat = list_repeat;
  type.sequence.item = list_item;
  type.sequence.set_item = list_set_item;
  type.sequence.contains = list_contains;
  type.sequence.inplace_concat = list_inplace_concat;
  type.sequence.inplace_repeat = list_inplace_repeat;
  type.mapping.length = list_length;
  type.mapping.subscript = list_subscript;
  type.mapping.set_subscript = list_set_subscript;
  type.methods = kListMethods;
  type.doc = "list(iterable=(), /)\n--\n\nA mutable sequence.\n\nWithout an argument an empty one.";
}

}  // namespace ouro
