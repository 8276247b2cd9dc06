// The standard streams.
#include "runtime/streams.h"

#include <sys/stat.h>
#include <unistd.h>

#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "runtime/importer.h"

namespace ouro {

namespace {

struct StreamFacts {
  int descriptor;
  const char* name;         // sys.<name>
  const char* hidden_name;  // sys.<name> that programs should not replace
  const char* shown_name;   // stream.name
  const char* mode;
  const char* errors;
};
constexpr StreamFacts kStreams[] = {{STDIN_FILENO, "stdin", "__stdin__", "<stdin>", "rb", "strict"},
                                    {STDOUT_FILENO, "stdout", "__stdout__", "<stdout>", "wb", "strict"},
                                    {STDERR_FILENO, "stderr", "__stderr__", "<stderr>", "wb", "backslashreplace"}};

ObjResult make_stream(ThreadState& ts, Obj io, const StreamFacts& facts, bool unbuffered) {
  const bool writes = facts.mode[0] == 'w';
  const bool raw = unbuffered && writes;
  ObjRef open = OURO_TRY(get_attribute(ts, io, "open"));
  Ref<Int> descriptor = OURO_TRY(Int::from(ts, facts.descriptor));
  Ref<Str> mode = OURO_TRY(intern(ts, facts.mode));
  Ref<Int> buffering = OURO_TRY(Int::from(ts, raw ? 0 : -1));
  Object* none = ts.core.none;
  Object* open_args[] = {descriptor.get(), mode.get(), buffering.get(), none, none, none, ts.core.false_object};
  ObjRef buffer = OURO_TRY(call(ts, open, Args{open_args, 7, nullptr}));
  Ref<Str> shown_name = OURO_TRY(intern(ts, facts.shown_name));
  ObjRef lowest = raw ? Obj(buffer).new_ref() : OURO_TRY(get_attribute(ts, buffer, "raw"));
  OURO_TRY(set_attribute(ts, lowest, ts.core.names.n_name, shown_name));
  ObjRef wrapper = OURO_TRY(get_attribute(ts, io, "TextIOWrapper"));
  Ref<Str> encoding = OURO_TRY(intern(ts, "utf-8"));
  Ref<Str> errors = OURO_TRY(intern(ts, facts.errors));
  Ref<Str> newline = OURO_TRY(intern(ts, "\n"));
  const bool line_buffering = !raw && (facts.descriptor == STDERR_FILENO || isatty(facts.descriptor) != 0);
  Object* flags[] = {ts.core.false_object, ts.core.true_object};
  Object* text_args[] = {buffer.get(), encoding.get(), errors.get(), newline.get(), flags[line_buffering], flags[raw]};
  ObjRef stream = OURO_TRY(call(ts, wrapper, Args{text_args, 6, nullptr}));
  Ref<Str> stream_mode = OURO_TRY(intern(ts, writes ? "w" : "r"));
  OURO_TRY(set_attribute(ts, stream, ts.core.names.n_mode, stream_mode));
  return stream;
}

// False when flushing raised.
bool flush(ThreadState& ts, const char* name) {
  ObjRef stream = sys_get(ts, name).new_ref();
  if (!stream || is_none(stream)) return true;
  MaybeAttribute closed = find_attribute(ts, stream, ts.core.names.n_closed);
  if (closed.value && is_true(ts, closed.value).take()) return true;
  clear_pending(ts);
  if (call_method(ts, stream, ts.core.names.n_flush).ok()) return true;
  report_unraisable(ts, stream);
  return false;
}

}  // namespace

Status open_standard_streams(ThreadState& ts, bool unbuffered) {
  ObjRef io = OURO_TRY(import_module(ts, "_io"));
  for (const StreamFacts& facts : kStreams) {
    struct stat state = {};
    ObjRef stream = ts.core.none_ref();
    if (fstat(facts.descriptor, &state) == 0) stream = OURO_TRY(make_stream(ts, io, facts, unbuffered));
    OURO_TRY(sys_set(ts, facts.name, stream));
    OURO_TRY(sys_set(ts, facts.hidden_name, stream));
  }
  return kDone;
}

bool flush_standard_streams(ThreadState& ts) {
  const bool flushed = flush(ts, "stdout");
  (void)flush(ts, "stderr");
  return flushed;
}

}  // namespace ouro
