// Case methods of str, and the methods that ask what its characters are.
#include <algorithm>
#include <cstring>

#include "objects/str_internal.h"
#include "objects/unicode.h"

namespace ouro {

namespace {

Str* text_of(Obj self) { return as<Str>(self); }

Status append_mapping(StrBuilder& out, const unicode::Mapping& mapping) {
  for (int i = 0; i < mapping.count; ++i) OURO_TRY(out.append(mapping.characters[i]));
  return kDone;
}

// A capital sigma at the end of a word: a cased character before it and none after it, ignorable
// ones passed over.
bool is_final_sigma(const Str* text, std::int64_t at) {
  std::int64_t before = at - 1;
  while (before >= 0 && unicode::is_case_ignorable(text->at(before))) --before;
  if (before < 0 || !unicode::is_cased(text->at(before))) return false;
  std::int64_t after = at + 1;
  while (after < text->length && unicode::is_case_ignorable(text->at(after))) ++after;
  return after == text->length || !unicode::is_cased(text->at(after));
}

unicode::Mapping lower_at(const Str* text, std::int64_t at) {
  constexpr char32_t kCapitalSigma = 0x3a3, kFinalSigma = 0x3c2;
  const char32_t c = text->at(at);
  if (c == kCapitalSigma && is_final_sigma(text, at)) return {{kFinalSigma, 0, 0}, 1};
  return unicode::to_lower(c);
}

/// Eight ASCII characters at once: flips bit 5 (the case) of those in first…first + 25.
constexpr std::uint64_t flip_case(std::uint64_t word, unsigned first) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  const std::uint64_t from_first = word + kOnes * (0x80 - first);
  const std::uint64_t beyond = word + kOnes * (0x80 - first - 26);
  return word ^ (((from_first & ~beyond) & (kOnes * 0x80)) >> 2);
}

/// A copy of an ASCII text with the letters first…first + 25 in the other case.
ObjResult map_ascii(ThreadState& ts, const Str* text, char first) {
  const auto letter = static_cast<unsigned char>(first);
  if (text->length == 0) return Ref<Str>::share(ts.core.empty_str);
  if (text->length == 1)
    return Str::from_char(ts, static_cast<char32_t>(flip_case(text->data1()[0], letter) & 0x7f));
  Ref<Str> made = OURO_TRY(Str::make(ts, text->length, 0x7f));
  auto* out = static_cast<std::uint8_t*>(made->data());
  const std::uint8_t* in = text->data1();
  for (std::int64_t i = 0; i < text->length; i += 8) {
    const auto bytes = static_cast<std::size_t>(std::min<std::int64_t>(8, text->length - i));
    std::uint64_t word = 0;
    std::memcpy(&word, in + i, bytes);
    word = flip_case(word, letter);
    std::memcpy(out + i, &word, bytes);
  }
  return made;
}

template <class Map>
ObjResult map_text(ThreadState& ts, const Str* text, Map map) {
  StrBuilder out(ts);
  for (std::int64_t i = 0; i < text->length; ++i) OURO_TRY(append_mapping(out, map(i)));
  return out.finish();
}

ObjResult str_upper(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  if (text->is_ascii()) return map_ascii(ts, text, 'a');
  return map_text(ts, text, [&](std::int64_t i) { return unicode::to_upper(text->at(i)); });
}

ObjResult str_lower(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  if (text->is_ascii()) return map_ascii(ts, text, 'A');
  return map_text(ts, text, [&](std::int64_t i) { return lower_at(text, i); });
}

ObjResult str_casefold(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  if (text->is_ascii()) return map_ascii(ts, text, 'A');
  return map_text(ts, text, [&](std::int64_t i) { return unicode::fold(text->at(i)); });
}

ObjResult str_swapcase(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  return map_text(ts, text, [&](std::int64_t i) -> unicode::Mapping {
    const char32_t c = text->at(i);
    if (unicode::is_upper(c)) return lower_at(text, i);
    if (unicode::is_lower(c)) return unicode::to_upper(c);
    return {{c, 0, 0}, 1};
  });
}

ObjResult str_capitalize(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  return map_text(ts, text, [&](std::int64_t i) {
    return i == 0 ? unicode::to_title(text->at(0)) : lower_at(text, i);
  });
}

ObjResult str_title(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  bool in_word = false;
  return map_text(ts, text, [&](std::int64_t i) {
    const char32_t c = text->at(i);
    const unicode::Mapping mapping = in_word ? lower_at(text, i) : unicode::to_title(c);
    in_word = unicode::is_cased(c);
    return mapping;
  });
}

// -- predicates
// --------------------------------------------------------------------------------------------------------------

/// True when there are characters and all pass.
template <bool (*kTest)(char32_t)>
ObjResult all_pass(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  bool passed = text->length > 0;
  for (std::int64_t i = 0; i < text->length && passed; ++i) passed = kTest(text->at(i));
  return ts.core.bool_ref(passed);
}

bool is_alphanumeric(char32_t c) { return unicode::is_alpha(c) || unicode::is_numeric(c); }

ObjResult str_isascii(ThreadState& ts, Obj self, Args) {
  return ts.core.bool_ref(text_of(self)->is_ascii());
}

ObjResult str_isprintable(ThreadState& ts, Obj self, Args args) {
  if (text_of(self)->length == 0) return ts.core.bool_ref(true);
  return all_pass<unicode::is_printable>(ts, self, args);
}

ObjResult str_isidentifier(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  bool passed = text->length > 0 && unicode::is_identifier_start(text->at(0));
  for (std::int64_t i = 1; i < text->length && passed; ++i)
    passed = unicode::is_identifier_part(text->at(i));
  return ts.core.bool_ref(passed);
}

/// At least one character of the wanted case, and no cased one of another.
template <bool (*kWanted)(char32_t), bool (*kRefused)(char32_t)>
ObjResult all_cased(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  bool found = false;
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    if (kRefused(c) || unicode::is_title(c)) return ts.core.bool_ref(false);
    found = found || kWanted(c);
  }
  return ts.core.bool_ref(found);
}

ObjResult str_istitle(ThreadState& ts, Obj self, Args) {
  const Str* text = text_of(self);
  bool found = false;
  bool in_word = false;
  for (std::int64_t i = 0; i < text->length; ++i) {
    const char32_t c = text->at(i);
    const bool starts = unicode::is_upper(c) || unicode::is_title(c);
    const bool goes_on = !starts && unicode::is_lower(c);
    if ((starts && in_word) || (goes_on && !in_word)) return ts.core.bool_ref(false);
    in_word = starts || goes_on;
    found = found || in_word;
  }
  return ts.core.bool_ref(found);
}

}  // namespace

const MethodDef kStrCaseMethods[] = {
    {"capitalize", str_capitalize, 0, 0, 0,
     "capitalize($self, /)\n--\n\nReturn a copy with the first character in title case and the "
     "rest in lower case."},
    {"casefold", str_casefold, 0, 0, 0,
     "casefold($self, /)\n--\n\nReturn a version suitable for caseless comparison."},
    {"isalnum", all_pass<is_alphanumeric>, 0, 0, 0,
     "isalnum($self, /)\n--\n\nTrue if there are characters and all are letters or numeric."},
    {"isalpha", all_pass<unicode::is_alpha>, 0, 0, 0,
     "isalpha($self, /)\n--\n\nTrue if there are characters and all are letters."},
    {"isascii", str_isascii, 0, 0, 0, "isascii($self, /)\n--\n\nTrue if all characters are ASCII."},
    {"isdecimal", all_pass<unicode::is_decimal>, 0, 0, 0,
     "isdecimal($self, /)\n--\n\nTrue if there are characters and all are decimal digits."},
    {"isdigit", all_pass<unicode::is_digit>, 0, 0, 0,
     "isdigit($self, /)\n--\n\nTrue if there are characters and all are digits."},
    {"isidentifier", str_isidentifier, 0, 0, 0,
     "isidentifier($self, /)\n--\n\nTrue if the text is a valid identifier."},
    {"islower", all_cased<unicode::is_lower, unicode::is_upper>, 0, 0, 0,
     "islower($self, /)\n--\n\nTrue if there are cased characters and all are lower case."},
    {"isnumeric", all_pass<unicode::is_numeric>, 0, 0, 0,
     "isnumeric($self, /)\n--\n\nTrue if there are characters and all are numeric."},
    {"isprintable", str_isprintable, 0, 0, 0,
     "isprintable($self, /)\n--\n\nTrue if repr() shows all characters as they are."},
    {"isspace", all_pass<unicode::is_space>, 0, 0, 0,
     "isspace($self, /)\n--\n\nTrue if there are characters and all are white space."},
    {"istitle", str_istitle, 0, 0, 0,
     "istitle($self, /)\n--\n\nTrue if the text is in title case."},
    {"isupper", all_cased<unicode::is_upper, unicode::is_lower>, 0, 0, 0,
     "isupper($self, /)\n--\n\nTrue if there are cased characters and all are upper case."},
    {"lower", str_lower, 0, 0, 0, "lower($self, /)\n--\n\nReturn a copy in lower case."},
    {"swapcase", str_swapcase, 0, 0, 0,
     "swapcase($self, /)\n--\n\nReturn a copy with upper and lower case exchanged."},
    {"title", str_title, 0, 0, 0,
     "title($self, /)\n--\n\nReturn a copy in which words start with title case."},
    {"upper", str_upper, 0, 0, 0, "upper($self, /)\n--\n\nReturn a copy in upper case."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
