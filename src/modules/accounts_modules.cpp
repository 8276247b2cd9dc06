// Modules pwd and grp: the system's users and groups, as /etc/passwd and /etc/group list them.
#include <grp.h>
#include <nss.h>
#include <pwd.h>

#include "modules/library_support.h"
#include "modules/native_modules.h"
#include "modules/posix_support.h"
#include "modules/struct_sequence.h"
#include "objects/list.h"

namespace ouro {

namespace {

// -- entries as struct sequences ------------------------------------------------------------------

ObjResult text_or_none(ThreadState& ts, const char* text) {
  return text == nullptr ? ts.core.none_ref() : system_text(ts, text, false);
}

ObjResult make_entry(ThreadState& ts, Borrowed<Type> type, const passwd& entry) {
  ObjRef name = OURO_TRY(text_or_none(ts, entry.pw_name));
  ObjRef password = OURO_TRY(text_or_none(ts, entry.pw_passwd));
  Ref<Int> user = OURO_TRY(Int::from(ts, entry.pw_uid));
  Ref<Int> group = OURO_TRY(Int::from(ts, entry.pw_gid));
  ObjRef facts = OURO_TRY(text_or_none(ts, entry.pw_gecos));
  ObjRef home = OURO_TRY(text_or_none(ts, entry.pw_dir));
  ObjRef shell = OURO_TRY(text_or_none(ts, entry.pw_shell));
  Object* values[] = {name.get(),  password.get(), user.get(), group.get(),
                      facts.get(), home.get(),     shell.get()};
  return make_struct(ts, type, values);
}

ObjResult make_entry(ThreadState& ts, Borrowed<Type> type, const group& entry) {
  Ref<List> members = OURO_TRY(List::create(ts));
  for (char** member = entry.gr_mem; *member != nullptr; ++member) {
    OURO_TRY(members->append(ts, OURO_TRY(system_text(ts, *member, false))));
  }
  ObjRef name = OURO_TRY(text_or_none(ts, entry.gr_name));
  ObjRef password = OURO_TRY(text_or_none(ts, entry.gr_passwd));
  Ref<Int> id = OURO_TRY(Int::from(ts, entry.gr_gid));
  Object* values[] = {name.get(), password.get(), id.get(), members.get()};
  return make_struct(ts, type, values);
}

// -- looking up -----------------------------------------------------------------------------------

/// Calls `find(entry, buffer, bytes, result)`, a function of the …_r family, with a buffer that
/// grows until it suffices. Null: no such entry.
template <class Entry, class Find>
ObjResult look_up(ThreadState& ts, Borrowed<Type> type, Find find) {
  std::size_t bytes = 1024;
  for (;;) {
    auto* buffer = static_cast<char*>(allocate_raw(bytes));
    if (buffer == nullptr) return raise_no_memory(ts);
    Entry entry = {};
    Entry* found = nullptr;
    const int error = find(&entry, buffer, bytes, &found);
    if (error == ERANGE) {
      free_raw(buffer);
      bytes *= 2;
      continue;
    }
    ObjResult result = ts.core.none_ref();
    if (found != nullptr) result = make_entry(ts, type, entry);
    free_raw(buffer);
    return result;
  }
}

/// A user's or group's number: at most 32 bits, -1 for the number that means none. False: it is an
/// int that no id can be.
Result<bool> id_of(ThreadState& ts, Obj value, const char* what, std::uint32_t& id) {
  if (!has_index(value)) return raise_type_error(ts, "{} should be integer, not {t}", what, value);
  ObjRef number = OURO_TRY(to_index(ts, value));
  const std::int64_t wide = int_clamped(number);
  id = static_cast<std::uint32_t>(wide);
  return wide == -1 || (wide >= 0 && wide < std::int64_t{UINT32_MAX});
}

template <class Entry, class Find>
ObjResult by_id(ThreadState& ts, Obj module, Args args, const char* function, const char* what,
                Find find) {
  Obj values[1];
  const char* name = what[0] == 'u' ? "/uid" : "id";
  OURO_TRY(parse_args(ts, args, function, {name}, 1, values));
  std::uint32_t id = 0;
  if (!OURO_TRY(id_of(ts, values[0], what, id))) {
    return raise(ts, ts.core.exceptions.KeyError, "{}(): {} not found", function, what);
  }
  ObjRef entry = OURO_TRY(
      look_up<Entry>(ts, state_type(module, 0), [&](auto... rest) { return find(id, rest...); }));
  if (!is_none(entry)) return entry;
  const std::int64_t shown = id == UINT32_MAX ? -1 : std::int64_t{id};
  return raise(ts, ts.core.exceptions.KeyError, "{}(): {} not found: {}", function, what, shown);
}

template <class Entry, class Find>
ObjResult by_name(ThreadState& ts, Obj module, Args args, const char* function,
                  const char* parameter, Find find) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, function, {parameter}, 1, values));
  if (!is_str(values[0])) {
    const char* shown = *parameter == '/' ? "" : "'name' ";
    return raise_type_error(ts, "{}() argument {}must be str, not {t}", function, shown, values[0]);
  }
  PathArgument name;
  OURO_TRY(name.take(ts, values[0], function));
  ObjRef entry = OURO_TRY(look_up<Entry>(ts, state_type(module, 0),
                                         [&](auto... rest) { return find(name.text(), rest...); }));
  if (!is_none(entry)) return entry;
  return raise(ts, ts.core.exceptions.KeyError, "{}(): name not found: {r}", function, values[0]);
}

ObjResult user_by_id(ThreadState& ts, Obj module, Args args) {
  return by_id<passwd>(ts, module, args, "getpwuid", "uid", getpwuid_r);
}
ObjResult user_by_name(ThreadState& ts, Obj module, Args args) {
  return by_name<passwd>(ts, module, args, "getpwnam", "/name", getpwnam_r);
}
ObjResult group_by_id(ThreadState& ts, Obj module, Args args) {
  return by_id<group>(ts, module, args, "getgrgid", "gid", getgrgid_r);
}
ObjResult group_by_name(ThreadState& ts, Obj module, Args args) {
  return by_name<group>(ts, module, args, "getgrnam", "name", getgrnam_r);
}

/// All entries, as the system hands them out one after the other.
template <auto Begin, auto Next, auto End>
ObjResult all_entries(ThreadState& ts, Obj module, Args) {
  Ref<List> entries = OURO_TRY(List::create(ts));
  Begin();
  Status good = kDone;
  while (good.ok()) {
    const auto* entry = Next();
    if (entry == nullptr) break;
    ObjResult made = make_entry(ts, state_type(module, 0), *entry);
    good = made.ok() ? entries->append(ts, made.take()) : Status(Raised{});
  }
  End();
  OURO_TRY(good);
  return entries;
}

constexpr MethodDef kUserFunctions[] = {
    {"getpwuid", user_by_id, 0, -1, MethodDef::kKeywords,
     "getpwuid($module, uidobj, /)\n--\n\nThe entry of the user with this number."},
    {"getpwnam", user_by_name, 0, -1, MethodDef::kKeywords,
     "getpwnam($module, name, /)\n--\n\nThe entry of the user with this name."},
    {"getpwall", all_entries<setpwent, getpwent, endpwent>, 0, 0, MethodDef::kNone,
     "getpwall($module, /)\n--\n\nA list of all entries, in any order."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr MethodDef kGroupFunctions[] = {
    {"getgrgid", group_by_id, 0, -1, MethodDef::kKeywords,
     "getgrgid($module, /, id)\n--\n\nThe entry of the group with this number."},
    {"getgrnam", group_by_name, 0, -1, MethodDef::kKeywords,
     "getgrnam($module, /, name)\n--\n\nThe entry of the group with this name."},
    {"getgrall", all_entries<setgrent, getgrent, endgrent>, 0, 0, MethodDef::kNone,
     "getgrall($module, /)\n--\n\nA list of all entries, in any order."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr const char* kUserFields[] = {"pw_name",  "pw_passwd", "pw_uid",  "pw_gid",
                                       "pw_gecos", "pw_dir",    "pw_shell"};
constexpr const char* kGroupFields[] = {"gr_name", "gr_passwd", "gr_gid", "gr_mem"};

Result<Ref<Module>> make_module(ThreadState& ts, const char* name, const MethodDef* functions,
                                const char* type_name, std::span<const char* const> fields) {
  // Other sources of accounts are shared libraries, which a statically linked program cannot load.
  __nss_configure_lookup(name[0] == 'p' ? "passwd" : "group", "files");
  Ref<Module> module = OURO_TRY(Module::create(ts, name));
  OURO_TRY(module->add_functions(ts, functions));
  Ref<Type> type = OURO_TRY(make_struct_sequence(ts, name, type_name, fields, fields.size()));
  OURO_TRY(dict_set(ts, module->dict, type_name, Obj(type)));
  OURO_TRY(set_state(ts, module, {type}));
  return module;
}

}  // namespace

Result<Ref<Module>> create_pwd_module(ThreadState& ts) {
  return make_module(ts, "pwd", kUserFunctions, "struct_passwd", kUserFields);
}
Result<Ref<Module>> create_grp_module(ThreadState& ts) {
  return make_module(ts, "grp", kGroupFunctions, "struct_group", kGroupFields);
}

}  // namespace ouro
