// SyntaxError, with the place in the source it complains about.

#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/operations.h"

namespace ouro::exceptions {

namespace {

Status syntax_error_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(base_init(ts, self, args));
  if (args.count >= 1) set_exception_field(self, SyntaxErrorField::Msg, args[0]);
  if (args.count != 2) return kDone;
  // (filename, lineno, offset, text[, end_lineno, end_offset])
  Ref<Tuple> place = OURO_TRY(tuple_from_iterable(ts, args[1]));
  if (place->size < 4 || place->size > 6) {
    return raise_type_error(ts, "function takes at {} {} arguments ({} given)",
                            place->size < 4 ? "least" : "most", place->size < 4 ? 4 : 6,
                            place->size);
  }
  constexpr SyntaxErrorField kOrder[] = {SyntaxErrorField::Filename,  SyntaxErrorField::Lineno,
                                         SyntaxErrorField::Offset,    SyntaxErrorField::Text,
                                         SyntaxErrorField::EndLineno, SyntaxErrorField::EndOffset};
  for (std::int64_t i = 0; i < 6; ++i) {
    set_exception_field(self, kOrder[i], i < place->size ? place->at(i) : Obj());
  }
  if (place->size == 5) {
    return raise_type_error(ts, "end_offset must be provided when end_lineno is provided");
  }
  return kDone;
}

/// The part of a path after its last slash.
Result<Ref<Str>> base_name(ThreadState& ts, Borrowed<Str> path) {
  std::int64_t start = path->length;
  while (start > 0 && path->at(start - 1) != U'/') --start;
  if (start == 0) return Ref<Str>::share(path.get());
  return path->slice(ts, start, path->length);
}

ObjResult syntax_error_str(ThreadState& ts, Obj self) {
  ObjRef message = exception_field(self, SyntaxErrorField::Msg).new_ref();
  if (!message) message = ts.core.none_ref();
  ObjRef filename = exception_field(self, SyntaxErrorField::Filename).new_ref();
  ObjRef line = exception_field(self, SyntaxErrorField::Lineno).new_ref();
  const bool has_file = filename && is_str(filename);
  const bool has_line = line && is_exact_int(line);
  if (!has_file && !has_line) return str_of(ts, message);
  Ref<Str> shown_file;
  if (has_file) shown_file = OURO_TRY(base_name(ts, as<Str>(filename)));
  if (!has_line) {
    const FormatArg shown[] = {FormatArg(message), FormatArg(shown_file)};
    return format_message(ts, "{} ({})", shown);
  }
  if (!has_file) {
    const FormatArg shown[] = {FormatArg(message), FormatArg(line)};
    return format_message(ts, "{} (line {})", shown);
  }
  const FormatArg shown[] = {FormatArg(message), FormatArg(shown_file), FormatArg(line)};
  return format_message(ts, "{} ({}, line {})", shown);
}

template <SyntaxErrorField field>
constexpr GetSetDef attribute(const char* name, const char* doc) {
  constexpr auto place = static_cast<std::size_t>(field);
  return {name, get_field<place>, set_field<place>, doc};
}
const GetSetDef kGetSets[] = {
    attribute<SyntaxErrorField::Msg>("msg", "exception msg"),
    attribute<SyntaxErrorField::Filename>("filename", "exception filename"),
    attribute<SyntaxErrorField::Lineno>("lineno", "exception lineno"),
    attribute<SyntaxErrorField::Offset>("offset", "exception offset"),
    attribute<SyntaxErrorField::Text>("text", "exception text"),
    attribute<SyntaxErrorField::EndLineno>("end_lineno", "exception end lineno"),
    attribute<SyntaxErrorField::EndOffset>("end_offset", "exception end offset"),
    attribute<SyntaxErrorField::PrintFileAndLine>("print_file_and_line",
                                                  "exception print_file_and_line"),
    {},
};

}  // namespace

void fill_syntax_error(Type& type) {
  fill_fields(type);
  type.make = field_make<8>;
  type.init = syntax_error_init;
  type.str = syntax_error_str;
  type.getsets = kGetSets;
}

}  // namespace ouro::exceptions
