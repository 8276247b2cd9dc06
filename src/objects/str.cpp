// Str: creation, slices, joining, comparison, hash.
#include "objects/str.h"

#include <algorithm>
#include <cstring>

#include "objects/bytes.h"
#include "objects/str_internal.h"
#include "support/checked_size.h"

namespace ouro {

namespace {

constexpr std::uint32_t form_for(char32_t max_char) {
  if (max_char < 0x80) return Str::kAscii;
  return max_char < 0x100 ? 0 : max_char < 0x10000 ? 1 : 2;
}

bool all_ascii(std::string_view text) {
  return or_of(reinterpret_cast<const std::uint8_t*>(text.data()),
               static_cast<std::int64_t>(text.size())) < 0x80;
}

/// The next character of UTF-8; surrogates are let through, anything malformed is U+FFFD for its
/// first byte.
char32_t next_character(const unsigned char*& p, const unsigned char* end) {
  const unsigned first = *p++;
  if (first < 0x80) return first;
  const unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || end - p < static_cast<std::ptrdiff_t>(more)) return 0xfffd;
  char32_t c = first & (0x3fu >> more);
  for (unsigned i = 0; i < more; ++i) {
    if ((p[i] & 0xc0) != 0x80) return 0xfffd;
    c = (c << 6) | (p[i] & 0x3f);
  }
  constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (c < kLeast[more] || c > kMaxCharacter) return 0xfffd;
  p += more;
  return c;
}

}  // namespace

// -- creation
// ------------------------------------------------------------------------------------------------------------

Result<Ref<Str>> str_allocate(ThreadState& ts, Borrowed<Type> type, std::int64_t length,
                              char32_t max_char) {
  const std::size_t width = width_for(max_char);
  std::size_t bytes = 0;
  if (length < 0 || length > kMaxTextLength ||
      !checked_size(static_cast<std::size_t>(length) + 1, width, type->info.basic_bytes, &bytes)) {
    return raise_no_memory(ts);
  }
  Str* made = nullptr;
  if (type.get() == ts.core.types.str) {
    // The characters are about to be written: nothing but the header is cleared.
    made = static_cast<Str*>(ts.space.heap.allocate(bytes, heap::BlockKind::Object));
    if (made == nullptr) return raise_no_memory(ts);
    made->refcount = 1;
    made->gc_word = 0;
    made->type_info = &type->info;
  } else {
    ObjRef object = OURO_TRY(allocate_object(ts, type, bytes));
    made = as<Str>(Obj(object.release()));
  }
  const std::uint32_t form = form_for(max_char);
  made->set_length_and_form(length, form);
  made->hash = -1;
  terminate(made, length, form & Str::kWidthMask);
  Ref<Str> owned = Ref<Str>::steal(made);
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, Obj(owned)));
  return owned;
}

void copy_widening(Str* to, std::int64_t at, const Str* from, std::int64_t start,
                   std::int64_t count) {
  with_mutable_characters(to, [&](auto* out) {
    with_characters(from, [&](auto* in) { copy_converted(out + at, in + start, count); });
  });
}

Result<Ref<Str>> Str::make(ThreadState& ts, std::int64_t length, char32_t max_char) {
  if (length == 0 && ts.core.empty_str != nullptr) return Ref<Str>::share(ts.core.empty_str);
  return str_allocate(ts, ts.core.types.str, length, max_char);
}

Result<Ref<Str>> Str::from_char(ThreadState& ts, char32_t character) {
  if (character < 0x100 && ts.core.latin1[character] != nullptr)
    return Ref<Str>::share(ts.core.latin1[character]);
  Ref<Str> made = OURO_TRY(make(ts, 1, character));
  fill_characters(made.get(), 0, 1, character);
  return made;
}

Result<Ref<Str>> Str::from_latin1(ThreadState& ts, std::string_view text) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(text.data());
  if (text.empty() && ts.core.empty_str == nullptr) return make(ts, 0, 0);
  return str_from_characters(ts, p, static_cast<std::int64_t>(text.size()));
}

Result<Ref<Str>> Str::from_utf8(ThreadState& ts, std::string_view text) {
  if (all_ascii(text)) return from_latin1(ts, text);
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = p + text.size();
  std::int64_t length = 0;
  char32_t bits = 0;
  for (const unsigned char* at = p; at < end; ++length) bits |= next_character(at, end);
  if (length == 1) return from_char(ts, bits);
  Ref<Str> made = OURO_TRY(make(ts, length, bits));
  with_mutable_characters(made.get(), [&](auto* out) {
    using C = std::remove_pointer_t<decltype(out)>;
    for (const unsigned char* at = p; at < end;) *out++ = static_cast<C>(next_character(at, end));
  });
  return made;
}

Result<Ref<Str>> Str::from_utf32(ThreadState& ts, std::span<const char32_t> text) {
  return str_from_characters(ts, text.data(), static_cast<std::int64_t>(text.size()));
}

Result<Ref<Str>> str_exact(ThreadState& ts, Borrowed<Str> text) {
  if (is_exact_str(text)) return text.new_ref();
  return with_characters(text.get(),
                         [&](auto* p) { return str_from_characters(ts, p, text->length); });
}

Result<Ref<Str>> Str::slice(ThreadState& ts, std::int64_t start, std::int64_t stop) {
  start = std::clamp<std::int64_t>(start, 0, length);
  stop = std::clamp<std::int64_t>(stop, start, length);
  if (start == 0 && stop == length) return str_exact(ts, this);
  if (is_ascii() && stop - start > 1) {
    Ref<Str> made = OURO_TRY(str_allocate(ts, ts.core.types.str, stop - start, 0x7f));
    std::memcpy(made->data(), data1() + start, static_cast<std::size_t>(stop - start));
    return made;
  }
  return with_characters(this,
                         [&](auto* p) { return str_from_characters(ts, p + start, stop - start); });
}

// -- joining
// -------------------------------------------------------------------------------------------------------------

Result<Ref<Str>> str_concat(ThreadState& ts, Borrowed<Str> a, Borrowed<Str> b) {
  if (a->length == 0) return str_exact(ts, b);
  if (b->length == 0) return str_exact(ts, a);
  if (a->length > kMaxTextLength - b->length) {
    return raise(ts, ts.core.exceptions.OverflowError, "strings are too large to concat");
  }
  const char32_t bound = std::max(bound_of(a.get()), bound_of(b.get()));
  Ref<Str> made = OURO_TRY(str_allocate(ts, ts.core.types.str, a->length + b->length, bound));
  copy_characters(made.get(), 0, a.get(), 0, a->length);
  copy_characters(made.get(), a->length, b.get(), 0, b->length);
  return made;
}

Result<Ref<Str>> str_append(ThreadState& ts, Ref<Str> a, Borrowed<Str> b) {
  const bool alone = a->refcount == 1 && !a->is_interned() && is_exact_str(a) && a.get() != b.get();
  if (!alone || b->length == 0 || a->length == 0 || a->width() < b->width() ||
      a->length > kMaxTextLength - b->length) {
    return str_concat(ts, a, b);
  }
  const std::size_t width = a->width();
  const std::int64_t length = a->length + b->length;
  const std::size_t bytes = sizeof(Str) + (static_cast<std::size_t>(length) + 1) * width;
  heap::Heap& heap = ts.space.heap;
  if (bytes > heap.usable_bytes(a.get())) {
    // An eighth more, so that a text that grows piece by piece is copied a bounded number of times
    // a character.
    constexpr std::size_t kSmall = 512;
    const std::size_t wanted = bytes <= kSmall ? bytes : bytes + bytes / 8;
    Str* old = a.release();
    void* moved = heap.reallocate(old, wanted);
    if (moved == nullptr) {
      a = Ref<Str>::steal(old);
      return raise_no_memory(ts);
    }
    a = Ref<Str>::steal(static_cast<Str*>(moved));
  }
  copy_characters(a.get(), a->length, b.get(), 0, b->length);
  a->length = length;
  a->hash = -1;
  if (a->is_ascii() && !b->is_ascii()) a->set_form(a->form_bits() & ~Str::kAscii);
  terminate(a.get(), length, a->form_bits() & Str::kWidthMask);
  return a;
}

Result<Ref<Str>> str_join(ThreadState& ts, Borrowed<Str> separator, Object* const* items,
                          std::size_t count) {
  if (count == 0) return Ref<Str>::share(ts.core.empty_str);
  if (count == 1 && is_exact_str(items[0])) return Ref<Str>::share(as<Str>(Obj(items[0])));
  const std::int64_t gap = separator ? separator->length : 0;
  char32_t bound = gap > 0 && count > 1 ? bound_of(separator.get()) : 0x7f;
  std::int64_t length = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_str(items[i])) {
      return raise_type_error(ts, "sequence item {}: expected str instance, {t} found", i,
                              Obj(items[i]));
    }
    const Str* item = as<Str>(Obj(items[i]));
    bound = std::max(bound, bound_of(item));
    const std::int64_t added = item->length + (i > 0 ? gap : 0);
    if (added > kMaxTextLength - length) {
      return raise(ts, ts.core.exceptions.OverflowError,
                   "join() result is too long for a Python string");
    }
    length += added;
  }
  if (length == 0) return Ref<Str>::share(ts.core.empty_str);
  Ref<Str> made = OURO_TRY(str_allocate(ts, ts.core.types.str, length, bound));
  std::int64_t at = 0;
  const bool short_gap = gap == 1 && made->width() == 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && gap > 0) {
      if (short_gap) {
        static_cast<std::uint8_t*>(made->data())[at] = separator->data1()[0];
      } else {
        copy_characters(made.get(), at, separator.get(), 0, gap);
      }
      at += gap;
    }
    const Str* item = as<Str>(Obj(items[i]));
    copy_characters(made.get(), at, item, 0, item->length);
    at += item->length;
  }
  if (length == 1) return Str::from_char(ts, made->at(0));
  return made;
}

// -- hash and comparison
// -------------------------------------------------------------------------------------------------

std::int64_t str_hash(Borrowed<Str> text) {
  if (text->hash == -1) {
    text->hash = hash_bytes(current_thread_state()->core, text->data(),
                            static_cast<std::size_t>(text->length) * text->width());
  }
  return text->hash;
}

bool str_equal(Borrowed<Str> a, Borrowed<Str> b) {
  if (a == b) return true;
  constexpr std::uint32_t kShape = Str::kWidthMask | Str::kAscii;
  if (a->length != b->length || ((a->form_bits() ^ b->form_bits()) & kShape) != 0) return false;
  if (a->hash != b->hash && a->hash != -1 && b->hash != -1) return false;
  return std::memcmp(a->data(), b->data(), static_cast<std::size_t>(a->length) * a->width()) == 0;
}

bool str_equals_ascii(Borrowed<Str> a, std::string_view text) {
  return a->is_ascii() && a->ascii() == text;
}

int str_compare(Borrowed<Str> a, Borrowed<Str> b) {
  const std::int64_t common = std::min(a->length, b->length);
  const int order = with_characters(a.get(), [&](auto* p) {
    return with_characters(b.get(), [&](auto* q) {
      if constexpr (sizeof(*p) == 1 && sizeof(*q) == 1) {
        return std::memcmp(p, q, static_cast<std::size_t>(common));
      } else {
        for (std::int64_t i = 0; i < common; ++i) {
          const auto x = static_cast<char32_t>(p[i]);
          const auto y = static_cast<char32_t>(q[i]);
          if (x != y) return x < y ? -1 : 1;
        }
        return 0;
      }
    });
  });
  if (order != 0) return order < 0 ? -1 : 1;
  return a->length < b->length ? -1 : a->length > b->length ? 1 : 0;
}

// -- UTF-8 view
// ------------------------------------------------------------------------------------------------------------

Utf8::Utf8(Borrowed<Str> text) {
  if (text->is_ascii()) {
    view_ = text->ascii();
    return;
  }
  const std::size_t most =
      static_cast<std::size_t>(text->length) * (text->width() == 4 ? 4 : text->width() + 1) + 1;
  owned_ = static_cast<char*>(allocate_raw(most));
  if (owned_ == nullptr) {
    ok_ = false;
    view_ = "";
    return;
  }
  char* out = owned_;
  with_characters(text.get(), [&](auto* p) {
    for (std::int64_t i = 0; i < text->length; ++i) {
      const auto c = static_cast<char32_t>(p[i]);
      if (c < 0x80) {
        *out++ = static_cast<char>(c);
        continue;
      }
      const unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
      constexpr unsigned kLead[] = {0, 0xc0, 0xe0, 0xf0};
      *out++ = static_cast<char>(kLead[more] | (c >> (6 * more)));
      for (unsigned k = more; k-- > 0;) *out++ = static_cast<char>(0x80 | ((c >> (6 * k)) & 0x3f));
    }
  });
  *out = '\0';
  view_ = {owned_, static_cast<std::size_t>(out - owned_)};
}

Utf8::~Utf8() { free_raw(owned_); }

}  // namespace ouro
