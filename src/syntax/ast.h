// The syntax tree of a Python 3.11 program.
//
// Nodes carry the names and fields of Python's own abstract grammar (the `ast` module), so a reader
// who knows that knows this. Three differences of form: the expression statement is `ExprStmt` (its
// kind is StmtKind::Expr), lower-case product types are written in PascalCase (`comprehension` is
// `Comprehension`), and type comments, which are off by default in Python, do not exist.
//
// Terms
//   node      a struct derived from Stmt, Expr or Pattern; its `kind` says which one
//   Span      where the node stands: lines from 1, columns in UTF-8 bytes from 0, end exclusive
//   Seq<T>    a fixed run of elements in the arena
//   optional  a pointer that may be null, or an identifier that may be empty; marked `// optional`
//
// Invariants
//   A1  every node, sequence and string_view lives in the arena of the Ast that owns it
//   A2  nodes are trivially destructible: dropping the Ast drops the arena and nothing else
//   A3  identifiers are UTF-8 in NFKC form and never empty where they are not optional
//   A4  Store and Del contexts stand exactly where Python's grammar puts them
//
// Trees can be deep: `a + b + ...` leans left, an elif chain nests in `orelse`. A pass that
// recurses must count its depth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>

namespace ouro::syntax {

/// A source range. `line` and `end_line` count from 1; `col` and `end_col` are UTF-8 byte offsets
/// from 0.
struct Span {
  int line = 0;
  int col = 0;
  int end_line = 0;
  int end_col = 0;
};

/// A run of `count` elements in the arena.
template <class T>
struct Seq {
  T* data = nullptr;
  std::size_t count = 0;

  [[nodiscard]] constexpr std::size_t size() const { return count; }
  [[nodiscard]] constexpr bool empty() const { return count == 0; }
  constexpr T& operator[](std::size_t index) const { return data[index]; }
  constexpr T* begin() const { return data; }
  constexpr T* end() const { return data + count; }
  constexpr T& front() const { return data[0]; }
  constexpr T& back() const { return data[count - 1]; }
};

using Identifier = std::string_view;

// In rows, as the grammar has them.
// clang-format off
enum class ExprKind : std::uint8_t {
  BoolOp, NamedExpr, BinOp, UnaryOp, Lambda, IfExp, Dict, Set, ListComp, SetComp, DictComp,
  GeneratorExp, Await, Yield, YieldFrom, Compare, Call, FormattedValue, JoinedStr, Constant,
  Attribute, Subscript, Starred, Name, List, Tuple, Slice,
};

enum class StmtKind : std::uint8_t {
  FunctionDef, AsyncFunctionDef, ClassDef, Return, Delete, Assign, AugAssign, AnnAssign, For,
  AsyncFor, While, If, With, AsyncWith, Match, Raise, Try, TryStar, Assert, Import, ImportFrom,
  Global, Nonlocal, Expr, Pass, Break, Continue,
};

enum class PatternKind : std::uint8_t {
  MatchValue, MatchSingleton, MatchSequence, MatchMapping, MatchClass, MatchStar, MatchAs, MatchOr,
};

enum class ModKind : std::uint8_t { Module, Interactive, Expression };

enum class ExprContext : std::uint8_t { Load, Store, Del };
enum class BoolOperator : std::uint8_t { And, Or };
enum class Operator : std::uint8_t {
  Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv,
};
enum class UnaryOperator : std::uint8_t { Invert, Not, UAdd, USub };
enum class CmpOperator : std::uint8_t { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn };
// clang-format on

struct Expr {
  ExprKind kind;
  Span span;
};
struct Stmt {
  StmtKind kind;
  Span span;
};
struct Pattern {
  PatternKind kind;
  Span span;
};

/// A base with its kind filled in: `struct Name : ExprNode<ExprKind::Name>`.
template <ExprKind K>
struct ExprNode : Expr {
  static constexpr ExprKind kKind = K;
  ExprNode() : Expr{K, {}} {}
};
template <StmtKind K>
struct StmtNode : Stmt {
  static constexpr StmtKind kKind = K;
  StmtNode() : Stmt{K, {}} {}
};
template <PatternKind K>
struct PatternNode : Pattern {
  static constexpr PatternKind kKind = K;
  PatternNode() : Pattern{K, {}} {}
};

/// The node as its own type; right only when `node->kind == T::kKind`. Usage:
///   switch (expr->kind) { case ExprKind::Name: visit_name(as<Name>(*expr)); ... }
template <class T, class Base>
[[nodiscard]] inline const T& as(const Base& node) {
  return static_cast<const T&>(node);
}
template <class T, class Base>
[[nodiscard]] inline T& as(Base& node) {
  return static_cast<T&>(node);
}
/// The node as T, or null when it is another kind (or null itself).
template <class T, class Base>
[[nodiscard]] inline const T* try_as(const Base* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<const T*>(node) : nullptr;
}
template <class T, class Base>
[[nodiscard]] inline T* try_as(Base* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<T*>(node) : nullptr;
}

// ---- Constants
// -----------------------------------------------------------------------------------

enum class ConstantTag : std::uint8_t {
  None,
  True,
  False,
  Ellipsis,
  Int,
  Float,
  Imaginary,
  Str,
  Bytes,
  Attached,  // a later pass or the maker of the tree keeps the value
};

/// A literal's value without a runtime to build it in.
///   Int               `text` holds the digits of base `base` (2, 8, 10, 16): no prefix, no
///   underscores Float, Imaginary  `number` (the imaginary part for 3j); a literal too large is
///   infinity Str               `text` is UTF-8; each lone surrogate stands as its own three bytes
///   (ED A0..BF xx) Bytes             `text` holds the raw bytes
struct ConstantValue {
  ConstantTag tag = ConstantTag::None;
  std::uint8_t base = 10;
  std::string_view text;
  double number = 0;
};

// ---- Product types
// -------------------------------------------------------------------------------

struct Arg {
  Span span;
  Identifier arg;
  Expr* annotation = nullptr;  // optional
};

/// kw_defaults has one entry per kwonlyargs, null where there is no default.
/// `defaults` belong to the last of posonlyargs + args.
struct Arguments {
  Seq<Arg*> posonlyargs;
  Seq<Arg*> args;
  Arg* vararg = nullptr;  // optional
  Seq<Arg*> kwonlyargs;
  Seq<Expr*> kw_defaults;
  Arg* kwarg = nullptr;  // optional
  Seq<Expr*> defaults;
};

/// `arg` is empty for `**value`.
struct Keyword {
  Span span;
  Identifier arg;  // optional
  Expr* value = nullptr;
};

/// `name` keeps its dots; `*` stands for everything.
struct Alias {
  Span span;
  Identifier name;
  Identifier asname;  // optional
};

struct WithItem {
  Expr* context_expr = nullptr;
  Expr* optional_vars = nullptr;  // optional
};

struct Comprehension {
  Expr* target = nullptr;
  Expr* iter = nullptr;
  Seq<Expr*> ifs;
  bool is_async = false;
};

struct ExceptHandler {
  Span span;
  Expr* type = nullptr;  // optional
  Identifier name;       // optional
  Seq<Stmt*> body;
};

struct MatchCase {
  Pattern* pattern = nullptr;
  Expr* guard = nullptr;  // optional
  Seq<Stmt*> body;
};

// ---- Expressions
// ---------------------------------------------------------------------------------

struct BoolOp : ExprNode<ExprKind::BoolOp> {
  BoolOperator op = BoolOperator::And;
  Seq<Expr*> values;
};
struct NamedExpr : ExprNode<ExprKind::NamedExpr> {
  Expr* target = nullptr;
  Expr* value = nullptr;
};
struct BinOp : ExprNode<ExprKind::BinOp> {
  Expr* left = nullptr;
  Operator op = Operator::Add;
  Expr* right = nullptr;
};
struct UnaryOp : ExprNode<ExprKind::UnaryOp> {
  UnaryOperator op = UnaryOperator::Not;
  Expr* operand = nullptr;
};
struct Lambda : ExprNode<ExprKind::Lambda> {
  Arguments* args = nullptr;
  Expr* body = nullptr;
};
struct IfExp : ExprNode<ExprKind::IfExp> {
  Expr* test = nullptr;
  Expr* body = nullptr;
  Expr* orelse = nullptr;
};
/// A null key marks `**value`.
struct Dict : ExprNode<ExprKind::Dict> {
  Seq<Expr*> keys;
  Seq<Expr*> values;
};
struct Set : ExprNode<ExprKind::Set> {
  Seq<Expr*> elts;
};
struct ListComp : ExprNode<ExprKind::ListComp> {
  Expr* elt = nullptr;
  Seq<Comprehension*> generators;
};
struct SetComp : ExprNode<ExprKind::SetComp> {
  Expr* elt = nullptr;
  Seq<Comprehension*> generators;
};
struct DictComp : ExprNode<ExprKind::DictComp> {
  Expr* key = nullptr;
  Expr* value = nullptr;
  Seq<Comprehension*> generators;
};
struct GeneratorExp : ExprNode<ExprKind::GeneratorExp> {
  Expr* elt = nullptr;
  Seq<Comprehension*> generators;
};
struct Await : ExprNode<ExprKind::Await> {
  Expr* value = nullptr;
};
struct Yield : ExprNode<ExprKind::Yield> {
  Expr* value = nullptr;  // optional
};
struct YieldFrom : ExprNode<ExprKind::YieldFrom> {
  Expr* value = nullptr;
};
struct Compare : ExprNode<ExprKind::Compare> {
  Expr* left = nullptr;
  Seq<CmpOperator> ops;
  Seq<Expr*> comparators;
};
struct Call : ExprNode<ExprKind::Call> {
  Expr* func = nullptr;
  Seq<Expr*> args;
  Seq<Keyword*> keywords;
};
/// `conversion` is -1 for none, else 's', 'r' or 'a'. `format_spec` is a JoinedStr.
struct FormattedValue : ExprNode<ExprKind::FormattedValue> {
  Expr* value = nullptr;
  int conversion = -1;
  Expr* format_spec = nullptr;  // optional
};
struct JoinedStr : ExprNode<ExprKind::JoinedStr> {
  Seq<Expr*> values;
};
/// `u_prefix`: the literal was written u"..." (its `kind` in Python).
struct Constant : ExprNode<ExprKind::Constant> {
  ConstantValue value;
  bool u_prefix = false;
};
struct Attribute : ExprNode<ExprKind::Attribute> {
  Expr* value = nullptr;
  Identifier attr;
  ExprContext ctx = ExprContext::Load;
};
struct Subscript : ExprNode<ExprKind::Subscript> {
  Expr* value = nullptr;
  Expr* slice = nullptr;
  ExprContext ctx = ExprContext::Load;
};
struct Starred : ExprNode<ExprKind::Starred> {
  Expr* value = nullptr;
  ExprContext ctx = ExprContext::Load;
};
struct Name : ExprNode<ExprKind::Name> {
  Identifier id;
  ExprContext ctx = ExprContext::Load;
};
struct List : ExprNode<ExprKind::List> {
  Seq<Expr*> elts;
  ExprContext ctx = ExprContext::Load;
};
struct Tuple : ExprNode<ExprKind::Tuple> {
  Seq<Expr*> elts;
  ExprContext ctx = ExprContext::Load;
};
struct Slice : ExprNode<ExprKind::Slice> {
  Expr* lower = nullptr;  // optional
  Expr* upper = nullptr;  // optional
  Expr* step = nullptr;   // optional
};

// ---- Statements
// ----------------------------------------------------------------------------------

struct FunctionDef : StmtNode<StmtKind::FunctionDef> {
  Identifier name;
  Arguments* args = nullptr;
  Seq<Stmt*> body;
  Seq<Expr*> decorator_list;
  Expr* returns = nullptr;  // optional
};
struct AsyncFunctionDef : StmtNode<StmtKind::AsyncFunctionDef> {
  Identifier name;
  Arguments* args = nullptr;
  Seq<Stmt*> body;
  Seq<Expr*> decorator_list;
  Expr* returns = nullptr;  // optional
};
struct ClassDef : StmtNode<StmtKind::ClassDef> {
  Identifier name;
  Seq<Expr*> bases;
  Seq<Keyword*> keywords;
  Seq<Stmt*> body;
  Seq<Expr*> decorator_list;
};
struct Return : StmtNode<StmtKind::Return> {
  Expr* value = nullptr;  // optional
};
struct Delete : StmtNode<StmtKind::Delete> {
  Seq<Expr*> targets;
};
struct Assign : StmtNode<StmtKind::Assign> {
  Seq<Expr*> targets;
  Expr* value = nullptr;
};
struct AugAssign : StmtNode<StmtKind::AugAssign> {
  Expr* target = nullptr;
  Operator op = Operator::Add;
  Expr* value = nullptr;
};
/// `simple`: the target is a bare name without parentheses.
struct AnnAssign : StmtNode<StmtKind::AnnAssign> {
  Expr* target = nullptr;
  Expr* annotation = nullptr;
  Expr* value = nullptr;  // optional
  bool simple = false;
};
struct For : StmtNode<StmtKind::For> {
  Expr* target = nullptr;
  Expr* iter = nullptr;
  Seq<Stmt*> body;
  Seq<Stmt*> orelse;
};
struct AsyncFor : StmtNode<StmtKind::AsyncFor> {
  Expr* target = nullptr;
  Expr* iter = nullptr;
  Seq<Stmt*> body;
  Seq<Stmt*> orelse;
};
struct While : StmtNode<StmtKind::While> {
  Expr* test = nullptr;
  Seq<Stmt*> body;
  Seq<Stmt*> orelse;
};
struct If : StmtNode<StmtKind::If> {
  Expr* test = nullptr;
  Seq<Stmt*> body;
  Seq<Stmt*> orelse;
};
struct With : StmtNode<StmtKind::With> {
  Seq<WithItem*> items;
  Seq<Stmt*> body;
};
struct AsyncWith : StmtNode<StmtKind::AsyncWith> {
  Seq<WithItem*> items;
  Seq<Stmt*> body;
};
struct Match : StmtNode<StmtKind::Match> {
  Expr* subject = nullptr;
  Seq<MatchCase*> cases;
};
struct Raise : StmtNode<StmtKind::Raise> {
  Expr* exc = nullptr;    // optional
  Expr* cause = nullptr;  // optional
};
struct Try : StmtNode<StmtKind::Try> {
  Seq<Stmt*> body;
  Seq<ExceptHandler*> handlers;
  Seq<Stmt*> orelse;
  Seq<Stmt*> finalbody;
};
struct TryStar : StmtNode<StmtKind::TryStar> {
  Seq<Stmt*> body;
  Seq<ExceptHandler*> handlers;
  Seq<Stmt*> orelse;
  Seq<Stmt*> finalbody;
};
struct Assert : StmtNode<StmtKind::Assert> {
  Expr* test = nullptr;
  Expr* msg = nullptr;  // optional
};
struct Import : StmtNode<StmtKind::Import> {
  Seq<Alias*> names;
};
/// `module` is empty in `from . import x`; `level` counts the leading dots.
struct ImportFrom : StmtNode<StmtKind::ImportFrom> {
  Identifier module;  // optional
  Seq<Alias*> names;
  int level = 0;
};
struct Global : StmtNode<StmtKind::Global> {
  Seq<Identifier> names;
};
struct Nonlocal : StmtNode<StmtKind::Nonlocal> {
  Seq<Identifier> names;
};
struct ExprStmt : StmtNode<StmtKind::Expr> {
  Expr* value = nullptr;
};
struct Pass : StmtNode<StmtKind::Pass> {};
struct Break : StmtNode<StmtKind::Break> {};
struct Continue : StmtNode<StmtKind::Continue> {};

// ---- Patterns
// ------------------------------------------------------------------------------------

struct MatchValue : PatternNode<PatternKind::MatchValue> {
  Expr* value = nullptr;
};
/// None, True or False.
struct MatchSingleton : PatternNode<PatternKind::MatchSingleton> {
  ConstantTag value = ConstantTag::None;
};
struct MatchSequence : PatternNode<PatternKind::MatchSequence> {
  Seq<Pattern*> patterns;
};
struct MatchMapping : PatternNode<PatternKind::MatchMapping> {
  Seq<Expr*> keys;
  Seq<Pattern*> patterns;
  Identifier rest;  // optional
};
struct MatchClass : PatternNode<PatternKind::MatchClass> {
  Expr* cls = nullptr;
  Seq<Pattern*> patterns;
  Seq<Identifier> kwd_attrs;
  Seq<Pattern*> kwd_patterns;
};
/// `name` is empty for `*_`.
struct MatchStar : PatternNode<PatternKind::MatchStar> {
  Identifier name;  // optional
};
/// `case _`: neither; `case x`: only a name; `case p as x`: both.
struct MatchAs : PatternNode<PatternKind::MatchAs> {
  Pattern* pattern = nullptr;  // optional
  Identifier name;             // optional
};
struct MatchOr : PatternNode<PatternKind::MatchOr> {
  Seq<Pattern*> patterns;
};

// ---- The whole
// -----------------------------------------------------------------------------------

/// The root. Module and Interactive use `body`, Expression uses `expression`.
struct Mod {
  ModKind kind = ModKind::Module;
  Seq<Stmt*> body;
  Expr* expression = nullptr;  // optional
};

/// Something Python warns about without stopping: a DeprecationWarning for an odd escape, a
/// SyntaxWarning for a number that runs into a keyword. (`is` beside a literal is the compiler's to
/// notice.)
struct SyntaxWarningNote {
  enum class Category : std::uint8_t { DeprecationWarning, SyntaxWarning };
  Category category = Category::DeprecationWarning;
  std::string_view message;
  int line = 0;
};

/// A tree with the arena it lives in. Moves; the moved-from Ast is empty.
class Ast {
 public:
  Ast() = default;
  /// An empty tree whose arena grows from `memory`, which must outlive it. Throws what `memory`
  /// throws.
  explicit Ast(std::pmr::memory_resource& memory);
  Ast(Ast&& other) noexcept;
  Ast& operator=(Ast&& other) noexcept;
  Ast(const Ast&) = delete;
  Ast& operator=(const Ast&) = delete;
  ~Ast();

  /// The root; null in a default-constructed or moved-from Ast.
  [[nodiscard]] const Mod* root() const { return root_; }
  [[nodiscard]] Mod* root() { return root_; }
  void set_root(Mod* root) { root_ = root; }

  [[nodiscard]] Seq<SyntaxWarningNote> warnings() const { return warnings_; }
  void set_warnings(Seq<SyntaxWarningNote> warnings) { warnings_ = warnings; }

  /// The arena, for passes that add nodes of their own (constant folding, say).
  [[nodiscard]] std::pmr::monotonic_buffer_resource& arena() { return *arena_; }
  template <class T>
  T* make() {
    return ::new (arena_->allocate(sizeof(T), alignof(T))) T();
  }
  /// `count` value-initialised elements.
  template <class T>
  T* arena_array(std::size_t count) {
    T* row = static_cast<T*>(arena_->allocate(count * sizeof(T) + 1, alignof(T)));
    for (std::size_t i = 0; i < count; ++i) ::new (row + i) T();
    return row;
  }

 private:
  void release() noexcept;

  std::pmr::memory_resource* upstream_ = nullptr;
  std::pmr::monotonic_buffer_resource* arena_ = nullptr;
  Mod* root_ = nullptr;
  Seq<SyntaxWarningNote> warnings_;
};

}  // namespace ouro::syntax
