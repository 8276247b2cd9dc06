// Trees as objects: one instance per node, its fields set in the grammar's order, then its place.
#include "modules/ast.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

using namespace syntax;  // NOLINT: the nodes of the whole grammar are named below
using ouro::as;

class TreeWriter {
 public:
  TreeWriter(ThreadState& ts, const AstClasses& classes) : ts_(ts), classes_(classes) {}

  ObjResult write(const Mod& root) {
    ObjRef made;
    switch (root.kind) {
      case ModKind::Module: {
        made = OURO_TRY(instance(AstClass::kModule));
        Ref<ouro::List> ignores = OURO_TRY(ouro::List::create(ts_));
        OURO_TRY(set(made, "body", write_value(root.body)));
        OURO_TRY(set(made, "type_ignores", ObjResult(std::move(ignores))));
        break;
      }
      case ModKind::Interactive:
        made = OURO_TRY(instance(AstClass::kInteractive));
        OURO_TRY(set(made, "body", write_value(root.body)));
        break;
      case ModKind::Expression:
        made = OURO_TRY(instance(AstClass::kExpression));
        OURO_TRY(set(made, "body", write_value(root.expression)));
        break;
    }
    return made;
  }

 private:
  /// Sets the fields of one node.
  struct FieldWriter {
    TreeWriter& writer;
    Obj object;
    Status status = kDone;
    template <class T>
    void required(const char* name, const T& value) {
      if (status.ok()) status = writer.set(object, name, writer.write_value(value));
    }
    template <class T>
    void optional(const char* name, const T& value) {
      required(name, value);
    }
    void comment(const char* name) { put(name, writer.ts_.core.none_ref()); }
    void kind(const char* name, bool u_prefix) {
      if (!u_prefix) return put(name, writer.ts_.core.none_ref());
      put(name, intern(writer.ts_, "u"));
    }
    void put(const char* name, ObjResult value) {
      if (status.ok()) status = writer.set(object, name, std::move(value));
    }
  };

  ObjResult instance(AstClass name) {
    Type* type = classes_.of(name);
    return type->make(ts_, type, {});
  }

  Status set(Obj object, const char* name, ObjResult value) {
    ObjRef held = OURO_TRY(std::move(value));
    Ref<Str> key = OURO_TRY(intern(ts_, name));
    return set_attribute(ts_, object, key, held);
  }

  template <class T>
  ObjResult write_node(const T& node) {
    ObjRef made = OURO_TRY(instance(kAstClassOf<T>));
    FieldWriter fields{*this, made};
    visit_fields(fields, const_cast<T&>(node));
    OURO_TRY(fields.status);
    if constexpr (requires { node.span; }) OURO_TRY(write_span(made, node.span));
    return made;
  }

  Status write_span(Obj object, const Span& span) {
    OURO_TRY(set(object, "lineno", Int::from(ts_, span.line)));
    OURO_TRY(set(object, "col_offset", Int::from(ts_, span.col)));
    OURO_TRY(set(object, "end_lineno", Int::from(ts_, span.end_line)));
    return set(object, "end_col_offset", Int::from(ts_, span.end_col));
  }

  ObjResult write_value(const Expr* node) {
    if (node == nullptr) return ts_.core.none_ref();
    NativeDepth depth(ts_, " during ast construction");
    if (!depth.ok()) return Raised{};
    switch (node->kind) {
#define OURO_AST_NODE_expr(type) \
  case ExprKind::type:           \
    return write_node(syntax::as<syntax::type>(*node));
#define OURO_AST_NODE_stmt(type)
#define OURO_AST_NODE_pattern(type)
#define OURO_AST_NODE_excepthandler(type)
#define OURO_AST_NODE(sum, type, name, fields) OURO_AST_NODE_##sum(type)
#include "syntax/ast_schema.def"
#undef OURO_AST_NODE_expr
#undef OURO_AST_NODE_stmt
#undef OURO_AST_NODE_pattern
#undef OURO_AST_NODE_excepthandler
    }
    return raise_system_error(ts_, "unknown expression");
  }

  ObjResult write_value(const Stmt* node) {
    NativeDepth depth(ts_, " during ast construction");
    if (!depth.ok()) return Raised{};
    switch (node->kind) {
#define OURO_AST_NODE_expr(type, name)
#define OURO_AST_NODE_stmt(type, name) \
  case StmtKind::name:                 \
    return write_node(syntax::as<syntax::type>(*node));
#define OURO_AST_NODE_pattern(type, name)
#define OURO_AST_NODE_excepthandler(type, name)
#define OURO_AST_NODE(sum, type, name, fields) OURO_AST_NODE_##sum(type, name)
#include "syntax/ast_schema.def"
#undef OURO_AST_NODE_expr
#undef OURO_AST_NODE_stmt
#undef OURO_AST_NODE_pattern
#undef OURO_AST_NODE_excepthandler
    }
    return raise_system_error(ts_, "unknown statement");
  }

  ObjResult write_value(const Pattern* node) {
    if (node == nullptr) return ts_.core.none_ref();
    NativeDepth depth(ts_, " during ast construction");
    if (!depth.ok()) return Raised{};
    switch (node->kind) {
#define OURO_AST_NODE_expr(type)
#define OURO_AST_NODE_stmt(type)
#define OURO_AST_NODE_pattern(type) \
  case PatternKind::type:           \
    return write_node(syntax::as<syntax::type>(*node));
#define OURO_AST_NODE_excepthandler(type)
#define OURO_AST_NODE(sum, type, name, fields) OURO_AST_NODE_##sum(type)
#include "syntax/ast_schema.def"
#undef OURO_AST_NODE_expr
#undef OURO_AST_NODE_stmt
#undef OURO_AST_NODE_pattern
#undef OURO_AST_NODE_excepthandler
    }
    return raise_system_error(ts_, "unknown pattern");
  }

  /// Products and handlers, which have one form.
  template <class T>
  requires(kAstClassOf<T> != AstClass::kAST) ObjResult write_value(T* node) {
    if (node == nullptr) return ts_.core.none_ref();
    return write_node(*node);
  }

  template <class E>
  requires(std::is_enum_v<E> && !std::is_same_v<E, ConstantTag>) ObjResult write_value(E value) {
    return ObjRef::share(classes_.singletons[AstEnum<E>::kFirst + static_cast<std::size_t>(value)]);
  }

  template <class T>
  ObjResult write_value(const Seq<T>& row) {
    Ref<ouro::List> list = OURO_TRY(ouro::List::create(ts_, static_cast<std::int64_t>(row.size())));
    for (const T& item : row) {
      ObjRef made = OURO_TRY(write_value(item));
      OURO_TRY(list->append(ts_, std::move(made)));
    }
    return list;
  }

  ObjResult write_value(Identifier text) {
    if (text.empty()) return ts_.core.none_ref();
    Ref<Str> made = OURO_TRY(Str::from_utf8(ts_, text));
    return intern(ts_, std::move(made));
  }
  ObjResult write_value(int number) { return Int::from(ts_, number); }
  ObjResult write_value(bool flag) { return Int::from(ts_, flag ? 1 : 0); }
  ObjResult write_value(const ConstantValue& value) { return constant_object(ts_, value); }
  ObjResult write_value(ConstantTag tag) {
    ConstantValue value;
    value.tag = tag;
    return constant_object(ts_, value);
  }

  ThreadState& ts_;
  const AstClasses& classes_;
};

}  // namespace

ObjResult ast_to_object(ThreadState& ts, const AstClasses& classes, const syntax::Mod& root) {
  return TreeWriter(ts, classes).write(root);
}

}  // namespace ouro
