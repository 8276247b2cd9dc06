// dispose: what happens at count zero, with bounded native recursion.
//
// A dying container drops its items, which may die in turn. Up to kMaxDisposeDepth of them are
// taken apart inside each other, so that objects die in the order a Python programmer expects;
// deeper ones wait in a chain and are taken apart once the outermost is done. A waiting object is
// dead (count zero) and untracked, so its count and collector word hold the link of the chain.
#include "gc/dispose.h"

#include <cstring>

#include "gc/collector.h"
#include "support/check.h"

namespace ouro::gc {

namespace {

// The chain's link, the finalized bit and the type's bit in the place of count and word (an address
// needs 48 bits).
void put_off(Space& space, Header* object) {
  if (object->is_tracked()) space.collector.untrack(object);
  if (WeakReference** head = weaklist_of(object); head != nullptr) {
    for (WeakReference* at = *head; at != nullptr; at = at->next) at->gc_word |= kTypeBit;
  }
  const std::uint64_t link = reinterpret_cast<std::uintptr_t>(space.waiting) << 4 |
                             static_cast<std::uint64_t>(object->is_finalized() ? 1 : 0) |
                             static_cast<std::uint64_t>((object->gc_word & kTypeBit) != 0 ? 2 : 0);
  static_assert(offsetof(Header, gc_word) == 4 && sizeof(link) == 8);
  std::memcpy(static_cast<void*>(object), &link, sizeof link);
  space.waiting = object;
}

Header* take_waiting(Space& space) {
  Header* object = space.waiting;
  std::uint64_t link;
  std::memcpy(&link, object, sizeof link);
  space.waiting = reinterpret_cast<Header*>(link >> 4);
  object->refcount = 0;
  object->gc_word = ((link & 1) != 0 ? kFinalizedBit : 0) | ((link & 2) != 0 ? kTypeBit : 0);
  return object;
}

}  // namespace

void dispose(Header* object) {
  TypeInfo* type = object->type_info;
  if ((type->flags & kCollected) == 0) {
    type->dealloc(object);
    return;
  }
  Space& space = *current_space();
  if (space.dispose_depth >= kMaxDisposeDepth) {
    put_off(space, object);
    return;
  }
  ++space.dispose_depth;
  type->dealloc(object);
  --space.dispose_depth;
  if (space.waiting != nullptr && space.dispose_depth == 0) dispose_waiting(space);
}

void dispose_waiting(Space& space) {
  // The depth stays at one meanwhile, so that what dies now joins the chain instead of draining it
  // in a nested call.
  ++space.dispose_depth;
  while (space.waiting != nullptr) {
    Header* next = take_waiting(space);
    next->type_info->dealloc(next);
  }
  --space.dispose_depth;
}

}  // namespace ouro::gc
