// The table of built-in exception types, and those with few fields: StopIteration, SystemExit,
// NameError, AttributeError, ImportError, KeyError, MemoryError.

#include "objects/exception_types.h"

#include "objects/errors.h"
#include "objects/operations.h"

namespace ouro {

namespace exceptions {

namespace {

template <class Field>
constexpr std::size_t at(Field field) {
  return static_cast<std::size_t>(field);
}
template <auto field>
constexpr GetSetDef field_attribute(const char* name, const char* doc) {
  return {name, get_field<at(field)>, set_field<at(field)>, doc};
}

/// Keyword arguments of exceptions that take some: stores each under its place; the rest are
/// refused.
struct KeywordField {
  const char* name;
  std::size_t place;
};
Status take_keywords(ThreadState& ts, Obj self, Args args, const char* type,
                     std::span<const KeywordField> known) {
  for (const KeywordField& field : known) {
    Object*& place = as<FieldException>(self)->fields[field.place];
    xdecref(std::exchange(place, nullptr));
  }
  if (args.keyword_count() > known.size()) {
    return raise_type_error(ts, "{}() takes at most {} keyword argument{} ({} given)", type, known.size(),
                            known.size() == 1 ? "" : "s", args.keyword_count());
  }
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    Borrowed<Str> name = as<Str>(args.keywords->at(i));
    const KeywordField* match = nullptr;
    for (const KeywordField& field : known) {
      if (str_equals_ascii(name, field.name)) match = &field;
    }
    if (match == nullptr)
      return raise_type_error(ts, "'{}' is an invalid keyword argument for {}()", name, type);
    Obj value = args.keyword_value(i);
    incref(value.get());
    xdecref(std::exchange(as<FieldException>(self)->fields[match->place], value.get()));
  }
  return kDone;
}

// -- StopIteration, SystemExit
// -------------------------------------------------------------------------------------

Status stop_iteration_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(base_init(ts, self, args));
  set_exception_field(self, StopIterationField::Value,
                      args.count > 0 ? args[0] : Obj(ts.core.none));
  return kDone;
}
const GetSetDef kStopIterationGetSets[] = {
    field_attribute<StopIterationField::Value>("value", "generator return value"), {}};

Status system_exit_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(base_init(ts, self, args));
  if (args.count == 1) set_exception_field(self, SystemExitField::Code, args[0]);
  if (args.count > 1)
    set_exception_field(self, SystemExitField::Code, Obj(as_exception(self)->args));
  return kDone;
}
const GetSetDef kSystemExitGetSets[] = {
    field_attribute<SystemExitField::Code>("code", "exception code"), {}};

// -- NameError, AttributeError
// -------------------------------------------------------------------------------------

Status name_error_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(set_args(ts, self, args));
  const KeywordField known[] = {{"name", at(NameErrorField::Name)}};
  return take_keywords(ts, self, args, "NameError", known);
}
const GetSetDef kNameErrorGetSets[] = {field_attribute<NameErrorField::Name>("name", "name"), {}};

Status attribute_error_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(set_args(ts, self, args));
  const KeywordField known[] = {{"name", at(AttributeErrorField::Name)},
                                {"obj", at(AttributeErrorField::Object)}};
  return take_keywords(ts, self, args, "AttributeError", known);
}
const GetSetDef kAttributeErrorGetSets[] = {
    field_attribute<AttributeErrorField::Name>("name", "attribute name"),
    field_attribute<AttributeErrorField::Object>("obj", "object"),
    {},
};

// -- ImportError
// ---------------------------------------------------------------------------------------------------

Status import_error_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(set_args(ts, self, args));
  const KeywordField known[] = {{"name", at(ImportErrorField::Name)},
                                {"path", at(ImportErrorField::Path)}};
  OURO_TRY(take_keywords(ts, self, args, "ImportError", known));
  set_exception_field(self, ImportErrorField::Msg, args.count == 1 ? args[0] : Obj());
  return kDone;
}

ObjResult import_error_str(ThreadState& ts, Obj self) {
  Obj message = exception_field(self, ImportErrorField::Msg);
  if (message && is_exact_str(message)) return message.new_ref();
  return base_str(ts, self);
}

/// (type, args[, state]): name and path travel in the state.
ObjResult import_error_reduce(ThreadState& ts, Obj self, Args args) {
  Obj name = exception_field(self, ImportErrorField::Name);
  Obj path = exception_field(self, ImportErrorField::Path);
  if (!name && !path) return base_reduce(ts, self, args);
  ObjRef kept_name = name.new_ref();
  ObjRef kept_path = path.new_ref();
  Dict* own = as_exception(self)->dict;
  Ref<Dict> state = own == nullptr ? OURO_TRY(Dict::create(ts)) : OURO_TRY(dict_copy(ts, own));
  if (kept_name) OURO_TRY(dict_set(ts, state, ts.core.names.n_name, kept_name));
  if (kept_path) OURO_TRY(dict_set(ts, state, ts.core.names.n_path, kept_path));
  return Tuple::of(ts, self->type(), as_exception(self)->args, state);
}

const GetSetDef kImportErrorGetSets[] = {
    field_attribute<ImportErrorField::Msg>("msg", "exception message"),
    field_attribute<ImportErrorField::Name>("name", "module name"),
    field_attribute<ImportErrorField::Path>("path", "module path"),
    {},
};
const MethodDef kImportErrorMethods[] = {
    {"__reduce__", import_error_reduce, 0, 0, MethodDef::kNone, nullptr}, {}};

// -- KeyError
// ------------------------------------------------------------------------------------------------------

/// One argument is shown by repr: KeyError('') would otherwise print nothing.
ObjResult key_error_str(ThreadState& ts, Obj self) {
  Ref<Tuple> args = Ref<Tuple>::share(as_exception(self)->args);
  if (args->size == 1) return repr_of(ts, args->at(0));
  return base_str(ts, self);
}

}  // namespace

void fill_stop_iteration(Type& type) {
  fill_fields(type);
  type.make = field_make<1>;
  type.init = stop_iteration_init;
  type.getsets = kStopIterationGetSets;
}
void fill_system_exit(Type& type) {
  fill_fields(type);
  type.make = field_make<1>;
  type.init = system_exit_init;
  type.getsets = kSystemExitGetSets;
}
void fill_name_error(Type& type) {
  fill_fields(type);
  type.make = field_make<1>;
  type.init = name_error_init;
  type.getsets = kNameErrorGetSets;
}
void fill_attribute_error(Type& type) {
  fill_fields(type);
  type.make = field_make<2>;
  type.init = attribute_error_init;
  type.getsets = kAttributeErrorGetSets;
}
void fill_import_error(Type& type) {
  fill_fields(type);
  type.make = field_make<3>;
  type.init = import_error_init;
  type.str = import_error_str;
  type.getsets = kImportErrorGetSets;
  type.methods = kImportErrorMethods;
}
void fill_key_error(Type& type) { type.str = key_error_str; }

}  // namespace exceptions

namespace {

/// What a type of the table has beside what it inherits.
struct ExceptionLayout {
  const char* name;
  std::size_t field_count;
  void (*fill)(Type& type);
};

constexpr ExceptionLayout kLayouts[] = {
    {"StopIteration", 1, exceptions::fill_stop_iteration},
    {"SystemExit", 1, exceptions::fill_system_exit},
    {"NameError", 1, exceptions::fill_name_error},
    {"AttributeError", 2, exceptions::fill_attribute_error},
    {"ImportError", 3, exceptions::fill_import_error},
    {"KeyError", 0, exceptions::fill_key_error},
    {"MemoryError", 0, exceptions::fill_memory_error},
    {"OSError", 5, exceptions::fill_os_error},
    {"SyntaxError", 8, exceptions::fill_syntax_error},
    {"UnicodeDecodeError", 5, exceptions::fill_unicode_decode_error},
    {"UnicodeEncodeError", 5, exceptions::fill_unicode_encode_error},
    {"UnicodeTranslateError", 5, exceptions::fill_unicode_translate_error},
    {"BaseExceptionGroup", 2, exceptions::fill_exception_group},
};

struct ExceptionDoc {
  const char* name;
  const char* doc;
};
constexpr ExceptionDoc kDocs[] = {
    {"Exception", "Common base class for all non-exit exceptions."},
    {"BaseExceptionGroup", "A combination of multiple unrelated exceptions."},
    {"SystemExit", "Request to exit from the interpreter."},
    {"KeyboardInterrupt", "Program interrupted by user."},
    {"GeneratorExit", "Request that a generator exit."},
    {"StopIteration", "Signal the end from iterator.__next__()."},
    {"StopAsyncIteration", "Signal the end from iterator.__anext__()."},
    {"ArithmeticError", "Base class for arithmetic errors."},
    {"FloatingPointError", "Floating point operation failed."},
    {"OverflowError", "Result too large to be represented."},
    {"ZeroDivisionError", "Second argument to a division or modulo operation was zero."},
    {"AssertionError", "Assertion failed."},
    {"AttributeError", "Attribute not found."},
    {"BufferError", "Buffer error."},
    {"EOFError", "Read beyond end of file."},
    {"ImportError", "Import can't find module, or can't find name in module."},
    {"ModuleNotFoundError", "Module not found."},
    {"LookupError", "Base class for lookup errors."},
    {"IndexError", "Sequence index out of range."},
    {"KeyError", "Mapping key not found."},
    {"MemoryError", "Out of memory."},
    {"NameError", "Name not found globally."},
    {"UnboundLocalError", "Local name referenced but not bound to a value."},
    {"OSError", "Base class for I/O related errors."},
    {"BlockingIOError", "I/O operation would block."},
    {"ChildProcessError", "Child process error."},
    {"ConnectionError", "Connection error."},
    {"BrokenPipeError", "Broken pipe."},
    {"ConnectionAbortedError", "Connection aborted."},
    {"ConnectionRefusedError", "Connection refused."},
    {"ConnectionResetError", "Connection reset."},
    {"FileExistsError", "File already exists."},
    {"FileNotFoundError", "File not found."},
    {"InterruptedError", "Interrupted by signal."},
    {"IsADirectoryError", "Operation doesn't work on directories."},
    {"NotADirectoryError", "Operation only works on directories."},
    {"PermissionError", "Not enough permissions."},
    {"ProcessLookupError", "Process not found."},
    {"TimeoutError", "Timeout expired."},
    {"ReferenceError", "Weak ref proxy used after referent went away."},
    {"RuntimeError", "Unspecified run-time error."},
    {"NotImplementedError", "Method or function hasn't been implemented yet."},
    {"RecursionError", "Recursion limit exceeded."},
    {"SyntaxError", "Invalid syntax."},
    {"IndentationError", "Improper indentation."},
    {"TabError", "Improper mixture of spaces and tabs."},
    {"SystemError",
     "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, "
     "along with the "
     "traceback,\nthe Python version, and the hardware/OS platform and version."},
    {"TypeError", "Inappropriate argument type."},
    {"ValueError", "Inappropriate argument value (of correct type)."},
    {"UnicodeError", "Unicode related error."},
    {"UnicodeDecodeError", "Unicode decoding error."},
    {"UnicodeEncodeError", "Unicode encoding error."},
    {"UnicodeTranslateError", "Unicode translation error."},
    {"Warning", "Base class for warning categories."},
    {"BytesWarning",
     "Base class for warnings about bytes and buffer related problems, mostly\nrelated to "
     "conversion from str or "
     "comparing to str."},
    {"DeprecationWarning", "Base class for warnings about deprecated features."},
    {"EncodingWarning", "Base class for warnings about encodings."},
    {"FutureWarning",
     "Base class for warnings about constructs that will change semantically\nin the future."},
    {"ImportWarning", "Base class for warnings about probable mistakes in module imports"},
    {"PendingDeprecationWarning",
     "Base class for warnings about features which will be deprecated\nin the future."},
    {"ResourceWarning", "Base class for warnings about resource usage."},
    {"RuntimeWarning", "Base class for warnings about dubious runtime behavior."},
    {"SyntaxWarning", "Base class for warnings about dubious syntax."},
    {"UnicodeWarning",
     "Base class for warnings about Unicode related problems, mostly\nrelated to conversion "
     "problems."},
    {"UserWarning", "Base class for warnings generated by user code."},
};

const char* doc_of(std::string_view name) {
  for (const ExceptionDoc& entry : kDocs) {
    if (name == entry.name) return entry.doc;
  }
  return nullptr;
}

/// ExceptionGroup has two bases, so that `except Exception` catches it: it is made as a class
/// statement would.
Result<Ref<Type>> make_exception_group(ThreadState& ts) {
  CoreObjects& core = ts.core;
  Ref<Str> name = OURO_TRY(intern(ts, "ExceptionGroup"));
  Ref<Tuple> bases =
      OURO_TRY(Tuple::of(ts, core.exceptions.BaseExceptionGroup, core.exceptions.Exception));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, core.names.dunder_module, Obj(core.names.n_builtins)));
  ObjRef made = OURO_TRY(type_new(ts, core.types.type, name, bases, dict, Args{}));
  return Ref<Type>::steal(as<Type>(made.release()));
}

Result<Ref<Type>> make_type(ThreadState& ts, const char* name, Borrowed<Type> base) {
  TypeSpec spec = {};
  spec.name = name;
  spec.module_name = "builtins";
  spec.basic_bytes = base->info.basic_bytes;
  spec.flags = std::uint64_t{gc::kCollected} | kBaseType | kExceptionSubclass;
  spec.doc = doc_of(name);
  spec.fill = [](Type&) {};
  for (const ExceptionLayout& layout : kLayouts) {
    if (std::string_view(layout.name) != name) continue;
    if (layout.field_count != 0) spec.basic_bytes = exceptions::field_bytes(layout.field_count);
    spec.fill = layout.fill;
  }
  return make_native_type(ts, spec, base);
}

Type** place_of(CoreExceptions& exceptions, std::string_view wanted) {
#define OURO_EXCEPTION(name, base) \
  if (wanted == #name) return &exceptions.name;
#include "objects/exceptions.def"
#undef OURO_EXCEPTION
  return nullptr;
}

Status make_one(ThreadState& ts, std::string_view name, std::string_view base) {
  Type** place = place_of(ts.core.exceptions, name);
  if (name == "BaseException") {
    *place = ts.core.types.base_exception;
    incref(*place);
    return kDone;
  }
  Ref<Type> made = name == "ExceptionGroup"
                       ? OURO_TRY(make_exception_group(ts))
                       : OURO_TRY(make_type(ts, name.data(), *place_of(ts.core.exceptions, base)));
  *place = made.release();
  return kDone;
}

}  // namespace

Status init_exception_types(ThreadState& ts) {
#define OURO_EXCEPTION(name, base) OURO_TRY(make_one(ts, #name, #base));
#include "objects/exceptions.def"
#undef OURO_EXCEPTION
  for (Object*& place : ts.core.memory_errors) {
    ObjRef error = OURO_TRY(new_exception(ts, ts.core.exceptions.MemoryError, Args{}));
    untrack(error);  // watched from the moment it is raised
    place = error.release();
  }
  return kDone;
}

}  // namespace ouro
