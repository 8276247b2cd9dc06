// The code of one function (module, class body, …) while it is being written: blocks of
// instructions with jumps between them.
//
// Terms
//   block        a run of instructions entered at its first and left at its last
//   pseudo       an instruction that exists only here: it opens or closes a region guarded by a
//   handler block handler      where an exception goes; regions nest, and each instruction belongs
//   to the innermost exit block   a block that ends in a return or a raise
//
// Life: `add…` while the tree is walked, then `optimize` (flow.cpp), then `assemble`
// (assembler.cpp).
//
// Invariants
//   B1  a jump, return or raise is the last instruction of its block
//   B2  blocks are linked by `next` in the order in which they will lie in memory
#pragma once

#include <memory_resource>
#include <unordered_map>
#include <vector>

#include "compile/context.h"
#include "compile/opcodes.h"

namespace ouro::compile {

/// SetupFinally, SetupCleanup, SetupWith push their target as handler, PopBlock ends the region.
/// Cleanup and with handlers also get the index of the failing instruction. JumpNoInterrupt is a
/// jump that looks at no signals.
enum class Pseudo : std::uint16_t {
  SetupFinally = 256,
  SetupCleanup,
  SetupWith,
  PopBlock,
  JumpNoInterrupt
};

class Op {
 public:
  constexpr Op() = default;
  constexpr Op(Opcode opcode)
      : value_(static_cast<std::uint16_t>(opcode)) {}  // NOLINT(google-explicit-constructor)
  constexpr Op(Pseudo pseudo)
      : value_(static_cast<std::uint16_t>(pseudo)) {}  // NOLINT(google-explicit-constructor)
  friend constexpr bool operator==(Op, Op) = default;
  [[nodiscard]] constexpr bool is_pseudo() const { return value_ >= 256; }
  [[nodiscard]] constexpr Opcode opcode() const { return static_cast<Opcode>(value_); }
  [[nodiscard]] constexpr bool opens_region() const {
    return *this == Pseudo::SetupFinally || *this == Pseudo::SetupCleanup ||
           *this == Pseudo::SetupWith;
  }
  [[nodiscard]] constexpr bool is_plain_jump() const {
    return *this == Opcode::Jump || *this == Pseudo::JumpNoInterrupt;
  }
  [[nodiscard]] constexpr bool leaves_code() const {
    return *this == Opcode::ReturnValue || *this == Opcode::Reraise ||
           *this == Opcode::RaiseVarargs;
  }

 private:
  std::uint16_t value_ = 0;
};

struct Block;

struct Instruction {
  Op op;
  std::uint32_t argument = 0;
  Block* target = nullptr;   // of jumps and of pseudo instructions that open a region
  Block* handler = nullptr;  // the innermost region; set while assembling
  Span span;

  /// A jump of the machine, conditional or not (regions opened do not count).
  [[nodiscard]] bool is_jump() const { return target != nullptr && !op.opens_region(); }
};

/// The regions around a point, innermost last.
using HandlerStack = std::pmr::vector<Block*>;

struct Block {
  explicit Block(std::pmr::memory_resource& memory) : instructions(&memory), handlers(&memory) {}
  [[nodiscard]] bool empty() const { return instructions.empty(); }
  [[nodiscard]] Instruction& last() { return instructions.back(); }
  [[nodiscard]] bool exits() { return !empty() && last().op.leaves_code(); }
  [[nodiscard]] bool falls_through() {
    return empty() || !(last().op.leaves_code() || last().op.is_plain_jump());
  }

  std::pmr::vector<Instruction> instructions;
  HandlerStack handlers;  // when entered
  Block* next = nullptr;
  Block* older = nullptr;  // the block made before this one
  int predecessors = 0;
  int start_depth = -1;  // values on the stack when entered; -1 not reached
  bool visited = false;
  bool preserve_lasti = false;  // handler that finds the failing instruction's index on the stack
  std::uint32_t offset = 0;     // in units
};

/// What assembling needs to know about the code's variables and header.
struct CodeHeader {
  std::uint32_t flags = 0;
  int arg_count = 0, posonly_count = 0, kwonly_count = 0;
  int first_line = 1;
  Str* name = nullptr;
  Str* qualname = nullptr;
};

/// An ordered set of names or objects with their positions.
template <class Key>
class IndexTable {
 public:
  explicit IndexTable(std::pmr::memory_resource& memory) : items_(&memory), index_(&memory) {}
  std::uint32_t index_of(Key key) {
    auto [place, is_new] = index_.try_emplace(key, static_cast<std::uint32_t>(items_.size()));
    if (is_new) items_.push_back(key);
    return place->second;
  }
  /// Position, or -1.
  [[nodiscard]] int find(Key key) const {
    auto found = index_.find(key);
    return found == index_.end() ? -1 : static_cast<int>(found->second);
  }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] Key operator[](std::size_t i) const { return items_[i]; }
  void truncate(std::size_t size) {
    for (std::size_t i = size; i < items_.size(); ++i) index_.erase(items_[i]);
    items_.resize(size);
  }

 private:
  std::pmr::vector<Key> items_;
  std::pmr::unordered_map<Key, std::uint32_t> index_;
};

class CodeBuilder {
 public:
  explicit CodeBuilder(Context& context);

  Block* new_block();
  /// Goes on in `block`, which follows the present one.
  void use(Block* block);
  void add(Op op, std::uint32_t argument, const Span& span);
  void add_jump(Op op, Block* target, const Span& span);
  /// The last instruction written is a return, and nothing leads to what would follow.
  [[nodiscard]] bool has_returned() const { return returned_; }

  /// Arguments of instructions that use a cell are positions in `cells`, then in `frees` (counting
  /// on). Throws CompileFailed and std::bad_alloc.
  Ref<Code> assemble(CodeHeader& header);

  IndexTable<Object*> constants;
  IndexTable<Str*> names;
  IndexTable<Str*> variables;
  IndexTable<Str*> cells;
  IndexTable<Str*> frees;

 private:
  friend class Assembler;
  friend class FlowOptimizer;
  Context& context_;
  Block* entry_;
  Block* current_;
  Block* newest_ = nullptr;
  bool returned_ = false;
};

/// Jump threading, constant conditions, dead blocks, removal of instructions that do nothing; then
/// gives instructions without a line the line of what leads to them. `entry` is the first block; a
/// changed order is written to `next`.
void optimize_flow(Context& context, CodeBuilder& builder, int first_line);

/// Drops Nops that no line needs to be traced. `previous_line` is the line of what runs before the
/// block, or -1.
void drop_nops(Block& block, int previous_line);

/// Effect on the stack, pseudo instructions included.
int instruction_effect(const Instruction& instruction, bool jump);

}  // namespace ouro::compile
