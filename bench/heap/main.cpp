// heap_bench: the benchmarks of the heap and the collector beside their peers. bench/heap/run runs
// it row by row and compares; to look at some rows by hand:
//
//   heap_bench --benchmark_filter='^full/live/random/1000000/'
//   heap_bench --small --benchmark_filter=young        sizes that take no time, to see that all
//   runs
//
// One process should measure one benchmark where figures matter: peers leave threads and heaps
// behind.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "measure.h"
#include "rows.h"

namespace {

// jemalloc keeps more thread-local data than a library opened late has room for, unless the loader
// was told at the program's start.
void make_room_for_thread_locals(char** argv) {
  constexpr const char* kName = "GLIBC_TUNABLES";
  if (std::getenv(kName) != nullptr) return;
  setenv(kName, "glibc.rtld.optional_static_tls=16384", 0);
  execv("/proc/self/exe", argv);
}

}  // namespace

int main(int argc, char** argv) {
  make_room_for_thread_locals(argv);
  using ouro::bench::Sizes;
  Sizes sizes = {{100'000, 1'000'000, 10'000'000}, 1'000'000, {0, 1'000'000, 10'000'000}, 20};
  if (argc > 1 && std::strcmp(argv[1], "--small") == 0) {
    sizes = {{10'000}, 10'000, {0, 10'000}, 12};
    argv[1] = argv[0];
    ++argv;
    --argc;
  }
  // First, since one of its rows wants a process that never started a thread.
  ouro::bench::register_structures(sizes);
  ouro::bench::register_allocation(sizes);
  ouro::bench::register_footprint(sizes);
  ouro::bench::register_ouro_collections(sizes);
  ouro::bench::register_limit(sizes);
  ouro::bench::register_cpython_collections(sizes);
  ouro::bench::register_boehm_collections(sizes);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
