// Collector: when collections start, what they report, and the switches. The phases are in
// collection.cpp.
#include "gc/collector.h"

#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <utility>

#include "gc/collection.h"
#include "support/check.h"

namespace ouro::gc {

Collector::Collector(heap::Heap& heap)
    : heap_(heap),
      logs_{GenerationLog(heap), GenerationLog(heap), GenerationLog(heap), GenerationLog(heap)},
      examined_(heap) {}

Collector::~Collector() = default;

// Every allocation of a collected type comes here while the count is over the threshold (collection
// may be switched off) or under stress.
void Collector::allocation_over_threshold() {
  if (collecting_ || !enabled_) return;
  if (counts_[0] > thresholds_[0] && thresholds_[0] != 0) {
    collect_due_generation();
  } else if (stress_ != 0 && ++stress_tick_ % stress_ == 0) {
    collect({.generation = 0, .cause = Cause::Stress});
  }
}

// A candidate or an unreachable object of the running collection goes away.
void Collector::leave_collection(Header* object) {
  OURO_CHECK(object->gc_state() == GcState::Unreachable,
             "G6: a %s leaves while counts are being subtracted", object->type_info->name);
  running_->forget(object);
}

// The oldest generation whose counter has passed its threshold. A full collection also waits until
// what has gathered since the last one is a quarter of the long-lived (growth_percent_), so that
// its cost stays proportional to the growth.
void Collector::collect_due_generation() {
  if (hooks_.exception_pending != nullptr && hooks_.exception_pending(hooks_.context)) return;
  for (int generation = 2; generation >= 0; --generation) {
    if (counts_[generation] <= thresholds_[generation]) continue;
    if (generation == 2 && long_lived_pending_ < long_lived_total_ * growth_percent_ / 100)
      continue;
    collect_with_callbacks(generation);
    return;
  }
}

std::size_t Collector::collect(const CollectOptions& options) {
  if (collecting_) return 0;
  if (options.cause == Cause::Stress && hooks_.exception_pending != nullptr &&
      hooks_.exception_pending(hooks_.context)) {
    return 0;
  }
  if (options.cause == Cause::Explicit || options.cause == Cause::Threshold)
    return collect_with_callbacks(options.generation);
  // Stress must not show in what a program can observe, nor shutdown run gc.callbacks: counters
  // stay as they were, and what stress found is credited to the collection that would have found
  // it.
  const int counts[3] = {counts_[0], counts_[1], counts_[2]};
  const GenerationStats before = stats_[options.generation];
  collecting_ = true;
  Collection collection(
      *this, options.generation,
      options.cause == Cause::Stress ? Collection::Ageing::Stay : Collection::Ageing::Promote);
  running_ = &collection;
  const Collection::Outcome outcome = collection.run();
  running_ = nullptr;
  collecting_ = false;
  if (options.cause == Cause::Stress) {
    for (int i = 0; i < 3; ++i) counts_[i] = counts[i];
    stats_[options.generation] = before;
    found_early_ += outcome.collected;
  }
  return outcome.collected + outcome.uncollectable;
}

std::size_t Collector::collect_with_callbacks(int generation) {
  collecting_ = true;
  if (hooks_.notify != nullptr) hooks_.notify(hooks_.context, "start", generation, 0, 0);
  const auto start = std::chrono::steady_clock::now();
  if ((debug_ & kDebugStats) != 0) {
    write_debug("gc: collecting generation %d...\n", generation);
    write_debug("gc: objects in each generation: %zu %zu %zu\n", live(0), live(1), live(2));
    write_debug("gc: objects in permanent generation: %zu\n", live(3));
  }
  if (generation < 2) ++counts_[generation + 1];
  for (int i = 0; i <= generation; ++i) counts_[i] = 0;
  Collection::Outcome outcome;
  {
    Collection collection(*this, generation, Collection::Ageing::Promote);
    running_ = &collection;
    outcome = collection.run();
    running_ = nullptr;
  }
  outcome.collected += std::exchange(found_early_, 0);
  if ((debug_ & kDebugStats) != 0) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    write_debug("gc: done, %zu unreachable, %zu uncollectable, %.4fs elapsed\n",
                outcome.collected + outcome.uncollectable, outcome.uncollectable, elapsed.count());
  }
  if (generation == 2 && hooks_.caches_dropped != nullptr) hooks_.caches_dropped(hooks_.context);
  GenerationStats& stats = stats_[generation];
  ++stats.collections;
  stats.collected += outcome.collected;
  stats.uncollectable += outcome.uncollectable;
  if (hooks_.notify != nullptr) {
    hooks_.notify(hooks_.context, "stop", generation, outcome.collected, outcome.uncollectable);
  }
  collecting_ = false;
  return outcome.collected + outcome.uncollectable;
}

void Collector::freeze() {
  GenerationLog& permanent = logs_[3];
  for (int generation = 0; generation < 3; ++generation) {
    GenerationLog& log = logs_[generation];
    if (!permanent.reserve(log.live())) return;
    const bool moved = for_each(generation, [&](Header* object) {
      object->set_gc_state(GcState::Permanent);
      object->set_gc_payload(static_cast<std::uint32_t>(permanent.append(object)));
    });
    if (!moved) return;
    log.reset();
    counts_[generation] = 0;
  }
}

void Collector::unfreeze() {
  GenerationLog& old = logs_[2];
  if (!old.reserve(logs_[3].live())) return;
  logs_[3].for_each_in_any_order([&](Header* object) {
    object->set_gc_state(GcState::Gen2);
    object->set_gc_payload(static_cast<std::uint32_t>(old.append_to_any(object)));
  });
  logs_[3].reset();
}

std::size_t Collector::frozen() const { return logs_[3].live(); }

void Collector::write_debug(const char* format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  const int length = std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (length <= 0) return;
  const std::size_t shown = static_cast<std::size_t>(length) < sizeof text
                                ? static_cast<std::size_t>(length)
                                : sizeof text - 1;
  if (hooks_.write != nullptr) {
    hooks_.write(hooks_.context, text, shown);
  } else {
    std::fwrite(text, 1, shown, stderr);
  }
}

void Collector::check(const char* phase, bool apart) {
  const std::optional<Violation> found = verify(apart);
  OURO_CHECK(!found.has_value(), "%s %s: %s", phase, found->rule, found->found);
}

}  // namespace ouro::gc
