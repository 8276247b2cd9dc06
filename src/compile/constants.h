// Constants and names of one compilation unit, as objects.
//
// A constant is merged with an equal one seen before anywhere in the unit, nested functions and the
// insides of tuples included. Equal means: same exact type, same value; 0.0 and -0.0 differ, and so
// do 1, 1.0 and True; a NaN equals only itself. Texts that look like identifiers are interned, so
// `is` holds for them across units.
//
// Invariants
//   K1  every object handed out lives until the table goes
//   K2  `canonical(x)` is one object per equality class
#pragma once

#include <memory_resource>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "objects/core.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "syntax/ast.h"

namespace ouro::compile {

/// Thrown inside the layer when an exception is pending.
struct CompileFailed {};

/// The value of a Result, or CompileFailed.
template <class T>
T must(Result<T> result) {
  if (result.raised()) throw CompileFailed{};
  return result.take();
}
inline void must(Status status) {
  if (status.raised()) throw CompileFailed{};
}

/// The tag of Constant nodes that folding made: their value is known to the ConstantTable only.
inline constexpr auto kFoldedTag = syntax::ConstantTag::Attached;

/// Interned strs of identifiers.
class NamePool {
 public:
  NamePool(ThreadState& ts, std::pmr::memory_resource& memory)
      : ts_(ts), table_(&memory), owned_(&memory) {}
  Str* get(std::string_view text);

 private:
  ThreadState& ts_;
  std::pmr::unordered_map<std::string_view, Str*> table_;
  std::pmr::vector<Ref<Str>> owned_;
};

class ConstantTable {
 public:
  ConstantTable(ThreadState& ts, std::pmr::memory_resource& memory)
      : ts_(ts), by_node_(&memory), merged_(&memory), owned_(&memory), memory_(memory) {}

  /// The merged object of a literal or of a node that folding attached a value to.
  Object* object_of(const syntax::Constant& node);
  /// Gives a node made by folding its value.
  Object* attach(const syntax::Constant& node, ObjRef value);
  /// The object that stands for all constants equal to `value`. The items of a tuple are replaced
  /// by theirs.
  Object* canonical(ObjRef value);

 private:
  ThreadState& ts_;
  std::pmr::unordered_map<const syntax::Constant*, Object*> by_node_;
  std::pmr::unordered_multimap<std::uint64_t, Object*> merged_;
  std::pmr::vector<ObjRef> owned_;
  std::pmr::memory_resource& memory_;
};

/// Same exact type and same value, as described above. Runs no Python code.
bool same_constant(Obj left, Obj right, std::pmr::memory_resource& memory);

}  // namespace ouro::compile
