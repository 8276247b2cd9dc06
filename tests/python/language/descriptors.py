# Descriptors, properties, slots, and which of them wins.
class Data:
    def __get__(self, instance, owner):
        return ("data", instance is None, owner.__name__)

    def __set__(self, instance, value):
        print("set", value)

    def __delete__(self, instance):
        print("delete")


class NonData:
    def __get__(self, instance, owner=None):
        return ("non-data", instance is None)


class Host:
    data = Data()
    non = NonData()


h = Host()
print(Host.data, h.data, Host.non, h.non)
h.data = 1
del h.data
h.__dict__["data"] = "hidden"
h.__dict__["non"] = "seen"
print(h.data, h.non)


class Celsius:
    def __init__(self): self._t = 0

    @property
    def t(self):
        "temperature"
        return self._t

    @t.setter
    def t(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._t = value

    @t.deleter
    def t(self): self._t = None

    @property
    def fixed(self): return 1


c = Celsius()
c.t = 20
print(c.t, Celsius.t.__doc__, Celsius.t.fset is not None, Celsius.fixed.fset)
for action in ("c.t = -300", "c.fixed = 2", "del c.fixed"):
    try:
        exec(action)
    except (ValueError, AttributeError) as error:
        print(type(error).__name__, error)
del c.t
print(c.t)


class Slotted:
    __slots__ = ("x", "y")


s = Slotted()
s.x = 1
print(s.x, hasattr(s, "y"), hasattr(s, "__dict__"), type(Slotted.x).__name__)
for action in ("s.z = 1", "s.y", "del s.y", "Slotted.x.__get__(5)"):
    try:
        exec(action)
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)


class Sub(Slotted):
    pass


sub = Sub()
sub.x, sub.z = 1, 2
print(sub.x, sub.__dict__)


class Watcher:
    def __getattribute__(self, name):
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        if name == "raises":
            raise AttributeError("no " + name)
        return "got " + name

    def __getattr__(self, name): return "fallback " + name

    def __setattr__(self, name, value): print("setattr", name, value)

    def __delattr__(self, name): print("delattr", name)


w = Watcher()
print(w.anything, w.raises, w.__class__.__name__)
w.a = 1
del w.a
print(getattr(w, "b", None), w.__dict__)
print(getattr(h, "nope", "default"), hasattr(h, "nope"))
