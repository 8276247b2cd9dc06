// _io: the base classes, whose methods work on any stream through its other methods.
#include "modules/io.h"

#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

Borrowed<Type> io_class(Borrowed<Module> module, const char* name) {
  Result<Ref<Str>> key = intern(*current_thread_state(), name);
  if (key.raised()) {
    clear_pending(*current_thread_state());
    return nullptr;
  }
  Borrowed<Object> found = dict_get_str(module->dict, key.take());
  return found ? as<Type>(found) : nullptr;
}

Result<Ref<Type>> add_io_class(ThreadState& ts, Borrowed<Module> module, const TypeSpec& spec, const char* base) {
  Ref<Type> type = OURO_TRY(make_native_type(ts, spec, base == nullptr ? Borrowed<Type>() : io_class(module, base)));
  OURO_TRY(dict_set(ts, module->dict, spec.name, Obj(type)));
  return type;
}

Raised raise_unsupported(ThreadState& ts, const char* message) {
  Ref<Str> name = OURO_TRY(intern(ts, "_io"));
  // The class lives in the module; streams exist only while the module does, or at exit, where OSError serves.
  Borrowed<Object> module = ts.core.modules == nullptr ? Borrowed<Object>() : dict_get_str(ts.core.modules, name);
  Borrowed<Type> type = ts.core.exceptions.OSError;
  if (module && is_kind(module, TypeKind::Module)) {
    if (Borrowed<Type> found = io_class(as<Module>(module), "UnsupportedOperation")) type = found;
  }
  return raise(ts, type, "{}", message);
}

Raised raise_closed(ThreadState& ts) { return raise_value_error(ts, "I/O operation on closed file."); }

Raised raise_uninitialized(ThreadState& ts) { return raise_value_error(ts, "I/O operation on uninitialized object"); }

Result<bool> io_is_closed(ThreadState& ts, Obj stream) {
  ObjRef closed = OURO_TRY(get_attribute(ts, stream, ts.core.names.n_closed));
  return is_true(ts, closed);
}

Result<std::int64_t> io_size(ThreadState& ts, Args args, std::uint32_t index) {
  if (index >= args.size() || is_none(args[index])) return std::int64_t{-1};
  return index_as_int64(ts, args[index], ts.core.exceptions.OverflowError);
}

Status io_grow(ThreadState& ts, char*& data, std::int64_t& capacity, std::int64_t wanted) {
  if (wanted <= capacity) return kDone;
  const std::int64_t grown = std::max(wanted, capacity + capacity / 2);
  void* block = reallocate_raw(data, static_cast<std::size_t>(grown));
  if (block == nullptr) return raise_no_memory(ts);
  data = static_cast<char*>(block);
  capacity = grown;
  return kDone;
}

Status parse_newline(ThreadState& ts, Obj newline, NewlineMode& mode) {
  mode = NewlineMode{};
  if (!newline || is_none(newline)) return kDone;
  if (!is_str(newline)) return raise_type_error(ts, "newline must be str or None, not {t}", newline);
  Utf8 text(as<Str>(newline));
  if (!text.ok()) return raise_no_memory(ts);
  const std::string_view value = text.view();
  if (value != "" && value != "\n" && value != "\r" && value != "\r\n") {
    return raise_value_error(ts, "illegal newline value: {r}", newline);
  }
  mode.translate_read = false;
  mode.universal = value.empty();
  mode.translate_write = !value.empty() && value != "\n";
  if (!value.empty()) {
    value.copy(mode.written, 2);
    mode.written[value.size()] = '\0';
    value.copy(mode.ends, 2);
    mode.ends[value.size()] = '\0';
  }
  return kDone;
}

// -- life ----------------------------------------------------------------------------------------------------------------

namespace {

// Closing at death: errors have nobody to go to.
void io_finalize(gc::Header* header) {
  auto* self = static_cast<Object*>(header);
  ThreadState& ts = *current_thread_state();
  SavedPending saved(ts);
  const Result<bool> closed = io_is_closed(ts, self);
  if (closed.ok() && Result<bool>(closed).take()) return;
  clear_pending(ts);
  static_cast<IoBase*>(header)->dying = true;
  if (call_method(ts, self, ts.core.names.n_close).raised()) clear_pending(ts);
}

}  // namespace

void io_warn_below(ThreadState& ts, IoBase& self, Object* below) {
  if (!self.dying || below == nullptr) return;
  Result<Ref<Str>> name = intern(ts, "_dealloc_warn");
  Object* args[] = {&self};
  if (name.raised() || call_method(ts, below, name.take(), args).raised()) clear_pending(ts);
}

bool io_dealloc_begin(gc::Header* header) {
  if (!header->is_finalized() && current_thread_state() != nullptr) {
    header->refcount = 1;
    header->gc_word |= gc::kFinalizedBit;
    io_finalize(header);
    if (--header->refcount > 0) return false;
  }
  untrack(static_cast<Object*>(header));
  return true;
}

void io_clear_base(gc::Header* header) { xdecref(std::exchange(static_cast<IoBase*>(header)->dict, nullptr)); }

void io_dealloc_end(gc::Header* header) {
  auto* self = static_cast<IoBase*>(header);
  if (self->weaklist != nullptr) clear_weak_references(self);
  io_clear_base(header);
  free_object(self);
}

void fill_io_type(Type& type, std::size_t bytes) {
  type.info.basic_bytes = static_cast<std::uint32_t>(bytes);
  type.info.flags |= gc::kCollected | gc::kHasFinalizer | kBaseType | kHasDict;
  type.info.finalize = io_finalize;
  type.dict_offset = static_cast<std::uint32_t>(sizeof(Object));
  type.info.weaklist_offset = static_cast<std::uint32_t>(sizeof(Object) + sizeof(Dict*));
}

namespace {

void base_dealloc(gc::Header* header) {
  if (io_dealloc_begin(header)) io_dealloc_end(header);
}

// -- methods of _IOBase ------------------------------------------------------------------------------------------------

ObjResult unsupported_seek(ThreadState& ts, Obj, Args) { return raise_unsupported(ts, "seek"); }
ObjResult unsupported_truncate(ThreadState& ts, Obj, Args) { return raise_unsupported(ts, "truncate"); }
ObjResult unsupported_fileno(ThreadState& ts, Obj, Args) { return raise_unsupported(ts, "fileno"); }

ObjResult base_tell(ThreadState& ts, Obj self, Args) {
  Ref<Str> name = OURO_TRY(intern(ts, "seek"));
  Ref<Int> zero = OURO_TRY(Int::from(ts, 0));
  Ref<Int> one = OURO_TRY(Int::from(ts, 1));
  Object* args[] = {zero.get(), one.get()};
  return call_method(ts, self, name, args);
}

ObjResult base_flush(ThreadState& ts, Obj self, Args) {
  if (as<IoBase>(self)->closed_flag) return raise_closed(ts);
  return ts.core.none_ref();
}

ObjResult base_close(ThreadState& ts, Obj self, Args) {
  if (as<IoBase>(self)->closed_flag) return ts.core.none_ref();
  ObjResult flushed = call_method(ts, self, ts.core.names.n_flush);
  as<IoBase>(self)->closed_flag = true;
  OURO_TRY(std::move(flushed));
  return ts.core.none_ref();
}

ObjResult base_false(ThreadState& ts, Obj self, Args) {
  if (as<IoBase>(self)->closed_flag) return raise_closed(ts);
  return ts.core.bool_ref(false);
}

Status require(ThreadState& ts, Obj self, const char* question, const char* message) {
  Ref<Str> name = OURO_TRY(intern(ts, question));
  ObjRef answer = OURO_TRY(call_method(ts, self, name));
  if (answer.get() != ts.core.true_object) return raise_unsupported(ts, message);
  return kDone;
}
ObjResult base_check_readable(ThreadState& ts, Obj self, Args) {
  OURO_TRY(require(ts, self, "readable", "File or stream is not readable."));
  return ts.core.bool_ref(true);
}
ObjResult base_check_writable(ThreadState& ts, Obj self, Args) {
  OURO_TRY(require(ts, self, "writable", "File or stream is not writable."));
  return ts.core.bool_ref(true);
}
ObjResult base_check_seekable(ThreadState& ts, Obj self, Args) {
  OURO_TRY(require(ts, self, "seekable", "File or stream is not seekable."));
  return ts.core.bool_ref(true);
}
ObjResult base_check_closed(ThreadState& ts, Obj self, Args) {
  if (OURO_TRY(io_is_closed(ts, self))) return raise_closed(ts);
  return ts.core.none_ref();
}

ObjResult base_enter(ThreadState& ts, Obj self, Args) {
  if (OURO_TRY(io_is_closed(ts, self))) return raise_closed(ts);
  return self.new_ref();
}

ObjResult base_exit(ThreadState& ts, Obj self, Args) { return call_method(ts, self, ts.core.names.n_close); }

ObjResult base_iter(ThreadState& ts, Obj self) {
  if (OURO_TRY(io_is_closed(ts, self))) return raise_closed(ts);
  return self.new_ref();
}

Next base_next(ThreadState& ts, Obj self, ObjRef& item) {
  ObjResult line = call_method(ts, self, ts.core.names.n_readline);
  if (line.raised()) return Next::Raised;
  item = line.take();
  const Result<std::int64_t> length = length_of(ts, item);
  if (length.raised()) return Next::Raised;
  if (Result<std::int64_t>(length).take() > 0) return Next::Item;
  item.reset();
  return Next::Done;
}

// One byte at a time, through read: what a subclass without readline of its own gets.
ObjResult base_readline(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(io_size(ts, args, 0));
  Ref<ByteArray> line = OURO_TRY(ByteArray::from(ts, ""));
  Ref<Int> one = OURO_TRY(Int::from(ts, 1));
  Object* read_args[] = {one.get()};
  while (limit < 0 || line->length < limit) {
    ObjRef piece = OURO_TRY(call_method(ts, self, ts.core.names.n_read, read_args));
    if (!is_bytes(piece)) return raise(ts, ts.core.exceptions.OSError, "read() should have returned a bytes object, not '{t}'", piece);
    const std::string_view bytes = as<Bytes>(piece)->view();
    if (bytes.empty()) break;
    const std::int64_t before = line->length;
    OURO_TRY(line->resize(ts, before + static_cast<std::int64_t>(bytes.size())));
    bytes.copy(line->data + before, bytes.size());
    if (bytes.back() == '\n') break;
  }
  return Bytes::from(ts, {line->data, static_cast<std::size_t>(line->length)});
}

ObjResult base_readlines(ThreadState& ts, Obj self, Args args) {
  const std::int64_t hint = OURO_TRY(io_size(ts, args, 0));
  Ref<List> lines = OURO_TRY(List::create(ts));
  std::int64_t total = 0;
  ObjRef iterator = OURO_TRY(iterate(ts, self));
  for (;;) {
    ObjRef line;
    switch (next_item(ts, iterator, line)) {
      case Next::Raised: return Raised{};
      case Next::Done: return lines;
      case Next::Item: break;
    }
    if (hint > 0) total += OURO_TRY(length_of(ts, line));
    OURO_TRY(lines->append(ts, std::move(line)));
    if (hint > 0 && total >= hint) return lines;
  }
}

ObjResult base_writelines(ThreadState& ts, Obj self, Args args) {
  if (OURO_TRY(io_is_closed(ts, self))) return raise_closed(ts);
  OURO_TRY(for_each_item(ts, args[0], [&](ObjRef line) -> Status {
    Object* write_args[] = {line.get()};
    OURO_TRY(call_method(ts, self, ts.core.names.n_write, write_args));
    return kDone;
  }));
  return ts.core.none_ref();
}

ObjResult base_get_closed(ThreadState& ts, Obj self) { return ts.core.bool_ref(as<IoBase>(self)->closed_flag); }

constexpr MethodDef kBaseMethods[] = {
    {"seek", unsupported_seek, 0, -1, MethodDef::kNone, "Change the stream position to the given byte offset."},
    {"tell", base_tell, 0, 0, MethodDef::kNone, "tell($self, /)\n--\n\nReturn current stream position."},
    {"truncate", unsupported_truncate, 0, -1, MethodDef::kNone, "Truncate file to size bytes."},
    {"flush", base_flush, 0, 0, MethodDef::kNone, "flush($self, /)\n--\n\nFlush write buffers, if applicable."},
    {"close", base_close, 0, 0, MethodDef::kNone, "close($self, /)\n--\n\nFlush and close the IO object."},
    {"seekable", base_false, 0, 0, MethodDef::kNone, "seekable($self, /)\n--\n\nReturn whether object supports random access."},
    {"readable", base_false, 0, 0, MethodDef::kNone, "readable($self, /)\n--\n\nReturn whether object was opened for reading."},
    {"writable", base_false, 0, 0, MethodDef::kNone, "writable($self, /)\n--\n\nReturn whether object was opened for writing."},
    {"_checkClosed", base_check_closed, 0, 1, MethodDef::kNone, nullptr},
    {"_checkSeekable", base_check_seekable, 0, 1, MethodDef::kNone, nullptr},
    {"_checkReadable", base_check_readable, 0, 1, MethodDef::kNone, nullptr},
    {"_checkWritable", base_check_writable, 0, 1, MethodDef::kNone, nullptr},
    {"fileno", unsupported_fileno, 0, 0, MethodDef::kNone, "fileno($self, /)\n--\n\nReturns underlying file descriptor if one exists."},
    {"isatty", base_false, 0, 0, MethodDef::kNone, "isatty($self, /)\n--\n\nReturn whether this is an 'interactive' stream."},
    {"__enter__", base_enter, 0, 0, MethodDef::kNone, nullptr},
    {"__exit__", base_exit, 0, -1, MethodDef::kNone, nullptr},
    {"readline", base_readline, 0, 1, MethodDef::kNone, "readline($self, size=-1, /)\n--\n\nRead and return a line from the stream."},
    {"readlines", base_readlines, 0, 1, MethodDef::kNone, "readlines($self, hint=-1, /)\n--\n\nReturn a list of lines from the stream."},
    {"writelines", base_writelines, 1, 1, MethodDef::kNone, "writelines($self, lines, /)\n--\n\nWrite a list of lines to stream."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kBaseGetSets[] = {
    {"closed", base_get_closed, nullptr, nullptr},
    {"__dict__", [](ThreadState& ts, Obj self) -> ObjResult {
       auto* io = as<IoBase>(self);
       if (io->dict == nullptr) io->dict = OURO_TRY(Dict::create(ts)).release();
       return Obj(io->dict).new_ref();
     }, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_base(Type& type) {
  fill_io_type(type, sizeof(IoBase));
  gc::EdgeFunctions<IoBase>::install(type.info);
  type.info.clear = io_clear_base;
  type.info.dealloc = base_dealloc;
  type.iter = base_iter;
  type.next = base_next;
  type.methods = kBaseMethods;
  type.getsets = kBaseGetSets;
  type.make = [](ThreadState& ts, Borrowed<Type> made, Args) -> ObjResult {
    ObjRef object = OURO_TRY(allocate_object(ts, made, made->info.basic_bytes));
    OURO_TRY(track(ts, object));
    return object;
  };
}

// -- _RawIOBase, _BufferedIOBase, _TextIOBase --------------------------------------------------------------------------

ObjResult raw_read_all(ThreadState& ts, Obj self, Args) {
  Ref<ByteArray> all = OURO_TRY(ByteArray::from(ts, ""));
  Ref<Int> chunk = OURO_TRY(Int::from(ts, kIoBufferBytes));
  Object* read_args[] = {chunk.get()};
  for (;;) {
    ObjRef piece = OURO_TRY(call_method(ts, self, ts.core.names.n_read, read_args));
    if (is_none(piece)) {
      if (all->length == 0) return piece;
      break;
    }
    if (!is_bytes(piece)) return raise_type_error(ts, "read() should return bytes");
    const std::string_view bytes = as<Bytes>(piece)->view();
    if (bytes.empty()) break;
    const std::int64_t before = all->length;
    OURO_TRY(all->resize(ts, before + static_cast<std::int64_t>(bytes.size())));
    bytes.copy(all->data + before, bytes.size());
  }
  return Bytes::from(ts, {all->data, static_cast<std::size_t>(all->length)});
}

ObjResult raw_read(ThreadState& ts, Obj self, Args args) {
  const std::int64_t size = OURO_TRY(io_size(ts, args, 0));
  if (size < 0) {
    Ref<Str> name = OURO_TRY(intern(ts, "readall"));
    return call_method(ts, self, name);
  }
  Ref<ByteArray> into = OURO_TRY(ByteArray::from(ts, ""));
  OURO_TRY(into->resize(ts, size));
  Ref<Str> name = OURO_TRY(intern(ts, "readinto"));
  Object* into_args[] = {into.get()};
  ObjRef got = OURO_TRY(call_method(ts, self, name, into_args));
  if (is_none(got)) return got;
  const std::int64_t count = OURO_TRY(index_as_int64(ts, got, ts.core.exceptions.ValueError));
  if (count < 0 || count > into->length) return raise_value_error(ts, "readinto returned {} outside buffer size {}", count, size);
  return Bytes::from(ts, {into->data, static_cast<std::size_t>(count)});
}

constexpr MethodDef kRawMethods[] = {
    {"read", raw_read, 0, 1, MethodDef::kNone, "read($self, size=-1, /)\n--\n\n"},
    {"readall", raw_read_all, 0, 0, MethodDef::kNone, "readall($self, /)\n--\n\nRead until EOF, using multiple read() call."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

ObjResult buffered_readinto(ThreadState& ts, Obj self, Args args) {
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0], true));
  Ref<Int> size = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(view.size())));
  Object* read_args[] = {size.get()};
  ObjRef piece = OURO_TRY(call_method(ts, self, ts.core.names.n_read, read_args));
  if (!is_bytes(piece)) return raise_type_error(ts, "read() should return bytes");
  const std::string_view bytes = as<Bytes>(piece)->view();
  if (bytes.size() > view.size()) return raise_value_error(ts, "read() returned too much data: {} bytes requested, {} returned", view.size(), bytes.size());
  bytes.copy(view.data(), bytes.size());
  return Int::from(ts, static_cast<std::int64_t>(bytes.size()));
}
template <const char* const& kName>
ObjResult unsupported(ThreadState& ts, Obj, Args) { return raise_unsupported(ts, kName); }
constexpr const char* kRead = "read";
constexpr const char* kRead1 = "read1";
constexpr const char* kWrite = "write";
constexpr const char* kDetach = "detach";
constexpr const char* kReadline = "readline";
constexpr MethodDef kBufferedBaseMethods[] = {
    {"detach", unsupported<kDetach>, 0, 0, MethodDef::kNone, nullptr},
    {"read", unsupported<kRead>, 0, -1, MethodDef::kNone, nullptr},
    {"read1", unsupported<kRead1>, 0, -1, MethodDef::kNone, nullptr},
    {"readinto", buffered_readinto, 1, 1, MethodDef::kNone, nullptr},
    {"readinto1", buffered_readinto, 1, 1, MethodDef::kNone, nullptr},
    {"write", unsupported<kWrite>, 0, -1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr MethodDef kTextBaseMethods[] = {
    {"detach", unsupported<kDetach>, 0, 0, MethodDef::kNone, nullptr},
    {"read", unsupported<kRead>, 0, -1, MethodDef::kNone, nullptr},
    {"readline", unsupported<kReadline>, 0, -1, MethodDef::kNone, nullptr},
    {"write", unsupported<kWrite>, 0, -1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
ObjResult get_none(ThreadState& ts, Obj) { return ts.core.none_ref(); }
constexpr GetSetDef kTextBaseGetSets[] = {
    {"encoding", get_none, nullptr, nullptr}, {"newlines", get_none, nullptr, nullptr}, {"errors", get_none, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_derived(Type& type) {
  fill_io_type(type, sizeof(IoBase));
  gc::EdgeFunctions<IoBase>::install(type.info);
  type.info.clear = io_clear_base;
  type.info.dealloc = base_dealloc;
}

}  // namespace

Status add_io_base_types(ThreadState& ts, Borrowed<Module> module) {
  const auto spec = [](const char* name, void (*fill)(Type&)) {
    return TypeSpec{name, "_io", sizeof(IoBase), 0, 0, fill, nullptr};
  };
  OURO_TRY(add_io_class(ts, module, spec("_IOBase", fill_base), nullptr));
  OURO_TRY(add_io_class(ts, module, spec("_RawIOBase", [](Type& type) {
                          fill_derived(type);
                          type.methods = kRawMethods;
                        }), "_IOBase"));
  OURO_TRY(add_io_class(ts, module, spec("_BufferedIOBase", [](Type& type) {
                          fill_derived(type);
                          type.methods = kBufferedBaseMethods;
                        }), "_IOBase"));
  OURO_TRY(add_io_class(ts, module, spec("_TextIOBase", [](Type& type) {
                          fill_derived(type);
                          type.methods = kTextBaseMethods;
                          type.getsets = kTextBaseGetSets;
                        }), "_IOBase"));
  return kDone;
}

}  // namespace ouro
