// Bytes per object: what a process grows by for each of n objects, less what the objects themselves
// hold (their own fields). The rest is the price of counting, tracking and allocating.
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "cpython_world.h"
#include "measure.h"
#include "ouro_world.h"
#include "rows.h"

namespace ouro::bench {

namespace {

std::size_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  std::size_t total = 0;
  std::size_t resident = 0;
  if (file == nullptr || std::fscanf(file, "%zu %zu", &total, &resident) != 2) std::abort();
  std::fclose(file);
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// `make_all` makes n objects; each holds `own_bytes` of its own.
template <class MakeAll>
void footprint(benchmark::State& state, std::size_t n, std::size_t own_bytes, MakeAll&& make_all) {
  double per_object = 0;
  for (auto _ : state) {
    const std::size_t before = resident_bytes();
    make_all();
    per_object = static_cast<double>(resident_bytes() - before) / static_cast<double>(n);
    state.SetIterationTime(1e-9);
  }
  state.counters["bytes"] = per_object;
  state.counters["overhead"] = per_object - static_cast<double>(own_bytes);
}

/// What Node holds beside its header.
struct Fields {
  std::shared_ptr<Fields> unused;  // 16 bytes of payload
  void* slots[Graph::kSlots] = {};
};
static_assert(sizeof(Fields) == 48);

void ouro_footprint(benchmark::State& state, std::size_t n, bool collected) {
  World world;
  world.set_automatic_collections(false);
  std::vector<Node*> nodes(n, reinterpret_cast<Node*>(&world));  // its pages are touched
  release(world.make());
  footprint(state, n, sizeof(Fields), [&] {
    for (Node*& node : nodes) node = world.make();
    if (collected) world.collect(2);
  });
}

void shared_footprint(benchmark::State& state, std::size_t n) {
  std::vector<std::shared_ptr<Fields>> nodes(n, nullptr);
  footprint(state, n, sizeof(Fields), [&] {
    for (auto& node : nodes) node = std::make_shared<Fields>();
  });
}

void cpython_footprint(benchmark::State& state, std::size_t n) {
  const CPythonWorld world;
  std::vector<PyNode*> nodes(n, reinterpret_cast<PyNode*>(&state));
  footprint(state, n, sizeof(PyNode) - sizeof(PyObject), [&] {
    for (PyNode*& node : nodes) node = world.make();
    world.collect(2);
  });
  drop_nodes(nodes);
}

}  // namespace

void register_footprint(const Sizes& sizes) {
  const std::string row = "bytes/tracked_64/" + std::to_string(sizes.live) + "/";
  add(row + "ouro", 1, ouro_footprint, sizes.live, true);
  add(row + "ouro_young", 1, ouro_footprint, sizes.live, false);
  add(row + "shared_ptr", 1, shared_footprint, sizes.live);
  add(row + "cpython", 1, cpython_footprint, sizes.live);
}

}  // namespace ouro::bench
