// The methods of list.
#include <algorithm>

#include "objects/iterators.h"
#include "objects/list_impl.h"
#include "objects/str.h"

namespace ouro {

namespace {

ObjResult list_append(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(as<List>(self)->append(ts, args[0]));
  return ts.core.none_ref();
}

ObjResult list_clear_method(ThreadState& ts, Obj self, Args) {
  as<List>(self)->clear_items();
  return ts.core.none_ref();
}

ObjResult list_copy(ThreadState& ts, Obj self, Args) {
  return list_slice(ts, as<List>(self), 0, as<List>(self)->size);
}

ObjResult list_count(ThreadState& ts, Obj self, Args args) {
  List* list = as<List>(self);
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < list->size; ++i) {
    if (list->at(i) == args[0]) {
      ++found;
      continue;
    }
    ObjRef item = list->at(i).new_ref();
    if (OURO_TRY(equals(ts, item, args[0]))) ++found;
  }
  return int_result(ts, found);
}

ObjResult list_extend(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(as<List>(self)->extend(ts, args[0]));
  return ts.core.none_ref();
}

ObjResult list_index(ThreadState& ts, Obj self, Args args) {
  List* list = as<List>(self);
  std::int64_t start = 0;
  std::int64_t stop = INT64_MAX;
  if (args.count > 1) start = OURO_TRY(search_bound(ts, args[1]));
  if (args.count > 2) stop = OURO_TRY(search_bound(ts, args[2]));
  if (start < 0) start = std::max<std::int64_t>(start + list->size, 0);
  if (stop < 0) stop = std::max<std::int64_t>(stop + list->size, 0);
  for (std::int64_t i = start; i < stop && i < list->size; ++i) {
    ObjRef item = list->at(i).new_ref();
    if (OURO_TRY(equals(ts, item, args[0]))) return int_result(ts, i);
  }
  return raise_value_error(ts, "{r} is not in list", args[0]);
}

ObjResult list_insert(ThreadState& ts, Obj self, Args args) {
  const std::int64_t index =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  OURO_TRY(as<List>(self)->insert(ts, index, args[1]));
  return ts.core.none_ref();
}

ObjResult list_pop(ThreadState& ts, Obj self, Args args) {
  List* list = as<List>(self);
  std::int64_t index = -1;
  if (args.count > 0)
    index = OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  if (list->size == 0) return raise(ts, ts.core.exceptions.IndexError, "pop from empty list");
  if (index < 0) index += list->size;
  if (index < 0 || index >= list->size)
    return raise(ts, ts.core.exceptions.IndexError, "pop index out of range");
  ObjRef item = ObjRef::steal(list->items[index]);
  const std::int64_t left = list->size - 1;
  std::copy(list->items + index + 1, list->items + list->size, list->items + index);
  if (!list_resize(list, left)) list->size = left;  // the larger storage serves as well
  return item;
}

ObjResult list_remove(ThreadState& ts, Obj self, Args args) {
  List* list = as<List>(self);
  for (std::int64_t i = 0; i < list->size; ++i) {
    ObjRef item = list->at(i).new_ref();
    if (!OURO_TRY(equals(ts, item, args[0]))) continue;
    OURO_TRY(list_assign_slice(ts, list, i, i + 1, nullptr));
    return ts.core.none_ref();
  }
  return raise_value_error(ts, "list.remove(x): x not in list");
}

ObjResult list_reverse(ThreadState& ts, Obj self, Args) {
  OURO_TRY(as<List>(self)->reverse());
  return ts.core.none_ref();
}

ObjResult list_sort_method(ThreadState& ts, Obj self, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "sort", {"*", "key", "reverse"}, 0, values));
  bool reverse = false;
  if (values[1])
    reverse = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError)) != 0;
  OURO_TRY(as<List>(self)->sort(ts, values[0] && !is_none(values[0]) ? values[0] : Obj(nullptr),
                                reverse));
  return ts.core.none_ref();
}

ObjResult list_reversed(ThreadState& ts, Obj self, Args) {
  return list_reverse_iterator_create(ts, self);
}

ObjResult list_getitem(ThreadState& ts, Obj self, Args args) {
  return ts.core.types.list->mapping.subscript(ts, self, args[0]);
}

ObjResult list_sizeof(ThreadState& ts, Obj self, Args) {
  const std::int64_t places =
      std::max<std::int64_t>(as<List>(self)->capacity, 0);  // -1 while it is being sorted
  return int_result(
      ts, self->type()->info.basic_bytes + places * static_cast<std::int64_t>(sizeof(Object*)));
}

}  // namespace

const MethodDef kListMethods[] = {
    {"__getitem__", list_getitem, 1, 1, MethodDef::kCoexist, "x.__getitem__(y) <==> x[y]"},
    {"__reversed__", list_reversed, 0, 0, MethodDef::kNone,
     "__reversed__($self, /)\n--\n\nReturn an iterator from the end of the list."},
    {"__sizeof__", list_sizeof, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nSize of the object in memory, in bytes."},
    {"append", list_append, 1, 1, MethodDef::kNone,
     "append($self, object, /)\n--\n\nAdd object at the end of the list."},
    {"clear", list_clear_method, 0, 0, MethodDef::kNone,
     "clear($self, /)\n--\n\nRemove all items."},
    {"copy", list_copy, 0, 0, MethodDef::kNone,
     "copy($self, /)\n--\n\nReturn a new list of the same items."},
    {"count", list_count, 1, 1, MethodDef::kNone,
     "count($self, value, /)\n--\n\nReturn the number of places that hold value."},
    {"extend", list_extend, 1, 1, MethodDef::kNone,
     "extend($self, iterable, /)\n--\n\nAdd the items of iterable at the end."},
    {"index", list_index, 1, 3, MethodDef::kNone,
     "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\nReturn the first place that holds "
     "value.\n\n"
     "Raises ValueError when there is none."},
    {"insert", list_insert, 2, 2, MethodDef::kNone,
     "insert($self, index, object, /)\n--\n\nPut object before place index."},
    {"pop", list_pop, 0, 1, MethodDef::kNone,
     "pop($self, index=-1, /)\n--\n\nRemove the item at index (the last) and return it.\n\n"
     "Raises IndexError when the list is empty or index is out of range."},
    {"remove", list_remove, 1, 1, MethodDef::kNone,
     "remove($self, value, /)\n--\n\nRemove the first item equal to value.\n\nRaises ValueError "
     "when there is none."},
    {"reverse", list_reverse, 0, 0, MethodDef::kNone,
     "reverse($self, /)\n--\n\nTurn the order round, in place."},
    {"sort", list_sort_method, 0, -1, MethodDef::kKeywords,
     "sort($self, /, *, key=None, reverse=False)\n--\n\nSort in place, smallest first; items that "
     "compare equal keep their order.\n\n"
     "With key, what key(item) returns is compared. With reverse, largest first."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass,
     "list[...] for annotations."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

}  // namespace ouro
