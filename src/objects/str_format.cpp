// str.format and str.format_map: fields in braces, with attribute and item lookups, conversions and
// nested fields.
#include "objects/dict.h"
#include "objects/str_internal.h"

namespace ouro {

namespace {

constexpr int kMaxNesting = 2;

/// A part of the format text.
struct Piece {
  std::int64_t start = 0, stop = 0;
  [[nodiscard]] bool empty() const { return start >= stop; }
};

struct Field {
  Piece name;
  Piece spec;
  char32_t conversion = 0;
  bool nested = false;  // the spec has fields of its own
};

enum class Numbering : std::uint8_t { Undecided, Automatic, Manual };

class Formatter {
 public:
  /// `arguments` are the values, unless `only_mapping`: then `mapping` gives named ones.
  Formatter(ThreadState& ts, Borrowed<Str> text, Args arguments, Obj mapping, bool only_mapping)
      : ts_(ts),
        text_(text),
        arguments_(arguments),
        mapping_(mapping),
        only_mapping_(only_mapping) {}

  Result<Ref<Str>> run() { return expand({0, text_->length}, kMaxNesting); }

 private:
  Result<Ref<Str>> expand(Piece piece, int depth) {
    if (depth <= 0) return raise_value_error(ts_, "Max string recursion exceeded");
    const bool is_whole = piece.start == 0 && piece.stop == text_->length;
    if (is_whole && !has_brace(piece)) return str_exact(ts_, text_);
    StrBuilder out(ts_);
    std::int64_t at = piece.start;
    while (at < piece.stop) {
      const std::int64_t start = at;
      while (at < piece.stop && text_->at(at) != '{' && text_->at(at) != '}') ++at;
      OURO_TRY(out.append(text_, start, at));
      if (at == piece.stop) break;
      const char32_t brace = text_->at(at++);
      if (at < piece.stop && text_->at(at) == brace) {  // doubled: stands for itself
        OURO_TRY(out.append(brace));
        ++at;
        continue;
      }
      if (brace == '}') return raise_value_error(ts_, "Single '}}' encountered in format string");
      if (at == piece.stop)
        return raise_value_error(ts_, "Single '{{' encountered in format string");
      Field field;
      OURO_TRY(read_field(at, piece.stop, field));
      if (at == piece.stop && out.length() == 0) return field_text(field, depth);
      Ref<Str> shown = OURO_TRY(field_text(field, depth));
      OURO_TRY(out.append(Borrowed<Str>(shown)));
    }
    return out.finish();
  }

  [[nodiscard]] bool has_brace(Piece piece) const {
    return str_find_character(text_.get(), '{', piece.start, piece.stop) >= 0 ||
           str_find_character(text_.get(), '}', piece.start, piece.stop) >= 0;
  }

  /// Reads a field from behind its '{' to behind its '}'.
  Status read_field(std::int64_t& at, std::int64_t stop, Field& field) {
    field.name.start = at;
    char32_t c = 0;
    while (at < stop) {
      c = text_->at(at++);
      if (c == '{') return raise_value_error(ts_, "unexpected '{{' in field name");
      if (c == '[') {
        while (at < stop && text_->at(at) != ']') ++at;
        continue;
      }
      if (c == '}' || c == ':' || c == '!') break;
    }
    field.name.stop = at - 1;
    if (c == '}') return kDone;
    if (c != '!' && c != ':') return raise_value_error(ts_, "expected '}}' before end of string");
    if (c == '!') {
      if (at >= stop)
        return raise_value_error(ts_, "end of string while looking for conversion specifier");
      field.conversion = text_->at(at++);
      if (at < stop) {
        c = text_->at(at++);
        if (c == '}') return kDone;
        if (c != ':') return raise_value_error(ts_, "expected ':' after conversion specifier");
      }
    }
    field.spec.start = at;
    for (int open = 1; at < stop;) {
      c = text_->at(at++);
      if (c == '{') {
        field.nested = true;
        ++open;
      } else if (c == '}' && --open == 0) {
        field.spec.stop = at - 1;
        return kDone;
      }
    }
    return raise_value_error(ts_, "unmatched '{{' in format spec");
  }

  Result<Ref<Str>> field_text(const Field& field, int depth) {
    ObjRef value = OURO_TRY(field_value(field.name));
    if (field.conversion != 0) value = OURO_TRY(convert(value, field.conversion));
    if (field.spec.empty()) {
      if (is_exact_str(value)) return Ref<Str>::share(as<Str>(value));
      std::int64_t number = 0;
      if (exact_small_int(value, number)) return Str::from_latin1(ts_, SmallDecimal(number).view());
    }
    Ref<Str> spec;
    if (field.nested) {
      spec = OURO_TRY(expand(field.spec, depth - 1));
    } else {
      spec = OURO_TRY(text_->slice(ts_, field.spec.start, field.spec.stop));
    }
    ObjRef shown = OURO_TRY(format_of(ts_, value, spec));
    return Ref<Str>::steal(as<Str>(Obj(shown.release())));
  }

  ObjResult convert(Obj value, char32_t conversion) {
    switch (conversion) {
      case 'r':
        return repr_of(ts_, value);
      case 's':
        return str_of(ts_, value);
      case 'a':
        return ascii_of(ts_, value);
      default:
        break;
    }
    if (conversion > 32 && conversion < 127) {
      return raise_value_error(ts_, "Unknown conversion specifier {}",
                               static_cast<char>(conversion));
    }
    char code[16];
    std::snprintf(code, sizeof code, "\\x%x", static_cast<unsigned>(conversion));
    return raise_value_error(ts_, "Unknown conversion specifier {}", code);
  }

  /// The number a piece spells, or -1.
  Result<std::int64_t> number_of(Piece piece) {
    if (piece.empty()) return -1;
    std::int64_t number = 0;
    for (std::int64_t i = piece.start; i < piece.stop; ++i) {
      const int digit = unicode::decimal_value(text_->at(i));
      if (digit < 0) return -1;
      if (number > (INT64_MAX - digit) / 10)
        return raise_value_error(ts_, "Too many decimal digits in format string");
      number = number * 10 + digit;
    }
    return number;
  }

  Status note_numbering(bool automatic) {
    if (numbering_ == Numbering::Undecided)
      numbering_ = automatic ? Numbering::Automatic : Numbering::Manual;
    if (numbering_ == Numbering::Manual && automatic) {
      return raise_value_error(
          ts_, "cannot switch from manual field specification to automatic field numbering");
    }
    if (numbering_ == Numbering::Automatic && !automatic) {
      return raise_value_error(
          ts_, "cannot switch from automatic field numbering to manual field specification");
    }
    return kDone;
  }

  ObjResult first_value(Piece name) {
    std::int64_t index = OURO_TRY(number_of(name));
    if (name.empty() || index >= 0) {
      OURO_TRY(note_numbering(name.empty()));
      if (name.empty()) index = next_automatic_++;
      if (only_mapping_) return raise_value_error(ts_, "Format string contains positional fields");
      if (index >= static_cast<std::int64_t>(arguments_.count)) {
        return raise(ts_, ts_.core.exceptions.IndexError,
                     "Replacement index {} out of range for positional args tuple", index);
      }
      return arguments_[static_cast<std::size_t>(index)].new_ref();
    }
    Ref<Str> key = OURO_TRY(text_->slice(ts_, name.start, name.stop));
    if (only_mapping_) return get_item(ts_, mapping_, key);
    for (std::uint32_t i = 0; i < arguments_.keyword_count(); ++i) {
      if (str_equal(as<Str>(arguments_.keywords->at(i)), key)) return arguments_.keyword_value(i).new_ref();
    }
    return raise_with(ts_, ts_.core.exceptions.KeyError, Obj(key));
  }

  ObjResult field_value(Piece name) {
    std::int64_t at = name.start;
    while (at < name.stop && text_->at(at) != '.' && text_->at(at) != '[') ++at;
    ObjRef value = OURO_TRY(first_value({name.start, at}));
    while (at < name.stop) {
      const char32_t kind = text_->at(at++);
      Piece part = {at, at};
      if (kind == '.') {
        while (at < name.stop && text_->at(at) != '.' && text_->at(at) != '[') ++at;
        part.stop = at;
      } else if (kind == '[') {
        while (at < name.stop && text_->at(at) != ']') ++at;
        if (at == name.stop) return raise_value_error(ts_, "Missing ']' in format string");
        part.stop = at++;
      } else {
        return raise_value_error(ts_, "Only '.' or '[' may follow ']' in format field specifier");
      }
      if (part.empty()) return raise_value_error(ts_, "Empty attribute in format string");
      if (kind == '.') {
        Ref<Str> attribute = OURO_TRY(text_->slice(ts_, part.start, part.stop));
        value = OURO_TRY(get_attribute(ts_, value, Borrowed<Str>(attribute)));
        continue;
      }
      const std::int64_t index = OURO_TRY(number_of(part));
      ObjRef key;
      if (index >= 0) {
        key = OURO_TRY(Int::from(ts_, index));
      } else {
        key = OURO_TRY(text_->slice(ts_, part.start, part.stop));
      }
      value = OURO_TRY(get_item(ts_, value, key));
    }
    return value;
  }

  ThreadState& ts_;
  Borrowed<Str> text_;
  Args arguments_;
  Obj mapping_;
  bool only_mapping_;
  Numbering numbering_ = Numbering::Undecided;
  std::int64_t next_automatic_ = 0;
};

}  // namespace

ObjResult str_format_method(ThreadState& ts, Obj self, Args args) {
  return Formatter(ts, as<Str>(self), args, nullptr, false).run();
}

ObjResult str_format_map_method(ThreadState& ts, Obj self, Args args) {
  return Formatter(ts, as<Str>(self), {}, args[0], true).run();
}

}  // namespace ouro
