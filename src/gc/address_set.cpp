// AddressSet: making it, and the batches that marking is made of.
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
  heap_.free(table_);
  heap_.free(bits_);
}

bool AddressSet::prepare() {
  std::uintptr_t highest = 0;
  std::size_t arenas = 0;
  std::size_t arena_bytes = 0;
  lowest_ = ~std::uintptr_t{0};
  heap_.for_each_arena([&](const void* base, std::size_t bytes) {
    const auto address = reinterpret_cast<std::uintptr_t>(base);
    lowest_ = std::min(lowest_, address);
    highest = std::max(highest, address);
    arena_bytes = bytes;
    ++arenas;
  });
  if (arenas == 0) return false;
  within_ = arena_bytes - 1;
  arena_shift_ = static_cast<unsigned>(std::countr_zero(arena_bytes));
  entries_ = ((highest - lowest_) >> arena_shift_) + 1;
  if (entries_ > kMaxEntries) return false;
  const std::size_t words = std::max<std::size_t>(arena_bytes >> (kGranuleShift + 6), 1);
  table_ = static_cast<std::uint64_t**>(zeroed(heap_, entries_ * sizeof *table_));
  bits_ = static_cast<std::uint64_t*>(zeroed(heap_, arenas * words * sizeof *bits_));
  if (table_ == nullptr || bits_ == nullptr) return false;
  std::uint64_t* next = bits_;
  heap_.for_each_arena([&](const void* base, std::size_t) {
    // Memory for the set itself may have taken an arena more: it holds no objects.
    const std::size_t entry = (reinterpret_cast<std::uintptr_t>(base) - lowest_) >> arena_shift_;
    if (arenas == 0 || entry >= entries_) return;
    table_[entry] = next;
    next += words;
    --arenas;
  });
  return true;
}

std::size_t AddressSet::insert_all(Header* const* objects, std::size_t count, Header** fresh,
                                   bool& ok) {
  Header** const begin = fresh;
  for (std::size_t i = 0; i < count; ++i) {
    const Place place = find(objects[i]);
    *fresh = objects[i];
    if (place.word == nullptr) [[unlikely]] {
      if (mapped_contains(objects[i])) continue;
      ok &= insert_mapped(objects[i]);
      ++fresh;
      continue;
    }
    const std::uint64_t word = *place.word;
    *place.word = word | std::uint64_t{1} << place.bit;
    fresh += ~word >> place.bit & 1;
  }
  return static_cast<std::size_t>(fresh - begin);
}

std::size_t AddressSet::take_all(Header* const* objects, std::size_t count, Header** taken) {
  Header** const begin = taken;
  for (std::size_t i = 0; i < count; ++i) {
    const Place place = find(objects[i]);
    *taken = objects[i];
    if (place.word == nullptr) [[unlikely]] {
      taken += take_mapped(objects[i]) ? 1 : 0;
      continue;
    }
    const std::uint64_t word = *place.word;
    *place.word = word & ~(std::uint64_t{1} << place.bit);
    taken += word >> place.bit & 1;
  }
  return static_cast<std::size_t>(taken - begin);
}

bool AddressSet::mapped_contains(const Header* object) const {
  Header* const* const end = mapped_.items() + mapped_.size();
  return std::find(mapped_.items(), end, object) != end;
}

bool AddressSet::insert_mapped(Header* object) {
  if (!mapped_.make_room(1)) return false;
  mapped_.append(object);
  return true;
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
