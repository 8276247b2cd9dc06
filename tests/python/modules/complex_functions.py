# Module cmath: every function at ordinary numbers, zeros, limits, infinities and NaN, to the last bit.
import cmath
import itertools
import math

PLACES = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 1e-320, 1e308, -1e308, 710.5, -745.0, 1e-10, math.inf, -math.inf, math.nan]


def show(function, *args):
    try:
        return repr(function(*args))
    except (ValueError, OverflowError, TypeError, ZeroDivisionError) as error:
        return f"{type(error).__name__} {error}"


for name in "acos acosh asin asinh atan atanh cos cosh exp sin sinh sqrt tan tanh log log10 polar phase isnan isinf isfinite".split():
    function = getattr(cmath, name)
    print(name, [show(function, complex(x, y)) for x, y in itertools.product(PLACES, PLACES)])
print([show(cmath.rect, r, phi) for r, phi in itertools.product(PLACES, PLACES + [math.pi, -2.0])])
print([show(cmath.log, z, base) for z in (0, 1, -1, 2j, 10) for base in (0, 1, 2, 10, 1j, math.inf)])


class Number:
    def __init__(self, value):
        self.value = value

    def __complex__(self):
        return self.value


class Index:
    def __index__(self):
        return 4


for value in (Number(1j), Number(1.5), Index(), "1", None, True, 10**400):
    print(show(cmath.sqrt, value))
print(cmath.isclose(1, 1 + 1e-10j), cmath.isclose(1, 1.1, rel_tol=0.2), cmath.isclose(cmath.inf, cmath.inf), cmath.isclose(0, 1e-9, abs_tol=1e-8))
print(show(cmath.isclose, 1), show(cmath.sqrt), show(cmath.rect, 1), show(cmath.log, 1, 2, 3))
try:
    cmath.isclose(1, 2, rel_tol=-1)
except ValueError as error:
    print(error)
print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.nan, cmath.infj, cmath.nanj)
