// Frames and Python's frame objects: ending a frame, f_locals, the frame type.
#include "vm/frame.h"

#include <cstring>

#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/type_inits.h"
#include "vm/generator.h"
#include "vm/generator_internal.h"
#include "vm/tracing.h"
#include "vm/vm.h"

namespace ouro {

int Frame::line() const {
  const CodeLocation* location = code->location_of(instruction_index());
  return location == nullptr ? code->first_line : location->line;
}

namespace {

// Empties the slots first to last, so that locals die in slot order.
void drop_slots(Frame* frame) {
  Object** end = frame->stack_top;
  for (Object** slot = frame->slots; slot < end; ++slot) {
    if (Object* value = std::exchange(*slot, nullptr); value != nullptr) decref(value);
  }
  frame->stack_top = frame->slots;
}

void drop_rest(Frame* frame) {
  Object* locals = std::exchange(frame->locals, nullptr);
  Function* function = frame->function;
  Code* code = frame->code;
  xdecref(locals);
  decref(function);
  decref(code);
}

// The content of an ended frame moves into its frame object, which others hold.
void move_into_object(ThreadState& ts, Frame* frame, FrameObject* object) {
  Frame* own = object->own();
  const std::size_t bytes =
      reinterpret_cast<char*>(frame->stack_top) - reinterpret_cast<char*>(frame);
  std::memcpy(static_cast<void*>(own), frame, bytes);
  own->stack_top = own->slots + (frame->stack_top - frame->slots);
  own->owner = FrameOwner::FrameObject;
  own->previous = nullptr;
  own->frame_object = nullptr;
  object->frame = own;
  if (Frame* caller = complete_frame(frame->previous);
      caller != nullptr && object->back == nullptr) {
    SavedPending saved(ts);
    if (FrameObject* back = frame_object_of(ts, caller); back != nullptr) {
      incref(back);
      object->back = back;
    } else {
      clear_pending(ts);
    }
  }
  if (track(ts, object).raised()) clear_pending(ts);  // unwatched, yet whole
}

}  // namespace

void end_frame(ThreadState& ts, Frame* frame) {
  if (FrameObject* object = std::exchange(frame->frame_object, nullptr); object != nullptr) {
    if (object->refcount > 1) {
      move_into_object(ts, frame, object);
      decref(object);
      return;
    }
    decref(object);
  }
  drop_slots(frame);
  drop_rest(frame);
}

FrameObject* frame_object_of(ThreadState& ts, Frame* frame) {
  if (frame->frame_object != nullptr) return frame->frame_object;
  const std::size_t bytes = sizeof(FrameObject) + frame_words(frame->code) * sizeof(Object*);
  Result<Ref<Object>> made = allocate_object(ts, ts.core.types.frame, bytes);
  if (made.raised()) return nullptr;
  FrameObject* object = static_cast<FrameObject*>(made.take().release());
  object->frame = frame;
  object->trace_lines = true;
  if (frame->frame_object != nullptr) {  // a collection inside the allocation asked for it, too
    object->frame = object->own();
    object->own()->owner = FrameOwner::Thread;
    decref(object);
    return frame->frame_object;
  }
  frame->frame_object = object;
  return object;
}

ObjResult frame_fast_to_locals(ThreadState& ts, Frame* frame) {
  if (frame->locals == nullptr && (frame->code->flags & kOptimized) == 0) {
    incref(frame->globals);
    frame->locals = frame->globals;
  }
  if (frame->locals == nullptr) frame->locals = OURO_TRY(Dict::create(ts)).release();
  ObjRef locals = ObjRef::share(frame->locals);
  Ref<Code> code = Ref<Code>::share(frame->code);
  const bool cleared = frame->stack_top == frame->slots;
  for (std::int32_t i = 0; i < code->local_count; ++i) {
    const std::uint8_t kind = code->local_kinds[i];
    const bool is_free = (kind & static_cast<std::uint8_t>(LocalKind::Free)) != 0;
    const bool is_cell = (kind & static_cast<std::uint8_t>(LocalKind::Cell)) != 0;
    // A class body's free variables are not names of the class.
    if (is_free && (code->flags & kOptimized) == 0) continue;
    Object* content = cleared ? nullptr : frame->slots[i];
    if (content != nullptr && (is_free || is_cell) && is_kind(content, TypeKind::Cell)) {
      content = static_cast<Cell*>(content)->content;
    }
    Obj name = code->local_names->items[i];
    if (content != nullptr) {
      ObjRef value = ObjRef::share(content);
      OURO_TRY(set_item(ts, locals, name, value));
    } else if (set_item(ts, locals, name, nullptr).raised() &&
               !catch_pending(ts, ts.core.exceptions.KeyError)) {
      return Raised{};
    }
  }
  return locals;
}

namespace {

FrameObject* as_frame(Obj object) { return as<FrameObject>(object); }

void frame_dealloc(gc::Header* header) {
  auto* self = static_cast<FrameObject*>(header);
  untrack(self);
  xdecref(std::exchange(self->back, nullptr));
  xdecref(std::exchange(self->trace, nullptr));
  if (self->frame == self->own() && self->frame->owner == FrameOwner::FrameObject) {
    drop_slots(self->frame);
    drop_rest(self->frame);
  }
  free_object(self);
}

void frame_clear_edges(gc::Header* header) {
  auto* self = static_cast<FrameObject*>(header);
  xdecref(std::exchange(self->trace, nullptr));
  if (self->frame->owner != FrameOwner::FrameObject) return;
  drop_slots(self->frame);
  xdecref(std::exchange(self->frame->locals, nullptr));
}

ObjResult frame_repr(ThreadState& ts, Obj self) {
  Frame* frame = as_frame(self)->frame;
  Ref<Code> code = Ref<Code>::share(frame->code);
  char address[32];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  return format_message(
      ts, "<frame at {}, file {r}, line {}, code {}>",
      std::initializer_list<FormatArg>{address, code->filename, frame_line(self), code->name});
}

ObjResult frame_get_back(ThreadState& ts, Obj self) {
  Borrowed<Object> back = frame_back(ts, self);
  if (!back && has_pending(ts)) return Raised{};
  return back ? back.new_ref() : ts.core.none_ref();
}
ObjResult frame_get_code(ThreadState&, Obj self) {
  return ObjRef::share(as_frame(self)->frame->code);
}
ObjResult frame_get_globals(ThreadState&, Obj self) {
  return ObjRef::share(as_frame(self)->frame->globals);
}
ObjResult frame_get_builtins(ThreadState&, Obj self) {
  return ObjRef::share(as_frame(self)->frame->builtins);
}
ObjResult frame_get_locals(ThreadState& ts, Obj self) { return frame_locals(ts, self); }

ObjResult frame_get_line(ThreadState& ts, Obj self) {
  const int line = frame_line(self);
  if (line < 0) return ts.core.none_ref();
  return Int::from(ts, line);
}
Status frame_set_line(ThreadState& ts, Obj self, Obj value) {
  return jump_to_line(ts, as_frame(self), value);
}
ObjResult frame_get_lasti(ThreadState& ts, Obj self) {
  Frame* frame = as_frame(self)->frame;
  if (!frame->is_complete) return Int::from(ts, -1);
  return Int::from(ts, static_cast<std::int64_t>(frame->instruction_index()) *
                           2);  // in units of two, as CPython counts
}
ObjResult frame_get_trace(ThreadState& ts, Obj self) {
  Object* trace = as_frame(self)->trace;
  return trace == nullptr ? ts.core.none_ref() : ObjRef::share(trace);
}
Status frame_set_trace(ThreadState&, Obj self, Obj value) {
  Object* next = value && !is_none(value) ? value.new_ref().release() : nullptr;
  xdecref(std::exchange(as_frame(self)->trace, next));
  return kDone;
}
Status set_flag(ThreadState& ts, Obj value, bool& flag) {
  if (!value || !is_bool(value)) return raise_type_error(ts, "attribute value type must be bool");
  flag = value.get() == ts.core.true_object;
  return kDone;
}
ObjResult frame_get_trace_lines(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as_frame(self)->trace_lines);
}
Status frame_set_trace_lines(ThreadState& ts, Obj self, Obj value) {
  return set_flag(ts, value, as_frame(self)->trace_lines);
}
ObjResult frame_get_trace_opcodes(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as_frame(self)->trace_opcodes);
}
Status frame_set_trace_opcodes(ThreadState& ts, Obj self, Obj value) {
  return set_flag(ts, value, as_frame(self)->trace_opcodes);
}

ObjResult frame_clear(ThreadState& ts, Obj self, Args) {
  FrameObject* object = as_frame(self);
  switch (object->frame->owner) {
    case FrameOwner::Thread:
      return raise(ts, ts.core.exceptions.RuntimeError, "cannot clear an executing frame");
    case FrameOwner::Generator: {
      Ref<Generator> generator = Ref<Generator>::share(generator_of(object->frame));
      if (generator->state == GeneratorState::Running) {
        return raise(ts, ts.core.exceptions.RuntimeError, "cannot clear an executing frame");
      }
      generator_finalize(generator.get());
      if (generator->state == GeneratorState::Created ||
          generator->state == GeneratorState::Suspended) {
        generator_discard(ts, generator.get());
      }
      break;
    }
    case FrameOwner::FrameObject:
      xdecref(std::exchange(object->trace, nullptr));
      drop_slots(object->frame);
      break;
  }
  return ts.core.none_ref();
}

ObjResult frame_sizeof(ThreadState& ts, Obj self, Args) {
  const std::size_t words = frame_words(as_frame(self)->frame->code);
  return Int::from(ts, static_cast<std::int64_t>(sizeof(FrameObject) + words * sizeof(Object*)));
}

constexpr MethodDef kFrameMethods[] = {{"clear", frame_clear, 0, 0, MethodDef::kNone,
                                        "F.clear(): clear most references held by the frame"},
                                       {"__sizeof__", frame_sizeof, 0, 0, MethodDef::kNone,
                                        "F.__sizeof__() -> size of F in memory, in bytes"},
                                       {nullptr, nullptr, 0, 0, 0, nullptr}};

constexpr GetSetDef kFrameGetsets[] = {
    {"f_back", frame_get_back, nullptr, nullptr},
    {"f_code", frame_get_code, nullptr, nullptr},
    {"f_globals", frame_get_globals, nullptr, nullptr},
    {"f_builtins", frame_get_builtins, nullptr, nullptr},
    {"f_locals", frame_get_locals, nullptr, nullptr},
    {"f_lineno", frame_get_line, frame_set_line, nullptr},
    {"f_lasti", frame_get_lasti, nullptr, nullptr},
    {"f_trace", frame_get_trace, frame_set_trace, nullptr},
    {"f_trace_lines", frame_get_trace_lines, frame_set_trace_lines, nullptr},
    {"f_trace_opcodes", frame_get_trace_opcodes, frame_set_trace_opcodes, nullptr},
    {nullptr, nullptr, nullptr, nullptr}};

}  // namespace

void init_frame_type(ThreadState&, Type& t) {
  t.info.basic_bytes = sizeof(FrameObject);
  t.item_bytes = sizeof(Object*);
  t.info.flags |= static_cast<std::uint64_t>(gc::kCollected) | kDisallowInstantiation;
  t.info.dealloc = frame_dealloc;
  gc::EdgeFunctions<FrameObject>::install(t.info);
  t.info.clear = frame_clear_edges;
  t.repr = frame_repr;
  t.methods = kFrameMethods;
  t.getsets = kFrameGetsets;
}

// -- what vm.h offers -------------------------------------------------------------------------

ObjResult frame_locals(ThreadState& ts, Obj frame_object) {
  Ref<FrameObject> held = Ref<FrameObject>::share(as_frame(frame_object));
  return frame_fast_to_locals(ts, held->frame);
}

int frame_line(Obj frame_object) {
  const FrameObject* object = as_frame(frame_object);
  return object->line != 0 ? object->line : object->frame->line();
}

Borrowed<Code> frame_code(Obj frame_object) { return as_frame(frame_object)->frame->code; }

Borrowed<Object> frame_back(ThreadState& ts, Obj frame_object) {
  FrameObject* object = as_frame(frame_object);
  if (object->back != nullptr) return object->back;
  if (object->frame->owner == FrameOwner::FrameObject) return nullptr;
  if (object->frame->owner == FrameOwner::Generator &&
      generator_of(object->frame)->state != GeneratorState::Running) {
    return nullptr;
  }
  Frame* caller = complete_frame(object->frame->previous);
  return caller == nullptr ? nullptr : frame_object_of(ts, caller);
}

ObjResult current_frame_object(ThreadState& ts, int depth) {
  Frame* frame = complete_frame(ts.frame);
  for (; depth > 0 && frame != nullptr; --depth) frame = complete_frame(frame->previous);
  if (frame == nullptr) return raise_value_error(ts, "call stack is not deep enough");
  FrameObject* object = frame_object_of(ts, frame);
  if (object == nullptr) return Raised{};
  return ObjRef::share(object);
}

Borrowed<Dict> current_globals(ThreadState& ts) {
  return ts.frame == nullptr ? Borrowed<Dict>() : Borrowed<Dict>(ts.frame->globals);
}

std::uint32_t current_future_flags(ThreadState& ts) {
  return ts.frame == nullptr ? 0 : ts.frame->code->flags & kFutureAnnotations;
}

ObjResult current_locals(ThreadState& ts) {
  Frame* frame = complete_frame(ts.frame);
  if (frame == nullptr) return raise(ts, ts.core.exceptions.SystemError, "frame does not exist");
  return frame_fast_to_locals(ts, frame);
}

}  // namespace ouro
