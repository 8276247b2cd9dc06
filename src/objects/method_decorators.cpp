// classmethod and staticmethod: how a function in a class is bound.

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

void decorator_clear(gc::Header* header) {
  auto* self = static_cast<MethodDecorator*>(header);
  xdecref(std::exchange(self->callable, nullptr));
  xdecref(std::exchange(self->dict, nullptr));
}

void decorator_dealloc(gc::Header* header) {
  auto* self = static_cast<MethodDecorator*>(header);
  untrack(self);
  decorator_clear(self);
  free_object(self);
}

ObjResult decorator_make(ThreadState& ts, Borrowed<Type> type, Args) {
  ObjRef self = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, self));
  return self;
}

/// Gives the wrapper what identifies the function: name, doc, module, annotations.
Status copy_identity(ThreadState& ts, Obj self, Obj callable) {
  const CoreNames& names = ts.core.names;
  for (Str* name : {names.dunder_module, names.dunder_name, names.dunder_qualname, names.dunder_doc,
                    names.dunder_annotations}) {
    // Asked for aloud, as in CPython: a missing one costs an AttributeError, which counts as an allocation.
    ObjResult value = get_attribute(ts, callable, name);
    if (value.raised()) {
      if (!is_instance_of(ts.pending, ts.core.exceptions.AttributeError)) return Raised{};
      clear_pending(ts);
      continue;
    }
    OURO_TRY(set_attribute(ts, self, name, value.take()));
  }
  return kDone;
}

Status init_with(ThreadState& ts, Obj self, Args args, const char* type) {
  OURO_TRY(refuse_keywords(ts, args, type));
  OURO_TRY(check_args(ts, args, type, 1, 1));
  incref(args.values[0]);
  xdecref(std::exchange(as<MethodDecorator>(self)->callable, args.values[0]));
  return copy_identity(ts, self, args[0]);
}

Status classmethod_init(ThreadState& ts, Obj self, Args args) {
  return init_with(ts, self, args, "classmethod");
}
Status staticmethod_init(ThreadState& ts, Obj self, Args args) {
  return init_with(ts, self, args, "staticmethod");
}

/// The wrapped callable, or RuntimeError before __init__ ran.
ObjResult wrapped(ThreadState& ts, Obj self, const char* type) {
  Object* callable = as<MethodDecorator>(self)->callable;
  if (callable == nullptr)
    return raise(ts, ts.core.exceptions.RuntimeError, "uninitialized {} object", type);
  return ObjRef::share(callable);
}

ObjResult classmethod_get(ThreadState& ts, Obj self, Obj instance, Obj owner) {
  ObjRef callable = OURO_TRY(wrapped(ts, self, "classmethod"));
  Obj bound = owner ? owner : Obj(instance->type());
  if (DescriptorGetSlot get = callable->type()->descriptor_get; get != nullptr) {
    return get(ts, callable, bound, bound);
  }
  return Method::create(ts, callable, bound);
}

ObjResult staticmethod_get(ThreadState& ts, Obj self, Obj, Obj) {
  return wrapped(ts, self, "staticmethod");
}

ObjResult staticmethod_call(ThreadState& ts, Obj self, Args args) {
  ObjRef callable = OURO_TRY(wrapped(ts, self, "staticmethod"));
  return call(ts, callable, args);
}

ObjResult show(ThreadState& ts, Obj self, const char* pattern) {
  const FormatArg shown[] = {FormatArg(as<MethodDecorator>(self)->callable)};
  return format_message(ts, pattern, shown);
}
ObjResult classmethod_repr(ThreadState& ts, Obj self) {
  return show(ts, self, "<classmethod({r})>");
}
ObjResult staticmethod_repr(ThreadState& ts, Obj self) {
  return show(ts, self, "<staticmethod({r})>");
}

ObjResult get_callable(ThreadState& ts, Obj self) {
  Object* callable = as<MethodDecorator>(self)->callable;
  return callable == nullptr ? ts.core.none_ref() : ObjRef::share(callable);
}
Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}
ObjResult get_is_abstract(ThreadState& ts, Obj self) {
  ObjRef callable = ObjRef::share(as<MethodDecorator>(self)->callable);
  if (!callable) return ts.core.bool_ref(false);
  MaybeAttribute flag = find_attribute(ts, callable, ts.core.names.dunder_isabstractmethod);
  if (flag.failed) return Raised{};
  return ts.core.bool_ref(flag.value && OURO_TRY(is_true(ts, flag.value)));
}
ObjResult get_dict(ThreadState& ts, Obj self) {
  if (as<MethodDecorator>(self)->dict == nullptr) {
    Ref<Dict> dict = OURO_TRY(Dict::create(ts));
    if (as<MethodDecorator>(self)->dict == nullptr)
      as<MethodDecorator>(self)->dict = dict.release();
  }
  return ObjRef::share(as<MethodDecorator>(self)->dict);
}
Status set_dict(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "cannot delete __dict__");
  if (!is_dict(value))
    return raise_type_error(ts, "__dict__ must be set to a dictionary, not a '{t}'", value);
  incref(value.get());
  xdecref(std::exchange(as<MethodDecorator>(self)->dict, as<Dict>(value)));
  return kDone;
}

const GetSetDef kGetSets[] = {
    {"__func__", get_callable, refuse_set, nullptr},
    {"__wrapped__", get_callable, refuse_set, nullptr},
    {"__isabstractmethod__", get_is_abstract, nullptr, nullptr},
    {"__dict__", get_dict, set_dict, nullptr},
    {},
};

void init_decorator(Type& type) {
  gc::EdgeFunctions<MethodDecorator>::install(type.info);
  type.info.basic_bytes = sizeof(MethodDecorator);
  type.info.flags |= std::uint64_t{gc::kCollected} | kBaseType | kHasDict;
  type.info.clear = decorator_clear;
  type.info.dealloc = decorator_dealloc;
  type.dict_offset = offsetof(MethodDecorator, dict);
  type.make = decorator_make;
  type.get_attribute = generic_get_attribute;
  type.set_attribute = generic_set_attribute;
  type.getsets = kGetSets;
}

}  // namespace

void init_classmethod_type(ThreadState&, Type& type) {
  init_decorator(type);
  type.init = classmethod_init;
  type.repr = classmethod_repr;
  type.descriptor_get = classmethod_get;
  type.doc =
      "classmethod(function) -> method\n\nConvert a function to be a class method.\n\nA class "
      "method receives the class as "
      "implicit first argument,\njust like an instance method receives the instance.\nTo declare a "
      "class method, use this "
      "idiom:\n\n  class C:\n      @classmethod\n      def f(cls, arg1, arg2, argN):\n          "
      "...\n\nIt can be called "
      "either on the class (e.g. C.f()) or on an instance\n(e.g. C().f()).  The instance is "
      "ignored except for its "
      "class.\nIf a class method is called for a derived class, the derived class\nobject is "
      "passed as the implied first "
      "argument.\n\nClass methods are different than C++ or Java static methods.\nIf you want "
      "those, see the staticmethod "
      "builtin.";
}

void init_staticmethod_type(ThreadState&, Type& type) {
  init_decorator(type);
  type.init = staticmethod_init;
  type.repr = staticmethod_repr;
  type.call = staticmethod_call;
  type.descriptor_get = staticmethod_get;
  type.doc =
      "staticmethod(function) -> method\n\nConvert a function to be a static method.\n\nA static "
      "method does not receive "
      "an implicit first argument.\nTo declare a static method, use this idiom:\n\n     class C:\n "
      "        @staticmethod\n"
      "         def f(arg1, arg2, argN):\n             ...\n\nIt can be called either on the class "
      "(e.g. C.f()) or on an "
      "instance\n(e.g. C().f()). Both the class and the instance are ignored, and\nneither is "
      "passed implicitly as the "
      "first argument to the method.\n\nStatic methods in Python are similar to those found in "
      "Java or C++.\nFor a more "
      "advanced concept, see the classmethod builtin.";
}

}  // namespace ouro
