// _codecs: backslash escapes of bytes and of text.
#include <cstdio>

#include "modules/codecs_support.h"
#include "objects/codecs.h"
#include "objects/unicode_database.h"

namespace ouro {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The character that a one-letter escape means, or -1.
int simple_escape(char c) {
  switch (c) {
    case '\\':
    case '\'':
    case '"':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'v':
      return '\v';
    case 'a':
      return '\a';
    default:
      return -1;
  }
}

/// Up to three octal digits from `at`.
unsigned read_octal(std::string_view bytes, std::size_t& at) {
  unsigned value = 0;
  for (int i = 0; i < 3 && at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '7'; ++i) {
    value = value * 8 + static_cast<unsigned>(bytes[at++] - '0');
  }
  return value;
}

/// The bytes of an argument that may be a str (then its UTF-8 form) or bytes-like.
class SourceBytes {
 public:
  Status acquire(ThreadState& ts, Obj data) {
    if (!is_str(data)) {
      OURO_TRY(view_.acquire(ts, data));
      bytes_ = view_.view();
      return kDone;
    }
    text_ = OURO_TRY(encode_str(ts, as<Str>(data), "utf-8", "surrogatepass"));
    bytes_ = as<Bytes>(Obj(text_))->view();
    return kDone;
  }
  [[nodiscard]] std::string_view view() const { return bytes_; }

 private:
  BufferView view_;
  ObjRef text_;
  std::string_view bytes_;
};

/// Bytes being gathered, each as a character up to 255.
Result<Ref<Bytes>> finish_bytes(ThreadState& ts, StrBuilder& out) {
  Ref<Str> gathered = OURO_TRY(out.finish());
  return Bytes::from(ts, {reinterpret_cast<const char*>(gathered->data1()),
                          static_cast<std::size_t>(gathered->length)});
}

// -- bytes ----------------------------------------------------------------------------------------

Status decode_hex_byte(ThreadState& ts, std::string_view bytes, std::size_t& at, const char* errors,
                       StrBuilder& out) {
  const int high = at < bytes.size() ? hex_digit(bytes[at]) : -1;
  const int low = at + 1 < bytes.size() ? hex_digit(bytes[at + 1]) : -1;
  if (high >= 0 && low >= 0) {
    at += 2;
    return out.append(static_cast<char32_t>(high * 16 + low));
  }
  const std::size_t position = at - 2;
  if (high >= 0) ++at;
  switch (codecs::find_handler(errors)) {
    case codecs::Handler::Strict:
      return raise_value_error(ts, "invalid \\x escape at position {}", position);
    case codecs::Handler::Replace:
      return out.append(U'?');
    case codecs::Handler::Ignore:
      return kDone;
    default:
      return raise_value_error(ts, "decoding error; unknown error handling code: {}", errors);
  }
}

ObjResult escape_decode(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, "escape_decode", errors));
  SourceBytes source;
  OURO_TRY(source.acquire(ts, args[0]));
  const std::string_view bytes = source.view();
  StrBuilder out(ts);
  for (std::size_t at = 0; at < bytes.size();) {
    const char c = bytes[at++];
    if (c != '\\') {
      OURO_TRY(out.append(static_cast<char32_t>(static_cast<unsigned char>(c))));
      continue;
    }
    if (at >= bytes.size()) return raise_value_error(ts, "Trailing \\ in string");
    const char letter = bytes[at];
    if (letter == '\n') {
      ++at;
    } else if (const int simple = simple_escape(letter); simple >= 0) {
      ++at;
      OURO_TRY(out.append(static_cast<char32_t>(simple)));
    } else if (letter >= '0' && letter <= '7') {
      OURO_TRY(out.append(static_cast<char32_t>(read_octal(bytes, at) & 0xff)));
    } else if (letter == 'x') {
      ++at;
      OURO_TRY(decode_hex_byte(ts, bytes, at, errors.c_str(), out));
    } else {
      OURO_TRY(out.append(U'\\'));
    }
  }
  return codec_result(ts, finish_bytes(ts, out), static_cast<std::int64_t>(bytes.size()));
}

ObjResult escape_encode(ThreadState& ts, Obj, Args args) {
  if (!is_bytes(args[0]))
    return raise_type_error(ts, "escape_encode() argument 1 must be bytes, not {n}", args[0]);
  const std::string_view bytes = as<Bytes>(args[0])->view();
  StrBuilder out(ts);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    char text[8] = {c, '\0'};
    if (c == '\'' || c == '\\') std::snprintf(text, sizeof text, "\\%c", c);
    if (c == '\t') std::snprintf(text, sizeof text, "\\t");
    if (c == '\n') std::snprintf(text, sizeof text, "\\n");
    if (c == '\r') std::snprintf(text, sizeof text, "\\r");
    if ((byte < ' ' && c != '\t' && c != '\n' && c != '\r') || byte >= 0x7f)
      std::snprintf(text, sizeof text, "\\x%02x", byte);
    OURO_TRY(out.append(std::string_view(text)));
  }
  return codec_result(ts, finish_bytes(ts, out), static_cast<std::int64_t>(bytes.size()));
}

// -- text -----------------------------------------------------------------------------------------

/// \xHH, \uHHHH, \UHHHHHHHH.
struct HexEscape {
  std::size_t digits;
  const char* complaint;
};
HexEscape hex_escape(char letter) {
  switch (letter) {
    case 'x':
      return {2, "truncated \\xXX escape"};
    case 'u':
      return {4, "truncated \\uXXXX escape"};
    case 'U':
      return {8, "truncated \\UXXXXXXXX escape"};
    default:
      return {0, nullptr};
  }
}

/// Reads the digits at `at`, appending the character or what the error handler gives. False:
/// unfinished, and more may follow.
Result<bool> decode_hex(codecs::Decoder& decoder, std::string_view bytes, std::size_t start,
                        HexEscape escape, bool final, std::size_t& at) {
  char32_t value = 0;
  std::size_t end = at;
  while (end < bytes.size() && end - at < escape.digits && hex_digit(bytes[end]) >= 0) {
    value = value * 16 + static_cast<char32_t>(hex_digit(bytes[end++]));
  }
  if (end - at < escape.digits) {
    if (!final && end == bytes.size()) return false;
    OURO_TRY(decoder.fail(start, end, escape.complaint, at));
    return true;
  }
  if (value > 0x10ffff) {
    OURO_TRY(decoder.fail(start, end,
                          escape.digits == 8 ? "illegal Unicode character" : escape.complaint, at));
    return true;
  }
  at = end;
  OURO_TRY(decoder.out.append(value));
  return true;
}

/// Reads "{NAME}" at `at`, otherwise like decode_hex.
Result<bool> decode_name(codecs::Decoder& decoder, std::string_view bytes, std::size_t start,
                         bool final, std::size_t& at) {
  const std::size_t close =
      at < bytes.size() && bytes[at] == '{' ? bytes.find('}', at) : std::string_view::npos;
  if (close == std::string_view::npos || close == at + 1) {
    const bool unfinished =
        at >= bytes.size() || (bytes[at] == '{' && close == std::string_view::npos);
    if (!final && unfinished) return false;
    std::size_t end = unfinished ? bytes.size() : at;
    if (close == at + 1) end = close + 1;
    OURO_TRY(decoder.fail(start, end, "malformed \\N character escape", at));
    return true;
  }
  char32_t found[8];
  if (unicode::find_named(bytes.substr(at + 1, close - at - 1), found, false) == 0) {
    OURO_TRY(decoder.fail(start, close + 1, "unknown Unicode character name", at));
    return true;
  }
  at = close + 1;
  OURO_TRY(decoder.out.append(found[0]));
  return true;
}

ObjResult unicode_escape_decode(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, "unicode_escape_decode", errors));
  const bool final = args.count < 3 || OURO_TRY(is_true(ts, args[2]));
  SourceBytes source;
  OURO_TRY(source.acquire(ts, args[0]));
  const std::string_view bytes = source.view();
  codecs::Decoder decoder(ts, bytes, "unicodeescape", errors.c_str(), 0);
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t start = at;
    const char c = bytes[at++];
    if (c != '\\') {
      OURO_TRY(decoder.out.append(static_cast<char32_t>(static_cast<unsigned char>(c))));
      continue;
    }
    if (at >= bytes.size()) {
      at = start;
      if (!final) break;
      OURO_TRY(decoder.fail(start, bytes.size(), "\\ at end of string", at));
      continue;
    }
    const char letter = bytes[at];
    if (letter == '\n') {
      ++at;
    } else if (const int simple = simple_escape(letter); simple >= 0) {
      ++at;
      OURO_TRY(decoder.out.append(static_cast<char32_t>(simple)));
    } else if (letter >= '0' && letter <= '7') {
      OURO_TRY(decoder.out.append(static_cast<char32_t>(read_octal(bytes, at))));
    } else if (const HexEscape escape = hex_escape(letter); escape.digits > 0) {
      ++at;
      if (!OURO_TRY(decode_hex(decoder, bytes, start, escape, final, at))) {
        at = start;
        break;
      }
    } else if (letter == 'N') {
      ++at;
      if (!OURO_TRY(decode_name(decoder, bytes, start, final, at))) {
        at = start;
        break;
      }
    } else {
      OURO_TRY(decoder.out.append(U'\\'));
    }
  }
  return codec_result(ts, decoder.out.finish(), static_cast<std::int64_t>(at));
}

ObjResult raw_unicode_escape_decode(ThreadState& ts, Obj, Args args) {
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, "raw_unicode_escape_decode", errors));
  const bool final = args.count < 3 || OURO_TRY(is_true(ts, args[2]));
  SourceBytes source;
  OURO_TRY(source.acquire(ts, args[0]));
  const std::string_view bytes = source.view();
  codecs::Decoder decoder(ts, bytes, "rawunicodeescape", errors.c_str(), 0);
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t start = at;
    const char c = bytes[at++];
    // A backslash that another one precedes begins nothing.
    if (c == '\\' && at >= bytes.size() && !final) {
      at = start;
      break;
    }
    if (c == '\\' && at < bytes.size() && (bytes[at] == 'u' || bytes[at] == 'U')) {
      const HexEscape escape = hex_escape(bytes[at++]);
      if (!OURO_TRY(decode_hex(decoder, bytes, start, escape, final, at))) {
        at = start;
        break;
      }
      continue;
    }
    OURO_TRY(decoder.out.append(static_cast<char32_t>(static_cast<unsigned char>(c))));
    if (c == '\\' && at < bytes.size()) {
      OURO_TRY(decoder.out.append(static_cast<char32_t>(static_cast<unsigned char>(bytes[at++]))));
    }
  }
  return codec_result(ts, decoder.out.finish(), static_cast<std::int64_t>(at));
}

/// Appends a character, escaped where it must be; `raw` leaves all of Latin-1 as it is.
Status append_escaped(StrBuilder& out, char32_t c, bool raw) {
  char text[16];
  const auto number = static_cast<unsigned>(c);
  if (c >= 0x10000) {
    std::snprintf(text, sizeof text, "\\U%08x", number);
  } else if (c >= 0x100) {
    std::snprintf(text, sizeof text, "\\u%04x", number);
  } else if (raw || (c >= U' ' && c < 0x7f && c != U'\\')) {
    return out.append(c);
  } else if (c == U'\\' || c == U'\t' || c == U'\n' || c == U'\r') {
    std::snprintf(text, sizeof text, "\\%c",
                  c == U'\t'   ? 't'
                  : c == U'\n' ? 'n'
                  : c == U'\r' ? 'r'
                               : '\\');
  } else {
    std::snprintf(text, sizeof text, "\\x%02x", number);
  }
  return out.append(std::string_view(text));
}

template <bool kRaw>
ObjResult escape_text(ThreadState& ts, Obj, Args args) {
  const char* function = kRaw ? "raw_unicode_escape_encode" : "unicode_escape_encode";
  Borrowed<Str> text = OURO_TRY(text_argument(ts, args, function));
  CodecName errors("strict");
  OURO_TRY(read_errors(ts, args, 1, function, errors));
  StrBuilder out(ts);
  for (std::int64_t i = 0; i < text->length; ++i) OURO_TRY(append_escaped(out, text->at(i), kRaw));
  return codec_result(ts, finish_bytes(ts, out), text->length);
}

}  // namespace

const MethodDef kCodecEscapeFunctions[] = {
    {"escape_encode", escape_encode, 1, 2, MethodDef::kNone,
     "escape_encode($module, data, errors=None, /)\n--\n\n"},
    {"escape_decode", escape_decode, 1, 2, MethodDef::kNone,
     "escape_decode($module, data, errors=None, /)\n--\n\n"},
    {"unicode_escape_encode", escape_text<false>, 1, 2, MethodDef::kNone,
     "unicode_escape_encode($module, str, errors=None, /)\n--\n\n"},
    {"unicode_escape_decode", unicode_escape_decode, 1, 3, MethodDef::kNone,
     "unicode_escape_decode($module, data, errors=None, final=True, /)\n--\n\n"},
    {"raw_unicode_escape_encode", escape_text<true>, 1, 2, MethodDef::kNone,
     "raw_unicode_escape_encode($module, str, errors=None, /)\n--\n\n"},
    {"raw_unicode_escape_decode", raw_unicode_escape_decode, 1, 3, MethodDef::kNone,
     "raw_unicode_escape_decode($module, data, errors=None, final=True, /)\n--\n\n"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace ouro
