// MemoryView: making and releasing views, comparing, indexing, iterating.
#include "objects/memoryview.h"

#include <algorithm>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/iterators.h"
#include "objects/memory_items.h"
#include "objects/memoryview_internal.h"
#include "objects/type_inits.h"

namespace ouro {

std::int64_t MemoryView::item_bytes() const { return memory_item_bytes(code()); }

Status MemoryView::check_usable(ThreadState& ts) const {
  if (buffer == nullptr)
    return raise_value_error(ts, "operation forbidden on released memoryview object");
  return kDone;
}

// -- making and releasing
// ------------------------------------------------------------------------------------------------

namespace {

/// The export of an object ends.
void release_memory(Obj object) {
  if (is_bytes(object)) return;
  const BufferSlots* slots = object->type()->buffer;
  if (slots != nullptr) {
    slots->release(object);
  } else {
    --as<ByteArray>(object)->exports;
  }
}

/// Counts as export of the object until it dies.
Result<Ref<ManagedBuffer>> make_buffer(ThreadState& ts, Obj object, ExportedMemory& memory) {
  ObjRef held = object.new_ref();
  Ref<ManagedBuffer> made = OURO_TRY(new_object<ManagedBuffer>(ts, ts.core.types.managed_buffer));
  const BufferSlots* slots = is_bytes(held) ? nullptr : held->type()->buffer;
  if (slots != nullptr) {
    OURO_TRY(slots->acquire(ts, held, memory));
  } else {
    if (!is_bytes(held)) ++as<ByteArray>(held)->exports;
    const std::string_view bytes = bytes_of(held);
    memory = {const_cast<char*>(bytes.data()), static_cast<std::int64_t>(bytes.size()), 1, "B",
              is_bytes(held)};
  }
  made->object = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

/// A cycle through a buffer goes through a view, whose clear breaks it; so a buffer has none.
void managed_buffer_dealloc(gc::Header* header) {
  auto* self = static_cast<ManagedBuffer*>(header);
  untrack(self);
  if (self->object != nullptr) release_memory(self->object);
  drop(self->object);
  free_object(self);
}

/// An untracked view without layout.
Result<Ref<MemoryView>> new_view(ThreadState& ts, Borrowed<ManagedBuffer> buffer) {
  Ref<ManagedBuffer> held = buffer.new_ref();
  Ref<MemoryView> made = OURO_TRY(new_object<MemoryView>(ts, ts.core.types.memoryview));
  made->buffer = held.release();
  made->row_items = 1;
  made->hash = -1;
  made->dimensions = 1;
  return made;
}

}  // namespace

Result<Ref<MemoryView>> copy_view(ThreadState& ts, MemoryView* view) {
  Ref<MemoryView> made = OURO_TRY(new_view(ts, view->buffer));
  if (view->inner_shape != nullptr) {
    const std::size_t bytes = static_cast<std::size_t>(view->dimensions - 1) * sizeof(std::int64_t);
    made->inner_shape = static_cast<std::int64_t*>(allocate_raw(bytes));
    if (made->inner_shape == nullptr) return raise_no_memory(ts);
    std::memcpy(made->inner_shape, view->inner_shape, bytes);
  }
  made->start = view->start;
  made->length = view->length;
  made->step = view->step;
  made->row_items = view->row_items;
  made->dimensions = view->dimensions;
  made->read_only = view->read_only;
  std::memcpy(made->format, view->format, sizeof made->format);
  OURO_TRY(track(ts, made));
  return made;
}

void release_view(MemoryView* view) {
  view->length = 0;
  drop(view->buffer);
}

ObjResult memoryview_create(ThreadState& ts, Obj object) {
  if (is_kind(object, TypeKind::Memoryview)) {
    OURO_TRY(view_of(object)->check_usable(ts));
    return copy_view(ts, view_of(object));
  }
  if (!BufferView::is_bytes_like(object)) {
    return raise_type_error(ts, "memoryview: a bytes-like object is required, not '{t}'", object);
  }
  ExportedMemory memory = {};
  Ref<ManagedBuffer> buffer = OURO_TRY(make_buffer(ts, object, memory));
  Ref<MemoryView> made = OURO_TRY(new_view(ts, buffer));
  made->start = memory.data;
  made->length = memory.items;
  made->step = memory.item_bytes;
  made->read_only = memory.read_only;
  std::memcpy(made->format, memory.format, sizeof made->format);
  OURO_TRY(track(ts, made));
  return made;
}

namespace {

void memoryview_dealloc(gc::Header* header) {
  auto* self = static_cast<MemoryView*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  release_view(self);
  free_raw(self->inner_shape);
  free_object(self);
}

void memoryview_clear(gc::Header* header) {
  auto* self = static_cast<MemoryView*>(header);
  if (self->exports == 0) release_view(self);
}

ObjResult memoryview_make(ThreadState& ts, Borrowed<Type>, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "memoryview", {"object"}, 1, given));
  return memoryview_create(ts, given[0]);
}

ObjResult memoryview_repr(ThreadState& ts, Obj self) {
  char text[48];
  std::snprintf(text, sizeof text, "<%s at %p>",
                view_of(self)->buffer == nullptr ? "released memory" : "memory",
                static_cast<void*>(self.get()));
  return Str::from_utf8(ts, text);
}

}  // namespace

// -- content
// -------------------------------------------------------------------------------------------------------------

Result<Ref<Bytes>> copy_bytes(ThreadState& ts, const MemoryView* view) {
  const std::int64_t total = view->total_bytes();
  if (view->is_contiguous()) return Bytes::from(ts, {view->start, static_cast<std::size_t>(total)});
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, total));
  const std::int64_t row = view->row_bytes();
  for (std::int64_t i = 0; i < view->length; ++i) {
    std::memcpy(made->data() + i * row, view->start + i * view->step,
                static_cast<std::size_t>(row));
  }
  return made;
}

namespace {

/// The items of dimension `depth` (1: inside a row) from `place` on, which lie side by side.
ObjResult list_of_row(ThreadState& ts, const MemoryView* view, int depth, const char* place,
                      std::int64_t items) {
  if (depth == view->dimensions) return load_memory_item(ts, view->code(), place);
  const std::int64_t extent = view->inner_shape[depth - 1];
  const std::int64_t inner_items = items / extent;
  Ref<List> list = OURO_TRY(List::create(ts, extent));
  for (std::int64_t i = 0; i < extent; ++i) {
    const char* inner = place + i * inner_items * view->item_bytes();
    OURO_TRY(list->append(ts, OURO_TRY(list_of_row(ts, view, depth + 1, inner, inner_items))));
  }
  return list;
}

}  // namespace

ObjResult memoryview_list(ThreadState& ts, MemoryView* view) {
  const Ref<MemoryView> held = OURO_TRY(copy_view(ts, view));  // a finalizer may release the other
  Ref<List> list = OURO_TRY(List::create(ts, held->length));
  for (std::int64_t i = 0; i < held->length; ++i) {
    const char* place = held->start + i * held->step;
    OURO_TRY(list->append(ts, OURO_TRY(list_of_row(ts, held.get(), 1, place, held->row_items))));
  }
  return list;
}

namespace {

Result<std::int64_t> memoryview_hash(ThreadState& ts, Obj self) {
  MemoryView* view = view_of(self);
  if (view->hash != -1) return view->hash;
  OURO_TRY(view->check_usable(ts));
  if (!view->read_only) return raise_value_error(ts, "cannot hash writable memoryview object");
  if (std::strchr("Bbc", view->code()) == nullptr) {
    return raise_value_error(ts, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
  }
  Ref<Bytes> bytes = OURO_TRY(copy_bytes(ts, view));
  view->hash = hash_bytes(ts.core, bytes->data(), static_cast<std::size_t>(bytes->length));
  return view->hash;
}

bool same_shape(const MemoryView* a, const MemoryView* b) {
  if (a->dimensions != b->dimensions || a->length != b->length) return false;
  return std::equal(a->inner_shape, a->inner_shape + (a->dimensions - 1), b->inner_shape);
}

/// Equal bytes are equal items, save for floats, where NaN differs from itself and 0.0 equals -0.0.
bool compares_bytewise(const MemoryView* a, const MemoryView* b) {
  return a->code() == b->code() && std::strchr("fd?", a->code()) == nullptr;
}

Result<bool> views_equal(ThreadState& ts, MemoryView* a, MemoryView* b) {
  if (!same_shape(a, b)) return false;
  if (compares_bytewise(a, b)) {
    Ref<Bytes> left = OURO_TRY(copy_bytes(ts, a));
    Ref<Bytes> right = OURO_TRY(copy_bytes(ts, b));
    return left->view() == right->view();
  }
  // Item by item, with the items' own ==, so that NaN is unequal to itself.
  for (std::int64_t i = 0; i < a->length; ++i) {
    for (std::int64_t j = 0; j < a->row_items; ++j) {
      const char* left_place = a->start + i * a->step + j * a->item_bytes();
      const char* right_place = b->start + i * b->step + j * b->item_bytes();
      ObjRef left = OURO_TRY(load_memory_item(ts, a->code(), left_place));
      ObjRef right = OURO_TRY(load_memory_item(ts, b->code(), right_place));
      if (!OURO_TRY(equals(ts, left, right))) return false;
    }
  }
  return true;
}

/// A view of its own of any bytes-like object: nothing that runs meanwhile can release it.
Result<Ref<MemoryView>> own_view(ThreadState& ts, Obj object) {
  ObjRef view = OURO_TRY(memoryview_create(ts, object));
  return Ref<MemoryView>::steal(view_of(view.release()));
}

ObjResult memoryview_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (op != CompareOp::Equal && op != CompareOp::NotEqual) return ts.core.not_implemented_ref();
  const auto released = [](Obj object) {
    return is_kind(object, TypeKind::Memoryview) && view_of(object)->buffer == nullptr;
  };
  bool same = left == right;
  if (!released(left) && !released(right)) {
    if (!BufferView::is_bytes_like(right) || !BufferView::is_bytes_like(left))
      return ts.core.not_implemented_ref();
    Ref<MemoryView> a = OURO_TRY(own_view(ts, left));
    Ref<MemoryView> b = OURO_TRY(own_view(ts, right));
    same = OURO_TRY(views_equal(ts, a.get(), b.get()));
  }
  return ts.core.bool_ref(same == (op == CompareOp::Equal));
}

Result<std::int64_t> memoryview_length(ThreadState& ts, Obj self) {
  OURO_TRY(view_of(self)->check_usable(ts));
  return view_of(self)->length;
}

// -- indexing
// ------------------------------------------------------------------------------------------------------------

/// The place of row `index`, negative ones counting from the end.
Result<char*> row_place(ThreadState& ts, MemoryView* view, std::int64_t index) {
  if (index < 0) index += view->length;
  if (index < 0 || index >= view->length) {
    return raise(ts, ts.core.exceptions.IndexError, "index out of bounds on dimension 1");
  }
  return view->start + index * view->step;
}

Raised refuse_sub_view(ThreadState& ts, const char* what) {
  return raise(ts, ts.core.exceptions.NotImplementedError, "{} not implemented", what);
}

ObjResult memoryview_item(ThreadState& ts, Obj self, std::int64_t index) {
  MemoryView* view = view_of(self);
  OURO_TRY(view->check_usable(ts));
  if (view->dimensions > 1) return refuse_sub_view(ts, "multi-dimensional sub-views are");
  const char* place = OURO_TRY(row_place(ts, view, index));
  return load_memory_item(ts, view->code(), place);
}

template <class Fits>
bool all_of_tuple(Obj key, Fits fits) {
  if (!is_tuple(key)) return false;
  const Tuple* keys = as<Tuple>(key);
  return std::all_of(keys->items, keys->items + keys->size, fits);
}

bool is_slice(Obj key) { return is_kind(key, TypeKind::Slice); }

/// The place of the item that a tuple of one index for each dimension names.
Result<char*> place_of_indices(ThreadState& ts, MemoryView* view, Borrowed<Tuple> keys) {
  if (keys->size < view->dimensions) return refuse_sub_view(ts, "sub-views are");
  if (keys->size > view->dimensions) {
    return raise_type_error(ts, "cannot index {}-dimension view with {}-element tuple",
                            static_cast<long>(view->dimensions), static_cast<long>(keys->size));
  }
  std::int64_t indices[kMaxDimensions];
  for (std::int64_t i = 0; i < keys->size; ++i) {
    indices[i] = OURO_TRY(subscript_index(ts, keys->at(i)));
  }
  OURO_TRY(view->check_usable(ts));  // __index__ may have released it
  char* place = OURO_TRY(row_place(ts, view, indices[0]));
  std::int64_t items = view->row_items;
  for (int i = 1; i < view->dimensions; ++i) {
    const std::int64_t extent = view->inner_shape[i - 1];
    if (indices[i] < 0) indices[i] += extent;
    if (indices[i] < 0 || indices[i] >= extent) {
      return raise(ts, ts.core.exceptions.IndexError, "index out of bounds on dimension {}", i + 1);
    }
    items /= extent;
    place += indices[i] * items * view->item_bytes();
  }
  return place;
}

ObjResult sliced_view(ThreadState& ts, MemoryView* view, Borrowed<Slice> slice) {
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, slice));
  OURO_TRY(view->check_usable(ts));  // __index__ may have released it
  const SliceIndices range = slice_adjust(raw, view->length);
  Ref<MemoryView> made = OURO_TRY(copy_view(ts, view));
  made->start += range.start * made->step;
  made->length = range.count;
  made->step *= range.step;
  return made;
}

ObjResult memoryview_subscript(ThreadState& ts, Obj self, Obj key) {
  MemoryView* view = view_of(self);
  OURO_TRY(view->check_usable(ts));
  if (has_index(key)) {
    if (view->dimensions > 1) return refuse_sub_view(ts, "multi-dimensional sub-views are");
    return memoryview_item(ts, self, OURO_TRY(subscript_index(ts, key)));
  }
  if (is_slice(key)) return sliced_view(ts, view, as<Slice>(key));
  if (all_of_tuple(key, has_index)) {
    const char* place = OURO_TRY(place_of_indices(ts, view, as<Tuple>(key)));
    return load_memory_item(ts, view->code(), place);
  }
  if (all_of_tuple(key, is_slice)) return refuse_sub_view(ts, "multi-dimensional slicing is");
  return raise_type_error(ts, "memoryview: invalid slice key");
}

Status assign_slice(ThreadState& ts, MemoryView* view, Borrowed<Slice> slice, Obj value) {
  if (view->dimensions > 1) {
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "memoryview slice assignments are currently restricted to ndim = 1");
  }
  if (!BufferView::is_bytes_like(value)) {
    return raise_type_error(ts, "a bytes-like object is required, not '{t}'", value);
  }
  Ref<MemoryView> source = OURO_TRY(own_view(ts, value));
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, slice));
  Ref<Bytes> bytes = OURO_TRY(copy_bytes(ts, source.get()));  // the two may overlap
  OURO_TRY(view->check_usable(ts));
  const SliceIndices range = slice_adjust(raw, view->length);
  if (source->dimensions != 1 || source->length != range.count || source->code() != view->code()) {
    return raise_value_error(ts,
                             "memoryview assignment: lvalue and rvalue have different structures");
  }
  const std::int64_t item = view->item_bytes();
  for (std::int64_t i = 0; i < range.count; ++i) {
    std::memcpy(view->start + (range.start + i * range.step) * view->step, bytes->data() + i * item,
                static_cast<std::size_t>(item));
  }
  return kDone;
}

/// The place that a key for a single item names.
Result<char*> place_of_key(ThreadState& ts, MemoryView* view, Obj key) {
  if (all_of_tuple(key, has_index)) return place_of_indices(ts, view, as<Tuple>(key));
  if (all_of_tuple(key, is_slice)) return refuse_sub_view(ts, "multi-dimensional slicing is");
  if (!has_index(key)) return raise_type_error(ts, "memoryview: invalid slice key");
  if (view->dimensions > 1) return refuse_sub_view(ts, "sub-views are");
  const std::int64_t index = OURO_TRY(subscript_index(ts, key));
  OURO_TRY(view->check_usable(ts));
  return row_place(ts, view, index);
}

Status memoryview_set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  MemoryView* view = view_of(self);
  OURO_TRY(view->check_usable(ts));
  if (view->read_only) return raise_type_error(ts, "cannot modify read-only memory");
  if (!value) return raise_type_error(ts, "cannot delete memory");
  if (is_slice(key)) return assign_slice(ts, view, as<Slice>(key), value);
  char* place = OURO_TRY(place_of_key(ts, view, key));
  char item[sizeof(std::int64_t)];
  OURO_TRY(pack_memory_item(ts, view->code(), view->format, value, item));
  OURO_TRY(view->check_usable(ts));  // __index__ or __bool__ may have released it
  std::memcpy(place, item, static_cast<std::size_t>(view->item_bytes()));
  return kDone;
}

// -- iterating
// -----------------------------------------------------------------------------------------------------------

ObjResult memoryview_iter(ThreadState& ts, Obj self) {
  OURO_TRY(view_of(self)->check_usable(ts));
  if (view_of(self)->dimensions > 1) {
    return refuse_sub_view(ts, "multi-dimensional sub-views are");
  }
  ObjRef held = self.new_ref();
  Ref<SequenceIterator> made =
      OURO_TRY(new_object<SequenceIterator>(ts, ts.core.types.memory_iterator));
  made->sequence = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next memory_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<SequenceIterator>(self);
  if (iterator->sequence == nullptr) return Next::Done;
  MemoryView* view = view_of(iterator->sequence);
  if (view->buffer != nullptr && iterator->index >= view->length) {
    drop(iterator->sequence);
    return Next::Done;
  }
  ObjResult found = memoryview_item(ts, iterator->sequence, iterator->index);
  if (found.raised()) return Next::Raised;
  ++iterator->index;
  item = found.take();
  return Next::Item;
}

}  // namespace

void init_managed_buffer_type(ThreadState&, Type& type) {
  init_collected<ManagedBuffer>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = managed_buffer_dealloc;
}

void init_memory_iterator_type(ThreadState&, Type& type) {
  init_collected<SequenceIterator>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = dealloc_members<SequenceIterator, &SequenceIterator::sequence>;
  type.iter = iterator_self;
  type.next = memory_iterator_next;
}

void init_memoryview_type(ThreadState&, Type& type) {
  type.info.flags |= kSequencePattern;
  init_collected<MemoryView>(type);
  type.info.dealloc = memoryview_dealloc;
  type.info.clear = memoryview_clear;
  type.info.weaklist_offset = offsetof(MemoryView, weaklist);
  type.make = memoryview_make;
  type.repr = memoryview_repr;
  type.hash = memoryview_hash;
  type.compare = memoryview_compare;
  type.iter = memoryview_iter;
  type.sequence.length = memoryview_length;
  type.sequence.item = memoryview_item;
  type.mapping.length = memoryview_length;
  type.mapping.subscript = memoryview_subscript;
  type.mapping.set_subscript = memoryview_set_subscript;
  type.methods = kMemoryViewMethods;
  type.getsets = kMemoryViewGetSets;
  type.doc =
      "memoryview(object)\n--\n\nCreate a new memoryview object which references the given object.";
}

}  // namespace ouro
