// Dict: compact, ordered. An index table of 1, 2, 4 or 8 bytes a place leads into an array of entries in order of insertion.
//
// Invariants: D1 every used index place names an entry with a key; D2 used == entries with a value; D3 entry_count <= usable limit;
// D4 keys->version is 0 or unique, and reset whenever a key is added, removed or moved (so caches may keep entry positions).
// Lookups that compare keys run Python code; they start again when `keys` or the entry has changed meanwhile.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"

namespace ouro {

struct DictEntry {
  std::int64_t hash;
  Object* key;    // owned; null: removed
  Object* value;  // owned
};

/// The table of a dict: this header, then the index places, then the entries. One heap block, owned by one Dict.
struct DictKeys {
  std::uint8_t log2_size;       // index places
  std::uint8_t log2_index_bytes;
  bool all_strings;             // every key is an exact str (lookups of str keys run no Python code)
  std::uint32_t version;        // for caches; 0: none given
  std::uint32_t entry_count;    // entries used so far, removed ones included
  std::uint32_t capacity;       // entries that may be used before the table must grow
  [[nodiscard]] DictEntry* entries() {
    return reinterpret_cast<DictEntry*>(reinterpret_cast<char*>(this + 1) +
                                        (std::size_t{1} << (log2_size + log2_index_bytes)));
  }
};
static_assert(sizeof(DictKeys) == 16);

struct Dict : Object {
  DictKeys* keys;           // null while nothing was ever stored
  std::uint32_t used;       // items
  std::uint32_t mutations;  // counts replaced tables (growth, clear), to notice them across Python code

  /// An empty dict, untracked until it holds something that can form cycles.
  static Result<Ref<Dict>> create(ThreadState& ts, std::int64_t expected = 0);

  template <class V>
  void edges(V& v) const {
    if (keys == nullptr) return;
    const DictEntry* entries = keys->entries();
    for (std::uint32_t i = 0; i < keys->entry_count; ++i) {
      if (entries[i].key == nullptr) continue;
      v.edge(entries[i].value, gc::value_label(entries[i].key));
      if (keys->all_strings) {
        v.hidden_edge(entries[i].key, gc::key_label(entries[i].key, i));
      } else {
        v.edge(entries[i].key, gc::key_label(entries[i].key, i));
      }
    }
  }
};

/// Value under `key`, borrowed; null (nothing pending) when absent. Raised when hash or comparison raises.
struct Lookup {
  Object* value;  // borrowed, null when absent
  bool failed;
};
Lookup dict_lookup(ThreadState& ts, Borrowed<Dict> dict, Obj key);
Lookup dict_lookup_hashed(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash);
/// For exact-str keys in a dict of strings: cannot fail, runs no Python code. Falls back to comparing when other keys are present.
Borrowed<Object> dict_get_str(Borrowed<Dict> dict, Borrowed<Str> key);
/// Position of a str key in `keys->entries()`, or -1: for inline caches. Only for dicts whose keys are all strings.
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
