// GenericAlias (list[int]) and UnionType (int | str): what subscripting and joining classes gives.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct GenericAlias : Object {
  Object* origin;     // owned
  Tuple* args;        // owned
  Tuple* parameters;  // ? owned, found when first asked for
  bool starred;       // *tuple[int]
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    v.edge(origin, gc::slot_label("__origin__"));
    v.edge(args, gc::slot_label("__args__"));
    v.edge(parameters, gc::slot_label("__parameters__"));
  }
};

struct UnionType : Object {
  Tuple* args;        // owned
  Tuple* parameters;  // ? owned, found when first asked for
  template <class V>
  void edges(V& v) const {
    v.edge(args, gc::slot_label("__args__"));
    v.edge(parameters, gc::slot_label("__parameters__"));
  }
};

/// An alias, of a subclass perhaps.
inline bool is_generic_alias(ThreadState& ts, Obj object) {
  return is_kind(object, TypeKind::GenericAlias) ||
         is_instance_of(object, ts.core.types.generic_alias);
}
/// origin[args]; `args` that is no tuple stands for a tuple of one.
ObjResult generic_alias_create(ThreadState& ts, Obj origin, Obj args);
/// left | right for classes, None, aliases and unions; NotImplemented for anything else. One
/// distinct member is returned itself.
ObjResult union_of(ThreadState& ts, Obj left, Obj right);
/// The type variables in `args`, each once, in order (shared by alias and union).
Result<Ref<Tuple>> collect_type_parameters(ThreadState& ts, Borrowed<Tuple> args);
/// `args` with `parameters` replaced by `values` (one value, or a tuple of them); `self` is named
/// in errors.
Result<Ref<Tuple>> substitute_type_parameters(ThreadState& ts, Obj self, Borrowed<Tuple> args,
                                              Borrowed<Tuple> parameters, Obj values);
/// The text of one argument: "int", "None", "...", "collections.deque".
Result<Ref<Str>> type_argument_text(ThreadState& ts, Obj argument);

}  // namespace ouro
