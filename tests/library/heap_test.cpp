#include <thread>

#include "library/library_fixture.h"

namespace ouro {
namespace {

struct Node : Object {
  Ref<Node> next;
  ouro::vector<Ref<Node>> more;
  ouro::string text;
  void traverse(auto& visit) { visit(next, more); }
};

void make_ring() {
  const Ref<Node> a = make<Node>();
  a->next = make<Node>();
  a->next->next = a;
}

/// A bit of everything; throws when there is no memory.
void use_heap() {
  std::vector<Ref<Node>> nodes;
  for (int i = 0; i < 20; ++i) {
    nodes.push_back(make<Node>());
    nodes.back()->text.assign(static_cast<std::size_t>(i) * 20, 'x');
    nodes.back()->next = nodes[static_cast<std::size_t>(i) / 2];
    nodes[0]->more.push_back(nodes.back());
    make_ring();
  }
  Heap::current()->collect(0);
  nodes.resize(10);
  Heap::current()->collect();
}

struct Big : Object {
  char bytes[5000] = {};
};

struct BigTracked : Object {
  char bytes[5000] = {};
  Ref<Big> edge;
  void traverse(auto& visit) { visit(edge); }
};

TEST(HeapTest, TheFirstOneIsCurrentAndEndsSo) {
  EXPECT_EQ(Heap::current(), nullptr);
  {
    Heap heap;
    EXPECT_EQ(Heap::current(), &heap);
    Heap other;
    EXPECT_EQ(Heap::current(), &heap);
    EXPECT_FALSE(other.is_current());
  }
  EXPECT_EQ(Heap::current(), nullptr);
}

TEST(HeapTest, ScopesSwitchBetweenHeaps) {
  Heap a({.leaks = Leaks::Abort});
  Heap b({.leaks = Leaks::Abort});
  const Ref<Node> in_a = make<Node>();
  {
    const Heap::Scope scope(b);
    const Ref<Node> in_b = make<Node>();
    EXPECT_EQ(b.stats().live_objects, 1u);
  }
  EXPECT_EQ(Heap::current(), &a);
  EXPECT_EQ(a.stats().live_objects, 1u);
  EXPECT_EQ(b.stats().live_objects, 0u);
}

TEST(HeapTest, MayEndInAnyOrder) {
  auto a = std::make_unique<Heap>();
  auto b = std::make_unique<Heap>();
  b->make_current();
  make_ring();
  a.reset();
  EXPECT_EQ(Heap::current(), b.get());
  b.reset();
  EXPECT_EQ(Heap::current(), nullptr);
}

TEST(HeapTest, MayBeHandedToAnotherThread) {
  Heap heap({.leaks = Leaks::Abort});
  Node* node = make<Node>().detach();
  std::thread([&] {
    heap.make_current();
    Ref<Node> mine = Ref<Node>::adopt(node);
    mine->next = make<Node>();
    node = mine.detach();
    EXPECT_EQ(Heap::current(), &heap);
  }).join();
  heap.make_current();
  EXPECT_TRUE(Ref<Node>::adopt(node)->next);
}

TEST(HeapTest, EachThreadMayHaveItsOwn) {
  const auto work = [] {
    Heap heap({.leaks = Leaks::Abort});
    for (int i = 0; i < 50; ++i) use_heap();
  };
  std::thread other(work);
  work();
  other.join();
}

TEST(HeapTest, CollectsByItselfPastTheThreshold) {
  Heap heap({.thresholds = {100, 10, 10}, .leaks = Leaks::Abort});
  for (int i = 0; i < 1000; ++i) make_ring();
  EXPECT_LT(heap.stats().live_objects, 200u);
  EXPECT_GT(heap.stats().collections[0], 10u);
  heap.set_collects_automatically(false);
  for (int i = 0; i < 1000; ++i) make_ring();
  EXPECT_GT(heap.stats().live_objects, 1999u);
}

TEST(HeapTest, StatsCountPausesAndObjects) {
  Heap heap({.leaks = Leaks::Abort});
  make_ring();
  const Ref<Node> node = make<Node>();
  const Stats before = heap.stats();
  EXPECT_EQ(before.live_objects, 3u);
  EXPECT_EQ(before.tracked_objects, 3u);
  EXPECT_EQ(before.generation_objects[0], 3u);
  EXPECT_EQ(heap.collect(), 2u);
  const Stats after = heap.stats();
  EXPECT_EQ(after.live_objects, 1u);
  EXPECT_EQ(after.collections[2], 1u);
  EXPECT_EQ(after.collected[2], 2u);
  EXPECT_GT(after.last_pause_ns, 0u);
  EXPECT_GE(after.pauses_ns, after.longest_pause_ns);
}

TEST(HeapTest, StatsCountBigObjectsToo) {
  Heap heap({.leaks = Leaks::Abort});
  const Ref<BigTracked> tracked = make<BigTracked>();
  tracked->edge = make<Big>();
  EXPECT_EQ(heap.stats().live_objects, 2u);
  std::size_t walked = 0;
  heap.for_each_object([&](const ObjectInfo& info) { walked += info.bytes > 5000 ? 1 : 0; });
  EXPECT_EQ(walked, 2u);
}

TEST(HeapTest, TheLimitIsAnExceptionOrNull) {
  Heap heap({.limit_bytes = std::size_t{4} << 20, .leaks = Leaks::Abort});
  std::vector<Ref<Node>> nodes;
  EXPECT_THROW(
      for (;;) {
        nodes.push_back(make<Node>());
        nodes.back()->text.resize(5000);
      },
      std::bad_alloc);
  while (try_make<Node>()) nodes.push_back(try_make<Node>());
  while (nodes.size() > 1 && !nodes.back()) nodes.pop_back();
  EXPECT_EQ(try_make<Node>(), nullptr);
  EXPECT_FALSE(heap.verify().has_value());
  nodes.clear();
  EXPECT_NE(try_make<Node>(), nullptr);
}

TEST(HeapTest, SurvivesEveryFailingAllocation) {
  std::uint64_t injections = 0;
  for (const bool once : {true, false}) {
    for (std::uint64_t n = 1;; ++n) {
      Heap heap({.fail_allocation_at = n, .fail_once = once, .leaks = Leaks::Abort});
      try {
        use_heap();
      } catch (const std::bad_alloc&) {
      }
      ASSERT_FALSE(heap.verify().has_value()) << "allocation " << n;
      if (!heap.has_failed_on_purpose()) break;
      ++injections;
    }
  }
  EXPECT_GT(injections, 100u);
}

TEST(HeapTest, RunsInEveryMode) {
  const heap::Geometry tiny{.arena_bytes = 16384, .pool_bytes = 1024, .mapping_bytes = 65536};
  for (const Options& options :
       {Options{.stress = 1, .leaks = Leaks::Abort},
        Options{.thresholds = {3, 2, 2}, .verify = Verify::EachPhase, .leaks = Leaks::Abort},
        Options{.geometry = tiny, .leaks = Leaks::Abort},
        Options{.debug_blocks = true, .leaks = Leaks::Abort},
        Options{
            .verify = Verify::EachPhase, .stress = 1, .geometry = tiny, .leaks = Leaks::Abort}}) {
    Heap heap(options);
    for (int i = 0; i < 5; ++i) use_heap();
    EXPECT_FALSE(heap.verify().has_value());
  }
}

TEST(HeapTest, TellsItsEventSink) {
  struct Counting final : EventSink {
    void collection_starts(int, std::size_t candidates) override { examined = candidates; }
    void candidate(Handle, std::uint32_t) override {}
    void subtracted(Handle, Handle, const gc::EdgeLabel& label, std::uint32_t) override {
      edges.push_back(to_string(label));
    }
    void verdict(Handle object, Verdict verdict, Handle) override {
      if (verdict == Verdict::Unreachable) dead.emplace_back(type_name(object));
    }
    void finalizer_runs(Handle) override {}
    void weakref_cleared(const gc::WeakReference*) override {}
    void collection_ends(int, std::size_t, std::size_t) override {}
    std::size_t examined = 0;
    std::vector<std::string> edges, dead;
  } sink;
  Heap heap({.events = &sink, .leaks = Leaks::Abort});
  make_ring();
  EXPECT_EQ(heap.collect(), 2u);
  EXPECT_EQ(sink.examined, 2u);
  EXPECT_EQ(sink.edges, (std::vector<std::string>{"#0", "#0"}));
  EXPECT_EQ(sink.dead.size(), 2u);
  heap.set_event_sink(nullptr);
}

TEST(HeapTest, RootsSpareTheCollectorTheirObjects) {
  Heap heap({.leaks = Leaks::Abort});
  Root<Node> root = make<Node>();
  root->next = make<Node>();
  root->next->next = root;
  make_ring();
  EXPECT_EQ(heap.collect(), 2u);
  EXPECT_EQ(heap.stats().live_objects, 2u);
  {
    const Root<Node> copy = root;
    const Root<Node> empty;
    root.reset();
    EXPECT_EQ(heap.collect(), 0u);
    EXPECT_TRUE(copy->next);
  }
  EXPECT_FALSE(heap.verify().has_value());
  EXPECT_EQ(heap.collect(), 2u);
}

TEST(HeapTest, TheAllocatorCountsBuffers) {
  Heap heap({.leaks = Leaks::Abort});
  const std::size_t before = heap.stats().live_blocks;
  {
    ouro::vector<int> numbers(1000);
    ouro::string text(1000, 'x');
    ouro::vector<long double> aligned(3);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned.data()) % 16, 0u);
    EXPECT_EQ(heap.stats().live_blocks, before + 3);
  }
  EXPECT_EQ(heap.stats().live_blocks, before);
  heap.set_fail_allocation_at(1, true);
  EXPECT_THROW(ouro::vector<int>(1000), std::bad_alloc);
  EXPECT_THROW(ouro::vector<long>().reserve(ouro::vector<long>().max_size()), std::bad_alloc);
}

TEST(HeapDeathTest, EndsTheProgramForLeaksIfAskedTo) {
  EXPECT_DEATH(
      {
        Heap heap({.leaks = Leaks::Abort});
        (void)make<Node>().detach();
      },
      "a heap ends with live objects:.*1 ouro::.*Node");
  EXPECT_DEATH(
      {
        Heap heap({.leaks = Leaks::Abort});
        (void)Allocator<int>().allocate(3);
      },
      "1 live buffers");
}

TEST(HeapTest, ReportsLeaksOrIgnoresThem) {
  testing::internal::CaptureStderr();
  {
    Heap heap({.debug_blocks = true, .leaks = Leaks::Report});
    (void)make<Node>().detach();
  }
  EXPECT_NE(testing::internal::GetCapturedStderr().find("1 references"), std::string::npos);
  testing::internal::CaptureStderr();
  {
    Heap heap({.leaks = Leaks::Ignore});
    (void)make<Node>().detach();
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace ouro
