// Weak references: creating and sharing them, what they do as objects, and their end.

#include "objects/weakref.h"

#include <cstdio>

#include "objects/errors.h"
#include "objects/operations.h"
#include "objects/tuple.h"
#include "objects/str.h"
#include "objects/type_inits.h"

namespace ouro {

bool is_weak_ref(const ThreadState& ts, Obj object) {
  return is_kind(object, TypeKind::WeakRef) || object->type()->is_subtype_of(ts.core.types.weakref);
}

bool is_weak_proxy(Obj object) {
  return is_kind(object, TypeKind::WeakProxy) || is_kind(object, TypeKind::CallableProxy);
}

Obj weak_referent(Obj reference) {
  const gc::WeakReference& weak = *as_weak_ref(reference);
  // An object whose count is zero is on its way out: nobody may get hold of it any more.
  if (!gc::refers_to_living(weak)) return nullptr;
  return static_cast<Object*>(weak.referent);
}

namespace {

/// A reference of exactly `type` without a callback that the referent already has, or null.
gc::WeakReference* shareable(Obj referent, const Type* type) {
  gc::WeakReference** list = gc::weaklist_of(referent.get());
  // References without callback come first.
  for (gc::WeakReference* at = *list; at != nullptr && at->callback == nullptr; at = at->next) {
    if (type_of_info(at->type_info) == type) return at;
  }
  return nullptr;
}

ObjResult make_reference(ThreadState& ts, Borrowed<Type> type, bool may_share, Obj referent,
                         Obj callback) {
  if (referent->type_info->weaklist_offset == 0) {
    return raise_type_error(ts, "cannot create weak reference to '{t}' object", referent);
  }
  if (callback && is_none(callback)) callback = nullptr;
  may_share = may_share && !callback;
  if (may_share) {
    if (gc::WeakReference* shared = shareable(referent, type.get()))
      return weak_ref_object(*shared).new_ref();
  }
  ObjRef object = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  if (may_share) {
    // A collection during the allocation may have run code that made one.
    if (gc::WeakReference* shared = shareable(referent, type.get()))
      return weak_ref_object(*shared).new_ref();
  }
  WeakRef* self = as_weak_ref(object);
  self->hash = -1;
  self->callback = callback.new_ref().release();
  gc::link(*self, *referent.get());
  OURO_TRY(track(ts, object));
  return object;
}

}  // namespace

ObjResult make_weak_ref(ThreadState& ts, Obj referent, Obj callback) {
  return make_reference(ts, ts.core.types.weakref, true, referent, callback);
}

ObjResult make_weak_proxy(ThreadState& ts, Obj referent, Obj callback) {
  Type* type = is_callable(referent) ? ts.core.types.weak_callable_proxy : ts.core.types.weak_proxy;
  return make_reference(ts, type, true, referent, callback);
}

std::int64_t weak_reference_count(Obj object) {
  gc::WeakReference** list = gc::weaklist_of(object.get());
  std::int64_t count = 0;
  for (gc::WeakReference* at = list == nullptr ? nullptr : *list; at != nullptr; at = at->next)
    ++count;
  return count;
}

Result<Ref<List>> weak_references(ThreadState& ts, Obj object) {
  Ref<List> result = OURO_TRY(List::create(ts, weak_reference_count(object)));
  gc::WeakReference** list = gc::weaklist_of(object.get());
  for (gc::WeakReference* at = list == nullptr ? nullptr : *list; at != nullptr; at = at->next) {
    OURO_TRY(result->append(ts, weak_ref_object(*at)));
  }
  return result;
}

// -- death of the referent
// -----------------------------------------------------------------------------------------

void call_weak_callback(ThreadState& ts, gc::WeakReference& reference) {
  ObjRef callback = ObjRef::steal(static_cast<Object*>(std::exchange(reference.callback, nullptr)));
  if (!callback) return;
  ObjRef self = weak_ref_object(reference).new_ref();
  auto answer = call(ts, callback, Obj(self));
  if (answer.raised()) report_unraisable(ts, callback);
}

void clear_weak_references(Object* object) {
  gc::WeakReference** list = gc::weaklist_of(object);
  if (list == nullptr || *list == nullptr) return;
  // All are cleared before the first callback runs. Those to be told are held and chained through
  // `next`, in list order: newest first. This needs no memory.
  gc::WeakReference* told = nullptr;
  gc::WeakReference** end = &told;
  while (gc::WeakReference* reference = *list) {
    gc::unlink(*reference);
    if (reference->callback == nullptr || reference->refcount == 0) continue;
    incref(reference);
    reference->next = nullptr;
    *end = reference;
    end = &reference->next;
  }
  if (told == nullptr) return;
  ThreadState& ts = *current_thread_state();
  SavedPending saved(ts);
  while (told != nullptr) {
    ObjRef held = ObjRef::steal(weak_ref_object(*told).get());
    told = std::exchange(as_weak_ref(held)->next, nullptr);
    call_weak_callback(ts, *as_weak_ref(held));
  }
}

// -- the reference itself
// ------------------------------------------------------------------------------------------

namespace {

void weakref_clear(gc::Header* header) {
  auto* self = static_cast<WeakRef*>(header);
  if (self->referent != nullptr) gc::unlink(*self);
  xdecref(std::exchange(self->callback, nullptr));
}

void weakref_dealloc(gc::Header* header) {
  auto* self = static_cast<WeakRef*>(header);
  Object* object = weak_ref_object(*self).get();
  untrack(object);
  weakref_clear(self);
  free_object(object);
}

ObjResult weakref_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  const bool exact = type == Borrowed<Type>(ts.core.types.weakref);
  if (exact && args.keyword_count() != 0)
    return raise_type_error(ts, "ref() takes no keyword arguments");
  OURO_TRY(check_args(ts, Args{args.values, args.count, nullptr}, "__new__", 1, 2));
  return make_reference(ts, type, exact, args[0], args.count == 2 ? args[1] : Obj());
}

/// Everything is done by __new__; this only refuses what does not fit.
Status weakref_init(ThreadState& ts, Obj, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "ref"));
  return check_args(ts, args, "__init__", 1, 2);
}

ObjResult weakref_call(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "weakref"));
  OURO_TRY(check_args(ts, args, "weakref", 0, 0));
  Obj referent = weak_referent(self);
  return referent ? referent.new_ref() : ts.core.none_ref();
}

Result<std::int64_t> weakref_hash(ThreadState& ts, Obj self) {
  if (as_weak_ref(self)->hash != -1) return as_weak_ref(self)->hash;
  ObjRef referent = weak_referent(self).new_ref();
  if (!referent) return raise_type_error(ts, "weak object has gone away");
  const std::int64_t hash = OURO_TRY(hash_of(ts, referent));
  as_weak_ref(self)->hash = hash;
  return hash;
}

ObjResult weakref_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  const bool comparable = is_weak_ref(ts, left) && is_weak_ref(ts, right);
  if (!comparable || (op != CompareOp::Equal && op != CompareOp::NotEqual))
    return ts.core.not_implemented_ref();
  ObjRef a = weak_referent(left).new_ref();
  ObjRef b = weak_referent(right).new_ref();
  if (!a || !b) return ts.core.bool_ref((left == right) == (op == CompareOp::Equal));
  return compare(ts, a, b, op);
}

ObjResult weakref_repr(ThreadState& ts, Obj self) {
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  ObjRef referent = weak_referent(self).new_ref();
  if (!referent) {
    const FormatArg shown[] = {FormatArg(address)};
    return format_message(ts, "<weakref at {}; dead>", shown);
  }
  MaybeAttribute name = find_attribute(ts, referent, ts.core.names.dunder_name);
  if (name.failed) return Raised{};
  char target[24];
  std::snprintf(target, sizeof target, "%p", static_cast<void*>(referent.get()));
  const bool named = name.value && is_str(name.value);
  const FormatArg shown[] = {FormatArg(address), FormatArg(type_name(referent)), FormatArg(target),
                             named ? FormatArg(name.value) : FormatArg("")};
  return format_message(
      ts, named ? "<weakref at {}; to '{}' at {} ({})>" : "<weakref at {}; to '{}' at {}>",
      {shown, named ? 4u : 3u});
}

ObjResult get_callback(ThreadState& ts, Obj self) {
  gc::Header* callback = as_weak_ref(self)->callback;
  return callback == nullptr ? ts.core.none_ref() : ObjRef::share(static_cast<Object*>(callback));
}
Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

ObjResult class_getitem(ThreadState& ts, Obj self, Args args) {
  return call(ts, ts.core.types.generic_alias, self, args[0]);
}

const MethodDef kMethods[] = {
    {"__class_getitem__", class_getitem, 1, 1, MethodDef::kClass, "See PEP 585"},
    {},
};
const GetSetDef kGetSets[] = {{"__callback__", get_callback, refuse_set, nullptr}, {}};

}  // namespace

void init_weakref_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<WeakRef>::install(type.info);
  type.info.basic_bytes = sizeof(WeakRef);
  type.info.flags |= std::uint64_t{gc::kCollected} | gc::kWeakReference | kBaseType;
  type.info.clear = weakref_clear;
  type.info.dealloc = weakref_dealloc;
  type.make = weakref_make;
  type.init = weakref_init;
  type.call = weakref_call;
  type.hash = weakref_hash;
  type.compare = weakref_compare;
  type.repr = weakref_repr;
  type.get_attribute = generic_get_attribute;
  type.set_attribute = generic_set_attribute;
  type.methods = kMethods;
  type.getsets = kGetSets;
  type.module_name = "weakref";
}

}  // namespace ouro
