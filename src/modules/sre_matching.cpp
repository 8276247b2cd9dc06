// Subjects, and choosing the engine for their characters.
#include "modules/sre_matching.h"

#include "modules/sre_engine.h"

namespace ouro::sre {

Status Subject::acquire(ThreadState& ts, Obj object) {
  if (is_str(object)) {
    const Str* text = as<Str>(object);
    data_ = text->data();
    length_ = text->length;
    width_ = text->width();
  } else {
    if (!BufferView::is_bytes_like(object) || view_.acquire(ts, object).raised()) {
      if (has_pending(ts)) clear_pending(ts);
      return raise_type_error(ts, "expected string or bytes-like object, got '{t}'", object);
    }
    data_ = view_.data();
    length_ = static_cast<std::int64_t>(view_.size());
    is_bytes_ = true;
  }
  object_ = object.new_ref();
  return kDone;
}

ObjResult Subject::slice(ThreadState& ts, std::int64_t first, std::int64_t stop) const {
  first = std::clamp<std::int64_t>(first, 0, length_);
  stop = std::clamp<std::int64_t>(stop, first, length_);
  if (!is_bytes_) return as<Str>(object_)->slice(ts, first, stop);
  if (first == 0 && stop == length_ && is_kind(object_, TypeKind::Bytes)) return object_.new_ref();
  return Bytes::from(
      ts, {static_cast<const char*>(data_) + first, static_cast<std::size_t>(stop - first)});
}

Status Matching::begin(std::int64_t from, std::int64_t to) {
  start = pos = std::clamp<std::int64_t>(from, 0, subject_.length());
  end = std::clamp<std::int64_t>(to, 0, subject_.length());
  const std::size_t marks = std::size_t{2} * program_.groups();
  const std::size_t words =
      marks + program_.repeats() * (sizeof(RepeatState) / sizeof(std::int64_t));
  if (words > kLocalWords) {
    block_ = allocate_raw(words * sizeof(std::int64_t));
    if (block_ == nullptr) return raise_no_memory(ts_);
    marks_ = static_cast<std::int64_t*>(block_);
  }
  repeats_ = reinterpret_cast<RepeatState*>(marks_ + marks);
  std::fill_n(repeats_, program_.repeats(), RepeatState{UINT32_MAX, -1});
  reset();
  return kDone;
}

void Matching::reset() {
  std::fill_n(marks_, std::size_t{2} * program_.groups(), std::int64_t{-1});
  trail_.cut(0);
  last_group = -1;
}

namespace {

template <class Run>
Result<bool> with_engine(Matching& matching, Run run) {
  Outcome outcome;
  switch (matching.subject().width()) {
    case 1:
      outcome = run(Engine<std::uint8_t>(matching));
      break;
    case 2:
      outcome = run(Engine<char16_t>(matching));
      break;
    default:
      outcome = run(Engine<char32_t>(matching));
      break;
  }
  if (outcome == Outcome::Raised) return Raised{};
  return outcome == Outcome::Match;
}

}  // namespace

Result<bool> Matching::match(bool whole) {
  return with_engine(*this, [&](auto engine) { return engine.match_at(start, whole); });
}

Result<bool> Matching::search() {
  return with_engine(*this, [](auto engine) { return engine.search(); });
}

}  // namespace ouro::sre
