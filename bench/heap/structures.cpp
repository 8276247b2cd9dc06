// Linked structures: ours, shared_ptr, the intrusive count, and CPython's objects from C.
#include "structures.h"

#include <sys/single_threaded.h>

#include "cpython_world.h"
#include "ouro_kit.h"
#include "peer_kits.h"
#include "rows.h"

namespace ouro::bench {

namespace {

using OuroTracked = OuroKit<Automatic::Off>;
using Intrusive = IntrusiveKit;
static_assert(sizeof(ListNode<OuroTracked>) == 48 && sizeof(ListNode<Intrusive>) == 48);
static_assert(sizeof(DomNode<OuroTracked>) == 48);

// CPython's nodes are of the C type, 64 bytes; automatic collections are off, as in the first of
// our rows. Its parent links own, so that only a collection takes a document apart.

void cpython_list(benchmark::State& state, std::size_t n) {
  const CPythonWorld world;
  PyObject* head = nullptr;
  build_and_drop(
      state, n,
      [&] {
        for (std::size_t i = 0; i < n; ++i) {
          PyNode* node = world.make();
          node->slots[0] = head;
          head = &node->ob_base;
        }
      },
      [&] { Py_CLEAR(head); });
}

PyObject* make_python_tree(const CPythonWorld& world, int levels) {
  PyNode* node = world.make();
  if (levels > 1) {
    node->slots[0] = make_python_tree(world, levels - 1);
    node->slots[1] = make_python_tree(world, levels - 1);
  }
  return &node->ob_base;
}

void cpython_tree(benchmark::State& state, int levels) {
  const CPythonWorld world;
  PyObject* root = nullptr;
  build_and_drop(
      state, (std::size_t{1} << levels) - 1, [&] { root = make_python_tree(world, levels); },
      [&] { Py_CLEAR(root); });
}

void cpython_dom(benchmark::State& state, std::size_t n) {
  constexpr std::size_t kChildren = 8;
  const CPythonWorld world;
  std::vector<PyNode*> nodes(n, nullptr);
  build_and_drop(
      state, n,
      [&] {
        for (std::size_t i = 0; i < n; ++i) {
          PyNode* node = world.make();
          nodes[i] = node;
          if (i == 0) continue;
          PyNode* parent = nodes[(i - 1) / kChildren];
          node->slots[0] = Py_NewRef(&parent->ob_base);
          // Leaves have no list, as their arrays take no memory elsewhere.
          if (parent->slots[1] == nullptr) parent->slots[1] = PyList_New(0);
          PyList_Append(parent->slots[1], &node->ob_base);
          Py_DECREF(node);
        }
      },
      [&] {
        Py_DECREF(nodes[0]);
        world.collect(2);
      });
}

// libstdc++ counts without atomics only in a process that never started a thread.
template <class Benchmark, class Size>
void add_plain(const std::string& name, Benchmark run, Size size) {
  add(name, 9, [run, size](benchmark::State& state) {
    if (__libc_single_threaded == 0) {
      state.SkipWithError("a thread was started before: run this row in a process of its own");
      return;
    }
    run(state, size);
  });
}

}  // namespace

void register_structures(const Sizes& sizes) {
  const std::size_t n = sizes.live;
  const int levels = sizes.tree_levels;
  const std::string list_row = "build/list/" + std::to_string(n) + "/";
  const std::string tree_row = "build/tree/" + std::to_string(levels) + "_levels/";
  const std::string dom_row = "build/dom/" + std::to_string(n) + "/";
  using Plain = SharedKit<Counting::Plain>;
  add_plain(list_row + "shared_ptr_plain", list<Plain>, n);
  add_plain(tree_row + "shared_ptr_plain", tree<Plain>, levels);
  add_plain(dom_row + "shared_ptr_plain", dom<Plain>, n);
  add_structures<OuroTracked>("ouro", n, levels);
  add_structures<OuroKit<Automatic::On>>("ouro_automatic", n, levels);
  add_structures<Intrusive>("intrusive_mimalloc", n, levels);
  add(list_row + "cpython", 5, cpython_list, n);
  add(tree_row + "cpython", 5, cpython_tree, levels);
  add(dom_row + "cpython", 3, cpython_dom, n);
  add_structures<SharedKit<Counting::Atomic>>("shared_ptr", n, levels);
}

}  // namespace ouro::bench
