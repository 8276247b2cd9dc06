// `from __future__ import …`: read before anything else, because it changes how the rest is
// compiled.
#include "compile/passes.h"

namespace ouro::compile {

namespace {

/// Features that are always on by now; their imports are allowed and do nothing.
constexpr std::string_view kOldFeatures[] = {"nested_scopes",    "generators",     "division",
                                             "absolute_import",  "with_statement", "print_function",
                                             "unicode_literals", "generator_stop"};
constexpr std::uint32_t kFutureBarryAsBdfl = 0x400000;

bool is_old(std::string_view name) {
  for (std::string_view old : kOldFeatures) {
    if (old == name) return true;
  }
  return false;
}

void read_features(Context& context, const syntax::ImportFrom& stmt) {
  for (const syntax::Alias* alias : stmt.names) {
    Span point{stmt.span.line, stmt.span.col, stmt.span.line, -1};
    if (alias->name == "annotations") {
      context.future.flags |= kFutureAnnotations;
    } else if (alias->name == "barry_as_FLUFL") {
      context.future.flags |= kFutureBarryAsBdfl;
    } else if (alias->name == "braces") {
      context.symbol_error(point, "not a chance");
    } else if (!is_old(alias->name)) {
      context.symbol_error(point, "future feature {} is not defined", alias->name);
    }
  }
}

}  // namespace

void find_future_features(Context& context, const syntax::Mod& module) {
  context.future.flags = context.options.flags & (kFutureAnnotations | kFutureBarryAsBdfl);
  if (module.kind == syntax::ModKind::Expression) return;
  bool docstring_allowed = true;
  int last_line = -1;  // of the statements before the present one
  bool done = false;
  for (const Stmt* stmt : module.body) {
    // Nothing but future imports may share the line or the place before them.
    if (done && stmt->span.line > last_line) return;
    last_line = stmt->span.line;
    const auto* import = syntax::try_as<syntax::ImportFrom>(stmt);
    if (import != nullptr && import->module == "__future__") {
      if (done) {
        // (The column is one less than a column should be, as it is in CPython.)
        context.symbol_error({stmt->span.line, stmt->span.col - 1, stmt->span.line, -1},
                             "from __future__ imports must occur at the beginning of the file");
      }
      read_features(context, *import);
      context.future.last_line = stmt->span.line;
      docstring_allowed = false;
      continue;
    }
    const auto* expression = syntax::try_as<syntax::ExprStmt>(stmt);
    const auto* constant =
        expression != nullptr ? syntax::try_as<syntax::Constant>(expression->value) : nullptr;
    if (constant != nullptr && constant->value.tag == syntax::ConstantTag::Str &&
        docstring_allowed) {
      docstring_allowed = false;
    } else {
      done = true;
    }
  }
}

}  // namespace ouro::compile
