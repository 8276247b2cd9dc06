// Runs of string tokens to one Constant or JoinedStr; the inside of f-strings.
//
// Terms
//   field    a replacement field {expression = !conversion :spec}
//   level    0 in the literal itself, 1 in a field's format specification; deeper is an error
//   pending  literal text since the last field, not yet a Constant
//
// A field's expression is cut out by matching brackets and quotes, wrapped in parentheses (so that
// it may start with white space and span lines) and given to a parser of its own. Errors in it are
// reported in the columns of that wrapped text, as CPython 3.11 does.
#include <cctype>
#include <string>

#include "syntax/parser_impl.h"
#include "syntax/string_literal.h"

namespace ouro::syntax {

/// Collects literal text and fields of one run of string tokens.
class StringBuilder {
 public:
  StringBuilder(Parser& parser, Span span, bool u_prefix)
      : parser_(parser), pending_(&parser.memory_), span_(span), u_prefix_(u_prefix) {}

  void add_token(const Token& token);
  /// A Constant when no token had an f prefix, else a JoinedStr.
  Expr* finish(bool bytes);

 private:
  struct Scanner {
    const char* cur;
    const char* end;
    bool raw;
    const Token& token;
    [[nodiscard]] bool done() const { return cur >= end; }
  };
  using Parts = std::pmr::vector<Expr*>;

  void decode(std::string_view body, bool raw, bool bytes, const Token& token,
              std::pmr::string& out);
  void scan(Scanner& in, int level, std::pmr::string& pending, Parts& parts);
  bool scan_literal(Scanner& in, int level, std::pmr::string& pending);
  Expr* scan_field(Scanner& in, int level, std::pmr::string& pending);
  const char* find_field_end(Scanner& in);
  Expr* parse_field(Scanner& in, const char* begin, const char* end);
  void flush(std::pmr::string& pending, Parts& parts, Span span);
  Constant* make_constant(std::string_view text, ConstantTag tag, Span span);
  JoinedStr* make_joined(const Parts& parts, Span span);
  [[noreturn]] void error(std::string_view message) { parser_.raise_last(message); }
  [[noreturn]] void expecting_brace() { error("f-string: expecting '}'"); }

  Parser& parser_;
  std::pmr::string pending_;
  Parts parts_{&parser_.memory_};
  Span span_;
  bool u_prefix_;
  bool formatted_ = false;
};

Expr* Parser::strings() {
  Mark start = mark_;
  bool bytes = take_apart(peek().text).bytes;
  while (at(TokenType::String)) ++mark_;
  StringBuilder builder(*this, span_from(start), tokens_[start].text[0] == 'u');
  for (Mark i = start; i < mark_; ++i) {
    const Token token = tokens_[i];
    StringParts parts = take_apart(token.text);
    // An error in a plain literal comes before the mixture, one in an f-string after it.
    if (!parts.formatted) builder.add_token(token);
    if (parts.bytes != bytes) raise_last("cannot mix bytes and nonbytes literals");
    if (parts.formatted) builder.add_token(token);
  }
  return builder.finish(bytes);
}

void StringBuilder::add_token(const Token& token) {
  StringParts parts = take_apart(token.text);
  if (parts.bytes) {
    for (char c : parts.body) {
      if (static_cast<unsigned char>(c) >= 0x80) {
        error("bytes can only contain ASCII literal characters");
      }
    }
  }
  if (!parts.formatted) {
    decode(parts.body, parts.raw, parts.bytes, token, pending_);
    return;
  }
  formatted_ = true;
  Scanner in{parts.body.data(), parts.body.data() + parts.body.size(), parts.raw, token};
  scan(in, 0, pending_, parts_);
}

Constant* StringBuilder::make_constant(std::string_view text, ConstantTag tag, Span span) {
  auto* made = parser_.node<Constant>(span);
  made->value.tag = tag;
  made->value.text = copy_text(parser_.ast_.arena(), text);
  made->u_prefix = u_prefix_;
  return made;
}

JoinedStr* StringBuilder::make_joined(const Parts& parts, Span span) {
  auto* made = parser_.node<JoinedStr>(span);
  made->values = {parser_.allocate<Expr*>(parts.size()), parts.size()};
  for (std::size_t i = 0; i < parts.size(); ++i) made->values.data[i] = parts[i];
  return made;
}

void StringBuilder::flush(std::pmr::string& pending, Parts& parts, Span span) {
  if (pending.empty()) return;
  parts.push_back(make_constant(pending, ConstantTag::Str, span));
  pending.clear();
}

Expr* StringBuilder::finish(bool bytes) {
  if (!formatted_) {
    return make_constant(pending_, bytes ? ConstantTag::Bytes : ConstantTag::Str, span_);
  }
  flush(pending_, parts_, span_);
  return make_joined(parts_, span_);
}

/// Appends `body` with its escapes resolved; warns about the first unknown one.
void StringBuilder::decode(std::string_view body, bool raw, bool bytes, const Token& token,
                           std::pmr::string& out) {
  if (raw || body.find('\\') == std::string_view::npos) {
    out.append(body);
    return;
  }
  std::pmr::memory_resource& arena = parser_.ast_.arena();
  EscapeReport report = bytes ? decode_bytes_escapes(body, arena, out)
                              : decode_str_escapes(body, parser_.options_, arena, out);
  if (!report.error.empty()) error(report.error);
  if (!report.odd_escape.empty()) {
    const char* sort = report.odd_escape.size() > 1 ? "octal " : "";
    parser_.warn(parser_.text("invalid %sescape sequence '\\%.*s'", sort,
                              static_cast<int>(report.odd_escape.size()), report.odd_escape.data()),
                 token.line);
  }
}

void StringBuilder::scan(Scanner& in, int level, std::pmr::string& pending, Parts& parts) {
  for (;;) {
    bool doubled = scan_literal(in, level, pending);
    if (doubled) continue;
    if (in.done() || *in.cur == '}') break;
    Expr* field = scan_field(in, level, pending);
    flush(pending, parts, span_);
    parts.push_back(field);
  }
  if (level == 0 && !in.done()) error("f-string: unexpected end of string");
  if (level != 0 && (in.done() || *in.cur != '}')) expecting_brace();
}

/// Literal text up to a field, the end of the specification or the end; true after a doubled brace.
bool StringBuilder::scan_literal(Scanner& in, int level, std::pmr::string& pending) {
  const char* begin = in.cur;
  const char* s = in.cur;
  bool doubled = false;
  while (s < in.end) {
    char c = *s++;
    if (!in.raw && c == '\\' && s < in.end) {
      c = *s++;
      if (c == 'N') {
        // The braces of \N{...} are no field.
        if (s < in.end && *s++ == '{') {
          while (s < in.end && *s++ != '}') {
          }
        }
        continue;
      }
      if (c == '{') parser_.warn("invalid escape sequence '\\{'", in.token.line);
    }
    if (c != '{' && c != '}') continue;
    if (level == 0) {
      if (s < in.end && *s == c) {
        doubled = true;
        in.cur = s + 1;
        break;
      }
      if (c == '}') error("f-string: single '}' is not allowed");
    }
    --s;
    break;
  }
  if (!doubled) in.cur = s;
  decode({begin, static_cast<std::size_t>(s - begin)}, in.raw, false, in.token, pending);
  return doubled;
}

/// From in.cur to the character that ends the field's expression.
const char* StringBuilder::find_field_end(Scanner& in) {
  char quote = '\0';
  bool triple = false;
  int depth = 0;
  char open[kMaxBrackets];
  for (; !in.done(); ++in.cur) {
    char c = *in.cur;
    auto next_is = [&](char wanted, int ahead) {
      return in.cur + ahead < in.end && in.cur[ahead] == wanted;
    };
    if (c == '\\') error("f-string expression part cannot include a backslash");
    if (quote != '\0') {
      if (c != quote) continue;
      if (triple && !(next_is(c, 1) && next_is(c, 2))) continue;
      if (triple) in.cur += 2;
      quote = '\0';
      continue;
    }
    if (c == '\'' || c == '"') {
      triple = next_is(c, 1) && next_is(c, 2);
      if (triple) in.cur += 2;
      quote = c;
      continue;
    }
    if (c == '[' || c == '{' || c == '(') {
      if (depth >= kMaxBrackets) error("f-string: too many nested parenthesis");
      open[depth++] = c;
      continue;
    }
    if (c == '#') error("f-string expression part cannot include '#'");
    if (depth == 0 && (c == '!' || c == ':' || c == '}' || c == '=' || c == '<' || c == '>')) {
      if (c != ':' && c != '}' && next_is('=', 1)) {
        ++in.cur;
        continue;
      }
      if (c == '<' || c == '>') continue;
      break;
    }
    if (c == ']' || c == '}' || c == ')') {
      if (depth == 0) error(parser_.text("f-string: unmatched '%c'", c));
      char opening = open[--depth];
      char expected = opening == '(' ? ')' : opening == '[' ? ']' : '}';
      if (c != expected) {
        error(parser_.text(
            "f-string: closing parenthesis '%c' does not match opening parenthesis '%c'", c,
            opening));
      }
    }
  }
  if (quote != '\0') error("f-string: unterminated string");
  if (depth != 0) error(parser_.text("f-string: unmatched '%c'", open[depth - 1]));
  return in.cur;
}

/// A field from its '{' to behind its '}'. The text of a `{x=}` field goes to `pending`.
Expr* StringBuilder::scan_field(Scanner& in, int level, std::pmr::string& pending) {
  if (level >= 2) error("f-string: expressions nested too deeply");
  const char* begin = ++in.cur;
  const char* end = find_field_end(in);
  if (in.done()) expecting_brace();
  Expr* value = parse_field(in, begin, end);
  int conversion = -1;
  Expr* format_spec = nullptr;
  bool shows_text = false;
  if (*in.cur == '=') {
    if (parser_.options_.feature_version < 8) {
      parser_.raise_at(
          span_,
          "f-string: self documenting expressions are only supported in Python 3.8 and greater");
    }
    ++in.cur;
    while (!in.done() && std::isspace(static_cast<unsigned char>(*in.cur)) != 0) ++in.cur;
    if (in.done()) expecting_brace();
    pending.append(begin, static_cast<std::size_t>(in.cur - begin));
    shows_text = true;
  }
  if (*in.cur == '!') {
    ++in.cur;
    if (in.done()) expecting_brace();
    conversion = static_cast<unsigned char>(*in.cur++);
    if (conversion != 's' && conversion != 'r' && conversion != 'a') {
      error("f-string: invalid conversion character: expected 's', 'r', or 'a'");
    }
  }
  if (in.done()) expecting_brace();
  if (*in.cur == ':') {
    ++in.cur;
    if (in.done()) expecting_brace();
    std::pmr::string spec_pending(&parser_.memory_);
    Parts spec_parts(&parser_.memory_);
    scan(in, level + 1, spec_pending, spec_parts);
    // Python places a specification, and the text that ends it, at its own token.
    Span own = Parser::span_of(in.token);
    flush(spec_pending, spec_parts, own);
    format_spec = make_joined(spec_parts, own);
  }
  if (in.done() || *in.cur != '}') expecting_brace();
  ++in.cur;
  if (shows_text && format_spec == nullptr && conversion == -1) conversion = 'r';
  auto* made = parser_.node<FormattedValue>(span_);
  made->value = value;
  made->conversion = conversion;
  made->format_spec = format_spec;
  return made;
}

Expr* StringBuilder::parse_field(Scanner& in, const char* begin, const char* end) {
  const char* first = begin;
  while (first < end && (*first == ' ' || *first == '\t' || *first == '\n' || *first == '\f'))
    ++first;
  if (first == end) {
    if (*end == '!' || *end == ':' || *end == '=') {
      error(parser_.text("f-string: expression required before '%c'", *end));
    }
    error("f-string: empty expression not allowed");
  }
  auto size = static_cast<std::size_t>(end - begin);
  char* wrapped = parser_.allocate<char>(size + 3);
  wrapped[0] = '(';
  std::memcpy(wrapped + 1, begin, size);
  wrapped[size + 1] = ')';
  wrapped[size + 2] = '\n';

  // Where the wrapped text's first line stands: its '(' takes the place of the '{'.
  const char* token_begin = in.token.text.data();
  const char* brace = begin - 1;
  int lines = 0;
  for (const char* p = token_begin; p < brace; ++p) lines += *p == '\n';
  const char* after_spaces = begin;
  while (*after_spaces == ' ' || *after_spaces == '\t' || *after_spaces == '\f') ++after_spaces;
  int columns = 0;
  if (*after_spaces != '\n') {
    const char* line_begin = brace;
    while (line_begin > token_begin && *line_begin != '\n') --line_begin;
    columns = static_cast<int>(brace - line_begin);
    if (*line_begin == '\n' && lines != 0) --columns;
  }
  FStringPlace place;
  place.active = true;
  place.first_line = in.token.line + lines;
  place.column_shift = lines != 0 ? columns : in.token.col + columns;

  LexerOptions lexing;
  lexing.first_line = place.first_line;
  Lexer lexer({wrapped, size + 3}, lexing, parser_.ast_.arena());
  Parser inner(parser_.ast_, lexer, parser_.options_, parser_.memory_, place, parser_.depth_);
  Expr* value = inner.run_fstring();
  for (const auto& note : lexer.warnings()) parser_.warn(note.message, note.line, note.category);
  for (const auto& note : inner.warnings()) parser_.warn(note.message, note.line, note.category);
  return value;
}

}  // namespace ouro::syntax
