// property: an attribute computed by functions.

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

void set_reference(Object*& place, Obj value) {
  xincref(value.get());
  xdecref(std::exchange(place, value.get()));
}

Obj none_as_null(Obj value) { return value && is_none(value) ? Obj() : value; }

ObjResult or_none(ThreadState& ts, Obj value) {
  return value ? value.new_ref() : ts.core.none_ref();
}

void property_clear(gc::Header* header) {
  auto* self = static_cast<Property*>(header);
  xdecref(std::exchange(self->getter, nullptr));
  xdecref(std::exchange(self->setter, nullptr));
  xdecref(std::exchange(self->deleter, nullptr));
  xdecref(std::exchange(self->doc, nullptr));
  xdecref(std::exchange(self->name, nullptr));
}

void property_dealloc(gc::Header* header) {
  auto* self = static_cast<Property*>(header);
  untrack(self);
  property_clear(self);
  free_object(self);
}

ObjResult property_make(ThreadState& ts, Borrowed<Type> type, Args) {
  ObjRef self = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, self));
  return self;
}

Status property_init(ThreadState& ts, Obj self, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "property", {"fget", "fset", "fdel", "doc"}, 0, values));
  auto* property = as<Property>(self);
  set_reference(property->getter, none_as_null(values[0]));
  set_reference(property->setter, none_as_null(values[1]));
  set_reference(property->deleter, none_as_null(values[2]));
  set_reference(property->doc, values[3]);
  set_reference(property->name, Obj());
  property->getter_doc = false;
  const bool no_doc = !values[3] || is_none(values[3]);
  if (!no_doc || property->getter == nullptr) return kDone;
  // The getter's doc serves when none is given. A subclass keeps it in its dict, where its own
  // __doc__ does not hide it.
  ObjRef getter = ObjRef::share(property->getter);
  MaybeAttribute doc = find_attribute(ts, getter, ts.core.names.dunder_doc);
  if (doc.failed) return Raised{};
  if (!doc.value) return kDone;
  if (self->type() == ts.core.types.property) {
    set_reference(property->doc, doc.value);
  } else {
    OURO_TRY(set_attribute(ts, self, ts.core.names.dunder_doc, doc.value));
  }
  property->getter_doc = true;
  return kDone;
}

/// AttributeError "property 'x' of 'C' object has no setter".
Raised raise_missing(ThreadState& ts, Obj self, Obj instance, const char* what) {
  ObjRef name = ObjRef::share(as<Property>(self)->name);
  auto owner = get_attribute(ts, Obj(instance->type()), ts.core.names.dunder_qualname);
  if (owner.raised()) return Raised{};
  ObjRef owner_name = owner.take();
  if (name) {
    return raise(ts, ts.core.exceptions.AttributeError, "property {r} of {r} object has no {}",
                 name, owner_name, what);
  }
  return raise(ts, ts.core.exceptions.AttributeError, "property of {r} object has no {}",
               owner_name, what);
}

ObjResult property_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance || is_none(instance)) return self.new_ref();
  ObjRef getter = ObjRef::share(as<Property>(self)->getter);
  if (!getter) return raise_missing(ts, self, instance, "getter");
  return call(ts, getter, instance);
}

Status property_set(ThreadState& ts, Obj self, Obj instance, Obj value) {
  auto* property = as<Property>(self);
  ObjRef function = ObjRef::share(value ? property->setter : property->deleter);
  if (!function) return raise_missing(ts, self, instance, value ? "setter" : "deleter");
  ObjRef ignored = value ? OURO_TRY(call(ts, function, instance, value))
                         : OURO_TRY(call(ts, function, instance));
  return kDone;
}

/// A property of the same class with some functions replaced.
ObjResult copy_with(ThreadState& ts, Obj self, Obj getter, Obj setter, Obj deleter) {
  auto* old = as<Property>(self);
  ObjRef type = ObjRef::share(self->type());
  const auto pick = [&](Obj given, Object* present) {
    Obj chosen = given && !is_none(given) ? given : Obj(present);
    return chosen ? chosen.new_ref() : ts.core.none_ref();
  };
  ObjRef get = pick(getter, old->getter);
  ObjRef set = pick(setter, old->setter);
  ObjRef del = pick(deleter, old->deleter);
  // A doc that came from a getter is taken from the new getter again.
  ObjRef doc =
      old->getter_doc && !is_none(get) ? ts.core.none_ref() : OURO_TRY(or_none(ts, old->doc));
  Object* values[] = {get.get(), set.get(), del.get(), doc.get()};
  ObjRef made = OURO_TRY(call(ts, type, Args{values, 4, nullptr}));
  if (is_instance_of(made, ts.core.types.property)) {
    set_reference(as<Property>(made)->name, Obj(as<Property>(self)->name));
  }
  return made;
}

ObjResult with_getter(ThreadState& ts, Obj self, Args args) {
  return copy_with(ts, self, args[0], nullptr, nullptr);
}
ObjResult with_setter(ThreadState& ts, Obj self, Args args) {
  return copy_with(ts, self, nullptr, args[0], nullptr);
}
ObjResult with_deleter(ThreadState& ts, Obj self, Args args) {
  return copy_with(ts, self, nullptr, nullptr, args[0]);
}

ObjResult set_name(ThreadState& ts, Obj self, Args args) {
  if (args.count != 2) {
    return raise_type_error(ts, "__set_name__() takes 2 positional arguments but {} were given",
                            args.count);
  }
  set_reference(as<Property>(self)->name, args[1]);
  return ts.core.none_ref();
}

ObjResult get_getter(ThreadState& ts, Obj self) { return or_none(ts, as<Property>(self)->getter); }
ObjResult get_setter(ThreadState& ts, Obj self) { return or_none(ts, as<Property>(self)->setter); }
ObjResult get_deleter(ThreadState& ts, Obj self) {
  return or_none(ts, as<Property>(self)->deleter);
}
Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}
ObjResult get_doc(ThreadState& ts, Obj self) { return or_none(ts, as<Property>(self)->doc); }
Status set_doc(ThreadState&, Obj self, Obj value) {
  set_reference(as<Property>(self)->doc, value);
  return kDone;
}

ObjResult get_is_abstract(ThreadState& ts, Obj self) {
  auto* property = as<Property>(self);
  ObjRef functions[] = {ObjRef::share(property->getter), ObjRef::share(property->setter),
                        ObjRef::share(property->deleter)};
  for (const ObjRef& function : functions) {
    if (!function) continue;
    MaybeAttribute flag = find_attribute(ts, function, ts.core.names.dunder_isabstractmethod);
    if (flag.failed) return Raised{};
    if (flag.value && OURO_TRY(is_true(ts, flag.value))) return ts.core.bool_ref(true);
  }
  return ts.core.bool_ref(false);
}

const MethodDef kMethods[] = {
    {"getter", with_getter, 1, 1, MethodDef::kNone,
     "Descriptor to obtain a copy of the property with a different getter."},
    {"setter", with_setter, 1, 1, MethodDef::kNone,
     "Descriptor to obtain a copy of the property with a different setter."},
    {"deleter", with_deleter, 1, 1, MethodDef::kNone,
     "Descriptor to obtain a copy of the property with a different deleter."},
    {"__set_name__", set_name, 0, -1, MethodDef::kNone, "Method to set name of a property."},
    {},
};
const GetSetDef kGetSets[] = {
    {"fget", get_getter, refuse_set, nullptr, true},
    {"fset", get_setter, refuse_set, nullptr, true},
    {"fdel", get_deleter, refuse_set, nullptr, true},
    {"__doc__", get_doc, set_doc, nullptr},
    {"__isabstractmethod__", get_is_abstract, nullptr, nullptr},
    {},
};

}  // namespace

void init_property_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<Property>::install(type.info);
  type.info.basic_bytes = sizeof(Property);
  type.info.flags |= std::uint64_t{gc::kCollected} | kBaseType;
  type.info.clear = property_clear;
  type.info.dealloc = property_dealloc;
  type.make = property_make;
  type.init = property_init;
  type.get_attribute = generic_get_attribute;
  type.descriptor_get = property_get;
  type.descriptor_set = property_set;
  type.methods = kMethods;
  type.getsets = kGetSets;
  type.doc =
      "property(fget=None, fset=None, fdel=None, doc=None)\n--\n\nProperty attribute.\n\n  fget\n  "
      "  function to be used "
      "for getting an attribute value\n  fset\n    function to be used for setting an attribute "
      "value\n  fdel\n    "
      "function to be used for del'ing an attribute\n  doc\n    docstring\n\nTypical use is to "
      "define a managed "
      "attribute x:\n\nclass C(object):\n    def getx(self): return self._x\n    def setx(self, "
      "value): self._x = value\n"
      "    def delx(self): del self._x\n    x = property(getx, setx, delx, \"I'm the 'x' "
      "property.\")\n\nDecorators make "
      "defining new properties or modifying existing ones easy:\n\nclass C(object):\n    "
      "@property\n    def x(self):\n"
      "        \"I am the 'x' property.\"\n        return self._x\n    @x.setter\n    def x(self, "
      "value):\n        "
      "self._x = value\n    @x.deleter\n    def x(self):\n        del self._x";
}

}  // namespace ouro
