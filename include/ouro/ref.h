// Ref<T>: a counted reference, one pointer wide.
//
// Copies share, moves hand over, the last one to go ends the object at once. Counting isn't atomic:
// a heap, its objects and their references belong to one thread at a time. T may be incomplete
// where a Ref is only declared, copied or dropped.
//
// Ref stores the address of the Object part, which is the same for every class of the hierarchy.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

#include "ouro/detail/checks.h"
#include "ouro/object.h"

namespace ouro {

inline namespace v1 {

namespace detail {

inline void hold(Object* object) {
  if constexpr (kChecked) check_usable(Access::header(object), "copied");
  ++Access::header(object)->refcount;
}
inline void drop(Object* object) {
  gc::Header* header = Access::header(object);
  if constexpr (kChecked) check_usable(header, "dropped");
  if (--header->refcount == 0) header->type_info->dealloc(header);
}

}  // namespace detail

template <class T>
class Ref {
 public:
  using element_type = T;

  constexpr Ref() noexcept = default;
  constexpr Ref(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)
  /// One more reference to an object that is alive, such as `Ref<Node>(this)` in a member function.
  explicit Ref(T* object) noexcept : object_(object_of(object)) {
    if (object_ != nullptr) detail::hold(object_);
    note();
  }
  Ref(const Ref& other) noexcept : object_(other.object_) {
    if (object_ != nullptr) detail::hold(object_);
    note();
  }
  Ref(Ref&& other) noexcept : object_(other.take()) { note(); }
  template <class U>
  requires std::is_convertible_v<U*, T*> Ref(const Ref<U>& other)
  noexcept  // NOLINT(google-explicit-constructor)
      : object_(other.object_) {
    if (object_ != nullptr) detail::hold(object_);
    note();
  }
  template <class U>
  requires std::is_convertible_v<U*, T*> Ref(Ref<U>&& other)
  noexcept : object_(other.take()) {  // NOLINT(google-explicit-constructor)
    note();
  }
  Ref& operator=(const Ref& other) noexcept {
    Ref(other).swap(*this);
    return *this;
  }
  Ref& operator=(Ref&& other) noexcept {
    Ref(std::move(other)).swap(*this);
    return *this;
  }
  Ref& operator=(std::nullptr_t) noexcept {
    reset();
    return *this;
  }
  ~Ref() {
    if constexpr (detail::kChecked) {
      if (object_ != nullptr) detail::note_reference(this, nullptr);
    }
    if (object_ != nullptr) detail::drop(object_);
  }

  /// Takes over a reference that detach() gave out.
  [[nodiscard]] static Ref adopt(T* object) noexcept {
    Ref ref;
    ref.object_ = object_of(object);
    if constexpr (detail::kChecked) {
      if (ref.object_ != nullptr) {
        detail::check_usable(detail::Access::header(ref.object_), "adopted");
      }
    }
    ref.note();
    return ref;
  }
  /// Hands the reference out as a plain pointer that somebody has to adopt().
  [[nodiscard]] T* detach() noexcept { return static_cast<T*>(take()); }

  [[nodiscard]] T* get() const noexcept { return static_cast<T*>(object_); }
  T* operator->() const noexcept {
    look();
    return &static_cast<T&>(*object_);
  }
  T& operator*() const noexcept {
    look();
    return static_cast<T&>(*object_);
  }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  /// How many references there are, this one included; 0 of a null one.
  [[nodiscard]] std::size_t use_count() const noexcept {
    return object_ == nullptr ? 0 : detail::Access::header(object_)->refcount;
  }

  /// Empties this, then drops the reference.
  void reset() noexcept {
    if (Object* object = take(); object != nullptr) detail::drop(object);
  }
  void swap(Ref& other) noexcept {
    std::swap(object_, other.object_);
    note();
    other.note();
  }
  friend void swap(Ref& a, Ref& b) noexcept { a.swap(b); }

  /// By identity.
  friend bool operator==(const Ref& a, const Ref& b) noexcept { return a.object_ == b.object_; }
  friend std::strong_ordering operator<=>(const Ref& a, const Ref& b) noexcept {
    return std::compare_three_way()(a.object_, b.object_);
  }
  friend bool operator==(const Ref& a, std::nullptr_t) noexcept { return a.object_ == nullptr; }

 private:
  template <class U>
  friend class Ref;
  friend struct detail::Access;
  template <class U>
  friend const gc::Header* header_of(const Ref<U>& ref) noexcept;

  static Object* object_of(T* object) noexcept {
    return const_cast<Object*>(static_cast<const Object*>(object));
  }
  Object* take() noexcept {
    Object* object = std::exchange(object_, nullptr);
    if constexpr (detail::kChecked) {
      if (object != nullptr) detail::note_reference(this, nullptr);
    }
    return object;
  }
  void note() const noexcept {
    if constexpr (detail::kChecked) {
      detail::note_reference(this, object_ == nullptr ? nullptr : detail::Access::header(object_));
    }
  }
  void look() const noexcept {
    if constexpr (detail::kChecked) {
      detail::check_usable(object_ == nullptr ? nullptr : detail::Access::header(object_), "used");
    }
  }

  Object* object_ = nullptr;
};

template <class T>
Ref<T> detail::Access::adopt(Object* object) noexcept {
  Ref<T> ref;
  ref.object_ = object;
  ref.note();
  return ref;
}

template <class T>
void detail::Access::forget(Ref<T>& ref) noexcept {
  (void)ref.take();
}

/// The referred object as walks, events and snapshots know it; null of a null reference.
template <class T>
[[nodiscard]] const gc::Header* header_of(const Ref<T>& ref) noexcept {
  // The header is the Object: without a test of null, which the collector would run for every edge.
  return reinterpret_cast<const gc::Header*>(ref.object_);
}

/// The reference as one to U, which the object must be.
template <class U, class T>
[[nodiscard]] Ref<U> static_pointer_cast(const Ref<T>& ref) noexcept {
  return Ref<U>(static_cast<U*>(ref.get()));
}
/// The reference as one to U, or null when the object is no U. For classes with virtual functions.
template <class U, class T>
[[nodiscard]] Ref<U> dynamic_pointer_cast(const Ref<T>& ref) noexcept {
  return Ref<U>(dynamic_cast<U*>(ref.get()));
}
/// The reference without T's const.
template <class U, class T>
[[nodiscard]] Ref<U> const_pointer_cast(const Ref<T>& ref) noexcept {
  return Ref<U>(const_cast<U*>(ref.get()));
}

}  // namespace v1
}  // namespace ouro

template <class T>
struct std::hash<ouro::Ref<T>> {
  std::size_t operator()(const ouro::Ref<T>& ref) const noexcept {
    return std::hash<const void*>()(ouro::header_of(ref));
  }
};
