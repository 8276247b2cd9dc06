// Ours, as a program sees it: one heap and the node the benchmarks use, through the public headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "graph.h"
#include "ouro/heap.h"
#include "ouro/make.h"
#include "ouro/ref.h"
#include "ouro/root.h"
#include "ouro/trace.h"

namespace ouro::bench {

/// A tracked object of 64 bytes: the header, four references, and 16 bytes of its own.
struct Node : ouro::Object {
  ouro::Ref<Node> slots[Graph::kSlots];
  std::uint64_t payload[2] = {};

  void traverse(auto& visit) { visit(slots); }
};
static_assert(sizeof(Node) == 64);

// The benchmarks keep nodes as plain pointers that own, or do not, as the row needs it.
inline void retain(Node* node) { (void)ouro::Ref<Node>(node).detach(); }
inline void release(Node* node) { ouro::Ref<Node>::adopt(node).reset(); }

/// What still lives at the end goes with its heap.
class World {
 public:
  World() : heap_({.leaks = ouro::Leaks::Ignore}) {}

  /// A tracked node without references; the caller owns it.
  static Node* make() { return ouro::make<Node>().detach(); }

  /// Makes a graph's objects in their order; the caller owns a reference to each.
  static std::vector<Node*> make_nodes(const Graph& graph) {
    std::vector<Node*> nodes(graph.objects());
    for (Node*& node : nodes) node = make();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      for (std::size_t s = 0; s < Graph::kSlots; ++s) {
        if (graph.target(i, s) == Graph::kNone) continue;
        nodes[i]->slots[s] = ouro::Ref<Node>(nodes[graph.target(i, s)]);
      }
    }
    return nodes;
  }

  /// The same, kept alive by the caller's one reference, to the node returned.
  static Node* make_graph_with_one_root(const Graph& graph) {
    const std::vector<Node*> nodes = make_nodes(graph);
    for (std::size_t i = 1; i < nodes.size(); ++i) release(nodes[i]);
    return nodes[0];
  }

  void set_automatic_collections(bool on) { heap_.set_collects_automatically(on); }
  /// Holds `root` in a way that the collector knows of.
  void set_known_root(Node* root) {
    known_root_ = std::make_unique<ouro::Root<Node>>(ouro::Ref<Node>(root));
  }
  /// Returns how many objects were found unreachable.
  std::size_t collect(int generation) { return heap_.collect(generation); }

 private:
  ouro::Heap heap_;
  std::unique_ptr<ouro::Root<Node>> known_root_;
};

}  // namespace ouro::bench
