// Second pass, expressions: what was probably meant where an expression went wrong.
//
// Each function looks for one family of mistakes from `start` on and raises when it finds one;
// otherwise it returns and the caller goes on failing. The order of the looks inside a function is
// Python's.
#include "syntax/parser_impl.h"

namespace ouro::syntax {

/// What Python calls an expression of this kind in "cannot assign to ...".
const char* Parser::expression_name(const Expr* e) {
  switch (e->kind) {
    case ExprKind::Attribute:
      return "attribute";
    case ExprKind::Subscript:
      return "subscript";
    case ExprKind::Starred:
      return "starred";
    case ExprKind::Name:
      return "name";
    case ExprKind::List:
      return "list";
    case ExprKind::Tuple:
      return "tuple";
    case ExprKind::Lambda:
      return "lambda";
    case ExprKind::Call:
      return "function call";
    case ExprKind::BoolOp:
    case ExprKind::BinOp:
    case ExprKind::UnaryOp:
      return "expression";
    case ExprKind::GeneratorExp:
      return "generator expression";
    case ExprKind::Yield:
    case ExprKind::YieldFrom:
      return "yield expression";
    case ExprKind::Await:
      return "await expression";
    case ExprKind::ListComp:
      return "list comprehension";
    case ExprKind::SetComp:
      return "set comprehension";
    case ExprKind::DictComp:
      return "dict comprehension";
    case ExprKind::Dict:
      return "dict literal";
    case ExprKind::Set:
      return "set display";
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue:
      return "f-string expression";
    case ExprKind::Compare:
      return "comparison";
    case ExprKind::IfExp:
      return "conditional expression";
    case ExprKind::NamedExpr:
      return "named expression";
    case ExprKind::Slice:
      return "slice";
    case ExprKind::Constant:
      break;
  }
  switch (as<Constant>(*e).value.tag) {
    case ConstantTag::None:
      return "None";
    case ConstantTag::False:
      return "False";
    case ConstantTag::True:
      return "True";
    case ConstantTag::Ellipsis:
      return "ellipsis";
    default:
      return "literal";
  }
}

bool Parser::is_legacy_name(const Expr* e) {
  const auto* name = try_as<Name>(e);
  return name != nullptr && (name->id == "print" || name->id == "exec");
}

/// Two expressions side by side, `a if b` without else, and print without parentheses.
/// `parsed` is the disjunction at `start`, null when there is none, and ends at `after`.
void Parser::hint_expression(Mark start, Expr* parsed, Mark after) {
  if (parsed != nullptr) {
    const Token& first = tokens_[start];
    mark_ = start;
    // kf"..." is a misspelt prefix, and soft keywords do stand before expressions. CPython compares
    // only as many letters as the name has, so the beginnings of soft keywords (`c`, `ma`) count as
    // well.
    auto begins = [&first](std::string_view keyword) { return keyword.starts_with(first.text); };
    bool excluded =
        first.type == TokenType::Name && (begins("match") || begins("case") || begins("_") ||
                                          peek_second().type == TokenType::String);
    mark_ = after;
    if (!excluded) {
      Expr* next = expression_without_hints();
      if (next != nullptr && !is_legacy_name(parsed) && tokens_[mark_ - 1].level != 0) {
        raise_range(parsed->span, next->span, "invalid syntax. Perhaps you forgot a comma?");
      }
      mark_ = after;
    }
    if (accept(TokenType::If)) {
      Expr* test = disjunction();
      if (test != nullptr && !at(TokenType::Else) && !at(TokenType::Colon)) {
        raise_range(parsed->span, test->span, "expected 'else' after 'if' expression");
      }
    }
  }
  mark_ = start;
  hint_legacy_statement(start);
  mark_ = after;
}

void Parser::hint_legacy_statement(Mark start) {
  if (!at(TokenType::Name)) return;
  Span name_span = span_of(peek());
  std::string_view name = peek().text;
  bool legacy = name == "print" || name == "exec";
  ++mark_;
  // What follows any name is read, for the hints inside it.
  if (!at(TokenType::LeftParen)) {
    if (Expr* rest = star_expressions(); rest != nullptr && legacy) {
      int size = static_cast<int>(name.size());
      raise_range(name_span, rest->span,
                  text("Missing parentheses in call to '%.*s'. Did you mean %.*s(...)?", size,
                       name.data(), size, name.data()));
    }
  }
  mark_ = start;
}

/// `f() := x`, `a = b` where only an expression may stand.
void Parser::hint_named_expression(Mark start, Expr* parsed, Mark after) {
  if (parsed != nullptr && accept(TokenType::ColonEqual)) {
    if (expression() != nullptr) {
      raise_at(parsed->span,
               text("cannot use assignment expressions with %s", expression_name(parsed)));
    }
  }
  mark_ = start;
  auto not_chained = [this] { return !at(TokenType::Equal) && !at(TokenType::ColonEqual); };
  if (at(TokenType::Name) && peek_second().type == TokenType::Equal) {
    Span name = span_of(peek());
    mark_ += 2;
    Expr* value = bitwise_or();
    if (value != nullptr && not_chained()) {
      raise_range(name, value->span,
                  "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
    mark_ = start;
  }
  if (parsed != nullptr && !at(TokenType::True) && !at(TokenType::None) && !at(TokenType::False)) {
    Expr* left = bitwise_or();
    // A list, tuple or generator in front could be a target or meant otherwise: only a whole one
    // counts.
    bool display_first = looks_like_display(start);
    if (left != nullptr && !display_first && accept(TokenType::Equal)) {
      Expr* value = bitwise_or();
      if (value != nullptr && not_chained()) {
        raise_at(left->span, text("cannot assign to %s here. Maybe you meant '==' instead of '='?",
                                  expression_name(left)));
      }
    }
  }
  mark_ = after;
}

/// Does a list, tuple or generator expression begin at `start`?
bool Parser::looks_like_display(Mark start) {
  Mark before = mark_;
  mark_ = start;
  const Expr* e = at(TokenType::LeftParen) || at(TokenType::LeftBracket) ? atom() : nullptr;
  bool whole =
      e != nullptr && e->span.line == tokens_[start].line && e->span.col == tokens_[start].col;
  mark_ = before;
  return whole && (e->kind == ExprKind::List || e->kind == ExprKind::Tuple ||
                   e->kind == ExprKind::GeneratorExp);
}

// ---- Assignments
// ---------------------------------------------------------------------------------

/// A list or tuple, in any number of extra parentheses.
Expr* Parser::annotation_list_or_tuple() {
  if (!at(TokenType::LeftBracket) && !at(TokenType::LeftParen)) return nullptr;
  Mark start = mark_;
  Expr* e = atom();
  if (e != nullptr && (e->kind == ExprKind::List || e->kind == ExprKind::Tuple)) return e;
  return fail(start);
}

void Parser::hint_assignment(Mark start) {
  auto at_annotation = [this] { return accept(TokenType::Colon) && expression() != nullptr; };
  mark_ = start;
  if (Expr* e = annotation_list_or_tuple(); e != nullptr && at_annotation()) {
    raise_at(e->span, text("only single target (not %s) can be annotated", expression_name(e)));
  }
  mark_ = start;
  if (Expr* first = star_named_expression(); first != nullptr && accept(TokenType::Comma)) {
    // Any number of lists, not only one: two expressions side by side are read on, too.
    while (star_named_expression() != nullptr) accept(TokenType::Comma);
    if (at_annotation()) raise_at(first->span, "only single target (not tuple) can be annotated");
  }
  mark_ = start;
  if (Expr* e = expression(); e != nullptr && at_annotation()) {
    raise_at(e->span, "illegal target for annotation");
  }
  mark_ = start;
  Mark last_start = start;
  for (;;) {
    Expr* target = star_expressions();
    if (target == nullptr || !is_star_target(target) || !accept(TokenType::Equal)) break;
    last_start = mark_;
  }
  mark_ = last_start;
  if (Expr* e = star_expressions(); e != nullptr && accept(TokenType::Equal)) {
    hint_target(e, Targets::Star);
  }
  mark_ = last_start;
  if (Expr* e = yield_expression(); e != nullptr && accept(TokenType::Equal)) {
    raise_at(e->span, "assignment to yield expression not possible");
  }
  mark_ = start;
  Expr* e = star_expressions();
  if (e != nullptr && type() >= TokenType::PlusEqual && type() <= TokenType::CircumflexEqual &&
      !is_single_target(e)) {
    ++mark_;
    if (yield_or_star_expressions() != nullptr) {
      raise_at(e->span,
               text("'%s' is an illegal expression for augmented assignment", expression_name(e)));
    }
  }
}

void Parser::hint_target(Expr* e, Targets kind) {
  const Expr* bad = invalid_target(e, kind);
  if (bad == nullptr) return;
  raise_at(bad->span, text(kind == Targets::Del ? "cannot delete %s" : "cannot assign to %s",
                           expression_name(bad)));
}

void Parser::hint_delete(Mark start) {
  mark_ = start + 1;
  if (Expr* e = star_expressions()) hint_target(e, Targets::Del);
}

/// From the `async` or `for` at `start`.
void Parser::hint_for_target(Mark start) {
  mark_ = start;
  accept(TokenType::Async);
  if (!accept(TokenType::For)) return;
  if (Expr* e = star_expressions()) hint_target(e, Targets::For);
}

// ---- Displays
// ------------------------------------------------------------------------------------

void Parser::hint_group(Mark start) {
  mark_ = start + 1;
  if (at(TokenType::Star)) {
    Expr* e = starred(&Parser::expression);
    if (e != nullptr && accept(TokenType::RightParen)) {
      raise_at(e->span, "cannot use starred expression here");
    }
  } else if (at(TokenType::DoubleStar)) {
    Span stars = span_of(peek());
    ++mark_;
    if (expression() != nullptr && accept(TokenType::RightParen)) {
      raise_at(stars, "cannot use double starred expression here");
    }
  }
  mark_ = start;
}

void Parser::hint_comprehension(Mark start) {
  mark_ = start;
  bool paren = at(TokenType::LeftParen);
  mark_ = start + 1;
  if (at(TokenType::Star)) {
    Expr* e = starred(&Parser::expression);
    if (e != nullptr && !for_if_clauses().empty()) {
      raise_at(e->span, "iterable unpacking cannot be used in comprehension");
    }
  }
  mark_ = start + 1;
  if (!paren) {
    Expr* first = star_named_expression();
    if (first != nullptr && at(TokenType::Comma)) {
      Span comma = span_of(peek());
      Mark after_comma = ++mark_;
      Expr* last = nullptr;
      while (Expr* item = star_named_expression()) {
        last = item;
        if (!accept(TokenType::Comma)) break;
      }
      const char* message = "did you forget parentheses around the comprehension target?";
      if (last != nullptr && !for_if_clauses().empty())
        raise_range(first->span, last->span, message);
      mark_ = after_comma;
      if (!for_if_clauses().empty()) raise_range(first->span, comma, message);
    }
  }
  mark_ = start;
}

/// From the '{' at `start`: a dict item without its key, colon or value. Python looks for these in
/// the first pass already, where the keys and values are read without hints.
void Parser::hint_dict(Mark start) {
  mark_ = start + 1;
  Mark first = mark_;
  bool any = false;
  // All the items that are right, then the one after them.
  for (;;) {
    Mark before = mark_;
    bool good = false;
    if (accept(TokenType::DoubleStar)) {
      good = bitwise_or() != nullptr;
    } else if (expression() != nullptr && accept(TokenType::Colon)) {
      good = expression() != nullptr;
    }
    if (!good) {
      mark_ = before;
      break;
    }
    any = true;
    if (!accept(TokenType::Comma)) {
      mark_ = start;
      return;
    }
  }
  if (any) {
    Mark item = mark_;
    Expr* key = expression();
    if (key != nullptr && !at(TokenType::Colon)) {
      raise_offsets(FailureKind::SyntaxError, key->span.line, key->span.end_col, key->span.end_line,
                    0, "':' expected after dictionary key");
    }
    mark_ = item;
  } else {
    mark_ = first;
  }
  hint_dict_item();
  mark_ = start;
}

void Parser::hint_dict_item() {
  if (expression() == nullptr || !at(TokenType::Colon)) return;
  Span colon = span_of(peek());
  ++mark_;
  if (at(TokenType::Star)) {
    Span star = span_of(peek());
    ++mark_;
    if (bitwise_or() != nullptr) {
      raise_starting_from(star, "cannot use a starred expression in a dictionary value");
    }
    return;
  }
  if (at(TokenType::RightBrace) || at(TokenType::Comma)) {
    raise_at(colon, "expression expected after dictionary key and ':'");
  }
}

void Parser::hint_dict_comprehension(Mark start) {
  mark_ = start + 1;
  if (!at(TokenType::DoubleStar)) return;
  Span stars = span_of(peek());
  ++mark_;
  if (bitwise_or() != nullptr && !for_if_clauses().empty() && accept(TokenType::RightBrace)) {
    raise_at(stars, "dict unpacking cannot be used in dict comprehension");
  }
}

// ---- Calls
// ---------------------------------------------------------------------------------------

/// From the first argument at `start`, behind the bracket.
void Parser::hint_arguments(Mark start) {
  auto clauses_end = [](const Seq<Comprehension*>& clauses) -> const Expr* {
    const Comprehension* last = clauses.back();
    return last->ifs.empty() ? last->iter : last->ifs.back();
  };
  const char* bare_generator = "Generator expression must be parenthesized";
  CallArguments out;
  mark_ = start;
  Span all;
  bool found = args(out);
  Mark args_end = mark_;
  if (found) all = span_from(start);
  if (found && accept(TokenType::Comma) && at(TokenType::Star)) {
    raise_at(all, "iterable argument unpacking follows keyword argument unpacking");
  }
  mark_ = start;
  if (Expr* e = expression()) {
    Seq<Comprehension*> clauses = for_if_clauses();
    if (!clauses.empty() && accept(TokenType::Comma)) {
      // Whatever follows, the generator should have had brackets; but an error in it comes first.
      CallArguments rest;
      if (!args(rest) && expression() != nullptr) static_cast<void>(for_if_clauses());
      raise_range(e->span, clauses_end(clauses)->span, bare_generator);
    }
  }
  mark_ = start;
  if (at(TokenType::Name) && peek_second().type == TokenType::Equal) {
    Span name = span_of(peek());
    Span equal = span_of(peek_second());
    mark_ += 2;
    if (expression() != nullptr && !for_if_clauses().empty()) {
      raise_range(name, equal, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
  }
  if (!found) return;
  mark_ = args_end;
  Seq<Comprehension*> clauses = for_if_clauses();
  if (!clauses.empty() && out.args.size() > 1) {
    raise_range(out.args.back()->span, clauses_end(clauses)->span, bare_generator);
  }
  mark_ = args_end;
  if (!accept(TokenType::Comma)) return;
  Mark second = mark_;
  if (Expr* e = expression()) {
    clauses = for_if_clauses();
    if (!clauses.empty()) raise_range(e->span, clauses_end(clauses)->span, bare_generator);
  }
  mark_ = second;
  CallArguments more;
  if (args(more)) {
    bool unpacking = false;
    for (const Keyword* keyword : out.keywords) unpacking = unpacking || keyword->arg.empty();
    raise_last(unpacking ? "positional argument follows keyword argument unpacking"
                         : "positional argument follows keyword argument");
  }
}

/// `True=1`, `f()=1` and `a=b for ...` as arguments.
void Parser::hint_keyword_argument() {
  Mark start = mark_;
  Span first = span_of(peek());
  if (at(TokenType::True) || at(TokenType::False) || at(TokenType::None)) {
    std::string_view name = peek().text;
    ++mark_;
    if (at(TokenType::Equal)) {
      raise_range(first, span_of(peek()),
                  text("cannot assign to %.*s", static_cast<int>(name.size()), name.data()));
    }
    mark_ = start;
  }
  if (at(TokenType::Name) && peek_second().type == TokenType::Equal) {
    Span equal = span_of(peek_second());
    mark_ += 2;
    if (expression() != nullptr && !for_if_clauses().empty()) {
      raise_range(first, equal, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
    mark_ = start;
    return;
  }
  Expr* e = expression();
  if (e != nullptr && at(TokenType::Equal)) {
    raise_range(e->span, span_of(peek()),
                "expression cannot contain assignment, perhaps you meant \"==\"?");
  }
  mark_ = start;
}

}  // namespace ouro::syntax
