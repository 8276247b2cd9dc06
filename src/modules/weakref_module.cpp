// Module _weakref.
#include "objects/weakref.h"

#include "modules/native_modules.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

ObjResult weakref_count(ThreadState& ts, Obj, Args args) { return Int::from(ts, weak_reference_count(args[0])); }

ObjResult weakref_list(ThreadState& ts, Obj, Args args) { return weak_references(ts, args[0]); }

ObjResult weakref_proxy(ThreadState& ts, Obj, Args args) { return make_weak_proxy(ts, args[0], args.size() > 1 ? args[1] : Obj()); }

// Removes the entry only when its value is a dead weak reference: between death and callback the key may have been reused.
ObjResult remove_dead_weakref(ThreadState& ts, Obj, Args args) {
  if (!is_dict(args[0])) return raise_type_error(ts, "_remove_dead_weakref() argument 1 must be dict, not {n}", args[0]);
  Borrowed<Dict> dict = as<Dict>(args[0]);
  const Lookup found = dict_lookup(ts, dict, args[1]);
  if (found.failed) return Raised{};
  if (found.value == nullptr) return ts.core.none_ref();
  if (!is_weak_ref(ts, found.value)) return raise_type_error(ts, "not a weakref");
  if (!weak_referent(found.value)) OURO_TRY(dict_remove(ts, dict, args[1]));
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"getweakrefcount", weakref_count, 1, 1, MethodDef::kNone,
     "getweakrefcount($module, object, /)\n--\n\nReturn the number of weak references to 'object'."},
    {"getweakrefs", weakref_list, 1, 1, MethodDef::kNone,
     "getweakrefs($module, object, /)\n--\n\nReturn a list of all weak reference objects pointing to 'object'."},
    {"proxy", weakref_proxy, 1, 2, MethodDef::kNone,
     "proxy($module, object, callback=None, /)\n--\n\nCreate a proxy object that weakly references 'object'."},
    {"_remove_dead_weakref", remove_dead_weakref, 2, 2, MethodDef::kNone,
     "_remove_dead_weakref($module, dct, key, /)\n--\n\nAtomically remove key from dict if it points to a dead weakref."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_weakref_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_weakref"));
  OURO_TRY(module->add_functions(ts, kMethods));
  const CoreTypes& types = ts.core.types;
  OURO_TRY(dict_set(ts, module->dict, "ref", Obj(types.weakref)));
  OURO_TRY(dict_set(ts, module->dict, "ReferenceType", Obj(types.weakref)));
  OURO_TRY(dict_set(ts, module->dict, "ProxyType", Obj(types.weak_proxy)));
  OURO_TRY(dict_set(ts, module->dict, "CallableProxyType", Obj(types.weak_callable_proxy)));
  return module;
}

}  // namespace ouro
