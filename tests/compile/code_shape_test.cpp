// The instructions of statements and expressions, their exception tables, places and stack sizes.
#include "compile/stack_effect.h"
#include "compile_fixture.h"

namespace ouro {
namespace {

using CodeShapeTest = CompileTest;

TEST_F(CodeShapeTest, MethodCallsNeedNoBoundMethod) {
  EXPECT_EQ(function_ops("def f(a): return a.b(1, c=2)\n"),
            "Resume LoadFast LoadMethod LoadConst(1) LoadConst(2) KeywordNames(('c',)) Call:2 "
            "ReturnValue");
}

TEST_F(CodeShapeTest, FunctionsOfImportedModulesAreLoadedAsAttributes) {
  EXPECT_EQ(module_ops("import m\nm.f()\n"),
            "Resume LoadConst(0) LoadConst(None) ImportName StoreName PushNull LoadName LoadAttr:1 "
            "Call PopTop "
            "LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, AGlobalCalleeBringsItsNull) {
  EXPECT_EQ(function_ops("def f(): g()\n"),
            "Resume LoadGlobal:1 Call PopTop LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, ExchangeNeedsNoTuple) {
  EXPECT_EQ(function_ops("def f(a, b):\n  a, b = b, a\n"),
            "Resume LoadFast:1 LoadFast StoreFast:1 StoreFast LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, LoopsTestAtTheirEnd) {
  EXPECT_EQ(function_ops("def f(a):\n  while a: b\n"),
            "Resume LoadFast PopJumpIfFalse(9) LoadGlobal PopTop LoadFast PopJumpIfTrue(3) "
            "LoadConst(None) ReturnValue LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, JumpsBackAreMarked) {
  EXPECT_EQ(
      function_ops("def f(a):\n  for b in a:\n    if b: c\n"),
      "Resume LoadFast GetIter ForIter(10) StoreFast:1 LoadFast:1 PopJumpIfFalse(9) LoadGlobal "
      "PopTop JumpBackward(3) LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, ExceptForgetsItsName) {
  EXPECT_EQ(
      function_ops("def f():\n  try:a\n  except E as e: b\n"),
      "Resume LoadGlobal PopTop LoadConst(None) ReturnValue PushExcInfo LoadGlobal:2 CheckExcMatch "
      "PopJumpIfFalse(22) StoreFast LoadGlobal:4 PopTop PopExcept LoadConst(None) StoreFast "
      "DeleteFast "
      "LoadConst(None) ReturnValue LoadConst(None) StoreFast DeleteFast Reraise:1 Reraise Copy:3 "
      "PopExcept "
      "Reraise:1 | 1..3->5 depth 0 | 5..10->23 depth 1 lasti | 10..12->18 depth 1 lasti | "
      "18..23->23 depth 1 "
      "lasti");
}

TEST_F(CodeShapeTest, WithCallsExitOnBothWays) {
  EXPECT_EQ(
      function_ops("def f(a):\n  with a as b: c\n"),
      "Resume LoadFast BeforeWith StoreFast:1 LoadGlobal PopTop LoadConst(None) LoadConst(None) "
      "LoadConst(None) Call:2 PopTop LoadConst(None) ReturnValue PushExcInfo WithExceptStart "
      "PopJumpIfTrue(20) Reraise:2 Copy:3 PopExcept Reraise:1 PopTop PopExcept PopTop PopTop "
      "LoadConst(None) "
      "ReturnValue | 3..6->13 depth 1 lasti | 13..17->17 depth 3 lasti | 20..21->17 depth 3 lasti");
}

TEST_F(CodeShapeTest, GeneratorsStartByMakingThemselves) {
  Ref<Code> module = compile("def f(a):\n  def g():\n    yield a\n").take();
  EXPECT_EQ(ops(inner(module, {0, 0})),
            "CopyFreeVars:1 ReturnGenerator PopTop Resume LoadDeref YieldValue Resume:1 PopTop "
            "LoadConst(None) "
            "ReturnValue");
  EXPECT_EQ(inner(module, {0, 0})->flags, kOptimized | kNewLocals | kNested | kGenerator);
}

TEST_F(CodeShapeTest, ComprehensionsGetTheirIterator) {
  EXPECT_EQ(module_ops("[x for x in y]\n"),
            "Resume LoadConst(code <listcomp>) MakeFunction LoadName GetIter Call PopTop "
            "LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, ClassBodiesFillTheirNamespace) {
  EXPECT_EQ(function_ops("class A:\n  'doc'\n  x: int = 1\n"),
            "Resume LoadName StoreName:1 LoadConst('A') StoreName:2 SetupAnnotations "
            "LoadConst('doc') StoreName:3 "
            "LoadConst(1) StoreName:4 LoadName:5 LoadName:6 LoadConst('x') StoreSubscript "
            "LoadConst(None) "
            "ReturnValue");
}

TEST_F(CodeShapeTest, CapturesWaitUntilTheWholePatternMatched) {
  EXPECT_EQ(function_ops("def f(x):\n  match x:\n    case [a, 1]: b\n"),
            "Resume LoadFast MatchSequence PopJumpIfFalse(18) GetLen LoadConst(2) CompareOp:2 "
            "PopJumpIfFalse(18) "
            "UnpackSequence:2 Swap:2 LoadConst(1) CompareOp:2 PopJumpIfFalse(18) StoreFast:1 "
            "LoadGlobal PopTop "
            "LoadConst(None) ReturnValue PopTop LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, PlacesCoverTheExpression) {
  Ref<Code> module = compile("x = (a +\n     b)\n").take();
  const CodeLocation* place = nullptr;
  for (std::uint32_t i = 0; i < module->instruction_count; ++i) {
    if (instr_opcode(module->instructions[i]) == Opcode::BinaryOp) place = module->location_of(i);
  }
  ASSERT_NE(place, nullptr);
  EXPECT_EQ(place->line, 1);
  EXPECT_EQ(place->column, 5);
  EXPECT_EQ(place->end_line, 2);
  EXPECT_EQ(place->end_column, 6);
}

TEST_F(CodeShapeTest, EvalGivesItsValueAndThePromptPrintsIt) {
  options_.mode = CompileMode::Eval;
  EXPECT_EQ(module_ops("a"), "Resume LoadName ReturnValue");
  options_.mode = CompileMode::Single;
  EXPECT_EQ(module_ops("a\n"), "Resume LoadName PrintExpr LoadConst(None) ReturnValue");
}

TEST_F(CodeShapeTest, StackEffectsResolveTheArgument) {
  EXPECT_EQ(stack_effect(static_cast<std::uint8_t>(Opcode::Call), 2, false), -3);
  EXPECT_EQ(stack_effect(static_cast<std::uint8_t>(Opcode::ForIter), 0, true), -1);
  EXPECT_EQ(stack_effect(static_cast<std::uint8_t>(Opcode::ForIter), 0, false), 1);
  EXPECT_EQ(stack_effect(static_cast<std::uint8_t>(Opcode::LoadGlobal), 1, false), 2);
}

TEST_F(CodeShapeTest, TheListingShowsNestedCodeAndHandlers) {
  Ref<Code> module = compile("def f():\n  try: a\n  finally: b\n").take();
  std::string listing = text_of(disassemble(ts_, module).take());
  EXPECT_NE(listing.find("code f: stack"), listing.npos);
  EXPECT_NE(listing.find("LoadGlobal           0 (a)"), listing.npos);
  EXPECT_NE(listing.find("handler"), listing.npos);
}

}  // namespace
}  // namespace ouro
