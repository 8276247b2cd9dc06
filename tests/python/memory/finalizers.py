# __del__: once, by count and by collector, with errors, resurrection, order in cycles.
import gc
import sys

gc.disable()
errors = []
sys.unraisablehook = lambda u: errors.append((type(u.exc_value).__name__, str(u.exc_value), u.err_msg, getattr(u.object, "__qualname__", None)))
log = []
saved = []


class Node:
    def __init__(self, name, save=False): self.name, self.save = name, save
    def __del__(self):
        log.append(self.name)
        if self.save:
            saved.append(self)


n = Node("plain"); del n
n = Node("saved", True); del n
print(log, [s.name for s in saved], gc.is_finalized(saved[0])); saved.clear(); print(log); log.clear()
ring = [Node(str(i)) for i in range(4)]
for i, node in enumerate(ring):
    node.next = ring[i - 1]
del ring, node
print(gc.collect() >= 4, log); log.clear()
pair = Node("x", True), Node("y")
pair[0].o, pair[1].o = pair[1], pair[0]
del pair
print(gc.collect(), log, [s.name for s in saved], saved[0].o.o is saved[0]); log.clear(); saved.clear()
print(gc.collect() >= 2, log)


class Raises:
    def __del__(self): raise ValueError("in finalizer")


Raises()
r = Raises(); r.me = r; del r; gc.collect()
print(errors); errors.clear()


class Parent:
    def __del__(self): log.append("parent")


class Child(Parent):
    def __del__(self): log.append("child"); super().__del__()


Child(); print(log); log.clear()


class Late: pass


late = Late(); Late.__del__ = lambda self: log.append("added later"); del late; print(log); log.clear()
instance_only = Late(); instance_only.__del__ = lambda: log.append("on instance"); del Late.__del__; del instance_only; print(log)


class Grows:
    made = 0
    def __del__(self):
        Grows.made += 1
        if Grows.made < 5:
            Grows()


Grows(); print(Grows.made)


class Replaces:
    def __del__(self): global holder; holder = Node("replacement")


holder = Replaces(); holder = None; print(holder and holder.name); holder = None; log.clear()


class Slots:
    __slots__ = ("x",)
    def __del__(self): log.append(("slots", self.x))


s = Slots(); s.x = 5; del s; print(log); log.clear()


class ListWithDel(list):
    def __del__(self): log.append(list(self))


l = ListWithDel([1, 2]); l.append(l); del l; print(gc.collect(), len(log)); log.clear()


class Str(str):
    def __del__(self): log.append("str " + self)


class Int(int):
    def __del__(self): log.append(int(self))


Str("s"); Int(7); x = {Str("key"): Int(3)}; x.clear(); print(log); log.clear()


def gen():
    try:
        yield 1
    finally:
        log.append("generator closed")


g = gen(); next(g); del g; print(log); log.clear()
g = gen(); next(g); l = [g]; l.append(l); del g, l; print(gc.collect(), log); log.clear()
unstarted = gen(); del unstarted; print(log)
deep = Node("bottom")
for i in range(100000):
    deep = [deep]
deep = None; print(log); log.clear()
chain = None
for i in range(50000):
    link = Node(i); link.next = chain; chain = link
del link; chain = None; print(len(log), log[:2], log[-1])
