// What all passes over one compilation unit share: names, constants, options, errors, depth.
//
// Terms
//   scratch    the arena of the unit: symbol tables, blocks, instruction lists; dropped as a whole
//   failure    CompileFailed is thrown with an exception pending in the thread state; it is caught,
//   like
//              std::bad_alloc, at the border of the layer (compile.cpp) and nowhere else
//
// Invariant C1: every object that a pass holds as a plain pointer is owned by `names` or
// `constants`.
#pragma once

#include <memory_resource>
#include <string_view>

#include "compile/compile.h"
#include "compile/constants.h"
#include "objects/errors.h"
#include "syntax/ast.h"

namespace ouro::compile {

using syntax::Expr;
using syntax::Span;
using syntax::Stmt;

/// No place in the source: instructions that trace as part of what stands before them.
inline constexpr Span kNoSpan{-1, -1, -1, -1};

/// What `from __future__ import` switched on, and the last line where such imports may stand.
struct FutureFeatures {
  std::uint32_t flags = 0;
  int last_line = -1;
  [[nodiscard]] bool annotations() const { return (flags & kFutureAnnotations) != 0; }
};

class Context {
 public:
  Context(ThreadState& thread_state, std::pmr::memory_resource& scratch_memory, Borrowed<Str> file,
          const CompileOptions& compile_options);

  /// Raises SyntaxError(message, (filename, line, column, text, …)) about `span`.
  template <class... A>
  [[noreturn]] void error(const Span& span, const char* pattern, const A&... args) {
    const FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg("")};
    raise_error(span, must(format_message(ts, pattern, {list, sizeof...(A)})), Report::InArgs);
  }
  /// The same as the symbol table reports it: the position is in attributes, args hold the message
  /// only. A span without an end_col names a point.
  template <class... A>
  [[noreturn]] void symbol_error(const Span& span, const char* pattern, const A&... args) {
    const FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg("")};
    raise_error(span, must(format_message(ts, pattern, {list, sizeof...(A)})),
                Report::InAttributes);
  }
  /// A SyntaxWarning through the hook; may throw (a warning turned into an error).
  template <class... A>
  void warn(const Span& span, const char* pattern, const A&... args) {
    if (options.hooks == nullptr || options.hooks->warn == nullptr) return;
    const FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg("")};
    show_warning(span, ts.core.exceptions.SyntaxWarning,
                 must(format_message(ts, pattern, {list, sizeof...(A)})));
  }
  void show_warning(const Span& span, Borrowed<Type> category, Ref<Str> message);

  /// The interned str of an identifier. Borrowed from the unit.
  Str* name(std::string_view text) { return names.get(text); }
  /// The name as it is stored inside class `owner` (empty: in no class): __x becomes _Owner__x. In
  /// scratch memory.
  std::string_view mangle(std::string_view owner, std::string_view text);

  ThreadState& ts;
  std::pmr::memory_resource& scratch;
  Borrowed<Str> filename;
  const CompileOptions& options;
  FutureFeatures future;
  NamePool names;
  ConstantTable constants;

 private:
  friend class DepthGuard;
  enum class Report : std::uint8_t { InArgs, InAttributes };
  [[noreturn]] void raise_error(const Span& span, Ref<Str> message, Report report);
  ObjRef source_line(int line);

  int depth_ = 0;
  int depth_limit_;
};

/// One level of recursion into the tree. Throws RecursionError "maximum recursion depth exceeded
/// during compilation" where CPython does (three times the recursion limit), or when the native
/// stack comes to its end.
class DepthGuard {
 public:
  explicit DepthGuard(Context& context);
  ~DepthGuard() { --context_.depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  Context& context_;
};

/// The constant object of an expression, or null when it is no constant. Borrowed from the unit.
Object* constant_of(Context& context, const Expr* expr);
/// The docstring expression that opens `body`, or null.
const syntax::Constant* docstring_of(Context& context, const syntax::Seq<Stmt*>& body);

}  // namespace ouro::compile
