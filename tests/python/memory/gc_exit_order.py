# The end of a program: exit functions, a collection, names of the main module in order, what functions, classes and modules
# hold, finalizers that make objects, raise, revive or look at globals, and weak references then.
# timing: collections
import atexit, gc, sys, types, weakref


class Node:
    def __init__(self, name, *held): self.name = name; self.held = held
    def __del__(self): print("dies:", self.name, "gc" if gc is not None else None, flush=True)


class Raises(Node):
    def __del__(self): super_name = self.name; print("raises:", super_name); raise ValueError(self.name)


class Makes(Node):
    def __del__(self): print("makes:", self.name); self.made = Node("made by " + self.name); self.made.maker = self


class Revives(Node):
    def __del__(self): print("revives:", self.name, first is None); kept.append(self)


class Looks(Node):
    def __del__(self): print("looks:", self.name, [n for n in ("first", "_hidden", "last", "Node", "sys") if globals().get(n) is None])


def function(x=Node("default")): pass
function.attribute = Node("function attribute")


class Holder:
    attribute = Node("class attribute")
    def method(self, x=Node("method default")): pass


module = types.ModuleType("made"); module.inside = Node("in a module"); module.loop = module
sys.modules["made"] = module
sys.kept_here = Node("in sys")
__builtins__.kept_there = Node("in builtins")
sys.path.append(Node("in sys.path"))
kept = []
first = Node("first", Node("held by first"))
_hidden = Node("hidden")
__dunder__ = Node("dunder")
cycle = Node("cycle"); cycle.me = cycle
a, b = Node("a of pair"), Node("b of pair"); a.b = b; b.a = a
raises = Raises("raises"); makes = Makes("makes"); revives = Revives("revives")
looks = Looks("looks"); _looks = Looks("early looks")
closure = (lambda held: lambda: held)(Node("in closure"))
generator = (n for n in [Node("in generator")]); next(generator)
def suspended():
    held = Node("in suspended")
    try: yield held
    finally: print("finally of suspended")
waiting = suspended(); next(waiting)
reference = weakref.ref(first, lambda r: print("callback of first"))
watched = Node("watched"); watcher = weakref.ref(watched, lambda r: print("callback of watched")); watched.me = watched
exception = None
try: raise KeyError(Node("in exception"))
except KeyError as error: exception = error
gc.callbacks.append(lambda phase, info: print("gc", phase, info["generation"]))
atexit.register(print, "exit function, registered first")
atexit.register(lambda: print("exit function", first.name))
@atexit.register
def raising(): raise RuntimeError("in exit function")
last = Node("last")
del cycle, a, b
print("end of program")
