// dispose: what happens at count zero, with bounded native recursion.
//
// A dying container drops its items, which may die in turn. Up to kMaxDisposeDepth of them are
// taken apart inside each other, so that objects die in the order a Python programmer expects;
// deeper ones wait in a chain and are taken apart once the outermost is done. A waiting object is
// dead (count zero) and untracked, so its count and collector word hold the link of the chain: the
// word the low half of the address, whose state bits are zero, the count the rest.
#include "gc/dispose.h"

#include "gc/collector.h"
#include "support/check.h"

namespace ouro::gc {

namespace {

// Beside the upper half of the link (an address has 48 bits).
constexpr std::uint32_t kWasFinalized = 1u << 16;
constexpr std::uint32_t kHadTypeBit = 1u << 17;

void put_off(Space& space, Header* object) {
  if (object->is_tracked()) space.collector.untrack(object);
  // Whoever goes through the list of its referent must not meet the link.
  if ((object->type_info->flags & kWeakReference) != 0) unlink(static_cast<WeakReference&>(*object));
  if (WeakReference** head = weaklist_of(object); head != nullptr) {
    for (WeakReference* at = *head; at != nullptr; at = at->next) at->gc_word |= kTypeBit;
  }
  const auto link = reinterpret_cast<std::uintptr_t>(space.waiting);
  object->refcount = static_cast<std::uint32_t>(link >> 32) |
                     (object->is_finalized() ? kWasFinalized : 0) |
                     ((object->gc_word & kTypeBit) != 0 ? kHadTypeBit : 0);
  object->gc_word = static_cast<std::uint32_t>(link);
  space.waiting = object;
}

Header* take_waiting(Space& space) {
  Header* object = space.waiting;
  const std::uint32_t upper = object->refcount;
  space.waiting = reinterpret_cast<Header*>(static_cast<std::uintptr_t>(upper & 0xffff) << 32 |
                                            object->gc_word);
  object->refcount = 0;
  object->gc_word = ((upper & kWasFinalized) != 0 ? kFinalizedBit : 0) |
                    ((upper & kHadTypeBit) != 0 ? kTypeBit : 0);
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
