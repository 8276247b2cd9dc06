// Units, and what a name compiles to in the scope it stands in.
#include <algorithm>
#include <string>

#include "compile/compiler.h"
#include "objects/str.h"

namespace ouro::compile {

namespace {

/// Names of cells and free variables are sorted, so that code does not depend on the order of a
/// table.
void collect_sorted(Scope& scope, Binding binding, std::uint16_t also_flag, Context& context,
                    IndexTable<Str*>& out) {
  std::pmr::vector<std::string_view> found(&context.scratch);
  for (const Symbol& symbol : scope.symbols) {
    if (symbol.binding == binding || (symbol.flags & also_flag) != 0) found.push_back(symbol.name);
  }
  std::sort(found.begin(), found.end());
  for (std::string_view name : found) out.index_of(context.name(name));
}

}  // namespace

void Compiler::enter_unit(std::string_view name, UnitKind kind, const void* node, int first_line) {
  Scope& scope = *symbols_.scope_of(node);
  void* memory = context_.scratch.allocate(sizeof(Unit), alignof(Unit));
  auto* unit = ::new (memory) Unit(context_, kind, scope, unit_);
  unit->header.name = context_.name(name);
  unit->header.first_line = first_line;
  if (unit_ != nullptr) unit->class_name = unit_->class_name;
  for (std::string_view parameter : scope.parameters)
    unit->builder.variables.index_of(context_.name(parameter));
  collect_sorted(scope, Binding::Cell, 0, context_, unit->builder.cells);
  if (scope.needs_class_cell) unit->builder.cells.index_of(context_.name("__class__"));
  collect_sorted(scope, Binding::Free, kDefFreeClass, context_, unit->builder.frees);
  set_qualname(*unit, name);
  unit_ = unit;
  ++nesting_;
  // A module's first instruction belongs to no line of its text.
  int line = kind == UnitKind::Module ? 0 : first_line;
  emit_at(Opcode::Resume, 0, {line, 0, std::max(line, 1), 0});
  unit_->place = kind == UnitKind::Module ? kNoSpan : Span{line, 0, line, 0};
}

Ref<Code> Compiler::leave_unit(bool value_on_stack) {
  if (!builder().has_returned()) {
    place_nowhere();
    if (!value_on_stack) emit_none();
    emit(Opcode::ReturnValue);
  }
  unit_->header.flags = code_flags();
  Ref<Code> code = builder().assemble(unit_->header);
  unit_ = unit_->parent;
  --nesting_;
  return code;
}

void Compiler::set_qualname(Unit& unit, std::string_view name) {
  unit.header.qualname = unit.header.name;
  Unit* parent = unit_;
  if (parent == nullptr || parent->parent == nullptr) return;
  bool named = unit.kind == UnitKind::Function || unit.kind == UnitKind::AsyncFunction ||
               unit.kind == UnitKind::Class;
  // A function that its scope declares global carries no trace of the scope.
  if (named && parent->scope.binding_of(context_.mangle(parent->class_name, name)) ==
                   Binding::GlobalExplicit)
    return;
  bool locals = parent->kind == UnitKind::Function || parent->kind == UnitKind::AsyncFunction ||
                parent->kind == UnitKind::Lambda;
  Utf8 outer(parent->header.qualname);
  if (!outer.ok()) throw std::bad_alloc();
  std::pmr::string text(outer.view(), &context_.scratch);
  if (locals) text += ".<locals>";
  text += '.';
  text += name;
  // The pool keeps a view of the text for as long as the unit lives.
  char* kept = static_cast<char*>(context_.scratch.allocate(text.size(), 1));
  text.copy(kept, text.size());
  unit.header.qualname = context_.name({kept, text.size()});
}

std::uint32_t Compiler::code_flags() const {
  const Scope& scope = unit_->scope;
  std::uint32_t flags = context_.future.flags;
  if (scope.type == ScopeType::Function) {
    flags |= kNewLocals | kOptimized;
    if (scope.nested) flags |= kNested;
    if (scope.generator) flags |= scope.coroutine ? kAsyncGenerator : kGenerator;
    if (!scope.generator && scope.coroutine) flags |= kCoroutine;
    if (scope.has_varargs) flags |= kVarArgs;
    if (scope.has_varkeywords) flags |= kVarKeywords;
  } else if (scope.coroutine && allows_top_level_await()) {
    flags |= kCoroutine;
  }
  return flags;
}

void Compiler::refuse_forbidden(std::string_view name, syntax::ExprContext ctx) {
  if (name != "__debug__" || ctx == syntax::ExprContext::Load) return;
  error(ctx == syntax::ExprContext::Store ? "cannot assign to __debug__"
                                          : "cannot delete __debug__");
}

void Compiler::emit_name(std::string_view plain_name, syntax::ExprContext ctx) {
  std::string_view name = mangled(plain_name);
  refuse_forbidden(name, ctx);
  auto pick = [ctx](Opcode load, Opcode store, Opcode remove) {
    return ctx == syntax::ExprContext::Load    ? load
           : ctx == syntax::ExprContext::Store ? store
                                               : remove;
  };
  Str* object = context_.name(name);
  switch (unit_->scope.binding_of(name)) {
    case Binding::Free:
    case Binding::Cell: {
      // A class body may see an outer __class__ and have a cell of that name for its methods.
      const bool is_free = unit_->scope.binding_of(name) == Binding::Free;
      int cell = is_free && builder().frees.find(object) >= 0 ? -1 : builder().cells.find(object);
      std::size_t index = cell >= 0 ? static_cast<std::size_t>(cell)
                                    : builder().cells.size() +
                                          static_cast<std::size_t>(builder().frees.find(object));
      Opcode load =
          unit_->scope.type == ScopeType::Class ? Opcode::LoadClassDeref : Opcode::LoadDeref;
      emit(pick(load, Opcode::StoreDeref, Opcode::DeleteDeref), index);
      return;
    }
    case Binding::Local:
      if (in_function_scope()) {
        emit(pick(Opcode::LoadFast, Opcode::StoreFast, Opcode::DeleteFast),
             builder().variables.index_of(object));
        return;
      }
      break;
    case Binding::GlobalImplicit:
      if (!in_function_scope()) break;
      [[fallthrough]];
    case Binding::GlobalExplicit: {
      std::size_t index = builder().names.index_of(object);
      emit(pick(Opcode::LoadGlobal, Opcode::StoreGlobal, Opcode::DeleteGlobal),
           ctx == syntax::ExprContext::Load ? index << 1 : index);
      return;
    }
    case Binding::Unknown:
      break;
  }
  emit(pick(Opcode::LoadName, Opcode::StoreName, Opcode::DeleteName),
       builder().names.index_of(object));
}

/// Position of the cell that an inner function takes from this unit.
std::uint32_t Compiler::cell_index(Str* name) {
  int cell = builder().cells.find(name);
  if (cell >= 0) return static_cast<std::uint32_t>(cell);
  int free_variable = builder().frees.find(name);
  OURO_CHECK(free_variable >= 0, "closure variable without a cell");
  return static_cast<std::uint32_t>(builder().cells.size()) +
         static_cast<std::uint32_t>(free_variable);
}

/// Pushes the function made of `code`; the values that `flags` announce lie on the stack.
void Compiler::make_closure(Ref<Code> code, std::uint32_t flags) {
  if (code->free_count > 0) {
    for (std::int32_t i = code->local_count - code->free_count; i < code->local_count; ++i) {
      emit(Opcode::LoadClosure, cell_index(as<Str>(code->local_names->at(i))));
    }
    emit(Opcode::BuildTuple, static_cast<std::size_t>(code->free_count));
    flags |= 8;
  }
  emit_constant(context_.constants.canonical(std::move(code)));
  emit(Opcode::MakeFunction, flags);
}

}  // namespace ouro::compile
