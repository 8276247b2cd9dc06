// Module _locale: the C locale, in UTF-8. Other locales are not built: their rules would change how
// C functions read and write.
#include <langinfo.h>

#include <climits>
#include <clocale>
#include <cstdlib>

#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/list.h"

namespace ouro {

namespace {

struct Category {
  const char* name;
  int number;
};
constexpr Category kCategories[] = {
    {"LC_CTYPE", LC_CTYPE},       {"LC_TIME", LC_TIME},         {"LC_COLLATE", LC_COLLATE},
    {"LC_MONETARY", LC_MONETARY}, {"LC_MESSAGES", LC_MESSAGES}, {"LC_NUMERIC", LC_NUMERIC},
    {"LC_ALL", LC_ALL},
};

constexpr Category kInfoKeys[] = {
#define OURO_LANGINFO(name) {#name, name},
#include "modules/locale_names.def"
#undef OURO_LANGINFO
};

bool is_c_locale(std::string_view name) {
  return name == "C" || name == "POSIX" || name == "C.UTF-8" || name == "C.utf8";
}

/// What "" means for a category: the first of the usual variables that is set.
const char* wanted_by_environment(int category) {
  const char* own = "LC_ALL";
  for (const Category& entry : kCategories) {
    if (entry.number == category) own = entry.name;
  }
  for (const char* variable : {"LC_ALL", own, "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return value;
  }
  return "C";
}

Raised raise_locale_error(ThreadState& ts, Obj module, const char* text) {
  Ref<Str> name = OURO_TRY(intern(ts, "Error"));
  ObjRef error = dict_get_str(as<Module>(module)->dict, name).new_ref();
  Ref<Str> message = OURO_TRY(Str::from_utf8(ts, text));
  if (!error || !is_type(error)) return raise_system_error(ts, "_locale.Error is missing");
  return raise_with(ts, as<Type>(Obj(error)), message);
}

ObjResult locale_set(ThreadState& ts, Obj module, Args args) {
  const std::int64_t category =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (category < INT_MIN || category > INT_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  const char* answer = nullptr;
  if (args.count < 2 || is_none(args[1])) {
    answer = std::setlocale(static_cast<int>(category), nullptr);
    if (answer == nullptr) return raise_locale_error(ts, module, "locale query failed");
    return Str::from_utf8(ts, answer);
  }
  if (!is_str(args[1]))
    return raise_type_error(ts, "setlocale() argument 2 must be str or None, not {n}", args[1]);
  Utf8 name(Borrowed<Str>(as<Str>(args[1])));
  if (!name.ok()) return raise_no_memory(ts);
  const char* wanted =
      name.view().empty() ? wanted_by_environment(static_cast<int>(category)) : name.c_str();
  if (is_c_locale(wanted)) answer = std::setlocale(static_cast<int>(category), wanted);
  if (answer == nullptr) return raise_locale_error(ts, module, "unsupported locale setting");
  return Str::from_utf8(ts, answer);
}

ObjResult locale_conventions(ThreadState& ts, Obj, Args) {
  constexpr const char* kTexts[][2] = {{"decimal_point", "."},    {"thousands_sep", ""},
                                       {"int_curr_symbol", ""},   {"currency_symbol", ""},
                                       {"mon_decimal_point", ""}, {"mon_thousands_sep", ""},
                                       {"positive_sign", ""},     {"negative_sign", ""}};
  constexpr const char* kNumbers[] = {"int_frac_digits", "frac_digits",   "p_cs_precedes",
                                      "p_sep_by_space",  "n_cs_precedes", "n_sep_by_space",
                                      "p_sign_posn",     "n_sign_posn"};
  Ref<Dict> result = OURO_TRY(Dict::create(ts));
  for (const auto& [key, value] : kTexts) {
    Ref<Str> text = OURO_TRY(Str::from_utf8(ts, value));
    OURO_TRY(dict_set(ts, result, key, Obj(text)));
  }
  for (const char* key : {"grouping", "mon_grouping"}) {
    Ref<List> none = OURO_TRY(List::create(ts));
    OURO_TRY(dict_set(ts, result, key, Obj(none)));
  }
  Ref<Int> unspecified = OURO_TRY(Int::from(ts, CHAR_MAX));
  for (const char* key : kNumbers) OURO_TRY(dict_set(ts, result, key, Obj(unspecified)));
  return result;
}

Status check_text(ThreadState& ts, Obj value, const char* function, const char* which) {
  if (is_str(value)) return kDone;
  return raise_type_error(ts, "{}() argument {}must be str, not {t}", function, which, value);
}

ObjResult locale_collate(ThreadState& ts, Obj, Args args) {
  OURO_TRY(check_text(ts, args[0], "strcoll", "1 "));
  OURO_TRY(check_text(ts, args[1], "strcoll", "2 "));
  return int_result(ts, str_compare(as<Str>(args[0]), as<Str>(args[1])));
}

// In the C locale texts sort by their characters: the key of a text is the text.
ObjResult locale_key(ThreadState& ts, Obj, Args args) {
  OURO_TRY(check_text(ts, args[0], "strxfrm", ""));
  return args[0].new_ref();
}

ObjResult locale_info(ThreadState& ts, Obj, Args args) {
  const std::int64_t key = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  for (const Category& entry : kInfoKeys) {
    if (entry.number != key) continue;
    if (key == CODESET) return Str::from_utf8(ts, "UTF-8");
    return Str::from_utf8(ts, nl_langinfo(entry.number));
  }
  return raise_value_error(ts, "unsupported langinfo constant");
}

ObjResult locale_encoding(ThreadState& ts, Obj, Args) { return Str::from_utf8(ts, "UTF-8"); }

constexpr MethodDef kFunctions[] = {
    {"setlocale", locale_set, 1, 2, MethodDef::kNone,
     "setlocale($module, category, locale=None, /)\n--\n\nActivates/queries locale processing."},
    {"localeconv", locale_conventions, 0, 0, MethodDef::kNone,
     "localeconv($module, /)\n--\n\nReturns numeric and monetary locale-specific parameters."},
    {"strcoll", locale_collate, 2, 2, MethodDef::kNone,
     "strcoll($module, os1, os2, /)\n--\n\nCompares two strings according to the locale."},
    {"strxfrm", locale_key, 1, 1, MethodDef::kNone,
     "strxfrm($module, string, /)\n--\n\nReturn a string that can be used as a key for "
     "locale-aware comparisons."},
    {"nl_langinfo", locale_info, 1, 1, MethodDef::kNone,
     "nl_langinfo($module, key, /)\n--\n\nReturn the value for the locale information associated "
     "with key."},
    {"getencoding", locale_encoding, 0, 0, MethodDef::kNone,
     "getencoding($module, /)\n--\n\nGet the current locale encoding."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_locale_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_locale"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  for (const Category& entry : kCategories)
    OURO_TRY(add_constant(ts, module, entry.name, entry.number));
  for (const Category& entry : kInfoKeys)
    OURO_TRY(add_constant(ts, module, entry.name, entry.number));
  OURO_TRY(add_constant(ts, module, "CHAR_MAX", CHAR_MAX));
  Ref<Str> name = OURO_TRY(intern(ts, "Error"));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(ts.core.exceptions.Exception)));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  Ref<Str> module_name = OURO_TRY(intern(ts, "locale"));
  OURO_TRY(dict_set(ts, dict, ts.core.names.dunder_module, Obj(module_name)));
  ObjRef error = OURO_TRY(call(ts, Obj(ts.core.types.type), name, bases, dict));
  OURO_TRY(dict_set(ts, module->dict, Obj(name), Obj(error)));
  return module;
}

}  // namespace ouro
