// try, with, and leaving them in order.
//
// A handler finds on the stack what the exception table promises: [index of the failing
// instruction,] exception. PushExcInfo puts the previously handled exception below it. Each handler
// is itself guarded by a cleanup that restores the handled exception before the new one goes on.
#include "compile/compiler.h"

namespace ouro::compile {

using syntax::ExprContext;

void Compiler::push_region(const Region& region) {
  if (unit_->regions.size() >= kMaxRegions) error("too many statically nested blocks");
  unit_->regions.push_back(region);
}

void Compiler::emit_pop_except_and_reraise() {
  emit(Opcode::Copy, 3);
  emit(Opcode::PopExcept);
  emit(Opcode::Reraise, 1);
}

void Compiler::emit_exit_call_with_nones() {
  emit_none();
  emit_none();
  emit_none();
  emit_call(2);
}

/// `name = None; del name`: breaks the cycle exception -> traceback -> frame -> name.
void Compiler::forget_name(std::string_view name) {
  if (name.empty()) return;
  emit_none();
  emit_name(name, ExprContext::Store);
  emit_name(name, ExprContext::Del);
}

/// Emits what leaving `region` takes. `keep_top`: a return value lies on top and stays.
void Compiler::unwind_region(const Region& region, bool keep_top) {
  auto swap = [&] {
    if (keep_top) emit(Opcode::Swap, 2);
  };
  switch (region.kind) {
    case RegionKind::WhileLoop:
    case RegionKind::ExceptionHandler:
    case RegionKind::ExceptionGroupHandler:
    case RegionKind::AsyncComprehension:
      return;
    case RegionKind::ForLoop:
    case RegionKind::PopValue:
      swap();
      emit(Opcode::PopTop);
      return;
    case RegionKind::TryExcept:
      emit(Pseudo::PopBlock);
      return;
    case RegionKind::FinallyTry:
      emit(Pseudo::PopBlock);
      if (keep_top) push_region({.kind = RegionKind::PopValue});
      visit_body(*region.finally);
      if (keep_top) pop_region();
      // What follows still belongs to the statement that leaves, but must not trace as one more
      // visit to its line.
      place_nowhere();
      return;
    case RegionKind::FinallyEnd:
      swap();
      emit(Opcode::PopTop);
      swap();
      emit(Pseudo::PopBlock);
      emit(Opcode::PopExcept);
      return;
    case RegionKind::With:
    case RegionKind::AsyncWith:
      place_at(region.statement->span);
      emit(Pseudo::PopBlock);
      swap();
      emit_exit_call_with_nones();
      if (region.kind == RegionKind::AsyncWith) {
        emit(Opcode::GetAwaitable, 2);
        emit_none();
        emit_yield_from(true);
      }
      emit(Opcode::PopTop);
      place_nowhere();
      return;
    case RegionKind::HandlerCleanup:
      if (!region.name.empty()) emit(Pseudo::PopBlock);
      swap();
      emit(Pseudo::PopBlock);
      emit(Opcode::PopExcept);
      forget_name(region.name);
      return;
  }
}

std::size_t Compiler::unwind_regions(bool keep_top, bool to_loop) {
  if (unit_->regions.empty()) return 0;
  Region top = unit_->regions.back();
  if (top.kind == RegionKind::ExceptionGroupHandler) {
    error("'break', 'continue' and 'return' cannot appear in an except* block");
  }
  if (to_loop && (top.kind == RegionKind::WhileLoop || top.kind == RegionKind::ForLoop))
    return unit_->regions.size();
  // The final body of a finally is compiled here once more: outside its own region.
  unit_->regions.pop_back();
  unwind_region(top, keep_top);
  std::size_t loop = unwind_regions(keep_top, to_loop);
  unit_->regions.push_back(top);
  return loop;
}

// ---- try
// -----------------------------------------------------------------------------------------

template <class T>
void Compiler::visit_try_statement(const T& stmt) {
  if (stmt.finalbody.empty()) {
    visit_handlers(stmt);
  } else {
    visit_try_finally(stmt);
  }
}
template void Compiler::visit_try_statement(const syntax::Try& stmt);
template void Compiler::visit_try_statement(const syntax::TryStar& stmt);

template <class T>
void Compiler::visit_try_finally(const T& stmt) {
  Block* body = new_block();
  Block* end = new_block();
  emit_jump(Pseudo::SetupFinally, end);
  use(body);
  push_region(
      {.kind = RegionKind::FinallyTry, .start = body, .exit = end, .finally = &stmt.finalbody});
  if (stmt.handlers.empty()) {
    visit_body(stmt.body);
  } else {
    visit_handlers(stmt);
  }
  emit_at(Pseudo::PopBlock, 0, kNoSpan);
  pop_region();
  visit_body(stmt.finalbody);
  Block* exit = new_block();
  Block* cleanup = new_block();
  emit_jump_no_line(Opcode::Jump, exit);

  use(end);
  push_region({.kind = RegionKind::FinallyEnd, .start = end});
  place_nowhere();
  emit_jump(Pseudo::SetupCleanup, cleanup);
  emit(Opcode::PushExcInfo);
  visit_body(stmt.finalbody);
  pop_region();
  emit(Opcode::Reraise, 0);
  use(cleanup);
  emit_pop_except_and_reraise();
  use(exit);
}

void Compiler::visit_handlers(const syntax::Try& stmt) {
  Block* body = new_block();
  Block* handler_start = new_block();
  Block* end = new_block();
  Block* cleanup = new_block();
  emit_jump(Pseudo::SetupFinally, handler_start);
  use(body);
  push_region({.kind = RegionKind::TryExcept, .start = body});
  visit_body(stmt.body);
  pop_region();
  emit_at(Pseudo::PopBlock, 0, kNoSpan);
  visit_body(stmt.orelse);
  emit_jump_no_line(Opcode::Jump, end);

  use(handler_start);
  place_nowhere();
  emit_jump(Pseudo::SetupCleanup, cleanup);
  emit(Opcode::PushExcInfo);
  push_region({.kind = RegionKind::ExceptionHandler});
  for (std::size_t i = 0; i < stmt.handlers.size(); ++i) {
    const syntax::ExceptHandler& handler = *stmt.handlers[i];
    place_at(handler.span);
    if (handler.type == nullptr && i + 1 < stmt.handlers.size())
      error("default 'except:' must be last");
    Block* next = new_block();
    if (handler.type != nullptr) {
      visit(handler.type);
      emit(Opcode::CheckExcMatch);
      emit_jump(Opcode::PopJumpIfFalse, next);
    }
    Block* handler_body = new_block();
    if (handler.name.empty()) {
      emit(Opcode::PopTop);
      use(handler_body);
      push_region({.kind = RegionKind::HandlerCleanup, .start = handler_body});
      visit_body(handler.body);
      pop_region();
      place_nowhere();
      emit(Pseudo::PopBlock);
      emit(Opcode::PopExcept);
      emit_jump(Opcode::Jump, end);
    } else {
      Block* forget = new_block();
      emit_name(handler.name, ExprContext::Store);
      emit_jump(Pseudo::SetupCleanup, forget);
      use(handler_body);
      push_region(
          {.kind = RegionKind::HandlerCleanup, .start = handler_body, .name = handler.name});
      visit_body(handler.body);
      pop_region();
      place_nowhere();
      emit(Pseudo::PopBlock);
      emit(Pseudo::PopBlock);
      emit(Opcode::PopExcept);
      forget_name(handler.name);
      emit_jump(Opcode::Jump, end);
      use(forget);
      place_nowhere();
      forget_name(handler.name);
      emit(Opcode::Reraise, 1);
    }
    use(next);
  }
  pop_region();
  emit(Opcode::Reraise, 0);
  use(cleanup);
  emit_pop_except_and_reraise();
  use(end);
}

/// except*: the stack holds the group, the list of what handlers raised, and what is left to
/// handle.
void Compiler::visit_handlers(const syntax::TryStar& stmt) {
  Block* body = new_block();
  Block* next = new_block();
  Block* orelse = new_block();
  Block* end = new_block();
  Block* cleanup = new_block();
  Block* reraise_star = new_block();
  emit_jump(Pseudo::SetupFinally, next);
  use(body);
  push_region({.kind = RegionKind::TryExcept, .start = body});
  visit_body(stmt.body);
  pop_region();
  emit_at(Pseudo::PopBlock, 0, kNoSpan);
  emit_jump_no_line(Opcode::Jump, orelse);

  use(next);
  place_nowhere();
  emit_jump(Pseudo::SetupCleanup, cleanup);
  emit(Opcode::PushExcInfo);
  push_region({.kind = RegionKind::ExceptionGroupHandler});
  for (std::size_t i = 0; i < stmt.handlers.size(); ++i) {
    const syntax::ExceptHandler& handler = *stmt.handlers[i];
    place_at(handler.span);
    next = new_block();
    Block* matched = new_block();
    if (i == 0) {
      emit(Opcode::Copy, 1);
      emit(Opcode::BuildList, 0);
      emit(Opcode::Swap, 2);
    }
    visit(handler.type);
    emit(Opcode::CheckEgMatch);
    emit(Opcode::Copy, 1);
    emit_jump(Opcode::PopJumpIfNotNone, matched);
    emit(Opcode::PopTop);
    emit_jump(Opcode::Jump, next);
    use(matched);
    Block* raised = new_block();
    Block* handler_body = new_block();
    if (handler.name.empty()) {
      emit(Opcode::PopTop);
    } else {
      emit_name(handler.name, ExprContext::Store);
    }
    emit_jump(Pseudo::SetupCleanup, raised);
    use(handler_body);
    push_region({.kind = RegionKind::HandlerCleanup, .start = handler_body, .name = handler.name});
    visit_body(handler.body);
    pop_region();
    place_nowhere();
    emit(Pseudo::PopBlock);
    forget_name(handler.name);
    emit_jump(Opcode::Jump, next);
    use(raised);
    place_nowhere();
    forget_name(handler.name);
    emit(Opcode::ListAppend, 3);
    emit(Opcode::PopTop);
    emit_jump(Opcode::Jump, next);
    use(next);
    if (i + 1 == stmt.handlers.size()) {
      emit(Opcode::ListAppend, 1);
      emit_jump(Opcode::Jump, reraise_star);
    }
  }
  place_nowhere();
  pop_region();
  Block* reraise = new_block();
  use(reraise_star);
  emit(Opcode::PrepReraiseStar);
  emit(Opcode::Copy, 1);
  emit_jump(Opcode::PopJumpIfNotNone, reraise);
  emit(Opcode::PopTop);
  emit(Pseudo::PopBlock);
  emit(Opcode::PopExcept);
  emit_jump(Opcode::Jump, end);
  use(reraise);
  emit(Pseudo::PopBlock);
  emit(Opcode::Swap, 2);
  emit(Opcode::PopExcept);
  emit(Opcode::Reraise, 0);
  use(cleanup);
  emit_pop_except_and_reraise();
  use(orelse);
  visit_body(stmt.orelse);
  use(end);
}

// ---- with
// ----------------------------------------------------------------------------------------

void Compiler::visit_with(const Stmt& stmt, const Seq<syntax::WithItem*>& items,
                          const Seq<Stmt*>& body, std::size_t index, bool is_async) {
  DepthGuard depth(context_);
  if (is_async && allows_top_level_await()) {
    unit_->scope.coroutine = true;
  } else if (is_async && unit_->kind != UnitKind::AsyncFunction) {
    error("'async with' outside async function");
  }
  const syntax::WithItem& item = *items[index];
  Block* block = new_block();
  Block* handler = new_block();
  Block* exit = new_block();
  Block* cleanup = new_block();
  visit(item.context_expr);
  if (is_async) {
    emit(Opcode::BeforeAsyncWith);
    emit(Opcode::GetAwaitable, 1);
    emit_none();
    emit_yield_from(true);
  } else {
    emit(Opcode::BeforeWith);
  }
  emit_jump(Pseudo::SetupWith, handler);
  use(block);
  push_region({.kind = is_async ? RegionKind::AsyncWith : RegionKind::With,
               .start = block,
               .exit = handler,
               .statement = &stmt});
  if (item.optional_vars != nullptr) {
    visit(item.optional_vars);
  } else {
    emit(Opcode::PopTop);
  }
  if (index + 1 == items.size()) {
    visit_body(body);
  } else {
    visit_with(stmt, items, body, index + 1, is_async);
  }
  pop_region();
  place_nowhere();
  emit(Pseudo::PopBlock);
  place_at(stmt.span);
  emit_exit_call_with_nones();
  if (is_async) {
    emit(Opcode::GetAwaitable, 2);
    emit_none();
    emit_yield_from(true);
  }
  emit(Opcode::PopTop);
  emit_jump(Opcode::Jump, exit);

  use(handler);
  emit_jump(Pseudo::SetupCleanup, cleanup);
  emit(Opcode::PushExcInfo);
  emit(Opcode::WithExceptStart);
  if (is_async) {
    emit(Opcode::GetAwaitable, 2);
    emit_none();
    emit_yield_from(true);
  }
  finish_with_handler(cleanup);
  use(exit);
}

/// The result of __exit__ lies on top: true swallows the exception.
void Compiler::finish_with_handler(Block* cleanup) {
  Block* suppress = new_block();
  emit_jump(Opcode::PopJumpIfTrue, suppress);
  emit(Opcode::Reraise, 2);
  use(cleanup);
  place_nowhere();
  emit_pop_except_and_reraise();
  use(suppress);
  emit(Opcode::PopTop);
  emit(Pseudo::PopBlock);
  emit(Opcode::PopExcept);
  emit(Opcode::PopTop);
  emit(Opcode::PopTop);
}

}  // namespace ouro::compile
