// MemoryView: a look at the memory of a bytes or bytearray object, item by item.
//
// Views of one object that were made from each other share a ManagedBuffer, which holds the object
// and counts as its one export: while a view of it is usable the object may not be resized. Only
// the first dimension of a view can have a step (casts make contiguous views, slices cut the first
// dimension). Invariants: M1 released: buffer is null and length 0; M2 row i lies at start + i *
// step; M3 row_items is the product of inner_shape, 1 for one dimension.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct ManagedBuffer : Object {
  Object* object;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(object, gc::slot_label("obj"));
  }
};

struct MemoryView : Object {
  ManagedBuffer* buffer;      // owned; null: released
  char* start;                // the first item
  std::int64_t length;        // rows: extent of the first dimension
  std::int64_t step;          // bytes from a row to the next; may be negative
  std::int64_t row_items;     // items of a row
  std::int64_t* inner_shape;  // owned: extents of dimensions 2, 3, …; null for one dimension
  std::int64_t hash;          // -1: not computed yet
  std::int32_t exports;       // BufferViews on this view: no release while > 0
  std::int16_t dimensions;
  bool read_only;
  char format[3];  // as given: "B", "@I"
  gc::WeakReference* weaklist;

  /// The one character of the format.
  [[nodiscard]] char code() const { return format[0] == '@' ? format[1] : format[0]; }
  [[nodiscard]] std::int64_t item_bytes() const;
  [[nodiscard]] std::int64_t row_bytes() const { return row_items * item_bytes(); }
  [[nodiscard]] std::int64_t total_bytes() const { return length * row_bytes(); }
  [[nodiscard]] bool is_contiguous() const { return step == row_bytes() || length <= 1; }
  /// ValueError "operation forbidden on released memoryview object".
  Status check_usable(ThreadState& ts) const;
  template <class V>
  void edges(V& v) const {
    v.edge(buffer, gc::slot_label("buffer"));
  }
};

/// memoryview(object); TypeError when it is not bytes-like.
ObjResult memoryview_create(ThreadState& ts, Obj object);

}  // namespace ouro
