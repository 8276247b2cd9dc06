// Module posix: the process, its environment, descriptors. Files and folders are in posix_files.cpp.
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "modules/native_modules.h"
#include "modules/posix_support.h"
#include "modules/struct_sequence.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/threads.h"
#include "objects/tuple.h"

extern char** environ;

namespace ouro {

Status PathArgument::take(ThreadState& ts, Obj value, const char* function, Descriptor descriptors) {
  given_ = value.new_ref();
  ObjRef path = value.new_ref();
  if (descriptors == Descriptor::Allowed && is_int(path)) {
    const std::int64_t number = OURO_TRY(index_as_int64(ts, path, ts.core.exceptions.OverflowError));
    if (number < 0 || number > INT32_MAX) return raise_os_error(ts, EBADF, nullptr);
    descriptor_ = static_cast<int>(number);
    return kDone;
  }
  if (!is_str(path) && !is_bytes(path)) {
    MaybeAttribute method = find_special(ts, path, ts.core.names.dunder_fspath);
    if (method.failed) return Raised{};
    if (!method.value) {
      return raise_type_error(ts, "{}: path should be string, bytes{} not {t}", function,
                              descriptors == Descriptor::Allowed ? ", os.PathLike or integer," : " or os.PathLike,", value);
    }
    path = OURO_TRY(call(ts, method.value));
  }
  was_bytes_ = is_bytes(path);
  encoded_ = is_str(path) ? OURO_TRY(encode_str(ts, as<Str>(path), "utf-8", "surrogateescape")) : path.new_ref();
  if (!is_bytes(encoded_)) return raise_type_error(ts, "expected {t}.__fspath__() to return str or bytes, not {t}", value, path);
  if (as<Bytes>(encoded_)->view().find('\0') != std::string_view::npos) return raise_value_error(ts, "embedded null byte");
  return kDone;
}

ObjResult system_text(ThreadState& ts, std::string_view text, bool as_bytes) {
  if (as_bytes) return Bytes::from(ts, text);
  return decode_utf8(ts, text, "surrogateescape");
}

namespace {

Result<int> int_argument(ThreadState& ts, Obj value) {
  const std::int64_t wide = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (wide < INT32_MIN || wide > INT32_MAX) return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  return static_cast<int>(wide);
}

ObjResult none_or_error(ThreadState& ts, int result) {
  if (result < 0) return raise_os_error(ts, errno, nullptr);
  return ts.core.none_ref();
}

// -- descriptors -------------------------------------------------------------------------------------------------------

ObjResult posix_close(ThreadState& ts, Obj, Args args) { 
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  int result = 0;
  {
    Unlocked unlocked(ts);
    result = close(descriptor);
  }
  return none_or_error(ts, result);
}

ObjResult posix_read(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  const std::int64_t size = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  if (size < 0) return raise_os_error(ts, EINVAL, nullptr);
  Ref<ByteArray> into = OURO_TRY(ByteArray::from(ts, ""));
  OURO_TRY(into->resize(ts, size));
  const std::int64_t got = OURO_TRY(blocking_call(
      ts, [&] { return read(descriptor, into->data, static_cast<std::size_t>(size)); }));
  if (got < 0) return raise_os_error(ts, errno, nullptr);
  return Bytes::from(ts, {into->data, static_cast<std::size_t>(got)});
}

ObjResult posix_write(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  BufferView view;
  OURO_TRY(view.acquire(ts, args[1]));
  const std::int64_t put =
      OURO_TRY(blocking_call(ts, [&] { return write(descriptor, view.data(), view.size()); }));
  if (put < 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, put);
}

ObjResult posix_lseek(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  const std::int64_t offset = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  const off_t at = lseek(descriptor, offset, OURO_TRY(int_argument(ts, args[2])));
  if (at < 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, at);
}

ObjResult posix_isatty(ThreadState& ts, Obj, Args args) { return ts.core.bool_ref(isatty(OURO_TRY(int_argument(ts, args[0]))) != 0); }

ObjResult posix_dup(ThreadState& ts, Obj, Args args) {
  const int copy = fcntl(OURO_TRY(int_argument(ts, args[0])), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, copy);
}

ObjResult posix_dup2(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "dup2", {"fd", "fd2", "inheritable"}, 2, values));
  const int to = OURO_TRY(int_argument(ts, values[1]));
  const bool inheritable = !values[2] || OURO_TRY(is_true(ts, values[2]));
  const int from = OURO_TRY(int_argument(ts, values[0]));
  const int result = inheritable ? dup2(from, to) : dup3(from, to, O_CLOEXEC);
  if (result < 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, result);
}

ObjResult posix_pipe(ThreadState& ts, Obj, Args) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return raise_os_error(ts, errno, nullptr);
  Ref<Int> reading = OURO_TRY(Int::from(ts, ends[0]));
  Ref<Int> writing = OURO_TRY(Int::from(ts, ends[1]));
  return Tuple::of(ts, reading, writing);
}

ObjResult posix_get_inheritable(ThreadState& ts, Obj, Args args) {
  const int flags = fcntl(OURO_TRY(int_argument(ts, args[0])), F_GETFD);
  if (flags < 0) return raise_os_error(ts, errno, nullptr);
  return ts.core.bool_ref((flags & FD_CLOEXEC) == 0);
}

ObjResult posix_set_inheritable(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  const int flags = fcntl(descriptor, F_GETFD);
  if (flags < 0) return raise_os_error(ts, errno, nullptr);
  return none_or_error(ts, fcntl(descriptor, F_SETFD, OURO_TRY(is_true(ts, args[1])) ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC));
}

ObjResult posix_get_terminal_size(ThreadState& ts, Obj module, Args args) {
  const int descriptor = args.size() > 0 ? OURO_TRY(int_argument(ts, args[0])) : STDOUT_FILENO;
  winsize size = {};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return raise_os_error(ts, errno, nullptr);
  Ref<Int> columns = OURO_TRY(Int::from(ts, size.ws_col));
  Ref<Int> lines = OURO_TRY(Int::from(ts, size.ws_row));
  Object* values[] = {columns.get(), lines.get()};
  Borrowed<Object> type = dict_get_str(as<Module>(module)->dict, OURO_TRY(intern(ts, "terminal_size")));
  return make_struct(ts, as<Type>(type), values);
}

// -- process -----------------------------------------------------------------------------------------------------------

ObjResult posix_getcwd_as(ThreadState& ts, bool as_bytes) {
  char folder[4096];
  if (getcwd(folder, sizeof folder) == nullptr) return raise_os_error(ts, errno, nullptr);
  return system_text(ts, folder, as_bytes);
}
ObjResult posix_getcwd(ThreadState& ts, Obj, Args) { return posix_getcwd_as(ts, false); }
ObjResult posix_getcwdb(ThreadState& ts, Obj, Args) { return posix_getcwd_as(ts, true); }

ObjResult posix_chdir(ThreadState& ts, Obj, Args args) {
  PathArgument path;
  OURO_TRY(path.take(ts, args[0], "chdir", PathArgument::Descriptor::Allowed));
  if ((path.is_descriptor() ? fchdir(path.descriptor()) : chdir(path.text())) != 0) return raise_os_error(ts, errno, path.shown());
  return ts.core.none_ref();
}

template <auto kFunction>
ObjResult number_of(ThreadState& ts, Obj, Args) { return Int::from(ts, static_cast<std::int64_t>(kFunction())); }

ObjResult posix_umask(ThreadState& ts, Obj, Args args) { return Int::from(ts, umask(static_cast<mode_t>(OURO_TRY(int_argument(ts, args[0]))))); }

ObjResult posix_exit(ThreadState& ts, Obj, Args args) { _exit(OURO_TRY(int_argument(ts, args[0]))); }

ObjResult posix_abort(ThreadState&, Obj, Args) { std::abort(); }

ObjResult posix_system(ThreadState& ts, Obj, Args args) {
  PathArgument command;
  OURO_TRY(command.take(ts, args[0], "system"));
  return Int::from(ts, std::system(command.text()));
}

ObjResult posix_waitstatus(ThreadState& ts, Obj, Args args) {
  const int status = OURO_TRY(int_argument(ts, args[0]));
  if (WIFEXITED(status)) return Int::from(ts, WEXITSTATUS(status));
  if (WIFSIGNALED(status)) return Int::from(ts, -WTERMSIG(status));
  return raise_value_error(ts, "invalid wait status: {}", status);
}

ObjResult posix_kill(ThreadState& ts, Obj, Args args) {
  const int process = OURO_TRY(int_argument(ts, args[0]));
  if (kill(process, OURO_TRY(int_argument(ts, args[1]))) < 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  OURO_TRY(check_signals(ts));  // the process may have sent it to itself
  return ts.core.none_ref();
}

ObjResult posix_urandom(ThreadState& ts, Obj, Args args) {
  const std::int64_t size = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (size < 0) return raise_value_error(ts, "negative argument not allowed");
  Ref<Bytes> bytes = OURO_TRY(Bytes::make(ts, size));
  for (std::int64_t done = 0; done < size;) {
    const ssize_t got = getrandom(bytes->data() + done, static_cast<std::size_t>(size - done), 0);
    if (got < 0 && errno != EINTR) return raise_os_error(ts, errno, nullptr);
    if (got > 0) done += got;
  }
  return bytes;
}

ObjResult posix_cpu_count(ThreadState& ts, Obj, Args) {
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? ts.core.none_ref() : ObjResult(Int::from(ts, count));
}

ObjResult posix_strerror(ThreadState& ts, Obj, Args args) {
  const int number = OURO_TRY(int_argument(ts, args[0]));
  char text[256];
  return Str::from_utf8(ts, strerror_r(number, text, sizeof text));
}

ObjResult posix_putenv(ThreadState& ts, Obj, Args args) {
  PathArgument name;
  PathArgument value;
  OURO_TRY(name.take(ts, args[0], "putenv"));
  OURO_TRY(value.take(ts, args[1], "putenv"));
  if (std::strchr(name.text(), '=') != nullptr) return raise_value_error(ts, "illegal environment variable name");
  return none_or_error(ts, setenv(name.text(), value.text(), 1));
}

ObjResult posix_unsetenv(ThreadState& ts, Obj, Args args) {
  PathArgument name;
  OURO_TRY(name.take(ts, args[0], "unsetenv"));
  return none_or_error(ts, unsetenv(name.text()));
}

ObjResult posix_fspath(ThreadState& ts, Obj, Args args) {
  if (is_str(args[0]) || is_bytes(args[0])) return args[0].new_ref();
  MaybeAttribute method = find_special(ts, args[0], ts.core.names.dunder_fspath);
  if (method.failed) return Raised{};
  if (!method.value) return raise_type_error(ts, "expected str, bytes or os.PathLike object, not {}", args[0]->type()->short_name());
  ObjRef path = OURO_TRY(call(ts, method.value));
  if (!is_str(path) && !is_bytes(path)) {
    return raise_type_error(ts, "expected {t}.__fspath__() to return str or bytes, not {t}", args[0], path);
  }
  return path;
}

constexpr MethodDef kMethods[] = {
    {"close", posix_close, 1, 1, MethodDef::kNone, "close($module, /, fd)\n--\n\nClose a file descriptor."},
    {"read", posix_read, 2, 2, MethodDef::kNone, "read($module, fd, length, /)\n--\n\nRead from a file descriptor."},
    {"write", posix_write, 2, 2, MethodDef::kNone, "write($module, fd, data, /)\n--\n\nWrite a bytes object to a file descriptor."},
    {"lseek", posix_lseek, 3, 3, MethodDef::kNone, "lseek($module, fd, position, whence, /)\n--\n\nSet the position of a file descriptor."},
    {"isatty", posix_isatty, 1, 1, MethodDef::kNone, "isatty($module, fd, /)\n--\n\nReturn True if the fd is connected to a terminal."},
    {"dup", posix_dup, 1, 1, MethodDef::kNone, "dup($module, fd, /)\n--\n\nReturn a duplicate of a file descriptor."},
    {"dup2", posix_dup2, 0, -1, MethodDef::kKeywords, "dup2($module, /, fd, fd2, inheritable=True)\n--\n\nDuplicate file descriptor."},
    {"pipe", posix_pipe, 0, 0, MethodDef::kNone, "pipe($module, /)\n--\n\nCreate a pipe."},
    {"get_inheritable", posix_get_inheritable, 1, 1, MethodDef::kNone, "get_inheritable($module, fd, /)\n--\n\nGet the close-on-exe flag of the specified file descriptor."},
    {"set_inheritable", posix_set_inheritable, 2, 2, MethodDef::kNone, "set_inheritable($module, fd, inheritable, /)\n--\n\nSet the inheritable flag of the specified file descriptor."},
    {"get_terminal_size", posix_get_terminal_size, 0, 1, MethodDef::kNone, "get_terminal_size($module, fd=1, /)\n--\n\nReturn the size of the terminal window as (columns, lines)."},
    {"getcwd", posix_getcwd, 0, 0, MethodDef::kNone, "getcwd($module, /)\n--\n\nReturn a unicode string representing the current working directory."},
    {"getcwdb", posix_getcwdb, 0, 0, MethodDef::kNone, "getcwdb($module, /)\n--\n\nReturn a bytes string representing the current working directory."},
    {"chdir", posix_chdir, 1, 1, MethodDef::kNone, "chdir($module, /, path)\n--\n\nChange the current working directory to the specified path."},
    {"getpid", number_of<getpid>, 0, 0, MethodDef::kNone, "getpid($module, /)\n--\n\nReturn the current process id."},
    {"getppid", number_of<getppid>, 0, 0, MethodDef::kNone, "getppid($module, /)\n--\n\nReturn the parent's process id."},
    {"getuid", number_of<getuid>, 0, 0, MethodDef::kNone, "getuid($module, /)\n--\n\nReturn the current process's user id."},
    {"geteuid", number_of<geteuid>, 0, 0, MethodDef::kNone, "geteuid($module, /)\n--\n\nReturn the current process's effective user id."},
    {"getgid", number_of<getgid>, 0, 0, MethodDef::kNone, "getgid($module, /)\n--\n\nReturn the current process's group id."},
    {"getegid", number_of<getegid>, 0, 0, MethodDef::kNone, "getegid($module, /)\n--\n\nReturn the current process's effective group id."},
    {"umask", posix_umask, 1, 1, MethodDef::kNone, "umask($module, mask, /)\n--\n\nSet the current numeric umask and return the previous umask."},
    {"_exit", posix_exit, 1, 1, MethodDef::kNone, "_exit($module, /, status)\n--\n\nExit to the system with specified status, without normal exit processing."},
    {"abort", posix_abort, 0, 0, MethodDef::kNone, "abort($module, /)\n--\n\nAbort the interpreter immediately."},
    {"system", posix_system, 1, 1, MethodDef::kNone, "system($module, /, command)\n--\n\nExecute the command in a subshell."},
    {"waitstatus_to_exitcode", posix_waitstatus, 1, 1, MethodDef::kNone, "waitstatus_to_exitcode($module, /, status)\n--\n\nConvert a wait status to an exit code."},
    {"kill", posix_kill, 2, 2, MethodDef::kNone, "kill($module, pid, signal, /)\n--\n\nKill a process with a signal."},
    {"urandom", posix_urandom, 1, 1, MethodDef::kNone, "urandom($module, size, /)\n--\n\nReturn a bytes object containing random bytes suitable for cryptographic use."},
    {"cpu_count", posix_cpu_count, 0, 0, MethodDef::kNone, "cpu_count($module, /)\n--\n\nReturn the number of CPUs in the system."},
    {"strerror", posix_strerror, 1, 1, MethodDef::kNone, "strerror($module, code, /)\n--\n\nTranslate an error code to a message string."},
    {"putenv", posix_putenv, 2, 2, MethodDef::kNone, "putenv($module, name, value, /)\n--\n\nChange or add an environment variable."},
    {"unsetenv", posix_unsetenv, 1, 1, MethodDef::kNone, "unsetenv($module, name, /)\n--\n\nDelete an environment variable."},
    {"fspath", posix_fspath, 1, 1, MethodDef::kNone, "fspath($module, /, path)\n--\n\nReturn the file system path representation of the object."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr std::pair<const char*, int> kConstants[] = {
    {"F_OK", F_OK}, {"R_OK", R_OK}, {"W_OK", W_OK}, {"X_OK", X_OK}, {"O_RDONLY", O_RDONLY}, {"O_WRONLY", O_WRONLY}, {"O_RDWR", O_RDWR},
    {"O_CREAT", O_CREAT}, {"O_EXCL", O_EXCL}, {"O_TRUNC", O_TRUNC}, {"O_APPEND", O_APPEND}, {"O_NONBLOCK", O_NONBLOCK},
    {"O_NDELAY", O_NDELAY}, {"O_SYNC", O_SYNC}, {"O_DSYNC", O_DSYNC}, {"O_NOCTTY", O_NOCTTY}, {"O_CLOEXEC", O_CLOEXEC},
    {"O_NOFOLLOW", O_NOFOLLOW}, {"O_DIRECTORY", O_DIRECTORY}, {"O_PATH", O_PATH}, {"O_TMPFILE", O_TMPFILE}, {"SEEK_DATA", SEEK_DATA},
    {"SEEK_HOLE", SEEK_HOLE}, {"EX_OK", 0}, {"WNOHANG", WNOHANG}, {"WUNTRACED", WUNTRACED}, {"NGROUPS_MAX", 65536}, {"TMP_MAX", 238328}};

Status add_environment(ThreadState& ts, Borrowed<Module> module) {
  Ref<Dict> variables = OURO_TRY(Dict::create(ts));
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry = *at;
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    Ref<Bytes> name = OURO_TRY(Bytes::from(ts, entry.substr(0, equals)));
    Ref<Bytes> value = OURO_TRY(Bytes::from(ts, entry.substr(equals + 1)));
    (void)OURO_TRY(dict_set_default(ts, variables, name, value));
  }
  return dict_set(ts, module->dict, "environ", Obj(variables));
}

}  // namespace

Result<Ref<Module>> create_posix_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "posix"));
  OURO_TRY(module->add_functions(ts, kMethods));
  OURO_TRY(module->add_functions(ts, kPosixFileMethods));
  OURO_TRY(module->add_functions(ts, kPosixProcessMethods));
  OURO_TRY(module->add_functions(ts, kPosixOwnershipMethods));
  OURO_TRY(module->add_functions(ts, kPosixVectorMethods));
  OURO_TRY(add_posix_vector_constants(ts, module));
  for (const auto& [name, value] : kConstants) {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(number)));
  }
  OURO_TRY(add_environment(ts, module));
  OURO_TRY(add_posix_types(ts, module));
  OURO_TRY(add_posix_process_types(ts, module));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(ts.core.exceptions.OSError)));
  // Which variants of functions take descriptors or follow links: none beyond the plain ones, which os then knows.
  Ref<List> have = OURO_TRY(List::create(ts));
  OURO_TRY(dict_set(ts, module->dict, "_have_functions", Obj(have)));
  return module;
}

}  // namespace ouro
