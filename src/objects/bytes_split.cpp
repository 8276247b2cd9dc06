// Taking bytes apart and putting them together: split, rsplit, splitlines, join.
#include <algorithm>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/str_search.h"

namespace ouro {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Collects the parts of `self` in a list.
class Parts {
 public:
  Parts(ThreadState& ts, Obj self, std::string_view bytes) : ts_(ts), self_(self), bytes_(bytes) {}
  Status begin() {
    list_ = OURO_TRY(List::create(ts_));
    return kDone;
  }
  Status add(std::size_t start, std::size_t stop) {
    ObjRef part;
    if (start == 0 && stop == bytes_.size() && is_kind(self_, TypeKind::Bytes)) {
      part = self_.new_ref();
    } else {
      part = OURO_TRY(make_like(ts_, self_, bytes_.substr(start, stop - start)));
    }
    return list_->append(ts_, std::move(part));
  }

  Status split_words(std::int64_t limit) {
    std::size_t at = 0;
    for (;; --limit) {
      while (at < bytes_.size() && is_space(bytes_[at])) ++at;
      if (at == bytes_.size()) return kDone;
      if (limit == 0) return add(at, bytes_.size());
      const std::size_t start = at;
      while (at < bytes_.size() && !is_space(bytes_[at])) ++at;
      OURO_TRY(add(start, at));
    }
  }
  Status split_words_backward(std::int64_t limit) {
    std::size_t at = bytes_.size();
    for (;; --limit) {
      while (at > 0 && is_space(bytes_[at - 1])) --at;
      if (at == 0) return kDone;
      if (limit == 0) return add(0, at);
      const std::size_t stop = at;
      while (at > 0 && !is_space(bytes_[at - 1])) --at;
      OURO_TRY(add(at, stop));
    }
  }
  Status split_at(std::string_view separator, std::int64_t limit) {
    std::size_t start = 0;
    for (; limit > 0; --limit) {
      const std::ptrdiff_t found =
          search::find(units(bytes_) + start, size(bytes_) - static_cast<std::ptrdiff_t>(start),
                       units(separator), size(separator));
      if (found < 0) break;
      OURO_TRY(add(start, start + static_cast<std::size_t>(found)));
      start += static_cast<std::size_t>(found) + separator.size();
    }
    return add(start, bytes_.size());
  }
  Status split_at_backward(std::string_view separator, std::int64_t limit) {
    std::size_t stop = bytes_.size();
    for (; limit > 0; --limit) {
      const std::ptrdiff_t found = search::find_last(
          units(bytes_), static_cast<std::ptrdiff_t>(stop), units(separator), size(separator));
      if (found < 0) break;
      OURO_TRY(add(static_cast<std::size_t>(found) + separator.size(), stop));
      stop = static_cast<std::size_t>(found);
    }
    return add(0, stop);
  }
  Status reverse() { return list_->reverse(); }
  ObjRef take() { return std::move(list_); }

 private:
  static const std::uint8_t* units(std::string_view bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
  }
  static std::ptrdiff_t size(std::string_view bytes) {
    return static_cast<std::ptrdiff_t>(bytes.size());
  }

  ThreadState& ts_;
  Obj self_;
  std::string_view bytes_;
  Ref<List> list_;
};

template <bool kLast>
ObjResult split_method(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, kLast ? "rsplit" : "split", {"sep", "maxsplit"}, 0, given));
  std::int64_t limit =
      given[1] ? OURO_TRY(index_as_int64(ts, given[1], ts.core.exceptions.OverflowError)) : -1;
  if (limit < 0) limit = INT64_MAX;
  BufferView view, separator;
  OURO_TRY(view.acquire(ts, self));
  const bool words = !given[0] || is_none(given[0]);
  if (!words) {
    OURO_TRY(separator.acquire(ts, given[0]));
    if (separator.size() == 0) return raise_value_error(ts, "empty separator");
  }
  Parts parts(ts, self, view.view());
  OURO_TRY(parts.begin());
  if (kLast) {
    OURO_TRY(words ? parts.split_words_backward(limit)
                   : parts.split_at_backward(separator.view(), limit));
    OURO_TRY(parts.reverse());
  } else {
    OURO_TRY(words ? parts.split_words(limit) : parts.split_at(separator.view(), limit));
  }
  return parts.take();
}

ObjResult splitlines_method(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "splitlines", {"keepends"}, 0, given));
  const bool keep_ends =
      given[0] && OURO_TRY(index_as_int64(ts, given[0], ts.core.exceptions.OverflowError)) != 0;
  BufferView view;
  OURO_TRY(view.acquire(ts, self));
  const std::string_view bytes = view.view();
  Parts parts(ts, self, bytes);
  OURO_TRY(parts.begin());
  for (std::size_t start = 0; start < bytes.size();) {
    std::size_t stop = start;
    while (stop < bytes.size() && bytes[stop] != '\n' && bytes[stop] != '\r') ++stop;
    std::size_t next = stop;
    if (next < bytes.size())
      next += bytes[next] == '\r' && next + 1 < bytes.size() && bytes[next + 1] == '\n' ? 2 : 1;
    OURO_TRY(parts.add(start, keep_ends ? next : stop));
    start = next;
  }
  return parts.take();
}

ObjResult join_method(ThreadState& ts, Obj self, Args args) {
  ObjRef items = OURO_TRY(sequence_fast(ts, args[0], "can only join an iterable"));
  BufferView separator;
  OURO_TRY(separator.acquire(ts, self));
  // Nothing below runs Python code, so the row and the bytearrays in it stay as they are.
  const std::span<Object* const> row = fast_items(items);
  if (row.size() == 1 && is_kind(row[0], TypeKind::Bytes) && is_bytes(self))
    return Obj(row[0]).new_ref();
  std::size_t length = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!BufferView::is_bytes_like(row[i])) {
      return raise_type_error(ts, "sequence item {}: expected a bytes-like object, {t} found", i,
                              Obj(row[i]));
    }
    BufferView item;
    OURO_TRY(item.acquire(ts, row[i]));
    if (__builtin_add_overflow(length, item.size() + (i > 0 ? separator.size() : 0), &length) ||
        length > static_cast<std::size_t>(kMaxBytesLength)) {
      return raise(ts, ts.core.exceptions.OverflowError, "join() result is too long");
    }
  }
  if (length == 0) return make_like(ts, self, std::string_view());
  char* out = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, self, static_cast<std::int64_t>(length), out));
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out = std::copy_n(separator.data(), separator.size(), out);
    BufferView item;
    OURO_TRY(item.acquire(ts, row[i]));
    out = std::copy_n(item.data(), item.size(), out);
  }
  return made;
}

}  // namespace

const MethodDef kBytesSplitMethods[] = {
    {"join", join_method, 1, 1, 0,
     "join($self, iterable_of_bytes, /)\n--\n\nConcatenate the bytes of the iterable with this "
     "object between them."},
    {"rsplit", split_method<true>, 0, -1, MethodDef::kKeywords,
     "rsplit($self, /, sep=None, maxsplit=-1)\n--\n\nLike split, but counts maxsplit from the "
     "end."},
    {"split", split_method<false>, 0, -1, MethodDef::kKeywords,
     "split($self, /, sep=None, maxsplit=-1)\n--\n\nReturn the list of parts between "
     "separators.\n\n"
     "Without sep: the words between runs of ASCII white space. At most maxsplit splits are made; "
     "-1: no limit."},
    {"splitlines", splitlines_method, 0, -1, MethodDef::kKeywords,
     "splitlines($self, /, keepends=False)\n--\n\nReturn the list of lines, with their ends if "
     "keepends is true."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
