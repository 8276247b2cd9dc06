// Results of operations that can fail without throwing.
//
// A Python operation that fails leaves its exception pending in the ThreadState and returns `Raised`.
// `Result<T>` is either a value or Raised; `Status` carries no value. OURO_TRY passes Raised up.
#pragma once

#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace ouro {

/// The operation failed; the exception object is pending in the ThreadState.
struct Raised {};

/// A value or Raised. Types whose empty state is "null" specialise this to one word (see gc/ref.h).
template <class T>
class [[nodiscard]] Result {
  static_assert(std::is_trivially_copyable_v<T>, "specialise Result for owning types");

 public:
  constexpr Result(T value) : value_(value), ok_(true) {}  // NOLINT(google-explicit-constructor)
  constexpr Result(Raised) : value_(), ok_(false) {}       // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr bool ok() const { return ok_; }
  [[nodiscard]] constexpr bool raised() const { return !ok_; }
  /// The value; only when ok().
  constexpr T take() { return value_; }

 private:
  T value_;
  bool ok_;
};

/// Success or Raised, for operations without a value.
class [[nodiscard]] Status {
 public:
  constexpr Status() : ok_(true) {}
  constexpr Status(Raised) : ok_(false) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr bool ok() const { return ok_; }
  [[nodiscard]] constexpr bool raised() const { return !ok_; }
  constexpr std::nullptr_t take() { return nullptr; }

 private:
  bool ok_;
};

inline constexpr Status kDone{};

}  // namespace ouro

/// Evaluates to the value of a Result, or returns Raised from the enclosing function.
/// Usage: Ref<Str> s = OURO_TRY(Str::from_utf8(ts, "x"));   OURO_TRY(list->append(ts, item));
#define OURO_TRY(expression) OURO_TRY_NAMED(expression, __COUNTER__)
#define OURO_TRY_NAMED(expression, number) OURO_TRY_AS(expression, number)
#define OURO_TRY_AS(expression, number)                                            \
  __extension__({                                                                  \
    auto ouro_try_result_##number = (expression);                                  \
    if (ouro_try_result_##number.raised()) [[unlikely]] return ::ouro::Raised{};   \
    ouro_try_result_##number.take();                                               \
  })
