// Module _stat: the constants and tests of file modes.
#include <sys/stat.h>

#include "modules/module_support.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

struct Constant {
  const char* name;
  std::int64_t value;
};

// The ST_ numbers are places in os.stat's tuple.
constexpr Constant kConstants[] = {
    {"S_IFDIR", S_IFDIR},
    {"S_IFCHR", S_IFCHR},
    {"S_IFBLK", S_IFBLK},
    {"S_IFREG", S_IFREG},
    {"S_IFIFO", S_IFIFO},
    {"S_IFLNK", S_IFLNK},
    {"S_IFSOCK", S_IFSOCK},
    {"S_IFDOOR", 0},
    {"S_IFPORT", 0},
    {"S_IFWHT", 0},
    {"S_ISUID", S_ISUID},
    {"S_ISGID", S_ISGID},
    {"S_ISVTX", S_ISVTX},
    {"S_ENFMT", S_ISGID},
    {"S_IREAD", S_IRUSR},
    {"S_IWRITE", S_IWUSR},
    {"S_IEXEC", S_IXUSR},
    {"S_IRWXU", S_IRWXU},
    {"S_IRUSR", S_IRUSR},
    {"S_IWUSR", S_IWUSR},
    {"S_IXUSR", S_IXUSR},
    {"S_IRWXG", S_IRWXG},
    {"S_IRGRP", S_IRGRP},
    {"S_IWGRP", S_IWGRP},
    {"S_IXGRP", S_IXGRP},
    {"S_IRWXO", S_IRWXO},
    {"S_IROTH", S_IROTH},
    {"S_IWOTH", S_IWOTH},
    {"S_IXOTH", S_IXOTH},
    {"UF_NODUMP", 0x1},
    {"UF_IMMUTABLE", 0x2},
    {"UF_APPEND", 0x4},
    {"UF_OPAQUE", 0x8},
    {"UF_NOUNLINK", 0x10},
    {"UF_COMPRESSED", 0x20},
    {"UF_HIDDEN", 0x8000},
    {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000},
    {"SF_APPEND", 0x40000},
    {"SF_NOUNLINK", 0x100000},
    {"SF_SNAPSHOT", 0x200000},
    {"ST_MODE", 0},
    {"ST_INO", 1},
    {"ST_DEV", 2},
    {"ST_NLINK", 3},
    {"ST_UID", 4},
    {"ST_GID", 5},
    {"ST_SIZE", 6},
    {"ST_ATIME", 7},
    {"ST_MTIME", 8},
    {"ST_CTIME", 9},
};

Result<mode_t> mode_argument(ThreadState& ts, Obj value) {
  if (!is_int(value)) return raise_type_error(ts, "an integer is required (got type {t})", value);
  const std::int64_t mode = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (mode < 0 || mode > UINT32_MAX)
    return raise(ts, ts.core.exceptions.OverflowError, "mode out of range");
  return static_cast<mode_t>(mode);
}

template <mode_t kKind>
ObjResult is_of_kind(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref((OURO_TRY(mode_argument(ts, args[0])) & S_IFMT) == kKind);
}

// Kinds that this system does not have.
ObjResult is_never(ThreadState& ts, Obj, Args args) {
  OURO_TRY(mode_argument(ts, args[0]));
  return ts.core.bool_ref(false);
}

ObjResult permission_bits(ThreadState& ts, Obj, Args args) {
  return int_result(ts, OURO_TRY(mode_argument(ts, args[0])) & 07777);
}
ObjResult kind_bits(ThreadState& ts, Obj, Args args) {
  return int_result(ts, OURO_TRY(mode_argument(ts, args[0])) & S_IFMT);
}

char kind_letter(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return '-';
    case S_IFDIR:
      return 'd';
    case S_IFLNK:
      return 'l';
    case S_IFBLK:
      return 'b';
    case S_IFCHR:
      return 'c';
    case S_IFIFO:
      return 'p';
    case S_IFSOCK:
      return 's';
    default:
      return '?';
  }
}

char execute_letter(bool execute, bool special, char letter) {
  if (special) return execute ? letter : static_cast<char>(letter - 'a' + 'A');
  return execute ? 'x' : '-';
}

ObjResult file_mode(ThreadState& ts, Obj, Args args) {
  const mode_t mode = OURO_TRY(mode_argument(ts, args[0]));
  const char text[] = {kind_letter(mode),
                       (mode & S_IRUSR) != 0 ? 'r' : '-',
                       (mode & S_IWUSR) != 0 ? 'w' : '-',
                       execute_letter((mode & S_IXUSR) != 0, (mode & S_ISUID) != 0, 's'),
                       (mode & S_IRGRP) != 0 ? 'r' : '-',
                       (mode & S_IWGRP) != 0 ? 'w' : '-',
                       execute_letter((mode & S_IXGRP) != 0, (mode & S_ISGID) != 0, 's'),
                       (mode & S_IROTH) != 0 ? 'r' : '-',
                       (mode & S_IWOTH) != 0 ? 'w' : '-',
                       execute_letter((mode & S_IXOTH) != 0, (mode & S_ISVTX) != 0, 't')};
  return Str::from_utf8(ts, {text, sizeof text});
}

constexpr MethodDef kFunctions[] = {
    {"S_ISDIR", is_of_kind<S_IFDIR>, 1, 1, MethodDef::kNone,
     "S_ISDIR(mode) -> bool\n\nReturn True if mode is from a directory."},
    {"S_ISCHR", is_of_kind<S_IFCHR>, 1, 1, MethodDef::kNone,
     "S_ISCHR(mode) -> bool\n\nReturn True if mode is from a character special device file."},
    {"S_ISBLK", is_of_kind<S_IFBLK>, 1, 1, MethodDef::kNone,
     "S_ISBLK(mode) -> bool\n\nReturn True if mode is from a block special device file."},
    {"S_ISREG", is_of_kind<S_IFREG>, 1, 1, MethodDef::kNone,
     "S_ISREG(mode) -> bool\n\nReturn True if mode is from a regular file."},
    {"S_ISFIFO", is_of_kind<S_IFIFO>, 1, 1, MethodDef::kNone,
     "S_ISFIFO(mode) -> bool\n\nReturn True if mode is from a FIFO (named pipe)."},
    {"S_ISLNK", is_of_kind<S_IFLNK>, 1, 1, MethodDef::kNone,
     "S_ISLNK(mode) -> bool\n\nReturn True if mode is from a symbolic link."},
    {"S_ISSOCK", is_of_kind<S_IFSOCK>, 1, 1, MethodDef::kNone,
     "S_ISSOCK(mode) -> bool\n\nReturn True if mode is from a socket."},
    {"S_ISDOOR", is_never, 1, 1, MethodDef::kNone,
     "S_ISDOOR(mode) -> bool\n\nReturn True if mode is from a door."},
    {"S_ISPORT", is_never, 1, 1, MethodDef::kNone,
     "S_ISPORT(mode) -> bool\n\nReturn True if mode is from an event port."},
    {"S_ISWHT", is_never, 1, 1, MethodDef::kNone,
     "S_ISWHT(mode) -> bool\n\nReturn True if mode is from a whiteout."},
    {"S_IMODE", permission_bits, 1, 1, MethodDef::kNone,
     "Return the portion of the file's mode that can be set by os.chmod()."},
    {"S_IFMT", kind_bits, 1, 1, MethodDef::kNone,
     "Return the portion of the file's mode that describes the file type."},
    {"filemode", file_mode, 1, 1, MethodDef::kNone,
     "Convert a file's mode to a string of the form '-rwxrwxrwx'"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_stat_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_stat"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  for (const Constant& constant : kConstants)
    OURO_TRY(add_constant(ts, module, constant.name, constant.value));
  return module;
}

}  // namespace ouro
