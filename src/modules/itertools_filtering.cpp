// itertools: compress, dropwhile, takewhile, filterfalse, islice.
#include "modules/itertools.h"

namespace ouro {

namespace {

Result<bool> test(ThreadState& ts, Obj predicate, Obj item) {
  ObjRef answer = OURO_TRY(call(ts, predicate, item));
  return is_true(ts, answer);
}

// -- compress -------------------------------------------------------------------------------------

struct Compress : Object {
  Object* data;       // owned
  Object* selectors;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(data, gc::slot_label("data"));
    v.edge(selectors, gc::slot_label("selectors"));
  }
};

ObjResult compress_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "compress", {"data", "selectors"}, 2, values));
  ObjRef data = OURO_TRY(iterate(ts, values[0]));
  ObjRef selectors = OURO_TRY(iterate(ts, values[1]));
  Ref<Compress> made = OURO_TRY(new_object<Compress>(ts, type, type->info.basic_bytes));
  made->data = data.release();
  made->selectors = selectors.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next compress_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* compress = as<Compress>(self);
  ObjRef data = ObjRef::share(compress->data);
  ObjRef selectors = ObjRef::share(compress->selectors);
  for (;;) {
    ObjRef datum;
    Next next = next_item(ts, data, datum);
    if (next != Next::Item) return next;
    ObjRef selector;
    next = next_item(ts, selectors, selector);
    if (next != Next::Item) return next;
    Result<bool> wanted = is_true(ts, selector);
    if (wanted.raised()) return Next::Raised;
    if (!wanted.take()) continue;
    item = std::move(datum);
    return Next::Item;
  }
}

ObjResult compress_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Tuple> args =
      OURO_TRY(Tuple::of(ts, Obj(as<Compress>(self)->data), Obj(as<Compress>(self)->selectors)));
  return Tuple::of(ts, Obj(self->type()), args);
}

constexpr MethodDef kCompressMethods[] = {
    {"__reduce__", compress_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_compress(Type& type) {
  fill_iterator<Compress, &Compress::data, &Compress::selectors>(type, compress_next);
  type.make = compress_make;
  type.methods = kCompressMethods;
}

// -- dropwhile, takewhile, filterfalse ------------------------------------------------------------

struct Filtering : Object {
  Object* function;  // owned
  Object* iterator;  // owned
  bool decided;      // dropwhile: the first item was found; takewhile: the end was found
  template <class V>
  void edges(V& v) const {
    v.edge(function, gc::slot_label("function"));
    v.edge(iterator, gc::slot_label("iterator"));
  }
};

ObjResult filtering_make(ThreadState& ts, Borrowed<Type> type, Args args, const char* name) {
  OURO_TRY(refuse_make_keywords(ts, type, args, name));
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, name, 2, 2));
  ObjRef iterator = OURO_TRY(iterate(ts, args[1]));
  Ref<Filtering> made = OURO_TRY(new_object<Filtering>(ts, type, type->info.basic_bytes));
  made->function = args[0].new_ref().release();
  made->iterator = iterator.release();
  OURO_TRY(track(ts, made));
  return made;
}
ObjResult dropwhile_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  return filtering_make(ts, type, args, "dropwhile");
}
ObjResult takewhile_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  return filtering_make(ts, type, args, "takewhile");
}
ObjResult filterfalse_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  return filtering_make(ts, type, args, "filterfalse");
}

Next dropwhile_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* filter = as<Filtering>(self);
  ObjRef iterator = ObjRef::share(filter->iterator);
  ObjRef function = ObjRef::share(filter->function);
  for (;;) {
    ObjRef found;
    const Next next = next_item(ts, iterator, found);
    if (next != Next::Item) return next;
    if (!filter->decided) {
      Result<bool> dropped = test(ts, function, found);
      if (dropped.raised()) return Next::Raised;
      if (dropped.take()) continue;
      filter->decided = true;
    }
    item = std::move(found);
    return Next::Item;
  }
}

Next takewhile_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* filter = as<Filtering>(self);
  if (filter->decided) return Next::Done;
  ObjRef iterator = ObjRef::share(filter->iterator);
  ObjRef function = ObjRef::share(filter->function);
  ObjRef found;
  const Next next = next_item(ts, iterator, found);
  if (next != Next::Item) return next;
  Result<bool> taken = test(ts, function, found);
  if (taken.raised()) return Next::Raised;
  if (!taken.take()) {
    filter->decided = true;
    return Next::Done;
  }
  item = std::move(found);
  return Next::Item;
}

Next filterfalse_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* filter = as<Filtering>(self);
  ObjRef iterator = ObjRef::share(filter->iterator);
  ObjRef function = ObjRef::share(filter->function);
  const bool by_truth = is_none(function) || function.get() == ts.core.types.bool_;
  for (;;) {
    ObjRef found;
    const Next next = next_item(ts, iterator, found);
    if (next != Next::Item) return next;
    Result<bool> dropped = by_truth ? is_true(ts, found) : test(ts, function, found);
    if (dropped.raised()) return Next::Raised;
    if (dropped.take()) continue;
    item = std::move(found);
    return Next::Item;
  }
}

ObjResult filtering_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Tuple> args = OURO_TRY(
      Tuple::of(ts, Obj(as<Filtering>(self)->function), Obj(as<Filtering>(self)->iterator)));
  if (self->type()->next == filterfalse_next) return Tuple::of(ts, Obj(self->type()), args);
  Ref<Int> decided = OURO_TRY(Int::from(ts, as<Filtering>(self)->decided ? 1 : 0));
  return Tuple::of(ts, Obj(self->type()), args, decided);
}

ObjResult filtering_setstate(ThreadState& ts, Obj self, Args args) {
  const bool decided = OURO_TRY(is_true(ts, args[0]));
  as<Filtering>(self)->decided = decided;
  return ts.core.none_ref();
}

constexpr MethodDef kFilterfalseMethods[] = {
    {"__reduce__", filtering_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr MethodDef kWhileMethods[] = {
    {"__reduce__", filtering_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {"__setstate__", filtering_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_filtering(Type& type, NewSlot make, NextSlot next, const MethodDef* methods) {
  fill_iterator<Filtering, &Filtering::function, &Filtering::iterator>(type, next);
  type.make = make;
  type.methods = methods;
}
void fill_dropwhile(Type& type) {
  fill_filtering(type, dropwhile_make, dropwhile_next, kWhileMethods);
}
void fill_takewhile(Type& type) {
  fill_filtering(type, takewhile_make, takewhile_next, kWhileMethods);
}
void fill_filterfalse(Type& type) {
  fill_filtering(type, filterfalse_make, filterfalse_next, kFilterfalseMethods);
}

// -- islice ---------------------------------------------------------------------------------------

struct Islice : Object {
  Object* iterator;   // ? owned: null when over
  std::int64_t next;  // number of the next item to give
  std::int64_t stop;  // -1: none
  std::int64_t step;
  std::int64_t taken;  // items read from the iterator
  template <class V>
  void edges(V& v) const {
    v.edge(iterator, gc::slot_label("iterator"));
  }
};

/// A bound of the slice: None is `absent`, negative or huge numbers are errors worded by the
/// caller.
Result<std::int64_t> bound(ThreadState& ts, Obj value, std::int64_t absent, const char* complaint,
                           std::int64_t least) {
  if (is_none(value)) return absent;
  std::int64_t number = least - 1;
  if (has_index(value)) {
    Result<std::int64_t> read = index_as_int64(ts, value, ts.core.exceptions.OverflowError);
    if (read.raised()) {
      clear_pending(ts);
    } else {
      number = read.take();
    }
  }
  if (number < least) return raise_value_error(ts, "{}", complaint);
  return number;
}

ObjResult islice_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  constexpr const char* kStop =
      "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  constexpr const char* kIndices =
      "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  constexpr const char* kStep = "Step for islice() must be a positive integer or None.";
  OURO_TRY(refuse_make_keywords(ts, type, args, "islice"));
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, "islice", 2, 4));
  std::int64_t start = 0;
  std::int64_t stop = -1;
  std::int64_t step = 1;
  if (args.count == 2) {
    stop = OURO_TRY(bound(ts, args[1], -1, kStop, 0));
  } else {
    stop = OURO_TRY(bound(ts, args[2], -1, kStop, 0));
    start = OURO_TRY(bound(ts, args[1], 0, kIndices, 0));
    if (args.count == 4) step = OURO_TRY(bound(ts, args[3], 1, kStep, 1));
  }
  ObjRef iterator = OURO_TRY(iterate(ts, args[0]));
  Ref<Islice> made = OURO_TRY(new_object<Islice>(ts, type, type->info.basic_bytes));
  made->iterator = iterator.release();
  made->next = start;
  made->stop = stop;
  made->step = step;
  OURO_TRY(track(ts, made));
  return made;
}

Next islice_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* slice = as<Islice>(self);
  if (slice->iterator == nullptr) return Next::Done;
  ObjRef iterator = ObjRef::share(slice->iterator);
  const auto over = [slice](Next next) {
    drop(slice->iterator);
    return next;
  };
  while (slice->taken < slice->next) {
    ObjRef skipped;
    const Next next = next_item(ts, iterator, skipped);
    if (next != Next::Item) return over(next);
    ++slice->taken;
  }
  if (slice->stop != -1 && slice->taken >= slice->stop) return over(Next::Done);
  const Next next = next_item(ts, iterator, item);
  if (next != Next::Item) return over(next);
  ++slice->taken;
  // Past the largest number there is nothing: stay at the end instead of wrapping round.
  if (__builtin_add_overflow(slice->next, slice->step, &slice->next)) slice->next = INT64_MAX;
  if (slice->stop != -1 && slice->next > slice->stop) slice->next = slice->stop;
  return next;
}

ObjResult islice_reduce(ThreadState& ts, Obj self, Args) {
  auto* slice = as<Islice>(self);
  Ref<Int> zero = OURO_TRY(Int::from(ts, 0));
  if (slice->iterator == nullptr) {
    ObjRef empty = OURO_TRY(iterate(ts, Obj(ts.core.empty_tuple)));
    Ref<Tuple> args = OURO_TRY(Tuple::of(ts, empty, zero));
    return Tuple::of(ts, Obj(self->type()), args, zero);
  }
  ObjRef stop = ts.core.none_ref();
  if (slice->stop != -1) stop = OURO_TRY(Int::from(ts, slice->stop));
  Ref<Int> next = OURO_TRY(Int::from(ts, slice->next));
  Ref<Int> step = OURO_TRY(Int::from(ts, slice->step));
  Ref<Int> taken = OURO_TRY(Int::from(ts, slice->taken));
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, Obj(slice->iterator), next, stop, step));
  return Tuple::of(ts, Obj(self->type()), args, taken);
}

ObjResult islice_setstate(ThreadState& ts, Obj self, Args args) {
  as<Islice>(self)->taken = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  return ts.core.none_ref();
}

constexpr MethodDef kIsliceMethods[] = {
    {"__reduce__", islice_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {"__setstate__", islice_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_islice(Type& type) {
  fill_iterator<Islice, &Islice::iterator>(type, islice_next);
  type.make = islice_make;
  type.methods = kIsliceMethods;
}

}  // namespace

Status add_filtering_iterators(ThreadState& ts, Borrowed<Module> module) {
  const TypeSpec specs[] = {
      {"compress", "itertools", sizeof(Compress), 0, kIteratorFlags, fill_compress,
       "compress(data, selectors)\n--\n\nThe items of data whose selector is true."},
      {"dropwhile", "itertools", sizeof(Filtering), 0, kIteratorFlags, fill_dropwhile,
       "dropwhile(predicate, iterable, /)\n--\n\nSkips items while predicate(item) is true; gives "
       "all that follow."},
      {"takewhile", "itertools", sizeof(Filtering), 0, kIteratorFlags, fill_takewhile,
       "takewhile(predicate, iterable, /)\n--\n\nGives items as long as predicate(item) is true."},
      {"filterfalse", "itertools", sizeof(Filtering), 0, kIteratorFlags, fill_filterfalse,
       "filterfalse(function, iterable, /)\n--\n\nThe items for which function(item) is false; by "
       "their own truth with None."},
      {"islice", "itertools", sizeof(Islice), 0, kIteratorFlags, fill_islice,
       "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice "
       "object\n\nThe items that a "
       "slice of a list would give, read one by one."},
  };
  return add_native_types(ts, module, specs);
}

}  // namespace ouro
