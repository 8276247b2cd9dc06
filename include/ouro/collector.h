// The collector's switches and what it tells, under their public names.
#pragma once

#include "gc/collector.h"
#include "gc/events.h"
#include "support/violation.h"

namespace ouro {
inline namespace v1 {

/// When the heap checks itself; a broken rule is reported and aborts.
///   Never, EachCollection (before and after), EachPhase (of a collection, too)
using Verify = gc::VerifyMode;

/// Listens to collections, phase by phase. Must neither allocate from, nor change, the heap.
using EventSink = gc::EventSink;

/// An object as walks and events show it: an identity, good for asking about while it lives.
using Handle = const gc::Header*;

/// The name of the object's class, as the compiler spells it.
[[nodiscard]] inline const char* type_name(Handle object) { return object->type_info->name; }

}  // namespace v1
}  // namespace ouro
