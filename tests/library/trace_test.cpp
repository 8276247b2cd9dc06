// Every shape a member may have: its edges are told with labels, and a cycle through it is ended.
#include <array>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <variant>

#include "library/library_fixture.h"

namespace ouro {
namespace {

using Labels = std::vector<std::string>;

/// An object with one member of type Member.
template <class Member>
struct Holder : Object {
  Member member{};
  void traverse(auto& visit) { visit.named("m", member); }
};

struct Target : Object {
  Ref<Object> back;
  int value = 0;
  void traverse(auto& visit) { visit(back); }
};

/// A struct that is no object and has references.
struct Part {
  Ref<Target> left, right;
  void traverse(auto& visit) { visit(left, right); }
};

struct Mixed : Object {
  int number = 0;
  std::string text;
  std::vector<int> numbers;
  Ref<Target> target;
  void traverse(auto& visit) { visit(number, text, numbers, target); }
};

struct Below : Target {
  Ref<Target> more;
  void traverse(auto& visit) {
    Target::traverse(visit);
    visit.named("more", more);
  }
};

struct Virtual {
  virtual ~Virtual() = default;
  long filler = 0;
};

struct Crooked : Virtual, Object {
  explicit Crooked(int* the_deaths) : deaths(the_deaths) {}
  ~Crooked() override { ++*deaths; }
  int* deaths;
  Ref<Crooked> other;
  void traverse(auto& visit) { visit(other); }
};

class TraceTest : public LibraryTest {
 protected:
  /// `put(member, target)` stores a reference to the target in the member.
  template <class Member, class Put>
  void check(Put put, const Labels& expected) {
    auto holder = make<Holder<Member>>();
    {
      Ref<Target> target = make<Target>();
      target->back = holder;
      put(holder->member, target);
    }
    EXPECT_EQ(labels(holder), expected);
    expect_sound();
    EXPECT_EQ(heap.collect(), 0u) << "the holder is held";
    EXPECT_GE(live(), 2u);
    holder.reset();
    EXPECT_GE(heap.collect(), 2u);
    EXPECT_EQ(live(), 0u);
    expect_sound();
  }
};

TEST_F(TraceTest, Ref) {
  check<Ref<Target>>([](auto& m, auto& t) { m = t; }, {"m"});
}
TEST_F(TraceTest, Optional) {
  check<std::optional<Ref<Target>>>([](auto& m, auto& t) { m = t; }, {"m"});
}
TEST_F(TraceTest, Variant) {
  check<std::variant<int, Ref<Target>, std::string>>([](auto& m, auto& t) { m = t; }, {"m"});
}
TEST_F(TraceTest, Vector) {
  check<std::vector<Ref<Target>>>([](auto& m, auto& t) { m = {t, nullptr, t}; }, {"m[0]", "m[2]"});
}
TEST_F(TraceTest, VectorInTheHeap) {
  check<ouro::vector<Ref<Target>>>([](auto& m, auto& t) { m.push_back(t); }, {"m[0]"});
}
TEST_F(TraceTest, Deque) {
  check<std::deque<Ref<Target>>>([](auto& m, auto& t) { m.push_back(t); }, {"m[0]"});
}
TEST_F(TraceTest, DequeInTheHeapWithoutMemoryToEmptyIt) {
  using Deque = std::deque<Ref<Target>, Allocator<Ref<Target>>>;
  auto holder = make<Holder<Deque>>();
  {
    Ref<Target> target = make<Target>();
    target->back = holder;
    holder->member.push_back(target);
    holder->member.push_back(nullptr);
  }
  holder.reset();
  heap.set_fail_allocation_at(4);  // the collector's lists come before
  heap.collect();
  heap.set_fail_allocation_at(0);
  heap.collect();
  EXPECT_EQ(live(), 0u);
}
TEST_F(TraceTest, List) {
  check<std::list<Ref<Target>>>([](auto& m, auto& t) { m.push_back(t); }, {"m[0]"});
}
TEST_F(TraceTest, SetOfReferences) {
  check<std::set<Ref<Target>>>([](auto& m, auto& t) { m.insert(t); }, {"m[0]"});
}
TEST_F(TraceTest, MapValues) {
  check<std::map<std::string, Ref<Target>>>([](auto& m, auto& t) { m["k"] = t; }, {"m.value[0]"});
}
TEST_F(TraceTest, MapKeys) {
  check<std::map<Ref<Target>, int>>([](auto& m, auto& t) { m[t] = 1; }, {"m.key[0]"});
}
TEST_F(TraceTest, UnorderedMapOfVectors) {
  check<std::unordered_map<int, std::vector<Ref<Target>>>>(
      [](auto& m, auto& t) {
        m[4] = {t, t};
      },
      {"m[0]", "m[1]"});
}
TEST_F(TraceTest, PairAndTuple) {
  check<std::pair<int, Ref<Target>>>([](auto& m, auto& t) { m.second = t; }, {"m"});
  check<std::tuple<Ref<Target>, std::string, Ref<Target>>>(
      [](auto& m, auto& t) {
        std::get<0>(m) = t;
        std::get<2>(m) = t;
      },
      {"m", "m"});
}
TEST_F(TraceTest, Arrays) {
  check<std::array<Ref<Target>, 3>>([](auto& m, auto& t) { m[1] = t; }, {"m[1]"});
  check<Ref<Target>[2]>([](auto& m, auto& t) { m[1] = t; }, {"m[1]"});
}
TEST_F(TraceTest, UniquePtr) {
  check<std::unique_ptr<std::vector<Ref<Target>>>>(
      [](auto& m, auto& t) { m.reset(new std::vector<Ref<Target>>{t}); }, {"m[0]"});
}
TEST_F(TraceTest, StructsWithATraverse) {
  check<std::vector<Part>>([](auto& m, auto& t) { m.push_back({t, t}); }, {"#0", "#1"});
}
TEST_F(TraceTest, WhatHoldsNoReferencesIsPassedOver) {
  auto mixed = make<Mixed>();
  mixed->target = make<Target>();
  EXPECT_EQ(labels(mixed), Labels{"#3"});
}

TEST_F(TraceTest, LeavesAreNotTracked) {
  struct Leaf : Object {
    std::string text;
  };
  const Ref<Leaf> leaf = make<Leaf>();
  const Ref<Target> target = make<Target>();
  EXPECT_EQ(heap.stats().live_objects, 2u);
  EXPECT_EQ(heap.stats().tracked_objects, 1u);
}

TEST_F(TraceTest, BasesAreTracedByTheirOwnTraverse) {
  auto below = make<Below>();
  below->back = below;
  below->more = below;
  EXPECT_EQ(labels(below), (Labels{"#0", "more"}));
  below.reset();
  EXPECT_EQ(heap.collect(), 1u);
}

TEST_F(TraceTest, ACycleThroughClassesWithVirtualFunctionsIsEnded) {
  int deaths = 0;
  {
    auto a = make<Crooked>(&deaths);
    auto b = make<Crooked>(&deaths);
    a->other = b;
    b->other = a;
  }
  EXPECT_EQ(heap.stats().live_objects, 2u);
  EXPECT_EQ(heap.collect(), 2u);
  EXPECT_EQ(deaths, 2);
}

}  // namespace
}  // namespace ouro
