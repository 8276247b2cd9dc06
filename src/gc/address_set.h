// AddressSet: a set of objects of one heap as bitmaps beside it, one bit for 16 bytes.
//
// A bit is found from an address through a table of arenas, without a look at the object: that is
// what makes it worth having. No two objects share a bit, since none is smaller than 16 bytes. An
// arena gets its 8 KiB of bits when its first object is put in. The few objects that are mappings
// of their own are kept in a list, which is searched.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/header.h"
#include "gc/object_array.h"
#include "heap/heap.h"

namespace ouro::gc {

class AddressSet {
 public:
  explicit AddressSet(heap::Heap& heap) : heap_(heap), mapped_(heap) {}
  ~AddressSet();
  AddressSet(const AddressSet&) = delete;
  AddressSet& operator=(const AddressSet&) = delete;

  /// Brings the table up to the heap's arenas of this moment; to be called while the set is empty.
  /// Objects in arenas that come later are not to be put in. False when out of memory, or when
  /// arenas are too far apart. Cost: O(1) when no arena came or went, else O(arenas).
  [[nodiscard]] bool prepare();
  [[nodiscard]] bool contains(const Header* object) const {
    const Place place = find(object);
    return place.bits != nullptr ? (place.word() >> place.bit & 1) != 0 : mapped_contains(object);
  }
  /// False when out of memory.
  [[nodiscard]] bool insert(Header* object) {
    const Place place = find(object);
    if (place.bits == nullptr || place.bits == none_) [[unlikely]]
      return insert_first(object);
    place.word() |= std::uint64_t{1} << place.bit;
    return true;
  }
  void remove(const Header* object) {
    const Place place = find(object);
    if (place.bits == nullptr) [[unlikely]] {
      (void)take_mapped(object);
      return;
    }
    place.word() &= ~(std::uint64_t{1} << place.bit);
  }
  /// Moves those `objects` that were not in the set to `fresh` (room for `count` and one more), in
  /// order, and inserts them; returns how many. `ok` turns false when out of memory.
  std::size_t insert_all(Header* const* objects, std::size_t count, Header** fresh, bool& ok);
  /// The same for those that were in the set, taking them out.
  std::size_t take_all(Header* const* objects, std::size_t count, Header** taken);
  /// Empties the set. Cost: O(bits of arenas that had objects in it).
  void clear();

 private:
  static constexpr unsigned kGranuleShift = 4;
  struct Place {
    std::uint64_t* bits;  // of the arena; null outside of arenas
    std::size_t granule;
    unsigned bit;
    [[nodiscard]] std::uint64_t& word() const { return bits[granule >> 6]; }
  };
  [[nodiscard]] Place find(const Header* object) const {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(object) - lowest_;
    const std::size_t entry = offset >> arena_shift_;
    const std::size_t granule = (offset & within_) >> kGranuleShift;
    return {entry < entries_ ? table_[entry] : nullptr, granule,
            static_cast<unsigned>(granule & 63)};
  }
  [[nodiscard]] std::size_t bytes_of_bits() const { return (within_ + 1) >> (kGranuleShift + 3); }
  [[nodiscard]] bool insert_first(Header* object);
  [[nodiscard]] bool mapped_contains(const Header* object) const;
  bool take_mapped(const Header* object);

  heap::Heap& heap_;
  std::uintptr_t lowest_ = 0;  // address of the first arena
  std::uintptr_t within_ = 0;  // mask of an offset in an arena
  unsigned arena_shift_ = 0;
  std::size_t entries_ = 0;          // of table_
  std::uint64_t** table_ = nullptr;  // bits of the arena at lowest_ + (i << arena_shift_); or null
  std::uint64_t* none_ = nullptr;    // the bits of arenas that never had an object in: all clear
  std::uint64_t arena_changes_ = 0;  // the heap's, when the table was made
  ObjectArray mapped_;
};

}  // namespace ouro::gc
