// What native modules share.
#include "modules/module_support.h"

namespace ouro {

Result<Ref<Type>> add_native_type(ThreadState& ts, Borrowed<Module> module, const TypeSpec& spec,
                                  Borrowed<Type> base) {
  Ref<Type> type = OURO_TRY(make_native_type(ts, spec, base));
  OURO_TRY(dict_set(ts, module->dict, spec.name, Obj(type)));
  return type;
}

Status add_native_types(ThreadState& ts, Borrowed<Module> module, std::span<const TypeSpec> specs) {
  for (const TypeSpec& spec : specs) {
    const Ref<Type> type = OURO_TRY(add_native_type(ts, module, spec));
  }
  return kDone;
}

Status add_constant(ThreadState& ts, Borrowed<Module> module, const char* name,
                    std::int64_t value) {
  Ref<Int> number = OURO_TRY(Int::from(ts, value));
  return dict_set(ts, module->dict, name, Obj(number));
}

Status add_constant(ThreadState& ts, Borrowed<Module> module, const char* name, const char* value) {
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, value));
  return dict_set(ts, module->dict, name, Obj(text));
}

Result<Ref<Type>> make_error_class(ThreadState& ts, const char* module, const char* name,
                                   Borrowed<Type> base) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, "__module__", Obj(OURO_TRY(intern(ts, module)))));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(base.get())));
  Ref<Str> text = OURO_TRY(intern(ts, name));
  ObjRef made = OURO_TRY(type_new(ts, ts.core.types.type, text, bases, dict, {}));
  return Ref<Type>::steal(as<Type>(made.release()));
}

Status set_companions(ThreadState& ts, Borrowed<Type> owner,
                      std::initializer_list<Obj> companions) {
  OURO_CHECK(owner->slots_names == nullptr && owner->slot_count == 0,
             "type %s has companions already", owner->name());
  ItemBuffer items(ts);
  for (Obj item : companions) OURO_TRY(items.append(item.new_ref()));
  owner->slots_names = OURO_TRY(Tuple::from(ts, items.data(), companions.size())).release();
  return kDone;
}

Borrowed<Type> companion(Borrowed<Type> type, std::size_t index) {
  Type* at = type.get();
  while (at->slots_names == nullptr || !at->has(kImmutable)) at = at->base;
  return as<Type>(as<Tuple>(Obj(at->slots_names))->at(static_cast<std::int64_t>(index)));
}

Status refuse_make_keywords(ThreadState& ts, Borrowed<Type> type, Args args, const char* name) {
  if (type->init != ts.core.types.object->init) return kDone;
  return refuse_keywords(ts, args, name);
}

}  // namespace ouro
