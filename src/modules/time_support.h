// What the two sources of module time share. The module's state is the type time.struct_time (owned).
#pragma once

#include <ctime>

#include "objects/module.h"

namespace ouro {

Result<Ref<Type>> make_struct_time_type(ThreadState& ts);
/// A struct_time; `module` is the module object.
ObjResult struct_time_from(ThreadState& ts, Obj module, const std::tm& parts, const char* zone, long offset);
/// Broken-down time from a tuple of nine numbers or more; TypeError naming `function`.
Result<std::tm> time_parts(ThreadState& ts, Obj module, Obj tuple, const char* function);
/// A number of seconds rounded down to whole ones; OverflowError outside time_t, ValueError for NaN.
Result<std::time_t> seconds_argument(ThreadState& ts, Obj value);
/// A number of seconds as nanoseconds, rounded up.
Result<std::int64_t> duration_argument(ThreadState& ts, Obj value);

ObjResult asctime_function(ThreadState& ts, Obj self, Args args);
ObjResult ctime_function(ThreadState& ts, Obj self, Args args);
ObjResult strftime_function(ThreadState& ts, Obj self, Args args);
ObjResult strptime_function(ThreadState& ts, Obj self, Args args);

}  // namespace ouro
