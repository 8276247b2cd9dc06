// The layout of instances of program-made classes.
//
// Plain classes (native base `object`, no `__slots__` anywhere) are laid out as Instance (instance.h). Other classes append
// to their base's part: the places of `__slots__`, then the dict pointer, then the list of weak references, at fixed offsets.
// Where the base has items behind its fixed part (int, str, bytes, tuple: "variable-size"), what is appended lies at the end
// of the block instead: place k counts from the end, 8 * (k + 1) bytes before the last multiple of 8 of the block's usable size.
// Such a class's basic_bytes includes the room (and 7 bytes to align it when items are no words), so that
// `basic_bytes + items` is always enough. Weak references need a fixed offset: variable-size classes cannot have them.
#pragma once

#include "objects/type.h"

namespace ouro {

/// Bit of a member's offset: the rest counts from the end of the block.
inline constexpr std::uint64_t kFromEnd = std::uint64_t{1} << 32;

/// Instances keep items behind the fixed part.
inline bool is_variable_size(const Type* type) { return type->item_bytes != 0 || type->has(kStrSubclass); }
/// A program-made class whose additions lie at the end of the block.
inline bool has_room_at_end(const Type* type) { return type->has(kHeapType) && is_variable_size(type); }
/// The place at `offset` of an instance (with or without kFromEnd).
Object** place_at(const Object* self, std::uint64_t offset);
/// Offset of the first slot that `type` itself adds; the others follow (towards the start when kFromEnd).
std::uint64_t slot_place(const Type* type, std::uint32_t index);

/// Sets traverse, describe, clear and dealloc of a program-made class.
void install_subclass_functions(Type& type);
void subclass_dealloc(gc::Header* self);
/// The type's finalizer calls `__del__`.
void finalize_by_del(gc::Header* self);

}  // namespace ouro
