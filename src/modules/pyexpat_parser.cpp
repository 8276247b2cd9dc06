// pyexpat.xmlparser: feeding a parser, its attributes and its handlers.
#include "modules/pyexpat.h"

namespace ouro::xml {

namespace {

// -- life -----------------------------------------------------------------------------------------

void clear(gc::Header* header) {
  auto* self = static_cast<Parser*>(header);
  for (std::size_t i = 0; i < kHandlerCount; ++i) {
    if (self->handlers[i] == nullptr) continue;
    if (self->parser != nullptr) connect(self, i, nullptr);
    drop(self->handlers[i]);
  }
  drop(self->intern);
}

void dealloc(gc::Header* header) {
  auto* self = static_cast<Parser*>(header);
  untrack(self);
  clear(self);
  if (self->parser != nullptr) XML_ParserFree(self->parser);
  drop(self->parent);
  drop(self->error);
  free_raw(self->buffer);
  free_object(self);
}

// -- parsing --------------------------------------------------------------------------------------

/// The answer of a parse call after the library's `status`.
ObjResult finish_parse(ThreadState& ts, Parser* self, XML_Status status) {
  if (has_pending(ts)) return Raised{};
  if (status == XML_STATUS_ERROR) {
    return raise_parse_error(ts, self, XML_GetErrorCode(self->parser));
  }
  OURO_TRY(flush_text(ts, self));
  return Int::from(ts, status);
}

ObjResult parse(ThreadState& ts, Obj object, Args args) {
  auto* self = parser_of(object);
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "Parse", {"/data", "/isfinal"}, 1, values));
  bool is_final = false;
  if (values[1]) is_final = OURO_TRY(c_int(ts, values[1])) != 0;
  BufferView bytes;
  ObjRef held;
  std::string_view data;
  if (is_str(values[0])) {
    held = OURO_TRY(encode_str(ts, as<Str>(values[0]), "utf-8", "strict"));
    data = as<Bytes>(held)->view();
    XML_SetEncoding(self->parser, "utf-8");
  } else {
    OURO_TRY(bytes.acquire(ts, values[0]));
    data = bytes.view();
  }
  constexpr std::size_t kPiece = std::size_t{1} << 20;  // the library takes an int
  XML_Status status = XML_STATUS_OK;
  while (data.size() > kPiece && status == XML_STATUS_OK) {
    status = XML_Parse(self->parser, data.data(), static_cast<int>(kPiece), 0);
    data.remove_prefix(kPiece);
  }
  if (status == XML_STATUS_OK) {
    status = XML_Parse(self->parser, data.data(), static_cast<int>(data.size()), is_final);
  }
  return finish_parse(ts, self, status);
}

ObjResult parse_file(ThreadState& ts, Obj object, Args args) {
  constexpr int kPiece = 2048;
  auto* self = parser_of(object);
  MaybeAttribute read = find_attribute(ts, args[0], OURO_TRY(intern(ts, "read")));
  if (read.failed) return Raised{};
  if (!read.value) return raise_type_error(ts, "argument must have 'read' attribute");
  Ref<Int> wanted = OURO_TRY(Int::from(ts, kPiece));
  for (;;) {
    ObjRef piece = OURO_TRY(call(ts, read.value, wanted));
    std::string_view data;
    if (is_bytes(piece)) {
      data = as<Bytes>(piece)->view();
    } else if (is_kind(piece, TypeKind::ByteArray)) {
      data = {as<ByteArray>(piece)->data, static_cast<std::size_t>(as<ByteArray>(piece)->length)};
    } else {
      return raise_type_error(ts, "read() did not return a bytes object (type={t})", piece);
    }
    if (data.size() > static_cast<std::size_t>(kPiece)) {
      return raise_value_error(ts, "read() returned too much data: {} bytes requested, {} returned",
                               kPiece, data.size());
    }
    void* room = XML_GetBuffer(self->parser, kPiece);
    if (room == nullptr) return finish_parse(ts, self, XML_STATUS_ERROR);
    std::memcpy(room, data.data(), data.size());
    const bool last = data.empty();
    const XML_Status status = XML_ParseBuffer(self->parser, static_cast<int>(data.size()), last);
    if (has_pending(ts) || status == XML_STATUS_ERROR || last) {
      return finish_parse(ts, self, status);
    }
  }
}

// -- the rest of the methods ----------------------------------------------------------------------

ObjResult set_base(ThreadState& ts, Obj object, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "SetBase() argument must be str, not {t}", args[0]);
  }
  Utf8 text{Borrowed<Str>(as<Str>(args[0]))};
  if (!text.ok() || XML_SetBase(parser_of(object)->parser, text.c_str()) != XML_STATUS_OK) {
    return raise_no_memory(ts);
  }
  return ts.core.none_ref();
}

ObjResult get_base(ThreadState& ts, Obj object, Args) {
  return text_or_none(ts, XML_GetBase(parser_of(object)->parser));
}

ObjResult get_input_context(ThreadState& ts, Obj object, Args) {
  if (!parser_of(object)->in_callback) return ts.core.none_ref();
  int offset = 0;
  int bytes = 0;
  const char* text = XML_GetInputContext(parser_of(object)->parser, &offset, &bytes);
  if (text == nullptr) return ts.core.none_ref();
  return Bytes::from(ts, {text + offset, static_cast<std::size_t>(bytes - offset)});
}

ObjResult external_parser(ThreadState& ts, Obj object, Args args) {
  auto* self = parser_of(object);
  Obj values[2];
  OURO_TRY(
      parse_args(ts, args, "ExternalEntityParserCreate", {"/context", "/encoding"}, 1, values));
  if (!is_str(values[0]) && !is_none(values[0])) {
    return raise_type_error(
        ts, "ExternalEntityParserCreate() argument 1 must be str or None, not {t}", values[0]);
  }
  if (values[1] && !is_str(values[1])) {
    return raise_type_error(ts, "ExternalEntityParserCreate() argument 2 must be str, not {t}",
                            values[1]);
  }
  Utf8 context{Borrowed<Str>(is_str(values[0]) ? as<Str>(values[0]) : ts.core.empty_str)};
  Utf8 encoding{Borrowed<Str>(values[1] ? as<Str>(values[1]) : ts.core.empty_str)};
  if (!context.ok() || !encoding.ok()) return raise_no_memory(ts);
  Ref<Parser> made = OURO_TRY(new_parser(ts, self->type(), self->error, self->intern));
  made->ordered_attributes = self->ordered_attributes;
  made->specified_attributes = self->specified_attributes;
  made->namespace_prefixes = self->namespace_prefixes;
  made->buffer_bytes = self->buffer_bytes;
  made->parent = object.new_ref().release();
  if (self->buffer != nullptr) {
    made->buffer = static_cast<char*>(allocate_raw(static_cast<std::size_t>(made->buffer_bytes)));
    if (made->buffer == nullptr) return raise_no_memory(ts);
  }
  made->parser =
      XML_ExternalEntityParserCreate(self->parser, is_str(values[0]) ? context.c_str() : nullptr,
                                     values[1] ? encoding.c_str() : nullptr);
  if (made->parser == nullptr) return raise_no_memory(ts);
  OURO_TRY(finish_parser(ts, made));
  for (std::size_t i = 0; i < kHandlerCount; ++i) {
    if (self->handlers[i] == nullptr) continue;
    made->handlers[i] = Obj(self->handlers[i]).new_ref().release();
    connect(made.get(), i, made->handlers[i]);
  }
  return made;
}

ObjResult set_parameter_entities(ThreadState& ts, Obj object, Args args) {
  const int flag = OURO_TRY(c_int(ts, args[0]));
  return Int::from(ts, XML_SetParamEntityParsing(parser_of(object)->parser,
                                                 static_cast<XML_ParamEntityParsing>(flag)));
}

ObjResult use_foreign_dtd(ThreadState& ts, Obj object, Args args) {
  const bool flag = args.size() == 0 || OURO_TRY(is_true(ts, args[0]));
  const XML_Error code = XML_UseForeignDTD(parser_of(object)->parser, flag);
  if (code != XML_ERROR_NONE) return raise_parse_error(ts, parser_of(object), code);
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"Parse", parse, 0, -1, MethodDef::kKeywords,
     "Parse($self, data, isfinal=False, /)\n--\n\nParses a piece of the document; the last one "
     "with "
     "isfinal."},
    {"ParseFile", parse_file, 1, 1, MethodDef::kNone,
     "ParseFile($self, file, /)\n--\n\nParses what the object's read() gives."},
    {"SetBase", set_base, 1, 1, MethodDef::kNone,
     "SetBase($self, base, /)\n--\n\nSets the base of system identifiers."},
    {"GetBase", get_base, 0, 0, MethodDef::kNone,
     "GetBase($self, /)\n--\n\nThe base of system identifiers."},
    {"GetInputContext", get_input_context, 0, 0, MethodDef::kNone,
     "GetInputContext($self, /)\n--\n\nThe input that made the present event, as far as it is "
     "known."},
    {"ExternalEntityParserCreate", external_parser, 0, -1, MethodDef::kKeywords,
     "ExternalEntityParserCreate($self, context, encoding=<unrepresentable>, /)\n--\n\nA parser "
     "for an "
     "entity outside this document."},
    {"SetParamEntityParsing", set_parameter_entities, 1, 1, MethodDef::kNone,
     "SetParamEntityParsing($self, flag, /)\n--\n\nSays when parameter entities are parsed; "
     "returns "
     "whether that could be set."},
    {"UseForeignDTD", use_foreign_dtd, 0, 1, MethodDef::kNone,
     "UseForeignDTD($self, flag=True, /)\n--\n\nGives documents without a DTD one from outside."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// -- attributes -----------------------------------------------------------------------------------

Raised refuse_delete(ThreadState& ts) {
  return raise(ts, ts.core.exceptions.RuntimeError, "Cannot delete attribute");
}

template <std::size_t Index>
ObjResult get_handler(ThreadState& ts, Obj object) {
  Object* handler = parser_of(object)->handlers[Index];
  return handler == nullptr ? ts.core.none_ref() : Obj(handler).new_ref();
}

template <std::size_t Index>
Status set_handler(ThreadState& ts, Obj object, Obj value) {
  auto* self = parser_of(object);
  if (!value) return refuse_delete(ts);
  if (Index == kCharacterData) OURO_TRY(flush_text(ts, self));
  Object* handler = is_none(value) ? nullptr : value.new_ref().release();
  Object* before = std::exchange(self->handlers[Index], handler);
  connect(self, Index, handler);
  xdecref(before);
  return kDone;
}

template <auto Count>
ObjResult get_number(ThreadState& ts, Obj object) {
  return Int::from(ts, static_cast<std::int64_t>(Count(parser_of(object)->parser)));
}

template <bool Parser::*Flag>
ObjResult get_flag(ThreadState& ts, Obj object) {
  return ts.core.bool_ref(parser_of(object)->*Flag);
}
template <bool Parser::*Flag>
Status set_flag(ThreadState& ts, Obj object, Obj value) {
  if (!value) return refuse_delete(ts);
  parser_of(object)->*Flag = OURO_TRY(is_true(ts, value));
  return kDone;
}

Status set_namespace_prefixes(ThreadState& ts, Obj object, Obj value) {
  OURO_TRY(set_flag<&Parser::namespace_prefixes>(ts, object, value));
  XML_SetReturnNSTriplet(parser_of(object)->parser, parser_of(object)->namespace_prefixes);
  return kDone;
}

ObjResult get_buffer_text(ThreadState& ts, Obj object) {
  return ts.core.bool_ref(parser_of(object)->buffer != nullptr);
}

/// Puts a buffer of `bytes` (0: none) in place of the present one, whose text is handed on first.
Status replace_buffer(ThreadState& ts, Parser* self, std::int64_t bytes) {
  OURO_TRY(flush_text(ts, self));
  char* made = nullptr;
  if (bytes > 0) {
    made = static_cast<char*>(allocate_raw(static_cast<std::size_t>(bytes)));
    if (made == nullptr) return raise_no_memory(ts);
  }
  free_raw(std::exchange(self->buffer, made));
  self->buffer_used = 0;
  return kDone;
}

Status set_buffer_text(ThreadState& ts, Obj object, Obj value) {
  auto* self = parser_of(object);
  if (!value) return refuse_delete(ts);
  const bool wanted = OURO_TRY(is_true(ts, value));
  if (wanted == (self->buffer != nullptr)) return kDone;
  return replace_buffer(ts, self, wanted ? self->buffer_bytes : 0);
}

ObjResult get_buffer_bytes(ThreadState& ts, Obj object) {
  return Int::from(ts, parser_of(object)->buffer_bytes);
}

Status set_buffer_bytes(ThreadState& ts, Obj object, Obj value) {
  auto* self = parser_of(object);
  if (!value) return refuse_delete(ts);
  if (!is_int(value)) return raise_type_error(ts, "buffer_size must be an integer");
  const std::int64_t bytes = int_clamped(value);
  if (bytes <= 0) return raise_value_error(ts, "buffer_size must be greater than zero");
  if (bytes > INT32_MAX) {
    return raise_value_error(ts, "buffer_size must not be greater than {}", INT32_MAX);
  }
  if (bytes == self->buffer_bytes) return kDone;
  if (self->buffer != nullptr) OURO_TRY(replace_buffer(ts, self, bytes));
  self->buffer_bytes = bytes;
  return kDone;
}

ObjResult get_buffer_used(ThreadState& ts, Obj object) {
  return Int::from(ts, parser_of(object)->buffer_used);
}

ObjResult get_intern(ThreadState& ts, Obj object) {
  Object* table = parser_of(object)->intern;
  return table == nullptr ? ts.core.none_ref() : Obj(table).new_ref();
}

constexpr GetSetDef kGetSets[] = {
#define OURO_XML_GETSET(name) \
  {#name "Handler", get_handler<k##name>, set_handler<k##name>, nullptr},
    OURO_XML_HANDLERS(OURO_XML_GETSET)
#undef OURO_XML_GETSET
        {"DefaultHandlerExpand", get_handler<kDefaultHandlerExpand>,
         set_handler<kDefaultHandlerExpand>, nullptr},
    {"ErrorCode", get_number<XML_GetErrorCode>, nullptr, nullptr},
    {"ErrorLineNumber", get_number<XML_GetErrorLineNumber>, nullptr, nullptr},
    {"ErrorColumnNumber", get_number<XML_GetErrorColumnNumber>, nullptr, nullptr},
    {"ErrorByteIndex", get_number<XML_GetErrorByteIndex>, nullptr, nullptr},
    {"CurrentLineNumber", get_number<XML_GetCurrentLineNumber>, nullptr, nullptr},
    {"CurrentColumnNumber", get_number<XML_GetCurrentColumnNumber>, nullptr, nullptr},
    {"CurrentByteIndex", get_number<XML_GetCurrentByteIndex>, nullptr, nullptr},
    {"buffer_size", get_buffer_bytes, set_buffer_bytes, nullptr},
    {"buffer_text", get_buffer_text, set_buffer_text, nullptr},
    {"buffer_used", get_buffer_used, nullptr, nullptr},
    {"namespace_prefixes", get_flag<&Parser::namespace_prefixes>, set_namespace_prefixes, nullptr},
    {"ordered_attributes", get_flag<&Parser::ordered_attributes>,
     set_flag<&Parser::ordered_attributes>, nullptr},
    {"specified_attributes", get_flag<&Parser::specified_attributes>,
     set_flag<&Parser::specified_attributes>, nullptr},
    {"intern", get_intern, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

void fill_parser(Type& type) {
  init_collected<Parser>(type);
  type.info.dealloc = dealloc;
  type.info.clear = clear;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

Result<Ref<Parser>> new_parser(ThreadState& ts, Borrowed<Type> type, Obj error, Obj intern) {
  Ref<Parser> made = OURO_TRY(new_object<Parser>(ts, type));
  made->error = error.new_ref().release();
  if (intern) made->intern = intern.new_ref().release();
  made->buffer_bytes = kBufferBytes;
  return made;
}

Status finish_parser(ThreadState& ts, Borrowed<Parser> self) {
  XML_SetUserData(self->parser, self.get());
  connect_unknown_encodings(self.get());
  return track(ts, self);
}

Raised raise_parse_error(ThreadState& ts, Parser* self, XML_Error code) {
  const auto line = static_cast<std::int64_t>(XML_GetErrorLineNumber(self->parser));
  const auto column = static_cast<std::int64_t>(XML_GetErrorColumnNumber(self->parser));
  const FormatArg parts[] = {FormatArg(XML_ErrorString(code)), FormatArg(line), FormatArg(column)};
  Ref<Str> message = OURO_TRY(format_message(ts, "{}: line {}, column {}", parts));
  ObjRef error = OURO_TRY(call(ts, self->error, message));
  const std::pair<const char*, std::int64_t> facts[] = {
      {"code", code}, {"offset", column}, {"lineno", line}};
  for (const auto& [name, value] : facts) {
    Ref<Int> number = OURO_TRY(Int::from(ts, value));
    Ref<Str> key = OURO_TRY(ouro::intern(ts, name));
    OURO_TRY(set_attribute(ts, error, key, number));
  }
  return raise_object(ts, std::move(error));
}

}  // namespace ouro::xml
