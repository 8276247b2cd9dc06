// Checks of a tree that a program made: what the parser guarantees and the compiler relies on.
#include "modules/ast.h"
#include "objects/errors.h"
#include "objects/thread_state.h"

namespace ouro {

namespace {

using namespace syntax;  // NOLINT: the nodes of the whole grammar are named below

class Validator {
 public:
  explicit Validator(ThreadState& ts) : ts_(ts) {}

  Status root(const Mod& mod) {
    if (mod.kind == ModKind::Expression) return expr(mod.expression);
    return body(mod.body, nullptr);
  }

 private:
  using Context = ExprContext;

  Status not_empty(std::size_t count, const char* field, const char* owner) {
    if (count > 0) return kDone;
    return raise_value_error(ts_, "empty {} on {}", field, owner);
  }

  Status name(Identifier text) {
    for (const char* constant : {"None", "True", "False"}) {
      if (text == constant) {
        return raise_value_error(ts_, "identifier field can't represent '{}' constant", constant);
      }
    }
    return kDone;
  }

  // -- statements ---------------------------------------------------------------------------------

  /// `owner` null: the body may be empty.
  Status body(const Seq<Stmt*>& statements, const char* owner, const char* field = "body") {
    if (owner != nullptr) OURO_TRY(not_empty(statements.size(), field, owner));
    for (const Stmt* statement : statements) OURO_TRY(stmt(statement));
    return kDone;
  }

  template <class Function>
  Status function(const Function& node, const char* owner) {
    OURO_TRY(body(node.body, owner));
    OURO_TRY(arguments(*node.args));
    OURO_TRY(exprs(node.decorator_list));
    return optional(node.returns);
  }

  template <class Loop>
  Status for_loop(const Loop& node, const char* owner) {
    OURO_TRY(expr(node.target, Context::Store));
    OURO_TRY(expr(node.iter));
    OURO_TRY(body(node.body, owner));
    return body(node.orelse, nullptr);
  }

  template <class WithNode>
  Status with(const WithNode& node, const char* owner) {
    OURO_TRY(not_empty(node.items.size(), "items", owner));
    for (const WithItem* item : node.items) {
      OURO_TRY(expr(item->context_expr));
      if (item->optional_vars != nullptr) OURO_TRY(expr(item->optional_vars, Context::Store));
    }
    return body(node.body, owner);
  }

  template <class TryNode>
  Status try_statement(const TryNode& node, const char* owner) {
    OURO_TRY(body(node.body, owner));
    if (node.handlers.empty() && node.finalbody.empty()) {
      return raise_value_error(ts_, "{} has neither except handlers nor finalbody", owner);
    }
    if (node.handlers.empty() && !node.orelse.empty()) {
      return raise_value_error(ts_, "{} has orelse but no except handlers", owner);
    }
    for (const ExceptHandler* handler : node.handlers) {
      OURO_TRY(optional(handler->type));
      OURO_TRY(body(handler->body, "ExceptHandler"));
    }
    OURO_TRY(body(node.finalbody, nullptr));
    return body(node.orelse, nullptr);
  }

  Status stmt(const Stmt* node) {
    NativeDepth depth(ts_, " during compilation");
    if (!depth.ok()) return Raised{};
    switch (node->kind) {
      case StmtKind::FunctionDef:
        return function(syntax::as<FunctionDef>(*node), "FunctionDef");
      case StmtKind::AsyncFunctionDef:
        return function(syntax::as<AsyncFunctionDef>(*node), "AsyncFunctionDef");
      case StmtKind::ClassDef: {
        const auto& definition = syntax::as<ClassDef>(*node);
        OURO_TRY(body(definition.body, "ClassDef"));
        OURO_TRY(exprs(definition.bases));
        OURO_TRY(keywords(definition.keywords));
        return exprs(definition.decorator_list);
      }
      case StmtKind::Return:
        return optional(syntax::as<Return>(*node).value);
      case StmtKind::Delete:
        return targets(syntax::as<Delete>(*node).targets, Context::Del, "Delete");
      case StmtKind::Assign:
        OURO_TRY(targets(syntax::as<Assign>(*node).targets, Context::Store, "Assign"));
        return expr(syntax::as<Assign>(*node).value);
      case StmtKind::AugAssign:
        OURO_TRY(expr(syntax::as<AugAssign>(*node).target, Context::Store));
        return expr(syntax::as<AugAssign>(*node).value);
      case StmtKind::AnnAssign: {
        const auto& assign = syntax::as<AnnAssign>(*node);
        if (assign.target->kind != ExprKind::Name && assign.simple) {
          return raise_type_error(ts_, "AnnAssign with simple non-Name target");
        }
        OURO_TRY(expr(assign.target, Context::Store));
        OURO_TRY(optional(assign.value));
        return expr(assign.annotation);
      }
      case StmtKind::For:
        return for_loop(syntax::as<For>(*node), "For");
      case StmtKind::AsyncFor:
        return for_loop(syntax::as<AsyncFor>(*node), "AsyncFor");
      case StmtKind::While:
        OURO_TRY(expr(syntax::as<While>(*node).test));
        OURO_TRY(body(syntax::as<While>(*node).body, "While"));
        return body(syntax::as<While>(*node).orelse, nullptr);
      case StmtKind::If:
        OURO_TRY(expr(syntax::as<If>(*node).test));
        OURO_TRY(body(syntax::as<If>(*node).body, "If"));
        return body(syntax::as<If>(*node).orelse, nullptr);
      case StmtKind::With:
        return with(syntax::as<With>(*node), "With");
      case StmtKind::AsyncWith:
        return with(syntax::as<AsyncWith>(*node), "AsyncWith");
      case StmtKind::Match: {
        const auto& match = syntax::as<Match>(*node);
        OURO_TRY(expr(match.subject));
        OURO_TRY(not_empty(match.cases.size(), "cases", "Match"));
        for (const MatchCase* match_case : match.cases) {
          OURO_TRY(pattern(match_case->pattern, false));
          OURO_TRY(optional(match_case->guard));
          OURO_TRY(body(match_case->body, "match_case"));
        }
        return kDone;
      }
      case StmtKind::Raise: {
        const auto& raised = syntax::as<Raise>(*node);
        if (raised.exc != nullptr) {
          OURO_TRY(expr(raised.exc));
          return optional(raised.cause);
        }
        if (raised.cause == nullptr) return kDone;
        return raise_value_error(ts_, "Raise with cause but no exception");
      }
      case StmtKind::Try:
        return try_statement(syntax::as<Try>(*node), "Try");
      case StmtKind::TryStar:
        return try_statement(syntax::as<TryStar>(*node), "TryStar");
      case StmtKind::Assert:
        OURO_TRY(expr(syntax::as<Assert>(*node).test));
        return optional(syntax::as<Assert>(*node).msg);
      case StmtKind::Import:
        return not_empty(syntax::as<Import>(*node).names.size(), "names", "Import");
      case StmtKind::ImportFrom:
        if (syntax::as<ImportFrom>(*node).level < 0) {
          return raise_value_error(ts_, "Negative ImportFrom level");
        }
        return not_empty(syntax::as<ImportFrom>(*node).names.size(), "names", "ImportFrom");
      case StmtKind::Global:
        return not_empty(syntax::as<Global>(*node).names.size(), "names", "Global");
      case StmtKind::Nonlocal:
        return not_empty(syntax::as<Nonlocal>(*node).names.size(), "names", "Nonlocal");
      case StmtKind::Expr:
        return expr(syntax::as<ExprStmt>(*node).value);
      case StmtKind::Pass:
      case StmtKind::Break:
      case StmtKind::Continue:
        break;
    }
    return kDone;
  }

  // -- expressions --------------------------------------------------------------------------------

  Status targets(const Seq<Expr*>& row, Context context, const char* owner) {
    OURO_TRY(not_empty(row.size(), "targets", owner));
    return exprs(row, context);
  }

  Status optional(const Expr* node) { return node == nullptr ? kDone : expr(node); }

  Status exprs(const Seq<Expr*>& row, Context context = Context::Load, bool none_allowed = false) {
    for (const Expr* node : row) {
      if (node != nullptr) {
        OURO_TRY(expr(node, context));
      } else if (!none_allowed) {
        return raise_value_error(ts_, "None disallowed in expression list");
      }
    }
    return kDone;
  }

  Status keywords(const Seq<Keyword*>& row) {
    for (const Keyword* keyword : row) OURO_TRY(expr(keyword->value));
    return kDone;
  }

  Status annotations(const Seq<Arg*>& row) {
    for (const Arg* arg : row) OURO_TRY(optional(arg->annotation));
    return kDone;
  }

  Status arguments(const Arguments& args) {
    OURO_TRY(annotations(args.posonlyargs));
    OURO_TRY(annotations(args.args));
    if (args.vararg != nullptr) OURO_TRY(optional(args.vararg->annotation));
    OURO_TRY(annotations(args.kwonlyargs));
    if (args.kwarg != nullptr) OURO_TRY(optional(args.kwarg->annotation));
    if (args.defaults.size() > args.posonlyargs.size() + args.args.size()) {
      return raise_value_error(ts_, "more positional defaults than args on arguments");
    }
    if (args.kw_defaults.size() != args.kwonlyargs.size()) {
      return raise_value_error(ts_,
                               "length of kwonlyargs is not the same as kw_defaults on arguments");
    }
    OURO_TRY(exprs(args.defaults));
    return exprs(args.kw_defaults, Context::Load, true);
  }

  Status comprehension(const Seq<Comprehension*>& generators) {
    if (generators.empty()) return raise_value_error(ts_, "comprehension with no generators");
    for (const Comprehension* generator : generators) {
      OURO_TRY(expr(generator->target, Context::Store));
      OURO_TRY(expr(generator->iter));
      OURO_TRY(exprs(generator->ifs));
    }
    return kDone;
  }

  /// The context a node carries; Load for the kinds that carry none.
  static Context context_of(const Expr& node, bool& fixed) {
    fixed = false;
    switch (node.kind) {
      case ExprKind::Attribute:
        return syntax::as<Attribute>(node).ctx;
      case ExprKind::Subscript:
        return syntax::as<Subscript>(node).ctx;
      case ExprKind::Starred:
        return syntax::as<Starred>(node).ctx;
      case ExprKind::Name:
        return syntax::as<Name>(node).ctx;
      case ExprKind::List:
        return syntax::as<syntax::List>(node).ctx;
      case ExprKind::Tuple:
        return syntax::as<syntax::Tuple>(node).ctx;
      default:
        fixed = true;
        return Context::Load;
    }
  }

  Status expr(const Expr* node, Context context = Context::Load) {
    static constexpr const char* kNames[] = {"Load", "Store", "Del"};
    if (node == nullptr) return raise_value_error(ts_, "None disallowed in expression list");
    NativeDepth depth(ts_, " during compilation");
    if (!depth.ok()) return Raised{};
    bool fixed = false;
    const Context actual = context_of(*node, fixed);
    if (fixed && context != Context::Load) {
      return raise_value_error(ts_, "expression which can't be assigned to in {} context",
                               kNames[static_cast<int>(context)]);
    }
    if (actual != context) {
      return raise_value_error(ts_, "expression must have {} context but has {} instead",
                               kNames[static_cast<int>(context)], kNames[static_cast<int>(actual)]);
    }
    return expr_parts(*node, context);
  }

  Status expr_parts(const Expr& node, Context context) {
    switch (node.kind) {
      case ExprKind::BoolOp:
        if (syntax::as<BoolOp>(node).values.size() < 2) {
          return raise_value_error(ts_, "BoolOp with less than 2 values");
        }
        return exprs(syntax::as<BoolOp>(node).values);
      case ExprKind::NamedExpr:
        if (syntax::as<NamedExpr>(node).target->kind != ExprKind::Name) {
          return raise_type_error(ts_, "NamedExpr target must be a Name");
        }
        return expr(syntax::as<NamedExpr>(node).value);
      case ExprKind::BinOp:
        OURO_TRY(expr(syntax::as<BinOp>(node).left));
        return expr(syntax::as<BinOp>(node).right);
      case ExprKind::UnaryOp:
        return expr(syntax::as<UnaryOp>(node).operand);
      case ExprKind::Lambda:
        OURO_TRY(arguments(*syntax::as<Lambda>(node).args));
        return expr(syntax::as<Lambda>(node).body);
      case ExprKind::IfExp:
        OURO_TRY(expr(syntax::as<IfExp>(node).test));
        OURO_TRY(expr(syntax::as<IfExp>(node).body));
        return expr(syntax::as<IfExp>(node).orelse);
      case ExprKind::Dict: {
        const auto& dict = syntax::as<syntax::Dict>(node);
        if (dict.keys.size() != dict.values.size()) {
          return raise_value_error(ts_, "Dict doesn't have the same number of keys as values");
        }
        OURO_TRY(exprs(dict.keys, Context::Load, true));
        return exprs(dict.values);
      }
      case ExprKind::Set:
        OURO_TRY(not_empty(syntax::as<syntax::Set>(node).elts.size(), "elts", "Set"));
        return exprs(syntax::as<syntax::Set>(node).elts);
      case ExprKind::ListComp:
        OURO_TRY(comprehension(syntax::as<ListComp>(node).generators));
        return expr(syntax::as<ListComp>(node).elt);
      case ExprKind::SetComp:
        OURO_TRY(comprehension(syntax::as<SetComp>(node).generators));
        return expr(syntax::as<SetComp>(node).elt);
      case ExprKind::GeneratorExp:
        OURO_TRY(comprehension(syntax::as<GeneratorExp>(node).generators));
        return expr(syntax::as<GeneratorExp>(node).elt);
      case ExprKind::DictComp:
        OURO_TRY(comprehension(syntax::as<DictComp>(node).generators));
        OURO_TRY(expr(syntax::as<DictComp>(node).key));
        return expr(syntax::as<DictComp>(node).value);
      case ExprKind::Await:
        return expr(syntax::as<Await>(node).value);
      case ExprKind::Yield:
        return optional(syntax::as<Yield>(node).value);
      case ExprKind::YieldFrom:
        return expr(syntax::as<YieldFrom>(node).value);
      case ExprKind::Compare: {
        const auto& compare = syntax::as<Compare>(node);
        if (compare.comparators.empty()) {
          return raise_value_error(ts_, "Compare with no comparators");
        }
        if (compare.comparators.size() != compare.ops.size()) {
          return raise_value_error(ts_,
                                   "Compare has a different number of comparators and operands");
        }
        OURO_TRY(exprs(compare.comparators));
        return expr(compare.left);
      }
      case ExprKind::Call:
        OURO_TRY(expr(syntax::as<Call>(node).func));
        OURO_TRY(exprs(syntax::as<Call>(node).args));
        return keywords(syntax::as<Call>(node).keywords);
      case ExprKind::FormattedValue: {
        const auto& value = syntax::as<FormattedValue>(node);
        OURO_TRY(expr(value.value));
        return optional(value.format_spec);
      }
      case ExprKind::JoinedStr:
        return exprs(syntax::as<JoinedStr>(node).values);
      case ExprKind::Constant:
        return kDone;
      case ExprKind::Attribute:
        return expr(syntax::as<Attribute>(node).value);
      case ExprKind::Subscript:
        OURO_TRY(expr(syntax::as<Subscript>(node).slice));
        return expr(syntax::as<Subscript>(node).value);
      case ExprKind::Starred:
        return expr(syntax::as<Starred>(node).value, context);
      case ExprKind::Name:
        return name(syntax::as<Name>(node).id);
      case ExprKind::List:
        return exprs(syntax::as<syntax::List>(node).elts, context);
      case ExprKind::Tuple:
        return exprs(syntax::as<syntax::Tuple>(node).elts, context);
      case ExprKind::Slice:
        OURO_TRY(optional(syntax::as<syntax::Slice>(node).lower));
        OURO_TRY(optional(syntax::as<syntax::Slice>(node).upper));
        return optional(syntax::as<syntax::Slice>(node).step);
    }
    return kDone;
  }

  // -- patterns -----------------------------------------------------------------------------------

  Status capture(Identifier text) {
    if (text == "_") return raise_value_error(ts_, "can't capture name '_' in patterns");
    return name(text);
  }

  static bool is_number(const Expr& node) {
    const auto* constant = try_as<Constant>(&node);
    return constant != nullptr &&
           (constant->value.tag == ConstantTag::Attached ||
            constant->value.tag == ConstantTag::Int || constant->value.tag == ConstantTag::Float ||
            constant->value.tag == ConstantTag::Imaginary);
  }

  // `singletons`: None, True and False may stand there (as keys of a mapping).
  Status literal(const Expr* node, bool singletons) {
    OURO_TRY(expr(node));
    switch (node->kind) {
      case ExprKind::Constant: {
        const ConstantTag tag = syntax::as<Constant>(*node).value.tag;
        const bool is_singleton =
            tag == ConstantTag::None || tag == ConstantTag::True || tag == ConstantTag::False;
        if (is_singleton ? singletons : tag != ConstantTag::Ellipsis) {
          return kDone;
        }
        return raise_value_error(ts_, "unexpected constant inside of a literal pattern");
      }
      case ExprKind::Attribute:
      case ExprKind::JoinedStr:
        return kDone;
      case ExprKind::UnaryOp:
        if (is_number(*syntax::as<UnaryOp>(*node).operand)) return kDone;
        break;
      case ExprKind::BinOp: {
        const auto& sum = syntax::as<BinOp>(*node);
        const Expr* left = sum.left;
        if (const auto* minus = try_as<UnaryOp>(left)) left = minus->operand;
        if (is_number(*left) && is_number(*sum.right)) return kDone;
        break;
      }
      default:
        break;
    }
    return raise_value_error(ts_, "patterns may only match literals and attribute lookups");
  }

  Status patterns(const Seq<Pattern*>& row, bool star_allowed) {
    for (const Pattern* node : row) OURO_TRY(pattern(node, star_allowed));
    return kDone;
  }

  Status class_name(const Expr* node) {
    OURO_TRY(expr(node));
    while (const auto* attribute = try_as<Attribute>(node)) node = attribute->value;
    if (node->kind == ExprKind::Name) return kDone;
    return raise_value_error(ts_, "MatchClass cls field can only contain Name or Attribute nodes.");
  }

  Status pattern(const Pattern* node, bool star_allowed) {
    NativeDepth depth(ts_, " during compilation");
    if (!depth.ok()) return Raised{};
    switch (node->kind) {
      case PatternKind::MatchValue:
        return literal(syntax::as<MatchValue>(*node).value, false);
      case PatternKind::MatchSingleton:
        return kDone;
      case PatternKind::MatchSequence:
        return patterns(syntax::as<MatchSequence>(*node).patterns, true);
      case PatternKind::MatchMapping: {
        const auto& mapping = syntax::as<MatchMapping>(*node);
        if (mapping.keys.size() != mapping.patterns.size()) {
          return raise_value_error(ts_,
                                   "MatchMapping doesn't have the same number of keys as patterns");
        }
        if (!mapping.rest.empty()) OURO_TRY(capture(mapping.rest));
        for (const Expr* key : mapping.keys) OURO_TRY(literal(key, true));
        return patterns(mapping.patterns, false);
      }
      case PatternKind::MatchClass: {
        const auto& match = syntax::as<MatchClass>(*node);
        if (match.kwd_attrs.size() != match.kwd_patterns.size()) {
          return raise_value_error(ts_,
                                   "MatchClass doesn't have the same number of keyword attributes "
                                   "as patterns");
        }
        OURO_TRY(class_name(match.cls));
        for (Identifier attribute : match.kwd_attrs) OURO_TRY(name(attribute));
        OURO_TRY(patterns(match.patterns, false));
        return patterns(match.kwd_patterns, false);
      }
      case PatternKind::MatchStar:
        if (!star_allowed) return raise_value_error(ts_, "can't use MatchStar here");
        return syntax::as<MatchStar>(*node).name.empty()
                   ? kDone
                   : capture(syntax::as<MatchStar>(*node).name);
      case PatternKind::MatchAs: {
        const auto& match = syntax::as<MatchAs>(*node);
        if (!match.name.empty()) OURO_TRY(capture(match.name));
        if (match.pattern == nullptr) return kDone;
        if (match.name.empty()) {
          return raise_value_error(ts_, "MatchAs must specify a target name if a pattern is given");
        }
        return pattern(match.pattern, false);
      }
      case PatternKind::MatchOr:
        if (syntax::as<MatchOr>(*node).patterns.size() < 2) {
          return raise_value_error(ts_, "MatchOr requires at least 2 patterns");
        }
        return patterns(syntax::as<MatchOr>(*node).patterns, false);
    }
    return kDone;
  }

  ThreadState& ts_;
};

}  // namespace

Status validate_ast(ThreadState& ts, const syntax::Mod& root) { return Validator(ts).root(root); }

}  // namespace ouro
