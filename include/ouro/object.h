// Object: the base of every class whose instances a heap counts and collects.
//
// It is 16 bytes (count, collector's word, type) and has no virtual functions. A class may have
// virtual functions, several bases and any members; Object has to be one of its public, non-virtual
// bases, exactly once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "gc/header.h"
#include "gc/weak_reference.h"

namespace ouro {
inline namespace v1 {

template <class T>
class Ref;

namespace detail {

struct Access;

class MemberSink;

/// The type of every object of this library (type.h makes them).
struct Type : gc::TypeInfo {
  /// Tells each reference the object holds, with its place.
  void (*members)(const gc::Header* self, MemberSink& sink);
  std::uint32_t header_offset;  ///< Bytes from the block's start to the header.
};
inline const Type& type_of(const gc::Header* header) {
  return static_cast<const Type&>(*header->type_info);
}

/// An object's type while its constructor runs.
extern const Type kUnfinished;

/// The count while the destructor runs: references that come and go meanwhile can't end it again.
inline constexpr std::uint32_t kDying = 0x40000000;

/// Says that the object was destroyed while somebody refers to it, and aborts.
[[noreturn]] void destroyed_while_referenced(const gc::Header* header);

}  // namespace detail

class Object {
 public:
  Object() noexcept : ouro_header_{1, 0, const_cast<detail::Type*>(&detail::kUnfinished)} {}
  /// Counts belong to the object, not to its value: a copy starts with its own.
  Object(const Object&) noexcept : Object() {}
  Object& operator=(const Object&) noexcept { return *this; }
  ~Object() {
    const std::uint32_t count = ouro_header_.refcount;
    if (count != 1 && count != detail::kDying) [[unlikely]] {
      detail::destroyed_while_referenced(&ouro_header_);
    }
  }

 private:
  friend struct detail::Access;
  gc::Header ouro_header_;
};
static_assert(sizeof(Object) == sizeof(gc::Header) && std::is_standard_layout_v<Object>);

/// A second base for classes that Weak<T> may refer to: the head of the object's list of weak
/// references, 8 bytes. Stands after the base that brings Object.
class WeakReferable {
 public:
  WeakReferable() noexcept = default;
  WeakReferable(const WeakReferable&) noexcept {}
  WeakReferable& operator=(const WeakReferable&) noexcept { return *this; }

 private:
  friend struct detail::Access;
  [[maybe_unused]] gc::WeakReference* ouro_weak_list_ = nullptr;
};

namespace detail {

/// The way from objects to headers and back.
struct Access {
  static gc::Header* header(Object* object) { return &object->ouro_header_; }
  static const gc::Header* header(const Object* object) { return &object->ouro_header_; }
  static Object* object(gc::Header* header) { return reinterpret_cast<Object*>(header); }
  static const Object* object(const gc::Header* header) {
    return reinterpret_cast<const Object*>(header);
  }

  /// A reference that takes over the count of one that exists.
  template <class T>
  static Ref<T> adopt(Object* object) noexcept;
  /// Empties a reference whose object may be gone already.
  template <class T>
  static void forget(Ref<T>& ref) noexcept;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"  // fine for bases that aren't virtual
  /// Bytes from a T's start to its header.
  template <class T>
  static constexpr std::size_t header_offset() {
    return offsetof(T, ouro_header_);
  }
  template <class T>
  static constexpr std::size_t weak_list_offset() {
    return offsetof(T, ouro_weak_list_);
  }
#pragma GCC diagnostic pop
};

}  // namespace detail
}  // namespace v1
}  // namespace ouro
