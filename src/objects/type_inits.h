// The init functions of the built-in types, one per line of types.def.
#pragma once

#include "objects/core.h"

namespace ouro {

#define OURO_TYPE(field, name, base, kind, init) void init(ThreadState& ts, Type& type);
#include "objects/types.def"
#undef OURO_TYPE

}  // namespace ouro
