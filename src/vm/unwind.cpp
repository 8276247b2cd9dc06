// Exceptions in the evaluator: traceback entries, handler search, `raise`, `except*`.
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "vm/eval.h"

namespace ouro {

void add_traceback(ThreadState& ts, Frame* frame) {
  if (!frame->is_complete || ts.pending == nullptr) return;
  ObjRef exception = take_pending(ts);
  if (FrameObject* object = frame_object_of(ts, frame); object != nullptr) {
    BaseException* error = as_exception(exception);
    Obj next = error->traceback;
    Result<Ref<Traceback>> entry =
        Traceback::create(ts, Borrowed<Traceback>(as<Traceback>(next)), object,
                          static_cast<int>(frame->instruction_index()), frame->line());
    if (entry.ok()) {
      Object* old = std::exchange(error->traceback, static_cast<Object*>(entry.take().release()));
      xdecref(old);
    }
  }
  // An exception whose entry cannot be made becomes a MemoryError; that one does without.
  if (has_pending(ts)) {
    if (!is_instance_of(exception, ts.core.exceptions.MemoryError)) return;
    clear_pending(ts);
  }
  restore_pending(ts, std::move(exception));
}

void trace_running_frame(ThreadState& ts) {
  if (Frame* frame = complete_frame(ts.frame); frame != nullptr) add_traceback(ts, frame);
}

const ExceptionEntry* find_handler(const Code* code, std::uint32_t instruction) {
  // Entries may nest: the innermost comes first among those that cover an instruction, or is the
  // narrowest.
  const ExceptionEntry* best = nullptr;
  for (std::uint32_t i = 0; i < code->exception_count; ++i) {
    const ExceptionEntry& entry = code->exceptions[i];
    if (instruction < entry.start || instruction >= entry.end) continue;
    if (best == nullptr || entry.end - entry.start < best->end - best->start) best = &entry;
  }
  return best;
}

Borrowed<Object> handled_exception(const ThreadState& ts) {
  for (const HandledException* link = ts.handled; link != nullptr; link = link->previous) {
    if (link->exception != nullptr && !is_none(link->exception)) return link->exception;
  }
  return nullptr;
}

bool raise_statement(ThreadState& ts, Obj exception, Obj cause) {
  if (!exception) {
    Borrowed<Object> handled = handled_exception(ts);
    if (!handled) {
      raise(ts, ts.core.exceptions.RuntimeError, "No active exception to reraise");
      return false;
    }
    restore_pending(ts, handled.new_ref());
    return true;
  }
  ObjResult made = make_exception(ts, exception);
  if (made.raised()) return false;
  ObjRef value = made.take();
  if (cause) {
    ObjRef fixed;
    if (!is_none(cause)) {
      if (is_type(cause) ? !as<Type>(cause)->has(kExceptionSubclass) : !is_exception(cause)) {
        raise_type_error(ts, "exception causes must derive from BaseException");
        return false;
      }
      ObjResult made_cause = make_exception(ts, cause);
      if (made_cause.raised()) return false;
      fixed = made_cause.take();
    }
    BaseException* error = as_exception(value);
    Object* old = std::exchange(error->cause, fixed.release());
    error->suppress_context = true;
    xdecref(old);
  }
  raise_object(ts, std::move(value));
  return false;
}

// -- except* ----------------------------------------------------------------------------------

namespace {

bool is_group(ThreadState& ts, Obj exception) {
  return is_instance_of(exception, ts.core.exceptions.BaseExceptionGroup);
}

Status check_group_types(ThreadState& ts, Obj match_type) {
  const auto refuse = [&](Obj cls) -> Status {
    if (!is_type(cls) || !as<Type>(cls)->has(kExceptionSubclass)) {
      return raise_type_error(
          ts, "catching classes that do not inherit from BaseException is not allowed");
    }
    if (as<Type>(cls)->is_subtype_of(ts.core.exceptions.BaseExceptionGroup)) {
      return raise_type_error(
          ts, "catching ExceptionGroup with except* is not allowed. Use except instead.");
    }
    return kDone;
  };
  if (!is_tuple(match_type)) return refuse(match_type);
  const Tuple* classes = as<Tuple>(match_type);
  for (std::int64_t i = 0; i < classes->size; ++i) OURO_TRY(refuse(classes->items[i]));
  return kDone;
}

// A group of one, carrying the exception's traceback.
ObjResult wrap_in_group(ThreadState& ts, Obj exception) {
  Ref<Tuple> inner = OURO_TRY(Tuple::of(ts, exception));
  ObjRef group =
      OURO_TRY(call(ts, ts.core.exceptions.ExceptionGroup, Obj(ts.core.empty_str), inner));
  if (is_exception(group)) {
    Object* traceback = as_exception(exception)->traceback;
    xincref(traceback);
    xdecref(std::exchange(as_exception(group)->traceback, traceback));
  }
  return group;
}

Status match_group_into(ThreadState& ts, Obj exception, Obj match_type, GroupMatch& out) {
  OURO_TRY(check_group_types(ts, match_type));
  if (OURO_TRY(exception_matches(ts, exception, match_type))) {
    out.match =
        is_group(ts, exception) ? exception.new_ref() : OURO_TRY(wrap_in_group(ts, exception));
    out.rest = ts.core.none_ref();
    return kDone;
  }
  if (!is_group(ts, exception)) {
    out.match = ts.core.none_ref();
    out.rest = exception.new_ref();
    return kDone;
  }
  Ref<Str> split = OURO_TRY(intern(ts, "split"));
  Object* const args[] = {match_type.get()};
  ObjRef pair = OURO_TRY(call_method(ts, exception, split, args));
  if (!is_tuple(pair) || as<Tuple>(pair)->size < 2) {
    return raise_type_error(ts, "{t}.split must return a 2-tuple", exception);
  }
  out.match = as<Tuple>(pair)->at(0).new_ref();
  out.rest = as<Tuple>(pair)->at(1).new_ref();
  return kDone;
}

// Raised again from the original group: it has the same traceback object, cause and context.
bool comes_from(const BaseException* error, const BaseException* original) {
  return error->traceback == original->traceback && error->cause == original->cause &&
         error->context == original->context;
}

Status collect_leaves(ThreadState& ts, Obj exception, Borrowed<List> leaves) {
  if (!is_group(ts, exception)) return leaves->append(ts, exception);
  Ref<Str> name = OURO_TRY(intern(ts, "exceptions"));
  ObjRef inner = OURO_TRY(get_attribute(ts, exception, name));
  return for_each_item(ts, inner, [&](ObjRef item) { return collect_leaves(ts, item, leaves); });
}

// The part of `exception` whose leaves are in `leaves`, with the shape of the group; None when
// there is none.
ObjResult project(ThreadState& ts, Obj exception, Borrowed<List> leaves) {
  if (!is_group(ts, exception)) {
    for (std::int64_t i = 0; i < leaves->size; ++i) {
      if (leaves->items[i] == exception.get()) return exception.new_ref();
    }
    return ts.core.none_ref();
  }
  Ref<Str> name = OURO_TRY(intern(ts, "exceptions"));
  ObjRef inner = OURO_TRY(get_attribute(ts, exception, name));
  Ref<List> kept = OURO_TRY(List::create(ts));
  const Status split = for_each_item(ts, inner, [&](ObjRef item) -> Status {
    ObjRef part = OURO_TRY(project(ts, item, leaves));
    return is_none(part) ? kDone : kept->append(ts, Obj(part));
  });
  if (split.raised()) return Raised{};
  if (kept->size == 0) return ts.core.none_ref();
  Ref<Str> derive = OURO_TRY(intern(ts, "derive"));
  Object* const args[] = {kept.get()};
  ObjRef part = OURO_TRY(call_method(ts, exception, derive, args));
  if (is_exception(part)) {
    BaseException* from = as_exception(exception);
    BaseException* to = as_exception(part);
    xincref(from->traceback);
    xdecref(std::exchange(to->traceback, from->traceback));
    xincref(from->context);
    xdecref(std::exchange(to->context, from->context));
    xincref(from->cause);
    xdecref(std::exchange(to->cause, from->cause));
    to->suppress_context = from->suppress_context;
  }
  return part;
}

}  // namespace

GroupMatch match_group(ThreadState& ts, Obj exception, Obj match_type) {
  GroupMatch out;
  if (match_group_into(ts, exception, match_type, out).raised()) return {};
  return out;
}

ObjResult prepare_reraise_star(ThreadState& ts, Obj original, Obj exceptions) {
  List* list = as<List>(exceptions);
  if (list->size == 0) return ts.core.none_ref();
  if (!is_group(ts, original)) {
    // A naked exception was wrapped: at most one piece, raised anew or left over.
    return ObjRef::share(list->items[0]);
  }
  Ref<List> raised = OURO_TRY(List::create(ts));
  Ref<List> leaves = OURO_TRY(List::create(ts));
  for (std::int64_t i = 0; i < list->size; ++i) {
    ObjRef item = ObjRef::share(list->items[i]);
    if (is_none(item)) continue;
    if (comes_from(as_exception(item), as_exception(original))) {
      OURO_TRY(collect_leaves(ts, item, leaves));
    } else {
      OURO_TRY(raised->append(ts, Obj(item)));
    }
  }
  if (leaves->size > 0) {
    ObjRef again = OURO_TRY(project(ts, original, leaves));
    if (!is_none(again)) {
      if (raised->size == 0) return again;
      OURO_TRY(raised->append(ts, Obj(again)));
    }
  }
  if (raised->size == 0) return ts.core.none_ref();
  return call(ts, ts.core.exceptions.BaseExceptionGroup, Obj(ts.core.empty_str), raised);
}

}  // namespace ouro
