// _codecs: encodings by a table of characters.
#include "modules/codecs_support.h"
#include "objects/codecs.h"

namespace ouro {

namespace {

constexpr const char* kUndefined = "character maps to <undefined>";
constexpr char32_t kNoCharacter = 0xfffe;

/// mapping[key]; null when it is not there (a LookupError) or None.
Status look_up(ThreadState& ts, Obj mapping, std::int64_t key, ObjRef& value) {
  Ref<Int> number = OURO_TRY(Int::from(ts, key));
  ObjResult found = get_item(ts, mapping, number);
  if (found.raised())
    return catch_pending(ts, ts.core.exceptions.LookupError) ? kDone : Status(Raised{});
  value = found.take();
  if (is_none(value)) value.reset();
  return kDone;
}

// -- decoding -------------------------------------------------------------------------------------

/// Appends what `byte` means; false when it means nothing.
Result<bool> decode_byte(ThreadState& ts, Obj mapping, unsigned char byte, StrBuilder& out) {
  if (is_str(mapping)) {
    const auto* table = as<Str>(mapping);
    if (byte >= table->length || table->at(byte) == kNoCharacter) return false;
    OURO_TRY(out.append(table->at(byte)));
    return true;
  }
  ObjRef value;
  OURO_TRY(look_up(ts, mapping, byte, value));
  if (!value) return false;
  if (is_str(value)) {
    Borrowed<Str> text = as<Str>(Obj(value));
    if (text->length == 1 && text->at(0) == kNoCharacter) return false;
    OURO_TRY(out.append(text));
    return true;
  }
  if (!is_int(value))
    return raise_type_error(ts, "character mapping must return integer, None or str");
  const std::int64_t character = OURO_TRY(index_as_int64(ts, value, nullptr));
  if (character == kNoCharacter) return false;
  if (character < 0 || character > 0x10ffff)
    return raise_type_error(ts, "character mapping must be in range(0x110000)");
  OURO_TRY(out.append(static_cast<char32_t>(character)));
  return true;
}

ObjResult charmap_decode(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, "charmap_decode", errors));
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0]));
  const std::string_view bytes = view.view();
  const auto count = static_cast<std::int64_t>(bytes.size());
  if (args.count < 3 || is_none(args[2]))
    return codec_result(ts, Str::from_latin1(ts, bytes), count);
  codecs::Decoder decoder(ts, bytes, "charmap", errors.c_str(), 0);
  for (std::size_t at = 0; at < bytes.size();) {
    if (OURO_TRY(decode_byte(ts, args[2], static_cast<unsigned char>(bytes[at]), decoder.out))) {
      ++at;
    } else {
      OURO_TRY(decoder.fail(at, at + 1, kUndefined, at));
    }
  }
  return codec_result(ts, decoder.out.finish(), count);
}

// -- encoding -------------------------------------------------------------------------------------

/// Encodes by an exact dict from characters (int) to bytes (int or bytes), made for this text:
/// looking up in it runs no Python code.
class CharmapEncoder : public codecs::Encoder {
 public:
  CharmapEncoder(ThreadState& ts, Borrowed<Str> text, Borrowed<Dict> table, const char* errors)
      : Encoder(ts, text, "charmap", errors), thread_(ts), table_(table) {}

 protected:
  [[nodiscard]] bool can_encode(char32_t c) const override { return find(c).get() != nullptr; }
  Status put(char32_t c) override {
    const Obj value = find(c);
    if (!value) return raise_value_error(thread_, "{}", kUndefined);
    if (is_int(value)) return byte(static_cast<unsigned>(int_clamped(value)));
    for (const char each : as<Bytes>(value)->view())
      OURO_TRY(byte(static_cast<unsigned char>(each)));
    return kDone;
  }
  [[nodiscard]] const char* reason() const override { return kUndefined; }

 private:
  [[nodiscard]] Obj find(char32_t c) const {
    Result<Ref<Int>> key = Int::from(thread_, c);
    if (key.raised()) {
      clear_pending(thread_);
      return nullptr;
    }
    Ref<Int> number = key.take();
    const Lookup found = dict_lookup(thread_, table_, number);
    return found.failed ? nullptr : found.value;
  }
  ThreadState& thread_;
  Borrowed<Dict> table_;
};

Status translate(ThreadState& ts, Obj mapping, char32_t c, Borrowed<Dict> table) {
  ObjRef value;
  OURO_TRY(look_up(ts, mapping, c, value));
  if (!value) return kDone;
  if (is_int(value)) {
    const std::int64_t byte = OURO_TRY(index_as_int64(ts, value, nullptr));
    if (byte < 0 || byte > 255)
      return raise_type_error(ts, "character mapping must be in range(256)");
  } else if (!is_bytes(value)) {
    return raise_type_error(ts, "character mapping must return integer, bytes or None, not {t}",
                            value);
  }
  Ref<Int> key = OURO_TRY(Int::from(ts, c));
  return dict_set(ts, table, key, value);
}

ObjResult charmap_encode(ThreadState& ts, Obj, Args args) {
  Borrowed<Str> text = OURO_TRY(text_argument(ts, args, "charmap_encode"));
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, "charmap_encode", errors));
  if (args.count < 3 || is_none(args[2]))
    return codec_result(ts, encode_str(ts, text, "latin-1", errors.c_str()), text->length);
  Ref<Dict> table = OURO_TRY(Dict::create(ts));
  for (std::int64_t i = 0; i < text->length; ++i)
    OURO_TRY(translate(ts, args[2], text->at(i), table));
  // Error handlers write ASCII.
  if (codecs::find_handler(errors.c_str()) != codecs::Handler::Strict) {
    for (char32_t c = U' '; c < 0x7f; ++c) OURO_TRY(translate(ts, args[2], c, table));
  }
  return codec_result(ts, CharmapEncoder(ts, text, table, errors.c_str()).run(), text->length);
}

ObjResult charmap_build(ThreadState& ts, Obj, Args args) {
  Borrowed<Str> table = OURO_TRY(text_argument(ts, args, "charmap_build"));
  Ref<Dict> mapping = OURO_TRY(Dict::create(ts));
  for (std::int64_t i = 0; i < table->length && i < 256; ++i) {
    if (table->at(i) == kNoCharacter) continue;
    Ref<Int> character = OURO_TRY(Int::from(ts, table->at(i)));
    Ref<Int> byte = OURO_TRY(Int::from(ts, i));
    OURO_TRY(dict_set(ts, mapping, character, byte));
  }
  return mapping;
}

}  // namespace

const MethodDef kCodecCharmapFunctions[] = {
    {"charmap_encode", charmap_encode, 1, 3, MethodDef::kNone,
     "charmap_encode($module, str, errors=None, mapping=None, /)\n--\n\n"},
    {"charmap_decode", charmap_decode, 1, 3, MethodDef::kNone,
     "charmap_decode($module, data, errors=None, mapping=None, /)\n--\n\n"},
    {"charmap_build", charmap_build, 1, 1, MethodDef::kNone,
     "charmap_build($module, map, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
