// GenerationLog: the array of one generation.
#include <algorithm>

#include "gc/collector.h"

namespace ouro::gc {

namespace {
constexpr std::size_t kFirstCapacity = 1024;
constexpr std::size_t kLargeCapacity = std::size_t{1} << 18;
}  // namespace

GenerationLog::~GenerationLog() { heap_.free(items_); }

bool GenerationLog::reserve(std::size_t count) {
  if (size_ + count <= capacity_) return true;
  if (holes_ >= count && holes_ > size_ / 2) {
    compact();
    return true;
  }
  // A large log is a mapping of its own, which grows without copying: little of it need lie idle.
  const std::size_t more = capacity_ < kLargeCapacity ? capacity_ / 2 : capacity_ / 8;
  const std::size_t wanted = std::max({size_ + count, capacity_ + more, kFirstCapacity});
  if (wanted > kMaxIndex) return false;
  void* grown = heap_.reallocate_past_limit(items_, wanted * sizeof(Header*));
  if (grown == nullptr) return false;
  items_ = static_cast<Header**>(grown);
  capacity_ = wanted;
  return true;
}

void GenerationLog::reset() {
  size_ = holes_ = 0;
  if (capacity_ < kLargeCapacity) return;
  heap_.free(items_);
  items_ = nullptr;
  capacity_ = 0;
}

void GenerationLog::compact() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    Header* object = items_[i];
    if (object == nullptr) continue;
    object->set_gc_payload(static_cast<std::uint32_t>(kept));
    items_[kept++] = object;
  }
  size_ = kept;
  holes_ = 0;
}

}  // namespace ouro::gc
