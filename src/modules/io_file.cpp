// _io.FileIO: a stream over a file descriptor, unbuffered.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "modules/io.h"
#include "modules/warnings_module.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/threads.h"

namespace ouro {

namespace {

FileIo& file_of(Obj self) { return *as<FileIo>(self); }

Status check_open(ThreadState& ts, Obj self) {
  if (file_of(self).descriptor < 0) return raise_closed(ts);
  return kDone;
}

ObjResult file_make(ThreadState& ts, Borrowed<Type> type, Args) {
  ObjRef object = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  FileIo& file = file_of(object);
  file.descriptor = -1;
  file.seekable = -1;
  file.close_descriptor = true;
  OURO_TRY(track(ts, object));
  return object;
}

Status parse_mode(ThreadState& ts, Borrowed<Str> mode, FileIo& file, int& flags) {
  Utf8 text(mode);
  if (!text.ok()) return raise_no_memory(ts);
  int kinds = 0;
  bool plus = false;
  flags = 0;
  for (const char letter : text.view()) {
    switch (letter) {
      case 'r': ++kinds; file.readable = true; break;
      case 'w': ++kinds; file.writable = true; flags |= O_CREAT | O_TRUNC; break;
      case 'x': ++kinds; file.writable = file.created = true; flags |= O_EXCL | O_CREAT; break;
      case 'a': ++kinds; file.writable = file.appending = true; flags |= O_APPEND | O_CREAT; break;
      case 'b': break;
      case '+':
        if (plus) return raise_value_error(ts, "Must have exactly one of create/read/write/append mode and at most one plus");
        plus = true;
        break;
      default: return raise_value_error(ts, "invalid mode: {}", mode);
    }
  }
  if (kinds != 1) return raise_value_error(ts, "Must have exactly one of create/read/write/append mode and at most one plus");
  if (plus) file.readable = file.writable = true;
  flags |= (file.readable && file.writable ? O_RDWR : file.readable ? O_RDONLY : O_WRONLY) | O_CLOEXEC;
  return kDone;
}

Status open_path(ThreadState& ts, FileIo& file, Obj name, Obj opener, int flags) {
  if (opener && !is_none(opener)) {
    Ref<Int> flags_value = OURO_TRY(Int::from(ts, flags));
    ObjRef opened = OURO_TRY(call(ts, opener, name, flags_value));
    if (!is_int(opened)) return raise_type_error(ts, "expected integer from opener");
    const std::int64_t descriptor = OURO_TRY(index_as_int64(ts, opened, ts.core.exceptions.OverflowError));
    if (descriptor < 0) return raise_value_error(ts, "opener returned {}", descriptor);
    file.descriptor = static_cast<int>(descriptor);
    return kDone;
  }
  ObjRef path = name.new_ref();
  if (!is_str(path) && !is_bytes(path)) {
    MaybeAttribute method = find_special(ts, path, ts.core.names.dunder_fspath);
    if (method.failed) return Raised{};
    if (!method.value) return raise_type_error(ts, "expected str, bytes or os.PathLike object, not {}", path->type()->short_name());
    path = OURO_TRY(call(ts, method.value));
  }
  if (is_str(path)) path = OURO_TRY(encode_str(ts, as<Str>(path), "utf-8", "surrogateescape"));
  if (!is_bytes(path)) return raise_type_error(ts, "expected str, bytes or os.PathLike object, not {}", path->type()->short_name());
  const std::string_view bytes = as<Bytes>(path)->view();
  if (bytes.find('\0') != std::string_view::npos) return raise_value_error(ts, "embedded null byte");
  file.descriptor = static_cast<int>(
      OURO_TRY(blocking_call(ts, [&] { return ::open(bytes.data(), flags, 0666); })));
  if (file.descriptor < 0) return raise_os_error(ts, errno, name);
  return kDone;
}

Status refuse_directory(ThreadState& ts, FileIo& file, Obj name) {
  struct stat facts = {};
  if (fstat(file.descriptor, &facts) != 0) {
    const int reason = errno;
    if (reason == EBADF) file.descriptor = -1;
    return raise_os_error(ts, reason, reason == EBADF ? Obj() : name);
  }
  if (!S_ISDIR(facts.st_mode)) return kDone;
  if (file.close_descriptor) ::close(file.descriptor);
  file.descriptor = -1;
  return raise_os_error(ts, EISDIR, name);
}

ObjResult whence_result(ThreadState& ts, FileIo& file, std::int64_t offset, int whence) {
  const off_t at = lseek(file.descriptor, offset, whence);
  if (at < 0) return raise_os_error(ts, errno);
  return Int::from(ts, at);
}

ObjResult file_seek(ThreadState& ts, Obj self, Args args) {
  std::int64_t whence = 0;
  const std::int64_t offset = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (args.size() > 1) whence = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  OURO_TRY(check_open(ts, self));
  return whence_result(ts, file_of(self), offset, static_cast<int>(whence));
}

ObjResult file_tell(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  return whence_result(ts, file_of(self), 0, SEEK_CUR);
}

ObjResult file_truncate(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_open(ts, self));
  if (!file_of(self).writable) return raise_unsupported(ts, "File not open for writing");
  std::int64_t size = 0;
  if (args.size() == 0 || is_none(args[0])) {
    size = lseek(file_of(self).descriptor, 0, SEEK_CUR);
    if (size < 0) return raise_os_error(ts, errno);
  } else {
    size = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  }
  if (ftruncate(file_of(self).descriptor, size) != 0) return raise_os_error(ts, errno);
  return Int::from(ts, size);
}

void warn_unclosed(ThreadState& ts, Obj self, Obj source) {
  FileIo& file = file_of(self);
  if (file.descriptor < 0 || !file.close_descriptor) return;
  SavedPending saved(ts);
  const auto warn = [&]() -> Status {
    const FormatArg shown[] = {FormatArg(source)};
    Ref<Str> message = OURO_TRY(format_message(ts, "unclosed file {r}", shown));
    Utf8 text(message);
    if (!text.ok()) return raise_no_memory(ts);
    return warn_resource(ts, source, text.view());
  };
  if (warn().ok()) return;
  // Other errors than the warning itself come from a half dismantled interpreter.
  if (pending_matches(ts, ts.core.exceptions.Warning)) {
    report_unraisable(ts, self);
  } else {
    clear_pending(ts);
  }
}

ObjResult file_warn(ThreadState& ts, Obj self, Args args) {
  warn_unclosed(ts, self, args[0]);
  return ts.core.none_ref();
}

ObjResult file_close(ThreadState& ts, Obj self, Args) {
  FileIo& file = file_of(self);
  if (file.dying) warn_unclosed(ts, self, self);
  file.closed_flag = true;
  const int descriptor = std::exchange(file.descriptor, -1);
  if (descriptor < 0 || !file.close_descriptor) return ts.core.none_ref();
  int result = 0;
  {
    Unlocked unlocked(ts);
    result = ::close(descriptor);
  }
  if (result != 0) return raise_os_error(ts, errno);
  return ts.core.none_ref();
}

ObjResult file_fileno(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  return Int::from(ts, file_of(self).descriptor);
}

ObjResult file_isatty(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  return ts.core.bool_ref(isatty(file_of(self).descriptor) != 0);
}

ObjResult file_seekable(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  FileIo& file = file_of(self);
  if (file.seekable < 0) file.seekable = lseek(file.descriptor, 0, SEEK_CUR) >= 0 ? 1 : 0;
  return ts.core.bool_ref(file.seekable == 1);
}

ObjResult file_readable(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  return ts.core.bool_ref(file_of(self).readable);
}

ObjResult file_writable(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  return ts.core.bool_ref(file_of(self).writable);
}

ObjResult file_read_all(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_open(ts, self));
  Ref<ByteArray> all = OURO_TRY(ByteArray::from(ts, ""));
  std::int64_t filled = 0;
  for (std::int64_t room = kIoBufferBytes;; room = std::max(room, filled)) {
    OURO_TRY(all->resize(ts, filled + room));
    const std::int64_t got = OURO_TRY(file_read(ts, file_of(self), all->data + filled, room));
    if (got < 0 && filled == 0) return ts.core.none_ref();
    if (got <= 0) break;
    filled += got;
  }
  return Bytes::from(ts, {all->data, static_cast<std::size_t>(filled)});
}

ObjResult file_read_method(ThreadState& ts, Obj self, Args args) {
  const std::int64_t size = OURO_TRY(io_size(ts, args, 0));
  if (size < 0) return call_method(ts, self, OURO_TRY(intern(ts, "readall")));
  OURO_TRY(check_open(ts, self));
  Ref<ByteArray> into = OURO_TRY(ByteArray::from(ts, ""));
  OURO_TRY(into->resize(ts, size));
  const std::int64_t got = OURO_TRY(file_read(ts, file_of(self), into->data, size));
  if (got < 0) return ts.core.none_ref();
  return Bytes::from(ts, {into->data, static_cast<std::size_t>(got)});
}

ObjResult file_readinto(ThreadState& ts, Obj self, Args args) {
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0], true));
  OURO_TRY(check_open(ts, self));
  const std::int64_t got = OURO_TRY(file_read(ts, file_of(self), view.data(), static_cast<std::int64_t>(view.size())));
  if (got < 0) return ts.core.none_ref();
  return Int::from(ts, got);
}

ObjResult file_write_method(ThreadState& ts, Obj self, Args args) {
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0]));
  OURO_TRY(check_open(ts, self));
  const std::int64_t put = OURO_TRY(file_write(ts, file_of(self), view.data(), static_cast<std::int64_t>(view.size())));
  if (put < 0) return ts.core.none_ref();
  return Int::from(ts, put);
}

const char* mode_text(const FileIo& file) {
  if (file.created) return file.readable ? "xb+" : "xb";
  if (file.appending) return file.readable ? "ab+" : "ab";
  if (file.readable) return file.writable ? "rb+" : "rb";
  return "wb";
}

ObjResult file_get_mode(ThreadState& ts, Obj self) { return intern(ts, mode_text(file_of(self))); }
ObjResult file_get_closed(ThreadState& ts, Obj self) { return ts.core.bool_ref(file_of(self).descriptor < 0); }
ObjResult file_get_closefd(ThreadState& ts, Obj self) { return ts.core.bool_ref(file_of(self).close_descriptor); }

ObjResult file_repr(ThreadState& ts, Obj self) {
  const FileIo& file = file_of(self);
  if (file.descriptor < 0) return intern(ts, "<_io.FileIO [closed]>");
  MaybeAttribute name = find_attribute(ts, self, ts.core.names.n_name);
  if (name.failed) return Raised{};
  const char* close = file.close_descriptor ? "True" : "False";
  if (!name.value) {
    const FormatArg args[] = {FormatArg(file.descriptor), FormatArg(mode_text(file)), FormatArg(close)};
    return format_message(ts, "<_io.FileIO fd={} mode='{}' closefd={}>", args);
  }
  const FormatArg args[] = {FormatArg(name.value), FormatArg(mode_text(file)), FormatArg(close)};
  return format_message(ts, "<_io.FileIO name={r} mode='{}' closefd={}>", args);
}

constexpr MethodDef kMethods[] = {
    {"seek", file_seek, 1, 2, MethodDef::kNone, "seek($self, offset, whence=0, /)\n--\n\nMove to new file position."},
    {"tell", file_tell, 0, 0, MethodDef::kNone, "tell($self, /)\n--\n\nCurrent file position."},
    {"truncate", file_truncate, 0, 1, MethodDef::kNone, "truncate($self, size=None, /)\n--\n\nTruncate the file to at most size bytes."},
    {"close", file_close, 0, 0, MethodDef::kNone, "close($self, /)\n--\n\nClose the file."},
    {"_dealloc_warn", file_warn, 1, 1, MethodDef::kNone, nullptr},
    {"fileno", file_fileno, 0, 0, MethodDef::kNone, "fileno($self, /)\n--\n\nReturn the underlying file descriptor (an integer)."},
    {"isatty", file_isatty, 0, 0, MethodDef::kNone, "isatty($self, /)\n--\n\nTrue if the file is connected to a TTY device."},
    {"seekable", file_seekable, 0, 0, MethodDef::kNone, "seekable($self, /)\n--\n\nTrue if file supports random-access."},
    {"readable", file_readable, 0, 0, MethodDef::kNone, "readable($self, /)\n--\n\nTrue if file was opened in a read mode."},
    {"writable", file_writable, 0, 0, MethodDef::kNone, "writable($self, /)\n--\n\nTrue if file was opened in a write mode."},
    {"read", file_read_method, 0, 1, MethodDef::kNone, "read($self, size=-1, /)\n--\n\nRead at most size bytes, returned as bytes."},
    {"readall", file_read_all, 0, 0, MethodDef::kNone, "readall($self, /)\n--\n\nRead all data from the file, returned as bytes."},
    {"readinto", file_readinto, 1, 1, MethodDef::kNone, "readinto($self, buffer, /)\n--\n\nSame as RawIOBase.readinto()."},
    {"write", file_write_method, 1, 1, MethodDef::kNone, "write($self, b, /)\n--\n\nWrite buffer b to file, return number of bytes written."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {{"mode", file_get_mode, nullptr, nullptr},
                                  {"closed", file_get_closed, nullptr, nullptr},
                                  {"closefd", file_get_closefd, nullptr, nullptr},
                                  {nullptr, nullptr, nullptr, nullptr}};

void file_dealloc(gc::Header* header) {
  if (io_dealloc_begin(header)) io_dealloc_end(header);
}

void fill(Type& type) {
  fill_io_type(type, sizeof(FileIo));
  gc::EdgeFunctions<IoBase>::install(type.info);
  type.info.clear = io_clear_base;
  type.info.dealloc = file_dealloc;
  type.make = file_make;
  type.init = file_init;
  type.repr = file_repr;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Status file_init(ThreadState& ts, Obj self, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "FileIO", {"file", "mode", "closefd", "opener"}, 1, values));
  FileIo& file = file_of(self);
  if (file.descriptor >= 0) OURO_TRY(file_close(ts, self, {}));
  file.closed_flag = false;
  file.readable = file.writable = file.created = file.appending = false;
  file.seekable = -1;
  Ref<Str> mode = OURO_TRY(intern(ts, "r"));
  if (values[1]) {
    if (!is_str(values[1])) return raise_type_error(ts, "FileIO() argument 2 must be str, not {n}", values[1]);
    mode = Ref<Str>::share(as<Str>(values[1]));
  }
  file.close_descriptor = !values[2] || OURO_TRY(is_true(ts, values[2]));
  int flags = 0;
  OURO_TRY(parse_mode(ts, mode, file, flags));
  if (is_float(values[0])) return raise_type_error(ts, "integer argument expected, got float");
  if (is_int(values[0])) {
    const std::int64_t descriptor = OURO_TRY(index_as_int64(ts, values[0], ts.core.exceptions.OverflowError));
    if (descriptor < 0) return raise_value_error(ts, "negative file descriptor");
    file.descriptor = static_cast<int>(descriptor);
    file.close_descriptor = file.close_descriptor && descriptor == file.descriptor;
  } else {
    if (!file.close_descriptor) return raise_value_error(ts, "Cannot use closefd=False with file name");
    OURO_TRY(open_path(ts, file, values[0], values[3], flags));
  }
  OURO_TRY(refuse_directory(ts, file, values[0]));
  OURO_TRY(set_attribute(ts, self, ts.core.names.n_name, values[0]));
  if (file.appending) lseek(file.descriptor, 0, SEEK_END);
  return kDone;
}

Result<std::int64_t> file_read(ThreadState& ts, FileIo& file, char* into, std::int64_t bytes) {
  if (file.descriptor < 0) return raise_closed(ts);
  if (!file.readable) return raise_unsupported(ts, "File not open for reading");
  const int descriptor = file.descriptor;  // the file may be closed meanwhile
  const std::int64_t got = OURO_TRY(
      blocking_call(ts, [&] { return ::read(descriptor, into, static_cast<std::size_t>(bytes)); }));
  if (got >= 0 || errno == EAGAIN) return got;
  return raise_os_error(ts, errno);
}

Result<std::int64_t> file_write(ThreadState& ts, FileIo& file, const char* from, std::int64_t bytes) {
  if (file.descriptor < 0) return raise_closed(ts);
  if (!file.writable) return raise_unsupported(ts, "File not open for writing");
  const int descriptor = file.descriptor;
  const std::int64_t put = OURO_TRY(
      blocking_call(ts, [&] { return ::write(descriptor, from, static_cast<std::size_t>(bytes)); }));
  if (put >= 0 || errno == EAGAIN) return put;
  return raise_os_error(ts, errno);
}

bool is_exact_file(Obj object) { return object->type()->init == file_init && !object->type()->has(kHeapType); }

Status add_file_type(ThreadState& ts, Borrowed<Module> module) {
  OURO_TRY(add_io_class(ts, module, TypeSpec{"FileIO", "_io", sizeof(FileIo), 0, 0, fill, "Open a file."}, "_RawIOBase"));
  return kDone;
}

}  // namespace ouro
