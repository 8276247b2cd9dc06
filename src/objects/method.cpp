// Bound methods: a callable together with the object that goes first.

#include <cstring>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

Result<Ref<Method>> Method::create(ThreadState& ts, Obj function, Obj self) {
  ObjRef object = OURO_TRY(allocate_object(ts, ts.core.types.method, sizeof(Method)));
  auto method = Ref<Method>::steal(as<Method>(object.release()));
  method->function = function.new_ref().release();
  method->self = self.new_ref().release();
  OURO_TRY(track(ts, Obj(method)));
  return method;
}

namespace {

void method_dealloc(gc::Header* header) {
  auto* self = static_cast<Method*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  xdecref(std::exchange(self->function, nullptr));
  xdecref(std::exchange(self->self, nullptr));
  free_object(self);
}

/// Calls function(self, …). The method may die during the call (`del obj.m` in itself), so its
/// parts are held.
ObjResult method_call(ThreadState& ts, Obj callable, Args args) {
  constexpr std::size_t kOnStack = 9;
  ObjRef function = ObjRef::share(as<Method>(callable)->function);
  ObjRef self = ObjRef::share(as<Method>(callable)->self);
  const std::size_t given = std::size_t{args.count} + args.keyword_count();
  if (given < kOnStack) {
    Object* values[kOnStack];
    values[0] = self.get();
    if (given != 0) std::memcpy(values + 1, args.values, given * sizeof(Object*));
    return call(ts, function, Args{values, args.count + 1, args.keywords});
  }
  auto** values = static_cast<Object**>(allocate_raw((given + 1) * sizeof(Object*)));
  if (values == nullptr) return raise_no_memory(ts);
  values[0] = self.get();
  std::memcpy(values + 1, args.values, given * sizeof(Object*));
  ObjResult result = call(ts, function, Args{values, args.count + 1, args.keywords});
  free_raw(values);
  return result;
}

ObjResult method_make(ThreadState& ts, Borrowed<Type>, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "method"));
  OURO_TRY(check_args(ts, args, "method", 2, 2));
  if (!is_callable(args[0])) return raise_type_error(ts, "first argument must be callable");
  if (is_none(args[1])) return raise_type_error(ts, "instance must not be None");
  return Method::create(ts, args[0], args[1]);
}

ObjResult method_repr(ThreadState& ts, Obj self) {
  ObjRef function = ObjRef::share(as<Method>(self)->function);
  ObjRef bound = ObjRef::share(as<Method>(self)->self);
  MaybeAttribute name = find_attribute(ts, function, ts.core.names.dunder_qualname);
  if (name.failed) return Raised{};
  if (!name.value) {
    name = find_attribute(ts, function, ts.core.names.dunder_name);
    if (name.failed) return Raised{};
  }
  const bool named = name.value && is_str(name.value);
  const FormatArg shown[] = {named ? FormatArg(name.value) : FormatArg("?"), FormatArg(bound)};
  return format_message(ts, "<bound method {} of {r}>", shown);
}

Result<std::int64_t> method_hash(ThreadState& ts, Obj self) {
  const std::int64_t function_hash = OURO_TRY(hash_of(ts, as<Method>(self)->function));
  const std::int64_t hash = hash_pointer(as<Method>(self)->self) ^ function_hash;
  return hash == -1 ? -2 : hash;
}

ObjResult method_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  const bool comparable = is_kind(left, TypeKind::Method) && is_kind(right, TypeKind::Method);
  if (!comparable || (op != CompareOp::Equal && op != CompareOp::NotEqual))
    return ts.core.not_implemented_ref();
  const auto* a = as<Method>(left);
  const auto* b = as<Method>(right);
  bool equal = a->self == b->self;
  if (equal) equal = OURO_TRY(equals(ts, a->function, b->function));
  return ts.core.bool_ref(equal == (op == CompareOp::Equal));
}

/// Attributes the type does not have come from the function.
ObjResult method_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  Borrowed<Object> own = type_lookup(ts, self->type(), name);
  if (own) {
    ObjRef held = own.new_ref();
    DescriptorGetSlot get = held->type()->descriptor_get;
    if (get == nullptr) return held;
    return get(ts, held, self, Obj(self->type()));
  }
  ObjRef function = ObjRef::share(as<Method>(self)->function);
  return get_attribute(ts, function, name);
}

ObjResult get_function(ThreadState&, Obj self) { return ObjRef::share(as<Method>(self)->function); }
ObjResult get_self(ThreadState&, Obj self) { return ObjRef::share(as<Method>(self)->self); }
ObjResult get_doc(ThreadState& ts, Obj self) {
  ObjRef function = ObjRef::share(as<Method>(self)->function);
  return get_attribute(ts, function, ts.core.names.dunder_doc);
}
Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

const GetSetDef kGetSets[] = {
    {"__func__", get_function, refuse_set,
     "the function (or other callable) implementing a method", true},
    {"__self__", get_self, refuse_set, "the instance to which a method is bound", true},
    {"__doc__", get_doc, nullptr, nullptr},
    {},
};

ObjResult reduce(ThreadState& ts, Obj self, Args) {
  ObjRef bound = ObjRef::share(as<Method>(self)->self);
  ObjRef function = ObjRef::share(as<Method>(self)->function);
  ObjRef name = OURO_TRY(get_attribute(ts, function, ts.core.names.dunder_name));
  Ref<Str> getattr_name = OURO_TRY(intern(ts, "getattr"));
  ObjRef getattr = dict_get_str(ts.core.builtins, getattr_name).new_ref();
  if (!getattr) return raise(ts, ts.core.exceptions.AttributeError, "getattr");
  Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, bound, name));
  return Tuple::of(ts, getattr, pair);
}

const MethodDef kMethods[] = {{"__reduce__", reduce, 0, 0, MethodDef::kNone, nullptr}, {}};

}  // namespace

void init_method_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<Method>::install(type.info);
  type.info.basic_bytes = sizeof(Method);
  type.info.flags |= gc::kCollected;
  type.info.dealloc = method_dealloc;
  type.info.weaklist_offset = offsetof(Method, weaklist);
  type.make = method_make;
  type.call = method_call;
  type.repr = method_repr;
  type.hash = method_hash;
  type.compare = method_compare;
  type.get_attribute = method_get_attribute;
  type.set_attribute = generic_set_attribute;
  type.getsets = kGetSets;
  type.methods = kMethods;
  type.doc = "method(function, instance, /)\n--\n\nCreate a bound instance method object.";
}

}  // namespace ouro
