// Function: what `def` and `lambda` make. Its call slot is the evaluator's and set by the vm layer.

#include "objects/function.h"

#include <cstdio>

#include "objects/code.h"
#include "objects/errors.h"
#include "objects/module.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

/// Where code that runs with `globals` finds the built-in names.
ObjResult builtins_of(ThreadState& ts, Borrowed<Dict> globals) {
  Borrowed<Object> found = dict_get_str(globals, ts.core.names.dunder_builtins);
  if (found && is_kind(found, TypeKind::Module)) return Ref<Dict>::share(as<Module>(found)->dict);
  if (found) return found.new_ref();
  if (ts.core.builtins != nullptr) return Ref<Dict>::share(ts.core.builtins);
  return Dict::create(ts);
}

void set_reference(Object*& place, Obj value) {
  xincref(value.get());
  xdecref(std::exchange(place, value.get()));
}

}  // namespace

Result<Ref<Function>> Function::create(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals,
                                       Obj qualname) {
  ObjRef builtins = OURO_TRY(builtins_of(ts, globals));
  ObjRef object = OURO_TRY(allocate_object(ts, ts.core.types.function, sizeof(Function)));
  auto self = Ref<Function>::steal(as<Function>(object.release()));
  self->globals = globals.new_ref().release();
  self->builtins = builtins.release();
  self->name = Ref<Str>::share(code->name).release();
  self->qualname = Ref<Str>::share(qualname ? as<Str>(qualname) : code->qualname).release();
  self->code = code.new_ref().release();
  const Tuple* consts = code->consts;
  const bool has_doc = consts->size > 0 && is_str(consts->at(0));
  self->doc = ObjRef::share(has_doc ? consts->items[0] : ts.core.none).release();
  self->module = dict_get_str(globals, ts.core.names.dunder_name).new_ref().release();
  OURO_TRY(track(ts, Obj(self)));
  return self;
}

namespace {

/// Breaks cycles. Globals, closure and code stay, so that a call from a finalizer still finds a
/// whole function: cycles through them are broken by the dict and the cells.
void function_clear(gc::Header* header) {
  auto* self = static_cast<Function*>(header);
  self->version = 0;
  xdecref(std::exchange(self->module, nullptr));
  xdecref(std::exchange(self->defaults, nullptr));
  xdecref(std::exchange(self->kwdefaults, nullptr));
  xdecref(std::exchange(self->doc, nullptr));
  xdecref(std::exchange(self->dict, nullptr));
  xdecref(std::exchange(self->annotations, nullptr));
}

void function_dealloc(gc::Header* header) {
  auto* self = static_cast<Function*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  xdecref(std::exchange(self->globals, nullptr));
  xdecref(std::exchange(self->builtins, nullptr));
  function_clear(self);
  xdecref(std::exchange(self->closure, nullptr));
  xdecref(std::exchange(self->code, nullptr));
  xdecref(std::exchange(self->name, nullptr));
  xdecref(std::exchange(self->qualname, nullptr));
  free_object(self);
}

ObjResult function_repr(ThreadState& ts, Obj self) {
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  const FormatArg shown[] = {FormatArg(as<Function>(self)->qualname), FormatArg(address)};
  return format_message(ts, "<function {} at {}>", shown);
}

ObjResult function_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance || is_none(instance)) return self.new_ref();
  return Method::create(ts, self, instance);
}

// -- attributes
// ----------------------------------------------------------------------------------------------------

ObjResult or_none(ThreadState& ts, Obj value) {
  return value ? value.new_ref() : ts.core.none_ref();
}

ObjResult get_code(ThreadState&, Obj self) { return ObjRef::share(as<Function>(self)->code); }
Status set_code(ThreadState& ts, Obj self, Obj value) {
  if (!value || !is_kind(value, TypeKind::Code))
    return raise_type_error(ts, "__code__ must be set to a code object");
  auto* function = as<Function>(self);
  Code* code = as<Code>(value);
  const std::int64_t closure_size = function->closure == nullptr ? 0 : function->closure->size;
  if (code->free_count != closure_size) {
    return raise_value_error(ts, "{}() requires a code object with {} free vars, not {}",
                             function->name, closure_size, code->free_count);
  }
  function->version = 0;
  incref(code);
  xdecref(std::exchange(function->code, code));
  return kDone;
}

ObjResult get_defaults(ThreadState& ts, Obj self) {
  return or_none(ts, as<Function>(self)->defaults);
}
Status set_defaults(ThreadState& ts, Obj self, Obj value) {
  if (value && is_none(value)) value = nullptr;
  if (value && !is_tuple(value))
    return raise_type_error(ts, "__defaults__ must be set to a tuple object");
  as<Function>(self)->version = 0;
  xincref(value.get());
  xdecref(std::exchange(as<Function>(self)->defaults, as<Tuple>(value)));
  return kDone;
}

ObjResult get_kwdefaults(ThreadState& ts, Obj self) {
  return or_none(ts, as<Function>(self)->kwdefaults);
}
Status set_kwdefaults(ThreadState& ts, Obj self, Obj value) {
  if (value && is_none(value)) value = nullptr;
  if (value && !is_dict(value))
    return raise_type_error(ts, "__kwdefaults__ must be set to a dict object");
  as<Function>(self)->version = 0;
  xincref(value.get());
  xdecref(std::exchange(as<Function>(self)->kwdefaults, as<Dict>(value)));
  return kDone;
}

Status set_text(ThreadState& ts, Str*& place, Obj value, const char* name) {
  if (!value || !is_str(value))
    return raise_type_error(ts, "{} must be set to a string object", name);
  incref(value.get());
  xdecref(std::exchange(place, as<Str>(value)));
  return kDone;
}
ObjResult get_name(ThreadState&, Obj self) { return ObjRef::share(as<Function>(self)->name); }
Status set_name(ThreadState& ts, Obj self, Obj value) {
  return set_text(ts, as<Function>(self)->name, value, "__name__");
}
ObjResult get_qualname(ThreadState&, Obj self) {
  return ObjRef::share(as<Function>(self)->qualname);
}
Status set_qualname(ThreadState& ts, Obj self, Obj value) {
  return set_text(ts, as<Function>(self)->qualname, value, "__qualname__");
}

ObjResult get_closure(ThreadState& ts, Obj self) {
  return or_none(ts, as<Function>(self)->closure);
}
ObjResult get_globals(ThreadState& ts, Obj self) {
  return or_none(ts, as<Function>(self)->globals);
}
ObjResult get_builtins(ThreadState& ts, Obj self) {
  return or_none(ts, as<Function>(self)->builtins);
}
Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

ObjResult get_doc(ThreadState& ts, Obj self) { return or_none(ts, as<Function>(self)->doc); }
Status set_doc(ThreadState&, Obj self, Obj value) {
  set_reference(as<Function>(self)->doc, value);
  return kDone;
}
ObjResult get_module(ThreadState& ts, Obj self) { return or_none(ts, as<Function>(self)->module); }
Status set_module(ThreadState&, Obj self, Obj value) {
  set_reference(as<Function>(self)->module, value);
  return kDone;
}

ObjResult get_dict(ThreadState& ts, Obj self) {
  if (as<Function>(self)->dict == nullptr) {
    Ref<Dict> dict = OURO_TRY(Dict::create(ts));
    if (as<Function>(self)->dict == nullptr) as<Function>(self)->dict = dict.release();
  }
  return ObjRef::share(as<Function>(self)->dict);
}
Status set_dict(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "cannot delete __dict__");
  if (!is_dict(value))
    return raise_type_error(ts, "__dict__ must be set to a dictionary, not a '{t}'", value);
  incref(value.get());
  xdecref(std::exchange(as<Function>(self)->dict, as<Dict>(value)));
  return kDone;
}

/// `def` leaves annotations as a tuple name, value, …; whoever asks gets a dict, kept from then on.
ObjResult get_annotations(ThreadState& ts, Obj self) {
  ObjRef present = ObjRef::share(as<Function>(self)->annotations);
  if (present && !is_exact_tuple(present)) return present;
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  if (present) {
    const Tuple* pairs = as<Tuple>(present);
    for (std::int64_t i = 0; i + 1 < pairs->size; i += 2) {
      OURO_TRY(dict_set(ts, dict, pairs->at(i), pairs->at(i + 1)));
    }
  }
  set_reference(as<Function>(self)->annotations, dict);
  return dict;
}
Status set_annotations(ThreadState& ts, Obj self, Obj value) {
  if (value && is_none(value)) value = nullptr;
  if (value && !is_dict(value))
    return raise_type_error(ts, "__annotations__ must be set to a dict object");
  set_reference(as<Function>(self)->annotations, value);
  return kDone;
}

const GetSetDef kGetSets[] = {
    {"__closure__", get_closure, refuse_set, nullptr, true},
    {"__doc__", get_doc, set_doc, nullptr, true},
    {"__globals__", get_globals, refuse_set, nullptr, true},
    {"__module__", get_module, set_module, nullptr, true},
    {"__builtins__", get_builtins, refuse_set, nullptr, true},
    {"__code__", get_code, set_code, nullptr},
    {"__defaults__", get_defaults, set_defaults, nullptr},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, nullptr},
    {"__annotations__", get_annotations, set_annotations, nullptr},
    {"__dict__", get_dict, set_dict, nullptr},
    {"__name__", get_name, set_name, nullptr},
    {"__qualname__", get_qualname, set_qualname, nullptr},
    {},
};

// -- types.FunctionType(code, globals, name, argdefs, closure)
// -----------------------------------------------------

Status check_closure(ThreadState& ts, const Code* code, Obj closure) {
  if (!closure || is_none(closure)) {
    if (code->free_count != 0) return raise_type_error(ts, "arg 5 (closure) must be tuple");
    return kDone;
  }
  if (!is_tuple(closure)) {
    return raise_type_error(ts, code->free_count != 0 ? "arg 5 (closure) must be tuple"
                                                      : "arg 5 (closure) must be None or tuple");
  }
  const Tuple* cells = as<Tuple>(closure);
  if (cells->size != code->free_count) {
    return raise_value_error(ts, "{} requires closure of length {}, not {}", code->name,
                             code->free_count, cells->size);
  }
  for (std::int64_t i = 0; i < cells->size; ++i) {
    if (!is_kind(cells->at(i), TypeKind::Cell)) {
      return raise_type_error(ts, "arg 5 (closure) expected cell, found {t}", cells->at(i));
    }
  }
  return kDone;
}

ObjResult function_make(ThreadState& ts, Borrowed<Type>, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "function", {"code", "globals", "name", "argdefs", "closure"}, 2,
                      values));
  auto [code, globals, name, defaults, closure] = values;
  if (!is_kind(code, TypeKind::Code)) {
    return raise_type_error(ts, "function() argument 'code' must be code, not {n}", code);
  }
  if (!is_dict(globals))
    return raise_type_error(ts, "function() argument 'globals' must be dict, not {n}", globals);
  if (name && !is_none(name) && !is_str(name))
    return raise_type_error(ts, "arg 3 (name) must be None or string");
  if (defaults && !is_none(defaults) && !is_tuple(defaults)) {
    return raise_type_error(ts, "arg 4 (defaults) must be None or tuple");
  }
  OURO_TRY(check_closure(ts, as<Code>(code), closure));
  Ref<Function> self = OURO_TRY(Function::create(ts, as<Code>(code), as<Dict>(globals), nullptr));
  if (name && !is_none(name)) OURO_TRY(set_name(ts, Obj(self), name));
  if (defaults && !is_none(defaults)) OURO_TRY(set_defaults(ts, Obj(self), defaults));
  if (closure && !is_none(closure)) self->closure = Ref<Tuple>::share(as<Tuple>(closure)).release();
  return ObjRef(std::move(self));
}

}  // namespace

void init_function_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<Function>::install(type.info);
  type.info.basic_bytes = sizeof(Function);
  type.info.flags |= std::uint64_t{gc::kCollected} | kMethodLike | kHasDict;
  type.info.clear = function_clear;
  type.info.dealloc = function_dealloc;
  type.info.weaklist_offset = offsetof(Function, weaklist);
  type.dict_offset = offsetof(Function, dict);
  type.make = function_make;
  type.repr = function_repr;
  type.get_attribute = generic_get_attribute;
  type.set_attribute = generic_set_attribute;
  type.descriptor_get = function_get;
  type.getsets = kGetSets;
  type.doc =
      "function(code, globals, name=None, argdefs=None, closure=None)\n--\n\nCreate a function "
      "object.\n\n  code\n    a "
      "code object\n  globals\n    the globals dictionary\n  name\n    a string that overrides the "
      "name from the code "
      "object\n  argdefs\n    a tuple that specifies the default argument values\n  closure\n    a "
      "tuple that supplies "
      "the bindings for free variables";
}

}  // namespace ouro
