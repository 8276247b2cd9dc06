#include "heap/debug_blocks.h"

#include <algorithm>
#include <cstring>

#include "support/check.h"

#ifdef OURO_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace ouro::heap {

void asan_poison([[maybe_unused]] const void* address, [[maybe_unused]] std::size_t bytes) {
#ifdef OURO_ASAN
  ASAN_POISON_MEMORY_REGION(address, bytes);
#endif
}

void asan_unpoison([[maybe_unused]] const void* address, [[maybe_unused]] std::size_t bytes) {
#ifdef OURO_ASAN
  ASAN_UNPOISON_MEMORY_REGION(address, bytes);
#endif
}

namespace {

constexpr unsigned char kFreshByte = 0xCD;
constexpr unsigned char kFreedByte = 0xDD;
constexpr unsigned char kGuardByte = 0xFB;
constexpr std::size_t kOriginBytes = 56;
constexpr std::size_t kGuardBytes = DebugBlocks::kBackBytes;

/// Values that bytes of a program hardly take by chance.
enum class BlockState : std::uint64_t {
  Live = 0x4f75726f4c697665,
  Quarantined = 0x4f75726f51756172,
  Released = 0x4f75726f52656c73,
};

}  // namespace

struct DebugHeader {
  void* pool_link;  ///< The pool's, while the memory is on its free list; so `state` survives.
  BlockState state;
  std::size_t bytes;
  std::size_t raw_bytes;
  std::uint64_t serial;
  std::uint64_t free_serial;
  DebugHeader* next;  ///< In the quarantine, from older to younger.
  char origin[kOriginBytes];
  unsigned char guard[kGuardBytes];
};
static_assert(sizeof(DebugHeader) == DebugBlocks::kFrontBytes);

namespace {

DebugHeader* header_of(const void* block) {
  return static_cast<DebugHeader*>(const_cast<void*>(DebugBlocks::raw_of(block)));
}

unsigned char* bytes_after(DebugHeader* header) {
  return reinterpret_cast<unsigned char*>(header) + DebugBlocks::kFrontBytes;
}

const unsigned char* bytes_after(const DebugHeader* header) {
  return reinterpret_cast<const unsigned char*>(header) + DebugBlocks::kFrontBytes;
}

/// The index of the first byte that isn't `expected`, or `count`.
std::size_t find_other(const unsigned char* bytes, std::size_t count, unsigned char expected) {
  const unsigned char* end = bytes + count;
  return static_cast<std::size_t>(
      std::find_if(bytes, end, [expected](unsigned char b) { return b != expected; }) - bytes);
}

void poison_guards(const DebugHeader* header) {
  asan_poison(header->guard, kGuardBytes);
  asan_poison(bytes_after(header) + header->bytes, kGuardBytes);
}

void unpoison_guards(const DebugHeader* header) {
  asan_unpoison(header->guard, kGuardBytes);
  asan_unpoison(bytes_after(header) + header->bytes, kGuardBytes);
}

/// How far into the guards somebody wrote, as an offset from the block; 0 when nowhere. (Offset 0
/// is the caller's own, or in a block of no bytes the first guard byte, told as 1.)
std::ptrdiff_t broken_guard_offset(const DebugHeader* header) {
  unpoison_guards(header);
  const std::size_t front = find_other(header->guard, kGuardBytes, kGuardByte);
  const std::size_t back = find_other(bytes_after(header) + header->bytes, kGuardBytes, kGuardByte);
  poison_guards(header);
  if (front < kGuardBytes) {
    return static_cast<std::ptrdiff_t>(front) - static_cast<std::ptrdiff_t>(kGuardBytes);
  }
  if (back < kGuardBytes) {
    return std::max<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(header->bytes + back));
  }
  return 0;
}

/// The offset of the first byte of a quarantined block that was written to, or its size.
std::size_t first_changed_byte(const DebugHeader* header) {
  asan_unpoison(bytes_after(header), header->bytes);
  const std::size_t offset = find_other(bytes_after(header), header->bytes, kFreedByte);
  asan_poison(bytes_after(header), header->bytes);
  return offset;
}

/// A sentence's subject: address, size, serials and origin of the block.
struct Description {
  explicit Description(const DebugHeader* header) {
    const int length = std::snprintf(text, sizeof text, "block %p (%zu bytes, allocation %llu%s%s",
                                     static_cast<const void*>(bytes_after(header)), header->bytes,
                                     static_cast<unsigned long long>(header->serial),
                                     header->origin[0] == '\0' ? "" : " at ", header->origin);
    const auto used = static_cast<std::size_t>(std::max(length, 0));
    if (used >= sizeof text) return;
    if (header->state == BlockState::Live) {
      std::snprintf(text + used, sizeof text - used, ")");
    } else {
      std::snprintf(text + used, sizeof text - used, ", free %llu)",
                    static_cast<unsigned long long>(header->free_serial));
    }
  }
  char text[192];
};

}  // namespace

void* DebugBlocks::dress(void* raw, std::size_t bytes, std::uint64_t serial) {
  asan_unpoison(raw, bytes + kOverheadBytes);
  auto* header = static_cast<DebugHeader*>(raw);
  header->state = BlockState::Live;
  header->bytes = bytes;
  header->raw_bytes = 0;
  header->serial = serial;
  header->free_serial = 0;
  header->next = nullptr;
  header->origin[0] = '\0';
  if (origin_ != nullptr) {
    const std::string_view origin = origin_(origin_context_);
    const std::size_t length = std::min(origin.size(), kOriginBytes - 1);
    std::memcpy(header->origin, origin.data(), length);
    header->origin[length] = '\0';
  }
  unsigned char* block = bytes_after(header);
  std::memset(header->guard, kGuardByte, kGuardBytes);
  std::memset(block, kFreshByte, bytes);
  std::memset(block + bytes, kGuardByte, kGuardBytes);
  poison_guards(header);
  return block;
}

void DebugBlocks::check_live(const void* block) const {
  const DebugHeader* header = header_of(block);
  OURO_CHECK(header->state == BlockState::Live, "use after free of %s",
             header->state == BlockState::Quarantined || header->state == BlockState::Released
                 ? Description(header).text
                 : "what is no block");
  const std::ptrdiff_t offset = broken_guard_offset(header);
  OURO_CHECK(offset == 0, "write outside %s, at offset %td", Description(header).text, offset);
}

void DebugBlocks::retire(void* block, std::uint64_t free_serial, std::size_t raw_bytes) {
  DebugHeader* header = header_of(block);
  OURO_CHECK(header->state != BlockState::Quarantined && header->state != BlockState::Released,
             "double free of %s, now free %llu", Description(header).text,
             static_cast<unsigned long long>(free_serial));
  OURO_CHECK(header->state == BlockState::Live, "bad free of %p, which is no block", block);
  const std::ptrdiff_t offset = broken_guard_offset(header);
  OURO_CHECK(offset == 0, "write outside %s, at offset %td", Description(header).text, offset);
  header->state = BlockState::Quarantined;
  header->free_serial = free_serial;
  header->raw_bytes = raw_bytes;
  header->next = nullptr;
  std::memset(block, kFreedByte, header->bytes);
  asan_poison(block, header->bytes);
  (youngest_ == nullptr ? oldest_ : youngest_->next) = header;
  youngest_ = header;
  ++quarantined_blocks_;
  quarantined_bytes_ += raw_bytes;
}

void* DebugBlocks::release_oldest(bool all) {
  if (oldest_ == nullptr || (!all && quarantined_bytes_ <= quarantine_limit_)) return nullptr;
  DebugHeader* header = oldest_;
  const std::size_t offset = first_changed_byte(header);
  OURO_CHECK(offset == header->bytes, "write after free to %s, at offset %zu",
             Description(header).text, offset);
  oldest_ = header->next;
  if (oldest_ == nullptr) youngest_ = nullptr;
  --quarantined_blocks_;
  quarantined_bytes_ -= header->raw_bytes;
  header->state = BlockState::Released;
  header->next = nullptr;
  return header;
}

std::size_t DebugBlocks::bytes_of(const void* block) { return header_of(block)->bytes; }

std::uint64_t DebugBlocks::serial_of(const void* block) { return header_of(block)->serial; }

const char* DebugBlocks::origin_of(const void* block) { return header_of(block)->origin; }

void* DebugBlocks::live_block(void* raw) {
  auto* header = static_cast<DebugHeader*>(raw);
  return header->state == BlockState::Live ? bytes_after(header) : nullptr;
}

std::optional<Violation> DebugBlocks::verify_block(const void* block) {
  const DebugHeader* header = header_of(block);
  const std::ptrdiff_t offset = broken_guard_offset(header);
  if (offset == 0) return std::nullopt;
  return violation("D1", "write outside %s, at offset %td", Description(header).text, offset);
}

std::optional<Violation> DebugBlocks::verify_quarantine() const {
  std::size_t blocks = 0;
  std::size_t bytes = 0;
  for (const DebugHeader* header = oldest_; header != nullptr; header = header->next) {
    if (header->state != BlockState::Quarantined || ++blocks > quarantined_blocks_) break;
    const std::size_t offset = first_changed_byte(header);
    if (offset != header->bytes) {
      return violation("D2", "write after free to %s, at offset %zu", Description(header).text,
                       offset);
    }
    bytes += header->raw_bytes;
  }
  if (blocks != quarantined_blocks_ || bytes != quarantined_bytes_) {
    return violation("D3", "%zu blocks of %zu bytes in quarantine, %zu of %zu counted", blocks,
                     bytes, quarantined_blocks_, quarantined_bytes_);
  }
  return std::nullopt;
}

}  // namespace ouro::heap
