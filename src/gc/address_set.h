// AddressSet: a set of objects of one heap as a bitmap beside it, one bit for 16 bytes.
//
// A bit is found from an address through a table of arenas, without a look at the object: that is
// what makes it worth having. No two objects share a bit, since none is smaller than 16 bytes. The
// few objects that are mappings of their own are kept in a list, which is searched.
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

  /// Makes the empty set for the heap's arenas of this moment. False when out of memory, or when
  /// arenas are too far apart. Cost: O(arenas), 8 KiB to clear for each.
  [[nodiscard]] bool prepare();
  [[nodiscard]] bool contains(const Header* object) const {
    const Place place = find(object);
    return place.word != nullptr ? (*place.word >> place.bit & 1) != 0 : mapped_contains(object);
  }
  /// False when out of memory (objects that are mappings of their own only).
  [[nodiscard]] bool insert(Header* object) {
    const Place place = find(object);
    if (place.word == nullptr) return insert_mapped(object);
    *place.word |= std::uint64_t{1} << place.bit;
    return true;
  }
  /// Moves those `objects` that were not in the set to `fresh` (room for `count` and one more), in
  /// order, and inserts them; returns how many. False in `ok` when out of memory.
  std::size_t insert_all(Header* const* objects, std::size_t count, Header** fresh, bool& ok);
  /// The same for those that were in the set, taking them out.
  std::size_t take_all(Header* const* objects, std::size_t count, Header** taken);

 private:
  static constexpr unsigned kGranuleShift = 4;
  struct Place {
    std::uint64_t* word;  // null outside of arenas
    unsigned bit;
  };
  [[nodiscard]] Place find(const Header* object) const {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(object) - lowest_;
    const std::size_t entry = offset >> arena_shift_;
    std::uint64_t* bits = entry < entries_ ? table_[entry] : nullptr;
    if (bits == nullptr) [[unlikely]]
      return {nullptr, 0};
    const std::size_t granule = (offset & within_) >> kGranuleShift;
    return {bits + (granule >> 6), static_cast<unsigned>(granule & 63)};
  }
  [[nodiscard]] bool mapped_contains(const Header* object) const;
  [[nodiscard]] bool insert_mapped(Header* object);
  bool take_mapped(const Header* object);

  heap::Heap& heap_;
  std::uintptr_t lowest_ = 0;  // address of the first arena
  std::uintptr_t within_ = 0;  // mask of an offset in an arena
  std::size_t entries_ = 0;    // of table_
  unsigned arena_shift_ = 0;
  std::uint64_t** table_ = nullptr;  // bits of the arena at lowest_ + (i << arena_shift_), or null
  std::uint64_t* bits_ = nullptr;
  ObjectArray mapped_;
};

}  // namespace ouro::gc
