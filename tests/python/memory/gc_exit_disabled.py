# The end of a program that switched collection off: cycles of the main module die only with it.
import gc, sys, weakref


class Node:
    def __init__(self, name): self.name = name; self.me = self
    def __del__(self): print("dies:", self.name, callable(print), sys is None)


gc.disable()
gc.callbacks.append(lambda phase, info: print("gc", phase))
lost = Node("lost"); del lost
kept = Node("kept")
plain = Node("plain"); del plain.me
refs = [weakref.ref(kept, lambda r: print("callback")), weakref.ref(plain, lambda r: print("callback of plain"))]
def f(): return kept
f.cycle = Node("of function"); f.cycle.f = f
class Meta(type):
    def __del__(cls): print("class dies", cls.__name__)
class Made(metaclass=Meta):
    def __del__(self): print("instance of Made")
made = Made()
print("end")
raise SystemExit(3)
