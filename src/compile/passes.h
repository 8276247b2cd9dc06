// The passes over the tree that come before code is written.
#pragma once

#include "compile/context.h"

namespace ouro::compile {

/// Sets `context.future` from the future imports that open the module and from the caller's flags.
/// Throws CompileFailed.
void find_future_features(Context& context, const syntax::Mod& module);

/// Replaces constant expressions by constants, within CPython 3.11's limits of size. Never changes
/// what a program can see except the identity of constants. Operations that would raise are left to
/// raise when they run. Throws CompileFailed.
void fold_constants(Context& context, syntax::Ast& ast);

/// "…%s…" % (a, b) as an f-string, or null when it is not of the simple form that can be.
syntax::Expr* format_as_joined(Context& context, syntax::Ast& ast, const syntax::BinOp& expr,
                               Object* pattern);

}  // namespace ouro::compile
