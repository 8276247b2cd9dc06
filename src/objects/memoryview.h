// MemoryView: a look at the bytes of a bytes or bytearray object, item by item of format 'B'.
//
// A view of a view looks at the same object. While a view is usable its object may not be resized.
// Invariants: M1 released: object is null and length 0; M2 item i lies at start + i * step.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct MemoryView : Object {
  Object* object;        // owned bytes or bytearray; null: released
  char* start;           // the first item
  std::int64_t length;   // items
  std::int64_t step;     // bytes from an item to the next; may be negative
  std::int64_t hash;     // -1: not computed yet
  std::int32_t exports;  // BufferViews on this view: no release while > 0
  bool read_only;
  gc::WeakReference* weaklist;

  [[nodiscard]] bool is_contiguous() const { return step == 1 || length <= 1; }
  /// ValueError "operation forbidden on released memoryview object".
  Status check_usable(ThreadState& ts) const;
  template <class V>
  void edges(V& v) const {
    v.edge(object, gc::slot_label("obj"));
  }
};

/// memoryview(object); TypeError when it is not bytes-like.
ObjResult memoryview_create(ThreadState& ts, Obj object);

}  // namespace ouro
