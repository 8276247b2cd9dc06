// MemoryView: one-dimensional views of bytes, format 'B'.
#include "objects/memoryview.h"

#include <algorithm>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/iterators.h"
#include "objects/range.h"
#include "objects/type_inits.h"

namespace ouro {

Status MemoryView::check_usable(ThreadState& ts) const {
  if (object == nullptr)
    return raise_value_error(ts, "operation forbidden on released memoryview object");
  return kDone;
}

namespace {

MemoryView* view_of(Obj self) { return as<MemoryView>(self); }

/// A new view of `object`, a bytes or bytearray; counted as export while it is not released.
ObjResult make_view(ThreadState& ts, Obj object, char* start, std::int64_t length,
                    std::int64_t step, bool read_only) {
  ObjRef held = object.new_ref();
  if (!is_bytes(held)) ++as<ByteArray>(held)->exports;  // before a collection may run Python code
  auto allocated = new_object<MemoryView>(ts, ts.core.types.memoryview);
  if (allocated.raised()) {
    if (!is_bytes(held)) --as<ByteArray>(held)->exports;
    return Raised{};
  }
  Ref<MemoryView> made = allocated.take();
  made->start = start;
  made->length = length;
  made->step = step;
  made->hash = -1;
  made->read_only = read_only;
  made->object = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

void release_object(MemoryView* view) {
  Object* object = std::exchange(view->object, nullptr);
  if (object == nullptr) return;
  view->length = 0;
  if (!is_bytes(object)) --as<ByteArray>(Obj(object))->exports;
  decref(object);
}

void memoryview_dealloc(gc::Header* header) {
  auto* self = static_cast<MemoryView*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  release_object(self);
  free_object(self);
}

void memoryview_clear(gc::Header* header) {
  auto* self = static_cast<MemoryView*>(header);
  if (self->exports == 0) release_object(self);
}

ObjResult memoryview_make(ThreadState& ts, Borrowed<Type>, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "memoryview", {"object"}, 1, given));
  return memoryview_create(ts, given[0]);
}

ObjResult memoryview_repr(ThreadState& ts, Obj self) {
  char text[48];
  std::snprintf(text, sizeof text, "<%s at %p>",
                view_of(self)->object == nullptr ? "released memory" : "memory",
                static_cast<void*>(self.get()));
  return Str::from_utf8(ts, text);
}

/// The bytes the view shows, in a new object.
Result<Ref<Bytes>> copy_bytes(ThreadState& ts, const MemoryView* view) {
  if (view->step == 1)
    return Bytes::from(ts, {view->start, static_cast<std::size_t>(view->length)});
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, view->length));
  for (std::int64_t i = 0; i < view->length; ++i) made->data()[i] = view->start[i * view->step];
  return made;
}

Result<std::int64_t> memoryview_hash(ThreadState& ts, Obj self) {
  MemoryView* view = view_of(self);
  if (view->hash != -1) return view->hash;
  OURO_TRY(view->check_usable(ts));
  if (!view->read_only) return raise_value_error(ts, "cannot hash writable memoryview object");
  Ref<Bytes> bytes = OURO_TRY(copy_bytes(ts, view));
  view->hash = hash_bytes(ts.core, bytes->data(), static_cast<std::size_t>(bytes->length));
  return view->hash;
}

/// The bytes of a view or another bytes-like object.
Result<Ref<Bytes>> content_of(ThreadState& ts, Obj object) {
  if (is_kind(object, TypeKind::Memoryview)) return copy_bytes(ts, view_of(object));
  BufferView view;
  OURO_TRY(view.acquire(ts, object));
  return Bytes::from(ts, view.view());
}

ObjResult memoryview_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (op != CompareOp::Equal && op != CompareOp::NotEqual) return ts.core.not_implemented_ref();
  const auto released = [](Obj object) {
    return is_kind(object, TypeKind::Memoryview) && view_of(object)->object == nullptr;
  };
  bool same = left == right;
  if (!released(left) && !released(right)) {
    if (!BufferView::is_bytes_like(right) || !BufferView::is_bytes_like(left))
      return ts.core.not_implemented_ref();
    Ref<Bytes> a = OURO_TRY(content_of(ts, left));
    Ref<Bytes> b = OURO_TRY(content_of(ts, right));
    same = a->view() == b->view();
  }
  return ts.core.bool_ref(same == (op == CompareOp::Equal));
}

Result<std::int64_t> memoryview_length(ThreadState& ts, Obj self) {
  OURO_TRY(view_of(self)->check_usable(ts));
  return view_of(self)->length;
}

/// The place of item `index`, negative ones counting from the end.
Result<char*> place_of(ThreadState& ts, MemoryView* view, std::int64_t index) {
  if (index < 0) index += view->length;
  if (index < 0 || index >= view->length) {
    return raise(ts, ts.core.exceptions.IndexError, "index out of bounds on dimension 1");
  }
  return view->start + index * view->step;
}

ObjResult memoryview_item(ThreadState& ts, Obj self, std::int64_t index) {
  OURO_TRY(view_of(self)->check_usable(ts));
  const char* place = OURO_TRY(place_of(ts, view_of(self), index));
  return int_result(ts, static_cast<unsigned char>(*place));
}

/// The one index inside a tuple key; the key itself when it is no tuple.
ObjResult single_key(ThreadState& ts, Obj key) {
  if (!is_tuple(key)) return key.new_ref();
  const Tuple* keys = as<Tuple>(key);
  for (std::int64_t i = 0; i < keys->size; ++i) {
    if (!has_index(keys->at(i))) return raise_type_error(ts, "memoryview: invalid slice key");
  }
  if (keys->size > 1) {
    return raise_type_error(ts, "cannot index 1-dimension view with {}-element tuple",
                            static_cast<long>(keys->size));
  }
  if (keys->size == 0) {
    return raise(ts, ts.core.exceptions.NotImplementedError, "sub-views are not implemented");
  }
  return keys->at(0).new_ref();
}

ObjResult memoryview_subscript(ThreadState& ts, Obj self, Obj key) {
  MemoryView* view = view_of(self);
  OURO_TRY(view->check_usable(ts));
  ObjRef single = OURO_TRY(single_key(ts, key));
  if (has_index(single)) {
    const std::int64_t index = OURO_TRY(subscript_index(ts, single));
    return memoryview_item(ts, self, index);
  }
  if (!is_kind(single, TypeKind::Slice))
    return raise_type_error(ts, "memoryview: invalid slice key");
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(single)));
  OURO_TRY(view->check_usable(ts));  // __index__ may have released it
  const SliceIndices range = slice_adjust(raw, view->length);
  return make_view(ts, view->object, view->start + range.start * view->step, range.count,
                   view->step * range.step, view->read_only);
}

Status assign_slice(ThreadState& ts, MemoryView* view, Borrowed<Slice> slice, Obj value) {
  if (!BufferView::is_bytes_like(value)) {
    return raise_type_error(ts, "a bytes-like object is required, not '{t}'", value);
  }
  if (is_kind(value, TypeKind::Memoryview)) OURO_TRY(view_of(value)->check_usable(ts));
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, slice));
  Ref<Bytes> bytes = OURO_TRY(content_of(ts, value));
  OURO_TRY(view->check_usable(ts));
  const SliceIndices range = slice_adjust(raw, view->length);
  if (bytes->length != range.count) {
    return raise_value_error(ts,
                             "memoryview assignment: lvalue and rvalue have different structures");
  }
  for (std::int64_t i = 0; i < range.count; ++i) {
    view->start[(range.start + i * range.step) * view->step] = bytes->data()[i];
  }
  return kDone;
}

Status memoryview_set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  MemoryView* view = view_of(self);
  OURO_TRY(view->check_usable(ts));
  if (view->read_only) return raise_type_error(ts, "cannot modify read-only memory");
  if (!value) return raise_type_error(ts, "cannot delete memory");
  ObjRef single = OURO_TRY(single_key(ts, key));
  if (is_kind(single, TypeKind::Slice)) return assign_slice(ts, view, as<Slice>(single), value);
  if (!has_index(single)) return raise_type_error(ts, "memoryview: invalid slice key");
  const std::int64_t index = OURO_TRY(subscript_index(ts, single));
  if (!has_index(value)) return raise_type_error(ts, "memoryview: invalid type for format 'B'");
  const std::int64_t byte = OURO_TRY(index_as_int64(ts, value, nullptr));
  OURO_TRY(view->check_usable(ts));
  char* place = OURO_TRY(place_of(ts, view, index));
  if (byte < 0 || byte > 255)
    return raise_value_error(ts, "memoryview: invalid value for format 'B'");
  *place = static_cast<char>(byte);
  return kDone;
}

// -- methods
// -------------------------------------------------------------------------------------------------------------

ObjResult tobytes_method(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "tobytes", {"order"}, 0, given));
  OURO_TRY(view_of(self)->check_usable(ts));
  if (given[0] && !is_none(given[0])) {
    const bool known = is_str(given[0]) && as<Str>(given[0])->length == 1 &&
                       (as<Str>(given[0])->at(0) == 'C' || as<Str>(given[0])->at(0) == 'F' ||
                        as<Str>(given[0])->at(0) == 'A');
    if (!known) return raise_value_error(ts, "order must be 'C', 'F' or 'A'");
  }
  return copy_bytes(ts, view_of(self));
}

ObjResult tolist_method(ThreadState& ts, Obj self, Args) {
  OURO_TRY(view_of(self)->check_usable(ts));
  Ref<Bytes> bytes = OURO_TRY(copy_bytes(ts, view_of(self)));
  Ref<List> list = OURO_TRY(List::create(ts, bytes->length));
  for (const char c : bytes->view()) {
    Ref<Int> item = OURO_TRY(Int::from(ts, static_cast<unsigned char>(c)));
    OURO_TRY(list->append(ts, ObjRef(std::move(item))));
  }
  return list;
}

ObjResult release_method(ThreadState& ts, Obj self, Args) {
  MemoryView* view = view_of(self);
  if (view->exports > 0) {
    return raise(ts, ts.core.exceptions.BufferError, "memoryview has {} exported buffer{}",
                 view->exports, view->exports == 1 ? "" : "s");
  }
  release_object(view);
  return ts.core.none_ref();
}

ObjResult enter_method(ThreadState& ts, Obj self, Args) {
  OURO_TRY(view_of(self)->check_usable(ts));
  return self.new_ref();
}

ObjResult cast_method(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "cast", {"format", "shape"}, 1, given));
  MemoryView* view = view_of(self);
  OURO_TRY(view->check_usable(ts));
  if (!is_str(given[0])) return raise_type_error(ts, "format argument must be a string");
  if (!view->is_contiguous())
    return raise_type_error(ts, "memoryview: casts are restricted to C-contiguous views");
  const Str* format = as<Str>(given[0]);
  if (given[1])
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "memoryview: shapes are not supported");
  if (!str_equals_ascii(Borrowed<Str>(as<Str>(given[0])), "B") &&
      !str_equals_ascii(Borrowed<Str>(as<Str>(given[0])), "@B")) {
    const bool native = format->is_ascii() && format->length > 0 && format->length <= 2 &&
                        (format->length == 1 || format->at(0) == '@') &&
                        std::strchr("cbB?hHiIlLqQnNfdP",
                                    static_cast<int>(format->at(format->length - 1))) != nullptr;
    if (!native) {
      return raise_value_error(
          ts,
          "memoryview: destination format must be a native single character format prefixed with "
          "an optional '@'");
    }
    return raise(ts, ts.core.exceptions.NotImplementedError, "memoryview: format {} not supported",
                 Borrowed<Str>(as<Str>(given[0])));
  }
  return make_view(ts, view->object, view->start, view->length, 1, view->read_only);
}

ObjResult toreadonly_method(ThreadState& ts, Obj self, Args) {
  MemoryView* view = view_of(self);
  OURO_TRY(view->check_usable(ts));
  return make_view(ts, view->object, view->start, view->length, view->step, true);
}

ObjResult hex_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(view_of(self)->check_usable(ts));
  Ref<Bytes> bytes = OURO_TRY(copy_bytes(ts, view_of(self)));
  return hex_text(ts, bytes->view(), args);
}

constexpr MethodDef kMemoryViewMethods[] = {
    {"__enter__", enter_method, 0, 0, 0, nullptr},
    {"__exit__", release_method, 0, -1, 0, nullptr},
    {"cast", cast_method, 0, -1, MethodDef::kKeywords,
     "cast($self, /, format, *, shape)\n--\n\nReturn a view with another format; 'B' is "
     "supported."},
    {"hex", hex_method, 0, -1, MethodDef::kKeywords,
     "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nReturn the bytes as hexadecimal "
     "digits."},
    {"release", release_method, 0, 0, 0,
     "release($self, /)\n--\n\nGive up the view of the object."},
    {"tobytes", tobytes_method, 0, -1, MethodDef::kKeywords,
     "tobytes($self, /, order='C')\n--\n\nReturn the content as bytes."},
    {"tolist", tolist_method, 0, 0, 0,
     "tolist($self, /)\n--\n\nReturn the content as a list of ints."},
    {"toreadonly", toreadonly_method, 0, 0, 0,
     "toreadonly($self, /)\n--\n\nReturn a read-only view of the same memory."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

/// Getters: `kGet(ts, view)` for a view that is usable.
template <auto kGet>
ObjResult getter(ThreadState& ts, Obj self) {
  OURO_TRY(view_of(self)->check_usable(ts));
  return kGet(ts, view_of(self));
}

ObjResult get_object(ThreadState&, MemoryView* view) { return ObjRef::share(view->object); }
ObjResult get_length(ThreadState& ts, MemoryView* view) { return int_result(ts, view->length); }
ObjResult get_one(ThreadState& ts, MemoryView*) { return int_result(ts, 1); }
ObjResult get_format(ThreadState& ts, MemoryView*) { return Str::from_char(ts, 'B'); }
ObjResult get_read_only(ThreadState& ts, MemoryView* view) {
  return ts.core.bool_ref(view->read_only);
}
ObjResult get_contiguous(ThreadState& ts, MemoryView* view) {
  return ts.core.bool_ref(view->is_contiguous());
}
ObjResult get_shape(ThreadState& ts, MemoryView* view) {
  Ref<Int> length = OURO_TRY(Int::from(ts, view->length));
  return Tuple::of(ts, length);
}
ObjResult get_strides(ThreadState& ts, MemoryView* view) {
  Ref<Int> step = OURO_TRY(Int::from(ts, view->step));
  return Tuple::of(ts, step);
}
ObjResult get_suboffsets(ThreadState& ts, MemoryView*) {
  return Ref<Tuple>::share(ts.core.empty_tuple);
}

constexpr GetSetDef kMemoryViewGetSets[] = {
    {"c_contiguous", getter<get_contiguous>, nullptr, "Whether the memory is contiguous."},
    {"contiguous", getter<get_contiguous>, nullptr, "Whether the memory is contiguous."},
    {"f_contiguous", getter<get_contiguous>, nullptr, "Whether the memory is contiguous."},
    {"format", getter<get_format>, nullptr, "The format of an item, as for struct."},
    {"itemsize", getter<get_one>, nullptr, "The bytes of an item."},
    {"nbytes", getter<get_length>, nullptr, "The bytes the view shows."},
    {"ndim", getter<get_one>, nullptr, "The number of dimensions."},
    {"obj", getter<get_object>, nullptr, "The object looked at."},
    {"readonly", getter<get_read_only>, nullptr, "Whether the memory is read only."},
    {"shape", getter<get_shape>, nullptr, "The items in each dimension."},
    {"strides", getter<get_strides>, nullptr,
     "The bytes from an item to the next in each dimension."},
    {"suboffsets", getter<get_suboffsets>, nullptr, "Empty: there are no indirections."},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

ObjResult memoryview_create(ThreadState& ts, Obj object) {
  if (is_kind(object, TypeKind::Memoryview)) {
    MemoryView* view = view_of(object);
    OURO_TRY(view->check_usable(ts));
    return make_view(ts, view->object, view->start, view->length, view->step, view->read_only);
  }
  if (!BufferView::is_bytes_like(object)) {
    return raise_type_error(ts, "memoryview: a bytes-like object is required, not '{t}'", object);
  }
  const std::string_view bytes = bytes_of(object);
  return make_view(ts, object, const_cast<char*>(bytes.data()),
                   static_cast<std::int64_t>(bytes.size()), 1, is_bytes(object));
}

void init_memoryview_type(ThreadState&, Type& type) {
  init_collected<MemoryView>(type);
  type.info.dealloc = memoryview_dealloc;
  type.info.clear = memoryview_clear;
  type.info.weaklist_offset = offsetof(MemoryView, weaklist);
  type.make = memoryview_make;
  type.repr = memoryview_repr;
  type.hash = memoryview_hash;
  type.compare = memoryview_compare;
  type.iter = sequence_iterator_create;
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
