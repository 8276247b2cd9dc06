// What the files of module _lzma share: errors, memory, filter chains.
#pragma once

#include <lzma.h>

#include "modules/library_support.h"

namespace ouro::lzma {

inline constexpr int kUnknownCheck = LZMA_CHECK_ID_MAX + 1;

inline void* allocate(void*, std::size_t count, std::size_t bytes) {
  return allocate_raw(count * bytes);
}
inline void release(void*, void* block) { free_raw(block); }
/// The library's memory comes from the heap.
inline constexpr lzma_allocator kAllocator = {allocate, release, nullptr};

/// Raises LZMAError (`error`) for a code that says so.
Status check_code(ThreadState& ts, Borrowed<Type> error, lzma_ret code);

/// A chain of filters, from a sequence of dicts.
class FilterChain {
 public:
  FilterChain();
  ~FilterChain();
  FilterChain(const FilterChain&) = delete;
  FilterChain& operator=(const FilterChain&) = delete;
  Status take(ThreadState& ts, Borrowed<Type> error, Obj specification);
  /// Ends with one whose id is LZMA_VLI_UNKNOWN.
  [[nodiscard]] const lzma_filter* get() const { return filters_; }
  [[nodiscard]] bool is_single(lzma_vli id) const {
    return filters_[0].id == id && filters_[1].id == LZMA_VLI_UNKNOWN;
  }

 private:
  lzma_filter filters_[LZMA_FILTERS_MAX + 1];
};

/// The properties of one filter as bytes, and back as a dict.
ObjResult encode_filter(ThreadState& ts, Borrowed<Type> error, Obj specification);
ObjResult decode_filter(ThreadState& ts, Borrowed<Type> error, lzma_vli id, std::string_view data);

}  // namespace ouro::lzma
