// The table of native modules, by name.
#pragma once

#include <string_view>

#include "objects/module.h"

namespace ouro {

#define OURO_MODULE(identifier, name) Result<Ref<Module>> create_##identifier##_module(ThreadState& ts);
#include "modules/modules.def"
#undef OURO_MODULE

struct NativeModule {
  const char* name;
  Result<Ref<Module>> (*create)(ThreadState& ts);
};
/// The entry called `name`, or null.
const NativeModule* find_native_module(std::string_view name);
/// All of them, in order of modules.def.
std::span<const NativeModule> native_modules();

}  // namespace ouro
