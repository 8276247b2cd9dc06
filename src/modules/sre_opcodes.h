// The words of compiled patterns, as /usr/lib/python3.11/re/_constants.py numbers them.
//
// A program is a row of 32-bit words: an opcode, then its arguments. "skip" arguments count words
// from their own place to the word where matching goes on.
#pragma once

#include <cstdint>

namespace ouro::sre {

inline constexpr std::uint32_t kMagic = 20220615;
inline constexpr std::uint32_t kMaxRepeat = 0xffff'ffff;  // as an upper bound: no bound
inline constexpr std::uint32_t kMaxGroups = 0x3fff'ffff;

enum class Op : std::uint8_t {
  Failure,
  Success,
  Any,
  AnyAll,  // one character: no newline; any
  Assert,
  AssertNot,  // skip back body Success
  At,         // position code
  Branch,     // (skip body Jump)… 0
  Category,   // category code
  Charset,
  BigCharset,  // in sets only: 8 words of bits; count, 64 words of block numbers, 8 words a block
  GroupRef,
  GroupRefExists,  // group; group skip yes [Jump no]
  In,              // skip set Failure
  Info,            // skip flags min max [prefix or set]
  Jump,            // skip
  Literal,         // character
  Mark,            // mark number
  MaxUntil,
  MinUntil,
  NotLiteral,
  Negate,
  Range,       // in sets only
  Repeat,      // skip min max body, then MaxUntil or MinUntil
  RepeatOne,   // skip min max item Success
  Subpattern,  // never in programs
  MinRepeatOne,
  AtomicGroup,       // skip body Success
  PossessiveRepeat,  // skip min max body, then Success
  PossessiveRepeatOne,
  GroupRefIgnore,
  InIgnore,
  LiteralIgnore,
  NotLiteralIgnore,
  GroupRefLocIgnore,
  InLocIgnore,
  LiteralLocIgnore,
  NotLiteralLocIgnore,
  GroupRefUniIgnore,
  InUniIgnore,
  LiteralUniIgnore,
  NotLiteralUniIgnore,
  RangeUniIgnore,
};

enum class At : std::uint8_t {
  Beginning,
  BeginningLine,
  BeginningString,
  Boundary,
  NonBoundary,
  End,
  EndLine,
  EndString,
  LocBoundary,
  LocNonBoundary,
  UniBoundary,
  UniNonBoundary,
};
inline constexpr std::uint32_t kAtCodes = 12;

enum class Category : std::uint8_t {
  Digit,
  NotDigit,
  Space,
  NotSpace,
  Word,
  NotWord,
  LineBreak,
  NotLineBreak,
  LocWord,
  LocNotWord,
  UniDigit,
  UniNotDigit,
  UniSpace,
  UniNotSpace,
  UniWord,
  UniNotWord,
  UniLineBreak,
  UniNotLineBreak,
};
inline constexpr std::uint32_t kCategories = 18;

enum InfoFlags : std::uint32_t { kInfoPrefix = 1, kInfoLiteral = 2, kInfoCharset = 4 };

enum PatternFlags : std::uint32_t {
  kFlagTemplate = 1,
  kFlagIgnoreCase = 2,
  kFlagLocale = 4,
  kFlagMultiline = 8,
  kFlagDotAll = 16,
  kFlagUnicode = 32,
  kFlagVerbose = 64,
  kFlagDebug = 128,
  kFlagAscii = 256,
};

}  // namespace ouro::sre
