// The front door of the syntax layer: source text in, tree or one error out.
//
// Terms
//   failure     what Python would raise: class of exception, message, place and the line of source
//   incomplete  interactive input that could still become a statement when more lines follow
//
// Nothing is thrown across this interface. Memory comes from the resource passed in; when it throws
// std::bad_alloc the result is a failure of kind OutOfMemory.
#pragma once

#include <memory_resource>
#include <optional>
#include <string_view>

#include "syntax/ast.h"

namespace ouro::syntax {

/// What a text is parsed as: a module, one expression, or one interactive statement.
enum class ParseMode : std::uint8_t { File, Eval, Single };

/// Where the bytes come from, which decides how they are decoded and how decoding errors read.
///   Str    UTF-8 of a Python str (lone surrogates as three bytes): a coding cookie is ignored
///   Bytes  a bytes object given to compile(): cookie and byte order mark count
///   File   a source file: as Bytes, but bytes that are not UTF-8 are reported the way a script is
enum class SourceKind : std::uint8_t { Str, Bytes, File };

/// Finds the character called `name` ("BULLET"); returns its code points in `out` (at most 8; a
/// named sequence has several) and their count, 0 when there is none. `context` is passed through.
using UnicodeNameLookup = int (*)(void* context, std::string_view name, char32_t* out);

struct ParseOptions {
  std::string_view filename = "<string>";
  ParseMode mode = ParseMode::File;
  SourceKind source = SourceKind::Str;
  /// The number of the first line.
  int first_line = 1;
  /// Single mode: an unfinished block at the end of the text is an error, not an implied end of
  /// block (the `codeop` flag PyCF_DONT_IMPLY_DEDENT).
  bool dont_imply_dedent = false;
  /// Report "incomplete input" instead of another error when the text ends too early (codeop).
  bool allow_incomplete_input = false;
  /// Decimal integer literals with more digits are refused; 0 means no limit.
  int max_int_digits = 4300;
  /// The grammar of Python 3.N is wanted: what came later is refused.
  int feature_version = 11;
  /// For \N{...}; without it such an escape is an error that says so.
  UnicodeNameLookup lookup_name = nullptr;
  void* lookup_context = nullptr;
};

enum class FailureKind : std::uint8_t {
  SyntaxError,
  IndentationError,
  TabError,
  ValueError,   ///< null bytes in a str
  MemoryError,  ///< nested too deeply for the parser
  OutOfMemory,  ///< the memory resource gave up
};

/// One error. `line` counts from 1; `column` is Python's `offset`: characters from 1 (0 or -1 where
/// Python says so); `end_line`/`end_column` likewise. The views live in the result's Ast.
struct SyntaxFailure {
  FailureKind kind = FailureKind::SyntaxError;
  std::string_view message;
  int line = 0;
  int column = 0;
  int end_line = 0;
  int end_column = 0;
  std::string_view text;
  bool has_position = true;
  bool has_text = true;
};

/// Either a tree (`ok()`), a failure, or `incomplete` (parse_interactive only).
struct [[nodiscard]] ParseResult {
  Ast ast;
  std::optional<SyntaxFailure> failure;
  bool incomplete = false;
  /// parse_interactive: the text held nothing but the end of input.
  bool end_of_input = false;

  [[nodiscard]] bool ok() const { return !failure && !incomplete && !end_of_input; }
};

/// Parses all of `bytes`. `memory` must outlive the result.
/// Errors: one SyntaxFailure.  Cost: linear in the text.
ParseResult parse(std::string_view bytes, const ParseOptions& options,
                  std::pmr::memory_resource& memory);

/// Parses one interactive statement from the lines typed so far (UTF-8, each ended by a newline).
///
/// A compound statement ends at an empty line; open brackets, triple quotes and a backslash at the
/// end of a line ask for more. `at_end` says that no more lines will come: what is there is then
/// finished or in error. On success `ast` is an Interactive with the statement(s) of that line; an
/// empty or comment line gives an Interactive holding one Pass.
ParseResult parse_interactive(std::string_view text_so_far, bool at_end,
                              const ParseOptions& options, std::pmr::memory_resource& memory);

}  // namespace ouro::syntax
