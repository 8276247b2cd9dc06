// Instances of program-made classes: attributes inline, by shape.
//
// A class whose instances need nothing but attributes (base layout `object`, no `__slots__` of its own) lays them out as
// Instance: one word says which attributes there are, the values follow inline. `attributes` is either
//   shape form:  bit 0 set; bits 1..47 the Shape (shifted back: see shape()); bits 56..63 the inline capacity, or
//   dict form:   bit 0 clear: a Dict* (owned), made when `__dict__` is asked for, an attribute is deleted out of order,
//                or there are more attributes than inline places.
// A Shape is a node of the class's tree of attribute names in order of first assignment: "the parent's names, then `name`".
// Equal words mean: same class layout, same names, same places, same capacity: inline caches compare the word.
// Invariants: I1 in shape form values[0..shape->count) are set (never null), the rest null; I2 shapes live as long as their class.
#pragma once

#include "gc/visitor.h"
#include "objects/dict.h"
#include "objects/str.h"

namespace ouro {

struct Shape {
  Shape* parent;       // null for the root
  Str* name;           // owned; null for the root
  std::uint32_t count;  // names in all
  std::uint32_t child_count;
  Shape** children;    // heap block
  std::uint32_t child_capacity;
  Shape* next_owned;   // all shapes of a class, for freeing them
  struct ShapeIndex* index;  // heap block: places by name, made for shapes of many names when first searched
};

struct Instance : Object {
  std::uintptr_t attributes;
  gc::WeakReference* weaklist;
  Object* values[1];

  static constexpr std::uintptr_t kShapeTag = 1;
  [[nodiscard]] bool has_shape() const { return (attributes & kShapeTag) != 0; }
  [[nodiscard]] Shape* shape() const {
    return reinterpret_cast<Shape*>(attributes & 0x00ff'ffff'ffff'fffe);
  }
  [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(attributes >> 56); }
  [[nodiscard]] Dict* dict() const { return reinterpret_cast<Dict*>(attributes); }
  static std::uintptr_t word(const Shape* shape, std::uint32_t capacity) {
    return reinterpret_cast<std::uintptr_t>(shape) | kShapeTag | (static_cast<std::uintptr_t>(capacity) << 56);
  }
  static constexpr std::size_t bytes_for(std::uint32_t capacity) {
    return sizeof(Object) + 2 * sizeof(void*) + capacity * sizeof(Object*);
  }
  template <class V>
  void edges(V& v) const {
    if (!has_shape()) {
      v.edge(dict(), gc::slot_label("__dict__"));
      return;
    }
    const Shape* leaf = shape();
    v.edge_range(values, leaf->count, [leaf](std::size_t i) {
      const Shape* s = leaf;
      while (s->count > i + 1) s = s->parent;
      return gc::attribute_label(s->name);
    });
  }
};
static_assert(offsetof(Instance, values) == 32);

inline bool has_inline_attributes(Obj object) { return type_has(object, kInlineAttributes); }
/// The place of `name` in the shape, or -1. Names are interned: compared by identity.
int shape_find(const Shape* shape, Borrowed<Str> name);
/// The shape with `name` added; null (nothing raised) when out of memory or when the class has too many shapes already:
/// the instance then goes over to dict form. Owned by the class.
Shape* shape_with(ThreadState& ts, Borrowed<Type> type, Shape* shape, Borrowed<Str> name);
Shape* root_shape(ThreadState& ts, Borrowed<Type> type);
void free_shapes(Type* type);

/// A new instance of a class with inline attributes, tracked.
ObjResult instance_create(ThreadState& ts, Borrowed<Type> type);
/// The attribute itself, borrowed, or null (not an error): instance storage only, no class lookup.
Borrowed<Object> instance_get(Borrowed<Instance> self, Borrowed<Str> name);
/// Stores (value null: deletes; the result is false when the attribute to delete is absent).
Result<bool> instance_set(ThreadState& ts, Borrowed<Instance> self, Borrowed<Str> name, Obj value);
/// Replaces the instance's attributes as a whole (`x.__dict__ = dict`; null: none are left).
Status instance_replace_dict(ThreadState& ts, Obj self, Borrowed<Dict> dict);
/// Moves an instance in shape form to the shapes of `type` (`x.__class__ = type`); to dict form when that is not possible.
Status instance_change_type(ThreadState& ts, Borrowed<Instance> self, Borrowed<Type> type);
/// Drops all attributes, first to last; the instance stays valid. May run Python code.
void instance_clear(Instance* self);
/// The instance's dict, made on demand (the attributes move into it). New reference.
Result<Ref<Dict>> instance_dict(ThreadState& ts, Obj self);
/// Where a dict pointer lies for types with kHasDict; null otherwise (inline-attribute types are handled by the above).
Dict** dict_slot(Obj self);

}  // namespace ouro
