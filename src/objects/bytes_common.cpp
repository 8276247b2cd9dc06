// What bytes and bytearray share: construction, comparison, repr, joining, hex.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/percent_format.h"
#include "objects/str_search.h"
#include "support/check.h"

namespace ouro {

ObjResult make_like(ThreadState& ts, Obj self, std::string_view bytes) {
  if (is_bytes(self)) return Bytes::from(ts, bytes);
  return ByteArray::from(ts, bytes);
}

ObjResult make_like(ThreadState& ts, Obj self, std::int64_t length, char*& data) {
  if (is_bytes(self)) {
    Ref<Bytes> made = OURO_TRY(Bytes::make(ts, length));
    data = made->data();
    return made;
  }
  Ref<ByteArray> made = OURO_TRY(ByteArray::from(ts, {}));
  OURO_TRY(made->resize(ts, length));
  data = made->data;
  return made;
}

Result<std::uint8_t> byte_value(ThreadState& ts, Obj object) {
  const std::int64_t value = OURO_TRY(index_as_int64(ts, object, nullptr));
  if (value < 0 || value > 255) return raise_value_error(ts, "byte must be in range(0, 256)");
  return static_cast<std::uint8_t>(value);
}

Status append_bytes_repr(StrBuilder& out, std::string_view bytes, bool escape_single) {
  const bool single = bytes.find('\'') != std::string_view::npos;
  const char quote = single && bytes.find('"') == std::string_view::npos ? '"' : '\'';
  OURO_TRY(out.append(static_cast<char32_t>(quote)));
  for (const char c : bytes) {
    char text[8];
    if (c == quote || c == '\\' || (escape_single && c == '\'')) {
      std::snprintf(text, sizeof text, "\\%c", c);
    } else if (c == '\n' || c == '\r' || c == '\t') {
      std::snprintf(text, sizeof text, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
    } else if (c < ' ' || c >= 0x7f) {
      std::snprintf(text, sizeof text, "\\x%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      OURO_TRY(out.append(static_cast<char32_t>(c)));
      continue;
    }
    OURO_TRY(out.append(std::string_view(text)));
  }
  return out.append(static_cast<char32_t>(quote));
}

ObjResult bytes_like_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!BufferView::is_bytes_like(left) || !BufferView::is_bytes_like(right))
    return ts.core.not_implemented_ref();
  BufferView a, b;
  OURO_TRY(a.acquire(ts, left));
  OURO_TRY(b.acquire(ts, right));
  if ((op == CompareOp::Equal || op == CompareOp::NotEqual) && a.size() != b.size()) {
    return ts.core.bool_ref(op == CompareOp::NotEqual);
  }
  return compare_lengths(ts, compare_bytes(a.view(), b.view()), 0, op);
}

ObjResult bytes_like_concat(ThreadState& ts, Obj left, Obj right) {
  if (!BufferView::is_bytes_like(left) || !BufferView::is_bytes_like(right)) {
    return raise_type_error(ts, "can't concat {t} to {t}", right, left);
  }
  BufferView a, b;
  OURO_TRY(a.acquire(ts, left));
  OURO_TRY(b.acquire(ts, right));
  if (is_kind(left, TypeKind::Bytes) && b.size() == 0) return left.new_ref();
  if (is_kind(right, TypeKind::Bytes) && a.size() == 0 && is_bytes(left)) return right.new_ref();
  char* data = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, left, static_cast<std::int64_t>(a.size() + b.size()), data));
  if (a.size() > 0) std::memcpy(data, a.data(), a.size());
  if (b.size() > 0) std::memcpy(data + a.size(), b.data(), b.size());
  return made;
}

ObjResult bytes_like_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  const auto length = static_cast<std::int64_t>(bytes_of(self).size());
  count = std::max<std::int64_t>(count, 0);
  if ((count == 1 || length == 0) && is_kind(self, TypeKind::Bytes)) return self.new_ref();
  if (count > 0 && length > INT64_MAX / count) {
    if (!is_bytes(self)) return raise_no_memory(ts);
    return raise(ts, ts.core.exceptions.OverflowError, "repeated bytes are too long");
  }
  // Always an object of its own: b'x' * 0 is not b''.
  char* data = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, self, length * count, data));
  const std::string_view bytes = bytes_of(self);
  for (std::int64_t i = 0; i < count && !bytes.empty(); ++i)
    std::memcpy(data + i * length, bytes.data(), bytes.size());
  return made;
}

Result<bool> bytes_like_contains(ThreadState& ts, Obj self, Obj item) {
  if (has_index(item)) {
    const std::uint8_t byte = OURO_TRY(byte_value(ts, item));
    return bytes_of(self).find(static_cast<char>(byte)) != std::string_view::npos;
  }
  BufferView needle;
  OURO_TRY(needle.acquire(ts, item));
  const std::string_view bytes = bytes_of(self);
  return search::find(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                      static_cast<std::ptrdiff_t>(bytes.size()),
                      reinterpret_cast<const std::uint8_t*>(needle.data()),
                      static_cast<std::ptrdiff_t>(needle.size())) >= 0;
}

ObjResult bytes_like_remainder(ThreadState& ts, Obj left, Obj right) {
  if (!is_bytes(left) && !left->type()->is_subtype_of(ts.core.types.bytearray))
    return ts.core.not_implemented_ref();
  BufferView pattern;
  OURO_TRY(pattern.acquire(ts, left));
  Ref<Bytes> made = OURO_TRY(bytes_percent_format(ts, pattern.view(), right));
  if (is_bytes(left)) return made;
  return ByteArray::from(ts, made->view());
}

ObjResult hex_text(ThreadState& ts, std::string_view bytes, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "hex", {"sep", "bytes_per_sep"}, 0, given));
  const std::int64_t group = OURO_TRY([&]() -> Result<std::int64_t> {
    if (!given[1]) return 1;
    return index_as_int64(ts, given[1], ts.core.exceptions.OverflowError);
  }());
  char separator = '\0';
  if (given[0]) {
    const std::int64_t length = OURO_TRY(length_of(ts, given[0]));
    if (length != 1) return raise_value_error(ts, "sep must be length 1.");
    if (is_str(given[0])) {
      if (!as<Str>(given[0])->is_ascii()) return raise_value_error(ts, "sep must be ASCII.");
      separator = as<Str>(given[0])->ascii()[0];
    } else if (is_bytes(given[0])) {
      separator = as<Bytes>(given[0])->data()[0];
      if (static_cast<unsigned char>(separator) > 127)
        return raise_value_error(ts, "sep must be ASCII.");
    } else {
      return raise_type_error(ts, "sep must be str or bytes.");
    }
  }
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (size == 0) return Ref<Str>::share(ts.core.empty_str);
  const bool grouped = given[0] && group != 0;
  const std::int64_t step = !grouped             ? size
                            : group == INT64_MIN ? INT64_MAX
                            : group < 0          ? -group
                                                 : group;
  const std::int64_t separators = (size - 1) / step;
  if (size > (kMaxBytesLength - separators) / 2) return raise_no_memory(ts);
  Ref<Str> made = OURO_TRY(Str::make(ts, 2 * size + separators, 0x7f));
  char* out = static_cast<char*>(made->data());
  for (std::int64_t i = 0; i < size; ++i) {
    // A positive group counts from the end.
    if (i > 0 && (group > 0 ? size - i : i) % step == 0) *out++ = separator;
    const auto byte = static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    *out++ = "0123456789abcdef"[byte >> 4];
    *out++ = "0123456789abcdef"[byte & 15];
  }
  return made;
}

Result<Ref<Bytes>> bytes_from_iterable(ThreadState& ts, Obj iterable, const char* name,
                                       const char* range_error) {
  // Bytes are gathered as characters up to 255.
  ObjResult iterator = iterate(ts, iterable);
  if (iterator.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return raise_type_error(ts, "cannot convert '{t}' object to {}", iterable, name);
  }
  ObjRef items = iterator.take();
  StrBuilder gathered(ts);
  OURO_TRY(for_each_item(ts, items, [&](ObjRef item) -> Status {
    const std::int64_t value = OURO_TRY(index_as_int64(ts, item, nullptr));
    if (value < 0 || value > 255) return raise_value_error(ts, "{}", range_error);
    return gathered.append(static_cast<char32_t>(value));
  }));
  Ref<Str> text = OURO_TRY(gathered.finish());
  return Bytes::from(
      ts, {reinterpret_cast<const char*>(text->data1()), static_cast<std::size_t>(text->length)});
}

Result<Ref<Bytes>> bytes_from_arguments(ThreadState& ts, Args args, const char* name,
                                        const char* range_error) {
  Obj given[3];
  OURO_TRY(parse_args(ts, args, name, {"source", "encoding", "errors"}, 0, given));
  CodecName encoding("utf-8");
  CodecName errors("strict");
  OURO_TRY(encoding.read(ts, given[1], name, "encoding"));
  OURO_TRY(errors.read(ts, given[2], name, "errors"));
  Obj source = given[0];
  if (!source) {
    if (given[1]) return raise_type_error(ts, "encoding without a string argument");
    if (given[2]) return raise_type_error(ts, "errors without a string argument");
    return Bytes::from(ts, {});
  }
  if (given[1] || given[2]) {
    if (!is_str(source)) {
      return raise_type_error(
          ts, given[1] ? "encoding without a string argument" : "errors without a string argument");
    }
    if (!given[1]) return raise_type_error(ts, "string argument without an encoding");
    ObjRef encoded = OURO_TRY(encode_str(ts, as<Str>(source), encoding.c_str(), errors.c_str()));
    return Ref<Bytes>::steal(as<Bytes>(Obj(encoded.release())));
  }
  if (is_str(source)) return raise_type_error(ts, "string argument without an encoding");
  if (BufferView::is_bytes_like(source)) {
    if (is_kind(source, TypeKind::Memoryview)) {
      ObjRef copy = OURO_TRY(call_method(ts, source, OURO_TRY(intern(ts, "tobytes"))));
      return Ref<Bytes>::steal(as<Bytes>(Obj(copy.release())));
    }
    BufferView view;
    OURO_TRY(view.acquire(ts, source));
    return Bytes::from(ts, view.view());
  }
  if (has_index(source)) {
    const std::int64_t size =
        OURO_TRY(index_as_int64(ts, source, ts.core.exceptions.OverflowError));
    if (size < 0) return raise_value_error(ts, "negative count");
    if (size == 0) return Bytes::from(ts, {});
    Ref<Bytes> made = OURO_TRY(Bytes::make(ts, size));
    std::memset(made->data(), 0, static_cast<std::size_t>(size));
    return made;
  }
  return bytes_from_iterable(ts, source, name, range_error);
}

BytesMethods join_bytes_methods(const MethodDef* own) {
  BytesMethods all = {};
  std::size_t count = 0;
  for (const MethodDef* part : {own, kBytesSearchMethods, kBytesTextMethods, kBytesSplitMethods}) {
    for (; part->name != nullptr; ++part) {
      OURO_CHECK(count < kMaxBytesMethods, "more than %zu methods of bytes", kMaxBytesMethods);
      all.entries[count++] = *part;
    }
  }
  return all;
}

}  // namespace ouro
