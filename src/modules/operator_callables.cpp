// _operator: itemgetter, attrgetter, methodcaller.
#include "modules/operator.h"

namespace ouro {

namespace {

/// itemgetter: `first` unused, `rest` the keys. attrgetter: `rest` the dotted names. methodcaller:
/// `first` the name, `rest` the positional arguments, `keywords` the others.
struct Getter : Object {
  Object* first;   // ?
  Tuple* rest;     // owned, as all
  Dict* keywords;  // ?
  template <class V>
  void edges(V& v) const {
    v.edge(first, gc::slot_label("name"));
    v.edge(rest, gc::slot_label("items"));
    v.edge(keywords, gc::slot_label("keywords"));
  }
};

Getter* getter_of(Obj self) { return as<Getter>(self); }

ObjResult getter_over(ThreadState& ts, Borrowed<Type> type, Obj first, Ref<Tuple> rest,
                      Ref<Dict> keywords) {
  Ref<Getter> made = OURO_TRY(new_object<Getter>(ts, type, type->info.basic_bytes));
  if (first) made->first = first.new_ref().release();
  made->rest = rest.release();
  made->keywords = keywords.release();
  OURO_TRY(track(ts, made));
  return made;
}

/// The one argument of a call of a getter.
Result<Obj> only_argument(ThreadState& ts, Args args, const char* name) {
  OURO_TRY(refuse_keywords(ts, args, name));
  OURO_TRY(check_args(ts, args, name, 1, 1));
  return args[0];
}

/// get(each item of `keys`): the value itself for one key, otherwise a tuple.
template <class Get>
ObjResult get_each(ThreadState& ts, Obj self, Get get) {
  Ref<Tuple> keys = Ref<Tuple>::share(getter_of(self)->rest);
  if (keys->size == 1) return get(keys->at(0));
  ItemBuffer values(ts);
  for (std::int64_t i = 0; i < keys->size; ++i) {
    ObjRef value = OURO_TRY(get(keys->at(i)));
    OURO_TRY(values.append(std::move(value)));
  }
  return Tuple::from(ts, values.data(), static_cast<std::size_t>(values.size()));
}

/// "operator.itemgetter", or the name of a derived class.
Result<Ref<Str>> shown_name(ThreadState& ts, Obj self) {
  return Str::from_utf8(ts, type_name(self));
}

/// name(repr, repr, keyword=repr): `parts` in order.
ObjResult show_call(ThreadState& ts, Obj self, Obj first, Borrowed<Tuple> rest,
                    Borrowed<Dict> keywords) {
  StrBuilder text(ts);
  Ref<Str> name = OURO_TRY(shown_name(ts, self));
  OURO_TRY(text.append(name));
  const char* separator = "(";
  const auto add = [&](Obj value) -> Status {
    Ref<Str> shown = OURO_TRY(repr_of(ts, value));
    OURO_TRY(text.append(std::string_view(std::exchange(separator, ", "))));
    return text.append(shown);
  };
  if (first) OURO_TRY(add(first));
  for (std::int64_t i = 0; i < rest->size; ++i) OURO_TRY(add(rest->at(i)));
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (keywords && dict_next(keywords, position, key, value)) {
    const ObjRef held_key = key.new_ref();
    const ObjRef held_value = value.new_ref();
    const FormatArg pair[] = {FormatArg(held_key), FormatArg(held_value)};
    Ref<Str> shown = OURO_TRY(format_message(ts, ", {}={r}", pair));
    OURO_TRY(text.append(shown));
  }
  OURO_TRY(text.append(U')'));
  return text.finish();
}

ObjResult getter_repr(ThreadState& ts, Obj self) {
  if (!OURO_TRY(repr_enter(ts, self))) {
    Ref<Str> name = OURO_TRY(shown_name(ts, self));
    const FormatArg args[] = {FormatArg(name)};
    return format_message(ts, "{}(...)", args);
  }
  ObjRef first = ObjRef::share(getter_of(self)->first);
  Ref<Tuple> rest = Ref<Tuple>::share(getter_of(self)->rest);
  Ref<Dict> keywords = Ref<Dict>::share(getter_of(self)->keywords);
  ObjResult shown = show_call(ts, self, first, rest, keywords);
  repr_leave(ts, self);
  return shown;
}

ObjResult getter_reduce(ThreadState& ts, Obj self, Args) {
  return Tuple::of(ts, Obj(self->type()), Obj(getter_of(self)->rest));
}

void fill_getter(Type& type, NewSlot make, CallSlot call, const MethodDef* methods) {
  fill_holder<Getter, &Getter::first, &Getter::rest, &Getter::keywords>(type);
  type.info.flags |= kBaseType;
  type.make = make;
  type.call = call;
  type.repr = getter_repr;
  type.methods = methods;
}

constexpr MethodDef kGetterMethods[] = {
    {"__reduce__", getter_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

// -- itemgetter -----------------------------------------------------------------------------------

ObjResult itemgetter_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "itemgetter"));
  if (args.count < 1) return raise_type_error(ts, "itemgetter expected 1 argument, got 0");
  Ref<Tuple> keys = OURO_TRY(Tuple::from(ts, args.values, args.count));
  return getter_over(ts, type, nullptr, std::move(keys), nullptr);
}

ObjResult itemgetter_call(ThreadState& ts, Obj self, Args args) {
  Obj object = OURO_TRY(only_argument(ts, args, "itemgetter"));
  return get_each(ts, self, [&](Obj key) { return get_item(ts, object, key); });
}

void fill_itemgetter(Type& type) {
  fill_getter(type, itemgetter_make, itemgetter_call, kGetterMethods);
}

// -- attrgetter -----------------------------------------------------------------------------------

ObjResult attrgetter_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "attrgetter"));
  if (args.count < 1) return raise_type_error(ts, "attrgetter expected 1 argument, got 0");
  for (std::uint32_t i = 0; i < args.count; ++i) {
    if (!is_str(args[i])) return raise_type_error(ts, "attribute name must be a string");
  }
  Ref<Tuple> names = OURO_TRY(Tuple::from(ts, args.values, args.count));
  return getter_over(ts, type, nullptr, std::move(names), nullptr);
}

ObjResult dotted_attribute(ThreadState& ts, Obj object, Borrowed<Str> name) {
  ObjRef value = object.new_ref();
  std::int64_t start = 0;
  for (std::int64_t at = 0; at <= name->length; ++at) {
    if (at < name->length && name->at(at) != U'.') continue;
    Ref<Str> part =
        start == 0 && at == name->length ? name.new_ref() : OURO_TRY(name->slice(ts, start, at));
    part = OURO_TRY(intern(ts, std::move(part)));
    value = OURO_TRY(get_attribute(ts, value, part));
    start = at + 1;
  }
  return value;
}

ObjResult attrgetter_call(ThreadState& ts, Obj self, Args args) {
  Obj object = OURO_TRY(only_argument(ts, args, "attrgetter"));
  return get_each(ts, self, [&](Obj name) { return dotted_attribute(ts, object, as<Str>(name)); });
}

void fill_attrgetter(Type& type) {
  fill_getter(type, attrgetter_make, attrgetter_call, kGetterMethods);
}

// -- methodcaller ---------------------------------------------------------------------------------

ObjResult methodcaller_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (args.count < 1)
    return raise_type_error(ts, "methodcaller needs at least one argument, the method name");
  if (!is_str(args[0])) return raise_type_error(ts, "method name must be a string");
  ObjRef name = args[0].new_ref();
  if (is_exact_str(name)) name = OURO_TRY(intern(ts, Ref<Str>::share(as<Str>(Obj(name)))));
  Ref<Tuple> rest = OURO_TRY(Tuple::from(ts, args.values + 1, args.count - 1));
  Ref<Dict> keywords;
  if (args.keyword_count() > 0) {
    keywords = OURO_TRY(Dict::create(ts));
    for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
      OURO_TRY(dict_set(ts, keywords, args.keywords->at(i), args.keyword_value(i)));
    }
  }
  return getter_over(ts, type, name, std::move(rest), std::move(keywords));
}

ObjResult methodcaller_call(ThreadState& ts, Obj self, Args args) {
  Obj object = OURO_TRY(only_argument(ts, args, "methodcaller"));
  const ArgumentTuple counted(ts, 1);
  ObjRef name = ObjRef::share(getter_of(self)->first);
  Ref<Tuple> rest = Ref<Tuple>::share(getter_of(self)->rest);
  Ref<Dict> keywords = Ref<Dict>::share(getter_of(self)->keywords);
  if (!keywords) {
    return call_method(ts, object, as<Str>(Obj(name)),
                       {rest->items, static_cast<std::size_t>(rest->size)});
  }
  ObjRef method = OURO_TRY(get_attribute(ts, object, as<Str>(Obj(name))));
  return call_with(ts, method, rest, keywords);
}

ObjResult methodcaller_reduce(ThreadState& ts, Obj self, Args) {
  Getter* caller = getter_of(self);
  if (caller->keywords == nullptr) {
    ItemBuffer items(ts);
    OURO_TRY(items.append(ObjRef::share(caller->first)));
    OURO_TRY(items.copy(caller->rest->items, caller->rest->size));
    Ref<Tuple> args =
        OURO_TRY(Tuple::from(ts, items.data(), static_cast<std::size_t>(items.size())));
    return Tuple::of(ts, Obj(self->type()), args);
  }
  // With keywords the class is called through partial, which can carry them.
  ObjRef functools = OURO_TRY(import_by_name(ts, "functools"));
  ObjRef partial = OURO_TRY(get_attribute(ts, functools, "partial"));
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, Obj(self->type()), Obj(caller->first)));
  Ref<Dict> keywords = Ref<Dict>::share(caller->keywords);
  ObjRef constructor = OURO_TRY(call_with(ts, partial, args, keywords));
  return Tuple::of(ts, constructor, Obj(caller->rest));
}

constexpr MethodDef kCallerMethods[] = {
    {"__reduce__", methodcaller_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling"},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_methodcaller(Type& type) {
  fill_getter(type, methodcaller_make, methodcaller_call, kCallerMethods);
}

}  // namespace

Status add_operator_types(ThreadState& ts, Borrowed<Module> module) {
  const TypeSpec specs[] = {
      {"itemgetter", "operator", sizeof(Getter), 0, 0, fill_itemgetter,
       "itemgetter(item, ...) --> itemgetter object\n\nAfter f = itemgetter(2), f(r) is r[2]; "
       "after g = itemgetter(2, 5, 3), g(r) is "
       "(r[2], r[5], r[3])."},
      {"attrgetter", "operator", sizeof(Getter), 0, 0, fill_attrgetter,
       "attrgetter(attr, ...) --> attrgetter object\n\nAfter f = attrgetter('name'), f(r) is "
       "r.name; names may be dotted, and several "
       "give a tuple."},
      {"methodcaller", "operator", sizeof(Getter), 0, 0, fill_methodcaller,
       "methodcaller(name, ...) --> methodcaller object\n\nAfter f = methodcaller('name', 'date', "
       "foo=1), f(r) is r.name('date', "
       "foo=1)."},
  };
  return add_native_types(ts, module, specs);
}

}  // namespace ouro
