// isinstance, issubclass and dir, with the hooks that classes have for them.
#include "objects/errors.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace ouro {

namespace {

// `__bases__` when it is a tuple: what makes an object count as a class. Null when it is none.
struct Bases {
  Ref<Tuple> value;
  bool failed;
};
Bases bases_of(ThreadState& ts, Obj klass) {
  MaybeAttribute bases = find_attribute(ts, klass, ts.core.names.dunder_bases);
  if (bases.failed) return {Ref<Tuple>(), true};
  if (!bases.value || !is_tuple(bases.value)) return {Ref<Tuple>(), false};
  return {Ref<Tuple>::steal(as<Tuple>(bases.value.release())), false};
}

Status check_class(ThreadState& ts, Obj klass, const char* message) {
  if (is_type(klass)) return kDone;
  Bases bases = bases_of(ts, klass);
  if (bases.failed) return Raised{};
  if (!bases.value) return raise_type_error(ts, message);
  return kDone;
}

// Follows `__bases__` of classes that are no types.
Result<bool> derives_by_bases(ThreadState& ts, Obj derived, Obj klass) {
  if (derived == klass) return true;
  const NativeDepth depth(ts, " in __issubclass__");
  if (!depth.ok()) return Raised{};
  Bases bases = bases_of(ts, derived);
  if (bases.failed) return Raised{};
  if (!bases.value) return false;
  for (std::int64_t i = 0; i < bases.value->size; ++i) {
    if (OURO_TRY(derives_by_bases(ts, bases.value->at(i), klass))) return true;
  }
  return false;
}

// Without __instancecheck__.
Result<bool> is_instance_plainly(ThreadState& ts, Obj object, Obj klass) {
  if (is_type(klass)) {
    if (is_instance_of(object, as<Type>(klass))) return true;
    MaybeAttribute claimed = find_attribute(ts, object, ts.core.names.dunder_class);
    if (claimed.failed) return Raised{};
    return claimed.value && claimed.value.get() != object->type() && is_type(claimed.value) &&
           as<Type>(claimed.value)->is_subtype_of(as<Type>(klass));
  }
  OURO_TRY(check_class(ts, klass, "isinstance() arg 2 must be a type, a tuple of types, or a union"));
  MaybeAttribute claimed = find_attribute(ts, object, ts.core.names.dunder_class);
  if (claimed.failed) return Raised{};
  if (!claimed.value) return false;
  return derives_by_bases(ts, claimed.value, klass);
}

Result<bool> is_subclass_plainly(ThreadState& ts, Obj derived, Obj klass) {
  if (is_type(klass) && is_type(derived)) return as<Type>(derived)->is_subtype_of(as<Type>(klass));
  OURO_TRY(check_class(ts, derived, "issubclass() arg 1 must be a class"));
  OURO_TRY(check_class(ts, klass, "issubclass() arg 2 must be a class, a tuple of classes, or a union"));
  return derives_by_bases(ts, derived, klass);
}

}  // namespace

Result<bool> is_instance(ThreadState& ts, Obj object, Obj class_or_tuple) {
  if (Obj(object->type()) == class_or_tuple) return true;
  if (class_or_tuple->type() == ts.core.types.type) return is_instance_plainly(ts, object, class_or_tuple);
  const NativeDepth depth(ts, " in __instancecheck__");
  if (!depth.ok()) return Raised{};
  if (is_tuple(class_or_tuple)) {
    const Ref<Tuple> classes = Ref<Tuple>::share(as<Tuple>(class_or_tuple));
    for (std::int64_t i = 0; i < classes->size; ++i) {
      if (OURO_TRY(is_instance(ts, object, classes->at(i)))) return true;
    }
    return false;
  }
  MaybeAttribute check = find_special(ts, class_or_tuple, ts.core.names.dunder_instancecheck);
  if (check.failed) return Raised{};
  if (!check.value) return is_instance_plainly(ts, object, class_or_tuple);
  ObjRef answer = OURO_TRY(call(ts, check.value, object));
  return is_true(ts, answer);
}

Result<bool> is_subclass(ThreadState& ts, Obj derived, Obj class_or_tuple) {
  if (class_or_tuple->type() == ts.core.types.type) {
    if (derived == class_or_tuple) return true;
    return is_subclass_plainly(ts, derived, class_or_tuple);
  }
  const NativeDepth depth(ts, " in __subclasscheck__");
  if (!depth.ok()) return Raised{};
  if (is_tuple(class_or_tuple)) {
    const Ref<Tuple> classes = Ref<Tuple>::share(as<Tuple>(class_or_tuple));
    for (std::int64_t i = 0; i < classes->size; ++i) {
      if (OURO_TRY(is_subclass(ts, derived, classes->at(i)))) return true;
    }
    return false;
  }
  MaybeAttribute check = find_special(ts, class_or_tuple, ts.core.names.dunder_subclasscheck);
  if (check.failed) return Raised{};
  if (!check.value) return is_subclass_plainly(ts, derived, class_or_tuple);
  ObjRef answer = OURO_TRY(call(ts, check.value, derived));
  return is_true(ts, answer);
}

ObjResult dir_of(ThreadState& ts, Obj object) {
  MaybeAttribute method = find_special(ts, object, ts.core.names.dunder_dir);
  if (method.failed) return Raised{};
  if (!method.value) return raise_type_error(ts, "object does not provide __dir__");
  ObjRef names = OURO_TRY(call(ts, method.value));
  Ref<List> list = OURO_TRY(list_from_iterable(ts, names));
  OURO_TRY(list->sort(ts, nullptr, false));
  return list;
}

}  // namespace ouro
