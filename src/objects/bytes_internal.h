// What bytes, bytearray and memoryview share.
//
// Most methods of bytes and bytearray are the same functions: they look at `self` through a
// BufferView (so that a bytearray is not resized meanwhile) and give their result in the kind of
// `self`.
#pragma once

#include "objects/bytes.h"
#include "objects/container_support.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

inline constexpr std::int64_t kMaxBytesLength = INT64_MAX / 2;

/// The bytes of a bytes or bytearray object, valid until it is resized or dies.
inline std::string_view bytes_of(Obj object) {
  if (is_bytes(object)) return as<Bytes>(object)->view();
  const auto* array = as<ByteArray>(object);
  return {array->data, static_cast<std::size_t>(array->length)};
}
/// A bytes or bytearray with these bytes: bytearray when `self` is one.
ObjResult make_like(ThreadState& ts, Obj self, std::string_view bytes);
/// An uninitialised bytes or bytearray of `length`, like `self`; `data` is where to fill it. Not
/// shared.
ObjResult make_like(ThreadState& ts, Obj self, std::int64_t length, char*& data);
/// An index object as byte: ValueError "byte must be in range(0, 256)".
Result<std::uint8_t> byte_value(ThreadState& ts, Obj object);
/// The bytes in quotes as repr shows them, without the b. `escape_single`: a "'" is escaped inside
/// '"', too (bytearray).
Status append_bytes_repr(StrBuilder& out, std::string_view bytes, bool escape_single = false);
/// Three-way comparison by content.
inline int compare_bytes(std::string_view a, std::string_view b) { return a.compare(b); }
/// Comparison of anything bytes-like with anything else; NotImplemented for others.
ObjResult bytes_like_compare(ThreadState& ts, Obj left, Obj right, CompareOp op);
/// bytes.hex(sep, bytes_per_sep).
ObjResult hex_text(ThreadState& ts, std::string_view bytes, Args args);
/// The bytes for `T(source, encoding, errors)`: from an int, a bytes-like object, a str or an
/// iterable of ints. `type_name` and `range_error` word the errors of bytes and bytearray.
Result<Ref<Bytes>> bytes_from_arguments(ThreadState& ts, Args args, const char* type_name,
                                        const char* range_error);
Result<Ref<Bytes>> bytes_from_iterable(ThreadState& ts, Obj iterable, const char* type_name,
                                       const char* range_error);

// Slots that bytes and bytearray share.
ObjResult bytes_like_concat(ThreadState& ts, Obj left, Obj right);
ObjResult bytes_like_repeat(ThreadState& ts, Obj self, std::int64_t count);
Result<bool> bytes_like_contains(ThreadState& ts, Obj self, Obj item);
ObjResult bytes_like_remainder(ThreadState& ts, Obj left, Obj right);

/// The methods that bytes and bytearray share, and those of each; each ends with an entry without
/// name.
extern const MethodDef kBytesSearchMethods[];
extern const MethodDef kBytesTextMethods[];
extern const MethodDef kBytesSplitMethods[];
inline constexpr std::size_t kMaxBytesMethods = 80;
struct BytesMethods {
  MethodDef entries[kMaxBytesMethods + 1];
};
/// The shared methods and `own` in one row.
BytesMethods join_bytes_methods(const MethodDef* own);

}  // namespace ouro
