// sqlite3.Connection and its statements.
#include <pthread.h>

#include <cctype>

#include "modules/posix_support.h"
#include "modules/sqlite.h"
#include "modules/sys_module.h"
#include "objects/float.h"

namespace ouro::sqlite {

namespace {

constexpr std::pair<const char*, const char*> kIsolationLevels[] = {
    {"", "BEGIN "},
    {"DEFERRED", "BEGIN DEFERRED"},
    {"IMMEDIATE", "BEGIN IMMEDIATE"},
    {"EXCLUSIVE", "BEGIN EXCLUSIVE"},
};

// -- life -----------------------------------------------------------------------------------------

void close_database(Connection* self) {
  sqlite3* db = std::exchange(self->db, nullptr);
  if (db == nullptr) return;
  // Callbacks of a database that lives on for its last statement must not find this object.
  sqlite3_set_authorizer(db, nullptr, nullptr);
  sqlite3_progress_handler(db, 0, nullptr, nullptr);
  sqlite3_trace_v2(db, 0, nullptr, nullptr);
  sqlite3_close_v2(db);
  // What functions a last statement still needs are SQLite's alone now.
  while (self->callbacks != nullptr) {
    Callback* left = std::exchange(self->callbacks, self->callbacks->next);
    left->link = nullptr;
    left->next = nullptr;
  }
}

void clear(gc::Header* header) {
  auto* self = static_cast<Connection*>(header);
  drop(self->cache);
  close_database(self);
  drop(self->row_factory);
  drop(self->text_factory);
  drop(self->trace);
  drop(self->progress);
  drop(self->authorizer);
}

void dealloc(gc::Header* header) {
  auto* self = static_cast<Connection*>(header);
  untrack(self);
  clear(self);
  drop(self->state);
  free_object(self);
}

ObjResult make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Connection> made = OURO_TRY(new_object<Connection>(ts, type, type->info.basic_bytes));
  OURO_TRY(track(ts, made));
  return made;
}

/// The name of a database as SQLite takes it.
Status open_database(ThreadState& ts, Connection* self, Obj database, int flags, double timeout) {
  PathArgument path;
  if (is_str(database) || is_bytes(database)) {
    OURO_TRY(path.take(ts, database, "connect"));
  } else {
    MaybeAttribute convert = find_special(ts, database, OURO_TRY(intern(ts, "__fspath__")));
    if (convert.failed) return Raised{};
    if (!convert.value) {
      return raise_type_error(ts, "expected str, bytes or os.PathLike object, not {t}", database);
    }
    OURO_TRY(path.take(ts, database, "connect"));
  }
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.text(), &db, flags, nullptr);
  if (code == SQLITE_OK) sqlite3_busy_timeout(db, static_cast<int>(timeout * 1000));
  if (db == nullptr) return raise_no_memory(ts);
  if (code != SQLITE_OK) {
    Raised raised = raise_database_error(ts, self->state, db);
    sqlite3_close(db);
    return raised;
  }
  self->db = db;
  return kDone;
}

/// The way to begin transactions for a value of isolation_level.
Result<const char*> begin_for(ThreadState& ts, Obj level) {
  if (is_none(level)) return nullptr;
  if (!is_str(level)) return raise_type_error(ts, "isolation_level must be str or None");
  for (const auto& [name, begin] : kIsolationLevels) {
    if (as<Str>(level)->is_ascii() && as<Str>(level)->ascii().size() == std::strlen(name) &&
        sqlite3_strnicmp(as<Str>(level)->ascii().data(), name,
                         static_cast<int>(std::strlen(name))) == 0) {
      return begin;
    }
  }
  return raise_value_error(
      ts, "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'");
}

Status init(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[8];
  OURO_TRY(parse_args(ts, args, "Connection",
                      {"database", "timeout", "detect_types", "isolation_level",
                       "check_same_thread", "factory", "cached_statements", "uri"},
                      1, values));
  double timeout = 5.0;
  if (values[1]) {
    ObjRef number = OURO_TRY(to_float(ts, values[1]));
    timeout = as<Float>(number)->value;
  }
  const int detect_types = OURO_TRY(c_int_or(ts, values[2], 0));
  const char* begin = values[3] ? OURO_TRY(begin_for(ts, values[3])) : kIsolationLevels[0].second;
  const bool check = values[4] ? OURO_TRY(is_true(ts, values[4])) : true;
  const int cached = OURO_TRY(c_int_or(ts, values[6], 128));
  const bool uri = values[7] ? OURO_TRY(is_true(ts, values[7])) : false;
  Object* facts[] = {values[0].get()};
  OURO_TRY(audit(ts, "sqlite3.connect", facts));
  self->initialized = false;
  clear(self);
  if (self->state == nullptr) {
    self->state = state_of_type(object->type()).new_ref().release();
  }
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (uri ? SQLITE_OPEN_URI : 0);
  OURO_TRY(open_database(ts, self, values[0], flags, timeout));
  self->cache = OURO_TRY(Dict::create(ts)).release();
  self->text_factory = Obj(ts.core.types.str).new_ref().release();
  self->begin = begin;
  self->detect_types = detect_types;
  self->cached_statements = cached;
  self->check_same_thread = check;
  self->thread = static_cast<std::uint64_t>(pthread_self());
  self->initialized = true;
  Object* handle[] = {object.get()};
  return audit(ts, "sqlite3.connect/handle", handle);
}

// -- transactions ---------------------------------------------------------------------------------

ObjResult commit(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  OURO_TRY(end_transaction(ts, connection_of(object), "COMMIT"));
  return ts.core.none_ref();
}

ObjResult rollback(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  OURO_TRY(end_transaction(ts, connection_of(object), "ROLLBACK"));
  return ts.core.none_ref();
}

ObjResult enter(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  return object.new_ref();
}

ObjResult exit(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  OURO_TRY(check_connection(ts, self));
  if (!is_none(args[0]) || !is_none(args[1]) || !is_none(args[2])) {
    OURO_TRY(end_transaction(ts, self, "ROLLBACK"));
    return ts.core.bool_ref(false);
  }
  if (end_transaction(ts, self, "COMMIT").ok()) return ts.core.bool_ref(false);
  // What could not be committed does not stay open; the error stays the first one.
  ObjRef error = take_pending(ts);
  if (end_transaction(ts, self, "ROLLBACK").raised()) clear_pending(ts);
  restore_pending(ts, std::move(error));
  return Raised{};
}

ObjResult close_method(ThreadState& ts, Obj object, Args) {
  auto* self = connection_of(object);
  OURO_TRY(check_thread(ts, self));
  if (!self->initialized) {
    return raise(ts, type_at(state_of_type(object->type()), kProgrammingError),
                 "Base Connection.__init__ not called.");
  }
  if (self->cache != nullptr) dict_clear(as<Dict>(self->cache));
  close_database(self);
  return ts.core.none_ref();
}

// -- statements -----------------------------------------------------------------------------------

ObjResult cursor_method(ThreadState& ts, Obj object, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "cursor", {"factory"}, 0, values));
  OURO_TRY(check_connection(ts, connection_of(object)));
  return make_cursor(ts, object, values[0]);
}

/// connection.execute(…) and its relatives: the same method of a new cursor, which is returned.
template <const char* Name>
ObjResult on_cursor(ThreadState& ts, Obj object, Args args) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  ObjRef cursor = OURO_TRY(make_cursor(ts, object, nullptr));
  ObjRef execute = OURO_TRY(get_attribute(ts, cursor, Name));
  return call(ts, execute, args);
}
constexpr char kExecute[] = "execute";
constexpr char kExecuteMany[] = "executemany";
constexpr char kExecuteScript[] = "executescript";

ObjResult call_connection(ThreadState& ts, Obj object, Args args) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "Connection", {"/sql"}, 1, values));
  if (!is_str(values[0])) return raise_type_error(ts, "argument 1 must be str, not {t}", values[0]);
  return statement_for(ts, connection_of(object), values[0]);
}

ObjResult interrupt(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  sqlite3_interrupt(connection_of(object)->db);
  return ts.core.none_ref();
}

ObjResult iterdump(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  ObjRef module = OURO_TRY(import_by_name(ts, "sqlite3.dump"));
  const Lookup dump = dict_lookup(ts, ts.core.modules, OURO_TRY(intern(ts, "sqlite3.dump")));
  if (dump.failed) return Raised{};
  ObjRef holder = dump.value != nullptr ? ObjRef::share(dump.value) : std::move(module);
  ObjRef function = OURO_TRY(get_attribute(ts, holder, "_iterdump"));
  return call(ts, function, object);
}

// -- whole databases ------------------------------------------------------------------------------

ObjResult backup(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "backup", {"target", "*pages", "*progress", "*name", "*sleep"}, 1,
                      values));
  OURO_TRY(check_connection(ts, self));
  if (!is_instance_of(values[0], as<Type>(state_of(self, kConnectionType)))) {
    return raise_type_error(ts, "backup() argument 'target' must be sqlite3.Connection, not {t}",
                            values[0]);
  }
  int pages = OURO_TRY(c_int_or(ts, values[1], -1));
  if (pages == 0) pages = -1;
  double sleep = 0.25;
  if (values[4]) {
    ObjRef number = OURO_TRY(to_float(ts, values[4]));
    sleep = as<Float>(number)->value;
  }
  if (sleep < 0) return raise_value_error(ts, "sleep must be greater-than or equal to zero");
  Ref<Bytes> name = OURO_TRY(Bytes::from(ts, "main"));
  if (values[3]) {
    if (!is_str(values[3])) {
      return raise_type_error(ts, "backup() argument 'name' must be str, not {t}", values[3]);
    }
    name = OURO_TRY(sql_text(ts, values[3]));
  }
  auto* target = connection_of(values[0]);
  OURO_TRY(check_connection(ts, target));
  if (target == self) return raise_value_error(ts, "target cannot be the same connection instance");
  if (values[2] && !is_none(values[2]) && !is_callable(values[2])) {
    return raise_type_error(ts, "progress argument must be a callable");
  }
  sqlite3_backup* running = sqlite3_backup_init(target->db, "main", self->db, name->data());
  if (running == nullptr) return raise_database_error(ts, self->state, target->db);
  int code = SQLITE_OK;
  Status good = kDone;
  do {
    code = sqlite3_backup_step(running, pages);
    if (values[2] && !is_none(values[2])) {
      const auto tell = [&]() -> Status {
        Ref<Int> status = OURO_TRY(Int::from(ts, code));
        Ref<Int> left = OURO_TRY(Int::from(ts, sqlite3_backup_remaining(running)));
        Ref<Int> all = OURO_TRY(Int::from(ts, sqlite3_backup_pagecount(running)));
        OURO_TRY(call(ts, values[2], status, left, all));
        return kDone;
      };
      good = tell();
      if (good.raised()) break;
    }
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) sqlite3_sleep(static_cast<int>(sleep * 1000));
  } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
  const int finished = sqlite3_backup_finish(running);
  OURO_TRY(good);
  if (finished != SQLITE_OK) return raise_database_error(ts, self->state, target->db);
  return ts.core.none_ref();
}

Result<Ref<Bytes>> database_name(ThreadState& ts, Obj value, const char* function) {
  if (!value) return Bytes::from(ts, "main");
  if (!is_str(value)) {
    return raise_type_error(ts, "{}() argument 'name' must be str, not {t}", function, value);
  }
  return sql_text(ts, value);
}

ObjResult serialize(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "serialize", {"*name"}, 0, values));
  OURO_TRY(check_connection(ts, self));
  Ref<Bytes> name = OURO_TRY(database_name(ts, values[0], "serialize"));
  sqlite3_int64 bytes = 0;
  unsigned char* data = sqlite3_serialize(self->db, name->data(), &bytes, 0);
  if (data == nullptr) {
    return raise(ts, error_class(self, kOperationalError), "unable to serialize '{}'",
                 name->data());
  }
  ObjResult made =
      Bytes::from(ts, {reinterpret_cast<const char*>(data), static_cast<std::size_t>(bytes)});
  sqlite3_free(data);
  return made;
}

ObjResult deserialize(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "deserialize", {"/data", "*name"}, 1, values));
  OURO_TRY(check_connection(ts, self));
  Ref<Bytes> name = OURO_TRY(database_name(ts, values[1], "deserialize"));
  BufferView data;
  ObjRef encoded;
  std::string_view bytes;
  if (is_str(values[0])) {
    encoded = OURO_TRY(sql_text(ts, values[0]));
    bytes = as<Bytes>(encoded)->view();
  } else {
    OURO_TRY(data.acquire(ts, values[0]));
    bytes = data.view();
  }
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
  if (copy == nullptr) return raise_no_memory(ts);
  std::memcpy(copy, bytes.data(), bytes.size());
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(self->db, name->data(), copy, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) !=
      SQLITE_OK) {
    return raise_database_error(ts, self->state, self->db);
  }
  return ts.core.none_ref();
}

// -- settings -------------------------------------------------------------------------------------

ObjResult limit(ThreadState& ts, Obj object, Obj category, int value) {
  auto* self = connection_of(object);
  OURO_TRY(check_connection(ts, self));
  const int index = OURO_TRY(c_int(ts, category));
  const int before = sqlite3_limit(self->db, index, value);
  if (before < 0) {
    return raise(ts, error_class(self, kProgrammingError), "'category' is out of bounds");
  }
  return Int::from(ts, before);
}
ObjResult set_limit(ThreadState& ts, Obj object, Args args) {
  return limit(ts, object, args[0], OURO_TRY(c_int(ts, args[1])));
}
ObjResult get_limit(ThreadState& ts, Obj object, Args args) {
  return limit(ts, object, args[0], -1);
}

ObjResult enable_extensions(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  OURO_TRY(check_connection(ts, self));
  const bool on = OURO_TRY(is_true(ts, args[0]));
  Object* facts[] = {object.get(), on ? ts.core.true_object : ts.core.false_object};
  OURO_TRY(audit(ts, "sqlite3.enable_load_extension", facts));
  if (sqlite3_enable_load_extension(self->db, on) != SQLITE_OK) {
    return raise(ts, error_class(self, kOperationalError), "Error enabling load extension");
  }
  return ts.core.none_ref();
}

ObjResult load_extension(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  OURO_TRY(check_connection(ts, self));
  if (!is_str(args[0])) {
    return raise_type_error(ts, "load_extension() argument must be str, not {t}", args[0]);
  }
  Object* facts[] = {object.get(), args[0].get()};
  OURO_TRY(audit(ts, "sqlite3.load_extension", facts));
  Ref<Bytes> name = OURO_TRY(sql_text(ts, args[0]));
  char* message = nullptr;
  if (sqlite3_load_extension(self->db, name->data(), nullptr, &message) == SQLITE_OK) {
    return ts.core.none_ref();
  }
  Raised raised = raise(ts, error_class(self, kOperationalError), "{}",
                        message != nullptr ? message : "extension cannot be loaded");
  sqlite3_free(message);
  return raised;
}

constexpr MethodDef kMethods[] = {
    {"cursor", cursor_method, 0, -1, MethodDef::kKeywords,
     "cursor($self, /, factory=<unrepresentable>)\n--\n\nReturn a cursor for the connection."},
    {"execute", on_cursor<kExecute>, 0, -1, MethodDef::kNone,
     "execute($self, sql, parameters=<unrepresentable>, /)\n--\n\nExecutes an SQL statement."},
    {"executemany", on_cursor<kExecuteMany>, 0, -1, MethodDef::kNone,
     "executemany($self, sql, parameters, /)\n--\n\nRepeatedly executes an SQL statement."},
    {"executescript", on_cursor<kExecuteScript>, 0, -1, MethodDef::kNone,
     "executescript($self, sql_script, /)\n--\n\nExecutes multiple SQL statements at once."},
    {"commit", commit, 0, 0, MethodDef::kNone,
     "commit($self, /)\n--\n\nCommits the open transaction, if there is one."},
    {"rollback", rollback, 0, 0, MethodDef::kNone,
     "rollback($self, /)\n--\n\nRolls the open transaction back, if there is one."},
    {"close", close_method, 0, 0, MethodDef::kNone, "close($self, /)\n--\n\nCloses the database."},
    {"__enter__", enter, 0, 0, MethodDef::kNone, "__enter__($self, /)\n--\n\n"},
    {"__exit__", exit, 3, 3, MethodDef::kNone,
     "__exit__($self, type, value, traceback, /)\n--\n\n"},
    {"interrupt", interrupt, 0, 0, MethodDef::kNone,
     "interrupt($self, /)\n--\n\nEnds what queries are running."},
    {"iterdump", iterdump, 0, 0, MethodDef::kNone,
     "iterdump($self, /)\n--\n\nAn iterator over the SQL that makes this database."},
    {"backup", backup, 0, -1, MethodDef::kKeywords,
     "backup($self, /, target, *, pages=-1, progress=None, name='main',\n       "
     "sleep=0.25)\n--\n\nCopies "
     "the database."},
    {"serialize", serialize, 0, -1, MethodDef::kKeywords,
     "serialize($self, /, *, name='main')\n--\n\nThe database as bytes."},
    {"deserialize", deserialize, 0, -1, MethodDef::kKeywords,
     "deserialize($self, data, /, *, name='main')\n--\n\nPuts serialised bytes in place of a "
     "database."},
    {"blobopen", open_blob, 0, -1, MethodDef::kKeywords,
     "blobopen($self, table, column, row, /, *, readonly=False, name='main')\n--\n\nOpens a value "
     "for "
     "reading and writing in pieces."},
    {"create_function", create_function, 0, -1, MethodDef::kKeywords,
     "create_function($self, /, name, narg, func, *, deterministic=False)\n--\n\nMakes a function "
     "known "
     "to SQL."},
    {"create_aggregate", create_aggregate, 0, -1, MethodDef::kKeywords,
     "create_aggregate($self, /, name, n_arg, aggregate_class)\n--\n\nMakes an aggregate known to "
     "SQL."},
    {"create_window_function", create_window_function, 3, 3, MethodDef::kNone,
     "create_window_function($self, name, num_params, aggregate_class, /)\n--\n\nMakes an "
     "aggregate for "
     "windows known to SQL."},
    {"create_collation", create_collation, 2, 2, MethodDef::kNone,
     "create_collation($self, name, callback, /)\n--\n\nMakes an order of texts known to SQL."},
    {"set_authorizer", set_authorizer, 0, -1, MethodDef::kKeywords,
     "set_authorizer($self, /, authorizer_callback)\n--\n\nSets what decides on each access."},
    {"set_progress_handler", set_progress_handler, 0, -1, MethodDef::kKeywords,
     "set_progress_handler($self, /, progress_handler, n)\n--\n\nSets what is called every n "
     "steps."},
    {"set_trace_callback", set_trace_callback, 0, -1, MethodDef::kKeywords,
     "set_trace_callback($self, /, trace_callback)\n--\n\nSets what is told each statement."},
    {"setlimit", set_limit, 2, 2, MethodDef::kNone,
     "setlimit($self, category, limit, /)\n--\n\nSets a limit; returns the one before."},
    {"getlimit", get_limit, 1, 1, MethodDef::kNone,
     "getlimit($self, category, /)\n--\n\nReturns a limit."},
    {"enable_load_extension", enable_extensions, 1, 1, MethodDef::kNone,
     "enable_load_extension($self, enable, /)\n--\n\nAllows or forbids loading extensions."},
    {"load_extension", load_extension, 1, 1, MethodDef::kNone,
     "load_extension($self, name, /)\n--\n\nLoads an extension."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

ObjResult get_isolation_level(ThreadState& ts, Obj object) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  const char* now = connection_of(object)->begin;
  for (const auto& [name, begin] : kIsolationLevels) {
    if (begin == now) return Str::from_latin1(ts, name);
  }
  return ts.core.none_ref();
}

Status set_isolation_level(ThreadState& ts, Obj object, Obj value) {
  auto* self = connection_of(object);
  if (!value) return raise(ts, ts.core.exceptions.AttributeError, "cannot delete attribute");
  const char* begin = OURO_TRY(begin_for(ts, value));
  self->begin = begin;
  if (begin != nullptr) return kDone;
  OURO_TRY(check_connection(ts, self));
  return end_transaction(ts, self, "COMMIT");
}

ObjResult get_total_changes(ThreadState& ts, Obj object) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  return Int::from(ts, sqlite3_total_changes(connection_of(object)->db));
}
ObjResult get_in_transaction(ThreadState& ts, Obj object) {
  OURO_TRY(check_connection(ts, connection_of(object)));
  return ts.core.bool_ref(sqlite3_get_autocommit(connection_of(object)->db) == 0);
}

template <Object* Connection::*Member>
ObjResult get_object(ThreadState& ts, Obj object) {
  Object* value = connection_of(object)->*Member;
  return value == nullptr ? ts.core.none_ref() : Obj(value).new_ref();
}
template <Object* Connection::*Member>
Status set_object(ThreadState& ts, Obj object, Obj value) {
  Object* now = !value || (is_none(value) && Member == &Connection::row_factory)
                    ? nullptr
                    : value.new_ref().release();
  if (!value && Member == &Connection::text_factory) now = Obj(ts.core.none).new_ref().release();
  xdecref(std::exchange(connection_of(object)->*Member, now));
  return kDone;
}

template <StateIndex Index>
ObjResult get_exception(ThreadState&, Obj object) {
  return state_at(state_of_type(object->type()), Index).new_ref();
}

constexpr GetSetDef kGetSets[] = {
    {"isolation_level", get_isolation_level, set_isolation_level, nullptr},
    {"total_changes", get_total_changes, nullptr, nullptr},
    {"in_transaction", get_in_transaction, nullptr, nullptr},
    {"row_factory", get_object<&Connection::row_factory>, set_object<&Connection::row_factory>,
     nullptr},
    {"text_factory", get_object<&Connection::text_factory>, set_object<&Connection::text_factory>,
     nullptr},
    {"Warning", get_exception<kWarning>, nullptr, nullptr},
    {"Error", get_exception<kError>, nullptr, nullptr},
    {"InterfaceError", get_exception<kInterfaceError>, nullptr, nullptr},
    {"DatabaseError", get_exception<kDatabaseError>, nullptr, nullptr},
    {"DataError", get_exception<kDataError>, nullptr, nullptr},
    {"OperationalError", get_exception<kOperationalError>, nullptr, nullptr},
    {"IntegrityError", get_exception<kIntegrityError>, nullptr, nullptr},
    {"InternalError", get_exception<kInternalError>, nullptr, nullptr},
    {"ProgrammingError", get_exception<kProgrammingError>, nullptr, nullptr},
    {"NotSupportedError", get_exception<kNotSupportedError>, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

Status check_thread(ThreadState& ts, Connection* self) {
  const auto now = static_cast<std::uint64_t>(pthread_self());
  if (!self->initialized || !self->check_same_thread || self->thread == now) return kDone;
  return raise(
      ts, error_class(self, kProgrammingError),
      "SQLite objects created in a thread can only be used in that same thread. The object was "
      "created in thread id {} and this is thread id {}.",
      self->thread, now);
}

Status check_connection(ThreadState& ts, Connection* self) {
  if (!self->initialized) {
    return raise(ts, type_at(state_of_type(self->type()), kProgrammingError),
                 "Base Connection.__init__ not called.");
  }
  OURO_TRY(check_thread(ts, self));
  if (self->db != nullptr) return kDone;
  return raise(ts, error_class(self, kProgrammingError), "Cannot operate on a closed database.");
}

Status end_transaction(ThreadState& ts, Connection* self, const char* sql) {
  if (sqlite3_get_autocommit(self->db) != 0) return kDone;
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(self->db, sql, -1, &statement, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_step(statement);
    code = sqlite3_finalize(statement);
  }
  if (has_pending(ts)) return Raised{};
  return code == SQLITE_OK ? kDone : Status(raise_database_error(ts, self->state, self->db));
}

void fill_connection(Type& type) {
  init_collected<Connection>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc = dealloc;
  type.info.clear = clear;
  type.make = make;
  type.init = init;
  type.call = call_connection;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace ouro::sqlite
