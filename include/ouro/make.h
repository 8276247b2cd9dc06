// make: objects are born here, in the current heap.
//
//   ouro::Ref<Node> node = ouro::make<Node>("name", 3);   // throws std::bad_alloc without memory
//   ouro::Ref<Node> node = ouro::try_make<Node>("name");  // null without memory
//
// Arguments go to a constructor, or to the members of an aggregate. Making an object of a tracked
// class may first run a collection, and so finalizers, destructors and callbacks. What a
// constructor throws passes through, and the block is given back. In checked builds an object
// remembers the line it was made at.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include "ouro/detail/type.h"
#include "ouro/ref.h"

namespace ouro {
inline namespace v1 {

namespace detail {

template <class T, class... Args>
concept FillsAggregate = std::is_aggregate_v<T> && sizeof...(Args) > 0 && requires(Args&&... args) {
  T{{}, std::forward<Args>(args)...};
};

/// Calls a constructor, or fills the members of an aggregate behind its first base.
template <class T, class... Args>
T* construct(void* place, Args&&... args) {
  if constexpr (FillsAggregate<T, Args...>) {
    return ::new (place) T{{}, std::forward<Args>(args)...};
  } else {
    return ::new (place) T(std::forward<Args>(args)...);
  }
}

/// A marker in front of a leaf whose header isn't at its start.
inline void put_marker(void* block, std::size_t header_offset) {
  ::new (block)
      gc::Header{0, static_cast<std::uint32_t>(header_offset), const_cast<Type*>(&kUnfinished)};
}

/// Null when there is no memory.
template <class T, class... Args>
Object* create(Args&&... args) {
  using Of = TypeOf<T>;
  State& state = current_state();
  if constexpr (Of::kTracked && Of::kKind == heap::BlockKind::Raw) {
    if (!state.collector.keep_logs_open()) [[unlikely]]
      return nullptr;
  }
  // Before the block exists: a collection must not meet one that is half made.
  if constexpr (Of::kTracked) state.collector.count_allocation();
  auto* block = static_cast<char*>(state.heap.template allocate<Of::kBytes>(Of::kKind));
  if (block == nullptr) [[unlikely]] {
    if constexpr (Of::kTracked) state.collector.count_release();
    return nullptr;
  }
  if constexpr (Of::kMarked) put_marker(block, Of::kFront + Of::kHeaderAt);
  T* object;
  try {
    object = construct<T>(block + Of::kFront, std::forward<Args>(args)...);
  } catch (...) {
    state.heap.free(block);
    if constexpr (Of::kTracked) state.collector.count_release();
    throw;
  }
  gc::Header* header = Access::header(static_cast<Object*>(object));
  header->type_info = Of::info();
  Of::count(state, 1);
  if constexpr (Of::kTracked) {
    if (!state.collector.track(header)) [[unlikely]] {
      header->refcount += kDying - 1;
      Of::destroy(state, object);
      state.collector.count_release();
      return nullptr;
    }
  }
  return object;
}

/// Says where, and of what class, the next block is.
class Making {
 public:
  Making(const Place& place, const char* type)
      : state_(current_state()), place_(state_.place), type_(state_.making) {
    state_.place = place;
    state_.making = type;
  }
  ~Making() {
    state_.place = place_;
    state_.making = type_;
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;

 private:
  State& state_;
  const Place place_;
  const char* const type_;
};

template <class T>
Ref<T> first_reference(Object* object) noexcept {
  return Access::adopt<T>(object);
}

template <class T, class... Args>
Ref<T> make_throwing(Args&&... args) {
  Object* object = create<T>(std::forward<Args>(args)...);
  if (object == nullptr) [[unlikely]]
    throw std::bad_alloc();
  return first_reference<T>(object);
}

template <class T, class... Args>
Ref<T> make_or_null(Args&&... args) {
  try {
    return first_reference<T>(create<T>(std::forward<Args>(args)...));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace detail

#ifdef OURO_CHECKED
// The last parameter's default is the caller's line. A parameter pack in front of it could not be
// deduced, so there is one function for each number of arguments.
template <class T>
[[nodiscard]] Ref<T> make(detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>();
}
template <class T, class A0>
[[nodiscard]] Ref<T> make(A0&& a0, detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0));
}
template <class T, class A0, class A1>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1));
}
template <class T, class A0, class A1, class A2>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, A2&& a2, detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2));
}
template <class T, class A0, class A1, class A2, class A3>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, A2&& a2, A3&& a3,
                          detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                  std::forward<A3>(a3));
}
template <class T, class A0, class A1, class A2, class A3, class A4>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4,
                          detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                  std::forward<A3>(a3), std::forward<A4>(a4));
}
template <class T, class A0, class A1, class A2, class A3, class A4, class A5>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5,
                          detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                  std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5));
}
template <class T, class A0, class A1, class A2, class A3, class A4, class A5, class A6>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5, A6&& a6,
                          detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                  std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5),
                                  std::forward<A6>(a6));
}
template <class T, class A0, class A1, class A2, class A3, class A4, class A5, class A6, class A7>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5, A6&& a6, A7&& a7,
                          detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                  std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5),
                                  std::forward<A6>(a6), std::forward<A7>(a7));
}
template <class T>
[[nodiscard]] Ref<T> try_make(detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>();
}
template <class T, class A0>
[[nodiscard]] Ref<T> try_make(A0&& a0, detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0));
}
template <class T, class A0, class A1>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1));
}
template <class T, class A0, class A1, class A2>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, A2&& a2,
                              detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2));
}
template <class T, class A0, class A1, class A2, class A3>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, A2&& a2, A3&& a3,
                              detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                 std::forward<A3>(a3));
}
template <class T, class A0, class A1, class A2, class A3, class A4>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4,
                              detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                 std::forward<A3>(a3), std::forward<A4>(a4));
}
template <class T, class A0, class A1, class A2, class A3, class A4, class A5>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5,
                              detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                 std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5));
}
template <class T, class A0, class A1, class A2, class A3, class A4, class A5, class A6>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5, A6&& a6,
                              detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                 std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5),
                                 std::forward<A6>(a6));
}
template <class T, class A0, class A1, class A2, class A3, class A4, class A5, class A6, class A7>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5, A6&& a6,
                              A7&& a7, detail::Place here = detail::Place::caller()) {
  const detail::Making making(here, detail::kName<T>.data());
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                 std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5),
                                 std::forward<A6>(a6), std::forward<A7>(a7));
}
// With more arguments the line is not known.
template <class T, class A0, class A1, class A2, class A3, class A4, class A5, class A6, class A7,
          class A8, class... More>
[[nodiscard]] Ref<T> make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5, A6&& a6, A7&& a7,
                          A8&& a8, More&&... more) {
  return detail::make_throwing<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                  std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5),
                                  std::forward<A6>(a6), std::forward<A7>(a7), std::forward<A8>(a8),
                                  std::forward<More>(more)...);
}
template <class T, class A0, class A1, class A2, class A3, class A4, class A5, class A6, class A7,
          class A8, class... More>
[[nodiscard]] Ref<T> try_make(A0&& a0, A1&& a1, A2&& a2, A3&& a3, A4&& a4, A5&& a5, A6&& a6,
                              A7&& a7, A8&& a8, More&&... more) {
  return detail::make_or_null<T>(std::forward<A0>(a0), std::forward<A1>(a1), std::forward<A2>(a2),
                                 std::forward<A3>(a3), std::forward<A4>(a4), std::forward<A5>(a5),
                                 std::forward<A6>(a6), std::forward<A7>(a7), std::forward<A8>(a8),
                                 std::forward<More>(more)...);
}
#else
template <class T, class... Args>
[[nodiscard]] Ref<T> make(Args&&... args) {
  return detail::make_throwing<T>(std::forward<Args>(args)...);
}
template <class T, class... Args>
[[nodiscard]] Ref<T> try_make(Args&&... args) {
  return detail::make_or_null<T>(std::forward<Args>(args)...);
}
#endif

}  // namespace v1
}  // namespace ouro
