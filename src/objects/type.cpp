// The type `type`: calling classes, their attributes, and how classes go.
#include "objects/type.h"

#include <cstring>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/generic_alias.h"
#include "objects/instance.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/subclass_layout.h"
#include "objects/type_inits.h"
#include "objects/type_internal.h"

namespace ouro {

template <class V>
void Type::edges(V& v) const {
  v.edge(dict, gc::slot_label("__dict__"));
  v.edge(mro, gc::slot_label("__mro__"));
  v.edge(bases, gc::slot_label("__bases__"));
  v.edge(base, gc::slot_label("__base__"));
  // The companions of a module's type; with a class statement's, names that lead nowhere.
  if (is_native_type(this)) v.edge(slots_names, gc::slot_label("companions"));
}

const char* Type::short_name() const {
  const char* dot = std::strrchr(info.name, '.');
  return dot == nullptr ? info.name : dot + 1;
}

// -- calling -------------------------------------------------------------------------------------------------------------------------

namespace {

bool keeps_arguments(const Type* type) { return type->has(kExceptionSubclass) || type->has(kKeepsArguments); }

// CPython calls these without an argument tuple.
bool takes_arguments_directly(const Type* type) {
  switch (type->kind) {
    case TypeKind::Bool:
    case TypeKind::Float:
    case TypeKind::Tuple:
    case TypeKind::List:
    case TypeKind::Dict:
    case TypeKind::Set:
    case TypeKind::FrozenSet:
    case TypeKind::Range:
    case TypeKind::Super:
    case TypeKind::Enumerate:
    case TypeKind::Map:
    case TypeKind::Filter:
    case TypeKind::Reversed:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool takes_packed_arguments(const Type* type) { return !takes_arguments_directly(type) && !keeps_arguments(type); }

// Exceptions keep the tuple of arguments as their `args`, which is counted there.
ObjResult type_call(ThreadState& ts, Obj self, Args args) {
  auto* type = as<Type>(self);
  if (type == ts.core.types.type) [[unlikely]] {
    if (args.count == 1 && args.keyword_count() == 0) return ObjRef::share(args[0]->type());
    if (args.count == 1) return raise_type_error(ts, "type() takes no keyword arguments");
    if (args.count != 3) return raise_type_error(ts, "type() takes 1 or 3 arguments");
  }
  if (type->make == nullptr) return raise_type_error(ts, "cannot create '{}' instances", type->name());
  const bool direct = takes_arguments_directly(type);
  const ArgumentTuple counted(ts, direct || keeps_arguments(type) ? 0 : args.count);
  const ArgumentDict keywords(ts, !direct && args.keyword_count() > 0);
  ObjRef made = OURO_TRY(type->make(ts, type, args));
  const Type* made_type = made->type();
  if (made_type != type && !made_type->is_subtype_of(type)) return made;
  if (const InitSlot init = made_type->init) OURO_TRY(init(ts, made, args));
  return made;
}

namespace {

ObjResult type_make(ThreadState& ts, Borrowed<Type> metatype, Args args) {
  if (args.count != 3) {
    return raise_type_error(ts, "type.__new__() takes exactly 3 arguments ({} given)", args.count);
  }
  constexpr const char* kWanted[] = {"str", "tuple", "dict"};
  const bool fits[] = {is_str(args[0]), is_tuple(args[1]), is_dict(args[2])};
  for (int i = 0; i < 3; ++i) {
    if (fits[i]) continue;
    return raise_type_error(ts, "type.__new__() argument {} must be {}, not {n}", i + 1, kWanted[i], args[i]);
  }
  return type_new(ts, metatype, as<Str>(args[0]), as<Tuple>(args[1]), as<Dict>(args[2]), args.from(3));
}

Status type_init(ThreadState& ts, Obj, Args args) {
  if (args.count == 1 && args.keyword_count() != 0) return raise_type_error(ts, "type.__init__() takes no keyword arguments");
  if (args.count != 1 && args.count != 3) return raise_type_error(ts, "type.__init__() takes 1 or 3 arguments");
  return kDone;
}

}  // namespace

// -- attributes ----------------------------------------------------------------------------------------------------------------------

// Order: data descriptors of the metaclass, the class and its bases, other attributes of the metaclass.
MaybeAttribute type_find_attribute(ThreadState& ts, Borrowed<Type> self, Borrowed<Str> any_name) {
  const auto done = [](ObjResult result) {
    const bool failed = result.raised();
    return MaybeAttribute{result.take(), failed};
  };
  Ref<Str> kept_name;
  Borrowed<Str> name = any_name;
  if (!name->is_interned()) [[unlikely]] {
    Result<Ref<Str>> interned = interned_name(ts, name);
    if (interned.raised()) return {ObjRef(), true};
    kept_name = interned.take();
    name = kept_name;
  }
  Type* meta = self->type();
  ObjRef of_meta = type_lookup(ts, meta, name).new_ref();
  DescriptorGetSlot meta_get = nullptr;
  if (of_meta) {
    meta_get = of_meta->type()->descriptor_get;
    if (meta_get != nullptr && of_meta->type()->descriptor_set != nullptr) return done(meta_get(ts, of_meta, self, meta));
  }
  if (ObjRef own = type_lookup(ts, self, name).new_ref()) {
    const DescriptorGetSlot get = own->type()->descriptor_get;
    if (get == nullptr) return {std::move(own), false};
    return done(get(ts, own, nullptr, self));
  }
  if (!of_meta || meta_get == nullptr) return {std::move(of_meta), false};
  return done(meta_get(ts, of_meta, self, meta));
}

ObjResult type_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  MaybeAttribute attribute = type_find_attribute(ts, as<Type>(self), name);
  if (attribute.value) return std::move(attribute.value);
  if (attribute.failed) return Raised{};
  const FormatArg args[] = {as<Type>(self)->name(), name};
  Ref<Str> message = OURO_TRY(format_message(ts, "type object '{}' has no attribute '{}'", args));
  return raise_attribute_error(ts, self, name, message);
}

namespace {

Raised raise_immutable(ThreadState& ts, const char* verb, Borrowed<Str> name, const Type* type) {
  return raise_type_error(ts, "cannot {} '{}' attribute of immutable type '{}'", verb, name, type->name());
}

Status type_set_attribute(ThreadState& ts, Obj self, Borrowed<Str> any_name, Obj value) {
  auto* type = as<Type>(self);
  if (is_native_type(type)) return raise_immutable(ts, "set", any_name, type);
  Ref<Str> name = OURO_TRY(interned_name(ts, any_name));
  ObjRef of_meta = type_lookup(ts, type->type(), name).new_ref();
  if (of_meta) {
    if (const DescriptorSetSlot set = of_meta->type()->descriptor_set) return set(ts, of_meta, self, value);
  }
  if (type->dict == nullptr) return raise_system_error(ts, "attribute set on a class that is not complete");
  const Ref<Dict> dict = Ref<Dict>::share(type->dict);
  // The old value is kept until caches and slots know of the change: dropping it may run Python code.
  const ObjRef old = dict_get_str(dict, name).new_ref();
  if (value) {
    OURO_TRY(dict_set(ts, dict, name, value));
  } else if (!OURO_TRY(dict_remove(ts, dict, name))) {
    const FormatArg args[] = {type->name(), name};
    Ref<Str> message = OURO_TRY(format_message(ts, "type object '{}' has no attribute '{}'", args));
    return raise_with(ts, ts.core.exceptions.AttributeError, message);
  }
  type_modified(type);
  return update_slots(ts, type, name);
}

ObjResult type_repr(ThreadState& ts, Obj self) {
  Ref<Str> name = OURO_TRY(full_type_name(ts, as<Type>(self)));
  const FormatArg args[] = {name};
  return format_message(ts, "<class '{}'>", args);
}

ObjResult type_or(ThreadState& ts, Obj left, Obj right) { return union_of(ts, left, right); }

// -- how classes go --------------------------------------------------------------------------------------------------------------------

// Native types outlive everything; only program-made ones are ever cleared by the collector. Layout (base, slots, shapes) stays
// until the class is freed: instances that are taken apart later need it.
void type_clear(gc::Header* header) {
  auto* type = static_cast<Type*>(header);
  type_modified(type);
  type->version = 0;
  if (type->dict != nullptr) dict_clear(type->dict);
  xdecref(std::exchange(type->mro, nullptr));
  if (is_native_type(type)) xdecref(std::exchange(type->slots_names, nullptr));
}

void type_dealloc(gc::Header* header) {
  auto* type = static_cast<Type*>(header);
  OURO_CHECK(type->has(kHeapType) || current_thread_state()->core.finalizing, "the last reference to type %s was dropped",
             type->name());
  untrack(type);
  unregister_subclass(*current_thread_state(), type);
  clear_weak_references(type);
  xdecref(std::exchange(type->dict, nullptr));
  xdecref(std::exchange(type->mro, nullptr));
  xdecref(std::exchange(type->bases, nullptr));
  xdecref(std::exchange(type->subclasses, nullptr));
  xdecref(std::exchange(type->qualname, nullptr));
  xdecref(std::exchange(type->name_object, nullptr));
  xdecref(std::exchange(type->slots_names, nullptr));
  free_shapes(type);
  Type* base = std::exchange(type->base, nullptr);
  if (type->has(kHeapType)) free_raw(const_cast<char*>(type->info.name));
  free_object(type);
  if (base != nullptr) decref(base);
}

}  // namespace

void init_type_type(ThreadState&, Type& t) {
  t.info.basic_bytes = sizeof(Type);
  t.info.flags |= std::uint64_t{gc::kCollected} | kBaseType | kTypeSubclass | kHasDict;
  t.info.dealloc = type_dealloc;
  gc::EdgeFunctions<Type>::install(t.info);
  t.info.clear = type_clear;
  t.info.weaklist_offset = offsetof(Type, weaklist);
  t.dict_offset = offsetof(Type, dict);
  t.repr = type_repr;
  t.call = type_call;
  t.get_attribute = type_get_attribute;
  t.set_attribute = type_set_attribute;
  t.init = type_init;
  t.make = type_make;
  t.number.bit_or = type_or;
  t.methods = kTypeMethods;
  t.getsets = kTypeGetsets;
  t.doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type";
}

}  // namespace ouro
