// Module _posixsubprocess: fork and exec in one call, for module subprocess.
//
// Everything that needs memory is made before the fork. The child reports why it could not start
// the program through a pipe, as "ExceptionName:errno in hex:text"; text "noexec" says that the
// failure lies in the parent's wishes (the folder), not in the program.
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/posix_support.h"
#include "modules/thread.h"
#include "objects/list.h"

extern char** environ;

namespace ouro {

namespace {

/// A null-terminated row of C strings made from a sequence of bytes or path objects.
class CStrings {
 public:
  explicit CStrings(ThreadState& ts) : ts_(ts) {}
  ~CStrings() { free_raw(pointers_); }
  CStrings(const CStrings&) = delete;
  CStrings& operator=(const CStrings&) = delete;

  Status take(Obj sequence, const char* what) {
    holder_ = OURO_TRY(List::create(ts_));
    OURO_TRY(for_each_item(ts_, sequence, [&](ObjRef item) -> Status {
      if (!is_bytes(item)) {
        PathArgument path;
        OURO_TRY(path.take(ts_, item, what));
        Ref<Bytes> text = OURO_TRY(Bytes::from(ts_, path.text()));
        return holder_->append(ts_, text);
      }
      if (as<Bytes>(item)->view().find('\0') != std::string_view::npos) {
        return raise_value_error(ts_, "embedded null byte");
      }
      return holder_->append(ts_, std::move(item));
    }));
    const auto count = static_cast<std::size_t>(holder_->size);
    pointers_ = static_cast<char**>(allocate_raw((count + 1) * sizeof(char*)));
    if (pointers_ == nullptr) return raise_no_memory(ts_);
    for (std::size_t i = 0; i < count; ++i) {
      pointers_[i] = as<Bytes>(holder_->at(static_cast<std::int64_t>(i)))->data();
    }
    pointers_[count] = nullptr;
    return kDone;
  }
  [[nodiscard]] char** get() const { return pointers_; }

 private:
  ThreadState& ts_;
  Ref<List> holder_;
  char** pointers_ = nullptr;
};

/// What the child is to do, made ready by the parent.
struct Plan {
  char** arguments = nullptr;
  char** executables = nullptr;
  char** environment = nullptr;  // null: the parent's
  const char* folder = nullptr;  // null: the parent's
  bool close_descriptors = false;
  std::span<const int> kept;  // ascending
  int p2c_read, p2c_write, c2p_read, c2p_write, error_read, error_write;
  int report_read, report_write;
  bool restore_signals = false, new_session = false;
  int process_group = -1;
  std::int64_t group = -1, user = -1;
  std::span<const gid_t> groups;
  bool set_groups = false;
  int umask = -1;
  Obj before_exec;  // null: none
};

bool is_kept(const Plan& plan, int descriptor) {
  for (int kept : plan.kept) {
    if (kept == descriptor) return true;
  }
  return descriptor == plan.report_write;
}

void close_others(const Plan& plan) {
  // The folder lists what is open; without it, all numbers are tried.
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) {
    const long limit = sysconf(_SC_OPEN_MAX);
    for (int fd = 3; fd < (limit > 0 ? limit : 1024); ++fd) {
      if (!is_kept(plan, fd)) close(fd);
    }
    return;
  }
  const int own = dirfd(folder);
  while (const dirent* entry = readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    if (fd > 2 && fd != own && !is_kept(plan, fd)) close(fd);
  }
  closedir(folder);
}

bool make_inheritable(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFD);
  return flags >= 0 && fcntl(descriptor, F_SETFD, flags & ~FD_CLOEXEC) >= 0;
}

/// Puts `from` in the place of standard stream `to`; the same number only becomes inheritable.
bool connect(int from, int to) {
  if (from == to) return make_inheritable(from);
  return from < 0 || dup2(from, to) >= 0;
}

bool connect_streams(Plan& plan) {
  for (int fd : {plan.p2c_write, plan.c2p_read, plan.error_read}) {
    if (fd >= 0) close(fd);
  }
  close(plan.report_read);
  // Numbers 0…2 that are needed for another stream move out of the way first.
  if (plan.c2p_write == 0 && (plan.c2p_write = dup(plan.c2p_write)) < 0) return false;
  while (plan.error_write == 0 || plan.error_write == 1) {
    if ((plan.error_write = dup(plan.error_write)) < 0) return false;
  }
  return connect(plan.p2c_read, 0) && connect(plan.c2p_write, 1) && connect(plan.error_write, 2);
}

bool change_identity(const Plan& plan) {
  if (plan.umask >= 0) umask(static_cast<mode_t>(plan.umask));
  if (plan.restore_signals) {
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
  }
  if (plan.new_session) setsid();
  if (plan.process_group >= 0 && setpgid(0, plan.process_group) < 0) return false;
  if (plan.set_groups && setgroups(plan.groups.size(), plan.groups.data()) < 0) return false;
  if (plan.group >= 0) {
    const auto group = static_cast<gid_t>(plan.group);
    if (setregid(group, group) < 0) return false;
  }
  if (plan.user >= 0) {
    const auto user = static_cast<uid_t>(plan.user);
    if (setreuid(user, user) < 0) return false;
  }
  return true;
}

void report(int descriptor, const char* text) {
  std::size_t left = std::strlen(text);
  while (left > 0) {
    const ssize_t written = write(descriptor, text, left);
    if (written <= 0) return;
    text += written;
    left -= static_cast<std::size_t>(written);
  }
}

[[noreturn]] void fail(const Plan& plan, int error, const char* text) {
  char line[64];
  std::snprintf(line, sizeof line, "OSError:%X:%s", static_cast<unsigned>(error), text);
  report(plan.report_write, line);
  _exit(255);
}

[[noreturn]] void run_child(ThreadState& ts, Plan plan) {
  for (int kept : plan.kept) {
    if (kept != plan.report_write && !make_inheritable(kept)) fail(plan, errno, "noexec");
  }
  if (!connect_streams(plan)) fail(plan, errno, "noexec");
  if (plan.folder != nullptr && chdir(plan.folder) < 0) fail(plan, errno, "noexec");
  if (!change_identity(plan)) fail(plan, errno, "noexec");
  if (plan.before_exec) become_only_thread(ts);
  if (plan.before_exec && call(ts, plan.before_exec).raised()) {
    clear_pending(ts);
    report(plan.report_write, "SubprocessError:0:Exception occurred in preexec_fn.");
    _exit(255);
  }
  if (plan.close_descriptors) close_others(plan);
  int error = ENOENT;
  for (char** program = plan.executables; *program != nullptr; ++program) {
    execve(*program, plan.arguments, plan.environment != nullptr ? plan.environment : environ);
    if (errno != ENOENT && errno != ENOTDIR) error = errno;
  }
  fail(plan, error, "");
}

// -- arguments ------------------------------------------------------------------------------------

Status take_int(ThreadState& ts, Obj value, int& out) {
  const std::int64_t wide = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (wide < INT32_MIN || wide > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  out = static_cast<int>(wide);
  return kDone;
}

Status take_id(ThreadState& ts, Obj value, const char* what, std::int64_t& out) {
  if (is_none(value)) return kDone;
  if (!has_index(value)) return raise_type_error(ts, "{} should be integer, not {t}", what, value);
  out = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (out < 0 || out > UINT32_MAX) return raise_value_error(ts, "invalid {} id", what);
  return kDone;
}

/// A row of numbers in the heap.
template <class T>
class Numbers {
 public:
  ~Numbers() { free_raw(data_); }
  Status take(ThreadState& ts, Obj sequence) {
    const std::int64_t count = OURO_TRY(length_of(ts, sequence));
    data_ = static_cast<T*>(allocate_raw(static_cast<std::size_t>(count + 1) * sizeof(T)));
    if (data_ == nullptr) return raise_no_memory(ts);
    return for_each_item(ts, sequence, [&](ObjRef item) -> Status {
      if (static_cast<std::int64_t>(size_) >= count) return kDone;
      const std::int64_t number =
          OURO_TRY(index_as_int64(ts, item, ts.core.exceptions.OverflowError));
      data_[size_++] = static_cast<T>(number);
      return kDone;
    });
  }
  [[nodiscard]] std::span<const T> get() const { return {data_, size_}; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

bool is_ascending(std::span<const int> numbers) {
  int before = -1;
  for (int number : numbers) {
    if (number <= before) return false;
    before = number;
  }
  return true;
}

ObjResult fork_exec(ThreadState& ts, Obj, Args args) {
  Plan plan = {};
  CStrings arguments(ts);
  CStrings executables(ts);
  CStrings environment(ts);
  Numbers<int> kept;
  Numbers<gid_t> groups;
  PathArgument folder;
  plan.close_descriptors = OURO_TRY(is_true(ts, args[2]));
  plan.before_exec = is_none(args[21]) ? Obj() : args[21];
  int* const numbers[] = {&plan.p2c_read,    &plan.p2c_write,   &plan.c2p_read,
                          &plan.c2p_write,   &plan.error_read,  &plan.error_write,
                          &plan.report_read, &plan.report_write};
  for (std::size_t i = 0; i < 8; ++i) OURO_TRY(take_int(ts, args[6 + i], *numbers[i]));
  if (plan.close_descriptors && plan.report_write < 3) {
    return raise_value_error(ts, "errpipe_write must be >= 3");
  }
  if (!is_tuple(args[3]))
    return raise_type_error(ts, "fork_exec() argument 4 must be tuple, not {n}", args[3]);
  OURO_TRY(kept.take(ts, args[3]));
  if (!is_ascending(kept.get())) return raise_value_error(ts, "bad value(s) in fds_to_keep");
  plan.kept = kept.get();
  plan.restore_signals = OURO_TRY(is_true(ts, args[14]));
  plan.new_session = OURO_TRY(is_true(ts, args[15]));
  OURO_TRY(take_int(ts, args[16], plan.process_group));
  OURO_TRY(take_id(ts, args[17], "gid", plan.group));
  if (!is_none(args[18])) {
    if (!is_list(args[18])) return raise_type_error(ts, "setgroups argument must be a list");
    OURO_TRY(groups.take(ts, args[18]));
    plan.groups = groups.get();
    plan.set_groups = true;
  }
  OURO_TRY(take_id(ts, args[19], "uid", plan.user));
  OURO_TRY(take_int(ts, args[20], plan.umask));
  OURO_TRY(executables.take(args[1], "fork_exec"));
  plan.executables = executables.get();
  OURO_TRY(arguments.take(args[0], "fork_exec"));
  plan.arguments = arguments.get();
  if (!is_none(args[5])) {
    OURO_TRY(environment.take(args[5], "fork_exec"));
    plan.environment = environment.get();
  }
  if (!is_none(args[4])) {
    OURO_TRY(folder.take(ts, args[4], "fork_exec"));
    plan.folder = folder.text();
  }
  const pid_t child = fork();
  if (child == 0) run_child(ts, plan);
  if (child < 0) return raise_os_error(ts, errno, nullptr);
  return Int::from(ts, child);
}

constexpr MethodDef kFunctions[] = {
    {"fork_exec", fork_exec, 23, 23, MethodDef::kNone,
     "fork_exec(args, executable_list, close_fds, pass_fds, cwd, env,\n          p2cread, "
     "p2cwrite, "
     "c2pread, c2pwrite,\n          errread, errwrite, errpipe_read, errpipe_write,\n          "
     "restore_signals, call_setsid, pgid_to_set,\n          gid, groups_list, uid, umask,\n        "
     "  "
     "preexec_fn, allow_vfork) -> pid\n\nForks a child process and executes a program in it."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_posixsubprocess_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_posixsubprocess"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  return module;
}

}  // namespace ouro
