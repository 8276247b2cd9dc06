# Counts of functions, classes, modules' things and temporaries after statements of every kind.
from sys import getrefcount


def count(thing): return getrefcount(thing) - 2


class Empty: pass


class Slotted:
    __slots__ = ("a", "b")


e, s = Empty(), Slotted()
value = ["value"]
e.a = value; s.a = value; s.b = value
print(count(value), count(e), count(s))
e.a = None; s.b = None
print(count(value))
del s.a, e.a
print(count(value))
e.__dict__["via dict"] = value
print(count(value), count(e.__dict__), count(vars(e)))
e.__dict__.clear()
d = e.__dict__
print(count(value), count(d))
del d
setattr(e, "x", value); e.__dict__ = {"y": value}
print(count(value), count(e))
e.__dict__ = {}
a = b = c = value
print(count(value))
a, b = b, a
(a, b), c = (c, b), a
print(count(value))
a = b = c = None
l = [value] * 5
print(count(value)); l[1:3] = []; print(count(value)); l *= 2; print(count(value)); l.clear(); print(count(value))
l.append(value); l.extend([value, value]); l.insert(0, value); l += [value]; l = l + [value]; l[0] = None; l.reverse(); l.sort(key=id)
print(count(value), l.count(value))
l.remove(value); print(count(value)); t = tuple(l); print(count(value)); st = frozenset(map(id, l)); l2 = l.copy(); l3 = l[:]; print(count(value))
del l, l2, l3, t, st
print(count(value))
key = "".join(["a", " key"])
table = {key: value, (key,): key}
copy = table.copy()
print(count(key), count(value)); table.update(copy); merged = table | copy; print(count(key), count(value)); table.pop(key); copy.popitem(); print(count(key), count(value))
del table, copy, merged
print(count(key), count(value))
it = iter([value]); print(count(value)); x = next(it); print(count(value)); print(next(it, None), count(value)); del it, x; print(count(value))
g = (v for v in [value]); print(count(value)); print(next(g) is value, count(value)); g.close(); print(count(value))
z = zip([value], [value]); print(count(value)); p = next(z); print(count(value), count(p)); del z, p; print(count(value))
en = enumerate([value]); m = map(lambda q: q, [value]); r = reversed([value]); print(count(value)); list(en), list(m), list(r); print(count(value))
f = lambda q=value: q
print(count(value), count(f), count(f.__defaults__)); del f


def closure():
    inner = value
    def g(): return inner
    return g


fn = closure()
print(count(value), count(fn), count(fn.__closure__[0])); del fn
bound = value.append
print(count(value)); del bound; print(count(value))
sl = slice(value, value); print(count(value)); del sl
ex = ValueError(value); print(count(value), count(ex)); ex.args = (); print(count(value)); ex.note = value; ex.__cause__ = KeyError(value); print(count(value)); del ex; print(count(value))
print(count(Empty), count(e), len([q for q in [value] * 3]), count(value), f"{value}", count(value), "%s" % value, count(value), value == value, [value] == [value], value in [value], count(value))
print(count([value][0]), count({"k": value}["k"]), count((value, 1)[0]), count([value, value][-1]), count(value if value else None), count(value or 1), count((lambda: value)()))
exec("inside = value"); print(count(value)); del inside; print(eval("count(value)"), count(globals()["value"]))
