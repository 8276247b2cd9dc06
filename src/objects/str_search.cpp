// Searching methods of str, and the searches the other files use.
#include "objects/str_search.h"

#include <algorithm>

#include "objects/str_internal.h"

namespace ouro {

namespace {

/// Runs `search(hay, n, needle, m)` over characters of the right widths; a needle too wide for the
/// text is in no text.
template <class Search>
std::int64_t searching(const Str* text, const Str* needle, std::int64_t start, std::int64_t stop,
                       std::int64_t absent, Search search) {
  return with_characters(text, [&](auto* hay) -> std::int64_t {
    return with_characters(needle, [&](auto* wanted) -> std::int64_t {
      if constexpr (sizeof(*wanted) <= sizeof(*hay)) {
        return search(hay + start, stop - start, wanted, needle->length);
      } else {
        return absent;
      }
    });
  });
}

Raised raise_must_be_str(ThreadState& ts, Obj value) {
  return raise_type_error(ts, "must be str, not {t}", value);
}

}  // namespace

std::int64_t str_find(const Str* text, const Str* needle, std::int64_t start, std::int64_t stop) {
  const std::int64_t at = searching(text, needle, start, stop, -1,
                                    [](auto* hay, std::int64_t n, auto* wanted, std::int64_t m) {
                                      return search::find(hay, n, wanted, m);
                                    });
  return at < 0 ? -1 : at + start;
}

std::int64_t str_find_last(const Str* text, const Str* needle, std::int64_t start,
                           std::int64_t stop) {
  const std::int64_t at = searching(text, needle, start, stop, -1,
                                    [](auto* hay, std::int64_t n, auto* wanted, std::int64_t m) {
                                      return search::find_last(hay, n, wanted, m);
                                    });
  return at < 0 ? -1 : at + start;
}

std::int64_t str_count(const Str* text, const Str* needle, std::int64_t start, std::int64_t stop,
                       std::int64_t limit) {
  if (needle->length == 0) return std::min(limit, stop - start + 1);
  return searching(text, needle, start, stop, 0,
                   [&](auto* hay, std::int64_t n, auto* wanted, std::int64_t m) {
                     return search::count(hay, n, wanted, m, limit);
                   });
}

std::int64_t str_find_character(const Str* text, char32_t character, std::int64_t start,
                                std::int64_t stop) {
  if (character > bound_of(text)) return -1;
  return with_characters(text, [&](auto* hay) -> std::int64_t {
    using C = std::remove_cv_t<std::remove_pointer_t<decltype(hay)>>;
    const std::int64_t at = search::find_char(hay + start, stop - start, static_cast<C>(character));
    return at < 0 ? -1 : at + start;
  });
}

bool str_matches_at(const Str* text, const Str* part, std::int64_t start) {
  if (start < 0 || part->length > text->length - start) return false;
  return with_characters(text, [&](auto* p) {
    return with_characters(part, [&](auto* q) {
      if constexpr (sizeof(*p) == sizeof(*q)) {
        return std::memcmp(p + start, q, static_cast<std::size_t>(part->length) * sizeof(*q)) == 0;
      } else {
        return std::equal(q, q + part->length, p + start, [](auto a, auto b) {
          return static_cast<char32_t>(a) == static_cast<char32_t>(b);
        });
      }
    });
  });
}

Result<SearchRange> search_range(ThreadState& ts, Args args, std::uint32_t first,
                                 std::int64_t length) {
  std::int64_t bounds[2] = {0, length};
  for (std::uint32_t i = 0; i < 2 && first + i < args.count; ++i) {
    Obj value = args[first + i];
    if (is_none(value)) continue;
    if (!has_index(value)) {
      return raise_type_error(ts,
                              "slice indices must be integers or None or have an __index__ method");
    }
    bounds[i] = OURO_TRY(index_as_int64(ts, value, nullptr));
    if (bounds[i] < 0) bounds[i] = std::max<std::int64_t>(bounds[i] + length, 0);
  }
  return SearchRange{bounds[0], std::min(bounds[1], length)};
}

namespace {

/// The place found, or -1; Raised for arguments of wrong types.
template <bool kLast>
Result<std::int64_t> find_argument(ThreadState& ts, Obj self, Args args) {
  const Str* text = as<Str>(self);
  if (!is_str(args[0])) return raise_must_be_str(ts, args[0]);
  const SearchRange range = OURO_TRY(search_range(ts, args, 1, text->length));
  if (range.start > range.stop) return -1;
  const Str* needle = as<Str>(args[0]);
  return kLast ? str_find_last(text, needle, range.start, range.stop)
               : str_find(text, needle, range.start, range.stop);
}

template <bool kLast>
ObjResult find_method(ThreadState& ts, Obj self, Args args) {
  return int_result(ts, OURO_TRY(find_argument<kLast>(ts, self, args)));
}

template <bool kLast>
ObjResult index_method(ThreadState& ts, Obj self, Args args) {
  const std::int64_t at = OURO_TRY(find_argument<kLast>(ts, self, args));
  if (at < 0) return raise_value_error(ts, "substring not found");
  return int_result(ts, at);
}

ObjResult str_count_method(ThreadState& ts, Obj self, Args args) {
  const Str* text = as<Str>(self);
  if (!is_str(args[0])) return raise_must_be_str(ts, args[0]);
  const SearchRange range = OURO_TRY(search_range(ts, args, 1, text->length));
  if (range.start > range.stop) return int_result(ts, 0);
  return int_result(ts, str_count(text, as<Str>(args[0]), range.start, range.stop, INT64_MAX));
}

bool tail_matches(const Str* text, const Str* part, SearchRange range, bool at_end) {
  if (range.start > range.stop || part->length > range.stop - range.start) return false;
  return str_matches_at(text, part, at_end ? range.stop - part->length : range.start);
}

template <bool kEnd>
ObjResult starts_method(ThreadState& ts, Obj self, Args args) {
  constexpr const char* kName = kEnd ? "endswith" : "startswith";
  const Str* text = as<Str>(self);
  const SearchRange range = OURO_TRY(search_range(ts, args, 1, text->length));
  if (is_str(args[0])) return ts.core.bool_ref(tail_matches(text, as<Str>(args[0]), range, kEnd));
  if (!is_tuple(args[0])) {
    return raise_type_error(ts, "{} first arg must be str or a tuple of str, not {t}", kName,
                            args[0]);
  }
  const Tuple* parts = as<Tuple>(args[0]);
  for (std::int64_t i = 0; i < parts->size; ++i) {
    if (!is_str(parts->at(i)))
      return raise_type_error(ts, "tuple for {} must only contain str, not {t}", kName,
                              parts->at(i));
    if (tail_matches(text, as<Str>(parts->at(i)), range, kEnd)) return ts.core.bool_ref(true);
  }
  return ts.core.bool_ref(false);
}

template <bool kEnd>
ObjResult remove_method(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "{}() argument must be str, not {n}",
                            kEnd ? "removesuffix" : "removeprefix", args[0]);
  }
  Str* text = as<Str>(self);
  const Str* part = as<Str>(args[0]);
  if (part->length == 0 || !tail_matches(text, part, {0, text->length}, kEnd))
    return str_exact(ts, text);
  return kEnd ? text->slice(ts, 0, text->length - part->length)
              : text->slice(ts, part->length, text->length);
}

/// The three parts around `separator` at `at`, or the text and two empty ones (in front when kLast)
/// for -1.
template <bool kLast>
ObjResult partition_method(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) return raise_must_be_str(ts, args[0]);
  Str* text = as<Str>(self);
  Str* separator = as<Str>(args[0]);
  if (separator->length == 0) return raise_value_error(ts, "empty separator");
  const std::int64_t at = kLast ? str_find_last(text, separator, 0, text->length)
                                : str_find(text, separator, 0, text->length);
  Ref<Str> empty = Ref<Str>::share(ts.core.empty_str);
  if (at < 0) {
    Ref<Str> whole = OURO_TRY(str_exact(ts, text));
    return kLast ? Tuple::of(ts, empty, empty, whole) : Tuple::of(ts, whole, empty, empty);
  }
  Ref<Str> head = OURO_TRY(text->slice(ts, 0, at));
  Ref<Str> tail = OURO_TRY(text->slice(ts, at + separator->length, text->length));
  return Tuple::of(ts, head, separator, tail);
}

}  // namespace

const MethodDef kStrSearchMethods[] = {
    {"count", str_count_method, 1, 3, MethodDef::kArgumentTuple,
     "S.count(sub[, start[, end]]) -> int\n\nReturn how often sub occurs in S[start:end] without "
     "overlap."},
    {"endswith", starts_method<true>, 1, 3, MethodDef::kArgumentTuple,
     "S.endswith(suffix[, start[, end]]) -> bool\n\nTrue if S[start:end] ends with suffix, or one "
     "of a tuple of them."},
    {"find", find_method<false>, 1, 3, MethodDef::kArgumentTuple,
     "S.find(sub[, start[, end]]) -> int\n\nReturn the first place of sub in S[start:end], or -1."},
    {"index", index_method<false>, 1, 3, MethodDef::kArgumentTuple,
     "S.index(sub[, start[, end]]) -> int\n\nLike find, but ValueError when sub is not found."},
    {"partition", partition_method<false>, 1, 1, 0,
     "partition($self, sep, /)\n--\n\nSplit at the first sep: what is before, sep, what is after."},
    {"removeprefix", remove_method<false>, 1, 1, 0,
     "removeprefix($self, prefix, /)\n--\n\nReturn a text without the prefix if it is there."},
    {"removesuffix", remove_method<true>, 1, 1, 0,
     "removesuffix($self, suffix, /)\n--\n\nReturn a text without the suffix if it is there."},
    {"rfind", find_method<true>, 1, 3, MethodDef::kArgumentTuple,
     "S.rfind(sub[, start[, end]]) -> int\n\nReturn the last place of sub in S[start:end], or -1."},
    {"rindex", index_method<true>, 1, 3, MethodDef::kArgumentTuple,
     "S.rindex(sub[, start[, end]]) -> int\n\nLike rfind, but ValueError when sub is not found."},
    {"rpartition", partition_method<true>, 1, 1, 0,
     "rpartition($self, sep, /)\n--\n\nSplit at the last sep: what is before, sep, what is after."},
    {"startswith", starts_method<false>, 1, 3, MethodDef::kArgumentTuple,
     "S.startswith(prefix[, start[, end]]) -> bool\n\nTrue if S[start:end] starts with prefix, or "
     "one of a tuple of them."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
