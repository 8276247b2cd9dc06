// Module _csv: the functions, and the dialects registered by name.
#include "modules/csv.h"
#include "modules/native_modules.h"
#include "objects/list.h"

namespace ouro {

namespace csv {

ObjResult find_dialect(ThreadState& ts, State* state, Obj name) {
  const Lookup found = dict_lookup(ts, state->dialects, name);
  if (found.failed) return Raised{};
  if (found.value == nullptr) return raise(ts, state->error, "unknown dialect");
  return ObjRef::share(found.value);
}

namespace {

ObjResult list_dialects(ThreadState& ts, Obj module, Args) {
  return dict_keys_list(ts, state_of(module)->dialects);
}

ObjResult register_dialect(ThreadState& ts, Obj module, Args args) {
  OURO_TRY(check_args(ts, Args{args.values, args.count, nullptr}, "", 1, 2));
  if (!is_str(args[0])) return raise_type_error(ts, "dialect name must be a string");
  State* state = state_of(module);
  Ref<Dialect> dialect = OURO_TRY(make_dialect(ts, state, args.from(1)));
  OURO_TRY(dict_set(ts, state->dialects, args[0], Obj(dialect)));
  return ts.core.none_ref();
}

ObjResult unregister_dialect(ThreadState& ts, Obj module, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "unregister_dialect", {"name"}, 1, given));
  State* state = state_of(module);
  if (!OURO_TRY(dict_remove(ts, state->dialects, given[0]))) {
    return raise(ts, state->error, "unknown dialect");
  }
  return ts.core.none_ref();
}

ObjResult get_dialect(ThreadState& ts, Obj module, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "get_dialect", {"name"}, 1, given));
  return find_dialect(ts, state_of(module), given[0]);
}

ObjResult field_size_limit(ThreadState& ts, Obj module, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "field_size_limit", {"new_limit"}, 0, given));
  State* state = state_of(module);
  const std::int64_t old = state->field_limit;
  if (given[0]) {
    if (!is_exact_int(given[0])) return raise_type_error(ts, "limit must be an integer");
    if (!as<Int>(given[0])->is_small()) {
      return raise(ts, ts.core.exceptions.OverflowError,
                   "Python int too large to convert to C long");
    }
    state->field_limit = as<Int>(given[0])->small;
  }
  return Int::from(ts, old);
}

constexpr MethodDef kFunctions[] = {
    {"reader", reader_function, 0, -1, MethodDef::kKeywords,
     "    csv_reader = reader(iterable [, dialect='excel']\n                        [optional "
     "keyword args])\n    for row in csv_reader:\n        process(row)\n\nEach step reads one "
     "record of the iterable's lines and gives a list of its fields.\nThe keyword arguments change "
     "single settings of the dialect.\n"},
    {"writer", writer_function, 0, -1, MethodDef::kKeywords,
     "    csv_writer = csv.writer(fileobj [, dialect='excel']\n                            "
     "[optional keyword args])\n    for row in sequence:\n        csv_writer.writerow(row)\n\n    "
     "[or]\n\n    csv_writer.writerows(rows)\n\nThe \"fileobj\" argument can be any object with a "
     "write method.\n"},
    {"list_dialects", list_dialects, 0, 0, MethodDef::kNone,
     "list_dialects($module, /)\n--\n\nReturn a list of all known dialect names.\n\n    names = "
     "csv.list_dialects()"},
    {"register_dialect", register_dialect, 0, -1, MethodDef::kKeywords,
     "Create a mapping from a string name to a dialect class.\n    dialect = "
     "csv.register_dialect(name[, dialect[, **fmtparams]])"},
    {"unregister_dialect", unregister_dialect, 0, -1, MethodDef::kKeywords,
     "unregister_dialect($module, /, name)\n--\n\nDelete the name/dialect mapping associated with "
     "a string name.\n\n    csv.unregister_dialect(name)"},
    {"get_dialect", get_dialect, 0, -1, MethodDef::kKeywords,
     "get_dialect($module, /, name)\n--\n\nReturn the dialect instance associated with name.\n\n   "
     " dialect = csv.get_dialect(name)"},
    {"field_size_limit", field_size_limit, 0, -1, MethodDef::kKeywords,
     "field_size_limit($module, /, new_limit=<unrepresentable>)\n--\n\nSets an upper limit on "
     "parsed fields.\n\n    csv.field_size_limit([limit])\n\nReturns old limit. If limit is not "
     "given, no new limit is set and\nthe old limit is returned"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_state(Type& type) {
  fill_holder<State, &State::dialects, &State::dialect_type, &State::reader_type,
              &State::writer_type, &State::error>(type);
}

/// The dialects and the state hold each other through their types, out of the collector's sight.
void free_state(Module* module) {
  auto* state = static_cast<State*>(std::exchange(module->state, nullptr));
  if (state == nullptr) return;
  if (state->dialects != nullptr) dict_clear(state->dialects);
  drop(state->dialect_type);
  decref(state);
}

Result<Ref<Type>> make_error(ThreadState& ts) {
  Ref<Str> name = OURO_TRY(intern(ts, "Error"));
  Ref<Str> module_name = OURO_TRY(intern(ts, "_csv"));
  Ref<Tuple> bases = OURO_TRY(Tuple::of(ts, Obj(ts.core.exceptions.Exception)));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  OURO_TRY(dict_set(ts, dict, "__module__", Obj(module_name)));
  ObjRef made = OURO_TRY(call(ts, ts.core.types.type, Obj(name), Obj(bases), Obj(dict)));
  return Ref<Type>::steal(static_cast<Type*>(made.release()));
}

}  // namespace

}  // namespace csv

Result<Ref<Module>> create_csv_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_csv"));
  Ref<Type> state_type =
      OURO_TRY(make_native_type(ts, {"_state", "_csv", sizeof(csv::State), 0,
                                     kDisallowInstantiation, csv::fill_state, nullptr}));
  Ref<csv::State> state = OURO_TRY(new_object<csv::State>(ts, state_type));
  state->field_limit = csv::kFirstFieldLimit;
  OURO_TRY(track(ts, state));
  module->state = state.new_ref().release();
  module->free_state = csv::free_state;
  state->dialects = OURO_TRY(Dict::create(ts)).release();
  state->error = OURO_TRY(csv::make_error(ts)).release();
  state->reader_type = OURO_TRY(csv::make_reader_type(ts)).release();
  state->writer_type = OURO_TRY(csv::make_writer_type(ts)).release();
  state->dialect_type = OURO_TRY(csv::make_dialect_type(ts)).release();
  OURO_TRY(set_companions(ts, state->dialect_type, {Obj(state)}));
  OURO_TRY(module->add_functions(ts, csv::kFunctions));
  const std::pair<const char*, Object*> names[] = {
      {"Error", state->error},        {"Dialect", state->dialect_type},
      {"Reader", state->reader_type}, {"Writer", state->writer_type},
      {"_dialects", state->dialects},
  };
  for (const auto& [name, value] : names) {
    OURO_TRY(dict_set(ts, module->dict, name, Obj(value)));
  }
  const std::pair<const char*, int> constants[] = {
      {"QUOTE_MINIMAL", csv::kQuoteMinimal},
      {"QUOTE_ALL", csv::kQuoteAll},
      {"QUOTE_NONNUMERIC", csv::kQuoteNonNumeric},
      {"QUOTE_NONE", csv::kQuoteNone},
  };
  for (const auto& [name, value] : constants) {
    OURO_TRY(add_constant(ts, module, name, std::int64_t{value}));
  }
  OURO_TRY(add_constant(ts, module, "__version__", "1.0"));
  return module;
}

}  // namespace ouro
