// Prepared statements, and the connection's cache of them.
#include <cctype>

#include "modules/sqlite.h"

namespace ouro::sqlite {

namespace {

void dealloc(gc::Header* header) {
  auto* self = static_cast<Statement*>(header);
  sqlite3_finalize(self->handle);
  free_object(self);
}

/// `sql` from where its first statement begins: without blanks and comments.
std::string_view skip_comments(std::string_view sql) {
  for (;;) {
    if (sql.empty()) return sql;
    if (std::isspace(static_cast<unsigned char>(sql[0])) != 0 || sql[0] == ';') {
      if (sql[0] == ';') return sql;
      sql.remove_prefix(1);
    } else if (sql.substr(0, 2) == "--") {
      const std::size_t end = sql.find('\n');
      sql = end == std::string_view::npos ? std::string_view() : sql.substr(end);
    } else if (sql.substr(0, 2) == "/*") {
      const std::size_t end = sql.find("*/", 2);
      sql = end == std::string_view::npos ? std::string_view() : sql.substr(end + 2);
    } else {
      return sql;
    }
  }
}

bool starts_with_word(std::string_view sql, std::string_view word) {
  return sql.size() >= word.size() &&
         sqlite3_strnicmp(sql.data(), word.data(), static_cast<int>(word.size())) == 0;
}

Result<Ref<Statement>> prepare(ThreadState& ts, Connection* self, Obj sql) {
  Ref<Bytes> text = OURO_TRY(sql_text(ts, sql));
  if (text->length > sqlite3_limit(self->db, SQLITE_LIMIT_SQL_LENGTH, -1)) {
    return raise(ts, error_class(self, kDataError), "query string is too large");
  }
  if (text->view().find('\0') != std::string_view::npos) {
    return raise(ts, error_class(self, kProgrammingError), "the query contains a null character");
  }
  Ref<Statement> made =
      OURO_TRY(new_object<Statement>(ts, as<Type>(state_of(self, kStatementType))));
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v2(self->db, text->data(), static_cast<int>(text->length) + 1,
                                      &made->handle, &rest);
  if (has_pending(ts)) return Raised{};
  if (code != SQLITE_OK) return raise_database_error(ts, self->state, self->db);
  if (!skip_comments(rest).empty()) {
    return raise(ts, error_class(self, kProgrammingError),
                 "You can only execute one statement at a time.");
  }
  const std::string_view begin = skip_comments(text->view());
  for (const std::string_view word : {"INSERT", "UPDATE", "DELETE", "REPLACE"}) {
    made->changes_data = made->changes_data || starts_with_word(begin, word);
  }
  return made;
}

}  // namespace

Result<Ref<Statement>> statement_for(ThreadState& ts, Connection* self, Obj sql) {
  if (self->cached_statements <= 0 || self->cache == nullptr) return prepare(ts, self, sql);
  Ref<Dict> cache = Ref<Dict>::share(as<Dict>(Obj(self->cache)));
  const Lookup known = dict_lookup(ts, cache, sql);
  if (known.failed) return Raised{};
  if (known.value != nullptr && !as<Statement>(Obj(known.value))->in_use) {
    return Ref<Statement>::share(as<Statement>(Obj(known.value)));
  }
  Ref<Statement> made = OURO_TRY(prepare(ts, self, sql));
  if (known.value != nullptr) return made;  // the cached one is at work
  if (dict_size(cache) >= self->cached_statements) {
    // The oldest makes room.
    std::uint32_t position = 0;
    Obj key;
    Obj value;
    if (dict_next(cache, position, key, value)) {
      ObjRef oldest = key.new_ref();
      OURO_TRY(dict_remove(ts, cache, oldest));
    }
  }
  OURO_TRY(dict_set(ts, cache, sql, made));
  return made;
}

int step(Statement* statement) {
  return statement->handle == nullptr ? SQLITE_DONE : sqlite3_step(statement->handle);
}

void reset(Statement* statement) {
  if (statement->handle != nullptr) {
    sqlite3_reset(statement->handle);
    sqlite3_clear_bindings(statement->handle);
  }
  statement->in_use = false;
}

void fill_statement(Type& type) {
  type.info.basic_bytes = sizeof(Statement);
  type.info.dealloc = dealloc;
}

}  // namespace ouro::sqlite
