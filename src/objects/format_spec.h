// The format mini-language: "[[fill]align][sign][z][#][0][width][grouping][.precision][type]".
//
// What a type's __format__ needs beyond its own text is here; ValueErrors are worded as CPython's.
#pragma once

#include "objects/str.h"

namespace ouro {

ObjResult format_str_with_spec(ThreadState& ts, Borrowed<Str> value, Borrowed<Str> spec);
/// For int and its subclasses; float codes convert (OverflowError when too large).
ObjResult format_int_with_spec(ThreadState& ts, Obj value, Borrowed<Str> spec);
/// For float and its subclasses.
ObjResult format_float_with_spec(ThreadState& ts, Obj value, Borrowed<Str> spec);
/// For complex and its subclasses.
ObjResult format_complex_with_spec(ThreadState& ts, Obj value, Borrowed<Str> spec);

}  // namespace ouro
