// Slice objects, and how they resolve against a length.
#include <algorithm>

#include "objects/container_support.h"
#include "objects/range.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

// CPython keeps one dead slice for the next: that one comes and goes without counting.
void slice_dealloc(gc::Header* header) {
  auto* self = static_cast<Slice*>(header);
  untrack(self);
  drop(self->step);
  drop(self->start);
  drop(self->stop);
  CoreObjects& core = current_thread_state()->core;
  free_object(self, /*counted=*/std::exchange(core.free_slice, true));
}

ObjResult slice_make(ThreadState& ts, Borrowed<Type>, Args args) {
  OURO_TRY(check_args(ts, args, "slice", 1, 3));
  Obj none = ts.core.none;
  if (args.count == 1) return Slice::create(ts, none, args[0], none);
  return Slice::create(ts, args[0], args[1], args.count > 2 ? args[2] : none);
}

ObjResult slice_repr(ThreadState& ts, Obj self) {
  const Slice* slice = as<Slice>(self);
  const FormatArg parts[] = {FormatArg(slice->start), FormatArg(slice->stop),
                             FormatArg(slice->step)};
  return format_message(ts, "slice({r}, {r}, {r})", parts);
}

Result<Ref<Tuple>> slice_parts(ThreadState& ts, Obj self) {
  const Slice* slice = as<Slice>(self);
  return Tuple::of(ts, Obj(slice->start), Obj(slice->stop), Obj(slice->step));
}

ObjResult slice_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  if (!is_kind(left, TypeKind::Slice) || !is_kind(right, TypeKind::Slice))
    return ts.core.not_implemented_ref();
  if (left == right) {
    return ts.core.bool_ref(op == CompareOp::Equal || op == CompareOp::LessEqual ||
                            op == CompareOp::GreaterEqual);
  }
  Ref<Tuple> a = OURO_TRY(slice_parts(ts, left));
  Ref<Tuple> b = OURO_TRY(slice_parts(ts, right));
  return compare(ts, a, b, op);
}

ObjResult slice_index(ThreadState& ts, Obj value) {
  if (!has_index(value)) {
    return raise_type_error(ts,
                            "slice indices must be integers or None or have an __index__ method");
  }
  return to_index(ts, value);
}

// One end of the slice, any size, clipped to [lower, upper] of a sequence of `length`.
ObjResult clipped_end(ThreadState& ts, Obj value, Obj absent, Obj length, Obj lower, Obj upper) {
  if (is_none(value)) return absent.new_ref();
  ObjRef end = OURO_TRY(slice_index(ts, value));
  if (int_sign(end) < 0) end = OURO_TRY(int_add(ts, end, length));
  if (int_compare(end, lower) < 0) return lower.new_ref();
  if (int_compare(end, upper) > 0) return upper.new_ref();
  return end;
}

ObjResult slice_indices(ThreadState& ts, Obj self, Args args) {
  const Slice* slice = as<Slice>(self);
  ObjRef length = OURO_TRY(to_index(ts, args[0]));
  if (int_sign(length) < 0) return raise_value_error(ts, "length should not be negative");
  ObjRef one = OURO_TRY(int_result(ts, 1));
  ObjRef step = one.new_ref();
  if (!is_none(slice->step)) step = OURO_TRY(slice_index(ts, slice->step));
  if (int_sign(step) == 0) return raise_value_error(ts, "slice step cannot be zero");
  const bool backwards = int_sign(step) < 0;
  ObjRef lower = OURO_TRY(int_result(ts, backwards ? -1 : 0));
  ObjRef upper = length.new_ref();
  if (backwards) upper = OURO_TRY(int_subtract(ts, length, one));
  ObjRef start =
      OURO_TRY(clipped_end(ts, slice->start, backwards ? upper : lower, length, lower, upper));
  ObjRef stop =
      OURO_TRY(clipped_end(ts, slice->stop, backwards ? lower : upper, length, lower, upper));
  return Tuple::of(ts, start, stop, step);
}

ObjResult slice_reduce(ThreadState& ts, Obj self, Args) {
  Ref<Tuple> parts = OURO_TRY(slice_parts(ts, self));
  return Tuple::of(ts, Obj(self->type()), parts);
}

ObjResult get_start(ThreadState&, Obj self) { return ObjRef::share(as<Slice>(self)->start); }
ObjResult get_stop(ThreadState&, Obj self) { return ObjRef::share(as<Slice>(self)->stop); }
ObjResult get_step(ThreadState&, Obj self) { return ObjRef::share(as<Slice>(self)->step); }

constexpr MethodDef kSliceMethods[] = {
    {"indices", slice_indices, 1, 1, MethodDef::kNone,
     "indices($self, length, /)\n--\n\nReturn (start, stop, step) for a sequence of that length."},
    {"__reduce__", slice_reduce, 0, 0, MethodDef::kNone,
     "__reduce__($self, /)\n--\n\nWhat pickle needs."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};
constexpr GetSetDef kSliceGetsets[] = {
    {"start", get_start, refuse_member_set, nullptr, true},
    {"stop", get_stop, refuse_member_set, nullptr, true},
    {"step", get_step, refuse_member_set, nullptr, true},
    {nullptr, nullptr, nullptr, nullptr},
};

// A slice part as a clamped number.
Result<std::int64_t> clamped_part(ThreadState& ts, Obj value) {
  std::int64_t small;
  if (exact_small_int(value, small)) return small;
  if (!has_index(value)) {
    return raise_type_error(ts,
                            "slice indices must be integers or None or have an __index__ method");
  }
  return index_as_int64(ts, value, nullptr);
}

}  // namespace

Result<Ref<Slice>> Slice::create(ThreadState& ts, Obj start, Obj stop, Obj step) {
  const auto allocate = std::exchange(ts.core.free_slice, false) ? allocate_object_uncounted : allocate_object;
  ObjRef made = OURO_TRY(allocate(ts, ts.core.types.slice, sizeof(Slice)));
  Ref<Slice> slice = Ref<Slice>::steal(as<Slice>(made.release()));
  slice->start = start.new_ref().release();
  slice->stop = stop.new_ref().release();
  slice->step = step.new_ref().release();
  OURO_TRY(track(ts, slice));
  return slice;
}

Result<SliceIndices> slice_unpack(ThreadState& ts, Borrowed<Slice> slice) {
  SliceIndices raw{0, INT64_MAX, 1, 0};
  if (!is_none(slice->step)) {
    raw.step = OURO_TRY(clamped_part(ts, slice->step));
    if (raw.step == 0) return raise_value_error(ts, "slice step cannot be zero");
    raw.step = std::max(raw.step, -INT64_MAX);  // so that it can be negated
  }
  if (raw.step < 0) {
    raw.start = INT64_MAX;
    raw.stop = INT64_MIN;
  }
  if (!is_none(slice->start)) raw.start = OURO_TRY(clamped_part(ts, slice->start));
  if (!is_none(slice->stop)) raw.stop = OURO_TRY(clamped_part(ts, slice->stop));
  return raw;
}

void init_slice_type(ThreadState&, Type& type) {
  init_collected<Slice>(type);
  type.info.dealloc = slice_dealloc;
  type.make = slice_make;
  type.repr = slice_repr;
  type.compare = slice_compare;
  type.methods = kSliceMethods;
  type.getsets = kSliceGetsets;
  type.doc =
      "slice(stop)\nslice(start, stop[, step])\n\nWhat stands between the brackets of an extended "
      "subscript: a[0:10:2].";
}

}  // namespace ouro
