// What the files of module _json share.
#pragma once

#include "modules/module_support.h"

namespace ouro {

/// json.JSONDecodeError(message, text, position).
Raised raise_json_error(ThreadState& ts, const char* message, Obj text, std::int64_t position);
/// Reads a string whose first character stands at `start`, behind the quote; `end` is set behind
/// the closing quote. `strict`: no control characters.
Result<Ref<Str>> json_scan_string(ThreadState& ts, Str* text, std::int64_t start, bool strict,
                                  std::int64_t& end);
/// Writes a text with quotes and escapes.
Status json_quote(ThreadState& ts, StrBuilder& out, Str* text, bool ascii_only);

/// The functions encode_basestring and encode_basestring_ascii.
ObjResult json_encode_string(ThreadState& ts, Obj, Args args);
ObjResult json_encode_ascii_string(ThreadState& ts, Obj, Args args);

void fill_json_scanner(Type& type);
void fill_json_encoder(Type& type);

}  // namespace ouro
