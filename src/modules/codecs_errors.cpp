// _codecs: the built-in error handlers as functions. Each gets a UnicodeError and returns
// (replacement, position to go on at).
//
// The codecs themselves handle these errors without calling them; they are for programs that ask
// for them by name.
#include <cstdio>

#include "modules/codecs_support.h"
#include "objects/codecs.h"
#include "objects/function.h"

namespace ouro {

namespace {

/// The parts of a UnicodeError.
struct Problem {
  ObjRef object;
  std::int64_t start = 0;
  std::int64_t stop = 0;
};

bool is_encoding_error(ThreadState& ts, Obj error) {
  return is_instance_of(error, ts.core.exceptions.UnicodeEncodeError);
}
bool is_decoding_error(ThreadState& ts, Obj error) {
  return is_instance_of(error, ts.core.exceptions.UnicodeDecodeError);
}
bool is_translating_error(ThreadState& ts, Obj error) {
  return is_instance_of(error, ts.core.exceptions.UnicodeTranslateError);
}

Raised raise_unfit(ThreadState& ts, Obj error) {
  return raise_type_error(ts, "don't know how to handle {t} in error callback", error);
}

Status read_problem(ThreadState& ts, Obj error, Problem& problem) {
  if (!is_encoding_error(ts, error) && !is_decoding_error(ts, error) &&
      !is_translating_error(ts, error))
    return raise_unfit(ts, error);
  problem.object = OURO_TRY(get_attribute(ts, error, ts.core.names.n_object));
  ObjRef start = OURO_TRY(get_attribute(ts, error, ts.core.names.n_start));
  ObjRef stop = OURO_TRY(get_attribute(ts, error, ts.core.names.n_end));
  problem.start = OURO_TRY(index_as_int64(ts, start, nullptr));
  problem.stop = OURO_TRY(index_as_int64(ts, stop, nullptr));
  const bool bytes = is_decoding_error(ts, error);
  if (bytes ? !is_bytes(problem.object) : !is_str(problem.object)) {
    return raise_type_error(ts, "object attribute must be {}", bytes ? "bytes" : "unicode");
  }
  const std::int64_t length =
      bytes ? as<Bytes>(Obj(problem.object))->length : as<Str>(Obj(problem.object))->length;
  problem.start = std::max<std::int64_t>(0, std::min(problem.start, length - 1));
  problem.stop = std::min(std::max<std::int64_t>(problem.stop, 1), length);
  return kDone;
}

ObjResult answer(ThreadState& ts, ObjResult replacement, std::int64_t position) {
  ObjRef text = OURO_TRY(std::move(replacement));
  Ref<Int> number = OURO_TRY(Int::from(ts, position));
  return Tuple::of(ts, text, number);
}

ObjResult raise_again(ThreadState& ts, Obj error) {
  if (!is_exception(error)) return raise_type_error(ts, "codec must pass exception instance");
  return raise_object(ts, error.new_ref());
}

ObjResult strict_errors(ThreadState& ts, Obj, Args args) { return raise_again(ts, args[0]); }

ObjResult ignore_errors(ThreadState& ts, Obj, Args args) {
  Problem problem;
  OURO_TRY(read_problem(ts, args[0], problem));
  return answer(ts, ObjRef::share(ts.core.empty_str), problem.stop);
}

ObjResult replace_errors(ThreadState& ts, Obj, Args args) {
  Problem problem;
  OURO_TRY(read_problem(ts, args[0], problem));
  StrBuilder text(ts);
  const bool decoding = is_decoding_error(ts, args[0]);
  OURO_TRY(text.append_repeated(is_encoding_error(ts, args[0]) ? U'?' : char32_t{0xfffd},
                                decoding ? 1 : problem.stop - problem.start));
  return answer(ts, text.finish(), problem.stop);
}

ObjResult xmlcharrefreplace_errors(ThreadState& ts, Obj, Args args) {
  if (!is_encoding_error(ts, args[0])) return raise_unfit(ts, args[0]);
  Problem problem;
  OURO_TRY(read_problem(ts, args[0], problem));
  StrBuilder text(ts);
  for (std::int64_t i = problem.start; i < problem.stop; ++i) {
    char piece[16];
    std::snprintf(piece, sizeof piece, "&#%u;",
                  static_cast<unsigned>(as<Str>(Obj(problem.object))->at(i)));
    OURO_TRY(text.append(std::string_view(piece)));
  }
  return answer(ts, text.finish(), problem.stop);
}

ObjResult backslashreplace_errors(ThreadState& ts, Obj, Args args) {
  Problem problem;
  OURO_TRY(read_problem(ts, args[0], problem));
  const bool decoding = is_decoding_error(ts, args[0]);
  StrBuilder text(ts);
  for (std::int64_t i = problem.start; i < problem.stop; ++i) {
    const char32_t c = decoding
                           ? static_cast<unsigned char>(as<Bytes>(Obj(problem.object))->data()[i])
                           : as<Str>(Obj(problem.object))->at(i);
    char piece[16];
    std::snprintf(piece, sizeof piece,
                  c < 0x100     ? "\\x%02x"
                  : c < 0x10000 ? "\\u%04x"
                                : "\\U%08x",
                  static_cast<unsigned>(c));
    OURO_TRY(text.append(std::string_view(piece)));
  }
  return answer(ts, text.finish(), problem.stop);
}

ObjResult namereplace_errors(ThreadState& ts, Obj, Args args) {
  if (!is_encoding_error(ts, args[0])) return raise_unfit(ts, args[0]);
  return raise(
      ts, ts.core.exceptions.NotImplementedError,
      "error handler 'namereplace' is not supported: there is no table of character names");
}

ObjResult surrogateescape(ThreadState& ts, Obj, Args args) {
  Problem problem;
  if (is_translating_error(ts, args[0])) return raise_unfit(ts, args[0]);
  OURO_TRY(read_problem(ts, args[0], problem));
  const std::int64_t count = problem.stop - problem.start;
  if (is_encoding_error(ts, args[0])) {
    Ref<Bytes> bytes = OURO_TRY(Bytes::make(ts, count));
    for (std::int64_t i = 0; i < count; ++i) {
      const char32_t c = as<Str>(Obj(problem.object))->at(problem.start + i);
      if (c < 0xdc80 || c > 0xdcff) return raise_again(ts, args[0]);
      bytes->data()[i] = static_cast<char>(c - 0xdc00);
    }
    return answer(ts, std::move(bytes), problem.stop);
  }
  StrBuilder text(ts);
  for (std::int64_t i = problem.start; i < problem.stop && text.length() < 4; ++i) {
    const auto byte = static_cast<unsigned char>(as<Bytes>(Obj(problem.object))->data()[i]);
    if (byte < 0x80) break;
    OURO_TRY(text.append(static_cast<char32_t>(0xdc00 + byte)));
  }
  const std::int64_t taken = text.length();
  if (taken == 0) return raise_again(ts, args[0]);
  return answer(ts, text.finish(), problem.start + taken);
}

std::int64_t unit_bytes(codecs::Encoding encoding) {
  switch (encoding) {
    case codecs::Encoding::Utf8:
      return 3;
    case codecs::Encoding::Utf16:
    case codecs::Encoding::Utf16Little:
    case codecs::Encoding::Utf16Big:
      return 2;
    case codecs::Encoding::Utf32:
    case codecs::Encoding::Utf32Little:
    case codecs::Encoding::Utf32Big:
      return 4;
    default:
      return 0;
  }
}

ObjResult surrogatepass(ThreadState& ts, Obj, Args args) {
  if (is_translating_error(ts, args[0])) return raise_unfit(ts, args[0]);
  Problem problem;
  OURO_TRY(read_problem(ts, args[0], problem));
  ObjRef name = OURO_TRY(get_attribute(ts, args[0], ts.core.names.n_encoding));
  CodecName encoding("utf-8");
  OURO_TRY(encoding.read(ts, name, "surrogatepass", "encoding"));
  const std::int64_t unit = unit_bytes(codecs::find_encoding(encoding.c_str()));
  if (unit == 0) return raise_again(ts, args[0]);
  ObjResult made = Raised{};
  std::int64_t position = problem.stop;
  if (is_encoding_error(ts, args[0])) {
    Ref<Str> text = OURO_TRY(as<Str>(Obj(problem.object))->slice(ts, problem.start, problem.stop));
    for (std::int64_t i = 0; i < text->length; ++i) {
      if (text->at(i) < 0xd800 || text->at(i) > 0xdfff) return raise_again(ts, args[0]);
    }
    made = encode_str(ts, text, encoding.c_str(), "surrogatepass");
  } else {
    const std::string_view bytes = as<Bytes>(Obj(problem.object))->view();
    position = problem.start + unit;
    if (position > static_cast<std::int64_t>(bytes.size())) return raise_again(ts, args[0]);
    made = decode_bytes(
        ts, bytes.substr(static_cast<std::size_t>(problem.start), static_cast<std::size_t>(unit)),
        encoding.c_str(), "surrogatepass");
  }
  if (made.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.UnicodeError)) return Raised{};
    return raise_again(ts, args[0]);
  }
  return answer(ts, std::move(made), position);
}

struct NamedHandler {
  const char* name;
  MethodDef def;
};
constexpr NamedHandler kHandlers[] = {
    {"strict",
     {"strict_errors", strict_errors, 1, 1, MethodDef::kNone,
      "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."}},
    {"ignore",
     {"ignore_errors", ignore_errors, 1, 1, MethodDef::kNone,
      "Implements the 'ignore' error handling, which ignores malformed data and continues."}},
    {"replace",
     {"replace_errors", replace_errors, 1, 1, MethodDef::kNone,
      "Implements the 'replace' error handling, which replaces malformed data with a replacement "
      "marker."}},
    {"xmlcharrefreplace",
     {"xmlcharrefreplace_errors", xmlcharrefreplace_errors, 1, 1, MethodDef::kNone,
      "Implements the 'xmlcharrefreplace' error handling: an XML character reference for each "
      "character."}},
    {"backslashreplace",
     {"backslashreplace_errors", backslashreplace_errors, 1, 1, MethodDef::kNone,
      "Implements the 'backslashreplace' error handling: a backslashed escape sequence for "
      "malformed data."}},
    {"namereplace",
     {"namereplace_errors", namereplace_errors, 1, 1, MethodDef::kNone,
      "The 'namereplace' error handling: not built."}},
    {"surrogateescape", {"surrogateescape", surrogateescape, 1, 1, MethodDef::kNone, nullptr}},
    {"surrogatepass", {"surrogatepass", surrogatepass, 1, 1, MethodDef::kNone, nullptr}},
};

}  // namespace

Status add_error_handlers(ThreadState& ts, Borrowed<Dict> handlers) {
  for (const NamedHandler& handler : kHandlers) {
    ObjRef function = OURO_TRY(BuiltinFunction::create(ts, handler.def, nullptr, nullptr));
    OURO_TRY(dict_set(ts, handlers, handler.name, Obj(function)));
  }
  return kDone;
}

}  // namespace ouro
