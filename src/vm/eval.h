// The evaluator's parts among themselves.
#pragma once

#include "vm/frame.h"

namespace ouro {

/// Runs a frame to its end (or, for a generator, its next yield). The frame is not linked yet; a
/// thread frame is ended and released in any case. `throwing` (generators): starts by raising the
/// pending exception at the frame's instruction.
ObjResult evaluate(ThreadState& ts, Frame* frame, bool throwing = false);

// -- calls (calls.cpp) ------------------------------------------------------------------------

/// The frame of a call of a Python function. Takes over one reference to `function` and all
/// `values` (`count` positional ones, then one per keyword), whether it succeeds or not. `values`
/// may lie at the frame stack's free end, right above the room for the frame. Null with the
/// exception pending on failure.
Frame* make_call_frame(ThreadState& ts, Function* function, Object** values, std::uint32_t count,
                       Tuple* keywords);
/// The call slot of functions: for calls from native code.
ObjResult call_function(ThreadState& ts, Obj self, Args args);
/// The frame of function(*args, **kwargs); kwargs may be null. References are copied.
Frame* make_unpacked_frame(ThreadState& ts, Function* function, Tuple* args, Dict* kwargs);
/// The arguments of CallFunctionEx as a tuple ("f() argument after * must be an iterable, not
/// int").
Result<Ref<Tuple>> unpacked_arguments(ThreadState& ts, Obj callable, Obj args);
/// DictMerge: kwargs of a call take in another mapping.
Status merge_keywords(ThreadState& ts, Obj callable, Borrowed<Dict> target, Obj mapping);
/// "f()" or "mod.f()" as messages about calls name a callable.
Result<Ref<Str>> callable_text(ThreadState& ts, Obj callable);

// -- exceptions (unwind.cpp) ------------------------------------------------------------------

/// Puts an entry for the frame's current instruction in front of the pending exception's traceback.
void add_traceback(ThreadState& ts, Frame* frame);
/// The handler of an instruction, or null.
const ExceptionEntry* find_handler(const Code* code, std::uint32_t instruction);
/// `raise`, `raise x`, `raise x from y`. Always leaves an exception pending; true when it is raised
/// again as it was.
bool raise_statement(ThreadState& ts, Obj exception, Obj cause);
/// The innermost exception being handled; null when there is none.
Borrowed<Object> handled_exception(const ThreadState& ts);
/// `except*`: splits `exception` by `match_type`. Both null on failure with the exception pending.
struct GroupMatch {
  ObjRef match, rest;  // None where nothing is
};
GroupMatch match_group(ThreadState& ts, Obj exception, Obj match_type);
/// The end of an `except*` statement.
ObjResult prepare_reraise_star(ThreadState& ts, Obj original, Obj exceptions);

// -- names (names.cpp) ------------------------------------------------------------------------

Raised raise_name_error(ThreadState& ts, Borrowed<Str> name);
/// UnboundLocalError or NameError for an empty slot.
Raised raise_unbound(ThreadState& ts, Frame* frame, std::uint32_t slot);
Raised raise_unbound_deref(ThreadState& ts, Frame* frame, std::uint32_t slot);
ObjResult load_name(ThreadState& ts, Frame* frame, Borrowed<Str> name);
ObjResult load_global(ThreadState& ts, Frame* frame, Borrowed<Str> name);
Status store_name(ThreadState& ts, Frame* frame, Borrowed<Str> name, Obj value);
Status delete_name(ThreadState& ts, Frame* frame, Borrowed<Str> name);
Status delete_global(ThreadState& ts, Frame* frame, Borrowed<Str> name);
ObjResult load_class_deref(ThreadState& ts, Frame* frame, std::uint32_t slot);
ObjResult load_build_class(ThreadState& ts, Frame* frame);
Status setup_annotations(ThreadState& ts, Frame* frame);
Status print_expression(ThreadState& ts, Obj value);
ObjResult import_name(ThreadState& ts, Frame* frame, Borrowed<Str> name, Obj level, Obj fromlist);
ObjResult import_from(ThreadState& ts, Obj module, Borrowed<Str> name);
Status import_star(ThreadState& ts, Frame* frame, Obj module);

// -- statements on objects (statements.cpp) ---------------------------------------------------

/// Unpacks an iterable into out[0..count), first item highest (as the value stack wants it):
/// out[count - 1] is the first. With `after` >= 0: `count` items before, then a list, then `after`
/// items; `out` has count + 1 + after places.
Status unpack_iterable(ThreadState& ts, Obj iterable, std::uint32_t count, std::int32_t after,
                       Object** out);
/// f-string field: conversion 0..3 as FormatValue's argument says.
ObjResult format_value(ThreadState& ts, Obj value, std::uint32_t conversion, Obj spec);
/// with: looks both methods up first. `enter` and `exit` are bound.
struct ContextMethods {
  ObjRef enter, exit;
  bool failed;
};
ContextMethods context_methods(ThreadState& ts, Obj manager, bool is_async);
Status extend_list(ThreadState& ts, Borrowed<List> list, Obj iterable);
Status update_dict(ThreadState& ts, Borrowed<Dict> dict, Obj mapping);
ObjResult make_function(ThreadState& ts, Frame* frame, std::uint32_t flags, Object** items);
ObjResult aiter_of(ThreadState& ts, Obj object);
ObjResult anext_of(ThreadState& ts, Obj iterator);

// -- match (match.cpp) ------------------------------------------------------------------------

/// Values under `keys`, or None when one is absent.
ObjResult match_keys(ThreadState& ts, Obj subject, Borrowed<Tuple> keys);
/// Attributes of a class pattern, or None when it does not match.
ObjResult match_class(ThreadState& ts, Obj subject, Obj cls, std::uint32_t positional,
                      Borrowed<Tuple> keywords);

}  // namespace ouro
