// Slice and Range.
#pragma once

#include <algorithm>

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct Slice : Object {
  Object *start, *stop, *step;  // owned, None when absent
  static Result<Ref<Slice>> create(ThreadState& ts, Obj start, Obj stop, Obj step);
  template <class V>
  void edges(V& v) const {
    v.edge(start, gc::slot_label("start"));
    v.edge(stop, gc::slot_label("stop"));
    v.edge(step, gc::slot_label("step"));
  }
};

/// A slice resolved against a length.
struct SliceIndices {
  std::int64_t start, stop, step, count;
};
/// Converts with __index__ (runs Python code; ask for the length afterwards), clipping huge values.
Result<SliceIndices> slice_unpack(ThreadState& ts, Borrowed<Slice> slice);
/// Clips to `length` and sets count.
inline SliceIndices slice_adjust(SliceIndices raw, std::int64_t length) {
  const auto clip = [&](std::int64_t end) {
    if (end < 0) {
      end += length;
      return end < 0 ? (raw.step < 0 ? std::int64_t{-1} : std::int64_t{0}) : end;
    }
    return end >= length ? (raw.step < 0 ? length - 1 : length) : end;
  };
  SliceIndices range{clip(raw.start), clip(raw.stop), raw.step, 0};
  if (range.step == 1) {  // nearly always, and without a division
    range.count = std::max(range.stop - range.start, std::int64_t{0});
    return range;
  }
  if (range.step < 0 && range.stop < range.start)
    range.count = (range.start - range.stop - 1) / -range.step + 1;
  if (range.step > 0 && range.start < range.stop)
    range.count = (range.stop - range.start - 1) / range.step + 1;
  return range;
}

struct Range : Object {
  Object *start, *stop, *step, *length;  // ints, owned
};
ObjResult range_create(ThreadState& ts, Obj start, Obj stop, Obj step);

/// Iterator over a range whose numbers fit 64 bits; the evaluator steps it directly.
struct RangeIterator : Object {
  std::int64_t next, step, remaining;
};
/// Iterator over a list or tuple; the evaluator steps it directly. `sequence` is null when exhausted.
struct SequenceIterator : Object {
  std::int64_t index;
  Object* sequence;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(sequence, gc::slot_label("sequence"));
  }
};

}  // namespace ouro
