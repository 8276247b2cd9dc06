// _io.BufferedReader, BufferedWriter, BufferedRandom.
#include "modules/io.h"

#include <cstring>

#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/threads.h"

namespace ouro {

namespace {

Buffered& stream_of(Obj self) { return *as<Buffered>(self); }

/// Marks the stream as in use. Other threads wait for their turn; Python code of a raw stream that comes back here gets an
/// error instead of a torn buffer.
class [[nodiscard]] Busy {
 public:
  Busy(ThreadState& ts, Buffered& stream) : stream_(stream) {
    if (stream.user == &ts) {
      (void)raise(ts, ts.core.exceptions.RuntimeError, "reentrant call inside {r}", &stream);
      return;
    }
    while (stream.user != nullptr) {
      if (ts.core.finalizing) {
        // Its user gets the interpreter's lock no more.
        (void)raise(ts, ts.core.exceptions.RuntimeError,
                    "could not acquire lock for {r} at interpreter shutdown, possibly due to daemon threads", &stream);
        return;
      }
      waited_ = true;
      if (stream.waiting++ == 0) sem_init(&stream.turn, 0, 0);
      {
        Unlocked unlocked(ts);
        while (sem_wait(&stream.turn) != 0) {
        }
      }
      --stream.waiting;
    }
    stream_.user = &ts;
    entered_ = true;
  }
  ~Busy() {
    if (!entered_) return;
    stream_.user = nullptr;
    if (stream_.waiting > 0) sem_post(&stream_.turn);
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  [[nodiscard]] bool ok() const { return entered_; }
  /// Another thread had its turn in between: what was checked before may be so no more.
  [[nodiscard]] bool waited() const { return waited_; }

 private:
  Buffered& stream_;
  bool entered_ = false;
  bool waited_ = false;
};

Status check_ready(ThreadState& ts, Buffered& self) {
  if (self.raw == nullptr) return self.buffer == nullptr ? raise_uninitialized(ts) : raise_value_error(ts, "raw stream has been detached");
  return kDone;
}

Status check_open(ThreadState& ts, Obj self, const char* what) {
  OURO_TRY(check_ready(ts, stream_of(self)));
  ObjRef raw = Obj(stream_of(self).raw).new_ref();
  if (OURO_TRY(io_is_closed(ts, raw))) return raise_value_error(ts, "{} of closed file", what);
  return kDone;
}

/// One read of the raw stream: bytes got, 0 at the end, -1 when it would block.
Result<std::int64_t> raw_read_into(ThreadState& ts, Buffered& self, char* into, std::int64_t bytes) {
  ObjRef raw = Obj(self.raw).new_ref();
  if (is_exact_file(raw)) return file_read(ts, *as<FileIo>(raw), into, bytes);
  Ref<ByteArray> block = OURO_TRY(ByteArray::from(ts, ""));
  OURO_TRY(block->resize(ts, bytes));
  Object* args[] = {block.get()};
  ObjRef got = OURO_TRY(call_method(ts, raw, OURO_TRY(intern(ts, "readinto")), args));
  if (is_none(got)) return std::int64_t{-1};
  const std::int64_t count = OURO_TRY(index_as_int64(ts, got, ts.core.exceptions.ValueError));
  if (count < 0 || count > bytes) {
    return raise(ts, ts.core.exceptions.OSError, "raw readinto() returned invalid length {} (should have been between 0 and {})", count, bytes);
  }
  std::memcpy(into, block->data, static_cast<std::size_t>(count));
  return count;
}

Result<std::int64_t> raw_write(ThreadState& ts, Buffered& self, const char* from, std::int64_t bytes) {
  ObjRef raw = Obj(self.raw).new_ref();
  if (is_exact_file(raw)) return file_write(ts, *as<FileIo>(raw), from, bytes);
  Ref<Bytes> block = OURO_TRY(Bytes::from(ts, {from, static_cast<std::size_t>(bytes)}));
  Object* args[] = {block.get()};
  ObjRef put = OURO_TRY(call_method(ts, raw, ts.core.names.n_write, args));
  if (is_none(put)) return std::int64_t{-1};
  const std::int64_t count = OURO_TRY(index_as_int64(ts, put, ts.core.exceptions.ValueError));
  if (count < 0 || count > bytes) {
    return raise(ts, ts.core.exceptions.OSError, "raw write() returned invalid length {} (should have been between 0 and {})", count, bytes);
  }
  return count;
}

Result<std::int64_t> raw_seek(ThreadState& ts, Buffered& self, std::int64_t offset, std::int64_t whence) {
  ObjRef raw = Obj(self.raw).new_ref();
  Ref<Int> to = OURO_TRY(Int::from(ts, offset));
  Ref<Int> how = OURO_TRY(Int::from(ts, whence));
  Object* args[] = {to.get(), how.get()};
  ObjRef at = OURO_TRY(call_method(ts, raw, OURO_TRY(intern(ts, "seek")), args));
  return index_as_int64(ts, at, ts.core.exceptions.ValueError);
}

/// Writes out what waits. What could not be written stays.
Status flush_pending(ThreadState& ts, Buffered& self) {
  std::int64_t done = 0;
  while (done < self.pending) {
    const Result<std::int64_t> put = raw_write(ts, self, self.buffer + done, self.pending - done);
    const std::int64_t count = put.ok() ? Result<std::int64_t>(put).take() : 0;
    if (count > 0) done += count;
    if (put.ok() && count >= 0) continue;
    std::memmove(self.buffer, self.buffer + done, static_cast<std::size_t>(self.pending - done));
    self.pending -= done;
    if (put.raised()) return Raised{};
    return raise(ts, ts.core.exceptions.BlockingIOError, "write could not complete without blocking");
  }
  self.pending = 0;
  return kDone;
}

/// Forgets bytes read ahead, moving the raw stream back to where the reader is.
Status drop_read_ahead(ThreadState& ts, Buffered& self) {
  const std::int64_t ahead = self.read_end - self.position;
  self.position = self.read_end = 0;
  if (ahead > 0) OURO_TRY(raw_seek(ts, self, -ahead, 1));
  return kDone;
}

/// Reads a new buffer full once the old one is used up; false at the end or when it would block.
Result<bool> fill(ThreadState& ts, Buffered& self) {
  if (self.pending > 0) OURO_TRY(flush_pending(ts, self));
  self.position = self.read_end = 0;
  const std::int64_t got = OURO_TRY(raw_read_into(ts, self, self.buffer, self.size));
  self.read_end = std::max<std::int64_t>(got, 0);
  return self.read_end > 0;
}

ObjResult read_bytes(ThreadState& ts, Buffered& self, std::int64_t wanted, bool once) {
  // wanted < 0: everything. `once`: at most one read of the raw stream.
  Ref<ByteArray> out = OURO_TRY(ByteArray::from(ts, ""));
  std::int64_t filled = 0;
  bool read_raw = false;
  for (;;) {
    const std::int64_t ready = self.read_end - self.position;
    if (ready > 0) {
      const std::int64_t take = wanted < 0 ? ready : std::min(ready, wanted - filled);
      if (filled == 0 && take == wanted) {
        self.position += take;
        return Bytes::from(ts, {self.buffer + self.position - take, static_cast<std::size_t>(take)});
      }
      OURO_TRY(out->resize(ts, filled + take));
      std::memcpy(out->data + filled, self.buffer + self.position, static_cast<std::size_t>(take));
      self.position += take;
      filled += take;
    }
    if ((wanted >= 0 && filled >= wanted) || (once && (read_raw || filled > 0))) break;
    // Large requests go straight into the result.
    const std::int64_t rest = wanted < 0 ? std::max(self.size, filled) : wanted - filled;
    if (rest >= self.size && !once) {
      if (self.pending > 0) OURO_TRY(flush_pending(ts, self));
      OURO_TRY(out->resize(ts, filled + rest));
      const std::int64_t got = OURO_TRY(raw_read_into(ts, self, out->data + filled, rest));
      if (got < 0 && filled == 0) return ts.core.none_ref();
      filled += std::max<std::int64_t>(got, 0);
      if (got <= 0) break;
    } else {
      read_raw = true;
      if (!OURO_TRY(fill(ts, self))) break;
    }
  }
  return Bytes::from(ts, {out->data, static_cast<std::size_t>(filled)});
}

ObjResult buffered_read(ThreadState& ts, Obj self, Args args) {
  const std::int64_t size = OURO_TRY(io_size(ts, args, 0));
  if (size < -1) return raise_value_error(ts, "read length must be non-negative or -1");
  OURO_TRY(check_open(ts, self, "read"));
  Busy busy(ts, stream_of(self));
  if (!busy.ok()) return Raised{};
  return read_bytes(ts, stream_of(self), size, false);
}

ObjResult buffered_read1(ThreadState& ts, Obj self, Args args) {
  std::int64_t size = OURO_TRY(io_size(ts, args, 0));
  OURO_TRY(check_open(ts, self, "read"));
  Busy busy(ts, stream_of(self));
  if (!busy.ok()) return Raised{};
  if (size < 0) size = stream_of(self).size;
  if (size == 0) return Bytes::from(ts, "");
  return read_bytes(ts, stream_of(self), std::min(size, std::max(stream_of(self).size, std::int64_t{1})), true);
}

ObjResult readinto(ThreadState& ts, Obj self, Args args, bool once) {
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0], true));
  OURO_TRY(check_open(ts, self, "readinto"));
  Busy busy(ts, stream_of(self));
  if (!busy.ok()) return Raised{};
  ObjRef bytes = OURO_TRY(read_bytes(ts, stream_of(self), static_cast<std::int64_t>(view.size()), once));
  if (is_none(bytes)) return bytes;
  const std::string_view got = as<Bytes>(bytes)->view();
  got.copy(view.data(), got.size());
  return Int::from(ts, static_cast<std::int64_t>(got.size()));
}
ObjResult buffered_readinto(ThreadState& ts, Obj self, Args args) { return readinto(ts, self, args, false); }
ObjResult buffered_readinto1(ThreadState& ts, Obj self, Args args) { return readinto(ts, self, args, true); }

ObjResult buffered_peek(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self, "peek"));
  Buffered& stream = stream_of(self);
  Busy busy(ts, stream);
  if (!busy.ok()) return Raised{};
  if (stream.position == stream.read_end) (void)OURO_TRY(fill(ts, stream));
  return Bytes::from(ts, {stream.buffer + stream.position, static_cast<std::size_t>(stream.read_end - stream.position)});
}

ObjResult read_line(ThreadState& ts, Buffered& self, std::int64_t limit) {
  Ref<ByteArray> out = OURO_TRY(ByteArray::from(ts, ""));
  for (;;) {
    std::int64_t ready = self.read_end - self.position;
    if (limit >= 0) ready = std::min(ready, limit - out->length);
    if (ready > 0) {
      const char* start = self.buffer + self.position;
      const auto* end = static_cast<const char*>(std::memchr(start, '\n', static_cast<std::size_t>(ready)));
      const std::int64_t take = end == nullptr ? ready : end - start + 1;
      self.position += take;
      if (out->length == 0 && end != nullptr) return Bytes::from(ts, {start, static_cast<std::size_t>(take)});
      const std::int64_t before = out->length;
      OURO_TRY(out->resize(ts, before + take));
      std::memcpy(out->data + before, start, static_cast<std::size_t>(take));
      if (end != nullptr) break;
    }
    if (limit >= 0 && out->length >= limit) break;
    if (self.position == self.read_end && !OURO_TRY(fill(ts, self))) break;
  }
  return Bytes::from(ts, {out->data, static_cast<std::size_t>(out->length)});
}

ObjResult buffered_readline(ThreadState& ts, Obj self, Args args) {
  const std::int64_t limit = OURO_TRY(io_size(ts, args, 0));
  OURO_TRY(check_open(ts, self, "readline"));
  Busy busy(ts, stream_of(self));
  if (!busy.ok()) return Raised{};
  return read_line(ts, stream_of(self), limit);
}

Next buffered_next(ThreadState& ts, Obj self, ObjRef& item) {
  ObjResult line = buffered_readline(ts, self, {});
  if (line.raised()) return Next::Raised;
  item = line.take();
  if (as<Bytes>(item)->length > 0) return Next::Item;
  item.reset();
  return Next::Done;
}

ObjResult buffered_write_method(ThreadState& ts, Obj self, Args args) {
  if (is_str(args[0])) return raise_type_error(ts, "a bytes-like object is required, not 'str'");
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0]));
  OURO_TRY(check_open(ts, self, "write"));
  OURO_TRY(buffered_write(ts, stream_of(self), view.view()));
  return Int::from(ts, static_cast<std::int64_t>(view.size()));
}

ObjResult buffered_flush_method(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self, "flush"));
  OURO_TRY(buffered_flush(ts, stream_of(self)));
  return ts.core.none_ref();
}

ObjResult buffered_seek(ThreadState& ts, Obj self, Args args) {
  std::int64_t offset = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  std::int64_t whence = 0;
  if (args.size() > 1) whence = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  if (whence < 0 || whence > 2) return raise_value_error(ts, "whence value {} unsupported", whence);
  OURO_TRY(check_open(ts, self, "seek"));
  Buffered& stream = stream_of(self);
  Busy busy(ts, stream);
  if (!busy.ok()) return Raised{};
  if (stream.pending > 0) OURO_TRY(flush_pending(ts, stream));
  if (whence == 1) offset -= stream.read_end - stream.position;
  stream.position = stream.read_end = 0;
  return Int::from(ts, OURO_TRY(raw_seek(ts, stream, offset, whence)));
}

ObjResult buffered_tell(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_ready(ts, stream_of(self)));
  Buffered& stream = stream_of(self);
  const std::int64_t raw = OURO_TRY(raw_seek(ts, stream, 0, 1));
  return Int::from(ts, raw - (stream.read_end - stream.position) + stream.pending);
}

ObjResult buffered_truncate(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_open(ts, self, "truncate"));
  Buffered& stream = stream_of(self);
  if (!stream.writable) return raise_unsupported(ts, "truncate");
  if (stream.pending > 0) OURO_TRY(flush_pending(ts, stream));
  ObjRef raw = Obj(stream.raw).new_ref();
  ObjRef size = args.size() > 0 && !is_none(args[0]) ? args[0].new_ref() : OURO_TRY(buffered_tell(ts, self, {}));
  Object* truncate_args[] = {size.get()};
  return call_method(ts, raw, OURO_TRY(intern(ts, "truncate")), truncate_args);
}

ObjResult close_raw(ThreadState& ts, Buffered& stream, Obj raw) {
  Busy busy(ts, stream);
  if (!busy.ok()) return Raised{};
  ObjResult closed = call_method(ts, raw, ts.core.names.n_close);
  stream.pending = 0;
  return closed;
}

ObjResult buffered_close(ThreadState& ts, Obj self, Args) {
  Buffered& stream = stream_of(self);
  if (stream.raw == nullptr) return ts.core.none_ref();
  ObjRef raw = Obj(stream.raw).new_ref();
  if (OURO_TRY(io_is_closed(ts, raw))) return ts.core.none_ref();
  io_warn_below(ts, stream, raw.get());
  ObjResult flushed = call_method(ts, self, ts.core.names.n_flush);
  ObjRef failure = flushed.raised() ? take_pending(ts) : ObjRef();
  ObjResult closed = close_raw(ts, stream, raw);
  if (failure) {
    if (closed.raised()) {
      // Both failed: the failure to close is told, with the other as its context.
      ObjRef later = take_pending(ts);
      auto* exception = as_exception(later);
      if (exception->context == nullptr) exception->context = failure.release();
      restore_pending(ts, std::move(later));
      return Raised{};
    }
    restore_pending(ts, std::move(failure));
    return Raised{};
  }
  return closed;
}

ObjResult buffered_warn(ThreadState& ts, Obj self, Args args) {
  if (stream_of(self).raw == nullptr) return ts.core.none_ref();
  ObjRef raw = Obj(stream_of(self).raw).new_ref();
  Object* values[] = {args[0].get()};
  if (call_method(ts, raw, OURO_TRY(intern(ts, "_dealloc_warn")), values).raised()) clear_pending(ts);
  return ts.core.none_ref();
}

ObjResult buffered_detach(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_ready(ts, stream_of(self)));
  OURO_TRY(call_method(ts, self, ts.core.names.n_flush));
  return ObjRef::steal(std::exchange(stream_of(self).raw, nullptr));
}

template <const char* const& kMethod>
ObjResult ask_raw(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_ready(ts, stream_of(self)));
  ObjRef raw = Obj(stream_of(self).raw).new_ref();
  return call_method(ts, raw, OURO_TRY(intern(ts, kMethod)));
}
constexpr const char* kFileno = "fileno";
constexpr const char* kIsatty = "isatty";
constexpr const char* kSeekable = "seekable";
constexpr const char* kReadable = "readable";
constexpr const char* kWritable = "writable";

template <const char* const& kName>
ObjResult raw_attribute(ThreadState& ts, Obj self) {
  OURO_TRY(check_ready(ts, stream_of(self)));
  ObjRef raw = Obj(stream_of(self).raw).new_ref();
  return get_attribute(ts, raw, kName);
}
constexpr const char* kName = "name";
constexpr const char* kMode = "mode";
constexpr const char* kClosed = "closed";
ObjResult get_raw(ThreadState& ts, Obj self) {
  Object* raw = stream_of(self).raw;
  return raw == nullptr ? ts.core.none_ref() : Obj(raw).new_ref();
}

ObjResult buffered_repr(ThreadState& ts, Obj self) {
  MaybeAttribute name = find_attribute(ts, self, ts.core.names.n_name);
  if (name.failed && !catch_pending(ts, ts.core.exceptions.ValueError)) return Raised{};
  const FormatArg args[] = {FormatArg(type_name(self)), FormatArg(name.value.get())};
  return name.value ? format_message(ts, "<{} name={r}>", args) : format_message(ts, "<{}>", args);
}

constexpr MethodDef kMethods[] = {
    {"detach", buffered_detach, 0, 0, MethodDef::kNone, nullptr},
    {"flush", buffered_flush_method, 0, 0, MethodDef::kNone, nullptr},
    {"close", buffered_close, 0, 0, MethodDef::kNone, nullptr},
    {"seekable", ask_raw<kSeekable>, 0, 0, MethodDef::kNone, nullptr},
    {"fileno", ask_raw<kFileno>, 0, 0, MethodDef::kNone, nullptr},
    {"isatty", ask_raw<kIsatty>, 0, 0, MethodDef::kNone, nullptr},
    {"_dealloc_warn", buffered_warn, 1, 1, MethodDef::kNone, nullptr},
    {"seek", buffered_seek, 1, 2, MethodDef::kNone, nullptr},
    {"tell", buffered_tell, 0, 0, MethodDef::kNone, nullptr},
    {"truncate", buffered_truncate, 0, 1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
#define OURO_BUFFERED_READS                                                                                     \
  {"read", buffered_read, 0, 1, MethodDef::kNone, nullptr}, {"read1", buffered_read1, 0, 1, MethodDef::kNone, nullptr}, \
      {"readinto", buffered_readinto, 1, 1, MethodDef::kNone, nullptr},                                         \
      {"readinto1", buffered_readinto1, 1, 1, MethodDef::kNone, nullptr},                                       \
      {"peek", buffered_peek, 0, 1, MethodDef::kNone, nullptr},                                                 \
      {"readline", buffered_readline, 0, 1, MethodDef::kNone, nullptr},                                         \
      {"readable", ask_raw<kReadable>, 0, 0, MethodDef::kNone, nullptr}
#define OURO_BUFFERED_WRITES                                         \
  {"write", buffered_write_method, 1, 1, MethodDef::kNone, nullptr}, \
      {"writable", ask_raw<kWritable>, 0, 0, MethodDef::kNone, nullptr}
constexpr MethodDef kReaderMethods[] = {OURO_BUFFERED_READS, {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr}};
constexpr MethodDef kWriterMethods[] = {OURO_BUFFERED_WRITES, {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr}};
constexpr MethodDef kRandomMethods[] = {OURO_BUFFERED_READS, OURO_BUFFERED_WRITES, {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr}};
#undef OURO_BUFFERED_READS
#undef OURO_BUFFERED_WRITES
constexpr GetSetDef kGetSets[] = {{"name", raw_attribute<kName>, nullptr, nullptr},
                                  {"mode", raw_attribute<kMode>, nullptr, nullptr},
                                  {"closed", raw_attribute<kClosed>, nullptr, nullptr},
                                  {"raw", get_raw, nullptr, nullptr},
                                  {nullptr, nullptr, nullptr, nullptr}};

Status init_stream(ThreadState& ts, Obj self, Args args, bool readable, bool writable) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, self->type()->short_name(), {"raw", "buffer_size"}, 1, values));
  std::int64_t size = kIoBufferBytes;
  if (values[1]) size = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
  if (size <= 0) return raise_value_error(ts, "buffer size must be strictly positive");
  ObjRef raw = values[0].new_ref();
  const auto must = [&](const char* question, const char* message) -> Status {
    ObjRef answer = OURO_TRY(call_method(ts, raw, OURO_TRY(intern(ts, question))));
    if (answer.get() != ts.core.true_object) return raise_unsupported(ts, message);
    return kDone;
  };
  if (readable && writable) OURO_TRY(must("seekable", "File or stream is not seekable."));
  if (readable) OURO_TRY(must("readable", "File or stream is not readable."));
  if (writable) OURO_TRY(must("writable", "File or stream is not writable."));
  Buffered& stream = stream_of(self);
  void* block = allocate_raw(static_cast<std::size_t>(size));
  if (block == nullptr) return raise_no_memory(ts);
  free_raw(std::exchange(stream.buffer, static_cast<char*>(block)));
  stream.size = size;
  stream.position = stream.read_end = stream.pending = 0;
  stream.readable = readable;
  stream.writable = writable;
  xdecref(std::exchange(stream.raw, raw.release()));
  return kDone;
}
Status reader_init(ThreadState& ts, Obj self, Args args) { return init_stream(ts, self, args, true, false); }
Status writer_init(ThreadState& ts, Obj self, Args args) { return init_stream(ts, self, args, false, true); }
Status random_init(ThreadState& ts, Obj self, Args args) { return init_stream(ts, self, args, true, true); }

void buffered_clear(gc::Header* header) {
  io_clear_base(header);
  xdecref(std::exchange(static_cast<Buffered*>(header)->raw, nullptr));
}

void buffered_dealloc(gc::Header* header) {
  if (!io_dealloc_begin(header)) return;
  auto* self = static_cast<Buffered*>(header);
  free_raw(std::exchange(self->buffer, nullptr));
  xdecref(std::exchange(self->raw, nullptr));
  io_dealloc_end(header);
}

void fill_common(Type& type) {
  fill_io_type(type, sizeof(Buffered));
  gc::EdgeFunctions<Buffered>::install(type.info);
  type.info.clear = buffered_clear;
  type.info.dealloc = buffered_dealloc;
  type.repr = buffered_repr;
  type.getsets = kGetSets;
}

}  // namespace

bool is_exact_buffered_writer(Obj object) { return object->type()->init == writer_init && !object->type()->has(kHeapType); }

Status buffered_write(ThreadState& ts, Buffered& self, std::string_view bytes) {
  OURO_TRY(check_ready(ts, self));
  Busy busy(ts, self);
  if (!busy.ok()) return Raised{};
  if (busy.waited()) {
    ObjRef raw = Obj(self.raw).new_ref();
    if (!raw || OURO_TRY(io_is_closed(ts, raw))) return raise_value_error(ts, "write to closed file");
  }
  if (self.read_end > 0) OURO_TRY(drop_read_ahead(ts, self));
  const auto length = static_cast<std::int64_t>(bytes.size());
  if (length > self.size - self.pending) OURO_TRY(flush_pending(ts, self));
  if (length <= self.size - self.pending) {
    bytes.copy(self.buffer + self.pending, bytes.size());
    self.pending += length;
    return kDone;
  }
  while (!bytes.empty()) {
    const std::int64_t put = OURO_TRY(raw_write(ts, self, bytes.data(), static_cast<std::int64_t>(bytes.size())));
    if (put < 0) return raise(ts, ts.core.exceptions.BlockingIOError, "write could not complete without blocking");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return kDone;
}

Status buffered_flush(ThreadState& ts, Buffered& self) {
  OURO_TRY(check_ready(ts, self));
  Busy busy(ts, self);
  if (!busy.ok()) return Raised{};
  if (self.writable && self.pending > 0) OURO_TRY(flush_pending(ts, self));
  if (self.readable && self.writable && self.read_end > 0) OURO_TRY(drop_read_ahead(ts, self));
  return kDone;
}

// The methods all three share come from a class between them and _BufferedIOBase.
Status add_buffered_types(ThreadState& ts, Borrowed<Module> module) {
  const auto add = [&](const char* name, const char* base, void (*fill)(Type&)) -> Status {
    OURO_TRY(add_io_class(ts, module, TypeSpec{name, "_io", sizeof(Buffered), 0, 0, fill, nullptr}, base));
    return kDone;
  };
  OURO_TRY(add("_Buffered", "_BufferedIOBase", [](Type& type) {
    fill_common(type);
    type.methods = kMethods;
  }));
  OURO_TRY(add("BufferedReader", "_Buffered", [](Type& type) {
    fill_common(type);
    type.methods = kReaderMethods;
    type.init = reader_init;
    type.next = buffered_next;
  }));
  OURO_TRY(add("BufferedWriter", "_Buffered", [](Type& type) {
    fill_common(type);
    type.methods = kWriterMethods;
    type.init = writer_init;
  }));
  return add("BufferedRandom", "_Buffered", [](Type& type) {
    fill_common(type);
    type.methods = kRandomMethods;
    type.init = random_init;
    type.next = buffered_next;
  });
}

}  // namespace ouro
