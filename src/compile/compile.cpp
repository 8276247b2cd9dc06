// compile_source and compile_interactive: runs the passes in order and catches at the layer's
// border.
#include "compile/compile.h"

#include "compile/compiler.h"
#include "compile/passes.h"
#include "heap/memory_resource.h"
#include "objects/bytes.h"
#include "syntax/parser.h"

namespace ouro {
namespace compile {
namespace {

Type* exception_type(const CoreExceptions& exceptions, syntax::FailureKind kind) {
  switch (kind) {
    case syntax::FailureKind::SyntaxError:
      return exceptions.SyntaxError;
    case syntax::FailureKind::IndentationError:
      return exceptions.IndentationError;
    case syntax::FailureKind::TabError:
      return exceptions.TabError;
    case syntax::FailureKind::ValueError:
      return exceptions.ValueError;
    case syntax::FailureKind::MemoryError:
    case syntax::FailureKind::OutOfMemory:
      break;
  }
  return exceptions.MemoryError;
}

/// Makes the parser's failure the pending exception.
Raised raise_failure(ThreadState& ts, const syntax::SyntaxFailure& failure,
                     Borrowed<Str> filename) {
  Type* type = exception_type(ts.core.exceptions, failure.kind);
  if (type == ts.core.exceptions.MemoryError) return raise_no_memory(ts);
  Ref<Str> message = OURO_TRY(Str::from_utf8(ts, failure.message));
  ObjRef exception;
  if (failure.kind == syntax::FailureKind::ValueError || !failure.has_position) {
    exception = OURO_TRY(call(ts, type, message));
  } else {
    ObjRef text = ts.core.none_ref();
    if (failure.has_text) text = OURO_TRY(Str::from_utf8(ts, failure.text));
    Ref<Int> line = OURO_TRY(Int::from(ts, failure.line));
    Ref<Int> column = OURO_TRY(Int::from(ts, failure.column));
    Ref<Int> end_line = OURO_TRY(Int::from(ts, failure.end_line));
    Ref<Int> end_column = OURO_TRY(Int::from(ts, failure.end_column));
    Ref<Tuple> place = OURO_TRY(Tuple::of(ts, filename, line, column, text, end_line, end_column));
    exception = OURO_TRY(call(ts, type, message, place));
  }
  return raise_object(ts, std::move(exception));
}

syntax::ParseMode parse_mode(CompileMode mode) {
  switch (mode) {
    case CompileMode::File:
      return syntax::ParseMode::File;
    case CompileMode::Eval:
      return syntax::ParseMode::Eval;
    case CompileMode::Single:
      break;
  }
  return syntax::ParseMode::Single;
}

int lookup_name(void* hooks, std::string_view name, char32_t* out) {
  const auto* compile_hooks = static_cast<const CompileHooks*>(hooks);
  return compile_hooks->lookup_name(compile_hooks->context, name, out);
}

syntax::ParseOptions parse_options(const CompileOptions& options, std::string_view filename) {
  syntax::ParseOptions result;
  result.filename = filename;
  result.mode = parse_mode(options.mode);
  result.source = options.source_is_utf8   ? syntax::SourceKind::Str
                  : options.source_is_file ? syntax::SourceKind::File
                                           : syntax::SourceKind::Bytes;
  result.first_line = options.first_line;
  result.feature_version = options.feature_version;
  result.dont_imply_dedent = (options.flags & kDontImplyDedent) != 0;
  result.allow_incomplete_input = (options.flags & kAllowIncompleteInput) != 0;
  if (options.hooks != nullptr && options.hooks->lookup_name != nullptr) {
    result.lookup_name = lookup_name;
    result.lookup_context = const_cast<CompileHooks*>(options.hooks);
  }
  return result;
}

void show_warnings(Context& context, const syntax::Ast& ast) {
  ThreadState& ts = context.ts;
  for (const syntax::SyntaxWarningNote& note : ast.warnings()) {
    Type* category = note.category == syntax::SyntaxWarningNote::Category::DeprecationWarning
                         ? ts.core.exceptions.DeprecationWarning
                         : ts.core.exceptions.SyntaxWarning;
    context.show_warning({note.line, -1, note.line, -1}, category,
                         must(Str::from_utf8(ts, note.message)));
  }
}

/// All passes after the parser.
Ref<Code> compile_tree(ThreadState& ts, syntax::Ast& ast, std::span<const TreeConstant> constants,
                       Borrowed<Str> filename, const CompileOptions& options,
                       std::pmr::memory_resource& memory) {
  std::pmr::monotonic_buffer_resource scratch(4096, &memory);
  Context context(ts, scratch, filename, options);
  show_warnings(context, ast);
  for (const TreeConstant& constant : constants) {
    context.constants.attach(*constant.node, constant.value.new_ref());
  }
  find_future_features(context, *ast.root());
  fold_constants(context, ast);
  SymbolTable symbols(context, *ast.root());
  return Compiler(context, symbols).compile_module(*ast.root());
}

/// Runs `body` inside the border: what the passes throw becomes Raised.
template <class Body>
auto at_border(ThreadState& ts, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const CompileFailed&) {
    return Raised{};
  } catch (const std::bad_alloc&) {
    return raise_no_memory(ts);
  }
}

}  // namespace
}  // namespace compile

Result<Ref<Code>> compile_source(ThreadState& ts, std::string_view source, Borrowed<Str> filename,
                                 const CompileOptions& options) {
  return compile::at_border(ts, [&]() -> Result<Ref<Code>> {
    heap::HeapResource memory(ts.space.heap);
    Utf8 file(filename);
    if (!file.ok()) return raise_no_memory(ts);
    syntax::ParseResult parsed =
        syntax::parse(source, compile::parse_options(options, file.view()), memory);
    if (parsed.failure) return compile::raise_failure(ts, *parsed.failure, filename);
    return compile::compile_tree(ts, parsed.ast, {}, filename, options, memory);
  });
}

Status parse_source(ThreadState& ts, std::string_view source, Borrowed<Str> filename,
                    const CompileOptions& options, std::pmr::memory_resource& memory,
                    syntax::Ast& tree) {
  return compile::at_border(ts, [&]() -> Status {
    Utf8 file(filename);
    if (!file.ok()) return raise_no_memory(ts);
    syntax::ParseResult parsed =
        syntax::parse(source, compile::parse_options(options, file.view()), memory);
    if (parsed.failure) return compile::raise_failure(ts, *parsed.failure, filename);
    std::pmr::monotonic_buffer_resource scratch(4096, &memory);
    compile::Context context(ts, scratch, filename, options);
    compile::show_warnings(context, parsed.ast);
    tree = std::move(parsed.ast);
    return kDone;
  });
}

Result<Ref<Code>> compile_ast(ThreadState& ts, syntax::Ast& tree,
                              std::span<const TreeConstant> constants, Borrowed<Str> filename,
                              const CompileOptions& options, std::pmr::memory_resource& memory) {
  return compile::at_border(ts, [&]() -> Result<Ref<Code>> {
    return compile::compile_tree(ts, tree, constants, filename, options, memory);
  });
}

InputState compile_interactive(ThreadState& ts, std::string_view text, bool at_end,
                               Borrowed<Str> filename, const CompileOptions& options,
                               Ref<Code>& code) {
  InputState state = InputState::Complete;
  Result<Ref<Code>> result = compile::at_border(ts, [&]() -> Result<Ref<Code>> {
    heap::HeapResource memory(ts.space.heap);
    Utf8 file(filename);
    if (!file.ok()) return raise_no_memory(ts);
    syntax::ParseOptions parse_options = compile::parse_options(options, file.view());
    parse_options.mode = syntax::ParseMode::Single;
    syntax::ParseResult parsed = syntax::parse_interactive(text, at_end, parse_options, memory);
    if (parsed.incomplete) {
      state = InputState::Incomplete;
      return Raised{};
    }
    if (parsed.end_of_input) {
      state = InputState::EndOfInput;
      return Raised{};
    }
    if (parsed.failure) return compile::raise_failure(ts, *parsed.failure, filename);
    return compile::compile_tree(ts, parsed.ast, {}, filename, options, memory);
  });
  if (result.ok()) {
    code = result.take();
  } else if (state == InputState::Complete) {
    state = InputState::Error;
  }
  return state;
}

}  // namespace ouro
