// Module _operator: the operators as functions. itemgetter, attrgetter and methodcaller are in
// operator_callables.cpp.
#include "modules/native_modules.h"
#include "modules/operator.h"
#include "objects/bytes.h"

namespace ouro {

namespace {

template <BinaryOp kOp>
ObjResult binary(ThreadState& ts, Obj, Args args) {
  return binary_op(ts, kOp, args[0], args[1]);
}
template <BinaryOp kOp>
ObjResult inplace(ThreadState& ts, Obj, Args args) {
  return inplace_op(ts, kOp, args[0], args[1]);
}
template <CompareOp kOp>
ObjResult comparison(ThreadState& ts, Obj, Args args) {
  return compare(ts, args[0], args[1], kOp);
}
template <ObjResult (*kFunction)(ThreadState&, Obj)>
ObjResult unary(ThreadState& ts, Obj, Args args) {
  return kFunction(ts, args[0]);
}

ObjResult op_truth(ThreadState& ts, Obj, Args args) {
  return bool_result(ts, is_true(ts, args[0]));
}
ObjResult op_not(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref(!OURO_TRY(is_true(ts, args[0])));
}
ObjResult op_is(ThreadState& ts, Obj, Args args) { return ts.core.bool_ref(args[0] == args[1]); }
ObjResult op_is_not(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref(!(args[0] == args[1]));
}
ObjResult op_contains(ThreadState& ts, Obj, Args args) {
  return bool_result(ts, contains(ts, args[0], args[1]));
}
ObjResult op_getitem(ThreadState& ts, Obj, Args args) { return get_item(ts, args[0], args[1]); }

ObjResult op_setitem(ThreadState& ts, Obj, Args args) {
  OURO_TRY(set_item(ts, args[0], args[1], args[2]));
  return ts.core.none_ref();
}

ObjResult op_delitem(ThreadState& ts, Obj, Args args) {
  OURO_TRY(set_item(ts, args[0], args[1], nullptr));
  return ts.core.none_ref();
}

/// The object can be indexed by position.
bool is_sequence(Obj object) {
  return !is_dict(object) && object->type()->sequence.item != nullptr;
}

ObjResult op_concat(ThreadState& ts, Obj, Args args) {
  return sequence_concat(ts, args[0], args[1]);
}

ObjResult op_iconcat(ThreadState& ts, Obj, Args args) {
  const SequenceSlots& slots = args[0]->type()->sequence;
  if (slots.inplace_concat != nullptr) return slots.inplace_concat(ts, args[0], args[1]);
  if (slots.concat != nullptr) return slots.concat(ts, args[0], args[1]);
  if (is_sequence(args[0]) && is_sequence(args[1]))
    return inplace_op(ts, BinaryOp::Add, args[0], args[1]);
  return raise_type_error(ts, "'{t}' object can't be concatenated", args[0]);
}

/// Calls visit(equal) for each item of an iterable until it says to stop.
template <class Visit>
Status compare_items(ThreadState& ts, Obj iterable, Obj wanted, Visit visit) {
  ObjResult started = iterate(ts, iterable);
  if (started.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return raise_type_error(ts, "argument of type '{t}' is not iterable", iterable);
  }
  ObjRef iterator = started.take();
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) return kDone;
    const bool equal = OURO_TRY(equals(ts, item, wanted));
    if (visit(equal)) return kDone;
  }
}

ObjResult op_count_of(ThreadState& ts, Obj, Args args) {
  std::int64_t count = 0;
  OURO_TRY(compare_items(ts, args[0], args[1], [&](bool equal) {
    count += equal ? 1 : 0;
    return false;
  }));
  return int_result(ts, count);
}

ObjResult op_index_of(ThreadState& ts, Obj, Args args) {
  std::int64_t at = -1;
  bool found = false;
  OURO_TRY(compare_items(ts, args[0], args[1], [&](bool equal) {
    ++at;
    found = equal;
    return equal;
  }));
  if (!found) return raise_value_error(ts, "sequence.index(x): x not in sequence");
  return int_result(ts, at);
}

ObjResult op_length_hint(ThreadState& ts, Obj, Args args) {
  std::int64_t fallback = 0;
  if (args.count > 1) {
    if (!is_int(args[1]))
      return raise_type_error(ts, "'{t}' object cannot be interpreted as an integer", args[1]);
    fallback = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  }
  return int_result(ts, OURO_TRY(length_hint(ts, args[0], fallback)));
}

ObjResult op_pow(ThreadState& ts, Obj, Args args) {
  return power(ts, args[0], args[1], Obj(ts.core.none));
}
ObjResult op_call(ThreadState& ts, Obj, Args args) {
  if (args.count < 1) return raise_type_error(ts, "call expected at least 1 argument, got 0");
  return call(ts, args[0], args.from(1));
}

/// Whether two rows of bytes are the same, in a time that depends on the length of the second only.
bool same_bytes(std::string_view a, std::string_view b) {
  volatile unsigned char difference = a.size() == b.size() ? 0 : 1;
  const std::string_view left = a.size() == b.size() ? a : b;
  for (std::size_t i = 0; i < b.size(); ++i) {
    difference = static_cast<unsigned char>(
        difference | (static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(b[i])));
  }
  return difference == 0;
}

ObjResult op_compare_digest(ThreadState& ts, Obj, Args args) {
  if (is_str(args[0]) && is_str(args[1])) {
    if (!as<Str>(args[0])->is_ascii() || !as<Str>(args[1])->is_ascii()) {
      return raise_type_error(ts, "comparing strings with non-ASCII characters is not supported");
    }
    return ts.core.bool_ref(same_bytes(as<Str>(args[0])->ascii(), as<Str>(args[1])->ascii()));
  }
  if (!BufferView::is_bytes_like(args[0]) && !BufferView::is_bytes_like(args[1])) {
    return raise_type_error(ts,
                            "unsupported operand types(s) or combination of types: '{t}' and '{t}'",
                            args[0], args[1]);
  }
  BufferView a;
  BufferView b;
  OURO_TRY(a.acquire(ts, args[0]));
  OURO_TRY(b.acquire(ts, args[1]));
  return ts.core.bool_ref(same_bytes(a.view(), b.view()));
}

constexpr MethodDef kFunctions[] = {
    {"truth", op_truth, 1, 1, MethodDef::kNone,
     "truth($module, a, /)\n--\n\nReturn True if a is true, False otherwise."},
    {"contains", op_contains, 2, 2, MethodDef::kNone,
     "contains($module, a, b, /)\n--\n\nSame as b in a (note reversed operands)."},
    {"indexOf", op_index_of, 2, 2, MethodDef::kNone,
     "indexOf($module, a, b, /)\n--\n\nReturn the first index of b in a."},
    {"countOf", op_count_of, 2, 2, MethodDef::kNone,
     "countOf($module, a, b, /)\n--\n\nReturn the number of items in a which are, or which equal, "
     "b."},
    {"is_", op_is, 2, 2, MethodDef::kNone, "is_($module, a, b, /)\n--\n\nSame as a is b."},
    {"is_not", op_is_not, 2, 2, MethodDef::kNone,
     "is_not($module, a, b, /)\n--\n\nSame as a is not b."},
    {"add", binary<BinaryOp::Add>, 2, 2, MethodDef::kNone,
     "add($module, a, b, /)\n--\n\nSame as a + b."},
    {"sub", binary<BinaryOp::Subtract>, 2, 2, MethodDef::kNone,
     "sub($module, a, b, /)\n--\n\nSame as a - b."},
    {"mul", binary<BinaryOp::Multiply>, 2, 2, MethodDef::kNone,
     "mul($module, a, b, /)\n--\n\nSame as a * b."},
    {"matmul", binary<BinaryOp::MatrixMultiply>, 2, 2, MethodDef::kNone,
     "matmul($module, a, b, /)\n--\n\nSame as a @ b."},
    {"floordiv", binary<BinaryOp::FloorDivide>, 2, 2, MethodDef::kNone,
     "floordiv($module, a, b, /)\n--\n\nSame as a // b."},
    {"truediv", binary<BinaryOp::TrueDivide>, 2, 2, MethodDef::kNone,
     "truediv($module, a, b, /)\n--\n\nSame as a / b."},
    {"mod", binary<BinaryOp::Remainder>, 2, 2, MethodDef::kNone,
     "mod($module, a, b, /)\n--\n\nSame as a % b."},
    {"neg", unary<negative>, 1, 1, MethodDef::kNone, "neg($module, a, /)\n--\n\nSame as -a."},
    {"pos", unary<positive>, 1, 1, MethodDef::kNone, "pos($module, a, /)\n--\n\nSame as +a."},
    {"abs", unary<absolute>, 1, 1, MethodDef::kNone, "abs($module, a, /)\n--\n\nSame as abs(a)."},
    {"inv", unary<invert>, 1, 1, MethodDef::kNone, "inv($module, a, /)\n--\n\nSame as ~a."},
    {"invert", unary<invert>, 1, 1, MethodDef::kNone, "invert($module, a, /)\n--\n\nSame as ~a."},
    {"lshift", binary<BinaryOp::LeftShift>, 2, 2, MethodDef::kNone,
     "lshift($module, a, b, /)\n--\n\nSame as a << b."},
    {"rshift", binary<BinaryOp::RightShift>, 2, 2, MethodDef::kNone,
     "rshift($module, a, b, /)\n--\n\nSame as a >> b."},
    {"not_", op_not, 1, 1, MethodDef::kNone, "not_($module, a, /)\n--\n\nSame as not a."},
    {"and_", binary<BinaryOp::And>, 2, 2, MethodDef::kNone,
     "and_($module, a, b, /)\n--\n\nSame as a & b."},
    {"xor", binary<BinaryOp::Xor>, 2, 2, MethodDef::kNone,
     "xor($module, a, b, /)\n--\n\nSame as a ^ b."},
    {"or_", binary<BinaryOp::Or>, 2, 2, MethodDef::kNone,
     "or_($module, a, b, /)\n--\n\nSame as a | b."},
    {"iadd", inplace<BinaryOp::Add>, 2, 2, MethodDef::kNone,
     "iadd($module, a, b, /)\n--\n\nSame as a += b."},
    {"isub", inplace<BinaryOp::Subtract>, 2, 2, MethodDef::kNone,
     "isub($module, a, b, /)\n--\n\nSame as a -= b."},
    {"imul", inplace<BinaryOp::Multiply>, 2, 2, MethodDef::kNone,
     "imul($module, a, b, /)\n--\n\nSame as a *= b."},
    {"imatmul", inplace<BinaryOp::MatrixMultiply>, 2, 2, MethodDef::kNone,
     "imatmul($module, a, b, /)\n--\n\nSame as a @= b."},
    {"ifloordiv", inplace<BinaryOp::FloorDivide>, 2, 2, MethodDef::kNone,
     "ifloordiv($module, a, b, /)\n--\n\nSame as a //= b."},
    {"itruediv", inplace<BinaryOp::TrueDivide>, 2, 2, MethodDef::kNone,
     "itruediv($module, a, b, /)\n--\n\nSame as a /= b."},
    {"imod", inplace<BinaryOp::Remainder>, 2, 2, MethodDef::kNone,
     "imod($module, a, b, /)\n--\n\nSame as a %= b."},
    {"ilshift", inplace<BinaryOp::LeftShift>, 2, 2, MethodDef::kNone,
     "ilshift($module, a, b, /)\n--\n\nSame as a <<= b."},
    {"irshift", inplace<BinaryOp::RightShift>, 2, 2, MethodDef::kNone,
     "irshift($module, a, b, /)\n--\n\nSame as a >>= b."},
    {"iand", inplace<BinaryOp::And>, 2, 2, MethodDef::kNone,
     "iand($module, a, b, /)\n--\n\nSame as a &= b."},
    {"ixor", inplace<BinaryOp::Xor>, 2, 2, MethodDef::kNone,
     "ixor($module, a, b, /)\n--\n\nSame as a ^= b."},
    {"ior", inplace<BinaryOp::Or>, 2, 2, MethodDef::kNone,
     "ior($module, a, b, /)\n--\n\nSame as a |= b."},
    {"ipow", inplace<BinaryOp::Power>, 2, 2, MethodDef::kNone,
     "ipow($module, a, b, /)\n--\n\nSame as a **= b."},
    {"concat", op_concat, 2, 2, MethodDef::kNone,
     "concat($module, a, b, /)\n--\n\nSame as a + b, for a and b sequences."},
    {"iconcat", op_iconcat, 2, 2, MethodDef::kNone,
     "iconcat($module, a, b, /)\n--\n\nSame as a += b, for a and b sequences."},
    {"getitem", op_getitem, 2, 2, MethodDef::kNone,
     "getitem($module, a, b, /)\n--\n\nSame as a[b]."},
    {"setitem", op_setitem, 3, 3, MethodDef::kNone,
     "setitem($module, a, b, c, /)\n--\n\nSame as a[b] = c."},
    {"delitem", op_delitem, 2, 2, MethodDef::kNone,
     "delitem($module, a, b, /)\n--\n\nSame as del a[b]."},
    {"pow", op_pow, 2, 2, MethodDef::kNone, "pow($module, a, b, /)\n--\n\nSame as a ** b."},
    {"index", unary<to_index>, 1, 1, MethodDef::kNone,
     "index($module, a, /)\n--\n\nSame as a.__index__()"},
    {"lt", comparison<CompareOp::Less>, 2, 2, MethodDef::kNone,
     "lt($module, a, b, /)\n--\n\nSame as a < b."},
    {"le", comparison<CompareOp::LessEqual>, 2, 2, MethodDef::kNone,
     "le($module, a, b, /)\n--\n\nSame as a <= b."},
    {"eq", comparison<CompareOp::Equal>, 2, 2, MethodDef::kNone,
     "eq($module, a, b, /)\n--\n\nSame as a == b."},
    {"ne", comparison<CompareOp::NotEqual>, 2, 2, MethodDef::kNone,
     "ne($module, a, b, /)\n--\n\nSame as a != b."},
    {"gt", comparison<CompareOp::Greater>, 2, 2, MethodDef::kNone,
     "gt($module, a, b, /)\n--\n\nSame as a > b."},
    {"ge", comparison<CompareOp::GreaterEqual>, 2, 2, MethodDef::kNone,
     "ge($module, a, b, /)\n--\n\nSame as a >= b."},
    {"length_hint", op_length_hint, 1, 2, MethodDef::kNone,
     "length_hint($module, obj, default=0, /)\n--\n\nReturn an estimate of the number of items in "
     "obj."},
    {"call", op_call, 0, -1, MethodDef::kKeywords,
     "call($module, obj, /, *args, **kwargs)\n--\n\nSame as obj(*args, **kwargs)."},
    {"_compare_digest", op_compare_digest, 2, 2, MethodDef::kNone,
     "_compare_digest($module, a, b, /)\n--\n\nReturn 'a == b', in a time that does not tell where "
     "they differ."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_operator_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_operator"));
  Ref<Str> doc = OURO_TRY(Str::from_utf8(
      ts, "The operators of the language as functions: operator.add(x, y) is x + y."));
  OURO_TRY(dict_set(ts, module->dict, ts.core.names.dunder_doc, Obj(doc)));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(add_operator_types(ts, module));
  return module;
}

}  // namespace ouro
