// heap_bench: the benchmarks of the heap and the collector beside their peers. bench/heap/run runs
// it row by row and compares; to look at some rows by hand:
//
//   heap_bench --benchmark_filter='^full/live/random/1000000/'
//   heap_bench --small --benchmark_filter=young        sizes that take no time, to see that all
//   runs
//
// One process should measure one benchmark where figures matter: peers leave threads and heaps
// behind.
#include <cstring>

#include "measure.h"
#include "rows.h"

int main(int argc, char** argv) {
  using ouro::bench::Sizes;
  Sizes sizes = {{100'000, 1'000'000, 10'000'000}, 1'000'000, {0, 1'000'000, 10'000'000}};
  if (argc > 1 && std::strcmp(argv[1], "--small") == 0) {
    sizes = {{10'000}, 10'000, {0, 10'000}};
    argv[1] = argv[0];
    ++argv;
    --argc;
  }
  ouro::bench::register_ouro_collections(sizes);
  ouro::bench::register_limit(sizes);
  ouro::bench::register_cpython_collections(sizes);
  ouro::bench::register_boehm_collections(sizes);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
