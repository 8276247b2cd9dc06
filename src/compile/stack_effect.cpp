// Facts about opcodes: the table as data, and stack effects.
#include "compile/code_builder.h"

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

int stack_effect(std::uint8_t opcode, std::uint32_t argument, bool jump) {
  auto n = static_cast<int>(argument);
  switch (static_cast<Opcode>(opcode)) {
    case Opcode::LoadGlobal:
      return (n & 1) + 1;
    case Opcode::BuildSlice:
      return 1 - n;
    case Opcode::JumpIfTrueOrPop:
    case Opcode::JumpIfFalseOrPop:
      return jump ? 0 : -1;
    case Opcode::ForIter:
      return jump ? -1 : 1;
    case Opcode::Send:
      return jump ? -1 : 0;
    case Opcode::BuildTuple:
    case Opcode::BuildList:
    case Opcode::BuildSet:
    case Opcode::BuildString:
      return 1 - n;
    case Opcode::BuildMap:
      return 1 - 2 * n;
    case Opcode::BuildConstKeyMap:
      return -n;
    case Opcode::UnpackSequence:
      return n - 1;
    case Opcode::UnpackEx:
      return (n & 0xff) + (n >> 8);
    case Opcode::FormatValue:
      return (n & 4) != 0 ? -1 : 0;
    case Opcode::Call:
      return -1 - n;
    case Opcode::CallFunctionEx:
      return -2 - (n & 1);
    case Opcode::MakeFunction:
      return -((n & 1) + ((n >> 1) & 1) + ((n >> 2) & 1) + ((n >> 3) & 1));
    case Opcode::RaiseVarargs:
      return -n;
    default:
      break;
  }
  int effect = opcode_info(static_cast<Opcode>(opcode)).effect;
  // Specialised forms keep the effect of the instruction they stand for and are never asked about
  // before they run.
  return effect == kComputed ? 0 : effect;
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
