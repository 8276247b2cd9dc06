// Module _csv: reading. A record is gathered character by character; quoted fields may go on over
// several lines of the underlying iterator. All that is known about the record in progress lives in
// the call, so that code which runs in between cannot disturb it.
#include <cstring>

#include "modules/csv.h"
#include "objects/list.h"

namespace ouro::csv {

namespace {

struct Reader : Object {
  State* state;
  Object* lines;  // iterator
  Dialect* dialect;
  std::int64_t line_number;
  template <class V>
  void edges(V& v) const {
    v.edge(dialect, gc::slot_label("dialect"));
    v.edge(lines, gc::slot_label("input_iter"));
    v.edge(state, gc::slot_label("state"));
  }
};

constexpr char32_t kEndOfLine = 0x110001;  // comes after the last character of each line

/// Where in a record the next character falls.
enum class Place : std::uint8_t {
  RecordStart,
  FieldStart,
  Escaped,
  InField,
  InQuotes,
  EscapedInQuotes,
  QuoteInQuotes,  // a quote character: doubled, or the end of the quoted part
  LineEnd,        // only line ends may follow
  AfterEscapedLineEnd,
};

bool is_line_end(char32_t c) { return c == U'\n' || c == U'\r' || c == kEndOfLine; }

/// The record in progress.
class Record {
 public:
  Record(ThreadState& ts, const Dialect& dialect, const State& state, Ref<List> fields)
      : ts_(ts), dialect_(dialect), state_(state), fields_(std::move(fields)) {}
  ~Record() {
    if (field_ != local_) free_raw(field_);
  }
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  [[nodiscard]] bool complete() const { return place_ == Place::RecordStart; }
  /// Data end in the middle of a field.
  [[nodiscard]] bool open() const { return length_ != 0 || place_ == Place::InQuotes; }
  Ref<List> take() { return std::move(fields_); }

  Status save_field() {
    Ref<Str> text = OURO_TRY(Str::from_utf32(ts_, {field_, static_cast<std::size_t>(length_)}));
    length_ = 0;
    if (!numeric_) return fields_->append(ts_, std::move(text));
    numeric_ = false;
    ObjRef number = OURO_TRY(to_float(ts_, text));
    return fields_->append(ts_, std::move(number));
  }

  Status take(char32_t c) {
    switch (place_) {
      case Place::RecordStart:
        if (c == kEndOfLine) return kDone;  // an empty line
        if (is_line_end(c)) {
          place_ = Place::LineEnd;
          return kDone;
        }
        return start_field(c);
      case Place::FieldStart:
        return start_field(c);
      case Place::Escaped:
        place_ = c == U'\n' || c == U'\r' ? Place::AfterEscapedLineEnd : Place::InField;
        return add(c == kEndOfLine ? U'\n' : c);
      case Place::AfterEscapedLineEnd:
        if (c == kEndOfLine) return kDone;
        return in_field(c);
      case Place::InField:
        return in_field(c);
      case Place::InQuotes:
        if (c == kEndOfLine) return kDone;
        if (c == dialect_.escapechar) {
          place_ = Place::EscapedInQuotes;
          return kDone;
        }
        if (is_quote(c)) {
          place_ = dialect_.doublequote ? Place::QuoteInQuotes : Place::InField;
          return kDone;
        }
        return add(c);
      case Place::EscapedInQuotes:
        place_ = Place::InQuotes;
        return add(c == kEndOfLine ? U'\n' : c);
      case Place::QuoteInQuotes:
        return after_quote(c);
      case Place::LineEnd:
        if (c == kEndOfLine) place_ = Place::RecordStart;
        if (is_line_end(c)) return kDone;
        return raise(ts_, state_.error,
                     "new-line character seen in unquoted field - do you need to open the file in "
                     "universal-newline mode?");
    }
    return kDone;
  }

 private:
  [[nodiscard]] bool is_quote(char32_t c) const {
    return c == dialect_.quotechar && dialect_.quoting != kQuoteNone;
  }

  Status end_record(char32_t c) {
    place_ = c == kEndOfLine ? Place::RecordStart : Place::LineEnd;
    return save_field();
  }

  Status start_field(char32_t c) {
    place_ = Place::FieldStart;
    if (is_line_end(c)) return end_record(c);
    if (is_quote(c)) {
      place_ = Place::InQuotes;
      return kDone;
    }
    if (c == dialect_.escapechar) {
      place_ = Place::Escaped;
      return kDone;
    }
    if (c == U' ' && dialect_.skipinitialspace) return kDone;
    if (c == dialect_.delimiter) return save_field();
    numeric_ = dialect_.quoting == kQuoteNonNumeric;
    place_ = Place::InField;
    return add(c);
  }

  Status in_field(char32_t c) {
    place_ = Place::InField;
    if (is_line_end(c)) return end_record(c);
    if (c == dialect_.escapechar) {
      place_ = Place::Escaped;
      return kDone;
    }
    if (c == dialect_.delimiter) {
      place_ = Place::FieldStart;
      return save_field();
    }
    return add(c);
  }

  Status after_quote(char32_t c) {
    if (is_quote(c)) {
      place_ = Place::InQuotes;
      return add(c);
    }
    if (c == dialect_.delimiter) {
      place_ = Place::FieldStart;
      return save_field();
    }
    if (is_line_end(c)) return end_record(c);
    if (!dialect_.strict) {
      place_ = Place::InField;
      return add(c);
    }
    Ref<Str> delimiter = OURO_TRY(Str::from_char(ts_, dialect_.delimiter));
    Ref<Str> quote = OURO_TRY(Str::from_char(ts_, dialect_.quotechar));
    return raise(ts_, state_.error, "'{}' expected after '{}'", delimiter, quote);
  }

  Status add(char32_t c) {
    if (length_ >= state_.field_limit) {
      return raise(ts_, state_.error, "field larger than field limit ({})", state_.field_limit);
    }
    if (length_ == capacity_) OURO_TRY(grow());
    field_[length_++] = c;
    return kDone;
  }

  Status grow() {
    const std::int64_t capacity = capacity_ * 2;
    void* block = allocate_raw(static_cast<std::size_t>(capacity) * sizeof(char32_t));
    if (block == nullptr) return raise_no_memory(ts_);
    std::memcpy(block, field_, static_cast<std::size_t>(length_) * sizeof(char32_t));
    if (field_ != local_) free_raw(field_);
    field_ = static_cast<char32_t*>(block);
    capacity_ = capacity;
    return kDone;
  }

  static constexpr std::int64_t kLocal = 128;
  ThreadState& ts_;
  const Dialect& dialect_;
  const State& state_;
  Ref<List> fields_;
  Place place_ = Place::RecordStart;
  bool numeric_ = false;
  char32_t* field_ = local_;
  std::int64_t length_ = 0;
  std::int64_t capacity_ = kLocal;
  char32_t local_[kLocal];
};

/// The next record; null when there are no more lines.
Result<bool> read_record(ThreadState& ts, Reader* reader, ObjRef& item) {
  const Ref<Dialect> dialect = Ref<Dialect>::share(reader->dialect);
  const Ref<State> state = Ref<State>::share(reader->state);
  const ObjRef lines = ObjRef::share(reader->lines);
  Record record(ts, *dialect, *state, OURO_TRY(List::create(ts)));
  do {
    ObjRef line;
    switch (next_item(ts, lines, line)) {
      case Next::Raised:
        return Raised{};
      case Next::Done:
        if (!record.open()) return false;
        if (dialect->strict) return raise(ts, state->error, "unexpected end of data");
        OURO_TRY(record.save_field());
        item = record.take();
        return true;
      case Next::Item:
        break;
    }
    if (!is_str(line)) {
      return raise(ts, state->error,
                   "iterator should return strings, not {t} (the file should be opened in text "
                   "mode)",
                   line);
    }
    ++reader->line_number;
    const auto* text = as<Str>(line);
    for (std::int64_t i = 0; i < text->length; ++i) OURO_TRY(record.take(text->at(i)));
    OURO_TRY(record.take(kEndOfLine));
  } while (!record.complete());
  item = record.take();
  return true;
}

Next reader_next(ThreadState& ts, Obj self, ObjRef& item) {
  Result<bool> found = read_record(ts, as<Reader>(self), item);
  if (found.raised()) return Next::Raised;
  return found.take() ? Next::Item : Next::Done;
}

constexpr GetSetDef kGetSets[] = {
    {"dialect",
     [](ThreadState&, Obj self) -> ObjResult { return ObjRef::share(as<Reader>(self)->dialect); },
     refuse_member_set, nullptr},
    {"line_num",
     [](ThreadState& ts, Obj self) -> ObjResult {
       return Int::from(ts, as<Reader>(self)->line_number);
     },
     refuse_member_set, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_reader(Type& type) {
  fill_iterator<Reader, &Reader::dialect, &Reader::lines, &Reader::state>(type, reader_next);
  type.getsets = kGetSets;
}

}  // namespace

ObjResult reader_function(ThreadState& ts, Obj module, Args args) {
  OURO_TRY(check_args(ts, Args{args.values, args.count, nullptr}, "", 1, 2));
  State* state = state_of(module);
  ObjRef lines = OURO_TRY(iterate(ts, args[0]));
  Ref<Dialect> dialect = OURO_TRY(make_dialect(ts, state, args.from(1)));
  Ref<Reader> made = OURO_TRY(new_object<Reader>(ts, state->reader_type));
  made->state = Ref<State>::share(state).release();
  made->lines = lines.release();
  made->dialect = dialect.release();
  OURO_TRY(track(ts, made));
  return made;
}

Result<Ref<Type>> make_reader_type(ThreadState& ts) {
  return make_native_type(
      ts, {"reader", "_csv", sizeof(Reader), 0, kDisallowInstantiation | kBaseType, fill_reader,
           "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin "
           "CSV format.\n"});
}

}  // namespace ouro::csv
