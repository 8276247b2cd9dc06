// The net effect of instructions on the value stack.
#pragma once

#include "compile/opcodes.h"

namespace ouro {

namespace detail {
inline constexpr std::int8_t kStackEffects[256] = {
#define OURO_OPCODE(name, caches, effect, sentence) effect,
#include "compile/opcodes.def"
#include "compile/specialized.def"
#undef OURO_OPCODE
};
}  // namespace detail

/// co_stack_effect for dis-like uses; kComputed resolved. `jump`: the effect on the way along the
/// jump.
inline int stack_effect(std::uint8_t opcode, std::uint32_t argument, bool jump) {
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
  int effect = detail::kStackEffects[opcode];
  // Specialised forms keep the effect of the instruction they stand for and are never asked about
  // before they run.
  return effect == kComputed ? 0 : effect;
}

}  // namespace ouro
