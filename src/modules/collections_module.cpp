// Module _collections: _tuplegetter, _count_elements, and the module itself.
#include "modules/collections.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

// -- _tuplegetter: the fields of named tuples -----------------------------------------------------

struct TupleGetter : Object {
  std::int64_t index;
  Object* doc;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(doc, gc::slot_label("__doc__"));
  }
};

ObjResult getter_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(check_args(ts, args, "_tuplegetter", 2, 2));
  const std::int64_t index =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  Ref<TupleGetter> made = OURO_TRY(new_object<TupleGetter>(ts, type, type->info.basic_bytes));
  made->index = index;
  made->doc = args[1].new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult getter_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance) return self.new_ref();
  const std::int64_t index = as<TupleGetter>(self)->index;
  if (!is_tuple(instance)) {
    if (is_none(instance)) return self.new_ref();
    return raise_type_error(
        ts, "descriptor for index '{}' for tuple subclasses doesn't apply to '{t}' object", index,
        instance);
  }
  auto* tuple = as<Tuple>(instance);
  if (index < 0 || index >= tuple->size)
    return raise(ts, ts.core.exceptions.IndexError, "tuple index out of range");
  return tuple->at(index).new_ref();
}

Status getter_set(ThreadState& ts, Obj, Obj, Obj value) {
  return raise(ts, ts.core.exceptions.AttributeError,
               value ? "can't set attribute" : "can't delete attribute");
}

ObjResult getter_repr(ThreadState& ts, Obj self) {
  auto* getter = as<TupleGetter>(self);
  const FormatArg args[] = {FormatArg(self->type()->short_name()), FormatArg(getter->index),
                            FormatArg(getter->doc)};
  return format_message(ts, "{}({}, {r})", args);
}

ObjResult getter_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Int> index = OURO_TRY(Int::from(ts, as<TupleGetter>(self)->index));
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, index, Obj(as<TupleGetter>(self)->doc)));
  return Tuple::of(ts, Obj(self->type()), args);
}

ObjResult getter_doc(ThreadState& ts, Obj self) {
  Object* doc = as<TupleGetter>(self)->doc;
  return doc == nullptr ? ts.core.none_ref() : ObjRef::share(doc);
}

Status getter_put_doc(ThreadState&, Obj self, Obj value) {
  const ObjRef old =
      ObjRef::steal(std::exchange(as<TupleGetter>(self)->doc, value.new_ref().release()));
  return kDone;
}

constexpr MethodDef kGetterMethods[] = {
    {"__reduce__", getter_reduce, 0, 0, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetterGetSets[] = {
    {"__doc__", getter_doc, getter_put_doc, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_getter(Type& type) {
  fill_holder<TupleGetter, &TupleGetter::doc>(type);
  type.make = getter_make;
  type.repr = getter_repr;
  type.descriptor_get = getter_get;
  type.descriptor_set = getter_set;
  type.methods = kGetterMethods;
  type.getsets = kGetterGetSets;
}

// -- _count_elements: the loop of Counter ---------------------------------------------------------

Status count_in_dict(ThreadState& ts, Borrowed<Dict> dict, Obj key, Obj one) {
  const std::int64_t hash = OURO_TRY(hash_of(ts, key));
  const Lookup found = dict_lookup_hashed(ts, dict, key, hash);
  if (found.failed) return Raised{};
  if (found.value == nullptr) return dict_set_hashed(ts, dict, key, hash, one);
  ObjRef old = ObjRef::share(found.value);
  ObjRef sum = OURO_TRY(binary_op(ts, BinaryOp::Add, old, one));
  return dict_set_hashed(ts, dict, key, hash, sum);
}

Status count_in_mapping(ThreadState& ts, Obj mapping, Obj get, Obj key, Obj zero, Obj one) {
  ObjRef old = OURO_TRY(call(ts, get, key, zero));
  ObjRef sum = OURO_TRY(binary_op(ts, BinaryOp::Add, old, one));
  return set_item(ts, mapping, key, sum);
}

ObjResult count_elements(ThreadState& ts, Obj, Args args) {
  ObjRef mapping = args[0].new_ref();
  const Type* dict_type = ts.core.types.dict;
  const CoreNames& names = ts.core.names;
  // What the mapping's class has left as dict has it may be done on the dict directly.
  const bool plain = is_dict(mapping) &&
                     type_lookup(ts, mapping->type(), names.n_get) ==
                         type_lookup(ts, Borrowed<Type>(ts.core.types.dict), names.n_get) &&
                     mapping->type()->mapping.set_subscript == dict_type->mapping.set_subscript;
  Ref<Int> zero = OURO_TRY(Int::from(ts, 0));
  Ref<Int> one = OURO_TRY(Int::from(ts, 1));
  ObjRef get;
  if (!plain) get = OURO_TRY(get_attribute(ts, mapping, names.n_get));
  OURO_TRY(for_each_item(ts, args[1], [&](ObjRef key) -> Status {
    if (plain) return count_in_dict(ts, as<Dict>(Obj(mapping)), key, one);
    return count_in_mapping(ts, mapping, get, key, zero, one);
  }));
  return ts.core.none_ref();
}

constexpr MethodDef kFunctions[] = {
    {"_count_elements", count_elements, 2, 2, MethodDef::kNone,
     "_count_elements($module, mapping, iterable, /)\n--\n\nCount elements in the iterable, "
     "updating the mapping"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_collections_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_collections"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(add_deque_types(ts, module));
  OURO_TRY(add_defaultdict_type(ts, module));
  const Ref<Type> type = OURO_TRY(add_native_type(
      ts, module,
      {"_tuplegetter", "_collections", sizeof(TupleGetter), 0, 0, fill_getter, nullptr}));
  return module;
}

}  // namespace ouro
