// Errors with their place in the source, warnings, name mangling.
#include "compile/context.h"

#include <cstdio>
#include <string>

#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro::compile {

Context::Context(ThreadState& thread_state, std::pmr::memory_resource& scratch_memory,
                 Borrowed<Str> file, const CompileOptions& compile_options)
    : ts(thread_state),
      scratch(scratch_memory),
      filename(file),
      options(compile_options),
      names(thread_state, scratch_memory),
      constants(thread_state, scratch_memory),
      depth_limit_(thread_state.recursion_limit < 1 << 28 ? thread_state.recursion_limit * 3
                                                          : 1 << 30) {
  // Calls that are running count too, scaled alike, as they do in CPython.
  depth_ = ts.python_depth < 1 << 28 ? ts.python_depth * 3 : ts.python_depth;
}

DepthGuard::DepthGuard(Context& context) : context_(context) {
  ThreadState& ts = context.ts;
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  if (++context.depth_ > context.depth_limit_ ||
      (ts.stack_floor != nullptr && here < ts.stack_floor)) {
    --context.depth_;
    static_cast<void>(raise(ts, ts.core.exceptions.RecursionError,
                            "maximum recursion depth exceeded during compilation"));
    throw CompileFailed{};
  }
}

/// Line `line` of the file named by the unit's filename, as Python shows it below an error; None
/// when there is none. Read from the file: the text at hand may come from anywhere and not be what
/// the name promises.
ObjRef Context::source_line(int line) {
  ObjRef none = ts.core.none_ref();
  Utf8 name(filename);
  if (!name.ok()) throw std::bad_alloc();
  if (line < 1 || name.view().empty() || name.view().front() == '<') return none;
  std::FILE* file = std::fopen(name.c_str(), "rb");
  if (file == nullptr) return none;
  struct Closer {
    std::FILE* file;
    ~Closer() { std::fclose(file); }
  } closer{file};
  std::pmr::string text(&scratch);
  int number = 1;
  for (int c = std::getc(file); c != EOF && number <= line; c = std::getc(file)) {
    if (number == line) text.push_back(static_cast<char>(c));
    if (c == '\n') ++number;
  }
  if (text.empty()) return none;
  Result<Ref<Str>> decoded = Str::from_utf8(ts, text);
  if (decoded.ok()) return decoded.take();
  clear_pending(ts);
  return none;
}

void Context::raise_error(const Span& span, Ref<Str> message, Report report) {
  Type* syntax_error = ts.core.exceptions.SyntaxError;
  ObjRef text = source_line(span.line);
  Ref<Int> line = must(Int::from(ts, span.line));
  Ref<Int> column = must(Int::from(ts, span.col + 1));
  Ref<Int> end_line = must(Int::from(ts, span.end_line));
  Ref<Int> end_column = must(Int::from(ts, span.end_col + 1));
  if (report == Report::InArgs) {
    Ref<Tuple> place = must(Tuple::of(ts, filename, line, column, text, end_line, end_column));
    ObjRef exception = must(call(ts, syntax_error, message, place));
    static_cast<void>(raise_object(ts, std::move(exception)));
    throw CompileFailed{};
  }
  ObjRef exception = must(call(ts, syntax_error, message));
  const CoreNames& core_names = ts.core.names;
  must(set_attribute(ts, exception, core_names.n_lineno, line));
  must(set_attribute(ts, exception, core_names.n_offset, column));
  must(set_attribute(ts, exception, core_names.n_end_lineno, end_line));
  if (span.end_col >= 0) must(set_attribute(ts, exception, core_names.n_end_offset, end_column));
  must(set_attribute(ts, exception, core_names.n_filename, filename));
  must(set_attribute(ts, exception, core_names.n_text, text));
  static_cast<void>(raise_object(ts, std::move(exception)));
  throw CompileFailed{};
}

void Context::show_warning(const Span& span, Borrowed<Type> category, Ref<Str> message) {
  if (options.hooks == nullptr || options.hooks->warn == nullptr) return;
  Status shown =
      options.hooks->warn(options.hooks->context, ts, category, message, filename, span.line);
  if (shown.ok()) return;
  // A filter turned the warning into an exception: as a SyntaxError it also has a place.
  if (!catch_pending(ts, category)) throw CompileFailed{};
  raise_error(span, std::move(message), Report::InArgs);
}

std::string_view Context::mangle(std::string_view owner, std::string_view text) {
  if (owner.empty() || !text.starts_with("__") || text.ends_with("__") ||
      text.find('.') != text.npos)
    return text;
  std::size_t first = owner.find_first_not_of('_');
  if (first == owner.npos) return text;
  owner.remove_prefix(first);
  std::size_t size = 1 + owner.size() + text.size();
  char* place = static_cast<char*>(scratch.allocate(size, 1));
  place[0] = '_';
  owner.copy(place + 1, owner.size());
  text.copy(place + 1 + owner.size(), text.size());
  return {place, size};
}

Object* constant_of(Context& context, const Expr* expr) {
  const auto* constant = syntax::try_as<syntax::Constant>(expr);
  return constant == nullptr ? nullptr : context.constants.object_of(*constant);
}

const syntax::Constant* docstring_of(Context& context, const syntax::Seq<Stmt*>& body) {
  if (body.empty()) return nullptr;
  const auto* statement = syntax::try_as<syntax::ExprStmt>(body.front());
  if (statement == nullptr) return nullptr;
  const auto* constant = syntax::try_as<syntax::Constant>(statement->value);
  if (constant == nullptr || !is_exact_str(context.constants.object_of(*constant))) return nullptr;
  return constant;
}

}  // namespace ouro::compile
