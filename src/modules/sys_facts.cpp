// sys: what the interpreter is, and what the command line said.
#include "modules/sys_facts.h"

#include <unistd.h>

#include <cfloat>
#include <cstdlib>

#include "modules/native_modules.h"
#include "modules/struct_sequence.h"
#include "modules/sys_module.h"
#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

#if defined(__clang__)
constexpr const char* kVersion = "3.11.2 (Ouro) [Clang " __clang_version__ "]";
#else
constexpr const char* kVersion = "3.11.2 (Ouro) [GCC " __VERSION__ "]";
#endif
constexpr int kHexVersion = 0x030b02f0;

Status set_int(ThreadState& ts, Borrowed<Dict> dict, const char* name, std::int64_t value) {
  Ref<Int> number = OURO_TRY(Int::from(ts, value));
  return dict_set(ts, dict, name, Obj(number));
}

Status set_text(ThreadState& ts, Borrowed<Dict> dict, const char* name, std::string_view value) {
  Ref<Str> text = OURO_TRY(Str::from_utf8(ts, value));
  return dict_set(ts, dict, name, Obj(text));
}

/// A named tuple: field, value, …
using Field = std::pair<const char*, ObjRef>;
Status set_struct(ThreadState& ts, Borrowed<Dict> dict, const char* name, const char* type_name, std::span<Field> fields) {
  constexpr std::size_t kMostFields = 24;
  const char* names[kMostFields];
  Object* values[kMostFields];
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].second) return Raised{};
    names[i] = fields[i].first;
    values[i] = fields[i].second.get();
  }
  Ref<Type> type = OURO_TRY(make_struct_sequence(ts, "sys", type_name, {names, fields.size()}, fields.size()));
  ObjRef value = OURO_TRY(make_struct(ts, type, {values, fields.size()}));
  // There is one of these two, and it cannot be made by programs.
  if (std::string_view(type_name) == "flags" || std::string_view(type_name) == "version_info") {
    type->make = [](ThreadState& state, Borrowed<Type> of, Args) -> ObjResult {
      return raise_type_error(state, "cannot create '{}' instances", of->name());
    };
  }
  return dict_set(ts, dict, name, value);
}

// What a field holds; null when it could not be made, which set_struct passes on. (Leaving in the middle of a braced list would
// leak what stands before.)
template <class T>
ObjRef value_or_null(Result<Ref<T>> made) {
  return made.ok() ? ObjRef(made.take()) : ObjRef();
}
ObjRef number(ThreadState& ts, std::int64_t value) { return value_or_null(Int::from(ts, value)); }
ObjRef real(ThreadState& ts, double value) { return value_or_null(Float::from(ts, value)); }
ObjRef text(ThreadState& ts, const char* value) { return value_or_null(intern(ts, value)); }

Status add_version(ThreadState& ts, Borrowed<Dict> dict) {
  OURO_TRY(set_text(ts, dict, "version", kVersion));
  OURO_TRY(set_int(ts, dict, "hexversion", kHexVersion));
  OURO_TRY(set_int(ts, dict, "api_version", 1013));
  OURO_TRY(set_text(ts, dict, "copyright", "Copyright (c) Ouro contributors"));
  Field version[] = {{"major", number(ts, 3)}, {"minor", number(ts, 11)}, {"micro", number(ts, 2)},
                     {"releaselevel", text(ts, "final")}, {"serial", number(ts, 0)}};
  OURO_TRY(set_struct(ts, dict, "version_info", "version_info", version));
  ObjRef implementation = OURO_TRY(call(ts, ts.core.types.simple_namespace));
  const auto set = [&](const char* field, Obj value) -> Status {
    Ref<Str> key = OURO_TRY(intern(ts, field));
    return set_attribute(ts, implementation, key, value);
  };
  OURO_TRY(set("name", OURO_TRY(intern(ts, "ouro"))));
  OURO_TRY(set("cache_tag", OURO_TRY(Str::from_utf8(ts, kCacheTag))));
  Ref<Str> version_name = OURO_TRY(intern(ts, "version_info"));
  OURO_TRY(set("version", dict_get_str(dict, version_name)));
  OURO_TRY(set("hexversion", OURO_TRY(Int::from(ts, kHexVersion))));
  OURO_TRY(set("_multiarch", OURO_TRY(intern(ts, "x86_64-linux-gnu"))));
  return dict_set(ts, dict, "implementation", implementation);
}

/// What the system calls its threads, "NPTL 2.36"; None when it does not tell.
ObjRef thread_library(ThreadState& ts) {
  char version[64];
  const std::size_t size = confstr(_CS_GNU_LIBPTHREAD_VERSION, version, sizeof version);
  return size == 0 || size > sizeof version ? ts.core.none_ref() : text(ts, version);
}

Status add_number_facts(ThreadState& ts, Borrowed<Dict> dict) {
  OURO_TRY(set_int(ts, dict, "maxsize", INT64_MAX));
  OURO_TRY(set_int(ts, dict, "maxunicode", 0x10ffff));
  OURO_TRY(set_text(ts, dict, "float_repr_style", "short"));
  Field floats[] = {{"max", real(ts, DBL_MAX)}, {"max_exp", number(ts, DBL_MAX_EXP)},
                    {"max_10_exp", number(ts, DBL_MAX_10_EXP)}, {"min", real(ts, DBL_MIN)},
                    {"min_exp", number(ts, DBL_MIN_EXP)}, {"min_10_exp", number(ts, DBL_MIN_10_EXP)},
                    {"dig", number(ts, DBL_DIG)}, {"mant_dig", number(ts, DBL_MANT_DIG)},
                    {"epsilon", real(ts, DBL_EPSILON)}, {"radix", number(ts, FLT_RADIX)},
                    {"rounds", number(ts, 1)}};
  OURO_TRY(set_struct(ts, dict, "float_info", "float_info", floats));
  Field ints[] = {{"bits_per_digit", number(ts, 64)}, {"sizeof_digit", number(ts, 8)},
                  {"default_max_str_digits", number(ts, 4300)}, {"str_digits_check_threshold", number(ts, 640)}};
  OURO_TRY(set_struct(ts, dict, "int_info", "int_info", ints));
  Field hashes[] = {{"width", number(ts, 64)}, {"modulus", number(ts, (std::int64_t{1} << 61) - 1)},
                    {"inf", number(ts, 314159)}, {"nan", number(ts, 0)}, {"imag", number(ts, 1000003)},
                    {"algorithm", text(ts, "siphash13")}, {"hash_bits", number(ts, 64)},
                    {"seed_bits", number(ts, 128)}, {"cutoff", number(ts, 0)}};
  OURO_TRY(set_struct(ts, dict, "hash_info", "hash_info", hashes));
  Field threads[] = {{"name", text(ts, "pthread")}, {"lock", text(ts, "semaphore")}, {"version", thread_library(ts)}};
  return set_struct(ts, dict, "thread_info", "thread_info", threads);
}

Status add_module_names(ThreadState& ts, Borrowed<Dict> dict) {
  std::span<const NativeModule> modules = native_modules();
  Ref<List> names = OURO_TRY(List::create(ts, static_cast<std::int64_t>(modules.size())));
  for (const NativeModule& module : modules) OURO_TRY(names->append(ts, OURO_TRY(intern(ts, module.name))));
  OURO_TRY(names->sort(ts, nullptr, false));
  Ref<Tuple> sorted = OURO_TRY(list_as_tuple(ts, names));
  return dict_set(ts, dict, "builtin_module_names", Obj(sorted));
}

Result<Ref<List>> texts(ThreadState& ts, const std::vector<std::string>& values) {
  Ref<List> list = OURO_TRY(List::create(ts));
  for (const std::string& value : values) OURO_TRY(list->append(ts, OURO_TRY(Str::from_utf8(ts, value))));
  return list;
}

Status set_flags(ThreadState& ts, Borrowed<Dict> dict, const SysOptions& options) {
  const std::pair<const char*, int> values[] = {
      {"debug", 0}, {"inspect", options.inspect}, {"interactive", options.interactive}, {"optimize", options.optimize},
      {"dont_write_bytecode", options.dont_write_bytecode}, {"no_user_site", options.no_user_site}, {"no_site", options.no_site},
      {"ignore_environment", options.ignore_environment}, {"verbose", options.verbose}, {"bytes_warning", options.bytes_warning},
      {"quiet", options.quiet}, {"hash_randomization", 1}, {"isolated", options.isolated}};
  Field fields[18];
  std::size_t count = 0;
  for (const auto& [name, value] : values) fields[count++] = {name, number(ts, value)};
  fields[count++] = {"dev_mode", ts.core.bool_ref(options.dev_mode != 0)};
  fields[count++] = {"utf8_mode", number(ts, 0)};
  fields[count++] = {"warn_default_encoding", number(ts, 0)};
  fields[count++] = {"safe_path", ts.core.bool_ref(options.safe_path != 0)};
  fields[count++] = {"int_max_str_digits", number(ts, -1)};  // -1: no option set it
  return set_struct(ts, dict, "flags", "flags", {fields, count});
}

}  // namespace

Status add_sys_facts(ThreadState& ts, Borrowed<Dict> dict) {
  OURO_TRY(add_version(ts, dict));
  OURO_TRY(add_number_facts(ts, dict));
  OURO_TRY(add_module_names(ts, dict));
  OURO_TRY(set_text(ts, dict, "platform", "linux"));
  OURO_TRY(set_text(ts, dict, "byteorder", "little"));
  OURO_TRY(set_text(ts, dict, "platlibdir", "lib"));
  OURO_TRY(set_text(ts, dict, "abiflags", ""));
  for (const char* name : {"prefix", "exec_prefix", "base_prefix", "base_exec_prefix"}) OURO_TRY(set_text(ts, dict, name, "/usr"));
  OURO_TRY(dict_set(ts, dict, "pycache_prefix", Obj(ts.core.none)));
  OURO_TRY(dict_set(ts, dict, "modules", Obj(ts.core.modules)));
  Ref<List> path = OURO_TRY(List::create(ts));
  OURO_TRY(dict_set(ts, dict, "path", Obj(path)));
  Ref<Dict> cache = OURO_TRY(Dict::create(ts));
  return dict_set(ts, dict, "path_importer_cache", Obj(cache));
}

Status set_sys_options(ThreadState& ts, const SysOptions& options) {
  Ref<Dict> dict = sys_dict_of(ts).new_ref();
  OURO_TRY(set_flags(ts, dict, options));
  OURO_TRY(dict_set(ts, dict, "argv", Obj(OURO_TRY(texts(ts, options.argv)))));
  OURO_TRY(dict_set(ts, dict, "orig_argv", Obj(OURO_TRY(texts(ts, options.orig_argv)))));
  OURO_TRY(dict_set(ts, dict, "warnoptions", Obj(OURO_TRY(texts(ts, options.warn_options)))));
  OURO_TRY(set_text(ts, dict, "executable", options.executable));
  OURO_TRY(set_text(ts, dict, "_base_executable", options.executable));
  OURO_TRY(dict_set(ts, dict, "dont_write_bytecode", Obj(ts.core.true_object)));
  Ref<Dict> x_options = OURO_TRY(Dict::create(ts));
  for (const auto& [name, value] : options.x_options) {
    Ref<Str> key = OURO_TRY(Str::from_utf8(ts, name));
    Ref<Str> shown = OURO_TRY(Str::from_utf8(ts, value));
    OURO_TRY(dict_set(ts, x_options, key, value.empty() ? Obj(ts.core.true_object) : Obj(shown)));
  }
  return dict_set(ts, dict, "_xoptions", Obj(x_options));
}

MaybeAttribute make_late_fact(ThreadState& ts, Module* sys, Borrowed<Str> name) {
  if (!str_equals_ascii(name, "stdlib_module_names")) return {{}, false};
  constexpr const char* kNames[] = {
#define OURO_LIBRARY_MODULE(module) module,
#include "modules/stdlib_names.def"
#undef OURO_LIBRARY_MODULE
  };
  const auto make = [&]() -> ObjResult {
    Ref<List> names = OURO_TRY(List::create(ts, std::size(kNames)));
    for (const char* module : kNames) OURO_TRY(names->append(ts, OURO_TRY(intern(ts, module))));
    ObjRef made = OURO_TRY(call(ts, ts.core.types.frozenset, names));
    OURO_TRY(dict_set(ts, sys->dict, name, made));
    return made;
  };
  ObjResult made = make();
  if (made.raised()) return {{}, true};
  return {made.take(), false};
}

}  // namespace ouro
