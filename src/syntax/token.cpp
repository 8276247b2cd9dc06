// Spellings of keywords and operators.
#include "syntax/token.h"

#include <cstddef>

namespace ouro::syntax {
namespace {

struct Spelling {
  std::string_view text;
  TokenType type;
};

using enum TokenType;

// Sorted by length, so a look-up compares few entries.
constexpr Spelling kKeywords[] = {
    {"as", As},
    {"if", If},
    {"in", In},
    {"is", Is},
    {"or", Or},
    {"and", And},
    {"def", Def},
    {"del", Del},
    {"for", For},
    {"not", Not},
    {"try", Try},
    {"None", None},
    {"True", True},
    {"elif", Elif},
    {"else", Else},
    {"from", From},
    {"pass", Pass},
    {"with", With},
    {"False", False},
    {"async", Async},
    {"await", Await},
    {"break", Break},
    {"class", Class},
    {"raise", Raise},
    {"while", While},
    {"yield", Yield},
    {"assert", Assert},
    {"except", Except},
    {"global", Global},
    {"import", Import},
    {"lambda", Lambda},
    {"return", Return},
    {"finally", Finally},
    {"continue", Continue},
    {"nonlocal", Nonlocal},
};

constexpr Spelling kOperators[] = {
    {"**=", DoubleStarEqual},
    {"//=", DoubleSlashEqual},
    {"<<=", LeftShiftEqual},
    {">>=", RightShiftEqual},
    {"...", Ellipsis},
    {"**", DoubleStar},
    {"//", DoubleSlash},
    {"<<", LeftShift},
    {">>", RightShift},
    {"==", EqualEqual},
    {"!=", NotEqual},
    {"<>", OldNotEqual},
    {"<=", LessEqual},
    {">=", GreaterEqual},
    {"->", Arrow},
    {":=", ColonEqual},
    {"+=", PlusEqual},
    {"-=", MinusEqual},
    {"*=", StarEqual},
    {"/=", SlashEqual},
    {"%=", PercentEqual},
    {"@=", AtEqual},
    {"&=", AmpersandEqual},
    {"|=", VerticalBarEqual},
    {"^=", CircumflexEqual},
    {"(", LeftParen},
    {")", RightParen},
    {"[", LeftBracket},
    {"]", RightBracket},
    {"{", LeftBrace},
    {"}", RightBrace},
    {":", Colon},
    {",", Comma},
    {";", Semicolon},
    {".", Dot},
    {"=", Equal},
    {"+", Plus},
    {"-", Minus},
    {"*", Star},
    {"/", Slash},
    {"%", Percent},
    {"@", At},
    {"&", Ampersand},
    {"|", VerticalBar},
    {"^", Circumflex},
    {"~", Tilde},
    {"<", Less},
    {">", Greater},
};

}  // namespace

TokenType keyword_type(std::string_view text) {
  if (text.size() < 2 || text.size() > 8) return Name;
  for (const Spelling& keyword : kKeywords) {
    if (keyword.text.size() == text.size() && keyword.text[0] == text[0] && keyword.text == text) {
      return keyword.type;
    }
  }
  return Name;
}

TokenType operator_type(std::string_view text, std::size_t& length) {
  for (const Spelling& spelling : kOperators) {
    if (spelling.text[0] == text[0] && text.starts_with(spelling.text)) {
      length = spelling.text.size();
      return spelling.type;
    }
  }
  length = 1;
  return Unknown;
}

}  // namespace ouro::syntax
