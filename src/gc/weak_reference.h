// WeakReference: the part of a weak reference that the collector knows.
//
// kTypeBit of a reference says that its referent waits to be taken apart.
// Every weak reference to one object is on that object's list, whose head lies at
// TypeInfo::weaklist_offset in the referent. Invariants: W1 referent != null iff on the list; W2 a
// list holds only references to its owner.
#pragma once

#include "gc/header.h"

namespace ouro::gc {

struct WeakReference : Header {
  Header* referent;  // not counted; null once dead
  Header* callback;  // counted; null when there is none
  WeakReference* previous;
  WeakReference* next;
};

/// The head of the list of weak references to `object`, or null when its type allows none.
inline WeakReference** weaklist_of(Header* object) {
  const std::uint32_t offset = object->type_info->weaklist_offset;
  if (offset == 0) return nullptr;
  return reinterpret_cast<WeakReference**>(reinterpret_cast<char*>(object) + offset);
}

/// Whether the object referred to can still be had. Its count tells, unless it waits to be taken
/// apart (dispose.cpp): then the count's place holds a link, and the reference itself is marked.
inline bool refers_to_living(const WeakReference& reference) {
  return reference.referent != nullptr && (reference.gc_word & kTypeBit) == 0 &&
         reference.referent->refcount != 0;
}

/// Puts `reference` on its referent's list: callback-less ones first (so they can be shared),
/// others after them.
void link(WeakReference& reference, Header& referent);
/// Takes `reference` off its list and forgets the referent; the callback stays.
void unlink(WeakReference& reference);

}  // namespace ouro::gc
