#include "library/references.h"

#include <cstdint>
#include <cstring>
#include <unordered_set>

#include "ouro/detail/checks.h"
#include "ouro/detail/type.h"
#include "ouro/heap.h"
#include "ouro/weak.h"
#include "support/check.h"

namespace ouro {
inline namespace v1 {
namespace detail {

namespace {

const char* address_of(const void* pointer) { return static_cast<const char*>(pointer); }

const void* start_of(const gc::Header* object) {
  return address_of(object) - type_of(object).header_offset;
}

/// Where the object of its class begins: behind a leaf's marker.
std::ptrdiff_t offset_in(const gc::Header* object, const void* where) {
  const bool marked =
      (object->type_info->flags & gc::kCollected) == 0 && type_of(object).header_offset != 0;
  return address_of(where) - address_of(start_of(object)) -
         static_cast<std::ptrdiff_t>(marked ? kMarkerBytes : 0);
}

/// The heap's objects, by the start of their blocks.
using Objects = std::unordered_map<const void*, const gc::Header*>;

/// What the traverse functions of all tracked objects tell, and the first thing wrong with it.
class Told final : public MemberSink {
 public:
  Told(const State& state, const Objects& objects,
       const std::unordered_map<const void*, const gc::Header*>& existing)
      : state_(state), objects_(objects), existing_(existing) {}

  void look_at(const gc::Header* object) {
    teller_ = object;
    type_of(object).members(object, *this);
  }
  void member(const void* where, const gc::Header*, const gc::EdgeLabel& label) override {
    const auto [at, is_new] = tellers_.emplace(where, teller_);
    if (broken_) return;
    if (!is_new) return complain("twice", label, at->second);
    if (!existing_.contains(where)) return complain("that does not exist", label, nullptr);
    const auto holder = objects_.find(state_.heap.block_around(where));
    if (holder != objects_.end() && holder->second != teller_) {
      complain("that another object holds", label, holder->second);
    } else if (is_on_stack(where)) {
      complain("that lies on the stack (a copy?)", label, nullptr);
    }
  }
  [[nodiscard]] bool contains(const void* where) const { return tellers_.contains(where); }
  [[nodiscard]] const std::optional<Violation>& broken() const { return broken_; }

 private:
  /// Whether the address lies in a frame above this one's, that of a traverse.
  static bool is_on_stack(const void* where) {
    constexpr std::uintptr_t kReach = std::uintptr_t{16} << 10;
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    const auto there = reinterpret_cast<std::uintptr_t>(where);
    return there > here && there - here < kReach;
  }
  void complain(const char* what, const gc::EdgeLabel& label, const gc::Header* other) {
    const Portrait teller(state_, teller_);
    if (other == nullptr) {
      broken_ = violation("E2", "traverse of %s tells a reference %s: %s", teller.text, what,
                          to_string(label).c_str());
    } else {
      broken_ = violation("E2", "traverse of %s tells a reference %s: %s, of %s", teller.text, what,
                          to_string(label).c_str(), Portrait(state_, other).text);
    }
  }

  const State& state_;
  const Objects& objects_;
  const std::unordered_map<const void*, const gc::Header*>& existing_;
  std::unordered_map<const void*, const gc::Header*> tellers_;
  const gc::Header* teller_ = nullptr;
  std::optional<Violation> broken_;
};

/// Calls `visit(const gc::Header*)` for each tracked object.
template <class Visit>
void for_each_tracked(const State& state, Visit visit) {
  for (int generation = 0; generation < 4; ++generation) {
    state.collector.for_each_in_any_order(generation, visit);
  }
}

/// Calls `visit(const void* const* words, std::size_t count)` with what the object consists of.
template <class Visit>
void look_inside(const gc::Header* object, Visit visit) {
  const auto* words = static_cast<const void* const*>(start_of(object));
  visit(words, object->type_info->basic_bytes / sizeof(void*));
}

}  // namespace

Portrait::Portrait(const State& state, const gc::Header* object) {
  const void* block = start_of(object);
  const std::uint64_t serial = state.heap.allocation_serial(block);
  const char* origin = state.heap.allocation_origin(block);
  const int place = static_cast<int>(std::strcspn(origin, " "));
  if (serial == 0) {
    std::snprintf(text, sizeof text, "a %.60s", object->type_info->name);
  } else {
    std::snprintf(text, sizeof text, "a %.60s (allocation %llu%s%.*s)", object->type_info->name,
                  static_cast<unsigned long long>(serial), place > 0 ? ", " : "", place, origin);
  }
}

void ReferenceRecord::note(const void* where, const gc::Header* target) noexcept {
  if (target == nullptr) {
    targets_.erase(where);
    return;
  }
  try {
    targets_.insert_or_assign(where, target);
  } catch (const std::bad_alloc&) {
    incomplete_ = true;
  }
}

// Nothing is read between the two: they may be any words.
bool ReferenceRecord::is_filled(const void* begin, const void* end) const {
  const char* to = address_of(end);
  for (const char* at = address_of(begin); at != to; at += sizeof(void*)) {
    if (!targets_.contains(at)) return false;
  }
  return true;
}

std::optional<Violation> ReferenceRecord::verify(const State& state) const try {
  if (incomplete_) return std::nullopt;
  Objects objects;
  state.owner.for_each_object(
      [&](const ObjectInfo& info) { objects.emplace(start_of(info.object), info.object); });
  Told told(state, objects, targets_);
  for_each_tracked(state, [&](const gc::Header* object) { told.look_at(object); });
  if (told.broken()) return told.broken();

  const auto forgotten = [&](const gc::Header* holder, const void* where, const char* how,
                             std::ptrdiff_t offset) {
    return violation("E1", "traverse of %s forgets the reference %s offset %td, to %s",
                     Portrait(state, holder).text, how, offset,
                     Portrait(state, targets_.at(where)).text);
  };
  // Those that nobody tells of lie in an object, in a buffer, or outside, where they are welcome.
  std::unordered_map<const void*, const void*> buffers;  // start -> a reference in it
  std::unordered_set<const void*> outside;
  for (const auto& [where, target] : targets_) {
    if (told.contains(where)) continue;
    const void* block = state.heap.block_around(where);
    if (block == nullptr) {
      outside.insert(where);
      continue;
    }
    const auto found = objects.find(block);
    if (found == objects.end()) {
      buffers.emplace(block, where);
      continue;
    }
    const gc::Header* holder = found->second;
    const std::uint64_t flags = holder->type_info->flags;
    const bool holder_tracked = (flags & gc::kCollected) != 0;
    // A leaf may refer to leaves, and callbacks to what they like.
    if (!holder_tracked && ((flags & kOpaque) != 0 || !target->is_tracked())) continue;
    if (holder_tracked && !holder->is_tracked()) continue;  // about to be destroyed
    if (holder->gc_state() > gc::GcState::Permanent) continue;
    return forgotten(holder, where, "at", offset_in(holder, where));
  }
  if (buffers.empty() && outside.empty()) return std::nullopt;
  std::optional<Violation> broken;
  for_each_tracked(state, [&](const gc::Header* object) {
    if (broken) return;
    look_inside(object, [&](const void* const* words, std::size_t count) {
      for (std::size_t i = 0; i < count && !broken; ++i) {
        const auto at = [&](std::size_t word) {
          return offset_in(object, address_of(words + word));
        };
        if (const auto buffer = buffers.find(words[i]); buffer != buffers.end()) {
          broken = forgotten(object, buffer->second, "in the buffer that it holds at", at(i));
        } else if (i + 1 < count && outside.contains(words[i]) &&
                   is_filled(words[i], words[i + 1])) {
          broken = forgotten(object, words[i], "in the vector at", at(i));
        }
      }
    });
  });
  return broken;
} catch (const std::bad_alloc&) {
  return std::nullopt;
}

void check_usable(const gc::Header* object, const char* act) {
  OURO_CHECK(object != nullptr, "a null reference is %s", act);
  const State& state = current_state();
  const void* block = state.heap.block_around(object);
  if (block == nullptr) {
    for (gc::Space* space = state.previous; space != nullptr;
         space = static_cast<State*>(space)->previous) {
      if (space->heap.owns(object)) {
        OURO_CHECK(false, "a reference to %s of another heap is %s: make that heap current first",
                   Portrait(static_cast<State&>(*space), object).text, act);
      }
    }
    OURO_CHECK(false, "a reference to %p, which no heap of this thread holds, is %s",
               static_cast<const void*>(object), act);
  }
  state.heap.check_live(block);
  OURO_CHECK(object->refcount != 0, "a reference to %s is %s, but its count is zero already",
             Portrait(state, object).text, act);
}

void note_reference(const void* where, const gc::Header* target) noexcept {
  gc::Space* space = gc::current_space();
  if (space == nullptr) return;
  ReferenceRecord* record = static_cast<State*>(space)->references;
  if (record != nullptr) record->note(where, target);
}

}  // namespace detail
}  // namespace v1
}  // namespace ouro
