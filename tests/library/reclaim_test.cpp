// Large garbage is reclaimed without counting: destructors run, members of every kind end, and what
// lives on is left alone.
#include <map>
#include <memory>
#include <set>

#include "library/library_fixture.h"

namespace ouro {
namespace {

constexpr int kMany = 5000;  // enough for the collector to use its bitmap

struct Part : Object {
  explicit Part(int* the_live) : live(the_live) { ++*live; }
  virtual ~Part() { --*live; }
  int* live;
  std::string name = "a name that is too long to lie in the string itself";
  Ref<Part> owner;
  std::vector<Ref<Part>> parts;
  std::map<int, Ref<Part>> by_number;
  std::set<Ref<Part>> unique;
  std::unique_ptr<Ref<Part>> boxed;
  Ref<Object> outside;
  void traverse(auto& visit) { visit(owner, parts, by_number, unique, boxed, outside); }
};

struct Special : Part {
  using Part::Part;
  Ref<Part> more;
  void traverse(auto& visit) {
    Part::traverse(visit);
    visit(more);
  }
};

struct Leaf : Object {};

struct Busy : Object {
  Ref<Busy> self;
  Ref<Leaf>* slot = nullptr;
  ~Busy() { *slot = make<Leaf>(); }
  void traverse(auto& visit) { visit(self); }
};

using ReclaimTest = LibraryTest;

void build(int* live, const Ref<Leaf>& leaf) {
  Ref<Part> root = make<Part>(live);
  for (int i = 0; i < kMany; ++i) {
    Ref<Special> part = make<Special>(live);
    part->owner = root;
    part->outside = leaf;
    part->more = i % 2 == 0 ? Ref<Part>(part) : root;
    part->unique.insert(root);
    part->by_number[i] = part;
    part->boxed = std::make_unique<Ref<Part>>(root);
    root->parts.push_back(part);
  }
}

TEST_F(ReclaimTest, EveryMemberEndsAndTheLivingKeepTheirCounts) {
  int live = 0;
  Ref<Leaf> leaf = make<Leaf>();
  build(&live, leaf);
  EXPECT_EQ(live, kMany + 1);
  EXPECT_EQ(leaf.use_count(), kMany + 1u);
  EXPECT_EQ(heap.collect(), kMany + 1u);
  EXPECT_EQ(live, 0);
  EXPECT_EQ(leaf.use_count(), 1u);
  expect_sound();
}

TEST_F(ReclaimTest, BesideALiveGraphOfTheSameTypes) {
  int live = 0;
  Ref<Leaf> leaf = make<Leaf>();
  Ref<Part> kept = make<Part>(&live);
  for (int i = 0; i < kMany; ++i) {
    Ref<Part> part = make<Part>(&live);
    part->owner = kept;
    kept->parts.push_back(std::move(part));
  }
  const int kept_count = live;
  for (int round = 0; round < 3; ++round) {
    build(&live, leaf);
    EXPECT_EQ(heap.collect(), kMany + 1u);
    EXPECT_EQ(live, kept_count);
  }
  expect_sound();
  kept.reset();
  EXPECT_EQ(heap.collect(), static_cast<std::size_t>(kept_count));
}

TEST_F(ReclaimTest, ADestructorMayMakeAndDropObjects) {
  Ref<Leaf> last = make<Leaf>();
  std::vector<Ref<Busy>> all;
  for (int i = 0; i < kMany; ++i) {
    all.push_back(make<Busy>());
    all.back()->slot = &last;
    all.back()->self = all.back();
  }
  all.clear();
  EXPECT_EQ(heap.collect(), static_cast<std::size_t>(kMany));
  EXPECT_EQ(live(), 1u);
  expect_sound();
}

}  // namespace
}  // namespace ouro
