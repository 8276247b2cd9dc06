// The heap's verifier: walks everything and names the first broken invariant.

#include "heap/heap.h"

namespace ouro::heap {

std::optional<Violation> Heap::verify() const {
  if (auto broken = arenas_.verify()) return broken;
  if (auto broken = verify_bins()) return broken;
  std::size_t run_blocks = 0;
  std::size_t run_bytes = 0;
  if (auto broken = verify_pools(&run_blocks, &run_bytes)) return broken;
  if (auto broken = large_.verify(run_blocks, run_bytes)) return broken;
  const std::size_t arena_bytes = arenas_.count() * geometry_.arena_bytes;
  if (arena_bytes + large_.mapped_bytes() + large_.kept_bytes() != os_.bytes()) {
    return violation("H2", "%zu in arenas + %zu mapped + %zu kept != %zu bytes from the OS",
                     arena_bytes, large_.mapped_bytes(), large_.kept_bytes(), os_.bytes());
  }
  if (!has_debug_blocks_) return std::nullopt;
  if (auto broken = debug_.verify_quarantine()) return broken;
  std::optional<Violation> broken;
  for_each_live([&broken](const void* block, std::size_t, BlockKind) {
    if (!broken) broken = DebugBlocks::verify_block(block);
  });
  return broken;
}

/// What can be seen from the bins: H3, H4, P4.
std::optional<Violation> Heap::verify_bins() const {
  if (no_pool_.free != nullptr || no_pool_.used != 0) {
    return violation("H3", "the stand-in for a current pool was written to");
  }
  for (std::size_t i = 0; i < kBins; ++i) {
    const Bin& bin = bins_[i];
    if (has_current(bin)) {
      if (slow_allocate_) return violation("H4", "bin %zu has a current pool in a slow mode", i);
      if (bin.current->state != PoolState::Current || bin.current->bin != i) {
        return violation("H3", "the current pool of bin %zu is in state %d and of bin %u", i,
                         static_cast<int>(bin.current->state),
                         static_cast<unsigned>(bin.current->bin));
      }
    }
    std::size_t queued = 0;
    const Pool* previous = nullptr;
    for (const Pool* pool = bin.partial.head; pool != nullptr; pool = pool->next) {
      if (++queued > bin.pools || pool->previous != previous || pool->bin != i ||
          pool->state != PoolState::Partial) {
        return violation("P4",
                         "pool %zu in the queue of bin %zu is in state %d, of bin %u, or "
                         "wrongly linked",
                         queued, i, static_cast<int>(pool->state),
                         static_cast<unsigned>(pool->bin));
      }
      previous = pool;
    }
    if (bin.partial.tail != previous) {
      return violation("P4", "the queue of bin %zu ends before its tail", i);
    }
  }
  return std::nullopt;
}

/// Every taken pool by itself, then what the pools must sum to: H1, H3, H5, P4.
std::optional<Violation> Heap::verify_pools(std::size_t* run_blocks, std::size_t* run_bytes) const {
  struct Sum {
    std::uint64_t used = 0;
    std::size_t pools = 0;
    std::size_t partial = 0;
    std::size_t current = 0;
  };
  Sum sums[kBins];
  for (const Arena* arena = arenas_.oldest(); arena != nullptr; arena = arena->next_by_age) {
    for (std::size_t i = arenas_.first_pool(); i < arenas_.pools_per_arena();) {
      const Pool* pool = arenas_.pool_at(arena, i);
      if (!arenas_.is_taken(arena, pool)) {
        ++i;
        continue;
      }
      if (auto broken = verify_header(arena, pool, i)) return broken;
      if (pool->state == PoolState::LargeRun) {
        ++*run_blocks;
        *run_bytes += pool->large_bytes;
        i += pool->run_pools;
        continue;
      }
      if (auto broken = pool->verify()) return broken;
      Sum& sum = sums[pool->bin];
      sum.used += pool->used;
      ++sum.pools;
      sum.partial += pool->state == PoolState::Partial;
      sum.current += pool->state == PoolState::Current;
      ++i;
    }
  }
  for (std::size_t i = 0; i < kBins; ++i) {
    const Bin& bin = bins_[i];
    if (bin.allocations - bin.frees != sums[i].used) {
      return violation("H1", "bin %zu: %llu allocations - %llu frees != %llu used blocks", i,
                       static_cast<unsigned long long>(bin.allocations),
                       static_cast<unsigned long long>(bin.frees),
                       static_cast<unsigned long long>(sums[i].used));
    }
    if (sums[i].current != (has_current(bin) ? 1u : 0u)) {
      return violation("H3", "bin %zu has %zu pools in state Current", i, sums[i].current);
    }
    std::size_t queued = 0;
    for (const Pool* pool = bin.partial.head; pool != nullptr; pool = pool->next) ++queued;
    if (queued != sums[i].partial) {
      return violation("P4", "bin %zu: %zu pools in the queue, %zu in state Partial", i, queued,
                       sums[i].partial);
    }
    if (bin.pools != sums[i].pools) {
      return violation("H5", "bin %zu counts %zu pools and has %zu", i, bin.pools, sums[i].pools);
    }
  }
  return std::nullopt;
}

/// P6, and that the numbers other checks rely on are in range.
std::optional<Violation> Heap::verify_header(const Arena* arena, const Pool* pool,
                                             std::size_t index) const {
  const auto* address = static_cast<const void*>(pool);
  if (pool->arena != arena) {
    return violation("P6", "the pool at %p doesn't name its arena", address);
  }
  if (pool->state == PoolState::LargeRun) {
    if (pool->run_pools == 0 || index + pool->run_pools > arenas_.pools_per_arena() ||
        pool->owner != slow_tag()) {
      return violation("P6", "the run at %p takes %u pools, or has a wrong owner", address,
                       static_cast<unsigned>(pool->run_pools));
    }
    return std::nullopt;
  }
  if (pool->owner != (slow_free_ ? slow_tag() : fast_tag())) {
    return violation("P6", "the pool at %p has a wrong owner tag", address);
  }
  const std::size_t kind = pool->bin / kMaxClasses;
  const std::size_t size_class = pool->bin % kMaxClasses;
  if (kind > 1 || kind != static_cast<std::size_t>(pool->kind) || size_class >= classes_.count() ||
      pool->block_bytes != classes_.block_bytes(size_class) ||
      pool->capacity != classes_.blocks_per_pool(size_class) || pool->uncarved > pool->capacity) {
    return violation("P6", "the pool at %p of bin %u has %u blocks of %u bytes", address,
                     static_cast<unsigned>(pool->bin), static_cast<unsigned>(pool->capacity),
                     pool->block_bytes);
  }
  return std::nullopt;
}

}  // namespace ouro::heap
