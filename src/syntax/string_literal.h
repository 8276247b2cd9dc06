// String and bytes literals: prefixes, quotes and escapes. f-strings build on it in fstring.cpp.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

#include "syntax/parser.h"

namespace ouro::syntax {

/// A string token taken apart: rb'''body'''.
struct StringParts {
  bool bytes = false;
  bool raw = false;
  bool formatted = false;
  bool u_prefix = false;
  std::string_view body;
};

StringParts take_apart(std::string_view token);

/// What decoding escapes found: an error sentence, or the first escape Python warns about:
/// one it does not know, or an octal one above \377.
struct EscapeReport {
  std::string_view error;       // complete: "(unicode error) ..." or "(value error) ..."
  std::string_view odd_escape;  // of the first: what follows its backslash, a character or "400"
};

/// Decodes the escapes of a str literal's `body` into `out` (UTF-8, lone surrogates as three
/// bytes).
EscapeReport decode_str_escapes(std::string_view body, const ParseOptions& options,
                                std::pmr::memory_resource& arena, std::pmr::string& out);

/// Decodes the escapes of a bytes literal.
EscapeReport decode_bytes_escapes(std::string_view body, std::pmr::memory_resource& arena,
                                  std::pmr::string& out);

}  // namespace ouro::syntax
