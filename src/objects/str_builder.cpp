// StrBuilder, and repr of a text.
#include <algorithm>
#include <cstdio>

#include "objects/str_internal.h"

namespace ouro {

StrBuilder::~StrBuilder() {
  if (buffer_ != local_) free_raw(buffer_);
}

// Makes room for `extra` more characters up to max_char, moving to wider characters when they ask
// for it.
Status StrBuilder::widen(char32_t max_char, std::int64_t extra) {
  const unsigned width = std::max(width_, width_for(max_char));
  if (extra > kMaxTextLength - length_) return raise_no_memory(ts_);
  const std::int64_t needed = length_ + extra;
  if (width == width_ && needed <= capacity_) return kDone;
  const std::int64_t capacity =
      needed <= capacity_ ? capacity_ : std::max(needed, capacity_ + capacity_ / 2 + 32);
  void* wider = allocate_raw(static_cast<std::size_t>(capacity) * width);
  if (wider == nullptr) return raise_no_memory(ts_);
  const auto convert = [&](auto* to) {
    if (width_ == 1) copy_converted(to, static_cast<const std::uint8_t*>(buffer_), length_);
    if (width_ == 2) copy_converted(to, static_cast<const char16_t*>(buffer_), length_);
    if (width_ == 4) copy_converted(to, static_cast<const char32_t*>(buffer_), length_);
  };
  if (width == 1) convert(static_cast<std::uint8_t*>(wider));
  if (width == 2) convert(static_cast<char16_t*>(wider));
  if (width == 4) convert(static_cast<char32_t*>(wider));
  if (buffer_ != local_) free_raw(buffer_);
  buffer_ = wider;
  width_ = width;
  capacity_ = capacity;
  return kDone;
}

Status StrBuilder::append(char32_t character) { return append_repeated(character, 1); }

Status StrBuilder::append_repeated(char32_t character, std::int64_t count) {
  if (count <= 0) return kDone;
  OURO_TRY(widen(character, count));
  const auto fill = [&](auto* p) {
    std::fill_n(p + length_, count, static_cast<std::remove_pointer_t<decltype(p)>>(character));
  };
  if (width_ == 1) fill(static_cast<std::uint8_t*>(buffer_));
  if (width_ == 2) fill(static_cast<char16_t*>(buffer_));
  if (width_ == 4) fill(static_cast<char32_t*>(buffer_));
  length_ += count;
  return kDone;
}

Status StrBuilder::append(std::string_view text) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto count = static_cast<std::int64_t>(text.size());
  if (or_of(p, count) >= 0x80) {
    Ref<Str> decoded = OURO_TRY(Str::from_utf8(ts_, text));
    return append(Borrowed<Str>(decoded));
  }
  OURO_TRY(widen(0x7f, count));
  if (width_ == 1) copy_converted(static_cast<std::uint8_t*>(buffer_) + length_, p, count);
  if (width_ == 2) copy_converted(static_cast<char16_t*>(buffer_) + length_, p, count);
  if (width_ == 4) copy_converted(static_cast<char32_t*>(buffer_) + length_, p, count);
  length_ += count;
  return kDone;
}

Status StrBuilder::append(Borrowed<Str> text) { return append(text, 0, text->length); }

Status StrBuilder::append(Borrowed<Str> text, std::int64_t start, std::int64_t stop) {
  start = std::clamp<std::int64_t>(start, 0, text->length);
  stop = std::clamp<std::int64_t>(stop, start, text->length);
  const std::int64_t count = stop - start;
  return with_characters(text.get(), [&](auto* p) -> Status {
    OURO_TRY(widen(sizeof(*p) == 1 ? 0xff : or_of(p + start, count), count));
    if (width_ == 1)
      copy_converted(static_cast<std::uint8_t*>(buffer_) + length_, p + start, count);
    if (width_ == 2) copy_converted(static_cast<char16_t*>(buffer_) + length_, p + start, count);
    if (width_ == 4) copy_converted(static_cast<char32_t*>(buffer_) + length_, p + start, count);
    length_ += count;
    return kDone;
  });
}

Result<Ref<Str>> StrBuilder::finish() {
  if (width_ == 1)
    return str_from_characters(ts_, static_cast<const std::uint8_t*>(buffer_), length_);
  if (width_ == 2) return str_from_characters(ts_, static_cast<const char16_t*>(buffer_), length_);
  return str_from_characters(ts_, static_cast<const char32_t*>(buffer_), length_);
}

// -- repr
// ------------------------------------------------------------------------------------------------------------------

Result<Ref<Str>> str_repr(ThreadState& ts, Borrowed<Str> text) {
  const bool single = str_find_character(text.get(), '\'', 0, text->length) >= 0;
  const bool both = single && str_find_character(text.get(), '"', 0, text->length) >= 0;
  const char32_t quote = single && !both ? '"' : '\'';
  StrBuilder out(ts);
  OURO_TRY(out.append(quote));
  std::int64_t plain = 0;  // what from here on stands for itself and is not copied yet
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    const bool escaped =
        c == quote || c == '\\' || (c < 0x80 ? c < 0x20 || c == 0x7f : !unicode::is_printable(c));
    if (!escaped) continue;
    OURO_TRY(out.append(text, plain, i));
    plain = i + 1;
    char escape[12];
    if (c == quote || c == '\\') {
      std::snprintf(escape, sizeof escape, "\\%c", static_cast<char>(c));
    } else if (c == '\n' || c == '\r' || c == '\t') {
      std::snprintf(escape, sizeof escape, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
    } else {
      std::snprintf(escape, sizeof escape,
                    c < 0x100     ? "\\x%02x"
                    : c < 0x10000 ? "\\u%04x"
                                  : "\\U%08x",
                    static_cast<unsigned>(c));
    }
    OURO_TRY(out.append(std::string_view(escape)));
  }
  OURO_TRY(out.append(text, plain, text->length));
  OURO_TRY(out.append(quote));
  return out.finish();
}

}  // namespace ouro
