// Names: variables that are looked up by name, their errors, imports.
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/operations.h"
#include "vm/eval.h"

namespace ouro {

namespace {

constexpr std::size_t kNameErrorName = 0;  // fields of FieldException
constexpr std::size_t kImportErrorName = 1;
constexpr std::size_t kImportErrorPath = 2;

void set_field(ThreadState& ts, Borrowed<Type> kind, std::size_t field, Obj value) {
  if (!has_pending(ts) || !is_instance_of(ts.pending, kind)) return;
  FieldException* error = static_cast<FieldException*>(ts.pending);
  if (field >= error->field_count) return;
  xdecref(std::exchange(error->fields[field], value.new_ref().release()));
}

bool is_plain_dict(Obj object) { return is_exact_dict(object); }

// Value under `name` in a namespace that may be any mapping; null with failed == false when absent.
MaybeAttribute find_in(ThreadState& ts, Obj space, Obj name) {
  if (is_plain_dict(space)) {
    const Lookup found = dict_lookup(ts, as<Dict>(space), name);
    return {ObjRef::share(found.value), found.failed};
  }
  ObjResult got = get_item(ts, space, name);
  if (got.ok()) return {got.take(), false};
  return {nullptr, !catch_pending(ts, ts.core.exceptions.KeyError)};
}

// A function made of a module's code keeps its names in the globals.
Status ensure_locals(ThreadState& ts, Frame* frame, const char* problem, Borrowed<Str> name) {
  if (frame->locals != nullptr) return kDone;
  if ((frame->code->flags & kOptimized) != 0) {
    return raise(ts, ts.core.exceptions.SystemError, problem, name);
  }
  incref(frame->globals);
  frame->locals = frame->globals;
  return kDone;
}

}  // namespace

Raised raise_name_error(ThreadState& ts, Borrowed<Str> name) {
  raise(ts, ts.core.exceptions.NameError, "name '{}' is not defined", name);
  set_field(ts, ts.core.exceptions.NameError, kNameErrorName, name);
  return Raised{};
}

Raised raise_unbound(ThreadState& ts, Frame* frame, std::uint32_t slot) {
  return raise(ts, ts.core.exceptions.UnboundLocalError,
               "cannot access local variable '{}' where it is not associated with a value",
               frame->code->local_names->items[slot]);
}

Raised raise_unbound_deref(ThreadState& ts, Frame* frame, std::uint32_t slot) {
  const Code* code = frame->code;
  if ((code->local_kinds[slot] & static_cast<std::uint8_t>(LocalKind::Free)) == 0) {
    return raise_unbound(ts, frame, slot);
  }
  Borrowed<Str> name = static_cast<Str*>(code->local_names->items[slot]);
  raise(
      ts, ts.core.exceptions.NameError,
      "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
      name);
  set_field(ts, ts.core.exceptions.NameError, kNameErrorName, name);
  return Raised{};
}

ObjResult load_global(ThreadState& ts, Frame* frame, Borrowed<Str> name) {
  const Lookup found = dict_lookup(ts, frame->globals, name);
  if (found.failed) return Raised{};
  if (found.value != nullptr) return ObjRef::share(found.value);
  MaybeAttribute builtin = find_in(ts, frame->builtins, name);
  if (builtin.failed) return Raised{};
  if (builtin.value) return std::move(builtin.value);
  return raise_name_error(ts, name);
}

ObjResult load_name(ThreadState& ts, Frame* frame, Borrowed<Str> name) {
  OURO_TRY(ensure_locals(ts, frame, "no locals when loading {r}", name));
  if (frame->locals != frame->globals || !is_exact_dict(frame->globals)) {
    MaybeAttribute local = find_in(ts, frame->locals, name);
    if (local.failed) return Raised{};
    if (local.value) return std::move(local.value);
  }
  return load_global(ts, frame, name);
}

Status store_name(ThreadState& ts, Frame* frame, Borrowed<Str> name, Obj value) {
  OURO_TRY(ensure_locals(ts, frame, "no locals found when storing {r}", name));
  if (is_plain_dict(frame->locals))
    return dict_set(ts, static_cast<Dict*>(frame->locals), name, value);
  return set_item(ts, frame->locals, name, value);
}

Status delete_name(ThreadState& ts, Frame* frame, Borrowed<Str> name) {
  OURO_TRY(ensure_locals(ts, frame, "no locals when deleting {r}", name));
  if (set_item(ts, frame->locals, name, nullptr).ok()) return kDone;
  if (!catch_pending(ts, ts.core.exceptions.KeyError)) return Raised{};
  return raise_name_error(ts, name);
}

Status delete_global(ThreadState& ts, Frame* frame, Borrowed<Str> name) {
  if (OURO_TRY(dict_remove(ts, frame->globals, name))) return kDone;
  return raise_name_error(ts, name);
}

ObjResult load_class_deref(ThreadState& ts, Frame* frame, std::uint32_t slot) {
  Obj name = frame->code->local_names->items[slot];
  MaybeAttribute local = find_in(ts, frame->locals, name);
  if (local.failed) return Raised{};
  if (local.value) return std::move(local.value);
  Object* content = static_cast<Cell*>(frame->slots[slot])->content;
  if (content == nullptr) return raise_unbound_deref(ts, frame, slot);
  return ObjRef::share(content);
}

ObjResult load_build_class(ThreadState& ts, Frame* frame) {
  MaybeAttribute found = find_in(ts, frame->builtins, ts.core.names.dunder_build_class);
  if (found.failed) return Raised{};
  if (found.value) return std::move(found.value);
  return raise(ts, ts.core.exceptions.NameError, "__build_class__ not found");
}

Status setup_annotations(ThreadState& ts, Frame* frame) {
  if (frame->locals == nullptr) {
    return raise(ts, ts.core.exceptions.SystemError, "no locals found when setting up annotations");
  }
  MaybeAttribute found = find_in(ts, frame->locals, ts.core.names.dunder_annotations);
  if (found.failed) return Raised{};
  if (found.value) return kDone;
  Ref<Dict> annotations = OURO_TRY(Dict::create(ts));
  return store_name(ts, frame, ts.core.names.dunder_annotations, annotations);
}

Status print_expression(ThreadState& ts, Obj value) {
  ObjRef hook;
  if (ts.core.sys_dict != nullptr) hook = dict_get_str(ts.core.sys_dict, ts.core.names.n_displayhook).new_ref();
  if (!hook) return raise(ts, ts.core.exceptions.RuntimeError, "lost sys.displayhook");
  (void)OURO_TRY(call(ts, hook, value));
  return kDone;
}

// -- import -----------------------------------------------------------------------------------

ObjResult import_name(ThreadState& ts, Frame* frame, Borrowed<Str> name, Obj level, Obj fromlist) {
  MaybeAttribute found = find_in(ts, frame->builtins, ts.core.names.dunder_import);
  if (found.failed) return Raised{};
  if (!found.value) return raise(ts, ts.core.exceptions.ImportError, "__import__ not found");
  Object* const args[] = {name.get(), frame->globals,
                          frame->locals == nullptr ? ts.core.none : frame->locals, fromlist.get(),
                          level.get()};
  return call(ts, found.value, Args{args, 5, nullptr});
}

namespace {

// Whether a partially imported module is meant: module.__spec__._initializing is true.
Result<bool> is_initializing(ThreadState& ts, Obj module) {
  MaybeAttribute spec = find_attribute(ts, module, ts.core.names.dunder_spec);
  if (spec.failed) return Raised{};
  if (!spec.value || is_none(spec.value)) return false;
  Ref<Str> name = OURO_TRY(intern(ts, "_initializing"));
  MaybeAttribute flag = find_attribute(ts, spec.value, name);
  if (flag.failed) return Raised{};
  return flag.value ? is_true(ts, flag.value) : Result<bool>(false);
}

Raised raise_cannot_import(ThreadState& ts, Obj module, Obj module_name, Borrowed<Str> name) {
  ObjRef shown = module_name && is_str(module_name) ? module_name.new_ref() : ObjRef();
  if (!shown) {
    Result<Ref<Str>> unknown = Str::from_utf8(ts, "<unknown module name>");
    if (unknown.raised()) return Raised{};
    shown = unknown.take();
  }
  MaybeAttribute file = find_attribute(ts, module, ts.core.names.dunder_file);
  if (file.failed) return Raised{};
  if (!file.value || !is_str(file.value)) {
    raise(ts, ts.core.exceptions.ImportError, "cannot import name {r} from {r} (unknown location)",
          name, shown);
    file.value = ts.core.none_ref();
  } else {
    Result<bool> partial = is_initializing(ts, module);
    if (partial.raised()) return Raised{};
    raise(
        ts, ts.core.exceptions.ImportError,
        partial.take()
            ? "cannot import name {r} from partially initialized module {r} (most likely due to a "
              "circular import) ({})"
            : "cannot import name {r} from {r} ({})",
        name, shown, file.value);
  }
  set_field(ts, ts.core.exceptions.ImportError, kImportErrorName, shown);
  set_field(ts, ts.core.exceptions.ImportError, kImportErrorPath, file.value);
  return Raised{};
}

}  // namespace

ObjResult import_from(ThreadState& ts, Obj module, Borrowed<Str> name) {
  MaybeAttribute found = find_attribute(ts, module, name);
  if (found.failed) return Raised{};
  if (found.value) return std::move(found.value);
  // A submodule that a circular import has put into sys.modules but not yet onto its package.
  MaybeAttribute module_name = find_attribute(ts, module, ts.core.names.dunder_name);
  if (module_name.failed) return Raised{};
  if (module_name.value && is_str(module_name.value)) {
    Ref<Str> full = OURO_TRY(
        format_message(ts, "{}.{}", std::initializer_list<FormatArg>{module_name.value, name}));
    const Lookup loaded = dict_lookup(ts, ts.core.modules, full);
    if (loaded.failed) return Raised{};
    if (loaded.value != nullptr) return ObjRef::share(loaded.value);
  }
  return raise_cannot_import(ts, module, module_name.value, name);
}

Status import_star(ThreadState& ts, Frame* frame, Obj module) {
  if (frame->locals == nullptr) {
    return raise(ts, ts.core.exceptions.SystemError, "no locals found during 'import *'");
  }
  MaybeAttribute all = find_attribute(ts, module, ts.core.names.dunder_all);
  if (all.failed) return Raised{};
  const bool skip_private = !all.value;
  if (!all.value) {
    MaybeAttribute space = find_attribute(ts, module, ts.core.names.dunder_dict);
    if (space.failed) return Raised{};
    if (!space.value) {
      return raise(ts, ts.core.exceptions.ImportError,
                   "from-import-* object has no __dict__ and no __all__");
    }
    all.value = OURO_TRY(call_method(ts, space.value, ts.core.names.n_keys));
    all.value = ObjRef(OURO_TRY(list_from_iterable(ts, all.value)));
  }
  return for_each_item(ts, all.value, [&](ObjRef item) -> Status {
    if (!is_str(item)) {
      MaybeAttribute name = find_attribute(ts, module, ts.core.names.dunder_name);
      if (name.failed) return Raised{};
      if (skip_private) {
        return raise_type_error(ts, "Key in {}.__dict__ must be str, not {t}",
                                name.value ? Obj(name.value) : module, item);
      }
      return raise_type_error(ts, "Item in {}.__all__ must be str, not {t}",
                              name.value ? Obj(name.value) : module, item);
    }
    Borrowed<Str> name = as<Str>(item);
    if (skip_private && name->length > 0 && name->at(0) == U'_') return kDone;
    ObjRef value = OURO_TRY(get_attribute(ts, module, name));
    return store_name(ts, frame, name, value);
  });
}

}  // namespace ouro
