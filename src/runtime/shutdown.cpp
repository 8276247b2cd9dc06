// Taking modules apart. The order is observable by finalizers: names in sys that keep things alive; modules out of
// sys.modules; a full collection; then the dicts of modules that somebody still holds.
#include "runtime/shutdown.h"

#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/errors.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

constexpr const char* kSysNames[] = {"path", "argv", "ps1", "ps2", "last_type", "last_value", "last_traceback", "path_hooks",
                                     "path_importer_cache", "meta_path"};

void collect_all(ThreadState& ts) {
  ts.space.collector.collect({.generation = 2, .cause = gc::Cause::Shutdown});
}

// Names with one leading underscore go first, then all but __builtins__: code that still runs keeps its builtins longest.
// Values become None one by one, so that a finalizer that looks at a global finds it or None.
void clear_module_dict(ThreadState& ts, Borrowed<Dict> dict) {
  const auto clear = [&](auto wanted) {
    std::uint32_t position = 0;
    Obj key;
    Obj value;
    while (dict_next(dict, position, key, value)) {
      if (is_none(value) || !is_str(key) || !wanted(as<Str>(key))) continue;
      ObjRef held = key.new_ref();
      if (dict_set(ts, dict, held, ts.core.none).raised()) clear_pending(ts);
    }
  };
  clear([](Borrowed<Str> name) {
    return name->length > 0 && name->at(0) == '_' && (name->length < 2 || name->at(1) != '_');
  });
  clear([](Borrowed<Str> name) {
    return name->length == 0 || name->at(0) != '_' || !str_equals_ascii(name, "__builtins__");
  });
}

// Weak references to the modules in sys.modules, in order of import.
Result<Ref<List>> watch_modules(ThreadState& ts) {
  Ref<List> watched = OURO_TRY(List::create(ts));
  Ref<List> modules = OURO_TRY(dict_values_list(ts, ts.core.modules));
  for (std::int64_t i = 0; i < modules->size; ++i) {
    if (!is_kind(modules->at(i), TypeKind::Module)) continue;
    ObjRef reference = OURO_TRY(call(ts, ts.core.types.weakref, modules->at(i)));
    OURO_TRY(watched->append(ts, std::move(reference)));
  }
  return watched;
}

void forget_modules(ThreadState& ts) {
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(ts.core.modules, position, key, value)) {
    ObjRef held = key.new_ref();
    if (dict_set(ts, ts.core.modules, held, ts.core.none).raised()) clear_pending(ts);
  }
  dict_clear(ts.core.modules);
}

// What programs put into builtins goes while the rest of builtins still works for their finalizers.
Status restore_builtins(ThreadState& ts, Borrowed<Dict> first) {
  if (!first || ts.core.builtins == nullptr) return kDone;
  Ref<Dict> before = OURO_TRY(dict_copy(ts, ts.core.builtins));
  dict_clear(ts.core.builtins);
  return dict_merge(ts, ts.core.builtins, first);
}

// The types of these modules hold each other in ways that no collection sees.
void clear_module_states(ThreadState& ts) {
  Ref<Dict> states = Ref<Dict>::steal(std::exchange(ts.core.module_states, nullptr));
  if (!states) return;
  std::uint32_t position = 0;
  Obj name;
  Obj state;
  while (dict_next(states, position, name, state)) state->type_info->clear(state.get());
}

// Calls a function without arguments of a module that a program imported.
void call_if_imported(ThreadState& ts, const char* module_name, const char* function) {
  const Lookup found = [&] {
    Result<Ref<Str>> name = intern(ts, module_name);
    if (name.raised()) return Lookup{nullptr, true};
    return dict_lookup(ts, ts.core.modules, name.take());
  }();
  if (found.failed) clear_pending(ts);
  if (found.value == nullptr || found.value == ts.core.none) return;
  ObjRef module = Obj(found.value).new_ref();
  Result<Ref<Str>> name = intern(ts, function);
  if (name.raised() || call_method(ts, module, name.take()).raised()) report_unraisable(ts, module);
}

}  // namespace

void wait_for_threads(ThreadState& ts) { call_if_imported(ts, "threading", "_shutdown"); }

void run_exit_functions(ThreadState& ts) { call_if_imported(ts, "atexit", "_run_exitfuncs"); }

void finish_modules(ThreadState& ts, Ref<Dict> first_builtins) {
  // What follows needs room for its lists to leave nothing behind, so an asked-for failure ends here.
  ts.space.heap.set_fail_allocation_at(0, /*once=*/false);
  // Like gc.collect(), callbacks and all, but not for programs that switched collection off.
  if (ts.space.collector.enabled()) ts.space.collector.collect({.generation = 2, .cause = gc::Cause::Explicit});
  if (ts.core.builtins != nullptr && dict_set(ts, ts.core.builtins, "_", ts.core.none).raised()) clear_pending(ts);
  for (const char* name : kSysNames) {
    if (sys_get(ts, name) && sys_set(ts, name, ts.core.none).raised()) clear_pending(ts);
  }
  constexpr std::pair<const char*, const char*> kStreams[] = {
      {"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
  for (const auto& [name, original] : kStreams) {
    ObjRef stream = sys_get(ts, original).new_ref();
    if (stream && sys_set(ts, name, stream).raised()) clear_pending(ts);
  }
  Result<Ref<List>> watched = watch_modules(ts);
  if (watched.raised()) clear_pending(ts);
  ObjRef::steal(std::exchange(ts.core.find_and_load, nullptr)).reset();
  forget_modules(ts);
  if (restore_builtins(ts, first_builtins).raised()) clear_pending(ts);
  first_builtins.reset();
  collect_all(ts);
  if (watched.ok()) {
    Ref<List> references = watched.take();
    for (std::int64_t i = references->size; i-- > 0;) {
      auto* reference = reinterpret_cast<gc::WeakReference*>(references->items[i]);
      if (reference->referent == nullptr) continue;
      auto* module = static_cast<Module*>(static_cast<Object*>(reference->referent));
      Ref<Module> held = Ref<Module>::share(module);
      if (module->dict == nullptr || module->dict == ts.core.builtins || module->dict == ts.core.sys_dict) continue;
      clear_module_dict(ts, module->dict);
    }
  }
  collect_all(ts);
  if (ts.core.sys_dict != nullptr) clear_module_dict(ts, ts.core.sys_dict);
  if (ts.core.builtins != nullptr) clear_module_dict(ts, ts.core.builtins);
  clear_unused_memory_error(ts);
  clear_module_states(ts);
  collect_all(ts);
}

}  // namespace ouro
