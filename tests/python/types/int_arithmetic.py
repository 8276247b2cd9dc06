# Ints of all sizes: arithmetic, shifts, bits, powers, conversions.
small = [0, 1, -1, 2, 7, -7, 255, -256, 2**30 - 1, 2**30, -2**31, 2**62, 2**63 - 1, -2**63, 2**64, 10**20, -10**40, 3**100]
total = 0
for a in small:
    for b in small:
        total = (total * 31 + a + b) ^ (a * b) ^ (a - b)
        total += (a & b) + (a | b) + (a ^ b) + (a < b) + (a == b)
        if b:
            q, r = divmod(a, b)
            assert q * b + r == a and (0 <= r < b or b < r <= 0), (a, b)
            total ^= q * 3 + r
        total %= 2**521 - 1
print(total)
for a in (0, 1, -1, 5, -5, 2**64 + 1, -2**100):
    print(a << 3, a >> 2, a << 70, a >> 70, ~a, a.bit_length(), a.bit_count(), abs(a), -a)
print(2**200, (-3)**33, 7**0, 0**0, 2**-2, (-2)**-3, pow(3, 200, 1000007), pow(3, -1, 7), pow(-5, 3, -7))
print(10**50 // 3**20, -10**50 // 3**20, 10**50 % 3**20, 10**50 % -3**20, 7 / 2, 10**400 / 10**399, 1 / 3)
for bad in ("1 // 0", "1 % 0", "1 / 0", "divmod(1, 0)", "0 ** -1", "1 << -1", "1 >> -1", "pow(2, -1, 4)", "pow(2, 2, 0)",
            "10**400 / 1", "float(10**400)", "int('12a')", "int('')", "int(None)", "int('1', 1)", "int('9', 8)", "int(1.5, 2)",
            "int(float('nan'))", "int(float('inf'))", "int('1_')", "int([])", "int.from_bytes([300], 'big')", "(300).to_bytes(1, 'big')",
            "(-1).to_bytes(1, 'big')", "int(b'x1')", "1 << 10**30", "chr(-1)", "int('1', base=10, x=1)", "(1).__round__('a')"):
    try:
        print(bad, "=", eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
print(int("  -12\n"), int("0x1F", 16), int("0b11", 0), int("z", 36), int("1_000"), int(b"42"), int(3.99), int(-3.99), int("٣"), int(True))
print(hex(-255), oct(8), bin(-5), str(10**60), repr(-10**19), f"{2**70:,} {2**70:_x} {-5:b}")
print(round(12345, -2), round(15, -1), round(25, -1), round(-15, -1), round(7), (5).__round__(-1), round(10**30 + 5, -1))
print((1024).to_bytes(4, "big"), (-2).to_bytes(3, "little", signed=True), int.from_bytes(b"\xff\x00", "little"),
      int.from_bytes(b"\xff\xfe", "big", signed=True), (5).to_bytes())
print(hash(2**61 - 1), hash(2**61), hash(-1), hash(-2), hash(10**30), hash(-10**30), hash(True), hash(2**61 - 2))
print((5).real, (5).imag, (5).numerator, (5).denominator, (5).conjugate(), (5).as_integer_ratio(), (5).__index__())
print(1 == 1.0, 2**53 == 2.0**53, 2**53 + 1 == 2.0**53, 10**30 < 1e31, 10**400 > 1e308, -10**400 < float("-inf"), 1 < float("nan"))
print(type(True + 1), True + True, True & False, True ^ True, ~True, True | 2, isinstance(True, int), bool("x"), bool(0.0))
factorial = 1
for n in range(1, 300):
    factorial *= n
digits = str(factorial)
print(len(digits), digits[:20], sum(map(int, digits)), int(digits) == factorial)
fib = [0, 1]
while len(fib) < 500:
    fib.append(fib[-1] + fib[-2])
print(fib[-1], fib[499] % fib[250], fib[499] // fib[250])
n = 3**2000 + 1
root = 1 << (n.bit_length() + 1) // 2
while root * root > n:
    root = (root + n // root) // 2
print(root == 3**1000, root % 10**20)


class MyInt(int):
    def __add__(self, other): return MyInt(int(self) + other)


print(type(MyInt(3) + 4).__name__, type(MyInt(3) * 4).__name__, MyInt("12"), [1, 2, 3][MyInt(1)], MyInt(5) == 5)
try:
    int("1" * 5000)
except ValueError as error:
    print(error)
