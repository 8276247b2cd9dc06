// Lists of weak references.
#include "gc/weak_reference.h"

#include "support/check.h"

namespace ouro::gc {

void link(WeakReference& reference, Header& referent) {
  WeakReference** head = weaklist_of(&referent);
  OURO_CHECK(head != nullptr, "W2: type %s allows no weak references", referent.type_info->name);
  reference.referent = &referent;
  // Plain references without a callback stay in front, where they are found to be shared.
  WeakReference* before = nullptr;
  if (reference.callback != nullptr) {
    for (WeakReference* at = *head; at != nullptr && at->callback == nullptr; at = at->next)
      before = at;
  }
  reference.previous = before;
  reference.next = before == nullptr ? *head : before->next;
  if (reference.next != nullptr) reference.next->previous = &reference;
  (before == nullptr ? *head : before->next) = &reference;
}

void unlink(WeakReference& reference) {
  if (reference.referent == nullptr) return;
  if (reference.previous != nullptr) {
    reference.previous->next = reference.next;
  } else {
    *weaklist_of(reference.referent) = reference.next;
  }
  if (reference.next != nullptr) reference.next->previous = reference.previous;
  reference.referent = nullptr;
  reference.previous = nullptr;
  reference.next = nullptr;
}

}  // namespace ouro::gc
