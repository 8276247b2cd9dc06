// Float and Complex: IEEE doubles.
#pragma once

#include "objects/core.h"

namespace ouro {

struct Float : Object {
  double value;
  static Result<Ref<Float>> from(ThreadState& ts, double value);
};

struct Complex : Object {
  double real, imaginary;
  static Result<Ref<Complex>> from(ThreadState& ts, double real, double imaginary);
};

/// A number as double: float, int, or an object with __float__ or __index__. TypeError "must be real number, not X".
Result<double> as_double(ThreadState& ts, Obj object);
/// repr(float): the shortest text that reads back the same ("1.0", "1e+16", "inf", "nan").
Result<Ref<Str>> float_to_text(ThreadState& ts, double value);
/// float(text): accepts what Python accepts (spaces, underscores, inf, nan); ValueError "could not convert string to float: …".
ObjResult float_parse(ThreadState& ts, std::string_view text, Obj shown);
std::int64_t double_hash(double value);
/// float.__format__ / complex / int with a float code; also used by % formatting. `code` is one of eEfFgGn%r.
/// precision -1 = default. Flags: alternate ('#'), always a sign. Writes ASCII.
Result<Ref<Str>> format_double(ThreadState& ts, double value, char code, int precision, bool alternate, bool add_dot_zero);

}  // namespace ouro
