// What the source files of dict share: the table, views and iterators.
#pragma once

#include "objects/container_support.h"
#include "objects/dict.h"
#include "objects/str.h"

namespace ouro {

/// Entries a table of 2^log2_size places may hold: two thirds.
constexpr std::uint32_t dict_usable(unsigned log2_size) {
  return static_cast<std::uint32_t>((std::uint64_t{2} << log2_size) / 3);
}
/// Bytes a dict takes in all: object and table.
std::size_t dict_bytes(Borrowed<Dict> dict);

/// Room for `items` more entries; false when out of memory.
bool dict_reserve(Borrowed<Dict> dict, std::int64_t items);
/// Gives `to` a copy of the whole table of `from` (which has one), dropping its own entries last.
Status dict_clone_table(ThreadState& ts, Borrowed<Dict> to, Borrowed<Dict> from);
/// Takes the table away: the dict is empty then. Drops the entries, first to last, and the table. Runs Python code.
void dict_drop_table(Dict* dict);

inline std::int64_t exact_str_hash(const Str* text) {
  return text->hash != -1 ? text->hash : str_hash(const_cast<Str*>(text));
}
/// hash(key), at once for exact str and small ints.
inline Result<std::int64_t> key_hash(ThreadState& ts, Obj key) {
  if (is_exact_str(key)) return exact_str_hash(as<Str>(key));
  // An int below the modulus 2^61 - 1 of hashes is its own hash, but for -1.
  constexpr std::int64_t kModulus = (std::int64_t{1} << 61) - 1;
  if (std::int64_t number; exact_small_int(key, number) && number > -kModulus && number < kModulus)
    return number == -1 ? -2 : number;
  return hash_of(ts, key);
}

/// The keys, values or items of a dict, as an object that follows the dict.
struct DictView : Object {
  Dict* dict;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(dict, gc::slot_label("mapping"));
  }
};

/// Walks over a dict in either direction. `dict` is null when exhausted.
struct DictIterator : Object {
  Dict* dict;         // owned
  Tuple* result;      // ? owned: the (key, value) given out last, used again when nobody kept it
  std::int64_t used;  // of the dict at the start; -1 after it was found changed
  std::int64_t position;  // next entry
  std::int64_t remaining;
  template <class V>
  void edges(V& v) const {
    v.edge(dict, gc::slot_label("mapping"));
    v.edge(result, gc::slot_label("item"));
  }
};

ObjResult dict_iterator_create(ThreadState& ts, Borrowed<Type> type, Borrowed<Dict> dict);
ObjResult dict_reverse_iterator_create(ThreadState& ts, Borrowed<Type> type, Borrowed<Dict> dict);
ObjResult dict_view_create(ThreadState& ts, Borrowed<Type> type, Borrowed<Dict> dict);
/// A new dict of any dict type, untracked when exact.
ObjResult dict_make(ThreadState& ts, Borrowed<Type> type, Args args);
Status dict_init(ThreadState& ts, Obj self, Args args);
/// dict | other.
ObjResult dict_or(ThreadState& ts, Obj left, Obj right);
ObjResult dict_inplace_or(ThreadState& ts, Obj self, Obj other);
ObjResult dict_iter(ThreadState& ts, Obj self);
ObjResult dict_subscript(ThreadState& ts, Obj self, Obj key);
/// Removes the entry of `key`, moving key and value out.
struct RemovedEntry {
  ObjRef key, value;
};
enum class Removal : std::uint8_t { Removed, Absent, Raised };
Removal dict_take(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash,
                  RemovedEntry& taken);
/// Removes the newest entry; Absent when the dict is empty.
Removal dict_take_last(Borrowed<Dict> dict, RemovedEntry& taken);

extern const MethodDef kDictMethods[];

}  // namespace ouro
