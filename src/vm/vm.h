// The evaluator's face to the layers above.
#pragma once

#include "objects/code.h"
#include "objects/core.h"
#include "objects/dict.h"

namespace ouro {

/// Reserves the frame stack and sets the stack floor of this thread. MemoryError when address space
/// is short.
Status init_frame_stack(ThreadState& ts);
/// The same for a thread that is about to be started: its frame stack, here; its floor, when it
/// runs. False when address space is short.
[[nodiscard]] bool reserve_thread_frames(ThreadState& ts);
void set_thread_stack_floor(ThreadState& ts);
void free_frame_stack(ThreadState& ts);

/// Fills the holes that the objects layer leaves for the evaluator: the call slot of functions.
/// After init_core_objects.
void install_vm(ThreadState& ts);

/// Runs code as a module or exec body: locals may be the globals. builtins come from
/// globals["__builtins__"] (module or dict), which is put there when absent. Used by exec, eval,
/// import, the prompt and the command line.
ObjResult run_code(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals, Obj locals);

/// The same with the cells of the code's free variables, as many as it has.
ObjResult run_code_with_closure(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals,
                                Obj locals, Borrowed<Tuple> closure);

/// The same for code that was compiled from text just now. CPython keeps the syntax tree meanwhile,
/// and with it a reference to each constant; so does this to the constants of the code and of all
/// code inside, since reference counts tell.
ObjResult run_source_code(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals, Obj locals);

/// The body of a class statement: runs `function` (no arguments) with `locals` as namespace;
/// returns the value of the body (the __class__ cell or None). For __build_class__.
ObjResult run_class_body(ThreadState& ts, Obj function, Obj locals);

/// Frame object of the running frame `depth` calls up (0: the caller of native code); null ok
/// result never: ValueError "call stack is not deep enough".
ObjResult current_frame_object(ThreadState& ts, int depth);
/// Globals and locals of the running Python frame (borrowed / new); for globals(), locals(), exec,
/// eval.
Borrowed<Dict> current_globals(ThreadState& ts);
ObjResult current_locals(ThreadState& ts);
/// The flags of the running code that compile() inherits (future features).
std::uint32_t current_future_flags(ThreadState& ts);
/// The frame's names and values as `f_locals` shows them.
ObjResult frame_locals(ThreadState& ts, Obj frame_object);
int frame_line(Obj frame_object);
Borrowed<Code> frame_code(Obj frame_object);
Borrowed<Object> frame_back(ThreadState& ts, Obj frame_object);

/// __import__ is looked up in builtins by ImportName; ImportStar and ImportFrom work on modules and
/// sys.modules.

}  // namespace ouro
