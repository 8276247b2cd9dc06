// Constant folding on the tree.
#include "compile/compiler.h"
#include "compile/passes.h"
#include "objects/bytes.h"
#include "objects/operations.h"
#include "objects/set.h"

namespace ouro::compile {

using syntax::ExprContext;
using syntax::ExprKind;
using syntax::Seq;
using syntax::StmtKind;

namespace {

// Beyond these a folded constant would cost more than it saves.
constexpr std::uint64_t kMaxIntBits = 128;
constexpr std::int64_t kMaxCollectionSize = 256;
constexpr std::int64_t kMaxTextSize = 4096;
constexpr std::int64_t kMaxTotalItems = 1024;

std::uint64_t bit_length(Obj object) {
  const auto* number = as<Int>(object);
  auto width = [](std::uint64_t word) {
    return word == 0 ? 0u : 64u - static_cast<unsigned>(__builtin_clzll(word));
  };
  if (number->is_small()) {
    auto value = static_cast<std::uint64_t>(number->small);
    return width(number->small < 0 ? 0 - value : value);
  }
  std::uint64_t top = number->limb_count() - 1;
  return top * 64 + width(number->limbs[top]);
}

bool is_nonzero_int(Obj object) { return is_int(object) && !as<Int>(object)->is_zero(); }
std::int64_t as_count(Obj object) { return int_clamped(object); }

class Folder {
 public:
  Folder(Context& context, syntax::Ast& ast) : context_(context), ts_(context.ts), ast_(ast) {}

  void run() {
    syntax::Mod& module = *ast_.root();
    if (module.expression != nullptr) fold(module.expression);
    if (module.kind == syntax::ModKind::Module) {
      fold_body(module.body);
    } else {
      fold_statements(module.body);
    }
  }

 private:
  // -- statements
  void fold(Stmt* stmt);
  void fold_statements(const Seq<Stmt*>& body) {
    for (Stmt* stmt : body) fold(stmt);
  }
  void fold_body(const Seq<Stmt*>& body);
  void fold_arguments(const syntax::Arguments& args);
  template <class T>
  void fold_function(T& def);
  template <class T>
  void fold_for(T& loop);
  template <class T>
  void fold_with(T& with);
  template <class T>
  void fold_try(T& stmt);
  void fold(syntax::Pattern* pattern);

  // -- expressions
  void fold(Expr*& expr);
  void fold_optional(Expr*& expr) {
    if (expr != nullptr) fold(expr);
  }
  void fold_all(const Seq<Expr*>& list) {
    for (Expr*& expr : list) fold_optional(expr);
  }
  void fold_keywords(const Seq<syntax::Keyword*>& keywords) {
    for (syntax::Keyword* keyword : keywords) fold(keyword->value);
  }
  void fold_generators(const Seq<syntax::Comprehension*>& generators) {
    for (syntax::Comprehension* generator : generators) {
      fold(generator->target);
      fold(generator->iter);
      fold_all(generator->ifs);
      fold_iterable(generator->iter);
    }
  }
  void fold_unary(Expr*& expr);
  void fold_binary(Expr*& expr);
  void fold_subscript(Expr*& expr);
  void fold_tuple(Expr*& expr);
  void fold_iterable(Expr*& expr);

  // -- values
  Object* value_of(const Expr* expr) { return constant_of(context_, expr); }
  void replace(Expr*& expr, ObjRef value);
  /// Replaces the expression when the operation succeeded; its exception is for the time when the
  /// code runs.
  void replace_if_ok(Expr*& expr, ObjResult result);
  bool all_constant(const Seq<Expr*>& elts) {
    for (const Expr* elt : elts) {
      if (elt->kind != ExprKind::Constant) return false;
    }
    return true;
  }
  Ref<Tuple> tuple_of(const Seq<Expr*>& elts);
  bool may_multiply(Obj left, Obj right);
  bool may_raise_to(Obj base, Obj exponent);
  bool may_shift(Obj value, Obj count);
  std::int64_t limit_items(Obj object, std::int64_t limit);

  Context& context_;
  ThreadState& ts_;
  syntax::Ast& ast_;
};

// ---- Values
// --------------------------------------------------------------------------------------

void Folder::replace(Expr*& expr, ObjRef value) {
  auto* constant = ast_.make<syntax::Constant>();
  constant->span = expr->span;
  constant->value.tag = kFoldedTag;
  context_.constants.attach(*constant, std::move(value));
  expr = constant;
}

void Folder::replace_if_ok(Expr*& expr, ObjResult result) {
  if (result.ok()) {
    replace(expr, result.take());
    return;
  }
  if (pending_matches(ts_, ts_.core.exceptions.KeyboardInterrupt) ||
      pending_matches(ts_, ts_.core.exceptions.MemoryError)) {
    throw CompileFailed{};
  }
  clear_pending(ts_);
}

Ref<Tuple> Folder::tuple_of(const Seq<Expr*>& elts) {
  Ref<Tuple> tuple = must(Tuple::make(ts_, static_cast<std::int64_t>(elts.size())));
  for (std::size_t i = 0; i < elts.size(); ++i)
    tuple->items[i] = ObjRef::share(value_of(elts[i])).release();
  if (!elts.empty()) must(track(ts_, tuple));
  return tuple;
}

/// What is left of `limit` after the items of a tuple or frozenset, nested ones included; negative
/// when too many.
std::int64_t Folder::limit_items(Obj object, std::int64_t limit) {
  if (is_exact_tuple(object)) {
    limit -= as<Tuple>(object)->size;
    for (std::int64_t i = 0; limit >= 0 && i < as<Tuple>(object)->size; ++i) {
      limit = limit_items(as<Tuple>(object)->at(i), limit);
    }
  } else if (is_any_set(object)) {
    limit -= set_size(as<Set>(object));
    std::uint64_t position = 0;
    Obj key;
    while (limit >= 0 && set_next(as<Set>(object), position, key)) limit = limit_items(key, limit);
  }
  return limit;
}

bool Folder::may_multiply(Obj left, Obj right) {
  if (is_int(left) && is_int(right)) {
    return !is_nonzero_int(left) || !is_nonzero_int(right) ||
           bit_length(left) + bit_length(right) <= kMaxIntBits;
  }
  if (!is_int(left)) return !is_int(right) || may_multiply(right, left);
  std::int64_t count = as_count(left);
  if (is_exact_tuple(right) || is_any_set(right)) {
    std::int64_t size = is_exact_tuple(right) ? as<Tuple>(right)->size : set_size(as<Set>(right));
    if (size == 0) return true;
    if (count < 0 || count > kMaxCollectionSize / size) return false;
    return count == 0 || limit_items(right, kMaxTotalItems / count) >= 0;
  }
  if (is_str(right) || is_bytes(right)) {
    std::int64_t size = is_str(right) ? as<Str>(right)->length : as<Bytes>(right)->length;
    return size == 0 || (count >= 0 && count <= kMaxTextSize / size);
  }
  return true;
}

bool Folder::may_raise_to(Obj base, Obj exponent) {
  if (!is_int(base) || !is_int(exponent) || !is_nonzero_int(base) || int_sign(exponent) <= 0)
    return true;
  std::int64_t power = as_count(exponent);
  return bit_length(base) <= kMaxIntBits / static_cast<std::uint64_t>(power);
}

bool Folder::may_shift(Obj value, Obj count) {
  if (!is_int(value) || !is_int(count) || !is_nonzero_int(value) || !is_nonzero_int(count))
    return true;
  std::int64_t places = as_count(count);
  if (places < 0) return false;
  auto wide = static_cast<std::uint64_t>(places);
  return wide <= kMaxIntBits && bit_length(value) <= kMaxIntBits - wide;
}

// ---- Expressions
// ---------------------------------------------------------------------------------

void Folder::fold_unary(Expr*& expr) {
  auto& unary = as<syntax::UnaryOp>(*expr);
  Object* operand = value_of(unary.operand);
  if (operand == nullptr) {
    // not (a is b) and not (a in b) have comparisons of their own. (!= may be defined apart from
    // ==.)
    auto* compare = syntax::try_as<syntax::Compare>(unary.operand);
    if (unary.op != syntax::UnaryOperator::Not || compare == nullptr || compare->ops.size() != 1)
      return;
    switch (compare->ops[0]) {
      case syntax::CmpOperator::Is:
        compare->ops[0] = syntax::CmpOperator::IsNot;
        break;
      case syntax::CmpOperator::IsNot:
        compare->ops[0] = syntax::CmpOperator::Is;
        break;
      case syntax::CmpOperator::In:
        compare->ops[0] = syntax::CmpOperator::NotIn;
        break;
      case syntax::CmpOperator::NotIn:
        compare->ops[0] = syntax::CmpOperator::In;
        break;
      default:
        return;
    }
    expr = compare;
    return;
  }
  switch (unary.op) {
    case syntax::UnaryOperator::Invert:
      replace_if_ok(expr, invert(ts_, operand));
      break;
    case syntax::UnaryOperator::Not:
      replace(expr, ts_.core.bool_ref(!must(is_true(ts_, operand))));
      break;
    case syntax::UnaryOperator::UAdd:
      replace_if_ok(expr, positive(ts_, operand));
      break;
    case syntax::UnaryOperator::USub:
      replace_if_ok(expr, negative(ts_, operand));
      break;
  }
}

void Folder::fold_binary(Expr*& expr) {
  auto& binary = as<syntax::BinOp>(*expr);
  Object* left = value_of(binary.left);
  if (left == nullptr) return;
  if (binary.op == syntax::Operator::Mod && is_exact_str(left)) {
    if (Expr* joined = format_as_joined(context_, ast_, binary, left)) {
      expr = joined;
      return;
    }
  }
  Object* right = value_of(binary.right);
  if (right == nullptr) return;
  switch (binary.op) {
    case syntax::Operator::Mult:
      if (!may_multiply(left, right)) return;
      break;
    case syntax::Operator::Pow:
      if (!may_raise_to(left, right)) return;
      break;
    case syntax::Operator::LShift:
      if (!may_shift(left, right)) return;
      break;
    case syntax::Operator::Mod:
      // A text may hold a format that makes anything of any size.
      if (is_str(left) || is_bytes(left)) return;
      break;
    case syntax::Operator::MatMult:
      return;
    default:
      break;
  }
  replace_if_ok(expr, binary_op(ts_, binary_operator(binary.op), left, right));
}

void Folder::fold_subscript(Expr*& expr) {
  auto& subscript = as<syntax::Subscript>(*expr);
  if (subscript.ctx != ExprContext::Load) return;
  Object* value = value_of(subscript.value);
  Object* index = value_of(subscript.slice);
  if (value == nullptr || index == nullptr) return;
  replace_if_ok(expr, get_item(ts_, value, index));
}

void Folder::fold_tuple(Expr*& expr) {
  auto& tuple = as<syntax::Tuple>(*expr);
  if (tuple.ctx != ExprContext::Load || !all_constant(tuple.elts)) return;
  replace(expr, tuple_of(tuple.elts));
}

/// A list or set that is only looked through or searched need not be one.
void Folder::fold_iterable(Expr*& expr) {
  if (auto* list = syntax::try_as<syntax::List>(expr)) {
    for (const Expr* elt : list->elts) {
      if (elt->kind == ExprKind::Starred) return;
    }
    if (all_constant(list->elts)) {
      replace(expr, tuple_of(list->elts));
      return;
    }
    auto* tuple = ast_.make<syntax::Tuple>();
    tuple->span = list->span;
    tuple->elts = list->elts;
    tuple->ctx = list->ctx;
    expr = tuple;
  } else if (auto* set = syntax::try_as<syntax::Set>(expr)) {
    if (!all_constant(set->elts)) return;
    Ref<Set> frozen = must(Set::create(ts_, ts_.core.types.frozenset));
    for (const Expr* elt : set->elts) must(set_add(ts_, frozen, value_of(elt)));
    replace(expr, std::move(frozen));
  }
}

void Folder::fold(Expr*& expr) {
  DepthGuard depth(context_);
  switch (expr->kind) {
    case ExprKind::BoolOp:
      fold_all(as<syntax::BoolOp>(*expr).values);
      break;
    case ExprKind::NamedExpr:
      fold(as<syntax::NamedExpr>(*expr).value);
      break;
    case ExprKind::BinOp:
      fold(as<syntax::BinOp>(*expr).left);
      fold(as<syntax::BinOp>(*expr).right);
      fold_binary(expr);
      break;
    case ExprKind::UnaryOp:
      fold(as<syntax::UnaryOp>(*expr).operand);
      fold_unary(expr);
      break;
    case ExprKind::Lambda:
      fold_arguments(*as<syntax::Lambda>(*expr).args);
      fold(as<syntax::Lambda>(*expr).body);
      break;
    case ExprKind::IfExp:
      fold(as<syntax::IfExp>(*expr).test);
      fold(as<syntax::IfExp>(*expr).body);
      fold(as<syntax::IfExp>(*expr).orelse);
      break;
    case ExprKind::Dict:
      fold_all(as<syntax::Dict>(*expr).keys);
      fold_all(as<syntax::Dict>(*expr).values);
      break;
    case ExprKind::Set:
      fold_all(as<syntax::Set>(*expr).elts);
      break;
    case ExprKind::ListComp:
      fold(as<syntax::ListComp>(*expr).elt);
      fold_generators(as<syntax::ListComp>(*expr).generators);
      break;
    case ExprKind::SetComp:
      fold(as<syntax::SetComp>(*expr).elt);
      fold_generators(as<syntax::SetComp>(*expr).generators);
      break;
    case ExprKind::DictComp:
      fold(as<syntax::DictComp>(*expr).key);
      fold(as<syntax::DictComp>(*expr).value);
      fold_generators(as<syntax::DictComp>(*expr).generators);
      break;
    case ExprKind::GeneratorExp:
      fold(as<syntax::GeneratorExp>(*expr).elt);
      fold_generators(as<syntax::GeneratorExp>(*expr).generators);
      break;
    case ExprKind::Await:
      fold(as<syntax::Await>(*expr).value);
      break;
    case ExprKind::Yield:
      fold_optional(as<syntax::Yield>(*expr).value);
      break;
    case ExprKind::YieldFrom:
      fold(as<syntax::YieldFrom>(*expr).value);
      break;
    case ExprKind::Compare: {
      auto& compare = as<syntax::Compare>(*expr);
      fold(compare.left);
      fold_all(compare.comparators);
      syntax::CmpOperator last = compare.ops.back();
      if (last == syntax::CmpOperator::In || last == syntax::CmpOperator::NotIn) {
        fold_iterable(compare.comparators.back());
      }
      break;
    }
    case ExprKind::Call:
      fold(as<syntax::Call>(*expr).func);
      fold_all(as<syntax::Call>(*expr).args);
      fold_keywords(as<syntax::Call>(*expr).keywords);
      break;
    case ExprKind::FormattedValue:
      fold(as<syntax::FormattedValue>(*expr).value);
      fold_optional(as<syntax::FormattedValue>(*expr).format_spec);
      break;
    case ExprKind::JoinedStr:
      fold_all(as<syntax::JoinedStr>(*expr).values);
      break;
    case ExprKind::Attribute:
      fold(as<syntax::Attribute>(*expr).value);
      break;
    case ExprKind::Subscript:
      fold(as<syntax::Subscript>(*expr).value);
      fold(as<syntax::Subscript>(*expr).slice);
      fold_subscript(expr);
      break;
    case ExprKind::Starred:
      fold(as<syntax::Starred>(*expr).value);
      break;
    case ExprKind::Slice:
      fold_optional(as<syntax::Slice>(*expr).lower);
      fold_optional(as<syntax::Slice>(*expr).upper);
      fold_optional(as<syntax::Slice>(*expr).step);
      break;
    case ExprKind::List:
      fold_all(as<syntax::List>(*expr).elts);
      break;
    case ExprKind::Tuple:
      fold_all(as<syntax::Tuple>(*expr).elts);
      fold_tuple(expr);
      break;
    case ExprKind::Name:
      if (as<syntax::Name>(*expr).ctx == ExprContext::Load &&
          as<syntax::Name>(*expr).id == "__debug__") {
        replace(expr, ts_.core.bool_ref(context_.options.optimize == 0));
      }
      break;
    case ExprKind::Constant:
      break;
  }
}

// ---- Statements
// ----------------------------------------------------------------------------------

/// A body may start with a docstring; an expression that only folding turned into a text must not
/// become one.
void Folder::fold_body(const Seq<Stmt*>& body) {
  bool had_docstring = docstring_of(context_, body) != nullptr;
  fold_statements(body);
  if (had_docstring || docstring_of(context_, body) == nullptr) return;
  auto& statement = as<syntax::ExprStmt>(*body.front());
  auto* joined = ast_.make<syntax::JoinedStr>();
  joined->span = statement.value->span;
  auto** values = static_cast<Expr**>(ast_.arena().allocate(sizeof(Expr*), alignof(Expr*)));
  values[0] = statement.value;
  joined->values = {values, 1};
  statement.value = joined;
}

void Folder::fold_arguments(const syntax::Arguments& args) {
  if (!context_.future.annotations()) {
    for (const Seq<syntax::Arg*>* list : {&args.posonlyargs, &args.args, &args.kwonlyargs}) {
      for (syntax::Arg* arg : *list) fold_optional(arg->annotation);
    }
    if (args.vararg != nullptr) fold_optional(args.vararg->annotation);
    if (args.kwarg != nullptr) fold_optional(args.kwarg->annotation);
  }
  fold_all(args.kw_defaults);
  fold_all(args.defaults);
}

template <class T>
void Folder::fold_function(T& def) {
  fold_arguments(*def.args);
  fold_body(def.body);
  fold_all(def.decorator_list);
  if (!context_.future.annotations()) fold_optional(def.returns);
}

template <class T>
void Folder::fold_for(T& loop) {
  fold(loop.target);
  fold(loop.iter);
  fold_statements(loop.body);
  fold_statements(loop.orelse);
  fold_iterable(loop.iter);
}

template <class T>
void Folder::fold_with(T& with) {
  for (syntax::WithItem* item : with.items) {
    fold(item->context_expr);
    fold_optional(item->optional_vars);
  }
  fold_statements(with.body);
}

template <class T>
void Folder::fold_try(T& stmt) {
  fold_statements(stmt.body);
  for (syntax::ExceptHandler* handler : stmt.handlers) {
    fold_optional(handler->type);
    fold_statements(handler->body);
  }
  fold_statements(stmt.orelse);
  fold_statements(stmt.finalbody);
}

void Folder::fold(Stmt* stmt) {
  DepthGuard depth(context_);
  switch (stmt->kind) {
    case StmtKind::FunctionDef:
      fold_function(as<syntax::FunctionDef>(*stmt));
      break;
    case StmtKind::AsyncFunctionDef:
      fold_function(as<syntax::AsyncFunctionDef>(*stmt));
      break;
    case StmtKind::ClassDef:
      fold_all(as<syntax::ClassDef>(*stmt).bases);
      fold_keywords(as<syntax::ClassDef>(*stmt).keywords);
      fold_body(as<syntax::ClassDef>(*stmt).body);
      fold_all(as<syntax::ClassDef>(*stmt).decorator_list);
      break;
    case StmtKind::Return:
      fold_optional(as<syntax::Return>(*stmt).value);
      break;
    case StmtKind::Delete:
      fold_all(as<syntax::Delete>(*stmt).targets);
      break;
    case StmtKind::Assign:
      fold_all(as<syntax::Assign>(*stmt).targets);
      fold(as<syntax::Assign>(*stmt).value);
      break;
    case StmtKind::AugAssign:
      fold(as<syntax::AugAssign>(*stmt).target);
      fold(as<syntax::AugAssign>(*stmt).value);
      break;
    case StmtKind::AnnAssign:
      fold(as<syntax::AnnAssign>(*stmt).target);
      if (!context_.future.annotations()) fold(as<syntax::AnnAssign>(*stmt).annotation);
      fold_optional(as<syntax::AnnAssign>(*stmt).value);
      break;
    case StmtKind::For:
      fold_for(as<syntax::For>(*stmt));
      break;
    case StmtKind::AsyncFor: {
      auto& loop = as<syntax::AsyncFor>(*stmt);
      fold(loop.target);
      fold(loop.iter);
      fold_statements(loop.body);
      fold_statements(loop.orelse);
      break;
    }
    case StmtKind::While:
      fold(as<syntax::While>(*stmt).test);
      fold_statements(as<syntax::While>(*stmt).body);
      fold_statements(as<syntax::While>(*stmt).orelse);
      break;
    case StmtKind::If:
      fold(as<syntax::If>(*stmt).test);
      fold_statements(as<syntax::If>(*stmt).body);
      fold_statements(as<syntax::If>(*stmt).orelse);
      break;
    case StmtKind::With:
      fold_with(as<syntax::With>(*stmt));
      break;
    case StmtKind::AsyncWith:
      fold_with(as<syntax::AsyncWith>(*stmt));
      break;
    case StmtKind::Match:
      fold(as<syntax::Match>(*stmt).subject);
      for (syntax::MatchCase* match_case : as<syntax::Match>(*stmt).cases) {
        fold(match_case->pattern);
        fold_optional(match_case->guard);
        fold_statements(match_case->body);
      }
      break;
    case StmtKind::Raise:
      fold_optional(as<syntax::Raise>(*stmt).exc);
      fold_optional(as<syntax::Raise>(*stmt).cause);
      break;
    case StmtKind::Try:
      fold_try(as<syntax::Try>(*stmt));
      break;
    case StmtKind::TryStar:
      fold_try(as<syntax::TryStar>(*stmt));
      break;
    case StmtKind::Assert:
      fold(as<syntax::Assert>(*stmt).test);
      fold_optional(as<syntax::Assert>(*stmt).msg);
      break;
    case StmtKind::Expr:
      fold(as<syntax::ExprStmt>(*stmt).value);
      break;
    case StmtKind::Import:
    case StmtKind::ImportFrom:
    case StmtKind::Global:
    case StmtKind::Nonlocal:
    case StmtKind::Pass:
    case StmtKind::Break:
    case StmtKind::Continue:
      break;
  }
}

void Folder::fold(syntax::Pattern* pattern) {
  DepthGuard depth(context_);
  auto fold_patterns = [this](const Seq<syntax::Pattern*>& patterns) {
    for (syntax::Pattern* item : patterns) fold(item);
  };
  switch (pattern->kind) {
    case syntax::PatternKind::MatchValue:
      fold(as<syntax::MatchValue>(*pattern).value);
      break;
    case syntax::PatternKind::MatchSequence:
      fold_patterns(as<syntax::MatchSequence>(*pattern).patterns);
      break;
    case syntax::PatternKind::MatchMapping:
      fold_all(as<syntax::MatchMapping>(*pattern).keys);
      fold_patterns(as<syntax::MatchMapping>(*pattern).patterns);
      break;
    case syntax::PatternKind::MatchClass:
      fold(as<syntax::MatchClass>(*pattern).cls);
      fold_patterns(as<syntax::MatchClass>(*pattern).patterns);
      fold_patterns(as<syntax::MatchClass>(*pattern).kwd_patterns);
      break;
    case syntax::PatternKind::MatchAs:
      if (as<syntax::MatchAs>(*pattern).pattern != nullptr)
        fold(as<syntax::MatchAs>(*pattern).pattern);
      break;
    case syntax::PatternKind::MatchOr:
      fold_patterns(as<syntax::MatchOr>(*pattern).patterns);
      break;
    case syntax::PatternKind::MatchSingleton:
    case syntax::PatternKind::MatchStar:
      break;
  }
}

}  // namespace

void fold_constants(Context& context, syntax::Ast& ast) { Folder(context, ast).run(); }

}  // namespace ouro::compile
