// The items of a memoryview in memory: formats of one native character, as struct names them.
#pragma once

#include "objects/core.h"

namespace ouro {

/// Bytes of an item of format `code`; 0: no such format.
std::int64_t memory_item_bytes(char code);
/// The item at `place` as a Python object.
ObjResult load_memory_item(ThreadState& ts, char code, const char* place);
/// Writes `value` as an item to `out`, which has room for 8 bytes. TypeError "memoryview: invalid
/// type for format 'B'", ValueError "memoryview: invalid value for format 'B'" (`shown` is the
/// format as given). May run Python code.
Status pack_memory_item(ThreadState& ts, char code, const char* shown, Obj value, char* out);

}  // namespace ouro
