// The % operator of str and bytes. Bytes are handled as texts of characters up to 255 and turned
// back at the end.
#include "objects/percent_format.h"

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstring>

#include "objects/float.h"
#include "objects/str_internal.h"

namespace ouro {

namespace {

/// One conversion: "%(key)-+ #0width.precision type".
struct Conversion {
  bool left = false, plus = false, blank = false, alternate = false, zero = false;
  std::int64_t width = -1;
  std::int64_t precision = -1;
  char32_t type = 0;
  [[nodiscard]] bool plain() const { return width < 0 && precision < 0 && !plus && !blank; }
};

/// What a conversion gives: sign and prefix stand before zeros, the body after them.
struct Converted {
  Ref<Str> text;
  bool numeric = false;
  std::int64_t prefix = 0;  // characters of "0x" behind the sign
};

class PercentFormatter {
 public:
  PercentFormatter(ThreadState& ts, Borrowed<Str> pattern, Obj args, bool for_bytes)
      : ts_(ts), pattern_(pattern), args_(args.new_ref()), for_bytes_(for_bytes), out_(ts) {
    if (is_tuple(args)) {
      tuple_size_ = as<Tuple>(args)->size;
    } else {
      const bool text =
          is_str(args) || (for_bytes && (is_bytes(args) || is_kind(args, TypeKind::ByteArray)));
      if (args->type()->mapping.subscript != nullptr && !text) mapping_ = args.new_ref();
    }
  }

  Result<Ref<Str>> run() {
    const std::int64_t end = pattern_->length;
    while (at_ < end) {
      const std::int64_t percent = str_find_character(pattern_.get(), '%', at_, end);
      OURO_TRY(out_.append(pattern_, at_, percent < 0 ? end : percent));
      if (percent < 0) break;
      at_ = percent + 1;
      if (at_ < end && pattern_->at(at_) == '%') {
        OURO_TRY(out_.append(static_cast<char32_t>('%')));
        ++at_;
        continue;
      }
      OURO_TRY(convert_one());
    }
    const bool unused = tuple_size_ >= 0 ? next_ < tuple_size_ : !single_used_;
    if (unused && !mapping_) {
      return raise_type_error(ts_, "not all arguments converted during {} formatting",
                              for_bytes_ ? "bytes" : "string");
    }
    return out_.finish();
  }

 private:
  Raised raise_incomplete() { return raise_value_error(ts_, "incomplete format"); }

  ObjResult next_argument() {
    if (tuple_size_ >= 0 && next_ < tuple_size_) return as<Tuple>(args_)->at(next_++).new_ref();
    if (tuple_size_ < 0 && !single_used_) {
      single_used_ = true;
      return args_.new_ref();
    }
    return raise_type_error(ts_, "not enough arguments for format string");
  }

  /// Takes the value under "(key)" as the one argument.
  Status read_key() {
    if (!mapping_) return raise_type_error(ts_, "format requires a mapping");
    const std::int64_t start = ++at_;
    for (int open = 1; open > 0; ++at_) {
      if (at_ == pattern_->length) return raise_value_error(ts_, "incomplete format key");
      const char32_t c = pattern_->at(at_);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    Ref<Str> text = OURO_TRY(pattern_->slice(ts_, start, at_ - 1));
    ObjRef key;
    if (for_bytes_) {
      key = OURO_TRY(Bytes::from(ts_, {reinterpret_cast<const char*>(text->data1()),
                                       static_cast<std::size_t>(text->length)}));
    } else {
      key = std::move(text);
    }
    args_ = OURO_TRY(get_item(ts_, mapping_, key));
    tuple_size_ = -1;
    single_used_ = false;
    return kDone;
  }

  /// A number in the pattern, or '*' for the next argument. `number` stays when there is neither.
  Status read_number(std::int64_t& number, const char* too_big) {
    if (at_ < pattern_->length && pattern_->at(at_) == '*') {
      ++at_;
      ObjRef value = OURO_TRY(next_argument());
      if (!is_int(value)) return raise_type_error(ts_, "* wants int");
      number = OURO_TRY(int_as_int64(ts_, value));
      return kDone;
    }
    bool found = false;
    std::int64_t value = 0;
    for (; at_ < pattern_->length; ++at_) {
      const char32_t c = pattern_->at(at_);
      if (c < '0' || c > '9') break;
      if (value > (INT64_MAX - 9) / 10) return raise_value_error(ts_, "{}", too_big);
      value = value * 10 + static_cast<std::int64_t>(c - '0');
      found = true;
    }
    if (found) number = value;
    return kDone;
  }

  Status read_conversion(Conversion& c) {
    const std::int64_t end = pattern_->length;
    if (at_ < end && pattern_->at(at_) == '(') OURO_TRY(read_key());
    for (bool flag = true; flag && at_ < end;) {
      switch (pattern_->at(at_)) {
        case '-':
          c.left = true;
          break;
        case '+':
          c.plus = true;
          break;
        case ' ':
          c.blank = true;
          break;
        case '#':
          c.alternate = true;
          break;
        case '0':
          c.zero = true;
          break;
        default:
          flag = false;
          break;
      }
      if (flag) ++at_;
    }
    OURO_TRY(read_number(c.width, "width too big"));
    if (c.width < -1) {
      c.left = true;
      c.width = c.width == INT64_MIN ? INT64_MAX : -c.width;
    }
    if (at_ < end && pattern_->at(at_) == '.') {
      ++at_;
      c.precision = 0;
      OURO_TRY(read_number(c.precision, for_bytes_ ? "prec too big" : "precision too big"));
      c.precision = std::max<std::int64_t>(c.precision, 0);
      if (c.precision > INT_MAX)
        return raise_value_error(ts_, for_bytes_ ? "prec too big" : "precision too big");
    }
    if (at_ < end &&
        (pattern_->at(at_) == 'h' || pattern_->at(at_) == 'l' || pattern_->at(at_) == 'L'))
      ++at_;
    if (at_ == end) return raise_incomplete();
    c.type = pattern_->at(at_++);
    return kDone;
  }

  Status convert_one() {
    Conversion c;
    OURO_TRY(read_conversion(c));
    ObjRef value = OURO_TRY(next_argument());
    if (c.plain() && !for_bytes_) {
      if (c.type == 's' && is_exact_str(value)) return out_.append(Borrowed<Str>(as<Str>(value)));
      std::int64_t number = 0;
      if (c.type == 'd' && exact_small_int(value, number))
        return out_.append(SmallDecimal(number).view());
    }
    Converted result;
    switch (c.type) {
      case 's':
      case 'r':
      case 'a':
      case 'b':
        OURO_TRY(convert_text(c, value, result));
        break;
      case 'd':
      case 'i':
      case 'u':
      case 'x':
      case 'X':
      case 'o':
        OURO_TRY(convert_integer(c, value, result));
        break;
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        OURO_TRY(convert_double(c, value, result));
        break;
      case 'c':
        OURO_TRY(convert_character(value, result));
        break;
      default:
        return raise_unsupported(c.type);
    }
    return append_converted(c, result);
  }

  Raised raise_unsupported(char32_t type) {
    char text[96];
    std::snprintf(text, sizeof text, "unsupported format character '%c' (0x%x) at index %lld",
                  type > 30 && type < 127 ? static_cast<char>(type) : '?',
                  static_cast<unsigned>(type), static_cast<long long>(at_ - 1));
    return raise_value_error(ts_, "{}", text);
  }

  Status convert_text(const Conversion& c, Obj value, Converted& result) {
    if (c.type == 'b' && !for_bytes_) return raise_unsupported(c.type);
    if (for_bytes_ && (c.type == 's' || c.type == 'b')) {
      OURO_TRY(convert_bytes(value, result));
    } else if (c.type == 'a' || for_bytes_) {
      result.text = OURO_TRY(ascii_of(ts_, value));
    } else if (c.type == 'r') {
      result.text = OURO_TRY(repr_of(ts_, value));
    } else {
      result.text = OURO_TRY(str_of(ts_, value));
    }
    if (c.precision >= 0 && c.precision < result.text->length) {
      result.text = OURO_TRY(result.text->slice(ts_, 0, c.precision));
    }
    return kDone;
  }

  Status convert_bytes(Obj value, Converted& result) {
    ObjRef bytes = value.new_ref();
    if (!BufferView::is_bytes_like(value)) {
      MaybeAttribute method = find_special(ts_, value, ts_.core.names.dunder_bytes);
      if (method.failed) return Raised{};
      if (!method.value) {
        return raise_type_error(
            ts_,
            "%b requires a bytes-like object, or an object that implements __bytes__, not '{t}'",
            value);
      }
      bytes = OURO_TRY(call(ts_, method.value));
      if (!is_bytes(bytes))
        return raise_type_error(ts_, "__bytes__ returned non-bytes (type {t})", bytes);
    }
    BufferView view;
    OURO_TRY(view.acquire(ts_, bytes));
    result.text = OURO_TRY(Str::from_latin1(ts_, view.view()));
    return kDone;
  }

  Raised raise_not_a_number(const Conversion& c, Obj value, bool integer) {
    return raise_type_error(ts_, "%{} format: {} is required, not {t}", static_cast<char>(c.type),
                            integer ? "an integer" : "a real number", value);
  }

  Status convert_integer(const Conversion& c, Obj value, Converted& result) {
    const bool integer_only = c.type == 'x' || c.type == 'X' || c.type == 'o';
    ObjRef number = value.new_ref();
    if (!is_int(value)) {
      const NumberSlots& slots = value->type()->number;
      const bool possible = integer_only ? slots.index != nullptr
                                         : slots.index != nullptr || slots.to_int != nullptr ||
                                               slots.to_float != nullptr;
      if (!possible) return raise_not_a_number(c, value, integer_only);
      ObjResult converted = integer_only ? to_index(ts_, value) : to_int(ts_, value);
      if (converted.raised()) {
        if (!catch_pending(ts_, ts_.core.exceptions.TypeError)) return Raised{};
        return raise_not_a_number(c, value, integer_only);
      }
      number = converted.take();
    }
    const int base = c.type == 'o' ? 8 : integer_only ? 16 : 10;
    Ref<Str> digits = OURO_TRY(int_to_text(ts_, number, base));
    std::string_view text = digits->ascii();
    const bool negative = text[0] == '-';
    if (negative) text.remove_prefix(1);
    result.numeric = true;
    result.prefix = c.alternate && integer_only ? 2 : 0;
    StrBuilder out(ts_);
    if (negative) OURO_TRY(out.append(static_cast<char32_t>('-')));
    if (result.prefix > 0) {
      OURO_TRY(out.append(static_cast<char32_t>('0')));
      OURO_TRY(out.append(c.type));
    }
    OURO_TRY(out.append_repeated('0', c.precision - static_cast<std::int64_t>(text.size())));
    for (const char digit : text) {
      OURO_TRY(
          out.append(static_cast<char32_t>(c.type == 'X' && digit >= 'a' ? digit - 32 : digit)));
    }
    result.text = OURO_TRY(out.finish());
    return kDone;
  }

  Status convert_double(const Conversion& c, Obj value, Converted& result) {
    if (for_bytes_ && !is_float(value) && !has_index(value) &&
        value->type()->number.to_float == nullptr) {
      return raise_type_error(ts_, "float argument required, not {t}", value);
    }
    const double number = OURO_TRY(as_double(ts_, value));
    result.numeric = true;
    result.text = OURO_TRY(format_double(ts_, number, static_cast<char>(c.type),
                                         static_cast<int>(c.precision), c.alternate, false));
    return kDone;
  }

  Status convert_character(Obj value, Converted& result) {
    const char* wanted = for_bytes_ ? "%c requires an integer in range(256) or a single byte"
                                    : "%c requires int or char";
    if (for_bytes_ && (is_bytes(value) || is_kind(value, TypeKind::ByteArray))) {
      BufferView view;
      OURO_TRY(view.acquire(ts_, value));
      if (view.size() != 1) return raise_type_error(ts_, "{}", wanted);
      result.text = OURO_TRY(Str::from_latin1(ts_, view.view()));
      return kDone;
    }
    if (!for_bytes_ && is_str(value)) {
      if (as<Str>(value)->length != 1) return raise_type_error(ts_, "{}", wanted);
      result.text = OURO_TRY(str_exact(ts_, as<Str>(value)));
      return kDone;
    }
    if (!has_index(value)) return raise_type_error(ts_, "{}", wanted);
    ObjRef number = OURO_TRY(to_index(ts_, value));
    const std::int64_t code = int_clamped(number);
    const std::int64_t limit = for_bytes_ ? 256 : static_cast<std::int64_t>(kMaxCharacter) + 1;
    if (code < 0 || code >= limit) {
      return raise(ts_, ts_.core.exceptions.OverflowError, "%c arg not in range({})",
                   for_bytes_ ? "256" : "0x110000");
    }
    result.text = OURO_TRY(Str::from_char(ts_, static_cast<char32_t>(code)));
    return kDone;
  }

  Status append_converted(const Conversion& c, const Converted& result) {
    Borrowed<Str> text = result.text;
    std::int64_t body = 0;
    char32_t sign = 0;
    if (result.numeric) {
      if (text->at(0) == '-') {
        sign = '-';
        body = 1;
      } else if (c.plus || c.blank) {
        sign = c.plus ? '+' : ' ';
      }
    }
    const std::int64_t length = text->length - body + (sign != 0 ? 1 : 0);
    const std::int64_t room = std::max<std::int64_t>(c.width - length, 0);
    const bool zeros = result.numeric && c.zero && !c.left;
    if (!c.left && !zeros) OURO_TRY(out_.append_repeated(' ', room));
    if (sign != 0) OURO_TRY(out_.append(sign));
    OURO_TRY(out_.append(text, body, body + result.prefix));
    if (zeros) OURO_TRY(out_.append_repeated('0', room));
    OURO_TRY(out_.append(text, body + result.prefix, text->length));
    if (c.left) OURO_TRY(out_.append_repeated(' ', room));
    return kDone;
  }

  ThreadState& ts_;
  Borrowed<Str> pattern_;
  ObjRef args_;
  ObjRef mapping_;
  bool for_bytes_;
  StrBuilder out_;
  std::int64_t at_ = 0;
  std::int64_t tuple_size_ = -1;  // -1: args_ is the one argument
  std::int64_t next_ = 0;
  bool single_used_ = false;
};

/// A short text made of ASCII, small ints under %d or %s and texts under %s, as most are: needs no
/// objects and runs no Python code.
class PlainText {
 public:
  /// False when it is not of that kind: the formatter then starts afresh.
  [[nodiscard]] bool format(Borrowed<Str> pattern, Obj args) {
    if (!pattern->is_ascii()) return false;
    Object* const single = args.get();
    const bool many = is_tuple(args);
    Object* const* values = many ? as<Tuple>(args)->items : &single;
    const std::int64_t count = many ? as<Tuple>(args)->size : 1;
    const std::string_view text = pattern->ascii();
    std::int64_t next = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] != '%') {
        if (size_ == sizeof buffer_) return false;
        buffer_[size_++] = text[at];
        continue;
      }
      if (++at == text.size() || next == count || !convert(text[at], values[next++])) return false;
    }
    return next == count;
  }

  [[nodiscard]] std::string_view view() const { return {buffer_, size_}; }

 private:
  bool convert(char type, Obj value) {
    if (type != 'd' && type != 's') return false;
    std::int64_t number = 0;
    if (exact_small_int(value, number)) {
      const auto [end, error] = std::to_chars(buffer_ + size_, buffer_ + sizeof buffer_, number);
      if (error != std::errc{}) return false;
      size_ = static_cast<std::size_t>(end - buffer_);
      return true;
    }
    if (type != 's' || !is_exact_str(value) || !as<Str>(value)->is_ascii()) return false;
    const std::string_view text = as<Str>(value)->ascii();
    if (text.size() > sizeof buffer_ - size_) return false;
    std::memcpy(buffer_ + size_, text.data(), text.size());
    size_ += text.size();
    return true;
  }

  char buffer_[200];
  std::size_t size_ = 0;
};

}  // namespace

ObjResult str_percent_format(ThreadState& ts, Borrowed<Str> pattern, Obj args) {
  // A text alone is the result itself, as is a pattern without conversions.
  if (pattern->is_ascii() && pattern->ascii() == "%s") {
    const bool one = is_tuple(args) && as<Tuple>(args)->size == 1;
    const Obj value = one ? as<Tuple>(args)->at(0) : args;
    if (is_exact_str(value)) return Ref<Str>::share(as<Str>(value));
  }
  if (is_exact_tuple(args) && as<Tuple>(args)->size == 0 &&
      str_find_character(pattern.get(), '%', 0, pattern->length) < 0) {
    return str_exact(ts, pattern);
  }
  PlainText plain;
  if (plain.format(pattern, args)) return Str::from_latin1(ts, plain.view());
  return PercentFormatter(ts, pattern, args, false).run();
}

Result<Ref<Bytes>> bytes_percent_format(ThreadState& ts, std::string_view pattern, Obj args) {
  Ref<Str> text = OURO_TRY(Str::from_latin1(ts, pattern));
  Ref<Str> result = OURO_TRY(PercentFormatter(ts, text, args, true).run());
  return Bytes::from(ts, {reinterpret_cast<const char*>(result->data1()),
                          static_cast<std::size_t>(result->length)});
}

}  // namespace ouro
