// Dict: compact, ordered. An index table of 1, 2, 4 or 8 bytes a place leads into an array of entries in order of insertion.
//
// Three kinds of table:
//   General  entries of key, value and hash;
//   Strings  every key is an exact str, which knows its hash: entries of key and value;
//   Shared   the keys of many dicts made by one dict display (dict_shared.cpp): entries of key and hash. It belongs to
//            no dict; each has its own row of values, and holds the first `used` keys of the table. A dict counts the keys
//            it holds, whatever the kind: reference counts do not show the sharing.
//
// Invariants: D1 every used index place names an entry with a key; D2 used == entries with a value; D3 entry_count <= usable limit;
// D4 keys->version is 0 or unique, and reset whenever a key is added, removed or moved (so caches may keep entry positions);
// D5 values is null but for Shared, whose version is always 0; D6 keys of a shared table are only looked into (their text) by
// dicts that hold them: the others may be gone.
// Lookups that compare keys run Python code; they start again when `keys` or the entry has changed meanwhile.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct DictEntry {
  Object* key;    // owned; null: removed
  Object* value;  // owned
};
struct GeneralDictEntry : DictEntry {
  std::int64_t hash;
};
struct SharedDictEntry {
  Object* key;  // owned by the dicts that hold it
  std::int64_t hash;
};

enum class DictKind : std::uint8_t { General, Strings, Shared };

/// The table of a dict: this header, then the index places, then the entries. One heap block, owned by one Dict unless Shared.
struct DictKeys {
  std::uint8_t log2_size;       // index places
  std::uint8_t log2_index_bytes;
  DictKind kind;
  std::uint8_t first_count;     // Shared: keys of the dict display
  std::uint32_t version;        // for caches; 0: none given
  std::uint32_t entry_count;    // entries used so far, removed ones included
  std::uint32_t capacity;       // entries that may be used before the table must grow
  [[nodiscard]] char* entry_bytes() {
    return reinterpret_cast<char*>(this + 1) + (std::size_t{1} << (log2_size + log2_index_bytes));
  }
  /// The entries of a table of kind Strings.
  [[nodiscard]] DictEntry* strings() { return reinterpret_cast<DictEntry*>(entry_bytes()); }
  [[nodiscard]] GeneralDictEntry* general() { return reinterpret_cast<GeneralDictEntry*>(entry_bytes()); }
  [[nodiscard]] SharedDictEntry* shared() { return reinterpret_cast<SharedDictEntry*>(entry_bytes()); }
  [[nodiscard]] Object*& key_at(std::size_t index) {
    // The key comes first in entries of every kind.
    const std::size_t step = kind == DictKind::General ? sizeof(GeneralDictEntry) : sizeof(DictEntry);
    return *reinterpret_cast<Object**>(entry_bytes() + index * step);
  }
};
static_assert(sizeof(DictKeys) == 16);
static_assert(sizeof(DictEntry) == sizeof(SharedDictEntry));

struct Dict : Object {
  DictKeys* keys;           // null while nothing was ever stored
  Object** values;          // of a shared table: one heap block
  std::uint32_t used;       // items
  std::uint32_t mutations;  // counts replaced tables (growth, clear), to notice them across Python code

  /// An empty dict, untracked until it holds something that can form cycles.
  static Result<Ref<Dict>> create(ThreadState& ts, std::int64_t expected = 0);

  [[nodiscard]] bool is_shared() const { return values != nullptr; }
  /// Entries to walk over, removed ones included.
  [[nodiscard]] std::uint32_t entry_count() const {
    return keys == nullptr ? 0 : is_shared() ? used : keys->entry_count;
  }
  /// Key (null: removed) and value of an entry below entry_count().
  [[nodiscard]] Object* key_at(std::size_t index) const { return keys->key_at(index); }
  [[nodiscard]] Object*& value_at(std::size_t index) const {
    if (is_shared()) return values[index];
    return keys->kind == DictKind::Strings ? keys->strings()[index].value : keys->general()[index].value;
  }
  [[nodiscard]] std::int64_t hash_at(std::size_t index) const;  // dict.cpp

  template <class V>
  void edges(V& v) const {
    const std::uint32_t count = entry_count();
    for (std::uint32_t i = 0; i < count; ++i) {
      Object* key = key_at(i);
      if (key == nullptr) continue;
      v.edge(value_at(i), gc::value_label(key));
      if (keys->kind == DictKind::General) {
        v.edge(key, gc::key_label(key, i));
      } else {
        v.hidden_edge(key, gc::key_label(key, i));
      }
    }
  }
};
static_assert(sizeof(Dict) == 40);

/// The keys and values of a dict display, as they lie on the stack: `step` places from one key, or value, to the next. All
/// are borrowed from the caller, who keeps them alive.
struct DictDisplay {
  Object* const* keys;
  Object* const* values;
  std::uint32_t count;
  std::uint32_t key_step, value_step;
  [[nodiscard]] Object* key(std::size_t index) const { return keys[index * key_step]; }
  [[nodiscard]] Object* value(std::size_t index) const { return values[index * value_step]; }
};
/// The dict of a display. Those with the same interned keys share a table.
Result<Ref<Dict>> dict_from_display(ThreadState& ts, const DictDisplay& display);
/// At exit: lets go of the tables kept for displays.
void free_shared_keys(CoreObjects& core);

/// Value under `key`, borrowed; null (nothing pending) when absent. Raised when hash or comparison raises.
struct Lookup {
  Object* value;  // borrowed, null when absent
  bool failed;
};
Lookup dict_lookup(ThreadState& ts, Borrowed<Dict> dict, Obj key);
Lookup dict_lookup_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash);
/// For exact-str keys in a dict of strings: cannot fail, runs no Python code. Falls back to comparing when other keys are present.
Borrowed<Object> dict_get_str(Borrowed<Dict> dict, Borrowed<Str> key);
/// Position of a str key in `keys->strings()`, or -1: for inline caches. Only for tables of kind Strings.
std::int64_t dict_entry_index(Borrowed<Dict> dict, Borrowed<Str> key);
/// keys->version, giving one out when needed; 0 when none can be had.
std::uint32_t dict_keys_version(ThreadState& ts, Borrowed<Dict> dict);
/// Like dict[key] = value. New references are taken.
Status dict_set(ThreadState& ts, Borrowed<Dict> dict, Obj key, Obj value);
Status dict_set_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash, Obj value);
/// Replaces the value of an existing entry (position from a cache), dropping the old one last; tracks the dict when needed.
Status dict_replace_at(ThreadState& ts, Borrowed<Dict> dict, std::uint32_t index, ObjRef value);
Status dict_set(ThreadState& ts, Borrowed<Dict> dict, const char* key, Obj value);  // interned key
/// Removes; the result says whether the key was there.
Result<bool> dict_remove(ThreadState& ts, Borrowed<Dict> dict, Obj key);
Result<bool> dict_remove_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash);
/// Removes and returns the value; null Ref in `value` when absent.
struct Popped {
  ObjRef value;
  bool failed;
};
Popped dict_pop(ThreadState& ts, Borrowed<Dict> dict, Obj key);
Result<bool> dict_contains(ThreadState& ts, Borrowed<Dict> dict, Obj key);
/// setdefault: the value now under the key, new reference.
ObjResult dict_set_default(ThreadState& ts, Borrowed<Dict> dict, Obj key, Obj value);
void dict_clear(Borrowed<Dict> dict);
/// Whether it is a dict whose iteration no subclass has changed: merging reads the table and asks neither keys() nor __getitem__.
bool is_plain_mapping(ThreadState& ts, Obj object);
/// dict.update with a mapping or iterable of pairs; override=false keeps existing; duplicates raise when `unique` (calls: KeyError(key)).
Status dict_merge(ThreadState& ts, Borrowed<Dict> dict, Obj other, bool override_existing = true);
Result<Ref<Dict>> dict_copy(ThreadState& ts, Borrowed<Dict> dict);
inline std::int64_t dict_size(Borrowed<Dict> dict) { return dict->used; }
/// Iterates: position starts at 0; false at the end. Key and value are borrowed: own them across Python code.
bool dict_next(Borrowed<Dict> dict, std::uint32_t& position, Obj& key, Obj& value);
Result<Ref<List>> dict_keys_list(ThreadState& ts, Borrowed<Dict> dict);
Result<Ref<List>> dict_values_list(ThreadState& ts, Borrowed<Dict> dict);
Result<Ref<List>> dict_items_list(ThreadState& ts, Borrowed<Dict> dict);

}  // namespace ouro
