// Code objects: what the compiler emits and frames run.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

/// One instruction, 32 bits: opcode in the low byte, argument in the upper 24. Inline caches follow their instruction as
/// further units, which the evaluator reads and writes as data.
using Instr = std::uint32_t;
inline constexpr std::uint32_t kMaxArgument = (1u << 24) - 1;

enum CodeFlags : std::uint32_t {
  kOptimized = 0x1, kNewLocals = 0x2, kVarArgs = 0x4, kVarKeywords = 0x8, kNested = 0x10, kGenerator = 0x20,
  kCoroutine = 0x80, kIterableCoroutine = 0x100, kAsyncGenerator = 0x200,
  kFutureAnnotations = 0x1000000,
};

/// Where the instructions from `start` on (up to the next entry) come from; columns are UTF-8 byte offsets, -1 unknown.
struct CodeLocation {
  std::uint32_t start;
  std::int32_t line, end_line;  // line -1: artificial
  std::int32_t column, end_column;
};

/// Where execution goes when an exception leaves [start, end): the value stack is cut to `depth`, then (if `push_lasti`) the
/// index of the failing instruction is pushed, then the exception.
struct ExceptionEntry {
  std::uint32_t start, end, target, depth;
  bool push_lasti;
};

enum class LocalKind : std::uint8_t { Local = 1, Cell = 2, Free = 4 };  // bits: an argument that is a cell is Local|Cell

struct Code : Object {
  std::uint32_t flags;
  std::int32_t arg_count;           // positional, positional-only included; without *args
  std::int32_t posonly_count;
  std::int32_t kwonly_count;
  std::int32_t local_count;         // fast locals + cells + frees: slots before the value stack ("localsplus")
  std::int32_t variable_count;      // plain locals (arguments included), the first of them
  std::int32_t cell_count;          // cells that are not arguments follow the locals …
  std::int32_t free_count;          // … and free variables come last
  std::int32_t stack_size;
  std::int32_t first_line;
  std::uint32_t instruction_count;  // units, caches included
  std::uint32_t location_count;
  std::uint32_t exception_count;
  std::uint32_t warmup;             // counts entries until instructions specialise
  Instr* instructions;              // heap block, written by specialisation
  CodeLocation* locations;          // heap block
  ExceptionEntry* exceptions;       // heap block
  std::uint8_t* local_kinds;        // heap block: LocalKind bits per local_names entry
  Tuple* consts;                    // owned, as all below
  Tuple* names;
  Tuple* local_names;               // local_count names
  Str* filename;
  Str* name;
  Str* qualname;
  gc::WeakReference* weaklist;
  std::int64_t hash;                // of the instructions as compiled (specialisation rewrites them)

  /// The place the instruction comes from; null when the table says nothing.
  [[nodiscard]] const CodeLocation* location_of(std::uint32_t instruction) const;
  template <class V>
  void edges(V& v) const {
    v.edge(consts, gc::slot_label("co_consts"));
    v.edge(names, gc::slot_label("co_names"));
    v.edge(local_names, gc::slot_label("co_varnames"));
    v.edge(filename, gc::slot_label("co_filename"));
    v.edge(name, gc::slot_label("co_name"));
    v.edge(qualname, gc::slot_label("co_qualname"));
  }
};

/// Everything a code object is made of, gathered by the compiler; `create` copies the arrays and shares the references.
struct CodeParts {
  std::uint32_t flags = 0;
  std::int32_t arg_count = 0, posonly_count = 0, kwonly_count = 0;
  std::int32_t variable_count = 0, cell_count = 0, free_count = 0, stack_size = 0, first_line = 1;
  std::span<const Instr> instructions;
  std::span<const CodeLocation> locations;
  std::span<const ExceptionEntry> exceptions;
  std::span<const std::uint8_t> local_kinds;
  Borrowed<Tuple> consts, names, local_names;
  Borrowed<Str> filename, name, qualname;
};
Result<Ref<Code>> make_code(ThreadState& ts, const CodeParts& parts);

}  // namespace ouro
