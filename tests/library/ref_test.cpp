#include <memory>
#include <stdexcept>
#include <unordered_set>

#include "library/library_fixture.h"

namespace ouro {
namespace {

struct Later;
struct HoldsLater : Object {
  Ref<Later> later;  // incomplete here
  void traverse(auto& visit) { visit(later); }
};
struct Later : Object {
  int value = 7;
};

struct Counted : Object {
  explicit Counted(int* the_deaths) : deaths(the_deaths) {}
  ~Counted() { ++*deaths; }
  int* deaths;
};

struct Point : Object {
  int x, y;
};

struct Shape {
  virtual ~Shape() = default;
  virtual int corners() const = 0;
};
struct Named {
  std::string name = "a name that is too long for the string itself";
};
struct Square final : Shape, Named, Object {
  int corners() const override { return 4; }
  Ref<Square> self;
  void traverse(auto& visit) { visit(self); }
};
struct Base : Object {
  virtual ~Base() = default;
  virtual int id() const { return 1; }
};
struct Derived : Base {
  int id() const override { return 2; }
};
struct VirtualLeaf : Shape, Object {
  int corners() const override { return 0; }
  long payload[3] = {1, 2, 3};
};

struct Throws : Object {
  Throws() { throw std::runtime_error("no"); }
  Ref<Throws> edge;
  void traverse(auto& visit) { visit(edge); }
};

struct Cell : Object {
  Ref<Cell> next;
  void traverse(auto& visit) { visit(next); }
};

using RefTest = LibraryTest;

TEST_F(RefTest, IsOnePointerWide) { EXPECT_EQ(sizeof(Ref<Point>), sizeof(void*)); }

TEST_F(RefTest, TheLastOneEndsTheObject) {
  int deaths = 0;
  Ref<Counted> a = make<Counted>(&deaths);
  Ref<Counted> b = a;
  EXPECT_EQ(a.use_count(), 2u);
  a.reset();
  EXPECT_EQ(deaths, 0);
  b = nullptr;
  EXPECT_EQ(deaths, 1);
  EXPECT_EQ(live(), 0u);
}

TEST_F(RefTest, MovesHandOver) {
  int deaths = 0;
  Ref<Counted> a = make<Counted>(&deaths);
  Ref<Counted> b = std::move(a);
  EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(b.use_count(), 1u);
  a = std::move(b);
  EXPECT_EQ(a.use_count(), 1u);
}

TEST_F(RefTest, AssigningToItselfKeepsTheObject) {
  int deaths = 0;
  Ref<Counted> a = make<Counted>(&deaths);
  const Ref<Counted>& same = a;
  a = same;
  EXPECT_EQ(deaths, 0);
  EXPECT_EQ(a.use_count(), 1u);
}

TEST_F(RefTest, ComparesAndHashesByIdentity) {
  const Ref<Point> a = make<Point>(1, 2);
  const Ref<Point> b = make<Point>(1, 2);
  EXPECT_EQ(a, a);
  EXPECT_NE(a, b);
  EXPECT_NE(a, nullptr);
  EXPECT_TRUE(a < b || b < a);
  const std::unordered_set<Ref<Point>> set = {a, b, a};
  EXPECT_EQ(set.size(), 2u);
}

TEST_F(RefTest, AggregatesAreMadeOfTheirMembers) {
  const Ref<Point> point = make<Point>(3, 4);
  EXPECT_EQ(point->x + point->y, 7);
  EXPECT_EQ(make<Point>()->x, 0);
}

TEST_F(RefTest, RefersToIncompleteTypes) {
  const Ref<HoldsLater> holder = make<HoldsLater>();
  holder->later = make<Later>();
  EXPECT_EQ(holder->later->value, 7);
}

TEST_F(RefTest, ClassesMayHaveVirtualFunctionsAndSeveralBases) {
  const Ref<Square> square = make<Square>();
  square->self = square;
  const Shape* shape = square.get();
  EXPECT_EQ(shape->corners(), 4);
  EXPECT_EQ(square->name.size(), 45u);
  expect_sound();
  square->self.reset();
}

TEST_F(RefTest, DeathRunsTheDestructorOfTheObjectsOwnClass) {
  Ref<Base> base = make<Derived>();
  EXPECT_EQ(base->id(), 2);
  EXPECT_TRUE(dynamic_pointer_cast<Derived>(base));
  EXPECT_FALSE(dynamic_pointer_cast<Derived>(make<Base>()));
  EXPECT_EQ(static_pointer_cast<Derived>(base)->id(), 2);
}

TEST_F(RefTest, LeavesWithVirtualFunctionsAreFoundByWalks) {
  const Ref<VirtualLeaf> leaf = make<VirtualLeaf>();
  std::vector<Handle> found;
  heap.for_each_object([&](const ObjectInfo& info) { found.push_back(info.object); });
  EXPECT_EQ(found, std::vector<Handle>{header_of(leaf)});
}

TEST_F(RefTest, ConstructorsMayReferToTheirObject) {
  struct Registered : Object {
    explicit Registered(std::vector<Ref<Registered>>* all) {
      all->push_back(Ref<Registered>(this));
    }
  };
  std::vector<Ref<Registered>> all;
  make<Registered>(&all)->operator=(*all[0]);  // assignment leaves counts alone
  EXPECT_EQ(all[0].use_count(), 1u);
}

TEST_F(RefTest, AThrowingConstructorGivesTheBlockBack) {
  const std::size_t blocks = heap.stats().live_blocks;
  EXPECT_THROW((void)make<Throws>(), std::runtime_error);
  EXPECT_THROW((void)try_make<Throws>(), std::runtime_error);
  EXPECT_EQ(heap.stats().live_blocks, blocks);
  EXPECT_EQ(heap.collector().count(0), 0);
}

TEST_F(RefTest, DetachedReferencesAreAdopted) {
  int deaths = 0;
  Counted* raw = make<Counted>(&deaths).detach();
  EXPECT_EQ(deaths, 0);
  EXPECT_TRUE(Ref<Counted>::adopt(raw));
  EXPECT_EQ(deaths, 1);
}

TEST_F(RefTest, MembersMayBeMovedOnly) {
  struct Owner : Object {
    explicit Owner(std::unique_ptr<int> the_value) : value(std::move(the_value)) {}
    std::unique_ptr<int> value;
  };
  EXPECT_EQ(*make<Owner>(std::make_unique<int>(5))->value, 5);
}

TEST_F(RefTest, AVeryDeepListEndsWithoutRecursion) {
  heap.set_collects_automatically(false);
  Ref<Cell> head;
  for (int i = 0; i < (detail::kChecked ? 100000 : 1000000); ++i) {
    Ref<Cell> cell = make<Cell>();
    cell->next = std::move(head);
    head = std::move(cell);
  }
  head.reset();
  EXPECT_EQ(live(), 0u);
}

TEST_F(RefTest, ConstructorsMayHaveManyParameters) {
  struct Many : Object {
    Many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j)
        : sum(a + b + c + d + e + f + g + h + i + j) {}
    int sum;
  };
  EXPECT_EQ(make<Many>(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)->sum, 55);
}

TEST_F(RefTest, ArgumentsMayLookLikeAPlaceInASource) {
  struct Place : Object {
    Place(int the_number, const char* the_file, int the_line)
        : number(the_number), file(the_file), line(the_line) {}
    int number;
    std::string file;
    int line;
  };
  const Ref<Place> place = make<Place>(1, "file.cpp", 7);
  EXPECT_EQ(place->file, "file.cpp");
  EXPECT_EQ(place->line, 7);
}

TEST_F(RefTest, CopiesOfAnObjectHaveTheirOwnCount) {
  const Ref<Point> a = make<Point>(1, 2);
  const Ref<Point> alias = a;
  const Ref<Point> copy = make<Point>(*a);
  EXPECT_EQ(copy.use_count(), 1u);
  EXPECT_EQ(copy->y, 2);
}

}  // namespace
}  // namespace ouro
