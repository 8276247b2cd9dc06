// What a verifier reports: the name of the first broken invariant and what was found instead.
#pragma once

#include <cstdarg>
#include <cstdio>

namespace ouro {

/// A broken invariant. Holds its text in itself, so that reporting needs no memory.
struct Violation {
  const char* rule;  ///< The rule's name, such as "P1"; a string literal.
  char found[240];   ///< What was found, for a human; cut off where it doesn't fit.
};

/// Builds a Violation of `rule`; `format` and what follows are as for printf.
[[gnu::format(printf, 2, 3)]] inline Violation violation(const char* rule, const char* format,
                                                         ...) {
  Violation result{rule, {}};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(result.found, sizeof result.found, format, arguments);
  va_end(arguments);
  return result;
}

}  // namespace ouro
