// BaseExceptionGroup: a message and a tuple of exceptions, split and filtered as a tree.

#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/list.h"
#include "objects/operations.h"

namespace ouro::exceptions {

namespace {

Borrowed<Tuple> members(Obj group) {
  return as<Tuple>(exception_field(group, GroupField::Exceptions));
}

bool is_group(const ThreadState& ts, Obj object) {
  return is_instance_of(object, ts.core.exceptions.BaseExceptionGroup);
}

bool is_sequence(Obj object) {
  return object->type()->sequence.item != nullptr && !is_dict(object);
}

ObjResult group_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_keywords(ts, args, type->name()));
  if (args.count != 2) {
    return raise_type_error(ts, "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
                            args.count);
  }
  if (!is_str(args[0])) {
    return raise_type_error(ts, "BaseExceptionGroup.__new__() argument 1 must be str, not {n}",
                            args[0]);
  }
  if (!is_sequence(args[1]))
    return raise_type_error(ts, "second argument (exceptions) must be a sequence");
  Ref<Tuple> exceptions = OURO_TRY(tuple_from_iterable(ts, args[1]));
  if (exceptions->size == 0) {
    return raise_value_error(ts, "second argument (exceptions) must be a non-empty sequence");
  }
  bool nests_base = false;
  for (std::int64_t i = 0; i < exceptions->size; ++i) {
    if (!is_exception(exceptions->at(i))) {
      return raise_value_error(ts, "Item {} of second argument (exceptions) is not an exception",
                               i);
    }
    nests_base = nests_base || !is_instance_of(exceptions->at(i), ts.core.exceptions.Exception);
  }
  const CoreExceptions& known = ts.core.exceptions;
  Borrowed<Type> wanted = type;
  if (type == Borrowed<Type>(known.BaseExceptionGroup)) {
    if (!nests_base) wanted = known.ExceptionGroup;  // as general as needed only
  } else if (nests_base && type == Borrowed<Type>(known.ExceptionGroup)) {
    return raise_type_error(ts, "Cannot nest BaseExceptions in an ExceptionGroup");
  } else if (nests_base && type->is_subtype_of(known.Exception)) {
    return raise_type_error(ts, "Cannot nest BaseExceptions in '{}'", type->name());
  }
  Ref<BaseException> self = OURO_TRY(allocate(ts, wanted, 2, args));
  set_exception_field(Obj(self), GroupField::Message, args[0]);
  set_exception_field(Obj(self), GroupField::Exceptions, exceptions);
  return ObjRef(std::move(self));
}

ObjResult group_str(ThreadState& ts, Obj self) {
  const std::int64_t count = members(self)->size;
  const FormatArg shown[] = {FormatArg(exception_field(self, GroupField::Message)),
                             FormatArg(count), FormatArg(count > 1 ? "s" : "")};
  return format_message(ts, "{} ({} sub-exception{})", shown);
}

ObjResult derive(ThreadState& ts, Obj self, Args args) {
  Object* values[] = {exception_field(self, GroupField::Message).get(), args[0].get()};
  ObjRef kept_message = ObjRef::share(values[0]);
  return new_exception(ts, ts.core.exceptions.BaseExceptionGroup, Args{values, 2, nullptr});
}

/// A group like `original` with other members; null Ref (in `out`) when there are none.
Status derive_like(ThreadState& ts, Obj original, Borrowed<List> exceptions, ObjRef& out) {
  if (exceptions->size == 0) return kDone;
  Ref<Str> name = OURO_TRY(intern(ts, "derive"));
  Object* values[] = {exceptions.get()};
  ObjRef group = OURO_TRY(call_method(ts, original, name, values));
  if (!is_group(ts, group)) {
    return raise_type_error(ts, "derive must return an instance of BaseExceptionGroup");
  }
  const auto copy = [](Object*& to, Object* from) {
    xincref(from);
    xdecref(std::exchange(to, from));
  };
  copy(as_exception(group)->traceback, as_exception(original)->traceback);
  copy(as_exception(group)->context, as_exception(original)->context);
  copy(as_exception(group)->cause, as_exception(original)->cause);
  as_exception(group)->suppress_context = as_exception(original)->suppress_context;
  MaybeAttribute notes = find_attribute(ts, original, ts.core.names.dunder_notes);
  if (notes.failed) return Raised{};
  if (notes.value && is_sequence(notes.value)) {
    // A list of its own: notes added to the parts later must not show in the other.
    Ref<List> copied = OURO_TRY(list_from_iterable(ts, notes.value));
    OURO_TRY(set_attribute(ts, group, ts.core.names.dunder_notes, copied));
  }
  out = std::move(group);
  return kDone;
}

Result<bool> matches(ThreadState& ts, Obj exception, Obj condition) {
  if (is_type(condition) || is_tuple(condition)) return is_instance(ts, exception, condition);
  ObjRef answer = OURO_TRY(call(ts, condition, exception));
  return is_true(ts, answer);
}

Status check_condition(ThreadState& ts, Obj condition) {
  const auto is_class = [&](Obj object) {
    return is_type(object) && as<Type>(object)->is_subtype_of(ts.core.types.base_exception);
  };
  bool good = is_class(condition);
  if (!good && is_tuple(condition)) {
    good = true;
    for (std::int64_t i = 0; i < as<Tuple>(condition)->size; ++i)
      good = good && is_class(as<Tuple>(condition)->at(i));
  } else if (!good && !is_type(condition)) {
    good = is_callable(condition);
  }
  if (good) return kDone;
  return raise_type_error(ts, "expected a function, exception type or tuple of exception types");
}

struct Split {
  ObjRef match;
  ObjRef rest;
};

/// `with_rest` false builds only the matching part (subgroup).
Status split(ThreadState& ts, Obj exception, Obj condition, bool with_rest, Split& out) {
  NativeDepth depth(ts, " in exceptiongroup_split_recursive");
  if (!depth.ok()) return Raised{};
  if (OURO_TRY(matches(ts, exception, condition))) {
    out.match = exception.new_ref();
    return kDone;
  }
  if (!is_group(ts, exception)) {
    if (with_rest) out.rest = exception.new_ref();
    return kDone;
  }
  Ref<Tuple> parts = Ref<Tuple>::share(members(exception).get());
  Ref<List> matching = OURO_TRY(List::create(ts));
  Ref<List> others = OURO_TRY(List::create(ts));
  for (std::int64_t i = 0; i < parts->size; ++i) {
    Split part;
    OURO_TRY(split(ts, parts->at(i), condition, with_rest, part));
    if (part.match) OURO_TRY(matching->append(ts, std::move(part.match)));
    if (part.rest) OURO_TRY(others->append(ts, std::move(part.rest)));
  }
  OURO_TRY(derive_like(ts, exception, matching, out.match));
  if (with_rest) OURO_TRY(derive_like(ts, exception, others, out.rest));
  return kDone;
}

ObjResult group_split(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_condition(ts, args[0]));
  Split parts;
  OURO_TRY(split(ts, self, args[0], true, parts));
  Obj none = ts.core.none;
  return Tuple::of(ts, parts.match ? Obj(parts.match) : none, parts.rest ? Obj(parts.rest) : none);
}

ObjResult group_subgroup(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(check_condition(ts, args[0]));
  Split parts;
  OURO_TRY(split(ts, self, args[0], false, parts));
  return parts.match ? std::move(parts.match) : ts.core.none_ref();
}

Status refuse_set(ThreadState& ts, Obj, Obj) {
  return raise(ts, ts.core.exceptions.AttributeError, "readonly attribute");
}

const GetSetDef kGetSets[] = {
    {"message", get_field<static_cast<std::size_t>(GroupField::Message)>, refuse_set,
     "exception message"},
    {"exceptions", get_field<static_cast<std::size_t>(GroupField::Exceptions)>, refuse_set,
     "nested exceptions"},
    {},
};
ObjResult class_getitem(ThreadState& ts, Obj self, Args args) {
  return call(ts, ts.core.types.generic_alias, self, args[0]);
}
const MethodDef kMethods[] = {
    {"__class_getitem__", class_getitem, 1, 1, MethodDef::kClass, "See PEP 585"},
    {"derive", derive, 1, 1, MethodDef::kNone, nullptr},
    {"split", group_split, 1, 1, MethodDef::kNone, nullptr},
    {"subgroup", group_subgroup, 1, 1, MethodDef::kNone, nullptr},
    {},
};

}  // namespace

void fill_exception_group(Type& type) {
  fill_fields(type);
  type.make = group_make;
  type.str = group_str;
  type.getsets = kGetSets;
  type.methods = kMethods;
}

}  // namespace ouro::exceptions
