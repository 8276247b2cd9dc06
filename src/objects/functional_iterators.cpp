// zip, map, filter.
#include "objects/container_support.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

// A tuple of iterators over each of the arguments.
Result<Ref<Tuple>> iterators_over(ThreadState& ts, Args args) {
  ItemBuffer iterators(ts);
  for (std::uint32_t i = 0; i < args.count; ++i) {
    ObjRef iterator = OURO_TRY(iterate(ts, args[i]));
    OURO_TRY(iterators.append(std::move(iterator)));
  }
  return Tuple::from(ts, iterators.data(), static_cast<std::size_t>(iterators.size()));
}

// -- zip
// ---------------------------------------------------------------------------------------------------------------

struct Zip : Object {
  Tuple* iterators;  // owned
  Tuple* result;     // owned: the row given out last, used again when nobody kept it
  bool strict;
  template <class V>
  void edges(V& v) const {
    v.edge(iterators, gc::slot_label("iterators"));
    v.edge(result, gc::slot_label("item"));
  }
};

ObjResult zip_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  bool strict = false;
  if (args.keyword_count() > 1) {
    return raise_type_error(ts, "zip() takes at most 1 keyword argument ({} given)", args.keyword_count());
  }
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    if (!str_equals_ascii(as<Str>(args.keywords->at(i)), "strict")) {
      return raise_type_error(ts, "'{}' is an invalid keyword argument for zip()",
                              args.keywords->at(i));
    }
    strict = OURO_TRY(is_true(ts, args.keyword_value(i)));
  }
  Ref<Tuple> iterators = OURO_TRY(iterators_over(ts, args));
  ItemBuffer nones(ts);
  for (std::uint32_t i = 0; i < args.count; ++i) OURO_TRY(nones.append(ts.core.none_ref()));
  Ref<Tuple> result = OURO_TRY(Tuple::from(ts, nones.data(), args.count));
  Ref<Zip> made = OURO_TRY(new_object<Zip>(ts, type, type->info.basic_bytes));
  made->iterators = iterators.release();
  made->result = result.release();
  made->strict = strict;
  OURO_TRY(track(ts, made));
  return made;
}

// Iterator number `at` has ended; the ones before gave an item each. With strict all must end
// together.
Next zip_ended(ThreadState& ts, const Zip* zip, std::int64_t at) {
  if (!zip->strict) return Next::Done;
  if (at > 0) {
    raise_value_error(ts, "zip() argument {} is shorter than argument{}{}", at + 1,
                      at == 1 ? " " : "s 1-", at);
    return Next::Raised;
  }
  for (std::int64_t i = 1; i < zip->iterators->size; ++i) {
    ObjRef extra;
    const Next next = next_item(ts, zip->iterators->at(i), extra);
    if (next == Next::Raised) return next;
    if (next == Next::Done) continue;
    raise_value_error(ts, "zip() argument {} is longer than argument{}{}", i + 1,
                      i == 1 ? " " : "s 1-", i);
    return Next::Raised;
  }
  return Next::Done;
}

Next zip_next(ThreadState& ts, Obj self, ObjRef& item) {
  const auto* zip = as<Zip>(self);
  const std::int64_t count = zip->iterators->size;
  if (count == 0) return Next::Done;
  if (zip->result->refcount == 1) {
    Ref<Tuple> again = Ref<Tuple>::share(zip->result);
    for (std::int64_t i = 0; i < count; ++i) {
      ObjRef value;
      const Next next = next_item(ts, zip->iterators->at(i), value);
      if (next == Next::Done) return zip_ended(ts, zip, i);
      if (next == Next::Raised) return next;
      Object* old = std::exchange(again->items[i], value.release());
      decref(old);
    }
    if (!again->is_tracked() && track(ts, again).raised()) return Next::Raised;
    item = std::move(again);
    return Next::Item;
  }
  Result<Ref<Tuple>> made = Tuple::make(ts, count);
  if (made.raised()) return Next::Raised;
  Ref<Tuple> row = made.take();
  for (std::int64_t i = 0; i < count; ++i) {
    ObjRef value;
    const Next next = next_item(ts, zip->iterators->at(i), value);
    if (next == Next::Done) return zip_ended(ts, zip, i);
    if (next == Next::Raised) return next;
    row->items[i] = value.release();
  }
  if (track(ts, row).raised()) return Next::Raised;
  item = std::move(row);
  return Next::Item;
}

ObjResult zip_reduce(ThreadState& ts, Obj self, Args) {
  const auto* zip = as<Zip>(self);
  if (!zip->strict) return Tuple::of(ts, Obj(self->type()), Obj(zip->iterators));
  return Tuple::of(ts, Obj(self->type()), Obj(zip->iterators), Obj(ts.core.true_object));
}

ObjResult zip_setstate(ThreadState& ts, Obj self, Args args) {
  as<Zip>(self)->strict = OURO_TRY(is_true(ts, args[0]));
  return ts.core.none_ref();
}

// -- map
// ---------------------------------------------------------------------------------------------------------------

struct Map : Object {
  Object* function;  // owned
  Tuple* iterators;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(iterators, gc::slot_label("iterators"));
    v.edge(function, gc::slot_label("function"));
  }
};

ObjResult map_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type->init == ts.core.types.map->init) OURO_TRY(refuse_keywords(ts, args, "map"));
  if (args.count < 2) return raise_type_error(ts, "map() must have at least two arguments.");
  Ref<Tuple> iterators =
      OURO_TRY(iterators_over(ts, Args{args.values + 1, args.count - 1, nullptr}));
  Ref<Map> made = OURO_TRY(new_object<Map>(ts, type, type->info.basic_bytes));
  made->function = args[0].new_ref().release();
  made->iterators = iterators.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next map_next(ThreadState& ts, Obj self, ObjRef& item) {
  const auto* map = as<Map>(self);
  ObjResult made = Raised{};
  if (map->iterators->size == 1) {
    ObjRef value;
    const Next next = next_item(ts, map->iterators->at(0), value);
    if (next != Next::Item) return next;
    made = call(ts, Obj(map->function), value);
  } else {
    ItemBuffer values(ts);
    for (std::int64_t i = 0; i < map->iterators->size; ++i) {
      ObjRef value;
      const Next next = next_item(ts, map->iterators->at(i), value);
      if (next != Next::Item) return next;
      if (values.append(std::move(value)).raised()) return Next::Raised;
    }
    made = call(ts, Obj(map->function),
                Args{values.data(), static_cast<std::uint32_t>(values.size()), nullptr});
  }
  if (made.raised()) return Next::Raised;
  item = made.take();
  return Next::Item;
}

ObjResult map_reduce(ThreadState& ts, Obj self, Args) {
  const auto* map = as<Map>(self);
  ItemBuffer arguments(ts);
  OURO_TRY(arguments.append(ObjRef::share(map->function)));
  OURO_TRY(arguments.copy(map->iterators->items, map->iterators->size));
  Ref<Tuple> packed =
      OURO_TRY(Tuple::from(ts, arguments.data(), static_cast<std::size_t>(arguments.size())));
  return Tuple::of(ts, Obj(self->type()), packed);
}

// -- filter
// ------------------------------------------------------------------------------------------------------------

struct Filter : Object {
  Object* function;  // owned; None: the truth of the items themselves
  Object* iterator;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(iterator, gc::slot_label("iterator"));
    v.edge(function, gc::slot_label("function"));
  }
};

ObjResult filter_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type->init == ts.core.types.filter->init) OURO_TRY(refuse_keywords(ts, args, "filter"));
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, "filter", 2, 2));
  ObjRef iterator = OURO_TRY(iterate(ts, args[1]));
  Ref<Filter> made = OURO_TRY(new_object<Filter>(ts, type, type->info.basic_bytes));
  made->function = args[0].new_ref().release();
  made->iterator = iterator.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next filter_next(ThreadState& ts, Obj self, ObjRef& item) {
  const auto* filter = as<Filter>(self);
  const bool by_truth = is_none(filter->function) || filter->function == ts.core.types.bool_;
  for (;;) {
    ObjRef value;
    const Next next = next_item(ts, filter->iterator, value);
    if (next != Next::Item) return next;
    ObjRef verdict;
    if (!by_truth) {
      ObjResult told = call(ts, Obj(filter->function), value);
      if (told.raised()) return Next::Raised;
      verdict = told.take();
    }
    Result<bool> keep = is_true(ts, by_truth ? Obj(value) : Obj(verdict));
    if (keep.raised()) return Next::Raised;
    if (!keep.take()) continue;
    item = std::move(value);
    return Next::Item;
  }
}

ObjResult filter_reduce(ThreadState& ts, Obj self, Args) {
  const auto* filter = as<Filter>(self);
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, Obj(filter->function), Obj(filter->iterator)));
  return Tuple::of(ts, Obj(self->type()), arguments);
}

constexpr const char kReduceDoc[] = "__reduce__($self, /)\n--\n\nWhat pickle needs.";

constexpr MethodDef kZipMethods[] = {
    {"__reduce__", zip_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {"__setstate__", zip_setstate, 1, 1, MethodDef::kNone,
     "__setstate__($self, state, /)\n--\n\nSet whether it is strict."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kMapMethods[] = {
    {"__reduce__", map_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kFilterMethods[] = {
    {"__reduce__", filter_reduce, 0, 0, MethodDef::kNone, kReduceDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

void init_iterator(Type& type, NewSlot make, NextSlot next, const MethodDef* methods,
                   const char* doc) {
  type.info.flags |= kBaseType;
  type.make = make;
  type.iter = iterator_self;
  type.next = next;
  type.methods = methods;
  type.doc = doc;
}

}  // namespace

void init_zip_type(ThreadState&, Type& type) {
  init_collected<Zip>(type);
  type.info.dealloc = dealloc_members<Zip, &Zip::iterators, &Zip::result>;
  init_iterator(type, zip_make, zip_next, kZipMethods,
                "zip(*iterables, strict=False)\n--\n\nTuples of the first items of all iterables, "
                "of the second ones, and so on.\n\n"
                "   >>> list(zip('ab', [1, 2]))\n   [('a', 1), ('b', 2)]\n\n"
                "Ends with the shortest; with strict, different lengths raise ValueError.");
}

void init_map_type(ThreadState&, Type& type) {
  init_collected<Map>(type);
  type.info.dealloc = dealloc_members<Map, &Map::iterators, &Map::function>;
  init_iterator(type, map_make, map_next, kMapMethods,
                "map(function, iterable, /, *iterables)\n--\n\nWhat function returns for the items "
                "of the iterables.");
}

void init_filter_type(ThreadState&, Type& type) {
  init_collected<Filter>(type);
  type.info.dealloc = dealloc_members<Filter, &Filter::function, &Filter::iterator>;
  init_iterator(type, filter_make, filter_next, kFilterMethods,
                "filter(function_or_None, iterable, /)\n--\n\nThe items for which function returns "
                "something true, or that are true.");
}

}  // namespace ouro
