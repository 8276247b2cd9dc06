// Module _pickle: the pickler's output, frames, and memo.
#include <cstdio>
#include <cstring>

#include "modules/pickle.h"

namespace ouro::pickle {

// -- output ---------------------------------------------------------------------------------------

namespace {

Status reserve(ThreadState& ts, Pickler* self, std::int64_t count) {
  if (self->length + count <= self->capacity) return kDone;
  std::int64_t capacity = self->capacity * 2;
  if (capacity < self->length + count) capacity = self->length + count + 4096;
  void* block = reallocate_raw(self->output, static_cast<std::size_t>(capacity));
  if (block == nullptr) return raise_no_memory(ts);
  self->output = static_cast<char*>(block);
  self->capacity = capacity;
  return kDone;
}

Status call_write(ThreadState& ts, Pickler* self, std::string_view bytes) {
  Ref<Bytes> data = OURO_TRY(Bytes::from(ts, bytes));
  const ObjRef write = ObjRef::share(self->write);
  ObjRef result = OURO_TRY(call(ts, write, Obj(data)));
  return kDone;
}

}  // namespace

Status write_bytes(ThreadState& ts, Pickler* self, std::string_view bytes) {
  const bool opens_frame = self->framing && self->frame_start < 0;
  const auto count = static_cast<std::int64_t>(bytes.size());
  OURO_TRY(reserve(ts, self, count + (opens_frame ? kFrameHeader : 0)));
  if (opens_frame) {
    // The header is filled in when the frame's length is known.
    self->frame_start = self->length;
    std::memset(self->output + self->length, 0, kFrameHeader);
    self->length += kFrameHeader;
  }
  std::memcpy(self->output + self->length, bytes.data(), bytes.size());
  self->length += count;
  return kDone;
}

Status commit_frame(ThreadState&, Pickler* self) {
  if (!self->framing || self->frame_start < 0) return kDone;
  char* start = self->output + self->frame_start;
  const std::int64_t size = self->length - self->frame_start - kFrameHeader;
  if (size >= kFrameLeast) {
    start[0] = static_cast<char>(kFrame);
    for (int i = 0; i < 8; ++i) start[1 + i] = static_cast<char>(size >> (8 * i));
  } else {
    std::memmove(start, start + kFrameHeader, static_cast<std::size_t>(size));
    self->length -= kFrameHeader;
  }
  self->frame_start = -1;
  return kDone;
}

Status flush_output(ThreadState& ts, Pickler* self) {
  if (self->write == nullptr || self->length == 0) return kDone;
  Ref<Bytes> data =
      OURO_TRY(Bytes::from(ts, {self->output, static_cast<std::size_t>(self->length)}));
  self->length = 0;
  const ObjRef write = ObjRef::share(self->write);
  ObjRef result = OURO_TRY(call(ts, write, Obj(data)));
  return kDone;
}

Status end_op(ThreadState& ts, Pickler* self) {
  if (!self->framing || self->frame_start < 0) return kDone;
  if (self->length - self->frame_start - kFrameHeader < kFrameTarget) return kDone;
  OURO_TRY(commit_frame(ts, self));
  // Only whole frames go to the file.
  return flush_output(ts, self);
}

Status write_large(ThreadState& ts, Pickler* self, std::string_view header, std::string_view data) {
  if (static_cast<std::int64_t>(data.size()) < kFrameTarget) {
    OURO_TRY(write_bytes(ts, self, header));
    return write_bytes(ts, self, data);
  }
  OURO_TRY(commit_frame(ts, self));
  const bool framing = std::exchange(self->framing, false);
  const auto write = [&]() -> Status {
    OURO_TRY(write_bytes(ts, self, header));
    if (self->write == nullptr) return write_bytes(ts, self, data);
    OURO_TRY(flush_output(ts, self));
    return call_write(ts, self, data);
  };
  const Status written = write();
  self->framing = framing;
  return written;
}

// -- memo -----------------------------------------------------------------------------------------

namespace {

std::size_t place_of(const Object* object) { return reinterpret_cast<std::uintptr_t>(object) >> 4; }

MemoTable::Entry* find_place(MemoTable::Entry* entries, std::int64_t capacity,
                             const Object* object) {
  const std::size_t mask = static_cast<std::size_t>(capacity) - 1;
  std::size_t at = place_of(object) & mask;
  while (entries[at].object != nullptr && entries[at].object != object) at = (at + 1) & mask;
  return &entries[at];
}

}  // namespace

std::int64_t MemoTable::find(const Object* object) const {
  if (used_ == 0) return -1;
  const Entry* entry = find_place(entries_, capacity_, object);
  return entry->object == nullptr ? -1 : entry->number;
}

Status MemoTable::grow(ThreadState& ts) {
  const std::int64_t capacity = capacity_ == 0 ? 8 : capacity_ * (capacity_ < 50000 ? 4 : 2);
  const std::size_t bytes = static_cast<std::size_t>(capacity) * sizeof(Entry);
  auto* entries = static_cast<Entry*>(allocate_raw(bytes));
  if (entries == nullptr) return raise_no_memory(ts);
  std::memset(static_cast<void*>(entries), 0, bytes);
  for (const Entry& entry : places()) {
    if (entry.object != nullptr) *find_place(entries, capacity, entry.object) = entry;
  }
  free_raw(entries_);
  entries_ = entries;
  capacity_ = capacity;
  return kDone;
}

Status MemoTable::add(ThreadState& ts, Obj object, std::int64_t number) {
  if ((used_ + 1) * 3 > capacity_ * 2) OURO_TRY(grow(ts));
  Entry* entry = find_place(entries_, capacity_, object.get());
  if (entry->object == nullptr) {
    entry->object = object.new_ref().release();
    ++used_;
  }
  entry->number = number;
  return kDone;
}

void MemoTable::clear() {
  Entry* entries = std::exchange(entries_, nullptr);
  const std::int64_t capacity = std::exchange(capacity_, 0);
  used_ = 0;
  for (std::int64_t i = 0; i < capacity; ++i) xdecref(entries[i].object);
  if (entries != nullptr) free_raw(entries);
}

Status write_get(ThreadState& ts, Pickler* self, std::int64_t number) {
  char text[32];
  int size;
  if (self->bin == 0) {
    size = std::snprintf(text, sizeof text, "g%lld\n", static_cast<long long>(number));
  } else if (number < 256) {
    text[0] = kBinGet;
    text[1] = static_cast<char>(number);
    size = 2;
  } else {
    text[0] = kLongBinGet;
    for (int i = 0; i < 4; ++i) text[1 + i] = static_cast<char>(number >> (8 * i));
    size = 5;
  }
  return write_bytes(ts, self, {text, static_cast<std::size_t>(size)});
}

Status memoize(ThreadState& ts, Pickler* self, Obj object) {
  if (self->fast != 0) return kDone;
  const std::int64_t number = self->memo.size();
  OURO_TRY(self->memo.add(ts, object, number));
  if (self->protocol >= 4) return write_op(ts, self, kMemoize);
  char text[32];
  int size;
  if (self->bin == 0) {
    size = std::snprintf(text, sizeof text, "p%lld\n", static_cast<long long>(number));
  } else if (number < 256) {
    text[0] = kBinPut;
    text[1] = static_cast<char>(number);
    size = 2;
  } else {
    text[0] = kLongBinPut;
    for (int i = 0; i < 4; ++i) text[1 + i] = static_cast<char>(number >> (8 * i));
    size = 5;
  }
  return write_bytes(ts, self, {text, static_cast<std::size_t>(size)});
}

}  // namespace ouro::pickle
