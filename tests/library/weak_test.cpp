// Weak references, finalizers, and the order of an object's end.
#include "library/library_fixture.h"

namespace ouro {
namespace {

using Log = std::vector<std::string>;

struct Node : Object, WeakReferable {
  explicit Node(Log* the_log = nullptr) : log(the_log) {}
  ~Node() {
    if (log != nullptr) log->push_back(peer ? "destroyed with peer" : "destroyed");
  }
  Log* log;
  Ref<Node> peer;
  void traverse(auto& visit) { visit(peer); }
};

struct Chain;

/// Looks at what its link has let go: that is dead then, or waits for it.
struct Peek {
  ~Peek();
  Weak<Chain> next, twin;
  int* locked = nullptr;
};

struct Chain : Object, WeakReferable {
  Peek peek;
  Ref<Chain> next, twin;  // go before peek
  void traverse(auto& visit) { visit(next, twin); }
};

Peek::~Peek() {
  if (next.lock() || twin.lock()) ++*locked;
}

using WeakTest = LibraryTest;

TEST_F(WeakTest, LocksWhatLives) {
  Ref<Node> node = make<Node>();
  const Weak<Node> weak = node;
  EXPECT_EQ(weak.lock(), node);
  EXPECT_FALSE(weak.expired());
  node.reset();
  EXPECT_EQ(weak.lock(), nullptr);
  EXPECT_TRUE(weak.expired());
}

TEST_F(WeakTest, PlainOnesShareOneObject) {
  const Ref<Node> node = make<Node>();
  const Weak<Node> a = node;
  const Weak<Node> b = node;
  EXPECT_EQ(a, b);
  EXPECT_EQ(live(), 2u);
  EXPECT_EQ(sizeof(a), sizeof(void*));
}

TEST_F(WeakTest, MayOutliveItsObjectAndEndBefore) {
  Weak<Node> weak;
  EXPECT_TRUE(weak.expired());
  {
    const Ref<Node> node = make<Node>();
    weak = node;
    const Weak<Node> brief = node;
  }
  EXPECT_TRUE(weak.expired());
  weak.reset();
  EXPECT_EQ(live(), 0u);
}

TEST_F(WeakTest, CallsBackOnceWhenTheObjectGoes) {
  int calls = 0;
  Ref<Node> node = make<Node>();
  const Weak<Node> weak(node, [&] { ++calls; });
  {
    const Weak<Node> gone_before(node, [&] { calls += 100; });
  }
  node.reset();
  EXPECT_EQ(calls, 1);
}

TEST_F(WeakTest, CallsBackWhenACycleIsCollected) {
  int calls = 0;
  Weak<Node> weak;
  {
    const Ref<Node> node = make<Node>();
    node->peer = node;
    weak = Weak<Node>(node, [&] { ++calls; });
  }
  EXPECT_FALSE(weak.expired());
  EXPECT_EQ(heap.collect(), 1u);
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(weak.expired());
}

TEST_F(WeakTest, ACallbackMayDropItsOwnWeak) {
  Ref<Node> node = make<Node>();
  Weak<Node> weak;
  weak = Weak<Node>(node, [&] { weak.reset(); });
  node.reset();
  EXPECT_EQ(live(), 0u);
}

TEST_F(WeakTest, ObjectsThatWaitToBeTakenApartCanNotBeLocked) {
  int locked = 0;
  Ref<Chain> head;
  for (int i = 0; i < 200; ++i) {  // deeper than what is taken apart inside each other
    Ref<Chain> link = make<Chain>();
    link->twin = make<Chain>();
    link->twin->peek.locked = &locked;
    link->peek.next = head;
    link->peek.twin = link->twin;
    link->peek.locked = &locked;
    link->next = std::move(head);
    head = std::move(link);
  }
  head.reset();
  EXPECT_EQ(locked, 0);
  EXPECT_EQ(heap.stats().tracked_objects, 0u);
  expect_sound();
}

struct Finalized : Object, WeakReferable {
  explicit Finalized(Log* the_log) : log(the_log) {}
  ~Finalized() { log->push_back("destroyed"); }
  void finalize() {
    log->push_back(peer ? "finalized with peer" : "finalized");
    if (keep != nullptr) *keep = Ref<Finalized>(this);
  }
  Log* log;
  Ref<Finalized>* keep = nullptr;
  Ref<Finalized> peer;
  void traverse(auto& visit) { visit(peer); }
};

TEST_F(WeakTest, AtCountZeroTheFinalizerComesFirstThenWeakReferencesEnd) {
  Log log;
  Ref<Finalized> object = make<Finalized>(&log);
  const Weak<Finalized> weak(object, [&] { log.emplace_back("weak ended"); });
  object.reset();
  EXPECT_EQ(log, (Log{"finalized", "weak ended", "destroyed"}));
}

TEST_F(WeakTest, InACycleWeakReferencesEndFirstAndFinalizersSeeItWhole) {
  Log log;
  Weak<Finalized> weak;
  {
    const Ref<Finalized> a = make<Finalized>(&log);
    const Ref<Finalized> b = make<Finalized>(&log);
    a->peer = b;
    b->peer = a;
    weak = Weak<Finalized>(a, [&] { log.emplace_back("weak ended"); });
  }
  EXPECT_EQ(heap.collect(), 2u);
  EXPECT_EQ(log, (Log{"weak ended", "finalized with peer", "finalized with peer", "destroyed",
                      "destroyed"}));
}

TEST_F(WeakTest, AFinalizerMayBringItsObjectBackOnce) {
  Log log;
  Ref<Finalized> kept;
  make<Finalized>(&log)->keep = &kept;
  ASSERT_TRUE(kept);
  EXPECT_EQ(log, Log{"finalized"});
  expect_sound();
  kept->keep = nullptr;
  kept.reset();
  EXPECT_EQ(log, (Log{"finalized", "destroyed"}));
}

TEST_F(WeakTest, AFinalizerMayBringACycleBack) {
  Log log;
  Ref<Finalized> kept;
  {
    const Ref<Finalized> a = make<Finalized>(&log);
    a->peer = a;
    a->keep = &kept;
  }
  EXPECT_EQ(heap.collect(), 0u);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->peer, kept);
  kept.reset();
  EXPECT_EQ(heap.collect(), 1u);
  EXPECT_EQ(log, (Log{"finalized with peer", "destroyed"}));
}

TEST_F(WeakTest, LeavesMayBeReferableAndFinalized) {
  struct Leaf : Object, WeakReferable {
    explicit Leaf(int* the_runs) : runs(the_runs) {}
    void finalize() { ++*runs; }
    int* runs;
  };
  int runs = 0;
  Ref<Leaf> leaf = make<Leaf>(&runs);
  const Weak<Leaf> weak = leaf;
  EXPECT_EQ(heap.stats().tracked_objects, 0u);
  leaf.reset();
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(weak.expired());
}

TEST_F(WeakTest, DestructorsMayUseTheirOwnObject) {
  struct Careful : Object {
    explicit Careful(int* the_ends) : ends(the_ends) {}
    ~Careful() {
      const Ref<Careful> self(this);
      ++*ends;
    }
    int* ends;
  };
  int ends = 0;
  (void)make<Careful>(&ends);
  EXPECT_EQ(ends, 1);
}

}  // namespace
}  // namespace ouro
