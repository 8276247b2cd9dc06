// Makes written code smaller without changing what a program or a tracer can see: the order of
// effects, the order in which references are dropped, and which lines run all stay.
//
// The steps, in order: local rewriting of each block; copies of short exits in place of jumps to
// them; removal of blocks that nothing reaches and of instructions that do nothing; separate copies
// of exits without a line, so that each can take the line it is reached from; lines for
// instructions without one.
//
// "Exit": a block that ends in a return or a raise.
#include <algorithm>

#include "compile/code_builder.h"
#include "objects/operations.h"

namespace ouro::compile {
namespace {

/// Exits up to this length are copied to where a jump leads to them.
constexpr std::size_t kShortExit = 4;

bool same_line(const Instruction& a, const Instruction& b) { return a.span.line == b.span.line; }

Block* skip_empty(Block* block) {
  while (block->empty() && block->next != nullptr) block = block->next;
  return block;
}

/// An exit that takes the line of what leads to it.
bool is_lineless_exit(Block& block) {
  return block.exits() &&
         std::all_of(block.instructions.begin(), block.instructions.end(),
                     [](const Instruction& instruction) { return instruction.span.line < 0; });
}

}  // namespace

void drop_nops(Block& block, int previous_line) {
  auto& list = block.instructions;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    int line = list[i].span.line;
    if (list[i].op == Opcode::Nop) {
      // Without a line, or on the line of what ran before: no tracer misses it.
      if (line < 0 || previous_line == line) continue;
      if (i + 1 < list.size()) {
        int next_line = list[i + 1].span.line;
        // What has no place of its own takes the Nop's.
        if (next_line < 0) list[i + 1].span = list[i].span;
        if (next_line < 0 || next_line == line) continue;
      } else {
        Block* next = block.next;
        while (next != nullptr && next->empty()) next = next->next;
        if (next != nullptr && next->instructions.front().span.line == line) continue;
      }
    }
    if (kept != i) list[kept] = list[i];
    ++kept;
    previous_line = line;
  }
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(kept), list.end());
}

class FlowOptimizer {
 public:
  FlowOptimizer(Context& context, CodeBuilder& builder)
      : context_(context), builder_(builder), entry_(builder.entry_) {}

  void run(int first_line) {
    for_each_block([](Block& block) {
      for (Instruction& instruction : block.instructions) {
        if (instruction.target != nullptr) instruction.target = skip_empty(instruction.target);
      }
    });
    for_each_block([this](Block& block) {
      rewrite(block);
      drop_nops(block, -1);
    });
    // A copied exit may make an exit of the block it is copied to, which the second round uses.
    for (int round = 0; round < 2; ++round) {
      for_each_block([this](Block& block) { copy_short_exit(block); });
    }
    count_predecessors();
    drop_unreachable();
    drop_repeated_lines();
    drop_empty_blocks();
    drop_jumps_to_next();
    split_exits_without_line();
    trim_constants();
    spread_lines();
    // A return always has a line: that of the code before it.
    int line = first_line;
    for_each_block([&line](Block& block) {
      if (block.empty()) return;
      if (block.last().span.line >= 0) {
        line = block.last().span.line;
      } else if (block.last().op == Opcode::ReturnValue) {
        for (Instruction& instruction : block.instructions) instruction.span = {line, -1, line, -1};
      }
    });
  }

 private:
  template <class Visit>
  void for_each_block(Visit visit) {
    for (Block* block = entry_; block != nullptr; block = block->next) visit(*block);
  }

  // -- local rewriting
  void rewrite(Block& block);
  void rewrite_constant(Block& block, std::size_t i);
  void rewrite_tuple(Block& block, std::size_t i);
  bool thread_jump(Instruction& jump, const Instruction& target, Op op) {
    // Threading across lines would hide one from tracers; a jump to itself would never end.
    if (!same_line(jump, target) || jump.target == target.target) return false;
    jump.target = skip_empty(target.target);
    jump.op = op;
    return true;
  }
  bool rewrite_jump(Block& block, Instruction& jump);
  std::size_t shorten_swaps(Block& block, std::size_t first);
  void swap_statically(Block& block, std::size_t i);

  // -- the graph
  void copy_short_exit(Block& block);
  void count_predecessors();
  void drop_unreachable();
  void drop_repeated_lines();
  void drop_empty_blocks();
  void drop_jumps_to_next();
  void split_exits_without_line();
  void spread_lines();
  void trim_constants();

  Context& context_;
  CodeBuilder& builder_;
  Block* entry_;
};

// ---- Local rewriting
// -----------------------------------------------------------------------------

void FlowOptimizer::rewrite(Block& block) {
  auto& list = block.instructions;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Op next = i + 1 < list.size() ? list[i + 1].op : Op(Opcode::Nop);
    if (list[i].op == Opcode::LoadConst) {
      rewrite_constant(block, i);
    } else if (list[i].op == Opcode::BuildTuple) {
      rewrite_tuple(block, i);
    } else if (list[i].op == Opcode::Swap) {
      if (list[i].argument == 1) {
        list[i].op = Opcode::Nop;
      } else {
        i = shorten_swaps(block, i);
        swap_statically(block, i);
      }
    } else if (list[i].op == Opcode::PushNull && next == Opcode::LoadGlobal &&
               (list[i + 1].argument & 1) == 0) {
      list[i].op = Opcode::Nop;
      list[i + 1].argument |= 1;
    } else if (list[i].is_jump()) {
      while (rewrite_jump(block, list[i])) {
      }
    }
  }
}

void FlowOptimizer::rewrite_constant(Block& block, std::size_t i) {
  auto& list = block.instructions;
  if (i + 1 >= list.size()) return;
  Instruction& load = list[i];
  Instruction& user = list[i + 1];
  Object* constant = builder_.constants[load.argument];
  auto truth = [&] { return must(is_true(context_.ts, constant)); };
  if (user.op == Opcode::PopJumpIfTrue || user.op == Opcode::PopJumpIfFalse) {
    bool taken = truth() == (user.op == Opcode::PopJumpIfTrue);
    load.op = Opcode::Nop;
    if (taken) {
      user.op = Opcode::Jump;
    } else {
      user.op = Opcode::Nop;
      user.target = nullptr;
    }
  } else if (user.op == Opcode::JumpIfTrueOrPop || user.op == Opcode::JumpIfFalseOrPop) {
    if (truth() == (user.op == Opcode::JumpIfTrueOrPop)) {
      user.op = Opcode::Jump;
    } else {
      load.op = user.op = Opcode::Nop;
      user.target = nullptr;
    }
  } else if (user.op == Opcode::IsOp && constant == context_.ts.core.none && i + 2 < list.size()) {
    Instruction& jump = list[i + 2];
    if (!(jump.op == Opcode::PopJumpIfTrue) && !(jump.op == Opcode::PopJumpIfFalse)) return;
    bool inverted = user.argument != 0;
    bool jump_if_not_none = inverted != (jump.op == Opcode::PopJumpIfFalse);
    load.op = user.op = Opcode::Nop;
    jump.op = jump_if_not_none ? Opcode::PopJumpIfNotNone : Opcode::PopJumpIfNone;
  }
}

void FlowOptimizer::rewrite_tuple(Block& block, std::size_t i) {
  auto& list = block.instructions;
  std::uint32_t count = list[i].argument;
  if (i + 1 < list.size() && list[i + 1].op == Opcode::UnpackSequence &&
      list[i + 1].argument == count) {
    if (count == 1) {
      list[i].op = list[i + 1].op = Opcode::Nop;
      return;
    }
    if (count == 2 || count == 3) {
      list[i].op = Opcode::Nop;
      list[i + 1].op = Opcode::Swap;
      return;
    }
  }
  if (count > i) return;
  for (std::size_t k = i - count; k < i; ++k) {
    if (!(list[k].op == Opcode::LoadConst)) return;
  }
  Ref<Tuple> tuple = must(Tuple::make(context_.ts, count));
  for (std::size_t k = 0; k < count; ++k) {
    Instruction& load = list[i - count + k];
    tuple->items[k] = ObjRef::share(builder_.constants[load.argument]).release();
    load.op = Opcode::Nop;
  }
  if (count > 0) must(track(context_.ts, tuple));
  list[i].op = Opcode::LoadConst;
  list[i].argument = builder_.constants.index_of(context_.constants.canonical(std::move(tuple)));
}

/// One step; true when it changed something that may allow another.
bool FlowOptimizer::rewrite_jump(Block& block, Instruction& jump) {
  Block* target_block = skip_empty(jump.target);
  if (target_block->empty()) return false;
  Instruction& target = target_block->instructions.front();
  if (jump.op == Opcode::Jump || jump.op == Pseudo::JumpNoInterrupt) {
    if (target.op == Opcode::Jump) return thread_jump(jump, target, Opcode::Jump);
    if (target.op == Pseudo::JumpNoInterrupt) return thread_jump(jump, target, jump.op);
    return false;
  }
  if (jump.op == Opcode::PopJumpIfFalse || jump.op == Opcode::PopJumpIfTrue ||
      jump.op == Opcode::PopJumpIfNone || jump.op == Opcode::PopJumpIfNotNone) {
    return target.op == Opcode::Jump && thread_jump(jump, target, jump.op);
  }
  bool on_false = jump.op == Opcode::JumpIfFalseOrPop;
  if (!on_false && !(jump.op == Opcode::JumpIfTrueOrPop)) return false;
  Op keep = jump.op;
  Op pop = on_false ? Opcode::PopJumpIfFalse : Opcode::PopJumpIfTrue;
  if (target.op == pop) return thread_jump(jump, target, pop);
  if (target.op == Opcode::Jump || target.op == keep) return thread_jump(jump, target, keep);
  bool opposite = target.op == (on_false ? Opcode::JumpIfTrueOrPop : Opcode::JumpIfFalseOrPop) ||
                  target.op == (on_false ? Opcode::PopJumpIfTrue : Opcode::PopJumpIfFalse);
  if (opposite && same_line(jump, target) && target_block->next != nullptr &&
      target_block != &block) {
    jump.op = pop;
    jump.target = skip_empty(target_block->next);
    return true;
  }
  return false;
}

/// Replaces a run of Swaps (and Nops) by the fewest that have the same effect; the position of its
/// last instruction.
std::size_t FlowOptimizer::shorten_swaps(Block& block, std::size_t first) {
  auto& list = block.instructions;
  std::size_t depth = list[first].argument;
  std::size_t length = 1;
  bool more = false;
  for (; first + length < list.size(); ++length) {
    const Instruction& instruction = list[first + length];
    if (instruction.op == Opcode::Swap) {
      depth = std::max<std::size_t>(depth, instruction.argument);
      more = true;
    } else if (!(instruction.op == Opcode::Nop)) {
      break;
    }
  }
  if (!more) return first;
  constexpr std::size_t kDone = static_cast<std::size_t>(-1);
  std::pmr::vector<std::size_t> stack(depth, 0, &context_.scratch);
  for (std::size_t i = 0; i < depth; ++i) stack[i] = i;
  for (std::size_t i = first; i < first + length; ++i) {
    if (list[i].op == Opcode::Swap) std::swap(stack[0], stack[list[i].argument - 1]);
  }
  // Each cycle of the permutation is undone by exchanging its places with the top one after
  // another.
  std::size_t current = first + length;
  for (std::size_t i = 0; i < depth; ++i) {
    if (stack[i] == kDone || stack[i] == i) continue;
    for (std::size_t place = i;;) {
      if (place != 0) {
        --current;
        list[current].op = Opcode::Swap;
        list[current].argument = static_cast<std::uint32_t>(place + 1);
      }
      if (stack[place] == kDone) break;
      place = std::exchange(stack[place], kDone);
    }
  }
  while (current > first) list[--current].op = Opcode::Nop;
  return first + length - 1;
}

/// Exchanges the two instructions that take what a Swap would exchange, where both only move the
/// top away.
void FlowOptimizer::swap_statically(Block& block, std::size_t i) {
  auto& list = block.instructions;
  auto movable = [](const Instruction& x) {
    return x.op == Opcode::StoreFast || x.op == Opcode::PopTop;
  };
  auto next_movable = [&](std::size_t from, int line) -> std::size_t {
    for (std::size_t k = from + 1; k < list.size(); ++k) {
      if (line >= 0 && list[k].span.line != line) break;
      if (list[k].op == Opcode::Nop) continue;
      if (movable(list[k])) return k;
      break;
    }
    return 0;
  };
  for (std::size_t k = i + 1; k-- > 0;) {
    if (!(list[k].op == Opcode::Swap)) {
      if (list[k].op == Opcode::Nop || movable(list[k])) continue;
      return;
    }
    std::size_t upper = next_movable(k, -1);
    if (upper == 0) return;
    std::size_t lower = upper;
    for (std::uint32_t count = list[k].argument - 1; count > 0; --count) {
      lower = next_movable(lower, list[upper].span.line);
      if (lower == 0) return;
    }
    // The last store to a variable decides: two stores to one may not change places.
    if (list[upper].op == Opcode::StoreFast) {
      for (std::size_t between = upper + 1; between <= lower; ++between) {
        if (list[between].op == Opcode::StoreFast && list[between].argument == list[upper].argument)
          return;
      }
    }
    if (list[lower].op == Opcode::StoreFast) {
      for (std::size_t between = upper; between < lower; ++between) {
        if (list[between].op == Opcode::StoreFast && list[between].argument == list[lower].argument)
          return;
      }
    }
    list[k].op = Opcode::Nop;
    std::swap(list[upper], list[lower]);
  }
}

// ---- The graph
// -----------------------------------------------------------------------------------

void FlowOptimizer::copy_short_exit(Block& block) {
  if (block.empty() || !(block.last().op == Opcode::Jump)) return;
  Block* target = skip_empty(block.last().target);
  if (target == &block || !is_lineless_exit(*target) || target->instructions.size() > kShortExit)
    return;
  Span span = block.last().span;
  block.instructions.pop_back();
  std::size_t start = block.instructions.size();
  block.instructions.insert(block.instructions.end(), target->instructions.begin(),
                            target->instructions.end());
  block.instructions[start].span = span;
}

void FlowOptimizer::count_predecessors() {
  for_each_block([](Block& block) {
    block.predecessors = 0;
    block.visited = false;
  });
  std::pmr::vector<Block*> open(&context_.scratch);
  auto reach = [&open](Block* block) {
    ++block->predecessors;
    if (block->visited) return;
    block->visited = true;
    open.push_back(block);
  };
  reach(entry_);
  while (!open.empty()) {
    Block* block = open.back();
    open.pop_back();
    if (block->next != nullptr && block->falls_through()) reach(block->next);
    for (const Instruction& instruction : block->instructions) {
      if (instruction.target != nullptr) reach(instruction.target);
    }
  }
}

void FlowOptimizer::drop_unreachable() {
  for_each_block([](Block& block) {
    if (block.predecessors == 0) block.instructions.clear();
  });
}

void FlowOptimizer::drop_repeated_lines() {
  Block* before = nullptr;
  for_each_block([&before](Block& block) {
    int line = before != nullptr && !before->empty() ? before->last().span.line : -1;
    bool reachable = block.predecessors > 0;
    drop_nops(block, line);
    before = reachable && block.falls_through() ? &block : nullptr;
  });
}

void FlowOptimizer::drop_empty_blocks() {
  for (Block* block = entry_; block != nullptr; block = block->next) {
    while (block->next != nullptr && block->next->empty()) block->next = block->next->next;
  }
  for_each_block([](Block& block) {
    for (Instruction& instruction : block.instructions) {
      if (instruction.target != nullptr) instruction.target = skip_empty(instruction.target);
    }
  });
}

void FlowOptimizer::drop_jumps_to_next() {
  bool emptied = false;
  for_each_block([&emptied](Block& block) {
    if (block.empty() || !block.last().op.is_plain_jump() || block.last().target != block.next)
      return;
    block.last().op = Opcode::Nop;
    block.last().target = nullptr;
    drop_nops(block, -1);
    emptied = true;
  });
  if (emptied) drop_empty_blocks();
}

void FlowOptimizer::split_exits_without_line() {
  // From the newest block to the oldest, as CPython goes, which decides the order of the copies.
  for (Block* block = builder_.newest_; block != nullptr; block = block->older) {
    if (block->empty() || !block->last().is_jump() || block->predecessors == 0) continue;
    Block* target = block->last().target;
    if (!is_lineless_exit(*target) || target->predecessors <= 1) continue;
    Block* copy = builder_.new_block();
    copy->instructions = target->instructions;
    copy->instructions.front().span = block->last().span;
    copy->predecessors = 1;
    --target->predecessors;
    block->last().target = copy;
    copy->next = target->next;
    target->next = copy;
  }
  drop_empty_blocks();
  for_each_block([&](Block& block) {
    if (block.empty() || block.next == nullptr || !block.falls_through() ||
        !is_lineless_exit(*block.next))
      return;
    block.next->instructions.front().span = block.last().span;
  });
}

void FlowOptimizer::spread_lines() {
  for_each_block([](Block& block) {
    if (block.empty()) return;
    Span span = kNoSpan;
    for (Instruction& instruction : block.instructions) {
      if (instruction.span.line < 0) {
        instruction.span = span;
      } else {
        span = instruction.span;
      }
    }
    auto hand_on = [&span](Block* to) {
      if (to != nullptr && to->predecessors == 1 && !to->empty() &&
          to->instructions.front().span.line < 0) {
        to->instructions.front().span = span;
      }
    };
    if (block.falls_through()) hand_on(block.next);
    if (block.last().is_jump()) hand_on(block.last().target);
  });
}

/// Constants at the end of the table that rewriting left without a user go; the first may be a
/// docstring and stays.
void FlowOptimizer::trim_constants() {
  std::size_t used = 1;
  for_each_block([&used](Block& block) {
    for (const Instruction& instruction : block.instructions) {
      if (instruction.op == Opcode::LoadConst || instruction.op == Opcode::KeywordNames) {
        used = std::max<std::size_t>(used, instruction.argument + 1);
      }
    }
  });
  if (used < builder_.constants.size()) builder_.constants.truncate(used);
}

void optimize_flow(Context& context, CodeBuilder& builder, int first_line) {
  FlowOptimizer(context, builder).run(first_line);
}

}  // namespace ouro::compile
