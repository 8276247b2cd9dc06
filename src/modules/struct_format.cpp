// Format texts of module struct, and the conversions between values and bytes.

#include "modules/struct_format.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr bool kMachineLittle = std::endian::native == std::endian::little;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Bytes of a value, 0 for what is no code.
std::int64_t code_bytes(char code, bool native) {
  switch (code) {
    case 'x': case 'c': case 'b': case 'B': case '?': case 's': case 'p': return 1;
    case 'h': case 'H': case 'e': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': return native ? static_cast<std::int64_t>(sizeof(long)) : 4;
    case 'q': case 'Q': case 'd': return 8;
    case 'n': case 'N': case 'P': return native ? 8 : 0;
    default: return 0;
  }
}

bool is_signed_code(char code) { return std::string_view("bhilqn").find(code) != std::string_view::npos; }
bool is_integer_code(char code) { return std::string_view("bBhHiIlLqQnNP").find(code) != std::string_view::npos; }

/// Bytes of an unsigned word in the order asked for.
void store(char* out, std::uint64_t word, std::int64_t bytes, bool little) {
  for (std::int64_t i = 0; i < bytes; ++i) {
    out[little ? i : bytes - 1 - i] = static_cast<char>(word >> (8 * i));
  }
}

std::uint64_t load(const char* from, std::int64_t bytes, bool little) {
  std::uint64_t word = 0;
  for (std::int64_t i = 0; i < bytes; ++i) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[little ? i : bytes - 1 - i])) << (8 * i);
  }
  return word;
}

Raised raise_out_of_range(ThreadState& ts, Borrowed<Type> error, const FormatItem& item) {
  const auto bits = static_cast<unsigned>(item.bytes * 8);
  const bool has_sign = is_signed_code(item.code);
  const std::int64_t high = has_sign ? (std::int64_t{1} << (bits - 1)) - 1 : (std::int64_t{1} << bits) - 1;
  const std::int64_t low = has_sign ? -high - 1 : 0;
  switch (item.code) {
    case 'b': return raise(ts, error, "byte format requires {} <= number <= {}", low, high);
    case 'B': return raise(ts, error, "ubyte format requires {} <= number <= {}", low, high);
    case 'h': return raise(ts, error, "short format requires {} <= number <= {}", low, high);
    case 'H': return raise(ts, error, "ushort format requires {} <= number <= {}", low, high);
    default: return raise(ts, error, "'{}' format requires {} <= number <= {}", item.code, low, high);
  }
}

Result<std::uint64_t> integer_word(ThreadState& ts, Borrowed<Type> error, const FormatItem& item, Obj value) {
  if (value->type()->number.index == nullptr) return raise(ts, error, "required argument is not an integer");
  ObjRef number = OURO_TRY(to_index(ts, value));
  const Int* integer = as<Int>(number);
  const bool has_sign = is_signed_code(item.code);
  if (item.code == 'P') {
    if (integer->is_small()) return static_cast<std::uint64_t>(integer->small);
    if (integer->limb_count() == 1 && !integer->is_negative()) return integer->limbs[0];
    return raise(ts, error, "int too large to convert");
  }
  if (!integer->is_small()) {
    if (!has_sign && item.bytes == 8 && integer->limb_count() == 1 && !integer->is_negative()) return integer->limbs[0];
    return raise(ts, error, "argument out of range");
  }
  const std::int64_t small = integer->small;
  if (item.bytes == 8) {
    if (!has_sign && small < 0) return raise(ts, error, "argument out of range");
    return static_cast<std::uint64_t>(small);
  }
  // Short codes say their range; the longer unsigned ones only do so for numbers that are too large.
  if (!has_sign && small < 0 && item.bytes == 4) return raise(ts, error, "argument out of range");
  const auto bits = static_cast<unsigned>(item.bytes * 8);
  const std::int64_t low = has_sign ? -(std::int64_t{1} << (bits - 1)) : 0;
  const std::int64_t high = has_sign ? (std::int64_t{1} << (bits - 1)) - 1 : (std::int64_t{1} << bits) - 1;
  if (small < low || small > high) return raise_out_of_range(ts, error, item);
  return static_cast<std::uint64_t>(small);
}

/// IEEE half precision, rounded half to even; false when too large.
bool half_bits(double value, std::uint16_t* bits) {
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) {
    *bits = sign | 0x7e00;
    return true;
  }
  if (std::isinf(value)) {
    *bits = sign | 0x7c00;
    return true;
  }
  if (value == 0) {  // has no exponent
    *bits = sign;
    return true;
  }
  int exponent = 0;
  std::frexp(value, &exponent);  // |value| in [2**(exponent - 1), 2**exponent)
  // In units of the last place (at least 2**-24); nearbyint rounds halves to even.
  const int unit = std::max(exponent - 11, -24);
  const double scaled = std::nearbyint(std::ldexp(std::fabs(value), -unit));
  const auto mantissa = static_cast<std::uint32_t>(scaled);
  // The hidden bit, and a carry out of the mantissa, add to the exponent by themselves.
  const std::uint32_t combined = (static_cast<std::uint32_t>(unit + 24) << 10) + mantissa;
  if (std::ldexp(scaled, unit) > 65504.0) return false;
  *bits = static_cast<std::uint16_t>(sign | combined);
  return true;
}

double half_value(std::uint16_t bits) {
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  const int exponent = (bits >> 10) & 0x1f;
  const int fraction = bits & 0x3ff;
  if (exponent == 0x1f) {
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::copysign(std::numeric_limits<double>::quiet_NaN(), sign);
  }
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(fraction + 1024, exponent - 25);
}

Result<std::uint64_t> float_word(ThreadState& ts, Borrowed<Type> error, const FormatItem& item, Obj value, bool native) {
  Result<double> converted = as_double(ts, value);
  if (converted.raised()) {
    clear_pending(ts);
    return raise(ts, error, "required argument is not a float");
  }
  const double number = converted.take();
  if (item.code == 'd') return std::bit_cast<std::uint64_t>(number);
  if (item.code == 'f') {
    const auto narrow = static_cast<float>(number);
    if (!native && std::isinf(narrow) && std::isfinite(number)) {
      return raise(ts, ts.core.exceptions.OverflowError, "float too large to pack with f format");
    }
    return std::uint64_t{std::bit_cast<std::uint32_t>(narrow)};
  }
  std::uint16_t half = 0;
  if (!half_bits(number, &half)) {
    return raise(ts, ts.core.exceptions.OverflowError, "float too large to pack with e format");
  }
  return std::uint64_t{half};
}

/// 's' and 'p': the bytes, cut or padded; 'p' has their number in front.
Status pack_bytes(ThreadState& ts, Borrowed<Type> error, const FormatItem& item, Obj value, char* out) {
  if (!is_bytes(value) && !is_instance_of(value, ts.core.types.bytearray)) {
    return raise(ts, error, "argument for '{}' must be a bytes object", item.code);
  }
  BufferView view;
  OURO_TRY(view.acquire(ts, value));
  const bool pascal = item.code == 'p';
  if (item.count == 0) return kDone;
  const auto room = static_cast<std::size_t>(item.count - (pascal ? 1 : 0));
  const std::size_t length = std::min(room, view.size());
  std::memcpy(out + (pascal ? 1 : 0), view.data(), length);
  if (pascal) out[0] = static_cast<char>(std::min<std::size_t>(length, 255));
  return kDone;
}

Status pack_one(ThreadState& ts, Borrowed<Type> error, const FormatReader& reader, const FormatItem& item, Obj value, char* out) {
  if (is_integer_code(item.code)) {
    store(out, OURO_TRY(integer_word(ts, error, item, value)), item.bytes, reader.little());
    return kDone;
  }
  switch (item.code) {
    case 'c':
      if (!is_bytes(value) || as<Bytes>(value)->length != 1) {
        return raise(ts, error, "char format requires a bytes object of length 1");
      }
      *out = as<Bytes>(value)->data()[0];
      return kDone;
    case '?': *out = OURO_TRY(is_true(ts, value)) ? 1 : 0; return kDone;
    default:
      store(out, OURO_TRY(float_word(ts, error, item, value, reader.native())), item.bytes, reader.little());
      return kDone;
  }
}

ObjResult unpack_one(ThreadState& ts, const FormatReader& reader, const FormatItem& item, const char* from) {
  switch (item.code) {
    case 'c': return Bytes::from(ts, {from, 1});
    case '?': return ts.core.bool_ref(*from != 0);
    case 's': return Bytes::from(ts, {from, static_cast<std::size_t>(item.count)});
    case 'p': {
      const std::int64_t room = std::max<std::int64_t>(item.count - 1, 0);
      const std::int64_t length = item.count == 0 ? 0 : static_cast<unsigned char>(*from);
      return Bytes::from(ts, {from + (item.count == 0 ? 0 : 1), static_cast<std::size_t>(std::min(length, room))});
    }
    default: break;
  }
  const std::uint64_t word = load(from, item.bytes, reader.little());
  switch (item.code) {
    case 'd': return Float::from(ts, std::bit_cast<double>(word));
    case 'f': return Float::from(ts, std::bit_cast<float>(static_cast<std::uint32_t>(word)));
    case 'e': return Float::from(ts, half_value(static_cast<std::uint16_t>(word)));
    default: break;
  }
  if (!is_signed_code(item.code)) return Int::from_unsigned(ts, word);
  const auto spare = static_cast<unsigned>(64 - 8 * item.bytes);
  return Int::from(ts, static_cast<std::int64_t>(word << spare) >> spare);
}

}  // namespace

FormatReader::FormatReader(std::string_view format) : rest_(format), little_(kMachineLittle) {
  if (rest_.empty()) return;
  switch (rest_.front()) {
    case '@': break;
    case '=': native_ = false; break;
    case '<': native_ = false; little_ = true; break;
    case '>': case '!': native_ = false; little_ = false; break;
    default: return;
  }
  rest_.remove_prefix(1);
}

bool FormatReader::next(FormatItem& item) {
  while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  if (rest_.empty() || error_ != nullptr) return false;
  item.count = 1;
  if (rest_.front() >= '0' && rest_.front() <= '9') {
    item.count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      if (__builtin_mul_overflow(item.count, std::int64_t{10}, &item.count) ||
          __builtin_add_overflow(item.count, std::int64_t{rest_.front() - '0'}, &item.count)) {
        error_ = "total struct size too long";
        return false;
      }
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) {
      error_ = "repeat count given without format specifier";
      return false;
    }
  }
  item.code = rest_.front();
  rest_.remove_prefix(1);
  item.bytes = code_bytes(item.code, native_);
  if (item.bytes == 0) {
    error_ = "bad char in struct format";
    return false;
  }
  if (native_ && offset_ % item.bytes != 0) {
    const std::int64_t padding = item.bytes - offset_ % item.bytes;
    if (offset_ > kMost - padding) {
      error_ = "total struct size too long";
      return false;
    }
    offset_ += padding;
  }
  item.offset = offset_;
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(item.count, item.bytes, &bytes) || __builtin_add_overflow(offset_, bytes, &offset_)) {
    error_ = "total struct size too long";
    return false;
  }
  return true;
}

FormatTotals measure_format(std::string_view format) {
  FormatTotals totals;
  if (format.find('\0') != std::string_view::npos) {
    totals.error = "embedded null character";
    return totals;
  }
  FormatReader reader(format);
  FormatItem item{};
  while (reader.next(item)) {
    if (__builtin_add_overflow(totals.values, item.values(), &totals.values)) {
      totals.error = "total struct size too long";
      return totals;
    }
  }
  totals.bytes = reader.size();
  totals.error = reader.error();
  return totals;
}

Status pack_values(ThreadState& ts, Borrowed<Type> error, std::string_view format, Object* const* values, char* out) {
  FormatReader reader(format);
  FormatItem item{};
  std::int64_t written = 0;
  while (reader.next(item)) {
    // What lies between, and what short texts leave free, is zero.
    std::memset(out + written, 0, static_cast<std::size_t>(reader.size() - written));
    written = reader.size();
    if (item.code == 's' || item.code == 'p') {
      OURO_TRY(pack_bytes(ts, error, item, *values++, out + item.offset));
      continue;
    }
    for (std::int64_t i = 0; i < item.values(); ++i) {
      OURO_TRY(pack_one(ts, error, reader, item, *values++, out + item.offset + i * item.bytes));
    }
  }
  return kDone;
}

ObjResult unpack_values(ThreadState& ts, std::string_view format, std::string_view bytes) {
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, measure_format(format).values));
  if (made->size == 0) return made;
  FormatReader reader(format);
  FormatItem item{};
  std::int64_t next = 0;
  while (reader.next(item)) {
    for (std::int64_t i = 0; i < item.values(); ++i) {
      ObjRef value = OURO_TRY(unpack_one(ts, reader, item, bytes.data() + item.offset + i * item.bytes));
      made->items[next++] = value.release();
    }
  }
  OURO_TRY(track(ts, made));
  return made;
}

}  // namespace ouro
