// What a user of the installed library might write; compiled with strict aliasing and full
// optimisation, where a block's life as a free block, an object, and another object must not be
// mixed up. Prints a number that only depends on what it was told to do.
#include <ouro/ouro.h>

#include <cstdint>
#include <cstdio>
#include <vector>

struct Tree : ouro::Object {
  ouro::Ref<Tree> left, right, parent;
  std::uint64_t key = 0;
  void traverse(auto& visit) { visit(left, right, parent); }
};

/// The size of a Tree, of other types.
struct Numbers : ouro::Object {
  double values[4] = {1, 2, 3, 4};
};

ouro::Ref<Tree> grow(int depth, std::uint64_t key) {
  ouro::Ref<Tree> tree = ouro::make<Tree>();
  tree->key = key;
  if (depth > 0) {
    tree->left = grow(depth - 1, key * 2);
    tree->right = grow(depth - 1, key * 2 + 1);
    tree->left->parent = tree;
    tree->right->parent = tree;
  }
  return tree;
}

std::uint64_t sum(const Tree& tree) {
  return tree.key + (tree.left ? sum(*tree.left) : 0) + (tree.right ? sum(*tree.right) : 0);
}

int main() {
  ouro::Heap heap({.leaks = ouro::Leaks::Abort});
  std::uint64_t total = 0;
  double numbers = 0;
  std::vector<ouro::Ref<Numbers>> kept;
  for (int round = 0; round < 50; ++round) {
    total += sum(*grow(8, static_cast<std::uint64_t>(round)));
    for (int i = 0; i < 200; ++i) {
      ouro::Ref<Numbers> some = ouro::make<Numbers>();
      some->values[0] = i;
      if (i % 10 == 0) kept.push_back(some);
    }
    for (const ouro::Ref<Numbers>& some : kept) numbers += some->values[0] + some->values[3];
    if (round % 7 == 0) kept.clear();
  }
  kept.clear();
  heap.collect();
  std::printf("%llu %.0f %zu\n", static_cast<unsigned long long>(total), numbers,
              heap.stats().live_objects);
  return heap.verify().has_value() ? 1 : 0;
}
