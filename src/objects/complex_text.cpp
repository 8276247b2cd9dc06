// The constructor of complex: from numbers, from objects with __complex__, and from text like "(1+2j)".

#include "objects/float_internal.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

namespace {

struct Value {
  double real, imaginary;
};

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void skip_spaces(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

/// Takes one character of `any` from the front.
bool take(std::string_view& text, std::string_view any) {
  if (text.empty() || any.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_double(std::string_view& text, double* value) {
  const std::size_t length = read_double(text, value);
  text.remove_prefix(length);
  return length != 0;
}

/// A sign alone counts as one: "+j" is 1j.
double take_sign(std::string_view& text) {
  if (take(text, "-")) return -1.0;
  take(text, "+");
  return 1.0;
}

/// The four forms: 4, 4j, 1+4j, j with a sign. False when the text is none of them.
bool read_parts(std::string_view& text, Value* value) {
  double first = 0;
  if (take_double(text, &first)) {
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
      value->real = first;
      if (!take_double(text, &value->imaginary)) value->imaginary = take_sign(text);
      return take(text, "jJ");
    }
    (take(text, "jJ") ? value->imaginary : value->real) = first;
    return true;
  }
  value->imaginary = take_sign(text);
  return take(text, "jJ");
}

bool parse_complex(std::string_view text, Value* value) {
  skip_spaces(text);
  const bool in_parentheses = take(text, "(");
  if (in_parentheses) skip_spaces(text);
  if (!read_parts(text, value)) return false;
  skip_spaces(text);
  if (in_parentheses && !take(text, ")")) return false;
  skip_spaces(text);
  return text.empty();
}

Result<Value> value_from_text(ThreadState& ts, const Str* text) {
  std::size_t length = 0;
  char* ascii = ascii_number_text(text, &length);
  if (ascii == nullptr) return raise_no_memory(ts);
  Value value{0, 0};
  // Underscores only go away: the text shrinks in place.
  const bool good = strip_underscores({ascii, length}, ascii, &length) &&
                    parse_complex({ascii, length}, &value);
  free_raw(ascii);
  if (!good) return raise_value_error(ts, "complex() arg is a malformed string");
  return value;
}

bool is_complex(ThreadState& ts, Obj object) {
  return is_instance_of(object, ts.core.types.complex);
}

/// The complex that `object`'s __complex__ gives; null when it has none.
ObjResult convert_special(ThreadState& ts, Obj object, bool* has_it) {
  *has_it = false;
  MaybeAttribute method = find_special(ts, object, ts.core.names.dunder_complex);
  if (method.failed) return Raised{};
  if (!method.value) return object.new_ref();
  *has_it = true;
  ObjRef made = OURO_TRY(call(ts, method.value));
  if (!is_complex(ts, made)) {
    return raise_type_error(ts, "__complex__ returned non-complex (type {t})", made);
  }
  if (made->type() != ts.core.types.complex) {
    Ref<Str> text = OURO_TRY(format_message(
        ts,
        "__complex__ returned non-complex (type {t}).  The ability to return an instance of a strict "
        "subclass of complex is deprecated, and may be removed in a future version of Python.",
        std::initializer_list<FormatArg>{made}));
    OURO_TRY(warn_deprecated(ts, text));
  }
  return made;
}

bool is_real_number(Obj object) {
  const NumberSlots& number = object->type()->number;
  return number.to_float != nullptr || number.index != nullptr;
}

ObjResult make_value(ThreadState& ts, Borrowed<Type> type, Value value) {
  if (type.get() == ts.core.types.complex) return Complex::from(ts, value.real, value.imaginary);
  ObjRef made = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  as<Complex>(made)->real = value.real;
  as<Complex>(made)->imaginary = value.imaginary;
  if (type->has(gc::kCollected)) OURO_TRY(track(ts, made));
  return made;
}

}  // namespace

ObjResult complex_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "complex", {"real", "imag"}, 0, given));
  if (!given[0] && !given[1]) return make_value(ts, type, {0, 0});
  ObjRef real = given[0] ? given[0].new_ref() : OURO_TRY(Int::from(ts, 0));
  ObjRef imaginary = given[1].new_ref();
  if (is_kind(real, TypeKind::Complex) && !imaginary && type.get() == ts.core.types.complex) return real;
  if (is_str(real)) {
    if (imaginary) {
      return raise_type_error(ts, "complex() can't take second arg if first is a string");
    }
    return make_value(ts, type, OURO_TRY(value_from_text(ts, as<Str>(real))));
  }
  if (imaginary && is_str(imaginary)) {
    return raise_type_error(ts, "complex() second arg can't be a string");
  }
  bool converted = false;
  real = OURO_TRY(convert_special(ts, real, &converted));
  if (!is_complex(ts, real) && !is_real_number(real)) {
    return raise_type_error(ts, "complex() first argument must be a string or a number, not '{t}'", real);
  }
  if (imaginary && !is_complex(ts, imaginary) && !is_real_number(imaginary)) {
    return raise_type_error(ts, "complex() second argument must be a number, not '{t}'", imaginary);
  }
  Value value{0, 0};
  const bool real_is_complex = is_complex(ts, real);
  if (real_is_complex) {
    value = {as<Complex>(real)->real, as<Complex>(real)->imaginary};
  } else {
    ObjRef number = OURO_TRY(to_float(ts, real));
    value.real = as<Float>(number)->value;
  }
  if (!imaginary) return make_value(ts, type, value);
  // real + imag * 1j, where either part may be complex itself; signs of zeros are kept.
  if (is_complex(ts, imaginary)) {
    value.real -= as<Complex>(imaginary)->imaginary;
    const double more = as<Complex>(imaginary)->real;
    value.imaginary = real_is_complex ? value.imaginary + more : more;
  } else {
    ObjRef number = OURO_TRY(to_float(ts, imaginary));
    const double more = as<Float>(number)->value;
    value.imaginary = real_is_complex ? value.imaginary + more : more;
  }
  return make_value(ts, type, value);
}

}  // namespace ouro
