// Python functions that SQLite calls: scalar, aggregate and window functions, collations, and the
// hooks for authorisation, progress and tracing.
//
// SQLite knows a callback by a pointer to a Callback block, which it frees through a function of
// ours once the callback is replaced or the database is closed.
#include "modules/sqlite.h"

namespace ouro::sqlite {

namespace {

Callback* new_callback(Connection* self, Obj callable) {
  auto* made = static_cast<Callback*>(allocate_raw(sizeof(Callback)));
  if (made == nullptr) return nullptr;
  *made = {callable.new_ref().release(), Obj(self->state).new_ref().release(), &self->callbacks,
           self->callbacks};
  if (made->next != nullptr) made->next->link = &made->next;
  self->callbacks = made;
  return made;
}

void free_callback(void* pointer) {
  auto* callback = static_cast<Callback*>(pointer);
  if (callback->link != nullptr) *callback->link = callback->next;
  if (callback->next != nullptr) callback->next->link = callback->link;
  decref(callback->callable);
  decref(callback->state);
  free_raw(callback);
}

/// Forgets the pending exception, or reports it when the program asked for that.
void report(ThreadState& ts, Obj state, Obj callable) {
  if (dict_size(as<Dict>(state_at(state, kCallbackTracebacks))) > 0) {
    report_unraisable(ts, callable);
  } else {
    clear_pending(ts);
  }
}

/// Tells SQLite that a function raised.
void fail(ThreadState& ts, sqlite3_context* context, const char* message) {
  const auto* callback = static_cast<Callback*>(sqlite3_user_data(context));
  if (pending_matches(ts, ts.core.exceptions.MemoryError)) {
    sqlite3_result_error_nomem(context);
  } else if (pending_matches(ts, ts.core.exceptions.OverflowError)) {
    sqlite3_result_error_toobig(context);
  } else {
    sqlite3_result_error(context, message, -1);
  }
  report(ts, callback->state, callback->callable);
}

ObjResult call_with_values(ThreadState& ts, Obj callable, int count, sqlite3_value** values) {
  ItemBuffer arguments(ts);
  for (int i = 0; i < count; ++i) {
    OURO_TRY(arguments.append(OURO_TRY(value_from(ts, values[i]))));
  }
  return call(ts, callable,
              Args{arguments.data(), static_cast<std::uint32_t>(arguments.size()), nullptr});
}

/// Hands a result to SQLite, or the failure to make one.
void finish(ThreadState& ts, sqlite3_context* context, ObjResult result, const char* message) {
  if (result.ok()) {
    ObjRef value = result.take();
    Result<bool> good = set_result(ts, context, value);
    if (good.ok()) {
      if (!good.take()) sqlite3_result_error(context, message, -1);
      return;
    }
  }
  fail(ts, context, message);
}

void on_function(sqlite3_context* context, int count, sqlite3_value** values) {
  ThreadState& ts = *current_thread_state();
  const auto* callback = static_cast<Callback*>(sqlite3_user_data(context));
  ObjRef callable = ObjRef::share(callback->callable);
  finish(ts, context, call_with_values(ts, callable, count, values),
         "user-defined function raised exception");
}

// -- aggregates -----------------------------------------------------------------------------------

/// The place of the aggregate's instance; null only when memory is short.
Object** instance_place(sqlite3_context* context) {
  return static_cast<Object**>(sqlite3_aggregate_context(context, sizeof(Object*)));
}

/// Calls instance.NAME(values…).
ObjResult call_instance(ThreadState& ts, Object* instance, const char* name, int count,
                        sqlite3_value** values) {
  ObjRef held = ObjRef::share(instance);
  ObjRef method = OURO_TRY(get_attribute(ts, held, name));
  return call_with_values(ts, method, count, values);
}

void on_step(sqlite3_context* context, int count, sqlite3_value** values) {
  ThreadState& ts = *current_thread_state();
  Object** place = instance_place(context);
  if (place == nullptr) return sqlite3_result_error_nomem(context);
  if (*place == nullptr) {
    const auto* callback = static_cast<Callback*>(sqlite3_user_data(context));
    ObjRef made_by = ObjRef::share(callback->callable);
    ObjResult made = call(ts, made_by);
    if (made.raised()) {
      return fail(ts, context, "user-defined aggregate's '__init__' method raised error");
    }
    *place = made.take().release();
  }
  ObjResult result = call_instance(ts, *place, "step", count, values);
  if (result.raised()) {
    fail(ts, context,
         pending_matches(ts, ts.core.exceptions.AttributeError)
             ? "user-defined aggregate's 'step' method not defined"
             : "user-defined aggregate's 'step' method raised error");
  }
}

void on_inverse(sqlite3_context* context, int count, sqlite3_value** values) {
  ThreadState& ts = *current_thread_state();
  Object** place = instance_place(context);
  if (place == nullptr || *place == nullptr) return;
  ObjResult result = call_instance(ts, *place, "inverse", count, values);
  if (result.raised()) {
    fail(ts, context,
         pending_matches(ts, ts.core.exceptions.AttributeError)
             ? "user-defined aggregate's 'inverse' method not defined"
             : "user-defined aggregate's 'inverse' method raised error");
  }
}

void on_value(sqlite3_context* context) {
  ThreadState& ts = *current_thread_state();
  Object** place = instance_place(context);
  if (place == nullptr || *place == nullptr) return;
  ObjResult result = call_instance(ts, *place, "value", 0, nullptr);
  const bool missing = result.raised() && pending_matches(ts, ts.core.exceptions.AttributeError);
  finish(ts, context, std::move(result),
         missing ? "user-defined aggregate's 'value' method not defined"
                 : "user-defined aggregate's 'value' method raised error");
}

void on_final(sqlite3_context* context) {
  ThreadState& ts = *current_thread_state();
  // No instance: the query saw no row, and nothing was ever made.
  auto** place = static_cast<Object**>(sqlite3_aggregate_context(context, 0));
  if (place == nullptr || *place == nullptr) return;
  ObjRef instance = ObjRef::steal(std::exchange(*place, nullptr));
  // The query may be ending because a step raised.
  SavedPending saved(ts);
  ObjResult result = call_instance(ts, instance.get(), "finalize", 0, nullptr);
  const bool missing = result.raised() && pending_matches(ts, ts.core.exceptions.AttributeError);
  finish(ts, context, std::move(result),
         missing ? "user-defined aggregate's 'finalize' method not defined"
                 : "user-defined aggregate's 'finalize' method raised error");
}

// -- collations and hooks -------------------------------------------------------------------------

int on_compare(void* pointer, int left_bytes, const void* left, int right_bytes,
               const void* right) {
  ThreadState& ts = *current_thread_state();
  const auto* callback = static_cast<Callback*>(pointer);
  if (has_pending(ts)) return 0;
  const auto compare = [&]() -> Result<int> {
    ObjRef callable = ObjRef::share(callback->callable);
    Ref<Str> a = OURO_TRY(
        decode_utf8(ts, {static_cast<const char*>(left), static_cast<std::size_t>(left_bytes)}));
    Ref<Str> b = OURO_TRY(
        decode_utf8(ts, {static_cast<const char*>(right), static_cast<std::size_t>(right_bytes)}));
    ObjRef answer = OURO_TRY(call(ts, callable, a, b));
    if (!is_int(answer))
      return raise_type_error(ts, "an integer is required (got type {t})", answer);
    return int_sign(answer);
  };
  Result<int> order = compare();
  if (order.ok()) return order.take();
  report(ts, callback->state, callback->callable);
  return 0;
}

ObjResult text_or_none(ThreadState& ts, const char* text) {
  if (text == nullptr) return ts.core.none_ref();
  return decode_utf8(ts, text);
}

int on_authorize(void* pointer, int action, const char* first, const char* second,
                 const char* database, const char* source) {
  ThreadState& ts = *current_thread_state();
  auto* self = static_cast<Connection*>(pointer);
  const auto decide = [&]() -> Result<int> {
    ObjRef callable = ObjRef::share(self->authorizer);
    Ref<Int> number = OURO_TRY(Int::from(ts, action));
    ObjRef a = OURO_TRY(text_or_none(ts, first));
    ObjRef b = OURO_TRY(text_or_none(ts, second));
    ObjRef c = OURO_TRY(text_or_none(ts, database));
    ObjRef d = OURO_TRY(text_or_none(ts, source));
    Object* values[] = {number.get(), a.get(), b.get(), c.get(), d.get()};
    ObjRef answer = OURO_TRY(call(ts, callable, Args{values, 5, nullptr}));
    return is_int(answer) ? c_int(ts, answer) : Result<int>(SQLITE_DENY);
  };
  Result<int> decision = decide();
  if (decision.ok()) return decision.take();
  report(ts, self->state, self->authorizer);
  return SQLITE_DENY;
}

int on_progress(void* pointer) {
  ThreadState& ts = *current_thread_state();
  auto* self = static_cast<Connection*>(pointer);
  const auto ask = [&]() -> Result<bool> {
    ObjRef callable = ObjRef::share(self->progress);
    ObjRef answer = OURO_TRY(call(ts, callable));
    return is_true(ts, answer);
  };
  Result<bool> stop = ask();
  if (stop.ok()) return stop.take();
  report(ts, self->state, self->progress);
  return 1;  // an error stops the query
}

int on_trace(unsigned event, void* pointer, void* statement, void* sql) {
  if (event != SQLITE_TRACE_STMT) return 0;
  ThreadState& ts = *current_thread_state();
  auto* self = static_cast<Connection*>(pointer);
  const auto tell = [&]() -> Status {
    ObjRef callable = ObjRef::share(self->trace);
    char* expanded = sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement));
    const char* shown = expanded != nullptr ? expanded : static_cast<const char*>(sql);
    ObjResult text = decode_utf8(ts, shown);
    sqlite3_free(expanded);
    ObjRef held = OURO_TRY(std::move(text));
    OURO_TRY(call(ts, callable, held));
    return kDone;
  };
  if (tell().raised()) report(ts, self->state, self->trace);
  return 0;
}

/// Replaces one of the connection's hooks: None takes it away. True: there is one now.
bool replace_hook(Object*& member, Obj value) {
  Object* now = is_none(value) ? nullptr : value.new_ref().release();
  xdecref(std::exchange(member, now));
  return now != nullptr;
}

Result<Ref<Bytes>> name_argument(ThreadState& ts, Obj value, const char* function,
                                 const char* argument) {
  if (!is_str(value)) {
    return raise_type_error(ts, "{}() argument {} must be str, not {t}", function, argument, value);
  }
  return sql_text(ts, value);
}

}  // namespace

ObjResult create_function(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "create_function", {"name", "narg", "func", "*deterministic"}, 3,
                      values));
  OURO_TRY(check_connection(ts, self));
  Ref<Bytes> name = OURO_TRY(name_argument(ts, values[0], "create_function", "'name'"));
  const int count = OURO_TRY(c_int(ts, values[1]));
  int flags = SQLITE_UTF8;
  if (values[3] && OURO_TRY(is_true(ts, values[3]))) flags |= SQLITE_DETERMINISTIC;
  int code = SQLITE_OK;
  if (is_none(values[2])) {
    code = sqlite3_create_function_v2(self->db, name->data(), count, flags, nullptr, nullptr,
                                      nullptr, nullptr, nullptr);
  } else {
    Callback* callback = new_callback(self, values[2]);
    if (callback == nullptr) return raise_no_memory(ts);
    code = sqlite3_create_function_v2(self->db, name->data(), count, flags, callback, on_function,
                                      nullptr, nullptr, free_callback);
  }
  if (code != SQLITE_OK) {
    return raise(ts, error_class(self, kOperationalError), "Error creating function");
  }
  return ts.core.none_ref();
}

ObjResult create_aggregate(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[3];
  OURO_TRY(
      parse_args(ts, args, "create_aggregate", {"name", "n_arg", "aggregate_class"}, 3, values));
  OURO_TRY(check_connection(ts, self));
  Ref<Bytes> name = OURO_TRY(name_argument(ts, values[0], "create_aggregate", "'name'"));
  const int count = OURO_TRY(c_int(ts, values[1]));
  int code = SQLITE_OK;
  if (is_none(values[2])) {
    code = sqlite3_create_function_v2(self->db, name->data(), count, SQLITE_UTF8, nullptr, nullptr,
                                      nullptr, nullptr, nullptr);
  } else {
    Callback* callback = new_callback(self, values[2]);
    if (callback == nullptr) return raise_no_memory(ts);
    code = sqlite3_create_function_v2(self->db, name->data(), count, SQLITE_UTF8, callback, nullptr,
                                      on_step, on_final, free_callback);
  }
  if (code != SQLITE_OK) {
    return raise(ts, error_class(self, kOperationalError), "Error creating aggregate");
  }
  return ts.core.none_ref();
}

ObjResult create_window_function(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  OURO_TRY(check_connection(ts, self));
  Ref<Bytes> name = OURO_TRY(name_argument(ts, args[0], "create_window_function", "1"));
  const int count = OURO_TRY(c_int(ts, args[1]));
  int code = SQLITE_OK;
  if (is_none(args[2])) {
    code = sqlite3_create_window_function(self->db, name->data(), count, SQLITE_UTF8, nullptr,
                                          nullptr, nullptr, nullptr, nullptr, nullptr);
  } else {
    Callback* callback = new_callback(self, args[2]);
    if (callback == nullptr) return raise_no_memory(ts);
    code = sqlite3_create_window_function(self->db, name->data(), count, SQLITE_UTF8, callback,
                                          on_step, on_final, on_value, on_inverse, free_callback);
  }
  if (code != SQLITE_OK) {
    return raise(ts, error_class(self, kProgrammingError), "{}", sqlite3_errmsg(self->db));
  }
  return ts.core.none_ref();
}

ObjResult create_collation(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  OURO_TRY(check_connection(ts, self));
  Ref<Bytes> name = OURO_TRY(name_argument(ts, args[0], "create_collation", "1"));
  int code = SQLITE_OK;
  if (is_none(args[1])) {
    code =
        sqlite3_create_collation_v2(self->db, name->data(), SQLITE_UTF8, nullptr, nullptr, nullptr);
  } else {
    if (!is_callable(args[1])) return raise_type_error(ts, "parameter must be callable");
    Callback* callback = new_callback(self, args[1]);
    if (callback == nullptr) return raise_no_memory(ts);
    code = sqlite3_create_collation_v2(self->db, name->data(), SQLITE_UTF8, callback, on_compare,
                                       free_callback);
    // Unlike the others, this call does not free what it refuses.
    if (code != SQLITE_OK) free_callback(callback);
  }
  if (code != SQLITE_OK) return raise_database_error(ts, self->state, self->db);
  return ts.core.none_ref();
}

ObjResult set_authorizer(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "set_authorizer", {"authorizer_callback"}, 1, values));
  OURO_TRY(check_connection(ts, self));
  const bool set = replace_hook(self->authorizer, values[0]);
  if (sqlite3_set_authorizer(self->db, set ? on_authorize : nullptr, self) != SQLITE_OK) {
    return raise(ts, error_class(self, kOperationalError), "Error setting authorizer callback");
  }
  return ts.core.none_ref();
}

ObjResult set_progress_handler(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "set_progress_handler", {"progress_handler", "n"}, 2, values));
  OURO_TRY(check_connection(ts, self));
  const int steps = OURO_TRY(c_int(ts, values[1]));
  const bool set = replace_hook(self->progress, values[0]);
  sqlite3_progress_handler(self->db, set ? steps : 0, set ? on_progress : nullptr, self);
  return ts.core.none_ref();
}

ObjResult set_trace_callback(ThreadState& ts, Obj object, Args args) {
  auto* self = connection_of(object);
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "set_trace_callback", {"trace_callback"}, 1, values));
  OURO_TRY(check_connection(ts, self));
  const bool set = replace_hook(self->trace, values[0]);
  sqlite3_trace_v2(self->db, set ? SQLITE_TRACE_STMT : 0, set ? on_trace : nullptr, self);
  return ts.core.none_ref();
}

}  // namespace ouro::sqlite
