// One line of a source file, and where the markers below it change: the parts of a traceback that
// read source text.

#include <cstdio>
#include <cstring>

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/str.h"
#include "objects/traceback_text.h"

namespace ouro {

namespace {

/// A growing buffer of bytes from the heap.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  ~ByteBuffer() {
    if (data_ != nullptr) free_raw(data_);
  }
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;
  [[nodiscard]] bool push(char c) {
    if (size_ == capacity_) {
      const std::size_t wanted = capacity_ == 0 ? 120 : capacity_ * 2;
      void* grown = reallocate_raw(data_, wanted);
      if (grown == nullptr) return false;
      data_ = static_cast<char*>(grown);
      capacity_ = wanted;
    }
    data_[size_++] = c;
    return true;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::string_view view() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

class File {
 public:
  explicit File(const char* path) : file_(std::fopen(path, "rbe")) {}
  ~File() {
    if (file_ != nullptr) std::fclose(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] bool ok() const { return file_ != nullptr; }
  int next() { return std::getc(file_); }
  void back(int c) { std::ungetc(c, file_); }

 private:
  std::FILE* file_;
};

enum class ReadLine : std::uint8_t { Line, End, NoMemory };

/// Reads up to the next line end ("\n", "\r", "\r\n"), which is left out.
ReadLine read_line(File& file, ByteBuffer& line) {
  line.clear();
  bool any = false;
  for (;;) {
    const int c = file.next();
    if (c == EOF) return any ? ReadLine::Line : ReadLine::End;
    any = true;
    if (c == '\n') return ReadLine::Line;
    if (c == '\r') {
      const int after = file.next();
      if (after != '\n' && after != EOF) file.back(after);
      return ReadLine::Line;
    }
    if (!line.push(static_cast<char>(c))) return ReadLine::NoMemory;
  }
}

constexpr std::size_t kMaxEncodingName = 40;

/// The encoding that a comment in one of the first two lines declares; false when there is none.
bool declared_encoding(std::string_view line, char (&name)[kMaxEncodingName]) {
  const std::size_t hash = line.find_first_not_of(" \t\f");
  if (hash == std::string_view::npos || line[hash] != '#') return false;
  for (std::size_t at = line.find("coding"); at != std::string_view::npos;
       at = line.find("coding", at + 1)) {
    std::size_t i = at + 6;
    if (i >= line.size() || (line[i] != ':' && line[i] != '=')) continue;
    ++i;
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
    std::size_t length = 0;
    const auto is_name = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_' || c == '.';
    };
    while (i < line.size() && length + 1 < kMaxEncodingName && is_name(line[i]))
      name[length++] = line[i++];
    name[length] = '\0';
    return length != 0;
  }
  return false;
}

}  // namespace

Result<bool> append_source_line(ThreadState& ts, StrBuilder& out, Borrowed<Str> filename,
                                int number) {
  // "<stdin>" and "<string>" are no files.
  if (number < 1 || filename->length == 0) return false;
  if (filename->at(0) == U'<' && filename->at(filename->length - 1) == U'>') return false;
  Utf8 path(filename);
  if (!path.ok()) return raise_no_memory(ts);
  if (path.view().find('\0') != std::string_view::npos) return false;
  File file(path.c_str());
  if (!file.ok()) return false;
  ByteBuffer line;
  char encoding[kMaxEncodingName] = "utf-8";
  for (int at = 1; at <= number; ++at) {
    switch (read_line(file, line)) {
      case ReadLine::NoMemory:
        return raise_no_memory(ts);
      case ReadLine::End:
        return false;
      case ReadLine::Line:
        break;
    }
    if (at <= 2) declared_encoding(line.view(), encoding);
  }
  std::string_view text = line.view();
  if (number == 1 && text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  auto decoded = decode_bytes(ts, text, encoding, "replace");
  if (decoded.raised()) {
    if (pending_matches(ts, ts.core.exceptions.MemoryError)) return Raised{};
    clear_pending(ts);
    return false;
  }
  ObjRef shown = decoded.take();
  if (!is_str(shown)) return false;
  OURO_TRY(out.append(Borrowed<Str>(as<Str>(shown))));
  return true;
}

// -- anchors
// -------------------------------------------------------------------------------------------------------

namespace {

/// Reads the tokens of one expression outside of brackets, remembering the weakest operator and the
/// last bracket pair.
///
/// Binary operators by strength, weakest first: | ^ & shifts, + -, * @ / // %, **. All group to the
/// left but **.
class AnchorScanner {
 public:
  explicit AnchorScanner(Borrowed<Str> text) : text_(text), length_(text->length) {}

  Anchors scan() {
    while (!failed_ && skip_space() && at_ < length_) token();
    if (failed_ || !after_operand_) return {};
    if (operator_ >= 0) {
      // An operator sign at the start binds weaker than ** alone: -a ** b is a negation.
      if (strength_ == kPower && starts_with_sign_) return {};
      return binary_anchors();
    }
    if (starts_with_sign_ || starts_with_await_ || !ends_in_subscript_) return {};
    return {subscript_value_end_, subscript_slice_end_ + 1};
  }

 private:
  static constexpr int kPower = 6;

  [[nodiscard]] char32_t peek(std::int64_t offset = 0) const {
    return at_ + offset < length_ ? text_->at(at_ + offset) : U'\0';
  }
  static bool is_blank(char32_t c) { return c == U' ' || c == U'\t' || c == U'\f'; }
  static bool is_word_start(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'_' || c >= 0x80;
  }
  static bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
  static bool is_word(char32_t c) { return is_word_start(c) || is_digit(c); }
  static bool is_quote(char32_t c) { return c == U'\'' || c == U'"'; }

  bool skip_space() {
    while (at_ < length_ && is_blank(peek())) ++at_;
    return true;
  }

  void operand(std::int64_t end) {
    after_operand_ = true;
    ends_in_subscript_ = false;
    operand_end_ = end;
  }

  void token() {
    const char32_t c = peek();
    if (is_quote(c)) {
      string();
    } else if (is_digit(c) || (c == U'.' && is_digit(peek(1)))) {
      number();
    } else if (is_word_start(c)) {
      word();
    } else if (c == U'(' || c == U'[' || c == U'{') {
      bracket();
    } else if (c == U'.' && after_operand_) {
      ++at_;
      skip_space();
      if (!is_word_start(peek())) {
        failed_ = true;
        return;
      }
      while (is_word(peek())) ++at_;
      operand(at_);
    } else {
      operation();
    }
  }

  void string() {
    const char32_t quote = peek();
    const bool triple = peek(1) == quote && peek(2) == quote;
    at_ += triple ? 3 : 1;
    while (at_ < length_) {
      if (peek() == U'\\') {
        at_ += 2;
      } else if (peek() == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
        at_ += triple ? 3 : 1;
        operand(at_);
        return;
      } else {
        ++at_;
      }
    }
    failed_ = true;
  }

  void number() {
    while (at_ < length_) {
      const char32_t c = peek();
      const bool exponent_sign =
          (c == U'+' || c == U'-') && (text_->at(at_ - 1) == U'e' || text_->at(at_ - 1) == U'E');
      if (!is_word(c) && c != U'.' && !exponent_sign) break;
      ++at_;
    }
    operand(at_);
  }

  [[nodiscard]] bool word_is(std::int64_t start, std::string_view wanted) const {
    if (at_ - start != static_cast<std::int64_t>(wanted.size())) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (text_->at(start + static_cast<std::int64_t>(i)) != static_cast<unsigned char>(wanted[i]))
        return false;
    }
    return true;
  }

  void word() {
    const std::int64_t start = at_;
    while (is_word(peek())) ++at_;
    if (is_quote(peek()) && at_ - start <= 2) {  // a string prefix: r'', Rb""
      string();
      return;
    }
    if (word_is(start, "await") && !after_operand_) {
      if (start == 0) starts_with_await_ = true;
      return;
    }
    // Words that bind weaker than any operator here, or start a statement.
    for (const char* keyword :
         {"and",   "or",   "not",   "in",       "is",     "if",       "else", "lambda",
          "yield", "for",  "async", "return",   "raise",  "assert",   "del",  "import",
          "from",  "pass", "break", "continue", "global", "nonlocal", "with", "while",
          "as",    "def",  "class", "try",      "except", "finally",  "elif"}) {
      if (word_is(start, keyword)) failed_ = true;
    }
    if (after_operand_) failed_ = true;  // two operands in a row: no expression
    operand(at_);
  }

  /// Skips a bracket pair with all it holds. After an operand, square brackets are a subscript.
  void bracket() {
    const std::int64_t start = at_;
    const bool is_trailer = after_operand_;
    const std::int64_t value_end = operand_end_;
    const std::int64_t inner_end = skip_brackets();
    if (inner_end < 0) {
      failed_ = true;
      return;
    }
    operand(at_);
    if (is_trailer && text_->at(start) == U'[') {
      ends_in_subscript_ = true;
      subscript_value_end_ = tree_end(0, value_end);
      subscript_slice_end_ = tree_end(start + 1, inner_end);
    }
  }

  /// From an opening bracket to behind its partner; the end of the last token inside, or -1. Notes
  /// in `groups_` whether a parenthesis only groups (no tuple, no generator).
  std::int64_t skip_brackets() {
    std::int64_t depth = 0;
    std::int64_t last_end = at_ + 1;
    bool empty = true;
    bool makes_object = false;
    while (at_ < length_) {
      const char32_t c = peek();
      if (is_quote(c)) {
        string();
        if (failed_) return -1;
        last_end = at_;
        empty = false;
        continue;
      }
      if (depth == 1 && is_word_start(c)) {
        const std::int64_t start = at_;
        while (is_word(peek())) ++at_;
        makes_object = makes_object || word_is(start, "for") || word_is(start, "yield");
        last_end = at_;
        empty = false;
        continue;
      }
      ++at_;
      if (c == U'#') return -1;
      if (c == U')' || c == U']' || c == U'}') {
        if (--depth == 0) {
          groups_ = !empty && !makes_object;
          return last_end;
        }
      }
      if (depth == 1 && c == U',') makes_object = true;
      if (!is_blank(c)) {
        last_end = at_;
        empty = depth == 0;
      }
      if (c == U'(' || c == U'[' || c == U'{') ++depth;
    }
    return -1;
  }

  /// Where the tree of the text [from, end) ends: parentheses around all of it do not belong to it.
  std::int64_t tree_end(std::int64_t from, std::int64_t end) const {
    for (;;) {
      AnchorScanner inner(text_);
      inner.at_ = from;
      inner.skip_space();
      if (inner.peek() != U'(') return end;
      from = inner.at_ + 1;
      const std::int64_t inner_end = inner.skip_brackets();
      if (inner_end < 0 || inner.at_ != end || !inner.groups_) return end;
      end = inner_end;
    }
  }

  void operation() {
    const std::int64_t start = at_;
    const char32_t c = peek();
    const char32_t next = peek(1);
    if (!after_operand_) {
      if (c == U'+' || c == U'-' || c == U'~') {
        if (start == 0) starts_with_sign_ = true;
        ++at_;
        return;
      }
      failed_ = true;
      return;
    }
    int strength = -1;
    std::int64_t size = 1;
    switch (c) {
      case U'|':
        strength = 0;
        break;
      case U'^':
        strength = 1;
        break;
      case U'&':
        strength = 2;
        break;
      case U'<':
      case U'>':
        if (next == c) {
          strength = 3;
          size = 2;
        }
        break;
      case U'+':
      case U'-':
        strength = 4;
        break;
      case U'*':
        strength = next == U'*' ? kPower : 5;
        size = next == U'*' ? 2 : 1;
        break;
      case U'/':
        strength = 5;
        size = next == U'/' ? 2 : 1;
        break;
      case U'@':
      case U'%':
        strength = 5;
        break;
      default:
        break;
    }
    // Comparisons, commas, assignments and anything unknown leave no binary operation on top.
    if (strength < 0 || text_at(start + size) == U'=') {
      failed_ = true;
      return;
    }
    const bool weaker =
        operator_ < 0 || strength < strength_ || (strength == strength_ && strength != kPower);
    if (weaker) {
      operator_ = start;
      operator_size_ = size;
      left_end_ = operand_end_;
      strength_ = strength;
    }
    at_ += size;
    after_operand_ = false;
    ends_in_subscript_ = false;
  }

  [[nodiscard]] char32_t text_at(std::int64_t index) const {
    return index < length_ ? text_->at(index) : U'\0';
  }

  /// Where the right operand's tree starts: parentheses around it do not belong to it.
  std::int64_t right_start(std::int64_t from) {
    at_ = from;
    skip_space();
    while (peek() == U'(') {
      const std::int64_t open = at_;
      AnchorScanner inner(text_);
      inner.at_ = open;
      if (inner.skip_brackets() < 0 || !inner.groups_) break;
      inner.skip_space();
      if (inner.at_ < length_ && inner.peek() != U')')
        break;  // more follows: the parentheses are part of a larger operand
      at_ = open + 1;
      skip_space();
    }
    return at_;
  }

  /// The first sign behind the left operand's tree, and one more if no blank follows it: CPython
  /// finds the operator so, and takes a closing parenthesis of the left operand for it.
  Anchors binary_anchors() {
    std::int64_t left = tree_end(0, left_end_);
    while (is_blank(text_at(left))) ++left;
    const std::int64_t right = right_start(operator_ + operator_size_);
    Anchors result{left, left + 1};
    if (left + 1 < right && !is_blank(text_at(left + 1))) ++result.right;
    return result;
  }

  Borrowed<Str> text_;
  std::int64_t length_;
  std::int64_t at_ = 0;
  std::int64_t operand_end_ = 0;
  std::int64_t operator_ = -1;
  std::int64_t operator_size_ = 1;
  std::int64_t left_end_ = 0;  // of the operand before the operator
  int strength_ = 0;
  std::int64_t subscript_value_end_ = 0;
  std::int64_t subscript_slice_end_ = 0;
  bool after_operand_ = false;
  bool ends_in_subscript_ = false;
  bool starts_with_sign_ = false;
  bool starts_with_await_ = false;
  bool groups_ = false;
  bool failed_ = false;
};

}  // namespace

Anchors find_anchors(Borrowed<Str> segment) { return AnchorScanner(segment).scan(); }

}  // namespace ouro
