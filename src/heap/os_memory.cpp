#include "heap/os_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "heap/debug_blocks.h"
#include "support/check.h"

namespace ouro::heap {
namespace {

void* map_pages(std::size_t bytes, int protection) {
  void* address =
      mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return address == MAP_FAILED ? nullptr : address;
}

/// munmap can fail when it would split one mapping too many; the pages then stay with the process
/// and are dropped, which is all that can be done.
void unmap_pages(void* address, std::size_t bytes) {
  if (bytes == 0) return;
  asan_unpoison(address, bytes);
  if (munmap(address, bytes) != 0) madvise(address, bytes, MADV_DONTNEED);
}

/// Maps too much and gives back what sticks out on both sides.
void* map_aligned(std::size_t bytes, std::size_t alignment, int protection) {
  if (alignment <= page_bytes()) return map_pages(bytes, protection);
  std::size_t reserved = 0;
  if (__builtin_add_overflow(bytes, alignment - page_bytes(), &reserved)) return nullptr;
  void* start = map_pages(reserved, protection);
  if (start == nullptr) return nullptr;
  auto* first = static_cast<char*>(start);
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  const std::size_t before = round_up(address, alignment) - address;
  unmap_pages(first, before);
  unmap_pages(first + before + bytes, reserved - before - bytes);
  return first + before;
}

/// From this many bytes on a heap is taken to grow on: arenas (what is aligned to its size) come
/// with their pages, which costs half of what touching them one by one does.
constexpr std::size_t kPopulateFrom = std::size_t{64} << 20;

void populate(void* address, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  // A kernel that does not know it says so, and nothing is lost.
  (void)madvise(address, bytes, MADV_POPULATE_WRITE);
#else
  (void)address;
  (void)bytes;
#endif
}

}  // namespace

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

void* map_table(std::size_t bytes) { return map_pages(bytes, PROT_READ | PROT_WRITE); }

void unmap_table(void* address, std::size_t bytes) { unmap_pages(address, bytes); }

bool OsMemory::allows(std::size_t more) const {
  return limit_bytes_ == 0 || (bytes_ <= limit_bytes_ && more <= limit_bytes_ - bytes_);
}

void OsMemory::add(std::size_t bytes) {
  bytes_ += bytes;
  peak_bytes_ = std::max(peak_bytes_, bytes_);
}

void* OsMemory::map(std::size_t bytes, std::size_t alignment) {
  if (!allows(bytes)) return nullptr;
  void* address = map_aligned(bytes, alignment, PROT_READ | PROT_WRITE);
  if (address == nullptr) return nullptr;
  asan_unpoison(address, bytes);
  if (alignment == bytes && bytes_ >= kPopulateFrom) populate(address, bytes);
  add(bytes);
  return address;
}

void OsMemory::unmap(void* address, std::size_t bytes) {
  OURO_CHECK(bytes <= bytes_, "unmapping %zu bytes of %zu", bytes, bytes_);
  unmap_pages(address, bytes);
  bytes_ -= bytes;
}

void* OsMemory::resize(void* address, std::size_t old_bytes, std::size_t new_bytes,
                       std::size_t alignment) {
  if (new_bytes <= old_bytes) {
    if (new_bytes < old_bytes) {
      unmap(static_cast<char*>(address) + new_bytes, old_bytes - new_bytes);
    }
    return address;
  }
  if (!allows(new_bytes - old_bytes)) return nullptr;
  void* place = mremap(address, old_bytes, new_bytes, 0);
  if (place == MAP_FAILED) {
    // mremap knows no alignment, so it is told the place.
    void* target = map_aligned(new_bytes, alignment, PROT_NONE);
    if (target == nullptr) return nullptr;
    place = mremap(address, old_bytes, new_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, target);
    if (place == MAP_FAILED) {
      unmap_pages(target, new_bytes);
      return nullptr;
    }
    asan_unpoison(address, old_bytes);
  }
  asan_unpoison(place, new_bytes);
  add(new_bytes - old_bytes);
  return place;
}

}  // namespace ouro::heap
