// Finds classes that have Ref members and no traverse, where that shows at compile time: in
// aggregates (no constructors, no private members), whose members can be counted and tried out.
#pragma once

#include <any>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "ouro/ref.h"

namespace ouro {
inline namespace v1 {
namespace detail {

// None of these conversions ever runs; they have bodies because some compilers ask for them.

/// Turns into anything.
struct Anything {
  template <class X>
  operator X() const noexcept {  // NOLINT(google-explicit-constructor)
    __builtin_trap();
  }
};
/// Turns into references, and into what holds them.
struct References {
  template <class X>
  operator Ref<X>() const noexcept {  // NOLINT(google-explicit-constructor)
    __builtin_trap();
  }
  template <class X>
  operator std::optional<Ref<X>>() const noexcept {  // NOLINT(google-explicit-constructor)
    __builtin_trap();
  }
  template <class X, class A>
  operator std::vector<Ref<X>, A>() const noexcept {  // NOLINT(google-explicit-constructor)
    __builtin_trap();
  }
};
/// Turns into nothing: a member that takes it takes everything, and says nothing.
struct Nothing {};

template <std::size_t>
using NextAnything = Anything;

/// Whether an aggregate can be made of its base, `kBefore` members of any kind, and a Last.
template <class T, class Last, std::size_t... kBefore>
constexpr bool takes(std::index_sequence<kBefore...>) {
  return requires { T{{}, NextAnything<kBefore>{}..., Last{}}; };
}

inline constexpr std::size_t kMembersTried = 16;

template <class T, std::size_t kAt = 0>
constexpr bool has_forgotten_references() {
  if constexpr (!std::is_aggregate_v<T> || kAt == kMembersTried) {
    return false;
  } else if constexpr (!takes<T, Anything>(std::make_index_sequence<kAt>())) {
    return false;
  } else if constexpr (takes<T, References>(std::make_index_sequence<kAt>()) &&
                       !takes<T, Nothing>(std::make_index_sequence<kAt>())) {
    return true;
  } else {
    return has_forgotten_references<T, kAt + 1>();
  }
}

}  // namespace detail
}  // namespace v1
}  // namespace ouro
