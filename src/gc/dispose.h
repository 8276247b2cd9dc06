// dispose: what happens to an object at count zero (dispose.cpp).
#pragma once

#include "gc/header.h"

namespace ouro::gc {

struct Space;

/// So many dying objects are taken apart inside each other; CPython's own bound, so that the order
/// of death agrees.
inline constexpr int kMaxDisposeDepth = 50;

/// Takes an object whose count fell to zero out of the world, now or (deep inside others) soon.
void dispose(Header* object);
/// Takes apart those that were put off. For who counts Space::dispose_depth itself, when it is back
/// at zero.
void dispose_waiting(Space& space);

}  // namespace ouro::gc
