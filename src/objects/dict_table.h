// The table of a dict from inside: places, probing, tables of one owner. For the source files of
// dict.
//
// Probing follows CPython: the place is the low bits of the hash; then place = 5 * place + perturb
// + 1 with the hash shifted into perturb five bits at a time. The order of entries is that of
// insertion, so the sequence of places never shows.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>

#include "objects/dict_impl.h"

namespace ouro::dict_table {

inline constexpr std::int64_t kUnused = -1;   // index place never used
inline constexpr std::int64_t kRemoved = -2;  // index place of a removed entry
inline constexpr unsigned kMinLog2Size = 3;
inline constexpr unsigned kMaxLog2Size = 31;
inline constexpr unsigned kPerturbShift = 5;

inline unsigned index_bytes_log2(unsigned log2_size) {
  return log2_size < 8 ? 0 : log2_size < 16 ? 1 : 2;
}

/// The smallest table size (as power of two) of at least `places`.
inline unsigned log2_size_for(std::uint64_t places) {
  return std::max<unsigned>(static_cast<unsigned>(std::bit_width(places > 0 ? places - 1 : 0)),
                            kMinLog2Size);
}

/// Bytes of the block of a table.
inline std::size_t keys_bytes(unsigned log2_size, unsigned log2_index_bytes, DictKind kind) {
  return sizeof(DictKeys) + (std::size_t{1} << (log2_size + log2_index_bytes)) +
         dict_usable(log2_size) *
             (kind == DictKind::General ? sizeof(GeneralDictEntry) : sizeof(DictEntry));
}

inline void* index_table(DictKeys* keys) { return keys + 1; }

template <class Index>
std::int64_t read_index(DictKeys* keys, std::size_t place) {
  return static_cast<Index*>(index_table(keys))[place];
}

inline std::int64_t index_at(DictKeys* keys, std::size_t place) {
  switch (keys->log2_index_bytes) {
    case 0:
      return read_index<std::int8_t>(keys, place);
    case 1:
      return read_index<std::int16_t>(keys, place);
    default:
      return read_index<std::int32_t>(keys, place);
  }
}

inline void set_index(DictKeys* keys, std::size_t place, std::int64_t entry) {
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

/// The sequence of places that belongs to a hash.
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

/// Makes a table without entries of the block at `keys`.
inline void init_keys(DictKeys* keys, unsigned log2_size, unsigned log2_index_bytes,
                      DictKind kind) {
  *keys = {static_cast<std::uint8_t>(log2_size),
           static_cast<std::uint8_t>(log2_index_bytes),
           kind,
           0,
           0,
           0,
           dict_usable(log2_size)};
  std::memset(index_table(keys), 0xff, std::size_t{1} << (log2_size + log2_index_bytes));
}

inline void add_to_index(DictKeys* keys, std::int64_t hash, std::int64_t entry) {
  Probe probe(keys, hash);
  while (index_at(keys, probe.place) >= 0) probe.next();
  set_index(keys, probe.place, entry);
}

/// Appends an entry to a table that has room and one owner. Takes over both references.
inline void append_entry(DictKeys* keys, Object* key, std::int64_t hash, Object* value) {
  const std::uint32_t at = keys->entry_count++;
  add_to_index(keys, hash, at);
  if (keys->kind == DictKind::General) {
    GeneralDictEntry& entry = keys->general()[at];
    entry.key = key;
    entry.value = value;
    entry.hash = hash;
  } else {
    keys->strings()[at] = {key, value};
  }
}

/// Moves the entries into a table of one owner with 2^log2_size places, closing the gaps. False
/// when out of memory.
bool resize(Dict* dict, unsigned log2_size, DictKind kind);

// -- shared tables (dict_shared.cpp)
// ---------------------------------------------------------------

/// The entry of an exact str among those that the dict holds, or -1.
std::int64_t find_shared(const Dict* dict, const Str* key, std::int64_t hash);
/// Adds a key that the dict has not, if its table can take it; false when the dict needs a table of
/// its own. Takes new references when it did.
bool add_shared(Dict* dict, Obj key, std::int64_t hash, Obj value);
/// Gives `to`, which has no table, the same table with a copy of the values. False when out of
/// memory.
bool clone_shared(Dict* to, const Dict* from);
/// A dict went over to a table of its own, of kind `to`: lets go of the shared one.
void leave_shared(DictKeys* keys, Object** values, DictKind to);
/// A dict is done with its shared table.
void release_shared(DictKeys* keys, Object** values);
std::size_t shared_values_bytes(const Dict* dict);

}  // namespace ouro::dict_table
