# gc.get_referents and gc.get_referrers.
import gc


def names(things): return [type(t).__name__ if not isinstance(t, (int, str)) else t for t in things]


class Node:
    def __init__(self): self.a, self.b = 1, "two"


class Slotted:
    __slots__ = ("x", "y")


s = Slotted(); s.x, s.y = 10, "why"
n = Node()
for thing in ([1, 2, 3], (4, "x"), {"k": 5, 6: "v"}, {7}, frozenset(["f"]), 5, "text", slice(1, 2, 3), iter([8]), [].append, None, range(9)):
    print(type(thing).__name__, names(gc.get_referents(thing)))
print(sorted(map(str, names(gc.get_referents(s)))), sorted(map(str, names(gc.get_referents(n)))))
print(names(gc.get_referents([1], (2,), 3)), gc.get_referents())
d = n.__dict__
print(sorted(map(str, names(gc.get_referents(n)))), gc.get_referents(n)[0] is d or gc.get_referents(n)[1] is d)


def function(a=1.5, *, k=2.5): return n


print(1.5 in [t for g in gc.get_referents(function) if isinstance(g, tuple) for t in g], any(g is globals() for g in gc.get_referents(function)))
x = ["looked for"]
l, t, q, m = [x], (x, x), {"k": x}, {x[0]: [x]}
holder = Node(); holder.x = x
referrers = gc.get_referrers(x)
print(len(referrers), any(r is l for r in referrers), any(r is t for r in referrers), any(r is q for r in referrers), any(r is globals() for r in referrers), any(r is holder or r is vars(holder) for r in referrers), any(r is m for r in referrers), any(r is m["looked for"] for r in referrers))
del referrers
print(len(gc.get_referrers(x, l)) > len(gc.get_referrers(x)) - 1, gc.get_referrers(), len(gc.get_referrers(object())))


def closure(y):
    def inner(): return y
    return inner


f = closure(x)
print(any(type(r).__name__ == "cell" for r in gc.get_referrers(x)), gc.get_referents(f.__closure__[0])[0] is x)
g = (v for v in [x]); next(g)
objects = gc.get_objects()
print(any(o is l for o in objects), any(o is objects for o in objects), any(o is x[0] for o in objects), len(objects) > 1000, type(objects).__name__)
del objects
bound = n.__init__
print(sorted(names(gc.get_referents(bound))), names(gc.get_referents(ValueError(1, 2))), sorted(map(str, names(gc.get_referents(Node.__mro__)))), any(r is Node for r in gc.get_referrers(Node.__dict__["__init__"])) or True)
import weakref
w = weakref.ref(n, print)
print(any(o is print for o in gc.get_referents(w)), any(o is n for o in gc.get_referents(w)), any(r is w for r in gc.get_referrers(n)))
