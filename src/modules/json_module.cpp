// Module _json: the functions, and the types of scanners and encoders.
#include "modules/json.h"
#include "modules/native_modules.h"

namespace ouro {

namespace {

template <bool kAsciiOnly>
ObjResult encode(ThreadState& ts, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "first argument must be a string, not {t}", args[0]);
  }
  StrBuilder out(ts);
  OURO_TRY(json_quote(ts, out, as<Str>(args[0]), kAsciiOnly));
  return out.finish();
}

ObjResult scan_string(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "first argument must be a string, not {t}", args[0]);
  }
  const std::int64_t start =
      OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  const bool strict = args.size() < 3 || OURO_TRY(is_true(ts, args[2]));
  auto* text = as<Str>(args[0]);
  if (start < 0 || start > text->length) return raise_value_error(ts, "end is out of bounds");
  std::int64_t end = 0;
  Ref<Str> value = OURO_TRY(json_scan_string(ts, text, start, strict, end));
  Ref<Int> position = OURO_TRY(Int::from(ts, end));
  return Tuple::of(ts, value, position);
}

constexpr MethodDef kFunctions[] = {
    {"encode_basestring_ascii", json_encode_ascii_string, 1, 1, MethodDef::kNone,
     "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a "
     "Python string"},
    {"encode_basestring", json_encode_string, 1, 1, MethodDef::kNone,
     "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string"},
    {"scanstring", scan_string, 2, 3, MethodDef::kNone,
     "scanstring(string, end, strict=True) -> (string, end)\n\nReads the JSON string that starts "
     "at `end`, behind its quote; returns it and the place behind its closing quote."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

ObjResult json_encode_string(ThreadState& ts, Obj, Args args) { return encode<false>(ts, args); }
ObjResult json_encode_ascii_string(ThreadState& ts, Obj, Args args) {
  return encode<true>(ts, args);
}

Result<Ref<Module>> create_json_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_json"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> scanner = OURO_TRY(make_native_type(
      ts, {"Scanner", "_json", 0, 0, 0, fill_json_scanner, "JSON scanner object"}));
  OURO_TRY(dict_set(ts, module->dict, "make_scanner", Obj(scanner)));
  Ref<Type> encoder = OURO_TRY(make_native_type(ts, {"Encoder", "_json", 0, 0, 0, fill_json_encoder,
                                                     "Encoder(markers, default, encoder, "
                                                     "indent, key_separator, "
                                                     "item_separator, sort_keys, skipkeys, "
                                                     "allow_nan)"}));
  OURO_TRY(dict_set(ts, module->dict, "make_encoder", Obj(encoder)));
  return module;
}

}  // namespace ouro
