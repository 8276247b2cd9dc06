// Known roots: what they reach is alive without any counting.
#pragma once

#include <cstddef>

#include "gc/address_set.h"
#include "gc/header.h"

namespace ouro::gc {

class RootProvider;

/// Visits everything that is reached from `roots`, collected or not: what an object is shows when
/// its turn comes to be followed. `reached` counts the objects in `state` among it. False when out
/// of memory; the set is then useless.
[[nodiscard]] bool visit_from_roots(RootProvider& roots, GcState state, AddressSet& visited,
                                    heap::Heap& heap, std::size_t& reached);

}  // namespace ouro::gc
