// Calls: plain, of methods, with unpacked arguments.
#include <unordered_set>

#include "compile/compiler.h"

namespace ouro::compile {

namespace {

constexpr DisplayOps kArguments{Opcode::BuildList, Opcode::ListAppend, Opcode::ListExtend, true};

bool has_star(const syntax::Seq<Expr*>& args) {
  for (const Expr* arg : args) {
    if (arg->kind == syntax::ExprKind::Starred) return true;
  }
  return false;
}

bool has_double_star(const syntax::Seq<syntax::Keyword*>& keywords) {
  for (const syntax::Keyword* keyword : keywords) {
    if (keyword->arg.empty()) return true;
  }
  return false;
}

}  // namespace

void Compiler::check_keywords(const Seq<syntax::Keyword*>& keywords) {
  std::pmr::unordered_set<std::string_view> seen(&context_.scratch);
  for (const syntax::Keyword* keyword : keywords) {
    if (keyword->arg.empty()) continue;
    refuse_forbidden(keyword->arg, syntax::ExprContext::Store);
    if (!seen.insert(keyword->arg).second) {
      context_.error(keyword->span, "keyword argument repeated: {}", keyword->arg);
    }
  }
}

void Compiler::emit_keyword_names(const Seq<syntax::Keyword*>& keywords) {
  Ref<Tuple> names = must(Tuple::make(context_.ts, static_cast<std::int64_t>(keywords.size())));
  for (std::size_t i = 0; i < keywords.size(); ++i)
    names->items[i] = name_object(keywords[i]->arg).release();
  must(track(context_.ts, names));
  emit(Opcode::KeywordNames,
       builder().constants.index_of(context_.constants.canonical(std::move(names))));
}

void Compiler::visit_call(const syntax::Call& expr) {
  if (visit_method_call(expr)) return;
  check_called(*expr.func);
  emit_at(Opcode::PushNull, 0, expr.func->span);
  visit(expr.func);
  finish_call(0, expr.args, expr.keywords);
}

/// `owner.name(...)` without unpacking needs no bound method.
bool Compiler::visit_method_call(const syntax::Call& expr) {
  const auto* method = syntax::try_as<syntax::Attribute>(expr.func);
  if (method == nullptr || method->ctx != syntax::ExprContext::Load) return false;
  if (expr.args.size() + expr.keywords.size() >= kStackGuideline) return false;
  if (has_star(expr.args) || has_double_star(expr.keywords)) return false;
  if (const auto* owner = syntax::try_as<syntax::Name>(method->value)) {
    // A function of an imported module is found in its instance dict; there is no method to look
    // for.
    const Symbol* symbol = symbols_.top().find(owner->id);
    if (symbol != nullptr && (symbol->flags & kDefImport) != 0) return false;
  }
  check_keywords(expr.keywords);
  visit(method->value);
  place_at(method->span);
  start_at_attribute_name(*method);
  emit_named(Opcode::LoadMethod, method->attr);
  visit_all(expr.args);
  for (const syntax::Keyword* keyword : expr.keywords) visit(keyword->value);
  if (!expr.keywords.empty()) emit_keyword_names(expr.keywords);
  place_at(expr.span);
  start_at_attribute_name(*method);
  emit_call(expr.args.size() + expr.keywords.size());
  return true;
}

/// The callable and `pushed` arguments lie on the stack.
void Compiler::finish_call(std::size_t pushed, const Seq<Expr*>& args,
                           const Seq<syntax::Keyword*>& keywords) {
  check_keywords(keywords);
  if (args.size() + keywords.size() * 2 > kStackGuideline || has_star(args) ||
      has_double_star(keywords)) {
    finish_unpacking_call(pushed, args, keywords);
    return;
  }
  visit_all(args);
  for (const syntax::Keyword* keyword : keywords) visit(keyword->value);
  if (!keywords.empty()) emit_keyword_names(keywords);
  emit_call(pushed + args.size() + keywords.size());
}

void Compiler::finish_unpacking_call(std::size_t pushed, const Seq<Expr*>& args,
                                     const Seq<syntax::Keyword*>& keywords) {
  if (pushed == 0 && args.size() == 1 && args[0]->kind == syntax::ExprKind::Starred) {
    visit(as<syntax::Starred>(*args[0]).value);
  } else {
    build_display(args, pushed, kArguments);
  }
  bool have_dict = false;
  std::size_t waiting = 0;
  auto flush = [&](std::size_t end) {
    build_keywords(keywords, end - waiting, end);
    if (have_dict) emit(Opcode::DictMerge, 1);
    have_dict = true;
    waiting = 0;
  };
  for (std::size_t i = 0; i < keywords.size(); ++i) {
    if (!keywords[i]->arg.empty()) {
      ++waiting;
      continue;
    }
    if (waiting > 0) flush(i);
    if (!have_dict) {
      emit(Opcode::BuildMap, 0);
      have_dict = true;
    }
    visit(keywords[i]->value);
    emit(Opcode::DictMerge, 1);
  }
  if (waiting > 0) flush(keywords.size());
  emit(Opcode::CallFunctionEx, keywords.empty() ? 0 : 1);
}

/// Pushes a dict of the named keywords [begin, end).
void Compiler::build_keywords(const Seq<syntax::Keyword*>& keywords, std::size_t begin,
                              std::size_t end) {
  std::size_t count = end - begin;
  bool big = count * 2 > kStackGuideline;
  if (count > 1 && !big) {
    for (std::size_t i = begin; i < end; ++i) visit(keywords[i]->value);
    emit_constant_tuple(count,
                        [&](std::size_t i) { return context_.name(keywords[begin + i]->arg); });
    emit(Opcode::BuildConstKeyMap, count);
    return;
  }
  if (big) emit_at(Opcode::BuildMap, 0, kNoSpan);
  for (std::size_t i = begin; i < end; ++i) {
    emit_text(keywords[i]->arg);
    visit(keywords[i]->value);
    if (big) emit_at(Opcode::MapAdd, 1, kNoSpan);
  }
  if (!big) emit(Opcode::BuildMap, count);
}

}  // namespace ouro::compile
