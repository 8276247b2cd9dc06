// The nodes' fields by name: what the table ast_schema.def says, for code that treats all nodes
// alike.
//
// Terms
//   class    a class of Python's ast module: AstClass has one enumerator for each, spelled kNAME
//   visitor  called for each field of a node in Python's order:
//              v.required("name", member)   v.optional("name", member)
//              v.comment("type_comment")    v.kind("kind", u_prefix)
#pragma once

#include "syntax/ast.h"

namespace ouro::syntax {

enum class AstClass : std::uint8_t {
  kAST,
#define OURO_AST_SUM(name, location) k##name,
#define OURO_AST_VALUE(sum, name) k##name,
#define OURO_AST_NODE(sum, type, name, fields) k##name,
#define OURO_AST_PRODUCT(type, name, location, fields) k##name,
#define OURO_AST_ROOT(name, text) k##name,
#include "syntax/ast_schema.def"
};

inline constexpr std::size_t kAstClassCount = 0
#define OURO_AST_SUM(name, location) +1
#define OURO_AST_VALUE(sum, name) +1
#define OURO_AST_NODE(sum, type, name, fields) +1
#define OURO_AST_PRODUCT(type, name, location, fields) +1
#define OURO_AST_ROOT(name, text) +1
#include "syntax/ast_schema.def"
                                              + 1;

/// The class of a node type.
template <class T>
inline constexpr AstClass kAstClassOf = AstClass::kAST;
#define OURO_AST_NODE(sum, type, name, fields) \
  template <>                                  \
  inline constexpr AstClass kAstClassOf<type> = AstClass::k##name;
#define OURO_AST_PRODUCT(type, name, location, fields) \
  template <>                                          \
  inline constexpr AstClass kAstClassOf<type> = AstClass::k##name;
#include "syntax/ast_schema.def"

/// An enum of operators: the class of its first enumerator (the others follow) and their number.
template <class E>
struct AstEnum;
#define OURO_AST_ENUM(type, sum, first, last)                                    \
  template <>                                                                    \
  struct AstEnum<type> {                                                         \
    static constexpr AstClass kSum = AstClass::k##sum;                           \
    static constexpr auto kFirst = static_cast<std::size_t>(AstClass::k##first); \
    static constexpr std::size_t kCount =                                        \
        static_cast<std::size_t>(AstClass::k##last) - kFirst + 1;                \
    static_assert(static_cast<std::size_t>(type::last) + 1 == kCount);           \
  };
OURO_AST_ENUM(ExprContext, expr_context, Load, Del)
OURO_AST_ENUM(BoolOperator, boolop, And, Or)
OURO_AST_ENUM(Operator, operator, Add, FloorDiv)
OURO_AST_ENUM(UnaryOperator, unaryop, Invert, USub)
OURO_AST_ENUM(CmpOperator, cmpop, Eq, NotIn)
#undef OURO_AST_ENUM

#define REQUIRED(member) v.required(#member, node.member);
#define OPTIONAL(member) v.optional(#member, node.member);
#define COMMENT v.comment("type_comment");
#define KIND v.kind("kind", node.u_prefix);
#define OURO_AST_NODE(sum, type, name, fields)                            \
  template <class V>                                                      \
  void visit_fields([[maybe_unused]] V& v, [[maybe_unused]] type& node) { \
    fields                                                                \
  }
#define OURO_AST_PRODUCT(type, name, location, fields)                    \
  template <class V>                                                      \
  void visit_fields([[maybe_unused]] V& v, [[maybe_unused]] type& node) { \
    fields                                                                \
  }
#include "syntax/ast_schema.def"
#undef REQUIRED
#undef OPTIONAL
#undef COMMENT
#undef KIND

}  // namespace ouro::syntax
