// Shared tables: what the dicts made by one dict display with the same str keys have in common.
//
// Such a dict is a row of values and a pointer to the table; it holds the first `used` keys. A key
// added behind them is appended to the table, so that the next dict finds it there; where dicts go
// different ways (another key next, a removed one), the dict gets a table of its own. A table whose
// dicts mostly do so is used no more.
//
// Tables are found through a small store by the addresses of the display's keys. The store keeps
// tables that no dict uses, but no key: entries are compared by address and hash there, never
// looked into, so that a key may go and its address be used again.
#include "objects/dict_table.h"

namespace ouro {

using namespace dict_table;

struct SharedKeysStore {
  static constexpr unsigned kLog2Slots = 7;
  struct Slot {
    DictKeys* keys;             // null: none yet
    std::uint64_t last_missed;  // a table is made when a display comes the second time
  };
  Slot slots[1u << kLog2Slots];
};

namespace {

constexpr std::uint32_t kMaxKeys = 40;
// So many dicts of a table are watched before it is judged.
constexpr std::uint32_t kTrial = 32;

/// Lies before the header of a shared table.
struct SharedHead {
  std::uint32_t references;        // dicts, and the store
  std::uint32_t made;              // dicts made with it
  std::uint32_t left;              // dicts that went over to a table of their own …
  std::uint32_t left_for_general;  // … of kind General
};
static_assert(sizeof(SharedHead) % 16 == 0);

SharedHead* head_of(DictKeys* keys) { return reinterpret_cast<SharedHead*>(keys) - 1; }

void drop_reference(DictKeys* keys) {
  if (--head_of(keys)->references == 0) free_raw(head_of(keys));
}

bool is_shareable_key(Obj key) {
  return is_exact_str(key) && as<Str>(key)->is_interned() && as<Str>(key)->hash != -1;
}

/// How many values the row of a dict with `count` items has room for.
std::uint32_t row_capacity(const DictKeys* keys, std::uint32_t count) {
  constexpr std::uint32_t kStep = 2;
  if (count <= keys->first_count) return keys->first_count;
  return keys->first_count + (count - keys->first_count + kStep - 1) / kStep * kStep;
}

Object** make_row(std::uint32_t capacity) {
  return static_cast<Object**>(allocate_raw(capacity * sizeof(Object*)));
}

/// A table of these keys; null when they cannot be shared or there is no memory.
DictKeys* make_shared(const DictDisplay& display) {
  const std::uint32_t count = display.count;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!is_shareable_key(display.key(i))) return nullptr;
    for (std::uint32_t j = 0; j < i; ++j) {
      if (display.key(i) == display.key(j)) return nullptr;
    }
  }
  const unsigned log2_size = log2_size_for(std::uint64_t{count} * 2 + 2);
  auto* head = static_cast<SharedHead*>(
      allocate_raw(sizeof(SharedHead) + keys_bytes(log2_size, 0, DictKind::Shared)));
  if (head == nullptr) return nullptr;
  *head = {1, 0, 0, 0};
  auto* table = reinterpret_cast<DictKeys*>(head + 1);
  init_keys(table, log2_size, 0, DictKind::Shared);
  table->first_count = static_cast<std::uint8_t>(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::int64_t hash = static_cast<Str*>(display.key(i))->hash;
    table->shared()[i] = {display.key(i), hash};
    add_to_index(table, hash, table->entry_count++);
  }
  return table;
}

bool is_table_of(DictKeys* table, const DictDisplay& display) {
  if (table->first_count != display.count) return false;
  const SharedDictEntry* entries = table->shared();
  for (std::uint32_t i = 0; i < display.count; ++i) {
    Object* key = display.key(i);
    // The hash says that no other text has come to the address.
    if (entries[i].key != key || !is_shareable_key(key) ||
        entries[i].hash != static_cast<Str*>(key)->hash)
      return false;
  }
  return true;
}

/// The table for a display, borrowed from the store; null when there is none (yet).
DictKeys* table_for(ThreadState& ts, const DictDisplay& display) {
  if (display.count == 0 || display.count > kMaxKeys) return nullptr;
  SharedKeysStore*& store = ts.core.shared_keys;
  if (store == nullptr) {
    store = static_cast<SharedKeysStore*>(allocate_raw(sizeof(SharedKeysStore)));
    if (store == nullptr) return nullptr;
    *store = {};
  }
  std::uint64_t mixed = display.count;
  for (std::uint32_t i = 0; i < display.count; ++i) {
    // Fibonacci hashing, once a key.
    mixed = (mixed ^ reinterpret_cast<std::uintptr_t>(display.key(i))) * 0x9E3779B97F4A7C15u;
  }
  SharedKeysStore::Slot& slot = store->slots[mixed >> (64 - SharedKeysStore::kLog2Slots)];
  if (slot.keys != nullptr && is_table_of(slot.keys, display)) return slot.keys;
  if (slot.last_missed != mixed) {
    slot.last_missed = mixed;
    return nullptr;
  }
  DictKeys* made = make_shared(display);
  if (made == nullptr) return nullptr;
  if (slot.keys != nullptr) drop_reference(slot.keys);
  slot.keys = made;
  return made;
}

/// Whether most dicts of the table stay with it.
bool pays(const SharedHead* head) { return head->made < kTrial || head->left < head->made / 2; }

/// A dict with a table of its own, of kind General or as simple as the keys allow.
Result<Ref<Dict>> make_plain(ThreadState& ts, const DictDisplay& display, DictKind kind) {
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  if (display.count == 0) return dict;
  for (std::uint32_t i = 0; i < display.count; ++i) {
    if (!is_exact_str(display.key(i))) kind = DictKind::General;
  }
  if (!resize(dict.get(), log2_size_for((std::uint64_t{display.count} * 3 + 1) / 2), kind))
    return raise_no_memory(ts);
  for (std::uint32_t i = 0; i < display.count; ++i)
    OURO_TRY(dict_set(ts, dict, display.key(i), display.value(i)));
  return dict;
}

}  // namespace

void free_shared_keys(CoreObjects& core) {
  SharedKeysStore* store = std::exchange(core.shared_keys, nullptr);
  if (store == nullptr) return;
  for (SharedKeysStore::Slot& slot : store->slots) {
    if (slot.keys != nullptr) drop_reference(slot.keys);
  }
  free_raw(store);
}

Result<Ref<Dict>> dict_from_display(ThreadState& ts, const DictDisplay& display) {
  DictKeys* table = table_for(ts, display);
  if (table == nullptr) return make_plain(ts, display, DictKind::Strings);
  if (const SharedHead* head = head_of(table); !pays(head)) {
    const bool general = head->left_for_general > head->left / 2;
    return make_plain(ts, display, general ? DictKind::General : DictKind::Strings);
  }
  // Held over the birth of the dict, which may run a collection.
  ++head_of(table)->references;
  Result<Ref<Dict>> made = Dict::create(ts);
  Object** row = made.ok() ? make_row(display.count) : nullptr;
  if (row == nullptr) {
    drop_reference(table);
    if (made.raised()) return Raised{};
    return raise_no_memory(ts);
  }
  ++head_of(table)->made;
  Ref<Dict> dict = made.take();
  bool watched = false;
  for (std::uint32_t i = 0; i < display.count; ++i) {
    Object* value = display.value(i);
    incref(display.key(i));
    incref(value);
    row[i] = value;
    watched = watched || may_form_cycles(value);
  }
  dict->keys = table;
  dict->values = row;
  dict->used = display.count;
  if (watched) OURO_TRY(track(ts, dict));
  return dict;
}

std::int64_t dict_table::find_shared(const Dict* dict, const Str* key, std::int64_t hash) {
  DictKeys* keys = dict->keys;
  const SharedDictEntry* entries = keys->shared();
  for (Probe probe(keys, hash);; probe.next()) {
    const std::int64_t at = read_index<std::int8_t>(keys, probe.place);
    if (at == kUnused) return -1;
    if (at >= dict->used) continue;
    if (entries[at].key == key) return at;
    if (entries[at].hash == hash &&
        str_equal(static_cast<Str*>(entries[at].key), const_cast<Str*>(key)))
      return at;
  }
}

bool dict_table::add_shared(Dict* dict, Obj key, std::int64_t hash, Obj value) {
  DictKeys* keys = dict->keys;
  const std::uint32_t at = dict->used;
  if (!is_shareable_key(key)) return false;
  SharedDictEntry& entry = keys->shared()[at];
  const bool is_new = at == keys->entry_count;
  if (is_new ? at >= std::min(keys->capacity, kMaxKeys)
             : entry.key != key.get() || entry.hash != hash)
    return false;
  const std::uint32_t capacity = row_capacity(keys, at);
  if (at == capacity) {
    auto* grown = static_cast<Object**>(
        reallocate_raw(dict->values, row_capacity(keys, at + 1) * sizeof(Object*)));
    if (grown == nullptr) return false;
    dict->values = grown;
  }
  if (is_new) {
    entry = {key.get(), hash};
    add_to_index(keys, hash, keys->entry_count++);
  }
  incref(key.get());
  dict->values[at] = value.new_ref().release();
  ++dict->used;
  return true;
}

bool dict_table::clone_shared(Dict* to, const Dict* from) {
  DictKeys* keys = from->keys;
  Object** row = make_row(row_capacity(keys, from->used));
  if (row == nullptr) return false;
  for (std::uint32_t i = 0; i < from->used; ++i) {
    incref(keys->shared()[i].key);
    row[i] = from->values[i];
    incref(row[i]);
  }
  ++head_of(keys)->references;
  ++head_of(keys)->made;
  to->keys = keys;
  to->values = row;
  to->used = from->used;
  return true;
}

void dict_table::leave_shared(DictKeys* keys, Object** values, DictKind to) {
  ++head_of(keys)->left;
  if (to == DictKind::General) ++head_of(keys)->left_for_general;
  release_shared(keys, values);
}

void dict_table::release_shared(DictKeys* keys, Object** values) {
  free_raw(values);
  drop_reference(keys);
}

std::size_t dict_table::shared_values_bytes(const Dict* dict) {
  return row_capacity(dict->keys, dict->used) * sizeof(Object*);
}

}  // namespace ouro
