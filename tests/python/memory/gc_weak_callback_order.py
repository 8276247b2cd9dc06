# Weak references: the order of callbacks at death and in collections, proxies, sharing, and errors.
import gc, sys, weakref

gc.disable()
log = []


class Node:
    def __init__(self, name="n"): self.name = name
    def __repr__(self): return self.name
    def __del__(self): log.append("del " + self.name)


def note(name): return lambda r: log.append((name, r() if isinstance(r, weakref.ref) else None))


n = Node("dies")
refs = [weakref.ref(n, note(i)) for i in range(4)] + [weakref.proxy(n, note("proxy"))] + [weakref.ref(n, note("after"))]
print(weakref.getweakrefcount(n), [refs.index(r) for r in weakref.getweakrefs(n) if type(r) is weakref.ref]); del n; print(log); log.clear()
n = Node("cycle"); n.me = n; m = Node("other"); m.n = n; n.m = m
refs = [weakref.ref(o, note((i, o.name))) for i in range(3) for o in (n, m)]
del n, m; print(gc.collect(), log, [r() for r in refs]); log.clear()
print(weakref.ref(Node) is weakref.ref(Node), weakref.ref(Node, len) is weakref.ref(Node, len), weakref.proxy(Node) is weakref.proxy(Node))
n = Node("shared"); r1 = weakref.ref(n); r2 = weakref.ref(n, id); r3 = weakref.ref(n); r4 = weakref.ref(n, None)
print(r1 is r3 is r4, r1 is r2, weakref.getweakrefs(n) == [r1, r2], r1 == r2, hash(r1) == hash(n), r2.__callback__ is id, r1.__callback__); del n; log.clear(); print(r2.__callback__)
n = Node("ordered"); order = [weakref.ref(n, note("a")), weakref.ref(n), weakref.ref(n, note("b"))]; order.pop(0); del n; print(log); log.clear()
n = Node("in callback"); keep = []
r = weakref.ref(n, lambda r: (keep.append(r), log.append(weakref.getweakrefcount(r)))); del n; print(log, keep[0] is r); log.clear()
n = Node("dropped"); holder = [None]; holder[0] = weakref.ref(n, lambda r: holder.clear()); del n; print(log, holder); log.clear()
n = Node("first"); n.me = n; x = Node("second"); x.me = x
rx = weakref.ref(x, note("x")); rn = weakref.ref(n, lambda r: log.append(("rx", rx()))); del n, x; print(gc.collect(), log); log.clear()
n = Node("makes"); n.me = n; made = []
r = weakref.ref(n, lambda r: made.append([Node("new")])); del n; print(gc.collect(), log, len(made)); made.clear(); log.clear()
n = Node("sub")
class R(weakref.ref):
    def __init__(self, o, c=None, tag=0): super().__init__(o, c); self.tag = tag
    def __new__(cls, o, c=None, tag=0): return super().__new__(cls, o, c)
r = R(n, note("R"), 5); print(r.tag, r() is n, weakref.getweakrefcount(n), r == weakref.ref(n)); del n; print(log, r.tag); log.clear()
p = weakref.proxy(Node("gone"))
for act in (lambda: p.name, lambda: setattr(p, "x", 1), lambda: str(p), lambda: bool(p), lambda: p == 1):
    try: print(act())
    except ReferenceError as error: print("ReferenceError", error)
d = weakref.WeakValueDictionary(); n = Node("value"); d["k"] = n; n.me = n; del n; log.clear(); print(list(d), gc.collect(), list(d), log); log.clear()
k = weakref.WeakKeyDictionary(); n = Node("key"); k[n] = n; del n; print(gc.collect(), len(k), log); k.clear(); print(log); log.clear()
s = weakref.WeakSet(); n = Node("member"); s.add(n); n.me = n; del n; print(gc.collect(), len(s), log); log.clear()
f1 = weakref.finalize(a := Node("finalized"), log.append, "finalize 1"); f2 = weakref.finalize(a, log.append, "finalize 2"); del a; print(log, f1.alive, f2.peek()); log.clear()
kept = Node("at exit"); weakref.finalize(kept, print, "at exit 1"); weakref.finalize(kept, print, "at exit 2"); weakref.finalize(kept, print, "never").atexit = False
for o in (1, "s", (), [], {}, None, object(), type, len, iter([]), lambda: 0, set(), frozenset(), 1.5, b"", Node.__init__, gc, range(1), slice(1), (i for i in ()), sys._getframe(), ValueError(), memoryview(b"")):
    try: weakref.ref(o); print("yes", end=" ")
    except TypeError as error: print(error, end="; ")
print()
