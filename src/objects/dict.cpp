// Dict: the table. Slots and methods are in dict_methods.cpp, merging in dict_merge.cpp, views and
// iterators in files of their own.
//
// Probing follows CPython: the place is the low bits of the hash; then place = 5 * place + perturb
// + 1 with the hash shifted into perturb five bits at a time. The order of entries is that of
// insertion, so the sequence of places never shows.
#include "objects/dict.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "objects/dict_impl.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "support/check.h"

namespace ouro {

namespace {

constexpr std::int64_t kUnused = -1;   // index place never used
constexpr std::int64_t kRemoved = -2;  // index place of a removed entry
constexpr unsigned kMinLog2Size = 3;
constexpr unsigned kMaxLog2Size = 31;
constexpr unsigned kPerturbShift = 5;

unsigned index_bytes_log2(unsigned log2_size) { return log2_size < 8 ? 0 : log2_size < 16 ? 1 : 2; }

// The smallest table size (as power of two) of at least `places`.
unsigned log2_size_for(std::uint64_t places) {
  return std::max<unsigned>(static_cast<unsigned>(std::bit_width(places > 0 ? places - 1 : 0)),
                            kMinLog2Size);
}

void* index_table(DictKeys* keys) { return keys + 1; }

template <class Index>
std::int64_t read_index(DictKeys* keys, std::size_t place) {
  return static_cast<Index*>(index_table(keys))[place];
}

std::int64_t index_at(DictKeys* keys, std::size_t place) {
  switch (keys->log2_index_bytes) {
    case 0:
      return read_index<std::int8_t>(keys, place);
    case 1:
      return read_index<std::int16_t>(keys, place);
    default:
      return read_index<std::int32_t>(keys, place);
  }
}

void set_index(DictKeys* keys, std::size_t place, std::int64_t entry) {
  switch (keys->log2_index_bytes) {
    case 0:
      static_cast<std::int8_t*>(index_table(keys))[place] = static_cast<std::int8_t>(entry);
      return;
    case 1:
      static_cast<std::int16_t*>(index_table(keys))[place] = static_cast<std::int16_t>(entry);
      return;
    default:
      static_cast<std::int32_t*>(index_table(keys))[place] = static_cast<std::int32_t>(entry);
      return;
  }
}

// The sequence of places that belongs to a hash.
struct Probe {
  std::size_t mask;
  std::uint64_t perturb;
  std::size_t place;
  Probe(const DictKeys* keys, std::int64_t hash)
      : mask((std::size_t{1} << keys->log2_size) - 1),
        perturb(static_cast<std::uint64_t>(hash)),
        place(static_cast<std::size_t>(hash) & mask) {}
  void next() {
    perturb >>= kPerturbShift;
    place = (place * 5 + static_cast<std::size_t>(perturb) + 1) & mask;
  }
};

DictKeys* make_keys(unsigned log2_size) {
  if (log2_size > kMaxLog2Size) return nullptr;
  const unsigned log2_index_bytes = index_bytes_log2(log2_size);
  auto* keys = static_cast<DictKeys*>(allocate_raw(dict_keys_bytes(log2_size, log2_index_bytes)));
  if (keys == nullptr) return nullptr;
  *keys = {static_cast<std::uint8_t>(log2_size),
           static_cast<std::uint8_t>(log2_index_bytes),
           true,
           0,
           0,
           dict_usable(log2_size)};
  std::memset(index_table(keys), 0xff, std::size_t{1} << (log2_size + log2_index_bytes));
  return keys;
}

template <class Index>
std::int64_t find_str_in(DictKeys* keys, const Str* key, std::int64_t hash) {
  const DictEntry* entries = keys->entries();
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = read_index<Index>(keys, probe.place);
    if (at >= 0) {
      const DictEntry& entry = entries[at];
      if (entry.key == key) return at;
      if (entry.hash == hash && str_equal(static_cast<Str*>(entry.key), const_cast<Str*>(key)))
        return at;
    } else if (at == kUnused) {
      return -1;
    }
  }
}

// The entry of an exact str in a table of strings, or -1.
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

// Comparing runs Python code. When the table was replaced or the entry changed meanwhile,
// everything starts again.
std::int64_t find_any(ThreadState& ts, Dict* dict, Obj key, std::int64_t hash) {
restart:
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return -1;
  if (keys->all_strings && is_exact_str(key)) return find_str(keys, as<Str>(key), hash);
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = index_at(keys, probe.place);
    if (at == kUnused) return -1;
    if (at < 0) continue;
    Object* candidate = keys->entries()[at].key;
    if (candidate == key.get()) return at;
    if (keys->entries()[at].hash != hash) continue;
    const std::uint32_t mutations = dict->mutations;
    ObjRef held = ObjRef::share(candidate);
    Result<bool> same = equals(ts, held, key);
    if (same.raised()) return kFailed;
    if (dict->mutations != mutations || dict->keys != keys || keys->entries()[at].key != candidate)
      goto restart;
    if (same.take()) return at;
  }
}

std::int64_t find(ThreadState& ts, Dict* dict, Obj key, std::int64_t hash) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return -1;
  if (keys->all_strings && is_exact_str(key)) [[likely]]
    return find_str(keys, as<Str>(key), hash);
  return find_any(ts, dict, key, hash);
}

// The index place that names entry `entry` of a key with this hash.
std::size_t place_of(DictKeys* keys, std::int64_t hash, std::int64_t entry) {
  Probe probe(keys, hash);
  while (index_at(keys, probe.place) != entry) probe.next();
  return probe.place;
}

void add_to_index(DictKeys* keys, std::int64_t hash, std::int64_t entry) {
  Probe probe(keys, hash);
  while (index_at(keys, probe.place) >= 0) probe.next();
  set_index(keys, probe.place, entry);
}

// Moves the entries into a table of 2^log2_size places, closing the gaps. False when out of memory.
bool resize(Dict* dict, unsigned log2_size) {
  DictKeys* fresh = make_keys(log2_size);
  if (fresh == nullptr) return false;
  DictKeys* old = dict->keys;
  if (old != nullptr) {
    fresh->all_strings = old->all_strings;
    const DictEntry* from = old->entries();
    DictEntry* to = fresh->entries();
    for (std::uint32_t i = 0; i < old->entry_count; ++i) {
      if (from[i].key == nullptr) continue;
      to[fresh->entry_count] = from[i];
      add_to_index(fresh, from[i].hash, fresh->entry_count++);
    }
  }
  dict->keys = fresh;
  ++dict->mutations;
  free_raw(old);
  return true;
}

// Begins watching a dict that is about to hold something that may form cycles.
Status track_for(ThreadState& ts, Dict* dict, Obj key, Obj value) {
  if (dict->is_tracked() || (!may_form_cycles(value) && !may_form_cycles(key))) return kDone;
  return track(ts, dict);
}

// Appends an entry whose key is known to be absent. Runs no Python code.
Status add_entry(ThreadState& ts, Dict* dict, Obj key, std::int64_t hash, Obj value) {
  OURO_TRY(track_for(ts, dict, key, value));
  if (dict->keys == nullptr || dict->keys->entry_count >= dict->keys->capacity) {
    if (!resize(dict, log2_size_for(std::uint64_t{dict->used} * 3))) return raise_no_memory(ts);
  }
  DictKeys* keys = dict->keys;
  if (!is_exact_str(key)) keys->all_strings = false;
  keys->version = 0;
  add_to_index(keys, hash, keys->entry_count);
  keys->entries()[keys->entry_count++] = {hash, key.new_ref().release(), value.new_ref().release()};
  ++dict->used;
  return kDone;
}

Status replace_value(ThreadState& ts, Dict* dict, std::int64_t at, ObjRef value) {
  OURO_TRY(track_for(ts, dict, dict->keys->entries()[at].key, value));
  Object* old = std::exchange(dict->keys->entries()[at].value, value.release());
  decref(old);  // last: may run Python code
  return kDone;
}

void take_entry(Dict* dict, std::int64_t at, RemovedEntry& taken) {
  DictKeys* keys = dict->keys;
  DictEntry& entry = keys->entries()[at];
  set_index(keys, place_of(keys, entry.hash, at), kRemoved);
  keys->version = 0;
  --dict->used;
  Object* key = std::exchange(entry.key, nullptr);
  Object* value = std::exchange(entry.value, nullptr);
  taken.key = ObjRef::steal(key);
  taken.value = ObjRef::steal(value);
}

}  // namespace

std::size_t dict_keys_bytes(unsigned log2_size, unsigned log2_index_bytes) {
  return sizeof(DictKeys) + (std::size_t{1} << (log2_size + log2_index_bytes)) +
         dict_usable(log2_size) * sizeof(DictEntry);
}

std::size_t dict_bytes(Borrowed<Dict> dict) {
  const std::size_t own = dict->type()->info.basic_bytes;
  if (dict->keys == nullptr) return own;
  return own + dict_keys_bytes(dict->keys->log2_size, dict->keys->log2_index_bytes);
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
  if (dict->keys != nullptr && dict->keys->entry_count + wanted <= dict->keys->capacity)
    return true;
  return resize(dict.get(), log2_size_for(((dict->used + wanted) * 3 + 1) / 2));
}

Lookup dict_lookup(ThreadState& ts, Borrowed<Dict> dict, Obj key) {
  if (is_exact_str(key)) return dict_lookup_hashed(ts, dict, key, exact_str_hash(as<Str>(key)));
  Result<std::int64_t> hash = hash_of(ts, key);
  if (hash.raised()) return {nullptr, true};
  return dict_lookup_hashed(ts, dict, key, hash.take());
}

Lookup dict_lookup_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash) {
  const std::int64_t at = find(ts, dict.get(), key, hash);
  if (at >= 0) return {dict->keys->entries()[at].value, false};
  return {nullptr, at == kFailed};
}

Borrowed<Object> dict_get_str(Borrowed<Dict> dict, Borrowed<Str> key) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return nullptr;
  const std::int64_t hash = exact_str_hash(key.get());
  if (keys->all_strings) [[likely]] {
    const std::int64_t at = find_str(keys, key.get(), hash);
    return at < 0 ? nullptr : keys->entries()[at].value;
  }
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = index_at(keys, probe.place);
    if (at == kUnused) return nullptr;
    if (at < 0) continue;
    const DictEntry& entry = keys->entries()[at];
    if (entry.key == key.get()) return entry.value;
    if (entry.hash == hash && is_exact_str(entry.key) &&
        str_equal(static_cast<Str*>(entry.key), key))
      return entry.value;
  }
}

std::int64_t dict_entry_index(Borrowed<Dict> dict, Borrowed<Str> key) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr || !keys->all_strings) return -1;
  return find_str(keys, key.get(), exact_str_hash(key.get()));
}

std::uint32_t dict_keys_version(ThreadState& ts, Borrowed<Dict> dict) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return 0;
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
  take_entry(dict.get(), at, taken);
  return Removal::Removed;
}

Removal dict_take_last(Borrowed<Dict> dict, RemovedEntry& taken) {
  if (dict->used == 0) return Removal::Absent;
  DictKeys* keys = dict->keys;
  std::uint32_t at = keys->entry_count - 1;
  while (keys->entries()[at].key == nullptr) --at;
  const std::uint32_t freed = keys->entry_count - at;
  take_entry(dict.get(), at, taken);
  // The entries behind are free again (so that the next call need not skip them), but not to be
  // used: their index places stay marked as removed, and every probe must find an unused place.
  keys->entry_count = at;
  keys->capacity -= freed;
  return Removal::Removed;
}

Result<bool> dict_remove(ThreadState& ts, Borrowed<Dict> dict, Obj key) {
  const std::int64_t hash = OURO_TRY(key_hash(ts, key));
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
  if (at >= 0) return ObjRef::share(dict->keys->entries()[at].value);
  if (at == kFailed) return Raised{};
  OURO_TRY(add_entry(ts, dict.get(), key, hash, value));
  return value.new_ref();
}

void dict_clear(Borrowed<Dict> dict) {
  DictKeys* keys = std::exchange(dict->keys, nullptr);
  if (keys == nullptr) return;
  dict->used = 0;
  ++dict->mutations;
  drop_dict_keys(keys);
}

void drop_dict_keys(DictKeys* keys) {
  DictEntry* entries = keys->entries();
  for (std::uint32_t i = 0; i < keys->entry_count; ++i) {
    xdecref(entries[i].key);
    xdecref(entries[i].value);
  }
  free_raw(keys);
}

Status dict_clone_table(ThreadState& ts, Borrowed<Dict> to, Borrowed<Dict> from) {
  DictKeys* keys = from->keys;
  if (from->is_tracked() && !to->is_tracked()) OURO_TRY(track(ts, to));
  const std::size_t bytes = dict_keys_bytes(keys->log2_size, keys->log2_index_bytes);
  auto* fresh = static_cast<DictKeys*>(allocate_raw(bytes));
  if (fresh == nullptr) return raise_no_memory(ts);
  const std::size_t in_use = static_cast<std::size_t>(
      reinterpret_cast<char*>(keys->entries() + keys->entry_count) - reinterpret_cast<char*>(keys));
  std::memcpy(static_cast<void*>(fresh), keys, in_use);
  fresh->version = 0;
  DictEntry* entries = fresh->entries();
  for (std::uint32_t i = 0; i < fresh->entry_count; ++i) {
    xincref(entries[i].key);
    xincref(entries[i].value);
  }
  DictKeys* old = std::exchange(to->keys, fresh);
  to->used = from->used;
  ++to->mutations;
  if (old != nullptr) drop_dict_keys(old);
  return kDone;
}

bool dict_next(Borrowed<Dict> dict, std::uint32_t& position, Obj& key, Obj& value) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return false;
  const DictEntry* entries = keys->entries();
  while (position < keys->entry_count) {
    const DictEntry& entry = entries[position++];
    if (entry.key == nullptr) continue;
    key = entry.key;
    value = entry.value;
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
