// Getting a native type ready: what it inherits, and the entries of its dict made from its tables and slots.
#include <cstring>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/slot_table.h"
#include "objects/str.h"
#include "objects/type_internal.h"

namespace ouro {

// -- inheriting ------------------------------------------------------------------------------------------------------------------

namespace {

template <class T>
void inherit(T& own, const T& from) {
  if (own == T{}) own = from;
}

// Slot groups are rows of pointers of one size: copied place by place where the type has none.
template <class Group>
void inherit_group(Group& own, const Group& from) {
  static_assert(sizeof(Group) % sizeof(void*) == 0);
  char* to = reinterpret_cast<char*>(&own);
  const char* source = reinterpret_cast<const char*>(&from);
  for (std::size_t at = 0; at < sizeof(Group); at += sizeof(void*)) {
    void* mine;
    std::memcpy(&mine, to + at, sizeof mine);
    if (mine == nullptr) std::memcpy(to + at, source + at, sizeof mine);
  }
}

constexpr std::uint64_t kInheritedFlags = kIntSubclass | kStrSubclass | kBytesSubclass | kTupleSubclass | kListSubclass |
                                          kDictSubclass | kTypeSubclass | kExceptionSubclass | kSetSubclass | kFloatSubclass |
                                          kHasDict | kMatchSelf | kSequencePattern | kMappingPattern | kHasDel |
                                          gc::kHasFinalizer | gc::kLegacyFinalizer | gc::kWeakReference;

}  // namespace

void inherit_from(Type* type, const Type* base) {
  gc::TypeInfo& info = type->info;
  info.flags |= base->info.flags & kInheritedFlags;
  // A class that is collected, or adds nothing, is watched as its base is.
  if (info.traverse == nullptr && base->has(gc::kCollected)) {
    info.flags |= gc::kCollected;
    info.traverse = base->info.traverse;
    info.describe = base->info.describe;
    inherit(info.clear, base->info.clear);
  }
  inherit(info.dealloc, base->info.dealloc);
  inherit(info.finalize, base->info.finalize);
  inherit(info.weaklist_offset, base->info.weaklist_offset);
  inherit(info.basic_bytes, base->info.basic_bytes);
  inherit(type->item_bytes, base->item_bytes);
  inherit(type->dict_offset, base->dict_offset);
  if (type->dict_offset != 0) info.flags |= kHasDict;
  inherit(type->buffer, base->buffer);
  inherit(type->repr, base->repr);
  inherit(type->str, base->str);
  inherit(type->iter, base->iter);
  inherit(type->next, base->next);
  // Equality and hash go together: who changes one inherits neither.
  if (type->compare == nullptr && type->hash == nullptr) {
    type->compare = base->compare;
    type->hash = base->hash;
  } else if (type->hash == nullptr && is_native_type(type)) {
    type->hash = hash_not_implemented;
  }
  inherit(type->compare, base->compare);
  inherit(type->call, base->call);
  inherit(type->get_attribute, base->get_attribute);
  inherit(type->set_attribute, base->set_attribute);
  inherit(type->descriptor_get, base->descriptor_get);
  inherit(type->descriptor_set, base->descriptor_set);
  inherit(type->init, base->init);
  inherit(type->await, base->await);
  inherit(type->aiter, base->aiter);
  inherit(type->anext, base->anext);
  inherit_group(type->number, base->number);
  inherit_group(type->sequence, base->sequence);
  inherit_group(type->mapping, base->mapping);
  // A native type without a constructor of its own cannot be called, unless it extends one that can.
  if (type->make == nullptr && (!is_native_type(type) || base->kind != TypeKind::Object)) type->make = base->make;
}

// -- descriptors -----------------------------------------------------------------------------------------------------------------

ObjResult make_descriptor(ThreadState& ts, Borrowed<Type> descriptor_type, Borrowed<Type> owner, const char* name) {
  Ref<Str> name_object = OURO_TRY(intern(ts, name));
  ObjRef made = OURO_TRY(allocate_object(ts, descriptor_type, sizeof(Descriptor)));
  auto* descriptor = as<Descriptor>(made);
  descriptor->owner = owner.new_ref().release();
  descriptor->name = name_object.release();
  return made;
}

namespace {

ObjResult call_make(ThreadState& ts, Obj self, Args args) {
  auto* owner = as<Type>(self);
  if (args.count < 1) return raise_type_error(ts, "{}.__new__(): not enough arguments", owner->name());
  if (!is_type(args[0])) {
    return raise_type_error(ts, "{}.__new__(X): X is not a type object ({t})", owner->name(), args[0]);
  }
  auto* type = as<Type>(args[0]);
  if (!type->is_subtype_of(owner)) {
    return raise_type_error(ts, "{}.__new__({}): {} is not a subtype of {}", owner->name(), type->name(), type->name(),
                            owner->name());
  }
  // The native base decides what an instance looks like: only its own __new__ may make one.
  const Type* native = native_base(type);
  if (native->make != owner->make) {
    return raise_type_error(ts, "{}.__new__({}) is not safe, use {}.__new__()", owner->name(), type->name(), native->name());
  }
  // Exceptions keep the tuple as their `args`, which is counted there.
  const ArgumentTuple rest(ts, owner->has(kExceptionSubclass) ? 0 : args.count - 1);
  return owner->make(ts, type, args.from(1));
}

constexpr MethodDef kNewDef = {"__new__", call_make, 0, -1, MethodDef::kKeywords | MethodDef::kArgumentTuple,
                               "__new__($type, *args, **kwargs)\n--\n\nCreate and return a new object.  See help(type) for accurate "
                               "signature."};

Status add_entry(ThreadState& ts, Type* type, Borrowed<Str> name, Obj value) { return dict_set(ts, type->dict, name, value); }

ObjResult make_method(ThreadState& ts, Borrowed<Type> type, const MethodDef& def) {
  if ((def.flags & MethodDef::kStatic) != 0) {
    ObjRef function = OURO_TRY(BuiltinFunction::create(ts, def, type, nullptr));
    ObjRef wrapper = OURO_TRY(allocate_object(ts, ts.core.types.staticmethod, sizeof(MethodDecorator)));
    as<MethodDecorator>(wrapper)->callable = function.release();
    OURO_TRY(track(ts, wrapper));
    return wrapper;
  }
  Type* kind = (def.flags & MethodDef::kClass) != 0 ? ts.core.types.classmethod_descriptor : ts.core.types.method_descriptor;
  ObjRef descriptor = OURO_TRY(make_descriptor(ts, kind, type, def.name));
  as<Descriptor>(descriptor)->method = &def;
  OURO_TRY(track(ts, descriptor));
  return descriptor;
}

Status add_methods(ThreadState& ts, Type* type) {
  if (type->methods == nullptr) return kDone;
  for (const MethodDef* def = type->methods; def->name != nullptr; ++def) {
    Ref<Str> name = OURO_TRY(intern(ts, def->name));
    // What a slot already gave stays, unless the method is meant to hide it.
    if ((def->flags & MethodDef::kCoexist) == 0 && dict_get_str(type->dict, name)) continue;
    ObjRef method = OURO_TRY(make_method(ts, type, *def));
    OURO_TRY(add_entry(ts, type, name, method));
  }
  return kDone;
}

Status add_getsets(ThreadState& ts, Type* type) {
  if (type->getsets == nullptr) return kDone;
  for (const GetSetDef* def = type->getsets; def->name != nullptr; ++def) {
    Type* kind = def->is_member ? ts.core.types.member_descriptor : ts.core.types.getset_descriptor;
    ObjRef descriptor = OURO_TRY(make_descriptor(ts, kind, type, def->name));
    if (def->is_member) {
      as<Descriptor>(descriptor)->slot_function = def;
    } else {
      as<Descriptor>(descriptor)->getset = def;
    }
    OURO_TRY(track(ts, descriptor));
    OURO_TRY(add_entry(ts, type, as<Descriptor>(descriptor)->name, descriptor));
  }
  return kDone;
}

// A text signature ("name(…)\n--\n\n") before the documentation is not part of it.
const char* doc_body(const char* doc) {
  const char* end = std::strstr(doc, "\n--\n\n");
  return end == nullptr ? doc : end + 5;
}

}  // namespace

ObjResult make_new_function(ThreadState& ts, Borrowed<Type> type) { return BuiltinFunction::create(ts, kNewDef, type, nullptr); }

bool is_new_function(Obj object) {
  return is_kind(object, TypeKind::BuiltinFunction) && as<BuiltinFunction>(object)->def == &kNewDef;
}

Status type_ready(ThreadState& ts, Borrowed<Type> borrowed) {
  Type* type = borrowed.get();
  const CoreNames& names = ts.core.names;
  type->info.flags |= kReady | kImmutable;
  if (type->bases == nullptr) {
    Ref<Tuple> bases = type->base == nullptr ? OURO_TRY(Tuple::make(ts, 0)) : OURO_TRY(Tuple::of(ts, type->base));
    type->bases = bases.release();
  }
  const bool own_make = type->make != nullptr;
  if (type->base != nullptr) inherit_from(type, type->base);
  if (type->make == nullptr) type->info.flags |= kDisallowInstantiation;
  if (type->name_object == nullptr) type->name_object = OURO_TRY(intern(ts, type->short_name())).release();
  if (type->dict == nullptr) type->dict = OURO_TRY(Dict::create(ts)).release();
  if (type->mro == nullptr) type->mro = OURO_TRY(compute_mro(ts, type)).release();
  OURO_TRY(add_slot_wrappers(ts, type));
  if (own_make) {
    ObjRef function = OURO_TRY(make_new_function(ts, type));
    OURO_TRY(add_entry(ts, type, names.dunder_new, function));
  }
  OURO_TRY(add_methods(ts, type));
  OURO_TRY(add_getsets(ts, type));
  if (!dict_get_str(type->dict, names.dunder_doc)) {
    ObjRef doc = ts.core.none_ref();
    if (type->doc != nullptr) doc = OURO_TRY(Str::from_utf8(ts, doc_body(type->doc)));
    OURO_TRY(add_entry(ts, type, names.dunder_doc, doc));
  }
  return kDone;
}

}  // namespace ouro
