// Set and FrozenSet: the table. Operations are in set_operators.cpp, methods and types in
// set_methods.cpp.
//
// Probing follows CPython, so that iteration shows the same order: from the place given by the low
// bits of the hash up to nine neighbours, then place = 5 * place + 1 + perturb with the hash
// shifted into perturb five bits at a time. A new member takes the last removed place that its
// search passed.
#include "objects/set.h"

#include <algorithm>

#include "objects/dict.h"
#include "objects/set_impl.h"
#include "objects/str.h"
#include "support/checked_size.h"

namespace ouro {

namespace {

constexpr std::uint64_t kNeighbours = 9;
constexpr unsigned kPerturbShift = 5;
constexpr std::int64_t kLargeSet = 50000;  // from here on growth is by two instead of four

// Calls `look(entry)` for the places that belong to `hash`, in order, until it returns true.
template <class Look>
void probe(SetEntry* table, std::uint64_t mask, std::int64_t hash, Look look) {
  auto perturb = static_cast<std::uint64_t>(hash);
  std::uint64_t place = perturb & mask;
  for (;;) {
    const std::uint64_t last = place + kNeighbours <= mask ? place + kNeighbours : place;
    for (std::uint64_t i = place; i <= last; ++i) {
      if (look(table[i])) return;
    }
    perturb >>= kPerturbShift;
    place = (place * 5 + 1 + perturb) & mask;
  }
}

bool is_unused(const SetEntry& entry) { return entry.key == nullptr && entry.hash != kRemovedHash; }

void insert_clean(SetEntry* table, std::uint64_t mask, Object* key, std::int64_t hash) {
  probe(table, mask, hash, [&](SetEntry& entry) {
    if (entry.key != nullptr) return false;
    entry = {key, hash};
    return true;
  });
}

struct Found {
  SetEntry* entry;  // the member's place, or the unused one where it may go; null when a comparison
                    // raised
  bool present;
  SetEntry* removed;  // the last removed place on the way, or null: a new member goes there first
};

// Comparing runs Python code. When the table was replaced or the entry changed meanwhile,
// everything starts again.
Found find(ThreadState& ts, Set* set, Obj key, std::int64_t hash) {
  const bool text = is_exact_str(key);
  for (;;) {
    Found found{nullptr, false, nullptr};
    bool again = false;
    probe(set->table, set->mask, hash, [&](SetEntry& entry) {
      if (is_unused(entry)) {
        found.entry = &entry;
        return true;
      }
      if (entry.key == nullptr) found.removed = &entry;
      if (entry.hash != hash || entry.key == nullptr) return false;
      if (entry.key == key.get()) {
        found.entry = &entry;
        found.present = true;
        return true;
      }
      if (text && is_exact_str(entry.key)) {
        if (!str_equal(as<Str>(entry.key), as<Str>(key))) return false;
        found.entry = &entry;
        found.present = true;
        return true;
      }
      const std::uint64_t mutations = set->mutations;
      ObjRef candidate = ObjRef::share(entry.key);
      Result<bool> same = equals(ts, candidate, key);
      if (same.raised()) return true;
      if (set->mutations != mutations || entry.key != candidate.get()) {
        again = true;
        return true;
      }
      if (!same.take()) return false;
      found.entry = &entry;
      found.present = true;
      return true;
    });
    if (!again) return found;
  }
}

std::uint64_t growth_target(std::int64_t used) {
  return static_cast<std::uint64_t>(used > kLargeSet ? used * 2 : used * 4);
}

Result<std::int64_t> member_hash(ThreadState& ts, Obj item) {
  if (is_exact_str(item)) {
    Str* text = as<Str>(item);
    return text->hash != -1 ? text->hash : str_hash(text);
  }
  return hash_of(ts, item);
}

bool must_grow_for(const Set* set, std::int64_t more) {
  return static_cast<std::uint64_t>(set->fill + more) * 5 >= set->mask * 3;
}

Status merge_set(ThreadState& ts, Borrowed<Set> set, Borrowed<Set> other) {
  if (set == other || other->used == 0) return kDone;
  if (must_grow_for(set.get(), other->used)) {
    OURO_TRY(set_resize(ts, set, static_cast<std::uint64_t>(set->used + other->used) * 2));
  }
  if (set->fill == 0) {
    const bool same_shape = set->mask == other->mask && other->fill == other->used;
    for (std::uint64_t i = 0; i <= other->mask; ++i) {
      const SetEntry& entry = other->table[i];
      if (entry.key == nullptr) continue;
      incref(entry.key);
      if (same_shape) {
        set->table[i] = entry;
      } else {
        insert_clean(set->table, set->mask, entry.key, entry.hash);
      }
    }
    set->fill = set->used = other->used;
    return kDone;
  }
  std::uint64_t position = 0;
  Obj key;
  std::int64_t hash = 0;
  while (set_next_hashed(other, position, key, hash)) {
    ObjRef held = key.new_ref();
    OURO_TRY(set_add_hashed(ts, set, held, hash));
  }
  return kDone;
}

Status merge_dict(ThreadState& ts, Borrowed<Set> set, Borrowed<Dict> dict) {
  if (must_grow_for(set.get(), dict->used)) {
    OURO_TRY(set_resize(ts, set, static_cast<std::uint64_t>(set->used + dict->used) * 2));
  }
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(dict, position, key, value)) {
    const std::int64_t hash = dict->hash_at(position - 1);
    ObjRef held = key.new_ref();
    OURO_TRY(set_add_hashed(ts, set, held, hash));
  }
  return kDone;
}

}  // namespace

Result<Ref<Set>> Set::create(ThreadState& ts, Borrowed<Type> type) {
  Ref<Set> made = OURO_TRY(new_object<Set>(ts, type, type->info.basic_bytes));
  made->mask = kSmallSetPlaces - 1;
  made->table = made->small;
  made->hash = type->is_subtype_of(ts.core.types.frozenset) ? -1 : 0;
  OURO_TRY(track(ts, made));
  return made;
}

Status set_resize(ThreadState& ts, Borrowed<Set> set, std::uint64_t members) {
  std::uint64_t places = kSmallSetPlaces;
  while (places <= members) {
    if (places > UINT64_MAX / 2) return raise_no_memory(ts);
    places <<= 1;
  }
  SetEntry* const old_table = set->table;
  const std::uint64_t old_mask = set->mask;
  SetEntry small_copy[kSmallSetPlaces];
  const SetEntry* from = old_table;
  SetEntry* fresh = nullptr;
  if (places == kSmallSetPlaces) {
    fresh = set->small;
    if (old_table == fresh) {
      if (set->fill == set->used) return kDone;
      std::copy_n(old_table, kSmallSetPlaces, small_copy);
      from = small_copy;
    }
  } else {
    std::size_t bytes = 0;
    if (!checked_size(places, sizeof(SetEntry), 0, &bytes)) return raise_no_memory(ts);
    fresh = static_cast<SetEntry*>(allocate_raw(bytes));
    if (fresh == nullptr) return raise_no_memory(ts);
  }
  std::fill_n(fresh, places, SetEntry{nullptr, 0});
  for (std::uint64_t i = 0; i <= old_mask; ++i) {
    if (from[i].key != nullptr) insert_clean(fresh, places - 1, from[i].key, from[i].hash);
  }
  set->table = fresh;
  set->mask = places - 1;
  set->fill = set->used;
  ++set->mutations;
  if (old_table != set->small) free_raw(old_table);
  return kDone;
}

Status set_add_hashed(ThreadState& ts, Borrowed<Set> set, Obj key, std::int64_t hash) {
  const Found found = find(ts, set.get(), key, hash);
  if (found.entry == nullptr) return Raised{};
  if (found.present) return kDone;
  if (found.removed != nullptr &&
      found.removed->key == nullptr) {  // not filled by a comparison meanwhile
    *found.removed = {key.new_ref().release(), hash};
    ++set->used;
    return kDone;
  }
  *found.entry = {key.new_ref().release(), hash};
  ++set->used;
  ++set->fill;
  if (static_cast<std::uint64_t>(set->fill) * 5 < set->mask * 3) return kDone;
  return set_resize(ts, set, growth_target(set->used));
}

Result<bool> set_contains_hashed(ThreadState& ts, Borrowed<Set> set, Obj key, std::int64_t hash) {
  const Found found = find(ts, set.get(), key, hash);
  if (found.entry == nullptr) return Raised{};
  return found.present;
}

Result<bool> set_discard_hashed(ThreadState& ts, Borrowed<Set> set, Obj key, std::int64_t hash) {
  const Found found = find(ts, set.get(), key, hash);
  if (found.entry == nullptr) return Raised{};
  if (!found.present) return false;
  found.entry->hash = kRemovedHash;
  --set->used;
  drop(found.entry->key);
  return true;
}

ObjRef set_take_any(Borrowed<Set> set) {
  if (set->used == 0) return nullptr;
  std::uint64_t place = static_cast<std::uint64_t>(set->hash) & set->mask;
  while (set->table[place].key == nullptr) place = place == set->mask ? 0 : place + 1;
  set->table[place].hash = kRemovedHash;
  --set->used;
  set->hash = static_cast<std::int64_t>(place + 1);
  return ObjRef::steal(std::exchange(set->table[place].key, nullptr));
}

void set_clear(Borrowed<Set> set) {
  if (set->fill == 0 && set->table == set->small) return;
  SetEntry small_copy[kSmallSetPlaces];
  SetEntry* const old_table = set->table;
  const std::uint64_t places = set->mask + 1;
  const bool was_small = old_table == set->small;
  if (was_small) std::copy_n(set->small, kSmallSetPlaces, small_copy);
  std::fill_n(set->small, kSmallSetPlaces, SetEntry{nullptr, 0});
  set->table = set->small;
  set->mask = kSmallSetPlaces - 1;
  set->used = set->fill = 0;
  ++set->mutations;
  SetEntry* const members = was_small ? small_copy : old_table;
  for (std::uint64_t i = 0; i < places; ++i) xdecref(members[i].key);
  if (!was_small) free_raw(old_table);
}

void set_swap_members(Borrowed<Set> a, Borrowed<Set> b) {
  const bool a_small = a->table == a->small;
  const bool b_small = b->table == b->small;
  std::swap(a->used, b->used);
  std::swap(a->fill, b->fill);
  std::swap(a->mask, b->mask);
  std::swap(a->table, b->table);
  if (b_small) a->table = a->small;
  if (a_small) b->table = b->small;
  std::swap_ranges(a->small, a->small + kSmallSetPlaces, b->small);
  ++a->mutations;
  ++b->mutations;
}

bool set_next_hashed(Borrowed<Set> set, std::uint64_t& position, Obj& key, std::int64_t& hash) {
  while (position <= set->mask) {
    const SetEntry& entry = set->table[position++];
    if (entry.key == nullptr) continue;
    key = entry.key;
    hash = entry.hash;
    return true;
  }
  return false;
}

bool set_next(Borrowed<Set> set, std::uint64_t& position, Obj& key) {
  std::int64_t hash = 0;
  return set_next_hashed(set, position, key, hash);
}

Status set_add(ThreadState& ts, Borrowed<Set> set, Obj item) {
  const std::int64_t hash = OURO_TRY(member_hash(ts, item));
  return set_add_hashed(ts, set, item, hash);
}

Result<bool> set_contains(ThreadState& ts, Borrowed<Set> set, Obj item) {
  const std::int64_t hash = OURO_TRY(member_hash(ts, item));
  return set_contains_hashed(ts, set, item, hash);
}

Result<bool> set_discard(ThreadState& ts, Borrowed<Set> set, Obj item) {
  const std::int64_t hash = OURO_TRY(member_hash(ts, item));
  return set_discard_hashed(ts, set, item, hash);
}

Status set_update(ThreadState& ts, Borrowed<Set> set, Obj iterable) {
  if (is_any_set(iterable)) return merge_set(ts, set, as<Set>(iterable));
  if (is_exact_dict(iterable)) return merge_dict(ts, set, as<Dict>(iterable));
  return for_each_item(ts, iterable, [&](ObjRef item) { return set_add(ts, set, item); });
}

Result<Ref<Set>> set_from_iterable(ThreadState& ts, Borrowed<Type> type, Obj iterable) {
  Ref<Set> made = OURO_TRY(Set::create(ts, type));
  OURO_TRY(set_update(ts, made, iterable));
  return made;
}

}  // namespace ouro
