// The methods, slots and iterator of set and frozenset.
#include "objects/list.h"
#include "objects/set_impl.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

struct SetIterator : Object {
  Set* set;           // owned, null when exhausted
  std::int64_t used;  // of the set at the start; -1 after it was found changed
  std::uint64_t position;
  std::int64_t remaining;
  template <class V>
  void edges(V& v) const {
    v.edge(set, gc::slot_label("set"));
  }
};

void set_dealloc(gc::Header* header) {
  auto* self = static_cast<Set*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  set_clear(self);
  free_object(self);
}

void set_clear_slot(gc::Header* header) { set_clear(static_cast<Set*>(header)); }

ObjResult set_make(ThreadState& ts, Borrowed<Type> type, Args) { return Set::create(ts, type); }

Status set_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_args(ts, args, "set", 0, 1));
  set_clear(as<Set>(self));
  if (args.count == 0) return kDone;
  return set_update(ts, as<Set>(self), args[0]);
}

ObjResult frozenset_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type.get() == ts.core.types.frozenset || type->init == ts.core.types.frozenset->init) {
    OURO_TRY(check_args(ts, args, "frozenset", 0, 1));
  }
  if (args.count == 0) return Set::create(ts, type);
  if (type.get() == ts.core.types.frozenset && is_kind(args[0], TypeKind::FrozenSet))
    return args[0].new_ref();
  return set_from_iterable(ts, type, args[0]);
}

ObjResult set_repr(ThreadState& ts, Obj self) {
  const bool plain = is_kind(self, TypeKind::Set);
  if (set_size(as<Set>(self)) == 0) {
    const FormatArg name[] = {FormatArg(type_name(self))};
    return format_message(ts, "{}()", name);
  }
  if (!OURO_TRY(repr_enter(ts, self))) {
    const FormatArg name[] = {FormatArg(type_name(self))};
    return format_message(ts, "{}(...)", name);
  }
  auto show = [&]() -> ObjResult {
    // What is shown is a copy: __repr__ of a member may change the set.
    Ref<List> members = OURO_TRY(list_from_iterable(ts, self));
    StrBuilder out(ts);
    if (!plain) {
      OURO_TRY(out.append(std::string_view(type_name(self))));
      OURO_TRY(out.append("("));
    }
    OURO_TRY(out.append("{"));
    for (std::int64_t i = 0; i < members->size; ++i) {
      if (i > 0) OURO_TRY(out.append(", "));
      ObjRef member = members->at(i).new_ref();
      Ref<Str> text = OURO_TRY(repr_of(ts, member));
      OURO_TRY(out.append(text));
    }
    OURO_TRY(out.append(plain ? "}" : "})"));
    return out.finish();
  };
  ObjResult shown = show();
  repr_leave(ts, self);
  return shown;
}

Result<std::int64_t> set_length(ThreadState&, Obj self) { return as<Set>(self)->used; }

// A set asked for in a set stands for the frozenset of its members.
template <class Ask>
Result<bool> with_hashable(ThreadState& ts, Obj key, Ask ask) {
  Result<bool> answer = ask(key);
  if (answer.ok()) return answer;
  if (!is_any_set(key) || is_frozenset(ts, key) || !catch_pending(ts, ts.core.exceptions.TypeError))
    return Raised{};
  Ref<Set> frozen = OURO_TRY(set_from_iterable(ts, ts.core.types.frozenset, key));
  return ask(Obj(frozen));
}

Result<bool> set_contains_slot(ThreadState& ts, Obj self, Obj item) {
  return with_hashable(ts, item, [&](Obj key) { return set_contains(ts, as<Set>(self), key); });
}

// -- methods
// -----------------------------------------------------------------------------------------------------------

ObjResult set_add_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(set_add(ts, as<Set>(self), args[0]));
  return ts.core.none_ref();
}

ObjResult set_clear_method(ThreadState& ts, Obj self, Args) {
  set_clear(as<Set>(self));
  return ts.core.none_ref();
}

ObjResult set_copy_method(ThreadState& ts, Obj self, Args) {
  if (is_kind(self, TypeKind::FrozenSet)) return self.new_ref();
  return set_copy(ts, as<Set>(self));
}

ObjResult set_discard_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(
      with_hashable(ts, args[0], [&](Obj key) { return set_discard(ts, as<Set>(self), key); }));
  return ts.core.none_ref();
}

ObjResult set_remove(ThreadState& ts, Obj self, Args args) {
  const bool removed = OURO_TRY(
      with_hashable(ts, args[0], [&](Obj key) { return set_discard(ts, as<Set>(self), key); }));
  if (!removed) return raise_with(ts, ts.core.exceptions.KeyError, args[0]);
  return ts.core.none_ref();
}

ObjResult set_pop(ThreadState& ts, Obj self, Args) {
  ObjRef member = set_take_any(as<Set>(self));
  if (!member) return raise(ts, ts.core.exceptions.KeyError, "pop from an empty set");
  return member;
}

ObjResult set_difference_method(ThreadState& ts, Obj self, Args args) {
  if (args.count == 0) return set_copy_method(ts, self, args);
  Ref<Set> made = OURO_TRY(set_difference(ts, as<Set>(self), args[0]));
  for (std::uint32_t i = 1; i < args.count; ++i) OURO_TRY(set_difference_update(ts, made, args[i]));
  return made;
}

ObjResult set_difference_update_method(ThreadState& ts, Obj self, Args args) {
  for (std::uint32_t i = 0; i < args.count; ++i)
    OURO_TRY(set_difference_update(ts, as<Set>(self), args[i]));
  return ts.core.none_ref();
}

Result<Ref<Set>> intersect_all(ThreadState& ts, Borrowed<Set> set, Args args) {
  if (args.count == 0) return set_copy(ts, set);
  Ref<Set> made = set.new_ref();
  for (std::uint32_t i = 0; i < args.count; ++i)
    made = OURO_TRY(set_intersection(ts, made, args[i]));
  return made;
}

ObjResult set_intersection_method(ThreadState& ts, Obj self, Args args) {
  if (args.count == 0) return set_copy_method(ts, self, args);
  return intersect_all(ts, as<Set>(self), args);
}

ObjResult set_intersection_update(ThreadState& ts, Obj self, Args args) {
  Ref<Set> kept = OURO_TRY(intersect_all(ts, as<Set>(self), args));
  set_swap_members(as<Set>(self), kept);
  return ts.core.none_ref();
}

ObjResult set_isdisjoint(ThreadState& ts, Obj self, Args args) {
  Borrowed<Set> set = as<Set>(self);
  if (self == args[0]) return ts.core.bool_ref(set->used == 0);
  if (is_any_set(args[0])) {
    Borrowed<Set> walked = as<Set>(args[0]);
    Borrowed<Set> asked = set;
    if (walked->used > asked->used) std::swap(walked, asked);
    std::uint64_t position = 0;
    Obj key;
    std::int64_t hash = 0;
    while (set_next_hashed(walked, position, key, hash)) {
      ObjRef held = key.new_ref();
      if (OURO_TRY(set_contains_hashed(ts, asked, held, hash))) return ts.core.bool_ref(false);
    }
    return ts.core.bool_ref(true);
  }
  ObjRef iterator = OURO_TRY(iterate(ts, args[0]));
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) return ts.core.bool_ref(true);
    if (OURO_TRY(set_contains(ts, set, item))) return ts.core.bool_ref(false);
  }
}

ObjResult set_issubset(ThreadState& ts, Obj self, Args args) {
  if (is_any_set(args[0]))
    return bool_result(ts, set_is_subset(ts, as<Set>(self), as<Set>(args[0])));
  Ref<Set> common = OURO_TRY(set_intersection(ts, as<Set>(self), args[0]));
  return ts.core.bool_ref(common->used == as<Set>(self)->used);
}

ObjResult set_issuperset(ThreadState& ts, Obj self, Args args) {
  if (is_any_set(args[0]))
    return bool_result(ts, set_is_subset(ts, as<Set>(args[0]), as<Set>(self)));
  ObjRef iterator = OURO_TRY(iterate(ts, args[0]));
  for (;;) {
    ObjRef item;
    const Next next = next_item(ts, iterator, item);
    if (next == Next::Raised) return Raised{};
    if (next == Next::Done) return ts.core.bool_ref(true);
    if (!OURO_TRY(set_contains(ts, as<Set>(self), item))) return ts.core.bool_ref(false);
  }
}

ObjResult set_symmetric_difference(ThreadState& ts, Obj self, Args args) {
  Type* type = is_frozenset(ts, self) ? ts.core.types.frozenset : ts.core.types.set;
  Ref<Set> made = OURO_TRY(set_from_iterable(ts, type, args[0]));
  OURO_TRY(set_symmetric_difference_update(ts, made, self));
  return made;
}

ObjResult set_symmetric_difference_update_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(set_symmetric_difference_update(ts, as<Set>(self), args[0]));
  return ts.core.none_ref();
}

ObjResult set_union(ThreadState& ts, Obj self, Args args) {
  Ref<Set> made = OURO_TRY(set_copy(ts, as<Set>(self)));
  for (std::uint32_t i = 0; i < args.count; ++i) {
    if (args[i] != self) OURO_TRY(set_update(ts, made, args[i]));
  }
  return made;
}

ObjResult set_update_method(ThreadState& ts, Obj self, Args args) {
  for (std::uint32_t i = 0; i < args.count; ++i) OURO_TRY(set_update(ts, as<Set>(self), args[i]));
  return ts.core.none_ref();
}

ObjResult set_reduce(ThreadState& ts, Obj self, Args) {
  Ref<List> members = OURO_TRY(list_from_iterable(ts, self));
  Ref<Tuple> arguments = OURO_TRY(Tuple::of(ts, members));
  ObjRef state = OURO_TRY(call_method(ts, self, ts.core.names.dunder_getstate));
  return Tuple::of(ts, Obj(self->type()), arguments, state);
}

ObjResult set_sizeof(ThreadState& ts, Obj self, Args) {
  const Set* set = as<Set>(self);
  std::uint64_t bytes = self->type()->info.basic_bytes;
  if (set->table != set->small) bytes += (set->mask + 1) * sizeof(SetEntry);
  return int_result(ts, static_cast<std::int64_t>(bytes));
}

#define OURO_METHODS_OF_BOTH_SETS                                                                \
  {"__contains__",                                                                               \
   set_contains_method,                                                                          \
   1,                                                                                            \
   1,                                                                                            \
   MethodDef::kCoexist,                                                                          \
   "x.__contains__(y) <==> y in x."},                                                            \
      {"copy", set_copy_method,  0,                                                              \
       0,      MethodDef::kNone, "copy($self, /)\n--\n\nReturn a set of the same members."},     \
      {"difference",                                                                             \
       set_difference_method,                                                                    \
       0,                                                                                        \
       -1,                                                                                       \
       MethodDef::kArgumentTuple,                                                                         \
       "difference($self, /, *others)\n--\n\nReturn a set of the members that no other has."},   \
      {"intersection",                                                                           \
       set_intersection_method,                                                                  \
       0,                                                                                        \
       -1,                                                                                       \
       MethodDef::kArgumentTuple,                                                                         \
       "intersection($self, /, *others)\n--\n\nReturn a set of the members that all have."},     \
      {"isdisjoint",                                                                             \
       set_isdisjoint,                                                                           \
       1,                                                                                        \
       1,                                                                                        \
       MethodDef::kNone,                                                                         \
       "isdisjoint($self, other, /)\n--\n\nReturn whether there is no common member."},          \
      {"issubset",                                                                               \
       set_issubset,                                                                             \
       1,                                                                                        \
       1,                                                                                        \
       MethodDef::kNone,                                                                         \
       "issubset($self, other, /)\n--\n\nReturn whether other has all members."},                \
      {"issuperset",                                                                             \
       set_issuperset,                                                                           \
       1,                                                                                        \
       1,                                                                                        \
       MethodDef::kNone,                                                                         \
       "issuperset($self, other, /)\n--\n\nReturn whether this set has all of other."},          \
      {"symmetric_difference",                                                                   \
       set_symmetric_difference,                                                                 \
       1,                                                                                        \
       1,                                                                                        \
       MethodDef::kNone,                                                                         \
       "symmetric_difference($self, other, /)\n--\n\nReturn a set of the members that just one " \
       "of the two has."},                                                                       \
      {"union",                                                                                  \
       set_union,                                                                                \
       0,                                                                                        \
       -1,                                                                                       \
       MethodDef::kArgumentTuple,                                                                         \
       "union($self, /, *others)\n--\n\nReturn a set of the members that any has."},             \
      {"__reduce__",                                                                             \
       set_reduce,                                                                               \
       0,                                                                                        \
       0,                                                                                        \
       MethodDef::kNone,                                                                         \
       "__reduce__($self, /)\n--\n\nWhat pickle needs."},                                        \
      {"__sizeof__",                                                                             \
       set_sizeof,                                                                               \
       0,                                                                                        \
       0,                                                                                        \
       MethodDef::kNone,                                                                         \
       "__sizeof__($self, /)\n--\n\nSize of the object in memory, in bytes."},                   \
  {                                                                                              \
    "__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass,                          \
        "set[...] for annotations."                                                              \
  }

// -- iterator
// ----------------------------------------------------------------------------------------------------------

Next set_iterator_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* iterator = as<SetIterator>(self);
  if (iterator->set == nullptr) return Next::Done;
  if (iterator->used != iterator->set->used) {
    iterator->used = -1;  // stays so
    raise(ts, ts.core.exceptions.RuntimeError, "Set changed size during iteration");
    return Next::Raised;
  }
  Obj key;
  if (set_next(iterator->set, iterator->position, key)) {
    --iterator->remaining;
    item = key.new_ref();
    return Next::Item;
  }
  drop(iterator->set);
  return Next::Done;
}

ObjResult set_iterator_length(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SetIterator>(self);
  const bool valid = iterator->set != nullptr && iterator->used == iterator->set->used;
  return int_result(ts, valid ? iterator->remaining : 0);
}

Result<Ref<SetIterator>> make_set_iterator(ThreadState& ts, Borrowed<Set> set) {
  Ref<Set> held = set.new_ref();
  Ref<SetIterator> made = OURO_TRY(new_object<SetIterator>(ts, ts.core.types.set_iterator));
  made->used = made->remaining = set->used;
  made->set = held.release();
  OURO_TRY(track(ts, made));
  return made;
}

// iter([what is left]); the iterator itself stays where it is.
ObjResult set_iterator_reduce(ThreadState& ts, Obj self, Args) {
  const auto* iterator = as<SetIterator>(self);
  Ref<List> left;
  if (iterator->set == nullptr) {
    left = OURO_TRY(List::create(ts));
  } else {
    Ref<SetIterator> copy = OURO_TRY(make_set_iterator(ts, iterator->set));
    copy->used = iterator->used;
    copy->position = iterator->position;
    copy->remaining = iterator->remaining;
    left = OURO_TRY(list_from_iterable(ts, copy));
  }
  return reduce_iterator(ts, "iter", left, -1);
}

constexpr MethodDef kSetIteratorMethods[] = {
    {"__length_hint__", set_iterator_length, 0, 0, MethodDef::kNone,
     "__length_hint__($self, /)\n--\n\nHow many items are left, at a guess."},
    {"__reduce__", set_iterator_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

void init_any_set(Type& type, bool frozen) {
  init_collected<Set>(type);
  type.info.buffer_offset = offsetof(Set, table);
  type.info.flags |= kBaseType | kSetSubclass | kMatchSelf;
  type.info.dealloc = set_dealloc;
  type.info.clear = set_clear_slot;
  type.info.weaklist_offset = offsetof(Set, weaklist);
  type.repr = set_repr;
  type.iter = set_iterator_create;
  type.sequence.length = set_length;
  type.sequence.contains = set_contains_slot;
  install_set_operators(type, frozen);
}

ObjResult set_contains_method(ThreadState& ts, Obj self, Args args) {
  return bool_result(ts, set_contains_slot(ts, self, args[0]));
}

}  // namespace

const MethodDef kSetMethods[] = {
    OURO_METHODS_OF_BOTH_SETS,
    {"add", set_add_method, 1, 1, MethodDef::kNone,
     "add($self, item, /)\n--\n\nPut item into the set."},
    {"clear", set_clear_method, 0, 0, MethodDef::kNone,
     "clear($self, /)\n--\n\nRemove all members."},
    {"discard", set_discard_method, 1, 1, MethodDef::kNone,
     "discard($self, item, /)\n--\n\nRemove item if it is a member."},
    {"difference_update", set_difference_update_method, 0, -1, MethodDef::kArgumentTuple,
     "difference_update($self, /, *others)\n--\n\nRemove the members of all others."},
    {"intersection_update", set_intersection_update, 0, -1, MethodDef::kArgumentTuple,
     "intersection_update($self, /, *others)\n--\n\nKeep only the members that all others have."},
    {"pop", set_pop, 0, 0, MethodDef::kNone,
     "pop($self, /)\n--\n\nRemove a member, any one, and return it.\n\nRaises KeyError when the "
     "set is empty."},
    {"remove", set_remove, 1, 1, MethodDef::kNone,
     "remove($self, item, /)\n--\n\nRemove item.\n\nRaises KeyError when it is no member."},
    {"symmetric_difference_update", set_symmetric_difference_update_method, 1, 1, MethodDef::kNone,
     "symmetric_difference_update($self, other, /)\n--\n\nRemove the members of other that are "
     "there, add those that are not."},
    {"update", set_update_method, 0, -1, MethodDef::kArgumentTuple,
     "update($self, /, *others)\n--\n\nAdd the members of all others."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

const MethodDef kFrozenSetMethods[] = {
    OURO_METHODS_OF_BOTH_SETS,
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

ObjResult set_iterator_create(ThreadState& ts, Obj set) {
  return make_set_iterator(ts, as<Set>(set));
}

void init_set_type(ThreadState&, Type& type) {
  init_any_set(type, false);
  type.make = set_make;
  type.init = set_init;
  type.methods = kSetMethods;
  type.doc =
      "set(iterable=(), /)\n--\n\nA collection of distinct hashable objects in no particular "
      "order.";
}

void init_frozenset_type(ThreadState&, Type& type) {
  init_any_set(type, true);
  type.make = frozenset_make;
  type.methods = kFrozenSetMethods;
  type.doc = "frozenset(iterable=(), /)\n--\n\nAn immutable set.";
}

void init_set_iterator_type(ThreadState&, Type& type) {
  init_collected<SetIterator>(type);
  type.info.flags |= kDisallowInstantiation;
  type.info.dealloc = dealloc_members<SetIterator, &SetIterator::set>;
  type.iter = iterator_self;
  type.next = set_iterator_next;
  type.methods = kSetIteratorMethods;
}

}  // namespace ouro
