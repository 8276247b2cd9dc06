// Tuple.
#include "objects/tuple.h"

#include <algorithm>
#include <bit>

#include "objects/container_support.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/range.h"
#include "objects/str.h"
#include "objects/type_inits.h"
#include "support/checked_size.h"

namespace ouro {

namespace {

// CPython keeps this many dead tuples of a length. (It keeps those of 20 items too, but never takes one out again.)
constexpr std::uint16_t kFreeListLimit = 2000;
constexpr std::int64_t kFreeListLengths = sizeof(CoreObjects::free_tuples) / sizeof(std::uint16_t);

Result<Ref<Tuple>> allocate_tuple(ThreadState& ts, Borrowed<Type> type, std::int64_t size) {
  std::size_t bytes = 0;
  if (size < 0 || !checked_size(static_cast<std::size_t>(size), sizeof(Object*),
                                type->info.basic_bytes, &bytes)) {
    return raise_no_memory(ts);
  }
  if (type.get() == ts.core.types.tuple && size < ArgumentTuple::kRebornTuples &&
      ts.core.free_tuples[size] > 0) {
    --ts.core.free_tuples[size];
    ObjRef made = OURO_TRY(allocate_object_uncounted(ts, type, bytes));
    as<Tuple>(made)->size = size;
    return Ref<Tuple>::steal(as<Tuple>(made.release()));
  }
  Ref<Tuple> made = OURO_TRY(new_object<Tuple>(ts, type, bytes));
  made->size = size;
  return made;
}

void tuple_dealloc(gc::Header* header) {
  auto* self = static_cast<Tuple*>(header);
  untrack(self);
  for (std::int64_t i = self->size; i-- > 0;) drop(self->items[i]);
  bool counted = true;
  if (is_exact_tuple(self) && self->size > 0 && self->size < kFreeListLengths) {
    std::uint16_t& kept = current_thread_state()->core.free_tuples[self->size];
    if (kept < kFreeListLimit) {
      ++kept;
      counted = false;
    }
  }
  free_object(self, counted);
}

// A tuple of things that cannot form cycles cannot do so either. A null place: the tuple is still
// being filled.
bool tuple_stays_tracked(const gc::Header* header, bool) {
  Obj self = static_cast<Object*>(const_cast<gc::Header*>(header));
  if (!is_exact_tuple(self)) return true;
  const Tuple* tuple = as<Tuple>(self);
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    if (tuple->items[i] == nullptr || may_form_cycles(tuple->items[i])) return true;
  }
  return false;
}

ObjResult tuple_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type.get() == ts.core.types.tuple || type->init == ts.core.types.tuple->init) {
    OURO_TRY(check_args(ts, args, "tuple", 0, 1));
  }
  Ref<Tuple> exact;
  if (args.count == 0) {
    exact = Ref<Tuple>::share(ts.core.empty_tuple);
  } else {
    exact = OURO_TRY(tuple_from_iterable(ts, args[0]));
  }
  if (type.get() == ts.core.types.tuple) return exact;
  Ref<Tuple> made = OURO_TRY(allocate_tuple(ts, type, exact->size));
  for (std::int64_t i = 0; i < exact->size; ++i) made->items[i] = exact->at(i).new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult tuple_repr(ThreadState& ts, Obj self) {
  Tuple* tuple = as<Tuple>(self);
  if (tuple->size == 0) return Str::from_utf8(ts, "()");
  if (!OURO_TRY(repr_enter(ts, self))) return Str::from_utf8(ts, "(...)");
  auto show = [&]() -> ObjResult {
    StrBuilder out(ts);
    OURO_TRY(out.append("("));
    for (std::int64_t i = 0; i < tuple->size; ++i) {
      if (i > 0) OURO_TRY(out.append(", "));
      Ref<Str> text = OURO_TRY(repr_of(ts, tuple->at(i)));
      OURO_TRY(out.append(text));
    }
    OURO_TRY(out.append(tuple->size == 1 ? ",)" : ")"));
    return out.finish();
  };
  ObjResult shown = show();
  repr_leave(ts, self);
  return shown;
}

// The xxHash mixing of CPython's tuples: hashes agree when those of the items do.
Result<std::int64_t> tuple_hash(ThreadState& ts, Obj self) {
  constexpr std::uint64_t kPrime1 = 11400714785074694791u, kPrime2 = 14029467366897019727u,
                          kPrime5 = 2870177450012600261u;
  NativeDepth depth(ts, " while computing a hash");
  if (!depth.ok()) return Raised{};
  Tuple* tuple = as<Tuple>(self);
  std::uint64_t sum = kPrime5;
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    const auto lane = static_cast<std::uint64_t>(OURO_TRY(hash_of(ts, tuple->at(i))));
    sum = std::rotl(sum + lane * kPrime2, 31) * kPrime1;
  }
  sum += static_cast<std::uint64_t>(tuple->size) ^ (kPrime5 ^ 3527539u);
  return sum == ~std::uint64_t{0} ? std::int64_t{1546275796} : static_cast<std::int64_t>(sum);
}

ObjResult tuple_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_tuple(left) || !is_tuple(right)) return ts.core.not_implemented_ref();
  return compare_rows(ts, as<Tuple>(left), as<Tuple>(right), op);
}

Result<std::int64_t> tuple_length(ThreadState&, Obj self) { return as<Tuple>(self)->size; }

ObjResult tuple_item(ThreadState& ts, Obj self, std::int64_t index) {
  Tuple* tuple = as<Tuple>(self);
  if (index < 0 || index >= tuple->size)
    return raise(ts, ts.core.exceptions.IndexError, "tuple index out of range");
  return tuple->at(index).new_ref();
}

ObjResult tuple_subscript(ThreadState& ts, Obj self, Obj key) {
  Tuple* tuple = as<Tuple>(self);
  if (has_index(key)) {
    std::int64_t index = OURO_TRY(subscript_index(ts, key));
    if (index < 0) index += tuple->size;
    return tuple_item(ts, self, index);
  }
  if (!is_kind(key, TypeKind::Slice))
    return raise_type_error(ts, "tuple indices must be integers or slices, not {t}", key);
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  const SliceIndices range = slice_adjust(raw, tuple->size);
  if (range.count == tuple->size && range.step == 1 && is_exact_tuple(self)) return self.new_ref();
  if (range.step == 1)
    return Tuple::from(ts, tuple->items + range.start, static_cast<std::size_t>(range.count));
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, range.count));
  if (range.count == 0) return made;
  for (std::int64_t i = 0, at = range.start; i < range.count; ++i, at += range.step) {
    made->items[i] = tuple->at(at).new_ref().release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

Result<bool> tuple_contains(ThreadState& ts, Obj self, Obj item) {
  Tuple* tuple = as<Tuple>(self);
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    if (OURO_TRY(equals(ts, tuple->at(i), item))) return true;
  }
  return false;
}

ObjResult tuple_concat(ThreadState& ts, Obj left, Obj right) {
  Tuple* a = as<Tuple>(left);
  if (a->size == 0 && is_exact_tuple(right)) return right.new_ref();
  if (!is_tuple(right))
    return raise_type_error(ts, "can only concatenate tuple (not \"{t}\") to tuple", right);
  Tuple* b = as<Tuple>(right);
  if (b->size == 0 && is_exact_tuple(left)) return left.new_ref();
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, a->size + b->size));
  if (made->size == 0) return made;
  for (std::int64_t i = 0; i < a->size; ++i) made->items[i] = a->at(i).new_ref().release();
  for (std::int64_t i = 0; i < b->size; ++i)
    made->items[a->size + i] = b->at(i).new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult tuple_repeat(ThreadState& ts, Obj self, std::int64_t count) {
  Tuple* tuple = as<Tuple>(self);
  if ((tuple->size == 0 || count == 1) && is_exact_tuple(self)) return self.new_ref();
  if (tuple->size == 0 || count <= 0) return Ref<Tuple>::share(ts.core.empty_tuple);
  std::int64_t size = 0;
  if (__builtin_mul_overflow(tuple->size, count, &size)) return raise_no_memory(ts);
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, size));
  for (std::int64_t i = 0; i < size;) {
    for (std::int64_t j = 0; j < tuple->size; ++j)
      made->items[i++] = tuple->at(j).new_ref().release();
  }
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult tuple_count(ThreadState& ts, Obj self, Args args) {
  Tuple* tuple = as<Tuple>(self);
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    if (OURO_TRY(equals(ts, tuple->at(i), args[0]))) ++found;
  }
  return int_result(ts, found);
}

ObjResult tuple_index(ThreadState& ts, Obj self, Args args) {
  Tuple* tuple = as<Tuple>(self);
  std::int64_t start = 0;
  std::int64_t stop = INT64_MAX;
  if (args.count > 1) start = OURO_TRY(search_bound(ts, args[1]));
  if (args.count > 2) stop = OURO_TRY(search_bound(ts, args[2]));
  if (start < 0) start = std::max<std::int64_t>(start + tuple->size, 0);
  if (stop < 0) stop = std::max<std::int64_t>(stop + tuple->size, 0);
  for (std::int64_t i = start; i < tuple->size && i < stop; ++i) {
    if (OURO_TRY(equals(ts, tuple->at(i), args[0]))) return int_result(ts, i);
  }
  return raise_value_error(ts, "tuple.index(x): x not in tuple");
}

// The items in a plain tuple, for copies and pickles of subclasses.
ObjResult tuple_getnewargs(ThreadState& ts, Obj self, Args) {
  Tuple* tuple = as<Tuple>(self);
  Ref<Tuple> items = OURO_TRY(Tuple::from(ts, tuple->items, static_cast<std::size_t>(tuple->size)));
  return Tuple::of(ts, items);
}

ObjResult tuple_sizeof(ThreadState& ts, Obj self, Args) {
  const Type* type = self->type();
  return int_result(ts, type->info.basic_bytes +
                            as<Tuple>(self)->size * static_cast<std::int64_t>(sizeof(Object*)));
}

constexpr MethodDef kTupleMethods[] = {
    {"__getnewargs__", tuple_getnewargs, 0, 0, MethodDef::kNone,
     "__getnewargs__($self, /)\n--\n\n"},
    {"__sizeof__", tuple_sizeof, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nSize of the object in memory, in bytes."},
    {"count", tuple_count, 1, 1, MethodDef::kNone,
     "count($self, value, /)\n--\n\nReturn the number of places that hold value."},
    {"index", tuple_index, 1, 3, MethodDef::kNone,
     "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\nReturn the first place that holds "
     "value.\n\n"
     "Raises ValueError when there is none."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass,
     "tuple[...] for annotations."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace

void ArgumentTuple::give_back() {
  if (count_ < kFreeListLengths && core_.free_tuples[count_] < kFreeListLimit) {
    ++core_.free_tuples[count_];
  } else {
    current_thread_state()->space.collector.count_release();
  }
}

void ArgumentDict::give_back() {
  if (core_.free_dicts < kFreeListLimit) {
    ++core_.free_dicts;
  } else {
    current_thread_state()->space.collector.count_release();
  }
}

Result<Ref<Tuple>> Tuple::make(ThreadState& ts, std::int64_t size) {
  if (size == 0 && ts.core.empty_tuple != nullptr) return Ref<Tuple>::share(ts.core.empty_tuple);
  return allocate_tuple(ts, ts.core.types.tuple, size);
}

Result<Ref<Tuple>> Tuple::from(ThreadState& ts, Object* const* items, std::size_t count) {
  if (count == 0) return make(ts, 0);
  Ref<Tuple> made = OURO_TRY(make(ts, static_cast<std::int64_t>(count)));
  for (std::size_t i = 0; i < count; ++i) made->items[i] = Obj(items[i]).new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

Result<Ref<Tuple>> tuple_from_iterable(ThreadState& ts, Obj iterable) {
  if (is_exact_tuple(iterable)) return Ref<Tuple>::share(as<Tuple>(iterable));
  if (is_exact_list(iterable)) return list_as_tuple(ts, as<List>(iterable));
  ItemBuffer items(ts);
  OURO_TRY(items.collect(iterable));
  if (items.size() == 0) return Tuple::make(ts, 0);
  Ref<Tuple> made = OURO_TRY(Tuple::make(ts, items.size()));
  items.move_to(made->items);
  OURO_TRY(track(ts, made));
  return made;
}

void init_tuple_type(ThreadState&, Type& type) {
  type.info.basic_bytes = static_cast<std::uint32_t>(Tuple::bytes_for(0));
  type.item_bytes = sizeof(Object*);
  type.info.flags |= gc::kCollected;
  type.info.flags |= kBaseType | kTupleSubclass | kSequencePattern | kMatchSelf;
  gc::EdgeFunctions<Tuple>::install(type.info);
  type.info.dealloc = tuple_dealloc;
  type.info.stays_tracked = tuple_stays_tracked;
  type.make = tuple_make;
  type.repr = tuple_repr;
  type.hash = tuple_hash;
  type.compare = tuple_compare;
  type.iter = tuple_iterator_create;
  type.sequence.length = tuple_length;
  type.sequence.concat = tuple_concat;
  type.sequence.repeat = tuple_repeat;
  type.sequence.item = tuple_item;
  type.sequence.contains = tuple_contains;
  type.mapping.length = tuple_length;
  type.mapping.subscript = tuple_subscript;
  type.methods = kTupleMethods;
  type.doc =
      "tuple(iterable=(), /)\n--\n\nAn immutable sequence.\n\n"
      "Without an argument the empty tuple; a tuple given is returned itself.";
}

}  // namespace ouro
