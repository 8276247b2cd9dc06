// What the files of module pyexpat share: parser objects, and calling a program's handlers.
//
// A handler that raises stops the library's parser; further events are ignored until the parse call
// returns with the exception. The library's memory comes from the heap.
#pragma once

#include <expat.h>

#include "modules/library_support.h"

namespace ouro::xml {

/// The places of handlers: those whose attribute is NAMEHandler, then the one other.
#define OURO_XML_HANDLERS(use)                                                                     \
  use(StartElement) use(EndElement) use(ProcessingInstruction) use(CharacterData)                  \
      use(UnparsedEntityDecl) use(NotationDecl) use(StartNamespaceDecl) use(EndNamespaceDecl)      \
          use(Comment) use(StartCdataSection) use(EndCdataSection) use(Default) use(NotStandalone) \
              use(ExternalEntityRef) use(StartDoctypeDecl) use(EndDoctypeDecl) use(EntityDecl)     \
                  use(XmlDecl) use(ElementDecl) use(AttlistDecl) use(SkippedEntity)
enum HandlerIndex : std::size_t {
#define OURO_XML_INDEX(name) k##name,
  OURO_XML_HANDLERS(OURO_XML_INDEX)
#undef OURO_XML_INDEX
      kDefaultHandlerExpand,
  kHandlerCount
};

struct Parser : Object {
  XML_Parser parser;  // owned; null until the object is complete
  Object* handlers[kHandlerCount];
  Object* intern;             // a dict: names seen so far
  Object* parent;             // of a parser for an external entity: the library shares its tables
  Object* error;              // the class ExpatError
  bool ordered_attributes;    // attributes as a list
  bool specified_attributes;  // without those that only the DTD gives
  bool namespace_prefixes;
  bool in_callback;
  char* buffer;  // text to be joined to one call, or null: see buffer_text
  std::int64_t buffer_bytes, buffer_used;
  template <class V>
  void edges(V& v) const {
    v.edge_range_backwards(handlers, std::size_t{kHandlerCount},
                           [](std::size_t i) { return gc::index_label(i); });
    v.edge(intern, gc::slot_label("intern"));
    v.edge(parent, gc::slot_label("parent"));
    v.edge(error, gc::slot_label("error"));
  }
};

inline constexpr std::int64_t kBufferBytes = 8192;

inline Parser* parser_of(Obj object) { return as<Parser>(object); }

/// Hands the text gathered so far to the handler of character data.
Status flush_text(ThreadState& ts, Parser* self);
/// Tells the library which handler to call for event `index`; null: none.
void connect(Parser* self, std::size_t index, Object* handler);
/// Sets the handlers that every parser needs.
void connect_unknown_encodings(Parser* self);
/// ExpatError from the parser's state.
Raised raise_parse_error(ThreadState& ts, Parser* self, XML_Error code);
/// Text from the library, or None.
ObjResult text_or_none(ThreadState& ts, const XML_Char* text);

/// Fills the type of parser objects (pyexpat_parser.cpp).
void fill_parser(Type& type);
/// A new parser with nothing set; not tracked yet.
Result<Ref<Parser>> new_parser(ThreadState& ts, Borrowed<Type> type, Obj error, Obj intern);
/// Makes it usable: user data, encodings, then tracked.
Status finish_parser(ThreadState& ts, Borrowed<Parser> self);

}  // namespace ouro::xml
