// sqlite3.Blob: one value of a table, read and written in pieces.
#include "modules/sqlite.h"
#include "objects/range.h"

namespace ouro::sqlite {

namespace {

struct Blob : Object {
  sqlite3_blob* handle;  // null when closed
  Object* connection;
  int offset;
  template <class V>
  void edges(V& v) const {
    native_type_edge(v, this);
    v.edge(connection, gc::slot_label("connection"));
  }
};

Blob* blob_of(Obj object) { return as<Blob>(object); }
Connection* owner(Blob* self) { return as<Connection>(Obj(self->connection)); }

void close_handle(Blob* self) { sqlite3_blob_close(std::exchange(self->handle, nullptr)); }

void clear(gc::Header* header) {
  auto* self = static_cast<Blob*>(header);
  close_handle(self);
  drop(self->connection);
}

void dealloc(gc::Header* header) {
  untrack(static_cast<Blob*>(header));
  clear(header);
  free_object(static_cast<Blob*>(header));
}

Status check_blob(ThreadState& ts, Blob* self) {
  OURO_TRY(check_connection(ts, owner(self)));
  if (self->handle != nullptr) return kDone;
  return raise(ts, error_class(owner(self), kProgrammingError), "Cannot operate on a closed blob.");
}

Raised raise_blob_error(ThreadState& ts, Blob* self, int code) {
  if (code == SQLITE_ABORT) {
    return raise(ts, error_class(owner(self), kOperationalError),
                 "Cannot operate on an expired blob handle");
  }
  return raise_database_error(ts, owner(self)->state, owner(self)->db);
}

Result<Ref<Bytes>> read_bytes(ThreadState& ts, Blob* self, int count, int offset) {
  Ref<Bytes> bytes = OURO_TRY(Bytes::make(ts, count));
  const int code = sqlite3_blob_read(self->handle, bytes->data(), count, offset);
  if (code != SQLITE_OK) return raise_blob_error(ts, self, code);
  return bytes;
}

Status write_bytes(ThreadState& ts, Blob* self, std::string_view bytes, int offset) {
  const int left = sqlite3_blob_bytes(self->handle) - offset;
  if (bytes.size() > static_cast<std::size_t>(left)) {
    return raise_value_error(ts, "data longer than blob length");
  }
  const int code =
      sqlite3_blob_write(self->handle, bytes.data(), static_cast<int>(bytes.size()), offset);
  return code == SQLITE_OK ? kDone : Status(raise_blob_error(ts, self, code));
}

ObjResult read(ThreadState& ts, Obj object, Args args) {
  auto* self = blob_of(object);
  int count = args.size() > 0 ? OURO_TRY(c_int(ts, args[0])) : -1;
  OURO_TRY(check_blob(ts, self));
  const int left = sqlite3_blob_bytes(self->handle) - self->offset;
  if (count < 0 || count > left) count = left;
  if (count == 0) return Bytes::from(ts, "");
  Ref<Bytes> bytes = OURO_TRY(read_bytes(ts, self, count, self->offset));
  self->offset += count;
  return bytes;
}

ObjResult write(ThreadState& ts, Obj object, Args args) {
  auto* self = blob_of(object);
  BufferView data;
  OURO_TRY(data.acquire(ts, args[0]));
  OURO_TRY(check_blob(ts, self));
  OURO_TRY(write_bytes(ts, self, data.view(), self->offset));
  self->offset += static_cast<int>(data.size());
  return ts.core.none_ref();
}

ObjResult seek(ThreadState& ts, Obj object, Args args) {
  auto* self = blob_of(object);
  const int offset = OURO_TRY(c_int(ts, args[0]));
  const int origin = args.size() > 1 ? OURO_TRY(c_int(ts, args[1])) : 0;
  OURO_TRY(check_blob(ts, self));
  const std::int64_t bytes = sqlite3_blob_bytes(self->handle);
  std::int64_t target = offset;
  switch (origin) {
    case SEEK_SET:
      break;
    case SEEK_CUR:
      target += self->offset;
      break;
    case SEEK_END:
      target += bytes;
      break;
    default:
      return raise_value_error(ts, "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END");
  }
  if (target > INT32_MAX || target < INT32_MIN) {
    return raise(ts, ts.core.exceptions.OverflowError, "seek offset results in offset overflow");
  }
  if (target < 0 || target > bytes) return raise_value_error(ts, "offset out of blob range");
  self->offset = static_cast<int>(target);
  return ts.core.none_ref();
}

ObjResult tell(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_blob(ts, blob_of(object)));
  return Int::from(ts, blob_of(object)->offset);
}

ObjResult close_method(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_connection(ts, owner(blob_of(object))));
  close_handle(blob_of(object));
  return ts.core.none_ref();
}

ObjResult enter(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_blob(ts, blob_of(object)));
  return object.new_ref();
}

ObjResult exit(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_blob(ts, blob_of(object)));
  close_handle(blob_of(object));
  return ts.core.bool_ref(false);
}

Result<std::int64_t> length(ThreadState& ts, Obj object) {
  OURO_TRY(check_blob(ts, blob_of(object)));
  return std::int64_t{sqlite3_blob_bytes(blob_of(object)->handle)};
}

Result<int> index_of(ThreadState& ts, Blob* self, Obj key) {
  std::int64_t index = OURO_TRY(subscript_index(ts, key));
  const int bytes = sqlite3_blob_bytes(self->handle);
  if (index < 0) index += bytes;
  if (index < 0 || index >= bytes) {
    return raise(ts, ts.core.exceptions.IndexError, "Blob index out of range");
  }
  return static_cast<int>(index);
}

ObjResult subscript(ThreadState& ts, Obj object, Obj key) {
  auto* self = blob_of(object);
  OURO_TRY(check_blob(ts, self));
  if (has_index(key)) {
    const int index = OURO_TRY(index_of(ts, self, key));
    Ref<Bytes> byte = OURO_TRY(read_bytes(ts, self, 1, index));
    return Int::from(ts, static_cast<unsigned char>(byte->data()[0]));
  }
  if (!is_kind(key, TypeKind::Slice)) return raise_type_error(ts, "Blob indices must be integers");
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  OURO_TRY(check_blob(ts, self));
  const SliceIndices at = slice_adjust(raw, sqlite3_blob_bytes(self->handle));
  if (at.count <= 0) return Bytes::from(ts, "");
  if (at.step == 1) {
    return read_bytes(ts, self, static_cast<int>(at.count), static_cast<int>(at.start));
  }
  Ref<Bytes> all = OURO_TRY(read_bytes(ts, self, sqlite3_blob_bytes(self->handle), 0));
  Ref<Bytes> some = OURO_TRY(Bytes::make(ts, at.count));
  for (std::int64_t i = 0; i < at.count; ++i) some->data()[i] = all->data()[at.start + i * at.step];
  return some;
}

Status set_slice(ThreadState& ts, Blob* self, Borrowed<Slice> slice, Obj value) {
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, slice));
  OURO_TRY(check_blob(ts, self));
  const SliceIndices at = slice_adjust(raw, sqlite3_blob_bytes(self->handle));
  if (at.count <= 0) return kDone;
  BufferView data;
  OURO_TRY(data.acquire(ts, value));
  if (static_cast<std::int64_t>(data.size()) != at.count) {
    return raise(ts, ts.core.exceptions.IndexError, "Blob slice assignment is wrong size");
  }
  if (at.step == 1) return write_bytes(ts, self, data.view(), static_cast<int>(at.start));
  Ref<Bytes> all = OURO_TRY(read_bytes(ts, self, sqlite3_blob_bytes(self->handle), 0));
  for (std::int64_t i = 0; i < at.count; ++i) all->data()[at.start + i * at.step] = data.data()[i];
  return write_bytes(ts, self, all->view(), 0);
}

Status set_subscript(ThreadState& ts, Obj object, Obj key, Obj value) {
  auto* self = blob_of(object);
  OURO_TRY(check_blob(ts, self));
  const bool is_slice = is_kind(key, TypeKind::Slice);
  if (!value) {
    return raise_type_error(ts, is_slice ? "Blob doesn't support slice deletion"
                                         : "Blob doesn't support item deletion");
  }
  if (is_slice) return set_slice(ts, self, as<Slice>(key), value);
  if (!has_index(key)) return raise_type_error(ts, "Blob indices must be integers");
  const int index = OURO_TRY(index_of(ts, self, key));
  if (!is_int(value)) {
    return raise_type_error(ts, "'{t}' object cannot be interpreted as an integer", value);
  }
  const std::int64_t number = int_clamped(value);
  if (number < 0 || number > 255) return raise_value_error(ts, "byte must be in range(0, 256)");
  const char byte = static_cast<char>(number);
  return write_bytes(ts, self, {&byte, 1}, index);
}

constexpr MethodDef kMethods[] = {
    {"read", read, 0, 1, MethodDef::kNone,
     "read($self, length=-1, /)\n--\n\nReads from the present offset on."},
    {"write", write, 1, 1, MethodDef::kNone,
     "write($self, data, /)\n--\n\nWrites at the present offset; the length cannot change."},
    {"seek", seek, 1, 2, MethodDef::kNone,
     "seek($self, offset, origin=0, /)\n--\n\nSets the offset."},
    {"tell", tell, 0, 0, MethodDef::kNone, "tell($self, /)\n--\n\nReturns the offset."},
    {"close", close_method, 0, 0, MethodDef::kNone, "close($self, /)\n--\n\nCloses the blob."},
    {"__enter__", enter, 0, 0, MethodDef::kNone, "__enter__($self, /)\n--\n\n"},
    {"__exit__", exit, 3, 3, MethodDef::kNone, "__exit__($self, type, val, tb, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

ObjResult open_blob(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "blobopen", {"/table", "/column", "/row", "*readonly", "*name"}, 3,
                      values));
  OURO_TRY(check_connection(ts, self));
  Ref<Bytes> names[3];
  const Obj given[] = {values[0], values[1], values[4]};
  constexpr const char* kWhich[] = {"1", "2", "'name'"};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!given[i]) {
      names[i] = OURO_TRY(Bytes::from(ts, "main"));
      continue;
    }
    if (!is_str(given[i])) {
      return raise_type_error(ts, "blobopen() argument {} must be str, not {t}", kWhich[i],
                              given[i]);
    }
    names[i] = OURO_TRY(sql_text(ts, given[i]));
  }
  const std::int64_t row =
      OURO_TRY(index_as_int64(ts, values[2], ts.core.exceptions.OverflowError));
  const bool read_only = values[3] ? OURO_TRY(is_true(ts, values[3])) : false;
  Ref<Blob> made = OURO_TRY(new_object<Blob>(ts, as<Type>(state_of(self, kBlobType))));
  made->connection = object.new_ref().release();
  const int code = sqlite3_blob_open(self->db, names[2]->data(), names[0]->data(), names[1]->data(),
                                     row, read_only ? 0 : 1, &made->handle);
  if (code == SQLITE_MISUSE) {
    return raise(ts, error_class(self, kInterfaceError), "bad parameter or other API misuse");
  }
  if (code != SQLITE_OK) return raise_database_error(ts, self->state, self->db);
  OURO_TRY(track(ts, made));
  return made;
}

void fill_blob(Type& type) {
  init_collected<Blob>(type);
  type.info.dealloc = dealloc;
  type.info.clear = clear;
  type.methods = kMethods;
  type.mapping.length = length;
  type.mapping.subscript = subscript;
  type.mapping.set_subscript = set_subscript;
  type.sequence.length = length;
}

}  // namespace ouro::sqlite
