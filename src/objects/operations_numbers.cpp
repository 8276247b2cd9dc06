// What the operators + - * … mean for any two objects: slots of both types, the subclass's first, then sequences.

#include <limits>

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/float_internal.h"
#include "objects/function.h"
#include "objects/int_magnitude.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

using BinaryMember = BinarySlot NumberSlots::*;

struct Operator {
  BinaryMember slot, inplace;
  const char* sign;
  const char* inplace_sign;
};

/// In the order of BinaryOp; Power has slots of another kind.
constexpr Operator kOperators[] = {
    {&NumberSlots::add, &NumberSlots::inplace_add, "+", "+="},
    {&NumberSlots::bit_and, &NumberSlots::inplace_and, "&", "&="},
    {&NumberSlots::floor_divide, &NumberSlots::inplace_floor_divide, "//", "//="},
    {&NumberSlots::lshift, &NumberSlots::inplace_lshift, "<<", "<<="},
    {&NumberSlots::matrix_multiply, &NumberSlots::inplace_matrix_multiply, "@", "@="},
    {&NumberSlots::multiply, &NumberSlots::inplace_multiply, "*", "*="},
    {&NumberSlots::remainder, &NumberSlots::inplace_remainder, "%", "%="},
    {&NumberSlots::bit_or, &NumberSlots::inplace_or, "|", "|="},
    {nullptr, nullptr, "** or pow()", "**="},
    {&NumberSlots::rshift, &NumberSlots::inplace_rshift, ">>", ">>="},
    {&NumberSlots::subtract, &NumberSlots::inplace_subtract, "-", "-="},
    {&NumberSlots::true_divide, &NumberSlots::inplace_true_divide, "/", "/="},
    {&NumberSlots::bit_xor, &NumberSlots::inplace_xor, "^", "^="},
};

bool is_not_implemented(const ThreadState& ts, const ObjRef& value) {
  return value.get() == ts.core.not_implemented;
}

/// Asks the left type, then the right; a subclass on the right that has a slot of its own goes first.
ObjResult try_slots(ThreadState& ts, Obj left, Obj right, BinaryMember member) {
  const Type* left_type = left->type();
  const Type* right_type = right->type();
  BinarySlot left_slot = left_type->number.*member;
  BinarySlot right_slot = nullptr;
  if (left_type != right_type) {
    right_slot = right_type->number.*member;
    if (right_slot == left_slot) right_slot = nullptr;
  }
  if (left_slot != nullptr) {
    if (right_slot != nullptr && right_type->is_subtype_of(left_type)) {
      ObjRef result = OURO_TRY(right_slot(ts, left, right));
      if (!is_not_implemented(ts, result)) return result;
      right_slot = nullptr;
    }
    ObjRef result = OURO_TRY(left_slot(ts, left, right));
    if (!is_not_implemented(ts, result)) return result;
  }
  if (right_slot != nullptr) return right_slot(ts, left, right);
  return ts.core.not_implemented_ref();
}

Raised raise_unsupported(ThreadState& ts, Obj left, Obj right, const char* sign) {
  return raise_type_error(ts, "unsupported operand type(s) for {}: '{t}' and '{t}'", sign, left, right);
}

/// A mistake of those who know Python 2: print >> stream.
bool is_print_function(Obj object) {
  return is_kind(object, TypeKind::BuiltinFunction) &&
         std::string_view(as<BuiltinFunction>(object)->def->name) == "print";
}

ObjResult repeat_sequence(ThreadState& ts, ItemSlot repeat, Obj sequence, Obj count) {
  if (count->type()->number.index == nullptr) {
    return raise_type_error(ts, "can't multiply sequence by non-int of type '{t}'", count);
  }
  const std::int64_t times = OURO_TRY(index_as_int64(ts, count, ts.core.exceptions.OverflowError));
  return repeat(ts, sequence, times);
}

/// Does the type fill any place of a sequence? Classes made in Python have them all.
bool is_sequence_like(const Type* type) {
  const SequenceSlots& slots = type->sequence;
  return type->has(kHeapType) || slots.length != nullptr || slots.item != nullptr || slots.contains != nullptr;
}

/// What + and * mean for sequences, when no number slot took them; NotImplemented when nothing does.
ObjResult try_sequences(ThreadState& ts, BinaryOp op, Obj left, Obj right) {
  const SequenceSlots& left_slots = left->type()->sequence;
  if (op == BinaryOp::Add && left_slots.concat != nullptr) return left_slots.concat(ts, left, right);
  if (op == BinaryOp::Multiply) {
    if (left_slots.repeat != nullptr) return repeat_sequence(ts, left_slots.repeat, left, right);
    const SequenceSlots& right_slots = right->type()->sequence;
    if (right_slots.repeat != nullptr) return repeat_sequence(ts, right_slots.repeat, right, left);
  }
  return ts.core.not_implemented_ref();
}

/// The three-operand form of try_slots: the modulus's type is asked last.
ObjResult try_power_slots(ThreadState& ts, Obj base, Obj exponent, Obj modulus) {
  const Type* base_type = base->type();
  const Type* exponent_type = exponent->type();
  TernarySlot base_slot = base_type->number.power;
  TernarySlot exponent_slot = nullptr;
  if (base_type != exponent_type) {
    exponent_slot = exponent_type->number.power;
    if (exponent_slot == base_slot) exponent_slot = nullptr;
  }
  const TernarySlot asked_exponent_slot = exponent_slot;
  if (base_slot != nullptr) {
    if (exponent_slot != nullptr && exponent_type->is_subtype_of(base_type)) {
      ObjRef result = OURO_TRY(exponent_slot(ts, base, exponent, modulus));
      if (!is_not_implemented(ts, result)) return result;
      exponent_slot = nullptr;
    }
    ObjRef result = OURO_TRY(base_slot(ts, base, exponent, modulus));
    if (!is_not_implemented(ts, result)) return result;
  }
  if (exponent_slot != nullptr) {
    ObjRef result = OURO_TRY(exponent_slot(ts, base, exponent, modulus));
    if (!is_not_implemented(ts, result)) return result;
  }
  const TernarySlot modulus_slot = modulus->type()->number.power;
  if (modulus_slot != nullptr && modulus_slot != base_slot && modulus_slot != asked_exponent_slot) {
    return modulus_slot(ts, base, exponent, modulus);
  }
  return ts.core.not_implemented_ref();
}

ObjResult power_or_raise(ThreadState& ts, Obj base, Obj exponent, Obj modulus, const char* sign) {
  ObjRef result = OURO_TRY(try_power_slots(ts, base, exponent, modulus));
  if (!is_not_implemented(ts, result)) return result;
  if (is_none(modulus)) return raise_unsupported(ts, base, exponent, sign);
  return raise_type_error(ts, "unsupported operand type(s) for {}: '{t}', '{t}', '{t}'", sign, base, exponent, modulus);
}

ObjResult unary(ThreadState& ts, UnarySlot NumberSlots::*member, Obj object, const char* what) {
  const UnarySlot slot = object->type()->number.*member;
  if (slot != nullptr) return slot(ts, object);
  return raise_type_error(ts, "bad operand type for {}: '{t}'", what, object);
}

// A conversion gave an instance of a subclass: still taken.
Status warn_of_subclass(ThreadState& ts, Obj value, const char* method, const char* type) {
  Ref<Str> text = OURO_TRY(format_message(
      ts,
      "{} returned non-{} (type {t}).  The ability to return an instance of a strict subclass of {} "
      "is deprecated, and may be removed in a future version of Python.",
      std::initializer_list<FormatArg>{method, type, value, type}));
  return warn_deprecated(ts, text);
}

/// The float that `object`'s __float__ gives, as an exact one.
ObjResult float_by_slot(ThreadState& ts, Obj object, UnarySlot slot) {
  ObjRef kept = object.new_ref();
  ObjRef value = OURO_TRY(slot(ts, object));
  if (is_exact_float(value)) return value;
  if (!is_float(value)) {
    return raise_type_error(ts, "{t}.__float__ returned non-float (type {t})", kept, value);
  }
  if (!is_float(kept)) {
    Ref<Str> method =
        OURO_TRY(format_message(ts, "{t}.__float__", std::initializer_list<FormatArg>{kept}));
    Utf8 utf8{Borrowed<Str>(method)};
    if (!utf8.ok()) return raise_no_memory(ts);
    OURO_TRY(warn_of_subclass(ts, value, utf8.c_str(), "float"));
  }
  return Float::from(ts, as<Float>(value)->value);
}

/// int(object) through __trunc__; null when the type has none.
ObjResult int_by_trunc(ThreadState& ts, Obj method) {
  ObjRef value = OURO_TRY(call(ts, method));
  if (is_int(value)) return exact_int(ts, value);
  if (value->type()->number.index != nullptr) return to_index(ts, value);
  return raise_type_error(ts, "__trunc__ returned non-Integral (type {t})", value);
}

}  // namespace

ObjResult binary_op(ThreadState& ts, BinaryOp op, Obj left, Obj right) {
  if (op == BinaryOp::Power) return power(ts, left, right, ts.core.none);
  const Operator& operation = kOperators[static_cast<std::size_t>(op)];
  ObjRef result = OURO_TRY(try_slots(ts, left, right, operation.slot));
  if (!is_not_implemented(ts, result)) [[likely]] return result;
  result = OURO_TRY(try_sequences(ts, op, left, right));
  if (!is_not_implemented(ts, result)) return result;
  if (op == BinaryOp::RightShift && is_print_function(left)) {
    return raise_type_error(ts,
                            "unsupported operand type(s) for >>: '{t}' and '{t}'. "
                            "Did you mean \"print(<message>, file=<output_stream>)\"?",
                            left, right);
  }
  return raise_unsupported(ts, left, right, operation.sign);
}

ObjResult inplace_op(ThreadState& ts, BinaryOp op, Obj left, Obj right) {
  const Type* left_type = left->type();
  if (op == BinaryOp::Power) {
    if (left_type->number.inplace_power != nullptr) {
      ObjRef result = OURO_TRY(left_type->number.inplace_power(ts, left, right, ts.core.none));
      if (!is_not_implemented(ts, result)) return result;
    }
    return power_or_raise(ts, left, right, ts.core.none, "**=");
  }
  const Operator& operation = kOperators[static_cast<std::size_t>(op)];
  if (const BinarySlot slot = left_type->number.*operation.inplace; slot != nullptr) {
    ObjRef result = OURO_TRY(slot(ts, left, right));
    if (!is_not_implemented(ts, result)) return result;
  }
  ObjRef result = OURO_TRY(try_slots(ts, left, right, operation.slot));
  if (!is_not_implemented(ts, result)) [[likely]] return result;
  if (op == BinaryOp::Add && left->type()->sequence.inplace_concat != nullptr) {
    return left->type()->sequence.inplace_concat(ts, left, right);
  }
  if (op == BinaryOp::Multiply && left->type()->sequence.inplace_repeat != nullptr) {
    return repeat_sequence(ts, left->type()->sequence.inplace_repeat, left, right);
  }
  // `*=` looks at the right operand only when the left one has nothing of a sequence.
  const bool asks = op != BinaryOp::Multiply || left->type()->sequence.repeat != nullptr || !is_sequence_like(left->type());
  if (asks) {
    result = OURO_TRY(try_sequences(ts, op, left, right));
    if (!is_not_implemented(ts, result)) return result;
  }
  return raise_unsupported(ts, left, right, operation.inplace_sign);
}

ObjResult power(ThreadState& ts, Obj base, Obj exponent, Obj modulus) {
  return power_or_raise(ts, base, exponent, modulus ? modulus : Obj(ts.core.none), "** or pow()");
}

ObjResult divmod(ThreadState& ts, Obj left, Obj right) {
  ObjRef result = OURO_TRY(try_slots(ts, left, right, &NumberSlots::divmod));
  if (!is_not_implemented(ts, result)) return result;
  return raise_unsupported(ts, left, right, "divmod()");
}

ObjResult negative(ThreadState& ts, Obj object) {
  return unary(ts, &NumberSlots::negative, object, "unary -");
}
ObjResult positive(ThreadState& ts, Obj object) {
  return unary(ts, &NumberSlots::positive, object, "unary +");
}
ObjResult invert(ThreadState& ts, Obj object) {
  return unary(ts, &NumberSlots::invert, object, "unary ~");
}
ObjResult absolute(ThreadState& ts, Obj object) {
  return unary(ts, &NumberSlots::absolute, object, "abs()");
}

ObjResult to_index(ThreadState& ts, Obj object) {
  if (is_int(object)) return exact_int(ts, object);
  const UnarySlot slot = object->type()->number.index;
  if (slot == nullptr) {
    return raise_type_error(ts, "'{t}' object cannot be interpreted as an integer", object);
  }
  ObjRef value = OURO_TRY(slot(ts, object));
  if (!is_int(value)) return raise_type_error(ts, "__index__ returned non-int (type {t})", value);
  if (!is_exact_int(value)) OURO_TRY(warn_of_subclass(ts, value, "__index__", "int"));
  return exact_int(ts, value);
}

Result<std::int64_t> index_as_int64(ThreadState& ts, Obj object, Borrowed<Type> overflow) {
  if (is_int(object) && as<Int>(object)->is_small()) [[likely]] return as<Int>(object)->small;
  ObjRef kept = object.new_ref();
  ObjRef value = OURO_TRY(to_index(ts, object));
  if (as<Int>(value)->is_small() || !overflow) return int_clamped(value);
  return raise(ts, overflow, "cannot fit '{t}' into an index-sized integer", kept);
}

ObjResult to_int(ThreadState& ts, Obj object) {
  if (is_exact_int(object)) return object.new_ref();
  const NumberSlots& number = object->type()->number;
  if (number.to_int != nullptr) {
    ObjRef value = OURO_TRY(number.to_int(ts, object));
    if (!is_int(value)) return raise_type_error(ts, "__int__ returned non-int (type {t})", value);
    if (!is_exact_int(value)) OURO_TRY(warn_of_subclass(ts, value, "__int__", "int"));
    return exact_int(ts, value);
  }
  if (number.index != nullptr) return to_index(ts, object);
  ObjRef kept = object.new_ref();
  MaybeAttribute trunc = find_special(ts, kept, ts.core.names.dunder_trunc);
  if (trunc.failed) return Raised{};
  if (trunc.value) {
    Ref<Str> text = OURO_TRY(Str::from_utf8(ts, "The delegation of int() to __trunc__ is deprecated."));
    OURO_TRY(warn_deprecated(ts, text));
    return int_by_trunc(ts, trunc.value);
  }
  if (is_str(kept) || BufferView::is_bytes_like(kept)) return int_from_text_object(ts, kept, 10);
  return raise_type_error(ts, "int() argument must be a string, a bytes-like object or a real number, not '{t}'", kept);
}

ObjResult to_float(ThreadState& ts, Obj object) {
  if (is_exact_float(object)) return object.new_ref();
  const NumberSlots& number = object->type()->number;
  if (is_exact_int(object)) return Float::from(ts, OURO_TRY(int_as_double(ts, object)));
  if (number.to_float != nullptr) return float_by_slot(ts, object, number.to_float);
  if (number.index != nullptr) {
    ObjRef value = OURO_TRY(to_index(ts, object));
    return Float::from(ts, OURO_TRY(int_as_double(ts, value)));
  }
  ObjRef kept = object.new_ref();
  if (is_str(kept)) {
    const Str* text = as<Str>(kept);
    if (text->is_ascii()) return float_parse(ts, text->ascii(), kept);
    std::size_t length = 0;
    char* ascii = ascii_number_text(text, &length);
    if (ascii == nullptr) return raise_no_memory(ts);
    ObjResult value = float_parse(ts, {ascii, length}, kept);
    free_raw(ascii);
    return value;
  }
  if (BufferView::is_bytes_like(kept)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, kept));
    return float_parse(ts, view.view(), kept);
  }
  return raise_type_error(ts, "float() argument must be a string or a real number, not '{t}'", kept);
}

}  // namespace ouro
