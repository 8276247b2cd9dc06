// Trees from objects: reads the instances' fields, checks types and the rules that the compiler
// relies on, and builds the nodes in the tree's arena.
//
// Reading an attribute may run Python code, so whatever is being read is owned meanwhile.
#include "modules/ast.h"
#include "objects/bytes.h"
#include "objects/container_support.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

using namespace syntax;  // NOLINT: the nodes of the whole grammar are named below
using ouro::as;

class TreeReader {
 public:
  TreeReader(ThreadState& ts, const AstClasses& classes, Ast& tree,
             std::pmr::vector<TreeConstant>& constants)
      : ts_(ts), classes_(classes), tree_(tree), constants_(constants) {}

  Status read_root(Obj object, CompileMode mode) {
    static constexpr AstClass kWanted[] = {AstClass::kModule, AstClass::kExpression,
                                           AstClass::kInteractive};
    const AstClass wanted = kWanted[static_cast<std::size_t>(mode)];
    if (!OURO_TRY(is_instance(ts_, object, classes_.of(wanted)))) {
      return raise_type_error(ts_, "expected {} node, got {}", ast_class_name(wanted),
                              object->type()->short_name());
    }
    auto* root = tree_.make<Mod>();
    FieldReader fields{*this, object, ast_class_name(wanted)};
    if (mode == CompileMode::Eval) {
      root->kind = ModKind::Expression;
      fields.required("body", root->expression);
    } else {
      root->kind = mode == CompileMode::File ? ModKind::Module : ModKind::Interactive;
      fields.required("body", root->body);
      if (mode == CompileMode::File) OURO_TRY(check_list(object, "Module", "type_ignores"));
    }
    OURO_TRY(fields.status);
    tree_.set_root(root);
    return kDone;
  }

 private:
  /// Reads the fields of one node.
  struct FieldReader {
    TreeReader& reader;
    Obj object;
    const char* class_name;
    Status status = kDone;

    template <class T>
    void required(const char* name, T& member) {
      if (status.ok()) status = reader.read_field(object, class_name, name, member, true);
    }
    template <class T>
    void optional(const char* name, T& member) {
      if (status.ok()) status = reader.read_field(object, class_name, name, member, false);
    }
    void comment(const char* name) {
      std::string_view ignored;
      kind_text(name, ignored);
    }
    void kind(const char* name, bool& u_prefix) {
      std::string_view text;
      kind_text(name, text);
      u_prefix = text == "u";
    }

   private:
    void kind_text(const char* name, std::string_view& text) {
      if (status.ok()) status = reader.read_string(object, name, text);
    }
  };

  // -- fields -------------------------------------------------------------------------------------

  Result<ObjRef> find_field(Obj object, const char* class_name, const char* name, bool required) {
    MaybeAttribute found = find_attribute(ts_, object, OURO_TRY(intern(ts_, name)));
    if (found.failed) return Raised{};
    if (found.value) return std::move(found.value);
    if (!required) return ts_.core.none_ref();
    return raise_type_error(ts_, "required field \"{}\" missing from {}", name, class_name);
  }

  template <class T>
  Status read_field(Obj object, const char* class_name, const char* name, T& member,
                    bool required) {
    ObjRef value = OURO_TRY(find_field(object, class_name, name, required));
    if constexpr (!std::is_same_v<T, ConstantValue> && !std::is_same_v<T, ConstantTag>) {
      if (is_none(value)) {
        if (!required) return kDone;
        return raise_value_error(ts_, "field '{}' is required for {}", name, class_name);
      }
    }
    return read(value, member);
  }

  template <class T>
  Status read_field(Obj object, const char* class_name, const char* name, Seq<T>& member, bool) {
    ObjRef value = OURO_TRY(find_field(object, class_name, name, true));
    if (!is_list(value)) {
      return raise_type_error(ts_, "{} field \"{}\" must be a list, not a {t}", class_name, name,
                              value);
    }
    auto* list = as<ouro::List>(value);
    const std::int64_t size = list->size;
    member = {tree_.arena_array<T>(static_cast<std::size_t>(size)), static_cast<std::size_t>(size)};
    for (std::int64_t i = 0; i < size; ++i) {
      ObjRef item = list->at(i).new_ref();
      OURO_TRY(read(item, member[static_cast<std::size_t>(i)]));
      if (list->size != size) {
        return raise(ts_, ts_.core.exceptions.RuntimeError,
                     "{} field \"{}\" changed size during iteration", class_name, name);
      }
    }
    return kDone;
  }

  Status check_list(Obj object, const char* class_name, const char* name) {
    ObjRef value = OURO_TRY(find_field(object, class_name, name, true));
    if (is_list(value)) return kDone;
    return raise_type_error(ts_, "{} field \"{}\" must be a list, not a {t}", class_name, name,
                            value);
  }

  Status read_string(Obj object, const char* name, std::string_view& text) {
    ObjRef value = OURO_TRY(find_field(object, "", name, false));
    if (is_none(value)) return kDone;
    if (is_exact_str(value)) return copy_text(as<Str>(value), text);
    if (is_bytes(value)) return kDone;
    return raise_type_error(ts_, "AST string must be of type str");
  }

  Status copy_text(Borrowed<Str> text, std::string_view& out) {
    Utf8 utf8(text);
    if (!utf8.ok()) return raise_no_memory(ts_);
    const std::string_view view = utf8.view();
    char* copy = tree_.arena_array<char>(view.size());
    view.copy(copy, view.size());
    out = {copy, view.size()};
    return kDone;
  }

  // -- single values ------------------------------------------------------------------------------

  Status read(Obj value, Identifier& member) {
    if (!is_exact_str(value)) return raise_type_error(ts_, "AST identifier must be of type str");
    return copy_text(as<Str>(value), member);
  }

  Status read(Obj value, int& member) {
    if (!is_int(value)) return raise_value_error(ts_, "invalid integer value: {r}", value);
    const std::int64_t number = OURO_TRY(int_as_int64(ts_, value));
    if (number < INT32_MIN || number > INT32_MAX) {
      return raise(ts_, ts_.core.exceptions.OverflowError,
                   "Python int too large to convert to C int");
    }
    member = static_cast<int>(number);
    return kDone;
  }

  Status read(Obj value, bool& member) {
    int number = 0;
    OURO_TRY(read(value, number));
    member = number != 0;
    return kDone;
  }

  template <class E>
  requires(std::is_enum_v<E> && !std::is_same_v<E, ConstantTag>) Status read(Obj value, E& member) {
    for (std::size_t i = 0; i < AstEnum<E>::kCount; ++i) {
      if (!OURO_TRY(is_instance(ts_, value, classes_.types[AstEnum<E>::kFirst + i]))) continue;
      member = static_cast<E>(i);
      return kDone;
    }
    return raise_type_error(ts_, "expected some sort of {}, but got {r}",
                            ast_class_name(AstEnum<E>::kSum), value);
  }

  // What a Constant may hold: these exact types, and tuples and frozensets of them.
  Status check_constant(Obj value) {
    NativeDepth depth(ts_, " during compilation");
    if (!depth.ok()) return Raised{};
    switch (value->type()->kind) {
      case TypeKind::None:
      case TypeKind::Ellipsis:
      case TypeKind::Bool:
      case TypeKind::Int:
      case TypeKind::Float:
      case TypeKind::Complex:
      case TypeKind::Str:
      case TypeKind::Bytes:
        return kDone;
      case TypeKind::Tuple:
      case TypeKind::FrozenSet:
        return for_each_item(ts_, value, [&](ObjRef item) { return check_constant(item); });
      default:
        return raise_type_error(ts_, "got an invalid type in Constant: {t}", value);
    }
  }

  Status read(Obj value, ConstantValue& member) {
    OURO_TRY(check_constant(value));
    switch (value->type()->kind) {
      case TypeKind::None:
        member.tag = ConstantTag::None;
        break;
      case TypeKind::Ellipsis:
        member.tag = ConstantTag::Ellipsis;
        break;
      case TypeKind::Bool:
        member.tag = value == Obj(ts_.core.true_object) ? ConstantTag::True : ConstantTag::False;
        break;
      case TypeKind::Str:
        member.tag = ConstantTag::Str;
        return copy_text(as<Str>(value), member.text);
      case TypeKind::Bytes: {
        member.tag = ConstantTag::Bytes;
        const std::string_view view = as<Bytes>(value)->view();
        char* copy = tree_.arena_array<char>(view.size());
        view.copy(copy, view.size());
        member.text = {copy, view.size()};
        break;
      }
      default: {
        member.tag = ConstantTag::Attached;
        ObjRef kept = value.new_ref();
        // The compiler merges equal constants inside the tuples it gets: this one is the program's.
        if (is_exact_tuple(value)) {
          auto* tuple = as<ouro::Tuple>(value);
          kept =
              OURO_TRY(ouro::Tuple::from(ts_, tuple->items, static_cast<std::size_t>(tuple->size)));
        }
        attached_ = std::move(kept);
      }
    }
    return kDone;
  }

  Status read(Obj value, ConstantTag& member) {
    if (is_none(value)) {
      member = ConstantTag::None;
    } else if (is_bool(value)) {
      member = value == Obj(ts_.core.true_object) ? ConstantTag::True : ConstantTag::False;
    } else {
      return raise_value_error(ts_, "MatchSingleton can only contain True, False and None");
    }
    return kDone;
  }

  // -- nodes --------------------------------------------------------------------------------------

  template <class T>
  Status fill(Obj object, T& node) {
    FieldReader fields{*this, object, ast_class_name(kAstClassOf<T>)};
    visit_fields(fields, node);
    OURO_TRY(fields.status);
    if constexpr (std::is_same_v<T, Constant>) {
      if (node.value.tag == ConstantTag::Attached) {
        constants_.push_back({&node, std::move(attached_)});
      }
    }
    return kDone;
  }

  Status read_span(Obj object, const char* class_name, Span& span) {
    for (const auto& [name, number, required] :
         {std::tuple("lineno", &span.line, true), std::tuple("col_offset", &span.col, true),
          std::tuple("end_lineno", &span.end_line, false),
          std::tuple("end_col_offset", &span.end_col, false)}) {
      ObjRef value = OURO_TRY(find_field(object, class_name, name, required));
      if (is_none(value)) {
        if (required) return raise_value_error(ts_, "invalid integer value: None");
        *number = number == &span.end_line ? span.line : span.col;
        continue;
      }
      OURO_TRY(read(value, *number));
    }
    if (span.line > span.end_line) {
      return raise_value_error(ts_, "AST node line range ({}, {}) is not valid", span.line,
                               span.end_line);
    }
    if ((span.line < 0 && span.end_line != span.line) ||
        (span.col < 0 && span.col != span.end_col)) {
      return raise_value_error(
          ts_, "AST node column range ({}, {}) for line range ({}, {}) is not valid", span.col,
          span.end_col, span.line, span.end_line);
    }
    if (span.line == span.end_line && span.col > span.end_col) {
      return raise_value_error(ts_, "line {}, column {}-{} is not a valid range", span.line,
                               span.col, span.end_col);
    }
    return kDone;
  }

  template <class T, class Base>
  Status read_as(Obj object, const Span& span, Base*& member) {
    auto* node = tree_.make<T>();
    node->span = span;
    OURO_TRY(fill(object, *node));
    member = node;
    return kDone;
  }

  template <class T>
  Result<bool> has_class(Obj object) {
    return is_instance(ts_, object, classes_.of(kAstClassOf<T>));
  }

  // A null entry of a list of expressions stands for None: dict keys, keyword defaults.
  Status read(Obj object, Expr*& member) {
    member = nullptr;
    if (is_none(object)) return kDone;
    NativeDepth depth(ts_, " during ast construction");
    if (!depth.ok()) return Raised{};
    OURO_TRY(refuse_none(object, AstClass::kexpr));
    Span span;
    OURO_TRY(read_span(object, "expr", span));
#define OURO_AST_NODE_expr(type) \
  if (OURO_TRY(has_class<syntax::type>(object))) return read_as<syntax::type>(object, span, member);
#define OURO_AST_NODE_stmt(type)
#define OURO_AST_NODE_pattern(type)
#define OURO_AST_NODE_excepthandler(type)
#define OURO_AST_NODE(sum, type, name, fields) OURO_AST_NODE_##sum(type)
#include "syntax/ast_schema.def"
#undef OURO_AST_NODE_expr
#undef OURO_AST_NODE_stmt
#undef OURO_AST_NODE_pattern
    return wrong_sort(object, AstClass::kexpr);
  }

  Status read(Obj object, Stmt*& member) {
    NativeDepth depth(ts_, " during ast construction");
    if (!depth.ok()) return Raised{};
    OURO_TRY(refuse_none(object, AstClass::kstmt));
    Span span;
    OURO_TRY(read_span(object, "stmt", span));
#define OURO_AST_NODE_expr(type)
#define OURO_AST_NODE_stmt(type) \
  if (OURO_TRY(has_class<syntax::type>(object))) return read_as<syntax::type>(object, span, member);
#define OURO_AST_NODE_pattern(type)
#define OURO_AST_NODE(sum, type, name, fields) OURO_AST_NODE_##sum(type)
#include "syntax/ast_schema.def"
#undef OURO_AST_NODE_expr
#undef OURO_AST_NODE_stmt
#undef OURO_AST_NODE_pattern
    return wrong_sort(object, AstClass::kstmt);
  }

  Status read(Obj object, Pattern*& member) {
    NativeDepth depth(ts_, " during ast construction");
    if (!depth.ok()) return Raised{};
    OURO_TRY(refuse_none(object, AstClass::kpattern));
    Span span;
    OURO_TRY(read_span(object, "pattern", span));
#define OURO_AST_NODE_expr(type)
#define OURO_AST_NODE_stmt(type)
#define OURO_AST_NODE_pattern(type) \
  if (OURO_TRY(has_class<syntax::type>(object))) return read_as<syntax::type>(object, span, member);
#define OURO_AST_NODE(sum, type, name, fields) OURO_AST_NODE_##sum(type)
#include "syntax/ast_schema.def"
#undef OURO_AST_NODE_expr
#undef OURO_AST_NODE_stmt
#undef OURO_AST_NODE_pattern
#undef OURO_AST_NODE_excepthandler
    return wrong_sort(object, AstClass::kpattern);
  }

  Status read(Obj object, ExceptHandler*& member) {
    if (!OURO_TRY(has_class<ExceptHandler>(object)))
      return wrong_sort(object, AstClass::kexcepthandler);
    return read_product(object, "excepthandler", member);
  }

  /// Products: what the class is called is not checked, only that the fields are there.
  template <class T>
  requires(kAstClassOf<T> != AstClass::kAST) Status read(Obj object, T*& member) {
    return read_product(object, ast_class_name(kAstClassOf<T>), member);
  }

  template <class T>
  Status read_product(Obj object, const char* class_name, T*& member) {
    member = tree_.make<T>();
    OURO_TRY(fill(object, *member));
    if constexpr (requires { member->span; }) OURO_TRY(read_span(object, class_name, member->span));
    return kDone;
  }

  Status refuse_none(Obj object, AstClass sum) {
    if (!is_none(object)) return kDone;
    return raise_value_error(ts_, "None disallowed in {} list",
                             sum == AstClass::kstmt ? "statement" : "pattern");
  }

  Status wrong_sort(Obj object, AstClass sum) {
    return raise_type_error(ts_, "expected some sort of {}, but got {r}", ast_class_name(sum),
                            object);
  }

  ThreadState& ts_;
  const AstClasses& classes_;
  Ast& tree_;
  std::pmr::vector<TreeConstant>& constants_;
  ObjRef attached_;  // the value of the Constant being read
};

}  // namespace

Result<bool> is_ast_object(ThreadState& ts, const AstClasses& classes, Obj object) {
  return is_instance(ts, object, classes.types[0]);
}

Status ast_from_object(ThreadState& ts, const AstClasses& classes, Obj object, CompileMode mode,
                       syntax::Ast& tree, std::pmr::vector<TreeConstant>& constants) {
  OURO_TRY(TreeReader(ts, classes, tree, constants).read_root(object, mode));
  return validate_ast(ts, *tree.root());
}

}  // namespace ouro
