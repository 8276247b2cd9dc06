// Module _json: the encoder, which writes objects as JSON text in one go.
#include <cmath>

#include "modules/json.h"
#include "objects/float.h"
#include "objects/function.h"
#include "objects/list.h"

namespace ouro {

namespace {

struct Encoder : Object {
  Object* markers;  // owned, as all: None or the dict of containers being written, by id
  Object* make_default;
  Object* encode_text;
  Object* indent;
  Object* key_separator;
  Object* item_separator;
  bool sort_keys, skip_keys, allow_nan;
  template <class V>
  void edges(V& v) const {
    v.edge(markers, gc::slot_label("markers"));
    v.edge(make_default, gc::slot_label("default"));
    v.edge(encode_text, gc::slot_label("encoder"));
    v.edge(indent, gc::slot_label("indent"));
    v.edge(key_separator, gc::slot_label("key_separator"));
    v.edge(item_separator, gc::slot_label("item_separator"));
  }
};

class Writer {
 public:
  Writer(ThreadState& ts, Encoder* encoder, StrBuilder& out)
      : ts_(ts), encoder_(encoder), out_(out) {
    if (!is_kind(Obj(encoder->encode_text), TypeKind::BuiltinFunction)) return;
    const NativeFunction function = as<BuiltinFunction>(Obj(encoder->encode_text))->def->function;
    native_ = function == json_encode_string         ? Native::Any
              : function == json_encode_ascii_string ? Native::Ascii
                                                     : Native::None;
  }

  Status write(Obj value) {
    if (is_none(value)) return out_.append(std::string_view("null"));
    if (is_bool(value)) {
      return out_.append(std::string_view(value == Obj(ts_.core.true_object) ? "true" : "false"));
    }
    if (is_str(value)) return text(value);
    if (is_int(value)) return put(int_to_text(ts_, value, 10));
    if (is_float(value)) return put(float_text(value));
    NativeDepth depth(ts_, " while encoding a JSON object");
    if (!depth.ok()) return Raised{};
    ObjRef mark;
    OURO_TRY(enter(value, mark));
    if (is_list(value) || is_tuple(value)) {
      OURO_TRY(row(value));
    } else if (is_dict(value)) {
      OURO_TRY(mapping(value));
    } else {
      ObjRef replacement = OURO_TRY(call(ts_, encoder_->make_default, value));
      OURO_TRY(write(replacement));
    }
    return leave(mark);
  }

 private:
  enum class Native : std::uint8_t { None, Any, Ascii };

  Status put(Result<Ref<Str>> made) {
    Ref<Str> text = OURO_TRY(std::move(made));
    return out_.append(Borrowed<Str>(text));
  }

  Status text(Obj value) {
    if (native_ != Native::None) {
      return json_quote(ts_, out_, as<Str>(value), native_ == Native::Ascii);
    }
    ObjRef encoded = OURO_TRY(call(ts_, encoder_->encode_text, value));
    if (!is_str(encoded)) {
      return raise_type_error(ts_, "encoder() must return a string, not {t}", encoded);
    }
    return out_.append(Borrowed<Str>(as<Str>(encoded)));
  }

  Result<Ref<Str>> float_text(Obj value) {
    const double number = as<Float>(value)->value;
    if (std::isfinite(number)) {
      ObjRef shown = OURO_TRY(ts_.core.types.float_->repr(ts_, value));
      return Ref<Str>::steal(as<Str>(shown.release()));
    }
    if (!encoder_->allow_nan) {
      return raise_value_error(ts_, "Out of range float values are not JSON compliant");
    }
    return Str::from_utf8(ts_, std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
  }

  /// Notes that a container is being written; ValueError when it is already.
  Status enter(Obj value, ObjRef& mark) {
    if (is_none(encoder_->markers)) return kDone;
    auto* markers = as<Dict>(Obj(encoder_->markers));
    mark = OURO_TRY(Int::from(ts_, reinterpret_cast<std::intptr_t>(value.get())));
    if (OURO_TRY(dict_contains(ts_, markers, mark))) {
      return raise_value_error(ts_, "Circular reference detected");
    }
    return dict_set(ts_, markers, mark, value);
  }
  Status leave(const ObjRef& mark) {
    if (!mark) return kDone;
    const bool removed = OURO_TRY(dict_remove(ts_, as<Dict>(Obj(encoder_->markers)), mark));
    static_cast<void>(removed);
    return kDone;
  }

  Status row(Obj value) {
    OURO_TRY(out_.append(U'['));
    for (std::size_t i = 0; i < fast_items(value).size(); ++i) {
      if (i > 0) OURO_TRY(out_.append(Borrowed<Str>(as<Str>(Obj(encoder_->item_separator)))));
      const ObjRef item = ObjRef::share(fast_items(value)[i]);
      OURO_TRY(write(item));
    }
    return out_.append(U']');
  }

  /// The text of a key; null when keys of other types are skipped.
  Result<Ref<Str>> key_text(Obj key, bool& skipped) {
    skipped = false;
    if (is_str(key)) return Ref<Str>::share(as<Str>(key));
    if (is_float(key)) return float_text(key);
    if (is_bool(key)) {
      return Str::from_utf8(ts_, key == Obj(ts_.core.true_object) ? "true" : "false");
    }
    if (is_none(key)) return Str::from_utf8(ts_, "null");
    if (is_int(key)) return int_to_text(ts_, key, 10);
    if (encoder_->skip_keys) {
      skipped = true;
      return Ref<Str>::share(ts_.core.empty_str);
    }
    return raise_type_error(ts_, "keys must be str, int, float, bool or None, not {t}", key);
  }

  Status mapping(Obj value) {
    if (dict_size(as<Dict>(value)) == 0) return out_.append(std::string_view("{}"));
    ObjRef view = OURO_TRY(call_method(ts_, value, OURO_TRY(intern(ts_, "items"))));
    Ref<List> items = OURO_TRY(list_from_iterable(ts_, view));
    if (encoder_->sort_keys) OURO_TRY(items->sort(ts_, nullptr, false));
    OURO_TRY(out_.append(U'{'));
    bool first = true;
    for (std::int64_t i = 0; i < items->size; ++i) {
      const ObjRef pair = items->at(i).new_ref();
      if (!is_tuple(pair) || as<Tuple>(pair)->size != 2) {
        return raise_value_error(ts_, "items must return 2-tuples");
      }
      bool skipped = false;
      Ref<Str> key = OURO_TRY(key_text(as<Tuple>(pair)->at(0), skipped));
      if (skipped) continue;
      if (!first) OURO_TRY(out_.append(Borrowed<Str>(as<Str>(Obj(encoder_->item_separator)))));
      first = false;
      OURO_TRY(text(key));
      OURO_TRY(out_.append(Borrowed<Str>(as<Str>(Obj(encoder_->key_separator)))));
      OURO_TRY(write(as<Tuple>(pair)->at(1)));
    }
    return out_.append(U'}');
  }

  ThreadState& ts_;
  Encoder* encoder_;
  StrBuilder& out_;
  Native native_ = Native::None;
};

ObjResult encoder_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[9];
  OURO_TRY(parse_args(ts, args, "make_encoder",
                      {"markers", "default", "encoder", "indent", "key_separator", "item_separator",
                       "sort_keys", "skipkeys", "allow_nan"},
                      9, values));
  if (!is_none(values[0]) && !is_dict(values[0])) {
    return raise_type_error(ts, "make_encoder() argument 1 must be dict or None, not {t}",
                            values[0]);
  }
  for (std::size_t i : {std::size_t{4}, std::size_t{5}}) {
    if (!is_str(values[i])) {
      return raise_type_error(ts, "make_encoder() argument {} must be str, not {t}",
                              static_cast<int>(i + 1), values[i]);
    }
  }
  const bool sort_keys = OURO_TRY(is_true(ts, values[6]));
  const bool skip_keys = OURO_TRY(is_true(ts, values[7]));
  const bool allow_nan = OURO_TRY(is_true(ts, values[8]));
  Ref<Encoder> made = OURO_TRY(new_object<Encoder>(ts, type, type->info.basic_bytes));
  Object** const places[] = {&made->markers, &made->make_default,  &made->encode_text,
                             &made->indent,  &made->key_separator, &made->item_separator};
  for (std::size_t i = 0; i < 6; ++i) *places[i] = values[i].new_ref().release();
  made->sort_keys = sort_keys;
  made->skip_keys = skip_keys;
  made->allow_nan = allow_nan;
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult encoder_call(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "_iterencode", {"obj", "_current_indent_level"}, 2, values));
  const PackedArguments counted(ts, args);
  StrBuilder out(ts);
  OURO_TRY(Writer(ts, as<Encoder>(self), out).write(values[0]));
  Ref<Str> text = OURO_TRY(out.finish());
  return Tuple::of(ts, text);
}

template <Object* Encoder::*kMember>
ObjResult get_member(ThreadState&, Obj self) {
  return ObjRef::share(as<Encoder>(self)->*kMember);
}
template <bool Encoder::*kMember>
ObjResult get_flag(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as<Encoder>(self)->*kMember);
}
constexpr GetSetDef kGetSets[] = {
    {"markers", get_member<&Encoder::markers>, nullptr, "markers"},
    {"default", get_member<&Encoder::make_default>, nullptr, "default"},
    {"encoder", get_member<&Encoder::encode_text>, nullptr, "encoder"},
    {"indent", get_member<&Encoder::indent>, nullptr, "indent"},
    {"key_separator", get_member<&Encoder::key_separator>, nullptr, "key_separator"},
    {"item_separator", get_member<&Encoder::item_separator>, nullptr, "item_separator"},
    {"sort_keys", get_flag<&Encoder::sort_keys>, nullptr, "sort_keys"},
    {"skipkeys", get_flag<&Encoder::skip_keys>, nullptr, "skipkeys"},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

void fill_json_encoder(Type& type) {
  fill_holder<Encoder, &Encoder::markers, &Encoder::make_default, &Encoder::encode_text,
              &Encoder::indent, &Encoder::key_separator, &Encoder::item_separator>(type);
  type.info.flags |= kBaseType;
  type.make = encoder_make;
  type.call = encoder_call;
  type.getsets = kGetSets;
}

}  // namespace ouro
