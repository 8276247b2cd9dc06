// The text that is printed for an exception nobody caught, and for errors that nobody can catch.
//
// Frames are looked at through their Python attributes (f_code, f_globals, f_builtins), so this
// needs nothing of the vm.
#pragma once

#include "objects/exception.h"

namespace ouro {

class StrBuilder;

/// Everything printed for an uncaught exception: causes and contexts first, frames with source
/// lines and markers, the message with suggestion and notes; exception groups as trees. Ends with a
/// newline. Runs Python code (str of the exceptions); errors in that code become "<exception str()
/// failed>", so Raised means MemoryError or interruption.
Result<Ref<Str>> traceback_text(ThreadState& ts, Obj exception);
/// The lines "Traceback (most recent call last):" and its frames alone, each frame line after
/// `margin`.
Status append_traceback(ThreadState& ts, StrBuilder& out, Obj traceback, std::string_view header,
                        std::string_view margin);
/// The name to offer for a misspelt one (NameError, AttributeError); null Ref when there is none.
/// Never raises.
Ref<Str> suggestion_for(ThreadState& ts, Obj exception);

/// What sys.unraisablehook gets. All may be null.
struct Unraisable {
  Obj exception;
  Obj traceback;
  Obj message;  // str
  Obj where;
};
/// The default text of sys.unraisablehook.
Result<Ref<Str>> unraisable_text(ThreadState& ts, const Unraisable& what);
/// A hole that the vm layer fills: puts an entry for the running Python frame, if there is one, in front of the pending
/// exception's traceback.
void trace_running_frame(ThreadState& ts);
/// Writes text to sys.stderr, or to file descriptor 2 when there is no such object. Never raises.
void write_to_stderr(ThreadState& ts, Borrowed<Str> text);

/// Appends line `number` (from 1) of the file, without its newline; false when it cannot be read.
/// Never raises but for memory.
Result<bool> append_source_line(ThreadState& ts, StrBuilder& out, Borrowed<Str> filename,
                                int number);

/// Where the `^^^^` markers of an expression change to `~~~~`: character offsets in `segment`, -1:
/// one kind only.
struct Anchors {
  std::int64_t left = -1;
  std::int64_t right = -1;
};
/// `segment` is the text of one expression. Finds the operator of a binary operation, or the
/// brackets of a subscript.
Anchors find_anchors(Borrowed<Str> segment);

}  // namespace ouro
