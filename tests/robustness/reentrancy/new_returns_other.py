class A:
    def __new__(cls, *args): return 5
    def __init__(self, *args): print("never")
print(A(1))
class E(Exception):
    def __new__(cls, *args): return "not an exception"
try:
    raise E
except TypeError as error:
    print(error)
class F(Exception):
    def __init__(self): raise KeyError("inside")
try:
    raise F
except KeyError as error:
    print(error)
class M(type):
    def __new__(mcs, *args): return None
class X(metaclass=M): pass
print(X)
class I(int):
    def __new__(cls, value): return super().__new__(cls, value + 1)
    def __init__(self, value): self.extra = value
print(I(4), I(4).extra, I(4) + 1)
class Int:
    def __int__(self): return "x"
    def __index__(self): return "y"
    def __float__(self): return 1
    def __bool__(self): return 2
    def __len__(self): return -1
    def __hash__(self): return "z"
    def __str__(self): return 5
    def __repr__(self): return 6
    def __iter__(self): return 7
    def __bytes__(self): return 8
    def __format__(self, spec): return 9
for action in (int, float, bool, len, hash, str, repr, iter, bytes, format, lambda v: [1][v], lambda v: range(v), dict, set):
    try:
        print(action(Int()))
    except Exception as error:
        print(type(error).__name__, error)
