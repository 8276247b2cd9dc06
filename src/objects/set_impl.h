// What the source files of set share.
#pragma once

#include "objects/container_support.h"
#include "objects/set.h"

namespace ouro {

inline constexpr std::int64_t kRemovedHash = -1;  // of a removed place: no object hashes to it
inline constexpr std::uint64_t kSmallSetPlaces = 8;

inline bool is_frozenset(ThreadState& ts, Obj object) {
  return is_instance_of(object, ts.core.types.frozenset);
}
inline bool is_exact_any_set(Obj object) {
  return is_kind(object, TypeKind::Set) || is_kind(object, TypeKind::FrozenSet);
}

/// Adds; the hash is that of `key`. Runs Python code to compare.
Status set_add_hashed(ThreadState& ts, Borrowed<Set> set, Obj key, std::int64_t hash);
Result<bool> set_contains_hashed(ThreadState& ts, Borrowed<Set> set, Obj key, std::int64_t hash);
/// Removes; the result says whether it was there.
Result<bool> set_discard_hashed(ThreadState& ts, Borrowed<Set> set, Obj key, std::int64_t hash);
/// Takes a member out, any one; an empty Ref when there is none. Runs no Python code.
ObjRef set_take_any(Borrowed<Set> set);
/// Empties the set: detaches the table, then drops the members. Runs Python code.
void set_clear(Borrowed<Set> set);
/// Exchanges the members of two sets (of which neither is a frozenset that others can see). Runs no
/// Python code.
void set_swap_members(Borrowed<Set> a, Borrowed<Set> b);
/// Moves the members into a table of more than `members` places. MemoryError.
Status set_resize(ThreadState& ts, Borrowed<Set> set, std::uint64_t members);
/// Like set_next, with the hash.
bool set_next_hashed(Borrowed<Set> set, std::uint64_t& position, Obj& key, std::int64_t& hash);

/// set -= iterable, set ^= iterable.
Status set_difference_update(ThreadState& ts, Borrowed<Set> set, Obj other);
Status set_symmetric_difference_update(ThreadState& ts, Borrowed<Set> set, Obj other);
/// A new exact set (frozenset when `set` is one) of the members both have.
Result<Ref<Set>> set_intersection(ThreadState& ts, Borrowed<Set> set, Obj other);
Result<Ref<Set>> set_difference(ThreadState& ts, Borrowed<Set> set, Obj other);
/// A new exact set (frozenset when `set` is one) of the same members.
Result<Ref<Set>> set_copy(ThreadState& ts, Borrowed<Set> set);
/// Every member of `set` is in `other`, a set.
Result<bool> set_is_subset(ThreadState& ts, Borrowed<Set> set, Borrowed<Set> other);
ObjResult set_iterator_create(ThreadState& ts, Obj set);

extern const MethodDef kSetMethods[];
extern const MethodDef kFrozenSetMethods[];

/// The slots that need the operations (set_operators.cpp).
void install_set_operators(Type& type, bool frozen);

}  // namespace ouro
