// Tokens: types, positions, indentation and the limits of nesting.
#include "syntax/lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "syntax/parse_helpers.h"

namespace ouro::syntax {
namespace {

using testing::error_of;

std::vector<Token> tokens_of(std::string_view text) {
  static std::pmr::monotonic_buffer_resource arena;
  Lexer lexer(text, {}, arena);
  std::vector<Token> tokens;
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().type != TokenType::EndMarker);
  return tokens;
}

std::vector<TokenType> types_of(std::string_view text) {
  std::vector<TokenType> types;
  for (const Token& token : tokens_of(text)) types.push_back(token.type);
  return types;
}

TEST(Lexer, TakesTheLongestOperator) {
  using enum TokenType;
  EXPECT_EQ(types_of("a **= b // c ... . -> :=\n"),
            (std::vector{Name, DoubleStarEqual, Name, DoubleSlash, Name, Ellipsis, Dot, Arrow,
                         ColonEqual, Newline, EndMarker}));
}

TEST(Lexer, OpensAndClosesBlocks) {
  using enum TokenType;
  EXPECT_EQ(types_of("if x:\n  y\n\n  # note\nz\n"),
            (std::vector{If, Name, Colon, Newline, Indent, Name, Newline, Dedent, Name, Newline,
                         EndMarker}));
}

TEST(Lexer, IgnoresLineEndsInsideBrackets) {
  using enum TokenType;
  EXPECT_EQ(types_of("(a,\n\n  b)\n"),
            (std::vector{LeftParen, Name, Comma, Name, RightParen, Newline, EndMarker}));
}

TEST(Lexer, CountsColumnsInBytesFromTheLineStart) {
  Token token = tokens_of("é = 1\n")[1];
  EXPECT_EQ(token.line, 1);
  EXPECT_EQ(token.col, 3);
  EXPECT_EQ(token.end_col, 4);
}

TEST(Lexer, PlacesAMultiLineStringAtBothEnds) {
  Token token = tokens_of("x = '''a\nbc'''\n")[2];
  EXPECT_EQ(token.type, TokenType::String);
  EXPECT_EQ(token.line, 1);
  EXPECT_EQ(token.col, 4);
  EXPECT_EQ(token.end_line, 2);
  EXPECT_EQ(token.end_col, 5);
}

TEST(Lexer, SaysWhatIsWrongWithANumber) {
  EXPECT_EQ(error_of("0b12"), "invalid digit '2' in binary literal @1:4-1:4");
  EXPECT_EQ(error_of("1__0"), "invalid decimal literal @1:2-1:2");
  EXPECT_EQ(error_of("1j2"), "invalid imaginary literal @1:2-1:2");
  EXPECT_EQ(
      error_of("0777"),
      "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
      "integers @1:1-1:2");
}

TEST(Lexer, WarnsAboutANumberThatRunsIntoAKeyword) {
  ParseResult result = testing::parse_text("1if x else 2\n");
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.ast.warnings().size(), 1U);
  EXPECT_EQ(result.ast.warnings()[0].message, "invalid decimal literal");
}

TEST(Lexer, NamesUnterminatedStringsWithTheLineWhereItNoticed) {
  EXPECT_EQ(error_of("x = 'abc"), "unterminated string literal (detected at line 1) @1:5-1:5");
  EXPECT_EQ(error_of("x = '''abc\nd"),
            "unterminated triple-quoted string literal (detected at line 2) @1:5-1:5");
}

TEST(Lexer, NamesTheBracketThatDoesNotFit) {
  EXPECT_EQ(error_of("(\n]"),
            "closing parenthesis ']' does not match opening parenthesis '(' on line 1 @2:1-2:1");
  EXPECT_EQ(error_of("x)"), "unmatched ')' @1:2-1:2");
  EXPECT_EQ(error_of("x = [1,\n"), "'[' was never closed @1:5-1:0");
}

TEST(Lexer, NamesACharacterThatIsNoPartOfPython) {
  EXPECT_EQ(error_of("x = “a”"), "invalid character '“' (U+201C) @1:5-1:5");
  EXPECT_EQ(error_of("a\u00a0b"), "invalid non-printable character U+00A0 @1:2-1:2");
  EXPECT_EQ(error_of("a $ b"), "invalid syntax @1:3-1:4");
}

TEST(Lexer, RefusesTabsThatCouldMeanTwoThings) {
  ParseResult result = testing::parse_text("def f():\n\tif x:\n        y");
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->kind, FailureKind::TabError);
  EXPECT_EQ(testing::outcome(result),
            "inconsistent use of tabs and spaces in indentation @3:1-3:0");
}

TEST(Lexer, AllowsAHundredIndentsAndTwoHundredBrackets) {
  auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i)
      text += std::string(static_cast<std::size_t>(i), ' ') + "if x:\n";
    return text + std::string(static_cast<std::size_t>(depth), ' ') + "y\n";
  };
  EXPECT_EQ(error_of(nested(99)), "ok");
  EXPECT_EQ(error_of(nested(100)), "too many levels of indentation @101:1-101:0");
  EXPECT_EQ(error_of(std::string(200, '(') + std::string(200, ')')), "ok");
  EXPECT_EQ(error_of(std::string(201, '(')), "too many nested parentheses @1:201-1:201");
}

TEST(Lexer, JoinsLinesAtABackslash) {
  EXPECT_EQ(error_of("x = 1 + \\\n  2\n"), "ok");
  EXPECT_EQ(error_of("x = \\ 3"),
            "unexpected character after line continuation character @1:6-1:0");
  EXPECT_EQ(error_of("x = \\"), "unexpected EOF while parsing @1:6-1:-1");
}

}  // namespace
}  // namespace ouro::syntax
