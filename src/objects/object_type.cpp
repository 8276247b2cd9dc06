// The type `object`: what every object can do unless its class says otherwise.
#include <cstdio>

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/instance.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/subclass_layout.h"
#include "objects/type_inits.h"
#include "objects/type_internal.h"

namespace ouro {

// -- making --------------------------------------------------------------------------------------------------------------------------

namespace {

Raised raise_abstract(ThreadState& ts, Borrowed<Type> type) {
  ObjRef methods = OURO_TRY(get_attribute(ts, type, ts.core.names.dunder_abstractmethods));
  Ref<List> names = OURO_TRY(list_from_iterable(ts, methods));
  OURO_TRY(names->sort(ts, nullptr, false));
  Ref<Str> separator = OURO_TRY(Str::from_utf8(ts, ", "));
  const std::int64_t count = names->size;
  Ref<Str> text = OURO_TRY(str_join(ts, separator, names->items, static_cast<std::size_t>(count)));
  return raise_type_error(ts, "Can't instantiate abstract class {} with abstract method{} {}", type->name(), count > 1 ? "s" : "",
                          text);
}

bool has_arguments(Args args) { return args.count != 0 || args.keyword_count() != 0; }

}  // namespace

// Arguments are an error only where neither __new__ nor __init__ is there to take them.
ObjResult object_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (has_arguments(args)) [[unlikely]] {
    if (type->make != object_make) {
      return raise_type_error(ts, "object.__new__() takes exactly one argument (the type to instantiate)");
    }
    if (type->init == object_init) return raise_type_error(ts, "{}() takes no arguments", type->name());
  }
  if (type->has(kInlineAttributes) && !type->has(kAbstract)) [[likely]] return instance_create(ts, type);
  if (type->has(kAbstract)) return raise_abstract(ts, type);
  ObjRef self = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, self));
  return self;
}

Status object_init(ThreadState& ts, Obj self, Args args) {
  if (!has_arguments(args)) [[likely]] return kDone;
  const Type* type = self->type();
  if (type->init != object_init) {
    return raise_type_error(ts, "object.__init__() takes exactly one argument (the instance to initialize)");
  }
  if (type->make == object_make) {
    return raise_type_error(ts, "{}.__init__() takes exactly one argument (the instance to initialize)", type->name());
  }
  return kDone;
}

void object_dealloc(gc::Header* self) { free_object(static_cast<Object*>(self)); }

namespace {

// -- text, comparison, hash ----------------------------------------------------------------------------------------------------------

ObjResult object_repr(ThreadState& ts, Obj self) {
  Ref<Str> name = OURO_TRY(full_type_name(ts, self->type()));
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<const void*>(self.get()));
  const FormatArg args[] = {name, address};
  return format_message(ts, "<{} object at {}>", args);
}

ObjResult object_str(ThreadState& ts, Obj self) {
  const UnarySlot repr = self->type()->repr;
  return repr == nullptr ? object_repr(ts, self) : repr(ts, self);
}

ObjResult object_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (op == CompareOp::Equal) {
    if (left == right) return ts.core.bool_ref(true);
    return ts.core.not_implemented_ref();
  }
  if (op != CompareOp::NotEqual) return ts.core.not_implemented_ref();
  // `!=` is the opposite of what the class says about `==`.
  const CompareSlot compare = left->type()->compare;
  if (compare == nullptr) return ts.core.not_implemented_ref();
  ObjRef equal = OURO_TRY(compare(ts, left, right, CompareOp::Equal));
  if (equal.get() == ts.core.not_implemented) return equal;
  return ts.core.bool_ref(!OURO_TRY(is_true(ts, equal)));
}

Result<std::int64_t> object_hash(ThreadState&, Obj self) { return hash_pointer(self.get()); }

// -- __class__ -----------------------------------------------------------------------------------------------------------------------

ObjResult get_class(ThreadState&, Obj self) { return ObjRef::share(self->type()); }

bool both_are_modules(ThreadState& ts, const Type* a, const Type* b) {
  return a->is_subtype_of(ts.core.types.module) && b->is_subtype_of(ts.core.types.module);
}

Status set_class(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "can't delete __class__ attribute");
  if (!is_type(value)) return raise_type_error(ts, "__class__ must be set to a class, not '{t}' object", value);
  auto* to = as<Type>(value);
  Type* from = self->type();
  const bool native = is_native_type(to) || is_native_type(from);
  if (native && !both_are_modules(ts, to, from)) {
    return raise_type_error(ts, "__class__ assignment only supported for mutable types or ModuleType subclasses");
  }
  if (native_base(to) != native_base(from) || !same_layout(to, from)) {
    // A module may become an instance of a class without additions to the layout, and back.
    if (!native || to->info.basic_bytes != from->info.basic_bytes) {
      return raise_type_error(ts, "__class__ assignment: '{}' object layout differs from '{}'", to->name(), from->name());
    }
  }
  if (from->has(kInlineAttributes)) {
    const Ref<Type> kept = Ref<Type>::share(to);
    OURO_TRY(instance_change_type(ts, as<Instance>(self), to));
    from = self->type();
  }
  if (to->has(kHeapType)) incref(to);
  self->type_info = &to->info;
  if (from->has(kHeapType)) decref(from);
  return kDone;
}

// -- methods -------------------------------------------------------------------------------------------------------------------------

ObjResult method_format(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "__format__() argument must be str, not {}", is_none(args[0]) ? "None" : type_name(args[0]));
  if (as<Str>(args[0])->length > 0) {
    return raise_type_error(ts, "unsupported format string passed to {t}.__format__", self);
  }
  return str_of(ts, self);
}

std::int64_t item_count(Obj self) {
  if (is_tuple(self)) return as<Tuple>(self)->size;
  if (is_bytes(self)) return as<Bytes>(self)->length;
  if (is_int(self)) return as<Int>(self)->limb_count();
  return 0;
}

ObjResult method_sizeof(ThreadState& ts, Obj self, Args) {
  const Type* type = self->type();
  if (type->has(kInlineAttributes) && as<Instance>(self)->has_shape()) {
    return Int::from(ts, static_cast<std::int64_t>(Instance::bytes_for(as<Instance>(self)->capacity())));
  }
  return Int::from(ts, type->info.basic_bytes + item_count(self) * type->item_bytes);
}

// The names of the object's own attributes and of its class.
ObjResult method_dir(ThreadState& ts, Obj self, Args) {
  Ref<Dict> names = OURO_TRY(Dict::create(ts));
  MaybeAttribute dict = find_attribute(ts, self, ts.core.names.dunder_dict);
  if (dict.failed) return Raised{};
  if (dict.value && is_dict(dict.value)) OURO_TRY(dict_merge(ts, names, dict.value));
  MaybeAttribute klass = find_attribute(ts, self, ts.core.names.dunder_class);
  if (klass.failed) return Raised{};
  if (klass.value && is_type(klass.value)) {
    Ref<Tuple> mro = Ref<Tuple>::share(as<Type>(klass.value)->mro);
    for (std::int64_t i = 0; mro && i < mro->size; ++i) {
      Ref<Dict> of_class = Ref<Dict>::share(as<Type>(mro->items[i])->dict);
      if (of_class) OURO_TRY(dict_merge(ts, names, of_class));
    }
  }
  return dict_keys_list(ts, names);
}

ObjResult method_init_subclass(ThreadState& ts, Obj self, Args args) {
  auto* type = as<Type>(self);
  if (args.keyword_count() != 0) return raise_type_error(ts, "{}.__init_subclass__() takes no keyword arguments", type->name());
  if (args.count != 0) {
    return raise_type_error(ts, "{}.__init_subclass__() takes no arguments ({} given)", type->name(), args.count);
  }
  return ts.core.none_ref();
}

ObjResult method_subclasshook(ThreadState& ts, Obj, Args) { return ts.core.not_implemented_ref(); }

}  // namespace

const MethodDef kObjectMethods[] = {
    {"__reduce_ex__", object_reduce_ex, 1, 1, MethodDef::kNone,
     "__reduce_ex__($self, protocol, /)\n--\n\nHelper for pickle."},
    {"__reduce__", object_reduce, 0, 0, MethodDef::kNone, "__reduce__($self, /)\n--\n\nHelper for pickle."},
    {"__getstate__", object_getstate, 0, 0, MethodDef::kNone, "__getstate__($self, /)\n--\n\nHelper for pickle."},
    {"__subclasshook__", method_subclasshook, 0, -1, MethodDef::kClass,
     "Abstract classes can override this to customize issubclass().\n\nIt tells whether a class counts as a subclass: True, "
     "False, or NotImplemented\nfor the usual rules.\n"},
    {"__init_subclass__", method_init_subclass, 0, -1, MethodDef::kClass | MethodDef::kKeywords,
     "This method is called when a class is subclassed.\n\nThe default implementation does nothing. It may be\noverridden to "
     "extend subclasses.\n"},
    {"__format__", method_format, 1, 1, MethodDef::kNone,
     "__format__($self, format_spec, /)\n--\n\nDefault object formatter."},
    {"__sizeof__", method_sizeof, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nSize of object in memory, in bytes."},
    {"__dir__", method_dir, 0, 0, MethodDef::kNone, "__dir__($self, /)\n--\n\nDefault dir() implementation."},
    {},
};

const GetSetDef kObjectGetsets[] = {
    {"__class__", get_class, set_class, "the object's class"},
    {},
};

void init_object_type(ThreadState&, Type& t) {
  t.info.basic_bytes = sizeof(Object);
  t.info.flags |= kBaseType;
  t.info.dealloc = object_dealloc;
  t.make = object_make;
  t.init = object_init;
  t.repr = object_repr;
  t.str = object_str;
  t.hash = object_hash;
  t.compare = object_compare;
  t.get_attribute = generic_get_attribute;
  t.set_attribute = generic_set_attribute;
  t.methods = kObjectMethods;
  t.getsets = kObjectGetsets;
  t.doc =
      "object()\n--\n\nThe base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new "
      "featureless\ninstance that has no instance attributes and cannot be given any.\n";
}

}  // namespace ouro
