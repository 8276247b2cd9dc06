// Second pass over the names: local, global, free or cell.
//
// A name that a function neither binds nor declares is looked for in the functions around it, from
// the inside out; class bodies are passed over, except that `__class__` is found in one. Where it
// is found it becomes a cell, and every scope on the way hands it through as a free variable.
#include "compile/symbol_table.h"

namespace ouro::compile {
namespace {

class Resolver {
 public:
  explicit Resolver(Context& context) : context_(context) {}

  void resolve(Scope& scope) {
    DepthGuard depth(context_);
    // Inner scopes may add free symbols here later; they arrive resolved.
    std::size_t count = scope.symbols.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (scope.symbols[i].binding == Binding::Unknown) decide(scope, i);
    }
    for (Scope* child : scope.children) resolve(*child);
  }

 private:
  void decide(Scope& scope, std::size_t position) {
    std::string_view name = scope.symbols[position].name;
    unsigned flags = scope.symbols[position].flags;
    Binding binding = Binding::GlobalImplicit;
    if ((flags & kDefGlobal) != 0) {
      if ((flags & kDefNonlocal) != 0)
        error_at_directive(scope, name, "name '{}' is nonlocal and global");
      binding = Binding::GlobalExplicit;
    } else if ((flags & kDefNonlocal) != 0) {
      if (scope.type == ScopeType::Module) {
        error_at_directive(scope, name, "nonlocal declaration not allowed at module level");
      }
      if (!bind_free(scope, name))
        error_at_directive(scope, name, "no binding for nonlocal '{}' found");
      binding = Binding::Free;
    } else if ((flags & kDefBound) != 0) {
      binding = Binding::Local;
    } else if (bind_free(scope, name)) {
      binding = Binding::Free;
    }
    scope.symbols[position].binding = binding;
  }

  /// Finds the function (or class, for __class__) around `scope` that binds `name` and makes it a
  /// cell there.
  bool bind_free(Scope& scope, std::string_view name) {
    Scope* owner = scope.parent;
    bool class_cell = false;
    for (; owner != nullptr; owner = owner->parent) {
      if (owner->type == ScopeType::Class) {
        class_cell = name == "__class__";
        if (class_cell) break;
        continue;
      }
      if (owner->type != ScopeType::Function) return false;
      Symbol* symbol = owner->find(name);
      if (symbol == nullptr) continue;
      if ((symbol->flags & kDefGlobal) != 0) return false;
      if (symbol->binding == Binding::Local || symbol->binding == Binding::Cell) break;
    }
    if (owner == nullptr) return false;
    if (class_cell) {
      owner->needs_class_cell = true;
    } else {
      owner->find(name)->binding = Binding::Cell;
    }
    for (Scope* between = scope.parent; between != owner; between = between->parent) {
      Symbol& symbol = between->at(name);
      if (between->type == ScopeType::Class && (symbol.flags & (kDefBound | kDefGlobal)) != 0) {
        symbol.flags = static_cast<std::uint16_t>(symbol.flags | kDefFreeClass);
      } else {
        symbol.binding = Binding::Free;
      }
    }
    return true;
  }

  [[noreturn]] void error_at_directive(Scope& scope, std::string_view name, const char* pattern) {
    Span span = scope.span;
    for (const Directive& directive : scope.directives) {
      if (directive.name == name) {
        span = directive.span;
        break;
      }
    }
    context_.symbol_error(span, pattern, name);
  }

  Context& context_;
};

}  // namespace

void resolve_bindings(Context& context, Scope& module) { Resolver(context).resolve(module); }

}  // namespace ouro::compile
