// What the sources of int share: a look at an int's magnitude, limb buffers, and building ints from limbs.
#pragma once

#include <bit>

#include "objects/errors.h"
#include "objects/int.h"

namespace ouro {

/// More limbs than this an int is refused (half a gibibyte of digits).
inline constexpr mp_size_t kMaxLimbs = (mp_size_t{1} << 26) - 1;

/// Products of two words.
__extension__ using WideWord = unsigned __int128;

/// Absolute value and sign of an int, as limbs. Good while the int lives; zero has no limbs.
class Magnitude {
 public:
  explicit Magnitude(Obj object) {
    const Int* value = as<Int>(object);
    if (value->is_small()) {
      negative_ = value->small < 0;
      word_ = static_cast<mp_limb_t>(value->small);
      if (negative_) word_ = 0 - word_;
      limbs_ = nullptr;
      count_ = word_ != 0;
    } else {
      negative_ = value->is_negative();
      limbs_ = value->limbs;
      count_ = static_cast<mp_size_t>(value->limb_count());
    }
  }
  [[nodiscard]] const mp_limb_t* limbs() const { return limbs_ != nullptr ? limbs_ : &word_; }
  [[nodiscard]] mp_size_t count() const { return count_; }
  [[nodiscard]] bool negative() const { return negative_; }
  [[nodiscard]] std::int64_t bits() const {
    return count_ == 0 ? 0 : count_ * 64 - std::countl_zero(limbs()[count_ - 1]);
  }

 private:
  mp_limb_t word_ = 0;
  const mp_limb_t* limbs_;
  mp_size_t count_;
  bool negative_;
};

/// Limbs for intermediate results, from the heap when there are many.
class LimbBuffer {
 public:
  LimbBuffer() = default;
  ~LimbBuffer() {
    if (limbs_ != inline_) free_raw(limbs_);
  }
  LimbBuffer(const LimbBuffer&) = delete;
  LimbBuffer& operator=(const LimbBuffer&) = delete;
  /// Room for `count` limbs, not initialised; called once.
  Status reserve(ThreadState& ts, mp_size_t count) {
    if (count <= kInline) return kDone;
    if (count > 2 * kMaxLimbs + 64) return raise_no_memory(ts);
    void* block = allocate_raw(static_cast<std::size_t>(count) * sizeof(mp_limb_t));
    if (block == nullptr) return raise_no_memory(ts);
    limbs_ = static_cast<mp_limb_t*>(block);
    return kDone;
  }
  [[nodiscard]] mp_limb_t* get() { return limbs_; }
  mp_limb_t& operator[](mp_size_t index) { return limbs_[index]; }

 private:
  static constexpr mp_size_t kInline = 16;
  mp_limb_t inline_[kInline];
  mp_limb_t* limbs_ = inline_;
};

/// Number of limbs without the leading zeros.
inline mp_size_t significant_limbs(const mp_limb_t* limbs, mp_size_t count) {
  while (count > 0 && limbs[count - 1] == 0) --count;
  return count;
}

/// Compares two magnitudes: <0, 0, >0.
inline int compare_limbs(const mp_limb_t* a, mp_size_t a_count, const mp_limb_t* b,
                         mp_size_t b_count) {
  if (a_count != b_count) return a_count < b_count ? -1 : 1;
  return a_count == 0 ? 0 : mpn_cmp(a, b, a_count);
}

/// An exact int with room for `count` limbs (at least one), to be filled and given to finish_int.
Result<Ref<Int>> allocate_limbs(ThreadState& ts, mp_size_t count);
/// Makes the limbs written into `made` its value: canonical form (I1), shared small ints.
ObjResult finish_int(ThreadState& ts, Ref<Int> made, mp_size_t count, bool negative);
/// An int from limbs kept elsewhere.
ObjResult int_from_limbs(ThreadState& ts, const mp_limb_t* limbs, mp_size_t count, bool negative);
/// An exact int with the value of `object` (an int): itself when it is one.
ObjResult exact_int(ThreadState& ts, Obj object);
/// Bits of the magnitude.
std::int64_t int_bit_length(Obj object);

/// Quotient and remainder, rounded down; either result may be null when not wanted. The caller has checked that both are
/// ints and the divisor is not zero.
Status int_floor_division(ThreadState& ts, Obj left, Obj right, ObjRef* quotient, ObjRef* remainder);
/// left / right as the nearest double. ZeroDivisionError, OverflowError.
ObjResult int_true_divide(ThreadState& ts, Obj left, Obj right);
/// left << count, count >= 0.
ObjResult int_shift_left(ThreadState& ts, Obj left, std::int64_t count);
ObjResult int_shift_right(ThreadState& ts, Obj left, std::int64_t count);
ObjResult int_negate(ThreadState& ts, Obj object);
/// base ** exponent, exponent >= 0.
ObjResult int_raise_to(ThreadState& ts, Obj base, std::int64_t exponent);
ObjResult int_power_slot(ThreadState& ts, Obj base, Obj exponent, Obj modulus);
/// round(value, ndigits) for negative ndigits: to a multiple of 10 ** -ndigits, halves to even.
ObjResult int_round_to_tens(ThreadState& ts, Obj value, Obj ndigits);

/// Sets the number slots; the tables are filled by int_methods.cpp.
void set_int_arithmetic(Type& type);
void set_int_methods(Type& type);
/// Digits in `text` as int() reads them (spaces around, a sign, prefix, underscores).
ObjResult int_from_text(ThreadState& ts, std::string_view text, int base, Obj shown);
/// int(text), for str, bytes and everything bytes-like; ValueError as int() gives it.
ObjResult int_from_text_object(ThreadState& ts, Obj text, int base);
ObjResult int_make(ThreadState& ts, Borrowed<Type> type, Args args);
/// An instance of `type` (int or a subclass) with the value of the exact int `value`.
ObjResult int_as_type(ThreadState& ts, Borrowed<Type> type, ObjRef value);

}  // namespace ouro
