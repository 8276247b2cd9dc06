// The tokenizer proper: lines and indentation, names, strings, operators. Numbers:
// lexer_numbers.cpp.
#include "syntax/lexer.h"

#include <cstring>

#include "syntax/source_text.h"
#include "syntax/unicode_names.h"

namespace ouro::syntax {
namespace {

constexpr int kTabSize = 8;

bool is_name_start(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 128;
}
bool is_digit(int c) { return c >= '0' && c <= '9'; }
bool is_name_part(int c) { return is_name_start(c) || is_digit(c); }

}  // namespace

Lexer::Lexer(std::string_view text, LexerOptions options, std::pmr::memory_resource& arena)
    : options_(options),
      arena_(&arena),
      begin_(text.data()),
      end_(text.data() + text.size()),
      cur_(begin_),
      line_start_(begin_),
      line_end_(begin_),
      start_(begin_),
      string_line_start_(begin_),
      shown_start_(begin_),
      line_(options.first_line - 1),
      warnings_(&arena) {}

/// Counts the line that starts at cur_; false at the end of the text.
bool Lexer::next_line() {
  if (cur_ == end_) {
    if (options_.interactive && !options_.at_end) throw NeedMoreInput{};
    finished_ = true;
    return false;
  }
  line_start_ = cur_;
  if (!in_token_) shown_start_ = cur_;
  const void* newline = std::memchr(cur_, '\n', static_cast<std::size_t>(end_ - cur_));
  line_end_ = newline == nullptr ? end_ : static_cast<const char*>(newline) + 1;
  ++line_;
  return true;
}

int Lexer::next_char() {
  if (cur_ == line_end_ && !next_line()) return -1;
  return static_cast<unsigned char>(*cur_++);
}

void Lexer::imply_dedents() {
  pending_ = -indent_;
  indent_ = 0;
}

Token Lexer::make(TokenType type) const {
  Token token;
  token.type = type;
  token.level = static_cast<std::uint8_t>(level_);
  token.line = first_line_of_token_;
  token.end_line = line_;
  const char* first_start = type == TokenType::String ? string_line_start_ : line_start_;
  token.col = static_cast<int>(start_ - first_start);
  token.end_col = static_cast<int>(cur_ - line_start_);
  token.text = {start_, static_cast<std::size_t>(cur_ - start_)};
  return token;
}

Token Lexer::make_virtual(TokenType type) const {
  Token token;
  token.type = type;
  token.level = static_cast<std::uint8_t>(level_);
  token.line = token.end_line = line_;
  token.col = token.end_col = -1;
  return token;
}

Token Lexer::next() {
  for (;;) {
    if (at_line_begin_) {
      at_line_begin_ = false;
      in_token_ = false;
      blank_line_ = read_indentation();
    }
    if (pending_ != 0) {
      bool dedent = pending_ < 0;
      pending_ += dedent ? 1 : -1;
      return make_virtual(dedent ? TokenType::Dedent : TokenType::Indent);
    }
    in_token_ = false;
    int c = next_char();
    while (c == ' ' || c == '\t' || c == '\f') c = next_char();
    start_ = c < 0 ? cur_ : cur_ - 1;
    in_token_ = true;
    first_line_of_token_ = line_;
    if (c == '#') {
      // The comment's beginning stays: the Newline token that follows reaches back to it.
      while (c >= 0 && c != '\n') c = next_char();
    }
    if (c < 0) {
      if (level_ != 0) raise_unclosed();
      return make_virtual(TokenType::EndMarker);
    }
    if (c == '\n') {
      at_line_begin_ = true;
      if (blank_line_ || level_ > 0) continue;
      Token token = make(TokenType::Newline);
      --token.end_col;
      token.text = {};
      return token;
    }
    if (c == '\\') {
      continue_line();
      continue;
    }
    if (is_name_start(c)) return read_identifier(c);
    if (is_digit(c) || (c == '.' && is_digit(peek_char()))) return read_number(c);
    if (c == '\'' || c == '"') return read_string(c);
    return read_operator(c);
  }
}

/// Measures the white space at the beginning of a line; true when the line is blank.
bool Lexer::read_indentation() {
  int column = 0;
  int alternative = 0;
  int continued_column = 0;
  int c;
  for (;;) {
    c = next_char();
    if (c == ' ') {
      ++column;
      ++alternative;
    } else if (c == '\t') {
      column = (column / kTabSize + 1) * kTabSize;
      ++alternative;
    } else if (c == '\f') {
      column = alternative = 0;
    } else if (c == '\\') {
      // Indentation before a continued line is the one that counts.
      if (continued_column == 0) continued_column = column;
      start_ = cur_ - 1;
      continue_line();
    } else {
      break;
    }
  }
  back_up(c);
  bool blank = false;
  if (c == '#' || c == '\n') {
    if (options_.interactive && column == 0 && c == '\n') {
      blank = false;  // an empty line ends a block
    } else if (options_.interactive && line_ == options_.first_line) {
      blank = false;  // a lone comment is a statement of nothing
      column = alternative = 0;
    } else {
      blank = true;
    }
  }
  if (!blank && level_ == 0) {
    int base = continued_column != 0 ? continued_column : column;
    change_indentation(base, continued_column != 0 ? continued_column : alternative);
  }
  return blank;
}

void Lexer::change_indentation(int column, int alternative) {
  auto tab_error = [this] {
    raise_soft(FailureKind::TabError, "inconsistent use of tabs and spaces in indentation", line_,
               1, 0);
  };
  auto at = [this](auto& stack) -> int& { return stack[static_cast<std::size_t>(indent_)]; };
  if (column == at(indents_)) {
    if (alternative != at(alternative_indents_)) tab_error();
    return;
  }
  if (column > at(indents_)) {
    if (indent_ + 1 >= kMaxIndent) {
      raise_soft(FailureKind::IndentationError, "too many levels of indentation", line_, 1, 0);
    }
    if (alternative <= at(alternative_indents_)) tab_error();
    ++pending_;
    ++indent_;
    at(indents_) = column;
    at(alternative_indents_) = alternative;
    return;
  }
  while (indent_ > 0 && column < at(indents_)) {
    --pending_;
    --indent_;
  }
  if (column != at(indents_)) {
    raise_soft(FailureKind::IndentationError, "unindent does not match any outer indentation level",
               line_, static_cast<int>(line_end_ - line_start_), -1);
  }
  if (alternative != at(alternative_indents_)) tab_error();
}

/// After a backslash: the line end, and at least one more character behind it.
void Lexer::continue_line() {
  int c = next_char();
  if (c == '\n') {
    c = next_char();
    back_up(c);
    if (c >= 0) return;
    if (level_ != 0) raise_unclosed();
    // Counted from the line's end as it is with its newline, whether or not one was typed.
    raise_soft(FailureKind::SyntaxError, "unexpected EOF while parsing", line_,
               static_cast<int>(line_end_ - line_start_), -1);
  }
  // Python counts this column from the beginning of the joined lines.
  raise_soft(FailureKind::SyntaxError, "unexpected character after line continuation character",
             line_, static_cast<int>(cur_ - shown_start_), 0);
}

Token Lexer::read_identifier(int c) {
  bool seen_b = false;
  bool seen_r = false;
  bool seen_u = false;
  bool seen_f = false;
  for (;;) {
    int lower = c | 0x20;
    if (lower == 'b' && !(seen_b || seen_u || seen_f)) {
      seen_b = true;
    } else if (lower == 'u' && !(seen_u || seen_b || seen_r || seen_f)) {
      seen_u = true;
    } else if (lower == 'r' && !(seen_r || seen_u)) {
      seen_r = true;
    } else if (lower == 'f' && !(seen_f || seen_b || seen_u)) {
      seen_f = true;
    } else {
      break;
    }
    c = next_char();
    if (c == '"' || c == '\'') return read_string(c);
  }
  bool ascii = true;
  while (is_name_part(c)) {
    ascii = ascii && c < 128;
    c = next_char();
  }
  back_up(c);
  if (!ascii) check_identifier();
  Token token = make(TokenType::Name);
  token.type = keyword_type(token.text);
  return token;
}

void Lexer::check_identifier() {
  std::string_view text(start_, static_cast<std::size_t>(cur_ - start_));
  for (std::size_t i = 0; i < text.size();) {
    std::size_t begin = i;
    char32_t c = decode_char(text, i);
    if (begin == 0 ? is_identifier_start(c) : is_identifier_part(c)) continue;
    if (i < text.size()) cur_ = start_ + i;
    if (is_printable(c)) {
      raise_here(format_text(*arena_, "invalid character '%.*s' (U+%04X)",
                             static_cast<int>(i - begin), text.data() + begin,
                             static_cast<unsigned>(c)));
    }
    raise_here(
        format_text(*arena_, "invalid non-printable character U+%04X", static_cast<unsigned>(c)));
  }
}

Token Lexer::read_string(int quote) {
  string_line_start_ = line_start_;
  first_line_of_token_ = line_;
  int quote_size = 1;
  int end_quotes = 0;
  int c = next_char();
  if (c == quote) {
    c = next_char();
    if (c == quote) {
      quote_size = 3;
    } else {
      back_up(c);
      return make(TokenType::String);  // empty
    }
  } else {
    back_up(c);
  }
  while (end_quotes != quote_size) {
    c = next_char();
    if (c < 0 || (quote_size == 1 && c == '\n')) {
      int detected = line_;
      // The error stands at the opening quote's token.
      cur_ = start_ + 1;
      line_start_ = string_line_start_;
      line_ = first_line_of_token_;
      raise_here(format_text(*arena_,
                             quote_size == 3
                                 ? "unterminated triple-quoted string literal (detected at line %d)"
                                 : "unterminated string literal (detected at line %d)",
                             detected));
    }
    if (c == quote) {
      ++end_quotes;
    } else {
      end_quotes = 0;
      if (c == '\\') next_char();  // whatever is escaped cannot end the string
    }
  }
  return make(TokenType::String);
}

Token Lexer::read_operator(int c) {
  switch (c) {
    case '(':
    case '[':
    case '{':
      open_bracket(static_cast<char>(c));
      break;
    case ')':
    case ']':
    case '}':
      close_bracket(static_cast<char>(c));
      break;
    default:
      break;
  }
  std::size_t length = 1;
  TokenType type = operator_type({start_, static_cast<std::size_t>(line_end_ - start_)}, length);
  if (type == TokenType::Unknown && !is_printable(static_cast<char32_t>(c))) {
    raise_here(
        format_text(*arena_, "invalid non-printable character U+%04X", static_cast<unsigned>(c)));
  }
  cur_ = start_ + length;
  return make(type);
}

void Lexer::open_bracket(char c) {
  if (level_ >= kMaxBrackets) raise_here("too many nested parentheses");
  brackets_[static_cast<std::size_t>(level_)] = {c, line_, static_cast<int>(start_ - line_start_)};
  ++level_;
}

void Lexer::close_bracket(char c) {
  if (level_ == 0) raise_here(format_text(*arena_, "unmatched '%c'", c));
  --level_;
  const Bracket& open = brackets_[static_cast<std::size_t>(level_)];
  char expected = open.opening == '(' ? ')' : open.opening == '[' ? ']' : '}';
  if (c == expected) return;
  if (open.line != line_) {
    raise_here(format_text(
        *arena_, "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c,
        open.opening, open.line));
  }
  raise_here(format_text(*arena_,
                         "closing parenthesis '%c' does not match opening parenthesis '%c'", c,
                         open.opening));
}

std::string_view Lexer::whole_line(int number) const {
  const char* begin = begin_;
  for (int line = options_.first_line; line < number; ++line) {
    const void* newline = std::memchr(begin, '\n', static_cast<std::size_t>(end_ - begin));
    if (newline == nullptr) return {};
    begin = static_cast<const char*>(newline) + 1;
  }
  const void* newline = std::memchr(begin, '\n', static_cast<std::size_t>(end_ - begin));
  const char* line_end = newline == nullptr ? end_ : static_cast<const char*>(newline) + 1;
  return {begin, static_cast<std::size_t>(line_end - begin)};
}

std::string_view Lexer::error_text(int number) const {
  if (number >= line_) {
    return {shown_start_, static_cast<std::size_t>(line_end_ - shown_start_)};
  }
  std::string_view line = whole_line(number);
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

void Lexer::raise_here(std::string_view message) {
  std::string_view before(line_start_, static_cast<std::size_t>(cur_ - line_start_));
  int column = characters_before(before, static_cast<int>(before.size()));
  raise_range(message, column, column);
}

void Lexer::raise_range(std::string_view message, int column, int end_column) {
  SyntaxRaise raise{};
  raise.failure.message = message;
  raise.failure.line = raise.failure.end_line = line_;
  raise.failure.column = column;
  raise.failure.end_column = end_column;
  const void* newline =
      std::memchr(line_start_, '\n', static_cast<std::size_t>(end_ - line_start_));
  const char* line_end = newline == nullptr ? end_ : static_cast<const char*>(newline);
  raise.failure.text = {line_start_, static_cast<std::size_t>(line_end - line_start_)};
  raise.origin = SyntaxRaise::Origin::LexerHard;
  throw raise;
}

void Lexer::raise_soft(FailureKind kind, std::string_view message, int line, int column,
                       int end_column) {
  SyntaxRaise raise{};
  raise.failure.kind = kind;
  raise.failure.message = message;
  raise.failure.line = raise.failure.end_line = line;
  raise.failure.text = error_text(line);
  raise.failure.column = characters_before(raise.failure.text, column);
  raise.failure.end_column = end_column;
  raise.origin = SyntaxRaise::Origin::LexerSoft;
  throw raise;
}

void Lexer::raise_unclosed() {
  const Bracket& open = brackets_[static_cast<std::size_t>(level_ - 1)];
  raise_soft(FailureKind::SyntaxError, format_text(*arena_, "'%c' was never closed", open.opening),
             open.line, open.col + 1, 0);
}

}  // namespace ouro::syntax
