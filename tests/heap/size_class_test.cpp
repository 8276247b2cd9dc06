#include "heap/size_class.h"

#include <gtest/gtest.h>

namespace ouro::heap {
namespace {

class SizeClassesOf : public testing::TestWithParam<std::size_t> {
 protected:
  Geometry geometry_{.arena_bytes = GetParam() * 16 < 4096 ? 4096 : GetParam() * 16,
                     .pool_bytes = GetParam()};
  SizeClasses classes_{geometry_};
};

TEST_P(SizeClassesOf, EachRequestGetsTheSmallestClassThatHoldsIt) {
  for (std::size_t bytes = 0; bytes <= classes_.max_bytes(); ++bytes) {
    const std::size_t c = classes_.class_for(bytes);
    ASSERT_LT(c, classes_.count()) << bytes;
    ASSERT_GE(classes_.block_bytes(c), bytes);
    if (c > 1) {
      ASSERT_LT(classes_.block_bytes(c - 1), bytes);
    }
  }
}

TEST_P(SizeClassesOf, APoolHoldsTwoBlocksOfEveryClass) {
  for (std::size_t c = 0; c < classes_.count(); ++c) EXPECT_GE(classes_.blocks_per_pool(c), 2u);
}

INSTANTIATE_TEST_SUITE_P(PoolBytes, SizeClassesOf,
                         testing::Values(256, 512, 1024, 4096, 16384, 65536));

TEST(SizeClasses, SmallBlocksWasteLessThanEightBytes) {
  const SizeClasses classes{Geometry{}};
  for (std::size_t bytes = 1; bytes <= kSmallMaxBytes; ++bytes) {
    EXPECT_LT(classes.block_bytes(classes.class_for(bytes)) - bytes, 8u);
  }
}

TEST(SizeClassesDeathTest, AGeometryWhoseArenaHasTooManyPoolsIsRefused) {
  EXPECT_DEATH(SizeClasses(Geometry{.arena_bytes = 1 << 20, .pool_bytes = 4096}), "geometry");
}

}  // namespace
}  // namespace ouro::heap
