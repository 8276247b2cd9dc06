# Instances of subclasses of every built-in type take part in cycles, and the collector finds them.
import gc

gc.disable()


class Plain: pass


for base in (object, int, str, bytes, float, complex, tuple, list, dict, set, frozenset, bytearray, type("Sub", (int,), {}), Exception, Plain):
    cls = type("C", (base,), {})
    gc.collect()
    x = cls()
    tracked = gc.is_tracked(x)
    x.me = x
    del x
    found = gc.collect()
    x = cls()
    x.cls = cls
    cls.instance = x
    del x, cls
    print(base.__name__, tracked, found > 0, gc.collect() > 4)


class Named(str):
    __slots__ = ()


class Number(int):
    def __new__(cls, value):
        number = int.__new__(cls, value)
        number.kind = cls
        return number


Number.known = {1: Number(1), 2: Number(2)}
del Number
print(gc.is_tracked(Named("x")), gc.collect() > 4)
deaths = []


class Text(str):
    def __del__(self): deaths.append(str(self))


t = Text("in a cycle")
t.me = [t]
del t
gc.collect()
print(deaths)
