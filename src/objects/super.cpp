// super: attributes as the classes after a given one in the MRO define them.

#include "objects/super.h"

#include "objects/dict.h"
#include "objects/errors.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

void super_clear(gc::Header* header) {
  auto* self = static_cast<Super*>(header);
  xdecref(std::exchange(self->self, nullptr));
  xdecref(std::exchange(self->start, nullptr));
  xdecref(std::exchange(self->self_type, nullptr));
}

void super_dealloc(gc::Header* header) {
  auto* self = static_cast<Super*>(header);
  untrack(self);
  super_clear(self);
  free_object(self);
}

ObjResult super_make(ThreadState& ts, Borrowed<Type> type, Args) {
  ObjRef self = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, self));
  return self;
}

/// The class whose MRO is searched for super(start, object): object itself when it is a subclass,
/// else its class.
Result<Ref<Type>> searched_class(ThreadState& ts, Borrowed<Type> start, Obj object) {
  if (is_type(object) && as<Type>(object)->is_subtype_of(start.get()))
    return Ref<Type>::share(as<Type>(object));
  if (object->type()->is_subtype_of(start.get())) return Ref<Type>::share(object->type());
  // A proxy may claim another class.
  MaybeAttribute claimed = find_attribute(ts, object, ts.core.names.dunder_class);
  if (claimed.failed) return Raised{};
  if (claimed.value && is_type(claimed.value) && Obj(claimed.value) != Obj(object->type()) &&
      as<Type>(claimed.value)->is_subtype_of(start.get())) {
    return Ref<Type>::steal(as<Type>(claimed.value.release()));
  }
  return raise_type_error(ts, "super(type, obj): obj must be an instance or subtype of type");
}

Status super_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "super"));
  if (args.count > 2)
    return raise_type_error(ts, "super() expected at most 2 arguments, got {}", args.count);
  SuperFrame found;
  if (args.count == 0) {
    OURO_TRY(super_frame(ts, found));
  } else {
    found.start = args[0].new_ref();
    if (args.count == 2 && !is_none(args[1])) found.self = args[1].new_ref();
  }
  if (!is_type(found.start)) {
    if (args.count == 0) {
      return raise(ts, ts.core.exceptions.RuntimeError, "super(): __class__ is not a type ({t})",
                   found.start);
    }
    return raise_type_error(ts, "super() argument 1 must be a type, not {t}", found.start);
  }
  Ref<Type> searched;
  if (found.self) searched = OURO_TRY(searched_class(ts, as<Type>(found.start), found.self));
  auto* target = as<Super>(self);
  ObjRef old_start = ObjRef::steal(
      std::exchange(target->start, as<Type>(ObjRef(std::move(found.start)).release())));
  ObjRef old_self = ObjRef::steal(std::exchange(target->self, found.self.release()));
  ObjRef old_type = ObjRef::steal(std::exchange(target->self_type, searched.release()));
  return kDone;
}

ObjResult super_repr(ThreadState& ts, Obj self) {
  const auto* it = as<Super>(self);
  const FormatArg start = it->start != nullptr ? FormatArg(it->start->name()) : FormatArg("NULL");
  if (it->self_type != nullptr) {
    const FormatArg shown[] = {start, FormatArg(it->self_type->name())};
    return format_message(ts, "<super: <class '{}'>, <{} object>>", shown);
  }
  const FormatArg shown[] = {start};
  return format_message(ts, "<super: <class '{}'>, NULL>", shown);
}

ObjResult super_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  const auto* it = as<Super>(self);
  // super().__class__ is super itself, not what a class in the MRO says.
  // A class whose metaclass is just asked for its MRO has none yet.
  if (it->self_type == nullptr || it->self_type->mro == nullptr || name == Borrowed<Str>(ts.core.names.dunder_class) ||
      str_equals_ascii(name, "__class__")) {
    return generic_get_attribute(ts, self, name);
  }
  Ref<Type> searched = Ref<Type>::share(it->self_type);
  Ref<Tuple> mro = Ref<Tuple>::share(searched->mro);
  std::int64_t i = 0;
  while (i < mro->size && mro->at(i) != Obj(it->start)) ++i;
  for (++i; i < mro->size; ++i) {
    if (!is_type(mro->at(i))) continue;
    Ref<Dict> dict = Ref<Dict>::share(as<Type>(mro->at(i))->dict);
    if (!dict) continue;
    const Lookup found = dict_lookup(ts, dict, Obj(name));
    if (found.failed) return Raised{};
    if (found.value == nullptr) continue;
    ObjRef value = ObjRef::share(found.value);
    DescriptorGetSlot get = value->type()->descriptor_get;
    if (get == nullptr) return value;
    ObjRef bound = ObjRef::share(it->self);
    // For super(type, type2) the attribute is looked at as on the class.
    const bool on_class = Obj(bound) == Obj(searched);
    return get(ts, value, on_class ? Obj() : Obj(bound), searched);
  }
  return generic_get_attribute(ts, self, name);
}

ObjResult super_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  auto* it = as<Super>(self);
  if (!instance || is_none(instance) || it->self != nullptr) return self.new_ref();
  if (it->start == nullptr)
    return raise(ts, ts.core.exceptions.RuntimeError, "super(): uninitialized object");
  if (self->type() != ts.core.types.super)
    return call(ts, Obj(self->type()), Obj(it->start), instance);
  Ref<Type> start = Ref<Type>::share(it->start);
  Ref<Type> searched = OURO_TRY(searched_class(ts, start, instance));
  ObjRef made = OURO_TRY(super_make(ts, ts.core.types.super, Args{}));
  as<Super>(made)->start = start.release();
  as<Super>(made)->self = instance.new_ref().release();
  as<Super>(made)->self_type = searched.release();
  return made;
}

ObjResult or_none(ThreadState& ts, Obj value) {
  return value ? value.new_ref() : ts.core.none_ref();
}
ObjResult get_start(ThreadState& ts, Obj self) { return or_none(ts, as<Super>(self)->start); }
ObjResult get_self(ThreadState& ts, Obj self) { return or_none(ts, as<Super>(self)->self); }
ObjResult get_self_type(ThreadState& ts, Obj self) {
  return or_none(ts, as<Super>(self)->self_type);
}
Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

const GetSetDef kGetSets[] = {
    {"__thisclass__", get_start, refuse_set, "the class invoking super()"},
    {"__self__", get_self, refuse_set, "the instance invoking super(); may be None"},
    {"__self_class__", get_self_type, refuse_set,
     "the type of the instance invoking super(); may be None"},
    {},
};

}  // namespace

void init_super_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<Super>::install(type.info);
  type.info.basic_bytes = sizeof(Super);
  type.info.flags |= std::uint64_t{gc::kCollected} | kBaseType;
  type.info.clear = super_clear;
  type.info.dealloc = super_dealloc;
  type.make = super_make;
  type.init = super_init;
  type.repr = super_repr;
  type.get_attribute = super_get_attribute;
  type.descriptor_get = super_get;
  type.getsets = kGetSets;
  type.doc =
      "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super "
      "object\nsuper(type, obj) -> "
      "bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super "
      "object; requires "
      "issubclass(type2, type)\nTypical use to call a cooperative superclass method:\nclass "
      "C(B):\n    def meth(self, "
      "arg):\n        super().meth(arg)\nThis works for class methods too:\nclass C(B):\n    "
      "@classmethod\n    def "
      "cmeth(cls, arg):\n        super().cmeth(arg)\n";
}

}  // namespace ouro
