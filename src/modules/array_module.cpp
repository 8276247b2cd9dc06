// Module array: the type `array`, its slots and its iterator.
#include <cstring>
#include <limits>

#include "modules/array.h"
#include "modules/native_modules.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/memory_items.h"

namespace ouro {

std::uint8_t array_item_bytes(char code) {
  if (code == 'u') return sizeof(wchar_t);
  if (std::strchr("bBhHiIlLqQfd", code) == nullptr || code == '\0') return 0;
  return static_cast<std::uint8_t>(memory_item_bytes(code));
}

// -- items ----------------------------------------------------------------------------------------

namespace {

struct IntegerCode {
  char code;
  std::int64_t low;
  std::uint64_t high;
  const char* name;  // as messages call it
};
constexpr IntegerCode kIntegerCodes[] = {
    {'b', INT8_MIN, INT8_MAX, "signed char"},
    {'B', 0, UINT8_MAX, "unsigned byte integer"},
    {'h', INT16_MIN, INT16_MAX, "signed short integer"},
    {'H', 0, UINT16_MAX, "unsigned short"},
    {'i', INT32_MIN, INT32_MAX, "signed integer"},
    {'I', 0, UINT32_MAX, "unsigned int"},
    {'l', INT64_MIN, INT64_MAX, "long"},
    {'L', 0, UINT64_MAX, "unsigned long"},
    {'q', INT64_MIN, INT64_MAX, "long long"},
    {'Q', 0, UINT64_MAX, "unsigned long long"},
};

Raised too_far(ThreadState& ts, const IntegerCode& code, bool above) {
  return raise(ts, ts.core.exceptions.OverflowError, "{} is {}", code.name,
               above ? "greater than maximum" : "less than minimum");
}

Status pack_integer(ThreadState& ts, const IntegerCode& code, Obj value, char* out) {
  if (is_float(value)) {
    return raise_type_error(ts, "'float' object cannot be interpreted as an integer");
  }
  ObjRef number = OURO_TRY(to_index(ts, value));
  auto* integer = as<Int>(number);
  std::uint64_t bits = 0;
  if (integer->is_small()) {
    const std::int64_t small = integer->small;
    if (small < code.low) return too_far(ts, code, false);
    if (small > 0 && static_cast<std::uint64_t>(small) > code.high) return too_far(ts, code, true);
    bits = static_cast<std::uint64_t>(small);
  } else if (integer->is_negative() || integer->limb_count() > 1 || code.high != UINT64_MAX) {
    return too_far(ts, code, !integer->is_negative());
  } else {
    bits = integer->limbs[0];
  }
  std::memcpy(out, &bits, 8);  // little endian: the low bytes are the item
  return kDone;
}

Status pack_character(ThreadState& ts, Obj value, char* out) {
  if (!is_str(value) || as<Str>(value)->length != 1) {
    return raise_type_error(ts, "array item must be unicode character");
  }
  const char32_t character = as<Str>(value)->at(0);
  std::memcpy(out, &character, sizeof character);
  return kDone;
}

}  // namespace

Status array_pack(ThreadState& ts, char code, Obj value, char* out) {
  if (code == 'u') return pack_character(ts, value, out);
  if (code == 'f' || code == 'd') {
    ObjRef number = value.new_ref();
    if (!is_float(number)) {
      if (is_str(value) || (value->type()->number.to_float == nullptr && !has_index(value))) {
        return raise_type_error(ts, "must be real number, not {t}", value);
      }
      number = OURO_TRY(to_float(ts, value));
    }
    const double wide = as<Float>(number)->value;
    const auto narrow = static_cast<float>(wide);
    if (code == 'f') {
      std::memcpy(out, &narrow, sizeof narrow);
    } else {
      std::memcpy(out, &wide, sizeof wide);
    }
    return kDone;
  }
  for (const IntegerCode& integer : kIntegerCodes) {
    if (integer.code == code) return pack_integer(ts, integer, value, out);
  }
  return raise_system_error(ts, "array with an unknown type code");
}

ObjResult array_load(ThreadState& ts, const Array* array, std::int64_t index) {
  if (array->code != 'u') return load_memory_item(ts, array->code, array->place(index));
  char32_t character = 0;
  std::memcpy(&character, array->place(index), sizeof character);
  if (character > 0x10ffff) {
    return raise_value_error(ts, "character is not in range [U+0000; U+10ffff]");
  }
  return Str::from_char(ts, character);
}

// -- growing --------------------------------------------------------------------------------------

Status Array::resize(ThreadState& ts, std::int64_t new_size) {
  if (exports > 0 && new_size != size) {
    return raise(ts, ts.core.exceptions.BufferError,
                 "cannot resize an array that is exporting buffers");
  }
  if (new_size > capacity || new_size < capacity / 2) {
    const std::int64_t wanted =
        new_size > capacity ? new_size + (new_size >> 4) + (size < 8 ? 3 : 7) : new_size;
    if (wanted > std::numeric_limits<std::int64_t>::max() / 16) return raise_no_memory(ts);
    if (new_size == 0) {
      free_raw(std::exchange(items, nullptr));
      capacity = 0;
    } else {
      void* moved = reallocate_raw(items, static_cast<std::size_t>(wanted * item_bytes));
      if (moved == nullptr) return raise_no_memory(ts);
      items = static_cast<char*>(moved);
      capacity = wanted;
    }
  }
  size = new_size;
  return kDone;
}

Result<Ref<Array>> new_array(ThreadState& ts, Borrowed<Type> type, char code, std::int64_t size) {
  Ref<Array> made = OURO_TRY(new_object<Array>(ts, type, type->info.basic_bytes));
  made->code = code;
  made->item_bytes = array_item_bytes(code);
  if (size > 0) OURO_TRY(made->resize(ts, size));
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

Status array_append(ThreadState& ts, Array* array, Obj value) {
  char item[8];
  OURO_TRY(array_pack(ts, array->code, value, item));
  OURO_TRY(array->resize(ts, array->size + 1));
  std::memcpy(array->place(array->size - 1), item, array->item_bytes);
  return kDone;
}

Status array_append_bytes(ThreadState& ts, Array* array, std::string_view bytes) {
  const auto count = static_cast<std::int64_t>(bytes.size()) / array->item_bytes;
  if (count == 0) return kDone;
  const std::int64_t before = array->size;
  OURO_TRY(array->resize(ts, before + count));
  std::memcpy(array->place(before), bytes.data(), bytes.size());
  return kDone;
}

Borrowed<Type> array_base(Borrowed<Type> type) {
  Type* at = type.get();
  while (!at->has(kImmutable)) at = at->base;
  return at;
}

Status array_extend(ThreadState& ts, Array* array, Obj iterable, Borrowed<Type> array_type) {
  if (is_instance_of(iterable, array_type)) {
    Array* other = array_of(iterable);
    if (other->code != array->code) {
      return raise_type_error(ts, "can only extend with array of same kind");
    }
    const std::int64_t count = other->size;
    const std::int64_t before = array->size;
    if (count == 0) return kDone;
    OURO_TRY(array->resize(ts, before + count));
    std::memcpy(array->place(before), other->items,
                static_cast<std::size_t>(count * array->item_bytes));
    return kDone;
  }
  return for_each_item(ts, iterable, [&](ObjRef item) { return array_append(ts, array, item); });
}

namespace {

// -- making ---------------------------------------------------------------------------------------

Status fill_from(ThreadState& ts, Array* array, Obj initial, Borrowed<Type> base) {
  if (is_list(initial) || is_tuple(initial)) {
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(fast_items(initial).size()); ++i) {
      ObjRef item = ObjRef::share(fast_items(initial)[static_cast<std::size_t>(i)]);
      OURO_TRY(array_append(ts, array, item));
    }
    return kDone;
  }
  if (is_bytes(initial) || is_kind(initial, TypeKind::ByteArray)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, initial));
    if (view.size() % array->item_bytes != 0) {
      return raise_value_error(ts, "bytes length not a multiple of item size");
    }
    return array_append_bytes(ts, array, view.view());
  }
  if (is_str(initial)) {
    auto* text = as<Str>(initial);
    OURO_TRY(array->resize(ts, text->length));
    for (std::int64_t i = 0; i < text->length; ++i) {
      const char32_t character = text->at(i);
      std::memcpy(array->place(i), &character, sizeof character);
    }
    return kDone;
  }
  if (is_instance_of(initial, base) && array_of(initial)->code == 'u' && array->code == 'u') {
    return array_extend(ts, array, initial, base);
  }
  return for_each_item(ts, initial, [&](ObjRef item) { return array_append(ts, array, item); });
}

ObjResult array_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (args.keyword_count() > 0) OURO_TRY(refuse_make_keywords(ts, type, args, "array.array"));
  if (args.size() < 1 || args.size() > 2) {
    return raise_type_error(ts, "array() takes at {} argument{} ({} given)",
                            args.size() < 1 ? "least 1" : "most 2", args.size() < 1 ? "" : "s",
                            args.size());
  }
  if (!is_str(args[0]) || as<Str>(args[0])->length != 1) {
    return raise_type_error(ts, "array() argument 1 must be a unicode character, not {n}", args[0]);
  }
  const char32_t wide = as<Str>(args[0])->at(0);
  const char code = wide < 128 ? static_cast<char>(wide) : '\0';
  Borrowed<Type> base = array_base(type);
  const Obj initial = args.size() > 1 ? args[1] : Obj();
  if (initial && code != 'u') {
    if (is_str(initial)) {
      return raise_type_error(ts, "cannot use a str to initialize an array with typecode '{}'",
                              code);
    }
    if (is_instance_of(initial, base) && array_of(initial)->code == 'u') {
      return raise_type_error(
          ts, "cannot use a unicode array to initialize an array with typecode '{}'", code);
    }
  }
  if (array_item_bytes(code) == 0) {
    return raise_value_error(ts, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
  }
  Ref<Array> made = OURO_TRY(new_array(ts, type, code, 0));
  if (initial) OURO_TRY(fill_from(ts, made.get(), initial, base));
  return made;
}

void array_dealloc(gc::Header* header) {
  auto* self = static_cast<Array*>(header);
  if (self->weaklist != nullptr) clear_weak_references(self);
  free_raw(self->items);
  free_object(self);
}

// -- buffer ---------------------------------------------------------------------------------------

Status array_export(ThreadState&, Obj self, ExportedMemory& memory) {
  Array* array = array_of(self);
  ++array->exports;
  memory.data = const_cast<char*>(array->bytes().data());
  memory.items = array->size;
  memory.format[0] = array->code == 'u' ? 'w' : array->code;
  memory.item_bytes = array->item_bytes;
  memory.read_only = false;
  return kDone;
}
void array_release(Obj self) { --array_of(self)->exports; }
constexpr BufferSlots kBuffer = {array_export, array_release};

// -- slots ----------------------------------------------------------------------------------------

ObjResult array_repr(ThreadState& ts, Obj self) {
  Array* array = array_of(self);
  StrBuilder text(ts);
  OURO_TRY(text.append(std::string_view(self->type()->short_name())));
  OURO_TRY(text.append(std::string_view("('")));
  OURO_TRY(text.append(static_cast<char32_t>(array->code)));
  OURO_TRY(text.append(U'\''));
  if (array->size > 0) {
    const char* method = array->code == 'u' ? "tounicode" : "tolist";
    ObjRef items = OURO_TRY(call_method(ts, self, OURO_TRY(intern(ts, method))));
    Ref<Str> shown = OURO_TRY(repr_of(ts, items));
    OURO_TRY(text.append(std::string_view(", ")));
    OURO_TRY(text.append(shown));
  }
  OURO_TRY(text.append(U')'));
  return text.finish();
}

ObjResult array_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  Borrowed<Type> base = array_base(left->type());
  if (!is_instance_of(right, base) || !is_instance_of(left, base)) {
    return ts.core.not_implemented_ref();
  }
  const bool equality = op == CompareOp::Equal || op == CompareOp::NotEqual;
  if (equality && array_of(left)->size != array_of(right)->size) {
    return ts.core.bool_ref(op == CompareOp::NotEqual);
  }
  for (std::int64_t i = 0; i < array_of(left)->size && i < array_of(right)->size; ++i) {
    ObjRef a = OURO_TRY(array_load(ts, array_of(left), i));
    ObjRef b = OURO_TRY(array_load(ts, array_of(right), i));
    ObjRef same = OURO_TRY(compare(ts, a, b, CompareOp::Equal));
    if (OURO_TRY(is_true(ts, same))) continue;
    if (equality) return ts.core.bool_ref(op == CompareOp::NotEqual);
    return compare(ts, a, b, op);
  }
  return compare_lengths(ts, array_of(left)->size, array_of(right)->size, op);
}

Result<std::int64_t> array_length(ThreadState&, Obj self) { return array_of(self)->size; }

ObjResult array_item(ThreadState& ts, Obj self, std::int64_t index) {
  if (index < 0 || index >= array_of(self)->size) {
    return raise(ts, ts.core.exceptions.IndexError, "array index out of range");
  }
  return array_load(ts, array_of(self), index);
}

Result<bool> array_contains(ThreadState& ts, Obj self, Obj value) {
  for (std::int64_t i = 0; i < array_of(self)->size; ++i) {
    ObjRef item = OURO_TRY(array_load(ts, array_of(self), i));
    if (OURO_TRY(equals(ts, item, value))) return true;
  }
  return false;
}

ObjResult array_concat(ThreadState& ts, Obj self, Obj other) {
  Borrowed<Type> base = array_base(self->type());
  if (!is_instance_of(other, base)) {
    return raise_type_error(ts, "can only append array (not \"{t}\") to array", other);
  }
  Array* left = array_of(self);
  Array* right = array_of(other);
  if (left->code != right->code)
    return raise_type_error(ts, "bad argument type for built-in operation");
  Ref<Array> made = OURO_TRY(new_array(ts, base, left->code, 0));
  OURO_TRY(array_append_bytes(ts, made.get(), left->bytes()));
  OURO_TRY(array_append_bytes(ts, made.get(), right->bytes()));
  return made;
}

Result<std::int64_t> repeated_size(ThreadState& ts, const Array* array, std::int64_t count) {
  std::int64_t size = 0;
  if (count <= 0) return std::int64_t{0};
  if (__builtin_mul_overflow(array->size, count, &size)) return raise_no_memory(ts);
  return size;
}

void repeat_into(Array* array, std::int64_t unit, std::int64_t size) {
  for (std::int64_t at = unit; unit > 0 && at < size; at += unit) {
    std::memcpy(array->place(at), array->items, static_cast<std::size_t>(unit * array->item_bytes));
  }
}

ObjResult array_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  Array* array = array_of(self);
  const std::int64_t size = OURO_TRY(repeated_size(ts, array, count));
  Ref<Array> made = OURO_TRY(new_array(ts, array_base(self->type()), array->code, size));
  if (size == 0) return made;
  std::memcpy(made->items, array->items, array->bytes().size());
  repeat_into(made.get(), array->size, size);
  return made;
}

ObjResult array_inplace_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  Array* array = array_of(self);
  const std::int64_t unit = array->size;
  const std::int64_t size = OURO_TRY(repeated_size(ts, array, count));
  OURO_TRY(array->resize(ts, size));
  repeat_into(array, unit, size);
  return self.new_ref();
}

ObjResult array_inplace_concat(ThreadState& ts, Obj self, Obj other) {
  Borrowed<Type> base = array_base(self->type());
  if (!is_instance_of(other, base)) {
    return raise_type_error(ts, "can only extend with array (not \"{t}\")", other);
  }
  OURO_TRY(array_extend(ts, array_of(self), other, base));
  return self.new_ref();
}

ObjResult array_subscript(ThreadState& ts, Obj self, Obj key) {
  if (has_index(key)) {
    const std::int64_t index = OURO_TRY(subscript_index(ts, key));
    return array_item(ts, self, index < 0 ? index + array_of(self)->size : index);
  }
  if (!is_kind(key, TypeKind::Slice)) {
    return raise_type_error(ts, "array indices must be integers");
  }
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  Array* array = array_of(self);
  const SliceIndices range = slice_adjust(raw, array->size);
  Ref<Array> made = OURO_TRY(new_array(ts, array_base(self->type()), array->code, range.count));
  for (std::int64_t i = 0; i < range.count; ++i) {
    std::memcpy(made->place(i), array->place(range.start + i * range.step), array->item_bytes);
  }
  return made;
}

/// Replaces items [start, stop) by `bytes`, which lie outside the array.
Status splice(ThreadState& ts, Array* array, std::int64_t start, std::int64_t stop,
              std::string_view bytes) {
  const std::int64_t added = static_cast<std::int64_t>(bytes.size()) / array->item_bytes;
  const std::int64_t size = array->size;
  const std::int64_t growth = added - (stop - start);
  const auto move_tail = [&] {
    if (size > stop) {
      std::memmove(array->place(stop + growth), array->place(stop),
                   static_cast<std::size_t>((size - stop) * array->item_bytes));
    }
  };
  if (growth != 0 && array->exports > 0) return array->resize(ts, size + growth);  // raises
  if (growth < 0) move_tail();
  OURO_TRY(array->resize(ts, size + growth));
  if (growth > 0) move_tail();
  if (!bytes.empty()) std::memcpy(array->place(start), bytes.data(), bytes.size());
  return kDone;
}

Status delete_stepped(ThreadState& ts, Array* array, SliceIndices range) {
  if (range.count == 0) return kDone;
  if (array->exports > 0) return array->resize(ts, array->size - range.count);  // raises
  if (range.step < 0) {
    range.start += (range.count - 1) * range.step;
    range.step = -range.step;
  }
  std::int64_t to = range.start;
  for (std::int64_t from = range.start; from < array->size; ++from) {
    const std::int64_t offset = from - range.start;
    if (offset % range.step == 0 && offset / range.step < range.count) continue;
    std::memmove(array->place(to++), array->place(from), array->item_bytes);
  }
  return array->resize(ts, to);
}

Status assign_slice(ThreadState& ts, Obj self, Borrowed<Slice> slice, Obj value) {
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, slice));
  Array* array = array_of(self);
  Ref<Bytes> bytes = Ref<Bytes>::share(ts.core.empty_bytes);
  if (value) {
    if (!is_instance_of(value, array_base(self->type()))) {
      return raise_type_error(ts, "can only assign array (not \"{t}\") to array slice", value);
    }
    if (array_of(value)->code != array->code) {
      return raise_type_error(ts, "bad argument type for built-in operation");
    }
    bytes = OURO_TRY(Bytes::from(ts, array_of(value)->bytes()));
  }
  const SliceIndices range = slice_adjust(raw, array->size);
  if (range.step == 1) {
    return splice(ts, array, range.start, range.start + range.count, bytes->view());
  }
  if (!value) return delete_stepped(ts, array, range);
  const std::int64_t given = bytes->length / array->item_bytes;
  if (given != range.count) {
    return raise_value_error(ts, "attempt to assign array of size {} to extended slice of size {}",
                             given, range.count);
  }
  for (std::int64_t i = 0; i < range.count; ++i) {
    std::memcpy(array->place(range.start + i * range.step), bytes->data() + i * array->item_bytes,
                array->item_bytes);
  }
  return kDone;
}

Status array_set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  if (is_kind(key, TypeKind::Slice)) return assign_slice(ts, self, as<Slice>(key), value);
  if (!has_index(key)) return raise_type_error(ts, "array indices must be integers");
  std::int64_t index = OURO_TRY(subscript_index(ts, key));
  Array* array = array_of(self);
  if (index < 0) index += array->size;
  const auto check = [&]() -> Status {
    if (index >= 0 && index < array->size) return kDone;
    return raise(ts, ts.core.exceptions.IndexError, "array assignment index out of range");
  };
  OURO_TRY(check());
  if (!value) return splice(ts, array, index, index + 1, {});
  char item[8];
  OURO_TRY(array_pack(ts, array->code, value, item));
  OURO_TRY(check());  // converting may have shortened the array
  std::memcpy(array->place(index), item, array->item_bytes);
  return kDone;
}

Status array_set_item(ThreadState& ts, Obj self, std::int64_t index, Obj value) {
  Ref<Int> key = OURO_TRY(Int::from(ts, index));
  return array_set_subscript(ts, self, key, value);
}

// -- iterator -------------------------------------------------------------------------------------

struct ArrayIterator : Object {
  Object* array;  // ? owned; null at the end
  std::int64_t index;
  template <class V>
  void edges(V& v) const {
    v.edge(array, gc::slot_label("array"));
  }
};

ObjResult array_iter(ThreadState& ts, Obj self) {
  ObjRef held = self.new_ref();
  Ref<ArrayIterator> made = OURO_TRY(new_object<ArrayIterator>(ts, companion(self->type())));
  made->array = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<ArrayIterator>(self);
  if (iterator->array == nullptr) return Next::Done;
  Array* array = array_of(iterator->array);
  if (iterator->index >= array->size) {
    drop(iterator->array);
    return Next::Done;
  }
  ObjResult loaded = array_load(ts, array, iterator->index);
  if (loaded.raised()) return Next::Raised;
  ++iterator->index;
  item = loaded.take();
  return Next::Item;
}

ObjResult iterator_reduce(ThreadState& ts, Obj self, Args) {
  auto* iterator = as<ArrayIterator>(self);
  if (iterator->array == nullptr) {
    Ref<List> empty = OURO_TRY(List::create(ts));
    return reduce_iterator(ts, "iter", empty, -1);
  }
  return reduce_iterator(ts, "iter", iterator->array, iterator->index);
}

ObjResult iterator_set_state(ThreadState& ts, Obj self, Args args) {
  auto* iterator = as<ArrayIterator>(self);
  const std::int64_t index =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (iterator->array != nullptr) {
    iterator->index = std::clamp<std::int64_t>(index, 0, array_of(iterator->array)->size);
  }
  return ts.core.none_ref();
}

constexpr MethodDef kIteratorMethods[] = {
    {"__reduce__", iterator_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nReturn state information for pickling."},
    {"__setstate__", iterator_set_state, 1, 1, MethodDef::kNone,
     "__setstate__($self, state, /)\n--\n\nSet state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_iterator_type(Type& type) {
  fill_iterator<ArrayIterator, &ArrayIterator::array>(type, iterator_next);
  type.methods = kIteratorMethods;
}

void fill_array(Type& type) {
  type.info.basic_bytes = sizeof(Array);
  type.info.flags |= kBaseType | kSequencePattern;
  type.info.dealloc = array_dealloc;
  type.info.weaklist_offset = offsetof(Array, weaklist);
  type.buffer = &kBuffer;
  type.make = array_make;
  type.repr = array_repr;
  type.compare = array_compare;
  type.iter = array_iter;
  type.sequence.length = array_length;
  type.sequence.concat = array_concat;
  type.sequence.repeat = array_repeat;
  type.sequence.item = array_item;
  type.sequence.set_item = array_set_item;
  type.sequence.contains = array_contains;
  type.sequence.inplace_concat = array_inplace_concat;
  type.sequence.inplace_repeat = array_inplace_repeat;
  type.mapping.length = array_length;
  type.mapping.subscript = array_subscript;
  type.mapping.set_subscript = array_set_subscript;
  type.methods = kArrayMethods;
  type.getsets = kArrayGetSets;
}

/// _array_reconstructor(class, typecode, format, bytes): pickles of protocol 3 and later. The
/// formats are numbered; those with the layout of this machine are read.
ObjResult reconstruct(ThreadState& ts, Obj, Args args) {
  if (!is_type(args[0])) {
    return raise_type_error(ts, "first argument must be a type object, not {t}", args[0]);
  }
  if (!is_str(args[1]) || as<Str>(args[1])->length != 1) {
    return raise_type_error(
        ts, "_array_reconstructor() argument 2 must be a unicode character, not {n}", args[1]);
  }
  const std::int64_t format =
      OURO_TRY(index_as_int64(ts, args[2], ts.core.exceptions.OverflowError));
  if (format < 0 || format > 21)
    return raise_value_error(ts, "third argument must be a valid machine format code.");
  if (!is_bytes(args[3]))
    return raise_type_error(ts, "fourth argument should be bytes, not {t}", args[3]);
  static constexpr const char* kFormats[] = {
      "B", "b",     "H", nullptr, "h", nullptr, "I",     nullptr, "i", nullptr, "Q", nullptr,
      "q", nullptr, "f", nullptr, "d", nullptr, nullptr, nullptr, "u", nullptr};
  const char* code = kFormats[format];
  if (code == nullptr) {
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "arrays pickled on a big-endian machine, or as UTF-16, are not read");
  }
  const char wanted = static_cast<char>(as<Str>(args[1])->at(0));
  const bool same_width = array_item_bytes(wanted) == array_item_bytes(*code);
  Ref<Str> name = OURO_TRY(Str::from_char(ts, static_cast<char32_t>(same_width ? wanted : *code)));
  return call(ts, args[0], name, args[3]);
}

constexpr MethodDef kFunctions[] = {
    {"_array_reconstructor", reconstruct, 4, 4, MethodDef::kNone,
     "_array_reconstructor($module, arraytype, typecode, mformat_code, items,\n                    "
     " "
     "/)\n--\n\nInternal. Used for pickling support."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_array_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "array"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> iterator =
      OURO_TRY(make_native_type(ts, {"arrayiterator", "array", sizeof(ArrayIterator), 0,
                                     kDisallowInstantiation, fill_iterator_type, nullptr}));
  Ref<Type> type = OURO_TRY(add_native_type(
      ts, module,
      {"array", "array", sizeof(Array), 0, 0, fill_array,
       "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted "
       "by typecode, and\ninitialized from the optional initializer value."}));
  OURO_TRY(set_companions(ts, type, {Obj(iterator)}));
  OURO_TRY(dict_set(ts, module->dict, "ArrayType", Obj(type)));
  OURO_TRY(add_constant(ts, module, "typecodes", "bBuhHiIlLqQfd"));
  ObjRef collections = OURO_TRY(import_by_name(ts, "_collections_abc"));
  ObjRef mutable_sequence = OURO_TRY(get_attribute(ts, collections, "MutableSequence"));
  OURO_TRY(call(ts, OURO_TRY(get_attribute(ts, mutable_sequence, "register")), type));
  return module;
}

}  // namespace ouro
