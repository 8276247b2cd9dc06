// First pass over the names: which scopes there are and how each name is used in them.
#include "compile/symbol_table.h"

namespace ouro::compile {

using syntax::Identifier;
using syntax::Pattern;
using syntax::Seq;

Symbol& Scope::at(std::string_view symbol_name) {
  auto [place, is_new] = index.try_emplace(symbol_name, symbols.size());
  if (is_new) symbols.push_back({symbol_name, 0, Binding::Unknown});
  return symbols[place->second];
}

/// Walks the tree in the order in which Python looks at it, which decides what error is found
/// first.
class SymbolCollector {
 public:
  SymbolCollector(Context& context, std::pmr::unordered_map<const void*, Scope*>& scopes)
      : context_(context), scopes_(scopes) {}

  Scope* collect(const syntax::Mod& module) {
    enter("top", ScopeType::Module, &module, kNoSpan);
    Scope* top = current_;
    if (module.expression != nullptr) visit(module.expression);
    visit_body(module.body);
    leave();
    return top;
  }

 private:
  void enter(std::string_view name, ScopeType type, const void* node, const Span& span) {
    void* place = context_.scratch.allocate(sizeof(Scope), alignof(Scope));
    auto* scope = ::new (place) Scope(type, name, current_, span, context_.scratch);
    if (current_ != nullptr) {
      scope->nested = current_->nested || current_->type == ScopeType::Function;
      scope->iterable_depth = current_->iterable_depth;
      // Names in an annotation that stays text mean nothing to the scopes around it.
      if (type != ScopeType::Annotation) current_->children.push_back(scope);
    } else {
      global_ = scope;
    }
    if (type != ScopeType::Annotation) scopes_.emplace(node, scope);
    current_ = scope;
  }
  void leave() { current_ = current_->parent; }

  std::string_view mangled(std::string_view name) { return context_.mangle(class_name_, name); }
  unsigned flags_of(std::string_view name) {
    Symbol* symbol = current_->find(mangled(name));
    return symbol == nullptr ? 0 : symbol->flags;
  }

  void add(std::string_view name, unsigned flags, const Span& span) {
    add_to(*current_, name, flags, span);
  }
  void add_to(Scope& scope, std::string_view plain_name, unsigned flags, const Span& span) {
    std::string_view name = mangled(plain_name);
    Symbol& symbol = scope.at(name);
    if ((flags & kDefParameter) != 0 && (symbol.flags & kDefParameter) != 0) {
      context_.symbol_error(span, "duplicate argument '{}' in function definition", plain_name);
    }
    unsigned all = symbol.flags | flags;
    if (current_->in_iteration_target) {
      // An inner loop may not take a name that `:=` in an outer part of the comprehension binds
      // further out.
      if ((all & (kDefGlobal | kDefNonlocal)) != 0) {
        context_.symbol_error(
            span, "comprehension inner loop cannot rebind assignment expression target '{}'",
            plain_name);
      }
      all |= kDefIteration;
    }
    symbol.flags = static_cast<std::uint16_t>(all);
    if ((flags & kDefParameter) != 0) {
      scope.parameters.push_back(name);
    } else if ((flags & kDefGlobal) != 0) {
      // `global x` anywhere makes x a name of the module.
      Symbol& global = global_->at(name);
      global.flags = static_cast<std::uint16_t>(global.flags | flags);
    }
  }

  // -- statements
  void visit_body(const Seq<Stmt*>& body) {
    for (const Stmt* statement : body) visit(statement);
  }
  void visit(const Stmt* stmt);
  void visit_function(const Stmt& stmt, Identifier name, const syntax::Arguments& args,
                      const Seq<Stmt*>& body, const Seq<Expr*>& decorators, const Expr* returns,
                      bool is_async);
  void visit_class(const syntax::ClassDef& stmt);
  void visit_annotated(const syntax::AnnAssign& stmt);
  void visit_declaration(const Stmt& stmt, const Seq<Identifier>& names, bool global);
  void visit_for(const Expr* target, const Expr* iter, const Seq<Stmt*>& body,
                 const Seq<Stmt*>& orelse);
  void visit_with(const Seq<syntax::WithItem*>& items, const Seq<Stmt*>& body);
  template <class T>
  void visit_try(const T& stmt);
  void visit_aliases(const Seq<syntax::Alias*>& names);
  void visit_parameters(const syntax::Arguments& args);
  void visit_defaults(const syntax::Arguments& args);
  void visit_argument_annotations(const Stmt& stmt, const syntax::Arguments& args,
                                  const Expr* returns);
  void visit_annotation(const Expr* annotation);

  // -- expressions, patterns
  void visit_all(const Seq<Expr*>& list) {
    for (const Expr* expr : list) {
      if (expr != nullptr) visit(expr);
    }
  }
  void visit(const Expr* expr);
  void visit_optional(const Expr* expr) {
    if (expr != nullptr) visit(expr);
  }
  void visit_lambda(const syntax::Lambda& expr);
  void visit_named(const syntax::NamedExpr& expr);
  void extend_named_scope(const Expr& target);
  void visit_name(const syntax::Name& expr);
  void visit_comprehension(const Expr& expr, std::string_view name, ComprehensionKind kind,
                           const Expr* elt, const Expr* value,
                           const Seq<syntax::Comprehension*>& generators);
  void visit_generator_part(const syntax::Comprehension& part, bool outermost);
  void visit(const Pattern* pattern);
  void visit_patterns(const Seq<Pattern*>& patterns) {
    for (const Pattern* pattern : patterns) visit(pattern);
  }
  void refuse_in_annotation(const char* what, const Expr& expr) {
    if (current_->type != ScopeType::Annotation) return;
    context_.symbol_error(expr.span, "'{}' can not be used within an annotation", what);
  }
  void refuse_in_comprehension(const Expr& expr);

  Context& context_;
  std::pmr::unordered_map<const void*, Scope*>& scopes_;
  Scope* current_ = nullptr;
  Scope* global_ = nullptr;
  std::string_view class_name_;
};

SymbolTable::SymbolTable(Context& context, const syntax::Mod& module) : scopes_(&context.scratch) {
  top_ = SymbolCollector(context, scopes_).collect(module);
  resolve_bindings(context, *top_);
}

// ---- Statements
// ----------------------------------------------------------------------------------

void SymbolCollector::visit(const Stmt* stmt) {
  DepthGuard depth(context_);
  switch (stmt->kind) {
    case syntax::StmtKind::FunctionDef: {
      const auto& def = as<syntax::FunctionDef>(*stmt);
      visit_function(def, def.name, *def.args, def.body, def.decorator_list, def.returns, false);
      break;
    }
    case syntax::StmtKind::AsyncFunctionDef: {
      const auto& def = as<syntax::AsyncFunctionDef>(*stmt);
      visit_function(def, def.name, *def.args, def.body, def.decorator_list, def.returns, true);
      break;
    }
    case syntax::StmtKind::ClassDef:
      visit_class(as<syntax::ClassDef>(*stmt));
      break;
    case syntax::StmtKind::Return:
      visit_optional(as<syntax::Return>(*stmt).value);
      break;
    case syntax::StmtKind::Delete:
      visit_all(as<syntax::Delete>(*stmt).targets);
      break;
    case syntax::StmtKind::Assign:
      visit_all(as<syntax::Assign>(*stmt).targets);
      visit(as<syntax::Assign>(*stmt).value);
      break;
    case syntax::StmtKind::AugAssign:
      visit(as<syntax::AugAssign>(*stmt).target);
      visit(as<syntax::AugAssign>(*stmt).value);
      break;
    case syntax::StmtKind::AnnAssign:
      visit_annotated(as<syntax::AnnAssign>(*stmt));
      break;
    case syntax::StmtKind::For: {
      const auto& loop = as<syntax::For>(*stmt);
      visit_for(loop.target, loop.iter, loop.body, loop.orelse);
      break;
    }
    case syntax::StmtKind::AsyncFor: {
      const auto& loop = as<syntax::AsyncFor>(*stmt);
      visit_for(loop.target, loop.iter, loop.body, loop.orelse);
      break;
    }
    case syntax::StmtKind::While:
      visit(as<syntax::While>(*stmt).test);
      visit_body(as<syntax::While>(*stmt).body);
      visit_body(as<syntax::While>(*stmt).orelse);
      break;
    case syntax::StmtKind::If:
      visit(as<syntax::If>(*stmt).test);
      visit_body(as<syntax::If>(*stmt).body);
      visit_body(as<syntax::If>(*stmt).orelse);
      break;
    case syntax::StmtKind::With:
      visit_with(as<syntax::With>(*stmt).items, as<syntax::With>(*stmt).body);
      break;
    case syntax::StmtKind::AsyncWith:
      visit_with(as<syntax::AsyncWith>(*stmt).items, as<syntax::AsyncWith>(*stmt).body);
      break;
    case syntax::StmtKind::Match:
      visit(as<syntax::Match>(*stmt).subject);
      for (const syntax::MatchCase* match_case : as<syntax::Match>(*stmt).cases) {
        visit(match_case->pattern);
        visit_optional(match_case->guard);
        visit_body(match_case->body);
      }
      break;
    case syntax::StmtKind::Raise:
      visit_optional(as<syntax::Raise>(*stmt).exc);
      visit_optional(as<syntax::Raise>(*stmt).cause);
      break;
    case syntax::StmtKind::Try:
      visit_try(as<syntax::Try>(*stmt));
      break;
    case syntax::StmtKind::TryStar:
      visit_try(as<syntax::TryStar>(*stmt));
      break;
    case syntax::StmtKind::Assert:
      visit(as<syntax::Assert>(*stmt).test);
      visit_optional(as<syntax::Assert>(*stmt).msg);
      break;
    case syntax::StmtKind::Import:
      visit_aliases(as<syntax::Import>(*stmt).names);
      break;
    case syntax::StmtKind::ImportFrom:
      visit_aliases(as<syntax::ImportFrom>(*stmt).names);
      break;
    case syntax::StmtKind::Global:
      visit_declaration(*stmt, as<syntax::Global>(*stmt).names, true);
      break;
    case syntax::StmtKind::Nonlocal:
      visit_declaration(*stmt, as<syntax::Nonlocal>(*stmt).names, false);
      break;
    case syntax::StmtKind::Expr:
      visit(as<syntax::ExprStmt>(*stmt).value);
      break;
    case syntax::StmtKind::Pass:
    case syntax::StmtKind::Break:
    case syntax::StmtKind::Continue:
      break;
  }
}

void SymbolCollector::visit_function(const Stmt& stmt, Identifier name,
                                     const syntax::Arguments& args, const Seq<Stmt*>& body,
                                     const Seq<Expr*>& decorators, const Expr* returns,
                                     bool is_async) {
  add(name, kDefLocal, stmt.span);
  visit_defaults(args);
  visit_argument_annotations(stmt, args, returns);
  visit_all(decorators);
  enter(name, ScopeType::Function, &stmt, stmt.span);
  current_->coroutine = is_async;
  visit_parameters(args);
  visit_body(body);
  leave();
}

void SymbolCollector::visit_class(const syntax::ClassDef& stmt) {
  add(stmt.name, kDefLocal, stmt.span);
  visit_all(stmt.bases);
  for (const syntax::Keyword* keyword : stmt.keywords) visit(keyword->value);
  visit_all(stmt.decorator_list);
  enter(stmt.name, ScopeType::Class, &stmt, stmt.span);
  std::string_view outer_class = std::exchange(class_name_, stmt.name);
  visit_body(stmt.body);
  class_name_ = outer_class;
  leave();
}

void SymbolCollector::visit_annotated(const syntax::AnnAssign& stmt) {
  if (const auto* name = syntax::try_as<syntax::Name>(stmt.target)) {
    unsigned flags = flags_of(name->id);
    if (stmt.simple && (flags & (kDefGlobal | kDefNonlocal)) != 0 && current_ != global_) {
      context_.symbol_error(stmt.span,
                            (flags & kDefGlobal) != 0 ? "annotated name '{}' can't be global"
                                                      : "annotated name '{}' can't be nonlocal",
                            name->id);
    }
    if (stmt.simple) {
      add(name->id, kDefAnnotated | kDefLocal, name->span);
    } else if (stmt.value != nullptr) {
      add(name->id, kDefLocal, name->span);
    }
  } else {
    visit(stmt.target);
  }
  visit_annotation(stmt.annotation);
  visit_optional(stmt.value);
}

void SymbolCollector::visit_declaration(const Stmt& stmt, const Seq<Identifier>& names,
                                        bool global) {
  for (Identifier name : names) {
    unsigned flags = flags_of(name);
    const char* kind = global ? "global" : "nonlocal";
    if ((flags & kDefParameter) != 0) {
      context_.symbol_error(stmt.span, "name '{}' is parameter and {}", name, kind);
    } else if ((flags & kUsed) != 0) {
      context_.symbol_error(stmt.span, "name '{}' is used prior to {} declaration", name, kind);
    } else if ((flags & kDefAnnotated) != 0) {
      context_.symbol_error(stmt.span, "annotated name '{}' can't be {}", name, kind);
    } else if ((flags & kDefLocal) != 0) {
      context_.symbol_error(stmt.span, "name '{}' is assigned to before {} declaration", name,
                            kind);
    }
    add(name, global ? kDefGlobal : kDefNonlocal, stmt.span);
    current_->directives.push_back({mangled(name), stmt.span});
  }
}

void SymbolCollector::visit_for(const Expr* target, const Expr* iter, const Seq<Stmt*>& body,
                                const Seq<Stmt*>& orelse) {
  visit(target);
  visit(iter);
  visit_body(body);
  visit_body(orelse);
}

void SymbolCollector::visit_with(const Seq<syntax::WithItem*>& items, const Seq<Stmt*>& body) {
  for (const syntax::WithItem* item : items) {
    visit(item->context_expr);
    visit_optional(item->optional_vars);
  }
  visit_body(body);
}

template <class T>
void SymbolCollector::visit_try(const T& stmt) {
  visit_body(stmt.body);
  visit_body(stmt.orelse);
  for (const syntax::ExceptHandler* handler : stmt.handlers) {
    visit_optional(handler->type);
    if (!handler->name.empty()) add(handler->name, kDefLocal, handler->span);
    visit_body(handler->body);
  }
  visit_body(stmt.finalbody);
}

void SymbolCollector::visit_aliases(const Seq<syntax::Alias*>& names) {
  for (const syntax::Alias* alias : names) {
    std::string_view name = alias->asname.empty() ? alias->name : alias->asname;
    if (name != "*") {
      add(name.substr(0, name.find('.')), kDefImport, alias->span);
    } else if (current_->type != ScopeType::Module) {
      context_.symbol_error(alias->span, "import * only allowed at module level");
    }
  }
}

void SymbolCollector::visit_parameters(const syntax::Arguments& args) {
  for (const Seq<syntax::Arg*>* list : {&args.posonlyargs, &args.args, &args.kwonlyargs}) {
    for (const syntax::Arg* arg : *list) add(arg->arg, kDefParameter, arg->span);
  }
  if (args.vararg != nullptr) {
    add(args.vararg->arg, kDefParameter, args.vararg->span);
    current_->has_varargs = true;
  }
  if (args.kwarg != nullptr) {
    add(args.kwarg->arg, kDefParameter, args.kwarg->span);
    current_->has_varkeywords = true;
  }
}

void SymbolCollector::visit_defaults(const syntax::Arguments& args) {
  visit_all(args.defaults);
  visit_all(args.kw_defaults);
}

void SymbolCollector::visit_argument_annotations(const Stmt& stmt, const syntax::Arguments& args,
                                                 const Expr* returns) {
  if (context_.future.annotations()) enter("_annotation", ScopeType::Annotation, &args, stmt.span);
  auto visit_list = [this](const Seq<syntax::Arg*>& list) {
    for (const syntax::Arg* arg : list) visit_optional(arg->annotation);
  };
  visit_list(args.posonlyargs);
  visit_list(args.args);
  if (args.vararg != nullptr) visit_optional(args.vararg->annotation);
  if (args.kwarg != nullptr) visit_optional(args.kwarg->annotation);
  visit_list(args.kwonlyargs);
  if (context_.future.annotations()) leave();
  if (returns != nullptr) visit_annotation(returns);
}

void SymbolCollector::visit_annotation(const Expr* annotation) {
  bool as_text = context_.future.annotations();
  if (as_text) enter("_annotation", ScopeType::Annotation, annotation, annotation->span);
  visit(annotation);
  if (as_text) leave();
}

// ---- Expressions
// ---------------------------------------------------------------------------------

void SymbolCollector::visit(const Expr* expr) {
  DepthGuard depth(context_);
  switch (expr->kind) {
    case syntax::ExprKind::NamedExpr:
      visit_named(as<syntax::NamedExpr>(*expr));
      break;
    case syntax::ExprKind::BoolOp:
      visit_all(as<syntax::BoolOp>(*expr).values);
      break;
    case syntax::ExprKind::BinOp:
      visit(as<syntax::BinOp>(*expr).left);
      visit(as<syntax::BinOp>(*expr).right);
      break;
    case syntax::ExprKind::UnaryOp:
      visit(as<syntax::UnaryOp>(*expr).operand);
      break;
    case syntax::ExprKind::Lambda:
      visit_lambda(as<syntax::Lambda>(*expr));
      break;
    case syntax::ExprKind::IfExp:
      visit(as<syntax::IfExp>(*expr).test);
      visit(as<syntax::IfExp>(*expr).body);
      visit(as<syntax::IfExp>(*expr).orelse);
      break;
    case syntax::ExprKind::Dict:
      visit_all(as<syntax::Dict>(*expr).keys);
      visit_all(as<syntax::Dict>(*expr).values);
      break;
    case syntax::ExprKind::Set:
      visit_all(as<syntax::Set>(*expr).elts);
      break;
    case syntax::ExprKind::ListComp: {
      const auto& comp = as<syntax::ListComp>(*expr);
      visit_comprehension(comp, "listcomp", ComprehensionKind::List, comp.elt, nullptr,
                          comp.generators);
      break;
    }
    case syntax::ExprKind::SetComp: {
      const auto& comp = as<syntax::SetComp>(*expr);
      visit_comprehension(comp, "setcomp", ComprehensionKind::Set, comp.elt, nullptr,
                          comp.generators);
      break;
    }
    case syntax::ExprKind::DictComp: {
      const auto& comp = as<syntax::DictComp>(*expr);
      visit_comprehension(comp, "dictcomp", ComprehensionKind::Dict, comp.key, comp.value,
                          comp.generators);
      break;
    }
    case syntax::ExprKind::GeneratorExp: {
      const auto& comp = as<syntax::GeneratorExp>(*expr);
      visit_comprehension(comp, "genexpr", ComprehensionKind::Generator, comp.elt, nullptr,
                          comp.generators);
      break;
    }
    case syntax::ExprKind::Yield:
      refuse_in_annotation("yield expression", *expr);
      visit_optional(as<syntax::Yield>(*expr).value);
      current_->generator = true;
      refuse_in_comprehension(*expr);
      break;
    case syntax::ExprKind::YieldFrom:
      refuse_in_annotation("yield expression", *expr);
      visit(as<syntax::YieldFrom>(*expr).value);
      current_->generator = true;
      refuse_in_comprehension(*expr);
      break;
    case syntax::ExprKind::Await:
      refuse_in_annotation("await expression", *expr);
      visit(as<syntax::Await>(*expr).value);
      current_->coroutine = true;
      break;
    case syntax::ExprKind::Compare:
      visit(as<syntax::Compare>(*expr).left);
      visit_all(as<syntax::Compare>(*expr).comparators);
      break;
    case syntax::ExprKind::Call:
      visit(as<syntax::Call>(*expr).func);
      visit_all(as<syntax::Call>(*expr).args);
      for (const syntax::Keyword* keyword : as<syntax::Call>(*expr).keywords) visit(keyword->value);
      break;
    case syntax::ExprKind::FormattedValue:
      visit(as<syntax::FormattedValue>(*expr).value);
      visit_optional(as<syntax::FormattedValue>(*expr).format_spec);
      break;
    case syntax::ExprKind::JoinedStr:
      visit_all(as<syntax::JoinedStr>(*expr).values);
      break;
    case syntax::ExprKind::Constant:
      break;
    case syntax::ExprKind::Attribute:
      visit(as<syntax::Attribute>(*expr).value);
      break;
    case syntax::ExprKind::Subscript:
      visit(as<syntax::Subscript>(*expr).value);
      visit(as<syntax::Subscript>(*expr).slice);
      break;
    case syntax::ExprKind::Starred:
      visit(as<syntax::Starred>(*expr).value);
      break;
    case syntax::ExprKind::Slice:
      visit_optional(as<syntax::Slice>(*expr).lower);
      visit_optional(as<syntax::Slice>(*expr).upper);
      visit_optional(as<syntax::Slice>(*expr).step);
      break;
    case syntax::ExprKind::Name:
      visit_name(as<syntax::Name>(*expr));
      break;
    case syntax::ExprKind::List:
      visit_all(as<syntax::List>(*expr).elts);
      break;
    case syntax::ExprKind::Tuple:
      visit_all(as<syntax::Tuple>(*expr).elts);
      break;
  }
}

void SymbolCollector::visit_lambda(const syntax::Lambda& expr) {
  visit_defaults(*expr.args);
  enter("lambda", ScopeType::Function, &expr, expr.span);
  visit_parameters(*expr.args);
  visit(expr.body);
  leave();
}

void SymbolCollector::visit_name(const syntax::Name& expr) {
  add(expr.id, expr.ctx == syntax::ExprContext::Load ? kUsed : kDefLocal, expr.span);
  // super() without arguments finds its class through the cell.
  if (expr.ctx == syntax::ExprContext::Load && current_->type == ScopeType::Function &&
      expr.id == "super") {
    add("__class__", kUsed, expr.span);
  }
}

void SymbolCollector::visit_named(const syntax::NamedExpr& expr) {
  refuse_in_annotation("named expression", expr);
  if (current_->iterable_depth > 0) {
    context_.symbol_error(
        expr.span, "assignment expression cannot be used in a comprehension iterable expression");
  }
  if (current_->comprehension != ComprehensionKind::None) extend_named_scope(*expr.target);
  visit(expr.value);
  visit(expr.target);
}

/// The target of `:=` in a comprehension belongs to the scope that holds the comprehension.
void SymbolCollector::extend_named_scope(const Expr& target_expr) {
  std::string_view name = as<syntax::Name>(target_expr).id;
  const Span& span = target_expr.span;
  for (Scope* scope = current_; scope != nullptr; scope = scope->parent) {
    if (scope->comprehension != ComprehensionKind::None) {
      Symbol* symbol = scope->find(mangled(name));
      if (symbol != nullptr && (symbol->flags & kDefIteration) != 0) {
        context_.symbol_error(
            span, "assignment expression cannot rebind comprehension iteration variable '{}'",
            name);
      }
      continue;
    }
    if (scope->type == ScopeType::Class) {
      context_.symbol_error(
          span, "assignment expression within a comprehension cannot be used in a class body");
    }
    bool global = scope->type == ScopeType::Module;
    if (scope->type == ScopeType::Function) {
      Symbol* symbol = scope->find(mangled(name));
      global = symbol != nullptr && (symbol->flags & kDefGlobal) != 0;
    }
    add(name, global ? kDefGlobal : kDefNonlocal, span);
    current_->directives.push_back({mangled(name), span});
    add_to(*scope, name, scope->type == ScopeType::Module ? kDefGlobal : kDefLocal, span);
    return;
  }
}

void SymbolCollector::visit_generator_part(const syntax::Comprehension& part, bool outermost) {
  current_->in_iteration_target = true;
  visit(part.target);
  current_->in_iteration_target = false;
  if (!outermost) {
    ++current_->iterable_depth;
    visit(part.iter);
    --current_->iterable_depth;
  }
  visit_all(part.ifs);
  if (part.is_async) current_->coroutine = true;
}

void SymbolCollector::visit_comprehension(const Expr& expr, std::string_view name,
                                          ComprehensionKind kind, const Expr* elt,
                                          const Expr* value,
                                          const Seq<syntax::Comprehension*>& generators) {
  // The first iterable is evaluated outside and comes in as the argument ".0".
  ++current_->iterable_depth;
  visit(generators.front()->iter);
  --current_->iterable_depth;
  enter(name, ScopeType::Function, &expr, expr.span);
  current_->comprehension = kind;
  add(".0", kDefParameter, expr.span);
  for (std::size_t i = 0; i < generators.size(); ++i) visit_generator_part(*generators[i], i == 0);
  if (value != nullptr) visit(value);
  visit(elt);
  current_->generator = kind == ComprehensionKind::Generator;
  bool awaits = current_->coroutine && !current_->generator;
  leave();
  if (awaits) current_->coroutine = true;
}

void SymbolCollector::refuse_in_comprehension(const Expr& expr) {
  const char* where = nullptr;
  switch (current_->comprehension) {
    case ComprehensionKind::None:
      return;
    case ComprehensionKind::List:
      where = "list comprehension";
      break;
    case ComprehensionKind::Set:
      where = "set comprehension";
      break;
    case ComprehensionKind::Dict:
      where = "dict comprehension";
      break;
    case ComprehensionKind::Generator:
      where = "generator expression";
      break;
  }
  context_.symbol_error(expr.span, "'yield' inside {}", where);
}

// ---- Patterns
// ------------------------------------------------------------------------------------

void SymbolCollector::visit(const Pattern* pattern) {
  DepthGuard depth(context_);
  auto bind = [&](Identifier name) {
    if (!name.empty()) add(name, kDefLocal, pattern->span);
  };
  switch (pattern->kind) {
    case syntax::PatternKind::MatchValue:
      visit(as<syntax::MatchValue>(*pattern).value);
      break;
    case syntax::PatternKind::MatchSingleton:
      break;
    case syntax::PatternKind::MatchSequence:
      visit_patterns(as<syntax::MatchSequence>(*pattern).patterns);
      break;
    case syntax::PatternKind::MatchStar:
      bind(as<syntax::MatchStar>(*pattern).name);
      break;
    case syntax::PatternKind::MatchMapping:
      visit_all(as<syntax::MatchMapping>(*pattern).keys);
      visit_patterns(as<syntax::MatchMapping>(*pattern).patterns);
      bind(as<syntax::MatchMapping>(*pattern).rest);
      break;
    case syntax::PatternKind::MatchClass:
      visit(as<syntax::MatchClass>(*pattern).cls);
      visit_patterns(as<syntax::MatchClass>(*pattern).patterns);
      visit_patterns(as<syntax::MatchClass>(*pattern).kwd_patterns);
      break;
    case syntax::PatternKind::MatchAs:
      if (as<syntax::MatchAs>(*pattern).pattern != nullptr)
        visit(as<syntax::MatchAs>(*pattern).pattern);
      bind(as<syntax::MatchAs>(*pattern).name);
      break;
    case syntax::PatternKind::MatchOr:
      visit_patterns(as<syntax::MatchOr>(*pattern).patterns);
      break;
  }
}

}  // namespace ouro::compile
