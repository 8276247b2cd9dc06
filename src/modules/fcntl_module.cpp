// Module fcntl: control of open files: fcntl, ioctl, flock, lockf.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>

#include "modules/library_support.h"
#include "modules/native_modules.h"
#include "modules/sys_module.h"

namespace ouro {

namespace {

Status audit_call(ThreadState& ts, const char* event, int descriptor, std::int64_t code,
                  Obj argument) {
  Ref<Int> first = OURO_TRY(Int::from(ts, descriptor));
  Ref<Int> second = OURO_TRY(Int::from(ts, code));
  Ref<Int> zero = OURO_TRY(Int::from(ts, 0));
  Object* values[] = {first.get(), second.get(), argument ? argument.get() : zero.get()};
  return audit(ts, event, values);
}

/// A copy of the bytes of an argument, for calls that change what they are given. A few zero bytes
/// follow: a call may read a whole structure where less was given.
struct ArgumentBytes {
  static constexpr std::size_t kMost = 1024;
  char data[kMost + 64] = {};
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const { return {data, size}; }

  Status take(ThreadState& ts, std::string_view bytes, const char* too_long) {
    if (bytes.size() > kMost) return raise_value_error(ts, "{}", too_long);
    size = bytes.size();
    std::memcpy(data, bytes.data(), size);
    return kDone;
  }
  Status take(ThreadState& ts, Obj value, const char* too_long) {
    if (is_str(value)) {
      Utf8 text{Borrowed<Str>(as<Str>(value))};
      if (!text.ok()) return raise_no_memory(ts);
      return take(ts, text.view(), too_long);
    }
    BufferView view;
    OURO_TRY(view.acquire(ts, value));
    return take(ts, view.view(), too_long);
  }
};

ObjResult fcntl_fcntl(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  const int command = OURO_TRY(c_int(ts, args[1]));
  const Obj argument = args.size() > 2 ? args[2] : Obj();
  OURO_TRY(audit_call(ts, "fcntl.fcntl", descriptor, command, argument));
  if (argument && (is_str(argument) || is_bytes(argument))) {
    ArgumentBytes bytes;
    OURO_TRY(bytes.take(ts, argument, "fcntl string arg too long"));
    OURO_TRY(retry_interrupted(ts, [&] { return fcntl(descriptor, command, bytes.data); }));
    return Bytes::from(ts, bytes.view());
  }
  const long number = argument ? static_cast<long>(OURO_TRY(c_unsigned_bits(ts, argument))) : 0;
  return Int::from(
      ts, OURO_TRY(retry_interrupted(ts, [&] { return fcntl(descriptor, command, number); })));
}

/// ioctl on memory: a writable buffer is changed in place when `mutate`, else a copy is returned.
ObjResult ioctl_on_bytes(ThreadState& ts, int descriptor, unsigned long request, Obj argument,
                         bool mutate) {
  ArgumentBytes bytes;
  if (mutate && !is_str(argument) && !is_bytes(argument)) {
    BufferView view;
    if (!view.acquire(ts, argument, true).ok()) {
      // A buffer that may only be read is copied after all.
      if (!catch_pending(ts, ts.core.exceptions.TypeError) &&
          !catch_pending(ts, ts.core.exceptions.BufferError)) {
        return Raised{};
      }
    } else if (view.size() > ArgumentBytes::kMost) {
      return Int::from(ts, OURO_TRY(retry_interrupted(
                               ts, [&] { return ioctl(descriptor, request, view.data()); })));
    } else {
      OURO_TRY(bytes.take(ts, view.view(), ""));
      const int answer =
          OURO_TRY(retry_interrupted(ts, [&] { return ioctl(descriptor, request, bytes.data); }));
      std::memcpy(view.data(), bytes.data, bytes.size);
      return Int::from(ts, answer);
    }
  }
  OURO_TRY(bytes.take(ts, argument, "ioctl string arg too long"));
  OURO_TRY(retry_interrupted(ts, [&] { return ioctl(descriptor, request, bytes.data); }));
  return Bytes::from(ts, bytes.view());
}

ObjResult fcntl_ioctl(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  const auto request =
      static_cast<unsigned long>(OURO_TRY(c_unsigned_bits(ts, args[1])) & 0xffffffffu);
  const Obj argument = args.size() > 2 ? args[2] : Obj();
  const bool mutate = args.size() > 3 ? OURO_TRY(is_true(ts, args[3])) : true;
  OURO_TRY(audit_call(ts, "fcntl.ioctl", descriptor, static_cast<std::int64_t>(request), argument));
  if (argument && (is_str(argument) || BufferView::is_bytes_like(argument))) {
    return ioctl_on_bytes(ts, descriptor, request, argument, mutate);
  }
  const int number = OURO_TRY(c_int_or(ts, argument, 0));
  return Int::from(
      ts, OURO_TRY(retry_interrupted(ts, [&] { return ioctl(descriptor, request, number); })));
}

ObjResult fcntl_flock(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  const int operation = OURO_TRY(c_int(ts, args[1]));
  OURO_TRY(audit_call(ts, "fcntl.flock", descriptor, operation, nullptr));
  OURO_TRY(retry_interrupted(ts, [&] { return flock(descriptor, operation); }));
  return ts.core.none_ref();
}

ObjResult fcntl_lockf(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  const int operation = OURO_TRY(c_int(ts, args[1]));
  const auto at = [&](std::uint32_t index) { return args.size() > index ? args[index] : Obj(); };
  struct flock lock = {};
  lock.l_len = OURO_TRY(c_size_or(ts, at(2), 0));
  lock.l_start = OURO_TRY(c_size_or(ts, at(3), 0));
  const int whence = OURO_TRY(c_int_or(ts, at(4), 0));
  lock.l_whence = static_cast<short>(whence);
  OURO_TRY(audit_call(ts, "fcntl.lockf", descriptor, operation, at(2)));
  if ((operation & LOCK_UN) != 0) {
    lock.l_type = F_UNLCK;
  } else if ((operation & LOCK_SH) != 0) {
    lock.l_type = F_RDLCK;
  } else if ((operation & LOCK_EX) != 0) {
    lock.l_type = F_WRLCK;
  } else {
    return raise_value_error(ts, "unrecognized lockf argument");
  }
  const int command = (operation & LOCK_NB) != 0 ? F_SETLK : F_SETLKW;
  OURO_TRY(retry_interrupted(ts, [&] { return fcntl(descriptor, command, &lock); }));
  return ts.core.none_ref();
}

constexpr MethodDef kFunctions[] = {
    {"fcntl", fcntl_fcntl, 2, 3, MethodDef::kNone,
     "fcntl($module, fd, cmd, arg=0, /)\n--\n\nPerforms cmd on the open file fd."},
    {"ioctl", fcntl_ioctl, 2, 4, MethodDef::kNone,
     "ioctl($module, fd, request, arg=0, mutate_flag=True, /)\n--\n\nPerforms request on the "
     "device "
     "that fd is open on."},
    {"flock", fcntl_flock, 2, 2, MethodDef::kNone,
     "flock($module, fd, operation, /)\n--\n\nLocks or unlocks the open file fd."},
    {"lockf", fcntl_lockf, 2, 5, MethodDef::kNone,
     "lockf($module, fd, cmd, len=0, start=0, whence=0, /)\n--\n\nLocks or unlocks a part of the "
     "open file fd."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr std::pair<const char*, std::int64_t> kConstants[] = {
    {"LOCK_SH", LOCK_SH},
    {"LOCK_EX", LOCK_EX},
    {"LOCK_NB", LOCK_NB},
    {"LOCK_UN", LOCK_UN},
    {"LOCK_MAND", LOCK_MAND},
    {"LOCK_READ", LOCK_READ},
    {"LOCK_WRITE", LOCK_WRITE},
    {"LOCK_RW", LOCK_RW},
    {"F_DUPFD", F_DUPFD},
    {"F_DUPFD_CLOEXEC", F_DUPFD_CLOEXEC},
    {"F_GETFD", F_GETFD},
    {"F_SETFD", F_SETFD},
    {"F_GETFL", F_GETFL},
    {"F_SETFL", F_SETFL},
    {"F_GETLK", F_GETLK},
    {"F_SETLK", F_SETLK},
    {"F_SETLKW", F_SETLKW},
    {"F_OFD_GETLK", F_OFD_GETLK},
    {"F_OFD_SETLK", F_OFD_SETLK},
    {"F_OFD_SETLKW", F_OFD_SETLKW},
    {"F_GETOWN", F_GETOWN},
    {"F_SETOWN", F_SETOWN},
    {"F_GETSIG", F_GETSIG},
    {"F_SETSIG", F_SETSIG},
    {"F_RDLCK", F_RDLCK},
    {"F_WRLCK", F_WRLCK},
    {"F_UNLCK", F_UNLCK},
    {"F_GETLK64", F_GETLK64},
    {"F_SETLK64", F_SETLK64},
    {"F_SETLKW64", F_SETLKW64},
    {"FASYNC", FASYNC},
    {"F_SETLEASE", F_SETLEASE},
    {"F_GETLEASE", F_GETLEASE},
    {"F_NOTIFY", F_NOTIFY},
    {"F_EXLCK", F_EXLCK},
    {"F_SHLCK", F_SHLCK},
    {"F_SETPIPE_SZ", F_SETPIPE_SZ},
    {"F_GETPIPE_SZ", F_GETPIPE_SZ},
    {"FD_CLOEXEC", FD_CLOEXEC},
    {"DN_ACCESS", DN_ACCESS},
    {"DN_MODIFY", DN_MODIFY},
    {"DN_CREATE", DN_CREATE},
    {"DN_DELETE", DN_DELETE},
    {"DN_RENAME", DN_RENAME},
    {"DN_ATTRIB", DN_ATTRIB},
    {"DN_MULTISHOT", DN_MULTISHOT},
    {"F_ADD_SEALS", F_ADD_SEALS},
    {"F_GET_SEALS", F_GET_SEALS},
    {"F_SEAL_SEAL", F_SEAL_SEAL},
    {"F_SEAL_SHRINK", F_SEAL_SHRINK},
    {"F_SEAL_GROW", F_SEAL_GROW},
    {"F_SEAL_WRITE", F_SEAL_WRITE},
};

}  // namespace

Result<Ref<Module>> create_fcntl_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "fcntl"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  return module;
}

}  // namespace ouro
