// Descriptors of built-in types: methods, class methods, computed attributes. They call without
// allocating.

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/text_signature.h"
#include "objects/type_inits.h"

namespace ouro {

// -- shared by all descriptor types
// --------------------------------------------------------------------------------

Result<Ref<Descriptor>> allocate_descriptor(ThreadState& ts, Borrowed<Type> type,
                                            Borrowed<Type> owner, Obj name) {
  ObjRef object = OURO_TRY(allocate_object(ts, type, sizeof(Descriptor)));
  auto self = Ref<Descriptor>::steal(as<Descriptor>(object.release()));
  self->owner = owner.new_ref().release();
  self->name = Ref<Str>::share(as<Str>(name)).release();
  return self;
}

ObjResult descriptor_name(ThreadState& ts, Obj self) {
  Str* name = as<Descriptor>(self)->name;
  return name == nullptr ? ts.core.none_ref() : ObjRef::share(name);
}

ObjResult descriptor_owner(ThreadState& ts, Obj self) {
  Type* owner = as<Descriptor>(self)->owner;
  return owner == nullptr ? ts.core.none_ref() : ObjRef::share(owner);
}

ObjResult descriptor_qualname(ThreadState& ts, Obj self) {
  auto* descriptor = as<Descriptor>(self);
  if (descriptor->qualname == nullptr) {
    const Type* owner = descriptor->owner;
    const FormatArg owner_part =
        owner->qualname != nullptr ? FormatArg(owner->qualname) : FormatArg(owner->short_name());
    const FormatArg shown[] = {owner_part, FormatArg(descriptor->name)};
    Ref<Str> made = OURO_TRY(format_message(ts, "{}.{}", shown));
    xdecref(std::exchange(descriptor->qualname, made.release()));
  }
  return ObjRef::share(descriptor->qualname);
}

Status descriptor_check(ThreadState& ts, Borrowed<Descriptor> self, Obj instance) {
  if (instance->type() == self->owner || is_instance_of(instance, self->owner)) [[likely]]
    return kDone;
  return raise_type_error(ts, "descriptor '{}' for '{}' objects doesn't apply to a '{t}' object",
                          self->name, self->owner->name(), instance);
}

namespace {

void descriptor_dealloc(gc::Header* header) {
  auto* self = static_cast<Descriptor*>(header);
  untrack(self);
  xdecref(std::exchange(self->owner, nullptr));
  xdecref(std::exchange(self->name, nullptr));
  xdecref(std::exchange(self->qualname, nullptr));
  free_object(self);
}

}  // namespace

void init_descriptor_base(Type& type) {
  gc::EdgeFunctions<Descriptor>::install(type.info);
  type.info.basic_bytes = sizeof(Descriptor);
  type.info.flags |= gc::kCollected;
  type.info.dealloc = descriptor_dealloc;
  type.get_attribute = generic_get_attribute;
}

namespace {

ObjResult doc_or_none(ThreadState& ts, const char* name, const char* doc) {
  if (doc == nullptr) return ts.core.none_ref();
  return Str::from_utf8(ts, doc_text(name, doc));
}
ObjResult method_doc(ThreadState& ts, Obj self) {
  const MethodDef& def = *as<Descriptor>(self)->method;
  return doc_or_none(ts, def.name, def.doc);
}
ObjResult method_signature(ThreadState& ts, Obj self) {
  const MethodDef& def = *as<Descriptor>(self)->method;
  const std::string_view text =
      def.doc == nullptr ? std::string_view() : signature_text(def.name, def.doc);
  if (text.empty()) return ts.core.none_ref();
  return Str::from_utf8(ts, text);
}
ObjResult getset_doc(ThreadState& ts, Obj self) {
  const GetSetDef& def = *as<Descriptor>(self)->getset;
  return doc_or_none(ts, def.name, def.doc);
}

ObjResult show(ThreadState& ts, Obj self, const char* pattern) {
  const FormatArg shown[] = {FormatArg(as<Descriptor>(self)->name),
                             FormatArg(as<Descriptor>(self)->owner->name())};
  return format_message(ts, pattern, shown);
}

ObjResult reduce(ThreadState& ts, Obj self, Args) {
  Ref<Str> getattr_name = OURO_TRY(intern(ts, "getattr"));
  ObjRef getattr = dict_get_str(ts.core.builtins, getattr_name).new_ref();
  if (!getattr) return raise(ts, ts.core.exceptions.AttributeError, "getattr");
  Ref<Tuple> pair =
      OURO_TRY(Tuple::of(ts, Obj(as<Descriptor>(self)->owner), Obj(as<Descriptor>(self)->name)));
  return Tuple::of(ts, getattr, pair);
}

// -- method_descriptor
// ---------------------------------------------------------------------------------------------

ObjResult method_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance) return self.new_ref();
  auto* descriptor = as<Descriptor>(self);
  OURO_TRY(descriptor_check(ts, descriptor, instance));
  return BuiltinFunction::create(ts, *descriptor->method, instance, nullptr);
}

ObjResult method_call(ThreadState& ts, Obj self, Args args) {
  auto* descriptor = as<Descriptor>(self);
  if (args.count == 0) [[unlikely]] {
    ObjRef name = OURO_TRY(descriptor_qualname(ts, self));
    return raise_type_error(ts, "unbound method {}() needs an argument", name);
  }
  OURO_TRY(descriptor_check(ts, descriptor, args[0]));
  return call_native(ts, *descriptor->method, descriptor->owner, args[0], args.from(1));
}

ObjResult method_repr(ThreadState& ts, Obj self) {
  return show(ts, self, "<method '{}' of '{}' objects>");
}

const GetSetDef kMethodGetSets[] = {
    {"__objclass__", descriptor_owner, nullptr, nullptr},
    {"__name__", descriptor_name, nullptr, nullptr},
    {"__doc__", method_doc, nullptr, nullptr},
    {"__qualname__", descriptor_qualname, nullptr, nullptr},
    {"__text_signature__", method_signature, nullptr, nullptr},
    {},
};
const MethodDef kReduceMethods[] = {{"__reduce__", reduce, 0, 0, MethodDef::kNone, nullptr}, {}};

// -- classmethod_descriptor
// ----------------------------------------------------------------------------------------

/// The class to bind: a subtype of the owner.
Status check_class(ThreadState& ts, Borrowed<Descriptor> self, Obj type) {
  if (!is_type(type)) {
    return raise_type_error(ts, "descriptor '{}' for type '{}' needs a type, not a '{t}' as arg 2",
                            self->name, self->owner->name(), type);
  }
  if (!as<Type>(type)->is_subtype_of(self->owner)) {
    return raise_type_error(ts, "descriptor '{}' requires a subtype of '{}' but received '{}'",
                            self->name, self->owner->name(), as<Type>(type)->name());
  }
  return kDone;
}

ObjResult classmethod_get(ThreadState& ts, Obj self, Obj instance, Obj owner) {
  auto* descriptor = as<Descriptor>(self);
  if (!owner) {
    if (!instance) {
      return raise_type_error(ts, "descriptor '{}' for type '{}' needs either an object or a type",
                              descriptor->name, descriptor->owner->name());
    }
    owner = instance->type();
  }
  OURO_TRY(check_class(ts, descriptor, owner));
  return BuiltinFunction::create(ts, *descriptor->method, owner, nullptr);
}

ObjResult classmethod_call(ThreadState& ts, Obj self, Args args) {
  auto* descriptor = as<Descriptor>(self);
  if (args.count == 0) {
    return raise_type_error(ts, "descriptor '{}' of '{}' object needs an argument",
                            descriptor->name, descriptor->owner->name());
  }
  OURO_TRY(check_class(ts, descriptor, args[0]));
  return call_native(ts, *descriptor->method, as<Type>(args[0]), args[0], args.from(1));
}

// -- getset_descriptor
// ---------------------------------------------------------------------------------------------

ObjResult getset_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance) return self.new_ref();
  auto* descriptor = as<Descriptor>(self);
  OURO_TRY(descriptor_check(ts, descriptor, instance));
  if (descriptor->getset->get == nullptr) {
    return raise(ts, ts.core.exceptions.AttributeError,
                 "attribute '{}' of '{}' objects is not readable", descriptor->name,
                 descriptor->owner->name());
  }
  return descriptor->getset->get(ts, instance);
}

Status getset_set(ThreadState& ts, Obj self, Obj instance, Obj value) {
  auto* descriptor = as<Descriptor>(self);
  OURO_TRY(descriptor_check(ts, descriptor, instance));
  if (descriptor->getset->set == nullptr) {
    return raise(ts, ts.core.exceptions.AttributeError,
                 "attribute '{}' of '{}' objects is not writable", descriptor->name,
                 descriptor->owner->name());
  }
  return descriptor->getset->set(ts, instance, value);
}

ObjResult getset_repr(ThreadState& ts, Obj self) {
  return show(ts, self, "<attribute '{}' of '{}' objects>");
}

const GetSetDef kGetSetGetSets[] = {
    {"__objclass__", descriptor_owner, nullptr, nullptr},
    {"__name__", descriptor_name, nullptr, nullptr},
    {"__doc__", getset_doc, nullptr, nullptr},
    {"__qualname__", descriptor_qualname, nullptr, nullptr},
    {},
};

}  // namespace

void init_method_descriptor_type(ThreadState&, Type& type) {
  init_descriptor_base(type);
  type.info.flags |= kMethodLike;
  type.repr = method_repr;
  type.call = method_call;
  type.descriptor_get = method_get;
  type.getsets = kMethodGetSets;
  type.methods = kReduceMethods;
}

void init_classmethod_descriptor_type(ThreadState&, Type& type) {
  init_descriptor_base(type);
  type.repr = method_repr;
  type.call = classmethod_call;
  type.descriptor_get = classmethod_get;
  type.getsets = kMethodGetSets;
}

void init_getset_descriptor_type(ThreadState&, Type& type) {
  init_descriptor_base(type);
  type.repr = getset_repr;
  type.descriptor_get = getset_get;
  type.descriptor_set = getset_set;
  type.getsets = kGetSetGetSets;
}

}  // namespace ouro
