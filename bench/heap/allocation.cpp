// Allocation: bare blocks by each allocator, and tracked objects made and dropped. One operation is
// one allocation or one release; "pair" rows count both as one. A block's first word is written, as
// every user would.
#include <algorithm>
#include <memory>
#include <random>

#include "allocators.h"
#include "cpython_world.h"
#include "measure.h"
#include "ouro_world.h"
#include "rows.h"

namespace ouro::bench {

namespace {

constexpr std::size_t kBytes = 64;
constexpr int kSamples = 15;

void* written(void* block) {
  if (block == nullptr) std::abort();
  *static_cast<std::size_t*>(block) = 1;
  return block;
}

template <class Allocator>
void lifo_pair(benchmark::State& state, std::size_t pairs) {
  Allocator allocator;
  Samples samples(pairs);
  for (auto _ : state) {
    samples.time(state, [&] {
      for (std::size_t i = 0; i < pairs; ++i) {
        void* block = written(allocator.template allocate<kBytes>());
        benchmark::DoNotOptimize(block);
        allocator.free(block);
      }
    });
  }
  samples.report(state);
}

/// Which part of a batch's life is timed; the other parts happen all the same.
enum class Part : std::uint8_t { FirstMake, MakeAgain, FreeInOrder, FreeAtRandom, MakeAfterRandom };

// n blocks are made, then all freed: memory that was never touched counts only in FirstMake.
template <class Allocator>
void batch(benchmark::State& state, std::size_t n, Part part) {
  std::mt19937 random(3);
  const std::vector<std::uint32_t> order = shuffled(n, random);
  std::vector<void*> blocks(n, &random);  // its pages are touched
  Samples samples(n);
  auto allocator = std::make_unique<Allocator>();
  const auto make = [&] {
    for (void*& block : blocks) block = written(allocator->template allocate<kBytes>());
  };
  const auto free_in_order = [&] {
    for (void* block : blocks) allocator->free(block);
  };
  const auto free_at_random = [&] {
    for (const std::uint32_t i : order) allocator->free(blocks[i]);
  };
  if (part != Part::FirstMake) {
    make();
    part == Part::MakeAfterRandom ? free_at_random() : free_in_order();
  }
  for (auto _ : state) {
    if (part == Part::FreeInOrder || part == Part::FreeAtRandom) make();
    switch (part) {
      case Part::FirstMake:
      case Part::MakeAgain:
      case Part::MakeAfterRandom:
        samples.time(state, make);
        break;
      case Part::FreeInOrder:
        samples.time(state, free_in_order);
        break;
      case Part::FreeAtRandom:
        samples.time(state, free_at_random);
        break;
    }
    if (part == Part::MakeAgain) free_in_order();
    if (part == Part::MakeAfterRandom) free_at_random();
  }
  samples.report(state);
}

// `live` blocks of 16 to 512 bytes; each step frees one of them at random and makes another size.
template <class Allocator>
void mixed(benchmark::State& state, std::size_t live, std::size_t steps) {
  struct Step {
    std::uint32_t place;
    std::uint32_t bytes;
  };
  std::mt19937 random(4);
  const auto size = [&] { return static_cast<std::uint32_t>(16 + random() % 497); };
  std::vector<Step> script(steps);
  for (Step& step : script) step = {static_cast<std::uint32_t>(random() % live), size()};
  Allocator allocator;
  std::vector<void*> blocks(live);
  for (void*& block : blocks) block = written(allocator.allocate(size()));
  Samples samples(2 * steps);
  for (auto _ : state) {
    samples.time(state, [&] {
      for (const Step& step : script) {
        allocator.free(blocks[step.place]);
        blocks[step.place] = written(allocator.allocate(step.bytes));
      }
    });
  }
  samples.report(state);
  for (void* block : blocks) allocator.free(block);
}

template <class Allocator>
void add_allocator(const Sizes& sizes) {
  const std::string peer = Allocator::kName;
  const std::size_t n = sizes.live;
  const std::string count = std::to_string(n);
  add("alloc/lifo_pair/" + peer, kSamples, lifo_pair<Allocator>, n);
  const struct {
    const char* name;
    Part part;
  } parts[] = {{"make_again", Part::MakeAgain},
               {"free_in_order", Part::FreeInOrder},
               {"free_at_random", Part::FreeAtRandom},
               {"make_after_random_frees", Part::MakeAfterRandom}};
  add("alloc/batch/first_make/" + count + "/" + peer, 1, batch<Allocator>, n, Part::FirstMake);
  for (const auto& part : parts) {
    add(std::string("alloc/batch/") + part.name + "/" + count + "/" + peer, kSamples,
        batch<Allocator>, n, part.part);
  }
  add("alloc/mixed/10000/" + peer, kSamples, mixed<Allocator>, std::size_t{10'000}, n);
  add("alloc/mixed/" + count + "_live/" + peer, 5, mixed<Allocator>, n, n);
}

// Tracked objects, with all that makes and drops them: header, count, young set.

void ouro_pair(benchmark::State& state, std::size_t pairs) {
  World world;
  Samples samples(pairs);
  for (auto _ : state) {
    samples.time(state, [&] {
      for (std::size_t i = 0; i < pairs; ++i) {
        Node* node = world.make();
        benchmark::DoNotOptimize(node);
        release(node);
      }
    });
  }
  samples.report(state);
}

void cpython_pair(benchmark::State& state, std::size_t pairs) {
  const CPythonWorld world;
  PyGC_Enable();
  Samples samples(pairs);
  for (auto _ : state) {
    samples.time(state, [&] {
      for (std::size_t i = 0; i < pairs; ++i) {
        PyNode* node = world.make();
        benchmark::DoNotOptimize(node);
        Py_DECREF(node);
      }
    });
  }
  PyGC_Disable();
  samples.report(state);
}

// A steady population: each step drops one of `live` tracked objects at random and makes another.
void ouro_replace(benchmark::State& state, std::size_t live, std::size_t steps) {
  World world;
  std::mt19937 random(5);
  std::vector<std::uint32_t> places(steps);
  for (std::uint32_t& place : places) place = static_cast<std::uint32_t>(random() % live);
  std::vector<Node*> nodes(live);
  for (Node*& node : nodes) node = world.make();
  Samples samples(steps);
  for (auto _ : state) {
    samples.time(state, [&] {
      for (const std::uint32_t place : places) {
        release(nodes[place]);
        nodes[place] = world.make();
      }
    });
  }
  samples.report(state);
}

void cpython_replace(benchmark::State& state, std::size_t live, std::size_t steps) {
  const CPythonWorld world;
  std::mt19937 random(5);
  std::vector<std::uint32_t> places(steps);
  for (std::uint32_t& place : places) place = static_cast<std::uint32_t>(random() % live);
  PyGC_Enable();
  std::vector<PyNode*> nodes(live);
  for (PyNode*& node : nodes) node = world.make();
  Samples samples(steps);
  for (auto _ : state) {
    samples.time(state, [&] {
      for (const std::uint32_t place : places) {
        Py_DECREF(nodes[place]);
        nodes[place] = world.make();
      }
    });
  }
  PyGC_Disable();
  samples.report(state);
  drop_nodes(nodes);
}

}  // namespace

void register_allocation(const Sizes& sizes) {
  add_allocator<Ouro>(sizes);
  add_allocator<Glibc>(sizes);
  add_allocator<Jemalloc>(sizes);
  add_allocator<Mimalloc>(sizes);
  add_allocator<Pymalloc>(sizes);
  add("make/lifo_pair/ouro", kSamples, ouro_pair, sizes.live);
  add("make/lifo_pair/cpython", kSamples, cpython_pair, sizes.live);
  add("make/replace/10000/ouro", kSamples, ouro_replace, std::size_t{10'000}, sizes.live);
  add("make/replace/10000/cpython", kSamples, cpython_replace, std::size_t{10'000}, sizes.live);
}

}  // namespace ouro::bench
