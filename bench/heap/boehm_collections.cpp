// The same collections by the Boehm-Demers-Weiser collector, with one mark thread: conservative, or
// typed (told which words of an object are references). It never reclaims in a collection, but
// later, as memory is asked for, so it has no row for garbage. Declares the thread settings; the
// macro also wants its thread calls used, of which there are none here.
#define GC_THREADS
#include <gc/gc.h>
#include <gc/gc_typed.h>

#include "measure.h"
#include "rows.h"

namespace ouro::bench {

namespace {

struct BoehmNode {
  std::uint64_t header[2];
  BoehmNode* slots[Graph::kSlots];
  std::uint64_t payload[2];
};
static_assert(sizeof(BoehmNode) == 64);

// The one root: static data is scanned. Volatile, since nothing but the collector reads it.
BoehmNode* volatile root;

void start() {
  if (GC_is_init_called() != 0) return;
  GC_set_markers_count(1);
  GC_set_warn_proc(GC_ignore_warn_proc);
  GC_INIT();
}

enum class Layout : std::uint8_t { Conservative, Typed };

// Not inlined: its stack, which is scanned too, holds pointers to nodes.
[[gnu::noinline]] void make_graph_with_one_root(const Graph& graph, Layout layout) {
  const std::size_t n = graph.objects();
  GC_word bitmap[1] = {};
  for (std::size_t s = 0; s < Graph::kSlots; ++s) {
    GC_set_bit(bitmap, GC_WORD_OFFSET(BoehmNode, slots) + s);
  }
  const GC_descr descriptor = GC_make_descriptor(bitmap, GC_WORD_LEN(BoehmNode));
  GC_disable();
  std::vector<BoehmNode*> nodes(n);
  for (BoehmNode*& node : nodes) {
    void* block = layout == Layout::Typed
                      ? GC_malloc_explicitly_typed(sizeof(BoehmNode), descriptor)
                      : GC_malloc(sizeof(BoehmNode));
    if (block == nullptr) std::abort();
    node = static_cast<BoehmNode*>(block);
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t s = 0; s < Graph::kSlots; ++s) {
      if (graph.target(i, s) != Graph::kNone) nodes[i]->slots[s] = nodes[graph.target(i, s)];
    }
  }
  root = nodes[0];
  GC_enable();
}

void live(benchmark::State& state, std::size_t n, Topology topology, Layout layout) {
  start();
  make_graph_with_one_root(make_graph(n, topology, 1), layout);
  GC_gcollect();
  if (GC_get_heap_size() - GC_get_free_bytes() < n * sizeof(BoehmNode)) std::abort();
  Samples samples(n);
  for (auto _ : state) {
    samples.time(state, [] { GC_gcollect(); });
  }
  samples.report(state);
  root = nullptr;
  GC_gcollect();
}

}  // namespace

void register_boehm_collections(const Sizes& sizes) {
  for (const std::size_t n : sizes.full) {
    for (const Topology topology : {Topology::Random, Topology::Local}) {
      const int samples = n < 5'000'000 ? 5 : 2;
      add(full_row("live", topology, n, "boehm"), samples, live, n, topology, Layout::Conservative);
      add(full_row("live", topology, n, "boehm_typed"), samples, live, n, topology, Layout::Typed);
    }
  }
}

}  // namespace ouro::bench
