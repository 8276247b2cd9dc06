// functools.partial: a callable with some arguments given in advance.
#include "modules/functools.h"

namespace ouro {

namespace {

struct Partial : Object {
  Object* function;  // owned
  Tuple* args;       // owned
  Dict* keywords;    // owned
  Dict* dict;        // ? owned
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    if (type()->has(kImmutable)) v.edge(type(), gc::slot_label("__class__"));  // else a subclass tells
    v.edge(function, gc::slot_label("func"));
    v.edge(args, gc::slot_label("args"));
    v.edge(keywords, gc::slot_label("keywords"));
    v.edge(dict, gc::slot_label("__dict__"));
  }
};

Partial* partial_of(Obj self) { return as<Partial>(self); }

void partial_dealloc(gc::Header* header) {
  auto* self = static_cast<Partial*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  clear_members<Partial, &Partial::function, &Partial::args, &Partial::keywords, &Partial::dict>(
      self);
  free_object(self);
}

Status add_keywords(ThreadState& ts, Borrowed<Dict> dict, Args args) {
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    OURO_TRY(dict_set(ts, dict, args.keywords->at(i), args.keyword_value(i)));
  }
  return kDone;
}

Result<Ref<Tuple>> joined(ThreadState& ts, Borrowed<Tuple> first, Args rest) {
  if (rest.count == 0) return first.new_ref();
  ItemBuffer items(ts);
  OURO_TRY(items.copy(first->items, first->size));
  OURO_TRY(items.copy(rest.values, rest.count));
  return Tuple::from(ts, items.data(), static_cast<std::size_t>(items.size()));
}

ObjResult partial_call(ThreadState& ts, Obj self, Args args) {
  // All parts are held: the call may replace them through __setstate__.
  ObjRef function = ObjRef::share(partial_of(self)->function);
  Ref<Tuple> given = Ref<Tuple>::share(partial_of(self)->args);
  Ref<Dict> keywords = Ref<Dict>::share(partial_of(self)->keywords);
  if (keywords->used == 0 && args.keyword_count() == 0) {
    if (given->size == 0) return call(ts, function, args);
    ItemBuffer items(ts);
    OURO_TRY(items.copy(given->items, given->size));
    OURO_TRY(items.copy(args.values, args.count));
    return call(ts, function,
                Args{items.data(), static_cast<std::uint32_t>(items.size()), nullptr});
  }
  Ref<Tuple> row = OURO_TRY(joined(ts, given, args));
  if (args.keyword_count() > 0) {
    keywords = OURO_TRY(dict_copy(ts, keywords));
    OURO_TRY(add_keywords(ts, keywords, args));
  }
  return call_with(ts, function, row, keywords);
}

/// A partial object whose parts can be taken over by a new one: nothing was added to it.
bool can_be_flattened(Obj function) {
  return function->type()->call == partial_call && partial_of(function)->dict == nullptr;
}

ObjResult partial_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (args.count < 1) return raise_type_error(ts, "type 'partial' takes at least one argument");
  if (!is_callable(args[0])) return raise_type_error(ts, "the first argument must be callable");
  ObjRef function = args[0].new_ref();
  Ref<Tuple> row = Ref<Tuple>::share(ts.core.empty_tuple);
  Ref<Dict> keywords;
  if (can_be_flattened(function)) {
    Partial* inner = partial_of(function);
    row = Ref<Tuple>::share(inner->args);
    keywords = OURO_TRY(dict_copy(ts, inner->keywords));
    function = ObjRef::share(inner->function);
  } else {
    keywords = OURO_TRY(Dict::create(ts));
  }
  row = OURO_TRY(joined(ts, row, Args{args.values + 1, args.count - 1, nullptr}));
  OURO_TRY(add_keywords(ts, keywords, args));
  Ref<Partial> made = OURO_TRY(new_object<Partial>(ts, type, type->info.basic_bytes));
  made->function = function.release();
  made->args = row.release();
  made->keywords = keywords.release();
  OURO_TRY(track(ts, made));
  return made;
}

Result<Ref<Str>> full_name(ThreadState& ts, Obj self) {
  return Str::from_utf8(ts, type_name(self));
}

Result<Ref<Str>> arguments_text(ThreadState& ts, Obj self) {
  StrBuilder text(ts);
  Ref<Tuple> args = Ref<Tuple>::share(partial_of(self)->args);
  Ref<Dict> keywords = Ref<Dict>::share(partial_of(self)->keywords);
  for (std::int64_t i = 0; i < args->size; ++i) {
    Ref<Str> shown = OURO_TRY(repr_of(ts, args->at(i)));
    OURO_TRY(text.append(std::string_view(", ")));
    OURO_TRY(text.append(shown));
  }
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(keywords, position, key, value)) {
    const ObjRef held_key = key.new_ref();
    const ObjRef held_value = value.new_ref();
    const FormatArg pair[] = {FormatArg(held_key), FormatArg(held_value)};
    Ref<Str> shown = OURO_TRY(format_message(ts, ", {}={r}", pair));
    OURO_TRY(text.append(shown));
  }
  return text.finish();
}

ObjResult partial_repr(ThreadState& ts, Obj self) {
  if (!OURO_TRY(repr_enter(ts, self))) return Str::from_utf8(ts, "...");
  const auto make = [&]() -> ObjResult {
    Ref<Str> arguments = OURO_TRY(arguments_text(ts, self));
    Ref<Str> name = OURO_TRY(full_name(ts, self));
    ObjRef function = ObjRef::share(partial_of(self)->function);
    const FormatArg args[] = {FormatArg(name), FormatArg(function), FormatArg(arguments)};
    return format_message(ts, "{}({r}{})", args);
  };
  ObjResult text = make();
  repr_leave(ts, self);
  return text;
}

ObjResult partial_reduce(ThreadState& ts, Obj self, Args) {
  Partial* partial = partial_of(self);
  Ref<Tuple> make_args = OURO_TRY(Tuple::of(ts, Obj(partial->function)));
  Obj dict = partial->dict == nullptr ? Obj(ts.core.none) : Obj(partial->dict);
  Ref<Tuple> state = OURO_TRY(
      Tuple::of(ts, Obj(partial->function), Obj(partial->args), Obj(partial->keywords), dict));
  return Tuple::of(ts, Obj(self->type()), make_args, state);
}

ObjResult partial_setstate(ThreadState& ts, Obj self, Args args) {
  auto* state = is_tuple(args[0]) ? as<Tuple>(args[0]) : nullptr;
  if (state == nullptr || state->size != 4 || !is_callable(state->at(0)) ||
      !is_tuple(state->at(1)) || !(is_none(state->at(2)) || is_dict(state->at(2))) ||
      !(is_none(state->at(3)) || is_dict(state->at(3)))) {
    return raise_type_error(ts, "invalid partial state");
  }
  ObjRef function = state->at(0).new_ref();
  Ref<Tuple> row = Ref<Tuple>::share(as<Tuple>(state->at(1)));
  if (!is_exact_tuple(row))
    row = OURO_TRY(Tuple::from(ts, row->items, static_cast<std::size_t>(row->size)));
  Ref<Dict> dict = is_none(state->at(3)) ? Ref<Dict>() : Ref<Dict>::share(as<Dict>(state->at(3)));
  Ref<Dict> keywords;
  if (is_none(state->at(2))) {
    keywords = OURO_TRY(Dict::create(ts));
  } else {
    keywords = Ref<Dict>::share(as<Dict>(state->at(2)));
    if (!is_exact_dict(keywords)) keywords = OURO_TRY(dict_copy(ts, keywords));
  }
  Partial* partial = partial_of(self);
  const ObjRef old_function = ObjRef::steal(std::exchange(partial->function, function.release()));
  const Ref<Tuple> old_args = Ref<Tuple>::steal(std::exchange(partial->args, row.release()));
  const Ref<Dict> old_keywords =
      Ref<Dict>::steal(std::exchange(partial->keywords, keywords.release()));
  const Ref<Dict> old_dict = Ref<Dict>::steal(std::exchange(partial->dict, dict.release()));
  return ts.core.none_ref();
}

ObjResult get_function(ThreadState&, Obj self) { return ObjRef::share(partial_of(self)->function); }
ObjResult get_args(ThreadState&, Obj self) { return ObjRef::share(partial_of(self)->args); }
ObjResult get_keywords(ThreadState&, Obj self) { return ObjRef::share(partial_of(self)->keywords); }

ObjResult get_dict(ThreadState& ts, Obj self) {
  Partial* partial = partial_of(self);
  if (partial->dict == nullptr) {
    Ref<Dict> made = OURO_TRY(Dict::create(ts));
    if (partial->dict == nullptr) partial->dict = made.release();
  }
  return ObjRef::share(partial->dict);
}

Status set_dict(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "cannot delete __dict__");
  if (!is_dict(value))
    return raise_type_error(ts, "__dict__ must be set to a dictionary, not a '{t}'", value);
  const Ref<Dict> old = Ref<Dict>::steal(
      std::exchange(partial_of(self)->dict, Ref<Dict>::share(as<Dict>(value)).release()));
  return kDone;
}

constexpr MethodDef kMethods[] = {
    {"__reduce__", partial_reduce, 0, 0, MethodDef::kNone, nullptr},
    {"__setstate__", partial_setstate, 1, 1, MethodDef::kNone, nullptr},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"func", get_function, nullptr, "function object to use in future partial calls"},
    {"args", get_args, nullptr, "tuple of arguments to future partial calls"},
    {"keywords", get_keywords, nullptr, "dictionary of keyword arguments to future partial calls"},
    {"__dict__", get_dict, set_dict, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill(Type& type) {
  fill_holder<Partial, &Partial::function, &Partial::args, &Partial::keywords, &Partial::dict>(
      type);
  type.info.flags |= kBaseType | kHasDict;
  type.info.dealloc = partial_dealloc;
  type.info.weaklist_offset = offsetof(Partial, weaklist);
  type.dict_offset = offsetof(Partial, dict);
  type.make = partial_make;
  type.call = partial_call;
  type.repr = partial_repr;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Status add_partial_type(ThreadState& ts, Borrowed<Module> module) {
  const Ref<Type> type =
      OURO_TRY(add_native_type(ts, module,
                               {"partial", "functools", sizeof(Partial), 0, 0, fill,
                                "partial(func, *args, **keywords) - new function with partial "
                                "application of the given arguments "
                                "and keywords.\n"}));
  return kDone;
}

}  // namespace ouro
