// Names of the objects layer.
#pragma once

#include "gc/ref.h"

namespace ouro {

struct Object;
struct Type;
struct ThreadState;
struct CoreObjects;
struct Int;
struct Float;
struct Complex;
struct Str;
struct Bytes;
struct ByteArray;
struct Tuple;
struct List;
struct Dict;
struct Set;
struct Slice;
struct Range;
struct Code;
struct Cell;
struct Function;
struct Module;
struct BaseException;
struct Frame;
struct Shape;
struct MethodDef;
struct GetSetDef;

using Obj = Borrowed<Object>;
using ObjRef = Ref<Object>;
using ObjResult = Result<Ref<Object>>;

}  // namespace ouro
