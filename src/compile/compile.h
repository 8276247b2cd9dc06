// Source text to code objects: the front door of the compile layer.
//
// Terms
//   unit        what one call compiles: a module, one expression, or one statement typed at the
//   prompt hooks       what the layers above do for the compiler: showing warnings, finding
//   characters by name
#pragma once

#include <memory_resource>
#include <string_view>

#include "objects/code.h"
#include "syntax/ast.h"

namespace ouro {

enum class CompileMode : std::uint8_t { File, Eval, Single };  // exec, eval, single (the prompt)

/// The bits of compile()'s `flags` that change how text is compiled, values as in Python's `ast`
/// and `codeop`.
enum CompileFlags : std::uint32_t {
  kDontImplyDedent = 0x200,
  kAllowTopLevelAwait = 0x2000,
  kAllowIncompleteInput = 0x4000,
};

/// Every member may be null.
struct CompileHooks {
  void* context = nullptr;
  /// Shows or raises a warning about `line` of the unit. Runs Python code. A raised exception of
  /// class `category` becomes a SyntaxError with the same message; any other ends the compilation.
  Status (*warn)(void* context, ThreadState& ts, Borrowed<Type> category, Borrowed<Str> message,
                 Borrowed<Str> filename, int line) = nullptr;
  /// For \N{name}: the code points of `name` in `out` (at most 8) and their number, 0 when unknown.
  int (*lookup_name)(void* context, std::string_view name, char32_t* out) = nullptr;
};

struct CompileOptions {
  CompileMode mode = CompileMode::File;
  /// Future features inherited from the caller (CodeFlags::kFuture…), CompileFlags.
  std::uint32_t flags = 0;
  int optimize = 0;             // 0, 1 (-O: no asserts), 2 (-OO: no docstrings)
  bool source_is_utf8 = false;  // source is text already decoded (a str): no cookie, no BOM
  bool source_is_file = false;  // source is a script: bad bytes are reported as a script's are
  int first_line = 1;
  int feature_version = 11;  // the grammar of Python 3.N, for trees only
  const CompileHooks* hooks = nullptr;  // null: no warnings are shown
};

/// Compiles one unit. SyntaxError & co. carry position and text; MemoryError, RecursionError for
/// hostile input. Runs Python: only through hooks and collections.
Result<Ref<Code>> compile_source(ThreadState& ts, std::string_view source, Borrowed<Str> filename,
                                 const CompileOptions& options);

/// The value of a literal; not for ConstantTag::Attached.
ObjResult constant_object(ThreadState& ts, const syntax::ConstantValue& value);

/// A Constant node of a tree made elsewhere, and its value.
struct TreeConstant {
  const syntax::Constant* node;
  ObjRef value;
};

/// Parses only. `tree` lives in `memory`. Errors as compile_source. Runs Python: only through hooks.
Status parse_source(ThreadState& ts, std::string_view source, Borrowed<Str> filename,
                    const CompileOptions& options, std::pmr::memory_resource& memory,
                    syntax::Ast& tree);

/// Compiles a tree that a program made. It has the shape that the grammar asks for (contexts, no
/// empty bodies); `constants` are the values of its Constant nodes tagged Attached. Folding
/// changes the tree.
Result<Ref<Code>> compile_ast(ThreadState& ts, syntax::Ast& tree,
                              std::span<const TreeConstant> constants, Borrowed<Str> filename,
                              const CompileOptions& options, std::pmr::memory_resource& memory);

/// What a growing text typed at the prompt is.
enum class InputState : std::uint8_t { Complete, Incomplete, Error, EndOfInput };

/// Compiles the statement typed so far (UTF-8, every line ended by a newline). Complete: `code`
/// holds it. Incomplete: more lines are needed, nothing is pending. Error: the exception is
/// pending. EndOfInput: the text was empty. `at_end` says that no more lines will come.
InputState compile_interactive(ThreadState& ts, std::string_view text, bool at_end,
                               Borrowed<Str> filename, const CompileOptions& options,
                               Ref<Code>& code);

/// A listing of a code object's instructions with arguments and lines, nested code included: for
/// tests and `ouro`'s dump.
Result<Ref<Str>> disassemble(ThreadState& ts, Borrowed<Code> code);

}  // namespace ouro
