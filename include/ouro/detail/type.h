// What heap and collector know of a class T, made from T at compile time.
//
// A T whose class has a traverse may take part in cycles: it is tracked and collected. All others
// are leaves, which counting alone ends. A leaf whose header isn't at its start (it has virtual
// functions, say) gets a marker in front, so that a walk over all blocks finds the header; tracked
// objects are found through the collector's lists, and their blocks are of kind Raw when no header
// is at the start.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "gc/collector.h"
#include "gc/dispose.h"
#include "ouro/detail/forgotten.h"
#include "ouro/detail/state.h"
#include "ouro/trace.h"

namespace ouro {
inline namespace v1 {
namespace detail {

template <class T>
concept HasFinalizer = requires(T& object) {
  object.finalize();
};
template <class T>
inline constexpr bool is_referable = std::is_base_of_v<WeakReferable, T>;

/// T's name as the compiler spells it.
template <class T>
constexpr const char* spelled() {
  return __PRETTY_FUNCTION__;
}
template <class T>
constexpr std::size_t name_start() {
  const char* text = spelled<T>();
  std::size_t i = 0;
  while (!(text[i] == 'T' && text[i + 1] == ' ' && text[i + 2] == '=')) ++i;
  return i + 4;
}
template <class T>
constexpr std::size_t name_length() {
  const char* text = spelled<T>();
  std::size_t end = name_start<T>();
  while (text[end] != '\0') ++end;
  return end - 1 - name_start<T>();  // without the last bracket
}
template <class T>
inline constexpr auto kName = [] {
  std::array<char, name_length<T>() + 1> name{};
  for (std::size_t i = 0; i + 1 < name.size(); ++i) name[i] = spelled<T>()[name_start<T>() + i];
  return name;
}();

/// TypeInfo::describe of every type, through Type::members.
void describe_members(const gc::Header* self, gc::LabelledVisitor& visitor);
/// The weak references to a dying object end, and their callbacks run.
void end_weak_references(gc::Header* self) noexcept;
/// Whether a finalizer that has just run made its object live on.
[[nodiscard]] bool is_resurrected(gc::Header* self) noexcept;
/// Objects above this size may lie in large blocks, which the statistics don't tell by kind.
inline constexpr std::size_t kBigObject = 1024;
/// TypeInfo::flags of leaves whose references nobody is to tell of.
inline constexpr std::uint64_t kOpaque = std::uint64_t{1} << gc::kFirstUpperFlag;
struct Callback;
/// What a marker in front of a leaf takes.
inline constexpr std::size_t kMarkerBytes = sizeof(gc::Header);

template <class T>
struct TypeOf {
  static_assert(std::is_base_of_v<Object, T>, "an object's class derives from ouro::Object");
  static_assert(std::is_convertible_v<T*, Object*>,
                "ouro::Object has to be a public base, and there may be only one of it");
  static_assert(alignof(T) <= 16, "blocks are aligned to 16 bytes at most");

  static constexpr bool kTracked = Traversed<T>;
  static_assert(kTracked || !has_forgotten_references<T>(),
                "the class has Ref members and no traverse: add "
                "`void traverse(auto& visit) { visit(member, …); }`");
  static constexpr std::size_t kHeaderAt = Access::header_offset<T>();
  static constexpr bool kMarked = !kTracked && kHeaderAt != 0;
  static constexpr std::size_t kFront = kMarked ? kMarkerBytes : 0;
  static constexpr std::size_t kBytes = kFront + sizeof(T);
  /// Object for those that a walk over the blocks of objects can read.
  static constexpr heap::BlockKind kKind = kTracked && (kHeaderAt != 0 || kBytes > kBigObject)
                                               ? heap::BlockKind::Raw
                                               : heap::BlockKind::Object;

  static T* object(gc::Header* header) { return static_cast<T*>(Access::object(header)); }
  static void* block(T* object) { return reinterpret_cast<char*>(object) - kFront; }

  static void traverse(const gc::Header* self, gc::EdgeSink& sink) {
    if constexpr (kTracked) {
      EdgeVisitor visit(sink);
      object(const_cast<gc::Header*>(self))->traverse(visit);
    }
  }
  static void members(const gc::Header* self, MemberSink& sink) {
    if constexpr (kTracked) {
      MemberVisitor visit(sink);
      object(const_cast<gc::Header*>(self))->traverse(visit);
    }
  }
  static void clear(gc::Header* self) noexcept {
    if constexpr (kTracked) {
      ClearVisitor visit;
      object(self)->traverse(visit);
    }
  }
  static void finalize(gc::Header* self) noexcept {
    if constexpr (HasFinalizer<T>) object(self)->finalize();
  }

  /// At count zero. Objects that may drop others count the depth of the recursion, which is bounded
  /// (gc/dispose.h).
  static void dealloc(gc::Header* self) noexcept {
    State& state = current_state();
    if constexpr (kTracked) {
      if (state.dispose_depth >= gc::kMaxDisposeDepth) [[unlikely]]
        return gc::dispose(self);
      ++state.dispose_depth;
    }
    end(state, self);
    if constexpr (kTracked) {
      if (--state.dispose_depth == 0 && state.waiting != nullptr) [[unlikely]] {
        gc::dispose_waiting(state);
      }
    }
  }
  static void end(State& state, gc::Header* self) noexcept {
    if constexpr (HasFinalizer<T>) {
      if (!self->is_finalized()) {
        self->gc_word |= gc::kFinalizedBit;
        ++self->refcount;
        finalize(self);
        if (is_resurrected(self)) return;
      }
    }
    if constexpr (kTracked) state.collector.untrack(self);
    if constexpr (is_referable<T>) {
      if (*gc::weaklist_of(self) != nullptr) [[unlikely]]
        end_weak_references(self);
    }
    self->refcount = kDying;
    destroy(state, object(self));
    if constexpr (kTracked) state.collector.count_release();
  }

  /// Runs the destructor, of an object whose count is kDying, and frees the block.
  static void destroy(State& state, T* object) noexcept {
    count(state, -1);
    object->~T();
    state.heap.free(block(object));
  }

  /// In a garbage cycle whose types all allow it: the members end as ever, but for the references
  /// to the other dead, which are forgotten.
  static void reclaim(gc::Header* self, const gc::AddressSet& dead) noexcept {
    if constexpr (kTracked) {
      ForgetVisitor visit(dead);
      object(self)->traverse(visit);
      self->refcount = kDying;
      State& state = current_state();
      destroy(state, object(self));
      state.collector.count_release();
    }
  }

  /// Objects that the statistics of the small blocks of objects don't show.
  static void count(State& state, int change) {
    if constexpr (kKind == heap::BlockKind::Raw) {
      state.raw_objects += static_cast<std::size_t>(change);
    } else if constexpr (kBytes > kBigObject) {
      state.big_leaves += static_cast<std::size_t>(change);
    }
  }

  static constexpr std::uint32_t weak_list_at() {
    if constexpr (is_referable<T>) {
      constexpr std::size_t kAt = Access::weak_list_offset<T>();
      static_assert(kAt > kHeaderAt,
                    "WeakReferable has to stand after the base that brings ouro::Object");
      return static_cast<std::uint32_t>(kAt - kHeaderAt);
    } else {
      return 0;
    }
  }

  static constexpr Type kType{
      {traverse, describe_members, clear, dealloc, finalize, nullptr, kName<T>.data(),
       (kTracked ? std::uint64_t{gc::kCollected} : 0) |
           (HasFinalizer<T> ? std::uint64_t{gc::kHasFinalizer} : 0) |
           (std::is_base_of_v<Callback, T> ? kOpaque : 0),
       weak_list_at(), static_cast<std::uint32_t>(sizeof(T)), 0,
       kTracked && !HasFinalizer<T> ? reclaim : nullptr},
      members,
      static_cast<std::uint32_t>(kFront + kHeaderAt)};
  static gc::TypeInfo* info() { return const_cast<Type*>(&kType); }
};

}  // namespace detail
}  // namespace v1
}  // namespace ouro
