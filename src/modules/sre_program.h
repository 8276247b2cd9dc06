// Program: a checked compiled pattern, ready to run.
//
// Preparing checks that running the words can never leave them, and notes beside some opcodes (in
// the upper 24 bits of their word) the number of what belongs to them: for Repeat and Until ops the
// repeat, for In… ops the bitmap. Invariants: G1 every op has its arguments inside the program; G2
// every way through the program ends in Success; G3 marks are below 2 * groups, references to
// groups below groups; G4 an Until op has the number of the Repeat before it.
#pragma once

#include "modules/sre_opcodes.h"
#include "objects/core.h"

namespace ouro::sre {

inline constexpr unsigned kNoteShift = 8;
constexpr Op op_of(std::uint32_t word) { return static_cast<Op>(word & 0xff); }
constexpr std::uint32_t note_of(std::uint32_t word) { return word >> kNoteShift; }

/// Whether each of the characters below 256 belongs to a set.
struct Bitmap {
  std::uint32_t words[8];
  [[nodiscard]] bool has(char32_t c) const { return ((words[c >> 5] >> (c & 31)) & 1) != 0; }
};

class Program {
 public:
  /// Copies and checks `size` words. RuntimeError "invalid SRE code"; MemoryError. Used once, on a
  /// zeroed object.
  Status prepare(ThreadState& ts, const std::uint32_t* words, std::size_t size,
                 std::uint32_t groups);
  /// Gives the memory back.
  void release();

  [[nodiscard]] const std::uint32_t* code() const { return code_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint32_t groups() const { return groups_; }
  [[nodiscard]] std::uint32_t repeats() const { return repeats_; }
  /// The place of the skip word of a repeat.
  [[nodiscard]] std::uint32_t repeat_at(std::uint32_t number) const {
    return repeat_places_[number];
  }
  [[nodiscard]] const Bitmap& bitmap(std::uint32_t number) const { return bitmaps_[number]; }

  // What a search may use, from the Info op at the start.
  std::uint32_t start;          // the first word after it
  std::uint32_t min_width;      // no match is shorter
  const std::uint32_t* prefix;  // every match begins with these characters; null: not known
  const std::uint32_t*
      overlap;  // overlap[i]: how many characters ending at i begin the prefix again
  std::uint32_t prefix_length;
  std::uint32_t prefix_matched;  // characters of the prefix that the literals at `start` match, two
                                 // words each
  bool literal;                  // the prefix is the whole pattern
  const std::uint32_t* first_set;  // every match begins with one of this set; null: not known
  std::uint32_t first_bitmap;

 private:
  friend class Checker;
  void note_prefix(std::uint32_t info);
  std::uint32_t* code_;
  std::uint32_t* repeat_places_;
  Bitmap* bitmaps_;
  std::size_t size_;
  std::uint32_t groups_, repeats_, bitmap_count_;
};

}  // namespace ouro::sre
