// Tracing: the functions of sys.settrace and sys.setprofile, and when they are told what.
//
// While there is one (ThreadState::traces) frames are run by the evaluator's second form, which
// comes here before each instruction. The first form has no part in it but two looks at `traces`:
// at the start of a function and after a native call. A running trace function is not traced.
#pragma once

#include "objects/tuple.h"
#include "vm/frame.h"

namespace ouro {

/// None ends it. Takes effect with the next instruction.
void set_trace_function(ThreadState& ts, Obj function);
void set_profile_function(ThreadState& ts, Obj function);
/// function(*args), during which tracing may begin although a trace function is running
/// (sys.call_tracing).
ObjResult call_tracing(ThreadState& ts, Obj function, Borrowed<Tuple> args);

/// What becomes of the instruction that was about to be run.
enum class TraceVerdict : std::uint8_t {
  Run,    // it is run; frame->ip may be another one now, after a jump
  Raise,  // the trace function raised: as if the instruction had
  Leave,  // it raised at the end of the call: no handler of the frame catches it
};
/// Tells of calls, lines, opcodes and returns, whatever `frame->ip` is about to do. `previous` is
/// the instruction that the frame ran before.
TraceVerdict trace_instruction(ThreadState& ts, Frame* frame, const Instr* previous);
/// An exception is thrown into a generator: that counts as a call. False: the function raised.
bool trace_throw(ThreadState& ts, Frame* frame);
/// The pending exception has reached this frame.
void trace_exception(ThreadState& ts, Frame* frame);
/// The pending exception leaves this frame.
void trace_unwinding(ThreadState& ts, Frame* frame);
/// next(iterator) of a `for` loop: a StopIteration that ends it is told of as an exception.
Next next_item_traced(ThreadState& ts, Frame* frame, Obj iterator, ObjRef& item);
/// Calls `callable`; the profile function is told when it is native.
ObjResult call_profiled(ThreadState& ts, Frame* frame, Obj callable, Args args);
ObjResult call_profiled(ThreadState& ts, Frame* frame, Obj callable, Tuple* args, Dict* kwargs);

/// frame.f_lineno = line: goes on at another line (frame_jump.cpp).
Status jump_to_line(ThreadState& ts, FrameObject* object, Obj line);
/// Puts what a trace function has changed in f_locals back into the frame's variables.
Status frame_locals_to_fast(ThreadState& ts, Frame* frame);

}  // namespace ouro
