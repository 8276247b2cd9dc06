// Engine: the matcher proper, for one width of characters. Included by sre_matching.cpp only.
#pragma once

#include <algorithm>

#include "modules/sre_characters.h"
#include "modules/sre_matching.h"
#include "objects/errors.h"
#include "objects/threads.h"

namespace ouro::sre {

enum class Outcome : std::uint8_t { NoMatch, Match, Raised };

template <class Char>
class Engine {
 public:
  explicit Engine(Matching& matching)
      : m_(matching),
        program_(matching.program_),
        code_(matching.program_.code()),
        text_(static_cast<const Char*>(matching.subject_.data())),
        end_(matching.end) {}

  Outcome match_at(std::int64_t at, bool whole);
  Outcome search();

 private:
  Outcome run(std::uint32_t pc, std::int64_t at);
  bool backtrack(std::uint32_t& pc, std::int64_t& at);
  bool succeed(std::uint32_t& pc, std::int64_t& at);
  bool start_round(std::uint32_t op, std::int64_t at, std::int64_t done, std::uint32_t& pc);
  bool until(std::uint32_t& pc, std::int64_t at, bool greedy);
  bool repeat_one(std::uint32_t& pc, std::int64_t& at);
  bool min_repeat_one(std::uint32_t& pc, std::int64_t& at);
  bool step_back(const Choice& choice, std::uint32_t tail, std::int64_t& at) const;
  bool step_on(Choice& choice, std::uint32_t tail) const;
  bool viable(std::uint32_t alternative, std::int64_t at) const;
  bool branch(std::uint32_t alternative, std::int64_t at, std::uint32_t& pc);
  bool matches_group(Op op, std::uint32_t group, std::int64_t& at) const;
  bool at_place(At place, std::int64_t at) const;
  bool single(std::uint32_t item, char32_t c) const;
  std::int64_t run_length(std::uint32_t item, std::int64_t at, std::uint32_t most) const;

  bool in(std::uint32_t pc, char32_t c) const {
    const std::uint32_t word = code_[pc];
    if (c < 256) return program_.bitmap(note_of(word)).has(c);
    return in_set_of(op_of(word), code_ + pc + 2, c);
  }
  [[nodiscard]] std::uint32_t after_skip(std::uint32_t pc) const { return pc + 1 + code_[pc + 1]; }
  std::int64_t find(char32_t c, std::int64_t at, std::int64_t stop) const;

  // -- going back
  // ------------------------------------------------------------------------------------------------------
  bool choose(ChoiceKind kind, std::uint32_t pc, std::int64_t at, std::int64_t limit = 0,
              std::int64_t count = 0) {
    if (m_.choices_.push({pc, kind, m_.trail_.size(), at, limit, count})) [[likely]]
      return true;
    return no_memory();
  }
  bool remember(const TrailEntry& entry) {
    // Without a choice there is no way back.
    if (m_.choices_.empty() || m_.trail_.push(entry)) [[likely]]
      return true;
    return no_memory();
  }
  bool no_memory() {
    raise_no_memory(m_.ts_);
    raised_ = true;
    return false;
  }
  bool change_repeat(std::uint32_t number, std::uint32_t rounds, std::int64_t last) {
    RepeatState& state = m_.repeats_[number];
    if (!remember({TrailEntry::kRepeat | number, state.rounds, state.last})) return false;
    state = {rounds, last};
    return true;
  }
  bool set_mark(std::uint32_t mark, std::int64_t at) {
    std::int64_t& place = m_.marks_[mark];
    if (!remember({mark, static_cast<std::uint32_t>(m_.last_group), place})) return false;
    place = at;
    if ((mark & 1) != 0) m_.last_group = static_cast<std::int32_t>(mark / 2 + 1);
    return true;
  }
  void undo(std::size_t size) {
    while (m_.trail_.size() > size) {
      const TrailEntry& entry = m_.trail_.top();
      if ((entry.what & TrailEntry::kRepeat) != 0) {
        m_.repeats_[entry.what & ~TrailEntry::kRepeat] = {entry.count, entry.position};
      } else {
        m_.marks_[entry.what] = entry.position;
        m_.last_group = static_cast<std::int32_t>(entry.count);
      }
      m_.trail_.pop();
    }
  }
  /// Drops the choices of the innermost frame and the frame itself.
  Choice leave_frame() {
    const Choice frame = m_.choices_[frame_];
    m_.choices_.cut(frame_);
    frame_ = static_cast<std::size_t>(frame.limit);
    return frame;
  }
  void restart() {
    m_.choices_.cut(0);
    m_.reset();
    frame_ = kNoFrame;
  }

  static constexpr std::size_t kNoFrame = SIZE_MAX;
  static constexpr std::uint32_t kStepsBetweenLooks = 4096;
  Matching& m_;
  const Program& program_;
  const std::uint32_t* code_;
  const Char* text_;
  const std::int64_t end_;
  std::size_t frame_ = kNoFrame;
  bool whole_ = false;    // a match has to reach the end
  bool advance_ = false;  // a match has to be longer than nothing
  bool raised_ = false;
};

// -- single characters
// -----------------------------------------------------------------------------------------------------

template <class Char>
bool Engine<Char>::single(std::uint32_t item, char32_t c) const {
  switch (op_of(code_[item])) {
    case Op::Any:
      return c != '\n';
    case Op::AnyAll:
      return true;
    case Op::Category:
      return in_category(code_[item + 1], c);
    case Op::Literal:
      return c == code_[item + 1];
    case Op::NotLiteral:
      return c != code_[item + 1];
    case Op::LiteralIgnore:
      return lower_ascii(c) == code_[item + 1];
    case Op::NotLiteralIgnore:
      return lower_ascii(c) != code_[item + 1];
    case Op::LiteralUniIgnore:
      return lower_unicode(c) == code_[item + 1];
    case Op::NotLiteralUniIgnore:
      return lower_unicode(c) != code_[item + 1];
    case Op::LiteralLocIgnore:
      return equals_in_locale(code_[item + 1], c);
    case Op::NotLiteralLocIgnore:
      return !equals_in_locale(code_[item + 1], c);
    default:
      return in(item, c);
  }
}

/// How many characters from `at` on match the one-character op `item`, at most `most`.
template <class Char>
std::int64_t Engine<Char>::run_length(std::uint32_t item, std::int64_t at,
                                      std::uint32_t most) const {
  if (at >= end_) return 0;
  const Char* const first = text_ + at;
  const Char* const last = most != kMaxRepeat && most < end_ - at ? first + most : text_ + end_;
  const Char* p = first;
  const std::uint32_t word = code_[item];
  switch (op_of(word)) {
    case Op::AnyAll:
      p = last;
      break;
    case Op::Any:
      p = text_ + find('\n', at, last - text_);
      break;
    case Op::NotLiteral:
      p = text_ + find(code_[item + 1], at, last - text_);
      break;
    case Op::Literal: {
      const std::uint32_t wanted = code_[item + 1];
      while (p < last && *p == wanted) ++p;
      break;
    }
    case Op::In:
    case Op::InIgnore:
    case Op::InLocIgnore:
    case Op::InUniIgnore: {
      const Bitmap bitmap = program_.bitmap(note_of(word));
      while (p < last) {
        const char32_t c = *p;
        if (c < 256 ? !bitmap.has(c) : !in_set_of(op_of(word), code_ + item + 2, c)) break;
        ++p;
      }
      break;
    }
    default:
      while (p < last && single(item, *p)) ++p;
  }
  return p - first;
}

/// The first `c` from `at` on, or `stop`.
template <class Char>
std::int64_t Engine<Char>::find(char32_t c, std::int64_t at, std::int64_t stop) const {
  if (at >= stop) return stop;
  if constexpr (sizeof(Char) == 1) {
    if (c > 0xff) return stop;
    const void* found =
        std::memchr(text_ + at, static_cast<int>(c), static_cast<std::size_t>(stop - at));
    return found == nullptr ? stop : static_cast<const Char*>(found) - text_;
  } else {
    while (at < stop && text_[at] != c) ++at;
    return at;
  }
}

template <class Char>
bool Engine<Char>::at_place(At place, std::int64_t at) const {
  const auto at_boundary = [&](bool (*is_word)(char32_t)) {
    const bool before = at > 0 && is_word(text_[at - 1]);
    const bool behind = at < end_ && is_word(text_[at]);
    return before != behind;
  };
  const auto ascii = [](char32_t c) { return is_ascii_word(c); };
  const auto unicode = [](char32_t c) { return is_unicode_word(c); };
  switch (place) {
    case At::Beginning:
    case At::BeginningString:
      return at == 0;
    case At::BeginningLine:
      return at == 0 || text_[at - 1] == '\n';
    case At::End:
      return at == end_ || (at + 1 == end_ && text_[at] == '\n');
    case At::EndLine:
      return at == end_ || (at < end_ && text_[at] == '\n');
    case At::EndString:
      return at == end_;
    // In a text without characters there is neither a boundary nor none.
    case At::Boundary:
    case At::LocBoundary:
      return end_ > 0 && at_boundary(ascii);
    case At::NonBoundary:
    case At::LocNonBoundary:
      return end_ > 0 && !at_boundary(ascii);
    case At::UniBoundary:
      return end_ > 0 && at_boundary(unicode);
    case At::UniNonBoundary:
      return end_ > 0 && !at_boundary(unicode);
  }
  return false;
}

template <class Char>
bool Engine<Char>::matches_group(Op op, std::uint32_t group, std::int64_t& at) const {
  std::int64_t first, last;
  if (!m_.group(group + 1, first, last) || last - first > end_ - at) return false;
  for (; first < last; ++first, ++at) {
    const char32_t a = text_[first];
    const char32_t b = text_[at];
    if (a == b) continue;
    if (op == Op::GroupRef) return false;
    if (op == Op::GroupRefUniIgnore ? lower_unicode(a) != lower_unicode(b)
                                    : lower_ascii(a) != lower_ascii(b))
      return false;
  }
  return true;
}

// -- branches
// --------------------------------------------------------------------------------------------------------------

/// The alternative whose skip word is at `alternative` can begin with the character at `at`.
template <class Char>
bool Engine<Char>::viable(std::uint32_t alternative, std::int64_t at) const {
  switch (op_of(code_[alternative + 1])) {
    case Op::Literal:
      return at < end_ && text_[at] == code_[alternative + 2];
    case Op::In:
      return at < end_ && in(alternative + 1, text_[at]);
    default:
      return true;
  }
}

/// Goes into the first alternative from `alternative` on that is viable, leaving a choice when
/// others follow.
template <class Char>
bool Engine<Char>::branch(std::uint32_t alternative, std::int64_t at, std::uint32_t& pc) {
  while (code_[alternative] != 0 && !viable(alternative, at)) alternative += code_[alternative];
  if (code_[alternative] == 0) return false;
  std::uint32_t next = alternative + code_[alternative];
  while (code_[next] != 0 && !viable(next, at)) next += code_[next];
  if (code_[next] != 0 && !choose(ChoiceKind::Branch, next, at)) return false;
  pc = alternative + 1;
  return true;
}

// -- repeats of one character
// ------------------------------------------------------------------------------------------------

/// The next shorter end of a greedy repeat behind which the tail can begin; false when there is
/// none.
template <class Char>
bool Engine<Char>::step_back(const Choice& choice, std::uint32_t tail, std::int64_t& at) const {
  if (code_[tail] != static_cast<std::uint32_t>(Op::Literal)) return at >= choice.limit;
  const std::uint32_t wanted = code_[tail + 1];
  while (at >= choice.limit && (at >= end_ || text_[at] != wanted)) --at;
  return at >= choice.limit;
}

template <class Char>
bool Engine<Char>::repeat_one(std::uint32_t& pc, std::int64_t& at) {
  const std::uint32_t op = pc;
  const std::uint32_t least = code_[op + 2];
  if (least > end_ - at && least > 0) return false;
  const std::int64_t count = run_length(op + 4, at, code_[op + 3]);
  if (count < least) return false;
  const std::uint32_t tail = after_skip(op);
  const std::int64_t limit = at + least;
  at += count;
  Choice choice{op, ChoiceKind::RepeatOne, m_.trail_.size(), at, limit, 0};
  if (!step_back(choice, tail, at)) return false;
  // At the end of the whole pattern the longest run is the answer.
  const bool final =
      op_of(code_[tail]) == Op::Success && frame_ == kNoFrame && !whole_ && !advance_;
  if (at > limit && !final && !choose(ChoiceKind::RepeatOne, op, at, limit)) return false;
  pc = tail;
  return true;
}

/// Lengthens a lazy repeat (choice.position) until the tail can begin; false when it can't be.
template <class Char>
bool Engine<Char>::step_on(Choice& choice, std::uint32_t tail) const {
  if (code_[tail] != static_cast<std::uint32_t>(Op::Literal)) return true;
  const std::uint32_t wanted = code_[tail + 1];
  while (choice.position >= end_ || text_[choice.position] != wanted) {
    if (choice.limit == 0 || choice.position >= end_ ||
        !single(choice.pc + 4, text_[choice.position]))
      return false;
    ++choice.position;
    --choice.limit;
  }
  return true;
}

template <class Char>
bool Engine<Char>::min_repeat_one(std::uint32_t& pc, std::int64_t& at) {
  const std::uint32_t op = pc;
  const std::uint32_t least = code_[op + 2];
  const std::uint32_t most = code_[op + 3];
  if (least > 0) {
    if (least > end_ - at || run_length(op + 4, at, least) < least) return false;
    at += least;
  }
  const std::int64_t limit =
      most == kMaxRepeat ? INT64_MAX : static_cast<std::int64_t>(most) - least;
  Choice choice{op, ChoiceKind::MinRepeatOne, m_.trail_.size(), at, limit, 0};
  const std::uint32_t tail = after_skip(op);
  if (!step_on(choice, tail)) return false;
  at = choice.position;
  if (choice.limit > 0 && !choose(ChoiceKind::MinRepeatOne, op, at, choice.limit)) return false;
  pc = tail;
  return true;
}

// -- repeats
// -----------------------------------------------------------------------------------------------------------------

/// An Until op: a round of the body is complete (or none has begun).
template <class Char>
bool Engine<Char>::until(std::uint32_t& pc, std::int64_t at, bool greedy) {
  const std::uint32_t number = note_of(code_[pc]);
  const std::uint32_t place = program_.repeat_at(number);
  const RepeatState state = m_.repeats_[number];
  const std::uint32_t rounds = state.rounds + 1;
  const std::uint32_t body = place + 3;
  if (rounds < code_[place + 1]) {
    if (!change_repeat(number, rounds, state.last)) return false;
    pc = body;
    return true;
  }
  if (!greedy) {
    if (!choose(ChoiceKind::MinUntil, pc, at)) return false;
    ++pc;
    return true;
  }
  const std::uint32_t most = code_[place + 2];
  // An optional round that took nothing is not repeated.
  if ((rounds < most || most == kMaxRepeat) && at != state.last) {
    if (!choose(ChoiceKind::Resume, pc + 1, at) || !change_repeat(number, rounds, at)) return false;
    pc = body;
    return true;
  }
  ++pc;
  return true;
}

/// One more round of a possessive repeat, in a frame of its own.
template <class Char>
bool Engine<Char>::start_round(std::uint32_t op, std::int64_t at, std::int64_t done,
                               std::uint32_t& pc) {
  const std::uint32_t most = code_[op + 3];
  if (done >= code_[op + 2] && most != kMaxRepeat && done >= most) {
    pc = after_skip(op) + 1;
    return true;
  }
  if (!choose(ChoiceKind::Possessive, op, at, static_cast<std::int64_t>(frame_), done))
    return false;
  frame_ = m_.choices_.size() - 1;
  pc = op + 4;
  return true;
}

// -- success and failure
// -------------------------------------------------------------------------------------------------------

/// Success inside a frame: what that means for what is around it.
template <class Char>
bool Engine<Char>::succeed(std::uint32_t& pc, std::int64_t& at) {
  const Choice frame = leave_frame();
  const std::uint32_t op = frame.pc;
  switch (frame.kind) {
    case ChoiceKind::Assert:
      at = frame.position;
      pc = after_skip(op);
      return true;
    case ChoiceKind::AssertNot:
      undo(frame.trail);
      return false;
    case ChoiceKind::Atomic:
      pc = after_skip(op);
      return true;
    default:
      break;
  }
  const std::int64_t done = frame.count + 1;
  if (frame.count >= code_[op + 2] && at == frame.position) {
    pc = after_skip(op) + 1;  // an optional round that took nothing is the last
    return true;
  }
  return start_round(op, at, done, pc);
}

/// Goes back to the last choice; false when there is none (or an error).
template <class Char>
bool Engine<Char>::backtrack(std::uint32_t& pc, std::int64_t& at) {
  while (!m_.choices_.empty()) {
    Choice& choice = m_.choices_.top();
    undo(choice.trail);
    const std::uint32_t op = choice.pc;
    at = choice.position;
    switch (choice.kind) {
      case ChoiceKind::Resume:
        m_.choices_.pop();
        pc = op;
        return true;
      case ChoiceKind::Branch: {
        std::uint32_t next = op + code_[op];
        while (code_[next] != 0 && !viable(next, at)) next += code_[next];
        choice.pc = next;
        if (code_[next] == 0) m_.choices_.pop();
        pc = op + 1;
        return true;
      }
      case ChoiceKind::RepeatOne: {
        const std::uint32_t tail = after_skip(op);
        --at;
        if (!step_back(choice, tail, at)) {
          m_.choices_.pop();
          continue;
        }
        choice.position = at;
        if (at <= choice.limit) m_.choices_.pop();
        pc = tail;
        return true;
      }
      case ChoiceKind::MinRepeatOne: {
        const std::uint32_t tail = after_skip(op);
        if (choice.limit == 0 || at >= end_ || !single(op + 4, text_[at])) {
          m_.choices_.pop();
          continue;
        }
        ++choice.position;
        --choice.limit;
        if (!step_on(choice, tail)) {
          m_.choices_.pop();
          continue;
        }
        at = choice.position;
        pc = tail;
        return true;
      }
      case ChoiceKind::MinUntil: {
        m_.choices_.pop();
        const std::uint32_t number = note_of(code_[op]);
        const std::uint32_t place = program_.repeat_at(number);
        const RepeatState state = m_.repeats_[number];
        const std::uint32_t rounds = state.rounds + 1;
        const std::uint32_t most = code_[place + 2];
        if ((rounds >= most && most != kMaxRepeat) || at == state.last) continue;
        if (!change_repeat(number, rounds, at)) return false;
        pc = place + 3;
        return true;
      }
      case ChoiceKind::Assert:
      case ChoiceKind::Atomic:
        leave_frame();
        continue;
      case ChoiceKind::AssertNot:
        leave_frame();
        pc = after_skip(op);
        return true;
      case ChoiceKind::Possessive: {
        const Choice frame = leave_frame();
        if (frame.count < code_[op + 2]) continue;
        pc = after_skip(op) + 1;
        return true;
      }
    }
  }
  return false;
}

// -- the loop
// --------------------------------------------------------------------------------------------------------------------

template <class Char>
Outcome Engine<Char>::run(std::uint32_t pc, std::int64_t at) {
  for (;;) {
    if (++m_.steps_ % kStepsBetweenLooks == 0 &&
        m_.ts_.requests.load(std::memory_order_relaxed) != 0) [[unlikely]] {
      if (check_signals(m_.ts_).raised()) return Outcome::Raised;
    }
    bool ok = false;
    const std::uint32_t word = code_[pc];
    switch (op_of(word)) {
      case Op::Success:
        if (frame_ != kNoFrame) {
          ok = succeed(pc, at);
        } else if ((!whole_ || at == end_) && (!advance_ || at != m_.start)) {
          m_.position = at;
          return Outcome::Match;
        }
        break;
      case Op::Literal:
        ok = at < end_ && text_[at] == code_[pc + 1];
        ++at;
        pc += 2;
        break;
      case Op::Any:
      case Op::AnyAll:
        ok = at < end_ && (op_of(word) == Op::AnyAll || text_[at] != '\n');
        ++at;
        ++pc;
        break;
      case Op::In:
      case Op::InIgnore:
      case Op::InLocIgnore:
      case Op::InUniIgnore:
        ok = at < end_ && in(pc, text_[at]);
        ++at;
        pc = after_skip(pc);
        break;
      case Op::NotLiteral:
      case Op::Category:
      case Op::LiteralIgnore:
      case Op::LiteralLocIgnore:
      case Op::LiteralUniIgnore:
      case Op::NotLiteralIgnore:
      case Op::NotLiteralLocIgnore:
      case Op::NotLiteralUniIgnore:
        ok = at < end_ && single(pc, text_[at]);
        ++at;
        pc += 2;
        break;
      case Op::At:
        ok = at_place(static_cast<At>(code_[pc + 1]), at);
        pc += 2;
        break;
      case Op::Mark:
        ok = set_mark(code_[pc + 1], at);
        pc += 2;
        break;
      case Op::Jump:
        pc = after_skip(pc);
        ok = true;
        break;
      case Op::Info: {
        const std::uint32_t least = code_[pc + 3];
        ok = least == 0 || end_ - at >= least;
        pc = after_skip(pc);
        break;
      }
      case Op::Branch:
        ok = branch(pc + 1, at, pc);
        break;
      case Op::RepeatOne:
        ok = repeat_one(pc, at);
        break;
      case Op::MinRepeatOne:
        ok = min_repeat_one(pc, at);
        break;
      case Op::PossessiveRepeatOne: {
        const std::int64_t count = run_length(pc + 4, at, code_[pc + 3]);
        ok = count >= code_[pc + 2];
        at += count;
        pc = after_skip(pc);
        break;
      }
      case Op::Repeat:
        ok = change_repeat(note_of(word), UINT32_MAX, -1);
        pc = after_skip(pc);
        break;
      case Op::MaxUntil:
        ok = until(pc, at, true);
        break;
      case Op::MinUntil:
        ok = until(pc, at, false);
        break;
      case Op::PossessiveRepeat:
        ok = start_round(pc, at, 0, pc);
        break;
      case Op::AtomicGroup:
        ok = choose(ChoiceKind::Atomic, pc, at, static_cast<std::int64_t>(frame_));
        if (ok) frame_ = m_.choices_.size() - 1;
        pc += 2;
        break;
      case Op::Assert:
      case Op::AssertNot: {
        const bool negative = op_of(word) == Op::AssertNot;
        const std::uint32_t back = code_[pc + 2];
        if (back > at) {
          ok = negative;
          pc = after_skip(pc);
          break;
        }
        ok = choose(negative ? ChoiceKind::AssertNot : ChoiceKind::Assert, pc, at,
                    static_cast<std::int64_t>(frame_));
        if (ok) frame_ = m_.choices_.size() - 1;
        at -= back;
        pc += 3;
        break;
      }
      case Op::GroupRef:
      case Op::GroupRefIgnore:
      case Op::GroupRefLocIgnore:
      case Op::GroupRefUniIgnore:
        ok = matches_group(op_of(word), code_[pc + 1], at);
        pc += 2;
        break;
      case Op::GroupRefExists: {
        std::int64_t first, last;
        ok = true;
        pc = m_.group(code_[pc + 1] + 1, first, last) ? pc + 3 : pc + 1 + code_[pc + 2];
        break;
      }
      default:
        break;  // Failure; nothing else passes the check
    }
    if (ok) [[likely]]
      continue;
    if (raised_ || !backtrack(pc, at)) return raised_ ? Outcome::Raised : Outcome::NoMatch;
  }
}

template <class Char>
Outcome Engine<Char>::match_at(std::int64_t at, bool whole) {
  whole_ = whole;
  advance_ = m_.must_advance;
  restart();
  return run(0, at);
}

template <class Char>
Outcome Engine<Char>::search() {
  std::int64_t at = m_.start;
  if (at > end_) return Outcome::NoMatch;
  const std::int64_t first = at;
  const auto try_at = [&](std::int64_t start, std::uint32_t pc, std::int64_t from) {
    restart();
    // Whatever the Info op claims: an empty match may not come twice.
    advance_ = m_.must_advance && start == first;
    m_.start = start;
    return run(pc, from);
  };
  // The last places leave no room for the shortest match.
  const std::int64_t last_start = end_ - program_.min_width;
  if (program_.prefix != nullptr) {
    const std::uint32_t length = program_.prefix_length;
    const std::uint32_t matched = program_.prefix_matched;
    std::uint32_t have = 0;  // characters before `at` that may begin the prefix
    while (at < end_) {
      if (have == 0) at = find(program_.prefix[0], at, end_);
      if (at >= end_) return Outcome::NoMatch;
      while (have > 0 && text_[at] != program_.prefix[have]) have = program_.overlap[have - 1];
      if (text_[at] == program_.prefix[have]) ++have;
      ++at;
      if (have < length) continue;
      const std::int64_t start = at - length;
      if (program_.literal) {
        restart();
        m_.start = start;
        m_.position = at;
        return Outcome::Match;
      }
      const Outcome outcome = try_at(start, program_.start + 2 * matched, start + matched);
      if (outcome != Outcome::NoMatch) return outcome;
      have = program_.overlap[length - 1];
    }
    return Outcome::NoMatch;
  }
  if (program_.first_set != nullptr) {
    const Bitmap bitmap = program_.bitmap(program_.first_bitmap);
    for (; at < end_; ++at) {
      const char32_t c = text_[at];
      if (c < 256 ? !bitmap.has(c) : !in_set(program_.first_set, c)) continue;
      const Outcome outcome = try_at(at, program_.start, at);
      if (outcome != Outcome::NoMatch) return outcome;
    }
    return Outcome::NoMatch;
  }
  for (; at <= last_start; ++at) {
    const Outcome outcome = try_at(at, program_.start, at);
    if (outcome != Outcome::NoMatch) return outcome;
  }
  return Outcome::NoMatch;
}

}  // namespace ouro::sre
