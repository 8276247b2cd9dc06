// The types generator, coroutine, coroutine_wrapper and async_generator: methods, attributes, birth
// and death.
#include "objects/args.h"
#include "objects/container_support.h"
#include "objects/errors.h"
#include "objects/exception.h"
#include "objects/int.h"
#include "objects/operations.h"
#include "objects/type_inits.h"
#include "vm/eval.h"
#include "vm/generator_internal.h"

namespace ouro {

namespace {

Generator* as_generator(Obj object) { return as<Generator>(object); }

// Calls warnings._warn_unawaited_coroutine, which knows how to show where the coroutine came from.
// False: it could not be called.
Result<bool> warn_with_origin(ThreadState& ts, Borrowed<Object> warnings, Generator* self) {
  Ref<Str> name = OURO_TRY(intern(ts, "_warn_unawaited_coroutine"));
  MaybeAttribute function = find_attribute(ts, warnings, name);
  if (function.failed) return Raised{};
  if (!function.value) return false;
  if (call(ts, function.value, self).raised()) {
    // As an error the warning is an exception, and has been given.
    const bool warned = pending_matches(ts, ts.core.exceptions.RuntimeWarning);
    report_unraisable(ts, self);
    return warned;
  }
  return true;
}

// RuntimeWarning through the warnings module, as for code that runs at the top level.
void warn_never_awaited(ThreadState& ts, Generator* self) {
  const auto warn = [&]() -> Status {
    Borrowed<Object> import = dict_get_str(ts.core.builtins, ts.core.names.dunder_import);
    if (!import) return kDone;
    ObjRef warnings = OURO_TRY(call(ts, import, Obj(ts.core.names.n_warnings)));
    if (OURO_TRY(warn_with_origin(ts, warnings, self))) return kDone;
    Ref<Str> message = OURO_TRY(format_message(ts, "coroutine '{}' was never awaited",
                                               std::initializer_list<FormatArg>{self->qualname}));
    ObjRef function = OURO_TRY(get_attribute(ts, warnings, "warn"));
    (void)OURO_TRY(call(ts, function, message, Obj(ts.core.exceptions.RuntimeWarning)));
    return kDone;
  };
  if (warn().raised()) report_unraisable(ts, self);
}

}  // namespace

void generator_finalize(gc::Header* header) {
  auto* self = static_cast<Generator*>(header);
  if (self->state == GeneratorState::Done || self->state == GeneratorState::Running) return;
  ThreadState& ts = *current_thread_state();
  SavedPending saved(ts);
  if (is_kind(self, TypeKind::AsyncGenerator) && self->origin_or_finalizer != nullptr &&
      !self->closed) {
    // The event loop takes over: it can await aclose(), which this thread of control can't.
    ObjRef finalizer = ObjRef::share(self->origin_or_finalizer);
    if (call(ts, finalizer, self).raised()) report_unraisable(ts, self);
    return;
  }
  if (self->state == GeneratorState::Created && is_kind(self, TypeKind::Coroutine)) {
    warn_never_awaited(ts, self);
    return;
  }
  if (generator_close(ts, self).raised()) {
    // Raised here, not inside: it is shown where the generator was dropped.
    Frame* dropped_in = complete_frame(ts.frame);
    if (dropped_in != nullptr && as_exception(Obj(ts.pending))->traceback == nullptr) {
      add_traceback(ts, dropped_in);
    }
    report_unraisable(ts, self);
  }
}

namespace {

void generator_dealloc(gc::Header* header) {
  auto* self = static_cast<Generator*>(header);
  ThreadState& ts = *current_thread_state();
  untrack(self);
  clear_weak_references(self);
  if (self->state != GeneratorState::Done && !self->is_finalized()) {
    self->gc_word |= gc::kFinalizedBit;
    self->refcount = 1;
    generator_finalize(self);
    if (--self->refcount > 0) {  // the code that ran has kept it
      SavedPending saved(ts);
      if (track(ts, self).raised()) clear_pending(ts);
      return;
    }
  }
  if (self->state != GeneratorState::Done) {
    self->refcount = 1;  // what dies with the frame may look at it
    generator_discard(ts, self);
    self->refcount = 0;
  }
  xdecref(std::exchange(self->handled.exception, nullptr));
  xdecref(std::exchange(self->origin_or_finalizer, nullptr));
  decref(self->code);
  decref(self->name);
  decref(self->qualname);
  free_object(self);
}

ObjResult generator_repr(ThreadState& ts, Obj self) {
  char address[32];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  return format_message(ts, "<{} object {} at {}>",
                        std::initializer_list<FormatArg>{generator_word(as_generator(self)),
                                                         as_generator(self)->qualname, address});
}

ObjResult return_self(ThreadState&, Obj self) { return self.new_ref(); }

Next generator_next(ThreadState& ts, Obj self, ObjRef& item) {
  switch (generator_send(ts, as_generator(self), ts.core.none, item)) {
    case SendOutcome::Yielded:
      return Next::Item;
    case SendOutcome::Raised:
      return Next::Raised;
    case SendOutcome::Returned:
      break;
  }
  if (is_none(item)) {
    item.reset();
    return Next::Done;
  }
  raise_with(ts, ts.core.exceptions.StopIteration, item);
  item.reset();
  return Next::Raised;
}

ObjResult method_send(ThreadState& ts, Obj self, Args args) {
  ObjRef value;
  const SendOutcome outcome = generator_send(ts, as_generator(self), args[0], value);
  return outcome_as_result(ts, outcome, std::move(value));
}

ObjResult method_throw(ThreadState& ts, Obj self, Args args) {
  const ThrowArguments what{args[0], args.count > 1 ? args[1] : Obj(),
                            args.count > 2 ? args[2] : Obj()};
  ObjRef value;
  const SendOutcome outcome = generator_throw(ts, as_generator(self), what, value);
  return outcome_as_result(ts, outcome, std::move(value));
}

ObjResult method_close(ThreadState& ts, Obj self, Args) {
  return generator_close(ts, as_generator(self));
}

ObjResult method_sizeof(ThreadState& ts, Obj self, Args) {
  const std::size_t words = frame_words(as_generator(self)->code);
  return ObjResult(OURO_TRY(Int::from(
      ts, static_cast<std::int64_t>(offsetof(Generator, frame) + words * sizeof(Object*)))));
}

// -- attributes -------------------------------------------------------------------------------

ObjResult get_frame(ThreadState& ts, Obj self) {
  Generator* generator = as_generator(self);
  if (generator->state == GeneratorState::Done) return ts.core.none_ref();
  FrameObject* frame = frame_object_of(ts, &generator->frame);
  if (frame == nullptr) return Raised{};
  return ObjRef::share(frame);
}
ObjResult get_running(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as_generator(self)->state == GeneratorState::Running);
}
ObjResult get_suspended(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as_generator(self)->state == GeneratorState::Suspended);
}
ObjResult get_code(ThreadState&, Obj self) { return ObjRef::share(as_generator(self)->code); }
ObjResult get_delegate(ThreadState& ts, Obj self) {
  ObjRef delegate = generator_delegate(as_generator(self));
  return delegate ? ObjResult(std::move(delegate)) : ObjResult(ts.core.none_ref());
}
ObjResult get_origin(ThreadState& ts, Obj self) {
  Object* origin = as_generator(self)->origin_or_finalizer;
  return origin == nullptr ? ts.core.none_ref() : ObjRef::share(origin);
}

ObjResult get_name(ThreadState&, Obj self) { return ObjRef::share(as_generator(self)->name); }
ObjResult get_qualname(ThreadState&, Obj self) {
  return ObjRef::share(as_generator(self)->qualname);
}
Status set_text(ThreadState& ts, Obj value, const char* what, Str*& place) {
  if (!value || !is_str(value))
    return raise_type_error(ts, "{} must be set to a string object", what);
  Str* old = std::exchange(place, static_cast<Str*>(value.new_ref().release()));
  decref(old);
  return kDone;
}
Status set_name(ThreadState& ts, Obj self, Obj value) {
  return set_text(ts, value, "__name__", as_generator(self)->name);
}
Status set_qualname(ThreadState& ts, Obj self, Obj value) {
  return set_text(ts, value, "__qualname__", as_generator(self)->qualname);
}

constexpr const char* kSendDoc =
    "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration.";
constexpr const char* kThrowDoc =
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded "
    "value or raise\n"
    "StopIteration.";
constexpr const char* kCloseDoc = "close() -> raise GeneratorExit inside generator.";

constexpr MethodDef kMethods[] = {{"send", method_send, 1, 1, MethodDef::kNone, kSendDoc},
                                  {"throw", method_throw, 1, 3, MethodDef::kNone, kThrowDoc},
                                  {"close", method_close, 0, 0, MethodDef::kNone, kCloseDoc},
                                  {"__sizeof__", method_sizeof, 0, 0, MethodDef::kNone,
                                   "gen.__sizeof__() -> size of gen in memory, in bytes"},
                                  {nullptr, nullptr, 0, 0, 0, nullptr}};

constexpr const char* kCoroutineSendDoc =
    "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration.";
constexpr const char* kCoroutineThrowDoc =
    "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next "
    "iterated value or raise\nStopIteration.";
constexpr const char* kCoroutineCloseDoc = "close() -> raise GeneratorExit inside coroutine.";

constexpr MethodDef kCoroutineMethods[] = {
    {"send", method_send, 1, 1, MethodDef::kNone, kCoroutineSendDoc},
    {"throw", method_throw, 1, 3, MethodDef::kNone, kCoroutineThrowDoc},
    {"close", method_close, 0, 0, MethodDef::kNone, kCoroutineCloseDoc},
    {"__sizeof__", method_sizeof, 0, 0, MethodDef::kNone,
     "gen.__sizeof__() -> size of gen in memory, in bytes"},
    {nullptr, nullptr, 0, 0, 0, nullptr}};

constexpr GetSetDef kGeneratorGetsets[] = {
    {"__name__", get_name, set_name, "name of the generator"},
    {"__qualname__", get_qualname, set_qualname, "qualified name of the generator"},
    {"gi_yieldfrom", get_delegate, nullptr, "object being iterated by yield from, or None"},
    {"gi_running", get_running, nullptr, nullptr},
    {"gi_frame", get_frame, nullptr, nullptr},
    {"gi_suspended", get_suspended, nullptr, nullptr},
    {"gi_code", get_code, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr}};

constexpr GetSetDef kCoroutineGetsets[] = {
    {"__name__", get_name, set_name, "name of the coroutine"},
    {"__qualname__", get_qualname, set_qualname, "qualified name of the coroutine"},
    {"cr_await", get_delegate, nullptr, "object being awaited on, or None"},
    {"cr_running", get_running, nullptr, nullptr},
    {"cr_frame", get_frame, nullptr, nullptr},
    {"cr_suspended", get_suspended, nullptr, nullptr},
    {"cr_code", get_code, nullptr, nullptr},
    {"cr_origin", get_origin, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr}};

ObjResult get_async_running(ThreadState& ts, Obj self) {
  return ts.core.bool_ref(as_generator(self)->runs_async);
}

constexpr GetSetDef kAsyncGetsets[] = {
    {"__name__", get_name, set_name, "name of the async generator"},
    {"__qualname__", get_qualname, set_qualname, "qualified name of the async generator"},
    {"ag_await", get_delegate, nullptr, "object being awaited on, or None"},
    {"ag_frame", get_frame, nullptr, nullptr},
    {"ag_running", get_async_running, nullptr, nullptr},
    {"ag_code", get_code, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr}};

constexpr MethodDef kAsyncMethods[] = {
    {"asend", async_generator_asend, 1, 1, MethodDef::kNone,
     "asend(v) -> send 'v' in generator."},
    {"athrow", async_generator_athrow, 0, -1, MethodDef::kNone,
     "athrow(typ[,val[,tb]]) -> raise exception in generator."},
    {"aclose", async_generator_aclose, 0, 0, MethodDef::kNone,
     "aclose() -> raise GeneratorExit inside generator."},
    {"__sizeof__", method_sizeof, 0, 0, MethodDef::kNone,
     "gen.__sizeof__() -> size of gen in memory, in bytes"},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass,
     "See PEP 585"},
    {nullptr, nullptr, 0, 0, 0, nullptr}};

void init_common(Type& t) {
  t.info.basic_bytes = sizeof(Generator);
  t.item_bytes = sizeof(Object*);
  t.info.flags |=
      static_cast<std::uint64_t>(gc::kCollected) | gc::kHasFinalizer | kDisallowInstantiation;
  t.info.dealloc = generator_dealloc;
  t.info.finalize = generator_finalize;
  gc::EdgeFunctions<Generator>::install(t.info);
  t.info.weaklist_offset = offsetof(Generator, weaklist);
  t.repr = generator_repr;
  t.methods = kMethods;
}

// -- coroutine_wrapper: what coroutine.__await__() gives --------------------------------------

struct CoroutineWrapper : Object {
  Generator* coroutine;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(coroutine, gc::slot_label("coroutine"));
  }
};

Obj wrapped(Obj self) { return as<CoroutineWrapper>(self)->coroutine; }

ObjResult coroutine_await(ThreadState& ts, Obj self) {
  ObjRef made =
      OURO_TRY(allocate_object(ts, ts.core.types.coroutine_wrapper, sizeof(CoroutineWrapper)));
  as<CoroutineWrapper>(made)->coroutine = static_cast<Generator*>(self.new_ref().release());
  OURO_TRY(track(ts, made));
  return made;
}

void wrapper_dealloc(gc::Header* header) {
  auto* self = static_cast<CoroutineWrapper*>(header);
  untrack(self);
  xdecref(std::exchange(self->coroutine, nullptr));
  free_object(self);
}
Next wrapper_next(ThreadState& ts, Obj self, ObjRef& item) {
  return generator_next(ts, wrapped(self), item);
}
ObjResult wrapper_send(ThreadState& ts, Obj self, Args args) {
  return method_send(ts, wrapped(self), args);
}
ObjResult wrapper_throw(ThreadState& ts, Obj self, Args args) {
  return method_throw(ts, wrapped(self), args);
}
ObjResult wrapper_close(ThreadState& ts, Obj self, Args args) {
  return method_close(ts, wrapped(self), args);
}

constexpr MethodDef kWrapperMethods[] = {
    {"send", wrapper_send, 1, 1, MethodDef::kNone, kCoroutineSendDoc},
    {"throw", wrapper_throw, 1, 3, MethodDef::kNone, kCoroutineThrowDoc},
    {"close", wrapper_close, 0, 0, MethodDef::kNone, kCoroutineCloseDoc},
    {nullptr, nullptr, 0, 0, 0, nullptr}};

}  // namespace

void init_generator_type(ThreadState&, Type& t) {
  init_common(t);
  t.iter = return_self;
  t.next = generator_next;
  t.getsets = kGeneratorGetsets;
}

void init_coroutine_type(ThreadState&, Type& t) {
  init_common(t);
  t.await = coroutine_await;
  t.methods = kCoroutineMethods;
  t.getsets = kCoroutineGetsets;
}

void init_coroutine_wrapper_type(ThreadState&, Type& t) {
  t.info.basic_bytes = sizeof(CoroutineWrapper);
  t.info.flags |= static_cast<std::uint64_t>(gc::kCollected) | kDisallowInstantiation;
  t.info.dealloc = wrapper_dealloc;
  gc::EdgeFunctions<CoroutineWrapper>::install(t.info);
  t.iter = return_self;
  t.next = wrapper_next;
  t.methods = kWrapperMethods;
  t.doc = "A wrapper object implementing __await__ for coroutines.";
}

void init_async_generator_type(ThreadState&, Type& t) {
  init_common(t);
  t.methods = kAsyncMethods;
  t.getsets = kAsyncGetsets;
  t.aiter = return_self;
  t.anext = async_generator_next;
}

}  // namespace ouro
