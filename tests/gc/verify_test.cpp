// The verifier names the rule that was broken on purpose, and finds nothing else to say.
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

using Access = CollectorTestAccess;

class Verify : public testing::Test {
 protected:
  Verify() {
    a_ = world_.make();
    b_ = world_.make();
    World::link(a_, b_);
    old_ = world_.make();
    world_.collector().untrack(old_);
    world_.collect(0);
    EXPECT_TRUE(world_.collector().track(old_));
    world_.collector().collect({.generation = 2});
    young_ = world_.make();
    EXPECT_EQ(world_.broken(), "");
  }
  ~Verify() override { EXPECT_EQ(world_.broken(), "") << "the damage was not undone"; }

  /// The rule `what` breaks, while the word or field it changes is put back afterwards.
  template <class T, class Break>
  std::string broken_by(T& field, Break what) {
    const T before = field;
    what(field);
    const std::string rule = world_.broken();
    field = before;
    return rule;
  }

  World world_;
  Node* a_;
  Node* b_;
  Node* old_;
  Node* young_;
};

TEST_F(Verify, G1IndexOfAnother) {
  EXPECT_EQ(broken_by(b_->gc_word, [&](auto&) { b_->set_gc_payload(b_->gc_payload() + 1); }), "G1");
}
TEST_F(Verify, G1GenerationOfAnother) {
  EXPECT_EQ(broken_by(young_->gc_word, [&](auto&) { young_->set_gc_state(GcState::Gen2); }), "G1");
}
TEST_F(Verify, G1UntrackedButInALog) {
  EXPECT_EQ(broken_by(young_->gc_word, [&](auto&) { young_->set_gc_state(GcState::Untracked); }),
            "G1");
}
TEST_F(Verify, G1AHoleThatIsNotCounted) {
  GenerationLog& log = Access::log(world_.collector(), 2);
  EXPECT_EQ(broken_by(log.items()[0], [](Header*& entry) { entry = nullptr; }), "G1");
}
TEST_F(Verify, G1ACountedHoleThatIsNone) {
  EXPECT_EQ(broken_by(Access::holes(Access::log(world_.collector(), 0)),
                      [](std::size_t& holes) { ++holes; }),
            "G1");
}
TEST_F(Verify, G1AnEntryTwice) {
  GenerationLog& log = Access::log(world_.collector(), 2);
  EXPECT_EQ(broken_by(log.items()[1], [&](Header*& entry) { entry = log.items()[0]; }), "G1");
}
TEST_F(Verify, G2DeadButTracked) {
  EXPECT_EQ(broken_by(old_->refcount, [](auto& count) { count = 0; }), "G2");
}
TEST_F(Verify, G4ACandidateOutsideACollection) {
  EXPECT_EQ(broken_by(young_->gc_word, [&](auto&) { young_->set_gc_state(GcState::Candidate); }),
            "G4");
}
TEST_F(Verify, G4UnreachableOutsideACollection) {
  EXPECT_EQ(broken_by(b_->gc_word, [&](auto&) { b_->set_gc_state(GcState::Unreachable); }), "G4");
}
TEST_F(Verify, G8AReferenceToADeadObject) {
  Node* outside = world_.make();
  world_.collector().untrack(outside);
  World::link(young_, outside);
  EXPECT_EQ(broken_by(outside->refcount, [](auto& count) { count = 0; }), "G8");
  World::drop(outside);
}
TEST_F(Verify, G9MoreReferencesThanTheCountSays) {
  Node* second = world_.make();
  World::link(second, b_);
  World::drop(b_);  // now held by a_ and second only
  EXPECT_EQ(world_.broken(), "");
  EXPECT_EQ(broken_by(b_->refcount, [](auto& count) { count = 1; }), "G9");
}
TEST_F(Verify, G9AReferenceNobodyCounted) {
  EXPECT_EQ(broken_by(young_->extra, [&](Header*& extra) { extra = young_; }), "")
      << "the test's own reference covers it";
  EXPECT_EQ(broken_by(a_->extra, [&](Header*& extra) { extra = b_; }), "") << "the same for b";
  World::drop(b_);
  EXPECT_EQ(broken_by(a_->extra, [&](Header*& extra) { extra = b_; }), "G9");
  incref(b_);
}
TEST_F(Verify, G11TheMark) {
  EXPECT_EQ(broken_by(a_->gc_word, [](auto& word) { word |= kMarkBit; }), "G11");
}
TEST_F(Verify, W1ReferentOfAnother) {
  WeakReference* reference = world_.make_weak(a_);
  EXPECT_EQ(broken_by(reference->referent, [&](Header*& referent) { referent = b_; }), "W1");
  World::drop(reference);
}
TEST_F(Verify, W2LinksThatDisagree) {
  WeakReference* first = world_.make_weak(a_, b_);
  WeakReference* second = world_.make_weak(a_, b_);
  EXPECT_EQ(broken_by(first->previous, [](WeakReference*& previous) { previous = nullptr; }), "W2");
  World::drop(first);
  World::drop(second);
}
TEST_F(Verify, NeedsNoMemoryAndLeavesNoTrace) {
  const std::uint64_t allocations = world_.heap.allocations();
  const std::uint32_t word = b_->gc_word;
  EXPECT_EQ(world_.broken(), "");
  EXPECT_EQ(world_.heap.allocations(), allocations);
  EXPECT_EQ(b_->gc_word, word);
}

using VerifyDeathTest = Verify;

TEST_F(VerifyDeathTest, ACollectionStopsAtWhatItsVerifierFinds) {
  world_.collector().set_verify(VerifyMode::EachCollection);
  EXPECT_DEATH(
      {
        a_->gc_word |= kMarkBit;
        world_.collect();
      },
      "verify_before_collection G11");
}
TEST_F(VerifyDeathTest, G3MoreReferencesThanCounted) {
  EXPECT_DEATH(
      {
        b_->refcount = 1;
        young_->extra = b_;
        world_.collect();
      },
      "G3: more references to a plain");
}
TEST_F(VerifyDeathTest, G2ADeadObjectAmongTheCandidates) {
  EXPECT_DEATH(
      {
        young_->refcount = 0;
        world_.collect();
      },
      "G2: a dead plain is tracked");
}

// Types whose two tellings disagree: the fast one of the holder hides its reference, that of the
// ring tells it twice. The counts are right, so what the holder refers to is taken for unreachable.
TEST(VerifyPhases, G10ASurvivorRefersToTheUnreachable) {
  World world;
  NodeType hiding = world.plain;
  hiding.traverse = [](const Header*, EdgeSink&) {};
  NodeType twice = world.plain;
  twice.traverse = [](const Header* self, EdgeSink& sink) {
    static_cast<const Node*>(self)->edges(sink);
    static_cast<const Node*>(self)->edges(sink);
  };
  Node* holder = world.make(hiding);
  Node* ring = world.make(twice);
  World::link(ring, ring);
  World::link(holder, ring);
  World::drop(ring);
  EXPECT_EQ(world.broken(), "");
  world.collector().set_verify(VerifyMode::EachPhase);
  EXPECT_DEATH(
      world.collect(),
      "verify_after_trial_deletion G10: a plain in generation 2 refers to an unreachable plain");
}

TEST(VerifyPhases, AllPhasesOfAnOrdinaryCollectionAreSound) {
  World world;
  world.collector().set_verify(VerifyMode::EachPhase);
  Node* callback = world.make();
  Node* kept = nullptr;
  world.on_finalize = [&](Node* node) {
    if (node->id % 5 != 0 || kept != nullptr) return;
    incref(node);
    kept = node;
  };
  std::vector<WeakReference*> references;
  for (int i = 0; i < 30; ++i) {
    world.make_ring(1 + i % 4, i % 2 == 0 ? world.plain : world.finalizing);
    references.push_back(
        world.make_weak(*std::max_element(world.alive.begin(), world.alive.end(),
                                          [](Node* x, Node* y) { return x->id < y->id; }),
                        callback));
  }
  world.make_ring(2, world.legacy);
  EXPECT_GT(world.collect(0), 40u);
  for (WeakReference* reference : references) World::drop(reference);
  if (kept != nullptr) World::drop(kept);
  World::drop(callback);
  world.collect();
  EXPECT_EQ(world.alive.size(), 2u);
}

}  // namespace
}  // namespace ouro::gc
