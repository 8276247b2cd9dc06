// Scopes: which variables are local, cells, free or global, and what may not be declared.
#include "compile/symbol_table.h"

#include "compile_fixture.h"

namespace ouro {
namespace {

using SymbolTableTest = CompileTest;

TEST_F(SymbolTableTest, ArgumentsThatAreCellsKeepTheirSlot) {
  Ref<Code> module = compile("def f(a, b):\n  c = 1\n  return lambda: (b, c, a)\n").take();
  Code* function = inner(module, {0});
  EXPECT_EQ(names(function->local_names), "a b c");
  EXPECT_EQ(function->variable_count, 2);
  EXPECT_EQ(function->cell_count, 1);
  EXPECT_EQ(function->local_kinds[1], 3);  // Local | Cell
  EXPECT_EQ(function->local_kinds[2], 2);  // Cell
  EXPECT_EQ(names(inner(module, {0, 0})->local_names), "a b c");
  EXPECT_EQ(inner(module, {0, 0})->free_count, 3);
}

TEST_F(SymbolTableTest, FreeVariablesPassThroughTheFunctionsBetween) {
  Ref<Code> module = compile("def f(a):\n  def g():\n    def h(): return a\n").take();
  EXPECT_EQ(names(inner(module, {0, 0})->local_names), "h a");
  EXPECT_EQ(inner(module, {0, 0})->free_count, 1);
}

TEST_F(SymbolTableTest, SuperMakesTheClassCell) {
  Ref<Code> module = compile("class A:\n  def m(self): super().m()\n").take();
  EXPECT_EQ(names(inner(module, {0})->local_names), "__class__");
  EXPECT_EQ(names(inner(module, {0, 0})->local_names), "self __class__");
}

TEST_F(SymbolTableTest, PrivateNamesAreMangled) {
  Ref<Code> module = compile("class _A:\n  def m(self, __p): return self.__q, __r__, __p\n").take();
  EXPECT_EQ(names(inner(module, {0, 0})->local_names), "self _A__p");
  EXPECT_EQ(names(inner(module, {0, 0})->names), "_A__q __r__");
}

TEST_F(SymbolTableTest, QualnamesFollowTheScopes) {
  Ref<Code> module =
      compile("class A:\n  def m(self):\n    return [lambda: 1 for x in y]\n").take();
  EXPECT_EQ(text_of(inner(module, {0, 0, 0, 0})->qualname), "A.m.<locals>.<listcomp>.<lambda>");
}

TEST_F(SymbolTableTest, DeclarationsAfterUseAreErrors) {
  EXPECT_EQ(error("def f():\n  x = 1\n  global x\n"),
            "SyntaxError 3:3-3:11: name 'x' is assigned to before global declaration");
  EXPECT_EQ(error("def f():\n  print(x)\n  global x\n"),
            "SyntaxError 3:3-3:11: name 'x' is used prior to global declaration");
  EXPECT_EQ(error("def f(x):\n  global x\n"),
            "SyntaxError 2:3-2:11: name 'x' is parameter and global");
  EXPECT_EQ(error("def f():\n  global x\n  x: int\n"),
            "SyntaxError 3:3-3:9: annotated name 'x' can't be global");
}

TEST_F(SymbolTableTest, NonlocalNeedsABinding) {
  EXPECT_EQ(error("def f():\n  nonlocal x\n"),
            "SyntaxError 2:3-2:13: no binding for nonlocal 'x' found");
  EXPECT_EQ(error("nonlocal x\n"),
            "SyntaxError 1:1-1:11: nonlocal declaration not allowed at module level");
  EXPECT_EQ(error("def f():\n  global x\n  def g():\n    nonlocal x\n"),
            "SyntaxError 4:5-4:15: no binding for nonlocal 'x' found");
}

TEST_F(SymbolTableTest, NamedExpressionsBindOutsideTheComprehension) {
  Ref<Code> module = compile("def f(z):\n  [y := x for x in z]\n  return y\n").take();
  EXPECT_EQ(names(inner(module, {0})->local_names), "z y");
  EXPECT_EQ(error("[i := 0 for i in x]\n"),
            "SyntaxError 1:2-1:3: assignment expression cannot rebind comprehension iteration "
            "variable 'i'");
  EXPECT_EQ(error("class A:\n  [j := 0 for i in x]\n"),
            "SyntaxError 2:4-2:5: assignment expression within a comprehension cannot be used in a "
            "class body");
  EXPECT_EQ(error("[j for i in x for j in (k := 3)]\n"),
            "SyntaxError 1:25-1:31: assignment expression cannot be used in a comprehension "
            "iterable expression");
}

}  // namespace
}  // namespace ouro
