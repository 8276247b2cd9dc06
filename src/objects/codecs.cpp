// Encodings by name, error handlers, ASCII and Latin-1.
#include "objects/codecs.h"

#include <cstdio>
#include <cstring>

#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/int.h"
#include "objects/str_internal.h"

namespace ouro {

CodecName::~CodecName() { free_raw(owned_); }

Status CodecName::read(ThreadState& ts, Obj argument, const char* function_name,
                       const char* argument_name) {
  if (!argument) return kDone;
  if (!is_str(argument)) {
    return raise_type_error(ts, "{}() argument '{}' must be str, not {n}", function_name,
                            argument_name, argument);
  }
  Utf8 text(Borrowed<Str>(as<Str>(argument)));
  if (!text.ok()) return raise_no_memory(ts);
  if (text.view().find('\0') != std::string_view::npos)
    return raise_value_error(ts, "embedded null character");
  owned_ = static_cast<char*>(allocate_raw(text.view().size() + 1));
  if (owned_ == nullptr) return raise_no_memory(ts);
  std::memcpy(owned_, text.view().data(), text.view().size());
  owned_[text.view().size()] = '\0';
  text_ = owned_;
  return kDone;
}

namespace codecs {

namespace {

struct Alias {
  const char* name;  // lower case, without separators
  Encoding encoding;
};
constexpr Alias kAliases[] = {
    {"utf8", Encoding::Utf8},
    {"u8", Encoding::Utf8},
    {"utf", Encoding::Utf8},
    {"cp65001", Encoding::Utf8},
    {"utf8ucs2", Encoding::Utf8},
    {"utf8ucs4", Encoding::Utf8},
    {"utf8sig", Encoding::Utf8Signature},
    {"ascii", Encoding::Ascii},
    {"usascii", Encoding::Ascii},
    {"646", Encoding::Ascii},
    {"us", Encoding::Ascii},
    {"ansix3.41968", Encoding::Ascii},
    {"iso646us", Encoding::Ascii},
    {"cp367", Encoding::Ascii},
    {"ibm367", Encoding::Ascii},
    {"latin1", Encoding::Latin1},
    {"latin", Encoding::Latin1},
    {"l1", Encoding::Latin1},
    {"iso88591", Encoding::Latin1},
    {"8859", Encoding::Latin1},
    {"cp819", Encoding::Latin1},
    {"ibm819", Encoding::Latin1},
    {"utf16", Encoding::Utf16},
    {"u16", Encoding::Utf16},
    {"utf16le", Encoding::Utf16Little},
    {"utf16be", Encoding::Utf16Big},
    {"unicodelittleunmarked", Encoding::Utf16Little},
    {"unicodebigunmarked", Encoding::Utf16Big},
    {"utf32", Encoding::Utf32},
    {"u32", Encoding::Utf32},
    {"utf32le", Encoding::Utf32Little},
    {"utf32be", Encoding::Utf32Big},
};

constexpr const char* kHandlerNames[] = {
    "strict",          "ignore",        "replace",           "backslashreplace",
    "surrogateescape", "surrogatepass", "xmlcharrefreplace", "namereplace"};

/// A UnicodeDecodeError or UnicodeEncodeError from its five parts.
ObjResult make_unicode_error(ThreadState& ts, Borrowed<Type> type, const char* encoding, Obj object,
                             std::int64_t start, std::int64_t stop, const char* reason) {
  ObjRef held = object.new_ref();
  Ref<Str> name = OURO_TRY(Str::from_utf8(ts, encoding));
  Ref<Int> first = OURO_TRY(Int::from(ts, start));
  Ref<Int> last = OURO_TRY(Int::from(ts, stop));
  Ref<Str> why = OURO_TRY(Str::from_utf8(ts, reason));
  Object* const values[] = {name.get(), held.get(), first.get(), last.get(), why.get()};
  return new_exception(ts, type, Args{values, 5, nullptr});
}

Raised raise_made(ThreadState& ts, ObjResult error) {
  return error.raised() ? Raised{} : raise_object(ts, error.take());
}

/// What a registered error handler answers: a replacement, and where to go on.
struct HandlerAnswer {
  ObjRef replacement;
  std::int64_t next = 0;
};

/// Asks the handler that codecs.register_error knows by `name`; `length` is that of what is converted.
Status ask_handler(ThreadState& ts, const char* name, ObjRef error, std::int64_t length,
                   bool decoding, HandlerAnswer& out) {
  ObjRef registry = OURO_TRY(import_by_name(ts, "_codecs"));
  Ref<Str> shown = OURO_TRY(Str::from_utf8(ts, name));
  ObjRef lookup = OURO_TRY(get_attribute(ts, registry, OURO_TRY(intern(ts, "lookup_error"))));
  ObjRef handler = OURO_TRY(call(ts, lookup, shown));
  ObjRef answer = OURO_TRY(call(ts, handler, error));
  const bool is_pair = is_tuple(answer) && as<Tuple>(Obj(answer))->size == 2;
  if (is_pair) out.replacement = as<Tuple>(Obj(answer))->at(0).new_ref();
  const bool fits = is_pair && is_int(as<Tuple>(Obj(answer))->at(1)) &&
                    (is_str(out.replacement) || (!decoding && is_bytes(out.replacement)));
  if (!fits) {
    return raise_type_error(ts, decoding ? "decoding error handler must return (str, int) tuple"
                                         : "encoding error handler must return (str/bytes, int) tuple");
  }
  out.next = OURO_TRY(int_as_int64(ts, as<Tuple>(Obj(answer))->at(1)));
  if (out.next < 0) out.next += length;
  if (out.next < 0 || out.next > length) {
    return raise(ts, ts.core.exceptions.IndexError, "position {} from error handler out of bounds",
                 out.next);
  }
  return kDone;
}

void escape_text(char (&text)[16], char32_t c) {
  std::snprintf(text, sizeof text,
                c < 0x100     ? "\\x%02x"
                : c < 0x10000 ? "\\u%04x"
                              : "\\U%08x",
                static_cast<unsigned>(c));
}

constexpr bool is_surrogate(char32_t c) { return c >= 0xd800 && c <= 0xdfff; }

}  // namespace

Encoding find_encoding(const char* name) {
  char plain[32];
  std::size_t length = 0;
  for (; *name != '\0'; ++name) {
    if (*name == '-' || *name == '_' || *name == ' ') continue;
    if (length + 1 == sizeof plain) return Encoding::Unknown;
    plain[length++] = *name >= 'A' && *name <= 'Z' ? static_cast<char>(*name + 32) : *name;
  }
  plain[length] = '\0';
  for (const Alias& alias : kAliases) {
    if (std::strcmp(alias.name, plain) == 0) return alias.encoding;
  }
  return Encoding::Unknown;
}

Handler find_handler(const char* name) {
  for (int i = 0; i < static_cast<int>(Handler::Unknown); ++i) {
    if (std::strcmp(kHandlerNames[i], name) == 0) return static_cast<Handler>(i);
  }
  return Handler::Unknown;
}

// -- decoding
// ------------------------------------------------------------------------------------------------------------

ObjResult Decoder::make_error(std::size_t start, std::size_t stop, const char* reason) {
  Ref<Bytes> object = OURO_TRY(Bytes::from(ts_, bytes_));
  return make_unicode_error(ts_, ts_.core.exceptions.UnicodeDecodeError, name_, object,
                            static_cast<std::int64_t>(start), static_cast<std::int64_t>(stop),
                            reason);
}

Raised Decoder::raise_error(std::size_t start, std::size_t stop, const char* reason) {
  return raise_made(ts_, make_error(start, stop, reason));
}

Status Decoder::call_handler(std::size_t start, std::size_t stop, const char* reason,
                             std::size_t& next) {
  ObjRef error = OURO_TRY(make_error(start, stop, reason));
  HandlerAnswer answer;
  OURO_TRY(ask_handler(ts_, errors_, std::move(error), static_cast<std::int64_t>(bytes_.size()),
                       /*decoding=*/true, answer));
  next = static_cast<std::size_t>(answer.next);
  return out.append(Borrowed<Str>(as<Str>(Obj(answer.replacement))));
}

char32_t Decoder::surrogate_at(std::size_t start) const {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes_.data()) + start;
  const std::size_t left = bytes_.size() - start;
  char32_t c = 0;
  if (unit_ == 1) {
    if (left < 3 || (p[0] & 0xf0) != 0xe0 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
      return 0;
    c = (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
  } else {
    const auto size = static_cast<std::size_t>(unit_);
    if (size == 0 || left < size) return 0;
    for (std::size_t i = 0; i < size; ++i) c = c << 8 | p[little_ ? size - 1 - i : i];
  }
  return is_surrogate(c) ? c : 0;
}

Status Decoder::fail(std::size_t start, std::size_t stop, const char* reason, std::size_t& next) {
  next = stop;
  switch (handler_) {
    case Handler::Strict:
      return raise_error(start, stop, reason);
    case Handler::Ignore:
      return kDone;
    case Handler::Replace:
      return out.append(char32_t{0xfffd});
    case Handler::BackslashReplace:
      for (std::size_t i = start; i < stop; ++i) {
        char text[16];
        escape_text(text, static_cast<unsigned char>(bytes_[i]));
        OURO_TRY(out.append(std::string_view(text)));
      }
      return kDone;
    case Handler::SurrogateEscape: {
      std::size_t at = start;
      for (; at < stop && static_cast<unsigned char>(bytes_[at]) >= 0x80; ++at) {
        OURO_TRY(
            out.append(static_cast<char32_t>(0xdc00 + static_cast<unsigned char>(bytes_[at]))));
      }
      if (at == start) return raise_error(start, stop, reason);
      next = at;
      return kDone;
    }
    case Handler::SurrogatePass: {
      const char32_t c = surrogate_at(start);
      if (c == 0) return raise_error(start, stop, reason);
      next = start + (unit_ == 1 ? 3 : static_cast<std::size_t>(unit_));
      return out.append(c);
    }
    case Handler::XmlCharRefReplace:
    case Handler::NameReplace:
      return raise_type_error(ts_, "don't know how to handle UnicodeDecodeError in error callback");
    case Handler::Unknown:
      break;
  }
  return call_handler(start, stop, reason, next);
}

// -- encoding
// ------------------------------------------------------------------------------------------------------------

ObjResult Encoder::make_error(std::int64_t start, std::int64_t stop) {
  return make_unicode_error(ts_, ts_.core.exceptions.UnicodeEncodeError, name_, text_, start, stop,
                            reason());
}

Raised Encoder::raise_error(std::int64_t start, std::int64_t stop) {
  return raise_made(ts_, make_error(start, stop));
}

Status Encoder::call_handler(std::int64_t start, std::int64_t stop, std::int64_t& next) {
  ObjRef error = OURO_TRY(make_error(start, stop));
  HandlerAnswer answer;
  OURO_TRY(ask_handler(ts_, errors_, std::move(error), text_->length, /*decoding=*/false, answer));
  next = answer.next;
  if (is_bytes(answer.replacement)) {
    for (const char c : as<Bytes>(Obj(answer.replacement))->view()) {
      OURO_TRY(byte(static_cast<unsigned char>(c)));
    }
    return kDone;
  }
  const Str* replacement = as<Str>(Obj(answer.replacement));
  for (std::int64_t i = 0; i < replacement->length; ++i) {
    if (!can_encode(replacement->at(i))) return raise_error(start, stop);
    OURO_TRY(put(replacement->at(i)));
  }
  return kDone;
}

Status Encoder::put_ascii(const char* text) {
  for (; *text != '\0'; ++text) OURO_TRY(put(static_cast<char32_t>(*text)));
  return kDone;
}

Status Encoder::fail(std::int64_t start, std::int64_t stop, std::int64_t& next) {
  next = stop;
  for (std::int64_t i = start; i < stop; ++i) {
    const char32_t c = text_->at(i);
    char text[16];
    switch (handler_) {
      case Handler::Strict:
        return raise_error(start, stop);
      case Handler::Ignore:
        break;
      case Handler::Replace:
        OURO_TRY(put(static_cast<char32_t>('?')));
        break;
      case Handler::BackslashReplace:
        escape_text(text, c);
        OURO_TRY(put_ascii(text));
        break;
      case Handler::XmlCharRefReplace:
        std::snprintf(text, sizeof text, "&#%u;", static_cast<unsigned>(c));
        OURO_TRY(put_ascii(text));
        break;
      case Handler::SurrogateEscape:
        if (c < 0xdc80 || c > 0xdcff) return raise_error(i, stop);
        OURO_TRY(byte(c - 0xdc00));
        break;
      case Handler::SurrogatePass:
        if (!passes_surrogates() || !is_surrogate(c)) return raise_error(i, stop);
        OURO_TRY(put(c));
        break;
      case Handler::NameReplace:
        return raise(
            ts_, ts_.core.exceptions.NotImplementedError,
            "error handler 'namereplace' is not supported: there is no table of character names");
      case Handler::Unknown:
        return call_handler(start, stop, next);
    }
  }
  return kDone;
}

Result<Ref<Bytes>> Encoder::run() {
  for (std::int64_t i = 0; i < text_->length;) {
    if (can_encode(text_->at(i))) {
      OURO_TRY(put(text_->at(i++)));
      continue;
    }
    const std::int64_t start = i;
    while (i < text_->length && !can_encode(text_->at(i))) ++i;
    OURO_TRY(fail(start, i, i));
  }
  Ref<Str> gathered = OURO_TRY(out_.finish());
  return Bytes::from(ts_, {reinterpret_cast<const char*>(gathered->data1()),
                           static_cast<std::size_t>(gathered->length)});
}

namespace {

/// ASCII and Latin-1: characters below a limit are bytes.
class NarrowEncoder : public Encoder {
 public:
  NarrowEncoder(ThreadState& ts, Borrowed<Str> text, bool ascii, const char* errors)
      : Encoder(ts, text, ascii ? "ascii" : "latin-1", errors), ascii_(ascii) {}

 protected:
  [[nodiscard]] bool can_encode(char32_t c) const override { return c < (ascii_ ? 0x80u : 0x100u); }
  Status put(char32_t c) override { return byte(c); }
  [[nodiscard]] const char* reason() const override {
    return ascii_ ? "ordinal not in range(128)" : "ordinal not in range(256)";
  }

 private:
  bool ascii_;
};

Result<Ref<Bytes>> encode_narrow(ThreadState& ts, Borrowed<Str> text, bool ascii,
                                 const char* errors) {
  if (text->width() == 1 && (text->is_ascii() || !ascii)) {
    return Bytes::from(
        ts, {reinterpret_cast<const char*>(text->data1()), static_cast<std::size_t>(text->length)});
  }
  return NarrowEncoder(ts, text, ascii, errors).run();
}

Result<Ref<Str>> decode_ascii(ThreadState& ts, std::string_view bytes, const char* errors) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (or_of(p, static_cast<std::int64_t>(bytes.size())) < 0x80) return Str::from_latin1(ts, bytes);
  Decoder decoder(ts, bytes, "ascii", errors, 0);
  for (std::size_t i = 0; i < bytes.size();) {
    if (p[i] < 0x80) {
      OURO_TRY(decoder.out.append(static_cast<char32_t>(p[i++])));
    } else {
      OURO_TRY(decoder.fail(i, i + 1, "ordinal not in range(128)", i));
    }
  }
  return decoder.out.finish();
}

constexpr std::string_view kSignature = "\xef\xbb\xbf";

/// Encodings written in Python: by the codec that `_codecs` finds under the name.
ObjResult call_codec(ThreadState& ts, ObjRef object, const char* encoding, const char* errors,
                     const char* direction) {
  const bool encodes = direction[0] == 'e';
  ObjRef registry = OURO_TRY(import_by_name(ts, "_codecs"));
  ObjRef lookup = OURO_TRY(get_attribute(ts, registry, OURO_TRY(intern(ts, "lookup"))));
  Ref<Str> name = OURO_TRY(Str::from_utf8(ts, encoding));
  ObjRef codec = OURO_TRY(call(ts, lookup, name));
  MaybeAttribute is_text = find_attribute(ts, codec, OURO_TRY(intern(ts, "_is_text_encoding")));
  if (is_text.failed) return Raised{};
  if (is_text.value && !OURO_TRY(is_true(ts, is_text.value))) {
    return raise(ts, ts.core.exceptions.LookupError,
                 "'{}' is not a text encoding; use codecs.{}() to handle arbitrary codecs", encoding,
                 direction);
  }
  ObjRef function = OURO_TRY(get_attribute(ts, registry, OURO_TRY(intern(ts, direction))));
  Ref<Str> handler = OURO_TRY(Str::from_utf8(ts, errors));
  ObjRef made = OURO_TRY(call(ts, function, object, name, handler));
  if (encodes ? is_bytes(made) : is_str(made)) return made;
  return raise_type_error(
      ts, "'{}' {}r returned '{t}' instead of '{}'; use codecs.{}() to {} to arbitrary types",
      encoding, direction, made, encodes ? "bytes" : "str", direction, direction);
}

}  // namespace
}  // namespace codecs

ObjResult decode_bytes(ThreadState& ts, std::string_view bytes, const char* encoding,
                       const char* errors) {
  using codecs::Encoding;
  if (bytes.empty()) return Ref<Str>::share(ts.core.empty_str);
  const Encoding known = codecs::find_encoding(encoding);
  switch (known) {
    case Encoding::Utf8:
      return decode_utf8(ts, bytes, errors);
    case Encoding::Utf8Signature:
      return decode_utf8(
          ts,
          bytes.starts_with(codecs::kSignature) ? bytes.substr(codecs::kSignature.size()) : bytes,
          errors);
    case Encoding::Ascii:
      return codecs::decode_ascii(ts, bytes, errors);
    case Encoding::Latin1:
      return Str::from_latin1(ts, bytes);
    case Encoding::Utf16:
    case Encoding::Utf16Little:
    case Encoding::Utf16Big:
      return codecs::decode_utf16(ts, bytes, known, errors);
    case Encoding::Utf32:
    case Encoding::Utf32Little:
    case Encoding::Utf32Big:
      return codecs::decode_utf32(ts, bytes, known, errors);
    case Encoding::Unknown:
      break;
  }
  return codecs::call_codec(ts, OURO_TRY(Bytes::from(ts, bytes)), encoding, errors, "decode");
}

ObjResult encode_str(ThreadState& ts, Borrowed<Str> text, const char* encoding,
                     const char* errors) {
  using codecs::Encoding;
  const Encoding known = codecs::find_encoding(encoding);
  switch (known) {
    case Encoding::Utf8:
      return codecs::encode_utf8(ts, text, errors);
    case Encoding::Utf8Signature: {
      Ref<Bytes> plain = OURO_TRY(codecs::encode_utf8(ts, text, errors));
      Ref<Bytes> made = OURO_TRY(
          Bytes::make(ts, plain->length + static_cast<std::int64_t>(codecs::kSignature.size())));
      std::memcpy(made->data(), codecs::kSignature.data(), codecs::kSignature.size());
      std::memcpy(made->data() + codecs::kSignature.size(), plain->data(),
                  static_cast<std::size_t>(plain->length));
      return made;
    }
    case Encoding::Ascii:
      return codecs::encode_narrow(ts, text, true, errors);
    case Encoding::Latin1:
      return codecs::encode_narrow(ts, text, false, errors);
    case Encoding::Utf16:
    case Encoding::Utf16Little:
    case Encoding::Utf16Big:
      return codecs::encode_utf16(ts, text, known, errors);
    case Encoding::Utf32:
    case Encoding::Utf32Little:
    case Encoding::Utf32Big:
      return codecs::encode_utf32(ts, text, known, errors);
    case Encoding::Unknown:
      break;
  }
  return codecs::call_codec(ts, text.new_ref(), encoding, errors, "encode");
}

}  // namespace ouro
