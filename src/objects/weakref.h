// Weak references and proxies as Python objects.
//
// A WeakRef is a gc::WeakReference with a remembered hash: the collector sees the first part. It
// derives from gc::Header by that way, not from Object, so it is reached by `as_weak_ref` only.
// Invariants: see gc/weak_reference.h; one exact `ref` (and one exact proxy of each kind) without a
// callback is shared by all who ask for one.
#pragma once

#include "gc/visitor.h"
#include "gc/weak_reference.h"
#include "objects/core.h"
#include "objects/list.h"

namespace ouro {

struct WeakRef : gc::WeakReference {
  std::int64_t hash;  // -1: not known yet
  template <class V>
  void edges(V& v) const {
    v.edge(callback, gc::slot_label("__callback__"));
  }
};

inline WeakRef* as_weak_ref(Obj object) {
  return static_cast<WeakRef*>(static_cast<gc::Header*>(object.get()));
}
inline Obj weak_ref_object(gc::WeakReference& reference) {
  return static_cast<Object*>(static_cast<gc::Header*>(&reference));
}

/// The object is a `ref` (or of a subclass), a proxy, or either.
bool is_weak_ref(const ThreadState& ts, Obj object);
bool is_weak_proxy(Obj object);

/// ref(referent, callback); callback null or None: none. TypeError "cannot create weak reference to
/// 'X' object".
ObjResult make_weak_ref(ThreadState& ts, Obj referent, Obj callback = nullptr);
/// proxy(referent, callback).
ObjResult make_weak_proxy(ThreadState& ts, Obj referent, Obj callback = nullptr);
/// The referent of a `ref` or proxy, borrowed; null when it is dead.
Obj weak_referent(Obj reference);
/// How many weak references and proxies there are to `object`, and which (in list order).
std::int64_t weak_reference_count(Obj object);
Result<Ref<List>> weak_references(ThreadState& ts, Obj object);
/// Takes the callback of a dead reference and calls it; errors are reported as unraisable. For the
/// collector's hook.
void call_weak_callback(ThreadState& ts, gc::WeakReference& reference);

}  // namespace ouro
