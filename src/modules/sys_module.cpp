// Module sys: functions. Its constants and what the command line says are in sys_facts.cpp.
#include "modules/sys_module.h"

#include <cstdio>

#include "gc/collector.h"
#include "modules/native_modules.h"
#include "modules/sys_facts.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/threads.h"
#include "objects/traceback_text.h"
#include "objects/tuple.h"
#include "vm/vm.h"

namespace ouro {

namespace {

// -- memory ----------------------------------------------------------------------------------------------------------

ObjResult sys_getrefcount(ThreadState& ts, Obj, Args args) { return Int::from(ts, args[0]->refcount); }

ObjResult sys_getsizeof(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "getsizeof", {"object", "default"}, 1, values));
  const auto measure = [&]() -> ObjResult {
    MaybeAttribute method = find_special(ts, values[0], ts.core.names.dunder_sizeof);
    if (method.failed) return Raised{};
    if (!method.value) return raise_type_error(ts, "Type {} doesn't define __sizeof__", type_name(values[0]));
    ObjRef size = OURO_TRY(call(ts, method.value));
    const std::int64_t bytes = OURO_TRY(index_as_int64(ts, size, ts.core.exceptions.OverflowError));
    if (bytes < 0) return raise_value_error(ts, "__sizeof__() should return >= 0");
    return size;
  };
  ObjResult size = measure();
  if (size.ok()) return size;
  if (!values[1] || !pending_matches(ts, ts.core.exceptions.TypeError)) return Raised{};
  clear_pending(ts);
  return values[1].new_ref();
}

ObjResult sys_getallocatedblocks(ThreadState& ts, Obj, Args) {
  return Int::from(ts, static_cast<std::int64_t>(ts.space.heap.live_blocks()));
}

ObjResult sys_debugmallocstats(ThreadState& ts, Obj, Args) {
  ts.space.heap.write_stats(stderr);
  // What decides whether an allocation counts for the collector; no memory waits in such lists here.
  std::size_t tuples = 0;
  for (const std::uint16_t count : ts.core.free_tuples) tuples += count;
  std::fprintf(stderr, "counted as reborn next time: %u free PyListObjects, %u free PyDictObjects, %zu free PyTupleObjects\n",
               ts.core.free_lists, ts.core.free_dicts, tuples);
  return ts.core.none_ref();
}

ObjResult sys_intern(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "intern() argument must be str, not {n}", args[0]);
  if (!is_exact_str(args[0])) return raise_type_error(ts, "can't intern {t}", args[0]);
  return intern(ts, Ref<Str>::share(as<Str>(args[0])));
}

ObjResult sys_is_finalizing(ThreadState& ts, Obj, Args) { return ts.core.bool_ref(ts.core.finalizing); }

ObjResult sys_clear_type_cache(ThreadState& ts, Obj, Args) {
  type_modified(ts.core.types.object);
  return ts.core.none_ref();
}

// -- execution -------------------------------------------------------------------------------------------------------

ObjResult sys_getrecursionlimit(ThreadState& ts, Obj, Args) { return Int::from(ts, ts.recursion_limit); }

ObjResult sys_setrecursionlimit(ThreadState& ts, Obj, Args args) {
  const std::int64_t limit = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (limit < 1) return raise_value_error(ts, "recursion limit must be greater or equal than 1");
  if (limit > INT32_MAX) return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  if (ts.python_depth >= limit) {
    return raise(ts, ts.core.exceptions.RecursionError,
                 "cannot set the recursion limit to {} at the recursion depth {}: the limit is too low", limit, ts.python_depth);
  }
  ts.recursion_limit = static_cast<int>(limit);
  if (ts.threads != nullptr) {
    for (ThreadState* at = ts.threads->first(); at != nullptr; at = at->next_thread) {
      at->recursion_limit = static_cast<int>(limit);
    }
  }
  return ts.core.none_ref();
}

ObjResult sys_getframe(ThreadState& ts, Obj, Args args) {
  std::int64_t depth = 0;
  if (args.size() > 0) depth = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  return current_frame_object(ts, static_cast<int>(std::min<std::int64_t>(std::max<std::int64_t>(depth, 0), INT32_MAX)));
}

// The exception being handled now: the innermost `except` block that is open, generators' callers included.
Borrowed<Object> handled_exception(ThreadState& ts) {
  for (const HandledException* at = ts.handled; at != nullptr; at = at->previous) {
    if (at->exception != nullptr && at->exception != ts.core.none) return at->exception;
  }
  return nullptr;
}

ObjResult sys_exc_info(ThreadState& ts, Obj, Args) {
  Borrowed<Object> exception = handled_exception(ts);
  Object* none = ts.core.none;
  if (!exception) return Tuple::of(ts, none, none, none);
  Object* traceback = as_exception(exception)->traceback;
  return Tuple::of(ts, Obj(exception->type()), exception, Obj(traceback == nullptr ? none : traceback));
}

ObjResult sys_exception(ThreadState& ts, Obj, Args) {
  Borrowed<Object> exception = handled_exception(ts);
  return exception ? exception.new_ref() : ts.core.none_ref();
}

ObjResult sys_exit(ThreadState& ts, Obj, Args args) {
  if (args.size() == 0 || is_none(args[0])) return raise_object(ts, OURO_TRY(call(ts, ts.core.exceptions.SystemExit)));
  if (is_instance_of(args[0], ts.core.exceptions.SystemExit)) return raise_object(ts, args[0].new_ref());
  if (is_tuple(args[0])) {  // the exception's arguments
    return raise_object(ts, OURO_TRY(call_with(ts, ts.core.exceptions.SystemExit, as<Tuple>(args[0]), nullptr)));
  }
  return raise_object(ts, OURO_TRY(call(ts, ts.core.exceptions.SystemExit, args[0])));
}

ObjResult sys_displayhook(ThreadState& ts, Obj, Args args) {
  if (is_none(args[0])) return ts.core.none_ref();
  OURO_TRY(dict_set(ts, ts.core.builtins, ts.core.names.underscore, ts.core.none));
  ObjRef held = args[0].new_ref();
  Ref<Str> text = OURO_TRY(repr_of(ts, held));
  Utf8 utf8(text);
  if (!utf8.ok()) return raise_no_memory(ts);
  OURO_TRY(write_stdout(ts, utf8.view()));
  OURO_TRY(write_stdout(ts, "\n"));
  OURO_TRY(dict_set(ts, ts.core.builtins, ts.core.names.underscore, held));
  return ts.core.none_ref();
}

ObjResult sys_excepthook(ThreadState& ts, Obj, Args args) {
  if (is_exception(args[1])) {
    print_exception(ts, args[1]);
    return ts.core.none_ref();
  }
  const FormatArg shown[] = {FormatArg(type_name(args[1]))};
  Ref<Str> text = OURO_TRY(format_message(ts, "TypeError: print_exception(): Exception expected for value, {} found\n", shown));
  write_to_stderr(ts, text);
  return ts.core.none_ref();
}

// The default hook for errors that nobody can catch; `args[0]` has the fields of UnraisableHookArgs.
ObjResult sys_unraisablehook(ThreadState& ts, Obj, Args args) {
  Borrowed<Object> wanted = sys_get(ts, "UnraisableHookArgs");
  if (wanted && args[0]->type() != wanted.get()) {
    return raise_type_error(ts, "sys.unraisablehook argument type must be UnraisableHookArgs");
  }
  ObjRef exception = OURO_TRY(get_attribute(ts, args[0], "exc_value"));
  ObjRef message = OURO_TRY(get_attribute(ts, args[0], "err_msg"));
  ObjRef object = OURO_TRY(get_attribute(ts, args[0], "object"));
  ObjRef traceback = OURO_TRY(get_attribute(ts, args[0], "exc_traceback"));
  const auto or_null = [](Obj value) { return is_none(value) ? Obj() : value; };
  Ref<Str> text = OURO_TRY(unraisable_text(ts, {exception, or_null(traceback), or_null(message), or_null(object)}));
  write_to_stderr(ts, text);
  return ts.core.none_ref();
}

// -- encodings and switches ------------------------------------------------------------------------------------------

ObjResult sys_getdefaultencoding(ThreadState& ts, Obj, Args) { return intern(ts, "utf-8"); }
ObjResult sys_getfilesystemencodeerrors(ThreadState& ts, Obj, Args) { return intern(ts, "surrogateescape"); }

ObjResult sys_get_int_max_str_digits(ThreadState& ts, Obj, Args) { return Int::from(ts, ts.core.int_max_str_digits); }

ObjResult sys_set_int_max_str_digits(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "set_int_max_str_digits", {"maxdigits"}, 1, values));
  const std::int64_t digits = OURO_TRY(index_as_int64(ts, values[0], ts.core.exceptions.OverflowError));
  if (digits != 0 && (digits < 640 || digits > INT32_MAX)) return raise_value_error(ts, "maxdigits must be 0 or larger than 640");
  ts.core.int_max_str_digits = static_cast<std::int32_t>(digits);
  return ts.core.none_ref();
}

// Hooks are called in order with (event, args); adding one is itself an event.
ObjResult sys_addaudithook(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "addaudithook", {"hook"}, 1, values));
  OURO_TRY(audit(ts, "sys.addaudithook", {}));
  ObjRef hooks = sys_get(ts, "_audit_hooks").new_ref();
  if (!hooks) {
    hooks = OURO_TRY(List::create(ts));
    OURO_TRY(sys_set(ts, "_audit_hooks", hooks));
  }
  OURO_TRY(as<List>(hooks)->append(ts, values[0]));
  return ts.core.none_ref();
}

ObjResult sys_audit(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "expected str for argument 'event', not {t}", args[0]);
  Utf8 event(as<Str>(args[0]));
  if (!event.ok()) return raise_no_memory(ts);
  OURO_TRY(audit(ts, event.c_str(), {args.values + 1, args.count - 1}));
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"getrefcount", sys_getrefcount, 1, 1, MethodDef::kNone,
     "getrefcount($module, object, /)\n--\n\nReturns the reference count of object, the argument's own reference included."},
    {"getsizeof", sys_getsizeof, 0, -1, MethodDef::kKeywords | MethodDef::kArgumentTuple, "getsizeof(object [, default]) -> int\n\nReturns the size of object in bytes."},
    {"getallocatedblocks", sys_getallocatedblocks, 0, 0, MethodDef::kNone,
     "getallocatedblocks($module, /)\n--\n\nReturns the number of blocks in use in the private heap."},
    {"_debugmallocstats", sys_debugmallocstats, 0, 0, MethodDef::kNone,
     "_debugmallocstats($module, /)\n--\n\nPrints the heap's size classes to stderr."},
    {"intern", sys_intern, 1, 1, MethodDef::kNone, "intern($module, string, /)\n--\n\nReturns the interned string of that spelling."},
    {"is_finalizing", sys_is_finalizing, 0, 0, MethodDef::kNone, "is_finalizing($module, /)\n--\n\nTells whether the interpreter is shutting down."},
    {"_clear_type_cache", sys_clear_type_cache, 0, 0, MethodDef::kNone, "_clear_type_cache($module, /)\n--\n\nForgets cached method lookups."},
    {"getrecursionlimit", sys_getrecursionlimit, 0, 0, MethodDef::kNone, "getrecursionlimit($module, /)\n--\n\nReturns the recursion limit."},
    {"setrecursionlimit", sys_setrecursionlimit, 1, 1, MethodDef::kNone, "setrecursionlimit($module, limit, /)\n--\n\nSets the recursion limit."},
    {"_getframe", sys_getframe, 0, 1, MethodDef::kNone, "_getframe($module, depth=0, /)\n--\n\nReturns a frame object from the call stack."},
    {"exc_info", sys_exc_info, 0, 0, MethodDef::kNone, "exc_info($module, /)\n--\n\nReturns type, value and traceback of the exception being handled."},
    {"exception", sys_exception, 0, 0, MethodDef::kNone, "exception($module, /)\n--\n\nReturns the exception being handled."},
    {"exit", sys_exit, 0, 1, MethodDef::kNone, "exit($module, status=None, /)\n--\n\nExits the interpreter by raising SystemExit(status)."},
    {"displayhook", sys_displayhook, 1, 1, MethodDef::kNone,
     "displayhook($module, object, /)\n--\n\nPrints repr(object) and keeps the object in builtins._"},
    {"excepthook", sys_excepthook, 3, 3, MethodDef::kNone,
     "excepthook($module, exctype, value, traceback, /)\n--\n\nPrints an exception with its traceback to sys.stderr."},
    {"unraisablehook", sys_unraisablehook, 1, 1, MethodDef::kNone,
     "unraisablehook($module, unraisable, /)\n--\n\nReports an error that cannot be raised."},
    {"getdefaultencoding", sys_getdefaultencoding, 0, 0, MethodDef::kNone, "getdefaultencoding($module, /)\n--\n\nReturns 'utf-8'."},
    {"getfilesystemencoding", sys_getdefaultencoding, 0, 0, MethodDef::kNone, "getfilesystemencoding($module, /)\n--\n\nReturns 'utf-8'."},
    {"getfilesystemencodeerrors", sys_getfilesystemencodeerrors, 0, 0, MethodDef::kNone,
     "getfilesystemencodeerrors($module, /)\n--\n\nReturns 'surrogateescape'."},
    {"get_int_max_str_digits", sys_get_int_max_str_digits, 0, 0, MethodDef::kNone,
     "get_int_max_str_digits($module, /)\n--\n\nReturns the limit on digits of int and str conversions."},
    {"set_int_max_str_digits", sys_set_int_max_str_digits, 0, -1, MethodDef::kKeywords,
     "set_int_max_str_digits($module, /, maxdigits)\n--\n\nSets the limit on digits of int and str conversions."},
    {"addaudithook", sys_addaudithook, 0, -1, MethodDef::kKeywords, "addaudithook($module, /, hook)\n--\n\nAdds a hook that is told of events."},
    {"audit", sys_audit, 1, -1, MethodDef::kNone, "audit(event, *args)\n\nPasses an event to the hooks."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Status write_stream(ThreadState& ts, const char* name, std::string_view text, std::FILE* fallback) {
  ObjRef stream = sys_get(ts, name).new_ref();
  if (!stream || is_none(stream)) {
    if (!stream) std::fwrite(text.data(), 1, text.size(), fallback);
    return kDone;
  }
  Ref<Str> piece = OURO_TRY(Str::from_utf8(ts, text));
  Object* args[] = {piece.get()};
  OURO_TRY(call_method(ts, stream, ts.core.names.n_write, args));
  return kDone;
}

}  // namespace

Borrowed<Dict> sys_dict_of(ThreadState& ts) {
  return ts.core.sys_dict;
}

Borrowed<Object> sys_get(ThreadState& ts, const char* name) {
  Borrowed<Dict> dict = sys_dict_of(ts);
  if (!dict) return nullptr;
  // Looking must not fail or disturb: a name that cannot be interned for lack of memory is not there.
  SavedPending saved(ts);
  Result<Ref<Str>> key = intern(ts, name);
  if (key.raised()) {
    clear_pending(ts);
    return nullptr;
  }
  return dict_get_str(dict, key.take());
}

Status sys_set(ThreadState& ts, const char* name, Obj value) {
  Borrowed<Dict> dict = sys_dict_of(ts);
  if (!dict) return kDone;
  return dict_set(ts, dict, name, value);
}

int optimization_level(ThreadState& ts) {
  SavedPending saved(ts);
  ObjRef flags = sys_get(ts, "flags").new_ref();
  if (!flags) return 0;
  ObjResult level = get_attribute(ts, flags, "optimize");
  if (level.raised()) {
    clear_pending(ts);
    return 0;
  }
  ObjRef value = level.take();
  return is_int(value) ? static_cast<int>(std::min<std::int64_t>(int_clamped(value), 2)) : 0;
}

Status write_stdout(ThreadState& ts, std::string_view text) {
  ObjRef stream = sys_get(ts, "stdout").new_ref();
  if (!stream && sys_dict_of(ts)) return raise(ts, ts.core.exceptions.RuntimeError, "lost sys.stdout");
  return write_stream(ts, "stdout", text, stdout);
}

void write_stderr(ThreadState& ts, std::string_view text) {
  SavedPending saved(ts);
  if (write_stream(ts, "stderr", text, stderr).ok()) return;
  clear_pending(ts);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void print_exception(ThreadState& ts, Obj exception) {
  SavedPending saved(ts);
  Result<Ref<Str>> text = traceback_text(ts, exception);
  if (text.raised()) {
    clear_pending(ts);
    write_stderr(ts, type_name(exception));
    write_stderr(ts, " (out of memory while printing its traceback)\n");
    return;
  }
  Ref<Str> shown = text.take();
  Utf8 utf8(shown);
  if (utf8.ok()) write_stderr(ts, utf8.view());
}

Status audit(ThreadState& ts, const char* event, std::span<Object* const> args) {
  ObjRef hooks = sys_get(ts, "_audit_hooks").new_ref();
  if (!hooks || !is_list(hooks)) return kDone;
  Ref<Str> name = OURO_TRY(Str::from_utf8(ts, event));
  Ref<Tuple> packed = OURO_TRY(Tuple::from(ts, args.data(), args.size()));
  for (std::int64_t i = 0; i < as<List>(hooks)->size; ++i) {
    ObjRef hook = as<List>(hooks)->at(i).new_ref();
    OURO_TRY(call(ts, hook, name, packed));
  }
  return kDone;
}

Result<Ref<Module>> create_sys_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "sys"));
  OURO_TRY(module->add_functions(ts, kMethods));
  OURO_TRY(add_sys_facts(ts, module->dict));
  OURO_TRY(add_sys_hooks(ts, module));
  OURO_TRY(add_sys_thread_functions(ts, module));
  for (const auto& [name, hook] : {std::pair{"__displayhook__", "displayhook"}, {"__excepthook__", "excepthook"},
                                   {"__breakpointhook__", "breakpointhook"},
                                   {"__unraisablehook__", "unraisablehook"}}) {
    Ref<Str> key = OURO_TRY(intern(ts, hook));
    OURO_TRY(dict_set(ts, module->dict, name, dict_get_str(module->dict, key)));
  }
  return module;
}

}  // namespace ouro
