// match statements and their patterns.
//
// `match`, `case` and `_` are ordinary names elsewhere: a match statement is tried first, and when
// it does not parse the line is read again as a simple statement.
#include "syntax/parser_impl.h"

namespace ouro::syntax {
namespace {

/// A name before one of these belongs to a longer pattern (a.b, C(), key=).
bool continues_name(TokenType type) {
  return type == TokenType::Dot || type == TokenType::LeftParen || type == TokenType::Equal;
}

}  // namespace

Stmt* Parser::match_statement() {
  Mark start = mark_++;
  Expr* subject = subject_expression();
  if (subject == nullptr) return fail(start);
  if (hints_ && at(TokenType::Newline)) {
    ++mark_;
    raise_last("expected ':'");
  }
  if (!accept(TokenType::Colon)) return fail(start);
  if (!accept(TokenType::Newline)) return fail(start);
  if (!accept(TokenType::Indent)) {
    if (hints_) {
      raise_last(FailureKind::IndentationError,
                 text("expected an indented block after 'match' statement on line %d",
                      tokens_[start].line));
    }
    return fail(start);
  }
  List<MatchCase> cases(*this);
  while (at_soft_keyword("case")) {
    MatchCase* made = case_block();
    if (made == nullptr) break;
    cases.push(made);
  }
  if (cases.empty() || !accept(TokenType::Dedent)) return fail(start);
  auto* made = node<Match>(start);
  made->subject = subject;
  made->cases = cases.take();
  return made;
}

Expr* Parser::subject_expression() {
  Mark start = mark_;
  Expr* first = star_named_expression();
  if (first == nullptr) return nullptr;
  if (!at(TokenType::Comma)) return first->kind == ExprKind::Starred ? fail(start) : first;
  List<Expr> items(*this);
  items.push(first);
  while (accept(TokenType::Comma)) {
    Expr* item = star_named_expression();
    if (item == nullptr) break;
    items.push(item);
  }
  auto* tuple = node<Tuple>(start);
  tuple->elts = items.take();
  return tuple;
}

MatchCase* Parser::case_block() {
  Mark start = mark_++;
  Pattern* pattern_read = patterns();
  if (pattern_read == nullptr) return fail(start);
  Expr* guard = nullptr;
  if (at(TokenType::If)) {
    Mark before = mark_++;
    guard = named_expression();
    if (guard == nullptr) mark_ = before;
  }
  hint_missing_colon();
  if (!accept(TokenType::Colon)) return fail(start);
  hint_missing_block("'case' statement", tokens_[start].line);
  Seq<Stmt*> body;
  if (!block(body)) return fail(start);
  auto* made = ast_.make<MatchCase>();
  made->pattern = pattern_read;
  made->guard = guard;
  made->body = body;
  return made;
}

/// A pattern, or several with commas: a sequence without brackets.
Pattern* Parser::patterns() {
  Mark start = mark_;
  Pattern* first = maybe_star_pattern();
  if (first == nullptr) return nullptr;
  if (!at(TokenType::Comma)) return first->kind == PatternKind::MatchStar ? fail(start) : first;
  List<Pattern> items(*this);
  items.push(first);
  while (accept(TokenType::Comma)) {
    Pattern* item = maybe_star_pattern();
    if (item == nullptr) break;
    items.push(item);
  }
  auto* made = node<MatchSequence>(start);
  made->patterns = items.take();
  return made;
}

Pattern* Parser::maybe_star_pattern() {
  if (!at(TokenType::Star)) return pattern();
  Mark start = mark_++;
  Identifier name;
  if (at_soft_keyword("_")) {
    ++mark_;
  } else if (!capture_target(name)) {
    return fail(start);
  }
  auto* made = node<MatchStar>(start);
  made->name = name;
  return made;
}

/// A name to bind: not `_`, and not the beginning of a longer pattern.
bool Parser::capture_target(Identifier& out) {
  if (!at(TokenType::Name) || peek().text == "_" || continues_name(peek_second().type))
    return false;
  out = identifier(peek());
  ++mark_;
  return true;
}

Pattern* Parser::pattern() {
  DepthGuard guard(*this);
  Mark start = mark_;
  Pattern* inner = or_pattern();
  if (inner == nullptr || !at(TokenType::As)) return inner;
  Mark before = mark_++;
  Identifier name;
  if (!capture_target(name)) {
    if (hints_) {
      if (at_soft_keyword("_")) raise_at(span_of(peek()), "cannot use '_' as a target");
      if (!at(TokenType::Name)) {
        if (Expr* e = expression()) raise_at(e->span, "invalid pattern target");
      }
    }
    mark_ = before;
    return inner;
  }
  auto* made = node<MatchAs>(start);
  made->pattern = inner;
  made->name = name;
  return made;
}

Pattern* Parser::or_pattern() {
  Mark start = mark_;
  Pattern* first = closed_pattern();
  if (first == nullptr || !at(TokenType::VerticalBar)) return first;
  List<Pattern> alternatives(*this);
  alternatives.push(first);
  while (at(TokenType::VerticalBar)) {
    Mark before = mark_++;
    Pattern* next = closed_pattern();
    if (next == nullptr) {
      mark_ = before;
      break;
    }
    alternatives.push(next);
  }
  if (alternatives.size() == 1) return first;
  auto* made = node<MatchOr>(start);
  made->patterns = alternatives.take();
  return made;
}

Pattern* Parser::closed_pattern() {
  Mark start = mark_;
  switch (type()) {
    case TokenType::Number:
    case TokenType::Minus:
    case TokenType::String:
      return literal_or_number_pattern();
    case TokenType::None:
    case TokenType::True:
    case TokenType::False: {
      ConstantTag tag = at(TokenType::None)   ? ConstantTag::None
                        : at(TokenType::True) ? ConstantTag::True
                                              : ConstantTag::False;
      ++mark_;
      auto* made = node<MatchSingleton>(start);
      made->value = tag;
      return made;
    }
    case TokenType::Name:
      return name_pattern();
    case TokenType::LeftParen:
      return group_or_sequence_pattern();
    case TokenType::LeftBracket:
      return list_pattern();
    case TokenType::LeftBrace:
      return mapping_pattern();
    default:
      return nullptr;
  }
}

Pattern* Parser::literal_or_number_pattern() {
  Mark start = mark_;
  Expr* value = at(TokenType::String) ? strings() : signed_number_or_complex();
  if (value == nullptr) return fail(start);
  auto* made = node<MatchValue>(start);
  made->value = value;
  return made;
}

Expr* Parser::signed_number() {
  Mark start = mark_;
  bool negative = accept(TokenType::Minus);
  if (!at(TokenType::Number)) return fail(start);
  Expr* value = number();
  if (!negative) return value;
  auto* made = node<UnaryOp>(start);
  made->op = UnaryOperator::USub;
  made->operand = value;
  return made;
}

/// `1`, `-1` or `-1 + 2j`.
Expr* Parser::signed_number_or_complex() {
  Mark start = mark_;
  Expr* real = signed_number();
  if (real == nullptr || !(at(TokenType::Plus) || at(TokenType::Minus))) return real;
  const Expr* bare = real->kind == ExprKind::UnaryOp ? as<UnaryOp>(*real).operand : real;
  if (as<Constant>(*bare).value.tag == ConstantTag::Imaginary) {
    raise_at(bare->span, "real number required in complex literal");
  }
  Operator op = at(TokenType::Plus) ? Operator::Add : Operator::Sub;
  ++mark_;
  if (!at(TokenType::Number)) return fail(start);
  Expr* imaginary = number();
  if (as<Constant>(*imaginary).value.tag != ConstantTag::Imaginary) {
    raise_at(imaginary->span, "imaginary number required in complex literal");
  }
  auto* made = node<BinOp>(start);
  made->left = real;
  made->op = op;
  made->right = imaginary;
  return made;
}

/// A capture, `_`, a dotted value or a class pattern.
Pattern* Parser::name_pattern() {
  Mark start = mark_;
  Identifier name;
  if (capture_target(name)) {
    auto* made = node<MatchAs>(start);
    made->name = name;
    return made;
  }
  if (peek().text == "_") {
    ++mark_;
    return node<MatchAs>(start);
  }
  Expr* value = name_or_attribute();
  if (at(TokenType::LeftParen)) {
    if (Pattern* made = class_pattern(value, start)) return made;
  }
  if (value->kind == ExprKind::Attribute && !continues_name(type())) {
    auto* made = node<MatchValue>(start);
    made->value = value;
    return made;
  }
  return fail(start);
}

/// `a` or `a.b.c`; a Name token must be next.
Expr* Parser::name_or_attribute() {
  Mark start = mark_;
  auto* name = ast_.make<Name>();
  name->id = identifier(peek());
  ++mark_;
  name->span = span_from(start);
  Expr* value = name;
  while (at(TokenType::Dot)) {
    if (peek_second().type != TokenType::Name) break;
    ++mark_;
    Identifier attr = identifier(peek());
    ++mark_;
    auto* made = node<Attribute>(start);
    made->value = value;
    made->attr = attr;
    value = made;
  }
  return value;
}

Pattern* Parser::class_pattern(Expr* cls, Mark start) {
  Mark open = mark_++;
  List<Pattern> positional(*this);
  std::pmr::vector<Pattern*> values(&memory_);
  std::pmr::vector<Identifier> attrs(&memory_);
  std::pmr::vector<Pattern*> late(&memory_);
  bool comma = true;
  while (comma && !at(TokenType::RightParen)) {
    Mark before = mark_;
    if (at(TokenType::Name) && peek_second().type == TokenType::Equal) {
      if (!late.empty()) break;
      Identifier attr = identifier(peek());
      mark_ += 2;
      Pattern* value = pattern();
      if (value == nullptr) {
        mark_ = before;
        break;
      }
      attrs.push_back(attr);
      values.push_back(value);
    } else if (attrs.empty()) {
      Pattern* value = pattern();
      if (value == nullptr) break;
      positional.push(value);
    } else if (hints_) {
      Pattern* value = pattern();
      if (value == nullptr) break;
      late.push_back(value);
    } else {
      break;
    }
    comma = accept(TokenType::Comma);
  }
  if (!late.empty()) {
    raise_range(late.front()->span, late.back()->span,
                "positional patterns follow keyword patterns");
  }
  if (!accept(TokenType::RightParen)) {
    mark_ = open;
    return nullptr;
  }
  auto* made = node<MatchClass>(start);
  made->cls = cls;
  made->patterns = positional.take();
  made->kwd_attrs = {allocate<Identifier>(attrs.size()), attrs.size()};
  made->kwd_patterns = {allocate<Pattern*>(values.size()), values.size()};
  for (std::size_t i = 0; i < attrs.size(); ++i) {
    made->kwd_attrs.data[i] = attrs[i];
    made->kwd_patterns.data[i] = values[i];
  }
  return made;
}

Pattern* Parser::group_or_sequence_pattern() {
  Mark start = mark_++;
  if (accept(TokenType::RightParen)) return node<MatchSequence>(start);
  Pattern* first = maybe_star_pattern();
  if (first == nullptr) return fail(start);
  if (first->kind != PatternKind::MatchStar && accept(TokenType::RightParen)) return first;
  List<Pattern> items(*this);
  items.push(first);
  bool comma = false;
  while (accept(TokenType::Comma)) {
    comma = true;
    Pattern* item = maybe_star_pattern();
    if (item == nullptr) break;
    items.push(item);
  }
  if (!comma || !accept(TokenType::RightParen)) return fail(start);
  auto* made = node<MatchSequence>(start);
  made->patterns = items.take();
  return made;
}

Pattern* Parser::list_pattern() {
  Mark start = mark_++;
  List<Pattern> items(*this);
  while (Pattern* item = maybe_star_pattern()) {
    items.push(item);
    if (!accept(TokenType::Comma)) break;
  }
  if (!accept(TokenType::RightBracket)) return fail(start);
  auto* made = node<MatchSequence>(start);
  made->patterns = items.take();
  return made;
}

Pattern* Parser::mapping_pattern() {
  Mark start = mark_++;
  std::pmr::vector<Expr*> keys(&memory_);
  List<Pattern> values(*this);
  Identifier rest;
  bool comma = true;
  while (comma && !at(TokenType::RightBrace)) {
    if (accept(TokenType::DoubleStar)) {
      if (!capture_target(rest)) return fail(start);
      accept(TokenType::Comma);
      break;
    }
    Mark key_start = mark_;
    Expr* key = nullptr;
    switch (type()) {
      case TokenType::Number:
      case TokenType::Minus:
        key = signed_number_or_complex();
        break;
      case TokenType::String:
        key = strings();
        break;
      case TokenType::None:
        ++mark_;
        key = constant(key_start, ConstantTag::None);
        break;
      case TokenType::True:
        ++mark_;
        key = constant(key_start, ConstantTag::True);
        break;
      case TokenType::False:
        ++mark_;
        key = constant(key_start, ConstantTag::False);
        break;
      case TokenType::Name:
        key = name_or_attribute();
        if (key->kind != ExprKind::Attribute) key = nullptr;
        break;
      default:
        break;
    }
    if (key == nullptr || !accept(TokenType::Colon)) return fail(start);
    Pattern* value = pattern();
    if (value == nullptr) return fail(start);
    keys.push_back(key);
    values.push(value);
    comma = accept(TokenType::Comma);
  }
  if (!accept(TokenType::RightBrace)) return fail(start);
  auto* made = node<MatchMapping>(start);
  made->keys = {allocate<Expr*>(keys.size()), keys.size()};
  for (std::size_t i = 0; i < keys.size(); ++i) made->keys.data[i] = keys[i];
  made->patterns = values.take();
  made->rest = rest;
  return made;
}

}  // namespace ouro::syntax
