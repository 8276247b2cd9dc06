// Native functions: calling them with the wording of CPython's errors, and the object that binds
// one to `self`.

#include <cstdio>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/module.h"
#include "objects/operations.h"
#include "objects/text_signature.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

bool is_module_function(Obj self) { return !self || is_kind(self, TypeKind::Module); }

/// "len", "list.append", "math.sqrt": how messages name the function.
Result<Ref<Str>> qualified_name(ThreadState& ts, const MethodDef& def, Borrowed<Type> owner,
                                Obj self) {
  if (owner) {
    const FormatArg shown[] = {FormatArg(owner->short_name()), FormatArg(def.name)};
    return format_message(ts, "{}.{}", shown);
  }
  ObjRef module_name;
  if (self && is_kind(self, TypeKind::Module) && as<Module>(self)->dict != nullptr) {
    module_name = dict_get_str(as<Module>(self)->dict, ts.core.names.dunder_name).new_ref();
  }
  const bool plain =
      !module_name || !is_str(module_name) || str_equals_ascii(as<Str>(module_name), "builtins");
  if (plain) return Str::from_utf8(ts, def.name);
  const FormatArg shown[] = {FormatArg(module_name), FormatArg(def.name)};
  return format_message(ts, "{}.{}", shown);
}

[[gnu::cold, gnu::noinline]] Raised refuse_call(ThreadState& ts, const MethodDef& def,
                                                Borrowed<Type> owner, Obj self, Args args) {
  auto named = qualified_name(ts, def, owner, self);
  if (named.raised()) return Raised{};
  Ref<Str> name = named.take();
  if (args.keyword_count() != 0)
    return raise_type_error(ts, "{}() takes no keyword arguments", name);
  if ((def.flags & MethodDef::kArgumentTuple) != 0 && def.min_args > 0 &&
      def.min_args < def.max_args) {
    const bool few = args.count < static_cast<std::uint32_t>(def.min_args);
    const int bound = few ? def.min_args : def.max_args;
    return raise_type_error(ts, "{}() takes at {} {} argument{} ({} given)", def.name,
                            few ? "least" : "most", bound, bound == 1 ? "" : "s", args.count);
  }
  if (def.max_args == 0)
    return raise_type_error(ts, "{}() takes no arguments ({} given)", name, args.count);
  if (def.min_args == 1 && def.max_args == 1) {
    return raise_type_error(ts, "{}() takes exactly one argument ({} given)", name, args.count);
  }
  const bool too_few = args.count < static_cast<std::uint32_t>(def.min_args);
  const int limit = too_few ? def.min_args : def.max_args;
  const char* how = def.min_args == def.max_args ? "" : too_few ? "at least " : "at most ";
  return raise_type_error(ts, "{} expected {}{} argument{}, got {}", def.name, how, limit,
                          limit == 1 ? "" : "s", args.count);
}

}  // namespace

ObjResult call_native(ThreadState& ts, const MethodDef& def, Borrowed<Type> owner, Obj self,
                      Args args) {
  if ((def.flags & MethodDef::kKeywords) == 0) {
    const bool too_few = args.count < static_cast<std::uint32_t>(def.min_args);
    const bool too_many =
        def.max_args >= 0 && args.count > static_cast<std::uint32_t>(def.max_args);
    if (too_few || too_many || args.keyword_count() != 0) [[unlikely]] {
      return refuse_call(ts, def, owner, self, args);
    }
    args.keywords = nullptr;
  }
  if ((def.flags & MethodDef::kArgumentTuple) != 0) {
    const PackedArguments counted(ts, args);
    return def.function(ts, self, args);
  }
  return def.function(ts, self, args);
}

ObjResult BuiltinFunction::create(ThreadState& ts, const MethodDef& def, Obj self, Obj module) {
  ObjRef object =
      OURO_TRY(allocate_object(ts, ts.core.types.builtin_function, sizeof(BuiltinFunction)));
  auto* function = as<BuiltinFunction>(object);
  function->def = &def;
  function->self = self.new_ref().release();
  function->module = module.new_ref().release();
  OURO_TRY(track(ts, object));
  return object;
}

namespace {

void builtin_clear(gc::Header* header) {
  auto* self = static_cast<BuiltinFunction*>(header);
  xdecref(std::exchange(self->self, nullptr));
  xdecref(std::exchange(self->module, nullptr));
}

void builtin_dealloc(gc::Header* header) {
  auto* self = static_cast<BuiltinFunction*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  builtin_clear(self);
  free_object(self);
}

/// The class whose method it is, as far as the bound object tells; null for functions of modules.
Borrowed<Type> owner_of(const BuiltinFunction* function) {
  if (is_module_function(function->self)) return nullptr;
  return is_type(function->self) ? as<Type>(function->self) : function->self->type();
}

ObjResult builtin_call(ThreadState& ts, Obj self, Args args) {
  const auto* function = as<BuiltinFunction>(self);
  return call_native(ts, *function->def, owner_of(function), function->self, args);
}

ObjResult builtin_repr(ThreadState& ts, Obj self) {
  const auto* function = as<BuiltinFunction>(self);
  if (is_module_function(function->self)) {
    const FormatArg shown[] = {FormatArg(function->def->name)};
    return format_message(ts, "<built-in function {}>", shown);
  }
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(function->self));
  const FormatArg shown[] = {FormatArg(function->def->name), FormatArg(type_name(function->self)),
                             FormatArg(address)};
  return format_message(ts, "<built-in method {} of {} object at {}>", shown);
}

Result<std::int64_t> builtin_hash(ThreadState&, Obj self) {
  const auto* function = as<BuiltinFunction>(self);
  const std::int64_t hash = hash_pointer(function->self) ^
                            hash_pointer(reinterpret_cast<const void*>(function->def->function));
  return hash == -1 ? -2 : hash;
}

ObjResult builtin_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  const bool comparable =
      is_kind(left, TypeKind::BuiltinFunction) && is_kind(right, TypeKind::BuiltinFunction);
  if (!comparable || (op != CompareOp::Equal && op != CompareOp::NotEqual))
    return ts.core.not_implemented_ref();
  const auto* a = as<BuiltinFunction>(left);
  const auto* b = as<BuiltinFunction>(right);
  const bool equal = a->self == b->self && a->def->function == b->def->function;
  return ts.core.bool_ref(equal == (op == CompareOp::Equal));
}

ObjResult or_none(ThreadState& ts, Obj value) {
  return value ? value.new_ref() : ts.core.none_ref();
}

ObjResult get_name(ThreadState& ts, Obj self) {
  return Str::from_utf8(ts, as<BuiltinFunction>(self)->def->name);
}
ObjResult get_qualname(ThreadState& ts, Obj self) {
  const auto* function = as<BuiltinFunction>(self);
  Borrowed<Type> owner = owner_of(function);
  if (!owner) return get_name(ts, self);
  const FormatArg type_part =
      owner->qualname != nullptr ? FormatArg(owner->qualname) : FormatArg(owner->short_name());
  const FormatArg shown[] = {type_part, FormatArg(function->def->name)};
  return format_message(ts, "{}.{}", shown);
}
ObjResult get_self(ThreadState& ts, Obj self) {
  return or_none(ts, as<BuiltinFunction>(self)->self);
}
ObjResult get_module(ThreadState& ts, Obj self) {
  return or_none(ts, as<BuiltinFunction>(self)->module);
}
Status set_module(ThreadState&, Obj self, Obj value) {
  xincref(value.get());
  xdecref(std::exchange(as<BuiltinFunction>(self)->module, value.get()));
  return kDone;
}
ObjResult get_doc(ThreadState& ts, Obj self) {
  const MethodDef& def = *as<BuiltinFunction>(self)->def;
  if (def.doc == nullptr) return ts.core.none_ref();
  return Str::from_utf8(ts, doc_text(def.name, def.doc));
}
ObjResult get_text_signature(ThreadState& ts, Obj self) {
  const MethodDef& def = *as<BuiltinFunction>(self)->def;
  const std::string_view text =
      def.doc == nullptr ? std::string_view() : signature_text(def.name, def.doc);
  if (text.empty()) return ts.core.none_ref();
  return Str::from_utf8(ts, text);
}

const GetSetDef kGetSets[] = {
    {"__doc__", get_doc, nullptr, nullptr},
    {"__name__", get_name, nullptr, nullptr},
    {"__qualname__", get_qualname, nullptr, nullptr},
    {"__self__", get_self, nullptr, nullptr},
    {"__text_signature__", get_text_signature, nullptr, nullptr},
    {"__module__", get_module, set_module, nullptr},
    {},
};

/// A module's function by its name; a bound method as getattr(self, name).
ObjResult reduce(ThreadState& ts, Obj self, Args) {
  const auto* function = as<BuiltinFunction>(self);
  Ref<Str> name = OURO_TRY(intern(ts, function->def->name));
  if (is_module_function(function->self)) return name;
  Ref<Str> getattr_name = OURO_TRY(intern(ts, "getattr"));
  ObjRef getattr = dict_get_str(ts.core.builtins, getattr_name).new_ref();
  if (!getattr) return raise(ts, ts.core.exceptions.AttributeError, "getattr");
  Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, Obj(function->self), name));
  return Tuple::of(ts, getattr, pair);
}

const MethodDef kMethods[] = {{"__reduce__", reduce, 0, 0, MethodDef::kNone, nullptr}, {}};

}  // namespace

void init_builtin_function_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<BuiltinFunction>::install(type.info);
  type.info.basic_bytes = sizeof(BuiltinFunction);
  type.info.flags |= gc::kCollected;
  type.info.clear = builtin_clear;
  type.info.dealloc = builtin_dealloc;
  type.info.weaklist_offset = offsetof(BuiltinFunction, weaklist);
  type.call = builtin_call;
  type.repr = builtin_repr;
  type.hash = builtin_hash;
  type.compare = builtin_compare;
  type.get_attribute = generic_get_attribute;
  type.getsets = kGetSets;
  type.methods = kMethods;
}

}  // namespace ouro
