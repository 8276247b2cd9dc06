// Root<T>: a Ref that the collector is told about.
//
// A full collection starts at the roots and passes over all they reach; only what is left needs to
// be examined for dead cycles. With the few references that hold the big structures of a program
// (document, scene, global table) as Roots, it takes less than half the time. Not needed to keep
// anything alive: a Ref does that.
//
// Belongs to the heap that is current where it is constructed, and must not outlive it. 4 words.
#pragma once

#include <utility>

#include "ouro/detail/state.h"
#include "ouro/ref.h"

namespace ouro {
inline namespace v1 {

namespace detail {
void add_root(State& state, RootLink& link) noexcept;
void remove_root(State& state, RootLink& link) noexcept;
}  // namespace detail

template <class T>
class Root {
 public:
  Root() noexcept : Root(Ref<T>()) {}
  Root(Ref<T> ref) noexcept  // NOLINT(google-explicit-constructor)
      : state_(detail::current_state()), ref_(std::move(ref)) {
    link_.target = header_of(ref_);
    detail::add_root(state_, link_);
  }
  Root(const Root& other) noexcept : Root(other.ref_) {}
  Root& operator=(const Root& other) noexcept { return *this = other.ref_; }
  Root& operator=(Ref<T> ref) noexcept {
    link_.target = header_of(ref);
    ref_ = std::move(ref);
    return *this;
  }
  ~Root() { detail::remove_root(state_, link_); }

  [[nodiscard]] const Ref<T>& ref() const noexcept { return ref_; }
  operator const Ref<T>&() const noexcept { return ref_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] T* get() const noexcept { return ref_.get(); }
  T* operator->() const noexcept { return ref_.operator->(); }
  T& operator*() const noexcept { return *ref_; }
  explicit operator bool() const noexcept { return static_cast<bool>(ref_); }
  void reset() noexcept { *this = Ref<T>(); }

 private:
  detail::State& state_;
  Ref<T> ref_;
  detail::RootLink link_{};
};

}  // namespace v1
}  // namespace ouro
