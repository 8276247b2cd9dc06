// Searching methods of bytes and bytearray, and replace.
#include <algorithm>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/str_internal.h"
#include "objects/str_search.h"

namespace ouro {

namespace {

const std::uint8_t* units(std::string_view bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
std::int64_t size_of(std::string_view bytes) { return static_cast<std::int64_t>(bytes.size()); }

/// What is searched for: bytes, or one byte given as int.
class Needle {
 public:
  Status read(ThreadState& ts, Obj argument) {
    if (BufferView::is_bytes_like(argument)) {
      OURO_TRY(view_.acquire(ts, argument));
      bytes_ = view_.view();
      return kDone;
    }
    if (!has_index(argument)) {
      return raise_type_error(ts, "argument should be integer or bytes-like object, not '{t}'",
                              argument);
    }
    byte_ = static_cast<char>(OURO_TRY(byte_value(ts, argument)));
    bytes_ = {&byte_, 1};
    return kDone;
  }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  BufferView view_;
  char byte_ = '\0';
  std::string_view bytes_;
};

std::int64_t find_in(std::string_view text, std::string_view needle, bool last) {
  const auto search = last ? search::find_last<std::uint8_t, std::uint8_t>
                           : search::find<std::uint8_t, std::uint8_t>;
  return search(units(text), size_of(text), units(needle), size_of(needle));
}

/// self[start:stop] as the arguments ask; `whole` keeps it in place.
struct Searched {
  std::string_view part;
  std::int64_t start = 0;
  bool valid = false;  // start <= stop
};
Result<SearchRange> range_of(ThreadState& ts, Args args, const BufferView& whole) {
  return search_range(ts, args, 1, static_cast<std::int64_t>(whole.size()));
}
Searched part_of(const BufferView& whole, SearchRange range) {
  if (range.start > range.stop) return {};
  return {whole.view().substr(static_cast<std::size_t>(range.start),
                              static_cast<std::size_t>(range.stop - range.start)),
          range.start, true};
}

template <bool kLast>
Result<std::int64_t> find_argument(ThreadState& ts, Obj self, Args args) {
  BufferView whole;
  OURO_TRY(whole.acquire(ts, self));
  const Searched searched = part_of(whole, OURO_TRY(range_of(ts, args, whole)));
  Needle needle;
  OURO_TRY(needle.read(ts, args[0]));
  if (!searched.valid) return -1;
  const std::int64_t at = find_in(searched.part, needle.bytes(), kLast);
  return at < 0 ? -1 : at + searched.start;
}

template <bool kLast>
ObjResult find_method(ThreadState& ts, Obj self, Args args) {
  return int_result(ts, OURO_TRY(find_argument<kLast>(ts, self, args)));
}

template <bool kLast>
ObjResult index_method(ThreadState& ts, Obj self, Args args) {
  const std::int64_t at = OURO_TRY(find_argument<kLast>(ts, self, args));
  if (at < 0) return raise_value_error(ts, "subsection not found");
  return int_result(ts, at);
}

ObjResult count_method(ThreadState& ts, Obj self, Args args) {
  BufferView whole;
  OURO_TRY(whole.acquire(ts, self));
  const Searched searched = part_of(whole, OURO_TRY(range_of(ts, args, whole)));
  Needle needle;
  OURO_TRY(needle.read(ts, args[0]));
  if (!searched.valid) return int_result(ts, 0);
  if (needle.bytes().empty()) return int_result(ts, size_of(searched.part) + 1);
  return int_result(ts, search::count(units(searched.part), size_of(searched.part),
                                      units(needle.bytes()), size_of(needle.bytes()), PTRDIFF_MAX));
}

bool tail_matches(const Searched& searched, std::string_view part, bool at_end) {
  if (!searched.valid) return false;
  return at_end ? searched.part.ends_with(part) : searched.part.starts_with(part);
}

template <bool kEnd>
ObjResult starts_method(ThreadState& ts, Obj self, Args args) {
  BufferView whole;
  OURO_TRY(whole.acquire(ts, self));
  const Searched searched = part_of(whole, OURO_TRY(range_of(ts, args, whole)));
  if (!is_tuple(args[0])) {
    if (!BufferView::is_bytes_like(args[0])) {
      return raise_type_error(ts, "{} first arg must be bytes or a tuple of bytes, not {t}",
                              kEnd ? "endswith" : "startswith", args[0]);
    }
    BufferView part;
    OURO_TRY(part.acquire(ts, args[0]));
    return ts.core.bool_ref(tail_matches(searched, part.view(), kEnd));
  }
  const Tuple* parts = as<Tuple>(args[0]);
  for (std::int64_t i = 0; i < parts->size; ++i) {
    BufferView part;
    OURO_TRY(part.acquire(ts, parts->at(i)));
    if (tail_matches(searched, part.view(), kEnd)) return ts.core.bool_ref(true);
  }
  return ts.core.bool_ref(false);
}

template <bool kEnd>
ObjResult remove_method(ThreadState& ts, Obj self, Args args) {
  BufferView whole, part;
  OURO_TRY(whole.acquire(ts, self));
  OURO_TRY(part.acquire(ts, args[0]));
  std::string_view rest = whole.view();
  if (part.size() == 0 || !(kEnd ? rest.ends_with(part.view()) : rest.starts_with(part.view()))) {
    if (is_kind(self, TypeKind::Bytes)) return self.new_ref();
    return make_like(ts, self, rest);
  }
  if (kEnd) {
    rest.remove_suffix(part.size());
  } else {
    rest.remove_prefix(part.size());
  }
  return make_like(ts, self, rest);
}

template <bool kLast>
ObjResult partition_method(ThreadState& ts, Obj self, Args args) {
  BufferView whole, separator;
  OURO_TRY(whole.acquire(ts, self));
  OURO_TRY(separator.acquire(ts, args[0]));
  if (separator.size() == 0) return raise_value_error(ts, "empty separator");
  const std::int64_t at = find_in(whole.view(), separator.view(), kLast);
  if (at < 0) {
    ObjRef all = is_kind(self, TypeKind::Bytes) ? self.new_ref()
                                                : OURO_TRY(make_like(ts, self, whole.view()));
    ObjRef none1 = OURO_TRY(make_like(ts, self, std::string_view()));
    ObjRef none2 = OURO_TRY(make_like(ts, self, std::string_view()));
    return kLast ? Tuple::of(ts, none1, none2, all) : Tuple::of(ts, all, none1, none2);
  }
  ObjRef head = OURO_TRY(make_like(ts, self, whole.view().substr(0, static_cast<std::size_t>(at))));
  ObjRef middle =
      is_bytes(self) ? args[0].new_ref() : OURO_TRY(make_like(ts, self, separator.view()));
  ObjRef tail = OURO_TRY(
      make_like(ts, self, whole.view().substr(static_cast<std::size_t>(at) + separator.size())));
  return Tuple::of(ts, head, middle, tail);
}

ObjResult replace_method(ThreadState& ts, Obj self, Args args) {
  BufferView whole, wanted, replacement;
  OURO_TRY(whole.acquire(ts, self));
  OURO_TRY(wanted.acquire(ts, args[0]));
  OURO_TRY(replacement.acquire(ts, args[1]));
  std::int64_t limit =
      args.count > 2 ? OURO_TRY(index_as_int64(ts, args[2], ts.core.exceptions.OverflowError)) : -1;
  if (limit < 0) limit = PTRDIFF_MAX;
  const std::string_view text = whole.view();
  const std::string_view old = wanted.view();
  const std::int64_t matches =
      limit == 0    ? 0
      : old.empty() ? std::min<std::int64_t>(limit, size_of(text) + 1)
                    : search::count(units(text), size_of(text), units(old), size_of(old), limit);
  if (matches == 0 || (old.empty() && replacement.size() == 0)) {
    if (is_kind(self, TypeKind::Bytes)) return self.new_ref();
    return make_like(ts, self, text);
  }
  std::int64_t growth = 0;
  std::int64_t length = 0;
  if (__builtin_mul_overflow(size_of(replacement.view()) - size_of(old), matches, &growth) ||
      __builtin_add_overflow(size_of(text), growth, &length)) {
    return raise(ts, ts.core.exceptions.OverflowError, "replace bytes is too long");
  }
  if (length == 0) return make_like(ts, self, std::string_view());
  char* out = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, self, length, out));
  std::size_t from = 0;
  for (std::int64_t i = 0; i < matches; ++i) {
    std::size_t keep = 0;  // bytes before the match; an empty one comes before each byte
    if (old.empty()) {
      keep = i > 0 ? 1 : 0;
    } else {
      keep = static_cast<std::size_t>(find_in(text.substr(from), old, false));
    }
    out = std::copy_n(text.data() + from, keep, out);
    out = std::copy_n(replacement.data(), replacement.size(), out);
    from += keep + old.size();
  }
  std::copy_n(text.data() + from, text.size() - from, out);
  return made;
}

}  // namespace

const MethodDef kBytesSearchMethods[] = {
    {"count", count_method, 1, 3, MethodDef::kArgumentTuple,
     "B.count(sub[, start[, end]]) -> int\n\nReturn how often sub occurs without overlap."},
    {"endswith", starts_method<true>, 1, 3, MethodDef::kArgumentTuple,
     "B.endswith(suffix[, start[, end]]) -> bool\n\nTrue if B[start:end] ends with suffix, or one "
     "of a tuple of them."},
    {"find", find_method<false>, 1, 3, MethodDef::kArgumentTuple,
     "B.find(sub[, start[, end]]) -> int\n\nReturn the first place of sub in B[start:end], or -1."},
    {"index", index_method<false>, 1, 3, MethodDef::kArgumentTuple,
     "B.index(sub[, start[, end]]) -> int\n\nLike find, but ValueError when sub is not found."},
    {"partition", partition_method<false>, 1, 1, 0,
     "partition($self, sep, /)\n--\n\nSplit at the first sep: what is before, sep, what is after."},
    {"removeprefix", remove_method<false>, 1, 1, 0,
     "removeprefix($self, prefix, /)\n--\n\nReturn a copy without the prefix."},
    {"removesuffix", remove_method<true>, 1, 1, 0,
     "removesuffix($self, suffix, /)\n--\n\nReturn a copy without the suffix."},
    {"replace", replace_method, 2, 3, 0,
     "replace($self, old, new, count=-1, /)\n--\n\nReturn a copy with old replaced by new, at most "
     "count times (-1: all)."},
    {"rfind", find_method<true>, 1, 3, MethodDef::kArgumentTuple,
     "B.rfind(sub[, start[, end]]) -> int\n\nReturn the last place of sub in B[start:end], or -1."},
    {"rindex", index_method<true>, 1, 3, MethodDef::kArgumentTuple,
     "B.rindex(sub[, start[, end]]) -> int\n\nLike rfind, but ValueError when sub is not found."},
    {"rpartition", partition_method<true>, 1, 1, 0,
     "rpartition($self, sep, /)\n--\n\nSplit at the last sep: what is before, sep, what is after."},
    {"startswith", starts_method<false>, 1, 3, MethodDef::kArgumentTuple,
     "B.startswith(prefix[, start[, end]]) -> bool\n\nTrue if B[start:end] starts with prefix, or "
     "one of a tuple of them."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
