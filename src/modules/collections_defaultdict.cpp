// collections.defaultdict: a dict that makes missing values by calling a factory.
#include "modules/collections.h"

namespace ouro {

namespace {

struct DefaultDict : Dict {
  Object* factory;  // ? owned
  template <class V>
  void edges(V& v) const {
    v.edge(factory, gc::slot_label("default_factory"));
    Dict::edges(v);
  }
};

DefaultDict* default_dict(Obj self) { return static_cast<DefaultDict*>(as<Dict>(self)); }

ObjRef factory_of(ThreadState& ts, Obj self) {
  Object* factory = default_dict(self)->factory;
  return factory == nullptr ? ts.core.none_ref() : ObjRef::share(factory);
}

void set_factory(Obj self, Obj value) {
  Object* factory = !value || is_none(value) ? nullptr : value.new_ref().release();
  const ObjRef old = ObjRef::steal(std::exchange(default_dict(self)->factory, factory));
}

Status init(ThreadState& ts, Obj self, Args args) {
  Obj factory;
  Args rest = args;
  if (args.count > 0) {
    factory = args[0];
    if (!is_none(factory) && !is_callable(factory))
      return raise_type_error(ts, "first argument must be callable or None");
    rest = args.from(1);
  }
  set_factory(self, factory);
  return ts.core.types.dict->init(ts, self, rest);
}

void clear(gc::Header* header) {
  auto* self = static_cast<DefaultDict*>(header);
  drop(self->factory);
  current_thread_state()->core.types.dict->info.clear(header);
}

void dealloc(gc::Header* header) {
  auto* self = static_cast<DefaultDict*>(header);
  untrack(self);
  drop(self->factory);
  current_thread_state()->core.types.dict->info.dealloc(header);
}

ObjResult missing(ThreadState& ts, Obj self, Args args) {
  ObjRef factory = ObjRef::share(default_dict(self)->factory);
  if (!factory) return raise_with(ts, ts.core.exceptions.KeyError, args[0]);
  ObjRef value = OURO_TRY(call(ts, factory));
  OURO_TRY(set_item(ts, self, args[0], value));
  return value;
}

ObjResult copy(ThreadState& ts, Obj self, Args) {
  ObjRef factory = factory_of(ts, self);
  return call(ts, Obj(self->type()), factory, self);
}

ObjResult reduce(ThreadState& ts, Obj self, Args) {
  Object* factory = default_dict(self)->factory;
  Ref<Tuple> args = factory == nullptr ? Ref<Tuple>::share(ts.core.empty_tuple)
                                       : OURO_TRY(Tuple::of(ts, Obj(factory)));
  Ref<Str> name = OURO_TRY(intern(ts, "items"));
  ObjRef items = OURO_TRY(call_method(ts, self, name));
  ObjRef iterator = OURO_TRY(iterate(ts, items));
  Obj none = ts.core.none;
  return Tuple::of(ts, Obj(self->type()), args, none, none, iterator);
}

ObjResult repr(ThreadState& ts, Obj self) {
  ObjRef base = OURO_TRY(ts.core.types.dict->repr(ts, self));
  ObjRef factory = factory_of(ts, self);
  Ref<Str> shown;
  // The factory may be a bound method of the dict itself.
  if (is_none(factory)) {
    shown = OURO_TRY(repr_of(ts, factory));
  } else if (!OURO_TRY(repr_enter(ts, factory))) {
    shown = OURO_TRY(Str::from_utf8(ts, "..."));
  } else {
    Result<Ref<Str>> made = repr_of(ts, factory);
    repr_leave(ts, factory);
    shown = OURO_TRY(std::move(made));
  }
  const FormatArg args[] = {FormatArg(self->type()->short_name()), FormatArg(shown),
                            FormatArg(base)};
  return format_message(ts, "{}({}, {})", args);
}

bool is_default_dict(Obj object);

ObjResult bit_or(ThreadState& ts, Obj left, Obj right) {
  const bool ours_first = is_default_dict(left);
  Obj self = ours_first ? left : right;
  if (!is_dict(ours_first ? right : left)) return ts.core.not_implemented_ref();
  ObjRef factory = factory_of(ts, self);
  ObjRef made = OURO_TRY(call(ts, Obj(self->type()), factory, left));
  if (!is_dict(made)) return raise_type_error(ts, "'{t}' object is not a dict", made);
  OURO_TRY(dict_merge(ts, as<Dict>(Obj(made)), right));
  return made;
}

ObjResult get_factory(ThreadState& ts, Obj self) { return factory_of(ts, self); }
Status put_factory(ThreadState&, Obj self, Obj value) {
  set_factory(self, value);
  return kDone;
}

constexpr MethodDef kMethods[] = {
    {"__missing__", missing, 1, 1, MethodDef::kNone,
     "__missing__(key) # Called by __getitem__ for missing key: stores and returns "
     "default_factory()."},
    {"copy", copy, 0, 0, MethodDef::kNone, "D.copy() -> a shallow copy of D."},
    {"__copy__", copy, 0, 0, MethodDef::kNone, "D.copy() -> a shallow copy of D."},
    {"__reduce__", reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"default_factory", get_factory, put_factory,
     "Factory for default value called by __missing__()."},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill(Type& type) {
  init_collected<DefaultDict>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc = dealloc;
  type.info.clear = clear;
  type.init = init;
  type.repr = repr;
  type.number.bit_or = bit_or;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

bool is_default_dict(Obj object) {
  for (const Type* type = object->type(); type != nullptr; type = type->base) {
    if (type->info.dealloc == dealloc) return true;
  }
  return false;
}

}  // namespace

Status add_defaultdict_type(ThreadState& ts, Borrowed<Module> module) {
  const Ref<Type> type =
      OURO_TRY(add_native_type(ts, module,
                               {"defaultdict", "collections", sizeof(DefaultDict), 0, 0, fill,
                                "defaultdict(default_factory=None, /, [...]) --> dict with default "
                                "factory\n\nThe factory is called "
                                "without arguments to make the value of a key that is missing."},
                               ts.core.types.dict));
  return kDone;
}

}  // namespace ouro
