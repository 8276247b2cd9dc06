// Module _codecs: what its files share.
//
// The registry (search functions, codecs found, error handlers) lies in the module's dict under
// underscored names, where the collector sees it: it leads to functions that lead back to the
// module.
#pragma once

#include "modules/module_support.h"
#include "objects/bytes.h"

namespace ouro {

/// codecs_registry.cpp: register, lookup, encode, decode, register_error, lookup_error.
extern const MethodDef kCodecRegistryFunctions[];
Status add_codec_registry(ThreadState& ts, Borrowed<Module> module);
/// codecs_errors.cpp: puts the built-in error handlers ("strict", "ignore", …) into `handlers`.
Status add_error_handlers(ThreadState& ts, Borrowed<Dict> handlers);
/// codecs_functions.cpp: utf_8_encode and so on.
extern const MethodDef kCodecFunctions[];
/// codecs_escapes.cpp: escape_decode, unicode_escape_encode and so on.
extern const MethodDef kCodecEscapeFunctions[];
/// codecs_charmap.cpp
extern const MethodDef kCodecCharmapFunctions[];

/// (object, count): what every codec function returns. `result` may be Raised.
template <class T>
ObjResult codec_result(ThreadState& ts, Result<Ref<T>> result, std::int64_t count) {
  Ref<T> object = OURO_TRY(std::move(result));
  Ref<Int> number = OURO_TRY(Int::from(ts, count));
  return Tuple::of(ts, object, number);
}
/// The first argument of an encoder, which must be a str.
Result<Borrowed<Str>> text_argument(ThreadState& ts, Args args, const char* function);
/// The `errors` argument when there is one and it is not None.
Status read_errors(ThreadState& ts, Args args, std::uint32_t index, const char* function,
                   CodecName& errors);

}  // namespace ouro
