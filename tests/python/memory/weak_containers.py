# The weakref module: dictionaries, sets, methods, finalize.
# timing: collections
import gc
import weakref


class Node:
    def __init__(self, name): self.name = name
    def __repr__(self): return f"<{self.name}>"
    def method(self): return self.name


a, b, c = Node("a"), Node("b"), Node("c")
values = weakref.WeakValueDictionary(a=a, b=b)
values["c"] = c
print(len(values), values["a"], values.get("z"), sorted(values.keys()), "b" in values, sorted(map(repr, values.values())))
del b
print(len(values), sorted(values), values.pop("c"), sorted(values.items(), key=lambda i: i[0]))
keys = weakref.WeakKeyDictionary()
keys[a] = "for a"; keys[c] = "for c"
print(len(keys), keys[a], sorted(keys.values()), a in keys)
del c
print(len(keys), list(keys))
s = weakref.WeakSet([a])
d = Node("d")
s.add(d)
print(len(s), a in s, sorted(map(repr, s)))
del d
print(len(s), list(s), s | {a} == s)
method = weakref.WeakMethod(a.method)
print(method()(), method == weakref.WeakMethod(a.method), weakref.ref(a.method)())
f = weakref.finalize(a, print, "finalized", end="!\n")
print(f.alive, f.peek()[1:] == (print, ("finalized",), {"end": "!\n"}), weakref.getweakrefcount(a) > 3)
del a
print(f.alive, f(), method(), len(values), len(keys), len(s))
x = Node("x")
g = weakref.finalize(x, print, "called by hand")
g(); g()
h = weakref.finalize(x, print, "detached")
print(h.detach() is not None, h.alive)
at_exit = weakref.finalize(x, print, "at exit")
not_at_exit = weakref.finalize(x, print, "not at exit")
not_at_exit.atexit = False
cycle = Node("cycle")
cycle.me = cycle
weakref.finalize(cycle, print, "cycle finalized")
del cycle
print("collecting")
gc.collect()
n = 0
many = weakref.WeakValueDictionary()
keep = []
for i in range(100):
    node = Node(i)
    many[i] = node
    if i % 10 == 0:
        keep.append(node)
del node
print(len(many), sorted(many))
print("end")
