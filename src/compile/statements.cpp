// Statements without handlers: assignment, deletion, loops, conditions, imports, return.
#include "compile/compiler.h"
#include "objects/bytes.h"

namespace ouro::compile {

using syntax::ExprContext;
using syntax::ExprKind;
using syntax::StmtKind;

void Compiler::visit(const Stmt* stmt) {
  DepthGuard depth(context_);
  // Statements follow one another, so nothing puts the old place back.
  place_at(stmt->span);
  switch (stmt->kind) {
    case StmtKind::FunctionDef: {
      const auto& def = as<syntax::FunctionDef>(*stmt);
      visit_function(def, def.name, *def.args, def.body, def.decorator_list, def.returns, false);
      break;
    }
    case StmtKind::AsyncFunctionDef: {
      const auto& def = as<syntax::AsyncFunctionDef>(*stmt);
      visit_function(def, def.name, *def.args, def.body, def.decorator_list, def.returns, true);
      break;
    }
    case StmtKind::ClassDef:
      visit_class(as<syntax::ClassDef>(*stmt));
      break;
    case StmtKind::Return:
      visit_return(as<syntax::Return>(*stmt));
      break;
    case StmtKind::Delete:
      visit_all(as<syntax::Delete>(*stmt).targets);
      break;
    case StmtKind::Assign:
      visit_assign(as<syntax::Assign>(*stmt));
      break;
    case StmtKind::AugAssign:
      visit_aug_assign(as<syntax::AugAssign>(*stmt));
      break;
    case StmtKind::AnnAssign:
      visit_ann_assign(as<syntax::AnnAssign>(*stmt));
      break;
    case StmtKind::For:
      visit_for(as<syntax::For>(*stmt));
      break;
    case StmtKind::AsyncFor:
      visit_async_for(as<syntax::AsyncFor>(*stmt));
      break;
    case StmtKind::While:
      visit_while(as<syntax::While>(*stmt));
      break;
    case StmtKind::If:
      visit_if(as<syntax::If>(*stmt));
      break;
    case StmtKind::With:
      visit_with(*stmt, as<syntax::With>(*stmt).items, as<syntax::With>(*stmt).body, 0, false);
      break;
    case StmtKind::AsyncWith:
      visit_with(*stmt, as<syntax::AsyncWith>(*stmt).items, as<syntax::AsyncWith>(*stmt).body, 0,
                 true);
      break;
    case StmtKind::Match:
      visit_match(as<syntax::Match>(*stmt));
      break;
    case StmtKind::Raise: {
      const auto& raise = as<syntax::Raise>(*stmt);
      std::size_t count = 0;
      for (const Expr* part : {raise.exc, raise.cause}) {
        if (part == nullptr) continue;
        visit(part);
        ++count;
      }
      emit(Opcode::RaiseVarargs, count);
      break;
    }
    case StmtKind::Try:
      visit_try_statement(as<syntax::Try>(*stmt));
      break;
    case StmtKind::TryStar:
      visit_try_statement(as<syntax::TryStar>(*stmt));
      break;
    case StmtKind::Assert:
      visit_assert(as<syntax::Assert>(*stmt));
      break;
    case StmtKind::Import:
      visit_import(as<syntax::Import>(*stmt));
      break;
    case StmtKind::ImportFrom:
      visit_import_from(as<syntax::ImportFrom>(*stmt));
      break;
    case StmtKind::Global:
    case StmtKind::Nonlocal:
      break;
    case StmtKind::Expr:
      visit_expr_stmt(as<syntax::ExprStmt>(*stmt));
      break;
    case StmtKind::Pass:
      emit(Opcode::Nop);
      break;
    case StmtKind::Break:
      visit_break();
      break;
    case StmtKind::Continue:
      visit_continue();
      break;
  }
}

void Compiler::visit_expr_stmt(const syntax::ExprStmt& stmt) {
  if (interactive_ && nesting_ <= 1) {
    visit(stmt.value);
    emit(Opcode::PrintExpr);
    return;
  }
  if (stmt.value->kind == ExprKind::Constant) {
    emit(Opcode::Nop);
    return;
  }
  visit(stmt.value);
  place_nowhere();
  emit(Opcode::PopTop);
}

void Compiler::visit_return(const syntax::Return& stmt) {
  if (!in_function_scope()) error("'return' outside function");
  if (stmt.value != nullptr && unit_->scope.coroutine && unit_->scope.generator) {
    error("'return' with value in async generator");
  }
  bool keep_top = stmt.value != nullptr && stmt.value->kind != ExprKind::Constant;
  if (keep_top) {
    visit(stmt.value);
  } else if (stmt.value != nullptr) {
    place_at(stmt.value->span);
    emit(Opcode::Nop);
  }
  if (stmt.value == nullptr || stmt.value->span.line != stmt.span.line) {
    place_at(stmt.span);
    emit(Opcode::Nop);
  }
  unwind_regions(keep_top, false);
  if (stmt.value == nullptr) {
    emit_none();
  } else if (!keep_top) {
    emit_constant(constant_of(context_, stmt.value));
  }
  emit(Opcode::ReturnValue);
}

// ---- Assignment
// ----------------------------------------------------------------------------------

void Compiler::visit_assign(const syntax::Assign& stmt) {
  visit(stmt.value);
  for (std::size_t i = 0; i < stmt.targets.size(); ++i) {
    if (i + 1 < stmt.targets.size()) emit(Opcode::Copy, 1);
    visit(stmt.targets[i]);
  }
}

void Compiler::visit_aug_assign(const syntax::AugAssign& stmt) {
  const Expr& target = *stmt.target;
  place_at(target.span);
  switch (target.kind) {
    case ExprKind::Attribute: {
      const auto& attribute = as<syntax::Attribute>(target);
      visit(attribute.value);
      emit(Opcode::Copy, 1);
      start_at_attribute_name(attribute);
      emit_named(Opcode::LoadAttr, attribute.attr);
      break;
    }
    case ExprKind::Subscript:
      visit(as<syntax::Subscript>(target).value);
      visit(as<syntax::Subscript>(target).slice);
      emit(Opcode::Copy, 2);
      emit(Opcode::Copy, 2);
      emit(Opcode::BinarySubscript);
      break;
    default:
      emit_name(as<syntax::Name>(target).id, ExprContext::Load);
      break;
  }
  place_at(stmt.span);
  visit(stmt.value);
  // The in-place forms follow the plain ones, 16 further on.
  emit(Opcode::BinaryOp, static_cast<std::size_t>(binary_operator(stmt.op)) + 16);
  place_at(target.span);
  switch (target.kind) {
    case ExprKind::Attribute:
      start_at_attribute_name(as<syntax::Attribute>(target));
      emit(Opcode::Swap, 2);
      emit_named(Opcode::StoreAttr, as<syntax::Attribute>(target).attr);
      break;
    case ExprKind::Subscript:
      emit(Opcode::Swap, 3);
      emit(Opcode::Swap, 2);
      emit(Opcode::StoreSubscript);
      break;
    default:
      emit_name(as<syntax::Name>(target).id, ExprContext::Store);
      break;
  }
}

void Compiler::visit_ann_assign(const syntax::AnnAssign& stmt) {
  bool keeps_annotations = unit_->kind == UnitKind::Module || unit_->kind == UnitKind::Class;
  // The assignment comes first, the annotation is evaluated last.
  if (stmt.value != nullptr) {
    visit(stmt.value);
    visit(stmt.target);
  }
  switch (stmt.target->kind) {
    case ExprKind::Name: {
      Identifier name = as<syntax::Name>(*stmt.target).id;
      refuse_forbidden(name, ExprContext::Store);
      if (!stmt.simple || !keeps_annotations) break;
      if (context_.future.annotations()) {
        emit_annotation_text(*stmt.annotation);
      } else {
        visit(stmt.annotation);
      }
      emit_name("__annotations__", ExprContext::Load);
      emit_text(mangled(name));
      emit(Opcode::StoreSubscript);
      break;
    }
    case ExprKind::Attribute:
      refuse_forbidden(as<syntax::Attribute>(*stmt.target).attr, ExprContext::Store);
      if (stmt.value == nullptr) check_annotated_part(as<syntax::Attribute>(*stmt.target).value);
      break;
    case ExprKind::Subscript:
      if (stmt.value == nullptr) {
        check_annotated_part(as<syntax::Subscript>(*stmt.target).value);
        check_annotated_slice(*as<syntax::Subscript>(*stmt.target).slice);
      }
      break;
    default:
      break;
  }
  if (!stmt.simple && keeps_annotations && !context_.future.annotations())
    check_annotated_part(stmt.annotation);
}

/// Evaluates a part of an annotated target for its errors only.
void Compiler::check_annotated_part(const Expr* expr) {
  visit(expr);
  emit(Opcode::PopTop);
}

void Compiler::check_annotated_slice(const Expr& expr) {
  if (const auto* slice = syntax::try_as<syntax::Slice>(&expr)) {
    for (const Expr* part : {slice->lower, slice->upper, slice->step}) {
      if (part != nullptr) check_annotated_part(part);
    }
  } else if (const auto* tuple = syntax::try_as<syntax::Tuple>(&expr)) {
    for (const Expr* part : tuple->elts) check_annotated_slice(*part);
  } else {
    check_annotated_part(&expr);
  }
}

// ---- Conditions and loops
// ------------------------------------------------------------------------

void Compiler::visit_if(const syntax::If& stmt) {
  Block* end = new_block();
  Block* otherwise = stmt.orelse.empty() ? end : new_block();
  jump_if(stmt.test, otherwise, false);
  visit_body(stmt.body);
  if (!stmt.orelse.empty()) {
    emit_jump_no_line(Opcode::Jump, end);
    use(otherwise);
    visit_body(stmt.orelse);
  }
  use(end);
}

void Compiler::visit_while(const syntax::While& stmt) {
  Block* loop = new_block();
  Block* body = new_block();
  Block* otherwise = new_block();
  Block* end = new_block();
  use(loop);
  push_region({.kind = RegionKind::WhileLoop, .start = loop, .exit = end});
  jump_if(stmt.test, otherwise, false);
  use(body);
  visit_body(stmt.body);
  // The test stands twice, so that each further round jumps once.
  place_at(stmt.span);
  jump_if(stmt.test, body, true);
  pop_region();
  use(otherwise);
  visit_body(stmt.orelse);
  use(end);
}

void Compiler::visit_for(const syntax::For& stmt) {
  Block* start = new_block();
  Block* cleanup = new_block();
  Block* end = new_block();
  push_region({.kind = RegionKind::ForLoop, .start = start, .exit = end});
  visit(stmt.iter);
  emit(Opcode::GetIter);
  use(start);
  emit_jump(Opcode::ForIter, cleanup);
  visit(stmt.target);
  visit_body(stmt.body);
  place_nowhere();
  emit_jump(Opcode::Jump, start);
  use(cleanup);
  pop_region();
  visit_body(stmt.orelse);
  use(end);
}

void Compiler::visit_async_for(const syntax::AsyncFor& stmt) {
  if (allows_top_level_await()) {
    unit_->scope.coroutine = true;
  } else if (unit_->kind != UnitKind::AsyncFunction) {
    error("'async for' outside async function");
  }
  Block* start = new_block();
  Block* handler = new_block();
  Block* end = new_block();
  visit(stmt.iter);
  emit(Opcode::GetAiter);
  use(start);
  push_region({.kind = RegionKind::ForLoop, .start = start, .exit = end});
  emit_jump(Pseudo::SetupFinally, handler);
  emit(Opcode::GetAnext);
  emit_none();
  emit_yield_from(true);
  emit(Pseudo::PopBlock);
  visit(stmt.target);
  visit_body(stmt.body);
  place_nowhere();
  emit_jump(Opcode::Jump, start);
  pop_region();
  use(handler);
  place_at(stmt.iter->span);
  emit(Opcode::EndAsyncFor);
  visit_body(stmt.orelse);
  use(end);
}

void Compiler::visit_break() {
  const auto place = unit_->place;
  emit(Opcode::Nop);  // so that the line of the break is traced
  std::size_t loop = unwind_regions(false, true);
  if (loop == 0) context_.error(place, "'break' outside loop");
  Region region = unit_->regions[loop - 1];
  unwind_region(region, false);
  emit_jump(Opcode::Jump, region.exit);
}

void Compiler::visit_continue() {
  const auto place = unit_->place;
  emit(Opcode::Nop);
  std::size_t loop = unwind_regions(false, true);
  if (loop == 0) context_.error(place, "'continue' not properly in loop");
  emit_jump(Opcode::Jump, unit_->regions[loop - 1].start);
}

void Compiler::visit_assert(const syntax::Assert& stmt) {
  const auto* tuple = syntax::try_as<syntax::Tuple>(stmt.test);
  Object* constant = constant_of(context_, stmt.test);
  if ((tuple != nullptr && !tuple->elts.empty()) ||
      (constant != nullptr && is_exact_tuple(constant) && as<Tuple>(constant)->size > 0)) {
    warn("assertion is always true, perhaps remove parentheses?");
  }
  if (context_.options.optimize > 0) return;
  Block* end = new_block();
  jump_if(stmt.test, end, true);
  emit(Opcode::LoadAssertionError);
  if (stmt.msg != nullptr) {
    visit(stmt.msg);
    emit_call(0);
  }
  emit(Opcode::RaiseVarargs, 1);
  use(end);
}

// ---- Imports
// -------------------------------------------------------------------------------------

void Compiler::visit_import(const syntax::Import& stmt) {
  for (const syntax::Alias* alias : stmt.names) {
    emit_int(0);
    emit_none();
    emit_named(Opcode::ImportName, alias->name);
    if (alias->asname.empty()) {
      emit_name(alias->name.substr(0, alias->name.find('.')), ExprContext::Store);
    } else {
      store_import_as(alias->name, alias->asname);
    }
  }
}

/// `import a.b.c as x`: the import gives a; walks to c.
void Compiler::store_import_as(std::string_view name, std::string_view asname) {
  std::size_t dot = name.find('.');
  if (dot == name.npos) {
    emit_name(asname, ExprContext::Store);
    return;
  }
  for (;;) {
    name.remove_prefix(dot + 1);
    dot = name.find('.');
    emit_named(Opcode::ImportFrom, name.substr(0, dot));
    if (dot == name.npos) break;
    emit(Opcode::Swap, 2);
    emit(Opcode::PopTop);
  }
  emit_name(asname, ExprContext::Store);
  emit(Opcode::PopTop);
}

void Compiler::visit_import_from(const syntax::ImportFrom& stmt) {
  emit_int(stmt.level);
  emit_constant_tuple(stmt.names.size(),
                      [&](std::size_t i) { return context_.name(stmt.names[i]->name); });
  if (stmt.span.line > context_.future.last_line && stmt.module == "__future__") {
    error("from __future__ imports must occur at the beginning of the file");
  }
  emit_named(Opcode::ImportName, stmt.module);
  for (const syntax::Alias* alias : stmt.names) {
    if (alias->name == "*") {
      emit(Opcode::ImportStar);
      return;
    }
    emit_named(Opcode::ImportFrom, alias->name);
    emit_name(alias->asname.empty() ? alias->name : alias->asname, ExprContext::Store);
  }
  emit(Opcode::PopTop);
}

}  // namespace ouro::compile
