// The standard streams.
#include "runtime/streams.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

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
  const char* errors;  // null: as the locale wants it
};
constexpr StreamFacts kStreams[] = {{STDIN_FILENO, "stdin", "__stdin__", "<stdin>", "rb", nullptr},
                                    {STDOUT_FILENO, "stdout", "__stdout__", "<stdout>", "wb", nullptr},
                                    {STDERR_FILENO, "stderr", "__stderr__", "<stderr>", "wb", "backslashreplace"}};

/// Under the C locale (and its UTF-8 form) bytes that are no text pass through; elsewhere they are errors.
const char* locale_errors() {
  const char* locale = nullptr;
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (locale == nullptr || *locale == '\0') locale = std::getenv(variable);
  }
  if (locale == nullptr || *locale == '\0') return "surrogateescape";
  for (const char* plain : {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"}) {
    if (std::strcmp(locale, plain) == 0) return "surrogateescape";
  }
  return "strict";
}

/// How text becomes bytes: PYTHONIOENCODING=encoding:errors. Empty errors: as the locale wants it.
struct Coding {
  std::string_view encoding = "utf-8";
  std::string_view errors;
};

ObjResult make_stream(ThreadState& ts, Obj io, const StreamFacts& facts, bool unbuffered, const Coding& coding) {
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
  // stderr never fails on a character, whatever is asked for.
  std::string_view error_handler = facts.errors != nullptr ? std::string_view(facts.errors) : coding.errors;
  if (error_handler.empty()) error_handler = locale_errors();
  Ref<Str> encoding = OURO_TRY(Str::from_utf8(ts, coding.encoding));
  Ref<Str> errors = OURO_TRY(Str::from_utf8(ts, error_handler));
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

Status open_standard_streams(ThreadState& ts, bool unbuffered, bool use_environment) {
  Coding coding;
  if (const char* wanted = use_environment ? std::getenv("PYTHONIOENCODING") : nullptr; wanted != nullptr) {
    const std::string_view text = wanted;
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (colon > 0) coding.encoding = text.substr(0, colon);
    if (colon + 1 < text.size()) coding.errors = text.substr(colon + 1);
  }
  ObjRef io = OURO_TRY(import_module(ts, "_io"));
  for (const StreamFacts& facts : kStreams) {
    struct stat state = {};
    ObjRef stream = ts.core.none_ref();
    if (fstat(facts.descriptor, &state) == 0) stream = OURO_TRY(make_stream(ts, io, facts, unbuffered, coding));
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
