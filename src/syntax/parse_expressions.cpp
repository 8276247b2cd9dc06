// Expressions by precedence, from star_expressions down to await.
//
// Like a PEG, an operator whose right side does not parse is left alone: the left side is the
// result and the operator becomes the next, unexpected, token.
#include "syntax/parser_impl.h"

namespace ouro::syntax {
namespace {

struct BinaryOperator {
  int precedence = 0;  // 0: not a binary operator
  Operator op = Operator::Add;
};

BinaryOperator binary_operator(TokenType type) {
  switch (type) {
    case TokenType::VerticalBar:
      return {1, Operator::BitOr};
    case TokenType::Circumflex:
      return {2, Operator::BitXor};
    case TokenType::Ampersand:
      return {3, Operator::BitAnd};
    case TokenType::LeftShift:
      return {4, Operator::LShift};
    case TokenType::RightShift:
      return {4, Operator::RShift};
    case TokenType::Plus:
      return {5, Operator::Add};
    case TokenType::Minus:
      return {5, Operator::Sub};
    case TokenType::Star:
      return {6, Operator::Mult};
    case TokenType::Slash:
      return {6, Operator::Div};
    case TokenType::DoubleSlash:
      return {6, Operator::FloorDiv};
    case TokenType::Percent:
      return {6, Operator::Mod};
    case TokenType::At:
      return {6, Operator::MatMult};
    default:
      return {};
  }
}

}  // namespace

/// `*value`.
Expr* Parser::starred(Expr* (Parser::*value)()) {
  Mark start = mark_;
  ++mark_;
  Expr* inner = (this->*value)();
  if (inner == nullptr) return fail(start);
  auto* made = node<Starred>(start);
  made->value = inner;
  return made;
}

Expr* Parser::star_expression() {
  return at(TokenType::Star) ? starred(&Parser::bitwise_or) : expression();
}

Expr* Parser::star_named_expression() {
  return at(TokenType::Star) ? starred(&Parser::bitwise_or) : named_expression();
}

Expr* Parser::star_expressions() {
  Mark start = mark_;
  Expr* first = star_expression();
  if (first == nullptr || !at(TokenType::Comma)) return first;
  List<Expr> items(*this);
  items.push(first);
  while (accept(TokenType::Comma)) {
    Expr* item = star_expression();
    if (item == nullptr) break;
    items.push(item);
  }
  auto* tuple = node<Tuple>(start);
  tuple->elts = items.take();
  return tuple;
}

Expr* Parser::expressions() {
  Mark start = mark_;
  Expr* first = expression();
  if (first == nullptr || !at(TokenType::Comma)) return first;
  List<Expr> items(*this);
  items.push(first);
  while (accept(TokenType::Comma)) {
    Expr* item = expression();
    if (item == nullptr) break;
    items.push(item);
  }
  auto* tuple = node<Tuple>(start);
  tuple->elts = items.take();
  return tuple;
}

Expr* Parser::yield_expression() {
  Mark start = mark_;
  if (!accept(TokenType::Yield)) return nullptr;
  if (at(TokenType::From)) {
    ++mark_;
    if (Expr* value = expression()) {
      auto* made = node<YieldFrom>(start);
      made->value = value;
      return made;
    }
    mark_ = start + 1;
  }
  Expr* value = star_expressions();
  auto* made = node<Yield>(start);
  made->value = value;
  return made;
}

Expr* Parser::yield_or_star_expressions() {
  return at(TokenType::Yield) ? yield_expression() : star_expressions();
}

Expr* Parser::named_expression() {
  Mark start = mark_;
  if (at(TokenType::Name) && peek_second().type == TokenType::ColonEqual) {
    auto* target = ast_.make<Name>();
    target->id = identifier(peek());
    ++mark_;
    target->span = span_from(start);
    target->ctx = ExprContext::Store;
    ++mark_;
    Expr* value = expression();
    if (value == nullptr) return fail(start);
    require_version(
        8, start, "Assignment expressions are only supported in Python 3.8 and greater");
    auto* made = node<NamedExpr>(start);
    made->target = target;
    made->value = value;
    return made;
  }
  Expr* value = expression();
  if (hints_) hint_named_expression(start, value, mark_);
  if (value != nullptr && at(TokenType::ColonEqual)) return fail(start);
  return value;
}

Expr* Parser::expression() {
  DepthGuard guard(*this);
  return memoized(Rule::Expression, [this] { return expression_uncached(); });
}

Expr* Parser::expression_uncached() {
  if (at(TokenType::Lambda)) return lambda();
  Mark start = mark_;
  Expr* body = disjunction();
  if (hints_) hint_expression(start, body, mark_);
  if (body == nullptr || !at(TokenType::If)) return body;
  Mark after = mark_;
  ++mark_;
  Expr* test = disjunction();
  Expr* orelse = nullptr;
  if (test != nullptr && accept(TokenType::Else)) orelse = expression();
  if (orelse == nullptr) {
    mark_ = after;
    return body;
  }
  auto* made = node<IfExp>(start);
  made->test = test;
  made->body = body;
  made->orelse = orelse;
  return made;
}

/// An expression read without looking for hints inside it.
Expr* Parser::expression_without_hints() {
  bool hints = hints_;
  hints_ = false;
  Expr* value = expression_uncached();
  hints_ = hints;
  return value;
}

Expr* Parser::lambda() {
  DepthGuard guard(*this);
  Mark start = mark_;
  ++mark_;
  Arguments* args = parameters(ParameterStyle::Lambda);
  if (!accept(TokenType::Colon)) return fail(start);
  Expr* body = expression();
  if (body == nullptr) return fail(start);
  auto* made = node<Lambda>(start);
  made->args = args != nullptr ? args : ast_.make<Arguments>();
  made->body = body;
  return made;
}

Expr* Parser::disjunction() {
  return memoized(Rule::Disjunction, [this] { return disjunction_uncached(); });
}

Expr* Parser::disjunction_uncached() {
  Mark start = mark_;
  Expr* first = conjunction();
  if (first == nullptr || !at(TokenType::Or)) return first;
  List<Expr> values(*this);
  values.push(first);
  while (at(TokenType::Or)) {
    Mark before = mark_++;
    Expr* value = conjunction();
    if (value == nullptr) {
      mark_ = before;
      break;
    }
    values.push(value);
  }
  if (values.size() == 1) return first;
  auto* made = node<BoolOp>(start);
  made->op = BoolOperator::Or;
  made->values = values.take();
  return made;
}

Expr* Parser::conjunction() {
  Mark start = mark_;
  Expr* first = inversion();
  if (first == nullptr || !at(TokenType::And)) return first;
  List<Expr> values(*this);
  values.push(first);
  while (at(TokenType::And)) {
    Mark before = mark_++;
    Expr* value = inversion();
    if (value == nullptr) {
      mark_ = before;
      break;
    }
    values.push(value);
  }
  if (values.size() == 1) return first;
  auto* made = node<BoolOp>(start);
  made->op = BoolOperator::And;
  made->values = values.take();
  return made;
}

Expr* Parser::inversion() {
  if (!at(TokenType::Not)) return comparison();
  DepthGuard guard(*this);
  Mark start = mark_++;
  Expr* operand = inversion();
  if (operand == nullptr) return fail(start);
  auto* made = node<UnaryOp>(start);
  made->op = UnaryOperator::Not;
  made->operand = operand;
  return made;
}

/// Consumes a comparison operator, both words of `not in` and `is not`.
bool Parser::comparison_operator(CmpOperator& op) {
  switch (type()) {
    case TokenType::EqualEqual:
      op = CmpOperator::Eq;
      break;
    case TokenType::NotEqual:
      op = CmpOperator::NotEq;
      break;
    case TokenType::Less:
      op = CmpOperator::Lt;
      break;
    case TokenType::LessEqual:
      op = CmpOperator::LtE;
      break;
    case TokenType::Greater:
      op = CmpOperator::Gt;
      break;
    case TokenType::GreaterEqual:
      op = CmpOperator::GtE;
      break;
    case TokenType::In:
      op = CmpOperator::In;
      break;
    case TokenType::Not:
      ++mark_;
      op = CmpOperator::NotIn;
      return accept(TokenType::In);
    case TokenType::Is:
      ++mark_;
      op = accept(TokenType::Not) ? CmpOperator::IsNot : CmpOperator::Is;
      return true;
    default:
      return false;
  }
  ++mark_;
  return true;
}

Expr* Parser::comparison() {
  Mark start = mark_;
  Expr* left = bitwise_or();
  if (left == nullptr) return nullptr;
  List<Expr> comparators(*this);
  std::pmr::vector<CmpOperator> ops(&memory_);
  for (;;) {
    Mark before = mark_;
    CmpOperator op = CmpOperator::Eq;
    Expr* right = comparison_operator(op) ? bitwise_or() : nullptr;
    if (right == nullptr) {
      mark_ = before;
      break;
    }
    ops.push_back(op);
    comparators.push(right);
  }
  if (comparators.empty()) return left;
  auto* made = node<Compare>(start);
  made->left = left;
  made->ops = {allocate<CmpOperator>(ops.size()), ops.size()};
  for (std::size_t i = 0; i < ops.size(); ++i) made->ops.data[i] = ops[i];
  made->comparators = comparators.take();
  return made;
}

Expr* Parser::bitwise_or() {
  return memoized(Rule::BitwiseOr, [this] { return binary(1); });
}

/// Left-associative operators of at least `min_precedence`; a chain is a loop, however long.
Expr* Parser::binary(int min_precedence) {
  Mark start = mark_;
  Expr* left = factor();
  if (left == nullptr) return nullptr;
  for (;;) {
    BinaryOperator found = binary_operator(type());
    if (found.precedence < min_precedence) return left;
    Mark before = mark_++;
    Expr* right = binary(found.precedence + 1);
    if (right == nullptr) {
      mark_ = before;
      return left;
    }
    auto* made = node<BinOp>(start);
    made->left = left;
    made->op = found.op;
    made->right = right;
    left = made;
  }
}

Expr* Parser::factor() {
  UnaryOperator op = UnaryOperator::UAdd;
  switch (type()) {
    case TokenType::Plus:
      break;
    case TokenType::Minus:
      op = UnaryOperator::USub;
      break;
    case TokenType::Tilde:
      op = UnaryOperator::Invert;
      break;
    default:
      return power();
  }
  DepthGuard guard(*this);
  Mark start = mark_++;
  Expr* operand = factor();
  if (operand == nullptr) return fail(start);
  auto* made = node<UnaryOp>(start);
  made->op = op;
  made->operand = operand;
  return made;
}

Expr* Parser::power() {
  Mark start = mark_;
  Expr* base = await_primary();
  if (base == nullptr || !at(TokenType::DoubleStar)) return base;
  DepthGuard guard(*this, 2);
  Mark before = mark_++;
  Expr* exponent = factor();
  if (exponent == nullptr) {
    mark_ = before;
    return base;
  }
  auto* made = node<BinOp>(start);
  made->left = base;
  made->op = Operator::Pow;
  made->right = exponent;
  return made;
}

Expr* Parser::await_primary() {
  Mark start = mark_;
  if (!accept(TokenType::Await)) return primary();
  Expr* value = primary();
  if (value == nullptr) return fail(start);
  auto* made = node<Await>(start);
  made->value = value;
  return made;
}

}  // namespace ouro::syntax
