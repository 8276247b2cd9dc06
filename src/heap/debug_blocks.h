// Debug blocks: guard bytes, fill patterns and a quarantine round each block.
//
//   | header: serials, size, origin | guard | the caller's bytes | guard |
//
// Fresh bytes are 0xCD, freed ones 0xDD. A freed block waits in the quarantine, first in first out,
// before its memory is used again: a write through a stale pointer is then seen when the block
// leaves or at the next verify(), and a second free is seen at once. In ASan builds guards and
// freed bytes are poisoned as well, so that the stale access itself is reported.
//
// Invariants:
//   D1  the guards of each live block are intact
//   D2  the bytes of each quarantined block are all 0xDD
//   D3  the quarantine's counts are those of its blocks
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "support/violation.h"

#if defined(__SANITIZE_ADDRESS__)
#define OURO_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OURO_ASAN 1
#endif
#endif

namespace ouro::heap {

#ifdef OURO_ASAN
inline constexpr bool kAsanBuild = true;
#else
inline constexpr bool kAsanBuild = false;
#endif

/// Tells ASan that nobody may, or everybody may, touch the bytes. Nothing in other builds.
void asan_poison(const void* address, std::size_t bytes);
void asan_unpoison(const void* address, std::size_t bytes);

/// Says where an allocation comes from, such as "main.py:3". The text is copied, up to 55 bytes.
/// Must not allocate from the heap that asks.
using OriginProvider = std::string_view (*)(void* context);

struct DebugHeader;

class DebugBlocks {
 public:
  /// What a block takes beyond the caller's bytes.
  static constexpr std::size_t kFrontBytes = 128;
  static constexpr std::size_t kBackBytes = 16;
  static constexpr std::size_t kOverheadBytes = kFrontBytes + kBackBytes;

  /// @param quarantine_bytes  how much freed memory waits at most, counted in bytes of the memory
  ///   beneath.
  explicit DebugBlocks(std::size_t quarantine_bytes) : quarantine_limit_(quarantine_bytes) {}

  void set_origin_provider(OriginProvider provider, void* context) {
    origin_ = provider;
    origin_context_ = context;
  }

  /// Turns raw memory of `bytes + kOverheadBytes` into a block; returns the caller's part.
  [[nodiscard]] void* dress(void* raw, std::size_t bytes, std::uint64_t serial);
  /// Checks the block that is being freed and puts it into the quarantine. Reports and aborts on a
  /// double free, a bad free, or a broken guard. `raw_bytes` is what the memory beneath can hold.
  void retire(void* block, std::uint64_t free_serial, std::size_t raw_bytes);
  /// Takes the oldest block out when the quarantine is over its limit, or whenever `all`; checks
  /// that nobody wrote to it. Null when none has to leave. Returns the raw memory.
  [[nodiscard]] void* release_oldest(bool all);

  /// Reports and aborts unless the block is live and its guards are intact.
  void check_live(const void* block) const;
  [[nodiscard]] static std::size_t bytes_of(const void* block);
  /// The serial number of the block's allocation.
  [[nodiscard]] static std::uint64_t serial_of(const void* block);
  /// What the origin provider said when the block was allocated; good as long as the block lives.
  [[nodiscard]] static const char* origin_of(const void* block);
  /// The caller's part if the raw block is live, else null.
  [[nodiscard]] static void* live_block(void* raw);
  [[nodiscard]] static const void* raw_of(const void* block) {
    return static_cast<const char*>(block) - kFrontBytes;
  }

  [[nodiscard]] std::size_t quarantined_blocks() const { return quarantined_blocks_; }
  [[nodiscard]] std::size_t quarantined_bytes() const { return quarantined_bytes_; }

  /// D1 of one live block.
  [[nodiscard]] static std::optional<Violation> verify_block(const void* block);
  /// D2 and D3.
  [[nodiscard]] std::optional<Violation> verify_quarantine() const;

 private:
  friend struct HeapTestAccess;

  const std::size_t quarantine_limit_;
  OriginProvider origin_ = nullptr;
  void* origin_context_ = nullptr;
  DebugHeader* oldest_ = nullptr;
  DebugHeader* youngest_ = nullptr;
  std::size_t quarantined_blocks_ = 0;
  std::size_t quarantined_bytes_ = 0;
};

}  // namespace ouro::heap
