// Functions, lambdas, classes, module bodies: what makes a new scope.
#include "compile/compiler.h"

namespace ouro::compile {

using syntax::ExprContext;

namespace {

/// Whether a class or module body annotates a name, in nested blocks too but not in inner scopes.
bool has_annotations(const syntax::Seq<Stmt*>& body);

bool has_annotations(const Stmt& stmt) {
  switch (stmt.kind) {
    case syntax::StmtKind::AnnAssign:
      return true;
    case syntax::StmtKind::For:
      return has_annotations(as<syntax::For>(stmt).body) ||
             has_annotations(as<syntax::For>(stmt).orelse);
    case syntax::StmtKind::AsyncFor:
      return has_annotations(as<syntax::AsyncFor>(stmt).body) ||
             has_annotations(as<syntax::AsyncFor>(stmt).orelse);
    case syntax::StmtKind::While:
      return has_annotations(as<syntax::While>(stmt).body) ||
             has_annotations(as<syntax::While>(stmt).orelse);
    case syntax::StmtKind::If:
      return has_annotations(as<syntax::If>(stmt).body) ||
             has_annotations(as<syntax::If>(stmt).orelse);
    case syntax::StmtKind::With:
      return has_annotations(as<syntax::With>(stmt).body);
    case syntax::StmtKind::AsyncWith:
      return has_annotations(as<syntax::AsyncWith>(stmt).body);
    case syntax::StmtKind::Match: {
      for (const syntax::MatchCase* match_case : as<syntax::Match>(stmt).cases) {
        if (has_annotations(match_case->body)) return true;
      }
      return false;
    }
    case syntax::StmtKind::Try:
    case syntax::StmtKind::TryStar: {
      auto in_try = [](const auto& node) {
        for (const syntax::ExceptHandler* handler : node.handlers) {
          if (has_annotations(handler->body)) return true;
        }
        return has_annotations(node.body) || has_annotations(node.finalbody) ||
               has_annotations(node.orelse);
      };
      return stmt.kind == syntax::StmtKind::Try ? in_try(as<syntax::Try>(stmt))
                                                : in_try(as<syntax::TryStar>(stmt));
    }
    default:
      return false;
  }
}

bool has_annotations(const syntax::Seq<Stmt*>& body) {
  for (const Stmt* stmt : body) {
    if (has_annotations(*stmt)) return true;
  }
  return false;
}

}  // namespace

// ---- Modules and bodies
// --------------------------------------------------------------------------

Ref<Code> Compiler::compile_module(const syntax::Mod& module) {
  enter_unit("<module>", UnitKind::Module, &module, 1);
  switch (module.kind) {
    case syntax::ModKind::Module:
      compile_body(module.body);
      break;
    case syntax::ModKind::Interactive:
      interactive_ = true;
      if (has_annotations(module.body)) emit_at(Opcode::SetupAnnotations, 0, {1, 0, 1, 0});
      visit_body(module.body);
      break;
    case syntax::ModKind::Expression:
      visit(module.expression);
      break;
  }
  return leave_unit(module.kind == syntax::ModKind::Expression);
}

/// The statements of a module or class, its docstring and __annotations__ included.
void Compiler::compile_body(const Seq<Stmt*>& body) {
  if (unit_->kind == UnitKind::Module && !body.empty()) place_at(body.front()->span);
  if (has_annotations(body)) emit(Opcode::SetupAnnotations);
  std::size_t first = 0;
  const syntax::Constant* docstring =
      context_.options.optimize < 2 ? docstring_of(context_, body) : nullptr;
  if (docstring != nullptr) {
    first = 1;
    visit(docstring);
    place_nowhere();
    emit_name("__doc__", ExprContext::Store);
  }
  for (std::size_t i = first; i < body.size(); ++i) visit(body[i]);
}

// ---- Functions
// -----------------------------------------------------------------------------------

void Compiler::refuse_forbidden_arguments(const syntax::Arguments& args) {
  for (const Seq<syntax::Arg*>* list : {&args.posonlyargs, &args.args}) {
    for (const syntax::Arg* arg : *list) refuse_forbidden(arg->arg, ExprContext::Store);
  }
  if (args.vararg != nullptr) refuse_forbidden(args.vararg->arg, ExprContext::Store);
  for (const syntax::Arg* arg : args.kwonlyargs) refuse_forbidden(arg->arg, ExprContext::Store);
  if (args.kwarg != nullptr) refuse_forbidden(args.kwarg->arg, ExprContext::Store);
}

/// Pushes default values; the result is what MakeFunction must know of them.
std::uint32_t Compiler::visit_defaults(const syntax::Arguments& args) {
  std::uint32_t flags = 0;
  if (!args.defaults.empty()) {
    visit_all(args.defaults);
    emit(Opcode::BuildTuple, args.defaults.size());
    flags |= 1;
  }
  std::pmr::vector<Str*> names(&context_.scratch);
  for (std::size_t i = 0; i < args.kwonlyargs.size(); ++i) {
    if (args.kw_defaults[i] == nullptr) continue;
    names.push_back(context_.name(mangled(args.kwonlyargs[i]->arg)));
    visit(args.kw_defaults[i]);
  }
  if (!names.empty()) {
    emit_constant_tuple(names.size(), [&names](std::size_t i) { return names[i]; });
    emit(Opcode::BuildConstKeyMap, names.size());
    flags |= 2;
  }
  return flags;
}

void Compiler::emit_annotation_text(const Expr& annotation) {
  Ref<Str> text = unparse(context_, annotation);
  emit_constant(context_.constants.canonical(std::move(text)));
}

/// Pushes name and annotation; the number of values pushed.
std::size_t Compiler::visit_annotation_of(std::string_view name, const Expr* annotation) {
  if (annotation == nullptr) return 0;
  emit_text(mangled(name));
  if (context_.future.annotations()) {
    emit_annotation_text(*annotation);
  } else if (annotation->kind == syntax::ExprKind::Starred) {
    // *args: *Ts has the one value that Ts unpacks to.
    visit(as<syntax::Starred>(*annotation).value);
    emit(Opcode::UnpackSequence, 1);
  } else {
    visit(annotation);
  }
  return 2;
}

bool Compiler::visit_annotations(const syntax::Arguments& args, const Expr* returns) {
  std::size_t count = 0;
  auto visit_list = [&](const Seq<syntax::Arg*>& list) {
    for (const syntax::Arg* arg : list) count += visit_annotation_of(arg->arg, arg->annotation);
  };
  visit_list(args.args);
  visit_list(args.posonlyargs);
  if (args.vararg != nullptr)
    count += visit_annotation_of(args.vararg->arg, args.vararg->annotation);
  visit_list(args.kwonlyargs);
  if (args.kwarg != nullptr) count += visit_annotation_of(args.kwarg->arg, args.kwarg->annotation);
  count += visit_annotation_of("return", returns);
  if (count == 0) return false;
  emit(Opcode::BuildTuple, count);
  return true;
}

/// Calls the decorators that lie on the stack below the function or class, the nearest first.
void Compiler::apply_decorators(const Seq<Expr*>& decorators) {
  for (std::size_t i = decorators.size(); i-- > 0;) {
    PlaceGuard place(*this, decorators[i]->span);
    emit_call(0);
  }
}

void Compiler::set_argument_counts(const syntax::Arguments& args) {
  CodeHeader& header = unit_->header;
  header.posonly_count = static_cast<int>(args.posonlyargs.size());
  header.arg_count = header.posonly_count + static_cast<int>(args.args.size());
  header.kwonly_count = static_cast<int>(args.kwonlyargs.size());
}

void Compiler::visit_function(const Stmt& stmt, Identifier name, const syntax::Arguments& args,
                              const Seq<Stmt*>& body, const Seq<Expr*>& decorators,
                              const Expr* returns, bool is_async) {
  refuse_forbidden_arguments(args);
  visit_decorators(decorators);
  int first_line = decorators.empty() ? stmt.span.line : decorators.front()->span.line;
  std::uint32_t flags = visit_defaults(args);
  if (visit_annotations(args, returns)) flags |= 4;
  enter_unit(name, is_async ? UnitKind::AsyncFunction : UnitKind::Function, &stmt, first_line);
  // The first constant is the docstring or None, never another text.
  const syntax::Constant* docstring =
      context_.options.optimize < 2 ? docstring_of(context_, body) : nullptr;
  builder().constants.index_of(docstring != nullptr ? context_.constants.object_of(*docstring)
                                                    : context_.ts.core.none);
  set_argument_counts(args);
  for (std::size_t i = docstring != nullptr ? 1 : 0; i < body.size(); ++i) visit(body[i]);
  make_closure(leave_unit(), flags);
  apply_decorators(decorators);
  emit_name(name, ExprContext::Store);
}

void Compiler::visit_lambda(const syntax::Lambda& expr) {
  refuse_forbidden_arguments(*expr.args);
  std::uint32_t flags = visit_defaults(*expr.args);
  enter_unit("<lambda>", UnitKind::Lambda, &expr, expr.span.line);
  builder().constants.index_of(context_.ts.core.none);
  set_argument_counts(*expr.args);
  visit(expr.body);
  bool generator = unit_->scope.generator;
  if (!generator) emit(Opcode::ReturnValue);
  make_closure(leave_unit(generator), flags);
}

// ---- Classes
// -------------------------------------------------------------------------------------

/// name = __build_class__(body function, name, *bases, **keywords), decorated.
void Compiler::visit_class(const syntax::ClassDef& stmt) {
  visit_decorators(stmt.decorator_list);
  int first_line =
      stmt.decorator_list.empty() ? stmt.span.line : stmt.decorator_list.front()->span.line;
  enter_unit(stmt.name, UnitKind::Class, &stmt, first_line);
  unit_->class_name = stmt.name;
  emit_name("__name__", ExprContext::Load);
  emit_name("__module__", ExprContext::Store);
  emit_constant(context_.constants.canonical(ObjRef::share(unit_->header.qualname)));
  emit_name("__qualname__", ExprContext::Store);
  compile_body(stmt.body);
  place_nowhere();
  if (unit_->scope.needs_class_cell) {
    // type.__new__ fills the cell, so that super() and __class__ work in methods.
    emit(Opcode::LoadClosure, cell_index(context_.name("__class__")));
    emit(Opcode::Copy, 1);
    emit_name("__classcell__", ExprContext::Store);
  } else {
    emit_none();
  }
  emit(Opcode::ReturnValue);
  Ref<Code> code = leave_unit();

  emit(Opcode::PushNull);
  emit(Opcode::LoadBuildClass);
  make_closure(std::move(code), 0);
  emit_text(stmt.name);
  finish_call(2, stmt.bases, stmt.keywords);
  apply_decorators(stmt.decorator_list);
  emit_name(stmt.name, ExprContext::Store);
}

}  // namespace ouro::compile
