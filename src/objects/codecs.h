// What the codecs share: encodings by name, error handlers, and the places where a conversion
// stops.
#pragma once

#include "objects/bytes.h"
#include "objects/str.h"

namespace ouro::codecs {

enum class Encoding : std::uint8_t {
  Unknown,
  Utf8,
  Utf8Signature,
  Ascii,
  Latin1,
  Utf16,
  Utf16Little,
  Utf16Big,
  Utf32,
  Utf32Little,
  Utf32Big
};
/// By any spelling Python knows: case, '-', '_' and ' ' make no difference.
Encoding find_encoding(const char* name);

enum class Handler : std::uint8_t {
  Strict,
  Ignore,
  Replace,
  BackslashReplace,
  SurrogateEscape,
  SurrogatePass,
  XmlCharRefReplace,
  NameReplace,
  Unknown
};
Handler find_handler(const char* name);

/// A decoding under way: what was decoded so far, and what errors lead to.
class Decoder {
 public:
  /// `name` stands in errors; `unit` bytes make a code unit (for surrogatepass), 0: that handler
  /// does not apply.
  Decoder(ThreadState& ts, std::string_view bytes, const char* name, const char* errors, int unit,
          bool little = true)
      : out(ts),
        ts_(ts),
        bytes_(bytes),
        name_(name),
        errors_(errors),
        handler_(find_handler(errors)),
        unit_(unit),
        little_(little) {}
  /// bytes[start:stop] cannot be decoded: appends what the handler makes of them and says where to
  /// go on, or raises UnicodeDecodeError.
  Status fail(std::size_t start, std::size_t stop, const char* reason, std::size_t& next);
  StrBuilder out;

 private:
  ObjResult make_error(std::size_t start, std::size_t stop, const char* reason);
  Raised raise_error(std::size_t start, std::size_t stop, const char* reason);
  Status call_handler(std::size_t start, std::size_t stop, const char* reason, std::size_t& next);
  [[nodiscard]] char32_t surrogate_at(std::size_t start) const;  // 0: none
  ThreadState& ts_;
  std::string_view bytes_;
  const char* name_;
  const char* errors_;
  Handler handler_;
  int unit_;
  bool little_;
};

/// An encoding under way. Bytes are gathered as characters up to 255.
class Encoder {
 public:
  Encoder(ThreadState& ts, Borrowed<Str> text, const char* name, const char* errors)
      : ts_(ts),
        text_(text),
        name_(name),
        errors_(errors),
        handler_(find_handler(errors)),
        out_(ts) {}
  virtual ~Encoder() = default;
  /// Encodes the whole text.
  Result<Ref<Bytes>> run();

 protected:
  /// The character has a form in this encoding.
  [[nodiscard]] virtual bool can_encode(char32_t c) const = 0;
  /// Writes a character that can be encoded, or a surrogate for `surrogatepass`.
  virtual Status put(char32_t c) = 0;
  [[nodiscard]] virtual bool passes_surrogates() const { return false; }
  [[nodiscard]] virtual const char* reason() const = 0;
  Status byte(unsigned value) { return out_.append(static_cast<char32_t>(value & 0xff)); }

 private:
  Status fail(std::int64_t start, std::int64_t stop, std::int64_t& next);
  Status call_handler(std::int64_t start, std::int64_t stop, std::int64_t& next);
  ObjResult make_error(std::int64_t start, std::int64_t stop);
  Raised raise_error(std::int64_t start, std::int64_t stop);
  Status put_ascii(const char* text);
  ThreadState& ts_;
  Borrowed<Str> text_;
  const char* name_;
  const char* errors_;
  Handler handler_;
  StrBuilder out_;
};

Result<Ref<Str>> decode_utf16(ThreadState& ts, std::string_view bytes, Encoding encoding,
                              const char* errors);
Result<Ref<Str>> decode_utf32(ThreadState& ts, std::string_view bytes, Encoding encoding,
                              const char* errors);
Result<Ref<Bytes>> encode_utf8(ThreadState& ts, Borrowed<Str> text, const char* errors);
Result<Ref<Bytes>> encode_utf16(ThreadState& ts, Borrowed<Str> text, Encoding encoding,
                                const char* errors);
Result<Ref<Bytes>> encode_utf32(ThreadState& ts, Borrowed<Str> text, Encoding encoding,
                                const char* errors);

}  // namespace ouro::codecs
