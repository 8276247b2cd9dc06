// Module sys: the hooks of asynchronous generators and of breakpoint().
#include <cstdlib>

#include "modules/module_support.h"
#include "modules/struct_sequence.h"
#include "modules/sys_module.h"
#include "modules/warnings_module.h"

namespace ouro {

namespace {

// Where the module's dict keeps the pair of hooks, a struct sequence.
constexpr const char* kAsyncHooks = "_asyncgen_hooks";
constexpr const char* kAsyncHookFields[] = {"firstiter", "finalizer"};

constexpr const char* kUnraisableFields[] = {"exc_type", "exc_value", "exc_traceback", "err_msg",
                                             "object"};

Result<ObjRef> async_hooks(ThreadState& ts) {
  ObjRef hooks = sys_get(ts, kAsyncHooks).new_ref();
  if (!hooks || !is_tuple(hooks)) return raise_system_error(ts, "sys has lost its hooks");
  return hooks;
}

ObjResult get_asyncgen_hooks(ThreadState& ts, Obj, Args) { return OURO_TRY(async_hooks(ts)); }

ObjResult set_asyncgen_hooks(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "set_asyncgen_hooks", {"firstiter", "finalizer"}, 0, values));
  ObjRef before = OURO_TRY(async_hooks(ts));
  Object* parts[2];
  for (std::size_t i = 0; i < 2; ++i) {
    if (values[i] && !is_none(values[i]) && !is_callable(values[i])) {
      return raise_type_error(ts, "callable {} expected, got {t}", kAsyncHookFields[i], values[i]);
    }
    parts[i] = values[i] ? values[i].get() : as<Tuple>(before)->items[i];
  }
  ObjRef hooks = OURO_TRY(make_struct(ts, before->type(), parts));
  OURO_TRY(sys_set(ts, kAsyncHooks, hooks));
  return ts.core.none_ref();
}

ObjResult get_origin_depth(ThreadState& ts, Obj, Args) { return Int::from(ts, 0); }

ObjResult set_origin_depth(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "set_coroutine_origin_tracking_depth", {"depth"}, 1, values));
  const std::int64_t depth =
      OURO_TRY(index_as_int64(ts, values[0], ts.core.exceptions.OverflowError));
  if (depth < 0) return raise_value_error(ts, "depth must be >= 0");
  if (depth == 0) return ts.core.none_ref();
  return raise(ts, ts.core.exceptions.NotImplementedError,
               "tracking the origin of coroutines is not built yet");
}

/// The hook that breakpoint() calls unless a program puts another one in its place: what
/// $PYTHONBREAKPOINT names, pdb.set_trace by default; "0" means nothing.
ObjResult breakpoint_hook(ThreadState& ts, Obj, Args args) {
  const char* named = std::getenv("PYTHONBREAKPOINT");
  const std::string_view wanted = named == nullptr || *named == '\0' ? "pdb.set_trace" : named;
  if (wanted == "0") return ts.core.none_ref();
  const std::size_t dot = wanted.rfind('.');
  const auto find = [&]() -> ObjResult {
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
    {"breakpointhook", breakpoint_hook, 0, -1, MethodDef::kKeywords,
     "breakpointhook(*args, **kws)\n\nThis hook function is called by built-in breakpoint()."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Status add_sys_hooks(ThreadState& ts, Borrowed<Module> module) {
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> type =
      OURO_TRY(make_struct_sequence(ts, "sys", "asyncgen_hooks", kAsyncHookFields, 2));
  Object* none[] = {ts.core.none, ts.core.none};
  ObjRef hooks = OURO_TRY(make_struct(ts, type, none));
  OURO_TRY(dict_set(ts, module->dict, kAsyncHooks, hooks));
  Ref<Type> unraisable = OURO_TRY(make_struct_sequence(
      ts, "sys", "UnraisableHookArgs", kUnraisableFields, std::size(kUnraisableFields),
      "What sys.unraisablehook is called with."));
  return dict_set(ts, module->dict, "UnraisableHookArgs", Obj(unraisable));
}

}  // namespace ouro
