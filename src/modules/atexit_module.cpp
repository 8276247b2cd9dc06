// Module atexit: functions to call when the interpreter ends, last registered first.
#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

// The registered calls: a list of (function, args, kwargs or None) in the module's state.
List* entries_of(Obj module) { return static_cast<List*>(as<Module>(module)->state); }

void free_state(Module* module) { xdecref(static_cast<List*>(std::exchange(module->state, nullptr))); }

ObjResult atexit_register(ThreadState& ts, Obj module, Args args) {
  if (args.size() == 0) return raise_type_error(ts, "register() takes at least 1 argument (0 given)");
  if (!is_callable(args[0])) return raise_type_error(ts, "the first argument must be callable");
  Ref<Tuple> positional = OURO_TRY(Tuple::from(ts, args.values + 1, args.count - 1));
  ObjRef keywords = ts.core.none_ref();
  if (args.keyword_count() > 0) {
    Ref<Dict> dict = OURO_TRY(Dict::create(ts));
    for (std::uint32_t i = 0; i < args.keyword_count(); ++i) OURO_TRY(dict_set(ts, dict, args.keywords->at(i), args.keyword_value(i)));
    keywords = std::move(dict);
  }
  Ref<Tuple> entry = OURO_TRY(Tuple::of(ts, args[0], positional, keywords));
  OURO_TRY(entries_of(module)->append(ts, entry));
  return args[0].new_ref();
}

ObjResult atexit_unregister(ThreadState& ts, Obj module, Args args) {
  Ref<List> entries = Ref<List>::share(entries_of(module));
  // __eq__ may register or unregister: the list is looked at afresh after each comparison.
  for (std::int64_t i = 0; i < entries->size;) {
    ObjRef entry = entries->at(i).new_ref();
    ObjRef function = as<Tuple>(entry)->at(0).new_ref();
    const bool same = OURO_TRY(equals(ts, function, args[0]));
    if (same && i < entries->size && entries->items[i] == entry.get()) {
      Ref<Int> index = OURO_TRY(Int::from(ts, i));
      OURO_TRY(set_item(ts, entries, index, nullptr));
    } else {
      ++i;
    }
  }
  return ts.core.none_ref();
}

ObjResult atexit_clear(ThreadState& ts, Obj module, Args) {
  entries_of(module)->clear_items();
  return ts.core.none_ref();
}

ObjResult atexit_count(ThreadState& ts, Obj module, Args) { return Int::from(ts, entries_of(module)->size); }

ObjResult atexit_run(ThreadState& ts, Obj module, Args) {
  Ref<List> entries = Ref<List>::share(entries_of(module));
  while (entries->size > 0) {
    ObjRef entry = entries->at(entries->size - 1).new_ref();
    Ref<Int> last = OURO_TRY(Int::from(ts, entries->size - 1));
    OURO_TRY(set_item(ts, entries, last, nullptr));
    Borrowed<Tuple> parts = as<Tuple>(entry);
    Borrowed<Dict> keywords = is_none(parts->at(2)) ? Borrowed<Dict>() : Borrowed<Dict>(as<Dict>(parts->at(2)));
    if (call_with(ts, parts->at(0), as<Tuple>(parts->at(1)), keywords).raised()) {
      report_unraisable(ts, parts->at(0), "in atexit callback");
    }
  }
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"register", atexit_register, 0, -1, MethodDef::kKeywords,
     "register(func, *args, **kwargs) -> func\n\nRegister a function to be executed upon normal program termination"},
    {"unregister", atexit_unregister, 1, 1, MethodDef::kNone, "unregister(func) -> None\n\nUnregister an exit function which was previously registered"},
    {"_clear", atexit_clear, 0, 0, MethodDef::kNone, "_clear() -> None\n\nClear the list of previously registered exit functions."},
    {"_ncallbacks", atexit_count, 0, 0, MethodDef::kNone, "_ncallbacks() -> int\n\nReturn the number of registered exit functions."},
    {"_run_exitfuncs", atexit_run, 0, 0, MethodDef::kNone, "_run_exitfuncs() -> None\n\nRun all registered exit functions."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_atexit_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "atexit"));
  OURO_TRY(module->add_functions(ts, kMethods));
  module->state = OURO_TRY(List::create(ts)).release();
  module->free_state = free_state;
  return module;
}

}  // namespace ouro
