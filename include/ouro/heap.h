// Heap: a world of objects with its allocator and its collector.
//
// A thread has one current heap; objects are made in it, and must be used and dropped while theirs
// is current. A heap and its objects belong to one thread at a time; make_current() takes a heap
// over. Checked builds (OURO_CHECKED) detect and explain what breaks these rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>

#include "heap/geometry.h"
#include "heap/heap.h"
#include "ouro/collector.h"
#include "ouro/detail/state.h"
#include "ouro/snapshot.h"
#include "ouro/stats.h"

namespace ouro {
inline namespace v1 {

/// What becomes of objects that are alive when their heap ends.
enum class Leaks : std::uint8_t {
  Ignore,  ///< Their memory goes; their destructors do not run.
  Report,  ///< The same, with a report on stderr.
  Abort,   ///< Report, then abort: for tests.
};

/// How a heap works. Plain values, so that one program can run any mix.
struct Options {
  std::size_t limit_bytes = 0;         ///< Of memory from the system; 0: none.
  bool collects_automatically = true;  ///< When thresholds are passed; else only by collect().
  /// Allocations minus releases of tracked objects that start a young collection; young collections
  /// that start one of generation 1; those that start a full one.
  int thresholds[3] = {4000, 10, 10};
  /// An automatic full collection waits until the objects of the oldest generation have grown by
  /// this much since the last one: their cost stays in proportion to the growth.
  std::size_t growth_percent = 100;
  Verify verify = Verify::Never;
  /// A young collection at each n-th allocation of a tracked object; 0: off.
  std::uint64_t stress = 0;
  std::uint64_t fail_allocation_at = 0;  ///< The n-th allocation fails; 0: none.
  bool fail_once = false;                ///< Only that one, instead of it and all later ones.
  heap::Geometry geometry = {};          ///< Sizes of arenas and pools, for tests.
  /// Guard bytes, fill patterns, a quarantine: finds writes outside, double frees, use after free.
  bool debug_blocks = detail::kChecked;
  /// Records every reference, to find forgotten and invented edges. Checked builds only.
  bool records_references = detail::kChecked;
  EventSink* events = nullptr;
  Leaks leaks = Leaks::Report;
};

class Heap {
 public:
  /// Becomes current if the thread has no current heap.
  explicit Heap(const Options& options = {});
  /// Collects everything that nobody holds, then deals with the rest as Options::leaks says. No
  /// reference to an object may be used or dropped afterwards.
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  /// The thread's current heap; null when it has none.
  [[nodiscard]] static Heap* current() noexcept;
  /// Makes this the current heap of the calling thread, which owns it from here on. No other thread
  /// may be using it.
  void make_current() noexcept;
  [[nodiscard]] bool is_current() const noexcept;

  /// Makes a heap current for as long as it lives, then the one before.
  class Scope {
   public:
    explicit Scope(Heap& heap) noexcept;
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    gc::Space* before_;
  };

  /// Finds and ends what only cycles keep alive, among the objects of `generation` and younger ones
  /// (2: all). Runs finalizers, destructors and callbacks. Returns how many objects it found; 0
  /// when a collection runs already, or there was no memory for its lists.
  std::size_t collect(int generation = 2);
  void set_collects_automatically(bool on) { state_->collector.set_enabled(on); }
  void set_threshold(int generation, int value) {
    state_->collector.set_threshold(generation, value);
  }
  void set_limit(std::size_t bytes) { heap_.set_limit(bytes); }
  void set_verify(Verify mode);
  void set_stress(std::uint64_t every) { state_->collector.set_stress(every); }
  /// The n-th allocation from now fails (and all later ones, unless `once`); 0: none.
  void set_fail_allocation_at(std::uint64_t n, bool once = false) {
    heap_.set_fail_allocation_at(n, once);
  }
  [[nodiscard]] bool has_failed_on_purpose() const { return heap_.has_failed_on_purpose(); }
  /// Null: nobody listens.
  void set_event_sink(EventSink* sink) { state_->collector.set_event_sink(sink); }

  [[nodiscard]] Stats stats() const;
  /// The first broken rule of allocator, collector, and (checked builds) of the classes' traverse
  /// functions; nothing when all is well. O(objects + edges).
  [[nodiscard]] std::optional<Violation> verify() const;
  /// Gives memory that holds nothing back to the system. True when there was some.
  bool release_unused() { return heap_.release_unused(); }
  /// Writes what is alive: a line per class, and with debug blocks one per object (up to
  /// `objects`), saying where it was made. Returns the number of live objects.
  std::size_t report(std::FILE* out, std::size_t objects = 20) const;

  /// Calls `visit(const ObjectInfo&)` for every object. It must not use the heap.
  template <class Visit>
  void for_each_object(Visit&& visit) const {
    walk_objects(&call_back<ObjectInfo, std::remove_reference_t<Visit>>, erase(visit));
  }
  /// Calls `visit(const EdgeInfo&)` for every reference that the object holds.
  template <class Visit>
  void for_each_edge(Handle object, Visit&& visit) const {
    walk_edges(object, &call_back<EdgeInfo, std::remove_reference_t<Visit>>, erase(visit));
  }

  /// The layers beneath.
  [[nodiscard]] heap::Heap& blocks() { return heap_; }
  [[nodiscard]] gc::Collector& collector() { return state_->collector; }

 private:
  template <class Info>
  using Callback = void (*)(void* visit, const Info& info);
  template <class Info, class Visit>
  static void call_back(void* visit, const Info& info) {
    (*static_cast<Visit*>(visit))(info);
  }
  template <class Visit>
  static void* erase(Visit& visit) {
    return const_cast<void*>(static_cast<const void*>(&visit));
  }
  void walk_objects(Callback<ObjectInfo> visit, void* context) const;
  void walk_edges(Handle object, Callback<EdgeInfo> visit, void* context) const;
  [[nodiscard]] std::size_t raw_blocks() const;
  static void collection_starts_or_stops(void* context, const char* phase, int generation,
                                         std::size_t collected, std::size_t uncollectable);

  heap::Heap heap_;
  /// Emptied by the destructor, so that what is left in the heap then is a leak.
  std::optional<detail::State> state_;
  const Leaks leaks_;
  Verify verify_;
  std::uint64_t pause_start_ns_ = 0;
  std::uint64_t pauses_ns_ = 0;
  std::uint64_t longest_pause_ns_ = 0;
  std::uint64_t last_pause_ns_ = 0;
};

}  // namespace v1
}  // namespace ouro
