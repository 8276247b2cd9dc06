// Operations on whole sets: intersection, difference, comparison, the operators.
#include "objects/dict.h"
#include "objects/set_impl.h"

namespace ouro {

namespace {

Borrowed<Type> exact_type_like(ThreadState& ts, Obj set) {
  return is_frozenset(ts, set) ? ts.core.types.frozenset : ts.core.types.set;
}

// Calls `visit(key, hash) -> Status` for the members of a set or the keys of an exact dict; keys
// are held.
template <class Visit>
Status for_each_hashed(Obj set_or_dict, Visit visit) {
  if (is_any_set(set_or_dict)) {
    std::uint64_t position = 0;
    Obj key;
    std::int64_t hash = 0;
    while (set_next_hashed(as<Set>(set_or_dict), position, key, hash)) {
      ObjRef held = key.new_ref();
      OURO_TRY(visit(Obj(held), hash));
    }
    return kDone;
  }
  Borrowed<Dict> dict = as<Dict>(set_or_dict);
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(dict, position, key, value)) {
    const std::int64_t hash = dict->hash_at(position - 1);
    ObjRef held = key.new_ref();
    OURO_TRY(visit(Obj(held), hash));
  }
  return kDone;
}

// Many removed places make iteration and probing slow: a fresh table then.
Status tidy(ThreadState& ts, Borrowed<Set> set) {
  if (static_cast<std::uint64_t>(set->fill - set->used) <= set->mask / 4) return kDone;
  return set_resize(ts, set,
                    static_cast<std::uint64_t>(set->used > 50000 ? set->used * 2 : set->used * 4));
}

ObjResult set_and(ThreadState& ts, Obj left, Obj right) {
  if (!is_any_set(left) || !is_any_set(right)) return ts.core.not_implemented_ref();
  return set_intersection(ts, as<Set>(left), right);
}

ObjResult set_or(ThreadState& ts, Obj left, Obj right) {
  if (!is_any_set(left) || !is_any_set(right)) return ts.core.not_implemented_ref();
  Ref<Set> made = OURO_TRY(set_copy(ts, as<Set>(left)));
  if (left != right) OURO_TRY(set_update(ts, made, right));
  return made;
}

ObjResult set_subtract(ThreadState& ts, Obj left, Obj right) {
  if (!is_any_set(left) || !is_any_set(right)) return ts.core.not_implemented_ref();
  return set_difference(ts, as<Set>(left), right);
}

ObjResult set_xor(ThreadState& ts, Obj left, Obj right) {
  if (!is_any_set(left) || !is_any_set(right)) return ts.core.not_implemented_ref();
  Ref<Set> made = OURO_TRY(set_from_iterable(ts, exact_type_like(ts, left), right));
  OURO_TRY(set_symmetric_difference_update(ts, made, left));
  return made;
}

ObjResult set_inplace_or(ThreadState& ts, Obj self, Obj other) {
  if (!is_any_set(other)) return ts.core.not_implemented_ref();
  OURO_TRY(set_update(ts, as<Set>(self), other));
  return self.new_ref();
}

ObjResult set_inplace_and(ThreadState& ts, Obj self, Obj other) {
  if (!is_any_set(other)) return ts.core.not_implemented_ref();
  Ref<Set> kept = OURO_TRY(set_intersection(ts, as<Set>(self), other));
  set_swap_members(as<Set>(self), kept);
  return self.new_ref();
}

ObjResult set_inplace_subtract(ThreadState& ts, Obj self, Obj other) {
  if (!is_any_set(other)) return ts.core.not_implemented_ref();
  OURO_TRY(set_difference_update(ts, as<Set>(self), other));
  return self.new_ref();
}

ObjResult set_inplace_xor(ThreadState& ts, Obj self, Obj other) {
  if (!is_any_set(other)) return ts.core.not_implemented_ref();
  OURO_TRY(set_symmetric_difference_update(ts, as<Set>(self), other));
  return self.new_ref();
}

ObjResult set_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_any_set(right) || !is_any_set(left)) return ts.core.not_implemented_ref();
  Borrowed<Set> a = as<Set>(left);
  Borrowed<Set> b = as<Set>(right);
  const auto equal = [&]() -> Result<bool> {
    if (a->used != b->used) return false;
    if (is_frozenset(ts, left) && is_frozenset(ts, right) && a->hash != -1 && b->hash != -1 &&
        a->hash != b->hash)
      return false;
    return set_is_subset(ts, a, b);
  };
  switch (op) {
    case CompareOp::Equal:
      return ts.core.bool_ref(OURO_TRY(equal()));
    case CompareOp::NotEqual:
      return ts.core.bool_ref(!OURO_TRY(equal()));
    case CompareOp::LessEqual:
      return bool_result(ts, set_is_subset(ts, a, b));
    case CompareOp::GreaterEqual:
      return bool_result(ts, set_is_subset(ts, b, a));
    case CompareOp::Less:
      if (a->used >= b->used) return ts.core.bool_ref(false);
      return bool_result(ts, set_is_subset(ts, a, b));
    case CompareOp::Greater:
      if (a->used <= b->used) return ts.core.bool_ref(false);
      return bool_result(ts, set_is_subset(ts, b, a));
  }
  return ts.core.not_implemented_ref();
}

std::uint64_t shuffle_bits(std::uint64_t hash) {
  return ((hash ^ 89869747u) ^ (hash << 16)) * 3644798167u;
}

// CPython's mixing: independent of the order of members; the empty and removed places are taken out
// again.
Result<std::int64_t> frozenset_hash(ThreadState&, Obj self) {
  Set* set = as<Set>(self);
  if (set->hash != -1) return set->hash;
  std::uint64_t mixed = 0;
  for (std::uint64_t i = 0; i <= set->mask; ++i)
    mixed ^= shuffle_bits(static_cast<std::uint64_t>(set->table[i].hash));
  if (((set->mask + 1 - static_cast<std::uint64_t>(set->fill)) & 1) != 0) mixed ^= shuffle_bits(0);
  if (((set->fill - set->used) & 1) != 0) mixed ^= shuffle_bits(~std::uint64_t{0});
  mixed ^= (static_cast<std::uint64_t>(set->used) + 1) * 1927868237u;
  mixed ^= (mixed >> 11) ^ (mixed >> 25);
  mixed = mixed * 69069u + 907133923u;
  if (mixed == ~std::uint64_t{0}) mixed = 590923713u;
  set->hash = static_cast<std::int64_t>(mixed);
  return set->hash;
}

}  // namespace

Result<Ref<Set>> set_copy(ThreadState& ts, Borrowed<Set> set) {
  return set_from_iterable(ts, exact_type_like(ts, set), set);
}

Result<bool> set_is_subset(ThreadState& ts, Borrowed<Set> set, Borrowed<Set> other) {
  if (set->used > other->used) return false;
  std::uint64_t position = 0;
  Obj key;
  std::int64_t hash = 0;
  while (set_next_hashed(set, position, key, hash)) {
    ObjRef held = key.new_ref();
    if (!OURO_TRY(set_contains_hashed(ts, other, held, hash))) return false;
  }
  return true;
}

Result<Ref<Set>> set_intersection(ThreadState& ts, Borrowed<Set> set, Obj other) {
  if (set == other) return set_copy(ts, set);
  Ref<Set> made = OURO_TRY(Set::create(ts, exact_type_like(ts, set)));
  if (is_any_set(other)) {
    // The smaller one is walked over.
    Borrowed<Set> walked = as<Set>(other);
    Borrowed<Set> asked = set;
    if (walked->used > asked->used) std::swap(walked, asked);
    OURO_TRY(for_each_hashed(walked, [&](Obj key, std::int64_t hash) -> Status {
      if (OURO_TRY(set_contains_hashed(ts, asked, key, hash)))
        OURO_TRY(set_add_hashed(ts, made, key, hash));
      return kDone;
    }));
    return made;
  }
  OURO_TRY(for_each_item(ts, other, [&](ObjRef item) -> Status {
    const std::int64_t hash = OURO_TRY(hash_of(ts, item));
    if (OURO_TRY(set_contains_hashed(ts, set, item, hash)))
      OURO_TRY(set_add_hashed(ts, made, item, hash));
    return kDone;
  }));
  return made;
}

Result<Ref<Set>> set_difference(ThreadState& ts, Borrowed<Set> set, Obj other) {
  const bool hashed = is_any_set(other) || is_exact_dict(other);
  const std::int64_t others = !hashed             ? 0
                              : is_any_set(other) ? as<Set>(other)->used
                                                  : dict_size(as<Dict>(other));
  // A much smaller `other` is taken away from a copy; else the members it lacks are gathered.
  if (!hashed || (set->used >> 2) > others) {
    Ref<Set> made = OURO_TRY(set_copy(ts, set));
    OURO_TRY(set_difference_update(ts, made, other));
    return made;
  }
  Ref<Set> made = OURO_TRY(Set::create(ts, exact_type_like(ts, set)));
  OURO_TRY(for_each_hashed(set, [&](Obj key, std::int64_t hash) -> Status {
    if (is_any_set(other)) {
      if (OURO_TRY(set_contains_hashed(ts, as<Set>(other), key, hash))) return kDone;
    } else {
      const Lookup found = dict_lookup_hashed(ts, as<Dict>(other), key, hash);
      if (found.failed) return Raised{};
      if (found.value != nullptr) return kDone;
    }
    return set_add_hashed(ts, made, key, hash);
  }));
  return made;
}

Status set_difference_update(ThreadState& ts, Borrowed<Set> set, Obj other) {
  if (set == other) {
    set_clear(set);
    return kDone;
  }
  if (is_any_set(other)) {
    // What a much larger `other` has in common with the set is found faster from this side.
    ObjRef walked = other.new_ref();
    if ((as<Set>(other)->used >> 3) > set->used)
      walked = OURO_TRY(set_intersection(ts, set, other));
    OURO_TRY(for_each_hashed(walked, [&](Obj key, std::int64_t hash) -> Status {
      OURO_TRY(set_discard_hashed(ts, set, key, hash));
      return kDone;
    }));
  } else {
    OURO_TRY(for_each_item(ts, other, [&](ObjRef item) -> Status {
      OURO_TRY(set_discard(ts, set, item));
      return kDone;
    }));
  }
  return tidy(ts, set);
}

Status set_symmetric_difference_update(ThreadState& ts, Borrowed<Set> set, Obj other) {
  if (set == other) {
    set_clear(set);
    return kDone;
  }
  ObjRef walked = other.new_ref();
  if (!is_any_set(other) && !is_exact_dict(other))
    walked = OURO_TRY(set_from_iterable(ts, ts.core.types.set, other));
  return for_each_hashed(walked, [&](Obj key, std::int64_t hash) -> Status {
    if (OURO_TRY(set_discard_hashed(ts, set, key, hash))) return kDone;
    return set_add_hashed(ts, set, key, hash);
  });
}

void install_set_operators(Type& type, bool frozen) {
  type.compare = set_compare;
  type.number.bit_and = set_and;
  type.number.bit_or = set_or;
  type.number.bit_xor = set_xor;
  type.number.subtract = set_subtract;
  if (frozen) {
    type.hash = frozenset_hash;
    return;
  }
  type.number.inplace_and = set_inplace_and;
  type.number.inplace_or = set_inplace_or;
  type.number.inplace_xor = set_inplace_xor;
  type.number.inplace_subtract = set_inplace_subtract;
}

}  // namespace ouro
