// Exception objects and tracebacks.
#pragma once

#include "gc/visitor.h"
#include "objects/core.h"
#include "objects/dict.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace ouro {

/// The part common to all exceptions. Notes are the attribute `__notes__` in the dict, as in CPython. Subtypes with more fields (OSError, SyntaxError, …) extend it: see exception_types.h.
struct BaseException : Object {
  Dict* dict;         // ?
  Tuple* args;
  Object* traceback;  // ? Traceback
  Object* context;    // ? BaseException
  Object* cause;      // ? BaseException
  bool suppress_context;
  template <class V>
  void edges(V& v) const {
    v.edge(dict, gc::slot_label("__dict__"));
    v.edge(args, gc::slot_label("args"));
    v.edge(traceback, gc::slot_label("__traceback__"));
    v.edge(cause, gc::slot_label("__cause__"));
    v.edge(context, gc::slot_label("__context__"));
  }
};
inline BaseException* as_exception(Obj object) { return as<BaseException>(object); }

struct ExtraField;
/// Exceptions with named fields beside args: StopIteration.value, SystemExit.code, NameError.name, AttributeError.name/obj,
/// ImportError.msg/name/path, OSError.errno/strerror/filename/filename2, SyntaxError.msg/filename/lineno/offset/text/
/// end_lineno/end_offset/print_file_and_line, UnicodeError.encoding/object/start/end/reason, ExceptionGroup.message/exceptions.
/// Fields are references (null = None), in that order.
struct FieldException : BaseException {
  std::uint32_t field_count;
  Object* fields[8];
  template <class V>
  void edges(V& v) const {
    v.edge_range(fields, field_count, [](std::size_t i) { return gc::index_label(i); });
    BaseException::edges(v);
  }
};

struct Traceback : Object {
  Traceback* next;   // ? owned: towards where the exception was raised
  Object* frame;     // owned frame object
  std::int32_t instruction;  // index of the instruction in the code
  std::int32_t line;
  static Result<Ref<Traceback>> create(ThreadState& ts, Borrowed<Traceback> next, Obj frame, int instruction, int line);
  template <class V>
  void edges(V& v) const {
    v.edge(next, gc::slot_label("tb_next"));
    v.edge(frame, gc::slot_label("tb_frame"));
  }
};

/// Normalises what `raise X` names: a class is called, an instance is kept. TypeError "exceptions must derive from BaseException".
ObjResult make_exception(ThreadState& ts, Obj class_or_instance);
/// exception matches class or tuple of classes (except clause); checks them: TypeError "catching classes that do not inherit from BaseException is not allowed".
Result<bool> exception_matches(ThreadState& ts, Obj exception, Obj class_or_tuple);
/// The message as printed at the end of a traceback: "ValueError: text" / "KeyError: 'x'" / "mod.Err".
Result<Ref<Str>> exception_summary(ThreadState& ts, Obj exception);
/// StopIteration's value (None when absent), new reference.
ObjRef stop_iteration_value(ThreadState& ts, Obj exception);

}  // namespace ouro
