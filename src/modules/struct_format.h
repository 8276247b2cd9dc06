// Format texts of module struct: what "<3i5s" says about bytes and values.
#pragma once

#include <cstdint>
#include <string_view>

#include "objects/fwd.h"
#include "support/result.h"

namespace ouro {

/// One group of a format: `count` times `code`, or one value of `count` bytes for 's' and 'p'.
struct FormatItem {
  char code;
  std::int64_t count;
  std::int64_t bytes;   // of one
  std::int64_t offset;  // where the first begins
  /// Values that this group stands for.
  [[nodiscard]] std::int64_t values() const {
    return code == 'x' ? 0 : code == 's' || code == 'p' ? 1 : count;
  }
};

/// Walks through the groups of a format and keeps the offset. Errors are given as texts of struct.error.
class FormatReader {
 public:
  explicit FormatReader(std::string_view format);
  /// The next group; false at the end or after an error.
  bool next(FormatItem& item);
  [[nodiscard]] const char* error() const { return error_; }
  [[nodiscard]] std::int64_t size() const { return offset_; }  // bytes so far
  [[nodiscard]] bool native() const { return native_; }        // sizes and alignment of the machine
  [[nodiscard]] bool little() const { return little_; }

 private:
  std::string_view rest_;
  std::int64_t offset_ = 0;
  const char* error_ = nullptr;
  bool native_ = true;
  bool little_;
};

/// Sum of a whole format.
struct FormatTotals {
  std::int64_t bytes = 0;
  std::int64_t values = 0;
  const char* error = nullptr;
};
FormatTotals measure_format(std::string_view format);

/// Writes `values` (as many as the format has) to `out`, which has room for all bytes. `error` is the class struct.error.
/// The caller keeps format, values and memory alive: converting values runs Python code.
Status pack_values(ThreadState& ts, Borrowed<Type> error, std::string_view format, Object* const* values, char* out);
/// A tuple of the values in `bytes`.
ObjResult unpack_values(ThreadState& ts, std::string_view format, std::string_view bytes);

}  // namespace ouro
