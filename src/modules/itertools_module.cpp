// Module itertools: the module itself.
#include "modules/itertools.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

constexpr MethodDef kFunctions[] = {
    {"tee", itertools_tee, 1, 2, MethodDef::kNone,
     "tee($module, iterable, n=2, /)\n--\n\nReturns a tuple of n independent iterators."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_itertools_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "itertools"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(add_endless_iterators(ts, module));
  OURO_TRY(add_joining_iterators(ts, module));
  OURO_TRY(add_filtering_iterators(ts, module));
  OURO_TRY(add_mapping_iterators(ts, module));
  OURO_TRY(add_grouping_iterators(ts, module));
  OURO_TRY(add_combining_iterators(ts, module));
  return module;
}

}  // namespace ouro
