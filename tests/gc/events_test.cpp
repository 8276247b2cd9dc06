// Events: a collection tells every candidate, subtraction and verdict, in the order in which they
// happen.
#include "gc_test_node.h"

namespace ouro::gc {
namespace {

/// Writes events down as text: nodes by id, weak references as "w".
class Recorder final : public EventSink {
 public:
  void collection_starts(int generation, std::size_t candidates) override {
    say("start " + std::to_string(generation) + " of " + std::to_string(candidates));
  }
  void candidate(const Header* object, std::uint32_t refs) override {
    say(name(object) + "=" + std::to_string(refs));
  }
  void subtracted(const Header* from, const Header* to, const EdgeLabel& label,
                  std::uint32_t left) override {
    EXPECT_EQ(label.kind, EdgeLabel::Kind::Index);
    say(name(from) + "[" + std::to_string(label.index) + "]>" + name(to) + "=" +
        std::to_string(left));
  }
  void verdict(const Header* object, Verdict verdict, const Header* from) override {
    constexpr const char* kNames[] = {"outside", "reached", "unreachable", "resurrected",
                                      "uncollectable"};
    say(name(object) + " " + kNames[static_cast<int>(verdict)] +
        (from == nullptr ? "" : " from " + name(from)));
  }
  void finalizer_runs(const Header* object) override { say("del " + name(object)); }
  void weakref_cleared(const WeakReference* reference) override {
    EXPECT_EQ(reference->referent, nullptr);
    say("weakref");
  }
  void collection_ends(int generation, std::size_t collected, std::size_t uncollectable) override {
    say("end " + std::to_string(generation) + " " + std::to_string(collected) + " " +
        std::to_string(uncollectable));
  }
  [[nodiscard]] std::vector<std::string> take() { return std::exchange(events_, {}); }

 private:
  static std::string name(const Header* object) {
    return (object->type_info->flags & kWeakReference) != 0
               ? "w"
               : std::to_string(static_cast<const Node*>(object)->id);
  }
  void say(const std::string& what) { events_.push_back(what); }
  std::vector<std::string> events_;
};

using Events = std::vector<std::string>;

TEST(Events, OfARingAndAHolder) {
  World world;
  Recorder recorder;
  world.make_ring(2);
  Node* inner = world.make();
  Node* holder = world.make();
  World::link(holder, inner);
  World::drop(inner);
  world.collector().set_event_sink(&recorder);
  world.collect(0);
  EXPECT_EQ(recorder.take(), (Events{"start 0 of 4", "0=1", "1=1", "2=1", "3=1", "0[0]>1=0",
                                     "1[0]>0=0", "3[0]>2=0", "3 outside", "2 reached from 3",
                                     "0 unreachable", "1 unreachable", "end 0 2 0"}));
  World::drop(holder);
}

TEST(Events, OfFinalizersAndResurrection) {
  World world;
  Recorder recorder;
  Node* kept = nullptr;
  world.on_finalize = [&](Node* node) {
    incref(node);
    kept = node;
  };
  Node* node = world.make(world.finalizing);
  World::link(node, node);
  World::drop(node);
  world.collector().set_event_sink(&recorder);
  world.collect();
  EXPECT_EQ(recorder.take(),
            (Events{"start 2 of 1", "0=1", "0[0]>0=0", "0 unreachable", "del 0", "0=2", "0[0]>0=1",
                    "0 outside", "0 resurrected", "end 2 0 0"}));
  World::drop(kept);
}

TEST(Events, OfWeakReferencesAndLegacy) {
  World world;
  Recorder recorder;
  Node* node = world.make();
  World::link(node, node);
  WeakReference* reference = world.make_weak(node);
  World::drop(node);
  Node* old = world.make(world.legacy);
  World::link(old, old);
  World::drop(old);
  world.collector().set_event_sink(&recorder);
  world.collect();
  const Events events = recorder.take();
  const Events last(events.end() - 5, events.end());
  EXPECT_EQ(last,
            (Events{"0 unreachable", "1 unreachable", "weakref", "1 uncollectable", "end 2 1 1"}));
  world.collector().set_event_sink(nullptr);
  World::drop(reference);
  world.plain.clear(old);
}

TEST(Events, AreTheSameCollectionAsWithoutThem) {
  for (const bool listening : {false, true}) {
    World world;
    Recorder recorder;
    if (listening) world.collector().set_event_sink(&recorder);
    for (int i = 0; i < 50; ++i) world.make_ring(1 + i % 7);
    EXPECT_EQ(world.collect(), 197u);
    EXPECT_TRUE(world.alive.empty());
  }
}

}  // namespace
}  // namespace ouro::gc
