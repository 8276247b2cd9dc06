// itertools: product, permutations, combinations, combinations_with_replacement.
//
// Each holds its pools (tuples), the indices of the row given last, and that row itself, which is
// used again when nobody kept it.
#include <algorithm>

#include "modules/itertools.h"
#include "objects/object.h"
#include "support/checked_size.h"

namespace ouro {

namespace {

/// What all four have. `numbers` holds `length` indices, and behind them what the type needs
/// besides (permutations: cycles).
struct Combining : Object {
  Tuple* pools;           // owned: product: a tuple of pools; the others: the pool
  Tuple* result;          // ? owned: the row given last
  std::int64_t* numbers;  // heap block
  std::int64_t length;    // items of a row
  bool stopped;
  template <class V>
  void edges(V& v) const {
    v.edge(pools, gc::slot_label("pool"));
    v.edge(result, gc::slot_label("result"));
  }
  [[nodiscard]] std::int64_t pool_size() const { return pools->size; }
};

void combining_clear(gc::Header* header) {
  auto* self = static_cast<Combining*>(header);
  self->stopped = true;
  drop(self->pools);
  drop(self->result);
}

void combining_dealloc(gc::Header* header) {
  auto* self = static_cast<Combining*>(header);
  untrack(self);
  combining_clear(self);
  free_raw(std::exchange(self->numbers, nullptr));
  free_object(self);
}

ObjResult combining_over(ThreadState& ts, Borrowed<Type> type, Ref<Tuple> pools,
                         std::int64_t length, std::int64_t numbers, bool stopped) {
  std::size_t bytes = 0;
  if (!checked_size(static_cast<std::size_t>(numbers), sizeof(std::int64_t), 8, &bytes))
    return raise_no_memory(ts);
  Ref<Combining> made = OURO_TRY(new_object<Combining>(ts, type, type->info.basic_bytes));
  made->pools = pools.release();
  made->length = length;
  made->stopped = stopped;
  made->numbers = static_cast<std::int64_t*>(allocate_raw(bytes));
  if (made->numbers == nullptr) return raise_no_memory(ts);
  std::fill_n(made->numbers, numbers, 0);
  OURO_TRY(track(ts, made));
  return made;
}

/// The item at place `i` of the row for the present indices.
using ItemAt = Object* (*)(const Combining* self, std::int64_t i);
Object* pool_item(const Combining* self, std::int64_t i) {
  return self->pools->items[self->numbers[i]];
}
Object* product_item(const Combining* self, std::int64_t i) {
  return as<Tuple>(self->pools->at(i))->items[self->numbers[i]];
}

/// Gives the row for the present indices, of which those from `changed` on are new.
Next give_row(ThreadState& ts, Combining* self, std::int64_t changed, ItemAt item_at,
              ObjRef& item) {
  if (self->result != nullptr && self->result->refcount == 1 && self->length > 0) {
    Ref<Tuple> row = Ref<Tuple>::share(self->result);
    for (std::int64_t i = changed; i < self->length; ++i) {
      Object* fresh = item_at(self, i);
      incref(fresh);
      decref(std::exchange(row->items[i], fresh));
    }
    if (!row->is_tracked() && track(ts, row).raised()) return Next::Raised;
    item = std::move(row);
    return Next::Item;
  }
  Result<Ref<Tuple>> made = Tuple::make(ts, self->length);
  if (made.raised()) return Next::Raised;
  Ref<Tuple> row = made.take();
  for (std::int64_t i = 0; i < self->length; ++i) {
    row->items[i] = item_at(self, i);
    incref(row->items[i]);
  }
  if (self->length > 0 && track(ts, row).raised()) return Next::Raised;
  const Ref<Tuple> old = Ref<Tuple>::steal(std::exchange(self->result, row.new_ref().release()));
  item = std::move(row);
  return Next::Item;
}

// CPython finds the end only after it has made the next row, when the last one is held by others.
Next finish(ThreadState& ts, Combining* self) {
  if (self->result != nullptr && self->result->refcount > 1) {
    const ArgumentTuple row(ts, static_cast<std::uint32_t>(self->length));
  }
  self->stopped = true;
  return Next::Done;
}

void fill_combining(Type& type, NewSlot make, NextSlot next, const MethodDef* methods) {
  init_collected<Combining>(type);
  type.info.dealloc = combining_dealloc;
  type.info.clear = combining_clear;
  type.iter = iterator_self;
  type.next = next;
  type.make = make;
  type.methods = methods;
}

/// type(*make_args) for a copy that starts afresh, with the indices as state for __setstate__ once
/// rows have been given.
ObjResult reduce_combining(ThreadState& ts, Obj self, Borrowed<Tuple> fresh_args,
                           Borrowed<Tuple> ended_args, std::int64_t numbers) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return Tuple::of(ts, Obj(self->type()), ended_args);
  if (rows->result == nullptr) return Tuple::of(ts, Obj(self->type()), fresh_args);
  ItemBuffer state(ts);
  for (std::int64_t i = 0; i < numbers; ++i) {
    ObjRef number = OURO_TRY(Int::from(ts, rows->numbers[i]));
    OURO_TRY(state.append(std::move(number)));
  }
  Ref<Tuple> indices =
      OURO_TRY(Tuple::from(ts, state.data(), static_cast<std::size_t>(state.size())));
  return Tuple::of(ts, Obj(self->type()), fresh_args, indices);
}

/// Reads `count` numbers of a state tuple, each clamped to what `limit` says for its place.
template <class Limit>
Status read_numbers(ThreadState& ts, Obj self, Obj state, std::int64_t count, Limit limit) {
  auto* rows = as<Combining>(self);
  if (!is_tuple(state) || as<Tuple>(state)->size != count)
    return raise_value_error(ts, "invalid arguments");
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t value =
        OURO_TRY(index_as_int64(ts, as<Tuple>(state)->at(i), ts.core.exceptions.OverflowError));
    const auto [least, most] = limit(i);
    rows->numbers[i] = std::clamp<std::int64_t>(value, least, most);
  }
  return kDone;
}

/// Makes the row of the present indices the one given last.
Status remember_row(ThreadState& ts, Combining* self, ItemAt item_at) {
  ObjRef row;
  return give_row(ts, self, 0, item_at, row) == Next::Raised ? Status(Raised{}) : kDone;
}

// -- product --------------------------------------------------------------------------------------

ObjResult product_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  std::int64_t repeat = 1;
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    if (!str_equals_ascii(as<Str>(args.keywords->at(i)), "repeat")) {
      return raise_type_error(ts, "'{}' is an invalid keyword argument for product()",
                              args.keywords->at(i));
    }
    repeat = OURO_TRY(index_as_int64(ts, args.keyword_value(i), ts.core.exceptions.OverflowError));
    if (repeat < 0) return raise_value_error(ts, "repeat argument cannot be negative");
  }
  const std::int64_t sources = repeat == 0 ? 0 : args.count;
  if (sources != 0 && repeat > INT64_MAX / 16 / sources) {
    return raise(ts, ts.core.exceptions.OverflowError, "repeat argument too large");
  }
  ItemBuffer pools(ts);
  bool empty = false;
  for (std::int64_t i = 0; i < sources; ++i) {
    Ref<Tuple> pool = OURO_TRY(tuple_from_iterable(ts, args[static_cast<std::size_t>(i)]));
    empty |= pool->size == 0;
    OURO_TRY(pools.append(std::move(pool)));
  }
  for (std::int64_t i = sources; i < sources * repeat; ++i) {
    OURO_TRY(pools.append(ObjRef::share(pools.data()[i - sources])));
  }
  const std::int64_t length = pools.size();
  Ref<Tuple> row = OURO_TRY(Tuple::from(ts, pools.data(), static_cast<std::size_t>(length)));
  return combining_over(ts, type, std::move(row), length, length, empty);
}

Next product_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return Next::Done;
  std::int64_t i = 0;
  if (rows->result != nullptr) {
    for (i = rows->length - 1; i >= 0; --i) {
      if (++rows->numbers[i] < as<Tuple>(rows->pools->at(i))->size) break;
      rows->numbers[i] = 0;
    }
    if (i < 0) return finish(ts, rows);
  }
  return give_row(ts, rows, i, product_item, item);
}

ObjResult product_reduce(ThreadState& ts, Obj self, Args) {
  auto* rows = as<Combining>(self);
  Ref<Tuple> ended = OURO_TRY(Tuple::of(ts, Obj(ts.core.empty_tuple)));
  Obj pools = rows->pools == nullptr ? Obj(ts.core.empty_tuple) : Obj(rows->pools);
  return reduce_combining(ts, self, as<Tuple>(pools), ended, rows->length);
}

ObjResult product_setstate(ThreadState& ts, Obj self, Args args) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return ts.core.none_ref();
  OURO_TRY(read_numbers(ts, self, args[0], rows->length, [rows](std::int64_t i) {
    return std::pair<std::int64_t, std::int64_t>(0, as<Tuple>(rows->pools->at(i))->size - 1);
  }));
  OURO_TRY(remember_row(ts, rows, product_item));
  return ts.core.none_ref();
}

ObjResult combining_sizeof(ThreadState& ts, Obj self, Args) {
  const auto* rows = as<Combining>(self);
  return int_result(ts, self->type()->info.basic_bytes +
                            rows->length * static_cast<std::int64_t>(sizeof(std::int64_t)));
}

constexpr MethodDef kProductMethods[] = {
    {"__reduce__", product_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {"__setstate__", product_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {"__sizeof__", combining_sizeof, 0, 0, MethodDef::kNone, "Returns size in memory, in bytes."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
void fill_product(Type& type) { fill_combining(type, product_make, product_next, kProductMethods); }

// -- combinations, with and without replacement ---------------------------------------------------

Result<std::int64_t> row_length(ThreadState& ts, Obj r) {
  const std::int64_t length = OURO_TRY(index_as_int64(ts, r, ts.core.exceptions.OverflowError));
  if (length < 0) return raise_value_error(ts, "r must be non-negative");
  return length;
}

ObjResult combinations_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "combinations", {"iterable", "r"}, 2, values));
  Ref<Tuple> pool = OURO_TRY(tuple_from_iterable(ts, values[0]));
  const std::int64_t length = OURO_TRY(row_length(ts, values[1]));
  const bool stopped = length > pool->size;
  ObjRef made = OURO_TRY(combining_over(ts, type, std::move(pool), length, length, stopped));
  for (std::int64_t i = 0; i < length; ++i) as<Combining>(Obj(made))->numbers[i] = i;
  return made;
}

Next combinations_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return Next::Done;
  std::int64_t i = 0;
  if (rows->result != nullptr) {
    // The rightmost index that is not at its largest goes on; those behind it follow it.
    i = rows->length - 1;
    while (i >= 0 && rows->numbers[i] == i + rows->pool_size() - rows->length) --i;
    if (i < 0) return finish(ts, rows);
    ++rows->numbers[i];
    for (std::int64_t j = i + 1; j < rows->length; ++j) rows->numbers[j] = rows->numbers[j - 1] + 1;
  }
  return give_row(ts, rows, i, pool_item, item);
}

ObjResult with_replacement_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "combinations_with_replacement", {"iterable", "r"}, 2, values));
  Ref<Tuple> pool = OURO_TRY(tuple_from_iterable(ts, values[0]));
  const std::int64_t length = OURO_TRY(row_length(ts, values[1]));
  const bool stopped = pool->size == 0 && length > 0;
  return combining_over(ts, type, std::move(pool), length, length, stopped);
}

Next with_replacement_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return Next::Done;
  std::int64_t i = 0;
  if (rows->result != nullptr) {
    i = rows->length - 1;
    while (i >= 0 && rows->numbers[i] == rows->pool_size() - 1) --i;
    if (i < 0) return finish(ts, rows);
    const std::int64_t value = rows->numbers[i] + 1;
    for (std::int64_t j = i; j < rows->length; ++j) rows->numbers[j] = value;
  }
  return give_row(ts, rows, i, pool_item, item);
}

ObjResult pool_reduce(ThreadState& ts, Obj self, Args) {
  auto* rows = as<Combining>(self);
  Ref<Int> length = OURO_TRY(Int::from(ts, rows->length));
  Ref<Tuple> ended = OURO_TRY(Tuple::of(ts, Obj(ts.core.empty_tuple), length));
  if (rows->pools == nullptr) return Tuple::of(ts, Obj(self->type()), ended);
  Ref<Tuple> fresh = OURO_TRY(Tuple::of(ts, Obj(rows->pools), length));
  return reduce_combining(ts, self, fresh, ended, rows->length);
}

ObjResult combinations_setstate(ThreadState& ts, Obj self, Args args) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return ts.core.none_ref();
  OURO_TRY(read_numbers(ts, self, args[0], rows->length, [rows](std::int64_t i) {
    return std::pair<std::int64_t, std::int64_t>(0, i + rows->pool_size() - rows->length);
  }));
  OURO_TRY(remember_row(ts, rows, pool_item));
  return ts.core.none_ref();
}

ObjResult with_replacement_setstate(ThreadState& ts, Obj self, Args args) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return ts.core.none_ref();
  OURO_TRY(read_numbers(ts, self, args[0], rows->length, [rows](std::int64_t) {
    return std::pair<std::int64_t, std::int64_t>(0, rows->pool_size() - 1);
  }));
  OURO_TRY(remember_row(ts, rows, pool_item));
  return ts.core.none_ref();
}

constexpr MethodDef kCombinationsMethods[] = {
    {"__reduce__", pool_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {"__setstate__", combinations_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {"__sizeof__", combining_sizeof, 0, 0, MethodDef::kNone, "Returns size in memory, in bytes."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr MethodDef kWithReplacementMethods[] = {
    {"__reduce__", pool_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {"__setstate__", with_replacement_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {"__sizeof__", combining_sizeof, 0, 0, MethodDef::kNone, "Returns size in memory, in bytes."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
void fill_combinations(Type& type) {
  fill_combining(type, combinations_make, combinations_next, kCombinationsMethods);
}
void fill_with_replacement(Type& type) {
  fill_combining(type, with_replacement_make, with_replacement_next, kWithReplacementMethods);
}

// -- permutations ---------------------------------------------------------------------------------
//
// numbers[0..n) is an arrangement of all places of the pool, whose first `length` make the row;
// numbers[n..n+length) count down the choices left for each place of the row.

ObjResult permutations_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "permutations", {"iterable", "r"}, 1, values));
  Ref<Tuple> pool = OURO_TRY(tuple_from_iterable(ts, values[0]));
  const std::int64_t size = pool->size;
  std::int64_t length = size;
  if (values[1] && !is_none(values[1])) {
    if (!is_int(values[1])) return raise_type_error(ts, "Expected int as r");
    length = OURO_TRY(row_length(ts, values[1]));
  }
  if (length > INT64_MAX / 16 - size) return raise_no_memory(ts);
  ObjRef made =
      OURO_TRY(combining_over(ts, type, std::move(pool), length, size + length, length > size));
  std::int64_t* numbers = as<Combining>(Obj(made))->numbers;
  for (std::int64_t i = 0; i < size; ++i) numbers[i] = i;
  for (std::int64_t i = 0; i < length; ++i) numbers[size + i] = size - i;
  return made;
}

Next permutations_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return Next::Done;
  if (rows->result == nullptr) return give_row(ts, rows, 0, pool_item, item);
  const std::int64_t size = rows->pool_size();
  std::int64_t* cycles = rows->numbers + size;
  for (std::int64_t i = rows->length - 1; i >= 0; --i) {
    if (--cycles[i] == 0) {
      // All choices for this place are used up: its index goes to the end, the others move up.
      std::rotate(rows->numbers + i, rows->numbers + i + 1, rows->numbers + size);
      cycles[i] = size - i;
      continue;
    }
    std::swap(rows->numbers[i], rows->numbers[size - cycles[i]]);
    return give_row(ts, rows, i, pool_item, item);
  }
  return finish(ts, rows);
}

ObjResult permutations_reduce(ThreadState& ts, Obj self, Args) {
  auto* rows = as<Combining>(self);
  Ref<Int> length = OURO_TRY(Int::from(ts, rows->length));
  Ref<Tuple> ended = OURO_TRY(Tuple::of(ts, Obj(ts.core.empty_tuple), length));
  if (rows->pools == nullptr) return Tuple::of(ts, Obj(self->type()), ended);
  Ref<Tuple> fresh = OURO_TRY(Tuple::of(ts, Obj(rows->pools), length));
  if (rows->stopped || rows->result == nullptr) return reduce_combining(ts, self, fresh, ended, 0);
  const std::int64_t size = rows->pool_size();
  ItemBuffer parts[2] = {ItemBuffer(ts), ItemBuffer(ts)};
  for (std::int64_t i = 0; i < size + rows->length; ++i) {
    ObjRef number = OURO_TRY(Int::from(ts, rows->numbers[i]));
    OURO_TRY(parts[i < size ? 0 : 1].append(std::move(number)));
  }
  Ref<Tuple> indices =
      OURO_TRY(Tuple::from(ts, parts[0].data(), static_cast<std::size_t>(parts[0].size())));
  Ref<Tuple> cycles =
      OURO_TRY(Tuple::from(ts, parts[1].data(), static_cast<std::size_t>(parts[1].size())));
  Ref<Tuple> state = OURO_TRY(Tuple::of(ts, indices, cycles));
  return Tuple::of(ts, Obj(self->type()), fresh, state);
}

ObjResult permutations_setstate(ThreadState& ts, Obj self, Args args) {
  auto* rows = as<Combining>(self);
  if (rows->stopped) return ts.core.none_ref();
  if (!is_tuple(args[0]) || as<Tuple>(args[0])->size != 2)
    return raise_value_error(ts, "invalid arguments");
  ObjRef indices = as<Tuple>(args[0])->at(0).new_ref();
  ObjRef cycles = as<Tuple>(args[0])->at(1).new_ref();
  const std::int64_t size = rows->pool_size();
  if (!is_tuple(indices) || !is_tuple(cycles) || as<Tuple>(Obj(indices))->size != size ||
      as<Tuple>(Obj(cycles))->size != rows->length) {
    return raise_value_error(ts, "invalid arguments");
  }
  for (std::int64_t i = 0; i < size + rows->length; ++i) {
    Obj number = i < size ? as<Tuple>(Obj(indices))->at(i) : as<Tuple>(Obj(cycles))->at(i - size);
    const std::int64_t value =
        OURO_TRY(index_as_int64(ts, number, ts.core.exceptions.OverflowError));
    rows->numbers[i] = i < size ? std::clamp<std::int64_t>(value, 0, size - 1)
                                : std::clamp<std::int64_t>(value, 1, size - (i - size));
  }
  OURO_TRY(remember_row(ts, rows, pool_item));
  return ts.core.none_ref();
}

constexpr MethodDef kPermutationsMethods[] = {
    {"__reduce__", permutations_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {"__setstate__", permutations_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {"__sizeof__", combining_sizeof, 0, 0, MethodDef::kNone, "Returns size in memory, in bytes."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
void fill_permutations(Type& type) {
  fill_combining(type, permutations_make, permutations_next, kPermutationsMethods);
}

}  // namespace

Status add_combining_iterators(ThreadState& ts, Borrowed<Module> module) {
  const TypeSpec specs[] = {
      {"product", "itertools", sizeof(Combining), 0, kIteratorFlags, fill_product,
       "product(*iterables, repeat=1) --> the rows of the cartesian product, the last place moving "
       "fastest."},
      {"permutations", "itertools", sizeof(Combining), 0, kIteratorFlags, fill_permutations,
       "permutations(iterable, r=None)\n--\n\nThe arrangements of r items each."},
      {"combinations", "itertools", sizeof(Combining), 0, kIteratorFlags, fill_combinations,
       "combinations(iterable, r)\n--\n\nThe selections of r items each, in order of the input."},
      {"combinations_with_replacement", "itertools", sizeof(Combining), 0, kIteratorFlags,
       fill_with_replacement,
       "combinations_with_replacement(iterable, r)\n--\n\nThe selections of r items each, every "
       "item as often as wanted."},
  };
  return add_native_types(ts, module, specs);
}

}  // namespace ouro
