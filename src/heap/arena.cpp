#include "heap/arena.h"

#include <algorithm>
#include <bit>

#include "heap/debug_blocks.h"
#include "heap/pool.h"
#include "support/check.h"

namespace ouro::heap {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
constexpr std::size_t kFirstRegistrySlots = 512;
/// How many arenas a search for adjacent pools looks at before a new arena is the better choice.
constexpr std::size_t kSearchPatience = 32;

std::uint64_t bits_of_run(std::size_t index, std::size_t pools) {
  const std::uint64_t run = pools >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << pools) - 1;
  return run << index;
}

/// The index of the first of `pools` adjacent set bits; 64 when there are none.
std::size_t find_run(std::uint64_t bits, std::size_t pools) {
  // Each step makes a bit stand for twice as long a run that begins there.
  std::size_t length = 1;
  while (length < pools && bits != 0) {
    const std::size_t shift = std::min(length, pools - length);
    bits &= bits >> shift;
    length += shift;
  }
  return static_cast<std::size_t>(std::countr_zero(bits));
}

}  // namespace

/// Descriptions of arenas, cut from a table.
struct ArenaSet::TableChunk {
  static constexpr std::size_t kArenas = (kChunkBytes - sizeof(void*)) / sizeof(Arena);
  TableChunk* next;
  Arena arenas[kArenas];
};

ArenaSet::ArenaSet(const Geometry& geometry, OsMemory& os, std::size_t keep_empty)
    : os_(os),
      arena_bytes_(geometry.arena_bytes),
      pool_bytes_(geometry.pool_bytes),
      pools_per_arena_(geometry.pools_per_arena()),
      reserved_pools_(geometry.reserved_pools()),
      keep_empty_(keep_empty) {}

ArenaSet::~ArenaSet() {
  for (Arena* arena = oldest_; arena != nullptr; arena = arena->next_by_age) {
    os_.unmap(arena->base, arena_bytes_);
  }
  while (chunks_ != nullptr) {
    TableChunk* chunk = chunks_;
    chunks_ = chunk->next;
    unmap_table(chunk, kChunkBytes);
  }
  if (registry_ != nullptr) unmap_table(registry_, registry_slots_ * sizeof(Arena*));
}

std::uint64_t ArenaSet::all_bits() const { return bits_of_run(reserved_pools_, usable_pools()); }

Pool* ArenaSet::take(std::size_t pools, Arena** arena) {
  OURO_CHECK(pools > 0 && pools <= usable_pools(), "a run of %zu pools from arenas of %zu", pools,
             usable_pools());
  std::size_t index = reserved_pools_;  // where a new arena's first run lies
  Arena* found = find_with_run(pools, &index, kSearchPatience);
  if (found == nullptr) found = add_arena();
  if (found == nullptr) found = find_with_run(pools, &index, ~std::size_t{0});
  if (found == nullptr) return nullptr;
  if (found->free_pools == usable_pools()) --empty_count_;
  change_free(found, found->free_bits & ~bits_of_run(index, pools));
  Pool* first = pool_at(found, index);
  char* memory = memory_at(found, index);
  first->first_offset = static_cast<std::uint32_t>(memory - reinterpret_cast<char*>(first));
  asan_unpoison(memory, pools * pool_bytes_);
  *arena = found;
  return first;
}

void ArenaSet::give_back(Arena* arena, Pool* first, std::size_t pools) {
  const std::size_t index = index_in(arena, first);
  const std::uint64_t run = bits_of_run(index, pools);
  OURO_CHECK((arena->free_bits & run) == 0, "the pool at %p is given back twice",
             static_cast<void*>(first));
  first->owner = 0;
  first->state = PoolState::Free;
  asan_poison(memory_at(arena, index), pools * pool_bytes_);
  change_free(arena, arena->free_bits | run);
  if (arena->free_pools != usable_pools()) return;
  if (++empty_count_ > keep_empty_) drop_arena(arena);
}

bool ArenaSet::extend(Arena* arena, const Pool* first, std::size_t pools, std::size_t more) {
  const std::size_t index = index_in(arena, first) + pools;
  if (index + more > pools_per_arena_) return false;
  const std::uint64_t run = bits_of_run(index, more);
  if ((arena->free_bits & run) != run) return false;
  change_free(arena, arena->free_bits & ~run);
  asan_unpoison(memory_at(arena, index), more * pool_bytes_);
  return true;
}

bool ArenaSet::release_empty() {
  const bool any = empty_count_ > 0;
  while (empty_count_ > 0) drop_arena(buckets_[usable_pools()]);
  return any;
}

bool ArenaSet::is_taken(const Arena* arena, const Pool* pool) const {
  return ((arena->free_bits >> index_in(arena, pool)) & 1) == 0;
}

/// Fullest arenas first.
Arena* ArenaSet::find_with_run(std::size_t pools, std::size_t* index, std::size_t patience) {
  std::uint64_t filled = filled_buckets_ >> (pools - 1) << (pools - 1);
  for (; filled != 0; filled &= filled - 1) {
    const auto bucket = static_cast<std::size_t>(std::countr_zero(filled)) + 1;
    for (Arena* arena = buckets_[bucket]; arena != nullptr; arena = arena->next) {
      if (patience-- == 0) return nullptr;
      const std::size_t run = find_run(arena->free_bits, pools);
      if (run < pools_per_arena_) {
        *index = run;
        return arena;
      }
    }
  }
  return nullptr;
}

Arena* ArenaSet::add_arena() {
  if ((count_ + 1) * 2 > registry_slots_ && !grow_registry()) return nullptr;
  Arena* arena = new_description();
  if (arena == nullptr) return nullptr;
  void* base = os_.map(arena_bytes_, arena_bytes_);
  if (base == nullptr) {
    arena->next = unused_descriptions_;
    unused_descriptions_ = arena;
    return nullptr;
  }
  arena->base = static_cast<char*>(base);
  arena->free_bits = all_bits();
  arena->free_pools = static_cast<std::uint32_t>(usable_pools());
  arena->next_by_age = nullptr;
  arena->previous_by_age = youngest_;
  (youngest_ == nullptr ? oldest_ : youngest_->next_by_age) = arena;
  youngest_ = arena;
  register_arena(arena);
  enter_bucket(arena);
  ++count_;
  ++changes_;
  ++empty_count_;
  free_pools_ += usable_pools();
  return arena;
}

void ArenaSet::drop_arena(Arena* arena) {
  leave_bucket(arena);
  unregister_arena(arena);
  (arena->previous_by_age == nullptr ? oldest_ : arena->previous_by_age->next_by_age) =
      arena->next_by_age;
  (arena->next_by_age == nullptr ? youngest_ : arena->next_by_age->previous_by_age) =
      arena->previous_by_age;
  --count_;
  ++changes_;
  --empty_count_;
  free_pools_ -= usable_pools();
  os_.unmap(arena->base, arena_bytes_);
  arena->next = unused_descriptions_;
  unused_descriptions_ = arena;
}

Arena* ArenaSet::new_description() {
  if (unused_descriptions_ == nullptr) {
    static_assert(sizeof(TableChunk) <= kChunkBytes);
    auto* chunk = static_cast<TableChunk*>(map_table(kChunkBytes));
    if (chunk == nullptr) return nullptr;
    chunk->next = chunks_;
    chunks_ = chunk;
    for (std::size_t i = TableChunk::kArenas; i-- > 0;) {
      chunk->arenas[i].next = unused_descriptions_;
      unused_descriptions_ = &chunk->arenas[i];
    }
  }
  Arena* arena = unused_descriptions_;
  unused_descriptions_ = arena->next;
  return arena;
}

void ArenaSet::enter_bucket(Arena* arena) {
  Arena*& head = buckets_[arena->free_pools];
  arena->previous = nullptr;
  arena->next = head;
  if (head != nullptr) head->previous = arena;
  head = arena;
  if (arena->free_pools > 0) filled_buckets_ |= std::uint64_t{1} << (arena->free_pools - 1);
}

void ArenaSet::leave_bucket(Arena* arena) {
  Arena*& head = buckets_[arena->free_pools];
  (arena->previous == nullptr ? head : arena->previous->next) = arena->next;
  if (arena->next != nullptr) arena->next->previous = arena->previous;
  if (head == nullptr && arena->free_pools > 0) {
    filled_buckets_ &= ~(std::uint64_t{1} << (arena->free_pools - 1));
  }
}

void ArenaSet::change_free(Arena* arena, std::uint64_t bits) {
  leave_bucket(arena);
  free_pools_ -= arena->free_pools;
  arena->free_bits = bits;
  arena->free_pools = static_cast<std::uint32_t>(std::popcount(bits));
  free_pools_ += arena->free_pools;
  enter_bucket(arena);
}

std::size_t ArenaSet::slot_of(const void* base, std::size_t slots) const {
  const std::uint64_t number = reinterpret_cast<std::uintptr_t>(base) / arena_bytes_;
  // Fibonacci hashing: the multiplier is 2^64 over the golden ratio, the upper half is well mixed.
  return static_cast<std::size_t>((number * 0x9E3779B97F4A7C15u) >> 32) & (slots - 1);
}

bool ArenaSet::grow_registry() {
  const std::size_t slots = registry_slots_ == 0 ? kFirstRegistrySlots : registry_slots_ * 2;
  auto** registry = static_cast<Arena**>(map_table(slots * sizeof(Arena*)));
  if (registry == nullptr) return false;
  if (registry_ != nullptr) unmap_table(registry_, registry_slots_ * sizeof(Arena*));
  registry_ = registry;
  registry_slots_ = slots;
  for (Arena* arena = oldest_; arena != nullptr; arena = arena->next_by_age) register_arena(arena);
  return true;
}

void ArenaSet::register_arena(Arena* arena) {
  std::size_t slot = slot_of(arena->base, registry_slots_);
  while (registry_[slot] != nullptr) slot = (slot + 1) & (registry_slots_ - 1);
  registry_[slot] = arena;
}

/// Closes the gap, so that searches may stop at the first empty slot.
void ArenaSet::unregister_arena(const Arena* arena) {
  const std::size_t mask = registry_slots_ - 1;
  std::size_t gap = slot_of(arena->base, registry_slots_);
  while (registry_[gap] != arena) gap = (gap + 1) & mask;
  for (std::size_t slot = (gap + 1) & mask; registry_[slot] != nullptr; slot = (slot + 1) & mask) {
    const std::size_t home = slot_of(registry_[slot]->base, registry_slots_);
    if (((slot - home) & mask) >= ((slot - gap) & mask)) {
      registry_[gap] = registry_[slot];
      gap = slot;
    }
  }
  registry_[gap] = nullptr;
}

Arena* ArenaSet::find(const void* address) const {
  if (registry_ == nullptr) return nullptr;
  const auto* base = reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(address) &
                                                   ~(arena_bytes_ - 1));
  std::size_t slot = slot_of(base, registry_slots_);
  for (; registry_[slot] != nullptr; slot = (slot + 1) & (registry_slots_ - 1)) {
    if (registry_[slot]->base == base) return registry_[slot];
  }
  return nullptr;
}

std::optional<Violation> ArenaSet::verify() const {
  std::size_t by_age = 0;
  std::size_t free_pools = 0;
  for (const Arena* arena = oldest_; arena != nullptr; arena = arena->next_by_age) {
    if (++by_age > count_) break;
    free_pools += arena->free_pools;
    if (static_cast<std::uint32_t>(std::popcount(arena->free_bits)) != arena->free_pools) {
      return violation("A1", "arena at %p: %d free bits, %u free pools",
                       static_cast<const void*>(arena->base), std::popcount(arena->free_bits),
                       arena->free_pools);
    }
    for (std::size_t i = reserved_pools_; i < pools_per_arena_;) {
      const Pool* pool = pool_at(arena, i);
      const bool taken = is_taken(arena, pool);
      if (taken && pool->state == PoolState::Free) {
        return violation("A1", "pool %zu of the arena at %p is taken, yet in state Free", i,
                         static_cast<const void*>(arena->base));
      }
      i += taken && pool->state == PoolState::LargeRun && pool->run_pools > 0 ? pool->run_pools : 1;
    }
    if (find(arena->base) != arena) {
      return violation("A3", "the arena at %p is not found by its address",
                       static_cast<const void*>(arena->base));
    }
  }
  std::size_t in_buckets = 0;
  for (std::size_t bucket = 0; bucket <= pools_per_arena_; ++bucket) {
    const Arena* previous = nullptr;
    for (const Arena* arena = buckets_[bucket]; arena != nullptr; arena = arena->next) {
      if (arena->free_pools != bucket || arena->previous != previous || ++in_buckets > count_) {
        return violation("A2", "the arena at %p with %u free pools is in bucket %zu",
                         static_cast<const void*>(arena->base), arena->free_pools, bucket);
      }
      previous = arena;
    }
  }
  if (in_buckets != count_ || by_age != count_ || free_pools != free_pools_) {
    return violation("A2", "%zu arenas in buckets, %zu by age, %zu counted; %zu free pools of %zu",
                     in_buckets, by_age, count_, free_pools, free_pools_);
  }
  std::size_t registered = 0;
  for (std::size_t slot = 0; slot < registry_slots_; ++slot)
    registered += registry_[slot] != nullptr;
  if (registered != count_) {
    return violation("A3", "%zu arenas registered, %zu counted", registered, count_);
  }
  return std::nullopt;
}

}  // namespace ouro::heap
