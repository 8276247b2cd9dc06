// Int: integers of any size. A value that fits 64 bits is kept as one signed word; larger ones as limbs for GMP's mpn.
//
// The type's bit of gc_word (kTypeBit) says which form: clear, `small` is the value; set, `shape` holds the sign and the number
// of limbs, which follow. Invariant I1: the limb form is used only for values outside the int64 range, top limb != 0.
#pragma once

#include <gmp.h>

#include "objects/core.h"

namespace ouro {

struct Int : Object {
  union {
    std::int64_t small;
    std::int64_t shape;  // number of limbs, negated for negative values
  };
  mp_limb_t limbs[1];     // limb_count() of them in the limb form; no room for any in the other

  static constexpr std::size_t kSmallBytes = sizeof(Object) + sizeof(std::int64_t);

  [[nodiscard]] bool is_small() const { return (gc_word & gc::kTypeBit) == 0; }
  [[nodiscard]] std::uint32_t limb_count() const { return static_cast<std::uint32_t>(shape < 0 ? -shape : shape); }
  [[nodiscard]] bool is_negative() const { return small < 0; }
  void set_small(std::int64_t value) {
    gc_word &= ~gc::kTypeBit;
    small = value;
  }
  void set_shape(std::int64_t limb_total, bool negative) {
    gc_word |= gc::kTypeBit;
    shape = negative ? -limb_total : limb_total;
  }
  [[nodiscard]] bool is_zero() const { return is_small() && small == 0; }

  /// −5…256 are the interpreter's own objects; others are new.
  static Result<Ref<Int>> from(ThreadState& ts, std::int64_t value);
  static Result<Ref<Int>> from_unsigned(ThreadState& ts, std::uint64_t value);
  /// The integer part; OverflowError for infinities, ValueError for NaN.
  static ObjResult from_double(ThreadState& ts, double value);
  /// Digits in `base` (2..36, or 0: by prefix), no sign rules beyond one leading sign, underscores allowed between digits
  /// when `underscores`. ValueError "invalid literal for int() with base 10: '…'" quoting `shown`; the 4300-digit limit holds.
  static ObjResult parse(ThreadState& ts, std::string_view digits, int base, Obj shown);
};

/// `int` value as int64; OverflowError "Python int too large to convert to C ssize_t" outside. `object` must be an int.
Result<std::int64_t> int_as_int64(ThreadState& ts, Obj object);
/// Like it, but clamps to the int64 range instead of raising.
std::int64_t int_clamped(Obj object);
/// The value as a double; OverflowError "int too large to convert to float".
Result<double> int_as_double(ThreadState& ts, Obj object);
/// Text in base 10, 2, 8 or 16 without prefix ("-" first); ValueError beyond 4300 decimal digits.
Result<Ref<Str>> int_to_text(ThreadState& ts, Obj object, int base);
int int_sign(Obj object);  // -1, 0, 1
ObjResult int_add(ThreadState& ts, Obj left, Obj right);
ObjResult int_subtract(ThreadState& ts, Obj left, Obj right);
ObjResult int_multiply(ThreadState& ts, Obj left, Obj right);
/// Compares two ints: <0, 0, >0.
int int_compare(Obj left, Obj right);
std::int64_t int_hash(Obj object);
/// int.from_bytes / to_bytes for native modules.
ObjResult int_from_bytes(ThreadState& ts, std::span<const std::uint8_t> bytes, bool little, bool is_signed);

}  // namespace ouro
