// itertools: groupby with its groups, tee with its shared data.
#include "modules/itertools.h"

namespace ouro {

namespace {

// -- groupby --------------------------------------------------------------------------------------
//
// A group reads from its parent as long as it is the parent's current one; asking the parent for
// the next group ends it.

struct Groupby : Object {
  Object* iterator;             // owned
  Object* key_function;         // ? owned: null means identity
  Object* target_key;           // ? owned: key of the current group
  Object* current_key;          // ? owned: key of the item last read
  Object* current_value;        // ? owned: the item last read, not given out yet
  const Object* current_group;  // not counted: only compared
  template <class V>
  void edges(V& v) const {
    v.edge(iterator, gc::slot_label("iterator"));
    v.edge(key_function, gc::slot_label("key"));
    v.edge(target_key, gc::slot_label("target_key"));
    v.edge(current_key, gc::slot_label("current_key"));
    v.edge(current_value, gc::slot_label("current_value"));
  }
};

struct Group : Object {
  Object* parent;  // owned: the groupby
  Object* key;     // owned
  template <class V>
  void edges(V& v) const {
    v.edge(parent, gc::slot_label("parent"));
    v.edge(key, gc::slot_label("key"));
  }
};

void replace(Object*& member, ObjRef value) {
  const ObjRef old = ObjRef::steal(std::exchange(member, value.release()));
}

ObjResult groupby_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "groupby", {"iterable", "key"}, 1, values));
  ObjRef iterator = OURO_TRY(iterate(ts, values[0]));
  Ref<Groupby> made = OURO_TRY(new_object<Groupby>(ts, type, type->info.basic_bytes));
  made->iterator = iterator.release();
  if (values[1] && !is_none(values[1])) made->key_function = values[1].new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

/// Reads one item with its key into current_value and current_key.
Next groupby_step(ThreadState& ts, Groupby* groups) {
  ObjRef iterator = ObjRef::share(groups->iterator);
  ObjRef value;
  const Next next = next_item(ts, iterator, value);
  if (next != Next::Item) return next;
  ObjRef key = value.new_ref();
  if (groups->key_function != nullptr) {
    ObjRef function = ObjRef::share(groups->key_function);
    ObjResult made = call(ts, function, value);
    if (made.raised()) return Next::Raised;
    key = made.take();
  }
  replace(groups->current_value, std::move(value));
  replace(groups->current_key, std::move(key));
  return Next::Item;
}

Result<bool> same_key(ThreadState& ts, Object* a, Object* b) {
  ObjRef left = ObjRef::share(a);
  ObjRef right = ObjRef::share(b);
  return equals(ts, left, right);
}

ObjResult group_over(ThreadState& ts, Borrowed<Type> type, Obj parent, Obj key) {
  ObjRef held = key.new_ref();
  Ref<Group> made = OURO_TRY(new_object<Group>(ts, type, type->info.basic_bytes));
  made->parent = parent.new_ref().release();
  made->key = held.release();
  as<Groupby>(parent)->current_group = made.get();
  OURO_TRY(track(ts, made));
  return made;
}

Next groupby_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* groups = as<Groupby>(self);
  groups->current_group = nullptr;
  for (;;) {
    if (groups->current_key != nullptr) {
      if (groups->target_key == nullptr) break;
      Result<bool> same = same_key(ts, groups->target_key, groups->current_key);
      if (same.raised()) return Next::Raised;
      if (!same.take()) break;
    }
    const Next next = groupby_step(ts, groups);
    if (next != Next::Item) return next;
  }
  ObjRef key = ObjRef::share(groups->current_key);
  replace(groups->target_key, key.new_ref());
  ObjResult group = group_over(ts, companion(self->type()), self, key);
  if (group.raised()) return Next::Raised;
  ObjRef made = group.take();
  return next_from(Tuple::of(ts, key, made), item);
}

ObjResult groupby_reduce(ThreadState& ts, Obj self, Args) {
  auto* groups = as<Groupby>(self);
  ObjRef function =
      groups->key_function == nullptr ? ts.core.none_ref() : ObjRef::share(groups->key_function);
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, Obj(groups->iterator), function));
  if (groups->target_key == nullptr || groups->current_key == nullptr ||
      groups->current_value == nullptr) {
    return Tuple::of(ts, Obj(self->type()), args);
  }
  Ref<Tuple> state = OURO_TRY(
      Tuple::of(ts, Obj(groups->current_value), Obj(groups->target_key), Obj(groups->current_key)));
  return Tuple::of(ts, Obj(self->type()), args, state);
}

ObjResult groupby_setstate(ThreadState& ts, Obj self, Args args) {
  if (!is_tuple(args[0])) return raise_type_error(ts, "state is not a tuple");
  auto* state = as<Tuple>(args[0]);
  if (state->size != 3)
    return raise_type_error(ts, "function takes exactly 3 arguments ({} given)", state->size);
  auto* groups = as<Groupby>(self);
  replace(groups->current_value, state->at(0).new_ref());
  replace(groups->target_key, state->at(1).new_ref());
  replace(groups->current_key, state->at(2).new_ref());
  return ts.core.none_ref();
}

constexpr MethodDef kGroupbyMethods[] = {
    {"__reduce__", groupby_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {"__setstate__", groupby_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_groupby(Type& type) {
  fill_iterator<Groupby, &Groupby::iterator, &Groupby::key_function, &Groupby::target_key,
                &Groupby::current_key, &Groupby::current_value>(type, groupby_next);
  type.make = groupby_make;
  type.methods = kGroupbyMethods;
}

ObjResult group_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_keywords(ts, args, "_grouper"));
  OURO_TRY(check_args(ts, args, "_grouper", 2, 2));
  if (args[0]->type()->next != groupby_next) {
    return raise_type_error(ts, "_grouper() argument 1 must be itertools.groupby, not {n}",
                            args[0]);
  }
  return group_over(ts, type, args[0], args[1]);
}

Next group_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* group = as<Group>(self);
  if (group->parent == nullptr) return Next::Done;
  ObjRef held = ObjRef::share(group->parent);
  auto* groups = as<Groupby>(Obj(held));
  if (groups->current_group != group) return Next::Done;
  if (groups->current_value == nullptr) {
    const Next next = groupby_step(ts, groups);
    if (next != Next::Item) return next;
  }
  Result<bool> same = same_key(ts, group->key, groups->current_key);
  if (same.raised()) return Next::Raised;
  // The comparison may have taken the item away.
  if (!same.take() || groups->current_value == nullptr) return Next::Done;
  item = ObjRef::steal(std::exchange(groups->current_value, nullptr));
  return Next::Item;
}

ObjResult group_reduce(ThreadState& ts, Obj self, Args) {
  auto* group = as<Group>(self);
  if (group->parent == nullptr || as<Groupby>(Obj(group->parent))->current_group != group) {
    return reduce_iterator(ts, "iter", Obj(ts.core.empty_tuple), -1);
  }
  Ref<Tuple> args = OURO_TRY(Tuple::of(ts, Obj(group->parent), Obj(group->key)));
  return Tuple::of(ts, Obj(self->type()), args);
}

constexpr MethodDef kGroupMethods[] = {
    {"__reduce__", group_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void group_dealloc(gc::Header* header) {
  auto* group = static_cast<Group*>(header);
  // The address must not be taken for a later group's.
  if (group->parent != nullptr && as<Groupby>(Obj(group->parent))->current_group == group) {
    as<Groupby>(Obj(group->parent))->current_group = nullptr;
  }
  dealloc_members<Group, &Group::parent, &Group::key>(header);
}

void fill_group(Type& type) {
  fill_iterator<Group, &Group::parent, &Group::key>(type, group_next);
  type.info.dealloc = group_dealloc;
  type.make = group_make;
  type.methods = kGroupMethods;
}

// -- tee ------------------------------------------------------------------------------------------
//
// The items read so far form a chain of blocks; each tee object stands at a place in one of them. A
// block reads its source when asked for the item behind its last one.

constexpr int kTeeBlockItems = 57;

struct TeeData : Object {
  Object* iterator;  // owned: the source
  TeeData* next;     // ? owned: the following block
  int count;
  bool running;                   // the source is being asked
  Object* items[kTeeBlockItems];  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(iterator, gc::slot_label("iterator"));
    v.edge_range(items, static_cast<std::size_t>(count),
                 [](std::size_t i) { return gc::index_label(i); });
    v.edge(next, gc::slot_label("next"));
  }
};

struct Tee : Object {
  TeeData* data;  // owned
  int index;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    v.edge(data, gc::slot_label("data"));
  }
};

ObjResult tee_data_over(ThreadState& ts, Borrowed<Type> type, Obj iterator) {
  Ref<TeeData> made = OURO_TRY(new_object<TeeData>(ts, type, type->info.basic_bytes));
  made->iterator = iterator.new_ref().release();
  OURO_TRY(track(ts, made));
  return made;
}

void tee_data_clear(gc::Header* header) {
  auto* data = static_cast<TeeData*>(header);
  drop(data->iterator);
  while (data->count > 0) {
    --data->count;
    drop(data->items[data->count]);
  }
  // A long chain that nobody else holds goes block by block, not by recursion.
  TeeData* next = std::exchange(data->next, nullptr);
  while (next != nullptr && next->refcount == 1) {
    TeeData* following = std::exchange(next->next, nullptr);
    decref(next);
    next = following;
  }
  xdecref(next);
}

void tee_data_dealloc(gc::Header* header) {
  untrack(static_cast<TeeData*>(header));
  tee_data_clear(header);
  free_object(static_cast<TeeData*>(header));
}

void fill_tee_data(Type& type) {
  init_collected<TeeData>(type);
  type.info.dealloc = tee_data_dealloc;
  type.info.clear = tee_data_clear;
}

Next tee_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* tee = as<Tee>(self);
  if (tee->index >= kTeeBlockItems) {
    Ref<TeeData> data = Ref<TeeData>::share(tee->data);
    if (data->next == nullptr) {
      ObjResult following = tee_data_over(ts, data->type(), Obj(data->iterator));
      if (following.raised()) return Next::Raised;
      ObjRef made = following.take();
      if (data->next == nullptr) data->next = as<TeeData>(made.release());
    }
    if (tee->data == data.get() && tee->index >= kTeeBlockItems) {
      tee->index = 0;
      const ObjRef old =
          ObjRef::steal(std::exchange(tee->data, Ref<TeeData>::share(data->next).release()));
    }
  }
  Ref<TeeData> data = Ref<TeeData>::share(tee->data);
  if (tee->index >= data->count) {
    if (data->running) {
      raise(ts, ts.core.exceptions.RuntimeError, "cannot re-enter the tee iterator");
      return Next::Raised;
    }
    ObjRef iterator = ObjRef::share(data->iterator);
    if (!iterator) return Next::Done;
    data->running = true;
    ObjRef value;
    const Next next = next_item(ts, iterator, value);
    data->running = false;
    if (next != Next::Item) return next;
    data->items[data->count] = value.release();
    ++data->count;
  }
  item = ObjRef::share(data->items[tee->index]);
  ++tee->index;
  return Next::Item;
}

bool is_tee(Obj object) { return object->type()->next == tee_next; }

ObjResult tee_at(ThreadState& ts, Borrowed<Type> type, Obj data, int index) {
  Ref<Tee> made = OURO_TRY(new_object<Tee>(ts, type, type->info.basic_bytes));
  made->data = as<TeeData>(data.new_ref().release());
  made->index = index;
  OURO_TRY(track(ts, made));
  return made;
}

/// A tee object over any iterable; over a tee object, another one at the same place.
ObjResult tee_over(ThreadState& ts, Borrowed<Type> type, Obj iterable) {
  ObjRef iterator = OURO_TRY(iterate(ts, iterable));
  if (is_tee(iterator)) {
    auto* other = as<Tee>(Obj(iterator));
    ObjRef data = ObjRef::share(other->data);
    return tee_at(ts, type, data, other->index);
  }
  ObjRef data = OURO_TRY(tee_data_over(ts, companion(type), iterator));
  return tee_at(ts, type, data, 0);
}

ObjResult tee_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(check_args(ts, args, "_tee", 1, 1));
  return tee_over(ts, type, args[0]);
}

ObjResult tee_copy(ThreadState& ts, Obj self, Args) {
  ObjRef data = ObjRef::share(as<Tee>(self)->data);
  return tee_at(ts, self->type(), data, as<Tee>(self)->index);
}

constexpr MethodDef kTeeMethods[] = {
    {"__copy__", tee_copy, 0, 0, MethodDef::kNone, "Returns an independent iterator."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void tee_dealloc(gc::Header* header) {
  auto* tee = static_cast<Tee*>(header);
  untrack(tee);
  if (tee->weaklist != nullptr) clear_weak_references(tee);
  drop(tee->data);
  free_object(tee);
}

void fill_tee(Type& type) {
  fill_iterator<Tee, &Tee::data>(type, tee_next);
  type.info.dealloc = tee_dealloc;
  type.info.weaklist_offset = offsetof(Tee, weaklist);
  type.make = tee_make;
  type.methods = kTeeMethods;
}

}  // namespace

ObjResult itertools_tee(ThreadState& ts, Obj module, Args args) {
  std::int64_t count = 2;
  if (args.count > 1)
    count = OURO_TRY(index_as_int64(ts, args[1], ts.core.exceptions.OverflowError));
  if (count < 0) return raise_value_error(ts, "n must be >= 0");
  if (count == 0) return ObjRef::share(ts.core.empty_tuple);
  ObjRef iterator = OURO_TRY(iterate(ts, args[0]));
  MaybeAttribute copier = find_attribute(ts, iterator, ts.core.names.dunder_copy);
  if (copier.failed) return Raised{};
  if (!copier.value) {
    Ref<Str> name = OURO_TRY(intern(ts, "_tee"));
    ObjRef type = dict_get_str(as<Module>(module)->dict, name).new_ref();
    if (!type)
      return raise(ts, ts.core.exceptions.AttributeError,
                   "module 'itertools' has no attribute '_tee'");
    iterator = OURO_TRY(call(ts, type, iterator));
    copier = find_attribute(ts, iterator, ts.core.names.dunder_copy);
    if (copier.failed) return Raised{};
    if (!copier.value)
      return raise(ts, ts.core.exceptions.AttributeError,
                   "'{t}' object has no attribute '__copy__'", iterator);
  }
  ItemBuffer row(ts);
  OURO_TRY(row.append(std::move(iterator)));
  for (std::int64_t i = 1; i < count; ++i) {
    ObjRef copy = OURO_TRY(call(ts, copier.value));
    OURO_TRY(row.append(std::move(copy)));
  }
  return Tuple::from(ts, row.data(), static_cast<std::size_t>(count));
}

Status add_grouping_iterators(ThreadState& ts, Borrowed<Module> module) {
  Ref<Type> groups = OURO_TRY(
      add_native_type(ts, module,
                      {"groupby", "itertools", sizeof(Groupby), 0, kIteratorFlags, fill_groupby,
                       "groupby(iterable, key=None)\n--\n\nPairs of a key and an iterator over the "
                       "neighbouring items that have it."}));
  Ref<Type> group = OURO_TRY(add_native_type(
      ts, module, {"_grouper", "itertools", sizeof(Group), 0, 0, fill_group, nullptr}));
  OURO_TRY(set_companions(ts, groups, {group}));
  Ref<Type> tee = OURO_TRY(add_native_type(
      ts, module,
      {"_tee", "itertools", sizeof(Tee), 0, 0, fill_tee, "Iterator wrapped to make it copyable."}));
  Ref<Type> data = OURO_TRY(
      add_native_type(ts, module,
                      {"_tee_dataobject", "itertools", sizeof(TeeData), 0, 0, fill_tee_data,
                       "Items read ahead by some tee iterators and not yet by others."}));
  return set_companions(ts, tee, {data});
}

}  // namespace ouro
