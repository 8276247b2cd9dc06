// Header: the 16 bytes every counted object starts with, and TypeInfo: what the collector must know
// of a type.
//
// gc_word of an object whose type takes part in collection:
//   bits 0..2  state (GcState)          bit 3  finalized (its finalizer has run)
//   bit 4      the mark (known to live; see trial_deletion.h)    bit 5  the type's own
//   bits 6..31 index in the log of its generation; in a run: index + gc_refs
#pragma once

#include <cstddef>
#include <cstdint>

namespace ouro::gc {

class AddressSet;
struct TypeInfo;
struct WeakReference;
class EdgeSink;
class LabelledVisitor;

/// Where an object stands with the collector.
enum class GcState : std::uint32_t {
  Untracked = 0,
  Gen0 = 1,
  Gen1 = 2,
  Gen2 = 3,
  Permanent = 4,
  Candidate = 5,    // found unreachable, and examined again after finalizers ran
  Unreachable = 6,  // only other candidates keep it alive, as far as known
};

inline constexpr std::uint32_t kStateMask = 7;
inline constexpr std::uint32_t kFinalizedBit = 8;
inline constexpr std::uint32_t kMarkBit = 16;
inline constexpr std::uint32_t kTypeBit = 32;  // kept as it is by the collector
inline constexpr unsigned kIndexShift = 6;
inline constexpr std::uint32_t kMaxIndex = (1u << (32 - kIndexShift)) - 1;
inline constexpr std::uint32_t kLowBits = (1u << kIndexShift) - 1;

/// What every counted object starts with. The count is plain (not atomic) and true: no immortal
/// objects.
struct Header {
  std::uint32_t refcount;
  std::uint32_t gc_word;
  TypeInfo* type_info;

  [[nodiscard]] GcState gc_state() const { return static_cast<GcState>(gc_word & kStateMask); }
  [[nodiscard]] bool is_tracked() const { return (gc_word & kStateMask) != 0; }
  [[nodiscard]] bool is_finalized() const { return (gc_word & kFinalizedBit) != 0; }
  /// Payload of the upper bits (log index, or gc_refs).
  [[nodiscard]] std::uint32_t gc_payload() const { return gc_word >> kIndexShift; }
  void set_gc_payload(std::uint32_t value) {
    gc_word = (gc_word & kLowBits) | (value << kIndexShift);
  }
  void set_gc_state(GcState state) {
    gc_word = (gc_word & ~kStateMask) | static_cast<std::uint32_t>(state);
  }
};
static_assert(sizeof(Header) == 16);

/// Flags of TypeInfo::flags that the collector reads. Layers above use bits from kFirstUpperFlag
/// on.
enum TypeFlags : std::uint64_t {
  kCollected = 1u << 0,     // instances may take part in cycles: born through Collector::allocate
  kHasFinalizer = 1u << 1,  // finalize is not null and does something for instances
  kLegacyFinalizer =
      1u << 2,  // a finalizer that must not run inside a cycle: such cycles are uncollectable
  kWeakReference = 1u << 3,  // instances are WeakReference
};
inline constexpr unsigned kFirstUpperFlag = 8;

/// What heap and collector know about a type. The layer above may embed it in a counted object of
/// its own.
struct TypeInfo {
  /// Appends every reference the object holds. Generated from the type's one `edges` template.
  void (*traverse)(const Header* self, EdgeSink& sink) = nullptr;
  /// The same edges with a label each, for pictures, snapshots and explanations.
  void (*describe)(const Header* self, LabelledVisitor& visitor) = nullptr;
  /// Drops references that may form cycles; the object stays valid. Null where no cycle can start
  /// here.
  void (*clear)(Header* self) = nullptr;
  /// Called at count zero: runs the finalizer, clears weak references, drops members, frees the
  /// block.
  void (*dealloc)(Header* self) = nullptr;
  /// Runs the object's finalizer (`__del__`), once; may resurrect. Errors go to the unraisable
  /// hook.
  void (*finalize)(Header* self) = nullptr;
  /// Asked of survivors of a collection: false takes the object out of the collector's sight
  /// because it cannot take part in a cycle now (tuples, and dicts in a full collection). Null:
  /// stays.
  bool (*stays_tracked)(const Header* self, bool full_collection) = nullptr;
  const char* name = nullptr;  // for debug text and reports; owned by the type
  std::uint64_t flags = 0;
  std::uint32_t
      weaklist_offset;  // bytes from the object's start to its WeakReference*; 0: not referable
  std::uint32_t basic_bytes = 0;  // size of an instance without variable part
  /// Bytes from the object's start to a pointer to the separate buffer that traverse reads, which
  /// the collector fetches ahead; 0: none.
  std::uint32_t buffer_offset = 0;
  /// Ends an object of a garbage cycle without counting: drops its references to objects that are
  /// not in `dead`, forgets the others, destroys it and gives its block back. Runs nothing that
  /// could look at another of the dead. Null: such an object is cleared, and dies when its count is
  /// zero.
  void (*reclaim)(Header* self, const AddressSet& dead) = nullptr;
};

}  // namespace ouro::gc
