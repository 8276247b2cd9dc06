// Module _sitebuiltins: exit, quit, copyright, credits, license and help, which site puts into
// builtins.
//
// The library has this module in Python. It is native here because every process starts with it:
// the library's one imports os, which costs a process that does nothing a third of its memory.
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/dict.h"
#include "objects/list.h"

namespace ouro {

namespace {

/// An instance of each of the three classes: nothing but its attributes.
struct SiteObject : Object {
  Dict* dict;  // owned
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    v.edge(type(), gc::slot_label("__class__"));
    v.edge(dict, gc::slot_label("__dict__"));
  }
};

void site_dealloc(gc::Header* header) {
  auto* self = static_cast<SiteObject*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  drop(self->dict);
  free_object(self);
}

ObjResult site_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  Ref<SiteObject> made = OURO_TRY(new_object<SiteObject>(ts, type, type->info.basic_bytes));
  made->dict = dict.release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult get_dict(ThreadState& ts, Obj self) {
  auto* object = as<SiteObject>(self);
  if (object->dict == nullptr) object->dict = OURO_TRY(Dict::create(ts)).release();
  return ObjRef::share(object->dict);
}

Status set_named(ThreadState& ts, Obj self, const char* name, Obj value) {
  Ref<Str> key = OURO_TRY(intern(ts, name));
  return set_attribute(ts, self, key, value);
}

// -- exit and quit
// ---------------------------------------------------------------------------------

Status quitter_init(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "__init__", {"name", "eof"}, 2, values));
  OURO_TRY(set_named(ts, self, "name", values[0]));
  return set_named(ts, self, "eof", values[1]);
}

ObjResult quitter_repr(ThreadState& ts, Obj self) {
  ObjRef name = OURO_TRY(get_attribute(ts, self, "name"));
  ObjRef end_of_file = OURO_TRY(get_attribute(ts, self, "eof"));
  const FormatArg shown[] = {FormatArg(name), FormatArg(end_of_file)};
  return format_message(ts, "Use {}() or {} to exit", shown);
}

ObjResult quitter_call(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "__call__", {"code"}, 0, values));
  // Shells with an input of their own take its closing for the wish to leave.
  if (ObjRef in = sys_get(ts, "stdin").new_ref()) {
    Ref<Str> close = OURO_TRY(intern(ts, "close"));
    if (call_method(ts, in, close).raised()) clear_pending(ts);
  }
  return raise_with(ts, ts.core.exceptions.SystemExit, values[0] ? values[0] : Obj(ts.core.none));
}

// -- copyright, credits and license
// ----------------------------------------------------------------

constexpr std::int64_t kMaxLines = 23;

Status printer_init(ThreadState& ts, Obj self, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "__init__", {"name", "data", "files", "dirs"}, 2, values));
  OURO_TRY(set_named(ts, self, "_Printer__name", values[0]));
  OURO_TRY(set_named(ts, self, "_Printer__data", values[1]));
  OURO_TRY(set_named(ts, self, "_Printer__lines", Obj(ts.core.none)));
  ItemBuffer folders(ts);
  if (values[3]) OURO_TRY(folders.collect(values[3]));
  Ref<List> paths = OURO_TRY(List::create(ts));
  for (std::int64_t i = 0; i < folders.size(); ++i) {
    ItemBuffer files(ts);
    if (values[2]) OURO_TRY(files.collect(values[2]));
    for (std::int64_t j = 0; j < files.size(); ++j) {
      const FormatArg parts[] = {FormatArg(folders.data()[i]), FormatArg(files.data()[j])};
      Ref<Str> path = OURO_TRY(format_message(ts, "{}/{}", parts));
      OURO_TRY(paths->append(ts, path));
    }
  }
  return set_named(ts, self, "_Printer__filenames", paths);
}

/// The text of the first file that can be read, or else `fallback`.
ObjResult read_first(ThreadState& ts, Obj paths, Obj fallback) {
  ItemBuffer names(ts);
  OURO_TRY(names.collect(paths));
  for (std::int64_t i = 0; i < names.size(); ++i) {
    ObjRef open = OURO_TRY(builtin_function(ts, "open"));
    ObjResult file = call(ts, open, names.data()[i]);
    if (file.raised()) {
      if (catch_pending(ts, ts.core.exceptions.OSError)) continue;
      return Raised{};
    }
    ObjRef opened = file.take();
    Ref<Str> read = OURO_TRY(intern(ts, "read"));
    Ref<Str> close = OURO_TRY(intern(ts, "close"));
    ObjRef text = OURO_TRY(call_method(ts, opened, read));
    OURO_TRY(call_method(ts, opened, close));
    return text;
  }
  return fallback.new_ref();
}

/// The lines to show; read or split when they are first asked for.
Result<Ref<List>> lines_of(ThreadState& ts, Obj self) {
  ObjRef lines = OURO_TRY(get_attribute(ts, self, "_Printer__lines"));
  if (!is_exact_list(lines)) {
    ObjRef paths = OURO_TRY(get_attribute(ts, self, "_Printer__filenames"));
    ObjRef data = OURO_TRY(get_attribute(ts, self, "_Printer__data"));
    ObjRef text = OURO_TRY(read_first(ts, paths, data));
    Ref<Str> split = OURO_TRY(intern(ts, "split"));
    Ref<Str> line_end = OURO_TRY(intern(ts, "\n"));
    Object* split_args[] = {line_end.get()};
    lines = OURO_TRY(call_method(ts, text, split, split_args));
    if (!is_exact_list(lines)) return raise_type_error(ts, "the text must be a str");
    OURO_TRY(set_named(ts, self, "_Printer__lines", lines));
  }
  return Ref<List>::share(as<List>(lines));
}

ObjResult printer_repr(ThreadState& ts, Obj self) {
  Ref<List> lines = OURO_TRY(lines_of(ts, self));
  if (lines->size > kMaxLines) {
    ObjRef name = OURO_TRY(get_attribute(ts, self, "_Printer__name"));
    const FormatArg shown[] = {FormatArg(name), FormatArg(name)};
    return format_message(ts, "Type {}() to see the full {} text", shown);
  }
  Ref<Str> line_end = OURO_TRY(intern(ts, "\n"));
  Ref<Str> join = OURO_TRY(intern(ts, "join"));
  Object* join_args[] = {lines.get()};
  return call_method(ts, line_end, join, join_args);
}

/// Asks until the answer is to go on or to stop; whether to go on.
Result<bool> ask_for_more(ThreadState& ts) {
  ObjRef input = OURO_TRY(builtin_function(ts, "input"));
  Ref<Str> prompt =
      OURO_TRY(Str::from_utf8(ts, "Hit Return for more, or q (and Return) to quit: "));
  for (;;) {
    ObjRef answer = OURO_TRY(call(ts, input, prompt));
    if (!is_str(answer)) continue;
    Borrowed<Str> text = as<Str>(answer);
    if (text->length == 0) return true;
    if (text->length == 1 && text->at(0) == 'q') return false;
  }
}

ObjResult printer_call(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_args(ts, args, "__call__", 0, 0));
  Ref<List> lines = OURO_TRY(lines_of(ts, self));
  ObjRef print = OURO_TRY(builtin_function(ts, "print"));
  for (std::int64_t i = 0; i < lines->size; ++i) {
    if (i > 0 && i % kMaxLines == 0 && !OURO_TRY(ask_for_more(ts))) break;
    ObjRef line = lines->at(i).new_ref();
    OURO_TRY(call(ts, print, line));
  }
  return ts.core.none_ref();
}

// -- help
// --------------------------------------------------------------------------------------------

ObjResult helper_repr(ThreadState& ts, Obj) {
  return Str::from_utf8(ts,
                        "Type help() for interactive help, or help(object) for help about object.");
}

ObjResult helper_call(ThreadState& ts, Obj, Args args) {
  ObjRef library = OURO_TRY(import_by_name(ts, "pydoc"));
  ObjRef help = OURO_TRY(get_attribute(ts, library, "help"));
  return call(ts, help, args);
}

// -- the module
// --------------------------------------------------------------------------------------

constexpr GetSetDef kGetSets[] = {
    {"__dict__", get_dict, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_site_object(Type& type) {
  fill_holder<SiteObject, &SiteObject::dict>(type);
  type.info.flags |= kBaseType | kHasDict;
  type.info.dealloc = site_dealloc;
  type.info.weaklist_offset = offsetof(SiteObject, weaklist);
  type.dict_offset = offsetof(SiteObject, dict);
  type.make = site_make;
  type.getsets = kGetSets;
}

void fill_quitter(Type& type) {
  fill_site_object(type);
  type.init = quitter_init;
  type.repr = quitter_repr;
  type.call = quitter_call;
}

void fill_printer(Type& type) {
  fill_site_object(type);
  type.init = printer_init;
  type.repr = printer_repr;
  type.call = printer_call;
}

void fill_helper(Type& type) {
  fill_site_object(type);
  type.repr = helper_repr;
  type.call = helper_call;
}

constexpr const char* kModule = "_sitebuiltins";
constexpr TypeSpec kTypes[] = {
    {"Quitter", kModule, sizeof(SiteObject), 0, 0, fill_quitter, nullptr},
    {"_Printer", kModule, sizeof(SiteObject), 0, 0, fill_printer,
     "Shows the text of the licence, the contributors or the copyright notice."},
    {"_Helper", kModule, sizeof(SiteObject), 0, 0, fill_helper,
     "The builtin 'help': calls pydoc.help, which is imported when it is first used."},
};

}  // namespace

Result<Ref<Module>> create_sitebuiltins_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, kModule));
  OURO_TRY(add_native_types(ts, module, kTypes));
  return module;
}

}  // namespace ouro
