// Memory of exact small ints and floats: one word of value behind the header, never collected, made and dropped all the time.
// They skip the general way through allocate_object and dispose; the blocks are the same.
#pragma once

#include "objects/float.h"
#include "objects/int.h"

namespace ouro {

inline constexpr std::size_t kNumberBytes = sizeof(Object) + sizeof(std::int64_t);
static_assert(Int::kSmallBytes == kNumberBytes && sizeof(Float) == kNumberBytes);

/// An object of `type` (int or float itself) with its word unset; null when out of memory, nothing raised.
[[gnu::always_inline]] inline Object* allocate_number(ThreadState& ts, Type* type) {
  void* block = ts.space.heap.allocate<kNumberBytes>(heap::BlockKind::Object);
  if (block == nullptr) [[unlikely]] return nullptr;
  auto* object = static_cast<Object*>(block);
  object->refcount = 1;
  object->gc_word = 0;
  object->type_info = &type->info;
  return object;
}

/// Drops a reference to an exact int or float.
[[gnu::always_inline]] inline void drop_number(ThreadState& ts, Object* number) {
  if (--number->refcount == 0) ts.space.heap.free(number);
}

}  // namespace ouro
