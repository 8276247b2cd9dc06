#include "heap/pool.h"

#include <algorithm>

#include "heap/arena.h"
#include "support/check.h"

namespace ouro::heap {
namespace {

/// A batch of carving: about a page, so that memory is touched when it is about to be used.
constexpr std::size_t kCarveBytes = 4096;

std::uint32_t trigger_of(PoolState state, std::uint32_t capacity) {
  switch (state) {
    case PoolState::Current:
      return Pool::kNoTrigger;
    case PoolState::Full:
      return capacity - 1;
    case PoolState::Free:
    case PoolState::Partial:
    case PoolState::LargeRun:
    case PoolState::LargeMapped:
      return 0;
  }
  return 0;
}

}  // namespace

void Pool::open(Arena* home, std::uint16_t bin_index, BlockKind block_kind, std::size_t bytes,
                std::size_t blocks) {
  free = nullptr;
  used = 0;
  block_bytes = static_cast<std::uint32_t>(bytes);
  bin = bin_index;
  kind = block_kind;
  arena = home;
  next = nullptr;
  previous = nullptr;
  capacity = static_cast<std::uint16_t>(blocks);
  uncarved = capacity;
}

bool Pool::carve() {
  OURO_DCHECK(free == nullptr, "carving a pool that has free blocks");
  if (uncarved == 0) return false;
  const std::size_t count =
      std::min<std::size_t>(uncarved, std::max<std::size_t>(1, kCarveBytes / block_bytes));
  char* first = first_block() + carved() * block_bytes;
  char* block = first;
  for (std::size_t i = 1; i < count; ++i) {
    char* following = block + block_bytes;
    reinterpret_cast<FreeBlock*>(block)->next = reinterpret_cast<FreeBlock*>(following);
    block = following;
  }
  reinterpret_cast<FreeBlock*>(block)->next = nullptr;
  free = reinterpret_cast<FreeBlock*>(first);
  uncarved = static_cast<std::uint16_t>(uncarved - count);
  return true;
}

bool Pool::is_boundary(const void* block) const {
  const auto* address = static_cast<const char*>(block);
  if (address < first_block()) return false;
  const auto offset = static_cast<std::size_t>(address - first_block());
  return offset % block_bytes == 0 && offset / block_bytes < carved();
}

void Pool::mark_free(BlockBits* bits) const {
  for (const FreeBlock* entry = free; entry != nullptr; entry = entry->next) {
    if (!is_boundary(entry)) return;
    const auto offset =
        static_cast<std::size_t>(reinterpret_cast<const char*>(entry) - first_block());
    const std::size_t index = offset / block_bytes;
    if (bits->test(index)) return;
    bits->set(index);
  }
}

void Pool::set_state(PoolState to) {
  state = to;
  trigger = trigger_of(to, capacity);
}

std::optional<Violation> Pool::verify() const {
  BlockBits seen;
  std::size_t free_blocks = 0;
  for (const FreeBlock* entry = free; entry != nullptr; entry = entry->next) {
    if (!is_boundary(entry)) {
      return violation("P2", "free-list entry %zu of the pool at %p is %p, no carved block",
                       free_blocks, static_cast<const void*>(this),
                       static_cast<const void*>(entry));
    }
    const std::size_t index =
        static_cast<std::size_t>(reinterpret_cast<const char*>(entry) - first_block()) /
        block_bytes;
    if (seen.test(index)) {
      return violation("P2", "block %zu of the pool at %p is twice on the free list", index,
                       static_cast<const void*>(this));
    }
    seen.set(index);
    ++free_blocks;
  }
  if (used + free_blocks + uncarved != capacity) {
    return violation("P1", "%u used + %zu free + %u uncarved != %u", used, free_blocks,
                     static_cast<unsigned>(uncarved), static_cast<unsigned>(capacity));
  }
  if (state == PoolState::Full && used != capacity) {
    return violation("P3", "a full pool uses %u of %u blocks", used,
                     static_cast<unsigned>(capacity));
  }
  if (state == PoolState::Partial && (used == 0 || used == capacity)) {
    return violation("P3", "a partial pool uses %u of %u blocks", used,
                     static_cast<unsigned>(capacity));
  }
  if (trigger != trigger_of(state, capacity)) {
    return violation("P5", "trigger %u in state %d with capacity %u", trigger,
                     static_cast<int>(state), static_cast<unsigned>(capacity));
  }
  return std::nullopt;
}

void PoolQueue::push(Pool* pool) {
  pool->next = nullptr;
  pool->previous = tail;
  (tail == nullptr ? head : tail->next) = pool;
  tail = pool;
}

void PoolQueue::remove(Pool* pool) {
  (pool->previous == nullptr ? head : pool->previous->next) = pool->next;
  (pool->next == nullptr ? tail : pool->next->previous) = pool->previous;
  pool->next = nullptr;
  pool->previous = nullptr;
}

}  // namespace ouro::heap
