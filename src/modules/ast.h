// Module _ast from inside: its classes, and trees as objects and back.
#pragma once

#include <vector>

#include "compile/compile.h"
#include "objects/core.h"
#include "syntax/ast_schema.h"

namespace ouro {

/// The classes, by syntax::AstClass, and the one instance of each operator and context.
struct AstClasses {
  Type* types[syntax::kAstClassCount];         // owned
  Object* singletons[syntax::kAstClassCount];  // owned; null for classes that are no enumerators
  [[nodiscard]] Type* of(syntax::AstClass name) const {
    return types[static_cast<std::size_t>(name)];
  }
};
static_assert(std::is_trivially_destructible_v<AstClasses>);

/// The module `_ast`, imported when need be; `classes` is its state, which it keeps alive.
struct AstModule {
  ObjRef module;
  const AstClasses* classes = nullptr;
  Status open(ThreadState& ts);
};

/// The name of a class as Python sees it.
const char* ast_class_name(syntax::AstClass name);

/// A tree as objects of module ast.
ObjResult ast_to_object(ThreadState& ts, const AstClasses& classes, const syntax::Mod& root);

/// An object that is meant as a tree (its class derives from `ast.AST`).
Result<bool> is_ast_object(ThreadState& ts, const AstClasses& classes, Obj object);

/// The rules of the grammar that types alone do not say: contexts, lists that must not be empty or
/// must be equally long, names that are no names. ValueError worded as CPython's.
Status validate_ast(ThreadState& ts, const syntax::Mod& root);

/// Reads a tree back into `tree`, checking what the compiler relies on. `constants` receives the
/// values of its Constant nodes. TypeError and ValueError worded as CPython's. Throws
/// std::bad_alloc. Runs Python code.
Status ast_from_object(ThreadState& ts, const AstClasses& classes, Obj object, CompileMode mode,
                       syntax::Ast& tree, std::pmr::vector<TreeConstant>& constants);

}  // namespace ouro
