// Second pass, statements with blocks and parameter lists: see syntax_hints.cpp.
#include "syntax/parser_impl.h"

namespace ouro::syntax {

void Parser::hint_missing_block(const char* what, int line) {
  if (!hints_ || !at(TokenType::Newline)) return;
  ++mark_;
  if (!at(TokenType::Indent)) {
    raise_last(FailureKind::IndentationError,
               text("expected an indented block after %s on line %d", what, line));
  }
  --mark_;
}

// ---- with
// ----------------------------------------------------------------------------------------

/// `expression as expression` where the second cannot be a target.
void Parser::hint_with_item(Mark start) {
  mark_ = start;
  if (expression() == nullptr || !accept(TokenType::As)) return;
  Expr* target = expression();
  if (target != nullptr &&
      (at(TokenType::Comma) || at(TokenType::RightParen) || at(TokenType::Colon))) {
    hint_target(target, Targets::Star);
  }
}

/// The items of a with statement, loosely; mark is behind them when true.
bool Parser::hint_with_header(bool parenthesized) {
  accept(TokenType::Async);
  if (!accept(TokenType::With)) return false;
  if (parenthesized && !accept(TokenType::LeftParen)) return false;
  bool any = false;
  for (;;) {
    Mark before = mark_;
    Expr* context = parenthesized ? expressions() : expression();
    if (context == nullptr) {
      if (any) mark_ = before - 1;  // the comma is not part of the list
      break;
    }
    any = true;
    if (at(TokenType::As)) {
      Mark as = mark_++;
      if (star_target() == nullptr) mark_ = as;
    }
    if (!accept(TokenType::Comma)) break;
  }
  if (!any) return false;
  if (!parenthesized) return true;
  accept(TokenType::Comma);
  return accept(TokenType::RightParen);
}

void Parser::hint_with_indent(Mark start) {
  for (bool parenthesized : {false, true}) {
    mark_ = start;
    int line = at(TokenType::Async) ? peek_second().line : peek().line;
    if (hint_with_header(parenthesized) && accept(TokenType::Colon)) {
      hint_missing_block("'with' statement", line);
    }
  }
}

void Parser::hint_with(Mark start) {
  for (bool parenthesized : {false, true}) {
    mark_ = start;
    if (hint_with_header(parenthesized)) hint_missing_colon();
  }
}

// ---- except
// --------------------------------------------------------------------------------------

void Parser::hint_except_indent(Mark start, bool star) {
  int line = tokens_[start].line;
  mark_ = start + 1;
  if (star) ++mark_;
  Mark type_start = mark_;
  const char* what = star ? "'except*' statement" : "'except' statement";
  if (expression() != nullptr) {
    if (at(TokenType::As)) {
      ++mark_;
      if (!accept(TokenType::Name)) --mark_;
    }
    if (accept(TokenType::Colon)) hint_missing_block(what, line);
  }
  mark_ = type_start;
  if (!star && accept(TokenType::Colon)) hint_missing_block(what, line);
}

void Parser::hint_except(Mark start) {
  auto skip_name = [this] {
    if (!at(TokenType::As)) return;
    ++mark_;
    if (!accept(TokenType::Name)) --mark_;
  };
  mark_ = start + 1;
  bool star = accept(TokenType::Star);
  Mark type_start = mark_;
  if (Expr* first = expression()) {
    Mark after = mark_;
    if (accept(TokenType::Comma) && expressions() != nullptr) {
      skip_name();
      if (accept(TokenType::Colon)) {
        raise_starting_from(first->span, "multiple exception types must be parenthesized");
      }
    }
    mark_ = after;
    skip_name();
    hint_missing_colon();
  }
  mark_ = type_start;
  if (!star) {
    hint_missing_colon();
  } else if (accept(TokenType::Newline) || accept(TokenType::Colon)) {
    raise_last("expected one or more exception types");
  }
}

/// At the except clauses after a colon without a block.
void Parser::hint_handlers() {
  if (!at(TokenType::Except)) return;
  bool star = peek_second().type == TokenType::Star;
  while (at(TokenType::Except)) {
    bool star_here = peek_second().type == TokenType::Star;
    if (star_here != star) {
      hint_mixed_handlers(star_here);
      return;
    }
    if (except_block(star) == nullptr) return;
  }
}

/// At an except clause of the other sort than those before it.
void Parser::hint_mixed_handlers(bool star_here) {
  Mark start = mark_++;
  if (star_here) ++mark_;
  bool caught = expression() != nullptr;
  if (caught && at(TokenType::As)) {
    ++mark_;
    if (!accept(TokenType::Name)) --mark_;
  }
  if ((caught || !star_here) && accept(TokenType::Colon)) {
    raise_range(span_of(tokens_[start]), span_of(tokens_[star_here ? start + 1 : start]),
                "cannot have both 'except' and 'except*' on the same 'try'");
  }
  mark_ = start;
}

// ---- Parameters
// ----------------------------------------------------------------------------------

/// A parameter without default, its comma included.
bool Parser::skip_no_default(ParameterStyle style) {
  Mark start = mark_;
  if (parameter_name(style, false) != nullptr && parameter_end(style)) return true;
  mark_ = start;
  return false;
}

bool Parser::skip_with_default(ParameterStyle style) {
  Mark start = mark_;
  if (parameter_name(style, false) != nullptr && default_value() != nullptr &&
      parameter_end(style)) {
    return true;
  }
  mark_ = start;
  return false;
}

void Parser::skip_maybe_default(ParameterStyle style) {
  while (skip_no_default(style) || skip_with_default(style)) {
  }
}

/// Parameters up to and including a slash.
bool Parser::skip_slash(ParameterStyle style) {
  Mark start = mark_;
  bool any = false;
  while (skip_no_default(style)) any = true;
  while (skip_with_default(style)) any = true;
  if (any && accept(TokenType::Slash) && parameter_end(style)) return true;
  mark_ = start;
  return false;
}

void Parser::hint_parameters(ParameterStyle style) {
  bool lambda = style == ParameterStyle::Lambda;
  Mark start = mark_;
  // A default, then a parameter without one.
  while (skip_no_default(style)) {
  }
  Mark plain_end = mark_;
  bool defaults = false;
  while (skip_with_default(style)) defaults = true;
  if (defaults) {
    Mark after_defaults = mark_;
    if (accept(TokenType::Slash) && !parameter_end(style)) mark_ = after_defaults;
    Span place = span_of(peek());
    Mark before = mark_;
    if (Arg* arg = parameter_name(style, false); arg != nullptr && parameter_end(style)) {
      place = arg->span;
      raise_at(place, "non-default argument follows default argument");
    }
    mark_ = before;
  }
  mark_ = plain_end;
  if (at(TokenType::LeftParen)) {
    Span open = span_of(peek());
    ++mark_;
    bool any = false;
    if (lambda) {
      while (at(TokenType::Name)) {
        any = true;
        ++mark_;
        if (!accept(TokenType::Comma)) break;
      }
    } else {
      while (skip_no_default(style)) any = true;
      accept(TokenType::Comma);
    }
    if (any && at(TokenType::RightParen)) {
      raise_range(open, span_of(peek()),
                  lambda ? "Lambda expression parameters cannot be parenthesized"
                         : "Function parameters cannot be parenthesized");
    }
  }
  mark_ = start;
  if (at(TokenType::Slash)) {
    Span slash = span_of(peek());
    ++mark_;
    if (accept(TokenType::Comma)) raise_at(slash, "at least one argument must precede /");
    mark_ = start;
  }
  bool slash_seen = skip_slash(style);
  if (slash_seen) {
    skip_maybe_default(style);
    if (at(TokenType::Slash)) raise_at(span_of(peek()), "/ may appear only once");
  }
  mark_ = start;
  skip_slash(style);
  skip_maybe_default(style);
  if (accept(TokenType::Star) && (accept(TokenType::Comma) || skip_no_default(style))) {
    skip_maybe_default(style);
    if (at(TokenType::Slash)) raise_at(span_of(peek()), "/ must be ahead of *");
  }
  mark_ = start;
  skip_maybe_default(style);
  if (mark_ != start && accept(TokenType::Slash) && at(TokenType::Star)) {
    raise_at(span_of(peek()), "expected comma between / and *");
  }
}

void Parser::hint_star_parameters(ParameterStyle style) {
  if (!at(TokenType::Star)) return;
  bool lambda = style == ParameterStyle::Lambda;
  TokenType end = lambda ? TokenType::Colon : TokenType::RightParen;
  Span star = span_of(peek());
  Mark after = ++mark_;
  bool bare = accept(end);
  if (!bare && accept(TokenType::Comma)) bare = accept(end) || accept(TokenType::DoubleStar);
  if (bare) {
    const char* message = "named arguments must follow bare *";
    if (lambda) raise_last(message);
    raise_at(star, message);
  }
  mark_ = after;
  if (parameter_name(style, false) != nullptr && at(TokenType::Equal)) {
    raise_at(span_of(peek()), "var-positional argument cannot have default value");
  }
  mark_ = after;
  if (skip_no_default(style) || accept(TokenType::Comma)) {
    skip_maybe_default(style);
    if (at(TokenType::Star)) {
      Span second = span_of(peek());
      ++mark_;
      if (skip_no_default(style) || accept(TokenType::Comma)) {
        raise_at(second, "* argument may appear only once");
      }
    }
  }
}

void Parser::hint_double_star_parameter(ParameterStyle style) {
  if (!accept(TokenType::DoubleStar)) return;
  if (parameter_name(style, false) == nullptr) return;
  if (at(TokenType::Equal)) {
    raise_at(span_of(peek()), "var-keyword argument cannot have default value");
  }
  if (!accept(TokenType::Comma)) return;
  Span next = span_of(peek());
  if (at(TokenType::Star) || at(TokenType::DoubleStar) || at(TokenType::Slash)) {
    raise_at(next, "arguments cannot follow var-keyword argument");
  }
  if (Arg* arg = parameter_name(style, false)) {
    raise_at(arg->span, "arguments cannot follow var-keyword argument");
  }
}

}  // namespace ouro::syntax
