// match: patterns to code.
//
// The subject lies on the stack. A pattern consumes what it looks at; captured values wait below it
// until the whole pattern (and nothing less) has matched, then they are stored. A failure pops what
// is there at that point: `fail_pop[n]` is a block that pops n values and goes on to the next case.
#include <algorithm>
#include <unordered_set>

#include "compile/compiler.h"
#include "objects/set.h"

namespace ouro::compile {

using syntax::ExprContext;
using syntax::Pattern;
using syntax::PatternKind;
using syntax::Seq;

namespace {

bool is_wildcard(const Pattern& pattern) {
  const auto* as_pattern = syntax::try_as<syntax::MatchAs>(&pattern);
  return as_pattern != nullptr && as_pattern->name.empty();
}

bool is_star_wildcard(const Pattern& pattern) {
  const auto* star = syntax::try_as<syntax::MatchStar>(&pattern);
  return star != nullptr && star->name.empty();
}

/// Literals (signed and complex numbers are folded by now) and dotted names.
bool may_be_value(const Expr& expr) {
  return expr.kind == syntax::ExprKind::Constant || expr.kind == syntax::ExprKind::Attribute;
}

}  // namespace

/// Room for failing with up to `count` values on the stack.
void Compiler::ensure_fail_blocks(PatternState& state, std::size_t count) {
  while (state.fail_pop.size() <= count) state.fail_pop.push_back(new_block());
}

/// Jumps to where everything that lies on the stack now is popped and the case fails.
void Compiler::visit_case_fail(PatternState& state, Op op) {
  std::size_t pops = static_cast<std::size_t>(state.on_top) + state.stores.size();
  ensure_fail_blocks(state, pops);
  emit_jump(op, state.fail_pop[pops]);
}

/// The ladder of pops; falls through to the failure exit.
void Compiler::emit_fail_blocks(PatternState& state) {
  if (state.fail_pop.empty()) {
    use(new_block());
    return;
  }
  while (state.fail_pop.size() > 1) {
    use(state.fail_pop.back());
    state.fail_pop.pop_back();
    emit(Opcode::PopTop);
  }
  use(state.fail_pop.front());
  state.fail_pop.clear();
}

/// Moves the top below the `count - 1` values under it.
void Compiler::rotate_under(std::size_t count) {
  for (; count > 1; --count) emit(Opcode::Swap, count);
}

/// The top becomes a captured value, or is dropped.
void Compiler::store_capture(std::string_view name, PatternState& state) {
  if (name.empty()) {
    emit(Opcode::PopTop);
    return;
  }
  refuse_forbidden(name, ExprContext::Store);
  if (std::find(state.stores.begin(), state.stores.end(), name) != state.stores.end()) {
    error("multiple assignments to name {r} in pattern", context_.name(name));
  }
  rotate_under(static_cast<std::size_t>(state.on_top) + state.stores.size() + 1);
  state.stores.push_back(name);
}

void Compiler::visit_pattern(const Pattern& pattern, PatternState& state) {
  DepthGuard depth(context_);
  // Nothing puts the old place back: what follows a sub-pattern traces to it.
  place_at(pattern.span);
  switch (pattern.kind) {
    case PatternKind::MatchValue:
      visit_value_pattern(as<syntax::MatchValue>(pattern), state);
      break;
    case PatternKind::MatchSingleton:
      visit_singleton_pattern(as<syntax::MatchSingleton>(pattern), state);
      break;
    case PatternKind::MatchSequence:
      visit_sequence_pattern(as<syntax::MatchSequence>(pattern), state);
      break;
    case PatternKind::MatchMapping:
      visit_mapping_pattern(as<syntax::MatchMapping>(pattern), state);
      break;
    case PatternKind::MatchClass:
      visit_class_pattern(as<syntax::MatchClass>(pattern), state);
      break;
    case PatternKind::MatchStar:
      store_capture(as<syntax::MatchStar>(pattern).name, state);
      break;
    case PatternKind::MatchAs:
      visit_as_pattern(as<syntax::MatchAs>(pattern), state);
      break;
    case PatternKind::MatchOr:
      visit_or_pattern(as<syntax::MatchOr>(pattern), state);
      break;
  }
}

/// A pattern inside another: whether it always matches is then no error.
void Compiler::visit_subpattern(const Pattern& pattern, PatternState& state) {
  bool allowed = std::exchange(state.allow_irrefutable, true);
  visit_pattern(pattern, state);
  state.allow_irrefutable = allowed;
}

void Compiler::visit_value_pattern(const syntax::MatchValue& pattern, PatternState& state) {
  if (!may_be_value(*pattern.value))
    error("patterns may only match literals and attribute lookups");
  visit(pattern.value);
  emit(Opcode::CompareOp, static_cast<std::size_t>(CompareOp::Equal));
  visit_case_fail(state, Opcode::PopJumpIfFalse);
}

void Compiler::visit_singleton_pattern(const syntax::MatchSingleton& pattern, PatternState& state) {
  const CoreObjects& core = context_.ts.core;
  emit_constant(pattern.value == syntax::ConstantTag::None   ? core.none
                : pattern.value == syntax::ConstantTag::True ? core.true_object
                                                             : core.false_object);
  emit(Opcode::IsOp, 0);
  visit_case_fail(state, Opcode::PopJumpIfFalse);
}

// ---- Sequences
// -----------------------------------------------------------------------------------

void Compiler::unpack_sequence_pattern(const Seq<Pattern*>& patterns, PatternState& state) {
  std::size_t count = patterns.size();
  bool starred = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (patterns[i]->kind != PatternKind::MatchStar) continue;
    if (starred) error("multiple starred expressions in sequence pattern");
    std::size_t after = count - i - 1;
    if (i >= 1 << 8 || after > kMaxArgument >> 8) {
      error("too many expressions in star-unpacking sequence pattern");
    }
    emit(Opcode::UnpackEx, i | (after << 8));
    starred = true;
  }
  if (!starred) emit(Opcode::UnpackSequence, count);
  state.on_top += static_cast<int>(count);
  for (const Pattern* pattern : patterns) {
    --state.on_top;
    visit_subpattern(*pattern, state);
  }
}

/// Where the starred part is not wanted, only the places that matter are looked up.
void Compiler::subscript_sequence_pattern(const Seq<Pattern*>& patterns, std::size_t star,
                                          PatternState& state) {
  ++state.on_top;  // the subject stays until the end
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const Pattern& pattern = *patterns[i];
    if (i == star || is_wildcard(pattern)) continue;
    emit(Opcode::Copy, 1);
    if (i < star) {
      emit_int(static_cast<std::int64_t>(i));
    } else {
      emit(Opcode::GetLen);
      emit_int(static_cast<std::int64_t>(patterns.size() - i));
      emit(Opcode::BinaryOp, static_cast<std::size_t>(BinaryOp::Subtract));
    }
    emit(Opcode::BinarySubscript);
    visit_subpattern(pattern, state);
  }
  --state.on_top;
  emit(Opcode::PopTop);
}

void Compiler::visit_sequence_pattern(const syntax::MatchSequence& pattern, PatternState& state) {
  std::size_t size = pattern.patterns.size();
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t star = kNone;
  bool only_wildcards = true;
  bool star_is_wildcard = false;
  for (std::size_t i = 0; i < size; ++i) {
    const Pattern& item = *pattern.patterns[i];
    if (item.kind == PatternKind::MatchStar) {
      if (star != kNone) error("multiple starred names in sequence pattern");
      star_is_wildcard = is_star_wildcard(item);
      only_wildcards = only_wildcards && star_is_wildcard;
      star = i;
      continue;
    }
    only_wildcards = only_wildcards && is_wildcard(item);
  }
  ++state.on_top;  // the subject
  emit(Opcode::MatchSequence);
  visit_case_fail(state, Opcode::PopJumpIfFalse);
  if (star == kNone || size > 1) {
    emit(Opcode::GetLen);
    emit_int(static_cast<std::int64_t>(star == kNone ? size : size - 1));
    emit(Opcode::CompareOp,
         static_cast<std::size_t>(star == kNone ? CompareOp::Equal : CompareOp::GreaterEqual));
    visit_case_fail(state, Opcode::PopJumpIfFalse);
  }
  --state.on_top;  // from here on the subject is consumed
  if (only_wildcards) {
    emit(Opcode::PopTop);
  } else if (star_is_wildcard) {
    subscript_sequence_pattern(pattern.patterns, star, state);
  } else {
    unpack_sequence_pattern(pattern.patterns, state);
  }
}

// ---- Mappings and classes
// ------------------------------------------------------------------------

void Compiler::visit_mapping_pattern(const syntax::MatchMapping& pattern, PatternState& state) {
  std::size_t size = pattern.keys.size();
  ++state.on_top;  // the subject
  emit(Opcode::MatchMapping);
  visit_case_fail(state, Opcode::PopJumpIfFalse);
  if (size == 0 && pattern.rest.empty()) {
    --state.on_top;
    emit(Opcode::PopTop);
    return;
  }
  if (size > 0) {
    emit(Opcode::GetLen);
    emit_int(static_cast<std::int64_t>(size));
    emit(Opcode::CompareOp, static_cast<std::size_t>(CompareOp::GreaterEqual));
    visit_case_fail(state, Opcode::PopJumpIfFalse);
  }
  Ref<Set> seen = must(Set::create(context_.ts, context_.ts.core.types.set));
  for (const Expr* key : pattern.keys) {
    if (Object* constant = constant_of(context_, key)) {
      PlaceGuard place(*this, pattern.span);
      if (must(set_contains(context_.ts, seen, constant))) {
        error("mapping pattern checks duplicate key ({r})", constant);
      }
      must(set_add(context_.ts, seen, constant));
    } else if (key->kind != syntax::ExprKind::Attribute) {
      error("mapping pattern keys may only match literals and attribute lookups");
    }
    visit(key);
  }
  emit(Opcode::BuildTuple, size);
  emit(Opcode::MatchKeys);
  state.on_top += 2;  // keys, values
  emit(Opcode::Copy, 1);
  emit_none();
  emit(Opcode::IsOp, 1);
  visit_case_fail(state, Opcode::PopJumpIfFalse);
  emit(Opcode::UnpackSequence, size);
  state.on_top += static_cast<int>(size) - 1;
  for (const Pattern* item : pattern.patterns) {
    --state.on_top;
    visit_subpattern(*item, state);
  }
  state.on_top -= 2;  // keys and subject are consumed below
  if (!pattern.rest.empty()) {
    // rest = dict(subject), without the keys
    emit(Opcode::BuildMap, 0);
    emit(Opcode::Swap, 3);
    emit(Opcode::DictUpdate, 2);
    emit(Opcode::UnpackSequence, size);
    for (std::size_t left = size; left > 0; --left) {
      emit(Opcode::Copy, 1 + left);
      emit(Opcode::Swap, 2);
      emit(Opcode::DeleteSubscript);
    }
    store_capture(pattern.rest, state);
  } else {
    emit(Opcode::PopTop);
    emit(Opcode::PopTop);
  }
}

void Compiler::visit_class_pattern(const syntax::MatchClass& pattern, PatternState& state) {
  std::size_t positional = pattern.patterns.size();
  std::size_t named = pattern.kwd_attrs.size();
  std::pmr::unordered_set<std::string_view> seen(&context_.scratch);
  for (std::size_t i = 0; i < named; ++i) {
    PlaceGuard place(*this, pattern.kwd_patterns[i]->span);
    refuse_forbidden(pattern.kwd_attrs[i], ExprContext::Store);
  }
  for (std::size_t i = 0; i < named; ++i) {
    if (seen.insert(pattern.kwd_attrs[i]).second) continue;
    PlaceGuard place(*this, pattern.kwd_patterns[i]->span);
    error("attribute name repeated in class pattern: {}", pattern.kwd_attrs[i]);
  }
  visit(pattern.cls);
  emit_constant_tuple(named, [&](std::size_t i) { return context_.name(pattern.kwd_attrs[i]); });
  emit(Opcode::MatchClass, positional);
  emit(Opcode::Copy, 1);
  emit_none();
  emit(Opcode::IsOp, 1);
  ++state.on_top;  // the tuple of attributes, or None
  visit_case_fail(state, Opcode::PopJumpIfFalse);
  emit(Opcode::UnpackSequence, positional + named);
  state.on_top += static_cast<int>(positional + named) - 1;
  for (std::size_t i = 0; i < positional + named; ++i) {
    --state.on_top;
    const Pattern& item =
        i < positional ? *pattern.patterns[i] : *pattern.kwd_patterns[i - positional];
    if (is_wildcard(item)) {
      emit(Opcode::PopTop);
    } else {
      visit_subpattern(item, state);
    }
  }
}

// ---- as, or
// --------------------------------------------------------------------------------------

void Compiler::visit_as_pattern(const syntax::MatchAs& pattern, PatternState& state) {
  if (pattern.pattern == nullptr) {
    if (!state.allow_irrefutable) {
      if (!pattern.name.empty()) {
        error("name capture {r} makes remaining patterns unreachable", context_.name(pattern.name));
      }
      error("wildcard makes remaining patterns unreachable");
    }
    store_capture(pattern.name, state);
    return;
  }
  // The subject is needed twice: for the inner pattern and for the name.
  ++state.on_top;
  emit(Opcode::Copy, 1);
  visit_pattern(*pattern.pattern, state);
  --state.on_top;
  store_capture(pattern.name, state);
}

/// Alternatives must capture the same names; each brings its values into the order of the first.
void Compiler::visit_or_pattern(const syntax::MatchOr& pattern, PatternState& outer) {
  Block* end = new_block();
  std::size_t size = pattern.patterns.size();
  std::pmr::vector<std::string_view> control(&context_.scratch);
  PatternState state(context_.scratch);
  for (std::size_t alternative = 0; alternative < size; ++alternative) {
    const Pattern& item = *pattern.patterns[alternative];
    place_at(item.span);
    state.stores.clear();
    // Only the last alternative may always match.
    state.allow_irrefutable = alternative == size - 1 && outer.allow_irrefutable;
    state.fail_pop.clear();
    state.on_top = 0;
    emit(Opcode::Copy, 1);
    visit_pattern(item, state);
    if (alternative == 0) {
      control = state.stores;
    } else if (state.stores.size() != control.size()) {
      error("alternative patterns bind different names");
    } else {
      for (std::size_t place = control.size(); place-- > 0;) {
        auto found = std::find(state.stores.begin(), state.stores.end(), control[place]);
        if (found == state.stores.end()) error("alternative patterns bind different names");
        auto index = static_cast<std::size_t>(found - state.stores.begin());
        if (index == place) continue;
        // Rotate the values so that those captured up to `index` come into their places.
        std::pmr::vector<std::string_view> rotated(&context_.scratch);
        rotated.assign(state.stores.begin(),
                       state.stores.begin() + static_cast<std::ptrdiff_t>(index + 1));
        state.stores.erase(state.stores.begin(),
                           state.stores.begin() + static_cast<std::ptrdiff_t>(index + 1));
        state.stores.insert(state.stores.begin() + static_cast<std::ptrdiff_t>(place - index),
                            rotated.begin(), rotated.end());
        for (std::size_t times = 0; times < index + 1; ++times) rotate_under(place + 1);
      }
    }
    emit_jump(Opcode::Jump, end);
    emit_fail_blocks(state);
  }
  // No alternative matched: the copy of the subject goes too.
  emit(Opcode::PopTop);
  visit_case_fail(outer, Opcode::Jump);
  use(end);
  std::size_t captures = control.size();
  // The captured values lie above the subject and the earlier captures; bring them into the common
  // order.
  std::size_t depth = captures + 1 + static_cast<std::size_t>(outer.on_top) + outer.stores.size();
  for (std::string_view name : control) {
    rotate_under(depth);
    if (std::find(outer.stores.begin(), outer.stores.end(), name) != outer.stores.end()) {
      error("multiple assignments to name {r} in pattern", context_.name(name));
    }
    outer.stores.push_back(name);
  }
  emit(Opcode::PopTop);
}

// ---- The statement
// -------------------------------------------------------------------------------

void Compiler::visit_match(const syntax::Match& stmt) {
  visit(stmt.subject);
  Block* end = new_block();
  std::size_t count = stmt.cases.size();
  const syntax::MatchCase& last = *stmt.cases[count - 1];
  bool has_default = is_wildcard(*last.pattern) && count > 1;
  std::size_t ordinary = has_default ? count - 1 : count;
  for (std::size_t i = 0; i < ordinary; ++i) {
    const syntax::MatchCase& match_case = *stmt.cases[i];
    place_at(match_case.pattern->span);
    PatternState state(context_.scratch);
    // The subject is kept for the next case, unless there is none.
    if (i != ordinary - 1) emit(Opcode::Copy, 1);
    // A pattern that always matches is fine with a guard, and in the last case.
    state.allow_irrefutable = match_case.guard != nullptr || i == count - 1;
    visit_pattern(*match_case.pattern, state);
    for (std::string_view name : state.stores) emit_name(name, ExprContext::Store);
    if (match_case.guard != nullptr) {
      ensure_fail_blocks(state, 0);
      jump_if(match_case.guard, state.fail_pop[0], false);
    }
    if (i != ordinary - 1) emit(Opcode::PopTop);
    visit_body(match_case.body);
    place_nowhere();
    emit_jump(Opcode::Jump, end);
    // The pops belong to the pattern, whatever line the body ended on.
    place_at(match_case.pattern->span);
    emit_fail_blocks(state);
  }
  if (has_default) {
    // `case _` needs no pattern; the subject is gone already.
    place_at(last.pattern->span);
    if (count == 1) {
      emit(Opcode::PopTop);
    } else {
      emit(Opcode::Nop);
    }
    if (last.guard != nullptr) jump_if(last.guard, end, false);
    visit_body(last.body);
  }
  use(end);
}

}  // namespace ouro::compile
