// Statements and expressions as the evaluator runs them, generic and specialised.
#include "vm_fixture.h"

namespace ouro {
namespace {

class EvalTest : public VmTest {};

TEST_F(EvalTest, ALoopAddsUp) {
  EXPECT_EQ(run("def f(n):\n  s = 0\n  for i in range(n): s += i * 2 - 1\n  return s\nresult = "
                "f(1000)\n"),
            "");
  EXPECT_EQ(shown("result"), "998000");
}

TEST_F(EvalTest, SpecialisedAdditionGivesWayToOtherTypes) {
  EXPECT_EQ(run("def add(a, b): return a + b\nfor i in range(50): add(i, i)\n"
                "r = [add(1.5, 2), add('a', 'b'), add([1], [2]), add(1 << 62, 1 << 62)]\n"),
            "");
  EXPECT_EQ(shown("r"), "[3.5, 'ab', [1, 2], 9223372036854775808]");
}

TEST_F(EvalTest, TemporariesAreReusedButNamesAreNot) {
  EXPECT_EQ(
      run("def f(x, y): return x * y + x * y, x, y\nfor i in range(20): r = f(1000.5, 3.0)\n"), "");
  EXPECT_EQ(shown("r"), "(6003.0, 1000.5, 3.0)");
}

TEST_F(EvalTest, AppendingToATextLeavesOtherHoldersAlone) {
  EXPECT_EQ(run("def f():\n  s = ''\n  kept = []\n  for i in range(20):\n    s += 'ab'\n    if i % "
                "9 == 0: kept.append(s)\n"
                "  return kept, s\nkept, s = f()\n"),
            "");
  EXPECT_EQ(shown("kept"),
            "['ab', 'abababababababababab', 'ababababababababababababababababababab']");
}

TEST_F(EvalTest, GlobalsChangeUnderACache) {
  EXPECT_EQ(
      run("x = 1\ndef f(): return x\nfor i in range(20): f()\nx = 2\na = f()\ndel x\ntry: f()\n"
          "except NameError as e: b = e.args[0]\n"),
      "");
  EXPECT_EQ(shown("a"), "2");
  EXPECT_EQ(shown("b"), "\"name 'x' is not defined\"");
}

TEST_F(EvalTest, UnboundLocalsAreNamed) {
  EXPECT_EQ(run("def f():\n  y\n  y = 1\nf()\n"),
            "UnboundLocalError: cannot access local variable 'y' where it is not associated with a "
            "value");
}

TEST_F(EvalTest, EmptyFreeVariablesAreNamed) {
  EXPECT_EQ(run("def f():\n  def g(): return y\n  g()\n  y = 1\nf()\n"),
            "NameError: cannot access free variable 'y' where it is not associated with a value in "
            "enclosing scope");
}

TEST_F(EvalTest, UnpackingCounts) {
  EXPECT_EQ(run("a, b, c = [1, 2]\n"),
            "ValueError: not enough values to unpack (expected 3, got 2)");
  EXPECT_EQ(run("a, b = 1, 2, 3\n"), "ValueError: too many values to unpack (expected 2)");
  EXPECT_EQ(run("a, b = 1\n"), "TypeError: cannot unpack non-iterable int object");
  EXPECT_EQ(run("a, *b, c = range(5)\n"), "");
  EXPECT_EQ(shown("b"), "[1, 2, 3]");
}

TEST_F(EvalTest, FinallyRunsAndTheExceptionGoesOn) {
  EXPECT_EQ(run("log = []\ndef f():\n  try:\n    raise ValueError('x')\n  finally:\n    "
                "log.append(1)\nf()\n"),
            "ValueError: x");
  EXPECT_EQ(shown("log"), "[1]");
}

TEST_F(EvalTest, AnExceptionRaisedWhileHandlingKeepsItsContext) {
  EXPECT_EQ(run("try:\n  try: raise ValueError(1)\n  except ValueError: raise KeyError(2)\n"
                "except KeyError as e: c = e.__context__\n"),
            "");
  EXPECT_EQ(shown("c"), "ValueError(1)");
}

TEST_F(EvalTest, AReraiseWithoutAnExceptionIsRefused) {
  EXPECT_EQ(run("raise\n"), "RuntimeError: No active exception to reraise");
}

TEST_F(EvalTest, TracebacksNameTheLines) {
  EXPECT_EQ(run("def f():\n  raise ValueError\ntry:\n  f()\nexcept ValueError as e:\n"
                "  t = e.__traceback__\n  lines = [t.tb_lineno, t.tb_next.tb_lineno]\n"),
            "");
  EXPECT_EQ(shown("lines"), "[4, 2]");
}

TEST_F(EvalTest, WithRefusesOtherObjects) {
  EXPECT_EQ(run("with 1: pass\n"),
            "TypeError: 'int' object does not support the context manager protocol");
}

TEST_F(EvalTest, MatchTakesMappingsAndSequencesApart) {
  EXPECT_EQ(run("def f(x):\n  match x:\n    case {'a': v, **rest}: return v, rest\n    case "
                "[first, *_]: return first\n"
                "    case _: return None\nr = [f({'a': 1, 'b': 2}), f([7, 8]), f('no')]\n"),
            "");
  EXPECT_EQ(shown("r"), "[(1, {'b': 2}), 7, None]");
}

}  // namespace
}  // namespace ouro
