// Taking texts apart and putting them together: split, rsplit, splitlines, join.
#include <algorithm>

#include "objects/str_internal.h"

namespace ouro {

namespace {

Status add_slice(ThreadState& ts, List* parts, Str* text, std::int64_t start, std::int64_t stop) {
  Ref<Str> part = OURO_TRY(text->slice(ts, start, stop));
  return parts->append(ts, ObjRef(std::move(part)));
}

/// Words between runs of white space; after `limit` words the rest, its end trimmed at the far side
/// only.
Status split_words(ThreadState& ts, List* parts, Str* text, std::int64_t limit) {
  std::int64_t at = 0;
  const std::int64_t end = text->length;
  for (;; --limit) {
    while (at < end && unicode::is_space(text->at(at))) ++at;
    if (at == end) return kDone;
    if (limit == 0) return add_slice(ts, parts, text, at, end);
    const std::int64_t start = at;
    while (at < end && !unicode::is_space(text->at(at))) ++at;
    OURO_TRY(add_slice(ts, parts, text, start, at));
  }
}

/// The same from the end; the words come out last to first.
Status split_words_backward(ThreadState& ts, List* parts, Str* text, std::int64_t limit) {
  std::int64_t at = text->length;
  for (;; --limit) {
    while (at > 0 && unicode::is_space(text->at(at - 1))) --at;
    if (at == 0) return kDone;
    if (limit == 0) return add_slice(ts, parts, text, 0, at);
    const std::int64_t stop = at;
    while (at > 0 && !unicode::is_space(text->at(at - 1))) --at;
    OURO_TRY(add_slice(ts, parts, text, at, stop));
  }
}

Status split_at(ThreadState& ts, List* parts, Str* text, const Str* separator, std::int64_t limit) {
  std::int64_t start = 0;
  for (; limit > 0; --limit) {
    const std::int64_t found = str_find(text, separator, start, text->length);
    if (found < 0) break;
    OURO_TRY(add_slice(ts, parts, text, start, found));
    start = found + separator->length;
  }
  return add_slice(ts, parts, text, start, text->length);
}

Status split_at_backward(ThreadState& ts, List* parts, Str* text, const Str* separator,
                         std::int64_t limit) {
  std::int64_t stop = text->length;
  for (; limit > 0; --limit) {
    const std::int64_t found = str_find_last(text, separator, 0, stop);
    if (found < 0) break;
    OURO_TRY(add_slice(ts, parts, text, found + separator->length, stop));
    stop = found;
  }
  return add_slice(ts, parts, text, 0, stop);
}

template <bool kLast>
ObjResult split_method(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, kLast ? "rsplit" : "split", {"sep", "maxsplit"}, 0, given));
  std::int64_t limit = OURO_TRY(index_argument(ts, given[1], -1));
  if (limit < 0) limit = INT64_MAX;
  Str* text = as<Str>(self);
  const bool words = !given[0] || is_none(given[0]);
  if (!words && !is_str(given[0]))
    return raise_type_error(ts, "must be str or None, not {t}", given[0]);
  if (!words && as<Str>(given[0])->length == 0) return raise_value_error(ts, "empty separator");
  Ref<List> parts = OURO_TRY(List::create(ts));
  if (kLast) {
    if (words) {
      OURO_TRY(split_words_backward(ts, parts.get(), text, limit));
    } else {
      OURO_TRY(split_at_backward(ts, parts.get(), text, as<Str>(given[0]), limit));
    }
    OURO_TRY(parts->reverse());
  } else if (words) {
    OURO_TRY(split_words(ts, parts.get(), text, limit));
  } else {
    OURO_TRY(split_at(ts, parts.get(), text, as<Str>(given[0]), limit));
  }
  return parts;
}

bool is_line_end(char32_t c) {
  return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

ObjResult str_splitlines(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "splitlines", {"keepends"}, 0, given));
  const bool keep_ends = OURO_TRY(index_argument(ts, given[0], 0)) != 0;
  Str* text = as<Str>(self);
  Ref<List> lines = OURO_TRY(List::create(ts));
  for (std::int64_t start = 0; start < text->length;) {
    std::int64_t stop = start;
    while (stop < text->length && !is_line_end(text->at(stop))) ++stop;
    std::int64_t next = stop;
    if (next < text->length) {
      next +=
          text->at(next) == '\r' && next + 1 < text->length && text->at(next + 1) == '\n' ? 2 : 1;
    }
    OURO_TRY(add_slice(ts, lines.get(), text, start, keep_ends ? next : stop));
    start = next;
  }
  return lines;
}

ObjResult str_join_method(ThreadState& ts, Obj self, Args args) {
  ObjRef items = OURO_TRY(sequence_fast(ts, args[0], "can only join an iterable"));
  const std::span<Object* const> row = fast_items(items);
  return str_join(ts, as<Str>(self), row.data(), row.size());
}

}  // namespace

const MethodDef kStrSplitMethods[] = {
    {"join", str_join_method, 1, 1, 0,
     "join($self, iterable, /)\n--\n\nConcatenate the texts of the iterable with this one between "
     "them."},
    {"rsplit", split_method<true>, 0, -1, MethodDef::kKeywords,
     "rsplit($self, /, sep=None, maxsplit=-1)\n--\n\nLike split, but counts maxsplit from the "
     "end."},
    {"split", split_method<false>, 0, -1, MethodDef::kKeywords,
     "split($self, /, sep=None, maxsplit=-1)\n--\n\nReturn the list of parts between "
     "separators.\n\n"
     "Without sep: the words between runs of white space. At most maxsplit splits are made; -1: no "
     "limit."},
    {"splitlines", str_splitlines, 0, -1, MethodDef::kKeywords,
     "splitlines($self, /, keepends=False)\n--\n\nReturn the list of lines, with their ends if "
     "keepends is true."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
