// What the files of module posix share: path arguments and errors.
#pragma once

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/module.h"
#include "objects/str.h"

namespace ouro {

/// A path given as str, bytes, os.PathLike or (where allowed) a descriptor.
class PathArgument {
 public:
  enum class Descriptor : std::uint8_t { Refused, Allowed };
  /// TypeError "f: path should be string, bytes, os.PathLike or integer, not X"; ValueError "embedded null byte".
  Status take(ThreadState& ts, Obj value, const char* function, Descriptor descriptors = Descriptor::Refused);
  [[nodiscard]] bool is_descriptor() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const char* text() const { return as<Bytes>(encoded_)->data(); }
  [[nodiscard]] bool was_bytes() const { return was_bytes_; }
  [[nodiscard]] Obj shown() const { return given_; }

 private:
  ObjRef given_;
  ObjRef encoded_;
  int descriptor_ = -1;
  bool was_bytes_ = false;
};

/// A name from the system as str (surrogateescape) or, for bytes callers, bytes.
ObjResult system_text(ThreadState& ts, std::string_view text, bool as_bytes);

extern const MethodDef kPosixFileMethods[];
extern const MethodDef kPosixProcessMethods[];
extern const MethodDef kPosixOwnershipMethods[];
extern const MethodDef kPosixVectorMethods[];
Status add_posix_vector_constants(ThreadState& ts, Borrowed<Module> module);
Status add_posix_process_types(ThreadState& ts, Borrowed<Module> module);
Status add_posix_types(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
