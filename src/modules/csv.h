// Module _csv: what its sources share. A Dialect says how records are written; readers and writers
// work by one. The module's state holds the dialects that were registered by name.
#pragma once

#include "modules/module_support.h"
#include "objects/dict.h"
#include "objects/errors.h"

namespace ouro::csv {

inline constexpr char32_t kNoCharacter = 0x110000;  // no quotechar or escapechar is set
inline constexpr std::int64_t kFirstFieldLimit = 128 * 1024;

enum Quoting : int { kQuoteMinimal, kQuoteAll, kQuoteNonNumeric, kQuoteNone };

struct State : Object {
  Type* error;
  Type* dialect_type;  // these three are held by the module's dict, too
  Type* reader_type;
  Type* writer_type;
  Dict* dialects;
  std::int64_t field_limit;
  template <class V>
  void edges(V& v) const {
    v.edge(error, gc::slot_label("Error"));
    v.edge(dialect_type, gc::slot_label("Dialect"));
    v.edge(reader_type, gc::slot_label("reader"));
    v.edge(writer_type, gc::slot_label("writer"));
    v.edge(dialects, gc::slot_label("dialects"));
  }
};
inline State* state_of(Obj module) { return static_cast<State*>(as<Module>(module)->state); }

struct Dialect : Object {
  Str* lineterminator;
  State* state;
  char32_t delimiter, quotechar, escapechar;
  int quoting;
  bool doublequote, skipinitialspace, strict;
  template <class V>
  void edges(V& v) const {
    v.edge(lineterminator, gc::slot_label("lineterminator"));
    v.edge(state, gc::slot_label("state"));
  }
};

/// The dialect that the arguments [dialect], **changes describe.
Result<Ref<Dialect>> make_dialect(ThreadState& ts, State* state, Args args);
/// Registered under the name; Error "unknown dialect".
ObjResult find_dialect(ThreadState& ts, State* state, Obj name);

ObjResult reader_function(ThreadState& ts, Obj module, Args args);
ObjResult writer_function(ThreadState& ts, Obj module, Args args);

Result<Ref<Type>> make_dialect_type(ThreadState& ts);
Result<Ref<Type>> make_reader_type(ThreadState& ts);
Result<Ref<Type>> make_writer_type(ThreadState& ts);

}  // namespace ouro::csv
