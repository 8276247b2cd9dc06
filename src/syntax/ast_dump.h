// A tree as text, in the format of Python's ast.dump().
#pragma once

#include <memory_resource>
#include <string>

#include "syntax/ast.h"

namespace ouro::syntax {

struct DumpOptions {
  /// lineno, col_offset, end_lineno and end_col_offset on every node that has them.
  bool include_attributes = false;
};

/// Appends the tree to `out`. False, with `out` cut short, when it is nested too deeply to be
/// written.
bool dump(const Ast& ast, DumpOptions options, std::pmr::string& out);

/// Appends the repr Python would show for a constant (also used on its own by the ast module's text
/// form).
void append_constant_repr(const ConstantValue& value, std::pmr::string& out);

}  // namespace ouro::syntax
