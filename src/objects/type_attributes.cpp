// Attributes and methods that every class has: __name__, __bases__, __mro__, mro(), __subclasses__(), …
#include <cstring>

#include "objects/errors.h"
#include "objects/int.h"
#include "objects/mappingproxy.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/subclass_layout.h"
#include "objects/type_internal.h"

namespace ouro {

// -- names ---------------------------------------------------------------------------------------------------------------------------

Result<Ref<Str>> type_module_text(ThreadState& ts, Borrowed<Type> type) {
  if (is_native_type(type.get())) return intern(ts, type->module_name == nullptr ? "builtins" : type->module_name);
  Obj module = type->dict == nullptr ? nullptr : dict_get_str(type->dict, ts.core.names.dunder_module);
  if (module && is_str(module)) return Ref<Str>::share(as<Str>(module));
  return Ref<Str>::share(ts.core.names.n_builtins);
}

Result<Ref<Str>> full_type_name(ThreadState& ts, Borrowed<Type> type) {
  Ref<Str> qualname = type->qualname != nullptr ? Ref<Str>::share(type->qualname) : Ref<Str>::share(type->name_object);
  Ref<Str> module = OURO_TRY(type_module_text(ts, type));
  if (str_equals_ascii(module, "builtins")) return qualname;
  const FormatArg args[] = {module, qualname};
  return format_message(ts, "{}.{}", args);
}

namespace {

Raised raise_attribute(ThreadState& ts, Obj type, Borrowed<Str> name) {
  return raise_attribute_error(ts, type, name, name);
}

// Setting one of the attributes that describe a class; deleting is never possible.
Status check_settable(ThreadState& ts, const Type* type, Obj value, const char* name) {
  if (is_native_type(type)) return raise_type_error(ts, "cannot set '{}' attribute of immutable type '{}'", name, type->name());
  if (!value) return raise_type_error(ts, "cannot delete '{}' attribute of immutable type '{}'", name, type->name());
  return kDone;
}

Obj own_entry(const Type* type, Borrowed<Str> name) { return type->dict == nullptr ? nullptr : dict_get_str(type->dict, name); }

Status set_own_entry(ThreadState& ts, Type* type, Borrowed<Str> name, Obj value) {
  const Ref<Dict> dict = Ref<Dict>::share(type->dict);
  if (!dict) return raise_system_error(ts, "attribute set on a class that is not complete");
  const ObjRef old = dict_get_str(dict, name).new_ref();
  OURO_TRY(dict_set(ts, dict, name, value));
  type_modified(type);
  return kDone;
}

ObjResult get_name(ThreadState&, Obj self) { return ObjRef::share(as<Type>(self)->name_object); }

Status set_name(ThreadState& ts, Obj self, Obj value) {
  auto* type = as<Type>(self);
  OURO_TRY(check_settable(ts, type, value, "__name__"));
  if (!is_str(value)) return raise_type_error(ts, "can only assign string to {}.__name__, not '{t}'", type->name(), value);
  return set_type_name(ts, type, as<Str>(value));
}

ObjResult get_qualname(ThreadState&, Obj self) {
  const auto* type = as<Type>(self);
  return ObjRef::share(type->qualname != nullptr ? type->qualname : type->name_object);
}

Status set_qualname(ThreadState& ts, Obj self, Obj value) {
  auto* type = as<Type>(self);
  OURO_TRY(check_settable(ts, type, value, "__qualname__"));
  if (!is_str(value)) {
    return raise_type_error(ts, "can only assign string to {}.__qualname__, not '{t}'", type->name(), value);
  }
  incref(value.get());
  xdecref(std::exchange(type->qualname, as<Str>(value)));
  return kDone;
}

ObjResult get_module(ThreadState& ts, Obj self) {
  const auto* type = as<Type>(self);
  if (is_native_type(type)) return type_module_text(ts, as<Type>(self));
  Obj module = own_entry(type, ts.core.names.dunder_module);
  if (!module) return raise_attribute(ts, self, ts.core.names.dunder_module);
  return module.new_ref();
}

Status set_module(ThreadState& ts, Obj self, Obj value) {
  OURO_TRY(check_settable(ts, as<Type>(self), value, "__module__"));
  return set_own_entry(ts, as<Type>(self), ts.core.names.dunder_module, value);
}

// -- documentation -------------------------------------------------------------------------------------------------------------------

ObjResult get_doc(ThreadState& ts, Obj self) {
  auto* type = as<Type>(self);
  if (is_native_type(type)) {
    if (type->doc == nullptr) return ts.core.none_ref();
    const char* end = std::strstr(type->doc, "\n--\n\n");
    return Str::from_utf8(ts, end == nullptr ? type->doc : end + 5);
  }
  Obj doc = own_entry(type, ts.core.names.dunder_doc);
  if (!doc) return ts.core.none_ref();
  return bind(ts, doc.new_ref(), nullptr, self);
}

Status set_doc(ThreadState& ts, Obj self, Obj value) {
  OURO_TRY(check_settable(ts, as<Type>(self), value, "__doc__"));
  return set_own_entry(ts, as<Type>(self), ts.core.names.dunder_doc, value);
}

// "name(…)\n--\n\n…": what stands in and with the parentheses.
ObjResult get_text_signature(ThreadState& ts, Obj self) {
  const auto* type = as<Type>(self);
  if (!is_native_type(type) || type->doc == nullptr) return ts.core.none_ref();
  const char* end = std::strstr(type->doc, "\n--\n\n");
  const char* start = std::strchr(type->doc, '(');
  if (end == nullptr || start == nullptr || start > end) return ts.core.none_ref();
  return Str::from_utf8(ts, std::string_view(start, static_cast<std::size_t>(end - start)));
}

// -- annotations, abstract methods -------------------------------------------------------------------------------------------------------

ObjResult get_annotations(ThreadState& ts, Obj self) {
  auto* type = as<Type>(self);
  Borrowed<Str> name = ts.core.names.dunder_annotations;
  if (is_native_type(type)) {
    const FormatArg args[] = {type->name()};
    Ref<Str> message = OURO_TRY(format_message(ts, "type object '{}' has no attribute '__annotations__'", args));
    return raise_attribute_error(ts, self, name, message);
  }
  if (Obj found = own_entry(type, name)) return bind(ts, found.new_ref(), nullptr, self);
  Ref<Dict> made = OURO_TRY(Dict::create(ts));
  OURO_TRY(set_own_entry(ts, type, name, made));
  return made;
}

Status set_annotations(ThreadState& ts, Obj self, Obj value) {
  auto* type = as<Type>(self);
  Borrowed<Str> name = ts.core.names.dunder_annotations;
  if (is_native_type(type)) {
    return raise_type_error(ts, "cannot set '__annotations__' attribute of immutable type '{}'", type->name());
  }
  if (value) return set_own_entry(ts, type, name, value);
  const Ref<Dict> dict = Ref<Dict>::share(type->dict);
  if (!OURO_TRY(dict_remove(ts, dict, name))) return raise(ts, ts.core.exceptions.AttributeError, "__annotations__");
  type_modified(type);
  return kDone;
}

ObjResult get_abstract_methods(ThreadState& ts, Obj self) {
  // `type` itself has the descriptor, not the attribute.
  Borrowed<Str> name = ts.core.names.dunder_abstractmethods;
  Obj found = self == Obj(ts.core.types.type) ? nullptr : own_entry(as<Type>(self), name);
  if (!found) return raise_attribute(ts, self, name);
  return found.new_ref();
}

Status set_abstract_methods(ThreadState& ts, Obj self, Obj value) {
  auto* type = as<Type>(self);
  Borrowed<Str> name = ts.core.names.dunder_abstractmethods;
  if (is_native_type(type)) {
    return raise_type_error(ts, "cannot set '__abstractmethods__' attribute of immutable type '{}'", type->name());
  }
  bool abstract = false;
  if (value) {
    abstract = OURO_TRY(is_true(ts, value));
    OURO_TRY(set_own_entry(ts, type, name, value));
  } else {
    const Ref<Dict> dict = Ref<Dict>::share(type->dict);
    if (!OURO_TRY(dict_remove(ts, dict, name))) return raise_attribute(ts, self, name);
    type_modified(type);
  }
  if (abstract) {
    type->info.flags |= kAbstract;
  } else {
    type->info.flags &= ~std::uint64_t{kAbstract};
  }
  return kDone;
}

// -- bases -------------------------------------------------------------------------------------------------------------------------------

ObjResult get_bases(ThreadState&, Obj self) { return ObjRef::share(as<Type>(self)->bases); }
ObjResult get_base(ThreadState& ts, Obj self) {
  Type* base = as<Type>(self)->base;
  return base == nullptr ? ts.core.none_ref() : ObjRef::share(base);
}
ObjResult get_mro(ThreadState& ts, Obj self) {
  Tuple* mro = as<Type>(self)->mro;
  return mro == nullptr ? ts.core.none_ref() : ObjRef::share(mro);
}

// Computes the MRO of `type` and its subclasses anew. `changed` gets (class, old MRO) pairs, for going back.
Status renew_mro(ThreadState& ts, Borrowed<Type> type, Borrowed<List> changed) {
  Ref<Tuple> mro = OURO_TRY(mro_of_class(ts, type));
  ObjRef old = type->mro == nullptr ? ts.core.none_ref() : ObjRef::share(type->mro);
  Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, type, old));
  OURO_TRY(changed->append(ts, pair));
  type_modified(type);
  xdecref(std::exchange(type->mro, mro.release()));
  ObjRef subclasses = OURO_TRY(live_subclasses(ts, type));
  const auto* list = as<List>(subclasses);
  for (std::int64_t i = 0; i < list->size; ++i) {
    const Ref<Type> subclass = Ref<Type>::share(as<Type>(list->at(i)));
    OURO_TRY(renew_mro(ts, subclass, changed));
  }
  return kDone;
}

void restore_mros(Borrowed<List> changed) {
  for (std::int64_t i = changed->size; i-- > 0;) {
    const auto* pair = as<Tuple>(changed->at(i));
    if (!is_tuple(pair->at(1))) continue;
    auto* type = as<Type>(pair->at(0));
    type_modified(type);
    xdecref(std::exchange(type->mro, as<Tuple>(pair->at(1).new_ref().release())));
  }
}

Status check_new_bases(ThreadState& ts, Type* type, Borrowed<Tuple> bases) {
  for (std::int64_t i = 0; i < bases->size; ++i) {
    Obj base = bases->at(i);
    if (!is_type(base)) {
      return raise_type_error(ts, "{}.__bases__ must be tuple of classes, not '{t}'", type->name(), base);
    }
    // By the bases, too: while a change of bases is under way, MROs lag behind.
    bool cycle = as<Type>(base)->is_subtype_of(type);
    for (const Type* at = as<Type>(base); at != nullptr && !cycle; at = at->base) cycle = at == type;
    if (cycle) return raise_type_error(ts, "a __bases__ item causes an inheritance cycle");
  }
  return kDone;
}

Status set_bases(ThreadState& ts, Obj self, Obj value) {
  auto* type = as<Type>(self);
  OURO_TRY(check_settable(ts, type, value, "__bases__"));
  if (!is_tuple(value)) {
    return raise_type_error(ts, "can only assign tuple to {}.__bases__, not {t}", type->name(), value);
  }
  const Ref<Tuple> bases = Ref<Tuple>::share(as<Tuple>(value));
  if (bases->size == 0) {
    return raise_type_error(ts, "can only assign non-empty tuple to {}.__bases__, not ()", type->name());
  }
  OURO_TRY(check_new_bases(ts, type, bases));
  Ref<Type> base = OURO_TRY(best_base(ts, bases)).new_ref();
  if (native_base(base.get()) != native_base(type->base) || !same_layout(base.get(), type->base)) {
    return raise_type_error(ts, "__bases__ assignment: '{}' object layout differs from '{}'", base->name(), type->base->name());
  }
  Ref<List> changed = OURO_TRY(List::create(ts));
  unregister_subclass(ts, type);
  Ref<Tuple> old_bases = Ref<Tuple>::steal(std::exchange(type->bases, bases.new_ref().release()));
  Ref<Type> old_base = Ref<Type>::steal(std::exchange(type->base, base.new_ref().release()));
  if (renew_mro(ts, type, changed).raised()) {
    ObjRef error = take_pending(ts);
    restore_mros(changed);
    Ref<Tuple> failed_bases = Ref<Tuple>::steal(std::exchange(type->bases, old_bases.release()));
    Ref<Type> failed_base = Ref<Type>::steal(std::exchange(type->base, old_base.release()));
    if (register_subclass(ts, type).raised()) clear_pending(ts);
    restore_pending(ts, std::move(error));
    return Raised{};
  }
  OURO_TRY(register_subclass(ts, type));
  return update_all_slots(ts, type);
}

Status refuse_set(ThreadState& ts, Obj, Obj) { return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute"); }

// -- numbers about the layout --------------------------------------------------------------------------------------------------------------

ObjResult get_basic_size(ThreadState& ts, Obj self) { return Int::from(ts, as<Type>(self)->info.basic_bytes); }
ObjResult get_item_size(ThreadState& ts, Obj self) { return Int::from(ts, as<Type>(self)->item_bytes); }
ObjResult get_dict_offset(ThreadState& ts, Obj self) {
  const auto* type = as<Type>(self);
  if (type->has(kInlineAttributes)) return Int::from(ts, sizeof(Object));
  if (type->dict_offset == 0 && type->has(kHasDict)) return Int::from(ts, -8);
  return Int::from(ts, type->dict_offset);
}
ObjResult get_weakref_offset(ThreadState& ts, Obj self) { return Int::from(ts, as<Type>(self)->info.weaklist_offset); }

// The flags as Python documents them (Include/object.h's Py_TPFLAGS numbers).
ObjResult get_flags(ThreadState& ts, Obj self) {
  struct Bit {
    std::uint64_t ours;
    unsigned theirs;
  };
  constexpr Bit kBits[] = {{kInlineAttributes, 4}, {kSequencePattern, 5}, {kMappingPattern, 6}, {kDisallowInstantiation, 7},
                           {kImmutable, 8},        {kBaseType, 10},       {kReady, 12},         {gc::kCollected, 14},
                           {kMethodLike, 17},      {kAbstract, 20},       {kMatchSelf, 22},     {kIntSubclass, 24},
                           {kListSubclass, 25},    {kTupleSubclass, 26},  {kBytesSubclass, 27}, {kStrSubclass, 28},
                           {kDictSubclass, 29},    {kExceptionSubclass, 30}, {kTypeSubclass, 31}};
  const auto* type = as<Type>(self);
  std::int64_t flags = 0;
  for (const Bit& bit : kBits) {
    if (type->has(bit.ours)) flags |= std::int64_t{1} << bit.theirs;
  }
  if (type->has(kHeapType) && !is_native_type(type)) flags |= 1 << 9;
  if (type->version != 0) flags |= 1 << 19;
  return Int::from(ts, flags);
}

ObjResult get_dict(ThreadState& ts, Obj self) {
  Dict* dict = as<Type>(self)->dict;
  if (dict == nullptr) return ts.core.none_ref();
  return mappingproxy_create(ts, dict);
}

// -- methods -------------------------------------------------------------------------------------------------------------------------------

ObjResult method_mro(ThreadState& ts, Obj self, Args) {
  Ref<Tuple> order = OURO_TRY(compute_mro(ts, as<Type>(self)));
  return list_from_iterable(ts, order);
}
ObjResult method_subclasses(ThreadState& ts, Obj self, Args) { return live_subclasses(ts, as<Type>(self)); }
ObjResult method_prepare(ThreadState& ts, Obj, Args) { return Dict::create(ts); }

ObjResult method_instancecheck(ThreadState& ts, Obj self, Args args) {
  Obj object = args[0];
  if (is_instance_of(object, as<Type>(self))) return ts.core.bool_ref(true);
  // An object may claim another class through __class__ (proxies, mocks).
  MaybeAttribute claimed = find_attribute(ts, object, ts.core.names.dunder_class);
  if (claimed.failed) return Raised{};
  return ts.core.bool_ref(claimed.value && is_type(claimed.value) && as<Type>(claimed.value)->is_subtype_of(as<Type>(self)));
}

ObjResult method_subclasscheck(ThreadState& ts, Obj self, Args args) {
  if (!is_type(args[0])) return raise_type_error(ts, "issubclass() arg 1 must be a class");
  return ts.core.bool_ref(as<Type>(args[0])->is_subtype_of(as<Type>(self)));
}

// Names of the class and all its bases.
Status merge_class_names(ThreadState& ts, Borrowed<Dict> names, Obj klass) {
  const ObjRef owner = klass.new_ref();
  MaybeAttribute dict = find_attribute(ts, owner, ts.core.names.dunder_dict);
  if (dict.failed) return Raised{};
  if (dict.value) OURO_TRY(dict_merge(ts, names, dict.value));
  MaybeAttribute bases = find_attribute(ts, owner, ts.core.names.dunder_bases);
  if (bases.failed) return Raised{};
  if (!bases.value || !is_tuple(bases.value)) return kDone;
  for (std::int64_t i = 0; i < as<Tuple>(bases.value)->size; ++i) {
    OURO_TRY(merge_class_names(ts, names, as<Tuple>(bases.value)->at(i)));
  }
  return kDone;
}

ObjResult method_dir(ThreadState& ts, Obj self, Args) {
  Ref<Dict> names = OURO_TRY(Dict::create(ts));
  OURO_TRY(merge_class_names(ts, names, self));
  return dict_keys_list(ts, names);
}

ObjResult method_sizeof(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, as<Type>(self)->type()->info.basic_bytes);
}

}  // namespace

const MethodDef kTypeMethods[] = {
    {"mro", method_mro, 0, 0, MethodDef::kNone, "mro($self, /)\n--\n\nReturn a type's method resolution order."},
    {"__subclasses__", method_subclasses, 0, 0, MethodDef::kNone,
     "__subclasses__($self, /)\n--\n\nReturn a list of immediate subclasses."},
    {"__prepare__", method_prepare, 0, -1, MethodDef::kClass | MethodDef::kKeywords,
     "__prepare__() -> dict\nused for the class statement"},
    {"__instancecheck__", method_instancecheck, 1, 1, MethodDef::kNone,
     "__instancecheck__($self, instance, /)\n--\n\nCheck if an object is an instance."},
    {"__subclasscheck__", method_subclasscheck, 1, 1, MethodDef::kNone,
     "__subclasscheck__($self, subclass, /)\n--\n\nCheck if a class is a subclass."},
    {"__dir__", method_dir, 0, 0, MethodDef::kNone, "__dir__($self, /)\n--\n\nSpecialized __dir__ implementation for types."},
    {"__sizeof__", method_sizeof, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nReturn memory consumption of the type object."},
    {},
};

const GetSetDef kTypeGetsets[] = {
    {"__name__", get_name, set_name, nullptr},
    {"__qualname__", get_qualname, set_qualname, nullptr},
    {"__bases__", get_bases, set_bases, nullptr},
    {"__base__", get_base, refuse_set, nullptr},
    {"__mro__", get_mro, refuse_set, nullptr},
    {"__module__", get_module, set_module, nullptr},
    {"__abstractmethods__", get_abstract_methods, set_abstract_methods, nullptr},
    {"__dict__", get_dict, nullptr, nullptr},
    {"__doc__", get_doc, set_doc, nullptr},
    {"__text_signature__", get_text_signature, nullptr, nullptr},
    {"__annotations__", get_annotations, set_annotations, nullptr},
    {"__flags__", get_flags, refuse_set, nullptr},
    {"__basicsize__", get_basic_size, refuse_set, nullptr},
    {"__itemsize__", get_item_size, refuse_set, nullptr},
    {"__dictoffset__", get_dict_offset, refuse_set, nullptr},
    {"__weakrefoffset__", get_weakref_offset, refuse_set, nullptr},
    {},
};

}  // namespace ouro
