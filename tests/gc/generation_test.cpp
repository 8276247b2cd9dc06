// Generations: logs and their compaction, thresholds, the rule of a quarter, ageing, freezing,
// stress.
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

using Access = CollectorTestAccess;

TEST(GenerationLog, LeavingMakesHolesAndTheLastEntryNone) {
  World world;
  Node* a = world.make();
  Node* b = world.make();
  Node* c = world.make();
  GenerationLog& log = Access::log(world.collector(), 0);
  World::drop(c);
  EXPECT_EQ(log.size(), 2u);
  World::drop(a);
  EXPECT_EQ(log.size(), 2u);
  EXPECT_EQ(log.holes(), 1u);
  EXPECT_EQ(log.live(), 1u);
  EXPECT_WORLD_SOUND(world);
  log.compact();
  EXPECT_EQ(log.holes(), 0u);
  EXPECT_EQ(b->gc_payload(), 0u);
  EXPECT_WORLD_SOUND(world);
  World::drop(b);
}

TEST(GenerationLog, IsCompactedInsteadOfGrownWhenHolesOutnumberObjects) {
  World world;
  world.collector().set_enabled(false);
  std::vector<Node*> nodes;
  GenerationLog& log = Access::log(world.collector(), 0);
  do nodes.push_back(world.make());
  while (!log.full());
  const std::size_t capacity = Access::capacity(log);
  for (std::size_t i = 0; i < nodes.size() * 2 / 3; ++i) World::drop(nodes[i]);
  Node* last = world.make();
  EXPECT_EQ(Access::capacity(log), capacity);
  EXPECT_EQ(log.holes(), 0u);
  EXPECT_EQ(log.items()[log.size() - 1], last);
  EXPECT_WORLD_SOUND(world);
}

TEST(Tracking, AnUntrackedObjectIsLeftAlone) {
  World world;
  world.make_ring(2);
  Node* one = *world.alive.begin();
  world.collector().untrack(one);
  EXPECT_FALSE(one->is_tracked());
  world.collector().untrack(one);
  EXPECT_EQ(world.collect(), 0u) << "its reference now comes from outside";
  EXPECT_TRUE(world.collector().track(one));
  EXPECT_EQ(world.collect(), 2u);
}

TEST(Tracking, ATypeMayTakeItsSurvivorsOutOfSight) {
  World world;
  Node* empty = world.make(world.watched);
  Node* full = world.make(world.watched);
  World::link(full, empty);
  world.collect(0);
  EXPECT_FALSE(empty->is_tracked());
  EXPECT_EQ(full->gc_state(), GcState::Gen1);
  EXPECT_WORLD_SOUND(world);
}

TEST(Thresholds, ACollectionStartsInsideTheAllocationThatPassesTheFirst) {
  World world;
  world.collector().set_threshold(0, 10);
  for (int i = 0; i < 10; ++i) world.make();
  EXPECT_TRUE(world.phases.empty());
  world.make();
  EXPECT_EQ(world.phases, (std::vector<std::string>{"start 0", "stop 0 0 0"}));
  EXPECT_EQ(world.collector().count(0), 0);
  EXPECT_EQ(world.collector().count(1), 1);
  EXPECT_EQ(world.collector().live(0), 1u) << "who is being born is not in it yet";
}

/// Generations of the collections that `count` kept nodes start.
std::string collections(World& world, int count) {
  for (int i = 0; i < count; ++i) world.make();
  std::string result;
  for (const std::string& phase : world.phases) {
    if (phase.starts_with("start")) result += phase.back();
  }
  return result;
}

TEST(Thresholds, OlderGenerationsFollowWhenYoungerOnesRanOftenEnough) {
  World world;
  for (int i = 0; i < 3; ++i) world.collector().set_threshold(i, i == 0 ? 10 : 2);
  EXPECT_EQ(collections(world, 170), "000100010001200");
}

TEST(Thresholds, ZeroOrDisabledMeansNever) {
  World world;
  world.collector().set_threshold(0, 0);
  EXPECT_EQ(collections(world, 100), "");
  world.collector().set_threshold(0, 10);
  world.collector().set_enabled(false);
  EXPECT_EQ(collections(world, 100), "");
  EXPECT_EQ(world.collector().count(0), 200);
}

/// How many objects are made, all of them kept, until a full collection comes of itself, when 1000
/// are old already.
int made_until_full(World& world) {
  world.collector().set_threshold(0, 10);
  world.collector().set_threshold(1, 1);
  world.collector().set_threshold(2, 1);
  world.collector().set_enabled(false);
  for (int i = 0; i < 1000; ++i) world.make();
  world.collect();
  world.phases.clear();
  world.collector().set_enabled(true);
  EXPECT_EQ(Access::total(world.collector()), 1000u);
  int made = 0;
  while (world.collector().stats(2).collections == 1) {
    world.make();
    ++made;
  }
  EXPECT_EQ(Access::pending(world.collector()), 0u);
  return made;
}

TEST(Thresholds, AFullCollectionWaitsForAQuarterOfTheLongLived) {
  World world;
  const int made = made_until_full(world);
  // The first full one for which at least 250 have come through generation 1 since.
  EXPECT_GT(made, 250);
  EXPECT_LT(made, 300);
  EXPECT_GE(Access::total(world.collector()), 1250u);
}

TEST(Thresholds, OrForAsMuchAsIsAskedFor) {
  World world;
  world.collector().set_growth_percent(100);
  const int made = made_until_full(world);
  EXPECT_GT(made, 1000);
  EXPECT_LT(made, 1050);
}

TEST(Ageing, SurvivorsMoveOneGenerationUp) {
  World world;
  Node* node = world.make();
  EXPECT_EQ(node->gc_state(), GcState::Gen0);
  world.collect(0);
  EXPECT_EQ(node->gc_state(), GcState::Gen1);
  world.collect(0);
  EXPECT_EQ(node->gc_state(), GcState::Gen1);
  world.collect(1);
  EXPECT_EQ(node->gc_state(), GcState::Gen2);
  world.collect(2);
  EXPECT_EQ(node->gc_state(), GcState::Gen2);
}

TEST(Ageing, GarbageWaitsForACollectionOfItsGeneration) {
  World world;
  Node* keeper = world.make();
  World::link(keeper, keeper);
  world.collect(1);
  World::drop(keeper);
  EXPECT_EQ(world.collect(0), 0u);
  EXPECT_EQ(world.collect(1), 0u);
  EXPECT_EQ(world.collect(2), 1u);
}

TEST(Ageing, StatisticsAddUpPerGeneration) {
  World world;
  world.make_ring(3);
  world.collect(0);
  world.make_ring(2);
  world.collect(2);
  EXPECT_EQ(world.collector().stats(0).collections, 1u);
  EXPECT_EQ(world.collector().stats(0).collected, 3u);
  EXPECT_EQ(world.collector().stats(1).collections, 0u);
  EXPECT_EQ(world.collector().stats(2).collected, 2u);
  EXPECT_EQ(world.phases,
            (std::vector<std::string>{"start 0", "stop 0 3 0", "start 2", "stop 2 2 0"}));
}

TEST(Freezing, TakesEverythingOutOfReachAndBack) {
  World world;
  world.collect(0);
  world.make_ring(3);
  Node* kept = world.make();
  world.collector().freeze();
  EXPECT_EQ(world.collector().frozen(), 4u);
  EXPECT_EQ(kept->gc_state(), GcState::Permanent);
  EXPECT_EQ(world.collector().count(1), 0);
  EXPECT_WORLD_SOUND(world);
  EXPECT_EQ(world.collect(), 0u);
  world.collector().unfreeze();
  EXPECT_EQ(world.collector().frozen(), 0u);
  EXPECT_EQ(kept->gc_state(), GcState::Gen2);
  EXPECT_EQ(world.collect(), 3u);
  world.collector().freeze();
  World::drop(kept);
  EXPECT_EQ(world.collector().frozen(), 0u);
}

TEST(Stress, CollectsButDoesNotAgeCountOrTell) {
  World world;
  world.collector().set_stress(1);
  Node* kept = world.make();
  world.make_ring(3);
  Node* second = world.make();
  EXPECT_EQ(world.deaths.size(), 3u);
  EXPECT_EQ(kept->gc_state(), GcState::Gen0);
  EXPECT_EQ(second->gc_state(), GcState::Gen0);
  EXPECT_EQ(world.collector().count(0), 5)
      << "the dead still count: without stress they would be there";
  EXPECT_EQ(world.collector().count(1), 0);
  EXPECT_EQ(world.collector().stats(0).collections, 0u);
  EXPECT_TRUE(world.phases.empty());
  EXPECT_EQ(world.collect(0), 3u) << "the next real collection is credited";
  EXPECT_EQ(world.phases.back(), "stop 0 3 0");
}

TEST(Stress, EveryNthAllocation) {
  World world;
  world.collector().set_stress(4);
  world.make_ring(3);
  EXPECT_TRUE(world.deaths.empty());
  world.make();
  EXPECT_EQ(world.deaths.size(), 3u);
}

}  // namespace
}  // namespace ouro::gc
