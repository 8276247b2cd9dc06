// What the files of module _sqlite3 share: the objects, errors, and values between SQLite and
// Python.
//
// All share one tuple, the state: what StateIndex names. The module has it as its state, the types
// as their companion. A connection is closed with sqlite3_close_v2: what statements and blobs still
// need goes with the last of them.
#pragma once

#include <sqlite3.h>

#include "modules/library_support.h"

namespace ouro::sqlite {

enum StateIndex : std::size_t {
  kConnectionType,
  kCursorType,
  kRowType,
  kStatementType,
  kBlobType,
  kPrepareProtocol,
  kWarning,
  kError,
  kInterfaceError,
  kDatabaseError,
  kInternalError,
  kOperationalError,
  kProgrammingError,
  kIntegrityError,
  kDataError,
  kNotSupportedError,
  kAdapters,
  kConverters,          // dicts
  kCallbackTracebacks,  // a dict, empty unless errors in callbacks are to be reported
};

inline Obj state_at(Obj state, std::size_t index) {
  return as<Tuple>(state)->at(static_cast<std::int64_t>(index));
}
inline Borrowed<Type> type_at(Obj state, std::size_t index) {
  return as<Type>(state_at(state, index));
}
/// The state, from one of the module's types or a class derived from it.
inline Obj state_of_type(Borrowed<Type> type) { return companion(type).get(); }

inline Obj state_of_module(Obj module) { return as<Module>(module)->kept; }

enum DetectTypes : int { kParseDeclaredTypes = 1, kParseColumnNames = 2 };

/// The edge from an instance to its type, which leads to the state and so to everything a program has
/// registered. (Classes derived from the type have their own.)
template <class V>
void native_type_edge(V& v, const Object* self) {
  if (self->type()->has(kImmutable)) v.edge(self->type(), gc::slot_label("__class__"));
}

/// A Python function that SQLite calls. SQLite owns the block; the connection's list of them shows the
/// collector what it keeps alive.
struct Callback {
  Object* callable;
  Object* state;
  Callback** link;  // what points to this block; null: in no list any more
  Callback* next;
};

struct Connection : Object {
  sqlite3* db;  // null when closed
  Object* state;
  Object* row_factory;  // null: None
  Object* text_factory;
  Object* cache;  // dict: SQL text -> Statement
  Object* trace;  // callbacks, or null
  Object* progress;
  Object* authorizer;
  Callback* callbacks;
  const char* begin;  // how a transaction begins; null: never by itself
  int detect_types;
  int cached_statements;
  bool initialized;
  bool check_same_thread;
  std::uint64_t thread;  // that made it
  template <class V>
  void edges(V& v) const {
    native_type_edge(v, this);
    v.edge(state, gc::slot_label("state"));
    v.edge(row_factory, gc::slot_label("row_factory"));
    v.edge(text_factory, gc::slot_label("text_factory"));
    v.edge(cache, gc::slot_label("cache"));
    v.edge(trace, gc::slot_label("trace"));
    v.edge(progress, gc::slot_label("progress"));
    v.edge(authorizer, gc::slot_label("authorizer"));
    for (const Callback* callback = callbacks; callback != nullptr; callback = callback->next) {
      v.edge(callback->callable, gc::slot_label("callback"));
      v.edge(callback->state, gc::slot_label("state"));
    }
  }
};

struct Statement : Object {
  sqlite3_stmt* handle;  // null for a text without a statement
  bool changes_data;     // INSERT, UPDATE, DELETE, REPLACE
  bool in_use;           // by a cursor
};

struct Cursor : Object {
  Object* connection;   // null before __init__
  Object* description;  // null: None
  Object* converters;   // a tuple, one per column (None: by type), or null
  Object* last_row_id;  // null: None
  Object* row_factory;  // null: None
  Object* statement;    // that has more rows, or null
  std::int64_t row_count;
  int array_size;
  bool closed;
  bool locked;  // a call is under way
  template <class V>
  void edges(V& v) const {
    native_type_edge(v, this);
    v.edge(connection, gc::slot_label("connection"));
    v.edge(description, gc::slot_label("description"));
    v.edge(converters, gc::slot_label("converters"));
    v.edge(last_row_id, gc::slot_label("lastrowid"));
    v.edge(row_factory, gc::slot_label("row_factory"));
    v.edge(statement, gc::slot_label("statement"));
  }
};

inline Connection* connection_of(Obj object) { return as<Connection>(object); }
inline Obj state_of(Connection* self, std::size_t index) { return state_at(self->state, index); }
inline Borrowed<Type> error_class(Connection* self, std::size_t index) {
  return as<Type>(state_of(self, index));
}

// -- errors (sqlite_module.cpp) -------------------------------------------------------------------

/// Raises what the last failed call on the connection means.
Raised raise_database_error(ThreadState& ts, Obj state, sqlite3* db);
/// ProgrammingError unless the connection is open, initialised, and used in its own thread.
Status check_connection(ThreadState& ts, Connection* self);
Status check_thread(ThreadState& ts, Connection* self);

// -- values (sqlite_values.cpp) -------------------------------------------------------------------

/// What the adapters, __adapt__ or __conform__ make of `value`; `fallback` (null: ProgrammingError
/// "can't adapt") when none applies.
ObjResult adapt(ThreadState& ts, Obj state, Obj value, Obj protocol, Obj fallback);
/// Binds the parameters of one execution: a sequence or a mapping.
Status bind_parameters(ThreadState& ts, Connection* self, Statement* statement, Obj parameters);
/// Column `index` of the present row.
ObjResult column_value(ThreadState& ts, Connection* self, Statement* statement, int index,
                       Obj converter);
/// A value that SQLite hands to a callback.
ObjResult value_from(ThreadState& ts, sqlite3_value* value);
/// Gives a callback's answer to SQLite. False when it cannot be represented.
Result<bool> set_result(ThreadState& ts, sqlite3_context* context, Obj value);
/// `text` as UTF-8 that ends with a zero byte; UnicodeEncodeError for surrogates.
Result<Ref<Bytes>> sql_text(ThreadState& ts, Obj text);

// -- the types ------------------------------------------------------------------------------------

void fill_connection(Type& type);
void fill_cursor(Type& type);
void fill_row(Type& type);
void fill_statement(Type& type);
void fill_blob(Type& type);

/// The statement for an SQL text, from the cache when it is there and free.
Result<Ref<Statement>> statement_for(ThreadState& ts, Connection* self, Obj sql);
/// Runs the statement up to its next row; SQLITE_DONE for a text without a statement.
int step(Statement* statement);
void reset(Statement* statement);
/// connection.cursor(factory)
ObjResult make_cursor(ThreadState& ts, Obj connection, Obj factory);
ObjResult open_blob(ThreadState& ts, Obj connection, Args args);
/// Methods of Connection that give SQLite functions to call (sqlite_callbacks.cpp).
ObjResult create_function(ThreadState& ts, Obj self, Args args);
ObjResult create_aggregate(ThreadState& ts, Obj self, Args args);
ObjResult create_window_function(ThreadState& ts, Obj self, Args args);
ObjResult create_collation(ThreadState& ts, Obj self, Args args);
ObjResult set_authorizer(ThreadState& ts, Obj self, Args args);
ObjResult set_progress_handler(ThreadState& ts, Obj self, Args args);
ObjResult set_trace_callback(ThreadState& ts, Obj self, Args args);
/// Commits or rolls back when a transaction is open.
Status end_transaction(ThreadState& ts, Connection* self, const char* sql);

}  // namespace ouro::sqlite
