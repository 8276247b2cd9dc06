// The slots and methods of dict.
#include "objects/dict_impl.h"
#include "objects/list.h"
#include "objects/set_impl.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

void dict_dealloc(gc::Header* header) {
  auto* self = static_cast<Dict*>(header);
  untrack(self);
  if (self->keys != nullptr) dict_drop_table(self);
  bool counted = true;
  if (is_exact_dict(self)) {
    std::uint16_t& kept = current_thread_state()->core.free_dicts;
    if (kept < ArgumentDict::kFreeListLimit) {
      ++kept;
      counted = false;
    }
  }
  free_object(self, counted);
}

void dict_clear_slot(gc::Header* header) { dict_clear(static_cast<Dict*>(header)); }

// Asked at the end of full collections: a dict of plain data cannot be part of a cycle.
bool dict_stays_tracked(const gc::Header* header, bool full_collection) {
  Obj self = static_cast<Object*>(const_cast<gc::Header*>(header));
  if (!full_collection || !is_exact_dict(self)) return true;
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(as<Dict>(self), position, key, value)) {
    if (may_form_cycles(value) || may_form_cycles(key)) return true;
  }
  return false;
}

Status merge_keywords(ThreadState& ts, Borrowed<Dict> dict, Args args) {
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    OURO_TRY(dict_set(ts, dict, args.keywords->at(i), args.keyword_value(i)));
  }
  return kDone;
}

Status update_from_args(ThreadState& ts, Borrowed<Dict> dict, Args args,
                        const char* function_name) {
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, function_name, 0, 1));
  if (args.count == 1) OURO_TRY(dict_merge(ts, dict, args[0]));
  return merge_keywords(ts, dict, args);
}

ObjResult dict_repr(ThreadState& ts, Obj self) {
  Dict* dict = as<Dict>(self);
  if (dict->used == 0) return Str::from_utf8(ts, "{}");
  if (!OURO_TRY(repr_enter(ts, self))) return Str::from_utf8(ts, "{...}");
  auto show = [&]() -> ObjResult {
    StrBuilder out(ts);
    OURO_TRY(out.append("{"));
    std::uint32_t position = 0;
    bool first = true;
    Obj key;
    Obj value;
    while (dict_next(dict, position, key, value)) {
      ObjRef held_key = key.new_ref();
      ObjRef held_value = value.new_ref();
      if (!first) OURO_TRY(out.append(", "));
      first = false;
      Ref<Str> text = OURO_TRY(repr_of(ts, held_key));
      OURO_TRY(out.append(text));
      OURO_TRY(out.append(": "));
      text = OURO_TRY(repr_of(ts, held_value));
      OURO_TRY(out.append(text));
    }
    OURO_TRY(out.append("}"));
    return out.finish();
  };
  ObjResult shown = show();
  repr_leave(ts, self);
  return shown;
}

Result<bool> dict_equal(ThreadState& ts, Borrowed<Dict> left, Borrowed<Dict> right) {
  if (left->used != right->used) return false;
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(left, position, key, value)) {
    const std::int64_t hash = left->hash_at(position - 1);
    ObjRef held_key = key.new_ref();
    ObjRef held_value = value.new_ref();
    const Lookup found = dict_lookup_hashed(ts, right, held_key, hash);
    if (found.failed) return Raised{};
    if (found.value == nullptr) return false;
    ObjRef other = ObjRef::share(found.value);
    if (!OURO_TRY(equals(ts, held_value, other))) return false;
  }
  return true;
}

ObjResult dict_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if ((op != CompareOp::Equal && op != CompareOp::NotEqual) || !is_dict(left) || !is_dict(right)) {
    return ts.core.not_implemented_ref();
  }
  const bool equal = OURO_TRY(dict_equal(ts, as<Dict>(left), as<Dict>(right)));
  return ts.core.bool_ref(equal == (op == CompareOp::Equal));
}

Result<std::int64_t> dict_length(ThreadState&, Obj self) {
  return std::int64_t{as<Dict>(self)->used};
}

Status dict_set_subscript(ThreadState& ts, Obj self, Obj key, Obj value) {
  if (value) return dict_set(ts, as<Dict>(self), key, value);
  if (!OURO_TRY(dict_remove(ts, as<Dict>(self), key)))
    return raise_with(ts, ts.core.exceptions.KeyError, key);
  return kDone;
}

Result<bool> dict_contains_slot(ThreadState& ts, Obj self, Obj key) {
  return dict_contains(ts, as<Dict>(self), key);
}

// -- methods
// -----------------------------------------------------------------------------------------------------------

ObjResult dict_get(ThreadState& ts, Obj self, Args args) {
  const Lookup found = dict_lookup(ts, as<Dict>(self), args[0]);
  if (found.failed) return Raised{};
  if (found.value != nullptr) return ObjRef::share(found.value);
  return args.count > 1 ? args[1].new_ref() : ts.core.none_ref();
}

ObjResult dict_setdefault(ThreadState& ts, Obj self, Args args) {
  return dict_set_default(ts, as<Dict>(self), args[0],
                          args.count > 1 ? args[1] : Obj(ts.core.none));
}

ObjResult dict_pop_method(ThreadState& ts, Obj self, Args args) {
  Popped popped = dict_pop(ts, as<Dict>(self), args[0]);
  if (popped.failed) return Raised{};
  if (popped.value) return std::move(popped.value);
  if (args.count > 1) return args[1].new_ref();
  return raise_with(ts, ts.core.exceptions.KeyError, args[0]);
}

ObjResult dict_popitem(ThreadState& ts, Obj self, Args) {
  // The pair is made first: making it may run a collection, and a failure must not lose the entry.
  ObjRef none = ts.core.none_ref();
  Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, none, none));
  RemovedEntry taken;
  if (dict_take_last(as<Dict>(self), taken) == Removal::Absent) {
    return raise(ts, ts.core.exceptions.KeyError, "popitem(): dictionary is empty");
  }
  Object** places = pair->items;
  decref(std::exchange(places[0], taken.key.release()));
  decref(std::exchange(places[1], taken.value.release()));
  return pair;
}

ObjResult dict_update(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(update_from_args(ts, as<Dict>(self), args, "update"));
  return ts.core.none_ref();
}

ObjResult dict_clear_method(ThreadState& ts, Obj self, Args) {
  dict_clear(as<Dict>(self));
  return ts.core.none_ref();
}

ObjResult dict_copy_method(ThreadState& ts, Obj self, Args) {
  return dict_copy(ts, as<Dict>(self));
}

ObjResult dict_keys_method(ThreadState& ts, Obj self, Args) {
  return dict_view_create(ts, ts.core.types.dict_keys, as<Dict>(self));
}

ObjResult dict_values_method(ThreadState& ts, Obj self, Args) {
  return dict_view_create(ts, ts.core.types.dict_values, as<Dict>(self));
}

ObjResult dict_items_method(ThreadState& ts, Obj self, Args) {
  return dict_view_create(ts, ts.core.types.dict_items, as<Dict>(self));
}

ObjResult dict_reversed(ThreadState& ts, Obj self, Args) {
  return dict_reverse_iterator_create(ts, ts.core.types.dict_reverse_key_iterator, as<Dict>(self));
}

ObjResult dict_sizeof(ThreadState& ts, Obj self, Args) {
  return int_result(ts, static_cast<std::int64_t>(dict_bytes(as<Dict>(self))));
}

ObjResult dict_fromkeys(ThreadState& ts, Obj self, Args args) {
  ObjRef value = args.count > 1 ? args[1].new_ref() : ts.core.none_ref();
  ObjRef made = OURO_TRY(call(ts, self));
  const bool direct = is_exact_dict(made);
  if (direct && (is_exact_dict(args[0]) || is_any_set(args[0]))) {
    const std::int64_t count =
        is_exact_dict(args[0]) ? dict_size(as<Dict>(args[0])) : set_size(as<Set>(args[0]));
    if (count > 0 && !dict_reserve(as<Dict>(made), count)) return raise_no_memory(ts);
  }
  // Sets and dicts know the hashes of their members, which are not asked for again.
  if (direct && (is_kind(args[0], TypeKind::Set) || is_kind(args[0], TypeKind::FrozenSet))) {
    std::uint64_t position = 0;
    Obj key;
    std::int64_t hash = 0;
    while (set_next_hashed(as<Set>(args[0]), position, key, hash)) {
      const ObjRef held = key.new_ref();
      OURO_TRY(dict_set_hashed(ts, as<Dict>(made), held, hash, value));
    }
    return made;
  }
  if (direct && is_exact_dict(args[0])) {
    std::uint32_t position = 0;
    Obj key;
    Obj ignored;
    while (dict_next(as<Dict>(args[0]), position, key, ignored)) {
      const std::int64_t hash = as<Dict>(args[0])->hash_at(position - 1);
      const ObjRef held = key.new_ref();
      OURO_TRY(dict_set_hashed(ts, as<Dict>(made), held, hash, value));
    }
    return made;
  }
  OURO_TRY(for_each_item(ts, args[0], [&](ObjRef key) -> Status {
    return direct ? dict_set(ts, as<Dict>(made), key, value) : set_item(ts, made, key, value);
  }));
  return made;
}

}  // namespace

ObjResult dict_make(ThreadState& ts, Borrowed<Type> type, Args) {
  Ref<Dict> made = OURO_TRY(new_object<Dict>(ts, type, type->info.basic_bytes));
  if (type.get() != ts.core.types.dict) OURO_TRY(track(ts, made));
  return made;
}

Status dict_init(ThreadState& ts, Obj self, Args args) {
  return update_from_args(ts, as<Dict>(self), args, "dict");
}

ObjResult dict_iter(ThreadState& ts, Obj self) {
  return dict_iterator_create(ts, ts.core.types.dict_key_iterator, as<Dict>(self));
}

ObjResult dict_subscript(ThreadState& ts, Obj self, Obj key) {
  const Lookup found = dict_lookup(ts, as<Dict>(self), key);
  if (found.failed) return Raised{};
  if (found.value != nullptr) return ObjRef::share(found.value);
  if (!is_exact_dict(self)) {
    MaybeAttribute missing = find_special(ts, self, ts.core.names.dunder_missing);
    if (missing.failed) return Raised{};
    if (missing.value) return call(ts, missing.value, key);
  }
  return raise_with(ts, ts.core.exceptions.KeyError, key);
}

namespace {

ObjResult dict_getitem(ThreadState& ts, Obj self, Args args) {
  return dict_subscript(ts, self, args[0]);
}

ObjResult dict_contains_method(ThreadState& ts, Obj self, Args args) {
  return bool_result(ts, dict_contains_slot(ts, self, args[0]));
}

}  // namespace

const MethodDef kDictMethods[] = {
    {"__contains__", dict_contains_method, 1, 1, MethodDef::kCoexist,
     "__contains__($self, key, /)\n--\n\nTrue when the dict has the key."},
    {"__getitem__", dict_getitem, 1, 1, MethodDef::kCoexist, "x.__getitem__(y) <==> x[y]"},
    {"__reversed__", dict_reversed, 0, 0, MethodDef::kNone,
     "__reversed__($self, /)\n--\n\nReturn an iterator over the keys, newest first."},
    {"__sizeof__", dict_sizeof, 0, 0, MethodDef::kNone,
     "__sizeof__($self, /)\n--\n\nSize of the object in memory, in bytes."},
    {"get", dict_get, 1, 2, MethodDef::kNone,
     "get($self, key, default=None, /)\n--\n\nReturn the value under key, or default when there is "
     "none."},
    {"setdefault", dict_setdefault, 1, 2, MethodDef::kNone,
     "setdefault($self, key, default=None, /)\n--\n\nReturn the value under key, storing default "
     "there first when there is none."},
    {"pop", dict_pop_method, 1, 2, MethodDef::kNone,
     "pop($self, key[, default], /)\n--\n\nRemove key and return its value, or default when there "
     "is none.\n\n"
     "Raises KeyError when there is neither."},
    {"popitem", dict_popitem, 0, 0, MethodDef::kNone,
     "popitem($self, /)\n--\n\nRemove the newest key and return it with its value, as a "
     "tuple.\n\nRaises KeyError when the dict is empty."},
    {"keys", dict_keys_method, 0, 0, MethodDef::kNone,
     "keys($self, /)\n--\n\nReturn a view of the keys."},
    {"items", dict_items_method, 0, 0, MethodDef::kNone,
     "items($self, /)\n--\n\nReturn a view of the (key, value) pairs."},
    {"values", dict_values_method, 0, 0, MethodDef::kNone,
     "values($self, /)\n--\n\nReturn a view of the values."},
    {"update", dict_update, 0, -1, MethodDef::kKeywords | MethodDef::kArgumentTuple,
     "update($self, other=(), /, **kwargs)\n--\n\nStore the items of a mapping or of pairs, then "
     "the keyword arguments."},
    {"fromkeys", dict_fromkeys, 1, 2, MethodDef::kClass,
     "fromkeys($type, iterable, value=None, /)\n--\n\nMake a dict with the items of iterable as "
     "keys, all with one value."},
    {"clear", dict_clear_method, 0, 0, MethodDef::kNone,
     "clear($self, /)\n--\n\nRemove all items."},
    {"copy", dict_copy_method, 0, 0, MethodDef::kNone,
     "copy($self, /)\n--\n\nReturn a new dict of the same items."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass,
     "dict[...] for annotations."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

void init_dict_type(ThreadState&, Type& type) {
  init_collected<Dict>(type);
  type.info.buffer_offset = offsetof(Dict, keys);
  type.info.flags |= kBaseType | kDictSubclass | kMappingPattern | kMatchSelf;
  type.info.dealloc = dict_dealloc;
  type.info.clear = dict_clear_slot;
  type.info.stays_tracked = dict_stays_tracked;
  type.make = dict_make;
  type.init = dict_init;
  type.repr = dict_repr;
  type.compare = dict_compare;
  type.iter = dict_iter;
  type.number.bit_or = dict_or;
  type.number.inplace_or = dict_inplace_or;
  type.sequence.contains = dict_contains_slot;
  type.mapping.length = dict_length;
  type.mapping.subscript = dict_subscript;
  type.mapping.set_subscript = dict_set_subscript;
  type.methods = kDictMethods;
  type.doc =
      "dict(iterable_or_mapping=(), /, **kwargs)\n--\n\nA mapping of keys to values, in order of "
      "insertion.\n\n"
      "Filled from a mapping or from pairs, then from the keyword arguments.";
}

}  // namespace ouro
