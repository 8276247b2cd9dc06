class A:
    x = "A"
class B:
    x = "B"
class C(A): pass
c = C()
print(c.x)
C.__bases__ = (B,)
print(c.x, C.__mro__[1].__name__)
for bases in ((), (C,), (int,), (5,), (B, B), (object,)):
    try:
        C.__bases__ = bases
        print("ok", [k.__name__ for k in C.__mro__])
    except TypeError as error:
        print(type(error).__name__)
class M(type):
    def mro(cls):
        return [cls, A, object]
class X(B, metaclass=M): pass
print(X().x)
class Bad(type):
    def mro(cls): return [1, 2]
try:
    class Y(metaclass=Bad): pass
except TypeError as error:
    print("TypeError")
class Kill(type):
    def mro(cls):
        import gc
        gc.collect()
        return super().mro()
class Z(A, metaclass=Kill): pass
print(Z.x)
