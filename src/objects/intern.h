// The table of interned texts: one Str per spelling. Open addressing with linear probing; the table
// does not count what it holds, so a text leaves it when it dies (forget_interned).
//
// Invariants: I1 every entry has the interned flag and its hash; I2 no empty place lies between an
// entry's home and it; I3 used <= 2/3 of the places.
#pragma once

#include <string_view>

#include "objects/str.h"

namespace ouro {

struct InternTable {
  Str** places;  // heap block of mask + 1 places
  std::size_t mask;
  std::size_t used;
};

/// An empty table in the heap, or null when out of memory.
InternTable* create_intern_table();
/// Frees the table; texts still alive lose their flag. Null is allowed.
void destroy_intern_table(InternTable* table);
/// The interned text of these ASCII characters, borrowed, or null when there is none.
Borrowed<Str> find_interned(const CoreObjects& core, std::string_view ascii);

}  // namespace ouro
