// The layout of a new class: which base it extends, what `__slots__` adds, whether instances get a dict and weak references.
#include <cstring>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/instance.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/subclass_layout.h"
#include "objects/type_internal.h"

namespace ouro {

// -- bases -----------------------------------------------------------------------------------------------------------------------

Type* native_base(Type* type) {
  while (type->info.dealloc == subclass_dealloc) type = type->base;
  return type;
}

Type* solid_base(Type* type) {
  for (; type->base != nullptr; type = type->base) {
    const bool program_made = type->info.dealloc == subclass_dealloc;
    if (program_made ? type->slot_count > 0
                     : type->info.basic_bytes != type->base->info.basic_bytes || is_variable_size(type) != is_variable_size(type->base)) {
      return type;
    }
  }
  return type;
}

Result<Borrowed<Type>> best_base(ThreadState& ts, Borrowed<Tuple> bases) {
  Type* winner = nullptr;
  Type* base = nullptr;
  for (std::int64_t i = 0; i < bases->size; ++i) {
    Obj item = bases->at(i);
    if (!is_type(item)) return raise_type_error(ts, "bases must be types");
    auto* candidate = as<Type>(item);
    if (!candidate->has(kBaseType)) {
      return raise_type_error(ts, "type '{}' is not an acceptable base type", candidate->name());
    }
    Type* solid = solid_base(candidate);
    if (winner == nullptr || (solid != winner && solid->is_subtype_of(winner))) {
      winner = solid;
      base = candidate;
    } else if (!winner->is_subtype_of(solid)) {
      return raise_type_error(ts, "multiple bases have instance lay-out conflict");
    }
  }
  OURO_CHECK(base != nullptr, "a class without bases");
  return Borrowed<Type>(base);
}

namespace {

// The `__slots__` names of one class agree.
bool same_slots(const Type* a, const Type* b) {
  if (a->slot_count != b->slot_count || a->slots_offset != b->slots_offset) return false;
  for (std::uint32_t i = 0; i < a->slot_count; ++i) {
    auto* x = as<Str>(as<Tuple>(a->slots_names)->items[i]);
    auto* y = as<Str>(as<Tuple>(b->slots_names)->items[i]);
    if (!str_equal(x, y)) return false;
  }
  return true;
}

const Type* next_with_slots(const Type* type) {
  while (type->info.dealloc == subclass_dealloc && type->slot_count == 0) type = type->base;
  return type;
}

}  // namespace

bool same_layout(const Type* a, const Type* b) {
  if (a->info.basic_bytes != b->info.basic_bytes || a->dict_offset != b->dict_offset ||
      a->info.weaklist_offset != b->info.weaklist_offset ||
      ((a->info.flags ^ b->info.flags) & (kInlineAttributes | kHasDict | gc::kCollected)) != 0) {
    return false;
  }
  for (;;) {
    a = next_with_slots(a);
    b = next_with_slots(b);
    if (a == b) return true;
    if (a->info.dealloc != subclass_dealloc || b->info.dealloc != subclass_dealloc || !same_slots(a, b)) return false;
    a = a->base;
    b = b->base;
  }
}

Result<Borrowed<Type>> metaclass_of(ThreadState& ts, Borrowed<Type> metatype, Borrowed<Tuple> bases) {
  Type* winner = metatype.get();
  for (std::int64_t i = 0; i < bases->size; ++i) {
    Type* other = bases->at(i)->type();
    if (winner->is_subtype_of(other)) continue;
    if (!other->is_subtype_of(winner)) {
      return raise_type_error(ts,
                              "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                              "metaclasses of all its bases");
    }
    winner = other;
  }
  return Borrowed<Type>(winner);
}

// -- `__slots__` -------------------------------------------------------------------------------------------------------------------

namespace {

/// What a class asks for and may have.
struct Wishes {
  bool may_add_dict, may_add_weak;
  bool add_dict = false, add_weak = false;
};

bool is_identifier(const Str* text) {
  if (text->length == 0 || !unicode::is_identifier_start(text->at(0))) return false;
  for (std::int64_t i = 1; i < text->length; ++i) {
    if (!unicode::is_identifier_part(text->at(i))) return false;
  }
  return true;
}

// `__name` inside `class _C` is `_C__name`; names that end in two underscores stay.
Result<Ref<Str>> mangled(ThreadState& ts, Borrowed<Str> class_name, Borrowed<Str> name) {
  const std::int64_t length = name->length;
  if (length < 3 || name->at(0) != '_' || name->at(1) != '_') return interned_name(ts, name);
  if (name->at(length - 1) == '_' && name->at(length - 2) == '_') return interned_name(ts, name);
  std::int64_t first = 0;
  while (first < class_name->length && class_name->at(first) == '_') ++first;
  if (first == class_name->length) return interned_name(ts, name);
  StrBuilder text(ts);
  OURO_TRY(text.append(U'_'));
  OURO_TRY(text.append(class_name, first, class_name->length));
  OURO_TRY(text.append(name));
  return intern(ts, OURO_TRY(text.finish()));
}

bool is_named(Obj name, const char* text) { return str_equals_ascii(as<Str>(name), text); }

// Takes `__dict__` and `__weakref__` out of the wishes, mangles and sorts the rest.
Result<Ref<Tuple>> slot_names(ThreadState& ts, const Type* type, Borrowed<Tuple> slots, Borrowed<Dict> dict,
                              Borrowed<Str> class_name, Wishes& wishes) {
  if (slots->size > 0 && type->base->item_bytes != 0 && !type->has(kStrSubclass)) {
    return raise_type_error(ts, "nonempty __slots__ not supported for subtype of '{}'", type->base->name());
  }
  for (std::int64_t i = 0; i < slots->size; ++i) {
    Obj name = slots->at(i);
    if (!is_str(name)) return raise_type_error(ts, "__slots__ items must be strings, not '{t}'", name);
    if (!is_identifier(as<Str>(name))) return raise_type_error(ts, "__slots__ must be identifiers");
    if (is_named(name, "__dict__")) {
      if (!wishes.may_add_dict || wishes.add_dict) {
        return raise_type_error(ts, "__dict__ slot disallowed: we already got one");
      }
      wishes.add_dict = true;
    } else if (is_named(name, "__weakref__")) {
      if (!wishes.may_add_weak || wishes.add_weak) {
        return raise_type_error(ts, "__weakref__ slot disallowed: we already got one");
      }
      wishes.add_weak = true;
    }
  }
  Ref<List> names = OURO_TRY(List::create(ts));
  for (std::int64_t i = 0; i < slots->size; ++i) {
    Obj item = slots->at(i);
    if (is_named(item, "__dict__") || is_named(item, "__weakref__")) continue;
    Ref<Str> name = OURO_TRY(mangled(ts, class_name, as<Str>(item)));
    OURO_TRY(names->append(ts, name));
    if (dict_get_str(dict, name) && !is_named(name, "__qualname__") && !is_named(name, "__classcell__")) {
      return raise_value_error(ts, "{r} in __slots__ conflicts with class variable", name);
    }
  }
  OURO_TRY(names->sort(ts, nullptr, false));
  return list_as_tuple(ts, names);
}

Result<Ref<Tuple>> slots_tuple(ThreadState& ts, Obj slots) {
  if (is_str(slots)) return Tuple::of(ts, slots);
  return tuple_from_iterable(ts, slots);
}

bool has_any_dict(const Type* type) { return (type->info.flags & (kInlineAttributes | kHasDict)) != 0; }

void lay_out_places(Type* type, std::uint32_t slot_count, const Wishes& wishes) {
  const Type* base = type->base;
  gc::TypeInfo& info = type->info;
  const bool at_end = is_variable_size(type);
  std::uint32_t bytes = base->info.basic_bytes;
  type->slot_count = slot_count;
  if (at_end) {
    // The dict has the last place (kept free when there is none); slots lie before it, further classes' slots before those.
    std::uint32_t taken = 8;
    for (const Type* at = base; at->info.dealloc == subclass_dealloc; at = at->base) taken += 8 * at->slot_count;
    type->slots_offset = taken + 8;
    std::uint32_t added = 8 * slot_count;
    const bool base_has_room = bytes > native_base(type)->info.basic_bytes;
    if (!base_has_room && (slot_count > 0 || wishes.add_dict)) added += type->item_bytes == 8 ? 8 : 8 + 7;
    if (wishes.add_dict) info.flags |= kHasDict;
    info.basic_bytes = bytes + added;
    return;
  }
  bytes = (bytes + 7) & ~7u;
  type->slots_offset = bytes;
  bytes += 8 * slot_count;
  if (wishes.add_dict) {
    type->dict_offset = bytes;
    info.flags |= kHasDict;
    bytes += 8;
  }
  if (wishes.add_weak) {
    info.weaklist_offset = bytes;
    bytes += 8;
  }
  info.basic_bytes = bytes;
}

// Plain classes: nothing but a dict and weak references over `object`, as Instance has them.
bool is_plain(Type* type, const Wishes& wishes) {
  if (type->slot_count != 0 || native_base(type)->kind != TypeKind::Object) return false;
  if (type->base->has(kInlineAttributes)) return true;
  return type->base->info.basic_bytes == sizeof(Object) && wishes.add_dict && wishes.add_weak;
}

}  // namespace

Result<Ref<Tuple>> lay_out_class(ThreadState& ts, Type* type, Obj slots, Borrowed<Dict> dict, Borrowed<Str> name) {
  Type* base = type->base;
  Wishes wishes = {.may_add_dict = !has_any_dict(base),
                   .may_add_weak = base->info.weaklist_offset == 0 && !is_variable_size(base)};
  Ref<Tuple> names;
  if (!slots) {
    wishes.add_dict = wishes.may_add_dict;
    wishes.add_weak = wishes.may_add_weak;
    names = OURO_TRY(Tuple::make(ts, 0));
  } else {
    Ref<Tuple> given = OURO_TRY(slots_tuple(ts, slots));
    names = OURO_TRY(slot_names(ts, type, given, dict, name, wishes));
    // Bases beside the main one may bring a dict or weak references without taking part in the layout.
    for (std::int64_t i = 0; i < type->bases->size; ++i) {
      const auto* other = as<Type>(type->bases->items[i]);
      if (other == base) continue;
      if (wishes.may_add_dict && has_any_dict(other)) wishes.add_dict = true;
      if (wishes.may_add_weak && other->info.weaklist_offset != 0) wishes.add_weak = true;
    }
  }
  // A subclass of a plain class that adds slots lies as its base does in dict form, with the slots behind.
  if (base->has(kInlineAttributes)) {
    type->info.flags |= kHasDict;
    type->dict_offset = offsetof(Instance, attributes);
  }
  lay_out_places(type, static_cast<std::uint32_t>(names->size), wishes);
  if (is_plain(type, wishes)) {
    type->info.flags |= kInlineAttributes;
    type->info.flags &= ~std::uint64_t{kHasDict};
    type->dict_offset = 0;
    type->info.weaklist_offset = offsetof(Instance, weaklist);
    type->info.basic_bytes = offsetof(Instance, values);
    type->spare[0] = static_cast<std::uint8_t>(base->inline_capacity);
    type->inline_capacity = base->inline_capacity;
  }
  // As in CPython also instances without any place for a reference: they refer to their class.
  type->info.flags |= gc::kCollected;
  return names;
}

// -- descriptors of the layout -------------------------------------------------------------------------------------------------------

namespace {

// A native base with a dict of its own (a module, an exception) knows best how its dict is got and set.
ObjRef dict_descriptor_of_base(ThreadState& ts, Obj self) {
  Type* native = native_base(self->type());
  if (!native->has(kHasDict)) return ObjRef();
  ObjRef found = type_lookup(ts, native, ts.core.names.dunder_dict).new_ref();
  if (!found || found->type()->descriptor_get == nullptr) return ObjRef();
  return found;
}

ObjResult get_dict(ThreadState& ts, Obj self) {
  if (ObjRef found = dict_descriptor_of_base(ts, self)) return bind(ts, found.new_ref(), self, self->type());
  return OURO_TRY(instance_dict(ts, self));
}

Status set_dict(ThreadState& ts, Obj self, Obj value) {
  if (ObjRef found = dict_descriptor_of_base(ts, self)) {
    if (const DescriptorSetSlot set = found->type()->descriptor_set) return set(ts, found, self, value);
  }
  if (!has_inline_attributes(self) && dict_slot(self) == nullptr) {
    return raise(ts, ts.core.exceptions.AttributeError, "This object has no __dict__");
  }
  if (value && !is_dict(value)) return raise_type_error(ts, "__dict__ must be set to a dictionary, not a '{t}'", value);
  return instance_replace_dict(ts, self, as<Dict>(value));
}

ObjResult get_weakref(ThreadState& ts, Obj self) {
  gc::WeakReference** list = gc::weaklist_of(self.get());
  if (list == nullptr) return raise(ts, ts.core.exceptions.AttributeError, "This object has no __weakref__");
  if (*list == nullptr) return ts.core.none_ref();
  return ObjRef::share(static_cast<Object*>(static_cast<gc::Header*>(*list)));
}

constexpr GetSetDef kDictGetSet = {"__dict__", get_dict, set_dict, "dictionary for instance variables (if defined)"};
constexpr GetSetDef kWeakrefGetSet = {"__weakref__", get_weakref, nullptr,
                                      "list of weak references to the object (if defined)"};

Status add_getset(ThreadState& ts, Type* type, const GetSetDef& def) {
  ObjRef descriptor = OURO_TRY(make_descriptor(ts, ts.core.types.getset_descriptor, type, def.name));
  as<Descriptor>(descriptor)->getset = &def;
  OURO_TRY(track(ts, descriptor));
  return dict_set(ts, type->dict, as<Descriptor>(descriptor)->name, descriptor);
}

}  // namespace

Status add_layout_descriptors(ThreadState& ts, Type* type, Borrowed<Tuple> names) {
  for (std::int64_t i = 0; i < names->size; ++i) {
    auto* name = as<Str>(names->at(i));
    ObjRef member = OURO_TRY(make_member_descriptor(ts, type, name, slot_place(type, static_cast<std::uint32_t>(i))));
    OURO_TRY(dict_set(ts, type->dict, name, member));
  }
  const Type* base = type->base;
  if (has_any_dict(type) && !has_any_dict(base) && !dict_get_str(type->dict, ts.core.names.dunder_dict)) {
    OURO_TRY(add_getset(ts, type, kDictGetSet));
  }
  if (type->info.weaklist_offset != 0 && base->info.weaklist_offset == 0 &&
      !dict_get_str(type->dict, ts.core.names.dunder_weakref)) {
    OURO_TRY(add_getset(ts, type, kWeakrefGetSet));
  }
  return kDone;
}

}  // namespace ouro
