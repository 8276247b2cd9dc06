// From bytes to the text the lexer reads.
//
// The text is UTF-8 with "\n" as its only line end. Byte order mark and PEP 263 cookie are honoured
// as SourceKind says; utf-8, iso-8859-1 (latin-1) and ascii are known, any other encoding is
// refused by name.
#pragma once

#include <memory_resource>
#include <string_view>

#include "syntax/parser.h"

namespace ouro::syntax {

/// Decodes `bytes` into `arena`. Throws SyntaxRaise for text that cannot be decoded.
/// File mode gets a final newline where it is missing.
std::string_view decode_source(std::string_view bytes, const ParseOptions& options,
                               std::pmr::memory_resource& arena);

/// The length of the valid UTF-8 prefix of `text`; surrogates count as valid when `surrogates`.
std::size_t valid_utf8_prefix(std::string_view text, bool surrogates);

/// Python's sentence about the bytes at `position`, where valid_utf8_prefix stopped.
std::string_view utf8_error_text(std::string_view text, std::size_t position,
                                 std::pmr::memory_resource& arena);

/// Decodes one character of valid UTF-8 at `position` and moves past it.
char32_t decode_char(std::string_view text, std::size_t& position);

/// Writes `c` (surrogates too) as UTF-8 to `out`; returns its length, 1 to 4.
int encode_char(char32_t c, char* out);

}  // namespace ouro::syntax
