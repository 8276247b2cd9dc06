// Scopes and what each name means in them.
//
// Terms
//   scope       module, class body, or function body; lambdas and comprehensions are function
//   scopes. Annotation scopes
//               exist only while `from __future__ import annotations` is on, to find what may not
//               stand there
//   symbol      a name (mangled) in a scope: flags say how the text uses it, `binding` what follows
//   from all scopes together cell, free  a local variable that an inner scope uses; the inner
//   scope's view of it
//
// Built in two passes: SymbolCollector walks the tree and sets flags; `resolve` decides the
// bindings from the outside in. Invariant S1: after building, every symbol's binding is known, and
// a free symbol is Free in every scope up to the one where it is a Cell.
#pragma once

#include <memory_resource>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compile/context.h"

namespace ouro::compile {

enum class ScopeType : std::uint8_t { Module, Class, Function, Annotation };
enum class Binding : std::uint8_t { Unknown, Local, GlobalExplicit, GlobalImplicit, Free, Cell };
enum class ComprehensionKind : std::uint8_t { None, List, Set, Dict, Generator };

enum SymbolFlags : std::uint16_t {
  kDefGlobal = 1,
  kDefLocal = 2,
  kDefParameter = 4,
  kDefNonlocal = 8,
  kUsed = 0x10,
  kDefFreeClass = 0x20,  // bound in a class body, and also free there for the scopes inside
  kDefImport = 0x40,
  kDefAnnotated = 0x80,
  kDefIteration = 0x100,  // iteration variable of a comprehension
  kDefBound = kDefLocal | kDefParameter | kDefImport,
};

struct Symbol {
  std::string_view name;
  std::uint16_t flags = 0;
  Binding binding = Binding::Unknown;
};

/// A global or nonlocal statement's name and place.
struct Directive {
  std::string_view name;
  Span span;
};

struct Scope {
  Scope(ScopeType scope_type, std::string_view scope_name, Scope* outer, const Span& place,
        std::pmr::memory_resource& memory)
      : type(scope_type),
        name(scope_name),
        parent(outer),
        span(place),
        symbols(&memory),
        index(&memory),
        parameters(&memory),
        children(&memory),
        directives(&memory) {}

  [[nodiscard]] Symbol* find(std::string_view symbol_name) {
    auto found = index.find(symbol_name);
    return found == index.end() ? nullptr : &symbols[found->second];
  }
  [[nodiscard]] Binding binding_of(std::string_view symbol_name) {
    Symbol* symbol = find(symbol_name);
    return symbol == nullptr ? Binding::Unknown : symbol->binding;
  }
  /// The symbol, made when it is new.
  Symbol& at(std::string_view symbol_name);

  ScopeType type;
  ComprehensionKind comprehension = ComprehensionKind::None;
  bool nested = false;  // inside a function
  bool generator = false;
  bool coroutine = false;
  bool has_varargs = false;
  bool has_varkeywords = false;
  bool needs_class_cell = false;     // class body whose functions use __class__
  bool in_iteration_target = false;  // while the target of `for x in` in a comprehension is visited
  int iterable_depth = 0;            // > 0 while a comprehension's iterable is visited
  std::string_view name;
  Scope* parent;
  Span span;
  std::pmr::vector<Symbol> symbols;  // in order of first use
  std::pmr::unordered_map<std::string_view, std::size_t> index;
  std::pmr::vector<std::string_view> parameters;  // in the order of their slots
  std::pmr::vector<Scope*> children;
  std::pmr::vector<Directive> directives;
};

class SymbolTable {
 public:
  /// Throws CompileFailed (SyntaxError, RecursionError) and std::bad_alloc.
  SymbolTable(Context& context, const syntax::Mod& module);
  /// The scope that `node` (the root, a function, lambda, class or comprehension) opens.
  [[nodiscard]] Scope* scope_of(const void* node) const { return scopes_.at(node); }
  /// The scope of the module.
  [[nodiscard]] Scope& top() const { return *top_; }

 private:
  std::pmr::unordered_map<const void*, Scope*> scopes_;
  Scope* top_;
};

/// Decides the binding of every symbol of `module` and the scopes inside it.
void resolve_bindings(Context& context, Scope& module);

}  // namespace ouro::compile
