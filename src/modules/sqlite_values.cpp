// Values between SQLite and Python: adapters, parameters, columns, arguments and results of
// callbacks.
#include "modules/sqlite.h"
#include "objects/float.h"
#include "objects/list.h"

namespace ouro::sqlite {

namespace {

/// Calls object.NAME(argument); null when there is no such method, or it answers None.
ObjResult ask(ThreadState& ts, Obj object, const char* name, Obj argument) {
  MaybeAttribute method = find_attribute(ts, object, OURO_TRY(intern(ts, name)));
  if (method.failed) return Raised{};
  if (!method.value) return ts.core.none_ref();
  ObjResult answer = call(ts, method.value, argument);
  if (answer.ok()) return answer;
  // A class has the method, too, but it is not meant for the class itself.
  if (catch_pending(ts, ts.core.exceptions.TypeError)) return ts.core.none_ref();
  return Raised{};
}

bool needs_no_adapter(Obj value) {
  return is_none(value) || is_exact_int(value) || is_exact_float(value) || is_exact_str(value) ||
         is_kind(value, TypeKind::Bytes) || is_kind(value, TypeKind::ByteArray);
}

/// Where a parameter stands in messages: "1" or ":name".
Status bind_one(ThreadState& ts, Connection* self, Statement* statement, int position, Obj value) {
  sqlite3_stmt* handle = statement->handle;
  int code = SQLITE_OK;
  if (is_none(value)) {
    code = sqlite3_bind_null(handle, position);
  } else if (is_int(value)) {
    if (!as<Int>(value)->is_small()) {
      return raise(ts, ts.core.exceptions.OverflowError,
                   "Python int too large to convert to SQLite INTEGER");
    }
    code = sqlite3_bind_int64(handle, position, as<Int>(value)->small);
  } else if (is_float(value)) {
    code = sqlite3_bind_double(handle, position, as<Float>(value)->value);
  } else if (is_str(value)) {
    Ref<Bytes> text = OURO_TRY(sql_text(ts, value));
    if (text->length > INT32_MAX) {
      return raise(ts, ts.core.exceptions.OverflowError, "string longer than INT_MAX bytes");
    }
    code = sqlite3_bind_text(handle, position, text->data(), static_cast<int>(text->length),
                             SQLITE_TRANSIENT);
  } else if (BufferView::is_bytes_like(value)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, value));
    if (view.size() > INT32_MAX) {
      return raise(ts, ts.core.exceptions.OverflowError, "BLOB longer than INT_MAX bytes");
    }
    code = sqlite3_bind_blob(handle, position, view.data(), static_cast<int>(view.size()),
                             SQLITE_TRANSIENT);
  } else {
    return raise(ts, error_class(self, kProgrammingError),
                 "Error binding parameter {}: type '{t}' is not supported", position, value);
  }
  if (code == SQLITE_OK) return kDone;
  return raise_database_error(ts, self->state, self->db);
}

Status adapt_and_bind(ThreadState& ts, Connection* self, Statement* statement, int position,
                      ObjRef value) {
  if (!needs_no_adapter(value)) {
    value = OURO_TRY(adapt(ts, self->state, value, state_of(self, kPrepareProtocol), value));
  }
  return bind_one(ts, self, statement, position, value);
}

Status bind_row(ThreadState& ts, Connection* self, Statement* statement, Obj parameters,
                int count) {
  const std::int64_t given = OURO_TRY(length_of(ts, parameters));
  if (given != count) {
    return raise(
        ts, error_class(self, kProgrammingError),
        "Incorrect number of bindings supplied. The current statement uses {}, and there are "
        "{} supplied.",
        count, given);
  }
  for (int i = 0; i < count; ++i) {
    Ref<Int> index = OURO_TRY(Int::from(ts, i));
    ObjRef value = OURO_TRY(get_item(ts, parameters, index));
    OURO_TRY(adapt_and_bind(ts, self, statement, i + 1, std::move(value)));
  }
  return kDone;
}

Status bind_names(ThreadState& ts, Connection* self, Statement* statement, Obj parameters,
                  int count) {
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement->handle, i);
    if (name == nullptr) {
      return raise(ts, error_class(self, kProgrammingError),
                   "Binding {} has no name, but you supplied a dictionary (which has only names).",
                   i);
    }
    ++name;  // past the colon
    Ref<Str> key = OURO_TRY(Str::from_utf8(ts, name));
    ObjResult value = get_item(ts, parameters, key);
    if (value.raised()) {
      if (!catch_pending(ts, ts.core.exceptions.LookupError)) return Raised{};
      return raise(ts, error_class(self, kProgrammingError),
                   "You did not supply a value for binding parameter :{}.", key);
    }
    OURO_TRY(adapt_and_bind(ts, self, statement, i, value.take()));
  }
  return kDone;
}

}  // namespace

Result<Ref<Bytes>> sql_text(ThreadState& ts, Obj text) {
  ObjRef encoded = OURO_TRY(encode_str(ts, as<Str>(text), "utf-8", "strict"));
  return Ref<Bytes>::steal(as<Bytes>(encoded.release()));
}

ObjResult adapt(ThreadState& ts, Obj state, Obj value, Obj protocol, Obj fallback) {
  Ref<Tuple> key = OURO_TRY(Tuple::of(ts, Obj(value->type()), protocol));
  const Lookup found = dict_lookup(ts, as<Dict>(state_at(state, kAdapters)), key);
  if (found.failed) return Raised{};
  if (found.value != nullptr) {
    ObjRef adapter = ObjRef::share(found.value);
    return call(ts, adapter, value);
  }
  ObjRef adapted = OURO_TRY(ask(ts, protocol, "__adapt__", value));
  if (!is_none(adapted)) return adapted;
  adapted = OURO_TRY(ask(ts, value, "__conform__", protocol));
  if (!is_none(adapted)) return adapted;
  if (fallback) return fallback.new_ref();
  return raise(ts, type_at(state, kProgrammingError), "can't adapt");
}

Status bind_parameters(ThreadState& ts, Connection* self, Statement* statement, Obj parameters) {
  const int count =
      statement->handle == nullptr ? 0 : sqlite3_bind_parameter_count(statement->handle);
  const bool is_plain_dict = is_exact_dict(parameters);
  if (is_tuple(parameters) || is_list(parameters) ||
      (!is_dict(parameters) && parameters->type()->sequence.item != nullptr)) {
    return bind_row(ts, self, statement, parameters, count);
  }
  if (is_plain_dict || parameters->type()->mapping.subscript != nullptr) {
    return bind_names(ts, self, statement, parameters, count);
  }
  return raise(ts, error_class(self, kProgrammingError), "parameters are of unsupported type");
}

namespace {

ObjResult text_value(ThreadState& ts, Connection* self, Statement* statement, int index,
                     std::string_view text) {
  const Obj factory = self->text_factory;
  if (!factory || factory.get() == ts.core.types.str) {
    ObjResult decoded = decode_utf8(ts, text);
    if (decoded.ok()) return decoded;
    if (!catch_pending(ts, ts.core.exceptions.UnicodeDecodeError)) return Raised{};
    Ref<Str> shown = OURO_TRY(decode_utf8(ts, text, "replace"));
    return raise(ts, error_class(self, kOperationalError),
                 "Could not decode to UTF-8 column '{}' with text '{}'",
                 sqlite3_column_name(statement->handle, index), shown);
  }
  if (factory.get() == ts.core.types.bytearray) return ByteArray::from(ts, text);
  Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, text));
  if (factory.get() == ts.core.types.bytes) return bytes;
  ObjRef held = factory.new_ref();
  return call(ts, held, bytes);
}

}  // namespace

ObjResult column_value(ThreadState& ts, Connection* self, Statement* statement, int index,
                       Obj converter) {
  sqlite3_stmt* handle = statement->handle;
  const auto bytes_at = [&](const void* data) -> std::string_view {
    const int bytes = sqlite3_column_bytes(handle, index);
    return data == nullptr
               ? std::string_view()
               : std::string_view{static_cast<const char*>(data), static_cast<std::size_t>(bytes)};
  };
  if (converter && !is_none(converter)) {
    const void* data = sqlite3_column_blob(handle, index);
    if (data == nullptr && sqlite3_column_type(handle, index) == SQLITE_NULL) {
      return ts.core.none_ref();
    }
    Ref<Bytes> bytes = OURO_TRY(Bytes::from(ts, bytes_at(data)));
    return call(ts, converter, bytes);
  }
  switch (sqlite3_column_type(handle, index)) {
    case SQLITE_NULL:
      return ts.core.none_ref();
    case SQLITE_INTEGER:
      return Int::from(ts, sqlite3_column_int64(handle, index));
    case SQLITE_FLOAT:
      return Float::from(ts, sqlite3_column_double(handle, index));
    case SQLITE_TEXT:
      return text_value(ts, self, statement, index, bytes_at(sqlite3_column_text(handle, index)));
    default:
      return Bytes::from(ts, bytes_at(sqlite3_column_blob(handle, index)));
  }
}

ObjResult value_from(ThreadState& ts, sqlite3_value* value) {
  const auto bytes_at = [&](const void* data) -> std::string_view {
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))};
  };
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return Int::from(ts, sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return Float::from(ts, sqlite3_value_double(value));
    case SQLITE_TEXT:
      return decode_utf8(ts, bytes_at(sqlite3_value_text(value)));
    case SQLITE_BLOB:
      return Bytes::from(ts, bytes_at(sqlite3_value_blob(value)));
    default:
      return ts.core.none_ref();
  }
}

Result<bool> set_result(ThreadState& ts, sqlite3_context* context, Obj value) {
  if (is_none(value)) {
    sqlite3_result_null(context);
  } else if (is_int(value)) {
    if (!as<Int>(value)->is_small()) {
      return raise(ts, ts.core.exceptions.OverflowError,
                   "Python int too large to convert to SQLite INTEGER");
    }
    sqlite3_result_int64(context, as<Int>(value)->small);
  } else if (is_float(value)) {
    sqlite3_result_double(context, as<Float>(value)->value);
  } else if (is_str(value)) {
    Ref<Bytes> text = OURO_TRY(sql_text(ts, value));
    if (text->length > INT32_MAX) {
      return raise(ts, ts.core.exceptions.OverflowError, "string is longer than INT_MAX bytes");
    }
    sqlite3_result_text(context, text->data(), static_cast<int>(text->length), SQLITE_TRANSIENT);
  } else if (BufferView::is_bytes_like(value)) {
    BufferView view;
    OURO_TRY(view.acquire(ts, value));
    if (view.size() > INT32_MAX) {
      return raise(ts, ts.core.exceptions.OverflowError, "BLOB longer than INT_MAX bytes");
    }
    sqlite3_result_blob(context, view.data(), static_cast<int>(view.size()), SQLITE_TRANSIENT);
  } else {
    return false;
  }
  return true;
}

}  // namespace ouro::sqlite
