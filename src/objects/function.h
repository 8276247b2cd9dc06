// Callables and descriptors: Python functions, native functions, bound methods, cells, and the descriptors of built-in types.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"
#include "objects/dict.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

struct Cell : Object {
  Object* content;  // owned, null when empty
  static Result<Ref<Cell>> create(ThreadState& ts, Obj content);
  template <class V>
  void edges(V& v) const { v.edge(content, gc::cell_label()); }
};

/// A function made by `def` or `lambda`. Calling it is the evaluator's business (its type's call slot is set by the vm layer).
struct Function : Object {
  Dict* globals;       // all owned; those marked ? may be null
  Object* builtins;  // owned: a dict nearly always
  Str* name;
  Str* qualname;
  Code* code;
  Tuple* defaults;     // ?
  Dict* kwdefaults;    // ?
  Tuple* closure;      // ? of cells
  Object* doc;
  Dict* dict;          // ?
  Object* annotations;  // ? dict, or tuple of name, value, … until asked for
  Object* module;
  gc::WeakReference* weaklist;
  std::uint32_t version;  // for call caches; 0: none; changes when code, defaults or kwdefaults are replaced

  static Result<Ref<Function>> create(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals, Obj qualname);
  template <class V>
  void edges(V& v) const {
    v.edge(code, gc::slot_label("__code__"));
    v.edge(globals, gc::slot_label("__globals__"));
    v.edge(builtins, gc::slot_label("__builtins__"));
    v.edge(module, gc::slot_label("__module__"));
    v.edge(defaults, gc::slot_label("__defaults__"));
    v.edge(kwdefaults, gc::slot_label("__kwdefaults__"));
    v.edge(doc, gc::slot_label("__doc__"));
    v.edge(name, gc::slot_label("__name__"));
    v.edge(dict, gc::slot_label("__dict__"));
    v.edge(closure, gc::slot_label("__closure__"));
    v.edge(annotations, gc::slot_label("__annotations__"));
    v.edge(qualname, gc::slot_label("__qualname__"));
  }
};

/// A native function bound to a module or to an object (`len`, `[].append`).
struct BuiltinFunction : Object {
  const MethodDef* def;
  Object* self;    // ? owned
  Object* module;  // ? owned: the module's name
  gc::WeakReference* weaklist;
  static ObjResult create(ThreadState& ts, const MethodDef& def, Obj self, Obj module);
  template <class V>
  void edges(V& v) const {
    v.edge(self, gc::slot_label("__self__"));
    v.edge(module, gc::slot_label("__module__"));
  }
};
/// Checks arity and keywords against `def` ("list.append() takes exactly one argument (0 given)") and calls it.
/// `owner` is the type whose method it is (for the qualified name in messages), or null for module functions.
ObjResult call_native(ThreadState& ts, const MethodDef& def, Borrowed<Type> owner, Obj self, Args args);

struct Method : Object {
  Object* function;  // owned
  Object* self;      // owned
  gc::WeakReference* weaklist;
  static Result<Ref<Method>> create(ThreadState& ts, Obj function, Obj self);
  template <class V>
  void edges(V& v) const {
    v.edge(function, gc::slot_label("__func__"));
    v.edge(self, gc::slot_label("__self__"));
  }
};

/// method_descriptor, classmethod_descriptor, getset_descriptor, member_descriptor, wrapper_descriptor share this.
struct SlotDef;
struct Descriptor : Object {
  Type* owner;    // owned
  Str* name;      // owned
  Object* qualname;  // ? owned, made when asked for
  union {
    const MethodDef* method;
    const GetSetDef* getset;
    const SlotDef* slot;      // wrapper: which slot …
    std::uint64_t offset;     // member of a class with __slots__: bytes from the object's start
  };
  const void* slot_function;  // wrapper: … and the native function; member of a native type: its
                              // GetSetDef
  template <class V>
  void edges(V& v) const { v.edge(owner, gc::slot_label("__objclass__")); }
};
/// An untracked descriptor of `type` (one of the five) with owner and name set; its payload is the caller's to fill.
Result<Ref<Descriptor>> allocate_descriptor(ThreadState& ts, Borrowed<Type> type, Borrowed<Type> owner, Obj name);
/// What the five descriptor types have in common: sizes, edges, dealloc, `__name__`, `__qualname__`, `__objclass__`.
void init_descriptor_base(Type& type);
/// The shared getters of descriptor types, for tables of one's own.
ObjResult descriptor_name(ThreadState& ts, Obj self);
ObjResult descriptor_qualname(ThreadState& ts, Obj self);
ObjResult descriptor_owner(ThreadState& ts, Obj self);
/// TypeError "descriptor 'append' for 'list' objects doesn't apply to a 'int' object" unless `instance` fits.
Status descriptor_check(ThreadState& ts, Borrowed<Descriptor> self, Obj instance);
/// A `__slots__` member at `offset` bytes.
ObjResult make_member_descriptor(ThreadState& ts, Borrowed<Type> owner, Borrowed<Str> name, std::uint64_t offset);

struct Property : Object {
  Object *getter, *setter, *deleter, *doc;  // owned, null when absent
  Object* name;  // ? owned: what the class body called it (__set_name__)
  bool getter_doc;
  template <class V>
  void edges(V& v) const {
    v.edge(getter, gc::slot_label("fget"));
    v.edge(setter, gc::slot_label("fset"));
    v.edge(deleter, gc::slot_label("fdel"));
    v.edge(doc, gc::slot_label("__doc__"));
    v.edge(name, gc::slot_label("__name__"));
  }
};

/// classmethod and staticmethod.
struct MethodDecorator : Object {
  Object* callable;  // owned
  Dict* dict;        // ? owned
  template <class V>
  void edges(V& v) const {
    v.edge(callable, gc::slot_label("__func__"));
    v.edge(dict, gc::slot_label("__dict__"));
  }
};

}  // namespace ouro
