// Module _pickle: the unpickler's input, stack and memo.
#include <cstring>

#include "modules/pickle.h"

namespace ouro::pickle {

// -- input ----------------------------------------------------------------------------------------

namespace {

constexpr std::int64_t kPeekBytes = 128 * 1024;

Raised raise_truncated(ThreadState& ts, const Unpickler* self) {
  return raise_unpickling(ts, self, "pickle data was truncated");
}

Status ask_file(ThreadState& ts, Unpickler* self, Object* method, std::int64_t count) {
  const ObjRef held = ObjRef::share(method);
  Ref<Int> size = OURO_TRY(Int::from(ts, count));
  ObjRef data = OURO_TRY(call(ts, held, Obj(size)));
  return set_input(ts, self, data);
}

/// Fills the input with at least `count` bytes, or fewer at the end of the file.
Status refill(ThreadState& ts, Unpickler* self, std::int64_t count) {
  OURO_TRY(skip_peeked(ts, self));
  if (self->peek != nullptr && count < kPeekBytes) {
    // A glance ahead saves many calls; it does not move the file on.
    const Status peeked = ask_file(ts, self, self->peek, kPeekBytes);
    if (peeked.ok()) {
      self->taken = 0;
      if (count <= self->input_size) return kDone;
    } else if (catch_pending(ts, ts.core.exceptions.NotImplementedError)) {
      drop(self->peek);
    } else {
      return Raised{};
    }
  }
  return ask_file(ts, self, self->read, count);
}

}  // namespace

Status set_input(ThreadState& ts, Unpickler* self, Obj data) {
  ObjRef held = data.new_ref();
  const char* bytes;
  std::int64_t size;
  if (is_kind(data, TypeKind::Bytes)) {
    bytes = as<Bytes>(data)->data();
    size = as<Bytes>(data)->length;
  } else {
    if (!BufferView::is_bytes_like(data)) {
      return raise_type_error(ts, "a bytes-like object is required, not '{t}'", data);
    }
    held = OURO_TRY(memoryview_create(ts, data));
    const auto* view = as<MemoryView>(held);
    if (!view->is_contiguous()) {
      return raise(ts, ts.core.exceptions.BufferError,
                   "memoryview: underlying buffer is not C-contiguous");
    }
    bytes = view->start;
    size = view->total_bytes();
  }
  self->bytes = bytes;
  self->input_size = self->taken = size;
  self->position = 0;
  const ObjRef old = ObjRef::steal(std::exchange(self->input, held.release()));
  return kDone;
}

Status skip_peeked(ThreadState& ts, Unpickler* self) {
  const std::int64_t consumed = self->position - self->taken;
  if (consumed <= 0 || self->read == nullptr) return kDone;
  const ObjRef read = ObjRef::share(self->read);
  Ref<Int> size = OURO_TRY(Int::from(ts, consumed));
  ObjRef data = OURO_TRY(call(ts, read, Obj(size)));
  self->taken = self->position;
  return kDone;
}

Result<std::string_view> read_bytes(ThreadState& ts, Unpickler* self, std::int64_t count) {
  if (count > self->input_size - self->position) {
    if (self->read == nullptr) return raise_truncated(ts, self);
    OURO_TRY(refill(ts, self, count));
    if (self->input_size < count) return raise_truncated(ts, self);
  }
  const std::string_view found(self->bytes + self->position, static_cast<std::size_t>(count));
  self->position += count;
  return found;
}

Result<std::string_view> read_line(ThreadState& ts, Unpickler* self) {
  const auto take_line = [&]() -> std::string_view {
    const std::string_view rest(self->bytes + self->position,
                                static_cast<std::size_t>(self->input_size - self->position));
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    self->position += static_cast<std::int64_t>(end) + 1;
    return rest.substr(0, end + 1);
  };
  std::string_view line = take_line();
  if (!line.empty()) return line;
  if (self->read == nullptr) return raise_truncated(ts, self);
  OURO_TRY(skip_peeked(ts, self));
  const ObjRef readline = ObjRef::share(self->readline);
  ObjRef data = OURO_TRY(call(ts, readline));
  OURO_TRY(set_input(ts, self, data));
  line = take_line();
  if (line.empty()) return raise_truncated(ts, self);
  return line;
}

// -- stack ----------------------------------------------------------------------------------------

Raised raise_unpickling(ThreadState& ts, const Unpickler* self, const char* text) {
  return raise(ts, type_in(self->state->unpickling_error), "{}", text);
}

Raised raise_underflow(ThreadState& ts, Unpickler* self) {
  return raise_unpickling(
      ts, self, self->mark_count > 0 ? "unexpected MARK found" : "unpickling stack underflow");
}

namespace {

/// Room for one more in a growing row.
template <class T>
Status make_room(ThreadState& ts, T*& row, std::int64_t size, std::int64_t& capacity) {
  if (size < capacity) return kDone;
  const std::int64_t wanted = capacity * 2 + 16;
  void* block = reallocate_raw(row, static_cast<std::size_t>(wanted) * sizeof(T));
  if (block == nullptr) return raise_no_memory(ts);
  row = static_cast<T*>(block);
  capacity = wanted;
  return kDone;
}

}  // namespace

Status push(ThreadState& ts, Unpickler* self, ObjRef value) {
  OURO_TRY(make_room(ts, self->stack, self->stack_size, self->stack_capacity));
  self->stack[self->stack_size++] = value.release();
  return kDone;
}

ObjResult pop(ThreadState& ts, Unpickler* self) {
  if (self->stack_size <= self->fence) return raise_underflow(ts, self);
  return ObjRef::steal(self->stack[--self->stack_size]);
}

Status push_mark(ThreadState& ts, Unpickler* self) {
  OURO_TRY(make_room(ts, self->marks, self->mark_count, self->mark_capacity));
  self->marks[self->mark_count++] = self->fence = self->stack_size;
  return kDone;
}

Result<std::int64_t> pop_mark(ThreadState& ts, Unpickler* self) {
  if (self->mark_count < 1) return raise_unpickling(ts, self, "could not find MARK");
  const std::int64_t mark = self->marks[--self->mark_count];
  self->fence = self->mark_count > 0 ? self->marks[self->mark_count - 1] : 0;
  return mark;
}

void truncate(Unpickler* self, std::int64_t size) {
  while (self->stack_size > size) decref(self->stack[--self->stack_size]);
}

Result<Ref<Tuple>> pop_tuple(ThreadState& ts, Unpickler* self, std::int64_t start) {
  if (start < self->fence) return raise_underflow(ts, self);
  Ref<Tuple> made = OURO_TRY(
      Tuple::from(ts, self->stack + start, static_cast<std::size_t>(self->stack_size - start)));
  truncate(self, start);
  return made;
}

Result<Ref<List>> pop_list(ThreadState& ts, Unpickler* self, std::int64_t start) {
  if (start < self->fence) return raise_underflow(ts, self);
  Ref<List> made = OURO_TRY(
      List::from(ts, self->stack + start, static_cast<std::size_t>(self->stack_size - start)));
  truncate(self, start);
  return made;
}

// -- memo -----------------------------------------------------------------------------------------

Status memo_put(ThreadState& ts, Unpickler* self, std::int64_t number, Obj value) {
  if (number >= self->memo_capacity) {
    const std::int64_t wanted = number * 2 + 32;
    if (wanted > (std::int64_t{1} << 40)) return raise_no_memory(ts);
    void* block = reallocate_raw(self->memo, static_cast<std::size_t>(wanted) * sizeof(Object*));
    if (block == nullptr) return raise_no_memory(ts);
    self->memo = static_cast<Object**>(block);
    for (std::int64_t i = self->memo_capacity; i < wanted; ++i) self->memo[i] = nullptr;
    self->memo_capacity = wanted;
  }
  Object* old = std::exchange(self->memo[number], value.new_ref().release());
  if (old == nullptr) {
    ++self->memo_size;
  } else {
    decref(old);
  }
  return kDone;
}

void clear_memo(Unpickler* self) {
  Object** memo = std::exchange(self->memo, nullptr);
  const std::int64_t capacity = std::exchange(self->memo_capacity, 0);
  self->memo_size = 0;
  for (std::int64_t i = capacity; i-- > 0;) xdecref(memo[i]);
  if (memo != nullptr) free_raw(memo);
}

}  // namespace ouro::pickle
