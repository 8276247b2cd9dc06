// What tests of the collector share: a world of one heap and one collector, and objects that are
// only nodes of a graph.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gc/address_set.h"
#include "gc/collector.h"
#include "gc/ref.h"
#include "gc/visitor.h"
#include "heap/heap.h"

namespace ouro::gc {

class World;

/// A type of nodes: what a TypeInfo says, and the world its nodes live in.
struct NodeType : TypeInfo {
  World* world;
};

/// An object with up to kEdges references.
struct Node : Header {
  static constexpr std::size_t kEdges = 6;
  int id;
  std::uint32_t edge_count;
  Node* targets[kEdges];
  Header* extra;  // one more owned reference, to a weak reference for example
  WeakReference* weaklist;

  template <class V>
  void edges(V& visitor) const {
    for (std::uint32_t i = 0; i < edge_count; ++i) visitor.edge(targets[i], index_label(i));
    visitor.edge(extra, slot_label("extra"));
  }
};

struct CollectorTestAccess {
  static GenerationLog& log(Collector& collector, int generation) {
    return collector.logs_[generation];
  }
  static std::size_t& holes(GenerationLog& log) { return log.holes_; }
  static std::size_t capacity(const GenerationLog& log) { return log.capacity_; }
  static std::size_t& pending(Collector& collector) { return collector.long_lived_pending_; }
  static std::size_t& total(Collector& collector) { return collector.long_lived_total_; }
};

/// Tests own one reference to each node they make until they `drop` it.
class World {
 public:
  explicit World(const heap::HeapOptions& options = {}) : heap(options), space(heap) {
    before_ = current_space();
    current_space() = &space;
    plain = make_type("plain", 0);
    finalizing = make_type("finalizing", kHasFinalizer);
    legacy = make_type("legacy", kLegacyFinalizer);
    reclaimed = make_type("reclaimed", 0);
    reclaimed.reclaim = reclaim;
    watched = make_type("watched", 0);
    watched.stays_tracked = [](const Header* self, bool) {
      return static_cast<const Node*>(self)->edge_count > 0;
    };
    weak.world = this;
    weak.name = "weak";
    weak.flags = kCollected | kWeakReference;
    weak.basic_bytes = sizeof(WeakReference);
    weak.traverse = [](const Header* self, EdgeSink& sink) {
      sink.edge(static_cast<const WeakReference*>(self)->callback, slot_label("callback"));
    };
    weak.describe = [](const Header* self, LabelledVisitor& visitor) {
      visitor.edge(static_cast<const WeakReference*>(self)->callback, slot_label("callback"));
    };
    weak.dealloc = [](Header* self) {
      auto* reference = static_cast<WeakReference*>(self);
      Collector& the_collector = static_cast<NodeType*>(self->type_info)->world->collector();
      the_collector.untrack(self);
      unlink(*reference);
      xdecref(std::exchange(reference->callback, nullptr));
      the_collector.release(self);
    };
    space.collector.set_hooks({.context = this,
                               .notify = notify,
                               .weakref_callback = weakref_callback,
                               .keep_garbage = keep_garbage,
                               .write = write,
                               .caches_dropped = nullptr,
                               .exception_pending = nullptr});
  }
  ~World() {
    for (Header* object : garbage) decref(object);
    current_space() = before_;
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] Collector& collector() { return space.collector; }

  /// A tracked node with count 1; null when out of memory.
  Node* make(NodeType& type) {
    auto* node = static_cast<Node*>(collector().allocate(sizeof(Node)));
    if (node == nullptr) return nullptr;
    *node = Node{};
    node->refcount = 1;
    node->type_info = &type;
    node->id = next_id_++;
    if (!collector().track(node)) {
      collector().release(node);
      return nullptr;
    }
    alive.insert(node);
    return node;
  }
  Node* make() { return make(plain); }
  /// `from` gets a reference to `to`.
  static void link(Node* from, Node* to) {
    incref(to);
    from->targets[from->edge_count++] = to;
  }
  static void drop(Header* object) { decref(object); }
  /// A ring of `count` nodes that nothing else holds. Their ids follow each other.
  void make_ring(int count, NodeType& type) {
    Node* first = make(type);
    Node* last = first;
    for (int i = 1; i < count; ++i) {
      Node* next = make(type);
      link(last, next);
      drop(next);
      last = next;
    }
    link(last, first);
    drop(first);
  }
  void make_ring(int count) { make_ring(count, plain); }
  /// A tracked weak reference with count 1.
  WeakReference* make_weak(Node* referent, Header* callback = nullptr) {
    auto* reference = static_cast<WeakReference*>(collector().allocate(sizeof(WeakReference)));
    *reference = WeakReference{};
    reference->refcount = 1;
    reference->type_info = &weak;
    xincref(callback);
    reference->callback = callback;
    gc::link(*reference, *referent);
    EXPECT_TRUE(collector().track(reference));
    return reference;
  }

  std::size_t collect(int generation = 2) {
    return collector().collect({.generation = generation});
  }

  /// Ids of the nodes of a generation, in order.
  [[nodiscard]] std::vector<int> ids(int generation) {
    std::vector<int> result;
    EXPECT_TRUE(collector().for_each(
        generation, [&](Header* object) { result.push_back(static_cast<Node*>(object)->id); }));
    return result;
  }
  /// The rule that is broken first; empty when all hold.
  [[nodiscard]] std::string broken() {
    const auto found = collector().verify();
    return found ? found->rule : "";
  }

  heap::Heap heap;
  Space space;
  NodeType plain{}, finalizing{}, legacy{}, reclaimed{}, watched{}, weak{};
  std::unordered_set<Node*> alive;
  std::vector<int> deaths;                  // ids, in the order deallocation starts
  std::vector<int> finalized;               // ids
  std::vector<WeakReference*> called_back;  // whose callbacks ran
  std::vector<Header*> garbage;             // owned: what the collector gave to gc.garbage
  std::vector<std::string> phases;          // "start 0", "stop 0 3 0"
  std::string text;                         // debug text
  std::function<void(Node*)> on_finalize = [](Node*) {};
  std::function<void(WeakReference*)> on_callback = [](WeakReference*) {};

 private:
  NodeType make_type(const char* name, std::uint64_t flags) {
    NodeType type{};
    type.world = this;
    type.name = name;
    type.flags = flags | kCollected;
    type.basic_bytes = sizeof(Node);
    type.weaklist_offset = offsetof(Node, weaklist);
    EdgeFunctions<Node>::install(type);
    type.clear = clear;
    type.dealloc = dealloc;
    type.finalize = finalize;
    return type;
  }
  static World& world_of(Header* object) {
    return *static_cast<NodeType*>(object->type_info)->world;
  }

  static void clear(Header* self) {
    auto* node = static_cast<Node*>(self);
    const std::uint32_t count = std::exchange(node->edge_count, 0);
    for (std::uint32_t i = 0; i < count; ++i) decref(std::exchange(node->targets[i], nullptr));
    xdecref(std::exchange(node->extra, nullptr));
  }
  static void reclaim(Header* self, const AddressSet& dead) {
    World& world = world_of(self);
    auto* node = static_cast<Node*>(self);
    world.deaths.push_back(node->id);
    world.alive.erase(node);
    for (std::uint32_t i = 0; i < node->edge_count; ++i) {
      if (!dead.contains(node->targets[i])) decref(node->targets[i]);
    }
    if (node->extra != nullptr && !dead.contains(node->extra)) decref(node->extra);
    world.collector().release(node);
  }
  static void finalize(Header* self) {
    World& world = world_of(self);
    world.finalized.push_back(static_cast<Node*>(self)->id);
    world.on_finalize(static_cast<Node*>(self));
  }
  static void dealloc(Header* self) {
    World& world = world_of(self);
    auto* node = static_cast<Node*>(self);
    if ((node->type_info->flags & kHasFinalizer) != 0 && !node->is_finalized()) {
      node->gc_word |= kFinalizedBit;
      ++node->refcount;
      finalize(self);
      if (--node->refcount > 0) return;  // resurrected
    }
    world.deaths.push_back(node->id);
    world.alive.erase(node);
    world.collector().untrack(node);
    while (node->weaklist != nullptr) {
      WeakReference* reference = node->weaklist;
      unlink(*reference);
      if (reference->callback != nullptr) weakref_callback(&world, reference);
    }
    clear(self);
    world.collector().release(node);
  }

  static void notify(void* context, const char* phase, int generation, std::size_t collected,
                     std::size_t uncollectable) {
    std::string what = std::string(phase) + " " + std::to_string(generation);
    if (what[2] == 'o')
      what += " " + std::to_string(collected) + " " + std::to_string(uncollectable);
    static_cast<World*>(context)->phases.push_back(what);
  }
  static void weakref_callback(void* context, WeakReference* reference) {
    auto& world = *static_cast<World*>(context);
    world.called_back.push_back(reference);
    world.on_callback(reference);
  }
  static void keep_garbage(void* context, Header* object) {
    incref(object);
    static_cast<World*>(context)->garbage.push_back(object);
  }
  static void write(void* context, const char* text, std::size_t length) {
    static_cast<World*>(context)->text.append(text, length);
  }

  Space* before_;
  int next_id_ = 0;
};

#define EXPECT_WORLD_SOUND(world)                                                 \
  do {                                                                            \
    const auto broken_ = (world).collector().verify();                            \
    EXPECT_FALSE(broken_.has_value()) << broken_->rule << ": " << broken_->found; \
    EXPECT_FALSE((world).heap.verify().has_value());                              \
  } while (false)

}  // namespace ouro::gc
