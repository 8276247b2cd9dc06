// What the sources of module math share.
#pragma once

#include "objects/module.h"

namespace ouro {

Raised raise_math_domain(ThreadState& ts);
Raised raise_math_range(ThreadState& ts);

/// Functions on ints (math_integer.cpp), for the module's table.
ObjResult math_gcd(ThreadState& ts, Obj self, Args args);
ObjResult math_lcm(ThreadState& ts, Obj self, Args args);
ObjResult math_isqrt(ThreadState& ts, Obj self, Args args);
ObjResult math_factorial(ThreadState& ts, Obj self, Args args);
ObjResult math_comb(ThreadState& ts, Obj self, Args args);
ObjResult math_perm(ThreadState& ts, Obj self, Args args);

/// Functions of several values (math_sums.cpp).
ObjResult math_fsum(ThreadState& ts, Obj self, Args args);
ObjResult math_prod(ThreadState& ts, Obj self, Args args);
ObjResult math_hypot(ThreadState& ts, Obj self, Args args);
ObjResult math_dist(ThreadState& ts, Obj self, Args args);

/// The gamma function and the logarithm of its absolute value (math_gamma.cpp).
ObjResult math_gamma(ThreadState& ts, Obj self, Args args);
ObjResult math_lgamma(ThreadState& ts, Obj self, Args args);

}  // namespace ouro
