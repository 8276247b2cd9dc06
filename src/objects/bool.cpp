// Bool: the two ints True and False. They are born with the core objects and never made again.

#include "objects/int_magnitude.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

bool truth_of(Obj object) { return as<Int>(object)->small != 0; }

void bool_dealloc(gc::Header* self) { free_object(static_cast<Object*>(self)); }

ObjResult bool_make(ThreadState& ts, Borrowed<Type>, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "bool"));
  OURO_TRY(check_args(ts, args, "bool", 0, 1));
  if (args.count == 0) return ts.core.bool_ref(false);
  return ts.core.bool_ref(OURO_TRY(is_true(ts, args[0])));
}

ObjResult bool_repr(ThreadState& ts, Obj self) {
  return intern(ts, truth_of(self) ? "True" : "False");
}

ObjResult bool_and(ThreadState& ts, Obj left, Obj right) {
  if (!is_bool(left) || !is_bool(right)) return ts.core.types.int_->number.bit_and(ts, left, right);
  return ts.core.bool_ref(truth_of(left) && truth_of(right));
}

ObjResult bool_or(ThreadState& ts, Obj left, Obj right) {
  if (!is_bool(left) || !is_bool(right)) return ts.core.types.int_->number.bit_or(ts, left, right);
  return ts.core.bool_ref(truth_of(left) || truth_of(right));
}

ObjResult bool_xor(ThreadState& ts, Obj left, Obj right) {
  if (!is_bool(left) || !is_bool(right)) return ts.core.types.int_->number.bit_xor(ts, left, right);
  return ts.core.bool_ref(truth_of(left) != truth_of(right));
}

}  // namespace

void init_bool_type(ThreadState&, Type& type) {
  type.info.basic_bytes = Int::kSmallBytes;
  type.item_bytes = sizeof(mp_limb_t);
  type.info.flags |= kIntSubclass | kMatchSelf;
  type.info.dealloc = bool_dealloc;
  type.make = bool_make;
  type.repr = bool_repr;
  type.number.bit_and = bool_and;
  type.number.bit_or = bool_or;
  type.number.bit_xor = bool_xor;
  type.doc =
      "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.\n"
      "True and False are the only two instances; the class cannot be subclassed.";
}

}  // namespace ouro
