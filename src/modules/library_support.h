// What modules built on system libraries share: a row of objects as module state, exception
// classes, C integers as arguments, and output that grows while a library writes into it.
#pragma once

#include <cerrno>

#include "modules/module_support.h"
#include "objects/bytes.h"
#include "objects/threads.h"

namespace ouro {

/// Makes `objects` (none of them null) what the module keeps; once, right after it was made.
Status set_state(ThreadState& ts, Borrowed<Module> module, std::initializer_list<Obj> objects);
/// Object `index` of them; borrowed from the module.
inline Obj state_object(Obj module, std::size_t index) {
  return as<Module>(module)->kept->at(static_cast<std::int64_t>(index));
}
inline Borrowed<Type> state_type(Obj module, std::size_t index) {
  return as<Type>(state_object(module, index));
}

/// A new exception class `module_name`.`name`.
Result<Ref<Type>> make_exception_class(ThreadState& ts, const char* module_name, const char* name,
                                       Borrowed<Type> base);

/// The value of an int (or of what has __index__); OverflowError "Python int too large to convert
/// to C int".
Result<int> c_int(ThreadState& ts, Obj value);
/// The same for an argument that may be absent.
inline Result<int> c_int_or(ThreadState& ts, Obj value, int fallback) {
  return value ? c_int(ts, value) : Result<int>(fallback);
}
/// A size: OverflowError "Python int too large to convert to C ssize_t"-like when it does not fit.
inline Result<std::int64_t> c_size_or(ThreadState& ts, Obj value, std::int64_t fallback) {
  return value ? index_as_int64(ts, value, ts.core.exceptions.OverflowError)
               : Result<std::int64_t>(fallback);
}
/// The low 64 bits of an int argument; TypeError for what has no __index__.
Result<std::uint64_t> c_unsigned_bits(ThreadState& ts, Obj value);

/// A descriptor: an int, or an object with fileno(). TypeError "argument must be an int, or have a
/// fileno() method.", ValueError for a negative one.
Result<int> file_descriptor(ThreadState& ts, Obj value);

/// A system call that may block, without the interpreter's lock; OSError when its answer is negative.
template <class Act>
Result<int> retry_interrupted(ThreadState& ts, Act act) {
  const std::int64_t result = OURO_TRY(blocking_call(ts, act));
  if (result < 0) return raise_os_error(ts, errno);
  return static_cast<int>(result);
}

/// Bytes written piece by piece by a library: room() and available() say where the next piece goes.
class ByteOutput {
 public:
  explicit ByteOutput(ThreadState& ts) : ts_(ts) {}
  ~ByteOutput() { free_raw(data_); }
  ByteOutput(const ByteOutput&) = delete;
  ByteOutput& operator=(const ByteOutput&) = delete;
  /// Makes at least one byte available: `first` bytes in the beginning, then as much again as there
  /// is; never so much that the whole would exceed `most`, which must be larger than size().
  Status grow(std::size_t first, std::size_t most = SIZE_MAX / 4);
  [[nodiscard]] char* room() const { return data_ + size_; }
  [[nodiscard]] std::size_t available() const { return capacity_ - size_; }
  void advance(std::size_t bytes) { size_ += bytes; }
  [[nodiscard]] std::size_t size() const { return size_; }
  Result<Ref<Bytes>> finish() { return Bytes::from(ts_, {data_, size_}); }

 private:
  ThreadState& ts_;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace ouro
