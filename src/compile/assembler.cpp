// From blocks to a code object: stack depth, exception table, jump offsets, caches, locations.
#include <algorithm>

#include "compile/code_builder.h"

namespace ouro::compile {

namespace {

Ref<Tuple> tuple_of(ThreadState& ts, std::size_t count, auto item) {
  Ref<Tuple> tuple = must(Tuple::make(ts, static_cast<std::int64_t>(count)));
  for (std::size_t i = 0; i < count; ++i) {
    Object* object = item(i);
    incref(object);
    tuple->items[i] = object;
  }
  if (count > 0) must(track(ts, tuple));
  return tuple;
}

bool uses_cell(Op op) {
  return op == Opcode::LoadDeref || op == Opcode::StoreDeref || op == Opcode::DeleteDeref ||
         op == Opcode::LoadClassDeref || op == Opcode::LoadClosure;
}

std::uint32_t units_of(Op op) { return 1u + opcode_info(op.opcode()).caches; }

}  // namespace

class Assembler {
 public:
  Assembler(Context& context, CodeBuilder& builder, CodeHeader& header)
      : context_(context),
        builder_(builder),
        header_(header),
        slots_(&context.scratch),
        kinds_(&context.scratch),
        units_(&context.scratch),
        locations_(&context.scratch),
        exceptions_(&context.scratch) {}

  Ref<Code> run() {
    assign_slots();
    insert_prefix();
    optimize_flow(context_, builder_, header_.first_line);
    measure_stack();
    mark_regions();
    close_regions();
    mark_backward_jumps();
    place_blocks();
    emit();
    return make();
  }

 private:
  template <class Visit>
  void for_each_block(Visit visit) {
    for (Block* block = builder_.entry_; block != nullptr; block = block->next) visit(*block);
  }
  [[nodiscard]] bool is_generator() const {
    return (header_.flags & (kGenerator | kCoroutine | kAsyncGenerator)) != 0;
  }

  /// Arguments that are cells keep their slot; other cells follow the variables, then come the free
  /// variables.
  void assign_slots() {
    std::size_t variables = builder_.variables.size();
    kinds_.assign(variables, static_cast<std::uint8_t>(LocalKind::Local));
    slots_.reserve(builder_.cells.size() + builder_.frees.size());
    for (std::size_t i = 0; i < builder_.cells.size(); ++i) {
      int argument = builder_.variables.find(builder_.cells[i]);
      if (argument >= 0) {
        auto& kind = kinds_[static_cast<std::size_t>(argument)];
        kind = static_cast<std::uint8_t>(kind | static_cast<std::uint8_t>(LocalKind::Cell));
        slots_.push_back(static_cast<std::uint32_t>(argument));
      } else {
        slots_.push_back(static_cast<std::uint32_t>(kinds_.size()));
        kinds_.push_back(static_cast<std::uint8_t>(LocalKind::Cell));
        ++own_cells_;
      }
    }
    for (std::size_t i = 0; i < builder_.frees.size(); ++i) {
      slots_.push_back(static_cast<std::uint32_t>(kinds_.size()));
      kinds_.push_back(static_cast<std::uint8_t>(LocalKind::Free));
    }
    for_each_block([this](Block& block) {
      for (Instruction& instruction : block.instructions) {
        if (uses_cell(instruction.op)) instruction.argument = slots_[instruction.argument];
      }
    });
  }

  void insert_prefix() {
    std::pmr::vector<Instruction> prefix(&context_.scratch);
    if (builder_.frees.size() > 0) {
      prefix.push_back({Opcode::CopyFreeVars, static_cast<std::uint32_t>(builder_.frees.size()),
                        nullptr, nullptr, kNoSpan});
    }
    std::pmr::vector<std::uint32_t> cells(
        slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(builder_.cells.size()),
        &context_.scratch);
    std::sort(cells.begin(), cells.end());
    for (std::uint32_t slot : cells)
      prefix.push_back({Opcode::MakeCell, slot, nullptr, nullptr, kNoSpan});
    if (is_generator()) {
      Span span{header_.first_line, -1, header_.first_line, -1};
      prefix.push_back({Opcode::ReturnGenerator, 0, nullptr, nullptr, span});
      prefix.push_back({Opcode::PopTop, 0, nullptr, nullptr, span});
    }
    auto& first = builder_.entry_->instructions;
    first.insert(first.begin(), prefix.begin(), prefix.end());
  }

  void measure_stack() {
    std::pmr::vector<Block*> open(&context_.scratch);
    auto reach = [&open](Block* block, int depth) {
      OURO_DCHECK(block->start_depth < 0 || block->start_depth == depth,
                  "stack depth %d or %d at a block", block->start_depth, depth);
      if (block->start_depth >= depth) return;
      block->start_depth = depth;
      open.push_back(block);
    };
    // A generator is resumed the first time with a None on its stack.
    reach(builder_.entry_, is_generator() ? 1 : 0);
    while (!open.empty()) {
      Block* block = open.back();
      open.pop_back();
      int depth = block->start_depth;
      for (const Instruction& instruction : block->instructions) {
        if (instruction.target != nullptr) {
          int there = depth + instruction_effect(instruction, true);
          stack_size_ = std::max(stack_size_, there);
          reach(instruction.target, there);
        }
        depth += instruction_effect(instruction, false);
        OURO_CHECK(depth >= 0, "value stack underflow in compiled code");
        stack_size_ = std::max(stack_size_, depth);
      }
      if (block->next != nullptr && block->falls_through()) reach(block->next, depth);
    }
  }

  /// Walks along the control flow with the stack of open regions and notes each instruction's
  /// handler.
  void mark_regions() {
    for_each_block([](Block& block) { block.visited = false; });
    std::pmr::vector<Block*> open(&context_.scratch);
    auto reach = [&open](Block* block, const HandlerStack& handlers) {
      if (block->visited) return;
      block->visited = true;
      block->handlers = handlers;
      open.push_back(block);
    };
    HandlerStack handlers(&context_.scratch);
    reach(builder_.entry_, handlers);
    while (!open.empty()) {
      Block* block = open.back();
      open.pop_back();
      handlers = block->handlers;
      for (Instruction& instruction : block->instructions) {
        // What opens or closes a region becomes a Nop at most and belongs to no handler.
        if (instruction.op.opens_region()) {
          Block* target = instruction.target;
          if (!(instruction.op == Pseudo::SetupFinally)) target->preserve_lasti = true;
          reach(target, handlers);
          handlers.push_back(target);
        } else if (instruction.op == Pseudo::PopBlock) {
          OURO_CHECK(!handlers.empty(), "region closed that was not open");
          handlers.pop_back();
        } else {
          instruction.handler = handlers.empty() ? nullptr : handlers.back();
          if (instruction.target != nullptr) reach(instruction.target, handlers);
        }
      }
      if (block->next != nullptr && block->falls_through()) reach(block->next, handlers);
    }
  }

  void close_regions() {
    for_each_block([](Block& block) {
      for (Instruction& instruction : block.instructions) {
        if (instruction.op.opens_region() || instruction.op == Pseudo::PopBlock) {
          instruction.op = Opcode::Nop;
          instruction.target = nullptr;
        }
      }
      drop_nops(block, -1);
    });
  }

  /// Loops are where signals are looked at: a jump back has an instruction of its own.
  void mark_backward_jumps() {
    for_each_block([](Block& block) { block.visited = false; });
    for_each_block([](Block& block) {
      block.visited = true;
      if (block.empty() || !(block.last().op == Opcode::Jump)) return;
      if (block.last().target->visited) block.last().op = Opcode::JumpBackward;
    });
  }

  void place_blocks() {
    std::uint64_t offset = 0;
    for_each_block([&offset](Block& block) {
      block.offset = static_cast<std::uint32_t>(offset);
      for (Instruction& instruction : block.instructions) {
        if (instruction.op == Pseudo::JumpNoInterrupt) instruction.op = Opcode::Jump;
        offset += units_of(instruction.op);
      }
    });
    if (offset > kMaxArgument) {
      static_cast<void>(raise(context_.ts, context_.ts.core.exceptions.OverflowError,
                              "code object is too large"));
      throw CompileFailed{};
    }
    units_.reserve(offset);
  }

  void emit() {
    for_each_block([this](Block& block) {
      for (const Instruction& instruction : block.instructions) emit(instruction);
    });
  }

  void emit(const Instruction& instruction) {
    auto start = static_cast<std::uint32_t>(units_.size());
    Opcode opcode = instruction.op.opcode();
    std::uint32_t argument =
        instruction.target != nullptr ? instruction.target->offset : instruction.argument;
    if (opcode == Opcode::Nop) argument = 0;  // left over from what it was
    units_.push_back(make_instr(opcode, argument));
    units_.insert(units_.end(), opcode_info(opcode).caches, 0);
    auto end = static_cast<std::uint32_t>(units_.size());

    const Span& span = instruction.span;
    CodeLocation location{start, span.line, span.end_line, span.col, span.end_col};
    if (span.line < 0) location = {start, -1, -1, -1, -1};
    if (locations_.empty() || !same_place(locations_.back(), location))
      locations_.push_back(location);

    Block* handler = instruction.handler;
    if (handler != nullptr) {
      if (!exceptions_.empty() && exceptions_.back().end == start && last_handler_ == handler) {
        exceptions_.back().end = end;
      } else {
        int depth = handler->start_depth - 1 - (handler->preserve_lasti ? 1 : 0);
        OURO_CHECK(depth >= 0, "handler without a stack depth");
        exceptions_.push_back({start, end, handler->offset, static_cast<std::uint32_t>(depth),
                               handler->preserve_lasti});
      }
    }
    last_handler_ = handler;
  }

  static bool same_place(const CodeLocation& a, const CodeLocation& b) {
    return a.line == b.line && a.end_line == b.end_line && a.column == b.column &&
           a.end_column == b.end_column;
  }

  Ref<Code> make() {
    ThreadState& ts = context_.ts;
    std::size_t variables = builder_.variables.size();
    Ref<Tuple> consts = tuple_of(ts, builder_.constants.size(),
                                 [this](std::size_t i) { return builder_.constants[i]; });
    Ref<Tuple> names =
        tuple_of(ts, builder_.names.size(), [this](std::size_t i) { return builder_.names[i]; });
    std::pmr::vector<Object*> locals(kinds_.size(), nullptr, &context_.scratch);
    for (std::size_t i = 0; i < variables; ++i) locals[i] = builder_.variables[i];
    for (std::size_t i = 0; i < builder_.cells.size(); ++i) locals[slots_[i]] = builder_.cells[i];
    for (std::size_t i = 0; i < builder_.frees.size(); ++i)
      locals[slots_[builder_.cells.size() + i]] = builder_.frees[i];
    Ref<Tuple> local_names =
        tuple_of(ts, locals.size(), [&locals](std::size_t i) { return locals[i]; });

    CodeParts parts;
    parts.flags = header_.flags;
    parts.arg_count = header_.arg_count;
    parts.posonly_count = header_.posonly_count;
    parts.kwonly_count = header_.kwonly_count;
    parts.variable_count = static_cast<std::int32_t>(variables);
    parts.cell_count = own_cells_;
    parts.free_count = static_cast<std::int32_t>(builder_.frees.size());
    parts.stack_size = stack_size_;
    parts.first_line = header_.first_line;
    parts.instructions = units_;
    parts.locations = locations_;
    parts.exceptions = exceptions_;
    parts.local_kinds = kinds_;
    parts.consts = consts;
    parts.names = names;
    parts.local_names = local_names;
    parts.filename = context_.filename;
    parts.name = header_.name;
    parts.qualname = header_.qualname;
    return must(make_code(ts, parts));
  }

  Context& context_;
  CodeBuilder& builder_;
  CodeHeader& header_;
  std::pmr::vector<std::uint32_t> slots_;  // of cells, then of free variables
  std::pmr::vector<std::uint8_t> kinds_;   // per slot
  std::int32_t own_cells_ = 0;             // cells that are no arguments
  int stack_size_ = 0;
  std::pmr::vector<Instr> units_;
  std::pmr::vector<CodeLocation> locations_;
  std::pmr::vector<ExceptionEntry> exceptions_;
  Block* last_handler_ = nullptr;
};

Ref<Code> CodeBuilder::assemble(CodeHeader& header) {
  return Assembler(context_, *this, header).run();
}

}  // namespace ouro::compile
