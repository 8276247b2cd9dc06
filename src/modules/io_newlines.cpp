// io.IncrementalNewlineDecoder: translates line ends of what another decoder gives, remembering
// which it has seen. A "\r" at the end of a piece waits for the next one, which may begin with
// "\n".
#include "modules/io.h"
#include "modules/module_support.h"
#include "objects/list.h"

namespace ouro {

namespace {

struct NewlineDecoder : Object {
  Object* decoder;  // ? owned; None: what is given is text already
  Str* errors;      // owned
  bool translate;
  bool pending_return;
  unsigned seen;  // bits: 1 \r, 2 \n, 4 \r\n
  template <class V>
  void edges(V& v) const {
    v.edge(decoder, gc::slot_label("decoder"));
  }
};

NewlineDecoder* decoder_of(Obj self) { return as<NewlineDecoder>(self); }

Status check_ready(ThreadState& ts, Obj self) {
  if (decoder_of(self)->decoder != nullptr) return kDone;
  return raise_value_error(ts, "IncrementalNewlineDecoder.__init__() not called");
}

ObjResult decoder_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<NewlineDecoder> made = OURO_TRY(new_object<NewlineDecoder>(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, made));
  return made;
}

Status decoder_init(ThreadState& ts, Obj self, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "IncrementalNewlineDecoder", {"decoder", "translate", "errors"}, 2,
                      values));
  const bool translate = OURO_TRY(is_true(ts, values[1]));
  ObjRef errors = values[2] ? values[2].new_ref() : ObjRef(OURO_TRY(intern(ts, "strict")));
  if (!is_str(errors)) return raise_type_error(ts, "errors must be a string");
  NewlineDecoder* decoder = decoder_of(self);
  decoder->translate = translate;
  decoder->pending_return = false;
  decoder->seen = 0;
  xdecref(std::exchange(decoder->errors, as<Str>(errors.release())));
  xdecref(std::exchange(decoder->decoder, values[0].new_ref().release()));
  return kDone;
}

/// Notes the line ends of `text` and translates them when that is wanted.
Result<Ref<Str>> translate(ThreadState& ts, NewlineDecoder* decoder, Ref<Str> text) {
  StrBuilder out(ts);
  bool changed = false;
  std::int64_t copied = 0;
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (c == '\n') decoder->seen |= 2;
    if (c != '\r') continue;
    const bool pair = i + 1 < text->length && text->at(i + 1) == '\n';
    decoder->seen |= pair ? 4 : 1;
    if (decoder->translate) {
      OURO_TRY(out.append(Borrowed<Str>(text), copied, i));
      OURO_TRY(out.append(U'\n'));
      changed = true;
      copied = i + (pair ? 2 : 1);
    }
    if (pair) ++i;
  }
  if (!changed) return text;
  OURO_TRY(out.append(Borrowed<Str>(text), copied, text->length));
  return out.finish();
}

ObjResult decode(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "decode", {"input", "final"}, 1, values));
  OURO_TRY(check_ready(ts, self));
  const bool final = values[1] && OURO_TRY(is_true(ts, values[1]));
  NewlineDecoder* decoder = decoder_of(self);
  ObjRef given = values[0].new_ref();
  if (!is_none(decoder->decoder)) {
    ObjRef inner = ObjRef::share(decoder->decoder);
    ObjRef last = ts.core.bool_ref(final);
    Object* inner_args[] = {given.get(), last.get()};
    given = OURO_TRY(call_method(ts, inner, OURO_TRY(intern(ts, "decode")), inner_args));
  }
  if (!is_str(given)) {
    return raise_type_error(ts, "decoder should return a string result, not '{t}'", given);
  }
  Ref<Str> text = Ref<Str>::share(as<Str>(given));
  if (decoder->pending_return && (final || text->length > 0)) {
    Ref<Str> waiting = OURO_TRY(Str::from_char(ts, U'\r'));
    text = OURO_TRY(str_concat(ts, waiting, text));
    decoder->pending_return = false;
  }
  if (!final && text->length > 0 && text->at(text->length - 1) == '\r') {
    text = OURO_TRY(text->slice(ts, 0, text->length - 1));
    decoder->pending_return = true;
  }
  return translate(ts, decoder, std::move(text));
}

/// The inner decoder's state with one bit more: the waiting "\r".
ObjResult get_state(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_ready(ts, self));
  NewlineDecoder* decoder = decoder_of(self);
  ObjRef buffered = Obj(ts.core.empty_bytes).new_ref();
  ObjRef flag = OURO_TRY(Int::from(ts, 0));
  if (!is_none(decoder->decoder)) {
    ObjRef inner = ObjRef::share(decoder->decoder);
    ObjRef state = OURO_TRY(call_method(ts, inner, OURO_TRY(intern(ts, "getstate"))));
    if (!is_tuple(state) || as<Tuple>(state)->size != 2) {
      return raise_type_error(ts, "illegal decoder state");
    }
    buffered = as<Tuple>(state)->at(0).new_ref();
    flag = as<Tuple>(state)->at(1).new_ref();
  }
  Ref<Int> one = OURO_TRY(Int::from(ts, 1));
  flag = OURO_TRY(binary_op(ts, BinaryOp::LeftShift, flag, one));
  if (decoder->pending_return) flag = OURO_TRY(binary_op(ts, BinaryOp::Or, flag, one));
  return Tuple::of(ts, buffered, flag);
}

ObjResult set_state(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_ready(ts, self));
  if (!is_tuple(args[0])) return raise_type_error(ts, "state argument must be a tuple");
  if (as<Tuple>(args[0])->size != 2)
    return raise_type_error(ts, "setstate(): illegal state argument");
  NewlineDecoder* decoder = decoder_of(self);
  const std::int64_t flag =
      OURO_TRY(index_as_int64(ts, as<Tuple>(args[0])->at(1), ts.core.exceptions.OverflowError));
  decoder->pending_return = (flag & 1) != 0;
  if (is_none(decoder->decoder)) return ts.core.none_ref();
  Ref<Int> rest = OURO_TRY(Int::from(ts, flag >> 1));
  Ref<Tuple> state = OURO_TRY(Tuple::of(ts, as<Tuple>(args[0])->at(0), rest));
  ObjRef inner = ObjRef::share(decoder->decoder);
  Object* inner_args[] = {state.get()};
  return call_method(ts, inner, OURO_TRY(intern(ts, "setstate")), inner_args);
}

ObjResult reset(ThreadState& ts, Obj self, Args) {
  OURO_TRY(check_ready(ts, self));
  NewlineDecoder* decoder = decoder_of(self);
  decoder->seen = 0;
  decoder->pending_return = false;
  if (is_none(decoder->decoder)) return ts.core.none_ref();
  ObjRef inner = ObjRef::share(decoder->decoder);
  return call_method(ts, inner, OURO_TRY(intern(ts, "reset")));
}

ObjResult get_newlines(ThreadState& ts, Obj self) {
  OURO_TRY(check_ready(ts, self));
  Ref<List> found = OURO_TRY(List::create(ts));
  constexpr const char* kEnds[] = {"\r", "\n", "\r\n"};
  for (unsigned i = 0; i < 3; ++i) {
    if ((decoder_of(self)->seen & (1u << i)) == 0) continue;
    Ref<Str> end = OURO_TRY(intern(ts, kEnds[i]));
    OURO_TRY(found->append(ts, end));
  }
  if (found->size == 0) return ts.core.none_ref();
  if (found->size == 1) return found->at(0).new_ref();
  return list_as_tuple(ts, found);
}

constexpr MethodDef kMethods[] = {
    {"decode", decode, 0, -1, MethodDef::kKeywords, "decode($self, /, input, final=False)\n--\n\n"},
    {"getstate", get_state, 0, 0, MethodDef::kNone, "getstate($self, /)\n--\n\n"},
    {"setstate", set_state, 1, 1, MethodDef::kNone, "setstate($self, state, /)\n--\n\n"},
    {"reset", reset, 0, 0, MethodDef::kNone, "reset($self, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"newlines", get_newlines, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill(Type& type) {
  fill_holder<NewlineDecoder, &NewlineDecoder::decoder, &NewlineDecoder::errors>(type);
  type.info.flags |= kBaseType;
  type.make = decoder_make;
  type.init = decoder_init;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Status add_newline_decoder_type(ThreadState& ts, Borrowed<Module> module) {
  const Ref<Type> type = OURO_TRY(add_native_type(
      ts, module,
      {"IncrementalNewlineDecoder", "_io", sizeof(NewlineDecoder), 0, 0, fill,
       "Codec used when reading a file in universal newlines mode.\n\nIt wraps another incremental "
       "decoder, translating \\r\\n and \\r into \\n."}));
  return kDone;
}

}  // namespace ouro
