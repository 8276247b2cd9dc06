// Writing instructions into blocks.
#include "compile/code_builder.h"

namespace ouro::compile {

CodeBuilder::CodeBuilder(Context& context)
    : constants(context.scratch),
      names(context.scratch),
      variables(context.scratch),
      cells(context.scratch),
      frees(context.scratch),
      context_(context) {
  entry_ = current_ = new_block();
}

Block* CodeBuilder::new_block() {
  void* place = context_.scratch.allocate(sizeof(Block), alignof(Block));
  auto* block = ::new (place) Block(context_.scratch);
  block->older = std::exchange(newest_, block);
  return block;
}

void CodeBuilder::use(Block* block) {
  current_->next = block;
  current_ = block;
  returned_ = false;
}

void CodeBuilder::add(Op op, std::uint32_t argument, const Span& span) {
  if (argument > kMaxArgument) {
    static_cast<void>(
        raise(context_.ts, context_.ts.core.exceptions.OverflowError, "code object is too large"));
    throw CompileFailed{};
  }
  returned_ = false;
  current_->instructions.push_back({op, argument, nullptr, nullptr, span});
  if (op.leaves_code()) {
    use(new_block());
    returned_ = op == Opcode::ReturnValue;
  }
}

void CodeBuilder::add_jump(Op op, Block* target, const Span& span) {
  returned_ = false;
  current_->instructions.push_back({op, 0, target, nullptr, span});
  if (!op.opens_region()) use(new_block());
}

}  // namespace ouro::compile
