// Linked structures as a program would write them, once for every way of owning: a list, a binary
// tree, and a document whose nodes know their parent. Nodes take 48 bytes, control block or header
// included.
//
// A Kit says how objects are owned:
//   Base<T>, kHeader     what a node derives from; bytes that counting adds to a node
//   Ptr<T>, Parent<T>    a reference that owns; one to the parent
//   Children<T>          an array of Ptr<T>
//   make<T>()            a new node
//   parent_of(ptr)       a Parent to it
//   Scope                what lives around a structure; drop_cycles(n) ends n nodes that only
//   cycles hold kDropsDeep           whether dropping a long list is safe; otherwise it is taken
//   apart in a loop
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "measure.h"

namespace ouro::bench {

template <class Kit>
struct ListNode : Kit::template Base<ListNode<Kit>> {
  typename Kit::template Ptr<ListNode> next;
  std::uint8_t payload[48 - Kit::kHeader - sizeof(typename Kit::template Ptr<ListNode>)] = {};

  void traverse(auto& visit) { visit(next); }
};

template <class Kit>
struct TreeNode : Kit::template Base<TreeNode<Kit>> {
  // In this order the left one is destroyed first, and memory read in the order it was made.
  typename Kit::template Ptr<TreeNode> right;
  typename Kit::template Ptr<TreeNode> left;
  std::uint64_t key = 0;

  void traverse(auto& visit) { visit(left, right); }
};

template <class Kit>
struct DomNode : Kit::template Base<DomNode<Kit>> {
  typename Kit::template Parent<DomNode> parent = {};
  typename Kit::template Children<DomNode> children;

  void traverse(auto& visit) { visit(parent, children); }
};

template <class Kit>
typename Kit::template Ptr<TreeNode<Kit>> make_tree(int levels) {
  auto node = Kit::template make<TreeNode<Kit>>();
  if (levels > 1) {
    node->left = make_tree<Kit>(levels - 1);
    node->right = make_tree<Kit>(levels - 1);
  }
  return node;
}

/// Each benchmark reports ns per node for build and drop together, and both apart.
template <class Build, class Drop>
void build_and_drop(benchmark::State& state, std::size_t nodes, Build&& build, Drop&& drop) {
  Samples whole(nodes);
  Samples building(nodes);
  Samples dropping(nodes);
  for (auto _ : state) {
    whole.time(state, [&] {
      building.time(build);
      dropping.time(drop);
    });
  }
  whole.report(state);
  state.counters["build_ns"] = building.median();
  state.counters["drop_ns"] = dropping.median();
}

template <class Kit>
void list(benchmark::State& state, std::size_t n) {
  typename Kit::Scope scope;
  typename Kit::template Ptr<ListNode<Kit>> head;
  build_and_drop(
      state, n,
      [&] {
        for (std::size_t i = 0; i < n; ++i) {
          auto node = Kit::template make<ListNode<Kit>>();
          node->next = std::move(head);
          head = std::move(node);
        }
      },
      [&] {
        if constexpr (!Kit::kDropsDeep) {
          while (head) head = std::exchange(head->next, nullptr);
        }
        head.reset();
      });
}

template <class Kit>
void tree(benchmark::State& state, int levels) {
  typename Kit::Scope scope;
  typename Kit::template Ptr<TreeNode<Kit>> root;
  build_and_drop(
      state, (std::size_t{1} << levels) - 1, [&] { root = make_tree<Kit>(levels); },
      [&] { root.reset(); });
}

/// Level by level, eight children each.
template <class Kit>
void dom(benchmark::State& state, std::size_t n) {
  constexpr std::size_t kChildren = 8;
  typename Kit::Scope scope;
  typename Kit::template Ptr<DomNode<Kit>> root;
  std::vector<DomNode<Kit>*> nodes(n, nullptr);
  build_and_drop(
      state, n,
      [&] {
        root = Kit::template make<DomNode<Kit>>();
        nodes[0] = root.get();
        for (std::size_t i = 1; i < n; ++i) {
          auto node = Kit::template make<DomNode<Kit>>();
          nodes[i] = node.get();
          DomNode<Kit>* parent = nodes[(i - 1) / kChildren];
          // Every node but the root is owned by its parent's array, where it can be looked up.
          const std::size_t at = (i - 1) / kChildren;
          const auto& owner =
              at == 0 ? root : nodes[(at - 1) / kChildren]->children[(at - 1) % kChildren];
          node->parent = Kit::parent_of(owner);
          parent->children.push_back(std::move(node));
        }
      },
      [&] {
        root.reset();
        scope.drop_cycles(n);
      });
}

template <class Kit>
void add_structures(const char* peer, std::size_t n, int levels) {
  const std::string name = peer;
  add("build/list/" + std::to_string(n) + "/" + name, 9, list<Kit>, n);
  add("build/tree/" + std::to_string(levels) + "_levels/" + name, 9, tree<Kit>, levels);
  add("build/dom/" + std::to_string(n) + "/" + name, 9, dom<Kit>, n);
}

}  // namespace ouro::bench
