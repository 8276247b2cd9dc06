// sqlite3.Row: a row whose items can also be asked for by the column's name.
#include "modules/sqlite.h"
#include "objects/list.h"

namespace ouro::sqlite {

namespace {

struct Row : Object {
  Object* data;         // a tuple
  Object* description;  // a tuple, as the cursor's; null: there was none
  template <class V>
  void edges(V& v) const {
    native_type_edge(v, this);
    v.edge(data, gc::slot_label("data"));
    v.edge(description, gc::slot_label("description"));
  }
};

Row* row_of(Obj object) { return as<Row>(object); }
Tuple* data_of(Obj object) { return as<Tuple>(Obj(row_of(object)->data)); }

ObjResult make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_make_keywords(ts, type, args, "Row"));
  OURO_TRY(check_args(ts, args, "Row", 2, 2));
  if (!is_instance_of(args[0], type_at(state_of_type(type), kCursorType))) {
    return raise_type_error(ts, "Row() argument 1 must be sqlite3.Cursor, not {t}", args[0]);
  }
  if (!is_tuple(args[1])) {
    return raise_type_error(ts, "Row() argument 2 must be tuple, not {t}", args[1]);
  }
  Ref<Row> made = OURO_TRY(new_object<Row>(ts, type, type->info.basic_bytes));
  made->data = args[1].new_ref().release();
  Object* description = as<Cursor>(args[0])->description;
  if (description != nullptr) made->description = Obj(description).new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

/// Column names compare without regard to the case of ASCII letters.
bool same_name(Borrowed<Str> a, Borrowed<Str> b) {
  if (a->length != b->length) return false;
  for (std::int64_t i = 0; i < a->length; ++i) {
    const auto lower = [](char32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
    if (lower(a->at(i)) != lower(b->at(i))) return false;
  }
  return true;
}

ObjResult item(ThreadState& ts, Obj self, std::int64_t index) {
  Tuple* data = data_of(self);
  if (index < 0 || index >= data->size) {
    return raise(ts, ts.core.exceptions.IndexError, "tuple index out of range");
  }
  return data->at(index).new_ref();
}

ObjResult subscript(ThreadState& ts, Obj self, Obj key) {
  if (is_int(key) || is_kind(key, TypeKind::Slice)) return get_item(ts, row_of(self)->data, key);
  if (!is_str(key)) {
    return raise(ts, ts.core.exceptions.IndexError, "Index must be int or string");
  }
  Object* description = row_of(self)->description;
  const std::int64_t count = description == nullptr ? 0 : as<Tuple>(Obj(description))->size;
  for (std::int64_t i = 0; i < count; ++i) {
    const Obj name = as<Tuple>(as<Tuple>(Obj(description))->at(i))->at(0);
    if (same_name(as<Str>(name), as<Str>(key))) return item(ts, self, i);
  }
  return raise(ts, ts.core.exceptions.IndexError, "No item with that key");
}

Result<std::int64_t> length(ThreadState&, Obj self) { return data_of(self)->size; }
ObjResult iter(ThreadState& ts, Obj self) { return iterate(ts, row_of(self)->data); }

Result<std::int64_t> hash(ThreadState& ts, Obj self) {
  Object* description = row_of(self)->description;
  const std::int64_t first =
      OURO_TRY(hash_of(ts, description == nullptr ? Obj(ts.core.none) : Obj(description)));
  const std::int64_t mixed = first ^ OURO_TRY(hash_of(ts, row_of(self)->data));
  return mixed == -1 ? -2 : mixed;
}

ObjResult compare_rows(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (op != CompareOp::Equal && op != CompareOp::NotEqual) return ts.core.not_implemented_ref();
  if (!is_instance_of(right, type_at(state_of_type(left->type()), kRowType))) {
    return ts.core.not_implemented_ref();
  }
  const auto shown = [&](Obj row) {
    Object* description = row_of(row)->description;
    return description == nullptr ? ts.core.none_ref() : Obj(description).new_ref();
  };
  ObjRef a = shown(left);
  ObjRef b = shown(right);
  if (!OURO_TRY(equals(ts, a, b))) return ts.core.bool_ref(op == CompareOp::NotEqual);
  ObjRef c = ObjRef::share(row_of(left)->data);
  ObjRef d = ObjRef::share(row_of(right)->data);
  return compare(ts, c, d, op);
}

ObjResult keys(ThreadState& ts, Obj self, Args) {
  Ref<List> names = OURO_TRY(List::create(ts));
  Object* description = row_of(self)->description;
  if (description == nullptr) return names;
  Ref<Tuple> columns = Ref<Tuple>::share(as<Tuple>(Obj(description)));
  for (std::int64_t i = 0; i < columns->size; ++i) {
    OURO_TRY(names->append(ts, as<Tuple>(columns->at(i))->at(0)));
  }
  return names;
}

constexpr MethodDef kMethods[] = {
    {"keys", keys, 0, 0, MethodDef::kNone, "keys($self, /)\n--\n\nReturns the keys of the row."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

void fill_row(Type& type) {
  fill_holder<Row, &Row::data, &Row::description>(type);
  type.info.flags |= kBaseType;
  type.make = make;
  type.hash = hash;
  type.compare = compare_rows;
  type.iter = iter;
  type.sequence.length = length;
  type.sequence.item = item;
  type.mapping.length = length;
  type.mapping.subscript = subscript;
  type.methods = kMethods;
}

}  // namespace ouro::sqlite
