class A:
    @property
    def __class__(self): raise ValueError("class")
try:
    print(isinstance(A(), int))
except ValueError as error:
    print(error)
class B:
    __class__ = int
print(isinstance(B(), int), type(B()).__name__)
class C:
    __bases__ = ()
class D:
    @property
    def __bases__(self): return (D(),) if depth.pop() else ()
depth = [0] + [1] * 50
print(issubclass(D(), C()))
class M(type):
    def __instancecheck__(cls, value): return [1]
class X(metaclass=M): pass
print(isinstance(1, X), isinstance(1, (str, (X,))))
nest = int
for _ in range(50): nest = (str, nest)
print(isinstance(1, nest))
try:
    isinstance(1, 5)
except TypeError as error:
    print(error)
