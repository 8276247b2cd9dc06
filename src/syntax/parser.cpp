// The driver: tokens on demand, the two passes, and how errors get their places.
#include "syntax/parser.h"

#include <algorithm>
#include <new>

#include "syntax/parser_impl.h"
#include "syntax/source_text.h"
#include "syntax/unicode_names.h"

namespace ouro::syntax {

namespace {
constexpr std::string_view kFStringPrefix = "f-string: ";
}  // namespace

Parser::Parser(Ast& ast, Lexer& lexer, const ParseOptions& options,
               std::pmr::memory_resource& memory, FStringPlace place, int depth)
    : ast_(ast),
      lexer_(lexer),
      options_(options),
      memory_(memory),
      place_(place),
      tokens_(&memory),
      scratch_(&memory),
      warnings_(&memory),
      memo_(&memory),
      depth_(depth) {}

// ---- Tokens
// --------------------------------------------------------------------------------------

void Parser::fill() {
  Token token = lexer_.next();
  if (!place_.active && options_.mode == ParseMode::Single) {
    if (token.type == TokenType::EndMarker && parsing_started_) {
      // The end of the text ends the statement, and the blocks it is in.
      token.type = TokenType::Newline;
      parsing_started_ = false;
      if (lexer_.indent() != 0 && !options_.dont_imply_dedent) lexer_.imply_dedents();
    } else {
      parsing_started_ = true;
    }
  }
  if (place_.active && token.col >= 0 && token.end_line == place_.first_line) {
    token.col += place_.column_shift;
    token.end_col += place_.column_shift;
  }
  tokens_.push_back(token);
}

void Parser::expect_forced(TokenType wanted, const char* spelling) {
  if (accept(wanted)) return;
  raise_at(span_of(peek()), text("expected '%s'", spelling));
}

Identifier Parser::identifier(const Token& token) {
  return normalize_identifier(token.text, ast_.arena());
}

Span Parser::span_from(Mark start) const {
  const Token& first = tokens_[start];
  Mark last = mark_ == 0 ? 0 : mark_ - 1;
  while (last > start && (tokens_[last].col < 0 || tokens_[last].type == TokenType::Newline))
    --last;
  return {first.line, first.col, tokens_[last].end_line, tokens_[last].end_col};
}

Constant* Parser::constant(Mark start, ConstantTag tag) {
  auto* made = node<Constant>(start);
  made->value.tag = tag;
  return made;
}

// ---- Errors
// --------------------------------------------------------------------------------------

void Parser::raise_too_deep() {
  SyntaxRaise raise{};
  raise.failure.kind = FailureKind::MemoryError;
  raise.failure.has_position = raise.failure.has_text = false;
  raise.origin = SyntaxRaise::Origin::Final;
  throw raise;
}

/// The offsets are Python's, in bytes: from 1, with 0 and -1 where Python has them.
void Parser::raise_offsets(FailureKind kind, int line, int column, int end_line, int end_column,
                           std::string_view message) {
  SyntaxRaise raise{};
  raise.origin = raise_origin_;
  raise.failure.kind = kind;
  raise.failure.message = message;
  if (place_.active) {
    raise.failure.message =
        text("%s%.*s", kFStringPrefix.data(), static_cast<int>(message.size()), message.data());
    column -= place_.column_shift;
    end_column -= place_.column_shift;
  }
  raise.failure.line = line;
  raise.failure.end_line = end_line;
  std::string_view shown =
      options_.source == SourceKind::File ? lexer_.whole_line(line) : lexer_.error_text(line);
  raise.failure.text = shown;
  // Inside an f-string Python leaves the offsets in bytes.
  bool convert = !place_.active;
  raise.failure.column = convert && column > 0 ? characters_before(shown, column) : column;
  raise.failure.end_column =
      convert && end_column > 0 ? characters_before(shown, end_column) : end_column;
  throw raise;
}

void Parser::raise_at(FailureKind kind, Span span, std::string_view message) {
  raise_offsets(kind, span.line, span.col + 1, span.end_line, span.end_col + 1, message);
}

void Parser::raise_starting_from(Span from, std::string_view message) {
  raise_offsets(FailureKind::SyntaxError, from.line, from.col + 1, lexer_.line(), lexer_.column(),
                message);
}

void Parser::raise_last(FailureKind kind, std::string_view message) {
  const Token& last = tokens_.back();
  if (last.col < 0) raise_offsets(kind, last.line, lexer_.column(), last.end_line, -1, message);
  raise_at(kind, span_of(last), message);
}

void Parser::raise_generic(const Token& last) {
  if (last.type == TokenType::Indent || last.type == TokenType::Dedent) {
    raise_origin_ = SyntaxRaise::Origin::Final;
    raise_last(FailureKind::IndentationError,
               last.type == TokenType::Indent ? "unexpected indent" : "unexpected unindent");
  }
  raise_origin_ = SyntaxRaise::Origin::Generic;
  raise_at(span_of(last), "invalid syntax");
}

/// Once the parser has failed, a tokenizer error further down is the likelier cause and wins.
void Parser::rethrow_or_later_error(const SyntaxRaise& raise) {
  bool generic = raise.origin == SyntaxRaise::Origin::Generic;
  bool from_parser = raise.origin == SyntaxRaise::Origin::Parser && !lexer_.finished();
  if (!(generic || from_parser) || lexer_.interactive()) throw raise;
  int error_line = tokens_.empty() ? 0 : tokens_.back().line;
  try {
    while (lexer_.next().type != TokenType::EndMarker) {
    }
  } catch (const SyntaxRaise& later) {
    if (later.origin == SyntaxRaise::Origin::LexerHard) throw;
    if (lexer_.level() != 0 && error_line > lexer_.open_bracket_line()) lexer_.raise_unclosed();
  }
  throw raise;
}

void Parser::warn(std::string_view message, int line, SyntaxWarningNote::Category category) {
  if (second_pass_) return;
  // Backtracking reads some strings twice.
  for (const SyntaxWarningNote& note : warnings_) {
    if (note.line == line && note.message == message) return;
  }
  warnings_.push_back({category, message, line});
}

// ---- Roots
// ---------------------------------------------------------------------------------------

template <class Result, class Root>
Result Parser::two_passes(Root root) {
  auto incomplete = [this] {
    return options_.allow_incomplete_input && lexer_.finished() && !tokens_.empty();
  };
  try {
    try {
      if (Result result = root()) return result;
    } catch (const SyntaxRaise&) {
      if (!incomplete()) throw;
    }
    if (incomplete()) raise_last("incomplete input");
    Token last = tokens_.back();
    mark_ = 0;
    scratch_.clear();
    memo_.clear();
    hints_ = second_pass_ = memoizing_ = true;
    lexer_.stop_asking();
    root();
    raise_generic(last);
  } catch (const SyntaxRaise& raise) {
    rethrow_or_later_error(raise);
  }
}

Mod* Parser::run() {
  Mod* mod = two_passes<Mod*>([this] { return root(); });
  if (options_.mode == ParseMode::Single && !lexer_.interactive()) check_single_statement();
  return mod;
}

Expr* Parser::run_fstring() {
  return two_passes<Expr*>([this] { return star_expressions(); });
}

Mod* Parser::root() {
  switch (options_.mode) {
    case ParseMode::Eval:
      return eval_root();
    case ParseMode::Single:
      return single_root();
    case ParseMode::File:
      break;
  }
  return file_root();
}

Mod* Parser::file_root() {
  List<Stmt> body(*this);
  statements(body);
  if (!accept(TokenType::EndMarker)) return nullptr;
  Mod* mod = ast_.make<Mod>();
  mod->kind = ModKind::Module;
  mod->body = body.take();
  return mod;
}

Mod* Parser::eval_root() {
  Expr* value = expressions();
  if (value == nullptr) return nullptr;
  while (accept(TokenType::Newline)) {
  }
  if (!accept(TokenType::EndMarker)) return nullptr;
  Mod* mod = ast_.make<Mod>();
  mod->kind = ModKind::Expression;
  mod->expression = value;
  return mod;
}

Mod* Parser::single_root() {
  List<Stmt> body(*this);
  Mark start = mark_;
  if (Stmt* compound = compound_statement()) {
    body.push(compound);
    if (!accept(TokenType::Newline)) return nullptr;
  } else if (accept(TokenType::Newline)) {
    body.push(node<Pass>(start));
  } else if (!simple_statements(body)) {
    return nullptr;
  }
  Mod* mod = ast_.make<Mod>();
  mod->kind = ModKind::Interactive;
  mod->body = body.take();
  return mod;
}

/// Only white space and comments may follow the one statement.
void Parser::check_single_statement() {
  std::string_view rest = lexer_.rest();
  for (std::size_t i = 0; i < rest.size(); ++i) {
    char c = rest[i];
    if (c == '#') {
      i = rest.find('\n', i);
      if (i == std::string_view::npos) return;
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\f') {
      raise_last("multiple statements found while compiling a single statement");
    }
  }
}

// ---- The public functions
// ------------------------------------------------------------------------

namespace {

ParseResult out_of_memory() {
  ParseResult result;
  result.failure.emplace();
  result.failure->kind = FailureKind::OutOfMemory;
  result.failure->has_position = result.failure->has_text = false;
  return result;
}

ParseResult parse_text(std::string_view bytes, const ParseOptions& options, LexerOptions lexing,
                       std::pmr::memory_resource& memory) {
  ParseResult result;
  try {
    result.ast = Ast(memory);
    try {
      std::string_view text = decode_source(bytes, options, result.ast.arena());
      Lexer lexer(text, lexing, result.ast.arena());
      Parser parser(result.ast, lexer, options, memory);
      try {
        result.ast.set_root(parser.run());
      } catch (const SyntaxRaise&) {
        if (!lexing.interactive || !parser.saw_only_end()) throw;
        result.end_of_input = true;
      }
      std::size_t count = parser.warnings().size() + lexer.warnings().size();
      Seq<SyntaxWarningNote> notes{nullptr, count};
      if (count != 0) {
        notes.data = static_cast<SyntaxWarningNote*>(result.ast.arena().allocate(
            count * sizeof(SyntaxWarningNote), alignof(SyntaxWarningNote)));
        std::size_t i = 0;
        for (const auto& note : lexer.warnings()) notes.data[i++] = note;
        for (const auto& note : parser.warnings()) notes.data[i++] = note;
        std::stable_sort(notes.begin(), notes.end(),
                         [](const auto& a, const auto& b) { return a.line < b.line; });
      }
      result.ast.set_warnings(notes);
    } catch (const SyntaxRaise& raise) {
      result.failure = raise.failure;
    } catch (const NeedMoreInput&) {
      result.incomplete = true;
    }
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
  return result;
}

}  // namespace

ParseResult parse(std::string_view bytes, const ParseOptions& options,
                  std::pmr::memory_resource& memory) {
  LexerOptions lexing;
  lexing.first_line = options.first_line;
  return parse_text(bytes, options, lexing, memory);
}

ParseResult parse_interactive(std::string_view text_so_far, bool at_end,
                              const ParseOptions& options, std::pmr::memory_resource& memory) {
  ParseOptions single = options;
  single.mode = ParseMode::Single;
  single.source = SourceKind::Str;
  LexerOptions lexing;
  lexing.first_line = options.first_line;
  lexing.interactive = true;
  lexing.at_end = at_end;
  return parse_text(text_so_far, single, lexing, memory);
}

}  // namespace ouro::syntax
