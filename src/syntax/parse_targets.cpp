// Assignment, deletion and loop targets: which expressions may be one, and marking them as such.
#include "syntax/parser_impl.h"

namespace ouro::syntax {

/// A name, attribute or subscript.
bool Parser::is_single_target(const Expr* e) {
  return e->kind == ExprKind::Name || e->kind == ExprKind::Attribute ||
         e->kind == ExprKind::Subscript;
}

namespace {

const Seq<Expr*>* elements_of(const Expr* e) {
  if (const auto* tuple = try_as<Tuple>(e)) return &tuple->elts;
  if (const auto* list = try_as<List>(e)) return &list->elts;
  return nullptr;
}

}  // namespace

bool Parser::is_star_target(const Expr* e) {
  if (const auto* star = try_as<Starred>(e)) {
    return star->value->kind != ExprKind::Starred && is_star_target(star->value);
  }
  if (const Seq<Expr*>* elements = elements_of(e)) {
    for (const Expr* element : *elements) {
      if (!is_star_target(element)) return false;
    }
    return true;
  }
  return is_single_target(e);
}

bool Parser::is_delete_target(const Expr* e) {
  if (const Seq<Expr*>* elements = elements_of(e)) {
    for (const Expr* element : *elements) {
      if (!is_delete_target(element)) return false;
    }
    return true;
  }
  return is_single_target(e);
}

/// Gives `e`, a valid target, and all targets inside it their context.
void Parser::set_context(Expr* e, ExprContext context) {
  switch (e->kind) {
    case ExprKind::Name:
      as<Name>(*e).ctx = context;
      break;
    case ExprKind::Attribute:
      as<Attribute>(*e).ctx = context;
      break;
    case ExprKind::Subscript:
      as<Subscript>(*e).ctx = context;
      break;
    case ExprKind::Starred:
      as<Starred>(*e).ctx = context;
      set_context(as<Starred>(*e).value, context);
      break;
    case ExprKind::Tuple:
      as<Tuple>(*e).ctx = context;
      for (Expr* element : as<Tuple>(*e).elts) set_context(element, context);
      break;
    case ExprKind::List:
      as<syntax::List>(*e).ctx = context;
      for (Expr* element : as<syntax::List>(*e).elts) set_context(element, context);
      break;
    default:
      break;
  }
}

/// One target of a loop, a with or an unpacking: read as a primary, then judged.
Expr* Parser::star_target() {
  Mark start = mark_;
  if (accept(TokenType::Star)) {
    Expr* value = at(TokenType::Star) ? nullptr : star_target();
    if (value == nullptr) return fail(start);
    auto* made = node<Starred>(start);
    made->value = value;
    made->ctx = ExprContext::Store;
    return made;
  }
  Expr* target = primary();
  if (target == nullptr || !is_star_target(target)) return fail(start);
  set_context(target, ExprContext::Store);
  return target;
}

Expr* Parser::star_targets() {
  Mark start = mark_;
  Expr* first = star_target();
  if (first == nullptr || !at(TokenType::Comma)) return first;
  List<Expr> items(*this);
  items.push(first);
  while (accept(TokenType::Comma)) {
    Expr* item = star_target();
    if (item == nullptr) break;
    items.push(item);
  }
  auto* tuple = node<Tuple>(start);
  tuple->elts = items.take();
  tuple->ctx = ExprContext::Store;
  return tuple;
}

Expr* Parser::delete_target() {
  Mark start = mark_;
  Expr* target = primary();
  if (target == nullptr || !is_delete_target(target)) return fail(start);
  set_context(target, ExprContext::Del);
  return target;
}

/// The innermost expression that keeps `e` from being a target, or null.
const Expr* Parser::invalid_target(const Expr* e, Targets kind) {
  switch (e->kind) {
    case ExprKind::List:
    case ExprKind::Tuple:
      for (const Expr* element : *elements_of(e)) {
        if (const Expr* found = invalid_target(element, kind)) return found;
      }
      return nullptr;
    case ExprKind::Starred:
      return kind == Targets::Del ? e : invalid_target(as<Starred>(*e).value, kind);
    case ExprKind::Compare:
      // In `for x in y` read as an expression the target is the left side of `in`.
      if (kind != Targets::For) return e;
      return as<Compare>(*e).ops[0] == CmpOperator::In ? invalid_target(as<Compare>(*e).left, kind)
                                                       : nullptr;
    case ExprKind::Name:
    case ExprKind::Attribute:
    case ExprKind::Subscript:
      return nullptr;
    default:
      return e;
  }
}

}  // namespace ouro::syntax
