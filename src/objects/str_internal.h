// What the files that make up str share: widths, copying between widths, arguments of str methods.
//
// Width code: 0, 1, 2 for characters of 1, 2, 4 bytes. A bound is one of 0x7f, 0xff, 0xffff,
// 0x10ffff: the largest character a text of its width and ASCII flag may hold.
#pragma once

#include <charconv>
#include <cstring>
#include <type_traits>

#include "objects/container_support.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

inline constexpr char32_t kMaxCharacter = 0x10ffff;
/// Longest text that can be asked for: what Str::length can say.
inline constexpr std::int64_t kMaxTextLength = (std::int64_t{1} << 55) - 1;

/// Calls f with the characters as pointer to std::uint8_t, char16_t or char32_t.
template <class F>
decltype(auto) with_characters(const Str* text, F f) {
  switch (text->form_bits() & Str::kWidthMask) {
    case 0:
      return f(text->data1());
    case 1:
      return f(text->data2());
    default:
      return f(text->data4());
  }
}
/// The same for writing into a text that nobody has seen yet.
template <class F>
decltype(auto) with_mutable_characters(Str* text, F f) {
  return with_characters(text, [&](auto* p) -> decltype(auto) {
    return f(const_cast<std::remove_const_t<std::remove_pointer_t<decltype(p)>>*>(p));
  });
}

constexpr char32_t bound_of_width(unsigned width) {
  return width == 1 ? 0xff : width == 2 ? 0xffff : kMaxCharacter;
}
inline char32_t bound_of(const Str* text) {
  return text->is_ascii() ? 0x7f : bound_of_width(text->width());
}
constexpr unsigned width_for(char32_t max_char) {
  return max_char < 0x100 ? 1 : max_char < 0x10000 ? 2 : 4;
}

/// All characters or-ed together: compares with 0x80, 0x100 and 0x10000 as the largest character
/// does.
template <class C>
char32_t or_of(const C* p, std::int64_t count) {
  std::uint64_t bits = 0;
  std::int64_t i = 0;
  constexpr std::int64_t kPerWord = static_cast<std::int64_t>(8 / sizeof(C));
  for (; i + kPerWord <= count; i += kPerWord) {
    std::uint64_t word;
    std::memcpy(&word, p + i, 8);
    bits |= word;
  }
  char32_t tail = 0;
  for (; i < count; ++i) tail |= static_cast<char32_t>(p[i]);
  for (unsigned shift = 0; shift < 64; shift += 8 * sizeof(C)) {
    tail |= static_cast<char32_t>(
        static_cast<std::make_unsigned_t<
            std::conditional_t<sizeof(C) == 1, std::int8_t,
                               std::conditional_t<sizeof(C) == 2, std::int16_t, std::int32_t>>>>(
            bits >> shift));
  }
  return tail;
}

template <class To, class From>
void copy_converted(To* to, const From* from, std::int64_t count) {
  if constexpr (sizeof(To) == sizeof(From)) {
    if (count == 0) return;  // `from` may be null then
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(To));
  } else {
    for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<To>(from[i]);
  }
}

/// copy_characters where the widths differ.
void copy_widening(Str* to, std::int64_t at, const Str* from, std::int64_t start,
                   std::int64_t count);

/// Copies characters into a text wide enough for them that nobody has seen yet.
inline void copy_characters(Str* to, std::int64_t at, const Str* from, std::int64_t start,
                            std::int64_t count) {
  const unsigned shift = to->form_bits() & Str::kWidthMask;
  if (shift != (from->form_bits() & Str::kWidthMask)) [[unlikely]] {
    copy_widening(to, at, from, start, count);
    return;
  }
  std::memcpy(static_cast<char*>(to->data()) + (at << shift),
              static_cast<const char*>(from->data()) + (start << shift),
              static_cast<std::size_t>(count) << shift);
}
/// Writes the zero character behind a text of `length` characters of 1 << `width_shift` bytes.
inline void terminate(Str* text, std::int64_t length, unsigned width_shift) {
  char* end = static_cast<char*>(text->data()) + (length << width_shift);
  switch (width_shift) {
    case 0: *end = 0; break;
    case 1: std::memset(end, 0, 2); break;
    default: std::memset(end, 0, 4); break;
  }
}

inline void fill_characters(Str* to, std::int64_t at, std::int64_t count, char32_t character) {
  with_mutable_characters(to, [&](auto* out) {
    using C = std::remove_pointer_t<decltype(out)>;
    for (std::int64_t i = 0; i < count; ++i) out[at + i] = static_cast<C>(character);
  });
}

/// An uninitialised text of any str type, terminated; not shared even when short.
Result<Ref<Str>> str_allocate(ThreadState& ts, Borrowed<Type> type, std::int64_t length,
                              char32_t max_char);

/// A text from characters of any width, as narrow as they allow; short ones are the shared objects.
template <class C>
Result<Ref<Str>> str_from_characters(ThreadState& ts, const C* characters, std::int64_t count) {
  if (count == 0) return Ref<Str>::share(ts.core.empty_str);
  if (count == 1) return Str::from_char(ts, characters[0]);
  Ref<Str> made = OURO_TRY(str_allocate(ts, ts.core.types.str, count, or_of(characters, count)));
  with_mutable_characters(made.get(), [&](auto* out) {
    if constexpr (sizeof(*out) <= sizeof(C)) copy_converted(out, characters, count);
  });
  return made;
}

/// `text` itself when it is an exact str, else an exact copy.
Result<Ref<Str>> str_exact(ThreadState& ts, Borrowed<Str> text);

/// The position of `needle` in text[start:stop], first or last; -1 when absent. 0 <= start <= stop
/// <= length.
std::int64_t str_find(const Str* text, const Str* needle, std::int64_t start, std::int64_t stop);
std::int64_t str_find_last(const Str* text, const Str* needle, std::int64_t start,
                           std::int64_t stop);
std::int64_t str_count(const Str* text, const Str* needle, std::int64_t start, std::int64_t stop,
                       std::int64_t limit);
/// The position of a character in text[start:stop], or -1.
std::int64_t str_find_character(const Str* text, char32_t character, std::int64_t start,
                                std::int64_t stop);
/// text[start:] starts with `part` (which fits there or not).
bool str_matches_at(const Str* text, const Str* part, std::int64_t start);

/// The decimal digits of a number, without any object.
class SmallDecimal {
 public:
  explicit SmallDecimal(std::int64_t number)
      : end_(std::to_chars(digits_, digits_ + sizeof digits_, number).ptr) {}
  [[nodiscard]] std::string_view view() const {
    return {digits_, static_cast<std::size_t>(end_ - digits_)};
  }

 private:
  char digits_[24];
  char* end_;
};

/// The start and stop arguments at args[first], args[first + 1] (None or absent: the ends), clipped
/// to `length`. TypeError "slice indices must be integers or None or have an __index__ method".
struct SearchRange {
  std::int64_t start, stop;
};
Result<SearchRange> search_range(ThreadState& ts, Args args, std::uint32_t first,
                                 std::int64_t length);

/// An optional count or flag argument by __index__, OverflowError when it does not fit; `fallback`
/// when absent.
inline Result<std::int64_t> index_argument(ThreadState& ts, Obj value, std::int64_t fallback) {
  if (!value) return fallback;
  return index_as_int64(ts, value, ts.core.exceptions.OverflowError);
}

ObjResult str_format_method(ThreadState& ts, Obj self, Args args);
ObjResult str_format_map_method(ThreadState& ts, Obj self, Args args);

/// The parts of the method table, by subject; each ends with an entry without name.
extern const MethodDef kStrCaseMethods[];
extern const MethodDef kStrSearchMethods[];
extern const MethodDef kStrSplitMethods[];
extern const MethodDef kStrPadMethods[];
extern const MethodDef kStrTranslateMethods[];

}  // namespace ouro
