// Range: numbers from start to stop by step, of any size.
#include "objects/range.h"

#include <algorithm>

#include "objects/container_support.h"
#include "objects/iterators.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

__extension__ using Wide = __int128;

bool small_value(Object* number, std::int64_t& value) {
  if (!static_cast<Int*>(number)->is_small()) return false;
  value = static_cast<Int*>(number)->small;
  return true;
}

// How many numbers there are: 0, or (stop - start - sign) / step + 1.
ObjResult count_numbers(ThreadState& ts, Obj start, Obj stop, Obj step) {
  std::int64_t a;
  std::int64_t b;
  std::int64_t by;
  if (small_value(start.get(), a) && small_value(stop.get(), b) && small_value(step.get(), by)) {
    const Wide distance = by > 0 ? Wide{b} - a : Wide{a} - b;
    if (distance <= 0) return int_result(ts, 0);
    const Wide count = (distance - 1) / (by > 0 ? Wide{by} : -Wide{by}) + 1;
    return Int::from_unsigned(ts, static_cast<std::uint64_t>(count));
  }
  const bool upwards = int_sign(step) > 0;
  const int order = int_compare(start, stop);
  if (upwards ? order >= 0 : order <= 0) return int_result(ts, 0);
  ObjRef one = OURO_TRY(int_result(ts, 1));
  ObjRef distance =
      OURO_TRY(upwards ? int_subtract(ts, stop, start) : int_subtract(ts, start, stop));
  ObjRef size = upwards ? step.new_ref() : OURO_TRY(negative(ts, step));
  distance = OURO_TRY(int_subtract(ts, distance, one));
  distance = OURO_TRY(binary_op(ts, BinaryOp::FloorDivide, distance, size));
  return int_add(ts, distance, one);
}

// start + index * step.
ObjResult number_at(ThreadState& ts, const Range* range, Obj index) {
  std::int64_t start;
  std::int64_t step;
  std::int64_t at;
  std::int64_t value;
  if (small_value(range->start, start) && small_value(range->step, step) &&
      small_value(index.get(), at) && !__builtin_mul_overflow(at, step, &value) &&
      !__builtin_add_overflow(value, start, &value)) {
    return int_result(ts, value);
  }
  ObjRef offset = OURO_TRY(int_multiply(ts, index, range->step));
  return int_add(ts, range->start, offset);
}

// The parts must be exact ints, step not zero.
Result<Ref<Range>> make_range(ThreadState& ts, ObjRef start, ObjRef stop, ObjRef step) {
  ObjRef length = OURO_TRY(count_numbers(ts, start, stop, step));
  Ref<Range> made = OURO_TRY(new_object<Range>(ts, ts.core.types.range));
  made->start = start.release();
  made->stop = stop.release();
  made->step = step.release();
  made->length = length.release();
  return made;
}

void range_dealloc(gc::Header* header) {
  auto* self = static_cast<Range*>(header);
  drop(self->start);
  drop(self->stop);
  drop(self->step);
  drop(self->length);
  free_object(self);
}

ObjResult range_make(ThreadState& ts, Borrowed<Type>, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "range"));
  OURO_TRY(check_args(ts, args, "range", 1, 3));
  if (args.count == 1) return range_create(ts, nullptr, args[0], nullptr);
  return range_create(ts, args[0], args[1], args.count > 2 ? args[2] : Obj(nullptr));
}

ObjResult range_repr(ThreadState& ts, Obj self) {
  const Range* range = as<Range>(self);
  std::int64_t step;
  const FormatArg parts[] = {FormatArg(range->start), FormatArg(range->stop),
                             FormatArg(range->step)};
  if (small_value(range->step, step) && step == 1)
    return format_message(ts, "range({r}, {r})", {parts, 2});
  return format_message(ts, "range({r}, {r}, {r})", parts);
}

Result<std::int64_t> range_length(ThreadState& ts, Obj self) {
  return int_as_int64(ts, as<Range>(self)->length);
}

Result<bool> range_truth(ThreadState&, Obj self) { return int_sign(as<Range>(self)->length) != 0; }

ObjResult range_item_at(ThreadState& ts, const Range* range, ObjRef index) {
  if (int_sign(index) < 0) index = OURO_TRY(int_add(ts, index, range->length));
  if (int_sign(index) < 0 || int_compare(index, range->length) >= 0) {
    return raise(ts, ts.core.exceptions.IndexError, "range object index out of range");
  }
  return number_at(ts, range, index);
}

ObjResult range_item(ThreadState& ts, Obj self, std::int64_t index) {
  ObjRef number = OURO_TRY(int_result(ts, index));
  return range_item_at(ts, as<Range>(self), std::move(number));
}

// A slice of a range is a range: its ends are numbers of the old one.
ObjResult range_slice(ThreadState& ts, const Range* range, Obj slice) {
  Ref<Str> name = OURO_TRY(intern(ts, "indices"));
  Object* const arguments[] = {range->length};
  ObjRef resolved = OURO_TRY(call_method(ts, slice, name, arguments));
  const Tuple* parts = as<Tuple>(resolved);
  ObjRef start = OURO_TRY(number_at(ts, range, parts->at(0)));
  ObjRef stop = OURO_TRY(number_at(ts, range, parts->at(1)));
  ObjRef step = OURO_TRY(int_multiply(ts, parts->at(2), range->step));
  return make_range(ts, std::move(start), std::move(stop), std::move(step));
}

ObjResult range_subscript(ThreadState& ts, Obj self, Obj key) {
  if (has_index(key)) {
    ObjRef index = OURO_TRY(to_index(ts, key));
    return range_item_at(ts, as<Range>(self), std::move(index));
  }
  if (is_kind(key, TypeKind::Slice)) return range_slice(ts, as<Range>(self), key);
  return raise_type_error(ts, "range indices must be integers or slices, not {t}", key);
}

// Whether an int (or bool) is one of the numbers, by arithmetic.
Result<bool> contains_int(ThreadState& ts, const Range* range, Obj number) {
  const bool upwards = int_sign(range->step) > 0;
  const int from_start = int_compare(number, range->start);
  const int from_stop = int_compare(number, range->stop);
  if (upwards ? from_start < 0 || from_stop >= 0 : from_start > 0 || from_stop <= 0) return false;
  ObjRef distance = OURO_TRY(int_subtract(ts, number, range->start));
  ObjRef rest = OURO_TRY(binary_op(ts, BinaryOp::Remainder, distance, range->step));
  return int_sign(rest) == 0;
}

bool is_plain_int(Obj object) { return is_exact_int(object) || is_bool(object); }

// The place of the first number equal to `item`, by comparing; -1 when there is none. Counts all
// with `total`.
Result<std::int64_t> search(ThreadState& ts, Obj self, Obj item, std::int64_t* total) {
  ObjRef iterator = OURO_TRY(iterate(ts, self));
  for (std::int64_t place = 0;; ++place) {
    ObjRef number;
    const Next next = next_item(ts, iterator, number);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) return std::int64_t{-1};
    if (!OURO_TRY(equals(ts, number, item))) continue;
    if (total == nullptr) return place;
    ++*total;
  }
}

Result<bool> range_contains(ThreadState& ts, Obj self, Obj item) {
  if (is_plain_int(item)) return contains_int(ts, as<Range>(self), item);
  return OURO_TRY(search(ts, self, item, nullptr)) >= 0;
}

ObjResult range_count(ThreadState& ts, Obj self, Args args) {
  if (is_plain_int(args[0]))
    return int_result(ts, OURO_TRY(contains_int(ts, as<Range>(self), args[0])) ? 1 : 0);
  std::int64_t total = 0;
  OURO_TRY(search(ts, self, args[0], &total));
  return int_result(ts, total);
}

ObjResult range_index(ThreadState& ts, Obj self, Args args) {
  const Range* range = as<Range>(self);
  if (!is_plain_int(args[0])) {
    const std::int64_t place = OURO_TRY(search(ts, self, args[0], nullptr));
    if (place >= 0) return int_result(ts, place);
    return raise_value_error(ts, "sequence.index(x): x not in sequence");
  }
  if (!OURO_TRY(contains_int(ts, range, args[0])))
    return raise_value_error(ts, "{r} is not in range", args[0]);
  ObjRef distance = OURO_TRY(int_subtract(ts, args[0], range->start));
  return binary_op(ts, BinaryOp::FloorDivide, distance, range->step);
}

// What equality and hash look at: length, then start when there is one, then step when there are
// two.
Result<Ref<Tuple>> identity_of(ThreadState& ts, const Range* range) {
  Obj none = ts.core.none;
  std::int64_t length;
  const bool small = small_value(range->length, length);
  const bool has_start = !small || length > 0;
  const bool has_step = !small || length > 1;
  return Tuple::of(ts, Obj(range->length), has_start ? Obj(range->start) : none,
                   has_step ? Obj(range->step) : none);
}

ObjResult range_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if ((op != CompareOp::Equal && op != CompareOp::NotEqual) || !is_kind(left, TypeKind::Range) ||
      !is_kind(right, TypeKind::Range)) {
    return ts.core.not_implemented_ref();
  }
  Ref<Tuple> a = OURO_TRY(identity_of(ts, as<Range>(left)));
  Ref<Tuple> b = OURO_TRY(identity_of(ts, as<Range>(right)));
  return compare(ts, a, b, op);
}

Result<std::int64_t> range_hash(ThreadState& ts, Obj self) {
  Ref<Tuple> identity = OURO_TRY(identity_of(ts, as<Range>(self)));
  return hash_of(ts, identity);
}

// -- iterators
// ---------------------------------------------------------------------------------------------------------

// For numbers beyond 64 bits.
struct LongRangeIterator : Object {
  Object *start, *step, *length, *index;  // ints, owned
};

ObjResult long_iterator_create(ThreadState& ts, Obj start, Obj step, Obj length) {
  ObjRef zero = OURO_TRY(int_result(ts, 0));
  Ref<LongRangeIterator> made =
      OURO_TRY(new_object<LongRangeIterator>(ts, ts.core.types.longrange_iterator));
  made->start = start.new_ref().release();
  made->step = step.new_ref().release();
  made->length = length.new_ref().release();
  made->index = zero.release();
  return made;
}

void long_iterator_dealloc(gc::Header* header) {
  auto* self = static_cast<LongRangeIterator*>(header);
  drop(self->index);
  drop(self->start);
  drop(self->step);
  drop(self->length);
  free_object(self);
}

ObjResult long_iterator_step(ThreadState& ts, LongRangeIterator* self) {
  ObjRef one = OURO_TRY(int_result(ts, 1));
  ObjRef offset = OURO_TRY(int_multiply(ts, self->index, self->step));
  ObjRef number = OURO_TRY(int_add(ts, self->start, offset));
  ObjRef index = OURO_TRY(int_add(ts, self->index, one));
  decref(std::exchange(self->index, index.release()));
  return number;
}

Next long_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<LongRangeIterator>(self);
  if (int_compare(iterator->index, iterator->length) >= 0) return Next::Done;
  ObjResult number = long_iterator_step(ts, iterator);
  if (number.raised()) return Next::Raised;
  item = number.take();
  return Next::Item;
}

ObjResult long_iterator_length(ThreadState& ts, Obj self, Args) {
  return int_subtract(ts, as<LongRangeIterator>(self)->length, as<LongRangeIterator>(self)->index);
}

ObjResult reduce_range(ThreadState& ts, ObjRef start, ObjRef step, Obj length, Obj index) {
  ObjRef distance = OURO_TRY(int_multiply(ts, length, step));
  ObjRef stop = OURO_TRY(int_add(ts, start, distance));
  Ref<Range> range = OURO_TRY(make_range(ts, std::move(start), std::move(stop), std::move(step)));
  ObjRef function = OURO_TRY(builtin_function(ts, "iter"));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, range));
  return Tuple::of(ts, function, arguments, index);
}

ObjResult long_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<LongRangeIterator>(self);
  ObjRef index = ObjRef::share(iterator->index);
  return reduce_range(ts, ObjRef::share(iterator->start), ObjRef::share(iterator->step),
                      iterator->length, index);
}

ObjResult long_iterator_setstate(ThreadState& ts, Obj self, Args args) {
  auto* iterator = as<LongRangeIterator>(self);
  ObjRef index = OURO_TRY(to_index(ts, args[0]));
  if (int_sign(index) < 0) index = OURO_TRY(int_result(ts, 0));
  if (int_compare(index, iterator->length) > 0) index = ObjRef::share(iterator->length);
  decref(std::exchange(iterator->index, index.release()));
  return ts.core.none_ref();
}

void range_iterator_dealloc(gc::Header* header) { free_object(static_cast<Object*>(header)); }

std::int64_t advanced(const RangeIterator* iterator,
                      std::int64_t steps) {  // wraps behind the last number only
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(iterator->next) +
                                   static_cast<std::uint64_t>(iterator->step) *
                                       static_cast<std::uint64_t>(steps));
}

Next range_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<RangeIterator>(self);
  if (iterator->remaining <= 0) return Next::Done;
  Result<Ref<Int>> number = Int::from(ts, iterator->next);
  if (number.raised()) return Next::Raised;
  item = number.take();
  iterator->next = advanced(iterator, 1);
  --iterator->remaining;
  return Next::Item;
}

ObjResult range_iterator_length(ThreadState& ts, Obj self, Args) {
  return int_result(ts, as<RangeIterator>(self)->remaining);
}

// As the range of what is left, from its first number.
ObjResult range_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<RangeIterator>(self);
  ObjRef start = OURO_TRY(int_result(ts, iterator->next));
  ObjRef step = OURO_TRY(int_result(ts, iterator->step));
  ObjRef length = OURO_TRY(int_result(ts, iterator->remaining));
  ObjRef index = OURO_TRY(int_result(ts, 0));
  return reduce_range(ts, std::move(start), std::move(step), length, index);
}

ObjResult range_iterator_setstate(ThreadState& ts, Obj self, Args args) {
  const std::int64_t wanted =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  auto* iterator = as<RangeIterator>(self);
  const std::int64_t steps = std::clamp<std::int64_t>(wanted, 0, iterator->remaining);
  iterator->next = advanced(iterator, steps);
  iterator->remaining -= steps;
  return ts.core.none_ref();
}

// Any numbers: the quick iterator when all of them fit.
ObjResult iterator_over(ThreadState& ts, Obj start, Obj step, Obj length) {
  std::int64_t first;
  std::int64_t by;
  std::int64_t count;
  if (small_value(start.get(), first) && small_value(step.get(), by) &&
      small_value(length.get(), count)) {
    const Wide end = Wide{first} + Wide{by} * count;
    if (end >= INT64_MIN && end <= INT64_MAX) return range_iterator_create(ts, first, by, count);
  }
  return long_iterator_create(ts, start, step, length);
}

ObjResult range_iter(ThreadState& ts, Obj self) {
  const Range* range = as<Range>(self);
  return iterator_over(ts, range->start, range->step, range->length);
}

ObjResult range_reversed(ThreadState& ts, Obj self, Args) {
  const Range* range = as<Range>(self);
  ObjRef one = OURO_TRY(int_result(ts, 1));
  ObjRef last = OURO_TRY(int_subtract(ts, range->length, one));
  ObjRef start = OURO_TRY(number_at(ts, range, last));
  ObjRef step = OURO_TRY(negative(ts, range->step));
  return iterator_over(ts, start, step, range->length);
}

ObjResult range_reduce(ThreadState& ts, Obj self, Args) {
  const Range* range = as<Range>(self);
  Ref<Tuple> parts = OURO_TRY(Tuple::of(ts, Obj(range->start), Obj(range->stop), Obj(range->step)));
  return Tuple::of(ts, Obj(self->type()), parts);
}

ObjResult get_start(ThreadState&, Obj self) { return ObjRef::share(as<Range>(self)->start); }
ObjResult get_stop(ThreadState&, Obj self) { return ObjRef::share(as<Range>(self)->stop); }
ObjResult get_step(ThreadState&, Obj self) { return ObjRef::share(as<Range>(self)->step); }

constexpr MethodDef kRangeMethods[] = {
    {"__reversed__", range_reversed, 0, 0, MethodDef::kNone,
     "__reversed__($self, /)\n--\n\nReturn an iterator from the end."},
    {"__reduce__", range_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {"count", range_count, 1, 1, MethodDef::kNone,
     "count($self, value, /)\n--\n\nReturn how many of the numbers equal value."},
    {"index", range_index, 1, 1, MethodDef::kNone,
     "index($self, value, /)\n--\n\nReturn the place of value.\n\nRaises ValueError when it is not "
     "there."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr GetSetDef kRangeGetsets[] = {
    {"start", get_start, refuse_member_set, nullptr, true},
    {"stop", get_stop, refuse_member_set, nullptr, true},
    {"step", get_step, refuse_member_set, nullptr, true},
    {nullptr, nullptr, nullptr, nullptr},
};
constexpr MethodDef kRangeIteratorMethods[] = {
    {"__length_hint__", range_iterator_length, 0, 0, MethodDef::kNone,
     "__length_hint__($self, /)\n--\n\nHow many items are left."},
    {"__reduce__", range_iterator_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {"__setstate__", range_iterator_setstate, 1, 1, MethodDef::kNone,
     "__setstate__($self, state, /)\n--\n\nSet the position."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr MethodDef kLongRangeIteratorMethods[] = {
    {"__length_hint__", long_iterator_length, 0, 0, MethodDef::kNone,
     "__length_hint__($self, /)\n--\n\nHow many items are left."},
    {"__reduce__", long_iterator_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {"__setstate__", long_iterator_setstate, 1, 1, MethodDef::kNone,
     "__setstate__($self, state, /)\n--\n\nSet the position."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace

ObjResult range_create(ThreadState& ts, Obj start, Obj stop, Obj step) {
  ObjRef first = start ? OURO_TRY(to_index(ts, start)) : OURO_TRY(int_result(ts, 0));
  ObjRef end = OURO_TRY(to_index(ts, stop));
  ObjRef by = step ? OURO_TRY(to_index(ts, step)) : OURO_TRY(int_result(ts, 1));
  if (int_sign(by) == 0) return raise_value_error(ts, "range() arg 3 must not be zero");
  return make_range(ts, std::move(first), std::move(end), std::move(by));
}

ObjResult range_iterator_create(ThreadState& ts, std::int64_t start, std::int64_t step,
                                std::int64_t remaining) {
  Ref<RangeIterator> made = OURO_TRY(new_object<RangeIterator>(ts, ts.core.types.range_iterator));
  made->next = start;
  made->step = step;
  made->remaining = remaining;
  return made;
}

void init_range_type(ThreadState&, Type& type) {
  type.info.basic_bytes = sizeof(Range);
  type.info.flags |= kSequencePattern;
  type.info.dealloc = range_dealloc;
  type.make = range_make;
  type.repr = range_repr;
  type.hash = range_hash;
  type.compare = range_compare;
  type.iter = range_iter;
  type.number.truth = range_truth;
  type.sequence.length = range_length;
  type.sequence.item = range_item;
  type.sequence.contains = range_contains;
  type.mapping.length = range_length;
  type.mapping.subscript = range_subscript;
  type.methods = kRangeMethods;
  type.getsets = kRangeGetsets;
  type.doc =
      "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n"
      "The ints from start (or 0) up to but not including stop, step (or 1) apart.";
}

void init_range_iterator_type(ThreadState&, Type& type) {
  type.info.basic_bytes = sizeof(RangeIterator);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = range_iterator_dealloc;
  type.iter = iterator_self;
  type.next = range_iterator_next;
  type.methods = kRangeIteratorMethods;
}

void init_longrange_iterator_type(ThreadState&, Type& type) {
  type.info.basic_bytes = sizeof(LongRangeIterator);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = long_iterator_dealloc;
  type.iter = iterator_self;
  type.next = long_iterator_next;
  type.methods = kLongRangeIteratorMethods;
}

}  // namespace ouro
