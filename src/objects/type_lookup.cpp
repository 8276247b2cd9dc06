// Looking names up in classes, and what keeps such look-ups true: versions, the cache, the lists of subclasses, the MRO.
//
// Invariants: L1 a class whose version is not 0 has bases whose versions are not 0 (so a change reaches all who inherit it by
// going down from the changed class, and may stop at a 0); L2 a cache line holds what an uncached look-up would give while the
// class's version is the line's; L3 the value in a line is borrowed from the class, the name is counted.
#include <cstring>

#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/type_internal.h"
#include "objects/weakref.h"

namespace ouro {

// -- versions --------------------------------------------------------------------------------------------------------------------

struct TypeCache {
  static constexpr std::size_t kLines = 4096;
  struct Line {
    Str* name;  // owned; null: empty
    Object* value;
    std::uint32_t version;
  };
  Line lines[kLines];
};

TypeCache* make_type_cache() {
  void* block = allocate_raw(sizeof(TypeCache));
  if (block != nullptr) std::memset(block, 0, sizeof(TypeCache));
  return static_cast<TypeCache*>(block);
}

void free_type_cache(TypeCache* cache) {
  if (cache == nullptr) return;
  for (TypeCache::Line& line : cache->lines) xdecref(std::exchange(line.name, nullptr));
  free_raw(cache);
}

std::uint32_t type_version(ThreadState& ts, Borrowed<Type> type) {
  if (type->version != 0) return type->version;
  if (type->mro == nullptr || ts.core.next_type_version == 0) return 0;
  if (type->bases != nullptr) {
    for (std::int64_t i = 0; i < type->bases->size; ++i) {
      if (type_version(ts, as<Type>(type->bases->items[i])) == 0) return 0;
    }
  }
  if (ts.core.next_type_version == 0) return 0;
  type->version = ts.core.next_type_version++;  // wraps to 0 at the end: numbers have run out
  return type->version;
}

void type_modified(Borrowed<Type> type) {
  if (type->version == 0) return;
  type->version = 0;
  if (type->subclasses == nullptr) return;
  std::uint32_t position = 0;
  Obj key, reference;
  while (dict_next(as<Dict>(type->subclasses), position, key, reference)) {
    if (Obj subclass = weak_referent(reference)) type_modified(as<Type>(subclass));
  }
}

// Nothing is dropped, so nothing can go away meanwhile (the keys are str).
Borrowed<Object> search_mro(Borrowed<Type> type, Borrowed<Str> name) {
  const Tuple* mro = type->mro;
  if (mro == nullptr) return nullptr;
  for (std::int64_t i = 0; i < mro->size; ++i) {
    Dict* dict = as<Type>(mro->items[i])->dict;
    if (dict == nullptr) continue;
    if (Borrowed<Object> found = dict_get_str(dict, name)) return found;
  }
  return nullptr;
}

Borrowed<Object> type_lookup(ThreadState& ts, Borrowed<Type> type, Borrowed<Str> name) {
  if (!name->is_interned()) return search_mro(type, name);
  std::uint32_t version = type->version;
  const std::size_t name_bits = reinterpret_cast<std::uintptr_t>(name.get()) >> 4;
  if (version != 0) [[likely]] {
    const TypeCache::Line& line = ts.core.type_cache->lines[(version ^ name_bits) % TypeCache::kLines];
    if (line.version == version && line.name == name.get()) [[likely]] return line.value;
  }
  Borrowed<Object> found = search_mro(type, name);
  version = type_version(ts, type);
  if (version == 0 || ts.core.type_cache == nullptr) return found;
  TypeCache::Line& line = ts.core.type_cache->lines[(version ^ name_bits) % TypeCache::kLines];
  Str* old = line.name;
  incref(name.get());
  line = {name.get(), found.get(), version};
  xdecref(old);
  return found;
}

bool Type::is_subtype_of(const Type* other) const {
  if (this == other) return true;
  if (mro != nullptr) {
    for (std::int64_t i = 0; i < mro->size; ++i) {
      if (mro->items[i] == other) return true;
    }
    return false;
  }
  // Not ready yet, or being taken apart: by the bases.
  for (const Type* at = base; at != nullptr; at = at->base) {
    if (at == other) return true;
  }
  return false;
}

bool is_instance_of(Obj object, Borrowed<Type> type) { return object->type()->is_subtype_of(type.get()); }

// -- subclasses ------------------------------------------------------------------------------------------------------------------

namespace {

Result<Ref<Int>> subclass_key(ThreadState& ts, const Type* type) {
  return Int::from(ts, static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(type)));
}

}  // namespace

Status register_subclass(ThreadState& ts, Borrowed<Type> type) {
  Ref<Int> key = OURO_TRY(subclass_key(ts, type.get()));
  ObjRef reference = OURO_TRY(make_weak_ref(ts, type));
  for (std::int64_t i = 0; i < type->bases->size; ++i) {
    auto* base = as<Type>(type->bases->items[i]);
    if (base->subclasses == nullptr) {
      Ref<Dict> subclasses = OURO_TRY(Dict::create(ts));
      if (base->subclasses == nullptr) base->subclasses = subclasses.release();
    }
    OURO_TRY(dict_set(ts, as<Dict>(base->subclasses), key, reference));
  }
  return kDone;
}

// Called while `type` dies, perhaps with an exception in flight. Without memory for the key a dead entry stays behind.
void unregister_subclass(ThreadState& ts, Type* type) {
  if (type->bases == nullptr) return;
  const SavedPending saved(ts);
  Result<Ref<Int>> made = subclass_key(ts, type);
  if (made.raised()) {
    clear_pending(ts);
    return;
  }
  Ref<Int> key = made.take();
  for (std::int64_t i = 0; i < type->bases->size; ++i) {
    if (!is_type(type->bases->items[i])) continue;
    auto* base = as<Type>(type->bases->items[i]);
    if (base->subclasses == nullptr) continue;
    if (dict_remove(ts, as<Dict>(base->subclasses), key).raised()) clear_pending(ts);
  }
}

ObjResult live_subclasses(ThreadState& ts, Borrowed<Type> type) {
  Ref<List> result = OURO_TRY(List::create(ts));
  if (type->subclasses == nullptr) return result;
  // A copy: appending may run a collection, and that may end a subclass.
  Ref<List> references = OURO_TRY(dict_values_list(ts, as<Dict>(type->subclasses)));
  for (std::int64_t i = 0; i < references->size; ++i) {
    if (Obj subclass = weak_referent(references->at(i))) OURO_TRY(result->append(ts, subclass));
  }
  return result;
}

// -- the method resolution order ----------------------------------------------------------------------------------------------------

namespace {

// One list of the merge: a row of classes, of which the first `taken` are in the result.
struct MergeRow {
  const Tuple* classes;
  std::int64_t taken;
  [[nodiscard]] bool done() const { return taken >= classes->size; }
  [[nodiscard]] Object* head() const { return classes->items[taken]; }
  [[nodiscard]] bool in_tail(const Object* wanted) const {
    for (std::int64_t i = taken + 1; i < classes->size; ++i) {
      if (classes->items[i] == wanted) return true;
    }
    return false;
  }
};

Raised raise_no_order(ThreadState& ts, std::span<MergeRow> rows) {
  Ref<Dict> heads = OURO_TRY(Dict::create(ts));
  for (const MergeRow& row : rows) {
    if (!row.done()) OURO_TRY(dict_set(ts, heads, row.head(), Obj(ts.core.none)));
  }
  StrBuilder text(ts);
  OURO_TRY(text.append("Cannot create a consistent method resolution\norder (MRO) for bases"));
  Ref<List> names = OURO_TRY(dict_keys_list(ts, heads));
  for (std::int64_t i = 0; i < names->size; ++i) {
    OURO_TRY(text.append(i == 0 ? " " : ", "));
    OURO_TRY(text.append(as<Type>(names->at(i))->name()));
  }
  Ref<Str> message = OURO_TRY(text.finish());
  return raise_with(ts, ts.core.exceptions.TypeError, message);
}

Status check_duplicates(ThreadState& ts, const Tuple* bases) {
  for (std::int64_t i = 0; i < bases->size; ++i) {
    for (std::int64_t k = 0; k < i; ++k) {
      if (bases->items[k] != bases->items[i]) continue;
      return raise_type_error(ts, "duplicate base class {}", as<Type>(bases->items[i])->name());
    }
  }
  return kDone;
}

// Fills `order` (room for all) and gives the number of classes; -1 when there is no order.
std::int64_t merge(std::span<MergeRow> rows, Object** order) {
  std::int64_t count = 0;
  for (;;) {
    bool any_left = false;
    Object* next = nullptr;
    for (const MergeRow& row : rows) {
      if (row.done()) continue;
      any_left = true;
      bool blocked = false;
      for (const MergeRow& other : rows) blocked = blocked || (!other.done() && other.in_tail(row.head()));
      if (!blocked) {
        next = row.head();
        break;
      }
    }
    if (!any_left) return count;
    if (next == nullptr) return -1;
    order[count++] = next;
    for (MergeRow& row : rows) {
      if (!row.done() && row.head() == next) ++row.taken;
    }
  }
}

}  // namespace

// C3 linearisation (Barrett and others, "A Monotonic Superclass Linearization for Dylan", 1996; PEP 253).
Result<Ref<Tuple>> compute_mro(ThreadState& ts, Borrowed<Type> type) {
  const Ref<Tuple> bases = Ref<Tuple>::share(type->bases);
  const std::int64_t base_count = bases->size;
  std::size_t most = 1;
  for (std::int64_t i = 0; i < base_count; ++i) {
    const Tuple* mro = as<Type>(bases->items[i])->mro;
    if (mro == nullptr) {
      return raise_type_error(ts, "Cannot extend an incomplete type '{}'", as<Type>(bases->items[i])->name());
    }
    most += static_cast<std::size_t>(mro->size);
  }
  OURO_TRY(check_duplicates(ts, bases.get()));
  const auto row_count = static_cast<std::size_t>(base_count) + 1;
  auto* block = static_cast<char*>(allocate_raw(row_count * sizeof(MergeRow) + most * sizeof(Object*)));
  if (block == nullptr) return raise_no_memory(ts);
  auto* rows = reinterpret_cast<MergeRow*>(block);
  auto** order = reinterpret_cast<Object**>(rows + row_count);
  for (std::int64_t i = 0; i < base_count; ++i) rows[i] = {as<Type>(bases->items[i])->mro, 0};
  rows[base_count] = {bases.get(), 0};
  order[0] = type.get();
  const std::int64_t merged = merge({rows, row_count}, order + 1);
  Result<Ref<Tuple>> result = merged < 0 ? Result<Ref<Tuple>>(raise_no_order(ts, {rows, row_count}))
                                         : Tuple::from(ts, order, static_cast<std::size_t>(merged) + 1);
  free_raw(block);
  return result;
}

Result<Ref<Tuple>> mro_of_class(ThreadState& ts, Borrowed<Type> type) {
  Type* meta = type->type();
  if (meta == ts.core.types.type) return compute_mro(ts, type);
  MaybeAttribute method = find_special(ts, type, ts.core.names.n_mro);
  if (method.failed) return Raised{};
  if (!method.value) return compute_mro(ts, type);
  ObjRef answer = OURO_TRY(call(ts, method.value));
  Ref<Tuple> order = OURO_TRY(tuple_from_iterable(ts, answer));
  const Type* solid = solid_base(type.get());
  for (std::int64_t i = 0; i < order->size; ++i) {
    Obj item = order->at(i);
    if (!is_type(item)) return raise_type_error(ts, "mro() returned a non-class ('{t}')", item);
    if (!solid->is_subtype_of(solid_base(as<Type>(item)))) {
      return raise_type_error(ts, "mro() returned base with unsuitable layout ('{}')", as<Type>(item)->name());
    }
  }
  return order;
}

}  // namespace ouro
