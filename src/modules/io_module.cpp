// Module _io: open() and the module itself. The classes are in io_base, io_file, io_buffered, io_text, io_memory.
#include "modules/io.h"
#include "modules/native_modules.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

/// What a mode string asks for.
struct OpenMode {
  bool creating = false, reading = false, writing = false, appending = false, updating = false, text = false, binary = false;
  char raw[4] = "";

  Status parse(ThreadState& ts, Borrowed<Str> mode) {
    unsigned seen = 0;
    for (std::int64_t i = 0; i < mode->length; ++i) {
      bool* flag = nullptr;
      switch (mode->at(i)) {
        case 'x': flag = &creating; break;
        case 'r': flag = &reading; break;
        case 'w': flag = &writing; break;
        case 'a': flag = &appending; break;
        case '+': flag = &updating; break;
        case 't': flag = &text; break;
        case 'b': flag = &binary; break;
        default: break;
      }
      if (flag == nullptr || *flag) return raise_value_error(ts, "invalid mode: {r}", mode);
      *flag = true;
      ++seen;
    }
    char* out = raw;
    if (creating) *out++ = 'x';
    if (reading) *out++ = 'r';
    if (writing) *out++ = 'w';
    if (appending) *out++ = 'a';
    if (updating && seen > 0) *out++ = '+';
    *out = '\0';
    if (text && binary) return raise_value_error(ts, "can't have text and binary mode at once");
    const int kinds = creating + reading + writing + appending;
    if (kinds > 1) return raise_value_error(ts, "must have exactly one of create/read/write/append mode");
    if (kinds == 0) return raise_value_error(ts, "Must have exactly one of create/read/write/append mode and at most one plus");
    return kDone;
  }
};

Status check_binary(ThreadState& ts, const OpenMode& mode, Obj encoding, Obj errors, Obj newline) {
  if (!mode.binary) return kDone;
  const auto given = [](Obj value) { return value && !is_none(value); };
  if (given(encoding)) return raise_value_error(ts, "binary mode doesn't take an encoding argument");
  if (given(errors)) return raise_value_error(ts, "binary mode doesn't take an errors argument");
  if (given(newline)) return raise_value_error(ts, "binary mode doesn't take a newline argument");
  return kDone;
}

ObjResult open_layers(ThreadState& ts, Borrowed<Module> module, ObjRef raw, const OpenMode& mode, Ref<Str> mode_text, std::int64_t buffering,
                      Obj encoding, Obj errors, Obj newline) {
  const bool line_buffering = buffering == 1 && !mode.binary;
  if (buffering < 0 || line_buffering) buffering = kIoBufferBytes;
  if (buffering == 0) {
    if (!mode.binary) return raise_value_error(ts, "can't have unbuffered text I/O");
    return raw;
  }
  const char* class_name = mode.updating ? "BufferedRandom" : mode.reading ? "BufferedReader" : "BufferedWriter";
  Ref<Int> size = OURO_TRY(Int::from(ts, buffering));
  ObjRef buffer = OURO_TRY(call(ts, Obj(io_class(module, class_name)), raw, size));
  if (mode.binary) return buffer;
  Object* none = ts.core.none;
  const auto or_none = [&](Obj value) { return value ? value.get() : none; };
  Object* args[] = {buffer.get(), or_none(encoding), or_none(errors), or_none(newline), ts.core.bool_ref(line_buffering).get()};
  ObjRef text = OURO_TRY(call(ts, Obj(io_class(module, "TextIOWrapper")), Args{args, 5, nullptr}));
  OURO_TRY(set_attribute(ts, text, ts.core.names.n_mode, mode_text));
  return text;
}

ObjResult io_open(ThreadState& ts, Obj module_object, Args args) {
  Obj values[8];
  OURO_TRY(parse_args(ts, args, "open", {"file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"}, 1, values));
  Ref<Module> module = Ref<Module>::share(as<Module>(module_object));
  Ref<Str> mode_text = OURO_TRY(intern(ts, "r"));
  if (values[1]) {
    if (!is_str(values[1])) return raise_type_error(ts, "open() argument 'mode' must be str, not {n}", values[1]);
    mode_text = Ref<Str>::share(as<Str>(values[1]));
  }
  OpenMode mode;
  OURO_TRY(mode.parse(ts, mode_text));
  std::int64_t buffering = -1;
  if (values[2]) buffering = OURO_TRY(index_as_int64(ts, values[2], ts.core.exceptions.OverflowError));
  OURO_TRY(check_binary(ts, mode, values[3], values[4], values[5]));
  ObjRef file = values[0].new_ref();
  if (!is_int(file)) {
    MaybeAttribute path = find_special(ts, file, ts.core.names.dunder_fspath);
    if (path.failed) return Raised{};
    if (path.value) file = OURO_TRY(call(ts, path.value));
    if (!is_str(file) && !is_bytes(file)) return raise_type_error(ts, "expected str, bytes or os.PathLike object, not {}", file->type()->short_name());
  }
  Ref<Str> raw_mode = OURO_TRY(Str::from_utf8(ts, mode.raw));
  Object* file_args[] = {file.get(), raw_mode.get(), values[6] ? values[6].get() : ts.core.true_object,
                         values[7] ? values[7].get() : ts.core.none};
  ObjRef raw = OURO_TRY(call(ts, Obj(io_class(module, "FileIO")), Args{file_args, 4, nullptr}));
  ObjRef held = raw.new_ref();
  if (buffering < 0 && as<FileIo>(raw)->descriptor >= 0) {
    ObjRef terminal = OURO_TRY(call_method(ts, raw, OURO_TRY(intern(ts, "isatty"))));
    if (OURO_TRY(is_true(ts, terminal)) && !mode.binary) buffering = 1;
  }
  ObjResult opened = open_layers(ts, module, std::move(raw), mode, std::move(mode_text), buffering, values[3], values[4], values[5]);
  if (opened.ok()) return opened;
  ObjRef pending = take_pending(ts);
  if (call_method(ts, held, ts.core.names.n_close).raised()) clear_pending(ts);
  restore_pending(ts, std::move(pending));
  return Raised{};
}

ObjResult io_open_code(ThreadState& ts, Obj module, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "open_code", {"path"}, 1, values));
  Ref<Str> mode = OURO_TRY(intern(ts, "rb"));
  Object* open_args[] = {values[0].get(), mode.get()};
  return io_open(ts, module, Args{open_args, 2, nullptr});
}

ObjResult io_text_encoding(ThreadState& ts, Obj, Args args) {
  if (!is_none(args[0])) return args[0].new_ref();
  return intern(ts, "locale");
}

constexpr MethodDef kFunctions[] = {
    {"open", io_open, 0, -1, MethodDef::kKeywords,
     "open($module, /, file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)\n--\n\n"
     "Open file and return a stream.  Raise OSError upon failure."},
    {"open_code", io_open_code, 0, -1, MethodDef::kKeywords, "open_code($module, /, path)\n--\n\nOpens the provided file with the intent to import the contents."},
    {"text_encoding", io_text_encoding, 1, 2, MethodDef::kNone, "text_encoding($module, encoding, stacklevel=2, /)\n--\n\nA helper function to choose the text encoding."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

/// class UnsupportedOperation(OSError, ValueError)
Status add_unsupported_operation(ThreadState& ts, Borrowed<Module> module) {
  Ref<Str> name = OURO_TRY(intern(ts, "UnsupportedOperation"));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(ts.core.exceptions.OSError), Obj(ts.core.exceptions.ValueError)));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  Ref<Str> module_name = OURO_TRY(intern(ts, "io"));
  OURO_TRY(dict_set(ts, dict, ts.core.names.dunder_module, Obj(module_name)));
  ObjRef type = OURO_TRY(call(ts, Obj(ts.core.types.type), name, bases, dict));
  return dict_set(ts, module->dict, "UnsupportedOperation", type);
}

}  // namespace

Result<Ref<Module>> create_io_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_io"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(add_unsupported_operation(ts, module));
  OURO_TRY(dict_set(ts, module->dict, "BlockingIOError", Obj(ts.core.exceptions.BlockingIOError)));
  Ref<Int> size = OURO_TRY(Int::from(ts, kIoBufferBytes));
  OURO_TRY(dict_set(ts, module->dict, "DEFAULT_BUFFER_SIZE", Obj(size)));
  OURO_TRY(add_io_base_types(ts, module));
  OURO_TRY(add_file_type(ts, module));
  OURO_TRY(add_buffered_types(ts, module));
  OURO_TRY(add_text_types(ts, module));
  OURO_TRY(add_memory_types(ts, module));
  OURO_TRY(add_pair_type(ts, module));
  OURO_TRY(add_newline_decoder_type(ts, module));
  return module;
}

}  // namespace ouro
