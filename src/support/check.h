// Checks of our own mistakes.
//
// OURO_CHECK is always on and stands where a wrong step would corrupt memory. OURO_DCHECK costs
// nothing unless OURO_CHECKED is defined. Both print the broken condition, the place and a message
// to stderr and abort: after our own mistake no later step can be trusted. They take no memory.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace ouro {

/// Prints one report to stderr and aborts. `format` and what follows are as for printf.
[[noreturn, gnu::cold, gnu::noinline, gnu::format(printf, 4, 5)]] inline void check_failed(
    const char* condition, const char* file, int line, const char* format, ...) {
  std::fprintf(stderr, "ouro: check failed: %s\n  at %s:%d\n  ", condition, file, line);
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  std::fputc('\n', stderr);
  std::fflush(stderr);
  std::abort();
}

}  // namespace ouro

#define OURO_CHECK(condition, ...)                   \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::ouro::check_failed(#condition, __FILE__, __LINE__, __VA_ARGS__))

// The condition is compiled in both forms, so that it can't rot and its names count as used.
#ifdef OURO_CHECKED
#define OURO_DCHECK(condition, ...) OURO_CHECK(condition, __VA_ARGS__)
#else
#define OURO_DCHECK(condition, ...) \
  (true ? static_cast<void>(0) : OURO_CHECK(condition, __VA_ARGS__))
#endif
