#include "heap/heap_stats.h"

#include <algorithm>
#include <cstdio>

#include "heap/heap.h"

namespace ouro::heap {

HeapStats Heap::stats() const {
  HeapStats stats{};
  stats.allocations = allocations();
  stats.failed_allocations = failures_;
  stats.live_blocks = live_blocks();
  stats.live_bytes = live_bytes();
  stats.peak_live_bytes = std::max(peak_live_bytes_, stats.live_bytes);
  stats.os_bytes = os_.bytes();
  stats.peak_os_bytes = os_.peak_bytes();
  stats.limit_bytes = os_.limit_bytes();
  stats.arenas = arenas_.count();
  stats.empty_arenas = arenas_.empty_count();
  stats.arena_bytes = geometry_.arena_bytes;
  stats.free_pools = arenas_.free_pools();
  stats.pool_bytes = geometry_.pool_bytes;
  stats.large_blocks = large_.blocks();
  stats.large_bytes = large_.bytes();
  stats.mapped_bytes = large_.mapped_bytes();
  stats.kept_mapped_bytes = large_.kept_bytes();
  stats.quarantined_blocks = debug_.quarantined_blocks();
  stats.quarantined_bytes = debug_.quarantined_bytes();
  stats.classes = classes_.count();
  for (const BlockKind kind : {BlockKind::Raw, BlockKind::Object}) {
    ClassStats* rows = kind == BlockKind::Raw ? stats.raw : stats.object;
    for (std::size_t c = 0; c < classes_.count(); ++c) {
      const Bin& bin = bins_[bin_index(c, kind)];
      const auto live = static_cast<std::size_t>(bin.allocations - bin.frees);
      rows[c] = {classes_.block_bytes(c), bin.pools, live,
                 bin.pools * classes_.blocks_per_pool(c) - live, bin.allocations};
      stats.pools += bin.pools;
    }
  }
  return stats;
}

namespace {

void write_classes(std::FILE* out, const char* kind, const ClassStats* rows, std::size_t count) {
  for (std::size_t c = 0; c < count; ++c) {
    const ClassStats& row = rows[c];
    if (row.allocations == 0) continue;
    std::fprintf(out, "%-8s %8zu %8zu %12zu %12zu %14zu %14llu\n", kind, row.block_bytes, row.pools,
                 row.live_blocks, row.free_blocks, row.live_blocks * row.block_bytes,
                 static_cast<unsigned long long>(row.allocations));
  }
}

}  // namespace

void Heap::write_stats(std::FILE* out) const {
  const HeapStats s = stats();
  std::fprintf(out, "allocations      %llu (%llu failed)\n",
               static_cast<unsigned long long>(s.allocations),
               static_cast<unsigned long long>(s.failed_allocations));
  std::fprintf(out, "live             %zu blocks, %zu bytes, peak %zu bytes\n", s.live_blocks,
               s.live_bytes, s.peak_live_bytes);
  std::fprintf(out, "from the system  %zu bytes, peak %zu bytes, ", s.os_bytes, s.peak_os_bytes);
  if (s.limit_bytes == 0) {
    std::fprintf(out, "no limit, ");
  } else {
    std::fprintf(out, "limit %zu bytes, ", s.limit_bytes);
  }
  std::fprintf(out, "%.1f %% unused\n", s.fragmentation() * 100);
  std::fprintf(out, "arenas           %zu of %zu bytes, %zu empty\n", s.arenas, s.arena_bytes,
               s.empty_arenas);
  std::fprintf(out, "pools            %zu of %zu bytes, %zu more free\n", s.pools, s.pool_bytes,
               s.free_pools);
  std::fprintf(out, "large            %zu blocks, %zu bytes; %zu bytes mapped, %zu kept\n",
               s.large_blocks, s.large_bytes, s.mapped_bytes, s.kept_mapped_bytes);
  if (s.quarantined_blocks > 0) {
    std::fprintf(out, "quarantine       %zu blocks, %zu bytes\n", s.quarantined_blocks,
                 s.quarantined_bytes);
  }
  std::fprintf(out, "%-8s %8s %8s %12s %12s %14s %14s\n", "kind", "bytes", "pools", "live", "free",
               "live bytes", "allocations");
  write_classes(out, "object", s.object, s.classes);
  write_classes(out, "raw", s.raw, s.classes);
}

}  // namespace ouro::heap
