// Module unicodedata: what Unicode 14 says about characters.
#include <cstdlib>

#include <utf8proc.h>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/float.h"
#include "objects/unicode.h"
#include "objects/unicode_database.h"

namespace ouro {

namespace {

constexpr const char* kVersion = "14.0.0";

/// `first`: the function takes more arguments, which its messages then number.
Result<char32_t> character_argument(ThreadState& ts, Args args, const char* function,
                                    bool first = false) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "{}() argument{} must be a unicode character, not {n}", function,
                            first ? " 1" : "", args[0]);
  }
  if (as<Str>(args[0])->length != 1) {
    return raise_type_error(ts, "{}() argument{} must be a unicode character, not str", function,
                            first ? " 1" : "");
  }
  return as<Str>(args[0])->at(0);
}

const utf8proc_property_t* properties(char32_t character) {
  return utf8proc_get_property(unicode::is_known(character)
                                   ? static_cast<utf8proc_int32_t>(character)
                                   : 0x378);  // never assigned
}

/// The second argument, or ValueError(message).
ObjResult fallback(ThreadState& ts, Args args, const char* message) {
  if (args.size() > 1) return args[1].new_ref();
  return raise_value_error(ts, "{}", message);
}

ObjResult name_of(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "name", true));
  char name[unicode::kMaxNameLength];
  const std::size_t length = unicode::character_name(character, name);
  if (length == 0) return fallback(ts, args, "no such name");
  return Str::from_utf8(ts, {name, length});
}

ObjResult lookup(ThreadState& ts, Obj, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "lookup() argument must be str, not {n}", args[0]);
  }
  Utf8 name{Borrowed<Str>(as<Str>(args[0]))};
  if (!name.ok()) return raise_no_memory(ts);
  char32_t found[8];
  const std::size_t count = unicode::find_named(name.view(), found, true);
  if (count == 0) {
    const FormatArg shown[] = {FormatArg(args[0])};
    Ref<Str> message = OURO_TRY(name.view().size() >= unicode::kMaxNameLength * 4
                                    ? Str::from_utf8(ts, "name too long")
                                    : format_message(ts, "undefined character name '{}'", shown));
    return raise_with(ts, ts.core.exceptions.KeyError, message);
  }
  return Str::from_utf32(ts, {found, count});
}

ObjResult category_of(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "category"));
  return Str::from_utf8(ts, utf8proc_category_string(unicode::is_known(character)
                                                         ? static_cast<utf8proc_int32_t>(character)
                                                         : 0x378));
}

ObjResult bidirectional(ThreadState& ts, Obj, Args args) {
  static constexpr const char* kClasses[] = {"",    "L",  "LRE", "LRO", "R",   "AL",  "RLE", "RLO",
                                             "PDF", "EN", "ES",  "ET",  "AN",  "CS",  "NSM", "BN",
                                             "B",   "S",  "WS",  "ON",  "LRI", "RLI", "FSI", "PDI"};
  const char32_t character = OURO_TRY(character_argument(ts, args, "bidirectional"));
  if (!unicode::is_known(character)) return Str::from_utf8(ts, "");
  const auto index = static_cast<std::size_t>(properties(character)->bidi_class);
  return Str::from_utf8(ts, index < std::size(kClasses) ? kClasses[index] : "");
}

ObjResult combining(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "combining"));
  return Int::from(ts, properties(character)->combining_class);
}

ObjResult mirrored(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "mirrored"));
  return Int::from(ts, properties(character)->bidi_mirrored != 0 ? 1 : 0);
}

ObjResult east_asian_width(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "east_asian_width"));
  return Str::from_utf8(ts, unicode::east_asian_width(character));
}

ObjResult decomposition(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "decomposition"));
  return Str::from_utf8(ts, unicode::decomposition(character));
}

ObjResult decimal(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "decimal", true));
  const int value = unicode::decimal_value(character);
  return value < 0 ? fallback(ts, args, "not a decimal") : ObjResult(Int::from(ts, value));
}

ObjResult digit(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "digit", true));
  const int value = unicode::digit_value(character);
  return value < 0 ? fallback(ts, args, "not a digit") : ObjResult(Int::from(ts, value));
}

ObjResult numeric(ThreadState& ts, Obj, Args args) {
  const char32_t character = OURO_TRY(character_argument(ts, args, "numeric", true));
  double value = 0;
  if (!unicode::numeric_value(character, value)) {
    return fallback(ts, args, "not a numeric character");
  }
  return Float::from(ts, value);
}

// -- normal forms ---------------------------------------------------------------------------------

/// utf8proc's options for a form; ValueError for other words.
Result<int> form_options(ThreadState& ts, Obj form) {
  static constexpr std::pair<const char*, int> kForms[] = {
      {"NFC", UTF8PROC_COMPOSE},
      {"NFD", UTF8PROC_DECOMPOSE},
      {"NFKC", UTF8PROC_COMPOSE | UTF8PROC_COMPAT},
      {"NFKD", UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT},
  };
  if (!is_str(form)) {
    return raise_type_error(ts, "normalize() argument 1 must be str, not {n}", form);
  }
  for (const auto& [name, options] : kForms) {
    if (str_equals_ascii(as<Str>(form), name)) return options;
  }
  return raise_value_error(ts, "invalid normalization form");
}

/// What utf8proc decomposes as Unicode 14 does: no surrogates, no characters that came later.
bool is_plain(char32_t c) { return unicode::is_known(c) && (c < 0xD800 || c > 0xDFFF); }

/// Characters that later versions of Unicode assigned stay as they are: they stand between runs.
ObjResult normalized(ThreadState& ts, Str* text, int options) {
  if (text->is_ascii()) return Obj(text).new_ref();
  StrBuilder out(ts);
  const auto length = text->length;
  auto* run = static_cast<utf8proc_int32_t*>(
      allocate_raw((static_cast<std::size_t>(length) + 1) * 18 * sizeof(utf8proc_int32_t)));
  if (run == nullptr) return raise_no_memory(ts);
  Status status = kDone;
  for (std::int64_t start = 0; start < length && status.ok();) {
    std::int64_t end = start;
    utf8proc_ssize_t size = 0;
    int boundary = 0;
    while (end < length && is_plain(text->at(end))) {
      size += utf8proc_decompose_char(static_cast<utf8proc_int32_t>(text->at(end)), run + size, 18,
                                      static_cast<utf8proc_option_t>(options | UTF8PROC_DECOMPOSE),
                                      &boundary);
      ++end;
    }
    // Combining marks in canonical order, stable among equals.
    for (utf8proc_ssize_t i = 1; i < size; ++i) {
      const auto mark = utf8proc_get_property(run[i])->combining_class;
      for (utf8proc_ssize_t j = i; mark != 0 && j > 0; --j) {
        if (utf8proc_get_property(run[j - 1])->combining_class <= mark) break;
        std::swap(run[j - 1], run[j]);
      }
    }
    size = utf8proc_normalize_utf32(run, size,
                                    static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE));
    for (utf8proc_ssize_t i = 0; i < size && status.ok(); ++i) {
      status = out.append(static_cast<char32_t>(run[i]));
    }
    if (end == start) status = out.append(text->at(end++));
    start = end;
  }
  free_raw(run);
  OURO_TRY(status);
  return out.finish();
}

ObjResult normalize(ThreadState& ts, Obj, Args args) {
  const int options = OURO_TRY(form_options(ts, args[0]));
  if (!is_str(args[1])) {
    return raise_type_error(ts, "normalize() argument 2 must be str, not {n}", args[1]);
  }
  return normalized(ts, as<Str>(args[1]), options);
}

ObjResult is_normalized(ThreadState& ts, Obj, Args args) {
  const int options = OURO_TRY(form_options(ts, args[0]));
  if (!is_str(args[1])) {
    return raise_type_error(ts, "is_normalized() argument 2 must be str, not {n}", args[1]);
  }
  ObjRef normal = OURO_TRY(normalized(ts, as<Str>(args[1]), options));
  return ts.core.bool_ref(str_equal(as<Str>(normal), as<Str>(args[1])));
}

constexpr MethodDef kFunctions[] = {
    {"name", name_of, 1, 2, MethodDef::kNone,
     "name($module, chr, default=<unrepresentable>, /)\n--\n\nReturns the name assigned to the "
     "character chr as a string."},
    {"lookup", lookup, 1, 1, MethodDef::kNone,
     "lookup($module, name, /)\n--\n\nLook up character by name."},
    {"category", category_of, 1, 1, MethodDef::kNone,
     "category($module, chr, /)\n--\n\nReturns the general category assigned to the character "
     "chr as string."},
    {"bidirectional", bidirectional, 1, 1, MethodDef::kNone,
     "bidirectional($module, chr, /)\n--\n\nReturns the bidirectional class assigned to the "
     "character chr as string."},
    {"combining", combining, 1, 1, MethodDef::kNone,
     "combining($module, chr, /)\n--\n\nReturns the canonical combining class assigned to the "
     "character chr as integer."},
    {"mirrored", mirrored, 1, 1, MethodDef::kNone,
     "mirrored($module, chr, /)\n--\n\nReturns the mirrored property assigned to the character "
     "chr as integer."},
    {"east_asian_width", east_asian_width, 1, 1, MethodDef::kNone,
     "east_asian_width($module, chr, /)\n--\n\nReturns the east asian width assigned to the "
     "character chr as string."},
    {"decomposition", decomposition, 1, 1, MethodDef::kNone,
     "decomposition($module, chr, /)\n--\n\nReturns the character decomposition mapping assigned "
     "to the character chr as string."},
    {"decimal", decimal, 1, 2, MethodDef::kNone,
     "decimal($module, chr, default=<unrepresentable>, /)\n--\n\nConverts a Unicode character "
     "into its equivalent decimal value."},
    {"digit", digit, 1, 2, MethodDef::kNone,
     "digit($module, chr, default=<unrepresentable>, /)\n--\n\nConverts a Unicode character into "
     "its equivalent digit value."},
    {"numeric", numeric, 1, 2, MethodDef::kNone,
     "numeric($module, chr, default=<unrepresentable>, /)\n--\n\nConverts a Unicode character "
     "into its equivalent numeric value."},
    {"normalize", normalize, 2, 2, MethodDef::kNone,
     "normalize($module, form, unistr, /)\n--\n\nReturn the normal form 'form' for the Unicode "
     "string unistr."},
    {"is_normalized", is_normalized, 2, 2, MethodDef::kNone,
     "is_normalized($module, form, unistr, /)\n--\n\nReturn whether the Unicode string unistr is "
     "in the normal form 'form'."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_unicodedata_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "unicodedata"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(add_constant(ts, module, "unidata_version", kVersion));
  return module;
}

}  // namespace ouro
