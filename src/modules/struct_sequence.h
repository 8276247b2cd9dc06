// Struct sequences: tuples whose items also have names (time.struct_time, sys.version_info, os.stat_result).
//
// The first `visible` fields are the items of the tuple; further fields have a name only. Those lie behind the items, and
// their room is part of the type's basic_bytes: hidden fields == (basic_bytes - Tuple::bytes_for(0)) / sizeof(Object*).
#pragma once

#include <span>

#include "objects/tuple.h"

namespace ouro {

/// At most this many fields.
inline constexpr std::size_t kMaxStructFields = 64;

/// A new type `module`.`name`. All texts must live as long as the type. `fields.size()` fields, the first `visible` of them items.
Result<Ref<Type>> make_struct_sequence(ThreadState& ts, const char* module, const char* name,
                                       std::span<const char* const> fields, std::size_t visible,
                                       const char* doc = nullptr);
/// An instance of such a type. `values` are new-referenced, at least the visible ones; the rest become None.
ObjResult make_struct(ThreadState& ts, Borrowed<Type> type, std::span<Object* const> values);

}  // namespace ouro
