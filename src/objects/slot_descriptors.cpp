// The descriptor types that stand for slots and places: wrapper_descriptor, method-wrapper, member_descriptor.
#include <cstdio>
#include <cstring>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/slot_table.h"
#include "objects/subclass_layout.h"
#include "objects/type_inits.h"
#include "objects/type_internal.h"

namespace ouro {

namespace {

/// A wrapper descriptor bound to an object: `x.__add__`.
struct MethodWrapper : Object {
  Descriptor* descriptor;  // owned
  Object* self;            // owned
  template <class V>
  void edges(V& v) const {
    v.edge(descriptor, gc::slot_label("__descriptor__"));
    v.edge(self, gc::slot_label("__self__"));
  }
};

// -- what all descriptors show -----------------------------------------------------------------------------------------------------------

void descriptor_dealloc(gc::Header* header) {
  auto* self = static_cast<Descriptor*>(header);
  untrack(self);
  xdecref(std::exchange(self->owner, nullptr));
  xdecref(std::exchange(self->name, nullptr));
  xdecref(std::exchange(self->qualname, nullptr));
  free_object(self);
}

ObjResult get_name(ThreadState&, Obj self) { return ObjRef::share(as<Descriptor>(self)->name); }
ObjResult get_owner(ThreadState&, Obj self) { return ObjRef::share(as<Descriptor>(self)->owner); }

ObjResult get_qualname(ThreadState& ts, Obj self) {
  auto* descriptor = as<Descriptor>(self);
  if (descriptor->qualname == nullptr) {
    ObjRef of_owner = OURO_TRY(get_attribute(ts, descriptor->owner, ts.core.names.dunder_qualname));
    const FormatArg args[] = {of_owner, descriptor->name};
    ObjRef text = OURO_TRY(format_message(ts, "{}.{}", args));
    if (descriptor->qualname == nullptr) descriptor->qualname = text.release();
  }
  return ObjRef::share(descriptor->qualname);
}

// "($self, …)\n--\n\nText": signature and text.
ObjResult slot_text(ThreadState& ts, const SlotDef& slot, bool signature) {
  if (slot.doc == nullptr) return ts.core.none_ref();
  const char* end = std::strstr(slot.doc, "\n--\n\n");
  if (signature) return Str::from_utf8(ts, {slot.doc, static_cast<std::size_t>(end - slot.doc)});
  return Str::from_utf8(ts, end + 5);
}

// -- wrapper_descriptor --------------------------------------------------------------------------------------------------------------------

ObjResult call_wrapper(ThreadState& ts, const Descriptor* descriptor, Obj self, Args args) {
  const SlotDef& slot = *descriptor->slot;
  const bool takes_keywords = std::strcmp(slot.name, "__init__") == 0 || std::strcmp(slot.name, "__call__") == 0;
  if (args.keyword_count() != 0 && !takes_keywords) {
    return raise_type_error(ts, "wrapper {}() takes no keyword arguments", slot.name);
  }
  // An exception's __init__ keeps the tuple as its `args`, which is counted there.
  const bool keeps = std::strcmp(slot.name, "__init__") == 0 && is_exception(self);
  const ArgumentTuple counted(ts, keeps ? 0 : args.count);
  const ArgumentDict keywords(ts, args.keyword_count() > 0);
  return slot.wrapper(ts, self, args, descriptor->slot_function);
}

ObjResult wrapper_call(ThreadState& ts, Obj self, Args args) {
  const auto* descriptor = as<Descriptor>(self);
  if (args.count == 0) {
    return raise_type_error(ts, "descriptor '{}' of '{}' object needs an argument", descriptor->name, descriptor->owner->name());
  }
  if (!is_instance_of(args[0], descriptor->owner)) {
    return raise_type_error(ts, "descriptor '{}' requires a '{}' object but received a '{t}'", descriptor->name,
                            descriptor->owner->name(), args[0]);
  }
  const ArgumentTuple all(ts, args.count);  // the wrapper gets a slice of it
  return call_wrapper(ts, descriptor, args[0], args.from(1));
}

ObjResult wrapper_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance) return self.new_ref();
  const auto* descriptor = as<Descriptor>(self);
  if (!is_instance_of(instance, descriptor->owner)) {
    return raise_type_error(ts, "descriptor '{}' for '{}' objects doesn't apply to a '{t}' object", descriptor->name,
                            descriptor->owner->name(), instance);
  }
  ObjRef bound = OURO_TRY(allocate_object(ts, ts.core.types.method_wrapper, sizeof(MethodWrapper)));
  as<MethodWrapper>(bound)->descriptor = Ref<Descriptor>::share(as<Descriptor>(self)).release();
  as<MethodWrapper>(bound)->self = instance.new_ref().release();
  OURO_TRY(track(ts, bound));
  return bound;
}

ObjResult wrapper_repr(ThreadState& ts, Obj self) {
  const FormatArg args[] = {as<Descriptor>(self)->name, as<Descriptor>(self)->owner->name()};
  return format_message(ts, "<slot wrapper '{}' of '{}' objects>", args);
}

ObjResult wrapper_doc(ThreadState& ts, Obj self) { return slot_text(ts, *as<Descriptor>(self)->slot, false); }
ObjResult wrapper_signature(ThreadState& ts, Obj self) { return slot_text(ts, *as<Descriptor>(self)->slot, true); }

// getattr(owner, name): how a descriptor is found again.
ObjResult descriptor_reduce(ThreadState& ts, Obj self, Args) {
  ObjRef getattr = OURO_TRY(import_by_name(ts, "builtins"));
  getattr = OURO_TRY(get_attribute(ts, getattr, "getattr"));
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, as<Descriptor>(self)->owner, as<Descriptor>(self)->name));
  return Tuple::of(ts, getattr, args);
}

constexpr MethodDef kDescriptorMethods[] = {
    {"__reduce__", descriptor_reduce, 0, 0, MethodDef::kNone, nullptr},
    {},
};

constexpr GetSetDef kWrapperGetsets[] = {
    {"__name__", get_name, nullptr, nullptr},
    {"__objclass__", get_owner, nullptr, nullptr},
    {"__qualname__", get_qualname, nullptr, nullptr},
    {"__doc__", wrapper_doc, nullptr, nullptr},
    {"__text_signature__", wrapper_signature, nullptr, nullptr},
    {},
};

// -- method-wrapper --------------------------------------------------------------------------------------------------------------------------

void method_wrapper_dealloc(gc::Header* header) {
  auto* self = static_cast<MethodWrapper*>(header);
  untrack(self);
  xdecref(std::exchange(self->descriptor, nullptr));
  xdecref(std::exchange(self->self, nullptr));
  free_object(self);
}

ObjResult method_wrapper_call(ThreadState& ts, Obj self, Args args) {
  const Ref<Descriptor> descriptor = Ref<Descriptor>::share(as<MethodWrapper>(self)->descriptor);
  const ObjRef target = ObjRef::share(as<MethodWrapper>(self)->self);
  return call_wrapper(ts, descriptor.get(), target, args);
}

ObjResult method_wrapper_repr(ThreadState& ts, Obj self) {
  const auto* wrapper = as<MethodWrapper>(self);
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<const void*>(wrapper->self));
  const FormatArg args[] = {wrapper->descriptor->name, wrapper->self, address};
  return format_message(ts, "<method-wrapper '{}' of {t} object at {}>", args);
}

ObjResult method_wrapper_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if ((op != CompareOp::Equal && op != CompareOp::NotEqual) || !is_kind(right, TypeKind::MethodWrapper)) {
    return ts.core.not_implemented_ref();
  }
  const auto* a = as<MethodWrapper>(left);
  const auto* b = as<MethodWrapper>(right);
  const bool same = a->descriptor == b->descriptor && a->self == b->self;
  return ts.core.bool_ref(same == (op == CompareOp::Equal));
}

Result<std::int64_t> method_wrapper_hash(ThreadState&, Obj self) {
  const auto* wrapper = as<MethodWrapper>(self);
  const std::int64_t hash = hash_pointer(wrapper->self) ^ hash_pointer(wrapper->descriptor);
  return hash == -1 ? -2 : hash;
}

ObjResult method_wrapper_self(ThreadState&, Obj self) { return ObjRef::share(as<MethodWrapper>(self)->self); }
template <ObjResult (*get)(ThreadState&, Obj)>
ObjResult of_descriptor(ThreadState& ts, Obj self) {
  const Ref<Descriptor> descriptor = Ref<Descriptor>::share(as<MethodWrapper>(self)->descriptor);
  return get(ts, descriptor);
}

ObjResult method_wrapper_reduce(ThreadState& ts, Obj self, Args) {
  ObjRef getattr = OURO_TRY(import_by_name(ts, "builtins"));
  getattr = OURO_TRY(get_attribute(ts, getattr, "getattr"));
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, as<MethodWrapper>(self)->self, as<MethodWrapper>(self)->descriptor->name));
  return Tuple::of(ts, getattr, args);
}

constexpr MethodDef kMethodWrapperMethods[] = {
    {"__reduce__", method_wrapper_reduce, 0, 0, MethodDef::kNone, nullptr},
    {},
};

constexpr GetSetDef kMethodWrapperGetsets[] = {
    {"__self__", method_wrapper_self, nullptr, nullptr},
    {"__objclass__", of_descriptor<get_owner>, nullptr, nullptr},
    {"__name__", of_descriptor<get_name>, nullptr, nullptr},
    {"__qualname__", of_descriptor<get_qualname>, nullptr, nullptr},
    {"__doc__", of_descriptor<wrapper_doc>, nullptr, nullptr},
    {"__text_signature__", of_descriptor<wrapper_signature>, nullptr, nullptr},
    {},
};

// -- member_descriptor -----------------------------------------------------------------------------------------------------------------------

Status check_member_owner(ThreadState& ts, const Descriptor* member, Obj instance) {
  if (is_instance_of(instance, member->owner)) return kDone;
  return raise_type_error(ts, "descriptor '{}' for '{}' objects doesn't apply to a '{t}' object", member->name,
                          member->owner->name(), instance);
}

// The definition of a member of a native type; null for a place of `__slots__`.
const GetSetDef* native_member(const Descriptor* member) {
  return static_cast<const GetSetDef*>(member->slot_function);
}

ObjResult member_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance) return self.new_ref();
  const auto* member = as<Descriptor>(self);
  OURO_TRY(check_member_owner(ts, member, instance));
  if (const GetSetDef* native = native_member(member)) return native->get(ts, instance);
  Object* value = *place_at(instance.get(), member->offset);
  if (value != nullptr) return ObjRef::share(value);
  const FormatArg args[] = {instance, member->name};
  Ref<Str> message = OURO_TRY(format_message(ts, "'{t}' object has no attribute '{}'", args));
  return raise_attribute_error(ts, instance, member->name, message);
}

Status member_set(ThreadState& ts, Obj self, Obj instance, Obj value) {
  const auto* member = as<Descriptor>(self);
  OURO_TRY(check_member_owner(ts, member, instance));
  if (const GetSetDef* native = native_member(member)) {
    if (native->set != nullptr) return native->set(ts, instance, value);
    return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
  }
  Object*& place = *place_at(instance.get(), member->offset);
  if (!value && place == nullptr) return raise_with(ts, ts.core.exceptions.AttributeError, member->name);
  xincref(value.get());
  xdecref(std::exchange(place, value.get()));
  return kDone;
}

ObjResult member_repr(ThreadState& ts, Obj self) {
  const FormatArg args[] = {as<Descriptor>(self)->name, as<Descriptor>(self)->owner->name()};
  return format_message(ts, "<member '{}' of '{}' objects>", args);
}

ObjResult member_doc(ThreadState& ts, Obj self) {
  const GetSetDef* native = native_member(as<Descriptor>(self));
  if (native == nullptr || native->doc == nullptr) return ts.core.none_ref();
  return Str::from_utf8(ts, native->doc);
}

constexpr GetSetDef kMemberGetsets[] = {
    {"__name__", get_name, nullptr, nullptr},
    {"__objclass__", get_owner, nullptr, nullptr},
    {"__qualname__", get_qualname, nullptr, nullptr},
    {"__doc__", member_doc, nullptr, nullptr},
    {},
};

void init_descriptor(Type& t) {
  t.info.basic_bytes = sizeof(Descriptor);
  t.info.flags |= gc::kCollected;
  t.info.dealloc = descriptor_dealloc;
  gc::EdgeFunctions<Descriptor>::install(t.info);
  t.methods = kDescriptorMethods;
}

}  // namespace

ObjResult make_member_descriptor(ThreadState& ts, Borrowed<Type> owner, Borrowed<Str> name, std::uint64_t offset) {
  ObjRef made = OURO_TRY(allocate_object(ts, ts.core.types.member_descriptor, sizeof(Descriptor)));
  auto* member = as<Descriptor>(made);
  member->owner = owner.new_ref().release();
  member->name = name.new_ref().release();
  member->offset = offset;
  OURO_TRY(track(ts, made));
  return made;
}

void init_wrapper_descriptor_type(ThreadState&, Type& t) {
  init_descriptor(t);
  t.info.flags |= kMethodLike;
  t.call = wrapper_call;
  t.descriptor_get = wrapper_get;
  t.repr = wrapper_repr;
  t.getsets = kWrapperGetsets;
}

void init_method_wrapper_type(ThreadState&, Type& t) {
  t.info.basic_bytes = sizeof(MethodWrapper);
  t.info.flags |= gc::kCollected;
  t.info.dealloc = method_wrapper_dealloc;
  gc::EdgeFunctions<MethodWrapper>::install(t.info);
  t.call = method_wrapper_call;
  t.repr = method_wrapper_repr;
  t.compare = method_wrapper_compare;
  t.hash = method_wrapper_hash;
  t.methods = kMethodWrapperMethods;
  t.getsets = kMethodWrapperGetsets;
}

void init_member_descriptor_type(ThreadState&, Type& t) {
  init_descriptor(t);
  t.descriptor_get = member_get;
  t.descriptor_set = member_set;
  t.repr = member_repr;
  t.getsets = kMemberGetsets;
}

}  // namespace ouro
