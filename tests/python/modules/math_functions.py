# The math module.
import math

print(math.pi, math.e, math.tau, math.inf, math.nan)
for name in ("sqrt", "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "atanh", "ceil", "floor", "trunc", "fabs", "degrees", "radians", "gamma", "lgamma", "erf", "erfc", "cbrt", "exp2", "isfinite", "isinf", "isnan", "frexp", "modf", "ulp", "isqrt", "factorial"):
    f = getattr(math, name)
    results = []
    for x in (0.5, 2, 0, -1.5, float("inf"), float("nan"), 10**400, "a"):
        try:
            r = f(x)
            results.append(f"{r:.12g}" if isinstance(r, float) else repr(r))
        except Exception as error:
            results.append(f"{type(error).__name__}: {error}")
    print(name, results)
print(math.gcd(12, 18, 27), math.gcd(), math.lcm(4, 6), math.comb(10, 3), math.perm(5, 2), math.perm(4), math.prod([1, 2, 3.5]), math.prod([], start=5), math.fsum([0.1] * 10), math.hypot(3, 4, 12), math.dist((0, 0), (3, 4)), math.isclose(1, 1 + 1e-10), math.isclose(1, 1.1, rel_tol=0.2), math.copysign(3, -0.0), math.fmod(-7, 3), math.remainder(7, 4), math.ldexp(0.5, 3), math.pow(2, 0.5), math.atan2(-1, -1), math.log(8, 2), math.nextafter(1, 2), math.isqrt(10**40), math.factorial(25), math.floor(2.5e20), math.ceil(-0.5), math.trunc(-2.7), math.log(10**400), math.log2(2**1000))
for bad in ("math.sqrt()", "math.sqrt(1, 2)", "math.gcd(1.5)", "math.comb(-1, 2)", "math.factorial(2.5)", "math.log(0)", "math.log(1, 1)", "math.pow(0, -1)", "math.fmod(1, 0)", "math.fsum(['a'])", "math.isqrt(-1)", "math.ldexp(1, 5000)", "math.exp(1000)", "math.hypot('a')", "math.dist((1,), (1, 2))", "math.perm(2, -1)", "math.prod(5)", "math.isclose(1, 2, rel_tol=-1)", "math.floor([])", "math.nope"):
    try:
        print(bad, eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Whole:
    def __floor__(self): return "floor"
    def __ceil__(self): return "ceil"
    def __trunc__(self): return "trunc"
    def __float__(self): return 2.25
    def __index__(self): return 6


w = Whole()
print(math.floor(w), math.ceil(w), math.trunc(w), math.sqrt(w), math.gcd(w, 4), math.factorial(w))
