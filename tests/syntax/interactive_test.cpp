// parse_interactive: when the lines typed so far make a statement.
#include <gtest/gtest.h>

#include "syntax/parse_helpers.h"

namespace ouro::syntax {
namespace {

std::string typed(std::string_view lines, bool at_end = false) {
  return testing::outcome(parse_interactive(lines, at_end, {}, *std::pmr::new_delete_resource()));
}

TEST(Interactive, TakesASimpleStatementAtOnce) {
  EXPECT_EQ(typed("x = 1\n"), "ok");
  EXPECT_EQ(typed("x; y\n"), "ok");
  EXPECT_EQ(typed("\n"), "ok");
  EXPECT_EQ(typed("# note\n"), "ok");
  EXPECT_EQ(typed("  # note\n"), "ok");
}

TEST(Interactive, EndsABlockAtAnEmptyLine) {
  EXPECT_EQ(typed("if x:\n"), "incomplete");
  EXPECT_EQ(typed("if x:\n  y\n"), "incomplete");
  EXPECT_EQ(typed("if x: y\n"), "incomplete");
  EXPECT_EQ(typed("if x:\n  y\n\n"), "ok");
  EXPECT_EQ(typed("if x: y\n\n"), "ok");
  EXPECT_EQ(typed("@d\n"), "incomplete");
}

TEST(Interactive, AsksForMoreInsideBracketsStringsAndAfterABackslash) {
  EXPECT_EQ(typed("f(1,\n"), "incomplete");
  EXPECT_EQ(typed("f(1,\n\n2)\n"), "ok");
  EXPECT_EQ(typed("x = '''a\n"), "incomplete");
  EXPECT_EQ(typed("x = '''a\n\nb'''\n"), "ok");
  EXPECT_EQ(typed("x = 1 + \\\n"), "incomplete");
  EXPECT_EQ(typed("x = 1 + \\\n2\n"), "ok");
}

TEST(Interactive, ReportsAnErrorAsSoonAsThereIsOne) {
  EXPECT_EQ(typed("for\n"), "invalid syntax @1:4-1:4");
  EXPECT_EQ(typed("  y\n"), "unexpected indent @1:2-1:-1");
  EXPECT_EQ(typed("if x:\n  y\nz\n"), "invalid syntax @3:1-3:2");
}

TEST(Interactive, FinishesWhatItHasAtTheEndOfInput) {
  EXPECT_EQ(typed("if x:\n  y\n", true), "ok");
  EXPECT_EQ(typed("if x:\n  y", true), "ok");
  EXPECT_EQ(typed("(\n", true), "'(' was never closed @1:1-1:0");
  EXPECT_EQ(typed("", true), "end of input");
  EXPECT_EQ(typed("", false), "incomplete");
}

TEST(Interactive, SingleModeTakesOneStatement) {
  ParseOptions options;
  options.mode = ParseMode::Single;
  EXPECT_EQ(testing::error_of("if x:\n y", options), "ok");
  EXPECT_EQ(testing::error_of("x\ny", options),
            "multiple statements found while compiling a single statement @1:2-1:2");
  options.dont_imply_dedent = true;
  EXPECT_EQ(testing::error_of("if x:\n y", options), "invalid syntax @2:0-2:0");
  options.allow_incomplete_input = true;
  EXPECT_EQ(testing::error_of("if 1:", options), "incomplete input @1:5-1:-1");
}

}  // namespace
}  // namespace ouro::syntax
