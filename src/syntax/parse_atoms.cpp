// Atoms, displays and comprehensions, and what may follow an atom: attributes, calls, subscripts.
#include <charconv>
#include <limits>
#include <string>

#include "syntax/parser_impl.h"

namespace ouro::syntax {

Expr* Parser::primary() {
  return memoized(Rule::Primary, [this] { return primary_uncached(); });
}

Expr* Parser::primary_uncached() {
  Mark start = mark_;
  Expr* value = atom();
  while (value != nullptr) {
    Mark before = mark_;
    Expr* longer = nullptr;
    if (hints_ &&
        (at(TokenType::LeftParen) || at(TokenType::LeftBracket) || at(TokenType::LeftBrace))) {
      hint_comprehension(before);
    }
    switch (type()) {
      case TokenType::Dot:
        ++mark_;
        if (at(TokenType::Name)) {
          Identifier attr = identifier(peek());
          ++mark_;
          auto* made = node<Attribute>(start);
          made->value = value;
          made->attr = attr;
          longer = made;
        }
        break;
      case TokenType::LeftParen:
        longer = call(value, start);
        break;
      case TokenType::LeftBracket:
        longer = subscript(value, start);
        break;
      default:
        return value;
    }
    if (longer == nullptr) {
      mark_ = before;
      return value;
    }
    value = longer;
  }
  return value;
}

Expr* Parser::atom() {
  Mark start = mark_;
  switch (type()) {
    case TokenType::Name: {
      Identifier id = identifier(peek());
      ++mark_;
      auto* made = node<Name>(start);
      made->id = id;
      return made;
    }
    case TokenType::True:
      ++mark_;
      return constant(start, ConstantTag::True);
    case TokenType::False:
      ++mark_;
      return constant(start, ConstantTag::False);
    case TokenType::None:
      ++mark_;
      return constant(start, ConstantTag::None);
    case TokenType::Ellipsis:
      ++mark_;
      return constant(start, ConstantTag::Ellipsis);
    case TokenType::String:
      return strings();
    case TokenType::Number:
      return number();
    case TokenType::LeftParen:
      return parenthesized();
    case TokenType::LeftBracket:
      return list_display();
    case TokenType::LeftBrace:
      return brace_display();
    default:
      return nullptr;
  }
}

Expr* Parser::number() {
  Mark start = mark_;
  std::string_view spelled = peek().text;
  ++mark_;
  auto* made = node<Constant>(start);
  char* digits = allocate<char>(spelled.size());
  std::size_t size = 0;
  for (char c : spelled) {
    if (c != '_') digits[size++] = c;
  }
  std::string_view plain(digits, size);
  ConstantValue& value = made->value;
  if (size > 2 && plain[0] == '0' && (plain[1] | 0x20) >= 'a' && plain[1] != 'e' &&
      plain[1] != 'E' && plain[1] != 'j' && plain[1] != 'J') {
    int kind = plain[1] | 0x20;
    value.tag = ConstantTag::Int;
    value.base = kind == 'x' ? 16 : kind == 'o' ? 8 : 2;
    value.text = plain.substr(2);
    return made;
  }
  bool imaginary = plain.back() == 'j' || plain.back() == 'J';
  if (!imaginary && plain.find_first_of(".eE") == std::string_view::npos) {
    value.tag = ConstantTag::Int;
    value.text = plain;
    int limit = options_.max_int_digits;
    if (limit != 0 && plain.size() > static_cast<std::size_t>(limit)) {
      const Span& span = made->span;
      raise_offsets(
          FailureKind::SyntaxError, span.line, 0, span.end_line, 0,
          text("Exceeds the limit (%d digits) for integer string conversion: value has %zu digits; "
               "use "
               "sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge "
               "integer literals to avoid decimal conversion limits.",
               limit, plain.size()));
    }
    return made;
  }
  value.tag = imaginary ? ConstantTag::Imaginary : ConstantTag::Float;
  if (imaginary) plain.remove_suffix(1);
  auto parsed = std::from_chars(plain.data(), plain.data() + plain.size(), value.number);
  if (parsed.ec == std::errc::result_out_of_range) {
    // Too large or too small: the sign of the exponent, or its absence, tells which.
    bool tiny = plain.find('-') != std::string_view::npos || plain[0] == '.' || plain[0] == '0';
    value.number = tiny ? 0.0 : std::numeric_limits<double>::infinity();
  }
  return made;
}

// ---- Displays
// ------------------------------------------------------------------------------------

/// Appends `item, item, ...` up to `close`, which is consumed; false when it does not stand there.
bool Parser::star_named_list(List<Expr>& items, TokenType close) {
  while (!at(close)) {
    Expr* item = star_named_expression();
    if (item == nullptr) return false;
    items.push(item);
    if (!accept(TokenType::Comma)) break;
  }
  return accept(close);
}

/// What starts with '(': a tuple, a group or a generator expression.
Expr* Parser::parenthesized() {
  Mark start = mark_++;
  if (at(TokenType::Yield)) {
    Expr* value = yield_expression();
    return value != nullptr && accept(TokenType::RightParen) ? value : fail(start);
  }
  List<Expr> items(*this);
  if (accept(TokenType::RightParen)) return node<Tuple>(start);
  Expr* first = star_named_expression();
  if (first != nullptr) {
    bool star = first->kind == ExprKind::Starred;
    if (accept(TokenType::Comma)) {
      items.push(first);
      if (star_named_list(items, TokenType::RightParen)) {
        auto* made = node<Tuple>(start);
        made->elts = items.take();
        return made;
      }
    } else if (!star && accept(TokenType::RightParen)) {
      return first;
    } else if (!star && (at(TokenType::For) || at(TokenType::Async))) {
      Seq<Comprehension*> generators = for_if_clauses();
      if (!generators.empty() && accept(TokenType::RightParen)) {
        auto* made = node<GeneratorExp>(start);
        made->elt = first;
        made->generators = generators;
        return made;
      }
    }
  }
  if (hints_) {
    hint_group(start);
    hint_comprehension(start);
  }
  return fail(start);
}

Expr* Parser::list_display() {
  Mark start = mark_++;
  List<Expr> items(*this);
  if (accept(TokenType::RightBracket)) return node<syntax::List>(start);
  Expr* first = star_named_expression();
  if (first != nullptr) {
    if (first->kind != ExprKind::Starred && (at(TokenType::For) || at(TokenType::Async))) {
      Seq<Comprehension*> generators = for_if_clauses();
      if (!generators.empty() && accept(TokenType::RightBracket)) {
        auto* made = node<ListComp>(start);
        made->elt = first;
        made->generators = generators;
        return made;
      }
    } else {
      items.push(first);
      bool closed = accept(TokenType::Comma) ? star_named_list(items, TokenType::RightBracket)
                                             : accept(TokenType::RightBracket);
      if (closed) {
        auto* made = node<syntax::List>(start);
        made->elts = items.take();
        return made;
      }
    }
  }
  if (hints_) hint_comprehension(start);
  return fail(start);
}

/// What starts with '{': a dict, a set or a comprehension of either.
Expr* Parser::brace_display() {
  Mark start = mark_++;
  if (accept(TokenType::RightBrace)) return node<Dict>(start);
  if (at(TokenType::DoubleStar)) return dict_display(start, nullptr);
  bool walrus = at(TokenType::Name) && peek_second().type == TokenType::ColonEqual;
  Expr* first = star_named_expression();
  if (first != nullptr) {
    bool star = first->kind == ExprKind::Starred;
    if (at(TokenType::Colon) && !star && !walrus) return dict_display(start, first);
    if (!star && (at(TokenType::For) || at(TokenType::Async))) {
      Seq<Comprehension*> generators = for_if_clauses();
      if (!generators.empty() && accept(TokenType::RightBrace)) {
        auto* made = node<SetComp>(start);
        made->elt = first;
        made->generators = generators;
        return made;
      }
    } else {
      List<Expr> items(*this);
      items.push(first);
      bool closed = accept(TokenType::Comma) ? star_named_list(items, TokenType::RightBrace)
                                             : accept(TokenType::RightBrace);
      if (closed) {
        auto* made = node<Set>(start);
        made->elts = items.take();
        return made;
      }
    }
  }
  if (hints_) hint_comprehension(start);
  return fail(start);
}

/// A dict from its first item on: mark is behind `first_key`, or before "**" when that is null.
Expr* Parser::dict_display(Mark start, Expr* first_key) {
  List<Expr> pairs(*this);  // key, value, key, value, ...
  bool closed = false;
  Expr* key = first_key;
  bool first = true;
  for (;;) {
    if (!first && at(TokenType::RightBrace)) {
      closed = true;
      break;
    }
    Expr* value = nullptr;
    if (key == nullptr && accept(TokenType::DoubleStar)) {
      value = bitwise_or();
    } else {
      if (key == nullptr) key = expression();
      if (key == nullptr || !accept(TokenType::Colon)) break;
      value = expression();
    }
    if (value == nullptr) break;
    if (first && key != nullptr && (at(TokenType::For) || at(TokenType::Async))) {
      Seq<Comprehension*> generators = for_if_clauses();
      if (generators.empty() || !accept(TokenType::RightBrace)) break;
      auto* made = node<DictComp>(start);
      made->key = key;
      made->value = value;
      made->generators = generators;
      return made;
    }
    pairs.push(key);
    pairs.push(value);
    key = nullptr;
    first = false;
    if (!accept(TokenType::Comma)) {
      closed = at(TokenType::RightBrace);
      break;
    }
  }
  if (closed) {
    ++mark_;
    auto* made = node<Dict>(start);
    std::size_t count = pairs.size() / 2;
    made->keys = {allocate<Expr*>(count), count};
    made->values = {allocate<Expr*>(count), count};
    for (std::size_t i = 0; i < count; ++i) {
      made->keys.data[i] = pairs[2 * i];
      made->values.data[i] = pairs[2 * i + 1];
    }
    return made;
  }
  memoizing_ = true;
  hint_dict(start);
  if (hints_) {
    hint_dict_comprehension(start);
    hint_comprehension(start);
  }
  return fail(start);
}

// ---- Comprehensions
// ------------------------------------------------------------------------------

Seq<Comprehension*> Parser::for_if_clauses() {
  List<Comprehension> clauses(*this);
  while (at(TokenType::For) || at(TokenType::Async)) {
    Comprehension* clause = for_if_clause();
    if (clause == nullptr) break;
    clauses.push(clause);
  }
  return clauses.take();
}

Comprehension* Parser::for_if_clause() {
  Mark start = mark_;
  bool is_async = accept(TokenType::Async);
  if (!accept(TokenType::For)) return fail(start);
  Expr* target = star_targets();
  if (target == nullptr || !accept(TokenType::In)) {
    if (hints_) hint_for_target(start);
    return fail(start);
  }
  Expr* iter = disjunction();
  if (iter == nullptr) return fail(start);
  List<Expr> ifs(*this);
  while (at(TokenType::If)) {
    Mark before = mark_++;
    Expr* condition = disjunction();
    if (condition == nullptr) {
      mark_ = before;
      break;
    }
    ifs.push(condition);
  }
  auto* made = ast_.make<Comprehension>();
  made->target = target;
  made->iter = iter;
  made->ifs = ifs.take();
  made->is_async = is_async;
  return made;
}

// ---- Subscripts
// ----------------------------------------------------------------------------------

Expr* Parser::subscript(Expr* value, Mark start) {
  ++mark_;
  Mark slices_start = mark_;
  Expr* index = at(TokenType::Star) ? starred(&Parser::expression) : slice();
  if (index == nullptr) return nullptr;
  if (at(TokenType::Comma) || index->kind == ExprKind::Starred) {
    List<Expr> items(*this);
    items.push(index);
    while (accept(TokenType::Comma)) {
      Expr* item = at(TokenType::Star) ? starred(&Parser::expression) : slice();
      if (item == nullptr) break;
      items.push(item);
    }
    auto* tuple = node<Tuple>(slices_start);
    tuple->elts = items.take();
    index = tuple;
  }
  if (!accept(TokenType::RightBracket)) return nullptr;
  auto* made = node<Subscript>(start);
  made->value = value;
  made->slice = index;
  return made;
}

Expr* Parser::slice() {
  Mark start = mark_;
  Expr* lower = at(TokenType::Colon) ? nullptr : named_expression();
  if (lower == nullptr && !at(TokenType::Colon)) return nullptr;
  bool walrus = lower != nullptr && tokens_[start].type == TokenType::Name && mark_ > start + 1 &&
                tokens_[start + 1].type == TokenType::ColonEqual;
  if (walrus || !accept(TokenType::Colon)) return lower;
  Expr* upper = expression();
  Expr* step = nullptr;
  if (accept(TokenType::Colon)) step = expression();
  auto* made = node<Slice>(start);
  made->lower = lower;
  made->upper = upper;
  made->step = step;
  return made;
}

// ---- Calls
// ---------------------------------------------------------------------------------------

Expr* Parser::call(Expr* function, Mark start) {
  Mark open = mark_;
  auto finish = [&](Seq<Expr*> args, Seq<Keyword*> keywords) {
    auto* made = node<Call>(start);
    made->func = function;
    made->args = args;
    made->keywords = keywords;
    return made;
  };
  ++mark_;
  if (accept(TokenType::RightParen)) return finish({}, {});
  CallArguments out;
  Mark first = mark_;
  bool found = args(out);
  if (found && out.args.size() == 1 && out.keywords.empty() &&
      out.args[0]->kind != ExprKind::Starred && (at(TokenType::For) || at(TokenType::Async))) {
    Seq<Comprehension*> generators = for_if_clauses();
    if (!generators.empty() && accept(TokenType::RightParen)) {
      auto* generator = node<GeneratorExp>(open);
      generator->elt = out.args[0];
      generator->generators = generators;
      return finish(single<Expr*>(generator), {});
    }
  } else if (found) {
    accept(TokenType::Comma);
    if (accept(TokenType::RightParen)) return finish(out.args, out.keywords);
  }
  if (hints_) hint_arguments(first);
  return nullptr;
}

/// `args [','] &')'`.
bool Parser::arguments(CallArguments& out) {
  Mark start = mark_;
  if (args(out)) {
    accept(TokenType::Comma);
    if (at(TokenType::RightParen)) return true;
  }
  if (hints_) {
    mark_ = start;
    hint_arguments(start);
  }
  mark_ = start;
  return false;
}

/// A positional argument that is not starred: `x` or `x := y`.
Expr* Parser::positional_argument() {
  Mark start = mark_;
  if (at(TokenType::Name) && peek_second().type == TokenType::ColonEqual) return named_expression();
  Expr* value = expression();
  if (value != nullptr && at(TokenType::ColonEqual)) return fail(start);
  return value;
}

bool Parser::args(CallArguments& out) {
  List<Expr> positional(*this);
  Mark before = mark_;
  for (;;) {
    Expr* value = nullptr;
    if (at(TokenType::Star)) {
      value = starred(&Parser::expression);
    } else if (!at(TokenType::DoubleStar) &&
               !(at(TokenType::Name) && peek_second().type == TokenType::Equal)) {
      value = positional_argument();
      if (value != nullptr && at(TokenType::Equal)) value = nullptr;
    }
    if (value == nullptr) {
      mark_ = before;
      break;
    }
    positional.push(value);
    before = mark_;
    if (!accept(TokenType::Comma)) break;
  }
  std::pmr::vector<Keyword*> keywords(&memory_);
  bool found = !positional.empty();
  mark_ = before;
  if (!found || accept(TokenType::Comma)) {
    bool more = keyword_arguments(positional, keywords);
    if (!more) mark_ = before;
    found = found || more;
  }
  if (!found) return false;
  out.args = positional.take();
  out.keywords = {allocate<Keyword*>(keywords.size()), keywords.size()};
  for (std::size_t i = 0; i < keywords.size(); ++i) out.keywords.data[i] = keywords[i];
  return true;
}

/// `name=value` and `*x` in any order, then `name=value` and `**x` in any order.
bool Parser::keyword_arguments(List<Expr>& args, std::pmr::vector<Keyword*>& keywords) {
  bool any = false;
  bool double_starred = false;
  for (;;) {
    Mark before = mark_;
    if (any && !accept(TokenType::Comma)) return true;
    bool found = !double_starred && keyword_argument(args, keywords, false);
    if (!found && keyword_argument(args, keywords, true)) {
      found = true;
      double_starred = true;
    }
    if (!found) {
      mark_ = before;
      return any;
    }
    any = true;
  }
}

bool Parser::keyword_argument(List<Expr>& args, std::pmr::vector<Keyword*>& keywords,
                              bool double_starred) {
  Mark start = mark_;
  if (hints_) {
    hint_keyword_argument();
    mark_ = start;
  }
  if (!double_starred && at(TokenType::Star)) {
    Expr* value = starred(&Parser::expression);
    if (value != nullptr) args.push(value);
    return value != nullptr;
  }
  Identifier name;
  if (double_starred && at(TokenType::DoubleStar)) {
    ++mark_;
  } else if (at(TokenType::Name) && peek_second().type == TokenType::Equal) {
    name = identifier(peek());
    mark_ += 2;
  } else {
    return false;
  }
  Expr* value = expression();
  if (value == nullptr) {
    mark_ = start;
    return false;
  }
  auto* made = ast_.make<Keyword>();
  made->span = span_from(start);
  made->arg = name;
  made->value = value;
  keywords.push_back(made);
  return true;
}

}  // namespace ouro::syntax
