// Module syslog: messages to the system's log.
#include <syslog.h>

#include <algorithm>

#include "modules/library_support.h"
#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/list.h"

namespace ouro {

namespace {

/// The library keeps a pointer to the identification while the log is open.
struct LogState {
  char* identification;  // in the heap, or null
  bool open;
};

LogState& state_of(Obj module) { return *static_cast<LogState*>(as<Module>(module)->state); }

void close_log(LogState& state) {
  if (state.open) closelog();
  state.open = false;
  free_raw(std::exchange(state.identification, nullptr));
}

void free_state(Module* module) {
  auto* state = static_cast<LogState*>(std::exchange(module->state, nullptr));
  if (state == nullptr) return;
  close_log(*state);
  free_raw(state);
}

/// The last part of sys.argv[0]; null when there is none.
ObjResult program_name(ThreadState& ts) {
  Ref<Str> key = OURO_TRY(intern(ts, "argv"));
  const Borrowed<Object> found = dict_get_str(ts.core.sys_dict, key);
  if (!found || !is_list(found) || as<List>(found)->size == 0) return ts.core.none_ref();
  const Obj first = as<List>(found)->at(0);
  if (!is_str(first)) return ts.core.none_ref();
  auto* path = as<Str>(first);
  std::int64_t start = path->length;
  while (start > 0 && path->at(start - 1) != '/') --start;
  if (start == path->length) return ts.core.none_ref();
  return path->slice(ts, start, path->length);
}

Status open(ThreadState& ts, LogState& state, Obj identification, int options, int facility) {
  ObjRef name = identification ? identification.new_ref() : OURO_TRY(program_name(ts));
  Ref<Int> first = OURO_TRY(Int::from(ts, options));
  Ref<Int> second = OURO_TRY(Int::from(ts, facility));
  Object* facts[] = {name.get(), first.get(), second.get()};
  OURO_TRY(audit(ts, "syslog.openlog", facts));
  char* kept = nullptr;
  if (is_str(name)) {
    Utf8 text{Borrowed<Str>(as<Str>(name))};
    if (text.ok()) kept = static_cast<char*>(allocate_raw(text.view().size() + 1));
    if (kept == nullptr) return raise_no_memory(ts);
    std::memcpy(kept, text.c_str(), text.view().size() + 1);
  }
  openlog(kept, options, facility);
  free_raw(std::exchange(state.identification, kept));
  state.open = true;
  return kDone;
}

ObjResult open_log(ThreadState& ts, Obj module, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "openlog", {"ident", "logoption", "facility"}, 0, values));
  if (values[0] && !is_str(values[0])) {
    return raise_type_error(ts, "openlog() argument 1 must be str, not {}",
                            values[0] && is_none(values[0]) ? "None" : type_name(values[0]));
  }
  const int options = OURO_TRY(c_int_or(ts, values[1], 0));
  const int facility = OURO_TRY(c_int_or(ts, values[2], LOG_USER));
  OURO_TRY(open(ts, state_of(module), values[0], options, facility));
  return ts.core.none_ref();
}

ObjResult write_log(ThreadState& ts, Obj module, Args args) {
  const bool with_priority = args.size() == 2;
  if (args.size() < 1 || args.size() > 2 || !is_str(args[args.size() - 1]) ||
      (with_priority && !has_index(args[0]))) {
    return raise_type_error(ts, "[priority,] message string");
  }
  const int priority = with_priority ? OURO_TRY(c_int(ts, args[0])) : LOG_INFO;
  const Obj message = args[args.size() - 1];
  Ref<Int> number = OURO_TRY(Int::from(ts, priority));
  Object* facts[] = {number.get(), message.get()};
  OURO_TRY(audit(ts, "syslog.syslog", facts));
  Utf8 text{Borrowed<Str>(as<Str>(message))};
  if (!text.ok()) return raise_no_memory(ts);
  if (!state_of(module).open) OURO_TRY(open(ts, state_of(module), nullptr, 0, LOG_USER));
  syslog(priority, "%s", text.c_str());
  return ts.core.none_ref();
}

ObjResult close_function(ThreadState& ts, Obj module, Args) {
  if (!state_of(module).open) return ts.core.none_ref();
  OURO_TRY(audit(ts, "syslog.closelog", {}));
  close_log(state_of(module));
  return ts.core.none_ref();
}

ObjResult set_log_mask(ThreadState& ts, Obj, Args args) {
  const int mask = OURO_TRY(c_int(ts, args[0]));
  Ref<Int> number = OURO_TRY(Int::from(ts, mask));
  Object* facts[] = {number.get()};
  OURO_TRY(audit(ts, "syslog.setlogmask", facts));
  return Int::from(ts, setlogmask(mask));
}

/// Masks of one priority, and of all up to it. Only the low bits of a shift count.
ObjResult mask_of_one(ThreadState& ts, Obj, Args args) {
  const int priority = OURO_TRY(c_int(ts, args[0]));
  return Int::from(ts, static_cast<std::int32_t>(1u << (static_cast<unsigned>(priority) & 31)));
}
ObjResult mask_up_to(ThreadState& ts, Obj, Args args) {
  const int priority = OURO_TRY(c_int(ts, args[0]));
  const unsigned shift = (static_cast<unsigned>(priority) + 1) & 31;
  return Int::from(ts, static_cast<std::int32_t>((1u << shift) - 1));
}

constexpr MethodDef kFunctions[] = {
    {"openlog", open_log, 0, -1, MethodDef::kKeywords,
     "openlog([ident[, logoption[, facility]]]) -> None\n\nOptions of the messages to come."},
    {"closelog", close_function, 0, 0, MethodDef::kNone,
     "closelog($module, /)\n--\n\nForgets what openlog set."},
    {"syslog", write_log, 0, -1, MethodDef::kNone,
     "syslog([priority,] message) -> None\n\nSends a message to the system's log."},
    {"setlogmask", set_log_mask, 1, 1, MethodDef::kNone,
     "setlogmask($module, maskpri, /)\n--\n\nSets which priorities are logged; returns what was "
     "set."},
    {"LOG_MASK", mask_of_one, 1, 1, MethodDef::kNone,
     "LOG_MASK($module, pri, /)\n--\n\nThe mask of one priority."},
    {"LOG_UPTO", mask_up_to, 1, 1, MethodDef::kNone,
     "LOG_UPTO($module, pri, /)\n--\n\nThe mask of all priorities up to this one."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

#define OURO_LOG(name) \
  { #name, name }
constexpr std::pair<const char*, int> kConstants[] = {
    OURO_LOG(LOG_EMERG),    OURO_LOG(LOG_ALERT),  OURO_LOG(LOG_CRIT),   OURO_LOG(LOG_ERR),
    OURO_LOG(LOG_WARNING),  OURO_LOG(LOG_NOTICE), OURO_LOG(LOG_INFO),   OURO_LOG(LOG_DEBUG),
    OURO_LOG(LOG_PID),      OURO_LOG(LOG_CONS),   OURO_LOG(LOG_NDELAY), OURO_LOG(LOG_ODELAY),
    OURO_LOG(LOG_NOWAIT),   OURO_LOG(LOG_PERROR), OURO_LOG(LOG_KERN),   OURO_LOG(LOG_USER),
    OURO_LOG(LOG_MAIL),     OURO_LOG(LOG_DAEMON), OURO_LOG(LOG_AUTH),   OURO_LOG(LOG_LPR),
    OURO_LOG(LOG_LOCAL0),   OURO_LOG(LOG_LOCAL1), OURO_LOG(LOG_LOCAL2), OURO_LOG(LOG_LOCAL3),
    OURO_LOG(LOG_LOCAL4),   OURO_LOG(LOG_LOCAL5), OURO_LOG(LOG_LOCAL6), OURO_LOG(LOG_LOCAL7),
    OURO_LOG(LOG_SYSLOG),   OURO_LOG(LOG_CRON),   OURO_LOG(LOG_UUCP),   OURO_LOG(LOG_NEWS),
    OURO_LOG(LOG_AUTHPRIV),
};
#undef OURO_LOG

}  // namespace

Result<Ref<Module>> create_syslog_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "syslog"));
  auto* state = static_cast<LogState*>(allocate_raw(sizeof(LogState)));
  if (state == nullptr) return raise_no_memory(ts);
  *state = {};
  module->state = state;
  module->free_state = free_state;
  OURO_TRY(module->add_functions(ts, kFunctions));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  return module;
}

}  // namespace ouro
