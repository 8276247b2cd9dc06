// Facts about opcodes: the table as data, and the stack effects of instructions being compiled.
#include "compile/code_builder.h"
#include "compile/stack_effect.h"

namespace ouro {
namespace {

constexpr OpcodeInfo kOpcodes[] = {
#define OURO_OPCODE(name, caches, effect, sentence) {#name, caches, effect, sentence},
#include "compile/opcodes.def"
#include "compile/specialized.def"
#undef OURO_OPCODE
};
constexpr OpcodeInfo kUnknown{"Unknown", 0, 0, "No instruction."};

}  // namespace

const OpcodeInfo& opcode_info(Opcode opcode) {
  auto index = static_cast<std::size_t>(opcode);
  return index < std::size(kOpcodes) ? kOpcodes[index] : kUnknown;
}

namespace compile {

int instruction_effect(const Instruction& instruction, bool jump) {
  if (!instruction.op.is_pseudo()) {
    return stack_effect(static_cast<std::uint8_t>(instruction.op.opcode()), instruction.argument,
                        jump);
  }
  if (!jump) return 0;
  if (instruction.op == Pseudo::SetupFinally) return 1;  // the exception
  if (instruction.op == Pseudo::SetupCleanup) return 2;  // instruction index, exception
  // The result of __enter__ is gone by then; instruction index and exception come.
  if (instruction.op == Pseudo::SetupWith) return 1;
  return 0;
}

}  // namespace compile
}  // namespace ouro
