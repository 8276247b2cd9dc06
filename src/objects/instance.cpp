// Instances of plain classes: shapes, and attributes inline.
#include "objects/instance.h"

#include <algorithm>

#include <cstring>

#include "objects/errors.h"
#include "objects/operations.h"
#include "objects/type_internal.h"

namespace ouro {

namespace {

constexpr std::uint32_t kMaxInline = 30;       // attributes an instance keeps inline at most
constexpr std::uint32_t kFirstCapacity = 6;    // while nothing is known of a class
constexpr std::uint8_t kWarmInstances = 16;    // instances that get kFirstCapacity at least
constexpr std::uint32_t kMaxChildren = 64;     // of one shape: beyond, names are data rather than layout
constexpr std::uint32_t kIndexedFrom = 8;      // names from which on a shape is searched by hashing

// What a class has learned of its instances lies in two of its spare bytes.
std::uint8_t& most_seen(Type* type) { return type->spare[0]; }
std::uint8_t& warm_instances(Type* type) { return type->spare[1]; }

std::uint32_t capacity_for_new(Type* type) {
  const std::uint32_t seen = most_seen(type);
  if (warm_instances(type) >= kWarmInstances) return seen;
  ++warm_instances(type);
  return seen > kFirstCapacity ? seen : kFirstCapacity;
}

void saw(Type* type, std::uint32_t count) {
  if (count > most_seen(type) && count <= kMaxInline) {
    most_seen(type) = static_cast<std::uint8_t>(count);
    type->inline_capacity = count;
  }
}

void saw_overflow(Type* type, std::uint32_t count) {
  const std::uint32_t wanted = count + (count < 4 ? 2 : count / 2);
  saw(type, wanted < kMaxInline ? wanted : kMaxInline);
}

std::size_t name_hash(const Str* name) {
  const auto bits = reinterpret_cast<std::uintptr_t>(name);
  return (bits >> 4) ^ (bits >> 10);
}

}  // namespace

// -- shapes ------------------------------------------------------------------------------------------------------------------

/// Open addressing over the names of a shape; `places` holds place + 1, 0 for none.
struct ShapeIndex {
  static constexpr std::size_t kMask = 63;
  std::uint8_t places[kMask + 1];
  Str* names[1];  // borrowed from the shapes on the way to the root
};

namespace {

ShapeIndex* index_of(Shape* shape) {
  if (shape->index != nullptr) return shape->index;
  auto* index = static_cast<ShapeIndex*>(allocate_raw(sizeof(ShapeIndex) + shape->count * sizeof(Str*)));
  if (index == nullptr) return nullptr;
  std::memset(index->places, 0, sizeof index->places);
  for (const Shape* s = shape; s->count > 0; s = s->parent) {
    const std::uint32_t place = s->count - 1;
    index->names[place] = s->name;
    std::size_t at = name_hash(s->name) & ShapeIndex::kMask;
    while (index->places[at] != 0) at = (at + 1) & ShapeIndex::kMask;
    index->places[at] = static_cast<std::uint8_t>(place + 1);
  }
  shape->index = index;
  return index;
}

Shape* new_shape(Type* type, Shape* parent, Str* name) {
  auto* shape = static_cast<Shape*>(allocate_raw(sizeof(Shape)));
  if (shape == nullptr) return nullptr;
  std::memset(static_cast<void*>(shape), 0, sizeof *shape);
  shape->parent = parent;
  if (name != nullptr) incref(name);
  shape->name = name;
  shape->count = parent == nullptr ? 0 : parent->count + 1;
  // The root heads the chain of all shapes of the class.
  if (type->root_shape == nullptr) {
    type->root_shape = shape;
  } else {
    shape->next_owned = type->root_shape->next_owned;
    type->root_shape->next_owned = shape;
  }
  return shape;
}

}  // namespace

int shape_find(const Shape* shape, Borrowed<Str> name) {
  if (shape->count >= kIndexedFrom) {
    if (const ShapeIndex* index = index_of(const_cast<Shape*>(shape))) {
      for (std::size_t at = name_hash(name.get()) & ShapeIndex::kMask; index->places[at] != 0;
           at = (at + 1) & ShapeIndex::kMask) {
        if (index->names[index->places[at] - 1] == name.get()) return index->places[at] - 1;
      }
      return -1;
    }
  }
  for (; shape->count > 0; shape = shape->parent) {
    if (shape->name == name.get()) return static_cast<int>(shape->count) - 1;
  }
  return -1;
}

Shape* shape_with(ThreadState&, Borrowed<Type> type, Shape* shape, Borrowed<Str> name) {
  for (std::uint32_t i = 0; i < shape->child_count; ++i) {
    if (shape->children[i]->name == name.get()) return shape->children[i];
  }
  if (shape->child_count >= kMaxChildren || shape->count >= kMaxInline) return nullptr;
  if (shape->child_count == shape->child_capacity) {
    const std::uint32_t capacity = shape->child_capacity == 0 ? 1 : 2 * shape->child_capacity;
    void* grown = reallocate_raw(shape->children, capacity * sizeof(Shape*));
    if (grown == nullptr) return nullptr;
    shape->children = static_cast<Shape**>(grown);
    shape->child_capacity = capacity;
  }
  Shape* child = new_shape(type.get(), shape, name.get());
  if (child != nullptr) shape->children[shape->child_count++] = child;
  return child;
}

Shape* root_shape(ThreadState& ts, Borrowed<Type> type) {
  if (type->root_shape != nullptr) return type->root_shape;
  Shape* root = new_shape(type.get(), nullptr, nullptr);
  if (root == nullptr) raise_no_memory(ts);
  return root;
}

void free_shapes(Type* type) {
  Shape* shape = std::exchange(type->root_shape, nullptr);
  while (shape != nullptr) {
    Shape* next = shape->next_owned;
    if (shape->name != nullptr) decref(shape->name);
    free_raw(shape->children);
    free_raw(shape->index);
    free_raw(shape);
    shape = next;
  }
}

// -- instances -----------------------------------------------------------------------------------------------------------------

ObjResult instance_create(ThreadState& ts, Borrowed<Type> type) {
  Shape* root = root_shape(ts, type);
  if (root == nullptr) [[unlikely]] return Raised{};
  const std::uint32_t capacity = capacity_for_new(type.get());
  // Born by hand: the general way zeroes with a call and looks at flags that are known here.
  void* block = ts.space.collector.allocate(Instance::bytes_for(capacity));
  if (block == nullptr) [[unlikely]] return raise_no_memory(ts);
  auto* self = static_cast<Instance*>(block);
  self->refcount = 1;
  self->gc_word = 0;
  self->type_info = &type->info;
  self->attributes = Instance::word(root, capacity);
  self->weaklist = nullptr;
  for (std::uint32_t i = 0; i < capacity; ++i) self->values[i] = nullptr;
  incref(type.get());
  ObjRef owner = ObjRef::steal(self);
  OURO_TRY(track(ts, self));
  return owner;
}

Borrowed<Object> instance_get(Borrowed<Instance> self, Borrowed<Str> name) {
  if (!self->has_shape()) {
    Dict* dict = self->dict();
    return dict == nullptr ? nullptr : dict_get_str(dict, name);
  }
  const int place = shape_find(self->shape(), name);
  return place < 0 ? nullptr : self->values[place];
}

namespace {

// Moves the attributes into a dict; afterwards the instance is in dict form.
Status to_dict_form(ThreadState& ts, Borrowed<Instance> self) {
  // Making the dict may run a collection, and that Python code which sets attributes or does the same:
  // the values are held meanwhile, and it is done again when they have changed.
  while (self->has_shape()) {
    const std::uintptr_t word = self->attributes;
    const std::uint32_t count = self->shape()->count;
    Object* names[kMaxInline];
    for (const Shape* s = self->shape(); s->count > 0; s = s->parent) names[s->count - 1] = s->name;
    Object* values[kMaxInline];
    for (std::uint32_t i = 0; i < count; ++i) incref(values[i] = self->values[i]);
    Result<Ref<Dict>> made = dict_from_display(ts, {names, values, count, 1, 1});
    const bool same = self->attributes == word && std::equal(values, values + count, self->values);
    for (std::uint32_t i = 0; i < count; ++i) decref(values[i]);
    if (made.raised()) return Raised{};
    if (!same) continue;
    self->attributes = reinterpret_cast<std::uintptr_t>(made.take().release());
    for (std::uint32_t i = 0; i < count; ++i) decref(std::exchange(self->values[i], nullptr));
  }
  return kDone;
}

Result<bool> set_in_dict(ThreadState& ts, Borrowed<Instance> self, Borrowed<Str> name, Obj value) {
  Ref<Dict> dict = OURO_TRY(instance_dict(ts, self.get()));
  if (!value) return dict_remove(ts, dict, name);
  OURO_TRY(dict_set(ts, dict, name, value));
  return true;
}

Result<bool> delete_inline(ThreadState& ts, Borrowed<Instance> self, Borrowed<Str> name, int place) {
  Shape* shape = self->shape();
  if (static_cast<std::uint32_t>(place) + 1 != shape->count) {
    OURO_TRY(to_dict_form(ts, self));
    return set_in_dict(ts, self, name, nullptr);
  }
  Object* old = std::exchange(self->values[place], nullptr);
  self->attributes = Instance::word(shape->parent, self->capacity());
  decref(old);
  return true;
}

}  // namespace

Result<bool> instance_set(ThreadState& ts, Borrowed<Instance> self, Borrowed<Str> name, Obj value) {
  if (!self->has_shape()) return set_in_dict(ts, self, name, value);
  Shape* shape = self->shape();
  const int place = shape_find(shape, name);
  if (!value) {
    if (place < 0) return false;
    return delete_inline(ts, self, name, place);
  }
  if (place >= 0) {
    incref(value.get());
    decref(std::exchange(self->values[place], value.get()));
    return true;
  }
  const std::uint32_t count = shape->count;
  Type* type = self->type();
  const std::uint32_t capacity = self->capacity();
  if (count < capacity) {
    if (Shape* next = shape_with(ts, type, shape, name)) {
      incref(value.get());
      self->values[count] = value.get();
      self->attributes = Instance::word(next, capacity);
      saw(type, count + 1);
      return true;
    }
  } else {
    saw_overflow(type, count + 1);
  }
  OURO_TRY(to_dict_form(ts, self));
  return set_in_dict(ts, self, name, value);
}

Result<Ref<Dict>> instance_dict(ThreadState& ts, Obj self) {
  if (has_inline_attributes(self)) {
    auto* instance = as<Instance>(self);
    if (instance->has_shape()) OURO_TRY(to_dict_form(ts, instance));
    if (instance->dict() == nullptr) {
      Ref<Dict> dict = OURO_TRY(Dict::create(ts));
      if (instance->attributes == 0) instance->attributes = reinterpret_cast<std::uintptr_t>(dict.release());
    }
    return Ref<Dict>::share(instance->dict());
  }
  Dict** slot = dict_slot(self);
  if (slot == nullptr) {
    return raise(ts, ts.core.exceptions.AttributeError, "'{t}' object has no attribute '__dict__'", self);
  }
  if (*slot == nullptr) {
    Ref<Dict> dict = OURO_TRY(Dict::create(ts));
    if (*slot == nullptr) *slot = dict.release();
  }
  return Ref<Dict>::share(*slot);
}

Status instance_replace_dict(ThreadState& ts, Obj self, Borrowed<Dict> dict) {
  Ref<Dict> added = dict.new_ref();
  if (has_inline_attributes(self)) {
    auto* instance = as<Instance>(self);
    if (instance->has_shape()) {
      if (instance->shape()->count > 0) {
        OURO_TRY(to_dict_form(ts, instance));
      } else {
        instance->attributes = 0;
      }
    }
    Ref<Dict> old = Ref<Dict>::steal(instance->dict());
    instance->attributes = reinterpret_cast<std::uintptr_t>(added.release());
    return kDone;
  }
  Dict** slot = dict_slot(self);
  OURO_CHECK(slot != nullptr, "instances of %s have no dict", self->type()->name());
  xdecref(std::exchange(*slot, added.release()));
  return kDone;
}

Status instance_change_type(ThreadState& ts, Borrowed<Instance> self, Borrowed<Type> type) {
  if (!self->has_shape()) return kDone;
  Shape* shape = root_shape(ts, type);
  if (shape == nullptr) return Raised{};
  Str* names[kMaxInline];
  const std::uint32_t count = self->shape()->count;
  for (const Shape* s = self->shape(); s->count > 0; s = s->parent) names[s->count - 1] = s->name;
  for (std::uint32_t i = 0; i < count && shape != nullptr; ++i) shape = shape_with(ts, type, shape, names[i]);
  if (shape == nullptr) return to_dict_form(ts, self);
  self->attributes = Instance::word(shape, self->capacity());
  saw(type.get(), count);
  return kDone;
}

void instance_clear(Instance* self) {
  if (!self->has_shape()) {
    Dict* dict = self->dict();
    self->attributes = 0;
    if (dict != nullptr) decref(dict);
    return;
  }
  const std::uint32_t count = self->shape()->count;
  if (count == 0) return;
  // Detached first: what dies below may look at this instance.
  Object* values[kMaxInline];
  for (std::uint32_t i = 0; i < count; ++i) values[i] = std::exchange(self->values[i], nullptr);
  self->attributes = Instance::word(self->type()->root_shape, self->capacity());
  for (std::uint32_t i = 0; i < count; ++i) decref(values[i]);
}

}  // namespace ouro
