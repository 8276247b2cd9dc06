# What collect() returns for garbage of many shapes.
import gc

gc.disable()


class Node: pass


class Slotted:
    __slots__ = ("other",)


def shape_list(): l = []; l.append(l)
def shape_two_lists(): a, b = [], []; a.append(b); b.append(a)
def shape_dict(): d = {}; d["d"] = d
def shape_instance(): n = Node(); n.me = n
def shape_instance_with_dict(): n = Node(); n.me = n; n.__dict__
def shape_instances(): a, b = Node(), Node(); a.o, b.o = b, a
def shape_slotted(): s = Slotted(); s.other = s
def shape_slotted_pair(): a, b = Slotted(), Slotted(); a.other, b.other = b, a
def shape_ring(): nodes = [[] for _ in range(100)]; [nodes[i].append(nodes[i - 1]) for i in range(100)]; del nodes
def shape_tail(): l = [[], {}, set(), [1]]; l.append(l)
def shape_atoms(): l = [1, "a", (), (1, 2), {1: 2}, range(3), b"x", None]; l.append(l)
def shape_class():
    class Local: pass
def shape_class_with_method():
    class Local:
        def method(self): pass
def shape_function():
    def f(): return f
def shape_generator():
    def g(): yield me
    me = g(); next(me)
def shape_suspended_outer(): l = []; g = (x for x in [l]); l.append(g)
def shape_bound(): n = Node(); n.m = n.__str__
def shape_exception():
    try:
        raise ValueError
    except ValueError as error:
        kept = error
def shape_tuple(): l = []; t = (l,); l.append(t)
def shape_iterator(): l = []; l.append(iter(l))
def shape_map(): l = []; l.append(map(len, l))
def shape_enumerate(): l = []; l.append(enumerate(l)); l.append(reversed(l)); l.append(zip(l))
def shape_slice(): l = []; l.append(slice(l))
def shape_lambda_default(): l = []; l.append(lambda x=l: x)
def shape_partial_list(): l = [None] * 10; l[5] = l
def shape_instance_list(): n = Node(); n.children = [Node() for _ in range(5)]; [setattr(c, "parent", n) for c in n.children]; del n
def shape_property(): 
    class P:
        @property
        def x(self): return P
def shape_set(): n = Node(); n.s = {n}
def shape_frozen(): n = Node(); n.f = frozenset([n])
def shape_nothing(): l = [[], {}]; n = Node(); n.x = 1
def shape_memoryview(): n = Node(); n.m = memoryview(b"x"); n.me = n
def shape_type_cycle(): t = type("T", (), {}); t.me = t()


for name, function in list(globals().items()):
    if name.startswith("shape_"):
        gc.collect()
        function()
        print(f"{name[6:]:22}", gc.collect())
a, b = [], []
a.append(b); b.append(a); c = [a]
print(gc.collect()); del a, b; print(gc.collect()); c.clear(); print(gc.collect(), gc.collect())
x = Node(); x.me = x; y = x
del x; print(gc.collect()); del y; print(gc.collect() in (1, 2))
print(gc.garbage, gc.set_debug(gc.DEBUG_SAVEALL)); l = []; l.append(l); del l; print(gc.collect(), len(gc.garbage), gc.garbage[0] is gc.garbage[0][0]); gc.set_debug(0); gc.garbage.clear(); print(gc.collect())
