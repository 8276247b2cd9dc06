// _io.TextIOWrapper: text over a buffered stream.
//
// Reading: a chunk of bytes is decoded whole (an incomplete character at its end waits in `tail`), line ends are translated, and the
// text is handed out from `decoded`. Writing: text is encoded into `pending`, which goes to the buffer when it is large, at a
// line end (line_buffering), or at flush. Positions (tell, seek) are byte offsets of the buffer: what was read ahead is encoded
// again to know its length, which is exact for utf-8, ascii and latin-1 without translated line ends.
#include "modules/io.h"

#include <cstring>

#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

constexpr std::int64_t kPendingLimit = 8192;

TextIo& text_of(Obj self) { return *as<TextIo>(self); }

Status check_ready(ThreadState& ts, TextIo& self) {
  if (self.buffer != nullptr) return kDone;
  return self.encoding == nullptr ? raise_uninitialized(ts) : raise_value_error(ts, "underlying buffer has been detached");
}

Status check_open(ThreadState& ts, TextIo& self) {
  OURO_TRY(check_ready(ts, self));
  ObjRef buffer = Obj(self.buffer).new_ref();
  if (is_exact_buffered_writer(buffer)) {
    const auto* raw = as<Buffered>(buffer)->raw;
    if (raw != nullptr && is_exact_file(const_cast<Object*>(raw))) {
      if (as<FileIo>(Obj(const_cast<Object*>(raw)))->descriptor < 0) return raise_closed(ts);
      return kDone;
    }
  }
  if (OURO_TRY(io_is_closed(ts, buffer))) return raise_closed(ts);
  return kDone;
}

// -- writing -----------------------------------------------------------------------------------------------------------

Status write_pending(ThreadState& ts, TextIo& self) {
  if (self.pending_bytes == 0) return kDone;
  ObjRef buffer = Obj(self.buffer).new_ref();
  const std::string_view bytes(self.pending, static_cast<std::size_t>(self.pending_bytes));
  if (is_exact_buffered_writer(buffer)) {
    // Other threads may write meanwhile: the text leaves with its memory. What could not be written
    // must not be written twice.
    self.pending_bytes = 0;
    char* const block = std::exchange(self.pending, nullptr);
    const std::int64_t capacity = std::exchange(self.pending_capacity, 0);
    const Status written = buffered_write(ts, *as<Buffered>(buffer), bytes);
    if (self.pending == nullptr) {
      self.pending = block;
      self.pending_capacity = capacity;
    } else {
      free_raw(block);
    }
    return written;
  }
  Ref<Bytes> block = OURO_TRY(Bytes::from(ts, bytes));
  self.pending_bytes = 0;
  Object* args[] = {block.get()};
  OURO_TRY(call_method(ts, buffer, ts.core.names.n_write, args));
  return kDone;
}

Status flush_buffer(ThreadState& ts, TextIo& self) {
  ObjRef buffer = Obj(self.buffer).new_ref();
  if (is_exact_buffered_writer(buffer)) return buffered_flush(ts, *as<Buffered>(buffer));
  OURO_TRY(call_method(ts, buffer, ts.core.names.n_flush));
  return kDone;
}

Status append_pending(ThreadState& ts, TextIo& self, std::string_view bytes) {
  OURO_TRY(io_grow(ts, self.pending, self.pending_capacity, self.pending_bytes + static_cast<std::int64_t>(bytes.size())));
  bytes.copy(self.pending + self.pending_bytes, bytes.size());
  self.pending_bytes += static_cast<std::int64_t>(bytes.size());
  return kDone;
}

Status encode_into_pending(ThreadState& ts, TextIo& self, Borrowed<Str> text) {
  if (text->is_ascii() && self.codec != TextIo::Codec::Other) return append_pending(ts, self, text->ascii());
  Utf8 encoding(self.encoding);
  Utf8 errors(self.errors);
  if (!encoding.ok() || !errors.ok()) return raise_no_memory(ts);
  ObjRef encoded = OURO_TRY(encode_str(ts, text, encoding.c_str(), errors.c_str()));
  return append_pending(ts, self, as<Bytes>(encoded)->view());
}

ObjResult text_write(ThreadState& ts, Obj self_object, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "write() argument must be str, not {n}", args[0]);
  TextIo& self = text_of(self_object);
  OURO_TRY(check_open(ts, self));
  if (!self.writable) return raise_unsupported(ts, "not writable");
  Ref<Str> text = Ref<Str>::share(as<Str>(args[0]));
  const std::int64_t length = text->length;
  bool has_newline = false;
  if (self.line_buffering || (self.mode.translate_write && std::strcmp(self.mode.written, "\n") != 0)) {
    for (std::int64_t i = 0; i < length && !has_newline; ++i) has_newline = text->at(i) == '\n';
  }
  if (has_newline && self.mode.translate_write && std::strcmp(self.mode.written, "\n") != 0) {
    StrBuilder builder(ts);
    std::int64_t start = 0;
    for (std::int64_t i = 0; i < length; ++i) {
      if (text->at(i) != '\n') continue;
      OURO_TRY(builder.append(text, start, i));
      OURO_TRY(builder.append(std::string_view(self.mode.written)));
      start = i + 1;
    }
    OURO_TRY(builder.append(text, start, length));
    text = OURO_TRY(builder.finish());
  }
  OURO_TRY(encode_into_pending(ts, self, text));
  if (self.pending_bytes > kPendingLimit || self.write_through || has_newline) OURO_TRY(write_pending(ts, self));
  if (self.line_buffering && has_newline) OURO_TRY(flush_buffer(ts, self));
  self.at_end_of_input = false;
  xdecref(std::exchange(self.decoded, nullptr));
  return Int::from(ts, length);
}

ObjResult text_flush(ThreadState& ts, Obj self_object, Args) {
  TextIo& self = text_of(self_object);
  OURO_TRY(check_open(ts, self));
  OURO_TRY(write_pending(ts, self));
  OURO_TRY(flush_buffer(ts, self));
  return ts.core.none_ref();
}

// -- reading -----------------------------------------------------------------------------------------------------------

/// How many bytes at the end begin a UTF-8 character that is not complete.
std::size_t incomplete_bytes(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;
    const std::size_t wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wanted > back ? back : 0;
  }
  return 0;
}

Result<Ref<Str>> decode(ThreadState& ts, TextIo& self, std::string_view bytes) {
  Utf8 encoding(self.encoding);
  Utf8 errors(self.errors);
  if (!encoding.ok() || !errors.ok()) return raise_no_memory(ts);
  ObjRef text = OURO_TRY(decode_bytes(ts, bytes, encoding.c_str(), errors.c_str()));
  return Ref<Str>::steal(as<Str>(text.release()));
}

/// \r\n and \r to \n where wanted; notes what line ends there were.
Result<Ref<Str>> translate(ThreadState& ts, TextIo& self, Ref<Str> text, bool final) {
  const std::int64_t length = text->length;
  bool returns = self.tail_return;
  for (std::int64_t i = 0; i < length && !returns; ++i) {
    const char32_t c = text->at(i);
    if (c == '\r') returns = true;
    if (c == '\n') self.newlines_seen |= 2;
  }
  if (!returns) return text;
  StrBuilder builder(ts);
  bool pending_return = std::exchange(self.tail_return, false);
  for (std::int64_t i = 0; i <= length; ++i) {
    const bool at_end = i == length;
    const char32_t c = at_end ? 0 : text->at(i);
    if (pending_return) {
      if (at_end && !final) {
        self.tail_return = true;
        break;
      }
      pending_return = false;
      const bool pair = !at_end && c == '\n';
      self.newlines_seen |= pair ? 4 : 1;
      if (self.mode.translate_read) {
        OURO_TRY(builder.append(U'\n'));
      } else {
        OURO_TRY(builder.append(pair ? std::string_view("\r\n") : std::string_view("\r")));
      }
      if (pair) continue;
    }
    if (at_end) break;
    if (c == '\r') {
      pending_return = true;
      continue;
    }
    if (c == '\n') self.newlines_seen |= 2;
    OURO_TRY(builder.append(c));
  }
  return builder.finish();
}

/// Reads and decodes one more chunk onto `decoded`; false at the end.
Result<bool> read_chunk(ThreadState& ts, TextIo& self, bool everything) {
  if (self.at_end_of_input) return false;
  ObjRef buffer = Obj(self.buffer).new_ref();
  const bool whole = everything || self.codec == TextIo::Codec::Other;
  Ref<Int> size = OURO_TRY(Int::from(ts, kIoBufferBytes));
  Object* args[] = {whole ? ts.core.none : size.get()};
  if (whole) args[0] = ts.core.none;
  Ref<Str> method = OURO_TRY(intern(ts, !whole && self.has_read1 ? "read1" : "read"));
  ObjRef chunk = OURO_TRY(call_method(ts, buffer, method, args));
  BufferView view;
  if (!BufferView::is_bytes_like(chunk)) {
    return raise_type_error(ts, "underlying {}() should have returned a bytes-like object, not '{t}'", method, chunk);
  }
  OURO_TRY(view.acquire(ts, chunk));
  const bool final = view.size() == 0 || whole;
  self.at_end_of_input = view.size() == 0;
  std::string_view bytes = view.view();
  if (self.tail_bytes > 0) {
    OURO_TRY(io_grow(ts, self.tail, self.tail_capacity, self.tail_bytes + static_cast<std::int64_t>(bytes.size())));
    bytes.copy(self.tail + self.tail_bytes, bytes.size());
    bytes = {self.tail, static_cast<std::size_t>(self.tail_bytes) + bytes.size()};
  }
  const std::size_t rest = self.codec == TextIo::Codec::Utf8 && !final ? incomplete_bytes(bytes) : 0;
  Ref<Str> text = OURO_TRY(decode(ts, self, bytes.substr(0, bytes.size() - rest)));
  OURO_TRY(io_grow(ts, self.tail, self.tail_capacity, static_cast<std::int64_t>(rest)));
  if (rest > 0) std::memmove(self.tail, bytes.data() + bytes.size() - rest, rest);
  self.tail_bytes = static_cast<std::int64_t>(rest);
  if (self.mode.universal || self.mode.translate_read) text = OURO_TRY(translate(ts, self, std::move(text), final));
  Ref<Str> before = Ref<Str>::steal(std::exchange(self.decoded, nullptr));
  if (before && self.decoded_position < before->length) {
    Ref<Str> unread = OURO_TRY(before->slice(ts, self.decoded_position, before->length));
    text = OURO_TRY(str_concat(ts, unread, text));
  }
  self.decoded = text.release();
  self.decoded_position = 0;
  return !self.at_end_of_input;
}

std::int64_t decoded_left(const TextIo& self) { return self.decoded == nullptr ? 0 : self.decoded->length - self.decoded_position; }

Result<Ref<Str>> take_decoded(ThreadState& ts, TextIo& self, std::int64_t count) {
  if (self.decoded == nullptr) return Ref<Str>::share(ts.core.empty_str);
  const std::int64_t from = self.decoded_position;
  const std::int64_t to = std::min(self.decoded->length, from + count);
  Ref<Str> text = from == 0 && to == self.decoded->length ? Ref<Str>::share(self.decoded) : OURO_TRY(self.decoded->slice(ts, from, to));
  self.decoded_position = to;
  return text;
}

ObjResult text_read(ThreadState& ts, Obj self_object, Args args) {
  const std::int64_t size = OURO_TRY(io_size(ts, args, 0));
  TextIo& self = text_of(self_object);
  OURO_TRY(check_open(ts, self));
  if (!self.readable) return raise_unsupported(ts, "not readable");
  OURO_TRY(write_pending(ts, self));
  if (size < 0) {
    while (OURO_TRY(read_chunk(ts, self, true))) {
    }
    self.at_end_of_input = false;
    return take_decoded(ts, self, INT64_MAX / 2);
  }
  while (decoded_left(self) < size) {
    if (!OURO_TRY(read_chunk(ts, self, false))) break;
  }
  self.at_end_of_input = false;
  return take_decoded(ts, self, size);
}

/// Where a line ends in the text from `start` (the position after its end), or -1.
std::int64_t line_end(const TextIo& self, Borrowed<Str> text, std::int64_t start) {
  for (std::int64_t i = start; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (self.mode.translate_read || std::strcmp(self.mode.ends, "\n") == 0) {
      if (c == '\n') return i + 1;
    } else if (self.mode.universal) {
      if (c == '\n') return i + 1;
      if (c == '\r') return i + 1 < text->length && text->at(i + 1) == '\n' ? i + 2 : i + 1;
    } else if (self.mode.ends[1] == '\0') {
      if (c == static_cast<unsigned char>(self.mode.ends[0])) return i + 1;
    } else if (c == '\r' && i + 1 < text->length && text->at(i + 1) == '\n') {
      return i + 2;
    }
  }
  return -1;
}

Result<Ref<Str>> read_line(ThreadState& ts, TextIo& self, std::int64_t limit) {
  OURO_TRY(check_open(ts, self));
  if (!self.readable) return raise_unsupported(ts, "not readable");
  OURO_TRY(write_pending(ts, self));
  std::int64_t looked = 0;
  for (;;) {
    if (self.decoded != nullptr) {
      const std::int64_t end = line_end(self, self.decoded, self.decoded_position + looked);
      if (end >= 0) {
        const std::int64_t count = end - self.decoded_position;
        return take_decoded(ts, self, limit >= 0 ? std::min(count, limit) : count);
      }
      looked = std::max<std::int64_t>(decoded_left(self) - 1, 0);
      if (limit >= 0 && decoded_left(self) >= limit) return take_decoded(ts, self, limit);
    }
    if (!OURO_TRY(read_chunk(ts, self, false))) {
      if (self.decoded != nullptr && line_end(self, self.decoded, self.decoded_position) >= 0) continue;
      self.at_end_of_input = false;
      return take_decoded(ts, self, limit >= 0 ? limit : INT64_MAX / 2);
    }
  }
}

ObjResult text_readline(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(io_size(ts, args, 0));
  return read_line(ts, text_of(self), limit);
}

Next text_next(ThreadState& ts, Obj self, ObjRef& item) {
  Result<Ref<Str>> line = read_line(ts, text_of(self), -1);
  if (line.raised()) return Next::Raised;
  item = line.take();
  if (as<Str>(item)->length > 0) return Next::Item;
  item.reset();
  return Next::Done;
}

// -- position ----------------------------------------------------------------------------------------------------------

void forget_read_ahead(TextIo& self) {
  xdecref(std::exchange(self.decoded, nullptr));
  self.decoded_position = 0;
  self.tail_bytes = 0;
  self.tail_return = false;
  self.at_end_of_input = false;
}

ObjResult text_tell(ThreadState& ts, Obj self_object, Args) {
  TextIo& self = text_of(self_object);
  OURO_TRY(check_open(ts, self));
  if (!self.seekable) return raise_unsupported(ts, "underlying stream is not seekable");
  OURO_TRY(write_pending(ts, self));
  OURO_TRY(flush_buffer(ts, self));
  ObjRef buffer = Obj(self.buffer).new_ref();
  ObjRef at = OURO_TRY(call_method(ts, buffer, OURO_TRY(intern(ts, "tell"))));
  std::int64_t position = OURO_TRY(index_as_int64(ts, at, ts.core.exceptions.OverflowError));
  if (decoded_left(self) > 0) {
    Ref<Str> unread = OURO_TRY(self.decoded->slice(ts, self.decoded_position, self.decoded->length));
    Utf8 encoding(self.encoding);
    Utf8 errors(self.errors);
    if (!encoding.ok() || !errors.ok()) return raise_no_memory(ts);
    ObjRef encoded = OURO_TRY(encode_str(ts, unread, encoding.c_str(), errors.c_str()));
    position -= as<Bytes>(encoded)->length;
  }
  return Int::from(ts, position - self.tail_bytes - (self.tail_return ? 1 : 0));
}

ObjResult text_seek(ThreadState& ts, Obj self_object, Args args) {
  TextIo& self = text_of(self_object);
  OURO_TRY(check_open(ts, self));
  if (!self.seekable) return raise_unsupported(ts, "underlying stream is not seekable");
  std::int64_t whence = 0;
  std::int64_t offset = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (args.size() > 1) whence = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  if (whence == 1) {
    if (offset != 0) return raise_unsupported(ts, "can't do nonzero cur-relative seeks");
    ObjRef here = OURO_TRY(text_tell(ts, self_object, {}));
    offset = OURO_TRY(index_as_int64(ts, here, ts.core.exceptions.OverflowError));
    whence = 0;
  }
  if (whence == 2 && offset != 0) return raise_unsupported(ts, "can't do nonzero end-relative seeks");
  if (whence != 0 && whence != 2) return raise_value_error(ts, "invalid whence ({}, should be 0, 1 or 2)", whence);
  if (offset < 0) return raise_value_error(ts, "negative seek position {}", offset);
  OURO_TRY(text_flush(ts, self_object, {}));
  forget_read_ahead(self);
  ObjRef buffer = Obj(self.buffer).new_ref();
  Ref<Int> to = OURO_TRY(Int::from(ts, offset));
  Ref<Int> how = OURO_TRY(Int::from(ts, whence));
  Object* seek_args[] = {to.get(), how.get()};
  return call_method(ts, buffer, OURO_TRY(intern(ts, "seek")), seek_args);
}

ObjResult text_truncate(ThreadState& ts, Obj self_object, Args args) {
  TextIo& self = text_of(self_object);
  OURO_TRY(text_flush(ts, self_object, {}));
  ObjRef size = args.size() > 0 ? args[0].new_ref() : OURO_TRY(text_tell(ts, self_object, {}));
  ObjRef buffer = Obj(self.buffer).new_ref();
  Object* truncate_args[] = {size.get()};
  return call_method(ts, buffer, OURO_TRY(intern(ts, "truncate")), truncate_args);
}

// -- the rest ----------------------------------------------------------------------------------------------------------

ObjResult text_close(ThreadState& ts, Obj self_object, Args) {
  TextIo& self = text_of(self_object);
  OURO_TRY(check_ready(ts, self));
  ObjRef buffer = Obj(self.buffer).new_ref();
  if (OURO_TRY(io_is_closed(ts, buffer))) return ts.core.none_ref();
  io_warn_below(ts, self, buffer.get());
  ObjResult flushed = call_method(ts, self_object, ts.core.names.n_flush);
  ObjRef failure = flushed.raised() ? take_pending(ts) : ObjRef();
  ObjResult closed = call_method(ts, buffer, ts.core.names.n_close);
  if (failure) {
    if (closed.raised()) clear_pending(ts);
    restore_pending(ts, std::move(failure));
    return Raised{};
  }
  return closed;
}

ObjResult text_detach(ThreadState& ts, Obj self_object, Args) {
  OURO_TRY(check_ready(ts, text_of(self_object)));
  OURO_TRY(call_method(ts, self_object, ts.core.names.n_flush));
  return ObjRef::steal(std::exchange(text_of(self_object).buffer, nullptr));
}

template <const char* const& kMethod>
ObjResult ask_buffer(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_ready(ts, text_of(self)));
  ObjRef buffer = Obj(text_of(self).buffer).new_ref();
  return call_method(ts, buffer, OURO_TRY(intern(ts, kMethod)));
}
constexpr const char* kFileno = "fileno";
constexpr const char* kIsatty = "isatty";
constexpr const char* kSeekable = "seekable";
constexpr const char* kReadable = "readable";
constexpr const char* kWritable = "writable";
template <const char* const& kName>
ObjResult buffer_attribute(ThreadState& ts, Obj self) {
  OURO_TRY(check_ready(ts, text_of(self)));
  ObjRef buffer = Obj(text_of(self).buffer).new_ref();
  return get_attribute(ts, buffer, kName);
}
constexpr const char* kName = "name";
constexpr const char* kClosed = "closed";
ObjResult get_buffer(ThreadState& ts, Obj self) {
  Object* buffer = text_of(self).buffer;
  return buffer == nullptr ? ts.core.none_ref() : Obj(buffer).new_ref();
}
ObjResult get_encoding(ThreadState& ts, Obj self) {
  OURO_TRY(check_ready(ts, text_of(self)));
  return Ref<Str>::share(text_of(self).encoding);
}
ObjResult get_errors(ThreadState& ts, Obj self) {
  OURO_TRY(check_ready(ts, text_of(self)));
  return Ref<Str>::share(text_of(self).errors);
}
ObjResult get_line_buffering(ThreadState& ts, Obj self) { return ts.core.bool_ref(text_of(self).line_buffering); }
ObjResult get_write_through(ThreadState& ts, Obj self) { return ts.core.bool_ref(text_of(self).write_through); }
ObjResult get_newlines(ThreadState& ts, Obj self) {
  const unsigned seen = text_of(self).newlines_seen;
  Ref<List> found = OURO_TRY(List::create(ts));
  constexpr const char* kEnds[] = {"\r", "\n", "\r\n"};
  for (unsigned i = 0; i < 3; ++i) {
    if ((seen & (1u << i)) != 0) OURO_TRY(found->append(ts, OURO_TRY(intern(ts, kEnds[i]))));
  }
  if (found->size == 0) return ts.core.none_ref();
  if (found->size == 1) return found->at(0).new_ref();
  return list_as_tuple(ts, found);
}

ObjResult text_reconfigure(ThreadState& ts, Obj self_object, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "reconfigure", {"*", "encoding", "errors", "newline", "line_buffering", "write_through"}, 0, values));
  TextIo& self = text_of(self_object);
  OURO_TRY(text_flush(ts, self_object, {}));
  if ((values[0] && !is_none(values[0])) || values[2]) {
    return raise(ts, ts.core.exceptions.NotImplementedError, "reconfigure() of encoding or newline is not built yet");
  }
  if (values[1] && is_str(values[1])) {
    Str* old = std::exchange(self.errors, as<Str>(values[1].new_ref().release()));
    xdecref(old);
  }
  if (values[3] && !is_none(values[3])) self.line_buffering = OURO_TRY(is_true(ts, values[3]));
  if (values[4] && !is_none(values[4])) self.write_through = OURO_TRY(is_true(ts, values[4]));
  return ts.core.none_ref();
}

ObjResult text_repr(ThreadState& ts, Obj self) {
  OURO_TRY(check_ready(ts, text_of(self)));
  StrBuilder builder(ts);
  OURO_TRY(builder.append(std::string_view("<_io.TextIOWrapper")));
  for (const char* attribute : {"name", "mode"}) {
    MaybeAttribute found = find_attribute(ts, self, OURO_TRY(intern(ts, attribute)));
    if (found.failed && !catch_pending(ts, ts.core.exceptions.ValueError)) return Raised{};
    if (!found.value) continue;
    const FormatArg shown[] = {FormatArg(attribute), FormatArg(found.value)};
    OURO_TRY(builder.append(OURO_TRY(format_message(ts, " {}={r}", shown))));
  }
  const FormatArg shown[] = {FormatArg(text_of(self).encoding)};
  OURO_TRY(builder.append(OURO_TRY(format_message(ts, " encoding={r}>", shown))));
  return builder.finish();
}

Status text_init(ThreadState& ts, Obj self_object, Args args) {
  Obj values[6];
  OURO_TRY(parse_args(ts, args, "TextIOWrapper", {"buffer", "encoding", "errors", "newline", "line_buffering", "write_through"}, 1, values));
  TextIo& self = text_of(self_object);
  const auto given = [&](int i) { return values[i] && !is_none(values[i]); };
  if (given(1) && !is_str(values[1])) return raise_type_error(ts, "TextIOWrapper() argument 'encoding' must be str or None, not {n}", values[1]);
  if (given(2) && !is_str(values[2])) return raise_type_error(ts, "TextIOWrapper() argument 'errors' must be str or None, not {n}", values[2]);
  NewlineMode mode;
  OURO_TRY(parse_newline(ts, values[3], mode));
  Ref<Str> encoding = OURO_TRY(intern(ts, "UTF-8"));  // the locale's, whatever it is called
  if (given(1) && !str_equals_ascii(as<Str>(values[1]), "locale")) encoding = Ref<Str>::share(as<Str>(values[1]));
  Ref<Str> errors = OURO_TRY(intern(ts, "strict"));
  if (given(2)) errors = Ref<Str>::share(as<Str>(values[2]));
  TextIo::Codec codec = TextIo::Codec::Other;
  for (const char* name : {"utf-8", "UTF-8", "utf8", "UTF8", "utf_8"}) {
    if (str_equals_ascii(encoding, name)) codec = TextIo::Codec::Utf8;
  }
  for (const char* name : {"ascii", "US-ASCII", "us-ascii"}) {
    if (str_equals_ascii(encoding, name)) codec = TextIo::Codec::Ascii;
  }
  for (const char* name : {"latin-1", "latin1", "iso-8859-1", "ISO-8859-1"}) {
    if (str_equals_ascii(encoding, name)) codec = TextIo::Codec::Latin1;
  }
  if (codec == TextIo::Codec::Other) {
    // Refuses an unknown encoding now rather than at the first write.
    Utf8 name(encoding);
    if (!name.ok()) return raise_no_memory(ts);
    (void)OURO_TRY(encode_str(ts, ts.core.empty_str, name.c_str(), "strict"));
  }
  ObjRef buffer = values[0].new_ref();
  MaybeAttribute read1 = find_attribute(ts, buffer, OURO_TRY(intern(ts, "read1")));
  if (read1.failed) return Raised{};
  ObjRef seekable = OURO_TRY(call_method(ts, buffer, OURO_TRY(intern(ts, "seekable"))));
  ObjRef readable = OURO_TRY(call_method(ts, buffer, OURO_TRY(intern(ts, "readable"))));
  ObjRef writable = OURO_TRY(call_method(ts, buffer, OURO_TRY(intern(ts, "writable"))));
  self.seekable = OURO_TRY(is_true(ts, seekable));
  self.readable = OURO_TRY(is_true(ts, readable));
  self.writable = OURO_TRY(is_true(ts, writable));
  self.has_read1 = static_cast<bool>(read1.value);
  self.line_buffering = given(4) && OURO_TRY(is_true(ts, values[4]));
  self.write_through = given(5) && OURO_TRY(is_true(ts, values[5]));
  self.mode = mode;
  self.codec = codec;
  forget_read_ahead(self);
  self.closed_flag = false;
  xdecref(std::exchange(self.encoding, encoding.release()));
  xdecref(std::exchange(self.errors, errors.release()));
  xdecref(std::exchange(self.newline, (values[3] ? values[3] : Obj(ts.core.none)).new_ref().release()));
  xdecref(std::exchange(self.buffer, buffer.release()));
  return kDone;
}

constexpr MethodDef kMethods[] = {
    {"detach", text_detach, 0, 0, MethodDef::kNone, nullptr},
    {"reconfigure", text_reconfigure, 0, -1, MethodDef::kKeywords, nullptr},
    {"write", text_write, 1, 1, MethodDef::kNone, nullptr},
    {"read", text_read, 0, 1, MethodDef::kNone, nullptr},
    {"readline", text_readline, 0, 1, MethodDef::kNone, nullptr},
    {"flush", text_flush, 0, 0, MethodDef::kNone, nullptr},
    {"close", text_close, 0, 0, MethodDef::kNone, nullptr},
    {"fileno", ask_buffer<kFileno>, 0, 0, MethodDef::kNone, nullptr},
    {"seekable", ask_buffer<kSeekable>, 0, 0, MethodDef::kNone, nullptr},
    {"readable", ask_buffer<kReadable>, 0, 0, MethodDef::kNone, nullptr},
    {"writable", ask_buffer<kWritable>, 0, 0, MethodDef::kNone, nullptr},
    {"isatty", ask_buffer<kIsatty>, 0, 0, MethodDef::kNone, nullptr},
    {"seek", text_seek, 1, 2, MethodDef::kNone, nullptr},
    {"tell", text_tell, 0, 0, MethodDef::kNone, nullptr},
    {"truncate", text_truncate, 0, 1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"encoding", get_encoding, nullptr, nullptr}, {"errors", get_errors, nullptr, nullptr},
    {"line_buffering", get_line_buffering, nullptr, nullptr}, {"write_through", get_write_through, nullptr, nullptr},
    {"newlines", get_newlines, nullptr, nullptr}, {"buffer", get_buffer, nullptr, nullptr},
    {"name", buffer_attribute<kName>, nullptr, nullptr}, {"closed", buffer_attribute<kClosed>, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr}};

void text_clear(gc::Header* header) {
  auto* self = static_cast<TextIo*>(header);
  io_clear_base(header);
  xdecref(std::exchange(self->buffer, nullptr));
  xdecref(std::exchange(self->decoded, nullptr));
}

void text_dealloc(gc::Header* header) {
  if (!io_dealloc_begin(header)) return;
  auto* self = static_cast<TextIo*>(header);
  free_raw(std::exchange(self->pending, nullptr));
  free_raw(std::exchange(self->tail, nullptr));
  xdecref(std::exchange(self->buffer, nullptr));
  xdecref(std::exchange(self->decoded, nullptr));
  xdecref(std::exchange(self->encoding, nullptr));
  xdecref(std::exchange(self->errors, nullptr));
  xdecref(std::exchange(self->newline, nullptr));
  io_dealloc_end(header);
}

void fill(Type& type) {
  fill_io_type(type, sizeof(TextIo));
  gc::EdgeFunctions<TextIo>::install(type.info);
  type.info.clear = text_clear;
  type.info.dealloc = text_dealloc;
  type.init = text_init;
  type.repr = text_repr;
  type.next = text_next;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Status add_text_types(ThreadState& ts, Borrowed<Module> module) {
  OURO_TRY(add_io_class(ts, module, TypeSpec{"TextIOWrapper", "_io", sizeof(TextIo), 0, 0, fill, "Character and line based layer over a BufferedIOBase object."}, "_TextIOBase"));
  return kDone;
}

}  // namespace ouro
