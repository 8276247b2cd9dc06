// Heap: the options' meaning, which heap is current, and what becomes of it at its end.
#include "ouro/heap.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "heap/heap_stats.h"
#include "library/references.h"
#include "ouro/detail/type.h"
#include "ouro/weak.h"
#include "support/check.h"

namespace ouro {
inline namespace v1 {

namespace {

/// Finalizers may bring objects back, which later collections find again.
constexpr int kLastCollections = 10;

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

heap::HeapOptions block_options(const Options& options) {
  heap::HeapOptions result;
  result.geometry = options.geometry;
  result.limit_bytes = options.limit_bytes;
  result.debug = options.debug_blocks;
  result.fail_allocation_at = options.fail_allocation_at;
  result.fail_once = options.fail_once;
  return result;
}

/// "dom.cpp:34 Node", the place first because the text may be cut off.
std::string_view origin_of_next_block(void* context) {
  auto& state = *static_cast<detail::State*>(context);
  if (state.place.file == nullptr) return "";
  const char* slash = std::strrchr(state.place.file, '/');
  const char* file = slash == nullptr ? state.place.file : slash + 1;
  std::snprintf(state.origin, sizeof state.origin, "%s:%d %s", file, state.place.line,
                state.making);
  return state.origin;
}

void run_callback(void*, gc::WeakReference* reference) {
  auto& callback = static_cast<detail::Callback&>(*detail::Access::object(reference->callback));
  callback.run(callback);
}

/// Takes `state` out of the thread's list of heaps, wherever it stands.
void leave(detail::State& state) {
  gc::Space** link = &gc::current_space();
  while (*link != nullptr && *link != &state) link = &static_cast<detail::State*>(*link)->previous;
  if (*link != nullptr) *link = state.previous;
  state.previous = nullptr;
}

void enter(detail::State& state) {
  leave(state);
  state.previous = gc::current_space();
  gc::current_space() = &state;
  state.heap.set_owner_thread();
}

}  // namespace

Heap::Heap(const Options& options)
    : heap_(block_options(options)), leaks_(options.leaks), verify_(options.verify) {
  detail::State& state = state_.emplace(heap_, *this);
  if (detail::kChecked && options.records_references) {
    state.references = new detail::ReferenceRecord;
  }
  if (heap_.has_debug_blocks()) heap_.set_origin_provider(origin_of_next_block, &state);
  gc::Collector& collector = state.collector;
  collector.set_hooks({.context = this,
                       .notify = collection_starts_or_stops,
                       .weakref_callback = run_callback,
                       .keep_garbage = nullptr,
                       .write = nullptr,
                       .caches_dropped = nullptr,
                       .exception_pending = nullptr});
  collector.set_survivor_order(gc::SurvivorOrder::AsBorn);
  collector.set_enabled(options.collects_automatically);
  for (int i = 0; i < 3; ++i) collector.set_threshold(i, options.thresholds[i]);
  collector.set_growth_percent(options.growth_percent);
  collector.set_verify(options.verify);
  collector.set_stress(options.stress);
  collector.set_event_sink(options.events);
  if (gc::current_space() == nullptr) enter(state);
}

Heap::~Heap() {
  gc::Space* before = gc::current_space();
  const bool was_current = before == &*state_;
  enter(*state_);
  if (was_current) before = state_->previous;
  // The end must not fail for want of memory.
  heap_.set_fail_allocation_at(0, false);
  heap_.set_limit(0);
  for (int i = 0; i < kLastCollections && collect() > 0; ++i) {
  }
  const std::size_t objects = leaks_ == Leaks::Ignore ? 0 : report(nullptr, 0);
  if (objects > 0) {
    std::fprintf(stderr, "ouro: a heap ends with live objects:\n");
    report(stderr);
  }
  const std::size_t raw_objects = state_->raw_objects;
  leave(*state_);
  gc::current_space() = before;
  delete state_->references;
  heap_.set_origin_provider(nullptr, nullptr);
  state_.reset();
  const std::size_t buffers = leaks_ == Leaks::Ignore ? 0 : raw_blocks() - raw_objects;
  if (buffers > 0) {
    std::fprintf(stderr, "ouro: a heap ends with %zu live buffers of ouro::Allocator\n", buffers);
  }
  if (leaks_ == Leaks::Abort && (objects > 0 || buffers > 0)) std::abort();
}

std::size_t Heap::raw_blocks() const {
  std::size_t count = 0;
  heap_.for_each_live_of(heap::BlockKind::Raw, [&](void*, std::size_t) { ++count; });
  return count;
}

Heap* Heap::current() noexcept {
  gc::Space* space = gc::current_space();
  return space == nullptr ? nullptr : &static_cast<detail::State*>(space)->owner;
}

void Heap::make_current() noexcept { enter(*state_); }

bool Heap::is_current() const noexcept { return gc::current_space() == &*state_; }

Heap::Scope::Scope(Heap& heap) noexcept : before_(gc::current_space()) { heap.make_current(); }

Heap::Scope::~Scope() {
  if (before_ == nullptr) {
    gc::current_space() = nullptr;
  } else {
    enter(static_cast<detail::State&>(*before_));
  }
}

std::size_t Heap::collect(int generation) {
  OURO_CHECK(is_current(), "collect() of a heap that is not current on this thread");
  return state_->collector.collect({.generation = generation, .cause = gc::Cause::Explicit});
}

void Heap::set_verify(Verify mode) {
  verify_ = mode;
  state_->collector.set_verify(mode);
}

void Heap::collection_starts_or_stops(void* context, const char* phase, int, std::size_t,
                                      std::size_t) {
  Heap& heap = *static_cast<Heap*>(context);
  if (std::strcmp(phase, "start") == 0) {
    if (heap.verify_ != Verify::Never && heap.state_->references != nullptr) {
      const auto broken = heap.state_->references->verify(*heap.state_);
      OURO_CHECK(!broken.has_value(), "%s: %s", broken->rule, broken->found);
    }
    heap.pause_start_ns_ = now_ns();
    return;
  }
  heap.last_pause_ns_ = now_ns() - heap.pause_start_ns_;
  heap.pauses_ns_ += heap.last_pause_ns_;
  if (heap.last_pause_ns_ > heap.longest_pause_ns_) heap.longest_pause_ns_ = heap.last_pause_ns_;
}

std::optional<Violation> Heap::verify() const {
  if (auto broken = heap_.verify()) return broken;
  // What it changes to look at, it puts back.
  auto& collector = const_cast<gc::Collector&>(state_->collector);
  if (auto broken = collector.verify()) return broken;
  if (state_->references != nullptr) return state_->references->verify(*state_);
  return std::nullopt;
}

Stats Heap::stats() const {
  const heap::HeapStats blocks = heap_.stats();
  const gc::Collector& collector = state_->collector;
  Stats stats{};
  // Blocks in quarantine are used ones for their pools; small pools have no classes for big
  // objects.
  if (blocks.quarantined_blocks > 0 || blocks.pool_bytes < heap::Geometry{}.pool_bytes) {
    walk_objects([](void* count, const ObjectInfo&) { ++*static_cast<std::size_t*>(count); },
                 &stats.live_objects);
  } else {
    for (std::size_t i = 0; i < blocks.classes; ++i) {
      const heap::ClassStats& of_class = blocks.object[i];
      if (of_class.block_bytes <= detail::kBigObject) stats.live_objects += of_class.live_blocks;
    }
    stats.live_objects += state_->raw_objects + state_->big_leaves;
  }
  for (int generation = 0; generation < 3; ++generation) {
    stats.generation_objects[generation] = collector.live(generation);
    stats.tracked_objects += collector.live(generation);
    stats.collections[generation] = collector.stats(generation).collections;
    stats.collected[generation] = collector.stats(generation).collected;
  }
  stats.live_blocks = blocks.live_blocks;
  stats.live_bytes = blocks.live_bytes;
  stats.peak_live_bytes = blocks.peak_live_bytes;
  stats.os_bytes = blocks.os_bytes;
  stats.limit_bytes = blocks.limit_bytes;
  stats.allocations = blocks.allocations;
  stats.failed_allocations = blocks.failed_allocations;
  stats.pauses_ns = pauses_ns_;
  stats.longest_pause_ns = longest_pause_ns_;
  stats.last_pause_ns = last_pause_ns_;
  return stats;
}

}  // namespace v1
}  // namespace ouro
