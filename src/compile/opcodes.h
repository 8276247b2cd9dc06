// The instruction set as an enum, with the facts of opcodes.def and the specialised forms of specialized.def.
#pragma once

#include "objects/code.h"

namespace ouro {

enum class Opcode : std::uint8_t {
#define OURO_OPCODE(name, caches, effect, sentence) name,
#include "compile/opcodes.def"
#include "compile/specialized.def"
#undef OURO_OPCODE
};

inline constexpr int kComputed = 127;

struct OpcodeInfo {
  const char* name;
  std::uint8_t caches;
  std::int8_t effect;
  const char* sentence;
};
/// Facts of an opcode, specialised ones included.
const OpcodeInfo& opcode_info(Opcode opcode);

constexpr Instr make_instr(Opcode opcode, std::uint32_t argument = 0) {
  return static_cast<Instr>(opcode) | (argument << 8);
}
constexpr Opcode instr_opcode(Instr instr) { return static_cast<Opcode>(instr & 0xff); }
constexpr std::uint32_t instr_argument(Instr instr) { return instr >> 8; }

}  // namespace ouro
