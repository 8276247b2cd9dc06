// Running generators: resumption, send, throw, close, delegation, the end of a generator's frame.
#include "vm/generator.h"

#include <cstring>

#include "compile/opcodes.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "support/check.h"
#include "vm/eval.h"
#include "vm/generator_internal.h"
#include "vm/tracing.h"

namespace ouro {

const char* generator_word(Borrowed<Generator> self) {
  if (is_kind(self, TypeKind::AsyncGenerator)) return "async generator";
  return is_kind(self, TypeKind::Coroutine) ? "coroutine" : "generator";
}

Result<Ref<Generator>> Generator::create(ThreadState& ts, Frame* running) {
  Code* code = running->code;
  Type* type = (code->flags & kAsyncGenerator) != 0 ? ts.core.types.async_generator
               : (code->flags & kCoroutine) != 0    ? ts.core.types.coroutine
                                                    : ts.core.types.generator;
  const std::size_t bytes = offsetof(Generator, frame) + frame_words(code) * sizeof(Object*);
  ObjRef made = OURO_TRY(allocate_object(ts, type, bytes));
  Generator* self = as<Generator>(made);
  incref(code);
  self->code = code;
  self->name = running->function->name;
  incref(self->name);
  self->qualname = running->function->qualname;
  incref(self->qualname);
  self->state = GeneratorState::Done;  // no frame yet: whole without it
  if (ts.origin_depth > 0 && type == ts.core.types.coroutine) {
    self->origin_or_finalizer =
        OURO_TRY(coroutine_origin(ts, running->previous, ts.origin_depth)).release();
  }
  OURO_TRY(track(ts, made));
  Frame* frame = &self->frame;
  std::memcpy(static_cast<void*>(frame), running,
              static_cast<std::size_t>(reinterpret_cast<char*>(running->stack_top) -
                                       reinterpret_cast<char*>(running)));
  frame->stack_top = frame->slots + (running->stack_top - running->slots);
  frame->owner = FrameOwner::Generator;
  frame->previous = nullptr;
  if (frame->frame_object != nullptr) frame->frame_object->frame = frame;
  self->state = GeneratorState::Created;
  return Ref<Generator>::steal(static_cast<Generator*>(made.release()));
}

void generator_enter(ThreadState& ts, Borrowed<Generator> self) {
  self->state = GeneratorState::Running;
  self->handled.previous = ts.handled;
  ts.handled = &self->handled;
  self->frame.previous = ts.frame;
  ts.frame = &self->frame;
  ++ts.python_depth;
}

namespace {

void unlink(ThreadState& ts, Generator* self) {
  ts.handled = self->handled.previous;
  self->handled.previous = nullptr;
  ts.frame = self->frame.previous;
  --ts.python_depth;
}

}  // namespace

void generator_suspend(ThreadState& ts, Frame* frame) {
  Generator* self = generator_of(frame);
  unlink(ts, self);
  frame->previous = nullptr;
  self->state = GeneratorState::Suspended;
}

void generator_finish(ThreadState& ts, Frame* frame) {
  Generator* self = generator_of(frame);
  unlink(ts, self);
  self->state = GeneratorState::Done;
  Object* handled = std::exchange(self->handled.exception, nullptr);
  end_frame(ts, frame);
  xdecref(handled);
}

void generator_discard(ThreadState& ts, Generator* self) {
  self->state = GeneratorState::Done;
  end_frame(ts, &self->frame);
  xdecref(std::exchange(self->handled.exception, nullptr));
}

void generator_translate_stop(ThreadState& ts, Frame* frame) {
  Generator* self = generator_of(frame);
  const bool plain = pending_matches(ts, ts.core.exceptions.StopIteration);
  if (!plain && !(is_kind(self, TypeKind::AsyncGenerator) &&
                  pending_matches(ts, ts.core.exceptions.StopAsyncIteration))) {
    return;
  }
  ObjRef original = take_pending(ts);
  raise(ts, ts.core.exceptions.RuntimeError, "{} raised {}", generator_word(self),
        plain ? "StopIteration" : "StopAsyncIteration");
  ObjRef error = take_pending(ts);
  if (is_instance_of(error, ts.core.exceptions.RuntimeError)) {
    BaseException* fields = as_exception(error);
    xdecref(std::exchange(fields->context, original.new_ref().release()));
    xdecref(std::exchange(fields->cause, original.release()));
    fields->suppress_context = true;
  }
  restore_pending(ts, std::move(error));
}

ObjResult coroutine_origin(ThreadState& ts, Frame* frame, int depth) {
  std::size_t count = 0;
  for (Frame* f = complete_frame(frame); f != nullptr && static_cast<int>(count) < depth;
       f = complete_frame(f->previous)) {
    ++count;
  }
  Ref<Tuple> origin = OURO_TRY(Tuple::make(ts, count));
  Frame* from = complete_frame(frame);
  for (std::size_t i = 0; i < count; ++i, from = complete_frame(from->previous)) {
    Ref<Int> line = OURO_TRY(Int::from(ts, from->line()));
    Object* parts[] = {from->code->filename, line.get(), from->code->name};
    origin->items[i] = OURO_TRY(Tuple::from(ts, parts, 3)).release();
  }
  OURO_TRY(track(ts, origin));
  return origin;
}

// -- resuming ---------------------------------------------------------------------------------

namespace {

Raised raise_running(ThreadState& ts, Borrowed<Generator> self) {
  return raise_value_error(ts, "{} already executing", generator_word(self));
}

SendOutcome run(ThreadState& ts, Borrowed<Generator> generator, bool throwing, ObjRef& out) {
  Ref<Generator> self = generator.new_ref();
  ObjResult result = evaluate(ts, &self->frame, throwing);
  if (result.raised()) return SendOutcome::Raised;
  out = result.take();
  return self->state == GeneratorState::Suspended ? SendOutcome::Yielded : SendOutcome::Returned;
}

// Raises the pending exception inside the generator.
SendOutcome throw_pending(ThreadState& ts, Borrowed<Generator> self, ObjRef& out, bool closing) {
  switch (self->state) {
    case GeneratorState::Running:
      clear_pending(ts);
      raise_running(ts, self);
      return SendOutcome::Raised;
    case GeneratorState::Done:
      if (is_kind(self, TypeKind::Coroutine) && !closing) {
        clear_pending(ts);
        raise(ts, ts.core.exceptions.RuntimeError, "cannot reuse already awaited coroutine");
      }
      return SendOutcome::Raised;
    case GeneratorState::Created:
    case GeneratorState::Suspended:
      return run(ts, self, true, out);
  }
  return SendOutcome::Raised;
}

}  // namespace

SendOutcome generator_send(ThreadState& ts, Borrowed<Generator> self, Obj value, ObjRef& out) {
  switch (self->state) {
    case GeneratorState::Running:
      raise_running(ts, self);
      return SendOutcome::Raised;
    case GeneratorState::Done:
      if (is_kind(self, TypeKind::Coroutine)) {
        raise(ts, ts.core.exceptions.RuntimeError, "cannot reuse already awaited coroutine");
        return SendOutcome::Raised;
      }
      out = ts.core.none_ref();
      return SendOutcome::Returned;
    case GeneratorState::Created:
      if (!is_none(value)) {
        raise_type_error(ts, "can't send non-None value to a just-started {}",
                         generator_word(self));
        return SendOutcome::Raised;
      }
      break;
    case GeneratorState::Suspended:
      break;
  }
  Frame& frame = self->frame;
  *frame.stack_top++ = value.new_ref().release();
  ++frame.ip;
  return run(ts, self, false, out);
}

Raised raise_stop_iteration(ThreadState& ts, Obj value) {
  if (!is_none(value)) return raise_with(ts, ts.core.exceptions.StopIteration, value);
  ObjRef stop = OURO_TRY(call(ts, ts.core.exceptions.StopIteration));
  return raise_object(ts, std::move(stop));
}

ObjResult outcome_as_result(ThreadState& ts, SendOutcome outcome, ObjRef value) {
  switch (outcome) {
    case SendOutcome::Yielded:
      return value;
    case SendOutcome::Returned:
      return raise_stop_iteration(ts, value);
    case SendOutcome::Raised:
      break;
  }
  return Raised{};
}

SendOutcome send_to(ThreadState& ts, Obj receiver, Obj value, ObjRef& out) {
  if (has_generator_frame(receiver)) {
    return generator_send(ts, Borrowed<Generator>(as<Generator>(receiver)), value, out);
  }
  ObjResult result = Raised{};
  if (is_none(value) && receiver->type()->next != nullptr && !receiver->type()->has(kHeapType)) {
    switch (receiver->type()->next(ts, receiver, out)) {
      case Next::Item:
        return SendOutcome::Yielded;
      case Next::Done:
        out = ts.core.none_ref();
        return SendOutcome::Returned;
      case Next::Raised:
        break;
    }
  } else {
    // Through the method, so that the value of a StopIteration arrives.
    Object* const args[] = {value.get()};
    result = is_none(value) && receiver->type()->next != nullptr
                 ? call_method(ts, receiver, ts.core.names.dunder_next)
                 : call_method(ts, receiver, ts.core.names.n_send, args);
    if (result.ok()) {
      out = result.take();
      return SendOutcome::Yielded;
    }
  }
  if (!pending_matches(ts, ts.core.exceptions.StopIteration)) return SendOutcome::Raised;
  if (ts.traces) {
    trace_exception(ts, ts.frame);
    if (!pending_matches(ts, ts.core.exceptions.StopIteration)) return SendOutcome::Raised;
  }
  ObjRef stop = take_pending(ts);
  out = stop_iteration_value(ts, stop);
  return SendOutcome::Returned;
}

// -- delegation, throw, close -----------------------------------------------------------------

ObjRef generator_delegate(Borrowed<Generator> self) {
  if (self->state != GeneratorState::Suspended) return nullptr;
  const Instr next = self->frame.ip[1];
  if (instr_opcode(next) != Opcode::Resume || instr_argument(next) < 2) return nullptr;
  return ObjRef::share(self->frame.stack_top[-1]);
}

namespace {

// The generator counts as running, and as a caller, while what it delegates to runs.
class Delegating {
 public:
  Delegating(ThreadState& ts, Generator* self) : ts_(ts), self_(self) {
    self->state = GeneratorState::Running;
    self->frame.previous = ts.frame;
    ts.frame = &self->frame;
  }
  ~Delegating() {
    ts_.frame = self_->frame.previous;
    self_->frame.previous = nullptr;
    self_->state = GeneratorState::Suspended;
  }
  Delegating(const Delegating&) = delete;
  Delegating& operator=(const Delegating&) = delete;

 private:
  ThreadState& ts_;
  Generator* self_;
};

Status close_delegate(ThreadState& ts, Obj delegate) {
  if (has_generator_frame(delegate)) {
    (void)OURO_TRY(generator_close(ts, Borrowed<Generator>(as<Generator>(delegate))));
    return kDone;
  }
  MaybeAttribute close = find_attribute(ts, delegate, ts.core.names.n_close);
  if (close.failed) {
    report_unraisable(ts, delegate);
    return kDone;
  }
  if (close.value) (void)OURO_TRY(call(ts, close.value));
  return kDone;
}

// Takes what was delegated to off the stack and goes on behind the delegation with `value`, or with
// the pending exception.
SendOutcome leave_delegation(ThreadState& ts, Borrowed<Generator> self, ObjRef& out) {
  Frame& frame = self->frame;
  ObjRef receiver = ObjRef::steal(*--frame.stack_top);
  if (!pending_matches(ts, ts.core.exceptions.StopIteration)) {
    ObjRef exception = take_pending(ts);
    receiver.reset();
    restore_pending(ts, std::move(exception));
    return throw_pending(ts, self, out, false);
  }
  ObjRef stop = take_pending(ts);
  ObjRef value = stop_iteration_value(ts, stop);
  stop.reset();
  const Instr send = frame.ip[-1];
  OURO_CHECK(instr_opcode(send) == Opcode::Send, "no Send before the yield of a delegation");
  frame.ip = self->code->instructions + instr_argument(send) - 1;
  receiver.reset();
  return generator_send(ts, self, value, out);
}

ObjResult exception_of_class(ThreadState& ts, Obj type, Obj value) {
  if (value && is_instance_of(value, Borrowed<Type>(as<Type>(type)))) return value.new_ref();
  ObjRef made;
  if (value && is_tuple(value)) {
    made = OURO_TRY(call_with(ts, type, Borrowed<Tuple>(as<Tuple>(value)), nullptr));
  } else {
    made = value ? OURO_TRY(call(ts, type, value)) : OURO_TRY(call(ts, type));
  }
  if (is_exception(made)) return made;
  return raise_type_error(
      ts, "calling {r} should have returned an instance of BaseException, not {t}", type, made);
}

// Leaves the exception to be thrown pending.
Status throw_arguments(ThreadState& ts, const ThrowArguments& what) {
  if (what.traceback && !is_none(what.traceback) && !is_kind(what.traceback, TypeKind::Traceback)) {
    return raise_type_error(ts, "throw() third argument must be a traceback object");
  }
  ObjRef exception;
  const bool has_value = what.value && !is_none(what.value);
  if (is_type(what.type) && as<Type>(what.type)->has(kExceptionSubclass)) {
    ObjResult made = exception_of_class(ts, what.type, has_value ? what.value : Obj());
    if (made.raised()) return kDone;  // what went wrong is thrown in its place
    exception = made.take();
  } else if (is_exception(what.type)) {
    if (has_value) return raise_type_error(ts, "instance exception may not have a separate value");
    exception = what.type.new_ref();
  } else {
    return raise_type_error(
        ts, "exceptions must be classes or instances deriving from BaseException, not {t}",
        what.type);
  }
  if (what.traceback && !is_none(what.traceback)) {
    Object* old =
        std::exchange(as_exception(exception)->traceback, what.traceback.new_ref().release());
    xdecref(old);
  }
  restore_pending(ts, std::move(exception));
  return kDone;
}

bool is_generator_exit(ThreadState& ts, Obj type) {
  Borrowed<Type> exit = ts.core.exceptions.GeneratorExit;
  if (is_type(type)) return as<Type>(type)->is_subtype_of(exit.get());
  return is_instance_of(type, exit);
}

}  // namespace

SendOutcome generator_throw(ThreadState& ts, Borrowed<Generator> generator,
                            const ThrowArguments& what, ObjRef& out) {
  Ref<Generator> self = generator.new_ref();
  ObjRef delegate = generator_delegate(self);
  if (delegate) {
    if (what.closes_delegate && is_generator_exit(ts, what.type)) {
      Status closed;
      {
        Delegating running(ts, self.get());
        closed = close_delegate(ts, delegate);
      }
      delegate.reset();
      if (closed.raised()) return throw_pending(ts, self, out, false);
    } else {
      bool delegated = true;
      SendOutcome outcome = SendOutcome::Raised;
      {
        Delegating running(ts, self.get());
        if (has_generator_frame(delegate)) {
          const NativeDepth depth(ts, "");
          if (!depth.ok()) return SendOutcome::Raised;
          outcome = generator_throw(ts, Borrowed<Generator>(as<Generator>(delegate)), what, out);
          if (outcome == SendOutcome::Returned) raise_stop_iteration(ts, out);
        } else {
          MaybeAttribute method = find_attribute(ts, delegate, ts.core.names.n_throw);
          if (method.failed) return SendOutcome::Raised;
          delegated = static_cast<bool>(method.value);
          if (delegated) {
            Object* const args[] = {what.type.get(), what.value.get(), what.traceback.get()};
            const std::uint32_t count = what.traceback ? 3 : what.value ? 2 : 1;
            ObjResult result = call(ts, method.value, Args{args, count, nullptr});
            if (result.ok()) {
              out = result.take();
              outcome = SendOutcome::Yielded;
            }
          }
        }
      }
      if (delegated) {
        if (outcome == SendOutcome::Yielded) return outcome;
        delegate.reset();
        return leave_delegation(ts, self, out);
      }
    }
  }
  if (throw_arguments(ts, what).raised()) return SendOutcome::Raised;
  return throw_pending(ts, self, out, false);
}

ObjResult generator_close(ThreadState& ts, Borrowed<Generator> generator) {
  Ref<Generator> self = generator.new_ref();
  if (self->state == GeneratorState::Done) return ts.core.none_ref();
  if (self->state == GeneratorState::Running) return raise_running(ts, self);
  if (self->state ==
      GeneratorState::Created) {  // nothing has run: no handler can see the exception
    generator_discard(ts, self.get());
    return ts.core.none_ref();
  }
  Status closed;
  if (ObjRef delegate = generator_delegate(self); delegate) {
    Delegating running(ts, self.get());
    closed = close_delegate(ts, delegate);
  } else if (find_handler(self->code, self->frame.instruction_index()) == nullptr) {
    // No handler round the yield would see the exception: it need not be made, which may take memory.
    generator_discard(ts, self.get());
    return ts.core.none_ref();
  }
  if (closed.ok()) {
    ObjRef exit = OURO_TRY(call(ts, ts.core.exceptions.GeneratorExit));
    restore_pending(ts, std::move(exit));
  }
  ObjRef value;
  switch (throw_pending(ts, self, value, true)) {
    case SendOutcome::Yielded:
      return raise(ts, ts.core.exceptions.RuntimeError, "{} ignored GeneratorExit",
                   generator_word(self));
    case SendOutcome::Returned:
      return ts.core.none_ref();
    case SendOutcome::Raised:
      break;
  }
  if (catch_pending(ts, ts.core.exceptions.StopIteration) ||
      catch_pending(ts, ts.core.exceptions.GeneratorExit)) {
    return ts.core.none_ref();
  }
  return Raised{};
}

ObjResult awaitable_iterator(ThreadState& ts, Obj object, std::uint32_t where) {
  if (is_kind(object, TypeKind::Coroutine)) {
    if (generator_delegate(Borrowed<Generator>(as<Generator>(object)))) {
      return raise(ts, ts.core.exceptions.RuntimeError, "coroutine is being awaited already");
    }
    return object.new_ref();
  }
  if (is_kind(object, TypeKind::Generator) &&
      (as<Generator>(object)->code->flags & kIterableCoroutine) != 0) {
    return object.new_ref();
  }
  if (object->type()->await == nullptr) {
    if (where == 1 || where == 2) {
      return raise_type_error(
          ts, "'async with' received an object from {} that does not implement __await__: {t}",
          where == 1 ? "__aenter__" : "__aexit__", object);
    }
    return raise_type_error(ts, "object {t} can't be used in 'await' expression", object);
  }
  ObjRef iterator = OURO_TRY(object->type()->await(ts, object));
  if (is_kind(iterator, TypeKind::Coroutine))
    return raise_type_error(ts, "__await__() returned a coroutine");
  if (iterator->type()->next == nullptr) {
    return raise_type_error(ts, "__await__() returned non-iterator of type '{t}'", iterator);
  }
  return iterator;
}

}  // namespace ouro
