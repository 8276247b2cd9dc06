#include "heap/heap.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "heap/heap_stats.h"
#include "support/checked_size.h"

namespace ouro::heap {
namespace {

/// Live bytes are sampled at every pool opened and at one in so many pools used again.
constexpr std::uint32_t kReusesPerSample = 16;

/// Calls `visit(Pool*)` for the head of each pool and run that is taken from the arena.
template <typename Visit>
void for_each_taken(const ArenaSet& arenas, const Arena* arena, Visit visit) {
  for (std::size_t i = arenas.first_pool(); i < arenas.pools_per_arena();) {
    Pool* pool = arenas.pool_at(arena, i);
    if (!arenas.is_taken(arena, pool)) {
      ++i;
      continue;
    }
    i += pool->state == PoolState::LargeRun ? pool->run_pools : 1;
    visit(pool);
  }
}

}  // namespace

Heap::Heap(const HeapOptions& options)
    : arena_mask_(~(std::uintptr_t{options.geometry.arena_bytes} - 1)),
      header_mask_((options.geometry.pools_per_arena() - 1) * kPoolHeaderBytes),
      header_shift_(
          static_cast<unsigned>(std::countr_zero(options.geometry.pool_bytes / kPoolHeaderBytes))),
      owner_thread_(pthread_self()),
      bins_{},
      no_pool_{},
      geometry_(options.geometry),
      classes_(options.geometry),
      os_(options.limit_bytes),
      arenas_(options.geometry, os_, options.keep_empty_arenas),
      large_(options.geometry, os_, arenas_, reinterpret_cast<std::uintptr_t>(this) | 1,
             options.keep_mapped_bytes),
      debug_(options.quarantine_bytes),
      has_debug_blocks_(options.debug || (kAsanBuild && options.debug_under_asan)),
      exact_peak_(options.exact_peak),
      fail_once_(options.fail_once),
      fail_in_(options.fail_allocation_at) {
  for (Bin& bin : bins_) bin.current = &no_pool_;
  update_modes();
}

Heap::~Heap() = default;

// Allocation, the long way.

void* Heap::allocate_slow(std::size_t bytes, BlockKind kind) {
  OURO_DCHECK(on_owner_thread(), "heap used by a thread that doesn't own it");
  if (slow_allocate_) return allocate_watched(bytes, kind);
  void* block = allocate_plain(bytes, kind);
  if (block == nullptr) ++failures_;
  return block;
}

void* Heap::allocate_watched(std::size_t bytes, BlockKind kind) {
  ++serial_;
  void* block = nullptr;
  if (!fails_on_purpose()) {
    block = has_debug_blocks_ ? allocate_dressed(bytes, kind) : allocate_plain(bytes, kind);
  }
  if (block == nullptr) {
    ++failures_;
    return nullptr;
  }
  if (exact_peak_) sample_peak();
  if (observer_.allocated != nullptr) observer_.allocated(observer_.context, block, bytes);
  return block;
}

void* Heap::allocate_dressed(std::size_t bytes, BlockKind kind) {
  std::size_t raw_bytes = 0;
  if (!checked_size(bytes, 1, DebugBlocks::kOverheadBytes, &raw_bytes)) return nullptr;
  void* raw = allocate_plain(raw_bytes, kind);
  return raw == nullptr ? nullptr : debug_.dress(raw, bytes, serial_);
}

/// A block without debug dress. Gives back what lies unused before it gives up.
void* Heap::allocate_plain(std::size_t bytes, BlockKind kind) {
  const bool is_large = bytes > classes_.max_bytes();
  const std::size_t size_class = is_large ? 0 : classes_.class_for(bytes);
  const auto attempt = [&] {
    return is_large ? large_.allocate(bytes, kind) : allocate_from_bin(size_class, kind);
  };
  void* block = attempt();
  if (block == nullptr && release_unused()) block = attempt();
  if (block != nullptr && is_large) sample_peak();
  return block;
}

void* Heap::allocate_from_bin(std::size_t size_class, BlockKind kind) {
  Bin& bin = bins_[bin_index(size_class, kind)];
  if (bin.current->free != nullptr) return pop(bin, bin.current);
  return slow_allocate_ ? take_without_current(bin, size_class, kind)
                        : refill(bin, size_class, kind);
}

/// The current pool's list is empty: carves on, or makes another pool the current one.
void* Heap::refill(Bin& bin, std::size_t size_class, BlockKind kind) {
  if (has_current(bin)) {
    if (bin.current->carve()) return pop(bin, bin.current);
    detach_current(bin);
  }
  Pool* pool = bin.partial.head;
  if (pool != nullptr) {
    bin.partial.remove(pool);
    if (++reused_pools_ % kReusesPerSample == 0) sample_peak();
  } else {
    pool = open_pool(bin, size_class, kind);
    if (pool == nullptr) return nullptr;
  }
  pool->set_state(PoolState::Current);
  bin.current = pool;
  if (pool->free == nullptr) pool->carve();
  return pop(bin, pool);
}

/// The slow modes' way: from the first pool with room, which stays in the queue.
void* Heap::take_without_current(Bin& bin, std::size_t size_class, BlockKind kind) {
  Pool* pool = bin.partial.head;
  if (pool == nullptr) {
    pool = open_pool(bin, size_class, kind);
    if (pool == nullptr) return nullptr;
    pool->set_state(PoolState::Partial);
    bin.partial.push(pool);
  }
  if (pool->free == nullptr) pool->carve();
  void* block = pop(bin, pool);
  if (pool->used == pool->capacity) {
    bin.partial.remove(pool);
    pool->set_state(PoolState::Full);
  }
  return block;
}

Pool* Heap::open_pool(Bin& bin, std::size_t size_class, BlockKind kind) {
  Arena* arena = nullptr;
  Pool* pool = arenas_.take(1, &arena);
  if (pool == nullptr) return nullptr;
  pool->open(arena, static_cast<std::uint16_t>(bin_index(size_class, kind)), kind,
             classes_.block_bytes(size_class), classes_.blocks_per_pool(size_class));
  pool->owner = slow_free_ ? slow_tag() : fast_tag();
  ++bin.pools;
  sample_peak();
  return pool;
}

void Heap::close_pool(Bin& bin, Pool* pool) {
  --bin.pools;
  arenas_.give_back(pool->arena, pool, 1);
}

/// Leaves the bin without a current pool.
void Heap::detach_current(Bin& bin) {
  if (!has_current(bin)) return;
  Pool* pool = bin.current;
  bin.current = &no_pool_;
  if (pool->used == 0) {
    close_pool(bin, pool);
  } else if (pool->used == pool->capacity) {
    pool->set_state(PoolState::Full);
  } else {
    pool->set_state(PoolState::Partial);
    bin.partial.push(pool);
  }
}

// Free, the long way.

void Heap::free_slow(void* block) {
  Pool* pool = pool_of(block);
  OURO_CHECK(pool->owner == slow_tag(),
             "bad free of %p: no live block of this heap (foreign, or freed before)", block);
  if (observer_.freed != nullptr) observer_.freed(observer_.context, block);
  if (!has_debug_blocks_) {
    free_plain(block);
    return;
  }
  const void* raw = DebugBlocks::raw_of(block);
  OURO_CHECK(pool->is_large() ? raw == pool->first_block() : pool->is_boundary(raw),
             "bad free of %p: inside a block or between blocks", block);
  debug_.retire(block, ++debug_frees_, pool->is_large() ? pool->large_bytes : pool->block_bytes);
  release_quarantine(false);
}

/// Takes back a block without debug dress.
void Heap::free_plain(void* block) {
  Pool* pool = pool_of(block);
  if (pool->is_large()) {
    OURO_CHECK(block == pool->first_block(), "bad free of %p: inside a large block", block);
    large_.free(pool);
    return;
  }
  if (pool->used - 1 == pool->trigger) {
    free_at_trigger(pool, block);
    return;
  }
  auto* freed = static_cast<FreeBlock*>(block);
  freed->next = pool->free;
  pool->free = freed;
  --pool->used;
  ++bins_[pool->bin].frees;
}

/// The pool was full and gets room, or becomes empty.
void Heap::free_at_trigger(Pool* pool, void* block) {
  Bin& bin = bins_[pool->bin];
  auto* freed = static_cast<FreeBlock*>(block);
  freed->next = pool->free;
  pool->free = freed;
  --pool->used;
  ++bin.frees;
  if (pool->state == PoolState::Full) {
    pool->set_state(PoolState::Partial);
    bin.partial.push(pool);
    return;
  }
  OURO_CHECK(pool->state == PoolState::Partial && pool->used == 0,
             "free of %p in a pool of state %d with %u used blocks", block,
             static_cast<int>(pool->state), pool->used);
  bin.partial.remove(pool);
  close_pool(bin, pool);
}

void Heap::release_quarantine(bool all) {
  while (void* raw = debug_.release_oldest(all)) free_plain(raw);
}

// Sizes.

std::size_t Heap::usable_bytes(const void* block) const {
  if (has_debug_blocks_) return DebugBlocks::bytes_of(block);
  const Pool* pool = pool_of(block);
  return pool->is_large() ? pool->large_bytes : pool->block_bytes;
}

std::size_t Heap::block_bytes_for(std::size_t bytes) const {
  if (bytes <= classes_.max_bytes()) return classes_.block_bytes(classes_.class_for(bytes));
  return large_.block_bytes_for(bytes);
}

void* Heap::reallocate(void* block, std::size_t bytes) {
  if (block == nullptr) return allocate(bytes);
  if (has_debug_blocks_) debug_.check_live(block);
  const std::size_t usable = usable_bytes(block);
  if (!has_debug_blocks_) {
    bool failed = false;
    void* same = reallocate_in_place(block, bytes, usable, &failed);
    if (failed) return nullptr;
    if (same != nullptr) {
      if (observer_.freed != nullptr) observer_.freed(observer_.context, block);
      if (observer_.allocated != nullptr) observer_.allocated(observer_.context, same, bytes);
      return same;
    }
  }
  void* moved = allocate(bytes, pool_of(block)->kind);
  if (moved == nullptr) return bytes <= usable ? block : nullptr;
  std::memcpy(moved, block, std::min(bytes, usable));
  free(block);
  return moved;
}

void Heap::free_for_good(void* block) {
  if (block == nullptr) return;
  const Pool* header = pool_of(block);
  free(block);
  large_.release_kept_at(header);
}

void* Heap::reallocate_past_limit(void* block, std::size_t bytes) {
  void* grown = reallocate(block, bytes);
  const std::size_t limit = limit_bytes();
  if (grown != nullptr || limit == 0) return grown;
  set_limit(0);
  // In an arena it would make room for others, too.
  grown = reallocate(block, std::max(bytes, geometry_.mapping_bytes));
  set_limit(limit);
  return grown;
}

/// The block in its new size, perhaps moved with its pages; null when it takes a copy.
void* Heap::reallocate_in_place(void* block, std::size_t bytes, std::size_t usable, bool* failed) {
  Pool* pool = pool_of(block);
  if (!pool->is_large()) {
    // A block may stay a quarter too big: lists and buffers that breathe would else be copied.
    const bool stays =
        bytes <= usable && (bytes > usable / 4 * 3 || block_bytes_for(bytes) == usable);
    return stays ? block : nullptr;
  }
  if (bytes <= classes_.max_bytes()) return nullptr;
  const bool grows = bytes > usable;
  if (grows && fail_in_ == 1) {
    *failed = fails_on_purpose();
    ++failures_;
    return nullptr;
  }
  void* resized = large_.resize(pool, bytes);
  if (resized != nullptr && grows) {
    if (fail_in_ > 1) --fail_in_;
    ++resizes_;
    sample_peak();
  }
  return resized;
}

// Questions.

bool Heap::owns(const void* address) const {
  if (arenas_.find(address) != nullptr) return true;
  const auto* byte = static_cast<const char*>(address);
  for (Pool* header = large_.first_mapped(); header != nullptr; header = header->next) {
    const char* start = reinterpret_cast<const char*>(header);
    if (byte >= start && byte < header->first_block() + header->large_bytes) return true;
  }
  return false;
}

const void* Heap::block_around(const void* address) const {
  const auto* byte = static_cast<const char*>(address);
  const Pool* home = nullptr;
  const auto look_at = [&](const Pool* pool) {
    const std::size_t bytes =
        pool->is_large() ? pool->large_bytes : std::size_t{pool->capacity} * pool->block_bytes;
    if (byte >= pool->first_block() && byte < pool->first_block() + bytes) home = pool;
  };
  if (const Arena* arena = arenas_.find(address); arena != nullptr) {
    for_each_taken(arenas_, arena, look_at);
  } else {
    for (const Pool* header = large_.first_mapped(); header != nullptr; header = header->next) {
      look_at(header);
    }
  }
  if (home == nullptr) return nullptr;
  const char* raw = home->first_block();
  if (!home->is_large()) {
    const std::size_t index = static_cast<std::size_t>(byte - raw) / home->block_bytes;
    if (index >= home->carved()) return nullptr;
    raw += index * home->block_bytes;
  }
  return has_debug_blocks_ ? raw + DebugBlocks::kFrontBytes : raw;
}

void Heap::check_live(const void* block) const {
  if (has_debug_blocks_) debug_.check_live(block);
}

std::uint64_t Heap::allocation_serial(const void* block) const {
  return has_debug_blocks_ ? DebugBlocks::serial_of(block) : 0;
}

const char* Heap::allocation_origin(const void* block) const {
  return has_debug_blocks_ ? DebugBlocks::origin_of(block) : "";
}

namespace {

/// Collects live blocks and hands them on a batch at a time.
class Batch {
 public:
  Batch(Heap::LiveBatch visit, void* context, bool debug)
      : visit_(visit), context_(context), debug_(debug) {}

  /// @param raw  a block handed out by a pool or the large allocator.
  void add(void* raw, std::size_t bytes, BlockKind kind) {
    void* block = debug_ ? DebugBlocks::live_block(raw) : raw;
    if (block == nullptr) return;
    blocks_[count_++] = {block, debug_ ? DebugBlocks::bytes_of(block) : bytes, kind};
    if (count_ == kBlocks) flush();
  }
  void add_pool(Pool* pool) {
    if (pool->is_large()) {
      add(pool->first_block(), pool->large_bytes, pool->kind);
      return;
    }
    BlockBits is_free;
    pool->mark_free(&is_free);
    const std::size_t carved = pool->carved();
    for (std::size_t i = 0; i < carved; ++i) {
      if (!is_free.test(i)) add(pool->block_at(i), pool->block_bytes, pool->kind);
    }
  }
  void flush() {
    if (count_ > 0) visit_(context_, blocks_, count_);
    count_ = 0;
  }

 private:
  static constexpr std::size_t kBlocks = 128;
  Heap::LiveBatch visit_;
  void* context_;
  bool debug_;
  std::size_t count_ = 0;
  LiveBlock blocks_[kBlocks];
};

}  // namespace

void Heap::walk_live(LiveBatch visit, void* context, std::optional<BlockKind> only) const {
  Batch batch(visit, context, has_debug_blocks_);
  const auto add = [&](Pool* pool) {
    if (!only.has_value() || pool->kind == *only) batch.add_pool(pool);
  };
  for (const Arena* arena = arenas_.oldest(); arena != nullptr; arena = arena->next_by_age) {
    for_each_taken(arenas_, arena, add);
  }
  for (Pool* header = large_.first_mapped(); header != nullptr; header = header->next) add(header);
  batch.flush();
}

std::uint64_t Heap::allocations() const {
  if (has_debug_blocks_) return serial_;
  std::uint64_t total = large_.allocations() + failures_ + resizes_;
  for (const Bin& bin : bins_) total += bin.allocations;
  return total;
}

std::size_t Heap::live_blocks() const {
  std::uint64_t live = large_.blocks() - debug_.quarantined_blocks();
  for (const Bin& bin : bins_) live += bin.allocations - bin.frees;
  return static_cast<std::size_t>(live);
}

std::size_t Heap::live_bytes() const {
  std::uint64_t bytes = large_.bytes() - debug_.quarantined_bytes();
  for (const BlockKind kind : {BlockKind::Raw, BlockKind::Object}) {
    for (std::size_t c = 0; c < classes_.count(); ++c) {
      const Bin& bin = bins_[bin_index(c, kind)];
      bytes += (bin.allocations - bin.frees) * classes_.block_bytes(c);
    }
  }
  return static_cast<std::size_t>(bytes);
}

void Heap::sample_peak() { peak_live_bytes_ = std::max(peak_live_bytes_, live_bytes()); }

// Modes.

bool Heap::fails_on_purpose() {
  if (fail_in_ == 0) return false;
  if (fail_in_ > 1) {
    --fail_in_;
    return false;
  }
  failed_on_purpose_ = true;
  if (fail_once_) {
    fail_in_ = 0;
    update_modes();
  }
  return true;
}

void Heap::set_fail_allocation_at(std::uint64_t n, bool once) {
  fail_in_ = n;
  fail_once_ = once;
  failed_on_purpose_ = false;
  update_modes();
}

void Heap::set_observer(const BlockObserver& observer) {
  observer_ = observer;
  update_modes();
}

void Heap::update_modes() {
  const bool is_observed = observer_.allocated != nullptr || observer_.freed != nullptr;
  const bool slow_free = has_debug_blocks_ || is_observed;
  slow_allocate_ = slow_free || exact_peak_ || fail_in_ != 0;
  if (slow_allocate_) {
    for (Bin& bin : bins_) detach_current(bin);
  }
  if (slow_free == slow_free_) return;
  slow_free_ = slow_free;
  for (const Arena* arena = arenas_.oldest(); arena != nullptr; arena = arena->next_by_age) {
    for_each_taken(arenas_, arena, [this](Pool* pool) {
      if (!pool->is_large()) pool->owner = slow_free_ ? slow_tag() : fast_tag();
    });
  }
}

bool Heap::release_unused() {
  const std::size_t before = os_.bytes();
  const std::size_t free_pools_before = arenas_.free_pools();
  const std::size_t quarantined_before = debug_.quarantined_blocks();
  release_quarantine(true);
  for (Bin& bin : bins_) {
    if (has_current(bin) && bin.current->used == 0) detach_current(bin);
  }
  const bool got_pools = arenas_.free_pools() != free_pools_before;
  large_.release_kept();
  arenas_.release_empty();
  return got_pools || quarantined_before > 0 || os_.bytes() != before;
}

}  // namespace ouro::heap
