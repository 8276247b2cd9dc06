// Methods that see bytes as ASCII text: case, predicates, trimming, padding, translate, decode,
// hex.
#include <algorithm>
#include <cstring>

#include "objects/bytes_internal.h"

namespace ouro {

namespace {

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_alpha(char c) { return is_upper(c) || is_lower(c); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char upper(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }
constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }
constexpr char swap_case(char c) { return is_lower(c) ? upper(c) : lower(c); }

/// A new object like `self` whose bytes `map(bytes, out)` writes.
template <class Map>
ObjResult mapped(ThreadState& ts, Obj self, Map map) {
  BufferView view;
  OURO_TRY(view.acquire(ts, self));
  if (view.size() == 0) return make_like(ts, self, std::string_view());
  char* out = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, self, static_cast<std::int64_t>(view.size()), out));
  map(view.view(), out);
  return made;
}

template <char (*kMap)(char)>
ObjResult map_method(ThreadState& ts, Obj self, Args) {
  return mapped(ts, self, [](std::string_view in, char* out) {
    std::transform(in.begin(), in.end(), out, kMap);
  });
}

ObjResult capitalize_method(ThreadState& ts, Obj self, Args) {
  return mapped(ts, self, [](std::string_view in, char* out) {
    std::transform(in.begin(), in.end(), out, lower);
    out[0] = upper(in[0]);
  });
}

ObjResult title_method(ThreadState& ts, Obj self, Args) {
  return mapped(ts, self, [](std::string_view in, char* out) {
    bool in_word = false;
    for (const char c : in) {
      *out++ = in_word ? lower(c) : upper(c);
      in_word = is_alpha(c);
    }
  });
}

template <bool (*kTest)(char)>
ObjResult all_pass(ThreadState& ts, Obj self, Args) {
  const std::string_view bytes = bytes_of(self);
  return ts.core.bool_ref(!bytes.empty() && std::all_of(bytes.begin(), bytes.end(), kTest));
}

ObjResult isascii_method(ThreadState& ts, Obj self, Args) {
  const std::string_view bytes = bytes_of(self);
  return ts.core.bool_ref(std::all_of(bytes.begin(), bytes.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < 128; }));
}

template <bool (*kWanted)(char), bool (*kRefused)(char)>
ObjResult all_cased(ThreadState& ts, Obj self, Args) {
  const std::string_view bytes = bytes_of(self);
  return ts.core.bool_ref(std::any_of(bytes.begin(), bytes.end(), kWanted) &&
                          std::none_of(bytes.begin(), bytes.end(), kRefused));
}

ObjResult istitle_method(ThreadState& ts, Obj self, Args) {
  bool found = false;
  bool in_word = false;
  for (const char c : bytes_of(self)) {
    if ((is_upper(c) && in_word) || (is_lower(c) && !in_word)) return ts.core.bool_ref(false);
    in_word = is_alpha(c);
    found = found || in_word;
  }
  return ts.core.bool_ref(found);
}

// -- trimming and padding
// ------------------------------------------------------------------------------------------------

enum class Ends : std::uint8_t { Left, Right, Both };

template <Ends kEnds>
ObjResult strip_method(ThreadState& ts, Obj self, Args args) {
  BufferView view, given;
  OURO_TRY(view.acquire(ts, self));
  std::string_view set = " \t\n\r\v\f";
  if (args.count > 0 && !is_none(args[0])) {
    OURO_TRY(given.acquire(ts, args[0]));
    set = given.view();
  }
  std::string_view rest = view.view();
  while (kEnds != Ends::Right && !rest.empty() && set.find(rest.front()) != std::string_view::npos)
    rest.remove_prefix(1);
  while (kEnds != Ends::Left && !rest.empty() && set.find(rest.back()) != std::string_view::npos)
    rest.remove_suffix(1);
  if (rest.size() == view.size() && is_kind(self, TypeKind::Bytes)) return self.new_ref();
  return make_like(ts, self, rest);
}

ObjResult pad(ThreadState& ts, Obj self, std::int64_t left, std::int64_t right, char fill) {
  BufferView view;
  OURO_TRY(view.acquire(ts, self));
  if (left <= 0 && right <= 0) {
    if (is_kind(self, TypeKind::Bytes)) return self.new_ref();
    return make_like(ts, self, view.view());
  }
  const auto length = static_cast<std::int64_t>(view.size());
  if (left > kMaxBytesLength - length || right > kMaxBytesLength - length - left)
    return raise_no_memory(ts);
  char* out = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, self, left + length + right, out));
  out = std::fill_n(out, left, fill);
  out = std::copy_n(view.data(), length, out);
  std::fill_n(out, right, fill);
  return made;
}

enum class Align : std::uint8_t { Left, Center, Right };

template <Align kAlign>
ObjResult justify_method(ThreadState& ts, Obj self, Args args) {
  const std::int64_t width =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  char fill = ' ';
  if (args.count > 1) {
    const bool usable = is_bytes(args[1]) || (BufferView::is_bytes_like(args[1]) &&
                                              !is_kind(args[1], TypeKind::Memoryview));
    if (!usable || bytes_of(args[1]).size() != 1) {
      return raise_type_error(ts, "{}() argument 2 must be a byte string of length 1, not {n}",
                              kAlign == Align::Left    ? "ljust"
                              : kAlign == Align::Right ? "rjust"
                                                       : "center",
                              args[1]);
    }
    fill = bytes_of(args[1])[0];
  }
  const std::int64_t room =
      std::max<std::int64_t>(width - static_cast<std::int64_t>(bytes_of(self).size()), 0);
  std::int64_t left = 0;
  if (kAlign == Align::Right) left = room;
  if (kAlign == Align::Center) left = room / 2 + (room & width & 1);
  return pad(ts, self, left, room - left, fill);
}

ObjResult zfill_method(ThreadState& ts, Obj self, Args args) {
  const std::int64_t width =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  const std::string_view bytes = bytes_of(self);
  const std::int64_t room = width - static_cast<std::int64_t>(bytes.size());
  const char first = bytes.empty() ? '\0' : bytes[0];
  ObjRef padded = OURO_TRY(pad(ts, self, room, 0, '0'));
  if (room > 0 && (first == '+' || first == '-')) {
    char* out = const_cast<char*>(bytes_of(padded).data());  // new: nobody else has seen it
    out[0] = first;
    out[room] = '0';
  }
  return padded;
}

ObjResult expandtabs_method(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "expandtabs", {"tabsize"}, 0, given));
  constexpr std::int64_t kUsual = 8;
  const std::int64_t tab =
      given[0] ? OURO_TRY(index_as_int64(ts, given[0], ts.core.exceptions.OverflowError)) : kUsual;
  if (tab > INT32_MAX || tab < INT32_MIN) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  BufferView view;
  OURO_TRY(view.acquire(ts, self));
  const auto walk = [&](auto emit) {
    std::int64_t column = 0;
    for (const char c : view.view()) {
      if (c == '\t') {
        const std::int64_t spaces = tab > 0 ? tab - column % tab : 0;
        emit(' ', spaces);
        column += spaces;
        continue;
      }
      emit(c, 1);
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
  };
  std::int64_t length = 0;
  walk([&](char, std::int64_t count) { length += count; });
  if (length == 0) return make_like(ts, self, std::string_view());
  char* out = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, self, length, out));
  walk([&](char c, std::int64_t count) { out = std::fill_n(out, count, c); });
  return made;
}

// -- conversions
// ---------------------------------------------------------------------------------------------------------

ObjResult translate_method(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "translate", {"/table", "delete"}, 1, given));
  BufferView view, table, gone;
  OURO_TRY(view.acquire(ts, self));
  const bool mapping = !is_none(given[0]);
  if (mapping) {
    OURO_TRY(table.acquire(ts, given[0]));
    if (table.size() != 256)
      return raise_value_error(ts, "translation table must be 256 characters long");
  }
  bool dropped[256] = {};
  if (given[1]) {
    OURO_TRY(gone.acquire(ts, given[1]));
    for (const char c : gone.view()) dropped[static_cast<unsigned char>(c)] = true;
  }
  const auto kept = std::count_if(view.view().begin(), view.view().end(),
                                  [&](char c) { return !dropped[static_cast<unsigned char>(c)]; });
  if (kept == 0) return make_like(ts, self, std::string_view());
  char* out = nullptr;
  ObjRef made = OURO_TRY(make_like(ts, self, kept, out));
  for (const char c : view.view()) {
    const auto byte = static_cast<unsigned char>(c);
    if (!dropped[byte]) *out++ = mapping ? table.view()[byte] : c;
  }
  return made;
}

ObjResult maketrans_method(ThreadState& ts, Obj, Args args) {
  BufferView from, to;
  OURO_TRY(from.acquire(ts, args[0]));
  OURO_TRY(to.acquire(ts, args[1]));
  if (from.size() != to.size())
    return raise_value_error(ts, "maketrans arguments must have same length");
  Ref<Bytes> table = OURO_TRY(Bytes::make(ts, 256));
  for (int i = 0; i < 256; ++i) table->data()[i] = static_cast<char>(i);
  for (std::size_t i = 0; i < from.size(); ++i) {
    table->data()[static_cast<unsigned char>(from.view()[i])] = to.view()[i];
  }
  return table;
}

ObjResult decode_method(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "decode", {"encoding", "errors"}, 0, given));
  CodecName encoding("utf-8");
  CodecName errors("strict");
  OURO_TRY(encoding.read(ts, given[0], "decode", "encoding"));
  OURO_TRY(errors.read(ts, given[1], "decode", "errors"));
  BufferView view;
  OURO_TRY(view.acquire(ts, self));
  return decode_bytes(ts, view.view(), encoding.c_str(), errors.c_str());
}

ObjResult hex_method(ThreadState& ts, Obj self, Args args) {
  BufferView view;
  OURO_TRY(view.acquire(ts, self));
  return hex_text(ts, view.view(), args);
}

int hex_digit(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return static_cast<int>((c | 0x20) - 'a' + 10);
  return -1;
}

/// bytes.fromhex: pairs of digits, white space between pairs.
ObjResult fromhex_method(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0]))
    return raise_type_error(ts, "fromhex() argument must be str, not {n}", args[0]);
  const Str* text = as<Str>(args[0]);
  Ref<Bytes> room = OURO_TRY(Bytes::make(ts, text->length / 2));
  std::size_t count = 0;
  for (std::int64_t i = 0; i < text->length;) {
    if (text->at(i) < 128 && is_space(static_cast<char>(text->at(i)))) {
      ++i;
      continue;
    }
    const int high = hex_digit(text->at(i));
    const int low = high >= 0 && i + 1 < text->length ? hex_digit(text->at(i + 1)) : -1;
    if (low < 0) {
      return raise_value_error(ts, "non-hexadecimal number found in fromhex() arg at position {}",
                               static_cast<long>(high < 0 ? i : i + 1));
    }
    room->data()[count++] = static_cast<char>(high << 4 | low);
    i += 2;
  }
  const std::string_view bytes = {room->data(), count};
  Borrowed<Type> type = as<Type>(self);
  if (type.get() == ts.core.types.bytes) return Bytes::from(ts, bytes);
  if (type.get() == ts.core.types.bytearray) return ByteArray::from(ts, bytes);
  Ref<Bytes> exact = OURO_TRY(Bytes::from(ts, bytes));
  return call(ts, self, exact);
}

}  // namespace

const MethodDef kBytesTextMethods[] = {
    {"capitalize", capitalize_method, 0, 0, 0,
     "B.capitalize() -> copy of B\n\nThe first byte in upper case and the rest in lower case "
     "(ASCII)."},
    {"center", justify_method<Align::Center>, 1, 2, 0,
     "center($self, width, fillchar=b' ', /)\n--\n\nReturn a centered copy of that width."},
    {"decode", decode_method, 0, -1, MethodDef::kKeywords,
     "decode($self, /, encoding='utf-8', errors='strict')\n--\n\nDecode the bytes to a text."},
    {"expandtabs", expandtabs_method, 0, -1, MethodDef::kKeywords,
     "expandtabs($self, /, tabsize=8)\n--\n\nReturn a copy with tabs replaced by spaces up to the "
     "next tab stop."},
    {"fromhex", fromhex_method, 1, 1, MethodDef::kClass,
     "fromhex($type, string, /)\n--\n\nCreate from a text of hexadecimal digits, two a byte; "
     "spaces between are allowed."},
    {"hex", hex_method, 0, -1, MethodDef::kKeywords,
     "hex([sep[, bytes_per_sep]])\n\nReturn the bytes as hexadecimal digits, with separators "
     "between groups if asked for.\n\n>>> b'\\x0a\\xff\\x10'.hex(' ')\n'0a ff 10'"},
    {"isalnum", all_pass<is_alnum>, 0, 0, 0,
     "B.isalnum() -> bool\n\nTrue if there are bytes and all are letters or digits."},
    {"isalpha", all_pass<is_alpha>, 0, 0, 0,
     "B.isalpha() -> bool\n\nTrue if there are bytes and all are letters."},
    {"isascii", isascii_method, 0, 0, 0, "B.isascii() -> bool\n\nTrue if all bytes are ASCII."},
    {"isdigit", all_pass<is_digit>, 0, 0, 0,
     "B.isdigit() -> bool\n\nTrue if there are bytes and all are digits."},
    {"islower", all_cased<is_lower, is_upper>, 0, 0, 0,
     "B.islower() -> bool\n\nTrue if there are letters and all are lower case."},
    {"isspace", all_pass<is_space>, 0, 0, 0,
     "B.isspace() -> bool\n\nTrue if there are bytes and all are white space."},
    {"istitle", istitle_method, 0, 0, 0, "B.istitle() -> bool\n\nTrue if B is in title case."},
    {"isupper", all_cased<is_upper, is_lower>, 0, 0, 0,
     "B.isupper() -> bool\n\nTrue if there are letters and all are upper case."},
    {"ljust", justify_method<Align::Left>, 1, 2, 0,
     "ljust($self, width, fillchar=b' ', /)\n--\n\nReturn a copy of that width with the bytes at "
     "the left."},
    {"lower", map_method<lower>, 0, 0, 0, "B.lower() -> copy of B in lower case (ASCII)"},
    {"lstrip", strip_method<Ends::Left>, 0, 1, 0,
     "lstrip($self, bytes=None, /)\n--\n\nReturn a copy without white space (or those bytes) in "
     "front."},
    {"maketrans", maketrans_method, 2, 2, MethodDef::kStatic,
     "maketrans(frm, to, /)\n--\n\nReturn a table for translate() that maps each byte of frm to "
     "that of to."},
    {"rjust", justify_method<Align::Right>, 1, 2, 0,
     "rjust($self, width, fillchar=b' ', /)\n--\n\nReturn a copy of that width with the bytes at "
     "the right."},
    {"rstrip", strip_method<Ends::Right>, 0, 1, 0,
     "rstrip($self, bytes=None, /)\n--\n\nReturn a copy without white space (or those bytes) at "
     "the end."},
    {"strip", strip_method<Ends::Both>, 0, 1, 0,
     "strip($self, bytes=None, /)\n--\n\nReturn a copy without white space (or those bytes) at "
     "both ends."},
    {"swapcase", map_method<swap_case>, 0, 0, 0,
     "B.swapcase() -> copy of B with upper and lower case exchanged (ASCII)"},
    {"title", title_method, 0, 0, 0,
     "B.title() -> copy of B\n\nWords start with upper case, the rest is lower case (ASCII)."},
    {"translate", translate_method, 1, -1, MethodDef::kKeywords,
     "translate($self, table, /, delete=b'')\n--\n\nReturn a copy without the bytes of delete, the "
     "others mapped by the\n"
     "table of 256 bytes (None: as they are)."},
    {"upper", map_method<upper>, 0, 0, 0, "B.upper() -> copy of B in upper case (ASCII)"},
    {"zfill", zfill_method, 1, 1, 0,
     "zfill($self, width, /)\n--\n\nReturn a copy with zeros in front, after its sign, up to the "
     "width."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
