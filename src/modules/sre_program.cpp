// Checking compiled patterns.
#include "modules/sre_program.h"

#include <cstring>

#include "modules/sre_characters.h"
#include "objects/errors.h"

namespace ouro::sre {

/// Walks the words of a program. Two passes: the first counts repeats and sets, the second (with
/// room for them) notes them.
class Checker {
 public:
  Checker(ThreadState& ts, Program& program, bool noting)
      : ts_(ts), program_(program), code_(program.code_), noting_(noting) {}

  /// Ops from `at` to `end` exactly. On success nothing in them reaches beyond `end`.
  Status check(std::uint32_t at, std::uint32_t end);
  [[nodiscard]] std::uint32_t repeats() const { return repeats_; }
  [[nodiscard]] std::uint32_t bitmaps() const { return bitmaps_; }

 private:
  Raised invalid() { return raise(ts_, ts_.core.exceptions.RuntimeError, "invalid SRE code"); }
  /// The place where the skip word at `at` leads; it has to lie behind `least` more words and not
  /// beyond `end`.
  Result<std::uint32_t> skip(std::uint32_t at, std::uint32_t least, std::uint32_t end) {
    if (at >= end) return invalid();
    const std::uint32_t words = code_[at];
    if (words < least || words > end - at) return invalid();
    return at + words;
  }
  Status expect(std::uint32_t at, std::uint32_t end, Op op) {
    return at < end && op_of(code_[at]) == op && note_of(code_[at]) == 0 ? kDone
                                                                         : Status(invalid());
  }
  Status check_set(std::uint32_t at, std::uint32_t end);
  [[nodiscard]] bool ops_end_at(std::uint32_t at, std::uint32_t end) const;
  Status check_bounds(std::uint32_t at) {
    return code_[at] <= code_[at + 1] ? kDone : Status(invalid());
  }
  Result<std::uint32_t> check_single(std::uint32_t at, std::uint32_t end);
  Result<std::uint32_t> check_in(std::uint32_t at, std::uint32_t end);
  Result<std::uint32_t> check_branch(std::uint32_t at, std::uint32_t end);
  Result<std::uint32_t> check_condition(std::uint32_t at, std::uint32_t end);
  Result<std::uint32_t> check_repeat(std::uint32_t at, std::uint32_t end);
  Result<std::uint32_t> check_info(std::uint32_t at, std::uint32_t end);
  Result<std::uint32_t> check_op(std::uint32_t at, std::uint32_t end);
  void note(std::uint32_t at, std::uint32_t number) {
    code_[at] = (code_[at] & 0xff) | (number << kNoteShift);
  }
  void fill_bitmap(std::uint32_t number, Op op, const std::uint32_t* set) {
    Bitmap& bitmap = program_.bitmaps_[number];
    for (char32_t c = 0; c < 256; ++c) {
      if (in_set_of(op, set, c)) bitmap.words[c >> 5] |= std::uint32_t{1} << (c & 31);
    }
  }

  ThreadState& ts_;
  Program& program_;
  std::uint32_t* code_;
  bool noting_;
  std::uint32_t repeats_ = 0;
  std::uint32_t bitmaps_ = 0;
};

// The members of a set, without the Failure behind them.
Status Checker::check_set(std::uint32_t at, std::uint32_t end) {
  while (at < end) {
    const std::uint32_t word = code_[at++];
    const std::uint32_t left = end - at;
    std::uint32_t needed = 0;
    switch (word > 0xff ? Op::Failure : op_of(word)) {
      case Op::Negate:
        break;
      case Op::Literal:
        needed = 1;
        break;
      case Op::Range:
      case Op::RangeUniIgnore:
        needed = 2;
        break;
      case Op::Charset:
        needed = 8;
        break;
      case Op::Category:
        if (left < 1 || code_[at] >= kCategories) return invalid();
        needed = 1;
        break;
      case Op::BigCharset: {
        if (left < 65 || code_[at] > 256) return invalid();
        const std::uint32_t blocks = code_[at];
        const auto* numbers = reinterpret_cast<const unsigned char*>(code_ + at + 1);
        for (int i = 0; i < 256; ++i) {
          if (numbers[i] >= blocks) return invalid();
        }
        needed = 65 + blocks * 8;
        break;
      }
      default:
        return invalid();
    }
    if (left < needed) return invalid();
    at += needed;
  }
  return kDone;
}

Result<std::uint32_t> Checker::check_in(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t after = OURO_TRY(skip(at + 1, 2, end));
  OURO_TRY(check_set(at + 2, after - 1));
  OURO_TRY(expect(after - 1, end, Op::Failure));
  if (noting_) {
    fill_bitmap(bitmaps_, op_of(code_[at]), code_ + at + 2);
    note(at, bitmaps_);
  }
  ++bitmaps_;
  return after;
}

// An op that matches exactly one character.
Result<std::uint32_t> Checker::check_single(std::uint32_t at, std::uint32_t end) {
  if (at >= end) return invalid();
  switch (op_of(code_[at])) {
    case Op::Any:
    case Op::AnyAll:
      return at + 1;
    case Op::Category:
      if (end - at < 2 || code_[at + 1] >= kCategories) return invalid();
      return at + 2;
    case Op::Literal:
    case Op::LiteralIgnore:
    case Op::LiteralLocIgnore:
    case Op::LiteralUniIgnore:
    case Op::NotLiteral:
    case Op::NotLiteralIgnore:
    case Op::NotLiteralLocIgnore:
    case Op::NotLiteralUniIgnore:
      if (end - at < 2) return invalid();
      return at + 2;
    case Op::In:
    case Op::InIgnore:
    case Op::InLocIgnore:
    case Op::InUniIgnore:
      return check_in(at, end);
    default:
      return invalid();
  }
}

Result<std::uint32_t> Checker::check_branch(std::uint32_t at, std::uint32_t end) {
  std::uint32_t target = 0;  // where the alternatives' jumps lead: the same place for all
  std::uint32_t alternative = at + 1;
  for (;;) {
    if (alternative >= end) return invalid();
    if (code_[alternative] == 0) break;
    const std::uint32_t next = OURO_TRY(skip(alternative, 3, end));
    OURO_TRY(check(alternative + 1, next - 2));
    OURO_TRY(expect(next - 2, end, Op::Jump));
    const std::uint32_t led = OURO_TRY(skip(next - 1, 1, end));
    if (target != 0 && led != target) return invalid();
    target = led;
    alternative = next;
  }
  const std::uint32_t after = alternative + 1;
  if (target != 0 && target != after) return invalid();
  return after;
}

// Steps over the ops from `at`, unchecked, and tells whether one of them begins at `end`.
bool Checker::ops_end_at(std::uint32_t at, std::uint32_t end) const {
  while (at < end) {
    std::uint32_t words = 2;
    switch (op_of(code_[at])) {
      case Op::Failure:
      case Op::Success:
      case Op::Any:
      case Op::AnyAll:
        words = 1;
        break;
      case Op::In:
      case Op::InIgnore:
      case Op::InLocIgnore:
      case Op::InUniIgnore:
      case Op::Assert:
      case Op::AssertNot:
      case Op::AtomicGroup:
      case Op::Info:
      case Op::RepeatOne:
      case Op::MinRepeatOne:
      case Op::PossessiveRepeatOne:
      case Op::GroupRefExists:
      case Op::Repeat:
      case Op::PossessiveRepeat: {
        const bool condition = op_of(code_[at]) == Op::GroupRefExists;
        const bool closed =
            op_of(code_[at]) == Op::Repeat || op_of(code_[at]) == Op::PossessiveRepeat;
        const std::uint32_t skipped = code_[at + (condition ? 2 : 1)];
        if (skipped >= end - at) return false;
        words = 1 + skipped + (closed ? 1 : 0);
        break;
      }
      case Op::Branch: {
        std::uint32_t alternative = at + 1;
        while (alternative < end && code_[alternative] != 0) {
          if (code_[alternative] >= end - alternative) return false;
          alternative += code_[alternative];
        }
        words = alternative + 1 - at;
        break;
      }
      default:
        break;
    }
    if (words > end - at) return false;
    at += words;
  }
  return at == end;
}

Result<std::uint32_t> Checker::check_condition(std::uint32_t at, std::uint32_t end) {
  if (end - at < 3 || code_[at + 1] >= program_.groups_) return invalid();
  // The skip counts from the word before it.
  const std::uint32_t words = code_[at + 2];
  if (words < 2 || words > end - (at + 1)) return invalid();
  const std::uint32_t no = at + 1 + words;
  const std::uint32_t yes = at + 3;
  // With a jump just before `no` there are two parts. A word that looks like one may be an
  // argument: the ops tell.
  if (no >= yes + 2 && ops_end_at(yes, no - 2) &&
      code_[no - 2] == static_cast<std::uint32_t>(Op::Jump)) {
    const std::uint32_t after = OURO_TRY(skip(no - 1, 1, end));
    OURO_TRY(check(yes, no - 2));
    OURO_TRY(check(no, after));
    return after;
  }
  OURO_TRY(check(yes, no));
  return no;
}

Result<std::uint32_t> Checker::check_repeat(std::uint32_t at, std::uint32_t end) {
  if (end - at < 4) return invalid();
  const std::uint32_t until = OURO_TRY(skip(at + 1, 3, end));
  OURO_TRY(check_bounds(at + 2));
  if (op_of(code_[at]) == Op::PossessiveRepeat) {
    OURO_TRY(check(at + 4, until));
    OURO_TRY(expect(until, end, Op::Success));
    return until + 1;
  }
  const std::uint32_t number = repeats_++;
  OURO_TRY(check(at + 4, until));
  if (until >= end || code_[until] > 0xff) return invalid();
  if (op_of(code_[until]) != Op::MaxUntil && op_of(code_[until]) != Op::MinUntil) return invalid();
  if (noting_) {
    program_.repeat_places_[number] = at + 1;
    note(at, number);
    note(until, number);
  }
  return until + 1;
}

Result<std::uint32_t> Checker::check_info(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t after = OURO_TRY(skip(at + 1, 4, end));
  const std::uint32_t flags = code_[at + 2];
  if ((flags & ~(kInfoPrefix | kInfoLiteral | kInfoCharset)) != 0) return invalid();
  if ((flags & kInfoPrefix) != 0 && (flags & kInfoCharset) != 0) return invalid();
  if ((flags & kInfoLiteral) != 0 && (flags & kInfoPrefix) == 0) return invalid();
  if ((flags & kInfoPrefix) != 0) {
    if (after - at < 7) return invalid();
    const std::uint32_t length = code_[at + 5];
    const std::uint32_t left = after - (at + 7);
    if (length == 0 || code_[at + 6] > length || left % 2 != 0 || left / 2 != length)
      return invalid();
    const std::uint32_t* overlap = code_ + at + 7 + length;
    for (std::uint32_t i = 0; i < length; ++i) {
      if (overlap[i] > i) return invalid();
    }
  }
  if ((flags & kInfoCharset) != 0) {
    if (after - at < 6) return invalid();
    OURO_TRY(check_set(at + 5, after - 1));
    OURO_TRY(expect(after - 1, end, Op::Failure));
    if (noting_) {
      fill_bitmap(bitmaps_, Op::In, code_ + at + 5);
      note(at, bitmaps_);
    }
    ++bitmaps_;
  }
  return after;
}

Result<std::uint32_t> Checker::check_op(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t left = end - at;
  const Op op = op_of(code_[at]);
  switch (op) {
    case Op::Success:
    case Op::Failure:
      return at + 1;
    case Op::At:
      if (left < 2 || code_[at + 1] >= kAtCodes) return invalid();
      return at + 2;
    case Op::Mark:
      if (left < 2 || code_[at + 1] >= 2 * program_.groups_) return invalid();
      return at + 2;
    case Op::GroupRef:
    case Op::GroupRefIgnore:
    case Op::GroupRefLocIgnore:
    case Op::GroupRefUniIgnore:
      if (left < 2 || code_[at + 1] >= program_.groups_) return invalid();
      return at + 2;
    case Op::GroupRefExists:
      return check_condition(at, end);
    case Op::Branch:
      return check_branch(at, end);
    case Op::Repeat:
    case Op::PossessiveRepeat:
      return check_repeat(at, end);
    case Op::RepeatOne:
    case Op::MinRepeatOne:
    case Op::PossessiveRepeatOne: {
      if (left < 4) return invalid();
      const std::uint32_t after = OURO_TRY(skip(at + 1, 4, end));
      OURO_TRY(check_bounds(at + 2));
      const std::uint32_t success = OURO_TRY(check_single(at + 4, after));
      OURO_TRY(expect(success, end, Op::Success));
      if (success + 1 != after) return invalid();
      return after;
    }
    case Op::Assert:
    case Op::AssertNot: {
      const std::uint32_t after = OURO_TRY(skip(at + 1, 3, end));
      OURO_TRY(check(at + 3, after - 1));
      OURO_TRY(expect(after - 1, end, Op::Success));
      return after;
    }
    case Op::AtomicGroup: {
      const std::uint32_t after = OURO_TRY(skip(at + 1, 2, end));
      OURO_TRY(check(at + 2, after - 1));
      OURO_TRY(expect(after - 1, end, Op::Success));
      return after;
    }
    case Op::Info:
      return check_info(at, end);
    default:
      return check_single(at, end);
  }
}

Status Checker::check(std::uint32_t at, std::uint32_t end) {
  if (at > end) return invalid();
  NativeDepth depth(ts_, " in the compiled pattern");
  if (!depth.ok()) return Raised{};
  while (at < end) {
    // Notes are made in the second pass only, after the op they belong to was read.
    if (note_of(code_[at]) != 0) return invalid();
    at = OURO_TRY(check_op(at, end));
  }
  return kDone;
}

Status Program::prepare(ThreadState& ts, const std::uint32_t* words, std::size_t size,
                        std::uint32_t groups) {
  const auto invalid = [&] {
    return raise(ts, ts.core.exceptions.RuntimeError, "invalid SRE code");
  };
  // Notes have 24 bits; each repeat and each set takes several words.
  if (size == 0 || groups > kMaxGroups || size > (std::size_t{1} << 25)) return invalid();
  if (words[size - 1] != static_cast<std::uint32_t>(Op::Success)) return invalid();
  code_ = static_cast<std::uint32_t*>(allocate_raw(size * sizeof(std::uint32_t)));
  if (code_ == nullptr) return raise_no_memory(ts);
  std::memcpy(code_, words, size * sizeof(std::uint32_t));
  size_ = size;
  groups_ = groups;
  const auto end = static_cast<std::uint32_t>(size - 1);
  Checker counting(ts, *this, false);
  OURO_TRY(counting.check(0, end));
  repeats_ = counting.repeats();
  bitmap_count_ = counting.bitmaps();
  repeat_places_ =
      static_cast<std::uint32_t*>(allocate_raw((repeats_ + 1) * sizeof(std::uint32_t)));
  const std::size_t bitmap_bytes = (bitmap_count_ + 1) * sizeof(Bitmap);
  bitmaps_ = static_cast<Bitmap*>(allocate_raw(bitmap_bytes));
  if (repeat_places_ == nullptr || bitmaps_ == nullptr) return raise_no_memory(ts);
  std::memset(bitmaps_, 0, bitmap_bytes);
  Checker noting(ts, *this, true);
  OURO_TRY(noting.check(0, end));
  if (op_of(code_[0]) == Op::Info) note_prefix(0);
  return kDone;
}

// What the Info op at `info` tells a search.
void Program::note_prefix(std::uint32_t info) {
  const std::uint32_t flags = code_[info + 2];
  start = info + 1 + code_[info + 1];
  min_width = code_[info + 3];
  if ((flags & kInfoCharset) != 0) {
    first_set = code_ + info + 5;
    first_bitmap = note_of(code_[info]);
  }
  if ((flags & kInfoPrefix) == 0) return;
  prefix_length = code_[info + 5];
  prefix = code_ + info + 7;
  overlap = prefix + prefix_length;
  // A program may claim anything: what was matched already is what the literals at the start say.
  const std::uint32_t claimed = code_[info + 6];
  std::uint32_t at = start;
  while (prefix_matched < claimed && code_[at] == static_cast<std::uint32_t>(Op::Literal) &&
         code_[at + 1] == prefix[prefix_matched]) {
    ++prefix_matched;
    at += 2;
  }
  literal = (flags & kInfoLiteral) != 0 && prefix_matched == prefix_length && at + 1 == size_;
}

void Program::release() {
  free_raw(std::exchange(code_, nullptr));
  free_raw(std::exchange(repeat_places_, nullptr));
  free_raw(std::exchange(bitmaps_, nullptr));
}

}  // namespace ouro::sre
