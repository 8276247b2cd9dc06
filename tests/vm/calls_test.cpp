// Calls of Python functions: how arguments reach parameters, and what is said when they do not.
#include "vm_fixture.h"

namespace ouro {
namespace {

class CallsTest : public VmTest {
 protected:
  void SetUp() override {
    VmTest::SetUp();
    ASSERT_EQ(run("def f(x): return x\n"
                  "def two(a, b=2): return a, b\n"
                  "def rest(a, *args, k=0, **kw): return a, args, k, kw\n"
                  "def only(a, /, b, *, c): return a, b, c\n"),
              "");
  }
};

TEST_F(CallsTest, PositionalArgumentsFillParametersInOrder) {
  EXPECT_EQ(value_of("two(1, 5)"), "(1, 5)");
}
TEST_F(CallsTest, DefaultsFillWhatIsLeft) { EXPECT_EQ(value_of("two(1)"), "(1, 2)"); }
TEST_F(CallsTest, KeywordsFindTheirParameter) { EXPECT_EQ(value_of("two(b=1, a=0)"), "(0, 1)"); }
TEST_F(CallsTest, SurplusGoesIntoTheRestParameters) {
  EXPECT_EQ(value_of("rest(1, 2, 3, k=4, z=5)"), "(1, (2, 3), 4, {'z': 5})");
}
TEST_F(CallsTest, StarArgumentsAreSpread) { EXPECT_EQ(value_of("two(*[1, 2])"), "(1, 2)"); }
TEST_F(CallsTest, DoubleStarArgumentsAreSpread) {
  EXPECT_EQ(value_of("two(1, **{'b': 3})"), "(1, 3)");
}

TEST_F(CallsTest, NamesAMissingArgument) {
  EXPECT_EQ(value_of("f()"), "TypeError: f() missing 1 required positional argument: 'x'");
}
TEST_F(CallsTest, NamesAMissingKeywordOnlyArgument) {
  EXPECT_EQ(value_of("only(1, 2)"),
            "TypeError: only() missing 1 required keyword-only argument: 'c'");
}
TEST_F(CallsTest, CountsSurplusArguments) {
  EXPECT_EQ(value_of("f(1, 2)"), "TypeError: f() takes 1 positional argument but 2 were given");
  EXPECT_EQ(value_of("two(1, 2, 3)"),
            "TypeError: two() takes from 1 to 2 positional arguments but 3 were given");
}
TEST_F(CallsTest, RefusesAnUnknownKeyword) {
  EXPECT_EQ(value_of("f(1, z=2)"), "TypeError: f() got an unexpected keyword argument 'z'");
}
TEST_F(CallsTest, RefusesASecondValue) {
  EXPECT_EQ(value_of("f(1, x=2)"), "TypeError: f() got multiple values for argument 'x'");
}
TEST_F(CallsTest, RefusesAPositionalOnlyParameterByName) {
  EXPECT_EQ(
      value_of("only(a=1, b=2, c=3)"),
      "TypeError: only() got some positional-only arguments passed as keyword arguments: 'a'");
}
TEST_F(CallsTest, RefusesToSpreadWhatIsNotIterable) {
  EXPECT_EQ(value_of("f(*1)"), "TypeError: f() argument after * must be an iterable, not int");
}

TEST_F(CallsTest, RecursionEndsAtTheLimit) {
  EXPECT_EQ(run("def deep(n): return deep(n + 1)\ndeep(0)\n"),
            "RecursionError: maximum recursion depth exceeded");
  EXPECT_EQ(value_of("f(1)"), "1");
}

TEST_F(CallsTest, ADeepLimitNeedsNoNativeStack) {
  ts_.recursion_limit = 200'000;
  EXPECT_EQ(run("def down(n): return 0 if n == 0 else down(n - 1)\nresult = down(150000)\n"), "");
}

}  // namespace
}  // namespace ouro
