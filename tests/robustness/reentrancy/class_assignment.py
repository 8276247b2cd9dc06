class A:
    def f(self): return "A"
class B:
    def f(self):
        self.__class__ = A
        return "B" + self.f()
b = B()
print(b.f(), type(b).__name__)
class S1: __slots__ = ("a", "b")
class S2: __slots__ = ("a", "b")
class S3: __slots__ = ("a", "c", "d")
class L(list): pass
s = S1(); s.a = 1
s.__class__ = S2
print(s.a)
for target in (S3, A, int, object, L, list):
    try:
        s.__class__ = target
        print("changed to", target.__name__)
    except TypeError as error:
        print(error)
for value in (1, "x", [], (), None, A, len):
    try:
        value.__class__ = A
    except TypeError as error:
        print(error)
try:
    b.__class__ = 5
except TypeError as error:
    print(error)
try:
    del b.__class__
except TypeError as error:
    print(error)
