// What generator.cpp offers to the types of generators (generator_types.cpp).
#pragma once

#include "vm/generator.h"

namespace ouro {

/// The arguments of throw(); value and traceback may be null.
struct ThrowArguments {
  Obj type, value, traceback;
  bool closes_delegate = true;  // GeneratorExit closes what it delegates to; else it is thrown there
};
SendOutcome generator_throw(ThreadState& ts, Borrowed<Generator> self, const ThrowArguments& what,
                            ObjRef& out);
/// What it delegates to with `yield from` or `await`; null when it does not.
ObjRef generator_delegate(Borrowed<Generator> self);
/// What becomes of a generator that is dropped before its end: it is closed, or its finalizer
/// called; a coroutine that was never awaited is warned of. Runs Python code.
void generator_finalize(gc::Header* generator);
/// Ends it without running it: empties the frame. Runs Python code.
void generator_discard(ThreadState& ts, Generator* self);
/// "generator", "coroutine" or "async generator".
const char* generator_word(Borrowed<Generator> self);
/// The tuple of (file name, line, function name) of the frames from `frame` up, at most `depth`.
ObjResult coroutine_origin(ThreadState& ts, Frame* frame, int depth);
Raised raise_stop_iteration(ThreadState& ts, Obj value);
// The methods of async generators (async_generator.cpp).
ObjResult async_generator_next(ThreadState& ts, Obj self);
ObjResult async_generator_asend(ThreadState& ts, Obj self, Args args);
ObjResult async_generator_athrow(ThreadState& ts, Obj self, Args args);
ObjResult async_generator_aclose(ThreadState& ts, Obj self, Args args);
/// As a method returns it: StopIteration for Returned.
ObjResult outcome_as_result(ThreadState& ts, SendOutcome outcome, ObjRef value);

}  // namespace ouro
