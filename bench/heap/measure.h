// Measuring by hand: CPU time of this process, a sample per repetition, medians as counters.
//
// Collections cannot be repeated in a plain benchmark loop (each needs a heap in the right state),
// so these benchmarks time one piece of work at a time, on the process's CPU clock, which does not
// run while other programs have the machine. Each benchmark reports, per item (object, node,
// operation):
//   ns       median over the samples        ns_min, ns_max   their spread        items   items per
//   sample
#pragma once

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ouro::bench {

inline double cpu_ns() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

class Samples {
 public:
  explicit Samples(std::size_t items_per_sample) : items_(items_per_sample) {
    // Growing in the middle would disturb the allocators measured: glibc then sorts all that was
    // freed.
    values_.reserve(kMostSamples);
  }

  /// Times one call of `work` and keeps it as a sample.
  template <class Work>
  double time(Work&& work) {
    const double start = cpu_ns();
    work();
    const double elapsed = cpu_ns() - start;
    values_.push_back(elapsed / static_cast<double>(items_));
    return elapsed;
  }
  /// The same, as the state's iteration.
  template <class Work>
  void time(benchmark::State& state, Work&& work) {
    state.SetIterationTime(time(work) * 1e-9);
  }

  /// Nanoseconds per item.
  [[nodiscard]] double median() const {
    std::vector<double> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  void report(benchmark::State& state) const {
    if (values_.empty()) return;
    state.counters["ns"] = median();
    state.counters["ns_min"] = *std::min_element(values_.begin(), values_.end());
    state.counters["ns_max"] = *std::max_element(values_.begin(), values_.end());
    state.counters["items"] = static_cast<double>(items_);
  }

 private:
  static constexpr std::size_t kMostSamples = 128;
  std::size_t items_;
  std::vector<double> values_;
};

/// Registers a benchmark of `samples` hand-timed iterations.
template <class... Arguments>
void add(const std::string& name, int samples, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), arguments...)
      ->UseManualTime()
      ->Iterations(samples)
      ->Unit(benchmark::kMillisecond);
}

/// Pushes what the first two cache levels hold out of them: 1 MiB of L2 here, so 4 MiB of lines.
class CacheEvictor {
 public:
  CacheEvictor() : lines_(kBytes / sizeof(std::uint64_t), 1) {}
  void evict() {
    for (std::size_t i = 0; i < lines_.size(); i += 8) ++lines_[i];
    benchmark::ClobberMemory();
  }

 private:
  static constexpr std::size_t kBytes = std::size_t{4} << 20;
  std::vector<std::uint64_t> lines_;
};

}  // namespace ouro::bench
