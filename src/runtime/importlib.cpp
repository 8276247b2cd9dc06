// Starting importlib and calling it.
#include "runtime/importlib.h"

#include "compile/compile.h"
#include "modules/sys_facts.h"
#include "modules/sys_module.h"
#include "modules/warnings_module.h"
#include "objects/code.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/operations.h"
#include "objects/tuple.h"
#include "runtime/importer.h"
#include "runtime/source_file.h"
#include "vm/vm.h"

namespace ouro {

namespace {

struct BootstrapFile {
  const char* module;  // as CPython's frozen modules are called
  const char* file;    // in the library
  const char* shown;   // as file name in tracebacks: such frames are not shown
};
constexpr BootstrapFile kCore = {"_frozen_importlib", "importlib/_bootstrap.py",
                                 "<frozen importlib._bootstrap>"};
constexpr BootstrapFile kExternal = {"_frozen_importlib_external",
                                     "importlib/_bootstrap_external.py",
                                     "<frozen importlib._bootstrap_external>"};

/// Runs what is neither a module by name nor a plain file: folders and archives with a `__main__`.
constexpr BootstrapFile kRunner = {"runpy", "runpy.py", "<frozen runpy>"};

/// Reads the file from the first folder of sys.path that has it.
Status read_bootstrap(ThreadState& ts, const BootstrapFile& bootstrap, SourceFile& file) {
  bool found = false;
  ObjRef path = sys_get(ts, "path").new_ref();
  if (path && !is_none(path)) {
    OURO_TRY(for_each_item(ts, path, [&](ObjRef item) -> Status {
      if (found || !is_str(item)) return kDone;
      StrBuilder full(ts);
      OURO_TRY(full.append(Borrowed<Str>(as<Str>(item))));
      OURO_TRY(full.append(U'/'));
      OURO_TRY(full.append(std::string_view(bootstrap.file)));
      Ref<Str> text = OURO_TRY(full.finish());
      Utf8 name{Borrowed<Str>(text)};
      if (!name.ok()) return raise_no_memory(ts);
      switch (file.read(name.c_str())) {
        case SourceFile::Outcome::Read:
          found = true;
          return kDone;
        case SourceFile::Outcome::NoMemory:
          return raise_no_memory(ts);
        default:
          return kDone;
      }
    }));
  }
  if (found) return kDone;
  return raise(ts, ts.core.exceptions.ImportError,
               "importlib is not there: no {} in the folders of sys.path", bootstrap.file);
}

/// Executes a bootstrap file as a module of its name.
ObjResult run_bootstrap(ThreadState& ts, const BootstrapFile& bootstrap) {
  Ref<Str> name = OURO_TRY(intern(ts, bootstrap.module));
  SourceFile file;
  OURO_TRY(read_bootstrap(ts, bootstrap, file));
  Ref<Module> module = OURO_TRY(Module::create(ts, bootstrap.module));
  OURO_TRY(dict_set(ts, ts.core.modules, name, Obj(module)));
  Ref<Str> shown = OURO_TRY(Str::from_utf8(ts, bootstrap.shown));
  Ref<Code> code = OURO_TRY(compile_program(ts, file.bytes(), shown, {}));
  Ref<Dict> globals = Ref<Dict>::share(module->dict);
  OURO_TRY(run_code(ts, code, globals, globals));
  return module;
}

/// The module's file, or null when it is none of the `.py` files imported so far.
Borrowed<Object> source_file_of(ThreadState& ts, Borrowed<Dict> module_dict) {
  Borrowed<Object> file = dict_get_str(module_dict, ts.core.names.dunder_file);
  return file && is_str(file) ? file : Borrowed<Object>();
}

/// A module that the native importer has loaded gets the spec and loader that importlib would have
/// given it. The main program has a loader only.
Status adopt_module(ThreadState& ts, Obj external, Borrowed<Str> name, Borrowed<Module> module) {
  ObjRef file = source_file_of(ts, module->dict).new_ref();
  if (!file) return kDone;
  ObjRef before = dict_get_str(module->dict, ts.core.names.dunder_spec).new_ref();
  // A module entered under a second name (os.path) keeps its own.
  ObjRef own_name = name.new_ref();
  if (before && !is_none(before)) {
    own_name = OURO_TRY(get_attribute(ts, before, ts.core.names.n_name));
  }
  ObjRef loader_type = OURO_TRY(get_attribute(ts, external, "SourceFileLoader"));
  ObjRef loader = OURO_TRY(call(ts, loader_type, own_name, file));
  OURO_TRY(dict_set(ts, module->dict, ts.core.names.dunder_loader, loader));
  if (!before || is_none(before)) return kDone;
  ObjRef make_spec = OURO_TRY(get_attribute(ts, external, "spec_from_file_location"));
  Object* args[] = {own_name.get(), file.get(), loader.get()};
  Ref<Str> loader_word = OURO_TRY(intern(ts, "loader"));
  Ref<Tuple> keywords = OURO_TRY(Tuple::of(ts, loader_word));
  ObjRef spec = OURO_TRY(call(ts, make_spec, Args{args, 2, keywords.get()}));
  Ref<Str> initializing = OURO_TRY(intern(ts, "_initializing"));
  MaybeAttribute state = find_attribute(ts, before, initializing);
  if (state.failed) return Raised{};
  if (state.value) OURO_TRY(set_attribute(ts, spec, initializing, state.value));
  return dict_set(ts, module->dict, ts.core.names.dunder_spec, spec);
}

Status adopt_modules(ThreadState& ts, Obj bootstrap, Obj external) {
  Ref<List> entries = OURO_TRY(dict_items_list(ts, ts.core.modules));
  for (std::int64_t i = 0; i < entries->size; ++i) {
    auto* entry = as<Tuple>(entries->at(i));
    if (!is_str(entry->at(0)) || !is_kind(entry->at(1), TypeKind::Module)) continue;
    OURO_TRY(adopt_module(ts, external, as<Str>(entry->at(0)), as<Module>(entry->at(1))));
  }
  // A main program that came from no file counts as built in.
  const Lookup main = dict_lookup(ts, ts.core.modules, OURO_TRY(intern(ts, "__main__")));
  if (main.failed) return Raised{};
  if (main.value == nullptr || !is_kind(main.value, TypeKind::Module)) return kDone;
  Ref<Dict> dict = Ref<Dict>::share(as<Module>(Obj(main.value))->dict);
  if (source_file_of(ts, dict)) return kDone;
  ObjRef importer = OURO_TRY(get_attribute(ts, bootstrap, "BuiltinImporter"));
  return dict_set(ts, dict, ts.core.names.dunder_loader, importer);
}

/// Modules of the runtime lose the specs that the native importer gave them: importlib keeps the
/// spec a module has.
Status forget_native_specs(ThreadState& ts) {
  Ref<List> modules = OURO_TRY(dict_values_list(ts, ts.core.modules));
  for (std::int64_t i = 0; i < modules->size; ++i) {
    if (!is_kind(modules->at(i), TypeKind::Module)) continue;
    Ref<Dict> dict = Ref<Dict>::share(as<Module>(modules->at(i))->dict);
    ObjRef spec = dict_get_str(dict, ts.core.names.dunder_spec).new_ref();
    if (!spec || !is_kind(spec, TypeKind::SimpleNamespace) || source_file_of(ts, dict)) continue;
    OURO_TRY(dict_set(ts, dict, ts.core.names.dunder_spec, ts.core.none));
  }
  return kDone;
}

/// Gives sys the lists that importlib fills, unless the program has set them.
Status add_hook_lists(ThreadState& ts) {
  for (const char* name : {"meta_path", "path_hooks"}) {
    if (sys_get(ts, name)) continue;
    Ref<List> empty = OURO_TRY(List::create(ts));
    OURO_TRY(sys_set(ts, name, empty));
  }
  return kDone;
}

/// Archives are asked first whether an entry of sys.path is one of them.
Status add_zip_hook(ThreadState& ts) {
  ObjRef module = OURO_TRY(import_module(ts, "zipimport"));
  ObjRef importer = OURO_TRY(get_attribute(ts, module, "zipimporter"));
  ObjRef hooks = sys_get(ts, "path_hooks").new_ref();
  if (!hooks || !is_list(hooks)) return kDone;
  return as<List>(hooks)->insert(ts, 0, importer);
}

Status start(ThreadState& ts) {
  OURO_TRY(add_hook_lists(ts));
  ObjRef bootstrap = OURO_TRY(run_bootstrap(ts, kCore));
  ObjRef external = OURO_TRY(run_bootstrap(ts, kExternal));
  ObjRef imp = OURO_TRY(import_module(ts, "_imp"));
  ObjRef sys = OURO_TRY(import_module(ts, "sys"));
  OURO_TRY(forget_native_specs(ts));
  OURO_TRY(call(ts, OURO_TRY(get_attribute(ts, bootstrap, "_install")), sys, imp));
  OURO_TRY(call(ts, OURO_TRY(get_attribute(ts, bootstrap, "_install_external_importers"))));
  OURO_TRY(add_zip_hook(ts));
  OURO_TRY(adopt_modules(ts, bootstrap, external));
  ObjRef find_and_load = OURO_TRY(get_attribute(ts, bootstrap, "_find_and_load"));
  ts.core.find_and_load = find_and_load.release();
  return kDone;
}

bool is_bootstrap_code(const Code* code) {
  return str_equals_ascii(code->filename, kCore.shown) ||
         str_equals_ascii(code->filename, kExternal.shown);
}

/// Takes importlib's frames out of the pending exception's traceback: all of them for an
/// ImportError, else those around the call of a loader.
void hide_bootstrap_frames(ThreadState& ts) {
  Object* pending = ts.pending;
  const bool all = is_instance_of(pending, ts.core.exceptions.ImportError);
  auto** link = reinterpret_cast<Traceback**>(&as_exception(pending)->traceback);
  Traceback** chunk = nullptr;
  while (*link != nullptr) {
    Traceback* entry = *link;
    const Code* code = frame_code(Obj(entry->frame)).get();
    if (!is_bootstrap_code(code)) {
      chunk = nullptr;
      link = &entry->next;
      continue;
    }
    if (chunk == nullptr) chunk = link;
    if (!all && !str_equals_ascii(code->name, "_call_with_frames_removed")) {
      link = &entry->next;
      continue;
    }
    Ref<Traceback> rest = Ref<Traceback>::share(entry->next);
    const Ref<Traceback> hidden = Ref<Traceback>::steal(std::exchange(*chunk, rest.release()));
    link = chunk;
  }
}

}  // namespace

bool is_importlib_bootstrap(Borrowed<Str> name) {
  return str_equals_ascii(name, kCore.module) || str_equals_ascii(name, kExternal.module);
}

bool importlib_is_starting(ThreadState& ts) {
  if (ts.core.find_and_load != nullptr) return false;
  Result<Ref<Str>> bootstrap = intern(ts, kCore.module);
  if (bootstrap.ok()) return static_cast<bool>(dict_get_str(ts.core.modules, bootstrap.take()));
  clear_pending(ts);
  return false;
}

bool wants_importlib(ThreadState& ts) {
  if (importlib_is_starting(ts)) return false;
  for (const char* name : {"meta_path", "path_hooks"}) {
    Borrowed<Object> hooks = sys_get(ts, name);
    if (hooks && is_list(hooks) && as<List>(hooks)->size > 0) return true;
  }
  return false;
}

Status start_importlib(ThreadState& ts) {
  if (ts.core.find_and_load != nullptr) return kDone;
  const Status started = start(ts);
  if (started.ok()) return kDone;
  ObjRef pending = take_pending(ts);
  for (const BootstrapFile& bootstrap : {kCore, kExternal}) {
    Result<Ref<Str>> name = intern(ts, bootstrap.module);
    if (name.raised() || dict_remove(ts, ts.core.modules, name.take()).raised()) clear_pending(ts);
  }
  restore_pending(ts, std::move(pending));
  return Raised{};
}

ObjResult find_and_load_by_importlib(ThreadState& ts, Borrowed<Str> name) {
  Ref<Str> import_name = OURO_TRY(intern(ts, "__import__"));
  ObjRef import = dict_get_str(ts.core.builtins, import_name).new_ref();
  if (!import) return raise(ts, ts.core.exceptions.ImportError, "__import__ not found");
  ObjRef function = ObjRef::share(ts.core.find_and_load);
  ObjResult module = call(ts, function, name, import);
  if (module.raised()) hide_bootstrap_frames(ts);
  return module;
}

Status run_as_main(ThreadState& ts, Obj name, bool alter_argv) {
  OURO_TRY(start_importlib(ts));
  ObjRef runner = OURO_TRY(run_bootstrap(ts, kRunner));
  ObjRef run = OURO_TRY(get_attribute(ts, runner, "_run_module_as_main"));
  OURO_TRY(call(ts, run, name, ts.core.bool_ref(alter_argv)));
  return kDone;
}

MaybeAttribute make_import_hooks(ThreadState& ts, Module* sys, Borrowed<Str> name) {
  if (!str_equals_ascii(name, "meta_path") && !str_equals_ascii(name, "path_hooks")) {
    return make_late_fact(ts, sys, name);
  }
  if (start_importlib(ts).raised()) {
    // Without the library there are no finders to show.
    if (!catch_pending(ts, ts.core.exceptions.ImportError) || add_hook_lists(ts).raised()) {
      return {{}, true};
    }
  }
  return {dict_get_str(sys->dict, name).new_ref(), false};
}

}  // namespace ouro
