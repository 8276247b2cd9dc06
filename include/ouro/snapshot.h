// Looking at a live heap: what the walks of Heap hand to their callbacks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "ouro/collector.h"

namespace ouro {
inline namespace v1 {

struct ObjectInfo {
  Handle object;
  const char* type;
  std::size_t bytes;         ///< sizeof its class; buffers it owns are not in it.
  std::uint32_t references;  ///< Its count.
  int generation;            ///< 0 to 2 when tracked, -1 for a leaf.
  std::uint64_t serial;      ///< With debug blocks: number of its allocation, from 1; else 0.
};

struct EdgeInfo {
  Handle from;
  Handle to;
  gc::EdgeLabel label;
};

/// The label as text: `parent`, `children[3]`, `names.key[0]`.
[[nodiscard]] std::string to_string(const gc::EdgeLabel& label);

}  // namespace v1
}  // namespace ouro
