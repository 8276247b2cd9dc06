// posix: files, folders, links, their facts.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "modules/posix_support.h"
#include "modules/struct_sequence.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/threads.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

constexpr const char* kStatFields[] = {"st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime",
                                       "st_ctime", "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev"};

Borrowed<Type> class_of(ThreadState& ts, Borrowed<Module> module, const char* name) {
  Result<Ref<Str>> key = intern(ts, name);
  if (key.raised()) {
    clear_pending(ts);
    return nullptr;
  }
  Borrowed<Object> found = dict_get_str(module->dict, key.take());
  return found ? as<Type>(found) : nullptr;
}

ObjResult stat_object(ThreadState& ts, Borrowed<Module> module, const struct stat& facts) {
  constexpr std::size_t kFields = std::size(kStatFields);
  ObjRef values[kFields];
  std::size_t at = 0;
  const auto put = [&](std::int64_t value) -> Status {
    values[at++] = OURO_TRY(Int::from(ts, value));
    return kDone;
  };
  for (const std::int64_t value : {static_cast<std::int64_t>(facts.st_mode), static_cast<std::int64_t>(facts.st_ino),
                                   static_cast<std::int64_t>(facts.st_dev), static_cast<std::int64_t>(facts.st_nlink),
                                   static_cast<std::int64_t>(facts.st_uid), static_cast<std::int64_t>(facts.st_gid),
                                   static_cast<std::int64_t>(facts.st_size)}) {
    OURO_TRY(put(value));
  }
  const timespec times[] = {facts.st_atim, facts.st_mtim, facts.st_ctim};
  for (const timespec& time : times) {
    values[at++] = OURO_TRY(Float::from(ts, static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec)));
  }
  for (const timespec& time : times) OURO_TRY(put(static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec));
  OURO_TRY(put(facts.st_blksize));
  OURO_TRY(put(facts.st_blocks));
  OURO_TRY(put(static_cast<std::int64_t>(facts.st_rdev)));
  Object* items[kFields];
  for (std::size_t i = 0; i < kFields; ++i) items[i] = values[i].get();
  return make_struct(ts, class_of(ts, module, "stat_result"), items);
}

Status refuse_dir_fd(ThreadState& ts, Obj value) {
  if (value && !is_none(value)) return raise(ts, ts.core.exceptions.NotImplementedError, "dir_fd unavailable on this platform");
  return kDone;
}

ObjResult posix_stat(ThreadState& ts, Obj module, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "stat", {"path", "*", "dir_fd", "follow_symlinks"}, 1, values));
  OURO_TRY(refuse_dir_fd(ts, values[1]));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "stat", PathArgument::Descriptor::Allowed));
  const bool follow = !values[2] || OURO_TRY(is_true(ts, values[2]));
  struct stat facts = {};
  const int result = path.is_descriptor() ? fstat(path.descriptor(), &facts) : follow ? stat(path.text(), &facts) : lstat(path.text(), &facts);
  if (result != 0) return raise_os_error(ts, errno, path.shown());
  return stat_object(ts, as<Module>(module), facts);
}

ObjResult posix_lstat(ThreadState& ts, Obj module, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "lstat", {"path", "*", "dir_fd"}, 1, values));
  OURO_TRY(refuse_dir_fd(ts, values[1]));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "lstat"));
  struct stat facts = {};
  if (lstat(path.text(), &facts) != 0) return raise_os_error(ts, errno, path.shown());
  return stat_object(ts, as<Module>(module), facts);
}

ObjResult posix_fstat(ThreadState& ts, Obj module, Args args) {
  const std::int64_t descriptor = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  struct stat facts = {};
  if (fstat(static_cast<int>(descriptor), &facts) != 0) return raise_os_error(ts, errno, nullptr);
  return stat_object(ts, as<Module>(module), facts);
}

ObjResult posix_open(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "open", {"path", "flags", "mode", "*", "dir_fd"}, 2, values));
  OURO_TRY(refuse_dir_fd(ts, values[3]));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "open"));
  const std::int64_t flags = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
  const std::int64_t mode = values[2] ? OURO_TRY(index_as_int64(ts, values[2], ts.core.exceptions.OverflowError)) : 0777;
  const std::int64_t descriptor = OURO_TRY(blocking_call(ts, [&] {
    return open(path.text(), static_cast<int>(flags) | O_CLOEXEC, static_cast<mode_t>(mode));
  }));
  if (descriptor < 0) return raise_os_error(ts, errno, path.shown());
  return Int::from(ts, descriptor);
}

/// A function of one path and the usual keyword-only dir_fd.
template <int (*kFunction)(const char*), const char* const& kName>
ObjResult on_path(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, kName, {"path", "*", "dir_fd"}, 1, values));
  OURO_TRY(refuse_dir_fd(ts, values[1]));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], kName));
  if (kFunction(path.text()) != 0) return raise_os_error(ts, errno, path.shown());
  return ts.core.none_ref();
}
constexpr const char* kUnlink = "unlink";
constexpr const char* kRemove = "remove";
constexpr const char* kRmdir = "rmdir";

ObjResult posix_mkdir(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "mkdir", {"path", "mode", "*", "dir_fd"}, 1, values));
  OURO_TRY(refuse_dir_fd(ts, values[2]));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "mkdir"));
  const std::int64_t mode = values[1] ? OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError)) : 0777;
  if (mkdir(path.text(), static_cast<mode_t>(mode)) != 0) return raise_os_error(ts, errno, path.shown());
  return ts.core.none_ref();
}

/// A function of two paths; the error names both.
template <int (*kFunction)(const char*, const char*), const char* const& kName>
ObjResult on_two_paths(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, kName, {"src", "dst"}, 2, values));
  PathArgument from;
  PathArgument to;
  OURO_TRY(from.take(ts, values[0], kName));
  OURO_TRY(to.take(ts, values[1], kName));
  if (kFunction(from.text(), to.text()) != 0) {
    const int reason = errno;
    Ref<Int> number = OURO_TRY(Int::from(ts, reason));
    char buffer[256];
    Ref<Str> text = OURO_TRY(Str::from_utf8(ts, strerror_r(reason, buffer, sizeof buffer)));
    Object* error_args[] = {number.get(), text.get(), from.shown().get(), ts.core.none, to.shown().get()};
    return raise_object(ts, OURO_TRY(call(ts, Obj(ts.core.exceptions.OSError), Args{error_args, 5, nullptr})));
  }
  return ts.core.none_ref();
}
constexpr const char* kRename = "rename";
constexpr const char* kReplace = "replace";
constexpr const char* kLink = "link";
constexpr const char* kSymlink = "symlink";

ObjResult posix_readlink(ThreadState& ts, Obj, Args args) {
  PathArgument path;
  OURO_TRY(path.take(ts, args[0], "readlink"));
  char target[4096];
  const ssize_t length = readlink(path.text(), target, sizeof target);
  if (length < 0) return raise_os_error(ts, errno, path.shown());
  return system_text(ts, {target, static_cast<std::size_t>(length)}, path.was_bytes());
}

ObjResult posix_access(ThreadState& ts, Obj, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "access", {"path", "mode", "*", "dir_fd", "effective_ids", "follow_symlinks"}, 2, values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "access"));
  const std::int64_t mode = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
  return ts.core.bool_ref(access(path.text(), static_cast<int>(mode)) == 0);
}

ObjResult posix_chmod(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "chmod", {"path", "mode", "*", "dir_fd", "follow_symlinks"}, 2, values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "chmod", PathArgument::Descriptor::Allowed));
  const auto mode = static_cast<mode_t>(OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError)));
  if ((path.is_descriptor() ? fchmod(path.descriptor(), mode) : chmod(path.text(), mode)) != 0) {
    return raise_os_error(ts, errno, path.shown());
  }
  return ts.core.none_ref();
}

ObjResult posix_truncate(ThreadState& ts, Obj, Args args) {
  PathArgument path;
  OURO_TRY(path.take(ts, args[0], "truncate", PathArgument::Descriptor::Allowed));
  const std::int64_t size = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  if ((path.is_descriptor() ? ftruncate(path.descriptor(), size) : truncate(path.text(), size)) != 0) {
    return raise_os_error(ts, errno, path.shown());
  }
  return ts.core.none_ref();
}

Status read_time(ThreadState& ts, Obj value, timespec& out) {
  const double seconds = OURO_TRY(as_double(ts, value));
  out.tv_sec = static_cast<time_t>(std::floor(seconds));
  out.tv_nsec = static_cast<long>((seconds - std::floor(seconds)) * 1e9);
  return kDone;
}

ObjResult posix_utime(ThreadState& ts, Obj, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "utime", {"path", "times", "*", "ns", "dir_fd", "follow_symlinks"}, 1, values));
  PathArgument path;
  OURO_TRY(path.take(ts, values[0], "utime"));
  timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  if (values[1] && !is_none(values[1])) {
    if (!is_tuple(values[1]) || as<Tuple>(values[1])->size != 2) {
      return raise_type_error(ts, "utime: 'times' must be either a tuple of two ints or None");
    }
    for (int i = 0; i < 2; ++i) OURO_TRY(read_time(ts, as<Tuple>(values[1])->at(i), times[i]));
  } else if (values[2]) {
    if (!is_tuple(values[2]) || as<Tuple>(values[2])->size != 2) return raise_type_error(ts, "utime: 'ns' must be a tuple of two ints");
    for (int i = 0; i < 2; ++i) {
      const std::int64_t nanoseconds = OURO_TRY(index_as_int64(ts, as<Tuple>(values[2])->at(i), ts.core.exceptions.OverflowError));
      times[i] = {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    }
  }
  if (utimensat(AT_FDCWD, path.text(), times, 0) != 0) return raise_os_error(ts, errno, path.shown());
  return ts.core.none_ref();
}

// -- folders -----------------------------------------------------------------------------------------------------------

/// An open folder, closed at the end.
class Folder {
 public:
  explicit Folder(const char* path) : handle_(opendir(path)) {}
  ~Folder() {
    if (handle_ != nullptr) closedir(handle_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] bool ok() const { return handle_ != nullptr; }
  /// The next entry but "." and ".."; null at the end.
  const dirent* next() {
    for (;;) {
      const dirent* entry = readdir(handle_);
      if (entry == nullptr) return nullptr;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") return entry;
    }
  }

 private:
  DIR* handle_;
};

ObjResult default_folder(ThreadState& ts, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "listdir", {"path"}, 0, values));
  if (values[0] && !is_none(values[0])) return values[0].new_ref();
  return intern(ts, ".");
}

ObjResult posix_listdir(ThreadState& ts, Obj, Args args) {
  ObjRef where = OURO_TRY(default_folder(ts, args));
  PathArgument path;
  OURO_TRY(path.take(ts, where, "listdir"));
  Folder folder(path.text());
  if (!folder.ok()) return raise_os_error(ts, errno, path.shown());
  Ref<List> names = OURO_TRY(List::create(ts));
  while (const dirent* entry = folder.next()) OURO_TRY(names->append(ts, OURO_TRY(system_text(ts, entry->d_name, path.was_bytes()))));
  return names;
}

/// os.DirEntry. The facts of the file are asked for when they are wanted.
struct DirEntry : Object {
  Object* name;   // owned, as all
  Object* path;
  unsigned char kind;  // DT_…
  std::uint64_t inode;
};

DirEntry& entry_of(Obj self) { return *as<DirEntry>(self); }

void entry_dealloc(gc::Header* header) {
  auto* self = static_cast<DirEntry*>(header);
  xdecref(std::exchange(self->name, nullptr));
  xdecref(std::exchange(self->path, nullptr));
  free_object(self);
}

Result<bool> entry_stat(ThreadState& ts, Obj self, bool follow, struct stat& facts) {
  PathArgument path;
  OURO_TRY(path.take(ts, entry_of(self).path, "DirEntry"));
  if ((follow ? stat(path.text(), &facts) : lstat(path.text(), &facts)) == 0) return true;
  if (errno == ENOENT) return false;
  return raise_os_error(ts, errno, path.shown());
}

Result<bool> follows(ThreadState& ts, Args args, const char* function) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, function, {"*", "follow_symlinks"}, 0, values));
  if (!values[0]) return true;
  return is_true(ts, values[0]);
}

ObjResult entry_is(ThreadState& ts, Obj self, Args args, const char* function, unsigned char kind, mode_t format) {
  const bool follow = OURO_TRY(follows(ts, args, function));
  const unsigned char known = entry_of(self).kind;
  if (known != DT_UNKNOWN && (known != DT_LNK || !follow)) return ts.core.bool_ref(known == kind);
  struct stat facts = {};
  const bool found = OURO_TRY(entry_stat(ts, self, follow, facts));
  return ts.core.bool_ref(found && (facts.st_mode & S_IFMT) == format);
}
ObjResult entry_is_dir(ThreadState& ts, Obj self, Args args) { return entry_is(ts, self, args, "is_dir", DT_DIR, S_IFDIR); }
ObjResult entry_is_file(ThreadState& ts, Obj self, Args args) { return entry_is(ts, self, args, "is_file", DT_REG, S_IFREG); }
ObjResult entry_is_symlink(ThreadState& ts, Obj self, Args) {
  if (entry_of(self).kind != DT_UNKNOWN) return ts.core.bool_ref(entry_of(self).kind == DT_LNK);
  struct stat facts = {};
  const bool found = OURO_TRY(entry_stat(ts, self, false, facts));
  return ts.core.bool_ref(found && S_ISLNK(facts.st_mode));
}

ObjResult entry_stat_method(ThreadState& ts, Obj self, Args args) {
  const bool follow = OURO_TRY(follows(ts, args, "stat"));
  Borrowed<Object> module = ts.core.modules == nullptr ? Borrowed<Object>() : dict_get_str(ts.core.modules, OURO_TRY(intern(ts, "posix")));
  if (!module || !is_kind(module, TypeKind::Module)) return raise(ts, ts.core.exceptions.RuntimeError, "module posix is gone");
  struct stat facts = {};
  if (!OURO_TRY(entry_stat(ts, self, follow, facts))) return raise_os_error(ts, ENOENT, entry_of(self).path);
  return stat_object(ts, as<Module>(module), facts);
}

ObjResult entry_inode(ThreadState& ts, Obj self, Args) { return Int::from_unsigned(ts, entry_of(self).inode); }
ObjResult entry_fspath(ThreadState&, Obj self, Args) { return Obj(entry_of(self).path).new_ref(); }
ObjResult entry_get_name(ThreadState&, Obj self) { return Obj(entry_of(self).name).new_ref(); }
ObjResult entry_get_path(ThreadState&, Obj self) { return Obj(entry_of(self).path).new_ref(); }
ObjResult entry_repr(ThreadState& ts, Obj self) {
  const FormatArg args[] = {FormatArg(entry_of(self).name)};
  return format_message(ts, "<DirEntry {r}>", args);
}

constexpr MethodDef kEntryMethods[] = {
    {"is_dir", entry_is_dir, 0, -1, MethodDef::kKeywords, nullptr},
    {"is_file", entry_is_file, 0, -1, MethodDef::kKeywords, nullptr},
    {"is_symlink", entry_is_symlink, 0, 0, MethodDef::kNone, nullptr},
    {"stat", entry_stat_method, 0, -1, MethodDef::kKeywords, nullptr},
    {"inode", entry_inode, 0, 0, MethodDef::kNone, nullptr},
    {"__fspath__", entry_fspath, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kEntryGetSets[] = {
    {"name", entry_get_name, nullptr, nullptr}, {"path", entry_get_path, nullptr, nullptr}, {nullptr, nullptr, nullptr, nullptr}};

/// The iterator of scandir: the entries were read at once, so no descriptor is held.
struct ScanIterator : Object {
  List* entries;  // owned
  std::int64_t next;
  template <class V>
  void edges(V& v) const {
    v.edge(entries, gc::slot_label("entries"));
  }
};

void scan_clear(gc::Header* header) { xdecref(std::exchange(static_cast<ScanIterator*>(header)->entries, nullptr)); }
void scan_dealloc(gc::Header* header) {
  auto* self = static_cast<ScanIterator*>(header);
  untrack(self);
  scan_clear(header);
  free_object(self);
}
Next scan_next(ThreadState&, Obj self, ObjRef& item) {
  auto* scan = as<ScanIterator>(self);
  if (scan->entries == nullptr || scan->next >= scan->entries->size) return Next::Done;
  item = scan->entries->at(scan->next++).new_ref();
  return Next::Item;
}
ObjResult scan_close(ThreadState& ts, Obj self, Args) {
  scan_clear(self.get());
  return ts.core.none_ref();
}
ObjResult scan_enter(ThreadState&, Obj self, Args) { return self.new_ref(); }
constexpr MethodDef kScanMethods[] = {
    {"close", scan_close, 0, 0, MethodDef::kNone, nullptr},
    {"__enter__", scan_enter, 0, 0, MethodDef::kNone, nullptr},
    {"__exit__", scan_close, 0, -1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

ObjResult posix_scandir(ThreadState& ts, Obj module, Args args) {
  ObjRef where = OURO_TRY(default_folder(ts, args));
  PathArgument path;
  OURO_TRY(path.take(ts, where, "scandir"));
  Folder folder(path.text());
  if (!folder.ok()) return raise_os_error(ts, errno, path.shown());
  Ref<List> entries = OURO_TRY(List::create(ts));
  Borrowed<Type> entry_type = class_of(ts, as<Module>(module), "DirEntry");
  Borrowed<Type> iterator_type = class_of(ts, as<Module>(module), "ScandirIterator");
  const std::string_view base = path.text();
  while (const dirent* entry = folder.next()) {
    ObjRef made = OURO_TRY(allocate_object(ts, entry_type, sizeof(DirEntry)));
    DirEntry& facts = entry_of(made);
    facts.kind = entry->d_type;
    facts.inode = entry->d_ino;
    facts.name = OURO_TRY(system_text(ts, entry->d_name, path.was_bytes())).release();
    Ref<ByteArray> full = OURO_TRY(ByteArray::from(ts, base));
    const std::string_view name = entry->d_name;
    const bool needs_slash = !base.empty() && base.back() != '/';
    OURO_TRY(full->resize(ts, static_cast<std::int64_t>(base.size() + needs_slash + name.size())));
    if (needs_slash) full->data[base.size()] = '/';
    name.copy(full->data + base.size() + needs_slash, name.size());
    facts.path = OURO_TRY(system_text(ts, {full->data, static_cast<std::size_t>(full->length)}, path.was_bytes())).release();
    OURO_TRY(entries->append(ts, std::move(made)));
  }
  ObjRef iterator = OURO_TRY(allocate_object(ts, iterator_type, sizeof(ScanIterator)));
  as<ScanIterator>(iterator)->entries = entries.release();
  OURO_TRY(track(ts, iterator));
  return iterator;
}

}  // namespace

const MethodDef kPosixFileMethods[] = {
    {"stat", posix_stat, 0, -1, MethodDef::kKeywords, "stat($module, /, path, *, dir_fd=None, follow_symlinks=True)\n--\n\nPerform a stat system call on the given path."},
    {"lstat", posix_lstat, 0, -1, MethodDef::kKeywords, "lstat($module, /, path, *, dir_fd=None)\n--\n\nPerform a stat system call on the given path, without following symbolic links."},
    {"fstat", posix_fstat, 1, 1, MethodDef::kNone, "fstat($module, /, fd)\n--\n\nPerform a stat system call on the given file descriptor."},
    {"open", posix_open, 0, -1, MethodDef::kKeywords, "open($module, /, path, flags, mode=511, *, dir_fd=None)\n--\n\nOpen a file for low level IO.  Returns a file descriptor (integer)."},
    {"unlink", on_path<::unlink, kUnlink>, 0, -1, MethodDef::kKeywords, "unlink($module, /, path, *, dir_fd=None)\n--\n\nRemove a file (same as remove())."},
    {"remove", on_path<::unlink, kRemove>, 0, -1, MethodDef::kKeywords, "remove($module, /, path, *, dir_fd=None)\n--\n\nRemove a file (same as unlink())."},
    {"rmdir", on_path<::rmdir, kRmdir>, 0, -1, MethodDef::kKeywords, "rmdir($module, /, path, *, dir_fd=None)\n--\n\nRemove a directory."},
    {"mkdir", posix_mkdir, 0, -1, MethodDef::kKeywords, "mkdir($module, /, path, mode=511, *, dir_fd=None)\n--\n\nCreate a directory."},
    {"rename", on_two_paths<::rename, kRename>, 0, -1, MethodDef::kKeywords, "rename($module, /, src, dst)\n--\n\nRename a file or directory."},
    {"replace", on_two_paths<::rename, kReplace>, 0, -1, MethodDef::kKeywords, "replace($module, /, src, dst)\n--\n\nRename a file or directory, overwriting the destination."},
    {"link", on_two_paths<::link, kLink>, 0, -1, MethodDef::kKeywords, "link($module, /, src, dst)\n--\n\nCreate a hard link to a file."},
    {"symlink", on_two_paths<::symlink, kSymlink>, 0, -1, MethodDef::kKeywords, "symlink($module, /, src, dst)\n--\n\nCreate a symbolic link pointing to src named dst."},
    {"readlink", posix_readlink, 1, 1, MethodDef::kNone, "readlink($module, /, path)\n--\n\nReturn a string representing the path to which the symbolic link points."},
    {"access", posix_access, 0, -1, MethodDef::kKeywords, "access($module, /, path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)\n--\n\nUse the real uid/gid to test for access to a path."},
    {"chmod", posix_chmod, 0, -1, MethodDef::kKeywords, "chmod($module, /, path, mode, *, dir_fd=None, follow_symlinks=True)\n--\n\nChange the access permissions of a file."},
    {"truncate", posix_truncate, 2, 2, MethodDef::kNone, "truncate($module, /, path, length)\n--\n\nTruncate a file, specified by path, to a specific length."},
    {"utime", posix_utime, 0, -1, MethodDef::kKeywords, "utime($module, /, path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True)\n--\n\nSet the access and modified time of path."},
    {"listdir", posix_listdir, 0, -1, MethodDef::kKeywords, "listdir($module, /, path=None)\n--\n\nReturn a list containing the names of the files in the directory."},
    {"scandir", posix_scandir, 0, -1, MethodDef::kKeywords, "scandir($module, /, path=None)\n--\n\nReturn an iterator of DirEntry objects for given path."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Status add_posix_types(ThreadState& ts, Borrowed<Module> module) {
  const auto add = [&](const char* name, Borrowed<Type> type) -> Status { return dict_set(ts, module->dict, name, Obj(type)); };
  OURO_TRY(add("stat_result", OURO_TRY(make_struct_sequence(ts, "os", "stat_result", kStatFields, 10))));
  constexpr const char* kTerminalFields[] = {"columns", "lines"};
  OURO_TRY(add("terminal_size", OURO_TRY(make_struct_sequence(ts, "os", "terminal_size", kTerminalFields, 2))));
  constexpr const char* kStatvfsFields[] = {"f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag", "f_namemax", "f_fsid"};
  OURO_TRY(add("statvfs_result", OURO_TRY(make_struct_sequence(ts, "os", "statvfs_result", kStatvfsFields, 10))));
  const auto fill_entry = [](Type& type) {
    type.info.dealloc = entry_dealloc;
    type.repr = entry_repr;
    type.methods = kEntryMethods;
    type.getsets = kEntryGetSets;
  };
  OURO_TRY(add("DirEntry", OURO_TRY(make_native_type(ts, TypeSpec{"DirEntry", "posix", sizeof(DirEntry), 0, kDisallowInstantiation, fill_entry, nullptr}))));
  const auto fill_scan = [](Type& type) {
    gc::EdgeFunctions<ScanIterator>::install(type.info);
    type.info.clear = scan_clear;
    type.info.dealloc = scan_dealloc;
    type.iter = [](ThreadState&, Obj self) -> ObjResult { return self.new_ref(); };
    type.next = scan_next;
    type.methods = kScanMethods;
  };
  return add("ScandirIterator", OURO_TRY(make_native_type(ts, TypeSpec{"ScandirIterator", "posix", sizeof(ScanIterator), 0,
                                                                       std::uint64_t{gc::kCollected} | kDisallowInstantiation, fill_scan, nullptr})));
}

}  // namespace ouro
