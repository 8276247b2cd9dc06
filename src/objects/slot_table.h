// The table that ties special names (`__add__`, `__len__`, …) to the slots of Type.
//
// A line says: this name, this slot; `wrapper` makes a native slot callable from Python (it becomes a wrapper descriptor in the
// dict of the type that has the slot), `dispatch` is the slot function of classes whose program defines the name: it looks the
// method up and calls it. Lines of one slot stand together: they are a group, filled by one decision.
#pragma once

#include <span>

#include "objects/args.h"
#include "objects/core.h"

namespace ouro {

using WrapperFunction = ObjResult (*)(ThreadState& ts, Obj self, Args args, const void* function);

struct SlotDef {
  const char* name;
  Str* CoreNames::*name_field;
  std::uint32_t offset;      // bytes from the start of Type to the slot
  WrapperFunction wrapper;   // null: the name is no method of native types
  const void* dispatch;      // null: the slot stays empty in classes that define the name
  const char* doc;           // "$self, value, /" form of the signature and a sentence
};

std::span<const SlotDef> slot_table();
/// The hash slot of classes without hash: TypeError "unhashable type: 'X'".
Result<std::int64_t> hash_not_implemented(ThreadState& ts, Obj self);

}  // namespace ouro
