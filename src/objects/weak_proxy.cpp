// Weak proxies: objects that pass every operation on to their referent while it lives.

#include <cstdio>

#include "objects/errors.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_inits.h"
#include "objects/weakref.h"

namespace ouro {

namespace {

/// The object itself when it is no proxy, else its referent. ReferenceError when that is dead.
ObjResult unwrap(ThreadState& ts, Obj object) {
  if (!is_weak_proxy(object)) return object.new_ref();
  Obj referent = weak_referent(object);
  if (!referent) {
    return raise(ts, ts.core.exceptions.ReferenceError,
                 "weakly-referenced object no longer exists");
  }
  return referent.new_ref();
}

template <ObjResult (*operation)(ThreadState&, Obj)>
ObjResult unary(ThreadState& ts, Obj self) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return operation(ts, target);
}

template <BinaryOp op>
ObjResult binary(ThreadState& ts, Obj left, Obj right) {
  ObjRef a = OURO_TRY(unwrap(ts, left));
  ObjRef b = OURO_TRY(unwrap(ts, right));
  return binary_op(ts, op, a, b);
}

template <BinaryOp op>
ObjResult inplace(ThreadState& ts, Obj left, Obj right) {
  ObjRef a = OURO_TRY(unwrap(ts, left));
  ObjRef b = OURO_TRY(unwrap(ts, right));
  return inplace_op(ts, op, a, b);
}

ObjResult proxy_divmod(ThreadState& ts, Obj left, Obj right) {
  ObjRef a = OURO_TRY(unwrap(ts, left));
  ObjRef b = OURO_TRY(unwrap(ts, right));
  return divmod(ts, a, b);
}

ObjResult proxy_power(ThreadState& ts, Obj base, Obj exponent, Obj modulus) {
  ObjRef a = OURO_TRY(unwrap(ts, base));
  ObjRef b = OURO_TRY(unwrap(ts, exponent));
  ObjRef c = OURO_TRY(unwrap(ts, modulus ? modulus : Obj(ts.core.none)));
  return power(ts, a, b, c);
}

ObjResult proxy_inplace_power(ThreadState& ts, Obj base, Obj exponent, Obj modulus) {
  if (modulus && !is_none(modulus)) return proxy_power(ts, base, exponent, modulus);
  return inplace<BinaryOp::Power>(ts, base, exponent);
}

Result<bool> proxy_truth(ThreadState& ts, Obj self) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return is_true(ts, target);
}

ObjResult proxy_str(ThreadState& ts, Obj self) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return str_of(ts, target);
}

ObjResult proxy_repr(ThreadState& ts, Obj self) {
  ObjRef target = weak_referent(self).new_ref();
  if (!target) target = ts.core.none_ref();
  char address[24];
  char target_address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  std::snprintf(target_address, sizeof target_address, "%p", static_cast<void*>(target.get()));
  const FormatArg shown[] = {FormatArg(address), FormatArg(type_name(target)),
                             FormatArg(target_address)};
  return format_message(ts, "<weakproxy at {} to {} at {}>", shown);
}

ObjResult proxy_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  ObjRef a = OURO_TRY(unwrap(ts, left));
  ObjRef b = OURO_TRY(unwrap(ts, right));
  return compare(ts, a, b, op);
}

ObjResult proxy_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return get_attribute(ts, target, name);
}
Status proxy_set_attribute(ThreadState& ts, Obj self, Borrowed<Str> name, Obj value) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return set_attribute(ts, target, name, value);
}

ObjResult proxy_call(ThreadState& ts, Obj self, Args args) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return call(ts, target, args);
}

Result<std::int64_t> proxy_length(ThreadState& ts, Obj self) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return length_of(ts, target);
}
ObjResult proxy_subscript(ThreadState& ts, Obj self, Obj key) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return get_item(ts, target, key);
}
Status proxy_set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return set_item(ts, target, key, value);
}
Result<bool> proxy_contains(ThreadState& ts, Obj self, Obj item) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return contains(ts, target, item);
}

Next proxy_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto unwrapped = unwrap(ts, self);
  if (unwrapped.raised()) return Next::Raised;
  ObjRef target = unwrapped.take();
  if (target->type()->next == nullptr) {
    raise_type_error(ts, "Weakref proxy referenced a non-iterator '{t}' object", target);
    return Next::Raised;
  }
  return next_item(ts, target, item);
}

ObjResult call_on_target(ThreadState& ts, Obj self, Borrowed<Str> name) {
  ObjRef target = OURO_TRY(unwrap(ts, self));
  return call_method(ts, target, name);
}
ObjResult proxy_bytes(ThreadState& ts, Obj self, Args) {
  return call_on_target(ts, self, ts.core.names.dunder_bytes);
}
ObjResult proxy_reversed(ThreadState& ts, Obj self, Args) {
  return call_on_target(ts, self, ts.core.names.dunder_reversed);
}

const MethodDef kMethods[] = {
    {"__bytes__", proxy_bytes, 0, 0, MethodDef::kNone, nullptr},
    {"__reversed__", proxy_reversed, 0, 0, MethodDef::kNone, nullptr},
    {},
};

void proxy_clear(gc::Header* header) {
  auto* self = static_cast<WeakRef*>(header);
  if (self->referent != nullptr) gc::unlink(*self);
  xdecref(std::exchange(self->callback, nullptr));
}

void proxy_dealloc(gc::Header* header) {
  auto* self = static_cast<WeakRef*>(header);
  Object* object = weak_ref_object(*self).get();
  untrack(object);
  proxy_clear(self);
  free_object(object);
}

void fill_numbers(NumberSlots& number) {
  number.add = binary<BinaryOp::Add>;
  number.subtract = binary<BinaryOp::Subtract>;
  number.multiply = binary<BinaryOp::Multiply>;
  number.remainder = binary<BinaryOp::Remainder>;
  number.divmod = proxy_divmod;
  number.power = proxy_power;
  number.negative = unary<negative>;
  number.positive = unary<positive>;
  number.absolute = unary<absolute>;
  number.truth = proxy_truth;
  number.invert = unary<invert>;
  number.lshift = binary<BinaryOp::LeftShift>;
  number.rshift = binary<BinaryOp::RightShift>;
  number.bit_and = binary<BinaryOp::And>;
  number.bit_xor = binary<BinaryOp::Xor>;
  number.bit_or = binary<BinaryOp::Or>;
  number.to_int = unary<to_int>;
  number.to_float = unary<to_float>;
  number.index = unary<to_index>;
  number.floor_divide = binary<BinaryOp::FloorDivide>;
  number.true_divide = binary<BinaryOp::TrueDivide>;
  number.matrix_multiply = binary<BinaryOp::MatrixMultiply>;
  number.inplace_add = inplace<BinaryOp::Add>;
  number.inplace_subtract = inplace<BinaryOp::Subtract>;
  number.inplace_multiply = inplace<BinaryOp::Multiply>;
  number.inplace_remainder = inplace<BinaryOp::Remainder>;
  number.inplace_power = proxy_inplace_power;
  number.inplace_lshift = inplace<BinaryOp::LeftShift>;
  number.inplace_rshift = inplace<BinaryOp::RightShift>;
  number.inplace_and = inplace<BinaryOp::And>;
  number.inplace_xor = inplace<BinaryOp::Xor>;
  number.inplace_or = inplace<BinaryOp::Or>;
  number.inplace_floor_divide = inplace<BinaryOp::FloorDivide>;
  number.inplace_true_divide = inplace<BinaryOp::TrueDivide>;
  number.inplace_matrix_multiply = inplace<BinaryOp::MatrixMultiply>;
}

void init_proxy(Type& type, const char* name) {
  gc::EdgeFunctions<WeakRef>::install(type.info);
  type.info.name = name;
  type.info.basic_bytes = sizeof(WeakRef);
  type.info.flags |= std::uint64_t{gc::kCollected} | gc::kWeakReference;
  type.info.clear = proxy_clear;
  type.info.dealloc = proxy_dealloc;
  type.module_name = "weakref";
  type.repr = proxy_repr;
  type.str = proxy_str;
  type.compare = proxy_compare;
  type.get_attribute = proxy_get_attribute;
  type.set_attribute = proxy_set_attribute;
  type.iter = unary<iterate>;
  type.next = proxy_next;
  fill_numbers(type.number);
  type.sequence.length = proxy_length;
  type.sequence.contains = proxy_contains;
  type.mapping.length = proxy_length;
  type.mapping.subscript = proxy_subscript;
  type.mapping.set_subscript = proxy_set_subscript;
  type.methods = kMethods;
}

}  // namespace

void init_weak_proxy_type(ThreadState&, Type& type) { init_proxy(type, "weakref.ProxyType"); }

void init_weak_callable_proxy_type(ThreadState&, Type& type) {
  init_proxy(type, "weakref.CallableProxyType");
  type.call = proxy_call;
}

}  // namespace ouro
