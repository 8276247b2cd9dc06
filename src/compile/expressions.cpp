// Expressions: operators, displays, names, attributes, subscripts, f-strings, conditions.
#include "compile/compiler.h"
#include "objects/operations.h"
#include "objects/set.h"
#include "objects/str.h"

namespace ouro::compile {

using syntax::ExprContext;
using syntax::ExprKind;

namespace {

constexpr DisplayOps kListDisplay{Opcode::BuildList, Opcode::ListAppend, Opcode::ListExtend, false};
constexpr DisplayOps kTupleDisplay{Opcode::BuildList, Opcode::ListAppend, Opcode::ListExtend, true};
constexpr DisplayOps kSetDisplay{Opcode::BuildSet, Opcode::SetAdd, Opcode::SetUpdate, false};

bool is_starred(const Expr* expr) { return expr->kind == ExprKind::Starred; }

Opcode unary_opcode(syntax::UnaryOperator op) {
  switch (op) {
    case syntax::UnaryOperator::Invert:
      return Opcode::UnaryInvert;
    case syntax::UnaryOperator::Not:
      return Opcode::UnaryNot;
    case syntax::UnaryOperator::UAdd:
      return Opcode::UnaryPositive;
    case syntax::UnaryOperator::USub:
      break;
  }
  return Opcode::UnaryNegative;
}

}  // namespace

BinaryOp binary_operator(syntax::Operator op) {
  switch (op) {
    case syntax::Operator::Add:
      return BinaryOp::Add;
    case syntax::Operator::Sub:
      return BinaryOp::Subtract;
    case syntax::Operator::Mult:
      return BinaryOp::Multiply;
    case syntax::Operator::MatMult:
      return BinaryOp::MatrixMultiply;
    case syntax::Operator::Div:
      return BinaryOp::TrueDivide;
    case syntax::Operator::Mod:
      return BinaryOp::Remainder;
    case syntax::Operator::Pow:
      return BinaryOp::Power;
    case syntax::Operator::LShift:
      return BinaryOp::LeftShift;
    case syntax::Operator::RShift:
      return BinaryOp::RightShift;
    case syntax::Operator::BitOr:
      return BinaryOp::Or;
    case syntax::Operator::BitXor:
      return BinaryOp::Xor;
    case syntax::Operator::BitAnd:
      return BinaryOp::And;
    case syntax::Operator::FloorDiv:
      break;
  }
  return BinaryOp::FloorDivide;
}

void Compiler::emit_int(std::int64_t value) {
  emit_constant(context_.constants.canonical(must(Int::from(context_.ts, value))));
}

void Compiler::visit(const Expr* expr) {
  DepthGuard depth(context_);
  PlaceGuard place(*this, expr->span);
  visit_here(*expr);
}

void Compiler::visit_here(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::NamedExpr:
      visit(as<syntax::NamedExpr>(expr).value);
      emit(Opcode::Copy, 1);
      visit(as<syntax::NamedExpr>(expr).target);
      break;
    case ExprKind::BoolOp:
      visit_bool_op(as<syntax::BoolOp>(expr));
      break;
    case ExprKind::BinOp:
      visit_bin_op(as<syntax::BinOp>(expr));
      break;
    case ExprKind::UnaryOp:
      visit(as<syntax::UnaryOp>(expr).operand);
      emit(unary_opcode(as<syntax::UnaryOp>(expr).op));
      break;
    case ExprKind::Lambda:
      visit_lambda(as<syntax::Lambda>(expr));
      break;
    case ExprKind::IfExp:
      visit_if_exp(as<syntax::IfExp>(expr));
      break;
    case ExprKind::Dict:
      visit_dict(as<syntax::Dict>(expr));
      break;
    case ExprKind::Set:
      build_display(as<syntax::Set>(expr).elts, 0, kSetDisplay);
      break;
    case ExprKind::GeneratorExp: {
      const auto& comp = as<syntax::GeneratorExp>(expr);
      visit_comprehension(comp, "<genexpr>",
                          {ComprehensionKind::Generator, comp.generators, comp.elt, nullptr});
      break;
    }
    case ExprKind::ListComp: {
      const auto& comp = as<syntax::ListComp>(expr);
      visit_comprehension(comp, "<listcomp>",
                          {ComprehensionKind::List, comp.generators, comp.elt, nullptr});
      break;
    }
    case ExprKind::SetComp: {
      const auto& comp = as<syntax::SetComp>(expr);
      visit_comprehension(comp, "<setcomp>",
                          {ComprehensionKind::Set, comp.generators, comp.elt, nullptr});
      break;
    }
    case ExprKind::DictComp: {
      const auto& comp = as<syntax::DictComp>(expr);
      visit_comprehension(comp, "<dictcomp>",
                          {ComprehensionKind::Dict, comp.generators, comp.key, comp.value});
      break;
    }
    case ExprKind::Yield:
      visit_yield(as<syntax::Yield>(expr));
      break;
    case ExprKind::YieldFrom:
      visit_yield_from(as<syntax::YieldFrom>(expr));
      break;
    case ExprKind::Await:
      visit_await(as<syntax::Await>(expr));
      break;
    case ExprKind::Compare:
      visit_compare(as<syntax::Compare>(expr));
      break;
    case ExprKind::Call:
      visit_call(as<syntax::Call>(expr));
      break;
    case ExprKind::Constant:
      emit_constant(constant_of(context_, &expr));
      break;
    case ExprKind::JoinedStr:
      visit_joined(as<syntax::JoinedStr>(expr));
      break;
    case ExprKind::FormattedValue:
      visit_formatted(as<syntax::FormattedValue>(expr));
      break;
    case ExprKind::Attribute:
      visit_attribute(as<syntax::Attribute>(expr));
      break;
    case ExprKind::Subscript:
      visit_subscript(as<syntax::Subscript>(expr));
      break;
    case ExprKind::Starred:
      // In displays and targets whoever holds the starred expression looks inside; here nobody did.
      if (as<syntax::Starred>(expr).ctx == ExprContext::Store) {
        error("starred assignment target must be in a list or tuple");
      }
      error("can't use starred expression here");
    case ExprKind::Slice:
      visit_slice(as<syntax::Slice>(expr));
      break;
    case ExprKind::Name:
      emit_name(as<syntax::Name>(expr).id, as<syntax::Name>(expr).ctx);
      break;
    case ExprKind::List:
      visit_sequence(as<syntax::List>(expr).elts, as<syntax::List>(expr).ctx, kListDisplay);
      break;
    case ExprKind::Tuple:
      visit_sequence(as<syntax::Tuple>(expr).elts, as<syntax::Tuple>(expr).ctx, kTupleDisplay);
      break;
  }
}

// ---- Operators
// -----------------------------------------------------------------------------------

void Compiler::visit_bool_op(const syntax::BoolOp& expr) {
  Block* end = new_block();
  Opcode jump =
      expr.op == syntax::BoolOperator::And ? Opcode::JumpIfFalseOrPop : Opcode::JumpIfTrueOrPop;
  for (std::size_t i = 0; i + 1 < expr.values.size(); ++i) {
    visit(expr.values[i]);
    emit_jump(jump, end);
  }
  visit(expr.values.back());
  use(end);
}

void Compiler::visit_bin_op(const syntax::BinOp& expr) {
  visit(expr.left);
  visit(expr.right);
  emit(Opcode::BinaryOp, static_cast<std::size_t>(binary_operator(expr.op)));
}

void Compiler::visit_if_exp(const syntax::IfExp& expr) {
  Block* end = new_block();
  Block* otherwise = new_block();
  jump_if(expr.test, otherwise, false);
  visit(expr.body);
  emit_jump_no_line(Opcode::Jump, end);
  use(otherwise);
  visit(expr.orelse);
  use(end);
}

void Compiler::emit_compare(syntax::CmpOperator op) {
  auto emit_order = [this](CompareOp order) {
    emit(Opcode::CompareOp, static_cast<std::size_t>(order));
  };
  switch (op) {
    case syntax::CmpOperator::Eq:
      emit_order(CompareOp::Equal);
      break;
    case syntax::CmpOperator::NotEq:
      emit_order(CompareOp::NotEqual);
      break;
    case syntax::CmpOperator::Lt:
      emit_order(CompareOp::Less);
      break;
    case syntax::CmpOperator::LtE:
      emit_order(CompareOp::LessEqual);
      break;
    case syntax::CmpOperator::Gt:
      emit_order(CompareOp::Greater);
      break;
    case syntax::CmpOperator::GtE:
      emit_order(CompareOp::GreaterEqual);
      break;
    case syntax::CmpOperator::Is:
      emit(Opcode::IsOp, 0);
      break;
    case syntax::CmpOperator::IsNot:
      emit(Opcode::IsOp, 1);
      break;
    case syntax::CmpOperator::In:
      emit(Opcode::ContainsOp, 0);
      break;
    case syntax::CmpOperator::NotIn:
      emit(Opcode::ContainsOp, 1);
      break;
  }
}

void Compiler::visit_compare(const syntax::Compare& expr) {
  check_compare(expr);
  visit(expr.left);
  std::size_t last = expr.ops.size() - 1;
  if (last == 0) {
    visit(expr.comparators[0]);
    emit_compare(expr.ops[0]);
    return;
  }
  Block* cleanup = new_block();
  for (std::size_t i = 0; i < last; ++i) {
    visit(expr.comparators[i]);
    emit(Opcode::Swap, 2);
    emit(Opcode::Copy, 2);
    emit_compare(expr.ops[i]);
    emit_jump(Opcode::JumpIfFalseOrPop, cleanup);
  }
  visit(expr.comparators[last]);
  emit_compare(expr.ops[last]);
  Block* end = new_block();
  emit_jump_no_line(Opcode::Jump, end);
  use(cleanup);
  emit(Opcode::Swap, 2);
  emit(Opcode::PopTop);
  use(end);
}

void Compiler::jump_if(const Expr* expr, Block* target, bool condition) {
  DepthGuard depth(context_);
  switch (expr->kind) {
    case ExprKind::UnaryOp:
      if (as<syntax::UnaryOp>(*expr).op != syntax::UnaryOperator::Not) break;
      jump_if(as<syntax::UnaryOp>(*expr).operand, target, !condition);
      return;
    case ExprKind::BoolOp: {
      const auto& op = as<syntax::BoolOp>(*expr);
      bool decides =
          op.op == syntax::BoolOperator::Or;  // the truth of an operand that decides the whole
      Block* decided = decides != condition ? new_block() : target;
      for (std::size_t i = 0; i + 1 < op.values.size(); ++i)
        jump_if(op.values[i], decided, decides);
      jump_if(op.values.back(), target, condition);
      if (decided != target) use(decided);
      return;
    }
    case ExprKind::IfExp: {
      const auto& choice = as<syntax::IfExp>(*expr);
      Block* end = new_block();
      Block* otherwise = new_block();
      jump_if(choice.test, otherwise, false);
      jump_if(choice.body, target, condition);
      emit_jump_no_line(Opcode::Jump, end);
      use(otherwise);
      jump_if(choice.orelse, target, condition);
      use(end);
      return;
    }
    case ExprKind::Compare: {
      const auto& compare = as<syntax::Compare>(*expr);
      std::size_t last = compare.ops.size() - 1;
      // The jump belongs to the comparison; other tests jump as part of their statement.
      place_at(expr->span);
      if (last == 0) break;
      check_compare(compare);
      Block* cleanup = new_block();
      visit(compare.left);
      for (std::size_t i = 0; i < last; ++i) {
        visit(compare.comparators[i]);
        emit(Opcode::Swap, 2);
        emit(Opcode::Copy, 2);
        emit_compare(compare.ops[i]);
        emit_jump(Opcode::PopJumpIfFalse, cleanup);
      }
      visit(compare.comparators[last]);
      emit_compare(compare.ops[last]);
      emit_jump(condition ? Opcode::PopJumpIfTrue : Opcode::PopJumpIfFalse, target);
      Block* end = new_block();
      emit_jump_no_line(Opcode::Jump, end);
      use(cleanup);
      emit(Opcode::PopTop);
      if (!condition) emit_jump_no_line(Opcode::Jump, target);
      use(end);
      return;
    }
    default:
      break;
  }
  visit(expr);
  emit_jump(condition ? Opcode::PopJumpIfTrue : Opcode::PopJumpIfFalse, target);
}

// ---- Displays
// ------------------------------------------------------------------------------------

void Compiler::build_display(const Seq<Expr*>& elts, std::size_t pushed, const DisplayOps& ops) {
  std::size_t count = elts.size();
  bool all_constant = true;
  bool starred = false;
  for (const Expr* elt : elts) {
    all_constant = all_constant && elt->kind == ExprKind::Constant;
    starred = starred || is_starred(elt);
  }
  if (count > 2 && all_constant) {
    auto item = [&](std::size_t i) { return constant_of(context_, elts[i]); };
    if (ops.tuple && pushed == 0) {
      emit_constant_tuple(count, item);
      return;
    }
    emit(ops.build, pushed);
    if (ops.add == Opcode::SetAdd) {
      Ref<Set> set = must(Set::create(context_.ts, context_.ts.core.types.frozenset));
      for (std::size_t i = 0; i < count; ++i) must(set_add(context_.ts, set, item(i)));
      emit_constant(context_.constants.canonical(std::move(set)));
    } else {
      emit_constant_tuple(count, item);
    }
    emit(ops.extend, 1);
    if (ops.tuple) emit(Opcode::ListToTuple);
    return;
  }
  bool big = count + pushed > kStackGuideline;
  if (!starred && !big) {
    visit_all(elts);
    emit(ops.tuple ? Opcode::BuildTuple : ops.build, count + pushed);
    return;
  }
  bool built = big;
  if (big) emit(ops.build, pushed);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_starred(elts[i])) {
      if (!built) {
        emit(ops.build, i + pushed);
        built = true;
      }
      visit(as<syntax::Starred>(*elts[i]).value);
      emit(ops.extend, 1);
    } else {
      visit(elts[i]);
      if (built) emit(ops.add, 1);
    }
  }
  if (ops.tuple) emit(Opcode::ListToTuple);
}

void Compiler::unpack_into(const Seq<Expr*>& elts) {
  std::size_t count = elts.size();
  bool starred = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_starred(elts[i])) continue;
    if (starred) error("multiple starred expressions in assignment");
    std::size_t after = count - i - 1;
    if (i >= 1 << 8 || after > kMaxArgument >> 8)
      error("too many expressions in star-unpacking assignment");
    emit(Opcode::UnpackEx, i | (after << 8));
    starred = true;
  }
  if (!starred) emit(Opcode::UnpackSequence, count);
  for (const Expr* elt : elts) visit(is_starred(elt) ? as<syntax::Starred>(*elt).value : elt);
}

void Compiler::visit_sequence(const Seq<Expr*>& elts, ExprContext ctx, const DisplayOps& ops) {
  switch (ctx) {
    case ExprContext::Store:
      unpack_into(elts);
      break;
    case ExprContext::Load:
      build_display(elts, 0, ops);
      break;
    case ExprContext::Del:
      visit_all(elts);
      break;
  }
}

void Compiler::visit_dict_part(const syntax::Dict& expr, std::size_t begin, std::size_t end) {
  std::size_t count = end - begin;
  bool big = count * 2 > kStackGuideline;
  bool constant_keys = true;
  for (std::size_t i = begin; i < end; ++i) {
    constant_keys = constant_keys && expr.keys[i]->kind == ExprKind::Constant;
  }
  if (count > 1 && !big && constant_keys) {
    for (std::size_t i = begin; i < end; ++i) visit(expr.values[i]);
    emit_constant_tuple(count,
                        [&](std::size_t i) { return constant_of(context_, expr.keys[begin + i]); });
    emit(Opcode::BuildConstKeyMap, count);
    return;
  }
  if (big) emit(Opcode::BuildMap, 0);
  for (std::size_t i = begin; i < end; ++i) {
    visit(expr.keys[i]);
    visit(expr.values[i]);
    if (big) emit(Opcode::MapAdd, 1);
  }
  if (!big) emit(Opcode::BuildMap, count);
}

void Compiler::visit_dict(const syntax::Dict& expr) {
  bool have_dict = false;
  std::size_t waiting = 0;  // plain items before position i that are not compiled yet
  auto flush = [&](std::size_t begin, std::size_t end) {
    visit_dict_part(expr, begin, end);
    if (have_dict) emit(Opcode::DictUpdate, 1);
    have_dict = true;
    waiting = 0;
  };
  for (std::size_t i = 0; i < expr.values.size(); ++i) {
    if (expr.keys[i] == nullptr) {
      if (waiting > 0) flush(i - waiting, i);
      if (!have_dict) {
        emit(Opcode::BuildMap, 0);
        have_dict = true;
      }
      visit(expr.values[i]);
      emit(Opcode::DictUpdate, 1);
    } else if (waiting * 2 > kStackGuideline) {
      flush(i - waiting, i + 1);
    } else {
      ++waiting;
    }
  }
  if (waiting > 0) flush(expr.values.size() - waiting, expr.values.size());
  if (!have_dict) emit(Opcode::BuildMap, 0);
}

// ---- f-strings
// -----------------------------------------------------------------------------------

void Compiler::visit_joined(const syntax::JoinedStr& expr) {
  std::size_t count = expr.values.size();
  if (count > kStackGuideline) {
    emit_constant(context_.constants.canonical(ObjRef::share(context_.ts.core.empty_str)));
    emit_named(Opcode::LoadMethod, "join");
    emit(Opcode::BuildList, 0);
    for (const Expr* value : expr.values) {
      visit(value);
      emit(Opcode::ListAppend, 1);
    }
    emit_call(1);
    return;
  }
  visit_all(expr.values);
  if (count != 1) emit(Opcode::BuildString, count);
}

void Compiler::visit_formatted(const syntax::FormattedValue& expr) {
  visit(expr.value);
  std::size_t argument = expr.conversion == 's'   ? 1
                         : expr.conversion == 'r' ? 2
                         : expr.conversion == 'a' ? 3
                                                  : 0;
  if (expr.format_spec != nullptr) {
    visit(expr.format_spec);
    argument |= 4;
  }
  emit(Opcode::FormatValue, argument);
}

// ---- Attributes, subscripts
// ----------------------------------------------------------------------

/// An attribute that stands on a later line than its object is reported at its own name.
void Compiler::start_at_attribute_name(const syntax::Attribute& attribute) {
  const Span& span = attribute.span;
  if (span.line == span.end_line) return;
  auto length = static_cast<int>(attribute.attr.size());
  unit_->place.line = span.end_line;
  if (length <= span.end_col) {
    unit_->place.col = span.end_col - length;
  } else {
    unit_->place.col = unit_->place.end_col = -1;
  }
  unit_->place.end_line = std::max(unit_->place.line, unit_->place.end_line);
}

void Compiler::visit_attribute(const syntax::Attribute& expr) {
  visit(expr.value);
  start_at_attribute_name(expr);
  switch (expr.ctx) {
    case ExprContext::Load:
      emit_named(Opcode::LoadAttr, expr.attr);
      break;
    case ExprContext::Store:
      refuse_forbidden(expr.attr, expr.ctx);
      emit_named(Opcode::StoreAttr, expr.attr);
      break;
    case ExprContext::Del:
      emit_named(Opcode::DeleteAttr, expr.attr);
      break;
  }
}

void Compiler::visit_subscript(const syntax::Subscript& expr) {
  if (expr.ctx == ExprContext::Load) {
    check_subscripted(*expr.value);
    check_index(*expr.value, *expr.slice);
  }
  visit(expr.value);
  visit(expr.slice);
  emit(expr.ctx == ExprContext::Load    ? Opcode::BinarySubscript
       : expr.ctx == ExprContext::Store ? Opcode::StoreSubscript
                                        : Opcode::DeleteSubscript);
}

void Compiler::visit_slice(const syntax::Slice& expr) {
  for (const Expr* part : {expr.lower, expr.upper}) {
    if (part != nullptr) {
      visit(part);
    } else {
      emit_none();
    }
  }
  if (expr.step != nullptr) visit(expr.step);
  emit(Opcode::BuildSlice, expr.step != nullptr ? 3 : 2);
}

// ---- Suspension
// ----------------------------------------------------------------------------------

void Compiler::emit_yield() {
  if (unit_->scope.generator && unit_->scope.coroutine) emit(Opcode::AsyncGenWrap);
  emit(Opcode::YieldValue);
  emit(Opcode::Resume, 1);
}

/// Runs the iterator below the top until it is done; the top is what it gets first. Leaves its
/// result.
void Compiler::emit_yield_from(bool await) {
  Block* start = new_block();
  Block* resume = new_block();
  Block* exit = new_block();
  use(start);
  emit_jump(Opcode::Send, exit);
  use(resume);
  emit(Opcode::YieldValue);
  emit(Opcode::Resume, await ? 3 : 2);
  emit_jump(Pseudo::JumpNoInterrupt, start);
  use(exit);
}

void Compiler::visit_yield(const syntax::Yield& expr) {
  if (!in_function_scope()) error("'yield' outside function");
  if (expr.value != nullptr) {
    visit(expr.value);
  } else {
    emit_none();
  }
  emit_yield();
}

void Compiler::visit_yield_from(const syntax::YieldFrom& expr) {
  if (!in_function_scope()) error("'yield' outside function");
  if (unit_->kind == UnitKind::AsyncFunction) error("'yield from' inside async function");
  visit(expr.value);
  emit(Opcode::GetYieldFromIter);
  emit_none();
  emit_yield_from(false);
}

void Compiler::visit_await(const syntax::Await& expr) {
  if (!allows_top_level_await()) {
    if (!in_function_scope()) error("'await' outside function");
    if (unit_->kind != UnitKind::AsyncFunction && unit_->kind != UnitKind::Comprehension) {
      error("'await' outside async function");
    }
  }
  visit(expr.value);
  emit(Opcode::GetAwaitable, 0);
  emit_none();
  emit_yield_from(true);
}

// ---- Warnings about expressions that cannot work
// -------------------------------------------------

const char* Compiler::known_type(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Tuple:
      return "tuple";
    case ExprKind::List:
    case ExprKind::ListComp:
      return "list";
    case ExprKind::Dict:
    case ExprKind::DictComp:
      return "dict";
    case ExprKind::Set:
    case ExprKind::SetComp:
      return "set";
    case ExprKind::GeneratorExp:
      return "generator";
    case ExprKind::Lambda:
      return "function";
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue:
      return "str";
    case ExprKind::Constant:
      return constant_of(context_, &expr)->type()->name();
    default:
      return nullptr;
  }
}

void Compiler::check_called(const Expr& callee) {
  const char* type = known_type(callee);
  if (type == nullptr || callee.kind == ExprKind::Lambda) return;
  warn("'{}' object is not callable; perhaps you missed a comma?", type);
}

void Compiler::check_subscripted(const Expr& value) {
  switch (value.kind) {
    case ExprKind::Constant: {
      Object* object = constant_of(context_, &value);
      if (is_none(object) || object == context_.ts.core.ellipsis || is_int(object) ||
          is_float(object) || is_kind(object, TypeKind::Complex) || is_any_set(object)) {
        break;
      }
      return;
    }
    case ExprKind::Set:
    case ExprKind::SetComp:
    case ExprKind::GeneratorExp:
    case ExprKind::Lambda:
      break;
    default:
      return;
  }
  warn("'{}' object is not subscriptable; perhaps you missed a comma?", known_type(value));
}

void Compiler::check_index(const Expr& value, const Expr& index) {
  const char* index_type = known_type(index);
  if (index_type == nullptr) return;
  if (Object* constant = constant_of(context_, &index); constant != nullptr && is_int(constant))
    return;
  switch (value.kind) {
    case ExprKind::Constant: {
      Object* object = constant_of(context_, &value);
      if (!is_str(object) && !is_bytes(object) && !is_tuple(object)) return;
      break;
    }
    case ExprKind::Tuple:
    case ExprKind::List:
    case ExprKind::ListComp:
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue:
      break;
    default:
      return;
  }
  warn("{} indices must be integers or slices, not {}; perhaps you missed a comma?",
       known_type(value), index_type);
}

void Compiler::check_compare(const syntax::Compare& expr) {
  // Identity says something about the singletons only.
  auto has_identity = [this](const Expr* operand) {
    Object* object = constant_of(context_, operand);
    return object == nullptr || is_none(object) || is_bool(object) ||
           object == context_.ts.core.ellipsis;
  };
  bool left = has_identity(expr.left);
  for (std::size_t i = 0; i < expr.ops.size(); ++i) {
    bool right = has_identity(expr.comparators[i]);
    if (!left || !right) {
      if (expr.ops[i] == syntax::CmpOperator::Is) {
        warn("\"is\" with a literal. Did you mean \"==\"?");
        return;
      }
      if (expr.ops[i] == syntax::CmpOperator::IsNot) {
        warn("\"is not\" with a literal. Did you mean \"!=\"?");
        return;
      }
    }
    left = right;
  }
}

}  // namespace ouro::compile
