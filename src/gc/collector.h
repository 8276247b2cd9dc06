// Collector: counts, generations, cycles, over one Heap. CPython 3.11's semantics, exactly.
//
// Each generation is a log: an array of object pointers in CPython's list order (birth order;
// survivors re-ordered as the traversal meets them). A tracked object's gc_word holds its index in
// the log. An object that goes leaves a hole; logs are compacted when holes outnumber objects and
// at each collection. No links run through objects.
//
// A program that does not need CPython's order can name its known roots (RootProvider). A full
// collection then first marks what they reach, and trial deletion only looks at the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gc/address_set.h"
#include "gc/events.h"
#include "gc/header.h"
#include "gc/visitor.h"
#include "gc/weak_reference.h"
#include "heap/heap.h"
#include "support/check.h"
#include "support/violation.h"

namespace ouro::gc {

class Collector;
class Collection;

enum class VerifyMode : std::uint8_t { Never, EachCollection, EachPhase };

/// Debug flags, values as in Python's gc module.
enum DebugFlags : unsigned {
  kDebugStats = 1,
  kDebugCollectable = 2,
  kDebugUncollectable = 4,
  kDebugSaveAll = 32,
  kDebugLeak = kDebugCollectable | kDebugUncollectable | kDebugSaveAll,
};

/// How trial deletion remembers who has been reached: marks in the objects, a bitmap beside the
/// heap, or what the number of candidates makes cheaper. The outcome is the same.
enum class ReachedBy : std::uint8_t { Choose, Marks, Bitmap };

/// The order of the survivors of a full collection: CPython's (those reached late come last), or
/// that of their birth. Without CPython's order a heap stays in the order of its addresses, and a
/// collection does not slow down with age.
enum class SurvivorOrder : std::uint8_t { AsReached, AsBorn };

enum class Cause : std::uint8_t { Threshold, Explicit, Stress, Shutdown };

struct CollectOptions {
  int generation = 2;
  Cause cause = Cause::Explicit;
};

/// Totals per generation, as gc.get_stats() tells them.
struct GenerationStats {
  std::size_t collections;
  std::size_t collected;
  std::size_t uncollectable;
};

/// Tells objects that are certainly alive: somebody outside the collector's sight owns a reference
/// to each.
class RootProvider {
 public:
  virtual ~RootProvider() = default;
  /// Reports every known root with sink.edge(). Must not change, or allocate from, the heap.
  virtual void roots(EdgeSink& sink) = 0;
};

/// What the layer above does for the collector. Every member may be null.
struct CollectorHooks {
  void* context;
  /// gc.callbacks: phase "start" or "stop". Runs Python code.
  void (*notify)(void* context, const char* phase, int generation, std::size_t collected,
                 std::size_t uncollectable);
  /// Calls the callback of a dead weak reference (both held by the collector). Runs Python code.
  void (*weakref_callback)(void* context, WeakReference* reference);
  /// Appends to gc.garbage. May fail silently when out of memory.
  void (*keep_garbage)(void* context, Header* object);
  /// Writes debug text (stderr in Python).
  void (*write)(void* context, const char* text, std::size_t length);
  /// A full collection ends: caches that CPython's free lists stand for are to be emptied.
  void (*caches_dropped)(void* context);
  /// True while an exception is pending: an automatic collection must not start, or must save it.
  bool (*exception_pending)(void* context);
};

/// The objects of a generation in order, each of which knows its place (its index).
///
/// An append-only array with holes, in memory from the heap. A large one can be closed: the array
/// goes, and the places are all that is kept, in the objects themselves. Opened again, it is made
/// of the heap's blocks.
class GenerationLog {
 public:
  explicit GenerationLog(heap::Heap& heap) : heap_(heap) {}
  GenerationLog(const GenerationLog&) = delete;
  GenerationLog& operator=(const GenerationLog&) = delete;
  ~GenerationLog();
  /// Room for `count` more entries; false when out of memory.
  [[nodiscard]] bool reserve(std::size_t count);
  [[nodiscard]] bool full() const { return size_ == capacity_; }
  [[nodiscard]] std::size_t holes() const { return holes_; }
  /// Index of the new entry. Needs !full().
  std::size_t append(Header* object) {
    items_[size_] = object;
    return size_++;
  }
  /// The same, when the log may be closed. The object's state and payload are the caller's to set.
  std::size_t append_to_any(Header* object) {
    if (!closed_) items_[size_] = object;
    return size_++;
  }
  void remove_at(std::size_t index) {
    if (index + 1 == size_) {
      --size_;
    } else {
      if (!closed_) items_[index] = nullptr;
      ++holes_;
    }
  }
  /// Null while the log is closed.
  [[nodiscard]] Header** items() const { return items_; }
  [[nodiscard]] std::size_t size() const { return size_; }           // entries, holes included
  [[nodiscard]] std::size_t live() const { return size_ - holes_; }  // objects
  /// Closes the holes and writes each object's new index into its gc_word.
  void compact();

  [[nodiscard]] bool closed() const { return closed_; }
  /// Whether the array is large, not too small beside the heap it would be found in again, and not
  /// one that was wanted again, with hardly a change, when it had been closed.
  [[nodiscard]] bool worth_closing() const;
  /// Gives the array back. Every entry must be an object in a block of kind Object, at its start,
  /// of the oldest generation, and nobody else may be of that.
  void close();
  /// Has the array again; false when out of memory. Cost: O(blocks of objects) when closed.
  [[nodiscard]] bool open();
  /// Calls `visit(Header*)` for each entry, in order, or in any order while the log is closed.
  template <class Visit>
  void for_each_in_any_order(Visit visit) const {
    if (closed_) {
      heap_.for_each_live_of(heap::BlockKind::Object, [&](void* block, std::size_t) {
        auto* object = static_cast<Header*>(block);
        if (object->gc_state() == kCloses) visit(object);
      });
      return;
    }
    for (std::size_t i = 0; i < size_; ++i) {
      if (items_[i] != nullptr) visit(items_[i]);
    }
  }

  /// Forgets all entries; a large log gives its room back.
  void reset();

 private:
  friend class Collection;
  friend struct CollectorTestAccess;
  /// Of the objects in the one log that is ever closed.
  static constexpr GcState kCloses = GcState::Gen2;

  void drop_items();

  heap::Heap& heap_;
  Header** items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t holes_ = 0;
  std::size_t last_closed_ = 0;  // its size then
  bool closed_ = false;
};

/// Everything about collection for one heap.
class Collector {
 public:
  explicit Collector(heap::Heap& heap);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// Memory for an object of a collected type; counts as an allocation and may first run a
  /// collection (so: Python code). The header is not initialised; the object is untracked until
  /// track(). Null when out of memory.
  void* allocate(std::size_t bytes);
  /// The same for an object that CPython would take from a free list: does not count and never
  /// collects.
  void* allocate_uncounted(std::size_t bytes);
  /// Counts an allocation that CPython makes and this runtime does not need; may run a collection,
  /// as allocate() may.
  void count_allocation();
  /// … and its end.
  void count_release() { counts_[0] -= counts_[0] > 0; }
  /// Gives back the block of a collected-type object (untracked by now). `counted` false: it went
  /// to a free list.
  void release(Header* object, bool counted = true);

  /// Starts watching `object` (must be complete: every edge valid). False when out of memory for
  /// the log entry.
  [[nodiscard]] bool track(Header* object);
  /// Stops watching; no-op when untracked.
  void untrack(Header* object) {
    if (object->is_tracked()) untrack_tracked(object);
  }

  /// Runs a collection; returns the number of unreachable objects found (collected +
  /// uncollectable). Runs Python code: finalizers, weakref callbacks, gc.callbacks.
  std::size_t collect(const CollectOptions& options);
  /// Whether the last collection had no room for its lists: nothing was collected.
  [[nodiscard]] bool gave_up() const { return gave_up_; }

  [[nodiscard]] bool enabled() const { return enabled_; }
  void set_enabled(bool on) { enabled_ = on; }
  [[nodiscard]] int threshold(int generation) const { return thresholds_[generation]; }
  void set_threshold(int generation, int value) { thresholds_[generation] = value; }
  /// An automatic full collection waits until the long-lived have grown by this much since the last
  /// one (CPython: 25).
  void set_growth_percent(std::size_t percent) { growth_percent_ = percent; }
  [[nodiscard]] int count(int generation) const { return counts_[generation]; }
  [[nodiscard]] const GenerationStats& stats(int generation) const { return stats_[generation]; }
  [[nodiscard]] unsigned debug_flags() const { return debug_; }
  void set_debug_flags(unsigned flags) { debug_ = flags; }
  [[nodiscard]] bool collecting() const { return collecting_; }
  /// Moves every tracked object to the permanent generation / back to the oldest.
  void freeze();
  void unfreeze();
  [[nodiscard]] std::size_t frozen() const;
  /// Calls `visit(Header*)` for each tracked object of `generation` (0..2; 3 permanent), in order.
  /// False when there is no memory for that.
  template <class Visit>
  [[nodiscard]] bool for_each(int generation, Visit visit) {
    GenerationLog& log = logs_[generation];
    if (!log.open()) return false;
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (Header* object = log.items()[i]; object != nullptr) visit(object);
    }
    return true;
  }
  /// The same without an order, which needs no memory. `visit` must not use the heap.
  template <class Visit>
  void for_each_in_any_order(int generation, Visit visit) const {
    logs_[generation].for_each_in_any_order(visit);
  }
  [[nodiscard]] std::size_t live(int generation) const { return logs_[generation].live(); }

  void set_hooks(const CollectorHooks& hooks) { hooks_ = hooks; }
  void set_event_sink(EventSink* sink) { events_ = sink; }
  void set_survivor_order(SurvivorOrder order) { survivor_order_ = order; }
  /// Roots to mark first in full collections (null: none are known); survivors then stay in the
  /// order of their birth. Kept until replaced.
  void set_root_provider(RootProvider* provider) { roots_ = provider; }
  void set_reached_by(ReachedBy how) { reached_by_ = how; }
  void set_verify(VerifyMode mode) { verify_ = mode; }
  /// Stress: a young collection at every n-th allocation of a collected type (0: off).
  void set_stress(std::uint64_t every) { stress_ = every; }
  /// The first broken rule (they stand in verify.cpp) over all generations, or nothing. Needs no
  /// memory, but that the oldest generation is left out when its log is closed and cannot be
  /// opened.
  [[nodiscard]] std::optional<Violation> verify();
  /// From now on tracked objects may lie where a walk over blocks does not find them (not at the
  /// start of a block of kind Object): no log is closed any more. False when out of memory.
  [[nodiscard]] bool keep_logs_open() {
    return logs_stay_open_ || (logs_stay_open_ = logs_[2].open());
  }

  [[nodiscard]] heap::Heap& heap() { return heap_; }

 private:
  friend class Collection;  // one collection in progress (collection.h)
  friend struct CollectorTestAccess;
  void allocation_over_threshold();
  void untrack_tracked(Header* object);
  void leave_collection(Header* object);
  void collect_due_generation();
  std::size_t collect_with_callbacks(int generation);
  void write_debug(const char* format, ...) __attribute__((format(printf, 2, 3)));
  void check(const char* phase, bool apart = false);
  // `apart`: trial deletion has just separated the reachable from the unreachable (G10).
  [[nodiscard]] std::optional<Violation> verify(bool apart);
  [[nodiscard]] std::optional<Violation> verify_logs(bool apart) const;
  [[nodiscard]] std::optional<Violation> verify_entry(Header* object, int generation,
                                                      std::size_t index, bool apart) const;
  [[nodiscard]] std::optional<Violation> verify_counts() const;
  heap::Heap& heap_;
  GenerationLog logs_[4];  // generations 0..2, permanent
  int thresholds_[3] = {700, 10, 10};
  int counts_[3] = {0, 0, 0};
  GenerationStats stats_[3] = {};
  std::size_t long_lived_total_ = 0;
  std::size_t long_lived_pending_ = 0;
  std::size_t growth_percent_ = 25;
  bool enabled_ = true;
  bool collecting_ = false;
  bool logs_stay_open_ = false;
  unsigned debug_ = 0;
  VerifyMode verify_ = VerifyMode::Never;
  std::uint64_t stress_ = 0;
  std::uint64_t stress_tick_ = 0;
  bool gave_up_ = false;
  std::size_t found_early_ = 0;  // garbage that stress collections took since the last real one
  CollectorHooks hooks_ = {};
  ReachedBy reached_by_ = ReachedBy::Choose;
  SurvivorOrder survivor_order_ = SurvivorOrder::AsReached;
  AddressSet examined_;  // of the running collection; empty between collections
  RootProvider* roots_ = nullptr;
  EventSink* events_ = nullptr;
  Collection* running_ = nullptr;
};

// -- what every object's birth and death runs through, inline
// --------------------------------------------------------------

inline void Collector::count_allocation() {
  if (++counts_[0] > thresholds_[0] || stress_ != 0) [[unlikely]]
    allocation_over_threshold();
}

inline void* Collector::allocate(std::size_t bytes) {
  void* block = heap_.allocate(bytes, heap::BlockKind::Object);
  if (block == nullptr) [[unlikely]]
    return nullptr;
  // A collection may come across the block before it is an object.
  static_cast<Header*>(block)->gc_word = 0;
  count_allocation();
  return block;
}

inline void* Collector::allocate_uncounted(std::size_t bytes) {
  return heap_.allocate(bytes, heap::BlockKind::Object);
}

inline void Collector::release(Header* object, bool counted) {
  OURO_DCHECK(!object->is_tracked(), "G5: a tracked %s is being freed", object->type_info->name);
  if (counted) count_release();
  heap_.free(object);
}

inline bool Collector::track(Header* object) {
  OURO_DCHECK(!object->is_tracked(), "%s is tracked already", object->type_info->name);
  GenerationLog& young = logs_[0];
  if (young.full() && !young.reserve(1)) [[unlikely]]
    return false;
  const std::size_t index = young.append(object);
  object->gc_word = (object->gc_word & kLowBits & ~(kStateMask | kMarkBit)) |
                    static_cast<std::uint32_t>(GcState::Gen0) |
                    (static_cast<std::uint32_t>(index) << kIndexShift);
  return true;
}

inline void Collector::untrack_tracked(Header* object) {
  const GcState state = object->gc_state();
  if (state <= GcState::Permanent) [[likely]] {
    logs_[static_cast<std::uint32_t>(state) - 1].remove_at(object->gc_payload());
  } else {
    leave_collection(object);
  }
  object->gc_word &= kLowBits & ~kStateMask;
}

/// Heap, collector and the queue of objects that wait to be taken apart: one per interpreter.
/// The current one is found through `current_space()`; counting needs no parameter then.
struct Space {
  heap::Heap& heap;
  Collector collector;
  Header* waiting = nullptr;  // dead objects whose disposal was put off to bound native recursion
  int dispose_depth = 0;

  explicit Space(heap::Heap& the_heap) : heap(the_heap), collector(the_heap) {}
};

namespace detail {
inline constinit thread_local Space* current_space = nullptr;
}
/// The space of this thread; set by the interpreter when it takes the thread.
inline Space*& current_space() { return detail::current_space; }

}  // namespace ouro::gc
