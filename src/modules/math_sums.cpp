// Module math: functions of many values: fsum, prod, hypot, dist.

#include <algorithm>
#include <cmath>
#include <cstring>

#include "modules/math_support.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

/// Doubles in a row that grows in the heap.
class Doubles {
 public:
  ~Doubles() {
    if (data_ != inline_) free_raw(data_);
  }
  Doubles() = default;
  Doubles(const Doubles&) = delete;
  Doubles& operator=(const Doubles&) = delete;
  Status push(ThreadState& ts, double value) {
    if (size_ == capacity_) OURO_TRY(grow(ts));
    data_[size_++] = value;
    return kDone;
  }
  void resize_down(std::size_t size) { size_ = size; }
  double& operator[](std::size_t index) { return data_[index]; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  Status grow(ThreadState& ts) {
    void* block = allocate_raw(2 * capacity_ * sizeof(double));
    if (block == nullptr) return raise_no_memory(ts);
    std::memcpy(block, data_, size_ * sizeof(double));
    if (data_ != inline_) free_raw(data_);
    data_ = static_cast<double*>(block);
    capacity_ *= 2;
    return kDone;
  }
  double inline_[32];
  double* data_ = inline_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 32;
};

/// Adds x to a sum kept as partial sums that do not overlap (J. R. Shewchuk, 1997): no bit is lost.
Status add_exactly(ThreadState& ts, Doubles& partials, double x) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < partials.size(); ++i) {
    double y = partials[i];
    if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
    const double high = x + y;
    const double low = y - (high - x);
    if (low != 0) partials[kept++] = low;
    x = high;
  }
  partials.resize_down(kept);
  if (x != 0) return partials.push(ts, x);
  return kDone;
}

/// The partial sums added up and rounded once, halves to even.
double rounded_sum(Doubles& partials) {
  std::size_t n = partials.size();
  if (n == 0) return 0.0;
  double high = partials[--n];
  double low = 0;
  while (n > 0) {
    const double x = high;
    const double y = partials[--n];
    high = x + y;
    low = y - (high - x);
    if (low != 0) break;
  }
  // Half a unit lies below, and more of the same sign below that: round away.
  if (n > 0 && ((low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0))) {
    const double y = low * 2;
    const double x = high + y;
    if (y == x - high) high = x;
  }
  return high;
}

/// Length of a vector. Squares of doubles and their sum neither overflow nor underflow in a long double.
class Norm {
 public:
  void add(double value) {
    has_infinity_ = has_infinity_ || std::isinf(value);
    has_nan_ = has_nan_ || std::isnan(value);
    largest_ = std::max(largest_, std::fabs(value));
    const long double wide = value;
    sum_ += wide * wide;
    ++count_;
  }
  [[nodiscard]] double value() const {
    if (has_infinity_) return HUGE_VAL;
    if (has_nan_) return std::nan("");
    if (count_ == 1) return largest_;
    return static_cast<double>(sqrtl(sum_));
  }

 private:
  long double sum_ = 0;
  double largest_ = 0;
  std::size_t count_ = 0;
  bool has_infinity_ = false, has_nan_ = false;
};

}  // namespace

ObjResult math_fsum(ThreadState& ts, Obj, Args args) {
  Doubles partials;
  double special = 0;     // sum of the infinities and NaNs
  double infinities = 0;  // … of the infinities
  OURO_TRY(for_each_item(ts, args[0], [&](ObjRef item) -> Status {
    const double x = OURO_TRY(as_double(ts, item));
    if (std::isfinite(x)) {
      OURO_TRY(add_exactly(ts, partials, x));
      if (partials.size() > 0 && !std::isfinite(partials[partials.size() - 1])) {
        return raise(ts, ts.core.exceptions.OverflowError, "intermediate overflow in fsum");
      }
      return kDone;
    }
    if (std::isinf(x)) infinities += x;
    special += x;
    return kDone;
  }));
  if (special != 0) {  // true for NaN as well
    if (std::isnan(infinities)) return raise_value_error(ts, "-inf + inf in fsum");
    return Float::from(ts, special);
  }
  return Float::from(ts, rounded_sum(partials));
}

ObjResult math_prod(ThreadState& ts, Obj, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "prod", {"iterable", "/", "*start"}, 1, given));
  ObjRef result = given[1] ? given[1].new_ref() : OURO_TRY(Int::from(ts, 1));
  OURO_TRY(for_each_item(ts, given[0], [&](ObjRef item) -> Status {
    result = OURO_TRY(binary_op(ts, BinaryOp::Multiply, result, item));
    return kDone;
  }));
  return result;
}

ObjResult math_hypot(ThreadState& ts, Obj, Args args) {
  Norm norm;
  for (std::uint32_t i = 0; i < args.count; ++i) norm.add(OURO_TRY(as_double(ts, args[i])));
  return Float::from(ts, norm.value());
}

ObjResult math_dist(ThreadState& ts, Obj, Args args) {
  ObjRef first = args[0].new_ref();
  ObjRef second = args[1].new_ref();
  Ref<Tuple> p = OURO_TRY(tuple_from_iterable(ts, first));
  Ref<Tuple> q = OURO_TRY(tuple_from_iterable(ts, second));
  if (p->size != q->size) {
    return raise_value_error(ts, "both points must have the same number of dimensions");
  }
  Norm norm;
  for (std::int64_t i = 0; i < p->size; ++i) {
    const double x = OURO_TRY(as_double(ts, p->at(i)));
    const double y = OURO_TRY(as_double(ts, q->at(i)));
    norm.add(std::fabs(x - y));
  }
  return Float::from(ts, norm.value());
}

}  // namespace ouro
