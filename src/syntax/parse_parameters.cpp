// Parameter lists of def and lambda.
//
// A parameter includes the comma after it; without one, the end of the list must follow.
#include "syntax/parser_impl.h"

namespace ouro::syntax {
namespace {

TokenType list_end(bool lambda) { return lambda ? TokenType::Colon : TokenType::RightParen; }

}  // namespace

/// A name with its annotation (never in a lambda).
Arg* Parser::parameter_name(ParameterStyle style, bool star_annotation) {
  Mark start = mark_;
  if (!at(TokenType::Name)) return nullptr;
  Identifier name = identifier(peek());
  ++mark_;
  Expr* annotation = nullptr;
  if (style == ParameterStyle::Def && at(TokenType::Colon)) {
    Mark before = mark_++;
    annotation = star_annotation ? star_expression() : expression();
    if (annotation == nullptr) mark_ = before;
  }
  Arg* made = ast_.make<Arg>();
  made->span = span_from(start);
  made->arg = name;
  made->annotation = annotation;
  return made;
}

/// The comma after a parameter, or a look at the end of the list.
bool Parser::parameter_end(ParameterStyle style) {
  bool lambda = style == ParameterStyle::Lambda;
  if (!accept(TokenType::Comma)) return at(list_end(lambda));
  if (!lambda) static_cast<void>(peek());  // where Python looks for a type comment
  return true;
}

/// `= expression`, or null when there is no default.
Expr* Parser::default_value() {
  Mark start = mark_;
  if (!accept(TokenType::Equal)) return nullptr;
  Expr* value = expression();
  if (value != nullptr) return value;
  // In a lambda the colon is not looked for, so `lambda a=: 1` stays a plain error.
  if (hints_ && (at(TokenType::RightParen) || at(TokenType::Comma))) {
    raise_at(span_of(tokens_[start]), "expected default value expression");
  }
  return fail(start);
}

/// A parameter with its default, which `needs_default` makes obligatory; false (mark unmoved) when
/// none stands here.
bool Parser::parameter(ParameterStyle style, Parameter& out, bool needs_default) {
  Mark start = mark_;
  out.arg = parameter_name(style, false);
  if (out.arg == nullptr) return false;
  out.default_value = default_value();
  if ((out.default_value != nullptr || !needs_default) && parameter_end(style)) return true;
  mark_ = start;
  return false;
}

/// Null when there are no parameters or they do not parse.
Arguments* Parser::parameters(ParameterStyle style) {
  Mark start = mark_;
  if (hints_) {
    hint_parameters(style);
    mark_ = start;
  }
  auto* made = ast_.make<Arguments>();
  List<Arg> plain(*this);
  std::pmr::vector<Expr*> defaults(&memory_);
  for (;;) {
    Parameter parameter_read;
    Mark before = mark_;
    if (parameter(style, parameter_read, !defaults.empty())) {
      if (parameter_read.default_value != nullptr) defaults.push_back(parameter_read.default_value);
      plain.push(parameter_read.arg);
      continue;
    }
    if (at(TokenType::Slash) && !plain.empty() && made->posonlyargs.empty()) {
      ++mark_;
      if (!parameter_end(style)) {
        mark_ = before;
        break;
      }
      require_version(
          8, before, "Positional-only parameters are only supported in Python 3.8 and greater");
      made->posonlyargs = plain.take();
      continue;
    }
    break;
  }
  std::size_t positional_only = made->posonlyargs.size();
  Seq<Arg*> all = plain.take();
  made->args = {all.data + positional_only, all.count - positional_only};
  made->defaults = {allocate<Expr*>(defaults.size()), defaults.size()};
  for (std::size_t i = 0; i < defaults.size(); ++i) made->defaults.data[i] = defaults[i];
  bool star = star_parameters(style, *made);
  if (all.empty() && !star) {
    mark_ = start;
    return nullptr;
  }
  return made;
}

/// From `*` or `**` to the end of the list.
bool Parser::star_parameters(ParameterStyle style, Arguments& out) {
  Mark start = mark_;
  if (hints_) {
    hint_star_parameters(style);
    mark_ = start;
  }
  if (!at(TokenType::Star)) return double_star_parameter(style, out);
  ++mark_;
  bool bare = accept(TokenType::Comma);
  if (!bare) {
    out.vararg = parameter_name(style, true);
    if (out.vararg == nullptr || !parameter_end(style)) {
      out.vararg = nullptr;
      mark_ = start;
      return false;
    }
  }
  List<Arg> names(*this);
  std::pmr::vector<Expr*> defaults(&memory_);
  Parameter read;
  while (parameter(style, read, false)) {
    names.push(read.arg);
    defaults.push_back(read.default_value);
  }
  if (bare && names.empty()) {
    mark_ = start;
    return false;
  }
  out.kwonlyargs = names.take();
  out.kw_defaults = {allocate<Expr*>(defaults.size()), defaults.size()};
  for (std::size_t i = 0; i < defaults.size(); ++i) out.kw_defaults.data[i] = defaults[i];
  double_star_parameter(style, out);
  return true;
}

bool Parser::double_star_parameter(ParameterStyle style, Arguments& out) {
  Mark start = mark_;
  if (hints_) {
    hint_double_star_parameter(style);
    mark_ = start;
  }
  if (!accept(TokenType::DoubleStar)) return false;
  out.kwarg = parameter_name(style, false);
  if (out.kwarg == nullptr || !parameter_end(style)) {
    out.kwarg = nullptr;
    mark_ = start;
    return false;
  }
  return true;
}

}  // namespace ouro::syntax
