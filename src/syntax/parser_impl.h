// The recursive-descent parser; private to the syntax layer.
//
// It runs at most twice. The first pass only accepts or fails. When it fails, the second pass
// (`hints_`) walks the same way and looks, at the places where people go wrong, for a better
// message than "invalid syntax"; those searches live in syntax_hints*.cpp and are called hint_...
//
// Terms
//   mark    index of the next token to consume
//   fail    a parse function that finds no match returns null and leaves mark where it began; what
//   looked
//           like an operator or a call without its right side is left unconsumed the same way
//   filled  the tokens read so far; the last of them is where a plain "invalid syntax" is reported
//
// Invariants
//   R1  no function reads a token it does not need to decide: error positions depend on it
//   R2  recursion that the source controls passes through DepthGuard or is bounded by
//   kMaxBrackets/kMaxIndent R3  scratch_ is as long after a parse function as before it
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/check.h"
#include "syntax/ast.h"
#include "syntax/lexer.h"
#include "syntax/raise.h"

namespace ouro::syntax {

/// Parser levels Python allows before it raises MemoryError.
inline constexpr int kMaxDepth = 6000;

/// Where the text of an f-string's expression stands in the file; zero for ordinary sources.
struct FStringPlace {
  bool active = false;
  int first_line = 0;
  int column_shift = 0;
};

class Parser {
 public:
  Parser(Ast& ast, Lexer& lexer, const ParseOptions& options, std::pmr::memory_resource& memory,
         FStringPlace place = {}, int depth = 0);

  /// Parses the whole text, second pass and scan for later tokenizer errors included.
  /// Throws SyntaxRaise or, in interactive mode, NeedMoreInput.
  Mod* run();
  /// The expression of an f-string's replacement field.
  Expr* run_fstring();

  /// Interactive: nothing but the end of input was there.
  [[nodiscard]] bool saw_only_end() const {
    return tokens_.size() == 1 && tokens_[0].type == TokenType::EndMarker;
  }
  [[nodiscard]] const std::pmr::vector<SyntaxWarningNote>& warnings() const { return warnings_; }

 private:
  using Mark = std::size_t;

  /// Counts parser levels; raises MemoryError past kMaxDepth.
  class DepthGuard {
   public:
    explicit DepthGuard(Parser& parser, int levels = 1) : parser_(parser), levels_(levels) {
      parser_.depth_ += levels_;
      if (parser_.depth_ > kMaxDepth) parser_.raise_too_deep();
    }
    ~DepthGuard() { parser_.depth_ -= levels_; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;

   private:
    Parser& parser_;
    int levels_;
  };

  /// A list under construction on the parser's scratch stack.
  template <class T>
  class List {
   public:
    explicit List(Parser& parser) : parser_(parser), base_(parser.scratch_.size()) {}
    ~List() { parser_.scratch_.resize(base_); }
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    void push(T* item) { parser_.scratch_.push_back(item); }
    [[nodiscard]] std::size_t size() const { return parser_.scratch_.size() - base_; }
    [[nodiscard]] bool empty() const { return size() == 0; }
    T* operator[](std::size_t i) const { return static_cast<T*>(parser_.scratch_[base_ + i]); }
    [[nodiscard]] T* back() const { return static_cast<T*>(parser_.scratch_.back()); }
    /// The items, copied into the arena.
    [[nodiscard]] Seq<T*> take() const {
      Seq<T*> seq{parser_.allocate<T*>(size()), size()};
      for (std::size_t i = 0; i < seq.count; ++i) seq.data[i] = (*this)[i];
      return seq;
    }

   private:
    Parser& parser_;
    std::size_t base_;
  };

  /// Everything between the brackets of a call.
  struct CallArguments {
    Seq<Expr*> args;
    Seq<Keyword*> keywords;
  };

  enum class Targets : unsigned char { Star, Del, For };
  enum class ParameterStyle : unsigned char { Def, Lambda };

  // ---- Tokens (parser.cpp) ----
  void fill();
  [[nodiscard]] const Token& peek() {
    if (mark_ == tokens_.size()) fill();
    return tokens_[mark_];
  }
  [[nodiscard]] const Token& peek_second() {
    while (mark_ + 1 >= tokens_.size()) fill();
    return tokens_[mark_ + 1];
  }
  [[nodiscard]] TokenType type() { return peek().type; }
  [[nodiscard]] bool at(TokenType wanted) { return type() == wanted; }
  /// Consumes a token of type `wanted`, if it is next.
  bool accept(TokenType wanted) {
    if (!at(wanted)) return false;
    ++mark_;
    return true;
  }
  /// accept, or the error "expected 'spelling'" in either pass.
  void expect_forced(TokenType wanted, const char* spelling);
  [[nodiscard]] bool at_soft_keyword(std::string_view word) {
    return at(TokenType::Name) && peek().text == word;
  }
  Identifier identifier(const Token& token);
  /// Null after putting mark back; `return fail(start)`.
  std::nullptr_t fail(Mark start) {
    mark_ = start;
    return nullptr;
  }
  /// Runs `rule` as a look-ahead: mark does not move.
  template <class Rule>
  bool looks_like(Rule rule) {
    Mark start = mark_;
    bool found = static_cast<bool>(rule());
    mark_ = start;
    return found;
  }

  // ---- Memory of what was read ----
  enum class Rule : unsigned char { Expression, Disjunction, BitwiseOr, Primary };
  struct Memo {
    Expr* result;
    Mark end;
  };
  /// Hints read the same tokens under several rules; remembering results keeps that linear. It
  /// starts with the second pass, or with the first dict display that fails. What was first read
  /// without hints stays so: CPython's memory makes the same choice, and its messages follow from
  /// it.
  template <class Parse>
  Expr* memoized(Rule rule, Parse parse) {
    std::uint64_t key = (static_cast<std::uint64_t>(mark_) << 2) | static_cast<std::uint64_t>(rule);
    if (memoizing_) {
      if (auto known = memo_.find(key); known != memo_.end()) {
        mark_ = known->second.end;
        return known->second.result;
      }
    }
    Expr* result = parse();
    if (memoizing_) memo_.emplace(key, Memo{result, mark_});
    return result;
  }

  // ---- Nodes ----
  template <class T>
  T* allocate(std::size_t count) {
    return static_cast<T*>(ast_.arena().allocate(count * sizeof(T), alignof(T)));
  }
  /// A node that begins at token `start` and ends with the last token consumed.
  template <class T>
  T* node(Mark start) {
    T* made = ast_.make<T>();
    made->span = span_from(start);
    return made;
  }
  template <class T>
  T* node(Span span) {
    T* made = ast_.make<T>();
    made->span = span;
    return made;
  }
  [[nodiscard]] Span span_from(Mark start) const;
  template <class T>
  Seq<T> single(T item) {
    Seq<T> seq{allocate<T>(1), 1};
    seq.data[0] = item;
    return seq;
  }
  Constant* constant(Mark start, ConstantTag tag);

  // ---- Errors (parser.cpp) ----
  [[noreturn]] void raise_too_deep();
  /// Columns are bytes from 0; -1 means Python's column 0, and an `end_col` of kNoEnd its -1.
  /// Refuses what began at `start` when the grammar wanted is older than Python 3.`minor`.
  void require_version(int minor, Mark start, std::string_view message) {
    if (options_.feature_version < minor) raise_at(span_from(start), message);
  }
  [[noreturn]] void raise_at(FailureKind kind, Span span, std::string_view message);
  [[noreturn]] void raise_at(Span span, std::string_view message) {
    raise_at(FailureKind::SyntaxError, span, message);
  }
  [[noreturn]] void raise_range(Span from, Span to, std::string_view message) {
    raise_at({from.line, from.col, to.end_line, to.end_col}, message);
  }
  /// From `from` to where the tokenizer has read.
  [[noreturn]] void raise_starting_from(Span from, std::string_view message);
  /// At the last token filled.
  [[noreturn]] void raise_last(FailureKind kind, std::string_view message);
  [[noreturn]] void raise_last(std::string_view message) {
    raise_last(FailureKind::SyntaxError, message);
  }
  [[noreturn]] void raise_offsets(FailureKind kind, int line, int column, int end_line,
                                  int end_column, std::string_view message);
  [[noreturn]] void raise_generic(const Token& last);
  [[noreturn]] void rethrow_or_later_error(const SyntaxRaise& raise);
  [[nodiscard]] static Span span_of(const Token& token) {
    return {token.line, token.col, token.end_line, token.end_col};
  }
  template <class... Args>
  std::string_view text(const char* format, Args... args) {
    return format_text(ast_.arena(), format, args...);
  }
  void warn(std::string_view message, int line,
            SyntaxWarningNote::Category category = SyntaxWarningNote::Category::DeprecationWarning);

  // ---- Roots (parser.cpp) ----
  template <class Result, class Root>
  Result two_passes(Root root);
  Mod* root();
  Mod* file_root();
  Mod* eval_root();
  Mod* single_root();
  void check_single_statement();

  // ---- Expressions (parse_expressions.cpp) ----
  Expr* star_expressions();
  Expr* star_expression();
  Expr* star_named_expression();
  Expr* named_expression();
  Expr* expression();
  Expr* expression_without_hints();
  Expr* expressions();
  Expr* yield_expression();
  Expr* yield_or_star_expressions();
  Expr* disjunction();
  Expr* conjunction();
  Expr* inversion();
  Expr* comparison();
  bool comparison_operator(CmpOperator& op);
  Expr* bitwise_or();
  Expr* expression_uncached();
  Expr* disjunction_uncached();
  Expr* primary_uncached();
  Expr* binary(int min_precedence);
  Expr* factor();
  Expr* power();
  Expr* await_primary();
  Expr* lambda();
  Expr* starred(Expr* (Parser::*value)());

  // ---- Atoms, calls, subscripts, displays (parse_atoms.cpp) ----
  Expr* primary();
  Expr* atom();
  Expr* call(Expr* function, Mark start);
  Expr* subscript(Expr* value, Mark start);
  Expr* slice();
  Expr* number();
  Expr* parenthesized();
  Expr* list_display();
  Expr* brace_display();
  Expr* dict_display(Mark start, Expr* first_key);
  bool star_named_list(List<Expr>& items, TokenType close);
  Seq<Comprehension*> for_if_clauses();
  Comprehension* for_if_clause();
  bool arguments(CallArguments& out);
  bool args(CallArguments& out);
  Expr* positional_argument();
  bool keyword_arguments(List<Expr>& args, std::pmr::vector<Keyword*>& keywords);
  bool keyword_argument(List<Expr>& args, std::pmr::vector<Keyword*>& keywords,
                        bool double_starred);

  // ---- Targets (parse_targets.cpp) ----
  Expr* star_targets();
  Expr* star_target();
  Expr* delete_target();
  static bool is_single_target(const Expr* e);
  static bool is_star_target(const Expr* e);
  static bool is_delete_target(const Expr* e);
  static void set_context(Expr* e, ExprContext context);
  static const Expr* invalid_target(const Expr* e, Targets kind);

  // ---- Strings (string_literal.cpp, fstring.cpp) ----
  friend class StringBuilder;
  Expr* strings();

  // ---- Parameters (parse_parameters.cpp) ----
  Arguments* parameters(ParameterStyle style);
  struct Parameter {
    Arg* arg = nullptr;
    Expr* default_value = nullptr;
  };
  Arg* parameter_name(ParameterStyle style, bool star_annotation);
  bool parameter(ParameterStyle style, Parameter& out, bool needs_default);
  bool parameter_end(ParameterStyle style);
  Expr* default_value();
  bool star_parameters(ParameterStyle style, Arguments& out);
  bool double_star_parameter(ParameterStyle style, Arguments& out);

  // ---- Statements (parse_simple.cpp, parse_compound.cpp) ----
  bool statements(List<Stmt>& out);
  bool statement(List<Stmt>& out);
  bool simple_statements(List<Stmt>& out);
  Stmt* simple_statement();
  Stmt* expression_statement();
  Stmt* annotated_assignment(Mark start, Expr* target, bool simple);
  Stmt* assignment_chain(Mark start, Expr* first);
  Stmt* return_statement();
  Stmt* import_name();
  Stmt* import_from();
  Alias* dotted_as_name();
  bool dotted_name(Identifier& out);
  bool import_from_names(List<Alias>& out);
  Stmt* raise_statement();
  Stmt* delete_statement();
  Stmt* assert_statement();
  Stmt* scope_statement();
  Stmt* compound_statement();
  bool block(Seq<Stmt*>& out);
  Stmt* if_statement();
  bool else_block(Seq<Stmt*>& out);
  Stmt* while_statement();
  Stmt* for_statement();
  Stmt* with_statement();
  bool with_items(List<WithItem>& out, bool parenthesized);
  WithItem* with_item();
  Stmt* try_statement();
  ExceptHandler* except_block(bool star);
  bool finally_block(Seq<Stmt*>& out);
  Stmt* decorated();
  Stmt* function_definition(Seq<Expr*> decorators);
  Stmt* class_definition(Seq<Expr*> decorators);
  Stmt* match_statement();

  // ---- Patterns (parse_patterns.cpp) ----
  Expr* subject_expression();
  MatchCase* case_block();
  Pattern* patterns();
  Pattern* pattern();
  Pattern* or_pattern();
  Pattern* closed_pattern();
  Pattern* literal_or_number_pattern();
  Expr* signed_number_or_complex();
  Expr* signed_number();
  Pattern* name_pattern();
  Pattern* class_pattern(Expr* cls, Mark start);
  Pattern* group_or_sequence_pattern();
  Pattern* list_pattern();
  Pattern* mapping_pattern();
  Pattern* maybe_star_pattern();
  bool capture_target(Identifier& out);
  Expr* name_or_attribute();

  // ---- Hints (syntax_hints.cpp, syntax_hints_blocks.cpp): second pass only ----
  void hint_expression(Mark start, Expr* parsed, Mark after);
  void hint_legacy_statement(Mark start);
  void hint_named_expression(Mark start, Expr* parsed, Mark after);
  void hint_assignment(Mark start);
  Expr* annotation_list_or_tuple();
  bool looks_like_display(Mark start);
  void hint_delete(Mark start);
  void hint_target(Expr* e, Targets kind);
  void hint_for_target(Mark start);
  void hint_group(Mark start);
  void hint_comprehension(Mark start);
  void hint_dict(Mark start);
  void hint_dict_item();
  void hint_dict_comprehension(Mark start);
  void hint_arguments(Mark start);
  void hint_keyword_argument();
  void hint_parameters(ParameterStyle style);
  void hint_star_parameters(ParameterStyle style);
  void hint_double_star_parameter(ParameterStyle style);
  void skip_maybe_default(ParameterStyle style);
  bool skip_no_default(ParameterStyle style);
  bool skip_with_default(ParameterStyle style);
  bool skip_slash(ParameterStyle style);
  void hint_with_item(Mark start);
  bool hint_with_header(bool parenthesized);
  void hint_with_indent(Mark start);
  void hint_with(Mark start);
  void hint_except(Mark start);
  void hint_handlers();
  void hint_mixed_handlers(bool star_here);
  void hint_except_indent(Mark start, bool star);
  void hint_missing_colon() {
    if (hints_ && at(TokenType::Newline)) {
      ++mark_;
      raise_last("expected ':'");
    }
  }
  /// After the colon of `what`: a new line without deeper indentation.
  void hint_missing_block(const char* what, int line);
  static bool is_legacy_name(const Expr* e);
  [[nodiscard]] static const char* expression_name(const Expr* e);

  Ast& ast_;
  Lexer& lexer_;
  const ParseOptions& options_;
  std::pmr::memory_resource& memory_;
  FStringPlace place_;
  std::pmr::vector<Token> tokens_;
  std::pmr::vector<void*> scratch_;
  std::pmr::vector<SyntaxWarningNote> warnings_;
  std::pmr::unordered_map<std::uint64_t, Memo> memo_;
  Mark mark_ = 0;
  int depth_ = 0;
  SyntaxRaise::Origin raise_origin_ = SyntaxRaise::Origin::Parser;
  bool hints_ = false;
  bool second_pass_ = false;
  bool memoizing_ = false;
  bool parsing_started_ = false;
};

}  // namespace ouro::syntax
