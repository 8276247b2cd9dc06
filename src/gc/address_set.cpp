// AddressSet: the table of arenas, and the batches that marking is made of.
#include "gc/address_set.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ouro::gc {

namespace {
// A table of 16 million arenas' places: beyond it the address space is too scattered to be worth
// it.
constexpr std::size_t kMaxEntries = std::size_t{1} << 24;

void* zeroed(heap::Heap& heap, std::size_t bytes) {
  void* block = heap.reallocate_past_limit(nullptr, bytes);
  if (block != nullptr) std::memset(block, 0, bytes);
  return block;
}
}  // namespace

AddressSet::~AddressSet() {
  for (std::size_t i = 0; i < entries_; ++i) {
    if (table_[i] != none_) heap_.free(table_[i]);
  }
  heap_.free(none_);
  heap_.free(table_);
}

bool AddressSet::prepare() {
  if (table_ != nullptr && arena_changes_ == heap_.arena_changes()) return true;
  std::uintptr_t lowest = ~std::uintptr_t{0};
  std::uintptr_t highest = 0;
  std::size_t arena_bytes = 0;
  heap_.for_each_arena([&](const void* base, std::size_t bytes) {
    const auto address = reinterpret_cast<std::uintptr_t>(base);
    lowest = std::min(lowest, address);
    highest = std::max(highest, address);
    arena_bytes = bytes;
  });
  if (arena_bytes == 0) return false;
  within_ = arena_bytes - 1;
  arena_shift_ = static_cast<unsigned>(std::countr_zero(arena_bytes));
  const std::size_t entries = ((highest - lowest) >> arena_shift_) + 1;
  if (entries > kMaxEntries) return false;
  if (none_ == nullptr) {
    none_ = static_cast<std::uint64_t*>(
        zeroed(heap_, std::max(bytes_of_bits(), sizeof(std::uint64_t))));
    if (none_ == nullptr) return false;
  }
  auto** table = static_cast<std::uint64_t**>(zeroed(heap_, entries * sizeof *table_));
  if (table == nullptr) return false;
  heap_.for_each_arena([&](const void* base, std::size_t) {
    const auto address = reinterpret_cast<std::uintptr_t>(base);
    // Memory for the table itself may have taken an arena more: it holds no objects.
    if (address < lowest || (address - lowest) >> arena_shift_ >= entries) return;
    const std::size_t old = (address - lowest_) >> arena_shift_;
    std::uint64_t* bits = old < entries_ && table_[old] != nullptr ? table_[old] : none_;
    if (bits != none_) table_[old] = nullptr;
    table[(address - lowest) >> arena_shift_] = bits;
  });
  for (std::size_t i = 0; i < entries_; ++i) {
    if (table_[i] != none_) heap_.free(table_[i]);
  }
  heap_.free(table_);
  table_ = table;
  entries_ = entries;
  lowest_ = lowest;
  arena_changes_ = heap_.arena_changes();
  return true;
}

bool AddressSet::insert_first(Header* object) {
  Place place = find(object);
  if (place.bits == nullptr) {
    if (!mapped_.make_room(1)) return false;
    mapped_.append(object);
    return true;
  }
  auto* bits =
      static_cast<std::uint64_t*>(zeroed(heap_, std::max(bytes_of_bits(), sizeof(std::uint64_t))));
  if (bits == nullptr) return false;
  const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(object) - lowest_;
  table_[offset >> arena_shift_] = bits;
  bits[place.granule >> 6] |= std::uint64_t{1} << place.bit;
  return true;
}

std::size_t AddressSet::insert_all(Header* const* objects, std::size_t count, Header** fresh,
                                   bool& ok) {
  Header** const begin = fresh;
  for (std::size_t i = 0; i < count; ++i) {
    const Place place = find(objects[i]);
    *fresh = objects[i];
    if (place.bits == nullptr || place.bits == none_) [[unlikely]] {
      if (contains(objects[i])) continue;
      ok &= insert_first(objects[i]);
      ++fresh;
      continue;
    }
    const std::uint64_t word = place.word();
    place.word() = word | std::uint64_t{1} << place.bit;
    fresh += ~word >> place.bit & 1;
  }
  return static_cast<std::size_t>(fresh - begin);
}

std::size_t AddressSet::take_all(Header* const* objects, std::size_t count, Header** taken) {
  Header** const begin = taken;
  for (std::size_t i = 0; i < count; ++i) {
    const Place place = find(objects[i]);
    *taken = objects[i];
    if (place.bits == nullptr) [[unlikely]] {
      taken += take_mapped(objects[i]) ? 1 : 0;
      continue;
    }
    const std::uint64_t word = place.word();
    place.word() = word & ~(std::uint64_t{1} << place.bit);
    taken += word >> place.bit & 1;
  }
  return static_cast<std::size_t>(taken - begin);
}

void AddressSet::clear() {
  for (std::size_t i = 0; i < entries_; ++i) {
    if (table_[i] != nullptr && table_[i] != none_) std::memset(table_[i], 0, bytes_of_bits());
  }
  mapped_.resize(0);
}

bool AddressSet::mapped_contains(const Header* object) const {
  Header* const* const end = mapped_.items() + mapped_.size();
  return std::find(mapped_.items(), end, object) != end;
}

bool AddressSet::take_mapped(const Header* object) {
  Header** const end = mapped_.items() + mapped_.size();
  Header** const found = std::find(mapped_.items(), end, object);
  if (found == end) return false;
  *found = end[-1];
  mapped_.resize(mapped_.size() - 1);
  return true;
}

}  // namespace ouro::gc
