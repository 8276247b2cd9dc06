// Escapes, prefixes and f-strings.
#include "syntax/string_literal.h"

#include <gtest/gtest.h>

#include "syntax/parse_helpers.h"

namespace ouro::syntax {
namespace {

using testing::error_of;
using testing::expression_of;

TEST(StringLiteral, DecodesEscapes) {
  EXPECT_EQ(expression_of(R"('a\x41\u00e9\101\n\
b')"),
            R"(Constant(value='aAéA\nb'))");
  EXPECT_EQ(expression_of(R"('\ud83d\ude00')"), R"(Constant(value='\ud83d\ude00'))");
  EXPECT_EQ(expression_of(R"(rb'\x41' b'\x41\377')"), R"(Constant(value=b'\\x41A\xff'))");
  EXPECT_EQ(expression_of("u'a' 'b'"), "Constant(value='ab', kind='u')");
}

TEST(StringLiteral, SaysWhichEscapeIsBroken) {
  EXPECT_EQ(
      error_of(R"('é\x1')"),
      "(unicode error) 'unicodeescape' codec can't decode bytes in position 10-12: truncated \\xXX "
      "escape @1:7-1:7");
  EXPECT_EQ(
      error_of(R"('\U00110000')"),
      "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode "
      "character @1:13-1:13");
  EXPECT_EQ(error_of(R"(b'a\xz')"), "(value error) invalid \\x escape at position 1 @1:8-1:8");
  EXPECT_EQ(error_of("b'é'"), "bytes can only contain ASCII literal characters @1:5-1:5");
  EXPECT_EQ(error_of("'a' b'b'"), "cannot mix bytes and nonbytes literals @1:9-1:9");
}

TEST(StringLiteral, WarnsOnceAboutAnUnknownEscape) {
  ParseResult result = testing::parse_text("with ('\\d'): pass\n");
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.ast.warnings().size(), 1U);
  EXPECT_EQ(result.ast.warnings()[0].message, "invalid escape sequence '\\d'");
  EXPECT_EQ(result.ast.warnings()[0].line, 1);
}

TEST(StringLiteral, WarnsAboutTheFirstOddEscapeOfALiteral) {
  ParseResult result = testing::parse_text("'\\777\\d'\nb'\\q\\400'\n");
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.ast.warnings().size(), 2U);
  EXPECT_EQ(result.ast.warnings()[0].message, "invalid octal escape sequence '\\777'");
  EXPECT_EQ(result.ast.warnings()[1].message, "invalid escape sequence '\\q'");
}

TEST(StringLiteral, AsksTheCallerForNamedCharacters) {
  ParseOptions options;
  options.mode = ParseMode::Eval;
  options.lookup_name = [](void*, std::string_view name, char32_t* out) {
    out[0] = 0x2022;
    return name == "BULLET" ? 1 : 0;
  };
  EXPECT_EQ(testing::tree_of(R"('\N{BULLET}')", options), "Expression(body=Constant(value='•'))");
  EXPECT_EQ(
      testing::error_of(R"('\N{NOPE}')", options),
      "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-7: unknown Unicode "
      "character name @1:10-1:-1");
}

TEST(FString, SplitsTextAndFields) {
  EXPECT_EQ(
      expression_of("f'a{{{b!r:>{c}}}}' 'd'"),
      "JoinedStr(values=[Constant(value='a{'), FormattedValue(value=Name(id='b', ctx=Load()), "
      "conversion=114, format_spec=JoinedStr(values=[Constant(value='>'), "
      "FormattedValue(value=Name(id='c', ctx=Load()), conversion=-1)])), Constant(value='}d')])");
}

TEST(FString, ShowsTheTextOfASelfDocumentingField) {
  EXPECT_EQ(
      expression_of("f'{a + b = }'"),
      "JoinedStr(values=[Constant(value='a + b = '), FormattedValue(value=BinOp(left=Name(id='a', "
      "ctx=Load()), op=Add(), right=Name(id='b', ctx=Load())), conversion=114)])");
}

TEST(FString, PlacesTheExpressionInTheFile) {
  std::string tree = testing::tree_of("x = f'ab{c}'", {}, true);
  EXPECT_NE(
      tree.find(
          "Name(id='c', ctx=Load(), lineno=1, col_offset=9, end_lineno=1, end_col_offset=10)"),
      std::string::npos);
}

TEST(FString, ReportsErrorsAsPythonDoes) {
  EXPECT_EQ(error_of("f'{'"), "f-string: expecting '}' @1:5-1:5");
  EXPECT_EQ(error_of("f'{}'"), "f-string: empty expression not allowed @1:6-1:6");
  EXPECT_EQ(error_of("f'{!r}'"), "f-string: expression required before '!' @1:8-1:8");
  EXPECT_EQ(error_of("f'}'"), "f-string: single '}' is not allowed @1:5-1:5");
  EXPECT_EQ(error_of("f'{a\\n}'"), "f-string expression part cannot include a backslash @1:9-1:9");
  EXPECT_EQ(error_of("f'{a:{b:{c}}}'"), "f-string: expressions nested too deeply @1:15-1:15");
  EXPECT_EQ(error_of("f'{a b}'"), "f-string: invalid syntax. Perhaps you forgot a comma? @1:2-1:5");
  EXPECT_EQ(error_of("f'{(a]}'"),
            "f-string: closing parenthesis ']' does not match opening parenthesis '(' @1:9-1:9");
}

}  // namespace
}  // namespace ouro::syntax
