// Errors and warnings of the compiler, hostile input, input typed at the prompt.
#include "compile_fixture.h"

namespace ouro {
namespace {

using CompileErrorsTest = CompileTest;

TEST_F(CompileErrorsTest, StatementsOutOfPlaceAreNamed) {
  EXPECT_EQ(error("return 1\n"), "SyntaxError 1:1-1:9: 'return' outside function");
  EXPECT_EQ(error("class A: yield 1\n"), "SyntaxError 1:10-1:17: 'yield' outside function");
  EXPECT_EQ(error("break\n"), "SyntaxError 1:1-1:6: 'break' outside loop");
  EXPECT_EQ(error("for x in y:\n  def f(): continue\n"),
            "SyntaxError 2:12-2:20: 'continue' not properly in loop");
  EXPECT_EQ(error("await x\n"), "SyntaxError 1:1-1:8: 'await' outside function");
  EXPECT_EQ(error("def f(): await x\n"), "SyntaxError 1:10-1:17: 'await' outside async function");
  EXPECT_EQ(error("def f():\n [x async for x in y]\n"),
            "SyntaxError 2:2-2:22: asynchronous comprehension outside of an asynchronous function");
  EXPECT_EQ(error("def f():\n  from x import *\n"),
            "SyntaxError 2:17-2:18: import * only allowed at module level");
  EXPECT_EQ(error("try: pass\nexcept: pass\nexcept A: pass\n"),
            "SyntaxError 2:1-2:13: default 'except:' must be last");
}

TEST_F(CompileErrorsTest, StarsAndDebugAreGuarded) {
  EXPECT_EQ(error("x = *a\n"), "SyntaxError 1:5-1:7: can't use starred expression here");
  EXPECT_EQ(error("*a = 1\n"),
            "SyntaxError 1:1-1:3: starred assignment target must be in a list or tuple");
  EXPECT_EQ(error("*a, *b = c\n"),
            "SyntaxError 1:1-1:7: multiple starred expressions in assignment");
  EXPECT_EQ(error("del __debug__\n"), "SyntaxError 1:5-1:14: cannot delete __debug__");
  EXPECT_EQ(error("f(a=1, a=2)\n"), "SyntaxError 1:8-1:11: keyword argument repeated: a");
}

TEST_F(CompileErrorsTest, PatternsAreChecked) {
  EXPECT_EQ(error("match x:\n case a: pass\n case b: pass\n"),
            "SyntaxError 2:7-2:8: name capture 'a' makes remaining patterns unreachable");
  EXPECT_EQ(error("match x:\n case _: pass\n case b: pass\n"),
            "SyntaxError 2:7-2:8: wildcard makes remaining patterns unreachable");
  EXPECT_EQ(error("match x:\n case (a, a): pass\n"),
            "SyntaxError 2:11-2:12: multiple assignments to name 'a' in pattern");
  EXPECT_EQ(error("match x:\n case (a,1)|(b,2): pass\n"),
            "SyntaxError 2:16-2:17: alternative patterns bind different names");
}

TEST_F(CompileErrorsTest, FutureImportsComeFirst) {
  EXPECT_EQ(
      error("x = 1\nfrom __future__ import annotations\n"),
      "SyntaxError 2:1-2:35: from __future__ imports must occur at the beginning of the file");
  EXPECT_EQ(error("from __future__ import spam\n"),
            "SyntaxError 1:1-1:None: future feature spam is not defined");
  EXPECT_EQ(error("from __future__ import braces\n"), "SyntaxError 1:1-1:None: not a chance");
}

TEST_F(CompileErrorsTest, NestingHasALimit) {
  std::string source;
  for (std::size_t i = 0; i < 21; ++i) source += std::string(i, ' ') + "for a in b:\n";
  source += std::string(21, ' ') + "pass\n";
  EXPECT_EQ(error(source), "SyntaxError 21:21-22:26: too many statically nested blocks");
}

TEST_F(CompileErrorsTest, DeepTreesRaiseRecursionError) {
  std::string source = "x = a";
  for (int i = 0; i < 20000; ++i) source += " + a";
  EXPECT_EQ(error(source + "\n"), "RecursionError");
}

TEST_F(CompileErrorsTest, EveryAllocationMayFail) {
  const char* source =
      "class A:\n  def f(self, x=(1, 2)):\n    try: return [y for y in x if y in {1, 2}]\n    "
      "finally: del x\n";
  { compile(source).take().reset(); }
  space_.collector.collect({});
  std::size_t before = heap_.live_blocks();
  for (std::uint64_t n = 1;; ++n) {
    heap_.set_fail_allocation_at(n, false);
    Result<Ref<Code>> result = compile(source);
    heap_.set_fail_allocation_at(0, false);
    if (result.ok()) {
      result.take().reset();
      break;
    }
    ASSERT_TRUE(has_pending(ts_)) << "allocation " << n;
    EXPECT_TRUE(catch_pending(ts_, core_.exceptions.MemoryError)) << "allocation " << n;
    EXPECT_EQ(heap_.live_blocks(), before) << "allocation " << n;
  }
}

TEST_F(CompileErrorsTest, WarningsGoToTheHook) {
  EXPECT_EQ(error("x is 1\n(1)(2)\nassert (a, b)\nNone[1]\n'a'['b']\n"), "");
  EXPECT_EQ(warnings_,
            "SyntaxWarning 1: \"is\" with a literal. Did you mean \"==\"?\n"
            "SyntaxWarning 2: 'int' object is not callable; perhaps you missed a comma?\n"
            "SyntaxWarning 3: assertion is always true, perhaps remove parentheses?\n"
            "SyntaxWarning 4: 'NoneType' object is not subscriptable; perhaps you missed a comma?\n"
            "SyntaxWarning 5: str indices must be integers or slices, not str; perhaps you missed "
            "a comma?\n");
}

TEST_F(CompileErrorsTest, AWarningMadeAnErrorIsASyntaxError) {
  hooks_.warn = [](void*, ThreadState& ts, Borrowed<Type> category, Borrowed<Str> message,
                   Borrowed<Str>, int) -> Status { return raise(ts, category, "{}", message); };
  EXPECT_EQ(error("x is 1\n"), "SyntaxError 1:1-1:7: \"is\" with a literal. Did you mean \"==\"?");
}

TEST_F(CompileErrorsTest, GrowingInputIsIncompleteUntilItEnds) {
  Ref<Code> code;
  options_.mode = CompileMode::Single;
  EXPECT_EQ(compile_interactive(ts_, "if x:\n", false, filename_, options_, code),
            InputState::Incomplete);
  EXPECT_FALSE(has_pending(ts_));
  EXPECT_EQ(compile_interactive(ts_, "if x:\n  y\n\n", false, filename_, options_, code),
            InputState::Complete);
  EXPECT_EQ(compile_interactive(ts_, "x = = 1\n", false, filename_, options_, code),
            InputState::Error);
  EXPECT_TRUE(catch_pending(ts_, core_.exceptions.SyntaxError));
}

}  // namespace
}  // namespace ouro
