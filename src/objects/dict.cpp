// Dict: the table. Slots and methods are in dict_methods.cpp, merging in dict_merge.cpp, views and
// iterators in files of their own.
#include "objects/dict.h"

#include "objects/dict_table.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "support/check.h"

namespace ouro {

using namespace dict_table;

namespace {

DictKeys* make_keys(unsigned log2_size, DictKind kind) {
  if (log2_size > kMaxLog2Size) return nullptr;
  const unsigned log2_index_bytes = index_bytes_log2(log2_size);
  auto* keys = static_cast<DictKeys*>(allocate_raw(keys_bytes(log2_size, log2_index_bytes, kind)));
  if (keys != nullptr) init_keys(keys, log2_size, log2_index_bytes, kind);
  return keys;
}

template <class Index>
std::int64_t find_str_in(DictKeys* keys, const Str* key, std::int64_t hash) {
  const DictEntry* entries = keys->strings();
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = read_index<Index>(keys, probe.place);
    if (at >= 0) {
      auto* candidate = static_cast<Str*>(entries[at].key);
      if (candidate == key) return at;
      if (candidate->hash == hash && str_equal(candidate, const_cast<Str*>(key))) return at;
    } else if (at == kUnused) {
      return -1;
    }
  }
}

// The entry of an exact str in a table of kind Strings, or -1.
std::int64_t find_str(DictKeys* keys, const Str* key, std::int64_t hash) {
  switch (keys->log2_index_bytes) {
    case 0:
      return find_str_in<std::int8_t>(keys, key, hash);
    case 1:
      return find_str_in<std::int16_t>(keys, key, hash);
    default:
      return find_str_in<std::int32_t>(keys, key, hash);
  }
}

// Entry number, -1 when absent, kFailed when a comparison raised.
constexpr std::int64_t kFailed = -2;
constexpr std::int64_t kUnknown = -3;

template <class Index>
std::int64_t find_int_in(DictKeys* keys, Object* key, std::int64_t number, std::int64_t hash) {
  const GeneralDictEntry* entries = keys->general();
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = read_index<Index>(keys, probe.place);
    if (at >= 0) {
      const GeneralDictEntry& entry = entries[at];
      if (entry.key == key) return at;
      if (entry.hash != hash) continue;
      std::int64_t other;
      if (!exact_small_int(entry.key, other)) return kUnknown;
      if (other == number) return at;
    } else if (at == kUnused) {
      return -1;
    }
  }
}

// The entry of a small int in a table of kind General, or -1; kUnknown when it would have to be
// compared with something that is no small int.
std::int64_t find_int(DictKeys* keys, Object* key, std::int64_t number, std::int64_t hash) {
  switch (keys->log2_index_bytes) {
    case 0:
      return find_int_in<std::int8_t>(keys, key, number, hash);
    case 1:
      return find_int_in<std::int16_t>(keys, key, number, hash);
    default:
      return find_int_in<std::int32_t>(keys, key, number, hash);
  }
}

// Comparing runs Python code. When the table was replaced or the entry changed meanwhile,
// everything starts again.
std::int64_t find_any(ThreadState& ts, Dict* dict, Obj key, std::int64_t hash) {
restart:
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return -1;
  if (is_exact_str(key)) {
    if (keys->kind == DictKind::Strings) return find_str(keys, as<Str>(key), hash);
    if (keys->kind == DictKind::Shared) return find_shared(dict, as<Str>(key), hash);
  }
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = index_at(keys, probe.place);
    if (at == kUnused) return -1;
    if (at < 0 || at >= dict->entry_count()) continue;
    const auto place = static_cast<std::size_t>(at);
    Object* candidate = keys->key_at(place);
    if (candidate == key.get()) return at;
    if (dict->hash_at(place) != hash) continue;
    const std::uint32_t mutations = dict->mutations;
    ObjRef held = ObjRef::share(candidate);
    Result<bool> same = equals(ts, held, key);
    if (same.raised()) return kFailed;
    if (dict->mutations != mutations || dict->keys != keys || at >= dict->entry_count() ||
        keys->key_at(place) != candidate)
      goto restart;
    if (same.take()) return at;
  }
}

std::int64_t find(ThreadState& ts, Dict* dict, Obj key, std::int64_t hash) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return -1;
  if (keys->kind == DictKind::Strings && is_exact_str(key)) [[likely]]
    return find_str(keys, as<Str>(key), hash);
  if (std::int64_t number; keys->kind == DictKind::General && exact_small_int(key, number)) {
    const std::int64_t at = find_int(keys, key.get(), number, hash);
    if (at != kUnknown) return at;
  }
  return find_any(ts, dict, key, hash);
}

// The index place that names entry `entry` of a key with this hash.
std::size_t place_of(DictKeys* keys, std::int64_t hash, std::int64_t entry) {
  Probe probe(keys, hash);
  while (index_at(keys, probe.place) != entry) probe.next();
  return probe.place;
}

// Begins watching a dict that is about to hold something that may form cycles.
Status track_for(ThreadState& ts, Dict* dict, Obj key, Obj value) {
  if (dict->is_tracked() || (!may_form_cycles(value) && !may_form_cycles(key))) return kDone;
  return track(ts, dict);
}

// Appends an entry whose key is known to be absent. Runs no Python code.
Status add_entry(ThreadState& ts, Dict* dict, Obj key, std::int64_t hash, Obj value) {
  OURO_TRY(track_for(ts, dict, key, value));
  const DictKind kind = is_exact_str(key) ? DictKind::Strings : DictKind::General;
  DictKeys* keys = dict->keys;
  if (keys == nullptr) {
    if (!resize(dict, kMinLog2Size, kind)) return raise_no_memory(ts);
  } else if (keys->kind == DictKind::Shared) {
    if (add_shared(dict, key, hash, value)) return kDone;
    if (!resize(dict, log2_size_for(std::uint64_t{dict->used} * 2 + 1), kind))
      return raise_no_memory(ts);
  } else if (keys->entry_count >= keys->capacity) {
    if (!resize(dict, log2_size_for(std::uint64_t{dict->used} * 3), std::min(kind, keys->kind)))
      return raise_no_memory(ts);
  } else if (kind < keys->kind) {
    if (!resize(dict, keys->log2_size, kind)) return raise_no_memory(ts);
  }
  keys = dict->keys;
  keys->version = 0;
  append_entry(keys, key.new_ref().release(), hash, value.new_ref().release());
  ++dict->used;
  return kDone;
}

Status replace_value(ThreadState& ts, Dict* dict, std::int64_t at, ObjRef value) {
  const auto place = static_cast<std::size_t>(at);
  OURO_TRY(track_for(ts, dict, dict->key_at(place), value));
  Object* old = std::exchange(dict->value_at(place), value.release());
  decref(old);  // last: may run Python code
  return kDone;
}

// The table has one owner, or the entry is the last.
void take_entry(Dict* dict, std::int64_t at, RemovedEntry& taken) {
  const auto place = static_cast<std::size_t>(at);
  DictKeys* keys = dict->keys;
  Object* key = keys->key_at(place);
  Object* value = dict->value_at(place);
  --dict->used;
  if (!dict->is_shared()) {
    set_index(keys, place_of(keys, dict->hash_at(place), at), kRemoved);
    keys->version = 0;
    keys->key_at(place) = nullptr;
    dict->value_at(place) = nullptr;
  }
  taken.key = ObjRef::steal(key);
  taken.value = ObjRef::steal(value);
}

}  // namespace

std::int64_t Dict::hash_at(std::size_t index) const {
  switch (keys->kind) {
    case DictKind::Strings:
      return static_cast<Str*>(keys->strings()[index].key)->hash;
    case DictKind::Shared:
      return keys->shared()[index].hash;
    default:
      return keys->general()[index].hash;
  }
}

namespace {

template <class Index, class Entry>
void index_entries_in(DictKeys* keys, const Entry* entries) {
  auto* places = static_cast<Index*>(index_table(keys));
  for (std::uint32_t i = 0; i < keys->entry_count; ++i) {
    std::int64_t hash;
    if constexpr (std::is_same_v<Entry, GeneralDictEntry>) {
      hash = entries[i].hash;
    } else {
      hash = static_cast<Str*>(entries[i].key)->hash;
    }
    Probe probe(keys, hash);
    while (places[probe.place] != kUnused) probe.next();
    places[probe.place] = static_cast<Index>(i);
  }
}

// Fills the index, which is empty, for entries without gaps.
template <class Entry>
void index_entries(DictKeys* keys, const Entry* entries) {
  switch (keys->log2_index_bytes) {
    case 0:
      return index_entries_in<std::int8_t>(keys, entries);
    case 1:
      return index_entries_in<std::int16_t>(keys, entries);
    default:
      return index_entries_in<std::int32_t>(keys, entries);
  }
}

template <class Entry>
void copy_entries(DictKeys* to, Entry* target, const Entry* source, std::uint32_t count) {
  Entry* end = target;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (source[i].key != nullptr) *end++ = source[i];
  }
  to->entry_count = static_cast<std::uint32_t>(end - target);
  index_entries(to, target);
}

}  // namespace

bool dict_table::resize(Dict* dict, unsigned log2_size, DictKind kind) {
  DictKeys* fresh = make_keys(log2_size, kind);
  if (fresh == nullptr) return false;
  const std::uint32_t count = dict->entry_count();
  DictKeys* old = dict->keys;
  if (count > 0 && old->kind == kind) {
    if (kind == DictKind::General) {
      copy_entries(fresh, fresh->general(), old->general(), count);
    } else {
      copy_entries(fresh, fresh->strings(), old->strings(), count);
    }
  } else {
    for (std::uint32_t i = 0; i < count; ++i) {
      Object* key = dict->key_at(i);
      if (key != nullptr) append_entry(fresh, key, dict->hash_at(i), dict->value_at(i));
    }
  }
  dict->keys = fresh;
  Object** values = std::exchange(dict->values, nullptr);
  ++dict->mutations;
  if (values != nullptr) {
    leave_shared(old, values, kind);
  } else {
    free_raw(old);
  }
  return true;
}

std::size_t dict_bytes(Borrowed<Dict> dict) {
  const std::size_t own = dict->type()->info.basic_bytes;
  const DictKeys* keys = dict->keys;
  if (keys == nullptr) return own;
  // A shared table belongs to no dict.
  if (dict->is_shared()) return own + shared_values_bytes(dict.get());
  return own + keys_bytes(keys->log2_size, keys->log2_index_bytes, keys->kind);
}

Result<Ref<Dict>> Dict::create(ThreadState& ts, std::int64_t expected) {
  Type* type = ts.core.types.dict;
  ObjRef made;
  if (ts.core.free_dicts > 0) {
    --ts.core.free_dicts;
    made = OURO_TRY(allocate_object_uncounted(ts, type, sizeof(Dict)));
  } else {
    made = OURO_TRY(allocate_object(ts, type, sizeof(Dict)));
  }
  Ref<Dict> dict = Ref<Dict>::steal(as<Dict>(made.release()));
  if (expected > 0 && !dict_reserve(dict, expected)) return raise_no_memory(ts);
  return dict;
}

bool dict_reserve(Borrowed<Dict> dict, std::int64_t items) {
  const auto wanted = static_cast<std::uint64_t>(items);
  DictKeys* keys = dict->keys;
  if (keys != nullptr && !dict->is_shared() && keys->entry_count + wanted <= keys->capacity)
    return true;
  const DictKind kind =
      keys != nullptr && keys->kind == DictKind::General ? DictKind::General : DictKind::Strings;
  return resize(dict.get(), log2_size_for(((dict->used + wanted) * 3 + 1) / 2), kind);
}

Lookup dict_lookup(ThreadState& ts, Borrowed<Dict> dict, Obj key) {
  Result<std::int64_t> hash = key_hash(ts, key);
  if (hash.raised()) return {nullptr, true};
  return dict_lookup_hashed(ts, dict, key, hash.take());
}

Lookup dict_lookup_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash) {
  const std::int64_t at = find(ts, dict.get(), key, hash);
  if (at >= 0) return {dict->value_at(static_cast<std::size_t>(at)), false};
  return {nullptr, at == kFailed};
}

Borrowed<Object> dict_get_str(Borrowed<Dict> dict, Borrowed<Str> key) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return nullptr;
  const std::int64_t hash = exact_str_hash(key.get());
  if (keys->kind == DictKind::Strings) [[likely]] {
    const std::int64_t at = find_str(keys, key.get(), hash);
    return at < 0 ? nullptr : keys->strings()[at].value;
  }
  if (keys->kind == DictKind::Shared) {
    const std::int64_t at = find_shared(dict.get(), key.get(), hash);
    return at < 0 ? nullptr : dict->values[at];
  }
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = index_at(keys, probe.place);
    if (at == kUnused) return nullptr;
    if (at < 0) continue;
    const GeneralDictEntry& entry = keys->general()[at];
    if (entry.key == key.get()) return entry.value;
    if (entry.hash == hash && is_exact_str(entry.key) &&
        str_equal(static_cast<Str*>(entry.key), key))
      return entry.value;
  }
}

std::int64_t dict_entry_index(Borrowed<Dict> dict, Borrowed<Str> key) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr || keys->kind != DictKind::Strings) return -1;
  return find_str(keys, key.get(), exact_str_hash(key.get()));
}

std::uint32_t dict_keys_version(ThreadState& ts, Borrowed<Dict> dict) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr || keys->kind == DictKind::Shared) return 0;
  if (keys->version == 0 && ts.core.next_keys_version != 0)
    keys->version = ts.core.next_keys_version++;
  return keys->version;
}

Status dict_set(ThreadState& ts, Borrowed<Dict> dict, Obj key, Obj value) {
  const std::int64_t hash = OURO_TRY(key_hash(ts, key));
  return dict_set_hashed(ts, dict, key, hash, value);
}

Status dict_set_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash,
                       Obj value) {
  const std::int64_t at = find(ts, dict.get(), key, hash);
  if (at >= 0) return replace_value(ts, dict.get(), at, value.new_ref());
  if (at == kFailed) return Raised{};
  return add_entry(ts, dict.get(), key, hash, value);
}

Status dict_replace_at(ThreadState& ts, Borrowed<Dict> dict, std::uint32_t index, ObjRef value) {
  return replace_value(ts, dict.get(), index, std::move(value));
}

Status dict_set(ThreadState& ts, Borrowed<Dict> dict, const char* key, Obj value) {
  ObjRef held = value.new_ref();
  Ref<Str> name = OURO_TRY(intern(ts, key));
  return dict_set(ts, dict, Obj(name), held);
}

Removal dict_take(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash,
                  RemovedEntry& taken) {
  const std::int64_t at = find(ts, dict.get(), key, hash);
  if (at == kFailed) return Removal::Raised;
  if (at < 0) return Removal::Absent;
  if (dict->is_shared() && at + 1 != dict->used &&
      !resize(dict.get(), log2_size_for(std::uint64_t{dict->used} * 2), DictKind::Strings)) {
    raise_no_memory(ts);
    return Removal::Raised;
  }
  take_entry(dict.get(), at, taken);
  return Removal::Removed;
}

Removal dict_take_last(Borrowed<Dict> dict, RemovedEntry& taken) {
  if (dict->used == 0) return Removal::Absent;
  DictKeys* keys = dict->keys;
  if (dict->is_shared()) {
    take_entry(dict.get(), dict->used - 1, taken);
    return Removal::Removed;
  }
  std::uint32_t at = keys->entry_count - 1;
  while (keys->key_at(at) == nullptr) --at;
  const std::uint32_t freed = keys->entry_count - at;
  take_entry(dict.get(), at, taken);
  // The entries behind are free again (so that the next call need not skip them), but not to be
  // used: their index places stay marked as removed, and every probe must find an unused place.
  keys->entry_count = at;
  keys->capacity -= freed;
  return Removal::Removed;
}

Result<bool> dict_remove(ThreadState& ts, Borrowed<Dict> dict, Obj key) {
  return dict_remove_hashed(ts, dict, key, OURO_TRY(key_hash(ts, key)));
}

Result<bool> dict_remove_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash) {
  RemovedEntry taken;
  switch (dict_take(ts, dict, key, hash, taken)) {
    case Removal::Raised:
      return Raised{};
    case Removal::Absent:
      return false;
    case Removal::Removed:
      break;
  }
  return true;
}

Popped dict_pop(ThreadState& ts, Borrowed<Dict> dict, Obj key) {
  if (dict->used == 0) return {nullptr, false};
  Result<std::int64_t> hash = key_hash(ts, key);
  if (hash.raised()) return {nullptr, true};
  RemovedEntry taken;
  const Removal removal = dict_take(ts, dict, key, hash.take(), taken);
  return {std::move(taken.value), removal == Removal::Raised};
}

Result<bool> dict_contains(ThreadState& ts, Borrowed<Dict> dict, Obj key) {
  const Lookup found = dict_lookup(ts, dict, key);
  if (found.failed) return Raised{};
  return found.value != nullptr;
}

ObjResult dict_set_default(ThreadState& ts, Borrowed<Dict> dict, Obj key, Obj value) {
  const std::int64_t hash = OURO_TRY(key_hash(ts, key));
  const std::int64_t at = find(ts, dict.get(), key, hash);
  if (at >= 0) return ObjRef::share(dict->value_at(static_cast<std::size_t>(at)));
  if (at == kFailed) return Raised{};
  OURO_TRY(add_entry(ts, dict.get(), key, hash, value));
  return value.new_ref();
}

void dict_clear(Borrowed<Dict> dict) {
  if (dict->keys == nullptr) return;
  ++dict->mutations;
  dict_drop_table(dict.get());
}

namespace {

// The entries of a table that no dict has any more, first to last, and then the table.
void drop_table(DictKeys* keys, Object** values, std::uint32_t count) {
  if (values != nullptr) {
    for (std::uint32_t i = 0; i < count; ++i) {
      decref(keys->shared()[i].key);
      decref(values[i]);
    }
    release_shared(keys, values);
    return;
  }
  const std::size_t step =
      keys->kind == DictKind::General ? sizeof(GeneralDictEntry) : sizeof(DictEntry);
  char* at = keys->entry_bytes();
  for (std::uint32_t i = 0; i < count; ++i, at += step) {
    auto* entry = reinterpret_cast<DictEntry*>(at);
    xdecref(entry->key);
    xdecref(entry->value);
  }
  free_raw(keys);
}

}  // namespace

void dict_drop_table(Dict* dict) {
  const std::uint32_t count = dict->entry_count();
  DictKeys* keys = std::exchange(dict->keys, nullptr);
  Object** values = std::exchange(dict->values, nullptr);
  dict->used = 0;
  drop_table(keys, values, count);
}

Status dict_clone_table(ThreadState& ts, Borrowed<Dict> to, Borrowed<Dict> from) {
  DictKeys* keys = from->keys;
  if (from->is_tracked() && !to->is_tracked()) OURO_TRY(track(ts, to));
  const std::uint32_t old_count = to->entry_count();
  DictKeys* old = to->keys;
  Object** old_values = to->values;
  if (from->is_shared()) {
    if (!clone_shared(to.get(), from.get())) return raise_no_memory(ts);
  } else {
    const std::size_t bytes = keys_bytes(keys->log2_size, keys->log2_index_bytes, keys->kind);
    auto* fresh = static_cast<DictKeys*>(allocate_raw(bytes));
    if (fresh == nullptr) return raise_no_memory(ts);
    const auto in_use = static_cast<std::size_t>(
        reinterpret_cast<char*>(&keys->key_at(keys->entry_count)) - reinterpret_cast<char*>(keys));
    std::memcpy(static_cast<void*>(fresh), keys, in_use);
    fresh->version = 0;
    to->keys = fresh;
    to->values = nullptr;
    to->used = from->used;
    for (std::uint32_t i = 0; i < fresh->entry_count; ++i) {
      xincref(to->key_at(i));
      xincref(to->value_at(i));
    }
  }
  ++to->mutations;
  if (old != nullptr) drop_table(old, old_values, old_count);
  return kDone;
}

bool dict_next(Borrowed<Dict> dict, std::uint32_t& position, Obj& key, Obj& value) {
  const std::uint32_t count = dict->entry_count();
  while (position < count) {
    const std::uint32_t at = position++;
    Object* found = dict->key_at(at);
    if (found == nullptr) continue;
    key = found;
    value = dict->value_at(at);
    return true;
  }
  return false;
}

namespace {

// Gathered outside an object first: making the list may run a collection and so Python code that
// changes the dict.
template <class Pick>
Result<Ref<List>> list_of(ThreadState& ts, Borrowed<Dict> dict, Pick pick) {
  ItemBuffer items(ts);
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(dict, position, key, value)) OURO_TRY(items.append(pick(key, value)));
  return List::from(ts, items.data(), static_cast<std::size_t>(items.size()));
}

}  // namespace

Result<Ref<List>> dict_keys_list(ThreadState& ts, Borrowed<Dict> dict) {
  return list_of(ts, dict, [](Obj key, Obj) { return key.new_ref(); });
}

Result<Ref<List>> dict_values_list(ThreadState& ts, Borrowed<Dict> dict) {
  return list_of(ts, dict, [](Obj, Obj value) { return value.new_ref(); });
}

Result<Ref<List>> dict_items_list(ThreadState& ts, Borrowed<Dict> dict) {
  ItemBuffer items(ts);
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(dict, position, key, value)) {
    ObjRef held_key = key.new_ref();
    ObjRef held_value = value.new_ref();
    Ref<Tuple> pair = OURO_TRY(Tuple::of(ts, held_key, held_value));
    OURO_TRY(items.append(std::move(pair)));
  }
  return List::from(ts, items.data(), static_cast<std::size_t>(items.size()));
}

}  // namespace ouro
