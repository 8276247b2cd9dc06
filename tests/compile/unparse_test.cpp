// Annotations as text.
#include "compile_fixture.h"

namespace ouro {
namespace {

class UnparseTest : public CompileTest {
 protected:
  std::string text(const std::string& annotation) {
    Result<Ref<Code>> result =
        compile("from __future__ import annotations\nx: " + annotation + "\n");
    if (!result.ok()) return "(raised)";
    Ref<Code> module = result.take();
    for (std::uint32_t i = 0; i < module->instruction_count; ++i) {
      // The annotation is the constant pushed just before __annotations__ is loaded.
      if (instr_opcode(module->instructions[i]) != Opcode::LoadName) continue;
      return text_of(as<Str>(module->consts->at(instr_argument(module->instructions[i - 1]))));
    }
    return "(none)";
  }
};

TEST_F(UnparseTest, ParenthesesStandWhereTheyAreNeeded) {
  EXPECT_EQ(text("(a + b) * c"), "(a + b) * c");
  EXPECT_EQ(text("(a * b) + c"), "a * b + c");
  EXPECT_EQ(text("a ** -b ** c"), "a ** (-b ** c)");
  EXPECT_EQ(text("not (a and b) or c"), "not (a and b) or c");
  EXPECT_EQ(text("(lambda a, /, *, b=1: a) if c else d"), "(lambda a, /, *, b=1: a) if c else d");
}

TEST_F(UnparseTest, DisplaysAndCallsReadBack) {
  EXPECT_EQ(text("{1: 'a', **b}"), "{1: 'a', **b}");
  EXPECT_EQ(text("f(a, *b, c=d, **e)"), "f(a, *b, c=d, **e)");
  EXPECT_EQ(text("a[1:2, ::3]"), "a[1:2, ::3]");
  EXPECT_EQ(text("[x async for x in y if z]"), "[x async for x in y if z]");
  EXPECT_EQ(text("(1).real"), "1 .real");
}

TEST_F(UnparseTest, LiteralsAreWrittenByRepr) {
  EXPECT_EQ(text("\"it's\""), "\"it's\"");
  EXPECT_EQ(text("1e400"), "1e309");
  EXPECT_EQ(text("..."), "...");
  EXPECT_EQ(text("u'x'"), "u'x'");
}

TEST_F(UnparseTest, FormattedTextsKeepTheirBraces) {
  EXPECT_EQ(text("f'{a!r:>{w}}{{}}'"), "f'{a!r:>{w}}{{}}'");
}

}  // namespace
}  // namespace ouro
