// Module objects.
#pragma once

#include "gc/visitor.h"
#include "objects/dict.h"
#include "objects/tuple.h"

namespace ouro {

struct MaybeAttribute;

struct Module : Object {
  Dict* dict;             // owned
  void* state;            // native modules: their state, in the heap
  void (*free_state)(Module* module);
  Tuple* kept;            // native modules: objects that their functions need, whatever the dict holds
  /// Makes attributes that few programs ask for: called for a name that the dict has not; may put it there. Or null.
  MaybeAttribute (*make_late)(ThreadState& ts, Module* self, Borrowed<Str> name);
  gc::WeakReference* weaklist;

  /// A new module with __name__, __doc__, __package__, __loader__, __spec__ as types.ModuleType gives them.
  static Result<Ref<Module>> create(ThreadState& ts, const char* name);
  /// Adds native functions.
  Status add_functions(ThreadState& ts, const MethodDef* methods);
  template <class V>
  void edges(V& v) const {
    v.edge(kept, gc::slot_label("kept"));
    v.edge(dict, gc::slot_label("__dict__"));
  }
};

}  // namespace ouro
