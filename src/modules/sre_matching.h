// Matching: running a program over a subject, with the stacks that going back takes.
//
// Instead of calling itself the matcher keeps choices: places to go on from when the present way
// fails. A choice remembers how long the trail was; the trail holds the old values of marks and
// repeats, so that going back puts them right. Inner parts that are matched for themselves
// (lookaround, atomic groups, possessive repeats) begin with a choice called their frame; when they
// succeed, all choices down to it are dropped, and the trail stays.
// Both stacks lie in the heap, so a match takes no native stack in proportion to its text.
#pragma once

#include <cstring>

#include "modules/sre_program.h"
#include "objects/bytes.h"
#include "objects/str.h"

namespace ouro::sre {

/// The characters of a str or the bytes of a bytes-like object; held while this lives.
class Subject {
 public:
  /// TypeError "expected string or bytes-like object, got 'X'".
  Status acquire(ThreadState& ts, Obj object);
  [[nodiscard]] Obj object() const { return object_; }
  [[nodiscard]] bool is_bytes() const { return is_bytes_; }
  [[nodiscard]] unsigned width() const { return width_; }
  [[nodiscard]] const void* data() const { return data_; }
  [[nodiscard]] std::int64_t length() const { return length_; }
  /// The part from `start` to `stop` (brought into bounds), as str or bytes; the object itself when
  /// it is that.
  ObjResult slice(ThreadState& ts, std::int64_t start, std::int64_t stop) const;

 private:
  BufferView view_;
  ObjRef object_;
  const void* data_ = nullptr;
  std::int64_t length_ = 0;
  unsigned width_ = 1;
  bool is_bytes_ = false;
};

/// A stack of plain values that begins in place and goes on in the heap.
template <class T, std::size_t kLocal>
class Stack {
 public:
  Stack() = default;
  ~Stack() {
    if (items_ != local_) free_raw(items_);
  }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  /// False when there is no memory.
  [[nodiscard]] bool push(const T& item) {
    if (size_ == capacity_ && !grow()) [[unlikely]]
      return false;
    items_[size_++] = item;
    return true;
  }
  [[nodiscard]] T& top() { return items_[size_ - 1]; }
  [[nodiscard]] T& operator[](std::size_t index) { return items_[index]; }
  void pop() { --size_; }
  void cut(std::size_t size) { size_ = size; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  bool grow() {
    if (capacity_ > SIZE_MAX / sizeof(T) / 4) return false;
    void* old = items_ == local_ ? nullptr : items_;
    void* block = reallocate_raw(old, capacity_ * 2 * sizeof(T));
    if (block == nullptr) return false;
    if (old == nullptr) std::memcpy(block, local_, sizeof local_);
    items_ = static_cast<T*>(block);
    capacity_ *= 2;
    return true;
  }
  T* items_ = local_;
  std::size_t size_ = 0;
  std::size_t capacity_ = kLocal;
  T local_[kLocal];
};

enum class ChoiceKind : std::uint32_t {
  Resume,        // go on at pc
  Branch,        // pc: the skip word of the next alternative
  RepeatOne,     // pc: the op; give back one character, not below `limit`
  MinRepeatOne,  // pc: the op; take one more character, at most `limit` of them
  MinUntil,      // pc: the Until op; try the body once more
  // Frames; `limit` is the frame around. pc: the op.
  Assert,
  AssertNot,
  Atomic,
  Possessive,  // `count` rounds are done
};

struct Choice {
  std::uint32_t pc;
  ChoiceKind kind;
  std::size_t trail;      // its size at that time
  std::int64_t position;  // in the subject
  std::int64_t limit;
  std::int64_t count;
};

/// An old value: of a mark (with the last group closed by then), or of a repeat.
struct TrailEntry {
  static constexpr std::uint32_t kRepeat = 1u << 31;
  std::uint32_t what;   // the mark, or kRepeat | the number of the repeat
  std::uint32_t count;  // of rounds; last group
  std::int64_t position;
};

/// Where a repeat stands.
struct RepeatState {
  std::uint32_t rounds;  // complete; before the first Until: -1
  std::int64_t last;     // where the last optional round began; -1: none did
};

class Matching {
 public:
  /// `program` and `subject` outlive it.
  Matching(ThreadState& ts, const Program& program, const Subject& subject)
      : ts_(ts), program_(program), subject_(subject) {}
  ~Matching() { free_raw(block_); }
  Matching(const Matching&) = delete;
  Matching& operator=(const Matching&) = delete;

  /// Bounds as Python gives them, brought into the subject's. MemoryError.
  Status begin(std::int64_t pos, std::int64_t endpos);
  /// Matches at `start` (up to the end, when `whole`). Errors: MemoryError, KeyboardInterrupt.
  Result<bool> match(bool whole = false);
  /// Looks for the first match from `start` on; `start` is where it begins then.
  Result<bool> search();
  /// After a match: the next is looked for from its end on, and must not be empty there after an
  /// empty one.
  void go_on() {
    must_advance = position == start;
    start = position;
  }

  std::int64_t start = 0;     // of the match
  std::int64_t position = 0;  // its end
  std::int64_t pos = 0, end = 0;
  std::int32_t last_group = -1;
  bool must_advance = false;  // an empty match at `start` does not count
  /// Beginning and end of a group (from 1 on); false when it took no part.
  [[nodiscard]] bool group(std::uint32_t number, std::int64_t& first, std::int64_t& last) const {
    first = marks_[2 * (number - 1)];
    last = marks_[2 * (number - 1) + 1];
    return first >= 0 && last >= first;
  }
  [[nodiscard]] const Subject& subject() const { return subject_; }
  [[nodiscard]] const Program& program() const { return program_; }

 private:
  template <class Char>
  friend class Engine;
  void reset();

  static constexpr std::size_t kLocalWords = 24;
  ThreadState& ts_;
  const Program& program_;
  const Subject& subject_;
  std::int64_t* marks_ = local_;
  RepeatState* repeats_ = nullptr;
  void* block_ = nullptr;
  Stack<Choice, 8> choices_;
  Stack<TrailEntry, 16> trail_;
  std::uint32_t steps_ = 0;
  std::int64_t local_[kLocalWords];
};

}  // namespace ouro::sre
