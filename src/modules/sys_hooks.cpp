// Module sys: the hooks of asynchronous generators, of breakpoint(), of tracing and profiling.
#include <cstdlib>

#include "modules/module_support.h"
#include "modules/struct_sequence.h"
#include "modules/sys_module.h"
#include "modules/warnings_module.h"
#include "vm/tracing.h"

namespace ouro {

namespace {

// Where the module's dict keeps the type of get_asyncgen_hooks().
constexpr const char* kAsyncHooks = "_asyncgen_hooks_type";
constexpr const char* kAsyncHookFields[] = {"firstiter", "finalizer"};

constexpr const char* kUnraisableFields[] = {"exc_type", "exc_value", "exc_traceback", "err_msg",
                                             "object"};

ObjResult get_asyncgen_hooks(ThreadState& ts, Obj, Args) {
  ObjRef type = sys_get(ts, kAsyncHooks).new_ref();
  if (!type || !is_type(type)) return raise_system_error(ts, "sys has lost its hooks");
  Object* parts[] = {ts.asyncgen_firstiter, ts.asyncgen_finalizer};
  for (Object*& part : parts) {
    if (part == nullptr) part = ts.core.none;
  }
  return make_struct(ts, as<Type>(type), parts);
}

ObjResult set_asyncgen_hooks(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "set_asyncgen_hooks", {"firstiter", "finalizer"}, 0, values));
  Object** const places[] = {&ts.asyncgen_firstiter, &ts.asyncgen_finalizer};
  for (std::size_t i = 2; i-- > 0;) {
    if (values[i] && !is_none(values[i]) && !is_callable(values[i])) {
      return raise_type_error(ts, "callable {} expected, got {t}", kAsyncHookFields[i], values[i]);
    }
  }
  for (std::size_t i = 2; i-- > 0;) {
    if (!values[i]) continue;
    xdecref(std::exchange(*places[i], is_none(values[i]) ? nullptr : values[i].new_ref().release()));
  }
  return ts.core.none_ref();
}

ObjResult get_origin_depth(ThreadState& ts, Obj, Args) { return Int::from(ts, ts.origin_depth); }

ObjResult set_origin_depth(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "set_coroutine_origin_tracking_depth", {"depth"}, 1, values));
  const std::int64_t depth =
      OURO_TRY(index_as_int64(ts, values[0], ts.core.exceptions.OverflowError));
  if (depth > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  if (depth < 0) return raise_value_error(ts, "depth must be >= 0");
  ts.origin_depth = static_cast<int>(depth);
  return ts.core.none_ref();
}

// -- tracing ----------------------------------------------------------------------------------

ObjResult get_trace(ThreadState& ts, Obj, Args) {
  return ts.trace_function == nullptr ? ts.core.none_ref() : ObjRef::share(ts.trace_function);
}
ObjResult set_trace(ThreadState& ts, Obj, Args args) {
  OURO_TRY(audit(ts, "sys.settrace", {}));
  set_trace_function(ts, args[0]);
  return ts.core.none_ref();
}
ObjResult get_profile(ThreadState& ts, Obj, Args) {
  return ts.profile_function == nullptr ? ts.core.none_ref() : ObjRef::share(ts.profile_function);
}
ObjResult set_profile(ThreadState& ts, Obj, Args args) {
  OURO_TRY(audit(ts, "sys.setprofile", {}));
  set_profile_function(ts, args[0]);
  return ts.core.none_ref();
}
ObjResult traced_call(ThreadState& ts, Obj, Args args) {
  if (!is_tuple(args[1])) {
    return raise_type_error(ts, "call_tracing() argument 2 must be tuple, not {t}", args[1]);
  }
  return call_tracing(ts, args[0], as<Tuple>(args[1]));
}

/// The hook that breakpoint() calls unless a program puts another one in its place: what
/// $PYTHONBREAKPOINT names, pdb.set_trace by default; "0" means nothing.
ObjResult breakpoint_hook(ThreadState& ts, Obj, Args args) {
  const char* named = std::getenv("PYTHONBREAKPOINT");
  const std::string_view wanted = named == nullptr || *named == '\0' ? "pdb.set_trace" : named;
  if (wanted == "0") return ts.core.none_ref();
  const std::size_t dot = wanted.rfind('.');
  const auto find = [&]() -> ObjResult {
    if (dot == 0) return raise(ts, ts.core.exceptions.ImportError, "no module named");
    Ref<Str> function = OURO_TRY(
        Str::from_utf8(ts, dot == std::string_view::npos ? wanted : wanted.substr(dot + 1)));
    Ref<Str> module_name = OURO_TRY(
        Str::from_utf8(ts, dot == std::string_view::npos ? "builtins" : wanted.substr(0, dot)));
    ObjRef import = dict_get_str(ts.core.builtins, OURO_TRY(intern(ts, "__import__"))).new_ref();
    if (!import) return raise(ts, ts.core.exceptions.ImportError, "__import__ not found");
    // With a name to take from it, the import gives the innermost module.
    Ref<Tuple> names = OURO_TRY(Tuple::of(ts, function));
    Object* import_args[] = {module_name.get(), ts.core.none, ts.core.none, names.get()};
    ObjRef module = OURO_TRY(call(ts, import, Args{import_args, 4, nullptr}));
    return get_attribute(ts, module, function);
  };
  ObjResult hook = find();
  if (hook.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.ImportError) &&
        !catch_pending(ts, ts.core.exceptions.AttributeError)) {
      return Raised{};
    }
    Ref<Str> text = OURO_TRY(Str::from_utf8(ts, wanted));
    const FormatArg shown[] = {FormatArg(text)};
    Ref<Str> message =
        OURO_TRY(format_message(ts, "Ignoring unimportable $PYTHONBREAKPOINT: \"{}\"", shown));
    Utf8 utf8{Borrowed<Str>(message)};
    if (!utf8.ok()) return raise_no_memory(ts);
    OURO_TRY(warn(ts, ts.core.exceptions.RuntimeWarning, utf8.view()));
    return ts.core.none_ref();
  }
  return call(ts, hook.take(), args);
}

constexpr MethodDef kFunctions[] = {
    {"get_asyncgen_hooks", get_asyncgen_hooks, 0, 0, MethodDef::kNone,
     "get_asyncgen_hooks($module, /)\n--\n\nReturn the installed asynchronous generators hooks."},
    {"set_asyncgen_hooks", set_asyncgen_hooks, 0, -1, MethodDef::kKeywords,
     "set_asyncgen_hooks(* [, firstiter] [, finalizer])\n\nSet a finalizer for async generators "
     "objects."},
    {"get_coroutine_origin_tracking_depth", get_origin_depth, 0, 0, MethodDef::kNone,
     "get_coroutine_origin_tracking_depth($module, /)\n--\n\nCheck status of origin tracking for "
     "coroutine objects in this thread."},
    {"set_coroutine_origin_tracking_depth", set_origin_depth, 0, -1, MethodDef::kKeywords,
     "set_coroutine_origin_tracking_depth($module, /, depth)\n--\n\nEnable or disable origin "
     "tracking for coroutine objects in this thread."},
    {"gettrace", get_trace, 0, 0, MethodDef::kNone,
     "gettrace($module, /)\n--\n\nReturn the global debug tracing function set with sys.settrace."},
    {"settrace", set_trace, 1, 1, MethodDef::kNone,
     "settrace(function)\n\nSet the function that is called for calls, lines, returns and exceptions "
     "of Python code."},
    {"getprofile", get_profile, 0, 0, MethodDef::kNone,
     "getprofile($module, /)\n--\n\nReturn the profiling function set with sys.setprofile."},
    {"setprofile", set_profile, 1, 1, MethodDef::kNone,
     "setprofile(function)\n\nSet the function that is called for calls and returns."},
    {"call_tracing", traced_call, 2, 2, MethodDef::kNone,
     "call_tracing($module, func, args, /)\n--\n\nCall func(*args), while tracing is enabled."},
    {"breakpointhook", breakpoint_hook, 0, -1, MethodDef::kKeywords,
     "breakpointhook(*args, **kws)\n\nThis hook function is called by built-in breakpoint()."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Status add_sys_hooks(ThreadState& ts, Borrowed<Module> module) {
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> type =
      OURO_TRY(make_struct_sequence(ts, "builtins", "asyncgen_hooks", kAsyncHookFields, 2));
  OURO_TRY(dict_set(ts, module->dict, kAsyncHooks, type));
  Ref<Type> unraisable = OURO_TRY(make_struct_sequence(
      ts, "sys", "UnraisableHookArgs", kUnraisableFields, std::size(kUnraisableFields),
      "What sys.unraisablehook is called with."));
  return dict_set(ts, module->dict, "UnraisableHookArgs", Obj(unraisable));
}

}  // namespace ouro
