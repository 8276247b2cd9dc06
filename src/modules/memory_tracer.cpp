// MemoryTracer: the tables (open addressing, linear probing) and their views for Python.
#include "modules/memory_tracer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "gc/collector.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/tuple.h"
#include "vm/frame.h"

namespace ouro {

namespace {

constexpr std::size_t kFirstSlots = 1024;

constexpr std::uint64_t mix(std::uint64_t bits) {
  bits *= 0x9e3779b97f4a7c15u;
  return bits ^ (bits >> 32);
}

std::uint64_t hash_of(const void* address) {
  return mix(reinterpret_cast<std::uintptr_t>(address) >> 3);
}

constexpr std::size_t stack_room(std::size_t frames) {
  return offsetof(TracedStack, frames) + std::max<std::size_t>(frames, 1) * sizeof(TracedFrame);
}

bool equal(const TracedStack& a, const TracedStack& b) {
  if (a.hash != b.hash || a.count != b.count || a.total != b.total) return false;
  for (std::uint32_t i = 0; i < a.count; ++i) {
    const TracedFrame& x = a.frames[i];
    const TracedFrame& y = b.frames[i];
    if (x.line != y.line) return false;
    if (x.filename != y.filename && !str_equal(x.filename, y.filename)) return false;
  }
  return true;
}

/// Keeps collections, and so Python code, from running while the tables are read.
class CollectionPause {
 public:
  explicit CollectionPause(ThreadState& ts)
      : collector_(ts.space.collector), was_enabled_(collector_.enabled()) {
    collector_.set_enabled(false);
  }
  ~CollectionPause() { collector_.set_enabled(was_enabled_); }
  CollectionPause(const CollectionPause&) = delete;
  CollectionPause& operator=(const CollectionPause&) = delete;

 private:
  gc::Collector& collector_;
  bool was_enabled_;
};

}  // namespace

MemoryTracer::~MemoryTracer() { clear(); }

Status MemoryTracer::start(ThreadState& ts, int frames) {
  if (is_tracing_) return kDone;
  Ref<Str> unknown = OURO_TRY(intern(ts, "<unknown>"));
  const auto limit = static_cast<std::size_t>(frames);
  scratch_.reset(static_cast<TracedStack*>(std::malloc(stack_room(limit))));
  no_frames_.reset(static_cast<TracedStack*>(std::malloc(stack_room(1))));
  if (scratch_ == nullptr || no_frames_ == nullptr) {
    no_frames_.reset();
    return raise_no_memory(ts);
  }
  new (no_frames_.get()) TracedStack{
      .hash = 0, .serial = 0, .total = 1, .count = 1, .frames = {{unknown.release(), 0}}};
  frame_limit_ = frames;
  is_tracing_ = true;
  ts.space.heap.set_observer({.context = this, .allocated = allocated, .freed = freed});
  return kDone;
}

void MemoryTracer::stop(heap::Heap& heap) {
  if (!is_tracing_) return;
  is_tracing_ = false;
  heap.set_observer({});
  clear();
  if (no_frames_ != nullptr) decref(no_frames_->frames[0].filename);
  no_frames_.reset();
  scratch_.reset();
}

// The names of files may be the last references: they are dropped when the tables are empty, since
// freeing them calls the observer.
void MemoryTracer::clear() {
  traces_.reset();
  trace_slots_ = trace_count_ = 0;
  traced_bytes_ = peak_bytes_ = 0;
  Table<TracedStack*> stacks = std::move(stacks_);
  const std::size_t slots = std::exchange(stack_slots_, 0);
  stack_count_ = stack_bytes_ = 0;
  for (std::size_t i = 0; i < slots; ++i) {
    std::unique_ptr<TracedStack, Free> stack(stacks[i]);
    if (stack == nullptr) continue;
    for (std::uint32_t k = 0; k < stack->count; ++k) decref(stack->frames[k].filename);
  }
}

std::size_t MemoryTracer::own_bytes() const {
  return trace_slots_ * sizeof(Trace) + stack_slots_ * sizeof(TracedStack*) + stack_bytes_;
}

// -- what the heap tells ------------------------------------------------------------------------

void MemoryTracer::allocated(void* context, void* block, std::size_t bytes) {
  static_cast<MemoryTracer*>(context)->add(block, bytes);
}

void MemoryTracer::freed(void* context, void* block) {
  static_cast<MemoryTracer*>(context)->remove(block);
}

/// The slot of the block, or the empty one where it would go.
std::size_t MemoryTracer::slot_of(const void* block) const {
  const std::size_t mask = trace_slots_ - 1;
  std::size_t slot = hash_of(block) & mask;
  while (traces_[slot].block != nullptr && traces_[slot].block != block) slot = (slot + 1) & mask;
  return slot;
}

bool MemoryTracer::make_room() {
  if ((trace_count_ + 1) * 4 <= trace_slots_ * 3) return true;
  const std::size_t wider = trace_slots_ == 0 ? kFirstSlots : trace_slots_ * 2;
  Table<Trace> table(static_cast<Trace*>(std::calloc(wider, sizeof(Trace))));
  if (table == nullptr) return false;
  const Table<Trace> before = std::exchange(traces_, std::move(table));
  const std::size_t slots = std::exchange(trace_slots_, wider);
  for (std::size_t i = 0; i < slots; ++i) {
    if (before[i].block != nullptr) traces_[slot_of(before[i].block)] = before[i];
  }
  return true;
}

void MemoryTracer::add(const void* block, std::size_t bytes) {
  TracedStack* stack = current_stack();
  if (stack == nullptr || !make_room()) return;
  Trace& trace = traces_[slot_of(block)];
  if (trace.block == nullptr) {
    ++trace_count_;
  } else {
    traced_bytes_ -= trace.bytes;
  }
  trace = {.block = block, .bytes = bytes, .stack = stack};
  traced_bytes_ += bytes;
  peak_bytes_ = std::max(peak_bytes_, traced_bytes_);
}

// The traces behind move up, so that no search stops at the gap.
void MemoryTracer::remove(const void* block) {
  if (trace_count_ == 0) return;
  std::size_t gap = slot_of(block);
  if (traces_[gap].block == nullptr) return;
  traced_bytes_ -= traces_[gap].bytes;
  --trace_count_;
  const std::size_t mask = trace_slots_ - 1;
  for (std::size_t next = (gap + 1) & mask; traces_[next].block != nullptr;
       next = (next + 1) & mask) {
    const std::size_t home = hash_of(traces_[next].block) & mask;
    if (((next - home) & mask) < ((next - gap) & mask)) continue;
    traces_[gap] = traces_[next];
    gap = next;
  }
  traces_[gap].block = nullptr;
}

// -- tracebacks ---------------------------------------------------------------------------------

TracedStack* MemoryTracer::current_stack() {
  const ThreadState* ts = current_thread_state();
  TracedStack& stack = *scratch_;
  stack.count = stack.total = 0;
  std::uint64_t hash = 0;
  Frame* frame = ts == nullptr ? nullptr : complete_frame(ts->frame);
  for (; frame != nullptr; frame = complete_frame(frame->previous)) {
    if (stack.total < kMaxFrames) ++stack.total;
    if (stack.count >= static_cast<std::uint32_t>(frame_limit_)) continue;
    const std::int32_t line = frame->line();
    Str* filename = frame->code->filename;
    stack.frames[stack.count++] = {filename, std::max(line, 0)};
    hash = mix(hash ^ static_cast<std::uint64_t>(str_hash(filename))) +
           static_cast<std::uint32_t>(line);
  }
  if (stack.count == 0) return no_frames_.get();
  stack.hash = mix(hash + stack.total);
  return stored(stack);
}

bool MemoryTracer::make_stack_room() {
  if ((stack_count_ + 1) * 4 <= stack_slots_ * 3) return true;
  const std::size_t wider = stack_slots_ == 0 ? kFirstSlots : stack_slots_ * 2;
  Table<TracedStack*> table(static_cast<TracedStack**>(std::calloc(wider, sizeof(TracedStack*))));
  if (table == nullptr) return false;
  for (std::size_t i = 0; i < stack_slots_; ++i) {
    if (stacks_[i] == nullptr) continue;
    std::size_t slot = stacks_[i]->hash & (wider - 1);
    while (table[slot] != nullptr) slot = (slot + 1) & (wider - 1);
    table[slot] = stacks_[i];
  }
  stacks_ = std::move(table);
  stack_slots_ = wider;
  return true;
}

TracedStack* MemoryTracer::stored(const TracedStack& candidate) {
  if (!make_stack_room()) return nullptr;
  const std::size_t mask = stack_slots_ - 1;
  std::size_t slot = candidate.hash & mask;
  for (; stacks_[slot] != nullptr; slot = (slot + 1) & mask) {
    if (equal(*stacks_[slot], candidate)) return stacks_[slot];
  }
  const std::size_t bytes = stack_room(candidate.count);
  auto* kept = static_cast<TracedStack*>(std::malloc(bytes));
  if (kept == nullptr) return nullptr;
  std::memcpy(kept, &candidate, bytes);
  for (std::uint32_t i = 0; i < kept->count; ++i) incref(kept->frames[i].filename);
  stacks_[slot] = kept;
  kept->serial = ++stack_count_;
  stack_bytes_ += bytes;
  return kept;
}

// -- views for Python ---------------------------------------------------------------------------

ObjResult MemoryTracer::as_tuple(ThreadState& ts, const TracedStack& stack) {
  Ref<Tuple> frames = OURO_TRY(Tuple::make(ts, stack.count));
  for (std::uint32_t i = 0; i < stack.count; ++i) {
    Ref<Int> line = OURO_TRY(Int::from(ts, stack.frames[i].line));
    frames->items[i] = OURO_TRY(Tuple::of(ts, Obj(stack.frames[i].filename), line)).release();
  }
  OURO_TRY(track(ts, frames));
  return frames;
}

ObjResult MemoryTracer::traceback_of(ThreadState& ts, const void* block) {
  if (trace_count_ == 0) return ts.core.none_ref();
  const Trace& trace = traces_[slot_of(block)];
  if (trace.block == nullptr) return ts.core.none_ref();
  const CollectionPause pause(ts);
  return as_tuple(ts, *trace.stack);
}

// The list is made from a copy: making it adds traces. Its own tuples are not in it.
Result<Ref<List>> MemoryTracer::traces(ThreadState& ts) {
  const CollectionPause pause(ts);
  Ref<List> list = OURO_TRY(List::create(ts));
  const std::size_t count = trace_count_;
  if (count == 0) return list;
  const Table<Trace> copy(static_cast<Trace*>(std::malloc(count * sizeof(Trace))));
  if (copy == nullptr) return raise_no_memory(ts);
  std::copy_if(traces_.get(), traces_.get() + trace_slots_, copy.get(),
               [](const Trace& trace) { return trace.block != nullptr; });
  // By traceback, so that equal ones share one tuple; the latest first.
  std::sort(copy.get(), copy.get() + count, [](const Trace& a, const Trace& b) {
    if (a.stack != b.stack) return a.stack->serial > b.stack->serial;
    return std::less<>()(a.block, b.block);
  });
  Ref<Int> domain = OURO_TRY(Int::from(ts, 0));
  ObjRef frames;
  for (std::size_t i = 0; i < count; ++i) {
    const Trace& trace = copy[i];
    if (i == 0 || trace.stack != copy[i - 1].stack) frames = OURO_TRY(as_tuple(ts, *trace.stack));
    Ref<Int> size = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(trace.bytes)));
    Ref<Int> total = OURO_TRY(Int::from(ts, trace.stack->total));
    OURO_TRY(list->append(ts, OURO_TRY(Tuple::of(ts, domain, size, frames, total))));
  }
  return list;
}

// -- the interpreter's ----------------------------------------------------------------------------

MemoryTracer* memory_tracer(ThreadState& ts) {
  if (ts.core.memory_tracer == nullptr) {
    ts.core.memory_tracer = new (std::nothrow) MemoryTracer();
  }
  return ts.core.memory_tracer;
}

void end_memory_tracer(ThreadState& ts) {
  MemoryTracer* tracer = std::exchange(ts.core.memory_tracer, nullptr);
  if (tracer == nullptr) return;
  tracer->stop(ts.space.heap);
  delete tracer;
}

}  // namespace ouro
