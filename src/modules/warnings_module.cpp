// Module _warnings: which warnings are shown, and showing them. The library's `warnings` builds on it.
//
// Terms
//   filter      (action, message, category, module, line); the first that matches decides. None or 0 match anything
//   registry    a dict of warnings already shown, `__warningregistry__` of the module that caused them
//   version     counts changes of the filters; a registry made under another version is forgotten
//
// The filters in force are those of module `warnings` when it has been imported, else the module's own.
#include "modules/warnings_module.h"

#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/unicode_database.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/traceback_text.h"
#include "objects/tuple.h"
#include "vm/vm.h"

namespace ouro {

namespace {

/// The module's private state.
struct State {
  std::int64_t version = 0;
};

void free_state(Module* module) { free_raw(std::exchange(module->state, nullptr)); }

/// One warning on its way.
struct Warning {
  Ref<Type> category;
  ObjRef message;  // an instance of the category
  Ref<Str> text;
  Ref<Str> filename;
  std::int64_t line = 0;
  ObjRef module;    // str; null: from the filename
  ObjRef registry;  // dict, None or null
  Ref<Str> line_text;  // null: to be read from the file
  ObjRef source;    // the object that caused it, or null
};

Result<Ref<Module>> own_module(ThreadState& ts) {
  ObjRef found = OURO_TRY(import_by_name(ts, "_warnings"));
  if (!is_kind(found, TypeKind::Module) || as<Module>(found)->free_state != free_state) {
    return raise(ts, ts.core.exceptions.RuntimeError, "sys.modules['_warnings'] is not the module");
  }
  return Ref<Module>::share(as<Module>(found));
}

/// An attribute of the library's module `warnings`, when that has been imported; no value otherwise.
MaybeAttribute library_attribute(ThreadState& ts, const char* name) {
  if (ts.core.modules == nullptr) return {};
  Result<Ref<Str>> library_name = intern(ts, "warnings");
  if (library_name.raised()) return {nullptr, true};
  ObjRef library = dict_get_str(ts.core.modules, library_name.take()).new_ref();
  if (!library) return {};
  Result<Ref<Str>> attribute = intern(ts, name);
  if (attribute.raised()) return {nullptr, true};
  return find_attribute(ts, library, attribute.take());
}

/// The library's attribute, else the one that this module was born with (kept up to date with the library's).
ObjResult setting(ThreadState& ts, Borrowed<Module> own, const char* library_name, const char* own_name) {
  MaybeAttribute library = library_attribute(ts, library_name);
  if (library.failed) return Raised{};
  Ref<Str> key = OURO_TRY(intern(ts, own_name));
  if (library.value) {
    OURO_TRY(dict_set(ts, own->dict, key, library.value));
    return std::move(library.value);
  }
  ObjRef value = dict_get_str(own->dict, key).new_ref();
  if (!value) return raise(ts, ts.core.exceptions.ValueError, "_warnings.{} was deleted", own_name);
  return value;
}

/// Does a filter's pattern match? None matches all, a str only itself, anything else is asked through match().
Result<bool> pattern_matches(ThreadState& ts, Obj pattern, Obj text) {
  if (is_none(pattern)) return true;
  if (is_exact_str(pattern)) return equals(ts, pattern, text);
  ObjRef method = OURO_TRY(get_attribute(ts, pattern, "match"));
  ObjRef result = OURO_TRY(call(ts, method, text));
  return is_true(ts, result);
}

Result<Ref<Str>> action_for(ThreadState& ts, Borrowed<Module> own, const Warning& warning, ObjRef& filter) {
  ObjRef filters = OURO_TRY(setting(ts, own, "filters", "filters"));
  if (!is_list(filters)) return raise(ts, ts.core.exceptions.ValueError, "_warnings.filters must be a list");
  for (std::int64_t i = 0; i < as<List>(filters)->size; ++i) {
    filter = as<List>(filters)->at(i).new_ref();
    if (!is_tuple(filter) || as<Tuple>(filter)->size != 5) {
      return raise(ts, ts.core.exceptions.ValueError, "_warnings.filters item {} isn't a 5-tuple", i);
    }
    Borrowed<Tuple> parts = as<Tuple>(filter);
    if (!is_str(parts->at(0))) {
      return raise_type_error(ts, "action must be a string, not '{t}'", parts->at(0));
    }
    if (!OURO_TRY(pattern_matches(ts, parts->at(1), warning.text))) continue;
    if (!OURO_TRY(is_subclass(ts, warning.category, parts->at(2)))) continue;
    if (!OURO_TRY(pattern_matches(ts, parts->at(3), warning.module))) continue;
    const std::int64_t line = OURO_TRY(index_as_int64(ts, parts->at(4), ts.core.exceptions.OverflowError));
    if (line == 0 || line == warning.line) return Ref<Str>::share(as<Str>(parts->at(0)));
  }
  filter = ts.core.none_ref();
  ObjRef action = OURO_TRY(setting(ts, own, "defaultaction", "_defaultaction"));
  if (!is_str(action)) {
    return raise_type_error(ts, "_warnings.defaultaction must be a string, not '{t}'", action);
  }
  return Ref<Str>::share(as<Str>(action));
}

/// Was this key noted in the registry, under the present filters? Notes it when `note` says so.
Result<bool> already_shown(ThreadState& ts, Borrowed<Module> own, Borrowed<Dict> registry, Obj key, bool note) {
  const std::int64_t version = static_cast<State*>(own->state)->version;
  Ref<Str> version_key = OURO_TRY(intern(ts, "version"));
  ObjRef noted = dict_get_str(registry, version_key).new_ref();
  if (!noted || !is_int(noted) || int_clamped(noted) != version) {
    dict_clear(registry);
    Ref<Int> now = OURO_TRY(Int::from(ts, version));
    OURO_TRY(dict_set(ts, registry, version_key, now));
  } else {
    const Lookup found = dict_lookup(ts, registry, key);
    if (found.failed) return Raised{};
    if (found.value != nullptr) {
      ObjRef value = Obj(found.value).new_ref();
      if (OURO_TRY(is_true(ts, value))) return true;
    }
  }
  if (note) OURO_TRY(dict_set(ts, registry, key, ts.core.true_object));
  return false;
}

/// "file:line: Category: text" and the line itself, on sys.stderr.
Status show_plainly(ThreadState& ts, const Warning& warning) {
  StrBuilder out(ts);
  OURO_TRY(out.append(warning.filename));
  Ref<Int> line = OURO_TRY(Int::from(ts, warning.line));
  Ref<Str> number = OURO_TRY(str_of(ts, line));
  OURO_TRY(out.append(U':'));
  OURO_TRY(out.append(number));
  OURO_TRY(out.append(std::string_view(": ")));
  ObjRef name = OURO_TRY(get_attribute(ts, warning.category, ts.core.names.dunder_name));
  Ref<Str> shown_name = OURO_TRY(str_of(ts, name));
  OURO_TRY(out.append(shown_name));
  OURO_TRY(out.append(std::string_view(": ")));
  OURO_TRY(out.append(warning.text));
  OURO_TRY(out.append(U'\n'));
  StrBuilder source(ts);
  Ref<Str> text = warning.line_text.new_ref();
  if (!text && OURO_TRY(append_source_line(ts, source, warning.filename, static_cast<int>(warning.line)))) {
    text = OURO_TRY(source.finish());
  }
  if (text) {
    std::int64_t start = 0;
    std::int64_t end = text->length;
    while (start < end && (text->at(start) == ' ' || text->at(start) == '\t' || text->at(start) == '\f')) ++start;
    while (end > start && (text->at(end - 1) == '\n' || text->at(end - 1) == '\r')) --end;
    if (end > start) {
      OURO_TRY(out.append(std::string_view("  ")));
      OURO_TRY(out.append(text, start, end));
      OURO_TRY(out.append(U'\n'));
    }
  }
  Ref<Str> all = OURO_TRY(out.finish());
  write_to_stderr(ts, all);
  return kDone;
}

Status show(ThreadState& ts, const Warning& warning) {
  // The library's form tells where the source was allocated. While everything is taken down nothing is imported any more.
  if (warning.source && !is_none(warning.source) && !ts.core.finalizing && import_by_name(ts, "warnings").raised()) {
    if (!catch_pending(ts, ts.core.exceptions.ImportError)) return Raised{};
    return show_plainly(ts, warning);
  }
  MaybeAttribute show_message = library_attribute(ts, "_showwarnmsg");
  if (show_message.failed) return Raised{};
  if (!show_message.value) return show_plainly(ts, warning);
  if (!is_callable(show_message.value)) return raise_type_error(ts, "warnings._showwarnmsg() must be set to a callable");
  MaybeAttribute record = library_attribute(ts, "WarningMessage");
  if (record.failed) return Raised{};
  if (!record.value) return raise(ts, ts.core.exceptions.RuntimeError, "unable to get warnings.WarningMessage");
  Ref<Int> line = OURO_TRY(Int::from(ts, warning.line));
  Object* none = ts.core.none;
  Object* args[] = {warning.message.get(), warning.category.get(), warning.filename.get(),
                    line.get(),            none,                   none,
                    warning.source ? warning.source.get() : none};
  ObjRef made = OURO_TRY(call(ts, record.value, Args{args, 7, nullptr}));
  OURO_TRY(call(ts, show_message.value, made));
  return kDone;
}

/// "path/name.py" as a module's name.
Result<Ref<Str>> module_of_file(ThreadState& ts, Borrowed<Str> filename) {
  if (filename->length == 0) return Str::from_utf8(ts, "<unknown>");
  Utf8 text(filename);
  if (!text.ok()) return raise_no_memory(ts);
  if (!text.view().ends_with(".py")) return filename.new_ref();
  return filename->slice(ts, 0, filename->length - 3);
}

Status issue(ThreadState& ts, Warning& warning) {
  Ref<Module> own = OURO_TRY(own_module(ts));
  const bool has_registry = warning.registry && !is_none(warning.registry);
  if (has_registry && !is_dict(warning.registry)) return raise_type_error(ts, "'registry' must be a dict or None");
  if (!warning.module) warning.module = OURO_TRY(module_of_file(ts, warning.filename));
  if (is_instance_of(warning.message, ts.core.exceptions.Warning)) {
    warning.text = OURO_TRY(str_of(ts, warning.message));
    warning.category = Ref<Type>::share(warning.message->type());
  } else {
    ObjRef text = std::move(warning.message);
    if (!is_str(text)) text = OURO_TRY(str_of(ts, text));
    warning.text = Ref<Str>::share(as<Str>(text));
    warning.message = OURO_TRY(call(ts, warning.category, text));
  }
  Ref<Int> line = OURO_TRY(Int::from(ts, warning.line));
  Ref<Tuple> key = OURO_TRY(Tuple::of(ts, warning.text, warning.category, line));
  if (has_registry && OURO_TRY(already_shown(ts, own, as<Dict>(warning.registry), key, false))) return kDone;
  ObjRef filter;
  Ref<Str> action = OURO_TRY(action_for(ts, own, warning, filter));
  if (str_equals_ascii(action, "error")) return raise_object(ts, std::move(warning.message));
  if (str_equals_ascii(action, "ignore")) return kDone;
  if (!str_equals_ascii(action, "always")) {
    if (has_registry) OURO_TRY(dict_set(ts, as<Dict>(warning.registry), key, ts.core.true_object));
    const bool once = str_equals_ascii(action, "once");
    if (once || str_equals_ascii(action, "module")) {
      ObjRef registry = has_registry ? Obj(warning.registry).new_ref() : ObjRef();
      if (once && !has_registry) {
        registry = OURO_TRY(setting(ts, own, "onceregistry", "_onceregistry"));
        if (!is_dict(registry)) return raise_type_error(ts, "_warnings.onceregistry must be a dict, not '{t}'", registry);
      }
      Ref<Tuple> short_key = OURO_TRY(Tuple::of(ts, warning.text, warning.category));
      if (registry && is_dict(registry) && OURO_TRY(already_shown(ts, own, as<Dict>(registry), short_key, true))) {
        return kDone;
      }
    } else if (!str_equals_ascii(action, "default")) {
      return raise(ts, ts.core.exceptions.RuntimeError, "Unrecognized action ({r}) in warnings.filters:\n {r}", action, filter);
    }
  }
  return show(ts, warning);
}

/// The import machinery's own frames say nothing about who imports.
Result<bool> is_import_frame(ThreadState& ts, Obj frame) {
  ObjRef code = OURO_TRY(get_attribute(ts, frame, "f_code"));
  ObjRef filename = OURO_TRY(get_attribute(ts, code, "co_filename"));
  if (!is_str(filename)) return false;
  Utf8 text(as<Str>(filename));
  if (!text.ok()) return raise_no_memory(ts);
  return text.view().find("importlib") != std::string_view::npos && text.view().find("_bootstrap") != std::string_view::npos;
}

/// The frame `level` up (1: the running one), import machinery left out unless the warning is its own; None when there is none.
ObjResult caller_frame(ThreadState& ts, std::int64_t level) {
  ObjResult running = current_frame_object(ts, 0);
  if (running.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.ValueError)) return Raised{};
    return ts.core.none_ref();
  }
  ObjRef frame = running.take();
  const bool counts_all = level <= 0 || OURO_TRY(is_import_frame(ts, frame));
  while (--level > 0 && !is_none(frame)) {
    do {
      frame = OURO_TRY(get_attribute(ts, frame, "f_back"));
    } while (!counts_all && !is_none(frame) && OURO_TRY(is_import_frame(ts, frame)));
  }
  return frame;
}

/// Fills in where the warning comes from: the caller `level` frames up, and its registry.
Status find_caller(ThreadState& ts, std::int64_t level, Warning& warning) {
  ObjRef globals;
  ObjRef frame = OURO_TRY(caller_frame(ts, level));
  if (!is_none(frame)) {
    globals = OURO_TRY(get_attribute(ts, frame, "f_globals"));
    ObjRef code = OURO_TRY(get_attribute(ts, frame, "f_code"));
    ObjRef filename = OURO_TRY(get_attribute(ts, code, "co_filename"));
    ObjRef line = OURO_TRY(get_attribute(ts, frame, "f_lineno"));
    if (is_str(filename)) warning.filename = Ref<Str>::share(as<Str>(filename));
    if (is_int(line)) warning.line = int_clamped(line);
  } else {
    globals = ObjRef::share(sys_dict_of(ts).get());
    warning.line = 1;
  }
  if (!warning.filename) warning.filename = OURO_TRY(Str::from_utf8(ts, "sys"));
  if (!globals || !is_dict(globals)) return kDone;
  Ref<Str> registry_name = OURO_TRY(intern(ts, "__warningregistry__"));
  warning.registry = dict_get_str(as<Dict>(globals), registry_name).new_ref();
  if (!warning.registry) {
    Ref<Dict> fresh = OURO_TRY(Dict::create(ts));
    OURO_TRY(dict_set(ts, as<Dict>(globals), registry_name, Obj(fresh)));
    warning.registry = std::move(fresh);
  }
  ObjRef name = dict_get_str(as<Dict>(globals), ts.core.names.dunder_name).new_ref();
  warning.module = name && (is_none(name) || is_str(name)) ? std::move(name) : ObjRef(OURO_TRY(Str::from_utf8(ts, "<string>")));
  return kDone;
}

Status set_category(ThreadState& ts, Obj message, Obj category, Warning& warning) {
  if (is_instance_of(message, ts.core.exceptions.Warning)) {
    category = message->type();
  } else if (!category || is_none(category)) {
    category = ts.core.exceptions.UserWarning;
  }
  if (!is_type(category) || !as<Type>(category)->is_subtype_of(ts.core.exceptions.Warning)) {
    return raise_type_error(ts, "category must be a Warning subclass, not '{t}'", category);
  }
  warning.category = Ref<Type>::share(as<Type>(category));
  warning.message = message.new_ref();
  return kDone;
}

ObjResult warnings_warn(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "warn", {"message", "category", "stacklevel", "source"}, 1, values));
  std::int64_t level = 1;
  if (values[2]) level = OURO_TRY(index_as_int64(ts, values[2], ts.core.exceptions.OverflowError));
  Warning warning;
  OURO_TRY(set_category(ts, values[0], values[1], warning));
  if (values[3]) warning.source = values[3].new_ref();
  OURO_TRY(find_caller(ts, level, warning));
  OURO_TRY(issue(ts, warning));
  return ts.core.none_ref();
}

/// The line that the loader of the module with these globals has; null when it has none to show.
Result<Ref<Str>> line_from_loader(ThreadState& ts, Borrowed<Dict> globals, std::int64_t line) {
  ObjRef loader = dict_get_str(globals, OURO_TRY(intern(ts, "__loader__"))).new_ref();
  ObjRef name = dict_get_str(globals, ts.core.names.dunder_name).new_ref();
  if (!loader || !name) return Ref<Str>();
  MaybeAttribute get_source = find_attribute(ts, loader, OURO_TRY(intern(ts, "get_source")));
  if (get_source.failed) return Raised{};
  if (!get_source.value) return Ref<Str>();
  ObjRef source = OURO_TRY(call(ts, get_source.value, name));
  if (is_none(source)) return Ref<Str>();
  if (!is_str(source)) return raise_type_error(ts, "must be str, not {t}", source);
  ObjRef lines = OURO_TRY(call_method(ts, source, OURO_TRY(intern(ts, "splitlines"))));
  Ref<Int> index = OURO_TRY(Int::from(ts, line - 1));
  ObjRef text = OURO_TRY(get_item(ts, lines, index));
  return Ref<Str>::share(as<Str>(text));
}

ObjResult warnings_warn_explicit(ThreadState& ts, Obj, Args args) {
  Obj values[8];
  OURO_TRY(parse_args(ts, args, "warn_explicit",
                      {"message", "category", "filename", "lineno", "module", "registry", "module_globals", "source"}, 4, values));
  if (!is_str(values[2])) return raise_type_error(ts, "warn_explicit() argument 3 must be str, not {t}", values[2]);
  Warning warning;
  OURO_TRY(set_category(ts, values[0], values[1], warning));
  warning.filename = Ref<Str>::share(as<Str>(values[2]));
  warning.line = OURO_TRY(index_as_int64(ts, values[3], ts.core.exceptions.OverflowError));
  if (values[4]) warning.module = values[4].new_ref();
  if (values[5]) warning.registry = values[5].new_ref();
  if (values[6] && !is_none(values[6])) {
    if (!is_dict(values[6])) return raise_type_error(ts, "module_globals must be a dict, not '{t}'", values[6]);
    ObjRef globals = values[6].new_ref();
    warning.line_text = OURO_TRY(line_from_loader(ts, as<Dict>(globals), warning.line));
  }
  if (values[7]) warning.source = values[7].new_ref();
  OURO_TRY(issue(ts, warning));
  return ts.core.none_ref();
}

// The filters belong to the interpreter, whichever copy of the module tells that they changed.
ObjResult warnings_filters_mutated(ThreadState& ts, Obj, Args) {
  Ref<Module> own = OURO_TRY(own_module(ts));
  ++static_cast<State*>(own->state)->version;
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"warn", warnings_warn, 0, -1, MethodDef::kKeywords,
     "warn($module, /, message, category=None, stacklevel=1, source=None)\n--\n\nShows a warning, or turns it into an exception."},
    {"warn_explicit", warnings_warn_explicit, 0, -1, MethodDef::kKeywords,
     "warn_explicit($module, /, message, category, filename, lineno, module=None, registry=None, module_globals=None, "
     "source=None)\n--\n\nShows a warning about a given place, or turns it into an exception."},
    {"_filters_mutated", warnings_filters_mutated, 0, 0, MethodDef::kNone,
     "_filters_mutated($module, /)\n--\n\nTells that the filters were changed."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Result<Ref<List>> first_filters(ThreadState& ts) {
  const CoreExceptions& known = ts.core.exceptions;
  struct Row {
    const char* action;
    Type* category;
    const char* module;
  };
  const Row rows[] = {{"default", known.DeprecationWarning, "__main__"},
                      {"ignore", known.DeprecationWarning, nullptr},
                      {"ignore", known.PendingDeprecationWarning, nullptr},
                      {"ignore", known.ImportWarning, nullptr},
                      {"ignore", known.ResourceWarning, nullptr}};
  Ref<List> filters = OURO_TRY(List::create(ts));
  Ref<Int> any_line = OURO_TRY(Int::from(ts, 0));
  for (const Row& row : rows) {
    Ref<Str> action = OURO_TRY(intern(ts, row.action));
    ObjRef module = ts.core.none_ref();
    if (row.module != nullptr) module = OURO_TRY(intern(ts, row.module));
    Ref<Tuple> filter = OURO_TRY(Tuple::of(ts, action, ts.core.none, row.category, module, any_line));
    OURO_TRY(filters->append(ts, filter));
  }
  return filters;
}

/// The compiler's warnings: about a file rather than about running code.
Status warn_while_compiling(void*, ThreadState& ts, Borrowed<Type> category, Borrowed<Str> message, Borrowed<Str> filename, int line) {
  if (ts.core.finalizing) return kDone;
  Warning warning;
  warning.category = category.new_ref();
  warning.message = message.new_ref();
  warning.filename = filename.new_ref();
  warning.line = line;
  return issue(ts, warning);
}

int find_character(void*, std::string_view name, char32_t* out) {
  return static_cast<int>(unicode::find_named(name, out, false));
}

constexpr CompileHooks kCompileHooks = {nullptr, warn_while_compiling, find_character};

}  // namespace

Result<Ref<Module>> create_warnings_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_warnings"));
  void* memory = allocate_raw(sizeof(State));
  if (memory == nullptr) return raise_no_memory(ts);
  module->state = new (memory) State;
  module->free_state = free_state;
  OURO_TRY(module->add_functions(ts, kMethods));
  OURO_TRY(dict_set(ts, module->dict, "filters", Obj(OURO_TRY(first_filters(ts)))));
  OURO_TRY(dict_set(ts, module->dict, "_onceregistry", Obj(OURO_TRY(Dict::create(ts)))));
  OURO_TRY(dict_set(ts, module->dict, "_defaultaction", Obj(OURO_TRY(intern(ts, "default")))));
  return module;
}

Status warn(ThreadState& ts, Borrowed<Type> category, std::string_view message) {
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, message));
  Warning warning;
  OURO_TRY(set_category(ts, text, category, warning));
  OURO_TRY(find_caller(ts, 1, warning));
  return issue(ts, warning);
}

Status warn_resource(ThreadState& ts, Obj source, std::string_view message) {
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, message));
  Warning warning;
  OURO_TRY(set_category(ts, text, ts.core.exceptions.ResourceWarning, warning));
  warning.source = source.new_ref();
  OURO_TRY(find_caller(ts, 1, warning));
  return issue(ts, warning);
}

const CompileHooks* compile_hooks() { return &kCompileHooks; }

Result<Ref<Code>> compile_program(ThreadState& ts, std::string_view source, Borrowed<Str> filename, CompileOptions options) {
  options.hooks = &kCompileHooks;
  options.optimize = optimization_level(ts);
  return compile_source(ts, source, filename, options);
}

}  // namespace ouro
