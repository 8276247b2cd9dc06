// Args: the arguments of a call as the caller laid them out. Nothing is copied, nothing counted.
//
// values[0..count) are positional, followed by one value per name of `keywords`. All are borrowed from the caller,
// who keeps them alive during the call.
#pragma once

#include <initializer_list>
#include <span>

#include "objects/fwd.h"

namespace ouro {

struct Args {
  Object* const* values = nullptr;
  std::uint32_t count = 0;
  Tuple* keywords = nullptr;  // names (str), or null

  [[nodiscard]] Obj operator[](std::size_t index) const { return values[index]; }
  [[nodiscard]] std::uint32_t size() const { return count; }
  [[nodiscard]] std::uint32_t keyword_count() const;
  [[nodiscard]] Obj keyword_value(std::size_t index) const { return values[count + index]; }
  /// The arguments from position `first` on (a method called through its class drops `self` so).
  [[nodiscard]] Args from(std::uint32_t first) const { return {values + first, count - first, keywords}; }
};

/// A native function: `self` is the bound object (or the module), borrowed like all arguments.
using NativeFunction = ObjResult (*)(ThreadState& ts, Obj self, Args args);

/// Sorts positional and keyword arguments into `out`, one per name; absent ones are null.
/// A name starting with '*' begins the keyword-only part ("*" alone is a marker and takes no place in `out`); a name
/// starting with '/' marks the end of the positional-only part, likewise. `required` counts the leading names that must be
/// there. Raises TypeError worded as CPython's argument clinic does: "f() missing required argument 'x' (pos 1)",
/// "f() takes at most 2 arguments (3 given)", "'y' is an invalid keyword argument for f()", …. A null name reads "function" and "this function".
Status parse_args(ThreadState& ts, Args args, const char* function_name, std::initializer_list<const char*> names,
                  std::uint32_t required, std::span<Obj> out);
/// Exact or ranged positional count and no keywords: "f expected at least 1 argument, got 0" as CPython says.
Status check_args(ThreadState& ts, Args args, const char* function_name, std::uint32_t min, std::uint32_t max);
/// No keywords: "f() takes no keyword arguments".
Status refuse_keywords(ThreadState& ts, Args args, const char* function_name);

}  // namespace ouro
