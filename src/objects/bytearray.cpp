// ByteArray: bytes that can be changed. While BufferViews look at them they may not be resized.
#include <algorithm>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/index_iterator.h"
#include "objects/range.h"
#include "objects/type_inits.h"

namespace ouro {

Result<Ref<ByteArray>> ByteArray::from(ThreadState& ts, std::string_view bytes) {
  Ref<ByteArray> made = OURO_TRY(new_object<ByteArray>(ts, ts.core.types.bytearray));
  OURO_TRY(made->resize(ts, static_cast<std::int64_t>(bytes.size())));
  if (!bytes.empty()) std::memcpy(made->data, bytes.data(), bytes.size());
  return made;
}

Status ByteArray::resize(ThreadState& ts, std::int64_t wanted) {
  if (wanted == length) return kDone;
  if (exports > 0) {
    return raise(ts, ts.core.exceptions.BufferError,
                 "Existing exports of data: object cannot be re-sized");
  }
  if (wanted < 0 || wanted > kMaxBytesLength) return raise_no_memory(ts);
  std::int64_t room = capacity;
  if (wanted < capacity / 2) {
    room = wanted;
  } else if (wanted > capacity) {
    // An eighth more when it grows little by little, exactly as much when it grows by a lot.
    room =
        wanted <= capacity + capacity / 8 + 1 ? wanted + wanted / 8 + (wanted < 9 ? 3 : 6) : wanted;
  }
  if (room == 0) {
    free_raw(std::exchange(data, nullptr));
  } else if (room != capacity) {
    void* block = data == nullptr ? allocate_raw(static_cast<std::size_t>(room))
                                  : reallocate_raw(data, static_cast<std::size_t>(room));
    if (block == nullptr) return raise_no_memory(ts);
    data = static_cast<char*>(block);
  }
  capacity = room;
  length = wanted;
  return kDone;
}

namespace {

ByteArray* array_of(Obj self) { return as<ByteArray>(self); }

void bytearray_dealloc(gc::Header* header) {
  auto* self = static_cast<ByteArray*>(header);
  free_raw(std::exchange(self->data, nullptr));
  free_object(self);
}

ObjResult bytearray_make(ThreadState& ts, Borrowed<Type> type, Args) {
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

Status replace_all(ThreadState& ts, ByteArray* array, std::string_view bytes) {
  OURO_TRY(array->resize(ts, static_cast<std::int64_t>(bytes.size())));
  if (!bytes.empty()) std::memcpy(array->data, bytes.data(), bytes.size());
  return kDone;
}

Status bytearray_init(ThreadState& ts, Obj self, Args args) {
  Ref<Bytes> source =
      OURO_TRY(bytes_from_arguments(ts, args, "bytearray", "byte must be in range(0, 256)"));
  OURO_TRY(array_of(self)->resize(ts, 0));
  return replace_all(ts, array_of(self), source->view());
}

ObjResult bytearray_repr(ThreadState& ts, Obj self) {
  StrBuilder out(ts);
  OURO_TRY(out.append(std::string_view(type_name(self))));
  OURO_TRY(out.append("(b"));
  OURO_TRY(append_bytes_repr(out, bytes_of(self), true));
  OURO_TRY(out.append(static_cast<char32_t>(')')));
  return out.finish();
}

Result<std::int64_t> bytearray_length(ThreadState&, Obj self) { return array_of(self)->length; }

ObjResult bytearray_item(ThreadState& ts, Obj self, std::int64_t index) {
  const ByteArray* array = array_of(self);
  if (index < 0 || index >= array->length) {
    return raise(ts, ts.core.exceptions.IndexError, "bytearray index out of range");
  }
  return int_result(ts, static_cast<unsigned char>(array->data[index]));
}

ObjResult bytearray_subscript(ThreadState& ts, Obj self, Obj key) {
  if (has_index(key)) {
    const std::int64_t index = OURO_TRY(subscript_index(ts, key));
    return bytearray_item(ts, self, index < 0 ? index + array_of(self)->length : index);
  }
  if (!is_kind(key, TypeKind::Slice)) {
    return raise_type_error(ts, "bytearray indices must be integers or slices, not {t}", key);
  }
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  const SliceIndices range = slice_adjust(raw, array_of(self)->length);
  Ref<ByteArray> made = OURO_TRY(ByteArray::from(ts, {}));
  OURO_TRY(made->resize(ts, range.count));
  const char* from = array_of(self)->data;
  for (std::int64_t i = 0; i < range.count; ++i) made->data[i] = from[range.start + i * range.step];
  return made;
}

/// Replaces array[start:stop] by `bytes`, which lie outside the array.
Status splice(ThreadState& ts, ByteArray* array, std::int64_t start, std::int64_t stop,
              std::string_view bytes) {
  const std::int64_t length = array->length;
  const std::int64_t growth = static_cast<std::int64_t>(bytes.size()) - (stop - start);
  if (growth < 0) {
    if (array->exports > 0) return array->resize(ts, length + growth);  // raises
    std::memmove(array->data + stop + growth, array->data + stop,
                 static_cast<std::size_t>(length - stop));
    OURO_TRY(array->resize(ts, length + growth));
  } else if (growth > 0) {
    OURO_TRY(array->resize(ts, length + growth));
    std::memmove(array->data + stop + growth, array->data + stop,
                 static_cast<std::size_t>(length - stop));
  }
  if (!bytes.empty()) std::memcpy(array->data + start, bytes.data(), bytes.size());
  return kDone;
}

Status delete_stepped(ThreadState& ts, ByteArray* array, SliceIndices range) {
  if (range.count == 0) return kDone;
  if (array->exports > 0) return array->resize(ts, array->length - range.count);  // raises
  if (range.step < 0) {
    range.start += (range.count - 1) * range.step;
    range.step = -range.step;
  }
  std::int64_t to = range.start;
  for (std::int64_t from = range.start; from < array->length; ++from) {
    const std::int64_t offset = from - range.start;
    const bool gone = offset % range.step == 0 && offset / range.step < range.count;
    if (!gone) array->data[to++] = array->data[from];
  }
  return array->resize(ts, to);
}

/// The bytes of anything that may be assigned to a slice.
Result<Ref<Bytes>> assignable_bytes(ThreadState& ts, Obj value) {
  if (BufferView::is_bytes_like(value)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, value));
    return Bytes::from(ts, view.view());
  }
  if (is_str(value) || has_index(value) || is_float(value)) {
    return raise_type_error(
        ts, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
  }
  return bytes_from_iterable(ts, value, "bytearray", "byte must be in range(0, 256)");
}

Status assign_slice(ThreadState& ts, ByteArray* array, Borrowed<Slice> slice, Obj value) {
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, slice));
  Ref<Bytes> bytes =
      value ? OURO_TRY(assignable_bytes(ts, value)) : Ref<Bytes>::share(ts.core.empty_bytes);
  const SliceIndices range = slice_adjust(raw, array->length);
  if (range.step == 1)
    return splice(ts, array, range.start, range.start + range.count, bytes->view());
  if (bytes->length == 0) return delete_stepped(ts, array, range);
  if (bytes->length != range.count) {
    return raise_value_error(ts, "attempt to assign bytes of size {} to extended slice of size {}",
                             static_cast<long>(bytes->length), static_cast<long>(range.count));
  }
  for (std::int64_t i = 0; i < range.count; ++i)
    array->data[range.start + i * range.step] = bytes->data()[i];
  return kDone;
}

Status bytearray_set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  ByteArray* array = array_of(self);
  if (is_kind(key, TypeKind::Slice)) return assign_slice(ts, array, as<Slice>(key), value);
  if (!has_index(key))
    return raise_type_error(ts, "bytearray indices must be integers or slices, not {t}", key);
  std::int64_t index = OURO_TRY(subscript_index(ts, key));
  std::uint8_t byte = 0;
  if (value) byte = OURO_TRY(byte_value(ts, value));
  if (index < 0) index += array->length;
  if (index < 0 || index >= array->length) {
    return raise(ts, ts.core.exceptions.IndexError, "bytearray index out of range");
  }
  if (!value) return splice(ts, array, index, index + 1, {});
  array->data[index] = static_cast<char>(byte);
  return kDone;
}

Status bytearray_set_item(ThreadState& ts, Obj self, std::int64_t index, Obj value) {
  Ref<Int> key = OURO_TRY(Int::from(ts, index));
  return bytearray_set_subscript(ts, self, key, value);
}

ObjResult bytearray_inplace_concat(ThreadState& ts, Obj self, Obj other) {
  if (!BufferView::is_bytes_like(other))
    return raise_type_error(ts, "can't concat {t} to {t}", other, self);
  ByteArray* array = array_of(self);
  BufferView view;
  OURO_TRY(view.acquire(ts, other));
  OURO_TRY(splice(ts, array, array->length, array->length, view.view()));
  return self.new_ref();
}

ObjResult bytearray_inplace_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  ByteArray* array = array_of(self);
  const std::int64_t length = array->length;
  count = std::max<std::int64_t>(count, 0);
  if (count > 0 && length > kMaxBytesLength / count) return raise_no_memory(ts);
  OURO_TRY(array->resize(ts, length * count));
  for (std::int64_t i = 1; i < count; ++i) {
    if (length > 0)
      std::memcpy(array->data + i * length, array->data, static_cast<std::size_t>(length));
  }
  return self.new_ref();
}

// -- methods
// -------------------------------------------------------------------------------------------------------------

ObjResult append_method(ThreadState& ts, Obj self, Args args) {
  const auto byte = static_cast<char>(OURO_TRY(byte_value(ts, args[0])));
  ByteArray* array = array_of(self);
  OURO_TRY(array->resize(ts, array->length + 1));
  array->data[array->length - 1] = byte;
  return ts.core.none_ref();
}

ObjResult extend_method(ThreadState& ts, Obj self, Args args) {
  Ref<Bytes> bytes;
  if (BufferView::is_bytes_like(args[0])) {
    bytes = OURO_TRY(assignable_bytes(ts, args[0]));
  } else {
    ObjResult iterator = iterate(ts, args[0]);
    if (iterator.raised()) {
      if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
      return raise_type_error(ts, "can't extend bytearray with {t}", args[0]);
    }
    ObjRef items = iterator.take();
    OURO_TRY(length_hint(ts, args[0], 32));  // what is wrong with it shows before anything is taken
    bytes = OURO_TRY(bytes_from_iterable(ts, items, "bytearray", "byte must be in range(0, 256)"));
  }
  ByteArray* array = array_of(self);
  OURO_TRY(splice(ts, array, array->length, array->length, bytes->view()));
  return ts.core.none_ref();
}

ObjResult insert_method(ThreadState& ts, Obj self, Args args) {
  const std::int64_t place =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  const auto byte = static_cast<char>(OURO_TRY(byte_value(ts, args[1])));
  ByteArray* array = array_of(self);
  const std::int64_t index =
      std::clamp<std::int64_t>(place < 0 ? place + array->length : place, 0, array->length);
  OURO_TRY(splice(ts, array, index, index, {&byte, 1}));
  return ts.core.none_ref();
}

ObjResult pop_method(ThreadState& ts, Obj self, Args args) {
  std::int64_t index =
      args.count > 0 ? OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.IndexError)) : -1;
  ByteArray* array = array_of(self);
  if (array->length == 0)
    return raise(ts, ts.core.exceptions.IndexError, "pop from empty bytearray");
  if (index < 0) index += array->length;
  if (index < 0 || index >= array->length)
    return raise(ts, ts.core.exceptions.IndexError, "pop index out of range");
  const auto byte = static_cast<unsigned char>(array->data[index]);
  OURO_TRY(splice(ts, array, index, index + 1, {}));
  return int_result(ts, byte);
}

ObjResult remove_method(ThreadState& ts, Obj self, Args args) {
  const auto byte = static_cast<char>(OURO_TRY(byte_value(ts, args[0])));
  const std::size_t at = bytes_of(self).find(byte);
  if (at == std::string_view::npos) return raise_value_error(ts, "value not found in bytearray");
  OURO_TRY(splice(ts, array_of(self), static_cast<std::int64_t>(at),
                  static_cast<std::int64_t>(at) + 1, {}));
  return ts.core.none_ref();
}

ObjResult clear_method(ThreadState& ts, Obj self, Args) {
  OURO_TRY(array_of(self)->resize(ts, 0));
  return ts.core.none_ref();
}

ObjResult copy_method(ThreadState& ts, Obj self, Args) {
  return ByteArray::from(ts, bytes_of(self));
}

ObjResult reverse_method(ThreadState& ts, Obj self, Args) {
  ByteArray* array = array_of(self);
  std::reverse(array->data, array->data + array->length);
  return ts.core.none_ref();
}

ObjResult alloc_method(ThreadState& ts, Obj self, Args) {
  // With the zero behind the last byte, which CPython keeps in the same block.
  return int_result(ts, array_of(self)->capacity > 0 ? array_of(self)->capacity + 1 : 0);
}

ObjResult sizeof_method(ThreadState& ts, Obj self, Args) {
  return int_result(ts, self->type()->info.basic_bytes + array_of(self)->capacity);
}

ObjResult reduce_method(ThreadState& ts, Obj self, Args) {
  Ref<Str> text = OURO_TRY(Str::from_latin1(ts, bytes_of(self)));
  Ref<Str> encoding = OURO_TRY(intern(ts, "latin-1"));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, text, encoding));
  ObjRef state = OURO_TRY(call_method(ts, self, ts.core.names.dunder_getstate));
  return Tuple::of(ts, self->type(), arguments, state);
}

constexpr MethodDef kByteArrayOwnMethods[] = {
    {"__alloc__", alloc_method, 0, 0, 0,
     "B.__alloc__() -> int\n\nReturn the number of bytes there is room for."},
    {"__reduce__", reduce_method, 0, 0, 0,
     "__reduce__($self, /)\n--\n\nReturn state information for pickling."},
    {"__reduce_ex__", reduce_method, 0, 1, 0,
     "__reduce_ex__($self, proto=0, /)\n--\n\nReturn state information for pickling."},
    {"__sizeof__", sizeof_method, 0, 0, 0,
     "__sizeof__($self, /)\n--\n\nReturn the size of the object in memory, in bytes."},
    {"append", append_method, 1, 1, 0, "append($self, item, /)\n--\n\nAppend one byte."},
    {"clear", clear_method, 0, 0, 0, "clear($self, /)\n--\n\nRemove all bytes."},
    {"copy", copy_method, 0, 0, 0, "copy($self, /)\n--\n\nReturn a copy."},
    {"extend", extend_method, 1, 1, 0,
     "extend($self, iterable_of_ints, /)\n--\n\nAppend all bytes of the iterable."},
    {"insert", insert_method, 2, 2, 0,
     "insert($self, index, item, /)\n--\n\nInsert one byte before the index."},
    {"pop", pop_method, 0, 1, 0,
     "pop($self, index=-1, /)\n--\n\nRemove and return the byte at the index."},
    {"remove", remove_method, 1, 1, 0,
     "remove($self, value, /)\n--\n\nRemove the first byte of that value."},
    {"reverse", reverse_method, 0, 0, 0,
     "reverse($self, /)\n--\n\nReverse the order of the bytes in place."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace

void init_bytearray_type(ThreadState&, Type& type) {
  static const BytesMethods kMethods = join_bytes_methods(kByteArrayOwnMethods);
  type.info.basic_bytes = sizeof(ByteArray);
  type.info.flags |= kBaseType | kMatchSelf;
  type.info.dealloc = bytearray_dealloc;
  type.make = bytearray_make;
  type.init = bytearray_init;
  type.repr = bytearray_repr;
  type.str = bytearray_repr;
  type.compare = bytes_like_compare;
  type.iter = index_iterator_create<&CoreTypes::bytearray_iterator>;
  type.number.remainder = bytes_like_remainder;
  type.sequence.length = bytearray_length;
  type.sequence.concat = bytes_like_concat;
  type.sequence.repeat = bytes_like_repeat;
  type.sequence.item = bytearray_item;
  type.sequence.set_item = bytearray_set_item;
  type.sequence.contains = bytes_like_contains;
  type.sequence.inplace_concat = bytearray_inplace_concat;
  type.sequence.inplace_repeat = bytearray_inplace_repeat;
  type.mapping.length = bytearray_length;
  type.mapping.subscript = bytearray_subscript;
  type.mapping.set_subscript = bytearray_set_subscript;
  type.methods = kMethods.entries;
  type.doc =
      "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> "
      "bytearray\n"
      "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytearray "
      "of zeros\n"
      "bytearray() -> empty bytearray";
}

void init_bytearray_iterator_type(ThreadState&, Type& type) {
  init_index_iterator<ByteArray, bytearray_item>(type);
}

}  // namespace ouro
