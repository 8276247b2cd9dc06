// Items of memoryviews: bytes to Python objects and back.
#include "objects/memory_items.h"

#include <cstring>
#include <limits>

#include "objects/bytes.h"
#include "objects/container_support.h"
#include "objects/float.h"

namespace ouro {

namespace {

template <class T>
T load(const char* place) {
  T value;
  std::memcpy(&value, place, sizeof value);
  return value;
}

template <class T>
Status store(char* out, T value) {
  std::memcpy(out, &value, sizeof value);
  return kDone;
}

template <class T>
ObjResult load_integer(ThreadState& ts, const char* place) {
  if constexpr (std::is_signed_v<T>) {
    return Int::from(ts, load<T>(place));
  } else {
    return Int::from_unsigned(ts, load<T>(place));
  }
}

Raised refuse_type(ThreadState& ts, const char* shown) {
  return raise_type_error(ts, "memoryview: invalid type for format '{}'", shown);
}

Raised refuse_value(ThreadState& ts, const char* shown) {
  return raise_value_error(ts, "memoryview: invalid value for format '{}'", shown);
}

/// The conversion of a value failed: says so in terms of the format, save for unrelated errors.
Raised refuse_failed(ThreadState& ts, const char* shown) {
  if (catch_pending(ts, ts.core.exceptions.TypeError)) return refuse_type(ts, shown);
  if (catch_pending(ts, ts.core.exceptions.OverflowError) ||
      catch_pending(ts, ts.core.exceptions.ValueError)) {
    return refuse_value(ts, shown);
  }
  return Raised{};
}

template <class T>
Status pack_integer(ThreadState& ts, const char* shown, Obj value, char* out) {
  ObjResult index = to_index(ts, value);
  if (index.raised()) return refuse_failed(ts, shown);
  const ObjRef number = index.take();
  const auto* integer = as<Int>(number);
  if (integer->is_small()) {
    if (!std::in_range<T>(integer->small)) return refuse_value(ts, shown);
    return store(out, static_cast<T>(integer->small));
  }
  // Only the upper half of the 64-bit unsigned numbers has the limb form.
  if (sizeof(T) < 8 || std::is_signed_v<T> || integer->is_negative() || integer->limb_count() > 1) {
    return refuse_value(ts, shown);
  }
  return store(out, static_cast<T>(integer->limbs[0]));
}

template <class T>
Status pack_real(ThreadState& ts, const char* shown, Obj value, char* out) {
  Result<double> number = as_double(ts, value);
  if (number.raised()) return refuse_failed(ts, shown);
  return store(out, static_cast<T>(number.take()));
}

}  // namespace

std::int64_t memory_item_bytes(char code) {
  switch (code) {
    case 'c':
    case 'b':
    case 'B':
    case '?':
      return 1;
    case 'h':
    case 'H':
      return sizeof(short);
    case 'i':
    case 'I':
      return sizeof(int);
    case 'f':
    case 'w':  // a character; shown by no memoryview, but lent by arrays
      return sizeof(float);
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
    case 'P':
      return sizeof(std::int64_t);
    case 'd':
      return sizeof(double);
    default:
      return 0;
  }
}

ObjResult load_memory_item(ThreadState& ts, char code, const char* place) {
  switch (code) {
    case 'B':
      return load_integer<std::uint8_t>(ts, place);
    case 'b':
      return load_integer<std::int8_t>(ts, place);
    case 'h':
      return load_integer<std::int16_t>(ts, place);
    case 'H':
      return load_integer<std::uint16_t>(ts, place);
    case 'i':
      return load_integer<std::int32_t>(ts, place);
    case 'I':
      return load_integer<std::uint32_t>(ts, place);
    case 'l':
    case 'q':
    case 'n':
      return load_integer<std::int64_t>(ts, place);
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
      return load_integer<std::uint64_t>(ts, place);
    case 'f':
      return Float::from(ts, static_cast<double>(load<float>(place)));
    case 'd':
      return Float::from(ts, load<double>(place));
    case '?':
      return ts.core.bool_ref(*place != 0);
    default:
      OURO_CHECK(code == 'c', "memoryview of unknown format %d", code);
      return Bytes::from(ts, {place, 1});
  }
}

Status pack_memory_item(ThreadState& ts, char code, const char* shown, Obj value, char* out) {
  switch (code) {
    case 'B':
      return pack_integer<std::uint8_t>(ts, shown, value, out);
    case 'b':
      return pack_integer<std::int8_t>(ts, shown, value, out);
    case 'h':
      return pack_integer<std::int16_t>(ts, shown, value, out);
    case 'H':
      return pack_integer<std::uint16_t>(ts, shown, value, out);
    case 'i':
      return pack_integer<std::int32_t>(ts, shown, value, out);
    case 'I':
      return pack_integer<std::uint32_t>(ts, shown, value, out);
    case 'l':
    case 'q':
    case 'n':
      return pack_integer<std::int64_t>(ts, shown, value, out);
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
      return pack_integer<std::uint64_t>(ts, shown, value, out);
    case 'f':
      return pack_real<float>(ts, shown, value, out);
    case 'd':
      return pack_real<double>(ts, shown, value, out);
    case '?':
      return store(out, OURO_TRY(is_true(ts, value)));
    default:
      OURO_CHECK(code == 'c', "memoryview of unknown format %d", code);
      if (!is_bytes(value)) return refuse_type(ts, shown);
      if (as<Bytes>(value)->length != 1) return refuse_value(ts, shown);
      return store(out, as<Bytes>(value)->data()[0]);
  }
}

}  // namespace ouro
