#include "heap/large_allocator.h"

#include <algorithm>

#include "heap/debug_blocks.h"

namespace ouro::heap {
namespace {

/// Bigger requests are refused before their size is computed with.
constexpr std::size_t kMaxLargeBytes = ~std::size_t{0} / 4;

}  // namespace

LargeAllocator::LargeAllocator(const Geometry& geometry, OsMemory& os, ArenaSet& arenas,
                               std::uintptr_t owner, std::size_t keep_bytes)
    : os_(os),
      arenas_(arenas),
      owner_(owner),
      pool_bytes_(geometry.pool_bytes),
      arena_bytes_(geometry.arena_bytes),
      mapping_bytes_(std::min(geometry.mapping_bytes, geometry.arena_bytes / 2)),
      keep_bytes_(keep_bytes) {}

LargeAllocator::~LargeAllocator() {
  while (first_mapped_ != nullptr) {
    Pool* header = first_mapped_;
    unlink(header);
    os_.unmap(header, total_bytes_of(header));
  }
  release_kept();
}

void* LargeAllocator::allocate(std::size_t bytes, BlockKind kind) {
  if (bytes > kMaxLargeBytes) return nullptr;
  void* block = bytes < mapping_bytes_
                    ? allocate_run(round_up(bytes, pool_bytes_) / pool_bytes_, kind)
                    : allocate_mapped(bytes + kPoolHeaderBytes, kind);
  if (block != nullptr) ++allocations_;
  return block;
}

void* LargeAllocator::allocate_run(std::size_t pools, BlockKind kind) {
  Arena* arena = nullptr;
  Pool* header = arenas_.take(pools, &arena);
  if (header == nullptr) return nullptr;
  header->arena = arena;
  header->run_pools = static_cast<std::uint16_t>(pools);
  header->next = nullptr;
  header->previous = nullptr;
  return enter(header, PoolState::LargeRun, kind, pools * pool_bytes_);
}

void* LargeAllocator::allocate_mapped(std::size_t bytes, BlockKind kind) {
  std::size_t total = round_up(bytes, page_bytes());
  void* address = take_kept(&total);
  if (address == nullptr) {
    // Needs are others now. Buffers that grow from small again each time would else leave their
    // last size behind each time.
    release_kept();
    address = os_.map(total, arena_bytes_);
  }
  if (address == nullptr) return nullptr;
  auto* header = static_cast<Pool*>(address);
  header->arena = nullptr;
  header->first_offset = kPoolHeaderBytes;
  header->capacity = 1;
  link(header);
  mapped_bytes_ += total;
  return enter(header, PoolState::LargeMapped, kind, total - kPoolHeaderBytes);
}

/// Fills in the rest of the header and counts the block.
void* LargeAllocator::enter(Pool* header, PoolState state, BlockKind kind, std::size_t bytes) {
  header->large_bytes = bytes;
  header->owner = owner_;
  header->used = 1;
  header->block_bytes = 0;
  header->bin = 0;
  header->kind = kind;
  header->uncarved = 0;
  header->set_state(state);
  ++blocks_;
  bytes_ += header->large_bytes;
  return header->first_block();
}

void LargeAllocator::free(Pool* header) {
  --blocks_;
  bytes_ -= header->large_bytes;
  if (header->state == PoolState::LargeRun) {
    arenas_.give_back(header->arena, header, header->run_pools);
    return;
  }
  const std::size_t total = total_bytes_of(header);
  unlink(header);
  mapped_bytes_ -= total;
  header->owner = 0;
  header->state = PoolState::Free;
  if (!keep(header, total)) os_.unmap(header, total);
}

void* LargeAllocator::resize(Pool* header, std::size_t bytes) {
  if (bytes > kMaxLargeBytes) return nullptr;
  const std::size_t old_bytes = header->large_bytes;
  if (header->state == PoolState::LargeRun) {
    if (bytes >= mapping_bytes_) return nullptr;
    const std::size_t old_pools = header->run_pools;
    const std::size_t pools = round_up(bytes, pool_bytes_) / pool_bytes_;
    if (pools > old_pools) {
      if (!arenas_.extend(header->arena, header, old_pools, pools - old_pools)) return nullptr;
    } else if (pools < old_pools) {
      arenas_.give_back(header->arena, header + pools, old_pools - pools);
    }
    header->run_pools = static_cast<std::uint16_t>(pools);
    header->large_bytes = pools * pool_bytes_;
  } else {
    if (bytes < mapping_bytes_ / 2) return nullptr;
    const std::size_t old_total = total_bytes_of(header);
    const std::size_t new_total = round_up(bytes + kPoolHeaderBytes, page_bytes());
    Pool* const next = header->next;
    Pool* const previous = header->previous;
    void* place = os_.resize(header, old_total, new_total, arena_bytes_);
    if (place == nullptr) return nullptr;
    header = static_cast<Pool*>(place);
    (previous == nullptr ? first_mapped_ : previous->next) = header;
    if (next != nullptr) next->previous = header;
    header->large_bytes = new_total - kPoolHeaderBytes;
    mapped_bytes_ = mapped_bytes_ - old_total + new_total;
  }
  bytes_ = bytes_ - old_bytes + header->large_bytes;
  return header->first_block();
}

std::size_t LargeAllocator::block_bytes_for(std::size_t bytes) const {
  if (bytes > kMaxLargeBytes) return bytes;
  if (bytes < mapping_bytes_) return round_up(bytes, pool_bytes_);
  return round_up(bytes + kPoolHeaderBytes, page_bytes()) - kPoolHeaderBytes;
}

void LargeAllocator::link(Pool* header) {
  header->previous = nullptr;
  header->next = first_mapped_;
  if (first_mapped_ != nullptr) first_mapped_->previous = header;
  first_mapped_ = header;
}

void LargeAllocator::unlink(Pool* header) {
  (header->previous == nullptr ? first_mapped_ : header->previous->next) = header->next;
  if (header->next != nullptr) header->next->previous = header->previous;
}

/// The kept mapping that fits best and wastes at most a quarter; `*bytes` becomes its size.
void* LargeAllocator::take_kept(std::size_t* bytes) {
  std::size_t best = kept_count_;
  for (std::size_t i = 0; i < kept_count_; ++i) {
    if (kept_[i].bytes < *bytes || kept_[i].bytes - *bytes > *bytes / 4) continue;
    if (best == kept_count_ || kept_[i].bytes < kept_[best].bytes) best = i;
  }
  if (best == kept_count_) return nullptr;
  const Kept kept = remove_kept(best);
  asan_unpoison(kept.address, kept.bytes);
  *bytes = kept.bytes;
  return kept.address;
}

/// Makes room by giving the oldest ones back.
bool LargeAllocator::keep(void* address, std::size_t bytes) {
  if (bytes > keep_bytes_) return false;
  while (kept_count_ == kKeptMappings || bytes > keep_bytes_ - kept_bytes_) {
    const Kept oldest = remove_kept(0);
    os_.unmap(oldest.address, oldest.bytes);
  }
  asan_poison(address, bytes);
  kept_[kept_count_++] = {address, bytes};
  kept_bytes_ += bytes;
  return true;
}

LargeAllocator::Kept LargeAllocator::remove_kept(std::size_t index) {
  const Kept removed = kept_[index];
  std::copy(kept_ + index + 1, kept_ + kept_count_, kept_ + index);
  --kept_count_;
  kept_bytes_ -= removed.bytes;
  return removed;
}

void LargeAllocator::release_kept_at(const void* address) {
  for (std::size_t i = 0; i < kept_count_; ++i) {
    if (kept_[i].address != address) continue;
    const Kept kept = remove_kept(i);
    os_.unmap(kept.address, kept.bytes);
    return;
  }
}

bool LargeAllocator::release_kept() {
  const bool any = kept_count_ > 0;
  while (kept_count_ > 0) {
    const Kept kept = remove_kept(kept_count_ - 1);
    os_.unmap(kept.address, kept.bytes);
  }
  return any;
}

std::optional<Violation> LargeAllocator::verify(std::size_t run_blocks,
                                                std::size_t run_bytes) const {
  std::size_t blocks = 0;
  std::size_t bytes = 0;
  const Pool* previous = nullptr;
  for (const Pool* header = first_mapped_; header != nullptr; header = header->next) {
    if (header->state != PoolState::LargeMapped || header->previous != previous ||
        header->owner != owner_ || ++blocks > blocks_) {
      return violation("L1", "mapped block %zu at %p is in state %d or wrongly linked", blocks,
                       static_cast<const void*>(header), static_cast<int>(header->state));
    }
    bytes += header->large_bytes;
    previous = header;
  }
  if (blocks + run_blocks != blocks_ || bytes + run_bytes != bytes_ ||
      bytes + blocks * kPoolHeaderBytes != mapped_bytes_) {
    return violation("L2", "%zu mapped + %zu runs != %zu blocks, or %zu + %zu != %zu bytes", blocks,
                     run_blocks, blocks_, bytes, run_bytes, bytes_);
  }
  std::size_t kept_bytes = 0;
  for (std::size_t i = 0; i < kept_count_; ++i) kept_bytes += kept_[i].bytes;
  if (kept_bytes != kept_bytes_) {
    return violation("L3", "%zu bytes of kept mappings, %zu counted", kept_bytes, kept_bytes_);
  }
  return std::nullopt;
}

}  // namespace ouro::heap
