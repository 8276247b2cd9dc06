// GenerationLog: the array of one generation, and how it is done without.
#include <algorithm>
#include <cstring>

#include "gc/collector.h"
#include "support/check.h"

namespace ouro::gc {

namespace {
constexpr std::size_t kFirstCapacity = 1024;
constexpr std::size_t kLargeCapacity = std::size_t{1} << 18;

// A smaller log saves little.
constexpr std::size_t kWorthClosing = 8192;
// To open a log costs a look at every object, watched or not: at most so many for each entry.
constexpr std::size_t kMostBlocksEach = 4;
}  // namespace

GenerationLog::~GenerationLog() { heap_.free(items_); }

void GenerationLog::drop_items() {
  heap_.free_for_good(items_);
  items_ = nullptr;
}

bool GenerationLog::reserve(std::size_t count) {
  if (size_ + count <= capacity_) return true;
  if (holes_ >= count && holes_ > size_ / 2) {
    const bool closes = closed_;
    if (!open()) return false;
    compact();
    if (closes) close();
    return true;
  }
  // A large log is a mapping of its own, which grows without copying: little of it need lie idle.
  const std::size_t more = capacity_ < kLargeCapacity ? capacity_ / 2 : capacity_ / 8;
  const std::size_t wanted = std::max({size_ + count, capacity_ + more, kFirstCapacity});
  if (wanted > kMaxIndex) return false;
  if (!closed_) {
    void* grown = heap_.reallocate_past_limit(items_, wanted * sizeof(Header*));
    if (grown == nullptr) return false;
    items_ = static_cast<Header**>(grown);
  }
  capacity_ = wanted;
  return true;
}

bool GenerationLog::worth_closing() const {
  const std::size_t change = size_ > last_closed_ ? size_ - last_closed_ : last_closed_ - size_;
  return size_ >= kWorthClosing && change > last_closed_ / 8 &&
         heap_.live_blocks() / kMostBlocksEach <= live();
}

void GenerationLog::close() {
  if (closed_) return;
  last_closed_ = size_;
  drop_items();
  closed_ = true;
}

bool GenerationLog::open() {
  if (!closed_) return true;
  auto** items =
      static_cast<Header**>(heap_.reallocate_past_limit(nullptr, capacity_ * sizeof(Header*)));
  if (items == nullptr) return false;
  std::memset(items, 0, size_ * sizeof(Header*));
  std::size_t found = 0;
  for_each_in_any_order([&](Header* object) {
    const std::size_t index = object->gc_payload();
    OURO_CHECK(index < size_ && items[index] == nullptr,
               "G1: a %s of the oldest generation says it is entry %zu of %zu",
               object->type_info->name, index, size_);
    items[index] = object;
    ++found;
  });
  OURO_CHECK(found == live(), "G13: of %zu objects of the oldest generation %zu were found", live(),
             found);
  items_ = items;
  closed_ = false;
  return true;
}

void GenerationLog::reset() {
  size_ = holes_ = 0;
  if (!closed_ && capacity_ < kLargeCapacity) return;
  if (!closed_) drop_items();
  capacity_ = 0;
  closed_ = false;
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
