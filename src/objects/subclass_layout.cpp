// Instances of program-made classes: where their parts lie, their edges, and how they are taken apart.
#include "objects/subclass_layout.h"

#include "objects/errors.h"
#include "objects/instance.h"
#include "objects/operations.h"
#include "objects/type_internal.h"

namespace ouro {

// -- places ------------------------------------------------------------------------------------------------------------------

Object** place_at(const Object* self, std::uint64_t offset) {
  auto* start = reinterpret_cast<char*>(const_cast<Object*>(self));
  if ((offset & kFromEnd) == 0) return reinterpret_cast<Object**>(start + offset);
  const std::size_t usable = gc::current_space()->heap.usable_bytes(self) & ~std::size_t{7};
  return reinterpret_cast<Object**>(start + usable - (offset & ~kFromEnd));
}

std::uint64_t slot_place(const Type* type, std::uint32_t index) {
  if (is_variable_size(type)) return kFromEnd | (type->slots_offset + std::uint64_t{8} * index);
  return type->slots_offset + std::uint64_t{8} * index;
}

Dict** dict_slot(Obj self) {
  const Type* type = self->type();
  if (!type->has(kHasDict)) return nullptr;
  if (type->dict_offset != 0) {
    return reinterpret_cast<Dict**>(reinterpret_cast<char*>(self.get()) + type->dict_offset);
  }
  // At the end of the block the dict has the last place.
  return reinterpret_cast<Dict**>(place_at(self.get(), kFromEnd | 8));
}

// -- edges -------------------------------------------------------------------------------------------------------------------

namespace {

// The dict of an instance when a program-made class added it (a native base looks after its own).
Dict** own_dict_slot(Object* self, const Type* native) {
  return native->has(kHasDict) ? nullptr : dict_slot(self);
}

// Calls visit(place, name) for each `__slots__` place, the most derived class's first.
template <class Visit>
void for_each_slot(Object* self, Visit visit) {
  for (const Type* type = self->type(); type->info.dealloc == subclass_dealloc; type = type->base) {
    for (std::uint32_t i = 0; i < type->slot_count; ++i) {
      visit(*place_at(self, slot_place(type, i)), type->slots_names, i);
    }
  }
}

const gc::Header* slot_name(Object* names, std::uint32_t index) {
  return names == nullptr ? nullptr : as<Tuple>(names)->items[index];
}

template <class V>
void subclass_edges(Object* self, V& v) {
  Type* type = self->type();
  if (type->has(kInlineAttributes)) {
    static_cast<const Instance*>(self)->edges(v);
  } else {
    const Type* native = native_base(type);
    for_each_slot(self, [&v](Object* value, Object* names, std::uint32_t i) {
      v.edge(value, gc::attribute_label(slot_name(names, i)));
    });
    if (Dict** dict = own_dict_slot(self, native)) v.edge(*dict, gc::slot_label("__dict__"));
  }
  v.edge(type, gc::slot_label("__class__"));
}

void subclass_traverse(const gc::Header* header, gc::EdgeSink& sink) {
  auto* self = static_cast<Object*>(const_cast<gc::Header*>(header));
  {
    gc::EdgeCursor cursor(sink);
    subclass_edges(self, cursor);
    if (self->type()->has(kInlineAttributes)) return;
  }
  const Type* native = native_base(self->type());
  if (native->info.traverse != nullptr) native->info.traverse(header, sink);
}

void subclass_describe(const gc::Header* header, gc::LabelledVisitor& visitor) {
  auto* self = static_cast<Object*>(const_cast<gc::Header*>(header));
  subclass_edges(self, visitor);
  const Type* native = native_base(self->type());
  if (native->info.describe != nullptr) native->info.describe(header, visitor);
}

// -- taking apart --------------------------------------------------------------------------------------------------------------

void drop_slots(Object* self) {
  for_each_slot(self, [](Object*& place, Object*, std::uint32_t) { xdecref(std::exchange(place, nullptr)); });
}

// The type stays alive through the object's reference to it; in a collection the type may be cleared already, which takes its
// dict and MRO but not its layout.
void subclass_clear(gc::Header* header) {
  auto* self = static_cast<Object*>(header);
  const Type* native = native_base(self->type());
  if (self->type()->has(kInlineAttributes)) {
    instance_clear(static_cast<Instance*>(self));
    return;
  }
  if (native->info.clear != nullptr) native->info.clear(header);
  drop_slots(self);
  if (Dict** dict = own_dict_slot(self, native)) xdecref(std::exchange(*dict, nullptr));
}

// Runs the finalizer of a dying object; true when it lives again.
bool resurrected_by_finalizer(Object* self) {
  const Type* type = self->type();
  const bool collected = type->has(gc::kCollected);
  if (collected && self->is_finalized()) return false;
  self->refcount = 1;
  if (collected) {
    // The finalizer may store the object anywhere: it has to be watched meanwhile.
    if (!self->is_tracked() && !gc::current_space()->collector.track(self)) {
      self->refcount = 0;
      return false;
    }
    self->gc_word |= gc::kFinalizedBit;
  }
  self->type_info->finalize(self);
  return --self->refcount > 0;
}

}  // namespace

void subclass_dealloc(gc::Header* header) {
  auto* self = static_cast<Object*>(header);
  if ((self->type_info->flags & gc::kHasFinalizer) != 0) [[unlikely]] {
    if (resurrected_by_finalizer(self)) return;
  }
  // The finalizer may have changed the class.
  Type* type = self->type();
  if (type->has(gc::kCollected)) untrack(self);
  if (type->has(kInlineAttributes)) {
    auto* instance = static_cast<Instance*>(self);
    if (instance->weaklist != nullptr) [[unlikely]] clear_weak_references(self);
    if (instance->has_shape()) {
      const std::uint32_t count = instance->shape()->count;
      for (std::uint32_t i = 0; i < count; ++i) decref(instance->values[i]);
    } else {
      xdecref(instance->dict());
    }
    free_object(self);
    return;
  }
  const Type* native = native_base(type);
  if (type->info.weaklist_offset != 0 && native->info.weaklist_offset == 0) clear_weak_references(self);
  drop_slots(self);
  if (Dict** dict = own_dict_slot(self, native)) xdecref(std::exchange(*dict, nullptr));
  native->info.dealloc(self);
}

void finalize_by_del(gc::Header* header) {
  ThreadState& ts = *current_thread_state();
  auto* self = static_cast<Object*>(header);
  const SavedPending saved(ts);
  MaybeAttribute method = find_special(ts, self, ts.core.names.dunder_del);
  if (method.failed) {
    report_unraisable(ts, self);
    return;
  }
  if (!method.value) return;
  if (call(ts, method.value).raised()) {
    // The report names the function, as it names callbacks.
    Obj shown = method.value;
    ObjRef function = type_lookup(ts, self->type(), ts.core.names.dunder_del).new_ref();
    if (function) shown = function;
    report_unraisable(ts, shown);
  }
}

void install_subclass_functions(Type& type) {
  type.info.traverse = subclass_traverse;
  type.info.describe = subclass_describe;
  type.info.clear = subclass_clear;
  type.info.dealloc = subclass_dealloc;
}

}  // namespace ouro
