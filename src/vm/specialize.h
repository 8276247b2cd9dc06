// Specialisation: an instruction that keeps seeing the same kinds of operands is rewritten into a
// form for them.
//
// The first cache unit counts executions (bits 0..15) and failures (bits 16..): after 8 executions,
// twice as many after each failure, the operands at hand decide. A specialised form tests exactly
// what the look-up depends on; when the test fails, the general form comes back. Caches hold
// version numbers, shape words and places; pointers only to what a class of the version next to
// them holds, so a matching version says that the pointer is good.
#pragma once

#include <cstring>

#include "compile/opcodes.h"
#include "vm/frame.h"

namespace ouro {

/// Cache units behind each instruction, by opcode.
inline constexpr std::uint8_t kCacheUnits[256] = {
#define OURO_OPCODE(name, caches, effect, sentence) caches,
#include "compile/opcodes.def"
#include "compile/specialized.def"
#undef OURO_OPCODE
};

inline constexpr Instr kWarmUp = 8;
inline constexpr Instr kMostBackOff = 8;
inline constexpr std::uint32_t kQuickenAfter = 8;

/// Counts one execution of the general form; true when it is time to look at the operands.
inline bool specialization_due(Instr& counter) {
  counter += 1;
  return (counter & 0xffff) >= (kWarmUp << (counter >> 16));
}
inline void back_off(Instr& counter) {
  const Instr failures = counter >> 16;
  counter = (failures < kMostBackOff ? failures + 1 : failures) << 16;
}
inline void set_opcode(Instr* ip, Opcode opcode) { *ip = make_instr(opcode, instr_argument(*ip)); }
/// Back to the general form.
inline void generalize(Instr* ip, Opcode general) {
  set_opcode(ip, general);
  back_off(ip[1]);
}

inline std::uintptr_t cached_word(const Instr* unit) {
  std::uintptr_t word;
  std::memcpy(&word, unit, sizeof word);
  return word;
}
inline void cache_word(Instr* unit, std::uintptr_t word) { std::memcpy(unit, &word, sizeof word); }
inline Object* cached_object(const Instr* unit) {
  return reinterpret_cast<Object*>(cached_word(unit));
}

// Units of the attribute caches, counted from the instruction.
inline constexpr int kCacheVersion = 2;  // class version, or a dict keys' version
inline constexpr int kCacheWord = 3;     // two units: pointer or shape word
inline constexpr int kCachePlace = 5;    // index or byte offset …
inline constexpr int kCacheShape = 5;    // … or two units: shape word

void specialize_load_global(ThreadState& ts, Frame* frame, Instr* ip, Borrowed<Str> name);
void specialize_load_attr(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name);
void specialize_store_attr(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name);
void specialize_load_method(ThreadState& ts, Instr* ip, Obj owner, Borrowed<Str> name);
void specialize_binary_op(Instr* ip, Obj left, Obj right);
void specialize_compare(Instr* ip, Obj left, Obj right);
void specialize_subscript(Instr* ip, Obj container, Obj key);
void specialize_store_subscript(Instr* ip, Obj container, Obj key);
void specialize_for_iter(Instr* ip, Obj iterator);
/// `args` counts what the callable gets, a `self` in front included.
void specialize_call(ThreadState& ts, Instr* ip, Obj callable, bool has_self, std::uint32_t args);
void specialize_unpack(Instr* ip, Obj sequence);
/// Joins pairs of instructions of a code that runs often.
void quicken(Code* code);
/// The instruction a specialised one stands for.
Opcode general_opcode(Opcode opcode);

}  // namespace ouro
