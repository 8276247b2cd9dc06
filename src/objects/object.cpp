// Objects: their memory, and the types of None, NotImplemented and Ellipsis.
#include "objects/object.h"

#include <bit>
#include <cstring>

#include "objects/errors.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/subclass_layout.h"
#include "objects/type_inits.h"

namespace ouro {

// -- memory ----------------------------------------------------------------------------------------------------------------

namespace {

// Most objects are small: pieces of a fixed size, which may overlap, cost less than a call.
inline void zero(void* block, std::size_t bytes) {
  constexpr std::size_t kPiece = sizeof(Object);
  auto* start = static_cast<char*>(block);
  if (bytes > 4 * kPiece) {
    std::memset(start, 0, bytes);
    return;
  }
  std::memset(start, 0, kPiece);
  std::memset(start + bytes - kPiece, 0, kPiece);
  if (bytes > 2 * kPiece) {
    std::memset(start + kPiece, 0, kPiece);
    std::memset(start + bytes - 2 * kPiece, 0, kPiece);
  }
}

ObjResult born(ThreadState& ts, Borrowed<Type> type, void* block, std::size_t bytes) {
  if (block == nullptr) [[unlikely]] return raise_no_memory(ts);
  // Classes with room behind the items find it from the end of the block: that has to be zero, too.
  if (has_room_at_end(type.get())) bytes = ts.space.heap.usable_bytes(block);
  zero(block, bytes);
  auto* object = static_cast<Object*>(block);
  object->refcount = 1;
  object->type_info = &type->info;
  if (type->has(kHeapType)) incref(type.get());
  return ObjRef::steal(object);
}

}  // namespace

ObjResult allocate_object(ThreadState& ts, Borrowed<Type> type, std::size_t bytes) {
  void* block = type->has(gc::kCollected) ? ts.space.collector.allocate(bytes)
                                          : ts.space.heap.allocate(bytes, heap::BlockKind::Object);
  return born(ts, type, block, bytes);
}

ObjResult allocate_object_uncounted(ThreadState& ts, Borrowed<Type> type, std::size_t bytes) {
  void* block = type->has(gc::kCollected) ? ts.space.collector.allocate_uncounted(bytes)
                                          : ts.space.heap.allocate(bytes, heap::BlockKind::Object);
  return born(ts, type, block, bytes);
}

void free_object(Object* object, bool counted) {
  Type* type = object->type();
  const std::uint64_t flags = type->info.flags;
  gc::Space& space = *gc::current_space();
  if ((flags & gc::kCollected) != 0) {
    space.collector.release(object, counted);
  } else {
    space.heap.free(object);
  }
  if ((flags & kHeapType) != 0) decref(type);
}

Status track(ThreadState& ts, Obj object) {
  if (!ts.space.collector.track(object.get())) [[unlikely]] return raise_no_memory(ts);
  return kDone;
}

void* allocate_raw(std::size_t bytes) { return gc::current_space()->heap.allocate(bytes); }
void* reallocate_raw(void* block, std::size_t bytes) { return gc::current_space()->heap.reallocate(block, bytes); }
void free_raw(void* block) { gc::current_space()->heap.free(block); }

// Objects lie on multiples of 8 or 16: the low bits would be the same for all.
std::int64_t hash_pointer(const void* pointer) {
  const auto hash = static_cast<std::int64_t>(std::rotr(reinterpret_cast<std::uintptr_t>(pointer), 4));
  return hash == -1 ? -2 : hash;
}

// -- None, NotImplemented, Ellipsis --------------------------------------------------------------------------------------

namespace {

void singleton_dealloc(gc::Header* self) {
  OURO_CHECK(current_thread_state() == nullptr || current_thread_state()->core.finalizing,
             "the last reference to %s was dropped", self->type_info->name);
  free_object(static_cast<Object*>(self));
}

Status no_arguments(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (args.count == 0 && args.keyword_count() == 0) return kDone;
  return raise_type_error(ts, "{} takes no arguments", type->name());
}

ObjResult none_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(no_arguments(ts, type, args));
  return ts.core.none_ref();
}
ObjResult none_repr(ThreadState& ts, Obj) { return Str::from_utf8(ts, "None"); }
Result<bool> none_truth(ThreadState&, Obj) { return false; }

ObjResult not_implemented_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(no_arguments(ts, type, args));
  return ts.core.not_implemented_ref();
}
ObjResult not_implemented_repr(ThreadState& ts, Obj) { return Str::from_utf8(ts, "NotImplemented"); }
Result<bool> not_implemented_truth(ThreadState& ts, Obj) {
  if (ts.core.builtins != nullptr) {
    ObjRef warnings = OURO_TRY(import_by_name(ts, "_warnings"));
    ObjRef warn = OURO_TRY(get_attribute(ts, warnings, "warn"));
    Ref<Str> text = OURO_TRY(Str::from_utf8(ts, "NotImplemented should not be used in a boolean context"));
    OURO_TRY(call(ts, warn, text, ts.core.exceptions.DeprecationWarning));
  }
  return true;
}
ObjResult reduce_as_name(ThreadState& ts, Obj self, Args) { return repr_of(ts, self); }

ObjResult ellipsis_make(ThreadState& ts, Borrowed<Type>, Args args) {
  if (args.count != 0 || args.keyword_count() != 0) return raise_type_error(ts, "EllipsisType takes no arguments");
  return ObjRef::share(ts.core.ellipsis);
}
ObjResult ellipsis_repr(ThreadState& ts, Obj) { return Str::from_utf8(ts, "Ellipsis"); }

constexpr MethodDef kReduceByName[] = {
    {"__reduce__", reduce_as_name, 0, 0, MethodDef::kNone, nullptr},
    {},
};

void init_singleton(Type& t, NewSlot make, UnarySlot repr) {
  t.info.basic_bytes = sizeof(Object);
  t.info.dealloc = singleton_dealloc;
  t.make = make;
  t.repr = repr;
}

}  // namespace

void init_none_type(ThreadState&, Type& t) {
  init_singleton(t, none_make, none_repr);
  t.number.truth = none_truth;
}

void init_not_implemented_type(ThreadState&, Type& t) {
  init_singleton(t, not_implemented_make, not_implemented_repr);
  t.number.truth = not_implemented_truth;
  t.methods = kReduceByName;
}

void init_ellipsis_type(ThreadState&, Type& t) {
  init_singleton(t, ellipsis_make, ellipsis_repr);
  t.methods = kReduceByName;
}

}  // namespace ouro
