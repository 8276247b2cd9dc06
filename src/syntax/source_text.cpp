// Decoding of source bytes: byte order mark, coding cookie, UTF-8 validation, line ends.
#include "syntax/source_text.h"

#include <cctype>
#include <string>

#include "syntax/raise.h"

namespace ouro::syntax {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Length of the UTF-8 sequence that starts with `lead`, 0 for a byte that cannot start one.
int sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

/// How many of the bytes at `position` form a valid beginning of one character; `complete` when all
/// do.
int valid_bytes(std::string_view text, std::size_t position, bool surrogates, bool& complete) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char lead = byte(position);
  int length = sequence_length(lead);
  complete = false;
  if (length == 0) return 0;
  for (int i = 1; i < length; ++i) {
    if (position + static_cast<std::size_t>(i) >= text.size()) return i;
    unsigned char next = byte(position + static_cast<std::size_t>(i));
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (i == 1) {
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED && !surrogates) high = 0x9F;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    }
    if (next < low || next > high) return i;
  }
  complete = true;
  return length;
}

bool is_cookie_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

/// The name in a coding cookie on `line`, or empty. `blank` tells whether a second line may hold
/// one.
std::string_view cookie_on_line(std::string_view line, bool& blank) {
  std::size_t i = 0;
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f')) ++i;
  blank = i == line.size() || line[i] == '#';
  if (i == line.size() || line[i] != '#') return {};
  for (std::size_t at = line.find("coding", i); at != std::string_view::npos;
       at = line.find("coding", at + 1)) {
    std::size_t p = at + 6;
    if (p >= line.size() || (line[p] != ':' && line[p] != '=')) continue;
    do {
      ++p;
    } while (p < line.size() && (line[p] == ' ' || line[p] == '\t'));
    std::size_t begin = p;
    while (p < line.size() && is_cookie_char(line[p])) ++p;
    if (p > begin) return line.substr(begin, p - begin);
  }
  return {};
}

std::string_view find_cookie(std::string_view bytes) {
  for (int line_number = 0; line_number < 2 && !bytes.empty(); ++line_number) {
    std::size_t end = bytes.find_first_of("\r\n");
    bool blank = false;
    std::string_view name = cookie_on_line(bytes.substr(0, end), blank);
    if (!name.empty() || !blank || end == std::string_view::npos) return name;
    std::size_t skip =
        bytes[end] == '\r' && end + 1 < bytes.size() && bytes[end + 1] == '\n' ? 2 : 1;
    bytes.remove_prefix(end + skip);
  }
  return {};
}

enum class Encoding { Utf8, Latin1, Ascii, Unknown };

/// Lower case, '_' as '-'; the families utf-8-* and latin-1-* count as their heads.
std::string_view normal_name(std::string_view name, std::pmr::memory_resource& arena) {
  std::string_view copy = copy_text(arena, name);
  char* data = const_cast<char*>(copy.data());  // our own fresh copy
  for (std::size_t i = 0; i < copy.size(); ++i) {
    data[i] =
        data[i] == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(data[i])));
  }
  if (copy == "utf-8" || copy.starts_with("utf-8-")) return "utf-8";
  if (copy == "latin-1" || copy == "iso-8859-1" || copy == "iso-latin-1" ||
      copy.starts_with("latin-1-") || copy.starts_with("iso-8859-1-") ||
      copy.starts_with("iso-latin-1-")) {
    return "iso-8859-1";
  }
  return copy;
}

Encoding encoding_called(std::string_view name) {
  if (name == "utf-8" || name == "utf8" || name == "u8" || name == "cp65001") return Encoding::Utf8;
  if (name == "iso-8859-1" || name == "iso8859-1" || name == "latin1" || name == "latin" ||
      name == "l1" || name == "8859" || name == "cp819") {
    return Encoding::Latin1;
  }
  if (name == "ascii" || name == "us-ascii" || name == "646") return Encoding::Ascii;
  return Encoding::Unknown;
}

[[noreturn]] void raise_unplaced(std::string_view message, bool has_position = true) {
  SyntaxRaise raise{};
  raise.failure.has_position = has_position;
  raise.failure.message = message;
  raise.failure.column = -1;
  raise.failure.end_column = -1;
  raise.failure.has_text = false;
  raise.origin = SyntaxRaise::Origin::Final;
  throw raise;
}

/// The error at the first byte that is not UTF-8.
[[noreturn]] void raise_not_utf8(std::string_view text, std::size_t position, bool declared,
                                 const ParseOptions& options, std::pmr::memory_resource& arena) {
  int line = options.first_line;
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < position; ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n'))) {
      ++line;
      line_begin = i + 1;
    }
  }
  auto byte = static_cast<unsigned char>(text[position]);
  if (options.source == SourceKind::File && !declared) {
    raise_unplaced(format_text(
        arena,
        "Non-UTF-8 code starting with '\\x%.2x' in file %.*s on line %i, but no encoding declared; "
        "see https://peps.python.org/pep-0263/ for details",
        byte, static_cast<int>(options.filename.size()), options.filename.data(), line));
  }
  SyntaxRaise raise{};
  std::string_view error = utf8_error_text(text, position, arena);
  raise.failure.message =
      format_text(arena, "(unicode error) %.*s", static_cast<int>(error.size()), error.data());
  raise.failure.line = line;
  int column = static_cast<int>(position - line_begin) + 1;
  raise.failure.column = raise.failure.end_column = column;
  raise.failure.end_line = line;
  std::size_t line_end = text.find_first_of("\r\n", line_begin);
  std::string_view line_text = text.substr(line_begin, line_end - line_begin);
  std::pmr::string shown(&arena);
  for (std::size_t i = 0; i < line_text.size();) {
    bool complete = false;
    int length = valid_bytes(line_text, i, false, complete);
    if (complete) {
      shown.append(line_text.substr(i, static_cast<std::size_t>(length)));
    } else {
      shown.append("\xEF\xBF\xBD");
    }
    i += static_cast<std::size_t>(length == 0 ? 1 : length);
  }
  shown.push_back('\n');
  raise.failure.text = copy_text(arena, shown);
  raise.origin = SyntaxRaise::Origin::Final;
  throw raise;
}

/// Copies with every line end as "\n"; one more at the end when `final_newline` and none is there.
std::string_view with_plain_newlines(std::string_view text, bool final_newline, bool latin1,
                                     std::pmr::memory_resource& arena) {
  std::size_t room = latin1 ? text.size() * 2 + 1 : text.size() + 1;
  char* out = static_cast<char*>(arena.allocate(room, 1));
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
      c = '\n';
    }
    if (latin1 && static_cast<unsigned char>(c) >= 0x80) {
      size += static_cast<std::size_t>(encode_char(static_cast<unsigned char>(c), out + size));
    } else {
      out[size++] = c;
    }
  }
  if (final_newline && size != 0 && out[size - 1] != '\n') out[size++] = '\n';
  return {out, size};
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text, bool surrogates) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    bool complete = false;
    int length = valid_bytes(text, i, surrogates, complete);
    if (!complete) return i;
    i += static_cast<std::size_t>(length);
  }
  return i;
}

std::string_view utf8_error_text(std::string_view text, std::size_t position,
                                 std::pmr::memory_resource& arena) {
  bool complete = false;
  int valid = valid_bytes(text, position, false, complete);
  auto byte = static_cast<unsigned char>(text[position]);
  if (valid == 0) {
    return format_text(
        arena, "'utf-8' codec can't decode byte 0x%02x in position 0: invalid start byte", byte);
  }
  bool at_end = position + static_cast<std::size_t>(valid) >= text.size();
  const char* reason = at_end ? "unexpected end of data" : "invalid continuation byte";
  if (valid == 1) {
    return format_text(arena, "'utf-8' codec can't decode byte 0x%02x in position 0: %s", byte,
                       reason);
  }
  return format_text(arena, "'utf-8' codec can't decode bytes in position 0-%d: %s", valid - 1,
                     reason);
}

std::string_view decode_source(std::string_view bytes, const ParseOptions& options,
                               std::pmr::memory_resource& arena) {
  bool final_newline = options.mode == ParseMode::File;
  if (options.source != SourceKind::File && bytes.find('\0') != std::string_view::npos) {
    SyntaxRaise raise{};
    raise.failure.kind = FailureKind::ValueError;
    raise.failure.message = "source code string cannot contain null bytes";
    raise.failure.has_position = false;
    raise.failure.has_text = false;
    raise.origin = SyntaxRaise::Origin::Final;
    throw raise;
  }
  if (options.source == SourceKind::Str) {
    std::size_t valid = valid_utf8_prefix(bytes, true);
    if (valid != bytes.size()) raise_not_utf8(bytes, valid, true, options, arena);
    return with_plain_newlines(bytes, final_newline, false, arena);
  }
  bool marked = bytes.starts_with(kByteOrderMark);
  if (marked) bytes.remove_prefix(kByteOrderMark.size());
  std::string_view cookie = find_cookie(bytes);
  Encoding encoding = Encoding::Utf8;
  if (!cookie.empty()) {
    std::string_view name = normal_name(cookie, arena);
    encoding = encoding_called(name);
    if (marked && name != "utf-8") {
      raise_unplaced(format_text(arena, "encoding problem: %.*s with BOM",
                                 static_cast<int>(name.size()), name.data()));
    }
    if (encoding == Encoding::Unknown) {
      raise_unplaced(format_text(
          arena,
          options.source == SourceKind::File ? "encoding problem: %.*s" : "unknown encoding: %.*s",
          static_cast<int>(cookie.size()), cookie.data()),
          options.source != SourceKind::File);
    }
  }
  if (encoding == Encoding::Latin1) return with_plain_newlines(bytes, final_newline, true, arena);
  if (encoding == Encoding::Ascii) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      auto byte = static_cast<unsigned char>(bytes[i]);
      if (byte < 0x80) continue;
      if (options.source == SourceKind::File) raise_unplaced("encoding problem: ascii", false);
      raise_unplaced(format_text(
          arena,
          "'ascii' codec can't decode byte 0x%02x in position %zu: ordinal not in range(128)", byte,
          i));
    }
  }
  std::size_t valid = valid_utf8_prefix(bytes, false);
  if (valid != bytes.size()) raise_not_utf8(bytes, valid, !cookie.empty(), options, arena);
  return with_plain_newlines(bytes, final_newline, false, arena);
}

char32_t decode_char(std::string_view text, std::size_t& position) {
  auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  char32_t lead = byte(position);
  std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (position + length > text.size()) length = 1;  // only in text that was never valid
  char32_t c = length == 1   ? lead
               : length == 2 ? lead & 0x1F
               : length == 3 ? lead & 0x0F
                             : lead & 0x07;
  for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (byte(position + i) & 0x3F);
  position += length;
  return c;
}

int encode_char(char32_t c, char* out) {
  if (c < 0x80) {
    out[0] = static_cast<char>(c);
    return 1;
  }
  if (c < 0x800) {
    out[0] = static_cast<char>(0xC0 | (c >> 6));
    out[1] = static_cast<char>(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (c >> 12));
    out[1] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out[2] = static_cast<char>(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (c >> 18));
  out[1] = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
  out[2] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
  out[3] = static_cast<char>(0x80 | (c & 0x3F));
  return 4;
}

}  // namespace ouro::syntax
