// The format mini-language.
#include "objects/format_spec.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdio>

#include "objects/float.h"
#include "objects/str_internal.h"

namespace ouro {

namespace {

struct Spec {
  char32_t fill = ' ';
  char32_t align = 0;
  char32_t type = 0;
  char sign = '\0';      // '+', '-', ' ' when given
  char grouping = '\0';  // ',' or '_' when given
  bool alternate = false;
  bool coerce_zero = false;
  std::int64_t width = -1;
  std::int64_t precision = -1;
};

constexpr bool is_align(char32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

/// Shows a type code in an error: itself when printable ASCII, else \x….
struct CodeText {
  char text[16];
  explicit CodeText(char32_t code) {
    std::snprintf(text, sizeof text, code > 32 && code < 128 ? "%c" : "\\x%x",
                  static_cast<unsigned>(code));
  }
};

Raised raise_unknown_code(ThreadState& ts, char32_t code, Obj value) {
  return raise_value_error(ts, "Unknown format code '{}' for object of type '{t}'",
                           CodeText(code).text, value);
}

/// Reads a format specification from left to right.
class SpecReader {
 public:
  SpecReader(ThreadState& ts, Borrowed<Str> spec) : ts_(ts), spec_(spec) {}

  Result<Spec> read(Obj value, char32_t default_type, char32_t default_align) {
    Spec out;
    out.type = default_type;
    out.align = default_align;
    bool fill_given = false;
    bool align_given = false;
    if (left() >= 2 && is_align(peek(1))) {
      out.fill = next();
      out.align = next();
      fill_given = align_given = true;
    } else if (left() >= 1 && is_align(peek())) {
      out.align = next();
      align_given = true;
    }
    if (peek() == '+' || peek() == '-' || peek() == ' ') out.sign = static_cast<char>(next());
    out.coerce_zero = take('z');
    out.alternate = take('#');
    if (!fill_given && take('0')) {
      out.fill = '0';
      if (!align_given && default_align == '>') out.align = '=';
    }
    bool has_digits = false;
    OURO_TRY(read_number(out.width, has_digits));
    if (take(',')) out.grouping = ',';
    if (peek() == '_') {
      if (out.grouping != '\0') return raise_both();
      take('_');
      out.grouping = '_';
    }
    if (peek() == ',' && out.grouping == '_') return raise_both();
    if (take('.')) {
      OURO_TRY(read_number(out.precision, has_digits));
      if (!has_digits) return raise_value_error(ts_, "Format specifier missing precision");
    }
    if (left() > 1) {
      return raise_value_error(ts_, "Invalid format specifier '{}' for object of type '{t}'", spec_,
                               value);
    }
    if (left() == 1) out.type = next();
    if (out.grouping != '\0') OURO_TRY(check_grouping(out));
    return out;
  }

 private:
  [[nodiscard]] std::int64_t left() const { return spec_->length - at_; }
  [[nodiscard]] char32_t peek(std::int64_t ahead = 0) const {
    return ahead < left() ? spec_->at(at_ + ahead) : 0;
  }
  char32_t next() { return spec_->at(at_++); }
  bool take(char32_t wanted) {
    if (left() == 0 || peek() != wanted) return false;
    ++at_;
    return true;
  }
  Raised raise_both() { return raise_value_error(ts_, "Cannot specify both ',' and '_'."); }

  Status read_number(std::int64_t& number, bool& has_digits) {
    std::int64_t value = 0;
    has_digits = false;
    for (; left() > 0; ++at_) {
      const int digit = unicode::decimal_value(peek());
      if (digit < 0) break;
      has_digits = true;
      if (value > (INT64_MAX - digit) / 10)
        return raise_value_error(ts_, "Too many decimal digits in format string");
      value = value * 10 + digit;
    }
    if (has_digits) number = value;
    return kDone;
  }

  Status check_grouping(const Spec& spec) {
    switch (spec.type) {
      case 0:
      case 'd':
      case 'e':
      case 'f':
      case 'g':
      case 'E':
      case 'G':
      case 'F':
      case '%':
        return kDone;
      case 'b':
      case 'o':
      case 'x':
      case 'X':
        if (spec.grouping == '_') return kDone;
        break;
      default:
        break;
    }
    return raise_value_error(ts_, "Cannot specify '{}' with '{}'.", spec.grouping,
                             CodeText(spec.type).text);
  }

  ThreadState& ts_;
  Borrowed<Str> spec_;
  std::int64_t at_ = 0;
};

/// A text put into a field of the wanted width.
ObjResult pad_text(ThreadState& ts, Borrowed<Str> text, const Spec& spec) {
  const std::int64_t room = std::max<std::int64_t>(spec.width - text->length, 0);
  if (room == 0) return str_exact(ts, text);
  const std::int64_t before = spec.align == '>' ? room : spec.align == '^' ? room / 2 : 0;
  StrBuilder out(ts);
  OURO_TRY(out.append_repeated(spec.fill, before));
  OURO_TRY(out.append(text));
  OURO_TRY(out.append_repeated(spec.fill, room - before));
  return out.finish();
}

/// A number in pieces: sign, prefix ("0x"), digits that may be grouped, and what follows them
/// (".5e+10").
struct NumberText {
  bool negative = false;
  std::string_view prefix;
  std::string_view digits;
  std::string_view rest;
};

/// How many separators the digits get when they fill at least `min_width` places, and how many
/// zeros go in front.
struct Grouping {
  std::int64_t zeros = 0;
  std::int64_t digits = 0;  // zeros included
};
Grouping plan_groups(std::int64_t digits, std::int64_t min_width, std::int64_t group) {
  if (digits == 0) return {};
  std::int64_t total = digits;
  if (group == 0) {
    total = std::max(total, min_width);
  } else if (total + (total - 1) / group < min_width) {
    // As many digits as keep the width, one more where a separator would otherwise come first.
    total = min_width - (min_width - 1) / (group + 1);
  }
  return {total - digits, total};
}

Status append_grouped(StrBuilder& out, std::string_view digits, const Grouping& plan,
                      std::int64_t group, char separator) {
  if (group == 0 || plan.digits <= group) {
    OURO_TRY(out.append_repeated('0', plan.zeros));
    return out.append(digits);
  }
  for (std::int64_t i = 0; i < plan.digits; ++i) {
    if (i > 0 && (plan.digits - i) % group == 0)
      OURO_TRY(out.append(static_cast<char32_t>(separator)));
    OURO_TRY(out.append(static_cast<char32_t>(
        i < plan.zeros ? '0' : digits[static_cast<std::size_t>(i - plan.zeros)])));
  }
  return kDone;
}

std::int64_t group_of(const Spec& spec) {
  if (spec.grouping == '\0') return 0;
  return spec.type == 'b' || spec.type == 'o' || spec.type == 'x' || spec.type == 'X' ? 4 : 3;
}

Status append_number(StrBuilder& out, const NumberText& number, const Spec& spec) {
  const char sign = number.negative ? '-' : spec.sign == '+' || spec.sign == ' ' ? spec.sign : '\0';
  const auto fixed =
      static_cast<std::int64_t>((sign != '\0' ? 1 : 0) + number.prefix.size() + number.rest.size());
  const std::int64_t group = group_of(spec);
  const bool zero_fill = spec.fill == '0' && spec.align == '=';
  const Grouping plan = plan_groups(static_cast<std::int64_t>(number.digits.size()),
                                    zero_fill ? spec.width - fixed : 0, group);
  const std::int64_t separators = group == 0 || plan.digits == 0 ? 0 : (plan.digits - 1) / group;
  const std::int64_t room =
      std::max<std::int64_t>(spec.width - fixed - plan.digits - separators, 0);
  const std::int64_t before = spec.align == '>' ? room : spec.align == '^' ? room / 2 : 0;
  const std::int64_t inside = spec.align == '=' ? room : 0;
  OURO_TRY(out.append_repeated(spec.fill, before));
  if (sign != '\0') OURO_TRY(out.append(static_cast<char32_t>(sign)));
  OURO_TRY(out.append(number.prefix));
  OURO_TRY(out.append_repeated(spec.fill, inside));
  OURO_TRY(append_grouped(out, number.digits, plan, group, spec.grouping));
  OURO_TRY(out.append(number.rest));
  return out.append_repeated(spec.fill, room - before - inside);
}

// -- int
// -----------------------------------------------------------------------------------------------------------------

ObjResult format_character(ThreadState& ts, Obj value, const Spec& spec) {
  if (spec.sign != '\0')
    return raise_value_error(ts, "Sign not allowed with integer format specifier 'c'");
  if (spec.alternate)
    return raise_value_error(ts,
                             "Alternate form (#) not allowed with integer format specifier 'c'");
  const Int* number = as<Int>(value);
  if (!number->is_small())
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C long");
  if (number->small < 0 || number->small > static_cast<std::int64_t>(kMaxCharacter)) {
    return raise(ts, ts.core.exceptions.OverflowError, "%c arg not in range(0x110000)");
  }
  Ref<Str> text = OURO_TRY(Str::from_char(ts, static_cast<char32_t>(number->small)));
  Spec padding = spec;
  if (padding.align == '=') padding.align = '>';
  return pad_text(ts, text, padding);
}

ObjResult format_integer(ThreadState& ts, Obj value, const Spec& spec) {
  if (spec.precision >= 0)
    return raise_value_error(ts, "Precision not allowed in integer format specifier");
  if (spec.coerce_zero) {
    return raise_value_error(ts,
                             "Negative zero coercion (z) not allowed in integer format specifier");
  }
  if (spec.type == 'c') return format_character(ts, value, spec);
  int base = 10;
  std::string_view prefix;
  switch (spec.type) {
    case 'b':
      base = 2;
      prefix = "0b";
      break;
    case 'o':
      base = 8;
      prefix = "0o";
      break;
    case 'x':
      base = 16;
      prefix = "0x";
      break;
    case 'X':
      base = 16;
      prefix = "0X";
      break;
    default:
      break;
  }
  Ref<Str> text = OURO_TRY(int_to_text(ts, value, base));
  if (spec.type == 'X') {  // new: no shared text has letters, but a single digit may be one
    Ref<Str> upper = OURO_TRY(str_allocate(ts, ts.core.types.str, text->length, 0x7f));
    std::transform(text->data1(), text->data1() + text->length,
                   static_cast<std::uint8_t*>(upper->data()),
                   [](std::uint8_t c) { return c >= 'a' ? static_cast<std::uint8_t>(c - 32) : c; });
    text = std::move(upper);
  }
  NumberText number;
  number.digits = text->ascii();
  number.negative = number.digits[0] == '-';
  if (number.negative) number.digits.remove_prefix(1);
  if (spec.alternate) number.prefix = prefix;
  StrBuilder out(ts);
  OURO_TRY(append_number(out, number, spec));
  return out.finish();
}

// -- float
// ---------------------------------------------------------------------------------------------------------------

/// The text of a double as the type code asks (0: repr-like); `add_dot_zero` for floats without a
/// code.
Result<Ref<Str>> double_text(ThreadState& ts, double value, const Spec& spec, bool add_dot_zero) {
  if (spec.precision > INT_MAX) return raise_value_error(ts, "precision too big");
  char code = static_cast<char>(spec.type);
  if (code == '\0') code = 'r';
  if (code == 'n') code = 'g';
  return format_double(ts, value, code, static_cast<int>(spec.precision), spec.alternate,
                       add_dot_zero);
}

/// Appends a double; z turns a zero that shows as negative into a positive one.
Status append_double(StrBuilder& out, double value, Borrowed<Str> text, const Spec& spec) {
  NumberText number;
  std::string_view all = text->ascii();
  number.negative = all[0] == '-';
  if (number.negative) all.remove_prefix(1);
  if (spec.coerce_zero && std::isfinite(value) &&
      all.substr(0, all.find_first_of("eE")).find_first_of("123456789") == std::string_view::npos) {
    number.negative = false;
  }
  std::size_t digits = 0;
  while (digits < all.size() && all[digits] >= '0' && all[digits] <= '9') ++digits;
  number.digits = all.substr(0, digits);
  number.rest = all.substr(digits);
  return append_number(out, number, spec);
}

ObjResult format_as_double(ThreadState& ts, double value, const Spec& spec) {
  Ref<Str> text = OURO_TRY(double_text(ts, value, spec, spec.type == 0));
  StrBuilder out(ts);
  OURO_TRY(append_double(out, value, text, spec));
  return out.finish();
}

}  // namespace

ObjResult format_str_with_spec(ThreadState& ts, Borrowed<Str> value, Borrowed<Str> spec) {
  if (spec->length == 0)
    return is_exact_str(value) ? ObjResult(value.new_ref()) : ObjResult(str_of(ts, value));
  SpecReader reader(ts, spec);
  const Spec read = OURO_TRY(reader.read(value, 's', '<'));
  if (read.type != 's') return raise_unknown_code(ts, read.type, value);
  constexpr const char* kWhere = "not allowed in string format specifier";
  if (read.sign != '\0')
    return raise_value_error(ts, "{} {}", read.sign == ' ' ? "Space" : "Sign", kWhere);
  if (read.coerce_zero) return raise_value_error(ts, "Negative zero coercion (z) {}", kWhere);
  if (read.alternate) return raise_value_error(ts, "Alternate form (#) {}", kWhere);
  if (read.align == '=') return raise_value_error(ts, "'=' alignment {}", kWhere);
  if (read.grouping != '\0')
    return raise_value_error(ts, "Cannot specify '{}' with 's'.", read.grouping);
  if (read.precision < 0 || read.precision >= value->length) return pad_text(ts, value, read);
  Ref<Str> cut = OURO_TRY(value->slice(ts, 0, read.precision));
  return pad_text(ts, cut, read);
}

ObjResult format_int_with_spec(ThreadState& ts, Obj value, Borrowed<Str> spec) {
  if (spec->length == 0)
    return is_exact_int(value) ? ObjResult(int_to_text(ts, value, 10))
                               : ObjResult(str_of(ts, value));
  SpecReader reader(ts, spec);
  const Spec read = OURO_TRY(reader.read(value, 0, '>'));
  switch (read.type) {
    case 0:
    case 'b':
    case 'c':
    case 'd':
    case 'o':
    case 'x':
    case 'X':
    case 'n':
      return format_integer(ts, value, read);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%': {
      const double number = OURO_TRY(int_as_double(ts, value));
      return format_as_double(ts, number, read);
    }
    default:
      return raise_unknown_code(ts, read.type, value);
  }
}

ObjResult format_float_with_spec(ThreadState& ts, Obj value, Borrowed<Str> spec) {
  if (spec->length == 0) {
    return is_exact_float(value) ? ObjResult(float_to_text(ts, as<Float>(value)->value))
                                 : ObjResult(str_of(ts, value));
  }
  SpecReader reader(ts, spec);
  const Spec read = OURO_TRY(reader.read(value, 0, '>'));
  switch (read.type) {
    case 0:
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'n':
    case '%':
      return format_as_double(ts, as<Float>(value)->value, read);
    default:
      return raise_unknown_code(ts, read.type, value);
  }
}

ObjResult format_complex_with_spec(ThreadState& ts, Obj value, Borrowed<Str> spec) {
  if (spec->length == 0) return str_of(ts, value);
  SpecReader reader(ts, spec);
  const Spec read = OURO_TRY(reader.read(value, 0, '>'));
  switch (read.type) {
    case 0:
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'n':
      break;
    default:
      return raise_unknown_code(ts, read.type, value);
  }
  if (read.fill == '0')
    return raise_value_error(ts, "Zero padding is not allowed in complex format specifier");
  if (read.align == '=')
    return raise_value_error(ts, "'=' alignment flag is not allowed in complex format specifier");
  const double real = as<Complex>(value)->real;
  const double imaginary = as<Complex>(value)->imaginary;
  // Without a code the text is that of str(): a real part of +0 is left out, otherwise there are
  // parentheses.
  const bool only_imaginary = read.type == 0 && real == 0 && !std::signbit(real);
  const bool parentheses = read.type == 0 && !only_imaginary;
  Spec part = read;
  part.width = -1;
  part.align = '<';
  StrBuilder out(ts);
  if (parentheses) OURO_TRY(out.append(static_cast<char32_t>('(')));
  if (!only_imaginary) {
    Ref<Str> text = OURO_TRY(double_text(ts, real, read, false));
    OURO_TRY(append_double(out, real, text, part));
    part.sign = '+';
  }
  Ref<Str> text = OURO_TRY(double_text(ts, imaginary, read, false));
  OURO_TRY(append_double(out, imaginary, text, part));
  OURO_TRY(out.append(parentheses ? "j)" : "j"));
  Ref<Str> whole = OURO_TRY(out.finish());
  return pad_text(ts, whole, read);
}

}  // namespace ouro
