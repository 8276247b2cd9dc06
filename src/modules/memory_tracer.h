// MemoryTracer: which Python lines own the live blocks of the heap. Behind module _tracemalloc.
//
// While it is on it observes the heap, which is a slow mode of the heap: a tracer that is off costs
// nothing. Each block that is handed out gets a trace, its size and the lines that were running,
// and loses it when it is freed. Equal tracebacks are stored once and stay until the traces are
// cleared, as do the file names they hold.
//
// The observer must not use the heap it watches, so the tables live in memory of the C library.
// Where that runs out a block stays without a trace.
//
// Invariants: M1 traced_bytes_ is the sum of the traces' sizes; M2 every trace's traceback is in
// tracebacks_ (or is the one for "no Python frame"); M3 the tables are at most 3/4 full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "objects/core.h"
#include "objects/list.h"
#include "objects/str.h"

namespace ouro {

struct Frame;

/// One line of a traceback.
struct TracedFrame {
  Str* filename;  ///< Owned by the traceback.
  std::int32_t line;
};

/// The most recent frames of a stack, innermost first.
struct TracedStack {
  std::uint64_t hash;
  std::size_t serial;   ///< Later tracebacks have higher ones.
  std::uint32_t total;  ///< Frames there were; `count` of them are kept.
  std::uint32_t count;
  TracedFrame frames[1];
};

class MemoryTracer {
 public:
  static constexpr int kMaxFrames = 65535;

  MemoryTracer() = default;
  ~MemoryTracer();
  MemoryTracer(const MemoryTracer&) = delete;
  MemoryTracer& operator=(const MemoryTracer&) = delete;

  /// Starts tracing with up to `frames` lines a block (1 … kMaxFrames); nothing when it is on.
  Status start(ThreadState& ts, int frames);
  /// Stops and forgets all traces.
  void stop(heap::Heap& heap);
  void clear();
  [[nodiscard]] bool is_tracing() const { return is_tracing_; }
  [[nodiscard]] int frame_limit() const { return frame_limit_; }
  [[nodiscard]] std::size_t traced_bytes() const { return traced_bytes_; }
  [[nodiscard]] std::size_t peak_bytes() const { return peak_bytes_; }
  void reset_peak() { peak_bytes_ = traced_bytes_; }
  /// Bytes of the tracer's own tables.
  [[nodiscard]] std::size_t own_bytes() const;

  /// The traceback of a live block as a tuple of (file name, line); None when it has no trace.
  ObjResult traceback_of(ThreadState& ts, const void* block);
  /// (0, size, traceback, frames there were) of every traced block; one tuple object per traceback.
  Result<Ref<List>> traces(ThreadState& ts);

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  template <class T>
  using Table = std::unique_ptr<T[], Free>;
  struct Trace {
    const void* block;  ///< Null: the slot is empty.
    std::size_t bytes;
    TracedStack* stack;
  };

  static void allocated(void* context, void* block, std::size_t bytes);
  static void freed(void* context, void* block);
  void add(const void* block, std::size_t bytes);
  void remove(const void* block);
  [[nodiscard]] std::size_t slot_of(const void* block) const;
  [[nodiscard]] bool make_room();
  [[nodiscard]] bool make_stack_room();
  TracedStack* current_stack();
  TracedStack* stored(const TracedStack& candidate);
  ObjResult as_tuple(ThreadState& ts, const TracedStack& stack);

  bool is_tracing_ = false;
  int frame_limit_ = 1;
  std::size_t traced_bytes_ = 0;
  std::size_t peak_bytes_ = 0;
  Table<Trace> traces_;
  std::size_t trace_slots_ = 0;  ///< A power of two, or 0.
  std::size_t trace_count_ = 0;
  Table<TracedStack*> stacks_;
  std::size_t stack_slots_ = 0;
  std::size_t stack_count_ = 0;
  std::size_t stack_bytes_ = 0;
  std::unique_ptr<TracedStack, Free> scratch_;    ///< Room for the stack that is being read.
  std::unique_ptr<TracedStack, Free> no_frames_;  ///< ("<unknown>", 0)
};

/// The interpreter's tracer, made at first use; null when memory is short.
MemoryTracer* memory_tracer(ThreadState& ts);
/// For the end of an interpreter: stops tracing and drops the tracer.
void end_memory_tracer(ThreadState& ts);

}  // namespace ouro
