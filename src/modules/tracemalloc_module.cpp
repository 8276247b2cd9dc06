// Module _tracemalloc: the tracer's switch and its traces, for the standard library's tracemalloc.
#include "modules/memory_tracer.h"
#include "modules/native_modules.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

/// The tracer when there is one and it is on.
MemoryTracer* running(ThreadState& ts) {
  MemoryTracer* tracer = ts.core.memory_tracer;
  return tracer != nullptr && tracer->is_tracing() ? tracer : nullptr;
}

ObjResult tracemalloc_start(ThreadState& ts, Obj, Args args) {
  std::int64_t frames = 1;
  if (args.size() > 0) {
    frames = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
    if (frames < INT32_MIN || frames > INT32_MAX) {
      return raise(ts, ts.core.exceptions.OverflowError,
                   "Python int too large to convert to C int");
    }
  }
  if (frames < 1 || frames > MemoryTracer::kMaxFrames) {
    return raise_value_error(ts, "the number of frames must be in range [1; {}]",
                             MemoryTracer::kMaxFrames);
  }
  MemoryTracer* tracer = memory_tracer(ts);
  if (tracer == nullptr) return raise_no_memory(ts);
  OURO_TRY(tracer->start(ts, static_cast<int>(frames)));
  return ts.core.none_ref();
}

ObjResult tracemalloc_stop(ThreadState& ts, Obj, Args) {
  if (MemoryTracer* tracer = running(ts)) tracer->stop(ts.space.heap);
  return ts.core.none_ref();
}

ObjResult tracemalloc_is_tracing(ThreadState& ts, Obj, Args) {
  return ts.core.bool_ref(running(ts) != nullptr);
}

ObjResult tracemalloc_clear_traces(ThreadState& ts, Obj, Args) {
  if (MemoryTracer* tracer = running(ts)) tracer->clear();
  return ts.core.none_ref();
}

ObjResult tracemalloc_reset_peak(ThreadState& ts, Obj, Args) {
  if (MemoryTracer* tracer = running(ts)) tracer->reset_peak();
  return ts.core.none_ref();
}

ObjResult tracemalloc_get_traceback_limit(ThreadState& ts, Obj, Args) {
  const MemoryTracer* tracer = ts.core.memory_tracer;
  return Int::from(ts, tracer == nullptr ? 1 : tracer->frame_limit());
}

ObjResult tracemalloc_get_traced_memory(ThreadState& ts, Obj, Args) {
  const MemoryTracer* tracer = running(ts);
  const std::size_t current = tracer == nullptr ? 0 : tracer->traced_bytes();
  const std::size_t peak = tracer == nullptr ? 0 : tracer->peak_bytes();
  Ref<Int> first = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(current)));
  Ref<Int> second = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(peak)));
  return Tuple::of(ts, first, second);
}

ObjResult tracemalloc_get_tracemalloc_memory(ThreadState& ts, Obj, Args) {
  const MemoryTracer* tracer = ts.core.memory_tracer;
  return Int::from(ts, tracer == nullptr ? 0 : static_cast<std::int64_t>(tracer->own_bytes()));
}

ObjResult tracemalloc_get_traces(ThreadState& ts, Obj, Args) {
  if (MemoryTracer* tracer = running(ts)) return tracer->traces(ts);
  return List::create(ts);
}

// A block of an object begins where the object begins.
ObjResult tracemalloc_get_object_traceback(ThreadState& ts, Obj, Args args) {
  if (MemoryTracer* tracer = running(ts)) return tracer->traceback_of(ts, args[0].get());
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"start", tracemalloc_start, 0, 1, MethodDef::kNone,
     "start($module, nframe=1, /)\n--\n\nStart tracing the memory that Python code allocates, with "
     "up to nframe "
     "lines for each block."},
    {"stop", tracemalloc_stop, 0, 0, MethodDef::kNone,
     "stop($module, /)\n--\n\nStop tracing and forget all traces."},
    {"is_tracing", tracemalloc_is_tracing, 0, 0, MethodDef::kNone,
     "is_tracing($module, /)\n--\n\nWhether memory is being traced."},
    {"clear_traces", tracemalloc_clear_traces, 0, 0, MethodDef::kNone,
     "clear_traces($module, /)\n--\n\nForget the traces so far."},
    {"reset_peak", tracemalloc_reset_peak, 0, 0, MethodDef::kNone,
     "reset_peak($module, /)\n--\n\nMake the current size of traced memory its peak."},
    {"get_traceback_limit", tracemalloc_get_traceback_limit, 0, 0, MethodDef::kNone,
     "get_traceback_limit($module, /)\n--\n\nHow many lines a trace may have."},
    {"get_traced_memory", tracemalloc_get_traced_memory, 0, 0, MethodDef::kNone,
     "get_traced_memory($module, /)\n--\n\nThe size of traced memory in bytes: (now, peak)."},
    {"get_tracemalloc_memory", tracemalloc_get_tracemalloc_memory, 0, 0, MethodDef::kNone,
     "get_tracemalloc_memory($module, /)\n--\n\nThe bytes that tracing itself takes."},
    {"_get_traces", tracemalloc_get_traces, 0, 0, MethodDef::kNone,
     "_get_traces($module, /)\n--\n\nA list of (domain, size, traceback, number of frames), one "
     "per traced block."},
    {"_get_object_traceback", tracemalloc_get_object_traceback, 1, 1, MethodDef::kNone,
     "_get_object_traceback($module, obj, /)\n--\n\nThe traceback of the object's block: a tuple "
     "of (filename, "
     "lineno), or None."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_tracemalloc_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_tracemalloc"));
  OURO_TRY(module->add_functions(ts, kMethods));
  return module;
}

}  // namespace ouro
