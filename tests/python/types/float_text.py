# Floats: shortest text, formats, parsing, special values, hex, methods.
values = [0.0, -0.0, 1.0, 0.1, 1 / 3, 1e15, 1e16, 1e17, 123456789.123, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 2.5, 1e22, 1e23,
          float("inf"), float("-inf"), float("nan"), 100.0, 12345678901234567.0, 0.30000000000000004, 9007199254740993.0]
for v in values:
    print(v, repr(-v), f"{v:.3f} {v:g} {v:e} {v:.0e} {v:#.3g} {v:+.1f} {v:10.2f}| {v:<8.1f}| {v:08.1f} {v:%} {v:n}")
for text in ("1", " 1.5 ", "-.5", "1e3", "1E-3", "1_0.0_1", "inf", "-Infinity", "nan", "+1.", "0x10", "", "1e", ".", "1__0", "abc",
             "1.5.2", "١٫٥", "1e400", "1e-400", "123456789012345678901234567890"):
    try:
        print(repr(text), float(text))
    except ValueError as error:
        print(error)
for v in (1.0, 0.1, -3.75, 1e300, 5e-324, 0.0):
    print(v.hex(), float.fromhex(v.hex()) == v, v.as_integer_ratio(), v.is_integer(), hash(v), int(v) % 1000)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.5, -2), round(0.5), round(1e22, 2), round(5.015, 2))
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 2.0 ** 0.5, (-8) ** (1 / 3), 2.0 ** -1074, 0.0 ** 0)
for bad in ("1.0 / 0", "1.0 // 0", "1.0 % 0", "0.0 ** -1", "1e300 ** 2", "float([])", "int(float('inf'))", "round(float('nan'))",
            "float('nan').as_integer_ratio()", "float('inf').as_integer_ratio()", "float.fromhex('zz')", "1.5 & 1", "1.0 << 1",
            "f'{1.5:x}'", "float(1, 2)", "math"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
nan, inf = float("nan"), float("inf")
print(nan == nan, nan != nan, nan < 1, inf > 10**400, inf == inf, inf - inf, inf * 0, -inf < inf, [nan] == [nan], nan in [nan])
print(0.0 == -0.0, str(-0.0), 0.0 is -0.0, max(0.0, -0.0), min(nan, 1.0), max(1.0, nan), sum([0.1] * 10), abs(-0.0))
print((3.7).__trunc__(), (3.7).__floor__(), (3.2).__ceil__(), (-3.7).__int__(), (2.0).real, (2.0).imag, (2.5).conjugate())
print(3.0 == 3, 3.0 in [3], {3.0: "a"}[3], hash(3.0) == hash(3), hash(0.5), hash(inf), hash(-inf), hash(2.0 ** 70) == hash(2 ** 70))
print("%f %.2f %e %g %G %.3g %5.1f|%-8.2f|%+.1f" % (1.5, 2.345, 12345.678, 1e-10, 1e-10, 1234.5, 2.25, 3.14159, 2.0))
x = 0.0
for i in range(1000):
    x += 0.1 * (i % 7) - 0.3
print(x, sum(i / 7 for i in range(100)), 1e16 + 1.0, 1e16 + 2.0, 4.35 * 100, 1.1 + 2.2)


class MyFloat(float):
    def __repr__(self): return "mine"


print(MyFloat(1.5), MyFloat("2") + 1, float(MyFloat(3)), type(MyFloat(1) * 2).__name__, f"{MyFloat(2.5):.2f}")
print(float.__getformat__("double"), 1e5 .is_integer(), float().hex(), float(True), float("1" + "0" * 308))
