// _codecs: the Unicode encodings, ASCII and Latin-1, as functions. Decoders told that more will
// follow leave an unfinished end alone.
#include "modules/codecs_support.h"

namespace ouro {

namespace {

struct Name {
  const char* function;
  const char* encoding;
};
constexpr Name kUtf8Encode{"utf_8_encode", "utf-8"}, kUtf8Decode{"utf_8_decode", "utf-8"};
constexpr Name kAsciiEncode{"ascii_encode", "ascii"}, kAsciiDecode{"ascii_decode", "ascii"};
constexpr Name kLatin1Encode{"latin_1_encode", "latin-1"},
    kLatin1Decode{"latin_1_decode", "latin-1"};
constexpr Name kUtf16LittleEncode{"utf_16_le_encode", "utf-16-le"},
    kUtf16LittleDecode{"utf_16_le_decode", "utf-16-le"};
constexpr Name kUtf16BigEncode{"utf_16_be_encode", "utf-16-be"},
    kUtf16BigDecode{"utf_16_be_decode", "utf-16-be"};
constexpr Name kUtf32LittleEncode{"utf_32_le_encode", "utf-32-le"},
    kUtf32LittleDecode{"utf_32_le_decode", "utf-32-le"};
constexpr Name kUtf32BigEncode{"utf_32_be_encode", "utf-32-be"},
    kUtf32BigDecode{"utf_32_be_decode", "utf-32-be"};

// -- encoding -------------------------------------------------------------------------------------

template <const Name& kName>
ObjResult encode(ThreadState& ts, Obj, Args args) {
  Borrowed<Str> text = OURO_TRY(text_argument(ts, args, kName.function));
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, kName.function, errors));
  return codec_result(ts, encode_str(ts, text, kName.encoding, errors.c_str()), text->length);
}

/// utf_16_encode(text, errors, byteorder): 0 with a mark in front, -1 little-endian, 1 big-endian.
ObjResult encode_ordered(ThreadState& ts, Args args, const char* function, const char* marked,
                         const char* little, const char* big) {
  Borrowed<Str> text = OURO_TRY(text_argument(ts, args, function));
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, function, errors));
  std::int64_t order = 0;
  if (args.count > 2)
    order = OURO_TRY(index_as_int64(ts, args[2], ts.core.exceptions.OverflowError));
  const char* encoding = order == 0 ? marked : order < 0 ? little : big;
  return codec_result(ts, encode_str(ts, text, encoding, errors.c_str()), text->length);
}
ObjResult utf_16_encode(ThreadState& ts, Obj, Args args) {
  return encode_ordered(ts, args, "utf_16_encode", "utf-16", "utf-16-le", "utf-16-be");
}
ObjResult utf_32_encode(ThreadState& ts, Obj, Args args) {
  return encode_ordered(ts, args, "utf_32_encode", "utf-32", "utf-32-le", "utf-32-be");
}

ObjResult readbuffer_encode(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, "readbuffer_encode", errors));
  if (is_str(args[0])) {
    Utf8 text(Borrowed<Str>(as<Str>(args[0])));
    if (!text.ok()) return raise_no_memory(ts);
    return codec_result(ts, Bytes::from(ts, text.view()),
                        static_cast<std::int64_t>(text.view().size()));
  }
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0]));
  return codec_result(ts, Bytes::from(ts, view.view()), static_cast<std::int64_t>(view.size()));
}

// -- unfinished ends ------------------------------------------------------------------------------

using Bound = std::size_t (*)(std::string_view bytes, bool little);

std::size_t all_of(std::string_view bytes, bool) { return bytes.size(); }

/// How many bytes precede a sequence that is cut off at the end.
std::size_t whole_utf8(std::string_view bytes, bool) {
  const std::size_t size = bytes.size();
  for (std::size_t back = 1; back <= 3 && back <= size; ++back) {
    const auto lead = static_cast<unsigned char>(bytes[size - back]);
    if ((lead & 0xc0) == 0x80) continue;
    const std::size_t wanted = lead >= 0xf0 && lead <= 0xf4 ? 4
                               : lead >= 0xe0               ? 3
                               : lead >= 0xc2               ? 2
                                                            : 1;
    if (lead > 0xf4 || wanted <= back) return size;
    if (back >= 2) {
      // The second byte tells some wrong sequences apart: those are errors, not unfinished.
      const auto second = static_cast<unsigned char>(bytes[size - back + 1]);
      const bool wrong = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                         (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
      if (wrong) return size;
    }
    return size - back;
  }
  return size;
}

std::size_t whole_utf16(std::string_view bytes, bool little) {
  const std::size_t size = bytes.size() & ~std::size_t{1};
  if (size < 2) return size;
  const auto high = static_cast<unsigned char>(bytes[little ? size - 1 : size - 2]);
  return (high & 0xfc) == 0xd8 ? size - 2 : size;
}

std::size_t whole_utf32(std::string_view bytes, bool) { return bytes.size() & ~std::size_t{3}; }

// -- decoding -------------------------------------------------------------------------------------

template <const Name& kName, Bound kBound, bool kLittle = true>
ObjResult decode(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, kName.function, errors));
  const bool final = kBound == all_of || (args.count > 2 && OURO_TRY(is_true(ts, args[2])));
  BufferView view;
  OURO_TRY(view.acquire(ts, args[0]));
  const std::size_t taken = final ? view.size() : kBound(view.view(), kLittle);
  return codec_result(
      ts, decode_bytes(ts, view.view().substr(0, taken), kName.encoding, errors.c_str()),
      static_cast<std::int64_t>(taken));
}

/// What the three functions for UTF-16 or UTF-32 with a mark need.
struct Ordered {
  const char* function;
  const char* little;
  const char* big;
  std::string_view little_mark;
  std::string_view big_mark;
  Bound bound;
};
constexpr Ordered kUtf16{"utf_16_decode",
                         "utf-16-le",
                         "utf-16-be",
                         std::string_view("\xff\xfe", 2),
                         std::string_view("\xfe\xff", 2),
                         whole_utf16};
constexpr Ordered kUtf32{"utf_32_decode",
                         "utf-32-le",
                         "utf-32-be",
                         std::string_view("\xff\xfe\0\0", 4),
                         std::string_view("\0\0\xfe\xff", 4),
                         whole_utf32};

/// Decodes with the order given or told by a mark; `order` afterwards is -1, 0 (no mark: as this
/// machine), 1.
ObjResult decode_ordered(ThreadState& ts, const Ordered& how, Obj data, const char* errors,
                         std::int64_t& order, bool final, std::int64_t& taken) {
  BufferView view;
  OURO_TRY(view.acquire(ts, data));
  std::string_view bytes = view.view();
  std::size_t mark = 0;
  if (order == 0) {
    if (bytes.starts_with(how.little_mark)) order = -1;
    if (bytes.starts_with(how.big_mark)) order = 1;
    if (order != 0) mark = how.little_mark.size();
  }
  bytes.remove_prefix(mark);
  const std::size_t whole = final ? bytes.size() : how.bound(bytes, order <= 0);
  taken = static_cast<std::int64_t>(mark + whole);
  return decode_bytes(ts, bytes.substr(0, whole), order > 0 ? how.big : how.little, errors);
}

template <const Ordered& kHow>
ObjResult decode_marked(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, kHow.function, errors));
  const bool final = args.count > 2 && OURO_TRY(is_true(ts, args[2]));
  std::int64_t order = 0;
  std::int64_t taken = 0;
  ObjRef text = OURO_TRY(decode_ordered(ts, kHow, args[0], errors.c_str(), order, final, taken));
  return codec_result(ts, ObjResult(std::move(text)), taken);
}

template <const Ordered& kHow>
ObjResult decode_telling_order(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, kHow.function, errors));
  std::int64_t order = 0;
  if (args.count > 2)
    order = OURO_TRY(index_as_int64(ts, args[2], ts.core.exceptions.OverflowError));
  const bool final = args.count > 3 && OURO_TRY(is_true(ts, args[3]));
  std::int64_t taken = 0;
  ObjRef text = OURO_TRY(decode_ordered(ts, kHow, args[0], errors.c_str(), order, final, taken));
  Ref<Int> count = OURO_TRY(Int::from(ts, taken));
  Ref<Int> order_found = OURO_TRY(Int::from(ts, order));
  return Tuple::of(ts, text, count, order_found);
}

ObjResult not_built_utf_7(ThreadState& ts, Obj, Args) {
  return raise(ts, ts.core.exceptions.NotImplementedError, "the encoding UTF-7 is not built yet");
}

}  // namespace

const MethodDef kCodecFunctions[] = {
    {"utf_8_encode", encode<kUtf8Encode>, 1, 2, MethodDef::kNone,
     "utf_8_encode($module, str, errors=None, /)\n--\n\n"},
    {"utf_8_decode", decode<kUtf8Decode, whole_utf8>, 1, 3, MethodDef::kNone,
     "utf_8_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"ascii_encode", encode<kAsciiEncode>, 1, 2, MethodDef::kNone,
     "ascii_encode($module, str, errors=None, /)\n--\n\n"},
    {"ascii_decode", decode<kAsciiDecode, all_of>, 1, 2, MethodDef::kNone,
     "ascii_decode($module, data, errors=None, /)\n--\n\n"},
    {"latin_1_encode", encode<kLatin1Encode>, 1, 2, MethodDef::kNone,
     "latin_1_encode($module, str, errors=None, /)\n--\n\n"},
    {"latin_1_decode", decode<kLatin1Decode, all_of>, 1, 2, MethodDef::kNone,
     "latin_1_decode($module, data, errors=None, /)\n--\n\n"},
    {"utf_16_encode", utf_16_encode, 1, 3, MethodDef::kNone,
     "utf_16_encode($module, str, errors=None, byteorder=0, /)\n--\n\n"},
    {"utf_16_le_encode", encode<kUtf16LittleEncode>, 1, 2, MethodDef::kNone,
     "utf_16_le_encode($module, str, errors=None, /)\n--\n\n"},
    {"utf_16_be_encode", encode<kUtf16BigEncode>, 1, 2, MethodDef::kNone,
     "utf_16_be_encode($module, str, errors=None, /)\n--\n\n"},
    {"utf_16_decode", decode_marked<kUtf16>, 1, 3, MethodDef::kNone,
     "utf_16_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"utf_16_le_decode", decode<kUtf16LittleDecode, whole_utf16>, 1, 3, MethodDef::kNone,
     "utf_16_le_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"utf_16_be_decode", decode<kUtf16BigDecode, whole_utf16, false>, 1, 3, MethodDef::kNone,
     "utf_16_be_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"utf_16_ex_decode", decode_telling_order<kUtf16>, 1, 4, MethodDef::kNone,
     "utf_16_ex_decode($module, data, errors=None, byteorder=0, final=False, /)\n--\n\n"},
    {"utf_32_encode", utf_32_encode, 1, 3, MethodDef::kNone,
     "utf_32_encode($module, str, errors=None, byteorder=0, /)\n--\n\n"},
    {"utf_32_le_encode", encode<kUtf32LittleEncode>, 1, 2, MethodDef::kNone,
     "utf_32_le_encode($module, str, errors=None, /)\n--\n\n"},
    {"utf_32_be_encode", encode<kUtf32BigEncode>, 1, 2, MethodDef::kNone,
     "utf_32_be_encode($module, str, errors=None, /)\n--\n\n"},
    {"utf_32_decode", decode_marked<kUtf32>, 1, 3, MethodDef::kNone,
     "utf_32_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"utf_32_le_decode", decode<kUtf32LittleDecode, whole_utf32>, 1, 3, MethodDef::kNone,
     "utf_32_le_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"utf_32_be_decode", decode<kUtf32BigDecode, whole_utf32, false>, 1, 3, MethodDef::kNone,
     "utf_32_be_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"utf_32_ex_decode", decode_telling_order<kUtf32>, 1, 4, MethodDef::kNone,
     "utf_32_ex_decode($module, data, errors=None, byteorder=0, final=False, /)\n--\n\n"},
    {"utf_7_encode", not_built_utf_7, 1, 2, MethodDef::kNone,
     "utf_7_encode($module, str, errors=None, /)\n--\n\n"},
    {"utf_7_decode", not_built_utf_7, 1, 3, MethodDef::kNone,
     "utf_7_decode($module, data, errors=None, final=False, /)\n--\n\n"},
    {"readbuffer_encode", readbuffer_encode, 1, 2, MethodDef::kNone,
     "readbuffer_encode($module, data, errors=None, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
