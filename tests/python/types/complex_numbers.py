# Complex numbers.
a, b = 3 + 4j, complex("1-2j")
print(a + b, a - b, a * b, a / b, a ** 2, -a, +a, a.conjugate(), abs(a), a.real, a.imag, a == 3 + 4j, a != b, bool(0j))
print(complex(), complex(1), complex(1, 2), complex("1"), complex("-2j"), complex(" 1+2j "), complex("j"), complex(1j, 2j), complex("nan+infj"))
print(repr(0j), repr(-0j), 1j * 1j, -1j, complex(-0.0, -0.0), complex(0.0, -1.5), 1e20 + 1e-5j, str(2j), (1 + 2j) * 2)
print(2 + 0j == 2, hash(2 + 0j) == hash(2), {1: "x"}[1 + 0j], hash(1 + 2j) == hash(complex(1, 2)), 1 + 2j in [1 + 2j])
print(f"{a:.2f} {a} {a!r} {a:>15} {a:e}", pow(a, 2), pow(1j, 3), 2 ** 1j == 2 ** 1j, (1 + 1j) ** -1, 0j ** 0)
for bad in ("complex('x')", "complex('1 + 2j')", "a < b", "a // b", "a % b", "a / 0", "int(a)", "float(a)", "complex('1', 2)",
            "complex(1, '2')", "0j ** -1", "round(a)", "complex([])", "divmod(a, b)", "pow(a, 2, 3)", "a & 1"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class C:
    def __complex__(self): return 5j


print(complex(C()), a.__getnewargs__(), a.__bool__(), type(a * 1.5), sum([1j, 2]), 1j.imag, 3 .imag)
