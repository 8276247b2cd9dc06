// The limit: what a machine needs at least to read every edge of a graph once and touch one word
// per edge. Objects of 64 bytes lie side by side and are read in order of address; the words are a
// dense table of 32-bit counts. Several ways of writing that loop are measured; the fastest counts.
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "measure.h"
#include "rows.h"

namespace ouro::bench {

namespace {

struct alignas(64) Plain {
  std::uint64_t header[2];
  Plain* slots[Graph::kSlots];
  std::uint64_t payload[2];
};
static_assert(sizeof(Plain) == 64);

// Edges of one object, then a table word each. Index 0 of the table is for null slots.
struct Arrays {
  std::unique_ptr<Plain[]> objects;
  std::unique_ptr<std::uint32_t[]> counts;
  std::size_t n;
};

Arrays make_arrays(const Graph& graph) {
  Arrays arrays = {std::make_unique<Plain[]>(graph.objects()),
                   std::make_unique<std::uint32_t[]>(graph.objects() + 1), graph.objects()};
  for (std::size_t i = 0; i < arrays.n; ++i) {
    for (std::size_t s = 0; s < Graph::kSlots; ++s) {
      const std::uint32_t target = graph.target(i, s);
      if (target != Graph::kNone) arrays.objects[i].slots[s] = &arrays.objects[target];
    }
  }
  return arrays;
}

void branching(Arrays& arrays) {
  const Plain* base = arrays.objects.get();
  std::uint32_t* counts = arrays.counts.get();
  for (std::size_t i = 0; i < arrays.n; ++i) {
    for (const Plain* target : base[i].slots) {
      if (target != nullptr) --counts[target - base + 1];
    }
  }
}

// The place of an edge's word, 0 for a null slot, without a jump.
std::size_t place(const Plain* base, const Plain* target) {
  const auto index = static_cast<std::size_t>(target - base) + 1;
  return index & -static_cast<std::size_t>(target != nullptr);
}

void branchless(Arrays& arrays) {
  const Plain* base = arrays.objects.get();
  std::uint32_t* counts = arrays.counts.get();
  for (std::size_t i = 0; i < arrays.n; ++i) {
    for (const Plain* target : base[i].slots) --counts[place(base, target)];
  }
}

void prefetching(Arrays& arrays) {
  constexpr std::size_t kAhead = 32;
  const Plain* base = arrays.objects.get();
  std::uint32_t* counts = arrays.counts.get();
  for (std::size_t i = 0; i < arrays.n; ++i) {
    if (i + kAhead < arrays.n) {
      for (const Plain* target : base[i + kAhead].slots) {
        __builtin_prefetch(&counts[place(base, target)], 1);
      }
    }
    for (const Plain* target : base[i].slots) --counts[place(base, target)];
  }
}

// Edges gather in a buffer while their words are fetched; the buffer before is settled meanwhile.
void batching(Arrays& arrays) {
  constexpr std::size_t kBatch = 128;
  const Plain* base = arrays.objects.get();
  std::uint32_t* counts = arrays.counts.get();
  std::size_t buffers[2][kBatch] = {};
  std::size_t used = 0;
  std::size_t settled = 0;
  std::size_t* filling = buffers[0];
  std::size_t* waiting = buffers[1];
  for (std::size_t i = 0; i < arrays.n; ++i) {
    for (const Plain* target : base[i].slots) {
      filling[used] = place(base, target);
      used += target != nullptr;
    }
    if (used + Graph::kSlots > kBatch || i + 1 == arrays.n) {
      for (std::size_t k = 0; k < used; ++k) __builtin_prefetch(&counts[filling[k]], 1);
      for (std::size_t k = 0; k < settled; ++k) --counts[waiting[k]];
      settled = used;
      used = 0;
      std::swap(filling, waiting);
    }
  }
  for (std::size_t k = 0; k < settled; ++k) --counts[waiting[k]];
}

constexpr struct {
  const char* name;
  void (*pass)(Arrays&);
} kVariants[] = {{"branching", branching},
                 {"branchless", branchless},
                 {"prefetching", prefetching},
                 {"batching", batching}};

// One iteration times every variant; the row's figure is that of the one with the lowest median.
void limit(benchmark::State& state, std::size_t n, Topology topology) {
  Arrays arrays = make_arrays(make_graph(n, topology, 1));
  std::vector<Samples> samples(std::size(kVariants), Samples(n));
  for (auto _ : state) {
    for (std::size_t v = 0; v < samples.size(); ++v) {
      kVariants[v].pass(arrays);  // leaves the caches as this variant likes them
      samples[v].time(state, [&] {
        kVariants[v].pass(arrays);
        benchmark::ClobberMemory();
      });
    }
  }
  std::size_t best = 0;
  for (std::size_t v = 0; v < samples.size(); ++v) {
    state.counters[kVariants[v].name] = samples[v].median();
    if (samples[v].median() < samples[best].median()) best = v;
  }
  samples[best].report(state);
}

}  // namespace

void register_limit(const Sizes& sizes) {
  for (const std::size_t n : sizes.full) {
    for (const Topology topology : {Topology::Random, Topology::Local}) {
      add(full_row("live", topology, n, "limit"), samples_for(n), limit, n, topology);
    }
  }
}

}  // namespace ouro::bench
