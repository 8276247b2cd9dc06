// Async generators: the awaitables that their methods give, the mark on the values they yield, and
// the awaitable of anext() with a default.
//
// An async generator yields two kinds of things: what `await` inside it yields goes to the event
// loop as it is; what `yield` gives is wrapped, and becomes the StopIteration value that ends the
// `await` of __anext__(). One step at a time: `runs_async` is set while an awaitable has begun and
// not finished its step.
#include "objects/args.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/operations.h"
#include "objects/type_inits.h"
#include "vm/generator_internal.h"

namespace ouro {

namespace {

enum class Await : std::uint8_t { Fresh, Begun, Closed };

struct WrappedValue : Object {
  Object* value;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(value, gc::slot_label("value"));
  }
};

// What __anext__() and asend(value) give.
struct AsyncSend : Object {
  Generator* generator;  // owned
  Object* value;         // owned, null for __anext__()
  Await state;
  template <class V>
  void edges(V& v) const {
    v.edge(generator, gc::slot_label("async generator"));
    v.edge(value, gc::slot_label("value"));
  }
};

// What athrow(*arguments) and aclose() give.
struct AsyncThrow : Object {
  Generator* generator;  // owned
  Tuple* arguments;      // owned, null for aclose()
  Await state;
  template <class V>
  void edges(V& v) const {
    v.edge(generator, gc::slot_label("async generator"));
    v.edge(arguments, gc::slot_label("arguments"));
  }
};

struct AnextAwaitable : Object {
  Object* wrapped;   // owned: what __anext__() gave
  Object* fallback;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(wrapped, gc::slot_label("wrapped"));
    v.edge(fallback, gc::slot_label("default"));
  }
};

Object* held(Obj object) { return object ? object.new_ref().release() : nullptr; }

bool is_wrapped(ThreadState& ts, ObjResult& result) {
  if (result.raised()) return false;
  ObjRef value = result.take();
  const bool wrapped = value->type() == ts.core.types.async_generator_wrapped_value;
  result = std::move(value);
  return wrapped;
}

Raised raise_bare(ThreadState& ts, Borrowed<Type> exception) {
  return raise_object(ts, OURO_TRY(call(ts, exception)));
}
Raised raise_runtime(ThreadState& ts, const char* text) {
  return raise(ts, ts.core.exceptions.RuntimeError, "{}", text);
}

bool pending_ends_generator(ThreadState& ts) {
  return pending_matches(ts, ts.core.exceptions.StopAsyncIteration) ||
         pending_matches(ts, ts.core.exceptions.GeneratorExit);
}

// -- steps of the generator -------------------------------------------------------------------

ObjResult as_step(ThreadState& ts, SendOutcome outcome, ObjRef value) {
  switch (outcome) {
    case SendOutcome::Yielded:
      return value;
    case SendOutcome::Returned:
      return raise_bare(ts, ts.core.exceptions.StopAsyncIteration);
    case SendOutcome::Raised:
      break;
  }
  return Raised{};
}

ObjResult step_with(ThreadState& ts, Generator* generator, Obj value) {
  ObjRef out;
  const SendOutcome outcome = generator_send(ts, generator, value, out);
  return as_step(ts, outcome, std::move(out));
}
ObjResult step_throwing(ThreadState& ts, Generator* generator, const ThrowArguments& what) {
  ObjRef out;
  const SendOutcome outcome = generator_throw(ts, generator, what, out);
  return as_step(ts, outcome, std::move(out));
}

// A yielded value ends the await: it becomes the value of a StopIteration.
ObjResult finish_step(ThreadState& ts, Generator* generator, ObjResult result) {
  if (result.raised()) {
    if (pending_ends_generator(ts)) generator->closed = true;
    generator->runs_async = false;
    return Raised{};
  }
  if (!is_wrapped(ts, result)) return result;
  ObjRef wrapped = result.take();
  generator->runs_async = false;
  return raise_stop_iteration(ts, as<WrappedValue>(wrapped)->value);
}

ThrowArguments throw_arguments_of(Args args) {
  return {args[0], args.count > 1 ? args[1] : Obj(), args.count > 2 ? args[2] : Obj()};
}

// The slot `next` in terms of `send`.
Next as_next(ObjResult result, ObjRef& item) {
  if (result.raised()) return Next::Raised;
  item = result.take();
  return Next::Item;
}

ObjResult return_self(ThreadState&, Obj self) { return self.new_ref(); }

// -- asend ------------------------------------------------------------------------------------

constexpr const char* kSendReused = "cannot reuse already awaited __anext__()/asend()";

ObjResult asend_send(ThreadState& ts, Obj object, Obj value) {
  auto* self = as<AsyncSend>(object);
  Generator* generator = self->generator;
  if (self->state == Await::Closed) return raise_runtime(ts, kSendReused);
  if (self->state == Await::Fresh) {
    if (generator->runs_async) {
      return raise_runtime(ts, "anext(): asynchronous generator is already running");
    }
    if (is_none(value) && self->value != nullptr) value = self->value;
    self->state = Await::Begun;
  }
  generator->runs_async = true;
  ObjResult result = finish_step(ts, generator, step_with(ts, generator, value));
  if (result.raised()) self->state = Await::Closed;
  return result;
}

Next asend_next(ThreadState& ts, Obj self, ObjRef& item) {
  return as_next(asend_send(ts, self, ts.core.none), item);
}
ObjResult asend_send_method(ThreadState& ts, Obj self, Args args) {
  return asend_send(ts, self, args[0]);
}
ObjResult asend_throw(ThreadState& ts, Obj object, Args args) {
  auto* self = as<AsyncSend>(object);
  if (self->state == Await::Closed) return raise_runtime(ts, kSendReused);
  ObjResult result = finish_step(ts, self->generator,
                                 step_throwing(ts, self->generator, throw_arguments_of(args)));
  if (result.raised()) self->state = Await::Closed;
  return result;
}
ObjResult asend_close(ThreadState& ts, Obj self, Args) {
  as<AsyncSend>(self)->state = Await::Closed;
  return ts.core.none_ref();
}

void asend_dealloc(gc::Header* header) {
  auto* self = static_cast<AsyncSend*>(header);
  untrack(self);
  xdecref(std::exchange(self->generator, nullptr));
  xdecref(std::exchange(self->value, nullptr));
  free_object(self);
}

// -- athrow, aclose ---------------------------------------------------------------------------

constexpr const char* kThrowReused = "cannot reuse already awaited aclose()/athrow()";

ObjResult close_was_ignored(ThreadState& ts, AsyncThrow* self) {
  self->generator->runs_async = false;
  self->state = Await::Closed;
  return raise_runtime(ts, "async generator ignored GeneratorExit");
}

// The end of an aclose(): the exceptions that end the generator are what was asked for.
Raised close_has_raised(ThreadState& ts, AsyncThrow* self) {
  if (self->arguments == nullptr && pending_ends_generator(ts)) {
    clear_pending(ts);
    return raise_bare(ts, ts.core.exceptions.StopIteration);
  }
  return Raised{};
}

ObjResult athrow_begin(ThreadState& ts, AsyncThrow* self, Obj value) {
  Generator* generator = self->generator;
  if (generator->runs_async) {
    self->state = Await::Closed;
    return raise_runtime(ts, self->arguments == nullptr
                                 ? "aclose(): asynchronous generator is already running"
                                 : "athrow(): asynchronous generator is already running");
  }
  if (generator->closed) {
    self->state = Await::Closed;
    return raise_bare(ts, ts.core.exceptions.StopAsyncIteration);
  }
  if (!is_none(value)) {
    return raise_runtime(ts, "can't send non-None value to a just-started coroutine");
  }
  self->state = Await::Begun;
  generator->runs_async = true;
  ObjResult result = Raised{};
  if (self->arguments == nullptr) {
    generator->closed = true;
    ThrowArguments what{ts.core.exceptions.GeneratorExit, Obj(), Obj()};
    what.closes_delegate = false;
    result = step_throwing(ts, generator, what);
    if (is_wrapped(ts, result)) return close_was_ignored(ts, self);
  } else {
    const Tuple* arguments = self->arguments;
    ThrowArguments what = throw_arguments_of(
        Args{arguments->items, static_cast<std::uint32_t>(arguments->size), nullptr});
    what.closes_delegate = false;
    result = finish_step(ts, generator, step_throwing(ts, generator, what));
  }
  if (result.ok()) return result;
  generator->runs_async = false;
  self->state = Await::Closed;
  return close_has_raised(ts, self);
}

ObjResult athrow_send(ThreadState& ts, Obj object, Obj value) {
  auto* self = as<AsyncThrow>(object);
  Generator* generator = self->generator;
  if (self->state == Await::Closed) return raise_runtime(ts, kThrowReused);
  if (generator->state == GeneratorState::Done) {
    self->state = Await::Closed;
    return raise_bare(ts, ts.core.exceptions.StopIteration);
  }
  if (self->state == Await::Fresh) return athrow_begin(ts, self, value);
  ObjResult result = step_with(ts, generator, value);
  if (self->arguments != nullptr) return finish_step(ts, generator, std::move(result));
  if (is_wrapped(ts, result)) return close_was_ignored(ts, self);
  if (result.ok()) return result;
  generator->runs_async = false;
  self->state = Await::Closed;
  return close_has_raised(ts, self);
}

Next athrow_next(ThreadState& ts, Obj self, ObjRef& item) {
  return as_next(athrow_send(ts, self, ts.core.none), item);
}
ObjResult athrow_send_method(ThreadState& ts, Obj self, Args args) {
  return athrow_send(ts, self, args[0]);
}
ObjResult athrow_throw(ThreadState& ts, Obj object, Args args) {
  auto* self = as<AsyncThrow>(object);
  if (self->state == Await::Closed) return raise_runtime(ts, kThrowReused);
  ObjResult result = step_throwing(ts, self->generator, throw_arguments_of(args));
  if (self->arguments != nullptr) return finish_step(ts, self->generator, std::move(result));
  if (is_wrapped(ts, result)) return close_was_ignored(ts, self);
  if (result.ok()) return result;
  return close_has_raised(ts, self);
}
ObjResult athrow_close(ThreadState& ts, Obj self, Args) {
  as<AsyncThrow>(self)->state = Await::Closed;
  return ts.core.none_ref();
}

void athrow_dealloc(gc::Header* header) {
  auto* self = static_cast<AsyncThrow*>(header);
  untrack(self);
  xdecref(std::exchange(self->generator, nullptr));
  xdecref(std::exchange(self->arguments, nullptr));
  free_object(self);
}

// -- the generator's methods ------------------------------------------------------------------

// Before its first step a generator takes the finalizer of the running event loop, and shows
// itself to the loop's other hook.
Status ask_hooks(ThreadState& ts, Generator* self) {
  if (self->hooks_asked) return kDone;
  self->hooks_asked = true;
  if (ts.asyncgen_finalizer != nullptr) {
    xdecref(std::exchange(self->origin_or_finalizer, held(ts.asyncgen_finalizer)));
  }
  if (ts.asyncgen_firstiter != nullptr) {
    ObjRef firstiter = ObjRef::share(ts.asyncgen_firstiter);
    (void)OURO_TRY(call(ts, firstiter, self));
  }
  return kDone;
}

ObjResult make_send(ThreadState& ts, Obj generator, Obj value) {
  OURO_TRY(ask_hooks(ts, as<Generator>(generator)));
  ObjRef made =
      OURO_TRY(allocate_object(ts, ts.core.types.async_generator_asend, sizeof(AsyncSend)));
  auto* self = as<AsyncSend>(made);
  self->generator = static_cast<Generator*>(held(generator));
  self->value = held(value);
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult make_throw(ThreadState& ts, Obj generator, Obj arguments) {
  OURO_TRY(ask_hooks(ts, as<Generator>(generator)));
  ObjRef made =
      OURO_TRY(allocate_object(ts, ts.core.types.async_generator_athrow, sizeof(AsyncThrow)));
  auto* self = as<AsyncThrow>(made);
  self->generator = static_cast<Generator*>(held(generator));
  self->arguments = static_cast<Tuple*>(held(arguments));
  OURO_TRY(track(ts, made));
  return made;
}

}  // namespace

ObjResult async_generator_next(ThreadState& ts, Obj self) { return make_send(ts, self, Obj()); }

ObjResult async_generator_asend(ThreadState& ts, Obj self, Args args) {
  return make_send(ts, self, args[0]);
}

ObjResult async_generator_athrow(ThreadState& ts, Obj self, Args args) {
  if (args.count == 0) return raise_type_error(ts, "athrow expected at least 1 argument, got 0");
  if (args.count > 3) {
    return raise_type_error(ts, "athrow expected at most 3 arguments, got {}", args.count);
  }
  Ref<Tuple> arguments = OURO_TRY(Tuple::from(ts, args.values, args.count));
  return make_throw(ts, self, arguments);
}

ObjResult async_generator_aclose(ThreadState& ts, Obj self, Args) {
  return make_throw(ts, self, Obj());
}

ObjResult async_generator_wrap(ThreadState& ts, Obj value) {
  ObjRef made = OURO_TRY(
      allocate_object(ts, ts.core.types.async_generator_wrapped_value, sizeof(WrappedValue)));
  as<WrappedValue>(made)->value = held(value);
  OURO_TRY(track(ts, made));
  return made;
}

// -- anext() with a default -------------------------------------------------------------------

namespace {

ObjResult anext_iterator(ThreadState& ts, AnextAwaitable* self) {
  ObjRef iterator = OURO_TRY(awaitable_iterator(ts, self->wrapped, 0));
  if (iterator->type()->next != nullptr) return iterator;
  // A coroutine is its own awaitable, yet no iterator; its __await__() gives one.
  if (iterator->type()->await != nullptr) {
    ObjRef inner = OURO_TRY(iterator->type()->await(ts, iterator));
    if (inner->type()->next != nullptr) return inner;
  }
  return raise_type_error(ts, "__await__() returned a non-iterable");
}

Raised anext_ended(ThreadState& ts, AnextAwaitable* self) {
  if (!catch_pending(ts, ts.core.exceptions.StopAsyncIteration)) return Raised{};
  return raise_stop_iteration(ts, self->fallback);
}

Next anext_next(ThreadState& ts, Obj object, ObjRef& item) {
  Ref<AnextAwaitable> self = Ref<AnextAwaitable>::share(as<AnextAwaitable>(object));
  ObjResult iterator = anext_iterator(ts, self.get());
  if (iterator.raised()) return Next::Raised;
  ObjRef held_iterator = iterator.take();
  const Next outcome = held_iterator->type()->next(ts, held_iterator, item);
  if (outcome == Next::Raised) anext_ended(ts, self.get());
  return outcome;
}

ObjResult anext_forward(ThreadState& ts, Obj object, Borrowed<Str> name, Args args) {
  Ref<AnextAwaitable> self = Ref<AnextAwaitable>::share(as<AnextAwaitable>(object));
  ObjRef iterator = OURO_TRY(anext_iterator(ts, self.get()));
  ObjResult result =
      call_method(ts, iterator, name, std::span<Object* const>(args.values, args.count));
  if (result.ok()) return result;
  return anext_ended(ts, self.get());
}
ObjResult anext_send(ThreadState& ts, Obj self, Args args) {
  return anext_forward(ts, self, ts.core.names.n_send, args);
}
ObjResult anext_throw(ThreadState& ts, Obj self, Args args) {
  return anext_forward(ts, self, ts.core.names.n_throw, args);
}
ObjResult anext_close(ThreadState& ts, Obj self, Args args) {
  return anext_forward(ts, self, ts.core.names.n_close, args);
}

void anext_dealloc(gc::Header* header) {
  auto* self = static_cast<AnextAwaitable*>(header);
  untrack(self);
  xdecref(std::exchange(self->wrapped, nullptr));
  xdecref(std::exchange(self->fallback, nullptr));
  free_object(self);
}

void wrapped_value_dealloc(gc::Header* header) {
  auto* self = static_cast<WrappedValue*>(header);
  untrack(self);
  xdecref(std::exchange(self->value, nullptr));
  free_object(self);
}

constexpr const char* kSendDoc =
    "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration.";
constexpr const char* kThrowDoc =
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded "
    "value or raise\nStopIteration.";
constexpr const char* kCloseDoc = "close() -> raise GeneratorExit inside generator.";

constexpr MethodDef kSendMethods[] = {{"send", asend_send_method, 1, 1, MethodDef::kNone, kSendDoc},
                                      {"throw", asend_throw, 1, 3, MethodDef::kNone, kThrowDoc},
                                      {"close", asend_close, 0, 0, MethodDef::kNone, kCloseDoc},
                                      {nullptr, nullptr, 0, 0, 0, nullptr}};
constexpr MethodDef kThrowMethods[] = {
    {"send", athrow_send_method, 1, 1, MethodDef::kNone, kSendDoc},
    {"throw", athrow_throw, 1, 3, MethodDef::kNone, kThrowDoc},
    {"close", athrow_close, 0, 0, MethodDef::kNone, kCloseDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr}};
constexpr MethodDef kAnextMethods[] = {
    {"send", anext_send, 1, 1, MethodDef::kNone,
     "send(arg) -> send 'arg' into the wrapped iterator,\nreturn next yielded value or raise "
     "StopIteration."},
    {"throw", anext_throw, 1, 3, MethodDef::kNone,
     "throw(typ[,val[,tb]]) -> raise exception in the wrapped iterator,\nreturn next yielded value "
     "or raise StopIteration."},
    {"close", anext_close, 0, 0, MethodDef::kNone, kCloseDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr}};

template <class T>
void init_awaitable(Type& t, void (*dealloc)(gc::Header*)) {
  t.info.basic_bytes = sizeof(T);
  t.info.flags |= static_cast<std::uint64_t>(gc::kCollected) | kDisallowInstantiation;
  t.info.dealloc = dealloc;
  gc::EdgeFunctions<T>::install(t.info);
}

}  // namespace

ObjResult anext_with_default(ThreadState& ts, Obj awaitable, Obj fallback) {
  ObjRef made =
      OURO_TRY(allocate_object(ts, ts.core.types.anext_awaitable, sizeof(AnextAwaitable)));
  auto* self = as<AnextAwaitable>(made);
  self->wrapped = held(awaitable);
  self->fallback = held(fallback);
  OURO_TRY(track(ts, made));
  return made;
}

void init_async_generator_asend_type(ThreadState&, Type& t) {
  init_awaitable<AsyncSend>(t, asend_dealloc);
  t.await = return_self;
  t.iter = return_self;
  t.next = asend_next;
  t.methods = kSendMethods;
}

void init_async_generator_athrow_type(ThreadState&, Type& t) {
  init_awaitable<AsyncThrow>(t, athrow_dealloc);
  t.await = return_self;
  t.iter = return_self;
  t.next = athrow_next;
  t.methods = kThrowMethods;
}

void init_async_generator_wrapped_value_type(ThreadState&, Type& t) {
  init_awaitable<WrappedValue>(t, wrapped_value_dealloc);
}

void init_anext_awaitable_type(ThreadState&, Type& t) {
  init_awaitable<AnextAwaitable>(t, anext_dealloc);
  t.await = return_self;
  t.iter = return_self;
  t.next = anext_next;
  t.methods = kAnextMethods;
}

}  // namespace ouro
