// Bytes and ByteArray; the buffer view that functions on "bytes-like objects" take.
#pragma once

#include <string_view>

#include "objects/core.h"

namespace ouro {

struct Bytes : Object {
  std::int64_t length;
  std::int64_t hash;  // -1: not computed yet
  // bytes follow, then a zero
  [[nodiscard]] const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  [[nodiscard]] char* data() { return reinterpret_cast<char*>(this + 1); }
  [[nodiscard]] std::string_view view() const { return {data(), static_cast<std::size_t>(length)}; }
  /// b'' and one-byte values are shared objects.
  static Result<Ref<Bytes>> from(ThreadState& ts, std::string_view bytes);
  /// Uninitialised; fill it before anybody sees it.
  static Result<Ref<Bytes>> make(ThreadState& ts, std::int64_t length);
};

struct ByteArray : Object {
  std::int64_t length;
  std::int64_t capacity;
  char* data;             // in the heap; null when empty
  std::int32_t exports;   // buffers in use: no resize while > 0
  static Result<Ref<ByteArray>> from(ThreadState& ts, std::string_view bytes);
  Status resize(ThreadState& ts, std::int64_t length);  // BufferError while exported
};

/// A look at the memory of a bytes-like object (bytes, bytearray, memoryview, and types that fill Type's buffer hook).
/// While it lives the exporter is held and may not be resized.
class BufferView {
 public:
  BufferView() = default;
  ~BufferView();
  BufferView(const BufferView&) = delete;
  BufferView& operator=(const BufferView&) = delete;
  /// TypeError "a bytes-like object is required, not 'X'".
  Status acquire(ThreadState& ts, Obj object, bool writable = false);
  /// False (nothing raised) when `object` is not bytes-like.
  static bool is_bytes_like(Obj object);
  [[nodiscard]] std::string_view view() const { return view_; }
  [[nodiscard]] char* data() const { return const_cast<char*>(view_.data()); }
  [[nodiscard]] std::size_t size() const { return view_.size(); }

 private:
  std::string_view view_;
  ObjRef owner_;
};

/// The name of an encoding or error handler as an argument gives it: zero-terminated, kept while this lives.
class CodecName {
 public:
  explicit CodecName(const char* fallback) : text_(fallback) {}
  ~CodecName();
  CodecName(const CodecName&) = delete;
  CodecName& operator=(const CodecName&) = delete;
  /// Takes the argument (null: the fallback stays). TypeError "f() argument 'encoding' must be str, not X".
  Status read(ThreadState& ts, Obj argument, const char* function_name, const char* argument_name);
  [[nodiscard]] const char* c_str() const { return text_; }

 private:
  const char* text_;
  char* owned_ = nullptr;
};

Result<Ref<Str>> decode_utf8(ThreadState& ts, std::string_view bytes, const char* errors = "strict");
/// Any of utf-8, ascii, latin-1 (all spellings) natively; others through the codecs module; LookupError "unknown encoding: x".
ObjResult decode_bytes(ThreadState& ts, std::string_view bytes, const char* encoding, const char* errors);
ObjResult encode_str(ThreadState& ts, Borrowed<Str> text, const char* encoding, const char* errors);
/// SipHash-1-3 keyed by the interpreter (text and bytes with the same content hash alike).
std::int64_t hash_bytes(const CoreObjects& core, const void* data, std::size_t length);
/// The function itself, under any key.
std::uint64_t siphash13(const std::uint64_t (&key)[2], const void* data, std::size_t length);

}  // namespace ouro
