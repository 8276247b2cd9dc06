// OSError and its errno classes.
//
// `OSError(errno, strerror, …)` gives an instance of the subclass that stands for the errno. A
// subclass that defines
// __init__ but not __new__ gets its arguments parsed in __init__, as in CPython, so that it may
// change them.

#include <cerrno>

#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/int.h"
#include "objects/operations.h"

namespace ouro::exceptions {

Type* os_error_class(const CoreExceptions& exceptions, std::int64_t error_number) {
  switch (error_number) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
      return exceptions.BlockingIOError;
    case EPIPE:
    case ESHUTDOWN:
      return exceptions.BrokenPipeError;
    case ECHILD:
      return exceptions.ChildProcessError;
    case ECONNABORTED:
      return exceptions.ConnectionAbortedError;
    case ECONNREFUSED:
      return exceptions.ConnectionRefusedError;
    case ECONNRESET:
      return exceptions.ConnectionResetError;
    case EEXIST:
      return exceptions.FileExistsError;
    case ENOENT:
      return exceptions.FileNotFoundError;
    case EISDIR:
      return exceptions.IsADirectoryError;
    case ENOTDIR:
      return exceptions.NotADirectoryError;
    case EINTR:
      return exceptions.InterruptedError;
    case EACCES:
    case EPERM:
      return exceptions.PermissionError;
    case ESRCH:
      return exceptions.ProcessLookupError;
    case ETIMEDOUT:
      return exceptions.TimeoutError;
    default:
      return nullptr;
  }
}

namespace {

constexpr std::uint32_t kFieldCount = 5;

Status os_error_init(ThreadState& ts, Obj self, Args args);
ObjResult os_error_make(ThreadState& ts, Borrowed<Type> type, Args args);

bool parses_in_init(Borrowed<Type> type) {
  return type->init != os_error_init && type->make == os_error_make;
}

bool has_position_fields(Args args) { return args.count >= 2 && args.count <= 5; }

/// Is it a number for the third argument of BlockingIOError?
bool is_number(Obj object) {
  const NumberSlots& number = object->type()->number;
  return number.index != nullptr || number.to_int != nullptr || number.to_float != nullptr;
}

/// Sets fields and args from the constructor's arguments (errno, strerror, filename, winerror,
/// filename2).
Status set_fields(ThreadState& ts, Obj self, Args args) {
  std::uint32_t kept = args.count;
  if (has_position_fields(args)) {
    Obj filename = args.count > 2 ? args[2] : Obj();
    if (filename && !is_none(filename)) {
      if (is_instance_of(self, ts.core.exceptions.BlockingIOError) && is_number(filename)) {
        ObjRef written = OURO_TRY(to_index(ts, filename));
        set_exception_field(self, OSErrorField::CharactersWritten, written);
      } else {
        set_exception_field(self, OSErrorField::Filename, filename);
        if (args.count > 4 && !is_none(args[4]))
          set_exception_field(self, OSErrorField::Filename2, args[4]);
        kept = 2;
      }
    }
    set_exception_field(self, OSErrorField::Errno, args[0]);
    set_exception_field(self, OSErrorField::Strerror, args[1]);
  }
  return set_args(ts, self, Args{args.values, kept, nullptr});
}

ObjResult os_error_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (parses_in_init(type)) {
    Ref<BaseException> self = OURO_TRY(allocate(ts, type, kFieldCount, Args{}));
    return ObjRef(std::move(self));
  }
  OURO_TRY(refuse_keywords(ts, args, type->name()));
  Borrowed<Type> wanted = type;
  if (type == Borrowed<Type>(ts.core.exceptions.OSError) && has_position_fields(args) &&
      is_int(args[0])) {
    if (Type* special = os_error_class(ts.core.exceptions, int_clamped(args[0]))) wanted = special;
  }
  Ref<BaseException> self = OURO_TRY(allocate(ts, wanted, kFieldCount, args));
  OURO_TRY(set_fields(ts, Obj(self), args));
  return ObjRef(std::move(self));
}

Status os_error_init(ThreadState& ts, Obj self, Args args) {
  if (!parses_in_init(self->type())) return kDone;
  OURO_TRY(refuse_keywords(ts, args, type_name(self)));
  return set_fields(ts, self, args);
}

ObjResult os_error_str(ThreadState& ts, Obj self) {
  const auto part = [&](OSErrorField field) {
    Obj value = exception_field(self, field);
    return FormatArg(value ? value : Obj(ts.core.none));
  };
  const FormatArg shown[] = {part(OSErrorField::Errno), part(OSErrorField::Strerror),
                             part(OSErrorField::Filename), part(OSErrorField::Filename2)};
  const char* pattern = "[Errno {}] {}";
  if (exception_field(self, OSErrorField::Filename)) {
    pattern = exception_field(self, OSErrorField::Filename2) ? "[Errno {}] {}: {r} -> {r}"
                                                             : "[Errno {}] {}: {r}";
  } else if (!exception_field(self, OSErrorField::Errno) ||
             !exception_field(self, OSErrorField::Strerror)) {
    return base_str(ts, self);
  }
  return format_message(ts, pattern, shown);
}

/// The file names were cut off args: they are put back for the new object's constructor.
ObjResult os_error_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Tuple> args = Ref<Tuple>::share(as_exception(self)->args);
  ObjRef filename = exception_field(self, OSErrorField::Filename).new_ref();
  ObjRef filename2 = exception_field(self, OSErrorField::Filename2).new_ref();
  if (args->size == 2 && filename) {
    if (filename2) {
      args =
          OURO_TRY(Tuple::of(ts, args->at(0), args->at(1), filename, Obj(ts.core.none), filename2));
    } else {
      args = OURO_TRY(Tuple::of(ts, args->at(0), args->at(1), filename));
    }
  }
  Dict* dict = as_exception(self)->dict;
  if (dict != nullptr) return Tuple::of(ts, self->type(), args, dict);
  return Tuple::of(ts, self->type(), args);
}

ObjResult get_characters_written(ThreadState& ts, Obj self) {
  Obj written = exception_field(self, OSErrorField::CharactersWritten);
  if (!written) return raise(ts, ts.core.exceptions.AttributeError, "characters_written");
  return written.new_ref();
}
Status set_characters_written(ThreadState& ts, Obj self, Obj value) {
  if (!value) {
    if (!exception_field(self, OSErrorField::CharactersWritten)) {
      return raise(ts, ts.core.exceptions.AttributeError, "characters_written");
    }
    set_exception_field(self, OSErrorField::CharactersWritten, Obj());
    return kDone;
  }
  ObjRef number = OURO_TRY(to_index(ts, value));
  set_exception_field(self, OSErrorField::CharactersWritten, number);
  return kDone;
}

template <OSErrorField field>
constexpr GetSetDef attribute(const char* name, const char* doc) {
  constexpr auto place = static_cast<std::size_t>(field);
  return {name, get_field<place>, set_field<place>, doc};
}
const GetSetDef kGetSets[] = {
    attribute<OSErrorField::Errno>("errno", "POSIX exception code"),
    attribute<OSErrorField::Strerror>("strerror", "exception strerror"),
    attribute<OSErrorField::Filename>("filename", "exception filename"),
    attribute<OSErrorField::Filename2>("filename2", "second exception filename"),
    {"characters_written", get_characters_written, set_characters_written, nullptr},
    {},
};
const MethodDef kMethods[] = {{"__reduce__", os_error_reduce, 0, 0, MethodDef::kNone, nullptr}, {}};

}  // namespace

void fill_os_error(Type& type) {
  fill_fields(type);
  type.make = os_error_make;
  type.init = os_error_init;
  type.str = os_error_str;
  type.getsets = kGetSets;
  type.methods = kMethods;
}

}  // namespace ouro::exceptions
