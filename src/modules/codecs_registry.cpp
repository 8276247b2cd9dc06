// _codecs: finding codecs and error handlers by name.
#include "modules/codecs_support.h"
#include "objects/codecs.h"
#include "objects/list.h"

namespace ouro {

namespace {

constexpr const char* kSearchPath = "_search_path";
constexpr const char* kFoundCodecs = "_found_codecs";
constexpr const char* kErrorHandlers = "_error_handlers";

/// A part of the registry, new reference.
ObjResult registry(ThreadState& ts, Obj module, const char* name) {
  Ref<Str> key = OURO_TRY(intern(ts, name));
  Borrowed<Dict> dict = as<Module>(module)->dict;
  ObjRef part = dict ? dict_get_str(dict, key).new_ref() : ObjRef();
  if (!part) return raise_system_error(ts, "the codec registry is gone");
  return part;
}

Result<Ref<Dict>> registry_dict(ThreadState& ts, Obj module, const char* name) {
  ObjRef part = OURO_TRY(registry(ts, module, name));
  if (!is_dict(part)) return raise_system_error(ts, "the codec registry was replaced");
  return Ref<Dict>::steal(as<Dict>(part.release()));
}

Result<Ref<List>> search_path(ThreadState& ts, Obj module) {
  ObjRef part = OURO_TRY(registry(ts, module, kSearchPath));
  if (!is_list(part)) return raise_system_error(ts, "the codec registry was replaced");
  return Ref<List>::steal(as<List>(part.release()));
}

// -- codecs ---------------------------------------------------------------------------------------

ObjResult register_search(ThreadState& ts, Obj module, Args args) {
  if (!is_callable(args[0])) return raise_type_error(ts, "argument must be callable");
  Ref<List> path = OURO_TRY(search_path(ts, module));
  OURO_TRY(path->append(ts, args[0]));
  return ts.core.none_ref();
}

ObjResult unregister_search(ThreadState& ts, Obj module, Args args) {
  Ref<List> path = OURO_TRY(search_path(ts, module));
  for (std::int64_t i = 0; i < path->size; ++i) {
    if (!(path->at(i) == args[0])) continue;
    Ref<Dict> found = OURO_TRY(registry_dict(ts, module, kFoundCodecs));
    dict_clear(found);
    Ref<Int> index = OURO_TRY(Int::from(ts, i));
    OURO_TRY(set_item(ts, path, index, nullptr));
    break;
  }
  return ts.core.none_ref();
}

/// The name in lower case; what is neither letter, digit nor dot becomes one underscore.
Result<Ref<Str>> normal_name(ThreadState& ts, Borrowed<Str> name) {
  StrBuilder plain(ts);
  bool gap = false;
  for (std::int64_t i = 0; i < name->length; ++i) {
    char32_t c = name->at(i);
    if (c >= U'A' && c <= U'Z') c += U'a' - U'A';
    const bool kept = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || c == U'.';
    if (kept) {
      if (gap && plain.length() > 0) OURO_TRY(plain.append(U'_'));
      OURO_TRY(plain.append(c));
    }
    gap = !kept && c < 0x80;
  }
  return plain.finish();
}

ObjResult find_codec(ThreadState& ts, Obj module, Borrowed<Str> encoding) {
  Ref<Str> name = OURO_TRY(normal_name(ts, encoding));
  Ref<Dict> found = OURO_TRY(registry_dict(ts, module, kFoundCodecs));
  const Lookup known = dict_lookup(ts, found, name);
  if (known.failed) return Raised{};
  if (known.value != nullptr) return ObjRef::share(known.value);
  Ref<List> path = OURO_TRY(search_path(ts, module));
  // The package of standard encodings registers itself when it is first needed.
  if (path->size == 0) {
    ObjRef encodings = OURO_TRY(import_by_name(ts, "encodings"));
    static_cast<void>(encodings);
  }
  for (std::int64_t i = 0; i < path->size; ++i) {
    ObjRef search = path->at(i).new_ref();
    ObjRef codec = OURO_TRY(call(ts, search, name));
    if (is_none(codec)) continue;
    if (!is_tuple(codec) || as<Tuple>(Obj(codec))->size != 4) {
      return raise_type_error(ts, "codec search functions must return 4-tuples");
    }
    OURO_TRY(dict_set(ts, found, name, codec));
    return codec;
  }
  return raise(ts, ts.core.exceptions.LookupError, "unknown encoding: {}", encoding);
}

ObjResult lookup_codec(ThreadState& ts, Obj module, Args args) {
  if (!is_str(args[0]))
    return raise_type_error(ts, "lookup() argument must be str, not {n}", args[0]);
  return find_codec(ts, module, as<Str>(args[0]));
}

enum class Direction : std::uint8_t { Encode, Decode };

/// codec[direction](object, errors)[0]
ObjResult run_codec(ThreadState& ts, Obj module, Obj object, Borrowed<Str> encoding, Obj errors,
                    Direction direction) {
  ObjRef codec = OURO_TRY(find_codec(ts, module, encoding));
  ObjRef function = as<Tuple>(Obj(codec))->at(direction == Direction::Encode ? 0 : 1).new_ref();
  ObjRef answer =
      OURO_TRY(errors ? call(ts, function, object, errors) : call(ts, function, object));
  if (!is_tuple(answer) || as<Tuple>(Obj(answer))->size != 2) {
    return raise_type_error(ts, direction == Direction::Encode
                                    ? "encoder must return a tuple (object, integer)"
                                    : "decoder must return a tuple (object,integer)");
  }
  return as<Tuple>(Obj(answer))->at(0).new_ref();
}

template <Direction kDirection>
ObjResult transform(ThreadState& ts, Obj module, Args args) {
  const char* function = kDirection == Direction::Encode ? "encode" : "decode";
  Obj values[3];
  OURO_TRY(parse_args(ts, args, function, {"obj", "encoding", "errors"}, 1, values));
  CodecName encoding("utf-8");
  CodecName errors("strict");
  OURO_TRY(encoding.read(ts, values[1], function, "encoding"));
  OURO_TRY(errors.read(ts, values[2], function, "errors"));
  if (codecs::find_encoding(encoding.c_str()) != codecs::Encoding::Unknown) {
    if (kDirection == Direction::Encode && is_str(values[0])) {
      return encode_str(ts, as<Str>(values[0]), encoding.c_str(), errors.c_str());
    }
    if (kDirection == Direction::Decode && BufferView::is_bytes_like(values[0])) {
      BufferView view;
      OURO_TRY(view.acquire(ts, values[0]));
      return decode_bytes(ts, view.view(), encoding.c_str(), errors.c_str());
    }
  }
  Ref<Str> name = OURO_TRY(Str::from_utf8(ts, encoding.c_str()));
  return run_codec(ts, module, values[0], name, values[2], kDirection);
}

// -- error handlers -------------------------------------------------------------------------------

ObjResult register_error(ThreadState& ts, Obj module, Args args) {
  if (!is_str(args[0]))
    return raise_type_error(ts, "register_error() argument 1 must be str, not {n}", args[0]);
  if (!is_callable(args[1])) return raise_type_error(ts, "handler must be callable");
  Ref<Dict> handlers = OURO_TRY(registry_dict(ts, module, kErrorHandlers));
  OURO_TRY(dict_set(ts, handlers, args[0], args[1]));
  return ts.core.none_ref();
}

ObjResult lookup_error(ThreadState& ts, Obj module, Args args) {
  if (!is_str(args[0]))
    return raise_type_error(ts, "lookup_error() argument must be str, not {n}", args[0]);
  Ref<Dict> handlers = OURO_TRY(registry_dict(ts, module, kErrorHandlers));
  const Lookup found = dict_lookup(ts, handlers, args[0]);
  if (found.failed) return Raised{};
  if (found.value == nullptr) {
    return raise(ts, ts.core.exceptions.LookupError, "unknown error handler name '{}'", args[0]);
  }
  return ObjRef::share(found.value);
}

}  // namespace

const MethodDef kCodecRegistryFunctions[] = {
    {"register", register_search, 1, 1, MethodDef::kNone,
     "register($module, search_function, /)\n--\n\nRegister a codec search function, which gets "
     "names in lower case."},
    {"unregister", unregister_search, 1, 1, MethodDef::kNone,
     "unregister($module, search_function, /)\n--\n\nUnregister a codec search function and clear "
     "the registry's cache."},
    {"lookup", lookup_codec, 1, 1, MethodDef::kNone,
     "lookup($module, encoding, /)\n--\n\nLooks up a codec tuple in the Python codec registry and "
     "returns a CodecInfo object."},
    {"encode", transform<Direction::Encode>, 0, -1, MethodDef::kKeywords,
     "encode($module, /, obj, encoding='utf-8', errors='strict')\n--\n\nEncodes obj using the "
     "codec registered for encoding."},
    {"decode", transform<Direction::Decode>, 0, -1, MethodDef::kKeywords,
     "decode($module, /, obj, encoding='utf-8', errors='strict')\n--\n\nDecodes obj using the "
     "codec registered for encoding."},
    {"register_error", register_error, 2, 2, MethodDef::kNone,
     "register_error($module, errors, handler, /)\n--\n\nRegister the specified error handler "
     "under the name errors."},
    {"lookup_error", lookup_error, 1, 1, MethodDef::kNone,
     "lookup_error($module, name, /)\n--\n\nlookup_error(errors) -> handler"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Status add_codec_registry(ThreadState& ts, Borrowed<Module> module) {
  Ref<List> path = OURO_TRY(List::create(ts));
  Ref<Dict> found = OURO_TRY(Dict::create(ts));
  Ref<Dict> handlers = OURO_TRY(Dict::create(ts));
  OURO_TRY(add_error_handlers(ts, handlers));
  OURO_TRY(dict_set(ts, module->dict, kSearchPath, Obj(path)));
  OURO_TRY(dict_set(ts, module->dict, kFoundCodecs, Obj(found)));
  return dict_set(ts, module->dict, kErrorHandlers, Obj(handlers));
}

}  // namespace ouro
