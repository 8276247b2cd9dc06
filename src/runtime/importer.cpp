// The importer. Names are Python texts throughout; paths are UTF-8.
#include "runtime/importer.h"

#include <sys/stat.h>

#include <array>

#include "compile/compile.h"
#include "modules/native_modules.h"
#include "modules/sys_facts.h"
#include "modules/sys_module.h"
#include "modules/warnings_module.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "runtime/import_turns.h"
#include "runtime/importlib.h"
#include "runtime/source_file.h"
#include "vm/vm.h"

namespace ouro {

namespace {

ObjResult import_absolute(ThreadState& ts, Borrowed<Str> name);

// Where a module was found. `path` is the source file; empty for native modules.
struct Found {
  const NativeModule* native = nullptr;
  Ref<Str> path;
  Ref<Str> package_folder;  // for packages
  bool for_importlib = false;  // there is something that only importlib knows how to use
  bool archive = false;        // and it comes before any other place that has the module
  [[nodiscard]] bool any() const { return native != nullptr || static_cast<bool>(path); }
};

std::int64_t last_dot(Borrowed<Str> name) {
  for (std::int64_t i = name->length - 1; i >= 0; --i) {
    if (name->at(i) == '.') return i;
  }
  return -1;
}

std::int64_t first_dot(Borrowed<Str> name) {
  for (std::int64_t i = 0; i < name->length; ++i) {
    if (name->at(i) == '.') return i;
  }
  return -1;
}

/// Sets a new exception with the module's name on it: ImportError and ModuleNotFoundError carry `name`.
Raised raise_not_found(ThreadState& ts, Borrowed<Str> name, const char* pattern, Obj a, Obj b = nullptr) {
  const FormatArg args[] = {FormatArg(a), FormatArg(b ? b : a)};
  Ref<Str> message = OURO_TRY(format_message(ts, pattern, args));
  ObjRef error = OURO_TRY(call(ts, ts.core.exceptions.ModuleNotFoundError, message));
  OURO_TRY(set_attribute(ts, error, ts.core.names.n_name, name));
  return raise_object(ts, std::move(error));
}

bool is_file(const char* path) {
  struct stat facts = {};
  return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

bool is_folder(const char* path) {
  struct stat facts = {};
  return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

Result<Ref<Str>> join_path(ThreadState& ts, Borrowed<Str> folder, Borrowed<Str> name, const char* tail) {
  StrBuilder builder(ts);
  OURO_TRY(builder.append(folder));
  if (folder->length > 0 && folder->at(folder->length - 1) != '/') OURO_TRY(builder.append(U'/'));
  OURO_TRY(builder.append(name));
  OURO_TRY(builder.append(std::string_view(tail)));
  return builder.finish();
}

Result<bool> exists(ThreadState& ts, Borrowed<Str> path, bool (*is_right_kind)(const char*) = is_file) {
  Utf8 text(path);
  if (!text.ok()) return raise_no_memory(ts);
  return is_right_kind(text.c_str());
}

/// Looks for the module called `tail` in the folders of `path` (a list or other iterable of str).
Status find_in(ThreadState& ts, Obj path, Borrowed<Str> tail, Found& found) {
  return for_each_item(ts, path, [&](ObjRef item) -> Status {
    if (found.any() || found.archive || !is_str(item)) return kDone;
    Borrowed<Str> folder = as<Str>(item);
    Ref<Str> empty = Ref<Str>::share(ts.core.empty_str);
    if (folder->length == 0) {
      empty = OURO_TRY(Str::from_utf8(ts, "."));
      folder = empty;
    }
    Ref<Str> candidate = OURO_TRY(join_path(ts, folder, tail, "/__init__.py"));
    if (OURO_TRY(exists(ts, candidate))) {
      found.package_folder = OURO_TRY(join_path(ts, folder, tail, ""));
      found.path = std::move(candidate);
      return kDone;
    }
    candidate = OURO_TRY(join_path(ts, folder, tail, ".py"));
    if (OURO_TRY(exists(ts, candidate))) {
      found.path = std::move(candidate);
      return kDone;
    }
    // A package without __init__.py, or an archive that may have the module.
    candidate = OURO_TRY(join_path(ts, folder, tail, ""));
    if (OURO_TRY(exists(ts, candidate, is_folder))) found.for_importlib = true;
    if (!importlib_is_starting(ts) && OURO_TRY(exists(ts, folder, is_file))) found.for_importlib = found.archive = true;
    return kDone;
  });
}

/// Where importlib would look for a compiled form: __pycache__/NAME.TAG.pyc beside the source.
Result<Ref<Str>> cached_path(ThreadState& ts, Borrowed<Str> source) {
  Utf8 path(source);
  if (!path.ok()) return raise_no_memory(ts);
  const std::string_view view = path.view();
  const std::size_t name = view.rfind('/') == std::string_view::npos ? 0 : view.rfind('/') + 1;
  StrBuilder out(ts);
  OURO_TRY(out.append(view.substr(0, name)));
  OURO_TRY(out.append("__pycache__/"));
  OURO_TRY(out.append(view.substr(name, view.rfind('.') - name)));
  OURO_TRY(out.append("."));
  OURO_TRY(out.append(kCacheTag));
  OURO_TRY(out.append(".pyc"));
  return out.finish();
}

/// The module's __spec__: a namespace with the fields that library code reads.
ObjResult make_spec(ThreadState& ts, Borrowed<Str> name, const Found& found) {
  ObjRef spec = OURO_TRY(call(ts, ts.core.types.simple_namespace));
  const auto set = [&](const char* field, Obj value) -> Status {
    Ref<Str> key = OURO_TRY(intern(ts, field));
    return set_attribute(ts, spec, key, value);
  };
  OURO_TRY(set("name", name));
  OURO_TRY(set("loader", ts.core.none));
  Ref<Str> built_in = OURO_TRY(intern(ts, "built-in"));
  OURO_TRY(set("origin", found.path ? Obj(found.path) : Obj(built_in)));
  OURO_TRY(set("has_location", found.path ? ts.core.true_object : ts.core.false_object));
  ObjRef cached = ts.core.none_ref();
  if (found.path) cached = OURO_TRY(cached_path(ts, found.path));
  OURO_TRY(set("cached", cached));
  OURO_TRY(set("loader_state", ts.core.none));
  const std::int64_t dot = last_dot(name);
  if (found.package_folder) {
    Object* folder[] = {found.package_folder.get()};
    Ref<List> locations = OURO_TRY(List::from(ts, folder, 1));
    OURO_TRY(set("submodule_search_locations", locations));
    OURO_TRY(set("parent", name));
  } else {
    OURO_TRY(set("submodule_search_locations", ts.core.none));
    Ref<Str> parent = OURO_TRY(name->slice(ts, 0, dot < 0 ? 0 : dot));
    OURO_TRY(set("parent", parent));
  }
  OURO_TRY(set("_initializing", ts.core.true_object));
  return spec;
}

Status execute_source(ThreadState& ts, Borrowed<Dict> namespace_dict, const Found& found) {
  Utf8 path(found.path);
  if (!path.ok()) return raise_no_memory(ts);
  SourceFile file;
  switch (file.read(path.c_str())) {
    case SourceFile::Outcome::Read: break;
    case SourceFile::Outcome::NoMemory: return raise_no_memory(ts);
    default: return raise_os_error(ts, file.error_number(), found.path);
  }
  Ref<Code> code = OURO_TRY(compile_program(ts, file.bytes(), found.path, {}));
  Ref<Dict> globals = namespace_dict.new_ref();
  (void)OURO_TRY(run_code(ts, code, globals, globals));
  return kDone;
}

Status fill_module(ThreadState& ts, Borrowed<Module> module, Borrowed<Str> name, const Found& found, Obj spec) {
  OURO_TRY(dict_set(ts, module->dict, ts.core.names.dunder_spec, spec));
  if (found.path) OURO_TRY(dict_set(ts, module->dict, ts.core.names.dunder_file, found.path));
  if (found.path) {
    ObjRef cached = OURO_TRY(get_attribute(ts, spec, "cached"));
    OURO_TRY(dict_set(ts, module->dict, ts.core.names.dunder_cached, cached));
  }
  if (found.package_folder) {
    Object* folder[] = {found.package_folder.get()};
    Ref<List> path = OURO_TRY(List::from(ts, folder, 1));
    OURO_TRY(dict_set(ts, module->dict, ts.core.names.dunder_path, Obj(path)));
    return dict_set(ts, module->dict, ts.core.names.dunder_package, name);
  }
  const std::int64_t dot = last_dot(name);
  Ref<Str> package = OURO_TRY(name->slice(ts, 0, dot < 0 ? 0 : dot));
  return dict_set(ts, module->dict, ts.core.names.dunder_package, Obj(package));
}

/// Creates and executes the module, entered in sys.modules first. The module that sys.modules then holds is the result.
ObjResult load(ThreadState& ts, Borrowed<Str> name, const Found& found) {
  Ref<Module> module;
  if (found.native != nullptr) {
    module = OURO_TRY(found.native->create(ts));
  } else {
    Utf8 text(name);
    if (!text.ok()) return raise_no_memory(ts);
    module = OURO_TRY(Module::create(ts, text.c_str()));
  }
  ObjRef spec = OURO_TRY(make_spec(ts, name, found));
  OURO_TRY(fill_module(ts, module, name, found, spec));
  OURO_TRY(dict_set(ts, ts.core.modules, name, Obj(module)));
  if (found.path) {
    const Status executed = execute_source(ts, module->dict, found);
    if (executed.raised()) {
      ObjRef pending = take_pending(ts);
      if (dict_remove(ts, ts.core.modules, name).raised()) clear_pending(ts);
      restore_pending(ts, std::move(pending));
      return Raised{};
    }
  }
  // The spec that the module has now: importlib, started meanwhile, makes its own.
  ObjRef last_spec = dict_get_str(module->dict, ts.core.names.dunder_spec).new_ref();
  if (last_spec && !is_none(last_spec)) {
    Ref<Str> initializing = OURO_TRY(intern(ts, "_initializing"));
    OURO_TRY(set_attribute(ts, last_spec, initializing, ts.core.false_object));
  }
  const Lookup now = dict_lookup(ts, ts.core.modules, name);
  if (now.failed) return Raised{};
  if (now.value == nullptr) return raise(ts, ts.core.exceptions.KeyError, "{r}", name);
  return Obj(now.value).new_ref();
}

/// Finds the module, importing its parent packages first. `parent` is the package it belongs to, `tail` its last name.
Status find_module(ThreadState& ts, Borrowed<Str> name, Found& found, ObjRef& parent, Ref<Str>& tail) {
  Utf8 text(name);
  if (!text.ok()) return raise_no_memory(ts);
  found.native = find_native_module(text.view());
  const std::int64_t dot = last_dot(name);
  if (dot < 0) {
    tail = name.new_ref();
    ObjRef path = sys_get(ts, "path").new_ref();
    if (!found.any() && path && !is_none(path)) OURO_TRY(find_in(ts, path, tail, found));
  } else {
    Ref<Str> parent_name = OURO_TRY(name->slice(ts, 0, dot));
    parent = OURO_TRY(import_absolute(ts, parent_name));
    tail = OURO_TRY(name->slice(ts, dot + 1, name->length));
    // Importing the parent may have imported this one too (`os` enters `os.path`).
    const Lookup known = dict_lookup(ts, ts.core.modules, name);
    if (known.failed) return Raised{};
    if (known.value != nullptr) return kDone;
    MaybeAttribute path = find_attribute(ts, parent, ts.core.names.dunder_path);
    if (path.failed) return Raised{};
    if (!path.value && !found.any()) {
      return raise_not_found(ts, name, "No module named {r}; {r} is not a package", name, parent_name);
    }
    if (!found.any()) OURO_TRY(find_in(ts, path.value, tail, found));
    // Importing the parent may have put importlib in charge, which looks in other places, too.
    if (ts.core.find_and_load != nullptr) found.for_importlib = true;
  }
  if (!found.any() && !found.for_importlib) return raise_not_found(ts, name, "No module named {r}", name);
  return kDone;
}

ObjResult find_and_load(ThreadState& ts, Borrowed<Str> name) {
  if (ts.core.find_and_load == nullptr) {
    const bool of_importlib = is_importlib_bootstrap(name) || str_equals_ascii(name, "zipimport");
    if (of_importlib && !importlib_is_starting(ts)) {
      OURO_TRY(start_importlib(ts));
      return import_absolute(ts, name);
    }
    if (wants_importlib(ts)) OURO_TRY(start_importlib(ts));
  }
  if (ts.core.find_and_load != nullptr) return find_and_load_by_importlib(ts, name);
  OURO_TRY(ImportTurn::wait(ts, name));
  const ImportTurn turn(ts, name);
  const Lookup made_by_another = dict_lookup(ts, ts.core.modules, name);
  if (made_by_another.failed) return Raised{};
  if (made_by_another.value != nullptr) return Obj(made_by_another.value).new_ref();
  Found found;
  ObjRef parent;
  Ref<Str> tail;
  OURO_TRY(find_module(ts, name, found, parent, tail));
  // Importing the parent may have imported this one.
  const Lookup now = dict_lookup(ts, ts.core.modules, name);
  if (now.failed) return Raised{};
  if (now.value != nullptr) return Obj(now.value).new_ref();
  if (!found.any()) OURO_TRY(start_importlib(ts));
  // Importing the parent may have put importlib in charge.
  if (ts.core.find_and_load != nullptr) return find_and_load_by_importlib(ts, name);
  ObjRef module = OURO_TRY(load(ts, name, found));
  if (parent) OURO_TRY(set_attribute(ts, parent, tail, module));
  return module;
}

ObjResult import_absolute(ThreadState& ts, Borrowed<Str> name) {
  const Lookup known = dict_lookup(ts, ts.core.modules, name);
  if (known.failed) return Raised{};
  if (known.value != nullptr && known.value != ts.core.none) {
    ObjRef module = Obj(known.value).new_ref();
    if (ts.threads->imports == nullptr) [[likely]] return module;
    OURO_TRY(ImportTurn::wait(ts, OURO_TRY(intern(ts, name.new_ref()))));
    return module;
  }
  if (known.value != nullptr) {
    return raise_not_found(ts, name, "import of {} halted; None in sys.modules", name);
  }
  NativeDepth depth(ts, " while importing a module");
  if (!depth.ok()) return Raised{};
  Ref<Str> held = OURO_TRY(intern(ts, name.new_ref()));
  return find_and_load(ts, held);
}

/// The package that relative names start from.
Result<Ref<Str>> calling_package(ThreadState& ts, Obj globals) {
  if (!globals || !is_dict(globals)) return raise_type_error(ts, "globals must be a dict");
  Borrowed<Dict> dict = as<Dict>(globals);
  Borrowed<Object> package = dict_get_str(dict, ts.core.names.dunder_package);
  if (package && !is_none(package)) {
    if (!is_str(package)) return raise_type_error(ts, "package must be a string");
    return Ref<Str>::share(as<Str>(package));
  }
  Borrowed<Object> name = dict_get_str(dict, ts.core.names.dunder_name);
  if (!name) return raise(ts, ts.core.exceptions.KeyError, "'__name__' not in globals");
  if (!is_str(name)) return raise_type_error(ts, "__name__ must be a string");
  Ref<Str> held = Ref<Str>::share(as<Str>(name));
  if (dict_get_str(dict, ts.core.names.dunder_path)) return held;
  const std::int64_t dot = last_dot(held);
  return held->slice(ts, 0, dot < 0 ? 0 : dot);
}

Result<Ref<Str>> resolve_relative(ThreadState& ts, Obj globals, Borrowed<Str> name, std::int64_t level) {
  Ref<Str> package = OURO_TRY(calling_package(ts, globals));
  if (package->length == 0) {
    return raise(ts, ts.core.exceptions.ImportError, "attempted relative import with no known parent package");
  }
  std::int64_t end = package->length;
  for (std::int64_t up = 1; up < level; ++up) {
    while (end > 0 && package->at(end - 1) != '.') --end;
    if (end == 0) {
      return raise(ts, ts.core.exceptions.ImportError, "attempted relative import beyond top-level package");
    }
    --end;
  }
  StrBuilder builder(ts);
  OURO_TRY(builder.append(package, 0, end));
  if (name->length > 0) {
    OURO_TRY(builder.append(U'.'));
    OURO_TRY(builder.append(name));
  }
  return builder.finish();
}

/// `from module import a, b`: names that are not attributes yet may be submodules.
Status import_submodules(ThreadState& ts, Obj module, Obj names, bool nested) {
  MaybeAttribute path = find_attribute(ts, module, ts.core.names.dunder_path);
  if (path.failed) return Raised{};
  if (!path.value) return kDone;
  ObjRef module_name = OURO_TRY(get_attribute(ts, module, ts.core.names.dunder_name));
  return for_each_item(ts, names, [&](ObjRef item) -> Status {
    if (!is_str(item)) {
      return raise_type_error(ts, "Item in {}must be str, not {t}", nested ? "__all__ " : "``from list'' ", item);
    }
    if (str_equals_ascii(as<Str>(item), "*")) {
      if (nested) return kDone;
      MaybeAttribute all = find_attribute(ts, module, ts.core.names.dunder_all);
      if (all.failed) return Raised{};
      return all.value ? import_submodules(ts, module, all.value, true) : kDone;
    }
    MaybeAttribute present = find_attribute(ts, module, as<Str>(item));
    if (present.failed) return Raised{};
    if (present.value || !is_str(module_name)) return kDone;
    Ref<Str> full = OURO_TRY(join_path(ts, ts.core.empty_str, as<Str>(module_name), "."));
    full = OURO_TRY(str_concat(ts, full, as<Str>(item)));
    if (import_absolute(ts, full).ok()) return kDone;
    if (!pending_matches(ts, ts.core.exceptions.ModuleNotFoundError)) return Raised{};
    // Only "there is no such submodule" is forgiven; a missing import inside it is not.
    ObjRef error = take_pending(ts);
    ObjRef missing = OURO_TRY(get_attribute(ts, error, ts.core.names.n_name));
    if (OURO_TRY(equals(ts, missing, full))) return kDone;
    restore_pending(ts, std::move(error));
    return Raised{};
  });
}

ObjResult builtin_import(ThreadState& ts, Obj, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "__import__", {"name", "globals", "locals", "fromlist", "level"}, 1, values));
  if (!is_str(values[0])) return raise_type_error(ts, "module name must be a string");
  Ref<Str> name = Ref<Str>::share(as<Str>(values[0]));
  std::int64_t level = 0;
  if (values[4]) level = OURO_TRY(index_as_int64(ts, values[4], ts.core.exceptions.OverflowError));
  if (level < 0) return raise_value_error(ts, "level must be >= 0");
  if (level == 0 && name->length == 0) return raise_value_error(ts, "Empty module name");
  Ref<Str> absolute = level == 0 ? Ref<Str>::share(name.get()) : OURO_TRY(resolve_relative(ts, values[1], name, level));
  ObjRef module = OURO_TRY(import_absolute(ts, absolute));
  const bool wants_names = values[3] && !is_none(values[3]) && OURO_TRY(is_true(ts, values[3]));
  if (wants_names) {
    OURO_TRY(import_submodules(ts, module, values[3], false));
    return module;
  }
  const std::int64_t dot = first_dot(name);
  if (dot < 0 && (level == 0 || name->length > 0)) return module;
  if (name->length == 0) return module;
  if (level == 0) {
    Ref<Str> top = OURO_TRY(name->slice(ts, 0, dot));
    return import_absolute(ts, top);
  }
  // `import .a.b` asks for the package `.a`: the absolute name less what follows the first dot of the written one.
  Ref<Str> top = OURO_TRY(absolute->slice(ts, 0, absolute->length - (name->length - dot)));
  return import_absolute(ts, top);
}

/// sys and builtins exist before the importer does: what it gives other native modules, they get here.
Status adopt_first_modules(ThreadState& ts) {
  for (const char* name : {"sys", "builtins"}) {
    Ref<Str> text = OURO_TRY(intern(ts, name));
    const Lookup module = dict_lookup(ts, ts.core.modules, text);
    if (module.failed) return Raised{};
    OURO_CHECK(module.value != nullptr, "module %s is made before the importer", name);
    ObjRef spec = OURO_TRY(make_spec(ts, text, Found{}));
    Ref<Str> initializing = OURO_TRY(intern(ts, "_initializing"));
    OURO_TRY(set_attribute(ts, spec, initializing, ts.core.false_object));
    OURO_TRY(fill_module(ts, as<Module>(Obj(module.value)), text, Found{}, spec));
  }
  return kDone;
}

/// -m with a name that is no module: the message is all that is shown, and the status is 1. Other errors stay pending.
Raised no_main_module(ThreadState& ts, Borrowed<Str> name, const char* why, Obj package = nullptr) {
  if (!catch_pending(ts, ts.core.exceptions.ModuleNotFoundError)) return Raised{};
  Ref<Str> reason = OURO_TRY(format_message(ts, why, std::array{FormatArg(package ? package : Obj(name))}));
  ObjRef executable = sys_get(ts, "executable").new_ref();
  if (!executable) executable = OURO_TRY(Str::from_utf8(ts, "ouro"));
  return raise(ts, ts.core.exceptions.SystemExit, "{}: No module named {}{}", executable, name, reason);
}

constexpr MethodDef kImport = {"__import__", builtin_import, 0, -1, MethodDef::kKeywords,
                               "__import__(name, globals=None, locals=None, fromlist=(), level=0) -> module"};

}  // namespace

ObjResult import_module(ThreadState& ts, std::string_view name) {
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, name));
  return import_absolute(ts, text);
}

Status run_module_as_main(ThreadState& ts, std::string_view name, Borrowed<Module> main) {
  Ref<Str> full = OURO_TRY(Str::from_utf8(ts, name));
  Found found;
  ObjRef parent;
  Ref<Str> tail;
  if (find_module(ts, full, found, parent, tail).raised()) {
    if (last_dot(full) < 0) return no_main_module(ts, full, "");
    if (!catch_pending(ts, ts.core.exceptions.ModuleNotFoundError)) return Raised{};
    return run_as_main(ts, full, true);
  }
  if (found.for_importlib && !found.any()) return run_as_main(ts, full, true);
  if (found.package_folder) {
    Ref<Str> package = Ref<Str>::share(full.get());
    full = OURO_TRY(str_concat(ts, full, OURO_TRY(intern(ts, ".__main__"))));
    found = Found{};
    if (find_module(ts, full, found, parent, tail).raised()) {
      return no_main_module(ts, full, "; '{}' is a package and cannot be directly executed", package);
    }
    if (found.for_importlib && !found.any()) return run_as_main(ts, package, true);
  }
  if (!found.path) return raise(ts, ts.core.exceptions.ImportError, "No code object available for {}", full);
  ObjRef argv = sys_get(ts, "argv").new_ref();
  if (argv && is_list(argv) && as<List>(argv)->size > 0) {
    Ref<Int> first = OURO_TRY(Int::from(ts, 0));
    OURO_TRY(set_item(ts, argv, first, found.path));
  }
  ObjRef spec = OURO_TRY(make_spec(ts, full, found));
  OURO_TRY(fill_module(ts, main, full, found, spec));
  return execute_source(ts, main->dict, found);
}

Status install_importer(ThreadState& ts) {
  Ref<Str> module_name = OURO_TRY(intern(ts, "builtins"));
  ObjRef function = OURO_TRY(BuiltinFunction::create(ts, kImport, nullptr, module_name));
  OURO_TRY(dict_set(ts, ts.core.builtins, "__import__", function));
  OURO_TRY(adopt_first_modules(ts));
  const Lookup sys = dict_lookup(ts, ts.core.modules, OURO_TRY(intern(ts, "sys")));
  if (sys.failed) return Raised{};
  as<Module>(Obj(sys.value))->make_late = make_import_hooks;
  return kDone;
}

}  // namespace ouro
