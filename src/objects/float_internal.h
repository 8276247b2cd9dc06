// What the sources of float and complex share.
#pragma once

#include "objects/errors.h"
#include "objects/float.h"
#include "objects/int.h"

namespace ouro {

/// Raises OverflowError(34, "Numerical result out of range"), as the C library words ERANGE.
Raised raise_out_of_range(ThreadState& ts);
/// The value of a float, or of an int turned into one. False with nothing raised when `object` is neither.
struct MaybeDouble {
  double value;
  bool is_number, failed;
};
MaybeDouble number_as_double(ThreadState& ts, Obj object);
/// left ** right as float.__pow__ gives it: ZeroDivisionError, OverflowError, or a complex value for negative bases.
ObjResult double_power(ThreadState& ts, double base, double exponent);
/// Quotient rounded down and remainder with the divisor's sign; the divisor is not zero.
void double_divmod(double left, double right, double* quotient, double* remainder);

ObjResult float_make(ThreadState& ts, Borrowed<Type> type, Args args);
void set_float_methods(Type& type);

/// Reads the longest number at the start of `text` by Python's grammar for floats without underscores ("1.5e3", "inf",
/// "nan"); returns how many characters it took, 0 when there is none.
std::size_t read_double(std::string_view text, double* value);
/// Takes the underscores out of a text in which each stands between digits. False when one does not. `out` has room for all.
bool strip_underscores(std::string_view text, char* out, std::size_t* length);
/// The decimal text of a str with spaces and digits of all scripts turned into ASCII ('?' for what cannot be); written into
/// memory from allocate_raw that the caller frees. Null on failure (nothing raised).
char* ascii_number_text(const Str* text, std::size_t* length);
/// Up to 200 characters of repr(object), for messages.
Result<Ref<Str>> short_repr(ThreadState& ts, Obj object);

/// float.hex() and float.fromhex().
Result<Ref<Str>> double_to_hex(ThreadState& ts, double value);
Result<double> double_from_hex(ThreadState& ts, std::string_view text);

ObjResult complex_make(ThreadState& ts, Borrowed<Type> type, Args args);
/// a ** b; ZeroDivisionError, OverflowError.
ObjResult complex_power(ThreadState& ts, double a_real, double a_imaginary, double b_real,
                        double b_imaginary);

}  // namespace ouro
