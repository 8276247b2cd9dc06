// itertools: starmap, accumulate.
#include "modules/itertools.h"

namespace ouro {

namespace {

// -- starmap --------------------------------------------------------------------------------------

struct Starmap : Object {
  Object* function;  // owned
  Object* iterator;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(function, gc::slot_label("function"));
    v.edge(iterator, gc::slot_label("iterator"));
  }
};

ObjResult starmap_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_make_keywords(ts, type, args, "starmap"));
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, "starmap", 2, 2));
  ObjRef iterator = OURO_TRY(iterate(ts, args[1]));
  Ref<Starmap> made = OURO_TRY(new_object<Starmap>(ts, type, type->info.basic_bytes));
  made->function = args[0].new_ref().release();
  made->iterator = iterator.release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult call_starred(ThreadState& ts, Obj function, Obj row) {
  Ref<Tuple> args = OURO_TRY(tuple_from_iterable(ts, row));
  return call(ts, function, Args{args->items, static_cast<std::uint32_t>(args->size), nullptr});
}

Next starmap_next(ThreadState& ts, Obj self, ObjRef& item) {
  ObjRef iterator = ObjRef::share(as<Starmap>(self)->iterator);
  ObjRef function = ObjRef::share(as<Starmap>(self)->function);
  ObjRef row;
  const Next next = next_item(ts, iterator, row);
  if (next != Next::Item) return next;
  return next_from(call_starred(ts, function, row), item);
}

ObjResult starmap_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Tuple> args =
      OURO_TRY(Tuple::of(ts, Obj(as<Starmap>(self)->function), Obj(as<Starmap>(self)->iterator)));
  return Tuple::of(ts, Obj(self->type()), args);
}

constexpr MethodDef kStarmapMethods[] = {
    {"__reduce__", starmap_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_starmap(Type& type) {
  fill_iterator<Starmap, &Starmap::function, &Starmap::iterator>(type, starmap_next);
  type.make = starmap_make;
  type.methods = kStarmapMethods;
}

// -- accumulate -----------------------------------------------------------------------------------

struct Accumulate : Object {
  Object* total;     // ? owned: null before the first item
  Object* iterator;  // owned
  Object* function;  // ? owned: null means addition
  Object* initial;   // ? owned: to be given first
  template <class V>
  void edges(V& v) const {
    v.edge(function, gc::slot_label("function"));
    v.edge(iterator, gc::slot_label("iterator"));
    v.edge(total, gc::slot_label("total"));
    v.edge(initial, gc::slot_label("initial"));
  }
};

ObjResult accumulate_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[3];
  OURO_TRY(parse_args(ts, args, "accumulate", {"iterable", "func", "*initial"}, 1, values));
  ObjRef iterator = OURO_TRY(iterate(ts, values[0]));
  Ref<Accumulate> made = OURO_TRY(new_object<Accumulate>(ts, type, type->info.basic_bytes));
  made->iterator = iterator.release();
  if (values[1] && !is_none(values[1])) made->function = values[1].new_ref().release();
  if (values[2] && !is_none(values[2])) made->initial = values[2].new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

Next accumulate_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* sum = as<Accumulate>(self);
  if (sum->initial != nullptr) {
    ObjRef first = ObjRef::steal(std::exchange(sum->initial, nullptr));
    const ObjRef old = ObjRef::steal(std::exchange(sum->total, first.new_ref().release()));
    item = std::move(first);
    return Next::Item;
  }
  ObjRef iterator = ObjRef::share(sum->iterator);
  ObjRef value;
  const Next next = next_item(ts, iterator, value);
  if (next != Next::Item) return next;
  if (sum->total != nullptr) {
    ObjRef total = ObjRef::share(sum->total);
    ObjRef function = ObjRef::share(sum->function);
    ObjResult made =
        function ? call(ts, function, total, value) : binary_op(ts, BinaryOp::Add, total, value);
    if (made.raised()) return Next::Raised;
    value = made.take();
  }
  const ObjRef old = ObjRef::steal(std::exchange(sum->total, value.new_ref().release()));
  item = std::move(value);
  return Next::Item;
}

ObjResult accumulate_reduce(ThreadState& ts, Obj self, Args) {
  auto* sum = as<Accumulate>(self);
  ObjRef function = sum->function == nullptr ? ts.core.none_ref() : ObjRef::share(sum->function);
  if (sum->initial != nullptr) {
    // As accumulate(chain((initial,), iterator), function): the module is at hand through the
    // type's own name only.
    ObjRef itertools = OURO_TRY(import_by_name(ts, "itertools"));
    ObjRef chain = OURO_TRY(get_attribute(ts, itertools, "chain"));
    Ref<Tuple> first = OURO_TRY(Tuple::of(ts, Obj(sum->initial)));
    ObjRef chained = OURO_TRY(call(ts, chain, first, Obj(sum->iterator)));
    Ref<Tuple> args = OURO_TRY(Tuple::of(ts, chained, function));
    return Tuple::of(ts, Obj(self->type()), args, Obj(ts.core.none));
  }
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, Obj(sum->iterator), function));
  if (sum->total == nullptr) return Tuple::of(ts, Obj(self->type()), args);
  if (is_none(sum->total)) {
    // A state of None would mean "nothing yet": the total is put in front, and given again unseen.
    ObjRef itertools = OURO_TRY(import_by_name(ts, "itertools"));
    ObjRef chain = OURO_TRY(get_attribute(ts, itertools, "chain"));
    Ref<Tuple> first = OURO_TRY(Tuple::of(ts, Obj(sum->total)));
    ObjRef chained = OURO_TRY(call(ts, chain, first, Obj(sum->iterator)));
    ObjRef again = OURO_TRY(call(ts, Obj(self->type()), chained, function));
    ObjRef slice = OURO_TRY(get_attribute(ts, itertools, "islice"));
    Ref<Int> one = OURO_TRY(Int::from(ts, 1));
    Ref<Tuple> slice_args = OURO_TRY(Tuple::of(ts, again, one, Obj(ts.core.none)));
    return Tuple::of(ts, slice, slice_args);
  }
  return Tuple::of(ts, Obj(self->type()), args, Obj(sum->total));
}

ObjResult accumulate_setstate(ThreadState& ts, Obj self, Args args) {
  Object* total = is_none(args[0]) ? nullptr : args[0].new_ref().release();
  const ObjRef old = ObjRef::steal(std::exchange(as<Accumulate>(self)->total, total));
  return ts.core.none_ref();
}

constexpr MethodDef kAccumulateMethods[] = {
    {"__reduce__", accumulate_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {"__setstate__", accumulate_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_accumulate(Type& type) {
  fill_iterator<Accumulate, &Accumulate::function, &Accumulate::total, &Accumulate::iterator,
                &Accumulate::initial>(type, accumulate_next);
  type.make = accumulate_make;
  type.methods = kAccumulateMethods;
}

}  // namespace

Status add_mapping_iterators(ThreadState& ts, Borrowed<Module> module) {
  const TypeSpec specs[] = {
      {"starmap", "itertools", sizeof(Starmap), 0, kIteratorFlags, fill_starmap,
       "starmap(function, iterable, /)\n--\n\nfunction(*row) for each row of iterable."},
      {"accumulate", "itertools", sizeof(Accumulate), 0, kIteratorFlags, fill_accumulate,
       "accumulate(iterable, func=None, *, initial=None)\n--\n\nRunning totals, or what "
       "func(total, item) makes of them."},
  };
  return add_native_types(ts, module, specs);
}

}  // namespace ouro
