// SourceFile: the bytes of a file, read into the interpreter's heap.
#pragma once

#include <string_view>

#include "objects/thread_state.h"

namespace ouro {

class SourceFile {
 public:
  SourceFile() = default;
  ~SourceFile();
  SourceFile(const SourceFile&) = delete;
  SourceFile& operator=(const SourceFile&) = delete;

  enum class Outcome : std::uint8_t { Read, CannotOpen, IsDirectory, CannotRead, NoMemory };
  /// Reads `path` (or a stream that is open) whole. `error_number` tells why it failed.
  Outcome read(const char* path);
  Outcome read_stream(int descriptor);
  [[nodiscard]] std::string_view bytes() const { return {data_, size_}; }
  [[nodiscard]] int error_number() const { return error_number_; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  int error_number_ = 0;
};

}  // namespace ouro
