// Raising, testing, catching exceptions from native code.
#pragma once

#include <string_view>

#include "objects/core.h"

namespace ouro {

/// An argument of a message: text, a number, or an object.
struct FormatArg {
  enum class Kind : std::uint8_t { Text, Signed, Unsigned, Char, Object };
  Kind kind;
  std::string_view text;
  std::int64_t number;
  Object* object;
  FormatArg(const char* value) : kind(Kind::Text), text(value), number(0), object(nullptr) {}       // NOLINT
  FormatArg(std::string_view value) : kind(Kind::Text), text(value), number(0), object(nullptr) {}  // NOLINT
  FormatArg(char value) : kind(Kind::Char), number(value), object(nullptr) {}                       // NOLINT
  FormatArg(int value) : kind(Kind::Signed), number(value), object(nullptr) {}                      // NOLINT
  FormatArg(long value) : kind(Kind::Signed), number(value), object(nullptr) {}                     // NOLINT
  FormatArg(long long value) : kind(Kind::Signed), number(value), object(nullptr) {}                // NOLINT
  FormatArg(unsigned value) : kind(Kind::Unsigned), number(value), object(nullptr) {}               // NOLINT
  FormatArg(unsigned long value) : kind(Kind::Unsigned), number(static_cast<std::int64_t>(value)), object(nullptr) {}  // NOLINT
  template <class T>
    requires std::is_base_of_v<gc::Header, T>
  FormatArg(T* value) : kind(Kind::Object), number(0), object(static_cast<Object*>(static_cast<gc::Header*>(value))) {}  // NOLINT
  template <class T>
  FormatArg(Borrowed<T> value) : FormatArg(value.get()) {}  // NOLINT
  template <class T>
  FormatArg(const Ref<T>& value) : FormatArg(value.get()) {}  // NOLINT
};

/// Text from a pattern: `{}` shows text, number, or str(object); `{r}` repr(object); `{t}` the name of the object's type;
/// `{n}` the same, but "None" for None;
/// `{{` and `}}` are braces. Runs Python code when objects are shown.
Result<Ref<Str>> format_message(ThreadState& ts, const char* pattern, std::span<const FormatArg> args);
Raised raise_formatted(ThreadState& ts, Borrowed<Type> exception, const char* pattern, std::span<const FormatArg> args);

/// Raises `exception(message)`; the message is a format_message pattern.
///   return raise(ts, ts.core.exceptions.TypeError, "unsupported operand type(s) for {}: '{t}' and '{t}'", "+", a, b);
template <class... A>
Raised raise(ThreadState& ts, Borrowed<Type> exception, const char* pattern, const A&... args) {
  const FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg("")};
  return raise_formatted(ts, exception, pattern, {list, sizeof...(A)});
}
template <class... A>
Raised raise_type_error(ThreadState& ts, const char* pattern, const A&... args) {
  return raise(ts, ts.core.exceptions.TypeError, pattern, args...);
}
template <class... A>
Raised raise_value_error(ThreadState& ts, const char* pattern, const A&... args) {
  return raise(ts, ts.core.exceptions.ValueError, pattern, args...);
}
/// Raises `exception(value)` with one object as argument (KeyError(key), StopIteration(value)).
Raised raise_with(ThreadState& ts, Borrowed<Type> exception, Obj value);
/// Raises this exception object (context is set from the handled exception).
Raised raise_object(ThreadState& ts, ObjRef exception);
/// MemoryError from the store of ready-made ones; allocates nothing.
Raised raise_no_memory(ThreadState& ts);
/// Drops traceback and context of the MemoryError that never leaves the store, unless somebody holds it. Runs Python code.
void clear_unused_memory_error(ThreadState& ts);
/// OSError family from errno, with file name (may be null): picks FileNotFoundError etc.
Raised raise_os_error(ThreadState& ts, int error_number, Obj filename = nullptr);
/// "SystemError: …" for what must not happen.
Raised raise_system_error(ThreadState& ts, const char* text);

inline bool has_pending(const ThreadState& ts) { return ts.pending != nullptr; }
/// The pending exception is an instance of `exception` (or a subclass).
bool pending_matches(ThreadState& ts, Borrowed<Type> exception);
/// Takes the pending exception away; null when there is none.
ObjRef take_pending(ThreadState& ts);
/// Makes `exception` pending again, as it was (no new context).
void restore_pending(ThreadState& ts, ObjRef exception);
inline void clear_pending(ThreadState& ts) { take_pending(ts).reset(); }
/// Takes the pending exception when it matches; leaves it otherwise.
bool catch_pending(ThreadState& ts, Borrowed<Type> exception);
/// Reports the pending exception through sys.unraisablehook and clears it. `where` may be null. For finalizers, callbacks.
/// A DeprecationWarning from the running code, through the module warnings; raises when that makes
/// an error of it.
Status warn_deprecated(ThreadState& ts, Borrowed<Str> text);
void report_unraisable(ThreadState& ts, Obj where, const char* message = nullptr);

/// Keeps the exception in flight safe while Python code runs that must not disturb it (finalizers).
class SavedPending {
 public:
  explicit SavedPending(ThreadState& ts) : ts_(ts), saved_(std::exchange(ts.pending, nullptr)) {}
  ~SavedPending();
  SavedPending(const SavedPending&) = delete;
  SavedPending& operator=(const SavedPending&) = delete;

 private:
  ThreadState& ts_;
  Object* saved_;
};

}  // namespace ouro
