// Cell: a variable shared by a function and those nested in it.

#include <cstdio>

#include "objects/errors.h"
#include "objects/function.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

Result<Ref<Cell>> Cell::create(ThreadState& ts, Obj content) {
  ObjRef object = OURO_TRY(allocate_object(ts, ts.core.types.cell, sizeof(Cell)));
  auto self = Ref<Cell>::steal(as<Cell>(object.release()));
  self->content = content.new_ref().release();
  OURO_TRY(track(ts, Obj(self)));
  return self;
}

namespace {

void cell_clear(gc::Header* header) {
  xdecref(std::exchange(static_cast<Cell*>(header)->content, nullptr));
}

void cell_dealloc(gc::Header* header) {
  auto* self = static_cast<Cell*>(header);
  untrack(self);
  cell_clear(self);
  free_object(self);
}

ObjResult cell_make(ThreadState& ts, Borrowed<Type>, Args args) {
  OURO_TRY(check_args(ts, args, "cell", 0, 1));
  return Cell::create(ts, args.count == 1 ? args[0] : Obj());
}

ObjResult cell_repr(ThreadState& ts, Obj self) {
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  ObjRef content = ObjRef::share(as<Cell>(self)->content);
  if (!content) {
    const FormatArg shown[] = {FormatArg(address)};
    return format_message(ts, "<cell at {}: empty>", shown);
  }
  char content_address[24];
  std::snprintf(content_address, sizeof content_address, "%p", static_cast<void*>(content.get()));
  const FormatArg shown[] = {FormatArg(address), FormatArg(type_name(content)),
                             FormatArg(content_address)};
  return format_message(ts, "<cell at {}: {} object at {}>", shown);
}

/// Cells compare by content; an empty one is less than any other.
ObjResult cell_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_kind(left, TypeKind::Cell) || !is_kind(right, TypeKind::Cell))
    return ts.core.not_implemented_ref();
  ObjRef a = ObjRef::share(as<Cell>(left)->content);
  ObjRef b = ObjRef::share(as<Cell>(right)->content);
  if (a && b) return compare(ts, a, b, op);
  const int order = static_cast<int>(!b) - static_cast<int>(!a);
  switch (op) {
    case CompareOp::Less:
      return ts.core.bool_ref(order < 0);
    case CompareOp::LessEqual:
      return ts.core.bool_ref(order <= 0);
    case CompareOp::Equal:
      return ts.core.bool_ref(order == 0);
    case CompareOp::NotEqual:
      return ts.core.bool_ref(order != 0);
    case CompareOp::Greater:
      return ts.core.bool_ref(order > 0);
    case CompareOp::GreaterEqual:
      return ts.core.bool_ref(order >= 0);
  }
  return ts.core.not_implemented_ref();
}

ObjResult get_contents(ThreadState& ts, Obj self) {
  Object* content = as<Cell>(self)->content;
  if (content == nullptr) return raise_value_error(ts, "Cell is empty");
  return ObjRef::share(content);
}
Status set_contents(ThreadState&, Obj self, Obj value) {
  xincref(value.get());
  xdecref(std::exchange(as<Cell>(self)->content, value.get()));
  return kDone;
}

const GetSetDef kGetSets[] = {{"cell_contents", get_contents, set_contents, nullptr}, {}};

}  // namespace

void init_cell_type(ThreadState&, Type& type) {
  gc::EdgeFunctions<Cell>::install(type.info);
  type.info.basic_bytes = sizeof(Cell);
  type.info.flags |= gc::kCollected;
  type.info.clear = cell_clear;
  type.info.dealloc = cell_dealloc;
  type.make = cell_make;
  type.repr = cell_repr;
  type.compare = cell_compare;
  type.get_attribute = generic_get_attribute;
  type.getsets = kGetSets;
  type.doc =
      "cell([contents])\n--\n\nCreate a new cell object.\n\n  contents\n    the contents of the "
      "cell. If not specified, the "
      "cell will be empty,\n    and \n further attempts to access its cell_contents attribute "
      "will\n    raise a "
      "ValueError.";
}

}  // namespace ouro
