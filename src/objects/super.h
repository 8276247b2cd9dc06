// super objects: attribute look-up that starts after a given class in the MRO of an object.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct Super : Object {
  Type* start;      // owned, null until initialised: look-up begins after this class
  Object* self;     // ? owned: the object or class that is bound; null: unbound
  Type* self_type;  // ? owned: the class whose MRO is searched
  template <class V>
  void edges(V& v) const {
    v.edge(self, gc::slot_label("__self__"));
    v.edge(start, gc::slot_label("__thisclass__"));
    v.edge(self_type, gc::slot_label("__self_class__"));
  }
};

/// What `super()` without arguments takes from the running function.
struct SuperFrame {
  ObjRef start;  // content of the cell `__class__`
  ObjRef self;   // the first argument (from its cell when it is one)
};

/// A hole that the vm layer fills: it defines this function. RuntimeError "super(): no current
/// frame", "super(): no arguments", "super(): arg[0] deleted", "super(): __class__ cell not found",
/// "super(): empty __class__ cell".
Status super_frame(ThreadState& ts, SuperFrame& out);

}  // namespace ouro
