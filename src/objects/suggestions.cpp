// "Did you mean": the known name nearest to a misspelt one, by a weighted edit distance.

#include <algorithm>

#include "objects/code.h"
#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/traceback_text.h"

namespace ouro {

namespace {

constexpr std::size_t kMoveCost = 2;
constexpr std::size_t kCaseCost = 1;  // letters that differ in case only
constexpr std::size_t kMaxLength = 40;
constexpr std::int64_t kMaxCandidates = 750;

std::size_t substitution_cost(char a, char b) {
  if ((a & 31) != (b & 31)) return kMoveCost;  // fast: not even the same letter in another case
  if (a == b) return 0;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(a) == lower(b) ? kCaseCost : kMoveCost;
}

/// Levenshtein distance; anything above `max_cost` may come out as max_cost + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t max_cost) {
  if (a == b) return 0;
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty() || b.empty()) return (a.size() + b.size()) * kMoveCost;
  if (a.size() > kMaxLength || b.size() > kMaxLength) return max_cost + 1;
  if (b.size() < a.size()) std::swap(a, b);
  if ((b.size() - a.size()) * kMoveCost > max_cost) return max_cost + 1;
  std::size_t row[kMaxLength];
  for (std::size_t i = 0; i < a.size(); ++i) row[i] = (i + 1) * kMoveCost;
  std::size_t result = 0;
  for (std::size_t j = 0; j < b.size(); ++j) {
    std::size_t diagonal = j * kMoveCost;
    result = diagonal;
    std::size_t least = SIZE_MAX;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::size_t substitute = diagonal + substitution_cost(b[j], a[i]);
      diagonal = row[i];
      result = std::min(substitute, std::min(result, diagonal) + kMoveCost);
      row[i] = result;
      least = std::min(least, result);
    }
    if (least > max_cost) return max_cost + 1;
  }
  return result;
}

/// Keeps the best of the names it is shown.
class Search {
 public:
  explicit Search(std::string_view wanted) : wanted_(wanted) {}
  void consider(Obj candidate) {
    if (!is_str(candidate)) return;
    Utf8 text(as<Str>(candidate));
    if (!text.ok() || text.view() == wanted_) return;
    // No more than a third of the characters involved should need a change; and only better ones
    // count.
    std::size_t limit = (wanted_.size() + text.view().size() + 3) * kMoveCost / 6;
    limit = std::min(limit, best_distance_ - 1);
    const std::size_t distance = edit_distance(wanted_, text.view(), limit);
    if (distance > limit) return;
    if (!best_ || distance < best_distance_) {
      best_ = Ref<Str>::share(as<Str>(candidate));
      best_distance_ = distance;
    }
  }
  [[nodiscard]] bool found() const { return static_cast<bool>(best_); }
  Ref<Str> take() { return std::move(best_); }

 private:
  std::string_view wanted_;
  Ref<Str> best_;
  std::size_t best_distance_ = SIZE_MAX;
};

void consider_keys(Search& search, Borrowed<Dict> dict) {
  if (dict_size(dict) >= kMaxCandidates) return;
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(dict, position, key, value)) search.consider(key);
}

/// The names a frame could see: its variables, else its globals, else the built-in names.
void search_frame(ThreadState& ts, Search& search, Obj frame) {
  auto code = get_attribute(ts, frame, "f_code");
  if (code.ok()) {
    ObjRef owned = code.take();
    if (is_kind(owned, TypeKind::Code)) {
      const Tuple* names = as<Code>(owned)->local_names;
      for (std::int64_t i = 0; names->size < kMaxCandidates && i < names->size; ++i)
        search.consider(names->at(i));
    }
  }
  for (const char* attribute : {"f_globals", "f_builtins"}) {
    if (search.found() || has_pending(ts)) return;
    auto dict = get_attribute(ts, frame, attribute);
    if (dict.raised()) return;
    ObjRef owned = dict.take();
    if (is_dict(owned)) consider_keys(search, as<Dict>(owned));
  }
}

void search_object(ThreadState& ts, Search& search, Obj object) {
  auto names = dir_of(ts, object);
  if (names.raised()) return;
  ObjRef owned = names.take();
  if (!is_list(owned) || as<List>(owned)->size >= kMaxCandidates) return;
  for (std::int64_t i = 0; i < as<List>(owned)->size; ++i) search.consider(as<List>(owned)->at(i));
}

}  // namespace

Ref<Str> suggestion_for(ThreadState& ts, Obj exception) {
  const CoreExceptions& known = ts.core.exceptions;
  const bool is_name = exception->type() == known.NameError;
  if (!is_name && exception->type() != known.AttributeError) return nullptr;
  ObjRef name = is_name ? exception_field(exception, NameErrorField::Name).new_ref()
                        : exception_field(exception, AttributeErrorField::Name).new_ref();
  if (!name || !is_str(name)) return nullptr;
  Utf8 wanted(as<Str>(name));
  if (!wanted.ok()) return nullptr;
  SavedPending saved(ts);
  Search search(wanted.view());
  if (is_name) {
    const Traceback* last = as<Traceback>(as_exception(exception)->traceback);
    if (last == nullptr) return nullptr;
    while (last->next != nullptr) last = last->next;
    ObjRef frame = ObjRef::share(last->frame);
    if (frame) search_frame(ts, search, frame);
  } else {
    ObjRef object = exception_field(exception, AttributeErrorField::Object).new_ref();
    if (object) search_object(ts, search, object);
  }
  clear_pending(ts);
  return search.take();
}

}  // namespace ouro
