// Module _pickle: writing values of built-in types.
#include <cstdio>
#include <cstring>

#include "modules/pickle.h"
#include "objects/float.h"
#include "objects/int_magnitude.h"
#include "objects/set.h"

namespace ouro::pickle {

namespace {

/// An opcode and a number of `width` bytes, little end first.
struct Header {
  char bytes[9];
  int size;
  Header(Op op, std::uint64_t value, int width) : size(width + 1) {
    bytes[0] = static_cast<char>(op);
    for (int i = 0; i < width; ++i) bytes[1 + i] = static_cast<char>(value >> (8 * i));
  }
  [[nodiscard]] std::string_view view() const { return {bytes, static_cast<std::size_t>(size)}; }
};

// -- numbers --------------------------------------------------------------------------------------

Status save_text_line(ThreadState& ts, Pickler* self, Op op, Borrowed<Str> text, const char* end) {
  OURO_TRY(write_op(ts, self, op));
  OURO_TRY(write_bytes(ts, self, text->ascii()));
  return write_bytes(ts, self, end);
}

/// Two's complement, little end first, in as few bytes as show the sign.
Status save_long(ThreadState& ts, Pickler* self, Obj number) {
  const Magnitude magnitude(number);
  std::int64_t size = magnitude.bits() / 8 + 1;
  const auto count = static_cast<std::size_t>(size);
  Ref<Bytes> digits = OURO_TRY(Bytes::make(ts, size));
  auto* bytes = reinterpret_cast<unsigned char*>(digits->data());
  unsigned carry = 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t limb = i / 8;
    unsigned byte = limb < static_cast<std::size_t>(magnitude.count())
                        ? static_cast<unsigned>(magnitude.limbs()[limb] >> (8 * (i % 8))) & 0xff
                        : 0;
    if (magnitude.negative()) {
      byte = (byte ^ 0xff) + carry;
      carry = byte >> 8;
    }
    bytes[i] = static_cast<unsigned char>(byte);
  }
  if (magnitude.negative() && size > 1 && bytes[size - 1] == 0xff &&
      (bytes[size - 2] & 0x80) != 0) {
    --size;
  }
  const Header header = size < 256 ? Header(kLong1, static_cast<std::uint64_t>(size), 1)
                                   : Header(kLong4, static_cast<std::uint64_t>(size), 4);
  if (size > 0x7fffffff) {
    return raise(ts, ts.core.exceptions.OverflowError, "int too large to pickle");
  }
  return write_large(ts, self, header.view(),
                     digits->view().substr(0, static_cast<std::size_t>(size)));
}

Status save_int(ThreadState& ts, Pickler* self, Obj number) {
  const Int* value = as<Int>(number);
  const bool short_enough =
      value->is_small() && value->small == static_cast<std::int32_t>(value->small);
  if (short_enough && self->bin != 0) {
    const std::int64_t small = value->small;
    const Header header =
        small >= 0 && small < 256     ? Header(kBinInt1, static_cast<std::uint64_t>(small), 1)
        : small >= 0 && small < 65536 ? Header(kBinInt2, static_cast<std::uint64_t>(small), 2)
                                      : Header(kBinInt, static_cast<std::uint64_t>(small), 4);
    return write_bytes(ts, self, header.view());
  }
  if (!short_enough && self->protocol >= 2) return save_long(ts, self, number);
  Ref<Str> text = OURO_TRY(repr_of(ts, number));
  return short_enough ? save_text_line(ts, self, kInt, text, "\n")
                      : save_text_line(ts, self, kLong, text, "L\n");
}

Status save_float(ThreadState& ts, Pickler* self, Obj number) {
  const double value = as<Float>(number)->value;
  if (self->bin == 0) {
    Ref<Str> text = OURO_TRY(float_to_text(ts, value));
    return save_text_line(ts, self, kFloat, text, "\n");
  }
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  char bytes[9] = {kBinFloat};
  for (int i = 0; i < 8; ++i) bytes[1 + i] = static_cast<char>(bits >> (56 - 8 * i));
  return write_bytes(ts, self, {bytes, sizeof bytes});
}

Status save_bool(ThreadState& ts, Pickler* self, bool value) {
  if (self->protocol >= 2) return write_op(ts, self, value ? kNewTrue : kNewFalse);
  return write_bytes(ts, self, value ? "I01\n" : "I00\n");
}

// -- texts and bytes ------------------------------------------------------------------------------

/// The bytes of a row with the header of its length.
Status save_row(ThreadState& ts, Pickler* self, std::string_view data, Op shorter, Op normal,
                Op longer, int shorter_from, const char* kind) {
  const std::uint64_t size = data.size();
  if (size <= 0xff && self->protocol >= shorter_from) {
    return write_large(ts, self, Header(shorter, size, 1).view(), data);
  }
  if (size <= 0xffffffff) return write_large(ts, self, Header(normal, size, 4).view(), data);
  if (self->protocol >= 4) return write_large(ts, self, Header(longer, size, 8).view(), data);
  return raise(ts, ts.core.exceptions.OverflowError,
               "serializing a {} larger than 4 GiB requires pickle protocol 4 or higher", kind);
}

Status save_bytes_data(ThreadState& ts, Pickler* self, Obj object, std::string_view data) {
  OURO_TRY(save_row(ts, self, data, kShortBinBytes, kBinBytes, kBinBytes8, 3, "bytes object"));
  return memoize(ts, self, object);
}

Status save_bytes(ThreadState& ts, Pickler* self, Obj object) {
  const Bytes* bytes = as<Bytes>(object);
  if (self->protocol >= 3) return save_bytes_data(ts, self, object, bytes->view());
  // Older protocols know no bytes: they come as the encoded text.
  if (bytes->length == 0) {
    return save_call(ts, self, ts.core.types.bytes, ts.core.empty_tuple, object);
  }
  Ref<Str> text = OURO_TRY(Str::from_latin1(ts, bytes->view()));
  Ref<Str> encoding = OURO_TRY(intern(ts, "latin1"));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, text, encoding));
  return save_call(ts, self, self->state->encode, arguments, object);
}

Status save_bytearray_data(ThreadState& ts, Pickler* self, Obj object, std::string_view data) {
  OURO_TRY(write_large(ts, self, Header(kByteArray8, data.size(), 8).view(), data));
  return memoize(ts, self, object);
}

Status save_bytearray(ThreadState& ts, Pickler* self, Obj object) {
  const ByteArray* array = as<ByteArray>(object);
  const std::string_view data(array->data, static_cast<std::size_t>(array->length));
  if (self->protocol >= 5) return save_bytearray_data(ts, self, object, data);
  Ref<Tuple> arguments = Ref<Tuple>::share(ts.core.empty_tuple);
  if (!data.empty()) {
    Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, data));
    arguments = OURO_TRY(Tuple::of(ts, bytes));
  }
  return save_call(ts, self, ts.core.types.bytearray, arguments, object);
}

Status save_picklebuffer(ThreadState& ts, Pickler* self, Obj object) {
  const auto* buffer = as<PickleBuffer>(object);
  Type* pickling_error = type_in(self->state->pickling_error);
  if (self->protocol < 5) {
    return raise(ts, pickling_error, "PickleBuffer can only pickled with protocol >= 5");
  }
  if (buffer->released) {
    return raise_value_error(ts, "operation forbidden on released PickleBuffer object");
  }
  const Ref<MemoryView> view = Ref<MemoryView>::share(buffer->view);
  OURO_TRY(view->check_usable(ts));
  if (!view->is_contiguous()) {
    return raise(ts, pickling_error,
                 "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
  }
  bool in_band = true;
  if (self->buffer_callback != nullptr) {
    const ObjRef callback = ObjRef::share(self->buffer_callback);
    ObjRef answer = OURO_TRY(call(ts, callback, object));
    in_band = OURO_TRY(is_true(ts, answer));
  }
  const bool read_only = view->read_only;
  if (in_band) {
    const std::string_view data(view->start, static_cast<std::size_t>(view->total_bytes()));
    return read_only ? save_bytes_data(ts, self, object, data)
                     : save_bytearray_data(ts, self, object, data);
  }
  OURO_TRY(write_op(ts, self, kNextBuffer));
  return read_only ? write_op(ts, self, kReadOnlyBuffer) : kDone;
}

/// The text as protocol 0 writes it: Latin-1, with escapes for the rest and for what ends a line.
Result<Ref<Bytes>> escaped_text(ThreadState& ts, Borrowed<Str> text) {
  const auto is_plain = [](char32_t c) {
    return c < 256 && c != U'\\' && c != 0 && c != U'\n' && c != U'\r' && c != 0x1a;
  };
  std::int64_t size = 0;
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    size += is_plain(c) ? 1 : c < 0x10000 ? 6 : 10;
  }
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, size));
  char* out = made->data();
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (is_plain(c)) {
      *out++ = static_cast<char>(c);
      continue;
    }
    constexpr char kHex[] = "0123456789abcdef";
    *out++ = '\\';
    *out++ = c < 0x10000 ? 'u' : 'U';
    for (int shift = c < 0x10000 ? 12 : 28; shift >= 0; shift -= 4)
      *out++ = kHex[(c >> shift) & 15];
  }
  return made;
}

Status save_str(ThreadState& ts, Pickler* self, Obj object) {
  Borrowed<Str> text = as<Str>(object);
  if (self->bin != 0) {
    const Utf8 encoded(text);
    if (!encoded.ok()) return raise_no_memory(ts);
    OURO_TRY(save_row(ts, self, encoded.view(), kShortBinUnicode, kBinUnicode, kBinUnicode8, 4,
                      "string"));
  } else {
    Ref<Bytes> line = OURO_TRY(escaped_text(ts, text));
    OURO_TRY(write_op(ts, self, kUnicode));
    OURO_TRY(write_bytes(ts, self, line->view()));
    OURO_TRY(write_bytes(ts, self, "\n"));
  }
  return memoize(ts, self, object);
}

// -- containers -----------------------------------------------------------------------------------

Status save_tuple(ThreadState& ts, Pickler* self, Obj object) {
  const Tuple* tuple = as<Tuple>(object);
  const std::int64_t size = tuple->size;
  if (size == 0) {
    return self->protocol > 0 ? write_op(ts, self, kEmptyTuple) : write_bytes(ts, self, "(t");
  }
  const bool has_op = size <= 3 && self->protocol >= 2;
  if (!has_op) OURO_TRY(write_op(ts, self, kMark));
  for (std::int64_t i = 0; i < size; ++i) OURO_TRY(save(ts, self, tuple->at(i)));
  // A tuple that contains itself has been written by now, as a part of its items.
  const std::int64_t number = self->memo.find(object.get());
  if (number >= 0) {
    if (!has_op && self->bin != 0) {
      OURO_TRY(write_op(ts, self, kPopMark));
    } else {
      for (std::int64_t i = 0; i < size + (has_op ? 0 : 1); ++i) OURO_TRY(write_op(ts, self, kPop));
    }
    return write_get(ts, self, number);
  }
  constexpr Op kShort[] = {kTuple1, kTuple2, kTuple3};
  OURO_TRY(write_op(ts, self, has_op ? kShort[size - 1] : kTuple));
  return memoize(ts, self, object);
}

Status save_exact_items(ThreadState& ts, Pickler* self, Borrowed<List> list) {
  const auto save_at = [&](std::int64_t index) -> Status {
    const ObjRef item = list->at(index).new_ref();
    return save(ts, self, item);
  };
  if (list->size == 1) {
    OURO_TRY(save_at(0));
    return write_op(ts, self, kAppend);
  }
  std::int64_t total = 0;
  do {
    OURO_TRY(write_op(ts, self, kMark));
    for (std::int64_t in_batch = 0; in_batch < kBatch && total < list->size; ++in_batch) {
      OURO_TRY(save_at(total++));
    }
    OURO_TRY(write_op(ts, self, kAppends));
  } while (total < list->size);
  return kDone;
}

Status save_list(ThreadState& ts, Pickler* self, Obj object) {
  OURO_TRY(enter_fast(ts, self, object));
  const auto write = [&]() -> Status {
    OURO_TRY(self->bin != 0 ? write_op(ts, self, kEmptyList) : write_bytes(ts, self, "(l"));
    OURO_TRY(memoize(ts, self, object));
    if (as<List>(object)->size == 0) return kDone;
    const NativeDepth depth(ts, " while pickling an object");
    if (!depth.ok()) return Raised{};
    if (self->protocol > 0) return save_exact_items(ts, self, as<List>(object));
    ObjRef iterator = OURO_TRY(iterate(ts, object));
    return save_items(ts, self, iterator);
  };
  const Status written = write();
  leave_fast(ts, self, object);
  return written;
}

Status save_exact_pairs(ThreadState& ts, Pickler* self, Borrowed<Dict> dict) {
  const std::int64_t size = dict->used;
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  const auto save_pair = [&]() -> Status {
    const ObjRef held_key = key.new_ref();
    const ObjRef held_value = value.new_ref();
    OURO_TRY(save(ts, self, held_key));
    return save(ts, self, held_value);
  };
  if (size == 1) {
    if (!dict_next(dict, position, key, value)) return kDone;
    OURO_TRY(save_pair());
    return write_op(ts, self, kSetItem);
  }
  std::int64_t in_batch;
  do {
    in_batch = 0;
    OURO_TRY(write_op(ts, self, kMark));
    while (in_batch < kBatch && dict_next(dict, position, key, value)) {
      OURO_TRY(save_pair());
      ++in_batch;
      if (dict->used != size) {
        return raise(ts, ts.core.exceptions.RuntimeError,
                     "dictionary changed size during iteration");
      }
    }
    OURO_TRY(write_op(ts, self, kSetItems));
  } while (in_batch == kBatch);
  return kDone;
}

Status save_dict(ThreadState& ts, Pickler* self, Obj object) {
  OURO_TRY(enter_fast(ts, self, object));
  const auto write = [&]() -> Status {
    OURO_TRY(self->bin != 0 ? write_op(ts, self, kEmptyDict) : write_bytes(ts, self, "(d"));
    OURO_TRY(memoize(ts, self, object));
    if (as<Dict>(object)->used == 0) return kDone;
    const NativeDepth depth(ts, " while pickling an object");
    if (!depth.ok()) return Raised{};
    if (self->protocol > 0) return save_exact_pairs(ts, self, as<Dict>(object));
    ObjRef items = OURO_TRY(call_method(ts, object, ts.core.names.n_items));
    ObjRef iterator = OURO_TRY(iterate(ts, items));
    return save_pairs(ts, self, iterator);
  };
  const Status written = write();
  leave_fast(ts, self, object);
  return written;
}

/// Sets of older protocols: set(list of the members).
Status save_set_as_list(ThreadState& ts, Pickler* self, Obj object) {
  Ref<List> members = OURO_TRY(List::create(ts));
  OURO_TRY(members->extend(ts, object));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, members));
  return save_call(ts, self, object->type(), arguments, object);
}

Status save_set(ThreadState& ts, Pickler* self, Obj object) {
  if (self->protocol < 4) return save_set_as_list(ts, self, object);
  Borrowed<Set> set = as<Set>(object);
  OURO_TRY(write_op(ts, self, kEmptySet));
  OURO_TRY(memoize(ts, self, object));
  const std::int64_t size = set->used;
  if (size == 0) return kDone;
  std::uint64_t position = 0;
  std::int64_t in_batch;
  do {
    in_batch = 0;
    OURO_TRY(write_op(ts, self, kMark));
    Obj member;
    while (in_batch < kBatch && set_next(set, position, member)) {
      const ObjRef held = member.new_ref();
      OURO_TRY(save(ts, self, held));
      ++in_batch;
      if (set->used != size) {
        return raise(ts, ts.core.exceptions.RuntimeError, "set changed size during iteration");
      }
    }
    OURO_TRY(write_op(ts, self, kAddItems));
  } while (in_batch == kBatch);
  return kDone;
}

Status save_frozenset(ThreadState& ts, Pickler* self, Obj object) {
  if (self->protocol < 4) return save_set_as_list(ts, self, object);
  OURO_TRY(write_op(ts, self, kMark));
  OURO_TRY(for_each_item(ts, object, [&](ObjRef member) { return save(ts, self, member); }));
  const std::int64_t number = self->memo.find(object.get());
  if (number >= 0) {
    OURO_TRY(write_op(ts, self, kPopMark));
    return write_get(ts, self, number);
  }
  OURO_TRY(write_op(ts, self, kFrozenSet));
  return memoize(ts, self, object);
}

// -- persistent ids, classes, and everything else -------------------------------------------------

/// True when the object was written as a persistent id.
Result<bool> save_persistent(ThreadState& ts, Pickler* self, Obj object) {
  const ObjRef hook = ObjRef::share(self->persistent_id);
  ObjRef id = OURO_TRY(call_hook(ts, self, hook, self->persistent_id_takes_self, object));
  if (is_none(id)) return false;
  if (self->bin != 0) {
    OURO_TRY(save(ts, self, id, false));
    OURO_TRY(write_op(ts, self, kBinPersId));
    return true;
  }
  Ref<Str> text = OURO_TRY(str_of(ts, id));
  if (!text->is_ascii()) {
    (void)raise(ts, type_in(self->state->pickling_error),
                "persistent IDs in protocol 0 must be ASCII strings");
    return Raised{};
  }
  OURO_TRY(save_text_line(ts, self, kPersId, text, "\n"));
  return true;
}

Status save_singleton_type(ThreadState& ts, Pickler* self, Obj object, Obj singleton) {
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, singleton));
  return save_call(ts, self, ts.core.types.type, arguments, object);
}

Status save_class(ThreadState& ts, Pickler* self, Obj object) {
  for (Object* singleton : {ts.core.none, ts.core.not_implemented, ts.core.ellipsis}) {
    if (object.get() == singleton->type()) {
      return save_singleton_type(ts, self, object, singleton);
    }
  }
  return save_global(ts, self, object, nullptr);
}

/// What a reducer registered for the class says; null when there is none.
Result<bool> find_reducer(ThreadState& ts, Pickler* self, Obj type, ObjRef& reducer) {
  if (self->dispatch_table == nullptr) {
    const Lookup found = dict_lookup(ts, as<Dict>(Obj(self->state->dispatch_table)), type);
    if (found.failed) return Raised{};
    reducer = ObjRef::share(found.value);
    return found.value != nullptr;
  }
  const ObjRef table = ObjRef::share(self->dispatch_table);
  ObjResult found = get_item(ts, table, type);
  if (found.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.KeyError)) return Raised{};
    return false;
  }
  reducer = found.take();
  return true;
}

/// __reduce_ex__ or __reduce__ of an object without a reducer of its own.
ObjResult reduce_by_method(ThreadState& ts, Pickler* self, Obj object) {
  MaybeAttribute reduce_ex = find_attribute(ts, object, ts.core.names.dunder_reduce_ex);
  if (reduce_ex.failed) return Raised{};
  if (reduce_ex.value) {
    Ref<Int> protocol = OURO_TRY(Int::from(ts, self->protocol));
    return call(ts, reduce_ex.value, Obj(protocol));
  }
  MaybeAttribute reduce = find_attribute(ts, object, ts.core.names.dunder_reduce);
  if (reduce.failed) return Raised{};
  if (!reduce.value) {
    return raise(ts, type_in(self->state->pickling_error), "can't pickle '{t}' object: {r}", object,
                 object);
  }
  return call(ts, reduce.value);
}

Status save_reduced(ThreadState& ts, Pickler* self, Obj reduced, Obj object) {
  if (is_str(reduced)) return save_global(ts, self, object, as<Str>(reduced));
  if (!is_tuple(reduced)) {
    return raise(ts, type_in(self->state->pickling_error),
                 "__reduce__ must return a string or tuple");
  }
  return save_reduce(ts, self, reduced, object);
}

Status save_other(ThreadState& ts, Pickler* self, Obj object) {
  if (self->reducer_override != nullptr) {
    const ObjRef override_hook = ObjRef::share(self->reducer_override);
    ObjRef reduced = OURO_TRY(call(ts, override_hook, object));
    if (reduced.get() != ts.core.not_implemented) return save_reduced(ts, self, reduced, object);
  }
  const Ref<Type> type = Ref<Type>::share(object->type());
  if (type.get() == ts.core.types.type) return save_class(ts, self, object);
  if (is_kind(object, TypeKind::Function)) return save_global(ts, self, object, nullptr);
  ObjRef reducer;
  if (OURO_TRY(find_reducer(ts, self, type, reducer))) {
    ObjRef reduced = OURO_TRY(call(ts, reducer, object));
    return save_reduced(ts, self, reduced, object);
  }
  if (is_type(object)) return save_global(ts, self, object, nullptr);
  ObjRef reduced = OURO_TRY(reduce_by_method(ts, self, object));
  return save_reduced(ts, self, reduced, object);
}

}  // namespace

Status save_items(ThreadState& ts, Pickler* self, Obj iterator) {
  const auto next = [&](ObjRef& item) { return next_item(ts, iterator, item); };
  if (self->protocol == 0) {
    for (;;) {
      ObjRef item;
      const Next found = next(item);
      if (found == Next::Raised) return Raised{};
      if (found == Next::Done) return kDone;
      OURO_TRY(save(ts, self, item));
      OURO_TRY(write_op(ts, self, kAppend));
    }
  }
  for (;;) {
    ObjRef first;
    ObjRef item;
    Next found = next(first);
    if (found == Next::Raised) return Raised{};
    if (found == Next::Done) return kDone;
    found = next(item);
    if (found == Next::Raised) return Raised{};
    if (found == Next::Done) {
      OURO_TRY(save(ts, self, first));
      return write_op(ts, self, kAppend);
    }
    OURO_TRY(write_op(ts, self, kMark));
    OURO_TRY(save(ts, self, first));
    std::int64_t in_batch = 1;
    while (item) {
      OURO_TRY(save(ts, self, item));
      item.reset();
      if (++in_batch == kBatch) break;
      found = next(item);
      if (found == Next::Raised) return Raised{};
      if (found == Next::Done) break;
    }
    OURO_TRY(write_op(ts, self, kAppends));
    if (in_batch < kBatch) return kDone;
  }
}

Status save_pairs(ThreadState& ts, Pickler* self, Obj iterator) {
  const auto next = [&](ObjRef& pair) -> Result<bool> {
    const Next found = next_item(ts, iterator, pair);
    if (found == Next::Raised) return Raised{};
    if (found == Next::Done) return false;
    if (!is_tuple(pair) || as<Tuple>(pair)->size != 2) {
      (void)raise_type_error(ts, "dict items iterator must return 2-tuples");
      return Raised{};
    }
    return true;
  };
  const auto save_pair = [&](Obj pair) -> Status {
    OURO_TRY(save(ts, self, as<Tuple>(pair)->at(0)));
    return save(ts, self, as<Tuple>(pair)->at(1));
  };
  if (self->protocol == 0) {
    for (;;) {
      ObjRef pair;
      if (!OURO_TRY(next(pair))) return kDone;
      OURO_TRY(save_pair(pair));
      OURO_TRY(write_op(ts, self, kSetItem));
    }
  }
  for (;;) {
    ObjRef first;
    ObjRef pair;
    if (!OURO_TRY(next(first))) return kDone;
    if (!OURO_TRY(next(pair))) {
      OURO_TRY(save_pair(first));
      return write_op(ts, self, kSetItem);
    }
    OURO_TRY(write_op(ts, self, kMark));
    OURO_TRY(save_pair(first));
    std::int64_t in_batch = 1;
    for (;;) {
      OURO_TRY(save_pair(pair));
      pair.reset();
      if (++in_batch == kBatch || !OURO_TRY(next(pair))) break;
    }
    OURO_TRY(write_op(ts, self, kSetItems));
    if (in_batch < kBatch) return kDone;
  }
}

Status save(ThreadState& ts, Pickler* self, Obj object, bool persistent) {
  OURO_TRY(end_op(ts, self));
  if (persistent && self->persistent_id != nullptr) {
    if (OURO_TRY(save_persistent(ts, self, object))) return kDone;
  }
  switch (object->type()->kind) {
    case TypeKind::None:
      return write_op(ts, self, kNone);
    case TypeKind::Bool:
      return save_bool(ts, self, object.get() == ts.core.true_object);
    case TypeKind::Int:
      return save_int(ts, self, object);
    case TypeKind::Float:
      return save_float(ts, self, object);
    default:
      break;
  }
  const std::int64_t number = self->memo.find(object.get());
  if (number >= 0) return write_get(ts, self, number);
  if (is_exact_str(object)) return save_str(ts, self, object);
  if (is_kind(object, TypeKind::Bytes)) return save_bytes(ts, self, object);
  const ObjRef held = object.new_ref();
  const NativeDepth depth(ts, " while pickling an object");
  if (!depth.ok()) return Raised{};
  switch (object->type()->kind) {
    case TypeKind::Dict:
      return save_dict(ts, self, object);
    case TypeKind::Set:
      return save_set(ts, self, object);
    case TypeKind::FrozenSet:
      return save_frozenset(ts, self, object);
    case TypeKind::List:
      return save_list(ts, self, object);
    case TypeKind::Tuple:
      return save_tuple(ts, self, object);
    case TypeKind::ByteArray:
      return save_bytearray(ts, self, object);
    default:
      break;
  }
  if (object->type() == self->state->buffer_type) return save_picklebuffer(ts, self, object);
  return save_other(ts, self, object);
}

Status dump(ThreadState& ts, Pickler* self, Obj object) {
  const ObjRef held = object.new_ref();
  MaybeAttribute override_hook = find_attribute(ts, self, OURO_TRY(intern(ts, "reducer_override")));
  if (override_hook.failed) return Raised{};
  const ObjRef old =
      ObjRef::steal(std::exchange(self->reducer_override, override_hook.value.release()));
  const auto write = [&]() -> Status {
    if (self->protocol >= 2) {
      const char header[] = {static_cast<char>(kProto), static_cast<char>(self->protocol)};
      OURO_TRY(write_bytes(ts, self, {header, sizeof header}));
      if (self->protocol >= 4) self->framing = true;
    }
    OURO_TRY(save(ts, self, object));
    OURO_TRY(write_op(ts, self, kStop));
    return commit_frame(ts, self);
  };
  const Status written = write();
  self->framing = false;
  // A bound method would keep the pickler alive.
  const ObjRef used = ObjRef::steal(std::exchange(self->reducer_override, nullptr));
  return written;
}

}  // namespace ouro::pickle
