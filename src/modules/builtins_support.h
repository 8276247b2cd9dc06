// Parts of module builtins that stand in files of their own.
#pragma once

#include "objects/module.h"

namespace ouro {

/// compile, eval, exec, globals, locals, vars, dir, print, input, open, __build_class__: builtins_code.cpp.
extern const MethodDef kCodeBuiltins[];

}  // namespace ouro
