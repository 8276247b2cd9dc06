// From the library's events to calls of a program's handlers.
#include "modules/pyexpat.h"
#include "objects/list.h"

namespace ouro::xml {

namespace {

/// One event on its way to its handler: gathers the arguments, then calls.
class Event {
 public:
  Event(void* user_data, HandlerIndex index)
      : self_(static_cast<Parser*>(user_data)), ts_(*current_thread_state()), arguments_(ts_) {
    good_ = !has_pending(ts_) && self_->handlers[index] != nullptr;
    if (!good_) return;
    handler_ = ObjRef::share(self_->handlers[index]);
    good_ = index == kCharacterData || flush_text(ts_, self_).ok();
    if (!good_) stop();
  }

  [[nodiscard]] bool wanted() const { return good_; }
  ThreadState& ts() { return ts_; }
  Parser* self() { return self_; }

  /// A name: the same str for the same text.
  Event& name(const XML_Char* text) {
    return take([&] { return interned(text); });
  }
  Event& text(const XML_Char* text) {
    return take([&] { return text_or_none(ts_, text); });
  }
  Event& text(const XML_Char* text, int bytes) {
    return take([&]() -> ObjResult {
      if (text == nullptr) return ts_.core.none_ref();
      return decode_utf8(ts_, {text, static_cast<std::size_t>(bytes)});
    });
  }
  Event& number(std::int64_t value) {
    return take([&]() -> ObjResult { return Int::from(ts_, value); });
  }
  Event& object(ObjResult made) {
    return take([&] { return std::move(made); });
  }
  ObjResult interned(const XML_Char* text) {
    if (text == nullptr) return ts_.core.none_ref();
    Ref<Str> made = OURO_TRY(decode_utf8(ts_, text));
    if (self_->intern == nullptr) return made;
    ObjRef table = ObjRef::share(self_->intern);
    return dict_set_default(ts_, as<Dict>(table), made, made);
  }

  /// Calls the handler; null when something raised.
  ObjRef call() {
    if (!good_) return {};
    const bool outer = std::exchange(self_->in_callback, true);
    ObjResult result =
        ouro::call(ts_, handler_,
                   Args{arguments_.data(), static_cast<std::uint32_t>(arguments_.size()), nullptr});
    self_->in_callback = outer;
    if (result.ok()) return result.take();
    stop();
    return {};
  }
  /// The same for handlers that answer with a number; `failure` when something raised.
  int call_for_number(int failure) {
    ObjRef answer = call();
    if (!answer) return failure;
    Result<int> number = c_int(ts_, answer);
    if (number.ok()) return number.take();
    stop();
    return failure;
  }

 private:
  template <class Make>
  Event& take(Make make) {
    if (!good_) return *this;
    ObjResult made = make();
    good_ = made.ok() && arguments_.append(made.take()).ok();
    if (!good_) stop();
    return *this;
  }
  void stop() {
    good_ = false;
    XML_StopParser(self_->parser, XML_FALSE);
  }

  Parser* self_;
  ThreadState& ts_;
  ItemBuffer arguments_;
  ObjRef handler_;
  bool good_ = false;
};

// -- elements -------------------------------------------------------------------------------------

ObjResult attributes_of(Event& event, const XML_Char** attributes) {
  ThreadState& ts = event.ts();
  Parser* self = event.self();
  std::size_t count = 0;
  if (self->specified_attributes) {
    count = static_cast<std::size_t>(XML_GetSpecifiedAttributeCount(self->parser));
  } else {
    while (attributes[count] != nullptr) count += 2;
  }
  if (self->ordered_attributes) {
    Ref<List> row = OURO_TRY(List::create(ts, static_cast<std::int64_t>(count)));
    for (std::size_t i = 0; i < count; i += 2) {
      OURO_TRY(row->append(ts, OURO_TRY(event.interned(attributes[i]))));
      OURO_TRY(row->append(ts, OURO_TRY(text_or_none(ts, attributes[i + 1]))));
    }
    return row;
  }
  Ref<Dict> table = OURO_TRY(Dict::create(ts));
  for (std::size_t i = 0; i < count; i += 2) {
    ObjRef name = OURO_TRY(event.interned(attributes[i]));
    ObjRef value = OURO_TRY(text_or_none(ts, attributes[i + 1]));
    OURO_TRY(dict_set(ts, table, name, value));
  }
  return table;
}

void XMLCALL on_start_element(void* data, const XML_Char* name, const XML_Char** attributes) {
  Event event(data, kStartElement);
  if (!event.wanted()) return;
  event.name(name);
  if (event.wanted()) event.object(attributes_of(event, attributes)).call();
}
void XMLCALL on_end_element(void* data, const XML_Char* name) {
  Event(data, kEndElement).name(name).call();
}

void XMLCALL on_text(void* data, const XML_Char* text, int bytes) {
  auto* self = static_cast<Parser*>(data);
  ThreadState& ts = *current_thread_state();
  if (has_pending(ts)) return;
  if (self->buffer != nullptr) {
    if (self->buffer_used + bytes > self->buffer_bytes && flush_text(ts, self).raised()) {
      XML_StopParser(self->parser, XML_FALSE);
      return;
    }
    // The handler may have been taken away just now.
    if (self->handlers[kCharacterData] == nullptr) return;
    if (self->buffer != nullptr && bytes <= self->buffer_bytes) {
      std::memcpy(self->buffer + self->buffer_used, text, static_cast<std::size_t>(bytes));
      self->buffer_used += bytes;
      return;
    }
  }
  Event(data, kCharacterData).text(text, bytes).call();
}

// -- the rest of a document -----------------------------------------------------------------------

void XMLCALL on_instruction(void* data, const XML_Char* target, const XML_Char* text) {
  Event(data, kProcessingInstruction).name(target).text(text).call();
}
void XMLCALL on_unparsed_entity(void* data, const XML_Char* name, const XML_Char* base,
                                const XML_Char* system, const XML_Char* public_id,
                                const XML_Char* notation) {
  Event(data, kUnparsedEntityDecl)
      .name(name)
      .name(base)
      .name(system)
      .name(public_id)
      .name(notation)
      .call();
}
void XMLCALL on_notation(void* data, const XML_Char* name, const XML_Char* base,
                         const XML_Char* system, const XML_Char* public_id) {
  Event(data, kNotationDecl).name(name).name(base).name(system).name(public_id).call();
}
void XMLCALL on_start_namespace(void* data, const XML_Char* prefix, const XML_Char* uri) {
  Event(data, kStartNamespaceDecl).name(prefix).name(uri).call();
}
void XMLCALL on_end_namespace(void* data, const XML_Char* prefix) {
  Event(data, kEndNamespaceDecl).name(prefix).call();
}
void XMLCALL on_comment(void* data, const XML_Char* text) {
  Event(data, kComment).text(text).call();
}
void XMLCALL on_start_cdata(void* data) { Event(data, kStartCdataSection).call(); }
void XMLCALL on_end_cdata(void* data) { Event(data, kEndCdataSection).call(); }
void XMLCALL on_default(void* data, const XML_Char* text, int bytes) {
  Event(data, kDefault).text(text, bytes).call();
}
void XMLCALL on_default_expanding(void* data, const XML_Char* text, int bytes) {
  Event(data, kDefaultHandlerExpand).text(text, bytes).call();
}
int XMLCALL on_not_standalone(void* data) { return Event(data, kNotStandalone).call_for_number(0); }

int XMLCALL on_external_entity(XML_Parser parser, const XML_Char* context, const XML_Char* base,
                               const XML_Char* system, const XML_Char* public_id) {
  Event event(XML_GetUserData(parser), kExternalEntityRef);
  return event.text(context).name(base).name(system).name(public_id).call_for_number(0);
}

void XMLCALL on_start_doctype(void* data, const XML_Char* name, const XML_Char* system,
                              const XML_Char* public_id, int has_internal_subset) {
  Event(data, kStartDoctypeDecl)
      .name(name)
      .name(system)
      .name(public_id)
      .number(has_internal_subset)
      .call();
}
void XMLCALL on_end_doctype(void* data) { Event(data, kEndDoctypeDecl).call(); }

void XMLCALL on_entity(void* data, const XML_Char* name, int is_parameter, const XML_Char* value,
                       int value_bytes, const XML_Char* base, const XML_Char* system,
                       const XML_Char* public_id, const XML_Char* notation) {
  Event event(data, kEntityDecl);
  event.name(name).number(is_parameter).text(value, value_bytes).name(base).name(system);
  event.name(public_id).name(notation).call();
}
void XMLCALL on_xml_declaration(void* data, const XML_Char* version, const XML_Char* encoding,
                                int standalone) {
  Event(data, kXmlDecl).text(version).text(encoding).number(standalone).call();
}

/// (type, quantifier, name, children) of a content model.
ObjResult content_model(ThreadState& ts, const XML_Content& model) {
  NativeDepth depth(ts, " in a content model");
  if (!depth.ok()) return Raised{};
  Ref<Tuple> children = OURO_TRY(Tuple::make(ts, model.numchildren));
  for (unsigned i = 0; i < model.numchildren; ++i) {
    children->items[i] = OURO_TRY(content_model(ts, model.children[i])).release();
  }
  if (model.numchildren > 0) OURO_TRY(track(ts, children));
  Ref<Int> type = OURO_TRY(Int::from(ts, model.type));
  Ref<Int> quantifier = OURO_TRY(Int::from(ts, model.quant));
  ObjRef name = OURO_TRY(text_or_none(ts, model.name));
  return Tuple::of(ts, type, quantifier, name, children);
}

void XMLCALL on_element_declaration(void* data, const XML_Char* name, XML_Content* model) {
  Event event(data, kElementDecl);
  event.name(name);
  if (event.wanted()) event.object(content_model(event.ts(), *model)).call();
  XML_FreeContentModel(event.self()->parser, model);
}
void XMLCALL on_attributes_declaration(void* data, const XML_Char* element, const XML_Char* name,
                                       const XML_Char* type, const XML_Char* fallback,
                                       int required) {
  Event(data, kAttlistDecl)
      .name(element)
      .name(name)
      .text(type)
      .text(fallback)
      .number(required)
      .call();
}
void XMLCALL on_skipped_entity(void* data, const XML_Char* name, int is_parameter) {
  Event(data, kSkippedEntity).name(name).number(is_parameter).call();
}

// -- encodings ------------------------------------------------------------------------------------

/// Encodings of one byte a character are tables made by the codec of that name.
int XMLCALL on_unknown_encoding(void* data, const XML_Char* name, XML_Encoding* info) {
  ThreadState& ts = *current_thread_state();
  auto* self = static_cast<Parser*>(data);
  if (has_pending(ts)) return XML_STATUS_ERROR;
  char all[256];
  for (int i = 0; i < 256; ++i) all[i] = static_cast<char>(i);
  ObjResult decoded = decode_bytes(ts, {all, sizeof all}, name, "replace");
  bool good = decoded.ok();
  if (good) {
    ObjRef text = decoded.take();
    good = is_str(text) && as<Str>(text)->length == 256;
    if (!good) {
      static_cast<void>(raise_value_error(ts, "multi-byte encodings are not supported"));
    } else {
      for (int i = 0; i < 256; ++i) {
        const char32_t character = as<Str>(text)->at(i);
        info->map[i] = character == 0xfffd ? -1 : static_cast<int>(character);
      }
    }
  }
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  if (good) return XML_STATUS_OK;
  XML_StopParser(self->parser, XML_FALSE);
  return XML_STATUS_ERROR;
}

}  // namespace

Status flush_text(ThreadState& ts, Parser* self) {
  if (self->buffer == nullptr || self->buffer_used == 0) return kDone;
  const auto bytes = static_cast<std::size_t>(std::exchange(self->buffer_used, 0));
  if (self->handlers[kCharacterData] == nullptr) return kDone;
  ObjRef handler = ObjRef::share(self->handlers[kCharacterData]);
  Ref<Str> text = OURO_TRY(decode_utf8(ts, {self->buffer, bytes}));
  const bool outer = std::exchange(self->in_callback, true);
  ObjResult result = call(ts, handler, text);
  self->in_callback = outer;
  return result.ok() ? kDone : Status(Raised{});
}

void connect_unknown_encodings(Parser* self) {
  XML_SetUnknownEncodingHandler(self->parser, on_unknown_encoding, self);
}

void connect(Parser* self, std::size_t index, Object* handler) {
  const XML_Parser parser = self->parser;
#define OURO_CONNECT(event, setter, function)                \
  case event:                                                \
    setter(parser, handler == nullptr ? nullptr : function); \
    return
  switch (static_cast<HandlerIndex>(index)) {
    OURO_CONNECT(kStartElement, XML_SetStartElementHandler, on_start_element);
    OURO_CONNECT(kEndElement, XML_SetEndElementHandler, on_end_element);
    OURO_CONNECT(kProcessingInstruction, XML_SetProcessingInstructionHandler, on_instruction);
    case kCharacterData:
      // Inside an event the library may go on with the function it has: that one then finds no
      // handler.
      XML_SetCharacterDataHandler(parser,
                                  handler == nullptr && !self->in_callback ? nullptr : on_text);
      return;
      OURO_CONNECT(kUnparsedEntityDecl, XML_SetUnparsedEntityDeclHandler, on_unparsed_entity);
      OURO_CONNECT(kNotationDecl, XML_SetNotationDeclHandler, on_notation);
      OURO_CONNECT(kStartNamespaceDecl, XML_SetStartNamespaceDeclHandler, on_start_namespace);
      OURO_CONNECT(kEndNamespaceDecl, XML_SetEndNamespaceDeclHandler, on_end_namespace);
      OURO_CONNECT(kComment, XML_SetCommentHandler, on_comment);
      OURO_CONNECT(kStartCdataSection, XML_SetStartCdataSectionHandler, on_start_cdata);
      OURO_CONNECT(kEndCdataSection, XML_SetEndCdataSectionHandler, on_end_cdata);
      OURO_CONNECT(kDefault, XML_SetDefaultHandler, on_default);
      OURO_CONNECT(kDefaultHandlerExpand, XML_SetDefaultHandlerExpand, on_default_expanding);
      OURO_CONNECT(kNotStandalone, XML_SetNotStandaloneHandler, on_not_standalone);
      OURO_CONNECT(kExternalEntityRef, XML_SetExternalEntityRefHandler, on_external_entity);
      OURO_CONNECT(kStartDoctypeDecl, XML_SetStartDoctypeDeclHandler, on_start_doctype);
      OURO_CONNECT(kEndDoctypeDecl, XML_SetEndDoctypeDeclHandler, on_end_doctype);
      OURO_CONNECT(kEntityDecl, XML_SetEntityDeclHandler, on_entity);
      OURO_CONNECT(kXmlDecl, XML_SetXmlDeclHandler, on_xml_declaration);
      OURO_CONNECT(kElementDecl, XML_SetElementDeclHandler, on_element_declaration);
      OURO_CONNECT(kAttlistDecl, XML_SetAttlistDeclHandler, on_attributes_declaration);
      OURO_CONNECT(kSkippedEntity, XML_SetSkippedEntityHandler, on_skipped_entity);
    case kHandlerCount:
      return;
  }
#undef OURO_CONNECT
}

ObjResult text_or_none(ThreadState& ts, const XML_Char* text) {
  if (text == nullptr) return ts.core.none_ref();
  return decode_utf8(ts, text);
}

}  // namespace ouro::xml
