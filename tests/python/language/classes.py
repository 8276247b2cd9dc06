# Classes: bodies, inheritance, resolution order, super, special methods.
class Base:
    kind = "base"
    count = 0

    def __init__(self, value):
        self.value = value
        Base.count += 1

    def __repr__(self):
        return f"{type(self).__name__}({self.value!r})"

    def who(self):
        return "Base"

    @classmethod
    def make(cls, value):
        return cls(value)

    @staticmethod
    def add(a, b):
        return a + b


class Left(Base):
    def who(self):
        return "Left " + super().who()


class Right(Base):
    def who(self):
        return "Right " + super().who()


class Bottom(Left, Right):
    kind = "bottom"

    def who(self):
        return "Bottom " + super().who()


b = Bottom.make(3)
print(b, b.who(), b.kind, Base.kind, Bottom.add(1, 2), Base.count)
print([c.__name__ for c in Bottom.__mro__], Bottom.__bases__ == (Left, Right))
print(isinstance(b, Right), issubclass(Left, Right), issubclass(Bottom, (int, Base)))
b.kind = "own"
print(b.kind, Bottom.kind, vars(b))
del b.kind
print(b.kind)
try:
    class Impossible(Base, Bottom): pass
except TypeError as error:
    print(error)


class Body:
    values = [i * i for i in range(3)]
    first = values[0]
    if first == 0:
        def conditional(self): return "yes"
    for name in "ab":
        locals()["made_" + name] = name
    del name


print(Body().conditional(), Body.made_a, Body.made_b, hasattr(Body, "name"), Body.values)
print(Body.__name__, Body.__qualname__, Body.__module__, Body.__doc__)


class Private:
    def __init__(self): self.__hidden = 1

    def get(self): return self.__hidden


p = Private()
print(p.get(), p._Private__hidden, hasattr(p, "__hidden"))


class Hooked:
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.tag = tag

    def __class_getitem__(cls, key):
        return (cls.__name__, key)


class Tagged(Hooked, tag="t"): pass


print(Tagged.tag, Tagged[int])
Made = type("Made", (Base,), {"extra": 5, "__doc__": "made"})
print(Made(1), Made.extra, Made.__doc__)
print([c.__name__ for c in Base.__subclasses__()])
b.__class__ = Left
print(b, b.who())
print(Base.who(b), Left.who.__qualname__, b.who.__func__ is Left.who, b.who.__self__ is b)
