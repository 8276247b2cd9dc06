// Module gc: the collector as Python programs see it.
#include "gc/collector.h"

#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/container_support.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

// What the collector's hooks need: lives in the module's state, in the heap.
struct GcModuleState {
  List* callbacks;  // owned
  List* garbage;    // owned
};

gc::Collector& collector_of(ThreadState& ts) { return ts.space.collector; }

Result<int> int_argument(ThreadState& ts, Obj value) {
  const std::int64_t wide = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (wide < INT32_MIN || wide > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return static_cast<int>(wide);
}

// -- hooks -----------------------------------------------------------------------------------------------------------

Status call_callbacks(ThreadState& ts, GcModuleState& state, const char* phase, int generation, std::size_t collected,
                      std::size_t uncollectable) {
  Ref<Dict> info = OURO_TRY(Dict::create(ts));
  Ref<Int> number = OURO_TRY(Int::from(ts, generation));
  OURO_TRY(dict_set(ts, info, "generation", Obj(number)));
  number = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(collected)));
  OURO_TRY(dict_set(ts, info, "collected", Obj(number)));
  number = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(uncollectable)));
  OURO_TRY(dict_set(ts, info, "uncollectable", Obj(number)));
  Ref<Str> phase_name = OURO_TRY(intern(ts, phase));
  // A callback may change the list: ask for its size each time, hold what is called.
  for (std::int64_t i = 0; i < state.callbacks->size; ++i) {
    ObjRef callback = state.callbacks->at(i).new_ref();
    if (call(ts, callback, phase_name, info).raised()) report_unraisable(ts, callback);
  }
  return kDone;
}

void notify(void* context, const char* phase, int generation, std::size_t collected, std::size_t uncollectable) {
  auto& state = *static_cast<GcModuleState*>(context);
  if (state.callbacks == nullptr || state.callbacks->size == 0) return;
  ThreadState& ts = *current_thread_state();
  SavedPending saved(ts);
  if (call_callbacks(ts, state, phase, generation, collected, uncollectable).raised()) report_unraisable(ts, nullptr);
}

void call_weakref_callback(void*, gc::WeakReference* reference) {
  ThreadState& ts = *current_thread_state();
  SavedPending saved(ts);
  ObjRef callback = Obj(static_cast<Object*>(reference->callback)).new_ref();
  if (call(ts, callback, Obj(static_cast<Object*>(static_cast<gc::Header*>(reference)))).raised()) {
    report_unraisable(ts, callback);
  }
}

void keep_garbage(void* context, gc::Header* object) {
  auto& state = *static_cast<GcModuleState*>(context);
  if (state.garbage == nullptr) return;
  ThreadState& ts = *current_thread_state();
  SavedPending saved(ts);
  if (state.garbage->append(ts, Obj(static_cast<Object*>(object))).raised()) clear_pending(ts);
}

void write_debug_text(void*, const char* text, std::size_t length) {
  write_stderr(*current_thread_state(), {text, length});
}

void drop_caches(void*) {
  CoreObjects& core = current_thread_state()->core;
  core.free_lists = 0;
  core.free_dicts = 0;
  for (std::uint16_t& count : core.free_tuples) count = 0;
}

bool exception_pending(void*) { return current_thread_state()->pending != nullptr; }

void free_state(Module* module) {
  auto* state = static_cast<GcModuleState*>(module->state);
  if (state == nullptr) return;
  gc::current_space()->collector.set_hooks({});
  xdecref(std::exchange(state->callbacks, nullptr));
  xdecref(std::exchange(state->garbage, nullptr));
  free_raw(std::exchange(module->state, nullptr));
}

// -- functions -------------------------------------------------------------------------------------------------------

ObjResult gc_enable(ThreadState& ts, Obj, Args) {
  collector_of(ts).set_enabled(true);
  return ts.core.none_ref();
}

ObjResult gc_disable(ThreadState& ts, Obj, Args) {
  collector_of(ts).set_enabled(false);
  return ts.core.none_ref();
}

ObjResult gc_isenabled(ThreadState& ts, Obj, Args) { return ts.core.bool_ref(collector_of(ts).enabled()); }

ObjResult gc_collect(ThreadState& ts, Obj, Args args) {
  Obj generation_arg[1];
  OURO_TRY(parse_args(ts, args, "collect", {"generation"}, 0, generation_arg));
  int generation = 2;
  if (generation_arg[0]) generation = OURO_TRY(int_argument(ts, generation_arg[0]));
  if (generation < 0 || generation > 2) return raise_value_error(ts, "invalid generation");
  const std::size_t found = collector_of(ts).collect({.generation = generation, .cause = gc::Cause::Explicit});
  if (collector_of(ts).gave_up()) return raise_no_memory(ts);
  return Int::from(ts, static_cast<std::int64_t>(found));
}

ObjResult gc_set_debug(ThreadState& ts, Obj, Args args) {
  collector_of(ts).set_debug_flags(static_cast<unsigned>(OURO_TRY(int_argument(ts, args[0]))));
  return ts.core.none_ref();
}

ObjResult gc_get_debug(ThreadState& ts, Obj, Args) { return Int::from(ts, collector_of(ts).debug_flags()); }

ObjResult gc_set_threshold(ThreadState& ts, Obj, Args args) {
  if (args.size() < 1 || args.size() > 3) {
    return raise_type_error(ts, "set_threshold() takes at {} {} argument{} ({} given)", args.size() < 1 ? "least" : "most",
                            args.size() < 1 ? 1 : 3, args.size() < 1 ? "" : "s", args.size());
  }
  int values[3];
  for (std::uint32_t i = 0; i < args.size(); ++i) values[i] = OURO_TRY(int_argument(ts, args[i]));
  for (std::uint32_t i = 0; i < args.size(); ++i) collector_of(ts).set_threshold(static_cast<int>(i), values[i]);
  return ts.core.none_ref();
}

ObjResult three_numbers(ThreadState& ts, int a, int b, int c) {
  Ref<Int> first = OURO_TRY(Int::from(ts, a));
  Ref<Int> second = OURO_TRY(Int::from(ts, b));
  Ref<Int> third = OURO_TRY(Int::from(ts, c));
  return Tuple::of(ts, first, second, third);
}

ObjResult gc_get_threshold(ThreadState& ts, Obj, Args) {
  const gc::Collector& collector = collector_of(ts);
  return three_numbers(ts, collector.threshold(0), collector.threshold(1), collector.threshold(2));
}

ObjResult gc_get_count(ThreadState& ts, Obj, Args) {
  const gc::Collector& collector = collector_of(ts);
  return three_numbers(ts, collector.count(0), collector.count(1), collector.count(2));
}

ObjResult gc_get_stats(ThreadState& ts, Obj, Args) {
  // The numbers first: making the dicts may collect.
  gc::GenerationStats stats[3];
  for (int i = 0; i < 3; ++i) stats[i] = collector_of(ts).stats(i);
  Ref<List> result = OURO_TRY(List::create(ts, 3));
  for (const gc::GenerationStats& generation : stats) {
    Ref<Dict> row = OURO_TRY(Dict::create(ts));
    const std::pair<const char*, std::size_t> items[] = {
        {"collections", generation.collections}, {"collected", generation.collected}, {"uncollectable", generation.uncollectable}};
    for (const auto& [name, value] : items) {
      Ref<Int> number = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(value)));
      OURO_TRY(dict_set(ts, row, name, Obj(number)));
    }
    OURO_TRY(result->append(ts, row));
  }
  return result;
}

// Appends the tracked objects of a generation that `wanted` accepts, in order. Appending to a list with room runs no Python
// code, but growing a list may fail, so the objects are counted first and the room is made before the walk.
template <class Wanted>
Status append_tracked(ThreadState& ts, Borrowed<List> result, int generation, Wanted wanted) {
  Status status = kDone;
  const bool walked = collector_of(ts).for_each(generation, [&](gc::Header* header) {
    auto* object = static_cast<Object*>(header);
    if (object == result.get() || status.raised() || !wanted(object)) return;
    status = result->append(ts, Obj(object));
  });
  if (!walked) return raise_no_memory(ts);
  return status;
}

constexpr int kAllGenerations = -1;  // CPython's own code for None, which programs may use as well

ObjResult gc_get_objects(ThreadState& ts, Obj, Args args) {
  Obj generation_arg[1];
  OURO_TRY(parse_args(ts, args, "get_objects", {"generation"}, 0, generation_arg));
  Ref<List> result = OURO_TRY(List::create(ts));
  const auto all = [](Object*) { return true; };
  int generation = kAllGenerations;
  if (generation_arg[0] && !is_none(generation_arg[0])) {
    if (!has_index(generation_arg[0])) {
      return raise_type_error(ts, "argument should be integer or None, not '{t}'", generation_arg[0]);
    }
    generation = OURO_TRY(int_argument(ts, generation_arg[0]));
  }
  if (generation == kAllGenerations) {
    for (int each = 0; each < 3; ++each) OURO_TRY(append_tracked(ts, result, each, all));
    return result;
  }
  if (generation >= 3) {
    return raise_value_error(ts, "generation parameter must be less than the number of available generations (3)");
  }
  if (generation < 0) return raise_value_error(ts, "generation parameter cannot be negative");
  OURO_TRY(append_tracked(ts, result, generation, all));
  return result;
}

class FindsAny final : public gc::LabelledVisitor {
 public:
  explicit FindsAny(Args targets) : targets_(targets) {}
  void visit(const gc::Header* target, const gc::EdgeLabel&, bool hidden) override {
    if (hidden || found_) return;
    for (std::uint32_t i = 0; i < targets_.size(); ++i) found_ |= targets_[i].get() == target;
  }
  bool in(const Object* object) {
    found_ = false;
    object->type_info->describe(object, *this);
    return found_;
  }

 private:
  Args targets_;
  bool found_ = false;
};

ObjResult gc_get_referrers(ThreadState& ts, Obj, Args args) {
  Ref<List> result = OURO_TRY(List::create(ts));
  FindsAny finder(args);
  for (int generation = 0; generation < 3; ++generation) {
    OURO_TRY(append_tracked(ts, result, generation, [&](Object* object) { return finder.in(object); }));
  }
  return result;
}

class AppendsEdges final : public gc::LabelledVisitor {
 public:
  AppendsEdges(ThreadState& ts, Borrowed<List> list) : ts_(ts), list_(list) {}
  void visit(const gc::Header* target, const gc::EdgeLabel&, bool hidden) override {
    if (hidden || status.raised()) return;
    status = list_->append(ts_, Obj(static_cast<Object*>(const_cast<gc::Header*>(target))));
  }
  Status status;

 private:
  ThreadState& ts_;
  Borrowed<List> list_;
};

ObjResult gc_get_referents(ThreadState& ts, Obj, Args args) {
  Ref<List> result = OURO_TRY(List::create(ts));
  AppendsEdges visitor(ts, result);
  for (std::uint32_t i = 0; i < args.size(); ++i) {
    const gc::TypeInfo* type = args[i]->type_info;
    if ((type->flags & gc::kCollected) == 0 || type->describe == nullptr) continue;
    if (is_type(args[i]) && !as<Type>(args[i])->has(kHeapType)) continue;  // a built-in type is no object of the collector
    type->describe(args[i].get(), visitor);
    OURO_TRY(visitor.status);
  }
  return result;
}

ObjResult gc_is_tracked(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref((args[0]->type_info->flags & gc::kCollected) != 0 && args[0]->is_tracked());
}

ObjResult gc_is_finalized(ThreadState& ts, Obj, Args args) {
  return ts.core.bool_ref((args[0]->type_info->flags & gc::kCollected) != 0 && args[0]->is_finalized());
}

ObjResult gc_freeze(ThreadState& ts, Obj, Args) {
  collector_of(ts).freeze();
  return ts.core.none_ref();
}

ObjResult gc_unfreeze(ThreadState& ts, Obj, Args) {
  collector_of(ts).unfreeze();
  return ts.core.none_ref();
}

ObjResult gc_get_freeze_count(ThreadState& ts, Obj, Args) {
  return Int::from(ts, static_cast<std::int64_t>(collector_of(ts).frozen()));
}

constexpr MethodDef kMethods[] = {
    {"enable", gc_enable, 0, 0, MethodDef::kNone, "enable($module, /)\n--\n\nEnable automatic garbage collection."},
    {"disable", gc_disable, 0, 0, MethodDef::kNone, "disable($module, /)\n--\n\nDisable automatic garbage collection."},
    {"isenabled", gc_isenabled, 0, 0, MethodDef::kNone,
     "isenabled($module, /)\n--\n\nReturns true if automatic garbage collection is enabled."},
    {"collect", gc_collect, 0, -1, MethodDef::kKeywords,
     "collect($module, /, generation=2)\n--\n\nRuns a collection of a generation and all younger ones; returns the number of "
     "unreachable objects."},
    {"set_debug", gc_set_debug, 1, 1, MethodDef::kNone, "set_debug($module, flags, /)\n--\n\nSets the debugging flags."},
    {"get_debug", gc_get_debug, 0, 0, MethodDef::kNone, "get_debug($module, /)\n--\n\nReturns the debugging flags."},
    {"set_threshold", gc_set_threshold, 0, -1, MethodDef::kArgumentTuple,
     "set_threshold(threshold0, [threshold1, [threshold2]])\n\nSets the thresholds; a first one of zero disables collection."},
    {"get_threshold", gc_get_threshold, 0, 0, MethodDef::kNone, "get_threshold($module, /)\n--\n\nReturns the thresholds."},
    {"get_count", gc_get_count, 0, 0, MethodDef::kNone, "get_count($module, /)\n--\n\nReturns the counters."},
    {"get_stats", gc_get_stats, 0, 0, MethodDef::kNone, "get_stats($module, /)\n--\n\nReturns a dict of totals per generation."},
    {"get_objects", gc_get_objects, 0, -1, MethodDef::kKeywords,
     "get_objects($module, /, generation=None)\n--\n\nReturns the tracked objects, or those of one generation."},
    {"get_referrers", gc_get_referrers, 0, -1, MethodDef::kArgumentTuple,
     "get_referrers(*objs) -> list\n\nReturns the tracked objects that directly refer to any of objs."},
    {"get_referents", gc_get_referents, 0, -1, MethodDef::kArgumentTuple,
     "get_referents(*objs) -> list\n\nReturns the objects that are directly referred to by objs."},
    {"is_tracked", gc_is_tracked, 1, 1, MethodDef::kNone, "is_tracked($module, obj, /)\n--\n\nTells whether the collector watches obj."},
    {"is_finalized", gc_is_finalized, 1, 1, MethodDef::kNone,
     "is_finalized($module, obj, /)\n--\n\nTells whether the collector has finalized obj."},
    {"freeze", gc_freeze, 0, 0, MethodDef::kNone,
     "freeze($module, /)\n--\n\nMoves all tracked objects to the permanent generation."},
    {"unfreeze", gc_unfreeze, 0, 0, MethodDef::kNone,
     "unfreeze($module, /)\n--\n\nMoves the permanent generation back into the oldest."},
    {"get_freeze_count", gc_get_freeze_count, 0, 0, MethodDef::kNone,
     "get_freeze_count($module, /)\n--\n\nReturns the number of objects in the permanent generation."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_gc_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "gc"));
  OURO_TRY(module->add_functions(ts, kMethods));
  Ref<List> callbacks = OURO_TRY(List::create(ts));
  Ref<List> garbage = OURO_TRY(List::create(ts));
  OURO_TRY(dict_set(ts, module->dict, "callbacks", Obj(callbacks)));
  OURO_TRY(dict_set(ts, module->dict, "garbage", Obj(garbage)));
  constexpr std::pair<const char*, unsigned> kFlags[] = {
      {"DEBUG_STATS", gc::kDebugStats}, {"DEBUG_COLLECTABLE", gc::kDebugCollectable}, {"DEBUG_UNCOLLECTABLE", gc::kDebugUncollectable},
      {"DEBUG_SAVEALL", gc::kDebugSaveAll}, {"DEBUG_LEAK", gc::kDebugLeak}};
  for (const auto& [name, value] : kFlags) {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(number)));
  }
  auto* state = static_cast<GcModuleState*>(allocate_raw(sizeof(GcModuleState)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {callbacks.release(), garbage.release()};
  module->state = state;
  module->free_state = free_state;
  ts.space.collector.set_hooks({state, notify, call_weakref_callback, keep_garbage, write_debug_text, drop_caches, exception_pending});
  return module;
}

}  // namespace ouro
