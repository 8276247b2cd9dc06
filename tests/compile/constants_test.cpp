// Constants: what is merged, what stays apart, what is interned.
#include "compile/constants.h"

#include "compile_fixture.h"

namespace ouro {
namespace {

using ConstantsTest = CompileTest;

TEST_F(ConstantsTest, EqualConstantsOfDifferentTypesStayApart) {
  Ref<Code> module =
      compile("a = 1; b = 1.0; c = True; d = 1; e = 0.0; f = -0.0; g = 0.0\n").take();
  EXPECT_EQ(repr(module->consts), "(1, 1.0, True, 0.0, -0.0, None)");
}

TEST_F(ConstantsTest, TuplesAreMergedByTheTypesOfTheirItems) {
  Ref<Code> module = compile("a = (1, 2); b = (1, 2.0); c = (1, 2); d = (True, 2)\n").take();
  EXPECT_EQ(repr(module->consts), "((1, 2), (1, 2.0), (True, 2), None)");
}

TEST_F(ConstantsTest, NestedFunctionsShareTheObjects) {
  Ref<Code> module = compile("x = 'two words', 12345\ndef f(): return 'two words', 12345\n").take();
  EXPECT_EQ(module->consts->at(0), inner(module, {0})->consts->at(1));
}

TEST_F(ConstantsTest, TextsLikeNamesAreInterned) {
  Ref<Code> module = compile("x = ('abc_1', 'a b')\n").take();
  auto* pair = as<Tuple>(module->consts->at(0));
  EXPECT_TRUE(as<Str>(pair->at(0))->is_interned());
  EXPECT_FALSE(as<Str>(pair->at(1))->is_interned());
}

TEST_F(ConstantsTest, TheFirstConstantOfAFunctionIsItsDocstringOrNone) {
  EXPECT_EQ(repr(inner(compile("def f():\n  'doc'\n  return 'x'\n").take(), {0})->consts),
            "('doc', 'x')");
  EXPECT_EQ(repr(inner(compile("def f():\n  return 'x'\n").take(), {0})->consts), "(None, 'x')");
}

TEST_F(ConstantsTest, DocstringsGoWithOptimizeTwo) {
  options_.optimize = 2;
  EXPECT_EQ(repr(inner(compile("def f():\n  'doc'\n  return 'x'\n").take(), {0})->consts),
            "(None, 'x')");
}

}  // namespace
}  // namespace ouro
