// Module _csv: the class Dialect, checked and frozen.
#include "modules/csv.h"

namespace ouro::csv {

namespace {

enum Part : std::uint8_t {
  kDialect,
  kDelimiter,
  kDoubleQuote,
  kEscapeChar,
  kLineTerminator,
  kQuoteChar,
  kQuoting,
  kSkipInitialSpace,
  kStrict,
  kParts
};
constexpr const char* kNames[kParts] = {"dialect",    "delimiter",        "doublequote",
                                        "escapechar", "lineterminator",   "quotechar",
                                        "quoting",    "skipinitialspace", "strict"};

Status read_character(ThreadState& ts, Part part, Obj given, bool may_be_none, char32_t& place) {
  if (!given) return kDone;
  if (may_be_none && is_none(given)) {
    place = kNoCharacter;
    return kDone;
  }
  if (!is_str(given)) {
    return raise_type_error(
        ts,
        may_be_none ? "\"{}\" must be string or None, not {t}" : "\"{}\" must be string, not {t}",
        kNames[part], given);
  }
  if (as<Str>(given)->length != 1) {
    return raise_type_error(ts, "\"{}\" must be a 1-character string", kNames[part]);
  }
  place = as<Str>(given)->at(0);
  return kDone;
}

Status read_flag(ThreadState& ts, Obj given, bool& place) {
  if (given) place = OURO_TRY(is_true(ts, given));
  return kDone;
}

Status read_quoting(ThreadState& ts, Obj given, int& place) {
  if (!given) return kDone;
  if (!is_exact_int(given)) return raise_type_error(ts, "\"quoting\" must be an integer");
  const std::int64_t value = int_clamped(given);
  if (value != static_cast<int>(value)) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C int");
  }
  place = static_cast<int>(value);
  return kDone;
}

Status read_parts(ThreadState& ts, Dialect* self, std::span<const Obj> given) {
  OURO_TRY(read_character(ts, kDelimiter, given[kDelimiter], false, self->delimiter));
  OURO_TRY(read_flag(ts, given[kDoubleQuote], self->doublequote));
  OURO_TRY(read_character(ts, kEscapeChar, given[kEscapeChar], true, self->escapechar));
  Obj terminator = given[kLineTerminator];
  if (terminator && !is_none(terminator) && !is_str(terminator)) {
    return raise_type_error(ts, "\"lineterminator\" must be a string");
  }
  if (!terminator) {
    self->lineterminator = OURO_TRY(Str::from_latin1(ts, "\r\n")).release();
  } else if (!is_none(terminator)) {
    self->lineterminator = Ref<Str>::share(as<Str>(terminator)).release();
  }
  OURO_TRY(read_character(ts, kQuoteChar, given[kQuoteChar], true, self->quotechar));
  OURO_TRY(read_quoting(ts, given[kQuoting], self->quoting));
  OURO_TRY(read_flag(ts, given[kSkipInitialSpace], self->skipinitialspace));
  OURO_TRY(read_flag(ts, given[kStrict], self->strict));
  if (self->quoting < kQuoteMinimal || self->quoting > kQuoteNone) {
    return raise_type_error(ts, "bad \"quoting\" value");
  }
  if (given[kQuoteChar] && is_none(given[kQuoteChar]) && !given[kQuoting]) {
    self->quoting = kQuoteNone;
  }
  if (self->quoting != kQuoteNone && self->quotechar == kNoCharacter) {
    return raise_type_error(ts, "quotechar must be set if quoting enabled");
  }
  if (self->lineterminator == nullptr) {
    return raise_type_error(ts, "lineterminator must be set");
  }
  return kDone;
}

ObjResult dialect_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj given[kParts];
  OURO_TRY(parse_args(ts, args, nullptr,
                      {"dialect", "delimiter", "doublequote", "escapechar", "lineterminator",
                       "quotechar", "quoting", "skipinitialspace", "strict"},
                      0, given));
  State* state = as<State>(Obj(companion(type)));
  ObjRef held[kParts];
  if (given[kDialect]) {
    held[kDialect] = is_str(given[kDialect]) ? OURO_TRY(find_dialect(ts, state, given[kDialect]))
                                             : given[kDialect].new_ref();
    bool changed = false;
    for (int i = kDialect + 1; i < kParts; ++i) changed |= static_cast<bool>(given[i]);
    if (!changed && held[kDialect]->type() == type.get()) return std::move(held[kDialect]);
    // What is not given is taken from the dialect, if it has it.
    for (int i = kDialect + 1; i < kParts; ++i) {
      if (given[i]) continue;
      MaybeAttribute found = find_attribute(ts, held[kDialect], OURO_TRY(intern(ts, kNames[i])));
      if (found.failed) return Raised{};
      held[i] = std::move(found.value);
      given[i] = held[i];
    }
  }
  Ref<Dialect> made = OURO_TRY(new_object<Dialect>(ts, type, type->info.basic_bytes));
  made->state = Ref<State>::share(state).release();
  made->delimiter = U',';
  made->quotechar = U'"';
  made->escapechar = kNoCharacter;
  made->quoting = kQuoteMinimal;
  made->doublequote = true;
  OURO_TRY(read_parts(ts, made.get(), given));
  OURO_TRY(track(ts, made));
  return made;
}

Dialect* dialect_of(Obj self) { return as<Dialect>(self); }

ObjResult character_or_none(ThreadState& ts, char32_t character) {
  if (character == kNoCharacter) return ts.core.none_ref();
  return Str::from_char(ts, character);
}
template <auto member>
ObjResult character_part(ThreadState& ts, Obj self) {
  return character_or_none(ts, dialect_of(self)->*member);
}
template <auto member>
ObjResult flag_part(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(dialect_of(self)->*member);
}

ObjResult refuse_pickling(ThreadState& ts, Obj self, Args) {
  return raise_type_error(ts, "cannot pickle '{}' instances", self->type()->short_name());
}

constexpr GetSetDef kGetSets[] = {
    {"delimiter", character_part<&Dialect::delimiter>, nullptr, nullptr},
    {"escapechar", character_part<&Dialect::escapechar>, nullptr, nullptr},
    {"lineterminator",
     [](ThreadState&, Obj self) -> ObjResult {
       return ObjRef::share(dialect_of(self)->lineterminator);
     },
     nullptr, nullptr},
    {"quotechar", character_part<&Dialect::quotechar>, nullptr, nullptr},
    {"quoting",
     [](ThreadState& ts, Obj self) -> ObjResult {
       return Int::from(ts, dialect_of(self)->quoting);
     },
     nullptr, nullptr},
    {"doublequote", flag_part<&Dialect::doublequote>, refuse_member_set, nullptr},
    {"skipinitialspace", flag_part<&Dialect::skipinitialspace>, refuse_member_set, nullptr},
    {"strict", flag_part<&Dialect::strict>, refuse_member_set, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

constexpr MethodDef kMethods[] = {
    {"__reduce__", refuse_pickling, 0, -1, MethodDef::kKeywords,
     "raises an exception to avoid pickling"},
    {"__reduce_ex__", refuse_pickling, 0, -1, MethodDef::kKeywords,
     "raises an exception to avoid pickling"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_dialect(Type& type) {
  fill_holder<Dialect, &Dialect::lineterminator, &Dialect::state>(type);
  type.make = dialect_make;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Result<Ref<Dialect>> make_dialect(ThreadState& ts, State* state, Args args) {
  const Ref<State> held = Ref<State>::share(state);
  ObjRef made = OURO_TRY(call(ts, state->dialect_type, args));
  return Ref<Dialect>::steal(static_cast<Dialect*>(made.release()));
}

Result<Ref<Type>> make_dialect_type(ThreadState& ts) {
  return make_native_type(
      ts, {"Dialect", "_csv", sizeof(Dialect), 0, kBaseType, fill_dialect,
           "CSV dialect\n\nThe Dialect type records CSV parsing and generation options.\n"});
}

}  // namespace ouro::csv
