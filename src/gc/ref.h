// Ref and Borrowed: who owns is in the type. Counting itself.
//
// Ref<T> owns one reference and gives it back when it dies; it moves and never copies by itself.
// Borrowed<T> looks: good as long as somebody else holds the object. Dropping the last Ref may run
// Python code.
#pragma once

#include <type_traits>
#include <utility>

#include "gc/dispose.h"
#include "gc/header.h"
#include "support/result.h"

namespace ouro {

inline void incref(gc::Header* object) { ++object->refcount; }
inline void decref(gc::Header* object) {
  if (--object->refcount == 0) gc::dispose(object);
}
inline void xincref(gc::Header* object) {
  if (object != nullptr) incref(object);
}
inline void xdecref(gc::Header* object) {
  if (object != nullptr) decref(object);
}

template <class T>
class Ref;

/// A look at an object owned by somebody else. May be null where the docstring says so.
template <class T>
class Borrowed {
 public:
  constexpr Borrowed() : object_(nullptr) {}
  constexpr Borrowed(std::nullptr_t) : object_(nullptr) {}  // NOLINT(google-explicit-constructor)
  template <class U>
  requires std::is_convertible_v<U*, T*>
  constexpr Borrowed(U* object) : object_(object) {}  // NOLINT(google-explicit-constructor)
  template <class U>
  requires std::is_convertible_v<U*, T*>
  constexpr Borrowed(Borrowed<U> other)
      : object_(other.get()) {}  // NOLINT(google-explicit-constructor)
  template <class U>
  requires std::is_convertible_v<U*, T*>
  constexpr Borrowed(const Ref<U>& owner)
      : object_(owner.get()) {}  // NOLINT(google-explicit-constructor)

  constexpr T* operator->() const { return object_; }
  constexpr T& operator*() const { return *object_; }
  [[nodiscard]] constexpr T* get() const { return object_; }
  constexpr explicit operator bool() const { return object_ != nullptr; }
  /// A reference of one's own: the +1 in plain sight.
  [[nodiscard]] Ref<T> new_ref() const;

  friend constexpr bool operator==(Borrowed a, Borrowed b) { return a.object_ == b.object_; }

 private:
  T* object_;
};

/// Owns one reference, or is empty.
template <class T>
class Ref {
 public:
  constexpr Ref() : object_(nullptr) {}
  constexpr Ref(std::nullptr_t) : object_(nullptr) {}  // NOLINT(google-explicit-constructor)
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  constexpr Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class U>
  requires std::is_convertible_v<U*, T*>
  constexpr Ref(Ref<U>&& other) noexcept
      : object_(other.release()) {}  // NOLINT(google-explicit-constructor)
  Ref& operator=(Ref&& other) noexcept {
    T* old = std::exchange(object_, std::exchange(other.object_, nullptr));
    if (old != nullptr) decref(old);  // last: may run Python code
    return *this;
  }
  ~Ref() {
    if (object_ != nullptr) decref(object_);
  }

  /// Takes over a reference that the caller owned.
  static Ref steal(T* object) {
    Ref ref;
    ref.object_ = object;
    return ref;
  }
  /// A new reference to `object` (may be null).
  static Ref share(T* object) {
    if (object != nullptr) incref(object);
    return steal(object);
  }

  constexpr T* operator->() const { return object_; }
  constexpr T& operator*() const { return *object_; }
  [[nodiscard]] constexpr T* get() const { return object_; }
  constexpr explicit operator bool() const { return object_ != nullptr; }
  [[nodiscard]] Ref new_ref() const { return share(object_); }
  /// Hands the reference to the caller, leaving this empty.
  [[nodiscard]] constexpr T* release() { return std::exchange(object_, nullptr); }
  /// Empties this first, then drops the reference (may run Python code).
  void reset() {
    T* old = std::exchange(object_, nullptr);
    if (old != nullptr) decref(old);
  }

 private:
  T* object_;
};

template <class T>
Ref<T> Borrowed<T>::new_ref() const {
  return Ref<T>::share(object_);
}

/// A reference or Raised, in one word.
template <class T>
class [[nodiscard]] Result<Ref<T>> {
 public:
  Result(Ref<T>&& value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  template <class U>
  requires std::is_convertible_v<U*, T*> Result(Ref<U>&& value)
      : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  template <class U>
  requires std::is_convertible_v<U*, T*> Result(Result<Ref<U>>&& other)
      : value_(other.take()) {}  // NOLINT(google-explicit-constructor)
  Result(Raised) {}              // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool ok() const { return static_cast<bool>(value_); }
  [[nodiscard]] bool raised() const { return !value_; }
  Ref<T> take() { return std::move(value_); }

 private:
  Ref<T> value_;
};

/// A borrowed object or Raised, in one word.
template <class T>
class [[nodiscard]] Result<Borrowed<T>> {
 public:
  Result(Borrowed<T> value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  Result(Raised) {}                             // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool ok() const { return static_cast<bool>(value_); }
  [[nodiscard]] bool raised() const { return !value_; }
  Borrowed<T> take() { return value_; }

 private:
  Borrowed<T> value_;
};

}  // namespace ouro
