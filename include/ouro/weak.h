// Weak<T>: refers to an object without keeping it alive. T derives from WeakReferable, too.
//
// All plain Weaks to one object share a small object of the heap (48 bytes), made with the first
// one. A Weak with a callback has one of its own; the callback runs once, when the object goes,
// unless the Weak went before. Weak references end before the destructor runs, and before the
// finalizers of a dead cycle do. (An object that counting ends gets its finalizer first.)
//
// A Weak is no edge: traverse need not name it. What a callback captures is not traced either.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include "ouro/make.h"
#include "ouro/ref.h"

namespace ouro {
inline namespace v1 {

namespace detail {

/// What a weak reference calls when its object goes. A leaf.
struct Callback : Object {
  explicit Callback(void (*the_run)(Callback&)) : run(the_run) {}
  void (*run)(Callback&);
};
template <class F>
struct CallbackOf final : Callback {
  explicit CallbackOf(F&& the_function)
      : Callback([](Callback& self) { static_cast<CallbackOf&>(self).function(); }),
        function(std::move(the_function)) {}
  F function;
};

/// A new reference to the weak reference that plain Weaks to the object share; null without memory.
[[nodiscard]] gc::WeakReference* share_weak_reference(gc::Header* referent) noexcept;
/// One of its own, with a callback, whose reference it takes over; null without memory.
[[nodiscard]] gc::WeakReference* make_weak_reference(gc::Header* referent,
                                                     gc::Header* callback) noexcept;

/// Owns a reference to a weak reference, or nothing.
class WeakHandle {
 public:
  constexpr WeakHandle() noexcept = default;
  explicit WeakHandle(gc::WeakReference* reference) noexcept : reference_(reference) {}
  WeakHandle(const WeakHandle& other) noexcept : reference_(other.reference_) {
    if (reference_ != nullptr) ++reference_->refcount;
  }
  WeakHandle(WeakHandle&& other) noexcept : reference_(std::exchange(other.reference_, nullptr)) {}
  WeakHandle& operator=(WeakHandle other) noexcept {
    std::swap(reference_, other.reference_);
    return *this;
  }
  ~WeakHandle() {
    if (reference_ != nullptr && --reference_->refcount == 0)
      reference_->type_info->dealloc(reference_);
  }
  /// The object, if it lives.
  [[nodiscard]] Object* referent() const noexcept {
    if (reference_ == nullptr || !gc::refers_to_living(*reference_)) return nullptr;
    return Access::object(reference_->referent);
  }
  explicit operator bool() const noexcept { return reference_ != nullptr; }
  friend bool operator==(const WeakHandle&, const WeakHandle&) noexcept = default;

 private:
  gc::WeakReference* reference_ = nullptr;
};

}  // namespace detail

template <class T>
class Weak {
 public:
  constexpr Weak() noexcept = default;
  constexpr Weak(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)
  /// Throws std::bad_alloc without memory. Null of a null reference.
  Weak(const Ref<T>& target) : Weak(try_of(target)) {  // NOLINT(google-explicit-constructor)
    if (target && !handle_) throw std::bad_alloc();
  }
  /// `callback()` runs once the object is gone. It must not throw.
  template <class F>
  requires std::is_invocable_v<F&> Weak(const Ref<T>& target, F callback) {
    if (!target) return;
    Ref<detail::Callback> held = make<detail::CallbackOf<F>>(std::move(callback));
    handle_ = detail::WeakHandle(detail::make_weak_reference(
        header(target), detail::Access::header(static_cast<Object*>(held.detach()))));
    if (!handle_) throw std::bad_alloc();
  }
  template <class U>
  requires std::is_convertible_v<U*, T*> Weak(const Weak<U>& other)
  noexcept  // NOLINT(google-explicit-constructor)
      : handle_(other.handle_) {}

  /// A weak reference, or a null one without memory.
  [[nodiscard]] static Weak try_of(const Ref<T>& target) noexcept {
    static_assert(std::is_base_of_v<WeakReferable, T>,
                  "Weak<T> needs a T that derives from ouro::WeakReferable, too");
    Weak weak;
    if (target) weak.handle_ = detail::WeakHandle(detail::share_weak_reference(header(target)));
    return weak;
  }

  /// The object if it lives, else null.
  [[nodiscard]] Ref<T> lock() const noexcept {
    Object* object = handle_.referent();
    return object == nullptr ? nullptr : Ref<T>(static_cast<T*>(object));
  }
  /// Whether the object is gone, or there never was one.
  [[nodiscard]] bool expired() const noexcept { return handle_.referent() == nullptr; }
  void reset() noexcept { handle_ = detail::WeakHandle(); }
  /// Plain ones to the same object are equal, also when it is gone.
  friend bool operator==(const Weak& a, const Weak& b) noexcept { return a.handle_ == b.handle_; }

 private:
  template <class U>
  friend class Weak;
  static gc::Header* header(const Ref<T>& target) {
    return detail::Access::header(static_cast<Object*>(target.get()));
  }
  detail::WeakHandle handle_;
};

template <class T>
Weak(const Ref<T>&) -> Weak<T>;
template <class T, class F>
Weak(const Ref<T>&, F) -> Weak<T>;

}  // namespace v1
}  // namespace ouro
