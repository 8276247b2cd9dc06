// Module _queue: SimpleQueue, an unbounded queue whose put() may be called in finalizers and signal
// handlers: no Python code runs between its steps.
#include <algorithm>
#include <ctime>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/thread.h"
#include "modules/time_support.h"

namespace ouro {

namespace {

/// A ring of items. Invariants: Q1 count <= capacity; Q2 places [first, first + count), taken
/// around the end, own their references.
struct SimpleQueue : Object {
  Object** items;
  std::uint32_t capacity, first, count;
  int waiting;     // threads in get()
  sem_t arrivals;  // posted once for each item that came while threads waited
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    for (std::uint32_t i = 0; i < count; ++i) {
      v.edge(items[(first + i) % capacity], gc::index_label(i));
    }
  }
};

SimpleQueue* queue_of(Obj self) { return as<SimpleQueue>(self); }

Object* take_first(SimpleQueue* queue) {
  Object* item = queue->items[queue->first];
  queue->first = (queue->first + 1) % queue->capacity;
  --queue->count;
  return item;
}

bool grow(SimpleQueue* queue) {
  constexpr std::uint32_t kFirstCapacity = 8;
  if (queue->capacity > UINT32_MAX / 2) return false;
  const std::uint32_t capacity = std::max(kFirstCapacity, queue->capacity * 2);
  auto** items = static_cast<Object**>(allocate_raw(capacity * sizeof(Object*)));
  if (items == nullptr) return false;
  for (std::uint32_t i = 0; i < queue->count; ++i) {
    items[i] = queue->items[(queue->first + i) % queue->capacity];
  }
  free_raw(std::exchange(queue->items, items));
  queue->capacity = capacity;
  queue->first = 0;
  return true;
}

void queue_clear(gc::Header* header) {
  auto* queue = static_cast<SimpleQueue*>(header);
  while (queue->count > 0) decref(take_first(queue));
}

void queue_dealloc(gc::Header* header) {
  auto* queue = static_cast<SimpleQueue*>(header);
  untrack(queue);
  if (queue->weaklist != nullptr) clear_weak_references(queue);
  queue_clear(queue);
  free_raw(std::exchange(queue->items, nullptr));
  sem_destroy(&queue->arrivals);
  free_object(queue);
}

ObjResult queue_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (args.count > 0 || args.keyword_count() > 0) {
    OURO_TRY(refuse_make_keywords(ts, type, args, "SimpleQueue"));
    if (args.count > 0) {
      return raise_type_error(ts, "SimpleQueue expected 0 arguments, got {}", args.count);
    }
  }
  Ref<SimpleQueue> made = OURO_TRY(new_object<SimpleQueue>(ts, type, type->info.basic_bytes));
  sem_init(&made->arrivals, 0, 0);
  OURO_TRY(track(ts, made));
  return made;
}

Status append(ThreadState& ts, SimpleQueue* queue, Obj item) {
  if (queue->count == queue->capacity && !grow(queue)) return raise_no_memory(ts);
  queue->items[(queue->first + queue->count) % queue->capacity] = item.new_ref().release();
  ++queue->count;
  if (queue->waiting > 0) sem_post(&queue->arrivals);
  return kDone;
}

ObjResult queue_put(ThreadState& ts, Obj self, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "put", {"item", "block", "timeout"}, 1, values));
  OURO_TRY(append(ts, queue_of(self), values[0]));
  return ts.core.none_ref();
}

ObjResult queue_put_nowait(ThreadState& ts, Obj self, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "put_nowait", {"item"}, 1, values));
  OURO_TRY(append(ts, queue_of(self), values[0]));
  return ts.core.none_ref();
}

std::int64_t monotonic_nanos() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

/// The first item; waits up to `limit` ns for one (-1: for ever). Empty when none came.
ObjResult get_item(ThreadState& ts, Obj self, std::int64_t limit) {
  SimpleQueue* queue = queue_of(self);
  const std::int64_t start = limit > 0 ? monotonic_nanos() : 0;
  while (queue->count == 0) {
    std::int64_t left = limit;
    if (limit > 0) left = std::max<std::int64_t>(limit - (monotonic_nanos() - start), 0);
    bool arrived = false;
    if (left != 0) {
      ++queue->waiting;
      const Result<bool> waited = wait_for(ts, queue->arrivals, left);
      --queue->waiting;
      arrived = OURO_TRY(waited);
    }
    if (!arrived && queue->count == 0) {
      return raise_with(ts, as<Type>(companion(self->type())), nullptr);
    }
  }
  return ObjRef::steal(take_first(queue));
}

ObjResult queue_get(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "get", {"block", "timeout"}, 0, values));
  const bool blocks = !values[0] || OURO_TRY(is_true(ts, values[0]));
  if (!blocks) return get_item(ts, self, 0);
  if (!values[1] || is_none(values[1])) return get_item(ts, self, -1);
  const std::int64_t limit = OURO_TRY(duration_argument(ts, values[1]));
  if (limit < 0) return raise_value_error(ts, "'timeout' must be a non-negative number");
  return get_item(ts, self, limit);
}

ObjResult queue_get_nowait(ThreadState& ts, Obj self, Args) { return get_item(ts, self, 0); }
ObjResult queue_empty(ThreadState& ts, Obj self, Args) {
  return ts.core.bool_ref(queue_of(self)->count == 0);
}
ObjResult queue_size(ThreadState& ts, Obj self, Args) {
  return Int::from(ts, queue_of(self)->count);
}

constexpr MethodDef kMethods[] = {
    {"put", queue_put, 0, -1, MethodDef::kKeywords,
     "put($self, /, item, block=True, timeout=None)\n--\n\nPut the item on the queue. The optional "
     "'block' and 'timeout' arguments are ignored, as this method never blocks."},
    {"put_nowait", queue_put_nowait, 0, -1, MethodDef::kKeywords,
     "put_nowait($self, /, item)\n--\n\nPut an item into the queue without blocking."},
    {"get", queue_get, 0, -1, MethodDef::kKeywords,
     "get($self, /, block=True, timeout=None)\n--\n\nRemove and return an item from the queue; "
     "Empty when there is none and the wait is over."},
    {"get_nowait", queue_get_nowait, 0, 0, MethodDef::kNone,
     "get_nowait($self, /)\n--\n\nRemove and return an item from the queue without blocking."},
    {"empty", queue_empty, 0, 0, MethodDef::kNone,
     "empty($self, /)\n--\n\nReturn True if the queue is empty, False otherwise (not reliable!)."},
    {"qsize", queue_size, 0, 0, MethodDef::kNone,
     "qsize($self, /)\n--\n\nReturn the approximate size of the queue (not reliable!)."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_queue(Type& type) {
  init_collected<SimpleQueue>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc = queue_dealloc;
  type.info.clear = queue_clear;
  type.info.weaklist_offset = offsetof(SimpleQueue, weaklist);
  type.make = queue_make;
  type.methods = kMethods;
}

}  // namespace

Result<Ref<Module>> create_queue_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_queue"));
  Ref<Type> empty = OURO_TRY(make_error_class(ts, "_queue", "Empty", ts.core.exceptions.Exception));
  OURO_TRY(dict_set(ts, module->dict, "Empty", Obj(empty)));
  Ref<Type> queue =
      OURO_TRY(add_native_type(ts, module,
                               {"SimpleQueue", "_queue", sizeof(SimpleQueue), 0, 0, fill_queue,
                                "SimpleQueue()\n--\n\nSimple, unbounded, reentrant FIFO queue."}));
  OURO_TRY(set_companions(ts, queue, {Obj(empty)}));
  return module;
}

}  // namespace ouro
