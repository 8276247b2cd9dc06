// Module _functools: reduce, cmp_to_key, and the module itself.
#include "modules/functools.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

ObjResult reduce(ThreadState& ts, Obj, Args args) {
  ObjResult started = iterate(ts, args[1]);
  if (started.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return raise_type_error(ts, "reduce() arg 2 must support iteration");
  }
  ObjRef iterator = started.take();
  const ArgumentTuple pair(ts, 2);
  ObjRef result;
  if (args.count > 2) result = args[2].new_ref();
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) break;
    result = result ? OURO_TRY(call(ts, args[0], result, item)) : std::move(item);
  }
  if (!result) return raise_type_error(ts, "reduce() of empty iterable with no initial value");
  return result;
}

// -- cmp_to_key -----------------------------------------------------------------------------------

/// What cmp_to_key gives (object null), and what calling that gives.
struct Key : Object {
  Object* compare;  // owned
  Object* object;   // ? owned
  template <class V>
  void edges(V& v) const {
    v.edge(compare, gc::slot_label("cmp"));
    v.edge(object, gc::slot_label("obj"));
  }
};

ObjResult key_over(ThreadState& ts, Borrowed<Type> type, Obj compare, Obj object) {
  ObjRef held = compare.new_ref();
  Ref<Key> made = OURO_TRY(new_object<Key>(ts, type, type->info.basic_bytes));
  made->compare = held.release();
  if (object) made->object = object.new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult key_call(ThreadState& ts, Obj self, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "K", {"obj"}, 1, values));
  return key_over(ts, self->type(), Obj(as<Key>(self)->compare), values[0]);
}

ObjResult key_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (left->type() != right->type())
    return raise_type_error(ts, "other argument must be K instance");
  ObjRef x = ObjRef::share(as<Key>(left)->object);
  ObjRef y = ObjRef::share(as<Key>(right)->object);
  if (!x || !y) return raise(ts, ts.core.exceptions.AttributeError, "object");
  ObjRef function = ObjRef::share(as<Key>(left)->compare);
  ObjRef answer = OURO_TRY(call(ts, function, x, y));
  Ref<Int> zero = OURO_TRY(Int::from(ts, 0));
  return compare(ts, answer, zero, op);
}

ObjResult key_get_object(ThreadState& ts, Obj self) {
  Object* object = as<Key>(self)->object;
  return object == nullptr ? ts.core.none_ref() : ObjRef::share(object);
}

Status key_set_object(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "can't delete attribute");
  const ObjRef old = ObjRef::steal(std::exchange(as<Key>(self)->object, value.new_ref().release()));
  return kDone;
}

constexpr GetSetDef kKeyGetSets[] = {
    {"obj", key_get_object, key_set_object, "Value wrapped by a key function."},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_key(Type& type) {
  fill_holder<Key, &Key::compare, &Key::object>(type);
  type.call = key_call;
  type.compare = key_compare;
  type.getsets = kKeyGetSets;
}

// The type of keys is no part of the module's names: it is the state that the function needs.
ObjResult cmp_to_key(ThreadState& ts, Obj module, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "cmp_to_key", {"mycmp"}, 1, values));
  return key_over(ts, static_cast<Type*>(as<Module>(module)->state), values[0], nullptr);
}

void free_state(Module* module) {
  xdecref(static_cast<Type*>(std::exchange(module->state, nullptr)));
}

constexpr MethodDef kFunctions[] = {
    {"reduce", reduce, 2, 3, MethodDef::kArgumentTuple,
     "reduce(function, iterable[, initial]) -> value\n\nApply a function of two arguments "
     "cumulatively to the items of an iterable, "
     "from left to right."},
    {"cmp_to_key", cmp_to_key, 0, -1, MethodDef::kKeywords | MethodDef::kArgumentTuple,
     "cmp_to_key($module, /, mycmp)\n--\n\nConvert a cmp= function into a key= function."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_functools_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_functools"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> key = OURO_TRY(
      make_native_type(ts, {"KeyWrapper", "functools", sizeof(Key), 0, 0, fill_key, nullptr}));
  module->state = key.release();
  module->free_state = free_state;
  OURO_TRY(add_partial_type(ts, module));
  OURO_TRY(add_cache_type(ts, module));
  return module;
}

}  // namespace ouro
