// Module _bisect: searching in and inserting into sorted sequences.
#include "modules/module_support.h"
#include "modules/native_modules.h"
#include "objects/list.h"

namespace ouro {

namespace {

enum class Side : std::uint8_t { Left, Right };

struct Search {
  Obj sequence;
  Obj wanted;
  Obj key;  // null: none
  std::int64_t low;
  std::int64_t high;
};

Result<Search> read_arguments(ThreadState& ts, Args args, const char* name) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, name, {"a", "x", "lo", "hi", "*key"}, 2, values));
  Search search{values[0], values[1], nullptr, 0, -1};
  if (values[4] && !is_none(values[4])) search.key = values[4];
  if (values[2])
    search.low = OURO_TRY(index_as_int64(ts, values[2], ts.core.exceptions.OverflowError));
  if (values[3] && !is_none(values[3]))
    search.high = OURO_TRY(index_as_int64(ts, values[3], ts.core.exceptions.OverflowError));
  return search;
}

ObjResult item_at(ThreadState& ts, Obj sequence, std::int64_t index) {
  if (is_exact_list(sequence) && index < as<List>(sequence)->size)
    return as<List>(sequence)->at(index).new_ref();
  Ref<Int> number = OURO_TRY(Int::from(ts, index));
  return get_item(ts, sequence, number);
}

/// Where `wanted` belongs: behind (Right) or before (Left) the items equal to it.
Result<std::int64_t> find_place(ThreadState& ts, const Search& search, Obj wanted, Side side) {
  if (search.low < 0) return raise_value_error(ts, "lo must be non-negative");
  std::int64_t low = search.low;
  std::int64_t high = search.high;
  if (high == -1) high = OURO_TRY(length_of(ts, search.sequence));
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    ObjRef item = OURO_TRY(item_at(ts, search.sequence, middle));
    if (search.key) item = OURO_TRY(call(ts, search.key, item));
    const bool go_left = side == Side::Right
                             ? OURO_TRY(compare_is_true(ts, wanted, item, CompareOp::Less))
                             : !OURO_TRY(compare_is_true(ts, item, wanted, CompareOp::Less));
    if (go_left) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

template <Side kSide>
ObjResult bisect(ThreadState& ts, Obj, Args args) {
  const Search search =
      OURO_TRY(read_arguments(ts, args, kSide == Side::Right ? "bisect_right" : "bisect_left"));
  return int_result(ts, OURO_TRY(find_place(ts, search, search.wanted, kSide)));
}

template <Side kSide>
ObjResult insort(ThreadState& ts, Obj, Args args) {
  const Search search =
      OURO_TRY(read_arguments(ts, args, kSide == Side::Right ? "insort_right" : "insort_left"));
  ObjRef wanted = search.wanted.new_ref();
  if (search.key) wanted = OURO_TRY(call(ts, search.key, wanted));
  const std::int64_t place = OURO_TRY(find_place(ts, search, wanted, kSide));
  if (is_exact_list(search.sequence)) {
    OURO_TRY(as<List>(search.sequence)->insert(ts, place, search.wanted));
    return ts.core.none_ref();
  }
  Ref<Int> number = OURO_TRY(Int::from(ts, place));
  Object* insert_args[] = {number.get(), search.wanted.get()};
  const ObjRef ignored =
      OURO_TRY(call_method(ts, search.sequence, ts.core.names.n_insert, insert_args));
  return ts.core.none_ref();
}

constexpr const char* kBisectRight =
    "bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nThe index where to insert x "
    "in the sorted sequence a, behind "
    "items equal to it.";
constexpr const char* kBisectLeft =
    "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nThe index where to insert x "
    "in the sorted sequence a, before "
    "items equal to it.";
constexpr MethodDef kFunctions[] = {
    {"bisect_right", bisect<Side::Right>, 0, -1, MethodDef::kKeywords, kBisectRight},
    {"bisect", bisect<Side::Right>, 0, -1, MethodDef::kKeywords, "Alias for bisect_right()."},
    {"bisect_left", bisect<Side::Left>, 0, -1, MethodDef::kKeywords, kBisectLeft},
    {"insort_right", insort<Side::Right>, 0, -1, MethodDef::kKeywords,
     "insort_right($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nInserts x into the sorted "
     "sequence a, behind items equal to it."},
    {"insort", insort<Side::Right>, 0, -1, MethodDef::kKeywords, "Alias for insort_right()."},
    {"insort_left", insort<Side::Left>, 0, -1, MethodDef::kKeywords,
     "insort_left($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\nInserts x into the sorted "
     "sequence a, before items equal to it."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Result<Ref<Module>> create_bisect_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "_bisect"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  return module;
}

}  // namespace ouro
