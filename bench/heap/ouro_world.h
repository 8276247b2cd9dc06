// Ours: one heap, one collector, and the node the benchmarks use. The only file here that knows how
// ouro is called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "gc/address_set.h"
#include "gc/collector.h"
#include "gc/ref.h"
#include "gc/visitor.h"
#include "graph.h"
#include "heap/heap.h"

namespace ouro::bench {

/// A tracked object of 64 bytes: the header, four references, and 16 bytes of its own.
struct Node : gc::Header {
  Node* slots[Graph::kSlots];
  std::uint64_t payload[2];

  template <class V>
  void edges(V& visitor) const {
    visitor.edge_range(slots, Graph::kSlots, [](std::size_t i) { return gc::index_label(i); });
  }
};
static_assert(sizeof(Node) == 64);

inline void retain(Node* node) { incref(node); }
inline void release(Node* node) { decref(node); }

class World final : private gc::RootProvider {
 public:
  World() : space_(heap_) {
    gc::EdgeFunctions<Node>::install(type_);
    type_.clear = clear;
    type_.dealloc = dealloc;
    type_.reclaim = reclaim;
    type_.name = "node";
    type_.flags = gc::kCollected;
    type_.basic_bytes = sizeof(Node);
    space_.collector.set_survivor_order(gc::SurvivorOrder::AsBorn);
    gc::current_space() = &space_;
  }
  /// Nothing is dropped: what still lives goes with its heap.
  ~World() { gc::current_space() = nullptr; }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A tracked node without references; the caller owns it.
  Node* make() {
    auto* node = static_cast<Node*>(space_.collector.allocate(sizeof(Node)));
    if (node == nullptr) std::abort();
    node->refcount = 1;
    node->gc_word = 0;
    node->type_info = &type_;
    for (Node*& slot : node->slots) slot = nullptr;
    node->payload[0] = node->payload[1] = 0;
    if (!space_.collector.track(node)) std::abort();
    return node;
  }

  /// Makes a graph's objects in their order; the caller owns a reference to each.
  std::vector<Node*> make_nodes(const Graph& graph) {
    std::vector<Node*> nodes(graph.objects());
    for (Node*& node : nodes) node = make();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      for (std::size_t s = 0; s < Graph::kSlots; ++s) {
        if (graph.target(i, s) == Graph::kNone) continue;
        Node* target = nodes[graph.target(i, s)];
        retain(target);
        nodes[i]->slots[s] = target;
      }
    }
    return nodes;
  }

  /// The same, kept alive by the caller's one reference, to the node returned.
  Node* make_graph_with_one_root(const Graph& graph) {
    const std::vector<Node*> nodes = make_nodes(graph);
    for (std::size_t i = 1; i < nodes.size(); ++i) release(nodes[i]);
    return nodes[0];
  }

  void set_automatic_collections(bool on) { space_.collector.set_enabled(on); }
  /// Tells the collector of a root; null takes that back.
  void set_known_root(Node* root) {
    known_root_ = root;
    space_.collector.set_root_provider(root == nullptr ? nullptr : this);
  }
  /// Returns how many objects were found unreachable.
  std::size_t collect(int generation) {
    return space_.collector.collect({.generation = generation});
  }
  [[nodiscard]] std::size_t os_bytes() const { return heap_.os_bytes(); }
  [[nodiscard]] heap::Heap& heap() { return heap_; }

 private:
  void roots(gc::EdgeSink& sink) override { sink.edge(known_root_, gc::slot_label("root")); }

  static void clear(gc::Header* self) {
    for (Node*& slot : static_cast<Node*>(self)->slots) {
      Node* target = std::exchange(slot, nullptr);
      if (target != nullptr) decref(target);
    }
  }
  static void dealloc(gc::Header* self) {
    gc::Collector& collector = gc::current_space()->collector;
    collector.untrack(self);
    for (Node* target : static_cast<Node*>(self)->slots) xdecref(target);
    collector.release(self);
  }

  static void reclaim(gc::Header* self, const gc::AddressSet& dead) {
    for (Node* target : static_cast<Node*>(self)->slots) {
      if (target != nullptr && !dead.contains(target)) decref(target);
    }
    gc::current_space()->collector.release(self);
  }

  heap::Heap heap_;
  gc::Space space_;
  gc::TypeInfo type_ = {};
  Node* known_root_ = nullptr;
};

}  // namespace ouro::bench
