// Methods of array.array.
#include <algorithm>
#include <cstring>
#include <limits>

#include "modules/array.h"
#include "objects/list.h"

namespace ouro {

namespace {

ObjResult append(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(array_append(ts, array_of(self), args[0]));
  return ts.core.none_ref();
}

ObjResult extend(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(array_extend(ts, array_of(self), args[0], array_base(self->type())));
  return ts.core.none_ref();
}

ObjResult insert(ThreadState& ts, Obj self, Args args) {
  std::int64_t index = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  Array* array = array_of(self);
  char item[8];
  OURO_TRY(array_pack(ts, array->code, args[1], item));
  if (index < 0) index += array->size;
  index = std::clamp<std::int64_t>(index, 0, array->size);
  OURO_TRY(array->resize(ts, array->size + 1));
  std::memmove(array->place(index + 1), array->place(index),
               static_cast<std::size_t>((array->size - 1 - index) * array->item_bytes));
  std::memcpy(array->place(index), item, array->item_bytes);
  return ts.core.none_ref();
}

Status remove_at(ThreadState& ts, Array* array, std::int64_t index) {
  if (array->exports > 0) return array->resize(ts, array->size - 1);  // raises
  std::memmove(array->place(index), array->place(index + 1),
               static_cast<std::size_t>((array->size - 1 - index) * array->item_bytes));
  return array->resize(ts, array->size - 1);
}

ObjResult pop(ThreadState& ts, Obj self, Args args) {
  std::int64_t index = -1;
  if (args.size() > 0) {
    index = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  }
  Array* array = array_of(self);
  if (array->size == 0) return raise(ts, ts.core.exceptions.IndexError, "pop from empty array");
  if (index < 0) index += array->size;
  if (index < 0 || index >= array->size) {
    return raise(ts, ts.core.exceptions.IndexError, "pop index out of range");
  }
  ObjRef item = OURO_TRY(array_load(ts, array, index));
  OURO_TRY(remove_at(ts, array, index));
  return item;
}

/// The place of the first item equal to `value` in [start, stop); -1: none.
Result<std::int64_t> find(ThreadState& ts, Array* array, Obj value, std::int64_t start,
                          std::int64_t stop) {
  for (std::int64_t i = start; i < stop && i < array->size; ++i) {
    ObjRef item = OURO_TRY(array_load(ts, array, i));
    if (OURO_TRY(equals(ts, item, value))) return i;
  }
  return std::int64_t{-1};
}

ObjResult remove(ThreadState& ts, Obj self, Args args) {
  const std::int64_t at =
      OURO_TRY(find(ts, array_of(self), args[0], 0, std::numeric_limits<std::int64_t>::max()));
  if (at < 0 || at >= array_of(self)->size) {
    return raise_value_error(ts, "array.remove(x): x not in array");
  }
  OURO_TRY(remove_at(ts, array_of(self), at));
  return ts.core.none_ref();
}

ObjResult index(ThreadState& ts, Obj self, Args args) {
  std::int64_t start = args.size() > 1 ? OURO_TRY(search_bound(ts, args[1])) : 0;
  std::int64_t stop = args.size() > 2 ? OURO_TRY(search_bound(ts, args[2]))
                                      : std::numeric_limits<std::int64_t>::max();
  const std::int64_t size = array_of(self)->size;
  if (start < 0) start = std::max<std::int64_t>(start + size, 0);
  if (stop < 0) stop += size;
  const std::int64_t at = OURO_TRY(find(ts, array_of(self), args[0], start, stop));
  if (at < 0) return raise_value_error(ts, "array.index(x): x not in array");
  return Int::from(ts, at);
}

ObjResult count(ThreadState& ts, Obj self, Args args) {
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < array_of(self)->size; ++i) {
    ObjRef item = OURO_TRY(array_load(ts, array_of(self), i));
    if (OURO_TRY(equals(ts, item, args[0]))) ++found;
  }
  return Int::from(ts, found);
}

ObjResult reverse(ThreadState& ts, Obj self, Args) {
  Array* array = array_of(self);
  char item[8];
  for (std::int64_t low = 0, high = array->size - 1; low < high; ++low, --high) {
    std::memcpy(item, array->place(low), array->item_bytes);
    std::memcpy(array->place(low), array->place(high), array->item_bytes);
    std::memcpy(array->place(high), item, array->item_bytes);
  }
  return ts.core.none_ref();
}

ObjResult byteswap(ThreadState& ts, Obj self, Args) {
  Array* array = array_of(self);
  for (std::int64_t i = 0; i < array->size; ++i) {
    std::reverse(array->place(i), array->place(i + 1));
  }
  return ts.core.none_ref();
}

ObjResult buffer_info(ThreadState& ts, Obj self, Args) {
  Ref<Int> address =
      OURO_TRY(Int::from(ts, reinterpret_cast<std::intptr_t>(array_of(self)->items)));
  Ref<Int> size = OURO_TRY(Int::from(ts, array_of(self)->size));
  return Tuple::of(ts, address, size);
}

ObjResult copy(ThreadState& ts, Obj self, Args) {
  Array* array = array_of(self);
  Ref<Array> made = OURO_TRY(new_array(ts, array_base(self->type()), array->code, 0));
  OURO_TRY(array_append_bytes(ts, made.get(), array->bytes()));
  return made;
}

ObjResult tolist(ThreadState& ts, Obj self, Args) {
  Ref<List> list = OURO_TRY(List::create(ts, array_of(self)->size));
  for (std::int64_t i = 0; i < array_of(self)->size; ++i) {
    ObjRef item = OURO_TRY(array_load(ts, array_of(self), i));
    OURO_TRY(list->append(ts, std::move(item)));
  }
  return list;
}

ObjResult fromlist(ThreadState& ts, Obj self, Args args) {
  if (!is_list(args[0])) return raise_type_error(ts, "arg must be list");
  auto* list = as<List>(args[0]);
  Array* array = array_of(self);
  const std::int64_t before = array->size;
  const std::int64_t added = list->size;
  for (std::int64_t i = 0; i < added; ++i) {
    ObjRef item = list->at(i).new_ref();
    Status appended = array_append(ts, array, item);
    if (appended.ok() && list->size != added) {
      appended = raise(ts, ts.core.exceptions.RuntimeError, "list changed size during iteration");
    }
    if (appended.ok()) continue;
    // All or nothing.
    ObjRef pending = take_pending(ts);
    if (array->size > before && array->resize(ts, before).raised()) clear_pending(ts);
    restore_pending(ts, std::move(pending));
    return Raised{};
  }
  return ts.core.none_ref();
}

ObjResult tobytes(ThreadState& ts, Obj self, Args) {
  return Bytes::from(ts, array_of(self)->bytes());
}

ObjResult frombytes(ThreadState& ts, Obj self, Args args) {
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0]));
  Array* array = array_of(self);
  if (view.size() % array->item_bytes != 0) {
    return raise_value_error(ts, "bytes length not a multiple of item size");
  }
  if (array->exports > 0 && args[0] == self)
    return array->resize(ts, array->size * 2).raised() ? ObjResult(Raised{})
                                                       : ObjResult(ts.core.none_ref());
  OURO_TRY(array_append_bytes(ts, array, view.view()));
  return ts.core.none_ref();
}

ObjResult fromfile(ThreadState& ts, Obj self, Args args) {
  const std::int64_t items =
      OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  if (items < 0) return raise_value_error(ts, "negative count");
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(items, array_of(self)->item_bytes, &bytes)) return raise_no_memory(ts);
  Ref<Int> wanted = OURO_TRY(Int::from(ts, bytes));
  ObjRef read = OURO_TRY(get_attribute(ts, args[0], "read"));
  ObjRef data = OURO_TRY(call(ts, read, wanted));
  if (!is_bytes(data)) return raise_type_error(ts, "read() didn't return bytes");
  const bool complete = as<Bytes>(data)->length == bytes;
  Object* values[] = {data.get()};
  OURO_TRY(frombytes(ts, self, Args{values, 1, nullptr}));
  if (!complete) {
    return raise(ts, ts.core.exceptions.EOFError, "read() didn't return enough bytes");
  }
  return ts.core.none_ref();
}

ObjResult tofile(ThreadState& ts, Obj self, Args args) {
  constexpr std::int64_t kPiece = 64 * 1024;
  for (std::int64_t at = 0; at < static_cast<std::int64_t>(array_of(self)->bytes().size());
       at += kPiece) {
    Ref<Bytes> piece = OURO_TRY(
        Bytes::from(ts, array_of(self)->bytes().substr(static_cast<std::size_t>(at), kPiece)));
    Object* values[] = {piece.get()};
    OURO_TRY(call_method(ts, args[0], ts.core.names.n_write, values));
  }
  return ts.core.none_ref();
}

ObjResult fromunicode(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "fromunicode() argument must be str, not {n}", args[0]);
  }
  Array* array = array_of(self);
  if (array->code != 'u') {
    return raise_value_error(ts, "fromunicode() may only be called on unicode type arrays");
  }
  auto* text = as<Str>(args[0]);
  const std::int64_t before = array->size;
  OURO_TRY(array->resize(ts, before + text->length));
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t character = text->at(i);
    std::memcpy(array->place(before + i), &character, sizeof character);
  }
  return ts.core.none_ref();
}

ObjResult tounicode(ThreadState& ts, Obj self, Args) {
  Array* array = array_of(self);
  if (array->code != 'u') {
    return raise_value_error(ts, "tounicode() may only be called on unicode type arrays");
  }
  StrBuilder text(ts);
  for (std::int64_t i = 0; i < array->size; ++i) {
    char32_t character = 0;
    std::memcpy(&character, array->place(i), sizeof character);
    if (character > 0x10ffff) {
      return raise_value_error(ts, "character is not in range [U+0000; U+10ffff]");
    }
    OURO_TRY(text.append(character));
  }
  return text.finish();
}

ObjResult dict_of(ThreadState& ts, Obj self) {
  MaybeAttribute dict = find_attribute(ts, self, ts.core.names.dunder_dict);
  if (dict.failed) return Raised{};
  return dict.value ? std::move(dict.value) : ts.core.none_ref();
}

/// Protocol 2 and below: the items as a list; later: the bytes with the number of their format.
ObjResult reduce_ex(ThreadState& ts, Obj self, Args args) {
  const std::int64_t protocol =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  Array* array = array_of(self);
  ObjRef dict = OURO_TRY(dict_of(ts, self));
  Ref<Str> code = OURO_TRY(Str::from_char(ts, static_cast<char32_t>(array->code)));
  if (protocol < 3) {
    ObjRef items = OURO_TRY(tolist(ts, self, {}));
    Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, code, items));
    return Tuple::of(ts, Obj(self->type()), arguments, dict);
  }
  static constexpr std::pair<char, int> kFormats[] = {
      {'B', 0},  {'b', 1},  {'H', 2},  {'h', 4},  {'I', 6},  {'i', 8}, {'L', 10},
      {'Q', 10}, {'l', 12}, {'q', 12}, {'f', 14}, {'d', 16}, {'u', 20}};
  int format = 0;
  for (const auto& [letter, number] : kFormats) {
    if (letter == array->code) format = number;
  }
  ObjRef module = OURO_TRY(import_by_name(ts, "array"));
  ObjRef function = OURO_TRY(get_attribute(ts, module, "_array_reconstructor"));
  Ref<Int> number = OURO_TRY(Int::from(ts, format));
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, array->bytes()));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, Obj(self->type()), code, number, bytes));
  return Tuple::of(ts, function, arguments, dict);
}

ObjResult size_of(ThreadState& ts, Obj self, Args) {
  Array* array = array_of(self);
  return Int::from(ts, 64 + array->capacity * array->item_bytes);
}

ObjResult get_typecode(ThreadState& ts, Obj self) {
  return Str::from_char(ts, static_cast<char32_t>(array_of(self)->code));
}
ObjResult get_itemsize(ThreadState& ts, Obj self) {
  return Int::from(ts, array_of(self)->item_bytes);
}

}  // namespace

const MethodDef kArrayMethods[] = {
    {"append", append, 1, 1, MethodDef::kNone,
     "append($self, v, /)\n--\n\nAppend new value v to the end of the array."},
    {"buffer_info", buffer_info, 0, 0, MethodDef::kNone,
     "buffer_info($self, /)\n--\n\nReturn a tuple (address, length) giving the current memory "
     "address and the length in items of the buffer used to hold array's contents."},
    {"byteswap", byteswap, 0, 0, MethodDef::kNone,
     "byteswap($self, /)\n--\n\nByteswap all items of the array."},
    {"count", count, 1, 1, MethodDef::kNone,
     "count($self, v, /)\n--\n\nReturn number of occurrences of v in the array."},
    {"extend", extend, 1, 1, MethodDef::kNone,
     "extend($self, bb, /)\n--\n\nAppend items to the end of the array."},
    {"fromfile", fromfile, 2, 2, MethodDef::kNone,
     "fromfile($self, f, n, /)\n--\n\nRead n objects from the file object f and append them to "
     "the end of the array."},
    {"fromlist", fromlist, 1, 1, MethodDef::kNone,
     "fromlist($self, list, /)\n--\n\nAppend items to array from list."},
    {"frombytes", frombytes, 1, 1, MethodDef::kNone,
     "frombytes($self, buffer, /)\n--\n\nAppends items from the string, interpreting it as an "
     "array of machine values."},
    {"fromunicode", fromunicode, 1, 1, MethodDef::kNone,
     "fromunicode($self, ustr, /)\n--\n\nExtends this array with data from the unicode string "
     "ustr."},
    {"index", index, 1, 3, MethodDef::kNone,
     "index($self, v, start=0, stop=sys.maxsize, /)\n--\n\nReturn index of first occurrence of v "
     "in the array."},
    {"insert", insert, 2, 2, MethodDef::kNone,
     "insert($self, i, v, /)\n--\n\nInsert a new item v into the array before position i."},
    {"pop", pop, 0, 1, MethodDef::kNone,
     "pop($self, i=-1, /)\n--\n\nReturn the i-th element and delete it from the array."},
    {"remove", remove, 1, 1, MethodDef::kNone,
     "remove($self, v, /)\n--\n\nRemove the first occurrence of v in the array."},
    {"reverse", reverse, 0, 0, MethodDef::kNone,
     "reverse($self, /)\n--\n\nReverse the order of the items in the array."},
    {"tobytes", tobytes, 0, 0, MethodDef::kNone,
     "tobytes($self, /)\n--\n\nConvert the array to an array of machine values and return the "
     "bytes representation."},
    {"tofile", tofile, 1, 1, MethodDef::kNone,
     "tofile($self, f, /)\n--\n\nWrite all items (as machine values) to the file object f."},
    {"tolist", tolist, 0, 0, MethodDef::kNone,
     "tolist($self, /)\n--\n\nConvert array to an ordinary list with the same items."},
    {"tounicode", tounicode, 0, 0, MethodDef::kNone,
     "tounicode($self, /)\n--\n\nExtends this array with data from the unicode string ustr."},
    {"__copy__", copy, 0, 0, MethodDef::kNone,
     "__copy__($self, /)\n--\n\nReturn a copy of the array."},
    {"__deepcopy__", copy, 1, 1, MethodDef::kNone,
     "__deepcopy__($self, unused, /)\n--\n\nReturn a copy of the array."},
    {"__reduce_ex__", reduce_ex, 1, 1, MethodDef::kNone,
     "__reduce_ex__($self, value, /)\n--\n\nReturn state information for pickling."},
    {"__sizeof__", size_of, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nSize of the array in memory, in bytes."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

const GetSetDef kArrayGetSets[] = {
    {"typecode", get_typecode, nullptr, "the typecode character used to create the array"},
    {"itemsize", get_itemsize, nullptr, "the size, in bytes, of one array item"},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace ouro
