// What threading.excepthook does by default with an exception that ended a thread.
#include "modules/module_support.h"
#include "modules/struct_sequence.h"
#include "modules/sys_module.h"
#include "modules/thread.h"
#include "objects/exception.h"
#include "objects/traceback_text.h"

namespace ouro {

namespace {

constexpr const char* kTypeName = "_ExceptHookArgs";
constexpr const char* kFields[] = {"exc_type", "exc_value", "exc_traceback", "thread"};

/// sys.stderr, or what it was when the thread was made; None when there is none.
ObjResult error_stream(ThreadState& ts, Obj thread) {
  ObjRef stream = sys_get(ts, "stderr").new_ref();
  if (stream && !is_none(stream)) return stream;
  if (is_none(thread)) return ts.core.none_ref();
  MaybeAttribute kept = find_attribute(ts, thread, OURO_TRY(intern(ts, "_stderr")));
  if (kept.failed) return Raised{};
  return kept.value ? std::move(kept.value) : ts.core.none_ref();
}

Status write(ThreadState& ts, Obj stream, Borrowed<Str> text) {
  Object* args[] = {text.get()};
  OURO_TRY(call_method(ts, stream, ts.core.names.n_write, args));
  return kDone;
}

/// The thread as the heading names it.
ObjResult thread_name(ThreadState& ts, Obj thread) {
  if (!is_none(thread)) {
    MaybeAttribute name = find_attribute(ts, thread, OURO_TRY(intern(ts, "name")));
    if (name.failed) return Raised{};
    if (name.value) return str_of(ts, name.value);
  }
  const FormatArg ident[] = {FormatArg(static_cast<std::uint64_t>(pthread_self()))};
  return format_message(ts, "{}", ident);
}

}  // namespace

ObjResult thread_excepthook(ThreadState& ts, Obj, Args args) {
  if (std::string_view(args[0]->type()->short_name()) != kTypeName || !is_tuple(args[0]) ||
      as<Tuple>(args[0])->size != 4) {
    return raise_type_error(ts, "_thread.excepthook argument type must be ExceptHookArgs");
  }
  Ref<Tuple> what = Ref<Tuple>::share(as<Tuple>(args[0]));
  if (what->items[0] == ts.core.exceptions.SystemExit) return ts.core.none_ref();
  ObjRef exception = what->at(1).new_ref();
  ObjRef thread = what->at(3).new_ref();
  ObjRef stream = OURO_TRY(error_stream(ts, thread));
  if (is_none(stream)) return stream;
  ObjRef name = OURO_TRY(thread_name(ts, thread));
  const FormatArg shown[] = {FormatArg(Obj(name))};
  Ref<Str> heading = OURO_TRY(format_message(ts, "Exception in thread {}:\n", shown));
  OURO_TRY(write(ts, stream, heading));
  if (is_exception(exception)) {
    Ref<Str> text = OURO_TRY(traceback_text(ts, exception));
    OURO_TRY(write(ts, stream, text));
  }
  OURO_TRY(call_method(ts, stream, ts.core.names.n_flush));
  return ts.core.none_ref();
}

Status add_excepthook_type(ThreadState& ts, Borrowed<Module> module) {
  Ref<Type> type = OURO_TRY(make_struct_sequence(
      ts, "_thread", kTypeName, kFields, 4,
      "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook."));
  return dict_set(ts, module->dict, kTypeName, Obj(type));
}

}  // namespace ouro
