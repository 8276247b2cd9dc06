// Statements with blocks.
#include "syntax/parser_impl.h"

namespace ouro::syntax {

/// Null (mark unmoved) when no compound statement parses here; simple statements may still.
Stmt* Parser::compound_statement() {
  switch (type()) {
    case TokenType::If:
      return if_statement();
    case TokenType::While:
      return while_statement();
    case TokenType::For:
      return for_statement();
    case TokenType::With:
      return with_statement();
    case TokenType::Try:
      return try_statement();
    case TokenType::At:
      return decorated();
    case TokenType::Def:
      return function_definition({});
    case TokenType::Class:
      return class_definition({});
    case TokenType::Async:
      switch (peek_second().type) {
        case TokenType::Def:
          return function_definition({});
        case TokenType::For:
          return for_statement();
        case TokenType::With:
          return with_statement();
        default:
          return nullptr;
      }
    case TokenType::Name:
      return peek().text == "match" ? match_statement() : nullptr;
    default:
      return nullptr;
  }
}

/// The indented lines after a colon, or the simple statements on its own line.
bool Parser::block(Seq<Stmt*>& out) {
  DepthGuard guard(*this);
  List<Stmt> body(*this);
  Mark start = mark_;
  if (accept(TokenType::Newline)) {
    if (accept(TokenType::Indent)) {
      if (statements(body) && accept(TokenType::Dedent)) {
        out = body.take();
        return true;
      }
    } else if (hints_) {
      raise_last(FailureKind::IndentationError, "expected an indented block");
    }
  } else if (simple_statements(body)) {
    out = body.take();
    return true;
  }
  mark_ = start;
  return false;
}

/// An if statement with all its elif branches: a loop, since a chain can be long.
Stmt* Parser::if_statement() {
  Mark start = mark_;
  List<If> chain(*this);
  Seq<Stmt*> orelse;
  const char* what = "'if' statement";
  do {
    Mark branch_start = mark_++;
    Expr* test = named_expression();
    if (test == nullptr) return fail(start);
    hint_missing_colon();
    if (!accept(TokenType::Colon)) return fail(start);
    hint_missing_block(what, tokens_[branch_start].line);
    Seq<Stmt*> body;
    if (!block(body)) return fail(start);
    auto* branch = node<If>(branch_start);
    branch->test = test;
    branch->body = body;
    chain.push(branch);
    what = "'elif' statement";
  } while (at(TokenType::Elif));
  if (at(TokenType::Else) && !else_block(orelse)) return fail(start);
  Span end = span_from(start);
  for (std::size_t i = chain.size(); i-- > 0;) {
    If* branch = chain[i];
    branch->span.end_line = end.end_line;
    branch->span.end_col = end.end_col;
    branch->orelse = orelse;
    orelse = i == 0 ? Seq<Stmt*>{} : single<Stmt*>(branch);
  }
  return chain[0];
}

bool Parser::else_block(Seq<Stmt*>& out) {
  Mark start = mark_++;
  expect_forced(TokenType::Colon, ":");
  hint_missing_block("'else' statement", tokens_[start].line);
  return block(out);
}

Stmt* Parser::while_statement() {
  Mark start = mark_++;
  Expr* test = named_expression();
  if (test == nullptr) return fail(start);
  hint_missing_colon();
  if (!accept(TokenType::Colon)) return fail(start);
  hint_missing_block("'while' statement", tokens_[start].line);
  Seq<Stmt*> body;
  Seq<Stmt*> orelse;
  if (!block(body)) return fail(start);
  if (at(TokenType::Else) && !else_block(orelse)) return fail(start);
  auto* made = node<While>(start);
  made->test = test;
  made->body = body;
  made->orelse = orelse;
  return made;
}

Stmt* Parser::for_statement() {
  Mark start = mark_;
  bool is_async = accept(TokenType::Async);
  int line = peek().line;
  ++mark_;
  Expr* target = star_targets();
  if (target == nullptr || !accept(TokenType::In)) {
    if (hints_) hint_for_target(start);
    return fail(start);
  }
  Expr* iter = star_expressions();
  if (iter == nullptr) return fail(start);
  hint_missing_colon();
  if (!accept(TokenType::Colon)) return fail(start);
  hint_missing_block("'for' statement", line);
  Seq<Stmt*> body;
  Seq<Stmt*> orelse;
  if (!block(body)) return fail(start);
  if (at(TokenType::Else) && !else_block(orelse)) return fail(start);
  auto finish = [&](auto* made) -> Stmt* {
    made->target = target;
    made->iter = iter;
    made->body = body;
    made->orelse = orelse;
    return made;
  };
  return is_async ? finish(node<AsyncFor>(start)) : finish(node<For>(start));
}

// ---- with
// ----------------------------------------------------------------------------------------

Stmt* Parser::with_statement() {
  Mark start = mark_;
  if (hints_) {
    hint_with_indent(start);
    mark_ = start;
  }
  bool is_async = accept(TokenType::Async);
  ++mark_;
  Mark items_start = mark_;
  List<WithItem> items(*this);
  // `with (a, b):` is two items, `with (a, b).c:` one expression; only the colon tells.
  Seq<WithItem*> found;
  bool matched = false;
  if (at(TokenType::LeftParen)) {
    List<WithItem> inner(*this);
    matched = with_items(inner, true);
    if (matched) found = inner.take();
  }
  if (!matched) {
    mark_ = items_start;
    matched = with_items(items, false);
    if (matched) found = items.take();
  }
  Seq<Stmt*> body;
  if (!matched || !block(body)) {
    if (hints_) {
      mark_ = start;
      hint_with(start);
    }
    return fail(start);
  }
  auto finish = [&](auto* made) -> Stmt* {
    made->items = found;
    made->body = body;
    return made;
  };
  return is_async ? finish(node<AsyncWith>(start)) : finish(node<With>(start));
}

/// The items with the colon after them.
bool Parser::with_items(List<WithItem>& out, bool parenthesized) {
  const Mark start = mark_;
  if (parenthesized) ++mark_;
  do {
    if (parenthesized && !out.empty() && at(TokenType::RightParen)) break;
    WithItem* item = with_item();
    if (item == nullptr) return false;
    out.push(item);
  } while (accept(TokenType::Comma));
  if (parenthesized && !accept(TokenType::RightParen)) return false;
  if (!accept(TokenType::Colon)) return false;
  if (parenthesized) {
    require_version(
        9, start, "Parenthesized context managers are only supported in Python 3.9 and greater");
  }
  return true;
}

WithItem* Parser::with_item() {
  Mark start = mark_;
  Expr* context = expression();
  if (context == nullptr) return nullptr;
  Expr* vars = nullptr;
  if (at(TokenType::As)) {
    Mark before = mark_++;
    vars = star_target();
    if (vars == nullptr ||
        !(at(TokenType::Comma) || at(TokenType::RightParen) || at(TokenType::Colon))) {
      vars = nullptr;
      mark_ = before;
      if (hints_) {
        hint_with_item(start);
        mark_ = before;
      }
    }
  }
  auto* made = ast_.make<WithItem>();
  made->context_expr = context;
  made->optional_vars = vars;
  return made;
}

// ---- try
// -----------------------------------------------------------------------------------------

Stmt* Parser::try_statement() {
  Mark start = mark_++;
  expect_forced(TokenType::Colon, ":");
  hint_missing_block("'try' statement", tokens_[start].line);
  Seq<Stmt*> body;
  if (!block(body)) {
    // Handlers right after the colon are looked at, too.
    if (hints_) hint_handlers();
    return fail(start);
  }
  if (hints_ && !at(TokenType::Except) && !at(TokenType::Finally)) {
    raise_last("expected 'except' or 'finally' block");
  }
  List<ExceptHandler> handlers(*this);
  bool star = at(TokenType::Except) && peek_second().type == TokenType::Star;
  while (at(TokenType::Except)) {
    bool star_here = peek_second().type == TokenType::Star;
    if (star_here != star) {
      if (hints_) {
        Mark clause = mark_;
        hint_except(clause);
        mark_ = clause;
        hint_mixed_handlers(star_here);
      }
      return fail(start);
    }
    ExceptHandler* handler = except_block(star);
    if (handler == nullptr) return fail(start);
    handlers.push(handler);
  }
  Seq<Stmt*> orelse;
  Seq<Stmt*> finalbody;
  if (!handlers.empty() && at(TokenType::Else) && !else_block(orelse)) return fail(start);
  if (at(TokenType::Finally) && !finally_block(finalbody)) return fail(start);
  if (handlers.empty() && finalbody.empty()) return fail(start);
  auto finish = [&](auto* made) -> Stmt* {
    made->body = body;
    made->handlers = handlers.take();
    made->orelse = orelse;
    made->finalbody = finalbody;
    return made;
  };
  if (star) {
    require_version(11, start, "Exception groups are only supported in Python 3.11 and greater");
  }
  return star ? finish(node<TryStar>(start)) : finish(node<Try>(start));
}

ExceptHandler* Parser::except_block(bool star) {
  Mark start = mark_;
  if (hints_) {
    hint_except_indent(start, star);
    mark_ = start;
  }
  ++mark_;
  if (star) ++mark_;
  Expr* caught = expression();
  Identifier name;
  bool header = caught != nullptr || !star;
  if (caught != nullptr && at(TokenType::As)) {
    ++mark_;
    header = at(TokenType::Name);
    if (header) {
      name = identifier(peek());
      ++mark_;
    }
  }
  Seq<Stmt*> body;
  if (header && accept(TokenType::Colon) && block(body)) {
    auto* made = ast_.make<ExceptHandler>();
    made->span = span_from(start);
    made->type = caught;
    made->name = name;
    made->body = body;
    return made;
  }
  if (hints_) {
    mark_ = start;
    hint_except(start);
  }
  return fail(start);
}

bool Parser::finally_block(Seq<Stmt*>& out) {
  Mark start = mark_++;
  expect_forced(TokenType::Colon, ":");
  hint_missing_block("'finally' statement", tokens_[start].line);
  return block(out);
}

// ---- Definitions
// ---------------------------------------------------------------------------------

Stmt* Parser::decorated() {
  Mark start = mark_;
  List<Expr> decorators(*this);
  while (accept(TokenType::At)) {
    Expr* decorator = named_expression();
    if (decorator == nullptr || !accept(TokenType::Newline)) return fail(start);
    decorators.push(decorator);
  }
  Stmt* made = nullptr;
  if (at(TokenType::Class)) {
    made = class_definition(decorators.take());
  } else if (at(TokenType::Def) || at(TokenType::Async)) {
    made = function_definition(decorators.take());
  }
  return made != nullptr ? made : fail(start);
}

Stmt* Parser::function_definition(Seq<Expr*> decorators) {
  Mark start = mark_;
  bool is_async = accept(TokenType::Async);
  int line = peek().line;
  if (!accept(TokenType::Def) || !at(TokenType::Name)) return fail(start);
  Identifier name = identifier(peek());
  ++mark_;
  expect_forced(TokenType::LeftParen, "(");
  Arguments* args = parameters(ParameterStyle::Def);
  if (!accept(TokenType::RightParen)) return fail(start);
  Expr* returns = nullptr;
  if (at(TokenType::Arrow)) {
    Mark before = mark_++;
    returns = expression();
    if (returns == nullptr) mark_ = before;
  }
  expect_forced(TokenType::Colon, ":");
  hint_missing_block("function definition", line);
  Seq<Stmt*> body;
  if (!block(body)) return fail(start);
  auto finish = [&](auto* made) -> Stmt* {
    made->name = name;
    made->args = args != nullptr ? args : ast_.make<Arguments>();
    made->body = body;
    made->decorator_list = decorators;
    made->returns = returns;
    return made;
  };
  return is_async ? finish(node<AsyncFunctionDef>(start)) : finish(node<FunctionDef>(start));
}

Stmt* Parser::class_definition(Seq<Expr*> decorators) {
  Mark start = mark_++;
  if (!at(TokenType::Name)) return fail(start);
  Identifier name = identifier(peek());
  ++mark_;
  CallArguments bases;
  if (accept(TokenType::LeftParen)) {
    arguments(bases);
    if (!accept(TokenType::RightParen)) return fail(start);
  }
  hint_missing_colon();
  if (!accept(TokenType::Colon)) return fail(start);
  hint_missing_block("class definition", tokens_[start].line);
  Seq<Stmt*> body;
  if (!block(body)) return fail(start);
  auto* made = node<ClassDef>(start);
  made->name = name;
  made->bases = bases.args;
  made->keywords = bases.keywords;
  made->body = body;
  made->decorator_list = decorators;
  return made;
}

}  // namespace ouro::syntax
