// Calling objects.
#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/tuple.h"

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

ObjResult call_with(ThreadState& ts, Obj callable, Borrowed<Tuple> args, Borrowed<Dict> kwargs) {
  const Ref<Tuple> positional = args.new_ref();
  if (!kwargs || kwargs->used == 0) {
    return call(ts, callable, Args{positional->items, static_cast<std::uint32_t>(positional->size), nullptr});
  }
  // One tuple owns all values, another the names: the callee may change the dict.
  const std::int64_t keyword_count = dict_size(kwargs);
  Ref<Tuple> values = OURO_TRY(Tuple::make(ts, positional->size + keyword_count));
  Ref<Tuple> names = OURO_TRY(Tuple::make(ts, keyword_count));
  for (std::int64_t i = 0; i < positional->size; ++i) values->items[i] = positional->at(i).new_ref().release();
  std::uint32_t position = 0;
  Obj key, value;
  for (std::int64_t i = 0; i < keyword_count && dict_next(kwargs, position, key, value); ++i) {
    if (!is_str(key)) return raise_type_error(ts, "keywords must be strings");
    names->items[i] = key.new_ref().release();
    values->items[positional->size + i] = value.new_ref().release();
  }
  OURO_CHECK(names->items[keyword_count - 1] != nullptr, "a dict changed while its items were copied");
  return call(ts, callable, Args{values->items, static_cast<std::uint32_t>(positional->size), names.get()});
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
