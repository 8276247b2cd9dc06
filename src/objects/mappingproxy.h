// mappingproxy: a read-only view of a mapping (a class's __dict__).
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct MappingProxy : Object {
  Object* mapping;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(mapping, gc::slot_label("mapping"));
  }
};

ObjResult mappingproxy_create(ThreadState& ts, Obj mapping);

}  // namespace ouro
