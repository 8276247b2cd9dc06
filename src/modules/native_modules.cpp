// The table of native modules.
#include "modules/native_modules.h"

namespace ouro {

namespace {
constexpr NativeModule kModules[] = {
#define OURO_MODULE(identifier, name) {name, create_##identifier##_module},
#include "modules/modules.def"
#undef OURO_MODULE
};
}  // namespace

const NativeModule* find_native_module(std::string_view name) {
  for (const NativeModule& module : kModules) {
    if (name == module.name) return &module;
  }
  return nullptr;
}

std::span<const NativeModule> native_modules() { return kModules; }

}  // namespace ouro
