// What the two files of module array share.
#pragma once

#include "modules/module_support.h"
#include "objects/bytes.h"
#include "objects/range.h"

namespace ouro {

/// A row of machine values of one type. Invariants: size <= capacity; items may be null when
/// capacity is 0; while `exports` > 0 the size does not change.
struct Array : Object {
  std::int64_t size;      // items
  std::int64_t capacity;  // items
  char* items;            // heap block
  std::int32_t exports;
  char code;  // as in array.typecodes
  std::uint8_t item_bytes;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V&) const {}

  [[nodiscard]] char* place(std::int64_t index) const { return items + index * item_bytes; }
  [[nodiscard]] std::string_view bytes() const {
    return {items == nullptr ? "" : items, static_cast<std::size_t>(size * item_bytes)};
  }
  /// Changes the number of items; BufferError while exported.
  Status resize(ThreadState& ts, std::int64_t new_size);
};

inline Array* array_of(Obj self) { return as<Array>(self); }
/// Bytes of an item of that type code; 0: there is no such code.
std::uint8_t array_item_bytes(char code);

/// The item as an object.
ObjResult array_load(ThreadState& ts, const Array* array, std::int64_t index);
/// Converts a value into `out` (8 bytes of room). Runs Python code. TypeError, OverflowError.
Status array_pack(ThreadState& ts, char code, Obj value, char* out);
/// A new array of that type with `size` items, not initialised.
Result<Ref<Array>> new_array(ThreadState& ts, Borrowed<Type> type, char code, std::int64_t size);
Status array_append(ThreadState& ts, Array* array, Obj value);
/// Appends the items of an iterable, or of another array of the same code.
Status array_extend(ThreadState& ts, Array* array, Obj iterable, Borrowed<Type> array_type);
/// Appends machine values given as bytes.
Status array_append_bytes(ThreadState& ts, Array* array, std::string_view bytes);

/// The class `array.array` that `type` is or derives from.
Borrowed<Type> array_base(Borrowed<Type> type);

extern const MethodDef kArrayMethods[];
extern const GetSetDef kArrayGetSets[];

}  // namespace ouro
