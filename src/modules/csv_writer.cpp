// Module _csv: writing records.
#include "modules/csv.h"

namespace ouro::csv {

namespace {

struct Writer : Object {
  State* state;
  Object* write;  // the file's method
  Dialect* dialect;
  template <class V>
  void edges(V& v) const {
    v.edge(dialect, gc::slot_label("dialect"));
    v.edge(write, gc::slot_label("write"));
    v.edge(state, gc::slot_label("state"));
  }
};

bool holds(Borrowed<Str> text, char32_t c) {
  for (std::int64_t i = 0; i < text->length; ++i) {
    if (text->at(i) == c) return true;
  }
  return false;
}

/// A number as PyNumber_Check sees it.
bool is_number(Obj object) {
  const NumberSlots& slots = object->type()->number;
  return slots.index != nullptr || slots.to_int != nullptr || slots.to_float != nullptr ||
         is_kind(object, TypeKind::Complex);
}

/// The record in progress.
class Record {
 public:
  Record(ThreadState& ts, const Dialect& dialect, const State& state)
      : ts_(ts), dialect_(dialect), state_(state), text_(ts) {}

  Status add(Borrowed<Str> field, bool quoted) {
    StrBuilder escaped(ts_);
    for (std::int64_t i = 0; i < field->length; ++i) {
      const char32_t c = field->at(i);
      if (is_special(c)) OURO_TRY(prepare(escaped, c, quoted));
      OURO_TRY(escaped.append(c));
    }
    if (fields_ > 0) OURO_TRY(text_.append(dialect_.delimiter));
    ++fields_;
    if (quoted) OURO_TRY(text_.append(dialect_.quotechar));
    Ref<Str> shown = OURO_TRY(escaped.finish());
    OURO_TRY(text_.append(shown));
    if (quoted) OURO_TRY(text_.append(dialect_.quotechar));
    return kDone;
  }

  Result<Ref<Str>> finish() {
    if (fields_ > 0 && text_.length() == 0) {
      // One empty field: unquoted it would read as no field at all.
      if (dialect_.quoting == kQuoteNone) {
        return raise(ts_, state_.error, "single empty field record must be quoted");
      }
      fields_ = 0;
      OURO_TRY(add(ts_.core.empty_str, true));
    }
    OURO_TRY(text_.append(Borrowed<Str>(dialect_.lineterminator)));
    return text_.finish();
  }

 private:
  [[nodiscard]] bool is_special(char32_t c) const {
    return c == dialect_.delimiter || c == dialect_.escapechar || c == dialect_.quotechar ||
           holds(dialect_.lineterminator, c);
  }

  /// What goes before a special character; or the field is to be quoted.
  Status prepare(StrBuilder& escaped, char32_t c, bool& quoted) {
    bool escape = dialect_.quoting == kQuoteNone;
    if (!escape) {
      if (c == dialect_.quotechar) {
        if (dialect_.doublequote) {
          OURO_TRY(escaped.append(c));
        } else {
          escape = true;
        }
      } else if (c == dialect_.escapechar) {
        escape = true;
      }
      if (!escape) quoted = true;
    }
    if (!escape) return kDone;
    if (dialect_.escapechar == kNoCharacter) {
      return raise(ts_, state_.error, "need to escape, but no escapechar set");
    }
    return escaped.append(dialect_.escapechar);
  }

  ThreadState& ts_;
  const Dialect& dialect_;
  const State& state_;
  StrBuilder text_;
  std::int64_t fields_ = 0;
};

ObjResult writer_writerow(ThreadState& ts, Obj self, Args args) {
  const auto* writer = as<Writer>(self);
  const Ref<Dialect> dialect = Ref<Dialect>::share(writer->dialect);
  const Ref<State> state = Ref<State>::share(writer->state);
  const ObjRef write = ObjRef::share(writer->write);
  ObjResult iterator = iterate(ts, args[0]);
  if (iterator.raised()) {
    if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
    return raise(ts, state->error, "iterable expected, not {t}", args[0]);
  }
  const ObjRef fields = iterator.take();
  Record record(ts, *dialect, *state);
  for (;;) {
    ObjRef field;
    const Next next = next_item(ts, fields, field);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) break;
    const bool quoted = dialect->quoting == kQuoteAll ||
                        (dialect->quoting == kQuoteNonNumeric && !is_number(field));
    Ref<Str> text;
    if (is_str(field)) {
      text = Ref<Str>::share(as<Str>(field));
    } else if (is_none(field)) {
      text = Ref<Str>::share(ts.core.empty_str);
    } else {
      text = OURO_TRY(str_of(ts, field));
    }
    OURO_TRY(record.add(text, quoted));
  }
  Ref<Str> line = OURO_TRY(record.finish());
  return call(ts, write, Obj(line));
}

ObjResult writer_writerows(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(for_each_item(ts, args[0], [&](ObjRef row) -> Status {
    Object* const values[] = {row.get()};
    ObjRef written = OURO_TRY(writer_writerow(ts, self, Args{values, 1, nullptr}));
    return kDone;
  }));
  return ts.core.none_ref();
}

constexpr MethodDef kMethods[] = {
    {"writerow", writer_writerow, 1, 1, MethodDef::kNone,
     "writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields.  "
     "Non-string\nelements will be converted to string."},
    {"writerows", writer_writerows, 1, 1, MethodDef::kNone,
     "writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv file. "
     " Non-string\nelements will be converted to string."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"dialect",
     [](ThreadState&, Obj self) -> ObjResult { return ObjRef::share(as<Writer>(self)->dialect); },
     refuse_member_set, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_writer(Type& type) {
  fill_holder<Writer, &Writer::dialect, &Writer::write, &Writer::state>(type);
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

ObjResult writer_function(ThreadState& ts, Obj module, Args args) {
  OURO_TRY(check_args(ts, Args{args.values, args.count, nullptr}, "", 1, 2));
  State* state = state_of(module);
  MaybeAttribute write = find_attribute(ts, args[0], ts.core.names.n_write);
  if (write.failed) return Raised{};
  if (!write.value || !is_callable(write.value)) {
    return raise_type_error(ts, "argument 1 must have a \"write\" method");
  }
  Ref<Dialect> dialect = OURO_TRY(make_dialect(ts, state, args.from(1)));
  Ref<Writer> made = OURO_TRY(new_object<Writer>(ts, state->writer_type));
  made->state = Ref<State>::share(state).release();
  made->write = write.value.release();
  made->dialect = dialect.release();
  OURO_TRY(track(ts, made));
  return made;
}

Result<Ref<Type>> make_writer_type(ThreadState& ts) {
  return make_native_type(
      ts, {"writer", "_csv", sizeof(Writer), 0, kDisallowInstantiation | kBaseType, fill_writer,
           "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV "
           "format from sequence input.\n"});
}

}  // namespace ouro::csv
