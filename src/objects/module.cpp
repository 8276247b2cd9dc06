// Module objects.

#include "objects/module.h"

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_inits.h"
#include "objects/type_internal.h"

namespace ouro {

namespace {

Status set_first_names(ThreadState& ts, Borrowed<Dict> dict, Obj name, Obj doc) {
  const CoreNames& names = ts.core.names;
  Obj none = ts.core.none;
  OURO_TRY(dict_set(ts, dict, names.dunder_name, name));
  OURO_TRY(dict_set(ts, dict, names.dunder_doc, doc ? doc : none));
  OURO_TRY(dict_set(ts, dict, names.dunder_package, none));
  OURO_TRY(dict_set(ts, dict, names.dunder_loader, none));
  return dict_set(ts, dict, names.dunder_spec, none);
}

ObjResult module_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  ObjRef self = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  as<Module>(self)->dict = dict.release();
  OURO_TRY(track(ts, self));
  return self;
}

}  // namespace

Result<Ref<Module>> Module::create(ThreadState& ts, const char* name) {
  Ref<Str> text = OURO_TRY(intern(ts, name));
  ObjRef object = OURO_TRY(module_make(ts, ts.core.types.module, Args{}));
  auto self = Ref<Module>::steal(as<Module>(object.release()));
  OURO_TRY(set_first_names(ts, self->dict, text, nullptr));
  return self;
}

Status Module::add_functions(ThreadState& ts, const MethodDef* methods) {
  ObjRef name = dict_get_str(dict, ts.core.names.dunder_name).new_ref();
  for (const MethodDef* def = methods; def->name != nullptr; ++def) {
    ObjRef function = OURO_TRY(BuiltinFunction::create(ts, *def, this, name));
    OURO_TRY(dict_set(ts, dict, def->name, Obj(function)));
  }
  return kDone;
}

namespace {

void module_clear(gc::Header* header) {
  xdecref(std::exchange(static_cast<Module*>(header)->dict, nullptr));
}

void module_dealloc(gc::Header* header) {
  auto* self = static_cast<Module*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  if (self->free_state != nullptr) self->free_state(self);
  xdecref(std::exchange(self->kept, nullptr));
  xdecref(std::exchange(self->dict, nullptr));
  free_object(self);
}

Status module_init(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "module", {"name", "doc"}, 1, values));
  if (!is_str(values[0]))
    return raise_type_error(ts, "module() argument 'name' must be str, not {n}", values[0]);
  if (as<Module>(self)->dict == nullptr) {
    Ref<Dict> dict = OURO_TRY(Dict::create(ts));
    as<Module>(self)->dict = dict.release();
  }
  Ref<Dict> dict = Ref<Dict>::share(as<Module>(self)->dict);
  return set_first_names(ts, dict, values[0], values[1]);
}

/// The value under `name` in the module's dict, or null.
ObjRef dict_value(Obj self, Str* name) {
  Dict* dict = as<Module>(self)->dict;
  return dict == nullptr ? ObjRef() : dict_get_str(dict, name).new_ref();
}

/// An attribute of the spec, None when absent; failures other than AttributeError pass.
ObjResult spec_part(ThreadState& ts, Obj spec, const char* name) {
  Ref<Str> text = OURO_TRY(intern(ts, name));
  MaybeAttribute found = find_attribute(ts, spec, text);
  if (found.failed) return Raised{};
  return found.value ? std::move(found.value) : ts.core.none_ref();
}

/// "<module 'x' from 'file'>", "<module 'x' (built-in)>": what the spec says.
ObjResult repr_from_spec(ThreadState& ts, Obj spec) {
  ObjRef name = OURO_TRY(spec_part(ts, spec, "name"));
  if (is_none(name)) name = OURO_TRY(Str::from_utf8(ts, "?"));
  ObjRef origin = OURO_TRY(spec_part(ts, spec, "origin"));
  if (is_none(origin)) {
    ObjRef loader = OURO_TRY(spec_part(ts, spec, "loader"));
    const FormatArg shown[] = {FormatArg(name), FormatArg(loader)};
    return format_message(ts, is_none(loader) ? "<module {r}>" : "<module {r} ({r})>",
                          {shown, is_none(loader) ? 1u : 2u});
  }
  ObjRef has_location = OURO_TRY(spec_part(ts, spec, "has_location"));
  const bool from_file = OURO_TRY(is_true(ts, has_location));
  const FormatArg shown[] = {FormatArg(name), FormatArg(origin)};
  return format_message(ts, from_file ? "<module {r} from {r}>" : "<module {r} ({})>", shown);
}

ObjResult module_repr(ThreadState& ts, Obj self) {
  const CoreNames& names = ts.core.names;
  ObjRef spec = dict_value(self, names.dunder_spec);
  if (spec && OURO_TRY(is_true(ts, spec))) return repr_from_spec(ts, spec);
  ObjRef name = dict_value(self, names.dunder_name);
  if (!name) name = OURO_TRY(Str::from_utf8(ts, "?"));
  ObjRef file = dict_value(self, names.dunder_file);
  ObjRef loader = dict_value(self, names.dunder_loader);
  if (file) {
    const FormatArg shown[] = {FormatArg(name), FormatArg(file)};
    return format_message(ts, "<module {r} from {r}>", shown);
  }
  if (loader && !is_none(loader)) {
    const FormatArg shown[] = {FormatArg(name), FormatArg(loader)};
    return format_message(ts, "<module {r} ({r})>", shown);
  }
  const FormatArg shown[] = {FormatArg(name)};
  return format_message(ts, "<module {r}>", shown);
}

/// The spec says that the module's body is still running.
Result<bool> is_initializing(ThreadState& ts, Obj self) {
  ObjRef spec = dict_value(self, ts.core.names.dunder_spec);
  if (!spec || is_none(spec)) return false;
  ObjRef flag = OURO_TRY(spec_part(ts, spec, "_initializing"));
  return is_true(ts, flag);
}

/// AttributeError for a module that has no such name, with name and obj for the suggestion.
Raised raise_no_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  ObjRef module_name = dict_value(self, ts.core.names.dunder_name);
  if (!module_name || !is_str(module_name)) {
    const FormatArg shown[] = {name};
    Ref<Str> message = OURO_TRY(format_message(ts, "module has no attribute '{}'", shown));
    return raise_attribute_error(ts, self, name, message);
  }
  const char* pattern = "module '{}' has no attribute '{}'";
  if (OURO_TRY(is_initializing(ts, self))) {
    pattern =
        "partially initialized module '{}' has no attribute '{}' (most likely due to a "
        "circular import)";
  }
  const FormatArg shown[] = {module_name, name};
  Ref<Str> message = OURO_TRY(format_message(ts, pattern, shown));
  return raise_attribute_error(ts, self, name, message);
}

ObjResult module_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  // Names of the module's dict hide those of the type unless the type's is a data descriptor.
  if (Dict* dict = as<Module>(self)->dict; dict != nullptr && is_exact_str(name)) {
    Borrowed<Object> of_type = type_lookup(ts, self->type(), name);
    if (!of_type) {
      if (Borrowed<Object> value = dict_get_str(dict, name)) return value.new_ref();
    }
    if (!of_type && as<Module>(self)->make_late != nullptr) {
      MaybeAttribute late = as<Module>(self)->make_late(ts, as<Module>(self), name);
      if (late.failed) return Raised{};
      if (late.value) return std::move(late.value);
    }
    if (!of_type && !dict_get_str(dict, ts.core.names.dunder_getattr))
      return raise_no_attribute(ts, self, name);
  }
  auto found = generic_get_attribute(ts, self, name);
  if (found.ok()) return found;
  if (!catch_pending(ts, ts.core.exceptions.AttributeError)) return Raised{};
  ObjRef hook = dict_value(self, ts.core.names.dunder_getattr);
  if (hook) return call(ts, hook, Obj(name));
  return raise_no_attribute(ts, self, name);
}

ObjResult get_dict(ThreadState& ts, Obj self) {
  Dict* dict = as<Module>(self)->dict;
  return dict == nullptr ? ts.core.none_ref() : ObjRef::share(dict);
}
Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

Result<Ref<Dict>> dict_of(ThreadState& ts, Obj self) {
  Dict* dict = as<Module>(self)->dict;
  if (dict == nullptr) return raise_type_error(ts, "<module>.__dict__ is not a dictionary");
  return Ref<Dict>::share(dict);
}

ObjResult get_annotations(ThreadState& ts, Obj self) {
  Ref<Dict> dict = OURO_TRY(dict_of(ts, self));
  if (Borrowed<Object> present = dict_get_str(dict, ts.core.names.dunder_annotations))
    return present.new_ref();
  Ref<Dict> made = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, ts.core.names.dunder_annotations, Obj(made)));
  return made;
}
Status set_annotations(ThreadState& ts, Obj self, Obj value) {
  Ref<Dict> dict = OURO_TRY(dict_of(ts, self));
  if (value) return dict_set(ts, dict, ts.core.names.dunder_annotations, value);
  if (OURO_TRY(dict_remove(ts, dict, ts.core.names.dunder_annotations))) return kDone;
  return raise(ts, ts.core.exceptions.AttributeError, "__annotations__");
}

/// The module's own __dir__, or the names in its dict.
ObjResult module_dir(ThreadState& ts, Obj self, Args) {
  ObjRef dict = OURO_TRY(get_attribute(ts, self, ts.core.names.dunder_dict));
  if (!is_dict(dict)) return raise_type_error(ts, "<module>.__dict__ is not a dictionary");
  ObjRef hook = dict_get_str(as<Dict>(dict), ts.core.names.dunder_dir).new_ref();
  if (hook) return call(ts, hook);
  return dict_keys_list(ts, as<Dict>(dict));
}

const MethodDef kMethods[] = {{"__dir__", module_dir, 0, 0, MethodDef::kNone,
                               "__dir__() -> list\nspecialized dir() implementation"},
                              {}};
const GetSetDef kGetSets[] = {
    {"__dict__", get_dict, refuse_set, nullptr},
    {"__annotations__", get_annotations, set_annotations, nullptr},
    {},
};

}  // namespace

void init_module_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<Module>::install(type.info);
  type.info.basic_bytes = sizeof(Module);
  type.info.flags |= std::uint64_t{gc::kCollected} | kBaseType | kHasDict;
  type.info.clear = module_clear;
  type.info.dealloc = module_dealloc;
  type.info.weaklist_offset = offsetof(Module, weaklist);
  type.dict_offset = offsetof(Module, dict);
  type.make = module_make;
  type.init = module_init;
  type.repr = module_repr;
  type.get_attribute = module_get_attribute;
  type.set_attribute = generic_set_attribute;
  type.methods = kMethods;
  type.getsets = kGetSets;
  type.doc =
      "module(name, doc=None)\n--\n\nCreate a module object.\n\nThe name must be a string; the "
      "optional doc argument can "
      "have any type.";
}

}  // namespace ouro
