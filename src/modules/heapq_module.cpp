// Module _heapq: priority queues in lists. A heap has heap[k] <= heap[2k+1] and heap[k] <=
// heap[2k+2] (>= for the _max functions).
//
// Comparisons run Python code that may change the list: compared items are held, and a list whose
// size has changed is an error.
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/list.h"

namespace ouro {

namespace {

enum class Order : std::uint8_t { Min, Max };

/// heap[a] belongs nearer to the top than heap[b].
template <Order kOrder>
Result<bool> comes_first(ThreadState& ts, List* heap, std::int64_t a, std::int64_t b) {
  const std::int64_t size = heap->size;
  ObjRef left = heap->at(kOrder == Order::Min ? a : b).new_ref();
  ObjRef right = heap->at(kOrder == Order::Min ? b : a).new_ref();
  const bool less = OURO_TRY(compare_is_true(ts, left, right, CompareOp::Less));
  if (heap->size != size)
    return raise(ts, ts.core.exceptions.RuntimeError, "list changed size during iteration");
  return less;
}

/// Moves heap[position] up, at most to `top`, until its parent comes first.
template <Order kOrder>
Status move_up(ThreadState& ts, List* heap, std::int64_t top, std::int64_t position) {
  if (position >= heap->size) return raise(ts, ts.core.exceptions.IndexError, "index out of range");
  while (position > top) {
    const std::int64_t parent = (position - 1) >> 1;
    if (!OURO_TRY(comes_first<kOrder>(ts, heap, position, parent))) break;
    std::swap(heap->items[position], heap->items[parent]);
    position = parent;
  }
  return kDone;
}

/// Lets heap[position] sink to a leaf, its smaller children rising, then moves it up to its place:
/// fewer comparisons than stopping on the way down.
template <Order kOrder>
Status sink(ThreadState& ts, List* heap, std::int64_t position) {
  const std::int64_t size = heap->size;
  const std::int64_t start = position;
  if (position >= size) return raise(ts, ts.core.exceptions.IndexError, "index out of range");
  while (position < size / 2) {
    std::int64_t child = 2 * position + 1;
    if (child + 1 < size && !OURO_TRY(comes_first<kOrder>(ts, heap, child, child + 1))) ++child;
    std::swap(heap->items[position], heap->items[child]);
    position = child;
  }
  return move_up<kOrder>(ts, heap, start, position);
}

Result<List*> heap_argument(ThreadState& ts, Obj value, const char* name, bool only) {
  if (is_list(value)) return as<List>(value);
  return raise_type_error(ts, "{}() argument{} must be list, not {n}", name, only ? "" : " 1",
                          value);
}

template <Order kOrder>
ObjResult pop(ThreadState& ts, Args args, const char* name) {
  List* heap = OURO_TRY(heap_argument(ts, args[0], name, true));
  if (heap->size == 0) return raise(ts, ts.core.exceptions.IndexError, "index out of range");
  ObjRef last = ObjRef::steal(std::exchange(heap->items[heap->size - 1], nullptr));
  --heap->size;
  if (heap->size == 0) return last;
  ObjRef top = ObjRef::steal(std::exchange(heap->items[0], last.release()));
  OURO_TRY(sink<kOrder>(ts, heap, 0));
  return top;
}

template <Order kOrder>
ObjResult replace(ThreadState& ts, Args args, const char* name) {
  List* heap = OURO_TRY(heap_argument(ts, args[0], name, false));
  if (heap->size == 0) return raise(ts, ts.core.exceptions.IndexError, "index out of range");
  ObjRef top = ObjRef::steal(std::exchange(heap->items[0], args[1].new_ref().release()));
  OURO_TRY(sink<kOrder>(ts, heap, 0));
  return top;
}

template <Order kOrder>
ObjResult make_heap(ThreadState& ts, Args args, const char* name) {
  List* heap = OURO_TRY(heap_argument(ts, args[0], name, true));
  for (std::int64_t i = heap->size / 2 - 1; i >= 0; --i) OURO_TRY(sink<kOrder>(ts, heap, i));
  return ts.core.none_ref();
}

ObjResult heappush(ThreadState& ts, Obj, Args args) {
  List* heap = OURO_TRY(heap_argument(ts, args[0], "heappush", false));
  OURO_TRY(heap->append(ts, args[1]));
  OURO_TRY(move_up<Order::Min>(ts, heap, 0, heap->size - 1));
  return ts.core.none_ref();
}

ObjResult heappushpop(ThreadState& ts, Obj, Args args) {
  List* heap = OURO_TRY(heap_argument(ts, args[0], "heappushpop", false));
  if (heap->size == 0) return args[1].new_ref();
  ObjRef top = heap->at(0).new_ref();
  if (!OURO_TRY(compare_is_true(ts, top, args[1], CompareOp::Less))) return args[1].new_ref();
  if (heap->size == 0) return raise(ts, ts.core.exceptions.IndexError, "index out of range");
  top = ObjRef::steal(std::exchange(heap->items[0], args[1].new_ref().release()));
  OURO_TRY(sink<Order::Min>(ts, heap, 0));
  return top;
}

ObjResult heappop(ThreadState& ts, Obj, Args args) { return pop<Order::Min>(ts, args, "heappop"); }
ObjResult heappop_max(ThreadState& ts, Obj, Args args) {
  return pop<Order::Max>(ts, args, "_heappop_max");
}
ObjResult heapreplace(ThreadState& ts, Obj, Args args) {
  return replace<Order::Min>(ts, args, "heapreplace");
}
ObjResult heapreplace_max(ThreadState& ts, Obj, Args args) {
  return replace<Order::Max>(ts, args, "_heapreplace_max");
}
ObjResult heapify(ThreadState& ts, Obj, Args args) {
  return make_heap<Order::Min>(ts, args, "heapify");
}
ObjResult heapify_max(ThreadState& ts, Obj, Args args) {
  return make_heap<Order::Max>(ts, args, "_heapify_max");
}

constexpr MethodDef kFunctions[] = {
    {"heappush", heappush, 2, 2, MethodDef::kNone,
     "heappush($module, heap, item, /)\n--\n\nPush item onto heap, maintaining the heap "
     "invariant."},
    {"heappushpop", heappushpop, 2, 2, MethodDef::kNone,
     "heappushpop($module, heap, item, /)\n--\n\nPush item on the heap, then pop and return the "
     "smallest item from the heap."},
    {"heappop", heappop, 1, 1, MethodDef::kNone,
     "heappop($module, heap, /)\n--\n\nPop the smallest item off the heap, maintaining the heap "
     "invariant."},
    {"heapreplace", heapreplace, 2, 2, MethodDef::kNone,
     "heapreplace($module, heap, item, /)\n--\n\nPop and return the current smallest value, and "
     "add the new item."},
    {"heapify", heapify, 1, 1, MethodDef::kNone,
     "heapify($module, heap, /)\n--\n\nTransform list into a heap, in-place, in O(len(heap)) "
     "time."},
    {"_heappop_max", heappop_max, 1, 1, MethodDef::kNone,
     "_heappop_max($module, heap, /)\n--\n\nMaxheap variant of heappop."},
    {"_heapify_max", heapify_max, 1, 1, MethodDef::kNone,
     "_heapify_max($module, heap, /)\n--\n\nMaxheap variant of heapify."},
    {"_heapreplace_max", heapreplace_max, 2, 2, MethodDef::kNone,
     "_heapreplace_max($module, heap, item, /)\n--\n\nMaxheap variant of heapreplace."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_heapq_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_heapq"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  return module;
}

}  // namespace ouro
