// Module posix: who owns files and processes; extended attributes; priorities.
#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "modules/library_support.h"
#include "modules/posix_support.h"
#include "objects/list.h"

namespace ouro {

namespace {

ObjResult none_or_error(ThreadState& ts, int result, Obj path = nullptr) {
  if (result < 0) return raise_os_error(ts, errno, path);
  return ts.core.none_ref();
}

/// A user's or group's number; -1 leaves the present one.
Result<std::uint32_t> id_argument(ThreadState& ts, Obj value, const char* what) {
  if (!has_index(value)) return raise_type_error(ts, "{} should be integer, not {t}", what, value);
  ObjRef number = OURO_TRY(to_index(ts, value));
  if (!as<Int>(number)->is_small()) {
    return raise(ts, ts.core.exceptions.OverflowError, "{} is {}", what,
                 int_sign(number) < 0 ? "less than minimum" : "greater than maximum");
  }
  const std::int64_t wide = as<Int>(number)->small;
  if (wide != -1 && (wide < 0 || wide > std::int64_t{UINT32_MAX})) {
    return raise(ts, ts.core.exceptions.OverflowError, "{} is less than minimum", what);
  }
  return static_cast<std::uint32_t>(wide);
}

Result<bool> follows_links(ThreadState& ts, Obj value) {
  return value ? is_true(ts, value) : Result<bool>(true);
}

Result<int> folder_argument(ThreadState& ts, Obj value) {
  return value && !is_none(value) ? c_int(ts, value) : Result<int>(AT_FDCWD);
}

// -- owners of files ------------------------------------------------------------------------------

ObjResult posix_chown(ThreadState& ts, Obj, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "chown", {"path", "uid", "gid", "*dir_fd", "*follow_symlinks"}, 3,
                      values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "chown", PathArgument::Descriptor::Allowed));
  const uid_t user = OURO_TRY(id_argument(ts, values[1], "uid"));
  const gid_t group = OURO_TRY(id_argument(ts, values[2], "gid"));
  const int folder = OURO_TRY(folder_argument(ts, values[3]));
  const bool follow = OURO_TRY(follows_links(ts, values[4]));
  if (path.is_descriptor()) return none_or_error(ts, fchown(path.descriptor(), user, group));
  const int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
  return none_or_error(ts, fchownat(folder, path.text(), user, group, flags), path.shown());
}

ObjResult posix_lchown(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "lchown", {"path", "uid", "gid"}, 3, values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "lchown"));
  const uid_t user = OURO_TRY(id_argument(ts, values[1], "uid"));
  const gid_t group = OURO_TRY(id_argument(ts, values[2], "gid"));
  return none_or_error(ts, lchown(path.text(), user, group), path.shown());
}

ObjResult posix_fchown(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "fchown", {"fd", "uid", "gid"}, 3, values));
  const int descriptor = OURO_TRY(c_int(ts, values[0]));
  const uid_t user = OURO_TRY(id_argument(ts, values[1], "uid"));
  const gid_t group = OURO_TRY(id_argument(ts, values[2], "gid"));
  return none_or_error(ts, fchown(descriptor, user, group));
}

ObjResult posix_mknod(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "mknod", {"path", "mode", "device", "*dir_fd"}, 1, values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "mknod"));
  const int mode = OURO_TRY(c_int_or(ts, values[1], 0600));
  const std::uint64_t device = values[2] ? OURO_TRY(c_unsigned_bits(ts, values[2])) : 0;
  const int folder = OURO_TRY(folder_argument(ts, values[3]));
  return none_or_error(ts, mknodat(folder, path.text(), static_cast<mode_t>(mode), device),
                       path.shown());
}

ObjResult posix_makedev(ThreadState& ts, Obj, Args args) {
  const int high = OURO_TRY(c_int(ts, args[0]));
  const int low = OURO_TRY(c_int(ts, args[1]));
  return Int::from_unsigned(ts, makedev(static_cast<unsigned>(high), static_cast<unsigned>(low)));
}

ObjResult posix_chroot(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "chroot", {"path"}, 1, values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "chroot"));
  return none_or_error(ts, chroot(path.text()), path.shown());
}

// -- extended attributes --------------------------------------------------------------------------

/// Reads what `read(buffer, bytes)` gives, with a buffer that grows until it suffices.
template <class Read>
ObjResult read_growing(ThreadState& ts, Obj shown, Read read) {
  for (std::size_t bytes = 256;; bytes *= 8) {
    Ref<Bytes> buffer = OURO_TRY(Bytes::make(ts, static_cast<std::int64_t>(bytes)));
    const ssize_t got = read(buffer->data(), bytes);
    if (got >= 0) return Bytes::from(ts, {buffer->data(), static_cast<std::size_t>(got)});
    if (errno != ERANGE || bytes > (std::size_t{1} << 20)) return raise_os_error(ts, errno, shown);
  }
}

ObjResult posix_getxattr(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "getxattr", {"path", "attribute", "*follow_symlinks"}, 2, values));
  PathArgument path;
  PathArgument name;
  OURO_TRY(path.take(ts, values[0], "getxattr", PathArgument::Descriptor::Allowed));
  OURO_TRY(name.take(ts, values[1], "getxattr"));
  const bool follow = OURO_TRY(follows_links(ts, values[2]));
  return read_growing(ts, path.shown(), [&](char* buffer, std::size_t bytes) {
    if (path.is_descriptor()) return fgetxattr(path.descriptor(), name.text(), buffer, bytes);
    return follow ? getxattr(path.text(), name.text(), buffer, bytes)
                  : lgetxattr(path.text(), name.text(), buffer, bytes);
  });
}

ObjResult posix_setxattr(ThreadState& ts, Obj, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "setxattr",
                      {"path", "attribute", "value", "flags", "*follow_symlinks"}, 3, values));
  PathArgument path;
  PathArgument name;
  OURO_TRY(path.take(ts, values[0], "setxattr", PathArgument::Descriptor::Allowed));
  OURO_TRY(name.take(ts, values[1], "setxattr"));
  BufferView data;
  OURO_TRY(data.acquire(ts, values[2]));
  const int flags = OURO_TRY(c_int_or(ts, values[3], 0));
  const bool follow = OURO_TRY(follows_links(ts, values[4]));
  const auto set = [&] {
    if (path.is_descriptor()) {
      return fsetxattr(path.descriptor(), name.text(), data.data(), data.size(), flags);
    }
    return follow ? setxattr(path.text(), name.text(), data.data(), data.size(), flags)
                  : lsetxattr(path.text(), name.text(), data.data(), data.size(), flags);
  };
  return none_or_error(ts, set(), path.shown());
}

ObjResult posix_removexattr(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(
      parse_args(ts, args, "removexattr", {"path", "attribute", "*follow_symlinks"}, 2, values));
  PathArgument path;
  PathArgument name;
  OURO_TRY(path.take(ts, values[0], "removexattr", PathArgument::Descriptor::Allowed));
  OURO_TRY(name.take(ts, values[1], "removexattr"));
  const bool follow = OURO_TRY(follows_links(ts, values[2]));
  const auto remove = [&] {
    if (path.is_descriptor()) return fremovexattr(path.descriptor(), name.text());
    return follow ? removexattr(path.text(), name.text()) : lremovexattr(path.text(), name.text());
  };
  return none_or_error(ts, remove(), path.shown());
}

ObjResult posix_listxattr(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "listxattr", {"path", "*follow_symlinks"}, 0, values));
  Ref<Str> here = OURO_TRY(Str::from_latin1(ts, "."));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0] && !is_none(values[0]) ? values[0] : Obj(here), "listxattr",
                     PathArgument::Descriptor::Allowed));
  const bool follow = OURO_TRY(follows_links(ts, values[1]));
  ObjRef all = OURO_TRY(read_growing(ts, path.shown(), [&](char* buffer, std::size_t bytes) {
    if (path.is_descriptor()) return flistxattr(path.descriptor(), buffer, bytes);
    return follow ? listxattr(path.text(), buffer, bytes) : llistxattr(path.text(), buffer, bytes);
  }));
  Ref<List> names = OURO_TRY(List::create(ts));
  std::string_view rest = as<Bytes>(all)->view();
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    OURO_TRY(names->append(ts, OURO_TRY(system_text(ts, rest.substr(0, end), false))));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return names;
}

// -- owners of processes --------------------------------------------------------------------------

ObjResult triple(ThreadState& ts, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  Ref<Int> first = OURO_TRY(Int::from(ts, a));
  Ref<Int> second = OURO_TRY(Int::from(ts, b));
  Ref<Int> third = OURO_TRY(Int::from(ts, c));
  return Tuple::of(ts, first, second, third);
}

template <auto Get>
ObjResult get_three_ids(ThreadState& ts, Obj, Args) {
  std::uint32_t real = 0;
  std::uint32_t effective = 0;
  std::uint32_t saved = 0;
  if (Get(&real, &effective, &saved) < 0) return raise_os_error(ts, errno);
  return triple(ts, real, effective, saved);
}

constexpr char kUser[] = "uid";
constexpr char kGroup[] = "gid";

template <auto Set, const char* What>
ObjResult set_two_ids(ThreadState& ts, Obj, Args args) {
  const std::uint32_t real = OURO_TRY(id_argument(ts, args[0], What));
  const std::uint32_t effective = OURO_TRY(id_argument(ts, args[1], What));
  return none_or_error(ts, Set(real, effective));
}
template <auto Set, const char* What>
ObjResult set_three_ids(ThreadState& ts, Obj, Args args) {
  const std::uint32_t real = OURO_TRY(id_argument(ts, args[0], What));
  const std::uint32_t effective = OURO_TRY(id_argument(ts, args[1], What));
  const std::uint32_t saved = OURO_TRY(id_argument(ts, args[2], What));
  return none_or_error(ts, Set(real, effective, saved));
}

ObjResult posix_setgroups(ThreadState& ts, Obj, Args args) {
  ObjRef row = OURO_TRY(sequence_fast(ts, args[0], "setgroups argument must be a sequence"));
  Ref<Bytes> ids =
      OURO_TRY(Bytes::make(ts, static_cast<std::int64_t>(fast_items(row).size() * sizeof(gid_t))));
  const std::size_t count = fast_items(row).size();
  for (std::size_t i = 0; i < count && i < fast_items(row).size(); ++i) {
    ObjRef item = ObjRef::share(fast_items(row)[i]);
    if (!is_int(item)) return raise_type_error(ts, "groups must be integers");
    const gid_t id = OURO_TRY(id_argument(ts, item, "gid"));
    std::memcpy(ids->data() + i * sizeof id, &id, sizeof id);
  }
  return none_or_error(ts, setgroups(count, reinterpret_cast<const gid_t*>(ids->data())));
}

ObjResult posix_getpriority(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "getpriority", {"which", "who"}, 2, values));
  const int which = OURO_TRY(c_int(ts, values[0]));
  const int who = OURO_TRY(c_int(ts, values[1]));
  errno = 0;  // -1 is a priority, too
  const int priority = getpriority(static_cast<__priority_which>(which), static_cast<id_t>(who));
  if (errno != 0) return raise_os_error(ts, errno);
  return Int::from(ts, priority);
}

ObjResult posix_setpriority(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "setpriority", {"which", "who", "priority"}, 3, values));
  const int which = OURO_TRY(c_int(ts, values[0]));
  const int who = OURO_TRY(c_int(ts, values[1]));
  const int priority = OURO_TRY(c_int(ts, values[2]));
  return none_or_error(
      ts, setpriority(static_cast<__priority_which>(which), static_cast<id_t>(who), priority));
}

ObjResult posix_sync(ThreadState& ts, Obj, Args) {
  sync();
  return ts.core.none_ref();
}

}  // namespace

const MethodDef kPosixOwnershipMethods[] = {
    {"chown", posix_chown, 0, -1, MethodDef::kKeywords,
     "chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)\n--\n\nChange the "
     "owner and "
     "group id of path to the numeric uid and gid."},
    {"lchown", posix_lchown, 0, -1, MethodDef::kKeywords,
     "lchown($module, /, path, uid, gid)\n--\n\nThe same, of a link itself."},
    {"fchown", posix_fchown, 0, -1, MethodDef::kKeywords,
     "fchown($module, /, fd, uid, gid)\n--\n\nThe same, of an open file."},
    {"mknod", posix_mknod, 0, -1, MethodDef::kKeywords,
     "mknod($module, /, path, mode=384, device=0, *, dir_fd=None)\n--\n\nCreate a node in the file "
     "system."},
    {"makedev", posix_makedev, 2, 2, MethodDef::kNone,
     "makedev($module, major, minor, /)\n--\n\nComposes a raw device number from its parts."},
    {"chroot", posix_chroot, 0, -1, MethodDef::kKeywords,
     "chroot($module, /, path)\n--\n\nChange root directory to path."},
    {"getxattr", posix_getxattr, 0, -1, MethodDef::kKeywords,
     "getxattr($module, /, path, attribute, *, follow_symlinks=True)\n--\n\nReturn the value of "
     "extended "
     "attribute attribute on path."},
    {"setxattr", posix_setxattr, 0, -1, MethodDef::kKeywords,
     "setxattr($module, /, path, attribute, value, flags=0, *,\n         "
     "follow_symlinks=True)\n--\n\nSet "
     "extended attribute attribute on path to value."},
    {"removexattr", posix_removexattr, 0, -1, MethodDef::kKeywords,
     "removexattr($module, /, path, attribute, *, follow_symlinks=True)\n--\n\nRemove extended "
     "attribute "
     "attribute on path."},
    {"listxattr", posix_listxattr, 0, -1, MethodDef::kKeywords,
     "listxattr($module, /, path=None, *, follow_symlinks=True)\n--\n\nReturn a list of extended "
     "attributes "
     "on path."},
    {"getresuid", get_three_ids<getresuid>, 0, 0, MethodDef::kNone,
     "getresuid($module, /)\n--\n\nThe real, effective and saved user ids."},
    {"getresgid", get_three_ids<getresgid>, 0, 0, MethodDef::kNone,
     "getresgid($module, /)\n--\n\nThe real, effective and saved group ids."},
    {"setreuid", set_two_ids<setreuid, kUser>, 2, 2, MethodDef::kNone,
     "setreuid($module, ruid, euid, /)\n--\n\nSets the real and effective user ids."},
    {"setregid", set_two_ids<setregid, kGroup>, 2, 2, MethodDef::kNone,
     "setregid($module, rgid, egid, /)\n--\n\nSets the real and effective group ids."},
    {"setresuid", set_three_ids<setresuid, kUser>, 3, 3, MethodDef::kNone,
     "setresuid($module, ruid, euid, suid, /)\n--\n\nSets the real, effective and saved user ids."},
    {"setresgid", set_three_ids<setresgid, kGroup>, 3, 3, MethodDef::kNone,
     "setresgid($module, rgid, egid, sgid, /)\n--\n\nSets the real, effective and saved group "
     "ids."},
    {"setgroups", posix_setgroups, 1, 1, MethodDef::kNone,
     "setgroups($module, groups, /)\n--\n\nSets the groups of the process."},
    {"getpriority", posix_getpriority, 0, -1, MethodDef::kKeywords,
     "getpriority($module, /, which, who)\n--\n\nThe scheduling priority of processes."},
    {"setpriority", posix_setpriority, 0, -1, MethodDef::kKeywords,
     "setpriority($module, /, which, who, priority)\n--\n\nSets the scheduling priority of "
     "processes."},
    {"sync", posix_sync, 0, 0, MethodDef::kNone,
     "sync($module, /)\n--\n\nWrites everything to disk."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
