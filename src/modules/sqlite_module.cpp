// Module _sqlite3: the database SQLite, as package sqlite3 shows it.
#include "modules/native_modules.h"
#include "modules/sqlite.h"

namespace ouro {

namespace sqlite {

namespace {

struct NamedNumber {
  const char* name;
  int value;
};

constexpr NamedNumber kResultCodes[] = {
#define OURO_SQLITE_CODE(name) {#name, name},
#define OURO_SQLITE_NUMBER(name)
#include "modules/sqlite_names.def"
#undef OURO_SQLITE_NUMBER
#undef OURO_SQLITE_CODE
};

constexpr NamedNumber kNumbers[] = {
#define OURO_SQLITE_CODE(name)
#define OURO_SQLITE_NUMBER(name) {#name, name},
#include "modules/sqlite_names.def"
#undef OURO_SQLITE_NUMBER
#undef OURO_SQLITE_CODE
};

StateIndex class_for(int code) {
  switch (code) {
    case SQLITE_INTERNAL:
    case SQLITE_NOTFOUND:
      return kInternalError;
    case SQLITE_ERROR:
    case SQLITE_PERM:
    case SQLITE_ABORT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_EMPTY:
    case SQLITE_SCHEMA:
      return kOperationalError;
    case SQLITE_TOOBIG:
      return kDataError;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return kIntegrityError;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return kInterfaceError;
    default:
      return kDatabaseError;
  }
}

// -- functions ------------------------------------------------------------------------------------

ObjResult connect(ThreadState& ts, Obj module, Args args) {
  Obj values[8];
  OURO_TRY(parse_args(ts, args, "connect",
                      {"database", "timeout", "detect_types", "isolation_level",
                       "check_same_thread", "factory", "cached_statements", "uri"},
                      0, values));
  ObjRef factory = values[5] ? values[5].new_ref()
                             : state_at(state_of_module(module), kConnectionType).new_ref();
  return call(ts, factory, args);
}

ObjResult adapt_function(ThreadState& ts, Obj module, Args args) {
  const Obj state = state_of_module(module);
  const Obj protocol = args.size() > 1 ? args[1] : state_at(state, kPrepareProtocol);
  return adapt(ts, state, args[0], protocol, args.size() > 2 ? args[2] : Obj());
}

ObjResult register_adapter(ThreadState& ts, Obj module, Args args) {
  const Obj state = state_of_module(module);
  if (!is_type(args[0])) {
    return raise_type_error(ts, "register_adapter() argument 1 must be type, not {t}", args[0]);
  }
  Ref<Tuple> key = OURO_TRY(Tuple::of(ts, args[0], state_at(state, kPrepareProtocol)));
  OURO_TRY(dict_set(ts, as<Dict>(state_at(state, kAdapters)), key, args[1]));
  return ts.core.none_ref();
}

ObjResult register_converter(ThreadState& ts, Obj module, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "register_converter() argument 1 must be str, not {t}", args[0]);
  }
  ObjRef name = OURO_TRY(call_method(ts, args[0], OURO_TRY(intern(ts, "upper"))));
  const Obj table = state_at(state_of_module(module), kConverters);
  OURO_TRY(dict_set(ts, as<Dict>(table), name, args[1]));
  return ts.core.none_ref();
}

ObjResult enable_tracebacks(ThreadState& ts, Obj module, Args args) {
  const bool on = OURO_TRY(c_int(ts, args[0])) != 0;
  auto* flag = as<Dict>(state_at(state_of_module(module), kCallbackTracebacks));
  dict_clear(flag);
  if (on) OURO_TRY(dict_set(ts, flag, "enabled", Obj(ts.core.true_object)));
  return ts.core.none_ref();
}

ObjResult share_cache(ThreadState& ts, Obj module, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "enable_shared_cache", {"do_enable"}, 1, values));
  if (sqlite3_enable_shared_cache(OURO_TRY(c_int(ts, values[0]))) != SQLITE_OK) {
    return raise(ts, type_at(state_of_module(module), kOperationalError),
                 "Changing the shared_cache flag failed");
  }
  return ts.core.none_ref();
}

ObjResult complete_statement(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "complete_statement", {"statement"}, 1, values));
  if (!is_str(values[0])) {
    return raise_type_error(ts, "complete_statement() argument 'statement' must be str, not {t}",
                            values[0]);
  }
  Ref<Bytes> text = OURO_TRY(sql_text(ts, values[0]));
  return ts.core.bool_ref(sqlite3_complete(text->data()) != 0);
}

constexpr MethodDef kFunctions[] = {
    {"connect", connect, 0, -1, MethodDef::kKeywords,
     "connect($module, /, database, timeout=5.0, detect_types=0,\n        isolation_level='', "
     "check_same_thread=True,\n        factory=ConnectionType, cached_statements=128, "
     "uri=False)\n--\n\nOpens a database."},
    {"adapt", adapt_function, 1, 3, MethodDef::kNone,
     "adapt(obj[, proto[, alt]])\n--\n\nWhat SQLite stores for an object."},
    {"register_adapter", register_adapter, 2, 2, MethodDef::kNone,
     "register_adapter($module, type, adapter, /)\n--\n\nSays what SQLite stores for objects of a "
     "type."},
    {"register_converter", register_converter, 2, 2, MethodDef::kNone,
     "register_converter($module, typename, converter, /)\n--\n\nSays what values of a declared "
     "type "
     "become."},
    {"enable_callback_tracebacks", enable_tracebacks, 1, 1, MethodDef::kNone,
     "enable_callback_tracebacks($module, enable, /)\n--\n\nReports errors in callbacks, or not."},
    {"enable_shared_cache", share_cache, 0, -1, MethodDef::kKeywords,
     "enable_shared_cache($module, /, do_enable)\n--\n\nShares caches among connections, or not."},
    {"complete_statement", complete_statement, 0, -1, MethodDef::kKeywords,
     "complete_statement($module, /, statement)\n--\n\nWhether the text holds a complete "
     "statement."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// -- making the module ----------------------------------------------------------------------------

void fill_protocol(Type& type) { type.info.flags |= kBaseType; }

ObjResult make_protocol(ThreadState& ts, Borrowed<Type> type, Args) {
  return allocate_object(ts, type, type->info.basic_bytes);
}

struct ClassPlan {
  const char* name;
  StateIndex base;  // kWarning: Exception
};
constexpr ClassPlan kClasses[] = {
    {"Warning", kWarning},
    {"Error", kWarning},
    {"InterfaceError", kError},
    {"DatabaseError", kError},
    {"InternalError", kDatabaseError},
    {"OperationalError", kDatabaseError},
    {"ProgrammingError", kDatabaseError},
    {"IntegrityError", kDatabaseError},
    {"DataError", kDatabaseError},
    {"NotSupportedError", kDatabaseError},
};

/// Makes what StateIndex names, in its order, and shows what has a public name.
Status make_state(ThreadState& ts, Borrowed<Module> module, ItemBuffer& state) {
  const TypeSpec types[] = {
      {"Connection", "sqlite3", sizeof(Connection), 0, 0, fill_connection,
       "SQLite database connection object."},
      {"Cursor", "sqlite3", sizeof(Cursor), 0, 0, fill_cursor, "SQLite database cursor class."},
      {"Row", "sqlite3", sizeof(Object) + 2 * sizeof(Object*), 0, 0, fill_row, nullptr},
      {"Statement", "sqlite3", sizeof(Statement), 0, kDisallowInstantiation, fill_statement,
       nullptr},
      {"Blob", "sqlite3", sizeof(Object) + 3 * sizeof(Object*), 0, kDisallowInstantiation,
       fill_blob, nullptr},
      {"PrepareProtocol", "sqlite3", sizeof(Object), 0, 0,
       [](Type& type) {
         fill_protocol(type);
         type.make = make_protocol;
       },
       "PEP 246 style object adaption protocol type."},
  };
  for (const TypeSpec& spec : types) {
    Ref<Type> type = OURO_TRY(make_native_type(ts, spec));
    if (spec.fill != fill_statement) OURO_TRY(dict_set(ts, module->dict, spec.name, Obj(type)));
    OURO_TRY(state.append(std::move(type)));
  }
  for (const auto& [name, base] : kClasses) {
    Type* derived_from =
        base == kWarning ? ts.core.exceptions.Exception : as<Type>(Obj(state.data()[base]));
    Ref<Type> type = OURO_TRY(make_exception_class(ts, "sqlite3", name, derived_from));
    OURO_TRY(dict_set(ts, module->dict, name, Obj(type)));
    OURO_TRY(state.append(std::move(type)));
  }
  for (const char* name : {"adapters", "converters", ""}) {
    Ref<Dict> table = OURO_TRY(Dict::create(ts));
    if (*name != '\0') OURO_TRY(dict_set(ts, module->dict, name, Obj(table)));
    OURO_TRY(state.append(std::move(table)));
  }
  return kDone;
}

}  // namespace

Raised raise_database_error(ThreadState& ts, Obj state, sqlite3* db) {
  const int code = sqlite3_errcode(db) & 0xff;
  if (code == SQLITE_NOMEM) return raise_no_memory(ts);
  Ref<Str> message = OURO_TRY(decode_utf8(ts, sqlite3_errmsg(db), "replace"));
  ObjRef error = OURO_TRY(call(ts, state_at(state, class_for(code)), message));
  const int extended = sqlite3_extended_errcode(db);
  const char* shown = "unknown";
  for (const auto& [name, value] : kResultCodes) {
    if (value == extended) {
      shown = name;
      break;
    }
  }
  Ref<Int> number = OURO_TRY(Int::from(ts, extended));
  OURO_TRY(set_attribute(ts, error, OURO_TRY(intern(ts, "sqlite_errorcode")), number));
  Ref<Str> name = OURO_TRY(Str::from_latin1(ts, shown));
  OURO_TRY(set_attribute(ts, error, OURO_TRY(intern(ts, "sqlite_errorname")), name));
  return raise_object(ts, std::move(error));
}

}  // namespace sqlite

Result<Ref<Module>> create_sqlite3_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_sqlite3"));
  OURO_TRY(module->add_functions(ts, sqlite::kFunctions));
  ItemBuffer row(ts);
  OURO_TRY(sqlite::make_state(ts, module, row));
  Ref<Tuple> state = OURO_TRY(Tuple::from(ts, row.data(), static_cast<std::size_t>(row.size())));
  for (std::size_t i = sqlite::kConnectionType; i <= sqlite::kPrepareProtocol; ++i) {
    OURO_TRY(set_companions(ts, as<Type>(Obj(row.data()[i])), {state}));
  }
  module->kept = state.release();
  for (const auto& [name, value] : sqlite::kNumbers)
    OURO_TRY(add_constant(ts, module, name, value));
  for (const auto& [name, value] : sqlite::kResultCodes) {
    OURO_TRY(add_constant(ts, module, name, value));
  }
  OURO_TRY(add_constant(ts, module, "PARSE_DECLTYPES", sqlite::kParseDeclaredTypes));
  OURO_TRY(add_constant(ts, module, "PARSE_COLNAMES", sqlite::kParseColumnNames));
  OURO_TRY(add_constant(ts, module, "version", "2.6.0"));
  OURO_TRY(add_constant(ts, module, "sqlite_version", sqlite3_libversion()));
  // As DB-API counts: one thread, threads that share the module only, or everything.
  const int mode = sqlite3_threadsafe();
  OURO_TRY(add_constant(ts, module, "threadsafety", mode == 0 ? 0 : mode == 1 ? 3 : 1));
  return module;
}

}  // namespace ouro
