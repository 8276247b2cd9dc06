class N:
    def __add__(self, other):
        del N.__add__
        return "add"
    def __radd__(self, other): return "radd"
    def __iadd__(self, other):
        del N.__iadd__
        return self
    def __pow__(self, other, mod=None): return mod
    def __index__(self):
        raise OverflowError("index")
n = N()
n += 1
print(n is not None, n + 1, 1 + n)
try:
    n + 1
except TypeError as error:
    print(error)
print(pow(n, 1, 5))
for action in (lambda: range(n), lambda: [0] * n, lambda: "x".center(n), lambda: hex(n), lambda: bytes(n), lambda: (1 << n), lambda: round(1.5, n)):
    try:
        print(action())
    except (OverflowError, TypeError) as error:
        print(type(error).__name__)
class F(float):
    def __float__(self): return 1
class I(int):
    def __eq__(self, other): return True
    def __hash__(self): raise ValueError
try:
    float(F(2.5))
except TypeError as error:
    print(error)
print(I(3) in [4])
try:
    {I(1)}
except ValueError:
    print("hash")
