// Source text to tokens, one at a time, as CPython 3.11's tokenizer cuts them.
//
// Terms
//   line_start   where the line being read begins; columns count from there
//   pending      INDENT (> 0) or DEDENT (< 0) tokens still to hand out
//   blank line   only white space or a comment: gives no tokens
//
// Invariants
//   L1  cur_ never crosses line_end_ without next_line() having counted the line
//   L2  indents_[0] == 0 and indents_ grows strictly
//   L3  after EndMarker every further call returns EndMarker
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "syntax/raise.h"
#include "syntax/token.h"

namespace ouro::syntax {

/// Indentation levels and open brackets Python allows.
inline constexpr int kMaxIndent = 100;
inline constexpr int kMaxBrackets = 200;

/// How the text is read.
struct LexerOptions {
  int first_line = 1;
  /// Interactive rules: an empty line ends a block, running out of text asks for more.
  bool interactive = false;
  /// Interactive: no more lines will come.
  bool at_end = false;
};

class Lexer {
 public:
  Lexer(std::string_view text, LexerOptions options, std::pmr::memory_resource& arena);

  /// The next token. Throws SyntaxRaise, or NeedMoreInput in interactive mode.
  Token next();

  /// From now on the end of the text is the end of the input (used while looking for error
  /// details).
  void stop_asking() { options_.at_end = true; }
  /// All open blocks end here: the next tokens are the Dedents.
  void imply_dedents();

  [[nodiscard]] bool interactive() const { return options_.interactive; }
  /// The end of the text was seen: nothing is left that could hold an error.
  [[nodiscard]] bool finished() const { return finished_; }
  [[nodiscard]] int level() const { return level_; }
  [[nodiscard]] int indent() const { return indent_; }
  [[nodiscard]] int line() const { return line_; }
  /// The byte column reading has reached on line().
  [[nodiscard]] int column() const { return static_cast<int>(cur_ - line_start_); }
  [[nodiscard]] int open_bracket_line() const {
    return brackets_[static_cast<std::size_t>(level_ - 1)].line;
  }
  /// What is left to read; for "multiple statements".
  [[nodiscard]] std::string_view rest() const {
    return {cur_, static_cast<std::size_t>(end_ - cur_)};
  }

  /// Line `number` with its line end.
  [[nodiscard]] std::string_view whole_line(int number) const;
  /// What Python shows for an error on line `number` of a text that is no file: for the line being
  /// read everything from where its token (or continued line) began, else the line without its end.
  [[nodiscard]] std::string_view error_text(int number) const;

  /// The error "'(' was never closed" for the innermost open bracket.
  [[noreturn]] void raise_unclosed();

  [[nodiscard]] const std::pmr::vector<SyntaxWarningNote>& warnings() const { return warnings_; }

 private:
  struct Bracket {
    char opening;
    int line;
    int col;
  };

  int next_char();
  void back_up(int c) {
    if (c >= 0) --cur_;
  }
  [[nodiscard]] int peek_char() const {
    return cur_ == line_end_ ? -1 : static_cast<unsigned char>(*cur_);
  }
  bool next_line();
  bool read_indentation();
  void change_indentation(int column, int alternative);
  void continue_line();
  Token read_identifier(int c);
  void check_identifier();
  Token read_number(int c);
  void read_fraction_or_exponent(int c);
  int decimal_tail();
  int radix_digits(int base, const char* kind);
  void check_number_end(int c, const char* kind);
  Token read_string(int quote);
  Token read_operator(int c);
  void open_bracket(char c);
  void close_bracket(char c);
  Token make(TokenType type) const;
  Token make_virtual(TokenType type) const;

  [[noreturn]] void raise_here(std::string_view message);
  [[noreturn]] void raise_range(std::string_view message, int column, int end_column);
  [[noreturn]] void raise_soft(FailureKind kind, std::string_view message, int line, int column,
                               int end_column);

  LexerOptions options_;
  std::pmr::memory_resource* arena_;
  const char* begin_;
  const char* end_;
  const char* cur_;
  const char* line_start_;
  const char* line_end_;
  const char* start_;              // of the token being read
  const char* string_line_start_;  // line_start_ when the string being read began
  const char* shown_start_;        // line_start_, or that of the first of several joined lines
  bool in_token_ = false;
  int line_;
  int first_line_of_token_ = 0;
  bool at_line_begin_ = true;
  bool blank_line_ = false;
  bool finished_ = false;
  int pending_ = 0;
  int indent_ = 0;
  int level_ = 0;
  std::array<int, kMaxIndent> indents_{};
  std::array<int, kMaxIndent> alternative_indents_{};
  std::array<Bracket, kMaxBrackets> brackets_{};
  std::pmr::vector<SyntaxWarningNote> warnings_;
};

}  // namespace ouro::syntax
