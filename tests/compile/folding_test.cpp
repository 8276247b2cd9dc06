// Constant folding and its limits.
#include "compile_fixture.h"

namespace ouro {
namespace {

class FoldingTest : public CompileTest {
 protected:
  /// The code of `x = <expression>` up to the store.
  std::string folded(const std::string& expression) {
    std::string all = module_ops("x = " + expression + "\n");
    std::size_t end = all.find(" StoreName");
    return all.substr(7, end == all.npos ? end : end - 7);
  }
};

TEST_F(FoldingTest, OperatorsOnConstantsAreDone) {
  EXPECT_EQ(folded("2 * 3 + 4"), "LoadConst(10)");
  EXPECT_EQ(folded("-(1)"), "LoadConst(-1)");
  EXPECT_EQ(folded("not 1"), "LoadConst(False)");
  EXPECT_EQ(folded("'a' + 'b'"), "LoadConst('ab')");
  EXPECT_EQ(folded("(1, 2, 3)[1]"), "LoadConst(2)");
  EXPECT_EQ(folded("1 + 2j"), "LoadConst((1+2j))");
}

TEST_F(FoldingTest, IntegersStopAtTheirLimit) {
  EXPECT_EQ(folded("1 << 127"), "LoadConst(170141183460469231731687303715884105728)");
  EXPECT_EQ(folded("2 ** 127"), "LoadConst(2) LoadConst(127) BinaryOp:8");
  EXPECT_EQ(folded("2 ** 64"), "LoadConst(18446744073709551616)");
}

TEST_F(FoldingTest, RepetitionStopsAtItsLimit) {
  EXPECT_EQ(folded("'a' * 4097"), "LoadConst('a') LoadConst(4097) BinaryOp:5");
  EXPECT_EQ(folded("(0,) * 257"), "LoadConst((0,)) LoadConst(257) BinaryOp:5");
  EXPECT_EQ(folded("(0,) * 3"), "LoadConst((0, 0, 0))");
}

TEST_F(FoldingTest, WhatWouldRaiseIsLeftToRaise) {
  EXPECT_EQ(folded("1 / 0"), "LoadConst(1) LoadConst(0) BinaryOp:11");
  EXPECT_EQ(folded("'a'[5]"), "LoadConst('a') LoadConst(5) BinarySubscript");
}

TEST_F(FoldingTest, SearchedDisplaysBecomeConstants) {
  EXPECT_EQ(folded("y in [1, 2]"), "LoadName LoadConst((1, 2)) ContainsOp");
  EXPECT_EQ(folded("y in {1}"), "LoadName LoadConst(frozenset({1})) ContainsOp");
  EXPECT_EQ(folded("not y in z"), "LoadName LoadName:1 ContainsOp:1");
}

TEST_F(FoldingTest, SimpleFormatsBecomeJoinedTexts) {
  EXPECT_EQ(folded("'%s-%5r' % (a, b)"),
            "LoadName FormatValue:1 LoadConst('-') LoadName:1 LoadConst('>5') FormatValue:6 "
            "BuildString:3");
  EXPECT_EQ(folded("'%d' % (a,)"), "LoadConst('%d') LoadName BuildTuple:1 BinaryOp:6");
  EXPECT_EQ(folded("'%s%s' % (a,)"), "LoadConst('%s%s') LoadName BuildTuple:1 BinaryOp:6");
}

TEST_F(FoldingTest, DeadBranchesGo) {
  EXPECT_EQ(module_ops("if 0:\n  a\nb\n"),
            "Resume Nop LoadName:1 PopTop LoadConst(None) ReturnValue");
  EXPECT_EQ(module_ops("while 1: a\n"), "Resume LoadName PopTop JumpBackward(1)");
  options_.optimize = 1;
  EXPECT_EQ(module_ops("if __debug__: a\n"), "Resume LoadConst(None) ReturnValue");
}

TEST_F(FoldingTest, AFoldedTextIsNoDocstring) {
  Ref<Code> module = compile("def f():\n  'a' + 'b'\n").take();
  EXPECT_EQ(repr(inner(module, {0})->consts->at(0)), "None");
}

}  // namespace
}  // namespace ouro
