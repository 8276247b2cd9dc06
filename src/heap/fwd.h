// The names of the heap layer.
#pragma once

#include <cstdint>

namespace ouro::heap {

/// What a block holds. The two kinds never share a pool.
enum class BlockKind : std::uint8_t {
  Raw,     ///< Bytes: a buffer, a string's text, a table.
  Object,  ///< Starts with an object header, so that objects can be enumerated.
};

class Heap;
class HeapResource;
struct Geometry;
struct HeapOptions;
struct HeapStats;

}  // namespace ouro::heap
