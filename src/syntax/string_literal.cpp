// Prefixes and escapes of string literals.
#include "syntax/string_literal.h"

#include "syntax/raise.h"
#include "syntax/source_text.h"

namespace ouro::syntax {
namespace {

/// Python counts positions in a form where a character outside ASCII takes the ten bytes of
/// \Uxxxxxxxx.
constexpr std::size_t kEscapedCharWidth = 10;
constexpr std::size_t kEscapedBackslashWidth = 6;
constexpr int kLastOctal = 0377;
constexpr char32_t kLastCodePoint = 0x10FFFF;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The character a one-letter escape stands for, or -1.
int simple_escape(char c) {
  switch (c) {
    case '\\':
    case '\'':
    case '"':
      return c;
    case 'a':
      return '\a';
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
    case 'v':
      return '\v';
    default:
      return -1;
  }
}

/// Up to three octal digits from `i` on.
int octal_escape(std::string_view body, std::size_t& i) {
  int value = 0;
  for (int digits = 0; digits < 3 && i < body.size() && body[i] >= '0' && body[i] <= '7';
       ++digits) {
    value = value * 8 + (body[i++] - '0');
  }
  return value;
}

/// Keeps the first escape to warn about.
void note_odd(EscapeReport& report, std::string_view escape) {
  if (report.odd_escape.empty()) report.odd_escape = escape;
}

void append_char(std::pmr::string& out, char32_t c) {
  char bytes[4];
  out.append(bytes, static_cast<std::size_t>(encode_char(c, bytes)));
}

std::string_view unicode_error(std::pmr::memory_resource& arena, std::size_t first,
                               std::size_t last, const char* reason) {
  if (first == last) {
    return format_text(
        arena, "(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position %zu: %s",
        first, reason);
  }
  return format_text(
      arena, "(unicode error) 'unicodeescape' codec can't decode bytes in position %zu-%zu: %s",
      first, last, reason);
}

/// Decodes one str literal; keeps the position Python would report.
class StrEscapes {
 public:
  StrEscapes(std::string_view body, const ParseOptions& options, std::pmr::memory_resource& arena,
             std::pmr::string& out)
      : body_(body), options_(options), arena_(arena), out_(out) {}

  EscapeReport run() {
    while (i_ < body_.size() && report_.error.empty()) {
      auto byte = static_cast<unsigned char>(body_[i_]);
      if (byte == '\\') {
        escape();
      } else if (byte < 0x80) {
        out_.push_back(body_[i_++]);
        ++position_;
      } else {
        std::size_t begin = i_;
        decode_char(body_, i_);
        out_.append(body_.substr(begin, i_ - begin));
        position_ += kEscapedCharWidth;
      }
    }
    return report_;
  }

 private:
  void escape() {
    std::size_t start = position_;
    std::size_t begin = i_++;
    if (i_ == body_.size() || static_cast<unsigned char>(body_[i_]) >= 0x80) {
      // Before a character outside ASCII, or a field, it is just a backslash: \u005c to Python.
      out_.push_back('\\');
      position_ = start + kEscapedBackslashWidth;
      return;
    }
    char c = body_[i_++];
    if (c == '\n') {
    } else if (int simple = simple_escape(c); simple >= 0) {
      out_.push_back(static_cast<char>(simple));
    } else if (c >= '0' && c <= '7') {
      --i_;
      std::size_t digits = i_;
      int value = octal_escape(body_, i_);
      if (value > kLastOctal) note_odd(report_, body_.substr(digits, i_ - digits));
      append_char(out_, static_cast<char32_t>(value));
    } else if (c == 'x') {
      hex(start, 2, "truncated \\xXX escape");
    } else if (c == 'u') {
      hex(start, 4, "truncated \\uXXXX escape");
    } else if (c == 'U') {
      hex(start, 8, "truncated \\UXXXXXXXX escape");
    } else if (c == 'N') {
      named(start);
    } else {
      note_odd(report_, body_.substr(i_ - 1, 1));
      out_.push_back('\\');
      out_.push_back(c);
    }
    position_ = start + (i_ - begin);
  }

  void hex(std::size_t start, int digits, const char* truncated) {
    char32_t value = 0;
    for (int n = 0; n < digits; ++n) {
      int digit = i_ < body_.size() ? hex_value(body_[i_]) : -1;
      if (digit < 0) {
        report_.error =
            unicode_error(arena_, start, start + 1 + static_cast<std::size_t>(n), truncated);
        return;
      }
      value = value * 16 + static_cast<char32_t>(digit);
      ++i_;
    }
    if (value > kLastCodePoint) {
      report_.error = unicode_error(arena_, start, start + 1 + static_cast<std::size_t>(digits),
                                    "illegal Unicode character");
      return;
    }
    append_char(out_, value);
  }

  /// \N{name}, from behind the N.
  void named(std::size_t start) {
    if (i_ >= body_.size() || body_[i_] != '{') {
      report_.error = unicode_error(arena_, start, start + 1, "malformed \\N character escape");
      return;
    }
    std::size_t close = body_.find('}', i_);
    if (close == std::string_view::npos || close == i_ + 1) {
      std::size_t last = start + 2 + (close == std::string_view::npos ? body_.size() - i_ - 1 : 0);
      report_.error = unicode_error(arena_, start, last, "malformed \\N character escape");
      return;
    }
    std::string_view name = body_.substr(i_ + 1, close - i_ - 1);
    std::size_t last = start + 1 + (close - i_ + 1);
    i_ = close + 1;
    if (options_.lookup_name == nullptr) {
      report_.error =
          unicode_error(arena_, start, last,
                        "this build has no table of Unicode character names for \\N escapes");
      return;
    }
    char32_t found[8];
    int count = options_.lookup_name(options_.lookup_context, name, found);
    if (count == 0) {
      report_.error = unicode_error(arena_, start, last, "unknown Unicode character name");
      return;
    }
    for (int n = 0; n < count; ++n) append_char(out_, found[n]);
  }

  std::string_view body_;
  const ParseOptions& options_;
  std::pmr::memory_resource& arena_;
  std::pmr::string& out_;
  EscapeReport report_;
  std::size_t i_ = 0;
  std::size_t position_ = 0;
};

}  // namespace

StringParts take_apart(std::string_view token) {
  StringParts parts;
  std::size_t i = 0;
  for (; token[i] != '\'' && token[i] != '"'; ++i) {
    switch (token[i] | 0x20) {
      case 'b':
        parts.bytes = true;
        break;
      case 'r':
        parts.raw = true;
        break;
      case 'f':
        parts.formatted = true;
        break;
      default:
        parts.u_prefix = token[i] == 'u';
        break;  // Python marks only the lower-case prefix
    }
  }
  token.remove_prefix(i);
  bool triple = token.size() >= 6 && token[1] == token[0] && token[2] == token[0];
  std::size_t quotes = triple ? 3 : 1;
  parts.body = token.substr(quotes, token.size() - 2 * quotes);
  return parts;
}

EscapeReport decode_str_escapes(std::string_view body, const ParseOptions& options,
                                std::pmr::memory_resource& arena, std::pmr::string& out) {
  return StrEscapes(body, options, arena, out).run();
}

EscapeReport decode_bytes_escapes(std::string_view body, std::pmr::memory_resource& arena,
                                  std::pmr::string& out) {
  EscapeReport report;
  for (std::size_t i = 0; i < body.size();) {
    if (body[i] != '\\') {
      out.push_back(body[i++]);
      continue;
    }
    std::size_t start = i++;
    if (i == body.size()) {
      report.error = "(value error) Trailing \\ in string";
      return report;
    }
    char c = body[i++];
    if (c == '\n') continue;
    if (int simple = simple_escape(c); simple >= 0) {
      out.push_back(static_cast<char>(simple));
    } else if (c >= '0' && c <= '7') {
      --i;
      std::size_t digits = i;
      int value = octal_escape(body, i);
      if (value > kLastOctal) note_odd(report, body.substr(digits, i - digits));
      out.push_back(static_cast<char>(value));
    } else if (c == 'x') {
      int high = i < body.size() ? hex_value(body[i]) : -1;
      int low = i + 1 < body.size() ? hex_value(body[i + 1]) : -1;
      if (high < 0 || low < 0) {
        report.error =
            format_text(arena, "(value error) invalid \\x escape at position %zu", start);
        return report;
      }
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      note_odd(report, body.substr(i - 1, 1));
      out.push_back('\\');
      out.push_back(c);
    }
  }
  return report;
}

}  // namespace ouro::syntax
