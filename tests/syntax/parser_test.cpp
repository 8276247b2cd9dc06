// Trees, compared with what ast.dump() of Python 3.11 prints.
#include "syntax/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "syntax/parse_helpers.h"

namespace ouro::syntax {
namespace {

using testing::error_of;
using testing::expression_of;
using testing::tree_of;

TEST(Parser, BindsOperatorsByPrecedence) {
  EXPECT_EQ(
      expression_of("a + b * -c ** d"),
      "BinOp(left=Name(id='a', ctx=Load()), op=Add(), right=BinOp(left=Name(id='b', ctx=Load()), "
      "op=Mult(), right=UnaryOp(op=USub(), operand=BinOp(left=Name(id='c', ctx=Load()), op=Pow(), "
      "right=Name(id='d', ctx=Load())))))");
}

TEST(Parser, ChainsComparisons) {
  EXPECT_EQ(
      expression_of("a not in b is not c"),
      "Compare(left=Name(id='a', ctx=Load()), ops=[NotIn(), IsNot()], comparators=[Name(id='b', "
      "ctx=Load()), Name(id='c', ctx=Load())])");
}

TEST(Parser, SortsCallArguments) {
  EXPECT_EQ(expression_of("f(a, *b, c=d, **e)"),
            "Call(func=Name(id='f', ctx=Load()), args=[Name(id='a', ctx=Load()), "
            "Starred(value=Name(id='b', ctx=Load()), ctx=Load())], keywords=[keyword(arg='c', "
            "value=Name(id='d', ctx=Load())), keyword(value=Name(id='e', ctx=Load()))])");
}

TEST(Parser, TellsGroupsTuplesAndGenerators) {
  EXPECT_EQ(expression_of("(a)"), "Name(id='a', ctx=Load())");
  EXPECT_EQ(expression_of("(a,)"), "Tuple(elts=[Name(id='a', ctx=Load())], ctx=Load())");
  EXPECT_EQ(
      expression_of("(a for a in b if c)"),
      "GeneratorExp(elt=Name(id='a', ctx=Load()), generators=[comprehension(target=Name(id='a', "
      "ctx=Store()), iter=Name(id='b', ctx=Load()), ifs=[Name(id='c', ctx=Load())], is_async=0)])");
}

TEST(Parser, ReadsSlices) {
  EXPECT_EQ(
      expression_of("a[1:2, ::3]"),
      "Subscript(value=Name(id='a', ctx=Load()), slice=Tuple(elts=[Slice(lower=Constant(value=1), "
      "upper=Constant(value=2)), Slice(step=Constant(value=3))], ctx=Load()), ctx=Load())");
}

TEST(Parser, KeepsTheOrderOfParameters) {
  EXPECT_EQ(
      expression_of("lambda a, /, b=1, *c, d, e=2, **f: 0"),
      "Lambda(args=arguments(posonlyargs=[arg(arg='a')], args=[arg(arg='b')], vararg=arg(arg='c'), "
      "kwonlyargs=[arg(arg='d'), arg(arg='e')], kw_defaults=[None, Constant(value=2)], "
      "kwarg=arg(arg='f'), defaults=[Constant(value=1)]), body=Constant(value=0))");
}

TEST(Parser, MarksTargets) {
  EXPECT_EQ(
      tree_of("a, *b.c = d[0] = e"),
      "Module(body=[Assign(targets=[Tuple(elts=[Name(id='a', ctx=Store()), "
      "Starred(value=Attribute(value=Name(id='b', ctx=Load()), attr='c', ctx=Store()), "
      "ctx=Store())], ctx=Store()), Subscript(value=Name(id='d', ctx=Load()), "
      "slice=Constant(value=0), ctx=Store())], value=Name(id='e', ctx=Load()))], type_ignores=[])");
}

TEST(Parser, KnowsASimpleAnnotationFromAParenthesisedOne) {
  EXPECT_NE(tree_of("a: int").find("simple=1"), std::string::npos);
  EXPECT_NE(tree_of("(a): int").find("simple=0"), std::string::npos);
}

TEST(Parser, NestsElifInOrelseWithOneCommonEnd) {
  std::string tree = tree_of("if a: b\nelif c: d\nelse: e\n", {}, true);
  EXPECT_NE(tree.find("orelse=[If("), std::string::npos);
  EXPECT_NE(tree.find("lineno=2, col_offset=0, end_lineno=3, end_col_offset=7)"),
            std::string::npos);
  EXPECT_NE(tree.find("lineno=1, col_offset=0, end_lineno=3, end_col_offset=7)"),
            std::string::npos);
}

TEST(Parser, ReadsParenthesisedWithItems) {
  std::string two = tree_of("with (a as b, c): pass");
  EXPECT_NE(two.find("items=[withitem(context_expr=Name(id='a', ctx=Load()), "
                     "optional_vars=Name(id='b', ctx=Store())), withitem("),
            std::string::npos);
  EXPECT_NE(tree_of("with (a, b).c: pass").find("items=[withitem(context_expr=Attribute("),
            std::string::npos);
}

TEST(Parser, TreatsMatchAsANameWhereItIsOne) {
  EXPECT_EQ(
      tree_of("match = 1\n"),
      "Module(body=[Assign(targets=[Name(id='match', ctx=Store())], value=Constant(value=1))], "
      "type_ignores=[])");
  EXPECT_NE(tree_of("match(x)\n").find("Expr(value=Call("), std::string::npos);
  EXPECT_NE(tree_of("match (x):\n  case _: pass\n").find("Match(subject=Name(id='x'"),
            std::string::npos);
}

TEST(Parser, ReadsEveryPattern) {
  EXPECT_EQ(
      tree_of("match x:\n case {'k': -1, **r} | [a, *_] | C(b.c, d=None) as e if f: pass\n"),
      "Module(body=[Match(subject=Name(id='x', ctx=Load()), cases=[match_case(pattern=MatchAs("
      "pattern=MatchOr(patterns=[MatchMapping(keys=[Constant(value='k')], patterns=[MatchValue("
      "value=UnaryOp(op=USub(), operand=Constant(value=1)))], rest='r'), MatchSequence(patterns=["
      "MatchAs(name='a'), MatchStar()]), MatchClass(cls=Name(id='C', ctx=Load()), patterns=["
      "MatchValue(value=Attribute(value=Name(id='b', ctx=Load()), attr='c', ctx=Load()))], "
      "kwd_attrs=['d'], kwd_patterns=[MatchSingleton(value=None)])]), name='e'), "
      "guard=Name(id='f', "
      "ctx=Load()), body=[Pass()])])], type_ignores=[])");
}

TEST(Parser, ReadsImports) {
  EXPECT_EQ(
      tree_of("from ...a . b import (c as d, e,)\nimport f.g as h"),
      "Module(body=[ImportFrom(module='a.b', names=[alias(name='c', asname='d'), alias(name='e')], "
      "level=3), Import(names=[alias(name='f.g', asname='h')])], type_ignores=[])");
}

TEST(Parser, ReadsNumbers) {
  EXPECT_EQ(expression_of("0xFF_ff"), "Constant(value=65535)");
  EXPECT_EQ(expression_of("1_000.5e-3"), "Constant(value=1.0005)");
  EXPECT_EQ(expression_of("1e999"), "Constant(value=inf)");
  EXPECT_EQ(expression_of("2.50j"), "Constant(value=2.5j)");
  EXPECT_EQ(expression_of("0b" + std::string(100, '1')),
            "Constant(value=1267650600228229401496703205375)");
}

TEST(Parser, NormalisesIdentifiers) { EXPECT_EQ(expression_of("ﬁ"), "Name(id='fi', ctx=Load())"); }

TEST(Parser, TakesLongChainsWithoutNesting) {
  std::string sum = "x";
  for (int i = 0; i < 100000; ++i) sum += "+x";
  EXPECT_EQ(error_of(sum), "ok");
  std::string chain = "if x: y\n";
  for (int i = 0; i < 50000; ++i) chain += "elif x: y\n";
  EXPECT_EQ(error_of(chain), "ok");
}

TEST(Parser, RunsOutOfLevelsAsPythonDoes) {
  for (const char* unit : {"-", "not ", "lambda: ", "a**", "1 if 1 else "}) {
    std::string text;
    for (int i = 0; i < 10000; ++i) text += unit;
    ParseResult result = testing::parse_text(text + "1");
    ASSERT_TRUE(result.failure) << unit;
    EXPECT_EQ(result.failure->kind, FailureKind::MemoryError) << unit;
  }
}

TEST(Parser, FailingInsideManyBracketsStaysLinear) {
  for (const char* open : {"f(", "{1:", "[", "f(*", "f(a=1,", "a["}) {
    std::string text;
    std::string close;
    for (int i = 0; i < 150; ++i) {
      text += open;
      char last = std::string_view(open).find('(') != std::string_view::npos   ? ')'
                  : std::string_view(open).find('{') != std::string_view::npos ? '}'
                                                                               : ']';
      close += last;
    }
    EXPECT_TRUE(
        error_of(text + "a b" + close).starts_with("invalid syntax. Perhaps you forgot a comma?"))
        << open;
  }
}

/// Gives out `left` allocations, then none.
class Stingy : public std::pmr::memory_resource {
 public:
  explicit Stingy(int left) : left_(left) {}

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (left_-- <= 0) throw std::bad_alloc();
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* p, std::size_t bytes, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(p, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  int left_;
};

TEST(Parser, ReportsEveryFailedAllocationAsOutOfMemory) {
  const std::string source = "def f(a, *b: int):\n  return f'{a!r:>{b}} \\d' + (a b)\n{1:2}\n";
  bool finished = false;
  for (int n = 0; n < 2000 && !finished; ++n) {
    Stingy memory(n);
    ParseResult result = parse(source, {}, memory);
    ASSERT_TRUE(result.failure);
    finished = result.failure->kind != FailureKind::OutOfMemory;
  }
  EXPECT_TRUE(finished);
}

TEST(Parser, GivesATreeOrAnErrorForEveryPrefix) {
  const std::string source =
      "@d(a)\nclass C(B, m=1):\n  '''doc'''\n  async def f(self, /, *a, k=1, **w) -> x:\n"
      "    async with a as (b, c), d: pass\n    return [i async for i in (yield) if i]\n"
      "match a, *b:\n  case {1: [x, *_], **r} | P(q=-1+2j) as z if z: del a[1:], (b, c.d)\n"
      "try:\n  x: int = f'{a!r:>{w}} {b=}' rb'c' \\\n    'd'\nexcept* (A, B) as e:\n  raise A from "
      "e\n"
      "finally:\n  global g; lambda *a, b=1: {**a, 'c': {d, *e}}\n";
  for (std::size_t size = 0; size <= source.size(); ++size) {
    for (ParseMode mode : {ParseMode::File, ParseMode::Single, ParseMode::Eval}) {
      ParseOptions options;
      options.mode = mode;
      ParseResult result = testing::parse_text(source.substr(0, size), options);
      EXPECT_TRUE(result.ok() || result.failure);
    }
  }
  EXPECT_NE(error_of(source), "ok");  // bytes and str are mixed
}

}  // namespace
}  // namespace ouro::syntax
