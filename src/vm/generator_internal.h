// What generator.cpp offers to the types of generators (generator_types.cpp).
#pragma once

#include "vm/generator.h"

namespace ouro {

/// The arguments of throw(); value and traceback may be null.
struct ThrowArguments {
  Obj type, value, traceback;
};
SendOutcome generator_throw(ThreadState& ts, Borrowed<Generator> self, const ThrowArguments& what,
                            ObjRef& out);
/// What it delegates to with `yield from` or `await`; null when it does not.
ObjRef generator_delegate(Borrowed<Generator> self);
/// Ends it without running it: empties the frame. Runs Python code.
void generator_discard(ThreadState& ts, Generator* self);
/// "generator" or "coroutine".
const char* generator_word(Borrowed<Generator> self);
Raised raise_stop_iteration(ThreadState& ts, Obj value);
/// As a method returns it: StopIteration for Returned.
ObjResult outcome_as_result(ThreadState& ts, SendOutcome outcome, ObjRef value);

}  // namespace ouro
