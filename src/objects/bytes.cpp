// Bytes: creation and the types bytes and bytes_iterator; BufferView.
#include "objects/bytes.h"

#include <algorithm>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/index_iterator.h"
#include "objects/memoryview.h"
#include "objects/range.h"
#include "objects/type_inits.h"
#include "support/checked_size.h"

namespace ouro {

namespace {

Result<Ref<Bytes>> allocate_bytes(ThreadState& ts, Borrowed<Type> type, std::int64_t length) {
  std::size_t bytes = 0;
  if (length < 0 || length > kMaxBytesLength ||
      !checked_size(static_cast<std::size_t>(length) + 1, 1, type->info.basic_bytes, &bytes)) {
    return raise_no_memory(ts);
  }
  Bytes* made = nullptr;
  if (type.get() == ts.core.types.bytes) {
    made = static_cast<Bytes*>(ts.space.heap.allocate(bytes, heap::BlockKind::Object));
    if (made == nullptr) return raise_no_memory(ts);
    made->refcount = 1;
    made->gc_word = 0;
    made->type_info = &type->info;
  } else {
    ObjRef object = OURO_TRY(allocate_object(ts, type, bytes));
    made = as<Bytes>(Obj(object.release()));
  }
  made->length = length;
  made->hash = -1;
  made->data()[length] = '\0';
  Ref<Bytes> owned = Ref<Bytes>::steal(made);
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, Obj(owned)));
  return owned;
}

}  // namespace

Result<Ref<Bytes>> Bytes::make(ThreadState& ts, std::int64_t length) {
  return allocate_bytes(ts, ts.core.types.bytes, length);
}

Result<Ref<Bytes>> Bytes::from(ThreadState& ts, std::string_view bytes) {
  if (bytes.empty() && ts.core.empty_bytes != nullptr)
    return Ref<Bytes>::share(ts.core.empty_bytes);
  if (bytes.size() == 1) {
    Bytes* shared = ts.core.single_bytes[static_cast<unsigned char>(bytes[0])];
    if (shared != nullptr) return Ref<Bytes>::share(shared);
  }
  Ref<Bytes> made = OURO_TRY(make(ts, static_cast<std::int64_t>(bytes.size())));
  if (!bytes.empty()) std::memcpy(made->data(), bytes.data(), bytes.size());
  return made;
}

// -- BufferView
// ----------------------------------------------------------------------------------------------------------

namespace {

bool is_bytearray(Obj object) {
  return is_kind(object, TypeKind::ByteArray) ||
         object->type()->is_subtype_of(current_thread_state()->core.types.bytearray);
}

}  // namespace

bool BufferView::is_bytes_like(Obj object) {
  return is_bytes(object) || is_kind(object, TypeKind::Memoryview) || is_bytearray(object) ||
         object->type()->buffer != nullptr;
}

Status BufferView::acquire(ThreadState& ts, Obj object, bool writable) {
  OURO_DCHECK(!owner_, "a view of one object at a time");
  if (is_bytes(object)) {
    if (writable) return raise_type_error(ts, "read-write bytes-like object expected");
    view_ = as<Bytes>(object)->view();
  } else if (is_kind(object, TypeKind::Memoryview)) {
    auto* memory = as<MemoryView>(object);
    OURO_TRY(memory->check_usable(ts));
    if (writable && memory->read_only)
      return raise_type_error(ts, "read-write bytes-like object expected");
    if (!memory->is_contiguous()) {
      return raise(ts, ts.core.exceptions.BufferError,
                   "memoryview: underlying buffer is not C-contiguous");
    }
    ++memory->exports;
    view_ = {memory->start, static_cast<std::size_t>(memory->total_bytes())};
  } else if (is_bytearray(object)) {
    auto* array = as<ByteArray>(object);
    ++array->exports;
    view_ = {array->data, static_cast<std::size_t>(array->length)};
  } else if (const BufferSlots* slots = object->type()->buffer; slots != nullptr) {
    ExportedMemory memory = {};
    OURO_TRY(slots->acquire(ts, object, memory));
    if (writable && memory.read_only) {
      slots->release(object);
      return raise_type_error(ts, "read-write bytes-like object expected");
    }
    view_ = {memory.data, static_cast<std::size_t>(memory.items * memory.item_bytes)};
  } else {
    return raise_type_error(ts, "a bytes-like object is required, not '{t}'", object);
  }
  if (view_.data() == nullptr) view_ = {"", 0};
  owner_ = object.new_ref();
  return kDone;
}

BufferView::~BufferView() {
  if (!owner_ || is_bytes(owner_)) return;
  if (is_kind(owner_, TypeKind::Memoryview)) {
    --as<MemoryView>(owner_)->exports;
  } else if (const BufferSlots* slots = owner_->type()->buffer; slots != nullptr) {
    slots->release(owner_);
  } else {
    --as<ByteArray>(owner_)->exports;
  }
}

// -- the type
// ------------------------------------------------------------------------------------------------------------

namespace {

void bytes_dealloc(gc::Header* header) { free_object(static_cast<Object*>(header)); }

ObjResult bytes_repr(ThreadState& ts, Obj self) {
  StrBuilder out(ts);
  OURO_TRY(out.append(static_cast<char32_t>('b')));
  OURO_TRY(append_bytes_repr(out, as<Bytes>(self)->view()));
  return out.finish();
}

Result<std::int64_t> bytes_hash(ThreadState& ts, Obj self) {
  auto* bytes = as<Bytes>(self);
  if (bytes->hash == -1)
    bytes->hash = hash_bytes(ts.core, bytes->data(), static_cast<std::size_t>(bytes->length));
  return bytes->hash;
}

ObjResult bytes_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_bytes(left) || !is_bytes(right)) return ts.core.not_implemented_ref();
  return bytes_like_compare(ts, left, right, op);
}

Result<std::int64_t> bytes_length(ThreadState&, Obj self) { return as<Bytes>(self)->length; }

ObjResult bytes_item(ThreadState& ts, Obj self, std::int64_t index) {
  const Bytes* bytes = as<Bytes>(self);
  if (index < 0 || index >= bytes->length)
    return raise(ts, ts.core.exceptions.IndexError, "index out of range");
  return int_result(ts, static_cast<unsigned char>(bytes->data()[index]));
}

ObjResult bytes_subscript(ThreadState& ts, Obj self, Obj key) {
  const Bytes* bytes = as<Bytes>(self);
  if (has_index(key)) {
    const std::int64_t index = OURO_TRY(subscript_index(ts, key));
    return bytes_item(ts, self, index < 0 ? index + bytes->length : index);
  }
  if (!is_kind(key, TypeKind::Slice)) {
    return raise_type_error(ts, "byte indices must be integers or slices, not {t}", key);
  }
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  const SliceIndices range = slice_adjust(raw, bytes->length);
  if (range.step == 1) {
    if (range.count == bytes->length && is_kind(self, TypeKind::Bytes)) return self.new_ref();
    return Bytes::from(ts, bytes->view().substr(static_cast<std::size_t>(range.start),
                                                static_cast<std::size_t>(range.count)));
  }
  if (range.count <= 1) {
    return Bytes::from(ts, range.count == 0
                               ? std::string_view()
                               : bytes->view().substr(static_cast<std::size_t>(range.start), 1));
  }
  Ref<Bytes> made = OURO_TRY(Bytes::make(ts, range.count));
  for (std::int64_t i = 0; i < range.count; ++i)
    made->data()[i] = bytes->data()[range.start + i * range.step];
  return made;
}

/// bytes(object) for an object with __bytes__; an empty result when it has none.
ObjResult from_dunder_bytes(ThreadState& ts, Obj source, bool& found) {
  MaybeAttribute method = find_special(ts, source, ts.core.names.dunder_bytes);
  if (method.failed) return Raised{};
  found = static_cast<bool>(method.value);
  if (!found) return ts.core.none_ref();
  ObjRef result = OURO_TRY(call(ts, method.value));
  if (!is_bytes(result))
    return raise_type_error(ts, "__bytes__ returned non-bytes (type {t})", result);
  return result;
}

ObjResult bytes_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  ObjRef result;
  if (args.count == 1 && args.keyword_count() == 0) {
    if (is_kind(args[0], TypeKind::Bytes) && type.get() == ts.core.types.bytes)
      return args[0].new_ref();
    bool found = false;
    ObjRef made = OURO_TRY(from_dunder_bytes(ts, args[0], found));
    if (found) result = std::move(made);
  }
  if (!result)
    result = OURO_TRY(bytes_from_arguments(ts, args, "bytes", "bytes must be in range(0, 256)"));
  if (type.get() == ts.core.types.bytes) return result;
  const Bytes* exact = as<Bytes>(result);
  Ref<Bytes> made = OURO_TRY(allocate_bytes(ts, type, exact->length));
  std::memcpy(made->data(), exact->data(), static_cast<std::size_t>(exact->length));
  return made;
}

ObjResult bytes_dunder_bytes(ThreadState& ts, Obj self, Args) {
  if (is_kind(self, TypeKind::Bytes)) return self.new_ref();
  return Bytes::from(ts, as<Bytes>(self)->view());
}

ObjResult bytes_getnewargs(ThreadState& ts, Obj self, Args) {
  Ref<Bytes> exact = OURO_TRY(Bytes::from(ts, as<Bytes>(self)->view()));
  return Tuple::of(ts, exact);
}

ObjResult bytes_sizeof(ThreadState& ts, Obj self, Args) {
  return int_result(ts, self->type()->info.basic_bytes + as<Bytes>(self)->length + 1);
}

constexpr MethodDef kBytesOwnMethods[] = {
    {"__bytes__", bytes_dunder_bytes, 0, 0, 0,
     "__bytes__($self, /)\n--\n\nConvert this value to exact type bytes."},
    {"__getnewargs__", bytes_getnewargs, 0, 0, 0, nullptr},
    {"__sizeof__", bytes_sizeof, 0, 0, 0,
     "__sizeof__($self, /)\n--\n\nReturn the size of the object in memory, in bytes."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace

void init_bytes_type(ThreadState&, Type& type) {
  static const BytesMethods kMethods = join_bytes_methods(kBytesOwnMethods);
  type.info.basic_bytes = sizeof(Bytes);
  type.item_bytes = 1;
  type.info.flags |= kBaseType | kBytesSubclass | kMatchSelf;
  type.info.dealloc = bytes_dealloc;
  type.make = bytes_make;
  type.repr = bytes_repr;
  type.hash = bytes_hash;
  type.compare = bytes_compare;
  type.iter = index_iterator_create<&CoreTypes::bytes_iterator>;
  type.number.remainder = bytes_like_remainder;
  type.sequence.length = bytes_length;
  type.sequence.concat = bytes_like_concat;
  type.sequence.repeat = bytes_like_repeat;
  type.sequence.item = bytes_item;
  type.sequence.contains = bytes_like_contains;
  type.mapping.length = bytes_length;
  type.mapping.subscript = bytes_subscript;
  type.methods = kMethods.entries;
  type.doc =
      "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
      "bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of "
      "zeros\n"
      "bytes() -> empty bytes object";
}

void init_bytes_iterator_type(ThreadState&, Type& type) {
  init_index_iterator<Bytes, bytes_item>(type);
}

}  // namespace ouro
