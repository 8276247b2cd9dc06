// UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError: what could not be converted, and
// where.

#include <cstdio>

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/int.h"
#include "objects/operations.h"

namespace ouro::exceptions {

namespace {

enum class Kind : std::uint8_t { Decode, Encode, Translate };

Status need_str(ThreadState& ts, Args args, std::uint32_t index) {
  if (is_str(args[index])) return kDone;
  return raise_type_error(ts, "argument {} must be str, not {n}", index + 1, args[index]);
}

template <Kind kind>
Status unicode_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(base_init(ts, self, args));
  constexpr std::uint32_t kFirst = kind == Kind::Translate ? 0 : 1;  // where the object stands
  constexpr std::uint32_t kCount = kFirst + 4;
  if (args.count != kCount) {
    return raise_type_error(ts, "function takes exactly {} arguments ({} given)", kCount,
                            args.count);
  }
  if (kind != Kind::Translate) OURO_TRY(need_str(ts, args, 0));
  ObjRef object = args[kFirst].new_ref();
  if (kind != Kind::Decode) {
    OURO_TRY(need_str(ts, args, kFirst));
  } else if (!is_bytes(object)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, object));
    object = OURO_TRY(Bytes::from(ts, view.view()));
  }
  ObjRef start = OURO_TRY(to_index(ts, args[kFirst + 1]));
  ObjRef end = OURO_TRY(to_index(ts, args[kFirst + 2]));
  OURO_TRY(need_str(ts, args, kFirst + 3));
  if (kind != Kind::Translate) set_exception_field(self, UnicodeErrorField::Encoding, args[0]);
  set_exception_field(self, UnicodeErrorField::Object, object);
  set_exception_field(self, UnicodeErrorField::Start, start);
  set_exception_field(self, UnicodeErrorField::End, end);
  set_exception_field(self, UnicodeErrorField::Reason, args[kFirst + 3]);
  return kDone;
}

std::int64_t number_field(Obj self, UnicodeErrorField field) {
  Obj value = exception_field(self, field);
  return value && is_int(value) ? int_clamped(value) : 0;
}

void character_text(char (&out)[16], char32_t c) {
  if (c <= 0xff) {
    std::snprintf(out, sizeof out, "\\x%02x", static_cast<unsigned>(c));
  } else if (c <= 0xffff) {
    std::snprintf(out, sizeof out, "\\u%04x", static_cast<unsigned>(c));
  } else {
    std::snprintf(out, sizeof out, "\\U%08x", static_cast<unsigned>(c));
  }
}

template <Kind kind>
ObjResult unicode_str(ThreadState& ts, Obj self) {
  ObjRef object = exception_field(self, UnicodeErrorField::Object).new_ref();
  if (!object) return ObjRef::share(ts.core.empty_str);  // never initialised
  ObjRef encoding = exception_field(self, UnicodeErrorField::Encoding).new_ref();
  ObjRef reason = exception_field(self, UnicodeErrorField::Reason).new_ref();
  const std::int64_t start = number_field(self, UnicodeErrorField::Start);
  const std::int64_t end = number_field(self, UnicodeErrorField::End);
  const std::int64_t length = kind == Kind::Decode
                                  ? (is_bytes(object) ? as<Bytes>(object)->length : 0)
                                  : (is_str(object) ? as<Str>(object)->length : 0);
  constexpr const char* kVerb = kind == Kind::Decode   ? "decode"
                                : kind == Kind::Encode ? "encode"
                                                       : "translate";
  const bool one = start >= 0 && start < length && end == start + 1;
  char shown[16] = "";
  if (one && kind == Kind::Decode) {
    std::snprintf(shown, sizeof shown, "0x%02x",
                  static_cast<unsigned char>(as<Bytes>(object)->data()[start]));
  } else if (one) {
    character_text(shown, as<Str>(object)->at(start));
  }
  if (kind == Kind::Translate) {
    if (one) {
      const FormatArg parts[] = {FormatArg(shown), FormatArg(start), FormatArg(reason)};
      return format_message(ts, "can't translate character '{}' in position {}: {}", parts);
    }
    const FormatArg parts[] = {FormatArg(start), FormatArg(end - 1), FormatArg(reason)};
    return format_message(ts, "can't translate characters in position {}-{}: {}", parts);
  }
  if (one) {
    const FormatArg parts[] = {FormatArg(encoding), FormatArg(kVerb), FormatArg(shown),
                               FormatArg(start), FormatArg(reason)};
    return format_message(ts,
                          kind == Kind::Decode
                              ? "'{}' codec can't {} byte {} in position {}: {}"
                              : "'{}' codec can't {} character '{}' in position {}: {}",
                          parts);
  }
  const FormatArg parts[] = {FormatArg(encoding), FormatArg(kVerb), FormatArg(start),
                             FormatArg(end - 1), FormatArg(reason)};
  return format_message(ts,
                        kind == Kind::Decode
                            ? "'{}' codec can't {} bytes in position {}-{}: {}"
                            : "'{}' codec can't {} characters in position {}-{}: {}",
                        parts);
}

template <UnicodeErrorField field>
constexpr GetSetDef attribute(const char* name, const char* doc) {
  constexpr auto place = static_cast<std::size_t>(field);
  return {name, get_field<place>, set_field<place>, doc};
}

/// start and end are numbers: setting anything else is refused.
template <UnicodeErrorField field>
Status set_number(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "can't delete numeric/char attribute");
  ObjRef number = OURO_TRY(to_index(ts, value));
  set_exception_field(self, field, number);
  return kDone;
}
template <UnicodeErrorField field>
constexpr GetSetDef number_attribute(const char* name, const char* doc) {
  return {name, get_field<static_cast<std::size_t>(field)>, set_number<field>, doc};
}

const GetSetDef kGetSets[] = {
    attribute<UnicodeErrorField::Encoding>("encoding", "exception encoding"),
    attribute<UnicodeErrorField::Object>("object", "exception object"),
    number_attribute<UnicodeErrorField::Start>("start", "exception start"),
    number_attribute<UnicodeErrorField::End>("end", "exception end"),
    attribute<UnicodeErrorField::Reason>("reason", "exception reason"),
    {},
};

template <Kind kind>
void fill(Type& type) {
  fill_fields(type);
  type.make = field_make<5>;
  type.init = unicode_init<kind>;
  type.str = unicode_str<kind>;
  type.getsets = kGetSets;
}

}  // namespace

void fill_unicode_decode_error(Type& type) { fill<Kind::Decode>(type); }
void fill_unicode_encode_error(Type& type) { fill<Kind::Encode>(type); }
void fill_unicode_translate_error(Type& type) { fill<Kind::Translate>(type); }

}  // namespace ouro::exceptions
