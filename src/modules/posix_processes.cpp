// Module posix: making processes and waiting for them, identities, limits of the system, and the
// rarer operations on descriptors.
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "modules/module_support.h"
#include "modules/posix_support.h"
#include "modules/struct_sequence.h"
#include "modules/thread.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/set.h"

extern char** environ;

namespace ouro {

namespace {

Result<int> int_argument(ThreadState& ts, Obj value) {
  const std::int64_t wide = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (wide < INT32_MIN || wide > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return static_cast<int>(wide);
}

Result<std::int64_t> offset_argument(ThreadState& ts, Obj value) {
  return index_as_int64(ts, value, ts.core.exceptions.OverflowError);
}

/// A descriptor, or an object that has one.
Result<int> descriptor_argument(ThreadState& ts, Obj value) {
  if (is_int(value)) return int_argument(ts, value);
  MaybeAttribute method = find_attribute(ts, value, OURO_TRY(intern(ts, "fileno")));
  if (method.failed) return Raised{};
  if (!method.value)
    return raise_type_error(ts, "argument must be an int, or have a fileno() method.");
  return int_argument(ts, OURO_TRY(call(ts, method.value)));
}

ObjResult none_or_error(ThreadState& ts, int result) {
  if (result < 0) return raise_os_error(ts, errno, nullptr);
  return ts.core.none_ref();
}

ObjResult int_or_error(ThreadState& ts, std::int64_t result) {
  if (result < 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, result);
}

ObjResult instance(ThreadState& ts, Obj module, const char* type, std::span<Object* const> values) {
  Borrowed<Object> found = dict_get_str(as<Module>(module)->dict, OURO_TRY(intern(ts, type)));
  if (!found || !is_type(found)) return raise_system_error(ts, "a type of module posix is gone");
  return make_struct(ts, as<Type>(found), values);
}

// -- processes ------------------------------------------------------------------------------------

/// The functions of register_at_fork: lists by moment, in a tuple that the module's dict keeps.
enum class ForkMoment : std::uint8_t { Before, InChild, InParent };
constexpr const char* kForkHooks = "_fork_hooks";

Result<Ref<List>> fork_hooks(ThreadState& ts, Obj module, ForkMoment moment) {
  Borrowed<Object> hooks = dict_get_str(as<Module>(module)->dict, OURO_TRY(intern(ts, kForkHooks)));
  if (!hooks || !is_exact_tuple(hooks)) return List::create(ts);
  return Ref<List>::share(as<List>(as<Tuple>(hooks)->at(static_cast<std::int64_t>(moment))));
}

/// Errors of hooks are reported and go no further.
Status run_fork_hooks(ThreadState& ts, Obj module, ForkMoment moment) {
  Ref<List> hooks = OURO_TRY(fork_hooks(ts, module, moment));
  const std::int64_t count = hooks->size;
  for (std::int64_t i = 0; i < count && i < hooks->size; ++i) {
    ObjRef hook = hooks->at(moment == ForkMoment::Before ? hooks->size - 1 - i : i).new_ref();
    if (call(ts, hook).raised()) report_unraisable(ts, hook);
  }
  return kDone;
}

ObjResult posix_fork(ThreadState& ts, Obj module, Args) {
  OURO_TRY(run_fork_hooks(ts, module, ForkMoment::Before));
  // An import that another thread has begun under the lock would never end in the child.
  OURO_TRY(acquire_import_lock(ts));
  const pid_t child = fork();
  const int error = errno;
  if (child == 0) become_only_thread(ts);
  release_import_lock(ts);
  OURO_TRY(run_fork_hooks(ts, module, child == 0 ? ForkMoment::InChild : ForkMoment::InParent));
  if (child < 0) return raise_os_error(ts, error, nullptr);
  return Int::from(ts, child);
}

ObjResult wait_result(ThreadState& ts, pid_t process, int status) {
  if (process < 0) return raise_os_error(ts, errno, nullptr);
  Ref<Int> number = OURO_TRY(Int::from(ts, process));
  Ref<Int> how = OURO_TRY(Int::from(ts, status));
  return Tuple::of(ts, number, how);
}

ObjResult posix_waitpid(ThreadState& ts, Obj, Args args) {
  const int process = OURO_TRY(int_argument(ts, args[0]));
  const int options = OURO_TRY(int_argument(ts, args[1]));
  int status = 0;
  const std::int64_t ended =
      OURO_TRY(blocking_call(ts, [&] { return waitpid(process, &status, options); }));
  return wait_result(ts, static_cast<pid_t>(ended), status);
}

ObjResult posix_wait(ThreadState& ts, Obj, Args) {
  int status = 0;
  const std::int64_t ended = OURO_TRY(blocking_call(ts, [&] { return wait(&status); }));
  return wait_result(ts, static_cast<pid_t>(ended), status);
}

template <int (*kAsk)(int)>
ObjResult ask_status(ThreadState& ts, Obj, Args args) {
  return Int::from(ts, kAsk(OURO_TRY(int_argument(ts, args[0]))));
}
template <int (*kAsk)(int)>
ObjResult is_status(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref(kAsk(OURO_TRY(int_argument(ts, args[0]))) != 0);
}
int exited(int status) { return WIFEXITED(status); }
int signaled(int status) { return WIFSIGNALED(status); }
int stopped(int status) { return WIFSTOPPED(status); }
int continued(int status) { return WIFCONTINUED(status); }
int dumped(int status) { return WCOREDUMP(status); }
int exit_status(int status) { return WEXITSTATUS(status); }
int term_signal(int status) { return WTERMSIG(status); }
int stop_signal(int status) { return WSTOPSIG(status); }

/// A null-terminated row of C strings; the bytes objects are kept in `holder`.
Status take_strings(ThreadState& ts, Obj sequence, const char* function, Ref<List>& holder,
                    Ref<Bytes>& pointers) {
  holder = OURO_TRY(List::create(ts));
  OURO_TRY(for_each_item(ts, sequence, [&](ObjRef item) -> Status {
    PathArgument text;
    OURO_TRY(text.take(ts, item, function));
    Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, text.text()));
    return holder->append(ts, bytes);
  }));
  pointers =
      OURO_TRY(Bytes::make(ts, (holder->size + 1) * static_cast<std::int64_t>(sizeof(char*))));
  auto** row = reinterpret_cast<char**>(pointers->data());
  for (std::int64_t i = 0; i < holder->size; ++i) row[i] = as<Bytes>(holder->at(i))->data();
  row[holder->size] = nullptr;
  return kDone;
}

ObjResult execute(ThreadState& ts, Args args, const char* function) {
  PathArgument path;
  OURO_TRY(path.take(ts, args[0], function));
  if (!is_list(args[1]) && !is_tuple(args[1])) {
    return raise_type_error(ts, "{}: argv must be a tuple or list", function);
  }
  Ref<List> arguments;
  Ref<Bytes> argument_row;
  OURO_TRY(take_strings(ts, args[1], function, arguments, argument_row));
  if (arguments->size == 0) return raise_value_error(ts, "{}: argv must not be empty", function);
  if (as<Bytes>(arguments->at(0))->length == 0) {
    return raise_value_error(ts, "{}: argv first element cannot be empty", function);
  }
  Ref<List> variables;
  Ref<Bytes> variable_row;
  if (args.size() > 2) {
    Ref<List> pairs = OURO_TRY(List::create(ts));
    ObjRef items = OURO_TRY(call_method(ts, args[2], OURO_TRY(intern(ts, "items"))));
    OURO_TRY(for_each_item(ts, items, [&](ObjRef pair) -> Status {
      PathArgument name;
      PathArgument value;
      OURO_TRY(name.take(ts, fast_items(pair)[0], function));
      OURO_TRY(value.take(ts, fast_items(pair)[1], function));
      if (std::string_view(name.text()).find('=') != std::string_view::npos) {
        return raise_value_error(ts, "illegal environment variable name");
      }
      StrBuilder text(ts);
      OURO_TRY(text.append(OURO_TRY(decode_utf8(ts, name.text(), "surrogateescape"))));
      OURO_TRY(text.append(U'='));
      OURO_TRY(text.append(OURO_TRY(decode_utf8(ts, value.text(), "surrogateescape"))));
      Ref<Str> entry = OURO_TRY(text.finish());
      return pairs->append(ts, entry);
    }));
    OURO_TRY(take_strings(ts, pairs, function, variables, variable_row));
  }
  char** environment = variable_row ? reinterpret_cast<char**>(variable_row->data()) : environ;
  execve(path.text(), reinterpret_cast<char**>(argument_row->data()), environment);
  return raise_os_error(ts, errno, path.shown());
}
ObjResult posix_execv(ThreadState& ts, Obj, Args args) { return execute(ts, args, "execv"); }
ObjResult posix_execve(ThreadState& ts, Obj, Args args) { return execute(ts, args, "execve"); }

ObjResult posix_killpg(ThreadState& ts, Obj, Args args) {
  const int group = OURO_TRY(int_argument(ts, args[0]));
  if (killpg(group, OURO_TRY(int_argument(ts, args[1]))) < 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  OURO_TRY(check_signals(ts));
  return ts.core.none_ref();
}

ObjResult posix_nice(ThreadState& ts, Obj, Args args) {
  errno = 0;
  const int value = nice(OURO_TRY(int_argument(ts, args[0])));
  if (value == -1 && errno != 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, value);
}

ObjResult posix_times(ThreadState& ts, Obj module, Args) {
  tms spent = {};
  const clock_t elapsed = times(&spent);
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  ItemBuffer values(ts);
  for (const clock_t count :
       {spent.tms_utime, spent.tms_stime, spent.tms_cutime, spent.tms_cstime, elapsed}) {
    OURO_TRY(values.append(OURO_TRY(Float::from(ts, static_cast<double>(count) / ticks))));
  }
  return instance(ts, module, "times_result", {values.data(), 5});
}

ObjResult posix_uname(ThreadState& ts, Obj module, Args) {
  utsname facts = {};
  if (uname(&facts) < 0) return raise_os_error(ts, errno, nullptr);
  ItemBuffer values(ts);
  for (const char* text :
       {facts.sysname, facts.nodename, facts.release, facts.version, facts.machine}) {
    OURO_TRY(values.append(OURO_TRY(system_text(ts, text, false))));
  }
  return instance(ts, module, "uname_result", {values.data(), 5});
}

// -- identities -----------------------------------------------------------------------------------

template <auto kFunction>
ObjResult number_of(ThreadState& ts, Obj, Args) {
  return int_or_error(ts, static_cast<std::int64_t>(kFunction()));
}
template <auto kFunction>
ObjResult number_of_one(ThreadState& ts, Obj, Args args) {
  return int_or_error(ts, kFunction(OURO_TRY(int_argument(ts, args[0]))));
}
template <auto kFunction>
ObjResult do_with_one(ThreadState& ts, Obj, Args args) {
  return none_or_error(ts,
                       kFunction(static_cast<unsigned>(OURO_TRY(offset_argument(ts, args[0])))));
}
template <auto kFunction>
ObjResult do_with_descriptor(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(descriptor_argument(ts, args[0]));
  const std::int64_t result =
      OURO_TRY(blocking_call(ts, [&] { return kFunction(descriptor); }));
  return none_or_error(ts, static_cast<int>(result));
}
template <auto kFunction>
ObjResult do_with_two(ThreadState& ts, Obj, Args args) {
  const int first = OURO_TRY(int_argument(ts, args[0]));
  return none_or_error(ts, kFunction(first, OURO_TRY(int_argument(ts, args[1]))));
}

ObjResult posix_setsid(ThreadState& ts, Obj, Args) { return none_or_error(ts, setsid()); }
ObjResult posix_setpgrp(ThreadState& ts, Obj, Args) { return none_or_error(ts, setpgid(0, 0)); }

ObjResult posix_getgroups(ThreadState& ts, Obj, Args) {
  gid_t groups[1024];
  const int count = getgroups(1024, groups);
  if (count < 0) return raise_os_error(ts, errno, nullptr);
  Ref<List> list = OURO_TRY(List::create(ts));
  for (int i = 0; i < count; ++i) {
    Ref<Int> group = OURO_TRY(Int::from(ts, groups[i]));
    OURO_TRY(list->append(ts, group));
  }
  return list;
}

// -- descriptors ----------------------------------------------------------------------------------

ObjResult posix_pipe2(ThreadState& ts, Obj, Args args) {
  int ends[2];
  if (pipe2(ends, OURO_TRY(int_argument(ts, args[0]))) != 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  Ref<Int> reading = OURO_TRY(Int::from(ts, ends[0]));
  Ref<Int> writing = OURO_TRY(Int::from(ts, ends[1]));
  return Tuple::of(ts, reading, writing);
}

ObjResult posix_get_blocking(ThreadState& ts, Obj, Args args) {
  const int flags = fcntl(OURO_TRY(int_argument(ts, args[0])), F_GETFL);
  if (flags < 0) return raise_os_error(ts, errno, nullptr);
  return ts.core.bool_ref((flags & O_NONBLOCK) == 0);
}

ObjResult posix_set_blocking(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return raise_os_error(ts, errno, nullptr);
  const bool blocking = OURO_TRY(is_true(ts, args[1]));
  return none_or_error(
      ts, fcntl(descriptor, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}

ObjResult posix_closerange(ThreadState& ts, Obj, Args args) {
  const int end = OURO_TRY(int_argument(ts, args[1]));
  for (int fd = std::max(0, OURO_TRY(int_argument(ts, args[0]))); fd < end; ++fd) close(fd);
  return ts.core.none_ref();
}

ObjResult posix_ftruncate(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  return none_or_error(ts, ftruncate(descriptor, OURO_TRY(offset_argument(ts, args[1]))));
}

ObjResult posix_pread(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  const std::int64_t size = OURO_TRY(offset_argument(ts, args[1]));
  const std::int64_t offset = OURO_TRY(offset_argument(ts, args[2]));
  if (size < 0) return raise_os_error(ts, EINVAL, nullptr);
  Ref<ByteArray> into = OURO_TRY(ByteArray::from(ts, ""));
  OURO_TRY(into->resize(ts, size));
  const std::int64_t got = OURO_TRY(blocking_call(
      ts, [&] { return pread(descriptor, into->data, static_cast<std::size_t>(size), offset); }));
  if (got < 0) return raise_os_error(ts, errno, nullptr);
  return Bytes::from(ts, {into->data, static_cast<std::size_t>(got)});
}

ObjResult posix_pwrite(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  BufferView view;
  OURO_TRY(view.acquire(ts, args[1]));
  const std::int64_t offset = OURO_TRY(offset_argument(ts, args[2]));
  return int_or_error(ts, OURO_TRY(blocking_call(ts, [&] {
                        return pwrite(descriptor, view.data(), view.size(), offset);
                      })));
}

ObjResult posix_fchmod(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(int_argument(ts, args[0]));
  return none_or_error(
      ts, fchmod(descriptor, static_cast<mode_t>(OURO_TRY(int_argument(ts, args[1])))));
}

ObjResult posix_mkfifo(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "mkfifo", {"path", "mode"}, 1, values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "mkfifo"));
  const int mode = values[1] ? OURO_TRY(int_argument(ts, values[1])) : 0666;
  if (mkfifo(path.text(), static_cast<mode_t>(mode)) < 0) {
    return raise_os_error(ts, errno, path.shown());
  }
  return ts.core.none_ref();
}

/// What the encoding of a terminal would be; None for other descriptors.
ObjResult posix_device_encoding(ThreadState& ts, Obj, Args args) {
  if (isatty(OURO_TRY(int_argument(ts, args[0]))) == 0) return ts.core.none_ref();
  return intern(ts, "UTF-8");
}

ObjResult posix_statvfs(ThreadState& ts, Obj module, Args args) {
  PathArgument path;
  OURO_TRY(path.take(ts, args[0], "statvfs", PathArgument::Descriptor::Allowed));
  struct statvfs facts = {};
  const int failed =
      path.is_descriptor() ? fstatvfs(path.descriptor(), &facts) : statvfs(path.text(), &facts);
  if (failed != 0) return raise_os_error(ts, errno, path.shown());
  const std::uint64_t numbers[] = {facts.f_bsize,  facts.f_frsize,  facts.f_blocks, facts.f_bfree,
                                   facts.f_bavail, facts.f_files,   facts.f_ffree,  facts.f_favail,
                                   facts.f_flag,   facts.f_namemax, facts.f_fsid};
  ItemBuffer values(ts);
  for (const std::uint64_t number : numbers) {
    OURO_TRY(values.append(OURO_TRY(Int::from_unsigned(ts, number))));
  }
  return instance(ts, module, "statvfs_result", {values.data(), 11});
}

// -- the system -----------------------------------------------------------------------------------

ObjResult posix_getrandom(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "getrandom", {"size", "flags"}, 1, values));
  const std::int64_t size = OURO_TRY(offset_argument(ts, values[0]));
  if (size < 0) return raise_os_error(ts, EINVAL, nullptr);
  const int flags = values[1] ? OURO_TRY(int_argument(ts, values[1])) : 0;
  Ref<Bytes> bytes = OURO_TRY(Bytes::make(ts, size));
  const std::int64_t got = OURO_TRY(blocking_call(ts, [&] {
    return getrandom(bytes->data(), static_cast<std::size_t>(size), static_cast<unsigned>(flags));
  }));
  if (got < 0) return raise_os_error(ts, errno, nullptr);
  if (got == size) return bytes;
  return Bytes::from(ts, {bytes->data(), static_cast<std::size_t>(got)});
}

ObjResult posix_getloadavg(ThreadState& ts, Obj, Args) {
  double load[3];
  if (getloadavg(load, 3) != 3) {
    return raise(ts, ts.core.exceptions.OSError, "Load averages are unobtainable");
  }
  Ref<Float> a = OURO_TRY(Float::from(ts, load[0]));
  Ref<Float> b = OURO_TRY(Float::from(ts, load[1]));
  Ref<Float> c = OURO_TRY(Float::from(ts, load[2]));
  return Tuple::of(ts, a, b, c);
}

ObjResult posix_sched_yield(ThreadState& ts, Obj, Args) { return none_or_error(ts, sched_yield()); }

ObjResult posix_sched_getaffinity(ThreadState& ts, Obj, Args args) {
  cpu_set_t mask;
  if (sched_getaffinity(OURO_TRY(int_argument(ts, args[0])), sizeof mask, &mask) < 0) {
    return raise_os_error(ts, errno, nullptr);
  }
  Ref<Set> set = OURO_TRY(Set::create(ts, ts.core.types.set));
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (!CPU_ISSET(i, &mask)) continue;
    Ref<Int> number = OURO_TRY(Int::from(ts, i));
    OURO_TRY(set_add(ts, set, number));
  }
  return set;
}

constexpr std::pair<const char*, int> kLimits[] = {
    {"SC_ARG_MAX", _SC_ARG_MAX},
    {"SC_CHILD_MAX", _SC_CHILD_MAX},
    {"SC_CLK_TCK", _SC_CLK_TCK},
    {"SC_IOV_MAX", _SC_IOV_MAX},
    {"SC_NGROUPS_MAX", _SC_NGROUPS_MAX},
    {"SC_NPROCESSORS_CONF", _SC_NPROCESSORS_CONF},
    {"SC_NPROCESSORS_ONLN", _SC_NPROCESSORS_ONLN},
    {"SC_OPEN_MAX", _SC_OPEN_MAX},
    {"SC_PAGESIZE", _SC_PAGESIZE},
    {"SC_PAGE_SIZE", _SC_PAGESIZE},
    {"SC_PHYS_PAGES", _SC_PHYS_PAGES},
    {"SC_SEM_NSEMS_MAX", _SC_SEM_NSEMS_MAX},
};

ObjResult posix_sysconf(ThreadState& ts, Obj, Args args) {
  int name = -1;
  if (is_str(args[0])) {
    for (const auto& [text, number] : kLimits) {
      if (str_equals_ascii(as<Str>(args[0]), text)) name = number;
    }
    if (name < 0) return raise_value_error(ts, "unrecognized configuration name");
  } else {
    if (!is_int(args[0])) {
      return raise_type_error(ts, "configuration names must be strings or integers");
    }
    name = OURO_TRY(int_argument(ts, args[0]));
  }
  errno = 0;
  const long value = sysconf(name);
  if (value == -1 && errno != 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, value);
}

int device_major(int device) { return static_cast<int>(major(static_cast<dev_t>(device))); }
int device_minor(int device) { return static_cast<int>(minor(static_cast<dev_t>(device))); }

ObjResult posix_register_at_fork(ThreadState& ts, Obj module, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "register_at_fork",
                      {"*before", "after_in_child", "after_in_parent"}, 0, values));
  if (!values[0] && !values[1] && !values[2]) {
    return raise_type_error(ts, "At least one argument is required.");
  }
  static constexpr const char* kNames[] = {"before", "after_in_child", "after_in_parent"};
  for (std::size_t i = 0; i < 3; ++i) {
    if (values[i] && !is_callable(values[i])) {
      return raise_type_error(ts, "'{}' must be callable, not {t}", kNames[i], values[i]);
    }
  }
  for (std::size_t i = 0; i < 3; ++i) {
    if (!values[i]) continue;
    Ref<List> hooks = OURO_TRY(fork_hooks(ts, module, static_cast<ForkMoment>(i)));
    OURO_TRY(hooks->append(ts, values[i]));
  }
  return ts.core.none_ref();
}

constexpr const char* kTimesFields[] = {"user", "system", "children_user", "children_system",
                                        "elapsed"};
constexpr const char* kUnameFields[] = {"sysname", "nodename", "release", "version", "machine"};
constexpr const char* kStatvfsFields[] = {"f_bsize",  "f_frsize",  "f_blocks", "f_bfree",
                                          "f_bavail", "f_files",   "f_ffree",  "f_favail",
                                          "f_flag",   "f_namemax", "f_fsid"};

constexpr std::pair<const char*, int> kConstants[] = {
    {"WCONTINUED", WCONTINUED},
    {"WEXITED", WEXITED},
    {"WNOWAIT", WNOWAIT},
    {"WSTOPPED", WSTOPPED},
    {"P_ALL", P_ALL},
    {"P_PID", P_PID},
    {"P_PGID", P_PGID},
    {"O_ACCMODE", O_ACCMODE},
    {"O_ASYNC", O_ASYNC},
    {"O_DIRECT", O_DIRECT},
    {"O_NOATIME", O_NOATIME},
    {"O_RSYNC", O_RSYNC},
    {"F_LOCK", F_LOCK},
    {"F_TEST", F_TEST},
    {"F_TLOCK", F_TLOCK},
    {"F_ULOCK", F_ULOCK},
    {"PRIO_PROCESS", PRIO_PROCESS},
    {"PRIO_PGRP", PRIO_PGRP},
    {"PRIO_USER", PRIO_USER},
    {"GRND_NONBLOCK", GRND_NONBLOCK},
    {"GRND_RANDOM", GRND_RANDOM},
    {"ST_RDONLY", ST_RDONLY},
    {"ST_NOSUID", ST_NOSUID},
    {"EX_USAGE", 64},
    {"EX_DATAERR", 65},
    {"EX_NOINPUT", 66},
    {"EX_NOUSER", 67},
    {"EX_NOHOST", 68},
    {"EX_UNAVAILABLE", 69},
    {"EX_SOFTWARE", 70},
    {"EX_OSERR", 71},
    {"EX_OSFILE", 72},
    {"EX_CANTCREAT", 73},
    {"EX_IOERR", 74},
    {"EX_TEMPFAIL", 75},
    {"EX_PROTOCOL", 76},
    {"EX_NOPERM", 77},
    {"EX_CONFIG", 78},
};

}  // namespace

const MethodDef kPosixProcessMethods[] = {
    {"fork", posix_fork, 0, 0, MethodDef::kNone, "fork($module, /)\n--\n\nFork a child process."},
    {"waitpid", posix_waitpid, 2, 2, MethodDef::kNone,
     "waitpid($module, pid, options, /)\n--\n\nWait for completion of a given child process."},
    {"wait", posix_wait, 0, 0, MethodDef::kNone,
     "wait($module, /)\n--\n\nWait for completion of a child process."},
    {"WIFEXITED", is_status<exited>, 1, 1, MethodDef::kNone, nullptr},
    {"WIFSIGNALED", is_status<signaled>, 1, 1, MethodDef::kNone, nullptr},
    {"WIFSTOPPED", is_status<stopped>, 1, 1, MethodDef::kNone, nullptr},
    {"WIFCONTINUED", is_status<continued>, 1, 1, MethodDef::kNone, nullptr},
    {"WCOREDUMP", is_status<dumped>, 1, 1, MethodDef::kNone, nullptr},
    {"WEXITSTATUS", ask_status<exit_status>, 1, 1, MethodDef::kNone, nullptr},
    {"WTERMSIG", ask_status<term_signal>, 1, 1, MethodDef::kNone, nullptr},
    {"WSTOPSIG", ask_status<stop_signal>, 1, 1, MethodDef::kNone, nullptr},
    {"execv", posix_execv, 2, 2, MethodDef::kNone,
     "execv($module, path, argv, /)\n--\n\nExecute an executable path with arguments, replacing "
     "current process."},
    {"execve", posix_execve, 3, 3, MethodDef::kNone,
     "execve($module, /, path, argv, env)\n--\n\nExecute an executable path with arguments, "
     "replacing current process."},
    {"killpg", posix_killpg, 2, 2, MethodDef::kNone,
     "killpg($module, pgid, signal, /)\n--\n\nKill a process group with a signal."},
    {"nice", posix_nice, 1, 1, MethodDef::kNone,
     "nice($module, increment, /)\n--\n\nAdd increment to the priority of process."},
    {"times", posix_times, 0, 0, MethodDef::kNone,
     "times($module, /)\n--\n\nReturn a collection containing process timing information."},
    {"uname", posix_uname, 0, 0, MethodDef::kNone,
     "uname($module, /)\n--\n\nReturn an object identifying the current operating system."},
    {"getpgrp", number_of<getpgrp>, 0, 0, MethodDef::kNone, nullptr},
    {"getpgid", number_of_one<getpgid>, 1, 1, MethodDef::kNone, nullptr},
    {"getsid", number_of_one<getsid>, 1, 1, MethodDef::kNone, nullptr},
    {"tcgetpgrp", number_of_one<tcgetpgrp>, 1, 1, MethodDef::kNone, nullptr},
    {"setpgid", do_with_two<setpgid>, 2, 2, MethodDef::kNone, nullptr},
    {"setuid", do_with_one<setuid>, 1, 1, MethodDef::kNone, nullptr},
    {"setgid", do_with_one<setgid>, 1, 1, MethodDef::kNone, nullptr},
    {"seteuid", do_with_one<seteuid>, 1, 1, MethodDef::kNone, nullptr},
    {"setegid", do_with_one<setegid>, 1, 1, MethodDef::kNone, nullptr},
    {"setsid", posix_setsid, 0, 0, MethodDef::kNone, nullptr},
    {"setpgrp", posix_setpgrp, 0, 0, MethodDef::kNone, nullptr},
    {"getgroups", posix_getgroups, 0, 0, MethodDef::kNone, nullptr},
    {"pipe2", posix_pipe2, 1, 1, MethodDef::kNone,
     "pipe2($module, flags, /)\n--\n\nCreate a pipe with flags set atomically."},
    {"get_blocking", posix_get_blocking, 1, 1, MethodDef::kNone,
     "get_blocking($module, fd, /)\n--\n\nGet the blocking mode of the file descriptor."},
    {"set_blocking", posix_set_blocking, 2, 2, MethodDef::kNone,
     "set_blocking($module, fd, blocking, /)\n--\n\nSet the blocking mode of the specified file "
     "descriptor."},
    {"closerange", posix_closerange, 2, 2, MethodDef::kNone,
     "closerange($module, fd_low, fd_high, /)\n--\n\nCloses all file descriptors in [fd_low, "
     "fd_high), ignoring errors."},
    {"ftruncate", posix_ftruncate, 2, 2, MethodDef::kNone,
     "ftruncate($module, fd, length, /)\n--\n\nTruncate a file, specified by file descriptor, to "
     "a specific length."},
    {"fsync", do_with_descriptor<fsync>, 1, 1, MethodDef::kNone,
     "fsync($module, /, fd)\n--\n\nForce write of fd to disk."},
    {"fdatasync", do_with_descriptor<fdatasync>, 1, 1, MethodDef::kNone,
     "fdatasync($module, /, fd)\n--\n\nForce write of fd to disk without forcing update of "
     "metadata."},
    {"fchdir", do_with_descriptor<fchdir>, 1, 1, MethodDef::kNone,
     "fchdir($module, /, fd)\n--\n\nChange to the directory of the given file descriptor."},
    {"fchmod", posix_fchmod, 2, 2, MethodDef::kNone,
     "fchmod($module, /, fd, mode)\n--\n\nChange the access permissions of the file given by file "
     "descriptor fd."},
    {"pread", posix_pread, 3, 3, MethodDef::kNone,
     "pread($module, fd, length, offset, /)\n--\n\nRead a number of bytes from a file descriptor "
     "starting at a particular offset."},
    {"pwrite", posix_pwrite, 3, 3, MethodDef::kNone,
     "pwrite($module, fd, buffer, offset, /)\n--\n\nWrite bytes to a file descriptor starting at "
     "a particular offset."},
    {"mkfifo", posix_mkfifo, 0, -1, MethodDef::kKeywords,
     "mkfifo($module, /, path, mode=438, *, dir_fd=None)\n--\n\nCreate a \"fifo\" (a POSIX named "
     "pipe)."},
    {"device_encoding", posix_device_encoding, 1, 1, MethodDef::kNone,
     "device_encoding($module, /, fd)\n--\n\nReturn a string describing the encoding of a "
     "terminal's file descriptor."},
    {"statvfs", posix_statvfs, 1, 1, MethodDef::kNone,
     "statvfs($module, /, path)\n--\n\nPerform a statvfs system call on the given path."},
    {"fstatvfs", posix_statvfs, 1, 1, MethodDef::kNone,
     "fstatvfs($module, /, fd)\n--\n\nPerform an fstatvfs system call on the given fd."},
    {"getrandom", posix_getrandom, 0, -1, MethodDef::kKeywords,
     "getrandom($module, /, size, flags=0)\n--\n\nObtain a series of random bytes."},
    {"getloadavg", posix_getloadavg, 0, 0, MethodDef::kNone,
     "getloadavg($module, /)\n--\n\nReturn average recent system load information."},
    {"sched_yield", posix_sched_yield, 0, 0, MethodDef::kNone, nullptr},
    {"sched_getaffinity", posix_sched_getaffinity, 1, 1, MethodDef::kNone,
     "sched_getaffinity($module, pid, /)\n--\n\nReturn the affinity of the process identified by "
     "pid (or the current process if zero)."},
    {"sysconf", posix_sysconf, 1, 1, MethodDef::kNone,
     "sysconf($module, name, /)\n--\n\nReturn an integer-valued system configuration variable."},
    {"major", ask_status<device_major>, 1, 1, MethodDef::kNone, nullptr},
    {"minor", ask_status<device_minor>, 1, 1, MethodDef::kNone, nullptr},
    {"register_at_fork", posix_register_at_fork, 0, -1, MethodDef::kKeywords,
     "register_at_fork($module, /, *, before=<unrepresentable>,\n                 "
     "after_in_child=<unrepresentable>,\n                 "
     "after_in_parent=<unrepresentable>)\n--\n\nRegister callables to be called when forking a "
     "new process."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Status add_posix_process_types(ThreadState& ts, Borrowed<Module> module) {
  Ref<List> before = OURO_TRY(List::create(ts));
  Ref<List> in_child = OURO_TRY(List::create(ts));
  Ref<List> in_parent = OURO_TRY(List::create(ts));
  Ref<Tuple> hooks = OURO_TRY(Tuple::of(ts, before, in_child, in_parent));
  OURO_TRY(dict_set(ts, module->dict, kForkHooks, Obj(hooks)));
  Ref<Type> times_type =
      OURO_TRY(make_struct_sequence(ts, "posix", "times_result", kTimesFields, 5));
  OURO_TRY(dict_set(ts, module->dict, "times_result", Obj(times_type)));
  Ref<Type> uname_type =
      OURO_TRY(make_struct_sequence(ts, "posix", "uname_result", kUnameFields, 5));
  OURO_TRY(dict_set(ts, module->dict, "uname_result", Obj(uname_type)));
  Ref<Type> statvfs_type =
      OURO_TRY(make_struct_sequence(ts, "os", "statvfs_result", kStatvfsFields, 10));
  OURO_TRY(dict_set(ts, module->dict, "statvfs_result", Obj(statvfs_type)));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  Ref<Dict> limits = OURO_TRY(Dict::create(ts));
  for (const auto& [name, value] : kLimits) {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    OURO_TRY(dict_set(ts, limits, name, Obj(number)));
  }
  return dict_set(ts, module->dict, "sysconf_names", Obj(limits));
}

}  // namespace ouro
