// Exceptions as statements see them (raise, except), and traceback objects.

#include "objects/exception.h"

#include "objects/errors.h"
#include "objects/exception_types.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

ObjResult make_exception(ThreadState& ts, Obj class_or_instance) {
  if (is_exception(class_or_instance)) return class_or_instance.new_ref();
  if (!is_type(class_or_instance) ||
      !as<Type>(class_or_instance)->is_subtype_of(ts.core.types.base_exception)) {
    return raise_type_error(ts, "exceptions must derive from BaseException");
  }
  ObjRef made = OURO_TRY(call(ts, class_or_instance));
  if (!is_exception(made)) {
    return raise_type_error(
        ts, "calling {r} should have returned an instance of BaseException, not {r}",
        class_or_instance, Obj(made->type()));
  }
  return made;
}

namespace {

bool is_exception_class(const ThreadState& ts, Obj object) {
  return is_type(object) && as<Type>(object)->is_subtype_of(ts.core.types.base_exception);
}

}  // namespace

Result<bool> exception_matches(ThreadState& ts, Obj exception, Obj class_or_tuple) {
  constexpr const char* kBadClass =
      "catching classes that do not inherit from BaseException is not allowed";
  if (!is_tuple(class_or_tuple)) {
    if (!is_exception_class(ts, class_or_tuple)) return raise_type_error(ts, kBadClass);
    return is_instance_of(exception, as<Type>(class_or_tuple));
  }
  const Tuple* classes = as<Tuple>(class_or_tuple);
  for (std::int64_t i = 0; i < classes->size; ++i) {
    if (!is_exception_class(ts, classes->at(i))) return raise_type_error(ts, kBadClass);
  }
  for (std::int64_t i = 0; i < classes->size; ++i) {
    if (is_instance_of(exception, as<Type>(classes->at(i)))) return true;
  }
  return false;
}

ObjRef stop_iteration_value(ThreadState& ts, Obj exception) {
  Obj value = exception_field(exception, StopIterationField::Value);
  return value ? value.new_ref() : ts.core.none_ref();
}

// -- tracebacks
// ----------------------------------------------------------------------------------------------------

Result<Ref<Traceback>> Traceback::create(ThreadState& ts, Borrowed<Traceback> next, Obj frame,
                                         int instruction, int line) {
  ObjRef object = OURO_TRY(allocate_object(ts, ts.core.types.traceback, sizeof(Traceback)));
  auto self = Ref<Traceback>::steal(as<Traceback>(object.release()));
  self->next = next.new_ref().release();
  self->frame = frame.new_ref().release();
  self->instruction = instruction;
  self->line = line;
  OURO_TRY(track(ts, Obj(self)));
  return self;
}

namespace {

void traceback_clear(gc::Header* header) {
  auto* self = static_cast<Traceback*>(header);
  xdecref(std::exchange(self->next, nullptr));
  xdecref(std::exchange(self->frame, nullptr));
}

void traceback_dealloc(gc::Header* header) {
  auto* self = static_cast<Traceback*>(header);
  untrack(self);
  traceback_clear(self);
  free_object(self);
}

/// A `tb_next` as given by a program: a traceback, or None for the end.
Status check_next(ThreadState& ts, Obj value, Ref<Traceback>& out) {
  if (is_none(value)) return kDone;
  if (!is_kind(value, TypeKind::Traceback)) {
    return raise_type_error(ts, "expected traceback object, got '{t}'", value);
  }
  out = Ref<Traceback>::share(as<Traceback>(value));
  return kDone;
}

ObjResult traceback_make(ThreadState& ts, Borrowed<Type>, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "TracebackType", {"tb_next", "tb_frame", "tb_lasti", "tb_lineno"},
                      4, values));
  if (!is_kind(values[1], TypeKind::Frame)) {
    return raise_type_error(ts, "TracebackType() argument 'tb_frame' must be frame, not {n}",
                            values[1]);
  }
  Borrowed<Type> overflow = ts.core.exceptions.OverflowError;
  const std::int64_t instruction = OURO_TRY(index_as_int64(ts, values[2], overflow));
  const std::int64_t line = OURO_TRY(index_as_int64(ts, values[3], overflow));
  Ref<Traceback> next;
  OURO_TRY(check_next(ts, values[0], next));
  return Traceback::create(ts, next, values[1], static_cast<int>(instruction / 2),
                           static_cast<int>(line));
}

ObjResult get_next(ThreadState& ts, Obj self) {
  Traceback* next = as<Traceback>(self)->next;
  return next == nullptr ? ts.core.none_ref() : ObjRef::share(next);
}
Status set_next(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "can't delete tb_next attribute");
  Ref<Traceback> next;
  OURO_TRY(check_next(ts, value, next));
  for (const Traceback* at = next.get(); at != nullptr; at = at->next) {
    if (at == self.get()) return raise_value_error(ts, "traceback loop detected");
  }
  xdecref(std::exchange(as<Traceback>(self)->next, next.release()));
  return kDone;
}
ObjResult get_frame(ThreadState& ts, Obj self) {
  Object* frame = as<Traceback>(self)->frame;
  return frame == nullptr ? ts.core.none_ref() : ObjRef::share(frame);
}
/// In bytes of two per instruction, as readers of co_positions() expect.
ObjResult get_lasti(ThreadState& ts, Obj self) {
  return Int::from(ts, as<Traceback>(self)->instruction * 2);
}
ObjResult get_line(ThreadState& ts, Obj self) { return Int::from(ts, as<Traceback>(self)->line); }

ObjResult traceback_dir(ThreadState& ts, Obj, Args) {
  Ref<List> names = OURO_TRY(List::create(ts, 4));
  for (const char* name : {"tb_frame", "tb_next", "tb_lasti", "tb_lineno"}) {
    Ref<Str> text = OURO_TRY(intern(ts, name));
    OURO_TRY(names->append(ts, text));
  }
  return names;
}

const GetSetDef kGetSets[] = {
    {"tb_next", get_next, set_next, nullptr},
    {"tb_frame", get_frame, nullptr, nullptr},
    {"tb_lasti", get_lasti, nullptr, nullptr},
    {"tb_lineno", get_line, nullptr, nullptr},
    {},
};
const MethodDef kMethods[] = {{"__dir__", traceback_dir, 0, 0, MethodDef::kNone, nullptr}, {}};

}  // namespace

void init_traceback_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<Traceback>::install(type.info);
  type.info.basic_bytes = sizeof(Traceback);
  type.info.flags |= gc::kCollected;
  type.info.clear = traceback_clear;
  type.info.dealloc = traceback_dealloc;
  type.get_attribute = generic_get_attribute;
  type.make = traceback_make;
  type.getsets = kGetSets;
  type.methods = kMethods;
  type.doc =
      "TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nCreate a new traceback object.";
}

}  // namespace ouro
