// How an error travels inside the syntax layer: thrown as SyntaxRaise, caught in parser.cpp.
//
// Terms
//   hard   a tokenizer error that also wins over an earlier parser error when the rest of the
//   source is
//          scanned after a failure (unterminated string, bad number, bracket mismatch)
//   generic  a plain "invalid syntax": the rest is scanned even when the end was already seen
//   final  no later tokenizer error replaces it
#pragma once

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory_resource>
#include <string_view>

#include "syntax/parser.h"

namespace ouro::syntax {

struct SyntaxRaise {
  enum class Origin : unsigned char { Parser, Generic, LexerHard, LexerSoft, Final };
  SyntaxFailure failure;
  Origin origin = Origin::Parser;
};

/// Interactive input ended inside a statement; more lines may follow.
struct NeedMoreInput {};

/// A copy of `text` in `arena`.
inline std::string_view copy_text(std::pmr::memory_resource& arena, std::string_view text) {
  if (text.empty()) return {};
  char* place = static_cast<char*>(arena.allocate(text.size(), 1));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

/// printf into `arena`.
[[gnu::format(printf, 2, 3)]] inline std::string_view format_text(std::pmr::memory_resource& arena,
                                                                  const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = std::vsnprintf(nullptr, 0, format, arguments);
  va_end(arguments);
  auto size = static_cast<std::size_t>(length < 0 ? 0 : length);
  char* place = static_cast<char*>(arena.allocate(size + 1, 1));
  std::vsnprintf(place, size + 1, format, again);
  va_end(again);
  return {place, size};
}

/// Characters in the first `bytes` bytes of the UTF-8 `line`; a character cut in the middle counts
/// as one.
inline int characters_before(std::string_view line, int bytes) {
  int count = 0;
  std::string_view before = line.substr(0, bytes < 0 ? 0 : static_cast<std::size_t>(bytes));
  for (char c : before) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count + (bytes > static_cast<int>(line.size()) ? 1 : 0);
}

}  // namespace ouro::syntax
