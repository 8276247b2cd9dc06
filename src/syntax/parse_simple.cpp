// Statements that fit on a line.
#include <string>

#include "syntax/parser_impl.h"

namespace ouro::syntax {
namespace {

bool augmented_operator(TokenType type, Operator& op) {
  static constexpr Operator kOperators[] = {
      Operator::Add,    Operator::Sub,     Operator::Mult,  Operator::Div,    Operator::FloorDiv,
      Operator::Mod,    Operator::MatMult, Operator::Pow,   Operator::LShift, Operator::RShift,
      Operator::BitAnd, Operator::BitOr,   Operator::BitXor};
  if (type < TokenType::PlusEqual || type > TokenType::CircumflexEqual) return false;
  op = kOperators[static_cast<int>(type) - static_cast<int>(TokenType::PlusEqual)];
  return true;
}

}  // namespace

/// Statements up to the first thing that is none; false when there is not even one.
bool Parser::statements(List<Stmt>& out) {
  std::size_t before = out.size();
  while (!at(TokenType::EndMarker) && !at(TokenType::Dedent) && statement(out)) {
  }
  return out.size() != before;
}

bool Parser::statement(List<Stmt>& out) {
  if (Stmt* compound = compound_statement()) {
    out.push(compound);
    return true;
  }
  return simple_statements(out);
}

/// `statement; statement; ...` to the end of the line.
bool Parser::simple_statements(List<Stmt>& out) {
  Mark start = mark_;
  for (;;) {
    Stmt* made = simple_statement();
    if (made == nullptr) break;
    out.push(made);
    bool more = accept(TokenType::Semicolon);
    if (accept(TokenType::Newline)) return true;
    if (!more) break;
  }
  mark_ = start;
  return false;
}

Stmt* Parser::simple_statement() {
  Mark start = mark_;
  switch (type()) {
    case TokenType::Return:
      return return_statement();
    case TokenType::Import:
      return import_name();
    case TokenType::From:
      return import_from();
    case TokenType::Raise:
      return raise_statement();
    case TokenType::Pass:
      ++mark_;
      return node<Pass>(start);
    case TokenType::Break:
      ++mark_;
      return node<Break>(start);
    case TokenType::Continue:
      ++mark_;
      return node<Continue>(start);
    case TokenType::Del:
      return delete_statement();
    case TokenType::Assert:
      return assert_statement();
    case TokenType::Global:
    case TokenType::Nonlocal:
      return scope_statement();
    default:
      return expression_statement();
  }
}

/// An assignment of any kind, or an expression on its own.
Stmt* Parser::expression_statement() {
  Mark start = mark_;
  bool bare_name = at(TokenType::Name);
  Expr* first = yield_or_star_expressions();
  if (first != nullptr) {
    Mark after = mark_;
    Operator op = Operator::Add;
    bool single = is_single_target(first);
    if (at(TokenType::Colon) && single) {
      if (Stmt* made =
              annotated_assignment(start, first, bare_name && first->kind == ExprKind::Name)) {
        return made;
      }
    } else if (at(TokenType::Equal) && is_star_target(first)) {
      if (Stmt* made = assignment_chain(start, first)) return made;
    } else if (single && augmented_operator(type(), op)) {
      ++mark_;
      Expr* value = yield_or_star_expressions();
      if (value == nullptr) {
        mark_ = after;
      } else {
        set_context(first, ExprContext::Store);
        auto* made = node<AugAssign>(start);
        made->target = first;
        made->op = op;
        made->value = value;
        return made;
      }
    }
    mark_ = after;
  }
  if (hints_) {
    Mark after = mark_;
    hint_assignment(start);
    mark_ = after;
  }
  if (first == nullptr) return fail(start);
  auto* made = node<ExprStmt>(start);
  made->value = first;
  return made;
}

Stmt* Parser::annotated_assignment(Mark start, Expr* target, bool simple) {
  ++mark_;
  Expr* annotation = expression();
  if (annotation == nullptr) return nullptr;
  Expr* value = nullptr;
  if (at(TokenType::Equal)) {
    Mark before = mark_++;
    value = yield_or_star_expressions();
    if (value == nullptr) mark_ = before;
  }
  set_context(target, ExprContext::Store);
  auto* made = node<AnnAssign>(start);
  made->target = target;
  made->annotation = annotation;
  made->value = value;
  made->simple = simple;
  return made;
}

/// `first = second = ... = value`, from the first '='.
Stmt* Parser::assignment_chain(Mark start, Expr* first) {
  List<Expr> targets(*this);
  Expr* value = first;
  while (at(TokenType::Equal)) {
    if (!is_star_target(value)) return nullptr;
    targets.push(value);
    ++mark_;
    value = yield_or_star_expressions();
    if (value == nullptr) return nullptr;
  }
  for (std::size_t i = 0; i < targets.size(); ++i) set_context(targets[i], ExprContext::Store);
  auto* made = node<Assign>(start);
  made->targets = targets.take();
  made->value = value;
  return made;
}

Stmt* Parser::return_statement() {
  Mark start = mark_++;
  Expr* value = star_expressions();
  auto* made = node<Return>(start);
  made->value = value;
  return made;
}

Stmt* Parser::raise_statement() {
  Mark start = mark_++;
  Expr* exc = expression();
  Expr* cause = nullptr;
  if (exc != nullptr && at(TokenType::From)) {
    Mark before = mark_++;
    cause = expression();
    if (cause == nullptr) mark_ = before;
  }
  auto* made = node<Raise>(start);
  made->exc = exc;
  made->cause = cause;
  return made;
}

Stmt* Parser::delete_statement() {
  Mark start = mark_++;
  List<Expr> targets(*this);
  while (Expr* target = delete_target()) {
    targets.push(target);
    if (!accept(TokenType::Comma)) break;
  }
  if (!targets.empty() && (at(TokenType::Semicolon) || at(TokenType::Newline))) {
    auto* made = node<Delete>(start);
    made->targets = targets.take();
    return made;
  }
  if (hints_) hint_delete(start);
  return fail(start);
}

Stmt* Parser::assert_statement() {
  Mark start = mark_++;
  Expr* test = expression();
  if (test == nullptr) return fail(start);
  Expr* msg = nullptr;
  if (at(TokenType::Comma)) {
    Mark before = mark_++;
    msg = expression();
    if (msg == nullptr) mark_ = before;
  }
  auto* made = node<Assert>(start);
  made->test = test;
  made->msg = msg;
  return made;
}

/// global and nonlocal.
Stmt* Parser::scope_statement() {
  Mark start = mark_;
  bool is_global = at(TokenType::Global);
  std::pmr::vector<Identifier> names(&memory_);
  do {
    Mark before = mark_++;
    if (!at(TokenType::Name)) {
      mark_ = before;
      break;
    }
    names.push_back(identifier(peek()));
    ++mark_;
  } while (at(TokenType::Comma));
  if (names.empty()) return fail(start);
  Seq<Identifier> seq{allocate<Identifier>(names.size()), names.size()};
  for (std::size_t i = 0; i < names.size(); ++i) seq.data[i] = names[i];
  if (is_global) {
    auto* made = node<Global>(start);
    made->names = seq;
    return made;
  }
  auto* made = node<Nonlocal>(start);
  made->names = seq;
  return made;
}

// ---- Imports
// -------------------------------------------------------------------------------------

/// `a.b.c` as one identifier; white space around the dots is dropped.
bool Parser::dotted_name(Identifier& out) {
  if (!at(TokenType::Name)) return false;
  Mark start = mark_++;
  while (at(TokenType::Dot)) {
    ++mark_;
    if (!at(TokenType::Name)) {
      --mark_;
      break;
    }
    ++mark_;
  }
  if (mark_ == start + 1) {
    out = identifier(tokens_[start]);
    return true;
  }
  std::pmr::string joined(&memory_);
  for (Mark i = start; i < mark_; ++i) joined.append(identifier(tokens_[i]));
  out = copy_text(ast_.arena(), joined);
  return true;
}

Alias* Parser::dotted_as_name() {
  Mark start = mark_;
  Identifier name;
  if (!dotted_name(name)) return nullptr;
  Alias* made = ast_.make<Alias>();
  if (at(TokenType::As)) {
    Mark before = mark_++;
    if (at(TokenType::Name)) {
      made->asname = identifier(peek());
      ++mark_;
    } else {
      mark_ = before;
    }
  }
  made->name = name;
  made->span = span_from(start);
  return made;
}

Stmt* Parser::import_name() {
  Mark start = mark_++;
  List<Alias> names(*this);
  Mark end = mark_;
  while (Alias* name = dotted_as_name()) {
    names.push(name);
    end = mark_;
    if (!accept(TokenType::Comma)) break;
  }
  if (names.empty()) return fail(start);
  mark_ = end;
  auto* made = node<Import>(start);
  made->names = names.take();
  return made;
}

/// `name [as name], ...` without a trailing comma.
bool Parser::import_from_names(List<Alias>& out) {
  Mark end = mark_;
  while (at(TokenType::Name)) {
    Mark start = mark_;
    Alias* made = ast_.make<Alias>();
    made->name = identifier(peek());
    ++mark_;
    if (at(TokenType::As)) {
      Mark before = mark_++;
      if (at(TokenType::Name)) {
        made->asname = identifier(peek());
        ++mark_;
      } else {
        mark_ = before;
      }
    }
    made->span = span_from(start);
    out.push(made);
    end = mark_;
    if (!accept(TokenType::Comma)) break;
  }
  mark_ = end;
  return !out.empty();
}

Stmt* Parser::import_from() {
  Mark start = mark_++;
  int level = 0;
  while (at(TokenType::Dot) || at(TokenType::Ellipsis)) {
    level += at(TokenType::Dot) ? 1 : 3;
    ++mark_;
  }
  Identifier module;
  if (!dotted_name(module) && level == 0) return fail(start);
  if (!accept(TokenType::Import)) return fail(start);
  List<Alias> names(*this);
  Mark names_start = mark_;
  bool found = false;
  if (accept(TokenType::LeftParen)) {
    if (import_from_names(names)) {
      accept(TokenType::Comma);
      found = accept(TokenType::RightParen);
    }
  } else if (at(TokenType::Star)) {
    Alias* all = ast_.make<Alias>();
    all->name = "*";
    ++mark_;
    all->span = span_from(names_start);
    names.push(all);
    found = true;
  } else if (import_from_names(names)) {
    found = !at(TokenType::Comma);
    if (!found && hints_) {
      ++mark_;
      if (accept(TokenType::Newline)) {
        raise_last("trailing comma not allowed without surrounding parentheses");
      }
    }
  }
  if (!found) return fail(start);
  auto* made = node<ImportFrom>(start);
  made->module = module;
  made->names = names.take();
  made->level = level;
  return made;
}

}  // namespace ouro::syntax
