// Frame: one running call. Frames lie one after another on the thread's frame stack; a generator's
// frame lies in the generator.
//
// slots[0..local_count) are locals, cells and free variables (Code::local_names), then comes the
// value stack. All slots own their references. `stack_top` points one past the top and is exact
// whenever native code may look (collector, traceback, f_locals): the evaluator stores it before
// each call that can run Python code. Invariants: F1 function, code, globals, builtins are set
// while the frame is linked; F2 slots[local_count..stack_top) are valid (null where PushNull put
// one); F3 a frame object, when made, is the only owner of `frame_object->frame` after the call
// ended.
#pragma once

#include "objects/code.h"
#include "objects/dict.h"
#include "objects/function.h"

namespace ouro {

struct FrameObject;

enum class FrameOwner : std::uint8_t { Thread, Generator, FrameObject };

/// What the evaluator does with the value a frame returns.
enum class ReturnTo : std::uint8_t {
  Stack,      // pushes it
  Instance,   // `__init__` of the instance on top of the caller's stack: must be None; the instance
              // is the call's result
  Owner,      // a property's getter: it replaces the owner on top of the caller's stack
  Arguments,  // CallFunctionEx: it replaces callable and arguments on the caller's stack
};

struct Frame {
  Frame* previous;     // the caller
  Function* function;  // owned; module and class code run by native code have one of their own, too
  Code* code;          // owned
  Dict* globals;       // held by `function`
  Object* builtins;    // held by `function` (a dict nearly always)
  Object* locals;      // owned; null in functions until asked for
  FrameObject* frame_object;  // owned; null until asked for
  const Instr* ip;            // the instruction being executed (exact when native code looks)
  Object** stack_top;
  FrameOwner owner;
  bool is_entry;     // returning from it leaves the C++ evaluator function
  bool is_complete;  // the function's prologue is done (cells made)
  ReturnTo return_to;
  std::uint32_t held;  // further references in the words behind the frame's room: what CPython
                       // keeps in a tuple during the call
  Object* slots[1];

  [[nodiscard]] Object** stack_base() { return slots + code->local_count; }
  [[nodiscard]] std::uint32_t instruction_index() const {
    return static_cast<std::uint32_t>(ip - code->instructions);
  }
  [[nodiscard]] int line() const;
  /// All references but the one to the frame object.
  template <class V>
  void edges(V& v) const;
};

/// Words a frame of `code` takes.
inline std::size_t frame_words(const Code* code) {
  return offsetof(Frame, slots) / sizeof(Object*) + static_cast<std::size_t>(code->local_count) +
         static_cast<std::size_t>(code->stack_size) + 1;
}

/// Python's frame object. While the call runs it looks at the stack frame; when the call ends the
/// frame's content moves into it.
struct FrameObject : Object {
  Frame* frame;       // the running frame, or `own`
  FrameObject* back;  // owned, set when the call ends
  Object* trace;      // f_trace, owned, may be null
  std::int32_t line;  // f_lineno override, 0 none
  bool trace_lines, trace_opcodes;
  // room for an own copy of the frame follows, as large as the code needs
  [[nodiscard]] Frame* own() { return reinterpret_cast<Frame*>(this + 1); }
  template <class V>
  void edges(V& v) const {
    v.edge(back, gc::slot_label("f_back"));
    v.edge(trace, gc::slot_label("f_trace"));
    if (frame->owner == FrameOwner::FrameObject) frame->edges(v);
  }
};
static_assert(sizeof(FrameObject) % alignof(Frame) == 0);

template <class V>
void Frame::edges(V& v) const {
  v.edge(locals, gc::slot_label("f_locals"));
  v.edge(function, gc::slot_label("__function__"));
  v.edge(code, gc::slot_label("f_code"));
  const auto local_count = static_cast<std::size_t>(code->local_count);
  const auto count = static_cast<std::size_t>(stack_top - slots);
  for (std::size_t i = 0; i < count; ++i) {
    if (i < local_count) {
      v.edge(slots[i], gc::local_label(code->local_names->items[i]));
    } else {
      v.edge(slots[i], gc::stack_label(i - local_count));
    }
  }
}

// -- the frame stack (frame_stack.cpp) --------------------------------------------------------

/// Gives the topmost frame's room back.
inline void release_frame(ThreadState& ts, Frame* frame) {
  ts.frame_stack_top = reinterpret_cast<Object**>(frame);
}
/// RecursionError "maximum recursion depth exceeded".
Raised raise_recursion(ThreadState& ts);
/// Room for a frame of `code`, and `extra` words behind it, on the thread's frame stack; null with
/// RecursionError pending when the stack is used up.
[[gnu::always_inline]] inline Frame* reserve_frame(ThreadState& ts, const Code* code, std::size_t extra = 0) {
  const std::size_t words = frame_words(code) + extra;
  if (words > static_cast<std::size_t>(ts.frame_stack_limit - ts.frame_stack_top)) [[unlikely]] {
    raise_recursion(ts);
    return nullptr;
  }
  Frame* frame = reinterpret_cast<Frame*>(ts.frame_stack_top);
  ts.frame_stack_top += words;
  return frame;
}

// -- frames (frame.cpp) -----------------------------------------------------------------------

/// Sets all fields of a fresh frame; takes over `function`, counts its code. Slots from
/// `first_empty` on to the end of the locals are emptied; the ones before are the caller's to fill
/// at once.
[[gnu::always_inline]] inline void init_frame(Frame* frame, Function* function,
                                              std::int32_t first_empty) {
  Code* code = function->code;
  incref(code);
  frame->function = function;
  frame->code = code;
  frame->globals = function->globals;
  frame->builtins = function->builtins;
  frame->locals = nullptr;
  frame->frame_object = nullptr;
  frame->ip = code->instructions;
  frame->owner = FrameOwner::Thread;
  frame->is_entry = false;
  frame->is_complete = false;
  frame->return_to = ReturnTo::Stack;
  frame->held = 0;
  const std::int32_t local_count = code->local_count;
  for (std::int32_t i = first_empty; i < local_count; ++i) frame->slots[i] = nullptr;
  frame->stack_top = frame->slots + local_count;
}

/// Ends a frame that is no longer linked: a frame object that others hold takes the content over;
/// else locals die in slot order, then the value stack, f_locals, function and code. May run Python
/// code.
void end_frame(ThreadState& ts, Frame* frame);
/// The words behind a frame's room.
inline Object** held_references(Frame* frame) {
  return reinterpret_cast<Object**>(frame) + frame_words(frame->code);
}
/// The frame's object, made when absent. Borrowed from the frame. Null with an exception pending
/// when memory is short.
FrameObject* frame_object_of(ThreadState& ts, Frame* frame);
/// f_locals: the dict of the frame, brought up to date.
ObjResult frame_fast_to_locals(ThreadState& ts, Frame* frame);
/// The nearest frame, `frame` included, whose prologue is done; null when there is none.
inline Frame* complete_frame(Frame* frame) {
  while (frame != nullptr && !frame->is_complete) frame = frame->previous;
  return frame;
}

}  // namespace ouro
