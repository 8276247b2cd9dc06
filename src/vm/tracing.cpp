// Tracing: who is called with what, and what becomes of the answer.
#include "vm/tracing.h"

#include "compile/opcodes.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/threads.h"
#include "vm/eval.h"
#include "vm/generator.h"
#include "vm/specialize.h"

namespace ouro {

namespace {

void set_traces(ThreadState& ts, bool traces) {
  ts.traces = traces;
  if (traces) {
    ts.requests.fetch_or(kWantsTracing, std::memory_order_relaxed);
  } else {
    ts.requests.fetch_and(~std::uint32_t{kWantsTracing}, std::memory_order_relaxed);
  }
}

bool has_function(const ThreadState& ts) {
  return ts.trace_function != nullptr || ts.profile_function != nullptr;
}

void update(ThreadState& ts) { set_traces(ts, ts.tracing == 0 && has_function(ts)); }

void replace_function(ThreadState& ts, Object*& place, Obj function) {
  Object* next = !function || is_none(function) ? nullptr : function.new_ref().release();
  Object* old = std::exchange(place, next);
  update(ts);
  xdecref(old);
}

const char* event_name(TraceEvent event) {
  switch (event) {
    case TraceEvent::Call:
      return "call";
    case TraceEvent::Exception:
      return "exception";
    case TraceEvent::Line:
      return "line";
    case TraceEvent::Return:
      return "return";
    case TraceEvent::CCall:
      return "c_call";
    case TraceEvent::CException:
      return "c_exception";
    case TraceEvent::CReturn:
      return "c_return";
    case TraceEvent::Opcode:
      return "opcode";
  }
  return "";
}

// function(frame, event, argument), with the frame's variables in f_locals before and after.
ObjResult call_with_locals(ThreadState& ts, FrameObject* frame, Obj function, TraceEvent event,
                           Obj argument) {
  (void)OURO_TRY(frame_fast_to_locals(ts, frame->frame));
  Ref<Str> name = OURO_TRY(intern(ts, event_name(event)));
  Object* const values[] = {frame, name.get(), argument ? argument.get() : ts.core.none};
  ObjResult result = call(ts, function, Args{values, 3, nullptr});
  Status stored;
  if (result.ok()) {
    stored = frame_locals_to_fast(ts, frame->frame);
  } else {
    ObjRef exception = take_pending(ts);
    if (frame_locals_to_fast(ts, frame->frame).raised()) clear_pending(ts);
    restore_pending(ts, std::move(exception));
    add_traceback(ts, frame->frame);
  }
  if (stored.raised()) return Raised{};
  return result;
}

Status tell_tracer(ThreadState& ts, FrameObject* frame, TraceEvent event, Obj argument) {
  Object* function = event == TraceEvent::Call ? ts.trace_function : frame->trace;
  if (function == nullptr) return kDone;
  ObjRef held = ObjRef::share(function);
  ObjResult result = call_with_locals(ts, frame, held, event, argument);
  if (result.raised()) {
    ObjRef exception = take_pending(ts);
    set_trace_function(ts, Obj());
    xdecref(std::exchange(frame->trace, nullptr));
    restore_pending(ts, std::move(exception));
    return Raised{};
  }
  ObjRef next = result.take();
  if (!is_none(next)) xdecref(std::exchange(frame->trace, next.release()));
  return kDone;
}

Status tell_profiler(ThreadState& ts, FrameObject* frame, TraceEvent event, Obj argument) {
  ObjRef held = ObjRef::share(ts.profile_function);
  ObjResult result = call_with_locals(ts, frame, held, event, argument);
  if (result.ok()) return kDone;
  ObjRef exception = take_pending(ts);
  set_profile_function(ts, Obj());
  restore_pending(ts, std::move(exception));
  return Raised{};
}

enum class Listener : bool { Tracer, Profiler };

Status tell(ThreadState& ts, Frame* frame, Listener who, TraceEvent event, Obj argument) {
  if (ts.tracing != 0) return kDone;
  Object* function = who == Listener::Tracer ? ts.trace_function : ts.profile_function;
  if (function == nullptr) return kDone;
  FrameObject* made = frame_object_of(ts, frame);
  if (made == nullptr) return Raised{};
  Ref<FrameObject> object = Ref<FrameObject>::share(made);
  const TraceEvent outer = std::exchange(ts.traced_event, event);
  ++ts.tracing;
  update(ts);
  const Status told = who == Listener::Tracer ? tell_tracer(ts, object.get(), event, argument)
                                              : tell_profiler(ts, object.get(), event, argument);
  --ts.tracing;
  update(ts);
  ts.traced_event = outer;
  return told;
}

// The same while an exception is on its way: it stays, unless the function raises.
Status tell_keeping_pending(ThreadState& ts, Frame* frame, Listener who, TraceEvent event,
                            Obj argument) {
  ObjRef pending = has_pending(ts) ? take_pending(ts) : ObjRef();
  OURO_TRY(tell(ts, frame, who, event, argument));
  if (pending) restore_pending(ts, std::move(pending));
  return kDone;
}

Status tell_both(ThreadState& ts, Frame* frame, TraceEvent event, Obj argument) {
  OURO_TRY(tell_keeping_pending(ts, frame, Listener::Tracer, event, argument));
  return tell_keeping_pending(ts, frame, Listener::Profiler, event, argument);
}

Opcode opcode_at(const Instr* ip) { return general_opcode(instr_opcode(*ip)); }

// What comes before the first Resume belongs to the call, not to the function's body.
const Instr* first_of_body(const Code* code) {
  const Instr* ip = code->instructions;
  while (opcode_at(ip) != Opcode::Resume) ip += 1 + kCacheUnits[*ip & 0xff];
  return ip;
}

int line_of(const Code* code, const Instr* ip) {
  const CodeLocation* location =
      code->location_of(static_cast<std::uint32_t>(ip - code->instructions));
  return location == nullptr ? -1 : location->line;
}

Status tell_line(ThreadState& ts, Frame* frame, const Instr* previous, const Instr* body) {
  FrameObject* object = frame_object_of(ts, frame);
  if (object == nullptr) return Raised{};
  Ref<FrameObject> kept = Ref<FrameObject>::share(object);
  const int line = line_of(frame->code, frame->ip);
  if (line != -1 && object->trace_lines) {
    const int before = previous <= body ? -1 : line_of(frame->code, previous);
    // A jump back is a new line, too, except the one that repeats an await or `yield from`.
    const bool jumped_back = frame->ip < previous && opcode_at(frame->ip) != Opcode::Send;
    if (line != before || jumped_back) {
      OURO_TRY(tell(ts, frame, Listener::Tracer, TraceEvent::Line, Obj()));
    }
  }
  if (object->trace_opcodes) {
    OURO_TRY(tell(ts, frame, Listener::Tracer, TraceEvent::Opcode, Obj()));
  }
  return kDone;
}

}  // namespace

void set_trace_function(ThreadState& ts, Obj function) {
  replace_function(ts, ts.trace_function, function);
}

void set_profile_function(ThreadState& ts, Obj function) {
  replace_function(ts, ts.profile_function, function);
}

ObjResult call_tracing(ThreadState& ts, Obj function, Borrowed<Tuple> args) {
  // `traces` stays: within a trace function it takes another sys.settrace() to begin.
  const int outer = std::exchange(ts.tracing, 0);
  const bool traced = ts.traces;
  ObjResult result = call_with(ts, function, args, nullptr);
  ts.tracing = outer;
  set_traces(ts, traced && has_function(ts));
  return result;
}

TraceVerdict trace_instruction(ThreadState& ts, Frame* frame, const Instr* previous) {
  const Instr* body = first_of_body(frame->code);
  if (frame->ip < body) return TraceVerdict::Run;
  if (opcode_at(frame->ip) == Opcode::Resume) {
    frame->is_complete = true;
    return tell_both(ts, frame, TraceEvent::Call, Obj()).ok() ? TraceVerdict::Run
                                                              : TraceVerdict::Raise;
  }
  if (ts.trace_function != nullptr && tell_line(ts, frame, previous, body).raised()) {
    return TraceVerdict::Raise;
  }
  const Opcode next = opcode_at(frame->ip);
  if (next == Opcode::ReturnValue || next == Opcode::YieldValue) {
    ObjRef value = ObjRef::share(frame->stack_top[-1]);
    if (tell_both(ts, frame, TraceEvent::Return, value).raised()) return TraceVerdict::Leave;
  }
  return TraceVerdict::Run;
}

bool trace_throw(ThreadState& ts, Frame* frame) {
  return tell_both(ts, frame, TraceEvent::Call, Obj()).ok();
}

void trace_exception(ThreadState& ts, Frame* frame) {
  if (ts.trace_function == nullptr || ts.tracing != 0 || !frame->is_complete) return;
  ObjRef exception = take_pending(ts);
  Object* traceback = as_exception(exception)->traceback;
  Result<Ref<Tuple>> made = Tuple::of(ts, Obj(exception->type()), Obj(exception),
                                      traceback == nullptr ? Obj(ts.core.none) : Obj(traceback));
  if (made.ok()) {
    Ref<Tuple> argument = made.take();
    if (tell(ts, frame, Listener::Tracer, TraceEvent::Exception, argument).raised()) return;
  } else {
    clear_pending(ts);
  }
  restore_pending(ts, std::move(exception));
}

void trace_unwinding(ThreadState& ts, Frame* frame) {
  if (!frame->is_complete) return;
  // An error of the function takes the place of the exception.
  (void)tell_both(ts, frame, TraceEvent::Return, Obj());
}

namespace {

// As events show it: a native method called through its class is shown bound. Null: not native.
ObjResult native_shown(ThreadState& ts, Obj callable, Obj first) {
  if (is_kind(callable, TypeKind::BuiltinFunction)) return callable.new_ref();
  return callable->type()->descriptor_get(ts, callable, first, Obj(first->type()));
}
bool is_native(Obj callable, std::int64_t count) {
  return is_kind(callable, TypeKind::BuiltinFunction) ||
         (is_kind(callable, TypeKind::MethodDescriptor) && count > 0);
}

ObjResult profiled(ThreadState& ts, Frame* frame, Obj shown, auto run) {
  OURO_TRY(tell(ts, frame, Listener::Profiler, TraceEvent::CCall, shown));
  ObjResult result = run();
  if (result.raised()) {
    (void)tell_keeping_pending(ts, frame, Listener::Profiler, TraceEvent::CException, shown);
    return Raised{};
  }
  OURO_TRY(tell(ts, frame, Listener::Profiler, TraceEvent::CReturn, shown));
  return result;
}

}  // namespace

ObjResult call_profiled(ThreadState& ts, Frame* frame, Obj callable, Args args) {
  if (ts.profile_function == nullptr || !ts.traces || !is_native(callable, args.count)) {
    return call(ts, callable, args);
  }
  const Obj first = args.count > 0 ? args[0] : Obj();
  ObjRef shown = OURO_TRY(native_shown(ts, callable, first));
  return profiled(ts, frame, shown, [&] { return call(ts, callable, args); });
}

ObjResult call_profiled(ThreadState& ts, Frame* frame, Obj callable, Tuple* args, Dict* kwargs) {
  if (ts.profile_function == nullptr || !ts.traces || !is_native(callable, args->size)) {
    return call_with(ts, callable, args, kwargs);
  }
  const Obj first = args->size > 0 ? args->at(0) : Obj();
  ObjRef shown = OURO_TRY(native_shown(ts, callable, first));
  return profiled(ts, frame, shown, [&] { return call_with(ts, callable, args, kwargs); });
}

Next next_item_traced(ThreadState& ts, Frame* frame, Obj iterator, ObjRef& item) {
  Next outcome = Next::Raised;
  const Type* type = iterator->type();
  if (type->next != nullptr && type->has(kHeapType) &&
      type_lookup(ts, iterator->type(), ts.core.names.dunder_next)) {
    // Through the method: the slot would have cleared the exception away.
    ObjResult result = call_method(ts, iterator, ts.core.names.dunder_next);
    if (result.ok()) {
      item = result.take();
      return Next::Item;
    }
  } else if (type->next != nullptr) {
    outcome = type->next(ts, iterator, item);
  } else {
    return next_item(ts, iterator, item);  // raises
  }
  if (outcome != Next::Raised || !pending_matches(ts, ts.core.exceptions.StopIteration)) {
    return outcome;
  }
  trace_exception(ts, frame);
  return catch_pending(ts, ts.core.exceptions.StopIteration) ? Next::Done : Next::Raised;
}

Status frame_locals_to_fast(ThreadState& ts, Frame* frame) {
  Ref<Code> code = Ref<Code>::share(frame->code);
  if (frame->locals == nullptr || (code->flags & kOptimized) == 0) return kDone;
  if (frame->stack_top == frame->slots && code->local_count > 0) return kDone;  // cleared
  ObjRef locals = ObjRef::share(frame->locals);
  for (std::int32_t i = 0; i < code->local_count; ++i) {
    ObjRef value;
    ObjResult found = get_item(ts, locals, code->local_names->items[i]);
    if (found.ok()) {
      value = found.take();
    } else if (!catch_pending(ts, ts.core.exceptions.KeyError)) {
      return Raised{};
    }
    const std::uint8_t kind = code->local_kinds[i];
    const auto cell_bits =
        static_cast<std::uint8_t>(LocalKind::Cell) | static_cast<std::uint8_t>(LocalKind::Free);
    Object*& slot = frame->slots[i];
    Object** place = &slot;
    if ((kind & cell_bits) != 0 && slot != nullptr && is_kind(slot, TypeKind::Cell)) {
      place = &static_cast<Cell*>(slot)->content;
    }
    if (*place != value.get()) xdecref(std::exchange(*place, value.release()));
  }
  return kDone;
}

}  // namespace ouro
