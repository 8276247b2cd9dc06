// UTF-8, UTF-16 and UTF-32.
#include "objects/codecs.h"
#include "objects/str_internal.h"

namespace ouro {

namespace {

constexpr bool is_surrogate(char32_t c) { return c >= 0xd800 && c <= 0xdfff; }

/// The bytes of one UTF-8 character: its length, or what is wrong with it.
struct Utf8Step {
  std::size_t length;   // of the character, or of the faulty part
  const char* problem;  // null: fine
};

constexpr const char* kBadStart = "invalid start byte";
constexpr const char* kBadContinuation = "invalid continuation byte";
constexpr const char* kCutOff = "unexpected end of data";

Utf8Step step_at(const unsigned char* p, std::size_t left) {
  const unsigned first = p[0];
  if (first < 0x80) return {1, nullptr};
  if (first < 0xc2 || first > 0xf4) return {1, kBadStart};
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (left < 2) return {left, kCutOff};
  // The second byte also rules out overlong forms, surrogates and what lies beyond U+10FFFF.
  const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (p[1] < low || p[1] > high) return {1, kBadContinuation};
  for (std::size_t i = 2; i < length; ++i) {
    if (i == left) return {left, kCutOff};
    if ((p[i] & 0xc0) != 0x80) return {i, kBadContinuation};
  }
  return {length, nullptr};
}

/// Where the first faulty character from `start` on lies; the size when there is none.
std::size_t first_fault(std::string_view bytes, std::size_t start, Utf8Step& fault) {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t at = start;
  while (at < bytes.size()) {
    fault = step_at(p + at, bytes.size() - at);
    if (fault.problem != nullptr) break;
    at += fault.length;
  }
  return at;
}

}  // namespace

Result<Ref<Str>> decode_utf8(ThreadState& ts, std::string_view bytes, const char* errors) {
  if (or_of(reinterpret_cast<const std::uint8_t*>(bytes.data()),
            static_cast<std::int64_t>(bytes.size())) < 0x80) {
    return Str::from_latin1(ts, bytes);
  }
  Utf8Step fault = {0, nullptr};
  std::size_t at = first_fault(bytes, 0, fault);
  if (at == bytes.size()) return Str::from_utf8(ts, bytes);
  codecs::Decoder decoder(ts, bytes, "utf-8", errors, 1);
  std::size_t done = 0;
  for (;;) {
    OURO_TRY(decoder.out.append(bytes.substr(done, at - done)));
    if (at == bytes.size()) return decoder.out.finish();
    OURO_TRY(decoder.fail(at, at + fault.length, fault.problem, done));
    at = first_fault(bytes, done, fault);
  }
}

namespace codecs {

namespace {

constexpr const char* kSurrogates = "surrogates not allowed";

class Utf8Encoder : public Encoder {
 public:
  Utf8Encoder(ThreadState& ts, Borrowed<Str> text, const char* errors)
      : Encoder(ts, text, "utf-8", errors) {}

 protected:
  [[nodiscard]] bool can_encode(char32_t c) const override { return !is_surrogate(c); }
  [[nodiscard]] bool passes_surrogates() const override { return true; }
  [[nodiscard]] const char* reason() const override { return kSurrogates; }
  Status put(char32_t c) override {
    if (c < 0x80) return byte(c);
    const unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr unsigned kLead[] = {0, 0xc0, 0xe0, 0xf0};
    OURO_TRY(byte(kLead[more] | static_cast<unsigned>(c >> (6 * more))));
    for (unsigned k = more; k-- > 0;)
      OURO_TRY(byte(0x80 | (static_cast<unsigned>(c >> (6 * k)) & 0x3f)));
    return kDone;
  }
};

/// UTF-16 and UTF-32, in either order of bytes.
class WideEncoder : public Encoder {
 public:
  WideEncoder(ThreadState& ts, Borrowed<Str> text, const char* name, const char* errors, int unit,
              bool little)
      : Encoder(ts, text, name, errors), unit_(unit), little_(little) {}
  Status put_unit(char32_t unit) {
    for (int i = 0; i < unit_; ++i) {
      OURO_TRY(byte(static_cast<unsigned>(unit >> (8 * (little_ ? i : unit_ - 1 - i)))));
    }
    return kDone;
  }

 protected:
  [[nodiscard]] bool can_encode(char32_t c) const override { return !is_surrogate(c); }
  [[nodiscard]] bool passes_surrogates() const override { return true; }
  [[nodiscard]] const char* reason() const override { return kSurrogates; }
  Status put(char32_t c) override {
    if (unit_ == 4 || c < 0x10000) return put_unit(c);
    OURO_TRY(put_unit(0xd800 + ((c - 0x10000) >> 10)));
    return put_unit(0xdc00 + ((c - 0x10000) & 0x3ff));
  }

 private:
  int unit_;
  bool little_;
};

constexpr char32_t kByteOrderMark = 0xfeff;

/// Reads code units of 2 or 4 bytes.
struct UnitReader {
  std::string_view bytes;
  std::size_t size;
  bool little;
  [[nodiscard]] char32_t at(std::size_t place) const {
    char32_t unit = 0;
    for (std::size_t i = 0; i < size; ++i) {
      unit = unit << 8 | static_cast<unsigned char>(bytes[place + (little ? size - 1 - i : i)]);
    }
    return unit;
  }
};

/// Takes the byte order from a mark at the start, where the encoding leaves it open. The place to
/// start at.
std::size_t read_mark(UnitReader& reader, bool open) {
  if (!open || reader.bytes.size() < reader.size) return 0;
  if (reader.at(0) == kByteOrderMark) return reader.size;
  reader.little = !reader.little;
  if (reader.at(0) == kByteOrderMark) return reader.size;
  reader.little = !reader.little;
  return 0;
}

}  // namespace

Result<Ref<Bytes>> encode_utf8(ThreadState& ts, Borrowed<Str> text, const char* errors) {
  bool plain = text->width() == 1;
  if (!plain) {
    plain = with_characters(text.get(), [&](auto* p) {
      for (std::int64_t i = 0; i < text->length; ++i) {
        if (is_surrogate(static_cast<char32_t>(p[i]))) return false;
      }
      return true;
    });
  }
  if (!plain) return Utf8Encoder(ts, text, errors).run();
  Utf8 view(text);
  if (!view.ok()) return raise_no_memory(ts);
  return Bytes::from(ts, view.view());
}

Result<Ref<Bytes>> encode_utf16(ThreadState& ts, Borrowed<Str> text, Encoding encoding,
                                const char* errors) {
  const bool big = encoding == Encoding::Utf16Big;
  const char* name = encoding == Encoding::Utf16 ? "utf-16" : big ? "utf-16-be" : "utf-16-le";
  WideEncoder encoder(ts, text, name, errors, 2, !big);
  if (encoding == Encoding::Utf16) OURO_TRY(encoder.put_unit(kByteOrderMark));
  return encoder.run();
}

Result<Ref<Bytes>> encode_utf32(ThreadState& ts, Borrowed<Str> text, Encoding encoding,
                                const char* errors) {
  const bool big = encoding == Encoding::Utf32Big;
  const char* name = encoding == Encoding::Utf32 ? "utf-32" : big ? "utf-32-be" : "utf-32-le";
  WideEncoder encoder(ts, text, name, errors, 4, !big);
  if (encoding == Encoding::Utf32) OURO_TRY(encoder.put_unit(kByteOrderMark));
  return encoder.run();
}

Result<Ref<Str>> decode_utf16(ThreadState& ts, std::string_view bytes, Encoding encoding,
                              const char* errors) {
  UnitReader reader = {bytes, 2, encoding != Encoding::Utf16Big};
  std::size_t at = read_mark(reader, encoding == Encoding::Utf16);
  Decoder decoder(ts, bytes, reader.little ? "utf-16-le" : "utf-16-be", errors, 2, reader.little);
  while (at < bytes.size()) {
    const std::size_t left = bytes.size() - at;
    if (left < 2) {
      OURO_TRY(decoder.fail(at, bytes.size(), "truncated data", at));
      continue;
    }
    const char32_t unit = reader.at(at);
    if (!is_surrogate(unit)) {
      OURO_TRY(decoder.out.append(unit));
      at += 2;
    } else if (unit >= 0xdc00) {
      OURO_TRY(decoder.fail(at, at + 2, "illegal encoding", at));
    } else if (left < 4) {
      OURO_TRY(decoder.fail(at, bytes.size(), "unexpected end of data", at));
    } else if (const char32_t low = reader.at(at + 2); low < 0xdc00 || low > 0xdfff) {
      OURO_TRY(decoder.fail(at, at + 2, "illegal UTF-16 surrogate", at));
    } else {
      OURO_TRY(decoder.out.append(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)));
      at += 4;
    }
  }
  return decoder.out.finish();
}

Result<Ref<Str>> decode_utf32(ThreadState& ts, std::string_view bytes, Encoding encoding,
                              const char* errors) {
  UnitReader reader = {bytes, 4, encoding != Encoding::Utf32Big};
  std::size_t at = read_mark(reader, encoding == Encoding::Utf32);
  Decoder decoder(ts, bytes, reader.little ? "utf-32-le" : "utf-32-be", errors, 4, reader.little);
  while (at < bytes.size()) {
    if (bytes.size() - at < 4) {
      OURO_TRY(decoder.fail(at, bytes.size(), "truncated data", at));
      continue;
    }
    const char32_t unit = reader.at(at);
    if (unit > kMaxCharacter) {
      OURO_TRY(decoder.fail(at, at + 4, "code point not in range(0x110000)", at));
    } else if (is_surrogate(unit)) {
      OURO_TRY(
          decoder.fail(at, at + 4, "code point in surrogate code point range(0xd800, 0xe000)", at));
    } else {
      OURO_TRY(decoder.out.append(unit));
      at += 4;
    }
  }
  return decoder.out.finish();
}

}  // namespace codecs
}  // namespace ouro
