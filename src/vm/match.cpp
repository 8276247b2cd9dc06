// The match statement: mapping keys and class patterns.
#include "objects/errors.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "vm/eval.h"

namespace ouro {

ObjResult match_keys(ThreadState& ts, Obj subject, Borrowed<Tuple> keys) {
  const std::int64_t count = keys->size;
  Ref<Tuple> values = OURO_TRY(Tuple::make(ts, count));
  if (count == 0) return values;
  // get() with a marker, so that a missing key does not insert into a defaultdict.
  ObjRef get = OURO_TRY(get_attribute(ts, subject, ts.core.names.n_get));
  Ref<Set> seen = OURO_TRY(Set::create(ts, ts.core.types.set));
  ObjRef marker =
      OURO_TRY(allocate_object(ts, ts.core.types.object, ts.core.types.object->info.basic_bytes));
  for (std::int64_t i = 0; i < count; ++i) {
    Obj key = keys->items[i];
    if (OURO_TRY(set_contains(ts, seen, key))) {
      return raise_value_error(ts, "mapping pattern checks duplicate key ({r})", key);
    }
    OURO_TRY(set_add(ts, seen, key));
    ObjRef value = OURO_TRY(call(ts, get, key, marker));
    if (value.get() == marker.get()) return ts.core.none_ref();
    values->items[i] = value.release();
  }
  OURO_TRY(track(ts, values));
  return values;
}

namespace {

// Attribute `name` of the subject, once only; null (nothing pending) when absent.
Status match_attribute(ThreadState& ts, Obj subject, Obj cls, Obj name, Borrowed<Set> seen,
                       ObjRef& out) {
  if (OURO_TRY(set_contains(ts, seen, name))) {
    return raise_type_error(ts, "{}() got multiple sub-patterns for attribute {r}",
                            as<Type>(cls)->name(), name);
  }
  OURO_TRY(set_add(ts, seen, name));
  MaybeAttribute found = find_attribute(ts, subject, Borrowed<Str>(as<Str>(name)));
  if (found.failed) return Raised{};
  out = std::move(found.value);
  return kDone;
}

}  // namespace

ObjResult match_class(ThreadState& ts, Obj subject, Obj cls, std::uint32_t positional,
                      Borrowed<Tuple> keywords) {
  if (!is_type(cls)) return raise_type_error(ts, "called match pattern must be a type");
  if (!OURO_TRY(is_instance(ts, subject, cls))) return ts.core.none_ref();
  Ref<Set> seen = OURO_TRY(Set::create(ts, ts.core.types.set));
  Ref<List> attributes = OURO_TRY(List::create(ts));
  const char* class_name = as<Type>(cls)->name();
  if (positional > 0) {
    MaybeAttribute match_args = find_attribute(ts, cls, ts.core.names.dunder_match_args);
    if (match_args.failed) return Raised{};
    bool match_self = false;
    std::int64_t allowed = 0;
    if (match_args.value) {
      if (!is_exact_tuple(match_args.value)) {
        return raise_type_error(ts, "{}.__match_args__ must be a tuple (got {t})", class_name,
                                match_args.value);
      }
      allowed = as<Tuple>(match_args.value)->size;
    } else {
      match_self = as<Type>(cls)->has(kMatchSelf);
      allowed = match_self ? 1 : 0;
    }
    if (allowed < static_cast<std::int64_t>(positional)) {
      return raise_type_error(ts, "{}() accepts {} positional sub-pattern{} ({} given)", class_name,
                              allowed, allowed == 1 ? "" : "s", positional);
    }
    if (match_self) {
      OURO_TRY(attributes->append(ts, subject));
    } else {
      for (std::uint32_t i = 0; i < positional; ++i) {
        Obj name = as<Tuple>(match_args.value)->items[i];
        if (!is_exact_str(name)) {
          return raise_type_error(ts, "__match_args__ elements must be strings (got {t})", name);
        }
        ObjRef value;
        OURO_TRY(match_attribute(ts, subject, cls, name, seen, value));
        if (!value) return ts.core.none_ref();
        OURO_TRY(attributes->append(ts, Obj(value)));
      }
    }
  }
  for (std::int64_t i = 0; i < keywords->size; ++i) {
    ObjRef value;
    OURO_TRY(match_attribute(ts, subject, cls, keywords->items[i], seen, value));
    if (!value) return ts.core.none_ref();
    OURO_TRY(attributes->append(ts, Obj(value)));
  }
  return ObjResult(OURO_TRY(list_as_tuple(ts, attributes)));
}

}  // namespace ouro
