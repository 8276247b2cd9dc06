// The evaluator's face to the layers above: running code objects, class bodies, super()'s look at
// the frame.
#include "vm/vm.h"

#include <algorithm>

#include "objects/container_support.h"
#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/super.h"
#include "objects/tuple.h"
#include "vm/eval.h"

namespace ouro {

void install_vm(ThreadState& ts) { ts.core.types.function->call = call_function; }

namespace {

// A frame for a function called without arguments whose names live in `locals`.
ObjResult run_in(ThreadState& ts, Ref<Function> function, Obj locals) {
  Frame* frame = make_call_frame(ts, function.release(), ts.frame_stack_base, 0, nullptr);
  if (frame == nullptr) return Raised{};
  frame->locals = locals.new_ref().release();
  return evaluate(ts, frame);
}

}  // namespace

ObjResult run_code(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals, Obj locals) {
  return run_code_with_closure(ts, code, globals, locals, nullptr);
}

ObjResult run_code_with_closure(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals,
                                Obj locals, Borrowed<Tuple> closure) {
  if (!dict_get_str(globals, ts.core.names.dunder_builtins)) {
    Object* builtins =
        ts.frame != nullptr ? ts.frame->builtins : static_cast<Object*>(ts.core.builtins);
    OURO_TRY(dict_set(ts, globals, Obj(ts.core.names.dunder_builtins), builtins));
  }
  Ref<Function> function = OURO_TRY(Function::create(ts, code, globals, Obj(code->qualname)));
  if (closure) function->closure = closure.new_ref().release();
  return run_in(ts, std::move(function), locals);
}

namespace {

// Constants that the syntax tree holds: those of the code, of tuples and of code inside.
Status collect_constants(Obj holder, ItemBuffer& constants) {
  const Tuple* row = is_kind(holder, TypeKind::Code) ? as<Code>(holder)->consts : as<Tuple>(holder);
  for (std::int64_t i = 0; i < row->size; ++i) {
    const Obj item = row->at(i);
    if (!is_kind(item, TypeKind::Code)) OURO_TRY(constants.append(item.new_ref()));
    if (is_kind(item, TypeKind::Code) || is_exact_tuple(item)) {
      OURO_TRY(collect_constants(item, constants));
    }
  }
  return kDone;
}

// One reference to each: code objects share constants that are written more than once.
void keep_each_once(ThreadState& ts, ItemBuffer& constants) {
  Object** const items = constants.data();
  std::sort(items, items + constants.size());
  for (std::int64_t i = constants.size() - 1; i > 0; --i) {
    if (items[i] == items[i - 1]) decref(std::exchange(items[i], ts.core.none_ref().release()));
  }
}

}  // namespace

ObjResult run_source_code(ThreadState& ts, Borrowed<Code> code, Borrowed<Dict> globals,
                          Obj locals) {
  ItemBuffer constants(ts);
  OURO_TRY(collect_constants(code, constants));
  keep_each_once(ts, constants);
  return run_code(ts, code, globals, locals);
}

ObjResult run_class_body(ThreadState& ts, Obj function, Obj locals) {
  return run_in(ts, Ref<Function>::share(as<Function>(function)), locals);
}

Status super_frame(ThreadState& ts, SuperFrame& out) {
  Borrowed<Type> error = ts.core.exceptions.RuntimeError;
  const Frame* frame = ts.frame;
  if (frame == nullptr) return raise(ts, error, "super(): no current frame");
  const Code* code = frame->code;
  if (code->arg_count == 0) return raise(ts, error, "super(): no arguments");
  Object* first = frame->slots[0];
  if (first != nullptr &&
      (code->local_kinds[0] & static_cast<std::uint8_t>(LocalKind::Cell)) != 0 &&
      is_kind(first, TypeKind::Cell)) {
    first = static_cast<Cell*>(first)->content;
  }
  if (first == nullptr) return raise(ts, error, "super(): arg[0] deleted");
  for (std::int32_t i = code->local_count - code->free_count; i < code->local_count; ++i) {
    if (code->local_names->items[i] != ts.core.names.dunder_class) continue;
    Object* cell = frame->slots[i];
    if (cell == nullptr || !is_kind(cell, TypeKind::Cell))
      return raise(ts, error, "super(): bad __class__ cell");
    Object* start = static_cast<Cell*>(cell)->content;
    if (start == nullptr) return raise(ts, error, "super(): empty __class__ cell");
    if (!is_type(start)) return raise(ts, error, "super(): __class__ is not a type ({t})", start);
    out.start = ObjRef::share(start);
    out.self = ObjRef::share(first);
    return kDone;
  }
  return raise(ts, error, "super(): __class__ cell not found");
}

}  // namespace ouro
