// Str: immutable text, 1, 2 or 4 bytes a character, as narrow as its widest character allows.
//
// `form`: bits 0..1 width code (0: 1 byte, 1: 2, 2: 4), bit 2 ASCII only, bit 3 interned.
// Invariants: S1 the widest character needs the width; S2 ASCII flag is exact; S3 a zero character follows the text;
// S4 an interned Str is the one in the intern table, which does not count it.
#pragma once

#include <cstring>
#include <string_view>

#include "objects/core.h"

namespace ouro {

struct Str : Object {
  std::int64_t form : 8;
  std::int64_t length : 56;  // characters
  std::int64_t hash;    // -1: not computed yet
  // characters follow

  static constexpr std::uint32_t kWidthMask = 3, kAscii = 4, kInterned = 8;
  [[nodiscard]] unsigned width() const { return 1u << (form_bits() & kWidthMask); }
  [[nodiscard]] bool is_ascii() const { return (form_bits() & kAscii) != 0; }
  [[nodiscard]] bool is_interned() const { return (form_bits() & kInterned) != 0; }
  [[nodiscard]] std::uint32_t form_bits() const { return static_cast<std::uint32_t>(form); }
  void set_form(std::uint32_t bits) { form = static_cast<std::int8_t>(bits); }
  /// Both in one store: reading either back right after waits for nothing.
  void set_length_and_form(std::int64_t characters, std::uint32_t bits) {
    const std::uint64_t word = (static_cast<std::uint64_t>(characters) << 8) | bits;
    std::memcpy(reinterpret_cast<char*>(this) + sizeof(Object), &word, sizeof word);
  }
  [[nodiscard]] const void* data() const { return this + 1; }
  [[nodiscard]] void* data() { return this + 1; }
  [[nodiscard]] const std::uint8_t* data1() const { return static_cast<const std::uint8_t*>(data()); }
  [[nodiscard]] const char16_t* data2() const { return static_cast<const char16_t*>(data()); }
  [[nodiscard]] const char32_t* data4() const { return static_cast<const char32_t*>(data()); }
  [[nodiscard]] char32_t at(std::int64_t index) const {
    switch (form_bits() & kWidthMask) {
      case 0: return data1()[index];
      case 1: return data2()[index];
      default: return data4()[index];
    }
  }
  /// The characters as text when ASCII (also valid UTF-8).
  [[nodiscard]] std::string_view ascii() const {
    return {static_cast<const char*>(data()), static_cast<std::size_t>(length)};
  }

  /// Text from UTF-8 (lone surrogates in three-byte form are accepted). Empty and one-character latin-1 texts are shared objects.
  static Result<Ref<Str>> from_utf8(ThreadState& ts, std::string_view text);
  static Result<Ref<Str>> from_latin1(ThreadState& ts, std::string_view text);
  static Result<Ref<Str>> from_char(ThreadState& ts, char32_t character);
  static Result<Ref<Str>> from_utf32(ThreadState& ts, std::span<const char32_t> text);
  /// An uninitialised text of `length` characters, none above `max_char`; fill it before anybody sees it.
  static Result<Ref<Str>> make(ThreadState& ts, std::int64_t length, char32_t max_char);
  Result<Ref<Str>> slice(ThreadState& ts, std::int64_t start, std::int64_t stop);
};
static_assert(sizeof(Str) == 32);

/// UTF-8 view of a text; needs memory only for non-ASCII texts (kept in the guard). Surrogates come out in three-byte form.
class Utf8 {
 public:
  explicit Utf8(Borrowed<Str> text);
  ~Utf8();
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;
  [[nodiscard]] bool ok() const { return ok_; }  // false: out of memory (nothing raised)
  [[nodiscard]] std::string_view view() const { return view_; }
  [[nodiscard]] const char* c_str() const { return view_.data(); }  // zero-terminated

 private:
  std::string_view view_;
  char* owned_ = nullptr;
  bool ok_ = true;
};

std::int64_t str_hash(Borrowed<Str> text);  // never -1
bool str_equal(Borrowed<Str> a, Borrowed<Str> b);
bool str_equals_ascii(Borrowed<Str> a, std::string_view text);
int str_compare(Borrowed<Str> a, Borrowed<Str> b);
Result<Ref<Str>> str_concat(ThreadState& ts, Borrowed<Str> a, Borrowed<Str> b);
/// a += b where the caller gives up `a`: grows in place when nobody else holds it.
Result<Ref<Str>> str_append(ThreadState& ts, Ref<Str> a, Borrowed<Str> b);
/// separator.join(items): items are checked to be str. For BUILD_STRING separator may be null.
Result<Ref<Str>> str_join(ThreadState& ts, Borrowed<Str> separator, Object* const* items, std::size_t count);
/// The interned object equal to `text` (text itself when it is the first). Drops the passed reference if replaced.
Result<Ref<Str>> intern(ThreadState& ts, Ref<Str> text);
/// For deallocation and exit: takes the text out of the table.
void forget_interned(Str* text);
/// repr of a text, as Python writes it.
Result<Ref<Str>> str_repr(ThreadState& ts, Borrowed<Str> text);
/// "…" % args for str.
ObjResult str_percent_format(ThreadState& ts, Borrowed<Str> pattern, Obj args);

/// Builds a text piece by piece, growing in the heap. After a failure (out of memory) every call fails.
class StrBuilder {
 public:
  explicit StrBuilder(ThreadState& ts) : ts_(ts) {}
  ~StrBuilder();
  StrBuilder(const StrBuilder&) = delete;
  StrBuilder& operator=(const StrBuilder&) = delete;
  Status append(char32_t character);
  Status append(std::string_view ascii_or_utf8);
  Status append(Borrowed<Str> text);
  Status append(Borrowed<Str> text, std::int64_t start, std::int64_t stop);
  Status append_repeated(char32_t character, std::int64_t count);
  [[nodiscard]] std::int64_t length() const { return length_; }
  Result<Ref<Str>> finish();

 private:
  Status widen(char32_t max_char, std::int64_t extra);
  static constexpr std::int64_t kLocalBytes = 128;  // short texts need no block of their own
  ThreadState& ts_;
  void* buffer_ = local_;
  std::int64_t length_ = 0;
  std::int64_t capacity_ = kLocalBytes;
  unsigned width_ = 1;
  alignas(8) char local_[kLocalBytes];
};

/// Categories of characters as str's methods need them (Unicode 14, over utf8proc); case mappings: unicode.h.
namespace unicode {
bool is_space(char32_t c);
bool is_alpha(char32_t c);
bool is_decimal(char32_t c);
bool is_digit(char32_t c);
bool is_numeric(char32_t c);
bool is_upper(char32_t c);
bool is_lower(char32_t c);
bool is_title(char32_t c);
bool is_printable(char32_t c);
bool is_identifier_start(char32_t c);
bool is_identifier_part(char32_t c);
int decimal_value(char32_t c);  // -1 when none
}  // namespace unicode

}  // namespace ouro
