// Module _collections: the layout of deque, and what its files share.
//
// A deque is a doubly linked chain of blocks of kDequeBlock places, used from the middle outwards.
// Invariants: Q1 the items lie at left_index … right_index of the chain from `left` to `right`; Q2
// an empty deque has one block and left_index == right_index + 1; Q3 0 <= left_index < kDequeBlock,
// 0 <= right_index < kDequeBlock unless empty; Q4 size <= maxlen when there is one; Q5 `state`
// changes whenever an item is added or removed, which iterators notice.
#pragma once

#include "modules/module_support.h"

namespace ouro {

inline constexpr std::int64_t kDequeBlock = 64;
inline constexpr std::int64_t kDequeCentre = (kDequeBlock - 1) / 2;

struct DequeBlock {
  DequeBlock* before;
  DequeBlock* after;
  Object* items[kDequeBlock];
};

struct Deque : Object {
  std::int64_t size;
  DequeBlock* left;  // null only while the deque is being made or taken apart
  DequeBlock* right;
  std::int64_t left_index;
  std::int64_t right_index;
  std::uint64_t state;
  std::int64_t maxlen;  // -1: none
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    std::int64_t at = left_index;
    const DequeBlock* block = left;
    for (std::int64_t i = 0; i < size; ++i) {
      v.edge(block->items[at], gc::index_label(static_cast<std::size_t>(i)));
      if (++at == kDequeBlock) {
        block = block->after;
        at = 0;
      }
    }
  }
};

/// deque.cpp. Appending takes the reference over on success or failure.
Status deque_append(ThreadState& ts, Deque* deque, ObjRef item);
Status deque_append_left(ThreadState& ts, Deque* deque, ObjRef item);
/// The last or first item, taken out; the deque must not be empty.
ObjRef deque_take_right(Deque* deque);
ObjRef deque_take_left(Deque* deque);
Status deque_extend(ThreadState& ts, Deque* deque, Obj iterable, bool at_left);
void deque_clear(Deque* deque);
/// Moves items from the right end to the left, `count` times (negative: the other way).
Status deque_rotate(ThreadState& ts, Deque* deque, std::int64_t count);
/// The place of item `index` (0 <= index < size).
Object** deque_place(Deque* deque, std::int64_t index);
bool is_deque(Obj object);
/// A deque of the same class with the same items and maxlen.
ObjResult deque_copy(ThreadState& ts, Obj self);
/// iter(deque) and reversed(deque), over companions 0 and 1 of the deque's type.
ObjResult deque_iterator(ThreadState& ts, Obj deque, bool reversed);

/// deque_methods.cpp
extern const MethodDef kDequeMethods[];
extern const GetSetDef kDequeGetSets[];
ObjResult deque_concat(ThreadState& ts, Obj left, Obj right);
ObjResult deque_repeat(ThreadState& ts, Obj self, std::int64_t count);
ObjResult deque_inplace_concat(ThreadState& ts, Obj self, Obj other);
ObjResult deque_inplace_repeat(ThreadState& ts, Obj self, std::int64_t count);
Result<bool> deque_contains(ThreadState& ts, Obj self, Obj item);
ObjResult deque_item(ThreadState& ts, Obj self, std::int64_t index);
Status deque_set_item(ThreadState& ts, Obj self, std::int64_t index, Obj value);

Status add_deque_types(ThreadState& ts, Borrowed<Module> module);
Status add_defaultdict_type(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
