// Comprehensions and generator expressions: functions of one argument, the first iterator.
#include "compile/compiler.h"

namespace ouro::compile {

void Compiler::visit_comprehension(const Expr& expr, std::string_view name,
                                   const ComprehensionParts& parts) {
  const syntax::Comprehension& outermost = *parts.generators.front();
  bool top_level_await = allows_top_level_await();
  UnitKind outer = unit_->kind;
  enter_unit(name, UnitKind::Comprehension, &expr, expr.span.line);
  place_at(expr.span);
  bool is_async = unit_->scope.coroutine;
  bool generator = parts.kind == ComprehensionKind::Generator;
  if (is_async && !generator && outer != UnitKind::AsyncFunction &&
      outer != UnitKind::Comprehension && !top_level_await) {
    error("asynchronous comprehension outside of an asynchronous function");
  }
  switch (parts.kind) {
    case ComprehensionKind::List:
      emit(Opcode::BuildList, 0);
      break;
    case ComprehensionKind::Set:
      emit(Opcode::BuildSet, 0);
      break;
    case ComprehensionKind::Dict:
      emit(Opcode::BuildMap, 0);
      break;
    case ComprehensionKind::Generator:
    case ComprehensionKind::None:
      break;
  }
  compile_generators(parts, 0, 0);
  if (!generator) emit(Opcode::ReturnValue);
  make_closure(leave_unit(), 0);
  visit(outermost.iter);
  emit(outermost.is_async ? Opcode::GetAiter : Opcode::GetIter);
  emit_call(0);
  if (is_async && !generator) {
    emit(Opcode::GetAwaitable, 0);
    emit_none();
    emit_yield_from(true);
  }
}

void Compiler::compile_generators(const ComprehensionParts& parts, std::size_t index,
                                  std::size_t depth) {
  DepthGuard guard(context_);
  if (parts.generators[index]->is_async) {
    compile_async_generator(parts, index, depth);
  } else {
    compile_sync_generator(parts, index, depth);
  }
}

/// What stands inside generator `index`: the next one, or the element. `depth` iterators lie above
/// the result.
void Compiler::compile_innermost(const ComprehensionParts& parts, std::size_t index,
                                 std::size_t depth) {
  if (index + 1 < parts.generators.size()) {
    compile_generators(parts, index + 1, depth);
    return;
  }
  visit(parts.elt);
  switch (parts.kind) {
    case ComprehensionKind::Generator:
      emit_yield();
      emit(Opcode::PopTop);
      break;
    case ComprehensionKind::List:
      emit(Opcode::ListAppend, depth + 1);
      break;
    case ComprehensionKind::Set:
      emit(Opcode::SetAdd, depth + 1);
      break;
    case ComprehensionKind::Dict:
      visit(parts.value);
      emit(Opcode::MapAdd, depth + 1);
      break;
    case ComprehensionKind::None:
      break;
  }
}

void Compiler::compile_sync_generator(const ComprehensionParts& parts, std::size_t index,
                                      std::size_t depth) {
  const syntax::Comprehension& generator = *parts.generators[index];
  Block* start = new_block();
  Block* if_cleanup = new_block();
  Block* anchor = new_block();
  bool loops = true;
  if (index == 0) {
    unit_->header.arg_count = 1;
    emit(Opcode::LoadFast, 0);
  } else {
    // `for y in [f(x)]` is how a comprehension names a value: no loop is needed.
    const Seq<Expr*>* elts = nullptr;
    if (const auto* list = syntax::try_as<syntax::List>(generator.iter)) elts = &list->elts;
    if (const auto* tuple = syntax::try_as<syntax::Tuple>(generator.iter)) elts = &tuple->elts;
    if (elts != nullptr && elts->size() == 1 && elts->front()->kind != syntax::ExprKind::Starred) {
      visit(elts->front());
      loops = false;
    } else {
      visit(generator.iter);
      emit(Opcode::GetIter);
    }
  }
  if (loops) {
    ++depth;
    use(start);
    emit_jump(Opcode::ForIter, anchor);
  }
  visit(generator.target);
  for (const Expr* condition : generator.ifs) jump_if(condition, if_cleanup, false);
  compile_innermost(parts, index, depth);
  use(if_cleanup);
  if (loops) {
    emit_jump(Opcode::Jump, start);
    use(anchor);
  }
}

void Compiler::compile_async_generator(const ComprehensionParts& parts, std::size_t index,
                                       std::size_t depth) {
  const syntax::Comprehension& generator = *parts.generators[index];
  Block* start = new_block();
  Block* handler = new_block();
  Block* if_cleanup = new_block();
  if (index == 0) {
    unit_->header.arg_count = 1;
    emit(Opcode::LoadFast, 0);
  } else {
    visit(generator.iter);
    emit(Opcode::GetAiter);
  }
  use(start);
  push_region({.kind = RegionKind::AsyncComprehension, .start = start});
  emit_jump(Pseudo::SetupFinally, handler);
  emit(Opcode::GetAnext);
  emit_none();
  emit_yield_from(true);
  emit(Pseudo::PopBlock);
  visit(generator.target);
  for (const Expr* condition : generator.ifs) jump_if(condition, if_cleanup, false);
  compile_innermost(parts, index, depth + 1);
  use(if_cleanup);
  emit_jump(Opcode::Jump, start);
  pop_region();
  use(handler);
  emit(Opcode::EndAsyncFor);
}

}  // namespace ouro::compile
