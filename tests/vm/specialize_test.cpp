// Specialisation: when instructions change their form, and that they find their way back.
#include "vm/specialize.h"

#include "objects/float.h"
#include "objects/int.h"
#include "vm_fixture.h"

namespace ouro {
namespace {

class SpecializeTest : public VmTest {};

TEST_F(SpecializeTest, TheFirstLookComesAfterTheWarmUp) {
  Instr counter = 0;
  for (Instr i = 1; i < kWarmUp; ++i) EXPECT_FALSE(specialization_due(counter));
  EXPECT_TRUE(specialization_due(counter));
}

TEST_F(SpecializeTest, EachFailureDoublesTheWait) {
  Instr counter = 0;
  back_off(counter);
  int executions = 1;
  while (!specialization_due(counter)) ++executions;
  EXPECT_EQ(executions, 2 * static_cast<int>(kWarmUp));
}

TEST_F(SpecializeTest, TheWaitIsBounded) {
  Instr counter = 0;
  for (int i = 0; i < 100; ++i) back_off(counter);
  EXPECT_EQ(counter >> 16, kMostBackOff);
}

TEST_F(SpecializeTest, OperandsDecideTheFormOfAnAddition) {
  Instr code[] = {make_instr(Opcode::BinaryOp, static_cast<std::uint32_t>(BinaryOp::Add)), 0};
  Ref<Int> number = Int::from(ts_, 1000).take();
  specialize_binary_op(code, number, number);
  EXPECT_EQ(instr_opcode(code[0]), Opcode::BinaryAddInt);
  generalize(code, Opcode::BinaryOp);
  Ref<Float> real = Float::from(ts_, 1.0).take();
  specialize_binary_op(code, number, real);
  EXPECT_EQ(instr_opcode(code[0]), Opcode::BinaryOp);
}

TEST_F(SpecializeTest, EveryFormHasTheCachesOfItsGeneralInstruction) {
  const Opcode forms[] = {
#define OURO_OPCODE(name, caches, effect, sentence) Opcode::name,
#include "compile/specialized.def"
#undef OURO_OPCODE
  };
  for (Opcode form : forms) {
    const Opcode general = general_opcode(form);
    EXPECT_NE(general, form);
    EXPECT_EQ(kCacheUnits[static_cast<int>(form)], kCacheUnits[static_cast<int>(general)]);
  }
}

}  // namespace
}  // namespace ouro
