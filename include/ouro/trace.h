// Tracing: how a class tells its references, once, for everybody who needs them.
//
//   struct Element : ouro::Object {
//     ouro::Ref<Element> parent;
//     std::vector<ouro::Ref<Element>> children;
//     void traverse(auto& visit) { visit(parent, children); }
//   };
//
// From this one list come the collector's edges, their labels in pictures and reports, the taking
// apart of dead cycles, and the check for what was forgotten. `visit.named("parent", parent)` gives
// a label. A class with a base that has a traverse calls it first: `Base::traverse(visit)`.
//
// What may stand in the list: Ref; optional, variant, pair, tuple, array, unique_ptr, any range or
// map of such; structs that have a traverse of their own. What holds no references for certain
// (trivially copyable types, strings, Weak) is passed over, so templates can name any member. All
// else is a compile error; `ouro::holds_no_references<X> = true` says that X is fine.
//
// traverse must tell every Ref the object holds, each once, and only those; it must not change
// anything. Cost: the collector calls it for each object it examines.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "gc/address_set.h"
#include "gc/visitor.h"
#include "ouro/ref.h"

namespace ouro {
inline namespace v1 {

template <class T>
class Weak;

/// To be specialised for types that need to be named in a traverse and hold no Ref.
template <class X>
inline constexpr bool holds_no_references = std::is_trivially_copyable_v<X>;
template <class C, class Traits, class A>
inline constexpr bool holds_no_references<std::basic_string<C, Traits, A>> = true;
template <class T>
inline constexpr bool holds_no_references<Weak<T>> = true;
template <class T>
inline constexpr bool holds_no_references<Ref<T>> = false;

namespace detail {

/// Receives each member reference of an object: where it lies, what it refers to, its label.
class MemberSink {
 public:
  virtual void member(const void* where, const gc::Header* target, const gc::EdgeLabel& label) = 0;

 protected:
  ~MemberSink() = default;
};

/// What stands in for a visitor when a class is asked whether it has a traverse.
struct AnyVisitor {
  template <class... X>
  void operator()(X&...) {}
  template <class X>
  void named(const char*, X&) {}
};

template <class T>
concept Traversed = requires(T& object, AnyVisitor& visit) {
  object.traverse(visit);
};

template <class X, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... X, template <class...> class Template>
inline constexpr bool is_a<Template<X...>, Template> = true;
template <class X>
inline constexpr bool is_std_array = false;
template <class X, std::size_t kSize>
inline constexpr bool is_std_array<std::array<X, kSize>> = true;

template <class X>
concept TupleLike = is_a<X, std::pair> || is_a<X, std::tuple>;
template <class X>
concept MapLike = std::ranges::range<X> && requires {
  typename X::mapped_type;
};
/// Whether a member of type X can be passed over.
template <class X>
constexpr bool passes_over() {
  using Plain = std::remove_cv_t<X>;
  if constexpr (Traversed<Plain>) {
    return false;
  } else {
    static_assert(!std::is_pointer_v<Plain> || !std::is_class_v<std::remove_pointer_t<Plain>>,
                  "traverse names a plain pointer, which is no reference: make it a Ref (or leave "
                  "it out, when it only looks)");
    return holds_no_references<Plain>;
  }
}

/// A name for an unnamed member, by its position.
constexpr const char* position_name(std::size_t position) {
  constexpr const char* kNames[] = {"#0", "#1", "#2",  "#3",  "#4",  "#5",  "#6",  "#7",
                                    "#8", "#9", "#10", "#11", "#12", "#13", "#14", "#15"};
  return position < std::size(kNames) ? kNames[position] : "#";
}

/// Takes members apart down to their Refs. Derived has `reference(Ref<T>&, label)` and says with
/// kLabels whether it looks at labels.
template <class Derived>
class Walk {
 public:
  template <class... X>
  void operator()(X&... members) {
    (walk(members, gc::slot_label(Derived::kLabels ? position_name(position_++) : nullptr)), ...);
  }
  template <class X>
  void named(const char* name, X& member) {
    walk(member, gc::slot_label(name));
  }

 protected:
  template <class X>
  void walk(X& x, const gc::EdgeLabel& label) {
    using Plain = std::remove_cv_t<X>;
    if constexpr (is_a<Plain, Ref>) {
      static_cast<Derived*>(this)->reference(x, label);
    } else if constexpr (passes_over<X>()) {
      // Nothing to see.
    } else if constexpr (is_a<Plain, std::optional> || is_a<Plain, std::unique_ptr>) {
      if (x) walk(*x, label);
    } else if constexpr (is_a<Plain, std::variant>) {
      if (!x.valueless_by_exception()) {
        std::visit([&](auto& held) { walk(held, label); }, x);
      }
    } else if constexpr (TupleLike<Plain>) {
      std::apply([&](auto&... parts) { (walk(parts, label), ...); }, x);
    } else if constexpr (Traversed<Plain>) {
      const_cast<Plain&>(x).traverse(*static_cast<Derived*>(this));
    } else if constexpr (MapLike<Plain>) {
      std::size_t index = 0;
      for (auto& [key, value] : x) {
        walk(key, {gc::EdgeLabel::Kind::Key, label.text, nullptr, index});
        walk(value, {gc::EdgeLabel::Kind::Value, label.text, nullptr, index});
        ++index;
      }
    } else if constexpr (requires { static_cast<Derived*>(this)->references(x); }) {
      static_cast<Derived*>(this)->references(x);
    } else if constexpr (std::ranges::range<X>) {
      std::size_t index = 0;
      for (auto& item : x) walk(item, {gc::EdgeLabel::Kind::Index, label.text, nullptr, index++});
    } else {
      static_assert(holds_no_references<Plain>,
                    "traverse names a member whose references can't be found: give its type a "
                    "traverse, or set ouro::holds_no_references<X>");
    }
  }

 private:
  std::size_t position_ = 0;
};

/// Into the collector's buffer.
class EdgeVisitor : public Walk<EdgeVisitor> {
 public:
  static constexpr bool kLabels = false;
  explicit EdgeVisitor(gc::EdgeSink& sink) : cursor_(sink) {}
  template <class T>
  void reference(const Ref<T>& ref, const gc::EdgeLabel&) {
    cursor_.edge(header_of(ref), {});
  }
  template <class T, std::size_t kSize>
  requires(kSize <= gc::EdgeSink::kSlack) void references(Ref<T> (&refs)[kSize]) {
    cursor_.edge_block<kSize>([&refs](std::size_t i) { return header_of(refs[i]); });
  }

 private:
  gc::EdgeCursor cursor_;
};

/// With place and label, for those who look.
class MemberVisitor : public Walk<MemberVisitor> {
 public:
  static constexpr bool kLabels = true;
  explicit MemberVisitor(MemberSink& sink) : sink_(sink) {}
  template <class T>
  void reference(const Ref<T>& ref, const gc::EdgeLabel& label) {
    if (ref) sink_.member(&ref, header_of(ref), label);
  }

 private:
  MemberSink& sink_;
};

/// Forgets the references to objects that end together with this one; the others stay.
class ForgetVisitor : public Walk<ForgetVisitor> {
 public:
  static constexpr bool kLabels = false;
  explicit ForgetVisitor(const gc::AddressSet& dead) : dead_(dead) {}
  template <class R>
  void reference(R& ref, const gc::EdgeLabel&) {
    if (!ref || !dead_.contains(header_of(ref))) return;
    // In sets and as keys of maps references are const; nobody looks anything up there any more.
    Access::forget(const_cast<std::remove_const_t<R>&>(ref));
  }

 private:
  const gc::AddressSet& dead_;
};

/// Drops the references, so that a dead cycle falls apart: each is taken out before it is dropped,
/// and containers are emptied before their contents go.
class ClearVisitor {
 public:
  template <class... X>
  void operator()(X&... members) {
    (clear(members), ...);
  }
  template <class X>
  void named(const char*, X& member) {
    clear(member);
  }

 private:
  template <class X>
  void clear(X& x) {
    if constexpr (is_a<std::remove_cv_t<X>, Ref>) {
      static_assert(!std::is_const_v<X>,
                    "traverse names a const Ref: a cycle through it could never be taken apart");
      const X old(std::move(x));
    } else if constexpr (passes_over<X>()) {
      // Nothing to drop.
    } else if constexpr (is_a<X, std::optional> || is_a<X, std::unique_ptr>) {
      if (x) clear(*x);
    } else if constexpr (is_a<X, std::variant>) {
      if (!x.valueless_by_exception()) std::visit([&](auto& held) { clear(held); }, x);
    } else if constexpr (TupleLike<X>) {
      std::apply([&](auto&... parts) { (clear(parts), ...); }, x);
    } else if constexpr (Traversed<X>) {
      x.traverse(*this);
    } else if constexpr (requires { x.clear(); }) {
      clear_container(x);
    } else {
      for (auto& item : x) clear(item);
    }
  }

  template <class X>
  void clear_container(X& x) {
    try {
      const X old(std::exchange(x, X()));
    } catch (...) {
      // An empty container that needs memory, and there is none: item by item then.
      if constexpr (!std::is_const_v<std::remove_reference_t<decltype(*x.begin())>>) {
        for (auto& item : x) {
          if constexpr (MapLike<X>) {
            clear(item.second);
          } else {
            clear(item);
          }
        }
      }
    }
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace ouro
