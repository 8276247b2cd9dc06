// itertools: count, cycle, repeat.
#include "modules/itertools.h"
#include "objects/list.h"

namespace ouro {

namespace {

// -- count ----------------------------------------------------------------------------------------

/// Counts by machine words while `number` is null; with objects otherwise (a step that is not 1,
/// big or other numbers).
struct Count : Object {
  std::int64_t word;
  Object* number;  // ? owned: the next value
  Object* step;    // owned
  template <class V>
  void edges(V& v) const {
    v.edge(number, gc::slot_label("number"));
    v.edge(step, gc::slot_label("step"));
  }
};

bool is_number(Obj object) {
  const NumberSlots& number = object->type()->number;
  return is_kind(object, TypeKind::Complex) || number.index != nullptr ||
         number.to_int != nullptr || number.to_float != nullptr;
}

ObjResult count_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "count", {"start", "step"}, 0, values));
  for (Obj value : values) {
    if (value && !is_number(value)) return raise_type_error(ts, "a number is required");
  }
  std::int64_t word = 0;
  std::int64_t step_word = 1;
  const bool fast = (!values[0] || exact_small_int(values[0], word)) &&
                    (!values[1] || (exact_small_int(values[1], step_word) && step_word == 1)) &&
                    word != INT64_MAX;
  ObjRef step = values[1] ? values[1].new_ref() : ObjRef(OURO_TRY(Int::from(ts, 1)));
  ObjRef number;
  if (!fast) number = values[0] ? values[0].new_ref() : ObjRef(OURO_TRY(Int::from(ts, 0)));
  Ref<Count> made = OURO_TRY(new_object<Count>(ts, type, type->info.basic_bytes));
  made->word = word;
  made->step = step.release();
  made->number = number.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next count_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* count = as<Count>(self);
  if (count->number == nullptr) {
    if (count->word < INT64_MAX) {
      Result<Ref<Int>> value = Int::from(ts, count->word);
      if (value.raised()) return Next::Raised;
      ++count->word;
      item = value.take();
      return Next::Item;
    }
    Result<Ref<Int>> last = Int::from(ts, count->word);
    if (last.raised()) return Next::Raised;
    count->number = last.take().release();
  }
  ObjRef current = ObjRef::share(count->number);
  ObjRef step = ObjRef::share(count->step);
  ObjResult sum = binary_op(ts, BinaryOp::Add, current, step);
  if (sum.raised()) return Next::Raised;
  const ObjRef old = ObjRef::steal(std::exchange(count->number, sum.take().release()));
  item = std::move(current);
  return Next::Item;
}

ObjResult count_value(ThreadState& ts, Count* count) {
  if (count->number != nullptr) return ObjRef::share(count->number);
  return Int::from(ts, count->word);
}

bool is_one(Obj step) {
  std::int64_t value;
  return exact_small_int(step, value) && value == 1;
}

ObjResult count_repr(ThreadState& ts, Obj self) {
  auto* count = as<Count>(self);
  ObjRef value = OURO_TRY(count_value(ts, count));
  const FormatArg args[] = {FormatArg(value), FormatArg(count->step)};
  return format_message(ts, is_one(count->step) ? "count({r})" : "count({r}, {r})",
                        {args, is_one(count->step) ? 1u : 2u});
}

ObjResult count_reduce(ThreadState& ts, Obj self, Args) {
  auto* count = as<Count>(self);
  ObjRef value = OURO_TRY(count_value(ts, count));
  Ref<Tuple> state = is_one(count->step) ? OURO_TRY(Tuple::of(ts, value))
                                         : OURO_TRY(Tuple::of(ts, value, Obj(count->step)));
  return Tuple::of(ts, Obj(self->type()), state);
}

constexpr MethodDef kCountMethods[] = {
    {"__reduce__", count_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_count(Type& type) {
  fill_iterator<Count, &Count::number, &Count::step>(type, count_next);
  type.make = count_make;
  type.repr = count_repr;
  type.methods = kCountMethods;
}

// -- cycle ----------------------------------------------------------------------------------------

struct Cycle : Object {
  Object* iterator;  // ? owned: null once the first pass is over
  List* saved;       // owned
  std::int64_t index;
  bool first_pass_done;
  template <class V>
  void edges(V& v) const {
    v.edge(iterator, gc::slot_label("iterator"));
    v.edge(saved, gc::slot_label("saved"));
  }
};

ObjResult cycle_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_make_keywords(ts, type, args, "cycle"));
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, "cycle", 1, 1));
  ObjRef iterator = OURO_TRY(iterate(ts, args[0]));
  Ref<List> saved = OURO_TRY(List::create(ts));
  Ref<Cycle> made = OURO_TRY(new_object<Cycle>(ts, type, type->info.basic_bytes));
  made->iterator = iterator.release();
  made->saved = saved.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next cycle_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* cycle = as<Cycle>(self);
  if (cycle->iterator != nullptr) {
    ObjRef iterator = ObjRef::share(cycle->iterator);
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return next;
    if (next == Next::Item) {
      if (cycle->first_pass_done) return next;
      Ref<List> saved = Ref<List>::share(cycle->saved);
      return saved->append(ts, Obj(item)).raised() ? Next::Raised : Next::Item;
    }
    drop(cycle->iterator);
  }
  if (cycle->saved == nullptr || cycle->saved->size == 0) return Next::Done;
  if (cycle->index >= cycle->saved->size) cycle->index = 0;
  item = cycle->saved->at(cycle->index).new_ref();
  if (++cycle->index >= cycle->saved->size) cycle->index = 0;
  return Next::Item;
}

ObjResult cycle_reduce(ThreadState& ts, Obj self, Args) {
  auto* cycle = as<Cycle>(self);
  Obj saved = cycle->saved;
  if (cycle->iterator == nullptr) {
    ObjRef iterator = OURO_TRY(iterate(ts, saved));
    if (cycle->index > 0) {
      Ref<Int> index = OURO_TRY(Int::from(ts, cycle->index));
      Object* set_args[] = {index.get()};
      const ObjRef ignored =
          OURO_TRY(call_method(ts, iterator, ts.core.names.dunder_setstate, set_args));
    }
    Ref<Tuple> make_args = OURO_TRY(Tuple::of(ts, iterator));
    Ref<Tuple> state = OURO_TRY(Tuple::of(ts, saved, Obj(ts.core.true_object)));
    return Tuple::of(ts, Obj(self->type()), make_args, state);
  }
  Ref<Tuple> make_args = OURO_TRY(Tuple::of(ts, Obj(cycle->iterator)));
  Ref<Tuple> state = OURO_TRY(Tuple::of(
      ts, saved, Obj(cycle->first_pass_done ? ts.core.true_object : ts.core.false_object)));
  return Tuple::of(ts, Obj(self->type()), make_args, state);
}

ObjResult cycle_setstate(ThreadState& ts, Obj self, Args args) {
  if (!is_tuple(args[0])) return raise_type_error(ts, "state is not a tuple");
  auto* state = as<Tuple>(args[0]);
  if (state->size != 2 || !is_list(state->at(0)))
    return raise_type_error(ts, "function takes exactly 2 arguments ({} given)", state->size);
  if (!is_int(state->at(1))) {
    return raise_type_error(ts, "'{t}' object cannot be interpreted as an integer", state->at(1));
  }
  const bool done = OURO_TRY(is_true(ts, state->at(1)));
  auto* cycle = as<Cycle>(self);
  cycle->first_pass_done = done;
  cycle->index = 0;
  const ObjRef old = ObjRef::steal(
      std::exchange(cycle->saved, Ref<List>::share(as<List>(state->at(0))).release()));
  return ts.core.none_ref();
}

constexpr MethodDef kCycleMethods[] = {
    {"__reduce__", cycle_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {"__setstate__", cycle_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_cycle(Type& type) {
  fill_iterator<Cycle, &Cycle::iterator, &Cycle::saved>(type, cycle_next);
  type.make = cycle_make;
  type.methods = kCycleMethods;
}

// -- repeat ---------------------------------------------------------------------------------------

struct Repeat : Object {
  Object* element;     // owned
  std::int64_t times;  // -1: for ever
  template <class V>
  void edges(V& v) const {
    v.edge(element, gc::slot_label("element"));
  }
};

ObjResult repeat_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "repeat", {"object", "times"}, 1, values));
  std::int64_t times = -1;
  if (values[1]) {
    times = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
    if (times < 0) times = 0;
  }
  Ref<Repeat> made = OURO_TRY(new_object<Repeat>(ts, type, type->info.basic_bytes));
  made->element = values[0].new_ref().release();
  made->times = times;
  OURO_TRY(track(ts, made));
  return made;
}

Next repeat_next(ThreadState&, Obj self, ObjRef& item) {
  auto* repeat = as<Repeat>(self);
  if (repeat->times == 0) return Next::Done;
  if (repeat->times > 0) --repeat->times;
  item = ObjRef::share(repeat->element);
  return Next::Item;
}

ObjResult repeat_repr(ThreadState& ts, Obj self) {
  auto* repeat = as<Repeat>(self);
  const FormatArg args[] = {FormatArg(repeat->element), FormatArg(repeat->times)};
  if (repeat->times < 0) return format_message(ts, "repeat({r})", {args, 1});
  return format_message(ts, "repeat({r}, {})", args);
}

ObjResult repeat_length_hint(ThreadState& ts, Obj self, Args) {
  if (as<Repeat>(self)->times < 0) return raise_type_error(ts, "len() of unsized object");
  return int_result(ts, as<Repeat>(self)->times);
}

ObjResult repeat_reduce(ThreadState& ts, Obj self, Args) {
  auto* repeat = as<Repeat>(self);
  Ref<Int> times = OURO_TRY(Int::from(ts, repeat->times));
  Ref<Tuple> state = repeat->times < 0 ? OURO_TRY(Tuple::of(ts, Obj(repeat->element)))
                                       : OURO_TRY(Tuple::of(ts, Obj(repeat->element), times));
  return Tuple::of(ts, Obj(self->type()), state);
}

constexpr MethodDef kRepeatMethods[] = {
    {"__length_hint__", repeat_length_hint, 0, 0, MethodDef::kNone,
     "Private method returning an estimate of len(list(it))."},
    {"__reduce__", repeat_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_repeat(Type& type) {
  fill_iterator<Repeat, &Repeat::element>(type, repeat_next);
  type.make = repeat_make;
  type.repr = repeat_repr;
  type.methods = kRepeatMethods;
}

}  // namespace

Status add_endless_iterators(ThreadState& ts, Borrowed<Module> module) {
  const TypeSpec specs[] = {
      {"count", "itertools", sizeof(Count), 0, kIteratorFlags, fill_count,
       "count(start=0, step=1)\n--\n\nAn iterator over start, start + step, start + 2 * step and "
       "so on."},
      {"cycle", "itertools", sizeof(Cycle), 0, kIteratorFlags, fill_cycle,
       "cycle(iterable, /)\n--\n\nGives the items of iterable, then again and again from memory."},
      {"repeat", "itertools", sizeof(Repeat), 0, kIteratorFlags, fill_repeat,
       "repeat(object [,times]) -> gives the object times times, or for ever."},
  };
  return add_native_types(ts, module, specs);
}

}  // namespace ouro
