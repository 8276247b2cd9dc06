// The constants of module sys.
#pragma once

#include "objects/module.h"
#include "objects/operations.h"

namespace ouro {

/// sys.implementation.cache_tag: one of our own, so that no file of CPython's caches is taken for ours. (None are
/// written.)
inline constexpr const char* kCacheTag = "ouro-311";

/// version, platform, maxsize, float_info … into the module's dict.
Status add_sys_facts(ThreadState& ts, Borrowed<Dict> dict);

/// Attributes of sys that are large and seldom asked for: made when they are. Null for other names.
MaybeAttribute make_late_fact(ThreadState& ts, Module* sys, Borrowed<Str> name);

}  // namespace ouro
