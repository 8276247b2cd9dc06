// Module errno: the system's error numbers by name.
#include <cerrno>

#include "modules/module_support.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

struct ErrorName {
  const char* name;
  int number;
};

constexpr ErrorName kNames[] = {
#define OURO_ERRNO(name) {#name, name},
#include "modules/errno_names.def"
#undef OURO_ERRNO
};

}  // namespace

Result<Ref<Module>> create_errno_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "errno"));
  Ref<Dict> codes = OURO_TRY(Dict::create(ts));
  for (const ErrorName& entry : kNames) {
    Ref<Int> number = OURO_TRY(Int::from(ts, entry.number));
    Ref<Str> name = OURO_TRY(intern(ts, entry.name));
    OURO_TRY(dict_set(ts, module->dict, Obj(name), Obj(number)));
    OURO_TRY(dict_set(ts, codes, Obj(number), Obj(name)));
  }
  OURO_TRY(dict_set(ts, module->dict, "errorcode", Obj(codes)));
  return module;
}

}  // namespace ouro
