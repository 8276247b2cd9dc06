// Getting, setting and deleting attributes: the generic rules, special methods, and methods about to be called.
#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/function.h"
#include "objects/instance.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_internal.h"

namespace ouro {

// -- names, errors ----------------------------------------------------------------------------------------------------------

Result<Ref<Str>> interned_name(ThreadState& ts, Borrowed<Str> name) {
  if (name->is_interned()) return name.new_ref();
  if (is_exact_str(name)) return intern(ts, name.new_ref());
  StrBuilder copy(ts);
  OURO_TRY(copy.append(name));
  return intern(ts, OURO_TRY(copy.finish()));
}

Raised raise_attribute_error(ThreadState& ts, Obj object, Borrowed<Str> name, Borrowed<Str> message) {
  Object* const values[] = {message.get()};
  ObjRef error = OURO_TRY(new_exception(ts, ts.core.exceptions.AttributeError, Args{values, 1, nullptr}));
  set_exception_field(error, AttributeErrorField::Name, name);
  set_exception_field(error, AttributeErrorField::Object, object);
  return raise_object(ts, std::move(error));
}

namespace {

Raised raise_absent(ThreadState& ts, Obj object, Borrowed<Str> name) {
  const FormatArg args[] = {object, name};
  Ref<Str> message = OURO_TRY(format_message(ts, "'{t}' object has no attribute '{}'", args));
  return raise_attribute_error(ts, object, name, message);
}

bool is_data_descriptor(const Type* type) { return type->descriptor_set != nullptr; }

// The value in the object's own storage. A dict is held while it is searched: comparing keys that are no str runs Python code.
ObjRef stored_attribute(Obj self, Borrowed<Str> name) {
  Dict* dict = nullptr;
  if (has_inline_attributes(self)) {
    auto* instance = as<Instance>(self);
    if (instance->has_shape()) return instance_get(instance, name).new_ref();
    dict = instance->dict();
  } else if (Dict** slot = dict_slot(self)) {
    dict = *slot;
  }
  if (dict == nullptr) return ObjRef();
  const Ref<Dict> owner = Ref<Dict>::share(dict);
  return dict_get_str(owner, name).new_ref();
}

}  // namespace

ObjResult bind(ThreadState& ts, ObjRef value, Obj instance, Obj owner) {
  const DescriptorGetSlot get = value->type()->descriptor_get;
  if (get == nullptr) return value;
  return get(ts, value, instance, owner);
}

// -- the generic rules --------------------------------------------------------------------------------------------------------

// Order: data descriptors of the class, the object's own storage, other attributes of the class.
MaybeAttribute generic_find_attribute(ThreadState& ts, Obj self, Borrowed<Str> any_name) {
  Ref<Str> kept_name;
  Borrowed<Str> name = any_name;
  if (!name->is_interned()) [[unlikely]] {
    Result<Ref<Str>> interned = interned_name(ts, name);
    if (interned.raised()) return {ObjRef(), true};
    kept_name = interned.take();
    name = kept_name;
  }
  Type* type = self->type();
  ObjRef found = type_lookup(ts, type, name).new_ref();
  DescriptorGetSlot get = nullptr;
  if (found) {
    const Type* found_type = found->type();
    get = found_type->descriptor_get;
    if (get != nullptr && is_data_descriptor(found_type)) {
      ObjResult value = get(ts, found, self, type);
      const bool failed = value.raised();
      return {value.take(), failed};
    }
  }
  if (ObjRef stored = stored_attribute(self, name)) return {std::move(stored), false};
  if (!found) return {ObjRef(), false};
  if (get == nullptr) return {std::move(found), false};
  ObjResult value = get(ts, found, self, type);
  const bool failed = value.raised();
  return {value.take(), failed};
}

ObjResult generic_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  MaybeAttribute attribute = generic_find_attribute(ts, self, name);
  if (attribute.value) return std::move(attribute.value);
  if (attribute.failed) return Raised{};
  return raise_absent(ts, self, name);
}

Status generic_set_attribute(ThreadState& ts, Obj self, Borrowed<Str> any_name, Obj value) {
  Ref<Str> name = OURO_TRY(interned_name(ts, any_name));
  Type* type = self->type();
  ObjRef found = type_lookup(ts, type, name).new_ref();
  if (found) {
    if (const DescriptorSetSlot set = found->type()->descriptor_set) return set(ts, found, self, value);
  }
  if (has_inline_attributes(self)) {
    if (OURO_TRY(instance_set(ts, as<Instance>(self), name, value))) return kDone;
  } else if (Dict** slot = dict_slot(self)) {
    if (value) {
      Ref<Dict> dict = OURO_TRY(instance_dict(ts, self));
      return dict_set(ts, dict, name, value);
    }
    if (*slot != nullptr) {
      const Ref<Dict> dict = Ref<Dict>::share(*slot);
      if (OURO_TRY(dict_remove(ts, dict, name))) return kDone;
    }
  } else if (found) {
    return raise(ts, ts.core.exceptions.AttributeError, "'{t}' object attribute '{}' is read-only", self, name);
  }
  return raise(ts, ts.core.exceptions.AttributeError, "'{t}' object has no attribute '{}'", self, name);
}

// -- any object -----------------------------------------------------------------------------------------------------------------

namespace {

// An AttributeError that a program's own code has raised learns of what was looked up where: its
// display suggests names.
void complete_attribute_error(ThreadState& ts, Obj object, Borrowed<Str> name) {
  if (!pending_matches(ts, ts.core.exceptions.AttributeError)) return;
  ObjRef error = take_pending(ts);
  if (is_instance_of(error, ts.core.exceptions.AttributeError) &&
      !exception_field(error, AttributeErrorField::Name) &&
      !exception_field(error, AttributeErrorField::Object)) {
    set_exception_field(error, AttributeErrorField::Name, name);
    set_exception_field(error, AttributeErrorField::Object, object);
  }
  restore_pending(ts, std::move(error));
}

}  // namespace

ObjResult get_attribute(ThreadState& ts, Obj object, Borrowed<Str> name) {
  const GetAttributeSlot get = object->type()->get_attribute;
  if (get == nullptr || get == generic_get_attribute) {
    return generic_get_attribute(ts, object, name);
  }
  ObjResult result = get(ts, object, name);
  if (result.raised()) [[unlikely]]
    complete_attribute_error(ts, object, name);
  return result;
}

ObjResult get_attribute(ThreadState& ts, Obj object, const char* name) {
  Ref<Str> interned = OURO_TRY(intern(ts, name));
  return get_attribute(ts, object, interned);
}

MaybeAttribute find_attribute(ThreadState& ts, Obj object, Borrowed<Str> name) {
  const GetAttributeSlot get = object->type()->get_attribute;
  if (get == generic_get_attribute || get == nullptr || get == type_get_attribute) {
    // The error that nobody would see is not even made; one that a descriptor raises means "absent" as well.
    MaybeAttribute result = get == type_get_attribute ? type_find_attribute(ts, as<Type>(object), name)
                                                      : generic_find_attribute(ts, object, name);
    if (result.failed && catch_pending(ts, ts.core.exceptions.AttributeError)) result.failed = false;
    return result;
  }
  ObjResult value = get(ts, object, name);
  if (value.ok()) return {value.take(), false};
  return {ObjRef(), !catch_pending(ts, ts.core.exceptions.AttributeError)};
}

Status set_attribute(ThreadState& ts, Obj object, Borrowed<Str> name, Obj value) {
  const SetAttributeSlot set = object->type()->set_attribute;
  if (set == nullptr) return generic_set_attribute(ts, object, name, value);
  return set(ts, object, name, value);
}

MaybeAttribute find_special(ThreadState& ts, Obj object, Borrowed<Str> name) {
  Type* type = object->type();
  ObjRef found = type_lookup(ts, type, name).new_ref();
  if (!found) return {ObjRef(), false};
  const DescriptorGetSlot get = found->type()->descriptor_get;
  if (get == nullptr) return {std::move(found), false};
  ObjResult bound = get(ts, found, object, type);
  const bool failed = bound.raised();
  return {bound.take(), failed};
}

MethodLookup lookup_method(ThreadState& ts, Obj object, Borrowed<Str> name) {
  Type* type = object->type();
  const GetAttributeSlot get = type->get_attribute;
  if (get != generic_get_attribute || !name->is_interned()) {
    ObjResult value = get == nullptr ? generic_get_attribute(ts, object, name) : get(ts, object, name);
    return {value.take(), false};
  }
  ObjRef found = type_lookup(ts, type, name).new_ref();
  if (found && type_has(found, kMethodLike)) [[likely]] {
    ObjRef stored = stored_attribute(object, name);
    if (stored) return {std::move(stored), false};
    return {std::move(found), true};
  }
  ObjResult value = generic_get_attribute(ts, object, name);
  return {value.take(), false};
}

}  // namespace ouro
