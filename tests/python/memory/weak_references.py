# weakref.ref and proxies through _weakref, which needs no other module.
import gc
from _weakref import ref, proxy, getweakrefcount, getweakrefs, ReferenceType, ProxyType, CallableProxyType


class Node:
    def __init__(self, name): self.name = name
    def __repr__(self): return f"Node({self.name})"
    def __eq__(self, other): return isinstance(other, Node) and self.name == other.name
    def __hash__(self): return hash(self.name)
    def __len__(self): return 5
    def __add__(self, other): return ("added", other)
    def __call__(self, *args): return args


n = Node("a")
r = ref(n)
print(r() is n, ref(n) is r, getweakrefcount(n), r.__callback__, type(r) is ref is ReferenceType)
with_callback = ref(n, lambda dead: print("callback", dead is with_callback, dead()))
second = ref(n, lambda dead: print("second callback"))
print(getweakrefcount(n), with_callback is ref(n), getweakrefs(n)[0] is r, len(getweakrefs(n)), callable(with_callback.__callback__))
m = Node("a")
print(r == ref(m), r != ref(m), r == with_callback, hash(r) == hash(n), ref(Node("x")) == r, {r: 1}[ref(m)])
del n
print(r(), r == r, r == ref(m), with_callback.__callback__, hash(r) == hash("a"))
never_hashed = ref(Node("gone"))
for bad in ("hash(never_hashed)", "ref(5)", "ref('a')", "ref([])", "ref(())", "ref(None)", "ref()", "ref(m, 1, 2)", "proxy(5)", "r(1)", "r.x", "r < r", "never_hashed < r", "ref(m, x=1)", "getweakrefcount()"):
    try:
        print(bad, eval(bad))
    except Exception as error:
        print(bad, "->", type(error).__name__, error)
for fine in (set(), frozenset([1]), lambda: 0, Node, len, (i for i in ()), type(gc), gc, m.__len__):
    print(type(fine).__name__, ref(fine)() is not None)
p = proxy(m)
print(p.name, len(p), p + 1, str(p), p == m, isinstance(p, Node), type(p) is CallableProxyType, p(1, 2), bool(p))
p.name = "changed"
print(m.name, getweakrefcount(m), proxy(m) is p, hasattr(p, "nothing"))
del m
for bad in ("p.name", "len(p)", "p + 1", "p()", "p.x = 1", "hash(p)"):
    try:
        exec(bad)
    except Exception as error:
        print(bad, "->", type(error).__name__, error)


class Plain: pass


x = Plain()
print(type(proxy(x)) is ProxyType)
order = [ref(x, lambda d, i=i: print("callback", i)) for i in range(4)]
del order[1]
x = None
a, b = Plain(), Plain()
a.o, b.o = b, a
wa, wb = ref(a, lambda d: print("a died")), ref(b, lambda d: print("b died"))
a.inner = ref(b, lambda d: print("never: died with the cycle"))
del a, b
print(wa() is None, gc.collect() > 0, wa(), wb())
z = Plain()
bad_callback = ref(z, lambda d: None)


class MyRef(ref):
    __slots__ = ("extra",)
    def __new__(cls, o, callback=None, extra=None): return super().__new__(cls, o, callback)
    def __init__(self, o, callback=None, extra=None): super().__init__(o, callback); self.extra = extra


mine = MyRef(z, None, "more")
print(mine() is z, mine.extra, mine == ref(z), mine is not ref(z), getweakrefcount(z))


class Slotted: __slots__ = ("a",)


class WithWeak: __slots__ = ("__weakref__",)


try:
    ref(Slotted())
except TypeError as error:
    print(error)
w = WithWeak(); print(ref(w)() is w, w.__weakref__ is ref(w)); print(Plain().__weakref__)
