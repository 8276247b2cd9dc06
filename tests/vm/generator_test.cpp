// Generators: resumption, delegation, throw, close, and how they end.
#include "vm_fixture.h"

namespace ouro {
namespace {

class GeneratorTest : public VmTest {};

TEST_F(GeneratorTest, ForRunsItInTheSameLoop) {
  EXPECT_EQ(run("def g(n):\n  for i in range(n): yield i * i\ns = []\nfor x in g(20): "
                "s.append(x)\nr = s[-1]\n"),
            "");
  EXPECT_EQ(shown("r"), "361");
}

TEST_F(GeneratorTest, SendGivesTheYieldItsValue) {
  EXPECT_EQ(run("def g():\n  x = yield 1\n  y = yield x + 1\n  return y\nit = g()\n"
                "r = [it.send(None), it.send(10)]\ntry: it.send('end')\nexcept StopIteration as e: "
                "v = e.value\n"),
            "");
  EXPECT_EQ(shown("r"), "[1, 11]");
  EXPECT_EQ(shown("v"), "'end'");
}

TEST_F(GeneratorTest, TheFirstSendTakesNoValue) {
  EXPECT_EQ(run("def g(): yield\ng().send(1)\n"),
            "TypeError: can't send non-None value to a just-started generator");
}

TEST_F(GeneratorTest, YieldFromHandsValuesThrough) {
  EXPECT_EQ(run("def inner():\n  x = yield 1\n  return x * 2\ndef outer():\n  r = yield from "
                "inner()\n  yield r\n"
                "it = outer()\nr = [it.send(None), it.send(21)]\n"),
            "");
  EXPECT_EQ(shown("r"), "[1, 42]");
}

TEST_F(GeneratorTest, ThrowReachesTheInnermost) {
  EXPECT_EQ(run("def inner():\n  try: yield 1\n  except ValueError: yield 'caught'\n"
                "def outer(): yield from inner()\nit = outer()\nit.send(None)\nr = "
                "it.throw(ValueError)\n"),
            "");
  EXPECT_EQ(shown("r"), "'caught'");
}

TEST_F(GeneratorTest, StopIterationInsideBecomesRuntimeError) {
  EXPECT_EQ(run("def g():\n  yield 1\n  raise StopIteration\nlist(g())\n"),
            "RuntimeError: generator raised StopIteration");
  EXPECT_EQ(run("def g():\n  yield 1\n  raise StopIteration\nfor x in g(): pass\n"),
            "RuntimeError: generator raised StopIteration");
}

TEST_F(GeneratorTest, CloseRunsFinally) {
  EXPECT_EQ(run("log = []\ndef g():\n  try: yield 1\n  finally: log.append('closed')\nit = "
                "g()\nit.send(None)\nit.close()\n"),
            "");
  EXPECT_EQ(shown("log"), "['closed']");
}

TEST_F(GeneratorTest, DyingClosesIt) {
  EXPECT_EQ(run("log = []\ndef g():\n  try: yield 1\n  finally: log.append('closed')\nit = "
                "g()\nit.send(None)\ndel it\n"),
            "");
  EXPECT_EQ(shown("log"), "['closed']");
}

TEST_F(GeneratorTest, YieldingAtCloseIsRefused) {
  EXPECT_EQ(run("def g():\n  try: yield 1\n  except GeneratorExit: yield 2\nit = "
                "g()\nit.send(None)\nit.close()\n"),
            "RuntimeError: generator ignored GeneratorExit");
}

TEST_F(GeneratorTest, ItDoesNotRunInsideItself) {
  EXPECT_EQ(run("def g():\n  yield from it\nit = g()\nit.send(None)\n"),
            "ValueError: generator already executing");
}

TEST_F(GeneratorTest, ALongChainDiesOnASmallStack) {
  EXPECT_EQ(run("def g(inner):\n  yield 1\n  yield inner\nit = None\nfor i in range(100000):\n  it "
                "= g(it)\n  it.send(None)\n"
                "del it\n"),
            "");
}

TEST_F(GeneratorTest, ACoroutineIsAwaited) {
  EXPECT_EQ(run("async def one(): return 1\nasync def two(): return await one() + 1\nc = two()\n"
                "try: c.send(None)\nexcept StopIteration as e: v = e.value\n"),
            "");
  EXPECT_EQ(shown("v"), "2");
}

}  // namespace
}  // namespace ouro
