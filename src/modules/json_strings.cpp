// Module _json: JSON string literals, read and written.
#include "modules/json.h"

namespace ouro {

Raised raise_json_error(ThreadState& ts, const char* message, Obj text, std::int64_t position) {
  ObjRef decoder = OURO_TRY(import_by_name(ts, "json.decoder"));
  // import gives the package; the class is in the submodule, entered under its full name.
  const Lookup module =
      dict_lookup(ts, ts.core.modules, OURO_TRY(Str::from_utf8(ts, "json.decoder")));
  if (module.failed) return Raised{};
  if (module.value != nullptr) decoder = Obj(module.value).new_ref();
  ObjRef type = OURO_TRY(get_attribute(ts, decoder, "JSONDecodeError"));
  Ref<Str> shown = OURO_TRY(Str::from_utf8(ts, message));
  Ref<Int> at = OURO_TRY(Int::from(ts, position));
  return raise_object(ts, OURO_TRY(call(ts, type, shown, text, at)));
}

namespace {

int hex_digit(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A') + 10;
  return -1;
}

/// Four hexadecimal digits from `start` on; false: others stand there.
bool four_digits(const Str* text, std::int64_t start, char32_t& value) {
  value = 0;
  for (std::int64_t i = start; i < start + 4; ++i) {
    const int digit = hex_digit(text->at(i));
    if (digit < 0) return false;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  return true;
}

int simple_escape(char32_t c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return static_cast<int>(c);
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return -1;
  }
}

/// The character after "\u", whose first digit stands at `at`; `at` moves behind it.
Result<char32_t> unicode_escape(ThreadState& ts, Str* text, std::int64_t& at) {
  static constexpr const char* kInvalid = "Invalid \\uXXXX escape";
  char32_t value = 0;
  if (at + 4 >= text->length) return raise_json_error(ts, kInvalid, text, at - 1);
  if (!four_digits(text, at, value)) return raise_json_error(ts, kInvalid, text, at - 1);
  at += 4;
  const bool high = value >= 0xD800 && value <= 0xDBFF;
  if (!high || at + 6 >= text->length || text->at(at) != '\\' || text->at(at + 1) != 'u') {
    return value;
  }
  char32_t low = 0;
  if (!four_digits(text, at + 2, low)) return raise_json_error(ts, kInvalid, text, at + 1);
  if (low < 0xDC00 || low > 0xDFFF) return value;
  at += 6;
  return 0x10000 + ((value - 0xD800) << 10 | (low - 0xDC00));
}

}  // namespace

Result<Ref<Str>> json_scan_string(ThreadState& ts, Str* text, std::int64_t start, bool strict,
                                  std::int64_t& end) {
  const std::int64_t quote = start - 1;
  StrBuilder out(ts);
  bool plain = true;  // no piece was put into `out` yet
  for (std::int64_t piece = start, at = start;; ++at) {
    if (at >= text->length) {
      return raise_json_error(ts, "Unterminated string starting at", text, quote);
    }
    const char32_t c = text->at(at);
    if (c == '"') {
      end = at + 1;
      if (plain) return text->slice(ts, piece, at);
      OURO_TRY(out.append(Borrowed<Str>(text), piece, at));
      return out.finish();
    }
    if (c < 0x20 && strict) return raise_json_error(ts, "Invalid control character at", text, at);
    if (c != '\\') continue;
    plain = false;
    OURO_TRY(out.append(Borrowed<Str>(text), piece, at));
    if (++at >= text->length) {
      return raise_json_error(ts, "Unterminated string starting at", text, quote);
    }
    const char32_t letter = text->at(at);
    if (letter == 'u') {
      std::int64_t next = at + 1;
      OURO_TRY(out.append(OURO_TRY(unicode_escape(ts, text, next))));
      piece = next;
    } else {
      const int meant = simple_escape(letter);
      if (meant < 0) return raise_json_error(ts, "Invalid \\escape", text, at - 1);
      OURO_TRY(out.append(static_cast<char32_t>(meant)));
      piece = at + 1;
    }
    at = piece - 1;
  }
}

Status json_quote(ThreadState&, StrBuilder& out, Str* text, bool ascii_only) {
  OURO_TRY(out.append(U'"'));
  std::int64_t piece = 0;
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (c >= 0x20 && c != '"' && c != '\\' && !(ascii_only && c > 0x7e)) continue;
    OURO_TRY(out.append(Borrowed<Str>(text), piece, i));
    piece = i + 1;
    char escape[16];
    static constexpr std::string_view kLetters = "\b\f\n\r\t";
    if (c == '"' || c == '\\') {
      std::snprintf(escape, sizeof escape, "\\%c", static_cast<char>(c));
    } else if (c < 0x20 && kLetters.find(static_cast<char>(c)) != std::string_view::npos) {
      std::snprintf(escape, sizeof escape, "\\%c", "bfnrt"[kLetters.find(static_cast<char>(c))]);
    } else if (c >= 0x10000) {
      std::snprintf(escape, sizeof escape, "\\u%04x\\u%04x",
                    static_cast<unsigned>(0xD800 + ((c - 0x10000) >> 10)),
                    static_cast<unsigned>(0xDC00 + ((c - 0x10000) & 0x3ff)));
    } else {
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
    }
    OURO_TRY(out.append(std::string_view(escape)));
  }
  OURO_TRY(out.append(Borrowed<Str>(text), piece, text->length));
  return out.append(U'"');
}

}  // namespace ouro
