class A:
    def f(self): return "A"
class B(A):
    def f(self):
        self.__class__ = C
        return super().f() if isinstance(self, B) else "not B"
class C(A): pass
try:
    print(B().f())
except TypeError as error:
    print(error)
class D(A):
    def f(self):
        del self
        try:
            return super().f()
        except RuntimeError as error:
            return str(error)
print(D().f())
s = super(B, B())
print(s.f(), type(s).__name__)
for args in ((), (1,), (B, 1), (B, A()), (B,), (A, B)):
    try:
        value = super(*args)
        print("ok", getattr(value, "f", None) is not None)
    except (TypeError, RuntimeError) as error:
        print(type(error).__name__)
super.__init__(s, A, C())
print(s.__thisclass__.__name__)
