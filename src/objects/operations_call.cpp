// Calling objects.
#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/slot_methods.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace ouro {

// A Python function's depth is counted with its frame; other callables are counted here. For both the native stack is looked at.
ObjResult call(ThreadState& ts, Obj callable, Args args) {
  const Type* type = callable->type();
  const CallSlot slot = type->call;
  if (slot == nullptr) [[unlikely]] return raise_type_error(ts, "'{t}' object is not callable", callable);
  if (type->kind == TypeKind::BuiltinFunction || type->kind == TypeKind::MethodDescriptor) return slot(ts, callable, args);
  if (type->kind == TypeKind::Function &&
      static_cast<const char*>(__builtin_frame_address(0)) >= ts.stack_floor) [[likely]] {
    return slot(ts, callable, args);
  }
  const NativeDepth depth(ts, " while calling a Python object");
  if (!depth.ok()) return Raised{};
  return slot(ts, callable, args);
}

ObjResult call(ThreadState& ts, Obj callable) { return call(ts, callable, Args{}); }

ObjResult call(ThreadState& ts, Obj callable, Obj a) {
  Object* const values[] = {a.get()};
  return call(ts, callable, Args{values, 1, nullptr});
}

ObjResult call(ThreadState& ts, Obj callable, Obj a, Obj b) {
  Object* const values[] = {a.get(), b.get()};
  return call(ts, callable, Args{values, 2, nullptr});
}

ObjResult call(ThreadState& ts, Obj callable, Obj a, Obj b, Obj c) {
  Object* const values[] = {a.get(), b.get(), c.get()};
  return call(ts, callable, Args{values, 3, nullptr});
}

namespace {

/// References in a block of raw memory.
class HeldValues {
 public:
  explicit HeldValues(std::size_t room) : values_(static_cast<Object**>(allocate_raw(room * sizeof(Object*)))) {}
  ~HeldValues() {
    while (count_ > 0) decref(values_[--count_]);
    free_raw(values_);
  }
  HeldValues(const HeldValues&) = delete;
  HeldValues& operator=(const HeldValues&) = delete;
  [[nodiscard]] bool ok() const { return values_ != nullptr; }
  void add(Obj value) { values_[count_++] = value.new_ref().release(); }
  [[nodiscard]] Object* const* data() const { return values_; }

 private:
  Object** values_;
  std::size_t count_ = 0;
};

/// A call with the tuple and dict that the caller has: where the callee counts them as made for the call, as it has to when
/// arguments come one by one, it is to find them in the free lists.
class HandedOver {
 public:
  HandedOver(ThreadState& ts, Obj callable, std::int64_t positional, std::int64_t keywords)
      : core_(ts.core), positional_(slot_of(callable, positional)), names_(slot_of(callable, keywords)) {
    if (positional_ != nullptr) ++*positional_;
    if (names_ == nullptr) return;
    ++*names_;
    ++core_.free_dicts;
  }
  ~HandedOver() {
    if (positional_ != nullptr) *positional_ -= *positional_ > 0;
    if (names_ == nullptr) return;
    *names_ -= *names_ > 0;
    core_.free_dicts -= core_.free_dicts > 0;
  }
  HandedOver(const HandedOver&) = delete;
  HandedOver& operator=(const HandedOver&) = delete;

 private:
  std::uint16_t* slot_of(Obj callable, std::int64_t count) {
    if (count == 0 || count >= ArgumentTuple::kRebornTuples) return nullptr;
    const bool packed = is_type(callable) ? takes_packed_arguments(as<Type>(callable))
                                          : callable->type()->call == dispatch::call;
    return packed ? &core_.free_tuples[count] : nullptr;
  }
  CoreObjects& core_;
  std::uint16_t* const positional_;
  std::uint16_t* const names_;
};

}  // namespace

ObjResult call_with(ThreadState& ts, Obj callable, Borrowed<Tuple> args, Borrowed<Dict> kwargs) {
  const Ref<Tuple> positional = args.new_ref();
  if (!kwargs || kwargs->used == 0) {
    const HandedOver handed_over(ts, callable, positional->size, 0);
    return call(ts, callable, Args{positional->items, static_cast<std::uint32_t>(positional->size), nullptr});
  }
  // The values are held apart and the names in a tuple: the callee may change the dict.
  const std::int64_t keyword_count = dict_size(kwargs);
  HeldValues values(static_cast<std::size_t>(positional->size + keyword_count));
  if (!values.ok()) return raise_no_memory(ts);
  const HandedOver handed_over(ts, callable, positional->size, keyword_count);
  for (std::int64_t i = 0; i < positional->size; ++i) values.add(positional->at(i));
  Ref<Tuple> names = OURO_TRY(Tuple::make(ts, keyword_count));
  std::uint32_t position = 0;
  Obj key, value;
  for (std::int64_t i = 0; i < keyword_count && dict_next(kwargs, position, key, value); ++i) {
    if (!is_str(key)) return raise_type_error(ts, "keywords must be strings");
    names->items[i] = key.new_ref().release();
    values.add(value);
  }
  OURO_CHECK(names->items[keyword_count - 1] != nullptr, "a dict changed while its items were copied");
  return call(ts, callable, Args{values.data(), static_cast<std::uint32_t>(positional->size), names.get()});
}

ObjResult call_method(ThreadState& ts, Obj object, Borrowed<Str> name, std::span<Object* const> args) {
  MethodLookup found = lookup_method(ts, object, name);
  if (!found.method) return Raised{};
  if (!found.unbound) return call(ts, found.method, Args{args.data(), static_cast<std::uint32_t>(args.size()), nullptr});
  constexpr std::size_t kInline = 8;
  if (args.size() < kInline) {
    Object* values[kInline] = {object.get()};
    for (std::size_t i = 0; i < args.size(); ++i) values[i + 1] = args[i];
    return call(ts, found.method, Args{values, static_cast<std::uint32_t>(args.size() + 1), nullptr});
  }
  ObjRef bound = OURO_TRY(get_attribute(ts, object, name));
  return call(ts, bound, Args{args.data(), static_cast<std::uint32_t>(args.size()), nullptr});
}

bool is_callable(Obj object) { return object->type()->call != nullptr; }

}  // namespace ouro
