// SourceFile: reading with growth in the heap.
#include "runtime/source_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace ouro {

SourceFile::~SourceFile() { free_raw(data_); }

SourceFile::Outcome SourceFile::read(const char* path) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    error_number_ = errno;
    return Outcome::CannotOpen;
  }
  struct stat facts = {};
  Outcome outcome = Outcome::IsDirectory;
  if (fstat(descriptor, &facts) == 0 && !S_ISDIR(facts.st_mode)) outcome = read_stream(descriptor);
  close(descriptor);
  return outcome;
}

SourceFile::Outcome SourceFile::read_stream(int descriptor) {
  std::size_t capacity = 0;
  for (;;) {
    if (size_ == capacity) {
      const std::size_t wanted = capacity == 0 ? 16384 : capacity * 2;
      void* grown = reallocate_raw(data_, wanted);
      if (grown == nullptr) return Outcome::NoMemory;
      data_ = static_cast<char*>(grown);
      capacity = wanted;
    }
    const ssize_t got = ::read(descriptor, data_ + size_, capacity - size_);
    if (got == 0) return Outcome::Read;
    if (got > 0) {
      size_ += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      error_number_ = errno;
      return Outcome::CannotRead;
    }
  }
}

}  // namespace ouro
