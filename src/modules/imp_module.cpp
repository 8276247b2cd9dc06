// Module _imp: what the library's importlib asks of the runtime: native modules, the import lock,
// code objects' file names. There are no frozen modules and no extension modules in files.
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/thread.h"
#include "objects/bytes.h"
#include "objects/code.h"
#include "objects/list.h"

namespace ouro {

namespace {

ObjResult lock_held(ThreadState& ts, Obj, Args) {
  return ts.core.bool_ref(ts.threads->import_lock.depth > 0);
}

ObjResult acquire_lock(ThreadState& ts, Obj, Args) {
  OURO_TRY(acquire_import_lock(ts));
  return ts.core.none_ref();
}

ObjResult release_lock(ThreadState& ts, Obj, Args) {
  const ImportLock& lock = ts.threads->import_lock;
  if (lock.depth == 0 || lock.owner != &ts) {
    return raise(ts, ts.core.exceptions.RuntimeError, "not holding the import lock");
  }
  release_import_lock(ts);
  return ts.core.none_ref();
}

ObjResult extension_suffixes(ThreadState& ts, Obj, Args) { return List::create(ts); }

Status check_name(ThreadState& ts, Obj name, const char* function) {
  if (is_str(name)) return kDone;
  return raise_type_error(ts, "{}() argument must be str, not {n}", function, name);
}

const NativeModule* native_module_named(Obj name) {
  Utf8 text{Borrowed<Str>(as<Str>(name))};
  return text.ok() ? find_native_module(text.view()) : nullptr;
}

ObjResult is_builtin(ThreadState& ts, Obj, Args args) {
  OURO_TRY(check_name(ts, args[0], "is_builtin"));
  if (native_module_named(args[0]) == nullptr) return Int::from(ts, 0);
  // sys and builtins exist from the start and cannot be made again.
  const bool once =
      str_equals_ascii(as<Str>(args[0]), "sys") || str_equals_ascii(as<Str>(args[0]), "builtins");
  return Int::from(ts, once ? -1 : 1);
}

ObjResult create_builtin(ThreadState& ts, Obj, Args args) {
  ObjRef name = OURO_TRY(get_attribute(ts, args[0], ts.core.names.n_name));
  OURO_TRY(check_name(ts, name, "create_builtin"));
  // What importing twice would share in CPython stays one module here, too.
  const Lookup known = dict_lookup(ts, ts.core.modules, name);
  if (known.failed) return Raised{};
  if (known.value != nullptr) return Obj(known.value).new_ref();
  const NativeModule* native = native_module_named(name);
  if (native == nullptr) return ts.core.none_ref();
  return native->create(ts);
}

ObjResult exec_builtin(ThreadState& ts, Obj, Args) { return Int::from(ts, 0); }

ObjResult is_frozen(ThreadState& ts, Obj, Args args) {
  OURO_TRY(check_name(ts, args[0], "is_frozen"));
  return ts.core.bool_ref(false);
}

ObjResult no_frozen_module(ThreadState& ts, Obj, Args args) {
  OURO_TRY(check_name(ts, args[0], "get_frozen_object"));
  return raise(ts, ts.core.exceptions.ImportError, "No such frozen object named {}", args[0]);
}

ObjResult none_function(ThreadState& ts, Obj, Args) { return ts.core.none_ref(); }
ObjResult frozen_module_names(ThreadState& ts, Obj, Args) { return List::create(ts); }

/// Renames the file of `code` and of all code in its constants that came from the same file.
Status rename_file(ThreadState& ts, Code* code, Borrowed<Str> before, Borrowed<Str> now) {
  NativeDepth depth(ts, " while renaming a code object's file");
  if (!depth.ok()) return Raised{};
  if (!str_equal(code->filename, before)) return kDone;
  decref(std::exchange(code->filename, now.new_ref().release()));
  for (std::int64_t i = 0; i < code->consts->size; ++i) {
    Obj constant = code->consts->at(i);
    if (is_kind(constant, TypeKind::Code)) {
      OURO_TRY(rename_file(ts, as<Code>(constant), before, now));
    }
  }
  return kDone;
}

ObjResult fix_co_filename(ThreadState& ts, Obj, Args args) {
  if (!is_kind(args[0], TypeKind::Code)) {
    return raise_type_error(ts, "_fix_co_filename() argument 1 must be code, not {n}", args[0]);
  }
  if (!is_str(args[1])) {
    return raise_type_error(ts, "_fix_co_filename() argument 2 must be str, not {n}", args[1]);
  }
  auto* code = as<Code>(args[0]);
  Ref<Str> before = Ref<Str>::share(code->filename);
  OURO_TRY(rename_file(ts, code, before, as<Str>(args[1])));
  return ts.core.none_ref();
}

ObjResult source_hash(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "source_hash", {"key", "source"}, 2, values));
  const std::int64_t key =
      OURO_TRY(index_as_int64(ts, values[0], ts.core.exceptions.OverflowError));
  BufferView source;
  OURO_TRY(source.acquire(ts, values[1]));
  const std::uint64_t keys[] = {static_cast<std::uint64_t>(key), 0};
  const std::uint64_t hash = siphash13(keys, source.data(), source.size());
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(hash >> (8 * i));
  return Bytes::from(ts, {bytes, sizeof bytes});
}

constexpr MethodDef kFunctions[] = {
    {"lock_held", lock_held, 0, 0, MethodDef::kNone,
     "lock_held($module, /)\n--\n\nReturn True if the import lock is currently held, else False."},
    {"acquire_lock", acquire_lock, 0, 0, MethodDef::kNone,
     "acquire_lock($module, /)\n--\n\nAcquires the interpreter's import lock for the current "
     "thread."},
    {"release_lock", release_lock, 0, 0, MethodDef::kNone,
     "release_lock($module, /)\n--\n\nRelease the interpreter's import lock."},
    {"extension_suffixes", extension_suffixes, 0, 0, MethodDef::kNone,
     "extension_suffixes($module, /)\n--\n\nReturns the list of file suffixes used to identify "
     "extension modules."},
    {"is_builtin", is_builtin, 1, 1, MethodDef::kNone,
     "is_builtin($module, name, /)\n--\n\nReturns True if the module name corresponds to a "
     "built-in module."},
    {"create_builtin", create_builtin, 1, 1, MethodDef::kNone,
     "create_builtin($module, spec, /)\n--\n\nCreate an extension module."},
    {"exec_builtin", exec_builtin, 1, 1, MethodDef::kNone,
     "exec_builtin($module, mod, /)\n--\n\nInitialize a built-in module."},
    {"is_frozen", is_frozen, 1, 1, MethodDef::kNone,
     "is_frozen($module, name, /)\n--\n\nReturns True if the module name corresponds to a frozen "
     "module."},
    {"is_frozen_package", no_frozen_module, 1, 1, MethodDef::kNone,
     "is_frozen_package($module, name, /)\n--\n\nReturns True if the module name is of a frozen "
     "package."},
    {"get_frozen_object", no_frozen_module, 1, 2, MethodDef::kNone,
     "get_frozen_object($module, name, data=None, /)\n--\n\nCreate a code object for a frozen "
     "module."},
    {"init_frozen", none_function, 1, 1, MethodDef::kNone,
     "init_frozen($module, name, /)\n--\n\nInitializes a frozen module."},
    {"find_frozen", none_function, 1, 2, MethodDef::kKeywords,
     "find_frozen($module, name, /, *, withdata=False)\n--\n\nReturn info about the corresponding "
     "frozen module (if there is one) or None."},
    {"_frozen_module_names", frozen_module_names, 0, 0, MethodDef::kNone,
     "_frozen_module_names($module, /)\n--\n\nReturns the list of available frozen modules."},
    {"_override_frozen_modules_for_tests", none_function, 1, 1, MethodDef::kNone,
     "_override_frozen_modules_for_tests($module, override, /)\n--\n\nHas no effect: there are no "
     "frozen modules."},
    {"_fix_co_filename", fix_co_filename, 2, 2, MethodDef::kNone,
     "_fix_co_filename($module, code, path, /)\n--\n\nChanges code.co_filename to specify the "
     "passed-in file path."},
    {"source_hash", source_hash, 0, -1, MethodDef::kKeywords,
     "source_hash($module, /, key, source)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_imp_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_imp"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(add_constant(ts, module, "check_hash_based_pycs", "default"));
  return module;
}

}  // namespace ouro
