// Tokens of Python source.
//
// Terms
//   keyword        reserved word with a TokenType of its own; `match`, `case` and `_` are plain
//   names level          how many brackets are open after the token virtual token  Indent, Dedent,
//   EndMarker: no text, column -1
#pragma once

#include <cstdint>
#include <string_view>

namespace ouro::syntax {

// clang-format off
enum class TokenType : std::uint8_t {
  EndMarker, Newline, Indent, Dedent,
  Name, Number, String,
  // Keywords.
  False, None, True, And, As, Assert, Async, Await, Break, Class, Continue, Def, Del, Elif, Else,
  Except, Finally, For, From, Global, If, Import, In, Is, Lambda, Nonlocal, Not, Or, Pass, Raise,
  Return, Try, While, With, Yield,
  // Brackets and separators.
  LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace,
  Colon, Comma, Semicolon, Dot, Ellipsis, Arrow, ColonEqual, Equal,
  // Operators.
  Plus, Minus, Star, Slash, DoubleSlash, Percent, At, DoubleStar, LeftShift, RightShift,
  Ampersand, VerticalBar, Circumflex, Tilde,
  Less, Greater, EqualEqual, NotEqual, OldNotEqual, LessEqual, GreaterEqual,
  // Augmented assignment; in the order of the operators they stand for.
  PlusEqual, MinusEqual, StarEqual, SlashEqual, DoubleSlashEqual, PercentEqual, AtEqual,
  DoubleStarEqual, LeftShiftEqual, RightShiftEqual, AmpersandEqual, VerticalBarEqual,
  CircumflexEqual,
  // A printable ASCII character Python has no use for: ? ! $ `
  Unknown,
};
// clang-format on

/// A token; `text` points into the source. Lines from 1, columns in bytes from 0, -1 for virtual
/// tokens.
struct Token {
  TokenType type = TokenType::EndMarker;
  std::uint8_t level = 0;
  int line = 0;
  int col = 0;
  int end_line = 0;
  int end_col = 0;
  std::string_view text;
};

/// The keyword `text` spells, or Name.
TokenType keyword_type(std::string_view text);

/// The operator or separator spelled by the bytes at `text`, longest first; `length` receives its
/// size.
TokenType operator_type(std::string_view text, std::size_t& length);

}  // namespace ouro::syntax
