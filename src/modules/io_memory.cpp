// _io.BytesIO and _io.StringIO: streams over memory of the heap.
#include "modules/io.h"
#include "modules/module_support.h"

#include <cstring>

#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"

namespace ouro {

namespace {

// -- BytesIO -----------------------------------------------------------------------------------------------------------

BytesIo& bytes_of(Obj self) { return *as<BytesIo>(self); }

Status check_open(ThreadState& ts, const BytesIo& self) { return self.closed ? Status(raise_closed(ts)) : kDone; }

/// While memoryviews look at the content it keeps its size and place.
Status check_exports(ThreadState& ts, const BytesIo& self) {
  if (self.exports == 0) return kDone;
  return raise(ts, ts.core.exceptions.BufferError, "Existing exports of data: object cannot be re-sized");
}

Status put_bytes(ThreadState& ts, BytesIo& self, std::string_view bytes) {
  OURO_TRY(check_exports(ts, self));
  const auto length = static_cast<std::int64_t>(bytes.size());
  if (length == 0) return kDone;
  OURO_TRY(io_grow(ts, self.data, self.capacity, self.position + length));
  if (self.position > self.length) std::memset(self.data + self.length, 0, static_cast<std::size_t>(self.position - self.length));
  bytes.copy(self.data + self.position, bytes.size());
  self.position += length;
  self.length = std::max(self.length, self.position);
  return kDone;
}

std::string_view take_bytes(BytesIo& self, std::int64_t count) {
  const std::int64_t ready = std::max<std::int64_t>(self.length - self.position, 0);
  const std::int64_t taken = count < 0 ? ready : std::min(count, ready);
  const std::string_view bytes(self.data + self.position, static_cast<std::size_t>(taken));
  self.position += taken;
  return taken == 0 ? std::string_view() : bytes;
}

ObjResult bytes_read(ThreadState& ts, Obj self, Args args) {
  const std::int64_t size = OURO_TRY(io_size(ts, args, 0));
  OURO_TRY(check_open(ts, bytes_of(self)));
  return Bytes::from(ts, take_bytes(bytes_of(self), size));
}

std::string_view take_line(BytesIo& self, std::int64_t limit) {
  const std::int64_t ready = std::max<std::int64_t>(self.length - self.position, 0);
  std::int64_t count = ready;
  if (ready > 0) {
    const auto* end = static_cast<const char*>(std::memchr(self.data + self.position, '\n', static_cast<std::size_t>(ready)));
    if (end != nullptr) count = end - (self.data + self.position) + 1;
  }
  return take_bytes(self, limit >= 0 ? std::min(count, limit) : count);
}

ObjResult bytes_readline(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(io_size(ts, args, 0));
  OURO_TRY(check_open(ts, bytes_of(self)));
  return Bytes::from(ts, take_line(bytes_of(self), limit));
}

Next bytes_next(ThreadState& ts, Obj self, ObjRef& item) {
  if (check_open(ts, bytes_of(self)).raised()) return Next::Raised;
  const std::string_view line = take_line(bytes_of(self), -1);
  if (line.empty()) return Next::Done;
  Result<Ref<Bytes>> made = Bytes::from(ts, line);
  if (made.raised()) return Next::Raised;
  item = made.take();
  return Next::Item;
}

ObjResult bytes_readinto(ThreadState& ts, Obj self, Args args) {
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0], true));
  OURO_TRY(check_open(ts, bytes_of(self)));
  const std::string_view got = take_bytes(bytes_of(self), static_cast<std::int64_t>(view.size()));
  got.copy(view.data(), got.size());
  return Int::from(ts, static_cast<std::int64_t>(got.size()));
}

ObjResult bytes_write(ThreadState& ts, Obj self, Args args) {
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0]));
  OURO_TRY(check_open(ts, bytes_of(self)));
  OURO_TRY(put_bytes(ts, bytes_of(self), view.view()));
  return Int::from(ts, static_cast<std::int64_t>(view.size()));
}

ObjResult bytes_getvalue(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  return Bytes::from(ts, {bytes_of(self).data, static_cast<std::size_t>(bytes_of(self).length)});
}

/// The new position of a seek over `length` units.
Result<std::int64_t> seek_target(ThreadState& ts, Args args, std::int64_t position, std::int64_t length, bool relative) {
  std::int64_t offset = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  std::int64_t whence = 0;
  if (args.size() > 1) whence = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  if (whence < 0 || whence > 2) return raise_value_error(ts, "invalid whence ({}, should be 0, 1 or 2)", whence);
  if (whence == 0 && offset < 0) return raise_value_error(ts, relative ? "negative seek value {}" : "Negative seek position {}", offset);
  if (!relative && whence != 0 && offset != 0) return raise(ts, ts.core.exceptions.OSError, "Can't do nonzero cur-relative seeks");
  if (whence == 1) offset += position;
  if (whence == 2) offset += length;
  return std::max<std::int64_t>(offset, 0);
}

ObjResult bytes_seek(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  bytes_of(self).position = OURO_TRY(seek_target(ts, args, bytes_of(self).position, bytes_of(self).length, true));
  return Int::from(ts, bytes_of(self).position);
}

ObjResult bytes_tell(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  return Int::from(ts, bytes_of(self).position);
}

ObjResult bytes_truncate(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  std::int64_t size = bytes_of(self).position;
  if (args.size() > 0 && !is_none(args[0])) size = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (size < 0) return raise_value_error(ts, "negative size value {}", size);
  OURO_TRY(check_exports(ts, bytes_of(self)));
  bytes_of(self).length = std::min(bytes_of(self).length, size);
  return Int::from(ts, size);
}

ObjResult bytes_close(ThreadState& ts, Obj self, Args) {
  BytesIo& stream = bytes_of(self);
  OURO_TRY(check_exports(ts, stream));
  stream.closed = true;
  free_raw(std::exchange(stream.data, nullptr));
  stream.length = stream.capacity = stream.position = 0;
  return ts.core.none_ref();
}

ObjResult bytes_true(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  return ts.core.bool_ref(true);
}
ObjResult bytes_false(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  return ts.core.bool_ref(false);
}
ObjResult bytes_flush(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  return ts.core.none_ref();
}
ObjResult bytes_get_closed(ThreadState& ts, Obj self) { return ts.core.bool_ref(bytes_of(self).closed); }

/// What memoryviews of a BytesIO look at: the stream itself lends nothing.
struct BytesIoBuffer : Object {
  Object* stream;  // owned
  template <class V>
  void edges(V& v) const { v.edge(stream, gc::slot_label("stream")); }
};

Status buffer_acquire(ThreadState&, Obj self, ExportedMemory& memory) {
  BytesIo& stream = bytes_of(as<BytesIoBuffer>(self)->stream);
  ++stream.exports;
  memory.data = stream.data;
  memory.items = stream.length;
  memory.item_bytes = 1;
  memory.format[0] = 'B';
  return kDone;
}
void buffer_release(Obj self) { --bytes_of(as<BytesIoBuffer>(self)->stream).exports; }
constexpr BufferSlots kBufferSlots = {buffer_acquire, buffer_release};

void fill_buffer(Type& type) {
  fill_holder<BytesIoBuffer, &BytesIoBuffer::stream>(type);
  type.buffer = &kBufferSlots;
}

ObjResult bytes_getbuffer(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, bytes_of(self)));
  ObjRef held = self.new_ref();
  Ref<BytesIoBuffer> lender = OURO_TRY(new_object<BytesIoBuffer>(ts, companion(self->type())));
  lender->stream = held.release();
  OURO_TRY(track(ts, lender));
  return call(ts, ts.core.types.memoryview, lender);
}

Status bytes_init(ThreadState& ts, Obj self, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "BytesIO", {"initial_bytes"}, 0, values));
  BytesIo& stream = bytes_of(self);
  OURO_TRY(check_exports(ts, stream));
  stream.length = stream.position = 0;
  stream.closed = false;
  if (!values[0] || is_none(values[0])) return kDone;
  BufferView view;
  OURO_TRY(view.acquire(ts, values[0]));
  OURO_TRY(put_bytes(ts, stream, view.view()));
  stream.position = 0;
  return kDone;
}

constexpr MethodDef kBytesMethods[] = {
    {"read", bytes_read, 0, 1, MethodDef::kNone, nullptr},
    {"read1", bytes_read, 0, 1, MethodDef::kNone, nullptr},
    {"readline", bytes_readline, 0, 1, MethodDef::kNone, nullptr},
    {"readinto", bytes_readinto, 1, 1, MethodDef::kNone, nullptr},
    {"write", bytes_write, 1, 1, MethodDef::kNone, nullptr},
    {"getvalue", bytes_getvalue, 0, 0, MethodDef::kNone, nullptr},
    {"getbuffer", bytes_getbuffer, 0, 0, MethodDef::kNone, nullptr},
    {"seek", bytes_seek, 1, 2, MethodDef::kNone, nullptr},
    {"tell", bytes_tell, 0, 0, MethodDef::kNone, nullptr},
    {"truncate", bytes_truncate, 0, 1, MethodDef::kNone, nullptr},
    {"close", bytes_close, 0, 0, MethodDef::kNone, nullptr},
    {"flush", bytes_flush, 0, 0, MethodDef::kNone, nullptr},
    {"readable", bytes_true, 0, 0, MethodDef::kNone, nullptr},
    {"writable", bytes_true, 0, 0, MethodDef::kNone, nullptr},
    {"seekable", bytes_true, 0, 0, MethodDef::kNone, nullptr},
    {"isatty", bytes_false, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kBytesGetSets[] = {{"closed", bytes_get_closed, nullptr, nullptr}, {nullptr, nullptr, nullptr, nullptr}};

void bytes_dealloc(gc::Header* header) {
  if (!io_dealloc_begin(header)) return;
  free_raw(std::exchange(static_cast<BytesIo*>(header)->data, nullptr));
  io_dealloc_end(header);
}

void fill_bytes(Type& type) {
  fill_io_type(type, sizeof(BytesIo));
  gc::EdgeFunctions<IoBase>::install(type.info);
  type.info.clear = io_clear_base;
  type.info.dealloc = bytes_dealloc;
  type.init = bytes_init;
  type.next = bytes_next;
  type.methods = kBytesMethods;
  type.getsets = kBytesGetSets;
}

// -- StringIO ----------------------------------------------------------------------------------------------------------

StringIo& string_of(Obj self) { return *as<StringIo>(self); }

Status check_open(ThreadState& ts, const StringIo& self) { return self.closed ? Status(raise_closed(ts)) : kDone; }

Status put_character(ThreadState& ts, StringIo& self, char32_t c) {
  if (self.position >= self.capacity) {
    const std::int64_t wanted = std::max<std::int64_t>(self.position + 1, self.capacity + self.capacity / 2 + 16);
    void* block = reallocate_raw(self.data, static_cast<std::size_t>(wanted) * sizeof(char32_t));
    if (block == nullptr) return raise_no_memory(ts);
    self.data = static_cast<char32_t*>(block);
    self.capacity = wanted;
  }
  for (; self.length < self.position; ++self.length) self.data[self.length] = 0;
  self.data[self.position++] = c;
  self.length = std::max(self.length, self.position);
  return kDone;
}

// newline=None: every line end becomes \n at once. Otherwise \n becomes the given end.
Status put_text(ThreadState& ts, StringIo& self, Borrowed<Str> text) {
  for (std::int64_t i = 0; i < text->length; ++i) {
    char32_t c = text->at(i);
    if (self.mode.translate_read && c == '\r') {
      if (i + 1 < text->length && text->at(i + 1) == '\n') ++i;
      c = '\n';
    } else if (c == '\n' && self.mode.translate_write && !self.mode.translate_read) {
      for (const char* end = self.mode.written; *end != '\0'; ++end) OURO_TRY(put_character(ts, self, static_cast<unsigned char>(*end)));
      continue;
    }
    OURO_TRY(put_character(ts, self, c));
  }
  return kDone;
}

Result<Ref<Str>> take_text(ThreadState& ts, StringIo& self, std::int64_t count) {
  const std::int64_t ready = std::max<std::int64_t>(self.length - self.position, 0);
  const std::int64_t taken = count < 0 ? ready : std::min(count, ready);
  Ref<Str> text = OURO_TRY(Str::from_utf32(ts, {self.data + (taken == 0 ? 0 : self.position), static_cast<std::size_t>(taken)}));
  self.position += taken;
  return text;
}

ObjResult string_read(ThreadState& ts, Obj self, Args args) {
  const std::int64_t size = OURO_TRY(io_size(ts, args, 0));
  OURO_TRY(check_open(ts, string_of(self)));
  return take_text(ts, string_of(self), size);
}

std::int64_t line_length(const StringIo& self) {
  for (std::int64_t i = self.position; i < self.length; ++i) {
    const char32_t c = self.data[i];
    const bool pair = c == '\r' && i + 1 < self.length && self.data[i + 1] == '\n';
    if (self.mode.translate_read || self.mode.ends[0] == '\n') {
      if (c == '\n') return i + 1 - self.position;
    } else if (self.mode.universal) {
      if (c == '\n' || (c == '\r' && !pair)) return i + 1 - self.position;
      if (pair) return i + 2 - self.position;
    } else if (self.mode.ends[1] == '\0') {
      if (c == '\r') return i + 1 - self.position;
    } else if (pair) {
      return i + 2 - self.position;
    }
  }
  return std::max<std::int64_t>(self.length - self.position, 0);
}

ObjResult string_readline(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(io_size(ts, args, 0));
  OURO_TRY(check_open(ts, string_of(self)));
  const std::int64_t length = line_length(string_of(self));
  return take_text(ts, string_of(self), limit >= 0 ? std::min(length, limit) : length);
}

Next string_next(ThreadState& ts, Obj self, ObjRef& item) {
  if (check_open(ts, string_of(self)).raised()) return Next::Raised;
  const std::int64_t length = line_length(string_of(self));
  if (length == 0) return Next::Done;
  Result<Ref<Str>> line = take_text(ts, string_of(self), length);
  if (line.raised()) return Next::Raised;
  item = line.take();
  return Next::Item;
}

ObjResult string_write(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "string argument expected, got '{t}'", args[0]);
  OURO_TRY(check_open(ts, string_of(self)));
  OURO_TRY(put_text(ts, string_of(self), as<Str>(args[0])));
  return Int::from(ts, as<Str>(args[0])->length);
}

ObjResult string_getvalue(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, string_of(self)));
  return Str::from_utf32(ts, {string_of(self).data, static_cast<std::size_t>(string_of(self).length)});
}

ObjResult string_seek(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_open(ts, string_of(self)));
  string_of(self).position = OURO_TRY(seek_target(ts, args, string_of(self).position, string_of(self).length, false));
  return Int::from(ts, string_of(self).position);
}

ObjResult string_tell(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, string_of(self)));
  return Int::from(ts, string_of(self).position);
}

ObjResult string_truncate(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_open(ts, string_of(self)));
  std::int64_t size = string_of(self).position;
  if (args.size() > 0 && !is_none(args[0])) size = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (size < 0) return raise_value_error(ts, "Negative size value {}", size);
  string_of(self).length = std::min(string_of(self).length, size);
  return Int::from(ts, size);
}

ObjResult string_close(ThreadState& ts, Obj self, Args) {
  StringIo& stream = string_of(self);
  stream.closed = true;
  free_raw(std::exchange(stream.data, nullptr));
  stream.length = stream.capacity = stream.position = 0;
  return ts.core.none_ref();
}

ObjResult string_true(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, string_of(self)));
  return ts.core.bool_ref(true);
}
ObjResult string_flush(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, string_of(self)));
  return ts.core.none_ref();
}
ObjResult string_get_closed(ThreadState& ts, Obj self) { return ts.core.bool_ref(string_of(self).closed); }
ObjResult string_get_line_buffering(ThreadState& ts, Obj self) {
  OURO_TRY(check_open(ts, string_of(self)));
  return ts.core.bool_ref(false);
}

Status string_init(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "StringIO", {"initial_value", "newline"}, 0, values));
  StringIo& stream = string_of(self);
  Ref<Str> newline = OURO_TRY(intern(ts, "\n"));
  OURO_TRY(parse_newline(ts, values[1] ? values[1] : Obj(newline), stream.mode));
  stream.length = stream.position = 0;
  stream.closed = false;
  if (!values[0] || is_none(values[0])) return kDone;
  if (!is_str(values[0])) return raise_type_error(ts, "initial_value must be str or None, not {t}", values[0]);
  OURO_TRY(put_text(ts, stream, as<Str>(values[0])));
  stream.position = 0;
  return kDone;
}

constexpr MethodDef kStringMethods[] = {
    {"read", string_read, 0, 1, MethodDef::kNone, nullptr},
    {"readline", string_readline, 0, 1, MethodDef::kNone, nullptr},
    {"write", string_write, 1, 1, MethodDef::kNone, nullptr},
    {"getvalue", string_getvalue, 0, 0, MethodDef::kNone, nullptr},
    {"seek", string_seek, 1, 2, MethodDef::kNone, nullptr},
    {"tell", string_tell, 0, 0, MethodDef::kNone, nullptr},
    {"truncate", string_truncate, 0, 1, MethodDef::kNone, nullptr},
    {"close", string_close, 0, 0, MethodDef::kNone, nullptr},
    {"flush", string_flush, 0, 0, MethodDef::kNone, nullptr},
    {"readable", string_true, 0, 0, MethodDef::kNone, nullptr},
    {"writable", string_true, 0, 0, MethodDef::kNone, nullptr},
    {"seekable", string_true, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kStringGetSets[] = {{"closed", string_get_closed, nullptr, nullptr},
                                        {"line_buffering", string_get_line_buffering, nullptr, nullptr},
                                        {nullptr, nullptr, nullptr, nullptr}};

void string_dealloc(gc::Header* header) {
  if (!io_dealloc_begin(header)) return;
  free_raw(std::exchange(static_cast<StringIo*>(header)->data, nullptr));
  io_dealloc_end(header);
}

void fill_string(Type& type) {
  fill_io_type(type, sizeof(StringIo));
  gc::EdgeFunctions<StringIo>::install(type.info);
  type.info.clear = io_clear_base;
  type.info.dealloc = string_dealloc;
  type.init = string_init;
  type.next = string_next;
  type.methods = kStringMethods;
  type.getsets = kStringGetSets;
}

}  // namespace

Status add_memory_types(ThreadState& ts, Borrowed<Module> module) {
  const Ref<Type> bytes = OURO_TRY(add_io_class(
      ts, module, TypeSpec{"BytesIO", "_io", sizeof(BytesIo), 0, 0, fill_bytes, "Buffered I/O implementation using an in-memory bytes buffer."}, "_BufferedIOBase"));
  Ref<Type> buffer = OURO_TRY(make_native_type(ts, {"_BytesIOBuffer", "_io", sizeof(BytesIoBuffer), 0, kDisallowInstantiation, fill_buffer, nullptr}));
  OURO_TRY(set_companions(ts, bytes, {Obj(buffer)}));
  OURO_TRY(add_io_class(ts, module, TypeSpec{"StringIO", "_io", sizeof(StringIo), 0, 0, fill_string, "Text I/O implementation using an in-memory buffer."}, "_TextIOBase"));
  return kDone;
}

}  // namespace ouro
