// Module binascii: bytes as text in base 64, base 16, uuencode and quoted-printable; checksums.
#include <array>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/bytes.h"
#include "objects/exception.h"

namespace ouro {

namespace {

struct Errors {
  Type* error;  // owned
};

void free_state(Module* module) {
  auto* errors = static_cast<Errors*>(std::exchange(module->state, nullptr));
  if (errors == nullptr) return;
  xdecref(errors->error);
  free_raw(errors);
}

Borrowed<Type> error_type(Obj module) {
  return static_cast<Errors*>(as<Module>(module)->state)->error;
}

/// Text that a decoder takes: bytes-like, or str of ASCII characters only.
class AsciiInput {
 public:
  Status take(ThreadState& ts, Obj value) {
    if (is_str(value)) {
      if (!as<Str>(value)->is_ascii()) {
        return raise_value_error(ts, "string argument should contain only ASCII characters");
      }
      text_ = as<Str>(value)->ascii();
      return kDone;
    }
    if (!BufferView::is_bytes_like(value)) {
      return raise_type_error(ts, "argument should be bytes, buffer or ASCII string, not '{t}'",
                              value);
    }
    OURO_TRY(buffer_.acquire(ts, value));
    text_ = buffer_.view();
    return kDone;
  }
  [[nodiscard]] std::string_view view() const { return text_; }

 private:
  BufferView buffer_;
  std::string_view text_;
};

/// Output whose length is known to be at most `most`.
class Output {
 public:
  explicit Output(ThreadState& ts) : ts_(ts) {}
  Status start(std::size_t most) {
    bytes_ = OURO_TRY(ByteArray::from(ts_, ""));
    return bytes_->resize(ts_, static_cast<std::int64_t>(most));
  }
  void put(int byte) { bytes_->data[size_++] = static_cast<char>(byte); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] char at(std::size_t index) const { return bytes_->data[index]; }
  void drop_to(std::size_t size) { size_ = size; }
  ObjResult finish() { return Bytes::from(ts_, {bytes_->data, size_}); }

 private:
  ThreadState& ts_;
  Ref<ByteArray> bytes_;
  std::size_t size_ = 0;
};

unsigned byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// -- base 64 --------------------------------------------------------------------------------------

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_value(unsigned c) {
  if (c >= 'A' && c <= 'Z') return static_cast<int>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<int>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0') + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

ObjResult a2b_base64(ThreadState& ts, Obj module, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "a2b_base64", {"data", "/", "*", "strict_mode"}, 1, values));
  AsciiInput input;
  OURO_TRY(input.take(ts, values[0]));
  const bool strict = values[1] && OURO_TRY(is_true(ts, values[1]));
  const std::string_view text = input.view();
  Output out(ts);
  OURO_TRY(out.start(text.size() / 4 * 3 + 3));
  if (strict && !text.empty() && text[0] == '=') {
    return raise(ts, error_type(module), "Leading padding not allowed");
  }
  int digits = 0;  // of the group of four
  int pads = 0;
  bool padding_started = false;
  unsigned rest = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned c = byte_at(text, i);
    if (c == '=') {
      padding_started = true;
      if (digits >= 2 && digits + ++pads >= 4) {
        if (strict && i + 1 < text.size()) {
          return raise(ts, error_type(module), "Excess data after padding");
        }
        return out.finish();
      }
      continue;
    }
    const int value = base64_value(c);
    if (value < 0) {
      if (strict) return raise(ts, error_type(module), "Only base64 data is allowed");
      continue;
    }
    if (strict && padding_started) {
      return raise(ts, error_type(module), "Discontinuous padding not allowed");
    }
    pads = 0;
    const auto bits = static_cast<unsigned>(value);
    switch (digits) {
      case 0:
        digits = 1;
        rest = bits;
        break;
      case 1:
        digits = 2;
        out.put(static_cast<int>((rest << 2) | (bits >> 4)));
        rest = bits & 0xf;
        break;
      case 2:
        digits = 3;
        out.put(static_cast<int>((rest << 4) | (bits >> 2)));
        rest = bits & 3;
        break;
      default:
        digits = 0;
        out.put(static_cast<int>((rest << 6) | bits));
        rest = 0;
    }
  }
  if (digits == 1) {
    return raise(ts, error_type(module),
                 "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more "
                 "than a multiple of 4",
                 static_cast<std::int64_t>(out.size() / 3 * 4 + 1));
  }
  if (digits != 0) return raise(ts, error_type(module), "Incorrect padding");
  return out.finish();
}

ObjResult b2a_base64(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "b2a_base64", {"data", "/", "*", "newline"}, 1, values));
  const bool newline = !values[1] || OURO_TRY(is_true(ts, values[1]));
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, values[0]));
  const std::string_view data = buffer.view();
  Output out(ts);
  OURO_TRY(out.start(data.size() / 3 * 4 + 8));
  std::size_t i = 0;
  for (; i + 3 <= data.size(); i += 3) {
    const unsigned bits = byte_at(data, i) << 16 | byte_at(data, i + 1) << 8 | byte_at(data, i + 2);
    for (int shift = 18; shift >= 0; shift -= 6) out.put(kBase64[(bits >> shift) & 63]);
  }
  if (const std::size_t left = data.size() - i; left > 0) {
    const unsigned bits = byte_at(data, i) << 16 | (left > 1 ? byte_at(data, i + 1) << 8 : 0);
    out.put(kBase64[bits >> 18]);
    out.put(kBase64[(bits >> 12) & 63]);
    out.put(left > 1 ? kBase64[(bits >> 6) & 63] : '=');
    out.put('=');
  }
  if (newline) out.put('\n');
  return out.finish();
}

// -- base 16 --------------------------------------------------------------------------------------

int hex_value(unsigned c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A') + 10;
  return -1;
}

ObjResult a2b_hex(ThreadState& ts, Obj module, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "a2b_hex", {"hexstr", "/"}, 1, values));
  AsciiInput input;
  OURO_TRY(input.take(ts, values[0]));
  const std::string_view text = input.view();
  if (text.size() % 2 != 0) return raise(ts, error_type(module), "Odd-length string");
  Output out(ts);
  OURO_TRY(out.start(text.size() / 2));
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(byte_at(text, i));
    const int low = hex_value(byte_at(text, i + 1));
    if (high < 0 || low < 0) return raise(ts, error_type(module), "Non-hexadecimal digit found");
    out.put(high * 16 + low);
  }
  return out.finish();
}

/// bytes.hex does the work: separators and all.
ObjResult b2a_hex(ThreadState& ts, Obj, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "b2a_hex", {"data", "sep", "bytes_per_sep"}, 1, values));
  Ref<Bytes> copy;
  {
    BufferView buffer;
    OURO_TRY(buffer.acquire(ts, values[0]));
    copy = OURO_TRY(Bytes::from(ts, buffer.view()));
  }
  Object* given[3] = {nullptr, nullptr, nullptr};
  std::size_t count = 0;
  if (values[1]) given[count++] = values[1].get();
  if (values[1] && values[2]) given[count++] = values[2].get();
  ObjRef text = OURO_TRY(call_method(ts, copy, OURO_TRY(intern(ts, "hex")), {given, count}));
  return Bytes::from(ts, as<Str>(text)->ascii());
}

// -- uuencode -------------------------------------------------------------------------------------

ObjResult a2b_uu(ThreadState& ts, Obj module, Args args) {
  AsciiInput input;
  OURO_TRY(input.take(ts, args[0]));
  const std::string_view text = input.view();
  std::size_t left = text.empty() ? 0 : (byte_at(text, 0) - ' ') & 63;
  Output out(ts);
  OURO_TRY(out.start(left));
  std::size_t at = 1;
  unsigned bits = 0;
  int have = 0;
  for (; left > 0; ++at) {
    unsigned c = at < text.size() ? byte_at(text, at) : 0;
    if (at >= text.size() || c == '\n' || c == '\r') {
      c = 0;  // the end of the line stands for missing spaces
      if (at < text.size()) --at;
    } else {
      if (c < ' ' || c > ' ' + 64) return raise(ts, error_type(module), "Illegal char");
      c = (c - ' ') & 63;
    }
    if (at >= text.size()) at = text.size();
    bits = bits << 6 | c;
    have += 6;
    if (have >= 8) {
      have -= 8;
      out.put(static_cast<int>(bits >> have & 0xff));
      bits &= (1u << have) - 1;
      --left;
    }
  }
  for (; at < text.size(); ++at) {
    const unsigned c = byte_at(text, at);
    if (c != ' ' && c != ' ' + 64 && c != '\n' && c != '\r') {
      return raise(ts, error_type(module), "Trailing garbage");
    }
  }
  return out.finish();
}

ObjResult b2a_uu(ThreadState& ts, Obj module, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "b2a_uu", {"data", "/", "*", "backtick"}, 1, values));
  const bool backtick = values[1] && OURO_TRY(is_true(ts, values[1]));
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, values[0]));
  const std::string_view data = buffer.view();
  if (data.size() > 45) return raise(ts, error_type(module), "At most 45 bytes at once");
  const auto digit = [&](unsigned value) {
    return static_cast<int>(value == 0 && backtick ? '`' : value + ' ');
  };
  Output out(ts);
  OURO_TRY(out.start(2 + (data.size() + 2) / 3 * 4));
  out.put(digit(static_cast<unsigned>(data.size())));
  for (std::size_t i = 0; i < data.size(); i += 3) {
    unsigned bits = byte_at(data, i) << 16;
    if (i + 1 < data.size()) bits |= byte_at(data, i + 1) << 8;
    if (i + 2 < data.size()) bits |= byte_at(data, i + 2);
    for (int shift = 18; shift >= 0; shift -= 6) out.put(digit((bits >> shift) & 63));
  }
  out.put('\n');
  return out.finish();
}

// -- quoted-printable -----------------------------------------------------------------------------

ObjResult a2b_qp(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "a2b_qp", {"data", "header"}, 1, values));
  AsciiInput input;
  OURO_TRY(input.take(ts, values[0]));
  const bool header = values[1] && OURO_TRY(is_true(ts, values[1]));
  const std::string_view text = input.view();
  Output out(ts);
  OURO_TRY(out.start(text.size()));
  for (std::size_t i = 0; i < text.size();) {
    const unsigned c = byte_at(text, i);
    if (c == '=') {
      if (++i >= text.size()) break;
      const unsigned next = byte_at(text, i);
      if (next == '\n' || next == '\r') {  // a soft line break
        while (i < text.size() && text[i] != '\n') ++i;
        if (i < text.size()) ++i;
      } else if (next == '=') {  // broken encoders write this
        out.put('=');
        ++i;
      } else if (i + 1 < text.size() && hex_value(next) >= 0 &&
                 hex_value(byte_at(text, i + 1)) >= 0) {
        out.put(hex_value(next) * 16 + hex_value(byte_at(text, i + 1)));
        i += 2;
      } else {
        out.put('=');
      }
      continue;
    }
    out.put(header && c == '_' ? ' ' : static_cast<int>(c));
    ++i;
  }
  return out.finish();
}

/// Writes quoted-printable with lines of at most 76 characters.
class QuotedPrinter {
 public:
  QuotedPrinter(Output& out, std::string_view data, bool quote_tabs, bool is_text, bool header)
      : out_(out), data_(data), quote_tabs_(quote_tabs), is_text_(is_text), header_(header) {
    // CRLF is kept when the data's first line ends so.
    const std::size_t end = data.find('\n');
    crlf_ = end != std::string_view::npos && end > 0 && data[end - 1] == '\r';
  }

  void run() {
    std::size_t i = 0;
    while (i < data_.size()) {
      const unsigned c = byte_at(data_, i);
      if (must_be_quoted(i)) {
        if (line_ + 3 >= kMaxLine) soft_break();
        put_hex(c);
        ++i;
        line_ += 3;
      } else if (is_text_ &&
                 (c == '\n' || (c == '\r' && i + 1 < data_.size() && data_[i + 1] == '\n'))) {
        line_ = 0;
        // A space at the end of a line would get lost.
        if (out_.size() > 0 && (last() == ' ' || last() == '\t')) {
          const auto space = static_cast<unsigned char>(last());
          out_.drop_to(out_.size() - 1);
          put_hex(space);
        }
        if (crlf_) out_.put('\r');
        out_.put('\n');
        i += c == '\r' ? 2 : 1;
      } else {
        if (i + 1 < data_.size() && data_[i + 1] != '\n' && line_ + 1 >= kMaxLine) soft_break();
        ++line_;
        out_.put(header_ && c == ' ' ? '_' : static_cast<int>(c));
        ++i;
      }
    }
  }

 private:
  static constexpr int kMaxLine = 76;

  [[nodiscard]] char last() const { return out_.at(out_.size() - 1); }

  [[nodiscard]] bool must_be_quoted(std::size_t i) const {
    const unsigned c = byte_at(data_, i);
    const bool at_end = i + 1 == data_.size();
    if (c > 126 || c == '=' || (header_ && c == '_')) return true;
    if (c == '.' && line_ == 0 &&
        (at_end || data_[i + 1] == '\n' || data_[i + 1] == '\r' || data_[i + 1] == 0)) {
      return true;
    }
    if (!is_text_ && (c == '\r' || c == '\n')) return true;
    if ((c == '\t' || c == ' ') && at_end) return true;
    if (c >= 33) return false;
    return c != '\r' && c != '\n' && (quote_tabs_ || (c != '\t' && c != ' '));
  }
  void soft_break() {
    out_.put('=');
    if (crlf_) out_.put('\r');
    out_.put('\n');
    line_ = 0;
  }
  void put_hex(unsigned c) {
    out_.put('=');
    out_.put("0123456789ABCDEF"[c >> 4]);
    out_.put("0123456789ABCDEF"[c & 15]);
  }

  Output& out_;
  std::string_view data_;
  bool quote_tabs_, is_text_, header_, crlf_;
  int line_ = 0;
};

ObjResult b2a_qp(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "b2a_qp", {"data", "quotetabs", "istext", "header"}, 1, values));
  const bool quote_tabs = values[1] && OURO_TRY(is_true(ts, values[1]));
  const bool is_text = !values[2] || OURO_TRY(is_true(ts, values[2]));
  const bool header = values[3] && OURO_TRY(is_true(ts, values[3]));
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, values[0]));
  Output out(ts);
  OURO_TRY(out.start(buffer.size() * 4 + 8));
  QuotedPrinter(out, buffer.view(), quote_tabs, is_text, header).run();
  return out.finish();
}

// -- checksums ------------------------------------------------------------------------------------

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table = {};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ ((value & 1) != 0 ? 0xEDB88320u : 0);
    table[i] = value;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kCrcTable = make_crc_table();

Result<std::uint32_t> start_value(ThreadState& ts, Args args, std::size_t index) {
  if (args.size() <= index) return std::uint32_t{0};
  ObjRef number = OURO_TRY(to_index(ts, args[index]));
  Ref<Int> mask = OURO_TRY(Int::from(ts, 0xffffffff));
  number = OURO_TRY(binary_op(ts, BinaryOp::And, number, mask));
  return static_cast<std::uint32_t>(OURO_TRY(int_as_int64(ts, number)));
}

ObjResult crc32_function(ThreadState& ts, Obj, Args args) {
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[0]));
  std::uint32_t crc = ~OURO_TRY(start_value(ts, args, 1));
  for (const char c : buffer.view()) {
    crc = crc >> 8 ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  }
  return Int::from(ts, static_cast<std::int64_t>(~crc));
}

/// CRC-CCITT of binhex: polynomial 0x1021.
ObjResult crc_hqx(ThreadState& ts, Obj, Args args) {
  BufferView buffer;
  OURO_TRY(buffer.acquire(ts, args[0]));
  std::uint32_t crc = OURO_TRY(start_value(ts, args, 1)) & 0xffff;
  for (const char c : buffer.view()) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc << 1 ^ ((crc & 0x8000) != 0 ? 0x1021u : 0)) & 0xffff;
  }
  return Int::from(ts, static_cast<std::int64_t>(crc));
}

constexpr MethodDef kFunctions[] = {
    {"a2b_uu", a2b_uu, 1, 1, MethodDef::kNone,
     "a2b_uu($module, data, /)\n--\n\nDecode a line of uuencoded data."},
    {"b2a_uu", b2a_uu, 0, -1, MethodDef::kKeywords,
     "b2a_uu($module, data, /, *, backtick=False)\n--\n\nUuencode line of data."},
    {"a2b_base64", a2b_base64, 0, -1, MethodDef::kKeywords,
     "a2b_base64($module, data, /, *, strict_mode=False)\n--\n\nDecode a line of base64 data."},
    {"b2a_base64", b2a_base64, 0, -1, MethodDef::kKeywords,
     "b2a_base64($module, data, /, *, newline=True)\n--\n\nBase64-code line of data."},
    {"a2b_hex", a2b_hex, 0, -1, MethodDef::kKeywords,
     "a2b_hex($module, hexstr, /)\n--\n\nBinary data of hexadecimal representation."},
    {"unhexlify", a2b_hex, 0, -1, MethodDef::kKeywords,
     "unhexlify($module, hexstr, /)\n--\n\nBinary data of hexadecimal representation."},
    {"b2a_hex", b2a_hex, 0, -1, MethodDef::kKeywords,
     "b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nHexadecimal "
     "representation of binary data."},
    {"hexlify", b2a_hex, 0, -1, MethodDef::kKeywords,
     "hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nHexadecimal "
     "representation of binary data."},
    {"crc_hqx", crc_hqx, 2, 2, MethodDef::kNone,
     "crc_hqx($module, data, crc, /)\n--\n\nCompute CRC-CCITT incrementally."},
    {"crc32", crc32_function, 1, 2, MethodDef::kNone,
     "crc32($module, data, crc=0, /)\n--\n\nCompute CRC-32 incrementally."},
    {"a2b_qp", a2b_qp, 0, -1, MethodDef::kKeywords,
     "a2b_qp($module, /, data, header=False)\n--\n\nDecode a string of qp-encoded data."},
    {"b2a_qp", b2a_qp, 0, -1, MethodDef::kKeywords,
     "b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)\n--\n\nEncode a string "
     "using quoted-printable encoding."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

/// An exception class of the module.
Result<Ref<Type>> make_exception_class(ThreadState& ts, const char* name, Borrowed<Type> base) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, "__module__", Obj(OURO_TRY(intern(ts, "binascii")))));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(base.get())));
  Ref<Str> text = OURO_TRY(intern(ts, name));
  ObjRef made = OURO_TRY(type_new(ts, ts.core.types.type, text, bases, dict, {}));
  return Ref<Type>::steal(as<Type>(made.release()));
}

}  // namespace

Result<Ref<Module>> create_binascii_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "binascii"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> error = OURO_TRY(make_exception_class(ts, "Error", ts.core.exceptions.ValueError));
  OURO_TRY(dict_set(ts, module->dict, "Error", Obj(error)));
  Ref<Type> incomplete =
      OURO_TRY(make_exception_class(ts, "Incomplete", ts.core.exceptions.Exception));
  OURO_TRY(dict_set(ts, module->dict, "Incomplete", Obj(incomplete)));
  auto* state = static_cast<Errors*>(allocate_raw(sizeof(Errors)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {error.release()};
  module->state = state;
  module->free_state = free_state;
  return module;
}

}  // namespace ouro
