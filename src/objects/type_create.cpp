// Making classes: type(name, bases, dict), the end of every class statement. Also make_native_type.
#include <cstring>

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/subclass_layout.h"
#include "objects/type_internal.h"

namespace ouro {

namespace {

// UnicodeEncodeError for what has no UTF-8 form.
Status check_encodable(ThreadState& ts, Borrowed<Str> text) {
  if (!text->is_ascii()) (void)OURO_TRY(encode_str(ts, text, "utf-8", "strict"));
  return kDone;
}

}  // namespace

Status set_type_name(ThreadState& ts, Type* type, Borrowed<Str> name) {
  OURO_TRY(check_encodable(ts, name));
  const Utf8 text(name);
  if (!text.ok()) return raise_no_memory(ts);
  const std::string_view view = text.view();
  if (view.find('\0') != std::string_view::npos) return raise_value_error(ts, "type name must not contain null characters");
  auto* copy = static_cast<char*>(allocate_raw(view.size() + 1));
  if (copy == nullptr) return raise_no_memory(ts);
  std::memcpy(copy, view.data(), view.size());
  copy[view.size()] = '\0';
  free_raw(const_cast<char*>(type->info.name));
  type->info.name = copy;
  incref(name.get());
  xdecref(std::exchange(type->name_object, name.get()));
  return kDone;
}

namespace {

// -- the parts of the dict that are more than attributes -----------------------------------------------------------------------------

Status take_qualname(ThreadState& ts, Type* type) {
  Popped popped = dict_pop(ts, type->dict, ts.core.names.dunder_qualname);
  if (popped.failed) return Raised{};
  if (popped.value && !is_str(popped.value)) {
    return raise_type_error(ts, "type __qualname__ must be a str, not {t}", popped.value);
  }
  type->qualname = popped.value ? as<Str>(popped.value.release()) : Ref<Str>::share(type->name_object).release();
  return kDone;
}

Status set_module(ThreadState& ts, Type* type) {
  Borrowed<Str> key = ts.core.names.dunder_module;
  if (dict_get_str(type->dict, key) || ts.frame == nullptr) return kDone;
  Borrowed<Dict> globals = current_globals(ts);
  if (!globals) return kDone;
  ObjRef module = dict_get_str(globals, ts.core.names.dunder_name).new_ref();
  if (!module) return kDone;
  return dict_set(ts, type->dict, key, module);
}

// `wrapper(function)` in the place of a plain function: these methods get no instance.
Status wrap_implicitly(ThreadState& ts, Type* type, Borrowed<Str> name, Type* wrapper) {
  ObjRef function = dict_get_str(type->dict, name).new_ref();
  if (!function || !is_kind(function, TypeKind::Function)) return kDone;
  ObjRef wrapped = OURO_TRY(call(ts, wrapper, function));
  return dict_set(ts, type->dict, name, wrapped);
}

Status set_doc(ThreadState& ts, Type* type) {
  Borrowed<Str> key = ts.core.names.dunder_doc;
  if (Borrowed<Object> doc = dict_get_str(type->dict, key)) {
    return is_exact_str(doc) ? check_encodable(ts, as<Str>(doc)) : kDone;
  }
  return dict_set(ts, type->dict, key, Obj(ts.core.none));
}

// A class that was not finished. Its descriptors and its mro refer back to it, and the collector does not know it yet: without
// them it goes as soon as it is let go.
Raised abandon(Type* type) {
  if (type->is_tracked()) return Raised{};
  if (type->dict != nullptr) dict_clear(type->dict);
  xdecref(std::exchange(type->mro, nullptr));
  return Raised{};
}

// The cell of `__class__` that the class body left behind; null when no method uses it.
ObjResult take_class_cell(ThreadState& ts, Type* type) {
  Popped popped = dict_pop(ts, type->dict, ts.core.names.dunder_classcell);
  if (popped.failed) return Raised{};
  if (!popped.value) return ts.core.none_ref();
  if (!is_kind(popped.value, TypeKind::Cell)) {
    return raise_type_error(ts, "__classcell__ must be a nonlocal cell, not <class '{}'>",
                            popped.value->type()->name());
  }
  return std::move(popped.value);
}

Status call_set_names(ThreadState& ts, Type* type) {
  // A copy: __set_name__ may change the class.
  Ref<Dict> names = OURO_TRY(dict_copy(ts, type->dict));
  std::uint32_t position = 0;
  Obj key, value;
  while (dict_next(names, position, key, value)) {
    ObjRef owned_key = key.new_ref();
    ObjRef owned_value = value.new_ref();
    MaybeAttribute method = find_special(ts, owned_value, ts.core.names.dunder_set_name);
    if (method.failed) return Raised{};
    if (!method.value) continue;
    if (call(ts, method.value, type, owned_key).ok()) continue;
    ObjRef cause = take_pending(ts);
    raise(ts, ts.core.exceptions.RuntimeError, "Error calling __set_name__ on '{t}' instance {r} in '{}'", owned_value,
          owned_key, type->name());
    ObjRef error = take_pending(ts);
    OURO_TRY(set_attribute(ts, error, ts.core.names.dunder_cause, cause));
    OURO_TRY(set_attribute(ts, error, ts.core.names.dunder_context, cause));
    restore_pending(ts, std::move(error));
    return Raised{};
  }
  return kDone;
}

// super(type, type).__init_subclass__(**kwargs)
Status call_init_subclass(ThreadState& ts, Type* type, Args kwargs) {
  ObjRef from_base = OURO_TRY(call(ts, ts.core.types.super, type, type));
  ObjRef method = OURO_TRY(get_attribute(ts, from_base, ts.core.names.dunder_init_subclass));
  (void)OURO_TRY(call(ts, method, kwargs));
  return kDone;
}

// -- the class itself ------------------------------------------------------------------------------------------------------------------

// A heap type with bases, name and inherited flags; everything else empty. Untracked.
Result<Ref<Type>> new_heap_type(ThreadState& ts, Borrowed<Type> metatype, Borrowed<Type> base, Borrowed<Tuple> bases) {
  ObjRef made = OURO_TRY(allocate_object(ts, metatype, metatype->info.basic_bytes));
  Ref<Type> type = Ref<Type>::steal(as<Type>(made.release()));
  type->base = base.new_ref().release();
  type->bases = bases.new_ref().release();
  type->info.flags = kHeapType | kBaseType | kReady;
  type->info.basic_bytes = base->info.basic_bytes;
  return type;
}

Result<Ref<Tuple>> check_bases(ThreadState& ts, Borrowed<Tuple> bases) {
  if (bases->size == 0) return Tuple::of(ts, ts.core.types.object);
  for (std::int64_t i = 0; i < bases->size; ++i) {
    if (is_type(bases->at(i))) continue;
    MaybeAttribute entries = find_attribute(ts, bases->at(i), ts.core.names.dunder_mro_entries);
    if (entries.failed) return Raised{};
    if (entries.value) {
      return raise_type_error(ts, "type() doesn't support MRO entry resolution; use types.new_class()");
    }
  }
  return bases.new_ref();
}

Status build_class(ThreadState& ts, Type* type, Borrowed<Dict> dict, Borrowed<Str> name) {
  type->dict = OURO_TRY(dict_copy(ts, dict)).release();
  OURO_TRY(set_type_name(ts, type, name));
  ObjRef class_cell = OURO_TRY(take_class_cell(ts, type));  // before a slot takes its name
  inherit_from(type, type->base);
  install_subclass_functions(*type);  // the layout asks where the native part of the chain begins
  ObjRef slots = dict_get_str(type->dict, ts.core.names.dunder_slots).new_ref();
  Ref<Tuple> slot_names = OURO_TRY(lay_out_class(ts, type, slots, type->dict, name));
  OURO_TRY(take_qualname(ts, type));
  OURO_TRY(set_module(ts, type));
  const CoreNames& names = ts.core.names;
  OURO_TRY(wrap_implicitly(ts, type, names.dunder_new, ts.core.types.staticmethod));
  OURO_TRY(wrap_implicitly(ts, type, names.dunder_init_subclass, ts.core.types.classmethod));
  OURO_TRY(wrap_implicitly(ts, type, names.dunder_class_getitem, ts.core.types.classmethod));
  if (slot_names->size > 0) type->slots_names = slot_names.new_ref().release();
  OURO_TRY(add_layout_descriptors(ts, type, slot_names));
  OURO_TRY(set_doc(ts, type));
  // In the collector's sight from here on: mro(), __set_name__ and __init_subclass__ may keep it.
  OURO_TRY(track(ts, type));
  if (is_kind(class_cell, TypeKind::Cell)) {
    incref(type);
    xdecref(std::exchange(as<Cell>(class_cell)->content, type));
  }
  Ref<Tuple> mro = OURO_TRY(mro_of_class(ts, type));
  // A mro() that assigned __bases__ has set it meanwhile: that one stays.
  if (type->mro == nullptr) type->mro = mro.release();
  // The first class of the MRO that is a sequence or a mapping to patterns says what this one is.
  constexpr std::uint64_t kPatternFlags = std::uint64_t{kSequencePattern} | kMappingPattern;
  type->info.flags &= ~kPatternFlags;
  for (std::int64_t i = 1; i < type->mro->size && (type->info.flags & kPatternFlags) == 0; ++i) {
    type->info.flags |= as<Type>(type->mro->items[i])->info.flags & kPatternFlags;
  }
  // A class that defines __eq__ without __hash__ has no hash.
  if (dict_get_str(type->dict, names.dunder_eq) && !dict_get_str(type->dict, names.dunder_hash)) {
    OURO_TRY(dict_set(ts, type->dict, names.dunder_hash, Obj(ts.core.none)));
  }
  OURO_TRY(fill_slots(ts, type));
  return register_subclass(ts, type);
}

}  // namespace

ObjResult type_new(ThreadState& ts, Borrowed<Type> metatype, Borrowed<Str> name, Borrowed<Tuple> given_bases, Borrowed<Dict> dict,
                   Args kwargs) {
  Ref<Tuple> bases = OURO_TRY(check_bases(ts, given_bases));
  const Ref<Type> meta = OURO_TRY(metaclass_of(ts, metatype, bases)).new_ref();
  if (Borrowed<Type>(meta) != metatype && meta->make != metatype->make && meta->make != nullptr) {
    // Another metaclass is in charge: it gets the call as it was made.
    const std::uint32_t keyword_count = kwargs.keyword_count();
    Ref<Tuple> values = OURO_TRY(Tuple::make(ts, 3 + static_cast<std::int64_t>(keyword_count)));
    Object* fixed[] = {name.get(), given_bases.get(), dict.get()};
    for (std::uint32_t i = 0; i < 3; ++i) values->items[i] = ObjRef::share(fixed[i]).release();
    for (std::uint32_t i = 0; i < keyword_count; ++i) values->items[3 + i] = kwargs.keyword_value(i).new_ref().release();
    return meta->make(ts, meta, Args{values->items, 3, kwargs.keywords});
  }
  Ref<Type> base = OURO_TRY(best_base(ts, bases)).new_ref();
  Ref<Type> type = OURO_TRY(new_heap_type(ts, meta, base, bases));
  if (build_class(ts, type.get(), dict, name).raised()) return abandon(type.get());
  OURO_TRY(call_set_names(ts, type.get()));
  OURO_TRY(call_init_subclass(ts, type.get(), kwargs));
  return type;
}

namespace {

/// "collections.deque". Exceptions and types of builtins go by their own name.
Result<Ref<Str>> full_native_name(ThreadState& ts, const TypeSpec& spec) {
  const bool plain = spec.module_name == nullptr || std::strcmp(spec.module_name, "builtins") == 0;
  if (plain || (spec.flags & kExceptionSubclass) != 0) return intern(ts, spec.name);
  const FormatArg parts[] = {spec.module_name, spec.name};
  return format_message(ts, "{}.{}", parts);
}

/// The entry that classes made by programs have, too.
Status set_native_module(ThreadState& ts, Borrowed<Type> type) {
  if (type->module_name == nullptr) return kDone;
  Ref<Str> module = OURO_TRY(intern(ts, type->module_name));
  return dict_set(ts, type->dict, ts.core.names.dunder_module, Obj(module));
}

}  // namespace

Result<Ref<Type>> make_native_type(ThreadState& ts, const TypeSpec& spec, Borrowed<Type> given_base) {
  Borrowed<Type> base = given_base ? given_base : Borrowed<Type>(ts.core.types.object);
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, base));
  Ref<Type> type = OURO_TRY(new_heap_type(ts, ts.core.types.type, base, bases));
  Ref<Str> name = OURO_TRY(full_native_name(ts, spec));
  OURO_TRY(set_type_name(ts, type.get(), name));
  Ref<Str> short_name = OURO_TRY(intern(ts, spec.name));
  xdecref(std::exchange(type->name_object, short_name.release()));
  type->info.flags = kHeapType | kImmutable | spec.flags;
  type->info.basic_bytes = spec.basic_bytes != 0 ? spec.basic_bytes : base->info.basic_bytes;
  type->item_bytes = spec.item_bytes;
  type->module_name = spec.module_name;
  type->doc = spec.doc;
  if (spec.fill != nullptr) spec.fill(*type);
  if (type_ready(ts, type).raised() || set_native_module(ts, type).raised() || register_subclass(ts, type).raised() || track(ts, type).raised()) {
    return abandon(type.get());
  }
  return type;
}

}  // namespace ouro
