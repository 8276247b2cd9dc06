# Finalizers in garbage: order, errors, revival, weak references, collections inside, and what collect() returns.
import gc, weakref

gc.disable()
log = []


class Node:
    def __init__(self, name, *others): self.name = name; self.others = list(others); self.me = self
    def __repr__(self): return self.name
class Dies(Node):
    def __del__(self): log.append("del " + self.name)
class Raises(Node):
    def __del__(self): log.append("raise " + self.name); raise ValueError(self.name)
class Revives(Node):
    def __del__(self): log.append("revive " + self.name); kept.append(self)
class Collects(Node):
    def __del__(self): log.append(("collect", gc.collect()))
class Makes(Node):
    def __del__(self): self.new = Dies("new of " + self.name); log.append("make " + self.name)
class Breaks(Node):
    def __del__(self): log.append("break"); self.others[0].others.clear(); self.others[0].me = None; self.others.clear(); self.me = None


def tell(title, *collections):
    print(title, [gc.collect(g) for g in collections or (2,)], log, gc.garbage, [(k, gc.is_finalized(k)) for k in kept], gc.get_count()[1:])
    log.clear()


kept = []
gc.collect()
a = Dies("a"); b = Dies("b", a); a.others.append(b); del a, b; tell("two")
c = [Dies(str(i)) for i in range(6)]
for x, y in zip(c, c[1:]): y.others.append(x)
c[0].others.append(c[-1]); del c, x, y; tell("ring")
Raises("r"); tell("raises")
Revives("v"); tell("revives"); tell("again"); kept.clear(); tell("dies for good")
Collects("c"); tell("collects")
Makes("m"); tell("makes"); tell("then")
x = Dies("x"); y = Breaks("y", x); x.others.append(y); del x, y; tell("breaks")
d = Dies("d"); r = weakref.ref(d, lambda r: log.append(("callback", r()))); r2 = weakref.ref(d); d.others.append(weakref.ref(d, lambda r: log.append("never"))); del d
tell("weak"); print(r(), r2(), r.__callback__ is not None)
d = Dies("d"); r = weakref.ref(d, lambda r: log.append(gc.collect())); del d; tell("callback collects")
d = Dies("d"); v = Revives("v", d); r = weakref.ref(v); r3 = weakref.ref(d, lambda r: log.append("gone")); del v, d; tell("weak and revived"); print(r(), r3()); kept.clear(); tell("after")
def generator():
    me = yield
    try: yield
    finally: log.append("finally")
g = generator(); next(g); g.send(g); del g; tell("generator")
class C:
    def __del__(self): log.append("instance")
C.one = C(); C.one.c = C; del C; tell("class")
def f(): pass
f.f = f; f.d = Dies("of f"); del f; tell("function")
e = ValueError(); e.e = e; e.__cause__ = e; del e; tell("exception")
young, old = Dies("young"), Dies("old"); gc.collect(0); gc.collect(1); old2 = old; del old, young, old2; tell("generations", 0, 1, 2)
gc.set_debug(gc.DEBUG_SAVEALL); s = Dies("s"); t = Dies("t", s); s.others.append(t); del s, t; tell("save all"); gc.set_debug(0)
print(len(gc.garbage), [type(o).__name__ for o in gc.garbage]); gc.garbage.clear(); tell("let go")
