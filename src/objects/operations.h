// Operations on any object: what operators, built-in functions and statements mean. All may run Python code.
#pragma once

#include "objects/core.h"

namespace ouro {

// -- attributes ------------------------------------------------------------------------------------------------------
ObjResult get_attribute(ThreadState& ts, Obj object, Borrowed<Str> name);
/// Absent attribute is no error: null Ref with failed == false.
struct MaybeAttribute {
  ObjRef value;
  bool failed;
};
MaybeAttribute find_attribute(ThreadState& ts, Obj object, Borrowed<Str> name);
ObjResult get_attribute(ThreadState& ts, Obj object, const char* name);
Status set_attribute(ThreadState& ts, Obj object, Borrowed<Str> name, Obj value);  // value null: delete
/// object.__getattribute__ and __setattr__ as slots (also used by instances' inline attributes).
ObjResult generic_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name);
Status generic_set_attribute(ThreadState& ts, Obj self, Borrowed<Str> name, Obj value);
/// Looks a special method up on the type, bound to `object`; null value when absent.
MaybeAttribute find_special(ThreadState& ts, Obj object, Borrowed<Str> name);
/// For a method call without making a bound method: `method` is the function, and `unbound` says that the object goes first.
struct MethodLookup {
  ObjRef method;
  bool unbound;  // true: call method(object, …); false: call method(…)
};
/// Raised when the attribute is absent (method is null then).
MethodLookup lookup_method(ThreadState& ts, Obj object, Borrowed<Str> name);

// -- calls -----------------------------------------------------------------------------------------------------------
ObjResult call(ThreadState& ts, Obj callable, Args args);
ObjResult call(ThreadState& ts, Obj callable);
ObjResult call(ThreadState& ts, Obj callable, Obj a);
ObjResult call(ThreadState& ts, Obj callable, Obj a, Obj b);
ObjResult call(ThreadState& ts, Obj callable, Obj a, Obj b, Obj c);
/// callable(*args, **kwargs); kwargs may be null.
ObjResult call_with(ThreadState& ts, Obj callable, Borrowed<Tuple> args, Borrowed<Dict> kwargs);
ObjResult call_method(ThreadState& ts, Obj object, Borrowed<Str> name, std::span<Object* const> args = {});
bool is_callable(Obj object);

// -- truth, comparison, hash, text -----------------------------------------------------------------------------------
Result<bool> is_true(ThreadState& ts, Obj object);
ObjResult compare(ThreadState& ts, Obj left, Obj right, CompareOp op);
Result<bool> compare_is_true(ThreadState& ts, Obj left, Obj right, CompareOp op);  // identity counts as equal for ==
Result<bool> equals(ThreadState& ts, Obj left, Obj right);                          // identity first, then ==
Result<std::int64_t> hash_of(ThreadState& ts, Obj object);
std::int64_t hash_pointer(const void* pointer);
Result<Ref<Str>> repr_of(ThreadState& ts, Obj object);
Result<Ref<Str>> str_of(ThreadState& ts, Obj object);
Result<Ref<Str>> ascii_of(ThreadState& ts, Obj object);
ObjResult format_of(ThreadState& ts, Obj object, Borrowed<Str> spec);  // spec may be null
/// Guards against self-containing containers in repr: enter is false when `object` is already being shown.
Result<bool> repr_enter(ThreadState& ts, Obj object);
void repr_leave(ThreadState& ts, Obj object);

// -- numbers ---------------------------------------------------------------------------------------------------------
enum class BinaryOp : std::uint8_t { Add, And, FloorDivide, LeftShift, MatrixMultiply, Multiply, Remainder, Or, Power, RightShift, Subtract, TrueDivide, Xor };
ObjResult binary_op(ThreadState& ts, BinaryOp op, Obj left, Obj right);
ObjResult inplace_op(ThreadState& ts, BinaryOp op, Obj left, Obj right);
ObjResult power(ThreadState& ts, Obj base, Obj exponent, Obj modulus);
ObjResult divmod(ThreadState& ts, Obj left, Obj right);
ObjResult negative(ThreadState& ts, Obj object);
ObjResult positive(ThreadState& ts, Obj object);
ObjResult invert(ThreadState& ts, Obj object);
ObjResult absolute(ThreadState& ts, Obj object);
/// __index__ as an exact int object; TypeError "'X' object cannot be interpreted as an integer".
ObjResult to_index(ThreadState& ts, Obj object);
/// __index__ as int64; `overflow` is raised when it does not fit; null clamps instead.
Result<std::int64_t> index_as_int64(ThreadState& ts, Obj object, Borrowed<Type> overflow);
ObjResult to_int(ThreadState& ts, Obj object);    // int(x)
ObjResult to_float(ThreadState& ts, Obj object);  // float(x)

// -- containers, iteration -------------------------------------------------------------------------------------------
Result<std::int64_t> length_of(ThreadState& ts, Obj object);
Result<std::int64_t> length_hint(ThreadState& ts, Obj object, std::int64_t fallback);
ObjResult get_item(ThreadState& ts, Obj container, Obj key);
Status set_item(ThreadState& ts, Obj container, Obj key, Obj value);  // value null: delete
Result<bool> contains(ThreadState& ts, Obj container, Obj item);
ObjResult iterate(ThreadState& ts, Obj iterable);  // iter(x)
/// The next item of an iterator. `Next::Raised` leaves an exception pending (StopIteration is turned into Done).
Next next_item(ThreadState& ts, Obj iterator, ObjRef& item);
ObjResult sequence_repeat(ThreadState& ts, Obj sequence, std::int64_t count);
ObjResult sequence_concat(ThreadState& ts, Obj left, Obj right);
/// Calls `take(ObjRef item) -> Status` for each item of an iterable.
template <class Take>
Status for_each_item(ThreadState& ts, Obj iterable, Take take) {
  ObjRef iterator = OURO_TRY(iterate(ts, iterable));
  for (;;) {
    ObjRef item;
    switch (next_item(ts, iterator, item)) {
      case Next::Done: return kDone;
      case Next::Raised: return Raised{};
      case Next::Item: break;
    }
    OURO_TRY(take(std::move(item)));
  }
}

// -- classes ---------------------------------------------------------------------------------------------------------
Result<bool> is_instance(ThreadState& ts, Obj object, Obj class_or_tuple);
Result<bool> is_subclass(ThreadState& ts, Obj derived, Obj class_or_tuple);
/// type(name, bases, dict): the class statement's end. `kwargs` go to __init_subclass__.
ObjResult type_new(ThreadState& ts, Borrowed<Type> metatype, Borrowed<Str> name, Borrowed<Tuple> bases, Borrowed<Dict> dict, Args kwargs);
/// dir(x) for an object: a sorted list.
ObjResult dir_of(ThreadState& ts, Obj object);

}  // namespace ouro
