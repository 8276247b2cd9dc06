// Copying and merging dicts: dict(), update, |, copy.
#include <algorithm>

#include "objects/dict_impl.h"
#include "objects/list.h"
#include "objects/tuple.h"

namespace ouro {

namespace {

// The whole table may be copied when few of its entries are removed ones and it is not far too
// large.
bool worth_cloning(Borrowed<Dict> dict) {
  if (dict->is_shared()) return true;
  const DictKeys* keys = dict->keys;
  return dict->used == keys->entry_count &&
         (keys->log2_size == 3 || dict_usable(keys->log2_size - 1u) < dict->used);
}

Status set_unless_present(ThreadState& ts, Borrowed<Dict> dict, Obj key, std::int64_t hash,
                          Obj value) {
  const Lookup found = dict_lookup_hashed(ts, dict, key, hash);
  if (found.failed) return Raised{};
  if (found.value != nullptr) return kDone;
  return dict_set_hashed(ts, dict, key, hash, value);
}

Status merge_table(ThreadState& ts, Borrowed<Dict> dict, Borrowed<Dict> other,
                   bool override_existing) {
  if (dict == other || other->used == 0) return kDone;
  if (dict->used == 0) override_existing = true;  // nothing to look up
  if (override_existing && dict->used == 0 && worth_cloning(other))
    return dict_clone_table(ts, dict, other);
  if (!dict_reserve(dict, other->used)) return raise_no_memory(ts);
  std::uint32_t position = 0;
  const std::uint32_t entry_count = other->entry_count();
  for (;;) {
    Obj key;
    Obj value;
    if (!dict_next(other, position, key, value)) return kDone;
    const std::int64_t hash = other->hash_at(position - 1);
    ObjRef held_key = key.new_ref();
    ObjRef held_value = value.new_ref();
    OURO_TRY(override_existing ? dict_set_hashed(ts, dict, held_key, hash, held_value)
                               : set_unless_present(ts, dict, held_key, hash, held_value));
    if (other->entry_count() != entry_count) {
      return raise(ts, ts.core.exceptions.RuntimeError, "dict mutated during update");
    }
  }
}

Status merge_pair(ThreadState& ts, Borrowed<Dict> dict, Obj key, Obj value,
                  bool override_existing) {
  if (override_existing) return dict_set(ts, dict, key, value);
  const std::int64_t hash = OURO_TRY(key_hash(ts, key));
  return set_unless_present(ts, dict, key, hash, value);
}

// An object with keys() and __getitem__.
Status merge_mapping(ThreadState& ts, Borrowed<Dict> dict, Obj mapping, Obj keys_method,
                     bool override_existing) {
  ObjRef keys = OURO_TRY(call(ts, keys_method));
  return for_each_item(ts, keys, [&](ObjRef key) -> Status {
    ObjRef value = OURO_TRY(get_item(ts, mapping, key));
    return merge_pair(ts, dict, key, value, override_existing);
  });
}

Status merge_pairs(ThreadState& ts, Borrowed<Dict> dict, Obj pairs, bool override_existing) {
  std::int64_t number = 0;
  return for_each_item(ts, pairs, [&](ObjRef item) -> Status {
    ObjResult made = sequence_fast(ts, item, "");
    if (made.raised()) {
      if (!catch_pending(ts, ts.core.exceptions.TypeError)) return Raised{};
      return raise_type_error(
          ts, "cannot convert dictionary update sequence element #{} to a sequence", number);
    }
    ObjRef pair = made.take();
    const std::span<Object* const> parts = fast_items(pair);
    if (parts.size() != 2) {
      return raise_value_error(
          ts, "dictionary update sequence element #{} has length {}; 2 is required", number,
          parts.size());
    }
    ++number;
    ObjRef key = ObjRef::share(parts[0]);
    ObjRef value = ObjRef::share(parts[1]);
    return merge_pair(ts, dict, key, value, override_existing);
  });
}

}  // namespace

bool is_plain_mapping(ThreadState& ts, Obj object) {
  return is_dict(object) && object->type()->iter == ts.core.types.dict->iter;
}

Status dict_merge(ThreadState& ts, Borrowed<Dict> dict, Obj other, bool override_existing) {
  if (is_plain_mapping(ts, other)) return merge_table(ts, dict, as<Dict>(other), override_existing);
  MaybeAttribute keys_method = find_attribute(ts, other, ts.core.names.n_keys);
  if (keys_method.failed) return Raised{};
  if (keys_method.value)
    return merge_mapping(ts, dict, other, keys_method.value, override_existing);
  return merge_pairs(ts, dict, other, override_existing);
}

Result<Ref<Dict>> dict_copy(ThreadState& ts, Borrowed<Dict> dict) {
  Ref<Dict> copy = OURO_TRY(Dict::create(ts));
  if (dict->used == 0) return copy;
  if (is_plain_mapping(ts, dict) && dict->used >= dict->entry_count() * std::uint64_t{2} / 3) {
    OURO_TRY(dict_clone_table(ts, copy, dict));
    return copy;
  }
  OURO_TRY(dict_merge(ts, copy, dict));
  return copy;
}

ObjResult dict_or(ThreadState& ts, Obj left, Obj right) {
  if (!is_dict(left) || !is_dict(right)) return ts.core.not_implemented_ref();
  Ref<Dict> made = OURO_TRY(dict_copy(ts, as<Dict>(left)));
  OURO_TRY(dict_merge(ts, made, right));
  return made;
}

ObjResult dict_inplace_or(ThreadState& ts, Obj self, Obj other) {
  OURO_TRY(dict_merge(ts, as<Dict>(self), other));
  return self.new_ref();
}

}  // namespace ouro
