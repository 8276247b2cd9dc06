// sqlite3.Cursor: running statements and fetching rows.
#include "modules/sqlite.h"
#include "objects/list.h"

namespace ouro::sqlite {

namespace {

Cursor* cursor_of(Obj object) { return as<Cursor>(object); }
Connection* owner(Cursor* self) { return as<Connection>(Obj(self->connection)); }
Statement* running(Cursor* self) { return as<Statement>(Obj(self->statement)); }

/// Lets go of the statement, which is ready for its next use.
void drop_statement(Cursor* self) {
  if (self->statement == nullptr) return;
  reset(running(self));
  drop(self->statement);
}

void clear(gc::Header* header) {
  auto* self = static_cast<Cursor*>(header);
  drop_statement(self);
  drop(self->connection);
  drop(self->description);
  drop(self->converters);
  drop(self->last_row_id);
  drop(self->row_factory);
}

void dealloc(gc::Header* header) {
  auto* self = static_cast<Cursor*>(header);
  untrack(self);
  clear(self);
  free_object(self);
}

ObjResult make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Cursor> made = OURO_TRY(new_object<Cursor>(ts, type, type->info.basic_bytes));
  made->array_size = 1;
  made->row_count = -1;
  OURO_TRY(track(ts, made));
  return made;
}

Status init(ThreadState& ts, Obj object, Args args) {
  auto* self = cursor_of(object);
  if (!args.keyword_count()) OURO_TRY(check_args(ts, args, "Cursor", 1, 1));
  OURO_TRY(refuse_keywords(ts, args, "Cursor"));
  const Obj state = state_of_type(object->type());
  if (!is_instance_of(args[0], type_at(state, kConnectionType))) {
    return raise_type_error(ts, "Cursor() argument 1 must be sqlite3.Connection, not {t}", args[0]);
  }
  drop_statement(self);
  xdecref(std::exchange(self->connection, args[0].new_ref().release()));
  drop(self->description);
  drop(self->converters);
  drop(self->last_row_id);
  drop(self->row_factory);
  self->array_size = 1;
  self->row_count = -1;
  self->closed = false;
  return check_thread(ts, owner(self));
}

Status check_cursor(ThreadState& ts, Cursor* self) {
  const Obj state = state_of_type(self->type());
  if (self->connection == nullptr) {
    return raise(ts, type_at(state, kProgrammingError), "Base Cursor.__init__ not called.");
  }
  if (self->closed) {
    return raise(ts, type_at(state, kProgrammingError), "Cannot operate on a closed cursor.");
  }
  if (self->locked) {
    return raise(ts, type_at(state, kProgrammingError), "Recursive use of cursors not allowed.");
  }
  return check_connection(ts, owner(self));
}

/// Marks the cursor as being used, for the length of a call.
class Lock {
 public:
  explicit Lock(Cursor* self) : self_(self) { self_->locked = true; }
  ~Lock() { self_->locked = false; }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Cursor* self_;
};

// -- running --------------------------------------------------------------------------------------

/// A column's name for the description: what PARSE_COLNAMES reads as a type is cut off.
std::string_view shown_name(const char* name, bool parsed) {
  std::string_view text = name == nullptr ? std::string_view() : std::string_view(name);
  if (!parsed) return text;
  const std::size_t bracket = text.find('[');
  if (bracket == std::string_view::npos) return text;
  text = text.substr(0, bracket);
  if (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Status describe(ThreadState& ts, Cursor* self) {
  sqlite3_stmt* handle = running(self)->handle;
  const int count = sqlite3_column_count(handle);
  if (count == 0) return kDone;
  const bool parsed = (owner(self)->detect_types & kParseColumnNames) != 0;
  ItemBuffer columns(ts);
  for (int i = 0; i < count; ++i) {
    Ref<Str> name = OURO_TRY(decode_utf8(ts, shown_name(sqlite3_column_name(handle, i), parsed)));
    Object* none = ts.core.none;
    Object* items[] = {name.get(), none, none, none, none, none, none};
    OURO_TRY(columns.append(OURO_TRY(Tuple::from(ts, items, std::size(items)))));
  }
  Ref<Tuple> made = OURO_TRY(Tuple::from(ts, columns.data(), static_cast<std::size_t>(count)));
  xdecref(std::exchange(self->description, static_cast<Object*>(made.release())));
  return kDone;
}

/// The converter registered for a type's name, or None.
ObjResult converter_named(ThreadState& ts, Connection* connection, std::string_view name) {
  Ref<Str> text = OURO_TRY(decode_utf8(ts, name));
  ObjRef upper = OURO_TRY(call_method(ts, text, OURO_TRY(intern(ts, "upper"))));
  const Lookup found = dict_lookup(ts, as<Dict>(state_of(connection, kConverters)), upper);
  if (found.failed) return Raised{};
  return found.value == nullptr ? ts.core.none_ref() : Obj(found.value).new_ref();
}

ObjResult converter_for(ThreadState& ts, Connection* connection, sqlite3_stmt* handle, int index) {
  if ((connection->detect_types & kParseColumnNames) != 0) {
    const char* name = sqlite3_column_name(handle, index);
    const std::string_view text = name == nullptr ? "" : name;
    const std::size_t begin = text.find('[');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find(']', begin);
    if (end != std::string_view::npos) {
      ObjRef found =
          OURO_TRY(converter_named(ts, connection, text.substr(begin + 1, end - begin - 1)));
      if (!is_none(found)) return found;
    }
  }
  if ((connection->detect_types & kParseDeclaredTypes) != 0) {
    const char* declared = sqlite3_column_decltype(handle, index);
    if (declared != nullptr) {
      const std::string_view text = declared;
      return converter_named(ts, connection, text.substr(0, text.find_first_of(" (")));
    }
  }
  return ts.core.none_ref();
}

Status find_converters(ThreadState& ts, Cursor* self) {
  drop(self->converters);
  if (owner(self)->detect_types == 0) return kDone;
  ItemBuffer row(ts);
  const int count = sqlite3_column_count(running(self)->handle);
  for (int i = 0; i < count; ++i) {
    OURO_TRY(row.append(OURO_TRY(converter_for(ts, owner(self), running(self)->handle, i))));
  }
  self->converters =
      OURO_TRY(Tuple::from(ts, row.data(), static_cast<std::size_t>(count))).release();
  return kDone;
}

Status begin_transaction(ThreadState& ts, Connection* connection) {
  sqlite3_stmt* begin = nullptr;
  int code = sqlite3_prepare_v2(connection->db, connection->begin, -1, &begin, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_step(begin);
    code = sqlite3_finalize(begin);
  }
  if (has_pending(ts)) return Raised{};
  if (code == SQLITE_OK) return kDone;
  return raise_database_error(ts, connection->state, connection->db);
}

/// One execution with one set of parameters.
Status run_once(ThreadState& ts, Cursor* self, Obj parameters, bool first, bool many) {
  Connection* connection = owner(self);
  Ref<Statement> statement = Ref<Statement>::share(running(self));
  reset(statement.get());
  statement->in_use = true;
  OURO_TRY(bind_parameters(ts, connection, statement.get(), parameters));
  const int code = step(statement.get());
  if (code != SQLITE_DONE && code != SQLITE_ROW) {
    if (has_pending(ts)) return Raised{};
    return raise_database_error(ts, connection->state, connection->db);
  }
  if (has_pending(ts)) return Raised{};
  OURO_TRY(find_converters(ts, self));
  if (first) OURO_TRY(describe(ts, self));
  if (statement->changes_data) {
    const auto changes = static_cast<std::int64_t>(sqlite3_changes(connection->db));
    self->row_count = many ? self->row_count + changes : changes;
  }
  if (code == SQLITE_DONE) reset(statement.get());
  return kDone;
}

Status run(ThreadState& ts, Cursor* self, Obj sql, Obj parameters, bool many) {
  Connection* connection = owner(self);
  ObjRef rows = many ? OURO_TRY(iterate(ts, parameters)) : ObjRef();
  drop_statement(self);
  drop(self->description);
  Ref<Statement> statement = OURO_TRY(statement_for(ts, connection, sql));
  if (many && statement->handle != nullptr && sqlite3_stmt_readonly(statement->handle) != 0) {
    return raise(ts, error_class(connection, kProgrammingError),
                 "executemany() can only execute DML statements.");
  }
  self->statement = statement.release();
  self->row_count = running(self)->changes_data ? 0 : -1;
  if (connection->begin != nullptr && running(self)->changes_data &&
      sqlite3_get_autocommit(connection->db) != 0) {
    OURO_TRY(begin_transaction(ts, connection));
  }
  if (!many) {
    OURO_TRY(run_once(ts, self, parameters, true, false));
    const sqlite3_int64 last = sqlite3_last_insert_rowid(connection->db);
    Ref<Int> number = OURO_TRY(Int::from(ts, last));
    xdecref(std::exchange(self->last_row_id, static_cast<Object*>(number.release())));
  } else {
    bool first = true;
    OURO_TRY(for_each_item(ts, rows, [&](ObjRef row) -> Status {
      return run_once(ts, self, row, std::exchange(first, false), true);
    }));
  }
  sqlite3_stmt* handle = running(self)->handle;
  if (handle == nullptr || sqlite3_stmt_busy(handle) == 0) drop_statement(self);
  return kDone;
}

ObjResult execute_with(ThreadState& ts, Obj object, Obj sql, Obj parameters, bool many) {
  auto* self = cursor_of(object);
  OURO_TRY(check_cursor(ts, self));
  Status good = kDone;
  {
    Lock lock(self);
    good = run(ts, self, sql, parameters, many);
  }
  if (good.ok()) return object.new_ref();
  ObjRef error = take_pending(ts);
  drop_statement(self);
  self->row_count = -1;
  restore_pending(ts, std::move(error));
  return Raised{};
}

ObjResult execute(ThreadState& ts, Obj object, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "execute() argument 1 must be str, not {t}", args[0]);
  }
  Ref<Tuple> none = Ref<Tuple>::share(ts.core.empty_tuple);
  return execute_with(ts, object, args[0], args.size() > 1 ? args[1] : Obj(none), false);
}

ObjResult execute_many(ThreadState& ts, Obj object, Args args) {
  if (!is_str(args[0])) {
    return raise_type_error(ts, "executemany() argument 1 must be str, not {t}", args[0]);
  }
  return execute_with(ts, object, args[0], args[1], true);
}

Status run_script(ThreadState& ts, Connection* connection, const char* script) {
  OURO_TRY(end_transaction(ts, connection, "COMMIT"));
  while (*script != '\0') {
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(connection->db, script, -1, &statement, &script);
    if (code == SQLITE_OK && statement != nullptr) {
      do {
        code = sqlite3_step(statement);
      } while (code == SQLITE_ROW);
      code = sqlite3_finalize(statement);
    }
    if (has_pending(ts)) return Raised{};
    if (code != SQLITE_OK) return raise_database_error(ts, connection->state, connection->db);
  }
  return kDone;
}

ObjResult execute_script(ThreadState& ts, Obj object, Args args) {
  auto* self = cursor_of(object);
  if (!is_str(args[0])) {
    return raise_type_error(ts, "executescript() argument must be str, not {t}", args[0]);
  }
  Ref<Bytes> script = OURO_TRY(sql_text(ts, args[0]));
  if (script->view().find('\0') != std::string_view::npos) {
    return raise_value_error(ts, "embedded null character");
  }
  OURO_TRY(check_cursor(ts, self));
  if (script->length > sqlite3_limit(owner(self)->db, SQLITE_LIMIT_SQL_LENGTH, -1)) {
    return raise(ts, error_class(owner(self), kDataError), "query string is too large");
  }
  OURO_TRY(run_script(ts, owner(self), script->data()));
  return object.new_ref();
}

// -- fetching -------------------------------------------------------------------------------------

ObjResult read_row(ThreadState& ts, Cursor* self) {
  Ref<Statement> statement = Ref<Statement>::share(running(self));
  const int count = sqlite3_data_count(statement->handle);
  ItemBuffer values(ts);
  for (int i = 0; i < count; ++i) {
    ObjRef converter;
    if (self->converters != nullptr) {
      converter = as<Tuple>(Obj(self->converters))->at(i).new_ref();
    }
    OURO_TRY(values.append(OURO_TRY(column_value(ts, owner(self), statement.get(), i, converter))));
  }
  return Tuple::from(ts, values.data(), static_cast<std::size_t>(count));
}

Next next_row(ThreadState& ts, Obj object, ObjRef& item) {
  auto* self = cursor_of(object);
  if (check_cursor(ts, self).raised()) return Next::Raised;
  if (self->statement == nullptr) return Next::Done;
  if (sqlite3_data_count(running(self)->handle) == 0) {
    drop_statement(self);
    return Next::Done;
  }
  ObjResult row = Raised{};
  {
    Lock lock(self);
    row = read_row(ts, self);
  }
  if (row.raised()) return Next::Raised;
  ObjRef made = row.take();
  if (self->statement != nullptr) {
    const int code = step(running(self));
    if (code == SQLITE_DONE) {
      if (running(self)->changes_data) self->row_count = sqlite3_changes(owner(self)->db);
      drop_statement(self);
    } else if (code != SQLITE_ROW) {
      if (!has_pending(ts)) {
        static_cast<void>(raise_database_error(ts, owner(self)->state, owner(self)->db));
      }
      ObjRef error = take_pending(ts);
      drop_statement(self);
      restore_pending(ts, std::move(error));
      return Next::Raised;
    }
  }
  if (self->row_factory != nullptr) {
    ObjRef factory = ObjRef::share(self->row_factory);
    ObjResult shaped = call(ts, factory, object, made);
    if (shaped.raised()) return Next::Raised;
    made = shaped.take();
  }
  item = std::move(made);
  return Next::Item;
}

ObjResult fetch_one(ThreadState& ts, Obj object, Args) {
  ObjRef row;
  switch (next_row(ts, object, row)) {
    case Next::Item:
      return row;
    case Next::Done:
      return ts.core.none_ref();
    default:
      return Raised{};
  }
}

ObjResult fetch(ThreadState& ts, Obj object, std::int64_t most) {
  Ref<List> rows = OURO_TRY(List::create(ts));
  while (most < 0 || rows->size < most) {
    ObjRef row;
    const Next next = next_row(ts, object, row);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) break;
    OURO_TRY(rows->append(ts, std::move(row)));
  }
  return rows;
}

ObjResult fetch_many(ThreadState& ts, Obj object, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "fetchmany", {"size"}, 0, values));
  const int most = OURO_TRY(c_int_or(ts, values[0], cursor_of(object)->array_size));
  return fetch(ts, object, most == 0 ? -1 : most);
}

ObjResult fetch_all(ThreadState& ts, Obj object, Args) { return fetch(ts, object, -1); }

ObjResult close_cursor(ThreadState& ts, Obj object, Args) {
  auto* self = cursor_of(object);
  const Obj state = state_of_type(object->type());
  if (self->locked) {
    return raise(ts, type_at(state, kProgrammingError), "Recursive use of cursors not allowed.");
  }
  if (self->connection == nullptr) {
    return raise(ts, type_at(state, kProgrammingError), "Base Cursor.__init__ not called.");
  }
  OURO_TRY(check_connection(ts, owner(self)));
  drop_statement(self);
  self->closed = true;
  return ts.core.none_ref();
}

ObjResult do_nothing(ThreadState& ts, Obj, Args) { return ts.core.none_ref(); }

constexpr MethodDef kMethods[] = {
    {"execute", execute, 1, 2, MethodDef::kNone,
     "execute($self, sql, parameters=(), /)\n--\n\nExecutes an SQL statement."},
    {"executemany", execute_many, 2, 2, MethodDef::kNone,
     "executemany($self, sql, seq_of_parameters, /)\n--\n\nRepeatedly executes an SQL statement."},
    {"executescript", execute_script, 1, 1, MethodDef::kNone,
     "executescript($self, sql_script, /)\n--\n\nExecutes multiple SQL statements at once."},
    {"fetchone", fetch_one, 0, 0, MethodDef::kNone,
     "fetchone($self, /)\n--\n\nThe next row, or None."},
    {"fetchmany", fetch_many, 0, -1, MethodDef::kKeywords,
     "fetchmany($self, /, size=1)\n--\n\nA list of the next rows."},
    {"fetchall", fetch_all, 0, 0, MethodDef::kNone,
     "fetchall($self, /)\n--\n\nA list of all rows that are left."},
    {"close", close_cursor, 0, 0, MethodDef::kNone, "close($self, /)\n--\n\nCloses the cursor."},
    {"setinputsizes", do_nothing, 1, 1, MethodDef::kNone,
     "setinputsizes($self, sizes, /)\n--\n\nRequired by DB-API. Has no effect."},
    {"setoutputsize", do_nothing, 1, 2, MethodDef::kNone,
     "setoutputsize($self, size, column=None, /)\n--\n\nRequired by DB-API. Has no effect."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

template <Object* Cursor::*Member>
ObjResult get_object(ThreadState& ts, Obj object) {
  Object* value = cursor_of(object)->*Member;
  return value == nullptr ? ts.core.none_ref() : Obj(value).new_ref();
}
Status set_row_factory(ThreadState&, Obj object, Obj value) {
  Object* now = !value || is_none(value) ? nullptr : value.new_ref().release();
  xdecref(std::exchange(cursor_of(object)->row_factory, now));
  return kDone;
}
ObjResult get_row_count(ThreadState& ts, Obj object) {
  return Int::from(ts, cursor_of(object)->row_count);
}
ObjResult get_array_size(ThreadState& ts, Obj object) {
  return Int::from(ts, cursor_of(object)->array_size);
}
Status set_array_size(ThreadState& ts, Obj object, Obj value) {
  if (!value) return raise_type_error(ts, "can't delete numeric/char attribute");
  cursor_of(object)->array_size = OURO_TRY(c_int(ts, value));
  return kDone;
}

constexpr GetSetDef kGetSets[] = {
    {"connection", get_object<&Cursor::connection>, refuse_member_set, nullptr},
    {"description", get_object<&Cursor::description>, refuse_member_set, nullptr},
    {"arraysize", get_array_size, set_array_size, nullptr},
    {"lastrowid", get_object<&Cursor::last_row_id>, refuse_member_set, nullptr},
    {"rowcount", get_row_count, refuse_member_set, nullptr},
    {"row_factory", get_object<&Cursor::row_factory>, set_row_factory, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

ObjResult make_cursor(ThreadState& ts, Obj connection, Obj factory) {
  auto* self = connection_of(connection);
  ObjRef type = factory ? factory.new_ref() : state_of(self, kCursorType).new_ref();
  ObjRef made = OURO_TRY(call(ts, type, connection));
  if (!is_instance_of(made, as<Type>(state_of(self, kCursorType)))) {
    return raise_type_error(ts, "factory must return a cursor, not {t}", made);
  }
  if (self->row_factory != nullptr) {
    OURO_TRY(set_row_factory(ts, made, self->row_factory));
  }
  return made;
}

void fill_cursor(Type& type) {
  init_collected<Cursor>(type);
  type.info.flags |= kBaseType;
  type.info.dealloc = dealloc;
  type.info.clear = clear;
  type.make = make;
  type.init = init;
  type.iter = iterator_self;
  type.next = next_row;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace ouro::sqlite
