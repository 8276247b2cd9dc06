// BaseException: birth, arguments, text, and the attributes that all exceptions share.

#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/instance.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

namespace exceptions {

Result<Ref<BaseException>> allocate(ThreadState& ts, Borrowed<Type> type, std::uint32_t field_count,
                                    Args args) {
  Ref<Tuple> values = OURO_TRY(Tuple::from(ts, args.values, args.count));
  ObjRef object = OURO_TRY(allocate_object(ts, type, type->info.basic_bytes));
  auto self = Ref<BaseException>::steal(as<BaseException>(object.release()));
  self->args = values.release();
  if (field_count != 0) as<FieldException>(Obj(self))->field_count = field_count;
  OURO_TRY(track(ts, Obj(self)));
  return self;
}

ObjResult base_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Ref<BaseException> self = OURO_TRY(allocate(ts, type, 0, args));
  return ObjRef(std::move(self));
}

Status set_args(ThreadState& ts, Obj self, Args args) {
  // Nearly always `make` has stored the very same arguments a moment ago.
  const Tuple* present = as_exception(self)->args;
  if (present != nullptr && present->size == args.count) {
    std::uint32_t same = 0;
    while (same < args.count && present->items[same] == args.values[same]) ++same;
    if (same == args.count) return kDone;
  }
  Ref<Tuple> values = OURO_TRY(Tuple::from(ts, args.values, args.count));
  xdecref(std::exchange(as_exception(self)->args, values.release()));
  return kDone;
}

Status base_init(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(refuse_keywords(ts, args, type_name(self)));
  return set_args(ts, self, args);
}

ObjResult base_str(ThreadState& ts, Obj self) {
  Ref<Tuple> args = Ref<Tuple>::share(as_exception(self)->args);
  if (args->size == 0) return ObjRef::share(ts.core.empty_str);
  return args->size == 1 ? str_of(ts, args->at(0)) : str_of(ts, args);
}

ObjResult base_reduce(ThreadState& ts, Obj self, Args) {
  const BaseException* exception = as_exception(self);
  if (exception->dict != nullptr)
    return Tuple::of(ts, self->type(), exception->args, exception->dict);
  return Tuple::of(ts, self->type(), exception->args);
}

}  // namespace exceptions

ObjResult new_exception(ThreadState& ts, Borrowed<Type> type, Args args) {
  ObjRef self = OURO_TRY(type->make(ts, type, args));
  if (self->type()->init != nullptr && is_exception(self))
    OURO_TRY(self->type()->init(ts, self, args));
  return self;
}

namespace {

ObjResult base_repr(ThreadState& ts, Obj self) {
  Ref<Tuple> args = Ref<Tuple>::share(as_exception(self)->args);
  const FormatArg shown[] = {FormatArg(type_name(self)),
                             args->size == 1 ? FormatArg(args->at(0)) : FormatArg(args)};
  return format_message(ts, args->size == 1 ? "{}({r})" : "{}{r}", shown);
}

// -- end of life
// ---------------------------------------------------------------------------------------------------

void base_clear(gc::Header* header) {
  auto* self = static_cast<BaseException*>(header);
  xdecref(std::exchange(self->dict, nullptr));
  // args stays a tuple: nothing else copes with its absence.
  Object* empty = current_thread_state()->core.empty_tuple;
  if (self->args != empty) {
    incref(empty);
    xdecref(std::exchange(self->args, as<Tuple>(empty)));
  }
  xdecref(std::exchange(self->traceback, nullptr));
  xdecref(std::exchange(self->cause, nullptr));
  xdecref(std::exchange(self->context, nullptr));
}

void drop_parts(BaseException* self) {
  xdecref(std::exchange(self->dict, nullptr));
  xdecref(std::exchange(self->args, nullptr));
  xdecref(std::exchange(self->traceback, nullptr));
  xdecref(std::exchange(self->cause, nullptr));
  xdecref(std::exchange(self->context, nullptr));
}

void base_dealloc(gc::Header* header) {
  auto* self = static_cast<BaseException*>(header);
  untrack(self);
  drop_parts(self);
  free_object(self);
}

void drop_fields(FieldException* self) {
  for (std::uint32_t i = 0; i < self->field_count; ++i)
    xdecref(std::exchange(self->fields[i], nullptr));
}

void field_clear(gc::Header* header) {
  drop_fields(static_cast<FieldException*>(header));
  base_clear(header);
}

void field_dealloc(gc::Header* header) {
  auto* self = static_cast<FieldException*>(header);
  untrack(self);
  drop_fields(self);
  drop_parts(self);
  free_object(self);
}

/// A dead exact MemoryError goes back to the store when there is room, so that the next one needs
/// no memory.
void memory_error_dealloc(gc::Header* header) {
  auto* self = static_cast<BaseException*>(header);
  untrack(self);
  // First, since its context may be a MemoryError that looks for a place, too.
  drop_parts(self);
  CoreObjects& core = current_thread_state()->core;
  if (self->type() == core.exceptions.MemoryError && !core.finalizing) {
    for (Object*& place : core.memory_errors) {
      if (place != nullptr) continue;
      incref(core.empty_tuple);
      self->args = core.empty_tuple;
      self->suppress_context = false;
      self->refcount = 1;
      self->gc_word &= ~gc::kFinalizedBit;
      place = self;
      return;
    }
  }
  free_object(self);
}

// -- attributes
// ----------------------------------------------------------------------------------------------------

ObjResult or_none(ThreadState& ts, Object* value) {
  return value == nullptr ? ts.core.none_ref() : ObjRef::share(value);
}

ObjResult get_args(ThreadState&, Obj self) { return ObjRef::share(as_exception(self)->args); }
Status set_args_attribute(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "args may not be deleted");
  Ref<Tuple> args = OURO_TRY(tuple_from_iterable(ts, value));
  xdecref(std::exchange(as_exception(self)->args, args.release()));
  return kDone;
}

ObjResult get_traceback(ThreadState& ts, Obj self) {
  return or_none(ts, as_exception(self)->traceback);
}
Status set_traceback(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "__traceback__ may not be deleted");
  if (!is_none(value) && !is_kind(value, TypeKind::Traceback)) {
    return raise_type_error(ts, "__traceback__ must be a traceback or None");
  }
  ObjRef kept = is_none(value) ? ObjRef() : value.new_ref();
  xdecref(std::exchange(as_exception(self)->traceback, kept.release()));
  return kDone;
}

/// The exception to store for __context__ or __cause__; null Ref for None.
Status take_linked(ThreadState& ts, Obj value, const char* name, const char* role, ObjRef& out) {
  if (!value) return raise_type_error(ts, "{} may not be deleted", name);
  if (is_none(value)) return kDone;
  if (!is_exception(value)) {
    return raise_type_error(ts, "exception {} must be None or derive from BaseException", role);
  }
  out = value.new_ref();
  return kDone;
}

ObjResult get_context(ThreadState& ts, Obj self) {
  return or_none(ts, as_exception(self)->context);
}
Status set_context(ThreadState& ts, Obj self, Obj value) {
  ObjRef linked;
  OURO_TRY(take_linked(ts, value, "__context__", "context", linked));
  xdecref(std::exchange(as_exception(self)->context, linked.release()));
  return kDone;
}

ObjResult get_cause(ThreadState& ts, Obj self) { return or_none(ts, as_exception(self)->cause); }
Status set_cause(ThreadState& ts, Obj self, Obj value) {
  ObjRef linked;
  OURO_TRY(take_linked(ts, value, "__cause__", "cause", linked));
  as_exception(self)->suppress_context = true;
  xdecref(std::exchange(as_exception(self)->cause, linked.release()));
  return kDone;
}

ObjResult get_suppress_context(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as_exception(self)->suppress_context);
}
Status set_suppress_context(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "can't delete numeric/char attribute");
  if (!is_bool(value)) return raise_type_error(ts, "attribute value type must be bool");
  as_exception(self)->suppress_context = value.get() == ts.core.true_object;
  return kDone;
}

ObjResult get_dict(ThreadState& ts, Obj self) {
  if (as_exception(self)->dict == nullptr) {
    Ref<Dict> dict = OURO_TRY(Dict::create(ts));
    if (as_exception(self)->dict == nullptr) as_exception(self)->dict = dict.release();
  }
  return ObjRef::share(as_exception(self)->dict);
}
Status set_dict(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "cannot delete __dict__");
  if (!is_dict(value))
    return raise_type_error(ts, "__dict__ must be set to a dictionary, not a '{t}'", value);
  incref(value.get());
  xdecref(std::exchange(as_exception(self)->dict, as<Dict>(value)));
  return kDone;
}

const GetSetDef kBaseGetSets[] = {
    {"__dict__", get_dict, set_dict, nullptr},
    {"args", get_args, set_args_attribute, nullptr},
    {"__traceback__", get_traceback, set_traceback, nullptr},
    {"__context__", get_context, set_context, "exception context"},
    {"__cause__", get_cause, set_cause, "exception cause"},
    {"__suppress_context__", get_suppress_context, set_suppress_context, nullptr},
    {},
};

// -- methods
// -------------------------------------------------------------------------------------------------------

ObjResult with_traceback(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(set_traceback(ts, self, args[0]));
  return self.new_ref();
}

ObjResult add_note(ThreadState& ts, Obj self, Args args) {
  if (!is_str(args[0])) return raise_type_error(ts, "note must be a str, not '{t}'", args[0]);
  MaybeAttribute found = find_attribute(ts, self, ts.core.names.dunder_notes);
  if (found.failed) return Raised{};
  if (!found.value) {
    Ref<List> notes = OURO_TRY(List::create(ts));
    OURO_TRY(set_attribute(ts, self, ts.core.names.dunder_notes, notes));
    found.value = std::move(notes);
  } else if (!is_list(found.value)) {
    return raise_type_error(ts, "Cannot add note: __notes__ is not a list");
  }
  OURO_TRY(as<List>(found.value)->append(ts, args[0]));
  return ts.core.none_ref();
}

ObjResult set_state(ThreadState& ts, Obj self, Args args) {
  Obj state = args[0];
  if (is_none(state)) return ts.core.none_ref();
  if (!is_dict(state)) return raise_type_error(ts, "state is not a dictionary");
  std::uint32_t position = 0;
  Obj key;
  Obj value;
  while (dict_next(as<Dict>(state), position, key, value)) {
    ObjRef kept_key = key.new_ref();
    ObjRef kept_value = value.new_ref();
    if (!is_str(kept_key))
      return raise_type_error(ts, "attribute name must be string, not '{t}'", kept_key);
    OURO_TRY(set_attribute(ts, self, as<Str>(kept_key), kept_value));
  }
  return ts.core.none_ref();
}

const MethodDef kBaseMethods[] = {
    {"__reduce__", exceptions::base_reduce, 0, 0, MethodDef::kNone, nullptr},
    {"__setstate__", set_state, 1, 1, MethodDef::kNone, nullptr},
    {"with_traceback", with_traceback, 1, 1, MethodDef::kNone,
     "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self."},
    {"add_note", add_note, 1, 1, MethodDef::kNone,
     "Exception.add_note(note) --\n    add a note to the exception"},
    {},
};

}  // namespace

void init_base_exception_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<BaseException>::install(type.info);
  type.info.basic_bytes = sizeof(BaseException);
  type.info.flags |= std::uint64_t{gc::kCollected} | kBaseType | kExceptionSubclass | kHasDict;
  type.info.clear = base_clear;
  type.info.dealloc = base_dealloc;
  type.dict_offset = offsetof(BaseException, dict);
  type.make = exceptions::base_make;
  type.init = exceptions::base_init;
  type.repr = base_repr;
  type.str = exceptions::base_str;
  type.get_attribute = generic_get_attribute;
  type.set_attribute = generic_set_attribute;
  type.methods = kBaseMethods;
  type.getsets = kBaseGetSets;
  type.doc = "Common base class for all exceptions";
}

namespace exceptions {

void fill_fields(Type& type) {
  gc::EdgeFunctions<FieldException>::install(type.info);
  type.info.clear = field_clear;
  type.info.dealloc = field_dealloc;
}

void fill_memory_error(Type& type) {
  gc::EdgeFunctions<BaseException>::install(type.info);
  type.info.clear = base_clear;
  type.info.dealloc = memory_error_dealloc;
}

}  // namespace exceptions
}  // namespace ouro
