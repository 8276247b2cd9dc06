// _thread._local: an object with attributes of its own in every thread.
//
// Each thread that used the object has a dict there, held by an entry that is on two lists: the
// object's, and the thread's. The object owns the entries: cycles through its values are seen by
// the collector. When the object dies, or a thread ends, their entries go. Invariants: L1 an entry
// is on both lists or on none; L2 `shown` is the dict of one entry, or null.
#include "modules/module_support.h"
#include "modules/thread.h"

namespace ouro {

namespace {

struct Local;

}  // namespace

/// The values of one local object in one thread.
struct LocalEntry {
  Local* local;
  ThreadState* thread;
  Dict* dict;  // owned
  LocalEntry* next_of_local;
  LocalEntry* next_of_thread;
  LocalEntry* previous_of_thread;
};

namespace {

struct Local : Object {
  Dict* shown;  // ? owned: the dict of the thread that looked last, where attributes are looked up
  gc::WeakReference* weaklist;
  LocalEntry* entries;  // the thread that looked last comes first
  Tuple* init_args;     // ? owned: what __init__ is called with in each thread
  Dict* init_keywords;  // ? owned
  template <class V>
  void edges(V& v) const {
    v.edge(shown, gc::slot_label("__dict__"));
    for (const LocalEntry* entry = entries; entry != nullptr; entry = entry->next_of_local) {
      v.edge(entry->dict, gc::slot_label("thread's __dict__"));
    }
    v.edge(init_args, gc::slot_label("args"));
    v.edge(init_keywords, gc::slot_label("kwargs"));
  }
};

void leave_thread_list(LocalEntry* entry) {
  (entry->previous_of_thread != nullptr ? entry->previous_of_thread->next_of_thread
                                        : entry->thread->locals) = entry->next_of_thread;
  if (entry->next_of_thread != nullptr) {
    entry->next_of_thread->previous_of_thread = entry->previous_of_thread;
  }
}

/// Frees an entry that is on no list any more. Its values may run Python code as they die.
void free_entry(LocalEntry* entry) {
  Dict* dict = entry->dict;
  free_raw(entry);
  decref(dict);
}

void drop_entries(Local* local) {
  drop(local->shown);
  while (LocalEntry* entry = local->entries) {
    local->entries = entry->next_of_local;
    leave_thread_list(entry);
    free_entry(entry);
  }
}

void local_clear(gc::Header* header) {
  auto* local = static_cast<Local*>(header);
  drop(local->init_args);
  drop(local->init_keywords);
  drop_entries(local);
}

void local_dealloc(gc::Header* header) {
  auto* local = static_cast<Local*>(header);
  untrack(local);
  if (local->weaklist != nullptr) clear_weak_references(local);
  local_clear(local);
  free_object(local);
}

/// A new entry for this thread, first on both lists.
Result<LocalEntry*> add_entry(ThreadState& ts, Local* local) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  auto* entry = static_cast<LocalEntry*>(allocate_raw(sizeof(LocalEntry)));
  if (entry == nullptr) return raise_no_memory(ts);
  *entry = {local, &ts, dict.release(), local->entries, ts.locals, nullptr};
  if (ts.locals != nullptr) ts.locals->previous_of_thread = entry;
  ts.locals = entry;
  local->entries = entry;
  return entry;
}

/// This thread's entry, made and first on the object's list; with `made` set, it is new.
Result<LocalEntry*> entry_of(ThreadState& ts, Local* local, bool& made) {
  made = false;
  LocalEntry** link = &local->entries;
  while (*link != nullptr && (*link)->thread != &ts) link = &(*link)->next_of_local;
  LocalEntry* found = *link;
  if (found == nullptr) {
    made = true;
    return add_entry(ts, local);
  }
  *link = found->next_of_local;
  found->next_of_local = local->entries;
  local->entries = found;
  return found;
}

/// Takes one entry away again: __init__ failed in this thread.
void remove_entry(ThreadState& ts, Local* local) {
  for (LocalEntry** link = &local->entries; *link != nullptr; link = &(*link)->next_of_local) {
    LocalEntry* entry = *link;
    if (entry->thread != &ts) continue;
    *link = entry->next_of_local;
    leave_thread_list(entry);
    if (local->shown == entry->dict) drop(local->shown);
    free_entry(entry);
    return;
  }
}

/// Shows this thread's dict. The first time in a thread, a derived class's __init__ runs.
Status show_own_values(ThreadState& ts, Obj self) {
  auto* local = as<Local>(self);
  bool made = false;
  LocalEntry* entry = OURO_TRY(entry_of(ts, local, made));
  if (made && self->type()->init != ts.core.types.object->init) {
    Ref<Tuple> positional = local->init_args != nullptr ? Ref<Tuple>::share(local->init_args)
                                                        : Ref<Tuple>::share(ts.core.empty_tuple);
    Ref<Dict> keywords;
    if (local->init_keywords != nullptr) keywords = Ref<Dict>::share(local->init_keywords);
    const auto initialise = [&]() -> Status {
      ObjRef init = OURO_TRY(get_attribute(ts, self->type(), ts.core.names.dunder_init));
      Ref<Tuple> all = OURO_TRY(Tuple::make(ts, positional->size + 1));
      all->items[0] = self.new_ref().release();
      for (std::int64_t i = 0; i < positional->size; ++i) {
        all->items[i + 1] = positional->at(i).new_ref().release();
      }
      OURO_TRY(call_with(ts, init, all, keywords));
      return kDone;
    };
    if (initialise().raised()) {
      SavedPending saved(ts);
      remove_entry(ts, local);
      return Raised{};
    }
    entry = OURO_TRY(entry_of(ts, local, made));
  }
  if (local->shown != entry->dict) {
    incref(entry->dict);
    xdecref(std::exchange(local->shown, entry->dict));
  }
  return kDone;
}

ObjResult local_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  if (type->init == ts.core.types.object->init && (args.count > 0 || args.keyword_count() > 0)) {
    return raise_type_error(ts, "Initialization arguments are not supported");
  }
  Ref<Tuple> positional = OURO_TRY(Tuple::from(ts, args.values, args.count));
  Ref<Dict> keywords;
  if (args.keyword_count() > 0) {
    keywords = OURO_TRY(Dict::create(ts));
    for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
      OURO_TRY(dict_set(ts, keywords, args.keywords->at(i), args.keyword_value(i)));
    }
  }
  Ref<Local> made = OURO_TRY(new_object<Local>(ts, type, type->info.basic_bytes));
  made->init_args = positional.release();
  made->init_keywords = keywords.release();
  // The call that makes the object runs __init__ for this thread.
  (void)OURO_TRY(add_entry(ts, made.get()));
  made->shown = Ref<Dict>::share(made->entries->dict).release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult local_get_attribute(ThreadState& ts, Obj self, Borrowed<Str> name) {
  OURO_TRY(show_own_values(ts, self));
  if (str_equals_ascii(name, "__dict__")) return ObjRef::share(as<Local>(self)->shown);
  return generic_get_attribute(ts, self, name);
}

Status local_set_attribute(ThreadState& ts, Obj self, Borrowed<Str> name, Obj value) {
  if (str_equals_ascii(name, "__dict__")) {
    return raise(ts, ts.core.exceptions.AttributeError,
                 "'{t}' object attribute '__dict__' is read-only", self);
  }
  OURO_TRY(show_own_values(ts, self));
  return generic_set_attribute(ts, self, name, value);
}

ObjResult local_get_dict(ThreadState& ts, Obj self) {
  OURO_TRY(show_own_values(ts, self));
  return ObjRef::share(as<Local>(self)->shown);
}

constexpr GetSetDef kLocalGetSets[] = {
    {"__dict__", local_get_dict, nullptr, "Local-data instance dictionary"},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

void drop_thread_locals(ThreadState& ts) {
  // What dies may use local objects again: until nothing is left.
  while (LocalEntry* entry = ts.locals) {
    leave_thread_list(entry);
    LocalEntry** link = &entry->local->entries;
    while (*link != entry) link = &(*link)->next_of_local;
    *link = entry->next_of_local;
    Dict* shown = nullptr;
    if (entry->local->shown == entry->dict) shown = std::exchange(entry->local->shown, nullptr);
    free_entry(entry);
    xdecref(shown);
  }
}

Status add_local_type(ThreadState& ts, Borrowed<Module> module) {
  const auto fill = [](Type& type) {
    init_collected<Local>(type);
    type.info.flags |= kBaseType | kHasDict;
    type.info.dealloc = local_dealloc;
    type.info.clear = local_clear;
    type.info.weaklist_offset = offsetof(Local, weaklist);
    type.dict_offset = offsetof(Local, shown);
    type.make = local_make;
    type.get_attribute = local_get_attribute;
    type.set_attribute = local_set_attribute;
    type.getsets = kLocalGetSets;
  };
  OURO_TRY(add_native_type(ts, module,
                           {"_local", "_thread", sizeof(Local), 0, 0, fill, "Thread-local data"}));
  return kDone;
}

}  // namespace ouro
