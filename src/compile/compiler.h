// The code generator: walks the tree and writes the code of each scope.
//
// Terms
//   unit    the scope whose code is being written, with its builder; units of the scopes around it
//   wait on a stack place   the source range that instructions get; statements set it, expressions
//   set it and put it back region  something that `return`, `break`, `continue` must leave in
//   order: a loop, a try, a with (RegionKind)
//
// One class, spread over files by subject: expressions, calls, comprehensions, statements,
// try_statements, patterns, functions, classes, names (scope and unit handling).
#pragma once

#include "compile/code_builder.h"
#include "compile/symbol_table.h"
#include "objects/operations.h"

namespace ouro::compile {

enum class UnitKind : std::uint8_t {
  Module,
  Class,
  Function,
  AsyncFunction,
  Lambda,
  Comprehension
};

enum class RegionKind : std::uint8_t {
  WhileLoop,
  ForLoop,
  TryExcept,
  FinallyTry,
  FinallyEnd,
  With,
  AsyncWith,
  HandlerCleanup,
  PopValue,
  ExceptionHandler,
  ExceptionGroupHandler,
  AsyncComprehension,
};

struct Region {
  RegionKind kind;
  Block* start = nullptr;                       // where `continue` goes
  Block* exit = nullptr;                        // where `break` goes
  const syntax::Seq<Stmt*>* finally = nullptr;  // FinallyTry: the final body
  const Stmt* statement = nullptr;              // With, AsyncWith
  std::string_view name = {};  // HandlerCleanup: `except … as name`, may be empty
};

/// Nesting of regions that Python allows.
inline constexpr std::size_t kMaxRegions = 20;
/// Above this many values on the stack, displays and calls build a container step by step.
inline constexpr std::size_t kStackGuideline = 30;

struct Unit {
  Unit(Context& context, UnitKind unit_kind, Scope& unit_scope, Unit* outer)
      : kind(unit_kind),
        scope(unit_scope),
        parent(outer),
        builder(context),
        regions(&context.scratch) {}
  UnitKind kind;
  Scope& scope;
  Unit* parent;
  CodeBuilder builder;
  CodeHeader header;
  std::string_view class_name;  // for mangling
  std::pmr::vector<Region> regions;
  Span place = kNoSpan;
};

/// State while one `case` is compiled.
struct PatternState {
  explicit PatternState(std::pmr::memory_resource& memory) : stores(&memory), fail_pop(&memory) {}
  std::pmr::vector<std::string_view>
      stores;  // names captured so far; their values lie on the stack in this order
  bool allow_irrefutable = false;
  std::pmr::vector<Block*> fail_pop;  // fail_pop[n] pops n values and then fails
  int on_top = 0;                     // values above the captured ones that a failure must pop
};

/// How starred displays are put together.
struct DisplayOps {
  Opcode build, add, extend;
  bool tuple;
};

class Compiler {
 public:
  Compiler(Context& context, SymbolTable& symbols) : context_(context), symbols_(symbols) {}
  /// Throws CompileFailed and std::bad_alloc.
  Ref<Code> compile_module(const syntax::Mod& module);

 private:
  template <class T>
  using Seq = syntax::Seq<T>;
  using Identifier = syntax::Identifier;
  using Pattern = syntax::Pattern;

  /// Sets the place for as long as it lives.
  class PlaceGuard {
   public:
    PlaceGuard(Compiler& compiler, const Span& span) : unit_(*compiler.unit_), saved_(unit_.place) {
      unit_.place = span;
    }
    ~PlaceGuard() { unit_.place = saved_; }
    PlaceGuard(const PlaceGuard&) = delete;
    PlaceGuard& operator=(const PlaceGuard&) = delete;

   private:
    Unit& unit_;
    Span saved_;
  };

  // -- writing instructions (inline: used everywhere)
  void emit(Op op, std::size_t argument = 0) { builder().add(op, checked(argument), unit_->place); }
  void emit_at(Op op, std::size_t argument, const Span& span) {
    builder().add(op, checked(argument), span);
  }
  void emit_jump(Op op, Block* target) { builder().add_jump(op, target, unit_->place); }
  void emit_jump_no_line(Op op, Block* target) { builder().add_jump(op, target, kNoSpan); }
  void emit_constant(Object* object) {
    emit(Opcode::LoadConst, builder().constants.index_of(object));
  }
  void emit_none() { emit_constant(context_.ts.core.none); }
  void emit_text(std::string_view text) {
    emit_constant(context_.constants.canonical(name_object(text)));
  }
  void emit_int(std::int64_t value);
  void emit_named(Op op, std::string_view name) { emit(op, name_index(mangled(name))); }
  void emit_yield_from(bool await);
  void emit_yield();
  void emit_pop_except_and_reraise();
  void emit_exit_call_with_nones();
  void emit_call(std::size_t count) { emit(Opcode::Call, count); }
  std::uint32_t checked(std::size_t argument) {
    return argument > kMaxArgument ? kMaxArgument + 1 : static_cast<std::uint32_t>(argument);
  }
  CodeBuilder& builder() { return unit_->builder; }
  Block* new_block() { return builder().new_block(); }
  void use(Block* block) { builder().use(block); }
  void place_at(const Span& span) { unit_->place = span; }
  void place_nowhere() { unit_->place = kNoSpan; }
  [[nodiscard]] bool in_function_scope() const { return unit_->scope.type == ScopeType::Function; }
  [[nodiscard]] bool allows_top_level_await() const {
    return (context_.options.flags & kAllowTopLevelAwait) != 0 &&
           unit_->scope.type == ScopeType::Module;
  }
  template <class... A>
  [[noreturn]] void error(const char* pattern, const A&... args) {
    context_.error(unit_->place, pattern, args...);
  }
  template <class... A>
  void warn(const char* pattern, const A&... args) {
    context_.warn(unit_->place, pattern, args...);
  }

  // -- units and names (names.cpp)
  void enter_unit(std::string_view name, UnitKind kind, const void* node, int first_line);
  /// Ends the unit: a return of None (or of the top, when `value_on_stack`) is added where the text
  /// falls off the end.
  Ref<Code> leave_unit(bool value_on_stack = false);
  void set_qualname(Unit& unit, std::string_view name);
  [[nodiscard]] std::uint32_t code_flags() const;
  std::string_view mangled(std::string_view name) {
    return context_.mangle(unit_->class_name, name);
  }
  ObjRef name_object(std::string_view text) { return ObjRef::share(context_.name(text)); }
  std::uint32_t name_index(std::string_view name) {
    return builder().names.index_of(context_.name(name));
  }
  void emit_name(std::string_view name, syntax::ExprContext ctx);
  void refuse_forbidden(std::string_view name, syntax::ExprContext ctx);
  void make_closure(Ref<Code> code, std::uint32_t flags);
  std::uint32_t cell_index(Str* name);

  // -- expressions
  void visit(const Expr* expr);
  void visit_here(const Expr& expr);
  void visit_all(const Seq<Expr*>& list) {
    for (const Expr* expr : list) visit(expr);
  }
  void visit_bool_op(const syntax::BoolOp& expr);
  void visit_bin_op(const syntax::BinOp& expr);
  void visit_if_exp(const syntax::IfExp& expr);
  void visit_dict(const syntax::Dict& expr);
  void visit_dict_part(const syntax::Dict& expr, std::size_t begin, std::size_t end);
  void visit_compare(const syntax::Compare& expr);
  void visit_yield(const syntax::Yield& expr);
  void visit_yield_from(const syntax::YieldFrom& expr);
  void visit_await(const syntax::Await& expr);
  void visit_joined(const syntax::JoinedStr& expr);
  void visit_formatted(const syntax::FormattedValue& expr);
  void visit_attribute(const syntax::Attribute& expr);
  void visit_subscript(const syntax::Subscript& expr);
  void visit_slice(const syntax::Slice& expr);
  void visit_sequence(const Seq<Expr*>& elts, syntax::ExprContext ctx, const DisplayOps& ops);
  void build_display(const Seq<Expr*>& elts, std::size_t pushed, const DisplayOps& ops);
  void unpack_into(const Seq<Expr*>& elts);
  void emit_compare(syntax::CmpOperator op);
  /// Pushes a constant tuple of the objects item(0) … item(count - 1).
  void emit_constant_tuple(std::size_t count, auto item) {
    Ref<Tuple> tuple = must(Tuple::make(context_.ts, static_cast<std::int64_t>(count)));
    for (std::size_t i = 0; i < count; ++i) {
      Object* object = item(i);
      incref(object);
      tuple->items[i] = object;
    }
    if (count > 0) must(track(context_.ts, tuple));
    emit_constant(context_.constants.canonical(std::move(tuple)));
  }
  /// Jumps to `target` when the truth of `expr` is `condition`, else goes on.
  void jump_if(const Expr* expr, Block* target, bool condition);
  void check_compare(const syntax::Compare& expr);
  void check_subscripted(const Expr& value);
  void check_index(const Expr& value, const Expr& index);
  void check_called(const Expr& callee);
  /// The name of the type an expression has for sure, or null.
  const char* known_type(const Expr& expr);
  void start_at_attribute_name(const syntax::Attribute& attribute);

  // -- calls
  void visit_call(const syntax::Call& expr);
  bool visit_method_call(const syntax::Call& expr);
  void finish_call(std::size_t pushed, const Seq<Expr*>& args,
                   const Seq<syntax::Keyword*>& keywords);
  void finish_unpacking_call(std::size_t pushed, const Seq<Expr*>& args,
                             const Seq<syntax::Keyword*>& keywords);
  void build_keywords(const Seq<syntax::Keyword*>& keywords, std::size_t begin, std::size_t end);
  void emit_keyword_names(const Seq<syntax::Keyword*>& keywords);
  void check_keywords(const Seq<syntax::Keyword*>& keywords);

  // -- comprehensions
  struct ComprehensionParts {
    ComprehensionKind kind;
    const Seq<syntax::Comprehension*>& generators;
    const Expr* elt;
    const Expr* value;  // of a dict comprehension
  };
  void visit_comprehension(const Expr& expr, std::string_view name,
                           const ComprehensionParts& parts);
  void compile_generators(const ComprehensionParts& parts, std::size_t index, std::size_t depth);
  void compile_sync_generator(const ComprehensionParts& parts, std::size_t index,
                              std::size_t depth);
  void compile_async_generator(const ComprehensionParts& parts, std::size_t index,
                               std::size_t depth);
  void compile_innermost(const ComprehensionParts& parts, std::size_t index, std::size_t depth);

  // -- statements
  void visit(const Stmt* stmt);
  void visit_body(const Seq<Stmt*>& body) {
    for (const Stmt* stmt : body) visit(stmt);
  }
  void compile_body(const Seq<Stmt*>& body);
  void visit_expr_stmt(const syntax::ExprStmt& stmt);
  void visit_return(const syntax::Return& stmt);
  void visit_assign(const syntax::Assign& stmt);
  void visit_aug_assign(const syntax::AugAssign& stmt);
  void visit_ann_assign(const syntax::AnnAssign& stmt);
  void check_annotated_part(const Expr* expr);
  void check_annotated_slice(const Expr& expr);
  void visit_if(const syntax::If& stmt);
  void visit_while(const syntax::While& stmt);
  void visit_for(const syntax::For& stmt);
  void visit_async_for(const syntax::AsyncFor& stmt);
  void visit_assert(const syntax::Assert& stmt);
  void visit_import(const syntax::Import& stmt);
  void visit_import_from(const syntax::ImportFrom& stmt);
  void store_import_as(std::string_view name, std::string_view asname);
  void visit_break();
  void visit_continue();

  // -- try, with, regions (try_statements.cpp)
  void push_region(const Region& region);
  void pop_region() { unit_->regions.pop_back(); }
  void unwind_region(const Region& region, bool keep_top);
  /// Leaves regions from the inside out. With `loop`, stops at the innermost loop and gives its
  /// position + 1, else 0.
  std::size_t unwind_regions(bool keep_top, bool to_loop);
  template <class T>
  void visit_try_statement(const T& stmt);
  template <class T>
  void visit_try_finally(const T& stmt);
  void visit_handlers(const syntax::Try& stmt);
  void visit_handlers(const syntax::TryStar& stmt);
  void forget_name(std::string_view name);
  void visit_with(const Stmt& stmt, const Seq<syntax::WithItem*>& items, const Seq<Stmt*>& body,
                  std::size_t index, bool is_async);
  void finish_with_handler(Block* cleanup);

  // -- functions
  void visit_function(const Stmt& stmt, Identifier name, const syntax::Arguments& args,
                      const Seq<Stmt*>& body, const Seq<Expr*>& decorators, const Expr* returns,
                      bool is_async);
  void visit_lambda(const syntax::Lambda& expr);
  void visit_decorators(const Seq<Expr*>& decorators) { visit_all(decorators); }
  void apply_decorators(const Seq<Expr*>& decorators);
  std::uint32_t visit_defaults(const syntax::Arguments& args);
  bool visit_annotations(const syntax::Arguments& args, const Expr* returns);
  std::size_t visit_annotation_of(std::string_view name, const Expr* annotation);
  void emit_annotation_text(const Expr& annotation);
  void refuse_forbidden_arguments(const syntax::Arguments& args);
  void set_argument_counts(const syntax::Arguments& args);
  // -- classes
  void visit_class(const syntax::ClassDef& stmt);

  // -- match
  void visit_match(const syntax::Match& stmt);
  void visit_case_fail(PatternState& state, Op op);
  void ensure_fail_blocks(PatternState& state, std::size_t count);
  void emit_fail_blocks(PatternState& state);
  void rotate_under(std::size_t count);
  void store_capture(std::string_view name, PatternState& state);
  void visit_pattern(const Pattern& pattern, PatternState& state);
  void visit_subpattern(const Pattern& pattern, PatternState& state);
  void visit_value_pattern(const syntax::MatchValue& pattern, PatternState& state);
  void visit_singleton_pattern(const syntax::MatchSingleton& pattern, PatternState& state);
  void visit_sequence_pattern(const syntax::MatchSequence& pattern, PatternState& state);
  void unpack_sequence_pattern(const Seq<Pattern*>& patterns, PatternState& state);
  void subscript_sequence_pattern(const Seq<Pattern*>& patterns, std::size_t star,
                                  PatternState& state);
  void visit_mapping_pattern(const syntax::MatchMapping& pattern, PatternState& state);
  void visit_class_pattern(const syntax::MatchClass& pattern, PatternState& state);
  void visit_as_pattern(const syntax::MatchAs& pattern, PatternState& state);
  void visit_or_pattern(const syntax::MatchOr& pattern, PatternState& state);

  Context& context_;
  SymbolTable& symbols_;
  Unit* unit_ = nullptr;
  int nesting_ = 0;  // units open
  bool interactive_ = false;
};

/// The evaluator's number of an operator.
BinaryOp binary_operator(syntax::Operator op);

/// The text of an annotation, as it would be written: for `from __future__ import annotations`.
Ref<Str> unparse(Context& context, const Expr& expr);

}  // namespace ouro::compile
