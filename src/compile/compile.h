// Source text or tree to code objects.
#pragma once

#include <string_view>

#include "objects/code.h"

namespace ouro {

enum class CompileMode : std::uint8_t { File, Eval, Single };  // exec, eval, single (the prompt)

struct CompileOptions {
  CompileMode mode = CompileMode::File;
  std::uint32_t flags = 0;   // future features inherited from the caller (CodeFlags::kFuture…), PyCF bits of compile()
  int optimize = 0;          // 0, 1 (-O: no asserts), 2 (-OO: no docstrings)
  bool source_is_utf8 = false;  // source is text already decoded (a str): no cookie, no BOM
  int first_line = 1;
};

/// Compiles one unit. SyntaxError & co. carry position and text; MemoryError, RecursionError for hostile input.
Result<Ref<Code>> compile_source(ThreadState& ts, std::string_view source, Borrowed<Str> filename, const CompileOptions& options);

/// What a growing text typed at the prompt is.
enum class InputState : std::uint8_t { Complete, Incomplete, Error };

/// A listing of a code object's instructions with arguments and lines, nested code included: for tests and `ouro`'s dump.
Result<Ref<Str>> disassemble(ThreadState& ts, Borrowed<Code> code);

/// co_stack_effect for dis-like uses; kComputed resolved.
int stack_effect(std::uint8_t opcode, std::uint32_t argument, bool jump);

}  // namespace ouro
