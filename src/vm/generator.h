// Generator: generators, coroutines and async generators, which own the frame they run.
//
// The frame is the last part of the object, as large as its code needs. States: Created -> (Running
// <-> Suspended) -> Done. Invariants: G1 in Done the frame is empty (moved out or cleared) and
// `frame.code` must not be used; G2 while Running the frame is linked into ts.frame's chain and
// `handled` into ts.handled's; G3 whoever runs the frame holds the generator.
#pragma once

#include "vm/frame.h"

namespace ouro {

enum class GeneratorState : std::uint8_t { Created, Suspended, Running, Done };

struct Generator : Object {
  Code* code;     // owned
  Str* name;      // owned
  Str* qualname;  // owned
  gc::WeakReference* weaklist;
  HandledException handled;
  Object* origin_or_finalizer;  // owned, may be null: a coroutine's cr_origin, an async generator's
                                // finalizer hook
  GeneratorState state;
  bool hooks_asked, closed, runs_async;  // of async generators
  Frame frame;  // its slots run on to the object's end

  /// Makes the generator of a running frame: its content moves into the new object. The frame on
  /// the stack is left to be released without ending it.
  static Result<Ref<Generator>> create(ThreadState& ts, Frame* running);
  template <class V>
  void edges(V& v) const {
    v.edge(code, gc::slot_label("gi_code"));
    v.edge(name, gc::slot_label("__name__"));
    v.edge(qualname, gc::slot_label("__qualname__"));
    // What a running frame holds counts as held from outside, like all frames on the stack.
    if (state == GeneratorState::Created || state == GeneratorState::Suspended) frame.edges(v);
    v.edge(handled.exception, gc::slot_label("handled exception"));
    v.edge(origin_or_finalizer, gc::slot_label("origin or finalizer"));
  }
};

inline Generator* generator_of(Frame* frame) {
  return reinterpret_cast<Generator*>(reinterpret_cast<char*>(frame) - offsetof(Generator, frame));
}
/// Exactly a generator, coroutine or async generator.
inline bool has_generator_frame(Obj object) {
  return is_kind(object, TypeKind::Generator) || is_kind(object, TypeKind::Coroutine);
}

enum class SendOutcome : std::uint8_t { Yielded, Returned, Raised };
/// Runs the generator up to its next yield or its end, with `value` as the result of the yield it
/// stands at.
SendOutcome generator_send(ThreadState& ts, Borrowed<Generator> self, Obj value, ObjRef& out);
/// The same for any receiver of `yield from` / `await`: generators, iterators (value None), objects
/// with `send`.
SendOutcome send_to(ThreadState& ts, Obj receiver, Obj value, ObjRef& out);

/// Links the generator's frame and handled exception on top of ts; the caller runs the frame.
void generator_enter(ThreadState& ts, Borrowed<Generator> self);
/// Unlinks them at a yield …
void generator_suspend(ThreadState& ts, Frame* frame);
/// … and at the end, by return or by exception; empties the frame. Runs Python code.
void generator_finish(ThreadState& ts, Frame* frame);
/// An exception leaves the generator: StopIteration becomes RuntimeError (PEP 479), and so
/// does StopAsyncIteration of an async generator.
void generator_translate_stop(ThreadState& ts, Frame* frame);
/// close(): raises GeneratorExit inside.
ObjResult generator_close(ThreadState& ts, Borrowed<Generator> self);

/// GetAwaitable: the iterator of an awaitable.
ObjResult awaitable_iterator(ThreadState& ts, Obj object, std::uint32_t where);

// -- async generators (async_generator.cpp) ----------------------------------------------------

/// AsyncGenWrap: marks a value that an async generator yields to `async for`, as opposed to what
/// its awaits yield to the event loop.
ObjResult async_generator_wrap(ThreadState& ts, Obj value);
/// anext(iterator, default): awaits `awaitable`; StopAsyncIteration gives `fallback`.
ObjResult anext_with_default(ThreadState& ts, Obj awaitable, Obj fallback);

}  // namespace ouro
