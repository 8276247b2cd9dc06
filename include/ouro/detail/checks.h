// What checked builds look at whenever a reference is made, copied or dropped. Nothing in others.
#pragma once

#include <cstddef>

#include "gc/header.h"

namespace ouro {
inline namespace v1 {
namespace detail {

#ifdef OURO_CHECKED
inline constexpr bool kChecked = true;
#else
inline constexpr bool kChecked = false;
#endif

/// Reports and aborts unless the object is alive, belongs to the current heap, and this is the
/// heap's thread. `act` completes "a reference to … is …".
void check_usable(const gc::Header* object, const char* act);
/// The reference at `where` refers to `target` now, or (null) to nothing.
void note_reference(const void* where, const gc::Header* target) noexcept;

}  // namespace detail
}  // namespace v1
}  // namespace ouro
