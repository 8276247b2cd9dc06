// Slot functions of classes whose program defines special methods: each looks the method up and calls it.
#pragma once

#include "objects/core.h"
#include "objects/errors.h"

namespace ouro::dispatch {

/// Calls the special method `name` of `self`'s class. When the class has none: a null value, `absent` set, nothing pending.
struct Outcome {
  ObjRef value;
  bool absent;
};
Outcome call_if_defined(ThreadState& ts, Obj self, Borrowed<Str> name, std::span<Object* const> args);
/// The same; AttributeError naming the method when the class has none.
ObjResult call_defined(ThreadState& ts, Obj self, Borrowed<Str> name, std::span<Object* const> args);

template <Str* CoreNames::*name>
ObjResult unary(ThreadState& ts, Obj self) {
  return call_defined(ts, self, ts.core.names.*name, {});
}

/// `__iadd__` and the like.
template <Str* CoreNames::*name>
ObjResult inplace(ThreadState& ts, Obj left, Obj right) {
  Object* const args[] = {right.get()};
  return call_defined(ts, left, ts.core.names.*name, args);
}

/// A binary operator: `left.__op__(right)`, or `right.__rop__(left)` first when right's class derives from left's and
/// overrides it. `slot` reads the operator's slot of a type, `self_slot` is this function.
ObjResult binary_operator(ThreadState& ts, Obj left, Obj right, bool left_dispatches, bool right_dispatches, Borrowed<Str> name,
                          Borrowed<Str> reflected);

template <BinarySlot NumberSlots::*slot, Str* CoreNames::*name, Str* CoreNames::*reflected>
ObjResult binary(ThreadState& ts, Obj left, Obj right) {
  constexpr BinarySlot self_slot = binary<slot, name, reflected>;
  return binary_operator(ts, left, right, left->type()->number.*slot == self_slot, right->type()->number.*slot == self_slot,
                         ts.core.names.*name, ts.core.names.*reflected);
}

ObjResult power(ThreadState& ts, Obj base, Obj exponent, Obj modulus);
ObjResult inplace_power(ThreadState& ts, Obj base, Obj exponent, Obj modulus);
Result<bool> truth(ThreadState& ts, Obj self);
Result<std::int64_t> hash(ThreadState& ts, Obj self);
Result<std::int64_t> length(ThreadState& ts, Obj self);
ObjResult compare(ThreadState& ts, Obj left, Obj right, CompareOp op);
ObjResult call(ThreadState& ts, Obj self, Args args);
Status init(ThreadState& ts, Obj self, Args args);
ObjResult make(ThreadState& ts, Borrowed<Type> type, Args args);
ObjResult iter(ThreadState& ts, Obj self);
Next next(ThreadState& ts, Obj self, ObjRef& item);
ObjResult get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name);
Status set_attribute(ThreadState& ts, Obj self, Borrowed<Str> name, Obj value);
ObjResult descriptor_get(ThreadState& ts, Obj self, Obj instance, Obj owner);
Status descriptor_set(ThreadState& ts, Obj self, Obj instance, Obj value);
ObjResult item(ThreadState& ts, Obj self, std::int64_t index);
Status set_item(ThreadState& ts, Obj self, std::int64_t index, Obj value);
ObjResult subscript(ThreadState& ts, Obj self, Obj key);
Status set_subscript(ThreadState& ts, Obj self, Obj key, Obj value);
Result<bool> contains(ThreadState& ts, Obj self, Obj item);

}  // namespace ouro::dispatch
